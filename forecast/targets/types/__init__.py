"""Kinds of target, one file each.

Every module named in `KINDS` has a function ``assess(question: Question) -> Assessment``; `kind`
finds it by the name that stands in ``targets.csv``. Some build on others: a comparison, a sum over
years and markets ask for the level of a series. Adding a kind is adding a file, its name to `KINDS`
and to the schema of the data. `parts` bounds a level that has no forecast by its published parts.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from forecast.targets.assessment import Assessment
from forecast.targets.question import Question

KINDS = ("level", "markets", "legs", "count", "rank", "comparison", "cumulative")


class Kind(Protocol):
    """How one kind of target is answered."""

    def assess(self, question: Question) -> Assessment:
        """Answer, or say what is missing; never make a number up."""
        ...


def kind(name: str) -> Kind:
    """Return the module that answers a kind of target.

    Raises
    ------
    ValueError
        If there is no such kind; the message names the known ones.
    """
    if name not in KINDS:
        raise ValueError(f"unknown kind {name!r}; known are {', '.join(KINDS)}")
    return cast(Kind, import_module(f"forecast.targets.types.{name}"))

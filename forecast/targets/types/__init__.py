"""Kinds of target, one file each.

A kind is a module with the functions of `Kind`, found by the name that stands in ``targets.csv``.
Its answer is a subclass of `forecast.targets.assessment.Assessment` with what only this kind knows
and the messages that tell it. Adding a kind is adding a file, its messages, and its name to the
schema of the data. Some build on others: a comparison, a sum over years and markets ask for the
level of a series. `_series.figures` answers what is computed from draws of series, `_series.parts`
bounds a level that has no forecast by its published parts.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Protocol, cast

from forecast.targets.assessment import Assessment
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case

KINDS = tuple(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


class Kind(Protocol):
    """How one kind of target is answered."""

    def assess(self, question: Question) -> Assessment:
        """Answer, or say what is missing; never make a number up."""
        ...

    def suppose(self, study: Source, answer: Assessment) -> list[Case]:
        """Return the cases that are supposed for an answer without a probability."""
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
    return cast(Kind, import_module(f"{__name__}.{name}"))

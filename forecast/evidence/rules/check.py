"""All checks in their order: which rows that passed the schema are wrong, or doubtful.

What cannot be true is an error; what is only unlikely is a warning. A row with a `mark` is known to
be doubtful and gives no further warning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from inspect import isfunction
from types import ModuleType

import pandas as pd

from forecast.evidence.measures import exchange_indicators
from forecast.evidence.problems import Problem
from forecast.evidence.rules import identities, observations, plans, plausibility, registries
from forecast.evidence.rules.data import Rule, TableRows


def _rules(module: ModuleType) -> Iterator[Rule]:
    """Yield the rules of a module in their order: all its functions that are not private."""
    for name, found in vars(module).items():
        if isfunction(found) and found.__module__ == module.__name__ and name[0] != "_":
            yield found


CHECKS = tuple(
    rule
    for module in (registries, observations, plausibility, identities, plans)
    for rule in _rules(module)
)


def check(
    tables: Mapping[str, pd.DataFrame],
    folder: str = "data",
    left_out: pd.DataFrame | None = None,
    named: Collection[str] = (),
) -> list[Problem]:
    """Apply all :data:`CHECKS` to the tables.

    Parameters
    ----------
    tables
        By name, the tables that `datapackage.json` describes, with the spreadsheet's row numbers
        as index.
    folder
        The name of the folder, for the messages.
    left_out
        Observations that did not fit the schema and are missing from the tables. What is wrong
        only because they are missing is not reported.
    named
        Sources that scenarios refer to.

    Returns
    -------
    list of Problem
        Errors and warnings, in the order of :data:`CHECKS`.
    """
    data = TableRows.of(tables, folder, named)
    problems: list[Problem] = []
    wrong: set[tuple[str, int | None, str]] = set()
    skipped: list[Rule] = []
    if left_out is not None and len(left_out):
        skipped.append(registries.unused_sources)
        if exchange_indicators(tables["indicators"]) & set(left_out["indicator"]):
            skipped.append(observations.exchange_rates)
    for rule in CHECKS:
        if rule in skipped:
            continue
        rows = set()
        for problem in rule(data):
            place = (problem.file, problem.row, problem.column)
            if place in wrong:
                continue
            problems.append(problem)
            if problem.severity == "error":
                wrong.add(place)
                if problem.file.endswith("/observations.csv"):
                    rows.add(problem.row)
        # What is certainly wrong is no evidence against other rows.
        if rows:
            sound = [s for s in data.observations if s.row not in rows]
            data = replace(data, observations=sound)
    return [p for p in problems if p.severity == "error" or (p.file, p.row, p.column) not in wrong]

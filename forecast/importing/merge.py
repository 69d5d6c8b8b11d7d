"""Rows of an import beside the observations that are held: what is new, and the tables with it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from forecast.editing.add import next_identifier, same_as
from forecast.editing.tablefile import Change, appended, checked, completed, read_tables
from forecast.evidence.calendar import last_day, release_day
from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import folder_name
from forecast.evidence.problems import DataError, Problem
from forecast.evidence.units import UnitError, convert
from forecast.importing.figures import problem
from forecast.importing.rows import Row

HELD, HELD_EXACTLY = "Held already", "Held already, with more digits"
HELD_BEFORE = "Held already, on an older basis"
TWICE = "Twice in the file"


@dataclass
class Merged:
    """What an import would write."""

    before: Evidence
    after: Evidence
    rows: list[Row] = field(default_factory=list)  # the new ones, with their identifiers
    #: For :func:`forecast.editing.tablefile.write`.
    changes: list[Change] = field(default_factory=list)
    #: The lines to be added below the names of their files.
    lines: list[str] = field(default_factory=list)
    #: New values of figures that are held with another one.
    revisions: list[str] = field(default_factory=list)
    #: How many figures are not added, by reason.
    skipped: Counter[str] = field(default_factory=Counter)
    #: Warnings of the check that the rows cause, at their places in the file.
    warnings: tuple[Problem, ...] = ()


def merge(
    before: Evidence,
    root: Path | None,
    rows: Sequence[Row],
    source: Mapping[str, str] | None,
    day: str,
) -> Merged:
    """Compare rows with what is held, and check the whole data with the new ones.

    Parameters
    ----------
    before : Evidence
        The data as they are.
    root : Path or None
        Their folder, as in :func:`forecast.evidence.loading.load`.
    rows : sequence of Row
    source : mapping of str to str, or None
        The new source by column, or None if it is known.
    day : str
        When the file was published, as far as known.

    Returns
    -------
    Merged

    Raises
    ------
    DataError
        With figures that have two values in the file, and all problems of the data with the rows.
    """
    files = read_tables(root)
    new = {"observations": [row.cells for row in rows]}
    if source is not None:
        new = {"sources": [dict(source)], **new}
    filled = completed(files, new)
    merged = Merged(before, before)
    _Comparison(before, day, merged).add(rows, filled["observations"])
    if not merged.rows:
        return merged
    table = files["observations"]
    if "observation" in table.columns:
        first = int(next_identifier(table)[1:])
        merged.rows = [
            row._replace(cells={"observation": f"o{first + i:04d}", **row.cells})
            for i, row in enumerate(merged.rows)
        ]
    new["observations"] = [row.cells for row in merged.rows]
    folder = folder_name(before.root)
    merged.changes, merged.lines = appended(files, new, completed(files, new), folder)
    place = f"{folder}/{table.table.path}", len(table.lines) + 2
    try:
        merged.after = checked(root, merged.changes)
    except DataError as error:
        raise DataError(list(_placed(error.problems, *place, merged.rows))) from None
    fresh = [warning for warning in merged.after.warnings if warning not in before.warnings]
    merged.warnings = tuple(_placed(fresh, *place, merged.rows))
    return merged


def _placed(
    problems: Sequence[Problem], table: str, first: int, rows: Sequence[Row]
) -> Iterator[Problem]:
    """Yield problems, those of new rows at the places of their figures."""
    for found in problems:
        i = (found.row or 0) - first
        if found.file != table or not 0 <= i < len(rows):
            yield found
            continue
        cells, figure = rows[i]
        wrong = f"{cells['region']}/{cells['indicator']} {cells['period']}"
        wrong += f", {found.column} {found.value}" if found.column != "value" else ""
        wrong += f", {found.wrong}" if found.wrong else ""
        expected = re.sub(r" \(and (\d+) more: row [^)]*\)", r" (and \1 more)", found.expected)
        there = problem(figure.place, str(figure.value), expected, wrong)
        yield replace(there, severity=found.severity)


class _Comparison:
    """Compares rows with those that are held and with each other."""

    def __init__(self, before: Evidence, day: str, merged: Merged) -> None:
        self.before, self.day, self.merged = before, last_day(day), merged
        self.held: dict[tuple[Any, ...], list[dict[Hashable, Any]]] = defaultdict(list)
        for cells in before.observations.to_dict("records"):
            self.held[same_as(self.before, cells)].append(cells)

    def add(self, rows: Sequence[Row], filled: Sequence[Mapping[str, str]]) -> None:
        """Add the rows that are new; `filled` has their cells with the defaults.

        Raises
        ------
        DataError
            If a figure has two values in the file.
        """
        seen: dict[tuple[Any, ...], tuple[Row, Decimal]] = {}
        problems = []
        for row, full in zip(rows, filled, strict=True):
            key, value = same_as(self.before, full), Decimal(full["value"])
            if key in seen:
                other, same = seen[key]
                if same == value:
                    self.merged.skipped[TWICE] += 1
                else:
                    what = f"{full['region']}/{full['indicator']} {full['period']}"
                    expected = f"one value of {what}, not also {same} ({other.figure.place})"
                    problems.append(problem(row.figure.place, full["value"], expected))
                continue
            seen[key] = row, value
            held, others = self._held(key, full["unit"], value)
            if not (held or others or full["basis"]) and self._on_another_basis(key, full, value):
                held = HELD_BEFORE
            if held:
                self.merged.skipped[held] += 1
                continue
            if others:
                row = self._revised(row, full, others)
            self.merged.rows.append(row)
        if problems:
            raise DataError(problems)

    def _held(
        self, key: tuple[Any, ...], unit: str, value: Decimal
    ) -> tuple[str, list[dict[Hashable, Any]]]:
        """Return why a figure need not be added, if so, and the held ones with another value."""
        others = []
        half = float(Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2)
        for cells in self.held.get(key, ()):
            try:
                known = convert(float(cells["value"]), cells["unit"], unit)
            except UnitError:
                continue  # dollars beside yuan
            if abs(known - float(value)) <= 1e-9 * abs(known):
                return HELD, []
            if abs(known - float(value)) <= half * (1 + 1e-9):
                return HELD_EXACTLY, []
            others.append(cells)
        return "", others

    def _on_another_basis(
        self, key: tuple[Any, ...], full: Mapping[str, str], value: Decimal
    ) -> bool:
        """Whether a figure whose basis the file does not state is one of an older basis."""
        older = self.before.bases[self.before.bases["indicator"] == full["indicator"]]["basis"]
        (*figure, _), own = key
        return any(
            self._held(((*figure, basis), own), full["unit"], value)[0] == HELD for basis in older
        )

    def _revised(
        self, row: Row, full: Mapping[str, str], others: Sequence[Mapping[Hashable, Any]]
    ) -> Row:
        """Tell of another value; it is `revised` if it came out later and nothing else is said."""
        known = ", ".join(
            f"{o['value']:.10g} {o['unit']} ({o['observation']}, {o['source']})" for o in others
        )
        what = f"{full['region']}/{full['indicator']} {full['period']}, {full['measure']}"
        self.merged.revisions.append(
            f"{what}: {known}; now {full['value']} {full['unit']} ({row.figure.place})"
        )
        starts = self.before.year_starts(full["region"], full["indicator"])
        days = [
            release_day(
                o["period"], o["published"], self.before.source(o["source"])["published"], starts
            )
            for o in others
        ]
        later = self.day is not None and all(self.day > day for day in days)
        if later and not row.cells.get("status"):
            return row._replace(cells={**row.cells, "status": "revised"})
        return row

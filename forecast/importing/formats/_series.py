"""Workbooks of data vendors: attributes of each series, then a date and a figure per period.

The series stand side by side, their attributes above them, or one below the other, their
attributes before them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from forecast.importing.figures import Figure, Figures, Origin
from forecast.importing.formats._cells import OPENING, SheetFigures, joined, opening, texts
from forecast.importing.grid import EMPTY, Cell, Sheet, read_sheets

_DATES = (
    (r"(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?", (1, 2)),
    (r"(\d{1,2})[-/.](\d{4})", (2, 1)),
    (r"(\d{4})", (1, 1)),
)
_MISSING = ("NA", "N/A", "n/a", "--")


class Labels(NamedTuple):
    """What a vendor calls the attributes; of several, the first that is filled in counts."""

    needed: tuple[str, ...]  # labels that stand together in every file, by which it is recognized
    name: tuple[str, ...]
    region: tuple[str, ...]
    code: tuple[str, ...]
    frequency: str
    unit: str
    source: str
    updated: str


class Series(NamedTuple):
    """A series of a sheet: its attributes, and where its cells are."""

    #: By the label in the file; the name of the series by ``""`` where its row has no label.
    attributes: Mapping[str, str]
    #: Date, row and column, counted from 0, where there is something.
    cells: Sequence[tuple[str, int, int]]


def series(sheet: Sheet, needed: Collection[str]) -> list[Series] | None:
    """Return the series of a sheet, None where the labels that are `needed` are not together."""
    wanted = set(needed)
    for first in range(3):  # a column of labels
        if wanted <= {row[first].text for row in sheet.rows[:OPENING] if len(row) > first}:
            return _series([row[first:] for row in sheet.rows], 0, first, turned=False)
    for first in range(min(len(sheet.rows), OPENING)):  # a row of labels
        if wanted <= set(texts(sheet, first)):
            columns = list(zip_longest(*sheet.rows[first:], fillvalue=EMPTY))
            return _series(columns, first, 0, turned=True)
    return None


def _series(
    rows: Sequence[Sequence[Cell]], above: int, before: int, *, turned: bool
) -> list[Series]:
    """Return the series of rows that begin with a label or a date."""
    labels: dict[str, int] = {}
    dates: list[int] = []
    for number, row in enumerate(rows):
        if row and day(row[0].text) is not None:
            dates.append(number)
        elif row:
            labels.setdefault(row[0].text, number)
    found = []
    for column in range(1, max(map(len, rows), default=0)):
        below = [row[column].text if column < len(row) else "" for row in rows]
        attributes = {label: below[number] for label, number in labels.items()}
        cells = [
            (rows[n][0].text, *((column + above, n) if turned else (n, column + before)))
            for n in dates
            if below[n]
        ]
        if cells:
            found.append(Series(attributes, cells))
    return found


def day(shown: str) -> tuple[int, int] | None:
    """Return year and month of a date; the month is 0 where it is a year alone.

    Examples
    --------
    >>> day("12/2023"), day("2023-12-31"), day("2023"), day("Unit")
    ((2023, 12), (2023, 12), (2023, 0), None)
    """
    for written, (year, month) in _DATES:
        if match := re.fullmatch(written, shown):
            found = int(match[year]), 0 if year == month else int(match[month])
            return found if 1900 <= found[0] <= 2200 and found[1] <= 12 else None
    return None


def period(shown: str, frequency: str) -> str:
    """Return the period that ends on a date; nothing if the frequency is none of figures.

    Examples
    --------
    >>> period("2023-12-31", "年"), period("03/2024", "Annual"), period("2023-06-30", "Quarterly")
    ('2023', '2023/24', '2023Q2')
    """
    year, month = day(shown) or (0, 0)
    kind = frequency.lower()
    if kind.startswith(("annual", "year")) or kind == "年":
        return f"{year - 1}/{year % 100:02d}" if 0 < month < 12 else str(year)
    if kind.startswith(("semi", "half", "半年")):
        return f"{year}H{1 + month // 7}"
    if kind.startswith(("quarter", "季")):
        return f"{year}Q{(month + 2) // 3}"
    if kind.startswith(("month", "月")):
        return f"{year}-{month:02d}"
    return shown if kind.startswith(("dai", "week", "日", "周")) else ""


def recognized(path: Path, labels: Labels) -> bool:
    """Whether a file has the labels of a vendor."""
    return any(series(sheet, labels.needed) is not None for sheet in opening(path))


def read(
    path: Path, labels: Labels, vendor: Origin, measure: Callable[[str, bool], str]
) -> Figures:
    """Read all series of a file.

    What is known of all files of a `vendor` is completed by the publishers and the last update of
    the series; `measure` takes the name of a series, and whether it is yearly, and returns a
    measure that it states.

    Raises
    ------
    DataError
        With everything that cannot be read for certain.
    """
    found, notices = read_sheets(path, ",")
    readings: list[SheetFigures] = []
    sources: dict[str, None] = {}
    updated = ""
    for sheet in found:
        listed = series(sheet, labels.needed)
        if listed is None:
            continue
        readings.append(SheetFigures(sheet))
        for one in listed:
            _take(readings[-1], one, labels, measure)
            sources[one.attributes.get(labels.source, "")] = None
            updated = max(updated, _iso(one.attributes.get(labels.updated, "")))
    publisher = "; ".join(filter(None, sources)) or vendor.publisher
    return joined(replace(vendor, publisher=publisher, published=updated), readings, notices)


def _take(
    reading: SheetFigures, one: Series, labels: Labels, measure: Callable[[str, bool], str]
) -> None:
    of = one.attributes
    name, region, code = (
        next(filter(None, (of.get(label, "") for label in choice)), "")
        for choice in (labels.name, labels.region, labels.code)
    )
    frequency = of[labels.frequency]
    for shown, row, column in one.cells:
        value = reading.value(row, column, _MISSING)
        if value is None:
            continue
        found = period(shown, frequency)
        stated = measure(name, found.isdecimal())
        if found and stated.startswith("ytd"):
            found = period(shown, "month")  # figures since January are named by their last month
        if not name:
            reading.problem("a name of the series", row, column, str(value))
        elif not found:
            expected = "a frequency of the series: years, quarters, months, weeks or days"
            reading.problem(expected, row, column, frequency)
        else:
            reading.figures.append(Figure(
                name, region, found, value, of[labels.unit], reading.sheet.place(row, column),
                indicator_code=code,
                measure=stated,
            ))  # fmt: skip


def _iso(shown: str) -> str:
    """Return a day as the tables write it: 02/28/2024 and 2024-02-28 10:00 are 2024-02-28."""
    american = re.match(r"(\d{2})/(\d{2})/(\d{4})", shown)
    if american:
        return f"{american[3]}-{american[1]}-{american[2]}"
    match = re.match(r"\d{4}-\d{2}-\d{2}", shown)
    return match[0] if match else ""

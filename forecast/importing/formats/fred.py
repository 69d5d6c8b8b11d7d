"""FRED: the CSV of a chart or a series, one column a series."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

from forecast.importing.figures import Figure, Figures, Origin
from forecast.importing.formats._cells import SheetFigures, joined, opening, texts
from forecast.importing.grid import Sheet, read_sheets

LABEL = "FRED, series as CSV"

_DATES = ("observation_date", "DATE")
_SERIES = re.compile(r"[A-Z0-9_]{2,}")
_MISSING = (".",)
#: The frequency by the months from one date to the next.
_STEPS = {12: "yearly", 6: "half-yearly", 3: "quarterly", 1: "monthly", 0: "daily"}


def recognizes(path: Path) -> bool:
    """Whether a file is of this format."""
    for sheet in opening(path):
        if len(sheet.rows) < 2 or not all(sheet.rows[:2]) or sheet.name:
            continue
        first, *series = texts(sheet, 0)
        return (
            first.lstrip("\ufeff") in _DATES
            and bool(series)
            and all(map(_SERIES.fullmatch, series))
            and _day(texts(sheet, 1)[0]) is not None
        )
    return False


def _day(shown: str) -> date | None:
    try:
        return date.fromisoformat(shown)
    except ValueError:
        return None


def read(path: Path) -> Figures:
    """Read a file of this format.

    The figures are without units and regions, which the file does not state.
    """
    (sheet,), notices = read_sheets(path, ",")
    reading = SheetFigures(sheet)
    days = _days(sheet, reading)
    names = texts(sheet, 0)
    for column in range(1, len(names)):
        frequency = _frequency(days, sheet, column)
        if not frequency:
            expected = "two dates or more in a column, which tell its frequency"
            reading.problem(expected, 0, column, names[column])
            continue
        for row, day in days.items():
            value = reading.value(row, column, _MISSING)
            if value is not None:
                period = _period(day, frequency)
                place = sheet.place(row, column)
                reading.figures.append(Figure(names[column], "", period, value, "", place))
        if frequency in ("quarterly", "monthly"):
            notices.append(
                f"{path.name}: {names[column]} is {frequency} and the file names no unit; if it is "
                "an annual rate, it must not be added up: take the yearly series instead"
            )
    title = "FRED: " + ", ".join(names[1:])
    url = f"https://fred.stlouisfed.org/series/{names[1]}" if len(names) == 2 else ""
    publisher = "Federal Reserve Bank of St. Louis"
    return joined(Origin(LABEL, publisher, title, url), [reading], notices)


def _days(sheet: Sheet, reading: SheetFigures) -> dict[int, date]:
    """Return the days of the rows, in their order."""
    days: dict[int, date] = {}
    for row in range(1, len(sheet.rows)):
        cells = texts(sheet, row)
        if not any(cells):
            continue
        day = _day(cells[0])
        if day is None:
            reading.problem("a date such as 2023-01-01", row, 0, cells[0])
        elif day in days.values():
            reading.problem("each date once", row, 0, cells[0])
        elif reading.whole(row, 0):
            days[row] = day
    return days


def _frequency(days: dict[int, date], sheet: Sheet, column: int) -> str:
    """Return the frequency of a series; empty cells belong to the dates of other series."""
    own = [day for row, day in days.items() if texts(sheet, row)[column]]
    months = [12 * day.year + day.month for day in own]
    step = min((b - a for a, b in pairwise(months)), default=-1)
    return _STEPS.get(min(step, 12), "")


def _period(day: date, frequency: str) -> str:
    """Return the period that begins on a day, or of a fiscal year ends with it."""
    match frequency:
        case "yearly":
            return str(day.year) if day.month == 1 else f"FY{day.year}"
        case "half-yearly":
            return f"{day.year}H{1 + day.month // 7}"
        case "quarterly":
            return f"{day.year}Q{(day.month + 2) // 3}"
        case "monthly":
            return f"{day:%Y-%m}"
    return day.isoformat()

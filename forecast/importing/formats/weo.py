"""IMF World Economic Outlook: the tab-separated files to April 2025, and the tables since then.

Years after the last actual one are what the IMF expects: forecasts of others from the year of the
edition on, estimates before it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from forecast.evidence.calendar import first_day
from forecast.importing.figures import Figure, Figures, Kind, Origin
from forecast.importing.formats._cells import (
    SheetFigures,
    in_columns,
    joined,
    opening,
    texts,
    years,
)
from forecast.importing.grid import Sheet, read_sheets

LABEL = "IMF World Economic Outlook"

_MISSING = ("n/a", "--")
_EDITION = re.compile(r"World Economic Outlook Database, (\w+) (\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FISCAL = re.compile(r"Start/end months of reporting year: (\w+/\w+)")
#: The currency stands in the notes of some series of a country, or in a column of its own.
_CURRENCY = re.compile(r"Primary domestic currency: (.+?)(?: Data last updated|$)")
_OWN = ("National currency", "Domestic currency")


class _Columns(NamedTuple):
    """What the columns are called that every edition of a form has."""

    region: str
    region_code: str
    indicator: str
    code: str
    unit: str
    scale: str
    actual: str  # the last actual year
    note: str


_FORMS = (
    _Columns("Country", "ISO", "Subject Descriptor", "WEO Subject Code", "Units", "Scale",
             "Estimates Start After", "Country/Series-specific Notes"),
    _Columns("Country Group Name", "WEO Country Group Code", "Subject Descriptor",
             "WEO Subject Code", "Units", "Scale", "Estimates Start After",
             "Series-specific Notes"),
    _Columns("COUNTRY", "SERIES_CODE", "INDICATOR", "SERIES_CODE", "UNIT", "SCALE",
             "LATEST_ACTUAL_ANNUAL_DATA", "PUBLICATION_DATE"),
)  # fmt: skip


def recognizes(path: Path) -> bool:
    """Whether a file is of this format."""
    return any(
        _form(sheet) is not None for separator in "\t," for sheet in opening(path, separator)
    )


def _form(sheet: Sheet) -> _Columns | None:
    names = {name.strip('"\ufeff') for name in texts(sheet, 0)} if sheet.rows else set()
    return next((form for form in _FORMS if {form.region, form.code, form.actual} <= names), None)


def read(path: Path) -> Figures:
    """Read a file of this format.

    `origin.published` is the month of the edition, or the day where the file states it.
    """
    tabs = any(_form(sheet) for sheet in opening(path, "\t"))
    found, notices = read_sheets(path, "\t" if tabs else ",")
    tables = [(sheet, form) for sheet in found if (form := _form(sheet))]
    columns = [in_columns(sheet, 0, form) for sheet, form in tables]
    published = next((day for table in tables if (day := _published(*table))), "")
    if not published:
        notices.append(
            f"{path.name} does not state its edition: all years after the last actual one were "
            "read as forecasts"
        )
    edition = int(published[:4] or 0)
    readings = [_figures(*t, at, edition) for t, at in zip(tables, columns, strict=True)]
    title = f"World Economic Outlook Database, {published}".rstrip(", ")
    url = "https://www.imf.org/en/Publications/WEO"
    origin = Origin(LABEL, "International Monetary Fund", title, url, published, selection=True)
    return joined(origin, readings, notices)


def _published(sheet: Sheet, form: _Columns) -> str:
    """Return the month of the edition from the last lines, or the day of publication."""
    if form is _FORMS[-1]:
        column = texts(sheet, 0).index(form.note)
        days = (sheet.cell(row, column).text[:10] for row in range(1, len(sheet.rows)))
        return max((day for day in days if first_day(day)), default="")
    for row in reversed(range(len(sheet.rows))):
        words = " ".join(texts(sheet, row)[:3])
        edition = _EDITION.search(words)
        if edition and edition[1][:3] in _MONTHS:
            return f"{edition[2]}-{_MONTHS.index(edition[1][:3]) + 1:02d}"
    return ""


def _figures(sheet: Sheet, form: _Columns, columns: dict[str, int], edition: int) -> SheetFigures:
    periods, reading = years(sheet, 0), SheetFigures(sheet)
    currencies = _currencies(sheet, columns[form.region])
    for row in range(1, len(sheet.rows)):
        cells = texts(sheet, row)
        if not any(cells[1:]):
            continue  # blank, or the edition
        if not reading.whole(row, 0, max(periods) + 1):
            continue
        cells += [""] * (len(sheet.rows[0]) - len(cells))
        region, region_code, indicator, code, unit, scale, actual, note = (
            cells[columns[name]] for name in form
        )
        if form is _FORMS[-1]:  # CHN.NGDP_RPCH.A
            (region_code, _, code), note = code.removesuffix(".A").partition("."), ""
        else:
            indicator = f"{indicator} ({unit})"  # several series differ by it alone
        last = _last_actual(actual)
        if last is None:
            reading.problem("a year, or an empty cell", row, columns[form.actual], actual)
            continue
        unit = _unit(unit, scale, currencies.get(region, ""))
        fiscal = _FISCAL.search(note)
        for column, year in periods.items():
            value = reading.value(row, column, _MISSING, grouped=True)
            if value is None:
                continue
            kind: Kind = "forecast" if year >= edition else "estimate"
            reading.figures.append(Figure(
                indicator, region, str(year), value, unit, sheet.place(row, column),
                "actual" if year <= last else kind, code, region_code,
                measure="growth" if code.endswith("_RPCH") else "",
                note=f"fiscal years, {fiscal[1]}" if fiscal and fiscal[1] != "January/December"
                else "",
            ))  # fmt: skip
    return reading


def _currencies(sheet: Sheet, region: int) -> dict[str, str]:
    """Return the currencies of the countries."""
    names = texts(sheet, 0)
    stated = names.index("PRIMARY_DOMESTIC_CURRENCY") if "PRIMARY_DOMESTIC_CURRENCY" in names else 0
    found = {}
    for row in range(1, len(sheet.rows)):
        if stated:
            currency = sheet.cell(row, stated).text
        else:
            match = next(filter(None, map(_CURRENCY.search, texts(sheet, row))), None)
            currency = match[1] if match else ""
        if currency:
            found[sheet.cell(row, region).text] = currency
    return found


def _unit(unit: str, scale: str, currency: str) -> str:
    """Return the unit with its scale: Billions and National currency are billion Indian rupee."""
    if unit in ("Percent", "Percent change"):
        return "%"
    unit = currency or unit if unit in _OWN else unit
    return unit if scale in ("", "Units") else f"{scale.lower().rstrip('s')} {unit}"


def _last_actual(shown: str) -> int | None:
    """Return the last actual year; 0 where all years are estimates, None if it is no year.

    Of a fiscal year, ``FY2024/25``, it is the first calendar year: which of the two the columns
    mean differs by country.
    """
    match = re.fullmatch(r"(?:FY)?(\d{4})(?:/\d{2,4})?|0?", shown)
    return int(match[1] or 0) if match else None

"""SDMX-CSV of the OECD, Eurostat and others, and the CSV of the former OECD.Stat.

Every combination of dimensions is a series. Its code is made of the codes of all dimensions but
region and frequency; its label names the data flow and the dimensions that vary in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from forecast.evidence.calendar import today
from forecast.evidence.problems import data_error
from forecast.importing.figures import Figure, Figures, Kind, Origin, Untaken
from forecast.importing.formats._cells import SheetFigures, joined, opening, texts
from forecast.importing.grid import Sheet, read_sheets

LABEL = "SDMX-CSV (OECD, Eurostat)"

_REGIONS = ("REF_AREA", "GEO", "LOCATION", "COU", "COUNTRY", "REPORTER")
_FREQUENCIES = ("FREQ", "FREQUENCY")
_UNITS = ("UNIT_MEASURE", "UNIT")
#: What is no dimension: the message, the observation and its attributes.
_FLOWS = ("STRUCTURE_NAME", "STRUCTURE_ID", "DATAFLOW")
_OTHER = (
    *_FLOWS, "STRUCTURE", "ACTION", "LAST UPDATE", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS",
    "KEY", "UNIT_MULT",
)  # fmt: skip
#: Names of OECD.Stat and Eurostat for those of the standard.
_STANDARD = {
    "TIME": "TIME_PERIOD",
    "VALUE": "OBS_VALUE",
    "FLAG CODES": "OBS_STATUS",
    "OBS_FLAG": "OBS_STATUS",
    "UNIT CODE": "UNIT_MEASURE",
    "POWERCODE CODE": "UNIT_MULT",
}
_ALONE = ("STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "DATAFLOW", "LAST UPDATE")
_MISSING = ("NaN", ":", "..")

_STATUSES = {"p": "preliminary", "e": "preliminary", "i": "preliminary"}
_FLAGS = {
    "b": "break in the series",
    "d": "definition differs",
    "e": "estimated",
    "f": "forecast",
    "i": "imputed",
    "p": "provisional",
    "u": "low reliability",
}
_MULTIPLES = {"2": "hundred", "3": "thousand", "6": "million", "9": "billion", "12": "trillion"}
_PERIODS = (
    (r"(\d{4})(?:-A1)?", "{0}"),
    (r"(\d{4})-?Q([1-4])", "{0}Q{1}"),
    (r"(\d{4})-?[SH]([12])", "{0}H{1}"),
    (r"(\d{4})-M?(\d{2})", "{0}-{1}"),
    (r"(\d{4})-(\d{2}-\d{2})", "{0}-{1}"),
)


class _Column(NamedTuple):
    """Where a concept stands: its codes, and its labels (the same column if it has none).

    In some messages the label stands behind the code in one cell: ``A:Annual``.
    """

    code: int
    label: int
    both: bool


def recognizes(path: Path) -> bool:
    """Whether a file is of this format."""
    for sheet in opening(path):
        names = {_named(name) for name in texts(sheet, 0)} if sheet.rows else set()
        flow = names.intersection((*_FLOWS, "STRUCTURE")) or {"FLAG CODES", "OBS_STATUS"} & names
        if names.issuperset(("TIME_PERIOD", "OBS_VALUE")) and flow:
            return not sheet.name
    return False


def _named(name: str) -> str:
    name = name.lstrip("\ufeff").partition(":")[0].strip().upper()
    return _STANDARD.get(name, name)


def _columns(sheet: Sheet) -> dict[str, _Column]:
    """Return the columns of the concepts; of codes with labels, each label stands after its code.

    Raises
    ------
    DataError
        If a column that every message has is not there, or a concept is there twice.
    """
    header = texts(sheet, 0) if sheet.rows else []
    names = [_named(name) for name in header]
    pairs = ("TIME_PERIOD", "OBS_VALUE") not in pairwise(names)
    found: dict[str, _Column] = {}
    column = 0
    while column < len(names):
        name = names[column]
        paired = pairs and name not in _ALONE and header[column] != "Value"
        if name in found:
            raise data_error(sheet.file, "each column once", row=1, column=name, value=name)
        found[name] = _Column(column, column + paired, ":" in header[column])
        column += 1 + paired
    for name in ("TIME_PERIOD", "OBS_VALUE"):
        if name not in found:
            expected = "this column to be there, and after every code its label or none"
            raise data_error(sheet.file, expected, row=1, column=name)
    return found


def read(path: Path) -> Figures:
    """Read a file of this format.

    A figure flagged as forecast, or of a year that begins after the update of the file, is a
    forecast; one flagged as provisional, estimated or imputed is preliminary. All flags are
    notes.
    """
    (sheet,), notices = read_sheets(path, ",")
    columns = _columns(sheet)
    agency, flow, title = _flow(sheet, columns)
    published = _updated(sheet, columns)
    reading = _figures(sheet, columns, title or flow, published)
    publisher, url, licence = {
        "ESTAT": ("Eurostat", f"https://ec.europa.eu/eurostat/databrowser/view/{flow.lower()}",
                  "CC BY 4.0"),
        "OECD": ("OECD", "https://data-explorer.oecd.org", "CC BY 4.0"),
    }.get(agency.partition(".")[0], (agency, "", ""))  # fmt: skip
    title = title or flow or ("OECD.Stat" if publisher == "OECD" else "")
    origin = Origin(LABEL, publisher, title, url, published, licence, selection=True)
    return joined(origin, [reading], notices)


def _flow(sheet: Sheet, columns: Mapping[str, _Column]) -> tuple[str, str, str]:
    """Return agency, identifier and title of the data flow."""
    first = texts(sheet, 1) if len(sheet.rows) > 1 else []
    stated = {
        name: first[columns[name].code]
        for name in _FLOWS
        if name in columns and columns[name].code < len(first)
    }
    flow = stated.get("STRUCTURE_ID") or stated.get("DATAFLOW", "")
    agency, _, name = flow.rpartition(":")
    name = re.sub(r"\([\d.]+\)$", "", name).rpartition("@")[2]
    if not flow and "Flag Codes" in texts(sheet, 0):
        return "OECD", "", ""  # OECD.Stat, which did not name the data set
    return agency, name, stated.get("STRUCTURE_NAME", "")


def _updated(sheet: Sheet, columns: Mapping[str, _Column]) -> str:
    """Return the day of the last update that Eurostat states: 17/04/23 11:00:00."""
    if "LAST UPDATE" not in columns or len(sheet.rows) < 2:
        return ""
    stated = sheet.cell(1, columns["LAST UPDATE"].code).text
    match = re.match(r"(\d{2})/(\d{2})/(\d{2})", stated)
    return f"20{match[3]}-{match[2]}-{match[1]}" if match else ""


def _figures(
    sheet: Sheet, columns: Mapping[str, _Column], base: str, published: str
) -> SheetFigures:
    reading = SheetFigures(sheet)
    rows = [row for row in range(1, len(sheet.rows)) if any(texts(sheet, row))]
    cells = {row: texts(sheet, row) for row in rows if reading.whole(row, 0)}
    region = next((columns[name] for name in _REGIONS if name in columns), None)
    dimensions = [
        column
        for name, column in columns.items()
        if (column.code < columns["TIME_PERIOD"].code or name in _UNITS)
        and not (name in _OTHER or name in _FREQUENCIES or column is region)
    ]
    varying = [d for d in dimensions if len({cells[row][d.code] for row in cells}) > 1]
    if not base:
        varying = dimensions
    known = int(published[:4]) if published else today().year
    for row in cells:
        value = reading.value(row, columns["OBS_VALUE"].code, _MISSING)
        if value is None:
            continue
        shown = _one(cells[row], columns.get("TIME_PERIOD"))
        period = _period(shown)
        if not period:
            place = sheet.place(row, columns["OBS_VALUE"].code)
            why = f"{shown} is no year, half-year, quarter, month or day"
            reading.untaken.append(Untaken(place, str(value), why))
            continue
        flags = _one(cells[row], columns.get("OBS_STATUS")).lower()
        kind: Kind = "forecast" if "f" in flags or int(period[:4]) > known else "actual"
        labels = [base, *(_label(cells[row], d) for d in varying)]
        reading.figures.append(Figure(
            ", ".join(filter(None, labels)), _label(cells[row], region) if region else "",
            period, value, _unit(cells[row], columns),
            sheet.place(row, columns["OBS_VALUE"].code), kind,
            indicator_code=".".join(filter(None, (_one(cells[row], d) for d in dimensions))),
            region_code=_one(cells[row], region),
            note="; ".join(_FLAGS.get(flag, f"flag {flag}") for flag in flags if flag != "a"),
            status=next((_STATUSES[flag] for flag in flags if flag in _STATUSES), ""),
        ))  # fmt: skip
    return reading


def _one(cells: Sequence[str], column: _Column | None) -> str:
    """Return the code in a cell."""
    if column is None:
        return ""
    return cells[column.code].partition(":")[0] if column.both else cells[column.code]


def _label(cells: Sequence[str], column: _Column) -> str:
    """Return the label of a code, the code where it has none."""
    label = cells[column.label]
    return (label.partition(":")[2].strip() if column.both else label) or _one(cells, column)


def _unit(cells: Sequence[str], columns: Mapping[str, _Column]) -> str:
    """Return the unit with its multiple and its currency: million SEK."""
    column = next((columns[name] for name in _UNITS if name in columns), None)
    unit = _label(cells, column) if column else ""
    unit = _one(cells, columns.get("CURRENCY")) or unit
    multiple = _one(cells, columns.get("UNIT_MULT"))
    if multiple in ("", "0"):
        return unit
    return f"{_MULTIPLES.get(multiple, f'10^{multiple}')} {unit}".strip()


def _period(shown: str) -> str:
    """Return a period as figures have it, nothing if it is none of theirs.

    Examples
    --------
    >>> _period("2023-Q2"), _period("2023-M05"), _period("2023-S1"), _period("2023-W05")
    ('2023Q2', '2023-05', '2023H1', '')
    """
    for written, form in _PERIODS:
        if match := re.fullmatch(written, shown):
            return form.format(*match.groups())
    return ""

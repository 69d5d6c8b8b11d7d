"""World Bank: an indicator of the API as CSV or in its archive, and extracts of the DataBank."""

from __future__ import annotations

import re
from pathlib import Path

from forecast.evidence.problems import data_error
from forecast.importing.figures import Figure, Figures, Origin
from forecast.importing.formats._cells import (
    OPENING,
    SheetFigures,
    beginning,
    in_columns,
    joined,
    members,
    opening,
    texts,
    years,
)
from forecast.importing.grid import Sheet, read_sheets, text_sheets

LABEL = "World Bank, indicators as CSV"

_REGION = ("Country Name", "Country Code")
_INDICATORS = (("Indicator Name", "Indicator Code"), ("Series Name", "Series Code"))
_MISSING = ("..",)
#: The unit stands at the end of the name: GDP (current US$), Inflation (annual %). What it is
#: besides, current or a rate of the year, is the usual reading; constant prices are not.
_UNIT = re.compile(r".*\((?:current |annual (?=%))?([^()]*)\)")
_UPDATED = re.compile(r"Last Updated(?: Date)?:?\s*")


def recognizes(path: Path) -> bool:
    """Whether a file is of this format."""
    inner = _data(members(path))
    if inner:
        return _header(beginning(inner[1], inner[0])) is not None
    return any(_header(sheet) is not None for sheet in opening(path) if not sheet.name)


def _header(sheet: Sheet) -> int | None:
    """Return the row of the header; above it stand the source and the date."""
    for row in range(min(len(sheet.rows), OPENING)):
        names = {name.lstrip("\ufeff") for name in texts(sheet, row)}
        if names.issuperset(_REGION) and any(names.issuperset(pair) for pair in _INDICATORS):
            return row
    return None


def _data(files: dict[str, bytes]) -> tuple[str, bytes] | None:
    """Return the file of an archive that has the figures: the others have metadata."""
    for name, data in files.items():
        if not name.startswith("Metadata_"):
            return name, data
    return None


def read(path: Path) -> Figures:
    """Read a file of this format.

    Aggregates of countries have a note, where the archive has the metadata that tell them.
    """
    files = members(path)
    inner = _data(files)
    if inner:
        (sheet,), notices = text_sheets(inner[1], f"{path.name}/{inner[0]}", ",")
    else:
        (sheet,), notices = read_sheets(path, ",")
    row = _header(sheet)
    if row is None:
        raise data_error(sheet.file, f"a header with {', '.join(_REGION + _INDICATORS[0])}")
    reading = _figures(sheet, row, _aggregates(files))
    found = {f.indicator: f.indicator_code for f in reading.figures}
    title = "World Development Indicators"
    url = "https://databank.worldbank.org/source/world-development-indicators"
    if len(found) == 1:
        ((name, code),) = found.items()
        title, url = f"{title}: {name}", f"https://data.worldbank.org/indicator/{code}"
    origin = Origin(
        LABEL, "World Bank", title, url, _updated(sheet), licence="CC BY 4.0", selection=True
    )
    return joined(origin, [reading], notices)


def _figures(sheet: Sheet, header: int, aggregates: set[str]) -> SheetFigures:
    names = set(texts(sheet, header))
    pair = next(pair for pair in _INDICATORS if names.issuperset(pair))
    columns = in_columns(sheet, header, [*_REGION, *pair])
    periods = years(sheet, header, r"(\d{4})(?: \[YR\d{4}\])?")
    reading = SheetFigures(sheet)
    for row in range(header + 1, len(sheet.rows)):
        cells = texts(sheet, row)
        if sum(map(bool, cells)) <= 1:
            continue  # blank, or a line at the end of an extract that states source or date
        if not reading.whole(row, header):
            continue
        region, region_code, name, code = (cells[columns[key]] for key in (*_REGION, *pair))
        unit = _UNIT.fullmatch(name)
        for column, year in periods.items():
            value = reading.value(row, column, _MISSING)
            if value is not None:
                reading.figures.append(Figure(
                    name, region, str(year), value, unit[1] if unit else "",
                    sheet.place(row, column), indicator_code=code, region_code=region_code,
                    measure="growth" if name.endswith("growth (annual %)") else "",
                    note="aggregate of countries" if region_code in aggregates else "",
                ))  # fmt: skip
    return reading


def _aggregates(files: dict[str, bytes]) -> set[str]:
    """Return the codes of groups of countries: the metadata give them no region of the world."""
    for name, data in files.items():
        if name.startswith("Metadata_Country"):
            (sheet,), _ = text_sheets(data, name, ",")
            columns = in_columns(sheet, 0, ["Country Code", "Region"])
            rows = [texts(sheet, row) for row in range(1, len(sheet.rows)) if sheet.rows[row]]
            return {r[columns["Country Code"]] for r in rows if not r[columns["Region"]]}
    return set()


def _updated(sheet: Sheet) -> str:
    """Return the day of the last update, above the figures or below them."""
    for row in range(len(sheet.rows)):
        words = " ".join(texts(sheet, row)[:2])
        if _UPDATED.match(words):
            day = _UPDATED.sub("", words).strip()
            american = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", day)
            return f"{american[3]}-{american[1]}-{american[2]}" if american else day
    return ""

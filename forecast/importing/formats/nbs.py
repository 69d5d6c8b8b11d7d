"""National Bureau of Statistics of China: tables of data.stats.gov.cn as CSV or workbook.

Above the table stand the database, the indicator or the region, and the time; below it notes.
"""

from __future__ import annotations

import re
from pathlib import Path

from forecast.evidence.problems import data_error
from forecast.importing.figures import Figure, Figures, Origin
from forecast.importing.formats._cells import Reading, Sheet, joined, letter, opening, sheets
from forecast.importing.formats._chinese import measure, unit

LABEL = "National Bureau of Statistics of China"

_ABOVE = re.compile(r"(数据库|指标|地区|时间)[：:]\s*(.*)")
_BELOW = re.compile(r"(注|数据来源)[：:]\s*(.*)")
_ROWS = {"指标": "indicator", "地区": "region"}
_MISSING = ("--", "-", "…")
_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_PERIOD = re.compile(r"(\d{4})年(?:(?:1-)?(\d{1,2})月|第?([一二三四1-4])季度)?")


def recognizes(path: Path) -> bool:
    """Whether a file is of this format, an old workbook included, which `read` refuses."""
    if any(_first(sheet).startswith("数据库") for sheet in opening(path)):
        return True
    try:
        with path.open("rb") as file:
            data = file.read(1_000_000)
    except OSError:
        return False
    return data.startswith(b"\xd0\xcf\x11\xe0") and "数据库：".encode("utf-16-le") in data


def _first(sheet: Sheet) -> str:
    return sheet.texts(0)[0].lstrip("\ufeff") if sheet.rows and sheet.rows[0] else ""


def read(path: Path) -> Figures:
    """Read a file of this format.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Figures
        Where the rows are regions, the indicator is that above the table, and the reverse.

    Raises
    ------
    DataError
        With everything that cannot be read for certain.
    """
    found, notices = sheets(path)
    tables = [sheet for sheet in found if _first(sheet).startswith("数据库")]
    readings, title = [], ""
    for sheet in tables:
        above = _stated(sheet, _ABOVE)
        title = title or "，".join(filter(None, (above.get("数据库"), above.get("指标"))))
        readings.append(_figures(sheet, above))
        note = _stated(sheet, _BELOW).get("注")
        notices += [f"{path.name} 注：{note}"] if note else []
    origin = Origin(LABEL, "国家统计局", title, "https://data.stats.gov.cn", selection=True)
    return joined(origin, readings, notices)


def _stated(sheet: Sheet, written: re.Pattern[str]) -> dict[str, str]:
    """Return what the lines above or below a table state."""
    lines = (sheet.texts(row)[0] for row in range(len(sheet.rows)) if sheet.rows[row])
    matches = (written.fullmatch(line.lstrip("\ufeff")) for line in lines)
    return {match[1]: match[2].strip() for match in matches if match}


def _figures(sheet: Sheet, above: dict[str, str]) -> Reading:
    header = next(
        (row for row in range(len(sheet.rows)) if sheet.rows[row] and sheet.texts(row)[0] in _ROWS),
        None,
    )
    if header is None:
        raise data_error(sheet.file, "a header that begins with 指标 or 地区")
    rows_are, reading = _ROWS[sheet.texts(header)[0]], Reading(sheet)
    if rows_are == "region" and not above.get("指标"):
        expected = "a line 指标： above the table, for its rows are regions"
        raise data_error(sheet.file, expected, row=header + 1)
    periods = _periods(sheet, header)
    for row in range(header + 1, len(sheet.rows)):
        cells = sheet.texts(row)
        if not any(cells) or _BELOW.fullmatch(cells[0]):
            continue
        if len(cells) <= max(periods):
            expected = f"{max(periods) + 1} cells, as the header has"
            reading.problem(expected, row, value=cells[0], wrong=f"the row ends after {len(cells)}")
            continue
        indicator, region = (
            (cells[0], above.get("地区", ""))
            if rows_are == "indicator"
            else (above["指标"], cells[0])
        )
        for column, match in periods.items():
            value = reading.value(row, column, _MISSING)
            if value is not None:
                stated = measure(indicator, yearly=not (match[2] or match[3]))
                reading.take(Figure(
                    indicator, region, _period(match, stated), value, unit(indicator),
                    sheet.place(row, column), measure=stated,
                ))  # fmt: skip
    return reading


def _periods(sheet: Sheet, header: int) -> dict[int, re.Match[str]]:
    found = {}
    for column, name in enumerate(sheet.texts(header)):
        match = _PERIOD.fullmatch(name)
        if name and column and match is None:
            expected = "a period such as 2023年, 2023年5月 or 2023年第二季度"
            raise data_error(
                sheet.file, expected, row=header + 1, column=letter(column), value=name
            )
        if match:
            found[column] = match
    if not found:
        raise data_error(sheet.file, "a period above each column of figures", row=header + 1)
    return found


def _period(match: re.Match[str], stated: str) -> str:
    """Return a period; figures since January are named by their last month."""
    year, month, quarter = match[1], match[2], match[3]
    if quarter:
        quarter = _QUARTERS.get(quarter, quarter)
        return f"{year}-{3 * int(quarter):02d}" if stated else f"{year}Q{quarter}"
    return f"{year}-{int(month):02d}" if month else year

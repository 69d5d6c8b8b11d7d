"""National Bureau of Statistics of China: tables of data.stats.gov.cn as CSV or workbook.

Above the table stand the database, the indicator or the region, and the time; below it notes.
"""

from __future__ import annotations

import re
from pathlib import Path

from forecast.evidence.problems import DataError, data_error
from forecast.importing.figures import Figure, Figures, Origin, problem
from forecast.importing.formats._cells import SheetFigures, joined, opening, texts
from forecast.importing.grid import Sheet, read_sheets
from forecast.importing.periods import Span, span

LABEL = "National Bureau of Statistics of China"

_ABOVE = re.compile(r"(数据库|指标|地区|时间)[：:]\s*(.*)")
_BELOW = re.compile(r"(注|数据来源)[：:]\s*(.*)")
_UNIT = re.compile(r".*[(（]([^()（）]*)[)）]")
_ROWS = {"指标": "indicator", "地区": "region"}
_MISSING = ("--", "-", "…")


def recognizes(path: Path) -> bool:
    """Whether a file is of this format."""
    return any(_first(sheet).startswith("数据库") for sheet in opening(path))


def _first(sheet: Sheet) -> str:
    return texts(sheet, 0)[0].lstrip("\ufeff") if sheet.rows and sheet.rows[0] else ""


def read(path: Path) -> Figures:
    """Read a file of this format.

    Where the rows are regions, the indicator is that above the table, and the reverse. An index
    of the year before as 100 is a growth rate.
    """
    found, notices = read_sheets(path, ",")
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
    lines = (row[0].text for row in sheet.rows if row)
    matches = (written.fullmatch(line.lstrip("\ufeff")) for line in lines)
    return {match[1]: match[2].strip() for match in matches if match}


def _figures(sheet: Sheet, above: dict[str, str]) -> SheetFigures:
    firsts = [row[0].text if row else "" for row in sheet.rows]
    header = next((row for row, first in enumerate(firsts) if first in _ROWS), None)
    if header is None:
        raise data_error(sheet.file, "a header that begins with 指标 or 地区")
    rows_are, reading = _ROWS[texts(sheet, header)[0]], SheetFigures(sheet)
    if rows_are == "region" and not above.get("指标"):
        expected = "a line 指标： above the table, for its rows are regions"
        raise data_error(sheet.file, expected, row=header + 1)
    periods = _periods(sheet, header)
    for row in range(header + 1, len(sheet.rows)):
        cells = texts(sheet, row)
        if not any(cells) or _BELOW.fullmatch(cells[0]):
            continue
        if not reading.whole(row, header, max(periods) + 1):
            continue
        indicator, region = (
            (cells[0], above.get("地区", ""))
            if rows_are == "indicator"
            else (above["指标"], cells[0])
        )
        for column, head in periods.items():
            value = reading.value(row, column, _MISSING)
            if value is None:
                continue
            stated, of, note = measure(indicator, not head.part), unit(indicator), ""
            if stated.endswith("growth") and of.endswith("=100"):
                value, of, note = value - 100, "%", f"published as the index {value}"
            reading.figures.append(Figure(
                indicator, region, _period(head, stated), value, of, sheet.place(row, column),
                measure=stated, note=note,
            ))  # fmt: skip
    return reading


def _periods(sheet: Sheet, header: int) -> dict[int, Span]:
    found = {}
    for column, name in enumerate(texts(sheet, header)):
        head = span(name)
        if column and name and not (head and head.year):
            expected = "a period such as 2023年, 2023年5月 or 2023年第二季度"
            raise DataError([problem(sheet.place(header, column), name, expected)])
        if head and head.year:
            found[column] = head
    if not found:
        raise data_error(sheet.file, "a period above each column of figures", row=header + 1)
    return found


def _period(head: Span, stated: str) -> str:
    """Return a period; figures since January are named by their last month."""
    if stated and head.part.startswith("Q"):
        return f"{head.year}-{3 * int(head.part[1:]):02d}"
    return head.text


# Names, as Wind has them too ----------------------------------------------------------------------


def unit(name: str) -> str:
    """Return the unit in the brackets at the end of a name.

    Examples
    --------
    >>> unit("地区生产总值(亿元)"), unit("居民消费价格指数（上年=100）"), unit("年末常住人口")
    ('亿元', '上年=100', '')
    """
    match = _UNIT.fullmatch(name)
    return match[1].strip() if match else ""


def measure(name: str, yearly: bool) -> str:
    """Return the measure that a name states, nothing where it states none.

    Examples
    --------
    >>> measure("社会消费品零售总额_累计增长(%)", False), measure("GDP:累计值", False)
    ('ytd_growth', 'ytd_level')
    >>> measure("GDP:累计同比", True), measure("GDP:当季值", False)
    ('growth', '')
    >>> measure("居民消费价格指数(上年=100)", True), measure("人口自然增长率(‰)", True)
    ('growth', '')
    """
    change = re.search("增长(?!率)|同比|上年(?:同期)?=100", name)
    if "累计" in name and not yearly:
        return "ytd_growth" if change else "ytd_level"
    return "growth" if change and yearly else ""

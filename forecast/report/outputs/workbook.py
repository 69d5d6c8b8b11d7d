"""The answers as a workbook in one language: ``results.xlsx`` beside the pages of that language.

One workbook a language, not heads in two: amounts are in the unit that the language counts in
(billion yuan, 亿元), and a reader sees no word that is foreign. Texts of the data stay texts, never
formulas, and nothing links out of the file. The same answers give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len

from forecast.evidence.calendar import year_name
from forecast.facts import Chance, Rate
from forecast.report.language import Language, language
from forecast.report.pages.shared import bound, pace_unit
from forecast.temporary import sheltered

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_WIDEST = 60  # characters of a column
LEVELS = ("0.05", "0.20", "0.35", "0.50", "0.65", "0.80", "0.95")


class Cell(NamedTuple):
    """A number and how it is shown."""

    value: float | int | None
    shown: str


def workbook(tell: Language, found: Mapping[str, Any]) -> bytes:
    """Return the workbook.

    Parameters
    ----------
    tell : Language
    found : mapping
        The dict of ``results.json``.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {
        "targets": _targets(tell, found),
        "scenarios": _scenarios(tell, found),
        "quantiles": _quantiles(tell, found),
        "history": _history(tell, found),
        "sources": _sources(tell, found),
    }
    _about(tell, book, found, sheets)
    for name, rows in sheets.items():
        _fill(tell, book.create_sheet(tell(f"workbook-{name}")), list(rows))
    return _bytes(book, str(found["run"]["started"]))


# Sheets -------------------------------------------------------------------------------------------


def _about(tell: Language, book: Workbook, found: Mapping[str, Any], sheets: Iterable[str]) -> None:
    run = found["run"]
    lines = [
        (tell("workbook-about"), tell("site-caution")),
        (tell("site-run"), run["id"]),
        (tell("site-made"), run["started"].replace("T", " ").replace("Z", " UTC")),
        (tell("workbook-newest"), run["newest"] or tell("workbook-unknown")),
        *((tell(f"workbook-{name}"), tell(f"workbook-{name}-about")) for name in sheets),
    ]
    sheet = book.create_sheet(tell("workbook-about"))
    for number, line in enumerate(lines, start=1):
        for column, text in enumerate(line, start=1):
            write_text(sheet, number, column, text)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 120


def _targets(tell: Language, found: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for entry in found["targets"]:
        amount = _amounts(tell, entry["unit"], entry["value"], entry["last_value"])
        paces = entry["achieved_growth"]
        yield {
            "target": tell.of(entry, "name"),
            "comparison": tell("workbook-comparison", comparison=entry["comparison"]),
            "value": amount(entry["value"]),
            "value-to": amount(entry["value_to"]),
            "threshold": amount(entry["threshold"]),
            "unit": tell.unit(entry["unit"]),
            "year": _year(entry["year"], entry["year_starts"]),
            "status": tell("gap-status", status=entry["status"]),
            "probability": _share(entry["probability"]),
            "said": _said(tell, entry["probability"], entry["probability_floor"])
            or _bound(tell, entry["lower_bound"]),
            "floor": _share(entry["probability_floor"]),
            "low": _share(entry["probability_low"]),
            "high": _share(entry["probability_high"]),
            "q05": amount(entry["quantiles"].get("0.05")),
            "median": amount(entry["quantiles"].get("0.50")),
            "q95": amount(entry["quantiles"].get("0.95")),
            "last-year": _year(entry["last_year"], entry["year_starts"]),
            "last-value": amount(entry["last_value"]),
            "origin": _origin(tell, entry["last_known_from"]),
            "required": _pace(tell, entry, entry["required_growth"]),
            "achieved": _pace(tell, entry, paces[max(paces, key=int)] if paces else None),
            "pace-unit": pace_unit(tell, Rate(0.0, _scale(entry), entry["unit"]))
            if entry["growth_unit"]
            else "",
            "pace": ""
            if entry["probability"] is None
            else tell("pace-word", verdict=entry["verdict"].replace(" ", "-")),
        }


def _scenarios(tell: Language, found: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    targets = {entry["target"]: entry for entry in found["targets"]}
    baseline: dict[str, float] = {}
    for scenario in found["scenarios"]:
        if scenario["status"] == "refused":
            yield {"scenario": tell.of(scenario, "name"), "target": tell("workbook-refused")}
        for result in scenario["targets"]:
            target = targets[result["target"]]
            before = baseline.setdefault(result["target"], result["probability"])
            amount = _amounts(tell, result["unit"], result["median"])
            yield {
                "scenario": tell.of(scenario, "name"),
                "target": tell.of(target, "name"),
                "year": _year(target["year"], target["year_starts"]),
                "probability": _share(result["probability"]),
                "said": _said(tell, result["probability"], target["probability_floor"]),
                "baseline": _share(before),
                "link": tell("workbook-link", reliable=str(result["reliable_link"])),
                "q05": amount(result["q05"]),
                "median": amount(result["median"]),
                "q95": amount(result["q95"]),
                "unit": tell.unit(result["unit"]),
            }


def _quantiles(tell: Language, found: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for entry in found["targets"]:
        for year, levels in entry["years"].items():
            amount = _amounts(tell, entry["unit"], levels["0.50"])
            yield {
                "target": tell.of(entry, "name"),
                "year": _year(int(year), entry["year_starts"]),
                **{f"q{level[2:]}": amount(levels[level]) for level in LEVELS},
                "unit": tell.unit(entry["unit"]),
            }


def _history(tell: Language, found: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for series in found["series"]:
        for year, row in series["years"].items():
            amount = _amounts(tell, series["unit"], row["estimate"])
            yield {
                "series": tell.of(series, "name"),
                "year": _year(int(year), series["year_starts"]),
                "estimate": amount(row["estimate"]),
                "q05": amount(row["low"]),
                "q95": amount(row["high"]),
                "unit": tell.unit(series["unit"]),
                "origin": _origin(tell, row["origin"]),
            }


def _sources(tell: Language, found: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for source in found["sources"]:
        yield {
            "source": source["title"],
            "publisher": source["publisher"],
            "published": source["published"],
            "kind": tell("workbook-kind", kind=source["kind"]),
            "address": source["url"],
            "mirror": tell("workbook-mirror-yes") if source["copy"] else "",
            "key": source["source"],
        }


# Cells --------------------------------------------------------------------------------------------


def _share(value: float | None) -> Cell:
    return Cell(value, "0%")


def _said(tell: Language, probability: float | None, floor: float | None) -> str:
    return "" if probability is None else tell.write(Chance(probability, floor, short=True))


def _bound(tell: Language, found: Mapping[str, Any] | None) -> str:
    """Return the lower bound from published parts with what it assumes; empty without one."""
    if found is None:
        return ""
    apart, alone = (found[f"probability_at_least_if_{name}"] for name in ("apart", "overlapping"))
    return bound(tell, len(found["series"]), apart, alone)


def _year(year: int | None, starts: int) -> Cell | str:
    """Return a year as a number, a fiscal one by its name."""
    if year is None or starts == 1:
        return Cell(year, "0")
    return year_name(year, starts)


def _scale(entry: Mapping[str, Any]) -> str:
    """Return the scale of a target's growth: ``log`` (percent), ``logit`` (points), ``linear``."""
    units = {pace_unit(language("en"), Rate(0.0, scale)): scale for scale in ("log", "logit")}
    return units.get(entry["growth_unit"], "linear")


def _pace(tell: Language, entry: Mapping[str, Any], growth: float | None) -> Cell:
    scale = _scale(entry)
    if growth is not None and scale == "linear":
        growth = float(tell.scaled(growth, entry["unit"]))
    return Cell(growth, "0.00" if scale == "logit" else "0.0")


def _origin(tell: Language, origin: str | None) -> str:
    return tell(f"origin-{origin}") if origin else ""


def _amounts(tell: Language, unit: str, *beside: float | None) -> Any:
    """Return what makes cells of amounts: with as many digits as the largest of some has."""
    size = max((abs(float(tell.scaled(v, unit))) for v in beside if v is not None), default=0.0)
    digits = 0 if size >= 1000 or unit in ("rank", "count") else 1 if size >= 20 else 2
    return lambda value: Cell(
        None if value is None else float(tell.scaled(value, unit)), _format(tell, digits)
    )


def _format(tell: Language, digits: int) -> str:
    whole = "#,##0" if tell.lang == "en" else "0"
    return f"{whole}.{'0' * digits}" if digits else whole


def _fill(tell: Language, sheet: Worksheet, rows: Sequence[Mapping[str, Any]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    names = list(dict.fromkeys(name for row in rows for name in row))
    for column, name in enumerate(names, start=1):
        head = tell(f"workbook-head-{name}")
        write_text(sheet, 1, column, head)
        top = sheet.cell(1, column)
        top.font, top.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        widths = [10.0]
        for number, row in enumerate(rows, start=2):
            value = row.get(name, "")
            if not isinstance(value, Cell):
                write_text(sheet, number, column, value)
                widths.append(cell_len(value))
            elif value.value is not None:
                cell = sheet.cell(number, column, value.value)
                cell.number_format = value.shown
        widths.append(cell_len(head) / 2)  # on two lines
        sheet.column_dimensions[get_column_letter(column)].width = min(max(widths) + 2, _WIDEST)
    if rows:
        sheet.freeze_panes = "B2"
        sheet.auto_filter.ref = sheet.dimensions


def write_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a text as a text, also one that looks like a formula or an error."""
    cell = sheet.cell(row, column)
    cell.number_format = "@"
    if text:
        cell.value = text
        cell.data_type = "s"


def _bytes(book: Workbook, started: str) -> bytes:
    """Return a workbook's file, dated when the set was made, whenever it is written."""
    book.properties.creator = "forecast"
    book.properties.created = datetime.fromisoformat(started).replace(tzinfo=None)
    raw, fixed, moment = io.BytesIO(), io.BytesIO(), started.encode()
    with sheltered():  # openpyxl writes each sheet to a file first
        book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":  # openpyxl puts the present there
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment, data)
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()

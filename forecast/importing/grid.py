"""The cells of a file as a spreadsheet shows them: workbooks, text files, tables of web pages."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from forecast.evidence.files.delimited import delimited
from forecast.evidence.files.encodings import text_of
from forecast.evidence.files.workbooks import ARCHIVE, OLD, open_workbook
from forecast.evidence.panels import letters
from forecast.evidence.problems import UserError, data_error
from forecast.importing.figures import Place

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CELLS = 5_000_000
MOST_REPEATED = 200_000  # cells of a web page that others span: few bytes can ask for millions
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class Cell(NamedTuple):
    """One cell."""

    #: What it shows, blanks joined: a date as ``2023``, ``2023-06`` or ``2023-06-30``, as far as
    #: its format shows it.
    text: str = ""
    value: Decimal | None = None  # the number of a cell of a workbook, percent as percent
    #: Whether it is formatted as a percentage, is a date, or belongs to the merged cell before.
    percent: bool = False
    dated: bool = False
    spread: bool = False
    fault: str = ""  # why it has no value that could be taken


EMPTY = Cell()


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet; rows may differ in length."""

    #: The name is empty for a text file.
    file: str
    name: str
    rows: Sequence[Sequence[Cell]]
    points: bool = False  # whether commas separate the cells, so that a point is a decimal mark

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell, counted from 0; an empty one beyond the end of its row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else EMPTY

    def place(self, row: int, column: int = -1) -> Place:
        """Return the place of a cell, or of a row."""
        return Place(self.file, self.name, row + 1, letters(column) if column >= 0 else "")


def read_sheets(path: Path, separator: str = "") -> tuple[list[Sheet], list[str]]:
    """Read all cells of a file.

    Parameters
    ----------
    path : Path
        A workbook (.xlsx or .xls), cells separated by commas, semicolons or tabs, or a web page
        with tables, which statistics offices name .xls as well.
    separator : str
        What separates the cells of a text file, if it is known.

    Returns
    -------
    sheets : list of Sheet
    notices : list of str
        On the encoding, and on sheets that were not read.

    Raises
    ------
    DataError
        If the file is something else, or its encoding cannot be told.
    forecast.evidence.problems.UserError
        If it cannot be read.
    """
    try:
        with path.open("rb") as handle:
            head = handle.read(2000)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from None
    if head.startswith((ARCHIVE, OLD)):
        return _workbook(path, head)
    if head.startswith(b"%PDF"):
        raise data_error(path.name, "a table, not a PDF: save its table as .xlsx or CSV")
    plain = head.replace(b"\0", b"").lower()
    if b"schemas-microsoft-com:office:spreadsheet" in plain and b"<?xml" in plain:
        raise data_error(path.name, "an .xlsx workbook, not the XML of 2003: save it as .xlsx")
    if re.search(rb"<(html|table|!doctype html)", plain):
        return _web_page(path)
    return text_sheets(path.read_bytes(), path.name, separator)


def text_sheets(data: bytes, file: str, separator: str = "") -> tuple[list[Sheet], list[str]]:
    """Read the bytes of a text file; see `read_sheets`."""
    rows, separator, notices = delimited(data, file, separator=separator)
    cells = [[Cell(_joined(text)) for text in row.cells] for row in rows]
    return [Sheet(file, "", cells, separator == ",")], notices


def _joined(text: str) -> str:
    return " ".join(text.replace("\u3000", " ").split())


# Workbooks ----------------------------------------------------------------------------------------


def _workbook(path: Path, head: bytes) -> tuple[list[Sheet], list[str]]:
    if b"opendocument" in head:
        raise data_error(path.name, "an .xlsx workbook, not an OpenDocument one: save it as .xlsx")
    wanted = "an .xlsx or .xls workbook, or a CSV file"
    book = open_workbook(path, wanted)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    for sheet in shown:
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            expected = f"at most {MOST_CELLS:,} cells: delete the empty rows and columns"
            raise data_error(f"{path.name} sheet {sheet.title}", expected)
    stored = _stored(path, wanted, shown)
    notices = [f"{path.name}: the hidden sheet {name} was not read" for name in hidden]
    notices += [
        f"{path.name} sheet {sheet.title} has hidden rows or columns, which were read"
        for sheet in shown
        if any(
            d.hidden for d in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())
        )
    ]
    return [_sheet(path.name, sheet, stored) for sheet in shown], notices


def _stored(path: Path, wanted: str, sheets: Sequence[Worksheet]) -> Workbook | None:
    """Return the workbook with the stored values of its formulas, if it has any formula."""
    formulas = any(c.data_type == "f" for sheet in sheets for row in sheet.iter_rows() for c in row)
    return open_workbook(path, wanted, values=True) if formulas else None


def _sheet(file: str, sheet: Worksheet, stored: Workbook | None) -> Sheet:
    values = stored[sheet.title] if stored else sheet
    rows = [[_cell(cell) for cell in row] for row in values.iter_rows()]
    if stored:
        for i, row in enumerate(sheet.iter_rows()):
            for j, cell in enumerate(row):
                if cell.data_type == "f" and rows[i][j] == EMPTY:
                    fault = "a formula without a stored value: save the file in a spreadsheet"
                    rows[i][j] = Cell(str(cell.value), fault=fault)
    for area in sheet.merged_cells.ranges:
        first = rows[area.min_row - 1][area.min_col - 1]
        for i, j in ((i - 1, j - 1) for i, j in area.cells):
            if first.text and (i, j) != (area.min_row - 1, area.min_col - 1):
                rows[i][j] = first._replace(spread=True)
    return Sheet(file, sheet.title, rows)


def _cell(cell: Any) -> Cell:
    """Return a cell of a workbook as its format shows it."""
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "e":
        return Cell(str(value), fault="an error of a formula")
    if isinstance(value, bool):
        return Cell(str(value).upper(), fault="true or false, not a number")
    code = _LITERAL.sub("", str(cell.number_format or "General")).split(";")[0].lower()
    if isinstance(value, datetime.date):
        return Cell(_date(value, code), dated=True)
    if isinstance(value, datetime.time | datetime.timedelta):
        return Cell(str(value), fault="a time of day")
    if not isinstance(value, int | float):
        return Cell(_joined(str(value)))
    exact = Decimal(f"{value:.15g}")  # a spreadsheet keeps 15 digits
    if "%" in code:
        exact *= 100
    elif scaled := re.search(r"[0#?](,+)(?:\.|[^0#?,.]|$)", code):
        exact /= Decimal(1000) ** len(scaled[1])  # thousands and millions are not shown
    text = f"{exact.normalize():f}"
    return Cell(text, Decimal(text), "%" in code)


def _date(value: datetime.date, code: str) -> str:
    """Write a date as far as its format shows it."""
    length = 10 if "d" in code or code == "general" else 7 if "m" in code else 4
    return value.isoformat()[:length]


# Web pages ----------------------------------------------------------------------------------------


def _web_page(path: Path) -> tuple[list[Sheet], list[str]]:
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    text, encoding = text_of(path.read_bytes(), path.name)
    try:  # a page may be deeper than libxml2 lets others be
        tables = document_fromstring(text, parser=HTMLParser(huge_tree=True)).xpath("//table")
    except ParserError:  # nothing but blanks
        tables = []
    sheets = [
        Sheet(path.name, f"table {i}" if len(tables) > 1 else "", _spread(table, path.name))
        for i, table in enumerate(tables, start=1)
        if table.find(".//table") is None
    ]
    if not sheets:
        raise data_error(path.name, "a table: this web page has none")
    notices = [f"{path.name} is a web page with {len(sheets)} table{'s' * (len(sheets) > 1)}"]
    if encoding != "UTF-8":
        notices[0] += f", read as {encoding}"
    return sheets, notices


def _lines(table: Any) -> list[list[tuple[Any, str]]]:
    """Return the entries of a table by row, with their texts."""
    inside = ".//text()[not(parent::script or parent::style)]"

    def text(entry: Any) -> str:
        return _joined(" ".join(entry.xpath(inside)) if len(entry) else entry.text or "")

    return [[(cell, text(cell)) for cell in row.iter("td", "th")] for row in table.iter("tr")]


def _spread(table: Any, file: str) -> list[list[Cell]]:
    """Return the cells of a table, those that span several repeated in each."""
    rows: list[list[Cell]] = []
    repeated = 0
    waiting: dict[int, tuple[int, Cell]] = {}  # by column, rows that a cell above still spans

    def below(row: list[Cell]) -> None:
        while left := waiting.pop(len(row), None):
            if left[0] > 1:
                waiting[len(row)] = left[0] - 1, left[1]
            row.append(left[1])

    for line in _lines(table):
        row: list[Cell] = []
        for entry, text in line:
            below(row)
            cell = Cell(text)
            for i in range(_span(entry, "colspan")):
                if (down := _span(entry, "rowspan")) > 1:
                    waiting[len(row)] = down - 1, cell._replace(spread=bool(cell.text))
                row.append(cell._replace(spread=i > 0 and bool(cell.text)))
            if repeated + len(row) - len(line) > MOST_REPEATED:
                raise data_error(file, f"at most {MOST_REPEATED:,} cells that others span")
        below(row)
        rows.append(row)
        repeated += max(len(row) - len(line), 0)
    return rows


def _span(entry: Any, name: str) -> int:
    text = str(entry.get(name, "1")).lstrip("0")
    return min(int(text[:4]), 1000) if text.isdecimal() else 1  # more than four digits are more


@cache
def folded(text: str) -> str:
    """Return a label as it is compared: width, case, blanks and marks at its end do not matter."""
    text = re.sub(r"[*†‡§#⁰¹²³⁴-⁹①-⑳]+$", "", text.strip())
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", " ", plain).strip(" :;.,、。")

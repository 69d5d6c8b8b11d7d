"""Cells of exports: rows as a spreadsheet counts them, numbers, and what is wrong with them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from forecast.evidence.files.encodings import first_foreign, text_of
from forecast.evidence.files.tables import split_rows
from forecast.evidence.problems import DataError, Problem, UserError, data_error
from forecast.importing.figures import Figure, Figures, Origin, Place, Untaken

OPENING = 40  # rows by which a format is recognized
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


class Sheet(NamedTuple):
    """The cells of a text file, or of a sheet of a workbook.

    Attributes
    ----------
    file, name : str
        The file; the sheet, empty for a text file.
    rows : sequence of sequence
        Texts; of a workbook also numbers, dates and None.
    """

    file: str
    name: str
    rows: Sequence[Sequence[object]]

    def place(self, row: int, column: int = -1) -> Place:
        """Return the place of a cell, or of a row; both are counted from 0 here."""
        return Place(self.file, self.name, row + 1, letter(column) if column >= 0 else "")

    def cell(self, row: int, column: int) -> object:
        """Return a cell, None beyond the end of its row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def texts(self, row: int) -> list[str]:
        """Return a row as texts."""
        return [text(cell) for cell in self.rows[row]]


def letter(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> letter(0), letter(25), letter(26), letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def text(cell: object) -> str:
    """Return a cell as a text: 2023.0 as 2023, a date as 2023-12-31."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def number(cell: object, grouped: bool = False) -> Decimal | None:
    """Return the number of a cell with the digits of the file; None if it is none.

    Parameters
    ----------
    cell : object
    grouped : bool
        Whether the format writes thousands with commas; else they may be decimal commas.

    Examples
    --------
    >>> number("7313.50"), number("1,234.5"), number("1,234.5", grouped=True)
    (Decimal('7313.50'), None, Decimal('1234.5'))
    """
    if isinstance(cell, bool | date):
        return None
    shown = text(cell)
    if _PLAIN.fullmatch(shown):
        return Decimal(shown)
    return Decimal(shown.replace(",", "")) if grouped and _GROUPED.fullmatch(shown) else None


# Files to cells -----------------------------------------------------------------------------------


def opening(path: Path, separator: str = ",") -> list[Sheet]:
    """Return the first rows of a file of any kind; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(65536)
        if data.startswith(b"PK"):
            return _sheets(path, OPENING)
        lines = _loosely(data).split("\n")[:OPENING]
        return [Sheet(path.name, "", list(csv.reader(lines, delimiter=separator)))]
    except (OSError, UserError, csv.Error):
        return []


def _loosely(data: bytes) -> str:
    """Decode the beginning of a file for a look at it; damaged characters do not matter."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "ignore")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", "ignore")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.start > len(data) - 4  # within a character
        return data.decode("utf-8-sig" if cut else "gb18030", "ignore")


def sheets(path: Path, separator: str = ",", quoted: bool = True) -> tuple[list[Sheet], list[str]]:
    """Read a text file or a workbook.

    Parameters
    ----------
    path : Path
    separator : str
        What separates the cells of a text file.
    quoted : bool
        Whether quotation marks in a text file enclose cells; else they are signs like others,
        and those around a cell are taken off.

    Returns
    -------
    sheets : list of Sheet
    notices : list of str
        On an encoding other than UTF-8.

    Raises
    ------
    DataError
        If the file is no text and no workbook, or is damaged.
    forecast.evidence.problems.UserError
        If it cannot be read.
    """
    data = content(path)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        expected = "an .xlsx workbook or a CSV file, not an old .xls workbook: save it as .xlsx"
        raise data_error(path.name, expected)
    if data.startswith(b"PK"):
        return _sheets(path), []
    return text_sheet(data, path.name, separator, quoted)


def content(path: Path) -> bytes:
    """Return the bytes of a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from None


def text_sheet(
    data: bytes, file: str, separator: str = ",", quoted: bool = True
) -> tuple[list[Sheet], list[str]]:
    """Read the bytes of a text file; see `sheets`."""
    decoded, encoding = text_of(data, file)
    if quoted:
        rows = [row.cells for row in split_rows(decoded, separator, file)]
    else:
        lines = decoded.splitlines()
        rows = [[cell.strip().strip('"') for cell in line.split(separator)] for line in lines]
    notices = []
    if encoding != "UTF-8":
        row, cell = first_foreign(decoded)
        notices = [f"{file} was read as {encoding}" + (f"; row {row} has {cell!r}" if cell else "")]
    return [Sheet(file, "", rows)], notices


def _sheets(path: Path, rows: int | None = None) -> list[Sheet]:
    """Read the sheets of a workbook, or their first rows."""
    from openpyxl import load_workbook

    found = []
    try:
        book = load_workbook(io.BytesIO(content(path)), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # programs other than Excel state them wrong
            cells = islice(sheet.iter_rows(values_only=True), rows)
            found.append(Sheet(path.name, sheet.title, list(cells)))
    except UserError:
        raise
    except Exception as error:  # a damaged archive raises dozens of types
        raise data_error(path.name, f"a readable .xlsx workbook ({error})") from None
    return found


def members(path: Path) -> dict[str, bytes]:
    """Return the CSV files of an archive; nothing where it is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            return {name: archive.read(name) for name in names}
    except (OSError, zipfile.BadZipFile):
        return {}


# Cells to figures ---------------------------------------------------------------------------------


class Reading:
    """The figures that a reader finds in a sheet, and what is wrong there, told once per cause."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.figures: list[Figure] = []
        self.untaken: list[Untaken] = []
        self._wrong: dict[tuple[str, str], list[tuple[Place, str]]] = {}

    def value(
        self, row: int, column: int, missing: Collection[str] = (), grouped: bool = False
    ) -> Decimal | None:
        """Return the number in a cell; None where it is empty or missing, or is no number."""
        cell = self.sheet.cell(row, column)
        shown = text(cell)
        if not shown or shown in missing:
            return None
        found = number(cell, grouped)
        if found is None:
            such = "".join(f", {sign}" for sign in sorted(missing))
            self.problem(f"a number such as 1234.5{such} or an empty cell", row, column, shown)
        return found

    def problem(
        self, expected: str, row: int, column: int = -1, value: str = "", wrong: str = ""
    ) -> None:
        """Note that something else was expected in a cell, or in a row."""
        place = self.sheet.place(row, column)
        self._wrong.setdefault((expected, wrong), []).append((place, value))

    def take(self, figure: Figure) -> None:
        """Take a figure."""
        self.figures.append(figure)

    def leave(self, row: int, column: int, why: str) -> None:
        """Leave a cell out that looks like a figure, and note why."""
        shown = text(self.sheet.cell(row, column))
        self.untaken.append(Untaken(self.sheet.place(row, column), shown, why))

    def problems(self) -> list[Problem]:
        """Return what is wrong: every cause with its first place and the number of others."""
        self._twice()
        found = []
        for (expected, wrong), places in self._wrong.items():
            (first, value), *others = places
            if others:
                shown = ", ".join(f"{p.column}{p.row}" if p.column else f"row {p.row}"
                                  for p, _ in others[:5])  # fmt: skip
                more = ", ..." if len(others) > 5 else ""
                expected = f"{expected} (and {len(others)} more: {shown}{more})"
            file = f"{first.file} sheet {first.sheet}" if first.sheet else first.file
            problem = Problem("error", file, first.row, first.column, value, expected, wrong)
            found.append(problem)
        if not found and not self.figures and not self.untaken:
            found.append(Problem("error", self.sheet.file, None, "", "", "at least one figure"))
        return found

    def _twice(self) -> None:
        """Note figures that are there twice with different values."""
        seen: dict[tuple[str, ...], Figure] = {}
        for f in self.figures:
            key = (f.indicator_code or f.indicator, f.region_code or f.region, f.period, f.unit)
            first = seen.setdefault((*key, f.measure), f)
            if first.value != f.value:
                shown = ", ".join(part for part in key if part)
                expected = f"one figure of {shown} (another is in {first.place})"
                self._wrong.setdefault((expected, ""), []).append((f.place, str(f.value)))


def joined(origin: Origin, readings: Iterable[Reading], notices: Iterable[str] = ()) -> Figures:
    """Return the figures of all sheets read.

    Raises
    ------
    DataError
        With everything that is wrong in any of them.
    """
    readings = list(readings)
    if problems := [problem for reading in readings for problem in reading.problems()]:
        raise DataError(problems)
    return Figures(
        origin,
        tuple(figure for reading in readings for figure in reading.figures),
        tuple(cell for reading in readings for cell in reading.untaken),
        tuple(notices),
    )


def years(sheet: Sheet, row: int, written: str = r"(\d{4})") -> dict[int, int]:
    """Return the years of a header by column.

    Parameters
    ----------
    sheet : Sheet
    row : int
    written : str
        How a year is written; group 1 is the year.

    Raises
    ------
    DataError
        If the header has no year, or one twice.
    """
    found: dict[int, int] = {}
    for column, name in enumerate(sheet.texts(row)):
        match = re.fullmatch(written, name)
        if match and int(match[1]) in found.values():
            raise data_error(
                sheet.file, "each year once", row=row + 1, column=letter(column), value=name
            )
        if match:
            found[column] = int(match[1])
    if not found:
        raise data_error(sheet.file, "a year above each column of figures", row=row + 1)
    return found


def in_columns(sheet: Sheet, row: int, needed: Iterable[str]) -> dict[str, int]:
    """Return the columns of a header by name.

    Raises
    ------
    DataError
        With each name that is needed and not there.
    """
    names = sheet.texts(row)
    columns = {name: column for column, name in reversed(list(enumerate(names)))}
    lacking = [name for name in needed if name not in columns]
    if lacking:
        raise DataError([
            Problem("error", sheet.file, row + 1, name, "", "this column to be there")
            for name in lacking
        ])  # fmt: skip
    return columns

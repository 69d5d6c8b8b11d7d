"""Cells of exports: how a file begins, the numbers in it, and what is wrong with them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable
from decimal import Decimal
from itertools import islice
from pathlib import Path

from forecast.evidence.files.numbers import number
from forecast.evidence.files.workbooks import ARCHIVE, OLD, open_workbook, unpacked
from forecast.evidence.problems import DataError, Problem, data_error
from forecast.importing.figures import Figure, Figures, Origin, Place, Untaken, problem
from forecast.importing.grid import Cell, Sheet

OPENING = 40  # rows by which a format is recognized


def texts(sheet: Sheet, row: int) -> list[str]:
    """Return a row as texts."""
    return [cell.text for cell in sheet.rows[row]]


def opening(path: Path, separator: str = ",") -> list[Sheet]:
    """Return the first rows of a file of any kind; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(65536)
        if data.startswith((ARCHIVE, OLD)):
            return _opening(path)
        return [beginning(data, path.name, separator)]
    except Exception:  # whatever else it is, no export
        return []


def beginning(data: bytes, file: str, separator: str = ",") -> Sheet:
    """Return the first rows of a text file; damaged ones do not matter."""
    lines = _loosely(data[:65536]).split("\n")[:OPENING]
    rows = csv.reader(lines, delimiter=separator)
    return Sheet(file, "", [[Cell(cell.strip()) for cell in row] for row in rows])


def _opening(path: Path) -> list[Sheet]:
    """Return the first rows of all sheets of a workbook."""
    from openpyxl import load_workbook

    found, data = [], path.read_bytes()
    if data.startswith(OLD):
        book = open_workbook(path, "a workbook")
    else:
        with unpacked(io.BytesIO(data)):
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        if book.read_only:
            sheet.reset_dimensions()  # programs other than Excel state them wrong
        rows = islice(sheet.iter_rows(values_only=True), OPENING)
        shown = [[Cell("" if cell is None else str(cell).strip()) for cell in row] for row in rows]
        found.append(Sheet(path.name, sheet.title, shown))
    return found


def _loosely(data: bytes) -> str:
    """Decode the beginning of a file for a look at it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "ignore")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", "ignore")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.start > len(data) - 4  # within a character
        return data.decode("utf-8-sig" if cut else "gb18030", "ignore")


def members(path: Path) -> dict[str, bytes]:
    """Return the CSV files of an archive; nothing where it is no archive."""
    try:
        with unpacked(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            return {name: archive.read(name) for name in names}
    except (OSError, ValueError, zipfile.BadZipFile):
        return {}


class SheetFigures:
    """The figures that a reader finds in a sheet, and what is wrong there, told once per cause."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.figures: list[Figure] = []
        self.untaken: list[Untaken] = []
        self._wrong: dict[tuple[str, str], list[tuple[Place, str]]] = {}

    def value(
        self, row: int, column: int, missing: Collection[str] = (), grouped: bool = False
    ) -> Decimal | None:
        """Return the number in a cell; None where it is empty or `missing`, or is no number.

        A format that writes thousands with commas is `grouped`; else a comma may be a decimal one.
        """
        cell = self.sheet.cell(row, column)
        if not cell.text or cell.text in missing:
            return None
        if cell.value is not None:
            return cell.value
        found = None if cell.dated or cell.fault else number(cell.text)
        if found and not (found.marks or found.unit or ("," in cell.text and not grouped)):
            return found.value
        such = "".join(f", {sign}" for sign in sorted(missing))
        expected = f"a number such as 1234.5{such} or an empty cell"
        self.problem(expected, row, column, cell.text, cell.fault)
        return None

    def problem(
        self, expected: str, row: int, column: int = -1, value: str = "", wrong: str = ""
    ) -> None:
        """Note that something else was expected in a cell, or in a row."""
        place = self.sheet.place(row, column)
        self._wrong.setdefault((expected, wrong), []).append((place, value))

    def whole(self, row: int, header: int, least: int = 0) -> bool:
        """Whether a row has as many cells as the header; if not, its figures may have moved.

        Where empty cells may lack at the end or follow it, `least` are enough.
        """
        cells, width = self.sheet.rows[row], len(self.sheet.rows[header])
        more = any(cell.text for cell in cells[width:])
        if len(cells) == width or (least and len(cells) >= least and not more):
            return True
        wrong = f"the row has {len(cells)}"
        self.problem(f"{width} cells, as the header has", row, value=cells[0].text, wrong=wrong)
        return False

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
            found.append(problem(first, value, expected, wrong))
        if not found and not self.figures and not self.untaken:
            found.append(problem(self.sheet.place(-1), "", "at least one figure"))
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


def joined(
    origin: Origin, readings: Iterable[SheetFigures], notices: Iterable[str] = ()
) -> Figures:
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


# Headers ------------------------------------------------------------------------------------------


def years(sheet: Sheet, row: int, written: str = r"(\d{4})") -> dict[int, int]:
    """Return the years of a header by column; group 1 of how one is `written` is the year.

    Raises
    ------
    DataError
        If the header has no year, or one twice.
    """
    found: dict[int, int] = {}
    for column, name in enumerate(texts(sheet, row)):
        match = re.fullmatch(written, name)
        if match and int(match[1]) in found.values():
            raise DataError([problem(sheet.place(row, column), name, "each year once")])
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
    columns: dict[str, int] = {}
    for column, name in enumerate(texts(sheet, row)):
        columns.setdefault(name, column)
    if lacking := [name for name in dict.fromkeys(needed) if name not in columns]:
        raise DataError([
            Problem("error", sheet.file, row + 1, name, "", "this column to be there")
            for name in lacking
        ])  # fmt: skip
    return columns

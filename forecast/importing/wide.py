"""Read tables as economists keep them: periods across or down, labels beside and above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from forecast.evidence.files.numbers import UndecidedError, decimal_mark
from forecast.evidence.problems import DataError, UserError, data_error
from forecast.importing.figures import Figures, Origin, Place, Untaken, problem
from forecast.importing.grid import Sheet, read_sheets
from forecast.importing.layout import blocks, looks_numeric, stray
from forecast.importing.tables import Found, Reading, Table

LABEL = "table with periods across or down"


def read(path: Path, reading: Reading | None = None) -> Figures:
    """Read all tables of a file: every cell that looks like a figure becomes one, or is untaken.

    Raises
    ------
    DataError
        If no table is found, or a head or the decimal mark can be read in two ways.
    forecast.evidence.problems.UserError
        If the file cannot be read or lacks a sheet that `reading` names.
    """
    reading = reading or Reading()
    sheets, notices = read_sheets(path)
    sheets = _chosen(path, sheets, reading)
    found = Found(notices=notices)
    tables = []
    for sheet in sheets:
        taken = list(blocks(sheet, reading.periods))
        if not taken and any(cell.text for row in sheet.rows for cell in row):
            found.notices.append(f"{sheet.place(-1)} has no table that was recognized")
        tables += [Table(block, reading) for block in taken]
        why = "no period above it or beside it"
        found.untaken += [Untaken(place, text, why) for place, text in stray(sheet, taken)]
        found.problems += [problem for block in taken for problem in block.problems]
    if not tables:
        raise data_error(path.name, "a table with labels and, across or down, periods such as 2023")
    if not found.problems:
        mark = reading.decimal or _mark(tables, all(s.points for s in sheets), found.notices)
        for table in tables:
            table.read(mark, found)
    if found.problems:
        raise DataError(found.problems)
    if not found.figures:
        expected = "at least one figure below or beside the periods"
        if not found.untaken:
            raise data_error(path.name, expected)
        place, text, why = found.untaken[0]
        raise DataError([problem(place, text, expected, f"not taken: {why}")])
    origin = Origin(LABEL, kind="")
    return Figures(origin, tuple(found.figures), tuple(found.untaken), tuple(found.notices))


def _chosen(path: Path, sheets: Sequence[Sheet], reading: Reading) -> list[Sheet]:
    there = [sheet.name for sheet in sheets]
    for name in (*reading.sheets, *reading.without):
        if name not in there:
            listed = ", ".join(filter(None, there)) or "none, for it is no workbook"
            raise UserError(f"{path.name} has no sheet {name!r}; its sheets: {listed}")
    wanted = reading.sheets or there
    return [s for s in sheets if s.name in wanted and s.name not in reading.without]


def _mark(tables: Sequence[Table], points: bool, notices: list[str]) -> str:
    """Return the decimal mark of all figures of the file."""
    cells: Mapping[Place, str] = {
        table.block.view.place(i, j): cell.text
        for table in tables
        for i in table.block.rows
        for j in table.columns
        if (cell := table.block.view.cell(i, j)).value is None and looks_numeric(cell)
    }
    try:
        mark = decimal_mark(cells.values(), points)
    except UndecidedError as error:
        place = _place(cells, error.first)
        expected = (
            "a number with one reading: its sign is a decimal mark or parts thousands; "
            "--decimal . or --decimal , decides"
        )
        if error.second:
            other = _place(cells, error.second)
            expected = f"one decimal mark in the file, not also that of {error.second} ({other})"
        raise DataError([problem(place, error.first, expected)]) from None
    if mark == ",":
        place, text = next((p, t) for p, t in cells.items() if "," in t)
        notices.append(f"commas were read as decimal marks ({place}: {text})")
    return mark


def _place(cells: Mapping[Place, str], text: str) -> Place:
    return next(place for place, other in cells.items() if other == text)

"""The tables as one workbook for a spreadsheet, and what was changed in it back into the tables.

A spreadsheet damages data in known ways: it turns `2023-06` into a date, cuts leading and trailing
zeros, and leaves formulas and empty rows. Texts are therefore written as texts; numbers that are
equal are no change, whatever their digits; and what cannot be read back for certain is an error at
its cell. A hidden sheet keeps the rows as they were exported, so that a change made in the workbook
and one made in `data/` since can be told apart, row by row.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from forecast.editing.difference import Cells, Difference, Key, difference_of
from forecast.editing.tablefile import TableFile, read_tables
from forecast.evidence.files.defaults import MADE
from forecast.evidence.files.schema import Field
from forecast.evidence.files.tables import misnamed
from forecast.evidence.files.workbooks import open_workbook
from forecast.evidence.loading import default_folder, folder_name, load
from forecast.evidence.problems import DataError, Problem, UserError, nearest
from forecast.report.outputs.workbook import write_text
from forecast.temporary import sheltered
from forecast.writing import written

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: The sheet that keeps what was exported.
KEPT = "_exported"
#: Rows below the table that are prepared for new ones.
SPARE = 1000

# ------------------------------------------------------------------------------------------------
# Out
# ------------------------------------------------------------------------------------------------


def export(root: Path | None, path: Path, replace: bool = False) -> dict[str, int]:
    """Write all tables to one workbook, and return the number of rows of each.

    Raises
    ------
    DataError
        If the data are not sound.
    forecast.evidence.problems.UserError
        If the workbook cannot be written.
    """
    from openpyxl import Workbook

    if not replace:
        free_name(path, "another name, or --replace")
    load(root)
    files = read_tables(root)
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, file in files.items():
        _fill(book.create_sheet(name), file, files)
    _keep(book, files)
    with written(path) as part, sheltered():
        book.save(part)
    return {name: len(file.lines) for name, file in files.items()}


def free_name(path: Path, otherwise: str = "another name") -> None:
    """Refuse a name that is none of a workbook, or is taken.

    Raises
    ------
    forecast.evidence.problems.UserError
        Naming what is expected.
    """
    if path.suffix.lower() != ".xlsx":
        raise UserError(f"{path} is no name for a workbook; expected one ending in .xlsx")
    if path.exists():
        raise UserError(f"{path} is there already; expected {otherwise}")


def _fill(sheet: Worksheet, file: TableFile, files: Mapping[str, TableFile]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for number, field in enumerate(file.table.columns, start=1):
        head = sheet.cell(1, number, field.name)
        head.font = Font(bold=True)
        head.comment = Comment(field.description, "forecast", height=120, width=320)
        letter, is_number = get_column_letter(number), field.type != "string"
        texts = [line.cells[field.name] for line in file.lines]
        if not is_number:
            # For new rows: without the format, a spreadsheet would make a date of 2023-06.
            sheet.column_dimensions[letter].number_format = "@"
        for row, text in enumerate(texts, start=2):
            if not is_number or len(text.strip("-").replace(".", "")) > 15:
                write_text(sheet, row, number, text)  # a spreadsheet keeps 15 digits
            elif text:
                sheet.cell(row, number, float(text) if "." in text else int(text))
        width = max(map(cell_len, [field.name, *texts]))
        sheet.column_dimensions[letter].width = min(max(width + 3, 8), 60)
        _limit(sheet, f"{letter}2:{letter}{len(texts) + 1 + SPARE}", field, file, files)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(file.columns))}{len(file.lines) + 1}"


def _limit(
    sheet: Worksheet, cells: str, field: Field, file: TableFile, files: Mapping[str, TableFile]
) -> None:
    """Offer what a cell can be: the values of the schema, or the keys of another table."""
    from openpyxl.worksheet.datavalidation import DataValidation

    keys = {key.columns[0]: key for key in file.table.foreign if len(key.columns) == 1}
    key = keys.get(field.name)
    if field.constraints.enum:
        offered = f'"{",".join(field.constraints.enum)}"'
    elif key and files[key.table].table.key == key.target:
        letter = chr(ord("A") + list(files[key.table].table.fields).index(key.target[0]))
        offered = f"{key.table}!${letter}$2:${letter}${len(files[key.table].lines) + 1 + SPARE}"
    else:
        return
    if len(offered) <= 255:  # more than a workbook can hold
        rule = DataValidation(
            type="list", formula1=offered, allow_blank=not field.constraints.required
        )
        rule.error, rule.errorTitle = "Choose one of the list", field.name
        rule.showErrorMessage = True
        rule.add(cells)
        sheet.add_data_validation(rule)


def _keep(book: Workbook, files: Mapping[str, TableFile]) -> None:
    """Keep the rows as they are now in a hidden sheet: table by table, columns first."""
    sheet = book.create_sheet(KEPT)
    sheet.sheet_state = "veryHidden"
    number = 0
    for name, file in files.items():
        fields = list(file.table.fields)
        for cells in [fields, *([line.cells[f] for f in fields] for line in file.lines)]:
            number += 1
            for column, text in enumerate([name, *cells], start=1):
                write_text(sheet, number, column, text)


# ------------------------------------------------------------------------------------------------
# In
# ------------------------------------------------------------------------------------------------


def compare(root: Path | None, path: Path) -> tuple[list[Difference], list[str]]:
    """Return what a workbook that :func:`export` wrote would change in the tables now.

    Rows are matched by their key, so their order in the sheet does not matter. An observation
    without an identifier is new and gets the next free one.

    Returns
    -------
    differences : list of Difference
        One per table, in the order of the schema.
    others : list of str
        Sheets that are no tables; they are not read.

    Raises
    ------
    DataError
        With all cells and sheets that cannot be read for certain.
    forecast.evidence.problems.UserError
        If the file is no such workbook.
    """
    root = default_folder() if root is None else root
    files = read_tables(root)
    wanted = (
        "an .xlsx file that export-data wrote (a CSV table is edited in the data folder itself)"
    )
    book = open_workbook(path, wanted)
    exported = _exported(book, files, path)
    problems: list[Problem] = []
    found = {}
    for name, file in files.items():
        place = f"{path.name} sheet {name}"
        if name not in book.sheetnames:
            others = [sheet for sheet in book.sheetnames if sheet not in files]
            near = nearest(name, others, alike=0.5)
            meant = f" (renamed to {near[0]!r}?)" if near else ""
            problems.append(
                Problem("error", path.name, None, "", "", f"a sheet named {name}{meant}")
            )
            continue
        found[name] = _rows(book[name], file, place, exported[name], problems)
    if problems:
        raise DataError(problems)
    folder = folder_name(root)
    differences = [
        difference_of(file, f"{path.name} sheet {name}", exported[name], found[name], folder)
        for name, file in files.items()
    ]
    return differences, [name for name in book.sheetnames if name not in {*files, KEPT}]


def _exported(
    book: Workbook, files: Mapping[str, TableFile], path: Path
) -> dict[str, dict[Key, Cells]]:
    """Return the rows as they were exported, by table and key."""
    if KEPT not in book.sheetnames:
        raise UserError(
            f"{path} lacks the hidden sheet {KEPT}; expected a workbook that export-data wrote, "
            "not a copy of its sheets"
        )
    rows: dict[str, list[list[str]]] = {name: [] for name in files}
    for name, *cells in book[KEPT].iter_rows(values_only=True):
        rows.setdefault(str(name), []).append(["" if c is None else str(c) for c in cells])
    exported: dict[str, dict[Key, Cells]] = {}
    for name, file in files.items():
        fields = list(file.table.fields)
        n = len(fields)
        if not rows[name] or [cell for cell in rows[name][0] if cell] != fields:
            raise UserError(
                f"{path} was exported when {name} had other columns; expected a new export"
            )
        records = [dict(zip(fields, row[:n], strict=True)) for row in rows[name][1:]]
        exported[name] = {tuple(r[k] for k in file.table.key): r for r in records}
    return exported


def _rows(
    sheet: Worksheet,
    file: TableFile,
    place: str,
    exported: Mapping[Key, Cells],
    problems: list[Problem],
) -> dict[Key, tuple[int, Cells]]:
    """Return the rows of a sheet by key, with their numbers; report what cannot be read."""
    fields = file.table.fields
    columns = _columns(sheet, file, place, problems)
    rows: dict[Key, tuple[int, Cells]] = {}
    if not columns:
        return rows
    new = _first_new(sheet, file, columns, exported)
    numbered = "observation" in file.columns  # else every row has the one that it gets by default
    for number, record in enumerate(sheet.iter_rows(min_row=2), start=2):
        cells = {}
        for name, i in columns.items():
            cell = record[i]
            text, wanted = cell_text(cell, fields[name])
            cells[name] = text
            if wanted:
                shown = str(cell.value)
                problems.append(Problem("error", place, number, name, shown, wanted))
        if not any(text.strip() for text in cells.values()):
            continue  # spreadsheets leave empty rows
        if new and not cells["observation"]:
            cells["observation"] = f"o{new:04d}" if numbered else f"{MADE}{number}"
            new += 1
        key = tuple(cells[name] for name in file.table.key)
        name, shown = ", ".join(file.table.key), ", ".join(key)
        if not all(key):
            problems.append(Problem("error", place, number, name, shown, "a complete key"))
        elif key in rows:
            wanted = f"a key that no other row has (row {rows[key][0]} has it)"
            problems.append(Problem("error", place, number, name, shown, wanted))
        else:
            rows[key] = number, _as_before(cells, exported.get(key, {}), fields)
    return rows


def _first_new(
    sheet: Worksheet, file: TableFile, columns: Mapping[str, int], exported: Mapping[Key, Cells]
) -> int:
    """Return the first number that no observation has; 0 for other tables."""
    if file.table.key != ["observation"]:
        return 0
    column = columns["observation"] + 1
    typed = sheet.iter_rows(min_row=2, min_col=column, max_col=column, values_only=True)
    used = [*file.by_key, *exported, *((str(value),) for (value,) in typed)]
    return 1 + max((int(key[0][1:]) for key in used if key[0][1:].isdecimal()), default=0)


def _columns(
    sheet: Worksheet, file: TableFile, place: str, problems: list[Problem]
) -> dict[str, int]:
    """Return where each column stands, or nothing if the header is not that of the table."""
    header = ["" if cell.value is None else str(cell.value).strip() for cell in sheet[1]]
    names = list(file.table.fields)
    found = misnamed([name for name in header if name], names, names)
    wrong = [Problem("error", place, 1, *cell) for cell in found]
    problems += wrong
    for i, name in enumerate(header):
        if not name and any(cell.value is not None for (cell,) in sheet.iter_rows(
            min_row=2, min_col=i + 1, max_col=i + 1
        )):  # fmt: skip
            problems.append(Problem("error", place, 1, "", "", f"a name above column {i + 1}"))
    return {} if wrong else {name: header.index(name) for name in names}


def cell_text(cell: Any, field: Field) -> tuple[str, str]:
    """Return the text that a cell stands for, and what was expected if that is not certain."""
    value, again = cell.value, "format the cell as text and type it again"
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return "", "a value, not a formula: paste it as a value"
    if cell.data_type == "e":
        return "", "a value, not an error of a formula"
    if isinstance(value, bool):
        return "", f"a text or a number, not true or false: {again}"
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        # Whether 2023-06 or 2023-06-01 was typed is lost.
        such = "2023, 2023-06 or 2023-06-28" if field.type == "string" else "6925.5"
        return "", f"a plain {such}, not a date of the spreadsheet: {again}"
    if not isinstance(value, int | float):
        return str(value), ""
    if "%" in cell.number_format:
        return "", "a plain number in percent, such as 6.3, not formatted as a percentage"
    exact = Decimal(repr(value))
    if exact == exact.to_integral_value():
        return f"{int(exact)}", ""
    if field.type == "string":
        return "", f"a text, not a number, whose zeros at the end are lost: {again}"
    return f"{exact.normalize():f}", ""


def _as_before(cells: Cells, exported: Cells, fields: Mapping[str, Field]) -> Cells:
    """Return the cells with numbers written as before where they are equal: 6.10 and 6.1."""
    same = {
        name: text
        for name, text in exported.items()
        if fields[name].type != "string" and _equal(text, cells[name])
    }
    return {**cells, **same}


def _equal(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False

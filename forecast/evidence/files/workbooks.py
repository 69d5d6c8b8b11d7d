"""Open a workbook, or state what the file is instead."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from forecast.evidence.problems import UserError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# The first bytes of an archive, and of a workbook of Excel 97 or one with a password.
ARCHIVE, OLD = b"PK", b"\xd0\xcf\x11\xe0"
#: Cells of merged areas in a file. The libraries go through each of them, of which a line of a
#: damaged file can ask for billions.
MOST_MERGED = 200_000
MOST_UNPACKED = 400_000_000  # bytes of an archive: packed, a thousandth of them may be there
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*[\"']([^\"']*)")


def open_workbook(path: Path, wanted: str, values: bool = False) -> Workbook:
    """Open an .xlsx or .xls workbook, or say what was `wanted`.

    With `values`, cells with formulas have the values stored beside them; those of an .xls workbook
    always have.

    Raises
    ------
    forecast.evidence.problems.UserError
        If the file cannot be read or is something else.
    """
    from openpyxl import load_workbook

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from None
    if not data.startswith((ARCHIVE, OLD)):
        raise UserError(f"{path} is no workbook; expected {wanted}")
    try:
        if data.startswith(OLD):
            return _converted(data)
        _within_reason(_merged(data))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it cannot keep; nothing is written back
            return load_workbook(io.BytesIO(data), data_only=values)
    except Exception as error:  # a damaged archive raises dozens of types
        hint = "; one with a password has to be saved without" if data.startswith(OLD) else ""
        kind = "xls" if data.startswith(OLD) else "xlsx"
        raise UserError(f"{path} is not a readable .{kind} workbook ({error}){hint}") from error


def unpacked(file: Path | IO[bytes]) -> zipfile.ZipFile:
    """Open an archive, none that becomes larger than anyone's when it is read."""
    archive = zipfile.ZipFile(file)
    if (size := sum(part.file_size for part in archive.infolist())) > MOST_UNPACKED:
        raise ValueError(f"unpacked it has {size:,} bytes, at most {MOST_UNPACKED:,} are read")
    return archive


def _merged(data: bytes) -> Iterator[int]:
    """Yield the size in cells of every merged area of an .xlsx workbook."""
    from openpyxl.utils import range_boundaries

    with unpacked(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            for area in _MERGED.findall(archive.read(name) if "worksheets/" in name else b""):
                left, top, right, below = (n or 0 for n in range_boundaries(area.decode("ascii")))
                yield (right - left + 1) * (below - top + 1)


def _within_reason(sizes: Iterable[int]) -> None:
    """Refuse merged areas, by their sizes in cells, of more cells than anyone merges."""
    cells = sum(sizes)
    if cells > MOST_MERGED:
        raise ValueError(f"it merges {cells:,} cells, at most {MOST_MERGED:,} are read")


@lru_cache(maxsize=1)  # every format looks at a file before one of them reads it
def _converted(data: bytes) -> Workbook:
    """Return an .xls workbook as one of openpyxl: values, formats, merged cells, what is hidden.

    Nobody may change it.
    """
    import xlrd
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    # Else every row is filled with empty cells up to the end of the widest merged area.
    old = xlrd.open_workbook(
        file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
    )
    made = Workbook()
    made.remove(made.worksheets[0])
    for sheet in old.sheets():
        _within_reason(
            (below - top) * (right - left) for top, below, left, right in sheet.merged_cells
        )
        new = made.create_sheet(sheet.name)
        new.sheet_state = "hidden" if sheet.visibility else "visible"
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row), start=1):
                _take(old, cell, new, row + 1, column)
        for top, below, left, right in sheet.merged_cells:
            new.merge_cells(None, top + 1, left + 1, below, right)
        for row, info in sheet.rowinfo_map.items():
            new.row_dimensions[row + 1].hidden = bool(info.hidden)
        for column, info in sheet.colinfo_map.items():
            new.column_dimensions[get_column_letter(column + 1)].hidden = bool(info.hidden)
    return made


def _take(old: Any, cell: Any, new: Worksheet, row: int, column: int) -> None:
    """Take over a cell with its format; a text is one whatever it begins with."""
    import xlrd
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return
    value: Any = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        value = xlrd.xldate_as_datetime(value, old.datemode)
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value = bool(value)
    elif cell.ctype == xlrd.XL_CELL_ERROR:
        value = xlrd.error_text_from_code.get(value, "#N/A")
    elif cell.ctype == xlrd.XL_CELL_TEXT:
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    made: Any = new.cell(row, column, value)
    made.number_format = old.format_map[old.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == xlrd.XL_CELL_TEXT:
        made.data_type = "s"

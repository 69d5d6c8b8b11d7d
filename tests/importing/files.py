"""Files as economists keep them, made by the tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = Sequence[Any]


def workbook(folder: Path, *sheets: Sequence[Row], merged: Sequence[str] = ()) -> Path:
    """Write sheets; a cell given as a pair has a number format."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for n, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{n}")
        for i, row in enumerate(rows, start=1):
            for j, value in enumerate(row, start=1):
                if isinstance(value, tuple):
                    value, sheet.cell(i, j).number_format = value
                sheet.cell(i, j).value = value
        for area in merged if n == 1 else ():
            sheet.merge_cells(area)
    path = folder / "t.xlsx"
    book.save(path)
    return path


def text(folder: Path, content: str, encoding: str = "utf-8", name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path

"""Cells of a workbook of Excel 97, as its formats show them (`cells.xls`, written by xlwt)."""

from __future__ import annotations

from pathlib import Path

from forecast.importing.grid import EMPTY, Cell, read_sheets

OLD = Path(__file__).parent / "cells.xls"


def test_cells_of_an_old_workbook_are_read_as_they_are_shown() -> None:
    (sheet, more), notices = read_sheets(OLD)
    assert notices == [
        "cells.xls: the hidden sheet Notes was not read",
        "cells.xls sheet Data has hidden rows or columns, which were read",
        "cells.xls sheet More has hidden rows or columns, which were read",
    ]
    assert [cell.text for cell in more.rows[0]] == ["2024", "5"]
    first, second, third, fourth = sheet.rows
    assert first == [Cell("both"), Cell("both", spread=True), Cell("=1+1")]
    assert [(c.text, c.percent, c.dated) for c in second] == [
        ("12.3", True, False), ("2023-06", False, True), ("1234.567", False, False),
    ]  # fmt: skip
    assert [(c.text, c.fault) for c in third] == [
        ("TRUE", "true or false, not a number"), ("#DIV/0!", "an error of a formula"), ("0.3", ""),
    ]  # fmt: skip
    assert [c.text for c in fourth if c != EMPTY] == ["2024"]

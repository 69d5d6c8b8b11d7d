"""Heads of one axis, read together."""

from __future__ import annotations

import pytest

from forecast.importing.grid import Cell
from forecast.importing.periods import periods_of, span


def read(heads: list[str], reading: str) -> list[str]:
    return [found.text if found else "" for found in periods_of([Cell(h) for h in heads], reading)]


def test_months_that_a_spreadsheet_made_of_fiscal_years_are_these_again() -> None:
    """2010-11 became November 2010, 2011-12 December 2011; 2012-13 stayed a text."""
    heads = ["Nov-10", "2011-12-01", "2012-13"]
    assert read(heads, "fiscal") == ["2010/11", "2011/12", "2012/13"]
    assert read(["Nov-10", "Dec-11"], "months") == ["2010-11", "2011-12"]


@pytest.mark.parametrize("heads", [["Dec-11", "Jan-12", "Feb-12"], ["2011-12", "2012-01"]])
def test_months_in_a_row_are_months(heads: list[str]) -> None:
    assert read(heads, "")[:2] == ["2011-12", "2012-01"]


@pytest.mark.parametrize("head", ["2024-25p", "2024/25 p", "2024–25 (p)"])
def test_a_mark_stands_behind_a_fiscal_year_as_behind_a_year(head: str) -> None:
    found = span(head)
    assert found is not None
    assert (found.text, found.mark.strip()) == ("2024/25", "p")

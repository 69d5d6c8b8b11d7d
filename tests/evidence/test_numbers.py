"""Numbers of many countries are read, or not taken for numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.files.numbers import UndecidedError, decimal_mark, is_missing, number


@pytest.mark.parametrize(
    ("text", "value", "marks", "unit"),
    [
        ("7313.50", "7313.50", "", ""),
        ("7,313*", "7313", "*", ""),
        ("7313¹", "7313", "¹", ""),
        ("8000①", "8000", "①", ""),
        ("7,313 (p)", "7313", "p", ""),
        ("7313（初步）", "7313", "初步", ""),
        ("7313 [1]", "7313", "1", ""),
        ("*7313", "7313", "*", ""),
        ("2.1e", "2.1", "e", ""),
        ("1\u00a0234\u00a0567", "1234567", "", ""),
        ("1\u2009234", "1234", "", ""),
        ("1\u202f234.5", "1234.5", "", ""),
        ("1’234.5", "1234.5", "", ""),
        ("12,34,567", "1234567", "", ""),
        ("−5.2", "-5.2", "", ""),
        ("（1,234）", "-1234", "", ""),
        ("(5%)", "-5", "", "%"),
        ("5.2 %", "5.2", "", "%"),
        ("US$ 5", "5", "", "US$"),
        ("１２，３４５．６", "12345.6", "", ""),
        ("7313亿元", "7313", "", "亿元"),
        ("1.2E+5", "120000", "", ""),
        ("'12", "12", "", ""),
    ],
)
def test_number_is_read(text: str, value: str, marks: str, unit: str) -> None:
    found = number(text)
    assert found is not None
    assert found == (Decimal(value), marks, unit)


@pytest.mark.parametrize(
    "text",
    ["12x", "7.3b", "7.3 bn", "7313 (5.2%)", "1,234,56", "12 34", "2023-06", "1.2.3", "5-6",
     "e5", "E10", "-e5", ">7000", "0,123", "Q1", "", "…", "—5"],
)  # fmt: skip
def test_text_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize("text", ["", " ", "-", "–", "—", "…", "..", "...", "n.a.", "N/A", "(-)"])
def test_signs_of_a_missing_figure(text: str) -> None:
    assert is_missing(text)
    assert number(text) is None


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,234", "1.5"], "."),
        (["1,234", "1,5"], ","),
        (["1.234", "12.345.678"], ","),
        (["1,234,567"], "."),
        (["0,123"], ","),
        (["1 234"], "."),
        (["GDP, total", "5"], "."),
    ],
)
def test_decimal_mark_is_decided_by_all_numbers(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


@pytest.mark.parametrize(
    ("texts", "first", "second"),
    [(["5", "1,234"], "1,234", ""), (["1.234"], "1.234", ""), (["1,5", "1.5"], "1.5", "1,5")],
)
def test_undecided_or_contradicting_numbers_are_refused(
    texts: list[str], first: str, second: str
) -> None:
    with pytest.raises(UndecidedError) as caught:
        decimal_mark(texts)
    assert (caught.value.first, caught.value.second) == (first, second)


def test_points_in_cells_between_commas_are_decimal() -> None:
    assert decimal_mark(["1.234"], points=True) == "."


@given(
    st.decimals(-(10**12), 10**12, places=2),
    st.sampled_from([",", " ", "'", "\u2009", "\u00a0", "\u202f"]),
    st.sampled_from(".,"),
)
def test_printed_number_is_read_back(value: Decimal, group: str, mark: str) -> None:
    if group == mark:
        group = "."
    text = f"{value:,.2f}".translate({ord(","): group, ord("."): mark})
    found = number(text, mark)
    assert found is not None
    assert found.value == value

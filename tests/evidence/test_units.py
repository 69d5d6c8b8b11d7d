"""Units: known factors, round trips, clear errors."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.units import UNITS, UnitError, convert, lookup

PAIRS = [(a, b) for a, b in product(UNITS, repeat=2) if UNITS[a].dimension == UNITS[b].dimension]


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1, "亿元", "万元", 10_000),
        (69_255_000, "万元", "亿元", 6925.5),
        (7_050_683, "人", "万人", 705.0683),
        (1.165, "亿件", "万件", 11_650),
        (2.6, "亿吨", "万吨", 26_000),
        (76, "%", "%", 76),
        (1.5, "亿美元", "亿美元", 1.5),
    ],
)
def test_known_conversions(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


@given(st.sampled_from(PAIRS), st.floats(-1e12, 1e12))
def test_round_trip(pair: tuple[str, str], value: float) -> None:
    unit, to = pair
    back = convert(convert(value, unit, to), to, unit)
    assert back == pytest.approx(value, rel=1e-12, abs=1e-12)


@given(st.sampled_from([p for p in product(UNITS, repeat=2) if p not in PAIRS]))
def test_different_dimensions_do_not_convert(pair: tuple[str, str]) -> None:
    with pytest.raises(UnitError, match="cannot convert"):
        convert(1.0, *pair)


def test_errors_say_what_to_do() -> None:
    with pytest.raises(UnitError, match="exchange rate"):
        convert(1.0, "亿美元", "亿元")
    with pytest.raises(UnitError, match=r"unknown unit '亿'; known units: 亿元, 万元"):
        lookup("亿")


@pytest.mark.parametrize(
    ("unit", "to", "expected"), [("亿美元", "亿元", 14.0), ("亿美元", "万元", 1.4e5)]
)
def test_dollars_take_an_exchange_rate_into_yuan(unit: str, to: str, expected: float) -> None:
    assert convert(2.0, unit, to, 7.0) == expected
    assert convert(3.0, "万元", "元", 7.0) == 30_000  # no effect where both are yuan
    with pytest.raises(UnitError, match="takes an exchange rate"):
        convert(2.0, unit, to)
    with pytest.raises(UnitError, match="takes an exchange rate"):
        convert(2.0, to, unit, 7.0)

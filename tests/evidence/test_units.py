"""Units: what text means, known factors, round trips, clear errors."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.units import UnitError, canonical, convert, exchanged, parse

UNITS = (
    *("亿元", "万元", "元", "亿美元", "万人", "人", "亿件", "万件", "亿吨", "万吨", "%", "pp"),
    *("minutes", "rank", "count", "万元/亩", "CNY/USD", "crore INR", "US$ bn", "jobs", "km2", "ha"),
    *("beds per 10,000 persons", "EUR/person", "亿千瓦时", "GWh", "hours", "kg"),
)
DIMENSION = {unit: parse(unit).dimension for unit in UNITS}
PAIRS = [(a, b) for a, b in product(UNITS, repeat=2) if DIMENSION[a] == DIMENSION[b]]


@pytest.mark.parametrize(
    ("unit", "dimension", "size"),
    [
        ("亿元", "CNY", 1e8),
        ("亿 元", "CNY", 1e8),
        ("hundred million yuan", "CNY", 1e8),
        ("十亿美元", "USD", 1e9),
        ("万亿日元", "JPY", 1e12),
        ("billion USD", "USD", 1e9),
        ("USD billions", "USD", 1e9),
        ("Billion US Dollars", "USD", 1e9),
        ("US$bn", "USD", 1e9),
        ("€m", "EUR", 1e6),
        ("millions of euros", "EUR", 1e6),
        ("GBP tn", "GBP", 1e12),
        ("m USD", "USD", 1e6),
        ("m", "m", 1.0),
        ("crore INR", "INR", 1e7),
        ("lakh crore Indian rupees", "INR", 1e12),
        ("新台币", "TWD", 1.0),
        ("TOP", "TOP", 1.0),
        ("million persons", "person", 1e6),
        ("People", "person", 1.0),
        ("千人", "person", 1e3),
        ("千瓦时", "kWh", 1.0),
        ("亿千瓦时", "kWh", 1e8),
        ("万吨标准煤", "吨标准煤", 1e4),
        ("Percent", "%", 1.0),
        ("% of GDP", "%", 1.0),
        ("个百分点", "pp", 1.0),
        ("sq km", "m2", 1e6),
        ("万元/亩", "CNY per m2", 15.0),
        ("USD per capita", "USD per person", 1.0),
        ("beds per 10,000 persons", "bed per person", 1e-4),
        ("床/千人", "床 per person", 1e-3),
        ("JPY per 100 KRW", "JPY per KRW", 1e-2),
        ("jobs", "job", 1.0),
        ("thousand Jobs", "job", 1e3),
        ("vehicle-km", "vehicle-km", 1.0),
        ("gold medals", "gold medal", 1.0),
    ],
)
def test_what_a_unit_means(unit: str, dimension: str, size: float) -> None:
    found = parse(unit)
    assert (found.dimension, found.size) == (dimension, pytest.approx(size, rel=1e-12))


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1, "亿元", "万元", 10_000),
        (69_255_000, "万元", "亿元", 6925.5),
        (7_050_683, "人", "万人", 705.0683),
        (1.165, "亿件", "万件", 11_650),
        (2.6, "亿吨", "万吨", 26_000),
        (76, "%", "%", 76),
        (6.5, "‰", "%", 0.65),
        (1.5, "亿美元", "million USD", 150),
        (3.2, "crore INR", "lakh INR", 320),
        (15, "mu", "ha", 1),
        (1, "万元/亩", "yuan/ha", 150_000),
        (64, "beds per 10,000 persons", "beds/thousand people", 6.4),
        (2, "hours", "minutes", 120),
        (1.2, "million tonnes", "万吨", 120),
    ],
)
def test_known_conversions(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


@given(st.sampled_from(PAIRS), st.floats(-1e12, 1e12))
def test_round_trip(pair: tuple[str, str], value: float) -> None:
    unit, to = pair
    back = convert(convert(value, unit, to), to, unit)
    assert back == pytest.approx(value, rel=1e-12, abs=1e-12)


MAGNITUDES = {"": 1.0, "thousand": 1e3, "million": 1e6, "bn": 1e9, "crore": 1e7, "10,000": 1e4}


@given(
    st.sampled_from([*MAGNITUDES.items()]),
    st.sampled_from(["USD", "persons", "jobs", "kWh", "tonnes of CO2"]),
    st.booleans(),
    st.sampled_from(["", " per person", "/ha"]),
)
def test_a_magnitude_stands_before_or_after_the_thing(
    magnitude: tuple[str, float], thing: str, after: bool, per: str
) -> None:
    word, size = magnitude
    stated = (f"{thing} {word}" if after else f"{word} {thing}").strip() + per
    found, plain = parse(stated), parse(thing + per)
    assert found.dimension == plain.dimension
    assert found.size == pytest.approx(size * plain.size)


@given(st.sampled_from([p for p in product(UNITS, repeat=2) if p not in PAIRS]))
def test_different_dimensions_do_not_convert(pair: tuple[str, str]) -> None:
    with pytest.raises(UnitError, match="cannot convert"):
        convert(1.0, *pair)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("亿", "expected [magnitude] thing [/ thing], such as million USD, 亿元"),
        ("million", "expected [magnitude] thing"),
        ("", "expected [magnitude] thing"),
        ("12", "expected [magnitude] thing"),
        ("a/b/c", "expected [magnitude] thing"),
        ("current euros", "expected [magnitude] thing"),
        ("current US$", "expected [magnitude] thing"),
        ("milion USD", "(meant 'million'?)"),
        ("bilion tonnes", "(meant 'billion'?)"),
        ("ngn", "expected a currency by its code: NGN"),
        ("usd", "expected a currency by its code: USD"),
        ("dollars", "expected a currency by its code: AUD, "),
        ("crore rupees", "expected a currency by its code: INR, LKR, MUR, NPR, PKR, SCR"),
        ("¥", "expected a currency by its code: CNY, JPY"),
    ],
)
def test_errors_say_what_to_do(unit: str, expected: str) -> None:
    with pytest.raises(UnitError, match=f"'{re.escape(unit)}'; .*{re.escape(expected)}"):
        parse(unit)


@pytest.mark.parametrize(
    ("unit", "to", "expected"),
    [("亿美元", "亿元", 14.0), ("亿美元", "万元", 1.4e5), ("USD/person", "元/人", 14.0)],
)
def test_another_currency_takes_an_exchange_rate(unit: str, to: str, expected: float) -> None:
    assert exchanged(unit, to) == ("CNY", "USD")
    assert convert(2.0, unit, to, 7.0) == expected
    assert convert(3.0, "万元", "元", 7.0) == 30_000  # no effect where both are one currency
    with pytest.raises(UnitError, match="takes an exchange rate"):
        convert(2.0, unit, to)


@pytest.mark.parametrize(
    ("unit", "to"),
    [("亿元", "万元"), ("USD/person", "元/户"), ("CNY/USD", "EUR/USD"), ("USD", "persons")],
)
def test_nothing_else_takes_an_exchange_rate(unit: str, to: str) -> None:
    assert exchanged(unit, to) is None


def test_thousands_are_written_with_an_apostrophe_in_english_tables() -> None:
    for unit in ("'000 persons", "’000 persons", "persons '000"):
        assert convert(2.0, unit, "persons") == 2000.0


def test_measures_that_the_code_knows_have_one_spelling() -> None:
    spelled = ("percent", "% of GDP", "Percentage points", "ranks", "Index", "million USD", "亿")
    assert [canonical(unit) for unit in spelled] == [
        *("%", "%", "pp", "rank", "index", "million USD", "亿")
    ]

"""Units as published in Chinese statistics, and what one is worth in another.

A unit has a dimension and a size in the base unit of that dimension. Two units convert into each
other when they share the dimension. US dollars and yuan do not: that takes the exchange rate of a
year, which is an observation (see :mod:`forecast.evidence.measures`).
"""

from __future__ import annotations

from typing import NamedTuple

from forecast.evidence.problems import UserError


class UnitError(UserError):
    """A unit is unknown, or two units do not measure the same thing."""


class Unit(NamedTuple):
    """What a unit measures and how many base units it is."""

    dimension: str
    size: float


# 万 is 10^4 and 亿 is 10^8; mixing them up is the commonest slip, by a factor of 10,000.
UNITS: dict[str, Unit] = {
    "亿元": Unit("yuan", 1e8),
    "万元": Unit("yuan", 1e4),
    "元": Unit("yuan", 1.0),
    "亿美元": Unit("US dollars", 1e8),
    "万人": Unit("persons", 1e4),
    "人": Unit("persons", 1.0),
    "亿件": Unit("parcels", 1e8),
    "万件": Unit("parcels", 1e4),
    "亿吨": Unit("tonnes", 1e8),
    "万吨": Unit("tonnes", 1e4),
    "%": Unit("percent", 1.0),
    "pp": Unit("percentage points", 1.0),
    "minutes": Unit("minutes", 1.0),
    "rank": Unit("rank", 1.0),
    "count": Unit("count", 1.0),
    "万元/亩": Unit("yuan per mu", 1e4),
    "CNY/USD": Unit("yuan per US dollar", 1.0),
}

YUAN, DOLLARS = "yuan", "US dollars"


def lookup(unit: str) -> Unit:
    """Return dimension and size of `unit`.

    Raises
    ------
    UnitError
        If the unit is not known; the message lists the known ones.
    """
    try:
        return UNITS[unit]
    except KeyError:
        known = ", ".join(UNITS)
        raise UnitError(f"unknown unit {unit!r}; known units: {known}") from None


def measured(unit: str) -> str:
    """Return what a unit measures: money, percent, rank, minutes, ...; empty if it is unknown."""
    dimension = UNITS[unit].dimension if unit in UNITS else ""
    return "money" if dimension in (YUAN, DOLLARS, "yuan per mu") else dimension


def dollars_to_yuan(unit: str, to: str) -> bool:
    """Whether a conversion takes an exchange rate."""
    return (lookup(unit).dimension, lookup(to).dimension) == (DOLLARS, YUAN)


def convert(value: float, unit: str, to: str, exchange_rate: float | None = None) -> float:
    """Express `value`, given in `unit`, in the unit `to`.

    Parameters
    ----------
    value
        A number in `unit`.
    unit, to
        Units of :data:`UNITS` with the same dimension.
    exchange_rate
        Yuan per US dollar, for dollars that are to be expressed in yuan.

    Returns
    -------
    float
        The same quantity in `to`.

    Raises
    ------
    UnitError
        If a unit is unknown or the dimensions differ.
    """
    source, target = lookup(unit), lookup(to)
    if exchange_rate is not None and dollars_to_yuan(unit, to):
        return convert(convert(value, unit, "亿美元") * exchange_rate, "亿元", to)
    if source.dimension != target.dimension:
        reason = f"{source.dimension} are not {target.dimension}"
        if {source.dimension, target.dimension} == {YUAN, DOLLARS}:
            reason = "that takes an exchange rate"
        raise UnitError(f"cannot convert {unit} to {to}: {reason}")
    if unit == to:
        return value
    return value * source.size / target.size

"""The tables as the checks read them: rows with types, one value in the indicator's unit each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any, Literal, NamedTuple

import pandas as pd

from forecast.evidence.calendar import parse_period
from forecast.evidence.problems import Problem
from forecast.evidence.units import CURRENCIES, UNITS, UnitError, convert, lookup

# ------------------------------------------------------------------------------------------------
# The tables, prepared once for all checks
# ------------------------------------------------------------------------------------------------

#: The series of the exchange rate: yuan per US dollar, average of the year.
EXCHANGE = ("china", "usd_cny")

LEVELS = ("level", "ytd_level")
PARTS = ("month_level", "quarter_level")
#: What others expect of a year: never a fact.
FORECASTS = ("forecast_growth", "forecast_level")
FORECAST_STATUSES = ("target", "projection")
AMOUNTS = (*LEVELS, *PARTS, "forecast_level")
GROWTHS = ("growth", "ytd_growth")
RATES = (*GROWTHS, "forecast_growth")


class Statement(NamedTuple):
    """One row of the observations, with what the checks need to know about it."""

    row: int
    observation: str
    region: str
    indicator: str
    period: str
    measure: str
    bound: str
    prices: str
    value: float
    unit: str
    basis: str  # the name of the reference basis where the cell is empty
    status: str
    mark: str
    source: str
    year: int  # 0 where the period is impossible
    month: int  # 0 for a whole year
    canonical: float  # in the indicator's unit; NaN where that cannot be had
    kind: str  # of the indicator
    prices_of_indicator: str

    @property
    def exact(self) -> bool:
        """Whether it states a value, and no bound and no doubt."""
        return not self.bound and not self.mark


@dataclass(frozen=True)
class Book:
    """All tables as lists of rows, and where a problem in them is to be reported."""

    folder: str
    rows: Mapping[str, Sequence[dict[Hashable, Any]]]
    statements: Sequence[Statement]
    rates: Mapping[int, tuple[float, tuple[str, ...]]]
    named: Collection[str] = ()  # sources that are named outside the tables

    def error(self, table: str, row: int, column: str, value: object, expected: str) -> Problem:
        """Report something that cannot be true."""
        return self._problem("error", table, row, column, value, expected)

    def warning(self, table: str, row: int, column: str, value: object, expected: str) -> Problem:
        """Report something that is unlikely."""
        return self._problem("warning", table, row, column, value, expected)

    def _problem(
        self,
        severity: Literal["error", "warning"],
        table: str,
        row: int,
        column: str,
        value: object,
        expected: str,
    ) -> Problem:
        shown = as_text(value) if isinstance(value, float) else str(value)
        return Problem(severity, f"{self.folder}/{table}.csv", row, column, shown, expected)

    def by_id(self, table: str, column: str) -> dict[str, dict[Hashable, Any]]:
        """Return the rows of a table by their identifier."""
        return {row[column]: row for row in self.rows[table]}

    @cached_property
    def indicators(self) -> dict[str, dict[Hashable, Any]]:
        """Return the rows of the indicators by identifier."""
        return self.by_id("indicators", "indicator")

    @cached_property
    def published(self) -> dict[str, str]:
        """Return for each source when it was published, as far as known."""
        return {row["source"]: row["published"] for row in self.rows["sources"]}

    @cached_property
    def series(self) -> dict[tuple[str, str], list[Statement]]:
        """Return the unmarked exact levels, of years and to date, by region and indicator."""
        series = defaultdict(list)
        for s in self.statements:
            if s.measure in LEVELS and s.exact and s.year and s.canonical > 0:
                series[s.region, s.indicator].append(s)
        return dict(series)

    @cached_property
    def levels(self) -> dict[tuple[str, str, str, int, int, bool], list[Statement]]:
        """Return the same by region, indicator, basis, year, month and whether in dollars."""
        levels = defaultdict(list)
        for s in (s for series in self.series.values() for s in series):
            levels[s.region, s.indicator, s.basis, s.year, s.month, in_dollars(s)].append(s)
        return dict(levels)


def as_text(value: float) -> str:
    """Write a number as it would be typed."""
    return f"{value:.10g}"


def in_dollars(s: Statement) -> bool:
    """Return whether a statement is in foreign currency."""
    return s.unit in UNITS and UNITS[s.unit].dimension == CURRENCIES[1]


def yearly_rates(observations: pd.DataFrame) -> dict[int, tuple[float, tuple[str, ...]]]:
    """Return the yuan per US dollar of each year, the mean where there are several statements.

    Parameters
    ----------
    observations
        The table of observations, with the series :data:`EXCHANGE` among them.

    Returns
    -------
    dict
        By year, the rate and the identifiers of the observations that gave it. Bounds and marked
        rows are left out.
    """
    rows = observations[
        (observations["region"] == EXCHANGE[0])
        & (observations["indicator"] == EXCHANGE[1])
        & (observations["measure"] == "level")
        & (observations["bound"] == "")
        & (observations["mark"] == "")
    ]
    found = defaultdict(list)
    for period, value, name in zip(rows["period"], rows["value"], rows["observation"], strict=True):
        parts = parse_period(period)
        if parts is not None and value > 0:
            found[parts[0]].append((float(value), str(name)))
    return {
        year: (sum(v for v, _ in pairs) / len(pairs), tuple(name for _, name in pairs))
        for year, pairs in sorted(found.items())
    }


def _statement(
    row: dict[Hashable, Any],
    indicators: Mapping[str, dict[Hashable, Any]],
    reference: Mapping[str, str],
    rates: Mapping[int, tuple[float, tuple[str, ...]]],
) -> Statement:
    indicator = indicators.get(row["indicator"], {})
    parts = parse_period(row["period"])
    year, month, _ = parts or (0, 0, 0)
    if row["measure"] not in AMOUNTS:
        canonical = row["value"]
    else:
        try:
            value, unit = row["value"], row["unit"]
            to = indicator.get("unit", unit)
            if (lookup(unit).dimension, lookup(to).dimension) == CURRENCIES[::-1]:
                rate = rates[year][0] if year in rates else math.nan
                value, unit = convert(value, unit, "亿美元") * rate, "亿元"
            canonical = convert(value, unit, to)
        except UnitError:
            canonical = math.nan
    return Statement(
        row=row["row"],
        observation=row["observation"],
        region=row["region"],
        indicator=row["indicator"],
        period=row["period"],
        measure=row["measure"],
        bound=row["bound"],
        prices=row["prices"],
        value=row["value"],
        unit=row["unit"],
        basis=row["basis"] or reference.get(row["indicator"], ""),
        status=row["status"],
        mark=row["mark"],
        source=row["source"],
        year=year,
        month=month,
        canonical=canonical,
        kind=indicator.get("kind", ""),
        prices_of_indicator=indicator.get("prices", ""),
    )


def book_of(tables: Mapping[str, pd.DataFrame], folder: str) -> Book:
    """Gather the tables, and give every statement its value in the unit of its indicator."""
    rows = {
        name: table.rename_axis("row").reset_index().to_dict("records")
        for name, table in tables.items()
    }
    indicators = {row["indicator"]: row for row in rows["indicators"]}
    ordered = sorted(rows["bases"], key=lambda row: float(row["sequence"]))
    reference = {row["indicator"]: row["basis"] for row in ordered}
    rates = yearly_rates(tables["observations"])
    # A slip in a rate is one problem, at the rate, and not one in every figure converted with it.
    usual = median([rate for rate, _ in rates.values()]) if rates else 1.0
    rates = {
        year: (rate if 0.25 < rate / usual < 4 else usual, origin)
        for year, (rate, origin) in rates.items()
    }
    statements = [_statement(row, indicators, reference, rates) for row in rows["observations"]]
    return Book(folder, rows, statements, rates)


def listed(cell: str) -> list[str]:
    """Return the identifiers in a cell that lists them."""
    return [item.strip() for item in cell.split(";") if item.strip()]

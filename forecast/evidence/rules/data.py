"""The tables as the checks read them: rows that report problems, observations in one unit."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Self

import numpy.typing as npt
import pandas as pd

from forecast.evidence.calendar import parse_period, year_and_number
from forecast.evidence.files.tables import columns_of
from forecast.evidence.measures import (
    AMOUNTS,
    GROWTHS,
    LEVELS,
    ExchangeRates,
)
from forecast.evidence.problems import Problem, meant
from forecast.evidence.registries import YearStarts, newest_bases
from forecast.evidence.units import UnitError, convert, exchanged, parse, spellings


@dataclass(frozen=True, eq=False, slots=True)  # there are as many as rows
class Entry:
    """One row of a table, and the place of problems in it."""

    file: str
    row: int
    columns: Mapping[Hashable, npt.NDArray[Any]]  # of the table: a dictionary a row takes far more
    place: int

    def __getitem__(self, column: str) -> Any:
        """Return a cell; an empty text if the table lacks the column."""
        cells = self.columns.get(column)
        return "" if cells is None else cells[self.place]

    def error(self, column: str, wrong: str, expected: str, value: object = None) -> Problem:
        """Report what cannot be true of a cell, or of `value` within it."""
        return self._problem("error", column, wrong, expected, value)

    def warning(self, column: str, wrong: str, expected: str) -> Problem:
        """Report what is unlikely."""
        return self._problem("warning", column, wrong, expected, None)

    def _problem(
        self,
        severity: Literal["error", "warning"],
        column: str,
        wrong: str,
        expected: str,
        value: object,
    ) -> Problem:
        shown = as_text(self[column] if value is None else value)
        return Problem(severity, self.file, self.row, column, shown, expected, wrong)


@dataclass(frozen=True, eq=False, slots=True)
class ObservationEntry(Entry):
    """One row of the observations, with its value in the unit of its indicator."""

    observation: str
    region: str
    indicator: str
    period: str
    measure: str
    bound: str
    prices: str
    value: float
    unit: str
    status: str
    mark: str
    source: str
    basis: str  # the newest basis where the cell is empty
    year: int  # 0 where the period is impossible
    month: int  # number of the last month in that year; 0 for a whole year
    months: int  # length of the period as far as its form says it
    starts: int  # month in which the years of the series begin
    canonical: float  # in the indicator's unit; NaN where the conversion is impossible
    registered: Entry  # the row of its indicator; without columns where that is unknown

    @property
    def kind(self) -> str:
        """The kind of the indicator; empty where that is unknown."""
        return str(self.registered["kind"])

    @property
    def exact(self) -> bool:
        """Whether it is neither a bound nor marked as doubtful."""
        return not self.bound and not self.mark

    @property
    def dimension(self) -> str:
        """What it is in: of figures of one indicator, the currency; empty for an unknown unit."""
        try:
            return parse(self.unit).dimension
        except UnitError:
            return ""

    @property
    def figure(self) -> str:
        """The value with its unit."""
        return f"{as_text(self.value)} {self.unit}"


#: What levels of one series are compared by: basis, year, month and currency.
Figure = tuple[str, int, int, str]

_OWN = (
    *("observation", "region", "indicator", "measure", "bound", "prices", "value"),
    *("unit", "status", "mark", "source"),
)


@dataclass(frozen=True, eq=False)
class TableRows:
    """All tables as lists of rows."""

    folder: str  # name of the data folder, for messages
    tables: Mapping[str, Sequence[Entry]]
    observations: Sequence[ObservationEntry]  # those that no check has found to be wrong
    #: A slip in a rate is one problem, at the rate, and not one in every figure converted by it.
    exchange_rates: ExchangeRates
    named: Collection[str] = ()  # sources that scenarios refer to
    year_starts: YearStarts = field(default_factory=YearStarts)

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame], folder: str, named: Collection[str]) -> Self:
        """Gather the tables, and convert every observation to the unit of its indicator."""
        entries: dict[str, Sequence[Entry]] = {
            name: [Entry(file, row, cells, i) for i, row in enumerate(table.index.tolist())]
            for name, table in tables.items()
            for file, cells in [(f"{folder}/{name}.csv", columns_of(table))]
        }
        rates = ExchangeRates.of(tables).steady()
        indicators = {row["indicator"]: row for row in entries["indicators"]}
        newest = newest_bases(tables["bases"])
        starts = YearStarts.of(tables["regions"], tables["indicators"])
        observations = [
            _observation(row, indicators.get(row["indicator"], _UNKNOWN), newest, rates, starts)
            for row in entries["observations"]
        ]
        entries["observations"] = observations
        return cls(folder, entries, observations, rates, named, starts)

    def __getitem__(self, table: str) -> Sequence[Entry]:
        """Return the rows of a table."""
        return self.tables[table]

    def by_key(self, table: str, column: str) -> dict[str, Entry]:
        """Return the rows of a table by their key."""
        return {row[column]: row for row in self[table]}

    @cached_property
    def indicators(self) -> dict[str, Entry]:
        """The rows of the indicators by key."""
        return self.by_key("indicators", "indicator")

    @cached_property
    def published(self) -> dict[str, str]:
        """For each source when it was published, as far as known."""
        return {row["source"]: row["published"] for row in self["sources"]}

    @cached_property
    def series(self) -> dict[tuple[str, str], list[ObservationEntry]]:
        """The unmarked exact levels, of years and to date, by region and indicator."""
        series = defaultdict(list)
        for s in self.observations:
            if s.measure in LEVELS and s.exact and s.year and s.canonical > 0:
                series[s.region, s.indicator].append(s)
        return dict(series)

    def levels(self, region: str, indicator: str) -> dict[Figure, list[ObservationEntry]]:
        """Return the same of one series, by basis, year, month and currency."""
        levels = defaultdict(list)
        for s in self.series.get((region, indicator), ()):
            levels[s.basis, s.year, s.month, s.dimension].append(s)
        return dict(levels)

    @cached_property
    def growth(self) -> dict[tuple[str, str], list[ObservationEntry]]:
        """The unmarked exact growth rates, of years and to date, by region and indicator."""
        growth = defaultdict(list)
        for s in self.observations:
            if s.measure in GROWTHS and s.exact and s.year:
                growth[s.region, s.indicator].append(s)
        return dict(growth)


_UNKNOWN = Entry("", 0, {}, 0)


def unreadable(row: Entry) -> Problem | None:
    """Return what is wrong with the unit of a row by itself."""
    try:
        parse(row["unit"])
    except UnitError as error:
        return row.error("unit", "unknown unit", error.expected)
    return None


def misfit(row: Entry, wanted: str, wrong: str) -> Problem | None:
    """Return what is wrong with the unit of a row that is to measure the same as `wanted`."""
    try:
        own, other = parse(row["unit"]), parse(wanted)
    except UnitError:
        return None  # a problem of its own
    if own.dimension == other.dimension:
        return None
    near = meant([row["unit"], own.top.key], [wanted, *spellings(wanted)])
    return row.error("unit", wrong, f"a unit of {other.dimension} such as {wanted}{near}")


def _observation(
    row: Entry,
    registered: Entry,
    newest: Mapping[str, str],
    rates: ExchangeRates,
    year_starts: YearStarts,
) -> ObservationEntry:
    starts = year_starts(row["region"], row["indicator"])
    period = parse_period(row["period"], starts)
    year, month = year_and_number(period, starts) if period else (0, 0)
    canonical = row["value"]
    if row["measure"] in AMOUNTS:
        unit, to = row["unit"], registered["unit"] if registered.columns else row["unit"]
        try:
            pair = exchanged(unit, to)
            rate, _ = (
                rates.yearly(row["region"], pair, starts).get(year, (math.nan, ()))
                if pair
                else (1, ())
            )
            canonical = convert(canonical, unit, to, rate)
        except UnitError:
            canonical = math.nan
    return ObservationEntry(
        file=row.file,
        row=row.row,
        columns=row.columns,
        place=row.place,
        **{name: row[name] for name in _OWN},
        period=period.text if period else row["period"],
        basis=row["basis"] or newest.get(row["indicator"], ""),
        year=year,
        month=month,
        months=period.months if period else 0,
        starts=starts,
        canonical=canonical,
        registered=registered,
    )


def may_be_negative(indicator: Entry) -> bool:
    """Whether levels of an indicator can lie below 0, as growth, inflation and balances do."""
    return indicator["transform"] == "linear" and indicator["kind"] in ("flow", "stock", "rate")


#: A check: the problems it finds in the tables.
Rule = Callable[[TableRows], Iterator[Problem]]


def as_text(value: object) -> str:
    """Write a cell as it would be typed; a number that is missing is empty."""
    if not isinstance(value, float):
        return str(value)
    return "" if math.isnan(value) else f"{value:.10g}"


def times(gap: float) -> str:
    """Write a difference of logarithms as a factor, to two digits."""
    factor = 10 ** abs(gap)
    digits = f"{float(f'{factor:.2g}'):,.0f}" if factor >= 10 else f"{factor:.2g}"
    return f"{digits} times {'more' if gap > 0 else 'less'}"

"""The measures of observations: levels, growth, forecasts of others; and exchange rates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Self

import pandas as pd

from forecast.evidence.calendar import JANUARY, parse_period, year_and_number
from forecast.evidence.registries import YearStarts, above
from forecast.evidence.units import UnitError, convert, parse

LEVELS = ("level", "ytd_level")
#: Parts of a year, and how many months they cover.
WITHIN_YEAR = {"month_level": 1, "quarter_level": 3, "half_level": 6}
PUBLISHED_LEVELS = (*LEVELS, *WITHIN_YEAR)
#: What others expect of a year: never a fact.
FORECASTS = ("forecast_growth", "forecast_level")
FORECAST_STATUSES = ("target", "projection")
AMOUNTS = (*PUBLISHED_LEVELS, "forecast_level")
GROWTHS = ("growth", "ytd_growth")
TO_DATE = ("ytd_level", "ytd_growth")
RATES = (*GROWTHS, "forecast_growth")

#: By year, the rate and the identifiers of the observations that state it.
_Yearly = dict[int, tuple[float, tuple[str, ...]]]


def exchange_indicators(indicators: pd.DataFrame) -> frozenset[str]:
    """Return the indicators that are exchange rates: those with a unit of two currencies."""
    pairs = zip(indicators["indicator"], indicators["unit"], strict=True)
    return frozenset(str(name) for name, unit in pairs if _pair(unit))


def _pair(unit: str) -> tuple[str, str] | None:
    try:
        return parse(unit).pair
    except UnitError:
        return None


def _later(starts: int, than: int) -> int:
    """Return by how many months years that begin in one month end after those of another."""
    return (starts - 2) % 12 - (than - 2) % 12


def years_of_rates(year: int, starts: int, stated: int) -> list[int]:
    """Return the years, which begin in the month `stated`, that a year lies in."""
    later = _later(starts, stated)
    return sorted({year, year + (later > 0) - (later < 0)})


@dataclass(frozen=True)
class ExchangeRates:
    """Exchange rates as evidence: the average of a year, in a region and in those within it."""

    #: By region and by the two currencies, the first per the second.
    stated: dict[tuple[str, str, str], _Yearly]
    #: By the same keys, the month in which the years begin that they are averages of.
    starts: dict[tuple[str, str, str], int]
    parents: dict[str, str]  # the region above each region
    year_starts: YearStarts

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> Self:
        """Gather the rates of the tables, the mean where there are several observations of a year.

        Bounds and marked rows are left out.
        """
        rows, indicators = tables["observations"], tables["indicators"]
        units = dict(zip(indicators["indicator"], indicators["unit"], strict=True))
        rows = rows[
            rows["indicator"].isin(exchange_indicators(indicators))
            & (rows["measure"] == "level")
            & (rows["bound"] == "")
            & (rows["mark"] == "")
        ]
        found: dict[Any, dict[int, list[tuple[float, str]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        year_starts, begin = YearStarts.of(tables["regions"], indicators), {}
        for row in rows.to_dict("records"):
            starts = year_starts(row["region"], row["indicator"])
            period, pair = parse_period(row["period"], starts), _pair(units[row["indicator"]])
            if period is None or pair is None or _pair(row["unit"]) != pair or not row["value"] > 0:
                continue
            rate, (year, _) = row["value"], year_and_number(period, starts)
            rate = convert(rate, row["unit"], "/".join(pair))
            found[row["region"], *pair][year].append((rate, str(row["observation"])))
            begin[row["region"], *pair] = starts
        stated = {
            place: {
                year: (sum(rate for rate, _ in pairs) / len(pairs), tuple(n for _, n in pairs))
                for year, pairs in sorted(years.items())
            }
            for place, years in found.items()
        }
        regions = tables["regions"]
        parents = dict(zip(regions["region"], regions["parent"], strict=True))
        return cls(stated, begin, parents, year_starts)

    def yearly(self, region: str, pair: tuple[str, str], starts: int = 1) -> _Yearly:
        """Return the rates between two currencies that hold in a region, by year.

        That of the region goes before those above it, one as stated before the inverse. Years that
        begin in the month `starts` have the averages of the two stated years that they lie in,
        weighted by months.
        """
        found: _Yearly = {}
        for place in reversed(above(self.parents, region)):
            inverse = self._over_years((place, pair[1], pair[0]), starts)
            found |= {year: (1 / rate, names) for year, (rate, names) in inverse.items()}
            found |= self._over_years((place, *pair), starts)
        return found

    def _over_years(self, key: tuple[str, str, str], starts: int) -> _Yearly:
        """Return the rates of one place over years that begin in the month `starts`."""
        stated, later = self.stated.get(key, {}), _later(starts, self.starts.get(key, JANUARY))
        if not later:
            return stated
        other, part = (1 if later > 0 else -1), abs(later) / 12
        return {
            year: ((1 - part) * rate + part * stated[year + other][0], names)
            for year, (rate, own) in stated.items()
            if year + other in stated
            for names in [tuple(dict.fromkeys((*own, *stated[year + other][1])))]
        }

    def home(self, region: str, pair: tuple[str, str]) -> tuple[str, int]:
        """Return the region whose rates hold in a region, and in which month their years begin.

        It is where others of the pair are stated, and the topmost region if there are none.
        """
        places = above(self.parents, region)
        for place in places:
            for key in ((place, *pair), (place, *pair[::-1])):
                if key in self.stated:
                    return place, self.starts[key]
        return places[-1], self.year_starts(places[-1], "")

    def steady(self) -> Self:
        """Return the rates without slips: one far off the others of its pair is their median."""
        kept = {}
        for place, years in self.stated.items():
            usual = median(rate for rate, _ in years.values())
            kept[place] = {
                year: (rate if 0.25 < rate / usual < 4 else usual, names)
                for year, (rate, names) in years.items()
            }
        return replace(self, stated=kept)

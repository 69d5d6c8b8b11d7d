"""Expectations of others: targets and projections in the evidence, and their outcomes.

A row with the measure ``forecast_growth`` or ``forecast_level`` is a statement about the future: a
target of the government of its region, or a projection of the publisher of its source. Forecasts
are updated by them in `forecast.expectations.update`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from forecast.evidence.calendar import last_day, year_end
from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import FORECASTS
from forecast.reconciliation.history import History

OFFSET = 0.2  # years from the autumn issue of the WEO to the end of its year, which it counts as 0
PRIOR_PAIRS = 10.0  # pairs in these data that the record of the IMF counts for


@dataclass(frozen=True)
class Expectation:
    """Expectation of one forecaster for one year."""

    region: str
    indicator: str
    forecaster: str
    kind: str  # ``target`` or ``projection``
    published: date
    year: int
    ends: date  # last day of the year
    measure: str  # ``growth`` (percent on the year before) or ``level`` (in the indicator's unit)
    prices: str  # ``real``, ``nominal`` or ``none``
    #: Ends of the stated range; equal where one figure is stated, or one bound only.
    low: float
    high: float
    observations: tuple[str, ...]
    #: Of the source; the address is empty where pages do not link to it.
    title: str
    url: str

    @property
    def value(self) -> float:
        """The figure, or the middle of the range."""
        return (self.low + self.high) / 2

    @property
    def lead(self) -> float:
        """Years from its publication to the end of its year, as the record counts them."""
        return max((self.ends - self.published).days / 365.25 - OFFSET, 0.0)


def expectations(evidence: Evidence, region: str, indicator: str) -> tuple[Expectation, ...]:
    """Return all expectations of a series, past ones too, in order of year and publication.

    A lower and an upper bound of one forecaster and day are the ends of a range.
    """
    known = (region, indicator) in _series(evidence)
    rows = evidence.records[region, indicator] if known else []
    found: dict[tuple[Hashable, ...], list[Mapping[Hashable, Any]]] = {}
    for row in rows:
        if row["measure"] in FORECASTS and not np.isnan(row["canonical"]):
            key = tuple(row[k] for k in ("year", "measure", "prices", "status", "source"))
            found.setdefault((*key, str(_day(evidence, row))), []).append(row)
    made = [_expectation(evidence, group) for group in found.values()]
    return tuple(sorted(made, key=lambda e: (e.year, e.published, e.forecaster, e.prices)))


@lru_cache(maxsize=4)  # every series asks
def _series(evidence: Evidence) -> frozenset[tuple[str, str]]:
    """Return the series that anything is expected of."""
    rows = evidence.observations
    expected = rows.loc[rows["measure"].isin(FORECASTS), ["region", "indicator"]]
    return frozenset(expected.itertuples(index=False, name=None))


def _day(evidence: Evidence, row: Mapping[Hashable, Any]) -> date:
    source = evidence.source(str(row["source"]))
    return last_day(str(row["published"]) or str(source["published"])) or date.min


def _expectation(evidence: Evidence, rows: list[Mapping[Hashable, Any]]) -> Expectation:
    first = rows[0]
    source = evidence.source(str(first["source"]))
    place = evidence.place(str(first["region"])).en
    publisher = str(source["publisher"]) or str(source["title"])
    values = [float(row["canonical"]) for row in rows]
    return Expectation(
        str(first["region"]), str(first["indicator"]),
        f"Government of {place}" if first["status"] == "target" else publisher,
        str(first["status"]), _day(evidence, first), int(first["year"]),
        year_end(int(first["year"]), evidence.year_starts(first["region"], first["indicator"])),
        str(first["measure"]).removeprefix("forecast_"), str(first["prices"]),
        min(values), max(values), tuple(str(row["observation"]) for row in rows),
        str(source["title"]), str(source["link"]),
    )  # fmt: skip


def live(evidence: Evidence, history: History) -> tuple[Expectation, ...]:
    """Return the newest expectation of every forecaster for the years that are not known yet."""
    known = {int(y) for y in history.years[history.known]}
    newest: dict[tuple[Hashable, ...], Expectation] = {}
    for e in expectations(evidence, history.region, history.indicator):
        # Growth of a share is not stated in percent; the check says so.
        fits = e.measure == "level" or history.scale.name == "log"
        if fits and e.year not in known and e.year > int(history.years[0]):
            newest[e.forecaster, e.year, e.measure, e.prices] = e
    return tuple(newest.values())


def outcome(evidence: Evidence, e: Expectation) -> float | None:
    """Return the figure published last for the year and measure of an expectation, if any.

    Percent for growth, in the unit for a level.
    """
    if e.measure == "level":
        return published_level(evidence, e.region, e.indicator, e.year)
    return _last(
        evidence,
        (e.region, e.indicator),
        lambda row: (row["year"], row["measure"], row["prices"]) == (e.year, "growth", e.prices),
    )


def published_level(evidence: Evidence, region: str, indicator: str, year: int) -> float | None:
    """Return the level published last for a year, on whatever basis; None without one."""
    return _last(
        evidence,
        (region, indicator),
        lambda row: (row["year"], row["measure"]) == (year, "level"),
    )


def _last(
    evidence: Evidence,
    series: tuple[str, str],
    wanted: Callable[[Mapping[Hashable, Any]], bool],
) -> float | None:
    """Return the exact figure published last of those that are wanted."""
    every = evidence.records.get(series, [])
    rows = [row for row in every if wanted(row) and not row["bound"] and not row["mark"]]
    return float(max(rows, key=lambda row: _day(evidence, row))["canonical"]) if rows else None


def fulfilled(evidence: Evidence, indicator: str) -> tuple[tuple[Expectation, float, bool], ...]:
    """Return the targets of governments for past years, their outcome, and whether that met them.

    They are on an indicator of any region. A target is met from its figure, or the lower end of its
    range, on.
    """
    regions = dict.fromkeys(region for region, of in evidence.records if of == indicator)
    every = [e for region in regions for e in expectations(evidence, region, indicator)]
    came = [(e, outcome(evidence, e)) for e in every if e.kind == "target"]
    return tuple((e, value, value >= e.low) for e, value in came if value is not None)


def record(evidence: Evidence) -> dict[str, list[tuple[float, float]]]:
    """Return lead and error of every expected growth whose year is known, by kind.

    Lead in years, and actual less expected log growth, in percent.
    """
    rows = evidence.observations
    expected = rows[rows["measure"] == "forecast_growth"]
    found: dict[str, list[tuple[float, float]]] = {}
    for region, indicator in dict.fromkeys(
        expected[["region", "indicator"]].itertuples(index=False, name=None)
    ):
        for e in expectations(evidence, region, indicator):
            came = outcome(evidence, e) if e.measure == "growth" else None
            if came is not None:
                error = 100 * float(np.log1p(came / 100) - np.log1p(e.value / 100))
                found.setdefault(e.kind, []).append((e.lead, error))
    return found

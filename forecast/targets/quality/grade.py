"""The grade of the data on a series: how recent, how long, on which basis, from which sources."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.evidence.calendar import year_end
from forecast.evidence.evidence import Evidence
from forecast.evidence.registries import listed
from forecast.evidence.sources.lags import Lags
from forecast.evidence.sources.ranks import RANKS
from forecast.reconciliation.derived_years import LOW_QUALITY, figured
from forecast.reconciliation.history import History
from forecast.targets.assessment import Assessment
from forecast.targets.evidence_dates import known_until, last_complete_year
from forecast.targets.quality.components import (
    LEAST_DATES,
    LEVELS,
    OWN_WORD,
    RECENT,
    REPORTED,
    Quality,
)


def of_answer(evidence: Evidence, answer: Assessment) -> Quality:
    """Return the grade of the data that an answer rests on: of its path, or of its statements."""
    history = answer.history
    if history is not None and (history.region, history.indicator) in evidence.records:
        return of_history(evidence, history)
    return of_rows(evidence, answer.known)


def of_history(evidence: Evidence, history: History) -> Quality:
    """Return the grade of a reconciled series: figures that do not fit the others do not count."""
    rows = history.observations
    if rows.empty:
        return of_rows(evidence, rows)
    good = rows["used"].astype(bool) & ~rows["outlier"].astype(bool)
    known = figured(history)
    return of_rows(evidence, rows[good], int(known[-1]) if len(known) else None)


def of_rows(evidence: Evidence, rows: pd.DataFrame, last: int | None = None) -> Quality:
    """Return the grade of some statements, of one series or of the parts of one target.

    `last` is the last year that is known from figures of the whole year, of growth perhaps; without
    it that of the last level.
    """
    if len(rows):
        exact = (rows["bound"] == "") & (rows["mark"] != LOW_QUALITY)
        rows = rows[rows["measure"].isin(LEVELS) & exact]
    if rows.empty:
        return Quality(0, (), 0, 0, False, 0, 0, 0, 0)
    return _of_levels(evidence, rows, last)


def _of_levels(evidence: Evidence, levels: pd.DataFrame, last: int | None) -> Quality:
    first = levels.iloc[0]
    years = tuple(sorted({int(year) for year in levels["year"]}))
    due = _due(evidence, str(first["region"]), str(first["indicator"]))
    newest = evidence.newest_basis(str(first["indicator"]))
    on_current = {int(y) for y, b in zip(levels["year"], levels["basis"], strict=True)
                  if b in ("", newest)}  # fmt: skip
    recent = levels[levels["year"].isin(years[-RECENT:])]
    best: dict[int, int] = {}
    publishers = set()
    others = recent["also_in"] if "also_in" in recent else [""] * len(recent)
    for year, own, more in zip(recent["year"], recent["source"], others, strict=True):
        for source in (evidence.source(key) for key in (own, *listed(more)) if key):
            place = RANKS.index(source["rank"])
            best[year] = min(best.get(year, place), place)
            publishers.add(source["publisher"])
    places = np.array(list(best.values()))
    return Quality(
        behind=max(due - max(years[-1], last or 0), 0),
        levels=years,
        current=len(on_current),
        older=len(set(years) - on_current),
        last_current=years[-1] in on_current,
        recent=len(set(years[-RECENT:])),
        own_word=int(np.sum(places < len(OWN_WORD))),
        reported=int(np.sum(places < len(REPORTED))),
        publishers=len(publishers - {""}),
    )


def _due(evidence: Evidence, region: str, indicator: str) -> int:
    """Return the last year of which a figure is usually out by the day the data reach."""
    starts = evidence.year_starts(region, indicator)
    lag = Lags(evidence).lag(region, indicator)
    if lag is None or lag.dates < LEAST_DATES:
        return last_complete_year(evidence, starts)
    day = known_until(evidence)
    years = range(day.year + 1, 0, -1)
    return next((y for y in years if lag.due(year_end(y, starts)) <= day), day.year)

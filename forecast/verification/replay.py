"""Replay of past days: nowcasts of running years from what was public, against what came.

The evidence is cut back to what was public on a day, by the rule of
:func:`forecast.evidence.calendar.release_day` (which dates statements without a date, too); the
nowcast of the running year is compared with the level that is published by now.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from forecast.cache import Same, cached, once
from forecast.evidence.calendar import Period, months_later, today, year_and_number, year_end
from forecast.evidence.evidence import Evidence, known_on
from forecast.evidence.measures import TO_DATE
from forecast.reconciliation import stored
from forecast.reconciliation.history import History
from forecast.verification.holdout import estimate, judged, levels, off, outcomes, stacked

REPLAYED_YEARS = 5  # running years that are replayed: the last ones with a yearly level
MONTHS = (3, 6, 9, 12, 15)  # as of the end of these months; the last is one of the next year
LEAST = 3  # years with a level before the running year, below which nothing is estimated
REPLAYED = [
    "region", "indicator", "kind", "year", "day", "step", "months", "related", "known",
    "actual", "estimate", "error", "naive", "score",
]  # fmt: skip


def _by_series(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    groups = rows.groupby(["region", "indicator"], sort=False)
    return {(str(key[0]), str(key[1])): group for key, group in groups}


def days(evidence: Evidence) -> list[date]:
    """Return the days as of which the running years are replayed, none after `as_of` or today."""
    series = evidence.observations[["region", "indicator"]].drop_duplicates()
    begins = {evidence.year_starts(*map(str, pair)) for pair in series.to_numpy()}
    ends = {year_end(year - 1, month) for year in running_years(evidence) for month in begins}
    found = {months_later(end, months) for end in ends for months in MONTHS}
    return sorted(day for day in found if day <= (evidence.as_of or today()))


def running_years(evidence: Evidence) -> range:
    """Return the years that are replayed: the last ones up to the newest yearly level."""
    rows = evidence.observations
    converters = rows["indicator"].isin(evidence.exchange_indicators)
    levels = rows.loc[(rows["measure"] == "level") & ~converters, "period"]
    newest = int(levels.str[:4].astype(int).max()) if len(levels) else 0
    return range(newest - REPLAYED_YEARS + 1, newest + 1) if newest else range(0)


def public(evidence: Evidence, day: date) -> Evidence:
    """Return the evidence as it was on a day: without later statements and bases not yet in use."""
    known = known_on(evidence, day)
    rows, bases = known.observations, known.bases
    used = set(zip(rows["indicator"], rows["basis"], strict=True))
    unnamed = {indicator for indicator, basis in used if basis == ""}
    newest = bases["basis"] == bases["indicator"].map(known.newest_basis)
    keep = [
        (indicator, basis) in used or (last and indicator in unnamed)
        for indicator, basis, last in zip(bases["indicator"], bases["basis"], newest, strict=True)
    ]
    return known.but(bases=bases[np.array(keep, bool)])


def nowcasts(evidence: Evidence, region: str, day: date) -> pd.DataFrame:
    """Estimate the running year as of one day, for all series of a region and its parents.

    Series without three yearly levels before the running year by then are left out, as are those
    of which no level of the year has been published by now. Three months into a year the one before
    is estimated as well.

    Returns
    -------
    DataFrame
        One row per series and year: ``region, indicator, kind, year, day``; ``step``, the month of
        the running year (15 is the third of the next); ``months``, the last month that its own
        year-to-date figures covered, and ``related``, those of its parents and children, too;
        ``known``, whether a level or growth of the whole year was published by then; ``actual`` and
        ``estimate`` in the unit; ``error`` and ``naive`` (of the last level grown once more like
        the last year) in percent; ``score`` in standard deviations. The actual is on the basis that
        was the newest by then where the level was published on it, else on the newest.
    """
    regions, running = evidence.chain(region), running_years(evidence)
    found = stacked(
        (_of_part(part, regions, day, running) for part in stored.parts(evidence)), REPLAYED
    )
    order = {key: place for place, key in enumerate(_by_series(levels(evidence, regions)))}
    pairs = zip(found["region"], found["indicator"], strict=True)
    place = np.array([order[pair] for pair in pairs], int)
    return found.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def _of_part(part: stored.Part, regions: list[str], day: date, running: range) -> pd.DataFrame:
    """Return `nowcasts` of the series of indicators that are reconciled together."""
    evidence = part.evidence
    key = (part.key, sorted(evidence.exchange_indicators), evidence.as_of, *regions)

    def compute() -> pd.DataFrame:
        known = public(evidence, day)
        before = _by_series(levels(known, regions))
        came = cached(("outcomes", *key), lambda: _came(evidence, regions))
        rows = []
        histories = stored.part(known, part.names).paths()  # for all plans
        for series, final in came.items():
            then = before.get(series)
            steps = _steps(day, evidence.year_starts(*series), running)
            wanted = {step: year for step, year in steps.items() if year in set(final["year"])}
            if then is None or not wanted:
                continue
            history = histories.get("/".join(series))
            if history is None:
                continue
            for step, year in wanted.items():
                stands = final[final["year"] == year]
                if then.loc[then["year"] < year, "year"].nunique() < LEAST or stands.empty:
                    continue
                same = stands[stands["sequence"] == then["sequence"].max()]
                last = (same if len(same) else stands).to_dict("records")[-1]
                actual = float(last["value"])
                naive = float(history.scale.inverse(np.array([once_more(history, year)]))[0])
                value, error, score = judged(history, actual, *estimate(history, year))
                when = (year, pd.Timestamp(day), step, *months_known(known, *series, year))
                found = (actual, value, error, off(naive, actual), score)
                rows.append((*series, last["kind"], *when, whole_year_known(history, year), *found))
        return pd.DataFrame(rows, columns=REPLAYED)

    return cached(("nowcasts", *key, day, running), compute)


def _came(evidence: Evidence, regions: list[str]) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the outcomes of all series of some regions, which are the same on every day."""
    return {key: outcomes(evidence, *key) for key in _by_series(levels(evidence, regions))}


def _steps(day: date, starts: int, running: range) -> dict[int, int]:
    """Return the years that are estimated as of a day, by the months since they began."""
    year, step = year_and_number(Period(day.year, day.month), starts)
    steps = {15: year - 1, 3: year} if step == 3 else {step: year} if step in MONTHS else {}
    return {step: year for step, year in steps.items() if year in running}


@once
def replayed(evidence: Evidence, region: str) -> pd.DataFrame:
    """Return :func:`nowcasts` of all days, oldest first."""
    return stacked((nowcasts(evidence, region, day) for day in days(evidence)), REPLAYED)


def on_every_day(found: pd.DataFrame) -> pd.DataFrame:
    """Return the series and years estimated in all the months, so that months can be compared.

    Parameters
    ----------
    found : DataFrame
        As `replayed` returns it.
    """
    steps = found.groupby(["region", "indicator", "year"])["step"].transform("nunique")
    return found[steps == len(MONTHS)]


def once_more(history: History, year: int) -> float:
    """Return the last whole year known before `year`, moved on by its own last change.

    Returns
    -------
    float
        On the scale of the history.
    """
    whole = [kind in ("published", "derived") for kind in history.origin]
    at = np.flatnonzero(np.array(whole) & (history.years < year))
    if len(at) == 0:
        return float(history.mean[0])
    change = history.mean[at[-1]] - history.mean[at[-1] - 1] if at[-1] > 0 else 0.0
    return float(history.mean[at[-1]] + change * (year - history.years[at[-1]]))


def whole_year_known(history: History, year: int) -> bool:
    """Whether anything about the whole of a year was published."""
    at = int(year - history.years[0])
    return at < len(history.years) and history.origin[at] in ("published", "derived")


def months_known(evidence: Evidence, region: str, indicator: str, year: int) -> tuple[int, int]:
    """Last month covered by year-to-date figures of the series, and of it or any related one.

    Parameters
    ----------
    evidence : Evidence
    region, indicator : str
        The series.
    year : int
    """
    last = _months_to_date(Same(evidence.records))
    below = (place for place, parent in evidence.parents.items() if parent == region)
    related = (last.get((place, indicator, year), 0) for place in (*evidence.chain(region), *below))
    return last.get((region, indicator, year), 0), max(related)


@lru_cache(maxsize=2)
def _months_to_date(
    records: Same[dict[tuple[str, str], list[dict[Hashable, Any]]]],
) -> dict[tuple[str, str, int], int]:
    """Return the last month that year-to-date figures cover, by region, indicator and year."""
    found: dict[tuple[str, str, int], int] = {}
    for series, rows in records.it.items():
        for row in rows:
            if row["measure"] in TO_DATE:
                key = *series, int(row["year"])
                found[key] = max(found.get(key, 0), int(row["month"]))
    return found

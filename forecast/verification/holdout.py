"""Hold-out tests of the reconciliation on the published figures, of two kinds.

*Hidden levels*: every published yearly level is removed in turn, with all its copies, and estimated
from the rest. *Replay*: the evidence is cut back to what was public on a day, by the rule of
:func:`forecast.evidence.calendar.release_day` (which dates statements without a date, too); the
nowcast of the running year is compared with the level that is published by now.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from forecast.cache import cached
from forecast.evidence.evidence import Evidence, known_on
from forecast.reconciliation.history import History, HistoryError
from forecast.reconciliation.observations import STATUS_SD
from forecast.reconciliation.reconcile import reconcile, reconcile_all
from forecast.reconciliation.related_series.joint_solution import solved

REPLAYED_YEARS = 5  # running years that are replayed: the last ones with a yearly level
MONTHS = (3, 6, 9, 12, 15)  # as of the end of these months; the last is March of the next year
LEAST = 3  # years with a level before the running year, below which nothing is estimated
DRIFT_YEARS = 5  # a path that ends before the running year goes on as in its last years

BASIS = ("indicator", "basis", "sequence")
HIDDEN = ["region", "indicator", "kind", "year", "actual", "estimate", "error", "score"]
REPLAYED = [
    "region", "indicator", "kind", "year", "day", "step", "months", "relatives", "known",
    "actual", "estimate", "error", "naive", "score",
]  # fmt: skip


# Outcomes ---------------------------------------------------------------------------------------


def levels(evidence: Evidence, regions: Iterable[str]) -> pd.DataFrame:
    """Return the statements of yearly levels on bases that can be joined to the newest.

    Parameters
    ----------
    evidence : Evidence
    regions : iterable of str

    Returns
    -------
    DataFrame
        Rows of `observations` with the further columns ``year``, ``sequence``, which orders the
        bases of an indicator, and ``kind``, that of the indicator.
    """
    rows = evidence.observations
    rows = rows[
        (rows["measure"] == "level")
        & (rows["bound"] == "")
        & rows["region"].isin(list(regions))
        & ~rows["indicator"].isin(evidence.exchange_indicators)
    ]
    bases = evidence.bases.assign(sequence=evidence.bases["sequence"].astype(int))
    newest = bases["basis"] == bases["indicator"].map(evidence.newest_basis)
    joined = bases[(bases["link"] != "none") | newest]
    known = {(i, b): s for i, b, s in zip(*(joined[c] for c in BASIS), strict=True)}
    # An empty basis is the newest; an indicator without bases has one, of sequence 0.
    known |= dict.fromkeys(((i, "") for i in rows["indicator"].unique()), 0)
    last = joined[newest.loc[joined.index]]
    known |= {(i, ""): s for i, s in zip(last["indicator"], last["sequence"], strict=True)}
    sequence = [known.get(pair) for pair in zip(rows["indicator"], rows["basis"], strict=True)]
    kinds = evidence.indicators.set_index("indicator")["kind"]
    rows = rows.assign(
        year=rows["period"].str[:4].astype(int),
        sequence=pd.Series(sequence, index=rows.index, dtype=float),
        kind=rows["indicator"].map(kinds),
    )
    return rows[rows["sequence"].notna()]


def outcomes(evidence: Evidence, region: str, indicator: str) -> pd.DataFrame:
    """Return the published level that stands for every year and basis of a series.

    Of several statements the most reliable stands: unmarked before marked, then by status, then the
    later one in the table. Bases that cannot be joined to today's are left out.

    Parameters
    ----------
    evidence : Evidence
    region, indicator : str
        The series.

    Returns
    -------
    DataFrame with columns ``year, basis, sequence, kind, value``, the value in the indicator's
    unit; ``sequence`` orders the bases, and the rows of a year.
    """
    rows = levels(evidence, [region])
    rows = rows[rows["indicator"] == indicator]
    # `statements` keeps the labels of the rows, and converts dollars.
    value = evidence.statements(region, indicator)["canonical"]
    rows = rows.assign(
        value=value.reindex(rows.index),
        doubt=rows["status"].map(STATUS_SD) + rows["mark"].isin(["conflict", "low_quality"]),
    )
    best = rows[rows["value"].notna()].iloc[::-1].sort_values("doubt", kind="stable")
    best = best.drop_duplicates(["year", "basis"]).sort_values(["year", "sequence"])
    return best[["year", "basis", "sequence", "kind", "value"]].reset_index(drop=True)


def _by_series(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    groups = rows.groupby(["region", "indicator"], sort=False)
    return {(str(key[0]), str(key[1])): group for key, group in groups}


def on_basis(evidence: Evidence, indicator: str, basis: str) -> Evidence:
    """Return the evidence with the paths of one indicator stated on one of its bases.

    A level on an older basis can only be compared with a path on that basis: the newest one becomes
    a basis that steps away from it.

    Parameters
    ----------
    evidence : Evidence
    indicator, basis : str
    """
    bases = evidence.bases
    own = bases["indicator"] == indicator
    if not own.any() or basis == "":
        return evidence
    newest = evidence.newest_basis(indicator)
    if basis == newest:
        return evidence
    this = own & (bases["basis"] == basis)
    changed = bases.copy()
    changed["sequence"] = bases["sequence"].astype(int).mask(this, 1_000)
    changed["link"] = bases["link"].mask(own & (bases["link"] != "none"), "step")
    changed.loc[this, "link"] = "reference"
    rows = evidence.observations
    level = rows["measure"].isin(["level", "ytd_level"]) & (rows["indicator"] == indicator)
    named = rows.assign(basis=rows["basis"].mask(level & (rows["basis"] == ""), newest))
    return replace(evidence, bases=changed, observations=named)


# Hidden levels ----------------------------------------------------------------------------------


def hide(evidence: Evidence, region: str, indicator: str, year: int) -> Evidence:
    """Return the evidence without any statement of one year's level; growth rates stay.

    Parameters
    ----------
    evidence : Evidence
    region, indicator : str
        The series.
    year : int
    """
    rows = evidence.observations
    level = (rows["measure"] == "level") & (rows["period"] == str(year))
    level |= (rows["measure"] == "ytd_level") & (rows["period"] == f"{year}-12")
    gone = level & (rows["region"] == region) & (rows["indicator"] == indicator)
    return replace(evidence, observations=rows[~gone])


def bearing(evidence: Evidence, indicator: str) -> Evidence:
    """Return the evidence with only the observations that can move the paths of an indicator.

    Its paths are the same as from all of them; a part is reconciled again in half the time.

    Parameters
    ----------
    evidence : Evidence
    indicator : str
    """
    moving = {name for _, name in solved(evidence, evidence.accounts.related(indicator)).series}
    moving = set().union(*(evidence.accounts.related(name) for name in moving))
    moving |= evidence.exchange_indicators
    rows = evidence.observations
    return replace(evidence, observations=rows[rows["indicator"].isin(moving)])


def recovered(evidence: Evidence, region: str, indicator: str) -> pd.DataFrame:
    """Hide every level of a series between its first and last in turn, and estimate it.

    Parameters
    ----------
    evidence : Evidence
    region, indicator : str
        The series.

    Returns
    -------
    DataFrame
        One row per year: ``region, indicator, kind, year``; ``actual`` and ``estimate`` in the
        indicator's unit, on the newest basis that the year has a level on; ``error`` in percent of
        the actual; ``score``, how many of its own standard deviations the estimate is off.
    """

    def compute() -> pd.DataFrame:
        known = outcomes(evidence, region, indicator).drop_duplicates("year", keep="last")
        rows, near = [], bearing(evidence, indicator)
        for row in known.iloc[1:-1].to_dict("records"):
            year, actual = int(row["year"]), float(row["value"])
            stated = on_basis(near, indicator, str(row["basis"]))
            try:
                history = reconcile(hide(stated, region, indicator, year), region, indicator)
            except HistoryError:
                continue
            found = judged(history, actual, *estimate(history, year))
            rows.append((region, indicator, row["kind"], year, actual, *found))
        return pd.DataFrame(rows, columns=HIDDEN)

    return cached(("recovered", evidence.digest, evidence.as_of, region, indicator), compute)


def hidden(evidence: Evidence, region: str) -> pd.DataFrame:
    """Return :func:`recovered` of every series of a region and its parents.

    Parameters
    ----------
    evidence : Evidence
    region : str
    """
    pairs = levels(evidence, evidence.chain(region))[["region", "indicator"]].drop_duplicates()
    frames = [recovered(evidence, str(r), str(i)) for r, i in pairs.itertuples(index=False)]
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=HIDDEN)


def estimate(history: History, year: int) -> tuple[float, float]:
    """Return mean and standard deviation of a year's value on the scale of the history.

    A history that ends before the year is extended by the mean change of its last years; the yearly
    noise and the error of that mean are added to its own.

    Parameters
    ----------
    history : History
    year : int
    """
    ahead = int(year - history.years[-1])
    if ahead <= 0:
        at = int(year - history.years[0])
        return float(history.mean[at]), float(np.sqrt(history.cov[at, at]))
    changes = np.diff(history.mean)[-DRIFT_YEARS:]
    drift = float(changes.mean()) if len(changes) else 0.0
    variance = history.noise**2 * (ahead + ahead**2 / max(len(changes), 1))
    return (
        float(history.mean[-1] + ahead * drift),
        float(np.sqrt(history.cov[-1, -1] + variance)),
    )


def judged(history: History, actual: float, mean: float, sd: float) -> tuple[float, float, float]:
    """Return the estimate in the unit, its error in percent and in standard deviations.

    Parameters
    ----------
    history : History
        For its scale.
    actual : float
        In the unit.
    mean, sd : float
        Of the estimate, on the scale of the history.
    """
    guess = float(history.scale.inverse(np.array([mean]))[0])
    true = float(history.scale.forward(np.array([actual]))[0])
    return guess, 100 * (guess / actual - 1), (mean - true) / sd


# Replay -----------------------------------------------------------------------------------------


def days(evidence: Evidence) -> list[date]:
    """Return the days as of which the running years are replayed, none after `as_of`."""
    found = {last_of(year, month) for year in running_years(evidence) for month in MONTHS}
    return sorted(day for day in found if evidence.as_of is None or day <= evidence.as_of)


def running_years(evidence: Evidence) -> range:
    """Return the years that are replayed: the last ones up to the newest yearly level."""
    rows = evidence.observations
    converters = rows["indicator"].isin(evidence.exchange_indicators)
    levels = rows.loc[(rows["measure"] == "level") & ~converters, "period"]
    newest = int(levels.str[:4].astype(int).max()) if len(levels) else 0
    return range(newest - REPLAYED_YEARS + 1, newest + 1) if newest else range(0)


def last_of(year: int, month: int) -> date:
    """Return the last day of a month, counted on into the next year from 13."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def public(evidence: Evidence, day: date) -> Evidence:
    """Return the evidence as it was on a day: without later statements and bases not yet in use.

    Parameters
    ----------
    evidence : Evidence
    day : date
    """
    known = known_on(evidence, day)
    rows, bases = known.observations, known.bases
    used = set(zip(rows["indicator"], rows["basis"], strict=True))
    unnamed = {indicator for indicator, basis in used if basis == ""}
    newest = bases["basis"] == bases["indicator"].map(known.newest_basis)
    keep = [
        (indicator, basis) in used or (last and indicator in unnamed)
        for indicator, basis, last in zip(bases["indicator"], bases["basis"], newest, strict=True)
    ]
    return replace(known, bases=bases[np.array(keep, bool)])


def nowcasts(evidence: Evidence, region: str, day: date) -> pd.DataFrame:
    """Estimate the running year as of one day, for all series of a region and its parents.

    Series without three yearly levels before the running year by then are left out, as are those
    of which no level of the year has been published by now. At the end of March the year before is
    estimated as well.

    Parameters
    ----------
    evidence : Evidence
    region : str
    day : date

    Returns
    -------
    DataFrame
        One row per series and year: ``region, indicator, kind, year, day``; ``step``, the month of
        the running year (15 is March of the next); ``months``, the last month that its own
        year-to-date figures covered, and ``relatives``, those of its parents and children, too;
        ``known``, whether a level or growth of the whole year was published by then; ``actual`` and
        ``estimate`` in the unit; ``error`` and ``naive`` (of the last level grown once more like
        the last year) in percent; ``score`` in standard deviations. The actual is on the basis that
        was the newest by then where the level was published on it, else on the newest.
    """

    def compute() -> pd.DataFrame:
        steps = {15: day.year - 1, 3: day.year} if day.month == 3 else {day.month: day.year}
        steps = {step: year for step, year in steps.items() if year in running_years(evidence)}
        regions = evidence.chain(region)
        known = public(evidence, day)
        before = _by_series(levels(known, regions))
        histories = reconcile_all(known)
        rows = []
        for series, now in _by_series(levels(evidence, regions)).items():
            then = before.get(series)
            wanted = {step: year for step, year in steps.items() if year in set(now["year"])}
            if then is None or not wanted:
                continue
            history = histories.get("/".join(series))
            if history is None:
                continue
            final = outcomes(evidence, *series)
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
                found = (actual, value, error, 100 * (naive / actual - 1), score)
                rows.append((*series, last["kind"], *when, whole_year_known(history, year), *found))
        return pd.DataFrame(rows, columns=REPLAYED)

    return cached(("nowcasts", evidence.digest, evidence.as_of, region, day), compute)


def replayed(evidence: Evidence, region: str) -> pd.DataFrame:
    """Return :func:`nowcasts` of all days, oldest first.

    Parameters
    ----------
    evidence : Evidence
    region : str
    """
    frames = [nowcasts(evidence, region, day) for day in days(evidence)]
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=REPLAYED)


def on_every_day(found: pd.DataFrame) -> pd.DataFrame:
    """Return the series and years estimated in all the months, so that months can be compared.

    Parameters
    ----------
    found : DataFrame
        As `replayed` returns it.
    """
    steps = found.groupby(["region", "indicator", "year"])["step"].transform("nunique")
    return found[steps == len(MONTHS)]


def coverage(found: pd.DataFrame, level: float) -> float:
    """Share of the actual values that the central intervals of a level cover.

    Parameters
    ----------
    found : DataFrame
        As `hidden` or `replayed` return it.
    level : float
        Nominal coverage, 0 to 1.
    """
    from scipy.stats import norm

    return float((found["score"].abs() <= norm.ppf(0.5 + level / 2)).mean())


def once_more(history: History, year: int) -> float:
    """Return the last whole year known before `year`, moved on by its own last change.

    Parameters
    ----------
    history : History
    year : int

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
    """Last month covered by year-to-date figures of the series, and of it or any relative.

    Parameters
    ----------
    evidence : Evidence
    region, indicator : str
        The series.
    year : int
    """
    rows = evidence.observations
    rows = rows[
        rows["measure"].isin(["ytd_level", "ytd_growth"])
        & (rows["indicator"] == indicator)
        & rows["period"].str.startswith(f"{year}-")
    ]
    months = rows["period"].str[5:7].astype(int)
    regions = evidence.regions
    family = {*evidence.chain(region), *regions.loc[regions["parent"] == region, "region"]}
    own = months[rows["region"] == region].max()
    related = months[rows["region"].isin(family)].max()
    return (int(own) if own == own else 0), (int(related) if related == related else 0)

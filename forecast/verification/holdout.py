"""Hold-out tests of the reconciliation on the published figures, and the levels they are scored by.

Every published yearly level is removed in turn, with all its copies, and estimated from the rest.
`forecast.verification.replay` cuts the evidence back by dates instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from forecast.cache import Same, cached, once
from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import PUBLISHED_LEVELS, exchange_indicators
from forecast.reconciliation.history import History, HistoryError
from forecast.reconciliation.observations import STATUS_SD
from forecast.reconciliation.reconcile import reconcile
from forecast.reconciliation.related_series.links import closure
from forecast.reconciliation.stored import part_of

DRIFT_YEARS = 5  # a path that ends before the running year goes on as in its last years

BASIS = ("indicator", "basis", "sequence")
HIDDEN = ["region", "indicator", "kind", "year", "actual", "estimate", "error", "score"]


# Outcomes ---------------------------------------------------------------------------------------


def levels(evidence: Evidence, regions: Iterable[str]) -> pd.DataFrame:
    """Return the statements of yearly levels on bases that can be joined to the newest.

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
    # `statements` keeps the labels of the rows, and converts currencies.
    value = evidence.statements(region, indicator)["canonical"]
    rows = rows.assign(
        value=value.reindex(rows.index),
        doubt=rows["status"].map(STATUS_SD).astype(float)
        + rows["mark"].isin(["conflict", "low_quality"]),
    )
    best = rows[rows["value"].notna()].iloc[::-1].sort_values("doubt", kind="stable")
    best = best.drop_duplicates(["year", "basis"]).sort_values(["year", "sequence"])
    return best[["year", "basis", "sequence", "kind", "value"]].reset_index(drop=True)


def on_basis(evidence: Evidence, indicator: str, basis: str) -> Evidence:
    """Return the evidence with the paths of one indicator stated on one of its bases.

    A level on an older basis can only be compared with a path on that basis: the newest one becomes
    a basis that steps away from it.
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
    return evidence.but(bases=changed, observations=named)


# Hidden levels ----------------------------------------------------------------------------------


def hide(evidence: Evidence, region: str, indicator: str, year: int) -> Evidence:
    """Return the evidence without any statement of one year's level; growth rates stay.

    The figures of its last month, quarter and half-year go as well: with the earlier ones they add
    up to the year, and of a stock they are its level.

    Parameters
    ----------
    evidence : Evidence
    region, indicator : str
        The series.
    year : int
    """
    own = _statements(Same(evidence), region, indicator)
    whole = (own["year"] == year) & (own["month"] == 12)
    gone = own.index[whole & own["measure"].isin(PUBLISHED_LEVELS)]
    return evidence.without(gone)


@lru_cache(maxsize=1)  # one year after the other is hidden
def _statements(evidence: Same[Evidence], region: str, indicator: str) -> pd.DataFrame:
    return evidence.it.statements(region, indicator)


def bearing(evidence: Evidence, indicator: str) -> Evidence:
    """Return the evidence with only the observations that can move the paths of an indicator.

    Its paths are the same as from all of them; a part is reconciled again in half the time.
    """
    moving = closure(evidence, evidence.accounts.related(indicator))
    moving = set().union(*(evidence.accounts.related(name) for name in moving))
    moving |= exchange_indicators(evidence.indicators)
    rows = evidence.observations
    return evidence.but(observations=rows[rows["indicator"].isin(moving)])


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
    part = part_of(evidence, indicator)

    def compute() -> pd.DataFrame:
        known = outcomes(part.evidence, region, indicator).drop_duplicates("year", keep="last")
        rows, near = [], bearing(part.evidence, indicator)
        bases = {b: on_basis(near, indicator, b) for b in known["basis"].iloc[1:-1].unique()}
        for row in known.iloc[1:-1].to_dict("records"):
            year, actual = int(row["year"]), float(row["value"])
            stated = bases[row["basis"]]
            try:
                hidden_year = hide(stated, region, indicator, year)
                history = reconcile(hidden_year, region, indicator, tables=False)
            except HistoryError:
                continue
            found = judged(history, actual, *estimate(history, year))
            rows.append((region, indicator, row["kind"], year, actual, *found))
        return pd.DataFrame(rows, columns=HIDDEN)

    converters = sorted(evidence.exchange_indicators)
    return cached(("recovered", part.key, converters, evidence.as_of, region, indicator), compute)


@once
def hidden(evidence: Evidence, region: str) -> pd.DataFrame:
    """Return :func:`recovered` of every series of a region and its parents."""
    pairs = levels(evidence, evidence.chain(region))[["region", "indicator"]].drop_duplicates()
    found = (recovered(evidence, str(r), str(i)) for r, i in pairs.itertuples(index=False))
    return stacked(found, HIDDEN)


def stacked(frames: Iterable[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows of all frames, numbered anew; no rows of `columns` where there are none."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=list(columns))
    found = pd.concat(filled, ignore_index=True)
    del filled  # as large again
    # Texts stay in as many pieces as there were frames, each of which is looked at for every row.
    texts = [str(name) for name in found if isinstance(found[name].dtype, pd.StringDtype)]
    whole = {name: found[name].astype(object).astype(found[name].dtype) for name in texts}
    return found.assign(**whole)


def estimate(history: History, year: int) -> tuple[float, float]:
    """Return mean and standard deviation of a year's value on the scale of the history.

    A history that ends before the year is extended by the mean change of its last years; the yearly
    noise and the error of that mean are added to its own.
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
    return guess, off(guess, actual), (mean - true) / sd


def off(guess: float, actual: float) -> float:
    """Return the error of an estimate in percent; NaN of a zero, which has none."""
    return 100 * (guess / actual - 1) if actual else math.nan


def coverage(found: pd.DataFrame, level: float) -> float:
    """Share of the actual values that the central intervals of a level cover.

    Parameters
    ----------
    found : DataFrame
        As `hidden` or `replayed` return it.
    level : float
        Nominal coverage, 0 to 1.
    """
    from scipy.special import ndtri

    return float((found["score"].abs() <= ndtri(0.5 + level / 2)).mean())

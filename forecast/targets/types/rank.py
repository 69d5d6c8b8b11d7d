"""A place in a yearly index: a random walk of the log rank, bounded below by the first place.

A step from 40 to 30 is worth one from 4 to 3, so the walk is on logs. Its variance a year has a
scaled inverse chi-squared prior, and the walk therefore Student-t predictions (Gelman et al. 2013,
section 3.2). A rank stands for the interval half a place around it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.facts import Fact, fact
from forecast.targets.assessment import PARTS, QUANTILES, Assessment, Missing
from forecast.targets.evidence_dates import last_complete_year
from forecast.targets.question import Question

PRIOR_SD = 0.3  # a yearly step of about 30 percent of the rank ...
PRIOR_WEIGHT = 3.0  # ... which counts as much as three steps that were seen
LEAST_EDITIONS = 2


def assess(question: Question) -> Assessment:
    """Answer from the editions of one index; marked rows, and other indices, do not count."""
    q = question
    rows = q.statements(q.region)
    rows = rows[(rows["measure"] == "level") & (rows["bound"] == "")]
    counts = (rows["mark"] == "") & rows["basis"].isin(["", q.evidence.newest_basis(q.indicator)])
    parts = pd.DataFrame(
        [
            (
                str(source), str(period), "", float(value),
                "unknown" if not good else "met" if value <= q.limit else "not met",
                np.nan, marked(str(mark)),
            )
            for source, period, value, good, mark in zip(
                rows["source_title"], rows["period"], rows["value"], counts, rows["mark"],
                strict=True,
            )
        ],
        columns=list(PARTS),
    )  # fmt: skip
    editions = rows[counts].groupby("year")["value"].median().sort_index()
    editions = editions[editions.index <= q.year]
    if len(editions) < LEAST_EDITIONS:
        last = last_complete_year(q.evidence)
        wanted = [y for y in (last, last - 1) if y not in set(editions.index)]
        wanted = wanted[: LEAST_EDITIONS - len(editions)]
        return q.answer(
            "partly_known" if len(rows) else "not_assessable",
            fact("reason-no-editions", n=LEAST_EDITIONS),
            parts=parts,
            missing=tuple(
                Missing(q.region, q.indicator, str(y), fact("missing-rank")) for y in sorted(wanted)
            ),
        )
    years, ranks = editions.index.to_numpy(int), editions.to_numpy(float)
    scale, freedom = walk(years, ranks)
    ahead = q.year - int(years[-1])
    facts = {"last": float(ranks[-1]), "last_year": float(years[-1]), "editions": float(len(ranks))}
    p = chance(ranks[-1], q.limit, ahead, scale, freedom)
    return q.answer(
        "already_met" if ranks[-1] <= q.limit else "assessed",
        parts=parts, facts=facts | {"scale": scale}, probability=p, probability_draws=p,
        standard_error=0.0, cases=len(ranks),
        quantiles={level: quantile(ranks[-1], level, ahead, scale, freedom) for level in QUANTILES},
    )  # fmt: skip


def marked(mark: str) -> Fact | str:
    """Return in words how a row is marked; empty without a mark."""
    key = mark.replace("_", "-")
    return fact(f"mark-{key}") if key else ""


def walk(years: np.ndarray, ranks: np.ndarray) -> tuple[float, float]:
    """Return the scale of a yearly step of the log rank, and the degrees of freedom behind it."""
    steps, gaps = np.diff(np.log(ranks)), np.diff(years)
    freedom = PRIOR_WEIGHT + len(steps)
    square = PRIOR_WEIGHT * PRIOR_SD**2 + float((steps**2 / gaps).sum())
    return float(np.sqrt(square / freedom)), freedom


def chance(last: float, limit: float, ahead: int, scale: float, freedom: float) -> float:
    """Return the probability of a rank within `limit`, `ahead` years after `last`."""
    from scipy.stats import t

    if ahead <= 0:
        return float(last <= limit)
    return float(t.cdf(np.log((limit + 0.5) / last) / (scale * np.sqrt(ahead)), freedom))


def quantile(last: float, level: float, ahead: int, scale: float, freedom: float) -> float:
    """Return a quantile of the rank: a whole number, 1 or more."""
    from scipy.stats import t

    step = scale * np.sqrt(max(ahead, 0)) * float(t.ppf(level, freedom))
    return float(max(np.round(last * np.exp(step)), 1.0))

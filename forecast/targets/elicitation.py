"""Elicited quantiles of experts, turned into a probability that is labelled as judgement.

Of each expert's quantiles the family that fits best is taken (normal, lognormal, Student-t with
three degrees of freedom, beta on the scale of shares), by least squares on the probabilities, as
the Sheffield elicitation framework does (O'Hagan et al. 2006, *Uncertain Judgements*; Oakley and
O'Hagan 2019, SHELF). Several experts are pooled linearly with equal weight.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.comparisons import RANGE, STRICT, Criterion
from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray
from forecast.evidence.units import convert
from forecast.facts import Amount, Fact, fact
from forecast.targets.assessment import QUANTILES, Judgement, criterion

FREEDOM = 3.0  # of the Student-t
Cdf = Callable[[FloatArray], FloatArray]


def rows_of(evidence: Evidence, row: pd.Series) -> pd.DataFrame:
    """Return the judgements on a target, the latest of each expert."""
    table = evidence.judgements
    mine: pd.DataFrame = table[(table["plan"] == row["plan"]) & (table["target"] == row["target"])]
    if mine.empty:
        return mine
    newest = mine.groupby("expert")["date"].transform("max")
    return mine[mine["date"] == newest]


def pooled(evidence: Evidence, row: pd.Series) -> Judgement | None:
    """Return the pooled judgement on a target for the plan's year, or None."""
    rows = rows_of(evidence, row)
    planned = evidence.target(str(row["plan"]), str(row["target"]))["year"]
    if rows.empty or int(planned) != int(row["year"]):
        return None  # a judgement on 2027 says nothing of 2030
    sought = criterion(row)
    if row["kind"] == "comparison":  # what is judged is the difference to so many percent
        sought = Criterion(sought.comparison, 0.0)
    whole = row["kind"] in ("count", "rank")
    share = str(row["unit"]) == "%"
    found, cdfs = [], list[Cdf]()
    for expert, said in rows.groupby("expert", sort=False):
        said = said.sort_values("level")
        values = np.array(
            [
                convert(float(v), str(u), str(row["unit"]))
                for v, u in zip(said["value"], said["unit"], strict=True)
            ]
        )
        levels = said["level"].to_numpy(float)
        name, cdf, misfit = fit(levels, values, share=share)
        cdfs.append(cdf)
        found.append(
            {
                "expert": str(expert), "date": str(said["date"].iloc[0]), "family": name,
                "misfit": misfit, "probability": meets(cdf, sought, whole=whole),
                "median": invert([cdf], 0.5, values), "low": invert([cdf], 0.05, values),
                "high": invert([cdf], 0.95, values),
                "reason": "; ".join(dict.fromkeys(str(r) for r in said["reason"] if str(r))),
            }
        )  # fmt: skip
    experts = pd.DataFrame(found)
    every = np.array([experts["low"].min(), experts["median"].mean(), experts["high"].max()])
    p = experts["probability"]
    return Judgement(
        float(p.mean()), float(p.min()), float(p.max()),
        {level: invert(cdfs, level, every) for level in QUANTILES},
        experts, asked(row),
    )  # fmt: skip


def asked(row: pd.Series) -> Fact | None:
    """Return what an expert is asked for on a target that is no single figure; else nothing."""
    kind, single = str(row["kind"]), ("level", "rank")
    if kind != "comparison":
        return None if kind in single else fact("asked", kind=kind)
    share = criterion(row).limit
    return fact("asked-comparison", whole=str(share == 100), share=Amount(share, "%", exact=True))


def meets(cdf: Cdf, sought: Criterion, *, whole: bool) -> float:
    """Return the probability that the figure meets the target; whole numbers fill half a unit."""
    low, high = sought.limit, sought.upper
    if whole:  # "more than ten" begins halfway between ten and eleven
        strict = sought.comparison in STRICT
        if sought.upward or sought.comparison == RANGE:
            low = (np.floor(low) + 1 if strict else np.ceil(low)) - 0.5
            high = np.floor(high) + 0.5
        else:
            low = (np.ceil(low) - 1 if strict else np.floor(low)) + 0.5
    if sought.comparison == RANGE:
        below, until = (float(p) for p in cdf(np.array([low, high])))
        return until - below
    below = float(cdf(np.array([low]))[0])
    return 1 - below if sought.upward else below


def fit(levels: FloatArray, values: FloatArray, *, share: bool = False) -> tuple[str, Cdf, float]:
    """Fit a distribution to elicited quantiles.

    Parameters
    ----------
    levels, values : ndarray, shape (n,)
        Three or more, ascending.
    share : bool
        The figure is a percentage: the beta distribution on 0 to 100 is asked as well.

    Returns
    -------
    name : str
        Of the family.
    cdf : callable
    misfit : float
        Root mean square difference of the probabilities.
    """
    best: tuple[str, Cdf, float] | None = None
    for name, cdf in families(levels, values, share=share):
        found = _least_squares(cdf, levels, values)
        misfit = float(np.sqrt(np.mean((cdf(values, found) - levels) ** 2)))
        if best is None or misfit < best[2] - 1e-6:  # the simpler one where two fit alike
            best = name, partial(cdf, parameters=found), misfit
    assert best is not None
    return best


def families(levels: FloatArray, values: FloatArray, *, share: bool) -> list[tuple[str, Any]]:
    """Return name and CDF of each family.

    Its two parameters, for place and width, are 0 at a first guess, and one is about the spread.
    """
    from scipy.special import betainc, expit, logit, ndtr, ndtri, stdtr

    slope, centre = np.polyfit(ndtri(levels), values, 1)

    def normal(x: FloatArray, parameters: FloatArray) -> FloatArray:
        result: FloatArray = ndtr(_standard((x - centre) / slope, parameters))
        return result

    def student(x: FloatArray, parameters: FloatArray) -> FloatArray:
        result: FloatArray = stdtr(FREEDOM, _standard((x - centre) / slope, parameters))
        return result

    found: list[tuple[str, Any]] = [("normal", normal), ("Student-t", student)]
    if values.min() > 0 and not share:
        steep, middle = np.polyfit(ndtri(levels), np.log(values), 1)

        def lognormal(x: FloatArray, parameters: FloatArray) -> FloatArray:
            z = (np.log(np.maximum(x, 1e-300)) - middle) / steep
            result: FloatArray = ndtr(_standard(z, parameters))
            return result

        found.append(("lognormal", lognormal))
    if share:
        mean = float(np.clip(centre / 100, 1e-4, 1 - 1e-4))
        size = max(mean * (1 - mean) / (slope / 100) ** 2 - 1, 2.0)

        def beta(x: FloatArray, parameters: FloatArray) -> FloatArray:
            m, s = expit(logit(mean) + parameters[0]), size * np.exp(parameters[1])
            result: FloatArray = betainc(m * s, (1 - m) * s, np.clip(x / 100, 0, 1))
            return result

        # A share cannot leave its scale, so the beta is asked first and kept where it fits alike.
        found.insert(0, ("beta", beta))
    return found


def _standard(z: FloatArray, parameters: FloatArray) -> FloatArray:
    result: FloatArray = (z - parameters[0]) / np.exp(parameters[1])
    return result


def _least_squares(cdf: Any, levels: FloatArray, values: FloatArray) -> FloatArray:
    from scipy.optimize import least_squares

    def miss(parameters: FloatArray) -> FloatArray:
        difference: FloatArray = cdf(values, parameters) - levels
        return difference

    result: FloatArray = least_squares(miss, [0.0, 0.0], x_scale=0.1).x
    return result


def invert(cdfs: list[Cdf], level: float, near: FloatArray) -> float:
    """Return the quantile of an equally weighted mixture; `near` is where it roughly lies."""
    from scipy.optimize import brentq

    def miss(x: float) -> float:
        at = np.array([x])
        return float(np.mean([cdf(at)[0] for cdf in cdfs])) - level

    low, high = float(near.min()), float(near.max())
    width = max(high - low, 1e-9 * max(abs(high), 1.0))
    while miss(low) > 0:
        low, width = low - width, 2 * width
    while miss(high) < 0:
        high, width = high + width, 2 * width
    return float(brentq(miss, low, high, xtol=1e-9 * max(abs(high), 1.0)))

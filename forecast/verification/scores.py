"""Scores of forecasts: points, quantiles and intervals; confidence intervals by years.

Scales are those of the M4 competition
(Makridakis, Spiliotis & Assimakopoulos 2020, IJF 36(1)) and of GIFT-Eval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.cache import set_aside
from forecast.evidence.scales import FloatArray
from forecast.forecasting.model_pool import ordered_factors

AT_ONCE = 5_000  # past forecasts whose quantiles are in memory at once
POINT_MASS = 1e-6  # width between two quantiles, in points, below which they are one value


def smape(actual: FloatArray, point: FloatArray) -> float:
    """Symmetric mean absolute percentage error, in percent; 0 where both are 0.

    Parameters
    ----------
    actual, point : ndarray, shape (n_series, n_horizons)
        Outcomes and point forecasts, in the unit of the series.
    """
    size = np.abs(actual) + np.abs(point)
    error = np.abs(point - actual)
    return float(200 * np.divide(error, size, out=np.zeros_like(error), where=size > 0).mean())


def mase(actual: FloatArray, point: FloatArray, scale: FloatArray) -> float:
    """Mean absolute scaled error (Hyndman & Koehler 2006, IJF 22(4)).

    Parameters
    ----------
    actual, point : ndarray, shape (n_series, n_horizons)
        Outcomes and point forecasts, in the unit of the series.
    scale : ndarray, shape (n_series,)
        Mean absolute yearly change of each series until the origin.
    """
    return float((np.abs(point - actual) / scale[:, None]).mean())


def owa(actual: FloatArray, point: FloatArray, naive: FloatArray, scale: FloatArray) -> float:
    """Mean of sMAPE and MASE relative to the naive forecast's.

    Parameters
    ----------
    actual, point, naive : ndarray, shape (n_series, n_horizons)
        Outcomes, point forecasts and naive forecasts.
    scale : ndarray, shape (n_series,)
        See `mase`.
    """
    relative = smape(actual, point) / smape(actual, naive)
    return (relative + mase(actual, point, scale) / mase(actual, naive, scale)) / 2


def pinball(actual: FloatArray, quantiles: FloatArray, levels: FloatArray) -> FloatArray:
    """Quantile loss.

    Parameters
    ----------
    actual : ndarray, shape (...)
        Outcomes.
    quantiles : ndarray, shape (..., n_levels)
    levels : ndarray, shape (n_levels,)
        Between 0 and 1.

    Returns
    -------
    ndarray, shape (..., n_levels)
    """
    error = actual[..., None] - quantiles
    return np.maximum(levels * error, (levels - 1) * error)


def wql(actual: FloatArray, quantiles: FloatArray, levels: FloatArray) -> float:
    """Weighted quantile loss: the mean over 0.1 ... 0.9 of 2 sum pinball / sum |y|.

    Parameters
    ----------
    actual, quantiles, levels
        See `pinball`.
    """
    tenths = np.isclose(levels * 10, np.round(levels * 10)) & (levels > 0) & (levels < 1)
    loss = pinball(actual, quantiles[..., tenths], levels[tenths])
    return float(2 * loss.mean(axis=-1).sum() / np.abs(actual).sum())


def crps(actual: FloatArray, quantiles: FloatArray, levels: FloatArray) -> FloatArray:
    """Continuous ranked probability score: twice the quantile loss integrated over the levels.

    The integrand is 0 at levels 0 and 1 (Gneiting & Ranjan 2011, JBES 29(3)).

    Parameters
    ----------
    actual, quantiles, levels
        See `pinball`.

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> levels = np.arange(1, 1000) / 1000
    >>> round(float(crps(np.array([[0.5]]), levels[None, None], levels)[0, 0]), 4)
    0.0833
    """
    loss = pinball(actual, quantiles, levels)
    loss = np.concatenate([0 * loss[..., :1], loss, 0 * loss[..., :1]], axis=-1)
    return 2 * np.trapezoid(loss, np.r_[0.0, levels, 1.0], axis=-1)


def msis(
    actual: FloatArray, low: FloatArray, high: FloatArray, scale: FloatArray, level: float = 0.95
) -> float:
    """Mean scaled interval score (Gneiting & Raftery 2007, JASA 102(477)).

    Parameters
    ----------
    actual, low, high : ndarray, shape (n_series, n_horizons)
        Outcomes, and the ends of the intervals.
    scale : ndarray, shape (n_series,)
        See `mase`.
    level : float
        Nominal coverage of the intervals.
    """
    fine = 2 / (1 - level)
    score = high - low + fine * np.maximum(low - actual, 0) + fine * np.maximum(actual - high, 0)
    return float((score / scale[:, None]).mean())


def covered(actual: FloatArray, low: FloatArray, high: FloatArray) -> npt.NDArray[np.bool_]:
    """Where the interval covers the outcome.

    Parameters
    ----------
    actual, low, high : ndarray, any one shape
    """
    return (actual >= low) & (actual <= high)


def quantiles_of(record: pd.DataFrame) -> FloatArray:
    """Return the quantiles of past forecasts, scaled where a record has factors on their spread.

    Parameters
    ----------
    record : DataFrame
        With ``quantiles``, each of shape (n_levels,), and perhaps ``factor``, NaN for none.

    Returns
    -------
    ndarray, shape (n_rows, n_levels)
    """
    rows = record["quantiles"].to_list()
    found = np.stack(rows)
    set_aside(rows)
    return _scaled(record, found)


def quantiles_at(record: pd.DataFrame, levels: Sequence[int]) -> FloatArray:
    """Return some of the quantiles of past forecasts; see `quantiles_of`.

    Parameters
    ----------
    record : DataFrame
    levels : sequence of int
        Places of their levels; no others are read.

    Returns
    -------
    ndarray, shape (n_rows, n_levels)
    """
    return _scaled(record, _places(record, levels))


def _scaled(record: pd.DataFrame, found: FloatArray) -> FloatArray:
    if "factor" not in record:
        return found
    factor = record["factor"].to_numpy(float)[:, None]
    median = _places(record, [len(record["quantiles"].iloc[0]) // 2])
    return np.where(np.isnan(factor), found, median + factor * (found - median))


def _places(record: pd.DataFrame, levels: Sequence[int]) -> FloatArray:
    rows = record["quantiles"].to_list()
    found = np.empty((len(rows), len(levels)))
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        for place, level in enumerate(levels):
            one = np.fromiter((row[level] for row in some), float, len(some))
            found[first : first + AT_ONCE, place] = one
        set_aside(some)
    return found


def pit(actual: FloatArray, quantiles: FloatArray, levels: FloatArray) -> FloatArray:
    """Probability integral transform, linear between quantiles; halfway into a tail beyond them.

    Parameters
    ----------
    actual, quantiles, levels
        See `pinball`.

    Returns
    -------
    ndarray, shape (...)
    """
    y = actual.ravel()
    flat = quantiles.reshape(len(y), len(levels))
    k = (flat <= y[:, None]).sum(axis=1)
    low, high = np.maximum(k - 1, 0), np.minimum(k, len(levels) - 1)
    rows = np.arange(len(y))
    width = flat[rows, high] - flat[rows, low]
    part = np.divide(y - flat[rows, low], width, out=np.full(len(y), 0.5), where=width > 0)
    inside = levels[low] + part * (levels[high] - levels[low])
    out = np.where(k == 0, levels[0] / 2, np.where(k == len(levels), (1 + levels[-1]) / 2, inside))
    shaped: FloatArray = out.reshape(actual.shape)
    return shaped


def log_score(actual: FloatArray, quantiles: FloatArray, levels: FloatArray) -> FloatArray:
    """Minus the log density, taken as constant between quantiles and exponential beyond them.

    Parameters
    ----------
    actual, quantiles, levels
        See `pinball`.

    Returns
    -------
    ndarray, shape (...)
        NaN where quantiles coincide around the outcome: a mass at one point has no density.
    """
    y = actual.ravel()
    flat = quantiles.reshape(len(y), len(levels))
    k = (flat <= y[:, None]).sum(axis=1)
    rows = np.arange(len(y))
    low, high = np.clip(k - 1, 0, len(levels) - 2), np.clip(k, 1, len(levels) - 1)
    width = flat[rows, high] - flat[rows, low]
    width = np.where(width < POINT_MASS, np.nan, width)
    inside = np.log((levels[high] - levels[low]) / width)
    # The tail meets the density of the outermost interval.
    edge = np.where(k == 0, flat[:, 0], flat[:, -1])
    mass = np.where(k == 0, levels[0], 1 - levels[-1])
    rate = np.exp(inside) / mass
    tail = np.log(mass * rate) - rate * np.abs(y - edge)
    outside = (k == 0) | (k == len(levels))
    out: FloatArray = -np.where(outside, tail, inside).reshape(actual.shape)
    return out


# Events ----------------------------------------------------------------------------------------


def by_years(
    top: FloatArray,
    bottom: FloatArray,
    year: npt.NDArray[np.int64],
    block: int = 3,
    draws: int = 1000,
    seed: int = 2027,
    level: float = 0.9,
) -> tuple[float, float]:
    """Confidence interval of a ratio of sums, from moving blocks of years.

    Kunsch (1989), Annals of Statistics 17(3). A mean is the ratio to the number of cases. Errors of
    one year are common to all series and those of horizons overlap, so that years are drawn, not
    cases, and neighbouring ones together.

    Parameters
    ----------
    top, bottom : ndarray, shape (n_cases,)
    year : ndarray of int, shape (n_cases,)
    block : int
        Years in a block.
    draws, seed : int
    level : float

    Returns
    -------
    low : float
        NaN where there are not two blocks.
    high : float
        The same.
    """
    _, place, count = np.unique(year, return_inverse=True, return_counts=True)
    if len(count) < 2 * block:
        return float("nan"), float("nan")
    sums = np.stack([np.bincount(place, top), np.bincount(place, bottom)])
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, len(count) - block + 1, (draws, -(-len(count) // block), 1))
    chosen = (starts + np.arange(block)).reshape(draws, -1)[:, : len(count)]
    above, below = sums[:, chosen].sum(axis=2)
    ratio = above[below > 0] / below[below > 0]
    if not len(ratio):
        return float("nan"), float("nan")
    tail = round((1 - level) / 2, 12)
    low, high = np.quantile(ratio, [tail, 1 - tail])
    return float(low), float(high)


def share_by_years(
    happened: npt.NDArray[Any], years: npt.NDArray[np.int64], cases: float | None = None
) -> FloatArray:
    """90 % interval of a share, whole years resampled: cases of a year share its shock.

    Where all cases came out alike, resampling knows no other outcome, and near that it hardly knows
    one: the interval is never narrower than the exact one (Clopper & Pearson 1934) for the
    effective number of cases. statsmodels' `proportion_confint` takes a second to import.

    Parameters
    ----------
    happened : ndarray of bool or float, shape (n_cases,)
    years : ndarray of int, shape (n_cases,)
    cases : float, optional
        Effective number of independent cases; the number of years by default.

    Returns
    -------
    ndarray, shape (2,)
    """
    from scipy.special import betaincinv

    known, share = len(np.unique(years)), float(happened.mean())
    if happened.min() == happened.max():
        bound = 0.05 ** (1 / (known if cases is None else cases))
        return np.array([bound, 1.0] if happened[0] else [0.0, 1 - bound])
    low = high = share
    if known > 1:
        low, high = by_years(happened, np.ones(len(years)), years, block=1, draws=2000, seed=0)
    if cases is None:
        return np.array([low, high])
    came, failed = share * cases, (1 - share) * cases
    exact = betaincinv(came, failed + 1, 0.05), betaincinv(came + 1, failed, 0.95)
    return np.array([min(low, exact[0]), max(high, exact[1])])


def ordered(record: pd.DataFrame, spread: FloatArray, sd: FloatArray) -> FloatArray:
    """Return `ordered_factors` on the spread of past forecasts, origin by origin.

    Parameters
    ----------
    record : DataFrame
        With the ``series``, ``origin`` and ``horizon`` of each.
    spread, sd : ndarray, shape (n_rows,)
        Factors, and what they scale.
    """
    factors, ahead = spread.copy(), record["horizon"].to_numpy()
    for rows in record.groupby(["series", "origin"]).indices.values():
        path = rows[np.argsort(ahead[rows])]
        factors[path] = ordered_factors(spread[path], sd[path])
    return factors

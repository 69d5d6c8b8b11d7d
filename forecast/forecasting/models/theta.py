"""Theta: half the long-run trend, started from a smoothed level."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models import _smoothing
from forecast.forecasting.models._draws import (
    Fitted,
    midpoints,
    on_unit_scale,
    parameters,
    quiet,
    student_scale,
    to_unit_scale,
    weighted,
    weights_of,
)

NAME = "theta"
LABEL = "Theta"
SOURCE = (
    "Assimakopoulos, V. & Nikolopoulos, K. (2000). The theta model. International Journal of "
    "Forecasting 16(4); Hyndman, R. J. & Billah, B. (2003). Unmasking the Theta method. "
    "International Journal of Forecasting 19(2)"
)
MIN_YEARS = 6

ALPHA = midpoints(20)


@on_unit_scale(MIN_YEARS, LABEL)
def simulate(path: FloatArray, horizon: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Draw around the Theta forecast, with the spread of its state-space equivalent.

    The centre is statsmodels' ``ThetaModel``. Hyndman & Billah showed that it is simple
    exponential smoothing with a drift of half the slope of the path; the errors that this model,
    drift included, would have made give the variance, so that a path which grows steadily faster
    than half its slope gets a wide spread. Level, smoothing parameter (on a
    grid weighted by likelihood), variance and drift are uncertain; the drift's error is that of
    the mean of the steps.
    """
    years = len(path)
    found = _posterior(path)
    drift, weights = found.drift, found.weights
    still, steady = np.zeros_like(ALPHA), np.ones_like(ALPHA)

    point = rng.choice(len(weights), size=draws, p=weights)
    scale = student_scale(found.squares[point], years - 2, draws, rng)
    level_error = scale / np.sqrt(found.information[point]) * rng.standard_normal(draws)
    drift_error = scale / np.sqrt(years - 1) * rng.standard_normal(draws)
    future = _smoothing.ahead(
        found.level_now[point] + found.level[point, 1] * level_error,
        drift + drift_error,
        ALPHA[point],
        still[point],
        steady[point],
        scale[:, None] * rng.standard_normal((draws, horizon)),
    )

    centre = weights @ found.level_now + drift * np.arange(1, horizon + 1)
    theta = _point_path(path, horizon)
    # A forecast further away than the path ever moved in as many years is absurd.
    farthest = 3 * horizon * float(np.abs(np.diff(path)).max())
    if np.isfinite(theta).all() and np.abs(theta).max() <= farthest:
        future += theta - centre
    return future


class _Posterior(NamedTuple):
    """What a path says at every point of the grid; the first axis has its points."""

    drift: float
    level: FloatArray  # (points, 3), as of `_smoothing.run`
    level_now: FloatArray
    residuals: FloatArray  # (points, years)
    squares: FloatArray
    information: FloatArray  # on the starting level
    weights: FloatArray


def _posterior(path: FloatArray) -> _Posterior:
    years = len(path)
    drift = float(np.polyfit(np.arange(years), path, 1)[0]) / 2

    # Smoothing with drift is the damped-trend recursion with a trend that neither fades nor
    # learns; its starting level is the one unknown left, given alpha.
    still, steady = np.zeros_like(ALPHA), np.ones_like(ALPHA)
    innovations, level, _ = _smoothing.run(path, ALPHA, still, steady)
    base = innovations[:, :, 0] + drift * innovations[:, :, 2]
    effect = innovations[:, :, 1]
    information = (effect**2).sum(axis=1)
    start = -(effect * base).sum(axis=1) / information
    residuals = base + effect * start[:, None]
    squares = np.maximum((residuals**2).sum(axis=1), 1e-9)
    weights = weights_of(-np.log(information) / 2 - (years - 2) / 2 * np.log(squares))
    level_now = level[:, 0] + level[:, 1] * start + level[:, 2] * drift
    return _Posterior(drift, level, level_now, residuals, squares, information, weights)


def fitted(path: FloatArray) -> Fitted:
    """Return the smoothing parameter, half the slope of the path, and the errors over the grid."""
    unit, spread = to_unit_scale(path, MIN_YEARS, LABEL)
    found = _posterior(unit)
    sd = spread * np.sqrt(found.squares / (len(unit) - 2))
    half = 1.645 * float(found.weights @ sd) / np.sqrt(len(unit) - 1)
    drift = spread * found.drift
    table = parameters({
        "alpha": weighted(ALPHA, found.weights),
        "drift": [drift, drift - half, drift + half],
        "sd of an error": weighted(sd, found.weights),
    })  # fmt: skip
    return Fitted(table, spread * (found.weights @ found.residuals))


def _point_path(unit: FloatArray, horizon: int) -> FloatArray:
    """Forecast with statsmodels' Theta model; not a number if that fails."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    with quiet():
        try:
            forecast = ThetaModel(unit, deseasonalize=False).fit().forecast(horizon)
        except (ValueError, np.linalg.LinAlgError):
            return np.full(horizon, np.nan)
    return np.asarray(forecast, dtype=float)

"""Theta: half the long-run trend, started from a smoothed level."""

from __future__ import annotations

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models import _smoothing
from forecast.forecasting.models._draws import (
    midpoints,
    on_unit_scale,
    quiet,
    student_scale,
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
    freedom = years - 2
    weights = weights_of(-np.log(information) / 2 - freedom / 2 * np.log(squares))
    level_now = level[:, 0] + level[:, 1] * start + level[:, 2] * drift

    point = rng.choice(len(weights), size=draws, p=weights)
    scale = student_scale(squares[point], freedom, draws, rng)
    level_error = scale / np.sqrt(information[point]) * rng.standard_normal(draws)
    drift_error = scale / np.sqrt(years - 1) * rng.standard_normal(draws)
    future = _smoothing.ahead(
        level_now[point] + level[point, 1] * level_error,
        drift + drift_error,
        ALPHA[point],
        still[point],
        steady[point],
        scale[:, None] * rng.standard_normal((draws, horizon)),
    )

    centre = weights @ level_now + drift * np.arange(1, horizon + 1)
    theta = _point_path(path, horizon)
    # A forecast further away than the path ever moved in as many years is absurd.
    farthest = 3 * horizon * float(np.abs(np.diff(path)).max())
    if np.isfinite(theta).all() and np.abs(theta).max() <= farthest:
        future += theta - centre
    return future


def _point_path(unit: FloatArray, horizon: int) -> FloatArray:
    """Forecast with statsmodels' Theta model; not a number if that fails."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    with quiet():
        try:
            forecast = ThetaModel(unit, deseasonalize=False).fit().forecast(horizon)
        except (ValueError, np.linalg.LinAlgError):
            return np.full(horizon, np.nan)
    return np.asarray(forecast, dtype=float)

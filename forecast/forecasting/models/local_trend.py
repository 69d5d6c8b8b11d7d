"""Structural local linear trend: level and drift are random walks, observed with noise.

The variances of a short path are so uncertain that their best-fitting values, often zero, are a
poor guide. A grid of them, each weighted by its likelihood from statsmodels' Kalman filter, covers
at once the random walk with drift, the local level, the smooth trend and all between.
"""

from __future__ import annotations

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models import _state_space
from forecast.forecasting.models._draws import midpoints, on_unit_scale, quiet, weights_of

NAME = "local_trend"
LABEL = "Local linear trend"
SOURCE = (
    "Harvey, A. C. (1989). Forecasting, Structural Time Series Models and the Kalman Filter; "
    "Durbin, J. & Koopman, S. J. (2012). Time Series Analysis by State Space Methods, 2nd ed."
)
MIN_YEARS = 6

# Priors of the three standard deviations, in standard deviations of the path's steps: half-normal
# with these scales. A drift that moved more than about 0.15 a year would have left nothing to call
# a trend over a generation.
NOISE, LEVEL, DRIFT = 0.7, 1.0, 0.15


@on_unit_scale(MIN_YEARS, LABEL)
def simulate(path: FloatArray, horizon: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Draw from a local linear trend, its variances uncertain."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    variances = _variances()
    with quiet():
        model = UnobservedComponents(path, "lltrend", use_exact_diffuse=True)
        weights = weights_of(np.array([model.loglike(point) for point in variances]))
        points, which = np.unique(
            rng.choice(len(weights), size=draws, p=weights), return_inverse=True
        )
        filtered = [model.filter(variances[point], return_ssm=True) for point in points]
    future = _state_space.ahead(filtered, which, np.ones(draws), horizon, rng)
    return future


def _variances() -> FloatArray:
    """Grid of variances (noise, level, drift), every point of equal prior weight."""
    from scipy.special import ndtri

    noise, level, drift = (
        scale * ndtri(0.5 + midpoints(count) / 2)
        for scale, count in ((NOISE, 6), (LEVEL, 8), (DRIFT, 6))
    )
    grid = np.meshgrid(noise, level, drift)
    return np.column_stack([axis.ravel() for axis in grid]) ** 2

"""Structural local linear trend: level and drift are random walks, observed with noise.

The variances of a short path are so uncertain that their best-fitting values, often zero, are a
poor guide. A grid of them, each weighted by its likelihood, covers at once the random walk with
drift, the local level, the smooth trend and all between. The likelihood is that of the second
differences, which know no first level or drift; statsmodels' diffuse Kalman filter gives the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models import _state_space
from forecast.forecasting.models._draws import (
    Fitted,
    midpoints,
    on_unit_scale,
    parameters,
    quiet,
    to_unit_scale,
    weighted,
    weights_of,
    whitened,
)

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
PRIORS = (0.7, 1.0, 0.15)  # of noise, level and drift


@on_unit_scale(MIN_YEARS, LABEL)
def simulate(
    path: FloatArray,
    horizon: int,
    draws: int,
    rng: np.random.Generator,
    *,
    priors: tuple[float, float, float] = PRIORS,
) -> FloatArray:
    """Draw from a local linear trend, its variances uncertain."""
    variances = _variances(priors)
    with quiet():
        weights = _weights(path, variances)
        points, which = np.unique(
            rng.choice(len(weights), size=draws, p=weights), return_inverse=True
        )
    systems, _, _ = _state_space.filtered(_after_two(path[:2], variances[points]), path[2:])
    return _state_space.ahead(systems, which, np.ones(draws), horizon, rng)


def _after_two(path: FloatArray, variances: FloatArray) -> _state_space.Systems:
    """Return the states, level and drift, after the first two years, before which none is known.

    The level is that of the second year but for its noise, the drift the step between them but for
    the noise of both, the move of the level and that of the drift.
    """
    noise, level, drift = variances.T
    count = len(variances)
    transition = np.broadcast_to([[1.0, 1.0], [0.0, 1.0]], (count, 2, 2))
    shocks, cov = np.zeros((count, 2, 2)), np.empty((count, 2, 2))
    shocks[:, 0, 0], shocks[:, 1, 1] = level, drift
    cov[...] = noise[:, None, None]
    cov[:, 1, 1] += noise + level + drift
    return _state_space.Systems(
        transition,
        np.zeros((count, 2)),
        shocks,
        noise,
        np.tile([2 * path[1] - path[0], path[1] - path[0]], (count, 1)),
        transition @ cov @ transition.swapaxes(1, 2) + shocks,
    )


def _weights(path: FloatArray, variances: FloatArray) -> FloatArray:
    """Return the weights of variances of noise, level and drift, shape (n, 3), by likelihood."""
    year = np.arange(len(path) - 2)
    apart = np.minimum(np.abs(np.subtract.outer(year, year)), 3)
    # Autocovariances of the second differences of white noise, of a random walk, and of its drift.
    bands = np.array([[6.0, -4.0, 1.0, 0.0], [2.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    squares, volume = whitened(np.tensordot(variances, bands[:, apart], 1), np.diff(path, 2))
    return weights_of(-(squares + volume) / 2)


def _model(path: FloatArray) -> Any:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    return UnobservedComponents(path, "lltrend", use_exact_diffuse=True)


def _variances(priors: tuple[float, float, float]) -> FloatArray:
    """Grid of variances (noise, level, drift), every point of equal prior weight."""
    from scipy.special import ndtri

    noise, level, drift = (
        scale * ndtri(0.5 + midpoints(count) / 2)
        for scale, count in zip(priors, (6, 8, 6), strict=True)
    )
    grid = np.meshgrid(noise, level, drift)
    return np.column_stack([axis.ravel() for axis in grid]) ** 2


def fitted(path: FloatArray, *, priors: tuple[float, float, float] = PRIORS) -> Fitted:
    """Return the standard deviations and today's drift over the grid; residuals at the likeliest.

    The first two years have none: level and drift are not known before.
    """
    unit, spread = to_unit_scale(path, MIN_YEARS, LABEL)
    variances = _variances(priors)
    with quiet():
        weights = _weights(unit, variances)
        best = _model(unit).filter(variances[int(np.argmax(weights))], return_ssm=True)
    roots = spread * np.sqrt(variances).T
    names = ("sd of the noise", "sd of the level", "sd of the drift")
    rows = {name: weighted(root, weights) for name, root in zip(names, roots, strict=True)}
    drift, error = (float(found[1, ..., -1].flat[-1]) for found in (
        best.filtered_state, best.filtered_state_cov
    ))  # fmt: skip
    half = 1.645 * float(np.sqrt(error))
    rows["drift of the last year"] = (
        spread * drift,
        spread * (drift - half),
        spread * (drift + half),
    )
    return Fitted(parameters(rows), spread * np.asarray(best.forecasts_error[0, 2:], float))

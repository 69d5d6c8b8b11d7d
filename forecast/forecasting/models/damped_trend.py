"""Damped-trend exponential smoothing: level and trend both learn, the trend fades.

A short path hardly identifies the three smoothing parameters, and the best-fitting values are often
on a border, where uncertainty is understated. So the whole likelihood is used: a grid of
parameters, each weighted by how well it explains the path. Starting level and trend and the
variance are integrated out exactly. This is ETS(A,Ad,N), and its likelihood that of statsmodels'
``ETSModel`` (the tests compare them); only the maximization is left out, and with it all failures
to converge.
"""

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
    student_scale,
    to_unit_scale,
    weighted,
    weights_of,
)

NAME = "damped_trend"
LABEL = "Damped-trend smoothing"
SOURCE = (
    "Gardner, E. S. & McKenzie, E. (1985). Forecasting trends in time series. Management Science "
    "31(10); Hyndman, R. J., Koehler, A. B., Ord, J. K. & Snyder, R. D. (2008). Forecasting with "
    "Exponential Smoothing"
)
MIN_YEARS = 6

DAMPING = (0.80, 0.98)  # range of phi: below, the trend hardly exists; above, it hardly fades


def grid(damping: tuple[float, float] = DAMPING) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return alpha, beta and phi of a grid of parameters, every point of equal prior weight.

    Alpha is uniform on (0, 1), phi on its range; beta / alpha has the density 8 (1 - x)**7, because
    trends of yearly series change slowly next to their levels.
    """
    alpha, share, phi = (
        axis.ravel()
        for axis in np.meshgrid(
            midpoints(12),
            1 - (1 - midpoints(6)) ** (1 / 8),
            damping[0] + (damping[1] - damping[0]) * midpoints(5),
        )
    )
    return alpha, alpha * share, phi


class _Posterior(NamedTuple):
    """What a path says at every point of the grid; the first axis has its points."""

    level: FloatArray  # (points, 3), as of `_smoothing.run`
    trend: FloatArray
    start: FloatArray  # (points, 2): level and trend before the first year
    inverse: FloatArray  # (points, 2, 2): their covariance, in variances of an error
    residuals: FloatArray  # (points, years)
    squares: FloatArray
    weights: FloatArray


def _posterior(
    path: FloatArray, alpha: FloatArray, beta: FloatArray, phi: FloatArray
) -> _Posterior:
    innovations, level, trend = _smoothing.run(path, alpha, beta, phi)

    # Innovations are base + effect @ start: a regression on starting level and trend.
    base, effect = innovations[:, :, 0], innovations[:, :, 1:]
    inverse = np.linalg.inv(effect.swapaxes(1, 2) @ effect)
    start = -np.einsum("kij,ktj,kt->ki", inverse, effect, base)
    residuals = base + np.einsum("kti,ki->kt", effect, start)
    squares = np.maximum((residuals**2).sum(axis=1), 1e-9)
    _, log_determinant = np.linalg.slogdet(inverse)
    weights = weights_of(log_determinant / 2 - (len(path) - 2) / 2 * np.log(squares))
    return _Posterior(level, trend, start, inverse.astype(float), residuals, squares, weights)


@on_unit_scale(MIN_YEARS, LABEL, damping=float(np.mean(DAMPING)))
def simulate(
    path: FloatArray,
    horizon: int,
    draws: int,
    rng: np.random.Generator,
    *,
    damping: tuple[float, float] = DAMPING,
) -> FloatArray:
    """Draw from damped-trend smoothing, all its parameters uncertain; `damping` is phi's range."""
    alpha, beta, phi = grid(damping)
    found = _posterior(path, alpha, beta, phi)
    point = rng.choice(len(found.weights), size=draws, p=found.weights)
    scale = student_scale(found.squares[point], len(path) - 2, draws, rng)
    root = np.linalg.cholesky(found.inverse)[point]
    error = np.einsum("dij,dj->di", root, rng.standard_normal((draws, 2)))
    factors = np.column_stack([np.ones(draws), found.start[point] + scale[:, None] * error])
    future = _smoothing.ahead(
        (found.level[point] * factors).sum(axis=1),
        (found.trend[point] * factors).sum(axis=1),
        alpha[point],
        beta[point],
        phi[point],
        scale[:, None] * rng.standard_normal((draws, horizon)),
    )
    return future


def fitted(path: FloatArray, *, damping: tuple[float, float] = DAMPING) -> Fitted:
    """Return the smoothing parameters and the trend of today, over the grid; residuals alike."""
    unit, spread = to_unit_scale(path, MIN_YEARS, LABEL)
    alpha, beta, phi = grid(damping)
    found = _posterior(unit, alpha, beta, phi)
    factors = np.column_stack([np.ones(len(alpha)), found.start])
    rows = {
        "alpha": alpha,
        "beta": beta,
        "phi": phi,
        "trend of the last year": spread * (found.trend * factors).sum(axis=1),
        "sd of an error": spread * np.sqrt(found.squares / (len(unit) - 2)),
    }
    table = parameters({name: weighted(values, found.weights) for name, values in rows.items()})
    return Fitted(table, spread * (found.weights @ found.residuals))

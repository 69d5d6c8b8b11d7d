"""Damped-trend exponential smoothing: level and trend both learn, the trend fades.

A short path hardly identifies the three smoothing parameters, and the best-fitting values are often
on a border, where uncertainty is understated. So the whole likelihood is used: a grid of
parameters, each weighted by how well it explains the path. Starting level and trend and the
variance are integrated out exactly. This is ETS(A,Ad,N), and its likelihood that of statsmodels'
``ETSModel`` (the tests compare them); only the maximization is left out, and with it all failures
to converge.
"""

from __future__ import annotations

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models import _smoothing
from forecast.forecasting.models._draws import midpoints, on_unit_scale, student_scale, weights_of

NAME = "damped_trend"
LABEL = "Damped-trend smoothing"
SOURCE = (
    "Gardner, E. S. & McKenzie, E. (1985). Forecasting trends in time series. Management Science "
    "31(10); Hyndman, R. J., Koehler, A. B., Ord, J. K. & Snyder, R. D. (2008). Forecasting with "
    "Exponential Smoothing"
)
MIN_YEARS = 6

DAMPING = (0.80, 0.98)  # range of phi: below, the trend hardly exists; above, it hardly fades

# Grid of parameters, every point of equal prior weight: alpha uniform on (0, 1), phi uniform on
# its range, beta / alpha with density 8 (1 - x)**7, because trends of yearly series change
# slowly next to their levels.
_ALPHA, _SHARE, PHI = (
    axis.ravel()
    for axis in np.meshgrid(
        midpoints(12),
        1 - (1 - midpoints(6)) ** (1 / 8),
        DAMPING[0] + (DAMPING[1] - DAMPING[0]) * midpoints(5),
    )
)
ALPHA, BETA = _ALPHA, _ALPHA * _SHARE


@on_unit_scale(MIN_YEARS, LABEL, damping=float(np.mean(DAMPING)))
def simulate(path: FloatArray, horizon: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Draw from damped-trend smoothing, all its parameters uncertain."""
    innovations, level, trend = _smoothing.run(path, ALPHA, BETA, PHI)

    # Innovations are base + effect @ start: a regression on starting level and trend.
    base, effect = innovations[:, :, 0], innovations[:, :, 1:]
    inverse = np.linalg.inv(effect.swapaxes(1, 2) @ effect)
    start = -np.einsum("kij,ktj,kt->ki", inverse, effect, base)
    residuals = base + np.einsum("kti,ki->kt", effect, start)
    squares = np.maximum((residuals**2).sum(axis=1), 1e-9)
    freedom = len(path) - 2
    _, log_determinant = np.linalg.slogdet(inverse)
    weights = weights_of(log_determinant / 2 - freedom / 2 * np.log(squares))

    point = rng.choice(len(weights), size=draws, p=weights)
    scale = student_scale(squares[point], freedom, draws, rng)
    root = np.linalg.cholesky(inverse)[point]
    error = np.einsum("dij,dj->di", root, rng.standard_normal((draws, 2)))
    factors = np.column_stack([np.ones(draws), start[point] + scale[:, None] * error])
    future = _smoothing.ahead(
        (level[point] * factors).sum(axis=1),
        (trend[point] * factors).sum(axis=1),
        ALPHA[point],
        BETA[point],
        PHI[point],
        scale[:, None] * rng.standard_normal((draws, horizon)),
    )
    return future

"""Additive exponential smoothing in innovations form, for many parameter values at once.

    y_t = l_(t-1) + phi b_(t-1) + e_t
    l_t = l_(t-1) + phi b_(t-1) + alpha e_t
    b_t = phi b_(t-1) + beta e_t

Given alpha, beta and phi, every innovation and state is linear in the starting level and trend, so
the likelihood of a short path can be integrated over them in closed form (Hyndman, Koehler, Ord &
Snyder 2008, Forecasting with Exponential Smoothing, chapter 5).
"""

from __future__ import annotations

import numpy as np

from forecast.evidence.scales import FloatArray


def run(
    path: FloatArray, alpha: FloatArray, beta: FloatArray, phi: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Smooth a path at each point of a grid of parameters.

    Parameters
    ----------
    path : ndarray, shape (years,)
    alpha, beta, phi : ndarray, shape (points,)

    Returns
    -------
    innovations : ndarray, shape (points, years, 3)
    level, trend : ndarray, shape (points, 3)
        The last states. The last axis holds the value for a start at zero and what one unit of
        starting level and one of starting trend add to it.
    """
    a, b, p = alpha[:, None], beta[:, None], phi[:, None]
    level = np.zeros((len(alpha), 3))
    trend = np.zeros((len(alpha), 3))
    level[:, 1] = trend[:, 2] = 1
    innovations = np.empty((len(alpha), len(path), 3))
    for year, value in enumerate(path):
        expected = level + p * trend
        error = -expected
        error[:, 0] += value
        innovations[:, year] = error
        level = expected + a * error
        trend = p * trend + b * error
    return innovations, level, trend


def ahead(
    level: FloatArray,
    trend: FloatArray,
    alpha: FloatArray,
    beta: FloatArray,
    phi: FloatArray,
    shocks: FloatArray,
) -> FloatArray:
    """Simulate from the states with shocks of shape (draws, horizon); all else (draws,)."""
    future = np.empty_like(shocks)
    for year, shock in enumerate(shocks.T):
        expected = level + phi * trend
        future[:, year] = expected + shock
        level = expected + alpha * shock
        trend = phi * trend + beta * shock
    return future

"""Normal distributions: points that stand for them, quantiles between limits and of mixtures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from forecast.evidence.scales import FloatArray

NODES = 2048  # points that stand for the unit cube
HALVINGS, ROUNDING = 60, 1e-14  # of the search for a quantile; a step that is rounding only


@lru_cache
def gauss_points() -> tuple[FloatArray, FloatArray]:
    """Return points and weights of Gauss's quadrature from -1 to 1."""
    points, weights = np.polynomial.legendre.leggauss(200)
    return points, weights


@lru_cache
def even_points(k: int) -> FloatArray:
    """Return evenly spread points of the unit cube, shape (NODES, k).

    Additive recurrence with the powers of a generalized golden ratio (Roberts 2018).
    """
    ratio = 2.0
    for _ in range(40):
        ratio = (1 + ratio) ** (1 / (k + 1))
    steps = np.arange(1, NODES + 1)[:, None] * ratio ** -np.arange(1.0, k + 1)
    return (0.5 + steps) % 1.0


def between(uniform: FloatArray, a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return quantiles of a standard normal between limits, and the log of their probability.

    In logs of the nearer tail, so that limits far out are no trouble.
    """
    from scipy.special import log_ndtr, ndtri_exp

    flip = a + b > 0  # work in the lower tail
    low, high = np.where(flip, -b, a), np.where(flip, -a, b)
    log_low, log_high = log_ndtr(low), log_ndtr(high)
    share = np.exp(log_low - log_high)  # of the upper limit's probability that lies below the lower
    part = np.maximum(np.where(flip, 1 - uniform, uniform), 1e-300)
    z = ndtri_exp(log_high + np.log(share + (1 - share) * part))
    z = np.clip(z, low, high)
    return np.where(flip, -z, z), log_high + np.log1p(-share)


def mixture_quantiles(
    levels: Sequence[float],
    means: FloatArray,
    sd: float,
    weight: FloatArray,
    near: FloatArray,
    wide: float,
) -> FloatArray:
    """Return quantiles of a mixture of normals with one standard deviation, shape (n_levels,).

    Newton's steps from points near them, halved intervals where a step leads out of what is known
    to hold the quantile: ten `wide` to both sides, and less after every step.
    """
    from scipy.special import ndtr

    middle = float(weight @ means)
    low, high = np.full(len(levels), middle - 10 * wide), np.full(len(levels), middle + 10 * wide)
    for _ in range(HALVINGS):
        off = (near[:, None] - means) / sd
        miss = ndtr(off) @ weight - levels
        low, high = np.where(miss < 0, near, low), np.where(miss < 0, high, near)
        density = np.exp(-np.square(off) / 2) @ weight / (sd * np.sqrt(2 * np.pi))
        step = near - miss / np.maximum(density, 1e-300)
        step = np.where((low <= step) & (step <= high), step, (low + high) / 2)
        near, moved = step, float(np.abs(step - near).max())
        if moved < ROUNDING * wide:
            break
    return near

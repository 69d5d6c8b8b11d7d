"""Damped drift: the recent pace, fading by a tenth a year."""

from __future__ import annotations

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models._draws import Fitted, checked, mean_step, student_scale

NAME = "damped_drift"
LABEL = "Damped drift"
SOURCE = (
    "Random walk with drift (Hyndman & Athanasopoulos 2021, section 5.2) with the drift an "
    "exponentially weighted mean (Brown 1959) and damped (Gardner & McKenzie 1985)"
)
MIN_YEARS = 3

MEMORY = 0.9  # weight of a year's step relative to the next year's
DAMPING = 0.9  # share of the drift that is left after a year


def simulate(
    path: FloatArray,
    horizon: int,
    draws: int,
    rng: np.random.Generator,
    *,
    memory: float = MEMORY,
    damping: float = DAMPING,
) -> FloatArray:
    """Draw a random walk around a recent, fading drift.

    The drift is the mean of the steps with weights falling by ``memory`` a year into the past; in
    year k ahead ``damping**k`` of it is left. All years count alike for the variance of the steps
    about that drift (recent years alone are too few). Drift and variance are uncertain, so the
    value h years ahead is Student t.
    """
    path = checked(path, horizon, draws, MIN_YEARS, LABEL)
    steps = np.diff(path)
    count = len(steps)
    weights = _weights(count, memory)
    mean = weights @ steps
    error = weights @ weights  # variance of the drift's error, in variances of a step

    # Expected sum of squares about the weighted mean, in variances of a step: the usual count - 1
    # when all weights are equal.
    divisor = count - 2 + count * error
    freedom = count - 1
    squares = float(((steps - mean) ** 2).sum()) * freedom / divisor
    scale = student_scale(squares, freedom, draws, rng)
    drift = mean + scale * np.sqrt(error) * rng.standard_normal(draws)

    fading = damping ** np.arange(1, horizon + 1)
    shocks = scale[:, None] * rng.standard_normal((draws, horizon))
    future: FloatArray = (drift[:, None] * fading + shocks).cumsum(axis=1)
    return float(path[-1]) + future


def _weights(count: int, memory: float) -> FloatArray:
    """Return weights of steps, the latest largest; they sum to one."""
    weights = memory ** np.arange(count - 1, -1, -1.0)
    share: FloatArray = weights / weights.sum()
    return share


def fitted(path: FloatArray, *, memory: float = MEMORY, damping: float = DAMPING) -> Fitted:
    """Return the recent drift and the spread of a step; residuals are the steps less the drift."""
    steps = np.diff(checked(path, 1, 1, MIN_YEARS, LABEL))
    weights = _weights(len(steps), memory)
    table = mean_step(steps, weights)
    table.loc["damping"] = [damping, np.nan, np.nan]
    return Fitted(table, steps - weights @ steps)

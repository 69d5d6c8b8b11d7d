"""Random walk with drift: next year's step is like the past ones. The benchmark to beat."""

from __future__ import annotations

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models._draws import Fitted, checked, mean_step, random_walk

NAME = "drift"
LABEL = "Random walk with drift"
SOURCE = (
    "Hyndman, R. J. & Athanasopoulos, G. (2021). Forecasting: Principles and Practice, "
    "3rd ed., section 5.2"
)
MIN_YEARS = 3


def simulate(path: FloatArray, horizon: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Draw a random walk whose drift and variance are known only from the path.

    With m steps of mean d and standard deviation s, the value h years ahead is Student t with
    m - 1 degrees of freedom, centre ``path[-1] + h d`` and scale ``s sqrt(h + h**2 / m)``.
    """
    path = checked(path, horizon, draws, MIN_YEARS, LABEL)
    return random_walk(path, horizon, draws, rng)


def fitted(path: FloatArray) -> Fitted:
    """Return the drift and the spread of a step; residuals are the steps less the drift."""
    steps = np.diff(checked(path, 1, 1, MIN_YEARS, LABEL))
    return Fitted(mean_step(steps), steps - steps.mean())

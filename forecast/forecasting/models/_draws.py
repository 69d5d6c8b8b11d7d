"""What the component models share: checks, the unit scale, the random walk."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

import numpy as np
import numpy.typing as npt

from forecast.evidence.scales import FloatArray

Simulate = Callable[[FloatArray, int, int, np.random.Generator], FloatArray]


def checked(
    path: npt.ArrayLike, horizon: int, draws: int, min_years: int, label: str
) -> FloatArray:
    """Return the path as an array of floats; raise ValueError for a wrong path or request."""
    values = np.asarray(path, dtype=float)
    if values.ndim != 1:
        raise ValueError(f"{label} needs one yearly path, got an array of shape {values.shape}")
    if len(values) < min_years:
        raise ValueError(f"{label} needs at least {min_years} years, got {len(values)}")
    if not np.isfinite(values).all():
        raise ValueError(f"{label} needs a path without gaps, got missing or infinite values")
    if horizon < 1 or draws < 1:
        raise ValueError(f"{label} needs at least one year ahead and one draw")
    return values


def on_unit_scale(
    min_years: int, label: str, damping: float = 1.0
) -> Callable[[Simulate], Simulate]:
    """Let a model work on a path that ends at zero and whose steps have unit variance.

    Optimizers and numerical derivatives fail on raw logs (steps of 0.05 around 9), and priors need
    a scale. The path is checked before; one whose steps were all equal is continued as it is, and
    where a model's draws are not finite, a random walk with drift takes their place.

    Parameters
    ----------
    min_years : int
        Shortest path.
    label : str
        Of the model, for messages.
    damping : float
        Of the steps of a path whose steps were all equal, per year ahead.
    """

    def wrap(model: Simulate) -> Simulate:
        @wraps(model)
        def simulate(
            path: FloatArray, horizon: int, draws: int, rng: np.random.Generator
        ) -> FloatArray:
            path = checked(path, horizon, draws, min_years, label)
            spread = step_spread(path)
            if spread == 0:
                return straight(path, horizon, draws, damping)
            future = model((path - float(path[-1])) / spread, horizon, draws, rng)
            if not np.isfinite(future).all():
                return random_walk(path, horizon, draws, rng)
            return float(path[-1]) + spread * future

        return simulate

    return wrap


def step_spread(path: FloatArray) -> float:
    """Return the standard deviation of the yearly steps; 0 when they differ by rounding only."""
    spread = float(np.diff(path).std(ddof=1))
    return spread if spread > 1e-10 * float(np.abs(path).max()) else 0.0


def straight(path: FloatArray, horizon: int, draws: int, damping: float = 1.0) -> FloatArray:
    """Continue a path whose steps were all equal, from which no spread can be estimated."""
    step = float(path[-1] - path[0]) / (len(path) - 1)
    future = float(path[-1]) + step * np.cumsum(damping ** np.arange(1, horizon + 1))
    return np.tile(future, (draws, 1))


def student_scale(
    sum_of_squares: float | FloatArray, freedom: int, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Draw standard deviations given a sum of squared residuals (prior 1/variance).

    A normal times such a scale is a Student t with `freedom` degrees of freedom.
    """
    return np.sqrt(sum_of_squares / rng.chisquare(freedom, draws))


def random_walk(
    path: FloatArray, horizon: int, draws: int, rng: np.random.Generator, *, drift: bool = True
) -> FloatArray:
    """Draw a random walk, with or without drift, its drift and variance unknown."""
    steps = np.diff(path)
    count = len(steps)
    mean = float(steps.mean()) if drift else 0.0
    freedom = count - 1 if drift else count
    scale = student_scale(float(((steps - mean) ** 2).sum()), freedom, draws, rng)
    shocks = scale[:, None] * rng.standard_normal((draws, horizon))
    if drift:
        shocks += mean + (scale * rng.standard_normal(draws) / np.sqrt(count))[:, None]
    return float(path[-1]) + shocks.cumsum(axis=1)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings of estimation on short paths; results are checked instead."""
    # Importing statsmodels switches its own warnings on, so that has to come first.
    import statsmodels.tools.sm_exceptions  # noqa: F401

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def midpoints(count: int) -> FloatArray:
    """Return the midpoints of `count` equal parts of the unit interval."""
    return (np.arange(count) + 0.5) / count


def weights_of(log_weights: FloatArray) -> FloatArray:
    """Turn log weights into weights that sum to one; what is not a number gets none."""
    finite = np.isfinite(log_weights)
    if not finite.any():
        return np.full(len(log_weights), 1 / len(log_weights))
    weights = np.exp(np.where(finite, log_weights, -np.inf) - log_weights[finite].max())
    normalized: FloatArray = weights / weights.sum()
    return normalized

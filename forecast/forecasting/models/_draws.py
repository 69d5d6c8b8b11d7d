"""What the component models share: checks, the unit scale, the random walk."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.evidence.scales import FloatArray

Simulate = Callable[..., FloatArray]  # path, horizon, draws, rng, and options by keyword
PARAMETERS = ("estimate", "low", "high")


@dataclass(frozen=True)
class Fitted:
    """What a model makes of a path."""

    #: By name: ``estimate`` and its 90 % interval ``low, high`` (NaN where it has none), in the
    #: units of the path.
    parameters: pd.DataFrame
    #: Errors one year ahead at these parameters, of the last n years; on the scale of the path;
    #: shape (n,).
    residuals: FloatArray


def parameters(rows: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Return the table of `Fitted`: by name an estimate, alone or with the ends of its interval."""
    filled = {name: [*values, np.nan, np.nan][:3] for name, values in rows.items()}
    table = pd.DataFrame.from_dict(filled, orient="index", columns=list(PARAMETERS), dtype=float)
    return table.rename_axis("parameter")


def weighted(values: FloatArray, weights: FloatArray) -> tuple[float, float, float]:
    """Return mean, 5 % and 95 % quantile of values that have weights."""
    order = np.argsort(values, kind="stable")
    low, high = np.interp([0.05, 0.95], weights[order].cumsum(), values[order])
    return float(weights @ values), float(low), float(high)


def mean_step(steps: FloatArray, weights: FloatArray | None = None) -> pd.DataFrame:
    """Return drift and spread of a random walk as parameters; Student t, as they are drawn."""
    from scipy.special import gammaincinv, stdtrit

    count = len(steps)
    share = np.full(count, 1 / count) if weights is None else weights
    mean, error = float(share @ steps), float(share @ share)
    freedom = count - 1
    # Expected sum of squares about the mean, in variances of a step: count - 1 with equal weights.
    variance = float(((steps - mean) ** 2).sum()) / (count - 2 + count * error)
    half = float(stdtrit(freedom, 0.95)) * np.sqrt(variance * error)
    ends = np.sqrt(variance * freedom / (2 * gammaincinv(freedom / 2, [0.95, 0.05])))
    return parameters({
        "drift": [mean, mean - half, mean + half],
        "sd of a step": [np.sqrt(variance), *ends],
    })  # fmt: skip


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
            path: FloatArray, horizon: int, draws: int, rng: np.random.Generator, **options: Any
        ) -> FloatArray:
            path = checked(path, horizon, draws, min_years, label)
            spread = step_spread(path)
            if spread == 0:
                return straight(path, horizon, draws, damping)
            future = model((path - float(path[-1])) / spread, horizon, draws, rng, **options)
            if not np.isfinite(future).all():
                return random_walk(path, horizon, draws, rng)
            return float(path[-1]) + spread * future

        return simulate

    return wrap


def to_unit_scale(path: FloatArray, min_years: int, label: str) -> tuple[FloatArray, float]:
    """Return a path as `on_unit_scale` hands it to a model, and the spread of its steps.

    Raises
    ------
    ValueError
        For a wrong path, and for one whose steps are all equal: there is nothing to estimate.
    """
    path = checked(path, 1, 1, min_years, label)
    spread = step_spread(path)
    if spread == 0:
        raise ValueError(f"{label} has nothing to estimate: all steps of the path are equal")
    return (path - float(path[-1])) / spread, spread


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


def whitened(covariance: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return sums of squares in units of a covariance, and its log determinant, shapes (k,).

    Parameters
    ----------
    covariance : ndarray, shape (k, n, n)
    values : ndarray, shape (n,) or (k, n)

    Raises
    ------
    numpy.linalg.LinAlgError
        If one of the matrices is no covariance.
    """
    root = np.linalg.cholesky(covariance)
    white = np.linalg.solve(root, np.broadcast_to(values, root.shape[:-1])[..., None])[..., 0]
    diagonal = np.diagonal(root, axis1=-2, axis2=-1)
    return (white**2).sum(axis=-1), 2 * np.log(diagonal).sum(axis=-1)


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

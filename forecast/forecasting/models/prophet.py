"""Prophet: a piecewise linear trend whose slope changes now and then.

The trend is not tied to the last figure, which suits noisy series and not random walks: on yearly
series this is the least accurate model. Its uncertainty is that of Prophet's posterior in full; the
default, uncertainty at the best parameters only, is far too narrow.

Yearly figures have no seasons, and without them the posterior needs no Stan. A Laplace law is a
normal one whose variance is exponential (Park, T. & Casella, G. (2008). The Bayesian lasso. JASA
103(482)): given these variances and that of the noise, slope, level and changes are jointly normal.
Chains that go from one of these laws to the next, side by side, are drawn in less time, and with
the same random numbers they follow the data smoothly. Stan's sampler does not: where its
trajectories turn depends on the last bit, so that a last digit of the data replaced all samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models._draws import (
    Fitted,
    on_unit_scale,
    parameters,
    to_unit_scale,
    weighted,
)

NAME = "prophet"
LABEL = "Prophet"
SOURCE = "Taylor, S. J. & Letham, B. (2018). Forecasting at scale. The American Statistician 72(1)"
MIN_YEARS = 8

MOST_CHANGES = 5  # changepoints of the trend; one per four years on shorter paths
FLEXIBILITY = 0.5  # prior scale of the changes; Prophet's default is meant for daily figures
RANGE = 0.95  # of the path, in which slopes may change: nearly up to the end
PRIOR_SD = 5.0  # of the first slope and the level, in units of the largest value, as in Prophet
NOISE_SD = 0.5  # of the half-normal prior of the noise, likewise

CHAINS = 400  # samples of the parameters, each the end of a chain of its own
SWEEPS = 16  # of a chain; after ten the law of the samples no longer changes
LEAST = 1e-6  # size of the noise: less cannot be told where a trend goes through all figures
GRID = np.linspace(-8.0, 8.0, 65)  # on which the noise is drawn, in standard deviations


@dataclass(frozen=True)
class _Trends:
    """Samples of the trend of a path that begins at zero, in units of its largest value.

    Time runs from 0 in the first year of the path to 1 in the last.
    """

    slope: FloatArray  # shape (n,), of the first year
    level: FloatArray  # shape (n,), at time 0
    changes: FloatArray  # shape (n, k), of the slope
    when: FloatArray  # shape (k,), times of the changes
    sd: FloatArray  # shape (n,), of the noise
    unit: float

    def at(self, t: FloatArray) -> FloatArray:
        """Return the trend of every sample at some times, shape (n, n_times)."""
        changed = (self.when <= t[:, None]) * self.changes[:, None, :]
        slope = changed.sum(axis=2) + self.slope[:, None]
        level = (changed * -self.when).sum(axis=2) + self.level[:, None]
        trend: FloatArray = slope * t + level
        return trend


@on_unit_scale(MIN_YEARS, LABEL)
def simulate(
    path: FloatArray,
    horizon: int,
    draws: int,
    rng: np.random.Generator,
    *,
    changes: int = MOST_CHANGES,
    flexibility: float = FLEXIBILITY,
) -> FloatArray:
    """Draw from Prophet's posterior predictive distribution."""
    # Prophet's priors are relative to the largest value: count from the first year.
    trends = _fit(path - path[0], rng, changes, flexibility)
    ahead = _ahead(trends, len(path), horizon, draws, rng)
    return rng.permutation(float(path[0]) + ahead)[:draws]


def _ahead(
    trends: _Trends, years: int, horizon: int, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Draw the years after those of a path, `draws` times or more, shape (n, horizon).

    As Prophet does: the slope goes on changing, as often and by as much as it did.
    """
    known, t = np.split(_times(years, horizon), [years])
    step = np.diff(t if horizon > 1 else known).mean()
    size = np.abs(trends.changes).sum(axis=1)[:, None, None] / max(len(trends.when), 1) + 1e-8
    shape = (len(size), -(-draws // len(size)), horizon)
    turns = rng.uniform(size=shape) < len(trends.when) * step
    turn = size * rng.laplace(size=shape) * turns
    half = turn / 2
    half[:, :, 1:] += turn[:, :, :-1] / 2
    bend = half.cumsum(axis=2).cumsum(axis=2) * step
    noise = trends.sd[:, None, None] * rng.standard_normal(shape)
    found: FloatArray = (trends.at(t)[:, None, :] + bend + noise) * trends.unit
    return found.reshape(-1, horizon)


def fitted(
    path: FloatArray, *, changes: int = MOST_CHANGES, flexibility: float = FLEXIBILITY
) -> Fitted:
    """Return slopes, their changes and the noise; residuals are from the trend, seen as a whole.

    Unlike those of the other models they are no errors one year ahead: the trend knows the years
    to come. Changes are named by the years that they lie before the last one.
    """
    unit, spread = to_unit_scale(path, MIN_YEARS, LABEL)
    unit = unit - unit[0]
    found = _fit(unit, np.random.default_rng(0), changes, flexibility)
    last = len(unit) - 1
    size = spread * found.unit
    slope, delta = size / last * found.slope, size / last * found.changes
    samples = {"first slope": slope, "last slope": slope + delta.sum(axis=1)}
    for when, change in zip(found.when, delta.T, strict=True):
        samples[f"change {last * (1 - when):.0f} years before the last"] = change
    samples["sd of the noise"] = size * found.sd
    even = np.full(len(slope), 1 / len(slope))
    table = parameters({name: weighted(s, even) for name, s in samples.items()})
    trend = found.at(_times(len(unit), 0)).mean(axis=0) * found.unit
    return Fitted(table, spread * (unit - trend))


def _times(years: int, horizon: int) -> FloatArray:
    """Return the ends of the years of a path and after it, from 0 to 1 over the path.

    Prophet counts days; which years they are makes no difference.
    """
    days = np.datetime64("2001", "Y") + np.arange(years + horizon)
    since = (days - days[0].astype("datetime64[D]")).astype(float)
    times: FloatArray = since / since[years - 1]
    return times


def _fit(unit: FloatArray, rng: np.random.Generator, changes: int, flexibility: float) -> _Trends:
    """Draw trends from Prophet's posterior, given a path that begins at zero."""
    years, t = len(unit), _times(len(unit), 0)
    scale = float(np.abs(unit).max())
    number = min(changes, years // 4)
    at = np.linspace(0, int(years * RANGE) - 1, number + 1).round().astype(int)[1:]
    when = t[at]
    rows = np.column_stack([t, np.ones(years), np.clip(t[:, None] - when, 0.0, None)])
    y = unit / scale
    precision = np.full((CHAINS, rows.shape[1]), 1 / PRIOR_SD**2)
    precision[:, 2:] = 1 / flexibility**2
    variance = np.full(CHAINS, ((y - rows @ np.linalg.pinv(rows) @ y) ** 2).mean() + LEAST**2)
    for _ in range(SWEEPS):
        found = _trend(rows, y, precision, variance, rng)
        errors = ((y - found @ rows.T) ** 2).sum(axis=1)
        variance = _noise(errors + years * LEAST**2, years, rng)
        # Of the normal law that each change comes from, given the change.
        mean = 1 / (flexibility * np.maximum(np.abs(found[:, 2:]), LEAST))
        precision[:, 2:] = rng.wald(mean, 1 / flexibility**2)
    return _Trends(found[:, 0], found[:, 1], found[:, 2:], when, np.sqrt(variance), scale)


def _trend(
    rows: FloatArray,
    y: FloatArray,
    precision: FloatArray,
    variance: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw slope, level and changes of each chain, shape (n, k), given all that is not of them."""
    inner = rows.T @ rows / variance[:, None, None]
    diagonal = np.arange(rows.shape[1])
    inner[:, diagonal, diagonal] += precision
    root = np.linalg.cholesky(inner)
    white = np.linalg.solve(root, (y @ rows / variance[:, None])[..., None])
    white += rng.standard_normal(precision.shape)[..., None]
    drawn: FloatArray = np.linalg.solve(root.transpose(0, 2, 1), white)[..., 0]
    return drawn


def _noise(errors: FloatArray, years: int, rng: np.random.Generator) -> FloatArray:
    """Draw the variance of the noise of each chain, given its sum of squared errors, shape (n,).

    The logarithm of its standard deviation has a log-concave density: by its distribution function
    on a grid around the mode.
    """
    power = (years - 1) * NOISE_SD**2
    mode = 2 * errors * NOISE_SD**2 / (power + np.sqrt(power**2 + 4 * errors * NOISE_SD**2))
    sd = 1 / np.sqrt(2 * errors / mode + 2 * mode / NOISE_SD**2)
    log = 0.5 * np.log(mode)[:, None] + sd[:, None] * GRID
    squared = np.exp(2 * log)
    density = -(years - 1) * log - errors[:, None] / (2 * squared) - squared / (2 * NOISE_SD**2)
    weight = np.exp(density - density.max(axis=1, keepdims=True))
    below = (weight[:, 1:] + weight[:, :-1]).cumsum(axis=1)
    wanted = below[:, -1] * rng.random(len(errors))
    chain, place = np.arange(len(errors)), (below < wanted[:, None]).sum(axis=1)
    start = np.where(place > 0, below[chain, place - 1], 0.0)
    part = (wanted - start) / (below[chain, place] - start)
    drawn: FloatArray = np.exp(2 * (log[chain, place] + part * sd * (GRID[1] - GRID[0])))
    return drawn

"""Prophet: a piecewise linear trend whose slope changes now and then.

The trend is not tied to the last figure, which suits noisy series and not random walks: on yearly
series this is the least accurate model. Its uncertainty is Prophet's own, by a short run of its
Hamiltonian sampler; the default, uncertainty at the best parameters only, is far too narrow.

The compiled Stan model that Prophet brings is asked directly, to the last digit as its own package
would: that takes longer over its data frames than over many a path, and loads matplotlib.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

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
SAMPLES = 200  # of the parameters; half of them warm the sampler up
TREE_DEPTH = 7  # limit of the sampler's trajectories; longer ones cost time and change nothing
RANGE = 0.95  # of the path, in which slopes may change: nearly up to the end
ITERATIONS = 10_000  # of the optimizer, at most

SAMPLER = (
    f"method=sample num_samples={SAMPLES // 2} num_warmup={SAMPLES // 2} "
    f"algorithm=hmc engine=nuts max_depth={TREE_DEPTH} adapt engaged=1"
)
OPTIMIZER = "method=optimize algorithm={} iter=" + str(ITERATIONS)
# The sampler may break down: the best parameters will have to do.
METHODS = (SAMPLER, OPTIMIZER.format("lbfgs"), OPTIMIZER.format("newton"))


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
    seed = int(rng.integers(2**31 - 1))
    try:
        # Prophet's priors are relative to the largest value: count from the first year.
        trends = _fit(path - path[0], seed, changes, flexibility)
    except RuntimeError:  # Stan gave up altogether: a trend without changes is what remains
        return np.full((draws, horizon), np.nan)
    ahead = _ahead(trends, len(path), horizon, draws, np.random.RandomState(seed))
    samples = float(path[0]) + ahead
    return rng.permutation(samples)[:draws]


def _ahead(
    trends: _Trends, years: int, horizon: int, draws: int, generator: np.random.RandomState
) -> FloatArray:
    """Draw the years after those of a path, `draws` times or more, shape (n, horizon).

    To the last digit those of Prophet's ``predictive_samples``, from the generator it knows.
    """
    known, t = np.split(_times(years, horizon), [years])
    step = np.diff(t if horizon > 1 else known).mean()
    count = len(trends.slope)
    size = np.abs(trends.changes).mean(axis=1) + 1e-8
    shape = (-(-draws // count), horizon)
    likely = len(trends.when) * step
    trend = trends.at(t)
    found = np.empty((count, *shape))
    for i in range(count):  # as Prophet draws, sample by sample
        turns = generator.uniform(size=shape) < likely
        turn = generator.laplace(0, size[i], shape) * turns
        half = (np.hstack([np.zeros((len(turn), 1)), turn])[:, :-1] + turn) / 2
        bend = half.cumsum(axis=1).cumsum(axis=1) * step
        noise = generator.normal(0, trends.sd[i], shape) * trends.unit
        found[i] = (trend[i] + bend) * trends.unit + noise
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
    found = _fit(unit, 0, changes, flexibility)
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


def _fit(unit: FloatArray, seed: int, changes: int, flexibility: float) -> _Trends:
    """Fit Prophet to a path that begins at zero.

    Raises
    ------
    RuntimeError
        If neither its sampler nor its optimizers come to an end.
    """
    years, t = len(unit), _times(len(unit), 0)
    scale = float(np.abs(unit).max())
    y = unit / scale
    number = min(changes, years // 4)
    at = np.linspace(0, int(years * RANGE) - 1, number + 1).round().astype(int)[1:]
    when = t[at] if number else np.zeros(1)
    # No seasonality can be seen in yearly figures: the one regressor that Stan asks for is zero.
    none = [0.0] * years
    data = {
        "T": years, "S": len(when), "K": 1, "tau": flexibility, "trend_indicator": 0,
        "y": y.tolist(), "t": t.tolist(), "cap": none, "t_change": when.tolist(),
        "X": [[x] for x in none], "sigmas": [1.0], "s_a": [0], "s_m": [0],
    }  # fmt: skip
    start = {
        "k": y[-1] - y[0], "m": y[0], "delta": [0.0] * len(when), "beta": [0.0], "sigma_obs": 1.0
    }  # fmt: skip
    found = _asked(data, start, seed)
    slope = found["k"]
    delta = np.column_stack([found[f"delta.{i}"] for i in range(1, len(when) + 1)])
    if not number:  # the change that Stan asks for belongs to the first slope
        slope, delta = slope + delta[:, 0], np.zeros_like(delta)
    return _Trends(slope, found["m"], delta, when, found["sigma_obs"], scale)


def _asked(data: dict[str, object], start: dict[str, object], seed: int) -> dict[str, FloatArray]:
    """Return samples of the parameters, or the best ones, by the names that Stan gives them."""
    program, libraries = _program()
    search = os.environ | {"PATH": os.pathsep.join([libraries, os.environ.get("PATH", "")])}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given, init, out = (folder / name for name in ("data.json", "init.json", "out.csv"))
        given.write_text(json.dumps(data), encoding="utf-8")
        init.write_text(json.dumps(start), encoding="utf-8")
        files = "data", f"file={given}", f"init={init}", "output", f"file={out}"
        for method in METHODS:
            command = [program, "id=1", "random", f"seed={seed}", *files, *method.split()]
            if subprocess.run(command, capture_output=True, check=False, env=search).returncode:
                continue
            lines = out.read_text(encoding="utf-8").splitlines()
            names, *rows = (line.split(",") for line in lines if not line.startswith("#"))
            return dict(zip(names, np.array(rows, float).T, strict=True))
    raise RuntimeError("Stan came to no end")


@cache
def _program() -> tuple[str, str]:
    """Return Prophet's compiled model and where Windows finds its libraries, importing neither."""
    package = find_spec("prophet")
    assert package is not None
    assert package.origin is not None
    folder = Path(package.origin).parent / "stan_model"
    libraries = folder.glob("cmdstan-*/stan/lib/stan_math/lib/tbb")
    return str(folder / "prophet_model.bin"), os.pathsep.join(map(str, libraries))

"""Prophet: a piecewise linear trend whose slope changes now and then.

The trend is not tied to the last figure, which suits noisy series and not random walks: on yearly
series this is the least accurate model. Its uncertainty is Prophet's own, by a short run of its
Hamiltonian sampler; the default, uncertainty at the best parameters only, is far too narrow.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

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

_LOGGERS = ("prophet", "prophet.models", "prophet.plot", "cmdstanpy")


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
    """Draw from Prophet's posterior predictive distribution.

    Prophet draws from numpy's global generator, which is seeded from `rng` for the time being and
    put back afterwards; so do not call this from several threads at once.
    """
    seed = int(rng.integers(2**31 - 1))
    with _quiet(), _global_seed(seed):
        # Prophet's priors are relative to the largest value: count from the first year.
        try:
            model = _fit(path - path[0], draws, seed, changes, flexibility)
        except RuntimeError:  # Stan gave up altogether: a trend without changes is what remains
            return np.full((draws, horizon), np.nan)
        samples = float(path[0]) + _ahead(model, _dates(len(path) + horizon)[len(path) :], draws)
    return rng.permutation(samples)[:draws]


def _ahead(model: Any, dates: pd.DatetimeIndex, draws: int) -> FloatArray:
    """Draw the years after a path, `draws` of them or more, shape (n, horizon).

    To the last digit those of Prophet's ``predictive_samples``, which asks data frames about the
    same dates at each sample of the parameters, and takes ten times as long.
    """
    t = ((dates - model.start) / model.t_scale).to_numpy()
    known = model.history["t"].to_numpy()
    step = np.diff(t if len(t) > 1 else known).mean()
    slope, level, sd = (np.ravel(model.params[name]) for name in ("k", "m", "sigma_obs"))
    changes = np.reshape(model.params["delta"], (len(slope), -1))
    size = np.abs(changes).mean(axis=1) + 1e-8
    shape = (-(-draws // len(slope)), len(t))
    likely = len(model.changepoints_t) * step
    found = np.empty((len(slope), *shape))
    for i in range(len(slope)):  # as Prophet draws, sample by sample, from the global generator
        turns = np.random.uniform(size=shape) < likely
        turn = np.random.laplace(0, size[i], shape) * turns
        half = (np.hstack([np.zeros((len(turn), 1)), turn])[:, :-1] + turn) / 2
        bend = half.cumsum(axis=1).cumsum(axis=1) * step
        trend = model.piecewise_linear(t, changes[i], slope[i], level[i], model.changepoints_t)
        noise = np.random.normal(0, sd[i], shape) * model.y_scale
        found[i] = (trend + bend) * model.y_scale + noise
    return found.reshape(-1, len(t))


def fitted(
    path: FloatArray, *, changes: int = MOST_CHANGES, flexibility: float = FLEXIBILITY
) -> Fitted:
    """Return slopes, their changes and the noise; residuals are from the trend, seen as a whole.

    Unlike those of the other models they are no errors one year ahead: the trend knows the years
    to come. Changes are named by the years that they lie before the last one.
    """
    unit, spread = to_unit_scale(path, MIN_YEARS, LABEL)
    unit = unit - unit[0]
    with _quiet(), _global_seed(0):
        model = _fit(unit, SAMPLES, 0, changes, flexibility)
        trend = np.asarray(model.predict_trend(model.history), float)
    found, last = model.params, len(unit) - 1
    size = spread * float(model.y_scale)
    slope = size / last * np.ravel(found["k"])
    delta = size / last * np.reshape(found["delta"], (len(slope), -1))
    samples = {"first slope": slope, "last slope": slope + delta.sum(axis=1)}
    for when, change in zip(np.ravel(model.changepoints_t), delta.T, strict=True):
        samples[f"change {last * (1 - when):.0f} years before the last"] = change
    samples["sd of the noise"] = size * np.ravel(found["sigma_obs"])
    even = {name: np.full(len(s), 1 / len(s)) for name, s in samples.items()}
    table = parameters({name: weighted(s, even[name]) for name, s in samples.items()})
    return Fitted(table, spread * (unit - trend))


def _dates(years: int) -> pd.DatetimeIndex:
    """Return the last days of so many years; which years they are makes no difference."""
    return pd.date_range("2000-12-31", periods=years, freq="YE")


def _fit(unit: FloatArray, draws: int, seed: int, changes: int, flexibility: float) -> Any:
    """Fit Prophet to a path that begins at zero, for `draws` futures or more."""
    from prophet import Prophet

    years = len(unit)
    history = pd.DataFrame({"ds": _dates(years), "y": unit})

    def model(samples: int) -> Prophet:
        # No seasonality can be seen in yearly figures; left to itself, Prophet would fit twenty
        # coefficients of one. Slopes may change up to the end.
        return Prophet(
            yearly_seasonality=False,
            weekly_seasonality=False,
            daily_seasonality=False,
            n_changepoints=min(changes, years // 4),
            changepoint_range=0.95,
            changepoint_prior_scale=flexibility,
            mcmc_samples=samples,
            uncertainty_samples=draws,
        )

    # Left to itself, Stan keeps its output until the process ends in an orderly way.
    with tempfile.TemporaryDirectory() as folder:
        stan = {"seed": seed, "output_dir": folder}
        made = model(SAMPLES)
        try:
            made.fit(history, chains=1, max_treedepth=TREE_DEPTH, show_progress=False, **stan)
        except RuntimeError:  # the sampler broke down: the best parameters will have to do
            made = model(0)
            made.fit(history, algorithm="LBFGS", **stan)
    return made


@contextmanager
def _global_seed(seed: int) -> Iterator[None]:
    """Seed numpy's global generator, and put its state back."""
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the progress messages of Prophet and its sampler."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.disabled for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.disabled = True
        try:
            yield
        finally:
            for logger, disabled in zip(loggers, before, strict=True):
                logger.disabled = disabled

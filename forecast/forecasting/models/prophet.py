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

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models._draws import on_unit_scale

NAME = "prophet"
LABEL = "Prophet"
SOURCE = "Taylor, S. J. & Letham, B. (2018). Forecasting at scale. The American Statistician 72(1)"
MIN_YEARS = 8

MOST_CHANGES = 5  # changepoints of the trend; one per four years on shorter paths
SAMPLES = 200  # of the parameters; half of them warm the sampler up
TREE_DEPTH = 7  # limit of the sampler's trajectories; longer ones cost time and change nothing

_LOGGERS = ("prophet", "prophet.models", "prophet.plot", "cmdstanpy")


@on_unit_scale(MIN_YEARS, LABEL)
def simulate(path: FloatArray, horizon: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Draw from Prophet's posterior predictive distribution.

    Prophet draws from numpy's global generator, which is seeded from `rng` for the time being and
    put back afterwards; so do not call this from several threads at once.
    """
    seed = int(rng.integers(2**31 - 1))
    with _quiet(), _global_seed(seed):
        # Prophet's priors are relative to the largest value: count from the first year.
        try:
            samples = float(path[0]) + _samples(path - path[0], horizon, draws, seed)
        except RuntimeError:  # Stan gave up altogether: a trend without changes is what remains
            return np.full((draws, horizon), np.nan)
    return rng.permutation(samples)[:draws]


def _samples(unit: FloatArray, horizon: int, draws: int, seed: int) -> FloatArray:
    """Fit Prophet and draw `draws` futures or more."""
    from prophet import Prophet

    years = len(unit)
    dates = pd.date_range("2000-12-31", periods=years + horizon, freq="YE")
    history = pd.DataFrame({"ds": dates[:years], "y": unit})

    def model(samples: int) -> Prophet:
        # No seasonality can be seen in yearly figures; left to itself, Prophet would fit twenty
        # coefficients of one. Slopes may change up to the end, and they do change: the default
        # prior is meant for daily figures.
        return Prophet(
            yearly_seasonality=False,
            weekly_seasonality=False,
            daily_seasonality=False,
            n_changepoints=min(MOST_CHANGES, years // 4),
            changepoint_range=0.95,
            changepoint_prior_scale=0.5,
            mcmc_samples=samples,
            uncertainty_samples=draws,
        )

    # Left to itself, Stan keeps its output until the process ends in an orderly way.
    with tempfile.TemporaryDirectory() as folder:
        stan = {"seed": seed, "output_dir": folder}
        fitted = model(SAMPLES)
        try:
            fitted.fit(history, chains=1, max_treedepth=TREE_DEPTH, show_progress=False, **stan)
        except RuntimeError:  # the sampler broke down: the best parameters will have to do
            fitted = model(0)
            fitted.fit(history, algorithm="LBFGS", **stan)
    future = fitted.predictive_samples(pd.DataFrame({"ds": dates[years:]}))
    return np.asarray(future["yhat"], dtype=float).T


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

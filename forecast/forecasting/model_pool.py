"""Draws of the future of one series: options, the pool of component models, the answer.

The answer is the learned ensemble (`forecast.forecasting.ensemble`); the component models of
`forecast.forecasting.models` are listed with it, or take its place where they are named: then as a
linear pool, in which every model has the same number of draws, so that disagreement widens it
(Bates & Granger 1969; Grushka-Cockayne & Jose 2020), with damped growth (Gardner & McKenzie 1985).
Either way the spread is scaled by the errors at rolling origins
(`forecast.verification.track_record`).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from forecast.cache import cached
from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray
from forecast.forecasting.models import families as known_families
from forecast.forecasting.models import family, registered, stamp
from forecast.forecasting.panel_data import EnsembleError, window
from forecast.progress import steps
from forecast.reconciliation.history import History

DAMPING = 0.9  # of the pool's growth, per year ahead; the value of the damped log drift
ANSWER = "answer"
ONE_SD = (0.16, 0.84)  # levels one standard deviation off the median
SHOWN = (0.05, 0.25, 0.5, 0.75, 0.95)  # levels of the quantiles of tables
OUTSIDE = ("all", "none")  # whether what others expect bears on a forecast


@dataclass(frozen=True)
class Options:
    """Options of a forecast."""

    draws: int = 4000  # number of draws
    seed: int = 2027  # seed from which every component model of every series gets its own generator
    #: Component models, of `forecast.forecasting.models.families` or registered there, to pool
    #: instead of the learned ensemble; empty means the learned ensemble.
    families: tuple[str, ...] = ()
    #: Number of sampled histories over which each component model is fitted, so that what is not
    #: known of the past (gaps, nowcasts, steps) is part of the spread.
    imputations: int = 4
    #: With the learned ensemble, fit no component model but the drift. The answer is the same; the
    #: forecasts of the other models are not computed.
    quick: bool = False
    #: Whether what others expect bears on the forecast; see `forecast.expectations.update`.
    outside: str = "all"
    #: Of the models of this session among `families`; see `forecast.forecasting.models.stamp`.
    stamp: str = field(default="", init=False, repr=False)

    def __post_init__(self) -> None:
        if not 200 <= self.draws <= 1_000_000:
            raise UserError(f"draws is {self.draws}; expected 200 to 1,000,000")
        if not 1 <= self.imputations <= 100:
            raise UserError(f"imputations is {self.imputations}; expected 1 to 100")
        if self.seed < 0:
            raise UserError(f"seed is {self.seed}; expected 0 or more")
        if self.outside not in OUTSIDE:
            raise UserError(f"outside is {self.outside!r}; expected {' or '.join(OUTSIDE)}")
        own = registered(self.families)
        unknown = sorted({*self.families} - {*known_families(), *own})
        if unknown:
            raise UserError(
                f"unknown families {', '.join(unknown)}; known are {', '.join(known_families())}"
            )
        chosen = tuple(name for name in known_families() if name in self.families)
        object.__setattr__(self, "families", (*chosen, *own))
        object.__setattr__(self, "stamp", stamp(own))

    @property
    def shown(self) -> tuple[str, ...]:
        """Component models that are fitted: the named ones, or all."""
        return self.families or known_families()


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of an indicator's future: the answer, and those of each component model."""

    years: np.ndarray  # shape (horizon,)
    #: Draws of each component model in the indicator's unit, growth damped; shape (n, horizon).
    by_family: dict[str, FloatArray]
    #: Factors by which the spread was scaled, as `growing` returns them; shape (horizon,).
    spread: FloatArray
    left_out: dict[str, str]  # component models that could not be fitted, and why
    #: Draws of the learned ensemble, spread scaled; None where component models are pooled; shape
    #: (draws, horizon).
    answer: FloatArray | None = None
    #: What others expect and how it bears on the draws; see `forecast.expectations.outlook.SEEN`.
    expected: pd.DataFrame = field(default_factory=pd.DataFrame)
    #: Medians without what others expect, in the unit; empty where nothing is expected; shape
    #: (horizon,).
    without: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def pooled(self) -> FloatArray:
        """The draws that count, shape (draws, horizon), in the indicator's unit."""
        if self.answer is not None:
            return self.answer
        return np.concatenate(list(self.by_family.values()))

    def table(self) -> pd.DataFrame:
        """Return the quantiles of the answer (`ANSWER`) and of each component model, by year."""
        draws = {ANSWER: self.pooled, **self.by_family}
        tables = {name: quantile_table(values, self.years) for name, values in draws.items()}
        return pd.concat(tables, names=["model"])


def quantile_table(draws: FloatArray, years: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """Return quantiles of draws, a row per year, a column per level of `SHOWN`.

    Parameters
    ----------
    draws : ndarray, shape (n, n_years)
    years : sequence of int
    """
    values = np.quantile(draws, SHOWN, axis=0).T
    return pd.DataFrame(values, pd.Index(years, name="year"), pd.Index(SHOWN, name="quantile"))


def recent_path(history: History) -> FloatArray:
    """Return the path that component models are fitted to, on their scale.

    Raises
    ------
    EnsembleError
        When the history is too thin.
    """
    path: FloatArray = history.mean[window(history.informed)]
    return path


def generator(seed: int, *labels: str) -> np.random.Generator:
    """Return the generator of one named part of the work, whatever else is computed around it.

    Parameters
    ----------
    seed : int
    *labels : str
        Name the part.
    """
    return np.random.default_rng([seed, *(zlib.crc32(label.encode()) for label in labels)])


def simulate(
    history: History,
    horizon: int,
    options: Options,
    spread: FloatArray,
    learned: FloatArray | None = None,
) -> Draws:
    """Draw the years after the history's last.

    Parameters
    ----------
    history : History
    horizon : int
        Number of years, at least 1.
    options : Options
    spread : ndarray, shape (horizon,)
        Factors on the distance of every draw from its year's median; see
        `forecast.verification.track_record.spread_factors`.
    learned : ndarray, shape (n, horizon), optional
        Draws of the learned ensemble, on the scale of the models, their spread scaled.

    Raises
    ------
    EnsembleError
        When the history is too thin.
    """
    if horizon < 1:
        raise ValueError(f"horizon is {horizon}; expected at least 1 year")
    recent = window(history.informed)
    pasts = history.pasts(options.imputations, generator(options.seed, history.key, "history"))
    fitted = options
    if options.quick:
        fitted = replace(
            options, quick=False, families=options.families if learned is None else ("drift",)
        )
    paths = [past[recent] for past in pasts]
    raw, left_out = cached(
        ("families", history.fingerprint, horizon, fitted),
        lambda: component_draws(paths, horizon, fitted.draws, fitted, history.key),
    )
    own = np.ones(horizon)
    if learned is None:
        own = spread = growing(np.concatenate(list(raw.values())), spread)
    damped = with_damped_growth(raw, float(history.mean[-1]), own)
    unit = {name: history.in_unit(draws) for name, draws in damped.items()}
    years = np.arange(history.years[-1] + 1, history.years[-1] + 1 + horizon)
    answer = None if learned is None else history.in_unit(learned)
    return Draws(years, unit, spread, left_out, answer)


def growing(draws: FloatArray, spread: FloatArray) -> FloatArray:
    """Return `ordered_factors` on the spread of draws, shape (n, horizon)."""
    low, high = np.quantile(draws, ONE_SD, axis=0)
    return ordered_factors(spread, (high - low) / 2)


def ordered_factors(spread: FloatArray, sd: FloatArray) -> FloatArray:
    """Return factors with which no year is forecast more narrowly than one before it.

    A level is known no better the farther ahead it lies, but factors estimated year by year, from
    a few past forecasts each, can fall faster than the spread grows. Of variances in a known order
    the maximum likelihood estimate pools neighbours that violate it (Barlow, Bartholomew, Bremner &
    Brunk 1972).

    Parameters
    ----------
    spread : ndarray, shape (horizon,)
        Factors, by years ahead.
    sd : ndarray, shape (horizon,)
        What they scale, on the scale of the models.

    Returns
    -------
    ndarray, shape (horizon,)
        The factors given, where they keep the order.

    Examples
    --------
    >>> ordered_factors(np.array([5.0, 0.5, 1.0]), np.array([1.0, 2.0, 4.0])).round(2).tolist()
    [3.61, 1.8, 1.0]
    """
    wide = spread * sd
    if (np.diff(wide) >= 0).all():
        return spread
    from scipy.optimize import isotonic_regression

    pooled = np.sqrt(isotonic_regression(wide**2).x)
    factors: FloatArray = np.divide(pooled, sd, out=spread.copy(), where=sd > 0)
    return factors


def widened(draws: FloatArray, spread: FloatArray) -> FloatArray:
    """Scale the distance of every draw from its year's median.

    Parameters
    ----------
    draws : ndarray, shape (n, horizon)
    spread : ndarray, shape (horizon,)
        Factors.

    Returns
    -------
    ndarray, shape (n, horizon)
    """
    median = np.median(draws, axis=0)
    return median + spread * (draws - median)


def component_draws(
    pasts: Sequence[FloatArray], horizon: int, draws: int, options: Options, key: str
) -> tuple[dict[str, FloatArray], dict[str, str]]:
    """Draw from every component model that the length of the path admits.

    Parameters
    ----------
    pasts : sequence of ndarray, shape (n_years,)
        Sampled histories on the scale of the models; each gets the same number of draws.
    horizon, draws : int
        Years ahead, and draws of all models together.
    options : Options
        Names the models, and the seed.
    key : str
        Of the series and origin, for the generators.

    Returns
    -------
    raw : dict of str to ndarray, shape (n, horizon)
        By model, on the scale of the models.
    left_out : dict of str to str
        Models left out, and why.

    Raises
    ------
    EnsembleError
        When no model admits so short a path.
    """
    years = len(pasts[0])
    left_out = {
        name: f"needs {family(name).MIN_YEARS} years, has {years}"
        for name in options.shown
        if years < family(name).MIN_YEARS
    }
    able = [name for name in options.shown if name not in left_out]
    if not able:
        error = EnsembleError(f"No component model can work with {years} years.")
        error.years = years
        raise error
    each = -(-draws // (len(able) * len(pasts)))
    raw = {}
    for name in steps(able, "model", str):
        rng = generator(options.seed, key, name)
        raw[name] = np.concatenate(
            [family(name).simulate(past, horizon, each, rng) for past in pasts]
        )
    return raw, left_out


def with_damped_growth(
    raw: dict[str, FloatArray], start: float, spread: FloatArray
) -> dict[str, FloatArray]:
    """Damp the growth of the pooled median and scale the draws around it, alike for each model.

    Parameters
    ----------
    raw : dict of str to ndarray, shape (n, horizon)
        See `component_draws`.
    start : float
        Value at the origin, on the scale of the models.
    spread : ndarray, shape (horizon,)
        Factors on the distance from the pooled median.

    Returns
    -------
    dict of str to ndarray, shape (n, horizon)
    """
    median = np.median(np.concatenate(list(raw.values())), axis=0)
    growth = np.diff(median, prepend=start)
    center = start + np.cumsum(growth * DAMPING ** np.arange(1, len(growth) + 1))
    return {name: center + spread * (draws - median) for name, draws in raw.items()}

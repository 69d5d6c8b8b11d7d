"""Draw the future path, and measure how such draws did before.

The answer is the learned ensemble (`forecast.forecasting.ensemble`); the families of
`forecast.forecasting.models` stand beside it, or take its place where they are named: then as a
linear pool, in which every family has the same number of draws, so that disagreement widens it
(Bates & Granger 1969; Grushka-Cockayne & Jose 2020), with damped growth (Gardner & McKenzie 1985).
Either way the spread is scaled by what rolling origins on all series of the data, and on the series
itself, ask for.
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
from forecast.forecasting.error_scale import effective_number
from forecast.forecasting.models import families as known_families
from forecast.forecasting.models import family
from forecast.forecasting.multiples import pace_at
from forecast.forecasting.windows import DENSE, EnsembleError, window
from forecast.reconciliation.history import History

DAMPING = 0.9  # of the pool's growth, per year ahead; the value of the damped log drift
BACKTEST_START = 8  # years before the first origin
BACKTEST_ORIGINS = 10  # the most recent ones
BACKTEST_HORIZONS = 5
BACKTEST_DRAWS = 700
LEVELS = np.arange(1, 100) / 100  # of the quantiles kept of every past forecast
PRIOR_ORIGINS = 10.0  # what all series say of the spread counts as much as ten own origins
PRIOR_YEARS = 3.0  # the spread as it is counts as much as three years of all series
OUTSIDE = ("all", "none")  # whether what others expect bears on a forecast
CAP = 3.0  # no error counts as more standard deviations: 2020 alone must not set the spread


@dataclass(frozen=True)
class Options:
    """What a reader may change about a forecast.

    Attributes
    ----------
    draws : int
        Size of the pooled sample.
    seed : int
        Seed from which every family of every series gets its own generator.
    families : tuple of str
        Names from `forecast.forecasting.models.families` to pool instead of the learned ensemble;
        empty means the learned ensemble.
    imputations : int
        Number of sampled histories over which each family is fitted, so that what is not known of
        the past (gaps, nowcasts, steps) is part of the spread.
    quick : bool
        Where the learned ensemble answers, ask only the drift beside it. The answer is the same;
        what the other families say is not known.
    outside : str
        Whether what others expect bears on the forecast: ``all`` or ``none``; see
        `forecast.expectations.update`.
    """

    draws: int = 4000
    seed: int = 2027
    families: tuple[str, ...] = ()
    imputations: int = 4
    quick: bool = False
    outside: str = "all"

    def __post_init__(self) -> None:
        if not 200 <= self.draws <= 1_000_000:
            raise UserError(f"draws is {self.draws}; expected 200 to 1,000,000")
        if not 1 <= self.imputations <= 100:
            raise UserError(f"imputations is {self.imputations}; expected 1 to 100")
        if self.seed < 0:
            raise UserError(f"seed is {self.seed}; expected 0 or more")
        if self.outside not in OUTSIDE:
            raise UserError(f"outside is {self.outside!r}; expected {' or '.join(OUTSIDE)}")
        unknown = sorted(set(self.families) - set(known_families()))
        if unknown:
            raise UserError(
                f"unknown families {', '.join(unknown)}; known are {', '.join(known_families())}"
            )
        chosen = tuple(name for name in known_families() if name in self.families)
        object.__setattr__(self, "families", chosen)

    @property
    def shown(self) -> tuple[str, ...]:
        """Families that are asked: the named ones, or all."""
        return self.families or known_families()


@dataclass(frozen=True, eq=False)
class Paths:
    """Draws of an indicator's future: the answer, and what each family says.

    Attributes
    ----------
    years : ndarray of int, shape (horizon,)
    by_family : dict of str to ndarray, shape (n, horizon)
        Draws in the indicator's unit, growth damped.
    answer : ndarray, shape (draws, horizon), or None
        Draws of the learned ensemble, spread scaled; None where families are pooled.
    spread : ndarray, shape (horizon,)
        Factors by which the spread was scaled.
    left_out : dict of str to str
        Families that could not be asked, and why.
    expected : DataFrame
        What others expect and how it bears on the draws; see `forecast.expectations.update.SEEN`.
    without : ndarray, shape (horizon,)
        Medians without what others expect, in the unit; empty where nothing is expected.
    """

    years: np.ndarray
    by_family: dict[str, FloatArray]
    spread: FloatArray
    left_out: dict[str, str]
    answer: FloatArray | None = None
    expected: pd.DataFrame = field(default_factory=pd.DataFrame)
    without: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def pooled(self) -> FloatArray:
        """The draws that count, shape (draws, horizon), in the indicator's unit."""
        if self.answer is not None:
            return self.answer
        return np.concatenate(list(self.by_family.values()))


def generator(seed: int, *labels: str) -> np.random.Generator:
    """Return the generator of one named part of the work, whatever else is computed around it."""
    return np.random.default_rng([seed, *(zlib.crc32(label.encode()) for label in labels)])


def simulate(
    history: History,
    horizon: int,
    options: Options,
    spread: FloatArray,
    learned: FloatArray | None = None,
) -> Paths:
    """Draw the years after the history's last.

    Parameters
    ----------
    history : History
    horizon : int
        Number of years, at least 1.
    options : Options
    spread : ndarray, shape (horizon,)
        Factors on the distance of every draw from its year's median; see `spread_factors`.
    learned : ndarray, shape (n, horizon), optional
        Draws of the learned ensemble, on the scale of the models, their spread scaled.

    Returns
    -------
    Paths

    Raises
    ------
    EnsembleError
        When the history is too thin.
    """
    if horizon < 1:
        raise ValueError(f"horizon is {horizon}; expected at least 1 year")
    seen = window(history.informed)
    pasts = history.pasts(options.imputations, generator(options.seed, history.key, "history"))
    asked = options
    if options.quick:
        asked = replace(
            options, quick=False, families=options.families if learned is None else ("drift",)
        )
    raw, left_out = cached(
        ("families", history.fingerprint, horizon, asked),
        lambda: _families([past[seen] for past in pasts], horizon, asked.draws, asked, history.key),
    )
    damped = _damped(raw, float(history.mean[-1]), spread if learned is None else 1.0)
    unit = {name: history.in_unit(draws) for name, draws in damped.items()}
    years = np.arange(history.years[-1] + 1, history.years[-1] + 1 + horizon)
    answer = None if learned is None else history.in_unit(learned)
    return Paths(years, unit, spread, left_out, answer)


def widened(draws: FloatArray, spread: FloatArray) -> FloatArray:
    """Scale the distance of every draw from its year's median.

    Parameters
    ----------
    draws : ndarray, shape (n, horizon)
    spread : ndarray, shape (horizon,)
    """
    median = np.median(draws, axis=0)
    out: FloatArray = median + spread * (draws - median)
    return out


def _families(
    pasts: Sequence[FloatArray], horizon: int, draws: int, options: Options, key: str
) -> tuple[dict[str, FloatArray], dict[str, str]]:
    """Draws of every family that the length of the path admits, on the scale of the models."""
    years = len(pasts[0])
    left_out = {
        name: f"needs {family(name).MIN_YEARS} years, has {years}"
        for name in options.shown
        if years < family(name).MIN_YEARS
    }
    able = [name for name in options.shown if name not in left_out]
    if not able:
        error = EnsembleError(f"No family of models can work with {years} years.")
        error.years = years
        raise error
    each = -(-draws // (len(able) * len(pasts)))
    raw = {}
    for name in able:
        rng = generator(options.seed, key, name)
        raw[name] = np.concatenate(
            [family(name).simulate(past, horizon, each, rng) for past in pasts]
        )
    return raw, left_out


def _damped(
    raw: dict[str, FloatArray], start: float, spread: FloatArray | float = 1.0
) -> dict[str, FloatArray]:
    """Damp the pooled median's growth, and scale the draws around it; the same for each family."""
    median = np.median(np.concatenate(list(raw.values())), axis=0)
    growth = np.diff(median, prepend=start)
    center = start + np.cumsum(growth * DAMPING ** np.arange(1, len(growth) + 1))
    return {name: center + spread * (draws - median) for name, draws in raw.items()}


# Track record ----------------------------------------------------------------------------------

RECORD = ["series", "origin", "horizon", "actual", "start", "pace", "step", "quantiles"]
POOLED, NAIVE, LEARNED = "families pooled", "no change", "learned ensemble"


def backtest(history: History, options: Options) -> pd.DataFrame:
    """Forecast from past years and keep what was said and what came.

    The path is today's reconciled history, cut off at each origin: it tells how the families
    do, not what revisions of the data added at the time.

    Returns
    -------
    DataFrame with one row per origin and horizon: ``series, origin, horizon, actual`` (on the scale
    of the models), ``start, pace, step`` (see `pace_at`) and ``quantiles`` (of the damped pool
    before scaling, at `LEVELS`). Empty when the history is too short.
    """
    found = compare(history, options)
    return found[found["method"] == POOLED].drop(columns="method").reset_index(drop=True)


def compare(history: History, options: Options) -> pd.DataFrame:
    """Forecast from past years with every family, the pool of them and no change at all.

    Returns
    -------
    DataFrame as of `backtest`, with ``method``: a family's name, `POOLED` or `NAIVE`.
    """
    parts = ("compare", history.fingerprint, options.shown, options.seed)
    return cached(parts, lambda: _compare(history, options))


def origins(history: History, most: int = BACKTEST_ORIGINS) -> list[int]:
    """Return the years from which a series can be forecast and the forecast be judged.

    The most recent ones of which the year and the next are known, after enough years, most of them
    with evidence.
    """
    informed, known, last = history.informed, history.known, len(history.years) - 1
    found = []
    for o in range(BACKTEST_START - 1, last):
        if not (known[o] and known[o + 1]):
            continue
        try:
            seen = window(informed[: o + 1])
        except EnsembleError:
            continue
        if seen.stop - seen.start >= BACKTEST_START and informed[seen].mean() >= DENSE:
            found.append(int(history.years[o]))
    return found[-most:]


def _compare(history: History, options: Options) -> pd.DataFrame:
    from scipy.stats import norm

    path, informed, years = history.mean, history.informed, history.years
    known, last = history.known, len(path) - 1
    rows: list[tuple[object, ...]] = []
    for origin in (int(np.flatnonzero(years == year)[0]) for year in origins(history)):
        horizon = min(BACKTEST_HORIZONS, last - origin)
        key = f"{history.key}@{years[origin]}"
        seen = window(informed[: origin + 1])
        try:
            raw, _ = _families([path[seen]], horizon, BACKTEST_DRAWS, options, key)
        except EnsembleError:
            continue
        pooled = np.concatenate(list(_damped(raw, float(path[origin])).values()))
        before = pace_at(path, origin)
        for h in range(1, horizon + 1):
            if not known[origin + h]:
                continue
            said = {name: np.quantile(draws[:, h - 1], LEVELS) for name, draws in raw.items()}
            said[POOLED] = np.quantile(pooled[:, h - 1], LEVELS)
            said[NAIVE] = path[origin] + norm.ppf(LEVELS) * np.std(np.diff(path[seen])) * h**0.5
            at = (history.key, int(years[origin]), h, float(path[origin + h]))
            rows += [(*at, *before, q, name) for name, q in said.items()]
    return pd.DataFrame(rows, columns=[*RECORD, "method"])


def errors(record: pd.DataFrame) -> FloatArray:
    """Errors in predictive standard deviations (half the distance of the 16 and 84 % quantiles).

    Returns
    -------
    ndarray, shape (n_rows,), capped at `CAP` either way.
    """
    if record.empty:
        return np.empty(0)
    quantiles = np.stack(record["quantiles"].to_list())
    sd = np.maximum((quantiles[:, 83] - quantiles[:, 15]) / 2, 1e-12)
    error = (record["actual"].to_numpy(float) - quantiles[:, 49]) / sd
    capped: FloatArray = np.clip(error, -CAP, CAP)
    return capped


def pooled_factor(record: pd.DataFrame) -> float:
    """Factor on the spread that all series together ask for, at one horizon.

    Scale only, every outcome year with equal weight (series of a year share its shock), shrunk to
    one. Never a shift: pooled signed errors carry the last years' common wave forward.

    Examples
    --------
    >>> pooled_factor(pd.DataFrame(columns=RECORD))
    1.0
    """
    if record.empty:
        return 1.0
    years = record["origin"].astype(int) + record["horizon"].astype(int)
    by_year = pd.Series(errors(record) ** 2).groupby(years.to_numpy()).mean()
    variance = (PRIOR_YEARS + by_year.sum()) / (PRIOR_YEARS + len(by_year))
    return float(np.clip(np.sqrt(variance), 0.5, CAP))


def spread_factors(own: pd.DataFrame, record: pd.DataFrame, horizon: int) -> FloatArray:
    """Factors on the spread, by years ahead: what all series ask for, corrected by the own record.

    Parameters
    ----------
    own, record : DataFrame
        `backtest` of the series and of all series.
    horizon : int
        Years ahead; years beyond the record use its last.

    Returns
    -------
    ndarray, shape (horizon,)
    """
    factors = list[float]()
    for h in range(1, min(horizon, BACKTEST_HORIZONS) + 1):
        if factors and not (record["horizon"] == h).any():
            break
        common = pooled_factor(record[record["horizon"] == h])
        mine = errors(own[own["horizon"] == h]) ** 2
        variance = (PRIOR_ORIGINS * common**2 + mine.sum()) / (PRIOR_ORIGINS + len(mine))
        factors.append(float(np.sqrt(variance)))
    return np.array(factors + factors[-1:] * (horizon - len(factors)))


def scored(record: pd.DataFrame) -> pd.DataFrame:
    """Score every past forecast with its spread scaled by what all the other years ask for.

    Returns
    -------
    DataFrame: the rows of `record`, their ``quantiles`` scaled, with ``error`` (in standard
    deviations so scaled) and ``inside`` the 80 % interval.
    """
    out = record.copy()
    n = len(record)
    out["error"], out["inside"] = np.zeros(n), np.zeros(n, bool)
    if record.empty:
        return out
    outcome = record["origin"].astype(int) + record["horizon"].astype(int)
    factor = np.ones(n)
    for horizon in record["horizon"].unique():
        same = record["horizon"] == horizon
        for year in outcome[same].unique():
            here = (same & (outcome == year)).to_numpy()
            factor[here] = pooled_factor(record[same & (outcome != year)])
    quantiles = np.stack(record["quantiles"].to_list())
    median = quantiles[:, [49]]
    scaled = median + factor[:, None] * (quantiles - median)
    actual = record["actual"].to_numpy(float)
    out["error"] = errors(record) / factor
    out["inside"] = (scaled[:, 9] <= actual) & (actual <= scaled[:, 89])
    out["quantiles"] = list(scaled)
    return out


def effective_cases(cases: pd.DataFrame) -> float:
    """Count the independent cases that a scored record is worth.

    Cases of one outcome year share its shock; see
    `forecast.forecasting.error_scale.effective_number`.

    Parameters
    ----------
    cases : DataFrame
        Rows of `scored`, one horizon, any number of series.
    """
    years = np.asarray(cases["origin"].astype(int) + cases["horizon"].astype(int), np.int64)
    return effective_number(cases["error"].to_numpy(float), years)

"""Past forecasts of the series of the data against what came, and the spread learned from them.

A *record* is a table with one row per series, origin and horizon whose outcome is known, columns
`RECORD`: ``actual`` on the scale of the models; ``start, pace, step``, the value at the origin and
the growth before it (`forecast.verification.multiples.pace_at`); ``quantiles``, of the forecast at
`LEVELS`. Paths are today's reconciled histories, cut off at each origin: records measure the
forecasts, not the revisions of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.cache import cached_table, once
from forecast.evidence.scales import FloatArray
from forecast.forecasting.ensemble import group, series_panel
from forecast.forecasting.error_scale import effective_number
from forecast.forecasting.model_pool import Options, component_draws, with_damped_growth
from forecast.forecasting.panel_data import DENSE, EnsembleError, window
from forecast.forecasting.panel_forecast import forecast
from forecast.progress import steps
from forecast.reconciliation.history import History
from forecast.verification import scores
from forecast.verification.holdout import stacked
from forecast.verification.multiples import pace_at

START = 8  # years before the first origin
MOST_ORIGINS = 10  # the most recent ones
HORIZONS = 5  # years ahead
DRAWS = 700  # of all component models together, at every origin
LEVELS = np.arange(1, 100) / 100  # of the quantiles kept of every past forecast
TOGETHER = 2_500  # past forecasts of all horizons that make a piece of a record
PRIOR_ORIGINS = 10.0  # the factor of all series counts as much as ten own origins
PRIOR_YEARS = 3.0  # a factor of 1 counts as much as three years of all series
CAP = 3.0  # no error counts as more standard deviations: 2020 alone must not set the spread

RECORD = ["series", "origin", "horizon", "actual", "start", "pace", "step", "quantiles"]
POOLED, NAIVE, LEARNED = "families pooled", "no change", "learned ensemble"


# Past forecasts ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A piece of a record, as large as a process should hold at once; all others stay stored."""

    name: str
    parts: tuple[object, ...]  # all that it depends on
    compute: Callable[[], pd.DataFrame]

    def table(self) -> pd.DataFrame:
        """Return the piece, computed if need be."""
        return cached_table(self.parts, self.compute, "quantiles")


def origins(history: History, most: int = MOST_ORIGINS) -> list[int]:
    """Return the years from which a series can be forecast and the forecast be verified.

    Parameters
    ----------
    history : History
    most : int
        So many, the most recent ones.

    Returns
    -------
    list of int
        Years of which the value and the next one are known, after enough years, most of them with
        evidence.
    """
    informed, known, last = history.informed, history.known, len(history.years) - 1
    found = []
    for o in range(START - 1, last):
        if not (known[o] and known[o + 1]):
            continue
        try:
            seen = window(informed[: o + 1])
        except EnsembleError:
            continue
        if seen.stop - seen.start >= START and informed[seen].mean() >= DENSE:
            found.append(int(history.years[o]))
    return found[-most:]


def ensemble_record(
    histories: Mapping[str, History], most: int = MOST_ORIGINS, horizon: int = HORIZONS
) -> pd.DataFrame:
    """Forecast all series by the learned ensemble from past years, in panels as of those years.

    Parameters
    ----------
    histories : mapping of str to History
    most : int
        Origins of a series; see `origins`.
    horizon : int
        Years ahead.

    Returns
    -------
    DataFrame
        A record.
    """
    made = steps(ensemble_pieces(histories, most, horizon), "past forecasts of", attrgetter("name"))
    found = stacked((piece.table() for piece in made), RECORD)
    return found.sort_values("origin", kind="stable", ignore_index=True)


def ensemble_pieces(
    histories: Mapping[str, History], most: int = MOST_ORIGINS, horizon: int = HORIZONS
) -> list[Piece]:
    """Return the pieces of `ensemble_record`: some origins of the series of one group each."""
    found = []
    for like in sorted({group(history) for history in histories.values()}):
        alike = {key: h for key, h in histories.items() if group(h) == like}
        marks = tuple(history.fingerprint for history in alike.values())
        when = {key: origins(history, most) for key, history in alike.items()}
        years, n = sorted(set().union(*when.values())), max(TOGETHER // len(alike), 1)
        for some in (tuple(years[i : i + n]) for i in range(0, len(years), n)):
            parts = ("past forecasts", like, marks, most, horizon, some)
            name = f"{'/'.join(like)} {some[0]}"
            found.append(Piece(name, parts, partial(_past_forecasts, alike, when, some, horizon)))
    return found


def _past_forecasts(
    alike: Mapping[str, History],
    when: Mapping[str, Sequence[int]],
    years: Sequence[int],
    horizon: int,
) -> pd.DataFrame:
    """Return a record of the series of one group, from some origins in their order."""
    rows = []
    for year in years:
        keys = [key for key, own in when.items() if year in own]
        panel = series_panel(alike, group(alike[keys[0]]), year)
        assert panel is not None
        found = forecast(panel.part, horizon).scaled(LEVELS, [panel.row(k) for k in keys])
        for key, quantiles in zip(keys, found, strict=True):
            rows += _cases(alike[key], year, quantiles)
    return pd.DataFrame(rows, columns=RECORD)


def model_record(history: History, options: Options) -> pd.DataFrame:
    """Forecast a series from past years by every component model, their pool, and no change.

    Parameters
    ----------
    history : History
    options : Options
        Names the component models.

    Returns
    -------
    DataFrame
        A record with ``method``: a model's name, `POOLED` or `NAIVE`. Empty when the history is too
        short.
    """
    parts = ("compare", history.fingerprint, options.shown, options.seed, options.stamp)
    return cached_table(parts, lambda: _model_record(history, options), "quantiles")


def _model_record(history: History, options: Options) -> pd.DataFrame:
    from scipy.special import ndtri

    path, last = history.mean, len(history.mean) - 1
    rows: list[tuple[object, ...]] = []
    for year in origins(history):
        origin = int(np.flatnonzero(history.years == year)[0])
        horizon = min(HORIZONS, last - origin)
        seen = path[window(history.informed[: origin + 1])]
        try:
            raw, _ = component_draws([seen], horizon, DRAWS, options, f"{history.key}@{year}")
        except EnsembleError:
            continue
        damped = with_damped_growth(raw, float(path[origin]), np.ones(horizon))
        draws = raw | {POOLED: np.concatenate(list(damped.values()))}
        quantiles = {name: np.quantile(d, LEVELS, axis=0).T for name, d in draws.items()}
        years = np.arange(1, horizon + 1.0)[:, None]
        quantiles[NAIVE] = path[origin] + ndtri(LEVELS) * np.std(np.diff(seen)) * np.sqrt(years)
        for name, own in quantiles.items():
            rows += [(*case, name) for case in _cases(history, year, own)]
    found = pd.DataFrame(rows, columns=[*RECORD, "method"])
    return found.sort_values(["origin", "horizon"], kind="stable", ignore_index=True)


def pool_record(history: History, options: Options) -> pd.DataFrame:
    """Return the record of the pool of component models alone; see `model_record`.

    Parameters
    ----------
    history : History
    options : Options
        Names the component models.
    """

    def pool() -> pd.DataFrame:
        found = model_record(history, options)
        return found[found["method"] == POOLED].drop(columns="method").reset_index(drop=True)

    # Stored as well: the record of all series is made of these alone.
    parts = ("pool", history.fingerprint, options.shown, options.seed, options.stamp)
    return cached_table(parts, pool, "quantiles")


def pool_pieces(histories: Sequence[History], options: Options) -> list[Piece]:
    """Return the pieces of the record of the pool of component models: of some series each."""
    found, at_once = [], TOGETHER // MOST_ORIGINS
    for first in range(0, len(histories), at_once):
        some = histories[first : first + at_once]
        marks = tuple(history.fingerprint for history in some)
        parts = ("pools", marks, options.shown, options.seed, options.stamp)
        found.append(Piece(some[0].key, parts, partial(_pools, some, options)))
    return found


def _pools(histories: Sequence[History], options: Options) -> pd.DataFrame:
    return stacked((pool_record(history, options) for history in histories), RECORD)


def _cases(history: History, year: int, quantiles: FloatArray) -> list[tuple[object, ...]]:
    """Return the rows of one origin whose outcome is known; quantiles (horizon, n_levels)."""
    path, o = history.mean, int(np.flatnonzero(history.years == year)[0])
    before = pace_at(path, o)
    return [
        (history.key, year, h, float(path[o + h]), *before, quantiles[h - 1])
        for h in range(1, min(len(quantiles), len(path) - 1 - o) + 1)
        if history.known[o + h]
    ]


# Spread -----------------------------------------------------------------------------------------


def outcome_years(record: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the years that the forecasts of a record are for, shape (n_rows,)."""
    return np.asarray(record["origin"].astype(int) + record["horizon"].astype(int), np.int64)


def errors(record: pd.DataFrame) -> FloatArray:
    """Errors in predictive standard deviations (half the distance of the 16 and 84 % quantiles).

    Returns
    -------
    ndarray, shape (n_rows,)
        Capped at `CAP` either way.
    """
    if record.empty:
        return np.empty(0)
    low, median, high = scores.quantiles_at(record, [15, 49, 83]).T
    sd = np.maximum((high - low) / 2, 1e-12)
    error = (record["actual"].to_numpy(float) - median) / sd
    capped: FloatArray = np.clip(error, -CAP, CAP)
    return capped


@once
def past_errors(record: pd.DataFrame) -> pd.DataFrame:
    """Return the `errors` of a record, with the ``series``, ``origin`` and ``horizon`` of each."""
    return record[["series", "origin", "horizon"]].assign(error=errors(record))


def of_series(record: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the rows of a series."""
    return pd.DataFrame(record.iloc[_places(record).get(key, [])])


@once
def _places(record: pd.DataFrame) -> Mapping[Hashable, Any]:
    return record.groupby("series").indices


def pooled_factor(record: pd.DataFrame) -> float:
    """Estimate the factor on the spread from the errors of all series at one horizon.

    Scale only, every outcome year with equal weight (series of a year share its shock), shrunk to
    one. Never a shift: pooled signed errors carry the last years' common shocks forward.

    Examples
    --------
    >>> pooled_factor(pd.DataFrame(columns=RECORD))
    1.0
    """
    if record.empty:
        return 1.0
    return _factor(_by_year(errors(record), outcome_years(record)).to_numpy())


def _by_year(error: FloatArray, outcome: npt.NDArray[np.int64]) -> pd.Series:
    """Return the mean square error of every outcome year."""
    return pd.Series(error**2).groupby(outcome).mean()


def _factor(squares: FloatArray) -> float:
    variance = (PRIOR_YEARS + np.nansum(squares)) / (PRIOR_YEARS + len(squares))
    return float(np.clip(np.sqrt(variance), 0.5, CAP))


@once
def _factors(record: pd.DataFrame) -> dict[int, float]:
    """Return the factors of all series by years ahead, as far as the record goes."""
    ahead = [h for h in range(1, HORIZONS + 1) if (record["horizon"] == h).any()]
    return {h: pooled_factor(record[record["horizon"] == h]) for h in ahead}


def spread_factors(own: pd.DataFrame, record: pd.DataFrame, horizon: int) -> FloatArray:
    """Estimate factors on the spread by years ahead, from all series and the series itself.

    Parameters
    ----------
    own, record : DataFrame
        Of the series and of all series.
    horizon : int
        Years ahead; years beyond the record use its last.

    Returns
    -------
    ndarray, shape (horizon,)
    """
    factors, of_all = list[float](), _factors(record)
    for h in range(1, min(horizon, HORIZONS) + 1):
        if factors and h not in of_all:
            break
        mine = errors(own[own["horizon"] == h]) ** 2
        common = PRIOR_ORIGINS * of_all.get(h, 1.0) ** 2
        factors.append(float(np.sqrt((common + mine.sum()) / (PRIOR_ORIGINS + len(mine)))))
    return np.array(factors + factors[-1:] * (horizon - len(factors)))


# Scores -----------------------------------------------------------------------------------------


@once
def scored(record: pd.DataFrame) -> pd.DataFrame:
    """Score every past forecast with its spread scaled by the factor of all other outcome years.

    Returns
    -------
    DataFrame
        The record, with the ``factor`` by which `scores.quantiles_of` scales the quantiles, and so
        scaled ``error`` (in standard deviations) and ``inside`` (the 80 % interval).
    """
    out = record.copy(deep=False)
    n = len(record)
    out["error"], out["inside"], out["factor"] = np.zeros(n), np.zeros(n, bool), np.ones(n)
    if record.empty:
        return out
    outcome, error, factor = outcome_years(record), errors(record), np.ones(n)
    for horizon in record["horizon"].unique():
        same = (record["horizon"] == horizon).to_numpy()
        squares = _by_year(error[same], outcome[same])
        for i, year in enumerate(squares.index):
            factor[same & (outcome == year)] = _factor(np.delete(squares.to_numpy(), i))
    low, high = scores.quantiles_at(record, [15, 83]).T
    out["factor"] = scores.ordered(record, factor, (high - low) / 2)
    out["error"] = error / out["factor"].to_numpy()
    out["inside"] = inside(out)
    return out


def inside(record: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether the 80 % intervals of a record hold the outcomes, shape (n_rows,)."""
    low, high = scores.quantiles_at(record, [9, 89]).T
    return scores.covered(record["actual"].to_numpy(float), low, high)


def effective_cases(cases: pd.DataFrame) -> float:
    """Count the independent cases that rows of `scored` of one horizon are worth.

    Cases of one outcome year share its shock; see
    `forecast.forecasting.error_scale.effective_number`.
    """
    return effective_number(cases["error"].to_numpy(float), outcome_years(cases))


def coverage(record: pd.DataFrame) -> pd.DataFrame:
    """Return the coverage of the 80 % intervals of rows of `scored` by years ahead.

    Returns
    -------
    DataFrame
        ``horizon, coverage`` (0 to 1) and ``cases``.
    """
    groups = record.assign(inside=record["inside"].astype(float)).groupby("horizon")["inside"]
    return pd.DataFrame(
        {"horizon": groups.mean().index, "coverage": groups.mean(), "cases": groups.size()}
    ).reset_index(drop=True)

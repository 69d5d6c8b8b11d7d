"""Past forecasts of the series of the data against what came, and the spread learned from them.

A *record* is a table with one row per series, origin and horizon whose outcome is known, columns
`RECORD`: ``actual`` on the scale of the models; ``start, pace, step``, the value at the origin and
the growth before it (`forecast.verification.multiples.pace_at`); ``quantiles``, of the forecast at
`LEVELS`. Paths are today's reconciled histories, cut off at each origin: records measure the
forecasts, not the revisions of the data.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.cache import cached, cached_table, once
from forecast.evidence.scales import FloatArray
from forecast.forecasting.ensemble import group, series_panel
from forecast.forecasting.error_scale import effective_number
from forecast.forecasting.model_pool import Options, component_draws, with_damped_growth
from forecast.forecasting.panel_data import DENSE, EnsembleError, window
from forecast.forecasting.panel_forecast import forecast
from forecast.progress import steps
from forecast.reconciliation.history import History
from forecast.verification import scores
from forecast.verification.multiples import RATIOS, attained, pace_at

START = 8  # years before the first origin
MOST_ORIGINS = 10  # the most recent ones
HORIZONS = 5  # years ahead
DRAWS = 700  # of all component models together, at every origin
LEVELS = np.arange(1, 100) / 100  # of the quantiles kept of every past forecast
PRIOR_ORIGINS = 10.0  # the factor of all series counts as much as ten own origins
PRIOR_YEARS = 3.0  # a factor of 1 counts as much as three years of all series
CAP = 3.0  # no error counts as more standard deviations: 2020 alone must not set the spread

RECORD = ["series", "origin", "horizon", "actual", "start", "pace", "step", "quantiles"]
POOLED, NAIVE, LEARNED = "families pooled", "no change", "learned ensemble"


# Past forecasts ---------------------------------------------------------------------------------


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
    rows: list[tuple[object, ...]] = []
    groups = sorted({group(history) for history in histories.values()})
    for like in steps(groups, "past forecasts of", "/".join):
        alike = {key: h for key, h in histories.items() if group(h) == like}
        marks = tuple(history.fingerprint for history in alike.values())
        parts = ("past forecasts", like, marks, most, horizon)
        rows += cached(parts, partial(_past_forecasts, alike, most, horizon))
    found = pd.DataFrame(rows, columns=RECORD)
    return found.sort_values("origin", kind="stable", ignore_index=True)


def _past_forecasts(
    alike: Mapping[str, History], most: int, horizon: int
) -> list[tuple[object, ...]]:
    """Return the rows of a record of the series of one group, in order of the origins."""
    when = {key: origins(history, most) for key, history in alike.items()}
    rows = []
    for year in sorted({y for years in when.values() for y in years}):
        keys = [key for key, years in when.items() if year in years]
        panel = series_panel(alike, group(alike[keys[0]]), year)
        assert panel is not None
        found = forecast(panel.part, horizon).scaled(LEVELS, [panel.row(k) for k in keys])
        for key, quantiles in zip(keys, found, strict=True):
            rows += _cases(alike[key], year, quantiles)
    return rows


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

    # Stored as well: the record of all series is made of these alone, by one process.
    parts = ("pool", history.fingerprint, options.shown, options.seed, options.stamp)
    return cached_table(parts, pool, "quantiles")


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
    out = record.copy()
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


def mean_scores(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the mean scores of several methods on the cases that all of them forecast.

    Parameters
    ----------
    comparison : DataFrame
        A record with ``method``.

    Returns
    -------
    DataFrame
        A row per method; by score and horizon ``crps``, ``inside`` (coverage of the 80 % interval)
        and ``brier`` (of growth at least each of `RATIOS` times the pace). Empty where no case is
        forecast by all methods.
    """
    keys = ["series", "origin", "horizon"]
    methods = comparison["method"].nunique()
    common = comparison[comparison.groupby(keys)["method"].transform("nunique") == methods]
    if common.empty:
        return pd.DataFrame()
    q = scores.quantiles_of(common)
    actual = common["actual"].to_numpy(float)
    events = [attained(common, ratio, LEVELS) for ratio in RATIOS]
    found = common[["method", "horizon"]].assign(
        crps=scores.crps(actual[:, None], q[:, None, :], LEVELS)[:, 0],
        inside=inside(common).astype(float),
        brier=np.mean([(given - came) ** 2 for given, came in events], axis=0),
    )
    return pd.DataFrame(found.groupby(["method", "horizon"]).mean().unstack("horizon"))


def crps_ratios(mean: pd.DataFrame) -> pd.DataFrame:
    """Return the CRPS of every method relative to the learned ensemble's, the best method first.

    Parameters
    ----------
    mean : DataFrame
        As `mean_scores` returns it.

    Returns
    -------
    DataFrame
        One row per method and one column per horizon; relative to the least of each horizon where
        the learned ensemble is not among the methods.
    """
    base = mean["crps"].loc[LEARNED] if LEARNED in mean.index else mean["crps"].min()
    ratios: pd.DataFrame = mean["crps"] / base
    return ratios.loc[ratios.mean(axis=1).sort_values().index]

"""Backtest of a panel: forecasts from its past years against outcomes, with benchmark methods.

Each of the last forty years of a panel is an origin. The learned ensemble, each of its component
models alone, a random walk without and with drift, and climatology (past growth of all series
pooled) forecast the same cases. Events are targets as planners set them: the growth of the five
years before, or a little above or below it.

The tables of the ensemble were learned on public panels. To score one of these,
`forecast.calibration.calibrate.tables` gives tables learned without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from forecast.evidence.panels import file_of
from forecast.evidence.problems import DataError, Problem, UserError
from forecast.evidence.scales import TRANSFORMS, FloatArray
from forecast.forecasting.component_forecasts import COMPONENTS, unit_of
from forecast.forecasting.learned_tables import Tables, committed_tables
from forecast.forecasting.panel_data import IntArray, Part, Paths, parts
from forecast.forecasting.panel_forecast import QUANTILES, forecast
from forecast.progress import steps
from forecast.verification import scores
from forecast.verification.multiples import PACE_YEARS

ENGINE, NAIVE, DRIFT, CLIMATE = "learned ensemble", "naive", "drift", "climatology"
METHODS = (ENGINE, *COMPONENTS, NAIVE, DRIFT, CLIMATE)
START = 8  # years a series must have had at an origin
RECENT = 20  # years from which naive and drift estimate the yearly change
MOST_ORIGINS = 40  # the most recent ones
LEVELS: FloatArray = np.unique(np.round(np.r_[QUANTILES, np.arange(1, 100) / 100], 3))
TENTHS = np.isin(LEVELS, np.round(np.arange(1, 10) / 10, 3))
SHARES = (50, 80, 90, 95)  # nominal coverage of central intervals, percent
DISTANCES = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 4.0])  # from the pace, points of growth a year
CHANCES = [f"p{d:+g}" for d in DISTANCES]


def backtest(
    panel: pd.DataFrame,
    horizon: int = 5,
    transform: str = "auto",
    tables: Tables | None = None,
    methods: Collection[str] = METHODS,
    kind: str = "flow",
) -> pd.DataFrame:
    """Forecast a panel from its past years, and compare every forecast with the outcome.

    Parameters
    ----------
    panel : DataFrame
        As `forecast.evidence.panels.checked` returns it.
    horizon : int
        Years ahead.
    transform : str
        See `panel_data.parts`; the scale of a series is that of all its values.
    tables : Tables, optional
        Instead of the committed ones.
    methods : collection of str
        Of `METHODS`.
    kind : str
        See `panel_data.parts`.

    Returns
    -------
    DataFrame
        One row per method, series, origin and horizon whose outcome is known:

        - ``method, series_id, origin, horizon``;
        - in the unit of the values ``actual``, ``step`` (mean size of the yearly change until the
          origin), ``median, low95, high95`` and ``quantile_loss`` (twice the mean at 0.1 to 0.9);
        - ``crps`` and ``log_score`` in points: hundredths of the log or logit, on the linear scale
          fifths of the mean size of the yearly change;
        - ``pit``, and ``inside50`` to ``inside95``;
        - ``excess``, the growth a year beyond the pace of the five years before, in points, and
          ``p-2`` to ``p+4``, the probability of an excess of at least so many points.

    Raises
    ------
    DataError
        When no series is long enough.
    """
    if not 1 <= horizon <= 20:
        raise UserError(f"horizon is {horizon}; expected 1 to 20 years")
    known = tables or committed_tables()
    at_least = max(START, horizon + 3)
    past = [
        case
        for whole in parts(panel, transform, kind=kind)
        for case in _origins(whole, horizon, at_least)
    ]
    found = [
        _case_scores(part, outcome, method, known)
        for part, outcome in steps(past, "past forecasts")
        for method in METHODS
        if method in methods
    ]
    if not found:
        most = int(panel.groupby("series_id").size().max())
        expected = (
            f"a series with values in {at_least} years before another one, for {horizon} years "
            f"ahead; the longest has {most} in all"
        )
        raise DataError([Problem("error", file_of(panel), None, "year", "", expected)])
    out = pd.concat(found, ignore_index=True)
    out["method"] = pd.Categorical(out["method"], [m for m in METHODS if m in methods])
    return out


def _origins(whole: Part, horizon: int, at_least: int) -> Iterator[tuple[Part, FloatArray]]:
    """Yield the series as of past years, and the outcomes: NaN where not known."""
    end, late = int(whole.last.max()), whole.last.max() - whole.last
    # On one calendar: series that ended earlier end with years that have no value.
    n, width = whole.paths.y.shape
    wide = int((late + whole.paths.years).max())
    y, seen = np.full((n, wide), np.nan), np.zeros((n, wide), bool)
    for i, years in enumerate(whole.paths.years):
        place = slice(wide - late[i] - years, wide - late[i])
        y[i, place] = whole.paths.y[i, width - years :]
        seen[i, place] = whole.paths.seen[i, width - years :]
    every = Paths(y, seen, whole.paths.scale)
    for cut in range(1, min(wide - at_least, MOST_ORIGINS) + 1):
        past, kept = every.cut(cut, at_least)
        ahead = slice(wide - cut, wide - cut + min(horizon, cut))
        outcome = np.where(seen[kept, ahead], y[kept, ahead], np.nan)
        if np.isfinite(outcome).any():
            year = np.full(len(kept), end - cut, np.int64)
            yield Part(whole.ids[kept], past, year, whole.floor[kept], whole.kind), outcome


def _case_scores(part: Part, outcome: FloatArray, method: str, tables: Tables) -> pd.DataFrame:
    """Forecast by one method from one origin, and score the cases."""
    paths, last = part.paths, part.paths.y[:, -1]
    inverse = TRANSFORMS[paths.scale].inverse
    horizon = outcome.shape[1]
    h = np.arange(1, horizon + 1)
    point = unit_of(paths) / (5 if paths.scale == "linear" else 100)
    pace = (last - paths.y[:, -1 - PACE_YEARS]) / PACE_YEARS
    aim = (pace[:, None] + DISTANCES * point[:, None])[:, None] * h[:, None]
    if method in (NAIVE, DRIFT, CLIMATE):
        changes, chance = _reference(method, paths, h, aim)
    else:
        f = forecast(part, horizon, tables, () if method == ENGINE else (method,))
        changes = f.scaled(LEVELS) - last[:, None, None]
        rows, when, _ = (index.ravel() for index in np.indices(aim.shape))
        value = inverse(last[:, None, None] + aim).ravel()
        chance = f.bounded(1 - f.below(rows, when + 1, value), when + 1).reshape(aim.shape)
    values, actual = (inverse(y) for y in (last[:, None, None] + changes, outcome))
    steps = np.abs(np.diff(inverse(paths.y), axis=1))
    points, change = changes / point[:, None, None], (outcome - last[:, None]) / point[:, None]
    found = {
        "actual": actual,
        "step": np.broadcast_to(np.nanmean(steps, axis=1)[:, None], outcome.shape),
        "median": values[..., _place(0.5)],
        "low95": values[..., _place(0.025)],
        "high95": values[..., _place(0.975)],
        "quantile_loss": 2 * scores.pinball(actual, values[..., TENTHS], LEVELS[TENTHS]).mean(-1),
        "crps": scores.crps(change, points, LEVELS),
        "log_score": scores.log_score(change, points, LEVELS),
        "pit": scores.pit(change, points, LEVELS),
        **{
            f"inside{share}": scores.covered(
                change,
                points[..., _place(0.5 - share / 200)],
                points[..., _place(0.5 + share / 200)],
            )
            for share in SHARES
        },
        "excess": change / h - (pace / point)[:, None],
        **{name: chance[..., i] for i, name in enumerate(CHANCES)},
    }
    known = np.isfinite(outcome)
    row, column = np.nonzero(known)
    cases = {
        "method": method, "series_id": part.ids[row], "origin": part.last[row],
        "horizon": column + 1,
    }  # fmt: skip
    return pd.DataFrame({**cases, **{name: array[known] for name, array in found.items()}})


def _reference(
    method: str, paths: Paths, h: IntArray, aim: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Quantiles of the change, and the probability of at least `aim`, by a benchmark method.

    Naive and drift are random walks with Student's t; climatology counts the changes of all series
    over as many years, in units of each series' own.
    """
    from scipy.special import stdtr, stdtrit

    if method != CLIMATE:
        d = np.diff(paths.y[:, -RECENT:], axis=1)
        n = np.isfinite(d).sum(axis=1)[:, None]
        drift = np.nanmean(d, axis=1, keepdims=True) * (method == DRIFT)
        sd = np.nanstd(d, axis=1, keepdims=True, ddof=1) + 1e-9
        centre = (drift * h)[..., None]
        spread = (sd * np.sqrt(h + (h**2 / n) * (method == DRIFT)))[..., None]
        freedom = (n - 1.0)[..., None]
        return centre + spread * stdtrit(freedom, LEVELS), stdtr(freedom, (centre - aim) / spread)
    changes, chance = np.empty((*aim.shape[:2], len(LEVELS))), np.empty_like(aim)
    unit = unit_of(paths)
    y = np.where(paths.seen, paths.y / unit[:, None], np.nan)
    for i, years in enumerate(h):
        change = (y[:, years:] - y[:, :-years]).ravel()
        past = np.sort(change[np.isfinite(change)])
        changes[:, i] = unit[:, None] * np.quantile(past, LEVELS)
        below = np.searchsorted(past, aim[:, i] / unit[:, None])
        chance[:, i] = (len(past) - below + 1) / (len(past) + 2)
    return changes, chance


def _place(level: float) -> int:
    return int(np.abs(LEVELS - level).argmin())

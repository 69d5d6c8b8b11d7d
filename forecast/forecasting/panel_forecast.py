"""Forecast any panel of yearly series, and say how likely targets are to be attained.

Quantiles and probabilities are computed, not drawn: there is no seed to set, and the output is the
same however the work is divided. An optional column ``group`` names series that share shocks; that
concerns their joint futures, never the quantiles of one series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from forecast.evidence.panels import TARGETS, checked, file_of, need, numbers, told_once, where
from forecast.evidence.problems import DataError, Problem, UserError
from forecast.forecasting import component_forecasts as pooled
from forecast.forecasting import error_scale as record
from forecast.forecasting import floor
from forecast.forecasting.component_forecasts import Spread
from forecast.forecasting.distribution import Errors
from forecast.forecasting.error_scale import Record
from forecast.forecasting.panel_data import WINDOW, FloatArray, IntArray, Paths, Table, Tables
from forecast.resources import CALIBRATION

QUANTILES = np.array([0.005, 0.01, 0.025, 0.05, *np.arange(1, 10) / 10, 0.95, 0.975, 0.99, 0.995])
UPWARD, DOWNWARD = (">=", ">", "at_least", "exceed"), ("<=", "<", "at_most")
AT_THE_VALUE = (">", "exceed", "<=", "at_most")  # an outcome of exactly the value is "below"
KINDS = ("flow", "stock")
SCALES = ("auto", "log", "logit", "linear")
FARTHEST = 50  # years ahead


# Panels as arrays ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Part:
    """The series of a panel that share a scale.

    Attributes
    ----------
    ids : ndarray of str
    paths : Paths
    last : ndarray of int
        Year of each series' last value.
    floor : ndarray of bool
        Series that were never negative, though not on the log scale.
    kind : str
        ``flow`` or ``stock``.
    """

    ids: np.ndarray
    paths: Paths
    last: IntArray
    floor: np.ndarray
    kind: str = "flow"


def parts(
    panel: pd.DataFrame, transform: str = "auto", origin: int | None = None, kind: str = "flow"
) -> list[Part]:
    """Turn a checked panel into arrays, one part for each scale.

    Missing years are interpolated on the scale of the models and do not count as evidence.

    Parameters
    ----------
    panel : DataFrame
        As `checked` returns it.
    transform : str
        ``auto``: log where all values of a series are positive, linear otherwise. ``logit`` is for
        percentages between 0 and 100 and has to be asked for: values cannot tell a share from an
        index.
    origin : int, optional
        Last year to be used.
    kind : {"flow", "stock"}
        Values cannot tell a stock, such as population, from a flow, such as output.

    Raises
    ------
    DataError
        When the scale does not admit the values, or the origin leaves too little.
    """
    if transform not in SCALES:
        raise UserError(f"transform is {transform!r}; expected one of {', '.join(SCALES)}")
    if kind not in KINDS:
        raise UserError(f"kind is {kind!r}; expected one of {', '.join(KINDS)}")
    file = file_of(panel)
    if origin is not None:
        kept = panel[panel["year"] <= origin]
        n = kept.groupby("series_id")["year"].transform("size")
        panel = kept[n >= 2].reset_index(drop=True)
        if panel.empty:
            expected = "an origin with two earlier values of some series"
            raise DataError([Problem("error", file, None, "year", str(origin), expected)])
    names = panel["series_id"].to_numpy()
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    values = panel["value"].to_numpy(float)
    lowest = np.minimum.reduceat(values, starts)
    highest = np.maximum.reduceat(values, starts)
    if transform == "auto":
        scale = np.where(lowest > 0, "log", "linear")
    else:
        scale = np.full(len(starts), transform)
        bad = (lowest <= 0) if transform == "log" else (lowest <= 0) | (highest >= 100)
        if transform != "linear" and bad.any():
            expected = f"values {'above 0' if transform == 'log' else 'between 0 and 100'}"
            ids = names[starts[bad]][:1000]
            raise DataError([Problem("error", file, None, "value", str(i), expected) for i in ids])
    series = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(names)]))
    out = []
    for name in np.unique(scale):
        chosen = scale == name
        rows = chosen[series]
        paths, last = _arrays(
            (np.cumsum(chosen) - 1)[series[rows]],
            panel["year"].to_numpy(np.int64)[rows], forward(values[rows], name), name,
        )  # fmt: skip
        floor = (lowest[chosen] >= 0) & (name == "linear")
        out.append(Part(names[starts[chosen]], paths, last, floor, kind))
    return out


def _arrays(series: IntArray, year: IntArray, y: FloatArray, scale: str) -> tuple[Paths, IntArray]:
    """Right-align values that are sorted by series and year, and fill the gaps between them."""
    ends = np.flatnonzero(np.r_[series[1:] != series[:-1], True])
    begins = np.r_[0, ends[:-1] + 1]
    last = year[ends]
    # The value before the last is needed even if it lies far back.
    width = int(min((last - year[begins]).max() + 1, WINDOW))
    width = max(width, int((last - year[ends - 1]).max()) + 1)
    back = last[series] - year
    kept = back < width
    full = np.full((len(ends), width), np.nan)
    full[series[kept], width - 1 - back[kept]] = y[kept]
    seen = np.isfinite(full)
    gaps = np.flatnonzero(seen.sum(axis=1) < width - seen.argmax(axis=1))
    for i in gaps:
        at = np.flatnonzero(seen[i])
        full[i, at[0] :] = np.interp(np.arange(at[0], width), at, full[i, at])
    return Paths(full, seen, scale), last


def forward(values: FloatArray, scale: str) -> FloatArray:
    """Take values to the scale of the models."""
    if scale == "log":
        return np.log(values)
    return np.log(values / (100 - values)) if scale == "logit" else values


def inverse(y: FloatArray, scale: str) -> FloatArray:
    """Bring paths back to the unit of the values; what no number can hold is held back."""
    if scale == "log":
        out: FloatArray = np.exp(np.clip(y, -700, 700))
        return out
    return 100 / (1 + np.exp(-np.clip(y, -500, 500))) if scale == "logit" else y


# Distributions ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Forecast:
    """The distribution of a part's next years.

    Attributes
    ----------
    part : Part
    spread : Spread
    record : Record
    table : Table
    """

    part: Part
    spread: Spread
    record: Record
    table: Table

    @property
    def errors(self) -> Errors:
        """How large errors are."""
        return Errors(self.spread.scale, self.record.sizes, self.table)

    def quantiles(self, levels: FloatArray) -> FloatArray:
        """Quantiles in the unit of the values, shape (n_series, horizon, n_levels)."""
        return inverse(self.scaled(levels), self.part.paths.scale)

    def scaled(self, levels: FloatArray) -> FloatArray:
        """Quantiles on the scale of the models, shape (n_series, horizon, n_levels)."""
        centre = self.part.paths.y[:, -1:] + self.spread.centre
        widths = self.errors.all_widths(np.abs(2 * levels - 1))
        out: FloatArray = centre[:, :, None] + np.sign(levels - 0.5) * widths
        out[self.part.floor] = np.maximum(out[self.part.floor], 0.0)  # these are linear
        return out

    def below(
        self, rows: IntArray, horizons: IntArray, values: FloatArray, or_at: ArrayLike = False
    ) -> FloatArray:
        """Probability that a series stays below a value, one case after another.

        It is that of the quantiles: what a series never falls below, such as 0 for one that was
        never negative, holds all that would lie beyond it.

        Parameters
        ----------
        rows, horizons : ndarray of int, shape (n,)
            Series and years ahead.
        values : ndarray, shape (n,)
            In the unit of the values.
        or_at : bool or ndarray of bool, shape (n,)
            Whether an outcome of exactly the value counts.
        """
        scale = self.part.paths.scale
        lowest, highest = {"log": (0.0, np.inf), "logit": (0.0, 100.0)}.get(
            scale, (-np.inf, np.inf)
        )
        inside = (values > lowest) & (values < highest)
        y = forward(np.where(inside, values, 1.0), scale)
        y = y - self.part.paths.y[rows, -1] - self.spread.centre[rows, horizons - 1]
        p = 0.5 + np.sign(y) * self.errors.shares(rows, horizons, np.abs(y)) / 2
        p = np.where(inside, p, np.where(values <= lowest, 0.0, 1.0))
        beyond = (values < 0) | ((values == 0) & ~np.asarray(or_at))
        out: FloatArray = np.where(self.part.floor[rows] & beyond, 0.0, p)
        return out

    def bounded(self, probability: FloatArray, horizons: IntArray) -> FloatArray:
        """Keep probabilities from 0 and 1 as far as comparable past episodes are few.

        The same rule as for our own data; see `forecast.forecasting.floor`.
        """
        least = np.array([floor.least(n) for n in self.record.episodes])[horizons - 1]
        out: FloatArray = np.clip(probability, least, 1 - least)
        return out


@cache
def committed_tables() -> Tables:
    """Return the tables that ship with the engine."""
    try:
        return Tables.load(CALIBRATION)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"the learned tables {CALIBRATION} cannot be read ({error}); "
            "`forecast calibrate` makes them"
        ) from error


def forecasts(
    panel: pd.DataFrame,
    horizon: int,
    origin: int | None = None,
    transform: str = "auto",
    families: Sequence[str] = (),
    tables: Tables | None = None,
    kind: str = "flow",
) -> list[Forecast]:
    """Distributions of the next years of a checked panel, one part for each scale.

    Parameters
    ----------
    panel, horizon, origin, transform
        See `predict`.
    families : sequence of str
        Voices to be heard; all of `pooled.VOICES` if empty.
    tables : Tables, optional
    kind
        See `predict`.
    """
    if not 1 <= horizon <= FARTHEST:
        raise UserError(f"horizon is {horizon}; expected 1 to {FARTHEST} years")
    known = tables or committed_tables()
    split = parts(panel, transform, origin, kind)
    return [forecast(part, horizon, known, families) for part in split]


def forecast(part: Part, horizon: int, tables: Tables, families: Sequence[str] = ()) -> Forecast:
    """Distribution of the next years of one part; see `forecasts`."""
    table = only(tables.of(part.paths, part.last, part.kind), families)
    own = record.record(part.paths, part.last, horizon, table)
    return Forecast(part, pooled.forecast(part.paths, horizon, table, own.tilt), own, table)


def only(table: Table, families: Sequence[str]) -> Table:
    """Keep the weights of some voices."""
    if not families:
        return table
    unknown = sorted(set(families) - set(pooled.VOICES))
    if unknown:
        known = ", ".join(pooled.VOICES)
        raise UserError(f"unknown families {', '.join(unknown)}; known are {known}")
    weights = table.weights * np.isin(pooled.VOICES, families) + 1e-9 * np.isin(
        pooled.VOICES, families
    )
    return replace(table, weights=weights / weights.sum(axis=2, keepdims=True))


def predict(
    panel: pd.DataFrame,
    horizon: int,
    origin: int | None = None,
    transform: str = "auto",
    families: Sequence[str] = (),
    tables: Tables | None = None,
    kind: str = "flow",
) -> pd.DataFrame:
    """Forecast every series of a panel.

    Parameters
    ----------
    panel : DataFrame
        Columns ``series_id, year, value``; years may be missing.
    horizon : int
        Years after each series' last one.
    origin : int, optional
        Last year to be used; what comes later is left out.
    transform : {"auto", "log", "logit", "linear"}
    families : sequence of str
        Voices to be heard; all if empty.
    tables : Tables, optional
        Instead of the committed ones.
    kind : {"flow", "stock"}
        See `parts`.

    Returns
    -------
    DataFrame
        ``series_id, origin, horizon, year, quantile, value`` sorted in this order.

    Raises
    ------
    DataError
        When the panel is wrong; everything that is.

    Examples
    --------
    >>> rows = [("a", 2000 + i, 100 * 1.03**i) for i in range(12)]
    >>> panel = pd.DataFrame(rows, columns=["series_id", "year", "value"])
    >>> out = predict(panel, 2)
    >>> len(out), out["year"].unique().tolist()
    (34, [2012, 2013])
    """
    found = forecasts(checked(panel), horizon, origin, transform, families, tables, kind)
    ids = np.concatenate([f.part.ids for f in found])
    last = np.concatenate([f.part.last for f in found])
    value = np.concatenate([f.quantiles(QUANTILES) for f in found])
    order = np.argsort(ids, kind="stable")
    n, q = len(ids), len(QUANTILES)
    h = np.tile(np.repeat(np.arange(1, horizon + 1), q), n)
    start = np.repeat(last[order], horizon * q)
    return pd.DataFrame({
        "series_id": np.repeat(ids[order], horizon * q),
        "origin": start,
        "horizon": h,
        "year": start + h,
        "quantile": np.tile(QUANTILES, n * horizon),
        "value": value[order].ravel(),
    })  # fmt: skip


# Targets ---------------------------------------------------------------------------------------


def attain(
    panel: pd.DataFrame,
    targets: pd.DataFrame,
    origin: int | None = None,
    transform: str = "auto",
    tables: Tables | None = None,
    kind: str = "flow",
) -> pd.DataFrame:
    """Say how likely targets are to be attained.

    A probability is never nearer to 0 or 1 than the number of comparable past episodes supports
    (see `forecast.forecasting.floor`), and its standard error is that of a share of so many
    episodes.

    Parameters
    ----------
    panel : DataFrame
        See `predict`.
    targets : DataFrame
        Columns ``target_id, series_id, year, comparison, value``; comparisons are those of `UPWARD`
        and `DOWNWARD`.
    origin, transform, tables, kind
        See `predict`.

    Returns
    -------
    DataFrame
        The targets with ``origin, horizon, probability, standard_error, median, p05, p95``.

    Raises
    ------
    DataError
        When panel or targets are wrong; everything that is.
    """
    panel = checked(panel)
    split = parts(panel, transform, origin, kind)
    last = {i: int(y) for part in split for i, y in zip(part.ids, part.last, strict=True)}
    aims = _checked_targets(targets, last)
    ahead = aims["year"] - aims["series_id"].map(last)
    horizon = int(ahead.max())
    aims["origin"], aims["horizon"] = aims["year"] - ahead, ahead
    for column in ("probability", "standard_error", "median", "p05", "p95"):
        aims[column] = np.nan
    for f in forecasts(panel, horizon, origin, transform, (), tables, kind):
        place = pd.Series(np.arange(len(f.part.ids)), index=f.part.ids)
        here = aims.index[aims["series_id"].isin(place.index)]
        if here.empty:
            continue
        rows = place[aims.loc[here, "series_id"]].to_numpy()
        h = aims.loc[here, "horizon"].to_numpy(np.int64)
        comparison = aims.loc[here, "comparison"]
        or_at = comparison.isin(AT_THE_VALUE).to_numpy()
        below = f.below(rows, h, aims.loc[here, "value"].to_numpy(float), or_at)
        p = f.bounded(np.where(comparison.isin(UPWARD), 1 - below, below), h)
        episodes = f.record.episodes[h - 1]
        aims.loc[here, "probability"] = p
        aims.loc[here, "standard_error"] = np.sqrt(p * (1 - p) / (episodes + 2))
        q = f.quantiles(np.array([0.5, 0.05, 0.95]))[rows, h - 1]
        aims.loc[here, ["median", "p05", "p95"]] = q
    return aims


def _checked_targets(targets: pd.DataFrame, last: dict[str, int]) -> pd.DataFrame:
    file = file_of(targets, "targets")
    need(targets, TARGETS, file)
    if targets.empty:
        raise DataError([Problem("error", file, None, "", "", "at least one target")])
    out = targets[list(TARGETS)].copy()
    if out.index.name != "row":
        out = out.reset_index(drop=True)
    out["series_id"] = out["series_id"].astype(str).str.strip()
    out["comparison"] = out["comparison"].astype(str).str.strip()
    problems = []
    for column, expected in (("year", "a year, such as 2030"), ("value", "a number")):
        number, wrong = numbers(out, column, file, expected, blank=False)
        problems += wrong
        out[column] = number
    known = out["series_id"].isin(last)
    problems += where(~known, out, file, "series_id", "a series of the panel")
    words = (*UPWARD, *DOWNWARD)
    wrong_word = ~out["comparison"].isin(words)
    problems += where(wrong_word, out, file, "comparison", f"one of {' '.join(words)}")
    problems += where(out["target_id"].duplicated(), out, file, "target_id", "a name used once")
    ahead = out["year"] - out["series_id"].map(last)
    whole = out["year"] == np.floor(out["year"])
    problems += where(out["year"].notna() & ~whole, out, file, "year", "a whole year")
    far = known & whole & ~ahead.between(1, FARTHEST)
    problems += where(
        far, out, file, "year", f"a year 1 to {FARTHEST} years after the series' last"
    )
    if problems:
        raise DataError(told_once(problems))
    return out.astype({"year": np.int64}).reset_index(drop=True)

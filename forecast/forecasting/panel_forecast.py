"""Forecast any panel of yearly series, and the probability that targets on it are attained.

Quantiles and probabilities are computed, not drawn: there is no seed to set, and the output is the
same however the work is divided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.evidence.comparisons import upward
from forecast.evidence.panels import (
    TARGETS,
    checked,
    file_of,
    joined_by_cause,
    need,
    numbers,
    where,
)
from forecast.evidence.problems import DataError, Problem, UserError
from forecast.forecasting.component_forecasts import COMPONENTS, combined
from forecast.forecasting.distribution import Forecast
from forecast.forecasting.error_scale import adapted
from forecast.forecasting.learned_tables import Table, Tables, committed_tables
from forecast.forecasting.panel_data import Part, parts

QUANTILES = np.array([0.005, 0.01, 0.025, 0.05, *np.arange(1, 10) / 10, 0.95, 0.975, 0.99, 0.995])
COMPARISONS = (">=", ">", "at_least", "exceed", "<=", "<", "at_most")
AT_THE_VALUE = (">", "exceed", "<=", "at_most")  # an outcome of exactly the value is "below"
FARTHEST = 50  # years ahead


def forecast(
    part: Part, horizon: int, tables: Tables | None = None, families: Sequence[str] = ()
) -> Forecast:
    """Distribution of the next years of the series of a part.

    Parameters
    ----------
    part : Part
        Of `parts`.
    horizon : int
        Years ahead, 1 to `FARTHEST`.
    tables : Tables, optional
        Instead of the committed ones.
    families : sequence of str
        Component models to combine; all of `COMPONENTS` if empty.

    Raises
    ------
    UserError
        For a horizon out of range, or an unknown component model.
    """
    if not 1 <= horizon <= FARTHEST:
        raise UserError(f"horizon is {horizon}; expected 1 to {FARTHEST} years")
    known = tables or committed_tables()
    table = _restricted(known.of(part.paths, part.last, part.kind), families)
    own = adapted(part.paths, part.last, horizon, table)
    return Forecast(part, combined(part.paths, horizon, table, own.shift), own, table)


def _restricted(table: Table, families: Sequence[str]) -> Table:
    """Keep the weights of some component models."""
    if not families:
        return table
    unknown = sorted(set(families) - set(COMPONENTS))
    if unknown:
        raise UserError(f"unknown families {', '.join(unknown)}; known are {', '.join(COMPONENTS)}")
    chosen = np.isin(COMPONENTS, families)
    weights = table.weights * chosen + 1e-9 * chosen
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
    origin, transform
        See `parts`.
    families, tables
        See `forecast`.
    kind
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
    split = parts(checked(panel), transform, origin, kind)
    found = [forecast(part, horizon, tables, families) for part in split]
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


def attain(
    panel: pd.DataFrame,
    targets: pd.DataFrame,
    origin: int | None = None,
    transform: str = "auto",
    tables: Tables | None = None,
    kind: str = "flow",
) -> pd.DataFrame:
    """Probability that targets on the series of a panel are attained.

    A probability is never nearer to 0 or 1 than the number of comparable past episodes supports
    (see `forecast.forecasting.floor`), and its standard error is that of a share of so many
    episodes.

    Parameters
    ----------
    panel : DataFrame
        See `predict`.
    targets : DataFrame
        Columns ``target_id, series_id, year, comparison, value``; comparisons are those of
        `COMPARISONS`.
    origin, transform, tables, kind
        See `parts` and `forecast`.

    Returns
    -------
    DataFrame
        The targets with ``origin, horizon, probability, standard_error, median, p05, p95``.

    Raises
    ------
    DataError
        When panel or targets are wrong; everything that is.
    """
    split = parts(checked(panel), transform, origin, kind)
    last = {i: int(y) for part in split for i, y in zip(part.ids, part.last, strict=True)}
    aims = _checked_targets(targets, last)
    ahead = aims["year"] - aims["series_id"].map(last)
    horizon = int(ahead.max())
    aims["origin"], aims["horizon"] = aims["year"] - ahead, ahead
    for column in ("probability", "standard_error", "median", "p05", "p95"):
        aims[column] = np.nan
    for f in (forecast(part, horizon, tables) for part in split):
        place = pd.Series(np.arange(len(f.part.ids)), index=f.part.ids)
        here = aims.index[aims["series_id"].isin(place.index)]
        if here.empty:
            continue
        rows = place[aims.loc[here, "series_id"]].to_numpy()
        h = aims.loc[here, "horizon"].to_numpy(np.int64)
        comparison = aims.loc[here, "comparison"]
        or_at = comparison.isin(AT_THE_VALUE).to_numpy()
        below = f.below(rows, h, aims.loc[here, "value"].to_numpy(float), or_at)
        p = f.bounded(np.where(comparison.map(upward), 1 - below, below), h)
        episodes = f.adaptation.episodes[h - 1]
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
    wrong_word = ~out["comparison"].isin(COMPARISONS)
    problems += where(wrong_word, out, file, "comparison", f"one of {' '.join(COMPARISONS)}")
    problems += where(out["target_id"].duplicated(), out, file, "target_id", "a name used once")
    ahead = out["year"] - out["series_id"].map(last)
    whole = out["year"] == np.floor(out["year"])
    problems += where(out["year"].notna() & ~whole, out, file, "year", "a whole year")
    far = known & whole & ~ahead.between(1, FARTHEST)
    problems += where(
        far, out, file, "year", f"a year 1 to {FARTHEST} years after the series' last"
    )
    if problems:
        raise DataError(joined_by_cause(problems))
    return out.astype({"year": np.int64}).reset_index(drop=True)

"""The learned ensemble on the series of the data: every series is forecast among those like it.

`forecast.forecasting` joins six component forecasts with weights, and a spread, learned on
reference panels of flows, shares and stocks (`data/calibration.json`). Growth of a series is shrunk
to that of all series of its scale and kind: growth regresses to a common mean, and ten or twenty
years of one series cannot tell where that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.forecasting import component_forecasts as pooled
from forecast.forecasting import error_scale as record
from forecast.forecasting.distribution import Errors
from forecast.forecasting.multiples import pace_at
from forecast.forecasting.panel_data import WINDOW, Paths, Table
from forecast.forecasting.panel_forecast import committed_tables
from forecast.forecasting.windows import EnsembleError, window
from forecast.reconciliation.history import History

PASTS = 200  # sampled pasts under the draws of one series


@dataclass(frozen=True, eq=False)
class Ahead:
    """What the learned ensemble says of the next years of some series, on the scale of the models.

    Attributes
    ----------
    keys : tuple of str
        The series, ``region/indicator``.
    last : ndarray, shape (n_series,)
        Value each starts from.
    spread : Spread
        Change from there and expected size of the error, shapes (n_series, horizon).
    own : Record
        What their own past taught; its ``sizes``, shape (horizon, n_levels), are the quantiles of
        an error's size over the expected one.
    table : Table
    """

    keys: tuple[str, ...]
    last: FloatArray
    spread: pooled.Spread
    own: record.Record
    table: Table

    def at(self, key: str, levels: FloatArray) -> FloatArray:
        """Quantiles of one series.

        Parameters
        ----------
        key : str
        levels : ndarray, shape (n,) or (n, horizon)
            Between 0 and 1; one column per year if they differ.

        Returns
        -------
        ndarray, shape (n, horizon)
        """
        i = self.keys.index(key)
        horizon = self.spread.centre.shape[1]
        wide = np.broadcast_to(levels.reshape(len(levels), -1), (len(levels), horizon))
        errors = Errors(self.spread.scale, self.own.sizes, self.table)
        widths = errors.widths(i, np.abs(2 * wide - 1))
        out: FloatArray = self.last[i] + self.spread.centre[i] + np.sign(wide - 0.5) * widths
        return out


def group(history: History) -> tuple[str, str]:
    """Return what a series is compared with: its scale, and its kind (a flow, a stock, a share)."""
    return history.scale.name, history.kind


def panels(histories: Mapping[str, History]) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the series as panels (``series_id, year, value``), one for each scale and kind.

    Only years with evidence; series with two of them at least.
    """
    rows: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for key, history in histories.items():
        if (informed := history.informed).sum() >= 2:
            value = history.scale.inverse(history.mean[informed])
            frame = pd.DataFrame(
                {"series_id": key, "year": history.years[informed], "value": value}
            )
            rows.setdefault(group(history), []).append(frame)
    return {like: pd.concat(frames, ignore_index=True) for like, frames in sorted(rows.items())}


@dataclass(frozen=True, eq=False)
class Among:
    """The series of one scale and kind, arranged as a panel.

    Attributes
    ----------
    keys : tuple of str
    windows : tuple of slice
        Years of each series that are looked at.
    paths : Paths
    last : ndarray of int
        Last year of each.
    kind : str
        Of all of them; see `group`.
    """

    keys: tuple[str, ...]
    windows: tuple[slice, ...]
    paths: Paths
    last: np.ndarray
    kind: str

    def ahead(self, horizon: int) -> Ahead:
        """Forecast all of them together."""
        table = committed_tables().of(self.paths, self.last, self.kind)
        own = record.record(self.paths, self.last, horizon, table)
        spread = pooled.forecast(self.paths, horizon, table, own.tilt)
        return Ahead(self.keys, self.paths.y[:, -1], spread, own, table)

    def instead(self, said: Ahead, key: str, path: FloatArray) -> Ahead:
        """Forecast again with another path of one series, what the past taught kept."""
        i, y = self.keys.index(key), self.paths.y.copy()
        part = path[self.windows[i]][-y.shape[1] :]
        y[i, -len(part) :] = part
        paths = replace(self.paths, y=y)
        spread = pooled.forecast(paths, said.spread.centre.shape[1], said.table, said.own.tilt)
        return replace(said, last=y[:, -1], spread=spread)


def among(
    histories: Mapping[str, History], like: tuple[str, str], until: int | None = None
) -> Among | None:
    """Gather the series of one scale and kind.

    Parameters
    ----------
    histories : mapping of str to History
        By ``region/indicator``.
    like : tuple of str
        Scale and kind (see `group`).
    until : int, optional
        Last year looked at; every year if not given.

    Returns
    -------
    Among, or None where no series has two years with evidence.
    """
    keys, windows, rows, seen, last = [], [], [], [], []
    for key, history in histories.items():
        if group(history) != like:
            continue
        years = history.years if until is None else history.years[history.years <= until]
        informed = history.informed[: len(years)]
        if informed.sum() < 2:
            continue
        try:
            here = window(informed)
        except EnsembleError:  # too little for an answer, yet something to compare with
            here = slice(int(informed.argmax()), len(years))
        keys.append(key)
        windows.append(here)
        rows.append(history.mean[here])
        seen.append(informed[here])
        last.append(int(years[-1]))
    if not keys:
        return None
    width = min(max(map(len, rows)), WINDOW)
    y, has = np.full((len(rows), width), np.nan), np.zeros((len(rows), width), bool)
    for i, (path, informed) in enumerate(zip(rows, seen, strict=True)):
        n = min(len(path), width)
        y[i, -n:], has[i, -n:] = path[-n:], informed[-n:]
    return Among(tuple(keys), tuple(windows), Paths(y, has, like[0]), np.array(last), like[1])


def draws(
    histories: Mapping[str, History],
    history: History,
    horizon: int,
    n: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Draw the next years of one series, its past sampled as far as it is not known.

    The errors of a path's years are joined as those of a random walk are: correlation is the root
    of the ratio of the horizons. That concerns the chance of meeting a target in any year, never
    that of one year.

    Returns
    -------
    past, ahead : ndarray, shapes (n, n_years) and (n, horizon)
        The path of every draw, on the scale of the models.
    """
    from scipy.special import ndtr

    h = np.arange(1, horizon + 1.0)
    joint = np.sqrt(np.minimum.outer(h, h) / np.maximum.outer(h, h))
    root = np.linalg.cholesky(joint + 1e-12 * np.eye(horizon))
    others = among(histories, group(history))
    assert others is not None
    said = others.ahead(horizon)
    # Pasts are stratified: each gets its share of the draws, and none is left out.
    shares = np.diff(np.arange(PASTS + 1) * n // PASTS)
    parts = []
    pasts = history.pasts(PASTS, rng)
    for past, share in zip(pasts, shares.tolist(), strict=True):
        again = others.instead(said, history.key, past)
        parts.append(again.at(history.key, ndtr(rng.standard_normal((share, horizon)) @ root.T)))
    return np.repeat(pasts, shares, axis=0), np.concatenate(parts)


def backtest(
    histories: Mapping[str, History],
    origins: Mapping[str, list[int]],
    horizon: int,
    levels: FloatArray,
    columns: list[str],
) -> pd.DataFrame:
    """Forecast from past years, every series among all others as they were, and keep what came.

    Parameters
    ----------
    histories : mapping of str to History
    origins : mapping of str to list of int
        Origin years of each series.
    horizon : int
        Years ahead.
    levels : ndarray
        Of the quantiles to keep.
    columns : list of str
        Of the result; see `forecast.forecasting.model_pool.backtest`.
    """
    rows = []
    groups = sorted({group(histories[key]) for key in origins})
    for year in sorted({y for years in origins.values() for y in years}):
        for like in groups:
            keys = [k for k, y in origins.items() if year in y and group(histories[k]) == like]
            panel = among(histories, like, year) if keys else None
            if panel is None:
                continue
            said = panel.ahead(horizon)
            for key in keys:
                history = histories[key]
                o = int(np.flatnonzero(history.years == year)[0])
                path, quantiles = history.mean, said.at(key, levels)
                before = pace_at(path, o)
                rows += [
                    (key, year, h, float(path[o + h]), *before, quantiles[:, h - 1])
                    for h in range(1, min(horizon, len(path) - 1 - o) + 1)
                    if history.known[o + h]
                ]
    return pd.DataFrame(rows, columns=columns)

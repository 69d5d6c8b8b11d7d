"""The learned ensemble on the series of the data: each is forecast in a panel of those like it.

Growth of a series is shrunk to that of all series of its scale and kind: growth regresses to a
common mean, which ten or twenty years of one series cannot identify.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from forecast.evidence.scales import TRANSFORMS, FloatArray
from forecast.forecasting.component_forecasts import (
    COMPONENTS,
    UNIT_PRIOR,
    growth_of,
    joined,
    unit_of,
    weighted_components,
)
from forecast.forecasting.distribution import Forecast
from forecast.forecasting.learned_tables import committed_tables
from forecast.forecasting.panel_data import MOST_YEARS, EnsembleError, Part, Paths, window
from forecast.forecasting.panel_forecast import forecast
from forecast.forecasting.panel_growth import Moments, moments, pooled, stacked
from forecast.reconciliation.history import History

PASTS = 200  # sampled pasts under the draws of one series


def group(history: History) -> tuple[str, str]:
    """Return what a series is pooled with: its scale, and its kind (a flow, a stock, a share)."""
    return history.scale.name, history.kind


def panels(histories: Mapping[str, History]) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the series as panels (``series_id, year, value``), one for each scale and kind.

    Only years with evidence; series with two of them at least.

    Parameters
    ----------
    histories : mapping of str to History
        By ``region/indicator``.
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
class SeriesPanel:
    """The series of one scale and kind as a part of a panel."""

    part: Part  # its `ids` are ``region/indicator``
    windows: tuple[slice, ...]  # years of each series' history that enter

    def row(self, key: str) -> int:
        """Return the row of a series."""
        return int(np.flatnonzero(self.part.ids == key)[0])

    def table(self) -> pd.DataFrame:
        """Return what the ensemble sees of every series: its years, and its growth.

        Returns
        -------
        DataFrame
            By ``region/indicator`` the ``last`` year, the number of ``years`` and those ``known``;
            growth a year on the scale of the models, the series' ``own`` and as ``shrunk`` to that
            of the panel by the weight ``trust``; and its ``volatility``.
        """
        paths = self.part.paths
        rate, unit = growth_of(paths, committed_tables().of(paths, self.part.last, self.part.kind))
        columns = {
            "last": self.part.last,
            "years": paths.years,
            "known": paths.seen.sum(axis=1),
            "own": rate.own * unit,
            "shrunk": rate.mean * unit,
            "trust": rate.trust,
            "volatility": rate.volatility * unit,
        }
        return pd.DataFrame(columns, index=pd.Index(self.part.ids, name="series"))

    def components(self, key: str, horizon: int) -> pd.DataFrame:
        """Return what each component forecasts for a series, and its weight in the ensemble.

        Parameters
        ----------
        key : str
            The series, ``region/indicator``.
        horizon : int
            Years ahead.

        Returns
        -------
        DataFrame
            By ``component``; of each year the ``centre``, in the unit, and the ``weight``.
        """
        found, i = forecast(self.part, horizon), self.row(key)
        paths = self.part.paths
        changes, weight, _ = weighted_components(
            paths, horizon, found.table, *growth_of(paths, found.table), found.adaptation.shift
        )
        centre = TRANSFORMS[paths.scale].inverse(paths.y[i, -1] + changes[:, i])
        years = int(self.part.last[i]) + np.arange(1, horizon + 1)
        frames = {"centre": centre, "weight": weight[i].T}
        index = pd.Index(COMPONENTS, name="component")
        return pd.concat({k: pd.DataFrame(v, index, years) for k, v in frames.items()}, axis=1)

    @cached_property
    def _moments(self) -> Moments:
        return moments(self.part.paths)

    def with_paths(self, before: Forecast, key: str, pasts: FloatArray) -> Forecast:
        """Forecast one series again with other paths, the adaptation to past errors kept.

        Parameters
        ----------
        before : Forecast
            Of this panel.
        key : str
            The series.
        pasts : ndarray, shape (n, n_years)
            Two paths or more, of all years of its history, on the scale of the models.

        Returns
        -------
        Forecast
            Of this series alone, a row for each path. The paths of the others are as they were:
            only what is pooled over the panel is estimated again.
        """
        i, part, table = self.row(key), self.part, before.table
        rows, unit = [i] * len(pasts), np.ones(len(pasts))
        paths = part.paths.of_rows(rows)
        recent = pasts[:, self.windows[i]][:, -paths.y.shape[1] :]
        paths.y[:, -recent.shape[1] :] = recent
        if paths.scale == "linear":  # whose unit may be that of the others
            found = []
            for past, y in enumerate(np.repeat(part.paths.y[None], len(pasts), axis=0)):
                y[i] = paths.y[past]
                units = unit_of(replace(part.paths, y=y))
                found.append(moments(replace(part.paths, y=y / units[:, None])))
                unit[past] = units[i]
            rate = pooled(stacked(found), UNIT_PRIOR).of_row(i)
        else:
            rate = pooled(self._moments.with_rows(i, moments(paths)), table.prior).of_row(i)
        h, shift = before.horizon, before.adaptation.shift
        place = i, len(part.ids)
        combination = joined(*weighted_components(paths, h, table, rate, unit, shift, place))
        last, floor = part.last[rows], part.floor[rows]
        one = replace(part, ids=part.ids[rows], paths=paths, last=last, floor=floor)
        return replace(before, part=one, combination=combination)


def series_panel(
    histories: Mapping[str, History], like: tuple[str, str], until: int | None = None
) -> SeriesPanel | None:
    """Gather the series of one scale and kind.

    Parameters
    ----------
    histories : mapping of str to History
        By ``region/indicator``.
    like : tuple of str
        Scale and kind (see `group`).
    until : int, optional
        Last year to be used; every year if not given.

    Returns
    -------
    SeriesPanel, or None where no series has two years with evidence.
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
        except EnsembleError:  # too little for a forecast, yet something to compare with
            here = slice(int(informed.argmax()), len(years))
        keys.append(key)
        windows.append(here)
        rows.append(history.mean[here])
        seen.append(informed[here])
        last.append(int(years[-1]))
    if not keys:
        return None
    width = min(max(map(len, rows)), MOST_YEARS)
    y, has = np.full((len(rows), width), np.nan), np.zeros((len(rows), width), bool)
    for i, (path, informed) in enumerate(zip(rows, seen, strict=True)):
        n = min(len(path), width)
        y[i, -n:], has[i, -n:] = path[-n:], informed[-n:]
    unbounded = np.zeros(len(keys), bool)
    scale, kind = like
    part = Part(np.array(keys), Paths(y, has, scale), np.array(last), unbounded, kind)
    return SeriesPanel(part, tuple(windows))


def year_shocks(n: int, horizon: int, rng: np.random.Generator) -> FloatArray:
    """Draw standard normal errors of the years of a path, joined as those of a random walk.

    The correlation of two years is the root of the ratio of their horizons. It concerns the
    probability of meeting a target in any year, never that of one year.

    Parameters
    ----------
    n, horizon : int
        Number of draws, and years ahead.
    rng : Generator

    Returns
    -------
    ndarray, shape (n, horizon)
    """
    h = np.arange(1, horizon + 1.0)
    joint = np.sqrt(np.minimum.outer(h, h) / np.maximum.outer(h, h))
    root = np.linalg.cholesky(joint + 1e-12 * np.eye(horizon))
    return rng.standard_normal((n, horizon)) @ root.T


@lru_cache(maxsize=4)  # every series of the panel asks
def _forecast_of(
    alike: tuple[tuple[str, History], ...], like: tuple[str, str], horizon: int
) -> tuple[SeriesPanel, Forecast]:
    panel = series_panel(dict(alike), like)
    assert panel is not None
    return panel, forecast(panel.part, horizon)


def draws(
    histories: Mapping[str, History],
    history: History,
    horizon: int,
    n: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Draw the next years of one series, its past sampled as far as it is not known.

    Parameters
    ----------
    histories : mapping of str to History
        Of all series.
    history : History
        The series.
    horizon : int
        Years ahead.
    n : int
        Number of draws.
    rng : Generator

    Returns
    -------
    past : ndarray, shape (n, n_years)
        The known path of every draw, on the scale of the models.
    ahead : ndarray, shape (n, horizon)
        The years after it.
    """
    from scipy.special import ndtr

    like = group(history)
    alike = tuple((key, h) for key, h in histories.items() if group(h) == like)
    panel, before = _forecast_of(alike, like, horizon)
    # Pasts are stratified: each gets its share of the draws, and none is left out.
    shares = np.diff(np.arange(PASTS + 1) * n // PASTS)
    pasts = history.pasts(PASTS, rng)
    levels = ndtr(np.concatenate([year_shocks(share, horizon, rng) for share in shares.tolist()]))
    again = panel.with_paths(before, history.key, pasts)
    return np.repeat(pasts, shares, axis=0), again.drawn(
        levels, np.repeat(np.arange(PASTS), shares)
    )

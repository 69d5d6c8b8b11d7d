"""Panels as arrays, and the small tables that past origins of other panels taught."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

WINDOW = 90  # most recent years kept of a path
TINY = 1e-12
TOGETHER = (0.03, 0.15)  # intraclass correlation of growth by year, of mixed panels and of peers
TOGETHER_YEARS = 20  # most recent ones looked at
COHERENT = 3  # growth rates of a series from which it tells whether a panel moves together
KINDS = ("mixed", "peers", "shares", "stocks")  # of tables
ARRAYS = ("weights", "scale", "sizes", "tail", "episodes")


@dataclass(frozen=True, eq=False)
class Paths:
    """A panel on the scale of the models, right-aligned: the last column is each series' origin.

    Attributes
    ----------
    y : ndarray, shape (n_series, width)
        Paths without gaps; NaN before a series begins.
    seen : ndarray of bool, shape (n_series, width)
        Where a value was given, not interpolated.
    scale : str
        ``log``, ``logit`` or ``linear``.
    """

    y: FloatArray
    seen: npt.NDArray[np.bool_]
    scale: str = "log"

    @property
    def years(self) -> IntArray:
        """Number of years of each path."""
        years: IntArray = np.isfinite(self.y).sum(axis=1)
        return years

    def cut(self, years: int, at_least: int = 2) -> tuple[Paths, IntArray]:
        """Return the paths as they were some years ago, and which series were long enough.

        Series whose value at that origin was not seen are left out.
        """
        end = self.y.shape[1] - years
        if end < at_least:
            return Paths(self.y[:0], self.seen[:0], self.scale), np.empty(0, np.int64)
        begin = max(0, end - WINDOW)
        y, seen = self.y[:, begin:end], self.seen[:, begin:end]
        kept = np.flatnonzero((seen.sum(axis=1) >= at_least) & seen[:, -1])
        return Paths(y[kept], seen[kept], self.scale), kept


@dataclass(frozen=True)
class Prior:
    """What is expected of a panel's yearly change before it is seen.

    It counts for `pooled.PRIOR_SERIES` series; the table brings what the reference panels say.

    Attributes
    ----------
    centre, spread : float
        Mean and standard deviation of mean growth across series.
    persistence : float
        Of a year's deviation from its mean.
    variance, freedom : float
        Of yearly growth, and how sure it is, in degrees of freedom.
    decay : float
        Share of a panel's common growth, beyond `centre`, that is left after each year ahead.
    """

    centre: float = 0.04
    spread: float = 0.04
    persistence: float = 0.2
    variance: float = 0.0025
    freedom: float = 3.0
    decay: float = 1.0


@dataclass(frozen=True, eq=False)
class Table:
    """What past origins of reference panels taught.

    Attributes
    ----------
    weights : ndarray, shape (n_classes + 1, n_horizons, n_voices)
        Of the voices, by class of volatility; the last entry holds for the linear scale.
    scale : ndarray, shape (n_horizons, n_features)
        Coefficients of the logarithm of an error's size over the volatility; see `pooled.features`.
    levels : ndarray
        Probabilities at which `sizes` are given.
    sizes : ndarray, shape (n_horizons, n_levels)
        Quantiles of the size of an error over its expected scale.
    tail : ndarray, shape (n_horizons,)
        Exponent of the power law beyond the last level.
    episodes : ndarray, shape (n_horizons,)
        Effective number of past episodes.
    prior : Prior
    together : float
        Share of the table for peers in this one; see `Tables`.
    slope : float
        Of the map that calibrates probabilities; see `forecast.calibration.slopes`. 1 leaves
        them.
    """

    levels: FloatArray
    weights: FloatArray
    scale: FloatArray
    sizes: FloatArray
    tail: FloatArray
    episodes: FloatArray
    prior: Prior = field(default_factory=Prior)
    together: float = 0.0
    slope: float = 1.0

    def calibrated(self, inside: FloatArray) -> FloatArray:
        """Return the share of outcomes within a distance of the centre, from the share as learned.

        With u = (1 + share) / 2, logit u is twice the inverse hyperbolic tangent of the share, so
        that a slope on log odds is one on that.
        """
        if self.slope == 1.0:
            return inside
        out: FloatArray = np.tanh(self.slope * np.arctanh(np.clip(inside, 0.0, 1 - 1e-15)))
        return out

    def learned(self, inside: FloatArray) -> FloatArray:
        """Return the share as learned from the calibrated one; the inverse of `calibrated`."""
        return replace(self, slope=1 / self.slope).calibrated(inside)

    def at(self, horizon: int) -> int:
        """Row of the table that serves a horizon: the last one for those beyond it."""
        return min(horizon, len(self.scale)) - 1


@dataclass(frozen=True, eq=False)
class Tables:
    """The committed tables: by the kind of the series, flows in collections and in panels of peers.

    Peers (the cities of a country, the countries of the world) grow together: growth of one year
    is more alike than chance makes it. How much so is measured, and joins the two tables of flows.

    Attributes
    ----------
    mixed, peers : Table
        Of flows, on the log scale: collections of unlike series, and panels of peers.
    shares : Table
        Of percentages, on the logit scale.
    stocks : Table
        Of stocks, such as population, on the log scale.
    provenance : dict
        Panels, dates and scores.
    outside : dict
        What the record of forecasts of others taught; see `forecast.calibration.outside_forecasts`.
    probability : dict
        How the slope of each table was found; see `forecast.calibration.slopes`.
    """

    mixed: Table
    peers: Table
    shares: Table
    stocks: Table
    provenance: dict[str, object] = field(default_factory=dict)
    outside: dict[str, object] = field(default_factory=dict)
    probability: dict[str, dict[str, float]] = field(default_factory=dict)

    def of(self, paths: Paths, last: IntArray, kind: str = "flow") -> Table:
        """Return the table for a panel, by its scale, kind, and how much it moves together.

        Parameters
        ----------
        paths : Paths
        last : ndarray of int, shape (n_series,)
            Year of each series' last value.
        kind : str
            ``stock`` for stocks; any other for what is not on the logit scale.
        """
        share = together(paths, last)
        if paths.scale == "logit" or kind == "stock":
            return replace(self.shares if paths.scale == "logit" else self.stocks, together=share)
        a, b = self.mixed, self.peers
        arrays: dict[str, Any] = {
            n: (1 - share) * getattr(a, n) + share * getattr(b, n) for n in ARRAYS
        }
        prior = {
            k: (1 - share) * v + share * getattr(b.prior, k) for k, v in asdict(a.prior).items()
        }
        slope = (1 - share) * a.slope + share * b.slope
        table = replace(a, prior=Prior(**prior), together=share, slope=slope)
        return replace(table, **arrays)

    def save(self, path: Path) -> None:
        """Write the tables as JSON, four digits."""
        path.write_text(self._text(), encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: Path) -> Tables:
        """Read what `save` wrote."""
        return cls._parsed(path.read_text(encoding="utf-8"))

    def rounded(self) -> Tables:
        """Return the tables with the digits that `save` writes."""
        return self._parsed(self._text())

    def _text(self) -> str:
        raw: dict[str, Any] = asdict(
            self, dict_factory=lambda items: {k: _plain(v) for k, v in items}
        )
        for kind in KINDS:  # it stands with what it was found from
            del raw[kind]["slope"]
        text = json.dumps(raw, ensure_ascii=False, indent=1)
        # Numbers of one row on one line.
        return (
            re.sub(r"\[\s+([-\d.e,\s]+?)\s+\]", lambda m: f"[{_SPACE.sub(' ', m[1])}]", text) + "\n"
        )

    @classmethod
    def _parsed(cls, text: str) -> Tables:
        raw = json.loads(text)
        tables, found = {}, raw.get("probability", {})
        for kind in KINDS:
            fields: dict[str, Any] = {k: np.array(raw[kind][k]) for k in ("levels", *ARRAYS)}
            fields["prior"] = Prior(**raw[kind]["prior"])
            fields["slope"] = float(found.get(kind, {}).get("slope", 1.0))
            tables[kind] = Table(**fields)
        return cls(
            **tables,
            provenance=raw["provenance"],
            outside=raw.get("outside", {}),
            probability=found,
        )


_SPACE = re.compile(r"\s+")


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return np.round(value, 4).tolist()
    return round(value, 6) if isinstance(value, float) else value


def together(paths: Paths, last: IntArray) -> float:
    """How far a panel is one of peers, between 0 and 1, by the coherence of its growth."""
    low, high = TOGETHER
    return float(np.clip((coherence(paths, last) - low) / (high - low), 0, 1))


def coherence(paths: Paths, last: IntArray) -> float:
    """Intraclass correlation by year of standardized growth; 0 below five series of four years."""
    d = np.diff(paths.y, axis=1)[:, -TOGETHER_YEARS:]
    has = np.isfinite(d)
    long = has.sum(axis=1) >= COHERENT
    if long.sum() < 5:
        return 0.0
    d, has = d[long], has[long]
    year = last[long, None] - np.arange(d.shape[1])[::-1]
    mean = np.nanmean(d, axis=1, keepdims=True)
    z = (d - mean) / (np.nanstd(d, axis=1, keepdims=True) + TINY)
    return intraclass(z[has], year[has])


def intraclass(z: FloatArray, group: IntArray) -> float:
    """Intraclass correlation from one-way analysis of variance, clipped to 0 and 1."""
    _, place, size = np.unique(group, return_inverse=True, return_counts=True)
    k, n = len(size), len(z)
    if k in (1, n):
        return 0.0
    means = np.bincount(place, z) / size
    between = float((size * (means - z.mean()) ** 2).sum() / (k - 1))
    within = float(((z - means[place]) ** 2).sum() / (n - k))
    typical = (n - float((size.astype(float) ** 2).sum()) / n) / (k - 1)
    shared = (between - within) / max(between + (typical - 1) * within, TINY)
    return float(np.clip(shared, 0.0, 1.0))

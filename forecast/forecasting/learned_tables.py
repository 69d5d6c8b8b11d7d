"""The committed tables: weights and error sizes learned at past origins of reference panels."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray
from forecast.forecasting.panel_data import IntArray, Paths, peer_share
from forecast.resources import CALIBRATION

NAMES = ("mixed", "peers", "shares", "stocks")  # of tables
ARRAYS = ("weights", "scale", "sizes", "tail", "episodes")
SHORT_YEARS = (2, 3, 4, 5)  # values of histories whose intervals are widened
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Prior:
    """Prior of a panel's yearly change; it counts for `panel_growth.PRIOR_SERIES` series."""

    #: Mean and standard deviation of mean growth across series.
    centre: float = 0.04
    spread: float = 0.04
    persistence: float = 0.2  # of a year's deviation from its mean
    #: Of yearly growth, and how sure it is, in degrees of freedom.
    variance: float = 0.0025
    freedom: float = 3.0
    #: Share of a panel's common growth, beyond `centre`, that is left after each year ahead.
    decay: float = 1.0


@dataclass(frozen=True, eq=False)
class Table:
    """Weights of the component models and the distribution of errors, by horizon."""

    levels: FloatArray  # probabilities at which `sizes` are given; shape (n_levels,)
    #: Of the component models, by class of volatility; the last entry holds for the linear scale;
    #: shape (n_classes + 1, n_horizons, n_components).
    weights: FloatArray
    #: Coefficients of the logarithm of an error's size over the volatility; see
    #: `component_forecasts.features`; shape (n_horizons, n_features).
    scale: FloatArray
    #: Quantiles of the size of an error over its expected scale; shape (n_horizons, n_levels).
    sizes: FloatArray
    tail: FloatArray  # exponent of the power law beyond the last level; shape (n_horizons,)
    episodes: FloatArray  # effective number of past episodes; shape (n_horizons,)
    prior: Prior = field(default_factory=Prior)
    together: float = 0.0  # share of the table for peers in this one; see `Tables`
    #: Whether the size of errors depends on the persistence of growth; see
    #: `component_forecasts.reach`.
    persistent: bool = False
    #: Of the map that calibrates probabilities; see `forecast.calibration.slopes`. 1 changes
    #: nothing.
    slope: float = 1.0
    #: Factors on the size of errors of histories of few years; see
    #: `forecast.calibration.short_histories`; shape (len(SHORT_YEARS), n_horizons).
    short: FloatArray = field(default_factory=lambda: np.ones((len(SHORT_YEARS), 1)))

    def widening(self, years: IntArray, horizon: int) -> FloatArray:
        """Return the factor on the size of errors by the number of values of a history.

        Parameters
        ----------
        years : ndarray of int, shape (n_series,)
            Values of each series.
        horizon : int
            Years ahead.
        """
        factors = np.ones(len(years))
        if horizon <= self.short.shape[1]:
            for n, row in zip(SHORT_YEARS, self.short, strict=True):
                factors[years == n] = row[horizon - 1]
        return factors

    def calibrated(self, inside: FloatArray) -> FloatArray:
        """Return the share of outcomes within a distance of the centre, from the share as learned.

        With u = (1 + share) / 2, logit u is twice the inverse hyperbolic tangent of the share, so
        that a slope on log odds is one on that.

        Parameters
        ----------
        inside : ndarray
            Shares, 0 to 1.
        """
        if self.slope == 1.0:
            return inside
        return np.tanh(self.slope * np.arctanh(np.clip(inside, 0.0, 1 - 1e-15)))

    def uncalibrated(self, inside: FloatArray) -> FloatArray:
        """Return the share as learned from the calibrated one; the inverse of `calibrated`."""
        return replace(self, slope=1 / self.slope).calibrated(inside)

    def at(self, horizon: int) -> int:
        """Row of the table that serves a horizon: the last one for those beyond it."""
        return min(horizon, len(self.scale)) - 1


@dataclass(frozen=True, eq=False)
class Tables:
    """The committed tables: by the kind of the series, flows in collections and in panels of peers.

    Peers (the cities of a country, the countries of the world) grow together: growth of one year
    is more alike than chance makes it. `peer_share` measures how much, and joins the two tables of
    flows.
    """

    #: Of flows, on the log scale: collections of unlike series, and panels of peers.
    mixed: Table
    peers: Table
    shares: Table  # of percentages, on the logit scale
    stocks: Table  # of stocks, such as population, on the log scale
    provenance: dict[str, object] = field(default_factory=dict)  # panels, dates and scores
    #: Constants of the update by outside forecasts; see `forecast.calibration.outside_forecasts`.
    outside: dict[str, object] = field(default_factory=dict)
    #: How the slope of each table was found; see `forecast.calibration.slopes`.
    probability: dict[str, dict[str, float]] = field(default_factory=dict)
    #: By kind of series (flow, share, stock), the factors of `Table.short`.
    short: dict[str, list[list[float]]] = field(default_factory=dict)
    #: Forecasts of series of the reference panels alone, and what came; see
    #: `forecast.calibration.short_histories.record`.
    record: dict[str, dict[str, list[list[float]]]] = field(default_factory=dict)

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
        share, known = peer_share(paths, last), kind_of(paths.scale, kind)
        short = np.array(self.short.get(known, np.ones((len(SHORT_YEARS), 1))))
        if known != "flow":
            table = self.shares if known == "share" else self.stocks
            return replace(table, together=share, short=short)
        a, b = self.mixed, self.peers
        arrays: dict[str, Any] = {
            n: (1 - share) * getattr(a, n) + share * getattr(b, n) for n in ARRAYS
        }
        prior = {
            k: (1 - share) * v + share * getattr(b.prior, k) for k, v in asdict(a.prior).items()
        }
        slope = (1 - share) * a.slope + share * b.slope
        return replace(a, prior=Prior(**prior), together=share, slope=slope, short=short, **arrays)

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
        for name in NAMES:  # these stand in sections of their own
            del raw[name]["slope"]
            del raw[name]["short"]
        text = json.dumps(raw, ensure_ascii=False, indent=1)
        # Numbers of one row on one line.
        return (
            re.sub(r"\[\s+([-\d.e,\s]+?)\s+\]", lambda m: f"[{_SPACE.sub(' ', m[1])}]", text) + "\n"
        )

    @classmethod
    def _parsed(cls, text: str) -> Tables:
        raw = json.loads(text)
        tables, found = {}, raw.get("probability", {})
        for name in NAMES:
            fields: dict[str, Any] = {k: np.array(raw[name][k]) for k in ("levels", *ARRAYS)}
            fields["prior"] = Prior(**raw[name]["prior"])
            fields["persistent"] = raw[name]["persistent"]
            fields["slope"] = float(found.get(name, {}).get("slope", 1.0))
            tables[name] = Table(**fields)
        return cls(
            **tables,
            provenance=raw["provenance"],
            outside=raw.get("outside", {}),
            probability=found,
            short=raw.get("short", {}),
            record=raw.get("record", {}),
        )


def kind_of(scale: str, kind: str) -> str:
    """Return which of the learned kinds a series belongs to: flow, share or stock.

    Parameters
    ----------
    scale : str
        Of the models; ``logit`` is for shares.
    kind : str
        Of the indicator.
    """
    if scale == "logit":
        return "share"
    return "stock" if kind == "stock" else "flow"


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return np.round(value, 4).tolist()
    return round(value, 6) if isinstance(value, float) else value


@cache
def committed_tables() -> Tables:
    """Return the tables of ``data/calibration.json``.

    Raises
    ------
    UserError
        When the file cannot be read.
    """
    try:
        return Tables.load(CALIBRATION)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"the learned tables {CALIBRATION} cannot be read ({error}); "
            "`forecast calibrate` makes them"
        ) from error

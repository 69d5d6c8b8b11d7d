"""The forecast distribution of a panel: quantiles and probabilities of one and the same law.

The size of an error is given by the half-widths of the central intervals, horizon by horizon. The
interval that covers a share of the outcomes so many years ahead is never narrower than that of a
year earlier: less is known of a later year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecast.evidence.scales import TRANSFORMS, FloatArray
from forecast.forecasting import floor
from forecast.forecasting.component_forecasts import Combination
from forecast.forecasting.error_scale import Adaptation
from forecast.forecasting.learned_tables import Table
from forecast.forecasting.panel_data import IntArray, Part

RANGE = {"log": (0.0, np.inf), "logit": (0.0, 100.0), "linear": (-np.inf, np.inf)}


def size_at(inside: FloatArray, sizes: FloatArray, table: Table, horizon: int) -> FloatArray:
    """Half-width, in expected sizes of an error, of the interval that covers a share of outcomes.

    Linear between the table's levels, a power law beyond them.

    Parameters
    ----------
    inside : ndarray
        Shares of the outcomes, 0 to 1.
    sizes : ndarray, shape (n_levels,)
        As `Table.sizes`, at one horizon.
    table : Table
    horizon : int
        Years ahead.
    """
    top, tail = table.levels[-1], table.tail[table.at(horizon)]
    inside = table.uncalibrated(inside)
    body = np.interp(inside, np.r_[0.0, table.levels], np.r_[0.0, sizes])
    far = sizes[-1] * ((1 - top) / np.maximum(1 - inside, 1e-300)) ** (1 / tail)
    return np.where(inside > top, far, body)


def share_within(size: FloatArray, sizes: FloatArray, table: Table, horizon: int) -> FloatArray:
    """Share of the outcomes within so many expected sizes of the centre; inverts `size_at`.

    Parameters
    ----------
    size : ndarray
        At least 0.
    sizes, table, horizon
        See `size_at`.
    """
    top, tail = table.levels[-1], table.tail[table.at(horizon)]
    body = np.interp(size, np.r_[0.0, sizes], np.r_[0.0, table.levels])
    far = 1 - (1 - top) * (sizes[-1] / np.maximum(size, sizes[-1])) ** tail
    return table.calibrated(np.where(size > sizes[-1], far, body))


@dataclass(frozen=True, eq=False)
class Forecast:
    """The distribution of the next years of the series of a part."""

    part: Part
    combination: Combination
    adaptation: Adaptation
    table: Table

    @property
    def horizon(self) -> int:
        """Number of years ahead."""
        return int(self.combination.centre.shape[1])

    def quantiles(self, levels: FloatArray) -> FloatArray:
        """Quantiles in the unit of the values, shape (n_series, horizon, n_levels).

        Parameters
        ----------
        levels : ndarray, shape (n_levels,)
            Between 0 and 1.
        """
        return TRANSFORMS[self.part.paths.scale].inverse(self.scaled(levels))

    def scaled(self, levels: FloatArray, rows: Sequence[int] | slice = slice(None)) -> FloatArray:
        """Quantiles on the scale of the models.

        Parameters
        ----------
        levels : ndarray, shape (n_levels,) or (horizon, n_levels)
            Between 0 and 1; a row for every year ahead where they differ by year.
        rows : sequence of int, optional
            Series; all by default.

        Returns
        -------
        ndarray, shape (n_rows, horizon, n_levels)
        """
        levels = np.broadcast_to(levels, (self.horizon, levels.shape[-1]))
        centre = (self.part.paths.y[:, -1:] + self.combination.centre)[rows]
        widths = self.widths(np.abs(2 * levels - 1), rows)
        out: FloatArray = centre[:, :, None] + np.sign(levels - 0.5) * widths
        floor = self.part.floor[rows]
        out[floor] = np.maximum(out[floor], 0.0)  # these are linear
        return out

    def widths(self, inside: FloatArray, rows: Sequence[int] | slice = slice(None)) -> FloatArray:
        """Half-widths of central intervals on the scale of the models.

        Parameters
        ----------
        inside : ndarray, shape (horizon, n_levels)
            Shares of the outcomes that the intervals cover.
        rows : sequence of int, optional
            Series; all by default.

        Returns
        -------
        ndarray, shape (n_rows, horizon, n_levels)
        """
        scale = self.combination.scale[rows]
        out = np.zeros((len(scale), *inside.shape))
        for h in range(self.horizon):
            for k in range(h + 1):
                size = size_at(inside[h], self.adaptation.sizes[k], self.table, k + 1)
                out[:, h] = np.maximum(out[:, h], scale[:, k, None] * size)
        return out

    def drawn(self, levels: FloatArray, rows: IntArray) -> FloatArray:
        """Quantiles on the scale of the models, one case after another.

        Parameters
        ----------
        levels : ndarray, shape (n, horizon)
            Between 0 and 1.
        rows : ndarray of int, shape (n,)
            The series of each case.

        Returns
        -------
        ndarray, shape (n, horizon)
        """
        inside, scale = np.abs(2 * levels - 1), self.combination.scale[rows]
        widths = np.zeros(levels.shape)
        for h in range(self.horizon):
            for k in range(h + 1):
                size = size_at(inside[:, h], self.adaptation.sizes[k], self.table, k + 1)
                widths[:, h] = np.maximum(widths[:, h], scale[:, k] * size)
        centre = (self.part.paths.y[:, -1:] + self.combination.centre)[rows]
        out: FloatArray = centre + np.sign(levels - 0.5) * widths
        floor = self.part.floor[rows]
        out[floor] = np.maximum(out[floor], 0.0)
        return out

    def shares(self, rows: IntArray, horizons: IntArray, distance: FloatArray) -> FloatArray:
        """Share of the outcomes within a distance of the centre; the inverse of `widths`.

        Parameters
        ----------
        rows, horizons : ndarray of int, shape (n,)
            Series and years ahead of each case.
        distance : ndarray, shape (n,)
            At least 0, on the scale of the models.

        Returns
        -------
        ndarray, shape (n,)
        """
        out = np.ones(len(rows))
        for h in np.unique(horizons):
            here = horizons == h
            for k in range(h):
                size = distance[here] / self.combination.scale[rows[here], k]
                share = share_within(size, self.adaptation.sizes[k], self.table, k + 1)
                out[here] = np.minimum(out[here], share)
        return out

    def below(
        self, rows: IntArray, horizons: IntArray, values: FloatArray, or_at: ArrayLike = False
    ) -> FloatArray:
        """Probability that a series stays below a value, one case after another.

        It agrees with the quantiles: the probability of all that lies beyond a bound, such as 0 for
        a series that was never negative, is at the bound.

        Parameters
        ----------
        rows, horizons : ndarray of int, shape (n,)
            Series and years ahead.
        values : ndarray, shape (n,)
            In the unit of the values.
        or_at : bool or ndarray of bool, shape (n,)
            Whether an outcome of exactly the value counts.

        Returns
        -------
        ndarray, shape (n,)
        """
        scale = self.part.paths.scale
        lowest, highest = RANGE[scale]
        inside = (values > lowest) & (values < highest)
        y = TRANSFORMS[scale].forward(np.where(inside, values, 1.0))
        y = y - self.part.paths.y[rows, -1] - self.combination.centre[rows, horizons - 1]
        p = 0.5 + np.sign(y) * self.shares(rows, horizons, np.abs(y)) / 2
        p = np.where(inside, p, np.where(values <= lowest, 0.0, 1.0))
        beyond = (values < 0) | ((values == 0) & ~np.asarray(or_at))
        return np.where(self.part.floor[rows] & beyond, 0.0, p)

    def bounded(self, probability: FloatArray, horizons: IntArray) -> FloatArray:
        """Keep probabilities from 0 and 1 as far as comparable past episodes are few.

        Parameters
        ----------
        probability : ndarray, shape (n, ...)
        horizons : ndarray of int, shape (n, ...)
            Years ahead.

        See Also
        --------
        forecast.forecasting.floor : The rule, which holds for every probability.
        """
        least = np.array([floor.least(n) for n in self.adaptation.episodes])[horizons - 1]
        return np.clip(probability, least, 1 - least)

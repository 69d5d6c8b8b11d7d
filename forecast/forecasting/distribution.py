"""The distribution of forecast errors: quantiles and probabilities of one and the same law.

The size of an error is known by the half-widths of the central intervals, horizon by horizon. What
holds a share of the outcomes so many years ahead is never narrower than what holds it a year
earlier: less is known of a later year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.forecasting.panel_data import FloatArray, IntArray, Table


def size_at(inside: FloatArray, sizes: FloatArray, table: Table, horizon: int) -> FloatArray:
    """Half-width, in scales, of the central interval that holds a share of the outcomes.

    Linear between the table's levels, a power law beyond them.
    """
    top, tail = table.levels[-1], table.tail[table.at(horizon)]
    inside = table.learned(inside)
    body = np.interp(inside, np.r_[0.0, table.levels], np.r_[0.0, sizes])
    far = sizes[-1] * ((1 - top) / np.maximum(1 - inside, 1e-300)) ** (1 / tail)
    return np.where(inside > top, far, body)


def share_within(size: FloatArray, sizes: FloatArray, table: Table, horizon: int) -> FloatArray:
    """Share of the outcomes within so many scales of the centre; the inverse of `size_at`."""
    top, tail = table.levels[-1], table.tail[table.at(horizon)]
    body = np.interp(size, np.r_[0.0, sizes], np.r_[0.0, table.levels])
    far = 1 - (1 - top) * (sizes[-1] / np.maximum(size, sizes[-1])) ** tail
    return table.calibrated(np.where(size > sizes[-1], far, body))


@dataclass(frozen=True, eq=False)
class Errors:
    """How large the errors of some forecasts are, on the scale of the models.

    Attributes
    ----------
    scale : ndarray, shape (n_series, horizon)
        Expected size of an error.
    sizes : ndarray, shape (horizon, n_levels)
        Quantiles of the size of an error over the expected one; see `Table.sizes`.
    table : Table
    """

    scale: FloatArray
    sizes: FloatArray
    table: Table

    def widths(self, row: int, inside: FloatArray) -> FloatArray:
        """Half-widths of one series' central intervals.

        Parameters
        ----------
        row : int
            The series.
        inside : ndarray, shape (n, horizon)
            Shares of the outcomes, which may differ by year.

        Returns
        -------
        ndarray, shape (n, horizon)
        """
        out = np.zeros_like(inside)
        for h in range(inside.shape[1]):
            for k in range(h + 1):
                size = size_at(inside[:, h], self.sizes[k], self.table, k + 1)
                out[:, h] = np.maximum(out[:, h], self.scale[row, k] * size)
        return out

    def all_widths(self, inside: FloatArray) -> FloatArray:
        """Half-widths of all series, shape (n_series, horizon, n), the shares the same each year.

        Parameters
        ----------
        inside : ndarray, shape (n,)
        """
        sizes = np.stack([
            size_at(inside, size, self.table, h + 1) for h, size in enumerate(self.sizes)
        ])  # fmt: skip
        out: FloatArray = np.maximum.accumulate(self.scale[:, :, None] * sizes, axis=1)
        return out

    def shares(self, rows: IntArray, horizons: IntArray, distance: FloatArray) -> FloatArray:
        """Share of the outcomes within a distance of the centre; the inverse of the widths.

        Parameters
        ----------
        rows, horizons : ndarray of int, shape (n,)
            Series and years ahead of each case.
        distance : ndarray, shape (n,)
            At least 0.
        """
        out = np.ones(len(rows))
        for h in np.unique(horizons):
            here = horizons == h
            for k in range(h):
                size = distance[here] / self.scale[rows[here], k]
                share = share_within(size, self.sizes[k], self.table, k + 1)
                out[here] = np.minimum(out[here], share)
        return out

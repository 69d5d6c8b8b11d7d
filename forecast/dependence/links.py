"""Which series have moved together reliably: intervals of the correlations of past errors.

The interval is Fisher's (1921): the inverse hyperbolic tangent of a correlation is nearly normal.
Errors have mean zero, which is not estimated, so that its variance is 1 / (n - 2), n being the
years behind the pair; where errors persist a year counts for less (Bartlett 1935; see
`copula.pairs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecast.dependence.copula import pairs
from forecast.evidence.scales import FloatArray

COVERAGE = 0.9  # of the interval of a correlation
LEAST_YEARS = 5.0  # behind a pair: fewer tell nothing


class Link(NamedTuple):
    """Correlation of the past errors of two series: its interval, and the years behind it."""

    correlation: float
    low: float
    high: float
    years: float

    @property
    def reliable(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, eq=False)
class Links:
    """Correlations of the past errors of some series, pair by pair and not shrunk."""

    keys: tuple[str, ...]  # the series
    #: Years are those in which both have errors, fewer where errors persist; shape (n_series,
    #: n_series).
    correlation: FloatArray
    years: FloatArray

    @classmethod
    def of(cls, errors: pd.DataFrame, keys: tuple[str, ...]) -> Links:
        """Estimate them.

        Parameters
        ----------
        errors : DataFrame
            ``series, origin, horizon, error``: past errors in predictive standard deviations.
        keys : tuple of str
            The series.
        """
        return cls(keys, *pairs(errors, keys))

    def between(self, a: str, b: str) -> Link:
        """Return the link of two series; from -1 to 1 where the years are too few for any.

        Examples
        --------
        >>> links = Links(("a", "b"), np.array([[1, 0.8], [0.8, 1]]), np.full((2, 2), 10.0))
        >>> [round(x, 2) for x in links.between("a", "b")]
        [0.8, 0.48, 0.93, 10.0]
        >>> links.between("a", "c").reliable
        False
        """
        if not {a, b} <= set(self.keys):
            return Link(0.0, -1.0, 1.0, 0.0)
        i, j = self.keys.index(a), self.keys.index(b)
        r, n = float(self.correlation[i, j]), float(self.years[i, j])
        if n < LEAST_YEARS:
            return Link(r, -1.0, 1.0, n)
        half = float(ndtri((1 + COVERAGE) / 2)) / (n - 2) ** 0.5
        low, high = np.tanh(np.arctanh(np.clip(r, -0.999, 0.999)) + np.array([-half, half]))
        return Link(r, float(low), float(high), n)

"""Prior of a path: a stochastic trend whose yearly innovations have Student-t tails.

Yearly growth is noise around a drift that wanders slowly (Harvey 1989, chapter 3). The drift is
integrated out, so that the prior is a precision matrix over the years alone. The tails follow by
reweighting, as those of the observation errors do (West 1984): an innovation that the observations
agree on gets a small weight, and the path is free to move in that year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.reconciliation.smoothing.gaussians import inverse, log_determinant, root
from forecast.reconciliation.smoothing.noise import PART_PERSISTENCE
from forecast.reconciliation.smoothing.observation_equations import Layout

DRIFT_WANDER = 0.25  # how fast the underlying growth moves, relative to the yearly noise
DRIFT_SD = 0.15  # of growth in the first year
# Degrees of freedom of the yearly innovations. With two, a fall of ten percent in a calm series is
# credible by itself; a figure off by more than some eight yearly noises needs a second figure.
INNOVATION_FREEDOM = 2.0
ANYWHERE = 100.0  # standard deviation of the first level: as good as flat
SHARE_SD = 0.10  # log share of a year reached by month m, before any figure is known
BACK_LOADED = 0.10  # how much a first quarter falls short of a fourth of its year, in logs
# Correlation of a year's price change with the one before. Consumer prices of the countries
# of the World Economic Outlook give 0.61 (`forecast calibrate`, section `outside`).
PRICES_PERSISTENCE = 0.6
DEFLATOR_PRIOR = (0.02, 0.03)  # yearly change of prices where no related series informs it
# Factor on the departures of January and February: the Chinese New Year moves between them.
NEW_YEAR = 2.0


class Gaussian(NamedTuple):
    """A Gaussian distribution: information, the precision times the mean, and precision."""

    information: FloatArray
    precision: FloatArray


@lru_cache(maxsize=1024)
def trend(n: int, noise: float, drift_sd: float = DRIFT_SD) -> FloatArray:
    """Precision of `n` years of a path with the given yearly noise, shape (n, n)."""
    precision = weighted_trend(np.ones(n - 1), noise, drift_sd)
    precision.flags.writeable = False
    return precision


def weighted_trend(weight: FloatArray, noise: float, drift_sd: float = DRIFT_SD) -> FloatArray:
    """Precision of a path whose innovations have weights, shape (n, n).

    Parameters
    ----------
    weight : ndarray, shape (n - 1,)
        The innovation into year t + 1 has the variance ``noise**2 / weight[t]``.
    noise, drift_sd : float
        Standard deviations, on the scale of the path: of an innovation of weight 1, and of growth
        in the first year.
    """
    n = len(weight) + 1
    growth = drift_sd**2 + (DRIFT_WANDER * noise) ** 2 * _wandered(n - 1)
    growth.flat[::n] += noise**2 / weight
    # Of a path: its first level, and growth as its differences.
    half = np.zeros((n, n))
    half[0, 0] = 1 / ANYWHERE
    if n > 1:
        half[1:, 1:] = root(growth)
        half[1:, :-1] -= half[1:, 1:]
    precision: FloatArray = half.T @ half
    return precision


@dataclass(eq=False)
class PathPrior:
    """Prior of a path: a stochastic trend by itself, or around the path of another series.

    Attributes
    ----------
    noise, drift_sd : float
        Of the trend: yearly, and of the first year's growth.
    center : ndarray, shape (n,)
        Mean of the path.
    spell : ndarray of int, shape (n - 1,)
        Number of the spell that the innovation into each year belongs to. The innovations of a gap
        share a weight: when in it the path moved is not known.
    around : ndarray, shape (n, n), optional
        Precision of the path that the trend departs from; without it, the trend is the path.
    inflation : ndarray, shape (n - 1,), optional
        Factor on the variance of each innovation; 1 if not given.
    """

    noise: float
    drift_sd: float
    center: FloatArray
    spell: np.ndarray
    around: FloatArray | None = None
    inflation: FloatArray | None = None

    @property
    def n(self) -> int:
        """Number of years."""
        return len(self.center)

    def effective(self, weight: FloatArray) -> FloatArray:
        """Return weights under which the variance of every innovation is ``noise**2 / weight``."""
        return weight if self.inflation is None else weight / self.inflation

    def gaussian(self, weight: FloatArray) -> Gaussian:
        """Return the prior, given the weights of the innovations."""
        effective = self.effective(weight)
        if (effective == 1.0).all():
            precision = trend(self.n, self.noise, self.drift_sd)
        else:
            precision = weighted_trend(effective, self.noise, self.drift_sd)
        if self.around is not None:
            half = root(precision + self.around)
            precision = (half @ precision).T @ (half @ self.around)
            precision = (precision + precision.T) / 2
        return Gaussian(precision @ self.center, precision)

    def reweighted(
        self, weight: FloatArray, mean: FloatArray, half: FloatArray, precision: FloatArray
    ) -> FloatArray:
        """Return the weights of the innovations that a posterior of the path implies.

        Parameters
        ----------
        weight : ndarray, shape (n - 1,)
            Under which the posterior was found.
        mean, half : ndarray, shapes (n,) and (size, n)
            Of the posterior, and a root of its covariance, ``half.T @ half``.
        precision : ndarray, shape (n, n)
            Of the prior, as of `gaussian`.
        """
        if self.n < 2:
            return weight
        variance = self.noise**2 / self.effective(weight)
        # Covariance of path and innovations: a path holds all innovations up to its year.
        after = _after(self.n)
        gain = precision @ after * variance
        expected = (mean - self.center) @ gain
        spread = half @ gain
        known = np.einsum("ij,ij->j", after, gain)
        known -= np.einsum("ij,ij->j", spread, spread) / variance
        square = (expected**2 + np.maximum(variance * (1 - known), 0.0)) / (variance * weight)
        nu, years = INNOVATION_FREEDOM, np.bincount(self.spell)
        shared = (nu + years) / (nu + np.bincount(self.spell, square))
        new: FloatArray = np.minimum(shared, 1.0)[self.spell]
        return new

    def log_evidence(self, weight: FloatArray, precision: FloatArray) -> float:
        """Log of what the weights add to the density of a path at its center, up to a constant.

        The bound on a Student-t density by Gaussians (Palmer, Wipf, Kreutz-Delgado & Rao 2006).
        """
        own = weight[np.flatnonzero(np.diff(self.spell, prepend=-1))]  # one of each spell
        penalty = INNOVATION_FREEDOM / 2 * float((np.log(own) - own + 1).sum())
        return penalty + log_determinant(precision) / 2


def spells(observed: np.ndarray) -> np.ndarray:
    """Return numbers of the spells between observed years, shape (n - 1,)."""
    return np.cumsum(np.r_[0, observed[1:-1]])[: max(len(observed) - 1, 0)]


@lru_cache
def _wandered(n: int) -> FloatArray:
    """Return the covariance of a random walk of unit steps, shape (n, n)."""
    t = np.arange(1.0, n + 1)
    shared: FloatArray = np.minimum.outer(t, t)
    return shared


@lru_cache
def _after(n: int) -> FloatArray:
    """Return which innovations the path of each year holds, shape (n, n - 1)."""
    return np.tri(n, n - 1, -1, np.float64)


def parts_prior(parts: list[tuple[int, int]], sd: float) -> FloatArray:
    """Covariance of the departures of parts of years from their usual shares.

    What is open of a year shrinks as its months pass, and what one month leaves open, the earlier
    ones did too: the covariance of two months of a year is the variance of the later one.
    """
    year = np.array([y for y, _ in parts])
    month = np.array([m for _, m in parts])
    later = np.maximum.outer(month, month)
    open_yet = sd * (12 - later) / 12 * np.where(later < 3, NEW_YEAR, 1.0)
    apart = np.abs(np.subtract.outer(year, year))
    covariance: FloatArray = open_yet**2 * PART_PERSISTENCE**apart
    return covariance


def auxiliary_prior(
    layout: Layout,
    part_sd: float,
    steps: tuple[FloatArray, FloatArray],
    prices: Mapping[int, tuple[float, float]],
) -> Gaussian:
    """Prior of the auxiliary unknowns, those beside the path; zero for the path itself.

    Parameters
    ----------
    layout
        Of the unknowns.
    part_sd : float
        Standard deviation of a departure from the usual share of the year, per year remaining.
    steps : tuple of ndarray, shapes (n_bases,) and (n_bases, n_bases)
        Mean and covariance of the steps between bases.
    prices : mapping of int to (float, float)
        Mean and standard deviation of a year's price change, where a related series gives them.
        Those of the other years are correlated, as inflation is from year to year.
    """
    information, precision = np.zeros(layout.size), np.zeros((layout.size, layout.size))

    def add(index: int, mean: float, sd: float) -> None:
        precision[index, index] = 1 / sd**2
        information[index] = mean / sd**2

    def add_jointly(at: list[int], mean: FloatArray, cov: FloatArray) -> None:
        own = inverse(cov)
        precision[np.ix_(at, at)] = own
        information[at] = own @ mean

    if layout.basis:
        add_jointly(list(layout.basis.values()), *steps)
    for month, index in layout.month.items():
        rest = (12 - month) / 12
        usual = float(np.log(month / 12)) - BACK_LOADED * rest / 0.75
        add(index, usual, SHARE_SD * (1 + 2 * rest))
    for year in layout.price.keys() & prices.keys():
        add(layout.price[year], *prices[year])
    if years := sorted(layout.price.keys() - prices.keys()):
        mean, sd = np.array([DEFLATOR_PRIOR] * len(years)).T
        apart = np.abs(np.subtract.outer(years, years))
        cov = np.outer(sd, sd) * PRICES_PERSISTENCE**apart
        add_jointly([layout.price[year] for year in years], mean, cov)
    if layout.parts:
        covariance = parts_prior(layout.parts, part_sd)
        add_jointly(list(layout.part.values()), np.zeros(len(layout.parts)), covariance)
    return Gaussian(information, precision)

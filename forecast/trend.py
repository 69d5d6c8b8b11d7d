"""What is believed of a path before its statements are read: it follows a stochastic trend.

Yearly growth is noise around a drift that wanders slowly (Harvey 1989, chapter 3). The drift is
integrated out, so that the prior is a precision matrix over the years alone.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from forecast.rows import Layout
from forecast.transforms import FloatArray

DRIFT_WANDER = 0.25  # how fast the underlying growth moves, relative to the yearly noise
DRIFT_SD = 0.15  # of growth in the first year
ANYWHERE = 100.0  # standard deviation of the first level: as good as flat
SHARE_SD = 0.10  # log share of a year reached by month m, before the data speak
BACK_LOADED = 0.10  # how much a first quarter falls short of a fourth of its year, in logs
# Departure of a year's share reached by a month from the usual one: standard deviation per year
# remaining, relative to the yearly noise, and its correlation with that of the year before. The
# year-to-date figures of all series against the years that came say 1.2; replays of 2021-2025, with
# their lockdowns, and synthetic worlds hold too little with that.
PART_SD = 2.0
PART_CASES = 4.0  # of a series' own departures that this counts for
PART_PERSISTENCE = 0.75
NEW_YEAR = 2.0  # factor on it for January and February: the Chinese New Year moves between them


@lru_cache(maxsize=1024)
def trend(n: int, noise: float, drift_sd: float = DRIFT_SD) -> FloatArray:
    """Precision of `n` years of a path with the given yearly noise, shape (n, n)."""
    precision = np.zeros((n, n))
    precision[0, 0] = 1 / ANYWHERE**2
    if n > 1:
        t = np.arange(1.0, n)
        growth = drift_sd**2 + (DRIFT_WANDER * noise) ** 2 * np.minimum.outer(t, t)
        growth += noise**2 * np.eye(n - 1)
        inverse = np.linalg.inv(growth)
        precision[1:, 1:] += inverse
        precision[:-1, :-1] += inverse
        precision[1:, :-1] -= inverse
        precision[:-1, 1:] -= inverse
    precision.flags.writeable = False
    return precision


def part_sd(departures: FloatArray, noise: float) -> float:
    """Return a departure's standard deviation per year remaining: the own, shrunk to the usual.

    Parameters
    ----------
    departures : ndarray, shape (n, 2)
        As of `forecast.rows.part_departures`.
    noise : float
        Yearly, of the series.
    """
    usual = PART_SD * noise
    own = np.clip(departures[:, 1] / departures[:, 0], -4 * usual, 4 * usual)  # a wrong figure
    variance = (PART_CASES * usual**2 + (own**2).sum()) / (PART_CASES + len(own))
    return float(np.sqrt(variance))


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


def extras_prior(
    layout: Layout,
    part: float,
    steps: tuple[FloatArray, FloatArray],
    prices: dict[int, tuple[float, float]],
) -> tuple[FloatArray, FloatArray]:
    """Information and precision of the unknowns beside the path; zero for the path itself.

    Parameters
    ----------
    layout : Layout
    part : float
        Standard deviation of a departure from the usual share of the year (see `part_sd`).
    steps : tuple of ndarray, shapes (n_bases,) and (n_bases, n_bases)
        Mean and covariance of the steps between bases.
    prices : dict
        Mean and standard deviation of every year's price change.
    """
    information, precision = np.zeros(layout.size), np.zeros((layout.size, layout.size))

    def add(index: int, mean: float, sd: float) -> None:
        precision[index, index] = 1 / sd**2
        information[index] = mean / sd**2

    if layout.basis:
        at = list(layout.basis.values())
        precision[np.ix_(at, at)] = np.linalg.inv(steps[1])
        information[at] = precision[np.ix_(at, at)] @ steps[0]
    for month, index in layout.month.items():
        rest = (12 - month) / 12
        usual = float(np.log(month / 12)) - BACK_LOADED * rest / 0.75
        add(index, usual, SHARE_SD * (1 + 2 * rest))
    for year, index in layout.price.items():
        add(index, *prices[year])
    if layout.parts:
        here = slice(layout.part[layout.parts[0]], layout.part[layout.parts[-1]] + 1)
        precision[here, here] = np.linalg.inv(parts_prior(layout.parts, part))
    return information, precision

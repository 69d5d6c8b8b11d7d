"""What linked series imply for one another: Gaussian messages passed along the tree.

A series moves with its parent times a ratio, which is a stochastic trend of its own. The ratios
have Student-t innovations as the paths do: a region may fall when its parent does not. Given the
weights of observations and innovations everything is Gaussian, and messages are exact: what a
child implies for its parent's path goes up, what all others imply comes down (Pearl 1988, chapter
4; Kalman smoothing is the same on a chain).
"""

from __future__ import annotations

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.reconciliation.observations import yearly_levels
from forecast.reconciliation.related_series.links import place
from forecast.reconciliation.related_series.series import Key, Series, named
from forecast.reconciliation.smoothing import robust_smoother
from forecast.reconciliation.smoothing.gaussians import inverse, root
from forecast.reconciliation.smoothing.robust_smoother import CONFIRMED, StatePrior, Weights
from forecast.reconciliation.smoothing.trend_prior import (
    DRIFT_SD,
    INNOVATION_FREEDOM,
    Gaussian,
    PathPrior,
    spells,
    weighted_trend,
)

RATIO_DRIFT_SD = 0.03  # of the first year's growth of a ratio
RATIO_ROUNDS = 8  # of reweighting the innovations of a ratio before its message is sent
# Standard deviation of the share of its parent's move that a part does not follow.
FOLLOWING_SD = 0.4


def solve(series: Series, path: PathPrior, before: Weights | None = None) -> None:
    """Find the posterior of a series, given a prior of its path and the messages of its children.

    Parameters
    ----------
    series : Series
        Its `prior`, `solution` and `total` are filled.
    path : PathPrior
    before : tuple of ndarray, optional
        Weights to start from, as of `forecast.reconciliation.smoothing.robust_smoother.solve`.
    """
    series.prior = StatePrior(path, _beside(series))
    with named(series.key):
        found = robust_smoother.solve(series.equations, series.noise, series.prior, before)
        if not (np.isfinite(found.mean).all() and np.isfinite(found.cov).all()):
            raise FloatingPointError("a value is not finite")
    series.solution = found
    information, precision, _ = series.prior.gaussian(found.innovation)
    scaled = found.h / found.sd[:, None] * np.sqrt(found.weight)[:, None]
    values = found.z / found.sd * np.sqrt(found.weight)
    series.total = Gaussian(information + scaled.T @ values, precision + scaled.T @ scaled)


def own_prior(series: Series) -> PathPrior:
    """Return the prior of a path by itself: a stochastic trend around its levels."""
    anchor = float(series.scale.forward(yearly_levels(series.used)).mean())
    center = np.full(len(series.layout.years), anchor)
    return PathPrior(series.noise, DRIFT_SD, center, spells(series.observed))


def prior_from_parent(series: Series) -> PathPrior:
    """Return the prior of a path from its parent's, as all others know it, times a ratio."""
    parent = series.parent
    assert parent is not None
    here = place(parent, series)
    information, precision = (part.copy() for part in parent.total)
    if series.message is not None:
        information[here] -= series.message.information
        precision[here, here] -= series.message.precision
    half = root(precision)
    mean = (half @ information) @ half[:, here]
    around = inverse(half[:, here].T @ half[:, here])
    return PathPrior(
        series.ratio_noise,
        RATIO_DRIFT_SD,
        mean,
        spells(series.observed),
        around,
        _ratio_inflation(series, parent),
    )


def _ratio_inflation(series: Series, parent: Series) -> FloatArray | None:
    """Return factors on the variance of a ratio: where the parent moves, a part may do otherwise.

    A move of the parent is a year whose innovation the observations pulled far from the usual.
    """
    weight = parent.solution.innovation
    if (weight >= CONFIRMED).all():
        return None
    # The weight of a Student-t gives the size of the innovation, in yearly noises of its prior.
    nu = INNOVATION_FREEDOM
    moved = np.where(weight < CONFIRMED, (nu + 1) / weight - nu, 0.0)
    move = parent.prior.path.noise * np.sqrt(moved)
    here = place(parent, series)
    return 1 + (FOLLOWING_SD * move[here.start : here.stop - 1] / series.ratio_noise) ** 2


def _beside(series: Series) -> Gaussian:
    """Return what stands beside the path's prior: that of auxiliary unknowns, and messages."""
    information, precision = (part.copy() for part in series.auxiliary)
    for child in series.children:
        if child.message is not None:
            here = place(series, child)
            information[here] += child.message.information
            precision[here, here] += child.message.precision
    return Gaussian(information, precision)


def _by_itself(series: Series) -> Gaussian:
    """Return what a series and its children imply for its path, without a prior on it."""
    n = len(series.layout.years)
    information, precision = (part.copy() for part in series.total)
    prior = series.prior.path.gaussian(series.solution.innovation)
    beside = _beside(series)  # the children's messages are newer than the solution
    information += beside.information - series.prior.rest.information
    precision += beside.precision - series.prior.rest.precision
    information[:n] -= prior.information
    precision[:n, :n] -= prior.precision
    if len(precision) > n:
        half = root(precision[n:, n:])
        gain = half @ precision[n:, :n]
        information = information[:n] - (half @ information[n:]) @ gain
        precision = precision[:n, :n] - gain.T @ gain
    return Gaussian(information, precision)


def send_up(series: Series) -> None:
    """Find what a series and its children imply for the parent's path, over the series' years.

    The innovations of the ratio are weighted by the two series as each is known alone.
    """
    alone, path = _by_itself(series), prior_from_parent(series)
    weight = np.ones(path.n - 1)
    for _ in range(RATIO_ROUNDS):
        information, precision = path.gaussian(weight)
        half = root(precision + alone.precision)
        mean = (half @ (information + alone.information)) @ half
        new = path.reweighted(weight, mean, half, precision)
        change = float(np.abs(new - weight).max(initial=0.0))
        weight = new
        if change < 0.01:
            break
    ratio = weighted_trend(path.effective(weight), series.ratio_noise, RATIO_DRIFT_SD)
    half = root(ratio + alone.precision)
    gain = half @ ratio
    series.ratio_weights = weight
    series.message = Gaussian((half @ alone.information) @ gain, ratio - gain.T @ gain)


def without_related(series: Series) -> dict[Key, FloatArray]:
    """Return the path as it would be without one related series, weights kept; by its key."""
    n = len(series.layout.years)
    found = {}
    for other in series.neighbours:
        information, precision = (part.copy() for part in series.total)
        if other is series.parent:
            own = own_prior(series).gaussian(np.ones(n - 1))
            theirs = prior_from_parent(series).gaussian(series.solution.innovation)
            information[:n] += own.information - theirs.information
            precision[:n, :n] += own.precision - theirs.precision
        else:
            assert other.message is not None
            here = place(series, other)
            information[here] -= other.message.information
            precision[here, here] -= other.message.precision
        found[other.key] = np.asarray(np.linalg.solve(precision, information)[:n], np.float64)
    return found

"""Robust smoother: the posterior under Student-t errors and innovations, by reweighting.

A figure that departs from all others may be wrong, or the path may have moved. Both are tried, and
the likelier solution counts: a move is accepted where a second figure agrees with it, and what
stands alone is down-weighted and flagged.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.reconciliation.smoothing.gaussians import log_determinant, root
from forecast.reconciliation.smoothing.observation_equations import Equations
from forecast.reconciliation.smoothing.trend_prior import Gaussian, PathPrior

DEGREES_OF_FREEDOM = 4.0
OUTLIER_WEIGHT = 0.3  # an observation that keeps less than this of its precision is an outlier
SUSPICIOUS = 3.5  # standard deviations from what all other figures imply
ROUNDS = 4  # of trying whether a figure is wrong or the path moved
CONFIRMED = 0.3  # a figure, or a usual growth, of less weight has been found out already
WRONG_RANGE = 30.0  # yearly noises that wrong figures are spread over
WIDENINGS = 10  # steps from the largest errors to the equations' own
STEADY = [0.0] * 20  # reweightings with the equations' own errors, at most
AFRESH = "afresh"
SAME = 1e-3  # difference of evidence below which the solution that trusts more figures is taken
EXCLUDED = 1e-6  # weight of a figure, or an innovation, in a trial without it


@dataclass(eq=False)
class Solution:
    """The posterior of all unknowns, and the equations it was made from.

    Attributes
    ----------
    mean, cov : ndarray, shapes (size,) and (size, size)
    h, z, sd, weight : ndarray, shapes (n, size), (n,), (n,) and (n,)
        Design, values, standard deviations and weights of the observation equations.
    innovation : ndarray, shape (n_years - 1,)
        Weights of the path's yearly innovations; that into year t + 1 has weight t. A small one
        marks a move that the observations agree on.
    """

    mean: FloatArray
    cov: FloatArray
    h: FloatArray
    z: FloatArray
    sd: FloatArray
    weight: FloatArray
    innovation: FloatArray

    def without(self, unknown: int) -> FloatArray:
        """Return one unknown's mean with each equation left out, other weights kept, shape (n,).

        Sherman & Morrison (1950).
        """
        precision = self.weight / self.sd**2
        spread = self.h @ self.cov
        # Zero if nothing else determines the value.
        left = np.maximum(1 - precision * (spread * self.h).sum(axis=1), 1e-9)
        residual = self.z - self.h @ self.mean
        result: FloatArray = self.mean[unknown] - spread[:, unknown] * precision * residual / left
        return result

    def apart(self) -> FloatArray:
        """Return how far each figure is from what all others imply, in standard deviations."""
        spread = ((self.h @ self.cov) * self.h).sum(axis=1)
        left = np.maximum(1 - self.weight / self.sd**2 * spread, 1e-9)
        # Residual and variance without the figure: Sherman & Morrison (1950) once more.
        residual = np.abs(self.z - self.h @ self.mean) / left
        result: FloatArray = residual / np.sqrt(spread / left + self.sd**2)
        return np.where(self.weight > CONFIRMED, result, 0.0)


def posterior(
    h: FloatArray, z: FloatArray, sd: FloatArray, information: FloatArray, precision: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Add equations with independent errors to a Gaussian prior; return mean and covariance."""
    mean, half = rooted(h, z, sd, information, precision)
    return mean, half.T @ half


def rooted(
    h: FloatArray, z: FloatArray, sd: FloatArray, information: FloatArray, precision: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return mean and root of the covariance of a `posterior`; see `gaussians.root`."""
    scaled = h / sd[:, None]
    half = root(precision + scaled.T @ scaled)
    return (half @ (information + scaled.T @ (z / sd))) @ half, half


@dataclass(eq=False)
class StatePrior:
    """The prior of all unknowns.

    Attributes
    ----------
    path : PathPrior
        Of the path.
    rest : Gaussian
        Of the auxiliary unknowns, and the messages of the children on the path.
    """

    path: PathPrior
    rest: Gaussian

    def gaussian(self, innovation: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return information and precision of all unknowns, and the precision of the path alone."""
        n = self.path.n
        information, precision = self.rest.information.copy(), self.rest.precision.copy()
        path = self.path.gaussian(innovation)
        information[:n] += path.information
        precision[:n, :n] += path.precision
        return information, precision, path.precision


# Solutions, and the values and errors that their equations end with, by content: those used last.
KEPT = 512
_known: OrderedDict[bytes, tuple[Solution, FloatArray, FloatArray]] = OrderedDict()

Weights = tuple[FloatArray, FloatArray]  # of the equations, and of the innovations


def solve(
    equations: Equations, noise: float, prior: StatePrior, before: Weights | None = None
) -> Solution:
    """Reweight equations and innovations, started from errors so large that no figure dominates.

    Parameters
    ----------
    equations : Equations
    noise : float
        Yearly, of the series.
    prior : StatePrior
    before : tuple of ndarray, optional
        Weights found with another prior, to start from; where they doubt a figure or a year, the
        start from large errors is tried as well, and the likelier end counts. So related series
        can expose a wrong figure, but not overrule what the figures of a series agree on.
    """
    # Hold-outs hide one figure after the other: most series are solved as they were before.
    content = _content(equations, noise, prior, before or ())
    with contextlib.suppress(KeyError):
        known, equations.z[:], equations.sd[:] = _known[content]
        _known.move_to_end(content)
        return known
    found = _solve(equations, noise, prior, before)
    _known[content] = found, equations.z.copy(), equations.sd.copy()
    if len(_known) > KEPT:
        _known.popitem(last=False)
    return found


def _content(
    equations: Equations, noise: float, prior: StatePrior, before: Sequence[FloatArray]
) -> bytes:
    """Digest of everything that a solution depends on."""
    e, path = equations, prior.path
    nonlinear = [e.observations[i] for i in e.nonlinear]
    arrays = (e.h, e.z, e.sd, e.at, e.wrong, path.center, path.spell, *prior.rest, *before)
    optional = (path.around, path.inflation)
    digest = hashlib.blake2b()
    for array in (*arrays, *(np.zeros(0) if a is None else a for a in optional)):
        digest.update(f"{array.shape} {array.dtype.char}".encode())
        digest.update(array.tobytes())
    values = [(o.measure, o.value, o.canonical) for o in nonlinear]
    digest.update(
        repr((noise, path.noise, path.drift_sd, e.scale.name, e.nonlinear, values)).encode()
    )
    return digest.digest()


def _solve(
    equations: Equations, noise: float, prior: StatePrior, before: Weights | None
) -> Solution:
    usual = np.ones(len(equations.h)), np.ones(prior.path.n - 1)
    # An outlier that the first solution follows would keep its weight for ever. So the errors
    # start at three times the yearly noise and shrink to their own size while weights adapt.
    afresh = [*np.geomspace(3 * noise, 1e-4, WIDENINGS), *STEADY]
    trials: dict[str, Weights] = {}
    if before is None:
        found = _reweighted(equations, prior, usual, afresh)
    else:
        found = _reweighted(equations, prior, before, STEADY)
        if min(weights.min(initial=1.0) for weights in before) < CONFIRMED:
            trials[AFRESH] = usual
    best = _support(equations, found, noise, prior)
    tried: set[str] = set()
    for _ in range(ROUNDS):
        trials |= _trials(equations, found, prior)
        better = False
        for name in [name for name in trials if name not in tried]:
            equations.relinearize(found.mean)
            widening = afresh if name == AFRESH else STEADY
            other = _reweighted(equations, prior, trials[name], widening)
            support = _support(equations, other, noise, prior)
            trusting = other.weight.sum() > found.weight.sum() + 0.1
            if support > best + (-SAME if trusting else SAME):
                found, best, better = other, support, True
        if not better:
            break
        tried |= trials.keys()
        trials = {}
    return found


def _trials(equations: Equations, found: Solution, prior: StatePrior) -> dict[str, Weights]:
    """Return other explanations of a solution, as weights to start from, by name.

    A figure that nothing confirms but that is followed all the same may be wrong; where one is set
    aside, it may be right after all, or the path may have moved; and where the path moved, the
    figures of the years around may be wrong.
    """
    trials: dict[str, Weights] = {}
    weight, innovation, spell = found.weight, found.innovation, prior.path.spell
    steady = np.ones(len(innovation))
    views = {"": (found, innovation)}
    if (innovation < CONFIRMED).any():
        # A figure that moved the path is no longer apart from it: look at a path that cannot move.
        size = found.sd / np.sqrt(weight)
        still = posterior(found.h, found.z, size, *prior.gaussian(steady)[:2])
        views[" and moves"] = replace(found, mean=still[0], cov=still[1]), steady
    for name, (view, moves) in views.items():
        apart = view.apart()
        one = int(apart.argmax())
        if apart[one] > SUSPICIOUS:
            without = np.where(np.arange(len(apart)) == one, EXCLUDED, weight)
            trials[f"without figure {one}{name}"] = without, moves
    doubt = np.zeros(len(innovation) + 1)
    np.maximum.at(doubt, equations.at, np.where(weight < CONFIRMED, 1 - weight, 0.0))
    for year in np.argsort(-doubt, kind="stable")[:ROUNDS]:
        if doubt[year] > 0 and year > 0:
            trusted = np.where(equations.at == year, 1.0, weight)
            moved = np.where(spell == spell[year - 1], EXCLUDED, innovation)
            trials[f"with figures of {year}"] = trusted, innovation
            trials[f"with a move in {year}"] = trusted, moved
    for number in np.unique(spell[innovation < CONFIRMED]):
        own = np.flatnonzero(spell == number)
        stayed = np.where(np.abs(spell - number) < 2, 1.0, innovation)
        for year in (own[0], own[-1] + 1, own[-1] + 2):  # before the move, after it, and next
            without = equations.at == year
            if without.any():
                name = f"without figures of {year} for spell {number}"
                trials[name] = np.where(without, EXCLUDED, weight), stayed
    return trials


def _reweighted(
    equations: Equations, prior: StatePrior, start: Weights, widening: Sequence[float]
) -> Solution:
    h, nu, n = equations.h, DEGREES_OF_FREEDOM, prior.path.n
    weight, innovation = start
    z, size = equations.z, equations.sd
    information, precision, path = prior.gaussian(innovation)
    mean, half = np.zeros(len(information)), precision
    for widen in widening:
        start = weight, innovation  # the solution is exact given these
        z, size = equations.z.copy(), np.hypot(equations.sd, widen)
        mean, half = rooted(h, z, size / np.sqrt(weight), information, precision)
        spread = h @ half.T
        expected = (z - h @ mean) ** 2 + np.einsum("ij,ij->i", spread, spread)
        new = np.minimum((nu + 1) / (nu + expected / size**2), 1.0)
        done = widen == 0.0 and float(np.abs(new - weight).max()) < 1e-3
        weight = new
        equations.relinearize(mean)
        if widen > 0.0:
            continue
        moves = prior.path.reweighted(innovation, mean[:n], half[:, :n], path)
        change = float(np.abs(moves - innovation).max(initial=0.0))
        if done and change < 5e-3:
            break
        if change > 0.0:
            innovation = moves
            information, precision, path = prior.gaussian(innovation)
    return Solution(mean, half.T @ half, h, z, size, *start)


def _support(equations: Equations, found: Solution, noise: float, prior: StatePrior) -> float:
    """Log of the evidence for a solution, up to a constant: a Laplace approximation.

    A figure may be wrong by any amount: a mistake is likelier than a path that follows it.
    """
    nu, mean, n = DEGREES_OF_FREEDOM, found.mean, prior.path.n
    t = (found.z - found.h @ mean) / found.sd
    right = (1 + t**2 / nu) ** (-(nu + 1) / 2) / (2.67 * found.sd)  # 2.67: Student-t, 4 degrees
    right *= 1 - equations.wrong
    either = right + equations.wrong / (WRONG_RANGE * noise)
    _, precision, path = prior.gaussian(found.innovation)
    off = mean[:n] - prior.path.center
    rest = prior.rest
    density = rest.information @ mean - mean @ rest.precision @ mean / 2 - off @ path @ off / 2
    # The curvature at the solution: a figure that it meets counts, whatever its weight was.
    holds = right / either * np.minimum((nu + 1) / (nu + t**2), 1.0) / found.sd**2
    curvature = precision + (found.h * holds[:, None]).T @ found.h
    volume = -log_determinant(curvature) / 2
    evidence = prior.path.log_evidence(found.innovation, path)
    return float(density + evidence + np.log(either).sum() + volume)

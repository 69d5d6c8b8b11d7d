"""Solve the rows of a history: Student-t errors and innovations by reweighting.

A row that departs from all others may be wrong, or the path may have moved. Both are tried, and
the likelier solution counts: a move is believed where a second statement agrees with it, and what
stands alone is down-weighted and flagged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.evidence.scales import FloatArray, Transform
from forecast.reconciliation.observation_equations import (
    Layout,
    Record,
    design_row,
    error_sd,
    half_unit,
    levels_of,
    on_scale,
)
from forecast.reconciliation.trend_prior import Path

DEGREES_OF_FREEDOM = 4.0
SUSPICIOUS = 3.5  # standard deviations from what all other rows say
WRONG_TOGETHER = 1e-4  # share that is wrong although other figures add up to it
ROUNDS = 4  # of trying whether a row is wrong or the path moved
CONFIRMED = 0.3  # a row, or a usual growth, of less weight has been found out already
WRONG, WRONG_RANGE = 0.05, 30.0  # share of rows that are wrong, over how many yearly noises
WIDENINGS = 10  # steps from the largest errors to the rows' own
STEADY = [0.0] * 20  # reweightings with the rows' own errors, at most
AFRESH = "afresh"
SAME = 1e-3  # difference of evidence below which the solution that trusts more rows is taken
EXCLUDED = 1e-6  # weight of a row, or an innovation, in a trial without it


@dataclass(eq=False)
class Solution:
    """The posterior, and the rows it was made from.

    Attributes
    ----------
    mean, cov : ndarray, shapes (size,) and (size, size)
    h, z, sd, weight : ndarray, shapes (n, size), (n,), (n,) and (n,)
        Design, values, standard deviations and weights of the exact statements.
    innovation : ndarray, shape (n_years - 1,)
        Weights of the path's yearly innovations; that into year t + 1 has weight t. A small one
        marks a move that the statements agree on.
    """

    mean: FloatArray
    cov: FloatArray
    h: FloatArray
    z: FloatArray
    sd: FloatArray
    weight: FloatArray
    innovation: FloatArray

    def without(self, unknown: int) -> FloatArray:
        """Return one unknown's mean with each row left out, other weights kept, shape (n,).

        Sherman & Morrison (1950).
        """
        precision = self.weight / self.sd**2
        spread = self.h @ self.cov
        # Zero if nothing else carries the row.
        left = np.maximum(1 - precision * (spread * self.h).sum(axis=1), 1e-9)
        residual = self.z - self.h @ self.mean
        result: FloatArray = self.mean[unknown] - spread[:, unknown] * precision * residual / left
        return result

    def apart(self) -> FloatArray:
        """Return how far each row is from what all others say, in standard deviations."""
        spread = ((self.h @ self.cov) * self.h).sum(axis=1)
        left = np.maximum(1 - self.weight / self.sd**2 * spread, 1e-9)
        # Residual and variance without the row: Sherman & Morrison (1950) once more.
        residual = np.abs(self.z - self.h @ self.mean) / left
        result: FloatArray = residual / np.sqrt(spread / left + self.sd**2)
        return np.where(self.weight > CONFIRMED, result, 0.0)


def posterior(
    h: FloatArray, z: FloatArray, sd: FloatArray, information: FloatArray, precision: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Add rows with independent errors to a Gaussian prior; return mean and covariance."""
    scaled = h / sd[:, None]
    cov = np.linalg.inv(precision + scaled.T @ scaled)
    cov = (cov + cov.T) / 2
    return cov @ (information + scaled.T @ (z / sd)), cov


@dataclass(eq=False)
class System:
    """The exact statements on one series as rows, assembled once.

    Attributes
    ----------
    h, z, sd : ndarray, shapes (n, size), (n,) and (n,)
        Design, values on the scale and standard deviations; the last two of rows that depend on the
        level of their year are set anew with every estimate.
    at : ndarray of int, shape (n,)
        Where the year of each row stands in the state.
    wrong : ndarray, shape (n,)
        Probability that a row is wrong: small where another figure confirms it.
    moving : list of int
        Rows that depend on their level: changes of a share, growth on a scale that is no logarithm.
    """

    layout: Layout
    scale: Transform
    records: list[Record]
    h: FloatArray
    z: FloatArray
    sd: FloatArray
    at: np.ndarray
    wrong: FloatArray
    moving: list[int]

    @classmethod
    def of(cls, rows: list[Record], layout: Layout, scale: Transform, kind: str) -> System:
        """Assemble the rows of the exact statements."""
        records = [s for s in rows if not s["bound"]]
        level = float(np.median(levels_of(rows)))
        moving = [
            i for i, s in enumerate(records)
            if s["measure"] == "change" or ("growth" in str(s["measure"]) and scale.name != "log")
        ]  # fmt: skip
        return cls(
            layout, scale, records,
            np.array([design_row(s, layout) for s in records]),
            np.array([on_scale(s, scale, level) for s in records]),
            np.array([error_sd(s, scale, kind) for s in records]),
            np.array([layout.x(int(s["year"])) for s in records]),
            np.array([WRONG_TOGETHER if s.get("confirmed") else WRONG for s in records]),
            moving,
        )  # fmt: skip

    def move(self, path: FloatArray) -> None:
        """Set the rows that depend on the level of their year, given an estimate of the path."""
        for i in self.moving:
            now = self.scale.inverse(path[[self.at[i]]])
            self.z[i] = on_scale(self.records[i], self.scale, float(now[0]))
            if self.records[i]["measure"] == "change":
                half = half_unit(self.records[i], self.scale) / np.sqrt(3)
                self.sd[i] = half * float(self.scale.slope(now)[0])


@dataclass(eq=False)
class Prior:
    """What is believed before the statements are read.

    Attributes
    ----------
    path : Path
        Of the path.
    information, precision : ndarray, shapes (size,) and (size, size)
        Of the other unknowns, and what the series below say of the path.
    """

    path: Path
    information: FloatArray
    precision: FloatArray

    def gaussian(self, innovation: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return information and precision of all unknowns, and the precision of the path alone."""
        n = self.path.n
        information, precision = self.information.copy(), self.precision.copy()
        path = self.path.gaussian(innovation)
        information[:n] += path[0]
        precision[:n, :n] += path[1]
        return information, precision, path[1]


Weights = tuple[FloatArray, FloatArray]  # of the rows, and of the innovations


def solve(system: System, noise: float, prior: Prior, before: Weights | None = None) -> Solution:
    """Reweight rows and innovations, started from errors so large that no row can dominate.

    Parameters
    ----------
    system : System
    noise : float
        Yearly, of the series.
    prior : Prior
    before : tuple of ndarray, optional
        Weights found with another prior, to start from; where they doubt a row or a year, the
        start from large errors is tried as well, and the likelier end counts. So relatives can
        expose a wrong row, and do not talk a series out of what its rows agree on.
    """
    usual = np.ones(len(system.h)), np.ones(prior.path.n - 1)
    # An outlier that the first solution follows would keep its weight for ever. So the errors
    # start at three times the yearly noise and shrink to their own size while weights adapt.
    afresh = [*np.geomspace(3 * noise, 1e-4, WIDENINGS), *STEADY]
    trials: dict[str, Weights] = {}
    if before is None:
        found = _reweighted(system, prior, usual, afresh)
    else:
        found = _reweighted(system, prior, before, STEADY)
        if min(weights.min(initial=1.0) for weights in before) < CONFIRMED:
            trials[AFRESH] = usual
    best = _support(system, found, noise, prior)
    tried: set[str] = set()
    for _ in range(ROUNDS):
        trials |= _trials(system, found, prior)
        better = False
        for name in [name for name in trials if name not in tried]:
            system.move(found.mean)
            widening = afresh if name == AFRESH else STEADY
            other = _reweighted(system, prior, trials[name], widening)
            support = _support(system, other, noise, prior)
            trusting = other.weight.sum() > found.weight.sum() + 0.1
            if support > best + (-SAME if trusting else SAME):
                found, best, better = other, support, True
        if not better:
            break
        tried |= trials.keys()
        trials = {}
    return found


def _trials(system: System, found: Solution, prior: Prior) -> dict[str, Weights]:
    """Return other explanations of a solution, as weights to start from, by name.

    A row that nothing confirms but that is followed all the same may be wrong; where a row is set
    aside, it may be right after all, or the path may have moved; and where the path moved, the rows
    of the years around may be wrong.
    """
    trials: dict[str, Weights] = {}
    weight, innovation, spell = found.weight, found.innovation, prior.path.spell
    steady = np.ones(len(innovation))
    views = {"": (found, innovation)}
    if (innovation < CONFIRMED).any():
        # A row that moved the path is no longer apart from it: look at a path that cannot move.
        size = found.sd / np.sqrt(weight)
        still = posterior(found.h, found.z, size, *prior.gaussian(steady)[:2])
        views[" and moves"] = replace(found, mean=still[0], cov=still[1]), steady
    for name, (view, moves) in views.items():
        apart = view.apart()
        row = int(apart.argmax())
        if apart[row] > SUSPICIOUS:
            without = np.where(np.arange(len(apart)) == row, EXCLUDED, weight)
            trials[f"without row {row}{name}"] = without, moves
    doubt = np.zeros(len(innovation) + 1)
    np.maximum.at(doubt, system.at, np.where(weight < CONFIRMED, 1 - weight, 0.0))
    for year in np.argsort(-doubt, kind="stable")[:ROUNDS]:
        if doubt[year] > 0 and year > 0:
            trusted = np.where(system.at == year, 1.0, weight)
            moved = np.where(spell == spell[year - 1], EXCLUDED, innovation)
            trials[f"with rows of {year}"] = trusted, innovation
            trials[f"with a move in {year}"] = trusted, moved
    for number in np.unique(spell[innovation < CONFIRMED]):
        own = np.flatnonzero(spell == number)
        stayed = np.where(np.abs(spell - number) < 2, 1.0, innovation)
        for year in (own[0], own[-1] + 1, own[-1] + 2):  # before the move, after it, and next
            without = system.at == year
            if without.any():
                name = f"without rows of {year} for spell {number}"
                trials[name] = np.where(without, EXCLUDED, weight), stayed
    return trials


def _reweighted(
    system: System, prior: Prior, start: Weights, widening: Sequence[float]
) -> Solution:
    h, nu, n = system.h, DEGREES_OF_FREEDOM, prior.path.n
    weight, innovation = start
    z, size = system.z, system.sd
    information, precision, path = prior.gaussian(innovation)
    mean, cov = np.zeros(len(information)), precision
    for widen in widening:
        start = weight, innovation  # the solution is exact given these
        z, size = system.z.copy(), np.hypot(system.sd, widen)
        mean, cov = posterior(h, z, size / np.sqrt(weight), information, precision)
        expected = (z - h @ mean) ** 2 + ((h @ cov) * h).sum(axis=1)
        new = np.minimum((nu + 1) / (nu + expected / size**2), 1.0)
        done = widen == 0.0 and float(np.abs(new - weight).max()) < 1e-3
        weight = new
        system.move(mean)
        if widen > 0.0:
            continue
        moves = prior.path.reweighted(innovation, mean[:n], cov[:n, :n], path)
        change = float(np.abs(moves - innovation).max(initial=0.0))
        if done and change < 5e-3:
            break
        if change > 0.0:
            innovation = moves
            information, precision, path = prior.gaussian(innovation)
    return Solution(mean, cov, h, z, size, *start)


def _support(system: System, found: Solution, noise: float, prior: Prior) -> float:
    """Log of the evidence for a solution, up to a constant: a Laplace approximation.

    One row in twenty may be wrong by any amount: a mistake is likelier than a path that follows it.
    """
    nu, mean, n = DEGREES_OF_FREEDOM, found.mean, prior.path.n
    t = (found.z - found.h @ mean) / found.sd
    right = (1 + t**2 / nu) ** (-(nu + 1) / 2) / (2.67 * found.sd)  # 2.67: Student-t, 4 degrees
    right *= 1 - system.wrong
    either = right + system.wrong / (WRONG_RANGE * noise)
    _, precision, path = prior.gaussian(found.innovation)
    off = mean[:n] - prior.path.center
    density = prior.information @ mean - mean @ prior.precision @ mean / 2 - off @ path @ off / 2
    # The curvature at the solution: a row that it meets holds it, whatever its weight was.
    holds = right / either * np.minimum((nu + 1) / (nu + t**2), 1.0) / found.sd**2
    curvature = precision + (found.h * holds[:, None]).T @ found.h
    volume = -np.linalg.slogdet(curvature)[1] / 2
    evidence = prior.path.log_evidence(found.innovation, path)
    return float(density + evidence + np.log(either).sum() + volume)

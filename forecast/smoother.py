"""Solve the rows of a history: Student-t errors by reweighting, bounds by truncation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.rows import (
    Layout,
    Record,
    design_row,
    error_sd,
    levels_of,
    on_scale,
    rounding,
)
from forecast.transforms import FloatArray, Transform

DEGREES_OF_FREEDOM = 4.0
SUSPICIOUS = 3.5  # standard deviations from what all other rows say
SUSPECTS = 3  # rows looked into
CONFIRMED = 0.3  # a row of less weight has been found out already
WRONG, WRONG_RANGE = 0.05, 30.0  # share of rows that are wrong, over how many yearly noises


@dataclass
class Solution:
    """The posterior, and the rows it was made from.

    Attributes
    ----------
    mean, cov : ndarray, shapes (size,) and (size, size)
    h, z, sd, weight : ndarray, shapes (n, size), (n,), (n,) and (n,)
        Design, values, standard deviations and weights of the exact statements.
    """

    mean: FloatArray
    cov: FloatArray
    h: FloatArray
    z: FloatArray
    sd: FloatArray
    weight: FloatArray

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


@dataclass
class System:
    """The exact statements on one series as rows, assembled once.

    Attributes
    ----------
    h, z, sd : ndarray, shapes (n, size), (n,) and (n,)
        Design, values on the scale and standard deviations; the last two of rows that depend on the
        level of their year are set anew with every estimate.
    moving : ndarray of int
        Rows that do: changes of a share, growth on a scale that is no logarithm.
    """

    layout: Layout
    scale: Transform
    records: list[Record]
    h: FloatArray
    z: FloatArray
    sd: FloatArray
    at: np.ndarray
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
            moving,
        )  # fmt: skip

    def move(self, path: FloatArray) -> None:
        """Set the rows that depend on the level of their year, given an estimate of the path."""
        for i in self.moving:
            now = self.scale.inverse(path[[self.at[i]]])
            self.z[i] = on_scale(self.records[i], self.scale, float(now[0]))
            if self.records[i]["measure"] == "change":
                half = rounding(float(self.records[i]["value"])) / np.sqrt(3)
                self.sd[i] = half * float(self.scale.slope(now)[0])


def solve(
    system: System,
    noise: float,
    information: FloatArray,
    precision: FloatArray,
    before: Solution | None = None,
) -> Solution:
    """Student-t errors by reweighting, started from errors so large that no row can dominate.

    Parameters
    ----------
    system : System
    noise : float
        Yearly, of the series.
    information, precision : ndarray, shapes (size,) and (size, size)
        Of the prior.
    before : Solution, optional
        With another prior: its weights are a second start, and the likelier end counts. So
        relatives can expose a wrong row, and do not talk a series out of what its rows agree on.
    """
    # An outlier that the first solution follows would keep its weight for ever. So the errors
    # start at three times the yearly noise and shrink to their own size while weights adapt.
    shrinking = [*np.geomspace(3 * noise, 1e-4, 12), *([0.0] * 20)]
    found = _reweighted(system, information, precision, np.ones(len(system.h)), shrinking)
    best = _support(found, noise, information, precision)
    starts = [] if before is None else [before.weight]
    for _ in range(SUSPECTS):
        # A row that nothing else confirms is followed all the same: see what its absence would do.
        apart = found.apart()
        row = int(apart.argmax())
        if apart[row] > SUSPICIOUS:
            starts.append(np.where(np.arange(len(apart)) == row, 1e-6, found.weight))
        better = False
        while starts:
            system.move(found.mean)
            other = _reweighted(system, information, precision, starts.pop(), [0.0] * 20)
            support = _support(other, noise, information, precision)
            if support > best:
                found, best, better = other, support, True
        if not better:
            break
    return found


def _reweighted(
    system: System,
    information: FloatArray,
    precision: FloatArray,
    weight: FloatArray,
    widening: Sequence[float],
) -> Solution:
    h, nu = system.h, DEGREES_OF_FREEDOM
    mean, cov = np.zeros(system.layout.size), np.eye(system.layout.size)
    z, size = system.z, system.sd
    for widen in widening:
        z, size = system.z.copy(), np.hypot(system.sd, widen)
        mean, cov = posterior(h, z, size / np.sqrt(weight), information, precision)
        expected = (z - h @ mean) ** 2 + ((h @ cov) * h).sum(axis=1)
        new = np.minimum((nu + 1) / (nu + expected / size**2), 1.0)
        done = widen == 0.0 and float(np.abs(new - weight).max()) < 1e-4
        weight = new
        system.move(mean)
        if done:
            break
    return Solution(mean, cov, h, z, size, weight)


def _support(
    found: Solution, noise: float, information: FloatArray, precision: FloatArray
) -> float:
    """Log of the prior times the likelihood at a solution, up to a constant.

    One row in twenty may be wrong by any amount: a mistake is likelier than a path that follows it.
    """
    nu, mean = DEGREES_OF_FREEDOM, found.mean
    t = (found.z - found.h @ mean) / found.sd
    right = (1 + t**2 / nu) ** (-(nu + 1) / 2) / (2.67 * found.sd)  # 2.67: Student-t, 4 degrees
    rows = np.log((1 - WRONG) * right + WRONG / (WRONG_RANGE * noise)).sum()
    return float(information @ mean - mean @ precision @ mean / 2 + rows)


def truncate(
    rows: list[Record], layout: Layout, scale: Transform, solution: Solution
) -> tuple[FloatArray, FloatArray, list[tuple[FloatArray, float]]]:
    """Take lower and upper bounds in, one after the other, by the moments of a truncated normal."""
    from scipy.stats import norm

    mean, cov = solution.mean.copy(), solution.cov.copy()
    bounds: list[tuple[FloatArray, float]] = []
    for statement in rows:
        if not statement["bound"]:
            continue
        level = float(scale.inverse(mean[[layout.x(int(statement["year"]))]])[0])
        sign = 1.0 if statement["bound"] == "lower" else -1.0
        h = sign * design_row(statement, layout)
        limit = sign * on_scale(statement, scale, level)
        center, sd = float(h @ mean), float(np.sqrt(h @ cov @ h))
        alpha = (limit - center) / sd
        mass = float(norm.sf(alpha))
        if mass < 1e-3:  # the rest of the evidence contradicts the bound; it stays named, unused
            continue
        ratio = float(norm.pdf(alpha)) / mass
        gain = cov @ h / sd**2
        mean = mean + gain * sd * ratio
        cov = cov - np.outer(gain, gain) * sd**2 * ratio * (ratio - alpha)
        if not np.any(h[len(layout.years) :]):
            bounds.append((h, limit))
    return mean, cov, bounds


def root(cov: FloatArray) -> FloatArray:
    """Return a square root of a covariance, also of a singular one."""
    values, vectors = np.linalg.eigh(cov)
    square_root: FloatArray = vectors * np.sqrt(np.clip(values, 0.0, None))
    return square_root

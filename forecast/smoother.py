"""Solve the rows of a history: Student-t errors by reweighting, bounds by truncation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.rows import Layout, as_records, design_row, error_sd, on_scale, rounding
from forecast.transforms import FloatArray, Transform

DEGREES_OF_FREEDOM = 4.0


@dataclass
class Solution:
    """The posterior, and the rows it was made from.

    Attributes
    ----------
    mean, cov : ndarray, shapes (size,) and (size, size)
    h, z, sd, weight : ndarray, shapes (n, size), (n,), (n,) and (n,)
        Design, values, standard deviations and weights of the exact statements.
    index : Index
        Their labels in the table of statements.
    """

    mean: FloatArray
    cov: FloatArray
    h: FloatArray
    z: FloatArray
    sd: FloatArray
    weight: FloatArray
    index: pd.Index

    def without(self, row: int) -> FloatArray:
        """Return the mean with one row left out, other weights kept (Sherman-Morrison)."""
        h = self.h[row]
        precision = self.weight[row] / self.sd[row] ** 2
        spread = self.cov @ h
        left = max(1 - precision * float(h @ spread), 1e-9)  # zero if nothing else carries it
        residual = self.z[row] - float(h @ self.mean)
        result: FloatArray = self.mean - spread * precision * residual / left
        return result


def posterior(
    h: FloatArray, z: FloatArray, sd: FloatArray, information: FloatArray, precision: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Add rows with independent errors to a Gaussian prior; return mean and covariance."""
    scaled = h / sd[:, None]
    cov = np.linalg.inv(precision + scaled.T @ scaled)
    cov = (cov + cov.T) / 2
    return cov @ (information + scaled.T @ (z / sd)), cov


def solve(
    rows: pd.DataFrame,
    layout: Layout,
    scale: Transform,
    kind: str,
    noise: float,
    information: FloatArray,
    precision: FloatArray,
) -> Solution:
    """Student-t errors by reweighting, started from errors so large that no row can dominate."""
    exact = rows[rows["bound"] == ""]
    records = as_records(exact)
    h = np.array([design_row(s, layout) for s in records])
    sd = np.array([error_sd(s, scale, kind, noise) for s in records])
    change = (exact["measure"] == "change").to_numpy()
    weight = np.ones(len(exact))
    nu = DEGREES_OF_FREEDOM
    level = float(exact.loc[exact["measure"] == "level", "canonical"].median())
    now = np.full(len(exact), level)
    mean, cov = np.zeros(layout.size), np.eye(layout.size)
    z = np.zeros(len(exact))
    # An outlier that the first solution follows would keep its weight for ever. So the errors
    # start at three times the yearly noise and shrink to their own size while weights adapt.
    for widen in [*np.geomspace(3 * noise, 1e-4, 12), *([0.0] * 20)]:
        z = np.array([on_scale(s, scale, v) for s, v in zip(records, now, strict=True)])
        size = np.hypot(sd, widen)
        if change.any():
            half = np.array([rounding(v) for v in exact.loc[change, "value"]])
            size[change] = np.hypot(half / np.sqrt(3) * scale.slope(now[change]), widen)
        mean, cov = posterior(h, z, size / np.sqrt(weight), information, precision)
        residual = z - h @ mean
        expected = residual**2 + np.einsum("ij,jk,ik->i", h, cov, h)
        new = (nu + 1) / (nu + expected / size**2)
        new = np.minimum(new, 1.0)
        done = widen == 0.0 and float(np.abs(new - weight).max()) < 1e-4
        weight = new
        at = [layout.x(int(y)) for y in exact["year"]]
        now = scale.inverse(mean[at])
        sd_now = size
        if done:
            break
    return Solution(mean, cov, h, z, sd_now, weight, exact.index)


def truncate(
    rows: pd.DataFrame, layout: Layout, scale: Transform, solution: Solution
) -> tuple[FloatArray, FloatArray, list[tuple[FloatArray, float]]]:
    """Take lower and upper bounds in, one after the other, by the moments of a truncated normal."""
    from scipy.stats import norm

    mean, cov = solution.mean.copy(), solution.cov.copy()
    bounds: list[tuple[FloatArray, float]] = []
    for statement in as_records(rows[rows["bound"] != ""]):
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

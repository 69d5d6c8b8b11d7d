"""The published figure of a year: which release counts, and the path that takes it as it stands.

The newest official level on the reference basis is the figure of its year. The path takes it,
whatever growth rates, bounds or earlier releases imply. Its rounding and ordinary revisions stay in
the covariance; how they bear on a target is a matter of `forecast.targets.revisions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from forecast.evidence.scales import FloatArray, Transform
from forecast.reconciliation.observations import Observation
from forecast.reconciliation.smoothing.gaussians import root
from forecast.reconciliation.smoothing.observation_equations import rounding_sd
from forecast.reconciliation.smoothing.robust_smoother import OUTLIER_WEIGHT, Solution
from forecast.reconciliation.smoothing.trend_prior import Gaussian

# Releases that can be the figure of a year, the one that counts first. Head counts are of another
# day than the path; copies, derived and doubtful figures stay evidence among other evidence.
OFFICIAL = ("revised", "final", "preliminary", "unknown")

# How closely the path takes a figure: a share of its rounding, and no closer than this in logs, or
# the equations could not be solved.
EXACT, CLOSEST = 0.02, 2e-6


def deciding(observations: Sequence[Observation], weight: FloatArray) -> list[int]:
    """Return which exact observations are the figures of their years: newest official releases.

    A figure that all others contradict, by its weight, is none.
    """
    best: dict[int, tuple[tuple[bool, int, str], int]] = {}
    for i, o in enumerate(observations):
        if o.measure != "level" or o.basis or o.mark:
            continue
        if o.status not in OFFICIAL or weight[i] < OUTLIER_WEIGHT:
            continue
        # A figure in the own currency goes before a converted one; of equals, the newest counts.
        rank = not o.converted_with, -OFFICIAL.index(o.status), o.published
        if o.year not in best or rank >= best[o.year][0]:
            best[o.year] = rank, i
    return [i for _, i in best.values()]


def as_published(
    solution: Solution,
    total: Gaussian,
    observations: Sequence[Observation],
    scale: Transform,
    rows: list[int],
) -> tuple[Solution, FloatArray]:
    """Solve again with some figures taken as they stand.

    Parameters
    ----------
    solution, total
        The posterior, in both forms.
    observations : sequence of Observation
        Those of its equations.
    scale : Transform
        Of the series.
    rows : list of int
        As of `deciding`.

    Returns
    -------
    solution : Solution
        As if the figures were never revised.
    cov : ndarray, shape (size, size)
        Covariance of the unknowns with rounding and ordinary revisions of these figures: what the
        path owes to a figure is revised with it.
    """
    if not rows:
        return solution, solution.cov
    h, z = solution.h[rows], solution.z[rows]
    usual = solution.sd[rows]
    rounded = np.array([rounding_sd(observations[i], scale) for i in rows])
    exact = np.minimum(np.maximum(EXACT * rounded, CLOSEST), usual)
    more = 1 / exact**2 - solution.weight[rows] / usual**2
    half = root(total.precision + (h * more[:, None]).T @ h)
    cov = half.T @ half
    mean = (half @ (total.information + h.T @ (more * z))) @ half
    gain = cov @ h.T / exact**2
    revised = cov + (gain * (usual**2 - exact**2)) @ gain.T
    sd, weight = solution.sd.copy(), solution.weight.copy()
    sd[rows], weight[rows] = exact, 1.0
    return replace(solution, mean=mean, cov=cov, sd=sd, weight=weight), revised

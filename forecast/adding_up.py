"""Histories of a total and its parts made consistent: what is estimated adds up.

Series are reconciled one by one, or with their own relatives, so that the estimates of a total and
of its parts need not agree. The identity is taken in as an exact observation of all of them, on the
log scale linearized at the solution: the least-squares reconciliation of Stone, Champernowne &
Meade (1942), weighted by the posterior covariances as in Wickramasuriya, Athanasopoulos & Hyndman
(2019). Published figures of the reference basis keep their value. Where all members of a sum are
published and do not add up, nothing is moved: `forecast.check` warns of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from forecast.registries import Accounts
from forecast.transforms import FloatArray

if TYPE_CHECKING:
    from forecast.history import History

EXACT = 1e-12  # by which a total may miss its parts, relative
ITERATIONS = 50


def consistent(histories: Mapping[str, History], accounts: Accounts) -> dict[str, History]:
    """Make the posterior paths of totals and parts agree, region by region.

    Parameters
    ----------
    histories : mapping of str to History
        By ``region/indicator``.
    accounts : Accounts

    Returns
    -------
    dict of History
        In the same order; in years that all members of a sum cover, the parts add up to the total,
        unless all of them are published.
    """
    out = dict(histories)
    for total, parts in accounts.sums.items():
        for region in dict.fromkeys(history.region for history in histories.values()):
            keys = [f"{region}/{name}" for name in (total, *parts)]
            if all(key in out and out[key].scale.name == "log" for key in keys):
                moved = summed([out[key] for key in keys])
                out.update(zip(keys, moved, strict=True))
    return out


def summed(members: Sequence[History]) -> list[History]:
    """Make a total, the first of the members, the sum of the others."""
    kept = [np.array([kind == "published" for kind in h.origin]) for h in members]
    common = set.intersection(*(set(map(int, h.years)) for h in members))
    place = [{int(year): i for i, year in enumerate(h.years)} for h in members]
    years = [
        year for year in sorted(common)
        if not all(k[p[year]] for k, p in zip(kept, place, strict=True))
    ]  # fmt: skip
    if not years:
        return list(members)
    start = np.cumsum([0, *(len(h.years) for h in members)])
    at = np.array([[s + p[year] for s, p in zip(start, place, strict=False)] for year in years])
    mean = np.concatenate([h.mean for h in members])
    cov, free = (
        _stacked([h.cov for h in members]),
        _stacked([_given(h.cov, k) for h, k in zip(members, kept, strict=True)]),
    )
    new, gain, design = _solved(mean, free, at)
    left = np.eye(len(mean)) - gain @ design
    spread = left @ cov @ left.T
    found = []
    for i, history in enumerate(members):
        here = slice(start[i], start[i + 1])
        block = spread[here, here]
        found.append(replace(history, mean=new[here], cov=(block + block.T) / 2))
    return found


def _solved(
    mean: FloatArray, cov: FloatArray, at: np.ndarray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Condition logs on a sum, by Gauss-Newton steps from the same prior.

    Parameters
    ----------
    mean, cov : ndarray, shapes (size,) and (size, size)
    at : ndarray of int, shape (n_years, n_members)
        Where total and parts stand, year by year.

    Returns
    -------
    ndarray, shapes (size,), (size, n_years) and (n_years, size)
        The solution, and the gain and the design of the last step.
    """
    rows = np.arange(len(at))[:, None]
    x, design, gain = mean.copy(), np.zeros((len(at), len(mean))), np.zeros((len(mean), len(at)))
    for _ in range(ITERATIONS):
        largest = x[at[:, 1:]].max(axis=1)
        parts = np.exp(x[at[:, 1:]] - largest[:, None])
        gap = np.log(parts.sum(axis=1)) + largest - x[at[:, 0]]
        if np.abs(gap).max() < EXACT:
            break
        design[rows, at[:, 1:]] = parts / parts.sum(axis=1, keepdims=True)
        design[rows[:, 0], at[:, 0]] = -1.0
        spread = design @ cov
        gain = np.asarray(np.linalg.lstsq(design @ spread.T, spread, rcond=1e-12)[0].T, float)
        x = mean + gain @ (design @ (x - mean) - gap)
    return x, gain, design


def _given(cov: FloatArray, known: np.ndarray) -> FloatArray:
    """Return the covariance of a path given some of its years."""
    if not known.any():
        return cov
    out = (
        cov
        - cov[:, known] @ np.linalg.pinv(cov[np.ix_(known, known)], hermitian=True) @ (cov[known])
    )
    out[known] = 0.0
    out[:, known] = 0.0
    both: FloatArray = (out + out.T) / 2
    return both


def _stacked(blocks: Sequence[FloatArray]) -> FloatArray:
    from scipy.linalg import block_diag

    return np.asarray(block_diag(*blocks), np.float64)

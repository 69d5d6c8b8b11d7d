"""Histories of a total and its parts made consistent: what is estimated adds up.

Series are reconciled one by one, or with their own relatives, so that the estimates of a total and
of its parts need not agree. The identity is taken in as an exact observation of all of them, on the
log scale linearized at the solution: the least-squares reconciliation of Stone, Champernowne &
Meade (1942), weighted by the posterior variances as in Wickramasuriya, Athanasopoulos & Hyndman
(2019). Published figures of the reference basis keep their value. Where all members of a sum are
published and do not add up, nothing is moved: `forecast.check` warns of it.

Every year is reconciled for itself. A step between bases is taken to be constant, which it is only
about, so that the gaps of many years would tell far too much of the steps of the parts.
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
ITERATIONS = 100


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
    common = set.intersection(*(set(map(int, h.years)) for h in members))
    place = [np.flatnonzero(np.isin(h.years, list(common))) for h in members]
    kept = np.column_stack(
        [np.array(h.origin)[p] == "published" for h, p in zip(members, place, strict=True)]
    )
    mean = np.column_stack([h.mean[p] for h, p in zip(members, place, strict=True)])
    variance = np.column_stack([np.diag(h.cov)[p] for h, p in zip(members, place, strict=True)])
    moves = ~kept.all(axis=1)
    new, after = mean.copy(), variance.copy()
    if moves.any():
        free = np.where(kept, 0.0, variance)
        new[moves], after[moves] = added_up(mean[moves], variance[moves], free[moves])
    ratio = np.sqrt(after / np.maximum(variance, 1e-300))
    return [
        _taken(h, p, new[:, i], np.where(kept[:, i], 1.0, ratio[:, i]))
        for i, (h, p) in enumerate(zip(members, place, strict=True))
    ]


def added_up(
    mean: FloatArray, variance: FloatArray, free: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Condition the logs of a total and its parts on the sum, by Gauss-Newton steps.

    Parameters
    ----------
    mean, variance : ndarray, shape (n_years, n_members)
        Of the logs, the total first.
    free : ndarray, shape (n_years, n_members)
        The variances that weight the adjustment: 0 for members that keep their value.

    Returns
    -------
    ndarray, shapes (n_years, n_members) and (n_years, n_members)
        Means that add up, and variances.
    """
    x = mean.copy()
    design = np.full(mean.shape, -1.0)
    gain = np.zeros(mean.shape)
    for _ in range(ITERATIONS):
        largest = x[:, 1:].max(axis=1, keepdims=True)
        parts = np.exp(x[:, 1:] - largest)
        total = parts.sum(axis=1, keepdims=True)
        gap = (np.log(total) + largest)[:, 0] - x[:, 0]
        design[:, 1:] = parts / total
        gain = free * design / (design**2 * free).sum(axis=1, keepdims=True)
        if np.abs(gap).max() < EXACT:
            break
        x = mean + gain * ((design * (x - mean)).sum(axis=1) - gap)[:, None]
    every = ((design**2) * variance).sum(axis=1, keepdims=True)
    own = gain * design
    after: FloatArray = (1 - 2 * own) * variance + gain**2 * every
    return x, after


def _taken(history: History, place: np.ndarray, mean: FloatArray, ratio: FloatArray) -> History:
    """Return a history with another mean and standard deviation in some years."""
    new, scale = history.mean.copy(), np.ones(len(history.mean))
    new[place], scale[place] = mean, ratio
    cov = history.cov * np.outer(scale, scale)
    steps = history.step_cov.copy()
    if len(steps):
        steps[:, : len(scale)] *= scale
    return replace(history, mean=new, cov=cov, step_cov=steps)

"""Histories made consistent with the accounting identities: what is estimated adds up.

Series are reconciled one by one, or with related ones, so that the estimates of a total and
of its parts need not agree, nor those of a part, a whole and the share. The identity is taken in as
an exact observation of all of them, linear on the scales of the models: the
least-squares reconciliation of Stone, Champernowne & Meade (1942), weighted by the posterior
variances as in Wickramasuriya, Athanasopoulos & Hyndman (2019). Published figures of the reference
basis keep their value. Where all members of an identity are published and do not keep it, nothing
is moved: `forecast.evidence.rules.check` warns of totals off their parts.

Every year is reconciled for itself. A step between bases is taken to be constant, which it is only
about, so that the gaps of many years would inform the steps of the parts far too much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.evidence.registries import Accounts
from forecast.evidence.scales import FloatArray
from forecast.reconciliation.history import History

Identity = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
EXACT = 1e-9  # by which a total may miss its parts, relative
HALVINGS = 80  # of the interval in which the adjustment lies
LEAST = 1e-30  # keeps a division by nothing finite
FARTHEST = 10.0  # logs that a member moves at most


def consistent(histories: Mapping[str, History], accounts: Accounts) -> dict[str, History]:
    """Make posterior paths keep the identities, region by region: sums first, then shares.

    Histories are by ``region/indicator`` and keep their order. In years that all members of an
    identity cover, it holds, unless all of them are published.
    """
    out = dict(histories)
    settled: set[str] = set()  # members of sums keep their value when shares are reconciled
    groups: list[tuple[tuple[str, ...], Identity]] = [
        *(((total, *parts), sum_of_parts) for total, parts in accounts.sums.items()),
        *(((*members, share), share_of_whole) for share, members in accounts.shares.items()),
    ]
    for names, identity in groups:
        scales = ("log",) * len(names) if identity is sum_of_parts else ("log", "log", "logit")
        for region in dict.fromkeys(history.region for history in histories.values()):
            keys = [f"{region}/{name}" for name in names]
            members = [out[key] for key in keys if key in out]
            if tuple(h.scale.name for h in members) == scales:
                fixed = [key in settled for key in keys]
                out.update(zip(keys, made_consistent(members, identity, fixed), strict=True))
                settled |= set(keys)
    return out


def sum_of_parts(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return by how much the logs of a total, first, and its parts miss the sum, and its slopes.

    Parameters
    ----------
    x : ndarray, shape (n_years, n_members)

    Returns
    -------
    ndarray, shapes (n_years,) and (n_years, n_members)
    """
    largest = x[:, 1:].max(axis=1, keepdims=True)
    parts = np.exp(x[:, 1:] - largest)
    total = parts.sum(axis=1, keepdims=True)
    slopes = np.hstack([np.full((len(x), 1), -1.0), parts / total])
    return (np.log(total) + largest)[:, 0] - x[:, 0], slopes


def share_of_whole(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return by how much the logs of a part and a whole miss the logit of the share; its slopes."""
    part, whole, share = x.T
    log_share = -np.logaddexp(0.0, -share)
    slopes = np.column_stack([-np.ones(len(x)), np.ones(len(x)), -np.expm1(log_share)])
    return log_share + whole - part, slopes


def made_consistent(
    members: Sequence[History], identity: Identity, fixed: Sequence[bool]
) -> list[History]:
    """Make the paths of some series keep an identity in the years that all of them cover.

    Parameters
    ----------
    members : sequence of History
    identity : callable
        `sum_of_parts` or `share_of_whole`.
    fixed : sequence of bool
        Members that keep their value in every year, beside those published in the year.
    """
    common = set.intersection(*(set(map(int, h.years)) for h in members))
    place = [np.flatnonzero(np.isin(h.years, list(common))) for h in members]
    kept = np.column_stack(
        [
            (np.array(h.origin)[p] == "published") | always
            for h, p, always in zip(members, place, fixed, strict=True)
        ]
    )
    mean = np.column_stack([h.median[p] for h, p in zip(members, place, strict=True)])
    variance = np.column_stack([np.diag(h.cov)[p] for h, p in zip(members, place, strict=True)])
    moves = ~kept.all(axis=1)
    new, after = mean.copy(), variance.copy()
    if moves.any():
        free = np.where(kept, 0.0, variance)
        new[moves], after[moves] = conditioned(mean[moves], variance[moves], free[moves], identity)
    ratio = np.sqrt(after / np.maximum(variance, 1e-300))
    return [
        _moved(h, p, new[:, i], np.where(kept[:, i], 1.0, ratio[:, i]))
        for i, (h, p) in enumerate(zip(members, place, strict=True))
    ]


def conditioned(
    mean: FloatArray, variance: FloatArray, free: FloatArray, identity: Identity
) -> tuple[FloatArray, FloatArray]:
    """Condition the members of an identity on it, year by year.

    Every member moves in proportion to its variance and its slope, until the identity holds: for
    small gaps the least-squares solution, and always on the same side as the gap.

    Parameters
    ----------
    mean, variance : ndarray, shape (n_years, n_members)
        On the scales of the models.
    free : ndarray, shape (n_years, n_members)
        The variances that weight the adjustment: 0 for members that keep their value.
    identity : callable
        Gap and slopes at a point, as `sum_of_parts` returns them.

    Returns
    -------
    ndarray, shapes (n_years, n_members) and (n_years, n_members)
        Means that keep the identity, and variances.
    """
    _, design = identity(mean)
    move = free * design
    move = move / np.maximum(np.abs(move).max(axis=1, keepdims=True), LEAST)
    # Along this line the gap only grows: its root is bracketed and halved.
    low, high = np.full(len(mean), -FARTHEST), np.full(len(mean), FARTHEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = identity(mean + middle[:, None] * move)[0] > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    x = mean + ((low + high) / 2)[:, None] * move
    gap, design = identity(x)
    gain = free * design / np.maximum((design**2 * free).sum(axis=1, keepdims=True), LEAST)
    # Published parts above a published total leave no positive rest: such a year stays as it is.
    open_yet = np.abs(gap) > EXACT
    x[open_yet], gain[open_yet] = mean[open_yet], 0.0
    every = ((design**2) * variance).sum(axis=1, keepdims=True)
    own = gain * design
    after: FloatArray = (1 - 2 * own) * variance + gain**2 * every
    return x, after


def _moved(history: History, place: np.ndarray, median: FloatArray, ratio: FloatArray) -> History:
    """Return a history with another median and standard deviation in some years."""
    new, scale = history.mean.copy(), np.ones(len(history.mean))
    scale[place] = ratio
    new[place] = median - ratio * (history.median - history.mean)[place]
    cov = history.cov * np.outer(scale, scale)
    bounds = history.bounds and history.bounds.moved(scale, new - history.mean)
    steps = history.step_cov.copy()
    if len(steps):
        steps[:, : len(scale)] *= scale
    moved = np.zeros(len(history.mean))
    moved[place] = median - history.median[place]
    return replace(
        history,
        mean=new,
        cov=cov,
        step_cov=steps,
        bounds=bounds,
        observations=_refitted(history, moved),
    )


def _refitted(history: History, moved: FloatArray) -> pd.DataFrame:
    """Return the statements, with the fitted levels where the path moved to.

    Moves of the years' medians are on the scale, shape (n_years,).
    """
    rows = history.observations
    if rows.empty or not moved.any():
        return rows
    shift = rows["year"].map(dict(zip(history.years.tolist(), moved.tolist(), strict=True)))
    levels = rows["measure"].isin(["level", "ytd_level"]) & rows["fitted"].notna()
    levels &= shift.fillna(0.0) != 0
    ratio = rows.loc[levels, "ratio"].to_numpy(float)
    before = rows.loc[levels, "fitted"].to_numpy(float) / ratio
    after = history.scale.forward(before) + shift[levels].to_numpy(float)
    fitted = rows["fitted"].astype(float)
    fitted[levels] = history.scale.inverse(after) * ratio
    return rows.assign(fitted=fitted)

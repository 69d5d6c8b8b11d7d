"""Weights and size of errors adapted to the errors at a panel's own past origins.

Scale only: errors are common to all series of a year, so that the mean error of past years never
moves a forecast. Where series share their years, an error is split into its year's common shock, of
which every year is one example, and the rest, of which every series is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.component_forecasts import (
    COMPONENTS,
    growth_of,
    shifted,
    weighted_components,
)
from forecast.forecasting.learned_tables import Table
from forecast.forecasting.panel_data import TINY, IntArray, Paths, intraclass

EPISODES = 3.0  # episodes beyond a level that the table's size of errors counts for
WIDENING = 1.0  # origin years, not overlapping, that the table's size of errors counts for ...
NARROWING = 2.0  # ... against larger errors of the panel, and against smaller ones
COMMON = 0.25  # share of the variance of peers' errors that the table takes for common to a year
WEIGHT_YEARS = 3.0  # origin years, not overlapping, that the table's weights count for
TURNS = 60  # of the gradient
NORMAL_80 = 1.2816  # half-width of the central 80 % of a standard normal distribution
MOST_ORIGINS = 12  # past origins used
USUAL, BRIEF = 7, 5  # years a series must have had at a past origin; fewer where no series ...
ENOUGH = 8  # ... has so many years
FEWEST = 5  # errors at a horizon, below which nothing is adapted there
NEXT_HORIZON = 0.5  # share of the adaptation at one horizon kept at the next, without errors there


def effective_number(z: FloatArray, year: IntArray) -> float:
    """Count the independent episodes that errors with shared shocks are worth.

    Kish (1965), Survey Sampling, with the intraclass correlation of the errors by year from one-way
    analysis of variance.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Standardized errors.
    year : ndarray of int, shape (n,)

    Examples
    --------
    >>> effective_number(np.array([1.0, 1.0, -1.0, -1.0]), np.array([1, 1, 2, 2]))
    2.0
    """
    if len(z) < 2:
        return float(len(z))
    _, size = np.unique(year, return_counts=True)
    if len(size) in (1, len(z)):
        return float(len(size))
    shared = intraclass(np.clip(z, -3, 3), year)
    return float((size / (1 + (size - 1) * shared)).sum())


@dataclass(frozen=True, eq=False)
class Adaptation:
    """Weights and size of errors, adapted to a panel's own past errors."""

    #: Added to the logarithms of the weights of the component models; shape (n_horizons,
    #: n_components).
    shift: FloatArray
    sizes: FloatArray  # the table's, adapted to the panel; shape (n_horizons, n_levels)
    #: Effective number of comparable past episodes, the panel's and the table's; shape
    #: (n_horizons,).
    episodes: FloatArray


def adapted(paths: Paths, last: IntArray, horizon: int, table: Table) -> Adaptation:
    """Adapt weights and size of errors to the errors at the panel's own past origins.

    Scale only: signed errors never move a median. In mixed collections origin years count equally
    as far as their errors are common to all series (`effective_number`), and the table's sizes are
    shrunk to by the number of own episodes beyond each level, and by origin years. Among peers the
    common part of an error is adapted by origin years, the rest by the number of errors.

    Parameters
    ----------
    paths : Paths
    last : ndarray of int, shape (n_series,)
        Year of each series' last value.
    horizon : int
        Years ahead.
    table : Table
    """
    rows = np.array([table.at(h) for h in range(1, horizon + 1)])
    sizes, episodes = table.sizes[rows].copy(), table.episodes[rows].copy()
    shifts = np.zeros((horizon, len(COMPONENTS)))
    cases, step = _past_errors(paths, last, horizon, table)
    found, shock, shift = np.zeros(len(table.levels)), 0.0, np.zeros(len(COMPONENTS))
    for h, row in enumerate(rows):
        if not cases[h]:
            found, shock = NEXT_HORIZON * found, NEXT_HORIZON * shock
        sizes[h] = _joined(table, row, found, shock)
        shifts[h] = shift
        if sum(len(year) for _, _, year in cases[h]) < FEWEST:
            continue
        miss, weight, year = (np.concatenate(part) for part in zip(*cases[h], strict=True))
        _, group, count = np.unique(year, return_inverse=True, return_counts=True)
        apart = min(1.0, step / (h + 1))
        blocks = len(count) * apart
        # What is not known of this horizon is as at the one before, relative to the table. Where
        # series share no years, common shocks and models cannot be told apart: half the trust.
        trust = blocks / (blocks + WEIGHT_YEARS) * (1 + table.together) / 2
        # One year ahead peers have as many common shocks as years: there these are kept.
        kept = table.together if h == 0 else 0.0
        own = _weight_shift(miss, weight, group, count, shift, kept)
        shift = trust * own + (1 - trust) * shift
        shifts[h] = shift
        # The shift was fitted to the years it is judged by: errors of peers are taken without it.
        z = (shifted(weight, (1 - table.together) * shift) * miss).sum(axis=1)
        n = effective_number(z, year) * apart
        episodes[h] += n
        found, shock = _size_factors(z, group, count, n, apart, table, row, found, shock)
        sizes[h] = _joined(table, row, found, shock)
    return Adaptation(shifts, sizes, episodes)


def _past_errors(
    paths: Paths, last: IntArray, horizon: int, table: Table
) -> tuple[list[list[tuple[FloatArray, FloatArray, IntArray]]], int]:
    """Forecast from past origins: by horizon the errors, weights and origin years; also their step.

    Errors have shape (n_cases, n_components), in expected sizes.
    """
    years = int(paths.seen.sum(axis=1).max(initial=0))
    at_least = USUAL if years >= ENOUGH else BRIEF
    longest = years - at_least
    step = 1 if longest <= MOST_ORIGINS else 2
    cases: list[list[tuple[FloatArray, FloatArray, IntArray]]] = [[] for _ in range(horizon)]
    for cut in range(1, min(longest, step * MOST_ORIGINS) + 1, step):
        past, kept = paths.cut(cut, at_least)
        if not len(kept):
            continue
        reach = min(horizon, cut)
        changes, weight, scale = weighted_components(past, reach, table, *growth_of(past, table))
        end = paths.y.shape[1] - cut
        for h in range(reach):
            known = paths.seen[kept, end + h]
            actual = paths.y[kept, end + h] - past.y[:, -1]
            miss = (actual - changes[:, :, h]).T / scale[:, h, None]
            cases[h].append((miss[known], weight[known, h], (last[kept] - cut)[known]))
    return cases, step


def _size_factors(
    z: FloatArray,
    year: IntArray,
    count: IntArray,
    n: float,
    apart: float,
    table: Table,
    row: int,
    found: FloatArray,
    shock: float,
) -> tuple[FloatArray, float]:
    """Estimate factors (logarithms) on the table's sizes from the panel's own errors.

    Errors of peers are split into the common shock of their year, its median, and the rest. The
    size of common shocks is learned from years, that of the rest from series. Nothing is split in
    mixed collections, where it is not known which series share a year.

    Parameters
    ----------
    z : ndarray, shape (n_errors,)
        In scales of the table.
    year, count : ndarray of int
        Number of the origin year of each error, and how many each year has.
    n, apart : float
        Effective number of errors; what an origin year counts for, its outcomes overlapping others.
    table, row
        Where `Table.sizes` is adapted.
    found, shock
        Factors for the rest and the common shocks, at the horizon before.
    """
    together, common = table.together, table.together * COMMON
    blocks = len(count) * apart
    median = group_medians(z, np.ones_like(z), year)
    # One series a year shows no common shock; the median of few contains some of the rest.
    part = together * (1 - 1 / count)
    rest = (z - (part * median)[year]) / np.sqrt(1 - part * (2 - part) / count)[year]

    weight = _case_weights(rest, year, count, n + together * (len(z) - n))
    alone = table.sizes[row] * np.sqrt(1 - common)
    own = weighted_quantiles(np.abs(rest), weight, table.levels)
    ratio = np.log(np.maximum(own, 0.01 * alone) / alone)
    beyond = (n + together * (len(z) * apart - n)) * (1 - table.levels)
    doubt = np.where(ratio < found, NARROWING, WIDENING) * (1 - together)
    share = beyond / (beyond + EPISODES) * blocks / (blocks + doubt)
    found = share * ratio + (1 - share) * found
    if common == 0:
        return found, shock

    usual = np.sqrt(common) * np.interp(0.8, table.levels, table.sizes[row]) / NORMAL_80
    size = np.sqrt(np.average(median**2, weights=1 - 1 / count + TINY))
    change = float(np.log(np.maximum(size, 0.01 * usual) / usual))
    known = blocks / (blocks + (NARROWING if change < shock else WIDENING))
    return found, known * change + (1 - known) * shock


def _joined(table: Table, row: int, found: FloatArray, shock: float) -> FloatArray:
    """Sizes of errors, the variances of common shocks and the rest added."""
    common = table.together * COMMON
    factor = np.sqrt((1 - common) * np.exp(2 * found) + common * np.exp(2 * shock))
    # Wider by a millionth at least from level to level, as a probability is read off a size: of
    # equal sizes it could be any.
    wider = (1 + 1e-6) ** np.arange(len(factor))
    return np.asarray(wider * np.maximum.accumulate(table.sizes[row] * factor / wider), np.float64)


def _weight_shift(
    miss: FloatArray,
    weight: FloatArray,
    year: IntArray,
    count: IntArray,
    start: FloatArray,
    kept: float,
) -> FloatArray:
    """Fit factors (logarithms) on the weights to the errors at the panel's own past origins.

    Exponentiated gradients on the mean absolute error, every year counting equally and the
    median error of each year taken out but for the share `kept`; see
    `forecast.calibration.training.weights_of`, which made the table.
    """
    q = 1 / count[year]
    q /= q.sum()
    shift, total = start.copy(), np.zeros_like(start)
    unit = float((q * np.abs((weight * miss).sum(axis=1))).sum()) + TINY
    shared = np.zeros(len(miss))
    product = weight * miss
    for turn in range(TURNS):
        # The weights of a case are weight * factor / norm; kept apart, nothing as large as `weight`
        # is computed in a turn. Sums by einsum: threads of BLAS wait on each other on busy cores.
        factor = np.exp(shift)
        norm = np.einsum("nv,v->n", weight, factor)
        error = np.einsum("nv,v->n", product, factor) / norm
        if turn % 10 == 0:
            shared = (1 - kept) * group_medians(error, q, year)[year]
        push = q * np.sign(error - shared) / norm
        gain = np.einsum("n,nv->v", push, product) - np.einsum("n,nv->v", push * error, weight)
        slope = factor * gain / unit
        usual = factor * np.einsum("n,nv->v", q / norm, weight)
        shift = shift - 0.3 / np.sqrt(1 + turn / 20) * slope / np.maximum(usual, 0.02)
        if turn >= TURNS // 2:
            total += shift
    total /= TURNS - TURNS // 2
    out: FloatArray = total - total.mean()
    return out


def group_medians(values: FloatArray, weight: FloatArray, group: IntArray) -> FloatArray:
    """Weighted median of every group.

    Parameters
    ----------
    values, weight : ndarray, shape (n,)
    group : ndarray of int, shape (n,)
        Numbered from 0.

    Returns
    -------
    ndarray, shape (n_groups,)
    """
    order = np.lexsort((values, group))
    v, w, g = values[order], weight[order], group[order]
    ends = np.flatnonzero(np.diff(g, append=g[-1] + 1)) + 1
    out, start = np.zeros(int(g.max()) + 1), 0
    for end in ends.tolist():
        mass = np.cumsum(w[start:end])
        out[g[start]] = v[start:end][np.searchsorted(mass, mass[-1] / 2)]
        start = end
    return out


def _case_weights(z: FloatArray, group: IntArray, count: IntArray, effective: float) -> FloatArray:
    """Weights between one per case (independent errors) and one per year (all in common)."""
    k, n = len(count), len(z)
    shared = float(np.clip((n - effective) / max(n - k, 1), 0.0, 1.0))
    return (1 / (1 + (count - 1) * shared))[group]


def weighted_quantiles(values: FloatArray, weight: FloatArray, levels: FloatArray) -> FloatArray:
    """Quantiles of weighted values, interpolated between midpoints of the weights.

    Parameters
    ----------
    values, weight : ndarray, shape (n,)
    levels : ndarray, shape (n_levels,)
        Between 0 and 1.

    Returns
    -------
    ndarray, shape (n_levels,)
    """
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weight[order]) - weight[order] / 2
    out: FloatArray = np.interp(levels * weight.sum(), mass, values[order])
    return out

"""Correlations of forecast errors between series, shrunk to structured targets, and their copula.

Ten or twelve past years cannot identify some five hundred correlations. They are estimated in three
steps, each shrunk to the one before by the number of years behind it: the mean of pairs of this
kind (two flows of one region, say), the mean of a pair of indicators in any regions (exports and
GDP), and the pair itself. Errors of a year share its shock, so a year counts once however many
series it has. The idea is that of Ledoit & Wolf (2004): a structured target.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.cache import once
from forecast.evidence.scales import FloatArray

PRIOR_YEARS = 10.0  # years that the step before counts for; its effect: benchmarks/joint.py
LEAST = 1e-3  # smallest eigenvalue of the correlations


@dataclass(frozen=True)
class Label:
    """Attributes of a series by which its errors are grouped."""

    key: str
    region: str
    indicator: str
    kind: str = "flow"


def learn(
    errors: pd.DataFrame,
    labels: Sequence[Label],
    parent: Mapping[str, str] | None = None,
    kin: Sequence[frozenset[str]] = (),
) -> FloatArray:
    """Correlations of the errors of one year ahead between series.

    Parameters
    ----------
    errors : DataFrame
        ``series, origin, horizon, error``: past errors in predictive standard deviations.
    labels : sequence of Label
        The series; pairs without errors get the mean of pairs of their kind.
    parent : mapping of str to str, optional
        Parent of a region.
    kin : sequence of frozenset of str
        Pairs of indicators of which one is part of the other.

    Returns
    -------
    ndarray, shape (n_series, n_series)
        A correlation matrix, positive definite.
    """
    n = len(labels)
    raw, years = pairs(errors, [label.key for label in labels])
    kinds = [[_kind(a, b, parent or {}, kin) for b in labels] for a in labels]
    alike = [[_alike(a, b) for b in labels] for a in labels]
    first = _shared(raw, years, kinds, {})
    toward = {alike[i][j]: first.get(kinds[i][j], 0.0) for i in range(n) for j in range(i)}
    second = _shared(raw, years, alike, toward)
    out = np.eye(n)
    for i in range(n):
        for j in range(i):
            target = second.get(alike[i][j], first.get(kinds[i][j], 0.0))
            count = years[i, j]
            own = raw[i, j] if count else 0.0
            out[i, j] = out[j, i] = (count * own + PRIOR_YEARS * target) / (count + PRIOR_YEARS)
    return nearest(out)


def among(
    errors: pd.DataFrame,
    labels: Sequence[Label],
    parent: Mapping[str, str] | None = None,
    kin: Sequence[frozenset[str]] = (),
) -> FloatArray:
    """Correlations between some series, learned among all series of their indicators; as `learn`.

    Parameters
    ----------
    errors : DataFrame
        Of all series, ``region/indicator``.
    labels : sequence of Label
        The series.
    parent, kin
        As of `learn`.

    Returns
    -------
    ndarray, shape (n_series, n_series)
    """
    kinds = {label.indicator: label.kind for label in labels}
    known = {label.key for label in labels}
    keys = [str(key) for key in errors["series"].unique() if str(key) not in known]
    split = [(key, *key.split("/")) for key in keys]
    others = [Label(key, region, name, kinds[name]) for key, region, name in split if name in kinds]
    return learn(errors, [*labels, *others], parent, kin)[: len(labels), : len(labels)]


def pairs(errors: pd.DataFrame, keys: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Return the correlation of every pair and the number of years it rests on.

    Not centred: calibrated errors have mean zero, and a mean over ten years is mostly one shock.
    An error of h years ahead is the sum of h, and overlaps with the next: it counts 1/h. Years of
    errors that persist, as those of populations do, are worth fewer (Bartlett 1935).

    Parameters
    ----------
    errors : DataFrame
        As of `learn`.
    keys : sequence of str
        The series.

    Returns
    -------
    correlation : ndarray, shape (n_series, n_series)
    years : ndarray, shape (n_series, n_series)
    """
    table = _table(errors).reindex(columns=list(keys))
    has = table.notna().to_numpy(float)
    ahead = table.index.get_level_values("horizon").to_numpy(float)
    z = table.fillna(0.0).to_numpy(float) / np.sqrt(ahead)[:, None]
    size = (z**2).T @ has
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.where(size * size.T > 0, (z.T @ z) / np.sqrt(size * size.T), 0.0)
    origin = pd.DataFrame(has, index=table.index.get_level_values("origin"))
    seen = origin.groupby(level=0).max().to_numpy(float)
    again = _persistence(table[ahead == 1].droplevel("horizon"))
    persistent = np.clip(np.outer(again, again), 0.0, 0.9)
    return raw, seen.T @ seen * (1 - persistent) / (1 + persistent)


@once
def _table(errors: pd.DataFrame) -> pd.DataFrame:
    """Return errors by origin and horizon, one column per series."""
    return errors.pivot_table(index=["origin", "horizon"], columns="series", values="error")


def _persistence(errors: pd.DataFrame) -> FloatArray:
    """Return the autocorrelation of errors of one year ahead, by series.

    Only origins that follow each other by a year, both with an error, are neighbours.

    Parameters
    ----------
    errors : DataFrame
        One row per origin, one column per series; NaN where there is none.
    """
    years = np.array(errors.index, int)
    if not len(years):
        return np.zeros(errors.shape[1])
    every = errors.reindex(range(years.min(), years.max() + 1)).to_numpy(float)
    before, after = every[:-1], every[1:]
    both = np.isfinite(before) & np.isfinite(after)
    product = np.where(both, before * after, 0.0).sum(axis=0)
    size = np.sqrt(
        np.where(both, before**2, 0.0).sum(axis=0) * np.where(both, after**2, 0.0).sum(axis=0)
    )
    out: FloatArray = product / np.maximum(size, 1e-12)
    return out


def _kind(a: Label, b: Label, parent: Mapping[str, str], kin: Sequence[frozenset[str]]) -> Hashable:
    if a.region == b.region:
        place = "same"
    elif parent.get(a.region) == b.region or parent.get(b.region) == a.region:
        place = "parent"
    else:
        place = "other"
    what = "same" if a.indicator == b.indicator else "other"
    if frozenset((a.indicator, b.indicator)) in kin:
        what = "part"
    return place, what, *sorted((a.kind, b.kind))


def _alike(a: Label, b: Label) -> Hashable:
    return a.region == b.region, *sorted((a.indicator, b.indicator))


def _shared(
    raw: FloatArray,
    years: FloatArray,
    groups: Sequence[Sequence[Hashable]],
    toward: Mapping[Hashable, float],
) -> dict[Hashable, float]:
    """Mean correlation of every group of pairs, shrunk to `toward` (zero if not given)."""
    found: dict[Hashable, list[tuple[float, float]]] = defaultdict(list)
    for i in range(len(raw)):
        for j in range(i):
            if years[i, j] > 0:
                found[groups[i][j]].append((raw[i, j], years[i, j]))
    out = {}
    for group, pairs in found.items():
        r, count = np.array(pairs).T
        most = float(count.max())  # pairs share the shocks of the years: all know no more years
        mean = float((r * count).sum() / count.sum())
        out[group] = (most * mean + PRIOR_YEARS * toward.get(group, 0.0)) / (most + PRIOR_YEARS)
    return out


def nearest(matrix: FloatArray) -> FloatArray:
    """Return the correlation matrix nearest to a symmetric one, by alternating projections.

    Higham (2002). statsmodels' `corr_nearest` is the same algorithm without a tolerance: on the 42
    series of the project it stops at its limit of iterations after 5 s instead of 0.01 s, and
    differs by 1e-7.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)

    Returns
    -------
    ndarray, shape (n, n)
        Its eigenvalues are at least `LEAST` / 2 before it is scaled to a unit diagonal.

    Examples
    --------
    >>> odd = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    >>> bool(np.linalg.eigvalsh(nearest(odd)).min() > 0)
    True
    """
    y, correction = (matrix + matrix.T) / 2, np.zeros_like(matrix)
    for _ in range(200):
        size, vectors = np.linalg.eigh(y - correction)
        x = (vectors * np.maximum(size, LEAST)) @ vectors.T
        correction = x - (y - correction)
        before, y = y, x.copy()
        np.fill_diagonal(y, 1.0)
        if np.abs(y - before).max() < 1e-6:
            break
    size, vectors = np.linalg.eigh(y)
    near = (vectors * np.maximum(size, LEAST / 2)) @ vectors.T
    sd = np.sqrt(np.diag(near))
    out: FloatArray = near / np.outer(sd, sd)
    return out


def over_years(
    correlation: FloatArray,
    last: Sequence[int],
    start: Sequence[float],
    cells: Sequence[tuple[int, int]],
) -> FloatArray:
    """Correlation of errors of any series in any years: each a random walk of yearly shocks.

    Shocks of one calendar year are correlated across series, those of different years are not. So
    the national shock of a year concerns every series, whichever year it is forecast from.

    Parameters
    ----------
    correlation : ndarray, shape (n_series, n_series)
        Of the shocks.
    last : sequence of int
        Last known year of each series.
    start : sequence of float
        Variance of the error of that year over the variance of one year's shock.
    cells : sequence of (int, int)
        Series and year.

    Returns
    -------
    ndarray, shape (n_cells, n_cells)
    """
    first, end = min(last), max(year for _, year in cells)
    calendar = np.arange(first, end + 1)
    weight = np.zeros((len(cells), len(calendar)))
    for row, (s, year) in enumerate(cells):
        weight[row] = (calendar > last[s]) & (calendar <= year)
        weight[row, last[s] - first] = start[s]
    series = np.array([s for s, _ in cells])
    shocks = np.sqrt(weight)
    covariance = correlation[np.ix_(series, series)] * (shocks @ shocks.T)
    sd = np.sqrt(np.diag(covariance))
    out: FloatArray = covariance / np.outer(sd, sd)
    return out


def start_variance(paths: FloatArray) -> float:
    """Return the variance of the last known year over what one more year adds to it.

    Parameters
    ----------
    paths : ndarray, shape (n, 2 or more)
        On the scale of the models; the first column is the last known year, the next one is ahead.
    """
    now, after = (float(np.diff(np.quantile(paths[:, i], [0.16, 0.84]))[0]) ** 2 for i in (0, 1))
    return float(np.clip(now / max(after - now, 1e-12), 1e-9, 4.0))


def ordered(figures: FloatArray, order: FloatArray) -> FloatArray:
    """Reorder figures by the ranks of others: the smallest where the other is smallest.

    Parameters
    ----------
    figures : ndarray, shape (m,)
    order : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n,)
        Quantiles of the figures where m differs from n.
    """
    ranks = np.empty(len(order), int)
    ranks[np.argsort(order, kind="stable")] = np.arange(len(order))
    if len(figures) == len(order):
        return np.sort(figures)[ranks]
    return np.quantile(figures, (np.arange(len(order)) + 0.5) / len(order))[ranks]

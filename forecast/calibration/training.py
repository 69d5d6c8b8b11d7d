"""Learn a table from past origins of panels: weights of the component models, size of errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from forecast.evidence.scales import FloatArray
from forecast.forecasting.component_forecasts import (
    CLASSES,
    COMPONENTS,
    FEATURES,
    OWN_DAMPING,
    component_changes,
    features,
    reach,
    volatility_class,
)
from forecast.forecasting.error_scale import group_medians, weighted_quantiles
from forecast.forecasting.learned_tables import Prior, Table
from forecast.forecasting.panel_data import IntArray, Paths, peer_share
from forecast.forecasting.panel_growth import Growth, growth

HORIZONS = 10
SHORTEST = 7  # years a series must have had at an origin
LEVELS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99])
CASES_PER_CLASS = 1000.0  # cases of a class that the weights of all classes count for
FEWEST = 50  # cases of a class, below which it has the weights of all
EQUAL = 4.0  # spells (origins that do not overlap) that equal weights count for
ROUNDS = 120
FLAT = Prior()  # of flows, before any panel is used
DECAYS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)  # of common growth, a year
DECAY_HORIZONS = (1, 2, 3, 4, 5)  # years ahead by which it is chosen
PULL = 0.5  # loss per squared distance from the usual damping: panels have few common shocks


@dataclass(frozen=True, eq=False)
class Panel:
    """One reference panel."""

    name: str
    paths: Paths  # on the log scale
    last: IntArray  # year of each series' last value; only differences matter; shape (n_series,)
    weight: float  # of all its cases together
    cuts: tuple[int, ...]  # years from each origin to the end
    #: Series that share an origin year but whose years are unknown can be told apart by batches;
    #: shape (n_series,).
    batch: IntArray | None = None
    #: Lengths to which histories are also cut, in turn from origin to origin: the tables serve
    #: panels of few years, too.
    short: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Episodes:
    """Forecasts from past origins and their outcomes."""

    #: From the value at the origin, by each component model; shape (n_components, n, HORIZONS).
    changes: FloatArray
    came: FloatArray  # the outcomes, likewise; NaN where not known; shape (n, HORIZONS)
    #: `step` is the mean size of a yearly change; shape (n,).
    volatility: FloatArray
    step: FloatArray
    #: `group` numbers the origins of a panel (and its batches): their errors share a shock; shape
    #: (n,).
    kind: IntArray
    group: IntArray
    weight: FloatArray  # shape (n,)
    panel: IntArray  # shape (n,)
    origin: IntArray  # year of each origin; shape (n,)
    paths: list[tuple[Paths, Growth]]  # of one panel and origin after another


def episodes(panels: Iterable[Panel], prior: Prior) -> Episodes:
    """Forecast every panel from its past origins."""
    rows: list[list[npt.NDArray[Any]]] = []
    paths: list[tuple[Paths, Growth]] = []
    groups = 0
    for number, panel in enumerate(panels):
        found = []
        for turn, cut in enumerate(panel.cuts):
            seen, kept = panel.paths.cut(cut, SHORTEST)
            if len(kept) < 5:
                continue
            reach = min(cut, HORIZONS)
            end = panel.paths.y.shape[1] - cut
            ahead = slice(end, end + reach)
            came = np.full((len(kept), HORIZONS), np.nan)
            came[:, :reach] = panel.paths.y[kept, ahead] - seen.y[:, -1:]
            came[:, :reach][~panel.paths.seen[kept, ahead]] = np.nan
            batch = 0 if panel.batch is None else panel.batch[kept]
            origin = (panel.last[kept] - cut) * 100 + batch
            found.append((seen, came, origin))
            if panel.short:
                years = panel.short[turn % len(panel.short)]
                brief = Paths(seen.y[:, -years:], seen.seen[:, -years:], seen.scale)
                whole = np.flatnonzero(brief.seen.all(axis=1))
                if len(whole) >= 5:
                    some = Paths(brief.y[whole], brief.seen[whole], seen.scale)
                    found.append((some, came[whole], origin[whole]))
        for seen, came, origin in found:
            rate = growth(seen, prior)
            _, group = np.unique(origin, return_inverse=True)
            n = len(came)
            rows.append([
                component_changes(seen, HORIZONS, rate).transpose(1, 2, 0), came, rate.volatility,
                np.nanmean(np.abs(np.diff(seen.y, axis=1)), axis=1) + 1e-6,
                volatility_class(seen, rate), group + groups,
                np.full(n, panel.weight / len(found) / n), np.full(n, number), origin // 100,
            ])  # fmt: skip
            paths.append((seen, rate))
            groups += int(group.max()) + 1
    changes, came, volatility, step, kind, group, weight, source, year = (
        np.concatenate(part) for part in zip(*rows, strict=True)
    )
    return Episodes(
        changes.transpose(2, 0, 1), came, volatility, step, kind, group, weight, source, year, paths
    )


def weights_of(
    past: Episodes, horizon: int, use: npt.NDArray[np.bool_], remove_shocks: bool = True
) -> FloatArray:
    """Weights of the component models at one horizon, the common shocks taken out.

    The mean absolute error of the combination, in units both of the path and of its usual step (as
    in sMAPE and MASE), is minimized on the simplex by exponentiated gradients (Kivinen & Warmuth
    1997). The median error of every group is subtracted first: pooled signed errors of a few groups
    measure those shocks, not the models, and weights fitted to them carry the shocks forward.

    Parameters
    ----------
    past : Episodes
    horizon : int
        Years ahead.
    use : ndarray of bool, shape (n,)
        Episodes to learn from.
    remove_shocks : bool
        Whether to subtract the median error of every group.

    Returns
    -------
    ndarray, shape (n_components,)
    """
    e = (past.changes[:, use, horizon - 1] - past.came[use, horizon - 1]).T
    _, group = np.unique(past.group[use], return_inverse=True)
    naive, step = np.abs(past.came[use, horizon - 1]), past.step[use]
    base = past.weight[use]
    importance = base * (
        1 / np.average(naive, weights=base) + 1 / step / np.average(naive / step, weights=base)
    )
    importance = np.minimum(importance, 20 * importance.mean())
    importance /= importance.sum()
    w = np.full(e.shape[1], 1 / e.shape[1])
    total = np.zeros_like(w)
    unit = float((importance * np.abs(e @ w)).sum())
    shared = np.zeros(len(e))
    for turn in range(ROUNDS):
        error = e @ w
        if remove_shocks and turn % 10 == 0:
            shared = group_medians(error, importance, group)[group]
        slope = (importance * np.sign(error - shared)) @ e / unit
        w = w * np.exp(-0.3 / np.sqrt(1 + turn / 20) * (slope - slope @ w))
        w /= w.sum()
        if turn >= ROUNDS // 2:
            total += w
    out: FloatArray = total / total.sum()
    return out


def prior_of(panels: Iterable[Panel], flat: Prior = FLAT) -> Prior:
    """Median over panels of the growth estimated at the last origin of each, from a flat prior."""
    found = []
    for panel in panels:
        rate = growth(panel.paths.cut(min(panel.cuts), SHORTEST)[0], flat)
        z = np.log(rate.volatility**2)
        found.append(np.r_[rate.centre, rate.spread, rate.persistence, np.median(z)])
    centre, spread, persistence, variance = np.median(np.array(found), axis=0)
    return replace(
        flat, centre=float(centre), spread=float(spread), persistence=float(persistence),
        variance=float(np.exp(variance)),
    )  # fmt: skip


def decay_of(panels: Sequence[Panel], prior: Prior) -> float:
    """Choose how fast the common growth of panels decays toward the prior.

    As in a forecast, it decays by as much as a panel moves together (`panel_data.peer_share`). The
    mean absolute error of the mean of all component models over the volatility, relative to that
    without decay, counts equally for every panel and one to five years ahead. A panel has few
    common shocks, and the losses differ by little, so that the choice is shrunk to the damping of a
    series' own growth.
    """
    ratios = []
    for panel in panels:
        past = episodes([replace(panel, short=())], prior)
        moved, start = np.empty((len(DECAYS), *past.came.shape)), 0
        for seen, rate in past.paths:
            part = slice(start, start + len(seen.y))
            share = peer_share(seen, past.origin[part])
            for i, decay in enumerate(DECAYS):
                some = replace(rate, decay=1 - share * (1 - decay))
                moved[i, part] = component_changes(seen, HORIZONS, some).mean(axis=0)
            start = part.stop
        error = np.abs(moved - past.came) / past.volatility[:, None]
        use = [h - 1 for h in DECAY_HORIZONS if np.isfinite(past.came[:, h - 1]).any()]
        loss = np.nanmean(error[:, :, use], axis=1)
        ratios.append((loss / loss[0]).mean(axis=1))
    apart = np.array(DECAYS) - OWN_DAMPING
    return DECAYS[int((np.mean(ratios, axis=0) + PULL * apart**2).argmin())]


def _spells(cuts: tuple[int, ...], horizon: int) -> float:
    """Count the origins whose outcomes do not overlap."""
    usable = [cut for cut in cuts if cut >= horizon]
    if len(usable) < 2:
        return float(len(usable))
    return len(usable) * min(1.0, float(np.median(np.diff(sorted(usable)))) / horizon)


def learn(
    panels: list[Panel],
    others: Sequence[Panel] = (),
    remove_shocks: bool = True,
    flat: Prior = FLAT,
    decays: bool = False,
    persistent: bool = False,
) -> Table:
    """Learn one table.

    Parameters
    ----------
    panels : list of Panel
        What comes after the outcomes of their last origin is not used.
    others : sequence of Panel
        Panels that teach the size of errors only, not the weights.
    remove_shocks : bool
        Whether to take common shocks out of errors before weights are learned: when origins are
        few, or when it is not known which series share one.
    flat : Prior
        Prior before any panel is used.
    decays : bool
        Whether to learn how fast the common growth of a panel decays; it stays if not.
    persistent : bool
        See `Table.persistent`.

    Returns
    -------
    Table
    """
    prior = prior_of(panels, flat)
    if decays:
        prior = replace(prior, decay=decay_of(panels, prior))
    past = episodes([*panels, *others], prior)
    weights = _weights(past, panels, remove_shocks)
    scale, sizes = np.zeros((HORIZONS, len(FEATURES))), np.zeros((HORIZONS, len(LEVELS)))
    tail, effective = np.zeros(HORIZONS), np.zeros(HORIZONS)
    for h in range(HORIZONS):
        scale[h], sizes[h] = _error_sizes(past, weights[past.kind, h].T, h + 1, persistent)
        tail[h] = np.clip(np.log(5) / np.log(sizes[h, -1] / sizes[h, -3]), 2, 12)
        effective[h] = len(np.unique(past.group[np.isfinite(past.came[:, h])]))
    # The constant is chosen so that the median size of an error is one scale.
    scale[:, 0] += np.log(sizes[:, 4])
    sizes /= sizes[:, [4]]
    return Table(LEVELS, weights, scale, sizes, tail, effective, prior, persistent=persistent)


def _weights(past: Episodes, panels: Sequence[Panel], remove_shocks: bool) -> FloatArray:
    """Weights by class of volatility and horizon, learned from the first of the panels.

    Those of a class are shrunk to those of all classes, those of a horizon smoothed over its
    neighbours and shrunk to equal weights. Shape (n_classes + 1, HORIZONS, n_components).
    """
    chosen = past.panel < len(panels)
    classes = len(CLASSES) + 1
    weights = np.zeros((classes + 1, HORIZONS, len(COMPONENTS)))
    for h in range(HORIZONS):
        known = np.isfinite(past.came[:, h]) & chosen
        everyone = weights_of(past, h + 1, known, remove_shocks)
        weights[:, h] = everyone
        for c in range(classes):
            use = known & (past.kind == c)
            n = int(use.sum())
            if n >= FEWEST:
                own = weights_of(past, h + 1, use, remove_shocks)
                weights[c, h] = (n * own + CASES_PER_CLASS * everyone) / (n + CASES_PER_CLASS)
    # Neighbouring horizons have much the same weights; what differs is mostly chance.
    padded = np.pad(weights, ((0, 0), (1, 1), (0, 0)), mode="edge")
    weights = (padded[:, :-2] + 2 * weights + padded[:, 2:]) / 4
    weights /= weights.sum(axis=2, keepdims=True)
    for h in range(HORIZONS):
        spells = max(_spells(panel.cuts, h + 1) for panel in panels)
        trust = spells / (spells + EQUAL)
        weights[:, h] = trust * weights[:, h] + (1 - trust) / len(COMPONENTS)
    return weights


def _error_sizes(
    past: Episodes, weight: FloatArray, horizon: int, persistent: bool
) -> tuple[FloatArray, FloatArray]:
    """Coefficients of the size of errors on `FEATURES` at a horizon, and quantiles of the rest."""
    known = np.isfinite(past.came[:, horizon - 1])
    changes = past.changes[:, :, horizon - 1]
    x, unit, start = np.zeros((len(known), len(FEATURES))), np.zeros(len(known)), 0
    for seen, rate in past.paths:
        part = slice(start, start + len(seen.y))
        x[part] = features(seen, rate, changes[:, part], weight[:, part], horizon)
        unit[part] = rate.volatility * (reach(rate, horizon) if persistent else 1.0)
        start = part.stop
    error = np.abs(past.came[:, horizon - 1] - (weight * changes).sum(axis=0))
    size = np.log(np.maximum(error / unit, 0.01))
    root = np.sqrt(past.weight[known])[:, None]
    fitted = np.linalg.lstsq(x[known] * root, size[known] * root[:, 0], rcond=None)[0]
    z = error[known] / unit[known] / np.exp(x[known] @ fitted)
    return fitted, weighted_quantiles(z, past.weight[known], LEVELS)

"""The component models of a panel, vectorized over series, and their combination.

Six models forecast a path on its scale (log, logit or linear): Theta; Theta and a local level with
growth shrunk to the panel; that growth damped; a panel AR(1) of growth; and the damped drift. Their
weights by horizon and class of volatility, and the expected size of an error, are those of a
`Table`, which `forecast.calibration.training` learns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.learned_tables import Prior, Table
from forecast.forecasting.panel_data import TINY, IntArray, Paths
from forecast.forecasting.panel_growth import Growth, growth

COMPONENTS = (
    "theta", "theta_pooled", "level_pooled", "growth_pooled", "panel_ar", "damped_drift"
)  # fmt: skip
DAMPING = 0.9  # of shrunk growth, a year
OWN_DAMPING = 0.85  # of a series' own growth, a year
LEVEL_DRIFT = 0.8  # share of the shrunk growth that the local level drifts by
ALPHA = np.arange(1, 11) / 10  # grid of the smoothing parameter
CLASSES = (0.03, 0.08, 0.16)  # borders of the classes of volatility (of yearly log growth)
REFERENCE = 0.08  # volatility to which the spread's dependence on volatility is relative
UNIT_PRIOR = Prior(0.0, 0.5, 0.2, 1.5, 6.0)  # for paths in units of their own mean step
FEATURES = ("constant", "volatility", "years", "disagreement", "recent")


# Component models ------------------------------------------------------------------------------


def smoothed_levels(y: FloatArray, years: IntArray, drifts: list[FloatArray]) -> list[FloatArray]:
    """Smooth exponentially with a given drift, averaged over a grid, and return the last level.

    The first level is the least-squares one; grid points count by their likelihood (variance
    integrated out). What the first level and the drift add to an error is the same for all
    series, so that several drifts cost one pass over the data.

    Parameters
    ----------
    y : ndarray, shape (n_series, width)
        Right-aligned paths.
    years : ndarray of int, shape (n_series,)
    drifts : list of ndarray, shape (n_series,)
        Yearly drifts, one smoothing each.

    Returns
    -------
    list of ndarray, shape (n_series,)
        Last levels, one array per drift.
    """
    order = np.argsort(-years, kind="stable")
    n, width = years[order], y.shape[1]
    base = y[order, -1]
    rows = np.arange(len(n))
    steps = int(n.max())
    shape = (len(n), len(ALPHA))
    level, ee, ef, eg = (np.zeros(shape) for _ in range(4))
    keep = 1 - ALPHA
    f, g = np.ones_like(ALPHA), np.zeros_like(ALPHA)  # what level and drift add to a prediction
    sums = np.zeros((3, steps, len(ALPHA)))  # of f*f, f*g, g*g up to each year
    total = np.zeros((3, len(ALPHA)))
    last = np.zeros((2, steps, len(ALPHA)))
    for t in range(steps):
        k = int(np.searchsorted(-n, -t, side="left"))  # series longer than t years
        value = y[order[:k], width - n[:k] + t] - base[:k]
        g = g + (t > 0)
        error = value[:, None] - level[:k]
        ee[:k] += error**2
        ef[:k] -= error * f
        eg[:k] -= error * g
        level[:k] += ALPHA * error
        total = total + np.stack([f * f, f * g, g * g])
        f, g = keep * f, keep * g
        sums[:, t], last[:, t] = total, np.stack([f, g])
    ff, fg, gg = sums[:, n - 1]
    f_end, g_end = last[:, n - 1]
    out = []
    for drift in drifts:
        b = drift[order][:, None]
        start = -(ef + b * fg) / ff
        sse = ee + start**2 * ff + b**2 * gg + 2 * (start * ef + b * eg + start * b * fg)
        sse = np.maximum(sse, 1e-10 * ee + TINY)
        log_weight = -(np.maximum(n - 2, 1) / 2)[:, None] * np.log(sse)
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        now = ((level + start * f_end + b * g_end) * weight).sum(axis=1) / weight.sum(axis=1)
        back = np.empty_like(now)
        back[order[rows]] = now + base
        out.append(back)
    return out


def half_slope(y: FloatArray) -> FloatArray:
    """Return half the least-squares slope of each path.

    Parameters
    ----------
    y : ndarray, shape (n_series, width)
        Right-aligned paths; NaN before a series begins.

    Returns
    -------
    ndarray, shape (n_series,)
    """
    has = np.isfinite(y)
    t = np.arange(y.shape[1], dtype=float)
    n = has.sum(axis=1)
    dt = np.where(has, t - ((has * t).sum(axis=1) / n)[:, None], 0.0)
    slope: FloatArray = (dt * np.where(has, y - y[:, -1:], 0.0)).sum(axis=1) / (dt**2).sum(axis=1)
    return slope / 2


def component_changes(paths: Paths, horizon: int, rate: Growth) -> FloatArray:
    """Forecast the centre with each of the six component models.

    Sources: Assimakopoulos & Nikolopoulos (2000), IJF 16(4), in the form of Hyndman & Billah
    (2003), IJF 19(2); Gardner & McKenzie (1985), Management Science 31(10), for damping;
    Garcia-Ferrer et al. (1987), JBES 5(1), for growth pooled over series.

    Parameters
    ----------
    paths : Paths
    horizon : int
        Years ahead.
    rate : Growth
        Of these paths.

    Returns
    -------
    ndarray, shape (n_components, n_series, horizon)
        Changes from the last value, in the order of `COMPONENTS`.
    """
    h = np.arange(1, horizon + 1.0)
    last, m = paths.y[:, -1], rate.mean
    slope, drift = half_slope(paths.y), rate.drift(horizon)
    levels = smoothed_levels(paths.y, paths.years, [slope, m / 2, LEVEL_DRIFT * m])
    total = np.cumsum(drift, axis=1)
    ahead = [slope[:, None] * h, total / 2, LEVEL_DRIFT * total]
    smooth = [(level - last)[:, None] + change for level, change in zip(levels, ahead, strict=True)]
    damped = np.cumsum(drift * DAMPING**h, axis=1)
    deviation = last - paths.y[:, -2] - m
    ar = total + deviation[:, None] * np.cumsum(rate.persistence**h, axis=-1)
    own = rate.own[:, None] * np.cumsum(OWN_DAMPING**h)
    return np.stack([*smooth, damped, ar, own])


# Combination -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Combination:
    """Combined forecast of a panel on the scale of the models."""

    centre: FloatArray  # change from the last value; shape (n_series, horizon)
    scale: FloatArray  # expected size of the error; shape (n_series, horizon)


def volatility_class(paths: Paths, rate: Growth) -> IntArray:
    """Return the class of volatility of each series; a scale with a unit has one of its own.

    Parameters
    ----------
    paths : Paths
    rate : Growth
        Of these paths.

    Returns
    -------
    ndarray of int, shape (n_series,)
    """
    if paths.scale == "linear":
        return np.full(len(paths.y), len(CLASSES) + 1, np.int64)
    return np.digitize(rate.volatility, CLASSES)


def features(
    paths: Paths, rate: Growth, changes: FloatArray, weight: FloatArray, horizon: int
) -> FloatArray:
    """Return what the size of an error depends on, given the volatility.

    Parameters
    ----------
    paths : Paths
    rate : Growth
    changes, weight : ndarray, shape (n_components, n_series)
        Of the component models at one horizon.
    horizon : int
        Years ahead.

    Returns
    -------
    ndarray, shape (n_series, len(FEATURES))
        A constant; the log of the volatility over `REFERENCE` (0 on a scale with a unit); the
        log of the number of years; the disagreement of the component models and the size of the
        last changes, both over the volatility.
    """
    n, volatility = len(paths.y), rate.volatility
    relative = np.zeros(n) if paths.scale == "linear" else np.log(volatility / REFERENCE)
    centre = (weight * changes).sum(axis=0)
    apart = np.sqrt((weight * (changes - centre) ** 2).sum(axis=0) / horizon)
    recent = np.diff(paths.y[:, -6:], axis=1) - rate.mean[:, None]
    size = np.sqrt(np.nanmean(recent**2, axis=1))
    years = np.log(np.minimum(paths.years, 40) / 20)
    disagreement = np.log(apart / volatility + 0.05)
    return np.column_stack(
        [np.ones(n), relative, years, disagreement, np.log(size / volatility + 0.2)]
    )


def reach(rate: Growth, horizon: int) -> FloatArray:
    """Return the size of an error of an AR(1) of growth, over that of independent growth.

    Both have the volatility of `rate`. One year ahead much of persistent growth is known; what is
    not known then adds up.

    Parameters
    ----------
    rate : Growth
    horizon : int
        Years ahead.

    Returns
    -------
    ndarray, shape () or (n_panels,)
    """
    rho = rate.persistence[..., 0]
    carried = sum(((1 - rho**years) / (1 - rho)) ** 2 for years in range(1, horizon + 1))
    out: FloatArray = np.sqrt((1 - rho**2) * carried / horizon)
    return out


def unit_of(paths: Paths) -> FloatArray:
    """Return the unit each path is worked on in: its mean step where values have a unit, else 1.

    Returns
    -------
    ndarray, shape (n_series,)
    """
    if paths.scale != "linear":
        return np.ones(len(paths.y))
    steps = np.abs(np.diff(paths.y, axis=1))
    unit = np.nansum(steps, axis=1) / np.maximum(np.isfinite(steps).sum(axis=1), 1)
    typical = float(np.median(unit[unit > TINY])) if (unit > TINY).any() else 1.0
    return np.where(unit > TINY, unit, typical)


def growth_of(paths: Paths, table: Table) -> tuple[Growth, FloatArray]:
    """Return the growth of paths, and the unit that it is in; see `unit_of`.

    Parameters
    ----------
    paths : Paths
    table : Table
        Has the prior.
    """
    unit = unit_of(paths)
    scaled = Paths(paths.y / unit[:, None], paths.seen, paths.scale)
    return growth(scaled, UNIT_PRIOR if paths.scale == "linear" else table.prior), unit


def combined(
    paths: Paths, horizon: int, table: Table, shift: FloatArray | None = None
) -> Combination:
    """Combine the component models, with the expected size of the error.

    Parameters
    ----------
    paths : Paths
    horizon : int
        Years ahead.
    table : Table
    shift : ndarray, shape (horizon, n_components), optional
        Added to the logarithms of the weights; see `error_scale.Adaptation`.
    """
    found = weighted_components(paths, horizon, table, *growth_of(paths, table), shift)
    return joined(*found)


def joined(changes: FloatArray, weight: FloatArray, scale: FloatArray) -> Combination:
    """Weigh the component models; see `weighted_components`."""
    return Combination(np.einsum("vsh,shv->sh", changes, weight), scale)


def weighted_components(
    paths: Paths,
    horizon: int,
    table: Table,
    rate: Growth,
    unit: FloatArray,
    shift: FloatArray | None = None,
    place: tuple[int, int] | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the forecasts of the component models, their weights and the scale of the error.

    Parameters
    ----------
    paths, horizon, table
        See `combined`.
    rate, unit
        See `growth_of`.
    shift
        See `combined`.
    place : (int, int)
        Of paths that take the same place in the panel, that row and the number of rows there.

    Returns
    -------
    changes : ndarray, shape (n_components, n_series, horizon)
    weight : ndarray, shape (n_series, horizon, n_components)
    scale : ndarray, shape (n_series, horizon)
    """
    scaled = Paths(paths.y / unit[:, None], paths.seen, paths.scale)
    changes = component_changes(scaled, horizon, rate)
    klass = volatility_class(scaled, rate)
    scale = np.empty(changes.shape[1:])
    weight = np.empty((*changes.shape[1:], len(changes)))
    values = paths.seen.sum(axis=1)
    for h in range(horizon):
        row = table.at(h + 1)
        weight[:, h] = table.weights[klass, row]
        if shift is not None:
            weight[:, h] = shifted(weight[:, h], shift[h])
        x = features(scaled, rate, changes[:, :, h], weight[:, h].T, h + 1)
        beyond = ((h + 1) / (row + 1)) ** 0.6
        # A product of matrices is rounded by the place of a row in them.
        size = x @ table.scale[row] if place is None else _in_place(x, table.scale[row], *place)
        scale[:, h] = rate.volatility * np.exp(size) * beyond
        if table.persistent:
            scale[:, h] *= reach(rate, row + 1)
        scale[:, h] *= table.widening(values, h + 1)
    return changes * unit[:, None], weight, scale * unit[:, None]


def _in_place(x: FloatArray, scale: FloatArray, row: int, rows: int) -> FloatArray:
    return np.array([(np.repeat(one[None], rows, axis=0) @ scale)[row] for one in x])


def shifted(weight: FloatArray, shift: FloatArray) -> FloatArray:
    """Return weights with something added to their logarithms; they sum to one again.

    Parameters
    ----------
    weight : ndarray, shape (n, n_components)
    shift : ndarray, shape (n_components,)
    """
    out: FloatArray = weight * np.exp(shift)
    out /= out.sum(axis=-1, keepdims=True)
    return out

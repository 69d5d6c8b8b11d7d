"""Families of models for whole panels, vectorized over series, and the table that joins them.

Six voices forecast a path on its scale (log, logit or linear): Theta, Theta and local level with
growth shrunk to the panel, that growth damped, a panel AR(1) of growth, and the damped drift. Their
weights by horizon and kind of series, and the spread of the errors, are learned from past origins
of other panels (`forecast.calibration.training`) and live in a small committed table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.forecasting.panel_data import TINY, FloatArray, IntArray, Paths, Prior, Table

VOICES = ("theta", "theta_pooled", "level_pooled", "growth_pooled", "panel_ar", "damped_drift")
DECAY = 0.9  # weight of a year's growth relative to the next one's
DAMPING = 0.9  # of shrunk growth, a year
OWN_DAMPING = 0.85  # of a series' own growth, a year
KEPT = 0.8  # share of the shrunk growth that the local level keeps
ALPHA = np.arange(1, 11) / 10  # grid of the smoothing parameter
CLASSES = (0.03, 0.08, 0.16)  # borders of the classes of volatility (of yearly log growth)
REFERENCE = 0.08  # volatility to which the spread's dependence on volatility is relative
PRIOR_SERIES = 10.0  # series the prior of the table counts for, beside those of the panel


@dataclass(frozen=True, eq=False)
class Growth:
    """What the panel says of each series' yearly growth.

    Attributes
    ----------
    mean : ndarray, shape (n_series,)
        Recency-weighted mean growth, shrunk to the panel's.
    own : ndarray, shape (n_series,)
        The same before shrinking.
    volatility : ndarray, shape (n_series,)
        Moderated standard deviation of yearly growth.
    persistence : float
        Of a year's deviation from its mean, bias-corrected.
    centre, spread : float
        Of the mean growth across the panel.
    trust : ndarray, shape (n_series,)
        Weight of the series' own growth in `mean`.
    excess : float
        Of `centre` over the prior's.
    decay : float
        Share of `excess` that is left after each further year ahead.
    """

    mean: FloatArray
    own: FloatArray
    volatility: FloatArray
    persistence: float
    centre: float
    spread: float
    trust: FloatArray
    excess: float
    decay: float

    def drift(self, horizon: int) -> FloatArray:
        """Mean growth in each year ahead, shape (n_series, horizon).

        What series share of it, beyond the prior, decays; what sets a series apart stays.
        """
        left = self.decay ** np.arange(1, horizon + 1.0)
        out: FloatArray = self.mean[:, None] - self.excess * (1 - left)
        return out


# Growth of the panel ---------------------------------------------------------------------------


def moderated(squares: FloatArray, freedom: FloatArray, prior: Prior) -> FloatArray:
    """Shrink variances to the panel's by empirical Bayes.

    Smyth (2004), Linear models and empirical Bayes methods, Statistical Applications in Genetics
    and Molecular Biology 3(1), section 6.2, with the panel's prior itself shrunk to `prior`.

    Parameters
    ----------
    squares : ndarray, shape (n_series,)
        Sample variances.
    freedom : ndarray, shape (n_series,)
        Their degrees of freedom; 0 where there is none.
    prior : Prior

    Returns
    -------
    ndarray, shape (n_series,)
        Never 0.
    """
    from scipy.special import digamma, polygamma

    use = (squares > TINY) & (freedom >= 2)
    df = freedom[use]
    share = use.sum() / (use.sum() + PRIOR_SERIES)
    centre, excess = np.log(prior.variance), float(polygamma(1, prior.freedom / 2))
    if use.any():
        z = np.log(squares[use]) - digamma(df / 2) + np.log(df / 2)
        centre += share * (z.mean() - centre)
        found = ((z - centre) ** 2 - polygamma(1, df / 2)).mean()
        excess += share * (max(float(found), 0.01) - excess)
    d0 = 2 * _trigamma_inverse(excess)
    s0 = np.exp(centre + digamma(d0 / 2) - np.log(d0 / 2))
    out: FloatArray = (d0 * s0 + freedom * squares) / (d0 + freedom)
    return out


def _trigamma_inverse(x: float) -> float:
    """Newton's method of Smyth (2004), appendix."""
    from scipy.special import polygamma

    y = 0.5 + 1 / x
    for _ in range(50):
        tri = float(polygamma(1, y))
        step = tri * (1 - tri / x) / float(polygamma(2, y))
        y += step
        if abs(step) < 1e-9 * y:
            break
    return y


def growth(paths: Paths, prior: Prior) -> Growth:
    """Estimate mean, volatility and persistence of yearly growth by empirical Bayes.

    Random-effects means by the method of Paule & Mandel (1982), J. Res. NBS 87(5), for
    recency-weighted means; the pooled autocorrelation is corrected for the bias that a mean
    estimated per series brings (Kendall 1954; Nickell 1981, Econometrica 49(6)).

    Parameters
    ----------
    paths : Paths
    prior : Prior
        In units of the paths.
    """
    d = np.diff(paths.y, axis=1)
    has = np.isfinite(d)
    d = np.where(has, d, 0.0)
    steps = has.sum(axis=1)
    # A gap of k years is one observed step: its k interpolated ones have k times less variance.
    observed = np.maximum(paths.seen.sum(axis=1) - 1, 1)
    mean = d.sum(axis=1) / steps
    e = np.where(has, d - mean[:, None], 0.0)
    squares = (e**2).sum(axis=1)
    freedom = (observed - 1).astype(float)
    variance = moderated(squares / np.maximum(freedom, 1), freedom, prior)

    products = (e[:, 1:] * e[:, :-1]).sum(axis=1) / variance
    lagged = (e[:, :-1] ** 2).sum(axis=1) / variance
    rho = prior.persistence
    if lagged.sum() > TINY:
        raw = products.sum() / lagged.sum()
        found = raw + (1 + 3 * raw) / max(float(steps.mean()), 4.0)
        rho += len(d) / (len(d) + PRIOR_SERIES) * (found - rho)
    rho = float(np.clip(rho, -0.3, 0.8))

    w = np.where(has, DECAY ** np.arange(d.shape[1] - 1, -1, -1.0), 0.0)
    own = (w * d).sum(axis=1) / w.sum(axis=1)
    effective = w.sum(axis=1) ** 2 / (w**2).sum(axis=1) * np.minimum(observed / steps, 1.0)
    noise = variance / effective * (1 + rho) / (1 - rho)
    centre, between = _random_effects(own, noise, prior)
    trust = between / (between + noise)
    return Growth(
        trust * own + (1 - trust) * centre, own, np.sqrt(variance), rho,
        centre, float(np.sqrt(between)), trust, centre - prior.centre, prior.decay,
    )  # fmt: skip


def _random_effects(own: FloatArray, noise: FloatArray, prior: Prior) -> tuple[float, float]:
    """Mean and variance of growth across series, each with its own noise.

    The prior counts as `PRIOR_SERIES` further series that are as noisy as a typical one. Without
    noise its weight beside theirs would explode where series differ little.
    """
    between, n = prior.spread**2, len(own)
    typical = float(np.median(noise))
    centre = prior.centre
    for _ in range(50):
        a, b = 1 / (between + noise), PRIOR_SERIES / (between + typical)
        centre = ((a * own).sum() + b * prior.centre) / (a.sum() + b)
        q = a * (own - centre) ** 2
        expected = prior.spread**2 + typical  # squared deviation of a series of the prior
        total = q.sum() + b * expected
        slope = (a * q).sum() + b**2 / PRIOR_SERIES * expected
        step = (total - (n + PRIOR_SERIES - 1)) / slope
        between, before = max(between + step, 1e-4 * prior.spread**2), between
        if abs(between - before) < 1e-9 * before:
            break
    return float(centre), float(between)


# Voices ----------------------------------------------------------------------------------------


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
    """Return half the least-squares slope of each path."""
    has = np.isfinite(y)
    t = np.arange(y.shape[1], dtype=float)
    n = has.sum(axis=1)
    dt = np.where(has, t - ((has * t).sum(axis=1) / n)[:, None], 0.0)
    slope: FloatArray = (dt * np.where(has, y - y[:, -1:], 0.0)).sum(axis=1) / (dt**2).sum(axis=1)
    return slope / 2


def voices(paths: Paths, horizon: int, rate: Growth) -> FloatArray:
    """Forecast the centre with each of the six voices.

    Sources: Assimakopoulos & Nikolopoulos (2000), IJF 16(4), in the form of Hyndman & Billah
    (2003), IJF 19(2); Gardner & McKenzie (1985), Management Science 31(10), for damping;
    Garcia-Ferrer et al. (1987), JBES 5(1), for growth pooled over series.

    Returns
    -------
    ndarray, shape (n_voices, n_series, horizon)
        Changes from the last value, in the order of `VOICES`.
    """
    h = np.arange(1, horizon + 1.0)
    last, m = paths.y[:, -1], rate.mean
    slope, drift = half_slope(paths.y), rate.drift(horizon)
    levels = smoothed_levels(paths.y, paths.years, [slope, m / 2, KEPT * m])
    ahead = [slope[:, None] * h, np.cumsum(drift, axis=1) / 2, KEPT * np.cumsum(drift, axis=1)]
    smooth = [(level - last)[:, None] + change for level, change in zip(levels, ahead, strict=True)]
    damped = np.cumsum(drift * DAMPING**h, axis=1)
    deviation = last - paths.y[:, -2] - m
    ar = np.cumsum(drift, axis=1) + deviation[:, None] * np.cumsum(rate.persistence**h)
    own = rate.own[:, None] * np.cumsum(OWN_DAMPING**h)
    return np.stack([*smooth, damped, ar, own])


def kinds(paths: Paths, rate: Growth) -> IntArray:
    """Return the class of volatility of each series; a scale with a unit has one of its own."""
    if paths.scale == "linear":
        return np.full(len(paths.y), len(CLASSES) + 1, np.int64)
    return np.digitize(rate.volatility, CLASSES)


# Centre and spread -----------------------------------------------------------------------------

FEATURES = ("constant", "volatility", "years", "disagreement", "recent")


def features(
    paths: Paths, rate: Growth, said: FloatArray, weight: FloatArray, horizon: int
) -> FloatArray:
    """Describe what the size of an error depends on, given the volatility.

    Returns
    -------
    ndarray, shape (n_series, len(FEATURES))
        A constant; the log of the volatility over `REFERENCE` (0 on a scale with a unit); the
        log of the number of years; the disagreement of the voices and the size of the last
        changes, both over the volatility.
    """
    n, volatility = len(paths.y), rate.volatility
    relative = np.zeros(n) if paths.scale == "linear" else np.log(volatility / REFERENCE)
    centre = (weight * said).sum(axis=0)
    apart = np.sqrt((weight * (said - centre) ** 2).sum(axis=0) / horizon)
    recent = np.diff(paths.y[:, -6:], axis=1) - rate.mean[:, None]
    size = np.sqrt(np.nanmean(recent**2, axis=1))
    return np.column_stack([
        np.ones(n),
        relative,
        np.log(np.minimum(paths.years, 40) / 20),
        np.log(apart / volatility + 0.05),
        np.log(size / volatility + 0.2),
    ])  # fmt: skip


@dataclass(frozen=True, eq=False)
class Spread:
    """A panel's forecast on the scale of the models: change from the last value, and its scale.

    Attributes
    ----------
    centre, scale : ndarray, shape (n_series, horizon)
    """

    centre: FloatArray
    scale: FloatArray


def unit_of(paths: Paths) -> FloatArray:
    """Return the unit each path is worked on in: its mean step where values have a unit, else 1."""
    if paths.scale != "linear":
        return np.ones(len(paths.y))
    steps = np.abs(np.diff(paths.y, axis=1))
    unit = np.nansum(steps, axis=1) / np.maximum(np.isfinite(steps).sum(axis=1), 1)
    typical = float(np.median(unit[unit > TINY])) if (unit > TINY).any() else 1.0
    out: FloatArray = np.where(unit > TINY, unit, typical)
    return out


UNIT_PRIOR = Prior(0.0, 0.5, 0.2, 1.5, 6.0)  # for paths in units of their own mean step


def forecast(paths: Paths, horizon: int, table: Table, tilt: FloatArray | None = None) -> Spread:
    """Join the voices, and say how large an error is to be expected.

    Parameters
    ----------
    paths : Paths
    horizon : int
    table : Table
    tilt : ndarray, shape (horizon, n_voices), optional
        What the panel's own record adds to the logarithms of the weights; see `Record`.
    """
    said, weight, scale = heard(paths, horizon, table, tilt)
    return Spread(np.einsum("vsh,shv->sh", said, weight), scale)


def heard(
    paths: Paths, horizon: int, table: Table, tilt: FloatArray | None = None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what the voices say (voices, series, horizon), their weights and the scale."""
    unit = unit_of(paths)
    scaled = Paths(paths.y / unit[:, None], paths.seen, paths.scale)
    rate = growth(scaled, UNIT_PRIOR if paths.scale == "linear" else table.prior)
    said = voices(scaled, horizon, rate)
    kind = kinds(scaled, rate)
    scale = np.empty(said.shape[1:])
    weight = np.empty((*said.shape[1:], len(said)))
    for h in range(horizon):
        row = table.at(h + 1)
        weight[:, h] = tilted(table.weights[kind, row], None if tilt is None else tilt[h])
        x = features(scaled, rate, said[:, :, h], weight[:, h].T, h + 1)
        beyond = ((h + 1) / (row + 1)) ** 0.6
        scale[:, h] = rate.volatility * np.exp(x @ table.scale[row]) * beyond
    return said * unit[:, None], weight, scale * unit[:, None]


def tilted(weight: FloatArray, tilt: FloatArray | None) -> FloatArray:
    """Weights with something added to their logarithms."""
    if tilt is None:
        return weight
    out: FloatArray = weight * np.exp(tilt)
    out /= out.sum(axis=-1, keepdims=True)
    return out

"""Yearly growth of the series of a panel: mean, volatility, persistence, by empirical Bayes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.learned_tables import Prior
from forecast.forecasting.panel_data import TINY, IntArray, Paths

RECENCY = 0.9  # weight of a year's growth relative to the next one's
PRIOR_SERIES = 10.0  # series that the prior counts for, beside those of the panel


@dataclass(frozen=True, eq=False)
class Growth:
    """Estimates of each series' yearly growth."""

    mean: FloatArray  # recency-weighted mean growth, shrunk to the panel's; shape (n_series,)
    own: FloatArray  # the same before shrinking; shape (n_series,)
    volatility: FloatArray  # moderated standard deviation of yearly growth; shape (n_series,)
    persistence: float  # of a year's deviation from its mean, bias-corrected
    #: Of the mean growth across the panel.
    centre: float
    spread: float
    trust: FloatArray  # weight of the series' own growth in `mean`; shape (n_series,)
    excess: float  # of `centre` over the prior's
    decay: float  # share of `excess` that is left after each further year ahead

    def of_rows(self, rows: Sequence[int]) -> Growth:
        """Return that of some series."""
        names = ("mean", "own", "volatility", "trust")
        return replace(self, **{name: vars(self)[name][rows] for name in names})

    def drift(self, horizon: int) -> FloatArray:
        """Mean growth in each year ahead, shape (n_series, horizon).

        What series share of it, beyond the prior, decays; what sets a series apart stays.

        Parameters
        ----------
        horizon : int
            Years ahead.
        """
        left = self.decay ** np.arange(1, horizon + 1.0)
        return self.mean[:, None] - self.excess * (1 - left)


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


@dataclass(frozen=True, eq=False)
class Moments:
    """What is estimated of each series' growth from its own path alone."""

    #: Yearly changes, and the degrees of freedom of their variance; shape (n_series,).
    steps: IntArray
    freedom: FloatArray
    #: Sums of the squared deviations from the mean change; of the products with the year before;
    #: and of the squares of the years before; shape (n_series,).
    squares: FloatArray
    products: FloatArray
    lagged: FloatArray
    #: Recency-weighted mean, and the number of changes that it is worth; shape (n_series,).
    own: FloatArray
    effective: FloatArray

    def with_row(self, row: int, other: Moments) -> Moments:
        """Return them with those of one series in place of a row.

        Parameters
        ----------
        row : int
        other : Moments
        """
        found = {name: values.copy() for name, values in vars(self).items()}
        for name, values in found.items():
            values[row] = vars(other)[name][0]
        return Moments(**found)


def moments(paths: Paths) -> Moments:
    """Return the moments of each series' growth."""
    d = np.diff(paths.y, axis=1)
    has = np.isfinite(d)
    d = np.where(has, d, 0.0)
    steps = has.sum(axis=1)
    # A gap of k years is one observed step: its k interpolated ones have k times less variance.
    observed = np.maximum(paths.seen.sum(axis=1) - 1, 1)
    mean = d.sum(axis=1) / steps
    e = np.where(has, d - mean[:, None], 0.0)
    w = np.where(has, RECENCY ** np.arange(d.shape[1] - 1, -1, -1.0), 0.0)
    effective = w.sum(axis=1) ** 2 / (w**2).sum(axis=1) * np.minimum(observed / steps, 1.0)
    return Moments(
        steps, (observed - 1).astype(float), (e**2).sum(axis=1),
        (e[:, 1:] * e[:, :-1]).sum(axis=1), (e[:, :-1] ** 2).sum(axis=1),
        (w * d).sum(axis=1) / w.sum(axis=1), effective,
    )  # fmt: skip


def growth(paths: Paths, prior: Prior) -> Growth:
    """Estimate mean, volatility and persistence of yearly growth by empirical Bayes.

    Parameters
    ----------
    paths : Paths
    prior : Prior
        In units of the paths.
    """
    return pooled(moments(paths), prior)


def pooled(found: Moments, prior: Prior) -> Growth:
    """Pool what is known of the growth of each series.

    Random-effects means by the method of Paule & Mandel (1982), J. Res. NBS 87(5), for
    recency-weighted means; the pooled autocorrelation is corrected for the bias that a mean
    estimated per series brings (Kendall 1954; Nickell 1981, Econometrica 49(6)).

    Parameters
    ----------
    found : Moments
    prior : Prior
        In units of the paths.
    """
    freedom, steps, own = found.freedom, found.steps, found.own
    variance = moderated(found.squares / np.maximum(freedom, 1), freedom, prior)
    products, lagged = found.products / variance, found.lagged / variance
    rho = prior.persistence
    if lagged.sum() > TINY:
        raw = products.sum() / lagged.sum()
        corrected = raw + (1 + 3 * raw) / max(float(steps.mean()), 4.0)
        rho += len(own) / (len(own) + PRIOR_SERIES) * (corrected - rho)
    rho = float(np.clip(rho, -0.3, 0.8))

    noise = variance / found.effective * (1 + rho) / (1 - rho)
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

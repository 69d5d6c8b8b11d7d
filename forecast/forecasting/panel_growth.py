"""Yearly growth of the series of a panel: mean, volatility, persistence, by empirical Bayes.

Panels that differ in a row can be estimated at once: what is said of (n_series,) here may then be
(n_panels, n_series), and of (1,), (n_panels, 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.learned_tables import Prior
from forecast.forecasting.panel_data import TINY, IntArray, Paths

RECENCY = 0.9  # weight of a year's growth relative to the next one's
PERSISTENCE = (-0.3, 0.95)  # of growth, at least and at most; that of populations is near 1
PRIOR_SERIES = 10.0  # series that the prior counts for, beside those of the panel


@dataclass(frozen=True, eq=False)
class Growth:
    """Estimates of each series' yearly growth."""

    mean: FloatArray  # recency-weighted mean growth, shrunk to the panel's; shape (n_series,)
    own: FloatArray  # the same before shrinking; shape (n_series,)
    volatility: FloatArray  # moderated standard deviation of yearly growth; shape (n_series,)
    persistence: FloatArray  # of a year's deviation from its mean, bias-corrected; shape (1,)
    #: Of the mean growth across the panel; shape (1,).
    centre: FloatArray
    spread: FloatArray
    trust: FloatArray  # weight of the series' own growth in `mean`; shape (n_series,)
    excess: FloatArray  # of `centre` over the prior's; shape (1,)
    decay: float  # share of `excess` that is left after each further year ahead

    def of_row(self, row: int) -> Growth:
        """Return that of one series in each of many panels, as if it were that of one panel."""
        names = ("mean", "own", "volatility", "trust")
        return replace(self, **{name: vars(self)[name][:, row] for name in names})

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
    from scipy.special import digamma, zeta

    use = (squares > TINY) & (freedom >= 2)
    same = use.reshape(-1, use.shape[-1])
    if not (same == same[0]).all():  # panels of which each has its own series to learn from
        pairs = zip(squares, freedom, strict=True)
        return np.stack([moderated(own, free, prior) for own, free in pairs])
    df = freedom.compress(same[0], axis=-1)
    share = same[0].sum() / (same[0].sum() + PRIOR_SERIES)
    centre, excess = np.array([np.log(prior.variance)]), np.array([zeta(2, prior.freedom / 2)])
    if same[0].any():
        z = np.log(squares.compress(same[0], axis=-1)) - digamma(df / 2) + np.log(df / 2)
        centre = centre + share * (z.mean(axis=-1, keepdims=True) - centre)
        found = ((z - centre) ** 2 - zeta(2, df / 2)).mean(axis=-1, keepdims=True)
        excess = excess + share * (np.maximum(found, 0.01) - excess)
    d0 = 2 * _trigamma_inverse(excess)
    s0 = np.exp(centre + digamma(d0 / 2) - np.log(d0 / 2))
    out: FloatArray = (d0 * s0 + freedom * squares) / (d0 + freedom)
    return out


def _trigamma_inverse(x: FloatArray) -> FloatArray:
    """Newton's method of Smyth (2004), appendix."""
    from scipy.special import zeta

    y, going = 0.5 + 1 / x, np.full(x.shape, True)
    for _ in range(50):
        tri = zeta(2, y)  # the trigamma function; its derivative is -2 zeta(3, y)
        step = tri * (1 - tri / x) / (-2 * zeta(3, y))
        y = np.where(going, y + step, y)
        going &= np.abs(step) >= 1e-9 * y
        if not going.any():
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

    def with_rows(self, row: int, other: Moments) -> Moments:
        """Return those of as many panels as `other` has series, each in the place of a row.

        Parameters
        ----------
        row : int
        other : Moments
        """
        found = {}
        for name, values in vars(self).items():
            found[name] = np.repeat(values[None], len(other.own), axis=0)
            found[name][:, row] = vars(other)[name]
        return Moments(**found)


def stacked(panels: Sequence[Moments]) -> Moments:
    """Return the moments of several panels of the same series as one."""
    return Moments(
        *(np.stack(each) for each in zip(*(vars(p).values() for p in panels), strict=True))
    )


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
    total, size = lagged.sum(axis=-1, keepdims=True), own.shape[-1]
    raw = products.sum(axis=-1, keepdims=True) / np.maximum(total, TINY)
    corrected = raw + (1 + 3 * raw) / np.maximum(steps.mean(axis=-1, keepdims=True), 4.0)
    learned = size / (size + PRIOR_SERIES) * (corrected - prior.persistence)
    rho = np.clip(prior.persistence + np.where(total > TINY, learned, 0.0), *PERSISTENCE)

    # A mean of years that are much alike varies no more than one of them does.
    alike = np.minimum((1 + rho) / (1 - rho), np.maximum(found.effective, 1.0))
    noise = variance / found.effective * alike
    centre, between = _random_effects(own, noise, prior)
    trust = between / (between + noise)
    return Growth(
        trust * own + (1 - trust) * centre, own, np.sqrt(variance), rho,
        centre, np.sqrt(between), trust, centre - prior.centre, prior.decay,
    )  # fmt: skip


def _random_effects(
    own: FloatArray, noise: FloatArray, prior: Prior
) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of growth across series, each with its own noise.

    The prior counts as `PRIOR_SERIES` further series that are as noisy as a typical one. Without
    noise its weight beside theirs would explode where series differ little.
    """
    n, typical = own.shape[-1], np.median(noise, axis=-1, keepdims=True)
    between, centre = np.full(typical.shape, prior.spread**2), np.full(typical.shape, prior.centre)
    going = np.full(typical.shape, True)
    expected = prior.spread**2 + typical  # squared deviation of a series of the prior
    for _ in range(50):
        a, b = 1 / (between + noise), PRIOR_SERIES / (between + typical)
        weighted = (a * own).sum(axis=-1, keepdims=True) + b * prior.centre
        centre = np.where(going, weighted / (a.sum(axis=-1, keepdims=True) + b), centre)
        q = a * (own - centre) ** 2
        total = q.sum(axis=-1, keepdims=True) + b * expected
        slope = (a * q).sum(axis=-1, keepdims=True) + b**2 / PRIOR_SERIES * expected
        step = (total - (n + PRIOR_SERIES - 1)) / slope
        before, after = between, np.maximum(between + step, 1e-4 * prior.spread**2)
        between = np.where(going, after, before)
        going &= np.abs(between - before) >= 1e-9 * before
        if not going.any():
            break
    return centre, between

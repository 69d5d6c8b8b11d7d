"""The prior of the path and of the auxiliary unknowns against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from forecast.reconciliation.smoothing import trend_prior
from forecast.reconciliation.smoothing.noise import PART_PERSISTENCE
from forecast.reconciliation.smoothing.observation_equations import Layout
from forecast.reconciliation.smoothing.robust_smoother import posterior
from forecast.reconciliation.smoothing.trend_prior import (
    INNOVATION_FREEDOM,
    PRICES_PERSISTENCE,
    PathPrior,
    auxiliary_prior,
    parts_prior,
    spells,
    trend,
    weighted_trend,
)
from tests.reconciliation.figures import observation


def half(cov: np.ndarray) -> np.ndarray:
    """Return a root of a covariance, as `PathPrior.reweighted` takes it."""
    return np.linalg.cholesky(cov).T


def dense(path: PathPrior, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Covariances of path and innovations, and of the innovations."""
    n = path.n
    sums = np.tril(np.ones((n, n)))[:, 1:]
    variance = np.diag(path.noise**2 / weight)
    return sums @ variance, variance


@pytest.mark.parametrize("around", [False, True])
def test_innovations_follow_from_the_path(around: bool) -> None:
    """The weights are those of the conditional Gaussian of the innovations given the path."""
    rng = np.random.default_rng(1)
    n, weight = 6, np.array([1.0, 1.0, 0.1, 1.0, 0.5])
    known = 50 * np.eye(n) if around else None
    path = PathPrior(0.05, 0.15, np.full(n, 4.0), np.arange(n - 1), known)
    information, precision = path.gaussian(weight)
    h, z, sd = rng.normal(size=(4, n)), rng.normal(size=4) + 8, np.full(4, 0.1)
    mean, cov = posterior(h, z, sd, information, precision)
    cross, variance = dense(path, weight)
    gain = np.linalg.solve(np.linalg.inv(precision), cross).T
    center = gain @ (mean - path.center)
    spread = variance - gain @ cross + gain @ cov @ gain.T
    square = (center**2 + np.diag(spread)) / path.noise**2
    nu = INNOVATION_FREEDOM
    exact = np.minimum((nu + 1) / (nu + square), 1.0)
    found = path.reweighted(weight, mean, half(cov), precision)
    np.testing.assert_allclose(found, exact, rtol=1e-6)


def test_weights_open_the_years_they_belong_to() -> None:
    weight = np.array([1.0, 1e-4, 1.0])
    cov = np.linalg.inv(weighted_trend(weight, 0.05))
    steps = np.diff(np.eye(4), axis=0)
    growth = np.diag(steps @ cov @ steps.T)
    plain = np.diag(steps @ np.linalg.inv(trend(4, 0.05)) @ steps.T)
    np.testing.assert_allclose(growth - plain, [0, 0.05**2 * (1e4 - 1), 0], atol=1e-6)


def test_usual_years_keep_the_weight_one_and_a_gap_shares_its_own() -> None:
    told = np.array([True, True, False, False, True, True])
    assert list(spells(told)) == [0, 1, 1, 1, 2]
    path = PathPrior(0.05, 0.15, np.zeros(6), spells(told))
    precision = path.gaussian(np.ones(5))[1]
    cov = np.linalg.inv(precision)
    np.testing.assert_allclose(path.reweighted(np.ones(5), np.zeros(6), half(cov), precision), 1.0)
    known = np.diag([1e8, 1e8, 0, 0, 1e8, 1e8])
    fallen = np.array([0, 0, 0, 0, -1.0, -1.0])
    weight = np.ones(5)
    for _ in range(50):
        precision = path.gaussian(weight)[1]
        cov = np.linalg.inv(precision + known)
        weight = path.reweighted(weight, cov @ (known @ fallen), half(cov), precision)
    assert weight[1] == weight[2] == weight[3] < 0.2
    assert weight[0] > 0.5


@pytest.mark.parametrize("square", [1.0, 4.0, 50.0])
def test_evidence_of_weights_is_that_of_a_student_t(
    square: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the best weight, the Gaussian bound touches the t density, up to a constant."""
    monkeypatch.setattr(trend_prior, "DRIFT_WANDER", 0.0)
    noise, nu = 0.05, INNOVATION_FREEDOM
    path = PathPrior(noise, 1e-9, np.zeros(2), np.zeros(1, int))
    trend_prior.trend.cache_clear()
    step = noise * np.sqrt(square)

    def bound(weight: float) -> float:
        precision = path.gaussian(np.array([weight]))[1]
        x = np.array([0.0, step])
        return path.log_evidence(np.array([weight]), precision) - x @ precision @ x / 2

    best = (nu + 1) / (nu + square)
    assert bound(best) > max(bound(0.9 * best), bound(1.1 * best))
    density = student(nu).logpdf(np.sqrt(square)) - student(nu).logpdf(1.0)
    assert bound(best) - (bound(1.0) + square / 2 - 0.5) == pytest.approx(density, abs=1e-3)
    trend_prior.trend.cache_clear()


@given(st.integers(2, 30), st.floats(0.005, 0.2))
def test_trend_is_a_proper_prior(n: int, noise: float) -> None:
    values = np.linalg.eigvalsh(trend(n, noise))
    assert values.min() > 0
    cov = np.linalg.inv(trend(n, noise))
    steps = np.diff(np.eye(n), axis=0) @ cov @ np.diff(np.eye(n), axis=0).T
    assert (np.diag(steps) > noise**2).all()


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(2000, 2010), st.integers(1, 11)), min_size=1, max_size=12, unique=True
    )
)
def test_departures_of_parts_have_a_covariance_that_shrinks_through_the_year(parts) -> None:
    cov = parts_prior(sorted(parts), 0.05)
    assert np.linalg.eigvalsh(cov).min() > -1e-12
    for i, (year, month) in enumerate(sorted(parts)):
        for j, (other, later) in enumerate(sorted(parts)):
            if year == other and month < later:
                assert cov[i, i] > cov[j, j]
                assert cov[i, j] == pytest.approx(cov[j, j])


def test_trend_is_the_covariance_of_a_wandering_drift() -> None:
    noise, drift = 0.04, 0.15
    cov = np.linalg.inv(trend(4, noise, drift))
    step = np.array([[-1, 1, 0, 0], [0, -1, 1, 0], [0, 0, -1, 1]])
    growth = step @ cov @ step.T
    t = np.arange(1, 4)
    # Growth of year t is the drift of then, a random walk of quarter noises, and the noise.
    expected = drift**2 + (0.25 * noise) ** 2 * np.minimum.outer(t, t) + noise**2 * np.eye(3)
    np.testing.assert_allclose(growth, expected, rtol=1e-4)
    assert cov[0, 0] == pytest.approx(100.0**2)
    assert trend(1, noise)[0, 0] == pytest.approx(1e-4)


def test_departures_of_one_year_share_what_stays_open() -> None:
    parts = [(2020, 2), (2020, 6), (2021, 6)]
    rho = PART_PERSISTENCE
    february, june = 0.2 * 10 / 12 * 2.0, 0.2 * 6 / 12  # the Chinese New Year doubles the first
    np.testing.assert_allclose(
        parts_prior(parts, 0.2),
        [
            [february**2, june**2, june**2 * rho],
            [june**2, june**2, june**2 * rho],
            [june**2 * rho, june**2 * rho, june**2],
        ],
    )


def test_first_quarter_of_a_usual_year_is_short_of_a_fourth() -> None:
    rows = [
        observation(2022, 30.0, "ytd_level", month=3),
        observation(2022, 60.0, "ytd_level", month=6),
    ]
    layout = Layout.of(rows, np.array([2022]))
    information, precision = auxiliary_prior(layout, 0.1, {}, {})
    for month, usual in ((3, np.log(0.25) - 0.1), (6, np.log(0.5) - 0.1 * 0.5 / 0.75)):
        at = layout.month[month]
        sd = 0.1 * (1 + 2 * (12 - month) / 12)
        assert precision[at, at] == pytest.approx(1 / sd**2)
        assert information[at] / precision[at, at] == pytest.approx(usual)
    assert not information[: len(layout.years)].any()
    at = [layout.part[p] for p in layout.parts]
    np.testing.assert_allclose(
        np.linalg.inv(precision[np.ix_(at, at)]), parts_prior(layout.parts, 0.1)
    )


def test_prices_of_neighbouring_years_are_alike_where_no_other_region_gives_them() -> None:
    rows = [observation(year, 5.0, "growth", prices="real") for year in (2021, 2022, 2024)]
    layout = Layout.of(rows, np.arange(2020, 2025))
    information, precision = auxiliary_prior(layout, 0.1, {}, {2021: (0.01, 0.014)})
    at = [layout.price[year] for year in (2021, 2022, 2024)]
    cov = np.linalg.inv(precision[np.ix_(at, at)])
    rho = PRICES_PERSISTENCE**2
    expected = [[0.014**2, 0, 0], [0, 0.03**2, rho * 0.03**2], [0, rho * 0.03**2, 0.03**2]]
    np.testing.assert_allclose(cov, expected, atol=1e-12)
    np.testing.assert_allclose(cov @ information[at], [0.01, 0.02, 0.02])

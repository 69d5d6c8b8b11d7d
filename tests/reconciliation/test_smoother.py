"""The solver against closed forms: few rows, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

import forecast.reconciliation.trend_prior
from forecast.reconciliation import robust_solver as smoother
from forecast.reconciliation.region_links import solved
from forecast.reconciliation.robust_solver import DEGREES_OF_FREEDOM, posterior
from forecast.reconciliation.trend_prior import (
    INNOVATION_FREEDOM,
    Path,
    spells,
    trend,
    weighted_trend,
)
from tests.worlds import statement, world


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0.1, 3), st.floats(0.1, 3))
def test_two_rows_are_weighted_by_their_precisions(a: float, b: float, s: float, t: float) -> None:
    mean, cov = posterior(
        np.ones((2, 1)), np.array([a, b]), np.array([s, t]), np.array([2.0]), np.array([[4.0]])
    )
    precision = 4.0 + 1 / s**2 + 1 / t**2
    assert cov[0, 0] == pytest.approx(1 / precision)
    assert mean[0] == pytest.approx((2.0 + a / s**2 + b / t**2) / precision, abs=1e-9)


def system(rows: list[dict]) -> tuple[smoother.System, smoother.Solution, smoother.Prior]:
    series = solved(world(rows), ["gdp"]).series["city", "gdp"]
    return series.system, series.solution, series.prior


def test_weights_hold_the_posterior_variance() -> None:
    """At the solution every weight is that of a t error around an uncertain path."""
    rows = [statement(2010 + i, 100 * 1.07**i, status="secondary") for i in range(5)]
    rows += [statement(2014, 140.0, status="unknown"), statement(2014, 7.5, measure="growth")]
    rows += [statement(2012, 118.5, status="secondary")]
    own, found, _ = system(rows)
    nu = DEGREES_OF_FREEDOM
    spread = np.array([h @ found.cov @ h for h in own.h])
    expected = (own.z - own.h @ found.mean) ** 2 + spread
    usual = np.minimum((nu + 1) / (nu + expected / own.sd**2), 1.0)
    np.testing.assert_allclose(found.weight, usual, atol=3e-3)
    without = np.minimum((nu + 1) / (nu + (expected - spread) / own.sd**2), 1.0)
    assert np.abs(usual - without).max() > 0.05  # the variance counts


def test_a_row_left_out_is_the_solution_without_it() -> None:
    rng = np.random.default_rng(3)
    h, z, sd = rng.normal(size=(6, 4)), rng.normal(size=6), rng.uniform(0.5, 2, 6)
    prior = np.zeros(4), np.eye(4)
    mean, cov = posterior(h, z, sd, *prior)
    found = smoother.Solution(mean, cov, h, z, sd, np.ones(6), np.ones(0))
    for i in range(6):
        others = np.arange(6) != i
        alone, spread = posterior(h[others], z[others], sd[others], *prior)
        assert found.without(2)[i] == pytest.approx(alone[2])
        apart = abs(z[i] - h[i] @ alone) / np.sqrt(h[i] @ spread @ h[i] + sd[i] ** 2)
        assert found.apart()[i] == pytest.approx(apart)


# The prior of the path --------------------------------------------------------------------------


def dense(path: Path, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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
    path = Path(n, 0.05, 0.15, np.full(n, 4.0), np.arange(n - 1), known)
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
    np.testing.assert_allclose(path.reweighted(weight, mean, cov, precision), exact, rtol=1e-6)


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
    path = Path(6, 0.05, 0.15, np.zeros(6), spells(told))
    precision = path.gaussian(np.ones(5))[1]
    cov = np.linalg.inv(precision)
    np.testing.assert_allclose(path.reweighted(np.ones(5), np.zeros(6), cov, precision), 1.0)
    known = np.diag([1e8, 1e8, 0, 0, 1e8, 1e8])
    fallen = np.array([0, 0, 0, 0, -1.0, -1.0])
    weight = np.ones(5)
    for _ in range(50):
        precision = path.gaussian(weight)[1]
        cov = np.linalg.inv(precision + known)
        weight = path.reweighted(weight, cov @ (known @ fallen), cov, precision)
    assert weight[1] == weight[2] == weight[3] < 0.2
    assert weight[0] > 0.5


@pytest.mark.parametrize("square", [1.0, 4.0, 50.0])
def test_evidence_of_weights_is_that_of_a_student_t(
    square: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the best weight, the Gaussian bound touches the t density, up to a constant."""
    monkeypatch.setattr(forecast.reconciliation.trend_prior, "DRIFT_WANDER", 0.0)
    noise, nu = 0.05, INNOVATION_FREEDOM
    path = Path(2, noise, 1e-9, np.zeros(2), np.zeros(1, int))
    forecast.reconciliation.trend_prior.trend.cache_clear()
    step = noise * np.sqrt(square)

    def bound(weight: float) -> float:
        precision = path.gaussian(np.array([weight]))[1]
        x = np.array([0.0, step])
        return path.log_evidence(np.array([weight]), precision) - x @ precision @ x / 2

    best = (nu + 1) / (nu + square)
    assert bound(best) > max(bound(0.9 * best), bound(1.1 * best))
    density = student(nu).logpdf(np.sqrt(square)) - student(nu).logpdf(1.0)
    assert bound(best) - (bound(1.0) + square / 2 - 0.5) == pytest.approx(density, abs=1e-3)
    forecast.reconciliation.trend_prior.trend.cache_clear()


def test_a_row_that_the_path_meets_anyway_is_trusted() -> None:
    """Set aside or not, the path is the same: the row keeps its weight."""
    rows = [statement(2010 + i, 100 * 1.07**i) for i in range(8)]
    own, found, prior = system(rows)
    aside = (np.where(np.arange(len(own.h)) == 7, 1e-9, 1.0), found.innovation)
    other = smoother._reweighted(own, prior, aside, [0.0])
    evidence = [smoother._support(own, s, 0.04, prior) for s in (found, other)]
    assert evidence[0] == pytest.approx(evidence[1], abs=0.5)
    assert found.weight[7] > 0.9

"""Bounds on a path: draws, moments and quantiles are those of the truncated Gaussian."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult
from scipy.stats import kstest, multivariate_normal, norm, truncnorm

from forecast.reconciliation.smoothing import truncation
from forecast.reconciliation.smoothing.normals import between, even_points, mixture_quantiles
from forecast.reconciliation.smoothing.truncation import (
    Bounds,
    _order,
)

MEAN = np.array([1.0, 2.0, 2.5])
COV = np.array([[0.5, 0.2, 0.1], [0.2, 0.4, 0.3], [0.1, 0.3, 0.6]])
OPEN = np.inf


def bounds(h: list[list[float]], low: list[float], high: list[float]) -> Bounds:
    return Bounds.of(MEAN, COV, np.array(h), np.array(low, float), np.array(high, float))


@pytest.mark.parametrize(("low", "high"), [(3.0, OPEN), (-OPEN, 1.5), (2.0, 2.6), (6.0, OPEN)])
def test_one_function_is_a_truncated_normal(low: float, high: float) -> None:
    found = bounds([[0.0, 0.0, 1.0]], [low], [high])
    sd = np.sqrt(COV[2, 2])
    exact = truncnorm((low - MEAN[2]) / sd, (high - MEAN[2]) / sd, MEAN[2], sd)
    mean, cov = found.moments()
    assert mean[2] == pytest.approx(exact.mean(), abs=1e-4)
    assert cov[2, 2] == pytest.approx(exact.var(), abs=1e-4)
    levels = [0.05, 0.5, 0.95]
    np.testing.assert_allclose(found.quantiles(levels)[2], exact.ppf(levels), atol=1e-6)
    draws = found.draws(4000, np.random.default_rng(1))
    assert kstest(draws[:, 2], exact.cdf).pvalue > 0.01
    # The other years follow by regression, and keep the rest of their variance.
    slope = COV[1, 2] / COV[2, 2]
    assert mean[1] == pytest.approx(MEAN[1] + slope * (exact.mean() - MEAN[2]), abs=1e-4)
    rest = COV[1, 1] - slope * COV[1, 2]
    assert cov[1, 1] == pytest.approx(rest + slope**2 * exact.var(), abs=1e-4)
    assert np.mean(draws[:, 1]) == pytest.approx(mean[1], abs=4 * np.sqrt(cov[1, 1] / 4000))


def test_two_years_against_numerical_integration() -> None:
    """Both years above a limit: the posterior on a fine grid."""
    found = bounds([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [2.2, 2.7], [OPEN, OPEN])
    x, y = np.meshgrid(np.linspace(2.2, 6, 700), np.linspace(2.7, 7, 700), indexing="ij")
    density = multivariate_normal(MEAN[1:], COV[1:, 1:]).pdf(np.dstack([x, y]))
    density /= density.sum()
    exact = np.array([(density * x).sum(), (density * y).sum()])
    mean, cov = found.moments()
    np.testing.assert_allclose(mean[1:], exact, atol=0.01)
    both = (density * (x - exact[0]) * (y - exact[1])).sum()
    assert cov[1, 2] == pytest.approx(both, abs=0.01)
    draws = found.draws(20_000, np.random.default_rng(2))
    np.testing.assert_allclose(draws.mean(axis=0)[1:], exact, atol=0.015)
    assert np.cov(draws.T)[1, 2] == pytest.approx(both, abs=0.01)
    assert (draws[:, 1:] >= [2.2 - 1e-6, 2.7 - 1e-6]).all()
    below = np.interp(0.95, np.cumsum(density.sum(axis=1)), x[:, 0])
    assert found.quantiles([0.95])[1, 0] == pytest.approx(below, abs=0.02)
    whole = multivariate_normal(-MEAN[1:], COV[1:, 1:]).cdf([-2.2, -2.7])
    assert found.probability() == pytest.approx(whole, rel=0.01)


@settings(max_examples=20, deadline=None)
@given(st.floats(-3, 12), st.floats(0.05, 8), st.floats(-3, 12))
def test_draws_quantiles_and_moments_agree(low: float, width: float, other: float) -> None:
    """However far out the limits lie: the smallest chance of both is some 1e-60."""
    found = bounds([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], [low, other], [low + width, OPEN])
    draws = found.draws(2000, np.random.default_rng(3))
    assert np.isfinite(draws).all()
    assert (draws[:, 2] > low - 1e-5).all()
    assert (draws[:, 2] < low + width + 1e-5).all()
    mean, cov = found.moments()
    error = np.sqrt(np.diag(cov) / 2000)
    assert (np.abs(draws.mean(axis=0) - mean) < 5 * error + 0.02 * np.sqrt(np.diag(cov))).all()
    quantiles = found.quantiles([0.1, 0.9])
    assert np.isfinite(quantiles).all()
    share = (draws < quantiles[:, 1]).mean(axis=0)
    np.testing.assert_allclose(share, 0.9, atol=0.04)


# Parts of the machinery, by hand ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high"),
    [([2.2, 2.7], [OPEN, OPEN]), ([1.0, 3.0], [1.5, 3.2]), ([-OPEN, 1.0], [1.5, 2.0]),
     ([6.0, -1.0], [6.5, 0.0]), ([-2.0, 6.0], [-1.5, OPEN])],
)  # fmt: skip
def test_highest_weight_of_a_proposal_is_the_saddle_point(
    low: list[float], high: list[float]
) -> None:
    """Draws are exact if no weight is above it, and few are refused if it is no higher."""
    found = bounds([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], low, high)
    tilt, highest = found._tilt()
    uniform = np.random.default_rng(4).random((4000, 2))
    weight = found._proposals(uniform, tilt)[1]
    assert weight.max() < highest + 1e-9
    assert weight.max() > highest - 0.05
    for off in (0.2, -0.2):  # no other tilt is accepted more often
        assert found._proposals(uniform, tilt + np.array([off, 0.0]))[1].max() > highest - 0.01


def test_proposals_of_one_function_are_all_accepted() -> None:
    """Of one function every weight is the highest: its draws are quantiles of uniform numbers."""
    found = bounds([[0.0, 0.0, 1.0]], [3.0], [3.5])
    drawn = found._functions(50, np.random.default_rng(1))
    uniform = np.random.default_rng(1).random((50, 1))
    np.testing.assert_array_equal(drawn, found._proposals(uniform)[0])


def test_as_many_paths_are_drawn_as_were_asked_for() -> None:
    found = bounds([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [2.6, 0.0], [OPEN, 2.3])
    rng = np.random.default_rng(6)
    for n in (1, 2, 3, 50):
        for _ in range(20):
            assert found.draws(n, rng).shape == (n, 3)


def test_draws_that_are_too_rare_are_weighted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none is accepted, draws are chosen among the proposals by their weights."""
    found = bounds([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [2.6, 0.0], [OPEN, 2.3])
    mean, cov = found.moments()
    error = np.sqrt(np.diag(cov) / 8000)
    monkeypatch.setattr(truncation, "ATTEMPTS", 2)
    monkeypatch.setattr(Bounds, "_tilt", lambda _: (np.zeros(2), np.inf))
    draws = found.draws(8000, np.random.default_rng(7))
    assert (np.abs(draws.mean(axis=0) - mean) < 5 * error).all()
    unweighted = found._proposals(np.random.default_rng(7).random((8000, 2)))[0].mean(axis=0)
    assert (np.abs(unweighted - mean[1:]) > 10 * error[1:]).any()


def test_weight_of_a_proposal_is_the_density_over_that_of_the_proposal() -> None:
    """However the proposals are tilted: the mean of the weights is the probability."""
    found = bounds([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [1.5, 2.0], [3.0, 3.5])
    box = multivariate_normal(MEAN[1:], COV[1:, 1:])
    inside = box.cdf([3.0, 3.5], lower_limit=[1.5, 2.0])
    for tilt in ([0.0, 0.0], [0.4, 0.0], [-0.7, 0.0]):
        weight = found._proposals(even_points(2), np.array(tilt))[1]
        assert np.exp(weight).mean() == pytest.approx(inside, rel=2e-3)
    assert found.probability() == pytest.approx(inside, rel=2e-3)


@pytest.mark.parametrize(
    ("a", "b"), [(-1.0, 2.0), (0.5, 0.7), (-OPEN, -3.0), (4.0, OPEN), (-9.0, -8.0), (-OPEN, 5.0)]
)
def test_quantiles_between_limits_are_those_of_the_truncated_normal(a: float, b: float) -> None:
    levels = np.array([0.01, 0.3, 0.9])
    z, log_mass = between(levels, np.full(3, a), np.full(3, b))
    np.testing.assert_allclose(z, truncnorm.ppf(levels, a, b), rtol=1e-9, atol=1e-9)
    side = sorted([-a, -b]) if a + b > 0 else [a, b]  # the nearer tail
    np.testing.assert_allclose(np.exp(log_mass), np.diff(norm.cdf(side))[0], rtol=1e-9)


@given(
    seed=st.integers(0, 10_000),
    apart=st.floats(0.0, 60.0),
    near=st.floats(-5.0, 5.0),
    level=st.floats(0.01, 0.99),
)
@settings(max_examples=60, deadline=None)
def test_quantile_of_a_mixture_is_where_halving_leads(
    seed: int, apart: float, near: float, level: float
) -> None:
    rng = np.random.default_rng(seed)
    means, weight = apart * rng.standard_exponential(200), rng.dirichlet(np.ones(200))
    wide = float(np.sqrt(1 + weight @ (means - weight @ means) ** 2))
    levels = np.array([level, 0.5])
    start = np.full(2, weight @ means + near * wide)
    low, high = start - 15 * wide, start + 15 * wide
    for _ in range(60):
        middle = (low + high) / 2
        below = norm.cdf(middle[:, None] - means) @ weight < levels
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found = mixture_quantiles(list(levels), means, 1.0, weight, start, wide)
    np.testing.assert_allclose(found, low, rtol=0, atol=1e-12 * wide)


def test_bounds_of_a_path_that_is_scaled_and_moved() -> None:
    found = bounds([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [2.2, 2.4], [OPEN, 3.0])
    mean, cov = found.moments()
    scale, shift = np.array([0.5, 1.0, 2.0]), np.array([1.0, -2.0, 0.25])
    moved = found.moved(scale, shift).moments()
    np.testing.assert_allclose(moved[0], mean + shift, atol=1e-9)
    np.testing.assert_allclose(moved[1], cov * np.outer(scale, scale), atol=1e-9)
    part = found.part(slice(1, 3)).moments()
    np.testing.assert_allclose(part[0], mean[1:])
    np.testing.assert_allclose(part[1], cov[1:, 1:])


@pytest.mark.parametrize("one", list(permutations(range(3))))
def test_narrow_excess_leaves_the_other_functions_where_they_belong(one: tuple[int, ...]) -> None:
    """A count just passed is as good as a figure: in whatever order, the others are given it.

    The functions are years and parts of years of parcels: to the end of October 2024 some thousand
    more than 10,095 million, in 2023 more than 10,000 million and in a quarter more than 2,700.
    """
    center = np.array([4.58, 3.37, 4.90])
    spread = np.array([[2.1, -0.4, 2.1], [-0.4, 36.0, 0.4], [2.1, 0.4, 30.0]]) * 1e-3
    low, excess = np.log([100.0, 27.0, 100.95]), np.array([0.3, 0.03, 7.4e-5])
    order = list(one)
    found = Bounds.of(
        center, spread, np.eye(3)[order], low[order], np.full(3, OPEN), -1 / excess[order]
    )
    gain = spread[:2, 2] / spread[2, 2]
    given = multivariate_normal(
        center[:2] + gain * (low[2] + excess[2] - center[2]),
        spread[:2, :2] - np.outer(gain, spread[2, :2]),
    )
    grid = [limit + 5e-4 * (np.arange(1000) + 0.5) for limit in low[:2]]  # middles of cells
    x = np.stack(np.meshgrid(*grid, indexing="ij"), axis=-1)
    density = given.pdf(x) * np.exp(-((x - low[:2]) / excess[:2]).sum(axis=2))
    density /= density.sum()
    mean, cov = found.moments()
    exact = (density[..., None] * x).sum(axis=(0, 1))
    sd = np.sqrt((density[..., None] * (x - exact) ** 2).sum(axis=(0, 1)))
    np.testing.assert_allclose(mean[:2], exact, atol=5e-4)
    np.testing.assert_allclose(np.sqrt(np.diag(cov))[:2], sd, rtol=0.03)
    assert mean[2] == pytest.approx(low[2] + excess[2], abs=2e-5)
    draws = found.draws(4000, np.random.default_rng(1))
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.001)
    np.testing.assert_allclose(draws.std(axis=0), np.sqrt(np.diag(cov)), rtol=0.05)


def test_what_is_drawn_without_a_tilt_is_exact_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no saddle point is found, the highest weight is that of many proposals."""
    pull = np.array([-4.0, -2000.0])
    h, low = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), np.array([2.2, 2.7])
    found = Bounds.of(MEAN, COV, h, low, np.full(2, OPEN), pull)
    exact = found.moments()[0]
    monkeypatch.setattr("scipy.optimize.root", lambda *_: OptimizeResult(success=False))
    tilt, highest = found._tilt()
    assert not tilt.any()
    weight = found._proposals(np.random.default_rng(4).random((4000, 2)), tilt)[1]
    assert highest == pytest.approx(weight.max(), abs=0.05)
    draws = found.draws(8000, np.random.default_rng(5))
    np.testing.assert_allclose(draws.mean(axis=0), exact, atol=0.02)


def test_next_is_drawn_what_its_limits_make_least_likely() -> None:
    found = bounds([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [1.0, 4.5], [OPEN, OPEN])
    np.testing.assert_allclose(found.low, [4.5, 1.0])
    np.testing.assert_allclose(found.center, MEAN[[2, 1]])
    # The third is unlikely alone; given the first, which depends on it, it is the second that is.
    spread = np.array([[1.0, 0.0, 0.99], [0.0, 1.0, 0.0], [0.99, 0.0, 1.0]])
    limits = np.array([3.0, 1.0, 2.5]), np.full(3, OPEN)
    assert _order(np.zeros(3), spread, *limits, np.zeros(3)).tolist() == [0, 1, 2]

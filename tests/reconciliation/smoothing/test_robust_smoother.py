"""The robust smoother against closed forms: few figures, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.reconciliation.related_series.joint_solution import solved
from forecast.reconciliation.smoothing import robust_smoother as smoother
from forecast.reconciliation.smoothing.observation_equations import Equations
from forecast.reconciliation.smoothing.robust_smoother import DEGREES_OF_FREEDOM, posterior
from tests.worlds import statement, world


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0.1, 3), st.floats(0.1, 3))
def test_figures_are_weighted_by_their_precisions(a: float, b: float, s: float, t: float) -> None:
    mean, cov = posterior(
        np.ones((2, 1)), np.array([a, b]), np.array([s, t]), np.array([2.0]), np.array([[4.0]])
    )
    precision = 4.0 + 1 / s**2 + 1 / t**2
    assert cov[0, 0] == pytest.approx(1 / precision)
    assert mean[0] == pytest.approx((2.0 + a / s**2 + b / t**2) / precision, abs=1e-9)


def system(rows: list[dict]) -> tuple[Equations, smoother.Solution, smoother.StatePrior]:
    series = solved(world(rows), ["gdp"]).series["city", "gdp"]
    return series.equations, series.solution, series.prior


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


def test_a_figure_left_out_is_the_solution_without_it() -> None:
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


def test_a_figure_that_the_path_meets_anyway_is_trusted() -> None:
    """Set aside or not, the path is the same: the figure keeps its weight."""
    rows = [statement(2010 + i, 100 * 1.07**i) for i in range(8)]
    own, found, prior = system(rows)
    aside = (np.where(np.arange(len(own.h)) == 7, 1e-9, 1.0), found.innovation)
    other = smoother._reweighted(own, prior, aside, [0.0])
    evidence = [smoother._support(own, s, 0.04, prior) for s in (found, other)]
    assert evidence[0] == pytest.approx(evidence[1], abs=0.5)
    assert found.weight[7] > 0.9

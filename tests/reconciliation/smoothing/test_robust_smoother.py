"""The robust smoother against closed forms: few figures, by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from forecast.reconciliation.related_series.joint_solution import solved
from forecast.reconciliation.smoothing import robust_smoother as smoother
from forecast.reconciliation.smoothing.observation_equations import Equations
from forecast.reconciliation.smoothing.robust_smoother import DEGREES_OF_FREEDOM, posterior
from forecast.reconciliation.smoothing.trend_prior import (
    INNOVATION_FREEDOM,
    Gaussian,
    PathPrior,
)
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


def moved_level() -> tuple[Equations, smoother.Solution, smoother.StatePrior]:
    values = [100, 103, 107, 110, 114, 160, 165, 171, 176]
    rows = [statement(2010 + i, v) for i, v in enumerate(values)]
    rows.append(statement(2015, 40.0, measure="growth", prices="nominal"))
    return system(rows)


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


# Evidence and trials, by hand ---------------------------------------------------------------------

FREE = PathPrior(0.05, 0.1, np.array([1.0, 1.1, 1.2, 1.3]), np.arange(3))


def told(
    z: list[float], sd: float, weight: list[float] | None = None,
    innovation: tuple[float, ...] = (1.0, 1.0, 1.0), path: PathPrior = FREE,
) -> tuple[Any, smoother.Solution, smoother.StatePrior]:  # fmt: skip
    """One figure on each of four years, and what it takes to solve them."""
    prior = smoother.StatePrior(path, Gaussian(np.zeros(4), np.zeros((4, 4))))
    h, values, errors = np.eye(4), np.array(z), np.full(4, sd)
    weights, moves = np.ones(4) if weight is None else np.array(weight), np.array(innovation)
    information, precision, _ = prior.gaussian(moves)
    mean, cov = posterior(h, values, errors / np.sqrt(weights), information, precision)
    equations = SimpleNamespace(wrong=np.array([0.05, 1e-4, 0.05, 0.05]), at=np.arange(4))
    return equations, smoother.Solution(mean, cov, h, values, errors, weights, moves), prior


@pytest.mark.parametrize("innovation", [(1.0, 1.0, 1.0), (1.0, 0.1, 1.0)])
def test_evidence_for_a_solution_by_hand(innovation: tuple[float, ...]) -> None:
    """Prior times likelihood at the solution, times the volume of the Gaussian around it."""
    equations, found, prior = told([1.0, 1.15, 1.6, 1.3], 0.02, innovation=innovation)
    prior.rest.information[3], prior.rest.precision[3, 3] = 2.6, 2.0
    wrong, t = equations.wrong, (found.z - found.mean) / found.sd
    right = (1 - wrong) * student.pdf(t, 4) / found.sd
    either = right + wrong / (30 * 0.05)
    _, whole, path = prior.gaussian(found.innovation)
    off = found.mean - FREE.center
    log_prior = np.linalg.slogdet(path)[1] / 2 - off @ path @ off / 2
    log_prior += 2.6 * found.mean[3] - 2.0 * found.mean[3] ** 2 / 2
    penalty = (np.log(innovation) - np.array(innovation) + 1).sum() * INNOVATION_FREEDOM / 2
    holds = right / either * np.minimum(5 / (4 + t**2), 1) / found.sd**2
    volume = -np.linalg.slogdet(whole + np.diag(holds))[1] / 2
    expected = log_prior + penalty + np.log(either).sum() + volume
    assert np.abs(t).max() > 1.5
    # The constant of the density is rounded: a thousandth for each figure.
    assert smoother._support(equations, found, 0.05, prior) == pytest.approx(expected, abs=0.01)


def test_figure_is_suspicious_from_three_and_a_half_standard_deviations_on() -> None:
    still = replace(FREE, center=np.zeros(4))
    z = np.array([0.0, 0.0, 1.0, 0.0])
    far = told(list(z), 0.02, path=still)[1].apart()[2]
    for size, name in ((3.4, []), (3.6, ["without figure 2"])):
        equations, found, prior = told(list(size / far * z), 0.02, path=still)
        assert found.apart().max() == pytest.approx(size)
        trials = smoother._trials(equations, found, prior)
        assert list(trials) == name
        for weight, innovation in trials.values():
            np.testing.assert_allclose(weight, [1, 1, 1e-6, 1])
            np.testing.assert_allclose(innovation, 1)


def test_figure_that_was_set_aside_may_be_right_or_the_path_may_have_moved() -> None:
    equations, found, prior = told([1.0, 1.1, 1.4, 1.3], 0.1, weight=[0.29, 0.31, 0.1, 1.0])
    trials = smoother._trials(equations, found, prior)
    assert list(trials) == ["with figures of 2", "with a move in 2"]  # nothing moves into year 0
    for weight, _ in trials.values():
        np.testing.assert_allclose(weight, [0.29, 0.31, 1.0, 1.0])
    np.testing.assert_allclose(trials["with figures of 2"][1], 1)
    np.testing.assert_allclose(trials["with a move in 2"][1], [1, 1e-6, 1])


def test_where_the_path_moved_the_figures_around_may_be_wrong() -> None:
    """A move into year 2: those of the year before, of that year and of the next one."""
    equations, found, prior = told([1.0, 1.1, 1.6, 1.7], 0.02, innovation=(1.0, 0.01, 0.5))
    trials = smoother._trials(equations, found, prior)
    left_out = {}
    for name, (weight, innovation) in trials.items():
        if name.startswith("without figures"):
            (left_out[name],) = np.flatnonzero(weight == 1e-6)
            np.testing.assert_allclose(innovation, 1)  # of the spells beside it too
    assert left_out == {f"without figures of {y} for spell 1": y for y in (1, 2, 3)}
    # Seen from a path that cannot move, the move is what all figures are apart by.
    (seen,) = [trial for name, trial in trials.items() if name.endswith(" and moves")]
    np.testing.assert_allclose(seen[1], 1)


def test_weights_of_innovations_are_those_of_the_posterior() -> None:
    """A level that two figures confirm moves the path: the weight of its year says how far."""
    _, found, prior = moved_level()
    n = prior.path.n
    _, _, precision = prior.gaussian(found.innovation)
    half = np.linalg.cholesky(found.cov[:n, :n]).T
    again = prior.path.reweighted(found.innovation, found.mean[:n], half, precision)
    assert found.innovation.min() < 0.3
    np.testing.assert_allclose(found.innovation, again, atol=6e-3)


def test_innovations_keep_their_weights_until_errors_have_their_own_size() -> None:
    equations, _, prior = moved_level()
    usual = np.ones(len(equations.h)), np.ones(prior.path.n - 1)
    wide = smoother._reweighted(equations, prior, usual, [0.3, 0.2, 0.1])
    np.testing.assert_array_equal(wide.innovation, 1)
    np.testing.assert_allclose(wide.sd, np.hypot(equations.sd, 0.1))
    assert wide.weight.min() < 1
    assert smoother._reweighted(equations, prior, usual, [0.0, 0.0]).innovation.min() < 0.9


def test_reweighting_ends_when_nothing_changes_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    equations, found, prior = moved_level()
    rounds = []
    solve = smoother.rooted

    def counted(*given: Any) -> Any:
        rounds.append(1)
        return solve(*given)

    monkeypatch.setattr(smoother, "rooted", counted)
    again = smoother._reweighted(
        equations, prior, (found.weight, found.innovation), smoother.STEADY
    )
    assert 0 < len(rounds) < 5
    np.testing.assert_allclose(again.weight, found.weight, atol=2e-3)


def test_reweighting_goes_on_while_innovations_change() -> None:
    """Precise figures keep their weights from the first round on, but the path has moved."""
    steep = [1.0, 1.1, 1.5, 1.6]
    _, found, prior = told(steep, 0.001)
    equations: Any = SimpleNamespace(h=found.h, z=found.z, sd=found.sd, relinearize=lambda _: None)
    usual = np.ones(4), np.ones(3)
    again = smoother._reweighted(equations, prior, usual, smoother.STEADY)
    assert again.weight.min() > 0.99
    _, _, precision = prior.gaussian(again.innovation)
    half = np.linalg.cholesky(again.cov).T
    settled = FREE.reweighted(again.innovation, again.mean, half, precision)
    assert again.innovation.min() < 0.6
    np.testing.assert_allclose(again.innovation, settled, atol=6e-3)

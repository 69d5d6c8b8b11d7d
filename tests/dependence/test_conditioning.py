from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.dependence.conditioning import OutOfReachError, Reach, condition, surprise_of
from forecast.dependence.tilting import Moment, tilt

N = 10_000


class Tilted(NamedTuple):
    weights: np.ndarray
    reach: Reach


def tilted(moments: list[Moment]) -> Tilted:
    return Tilted(*tilt(moments))


def gaussian(m: int, seed: int, n: int = N) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and covariance of a Gaussian, and draws from it."""
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((m, m))
    mu, cov = rng.standard_normal(m), root @ root.T + 0.2 * np.eye(m)
    return mu, cov, rng.multivariate_normal(mu, cov, n)


def assert_same_gaussian(draws: np.ndarray, mu: np.ndarray, cov: np.ndarray, was: np.ndarray):
    """Mean and covariance within five Monte Carlo errors.

    The gain is estimated from the same draws, with an error of the size of the covariance that
    was, so that is the measure.
    """
    sd = np.sqrt(np.diag(was))
    assert np.abs((draws.mean(axis=0) - mu) / sd).max() < 5 / np.sqrt(N) * 2
    gap = np.cov(draws.T) - cov
    assert np.abs(gap / np.outer(sd, sd)).max() < 5 * np.sqrt(2 / N)


# Conditioning -------------------------------------------------------------------------------------


@pytest.mark.parametrize("sd", [(0.0, 0.0), (0.5, 0.0), (1.0, 0.3)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_update_agrees_with_the_closed_form(sd: tuple[float, float], seed: int) -> None:
    mu, cov, draws = gaussian(6, seed)
    h = np.zeros((2, 6))
    h[0, 1] = 1
    h[1, [2, 4]] = 1, -1
    y = h @ mu + np.array([1.0, -0.7]) * np.sqrt(np.diag(h @ cov @ h.T))
    noise = np.diag(np.square(sd))
    gain = cov @ h.T @ np.linalg.inv(h @ cov @ h.T + noise)
    found = condition(draws, h, y, np.array(sd), np.random.default_rng(seed))
    assert_same_gaussian(found.draws, mu + gain @ (y - h @ mu), cov - gain @ h @ cov, cov)
    hard = np.array(sd) == 0
    assert np.abs(found.draws @ h.T - y)[:, hard].max(initial=0) < 1e-9


def test_distance_entropy_and_draws_left_are_those_of_the_gaussian() -> None:
    mu, cov, draws = gaussian(3, 4)
    y = mu[:1] + 1.5 * np.sqrt(cov[0, 0])
    reach = condition(draws, np.eye(3)[:1], y).reach
    assert reach.distance == pytest.approx(1.5, abs=0.05)
    assert reach.surprise == pytest.approx(reach.distance)
    assert reach.relative_entropy == pytest.approx(1.5**2 / 2, rel=0.05)
    # The tilt to the same mean is the same departure, measured on the weights themselves.
    same = tilted([Moment(draws[:, 0], float(y[0]))]).reach
    assert same.relative_entropy == pytest.approx(reach.relative_entropy, rel=0.1)
    assert same.effective == pytest.approx(reach.effective, rel=0.3)
    assert same.distance == pytest.approx(reach.distance, rel=0.01)


def test_conditional_forecast_of_a_vector_autoregression_is_that_of_statsmodels() -> None:
    from statsmodels.tsa.statespace.varmax import VARMAX

    rng = np.random.default_rng(7)
    a = np.array([[0.6, 0.2, 0.0], [0.1, 0.5, 0.2], [0.3, 0.0, 0.4]])
    root = np.array([[1.0, 0, 0], [0.5, 0.8, 0], [-0.3, 0.4, 0.9]])
    past = np.zeros((60, 3))
    for t in range(1, 60):
        past[t] = a @ past[t - 1] + root @ rng.standard_normal(3)
    horizon = 5
    known = np.array([1.0, 1.5, 1.0, 0.5, 0.0])  # the first variable's future
    future = np.full((horizon, 3), np.nan)
    future[:, 0] = known
    model = VARMAX(np.vstack([past, future]), order=(1, 0), trend="n")
    chol = root[np.tril_indices(3)]
    exact = model.smooth(np.concatenate([a.ravel(), chol]))
    wanted = exact.smoothed_state.T[-horizon:]
    spread = exact.smoothed_state_cov.transpose(2, 0, 1)[-horizon:]

    draws = np.zeros((N, horizon, 3))
    state = np.tile(past[-1], (N, 1))
    for t in range(horizon):
        state = state @ a.T + rng.standard_normal((N, 3)) @ root.T
        draws[:, t] = state
    flat = draws.reshape(N, -1)
    h = np.eye(3 * horizon)[::3]
    found = condition(flat, h, known).draws.reshape(draws.shape)
    for t in range(horizon):
        assert np.abs(found[:, t, 0] - known[t]).max() < 1e-9
        assert_same_gaussian(
            found[:, t, 1:], wanted[t, 1:], spread[t][1:, 1:], np.cov(draws[:, t, 1:].T)
        )


def test_measure_that_is_not_linear_is_met_in_every_draw() -> None:
    rng = np.random.default_rng(2)
    exports, imports = np.log(900) + 0.1 * rng.standard_normal((2, 2000))
    draws = np.column_stack([exports, imports])
    found = condition(draws, lambda x: np.log(np.exp(x).sum(axis=1, keepdims=True)),
                      np.log([2000.0]), names=["trade"])  # fmt: skip
    assert np.abs(np.exp(found.draws).sum(axis=1) / 2000 - 1).max() < 1e-9


def test_shift_keeps_the_spread() -> None:
    _, cov, draws = gaussian(3, 9)
    below = draws[:, :1] - 0.8
    found = condition(draws, np.eye(3)[:1], below).draws
    assert np.allclose(found[:, 0], draws[:, 0] - 0.8)
    assert np.allclose(np.cov(found.T), np.cov(draws.T))
    assert (found - draws).mean(axis=0)[1] == pytest.approx(-0.8 * cov[0, 1] / cov[0, 0], abs=0.1)


def test_same_generator_same_draws_and_inputs_left_alone() -> None:
    _, _, draws = gaussian(3, 5)
    kept = draws.copy()
    twice = [
        condition(draws, np.eye(3)[:1], np.array([0.3]), 0.4, np.random.default_rng(1)).draws
        for _ in range(2)
    ]
    assert (twice[0] == twice[1]).all()
    assert (draws == kept).all()


def test_nothing_stated_changes_nothing() -> None:
    _, _, draws = gaussian(3, 5)
    found = condition(draws, np.empty((0, 3)), np.empty(0))
    assert (found.draws == draws).all()
    assert found.reach.distance == 0


def test_same_statement_twice_is_one_statement() -> None:
    mu, _, draws = gaussian(3, 5)
    once = condition(draws, np.eye(3)[:1], mu[:1] + 1)
    twice = condition(draws, np.eye(3)[[0, 0]], np.repeat(mu[:1] + 1, 2))
    assert np.allclose(once.draws, twice.draws)
    assert once.reach.distance == pytest.approx(twice.reach.distance)


def test_contradiction_is_named() -> None:
    mu, _, draws = gaussian(3, 5)
    h = np.array([[1.0, 0, 0], [0, 1.0, 0], [1.0, 1.0, 0]])
    y = h @ mu + np.array([0, 0, 1.0])
    with pytest.raises(OutOfReachError, match=r"contradict one another: exports; imports; trade"):
        condition(draws, h, y, names=["exports", "imports", "trade"])


def test_what_cannot_be_together_is_named() -> None:
    rng = np.random.default_rng(3)
    common = rng.standard_normal((4000, 1))
    draws = common + 0.1 * rng.standard_normal((4000, 2))
    with pytest.raises(OutOfReachError, match=r"each may come true, all of them together"):
        condition(draws, np.eye(2), np.array([1.0, -1.0]), names=["up", "down"])


def test_absurd_statement_is_refused_and_an_unusual_one_warned_of() -> None:
    _, _, draws = gaussian(2, 6)
    sd = draws.std(axis=0)
    far = draws.mean(axis=0)[:1] + 10 * sd[:1]
    with pytest.raises(OutOfReachError, match="GDP doubles: it lies 10 standard deviations"):
        condition(draws, np.eye(2)[:1], far, names=["GDP doubles"])
    found = condition(draws, np.eye(2)[:1], draws.mean(axis=0)[:1] + 3 * sd[:1], names=["GDP up"])
    assert found.reach.warnings == ("GDP up: 3.0 standard deviations from the forecast",)


def test_known_figure_cannot_be_stated_otherwise() -> None:
    draws = np.column_stack([np.full(100, 3.0), np.linspace(-1, 1, 100)])
    with pytest.raises(OutOfReachError, match="GDP of 2020: it is known already"):
        condition(draws, np.eye(2)[:1], np.array([4.0]), names=["GDP of 2020"])
    assert (condition(draws, np.eye(2)[:1], np.array([3.0])).draws == draws).all()


def test_spread_needs_a_generator() -> None:
    _, _, draws = gaussian(2, 6)
    with pytest.raises(ValueError, match="generator"):
        condition(draws, np.eye(2)[:1], draws.mean(axis=0)[:1], 0.5)


@pytest.mark.parametrize("count", [1, 3, 10])
def test_surprise_is_calibrated(count: int) -> None:
    from scipy.stats import chi2

    squared = chi2.ppf((np.arange(1000) + 0.5) / 1000, count)
    beyond = np.mean([surprise_of(s, count) > 1.96 for s in squared])
    assert beyond == pytest.approx(0.05, abs=0.001)


# Tilting ------------------------------------------------------------------------------------------


@given(shift=st.floats(-1.2, 1.2), p=st.floats(0.3, 0.7), seed=st.integers(0, 5))
def test_tilt_meets_its_moments(shift: float, p: float, seed: int) -> None:
    _, _, draws = gaussian(3, seed, 3000)
    x, other = draws[:, 0], draws[:, 1]
    level = float(np.quantile(other, 0.5))
    wanted = float(x.mean() + shift * x.std())
    w = tilted([Moment(x, wanted), Moment(other <= level, p)]).weights
    assert w.sum() == pytest.approx(1)
    assert (w >= 0).all()
    assert w @ x == pytest.approx(wanted, abs=1e-7)
    assert w[other <= level].sum() == pytest.approx(p, abs=1e-7)


def test_tilt_of_a_gaussian_to_a_mean_is_a_shift() -> None:
    x = np.random.default_rng(1).standard_normal(200_000)
    found = tilted([Moment(x, 1.0)])
    w = found.weights
    assert w @ x**2 - 1 == pytest.approx(1.0, abs=0.05)  # the variance stays one
    assert found.reach.relative_entropy == pytest.approx(0.5, abs=0.02)
    assert found.reach.effective / len(x) == pytest.approx(np.exp(-1), rel=0.1)


def test_tilt_to_probability_one_keeps_the_draws_that_agree() -> None:
    x = np.random.default_rng(1).standard_normal(4000)
    found = tilted([Moment(x > 0.5, 1.0)])
    assert set(np.round(found.weights * (x > 0.5).sum(), 9)) == {0.0, 1.0}
    assert found.reach.effective == pytest.approx((x > 0.5).sum())
    assert found.reach.relative_entropy == pytest.approx(-np.log((x > 0.5).mean()))


def test_tilt_departs_less_than_any_other_weights_that_meet_the_moment() -> None:
    x = np.random.default_rng(1).standard_normal(4000)
    found = tilted([Moment(x, 0.5)])
    kept = x > np.quantile(x, 0.37)  # another way to raise the mean: leave low draws out
    other = np.where(kept, 1.0, 0.0) / kept.sum()
    assert other @ x > 0.5
    assert np.log(len(x) / kept.sum()) < 0.5  # leaving out is a departure as well ...
    assert found.reach.relative_entropy < np.log(len(x) / kept.sum())  # ... and a larger one


@pytest.mark.parametrize(
    ("moments", "words"),
    [
        (lambda x: [Moment(x, 9.0, "growth of 9")], r"growth of 9: 9 lies outside the draws"),
        (lambda x: [Moment(x, 3.4, "growth")], r"leave \d+ of 4000 draws"),
        (lambda x: [Moment(x > 3.2, 1.0, "boom")], r"boom: 0\.\d of 100 draws agree"),
        (lambda x: [Moment(x > 0, 1.4, "odd")], r"odd: 1\.4 is no probability"),
        (
            lambda x: [Moment(x, 1.0, "up"), Moment(x < 0, 0.95, "down")],
            r"contradict|leave",
        ),
        (
            lambda x: [Moment(x > 0.2, 1.0, "up"), Moment(x < -0.2, 1.0, "down")],
            r"down: 0\.0 of 100 draws agree",
        ),
        (
            lambda x: [Moment(x <= 0.0, 0.2, "a"), Moment(x <= 0.0, 0.6, "b")],
            r"contradict one another.*: a; b",
        ),
    ],
)  # fmt: skip
def test_what_tilting_cannot_do_is_said(moments, words: str) -> None:
    x = np.random.default_rng(1).standard_normal(4000)
    with pytest.raises(OutOfReachError, match=words):
        tilted(moments(x))


def test_few_draws_left_are_warned_of() -> None:
    x = np.random.default_rng(1).standard_normal(10_000)
    warnings = tilted([Moment(x, 1.7)]).reach.warnings
    assert len(warnings) == 1
    assert "of 10000 draws are left" in warnings[0]


# By hand ------------------------------------------------------------------------------------------


def spread_out() -> np.ndarray:
    """Four draws with variances 8/3 and 2/3 and a covariance of 4/3 times 1/2."""
    return np.array([[-2.0, 0.0], [0.0, -1.0], [0.0, 1.0], [2.0, 0.0]]) @ [[1.0, 0.25], [0.0, 1.0]]


def test_update_of_four_draws_by_hand() -> None:
    draws = spread_out()
    cov = np.cov(draws.T)
    found = condition(draws, np.array([[1.0, 0.0]]), np.array([1.0]))
    gain = cov[:, 0] / cov[0, 0]
    np.testing.assert_allclose(found.draws, draws + np.outer(1.0 - draws[:, 0], gain))
    np.testing.assert_allclose(found.apart, [1 / np.sqrt(cov[0, 0])])
    assert found.reach.distance == pytest.approx(1 / np.sqrt(cov[0, 0]))
    assert found.reach.relative_entropy == pytest.approx(1 / cov[0, 0] / 2)
    assert found.reach.effective == pytest.approx(4 * np.exp(-1 / cov[0, 0]))


def test_soft_update_of_four_draws_by_hand() -> None:
    draws, sd = spread_out(), 0.5
    cov = np.cov(draws.T)
    found = condition(draws, np.array([[1.0, 0.0]]), np.array([1.0]), sd, np.random.default_rng(3))
    noise = sd * np.random.default_rng(3).standard_normal((4, 1))
    gain = cov[:, 0] / (cov[0, 0] + sd**2)
    # Journel and Huijbregts: every draw goes where its own statement, with its own error, takes it.
    expected = draws + np.outer(1.0 - noise[:, 0] - draws[:, 0], gain)
    np.testing.assert_allclose(found.draws, expected)
    total = cov[0, 0] + sd**2
    assert found.reach.distance == pytest.approx(1 / np.sqrt(total))
    assert found.reach.relative_entropy == pytest.approx(cov[0, 0] / total**2 / 2)


def test_statement_for_every_draw_is_met_by_every_draw() -> None:
    draws = spread_out()
    wanted = draws[:, :1] + np.array([[0.1], [0.2], [0.3], [0.4]])
    found = condition(draws, np.array([[1.0, 0.0]]), wanted)
    np.testing.assert_allclose(found.draws[:, :1], wanted)
    assert found.reach.distance == pytest.approx(0.25 / draws[:, 0].std(ddof=1))


def test_statement_made_twice_counts_once() -> None:
    draws = spread_out()
    h = np.array([[1.0, 0.0], [1.0, 0.0]])
    once = condition(draws, h[:1], np.array([1.0]))
    twice = condition(draws, h, np.array([1.0, 1.0]))
    np.testing.assert_allclose(twice.draws, once.draws)
    assert twice.reach.distance == pytest.approx(once.reach.distance)
    assert twice.reach.surprise == pytest.approx(once.reach.surprise)


def test_surprise_of_several_is_that_of_their_tail() -> None:
    from scipy.stats import chi2, norm

    assert surprise_of(9.0, 3) == pytest.approx(norm.isf(chi2.sf(9.0, 3) / 2))
    assert surprise_of(9.0, 0) == 0.0
    assert surprise_of(1e5, 2) == pytest.approx(np.sqrt(1e5))  # a tail too thin for its number


def test_tilt_of_three_values_is_exponential() -> None:
    x = np.array([0.0, 1.0, 3.0])
    found = tilted([Moment(x, 2.0)])
    # p ~ exp(l x) with mean 2: 2 exp(2 * 0) + exp(l) = exp(3 l), a cubic in exp(l).
    (root,) = [r.real for r in np.roots([1.0, 0.0, -1.0, -2.0]) if abs(r.imag) < 1e-12]
    expected = root**x / (root**x).sum()
    assert expected @ x == pytest.approx(2.0)
    np.testing.assert_allclose(found.weights, expected, rtol=1e-8)
    entropy = (expected * np.log(3 * expected)).sum()
    assert found.reach.relative_entropy == pytest.approx(entropy)
    assert found.reach.effective == pytest.approx(1 / (expected**2).sum())
    assert found.reach.distance == pytest.approx((2 - x.mean()) / x.std(ddof=1))


def test_tilt_to_a_probability_shares_it_evenly() -> None:
    event = np.arange(10) < 4
    weights = tilted([Moment(event, 0.7)]).weights
    np.testing.assert_allclose(weights, np.where(event, 0.7 / 4, 0.3 / 6), rtol=1e-8)


def test_tilt_to_what_holds_already_changes_nothing() -> None:
    x = np.arange(8.0)
    found = tilted([Moment(x, 3.5), Moment(x < 4, 0.5)])
    np.testing.assert_allclose(found.weights, np.full(8, 1 / 8))
    assert found.reach.relative_entropy == pytest.approx(0, abs=1e-12)
    assert found.reach.effective == pytest.approx(8)
    assert found.reach.warnings == ()

"""Tests of the scores on distributions and forecasts whose scores are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast import scores


def test_scores_of_the_naive_forecast_are_one():
    rng = np.random.default_rng(1)
    y = 100 + np.cumsum(rng.normal(size=(20, 16)), axis=1)
    naive = np.repeat(y[:, 9:10], 6, axis=1)
    assert scores.owa(y[:, 10:], naive, naive, scores.step_scale(y[:, :10])) == pytest.approx(1)


def test_crps_and_pit_of_a_known_distribution():
    rng = np.random.default_rng(1)
    levels = np.arange(1, 200) / 200
    y = rng.random((3000, 1))
    q = np.broadcast_to(levels, (3000, 1, 199))
    assert scores.crps(y, q, levels).mean() == pytest.approx(1 / 6, abs=0.01)
    assert scores.pit(y, q, levels).mean() == pytest.approx(0.5, abs=0.02)
    assert scores.log_score(y, q, levels).mean() == pytest.approx(0, abs=0.05)


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_corp_parts_add_up(seed):
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(200), 1)
    y = (rng.random(200) < p).astype(float)
    r = scores.corp(p, y)
    assert r.brier == pytest.approx(r.miscalibration - r.discrimination + r.uncertainty)
    assert r.miscalibration >= -1e-12
    assert r.discrimination >= -1e-12
    assert (np.diff(r.frequency) >= -1e-12).all()


def test_calibration_line_of_calibrated_probabilities():
    rng = np.random.default_rng(1)
    p = rng.random(20_000)
    a, b = scores.calibration_line(p, (rng.random(20_000) < p).astype(float))
    assert a == pytest.approx(0, abs=0.06)
    assert b == pytest.approx(1, abs=0.06)


def test_block_bootstrap_is_wider_when_years_share_shocks():
    rng = np.random.default_rng(1)
    year = np.repeat(np.arange(20), 50)
    common = rng.normal(size=20)[year]
    own = rng.normal(size=1000)
    one = np.ones(1000)
    width = [np.subtract(*scores.by_years(x, one, year)[::-1]) for x in (common, own)]
    assert width[0] > 2 * width[1]


def test_block_bootstrap_knows_the_error_of_a_mean():
    # Years are independent, so that the mean of 400 of them has a normal error of one in twenty.
    rng = np.random.default_rng(2)
    x = np.repeat(rng.normal(size=400), 3)
    low, high = scores.by_years(x, np.ones(1200), np.repeat(np.arange(400), 3), block=1)
    assert low < x.mean() < high
    assert high - low == pytest.approx(2 * 1.645 / 20, rel=0.15)


def test_block_bootstrap_of_few_years_says_nothing():
    assert np.isnan(scores.by_years(np.ones(5), np.ones(5), np.arange(5), block=3)).all()


@pytest.mark.parametrize("factor", [0.2, 1.0, 4.0])
def test_calibration_line_agrees_with_statsmodels(factor):
    import statsmodels.api as sm

    rng = np.random.default_rng(3)
    odds = rng.normal(0, 2, 3000)
    y = (rng.random(3000) < 1 / (1 + np.exp(-odds - 0.5))).astype(float)
    p = 1 / (1 + np.exp(-factor * odds))
    x = np.clip(p, 1e-4, 1 - 1e-4)
    fitted = sm.Logit(y, sm.add_constant(np.log(x / (1 - x)))).fit(disp=False)
    np.testing.assert_allclose(scores.calibration_line(p, y), fitted.params, rtol=1e-4)


# Scores of a library as the oracle: scoringrules takes seconds to import where numba is, so that
# only tests use it.


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_scores_agree_with_scoringrules(seed):
    import scoringrules

    rng = np.random.default_rng(seed)
    levels = (np.arange(99) + 1) / 100
    q = np.sort(rng.normal(size=(5, 3, 99)), axis=2)
    y = rng.normal(size=(5, 3))
    # Theirs is the mean over the levels, ours the integral: 99 levels of the 100 steps.
    theirs = 0.99 * scoringrules.crps_quantile(y, q, levels, backend="numpy")
    np.testing.assert_allclose(scores.crps(y, q, levels), theirs, rtol=1e-9)
    each = scoringrules.quantile_score(y[..., None], q, levels, backend="numpy")
    np.testing.assert_allclose(scores.pinball(y, q, levels), each)
    low, high = q[..., 9], q[..., 89]
    score = scoringrules.interval_score(y, low, high, 0.2, backend="numpy")
    assert scores.msis(y, low, high, np.ones(5), 0.8) == pytest.approx(score.mean())
    p, happened = rng.random(40), (rng.random(40) < 0.4).astype(float)
    brier = scoringrules.brier_score(happened, p, backend="numpy").mean()
    assert scores.corp(p, happened).brier == pytest.approx(brier)


def test_log_score_of_many_quantiles_is_that_of_the_density():
    import scoringrules
    from scipy.stats import norm

    y = np.linspace(-2.5, 2.5, 40)[:, None]
    levels = np.arange(1, 1000) / 1000
    q = np.broadcast_to(norm.ppf(levels), (40, 1, 999))
    theirs = scoringrules.logs_normal(y, 0.0, 1.0, backend="numpy")
    np.testing.assert_allclose(scores.log_score(y, q, levels), theirs, atol=0.05)

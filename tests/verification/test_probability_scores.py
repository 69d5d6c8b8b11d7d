"""Probabilities of events: closed forms, and libraries as oracles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.verification import probability_scores


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_corp_parts_add_up(seed):
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(200), 1)
    y = (rng.random(200) < p).astype(float)
    r = probability_scores.corp(p, y)
    assert r.brier == pytest.approx(r.miscalibration - r.discrimination + r.uncertainty)
    assert r.miscalibration >= -1e-12
    assert r.discrimination >= -1e-12
    assert (np.diff(r.frequency) >= -1e-12).all()


def test_calibration_line_of_calibrated_probabilities():
    rng = np.random.default_rng(1)
    p = rng.random(20_000)
    line = probability_scores.calibration_line(p, (rng.random(20_000) < p).astype(float))
    assert line.intercept == pytest.approx(0, abs=0.06)
    assert line.slope == pytest.approx(1, abs=0.06)
    assert np.isnan([line.low, line.high]).all()


def test_interval_of_a_slope_of_independent_cases_is_that_of_their_likelihood():
    rng = np.random.default_rng(1)
    p = rng.random(2000)
    line = probability_scores.calibration_line(
        p, (rng.random(2000) < p).astype(float), np.arange(2000)
    )
    odds = np.log(p / (1 - p))
    information = (p * (1 - p) * odds**2).sum()  # of the slope; the intercept is uncorrelated
    assert line.low < 1 < line.high
    assert (line.high - line.low) / 2 == pytest.approx(1.645 / np.sqrt(information), rel=0.05)


def test_interval_of_a_slope_covers_when_years_share_shocks():
    # Log odds of a year are off by one shock: what each case alone says of the slope is too sure.
    rng, years, cases = np.random.default_rng(4), 12, 100
    year = np.repeat(np.arange(years), cases)
    held, alone = [], []
    for _ in range(200):
        level = rng.normal(0, 1.5, years)[year]
        p = 1 / (1 + np.exp(-level))
        happened = rng.random(len(p)) < 1 / (1 + np.exp(-level - rng.normal(0, 0.7, years)[year]))
        for group, found in ((year, held), (np.arange(len(p)), alone)):
            line = probability_scores.calibration_line(p, happened.astype(float), group)
            found.append(line.low <= 0.93 <= line.high)  # a shock to log odds flattens the slope
    assert np.mean(held) > 0.8
    assert np.mean(alone) < 0.6


@pytest.mark.parametrize("factor", [0.2, 1.0, 4.0])
def test_calibration_line_agrees_with_statsmodels(factor):
    import statsmodels.api as sm

    rng = np.random.default_rng(3)
    odds = rng.normal(0, 2, 3000)
    y = (rng.random(3000) < 1 / (1 + np.exp(-odds - 0.5))).astype(float)
    p = 1 / (1 + np.exp(-factor * odds))
    x = np.clip(p, 1e-4, 1 - 1e-4)
    fitted = sm.Logit(y, sm.add_constant(np.log(x / (1 - x)))).fit(disp=False)
    line = probability_scores.calibration_line(p, y)
    np.testing.assert_allclose([line.intercept, line.slope], fitted.params, rtol=1e-4)


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_brier_score_agrees_with_scoringrules(seed):
    import scoringrules

    rng = np.random.default_rng(seed)
    p, happened = rng.random(40), (rng.random(40) < 0.4).astype(float)
    brier = scoringrules.brier_score(happened, p, backend="numpy").mean()
    assert probability_scores.corp(p, happened).brier == pytest.approx(brier)


def test_log_loss_by_hand():
    p, happened = np.array([0.2, 0.9, 0.0]), np.array([0.0, 1.0, 1.0])
    by_hand = -(np.log(0.8) + np.log(0.9) + np.log(1e-6)) / 3
    assert probability_scores.log_loss(p, happened) == pytest.approx(by_hand)


def test_corp_by_hand():
    # Of 0.2 half come true, of 0.6 none: pooled to a quarter, and of 0.9 all.
    p = np.array([0.9, 0.2, 0.2, 0.6, 0.6])
    happened = np.array([1.0, 0.0, 1.0, 0.0, 0.0])
    found = probability_scores.corp(p, happened)
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.64 + 0.36 + 0.36) / 5)
    assert found.probability.tolist() == [0.2, 0.2, 0.6, 0.6, 0.9]
    assert found.frequency.tolist() == [0.25, 0.25, 0.25, 0.25, 1.0]
    recalibrated = (3 * 0.25**2 + 0.75**2) / 5
    assert found.miscalibration == pytest.approx(found.brier - recalibrated)
    assert found.uncertainty == pytest.approx(0.4 * 0.6)
    assert found.discrimination == pytest.approx(0.24 - recalibrated)


def test_calibration_line_through_two_groups_is_exact():
    # Of 40 given 0.2, 10 come true; of 40 given 0.8, 30: log odds of -log 3 and log 3.
    p = np.repeat([0.2, 0.8], 40)
    happened = np.r_[np.arange(40) < 10, np.arange(40) < 30].astype(float)
    line = probability_scores.calibration_line(p, happened)
    assert line.intercept == pytest.approx(0, abs=1e-6)
    assert line.slope == pytest.approx(np.log(3) / np.log(4), rel=1e-6)

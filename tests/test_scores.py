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
    width = [
        np.subtract(*scores.by_years(lambda i, x=x: float(x[i].mean()), year)[::-1])
        for x in (common, own)
    ]
    assert width[0] > 2 * width[1]

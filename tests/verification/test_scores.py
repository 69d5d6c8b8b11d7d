"""Tests of the scores on distributions and forecasts whose scores are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecast.verification import scores


def test_scores_of_the_naive_forecast_are_one():
    rng = np.random.default_rng(1)
    y = 100 + np.cumsum(rng.normal(size=(20, 16)), axis=1)
    naive = np.repeat(y[:, 9:10], 6, axis=1)
    step = np.abs(np.diff(y[:, :10], axis=1)).mean(axis=1)
    assert scores.owa(y[:, 10:], naive, naive, step) == pytest.approx(1)


def test_crps_and_pit_of_a_known_distribution():
    rng = np.random.default_rng(1)
    levels = np.arange(1, 200) / 200
    y = rng.random((3000, 1))
    q = np.broadcast_to(levels, (3000, 1, 199))
    assert scores.crps(y, q, levels).mean() == pytest.approx(1 / 6, abs=0.01)
    assert scores.pit(y, q, levels).mean() == pytest.approx(0.5, abs=0.02)
    assert scores.log_score(y, q, levels).mean() == pytest.approx(0, abs=0.05)


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


def test_quantiles_of_a_record_are_spread_around_the_median() -> None:
    """By their factor; where there is none they stay as they are."""
    record = pd.DataFrame(
        {"quantiles": [np.array([1.0, 3.0, 9.0])] * 2, "factor": [2.0, float("nan")]}
    )
    assert scores.quantiles_at(record, [0, 1, 2]).tolist() == [[-1, 3, 15], [1, 3, 9]]
    assert scores.quantiles_of(record).tolist() == [[-1, 3, 15], [1, 3, 9]]
    assert scores.quantiles_at(record[["quantiles"]], [2]).tolist() == [[9], [9]]


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


def test_log_score_of_many_quantiles_is_that_of_the_density():
    import scoringrules
    from scipy.stats import norm

    y = np.linspace(-2.5, 2.5, 40)[:, None]
    levels = np.arange(1, 1000) / 1000
    q = np.broadcast_to(norm.ppf(levels), (40, 1, 999))
    theirs = scoringrules.logs_normal(y, 0.0, 1.0, backend="numpy")
    np.testing.assert_allclose(scores.log_score(y, q, levels), theirs, atol=0.05)


# By hand ------------------------------------------------------------------------------------------

LEVELS = np.array([0.25, 0.5, 0.75])
QUANTILES = np.array([[[10.0, 20.0, 40.0]]])


def one(value: float) -> np.ndarray:
    return np.array([[value]])


def test_crps_by_hand():
    # Losses 5, 5 and 2.5 at the levels, none at 0 and 1: trapezia of width 1/4.
    loss = [0, 5, 5, 2.5, 0]
    by_hand = 2 * 0.25 * (sum(loss) - (loss[0] + loss[-1]) / 2)
    assert scores.crps(one(30.0), QUANTILES, LEVELS)[0, 0] == pytest.approx(by_hand)
    np.testing.assert_allclose(scores.pinball(one(30.0), QUANTILES, LEVELS)[0, 0], [5, 5, 2.5])


def test_crps_of_a_normal_is_the_closed_form():
    from scipy.stats import norm

    levels = np.arange(1, 4000) / 4000
    for y in (-1.3, 0.0, 2.0):
        exact = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / np.sqrt(np.pi)
        found = scores.crps(one(y), norm.ppf(levels)[None, None], levels)[0, 0]
        assert found == pytest.approx(exact, abs=2e-4)


@pytest.mark.parametrize(
    ("y", "share"),
    [(5.0, 0.125), (10.0, 0.25), (15.0, 0.375), (30.0, 0.625), (40.0, 0.875), (90.0, 0.875)],
)
def test_pit_by_hand(y, share):
    # Linear between quantiles; at and beyond the last, halfway into the tail.
    assert scores.pit(one(y), QUANTILES, LEVELS)[0, 0] == pytest.approx(share)


def test_pit_at_equal_quantiles_lies_between_their_levels():
    same = np.array([[[10.0, 10.0, 40.0]]])
    assert scores.pit(one(10.0), same, LEVELS)[0, 0] == pytest.approx(0.5)
    assert scores.pit(one(9.0), same, LEVELS)[0, 0] == pytest.approx(0.125)
    assert scores.pit(one(25.0), same, LEVELS)[0, 0] == pytest.approx(0.625)


@pytest.mark.parametrize(
    ("y", "density"),
    [
        (15.0, 0.25 / 10),
        (30.0, 0.25 / 20),
        # A quarter lies in each tail, which meets the density beside it and falls exponentially.
        (8.0, 0.025 * np.exp(-0.1 * 2)),
        (60.0, 0.0125 * np.exp(-0.05 * 20)),
    ],
)
def test_log_score_by_hand(y, density):
    found = scores.log_score(one(y), QUANTILES, LEVELS)[0, 0]
    assert found == pytest.approx(-np.log(density))


def test_density_behind_the_log_score_adds_up_to_one():
    y = np.linspace(-300, 700, 200_001)[:, None]
    q = np.broadcast_to(QUANTILES[0, 0], (len(y), 1, 3))
    density = np.exp(-scores.log_score(y, q, LEVELS))
    assert np.trapezoid(density[:, 0], y[:, 0]) == pytest.approx(1, abs=1e-3)


def test_point_scores_by_hand():
    actual, point = np.array([[100.0, 0.0, 50.0]]), np.array([[110.0, 0.0, 40.0]])
    assert scores.smape(actual, point) == pytest.approx(200 / 3 * (10 / 210 + 10 / 90))
    assert scores.mase(actual, point, np.array([5.0])) == pytest.approx(4 / 3)
    naive = np.array([[120.0, 0.0, 50.0]])
    by_hand = ((10 / 210 + 10 / 90) / (20 / 220) + (20 / 5) / (20 / 5)) / 2
    assert scores.owa(actual, point, naive, np.array([5.0])) == pytest.approx(by_hand)


def test_weighted_quantile_loss_takes_the_nine_tenths():
    levels = np.array([0.05, *np.arange(1, 10) / 10, 0.95])
    q = np.full((1, 1, 11), 8.0)
    q[..., [0, -1]] = -1e6  # levels that are no tenths are left out
    # Every loss is level * 2, of an outcome of 10: 2 * mean of the levels * 2 / 10.
    assert scores.wql(one(10.0), q, levels) == pytest.approx(2 * 0.5 * 2 / 10)
    ends = np.r_[0.0, levels, 1.0]
    more = np.concatenate([np.full((1, 1, 1), -1e6), q, np.full((1, 1, 1), 1e6)], axis=2)
    assert scores.wql(one(10.0), more, ends) == pytest.approx(0.2)


@pytest.mark.parametrize(("y", "score"), [(50.0, 20.0), (30.0, 20 + 400.0), (65.0, 20 + 200.0)])
def test_interval_score_by_hand(y, score):
    # 2 / 0.05 = 40 for every unit outside [40, 60].
    found = scores.msis(one(y), one(40.0), one(60.0), np.array([2.0]))
    assert found == pytest.approx(score / 2)


def test_outcome_on_the_edge_of_an_interval_is_inside():
    y = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert scores.covered(y, np.full(5, 2.0), np.full(5, 4.0)).tolist() == [0, 1, 1, 1, 0]


def test_share_without_an_exception_has_the_exact_bound():
    years = np.array([2000, 2000, 2001, 2002, 2002])
    bound = 0.05 ** (1 / 3)  # three years, all alike: Clopper and Pearson's one-sided 95 %
    np.testing.assert_allclose(scores.share_by_years(np.ones(5), years), [bound, 1])
    np.testing.assert_allclose(scores.share_by_years(np.zeros(5), years), [0, 1 - bound])
    worth = scores.share_by_years(np.zeros(5), years, cases=56.0)  # 0 of 56 leaves about 5 %
    np.testing.assert_allclose(worth, [0, 1 - 0.05 ** (1 / 56)])


def test_share_with_few_exceptions_is_no_surer_than_its_independent_cases():
    """99 % of 400 cases worth 55: that the chance was 97 % cannot be excluded."""
    years = np.repeat(np.arange(2000, 2020), 20)
    happened = (np.arange(400) % 100 > 0).astype(float)
    low, high = scores.share_by_years(happened, years, cases=55.0)
    k = 0.99 * 55
    exact = stats.beta.ppf(0.05, k, 56 - k), stats.beta.ppf(0.95, k + 1, 55 - k)
    assert (low, high) == pytest.approx(exact)
    assert low < 0.97 < scores.share_by_years(happened, years)[0]
    # Where years differ more than such cases would, they are what counts.
    apart = np.repeat([1.0, 0.0], 200)
    wide = scores.share_by_years(apart, years, cases=55.0)
    np.testing.assert_allclose(wide, scores.share_by_years(apart, years))


def test_share_by_years_has_the_spread_of_a_mean_of_years():
    years = np.repeat(np.arange(400), 2)
    happened = np.repeat(np.arange(400) % 4 == 0, 2).astype(float)
    low, high = scores.share_by_years(happened, years)
    sd = np.sqrt(0.25 * 0.75 / 400)
    assert (low + high) / 2 == pytest.approx(0.25, abs=0.005)
    assert high - low == pytest.approx(2 * 1.645 * sd, rel=0.1)


def test_block_bootstrap_of_a_constant_ratio_is_that_ratio():
    bottom = np.arange(1.0, 13.0)
    found = scores.by_years(3 * bottom, bottom, np.arange(12), block=3)
    np.testing.assert_allclose(found, [3, 3])
    assert np.isfinite(scores.by_years(np.ones(6), np.ones(6), np.arange(6), block=3)).all()
    assert np.isnan(scores.by_years(np.ones(6), np.zeros(6), np.arange(6), block=3)).all()
    wide = scores.by_years(bottom, np.ones(12), np.arange(12), block=1, level=0.99)
    narrow = scores.by_years(bottom, np.ones(12), np.arange(12), block=1, level=0.5)
    assert wide[0] < narrow[0] < bottom.mean() < narrow[1] < wide[1]


def test_interval_of_a_share_resamples_years_not_cases():
    """Forty cases in two years are worth two, not forty."""
    happened = np.r_[np.ones(20), np.zeros(20)]
    together = scores.share_by_years(happened, np.repeat([2010, 2011], 20))
    apart = scores.share_by_years(happened, np.arange(40))
    assert together.tolist() == [0.0, 1.0]
    assert 0.3 < apart[0] < 0.5 < apart[1] < 0.7


def test_interval_of_cases_that_all_came_out_alike_is_as_wide_as_their_years_are_few():
    years = np.repeat([2010, 2011, 2012], 10)
    all_true = scores.share_by_years(np.ones(30), years)
    none = scores.share_by_years(np.zeros(30), years)
    assert all_true.tolist() == pytest.approx([0.05 ** (1 / 3), 1.0])
    assert none.tolist() == pytest.approx([0.0, 1 - 0.05 ** (1 / 3)])

"""What a panel's own errors are worth, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.forecasting.component_forecasts import half_slope, shifted, unit_of
from forecast.forecasting.error_scale import (
    _case_weights,
    effective_number,
    group_medians,
    weighted_quantiles,
)
from forecast.forecasting.panel_data import Paths, coherence, intraclass

YEAR = np.array([2001, 2001, 2001, 2002, 2002, 2003])


def test_intraclass_correlation_of_balanced_years_by_hand() -> None:
    z, year = np.array([1.0, 3.0, 5.0, 7.0]), np.array([1, 1, 2, 2])
    # Means 2 and 6: between 2 * (2 - 4)^2 * 2 = 16 on one degree, within (1 + 1 + 1 + 1) / 2 = 2.
    assert intraclass(z, year) == pytest.approx((16 - 2) / (16 + 2))


def test_intraclass_correlation_of_years_of_unequal_size_by_hand() -> None:
    z = np.array([1.0, 2.0, 3.0, 6.0, 8.0, 4.0])
    means = {2001: 2.0, 2002: 7.0, 2003: 4.0}
    between = sum(n * (means[y] - 4) ** 2 for y, n in ((2001, 3), (2002, 2), (2003, 1))) / 2
    within = (1 + 0 + 1 + 1 + 1 + 0) / 3
    typical = (6 - (9 + 4 + 1) / 6) / 2
    expected = (between - within) / (between + (typical - 1) * within)
    assert intraclass(z, YEAR) == pytest.approx(expected)


def test_intraclass_correlation_lies_between_0_and_1() -> None:
    assert intraclass(np.array([1.0, -1.0, 1.0, -1.0]), np.array([1, 1, 2, 2])) == 0
    assert intraclass(np.array([1.0, 1.0, 2.0, 2.0]), np.array([1, 1, 2, 2])) == 1
    assert intraclass(np.array([1.0, 2.0]), np.array([1, 1])) == 0  # one year tells nothing
    assert intraclass(np.array([1.0, 2.0]), np.array([1, 2])) == 0  # nor do years of one series


def test_errors_with_a_common_part_count_by_the_design_effect() -> None:
    z = np.array([0.1, 0.3, 0.5, 0.7])
    year = np.array([1, 1, 2, 2])
    shared = (0.16 - 0.02) / (0.16 + 0.02)
    assert effective_number(z, year) == pytest.approx(4 / (1 + shared))
    assert effective_number(np.array([0.5]), np.array([1])) == 1
    assert effective_number(np.array([0.5, 9.0]), np.array([1, 1])) == 1
    assert effective_number(np.array([0.5, 9.0]), np.array([1, 2])) == 2
    # One error beyond three scales counts like one of three.
    wild = effective_number(np.array([0.1, 0.3, 0.5, 900.0]), year)
    assert wild == effective_number(np.array([0.1, 0.3, 0.5, 3.0]), year)


def test_median_of_every_group_is_the_weighted_one() -> None:
    values = np.array([5.0, 1.0, 3.0, 10.0, 20.0])
    group = np.array([0, 0, 0, 1, 1])
    assert group_medians(values, np.ones(5), group).tolist() == [3, 10]
    assert group_medians(values, np.array([9.0, 1, 1, 1, 3]), group).tolist() == [5, 20]
    order = [3, 2, 4, 0, 1]
    assert group_medians(values[order], np.ones(5), group[order]).tolist() == [3, 10]


def test_weights_lie_between_one_per_case_and_one_per_year() -> None:
    _, group, count = np.unique(YEAR, return_inverse=True, return_counts=True)
    z = np.zeros(6)
    np.testing.assert_allclose(_case_weights(z, group, count, 6.0), 1)
    np.testing.assert_allclose(_case_weights(z, group, count, 3.0), 1 / count[group])
    half = _case_weights(z, group, count, 4.5)
    np.testing.assert_allclose(half, 1 / (1 + (count[group] - 1) / 2))
    alone = _case_weights(np.zeros(3), np.arange(3), np.ones(3, int), 3.0)
    np.testing.assert_allclose(alone, 1)


def test_quantiles_of_weighted_values_lie_between_midpoints() -> None:
    values, weight = np.array([30.0, 10.0, 20.0]), np.array([2.0, 1.0, 1.0])
    # Midpoints of the weights stand at 1/8, 3/8 and 3/4.
    levels = np.array([0.05, 0.125, 0.25, 0.375, 0.5625, 0.75, 0.99])
    found = weighted_quantiles(values, weight, levels)
    np.testing.assert_allclose(found, [10, 10, 15, 20, 25, 30, 30])


def test_slope_is_half_the_least_squares_one() -> None:
    t = np.arange(6.0)
    y = np.stack([2 + 0.3 * t, t**2, np.r_[np.nan, np.nan, 5.0, 7.0, 6.0, 9.0]])
    expected = [
        np.polyfit(t, y[0], 1)[0],
        np.polyfit(t, y[1], 1)[0],
        np.polyfit(t[2:], y[2, 2:], 1)[0],
    ]
    np.testing.assert_allclose(half_slope(y), np.array(expected) / 2)


def test_weights_are_tilted_in_logarithms_and_sum_to_one() -> None:
    weight = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    found = shifted(weight, np.log([1.0, 2.0, 1.0]))
    np.testing.assert_allclose(
        found, [[0.5 / 1.3, 0.6 / 1.3, 0.2 / 1.3], [0.1 / 1.1, 0.2 / 1.1, 0.8 / 1.1]]
    )


def test_unit_of_a_path_is_its_mean_step() -> None:
    y = np.array([[np.nan, 1.0, 3.0, 2.0], [4.0, 4.0, 4.0, 4.0], [0.0, 1.0, 2.0, 3.0]])
    seen = np.isfinite(y)
    # A path that never moves is measured by the steps usual among the others.
    np.testing.assert_allclose(unit_of(Paths(y, seen, "linear")), [1.5, 1.25, 1.0])
    np.testing.assert_allclose(unit_of(Paths(y, seen, "log")), 1)
    still = Paths(y[1:2], seen[1:2], "linear")
    np.testing.assert_allclose(unit_of(still), 1)


def test_cut_goes_back_by_years_and_keeps_what_was_long_enough() -> None:
    y = np.array([[1.0, 2, 3, 4, 5], [np.nan, np.nan, np.nan, 1, 2], [1.0, 2, 3, 4, 5]])
    seen = np.isfinite(y)
    seen[2, 2] = False
    paths = Paths(y, seen)
    assert paths.years.tolist() == [5, 2, 5]
    past, kept = paths.cut(1, at_least=3)
    assert kept.tolist() == [0, 2]
    np.testing.assert_array_equal(past.y, y[[0, 2], :4])
    past, kept = paths.cut(2, at_least=3)
    assert kept.tolist() == [0]  # the other's value at that origin was not seen
    past, kept = paths.cut(4, at_least=2)
    assert len(kept) == 0
    assert past.y.shape[0] == 0


def test_few_series_do_not_tell_whether_they_move_together() -> None:
    y = np.cumsum(np.random.default_rng(1).normal(size=(1, 12)).repeat(5, axis=0), axis=1)
    last = np.full(5, 2020)
    assert coherence(Paths(y[:4], np.isfinite(y[:4])), last[:4]) == 0
    assert coherence(Paths(y, np.isfinite(y)), last) == pytest.approx(1)

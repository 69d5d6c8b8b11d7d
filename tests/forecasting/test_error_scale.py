"""What a panel's own errors are worth, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.forecasting.error_scale import (
    _case_weights,
    effective_number,
    group_medians,
    weighted_quantiles,
)

YEAR = np.array([2001, 2001, 2001, 2002, 2002, 2003])


def test_errors_with_a_common_part_count_by_the_design_effect() -> None:
    z = np.array([0.1, 0.3, 0.5, 0.7])
    year = np.array([1, 1, 2, 2])
    shared = (0.16 - 0.02) / (0.16 + 0.02)
    assert effective_number(z, year) == pytest.approx(4 / (1 + shared))
    assert effective_number(np.array([0.5]), np.array([1])) == 1
    assert effective_number(np.array([0.5, 9.0]), np.array([1, 1])) == 1
    assert effective_number(np.array([0.5, 9.0]), np.array([1, 2])) == 2
    # One error beyond three scales counts like one of three.
    for side in (1, -1):
        wild = effective_number(side * np.array([0.1, 0.3, 0.5, 900.0]), year)
        assert wild == effective_number(side * np.array([0.1, 0.3, 0.5, 3.0]), year)


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

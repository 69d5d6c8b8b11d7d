"""What a panel's own errors are worth, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.forecasting.component_forecasts import growth_of, shifted, weighted_components
from forecast.forecasting.error_scale import (
    EPISODES,
    _case_weights,
    _joined,
    _past_errors,
    _size_factors,
    _weight_shift,
    adapted,
    effective_number,
    group_medians,
    weighted_quantiles,
)
from forecast.forecasting.learned_tables import Table
from forecast.forecasting.panel_data import Paths

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


# Adaptation, by hand ------------------------------------------------------------------------------

LEVELS = np.array([0.5, 0.8, 0.95])
SIZES = np.array([[0.6, 1.2, 2.0], [0.6, 0.6, 0.6]])


def table(together: float = 0.0) -> Table:
    return Table(
        levels=LEVELS, weights=np.full((5, 2, 6), 1 / 6), scale=np.zeros((2, 5)), sizes=SIZES,
        tail=np.ones(2), episodes=np.ones(2), together=together,
    )  # fmt: skip


def test_variances_of_what_is_common_and_of_the_rest_add_up() -> None:
    found, shock = np.array([0.1, -0.2, 0.3]), np.log(2.0)
    np.testing.assert_allclose(_joined(table(), 0, found, shock), SIZES[0] * np.exp(found), 1e-5)
    factor = np.sqrt(0.75 * np.exp(2 * found) + 0.25 * 4)  # a quarter is common to peers
    np.testing.assert_allclose(_joined(table(1.0), 0, found, shock), SIZES[0] * factor, 1e-5)
    equal = _joined(table(), 1, np.zeros(3), 0.0)
    assert (np.diff(equal) > 0).all()
    np.testing.assert_allclose(equal, 0.6, 1e-5)
    falling = _joined(table(), 0, np.array([0.0, 0.0, -9.0]), 0.0)
    np.testing.assert_allclose(falling, [0.6, 1.2, 1.2], 1e-5)


def test_size_of_errors_is_shrunk_by_the_episodes_beyond_each_level() -> None:
    """Four series of a mixed collection, a year each: their quantiles lie at the midpoints."""
    z, year, count = np.array([-1.0, 2.0, 3.0, -4.0]), np.arange(4), np.ones(4, int)
    start = np.array([1.0, 0.2, 0.1])
    found, shock = _size_factors(z, year, count, 4.0, 1.0, table(), 0, start, 0.3)
    own = np.array([2.5, 3.7, 4.0])  # of 1, 2, 3, 4 at 1/8, 3/8, 5/8, 7/8
    ratio = np.log(own / SIZES[0])
    beyond = 4 * (1 - LEVELS)
    share = beyond / (beyond + EPISODES) * 4 / (4 + np.array([1.0, 1.0, 1.0]))
    assert (ratio > start).all()
    np.testing.assert_allclose(found, share * ratio + (1 - share) * start)
    assert shock == 0.3  # nothing is common where it is not known which series share a year
    small, _ = _size_factors(z / 100, year, count, 4.0, 1.0, table(), 0, start, 0.3)
    ratio = np.log(np.maximum(own / 100, 0.01 * SIZES[0]) / SIZES[0])
    share = beyond / (beyond + EPISODES) * 4 / (4 + 2)  # a narrower one takes more years
    np.testing.assert_allclose(small, share * ratio + (1 - share) * start)


def test_common_shock_of_peers_is_the_median_of_their_year() -> None:
    z = np.array([1.0, 2.0, 6.0, -3.0, -1.0, -2.0])
    year, count = np.repeat([0, 1], 3), np.array([3, 3])
    found, shock = _size_factors(z, year, count, 2.0, 1.0, table(1.0), 0, np.zeros(3), 0.0)
    usual = np.sqrt(0.25) * 1.2 / 1.2816
    change = np.log(2.0 / usual)  # both medians are two
    assert shock == pytest.approx(2 / (2 + 1) * change)
    # Two thirds of the median are taken out of the rest, which keeps its variance.
    rest = (z - 2 / 3 * np.repeat([2.0, -2.0], 3)) / np.sqrt(1 - 2 / 3 * (4 / 3) / 3)
    alone = SIZES[0] * np.sqrt(0.75)
    ratio = np.log(weighted_quantiles(np.abs(rest), np.ones(6), LEVELS) / alone)
    beyond = 6 * (1 - LEVELS)
    np.testing.assert_allclose(found, beyond / (beyond + EPISODES) * ratio)  # no doubt by years
    _, small = _size_factors(z / 1e4, year, count, 2.0, 0.5, table(1.0), 0, np.zeros(3), 0.0)
    assert small == pytest.approx(1 / (1 + 2) * np.log(0.01))  # two years that overlap are one


def path(n: int) -> Paths:
    y = np.cumsum(0.05 + np.random.default_rng(n).normal(size=(2, n)) / 50, axis=1)
    return Paths(y, np.isfinite(y))


@pytest.mark.parametrize(
    ("n", "origins", "step"),
    [(6, [1], 1), (7, [1, 2], 1), (8, [1], 1), (10, [1, 2, 3], 1), (19, [*range(1, 13)], 1),
     (20, [*range(1, 14, 2)], 2), (40, [*range(1, 25, 2)], 2), (5, [], 1)],
)  # fmt: skip
def test_past_origins_leave_years_enough(n: int, origins: list[int], step: int) -> None:
    last = np.array([2020, 2022])
    cases, found = _past_errors(path(n), last, 3, table())
    assert found == step
    for h, case in enumerate(cases):
        years = [year.tolist() for _, _, year in case]
        assert years == [(last - cut).tolist() for cut in origins if cut > h]


def test_past_errors_are_outcomes_less_forecasts_in_expected_sizes() -> None:
    paths = path(9)
    cases, _ = _past_errors(paths, np.array([2020, 2020]), 2, table())
    past, _ = paths.cut(2)
    rate, unit = growth_of(past, table())
    changes, weight, scale = weighted_components(past, 2, table(), rate, unit)
    for h in range(2):
        miss, found, _ = cases[h][1 if h == 0 else 0]
        actual = paths.y[:, 7 + h] - paths.y[:, 6]
        np.testing.assert_allclose(miss, ((actual - changes[:, :, h]) / scale[:, h]).T)
        np.testing.assert_allclose(found, weight[:, h])


def test_outcomes_that_were_not_seen_are_no_errors() -> None:
    paths = path(10)
    seen = paths.seen.copy()
    seen[1, 8] = False
    cases, _ = _past_errors(Paths(paths.y, seen), np.array([2020, 2020]), 2, table())
    assert [len(year) for _, _, year in cases[0]] == [1, 1, 2]
    assert [len(miss) for miss, _, _ in cases[1]] == [2, 1]


def test_weights_go_to_the_component_that_was_right() -> None:
    rng = np.random.default_rng(8)
    miss = rng.normal(size=(60, 6))
    miss[:, 2] /= 20
    weight, count = np.full((60, 6), 1 / 6), np.ones(60, int)
    shift = _weight_shift(miss, weight, np.arange(60), count, np.zeros(6), 1.0)
    assert shift.sum() == pytest.approx(0, abs=1e-9)
    assert shift[2] > 1 + np.delete(shift, 2).max()
    larger = _weight_shift(100 * miss, weight, np.arange(60), count, np.zeros(6), 1.0)
    np.testing.assert_allclose(larger, shift, atol=1e-6)
    # What all series of a year miss by says nothing of the components.
    common = np.repeat(rng.normal(size=20), 3)[:, None] + np.zeros(6)
    year = np.repeat(np.arange(20), 3)
    none = _weight_shift(common, weight, year, np.full(20, 3), np.zeros(6), 0.0)
    np.testing.assert_allclose(none, 0, atol=1e-9)


def test_a_horizon_without_errors_keeps_half_of_what_the_one_before_told() -> None:
    paths = path(9)  # two origins: two errors a year ahead, one each for two years
    wild = Paths(paths.y + np.cumsum(np.r_[np.zeros(7), 0.3, -0.3]), paths.seen)
    both = Paths(np.tile(wild.y, (3, 1)), np.tile(wild.seen, (3, 1)))
    found = adapted(both, np.full(6, 2020), 5, table())
    change = np.log(found.sizes / SIZES[[0, 1, 1, 1, 1]])
    assert (change[0] > 0.03).all()
    assert (np.abs(change[2]) > 0.01).all()
    np.testing.assert_allclose(change[3], change[2] / 2, atol=1e-5)
    np.testing.assert_allclose(change[4], change[3] / 2, atol=1e-5)
    np.testing.assert_array_equal(found.shift[3], found.shift[1])
    assert found.episodes[0] > 1
    assert (found.episodes[2:] == 1).all()


@pytest.mark.parametrize(("together", "half_trust"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_adaptation_counts_origin_years_as_far_as_they_do_not_overlap(
    together: float, half_trust: float
) -> None:
    """Two horizons: seven origin years a year ahead, six years that overlap by half beyond."""
    y = np.cumsum(0.05 + np.random.default_rng(3).normal(size=(5, 14)) / 20, axis=1)
    paths, last, own = Paths(y, np.isfinite(y)), np.full(5, 2020), table(together)
    found = adapted(paths, last, 2, own)
    cases, _ = _past_errors(paths, last, 2, own)
    shift, sizes, shock = np.zeros(6), np.zeros(3), 0.0
    for h, (years, apart) in enumerate([(7, 1.0), (6, 0.5)]):
        miss, weight, year = (np.concatenate(part) for part in zip(*cases[h], strict=True))
        _, group, count = np.unique(year, return_inverse=True, return_counts=True)
        assert len(count) == years
        trust = half_trust * years * apart / (years * apart + 3)
        kept = together if h == 0 else 0.0
        fitted = _weight_shift(miss, weight, group, count, shift, kept)
        shift = trust * fitted + (1 - trust) * shift
        np.testing.assert_allclose(found.shift[h], shift)
        z = (shifted(weight, (1 - together) * shift) * miss).sum(axis=1)
        n = effective_number(z, year) * apart
        assert found.episodes[h] == pytest.approx(1 + n)
        sizes, shock = _size_factors(z, group, count, n, apart, own, h, sizes, shock)
        np.testing.assert_allclose(found.sizes[h], _joined(own, h, sizes, shock))
    assert np.abs(shift).max() > 0.01


def test_few_errors_adapt_nothing() -> None:
    for rows, changed in ((4, False), (5, True)):  # one origin: an error of each series
        y = np.cumsum(0.05 + np.random.default_rng(4).normal(size=(rows, 8)) / 5, axis=1)
        found = adapted(Paths(y, np.isfinite(y)), np.full(rows, 2020), 1, table())
        assert (found.episodes[0] > 1) == changed
        assert bool(np.any(found.shift)) == changed
        assert np.allclose(found.sizes[0], SIZES[0], 1e-5) != changed

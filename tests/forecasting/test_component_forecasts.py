"""The component forecasts of a panel and what the size of their errors depends on, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.forecasting.component_forecasts import (
    ALPHA,
    COMPONENTS,
    combined,
    component_changes,
    features,
    growth_of,
    half_slope,
    reach,
    shifted,
    smoothed_levels,
    unit_of,
    volatility_class,
    weighted_components,
)
from forecast.forecasting.learned_tables import Prior, Table
from forecast.forecasting.panel_data import Paths
from forecast.forecasting.panel_growth import Growth

Y = np.array([[4.0, 4.05, 4.12, 4.15, 4.26, 4.30], [np.nan, 2.0, 2.2, 2.1, 2.4, 2.5]])
PATHS = Paths(Y, np.isfinite(Y))
RATE = Growth(
    mean=np.array([0.06, 0.08]), own=np.array([0.05, 0.11]), volatility=np.array([0.02, 0.1]),
    persistence=np.array([0.3]), centre=np.array([0.05]), spread=np.array([0.02]),
    trust=np.array([0.5, 0.4]), excess=np.array([0.0]), decay=1.0,
)  # fmt: skip
AHEAD = np.arange(1, 4)


def said(name: str, rate: Growth = RATE) -> np.ndarray:
    return component_changes(PATHS, 3, rate)[COMPONENTS.index(name)]


def test_damped_growth_falls_by_a_tenth_a_year() -> None:
    share = np.array([0.9, 0.9 + 0.81, 0.9 + 0.81 + 0.729])
    np.testing.assert_allclose(said("growth_pooled"), np.outer(RATE.mean, share))


def test_own_growth_is_damped_more() -> None:
    share = np.cumsum(0.85**AHEAD)
    np.testing.assert_allclose(said("damped_drift"), np.outer(RATE.own, share))


def test_autoregression_lets_the_last_deviation_die_out() -> None:
    last = np.array([0.04, 0.1]) - RATE.mean  # the last growth, less the mean
    share = np.cumsum(0.3**AHEAD)
    expected = np.outer(RATE.mean, AHEAD) + np.outer(last, share)
    np.testing.assert_allclose(said("panel_ar"), expected)


def test_thetas_go_on_from_their_smoothed_levels() -> None:
    slopes = np.array([np.polyfit(range(n), y[-n:], 1)[0] for n, y in zip((6, 5), Y, strict=True)])
    drifts = {
        "theta": slopes / 2, "theta_pooled": RATE.mean / 2, "level_pooled": 0.8 * RATE.mean
    }  # fmt: skip
    for name, drift in drifts.items():
        (level,) = smoothed_levels(Y, PATHS.years, [drift])
        expected = (level - Y[:, -1])[:, None] + np.outer(drift, AHEAD)
        np.testing.assert_allclose(said(name), expected, err_msg=name)


def plainly_smoothed(y: np.ndarray, drift: float) -> float:
    """Smooth year by year for each point of the grid; the first level is the likeliest one."""
    weights, levels = [], []
    for alpha in ALPHA:
        level0, level1 = 0.0, 1.0  # the level is level0 + level1 * start
        slopes, gaps = [], []
        for t, value in enumerate(y):
            before0, before1 = level0 + (drift if t else 0), level1
            slopes.append(before1)
            gaps.append(value - before0)
            level0, level1 = before0 + alpha * (value - before0), before1 * (1 - alpha)
        slope, gap = np.array(slopes), np.array(gaps)
        start = slope @ gap / (slope @ slope)
        weights.append(-(len(y) - 2) / 2 * np.log(((gap - slope * start) ** 2).sum()))
        levels.append(level0 + level1 * start)
    weight = np.exp(np.array(weights) - max(weights))
    return float((weight * levels).sum() / weight.sum())


def test_smoothing_is_the_plain_recursion() -> None:
    """Of several lengths and drifts at once, as of each alone."""
    rng = np.random.default_rng(2)
    lengths = np.array([12, 5, 15, 5])
    y = np.full((4, 15), np.nan)
    for i, n in enumerate(lengths):
        y[i, -n:] = 3 + np.cumsum(rng.normal(size=n))
    drifts = [np.full(4, 0.3), np.array([-0.2, 0.0, 0.1, 2.0])]
    for drift, found in zip(drifts, smoothed_levels(y, lengths, drifts), strict=True):
        expected = [plainly_smoothed(y[i, -n:], drift[i]) for i, n in enumerate(lengths)]
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_excess_of_common_growth_decays_in_what_is_pooled() -> None:
    falling = replace(RATE, excess=0.02, decay=0.5)
    drift = -0.02 * np.array([0.5, 0.75, 0.875])  # of each year, less the mean
    expected = {
        "panel_ar": np.cumsum(drift), "theta_pooled": np.cumsum(drift) / 2,
        "level_pooled": 0.8 * np.cumsum(drift), "growth_pooled": np.cumsum(drift * 0.9**AHEAD),
        "theta": np.zeros(3), "damped_drift": np.zeros(3),
    }  # fmt: skip
    for name, change in expected.items():
        found = said(name, falling) - said(name)
        np.testing.assert_allclose(found, [change, change], atol=1e-12, err_msg=name)


def test_classes_of_volatility_have_their_borders() -> None:
    rate = replace(RATE, volatility=np.array([0.0299, 0.03, 0.0799, 0.08, 0.1599, 0.16]))
    y = np.zeros((6, 3))
    assert volatility_class(Paths(y, y == 0), rate).tolist() == [0, 1, 1, 2, 2, 3]
    assert set(volatility_class(Paths(y, y == 0, "linear"), rate)) == {4}


def test_features_by_hand() -> None:
    told = np.array([[0.1, 0.2], [0.3, 0.2]])  # the first component has three times the weight
    weight = np.array([[0.75, 0.75], [0.25, 0.25]])
    found = features(PATHS, RATE, told, weight, horizon=2)
    apart = np.sqrt((0.75 * 0.05**2 + 0.25 * 0.15**2) / 2)
    size = [np.sqrt(np.nanmean((np.diff(Y[i]) - RATE.mean[i]) ** 2)) for i in range(2)]
    expected = [
        [1, np.log(0.02 / 0.08), np.log(6 / 20), np.log(apart / 0.02 + 0.05),
         np.log(size[0] / 0.02 + 0.2)],
        [1, np.log(0.1 / 0.08), np.log(5 / 20), np.log(0.05), np.log(size[1] / 0.1 + 0.2)],
    ]  # fmt: skip
    np.testing.assert_allclose(found, expected)
    linear = features(Paths(Y, PATHS.seen, "linear"), RATE, told, weight, horizon=2)
    assert linear[:, 1].tolist() == [0, 0]
    long = np.zeros((2, 90)) + np.arange(90) * 0.01
    many = features(Paths(long, long >= 0), RATE, told, weight, horizon=2)
    assert many[0, 2] == pytest.approx(np.log(2))  # forty years and more are alike


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


# Combination --------------------------------------------------------------------------------------

RNG = np.random.default_rng(5)
TABLE = Table(  # of two horizons
    levels=np.array([0.5]), weights=RNG.dirichlet(np.ones(6), size=(5, 2)),
    scale=RNG.normal(size=(2, 5)) / 5, sizes=np.ones((2, 1)), tail=np.ones(2), episodes=np.ones(2),
    short=np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.5, 2.0]]),
)  # fmt: skip


def test_components_are_weighted_by_class_and_horizon_and_errors_grow_beyond_the_table() -> None:
    changes, weight, scale = weighted_components(PATHS, 4, TABLE, RATE, np.ones(2))
    np.testing.assert_allclose(changes, component_changes(PATHS, 4, RATE))
    for h, row in enumerate((0, 1, 1, 1)):
        for i, klass in enumerate((0, 2)):
            np.testing.assert_allclose(weight[i, h], TABLE.weights[klass, row])
        x = features(PATHS, RATE, changes[:, :, h], weight[:, h].T, h + 1)
        size = RATE.volatility * np.exp(x @ TABLE.scale[row])
        beyond = (1, 1, (3 / 2) ** 0.6, 2**0.6)[h]
        few = np.array([1.0, (1.5, 2.0, 1.0, 1.0)[h]])  # of the history of five years
        np.testing.assert_allclose(scale[:, h], size * beyond * few, err_msg=str(h))


@pytest.mark.parametrize("rho", [-0.3, 0.0, 0.5, 0.95])
def test_reach_is_that_of_the_errors_of_an_ar1_of_growth(rho: float) -> None:
    rng = np.random.default_rng(8)
    last = rng.standard_normal(40_000)
    growth, total = last, np.zeros(40_000)
    for h in range(1, 6):
        growth = rho * growth + np.sqrt(1 - rho**2) * rng.standard_normal(40_000)
        total = total + growth
        error = total - last * (rho ** np.arange(1, h + 1)).sum()
        found = reach(replace(RATE, persistence=np.array([rho])), h)
        assert found == pytest.approx(error.std() / np.sqrt(h), rel=0.02)


def test_size_of_errors_follows_the_persistence_of_growth_where_a_table_says_so() -> None:
    plain = weighted_components(PATHS, 4, TABLE, RATE, np.ones(2))
    found = weighted_components(PATHS, 4, replace(TABLE, persistent=True), RATE, np.ones(2))
    np.testing.assert_array_equal(found[0], plain[0])
    np.testing.assert_array_equal(found[1], plain[1])
    share = [reach(RATE, h) for h in (1, 2, 2, 2)]  # beyond the table, that of its last year
    np.testing.assert_allclose(found[2], plain[2] * share)
    panels = replace(RATE, persistence=np.array([[0.3], [0.9]]))
    assert reach(panels, 1) == pytest.approx(np.sqrt([1 - 0.09, 1 - 0.81]))


def test_forecasts_go_back_to_the_unit_of_the_path() -> None:
    unit = np.array([1.0, 50.0])
    scaled = Paths(Y * unit[:, None], PATHS.seen)
    plain = weighted_components(PATHS, 2, TABLE, RATE, np.ones(2))
    found = weighted_components(scaled, 2, TABLE, RATE, unit)
    np.testing.assert_allclose(found[0], plain[0] * unit[:, None], atol=1e-12)
    np.testing.assert_allclose(found[1], plain[1])
    np.testing.assert_allclose(found[2], plain[2] * unit[:, None])


def test_forecasts_of_one_row_of_several_panels_are_those_of_the_panels() -> None:
    whole = weighted_components(PATHS, 3, TABLE, RATE, np.ones(2))
    names = ("mean", "own", "volatility", "trust")
    twice = replace(RATE, **{name: np.tile(vars(RATE)[name], (2, 1)) for name in names})
    place = 1, 2
    alone = weighted_components(
        PATHS.of_rows([1, 1]), 3, TABLE, twice.of_row(1), np.ones(2), place=place
    )
    for panel in range(2):
        np.testing.assert_array_equal(alone[1][panel], whole[1][1])
        np.testing.assert_array_equal(alone[2][panel], whole[2][1])


def test_centre_is_the_weighted_mean_of_the_components() -> None:
    tilt = np.log(np.arange(1.0, 7)) * np.ones((3, 1))
    rate, unit = growth_of(PATHS, TABLE)
    changes, weight, scale = weighted_components(PATHS, 3, TABLE, rate, unit)
    found = combined(PATHS, 3, TABLE, tilt)
    tilted = weight * np.arange(1.0, 7)
    tilted /= tilted.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(found.centre, (np.moveaxis(changes, 0, -1) * tilted).sum(axis=-1))
    np.testing.assert_allclose(combined(PATHS, 3, TABLE).scale, scale)


def test_growth_with_a_unit_is_in_mean_steps_and_has_a_prior_of_its_own() -> None:
    y = np.cumsum(np.random.default_rng(2).normal(size=(3, 12)), axis=1)
    small, unit = growth_of(Paths(y, y == y, "linear"), TABLE)
    large, units = growth_of(Paths(1000 * y, y == y, "linear"), TABLE)
    np.testing.assert_allclose(small.mean, large.mean)
    np.testing.assert_allclose(unit * 1000, units)
    np.testing.assert_allclose(unit, np.abs(np.diff(y)).mean(axis=1))
    other = replace(TABLE, prior=Prior(centre=1.0))
    np.testing.assert_allclose(growth_of(Paths(y, y == y, "linear"), other)[0].mean, small.mean)
    assert not np.allclose(
        growth_of(Paths(y, y == y), other)[0].mean, growth_of(Paths(y, y == y), TABLE)[0].mean
    )

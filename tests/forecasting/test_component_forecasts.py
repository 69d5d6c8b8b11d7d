"""The component forecasts of a panel and what the size of their errors depends on, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.forecasting.component_forecasts import (
    COMPONENTS,
    component_changes,
    features,
    smoothed_levels,
    volatility_class,
)
from forecast.forecasting.panel_data import Paths
from forecast.forecasting.panel_growth import Growth

Y = np.array([[4.0, 4.05, 4.12, 4.15, 4.26, 4.30], [np.nan, 2.0, 2.2, 2.1, 2.4, 2.5]])
PATHS = Paths(Y, np.isfinite(Y))
RATE = Growth(
    mean=np.array([0.06, 0.08]), own=np.array([0.05, 0.11]), volatility=np.array([0.02, 0.1]),
    persistence=0.3, centre=0.05, spread=0.02, trust=np.array([0.5, 0.4]), excess=0.0, decay=1.0,
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

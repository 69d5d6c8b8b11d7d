"""Observation equations: design, value and error by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.scales import TRANSFORMS
from forecast.reconciliation.observations import Observation
from forecast.reconciliation.smoothing.observation_equations import (
    Equations,
    Layout,
    design_row,
    error_sd,
    on_scale,
    rounding_sd,
)
from tests.reconciliation.figures import observation

LOG, LOGIT, LINEAR = (TRANSFORMS[name] for name in ("log", "logit", "linear"))


def test_every_measure_has_its_row() -> None:
    rows = [
        observation(2020, 100.0),
        observation(2021, 110.0, basis="old"),
        observation(2021, 7.0, "growth", prices="real"),
        observation(2022, 30.0, "ytd_level", month=3),
        observation(2022, 6.0, "ytd_growth", month=6),
        observation(2021, 100.0, "ytd_level"),
    ]
    layout = Layout.of(rows, np.arange(2020, 2023))
    # x of 2020 to 2022, the step, March's share, departures of 2021-06, 2022-03 and 2022-06, prices
    assert layout.parts == [(2021, 6), (2022, 3), (2022, 6)]
    expected = [
        [1, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 0, 1, 0, 0, 0, 0, 0],
        [-1, 1, 0, 0, 0, 0, 0, 0, -1],
        [0, 0, 1, 0, 1, 0, 1, 0, 0],
        [0, -1, 1, 0, 0, -1, 0, 1, 0],
        [0, 1, 0, 0, 0, 0, 0, 0, 0],
    ]
    np.testing.assert_array_equal([design_row(row, layout) for row in rows], expected)
    assert layout.size == 9
    assert layout.x(2022) == 2


@pytest.mark.parametrize(
    ("row", "scale", "level", "value"),
    [
        (observation(2020, 100.0), LOG, 0.0, np.log(100)),
        (observation(2020, 20.0), LOGIT, 0.0, -np.log(4)),
        (observation(2020, 7.0, "growth"), LOG, 0.0, np.log(1.07)),
        (observation(2020, 30.0, "change"), LOGIT, 50.0, np.log(4)),  # from 20 to 50
        (observation(2020, 150.0, "growth"), LOGIT, 50.0, np.log(4)),  # from 20, by 150 percent
        (observation(2020, 25.0, "growth"), LINEAR, 50.0, 10.0),  # from 40
        (observation(2020, 3.0, "change"), LINEAR, 50.0, 3.0),
    ],
)
def test_value_on_the_scale(row: Observation, scale: Any, level: float, value: float) -> None:
    assert on_scale(row, scale, level) == pytest.approx(value)


def test_change_larger_than_the_share_is_far_away_and_a_number() -> None:
    row = observation(2020, 60.0, "change")
    assert on_scale(row, LOGIT, 50.0) == pytest.approx(np.log(0.995 / 0.005))
    falls = observation(2020, -60.0, "change")
    assert on_scale(falls, LOGIT, 50.0) == pytest.approx(-np.log(0.995 / 0.005))


def test_error_of_a_level_adds_up_its_parts() -> None:
    rounded = 0.5 / np.sqrt(3) / 4453  # of a uniform error of half a unit

    def sd(**fields: Any) -> float:
        return error_sd(observation(2020, 4453.0, **fields), LOG, "flow")

    assert sd() == pytest.approx(np.hypot(0.001, rounded))
    assert sd(status="preliminary") == pytest.approx(np.hypot(0.002, rounded))
    assert sd(status="secondary") == pytest.approx(np.hypot(0.01, rounded))
    assert sd(status="census") == pytest.approx(np.hypot(0.005, rounded))
    assert sd(basis="old") == pytest.approx(np.sqrt(0.001**2 + rounded**2 + 0.01**2))
    assert sd(converted_with="o1") == pytest.approx(np.sqrt(0.001**2 + rounded**2 + 0.01**2))
    assert sd(relative_sd=0.02) == pytest.approx(np.sqrt(0.001**2 + rounded**2 + 0.02**2))
    assert sd(mark="conflict") == pytest.approx(np.sqrt(0.001**2 + rounded**2 + 0.05**2))
    assert sd(mark="low_quality") == sd(mark="conflict")
    calm = error_sd(observation(2020, 4453.0), LOG, "stock")
    assert calm == pytest.approx(np.hypot(0.3 * 0.001, rounded))


def test_error_of_a_share_is_on_the_logit() -> None:
    sd = error_sd(observation(2020, 20.5), LOGIT, "share")
    relative = np.hypot(0.3 * 0.001, 0.05 / np.sqrt(3) / 20.5)
    assert sd == pytest.approx(relative * 20.5 * 100 / (20.5 * 79.5))


@given(st.integers(0, 2), st.integers(0, 10_000))
def test_rounding_of_a_share_is_that_of_its_complement(digits: int, hundredths: int) -> None:
    value = round(hundredths / 100, digits)

    def error(published: float) -> float:
        inside = {0.0: 0.25, 100.0: 99.75}.get(published, published)
        return rounding_sd(observation(2020, published, canonical=inside), LOGIT)

    assert error(value) == pytest.approx(error(round(100 - value, digits)), rel=0.01)


def test_error_of_growth_knows_rounding_prices_and_what_is_open_of_the_year() -> None:
    rounded = 0.05 / np.sqrt(3) / 100

    def sd(**fields: Any) -> float:
        return error_sd(observation(2020, 6.4, "growth", **fields), LOG, "flow")

    assert sd() == pytest.approx(np.hypot(rounded, 0.004))
    assert sd(prices="real") == pytest.approx(sd())
    nine = error_sd(observation(2020, 6.4, "ytd_growth", month=9, prices="real"), LOG, "flow")
    assert nine == pytest.approx(np.sqrt(rounded**2 + 0.004**2 + (0.01 * 3 / 12) ** 2))
    assert error_sd(observation(2020, 6.4, "change"), LOGIT, "share") == pytest.approx(1e-6)
    assert error_sd(observation(2020, 6.0), LINEAR, "rank") == pytest.approx(0.15 / np.sqrt(3))


@pytest.mark.parametrize(("name", "expected"), [("log", [2]), ("linear", [1, 2])])
def test_what_depends_on_the_level_of_its_year_is_not_linear(
    name: str, expected: list[int]
) -> None:
    """A change of a share does, and growth on a scale that is no logarithm; a level never."""
    rows = [
        observation(2020, 20.0), observation(2021, 5.0, "growth"), observation(2021, 0.1, "change")
    ]  # fmt: skip
    layout = Layout.of(rows, np.array([2020, 2021]))
    assert Equations.of(rows, layout, TRANSFORMS[name], "flow").nonlinear == expected

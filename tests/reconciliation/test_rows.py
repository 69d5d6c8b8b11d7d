"""Statements as rows: design, value, error and noise by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.scales import TRANSFORMS
from forecast.reconciliation.observation_equations import (
    Layout,
    Record,
    connected,
    design_row,
    error_sd,
    levels_of,
    noise_of,
    on_scale,
    part_departures,
    rounding,
    rounding_sd,
    yearly_changes,
)
from forecast.reconciliation.trend_prior import (
    PART_PERSISTENCE,
    PRICES_PERSISTENCE,
    extras_prior,
    part_sd,
    parts_prior,
    trend,
)

LOG, LOGIT, LINEAR = (TRANSFORMS[name] for name in ("log", "logit", "linear"))


def record(year: int, value: float, measure: str = "level", **fields: Any) -> Record:
    """Return one statement as `statements_of` makes it ready."""
    row: Record = {
        "year": year, "month": 12, "measure": measure, "value": value, "canonical": value,
        "status": "final", "basis": "", "converted_with": "", "mark": "", "bound": "",
        "prices": "nominal", "ratio": 1.0, **fields,
    }  # fmt: skip
    changes = measure in ("growth", "ytd_growth", "change")
    row["touches"] = (year - 1, year) if changes else (year,)
    return row


# What a row says ----------------------------------------------------------------------------------


def test_every_measure_has_its_row() -> None:
    rows = [
        record(2020, 100.0),
        record(2021, 110.0, basis="old"),
        record(2021, 7.0, "growth", prices="real"),
        record(2022, 30.0, "ytd_level", month=3),
        record(2022, 6.0, "ytd_growth", month=6),
        record(2021, 100.0, "ytd_level"),
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
        (record(2020, 100.0), LOG, 0.0, np.log(100)),
        (record(2020, 20.0), LOGIT, 0.0, -np.log(4)),
        (record(2020, 7.0, "growth"), LOG, 0.0, np.log(1.07)),
        (record(2020, 30.0, "change"), LOGIT, 50.0, np.log(4)),  # from 20 to 50
        (record(2020, 150.0, "growth"), LOGIT, 50.0, np.log(4)),  # from 20, by 150 percent
        (record(2020, 25.0, "growth"), LINEAR, 50.0, 10.0),  # from 40
        (record(2020, 3.0, "change"), LINEAR, 50.0, 3.0),
    ],
)
def test_value_on_the_scale(row: Record, scale: Any, level: float, value: float) -> None:
    assert on_scale(row, scale, level) == pytest.approx(value)


def test_change_larger_than_the_share_is_far_away_and_a_number() -> None:
    row = record(2020, 60.0, "change")
    assert on_scale(row, LOGIT, 50.0) == pytest.approx(np.log(0.995 / 0.005))
    falls = record(2020, -60.0, "change")
    assert on_scale(falls, LOGIT, 50.0) == pytest.approx(-np.log(0.995 / 0.005))


# How surely it says so ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "half"),
    [
        (2.54, 0.005), (118.0, 0.5), (4453.0, 0.5), (5000.0, 125.0), (4500.0, 50.0), (0.3, 0.05),
        (120.0, 3.0), (-4453.0, 0.5), (-7.25, 0.005), (0.0, 0.5), (10.0, 0.25),
        (1000000.0, 25000.0),
    ],
)  # fmt: skip
def test_rounding_is_half_a_unit_of_the_last_digit(value: float, half: float) -> None:
    assert rounding(value) == pytest.approx(half)


def test_error_of_a_level_adds_up_its_parts() -> None:
    rounded = 0.5 / np.sqrt(3) / 4453  # of a uniform error of half a unit

    def sd(**fields: Any) -> float:
        return error_sd(record(2020, 4453.0, **fields), LOG, "flow")

    assert sd() == pytest.approx(np.hypot(0.001, rounded))
    assert sd(status="preliminary") == pytest.approx(np.hypot(0.002, rounded))
    assert sd(status="secondary") == pytest.approx(np.hypot(0.01, rounded))
    assert sd(status="census") == pytest.approx(np.hypot(0.005, rounded))
    assert sd(basis="old") == pytest.approx(np.sqrt(0.001**2 + rounded**2 + 0.01**2))
    assert sd(converted_with="o1") == pytest.approx(np.sqrt(0.001**2 + rounded**2 + 0.01**2))
    assert sd(relative_sd=0.02) == pytest.approx(np.sqrt(0.001**2 + rounded**2 + 0.02**2))
    assert sd(mark="conflict") == pytest.approx(np.sqrt(0.001**2 + rounded**2 + 0.05**2))
    assert sd(mark="low_quality") == sd(mark="conflict")
    calm = error_sd(record(2020, 4453.0), LOG, "stock")
    assert calm == pytest.approx(np.hypot(0.3 * 0.001, rounded))


def test_error_of_a_share_is_on_the_logit() -> None:
    sd = error_sd(record(2020, 20.5), LOGIT, "share")
    relative = np.hypot(0.3 * 0.001, 0.05 / np.sqrt(3) / 20.5)
    assert sd == pytest.approx(relative * 20.5 * 100 / (20.5 * 79.5))


@given(st.integers(0, 2), st.integers(0, 10_000))
def test_rounding_of_a_share_is_that_of_its_complement(digits: int, hundredths: int) -> None:
    value = round(hundredths / 100, digits)

    def error(published: float) -> float:
        inside = {0.0: 0.25, 100.0: 99.75}.get(published, published)
        return rounding_sd({"value": published, "canonical": inside}, LOGIT)

    assert error(value) == pytest.approx(error(round(100 - value, digits)), rel=0.01)


def test_error_of_growth_knows_rounding_prices_and_what_is_open_of_the_year() -> None:
    rounded = 0.05 / np.sqrt(3) / 100

    def sd(**fields: Any) -> float:
        return error_sd(record(2020, 6.4, "growth", **fields), LOG, "flow")

    assert sd() == pytest.approx(np.hypot(rounded, 0.004))
    assert sd(prices="real") == pytest.approx(sd())
    nine = error_sd(record(2020, 6.4, "ytd_growth", month=9, prices="real"), LOG, "flow")
    assert nine == pytest.approx(np.sqrt(rounded**2 + 0.004**2 + (0.01 * 3 / 12) ** 2))
    assert error_sd(record(2020, 6.4, "change"), LOGIT, "share") == pytest.approx(1e-6)
    assert error_sd(record(2020, 6.0), LINEAR, "rank") == pytest.approx(0.15 / np.sqrt(3))


# What a series shows of itself --------------------------------------------------------------------


def test_changes_are_read_off_one_basis_and_real_growth_stands_in() -> None:
    rows = [
        record(2010, 100.0), record(2012, 121.0), record(2012, 60.5, basis="old"),
        record(2013, 66.55, basis="old"), record(2014, 8.0, "growth"),
        record(2015, 5.0, "growth", prices="real"), record(2014, 3.0, "growth", prices="real"),
        record(2013, 999.0, mark="conflict"), record(2016, 1.0, bound="lower"),
    ]  # fmt: skip
    found = yearly_changes(rows, LOG)
    assert found == pytest.approx(
        {2012: np.log(1.1), 2013: np.log(1.1), 2014: np.log(1.08), 2015: np.log(1.05)}
    )
    assert list(found) == sorted(found)
    assert levels_of(rows).tolist() == [100, 121, 60.5, 66.55, 999]


def test_noise_of_a_few_changes_is_their_mean_and_of_many_their_median() -> None:
    few = np.array([0.08, 0.06, 0.09])  # steps of 0.02 and 0.03
    spread = 1.2533 * 0.025 / np.sqrt(2)
    assert noise_of(few, 0.03) == pytest.approx(np.sqrt((2 * spread**2 + 4 * 0.03**2) / 6))
    many = np.cumsum([0.0, 0.01, -0.02, 0.02, -0.02, 0.03, -0.01, 0.02, -0.02])  # 8 steps
    spread = 1.4826 * 0.02 / np.sqrt(2)
    assert noise_of(many, 0.03) == pytest.approx(np.sqrt((8 * spread**2 + 4 * 0.03**2) / 12))
    assert noise_of(few[:2], 0.03) == 0.03
    wild = np.array([0.0, 5.0, 0.0])  # each step counts for four times what is typical
    spread = 1.2533 * 0.12 / np.sqrt(2)
    assert noise_of(wild, 0.03) == pytest.approx(np.sqrt((2 * spread**2 + 4 * 0.03**2) / 6))


def test_noise_of_normal_changes_is_their_deviation() -> None:
    # Changes of changes are normal with a deviation of root two of the noise.
    changes = np.random.default_rng(1).normal(0, 0.05, 20_000)
    assert noise_of(changes, 0.05) == pytest.approx(0.05, rel=0.03)
    few = [noise_of(c, 0.05) ** 2 for c in changes.reshape(-1, 4)]
    # Three steps whose mean is unbiased weigh three parts in seven, what is typical four.
    assert np.sqrt(np.mean(few)) == pytest.approx(0.05, rel=0.1)


def test_departures_by_hand() -> None:
    rows = [
        record(2020, 100.0), record(2021, 110.0),
        record(2020, 24.0, "ytd_level", month=3), record(2021, 27.5, "ytd_level", month=3),
        record(2021, 10.0, "growth"), record(2021, 12.0, "ytd_growth", month=6),
        record(2021, 90.0, "ytd_level", month=9, mark="conflict"),
    ]  # fmt: skip
    found = part_departures(rows, 0.5)
    gap = np.log(1.12) - np.log(1.10)
    half = (np.log(0.25) - np.log(0.24)) / 2 * np.sqrt(2)
    np.testing.assert_allclose(found, [[0.5, gap], [0.75, -half], [0.75, half]])


def test_rows_out_of_reach_of_any_level_are_dropped() -> None:
    rows = [
        record(2009, 5.0, "growth"), record(2011, 5.0, "growth"), record(2010, 100.0),
        record(2012, 5.0, "growth"), record(2014, 5.0, "growth"),
    ]  # fmt: skip
    kept = [(row["year"], row["measure"]) for row in connected(rows)]
    assert kept == [(2011, "growth"), (2010, "level"), (2012, "growth")]


# What is believed before --------------------------------------------------------------------------


def test_trend_is_the_covariance_of_a_wandering_drift() -> None:
    noise, drift = 0.04, 0.15
    cov = np.linalg.inv(trend(4, noise, drift))
    step = np.array([[-1, 1, 0, 0], [0, -1, 1, 0], [0, 0, -1, 1]])
    growth = step @ cov @ step.T
    t = np.arange(1, 4)
    # Growth of year t is the drift of then, a random walk of quarter noises, and the noise.
    expected = drift**2 + (0.25 * noise) ** 2 * np.minimum.outer(t, t) + noise**2 * np.eye(3)
    np.testing.assert_allclose(growth, expected, rtol=1e-4)
    assert cov[0, 0] == pytest.approx(100.0**2)
    assert trend(1, noise)[0, 0] == pytest.approx(1e-4)


def test_spread_of_departures_is_shrunk_to_the_usual() -> None:
    assert part_sd(np.empty((0, 2)), 0.05) == pytest.approx(0.1)
    found = part_sd(np.array([[0.5, 0.03], [0.25, -0.01]]), 0.05)
    assert found == pytest.approx(np.sqrt((4 * 0.1**2 + 0.06**2 + 0.04**2) / 6))
    wild = part_sd(np.array([[0.5, 9.0]]), 0.05)
    assert wild == pytest.approx(np.sqrt((4 * 0.1**2 + 0.4**2) / 5))


def test_departures_of_one_year_share_what_stays_open() -> None:
    parts = [(2020, 2), (2020, 6), (2021, 6)]
    rho = PART_PERSISTENCE
    february, june = 0.2 * 10 / 12 * 2.0, 0.2 * 6 / 12  # the Chinese New Year doubles the first
    np.testing.assert_allclose(
        parts_prior(parts, 0.2),
        [
            [february**2, june**2, june**2 * rho],
            [june**2, june**2, june**2 * rho],
            [june**2 * rho, june**2 * rho, june**2],
        ],
    )


def test_first_quarter_of_a_usual_year_is_short_of_a_fourth() -> None:
    rows = [record(2022, 30.0, "ytd_level", month=3), record(2022, 60.0, "ytd_level", month=6)]
    layout = Layout.of(rows, np.array([2022]))
    information, precision = extras_prior(layout, 0.1, {}, {})
    for month, usual in ((3, np.log(0.25) - 0.1), (6, np.log(0.5) - 0.1 * 0.5 / 0.75)):
        at = layout.month[month]
        sd = 0.1 * (1 + 2 * (12 - month) / 12)
        assert precision[at, at] == pytest.approx(1 / sd**2)
        assert information[at] / precision[at, at] == pytest.approx(usual)
    assert not information[: len(layout.years)].any()
    at = [layout.part[p] for p in layout.parts]
    np.testing.assert_allclose(
        np.linalg.inv(precision[np.ix_(at, at)]), parts_prior(layout.parts, 0.1)
    )


def test_prices_of_neighbouring_years_are_alike_where_no_other_region_gives_them() -> None:
    rows = [record(year, 5.0, "growth", prices="real") for year in (2021, 2022, 2024)]
    layout = Layout.of(rows, np.arange(2020, 2025))
    prices = {2021: (0.01, 0.014), 2022: (0.02, 0.03), 2024: (0.02, 0.03)}
    information, precision = extras_prior(layout, 0.1, {}, prices, persistent={2022, 2024})
    at = [layout.price[year] for year in (2021, 2022, 2024)]
    cov = np.linalg.inv(precision[np.ix_(at, at)])
    rho = PRICES_PERSISTENCE**2
    expected = [[0.014**2, 0, 0], [0, 0.03**2, rho * 0.03**2], [0, rho * 0.03**2, 0.03**2]]
    np.testing.assert_allclose(cov, expected, atol=1e-12)
    np.testing.assert_allclose(cov @ information[at], [0.01, 0.02, 0.02])

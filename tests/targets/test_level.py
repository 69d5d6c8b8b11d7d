"""A target on a yearly level, by hand: published years, errors of the draws, and the pace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forecast.evidence.comparisons import Criterion
from forecast.forecasting.model_pool import Draws
from forecast.reconciliation.reconcile import reconcile
from forecast.targets.assess import assess
from forecast.targets.types import level
from forecast.targets.types.level import LevelAnswer
from tests.targets.test_assess import MANY, QUICK
from tests.worlds import statement, world

#: The plan was adopted in 2022.
VALUES = {2017: 120.0, 2018: 100.0, 2019: 101.0, 2020: 103.0, 2021: 106.0, 2022: 104.0,
          2023: 108.0, 2024: 105.0}  # fmt: skip


def settled(value: float, adopted: str = "2022", **target: Any) -> LevelAnswer:
    hidden = target.pop("hidden", ())
    rows = [statement(year, v) for year, v in VALUES.items() if year not in hidden]
    evidence = world(rows, **{"value": value, "year": 2024, **target})
    evidence.plans["adopted"] = adopted
    found = assess(evidence, "plan", "goal", QUICK, record=MANY)
    assert isinstance(found, LevelAnswer)
    return found


def test_years_from_the_adoption_on_say_when_a_target_was_first_met() -> None:
    assert settled(107.0).first_year == {"2023": 1.0, "never": 0.0}
    assert settled(104.0).first_year == {"2022": 1.0, "never": 0.0}
    assert settled(110.0).first_year == {"never": 1.0}  # it was met before
    assert settled(110.0).probability_ever == 0.0
    assert settled(110.0, adopted="").first_year == {"2017": 1.0, "never": 0.0}
    # What came after the year that is asked about does not count.
    assert settled(107.0, year=2022).first_year == {"never": 1.0}


def test_years_that_are_not_published_leave_open_whether_it_was_met() -> None:
    assert settled(110.0, hidden=[2023]).probability_ever is None
    assert settled(110.0, hidden=[2023]).first_year == {}
    assert settled(103.5, hidden=[2023]).first_year == {"2022": 1.0, "never": 0.0}
    assert settled(110.0, hidden=[2020]).probability_ever == 0.0  # before the plan


def test_target_of_a_later_year_is_met_already_by_the_last_published_figure() -> None:
    """Whatever was published before it."""
    assert settled(104.0, year=2026).status == "already_met"
    assert settled(104.0, year=2026, hidden=[2018]).status == "already_met"
    assert settled(106.0, year=2026).status == "assessed"


def test_published_figure_is_all_there_is() -> None:
    found = settled(110.0, comparison="about", tolerance=5.0)
    assert (found.published, found.probability, found.standard_error) == (105.0, 1.0, 0.0)
    assert found.probability_strict == 0.0  # met within the tolerance alone
    assert settled(105.0, comparison="about", tolerance=5.0).probability_strict == 1.0
    assert settled(105.0).probability_strict is None
    assert set(found.quantiles.values()) == {105.0}


def test_error_of_a_share_of_draws() -> None:
    """Of all draws, or stratum by stratum: the last year counts."""
    sought = Criterion("at_least", 1.0)
    one = np.array([[2.0, 2.0, 0.0]] * 30 + [[2.0, 2.0, 1.0]] * 10)
    two = np.array([[0.0, 0.0, 2.0]] * 10 + [[0.0, 0.0, 0.0]] * 10)
    years = np.array([2025, 2026, 2027])
    families = Draws(years, {"a": one, "b": two}, np.ones(3), {})
    expected = np.sqrt(0.25 * 0.75 / 40 + 0.25 / 20) / 2
    assert level._standard_error(families, sought) == pytest.approx(expected)
    learned = Draws(years, {"a": two}, np.ones(3), {}, answer=one)
    expected = np.sqrt(0.25 * 0.75 / 40)
    assert level._standard_error(learned, sought) == pytest.approx(expected)


def test_pace_so_far_is_that_of_three_and_five_years() -> None:
    for n, expected in ((3, {}), (4, {3: 7.0}), (5, {3: 7.0}), (6, {3: 7.0, 5: 7.0})):
        rows = [statement(2015 + i, 100 * 1.07**i) for i in range(n)]
        found = level.achieved(reconcile(world(rows), "city", "gdp"))
        assert found == pytest.approx(expected, abs=0.02)

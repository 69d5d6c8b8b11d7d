from __future__ import annotations

import numpy as np
import pytest

from forecast.scenarios.apply import Outcome
from forecast.scenarios.files import Scenario, Statement
from forecast.scenarios.together import all_of, at_least, beside, comparison, independent, pairs
from forecast.study import Study
from tests.conftest import PLAN


@pytest.fixture(scope="module")
def baseline(study: Study) -> Outcome:
    return study.scenario("baseline", PLAN)


def test_at_least_so_many_is_a_count_over_draws(baseline: Outcome) -> None:
    found = at_least(baseline)
    assert list(found) == list(range(1, len(baseline.joint.goals) + 1))
    assert list(found.values()) == sorted(found.values(), reverse=True)
    # The expected number of targets met is the sum of their probabilities.
    assert sum(found.values()) == pytest.approx(sum(r.share for r in baseline.results))
    assert sum(independent(baseline).values()) == pytest.approx(sum(found.values()))
    assert found[max(found)] == all_of(baseline, [g.name for g in baseline.joint.goals])


def test_joint_probability_lies_within_its_bounds(baseline: Outcome) -> None:
    shares = {r.goal.name: r.share for r in baseline.results}
    both = all_of(baseline, ["express", "industrial_value_added"])
    a, b = shares["express"], shares["industrial_value_added"]
    assert max(0, a + b - 1) <= both <= min(a, b)
    assert all_of(baseline, ["express"]) == pytest.approx(a)
    with pytest.raises(ValueError, match="no path decides friendly_cities; there are paths for"):
        all_of(baseline, ["friendly_cities"])


def test_pairs_are_conditional_probabilities_that_add_up(baseline: Outcome) -> None:
    found = pairs(baseline)
    shares = {r.goal.name: r.share for r in baseline.results}
    for row in found.to_dict("records"):
        b = shares[row["b"]]
        assert row["a_if_b"] * b + row["a_if_not_b"] * (1 - b) == pytest.approx(shares[row["a"]])
        assert row["a_if_b"] * b == pytest.approx(row["both"])
        assert np.sign(row["tie"]) == np.sign(row["both"] - row["apart"])
    assert found["tie"].abs().is_monotonic_decreasing


def test_scenarios_side_by_side(study: Study) -> None:
    outcomes = [o for o in study.outcomes(PLAN).values() if isinstance(o, Outcome)]
    found = comparison(outcomes)
    assert list(found["target"]) == [g.name for g in outcomes[0].joint.goals]
    assert {"baseline", "official_growth", "rd_push"} <= set(found)
    push = found.set_index("target").loc["rd_share"]
    assert push["rd_push"] >= push["baseline"]


def test_what_if_in_three_lines(study: Study) -> None:
    tariffs = Scenario("Tariffs", [Statement("china/exports", "growth", 2, 2027)])
    everything = study.what_if(tariffs, plan=PLAN)
    assert len(everything) == len(study.joint(PLAN).goals)
    (one,) = study.what_if(tariffs, "gdp", PLAN).to_dict("records")
    assert one["target"] == "gdp"
    assert one["median_scenario"] != one["median_baseline"]
    with pytest.raises(ValueError, match="no scenario 'tarifs'; there are baseline"):
        study.scenario("tarifs", PLAN)
    with pytest.raises(ValueError, match="no path decides nothing"):
        study.what_if(tariffs, "nothing", PLAN)


def test_beside_pairs_the_same_targets(baseline: Outcome) -> None:
    same = beside(baseline, baseline)
    assert (same["baseline"] == same["scenario"]).all()


def test_share_of_all_draws_is_no_more_than_one() -> None:
    """Weights that add up to one but for rounding gave 1.0000000000000007."""
    from types import SimpleNamespace
    from typing import Any

    weights = np.full(10, 0.1 * (1 + 1e-12))
    goals = [SimpleNamespace(name="a")]
    outcome: Any = SimpleNamespace(
        weights=weights, met=np.ones((10, 1), bool), joint=SimpleNamespace(goals=goals)
    )
    assert weights.sum() > 1
    assert at_least(outcome)[1] <= 1.0
    assert all_of(outcome, ["a"]) <= 1.0

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from forecast.scenarios.apply import Outcome
from forecast.scenarios.joint_targets import (
    at_least,
    beside,
    independent,
    pairs,
    shares,
)
from forecast.scenarios.spec import Scenario, Statement
from forecast.study import Study
from tests.conftest import PLAN


@pytest.fixture(scope="module")
def baseline(study: Study) -> Outcome:
    return study.scenario("baseline", PLAN)


def test_at_least_so_many_is_a_count_over_draws(baseline: Outcome) -> None:
    counted = shares(baseline)
    assert list(counted) == list(range(1, len(baseline.joint.goals) + 1))
    assert list(counted.values()) == sorted(counted.values(), reverse=True)
    # The expected number of targets met is the sum of their shares.
    assert sum(counted.values()) == pytest.approx(sum(r.share for r in baseline.results))
    found, floor = at_least(baseline), baseline.joint.floor
    assert floor == max(goal.assessment.floor or 0.0 for goal in baseline.joint.goals) > 0
    assert found == {k: min(max(p, floor), 1 - floor) for k, p in counted.items()}
    all_met = float(baseline.weights @ baseline.met.all(axis=1))
    assert found[max(found)] == min(max(all_met, floor), 1 - floor)
    assert all(floor <= p <= 1 - floor for p in independent(baseline).values())


def hand_made(met: np.ndarray, floor: float) -> Any:
    """Return what the functions ask of an outcome: equal weights, goals `a`, `b`, ..."""
    goals = [
        SimpleNamespace(name=name, assessment=SimpleNamespace(floor=floor))
        for name in "abcdefgh"[: met.shape[1]]
    ]
    joint = SimpleNamespace(goals=goals, floor=floor)
    return SimpleNamespace(weights=np.full(len(met), 1 / len(met)), met=met, joint=joint)


def test_pairs_are_conditional_probabilities_that_add_up() -> None:
    rng = np.random.default_rng(6)
    common = rng.standard_normal((4000, 1))
    met = common + rng.standard_normal((4000, 3)) > np.array([0.0, 0.5, -0.5])
    never = np.c_[met, np.zeros(4000, bool)]  # told apart from nothing, and left out
    found, share = pairs(hand_made(never, 0.02)), met.mean(axis=0)
    assert sorted(zip(found["a"], found["b"], strict=True)) == [("a", "b"), ("a", "c"), ("b", "c")]
    for row in found.to_dict("records"):
        a, b = (share["abc".index(row[name])] for name in ("a", "b"))
        assert row["a_if_b"] * b + row["a_if_not_b"] * (1 - b) == pytest.approx(a)
        assert row["a_if_b"] * b == pytest.approx(row["both"])
        assert row["apart"] == pytest.approx(a * b)
        assert max(0, a + b - 1) <= row["both"] <= min(a, b)
        assert row["tie"] > 0.2
    assert found["tie"].abs().is_monotonic_decreasing
    bounded = pairs(hand_made(met, 0.3)).drop(columns=["a", "b", "tie"])
    assert ((bounded >= 0.3) & (bounded <= 0.7)).to_numpy().all()


def test_scenarios_side_by_side(study: Study) -> None:
    outcomes = [o for o in study.outcomes(PLAN).values() if isinstance(o, Outcome)]
    chances = {o.scenario.key: {r.goal.name: r.probability for r in o.results} for o in outcomes}
    assert chances.keys() >= {"baseline", "official_growth", "rd_push"}
    assert all(list(c) == [g.name for g in outcomes[0].joint.goals] for c in chances.values())
    assert chances["rd_push"]["rd_share"] >= chances["baseline"]["rd_share"]


def test_what_if_in_three_lines(study: Study) -> None:
    tariffs = Scenario("Tariffs", [Statement("china/exports", "growth", 2, 2027)])
    everything = study.what_if(tariffs, plan=PLAN)
    assert len(everything) == len(study.joint(PLAN).goals)
    (one,) = study.what_if(tariffs, "gdp", PLAN).to_dict("records")
    assert one["target"] == "gdp"
    assert one["median_scenario"] != one["median_baseline"]
    with pytest.raises(ValueError, match="no scenario 'tarifs'; there are baseline"):
        study.scenario("tarifs", PLAN)
    with pytest.raises(ValueError, match="no path decides friendly_cities; there are paths for"):
        study.what_if(tariffs, "friendly_cities", PLAN)


def test_beside_pairs_the_same_targets(baseline: Outcome) -> None:
    same = beside(baseline, baseline)
    assert (same["baseline"] == same["scenario"]).all()


def test_share_of_all_draws_is_no_more_than_one() -> None:
    """Weights that add up to one but for rounding gave 1.0000000000000007."""
    outcome = hand_made(np.ones((10, 1), bool), 0.0)
    outcome.weights = np.full(10, 0.1 * (1 + 1e-12))
    assert outcome.weights.sum() > 1
    assert at_least(outcome)[1] <= 1.0

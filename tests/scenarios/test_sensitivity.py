from __future__ import annotations

import numpy as np
import pytest

from forecast.scenarios.apply import Outcome, apply
from forecast.scenarios.contributions import contributions
from forecast.scenarios.joint_draws import Goal
from forecast.scenarios.sensitivity import (
    SWING,
    own_next_figure,
    required_path,
    response,
    surface,
    swings,
    usual_figures,
)
from forecast.scenarios.spec import Scenario, ScenarioError, Statement
from forecast.study import Study
from tests.conftest import PLAN


@pytest.fixture(scope="module")
def baseline(study: Study) -> Outcome:
    return study.scenario("baseline", PLAN)


def goal(outcome: Outcome, name: str) -> Goal:
    (found,) = (g for g in outcome.joint.goals if g.name == name)
    return found


def share(outcome: Outcome, name: str) -> float:
    (found,) = (r.share for r in outcome.results if r.goal.name == name)
    return found


def test_response_is_what_conditioning_on_each_value_gives(baseline: Outcome) -> None:
    figure = Statement("china/gdp", "growth", 0.0, (2026, 2027))
    found = response(baseline, goal(baseline, "industrial_value_added"), figure)
    for place in (6, 12, 18):
        held = Statement("china/gdp", "growth", float(found.value[place]), (2026, 2027))
        outcome = apply(baseline.joint, Scenario("Held", [held]))
        # The same draws and the same step, whichever columns it is taken on.
        within = found.goal.within(share(outcome, "industrial_value_added"))
        assert found.probability[place] == pytest.approx(within, abs=0.005)
    assert found.low < found.figure.value < found.high


def test_value_that_it_takes_gives_the_probability_asked_for(baseline: Outcome) -> None:
    name = "express"
    figure = own_next_figure(baseline.joint, goal(baseline, name))
    assert figure is not None
    found = response(baseline, goal(baseline, name), figure)
    reached = {p: v for p, v in found.takes.items() if v is not None}
    assert 0.5 in reached
    for p, value in reached.items():
        held = Statement(figure.series, figure.measure, value, figure.years)
        assert share(apply(baseline.joint, Scenario("Held", [held])), name) == pytest.approx(
            p, abs=0.03
        )
    assert list(reached.values()) == sorted(reached.values())  # more of it, more likely


def test_what_no_value_within_reach_gives_is_none(baseline: Outcome) -> None:
    figure = Statement("china/express", "growth", 0.0, (2026, 2027))
    found = response(baseline, goal(baseline, "population"), figure)
    assert found.takes == {0.1: None, 0.5: None, 0.9: None}


def test_swings_are_ranked_and_go_from_low_to_high(baseline: Outcome) -> None:
    found = swings(baseline, goal(baseline, "industrial_value_added"))
    effect = (found["p_high"] - found["p_low"]).abs()
    assert (np.diff(effect) <= 2e-3).all()
    assert (found["low"] < found["high"]).all()
    assert len(found) >= 15
    assert not (found["series"] == "jinhua/industrial_value_added").any()
    (row,) = found[found["series"] == "china/gdp"].to_dict("records")
    for value, p in ((row["low"], row["p_low"]), (row["high"], row["p_high"])):
        held = Statement("china/gdp", "growth", value, (int(row["first"]), int(row["last"])))
        outcome = apply(baseline.joint, Scenario("Held", [held]))
        assert p == pytest.approx(share(outcome, "industrial_value_added"), abs=0.01)
    assert SWING == (0.1, 0.9)


def test_usual_figures_lie_ahead(baseline: Outcome) -> None:
    for figure in usual_figures(baseline.joint, goal(baseline, "gdp")):
        assert 2026 <= figure.span[0] <= figure.span[1] == 2027


def test_figure_that_is_held_fast_is_said(baseline: Outcome) -> None:
    held = Statement("china/gdp", "growth", 7.0, 2027)
    outcome = apply(baseline.joint, Scenario("Held", [held]))
    with pytest.raises(ScenarioError, match="china/gdp growth is fixed already"):
        response(outcome, goal(baseline, "gdp"), held)
    with pytest.raises(ScenarioError, match="jinhua/freight is not forecast"):
        response(baseline, goal(baseline, "gdp"), Statement("jinhua/freight", "growth", 0, 2027))


def test_surface_has_every_pair_and_agrees_with_conditioning(baseline: Outcome) -> None:
    across = Statement("jinhua/gdp", "growth", 0.0, 2026)
    up = Statement("china/exports", "growth", 0.0, 2027)
    name = "industrial_value_added"
    found = surface(baseline, goal(baseline, name), across, up)
    assert len(found) == found["across"].nunique() * found["up"].nunique()
    assert found["probability"].dropna().between(0, 1).all()
    row = found.iloc[len(found) // 2]
    held = [Statement("jinhua/gdp", "growth", row["across"], 2026),
            Statement("china/exports", "growth", row["up"], 2027)]  # fmt: skip
    outcome = apply(baseline.joint, Scenario("Held", held))
    assert row["probability"] == pytest.approx(share(outcome, name), abs=0.01)


def test_required_path_ends_at_the_threshold(baseline: Outcome) -> None:
    target = goal(baseline, "rd_share")
    path = required_path(baseline, target)
    assert path["needed"].iloc[-1] == pytest.approx(target.assessment.threshold)
    assert path["needed"].is_monotonic_increasing
    assert (path["needed"] - path["baseline"]).iloc[1:].gt(0).all()


def test_contributions_leave_one_out_and_take_one_alone(study: Study, baseline: Outcome) -> None:
    outcome = study.scenario("nominal_weakness", PLAN)
    found = contributions(outcome)
    assert len(found) == 2 * len(baseline.joint.goals)
    first = found.groupby("target").first()
    name = "industrial_value_added"
    number = int(first.loc[name, "statement"])
    less = apply(baseline.joint, outcome.scenario.without(number))
    assert first.loc[name, "without"] == pytest.approx(share(less, name), abs=0.01)
    assert first.loc[name, "baseline"] == pytest.approx(share(baseline, name), abs=0.01)

from __future__ import annotations

import pytest

from forecast.scenarios.apply import Outcome, apply
from forecast.scenarios.contributions import contributions
from forecast.scenarios.joint_draws import Goal
from forecast.scenarios.sensitivity import (
    ask,
    own_next_figure,
    past_growth,
    required_path,
    response,
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


def test_value_that_it_takes_gives_an_even_chance(baseline: Outcome) -> None:
    name = "industrial_value_added"
    figure = own_next_figure(baseline.joint, goal(baseline, name))
    assert figure is not None
    found = response(baseline, goal(baseline, name), figure)
    assert found.relation == "self"
    assert found.even is not None
    held = Statement(figure.series, figure.measure, found.even, figure.years)
    outcome = apply(baseline.joint, Scenario("Held", [held]))
    assert share(outcome, name) == pytest.approx(0.5, abs=0.03)
    assert found.ends[0] < found.ends[1]  # more of it, more likely
    assert found.moves
    assert found.inside


def test_figure_that_moves_nothing(baseline: Outcome) -> None:
    figure = Statement("china/express", "growth", 0.0, (2026, 2027))
    found = response(baseline, goal(baseline, "population"), figure)
    assert found.even is None
    assert not found.moves
    assert not found.inside


def test_only_figures_that_move_it_are_found(baseline: Outcome) -> None:
    name = "industrial_value_added"
    found = ask(baseline, name)
    tried = len(usual_figures(baseline.joint, goal(baseline, name))) + 1
    assert len(found.responses) + found.unlinked + found.still == tried
    assert found.unlinked > 0
    assert found.responses[0].relation == "self"
    effects = [r.effect for r in found.responses[1:]]
    assert effects == sorted(effects, reverse=True)
    for r in found.responses:
        assert r.moves
        assert r.relation in ("self", "part") or r.link.reliable
    tied = {r.figure.series for r in found.responses if r.relation == "part"}
    assert "jinhua/secondary_value_added" in tied
    assert "jinhua/tertiary_value_added" not in tied  # a part of the same whole is no part of it
    (named,) = ask(baseline, name, ["jinhua/tertiary_value_added growth 2027"]).responses
    assert named.figure.span == (2027, 2027)


def test_past_growth_is_over_spans_as_long_as_the_one_ahead(baseline: Outcome) -> None:
    answer = goal(baseline, "gdp").assessment
    history, found = answer.history, past_growth(answer)
    assert history is not None
    span = answer.year - int(history.years[-1])
    values = dict(zip(history.years, history.values(), strict=True))
    last = int(history.years[-1])
    assert found.index[-1] == last
    assert found[last] == pytest.approx(
        100 * ((values[last] / values[last - span]) ** (1 / span) - 1)
    )


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

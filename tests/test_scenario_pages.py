from __future__ import annotations

import dataclasses

import altair as alt
import numpy as np
import pandas as pd
import pytest

from forecast.report.pages import scenario_charts, scenario_words
from forecast.report.pages import scenario_parts as scenario_pages
from forecast.scenarios import joint_targets as together
from forecast.scenarios import sensitivity as levers
from forecast.scenarios.apply import apply
from forecast.scenarios.sensitivity import Question, ask
from forecast.scenarios.spec import Scenario, ScenarioError, Statement
from forecast.study import Study
from tests.conftest import PLAN


@pytest.fixture(scope="module")
def outcomes(study: Study) -> scenario_words.Outcomes:
    return study.outcomes(PLAN)


@pytest.fixture(scope="module")
def asked(study: Study) -> Question:
    return ask(study.scenario("baseline", PLAN), "industrial_value_added")


def test_lead_names_what_depends_most(outcomes: scenario_words.Outcomes) -> None:
    text = scenario_words.lead(outcomes)
    found = together.comparison(scenario_words.applied(outcomes)).set_index("name")
    chances = found.drop(columns=["target", "year"])
    most = (chances.max(axis=1) - chances.min(axis=1)).idxmax()
    assert text.startswith(f"**What depends most on the scenario is {most}: from ")
    assert "Five scenarios beside the baseline" in text


def test_refused_scenario_is_said_and_the_others_stand(study: Study) -> None:
    boom = Scenario("Boom", [Statement("jinhua/gdp", "growth", 80, 2027)])
    outcomes = {
        "baseline": study.scenario("baseline", PLAN),
        "boom": ScenarioError("Boom: GDP lies out of reach"),
    }
    assert scenario_words.refusals(outcomes) == "**Not possible.** Boom: GDP lies out of reach."
    assert len(scenario_words.applied(outcomes)) == 1
    listed = scenario_words.assumptions(study.evidence, outcomes["boom"], boom)
    assert listed == "- **Gross domestic product, Jinhua: growth of 80 % in 2027**. "


def test_tables_have_a_row_per_target_and_a_column_per_scenario(
    outcomes: scenario_words.Outcomes,
) -> None:
    found = scenario_words.applied(outcomes)
    goals = found[0].joint.goals
    for table in (scenario_words.chances(found), scenario_words.medians(found)):
        assert len(table) == len(goals)
        assert {"Baseline", "R&amp;D push", "Official growth met"} <= set(table)
    counts = scenario_words.at_least(found, [together.at_least(o) for o in found])
    assert list(counts["Scenario"]) == list(scenario_words.chances(found))[1:]
    ties = scenario_words.ties(found[0].joint, together.pairs(found[0]))
    assert len(ties) == min(len(together.pairs(found[0])), 6)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (Statement("china/exports", "growth", -10, 2027),
         "Exports of goods, China: growth of -10 % in 2027"),
        (Statement("jinhua/exports", "growth", -8, 2027, sd=4, relative="points"),
         "Exports of goods, Jinhua: growth 8 points below the baseline in 2027, give or take 4"),
        (Statement("jinhua/gdp", "level", 3, (2026, 2027), relative="percent"),
         "Gross domestic product, Jinhua: level 3 % a year above the baseline in 2026-2027"),
        (Statement("jinhua/gdp", "level", 8400, 2027),
         "Gross domestic product, Jinhua: level of 8400 亿元 in 2027"),
        (Statement("jinhua/price_level", "growth", -1, 2027, bound="upper", probability=0.8),
         "Price level of GDP, Jinhua: growth of at most -1 % in 2027, with probability 0.8"),
        (Statement("china/rd_share", "change", 0.1, (2026, 2027)),
         "R&D spending as a share of GDP, China: change of 0.1 points a year in 2026-2027"),
    ],
)  # fmt: skip
def test_statements_in_words(study: Study, statement: Statement, words: str) -> None:
    assert scenario_words.statement(study.evidence, statement) == words


def test_source_of_a_figure_is_a_link(study: Study, outcomes: scenario_words.Outcomes) -> None:
    scenario = study.scenarios()["official_growth"]
    text = scenario_words.assumptions(study.evidence, outcomes["official_growth"], scenario)
    assert "Source: [China sets 2026 economic growth target at 4.5 pct to 5 pct](http" in text
    assert text.count("\n- ") == 2


def test_distance_warns_of_what_is_extreme(outcomes: scenario_words.Outcomes) -> None:
    baseline = scenario_words.applied(outcomes)[0].joint
    gdp, place = baseline.values("china/gdp"), baseline.place(2027)
    growth = 100 * (gdp[:, place] / gdp[:, place - 1] - 1)
    for sds, extreme in ((0.5, False), (5.0, True)):
        value = float(growth.mean() - sds * growth.std())
        fall = Scenario("Fall", [Statement("china/gdp", "growth", value, 2027)])
        found = scenario_words.distance(apply(baseline, fall))
        assert ("**Read it as an extreme case**" in found) == extreme
    assert scenario_words.distance(outcomes["baseline"]) == "The forecast as it stands."


def test_charts_are_drawn_and_say_what_they_show(
    study: Study, outcomes: scenario_words.Outcomes, asked: Question
) -> None:
    evidence = study.evidence
    drawn = [
        scenario_pages.scenarios(outcomes),
        scenario_pages.tornado(evidence, asked),
        scenario_pages.response(evidence, asked),
        scenario_pages.surface(evidence, asked),
        scenario_pages.required(asked),
    ]
    for chart in drawn:
        assert isinstance(chart, alt.LayerChart)
        spec = chart.to_dict()
        assert len(spec["description"]) > 40
        assert spec["width"] == "container"


def test_page_of_a_target_that_no_path_decides(study: Study) -> None:
    nothing = ask(study.scenario("baseline", PLAN), "friendly_cities")
    evidence = study.evidence
    assert nothing.goal is None
    assert "No path that could be forecast" in scenario_words.takes_lead(evidence, nothing)
    assert scenario_words.takes(evidence, nothing).empty
    for part in (scenario_pages.tornado, scenario_pages.response, scenario_pages.surface):
        assert part(evidence, nothing) is None
    assert scenario_pages.required(nothing) is None


def test_lead_says_what_an_even_bet_takes_or_that_nothing_does(
    study: Study, asked: Question
) -> None:
    best = scenario_words.strongest(asked.responses)
    assert best is not None
    even = dataclasses.replace(best, takes={0.1: 0.0, 0.5: float(best.value[24]), 0.9: None})
    asked = dataclasses.replace(asked, responses=(even,))
    share = asked.outcome.result(asked.goal).share
    words = "An even bet takes " if share < 0.5 else "It falls to an even bet at "
    assert f"**{words}" in scenario_words.takes_lead(study.evidence, asked)
    never = dataclasses.replace(best, takes=dict.fromkeys((0.1, 0.5, 0.9)))
    asked = dataclasses.replace(asked, responses=(never,))
    makes = "makes it" if share < 0.5 else "brings it down to"
    assert f"**No single lever {makes} an even bet" in scenario_words.takes_lead(
        study.evidence, asked
    )
    flat = dataclasses.replace(never, probability=np.full_like(best.probability, 0.5))
    asked = dataclasses.replace(asked, responses=(flat,))
    assert "**None of the levers moves it" in scenario_words.takes_lead(study.evidence, asked)
    assert list(scenario_words.takes(study.evidence, asked)["For 50 in 100"]) == ["no value"]
    assert scenario_words.response_note(study.evidence, asked) == ""
    assert scenario_words.surface_note(study.evidence, asked) == ""
    assert scenario_pages.response(study.evidence, asked) is None
    assert scenario_pages.surface(study.evidence, asked) is None


@pytest.mark.parametrize(
    ("target", "words"),
    [("rd_share", "An even bet takes "), ("express", "It falls to an even bet at ")],
)
def test_lead_of_what_is_unlikely_and_of_what_is_likely(
    study: Study, target: str, words: str
) -> None:
    asked = ask(study.scenario("baseline", PLAN), target)
    best = scenario_words.strongest(asked.responses)
    assert best is not None
    even = dataclasses.replace(best, takes={0.1: None, 0.5: float(best.value[30]), 0.9: None})
    text = scenario_words.takes_lead(study.evidence, dataclasses.replace(asked, responses=(even,)))
    assert f"**{words}" in text


def test_value_far_off_says_so(study: Study, asked: Question) -> None:
    best = scenario_words.strongest(asked.responses)
    assert best is not None
    far = dataclasses.replace(best, takes={0.1: None, 0.5: float(best.value[-1]), 0.9: None})
    table = scenario_words.takes(study.evidence, dataclasses.replace(asked, responses=(far,)))
    assert "(at 6 sd)" in table["For 50 in 100"].iloc[0]


def test_levers_can_be_named(study: Study) -> None:
    baseline = study.scenario("baseline", PLAN)
    found = ask(baseline, "gdp", ["china/exports growth 2026-2027", "jinhua/gdp growth 2026"])
    assert [r.lever.series for r in found.responses] == ["china/exports", "jinhua/gdp"]
    with pytest.raises(ValueError, match="'exports' is no lever; expected series, measure"):
        ask(baseline, "gdp", ["exports"])
    with pytest.raises(ScenarioError, match="jinhua/freight is not forecast"):
        ask(baseline, "gdp", ["jinhua/freight growth 2027"])


def test_contributions_are_shown_for_what_moves(
    study: Study, outcomes: scenario_words.Outcomes
) -> None:
    outcome = outcomes["external_demand_shock"]
    found = scenario_words.parts(study.evidence, outcome, levers.contributions(outcome))
    assert set(found["Target"]) <= {r.goal.assessment.target["name"] for r in outcome.results}
    assert list(found)[-2:] == ["Without it", "It alone"]


def test_chart_names_the_column_it_lacks() -> None:
    with pytest.raises(ValueError, match="lacks the column"):
        scenario_charts.scenarios(pd.DataFrame({"target": ["a"]}), description="x")

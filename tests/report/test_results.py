from __future__ import annotations

import copy
import dataclasses
import json
from datetime import date
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest

from forecast.facts import fact
from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import reconcile
from forecast.report import results
from forecast.report.outputs.scenarios import scenario_result
from forecast.report.pages.shared import pace_verdict, series_with_pages
from forecast.report.releases import Calendar
from forecast.report.results import SCHEMA_FILE, SCHEMA_VERSION
from forecast.scenarios.spec import RefusedError, Scenario, Statement
from forecast.study import Study
from forecast.targets.assessment import Assessment
from tests.answers import answer
from tests.builders import SCHEMA as TABLES
from tests.conftest import CHEAP, PLAN
from tests.report.conftest import RUN

SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text("utf-8"))
ASSESSED = {
    "gdp", "population", "urbanization", "industrial_output", "trade", "industrial_value_added",
    "rd_share", "express",
}  # fmt: skip

PARTLY = {
    "big_markets", "circle_1h", "circle_2h", "tax_per_mu", "business_rank", "friendly_cities",
}  # fmt: skip


def test_next_and_overdue_releases(study: Study, answers: dict[str, Assessment]) -> None:
    calendar = Calendar(study.evidence, date(2026, 11, 26))
    entries = {key: results.target_result(a, calendar) for key, a in answers.items()}
    assert entries["population"]["next_release"] == {
        "region": "jinhua", "indicator": "population", "covers": "year",
        "period_end": "2026-12-31", "expected_by": "2027-03",
        "publisher": "jinhua_population_bulletin_2024", "dates": 2, "dates_of": "own",
    }  # fmt: skip
    overdue = entries["population"]["overdue_releases"]
    assert [(r["period_end"], r["expected_by"]) for r in overdue] == [("2025-12-31", "2026-03")]
    assert entries["circle_2h"]["next_release"] is None


def by_target(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["target"]: entry for entry in found["targets"]}


# Scenarios ----------------------------------------------------------------------------------------


def test_every_scenario_is_there_with_all_its_targets(found: dict[str, Any], study: Study) -> None:
    entries = {entry["scenario"]: entry for entry in found["scenarios"]}
    assert list(entries) == list(study.scenarios())
    paths = {goal.name for goal in study.joint(PLAN).goals}
    for entry in entries.values():
        assert entry["status"] == "applied"
        assert {target["target"] for target in entry["targets"]} == paths
        assert len(entry["at_least"]) == len(paths)
        scenario = study.scenarios()[entry["scenario"]]
        assert (entry["channel"], entry["channel_zh"]) == (scenario.channel, scenario.channel_zh)
        outcome = study.scenario(scenario, PLAN)
        linked = {goal.name: outcome.reliable(goal) for goal in outcome.joint.goals}
        assert {t["target"]: t["reliable_link"] for t in entry["targets"]} == linked
    assert {t["reliable_link"] for e in entries.values() for t in e["targets"]} == {True, False}
    for target in entries["baseline"]["targets"]:
        page = by_target(found)[target["target"]]
        assert target["probability"] == pytest.approx(page["probability"], abs=0.005)
    assert entries["baseline"]["distance"] == 0 < entries["rd_push"]["distance"]


def test_refused_scenario_keeps_its_reason() -> None:
    boom = Scenario("Boom", [Statement("jinhua/gdp", "growth", 80, 2027)])
    entry = scenario_result(boom, RefusedError("Boom: out of reach", fact("refused-unmet")), PLAN)
    assert (entry["status"], entry["reason"]) == ("refused", "Boom: out of reach")
    assert entry["targets"] == []
    assert entry["statements"][0]["value"] == 80
    whole = results.results([], RUN, [entry])
    jsonschema.Draft202012Validator(SCHEMA).validate(whole)


# The schema ---------------------------------------------------------------------------------------


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    entry = SCHEMA["properties"]["targets"]["items"]
    assert set(entry["required"]) == set(entry["properties"])


@pytest.mark.parametrize("column", ["kind", "comparison"])
def test_schema_knows_every_kind_and_comparison_of_the_tables(column: str) -> None:
    fields = next(t for t in TABLES["resources"] if t["name"] == "targets")["schema"]["fields"]
    stated = next(f for f in fields if f["name"] == column)["constraints"]["enum"]
    told = SCHEMA["properties"]["targets"]["items"]["properties"][column]["enum"]
    assert set(told) == set(stated)


def test_schema_and_program_name_the_same_fields(found: dict[str, Any]) -> None:
    fields = SCHEMA["properties"]["targets"]["items"]["properties"]
    for entry in found["targets"]:
        assert list(entry) == list(fields)
    assert set(SCHEMA["properties"]["run"]["required"]) == set(found["run"])


def test_real_results_are_valid_and_plain_json(found: dict[str, Any]) -> None:
    text = json.dumps(found, allow_nan=False, ensure_ascii=False)
    again = json.loads(text)
    assert again == found  # only what JSON knows, so that nothing changes by being written
    jsonschema.Draft202012Validator(SCHEMA).validate(again)


def without_a_field(entry: dict[str, Any]) -> None:
    del entry["probability"]


def beyond_one(entry: dict[str, Any]) -> None:
    entry["probability"] = 1.2


def in_percent_as_text(entry: dict[str, Any]) -> None:
    entry["probability"] = "3 %"


def assessed_without_a_probability(entry: dict[str, Any]) -> None:
    entry["probability"] = None


def unknown_status(entry: dict[str, Any]) -> None:
    entry["status"] = "maybe"


def further_field(entry: dict[str, Any]) -> None:
    entry["odds"] = 0.1


@pytest.mark.parametrize(
    "damage",
    [without_a_field, beyond_one, in_percent_as_text, assessed_without_a_probability,
     unknown_status, further_field],
)  # fmt: skip
def test_schema_refuses(found: dict[str, Any], damage: Any) -> None:
    wrong = copy.deepcopy(found)
    damage(by_target(wrong)["gdp"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)


def test_fault_of_the_program_is_not_published(answers: dict[str, Assessment]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        results.results(list(answers.values()), {**RUN, "seed": "2027"})


# The entries --------------------------------------------------------------------------------------


def test_every_target_of_the_plan_has_one_entry(found: dict[str, Any], study: Study) -> None:
    table = study.evidence.targets
    wanted = table.loc[table["plan"] == PLAN, "target"].tolist()
    assert [entry["target"] for entry in found["targets"]] == wanted
    assert len(wanted) == 18
    assert {(e["plan"], e["scenario"]) for e in found["targets"]} == {(PLAN, "baseline")}


def test_status_of_every_target(found: dict[str, Any]) -> None:
    status = {target: entry["status"] for target, entry in by_target(found).items()}
    assert {t for t, s in status.items() if s in ("assessed", "already_met")} == ASSESSED
    assert {t for t, s in status.items() if s == "partly_known"} == PARTLY
    assert {t for t, s in status.items() if s == "already_met"} == {"trade"}
    for target, entry in by_target(found).items():
        assert (entry["probability"] is not None) == (target in ASSESSED)
        assert (entry["reason"] == "") == (target in ASSESSED)


def test_entry_says_what_the_answer_says(
    found: dict[str, Any], answers: dict[str, Assessment]
) -> None:
    for target, entry in by_target(found).items():
        said = answers[target]
        assert entry["probability"] == said.probability
        assert entry["required_growth"] == said.required
        assert entry["verdict"] == pace_verdict(said)
        assert entry["page"] == f"{target}.html"
        assert entry["families"] == said.by_family
        if said.probability is None:
            assert entry["quantiles"] == entry["first_year"] == {}
            continue
        assert {"damped_drift", "drift"} <= set(entry["families"]) <= set(CHEAP)
        values = [entry["quantiles"][q] for q in sorted(entry["quantiles"])]
        assert values == sorted(values)
        assert {"0.05", "0.50", "0.95"} <= set(entry["quantiles"])
        assert sum(entry["first_year"].values()) >= 1 - 1e-9
        floor = entry["probability_floor"]
        assert floor <= entry["probability"] <= 1 - floor
        assert entry["probability_low"] <= entry["probability"] <= entry["probability_high"]
        draws = entry["probability_draws"]
        assert entry["probability"] == pytest.approx(np.clip(draws, floor, 1 - floor))
        assert entry["past_cases"] > 50
        assert 0.7 <= entry["past_coverage_80"] <= 0.95


def test_every_probability_lies_within_its_floor(found: dict[str, Any]) -> None:
    """Whatever field it stands in; only the plain share of draws is left as it was counted."""
    floors = {}
    for name, entry in by_target(found).items():
        floor = entry["probability_floor"]
        if floor is None:
            continue
        floors[name] = floor
        said = {f: entry[f"probability{f}"] for f in ("", "_low", "_high", "_strict", "_ever")}
        said |= entry["first_year"] | entry["families"]
        said |= {part["part"]: part["chance"] for part in entry["parts"]}
        if entry["first_year"].get("never") == 0.0:  # a year is known to be the first
            said = {k: p for k, p in said.items() if k not in (*entry["first_year"], "_ever")}
        for field, p in said.items():
            assert p is None or floor <= p <= 1 - floor, (name, field)
    assert len(floors) >= 8
    for scenario in found["scenarios"]:
        for entry in scenario["targets"]:
            floor = floors[entry["target"]]
            assert floor <= entry["probability"] <= 1 - floor
        highest = max((floors[entry["target"]] for entry in scenario["targets"]), default=0.0)
        assert all(highest <= p <= 1 - highest for p in scenario["at_least"].values())


def test_years_end_with_the_quantiles_of_the_target_year(found: dict[str, Any]) -> None:
    for name, entry in by_target(found).items():
        if name not in ASSESSED:
            assert entry["years"] == {}
            continue
        years = list(map(int, entry["years"]))
        assert years == list(range(entry["last_year"] + 1, entry["year"] + 1))
        assert entry["years"][str(entry["year"])] == pytest.approx(entry["quantiles"])


def test_series_hold_their_whole_path(found: dict[str, Any], study: Study) -> None:
    series = {(s["region"], s["indicator"]): s for s in found["series"]}
    assert set(series) <= set(series_with_pages(study, PLAN))
    table = study.history("jinhua", "gdp").table().set_index("year")
    entry = series["jinhua", "gdp"]
    assert (entry["name_zh"], entry["page"]) == ("金华市地区生产总值", "data-jinhua-gdp.html")
    assert list(map(int, entry["years"])) == table.index.tolist()
    assert entry["years"]["2025"]["estimate"] == table.loc[2025, "estimate"]
    assert entry["years"]["2025"]["origin"] == table.loc[2025, "origin"]


def test_sources_are_those_behind_targets_and_series(found: dict[str, Any], study: Study) -> None:
    keys = [source["source"] for source in found["sources"]]
    rows = study.evidence.observations
    gdp = rows[(rows["region"] == "jinhua") & (rows["indicator"] == "gdp")]
    assert set(gdp["source"]) | {study.evidence.plan(PLAN)["source"]} <= set(keys)
    assert keys == sorted(set(keys))
    assert {source["copy"] for source in found["sources"]} == {True, False}


def test_value_that_is_another_series_is_null(found: dict[str, Any]) -> None:
    entry = by_target(found)["tax_per_mu"]
    assert entry["value"] is entry["threshold"] is None


def test_year_that_is_past_has_a_valid_entry() -> None:
    results.results([answer(value=200.0, year=2020)], RUN)


def test_short_history_has_a_valid_entry() -> None:
    from tests.targets.test_assess import levels

    (entry,) = results.results([answer(levels(n=2))], RUN)["targets"]
    assert entry["status"] == "not_assessable"
    assert entry["required_growth"] is not None


def test_milestones_say_what_the_plan_implied_and_when_the_median_meets_it(
    found: dict[str, Any],
) -> None:
    gdp = by_target(found)["gdp"]
    path, before = gdp["milestones"], {row["year"]: row for row in gdp["milestones"]["years"]}
    assert (path["base_year"], path["lacking"], path["ends"]) == (2021, None, [10000.0, 9500.0])
    start = before[2021]["value"]
    assert path["implied_growth"][0] == pytest.approx(100 * ((10000 / start) ** (1 / 6) - 1))
    assert before[2025]["implied"] == pytest.approx(start * (10000 / start) ** (4 / 6))
    assert before[2025]["gap"] == pytest.approx(100 * (7313 / before[2025]["implied"] - 1))
    assert before[2027]["probability"] == gdp["probability"]
    now, last, years = before[2025]["value"], before[2027]["value"], 0
    while last * (last / now) ** (years / 2) < 9500:
        years += 1
    assert gdp["met_in_median"] == 2027 + years
    population = by_target(found)["population"]
    assert (population["met_in_median"], population["met_in_median_not_before"]) == (None, 2035)
    assert by_target(found)["friendly_cities"]["milestones"] is None


# What has to come out (issue 2) -------------------------------------------------------------------


def year_of(history: History, year: int) -> Any:
    return history.table().set_index("year").loc[year]


def test_trade_of_2023_follows_from_2024_and_its_growth(study: Study) -> None:
    row = year_of(study.history("jinhua", "trade"), 2023)
    assert row["estimate"] == pytest.approx(7695, rel=0.01)
    assert row["low"] < 7695 < row["high"]


def test_gdp_of_2023_is_brought_through_the_census_step(study: Study) -> None:
    row = year_of(study.history("jinhua", "gdp"), 2023)
    assert 6450 < row["estimate"] < 6650
    assert row["origin"] != "published"
    assert row["low"] < row["estimate"] < row["high"]


def test_gdp_before_the_census_is_brought_to_the_same_basis(study: Study) -> None:
    history = study.history("jinhua", "gdp")
    step = history.steps.set_index("basis").loc["census4"]
    assert 3 < step["percent"] < 12
    rows = history.observations
    old = rows[(rows["basis"] == "census4") & (rows["measure"] == "level") & (rows["bound"] == "")]
    old = old[(old["mark"] == "") & old["used"] & ~old["outlier"].astype(bool)]
    assert len(old) >= 10
    for year, value in zip(old["year"], old["canonical"], strict=True):
        assert value * 1.02 < year_of(history, year)["estimate"] < value * 1.13, year


def test_gdp_target_is_all_but_impossible(found: dict[str, Any]) -> None:
    entry = by_target(found)["gdp"]
    assert entry["probability_draws"] < 0.05
    assert entry["probability"] == entry["probability_floor"] < 0.1
    assert entry["last_year"] == 2025
    assert entry["last_value"] == pytest.approx(7313, rel=0.01)
    assert entry["verdict"] == "accelerate"
    assert entry["quantiles"]["0.95"] < 9500


def test_trade_target_is_met_and_the_question_is_whether_it_stays(
    found: dict[str, Any], study: Study
) -> None:
    entry = by_target(found)["trade"]
    assert entry["status"] == "already_met"
    assert study.history("jinhua", "trade").published(2025) == 10508.6
    assert entry["first_year"] == {"2025": 1.0, "never": 0.0}
    assert entry["probability_ever"] == 1.0
    assert 0.5 < entry["probability"] < 1


@pytest.mark.parametrize(
    ("target", "low", "high"),
    [("population", 715, 745), ("urbanization", 72, 76), ("rd_share", 2.4, 3.2),
     ("industrial_value_added", 2200, 3200), ("express", 180, 500)],
)  # fmt: skip
def test_middle_of_the_forecast_is_what_an_economist_would_call_sane(
    found: dict[str, Any], target: str, low: float, high: float
) -> None:
    assert low < by_target(found)[target]["quantiles"]["0.50"] < high


def test_wrong_row_among_the_real_ones_is_named_and_hardly_counts(study: Study) -> None:
    evidence = study.evidence
    rows = evidence.observations.copy()
    rows = rows[(rows["region"] != "jinhua") | (rows["indicator"] == "gdp")]
    before = reconcile(dataclasses.replace(evidence, observations=rows), "jinhua", "gdp")
    model = rows[(rows["region"] == "jinhua") & (rows["period"] == "2019")]
    model = model[(model["measure"] == "level") & (model["bound"] == "")].iloc[[0]]
    wrong = model.assign(observation="wrong", value=model["value"] * 1.4)
    changed = dataclasses.replace(
        evidence, observations=pd.concat([rows, wrong], ignore_index=True)
    )
    after = reconcile(changed, "jinhua", "gdp")
    named = after.observations.loc[after.observations["outlier"].astype(bool), "observation"]
    assert "wrong" in named.tolist()
    np.testing.assert_allclose(after.values(), before.values(), rtol=0.01)

"""Forecasts by others stand on the pages beside ours, with their outcome, in both languages."""

from __future__ import annotations

import dataclasses
import json

import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.expectations.forecasts import fulfilled
from forecast.facts import Amount
from forecast.forecasting.model_pool import Options
from forecast.reconciliation.reconcile import reconcile_all
from forecast.report.pages import expectations as others
from forecast.resources import CALIBRATION
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from tests.expectations.test_update import expected, rows
from tests.report.markup import unmarked
from tests.targets.test_assess import MANY
from tests.worlds import statement, world

EN, ZH = unmarked("en"), unmarked("zh")


def known() -> Evidence:
    return world([
        *rows(), expected(2024, 9.0, published="2024-01-20"),
        statement(2024, 8.0, measure="growth"),
        expected(2026, 2.0, bound="lower", status="target", published="2026-01-20"),
        expected(2026, 2.5, bound="upper", status="target", published="2026-01-20"),
    ])  # fmt: skip


def asked(evidence: Evidence, outside: str) -> Assessment:
    options = Options(800, outside=outside)
    return assess(
        evidence,
        "plan",
        "goal",
        options,
        record=MANY,
        histories=reconcile_all(evidence),
        quick=False,
    )


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return known()


@pytest.fixture(scope="module")
def answer(evidence: Evidence) -> Assessment:
    return asked(evidence, "all")


def test_note_gives_both_medians(evidence: Evidence, answer: Assessment) -> None:
    text = others.note(EN, evidence, answer)
    alone = asked(evidence, "none")
    assert answer.paths is not None
    assert answer.quantiles[0.5] < alone.quantiles[0.5]
    assert answer.paths.without[-1] == pytest.approx(alone.quantiles[0.5], rel=1e-6)
    for tell in (EN, ZH):
        for figure in (answer.quantiles[0.5], alone.quantiles[0.5]):
            told = tell.write(Amount(figure, "亿元"))
            assert told in others.note(tell, evidence, answer)
    head = "## Forecasts by others\n\nOne forecast by others, for City, is part of this answer. "
    assert text.startswith(f"{head}With it the median for 2027 is ")
    assert others.note(EN, evidence, alone) == ""
    assert others.table(EN, evidence, alone).empty


def test_note_tells_the_record_of_such_forecasts(evidence: Evidence, answer: Assessment) -> None:
    learned = json.loads(CALIBRATION.read_text(encoding="utf-8"))["outside"]
    bias = abs(learned["bias"][learned["lead"].index(1.0)])
    assert f"growth was on average {bias:.1f} percentage points below the forecast" in others.note(
        EN, evidence, answer
    )
    told = others.note(ZH, evidence, answer)
    assert f"对{learned['countries']}个国家的增长预测估计" in told
    assert f"实际增速平均比预测低{bias:.1f}个百分点" in told


def test_table_holds_theirs_beside_ours(evidence: Evidence, answer: Assessment) -> None:
    (row,) = others.table(EN, evidence, answer).to_dict("records")
    assert (row["For"], row["Year"], row["Published"]) == ("City", "2026", "January 2026")
    assert row["Forecast"] == "2% to 2.5%, nominal (target)"
    assert "Government of City" in row["Forecaster"]
    assert answer.paths is not None
    seen = answer.paths.expected.iloc[0]
    assert 2.25 < seen["combined"] < seen["ours"]
    assert seen["least"] < seen["combined"] < seen["most"]
    told = (EN.write(Amount(seen[name], "%")) for name in ("combined", "least", "most"))
    median, least, most = (text.strip("%") for text in told)
    assert row["Ours (90% interval)"] == f"{median}% ({least}% to {most}%)"
    assert row["Our median"] == "higher; theirs is within our 90% interval"
    (chinese,) = others.table(ZH, evidence, answer).to_dict("records")
    assert chinese["预测值"] == "2%—2.5%，现价（预期目标）"
    assert "City政府" in chinese["预测机构"]


def test_page_of_the_series_shows_the_outcome(evidence: Evidence) -> None:
    past, future = others.series_table(EN, evidence, "city", "gdp").to_dict("records")
    assert (past["Year"], past["Forecast"], past["Outcome"]) == ("2024", "9%, nominal", "8%")
    assert (future["Year"], future["Outcome"]) == ("2026", "")
    assert others.series_note(EN, evidence, "city", "gdp").startswith("## Forecasts by others\n\n")
    nothing = world(rows())
    assert others.series_note(EN, nothing, "city", "gdp") == ""
    assert others.series_table(EN, nothing, "city", "gdp").empty


def test_names_from_the_data_are_text_not_markup(answer: Assessment) -> None:
    evidence = known()
    regions = evidence.regions.assign(name="<b>City</b>")
    hostile = dataclasses.replace(evidence, regions=regions)
    for table in (
        others.series_table(EN, hostile, "city", "gdp"), others.table(EN, hostile, answer),
    ):  # fmt: skip
        assert "<b>" not in table.to_html(escape=False)


def test_a_copy_on_another_site_is_not_linked() -> None:
    evidence = known()
    sources = evidence.sources.assign(url="https://stats.gov.cn/book", copy="")
    linked, copied = (
        others.series_table(EN, dataclasses.replace(evidence, sources=table), "city", "gdp")
        for table in (sources, sources.assign(copy="mirror"))
    )
    assert linked["Forecaster"].str.contains("https://stats.gov.cn").all()
    assert not copied["Forecaster"].str.contains("http").any()


def test_target_of_another_plan_stands_beside_ours_and_bears_on_nothing(
    answer: Assessment,
) -> None:
    evidence = planned()
    later = dataclasses.replace(answer, target=evidence.target("later", "more"))
    note = others.note(EN, evidence, answer, [later])
    assert note.endswith(
        "The target of another plan stands in the table for comparison; it does not affect the "
        "forecast."
    )
    mine, theirs = others.table(EN, evidence, answer, [later]).to_dict("records")
    assert mine["Forecast"] == "2% to 2.5%, nominal (target)"
    assert (theirs["Published"], theirs["Year"]) == ("2026", "2030")
    assert ">Later</a>" in theirs["Forecaster"]
    assert theirs["Forecast"] == "more than 90 billion yuan (plan)"
    assert theirs["Our median"] == "lower; theirs is above our 90% interval"
    (_, chinese) = others.table(ZH, evidence, answer, [later]).to_dict("records")
    assert chinese["预测值"] == "超过900亿元（规划）"


def planned() -> Evidence:
    """Return the evidence with a plan to 2030 and one whose year is over."""
    evidence = known()
    plan, goal = evidence.plans.iloc[0], evidence.targets.iloc[0]
    more = [
        {**plan, "plan": "later", "name": "Later", "adopted": "2026", "horizon": 2030},
        {**plan, "plan": "past", "name": "Past", "adopted": "2019", "horizon": 2024},
    ]
    goals = [
        {**goal, "plan": "later", "target": "more", "comparison": "exceed", "value": 900.0,
         "year": 2030},
        {**goal, "plan": "past", "target": "less", "comparison": "at_least", "value": 900.0,
         "year": 2023},
    ]  # fmt: skip
    return dataclasses.replace(
        evidence,
        plans=pd.concat([evidence.plans, pd.DataFrame(more)], ignore_index=True),
        targets=pd.concat([evidence.targets, pd.DataFrame(goals)], ignore_index=True),
        sources=evidence.sources.assign(copy="", url="https://stats.gov.cn/plan"),
    )


def test_like_targets_are_judged_by_what_was_published(answer: Assessment) -> None:
    evidence = planned()
    rows = [row for row in evidence.records["city", "gdp"] if row["measure"] == "level"]
    level = next(row["canonical"] for row in rows if row["year"] == 2023)
    (_, came, met) = others.like(evidence, answer)[-1]
    assert (came, met) == (level, level >= 900)
    found = others.like(evidence, answer)
    text = others.like_note(EN, evidence, answer, found)
    assert "one earlier target on GDP whose outcome is published; it was missed." in text
    (row,) = others.like_table(EN, evidence, answer, found).to_dict("records")
    assert (row["Year"], row["Met"]) == ("2023", "no")
    assert ">Past</a>" in row["Forecaster"]
    assert others.like_note(ZH, known(), answer, []) == ""


def test_yearly_target_is_met_from_its_figure_on() -> None:
    targets = [
        expected(2023, 7.0, status="target", published="2023-01-20"),
        expected(2024, 8.5, bound="lower", status="target", published="2024-01-20"),
        expected(2024, 9.0, bound="upper", status="target", published="2024-01-20"),
        statement(2023, 7.0, measure="growth"),
        statement(2024, 8.0, measure="growth"),
    ]
    found = fulfilled(world([*rows(), *targets]), "gdp")
    assert [(e.year, came, met) for e, came, met in found] == [
        (2023, 7.0, True),
        (2024, 8.0, False),
    ]

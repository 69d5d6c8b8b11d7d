"""Targets of every kind in the folder of an invented country: the sentences, word by word."""

from __future__ import annotations

from typing import Any

import pytest

from forecast.report.pages import shared, statements
from forecast.report.pages.pictures import dots, fan
from forecast.report.pages.target import kinds, pace, parts, record
from forecast.study import Study, open_study
from forecast.targets.assessment import Assessment
from forecast.targets.pseudo_targets import recorded
from tests import norland
from tests.report.markup import unmarked

EN, ZH = unmarked("en"), unmarked("zh")

FALL = {"indicator": "emissions", "unit": "万吨", "comparison": "at_most"}
TARGETS: dict[str, tuple[dict[str, Any], str, str]] = {
    "double": (
        {"indicator": "gdp", "kind": "growth", "start": 2015, "comparison": "at_least",
         "value": 100, "unit": "%"},
        "growth of at least 100% from 2015 to 2030",
        "2015—2030年累计增长100%以上",
    ),
    "halve": (
        {**FALL, "kind": "growth", "start": 2010, "value": -50, "unit": "%"},
        "a fall of at least 50% from 2010 to 2030",
        "2010—2030年累计下降50%以上",
    ),
    "slowly": (
        {**FALL, "kind": "growth", "start": 2020, "comparison": "between", "value": -3,
         "value_to": -1, "unit": "% per year"},
        "a fall of 1% to 3% a year from 2020 to 2030",
        "2020—2030年年均下降1%—3%",
    ),
    "steady": (
        {"indicator": "unemployment", "kind": "growth", "start": 2022, "comparison": "between",
         "value": -2, "value_to": 2, "unit": "pp"},
        "a change of −2 to 2 percentage points from 2022 to 2030",
        "2022—2030年累计变动−2至2个百分点",
    ),
    "ahead": (
        {"indicator": "gdp", "kind": "growth", "start": 2026, "comparison": "exceed", "value": 4,
         "unit": "% per year"},
        "growth of more than 4% a year from 2026 to 2030",
        "2026—2030年年均增长超过4%",
    ),
    "early": (
        {"indicator": "gdp", "kind": "growth", "start": 2001, "comparison": "at_least",
         "value": 100, "unit": "%"},
        "growth of at least 100% from 2001 to 2030",
        "2001—2030年累计增长100%以上",
    ),
    "idx": (
        {**FALL, "kind": "growth", "start": 2010, "comparison": "below", "value": 60,
         "unit": "index"},
        "below 60 in 2030 (2010 = 100)",
        "2030年（2010年=100）低于60",
    ),
    "head": (
        {"indicator": "gdp", "per": "population", "kind": "ratio", "comparison": "at_least",
         "value": 120000, "unit": "元 / 人"},
        "at least 120,000 yuan per person in 2030",
        "2030年达到120000元/人以上",
    ),
    "peers": (
        {"region": "east", "indicator": "unemployment", "kind": "comparison",
         "reference_region": "west;south;north", "comparison": "below", "value": 60, "unit": "%"},
        "below 60% of the mean of West, South and North in 2030",
        "2030年低于西省、南省和北省平均值的60%",
    ),
    "place": (
        {"region": "south", "indicator": "gdp", "kind": "rank", "items": "east;west;north;isles",
         "comparison": "rank_within", "value": 2, "unit": "rank"},
        "place 2 or better among 5 in 2030",
        "2030年在5个地区中进入前2名",
    ),
    "budget": (
        {**FALL, "kind": "cumulative", "start": 2021, "value": 33000},
        "at most 330 million tonnes in all from 2021 to 2030",
        "2021—2030年累计不超过33000万吨",
    ),
    "jobless": (
        {"indicator": "unemployment", "comparison": "below", "value": 7.5, "unit": "%"},
        "below 7.5% in 2030",
        "2030年低于7.5%",
    ),
    "kept": ({**FALL, "value": 4000}, "at most 40 million tonnes in 2030", "2030年不超过4000万吨"),
    "lone": (
        {"indicator": "patents", "kind": "growth", "start": 2020, "comparison": "at_most",
         "value": 10, "unit": "%"},
        "growth of at most 10% from 2020 to 2030",
        "2020—2030年累计增长不超过10%",
    ),
    "nothing": (
        {"region": "east", "indicator": "patents", "kind": "growth", "start": 2020,
         "comparison": "at_least", "value": 10, "unit": "%"},
        "growth of at least 10% from 2020 to 2030",
        "2020—2030年累计增长10%以上",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    rows = [{"target": key, "name": key.title(), "name_zh": "目标", **row}
            for key, (row, _, _) in TARGETS.items()]  # fmt: skip
    keep = {("norland", "patents"): [2023]}  # a series of one figure
    folder = norland.write(tmp_path_factory.mktemp("norland") / "data", rows, keep)
    return open_study(folder, draws=600).quick()


@pytest.fixture(scope="module")
def answers(study: Study) -> dict[str, Assessment]:
    return {key: study.assess(key) for key in TARGETS}


def test_goals_are_told_as_plans_tell_them(answers: dict[str, Assessment]) -> None:
    for key, (_, en, zh) in TARGETS.items():
        assert shared.title(EN, answers[key]) == f"{key.title()}: {en}"
        assert shared.title(ZH, answers[key]) == f"目标：{zh}"


@pytest.mark.parametrize(
    ("key", "en", "zh"),
    [
        ("double", "The level of the base year, 2015, was 343.3 billion yuan. "
         "The change until 2024 was 55.1%.",
         "基年2015年为3433亿元。至2024年累计变动55.1%。"),
        ("halve", "Reaching −50% requires −6.5% a year in the 6 years 2025 to 2030. The "
         "figure fell by 2.8% a year over the past 5 years.",
         "达到−50%，2025—2030年需年均下降6.5%。此前5年年均下降2.8%。"),
        ("ahead", "The base year, 2026, is still ahead; the level of 2024 was 532.3 billion yuan.",
         "基年2026年尚未到来；2024年为5323亿元。"),
        ("early", "No figure of the base year, 2001, is known; the first is of 2004.",
         "基年2001年无数据，现有数据始于2004年。"),
        ("idx", "The index stood at 74.7 in 2024.", "2024年指数为74.7。"),
        ("head", "It was 95,883 yuan per person in 2024.", "2024年为95883元/人。"),
        ("peers", "In 2024 it was 64.0% of the figure it is compared with.",
         "2024年为对比数值的64.0%。"),
        ("place", "By the figures of 2024 the place is 3 of 5.",
         "按2024年数据，在5个地区中居第3位。"),
        ("budget", "Staying within 330 million tonnes leaves 31.8",
         "不超过33000万吨，2025—2030年可用年均318"),
        ("kept", "This meets the target (at most 40 million tonnes in 2030).",
         "该水平已达到目标，即2030年不超过4000万吨"),
        ("lone", "One published statement bears on it; it is listed below.",
         "相关公开数据条目共1条，见下表。"),
        ("nothing", "An assessment requires yearly levels from the base year, 2020, on; if that "
         "year is still ahead, for several years up to now. No published figure was found.",
         "评估需有自基年2020年起的年度数据；基年尚未到来的，需有截至目前的多年年度数据。"),
    ],
)  # fmt: skip
def test_leads(answers: dict[str, Assessment], key: str, en: str, zh: str) -> None:
    assert en in kinds.lead(EN, answers[key])
    assert zh in kinds.lead(ZH, answers[key])


def test_record_is_that_of_every_series_a_figure_is_computed_from(
    study: Study, answers: dict[str, Assessment]
) -> None:
    """Both series of a ratio are long: the page may not call them too short to test."""
    found = answers["head"]
    horizon = recorded(found.record, 6)
    cases = found.record[found.record["horizon"] == horizon]
    own = cases[cases["series"].isin(["norland/gdp", "norland/population"])]
    assert own["series"].nunique() == 2
    text = record.record(EN, found)
    assert f"In forecasts of the series it is computed from {horizon} years ahead, from " in text
    assert f"the 80% interval covered {int(own['inside'].sum())} of {len(own)} outcomes" in text
    assert "计算本目标所用各序列" in record.record(ZH, found)
    told = parts.table(EN, answers["double"])
    assert told["Series"].tolist() == ["Norland: GDP"]
    listed = statements.table(EN, study.evidence, found.known)
    assert set(listed["Indicator"]) == {"GDP", "Population"}
    assert "Indicator" not in statements.table(EN, study.evidence, answers["double"].known)


@pytest.mark.parametrize(
    ("key", "en", "zh"),
    [
        ("halve", "**The fall has to be faster.** Required: −6.5% a year.", "**降幅需扩大**。"),
        ("budget", "**The yearly amounts have to fall.** Allowed: 31.8",
         "**年度数额需降低**。尚可用年均318"),
        ("kept", "**The target is met and has to be maintained.** The target would still be met at "
         "+3.1% a year.", "**目标已提前实现，需巩固**。即使年均增长3.1%，仍可达标。"),
        ("jobless", "**The fall has to be faster.**", "**降幅需扩大**。"),
    ],
)  # fmt: skip
def test_paces(answers: dict[str, Assessment], key: str, en: str, zh: str) -> None:
    assert en in pace.pace(EN, answers[key])
    assert zh in pace.pace(ZH, answers[key])


def test_figures_have_charts_of_their_own(answers: dict[str, Assessment]) -> None:
    for key in ("double", "slowly", "steady", "ahead", "head", "peers", "place", "budget"):
        found = answers[key]
        assert len(dots.dots(EN, found)) == dots.DOTS
        drawn = fan.chart(EN, found)
        assert drawn is not None
        assert drawn.to_dict()["description"].startswith(EN.write(found.name))
        assert fan.chart(ZH, found) is not None
        assert "no past forecasts of the computed figure" in record.record(EN, found)
    assert dots.chart(EN, answers["nothing"]) is None
    years = fan.future(EN, answers["ahead"])["year"]
    assert years.tolist() == [2027, 2028, 2029, 2030]


def test_answers_are_bounded_and_have_an_error(answers: dict[str, Assessment]) -> None:
    for key, found in answers.items():
        if found.probability is None:
            assert key in ("early", "lone", "nothing")
            assert found.missing
            continue
        assert found.floor is not None
        assert found.floor <= found.probability <= 1 - found.floor
        assert found.standard_error is not None
        assert found.standard_error >= 0
    assert answers["budget"].first_year == {}
    assert set(answers["ahead"].first_year) == {"2027", "2028", "2029", "2030", "never"}

"""The page on what one target would take, in both languages."""

from __future__ import annotations

import dataclasses
import re

import altair as alt
import numpy as np
import pytest

from forecast.report.language import LANGUAGES, language
from forecast.report.pages import what_it_takes as page
from forecast.report.pages.what_it_takes.sentences import amount, strongest
from forecast.scenarios.sensitivity import Question, Response, ask
from forecast.scenarios.spec import ScenarioError, Statement
from forecast.study import Study
from tests.conftest import PLAN

EN, ZH = language("en"), language("zh")


@pytest.fixture(scope="module")
def asked(study: Study) -> Question:
    return ask(study.scenario("baseline", PLAN), "industrial_value_added")


@pytest.fixture(scope="module")
def best(asked: Question) -> Response:
    found = strongest(asked.responses)
    assert found is not None
    return found


def only(asked: Question, response: Response) -> Question:
    return dataclasses.replace(asked, responses=(response,))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_are_drawn_and_described(lang: str, study: Study, asked: Question) -> None:
    tell, evidence = language(lang), study.evidence
    specs = []
    for draw in (page.tornado, page.response, page.surface, page.required):
        chart = draw(tell, evidence, asked)
        assert isinstance(chart, alt.LayerChart)
        spec = chart.to_dict()
        assert len(spec["description"]) > 30
        assert spec["width"] == "container"
        specs.append(spec)
    titles = {
        "en": ("Probability of Industrial value added, each figure low and high",
               "Probability of Industrial value added by the value of one related figure",
               "Probability of Industrial value added for combinations of two figures, in 100",
               "Expected path, and the path that just reaches the target value"),
        "zh": ("工业增加值：各因素取低值和高值时的实现概率",
               "工业增加值：实现概率与单个关联因素的关系",
               "工业增加值：两项关联因素不同组合下的实现概率（%）",
               "预测路径与恰好达到目标值的路径"),
    }  # fmt: skip
    assert tuple(spec["title"]["text"] for spec in specs) == titles[lang]


def test_probabilities_of_a_chart_are_in_100(study: Study, asked: Question, best: Response) -> None:
    spec = page.response(EN, study.evidence, asked).to_dict()  # type: ignore[union-attr]
    shown = [r["probability"] for rows in spec["datasets"].values() for r in rows if len(r) == 2]
    assert shown == pytest.approx(list(100 * best.probability[best.far <= 3 + 1e-9]))
    assert spec["layer"][-1]["encoding"]["y"]["scale"]["domain"] == [0, 100]
    assert spec["layer"][-1]["encoding"]["y"]["axis"]["title"] == "probability, in 100"


def test_amounts_of_a_path_are_in_the_unit_of_the_language(study: Study, asked: Question) -> None:
    assert asked.goal is not None
    ends = {}
    for tell in (EN, ZH):
        spec = page.required(tell, study.evidence, asked).to_dict()  # type: ignore[union-attr]
        (rows,) = spec["datasets"].values()
        ends[tell.lang] = rows[-1]["value"]  # of the path that just reaches the target value
    assert ends["zh"] == pytest.approx(asked.goal.assessment.threshold, rel=1e-6)
    assert ends["en"] == pytest.approx(ends["zh"] / 10)


def test_page_of_a_target_without_a_forecast(study: Study) -> None:
    nothing = ask(study.scenario("baseline", PLAN), "friendly_cities")
    evidence = study.evidence
    assert nothing.goal is None
    assert page.title(EN, nothing, "Friends") == "# What it would take: Friends"
    assert page.lead(EN, evidence, nothing).startswith("This target has no forecast")
    assert page.lead(ZH, evidence, nothing).startswith("该目标没有可用的预测")
    assert page.takes(EN, evidence, nothing).empty
    assert page.note(EN, nothing) == page.tornado_note(EN, nothing) == ""
    assert page.surface_note(EN, evidence, nothing) == ""
    for part in (page.tornado, page.response, page.surface, page.required):
        assert part(EN, evidence, nothing) is None


def test_lead_gives_the_value_of_an_even_chance(
    study: Study, asked: Question, best: Response
) -> None:
    value = float(best.value[24])
    even = only(asked, dataclasses.replace(best, takes={0.1: 0.0, 0.5: value, 0.9: None}))
    assert asked.goal is not None
    falls = asked.outcome.result(asked.goal).probability > 0.5
    told = page.lead(EN, study.evidence, even)
    assert re.match(r"Probability of meeting the target: about \d+ in 100\. \*\*The prob", told)
    verb = "falls" if falls else "rises"
    figure = EN.write(amount(study.evidence, best.figure, value))
    assert f"**The probability {verb} to 50 in 100 where the following figure is {figure}" in told
    chinese = page.lead(ZH, study.evidence, even)
    assert chinese.endswith(f"）时，实现概率{'降' if falls else '升'}至50%**。")
    assert ZH.write(amount(study.evidence, best.figure, value)) in chinese


def test_lead_where_no_figure_makes_the_chance_even(
    study: Study, asked: Question, best: Response
) -> None:
    evidence = study.evidence
    assert asked.goal is not None
    falls = asked.outcome.result(asked.goal).probability > 0.5
    never = dataclasses.replace(best, takes=dict.fromkeys((0.1, 0.5, 0.9)))
    told = page.lead(EN, evidence, only(asked, never))
    verb = "fall" if falls else "rise"
    assert f"**The probability does not {verb} to 50 in 100 when a single related figure" in told
    assert "It varies most, from about " in told
    assert "均不会" in page.lead(ZH, evidence, only(asked, never))
    flat = only(asked, dataclasses.replace(never, probability=np.full_like(best.probability, 0.5)))
    assert "**The probability stays as it is when any one related figure varies by up to 3" in (
        page.lead(EN, evidence, flat)
    )
    assert "实现概率均无变化**。" in page.lead(ZH, evidence, flat)
    assert list(page.takes(EN, evidence, flat)["For 50 in 100"]) == ["–"]
    assert page.response_note(EN, evidence, flat) == ""
    assert page.surface_note(EN, evidence, flat) == ""
    assert page.response(EN, evidence, flat) is None
    assert page.surface(EN, evidence, flat) is None


@pytest.mark.parametrize(("target", "verb"), [("rd_share", "rises"), ("express", "falls")])
def test_lead_of_what_is_unlikely_and_of_what_is_likely(
    study: Study, target: str, verb: str
) -> None:
    asked = ask(study.scenario("baseline", PLAN), target)
    best = strongest(asked.responses)
    assert best is not None
    even = dataclasses.replace(best, takes={0.1: None, 0.5: float(best.value[30]), 0.9: None})
    told = page.lead(EN, study.evidence, only(asked, even))
    assert f"**The probability {verb} to 50 in 100 where" in told


def test_lead_under_a_scenario(study: Study) -> None:
    asked = ask(study.scenario("rd_push", PLAN), "gdp", ["china/gdp growth 2026-2027"])
    assert page.lead(EN, study.evidence, asked).startswith(
        "Probability of meeting the target under the scenario “R&D push”: fewer than "
    )
    assert page.lead(ZH, study.evidence, asked).startswith(
        "在“研发投入加快”情景下，目标实现概率低于"
    )


def test_value_far_off_is_marked(study: Study, asked: Question, best: Response) -> None:
    far = dataclasses.replace(best, takes={0.1: None, 0.5: float(best.value[-1]), 0.9: None})
    assert "(6 sd off)" in page.takes(EN, study.evidence, only(asked, far))["For 50 in 100"][0]
    chinese = page.takes(ZH, study.evidence, only(asked, far))
    assert "（偏离6个标准差）" in chinese["实现概率为50%"][0]
    assert list(chinese) == ["关联因素", "预测值", *(f"实现概率为{p}%" for p in (10, 50, 90))]


@pytest.mark.parametrize(
    ("figure", "value", "en", "zh"),
    [
        (Statement("jinhua/gdp", "growth", 1, 2027), -10.0, "−10%", "−10%"),
        (Statement("jinhua/gdp", "growth", 1, 2027), 4.26, "4.3%", "4.3%"),
        (Statement("jinhua/rd_share", "change", 1, 2027), 0.114,
         "+0.11 percentage points", "+0.11个百分点"),
        (Statement("jinhua/gdp", "level", 1, 2027), 8400.4, "840 billion yuan", "8400亿元"),
    ],
)  # fmt: skip
def test_amounts(study: Study, figure: Statement, value: float, en: str, zh: str) -> None:
    told = amount(study.evidence, figure, value)
    assert (EN.write(told), ZH.write(told)) == (en, zh)


def test_figures_can_be_named(study: Study) -> None:
    baseline = study.scenario("baseline", PLAN)
    found = ask(baseline, "gdp", ["china/exports growth 2026-2027", "jinhua/gdp growth 2026"])
    assert [r.figure.series for r in found.responses] == ["china/exports", "jinhua/gdp"]
    assert list(page.takes(EN, study.evidence, found)["Related figure"]) == [
        "Exports of goods, China: growth a year, 2026 to 2027",
        "Gross domestic product, Jinhua: growth, 2026",
    ]
    assert page.surface_note(ZH, study.evidence, found).endswith(
        "横轴：2026—2027年中国货物出口额年均增速；纵轴：2026年金华市地区生产总值增速。"
    )
    alone = dataclasses.replace(found, pair=found.pair[:1])
    assert page.surface_note(EN, study.evidence, alone).endswith(
        "Fewer than two related figures can be varied."
    )
    with pytest.raises(ValueError, match="'exports' is no figure to vary; expected series"):
        ask(baseline, "gdp", ["exports"])
    with pytest.raises(ScenarioError, match="jinhua/freight is not forecast"):
        ask(baseline, "gdp", ["jinhua/freight growth 2027"])


def test_no_path_to_a_target_out_of_reach(study: Study) -> None:
    asked = ask(study.scenario("baseline", PLAN), "population")
    told = page.required(EN, study.evidence, asked)
    assert (
        "No simulated path leads to the target value. Permanent residents, Jinhua: level of 8"
        in (
            told.data  # type: ignore[union-attr]
        )
    )
    chinese = page.required(ZH, study.evidence, asked)
    assert "没有模拟路径能够达到目标值。2027年金华市年末常住人口水平为800万人。" in (
        chinese.data  # type: ignore[union-attr]
    )

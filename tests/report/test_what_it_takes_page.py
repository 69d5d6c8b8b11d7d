"""The page on what one target would take, in both languages."""

from __future__ import annotations

import dataclasses

import altair as alt
import pytest

from forecast.dependence.links import Link
from forecast.report.language import LANGUAGES, language
from forecast.report.pages import what_it_takes as page
from forecast.report.pages.what_it_takes.sentences import amount, relation, strongest
from forecast.scenarios.sensitivity import Question, Response, ask
from forecast.scenarios.spec import ScenarioError, Statement
from forecast.study import Study
from tests.conftest import PLAN
from tests.report.markup import unmarked

EN, ZH = unmarked("en"), unmarked("zh")


@pytest.fixture(scope="module")
def asked(study: Study) -> Question:
    return ask(study.scenario("baseline", PLAN), "industrial_value_added")


@pytest.fixture(scope="module")
def best(asked: Question) -> Response:
    found = strongest(asked)
    assert found is not None
    return found


def only(asked: Question, *responses: Response) -> Question:
    return dataclasses.replace(asked, responses=responses)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_tell_a_finding_and_give_their_figures(
    lang: str, study: Study, asked: Question
) -> None:
    tell, evidence = language(lang), study.evidence
    share = ask(study.scenario("baseline", PLAN), "rd_share")
    drawn = [draw(tell, evidence, asked) for draw in (page.tornado, page.response)]
    for chart in (*drawn, page.required(tell, evidence, share)):
        assert isinstance(chart, alt.LayerChart)
        spec = chart.to_dict()
        assert len(spec["description"]) > 30
        assert spec["width"] == "container"
        assert any(sign.isdigit() for sign in spec["title"]["text"])
        assert "100" in spec["title"]["subtitle"]
        assert spec["usermeta"]["figures"]["data"]


def test_probabilities_of_a_chart_are_in_100(study: Study, asked: Question, best: Response) -> None:
    spec = page.response(EN, study.evidence, asked).to_dict()  # type: ignore[union-attr]
    shown = [r["probability"] for rows in spec["datasets"].values() for r in rows if len(r) == 2]
    assert shown == pytest.approx(list(100 * best.probability))
    assert spec["layer"][-1]["encoding"]["y"]["scale"]["domain"] == [0, 100]
    assert spec["layer"][-1]["encoding"]["y"]["axis"]["title"] == "probability, in 100"


def test_amounts_of_a_path_are_in_the_unit_of_the_language(study: Study) -> None:
    asked = ask(study.scenario("baseline", PLAN), "gdp")
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
    assert page.related(EN, evidence, nothing) == []
    assert page.path_head(EN, nothing) == ""
    for part in (page.tornado, page.response, page.required):
        assert part(EN, evidence, nothing) is None


def test_lead_gives_the_growth_it_takes_and_how_often_it_was_reached(study: Study) -> None:
    gdp = ask(study.scenario("baseline", PLAN), "gdp")
    told = page.lead(EN, study.evidence, only(gdp))
    assert "**It takes growth of 14.0% a year on average in 2026 to 2027.**" in told
    assert (
        "periods of 2 years with data or estimates (overlapping), the pace needed was reached"
        in told
    )
    chinese = page.lead(ZH, study.evidence, only(gdp))
    assert "**实现目标需2026—2027年年均增长14.0%**。" in chinese


def test_lead_of_a_likely_target_tells_what_would_break_it(study: Study) -> None:
    trade = ask(study.scenario("baseline", PLAN), "trade")
    told = page.lead(EN, study.evidence, only(trade))
    assert "**It is missed only if the figure falls by more than 4.9% a year on average in" in told
    assert "with data or estimates (overlapping), the pace was never too slow." in told
    assert "，目标才会落空**。" in page.lead(ZH, study.evidence, only(trade))
    assert page.path_head(EN, trade) == ""
    assert page.required(EN, study.evidence, trade) is None


def test_lead_gives_the_value_of_an_even_chance(
    study: Study, asked: Question, best: Response
) -> None:
    value = float(best.value[12])
    even = only(asked, dataclasses.replace(best, even=value))
    figure = EN.write(amount(study.evidence, best.figure, value))
    told = page.lead(EN, study.evidence, even)
    assert f"For a 50 in 100 chance, the following figure would have to be {figure} instead" in told
    assert "实现概率方为50%。" in page.lead(ZH, study.evidence, even)
    never = only(asked, dataclasses.replace(best, even=None))
    assert "For a 50 in 100" not in page.lead(EN, study.evidence, never)


def test_own_figures_come_first_and_what_was_left_out_is_counted(
    study: Study, asked: Question
) -> None:
    shown = page.related(language("en"), study.evidence, asked)
    texts = [part.data for part in shown if part is not None]
    assert "### Figures of Jinhua itself" in texts[1]
    assert "the target’s own figure" in texts[2]
    assert "### Outside conditions" in texts[3]
    assert "Zhejiang" in texts[4] or "China" in texts[4]
    assert "Jinhua" not in texts[4]
    assert texts[-1].startswith(f"{asked.unlinked + asked.still} further figures were tried and")
    assert "lever" not in "".join(texts).lower()


ZERO = "to the target (the 90% interval of the correlation of past errors includes zero)"
NEVER = "and never to 50 in 100 within 3 standard deviations."


@pytest.mark.parametrize(
    ("unlinked", "still", "en", "zh"),
    [
        (
            30,
            2,
            "32 related figures were tried, and not one moves the probability noticeably: 30 have "
            f"no reliable link {ZERO}, and 2 with a reliable link change it by less than 3 in 100 "
            f"between the ends of their 90% forecast intervals, {NEVER}",
            "共检验32项关联指标，均不能使实现概率明显变动：30项与目标无可靠关联（历史预测误差",
        ),
        (
            1,
            0,
            f"One related figure was tried. It has no reliable link {ZERO}.",
            "共检验1项关联指标，均不能使实现概率明显变动：1项与目标无可靠关联（历史预测误差",
        ),
        (
            0,
            1,
            "One related figure was tried. It has a reliable link to the target, but changes the "
            "probability by less than 3 in 100 between the ends of its 90% forecast interval, "
            f"{NEVER}",
            "共检验1项关联指标，均不能使实现概率明显变动：1项有可靠关联，但在其90%预测区间两端",
        ),
        (
            0,
            0,
            "No other figure of the data has a record of past forecasts to be related to the "
            "target.",
            "数据中没有其他指标具备可与该目标相联系的历史预测记录。",
        ),
    ],
)
def test_page_where_nothing_moves_has_one_sentence(
    study: Study, asked: Question, unlinked: int, still: int, en: str, zh: str
) -> None:
    evidence = study.evidence
    nothing = dataclasses.replace(asked, responses=(), unlinked=unlinked, still=still)
    (told,) = page.related(EN, evidence, nothing)
    assert told is not None
    assert told.data.replace("\xa0", " ") == en
    (told,) = page.related(ZH, evidence, nothing)
    assert told is not None
    assert told.data.startswith(zh)
    assert page.tornado(EN, evidence, nothing) is page.response(EN, evidence, nothing) is None


def test_lead_under_a_scenario(study: Study) -> None:
    asked = ask(study.scenario("rd_push", PLAN), "gdp", ["china/gdp growth 2026-2027"])
    assert page.lead(EN, study.evidence, asked).startswith(
        "Probability of meeting the target under the scenario “R&D push”: fewer than "
    )
    assert page.lead(ZH, study.evidence, asked).startswith(
        "在“研发投入加快”情景下，目标实现概率低于"
    )


def test_relations_in_words(best: Response) -> None:
    told = {
        kind: relation(dataclasses.replace(best, relation=kind, link=Link(0.82, 0.47, 0.95, 8.2)))
        for kind in ("self", "part", "link", "")
    }
    assert {kind: EN.write(cell) for kind, cell in told.items()} == {
        "self": "the target’s own figure",
        "part": "accounting (part or whole)",
        "link": "correlation +0.82 (+0.47 to +0.95), 8 years",
        "": "no reliable link",
    }
    assert ZH.write(told["link"]) == "相关系数+0.82（+0.47至+0.95），8年"


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
    inside, outside = (
        list(page.takes(EN, study.evidence, found, inside=side)["Related figure"])
        for side in (True, False)
    )
    assert inside == ["Gross domestic product, Jinhua: growth, 2026"]
    assert outside == ["Exports of goods, China: growth a year, 2026 to 2027"]
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

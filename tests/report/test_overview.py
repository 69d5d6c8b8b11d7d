"""The overview of a plan, in both languages."""

from __future__ import annotations

import dataclasses
import html
import re

import pandas as pd
import pytest

from forecast.facts import Chance
from forecast.report import charts
from forecast.report.language import LANGUAGES, Language
from forecast.report.pages import overview as page
from forecast.report.pages import shared
from forecast.report.pages.target.answer.thin import is_thin
from forecast.study import Study
from forecast.targets.assessment import Assessment
from tests.answers import GAPS, answer
from tests.conftest import PLAN
from tests.report.markup import Tags, unlinked, unmarked

EN, ZH = unmarked("en"), unmarked("zh")
BOTH = pytest.mark.parametrize("tell", [EN, ZH], ids=LANGUAGES)


def text_of(table: pd.DataFrame) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "·", "·".join(table.astype(str).to_numpy().ravel())))


# The findings -------------------------------------------------------------------------------------


def test_lead_names_every_target_with_a_chance_once(answers: dict[str, Assessment]) -> None:
    for tell, bracket in ((EN, " ("), (ZH, "（")):
        text = page.lead(tell, list(answers.values()))
        for found in answers.values():
            name = tell.write(found.name)
            assert text.count(f"{name}{bracket}") == (found.probability is not None), name
        assert GAPS.search(text.replace("\n\n", "")) is None


def test_lead_counts_the_targets(answers: dict[str, Assessment]) -> None:
    text = unlinked(page.lead(EN, list(answers.values())))
    assert text.startswith("**Of 18 targets, 8 can be given a probability today; of these, ")
    assert "10 targets cannot be given a probability yet; for 6 of them, part of what" in text
    assert re.search(r"to be met\.\*\*\n\n(- [^\n]+: [^\n]+\.\n){3,}- On thin evidence", text)
    text = page.lead(ZH, list(answers.values()))
    assert text.startswith("**18项目标中，目前可给出实现概率的有8项，其中")
    assert "另有10项目标暂不能给出实现概率，其中6项所需数据部分可得。" in text
    one = page.lead(EN, [answers["gdp"]])
    assert one.startswith("**Of 1 target, 1 can be given a probability today; 0 more likely than")
    assert "cannot be given" not in one


def test_lead_on_targets_that_figures_decided() -> None:
    met, missed = answer(value=100.0, year=2020), answer(value=300.0, year=2020)
    text = page.lead(EN, [met, missed])
    assert "Already met: Goal (as published). Not met, as published: Goal." in text
    assert "in 100" not in text
    text = page.lead(ZH, [met, missed])
    assert "已提前实现：Goal（以公布数据为准）。未实现（以公布数据为准）：Goal。" in text


def test_level_that_is_reached_has_a_chance_to_stay(answers: dict[str, Assessment]) -> None:
    trade = answers["trade"]
    chance = EN.write(Chance(trade.probability or 0.0, trade.floor))
    said = f"Already met: Imports and exports ({chance} to remain met)."
    assert said in page.lead(EN, [trade])


@BOTH
def test_no_gap_in_any_title(tell: Language, answers: dict[str, Assessment]) -> None:
    for target, found in answers.items():
        text = shared.title(tell, found)
        gap = GAPS.search(text)
        assert gap is None, f"{target}: {gap and gap.group()!r} in {text!r}"
        assert str(found.year) in text


# The chart ----------------------------------------------------------------------------------------


def rows_of(chart: object) -> list[dict]:
    return next(iter(chart.to_dict()["datasets"].values()))  # type: ignore[attr-defined]


@BOTH
def test_chart_says_what_the_table_says(tell: Language, answers: dict[str, Assessment]) -> None:
    rows = rows_of(page.chart(tell, list(answers.values())))
    assert len(rows) == sum(a.probability is not None for a in answers.values())
    by_name = {tell.write(a.name): a for a in answers.values()}
    for row in rows:
        found = by_name[row["target"]]
        assert row["said"] == page.chance(tell, found)
        assert found.probability is not None
        assert found.floor is not None
        if row["probability"] is None:  # a limit: drawn as what it leaves, and what models give
            below = found.probability < 0.5
            edges = (0.0, found.floor) if below else (1 - found.floor, 1.0)
            assert row["low"] == pytest.approx(min(edges[0], found.probability_low), rel=1e-6)
            assert row["high"] == pytest.approx(max(edges[1], found.probability_high), rel=1e-6)
        else:
            assert row["low"] <= row["probability"] <= row["high"]
            assert row["probability"] == pytest.approx(found.probability, rel=1e-6)
    assert page.chart(tell, []) is None


def test_targets_stand_in_the_order_of_the_plan(answers: dict[str, Assessment]) -> None:
    rows = rows_of(page.chart(EN, list(answers.values())))
    known = [EN.write(a.name) for a in answers.values() if a.probability is not None]
    assert [row["target"] for row in rows] == known


@BOTH
def test_chart_is_described_in_the_language(tell: Language, answers: dict[str, Assessment]) -> None:
    chart = page.chart(tell, list(answers.values()))
    assert chart is not None
    spec = charts.mimebundle(chart.to_dict(), tell.lang)[charts.MIME]
    for found in answers.values():
        told = tell("overview-chart-one", target=found.name, chance=page.chance(tell, found))
        assert (told in spec["description"]) == (found.probability is not None)


# Tables -------------------------------------------------------------------------------------------


@BOTH
def test_summary_has_a_line_and_a_link_for_every_target(
    tell: Language, answers: dict[str, Assessment]
) -> None:
    found = page.summary(tell, list(answers.values()))
    assert len(found) == 18
    for target, cell in zip(answers, found[tell("overview-col-target")], strict=True):
        assert f'href="{target}.html"' in cell
    assert GAPS.search(text_of(found)) is None


def test_summary_gives_chance_level_and_pace(answers: dict[str, Assessment]) -> None:
    found = page.summary(EN, list(answers.values())).set_index(pd.Index(answers))
    for target, a in answers.items():
        if a.probability is None:
            assert found.loc[target, "Probability"].startswith(("not assessable", "partly known"))
            assert found.loc[target, "Pace"] == ""
        else:
            said = EN.write(Chance(a.probability, a.floor, short=True))
            thin = " (thin)" if is_thin(a) else ""
            first, _, more = html.unescape(found.loc[target, "Probability"]).partition("<br>")
            assert first == f"{said}{thin}"
            ends = [Chance(p, a.floor, bare=True) for p in (a.probability_low, a.probability_high)]
            low, high = map(EN.write, ends)
            assert (f": {low} to {high}</small>" in more) == (low != high)
            assert more.startswith("<small>single models: ") or not more
    assert found.loc["trade", "Pace"] == "hold"
    some = dataclasses.replace(answers["gdp"], required=4.8, achieved={3: 2.9, 5: 7.1})
    for tell, told in ((EN, "keep the 5-year pace"), (ZH, "保持近5年增速")):
        assert page.summary(tell, [some])[tell("overview-col-pace")].tolist() == [told]
    assert found.loc["trade", "Last known"] == "1,050.86 billion yuan (2025)"
    assert found.loc["gdp", "Needed a year"].endswith("%")
    assert found.loc["rd_share", "Needed a year"].endswith("pp")


def test_summary_in_chinese(answers: dict[str, Assessment]) -> None:
    found = page.summary(ZH, list(answers.values())).set_index(pd.Index(answers))
    assert found.loc["trade", "最近数据"] == "10508.6亿元（2025年）"
    assert found.loc["trade", "增速要求"] == "保持水平"
    assert found.loc["gdp", "规划目标"] == "2027年10000亿元左右"
    assert found.loc["rd_share", "尚需年均增速"].endswith("个百分点")
    assert found.loc["circle_30min", "实现概率"] == "暂不具备评估条件"


@pytest.mark.parametrize(
    ("change", "en", "zh"),
    [
        ({"probability": 1.0, "floor": None}, "met, as published", "已实现（公布数据）"),
        ({"probability": 0.0, "floor": None}, "not met, as published", "未实现（公布数据）"),
        ({"probability": 0.31, "floor": 0.05}, "31 in 100", "31%"),
        ({"probability": 0.05, "floor": 0.05}, "< 5 in 100", "<5%"),
        (
            {"probability": 0.31, "floor": 0.05, "status": "judgement"},
            "31 in 100 (judgement)",
            "31%（专家判断）",
        ),
        ({"probability": None, "status": "partly_known"}, "partly known", "部分数据可得"),
        (
            {"probability": None, "status": "not_assessable"},
            "not assessable yet",
            "暂不具备评估条件",
        ),
    ],
)
def test_chance_in_a_cell(change: dict, en: str, zh: str) -> None:
    found = dataclasses.replace(answer(value=300.0), **change)
    assert page.chance(EN, found) == en
    assert page.chance(ZH, found) == zh


@BOTH
def test_series_link_to_pages_that_are_made(tell: Language, study: Study) -> None:
    found = page.series(tell, study, PLAN)
    addresses = [Tags(cell).found[0][1]["href"] for cell in found[tell("overview-col-series")]]
    assert addresses == [shared.page_name(r, i) for r, i in shared.series_with_pages(study, PLAN)]
    assert found[tell("overview-col-statements")].ge(1).all()
    assert GAPS.search(text_of(found)) is None
    estimates = found.set_index(pd.Index(addresses))[tell("overview-col-estimate")]
    assert tell("overview-no-path") != estimates["data-jinhua-gdp.html"]
    unit = {"en": "billion yuan", "zh": "亿元"}[tell.lang]
    assert estimates["data-jinhua-gdp.html"].endswith(unit)

"""What is missing and what it would tell, in both languages."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from forecast.facts import fact
from forecast.report.pages import gaps
from forecast.study import Study
from forecast.targets.assessment import Assessment, Missing
from tests.report.markup import unmarked
from tests.targets.test_assess import levels
from tests.targets.test_types import COUNT, RANK, TIME
from tests.targets.test_value_of_information import FRIENDS, dated, found
from tests.worlds import statement, world

EN, ZH = unmarked("en"), unmarked("zh")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "cache"))


def test_alike_figures_are_told_together() -> None:
    evidence = world(levels())
    level, time = fact("missing-level"), fact("missing-time")
    years = [
        Missing(region, "gdp", str(year), level)
        for region in ("city", "province")
        for year in (2021, 2022, 2023)
    ]
    assert gaps.figures(EN, evidence, years).endswith(
        ", City and Province: yearly level (each year 2021 to 2023)"
    )
    name = str(evidence.indicator("gdp")["name"])  # the world has no Chinese names
    told = gaps.figures(ZH, evidence, years)
    assert told == f"City和Province{name}：年度数据（2021—2023年各年）"
    two = [Missing("city", "gdp", "2021", level), Missing("city", "gdp", "2024", level)]
    assert gaps.figures(EN, evidence, two).endswith("yearly level (2021 and 2024)")
    day = [Missing("city", "gdp", "2026-04-16", time), Missing("city", "gdp", "", level)]
    assert gaps.figures(EN, evidence, day) == (
        f"{name}, City: fastest scheduled time (up to 16 April 2026); {name}, City: yearly level"
    )


@pytest.mark.parametrize(
    ("goal", "case", "other"),
    [
        (
            {**FRIENDS, "unit": "count"},
            "0 in all up to 31 December 2024",
            "截至2024年12月31日累计0个",
        ),
        (
            {"kind": "rank", "comparison": "rank_within", "value": 20.0, **RANK},
            "rank 10 in 2022 and 2023",
            "2022年和2023年排名第10位",
        ),
        (
            {"kind": "legs", "items": "city;province", "value": 60, "comparison": "at_most",
             **TIME},
            "both missing journeys take 60 minutes or less today",
            "两条缺数据的线路目前运行时间均不超过60分钟",
        ),
        (
            {"value": 200.0, "indicator": "exports"},
            "16 billion yuan in 2023, after growth of 2% a year",
            "2023年为160亿元，此前年均增长2%",
        ),
        (
            {"kind": "markets", "items": "city;province", "value": 200.0, "indicator": "exports"},
            "City and Province: 16 billion yuan in 2023, after growth of 5% a year",
            "City和Province2023年为160亿元，此前年均增长5%",
        ),
        (
            {"kind": "comparison", "reference_region": "province", "value": float("nan"),
             "indicator": "exports"},
            "80% of the other figure in 2023",
            "2023年为对比地区数值的80%",
        ),
    ],
)  # fmt: skip
def test_supposed_figures_of_each_kind(goal: dict[str, Any], case: str, other: str) -> None:
    goal = {k: v for k, v in goal.items() if k != "prices"}
    study, answer, (gap,) = found([], **goal)
    shown = gaps.what_if(EN, [gap])
    assert list(shown.columns) == ["Suppose", "Probability then"]
    assert shown["Suppose"][0] == case
    assert gaps.what_if(ZH, [gap])["假设"][0] == other
    assert len(shown) == len(gap.what_if)
    note = gaps.note(EN, [gap])
    assert note.startswith("## How much the next data could change this\n\nExamples: ")
    assert ("steady growth" in note) == ("growth" in case)
    assert gaps.note(EN, [gap], bounded=True).startswith(note)
    assert "takes the place of the published parts" in gaps.note(EN, [gap], bounded=True)
    for tell in (EN, ZH):
        missing = gaps.missing(tell, study.evidence, answer)
        assert gaps.figures(tell, study.evidence, answer.missing) in missing


def test_a_line_that_is_missing_is_supposed() -> None:
    rows = [
        statement(2024, 150, bound="lower", **TIME),
        statement(2024, 50, region="province", **TIME),
    ]
    goal = {"kind": "legs", "items": "city;province", "value": 60, "comparison": "at_most", **TIME}
    _, _, (gap,) = found(rows, **{k: v for k, v in goal.items() if k != "prices"})
    told = gaps.what_if(EN, [gap])["Suppose"].tolist()
    assert told[0] == "the journey takes 60 minutes or less today"
    assert told[1] == "a line opens about 2026, give or take a year: City in 60 minutes"


def test_figures_that_move_a_chance() -> None:
    study, _, some = found(dated(), value=262.0)
    shown = gaps.what_if(EN, some)
    assert shown["Figure"][0] == f"level of {some[0].figures[0].period}"
    n = round(100 * (some[0].change or 0))
    assert shown["Probability moves by"][0] == f"{n} percentage points"
    assert gaps.what_if(ZH, some)["实现概率平均变动"][0] == f"{n}个百分点"
    narrower = f"{some[0].narrower:.0f}%"
    assert gaps.effect(EN, some[0]) == (
        f"would move the probability by {n} percentage points on average and narrow the "
        "interval by "
        f"{narrower}"
    )
    assert gaps.effect(ZH, some[0]) == f"可使实现概率平均变动{n}个百分点，预测区间收窄{narrower}"
    assert "on average, up or down" in gaps.note(EN, some)
    head = gaps.next_figures(EN, study.evidence, some)
    assert list(head.columns) == ["Figure", "Target", "Effect"]
    assert 'href="goal.html"' in head["Target"][0]


def test_effect_of_what_opens_a_target() -> None:
    row = statement("2024-03-28", 1, measure="event", **COUNT)
    _, _, (gap,) = found([row], **FRIENDS, unit="count")
    assert gaps.effect(EN, gap).startswith("would give a probability (")
    assert gaps.effect(EN, gap).endswith("by the value supposed)")
    _, _, (two,) = found([], kind="rank", comparison="rank_within", value=20.0, **{
        k: v for k, v in RANK.items() if k != "prices"})  # fmt: skip
    assert gaps.effect(EN, two).startswith("together, these 2 figures would give a probability (")
    assert gaps.effect(ZH, two).startswith("获得全部2项数据后即可给出实现概率（各示例中为")
    none = gap.what_if.assign(probability=float("nan"))
    assert gaps.what_if(EN, [type(gap)(**{**vars(gap), "what_if": none})])["Probability then"][
        0
    ] == ("still none")


def test_nothing_missing_is_told_as_nothing() -> None:
    evidence = world(levels())
    _, answer, _ = found(levels(), value=250.0)
    assert gaps.missing(EN, evidence, answer) == gaps.missing_line(EN, evidence, answer) == ""
    assert gaps.note(EN, []) == ""
    assert isinstance(gaps.next_figures(EN, evidence, []), pd.DataFrame)
    assert gaps.next_figures(EN, evidence, []).empty
    assert gaps.missing_table(EN, evidence, [answer]).empty


def test_what_is_missing_is_told_for_every_target_without_a_chance(
    study: Study, answers: dict[str, Assessment]
) -> None:
    found = gaps.missing_table(EN, study.evidence, list(answers.values()))
    without = [a for a in answers.values() if a.probability is None]
    assert len(found) == len(without) == 10
    assert found["Missing"].str.len().gt(20).all()
    assert found["Status"].tolist() == ["partly known"] * 6 + ["not assessable yet"] * 4
    assert sorted(found["Data points"]) == sorted(str(len(a.known)) for a in without)
    chinese = gaps.missing_table(ZH, study.evidence, list(answers.values()))
    assert chinese["评估状态"].tolist() == ["部分数据可得"] * 6 + ["暂不具备评估条件"] * 4
    assert chinese["数据条目数"].tolist() == found["Data points"].tolist()
    known = [a for a in answers.values() if a.probability is not None]
    assert gaps.missing_table(EN, study.evidence, known).empty

"""What the pages tell of targets that are no yearly level, in both languages."""

from __future__ import annotations

import dataclasses
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from forecast.facts import Chance
from forecast.report import results
from forecast.report.language import Language
from forecast.report.outputs import workbook
from forecast.report.pages import overview
from forecast.report.pages.target import glance, judgement, kinds, meaning, parts
from forecast.report.releases import Calendar
from forecast.study import Study
from forecast.targets.assessment import Assessment
from forecast.targets.revisions import Preliminary
from tests.answers import GAPS
from tests.report.markup import unmarked
from tests.targets import test_parts as wholes
from tests.targets.test_assess import levels
from tests.targets.test_judgement import ask as judge
from tests.targets.test_judgement import judged
from tests.targets.test_types import (
    CIRCLE,
    RANK,
    TIME,
    ask,
    event,
    friends,
    openings,
    places,
    tally,
)
from tests.worlds import statement

EN, ZH = unmarked("en"), unmarked("zh")


def in_province(rows: list[dict[str, Any]], factor: float = 1.0) -> list[dict[str, Any]]:
    return [{**row, "region": "province", "value": factor * row["value"]} for row in rows]


def chance(tell: Language, found: Assessment) -> str:
    return tell.write(Chance(found.probability or 0.0, found.floor))


# Every target of the frozen city ------------------------------------------------------------------


def every_text(tell: Language, found: Assessment) -> list[str]:
    table = parts.table(tell, found)
    return [
        kinds.lead(tell, found),
        kinds.brief(tell, found),
        kinds.method(tell, found).replace("\n\n", "\n"),
        *map(str, table.columns),
        *(str(cell) for cell in table.to_numpy().ravel()),
    ]


@pytest.mark.parametrize("tell", [EN, ZH])
def test_no_text_has_a_gap(tell: Language, answers: dict[str, Assessment]) -> None:
    for target, found in answers.items():
        for text in every_text(tell, found):
            assert not GAPS.search(text), f"{target}: {text}"


def test_status_and_reason_stand_where_there_is_no_probability(
    answers: dict[str, Assessment],
) -> None:
    for found in answers.values():
        if found.probability is None and found.bound is None:
            assert found.reason is not None
            for tell, heads in (
                (EN, ("**Partly known: no", "**Not assessable yet: no")),
                (ZH, ("**部分数据可得，不给出概率**。", "**暂不具备评估条件，不给出概率**。")),
            ):
                text = kinds.lead(tell, found)
                assert text.startswith(heads[0 if found.status == "partly_known" else 1])
                assert tell.write(found.reason) in text


# Counts -------------------------------------------------------------------------------------------


def test_events_are_named_with_their_day() -> None:
    named = {"note": "Town (Land): signed", "note_zh": "镇（国）：签约"}
    rows = [event("2024-03-28", **named), event("2025", note="")]
    found = friends(rows)
    assert kinds.lead(EN, found) == (
        "**Partly known: no probability is given.** At least 2 since the adoption of the plan: "
        "Town (Land) on 28 March 2024; event in 2025. The target is more than 10 new ones by 2027. "
        "No complete count since the adoption of the plan has been published: dated events alone "
        "are a lower bound, and it is not known how complete their list is."
    )
    told = kinds.lead(ZH, found)
    assert "规划通过以来至少有2个：镇（国）（2024年3月28日）；事件（2025年）。" in told
    assert (kinds.brief(EN, found), kinds.brief(ZH, found)) == ("at least 2", "至少2个")
    assert parts.heading(EN, found) == "## Event by event"
    assert parts.table(EN, found)["Last known"].tolist() == ["1 (28 March 2024)", "1 (2025)"]
    assert parts.table(ZH, found)["最近数据"][0] == "1个（2024年3月28日）"


def test_a_count_and_what_came_after_it() -> None:
    rows = [tally("2025-06-30", 6), event("2025-08-15")]
    found = friends(rows)
    text = kinds.lead(EN, found)
    assert "6 were counted from the adoption of the plan to 30 June 2025. One more" in text
    assert f": {chance(EN, found)}.**" in text
    low, mid, high = (f"{found.quantiles[q]:.0f}" for q in (0.05, 0.5, 0.95))
    outlook = f"The median forecast of the number by 2027 is {mid} (90% interval {low} to {high})."
    assert outlook in text
    assert f"累计数的预测中位数为{mid}，90%预测区间为{low}—{high}。" in kinds.lead(ZH, found)
    assert kinds.brief(EN, found) == "7"
    method = kinds.method(EN, found)
    assert "(a Poisson process; the rate has the prior of Jeffreys)" in method
    assert "sampling error" not in method  # the probability is exact
    assert parts.table(ZH, found)["事件"].tolist() == ["事件", "规划通过以来累计"]


def test_nothing_known_of_events() -> None:
    assert "No dated event since the adoption of the plan is in the data." in kinds.lead(
        EN, friends([])
    )


def test_enough_events_are_met_as_published() -> None:
    found = friends([event(f"2023-{m:02d}-01") for m in range(1, 12)])
    assert kinds.lead(EN, found).startswith("**Met, as published.** At least 11 since")
    text = kinds.lead(ZH, found)
    assert text.startswith("**目标已实现（以公布数据为准）**。")
    assert text.endswith("目标为到2027年新增超过10个。")


# Journeys -----------------------------------------------------------------------------------------


def test_journeys_are_told_by_state() -> None:
    rows = [statement(2024, 100, **TIME), statement(2024, 150, region="province", **TIME)]
    slow = ask(rows, **CIRCLE)
    assert (
        "Within 120 minutes by the latest published time: 1 of 2 journeys (City). Not within 120 "
        "minutes when last published, and no announced line changes that by 2027: 1 of 2 "
        "(Province). On average 1."
    ) in kinds.lead(EN, slow)
    assert "2条线路中有1条不超过120分钟（City）。" in kinds.lead(ZH, slow)
    line = openings(("province", "line", 110, "2026-01-01", "2027-12-31", "2029-12-31"))
    due = ask(rows, line, **CIRCLE)
    assert "Due to become fast enough when an announced line opens: 1 of 2" in kinds.lead(EN, due)
    (_, from_line) = parts.table(EN, due)["From"]
    assert from_line == "opening of line"
    assert parts.table(ZH, due)["依据"][1] == "line开通"
    half = ask(rows[:1], **CIRCLE)
    assert "Not known: 1 of 2 (Province)." in kinds.lead(EN, half)
    assert "An assessment requires the fastest scheduled time" in kinds.lead(EN, half)
    assert parts.table(EN, half)["State"].tolist() == ["met", "unknown"]


def test_bounds_of_a_time_are_told() -> None:
    found = ask([statement(2023, 120, bound="upper", **TIME)], **CIRCLE)
    assert parts.table(EN, found)["Last known"].tolist() == ["at most 120 minutes (2023)", "–"]
    assert parts.table(ZH, found)["最近数据"].tolist() == ["不超过120分钟（2023年）", "–"]


# Ranks --------------------------------------------------------------------------------------------


def test_ranks_of_one_index() -> None:
    found = places([statement(2023, 22, **RANK), statement(2024, 15, **RANK)])
    text = kinds.lead(EN, found)
    assert text.startswith("**Already met; it is ")
    assert "that it remains met in 2027: " in text
    assert "In 2024 the rank was 15; 2 editions are known." in text
    assert "The median forecast of the rank in 2027 is 15 (90% interval" in text
    assert "2024年排名第15位；已知2个年度的榜单。" in kinds.lead(ZH, found)
    assert kinds.brief(EN, found) == "rank 15 (2024)"


def test_a_doubtful_list_is_called_so() -> None:
    rows = [statement(2023, 50, **RANK), statement(2024, 40, mark="low_quality", **RANK)]
    found = places(rows)
    assert (
        "2 lists in the data give a rank; the latest is 40 in 2024. That entry is marked: doubtful "
        "source or definition."
    ) in kinds.lead(EN, found)
    assert kinds.brief(EN, found) == "rank 40 (2024, doubtful)"
    assert kinds.brief(ZH, found) == "第40位（2024年，存疑）"
    one = places(rows[:1])
    assert "One list in the data gives a rank: 50 in 2023. An" in kinds.lead(EN, one)


# Markets, comparisons, sums -----------------------------------------------------------------------


def test_markets_and_their_joint_range() -> None:
    limit = ask(levels()).quantiles[0.5]
    rows = [*levels(), *in_province(levels())]
    found = ask(rows, kind="markets", items="city;province", value=limit)
    method = kinds.method(EN, found)
    assert "Each market is forecast by itself" in method
    low, high = (
        EN.write(Chance(p or 0.0, found.floor))
        for p in (found.probability_low, found.probability_high)
    )
    assert low != high
    told = "Over the ways in which the markets may move together, the probability ranges from "
    told += f"{low} to"
    assert told in method
    half = ask(levels(), kind="markets", items="city;province", value=150.0)
    assert "Province: no published figure in the data." in kinds.lead(EN, half)
    assert kinds.brief(EN, half) == "figures for 1 of 2 markets"
    assert kinds.brief(ZH, half) == "2个市场中1个有数据"
    assert parts.table(EN, half)["State"].tolist() == ["forecast", "no forecast"]


def test_a_comparison_is_in_percent_of_the_other_figure() -> None:
    goal = {"kind": "comparison", "reference_region": "province", "value": float("nan")}
    found = ask([*levels(), *in_province(levels(), 2.0)], **goal)
    low, mid, high = (f"{found.quantiles[q]:.1f}" for q in (0.05, 0.5, 0.95))
    assert (
        f"The median forecast for 2027 is {mid}% of the figure it is compared with (90% interval "
        f"{low}% to {high}%)."
    ) in kinds.lead(EN, found)
    assert f"预测中位数为对比数值的{mid}%，90%预测区间为{low}%—{high}%。" in kinds.lead(ZH, found)
    growth = ask([statement(2024, 5.0, measure="growth")], **goal)
    assert (
        "Last published: City: no yearly figure on today’s basis; Province: no published figure in "
        "the data."
    ) in kinds.lead(EN, growth)
    told = "最近公布的数据：City无现行口径的年度数据；Province未找到已公布的数据。"
    assert told in kinds.lead(ZH, growth)


def test_a_sum_so_far_with_its_estimated_years() -> None:
    rows = [row for row in levels() if row["period"] not in ("2021", "2022")]
    found = ask(rows, kind="cumulative", start=2020, value=3000.0)
    done = found.done
    assert (
        f"From 2020 to 2024 the sum came to {done / 10:.2f} billion yuan. 2021 and 2022 are "
        "estimates. The target is at least 300 billion yuan in all from 2020 to 2027."
    ) in kinds.lead(EN, found)
    assert f"2020—2024年累计{done:.1f}亿元。其中2021年和2022年为估计值。" in kinds.lead(ZH, found)
    states = parts.table(EN, found)["State"].tolist()
    assert states == ["known", "estimated", "estimated", "known", "known", *["forecast"] * 3]
    one = ask(levels(), kind="cumulative", start=2024, value=3000.0)
    assert "The amount for 2024 was " in kinds.lead(EN, one)


# A lower bound ------------------------------------------------------------------------------------


def test_lead_tells_the_bound_and_what_it_assumes() -> None:
    rows = [
        *wholes.at(levels(), "county_a", "north"),
        *wholes.at(levels(), "county_b", "south", 0.5),
    ]
    found = wholes.ask(rows, value=1.17 * float(levels()[-1]["value"]))
    text = kinds.lead(EN, found)
    apart, alone = (int(100 * p + 1e-9) for p in (found.bound.at_least, found.bound.alone))
    said = f"at least {alone} in 100; at least {apart} in 100 if its parts do not overlap"
    head = f"**Partly known, with a lower bound of the probability: {said}.** No total"
    assert text.startswith(head)
    assert "[County a: North](data-county_a-north.html)" in text
    assert "published parts of it, bound it from below. Added up, they come to about " in text
    assert "Whether they overlap has not been published." in text
    in_chinese = f"不低于{alone}%；若各组成部分互不重叠，则不低于{apart}%"
    assert kinds.lead(ZH, found).startswith(
        f"**部分数据可得，仅可给出概率下限：{in_chinese}**。总量尚未公布"
    )
    assert parts.heading(EN, found) == "## Published parts"
    assert "lower bound of the level" in kinds.method(EN, found)
    assert kinds.brief(EN, found).startswith("known parts, added up: about ")
    assert overview.chance(EN, found) == said
    assert overview.chance(ZH, found) == in_chinese
    assert len(parts.table(EN, found)) == 2
    assert [EN.write(name) for name in found.known["place"].unique()] == [
        "County a: North",
        "County b: South",
    ]


def test_no_output_has_the_bound_without_what_it_assumes() -> None:
    rows = [
        *wholes.at(levels(), "county_a", "north"),
        *wholes.at(levels(), "county_b", "south", 0.5),
    ]
    found = wholes.ask(rows, value=1.17 * float(levels()[-1]["value"]))

    def told(alone: float | None, series: int = 2) -> tuple[str, str, pd.DataFrame]:
        bound = dataclasses.replace(
            found.bound, at_least=0.95, alone=alone, series=found.bound.series[:series]
        )
        one = dataclasses.replace(found, bound=bound)
        view = SimpleNamespace(tell=EN, answer=one)
        sheet = workbook._bound(EN, results.target_result(one)["lower_bound"])
        assert parts.bound_short(EN, one) == sheet
        assert glance.chance(view) == f"Lower bound: {sheet}. No more precise figure can be given."
        assert f"({sheet})" in overview.lead(EN, [one])
        return sheet, overview.chance(EN, one), overview.chart_rows(EN, [one])

    sheet, cell, row = told(0.341)
    assert sheet == cell == "at least 34 in 100; at least 95 in 100 if its parts do not overlap"
    # The chart has room for one number: the one that needs no assumption.
    assert row[["low", "high", "said"]].to_numpy().tolist() == [[0.34, 1.0, "at least 34 in 100"]]
    sheet, cell, row = told(None)
    assert sheet == cell == "at least 95 in 100 only if its parts do not overlap"
    assert row.empty
    assert told(0.95, series=1)[0] == "at least 95 in 100"


def test_parts_far_below_the_target_give_no_chance() -> None:
    found = wholes.ask(wholes.at(levels(), "county_a", "north"), value=5000.0)
    assert found.bound.at_least is None
    text = kinds.lead(EN, found)
    assert text.startswith("**Partly known, with a lower bound: no probability is given.** No")
    assert "a published part of it, bounds it from below. It comes to about " in text
    assert "too little for a probability to follow" in text
    assert "不足以据此给出概率。" in kinds.lead(ZH, found)
    assert parts.bound_short(EN, found) == ""
    assert overview.chance(EN, found) == "partly known"


# Judgement ----------------------------------------------------------------------------------------

PLACE = {"kind": "rank", "comparison": "rank_within", "value": 20.0, **RANK}


def test_judgement_alone_is_labelled() -> None:
    rows = [statement(2023, 50, **RANK)]
    found = judge(judged(("A", [10, 20.5, 31]), unit="rank"), rows, **PLACE)
    assert kinds.lead(EN, found).startswith(
        "**A judgement, not a forecast from figures: about even, about 50 in 100.** One expert "
        "judged the figure for 2027: the median is 20, the 90% interval 10 to 31. From published "
        "figures alone no probability can be given. One list in the data gives a rank: 50 in 2023."
    )
    assert kinds.lead(ZH, found).startswith(
        "**专家判断（并非依据数据的预测）：可能性大致各半，实现概率约50%**。1位专家"
    )
    (row,) = judgement.experts(EN, found).to_dict("records")
    assert (row["Expert"], row["Median"], row["90% interval"]) == ("A", "20", "10 to 31")
    assert (row["Distribution"], row["Reason"]) == ("normal", "because")
    assert judgement.experts(ZH, found)["分布"].tolist() == ["正态分布"]
    assert kinds.method(EN, found) == ""


def test_what_was_judged_is_told_where_it_is_no_single_figure() -> None:
    table = judged(("A", [5, 10.5, 16]), unit="count")
    goal = {"kind": "count", "indicator": "friends", "unit": "count", "comparison": "exceed"}
    found = judge(table, levels(n=3), value=10.0, **goal)
    asked = "The figure judged is the number of new ones since the plan was adopted."
    assert asked in kinds.lead(EN, found)
    assert "判断对象为规划通过以来的新增数。" in judgement.section(ZH, found)


def test_judgement_beside_a_forecast_from_figures() -> None:
    found = judge(judged(("A", [100.0, 150.0, 200.0])), levels(), value=250.0)
    text = judgement.section(EN, found)
    assert text.startswith("## What experts judge\n\n**This is judgement, not a forecast")
    assert (
        "Their probability is fewer than 1 in 100; the forecast from figures, which leads" in text
    )
    assert text.endswith(f"gives {chance(EN, found)}.")
    assert judgement.section(EN, dataclasses.replace(found, judgement=None)) == ""


# The deciding release -----------------------------------------------------------------------------


def test_release_of_each_kind(study: Study, answers: dict[str, Assessment]) -> None:
    calendar = Calendar(study.evidence, date(2026, 11, 26))
    for target, en, zh in (
        ("circle_2h", "The timetable on 31 December 2027 decides", "以2027年12月31日的列车运行图"),
        (
            "friendly_cities",
            "The number reached by 31 December 2027",
            "以截至2027年12月31日的累计数",
        ),
        ("business_rank", "The list of 2027 decides. The data do not show", "以2027年榜单为准。"),
        ("new_trade", "The figure for 2027 decides. The data do not show", "以2027年数据为准。"),
        (
            "rd_share",
            "The figure for 2027 decides. It is expected by October 2028 (as 2 earlier releases",
            "以2027年数据为准，预计2028年10月底前发布（依据以往2次",
        ),
    ):
        told = [meaning.release_note(tell, answers[target], calendar, None) for tell in (EN, ZH)]
        assert told[0].startswith(f"## Which release decides\n\n{en}")
        assert told[1].startswith(f"## 以何数据为准\n\n{zh}")


@pytest.mark.parametrize(
    ("pairs", "en", "zh"),
    [
        (0, "The data contain no pair of a preliminary and a later figure", "没有可供对比"),
        (1, "One pair of a preliminary and a later figure in the data differs by", "有1对"),
        (11, "11 pairs of a preliminary and a later figure in the data differ by", "有11对"),
    ],
)
def test_revisions_in_words(
    pairs: int, en: str, zh: str, study: Study, answers: dict[str, Assessment]
) -> None:
    calendar = Calendar(study.evidence)
    found = Preliminary(10508.6, 2025, None, 9.598, 0.5712, 0.8208, pairs)
    text = meaning.release_note(EN, answers["trade"], calendar, found)
    assert "The figure of 1,050.86 billion yuan for 2025 meets the target and is not final." in text
    assert en in text
    assert "0.57%" in text
    assert ("at most by 0.82%." in text) == (pairs > 1)
    assert text.endswith(
        "To miss the target, the figure would have to be revised by more than 9.60%."
    )
    other = meaning.release_note(ZH, answers["trade"], calendar, found)
    assert zh in other
    assert other.endswith("修订幅度须超过9.60%，才会由达标变为不达标。")
    near = dataclasses.replace(found, revised_away=0.3)
    text = meaning.release_note(EN, answers["trade"], calendar, near)
    assert text.endswith("no longer meets the target after revision is about 30 in 100.")
    share = meaning.release_note(EN, answers["rd_share"], calendar, found)
    assert "0.57 percentage points" in share


# Pages --------------------------------------------------------------------------------------------


def test_every_target_has_a_short_state(study: Study, answers: dict[str, Assessment]) -> None:
    told = {target: kinds.brief(EN, found) for target, found in answers.items()}
    assert told["trade"] == "1,050.86 billion yuan (2025)"
    assert told["friendly_cities"].startswith("at least ")
    assert all(kinds.brief(ZH, found) for found in answers.values())
    assert isinstance(parts.table(EN, answers["circle_2h"]), pd.DataFrame)

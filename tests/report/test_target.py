"""What the page on a yearly level tells, in both languages."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from forecast.evidence.loading import load
from forecast.evidence.scales import TRANSFORMS
from forecast.facts import Chance, Interval, Percent, Verdict
from forecast.forecasting.model_pool import Options
from forecast.reconciliation.history import doubted
from forecast.report.language import Language, language, verdict
from forecast.report.pages import overview, shared
from forecast.report.pages.pictures import calibration, dots
from forecast.report.pages.target import meaning, pace, record, thin, uncertainty
from forecast.report.pages.target.answer.lead import by_step, lead, step_table
from forecast.study import Study
from forecast.targets import pseudo_targets
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from forecast.targets.step_sensitivity import ProbabilityAtStep, StepSensitivity
from forecast.verification.reference_record import own as own_cases
from forecast.verification.track_record import LEARNED, NAIVE
from tests.answers import GAPS, answer, old
from tests.conftest import CITY
from tests.report.markup import unmarked
from tests.report.test_track_record_page import forecasts
from tests.targets.test_assess import MANY, levels
from tests.worlds import statement, world

EN, ZH = unmarked("en"), unmarked("zh")
EVIDENCE = load(CITY)


def texts(tell: Language, found: Assessment) -> dict[str, str]:
    """Return every text of the page on a level."""
    told = {
        "title": shared.title(tell, found),
        "lead": lead(tell, found),
        "thin": thin.thin(tell, EVIDENCE, found),
        "pace": pace.pace(tell, found),
        "uncertainty": uncertainty.uncertainty(tell, found),
        "ever": uncertainty.ever(tell, found),
        "record": record.record(tell, found),
        "next_year": record.next_year(tell, EVIDENCE, found),
        "reading": meaning.reading(tell, found),
        "source": meaning.plan_source(tell, EVIDENCE, found),
        "known": meaning.known_note(tell, EVIDENCE, found),
    }
    return {name: text.replace("\n\n", "\n") for name, text in told.items()}


def levels_of(answers: dict[str, Assessment]) -> list[Assessment]:
    return [found for found in answers.values() if found.kind == "level"]


# The answer ---------------------------------------------------------------------------------------


def test_lead_gives_chance_level_outlook_and_need() -> None:
    found = answer(value=300.0, comparison="about", tolerance=10.0)
    assert found.probability is not None
    low, mid, high = (found.quantiles[q] for q in (0.05, 0.5, 0.95))
    text = lead(EN, found)
    chance = EN.write(Chance(found.probability, found.floor))
    assert text.startswith(
        f"**{verdict_of(found)}: {chance}.** It was 22.522 billion yuan in 2024."
    )
    assert f"The median forecast for 2027 is {mid / 10:.2f} billion yuan;" in text
    assert f"lies between {low / 10:.2f} and {high / 10:.2f} billion yuan." in text
    assert "Reaching 27 billion yuan requires +6.2% a year in the 3 years 2025 to 2027." in text
    assert "The figure rose by 7.0% a year over the past 5 years." in text
    assert (
        "a shortfall of up to 10% counts as met. For the full 30 billion yuan the probability"
        in text
    )
    assert text.count("**") == 2
    own = lead(ZH, found)
    chance = ZH.write(Chance(found.probability, found.floor))
    assert f"：实现概率{chance}**。2024年为225.22亿元。2027年预测中位数为{mid:.1f}亿元，" in own
    assert f"90%预测区间为{low:.1f}—{high:.1f}亿元。" in own
    assert "达到270亿元，2025—2027年需年均增长6.2%。此前5年年均增长7.0%。" in own
    assert "目标按“左右”理解，低于目标10%以内视为达标；足额达到300亿元的概率" in own


def verdict_of(found: Assessment) -> str:
    word, side = verdict(found.probability or 0.0, found.floor)
    said = word.replace("-", " ")
    return (said if side == "exactly" else f"at {side} {said}").capitalize()


def test_one_year_ahead_is_told_as_a_year() -> None:
    text = lead(EN, answer(value=300.0, year=2025))
    assert "requires +33.2% a year in 2025." in text
    assert "2025年（自2025年初起）需增长33.2%。" in lead(ZH, answer(value=300.0, year=2025))


@pytest.mark.parametrize(
    ("probability", "floor", "en", "zh"),
    [
        (0.11, 0.11, "Unlikely at best: fewer than 11 in 100", "低于11%"),
        (0.2, 0.11, "Unlikely: about 20 in 100", "约20%"),
        (0.89, 0.11, "At least likely: more than 89 in 100", "高于89%"),
        (0.02, 0.04, "Extremely unlikely: fewer than 4 in 100", "低于4%"),
    ],
)
def test_verdict_on_a_limit_is_marked_as_one(
    probability: float, floor: float, en: str, zh: str
) -> None:
    found = dataclasses.replace(answer(value=300.0), probability=probability, floor=floor)
    assert lead(EN, found).startswith(f"**{en}.**")
    word = ZH.write(Verdict(probability, floor, head=True))
    assert lead(ZH, found).startswith(f"**{word}：实现概率{zh}**。")


def test_target_that_is_met_has_to_be_kept() -> None:
    found = answer(value=200.0)
    text = lead(EN, found)
    assert text.startswith("**Already met; it is ")
    assert f"in 2027: {EN.write(Chance(found.probability or 0.0, found.floor))}.**" in text
    assert "It was 22.522 billion yuan in 2024. This meets the target (at least 20 billion" in text
    assert lead(ZH, found).startswith("**目标已提前实现（需巩固）；2027年继续达标：")
    assert uncertainty.ever(EN, found) == "On published figures, the target was first met in 2023."
    assert uncertainty.ever(ZH, found) == "根据已公布数据，目标于2023年首次实现。"


def test_a_target_that_was_met_once_and_is_no_more() -> None:
    once = {"probability_ever": 1.0, "first_year": {"2023": 1.0, "never": 0.0}}
    found = dataclasses.replace(answer(value=300.0), **once)
    assert uncertainty.ever(EN, found) == (
        "On published figures, the target was first met in 2023, and is not met by those of 2024."
    )
    assert uncertainty.ever(ZH, found) == "根据已公布数据，目标于2023年首次实现，但2024年未达标。"


def test_running_year_is_told_as_an_estimate() -> None:
    rows = [*levels(), statement("2025-09", 7.0, measure="ytd_growth")]
    found = answer(rows, value=400.0)
    text = lead(EN, found)
    assert "is 22.522 billion yuan for 2024. 2025 is known only in part. The estimate for" in text
    assert re.search(r"for 2025 is \d+\.\d\d billion yuan \(90% interval \d", text)
    assert re.search(r"2025年估计值为\d+\.\d亿元（90%可信区间为\d", lead(ZH, found))


@pytest.mark.parametrize(
    ("n", "en", "zh"),
    [
        (0, "No published figure was found.", "未找到已公布的数据。"),
        (1, "One published statement bears on it;", "相关公开数据条目共1条"),
        (2, "2 published statements bear on it;", "相关公开数据条目共2条"),
    ],
)
def test_what_is_held_on_a_level_that_cannot_be_assessed(n: int, en: str, zh: str) -> None:
    rows = [statement(2015, 9.0, indicator="population", unit="万人"), *levels(n=n)]
    found = answer(rows, value=20.0, year=2030)
    assert found.status == "not_assessable"
    text = lead(EN, found)
    assert text.startswith("**Not assessable yet: no probability is given.** ")
    assert en in text
    assert EN.write(found.reason) in text
    assert lead(ZH, found).startswith("**暂不具备评估条件，不给出概率**。")
    assert zh in lead(ZH, found)


@pytest.mark.parametrize(
    ("factor", "en", "zh"),
    [
        (
            0.9,
            "**Met, as published.** The figure for 2020 is",
            "**目标已实现（以公布数据为准）**。",
        ),
        (
            1.1,
            "**Not met, as published.** The figure",
            "**目标未实现（以公布数据为准）**。2020年为",
        ),
    ],
)
def test_year_with_a_published_figure_is_settled(factor: float, en: str, zh: str) -> None:
    value = next(float(r["value"]) for r in levels() if r["period"] == "2020")
    found = answer(value=value * factor, year=2020)
    assert lead(EN, found).startswith(en)
    assert zh in lead(ZH, found)
    assert "forecast" not in lead(EN, found)
    assert uncertainty.uncertainty(EN, found) == ""


def test_running_year_known_in_part_is_not_over(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for row in levels() if row["period"] != "2022"]
    found = answer(rows, value=195.0, year=2022)
    monkeypatch.setattr(
        "forecast.report.pages.target.answer.lead.today", lambda: date(2022, 12, 31)
    )
    assert lead(EN, found).startswith("**2022 is not over, and known in part: the probability")
    assert lead(ZH, found).startswith("**2022年尚未结束，仅有部分数据：目标实现的概率")


def test_past_year_without_a_figure_is_open() -> None:
    rows = [row for row in levels() if row["period"] != "2022"]
    found = answer(rows, value=195.0, year=2022)
    assert lead(EN, found).startswith("**2022 is over, but its figure is not published: the")
    assert lead(ZH, found).startswith("**2022年已结束，但数据尚未公布：目标已实现的概率")
    assert "simulated" not in lead(EN, found) + uncertainty.uncertainty(EN, found)


def test_year_that_was_not_met_before_it_is_told() -> None:
    value = float(levels()[-1]["value"]) * 0.99
    found = answer(value=value, year=2022)
    assert uncertainty.ever(EN, found).endswith("the target was met in no year up to 2022.")
    assert uncertainty.ever(ZH, found) == "根据已公布数据，截至2022年目标从未实现。"


def test_falling_share_is_told_in_percentage_points() -> None:
    rows = [
        statement(2012 + i, 60 - 0.5 * i, indicator="share", unit="%", prices="none")
        for i in range(13)
    ]
    found = answer(
        rows, indicator="share", unit="%", comparison="at_most", value=51.0, tolerance=None
    )
    assert "requires −1.00 percentage points a year in the 3 years 2025 to 2027." in lead(EN, found)
    assert "需年均降低1.00个百分点。此前5年年均降低0.50个百分点。" in lead(ZH, found)
    assert "**The fall has to be faster.**" in pace.pace(EN, found)


# A step between bases -----------------------------------------------------------------------------


def stepped() -> SimpleNamespace:
    """An answer that rests on a step, as far as the words need it."""
    chances = (
        ProbabilityAtStep("5 %", -0.31, 0.2), ProbabilityAtStep("50 %", 3.0, 0.3),
        ProbabilityAtStep("95 %", 6.5, 0.44),
        ProbabilityAtStep("no step", 0.0, 0.002),
    )  # fmt: skip
    found = StepSensitivity("old", 3.0, -0.31, 6.5, chances)
    return SimpleNamespace(by_step=found, target={"indicator": "gdp"}, floor=0.01)


def test_step_and_its_chances() -> None:
    evidence = world([statement(2020, 100.0)])
    bases = evidence.bases.assign(name=["Old census", "New census", "", "", "", ""])
    evidence = dataclasses.replace(evidence, bases=bases)
    assert by_step(EN, evidence, stepped()) == (
        "**The answer rests on the unpublished effect of a new statistical basis** (New census, "
        "after Old census), estimated at +3.0% (90% interval −0.3% to +6.5%). The probability is "
        "about "
        "20 in 100 at the lower end, about 44 in 100 at the upper end and fewer than 1 in 100 "
        "without any effect."
    )
    assert by_step(ZH, evidence, stepped()) == (
        "**评估结果取决于尚未公布的统计口径调整影响**（“Old census”之后改用“New census”），"
        "该影响估计为+3.0%（90%可信区间为−0.3%至+6.5%）。按区间下限计算，实现概率约20%；按区间上限计算，约44%；"
        "不考虑口径调整，低于1%。"
    )
    shown = step_table(EN, stepped())
    assert shown["Change of older figures"].tolist() == ["−0.3%", "+3.0%", "+6.5%", "0.0%"]
    assert shown["Probability"].tolist()[-1] == "fewer than 1 in 100"
    assert step_table(ZH, stepped())["实现概率"].tolist() == [
        "约20%",
        "约30%",
        "约44%",
        "低于1%",
    ]
    without = SimpleNamespace(by_step=None)
    assert by_step(EN, evidence, without) == ""
    assert step_table(EN, without).empty


# Thin evidence ------------------------------------------------------------------------------------


def test_chance_without_figures_of_the_last_years_is_thin() -> None:
    found = old(2021, value=300.0)
    assert found.history is not None
    assert found.history.origin[-3:] == ("imputed",) * 3
    assert thin.is_thin(found)
    evidence = world(levels())
    text = thin.thin(EN, evidence, found)
    assert text.startswith(
        "**Thin evidence.** The data contain yearly levels of this series for 10 "
    )
    assert "The last 2 complete years are not among them." in text
    assert "The estimates for 2022 to 2024 rely on Province." in text
    low, high = found.history.quantiles([0.05, 0.95])[-1]
    assert f"between {low / 10:.2f} and {high / 10:.2f} billion yuan (90% interval)" in text
    assert text.endswith("Treat this probability as tentative.")
    own = thin.thin(ZH, evidence, found)
    assert "最近2个完整年度均无数据。2022—2024年的估计值依据相关指标（Province）推断。" in own
    assert f"2024年的数值可能处于{ZH.write(Interval(low, high, '亿元'))}之间的任何水平" in own
    assert ", on thin evidence: " in lead(EN, found)
    assert "（数据支撑不足）：实现概率" in lead(ZH, found)
    assert "2022 to 2024 are imputed from related series only." in lead(EN, found)


def test_few_levels_up_to_now_are_thin_without_a_range_of_what_is_published(
    answers: dict[str, Assessment],
) -> None:
    found = answers["rd_share"]
    assert found.history is not None
    assert found.history.origin[-1] == "published"
    text = thin.thin(EN, EVIDENCE, found)
    assert found.quality is not None
    assert f"for {len(found.quality.levels)} years" in text
    assert "So few levels are little evidence on its growth." in text
    assert "between" not in text
    longer = dataclasses.replace(found.quality, levels=tuple(range(2010, 2019)), behind=2)
    behind = dataclasses.replace(found, quality=longer)
    assert "So few" not in thin.thin(EN, EVIDENCE, behind)


def test_levels_in_doubt_are_told_beside_those_that_count() -> None:
    """Visitors of a state before, in and after 2020: nothing else confirms the collapse."""
    values = [196.74, 50.25, 75.77, 188.67, 224.0, 228.55]
    people = {"indicator": "population", "unit": "万人"}
    rows = [statement(2019 + i, value, **people) for i, value in enumerate(values)]
    evidence = world(rows, value=300.0, year=2030, **people)
    found = assess(evidence, "plan", "goal", Options(draws=200))
    assert found.history is not None
    assert set(doubted(found.history)) == {2020, 2021}
    text = thin.thin(EN, evidence, found)
    assert "for 4 years (2019 and 2022 to 2024). Those published for 2020 and 2021 are in " in text
    assert "2020年和2021年的公布数存疑" in thin.thin(ZH, evidence, found)


def test_chance_on_figures_up_to_now_is_not_thin() -> None:
    for found in (answer(value=300.0), old(2023, value=300.0)):
        assert not thin.is_thin(found)
        assert thin.thin(EN, world(levels()), found) == ""


def test_target_that_only_an_estimate_meets_is_not_told_as_met() -> None:
    found = old(2021, value=190.0)
    assert found.status == "assessed"
    assert found.required is not None
    assert found.required < 0
    assert shared.pace_verdict(found) == "hold"
    text = pace.pace(EN, found)
    assert "**On current estimates the target is met and has to be maintained.**" in text
    assert "The target would still be met at −" in text
    assert "**据现有估计目标已实现，需巩固**。即使年均下降" in pace.pace(ZH, found)
    assert "That estimate already meets the target; 2027 is to meet it too." in lead(EN, found)
    assert "Both ends already meet the target." in thin.thin(EN, world(levels()), found)


# The pace -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("growth", "value", "comparison", "word", "said"),
    [
        (1.07, 240.0, "at_least", "maintain", "**Keeping the pace would be enough.**"),
        (1.07, 300.0, "at_least", "accelerate", "**The pace has to rise.**"),
        (0.95, 60.0, "at_least", "reverse", "**The direction has to turn.**"),
        (1.07, 200.0, "at_least", "hold", "**The target is met and has to be maintained.**"),
        (0.95, 50.0, "at_most", "maintain", "**Keeping the pace would be enough.**"),
        (0.95, 40.0, "at_most", "accelerate", "**The fall has to be faster.**"),
        (1.07, 150.0, "at_most", "reverse", "**The direction has to turn.**"),
        (0.95, 60.0, "at_most", "hold", "**The target is met and has to be maintained.**"),
    ],
)
def test_verdict_on_the_pace(
    growth: float, value: float, comparison: str, word: str, said: str
) -> None:
    found = answer(levels(growth), value=value, comparison=comparison)
    assert shared.pace_verdict(found) == word
    assert pace.pace(EN, found).startswith(f"## Pace required and pace achieved\n\n{said}")
    change = "增速" if comparison == "at_least" else "变动"
    assert pace.pace(ZH, found).startswith(f"## 尚需{change}与已实现{change}\n\n**")
    title = pace.pace_chart(EN, found).to_dict()["title"]["text"]
    if word == "hold":
        assert title.startswith("The target would still be met at ")
    else:
        achieved = EN.write(found.rate(found.achieved[5]))
        assert title.startswith("Required up to 2027: ")
        assert title.endswith(f"; achieved over the last 5 years: {achieved}")


@pytest.mark.parametrize(
    ("comparison", "word"), [("exceed", "accelerate"), ("at_least", "maintain")]
)
def test_pace_that_ends_at_the_limit_is_enough_only_where_the_limit_is(
    comparison: str, word: str
) -> None:
    found = answer(value=240.0, comparison=comparison)
    assert found.required is not None
    at_limit = dataclasses.replace(found, achieved={5: found.required * (1 + 1e-9)})
    assert shared.pace_verdict(at_limit) == word


def test_figure_within_a_range_needs_no_growth() -> None:
    found = answer(comparison="between", value=200.0, value_to=250.0)
    assert found.status == "already_met"
    assert lead(EN, found).startswith("**At present within the range; it is ")
    assert lead(ZH, found).startswith("**目前处于目标区间内；2027年处于该区间：")
    assert "**The figure is at present within the range and has to stay" in pace.pace(EN, found)
    assert "**目前处于目标区间内，需继续保持**。" in pace.pace(ZH, found)
    assert overview.lead(EN, [found]).count("At present within the range: Goal (") == 1
    assert "已提前实现" not in overview.lead(ZH, [found])
    assert overview.summary(EN, [found])["Needed a year"].tolist() == [""]
    estimated = old(2021, comparison="between", value=150.0, value_to=250.0)
    assert "**On current estimates the figure is within the range" in pace.pace(EN, estimated)


def test_range_is_told_with_both_its_ends() -> None:
    """Levels grow by 7 % a year to 225.2 in 2024; the range wants 2.1 to 6.2 % a year."""
    found = answer(comparison="between", value=240.0, value_to=270.0)
    assert shared.title(EN, found) == "Goal: from 24 to 27 billion yuan in 2027"
    assert shared.title(ZH, found) == "Goal：2027年处于240—270亿元之间"
    told = "requires between +2.1% a year and +6.2% a year in the 3 years 2025 to 2027."
    assert f"Reaching 24 to 27 billion yuan {told}" in lead(EN, found)
    needed = "处于240—270亿元之间，2025—2027年所需变动由年均增长2.1%到年均增长6.2%不等。"
    assert needed in lead(ZH, found)
    assert "**The pace has to slow down.** Required: between +2.1% a year" in pace.pace(EN, found)
    bars = pace.pace_rows(EN, found)["label"].tolist()
    assert bars[-2:] == ["at least 2024–2027", "at most 2024–2027"]
    asked = pseudo_targets.asked(found)
    assert asked is not None
    assert "differs from the pace of the five years before by −0.7 to −0.1 times" in record.wanted(
        EN, asked
    )
    below, until = (
        answer(comparison="below", value=240.0),
        answer(comparison="at_most", value=270.0),
    )
    assert below.probability_draws is not None
    assert until.probability_draws is not None
    assert found.probability_draws == pytest.approx(
        until.probability_draws - below.probability_draws
    )
    shown = dots.dots(EN, found)
    assert shown["attained"].sum() == ((shown["value"] > 24) & (shown["value"] < 27)).sum()
    drawn = dots.chart(EN, found)
    assert drawn is not None
    assert "between the lines is that of simulated paths that meet the target." in str(
        drawn.to_dict()["title"]
    )


def test_pace_required_stands_beside_the_pace_achieved() -> None:
    text = pace.pace(EN, answer(value=300.0))
    assert text.endswith(
        "Required: +10.0% a year. Achieved: +7.0% a year over the last 3 years; "
        "+7.0% a year over the last 5 years."
    )
    assert pace.pace(ZH, answer(value=300.0)).endswith(
        "**增速需加快**。尚需年均增长10.0%。已实现：近3年年均增长7.0%；近5年年均增长7.0%。"
    )


def test_pace_of_some_years_that_would_do_and_of_others_that_would_not() -> None:
    found = dataclasses.replace(answer(value=300.0), required=4.8, achieved={3: 2.9, 5: 7.1})
    assert (
        "**Keeping the pace of the last 5 years would be enough, that of the last 3 years would "
        "not.**"
    ) in pace.pace(EN, found)
    assert "**保持近5年的增速即可实现目标，仅保持近3年的增速则不足**。" in pace.pace(ZH, found)
    both = dataclasses.replace(found, achieved={3: 5.0, 5: 7.1})
    assert "**Keeping the pace would be enough.**" in pace.pace(EN, both)


def test_start_of_the_window_of_a_pace_counts_among_its_estimates() -> None:
    found = answer(value=300.0)
    history = found.history
    assert history is not None
    origin = list(history.origin)
    origin[-6] = "interpolated"  # five years of growth have six ends
    found = dataclasses.replace(found, history=dataclasses.replace(history, origin=tuple(origin)))
    year = history.years[-6]
    assert pace.pace(EN, found).endswith(f"The level of {year} is an estimate.")
    assert pace.pace(ZH, found).endswith(f"其中{year}年的数值为估计值。")


def test_pace_that_is_not_known() -> None:
    found = answer(levels(n=2), value=200.0, year=2020)
    assert found.status == "not_assessable"
    assert shared.pace_verdict(found) == "not known"
    assert GAPS.search(pace.pace(EN, found).replace("\n\n", "\n")) is None
    bare = dataclasses.replace(found, required=5.0)
    assert "**The past pace is not known well enough.** Required:" in pace.pace(EN, bare)


# How certain --------------------------------------------------------------------------------------


def test_uncertainty_tells_sampling_and_models() -> None:
    found = answer(value=290.0)
    assert found.paths is not None
    chance = EN.write(Chance(found.probability or 0.0, found.floor))
    text = uncertainty.uncertainty(EN, found)
    assert text.startswith(f"Of {len(found.paths.pooled):,} simulated paths, {chance} meet the")
    assert re.search(r"(widened|narrowed) by a factor of \d\.\d\d", text)
    assert ("sampling error" in text) == chance.startswith("about")
    assert uncertainty.uncertainty(ZH, found).startswith(f"在{len(found.paths.pooled)}条模拟路径中")


def test_no_sampling_error_beside_a_limit() -> None:
    limit = dataclasses.replace(answer(value=290.0), probability=0.04, floor=0.04)
    assert "sampling error" not in uncertainty.uncertainty(EN, limit)
    assert "抽样误差" not in uncertainty.uncertainty(ZH, limit)


def test_answer_outside_all_models_is_explained() -> None:
    found = answer(value=290.0)
    assert found.paths is not None
    learned = dataclasses.replace(
        found,
        probability=0.9,
        paths=dataclasses.replace(found.paths, answer=found.paths.pooled),
        by_family={"drift": 0.3, "theta": 0.5},
    )
    text = uncertainty.uncertainty(EN, learned)
    assert "range from about 30 in 100 to about 50 in 100. The learned ensemble gives a hi" in text
    assert "加权组合预测给出的概率高于所有单一模型" in uncertainty.uncertainty(ZH, learned)
    assert "learned ensemble gives" not in uncertainty.uncertainty(EN, found)
    low = dataclasses.replace(learned, probability=0.1)
    assert "The learned ensemble gives a lower probability" in uncertainty.uncertainty(EN, low)
    quick = dataclasses.replace(learned, by_family={"drift": 0.3})
    text = uncertainty.uncertainty(EN, quick)
    assert "Random walk with drift, taken alone, gives about 30 in 100." in text
    same = dataclasses.replace(learned, by_family={"drift": 0.3, "theta": 0.301}, probability=0.3)
    assert "Every model, taken alone, gives about 30" in uncertainty.uncertainty(EN, same)


def test_first_years_are_told_within_the_floor() -> None:
    found = answer(value=270.0)
    text, own = uncertainty.ever(EN, found), uncertainty.ever(ZH, found)
    for year, p in found.first_year.items():
        if year != "never":
            chance = Chance(p, found.floor, short=True)
            assert f"{year}: {EN.write(chance)}" in text
            assert f"{year}年{ZH.write(chance)}" in own
            assert found.floor is not None
            assert p >= found.floor
    assert "in at least one of the years 2025 to 2027 is" in text
    assert own.startswith("2025—2027年中至少有一年达到目标的概率")


def test_chance_without_any_past_case_is_not_told_as_below_even() -> None:
    """Nine of ten paths meet the target, and no past case of the series' own."""
    evidence = world(levels(n=7), value=150.0, year=2021)
    found = assess(evidence, "plan", "goal", Options(400, families=("drift",)))
    assert found.probability_draws is None or found.probability_draws > 0.7
    assert own_cases(found.record).empty
    for text in (lead(EN, found), uncertainty.uncertainty(EN, found)):
        assert "fewer than 50" not in text


def test_simpler_methods_that_do_better_are_named(answers: dict[str, Assessment]) -> None:
    class Compared:
        def __init__(self, frame: pd.DataFrame) -> None:
            self.comparison = lambda kind, families: frame[frame["kind"] == kind]

    cases = [("city/gdp", 2015, 1), ("city/gdp", 2016, 1)]
    both = pd.concat(
        [forecasts(NAIVE, 20.0, cases), forecasts(LEARNED, 40.0, cases)], ignore_index=True
    )
    found = answers["rd_share"]
    assert found.paths is not None
    paths = dataclasses.replace(found.paths, answer=found.paths.pooled)  # the learned ensemble
    found = dataclasses.replace(found, paths=paths)
    shares = Compared(both.assign(kind="share"))
    text = uncertainty.standing(EN, shares, found)  # type: ignore[arg-type]
    assert text.startswith("**On the shares in the data simpler methods did better.**")
    assert "ranks 2 of 2 methods; the best, no change, had 0.50 to 0.50 times its CRPS" in text
    own = uncertainty.standing(ZH, shares, found)  # type: ignore[arg-type]
    assert (
        "加权组合预测在2种方法中列第2位；最优方法（维持不变）各预测期的CRPS为其0.50至0.50倍" in own
    )
    flows = Compared(both.assign(kind="flow"))
    assert uncertainty.standing(EN, flows, found) == ""  # type: ignore[arg-type]
    swapped = both.assign(method=both["method"].map({NAIVE: LEARNED, LEARNED: NAIVE}))
    better = Compared(swapped.assign(kind="share"))
    assert uncertainty.standing(EN, better, found) == ""  # type: ignore[arg-type]


# The record ---------------------------------------------------------------------------------------


def test_record_counts_the_cases_of_the_same_horizon() -> None:
    found = answer(value=290.0)
    cases = found.record[found.record["horizon"] == 3]
    hits = int(cases["inside"].sum())
    text = record.record(EN, found)
    assert f"3 years ahead, the 80% interval covered {hits} of {len(cases)} outcomes" in text
    assert f"{len(cases)}次中有{hits}次实际值落在80%预测区间内" in record.record(ZH, found)
    assert "too short" in text  # MANY holds no forecast of this series
    assert "about 40 independent" in text  # MANY has forty years
    assert "a lower one; neither is an estimate" in text
    assert record.coverage(EN, cases.head(0), 3) == "There is no past forecast to judge by."


def test_record_of_the_series_itself() -> None:
    found = answer(value=290.0)
    assert found.history is not None
    own = found.record.assign(series=found.history.key)
    cases = own[own["horizon"] == 3]
    years = f"{cases['origin'].min()} to {cases['origin'].max()}"
    told = record.record(EN, dataclasses.replace(found, record=own))
    assert told.startswith(f"In forecasts of this series 3 years ahead, from {years}, the 80% int")


def test_few_years_do_not_tell_whether_probabilities_were_too_high() -> None:
    found = answer(value=290.0)
    third = found.record[found.record["horizon"] == 3]
    for n, said, chinese in (
        (1, "There is one comparable past case 3 years ahead;", "约相当于1个独立案例"),
        (2, "about 2 independent cases: so few years cannot show", "约相当于2个独立案例，年份过少"),
    ):
        text, own = (
            record.like(tell, dataclasses.replace(found, record=third.head(n))) for tell in (EN, ZH)
        )
        assert said in text
        assert chinese in own
        assert not re.search("interval|That was|区间|这一概率偏低。", text + own)
    few = pseudo_targets.by_band(pseudo_targets.events(third.head(2)))
    assert few[["low", "high"]].isna().all(axis=None)


def test_average_that_rounds_to_the_share_was_not_too_high(monkeypatch: pytest.MonkeyPatch) -> None:
    found = answer(value=290.0)
    for given, told in ((0.404, False), (0.55, True)):
        seen = pseudo_targets.Seen(40, 40, 40.0, given, 0.4, 0.401, 0.4)
        monkeypatch.setattr(pseudo_targets, "alike", lambda *_, seen=seen: seen)
        assert ("That was too high." in record.like(EN, found)) == told


def test_target_requires_what_its_figures_say() -> None:
    """Levels grow by 7 % a year: 14 % for three years is about twice the pace, in logs."""
    found = answer(value=float(levels()[-1]["value"]) * 1.14**3)
    text = record.like(EN, found)
    assert "requires at least 1.9 times the pace of the five years before (growth in logs)." in text
    assert "目标要求的增长不低于此前五年平均增速的1.9倍（按对数增长计）。" in record.like(ZH, found)


@pytest.mark.parametrize(
    ("asked", "en", "zh"),
    [
        ((1.824, 0.07, 0.03, True), "at least 1.8 times the pace", "不低于此前五年平均增速的1.8倍"),
        (
            (-0.5, 0.01, 0.03, False),
            "requires growth that falls short of the pace of the five years before by at least 1.5 "
            "standard deviations of the series’ yearly changes",
            "至少比此前五年平均增速低该指标年度变动标准差的1.5倍",
        ),
        (
            (-0.5, 0.01, 0.03, True),
            "allows growth to fall short of the pace of the five years before by up to 1.5 ",
            "即使比此前五年平均增速低该指标年度变动标准差的1.5倍，仍可达标",
        ),
        # A series that fell by 4 % a year: to fall by 6 %, by 2 % at most, or to rise by 2 %.
        (
            (0.5, -0.04, 0.02, False),
            "a fall of at least 1.5 times that of the five years before (growth in logs). For a "
            "series that rose, the same event is growth of at most +0.5 times its pace.",
            "降幅不低于此前五年平均降幅的1.5倍（按对数增长计）。对此前上升的指标，"
            "同类情形指增长不高于此前五年平均增速的+0.5倍。",
        ),
        (
            (1.5, -0.04, 0.02, True),
            "allows a fall of at most 0.5 times that of the five years before",
            "目标允许的降幅不超过此前五年平均降幅的0.5倍",
        ),
        (
            (2.5, -0.04, 0.02, True),
            "requires a rise of at least 0.5 times the fall of the five years before",
            "目标要求的增幅不低于此前五年平均降幅的0.5倍",
        ),
        (
            (-0.5, 0.04, 0.02, False),
            "requires a fall of at least 0.5 times the rise of the five years before",
            "目标要求的降幅不低于此前五年平均增幅的0.5倍",
        ),
    ],
)
def test_what_a_target_requires(asked: tuple[float, float, float, bool], en: str, zh: str) -> None:
    ratio, before, step, upward = asked
    question = pseudo_targets.Asked(ratio, before, step, 2, upward)
    assert en in record.wanted(EN, question)
    assert zh in record.wanted(ZH, question)


@pytest.mark.parametrize(
    ("probability", "floor", "low", "high", "en", "zh"),
    [
        (0.09, 0.04, 0.01, 0.06, "about 9 in 100, lies above", "（约9%）高于该区间"),
        (0.49, 0.04, 0.63, 0.81, "about 49 in 100, lies below", "（约49%）低于该区间"),
        (0.05, 0.04, 0.01, 0.06, "", ""),
        (0.05, 0.05, 0.0, 0.01, "", ""),  # fewer than 5: a limit, which the interval keeps
        (0.95, 0.05, 0.99, 1.0, "", ""),
        (0.05, 0.05, 0.02, 0.1, "fewer than 5 in 100, lies within", "（低于5%）位于上述区间"),
        (0.05, 0.05, 0.06, 0.1, "fewer than 5 in 100, lies below", "（低于5%）低于该区间"),
        (0.95, 0.05, 0.6, 0.8, "more than 95 in 100, lies above", "（高于95%）高于该区间"),
    ],
)
def test_chance_outside_the_interval_of_like_cases(
    probability: float, floor: float, low: float, high: float, en: str, zh: str
) -> None:
    found = dataclasses.replace(answer(value=300.0), probability=probability, floor=floor)
    like = pseudo_targets.Seen(168, 168, 56.0, 0.5, (low + high) / 2, low, high)
    text, own = record.apart(EN, found, like), record.apart(ZH, found, like)
    assert en in text if en else text == ""
    assert zh in own if zh else own == ""
    assert "from an estimate" not in text  # the last year is published


@pytest.mark.parametrize(
    ("adopted", "told"), [("2026-11", True), ("2027-02", True), ("2022", False)]
)
def test_target_set_for_the_next_year_is_to_be_compared_with_others(
    adopted: str, told: bool
) -> None:
    evidence = world(levels())  # a target of 2027
    evidence.plans["adopted"] = adopted
    quick = Options(400, families=("drift", "theta"), imputations=2)
    found = assess(evidence, "plan", "goal", quick, record=MANY)
    text = record.next_year(EN, evidence, found)
    assert text.startswith(f"The target for 2027 was set in {adopted[:4]}.") == told
    assert bool(text) == told
    assert record.next_year(ZH, evidence, found).startswith(
        f"2027年目标设定于{adopted[:4]}年。" if told else ""
    )
    # Asked about another year than the target's, it is a question of ours.
    other = assess(evidence, "plan", "goal", quick, 2026, record=MANY)
    assert record.next_year(EN, evidence, other) == ""


# The plan -----------------------------------------------------------------------------------------


def test_remark_on_a_target_is_on_its_page() -> None:
    noted = answer(note="one line waits")
    assert meaning.reading(EN, noted).endswith("Remark: one line waits.")
    assert meaning.reading(ZH, noted).endswith("备注：one line waits。")
    assert "Remark" not in meaning.reading(EN, answer())


def test_reading_names_the_limit() -> None:
    found = answer(value=300.0, comparison="about", tolerance=10.0)
    assert "Counted as met: about 30 billion yuan, read as at least 27" in meaning.reading(
        EN, found
    )
    assert "判定标准：300亿元左右，按不低于270亿元判定（允许比目标值低10%）。" in meaning.reading(
        ZH, found
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_gap_in_any_text_of_any_target(lang: str, answers: dict[str, Assessment]) -> None:
    for found in levels_of(answers):
        for name, text in texts(language(lang), found).items():
            gap = GAPS.search(text)
            assert gap is None, f"{found.key}, {name}: {gap and gap.group()!r} in {text!r}"
            assert "** **" not in text


def test_chinese_has_no_blank_beside_its_own_letters(answers: dict[str, Assessment]) -> None:
    blank = re.compile(r"[\u4e00-\u9fff，。；：（）] |[^#] [\u4e00-\u9fff]")
    for found in levels_of(answers):
        told = texts(ZH, found)
        for name in ("lead", "thin", "pace", "uncertainty", "ever", "record"):
            assert not blank.search(told[name])


def test_every_level_has_a_lead_that_gives_its_chance_or_says_why_not(
    answers: dict[str, Assessment],
) -> None:
    for found in levels_of(answers):
        text, own = lead(EN, found), lead(ZH, found)
        if found.probability is None:
            assert text.startswith("**Not assessable yet")
            assert own.startswith("**暂不具备评估条件")
        else:
            chance = Chance(found.probability, found.floor)
            assert EN.write(chance) in text
            assert ZH.write(chance) in own


def test_trade_is_already_there(answers: dict[str, Assessment]) -> None:
    text = lead(EN, answers["trade"])
    assert "It was 1,050.86 billion yuan in 2025." in text
    assert "remains met" in text
    assert "2025年为10508.6亿元。" in lead(ZH, answers["trade"])


def test_second_plan_is_only_more_rows(study: Study) -> None:
    found_all = [a for a in study.assess_all("jinhua_2030") if a.kind == "level"]
    assert len(found_all) > 3
    for found in found_all:
        for name, text in texts(EN, found).items():
            assert GAPS.search(text) is None, f"{found.key}: {name}: {text}"


def test_shares_of_cases_have_a_digit_where_they_are_small() -> None:
    assert [shared.share(p) for p in (0.062, 0.0062, 0.0)] == [
        Percent(6.2), Percent(0.62, 1), Percent(0.0),
    ]  # fmt: skip
    assert shared.span(pd.Series([2015, 2018, 2016])).args == {"first": 2015, "last": 2018}
    assert shared.span(pd.Series([2015])).args == {"year": 2015}
    assert np.isclose(calibration.NOMINAL, 0.8)


@pytest.mark.parametrize(
    ("scale", "unit", "text"),
    [
        ("log", "jobs", "+0.5% a year"),
        ("logit", "%", "+0.50 percentage points a year"),
        ("linear", "%", "+0.50 percentage points a year"),  # a debt ratio, an inflation rate
        ("linear", "jobs", "+0.5 jobs a year"),
    ],
)
def test_growth_of_a_percentage_is_in_points_on_any_scale(scale: str, unit: str, text: str) -> None:
    history = answer(value=300.0).history
    assert history is not None
    history = dataclasses.replace(history, scale=TRANSFORMS[scale], unit=unit)
    assert EN.write(history.rate(0.5)) == text

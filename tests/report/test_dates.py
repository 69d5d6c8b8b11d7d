"""How new the evidence is, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from forecast.evidence.evidence import Evidence
from forecast.facts import Month, fact, published, written
from forecast.forecasting.model_pool import Options
from forecast.report.language import language
from forecast.report.pages.shared import evidence_note
from forecast.report.results import target_result
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from tests.targets.test_assess import MANY, levels
from tests.worlds import statement, world

QUICK = Options(200, families=("drift",), imputations=2)
EN, ZH = language("en"), language("zh")


def answered(own: str, other: str) -> tuple[Evidence, Assessment]:
    rows = [{**row, "published": own} for row in levels()]
    rows.append(statement(2024, 1.0, region="province", published=other))
    evidence = world(rows)
    return evidence, assess(evidence, "plan", "goal", QUICK, record=MANY)


def test_note_tells_own_figures_apart() -> None:
    evidence, answer = answered("2025-02-14", "2025-04-16")
    assert answer.newest_own == "2025-02-14"
    assert evidence_note(EN, evidence, answer) == (
        "The newest figure on this target was published on 14 February 2025, the newest "
        "of all on 16 April 2025."
    )
    assert evidence_note(ZH, evidence, answer) == (
        "本目标相关数据最近一次发布于2025年2月14日，全部数据最近一次发布于2025年4月16日。"
    )
    assert target_result(answer)["newest_own"] == "2025-02-14"


def test_note_without_dates() -> None:
    evidence, answer = answered("", "2025-04")
    assert evidence_note(EN, evidence, answer) == (
        "No figure on this target has a date; the newest of all was published in April 2025."
    )
    assert evidence_note(ZH, evidence, answer) == (
        "本目标相关数据均无发布日期；全部数据最近一次发布于2025年4月。"
    )
    assert target_result(answer)["newest_own"] is None
    assert evidence_note(EN, *answered("", "")) == ""


def test_dates_of_what_is_compared_with_are_told_apart() -> None:
    rows = [statement(2024, 1.0, region="province", published="2025-03")]
    goal = {"kind": "comparison", "reference_region": "province", "value": float("nan")}
    evidence = world(rows, **goal)
    answer = assess(evidence, "plan", "goal", QUICK, record=MANY)
    assert evidence_note(EN, evidence, answer) == (
        "No figure on this target is in the data; the newest it is compared with was "
        "published in March 2025, the newest of all in March 2025."
    )
    assert evidence_note(ZH, evidence, answer) == (
        "尚无本目标相关数据；对比数据最近一次发布于2025年3月，全部数据最近一次发布于2025年3月。"
    )


@pytest.mark.parametrize(
    ("period", "value", "en", "zh"),
    [
        ("2026-02-14", date(2026, 2, 14), "on 14 February 2026", "2026年2月14日"),
        ("2026-02", Month(2026, 2), "in February 2026", "2026年2月"),
        ("2026", fact("year", year=2026), "in 2026", "2026年"),
    ],
)
def test_dates_are_told_as_far_as_they_are_known(
    period: str, value: object, en: str, zh: str
) -> None:
    assert written(period) == value
    assert EN.write(published(period)) == en
    assert ZH.write(published(period)) == zh

"""What has changed since the last edition, as the pages tell it, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from forecast.editions import store
from forecast.editions.changes import Comparison
from forecast.editions.figures import COLUMNS, UNCHANGED
from forecast.editions.store import FIRST
from forecast.report.editions import answers as editions
from forecast.report.editions import chart, overview, section
from forecast.report.language import language
from forecast.study import Study
from forecast.targets.assessment import Assessment
from tests.answers import GAPS
from tests.conftest import PLAN

EN, ZH = language("en"), language("zh")
SINCE = "reports/editions/x.parquet"


@pytest.fixture
def answer(answers: dict[str, Assessment]) -> Assessment:
    """An answer of about 62 in 100, which nothing rounds."""
    return replace(
        answers["industrial_value_added"], probability=0.62, standard_error=0.008, floor=0.05
    )


def found(
    study: Study, answer: Assessment, before: float | None, *, code: str = "older", **cells: Any
) -> Comparison:
    """Return an answer beside an edition in which it had another chance."""
    now = editions.edition(study, PLAN, [answer])
    rows = now.answers.assign(probability=before, **cells).astype({"probability": float})
    inputs = replace(now.inputs, code=code) if code else now.inputs
    then = store.Edition("run-a", "2026-11-12T08:00:00Z", PLAN, inputs, rows, {})
    return Comparison(then, now, study)


def told(lang: Any, compared: Comparison, answer: Assessment) -> str:
    text = section.lead(lang, compared, answer, SINCE)
    assert not GAPS.search(text)
    return text.partition("\n\n")[2]


def test_first_edition(answer: Assessment) -> None:
    for tell, told in ((EN, "This is the first edition."), (ZH, "本版为首版。")):
        assert section.brief(tell, None, answer, FIRST) == told
        assert section.lead(tell, None, answer, FIRST) == ""
    assert overview.moved(EN, None, [answer], FIRST) == (
        "This is the first edition of these pages."
    )


def test_page_that_is_compared_with_nothing(study: Study, answer: Assessment) -> None:
    assert editions.since_edition(study, PLAN, [answer], "") is None
    assert section.lead(EN, None, answer, "") == ""
    assert overview.moved(EN, None, [answer], "") == ""
    assert section.parts(EN, None, answer).empty
    assert section.figures(EN, study.evidence, None, answer).empty
    assert section.figures_note(EN, None, answer) == ""
    assert chart.chart(EN, None, answer) is None


def test_chance_that_rose(study: Study, answer: Assessment) -> None:
    compared = found(study, answer, 0.30)
    assert told(EN, compared, answer) == (
        "Since the last edition, of 12 November 2026, the probability has risen by 32 percentage"
        " points, from about 30 in 100 to about 62 in 100. The verdict has changed from unlikely to"
        " about even. It is due to a change of the model or its calibration."
    )
    assert told(ZH, compared, answer) == (
        "与上一版（2026年11月12日）相比，实现概率由约30%升至约62%，提高32个百分点。"
        "评估结论由“实现难度较大”变为“可能性大致各半”。变动来自模型或其校准的调整。"
    )
    assert overview.moved(EN, compared, [answer], SINCE).endswith(
        f": {EN.write(answer.name)} (from about 30 in 100 to about 62 in 100)."
    )


def test_chance_that_fell_within_the_error_of_sampling(study: Study, answer: Assessment) -> None:
    compared = found(study, answer, 0.635)
    assert told(EN, compared, answer) == (
        "Since the last edition, of 12 November 2026, the probability has fallen by 2 percentage"
        " points, from about 64 in 100 to about 62 in 100. A change of this size may be sampling"
        " error alone."
    )
    assert told(ZH, compared, answer).endswith("变动未超出抽样误差的范围。")
    assert overview.moved(EN, compared, [answer], SINCE).startswith(
        "Since the last edition, of 12 November 2026, no probability has changed by more than"
    )


def test_chance_that_is_the_same(study: Study, answer: Assessment) -> None:
    compared = found(study, answer, 0.62, code="")
    assert told(EN, compared, answer) == (
        "The probability is about 62 in 100, as in the last edition, of 12 November 2026."
    )
    assert told(ZH, compared, answer) == "实现概率约62%，与上一版（2026年11月12日）相同。"
    assert section.figures_note(EN, compared, answer) == "No figure in the data has changed."


def test_limit_that_moved_is_no_change(study: Study, answer: Assessment) -> None:
    """The record grew, and supports more; of the target nothing else is known."""
    least = replace(answer, probability=0.09, floor=0.09)
    compared = found(study, least, 0.11, floor=0.11)
    assert told(EN, compared, least) == (
        "The probability is fewer than 9 in 100, the limit of what the record supports, as it was"
        " in the last edition, of 12 November 2026 (fewer than 11 in 100)."
    )
    assert "亦然（" in told(ZH, compared, least)
    assert section.parts(EN, compared, least).empty
    assert "no probability has changed" in overview.moved(EN, compared, [least], SINCE)
    # From one limit to the other, or off it, it moved all the same.
    for before in (0.89, 0.5):
        compared = found(study, least, before, floor=0.11)
        assert "the probability has fallen by" in told(EN, compared, least)
        assert "9 in 100" in overview.moved(EN, compared, [least], SINCE)


@pytest.mark.parametrize(
    ("before", "now", "en", "zh"),
    [
        (None, 0.62, "gave no probability; it is now about 62 in 100.", "本版为约62%。"),
        (0.3, None, "none can be given now.", "本版暂不能给出。"),
        (None, None, "no probability can be given.", "暂不能给出实现概率。"),
    ],
)
def test_chance_that_came_or_went(
    study: Study, answer: Assessment, before: float | None, now: float | None, en: str, zh: str
) -> None:
    answer = replace(answer, probability=now)
    compared = found(study, answer, before)
    assert told(EN, compared, answer).endswith(en)
    assert told(ZH, compared, answer).endswith(zh)
    assert section.parts(EN, compared, answer).empty


def test_target_that_is_new(study: Study, answer: Assessment) -> None:
    compared = found(study, answer, 0.3)
    gone = compared.before.answers.rename(index={"industrial_value_added": "other"})
    compared = Comparison(replace(compared.before, answers=gone), compared.after, study)
    assert "The target is new: the last edition, of 12 November 2026" in told(EN, compared, answer)


def test_parts_add_up_as_they_are_shown(
    study: Study, answer: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = {"program": -0.003, "revised": 0.0144, "new": 0.0344}
    row = dict.fromkeys(COLUMNS, "") | {"value": 1.0, "old_value": float("nan")}
    rows = [row | {"change": c} for c in ("new", "new", "revised", "withdrawn")]
    differs = replace(UNCHANGED, statements=pd.DataFrame(rows))
    monkeypatch.setattr(Comparison, "difference", lambda self: differs)
    monkeypatch.setattr(Comparison, "_split", lambda self, target, change: split)
    compared = found(study, answer, 0.62 - sum(split.values()))
    shown = section.parts(EN, compared, answer)
    assert shown.to_numpy().tolist() == [
        ["Model and calibration", "0 percentage points", "The program"],
        ["Revised figures", "+2 percentage points (within sampling error)",
         "1 revised and 1 withdrawn in the data"],
        ["New figures", "+3 percentage points", "2 figures in the data"],
        ["Total", "+5 percentage points", ""],
    ]  # fmt: skip
    assert "New figures account for the largest part." in told(EN, compared, answer)
    chinese = section.parts(ZH, compared, answer)
    assert chinese.iloc[1].tolist() == [
        "数据修订", "+2个百分点（在抽样误差范围内）", "修订数据1条，撤销1条",
    ]  # fmt: skip


def test_list_of_figures(study: Study, answer: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    region, indicator = answer.target["region"], answer.target["indicator"]
    row = dict.fromkeys(COLUMNS, "") | {
        "change": "revised", "observation": "o1", "region": region, "indicator": indicator,
        "period": "2022", "measure": "level", "prices": "nominal", "value": 2031.5,
        "unit": "亿元", "status": "final", "old_value": 2021.0, "old_unit": "亿元",
        "old_status": "preliminary", "source": "btldz_2018", "published": "2026-10",
    }  # fmt: skip
    other = {**row, "region": "nowhere", "observation": "o2"}
    differs = replace(UNCHANGED, statements=pd.DataFrame([other, row]))
    monkeypatch.setattr(Comparison, "difference", lambda self: differs)
    compared = found(study, answer, 0.3)
    (line,) = section.figures(EN, study.evidence, compared, answer).to_dict("records")
    assert line["Change"] == "revised"
    assert line["Before"] == "202.1 billion yuan (preliminary)"
    assert line["Now"] == "203.15 billion yuan (final)"
    title = "永康日报转载"
    assert title in line["Source"]
    assert "<a " not in line["Source"]  # a mirror is no link
    assert "2026-10" in line["Source"]
    assert section.figures_note(EN, compared, answer) == (
        "2 figures in the data are new, revised or withdrawn. The table lists those on this target"
        " and on the series that matter to it (1)."
    )
    assert section.figures_note(ZH, compared, answer) == (
        "共有2条数据新增、修订或撤销，下表列出其中与本目标及其相关指标有关的1条。"
    )


def test_chart_needs_three_editions(
    study: Study, answer: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = found(study, answer, 0.5)
    for run, day, chance in (("a", "01", 0.4), ("b", "08", 0.5), ("c", "15", 0.9)):
        rows = compared.before.answers.assign(probability=chance)
        inputs = replace(compared.before.inputs, seed=ord(run))
        made = replace(
            compared.before, run=run, made=f"2026-11-{day}T00:00:00Z", answers=rows, inputs=inputs
        )
        store.add(tmp_path, made, {})
    before = store.read(tmp_path / "b.parquet")  # the later one is none of its history
    compared = Comparison(before, compared.after, study)
    rows = chart.over_editions(EN, compared, answer)
    assert rows["edition"].tolist() == ["1 November 2026", "8 November 2026", "this edition"]
    assert rows["probability"].tolist() == pytest.approx([40, 50, 62])
    drawn = chart.chart(EN, compared, answer)
    assert drawn is not None
    told = drawn.to_dict()
    assert told["title"]["text"] == (
        "The probability has risen over 3 editions, from 40 in 100 to 62 in 100"
    )
    assert "8 November 2026: 50 in 100" in told["description"].replace("  ", " ")
    first = Comparison(store.read(tmp_path / "a.parquet"), compared.after, study)
    assert chart.chart(EN, first, answer) is None

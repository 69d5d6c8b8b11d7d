"""Chances, verdicts and units as both languages write them."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.facts import Amount, Bound, Chance, Number, Verdict
from forecast.report.language import SCALE, language, verdict
from forecast.report.pages import overview
from forecast.study import Study
from tests import builders
from tests.answers import answer

EN, ZH = language("en"), language("zh")


@pytest.mark.parametrize(
    ("probability", "floor", "en", "zh"),
    [
        (0.0, None, "fewer than 1 in 100", "低于1%"),
        (0.005, None, "fewer than 1 in 100", "低于1%"),
        (0.0051, None, "about 1 in 100", "约1%"),
        (0.015, None, "about 2 in 100", "约2%"),
        (0.4949, None, "about 49 in 100", "约49%"),
        (0.5, None, "about 50 in 100", "约50%"),
        (0.9949, None, "about 99 in 100", "约99%"),
        (0.995, None, "more than 99 in 100", "高于99%"),
        (1.0, None, "more than 99 in 100", "高于99%"),
        (0.03, 0.03, "fewer than 3 in 100", "低于3%"),
        (0.0301, 0.03, "about 3 in 100", "约3%"),
        (0.0248, 0.0217, "fewer than 3 in 100", "低于3%"),
        (0.0252, 0.0217, "about 3 in 100", "约3%"),
        (1 - 0.0248, 0.0217, "more than 97 in 100", "高于97%"),
        (0.97, 0.03, "more than 97 in 100", "高于97%"),
        (0.016, 0.016, "fewer than 2 in 100", "低于2%"),
        (1 - 0.016, 0.016, "more than 98 in 100", "高于98%"),
        (0.0, 0.1, "fewer than 10 in 100", "低于10%"),
        (0.3, 0.1, "about 30 in 100", "约30%"),
    ],
)
def test_natural_frequencies(probability: float, floor: float | None, en: str, zh: str) -> None:
    assert EN.write(Chance(probability, floor)) == en
    assert ZH.write(Chance(probability, floor)) == zh


@given(st.floats(0, 1), st.floats(0.001, 0.3))
def test_no_frequency_claims_more_than_the_floor(probability: float, floor: float) -> None:
    text = EN.write(Chance(float(np.clip(probability, floor, 1 - floor)), floor))
    number = int(re.findall(r"\d+", text)[0])
    assert 1 <= number <= 99
    if text.startswith("fewer"):
        assert number >= 100 * floor - 1e-6
    elif text.startswith("more"):
        assert number <= 100 * (1 - floor) + 1e-6
    else:
        assert abs(number - 100 * probability) <= 0.5 + 1e-9


@given(st.floats(0, 1))
def test_few_signs_say_the_same(probability: float) -> None:
    long, short = (EN.write(Chance(probability, short=few)) for few in (False, True))
    assert re.findall(r"\d+", long) == re.findall(r"\d+", short)
    assert (long[:4] == "more", long[:5] == "fewer") == (short[0] == ">", short[0] == "<")


@given(st.floats(0, 1), st.floats(0.001, 0.3), st.booleans())
def test_both_languages_say_the_same_chance(probability: float, floor: float, few: bool) -> None:
    en, zh = (tell.write(Chance(probability, floor, few)) for tell in (EN, ZH))
    assert re.findall(r"\d+", en)[0] == re.findall(r"\d+", zh)[0]
    sides = {"about": "约", "fewer": "低于", "more": "高于", "<": "<", ">": ">"}
    side = en.split()[0]
    assert zh.startswith(sides.get(side, side))


@given(st.floats(0, 1))
def test_bound_is_rounded_down(least: float) -> None:
    (number, hundred) = map(int, re.findall(r"\d+", EN.write(Bound(least))))
    assert number <= 100 * least + 1e-6 < number + 1 + 1e-6
    assert hundred == 100
    assert re.findall(r"\d+", ZH.write(Bound(least))) == [str(number)]


@pytest.mark.parametrize(
    ("probability", "floor", "en", "zh"),
    [
        (0.11, 0.11, "Unlikely at best", "实现难度较大（概率为上限）"),
        (0.0, 0.11, "Unlikely at best", "实现难度较大（概率为上限）"),
        (0.2, 0.11, "Unlikely", "实现难度较大"),
        (0.89, 0.11, "At least likely", "较有可能实现（概率为下限）"),
        (0.08, 0.08, "Very unlikely at best", "实现难度很大（概率为上限）"),
        (0.02, 0.04, "Extremely unlikely", "预计难以实现"),  # no class lies below
        (0.97, 0.04, "Extremely likely", "极有可能实现"),
    ],
)
def test_verdict_on_a_limit_says_that_it_is_one(
    probability: float, floor: float, en: str, zh: str
) -> None:
    assert EN.write(Verdict(probability, floor, head=True)) == en
    assert ZH.write(Verdict(probability, floor, head=True)) == zh
    found = dataclasses.replace(answer(value=300.0), probability=probability, floor=floor)
    assert f" {en}: Goal (" in overview.lead(EN, [found])
    assert f"{zh}：Goal（" in overview.lead(ZH, [found])


def test_verdict_rises_with_the_probability() -> None:
    said = [verdict(p)[0] for p in np.linspace(0, 1, 1001)]
    assert list(dict.fromkeys(said)) == list(SCALE) == [
        "extremely-unlikely", "very-unlikely", "unlikely", "about-even", "likely", "very-likely",
        "extremely-likely",
    ]  # fmt: skip
    assert all(verdict(limit)[0] == word for word, limit in SCALE.items() if limit < 1)
    # The same words below and above even, except at the very edges of a word.
    opposite = dict(zip(SCALE, reversed(SCALE), strict=True))
    assert sum(opposite[a] != b for a, b in zip(said, reversed(said), strict=True)) <= 6


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (0.0, "", "0.00", "0.00"),
        (2.5, "%", "2.50%", "2.50%"),
        (12.5, "%", "12.5%", "12.5%"),
        (12.34, "", "12.34", "12.34"),
        (71.83, "%", "71.8%", "71.8%"),
        (999.96, "", "1,000.0", "1000.0"),
        (1000.4, "亿元", "100 billion yuan", "1000亿元"),
        (-3.14, "", "−3.14", "−3.14"),
        (1e7, "", "10,000,000", "10000000"),
    ],
)
def test_digits_follow_the_size(value: float, unit: str, en: str, zh: str) -> None:
    assert EN.write(Amount(value, unit)) == en
    assert ZH.write(Amount(value, unit)) == zh


@pytest.mark.parametrize(
    ("value", "said"), [(7313.0, "7,313"), (10508.6, "10,508.6"), (0.34, "0.34"), (3.40, "3.4")]
)
def test_published_figures_keep_their_digits(value: float, said: str) -> None:
    assert EN.write(Amount(value, exact=True)) == said
    assert ZH.write(Amount(value, exact=True)) == said.replace(",", "")


def test_every_unit_of_the_data_has_a_name(study: Study) -> None:
    for unit in {*study.evidence.indicators["unit"], *study.evidence.targets["unit"]}:
        assert not re.search(r"[\u4e00-\u9fff]", EN.unit(unit)), f"{unit} is not translated"
        assert bool(EN.unit(unit)) == bool(ZH.unit(unit)) == (unit not in ("rank", "count"))


@pytest.mark.parametrize("tell", [EN, ZH], ids=["en", "zh"])
def test_every_comparison_of_the_schema_has_words_of_its_own(tell: object) -> None:
    fields = {field["name"]: field for field in builders.fields("targets")}
    kinds = fields["comparison"]["constraints"]["enum"]
    told = {
        tell("goal", kind="level", comparison=c, value=Number(3), items=1, year=2027)  # type: ignore[operator]
        for c in kinds
    }
    assert len(told) == len(kinds)

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.loading import load
from forecast.report.pages import record_words, words
from forecast.study import Study
from forecast.targets.assess import Assessment
from forecast.verification.track_record import scored
from tests import builders
from tests.answers import answer
from tests.conftest import CITY
from tests.test_tables import replayed
from tests.test_targets import levels
from tests.verification.test_track_record import record
from tests.worlds import world

#: Words that slip into a text when a value is missing.
GAPS = re.compile(r"\b(nan|NaN|None|NaT|inf|<NA>|\[\]|\{\})\b|  |,,|\(\)| ,|,\s*\.")

EVIDENCE = load(CITY)
OF_AN_ANSWER: dict[str, Callable[[Assessment], str]] = {
    name: getattr(words, name) for name in ("title", "goal", "verdict")
}


# Numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probability", "floor", "said"),
    [
        (0.0, None, "fewer than 1 in 100"),
        (0.005, None, "fewer than 1 in 100"),
        (0.0051, None, "about 1 in 100"),
        (0.015, None, "about 2 in 100"),
        (0.4949, None, "about 49 in 100"),
        (0.5, None, "about 50 in 100"),
        (0.9949, None, "about 99 in 100"),
        (0.995, None, "more than 99 in 100"),
        (1.0, None, "more than 99 in 100"),
        (0.03, 0.03, "fewer than 3 in 100"),
        (0.0301, 0.03, "about 3 in 100"),
        (0.0248, 0.0217, "fewer than 3 in 100"),
        (0.0252, 0.0217, "about 3 in 100"),
        (1 - 0.0248, 0.0217, "more than 97 in 100"),
        (0.97, 0.03, "more than 97 in 100"),
        (0.016, 0.016, "fewer than 2 in 100"),
        (1 - 0.016, 0.016, "more than 98 in 100"),
        (0.0, 0.1, "fewer than 10 in 100"),
        (0.3, 0.1, "about 30 in 100"),
    ],
)
def test_natural_frequencies(probability: float, floor: float | None, said: str) -> None:
    assert words.in_100(probability, floor) == said


@given(st.floats(0, 1), st.floats(0.001, 0.3))
def test_no_frequency_claims_more_than_the_floor(probability: float, floor: float) -> None:
    text = words.in_100(float(np.clip(probability, floor, 1 - floor)), floor)
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
    long, short = words.in_100(probability), words.short(probability)
    assert re.findall(r"\d+", long) == re.findall(r"\d+", short)
    assert (long[:4] == "more", long[:5] == "fewer") == (short[0] == ">", short[0] == "<")


@pytest.mark.parametrize(
    ("probability", "floor", "said"),
    [
        (0.11, 0.11, "at most unlikely"),
        (0.0, 0.11, "at most unlikely"),
        (0.2, 0.11, "unlikely"),
        (0.89, 0.11, "at least likely"),
        (0.08, 0.08, "at most very unlikely"),
        (0.02, 0.04, "extremely unlikely"),  # no class lies below
        (0.97, 0.04, "extremely likely"),
    ],
)
def test_verdict_on_a_limit_says_that_it_is_one(
    probability: float, floor: float, said: str
) -> None:
    assert words.likelihood(probability, floor) == said
    found = dataclasses.replace(answer(value=300.0), probability=probability, floor=floor)
    assert f" {said.capitalize()}: Goal (" in words.overview([found])


def test_likelihood_rises_with_the_probability() -> None:
    said = [words.likelihood(p) for p in np.linspace(0, 1, 1001)]
    assert list(dict.fromkeys(said)) == [
        "extremely unlikely", "very unlikely", "unlikely", "about even", "likely", "very likely",
        "extremely likely",
    ]  # fmt: skip
    # The same words below and above even, except at the very edges of a word.
    opposite = dict(zip(dict.fromkeys(said), reversed(list(dict.fromkeys(said))), strict=True))
    assert sum(opposite[a] != b for a, b in zip(said, reversed(said), strict=True)) <= 6


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0, "", "0.00"),
        (2.5, "%", "2.50 %"),
        (12.5, "%", "12.5 %"),
        (12.34, "", "12.34"),
        (71.83, "%", "71.8 %"),
        (999.96, "", "1,000.0"),
        (1000.4, "亿元", "1,000 亿元"),
        (-3.14, "", "-3.14"),
        (1e7, "", "10,000,000"),
    ],
)
def test_digits_follow_the_size(value: float, unit: str, said: str) -> None:
    assert words.number(value, unit) == said


@pytest.mark.parametrize(
    ("value", "said"), [(7313.0, "7,313"), (10508.6, "10,508.6"), (0.34, "0.34"), (3.40, "3.4")]
)
def test_published_figures_keep_their_digits(value: float, said: str) -> None:
    assert words.figure(value) == said


def test_every_unit_of_the_data_has_a_label(study: Study) -> None:
    for unit in {*study.evidence.indicators["unit"], *study.evidence.targets["unit"]}:
        assert words.unit_label(unit).startswith(unit)
        if re.search(r"[\u4e00-\u9fff]", unit):
            assert "(" in words.unit_label(unit), f"{unit} is not explained"


def test_every_comparison_of_the_schema_has_words() -> None:
    fields = {field["name"]: field for field in builders.fields("targets")}
    assert set(fields["comparison"]["constraints"]["enum"]) == set(words.COMPARISONS)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**bold** and *it*", "bold and it"),
        ("# Title\n\nText", "Text"),
        ("see [here](a.html), `code`", "see here, code"),
        ("3 * 4 = 12", "3 * 4 = 12"),
        ("the basis `first_published`", "the basis first_published"),
    ],
)
def test_plain_text_for_a_terminal(marked: str, plain: str) -> None:
    assert words.plain(marked) == plain


# Sentences ----------------------------------------------------------------------------------------


def test_what_came_true_of_low_and_high_chances_is_told() -> None:
    text = record_words.reliability_sentence(scored(record(np.array([2.5, *np.zeros(39)]))))
    # Two usual steps up and more are given next to nothing: reached by one forecast of forty.
    assert re.search(r"of \d+ given less than 5 %, [1-3] %", text)
    assert "more than 80 %, 100 %" in text
    assert record_words.reliability_sentence(scored(record(np.empty(0)))) == ""


# The plan's targets -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OF_AN_ANSWER)
def test_no_gap_in_any_text_of_any_target(name: str, answers: dict[str, Assessment]) -> None:
    for target, found in answers.items():
        text = OF_AN_ANSWER[name](found)
        gap = GAPS.search(text.replace("\n\n", " "))
        assert gap is None, f"{target}: {gap and gap.group()!r} in {text!r}"


def test_overview_names_every_target_with_a_chance_once(answers: dict[str, Assessment]) -> None:
    text = words.overview(list(answers.values()))
    for found in answers.values():
        name = str(found.target["name"])
        assert text.count(f"{name} (") == (found.probability is not None), name
    assert "Of 18 targets, 8" in text
    assert "10 targets cannot be given a probability yet; of 6 of these" in text
    assert GAPS.search(text) is None


def test_replay_is_told_on_the_cases_of_every_day() -> None:
    told = record_words.replay_lead(replayed())
    assert "off by 6.0 % on average at the end of March" in told
    assert "by 3.0 % at the end of December and by 0.0 % in the March after" in told
    assert "100 % held" in told
    assert "Replayed are the years 2024 of all series" in record_words.replay_note(replayed())
    none = replayed().iloc[:0]
    assert record_words.replay_lead(none).startswith("No running year")
    assert record_words.replay_note(none) == ""


def test_hidden_levels_are_told_with_their_number() -> None:
    told = record_words.hidden_lead(world(levels()), replayed())
    assert "median error is 4.5 %" in told
    assert "83 % of the 6 levels" in told
    mixed = replayed().assign(kind=["share", *["flow"] * 5])
    own = record_words.hidden_lead(world(levels()), mixed)
    assert re.search(r"Lowest of the kinds: (share|flow)s, \d+ % of [15]\.", own)
    assert record_words.hidden_lead(world(levels()), replayed().iloc[:0]).startswith("No level")

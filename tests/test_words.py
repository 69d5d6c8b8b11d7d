from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.loading import load
from forecast.forecasting.model_pool import Options
from forecast.report.language import language
from forecast.report.pages import record_words, tables, words
from forecast.study import Study
from forecast.targets.assess import Assessment, assess
from forecast.verification.track_record import scored
from tests import builders
from tests.conftest import CITY
from tests.test_tables import replayed
from tests.test_targets import MANY, levels
from tests.verification.test_track_record import record
from tests.worlds import statement, world

#: Words that slip into a text when a value is missing.
GAPS = re.compile(r"\b(nan|NaN|None|NaT|inf|<NA>|\[\]|\{\})\b|  |,,|\(\)| ,|,\s*\.")

EVIDENCE = load(CITY)
OF_AN_ANSWER: dict[str, Callable[[Assessment], str]] = {
    name: getattr(words, name)
    for name in (
        "title", "goal", "lead", "pace", "uncertainty", "ever", "reading", "dots_note",
        "fan_note", "verdict",
    )
}  # fmt: skip
OF_AN_ANSWER |= {
    "record": record_words.record,
    "next_year": lambda found: record_words.next_year(EVIDENCE, found),
    "known": lambda found: words.known(EVIDENCE, found),
    "thin": lambda found: words.thin(EVIDENCE, found),
}


def answer(rows: list[dict[str, object]] | None = None, **target: object) -> Assessment:
    evidence = world(levels() if rows is None else rows, **target)
    options = Options(400, families=("drift", "theta"), imputations=2)
    return assess(evidence, "plan", "goal", options, record=MANY)


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
    assert words.lead(found).startswith(f"**{said.capitalize()}: ")
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


# Verdicts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("growth", "value", "comparison", "said"),
    [
        (1.07, 240.0, "at_least", "maintain"),
        (1.07, 300.0, "at_least", "accelerate"),
        (0.95, 60.0, "at_least", "reverse"),
        (1.07, 200.0, "at_least", "hold"),
        (0.95, 50.0, "at_most", "maintain"),
        (0.95, 40.0, "at_most", "accelerate"),
        (1.07, 150.0, "at_most", "reverse"),
        (0.95, 60.0, "at_most", "hold"),
    ],
)
def test_verdict(growth: float, value: float, comparison: str, said: str) -> None:
    found = answer(levels(growth), value=value, comparison=comparison)
    assert words.verdict(found) == said
    assert words.pace(found).startswith("## ")


def test_pace_of_some_years_that_would_do_and_of_others_that_would_not() -> None:
    found = dataclasses.replace(answer(value=300.0), required=4.8, achieved={3: 2.9, 5: 7.1})
    assert (
        "Keeping the pace of the last 5 years would do, that of the last 3 would not:"
        in words.pace(found)
    )
    both = dataclasses.replace(found, achieved={3: 5.0, 5: 7.1})
    assert "**Keeping the pace would do:**" in words.pace(both)


def test_start_of_the_window_of_a_pace_counts_among_its_estimates() -> None:
    found = answer(value=300.0)
    history = found.history
    assert history is not None
    origin = list(history.origin)
    origin[-6] = "interpolated"  # five years of growth have six ends
    found = dataclasses.replace(found, history=dataclasses.replace(history, origin=origin))
    assert f"({history.years[-6]} as estimated)" in words.pace(found)


def test_verdict_without_a_pace() -> None:
    found = answer(levels(n=3), value=200.0, year=2020)
    assert found.status == "not_assessable"
    assert words.verdict(found) == "not known"
    assert GAPS.search(words.pace(found)) is None


# Sentences ----------------------------------------------------------------------------------------


def test_lead_says_chance_level_outlook_and_need() -> None:
    found = answer(value=300.0, comparison="about", tolerance=10.0)
    text = words.lead(found)
    assert words.in_100(found.probability or 0, found.floor) in text
    assert words.likelihood(found.probability or 0) in text.lower()
    for part in (
        "225.22 亿元 in 2024",
        "2027",
        "270",
        "10 % short",
        "300 亿元",
        "the last 5 years",
    ):
        assert part in text
    assert "90 of 100" in text
    assert text.count("**") == 2


def test_target_that_is_met_is_said_to_be_met() -> None:
    found = answer(value=200.0)
    text = words.lead(found)
    assert text.startswith("**Already there")
    assert "225.22" in text
    assert "stays" in text
    assert words.in_100(found.probability or 0, found.floor) in text
    assert "first met in 2023" in words.ever(found)


def test_running_year_is_said_to_be_an_estimate() -> None:
    rows = [*levels(), statement("2025-09", 7.0, measure="ytd_growth")]
    text = words.lead(answer(rows, value=400.0))
    assert "The last published figure is 225.22 亿元 of 2024; 2025 is known in part." in text
    assert re.search(r"We put 2025 at \d+\.\d 亿元 \(90 % interval \d", text)


def test_uncertainty_says_sampling_families_and_cases() -> None:
    found = answer(value=290.0)
    text = words.uncertainty(found)
    assert words.in_100(found.probability or 0, found.floor)[1:] in text
    assert f"{len(found.paths.pooled):,}" in text  # type: ignore[union-attr]
    said = record_words.record(found)
    assert "about 40 independent" in said  # MANY has forty years
    assert "is an upper limit, not an estimate" in said
    assert re.search(r"(widened|narrowed) by a factor of \d\.\d\d", text)


def test_first_years_are_told_within_the_floor() -> None:
    found = answer(value=270.0)
    text = words.ever(found)
    for year, p in found.first_year.items():
        if year != "never":
            assert f"{year}: {words.short(p, found.floor)}" in text
            assert p >= found.floor


@pytest.mark.parametrize(("n", "said"), [(0, "nothing"), (1, "one statement"), (4, "4 statements")])
def test_what_is_held_on_a_target_that_cannot_be_assessed(n: int, said: str) -> None:
    rows = [statement(2015, 9.0, indicator="population", unit="万人"), *levels(n=n)]
    found = answer(rows, kind="count", comparison="exceed", value=20.0, unit="count")
    text = words.lead(found)
    assert text.startswith("**Not assessable yet")
    assert said in text
    assert language("en").write(found.reason) in text


def test_remark_on_a_target_is_on_its_page() -> None:
    assert words.reading(answer(levels(), note="one line waits")).endswith(
        "Remark: one line waits."
    )
    assert "Remark" not in words.reading(answer(levels()))


def test_chance_without_any_past_case_is_not_said_to_be_below_even() -> None:
    """Nine of ten futures meet the target, and no past case says how far to trust them."""
    evidence = world(levels(n=7), value=150.0, year=2021)
    found = assess(evidence, "plan", "goal", Options(400, families=("drift",)))
    assert found.probability_draws is None or found.probability_draws > 0.7
    assert found.record.empty
    for text in (words.lead(found), words.uncertainty(found)):
        assert "fewer than 50" not in text


def test_record_counts_the_cases_of_the_same_horizon() -> None:
    found = answer(value=290.0)
    cases = found.record[found.record["horizon"] == 3]
    assert f"held {int(cases['inside'].sum())} of {len(cases)} times" in record_words.record(found)
    assert "too short" in record_words.record(found)  # MANY holds no forecast of this series
    assert "no past forecast" in record_words.note(cases.head(0)).lower()


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


def test_every_target_has_a_lead_that_gives_its_chance_or_says_why_not(
    answers: dict[str, Assessment],
) -> None:
    for found in answers.values():
        text = words.lead(found)
        if found.probability is None:
            assert text.startswith("**Not assessable yet")
        else:
            assert words.in_100(found.probability, found.floor) in text


def test_trade_is_said_to_be_already_there(answers: dict[str, Assessment]) -> None:
    text = words.lead(answers["trade"])
    assert "10,508.6 亿元 in 2025" in text
    assert "stays" in text


def test_overview_names_every_target_with_a_chance_once(answers: dict[str, Assessment]) -> None:
    text = words.overview(list(answers.values()))
    for found in answers.values():
        name = str(found.target["name"])
        assert text.count(f"{name} (") == (found.probability is not None), name
    assert "Of 18 targets, 8" in text
    assert "10 targets cannot be given a probability yet; of 6 of these" in text
    assert GAPS.search(text) is None


def test_second_plan_is_only_more_rows(study: Study) -> None:
    found_all = study.assess_all("jinhua_2030")
    assert len(found_all) > 3
    for found in found_all:
        for name, say in OF_AN_ANSWER.items():
            text = say(found).replace("\n\n", " ")
            assert GAPS.search(text) is None, f"{found.key}: {name}: {text}"


def test_year_that_is_past_is_not_told_as_a_forecast() -> None:
    found = answer(value=200.0, year=2020)
    text = words.lead(found)
    assert "simulated futures" not in text
    assert "forecast" not in text


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


# What little a chance rests on --------------------------------------------------------------------


def old(until: int, **target: object) -> Assessment:
    """Return an answer on a city without figures after a year; its province has them to 2024."""
    rows = [r for r in levels() if int(str(r["period"])) <= until]
    rows += [dict(r, region="province", value=10 * float(str(r["value"]))) for r in levels()]
    return answer(rows, **target)


def test_chance_without_figures_of_the_last_years_is_said_to_be_thin() -> None:
    found = old(2021, value=300.0)
    assert found.history is not None
    assert found.history.origin[-3:] == ("imputed",) * 3
    assert words.is_thin(found)
    text = words.thin(world(levels()), found)
    assert text.startswith("**Thin evidence.**")
    assert "the last 2 complete years are not among them" in text
    assert "What we say of 2022 to 2024 leans on Province." in text
    low, high = found.history.quantiles([0.05, 0.95])[-1]
    assert f"between {words.number(low)} and {words.number(high, '亿元')}" in text
    lead = words.lead(found)
    assert ", on thin evidence: " in lead
    assert "2022 to 2024 are imputed from related series only" in lead
    assert "(thin)" in tables.summary([found])["Chance"].iloc[0]
    assert "On thin evidence" in words.overview([found])


def test_few_levels_up_to_now_are_thin_without_a_range_of_what_is_published(
    answers: dict[str, Assessment],
) -> None:
    found = answers["rd_share"]
    assert found.history is not None
    assert found.history.origin[-1] == "published"
    text = words.thin(EVIDENCE, found)
    assert f"for {len(words.own_levels(found.history))} years" in text
    assert "So few say little of how it grows." in text
    assert "between" not in text
    many = pd.concat([found.history.statements.query("measure == 'level'").iloc[:1]] * 9)
    many = many.assign(year=range(2010, 2019), used=True, outlier=False, bound="")
    longer = dataclasses.replace(found.history, statements=many)
    behind = dataclasses.replace(found, history=longer, facts={"behind": 2})
    assert "So few" not in words.thin(EVIDENCE, behind)


def test_chance_on_figures_up_to_now_is_not_thin() -> None:
    for found in (answer(value=300.0), old(2023, value=300.0)):
        assert not words.is_thin(found)
        assert words.thin(world(levels()), found) == ""


def test_target_that_only_an_estimate_meets_is_to_be_held_and_not_said_to_be_met() -> None:
    found = old(2021, value=190.0)
    assert found.status == "assessed"
    assert found.required is not None
    assert found.required < 0
    assert words.verdict(found) == "hold"
    assert "As far as is known the target is reached" in words.pace(found)
    assert "even -" in words.pace(found)
    assert "That estimate meets the target already" in words.lead(found)
    assert "both ends meet the target already" in words.thin(world(levels()), found)


def test_answer_outside_all_families_is_said_to_be() -> None:
    found = answer(value=290.0)
    assert found.paths is not None
    learned = dataclasses.replace(
        found,
        probability=0.9,
        paths=dataclasses.replace(found.paths, answer=found.paths.pooled),
        by_family={"drift": 0.3, "theta": 0.5},
    )
    text = words.uncertainty(learned)
    assert (
        "range from about 30 in 100 to about 50 in 100; the learned ensemble gives a higher" in text
    )
    assert "learned ensemble gives" not in words.uncertainty(found)
    quick = dataclasses.replace(learned, by_family={"drift": 0.3})
    assert words.uncertainty(quick).endswith("drift, taken alone, gives about 30 in 100.")

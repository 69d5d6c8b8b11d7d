"""The grade of the data: each component at its thresholds, and the grade of all four."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.reconcile import reconcile
from forecast.targets.assess import assess
from forecast.targets.quality.components import COMPONENTS, Quality
from forecast.targets.quality.grade import of_history, of_rows
from tests.targets.test_assess import levels
from tests.worlds import statement, world

BEST = Quality(
    behind=0, levels=tuple(range(2012, 2025)), current=13, older=0, last_current=True,
    recent=5, own_word=5, reported=5, publishers=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "component", "expected"),
    [
        ({"behind": 0}, "recency", "A"),
        ({"behind": 1}, "recency", "B"),
        ({"behind": 2}, "recency", "C"),
        ({"behind": 3}, "recency", "D"),
        ({"levels": tuple(range(10))}, "length", "A"),
        ({"levels": tuple(range(9))}, "length", "B"),
        ({"levels": tuple(range(4))}, "length", "C"),
        ({"levels": (2024, 2025)}, "length", "D"),
        ({"older": 0}, "basis", "A"),
        ({"older": 3}, "basis", "B"),
        ({"older": 3, "last_current": False}, "basis", "C"),
        ({"own_word": 5}, "sources", "A"),
        ({"own_word": 4, "publishers": 2}, "sources", "B"),
        ({"own_word": 4, "publishers": 1}, "sources", "C"),  # nobody else says so
        ({"own_word": 0, "reported": 3, "publishers": 3}, "sources", "C"),
        ({"own_word": 0, "reported": 2, "publishers": 3}, "sources", "D"),
    ],
)
def test_component(changed: dict, component: str, expected: str) -> None:
    assert dataclasses.replace(BEST, **changed).components[component] == expected


@pytest.mark.parametrize(
    ("changed", "expected", "thin"),
    [
        ({}, "A", False),
        ({"older": 3}, "A", False),  # one weakness alone does not decide
        ({"older": 3, "behind": 1}, "B", False),
        ({"behind": 2}, "B", True),
        ({"behind": 5}, "C", True),
        ({"behind": 5, "levels": (2010,)}, "D", True),
        ({"own_word": 0, "reported": 0}, "C", False),
        ({"levels": ()}, "D", True),
    ],
)
def test_grade_of_all(changed: dict, expected: str, thin: bool) -> None:
    found = dataclasses.replace(BEST, **changed)
    assert (found.grade, found.thin) == (expected, thin)


def test_single_events_are_no_complete_count() -> None:
    events = world([statement(year, 1.0, measure="event") for year in (2000, 2019, 2024)])
    found = of_rows(events, events.statements("city", "gdp"))
    assert (found.levels, found.grade) == ((), "D")


def with_paper(rows: list[dict]) -> Evidence:
    plain = world(rows)
    paper = {"source": "paper", "title": "Report", "publisher": "Daily", "kind": "news"}
    table = pd.concat([plain.sources, pd.DataFrame([paper])]).fillna("")
    return dataclasses.replace(plain, sources=table)


def test_sources_of_the_last_five_years_count_with_those_that_have_the_same_figure() -> None:
    rows = [
        statement(year, 10.0 + year - 2012, source="book" if year < 2022 else "paper", also_in="")
        for year in range(2012, 2025)
    ]
    evidence = with_paper(rows)
    found = of_rows(evidence, evidence.statements("city", "gdp"))
    assert (found.recent, found.own_word, found.reported, found.publishers) == (5, 2, 5, 2)
    assert found.components["sources"] == "B"
    for row in rows:
        row["also_in"] = "book"
    evidence = with_paper(rows)
    found = of_rows(evidence, evidence.statements("city", "gdp"))
    assert (found.own_word, found.components["sources"]) == (5, "A")


def test_series_of_a_world_is_graded_and_an_empty_one_is_poor() -> None:
    evidence = world(levels())
    found = of_history(evidence, reconcile(evidence, "city", "gdp"))
    assert found.components == dict.fromkeys(COMPONENTS, "A")
    assert found.levels == tuple(range(found.levels[0], found.levels[-1] + 1))
    empty = of_rows(evidence, evidence.statements("city", "gdp").iloc[:0])
    assert empty.components == dict.fromkeys(COMPONENTS, "D")


def test_old_and_doubtful_figures_are_no_recent_ones() -> None:
    rows = [row for row in levels() if int(row["period"]) <= 2021]
    late = statement(2025, 99.0, region="province")
    evidence = world([*rows, late])
    found = of_history(evidence, reconcile(evidence, "city", "gdp"))
    assert found.levels[-1] == 2021
    assert found.behind >= 2
    assert found.thin


def test_answer_has_the_grade_of_its_data_but_for_hypothetical_questions() -> None:
    evidence = world(levels())
    found = assess(evidence, "plan", "goal")
    assert found.quality is not None
    assert found.quality.grade == "A"
    assert assess(evidence, "plan", "goal", quick=True).quality is None

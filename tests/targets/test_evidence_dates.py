"""How new the evidence is."""

from __future__ import annotations

import dataclasses

import pytest

from forecast.evidence.calendar import year_end
from forecast.evidence.evidence import Evidence
from forecast.forecasting.model_pool import Options
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from forecast.targets.evidence_dates import known_until, last_complete_year, newest, undated
from tests.fiscal import shifted
from tests.targets.test_assess import MANY, levels
from tests.worlds import statement, world

QUICK = Options(200, families=("drift",), imputations=2)


def dated(*dates: str) -> Evidence:
    return world([statement(2024, 1.0 + i, published=day) for i, day in enumerate(dates)])


def of_all(evidence: Evidence) -> str:
    return newest(evidence, evidence.observations)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("2025-03-04", "2025-02"), "2025-03-04"),
        (("2025-03-04", "2025-04"), "2025-04"),
        (("2025", "2024-12-31"), "2025"),
        (("2025", "2025-01-01"), "2025-01-01"),  # what says more
        (("", ""), ""),
    ],
)
def test_newest_date(dates: tuple[str, ...], expected: str) -> None:
    assert of_all(dated(*dates)) == expected


def test_an_old_figure_copied_later_is_not_newer() -> None:
    rows = [
        statement(2000, 1.0, published="2025-09-03"),
        statement(2024, 2.0, published="2025-03"),
        statement("2024-06", 1.0, measure="ytd_level", published="2024-07"),
    ]
    assert of_all(world(rows)) == "2025-03"
    running = statement(2025, 90.0, published="2025-02")  # a timetable of the running year
    quarter = statement("2025-03", 1.0, measure="ytd_level", published="2025-04-16")
    assert of_all(world([*rows, running, quarter])) == "2025-04-16"


def test_date_of_the_source_stands_in() -> None:
    evidence = dated("")
    sources = evidence.sources.assign(published="2024-05")
    assert of_all(dataclasses.replace(evidence, sources=sources)) == "2024-05"


def test_forecasts_of_others_are_no_figures() -> None:
    rows = [
        statement(2024, 1.0, published="2025-01"),
        statement(2026, 5.0, measure="forecast_growth", published="2025-10"),
    ]
    assert of_all(world(rows)) == "2025-01"


def test_latest_figure_without_a_date_is_named_by_its_period() -> None:
    older, latest = statement(2023, 1.0, published="2024-01"), statement(2024, 1.0)
    evidence = world([older, latest])
    assert undated(evidence, evidence.observations) == "2024"
    evidence = world([older, latest, statement(2024, 2.0, published="2025-01")])
    assert undated(evidence, evidence.observations) == ""
    assert undated(evidence, evidence.observations.iloc[:0]) == ""


def answered(own: str, other: str) -> tuple[Evidence, Assessment]:
    rows = [{**row, "published": own} for row in levels()]
    rows.append(statement(2024, 1.0, region="province", published=other))
    evidence = world(rows)
    return evidence, assess(evidence, "plan", "goal", QUICK, record=MANY)


def test_reference_of_a_comparison_is_not_its_own() -> None:
    rows = [statement(2024, 1.0, published="2025-01"),
            statement(2024, 1.0, region="province", published="2025-03")]  # fmt: skip
    goal = {"kind": "comparison", "reference_region": "province", "value": float("nan")}
    assert assess(world(rows, **goal), "plan", "goal", QUICK, record=MANY).newest_own == "2025-01"


@pytest.mark.parametrize("starts", range(1, 13))
def test_years_are_complete_two_months_after_their_end(starts: int) -> None:
    evidence = shifted([statement(2024, 1.0, published="2025-02-28")], starts)
    assert last_complete_year(evidence, starts) == 2024
    evidence = shifted([statement(2024, 1.0, published="2025-01-31")], starts)
    assert last_complete_year(evidence, starts) == 2023
    assert known_until(shifted([statement(2024, 1.0)], starts)) == year_end(2024, starts)

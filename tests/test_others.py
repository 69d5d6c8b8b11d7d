"""What others expect stands on the page beside ours, with what came of it."""

from __future__ import annotations

import dataclasses

import pytest

from forecast.evidence.evidence import Evidence
from forecast.forecasting.model_pool import Options
from forecast.reconciliation.reconcile import reconcile_all
from forecast.report.pages import expectations as others
from forecast.targets.assess import Assessment, assess
from tests.expectations.test_update import expected, rows
from tests.test_words import MANY
from tests.worlds import statement, world


def known() -> Evidence:
    return world([
        *rows(), expected(2024, 9.0, published="2024-01-20"),
        statement(2024, 8.0, measure="growth"),
        expected(2026, 2.0, bound="lower", status="target", published="2026-01-20"),
        expected(2026, 2.5, bound="upper", status="target", published="2026-01-20"),
    ])  # fmt: skip


def asked(evidence: Evidence, outside: str) -> Assessment:
    options = Options(800, outside=outside)
    return assess(
        evidence,
        "plan",
        "goal",
        options,
        record=MANY,
        histories=reconcile_all(evidence),
        quick=False,
    )


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return known()


@pytest.fixture(scope="module")
def answer(evidence: Evidence) -> Assessment:
    return asked(evidence, "all")


def test_page_says_both_medians(evidence: Evidence, answer: Assessment) -> None:
    text = others.note(evidence, answer)
    alone = asked(evidence, "none")
    assert answer.paths is not None
    assert answer.quantiles[0.5] < alone.quantiles[0.5]
    assert answer.paths.without[-1] == pytest.approx(alone.quantiles[0.5], rel=1e-6)
    for figure in (answer.quantiles[0.5], alone.quantiles[0.5]):
        assert f"{figure:.1f}" in text
    assert text.startswith("## What others expect\n\n1 forecast of others, on City, is part")
    assert others.note(evidence, alone) == ""
    assert others.table(evidence, alone).empty


def test_table_holds_theirs_beside_ours(evidence: Evidence, answer: Assessment) -> None:
    (row,) = others.table(evidence, answer).to_dict("records")
    assert row["Published"] == "January 2026"
    assert row["They expect"] == "2 to 2.5 %, nominal (target)"
    assert "Government of City" in row["Forecaster"]
    ours, together = (float(str(row[name]).split()[0]) for name in ("Ours alone", "Together"))
    assert 2.25 < together < ours


def test_page_of_the_series_shows_what_came(evidence: Evidence) -> None:
    past, future = others.series_table(evidence, "city", "gdp").to_dict("records")
    assert (past["For"], past["Expected"], past["Came"]) == ("2024", "9 %, nominal", "8 %")
    assert (future["For"], future["Came"]) == ("2026", "")
    assert others.series_note(evidence, "city", "gdp")
    nothing = world(rows())
    assert others.series_note(nothing, "city", "gdp") == ""
    assert others.series_table(nothing, "city", "gdp").empty


def test_names_from_the_data_are_text_not_markup(answer: Assessment) -> None:
    evidence = known()
    regions = evidence.regions.assign(name="<b>City</b>")
    hostile = dataclasses.replace(evidence, regions=regions)
    for table in (
        others.series_table(hostile, "city", "gdp"), others.table(hostile, answer),
    ):  # fmt: skip
        assert "<b>" not in table.to_html(escape=False)


def test_a_copy_on_another_site_is_not_linked() -> None:
    evidence = known()
    sources = evidence.sources.assign(url="https://example.org/book", copy="")
    linked, copied = (
        others.series_table(dataclasses.replace(evidence, sources=table), "city", "gdp")
        for table in (sources, sources.assign(copy="yes"))
    )
    assert linked["Forecaster"].str.contains("https://example.org").all()
    assert not copied["Forecaster"].str.contains("http").any()

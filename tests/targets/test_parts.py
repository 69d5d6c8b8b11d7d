"""A level that is not published, bounded from below by its published parts."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.evidence import Evidence
from forecast.facts import fact
from forecast.forecasting.model_pool import Options
from forecast.report import results
from forecast.report.outputs import tables
from forecast.report.pages import shared
from forecast.study import Study
from forecast.targets import supposed_figures
from forecast.targets.assess import assess
from forecast.targets.assessment import QUANTILES, Assessment
from forecast.targets.question import Question
from forecast.targets.types._series import parts
from tests.targets.test_assess import MANY, levels
from tests.worlds import statement, world

QUICK = Options(400, families=("drift", "theta"), imputations=2)
Rows = list[dict[str, Any]]


def at(rows: Rows, region: str, indicator: str, factor: float = 1.0) -> Rows:
    more = {"region": region, "indicator": indicator}
    return [{**row, **more, "value": factor * row["value"]} for row in rows]


def whole(rows: Rows, **target: Any) -> Evidence:
    """A world of a city and its two counties, in which `gdp` has the parts `north` and `south`."""
    evidence = world(rows, **target)
    extra = evidence.indicators[evidence.indicators["indicator"] == "gdp"]
    named = [
        extra.assign(indicator=name, name=name.capitalize(), deflator="", part_of="gdp")
        for name in ("north", "south")
    ]
    counties = pd.DataFrame(
        [(f"county_{x}", f"County {x}", "", "county", "city") for x in "ab"],
        columns=evidence.regions.columns,
    )
    return dataclasses.replace(
        evidence,
        indicators=pd.concat([evidence.indicators.assign(part_of=""), *named], ignore_index=True),
        regions=pd.concat([evidence.regions, counties], ignore_index=True),
    )


def ask(rows: Rows, **target: Any) -> Assessment:
    return assess(whole(rows, **target), "plan", "goal", QUICK, record=MANY)


# Which series are parts ---------------------------------------------------------------------------


def test_parts_are_taken_where_they_are_published() -> None:
    few = levels(n=2)
    in_county = [*at(few, "county_a", "north"), *at(few, "city", "south")]
    assert parts.pieces(whole(in_county), "city", "gdp") == [
        ("county_a", "north"), ("city", "south"),
    ]  # fmt: skip
    # The county's figure is inside the city's.
    both = [*in_county, *at(few, "city", "north")]
    assert parts.pieces(whole(both), "city", "gdp") == [("city", "north"), ("city", "south")]
    # And a county's parts are inside the whole of that county.
    own = [*in_county, *at(few, "county_a", "gdp"), *at(few, "county_b", "gdp")]
    assert parts.pieces(whole(own), "city", "gdp") == [("county_a", "gdp"), ("county_b", "gdp")]


def test_summands_are_parts() -> None:
    evidence = whole(at(levels(n=2), "city", "exports"))
    assert parts.pieces(evidence, "city", "trade") == [("city", "exports")]


def test_shares_and_growth_alone_bound_nothing() -> None:
    share = [statement(2023, 2.0, region="county_a", indicator="share", unit="%", prices="none")]
    assert parts.pieces(whole(share), "city", "share") == []
    growth = [statement(2023, 5.0, measure="growth", region="county_a", indicator="north")]
    assert parts.pieces(whole(growth), "city", "gdp") == []


# The bound ----------------------------------------------------------------------------------------


def test_bound_by_hand() -> None:
    """Three draws of two parts: the sums, their quantiles, and the shares that meet the target."""
    draws = [np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]), np.array([[25.0], [5.0], [5.0]])]
    evidence = whole(levels(), value=30.0, year=2027)
    q = Question(evidence, evidence.target("plan", "goal"), QUICK)
    found = parts._bound(q, (("city", "north"), ("city", "south")), draws, 2026, 0.1)
    assert found.years.index.tolist() == [2027]  # the only year in which both have draws
    expected = np.quantile([35.0, 25.0, 35.0], QUANTILES)
    np.testing.assert_allclose(found.years.loc[2027], expected)
    assert found.largest.loc[2027, 0.5] == 25.0
    assert found.at_least == pytest.approx(2 / 3)
    assert found.alone == pytest.approx(1 / 3)  # the largest of each draw: 25, 20, 30


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=2, max_size=40),
    st.floats(1, 90),
)
def test_overlap_only_weakens_the_bound(pairs: list[tuple[float, float]], limit: float) -> None:
    evidence = whole(levels(), value=limit, year=2027)
    q = Question(evidence, evidence.target("plan", "goal"), QUICK)
    draws = [np.array(pairs)[:, [i]] for i in (0, 1)]
    found = parts._bound(q, (("city", "north"), ("city", "south")), draws, 2026, 0.02)
    assert (found.alone or 0.0) <= (found.at_least or 0.0) <= 0.98
    assert found.at_least is None or found.at_least > found.floor


def test_parts_near_the_target_give_a_chance() -> None:
    both = [*at(levels(), "county_a", "north"), *at(levels(), "county_b", "south", 0.5)]
    last = float(levels()[-1]["value"])
    found = ask(both, value=1.17 * last)
    assert (found.status, found.probability) == ("partly_known", None)
    bound = found.bound
    assert bound.series == (("county_a", "north"), ("county_b", "south"))
    assert bound.last == 2024
    assert bound.years.loc[2024, 0.5] == pytest.approx(1.5 * last, rel=0.01)
    assert bound.at_least > 0.9
    assert bound.alone <= bound.at_least
    only = ask(both[: len(both) // 2], value=1.17 * last)
    assert only.bound.at_least == pytest.approx(bound.alone, abs=0.05)
    assert found.parts["state"].tolist() == ["forecast", "forecast"]
    assert set(found.known["region"]) == {"county_a", "county_b"}
    assert {m.region for m in found.missing} == {"city"}  # the whole is still wanted


def test_a_whole_less_than_the_sum_is_supposed_too() -> None:
    rows = [*at(levels(), "county_a", "north"), *at(levels(), "county_b", "south", 0.5)]
    evidence = whole(rows, value=1.17 * float(levels()[-1]["value"]))
    found = assess(evidence, "plan", "goal", QUICK, record=MANY)
    cases = supposed_figures.levels(Study(evidence, QUICK), found, found.threshold)
    last = max(m.period for m in found.missing)
    finals = {row["value"] for _, rows, _ in cases for row in rows if row["period"] == last}
    assert found.bound is not None
    largest = float(found.bound.largest[0.5].loc[int(last)])
    assert min(finals) == pytest.approx(max(0.8 * found.threshold, largest), rel=1e-3)
    assert min(finals) < found.bound.quantile(int(last), 0.5)


def test_a_part_without_a_forecast_counts_as_nothing() -> None:
    rows = [*at(levels(), "county_a", "north"), *at(levels(n=1), "county_b", "south")]
    found = ask(rows)
    assert found.bound.series == (("county_a", "north"),)
    assert found.parts["state"].tolist() == ["forecast", "unknown"]
    assert found.parts["value"].notna().all()


@pytest.mark.parametrize(
    ("rows", "goal"),
    [
        (at(levels(), "county_a", "north"), {"comparison": "at_most"}),
        (levels(), {}),  # the whole itself is published
        (at(levels(), "county_a", "trade"), {}),  # no part of it
        (at(levels(n=1), "county_a", "north"), {}),  # no forecast of any part
    ],
)
def test_nothing_is_bounded_elsewhere(rows: Rows, goal: dict[str, Any]) -> None:
    assert ask(rows, **goal).bound is None


def test_last_known_is_our_estimate_where_part_of_a_year_is_newer() -> None:
    rows = at(levels(), "county_a", "north")
    rows.append(statement("2025-06", 130.0, measure="ytd_level", region="county_a",
                          indicator="north"))  # fmt: skip
    (row,) = ask(rows).parts.to_dict("records")
    assert row["when"] == fact("part-when-estimated", year=2025)
    assert row["value"] == float(f"{row['value']:.4g}")
    (row,) = ask(at(levels(), "county_a", "north")).parts.to_dict("records")
    assert (row["when"], row["value"]) == ("2024", levels()[-1]["value"])


# In words and in the results ----------------------------------------------------------------------


def test_every_part_that_is_linked_has_a_page() -> None:
    rows = [*at(levels(n=6), "county_a", "north"), *at(levels(n=6), "county_b", "south", 0.5)]
    evidence = whole(rows, value=1.17 * float(levels()[-1]["value"]))
    found = assess(evidence, "plan", "goal", QUICK, record=MANY)
    assert found.bound is not None
    assert set(found.bound.series) <= set(shared.series_with_pages(Study(evidence, QUICK), "plan"))


def test_results_hold_the_bound() -> None:
    import jsonschema

    rows = [*at(levels(), "county_a", "north"), *at(levels(), "county_b", "south", 0.5)]
    found = ask(rows, value=1.17 * float(levels()[-1]["value"]))
    entry = results.target_result(found)
    schema = json.loads(results.SCHEMA_FILE.read_text("utf-8"))
    jsonschema.validate(entry, schema["properties"]["targets"]["items"])
    bound = entry["lower_bound"]
    assert bound["series"] == ["county_a/north", "county_b/south"]
    assert bound["probability_at_least_if_apart"] == found.bound.at_least
    assert list(bound["years"])[-1] == "2027"
    assert results.target_result(ask(levels()))["lower_bound"] is None
    table = tables.as_csv({"targets": [entry]})
    assert "lower_bound.years.2027.0.50" in table.splitlines()[0]
    assert "{" not in table

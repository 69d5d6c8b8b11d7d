from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forecast.forecasting.floor import least
from forecast.report.language import language
from forecast.report.pages.target.meaning import release_note
from forecast.report.releases import Calendar
from forecast.study import Study
from forecast.targets.assess import assess
from forecast.targets.revisions import (
    PRIOR_SD,
    USUAL_SD,
    away,
    preliminary,
    revision_sd,
    revisions,
    spread,
)
from tests.targets.test_assess import MANY, levels
from tests.targets.test_types import QUICK
from tests.worlds import statement, world


def pair(year: int, first: float, later: float, **fields: Any) -> list[dict[str, Any]]:
    return [
        statement(year, first, status="preliminary", published=f"{year + 1}-02", **fields),
        statement(year, later, status="final", published=f"{year + 1}-11", **fields),
    ]


def test_pairs_are_found_on_one_basis_only() -> None:
    rows = [
        *pair(2020, 100.0, 101.0),
        *pair(2021, 100.0, 99.0, basis="old"),
        statement(2022, 100.0, status="preliminary", basis="old"),
        statement(2022, 120.0, status="revised", basis="new"),
        *pair(2023, 100.0, 150.0, mark="low_quality"),
        *pair(2024, 100.0, 103.0, bound="lower"),
        *pair(2020, 2.0, 2.1, indicator="share", unit="%", prices="none"),
    ]
    found = revisions(world(rows)).set_index(["indicator", "period"])["revision"]
    assert found.to_dict() == pytest.approx(
        {("gdp", "2020"): 1.0, ("gdp", "2021"): -1.0, ("share", "2020"): 0.1}
    )


def test_first_and_last_vintage_are_compared() -> None:
    rows = [
        statement(2020, 105.0, status="revised", published="2025-01"),
        statement(2020, 102.0, status="final", published="2021-11"),
        statement(2020, 100.0, status="preliminary", published="2021-02"),
        statement(2020, 101.0, status="preliminary", published="2021-03"),
    ]
    (row,) = revisions(world(rows)).itertuples()
    assert (row.first, row.later) == (100.0, 105.0)
    undated = [{**rows[2], "published": ""}, rows[3], {**rows[1], "published": ""}]
    (row,) = revisions(world(undated)).itertuples()
    assert (row.first, row.later) == (101.0, 102.0)  # what has a date came first
    late = [rows[2], {**rows[1], "published": ""}, {**rows[1], "value": 103.0}]
    (row,) = revisions(world(late)).itertuples()
    assert row.later == 102.0


def test_spread_is_learned_and_shrunk() -> None:
    rng = np.random.default_rng(4)
    many = [r for i in range(400) for r in pair(1960 + i, 100.0, 100.0 * (1 + rng.normal() / 50))]
    table = spread(revisions(world(many))).set_index("kind")
    assert table.loc["flow", "pairs"] == 400
    assert table.loc["flow", "sd"] == pytest.approx(2.0, rel=0.15)
    few = revision_sd(world(pair(2020, 100.0, 102.0)), "flow")
    assert USUAL_SD < few[0] < 2.0 * 1.4826
    assert few[1:] == (pytest.approx(2.0), 1)
    assert revision_sd(world(levels()), "flow") == (USUAL_SD, 0.0, 0)


def decided(last: dict[str, Any], value: float) -> Any:
    rows = [*levels(n=12), last]
    evidence = world(rows, value=value)
    answer = assess(evidence, "plan", "goal", QUICK, record=MANY)
    return answer, evidence, preliminary(evidence, answer)


def test_preliminary_figure_that_meets_may_be_revised_away() -> None:
    chances = []
    for value in (224.9, 224.0, 220.0):
        answer, evidence, found = decided(statement(2024, 225.0, status="preliminary"), value)
        assert answer.status == "already_met"
        assert (found.value, found.year) == (225.0, 2024)
        chances.append(found.revised_away)
        assert "is not final" in release_note(language("en"), answer, Calendar(evidence), found)
        assert found.gap == pytest.approx(100 * (1 - value / 225.0))
    assert least(0) < chances[0] < 0.5
    assert chances[1:] == [None, None]  # no revision is known: none can be told apart from another


@pytest.mark.parametrize("limit", [224.0, 220.0])
def test_chance_of_a_revision_is_the_tail_of_a_student_t(limit: float) -> None:
    from scipy.stats import t

    _, _, found = decided(statement(2024, 225.0, status="preliminary"), limit)
    fall = 100 * (225.0 - limit) / 225.0  # percent of the figure that is out
    assert found.sd == USUAL_SD  # no series here was revised
    expected = t.cdf(-fall / USUAL_SD, df=4)
    assert away(225.0, limit, found.sd, "flow") == pytest.approx(expected)
    assert found.revised_away == (expected if expected > least(0) else None)


def test_revision_of_a_share_is_in_points() -> None:
    from scipy.stats import t

    share = {"indicator": "share", "unit": "%", "prices": "none"}
    rows = [statement(2013 + i, 30.0 + i, **share) for i in range(11)]
    rows.append(statement(2024, 41.0, status="preliminary", **share))
    evidence = world(rows, indicator="share", unit="%", value=40.9)
    found = preliminary(evidence, assess(evidence, "plan", "goal", QUICK, record=MANY))
    assert (found.value, found.year, found.sd) == (41.0, 2024, PRIOR_SD["share"])
    expected = t.cdf(-0.1 / PRIOR_SD["share"], df=4)
    assert away(41.0, 40.9, found.sd, "share") == pytest.approx(expected)
    assert (found.revised_away, found.gap) == (None, pytest.approx(0.1))


def test_spread_of_few_pairs_by_hand() -> None:
    rows = [*pair(2020, 100.0, 101.0), *pair(2021, 100.0, 98.0), *pair(2022, 100.0, 100.5)]
    (row,) = spread(revisions(world(rows))).itertuples()
    # Absolute revisions of 0.5, 1 and 2 percent: their median of 1 is 1.4826 as a deviation; three
    # pairs beside four of half a percent.
    expected = np.sqrt((3 * 1.4826**2 + 4 * 0.5**2) / 7)
    assert (row.pairs, row.median, row.largest) == pytest.approx((3, 0.5, 2.0))
    assert row.sd == pytest.approx(expected)


def test_final_figure_is_not_revised_away() -> None:
    _, _, found = decided(statement(2024, 225.0, status="final"), 224.0)
    assert found is None
    _, _, found = decided(statement(2024, 225.0, status="unknown"), 224.0)
    assert found is None
    _, _, found = decided(statement(2024, 225.0, status="preliminary"), 230.0)
    assert found is None  # it does not meet the target


def test_real_revisions_are_small(study: Study) -> None:
    pairs = revisions(study.evidence)
    assert len(pairs) >= 15
    table = spread(pairs).set_index("kind")
    assert 0.1 < table.loc["flow", "sd"] < 2
    assert table.loc["share", "sd"] < 0.1

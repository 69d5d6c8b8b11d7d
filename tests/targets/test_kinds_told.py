"""What answers of every kind tell of where things stand, and which figures they suppose."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from forecast.facts import Fact
from forecast.targets.assessment import Assessment
from forecast.targets.types import kind
from tests.targets.test_assess import levels
from tests.targets.test_types import (
    RANK,
    ask,
    event,
    friends,
    in_province,
    places,
    tally,
)
from tests.worlds import statement, world


def supposed(answer: Assessment, rows: list[dict[str, Any]]) -> list[tuple[Fact, list[Any]]]:
    """Cases of an answer whose series have no history."""
    study: Any = SimpleNamespace(
        evidence=world(rows or [statement(2024, 1.0)]), find_history=lambda *_: None
    )
    found = kind(answer.kind).suppose(study, answer)
    assert all(not openings for _, _, openings in found)
    return [(told, [row["value"] for row in more]) for told, more, _ in found]


# Counts -------------------------------------------------------------------------------------------


def test_supposed_counts_go_from_what_is_known_to_what_is_needed() -> None:
    rows = [event("2023-05-01"), event("2023-06-01"), event("2024-06-01")]
    answer = friends(rows)  # more than ten: eleven
    cases = supposed(answer, rows)
    assert [(told.args["n"], values) for told, values in cases] == [
        (n, [n]) for n in (3, 6, 8, 11)
    ]  # fmt: skip
    assert {told.args["day"].isoformat() for told, _ in cases} == {answer.missing[0].period}


def test_count_is_told_with_what_came_later() -> None:
    counted = friends([tally("2024-06-30", 5), event("2024-09-01"), event("2024-10-01")])
    told = counted.told()
    assert [f.message for f in told] == ["kind-counted", "kind-counted-later", "kind-count-goal"]
    assert (told[0].args["n"], told[1].args["n"]) == (5, 2)
    assert [f.message for f in friends([tally("2024-06-30", 5)]).told()] == [
        "kind-counted", "kind-count-goal"
    ]  # fmt: skip
    dated = friends([event("2023-05-01"), event("2023-06-01")])
    assert (dated.told()[0].message, dated.told()[0].args["n"]) == ("kind-events", 2)
    assert friends([]).told()[0].message == "kind-no-events"
    for n in (0, 1):  # a count of none is a count
        (row,) = friends([tally("2024-06-30", n)]).parts.to_dict("records")
        assert (row["when"], row["value"], row["state"]) == ("2024-06-30", n, "known")
    brief = dated.brief()
    assert brief is not None
    assert (brief.args["n"], brief.args["complete"]) == (2, "False")


# Ranks --------------------------------------------------------------------------------------------


def test_supposed_ranks_lie_around_the_limit() -> None:
    rows = [statement(2023, 50, **RANK)]
    answer = places(rows)
    cases = supposed(answer, rows)
    assert [told.args["rank"] for told, _ in cases] == [10, 15, 20, 30, 50]
    assert [values for _, values in cases] == [
        [r] * len(answer.missing) for r in (10, 15, 20, 30, 50)
    ]
    first = supposed(places(rows, value=1), rows)
    assert [told.args["rank"] for told, _ in first] == [1, 2]  # half to even: 1.5, 2.5


def test_rank_is_told_with_its_editions() -> None:
    found = places([statement(y, r, **RANK) for y, r in ((2022, 30), (2024, 24))])
    (told,) = found.told()
    assert (told.message, told.args["n"], told.args["rank"]) == ("kind-rank", 2, 24)
    assert told.args["year"] == 2024
    brief = found.brief()
    assert brief is not None
    assert (brief.args["rank"], brief.args["doubtful"]) == (24, "False")
    marked = places([statement(2024, 40, mark="low_quality", **RANK)])
    assert [f.message for f in marked.told()] == ["kind-rank-lists", "kind-rank-mark"]
    brief = marked.brief()
    assert brief is not None
    assert brief.args["doubtful"] == "True"


def test_editions_that_lack_are_the_newest_ones() -> None:
    assert [m.period for m in places([]).missing] == ["2022", "2023"]  # known until 2024
    rows = [statement(2023, 50, **RANK), statement(2024, 1.0, published="2025-03-04")]
    assert [m.period for m in places(rows).missing] == ["2024"]


# Sums, comparisons, markets -----------------------------------------------------------------------

SUM = {"kind": "cumulative", "start": 2023, "year": 2027, "value": 1000.0}


def test_sum_tells_its_years_so_far() -> None:
    rows = levels(n=13)  # 2012 to 2024
    done = sum(row["value"] for row in rows[-2:])
    found = ask(rows, **SUM)
    told, goal = found.told()
    assert (told.message, told.args["n"], told.args["start"]) == ("kind-sum", 2, 2023)
    assert told.args["last"] == 2024
    assert told.args["done"].value == pytest.approx(done)
    assert goal.message == "kind-count-goal"
    brief = found.brief()
    assert brief is not None
    assert brief.args["value"].value == pytest.approx(done)
    assert found.required == pytest.approx((1000 - done) / 3)
    assert found.achieved == {}  # three years of the sum are not over
    states = found.parts.set_index("part")["state"].to_dict()
    assert states == {"2023": "known", "2024": "known"} | dict.fromkeys(
        ("2025", "2026", "2027"), "forecast"
    )
    long = ask(rows, **{**SUM, "start": 2022})
    mean = np.mean([row["value"] for row in rows[-3:]])
    assert long.achieved == pytest.approx({3: mean})
    yet = ask(rows, **{**SUM, "start": 2026})
    assert yet.told() == []
    assert yet.brief() is None
    assert yet.required == pytest.approx(1000 / 2)


def test_year_without_a_figure_is_estimated_in_a_sum() -> None:
    rows = [row for row in levels(n=13) if row["period"] != "2023"]
    found = ask(rows, **SUM)
    _, estimated, _ = found.told()
    assert (estimated.message, estimated.args["n"]) == ("kind-sum-estimated", 1)
    assert estimated.args["years"].years == [2023]
    assert found.parts["state"].tolist()[:2] == ["estimated", "known"]


def test_supposed_levels_of_a_sum_are_near_a_years_share() -> None:
    answer = ask([], **SUM, indicator="exports")
    values = [values[-1] for _, values in supposed(answer, [])]
    assert sorted(set(values)) == pytest.approx([160.0, 180.0, 200.0, 220.0])  # of 1000 in five


COMPARED = {"kind": "comparison", "reference_region": "province", "value": float("nan")}


def test_supposed_comparisons_start_from_the_figure_that_is_known() -> None:
    row = statement(2024, 80.0)
    for rows, base in (
        ([row, {**row, "region": "province", "value": 50.0}], 50.0), ([row], 80.0),
        ([{**row, "region": "province", "value": 50.0}], 50.0), ([], 100.0),
    ):  # fmt: skip
        goal = COMPARED if rows else {**COMPARED, "indicator": "exports"}
        answer = ask(rows, **goal)
        last = max(m.period for m in answer.missing)
        lacking = [m.region for m in answer.missing if m.period == last]
        study: Any = SimpleNamespace(evidence=world(rows or [row]), find_history=lambda *_: None)
        cases = kind("comparison").suppose(study, answer)
        assert {told.args["year"] for told, _, _ in cases} == {int(last)}
        assert [told.args["share"].value for told, _, _ in cases] == pytest.approx(
            [80, 90, 100, 110]
        )
        for (_, more, _), ratio in zip(cases, (0.8, 0.9, 1.0, 1.1), strict=True):
            ends = {r["region"]: r["value"] for r in more if r["period"] == last}
            whole = {"city": ratio * base, "province": base}
            assert ends == pytest.approx({region: whole[region] for region in lacking})


def test_markets_are_told_by_their_latest_figures() -> None:
    rows = levels(n=13)
    for i, row in enumerate(rows):
        row["value"] *= 1 + 0.05 * (-1) ** i
    goal = {"kind": "markets", "items": "city;province", "value": 276.0}
    found = ask([*rows, *in_province(rows, 1.01)], **goal)
    brief = found.brief()
    assert brief is not None
    assert (brief.args["n"], brief.args["of"]) == (2, 2)
    assert found.standard_error is not None
    p = found.parts["chance"].to_numpy(float)
    n = 400  # draws
    assert ((p > 0.05) & (p < 0.95)).all()
    variance = np.prod(p**2 + p * (1 - p) / n) - np.prod(p**2)
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=1e-6)
    half = ask(rows, **goal).brief()
    assert half is not None
    assert (half.args["n"], half.args["of"]) == (1, 2)

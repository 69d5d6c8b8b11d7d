"""What is told of a list of journeys, and what is supposed of those that are not known."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.targets.assessment import PARTS
from forecast.targets.types import legs
from forecast.targets.types.legs import JourneysAnswer
from tests.targets.test_types import CIRCLE, TIME, ask, openings
from tests.worlds import statement, world


def journeys(states: dict[str, int]) -> JourneysAnswer:
    rows = [(f"{state}{i}", "", "", np.nan, state, np.nan, "")
            for state, n in states.items() for i in range(n)]  # fmt: skip
    goal = world([statement(2024, 1.0)], **CIRCLE).target("plan", "goal")
    parts = pd.DataFrame(rows, columns=list(PARTS))
    return JourneysAnswer(goal, "partly_known", None, 120.0, "minutes", parts=parts)


def test_journeys_are_told_by_state_and_named_if_they_are_few() -> None:
    told = journeys({"unknown": 6, "met": 5, "not met": 1}).told()
    assert [(f.args["state"], f.args["n"], f.args["named"]) for f in told] == [
        ("met", 5, 5), ("not-met", 1, 1), ("unknown", 6, 0)
    ]  # fmt: skip
    assert {f.args["of"] for f in told} == {12}
    assert all(f.args["year"] == 2027 for f in told)


def test_brief_counts_the_journeys() -> None:
    found = journeys({"unknown": 2, "met": 3, "forecast": 1}).brief()
    assert found is not None
    assert (found.args["met"], found.args["of"], found.args["unknown"]) == (3, 6, 2)
    nothing = journeys({"unknown": 2}).brief()
    assert nothing is not None
    assert (nothing.message, nothing.args["of"]) == ("brief-legs-unknown", 2)


def test_supposed_lines_open_in_the_years_around_the_target() -> None:
    rows = [statement(2024, 150, bound="lower", **TIME)]
    answer = ask(rows, openings(), **CIRCLE)
    assert {m.region: m.what.message for m in answer.missing} == {
        "city": "missing-time-or-opening", "province": "missing-time"
    }  # fmt: skip
    study: Any = SimpleNamespace(evidence=world(rows, **CIRCLE))
    assert isinstance(answer, JourneysAnswer)
    times, *lines = legs.suppose(study, answer)
    assert [(row["region"], row["value"]) for row in times[1]] == [
        ("city", 120.0), ("province", 120.0)
    ]  # fmt: skip
    assert times[2] == []
    assert times[0].args["n"] == 2
    dates = [(o["earliest"], o["likely"], o["latest"]) for _, _, (o,) in lines]
    assert dates == [(str(y - 1), str(y), str(y + 1)) for y in (2026, 2027, 2028)]
    for told, rest, (opening,) in lines:
        assert (opening["region"], opening["minutes"]) == ("city", 120.0)
        assert [row["region"] for row in rest] == ["province"]
        assert told.args["others"] == 1


@pytest.mark.parametrize(
    ("likely", "mode"),
    [("2027", date(2027, 7, 2)), ("2027-09", date(2027, 9, 15)), ("2027-09-03", date(2027, 9, 3))],
)
def test_day_of_an_opening_is_triangular(likely: str, mode: date) -> None:
    """Dates known to the month or year stand for their middle; ends for their first, last day."""
    row = openings(("city", "line", 110, "2026-03", likely, "2029")).iloc[0]
    days = legs.opening_day(row, 20_000, np.random.default_rng(0))
    low, high = date(2026, 3, 1).toordinal(), date(2029, 12, 31).toordinal()
    middle = mode.toordinal()
    assert days.mean() == pytest.approx((low + middle + high) / 3, abs=6)
    assert np.mean(days <= middle) == pytest.approx((middle - low) / (high - low), abs=0.015)
    past = openings(("city", "line", 110, "2026-03", "2025", "2026-03-01")).iloc[0]
    assert set(legs.opening_day(past, 5, np.random.default_rng(0))) == {low}


def test_bounds_of_a_list_hold_its_answer() -> None:
    """Two lines: the chance of both lies between the bounds of Fréchet."""
    rows = [statement(2024, 150, bound="lower", region=r, **TIME) for r in ("city", "province")]
    dates = (110, "2026-01-01", "2027-12-31", "2029-12-31")
    found = ask(rows, openings(("city", "a", *dates), ("province", "b", *dates)), **CIRCLE)
    assert isinstance(found, JourneysAnswer)
    one, two = found.parts["chance"]
    assert found.mean == pytest.approx(one + two)
    assert found.probability_low is not None
    assert found.probability_high is not None
    assert found.probability is not None
    assert found.probability_low <= found.probability <= found.probability_high
    # Given the dates of the lines all is known; half of the draws have one of two journeys.
    assert found.quantiles[0.5] == 1.0
    p = found.probability_draws
    assert p is not None
    assert found.standard_error == pytest.approx(np.sqrt(p * (1 - p) / 400))


def test_of_journeys_without_any_time_the_first_one_gets_the_supposed_line() -> None:
    answer = ask([], **CIRCLE)
    study: Any = SimpleNamespace(evidence=world([statement(2024, 1.0)], **CIRCLE))
    assert isinstance(answer, JourneysAnswer)
    _, *lines = legs.suppose(study, answer)
    assert {opening["region"] for _, _, (opening,) in lines} == {"city"}
    assert {row["region"] for _, rest, _ in lines for row in rest} == {"province"}

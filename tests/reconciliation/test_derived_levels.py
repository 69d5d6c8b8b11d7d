"""Levels that follow from others: totals, parts, and years from their months."""

from dataclasses import replace

import numpy as np
import pytest

from forecast.reconciliation import derived_levels
from forecast.reconciliation.derived_levels import _bound_agrees, _moves_alike, _total
from forecast.reconciliation.observations import STATUS_SD
from forecast.reconciliation.reconcile import reconcile
from tests.reconciliation.figures import estimate, levels, observation, steady
from tests.worlds import statement, world


def months(year: int, values: list[float], **fields) -> list[dict]:
    return [
        statement(f"{year}-{m:02d}", v, measure="month_level", **fields)
        for m, v in enumerate(values, start=1)
    ]


def test_sum_of_parts_stands_in_for_a_missing_total():
    rows = [statement(y, 90 + y - 2015, indicator="exports") for y in range(2015, 2021)]
    rows += [statement(y, 10, indicator="imports") for y in range(2015, 2021)]
    rows += [statement(2020, 105.5, indicator="trade")]
    history = reconcile(world(rows), "city", "trade")
    assert estimate(history, 2017)["estimate"] == pytest.approx(102, rel=0.005)
    assert "o0003 + o0009" in estimate(history, 2017)["statements"]
    assert estimate(history, 2017)["origin"] == "derived"
    assert estimate(history, 2020)["estimate"] == pytest.approx(105.5, rel=0.005)


def test_twelve_months_are_the_year():
    rows = [*levels(steady(2014, 8)), *months(2022, [14.0] * 12)]
    history = reconcile(world(rows), "city", "gdp")
    assert history.years[-1] == 2022
    assert history.values()[-1] == pytest.approx(168.0, rel=0.01)
    assert history.origin[-1] == "derived"


def test_halves_and_quarters_are_the_year():
    """A half-year, a quarter and three months, in any order of the rows."""
    rows = [
        statement("2022-06", 80.0, measure="half_level"),
        statement("2022-09", 42.0, measure="quarter_level"),
        *[statement(f"2022-{m}", 14.0, measure="month_level") for m in (10, 11, 12)],
    ]
    history = reconcile(world([*levels(steady(2014, 8)), *rows[::-1]]), "city", "gdp")
    assert history.values()[-1] == pytest.approx(164.0, rel=0.01)
    assert history.origin[-1] == "derived"


def test_a_stock_at_the_end_of_the_year_is_its_level():
    of = {"indicator": "population", "unit": "万人", "prices": "none"}
    past = levels({y: 500.0 + y - 2014 for y in range(2014, 2021)}, **of)
    rows = [
        statement("2021-09", 620.0, measure="quarter_level", **of),
        statement("2021-12", 508.0, measure="quarter_level", **of),
        statement("2020-12", 900.0, measure="month_level", **of),
    ]
    history = reconcile(world([*past, *rows]), "city", "population")
    assert history.values()[-2:] == pytest.approx([506.0, 508.0], rel=0.01)
    told = history.observations.set_index("observation")["unused"]
    assert told[[row["observation"] for row in rows]].tolist() == [
        "a stock within the year", "", "the figure itself is published",
    ]  # fmt: skip


def test_months_and_quarters_tell_what_their_sum_would():
    """Two months after a quarter say what the figure through May says."""
    past = levels(steady(2014, 8)) + [
        statement(f"{y}-05", v * 0.4, measure="ytd_level") for y, v in steady(2014, 8).items()
    ]
    parts = [
        statement("2022-03", 40.0, measure="quarter_level"),
        statement("2022-04", 15.0, measure="month_level"),
        statement("2022-05", 14.0, measure="month_level"),
    ]
    whole = statement("2022-05", 69.0, measure="ytd_level", status="derived")
    summed = reconcile(world([dict(r) for r in past] + parts), "city", "gdp")
    stated = reconcile(world([dict(r) for r in past] + [whole]), "city", "gdp")
    # The sum through April, of which nothing is known in other years, hardly adds to it.
    assert summed.values()[-1] == pytest.approx(stated.values()[-1], rel=0.01)
    told = summed.observations.set_index("observation")
    assert told.loc[parts[2]["observation"], "unused"] == "counted in the sum through 2022-05"


def test_months_go_on_from_a_year_to_date_figure_and_others_wait():
    rows = [
        *levels(steady(2014, 8)),
        *[statement(f"{y}-06", v * 0.5, measure="ytd_level") for y, v in steady(2014, 9).items()],
        statement("2022-07", 15.0, measure="month_level", observation="next"),
        statement("2022-11", 15.0, measure="month_level", observation="alone"),
    ]
    told = reconcile(world(rows), "city", "gdp").observations.set_index("observation")
    assert told.loc["next", "unused"] == "counted in the sum through 2022-07"
    assert told.loc["alone", "unused"] == "the months before it are not known"
    assert not told.loc["alone", "used"]


def test_part_follows_from_the_whole_and_the_rest_with_their_errors():
    rows = [
        *levels({2020: 100.0, 2021: 112.0, 2023: 130.0}, indicator="imports"),
        statement(2022, 10_120.0, indicator="trade"),
        statement(2022, 10_000.0, indicator="exports"),
    ]
    history = reconcile(world(rows), "city", "imports")
    told = history.observations.set_index("year").loc[2022]
    assert told["canonical"] == pytest.approx(120.0)
    assert told["note"] == "trade less exports"
    row = estimate(history, 2022)
    assert row["origin"] == "derived"
    # Two figures that are each known to a thousandth leave a tenth of their small difference open.
    assert row["high"] / row["low"] > 1.1


# What confirms a level ----------------------------------------------------------------------------


def own_levels(*values: float):
    found = [observation(2020 + i, value) for i, value in enumerate(values)]
    return found, {derived_levels._slot(o): o for o in found}


@pytest.mark.parametrize(
    ("now", "bound", "value", "measure", "agrees"),
    [
        (140.0, "lower", 11.8, "growth", True),  # log 1.118 is a third of log 1.4
        (140.0, "lower", 11.7, "growth", False),
        (140.0, "lower", 40.0, "growth", True),
        (140.0, "lower", 41.0, "growth", False),  # the level is below the bound
        (140.0, "upper", 12.0, "growth", False),
        (60.0, "upper", -15.6, "growth", True),
        (60.0, "upper", -15.4, "growth", False),
        (60.0, "upper", -41.0, "growth", False),
        (60.0, "lower", -20.0, "growth", False),
        (140.0, "lower", -100.0, "growth", False),
        (200.0, "lower", -100.0, "growth", False),
        (140.0, "lower", 111.8, "level", True),
        (140.0, "lower", 111.7, "level", False),
        (140.0, "lower", 141.0, "level", False),
        (140.0, "lower", 113.0, "ytd_level", False),
    ],
)
def test_bound_that_implies_a_third_of_a_move_confirms_it(
    now: float, bound: str, value: float, measure: str, agrees: bool
) -> None:
    (_, level), own = own_levels(100.0, now)
    said = observation(2021, value, measure, bound=bound)
    assert _bound_agrees(level, own, [said]) == agrees
    assert not _bound_agrees(level, own, [replace(said, mark="conflict")])
    assert not _bound_agrees(level, own, [replace(said, year=2020)])
    assert not _bound_agrees(replace(level, bound="lower"), own, [said])
    if measure == "level":
        assert not _bound_agrees(level, own, [replace(said, basis="old")])


@pytest.mark.parametrize(
    ("whole", "part", "alike"),
    [
        (110.0, 112.0, True),  # log 1.12 is within a third of log 1.10
        (110.0, 113.6, False),
        (112.0, 110.0, True),
        (113.6, 110.0, False),
        (90.0, 88.0, True),
        (110.0, 90.0, False),
        (100.0, 100.0, False),  # what stood still confirms nothing
        (1000.0, 1000.0, False),  # a slip of the unit moves both
    ],
)
def test_level_that_moved_as_a_part_of_it_did_is_confirmed(
    whole: float, part: float, alike: bool
) -> None:
    (_, level), own = own_levels(100.0, whole)
    _, other = own_levels(100.0, part)
    assert _moves_alike(level, own, other) == alike
    assert not _moves_alike(level, own, {})
    assert not _moves_alike(replace(level, mark="conflict"), own, other)
    assert not _moves_alike(replace(level, bound="upper"), own, other)


@pytest.mark.parametrize(
    ("errors", "confirmed", "told"),  # gap to the sum, in standard deviations of it
    [(0.0, True, False), (1.9, True, False), (-1.9, True, False), (2.1, False, False),
     (-2.1, False, False), (40.0, False, True), (-40.0, False, True)],
)  # fmt: skip
def test_level_is_confirmed_by_a_sum_within_twice_its_error(
    errors: float, confirmed: bool, told: bool
) -> None:
    parts = [{(2020, 12, ""): observation(2020, value)} for value in (600.0, 400.0)]
    sd = STATUS_SD["final"] * np.hypot(600.0, 400.0)
    level = observation(2020, 1000.0 + errors * sd)
    (found,) = derived_levels._confirmed([level], [derived_levels.Identity(parts, 2)])
    assert found.confirmed == confirmed
    assert (found.identity == 1000.0) == told
    assert np.isnan(found.identity) != told


def test_error_of_a_sum_is_that_of_its_members() -> None:
    members = [observation(2020, 300.0), observation(2020, 100.0), observation(2020, 50.0)]
    own = STATUS_SD["final"] * np.sqrt(300.0**2 + 100.0**2 + 50.0**2)
    assert _total(members, 3) == (450.0, pytest.approx(own / 450))
    assert _total(members, 1) == (150.0, pytest.approx(own / 150))
    assert _total([observation(2020, 5.0), observation(2020, 5.0)], 1) == (0.0, 1.0)

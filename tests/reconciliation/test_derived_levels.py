"""Levels that follow from others: totals, parts, and years from their months."""

import pytest

from forecast.reconciliation.reconcile import reconcile
from tests.reconciliation.figures import estimate, levels, steady
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

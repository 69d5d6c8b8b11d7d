"""A published figure that all other evidence contradicts is never called unpublished."""

import dataclasses

import pandas as pd
import pytest

from forecast.reconciliation.history import (
    DOUBTED,
    HistoryError,
    doubted,
    shown_origins,
    stated_level,
)
from forecast.reconciliation.reconcile import reconcile
from forecast.report.pages import series_words, tables, words
from tests.worlds import statement, world

PARTS = {
    year: (60 * 1.05 ** (year - 2010), 40 * 1.04 ** (year - 2010)) for year in range(2010, 2024)
}


def figures(total_of_last_year: float) -> list[dict]:
    rows = []
    for year, (exports, imports) in PARTS.items():
        total = exports + imports if year < 2023 else total_of_last_year
        for name, value in (("exports", exports), ("imports", imports), ("trade", total)):
            rows.append(statement(year, round(value, 1), indicator=name))
    return rows


@pytest.fixture(scope="module")
def history():
    return reconcile(world(figures(233.7)), "city", "trade")


def test_total_far_off_its_parts_is_doubted_and_the_estimate_is_their_sum(history):
    assert history.values()[-1] == pytest.approx(sum(PARTS[2023]), rel=2e-3)
    assert list(doubted(history)) == [2023]
    assert shown_origins(history)[-1] == DOUBTED
    assert shown_origins(history)[:-1] == ["published"] * 13


def test_pages_name_the_figure_and_what_the_others_say(history):
    shown = tables.years(history).set_index("Year")["Known from"]
    assert shown[2023] == "published, but doubted"
    told = series_words.lead(history, history.statements)
    assert "233.7 亿元 was published for 2023 (o0042) and is doubted" in told
    assert "all other evidence puts it at 179.7" in told
    assert "not published" not in told
    assert words.told_origin(history) == "published, but doubted"
    assert "is doubted" in words.since(history)


def test_nothing_is_doubted_where_all_agree():
    history = reconcile(world(figures(179.7)), "city", "trade")
    assert not doubted(history)
    assert shown_origins(history) == list(history.origin)


def test_figure_of_an_earlier_year_is_doubted_beside_a_published_last_one():
    rows = figures(179.7)
    wrong = next(r for r in rows if r["indicator"] == "trade" and r["period"] == "2016")
    wrong["value"] *= 10
    history = reconcile(world(rows), "city", "trade")
    told = series_words.lead(history, history.statements)
    assert "was published for 2016" in told
    assert told.startswith("**179.7 亿元 was published for 2023.**")


def test_estimate_beside_a_doubted_figure_is_on_the_basis_of_the_figure():
    rows = []
    for year in range(2005, 2024):
        level = 100 * 1.05 ** (year - 2005)
        off = 0.7 if year == 2012 else 1.0
        rows.append(statement(year, round(level * off, 1), basis="old"))
        if year > 2005:
            rows.append(statement(year, 5.0, measure="growth"))
        if year >= 2020:
            rows.append(statement(year, round(1.25 * level, 1), basis="new"))
    found = reconcile(world(rows), "city", "gdp")
    assert list(doubted(found)) == [2012]
    told = words.doubt(doubted(found)[2012])
    assert "98.5 亿元 was published for 2012" in told
    value = float(told.split("puts it at ")[1].split(",")[0])
    assert value == pytest.approx(100 * 1.05**7, rel=0.01)  # and not 1.25 times as much
    assert told.endswith("on the same older basis")


def test_figures_worked_out_from_others_do_not_follow_from_growth():
    rows = [statement(year, 6 + 0.1 * year % 3, status="derived") for year in range(2018, 2024)]
    found = reconcile(world(rows), "city", "gdp")
    assert words.since(found) == (
        "No figure of a whole year was published; 2023 was worked out from other published figures"
    )
    told = series_words.lead(found, found.statements)
    assert "in 2023, worked out from other published figures**" in told
    assert "growth" not in told


def test_figure_of_a_weak_source_is_told_as_reported():
    rows = [statement(year, 100 + 5 * (year - 2015)) for year in range(2015, 2023)]
    rows.append(statement(2023, 141, mark="low_quality", status="secondary"))
    found = reconcile(world(rows), "city", "gdp")
    assert words.since(found) == (
        "The last published figure is 135 亿元 of 2022; "
        "141 亿元 was reported for 2023 by a weak source (o0009)"
    )
    assert "published by a weak source only" in series_words.lead(found, found.statements)
    rows.append(statement(2023, 4.0, measure="growth"))
    found = reconcile(world(rows), "city", "gdp")
    assert words.since(found).endswith("weak source (o0009); 2023 follows from growth")


def test_places_in_lists_make_no_path():
    place = {"indicator": "place", "unit": "rank", "prices": "none"}
    evidence = world([statement(2019, 9, **place), statement(2023, 50, **place)])
    with pytest.raises(HistoryError, match="lists of places are not joined"):
        reconcile(evidence, "city", "place")
    told = series_words.lead(None, evidence.statements("city", "place"))
    assert "There are 2 editions" in told


def test_one_statement_is_told_in_the_singular():
    found = reconcile(world([statement(2021, 28.1)]), "city", "gdp")
    told = series_words.lead(found, found.statements)
    assert "It rests on 1 statement. No statement contradicts" in told


def test_what_is_added_up_from_others_is_told_beside_the_statements():
    rows = [r for r in figures(179.7) if (r["indicator"], r["period"]) != ("trade", "2019")]
    evidence = world(rows)
    found = reconcile(evidence, "city", "trade")
    told = series_words.lead(found, evidence.statements("city", "trade"))
    assert "13 statements and on 1 figure worked out from others, as a sum or difference" in told


def test_legend_of_doubted_years_is_markup_and_not_asterisks(history):
    shown = words.markdown(series_words.history_note(history))
    assert "*Published, but doubted*:" in shown


def test_converted_figure_has_the_digits_that_its_rate_bears():
    row = pd.Series({"value": 382.0, "ratio": 382.0 / 2638.22132, "converted_with": "o1"})
    assert stated_level(row) == 2638.0
    assert stated_level(row.replace("o1", "")) == pytest.approx(2638.22132)


def test_relatives_that_do_not_move_the_path_are_told_without_a_table(history):
    still = pd.DataFrame(
        [("province", "trade", "parent", 0.001)],
        columns=["region", "indicator", "relation", "influence"],
    )
    told = series_words.relatives_note(dataclasses.replace(history, related=still))
    assert told.endswith("Each moves it by less than 0.005, because its own figures settle it.")

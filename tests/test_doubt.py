"""A published figure that all other evidence contradicts is never called unpublished."""

import pytest

from forecast import series_words, tables, words
from forecast.doubt import DOUBTED, doubted, origins
from forecast.history import reconcile
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
    assert origins(history)[-1] == DOUBTED
    assert origins(history)[:-1] == ["published"] * 13


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
    assert origins(history) == list(history.origin)


def test_figure_of_an_earlier_year_is_doubted_beside_a_published_last_one():
    rows = figures(179.7)
    wrong = next(r for r in rows if r["indicator"] == "trade" and r["period"] == "2016")
    wrong["value"] *= 10
    history = reconcile(world(rows), "city", "trade")
    told = series_words.lead(history, history.statements)
    assert "was published for 2016" in told
    assert told.startswith("**179.7 亿元 was published for 2023.**")

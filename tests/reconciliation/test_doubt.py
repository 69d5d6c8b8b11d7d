"""A published figure that all other evidence contradicts is never called unpublished."""

import warnings

import pandas as pd
import pytest

from forecast.reconciliation.history import (
    DOUBTED,
    doubted,
    shown_origins,
    stated_level,
)
from forecast.reconciliation.reconcile import reconcile
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


def test_nothing_is_doubted_where_all_agree():
    history = reconcile(world(figures(179.7)), "city", "trade")
    assert not doubted(history)
    assert shown_origins(history) == list(history.origin)


def test_converted_figure_has_the_digits_that_its_rate_bears():
    row = pd.Series({"value": 382.0, "ratio": 382.0 / 2638.22132, "converted_with": "o1"})
    assert stated_level(row) == 2638.0
    assert stated_level(row.replace("o1", "")) == pytest.approx(2638.22132)


def test_a_share_of_zero_is_doubted_without_a_word_on_the_screen() -> None:
    rows = [
        statement(y, 60.0 + y - 2015, measure="level", indicator="share", unit="%")
        for y in range(2015, 2025)
    ]
    rows[8]["value"] = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = reconcile(world(rows), "city", "share")
        assert list(doubted(history)) == [2023]

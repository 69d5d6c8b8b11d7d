"""The calendar of releases: learned lags, what is next and overdue, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.evidence.sources.lags import TO_DATE, YEAR, Lag, Lags
from forecast.facts import Name
from forecast.report.releases import words
from forecast.report.releases.upcoming import Calendar, Due, Schedule, report_day
from tests.fiscal import shifted
from tests.report.markup import unmarked
from tests.worlds import statement, world

EN, ZH = unmarked("en"), unmarked("zh")
CITY = ("city", "gdp")
SOURCES = pd.DataFrame(
    [
        ("book", "Yearbook", "Province Bureau", "", "", "yearbook", ""),
        ("bulletin", "Bulletin", "City Bureau", "", "", "bulletin", ""),
        ("paper", "Paper", "Daily", "", "", "news", ""),
        ("autumn", "Yearbook 2024", "Province Bureau", "", "2024-10", "yearbook", ""),
    ],
    columns=["source", "title", "publisher", "url", "published", "kind", "note"],
)


def known(rows: list[dict[str, Any]], as_of: date | None = None) -> Evidence:
    return replace(world(rows), sources=SOURCES, as_of=as_of)


def city(last: int = 2025) -> list[dict[str, Any]]:
    """A city whose years come out in March, from its bureau, and whose quarters in a month."""
    rows = [
        statement(year, 100.0 + year - 2020, published=f"{year + 1}-03-20", source="bulletin")
        for year in range(2021, last + 1)
    ]
    for year in (2024, 2025):
        for month in (3, 6, 9):
            out = f"{year}-{month + 1:02d}-25"
            rows.append(
                statement(
                    f"{year}-{month:02d}", 5.0, measure="ytd_growth", published=out, source="paper"
                )
            )
    return rows


# Lags ---------------------------------------------------------------------------------------------


def test_lag_is_the_median_of_the_first_publications_without_copies() -> None:
    out = {
        2019: "2020-10",
        2020: "2021-11-02",
        2021: "2022-09-15",
        2022: "2025-03-01",
        2023: "2024",
    }
    rows = [statement(year, 200.0 + year - 2020, published=day) for year, day in out.items()]
    copy = statement(2021, 201.0, published="2023-02", status="final")
    lags = Lags(known([*rows, copy]))
    # Of 9, 10 and 11 months the middle one; a year alone tells no month, 26 months are a copy.
    assert lags.lag(*CITY) == Lag(10, 0, 3, "own")
    early = statement(2018, 199.0, published="2019-01-20")
    assert Lags(known([*rows, early])).lag(*CITY) == Lag(1, 0, 1, "own")  # the others are copies


def test_each_kind_of_period_has_a_lag_of_its_own() -> None:
    lags = Lags(known(city()))
    assert lags.lag(*CITY, YEAR) == Lag(3, 0, 5, "own")
    assert lags.lag(*CITY, TO_DATE) == Lag(1, 0, 6, "own")
    assert lags.publisher(*CITY) == "bulletin"  # not the paper, and not the yearbook


def test_secondary_doubtful_and_bounded_figures_tell_nothing() -> None:
    rows = [
        statement(2020, 1.0, published="2021-01", status="secondary"),
        statement(2021, 1.0, published="2022-01", mark="low_quality"),
        statement(2022, 1.0, published="2023-01", bound="lower"),
    ]
    assert Lags(known(rows)).lag(*CITY) is None


def test_other_series_and_parents_stand_in_for_the_same_kind_of_source() -> None:
    alone = statement(2022, 5.0, published="2023", source="book")
    own = Lags(known([alone])).lag(*CITY)
    assert own == Lag(None, 1, 1, "own")  # the year is all that is known
    assert own.due(date(2027, 12, 31)) == date(2028, 12, 31)
    other = statement(2023, 3.0, indicator="population", unit="万人", source="autumn")
    assert Lags(known([alone, other])).lag(*CITY) == Lag(10, 0, 1, "region")
    parent = statement(2023, 50.0, region="province", source="autumn")
    assert Lags(known([alone, parent])).lag(*CITY) == Lag(10, 0, 1, "parent")
    news = statement(2023, 50.0, region="province", published="2024-01", source="paper")
    assert Lags(known([alone, news])).lag(*CITY) == own  # another kind of source
    assert Lags(known([news])).lag(*CITY) == Lag(
        1, 0, 1, "parent"
    )  # of an own one nothing is known


# What is next, and what is overdue ----------------------------------------------------------------


def told(due: Due | None) -> tuple[str, str] | None:
    return None if due is None else (EN.write(words.covers(due)), due.by.isoformat())


@pytest.mark.parametrize(
    ("day", "coming", "overdue"),
    [
        (date(2026, 3, 25), ("January to March 2026", "2026-04-30"), []),
        (
            date(2026, 11, 26),
            ("2026", "2027-03-31"),
            [("January to September 2026", "2026-10-31")],
        ),
        (date(2027, 4, 1), ("January to March 2027", "2027-04-30"), [("2026", "2027-03-31")]),
        (
            date(2027, 5, 2),
            ("January to June 2027", "2027-07-31"),
            [("2026", "2027-03-31"), ("January to March 2027", "2027-04-30")],
        ),
    ],
)
def test_next_and_overdue(day: date, coming: Any, overdue: Any) -> None:
    found = Calendar(known(city()), day).of_series(*CITY)
    assert told(found.next) == coming
    assert [told(due) for due in found.overdue] == overdue


def test_day_is_that_of_as_of() -> None:
    evidence = known(city(2022), as_of=date(2024, 2, 1))
    assert report_day(evidence) == date(2024, 2, 1)
    rows = [row for row in city(2022) if row["measure"] == "level"]
    found = Calendar(known(rows, date(2024, 2, 1))).of_series(*CITY)
    assert told(found.next) == ("2023", "2024-03-31")
    assert found.overdue == ()


def test_months_are_expected_where_months_were_published() -> None:
    rows = [
        statement(f"2025-{m:02d}", 5.0, measure="ytd_level", published=f"2025-{m + 1:02d}-20")
        for m in (4, 5)
    ]
    found = Calendar(known(rows), date(2025, 6, 25)).of_series(*CITY)
    assert told(found.next) == ("January to June 2025", "2025-07-31")
    one = Calendar(known(rows[:1]), date(2025, 6, 25)).of_series(*CITY)
    assert one == Schedule()  # one figure is no habit, and no year was ever published


def test_nothing_is_expected_of_a_series_that_was_given_up_or_never_dated() -> None:
    assert Calendar(known(city()), date(2032, 1, 1)).of_series(*CITY) == Schedule()
    undated = known([statement(2024, 1.0, source="paper")])
    assert Calendar(undated, date(2026, 1, 1)).of_series(*CITY) == Schedule()
    assert Calendar(undated, date(2026, 1, 1)).of_series("city", "trade") == Schedule()


def test_surveys_skip_years() -> None:
    rows = [statement(y, 20.0, published=f"{y + 1}-07-20") for y in (2018, 2021, 2023)]
    found = Calendar(known(rows), date(2024, 9, 1)).of_series(*CITY)
    assert told(found.next) == ("2025", "2026-07-31")
    assert found.overdue == ()


@pytest.mark.parametrize(
    ("starts", "year", "part", "by"),
    [
        (7, "2026/27", "July 2026 to March 2027", "2027-09-30"),
        (4, "2026/27", "April to December 2026", "2027-06-30"),
    ],
)
def test_fiscal_years_end_in_their_own_month(starts: int, year: str, part: str, by: str) -> None:
    rows = [
        {**row, "published": row["published"] and row["published"][:8] + "28"} for row in city()
    ]
    evidence = replace(shifted(rows, starts), sources=SOURCES)
    calendar = Calendar(evidence, date(2027, 5, 31))
    found = calendar.of_series(*CITY)
    years = [due for due in [*found.overdue, found.next] if due and due.span == YEAR]
    assert (EN.write(words.covers(years[-1])), years[-1].by.isoformat()) == (year, by)
    parts = Calendar(evidence, date(2027, 4, 1)).of_series(*CITY)
    every = [EN.write(words.covers(due)) for due in [*parts.overdue, parts.next] if due]
    assert part in every


# Words --------------------------------------------------------------------------------------------


def test_next_and_overdue_in_words() -> None:
    evidence = known(city())
    found = Calendar(evidence, date(2026, 11, 26)).of_series(*CITY)
    assert words.next_due(EN, evidence, found.next, CITY) == (
        "The figure for 2026 is expected by March 2027 from City Bureau (as 5 earlier releases "
        "suggest)."
    )
    assert words.next_due(ZH, evidence, found.next, CITY) == (
        "2026年数据预计2027年3月底前由City Bureau发布（依据以往5次发布的日期推算）。"
    )
    assert words.overdue(EN, evidence, found, CITY) == (
        "Not in the data: January to September 2026, expected by October 2026. Figures for "
        "shorter parts of that year should be out as well, and are not in the data either."
    )
    assert words.overdue(ZH, evidence, found, CITY) == (
        "尚未收录：2026年1月至9月数据（应于2026年10月底前发布）。该年较短时段的数据也应已发布，同样尚未收录。"
    )
    assert words.next_due(EN, evidence, None) == words.overdue(EN, evidence, Schedule()) == ""


def test_several_missing_years_are_one_range() -> None:
    evidence = known([row for row in city(2022) if row["measure"] == "level"])
    found = Calendar(evidence, date(2026, 11, 26)).of_series(*CITY)
    assert words.overdue(EN, evidence, found, CITY) == (
        "Not in the data: 2023 to 2025; the last of them was expected by March 2026."
    )
    assert words.overdue(ZH, evidence, found, CITY) == (
        "尚未收录：2023—2025年数据（最近一项应于2026年3月底前发布）。"
    )


def test_table_of_a_plan_merges_targets_of_one_figure() -> None:
    calendar = Calendar(known(city()), date(2026, 11, 26))
    row = {"region": "city", "indicator": "gdp", "reference_region": ""}
    answers: Any = [
        SimpleNamespace(
            target=row, known=calendar.evidence.observations, released="yearly", name=Name(name)
        )
        for name in ("GDP", "GDP per head")
    ]
    answers.append(SimpleNamespace(target=row, released="at_once", known=pd.DataFrame()))
    coming, overdue = (words.rows(calendar, answers, late=late) for late in (False, True))
    assert words.table(EN, calendar.evidence, coming).to_numpy().tolist() == [
        ["by March 2027", "City: GDP, 2026", "City Bureau", "GDP and GDP per head"],
    ]
    assert words.table(EN, calendar.evidence, overdue).to_numpy().tolist() == [
        [
            "by October 2026",
            "City: GDP, January to September 2026",
            "City Bureau",
            "GDP and GDP per head",
        ],
    ]
    assert words.overdue_note(EN, overdue) == (
        "### Overdue\n\nOne figure was expected by now and is not in the data. "
        "It may have been published."
    )
    assert words.overdue_note(EN, []) == ""
    assert words.rows(calendar, [], late=False) == []


def test_head_of_every_page_tells_how_new_it_is() -> None:
    made = date(2026, 11, 26)
    told = (
        "Evidence to 20 March 2026; what has been published since is not in the data. "
        "Made on 26 November 2026."
    )
    assert words.of_set(EN, known(city()), made) == told
    told = "数据截至2026年3月20日，此后发布的数据尚未收录。本页制作于2026年11月26日。"
    assert words.of_set(ZH, known(city()), made) == told
    soon = date(2026, 5, 19)  # 60 days later
    assert words.of_set(EN, known(city()), soon).startswith("Evidence to 20 March 2026. Made on")
    past = known(city(2022), as_of=date(2026, 1, 31))
    assert words.of_set(EN, past, made).startswith(
        "As of 31 January 2026: nothing published later is used; the newest figure is of "
    )
    assert words.of_set(EN, known([statement(2024, 1.0)]), made) == ("Made on 26 November 2026.")

"""Periods: the forms people write, years that begin in any month, and the days they end on."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.calendar import (
    Period,
    calendar_month,
    first_day,
    last_day,
    parse_period,
    release_day,
    year_and_number,
    year_name,
)
from forecast.evidence.loading import inspect, load
from tests import builders

YEARS, STARTS = st.integers(1001, 9998), st.integers(1, 12)


@pytest.mark.parametrize(
    ("text", "of_calendar", "from_july"),
    [
        ("2023", Period(2023), Period(2023)),
        ("2024-02-29", Period(2024, 2, 29, 0), Period(2024, 2, 29, 0)),
        ("2023-06", Period(2023, 6, 0, 1), Period(2023, 6, 0, 1)),
        ("2023M06", Period(2023, 6, 0, 1), Period(2023, 6, 0, 1)),
        ("2023Q2", Period(2023, 6, 0, 3), Period(2023, 6, 0, 3)),
        ("2023-q4", Period(2023, 12, 0, 3), Period(2023, 12, 0, 3)),
        ("2023H1", Period(2023, 6, 0, 6), Period(2023, 6, 0, 6)),
        # Fiscal years are refused where years begin in January: the month is missing there.
        ("2023/24", None, Period(2024)),
        ("2023/2024", None, Period(2024)),
        ("2023-24", None, Period(2024)),
        ("FY2024", None, Period(2024)),
        ("FY 2023-24", None, Period(2024)),
        ("1999/00", None, Period(2000)),
        ("FY2024Q1", None, Period(2023, 9, 0, 3)),
        ("2023/24Q4", None, Period(2024, 6, 0, 3)),
        ("FY2024H1", None, Period(2023, 12, 0, 6)),
        # What can be a month is one, unless it is marked as a year.
        ("2011-12", Period(2011, 12, 0, 1), Period(2011, 12, 0, 1)),
        ("FY2011-12", None, Period(2012)),
        ("2011/12", None, Period(2012)),
        *((text, None, None) for text in (
            "2023-02-29", "2023-00", "2023-13", "0000", "23", "２０２３", "2023/25", "2023/23",
            "2023-6", "2023Q0", "2023Q5", "2023H3", "2023M13", "FY2024M1", "FY24", "",
        )),
    ],
)  # fmt: skip
def test_parse_period(text: str, of_calendar: Period | None, from_july: Period | None) -> None:
    assert parse_period(text) == of_calendar
    assert parse_period(text, 7) == from_july


@pytest.mark.parametrize("starts", range(1, 13))
def test_year_of_every_start(starts: int) -> None:
    """Closed form: the year 2024 ends on the day before the one it began on, a year later."""
    begin, end = first_day("2024", starts), last_day("2024", starts)
    assert begin == date(2024 if starts == 1 else 2023, starts, 1)
    assert end == date(begin.year + 1, starts, 1) - timedelta(1)
    assert end.year == 2024
    months = [calendar_month(2024, number, starts) for number in range(1, 13)]
    follow = [(begin.year + (starts + i - 1) // 12, (starts + i - 1) % 12 + 1) for i in range(12)]
    assert months == follow
    # The four quarters and the two halves of a year end with it.
    if starts > 1:
        ends = [last_day(f"FY2024{part}", starts) for part in ("Q4", "H2")]
        assert ends == [end, end]


@given(YEARS, st.integers(1, 12), STARTS)
def test_a_month_lies_in_one_year(year: int, number: int, starts: int) -> None:
    period = Period(*calendar_month(year, number, starts), 0, 1)
    assert year_and_number(period, starts) == (year, number)


@given(YEARS, STARTS)
def test_a_year_is_read_as_it_is_written(year: int, starts: int) -> None:
    assert parse_period(year_name(year, starts), starts) == Period(year)


@given(st.text("0123456789/-QHMFY ", max_size=12), STARTS)
def test_the_inner_form_of_a_period_is_one(text: str, starts: int) -> None:
    period = parse_period(text, starts)
    if period is not None:
        again = parse_period(period.text, starts)
        assert again is not None
        assert again[:3] == period[:3]
        assert last_day(period.text, starts) == last_day(text, starts)


@pytest.mark.parametrize(
    ("period", "starts", "expected"),
    [
        ("2024", 7, date(2024, 8, 31)),
        ("2024", 4, date(2024, 5, 31)),
        ("2024", 10, date(2024, 11, 30)),
        ("2023-12", 7, date(2024, 1, 31)),
        ("2024Q2", 7, date(2024, 7, 31)),
    ],
)
def test_a_fiscal_year_is_published_two_months_after_its_end(
    period: str, starts: int, expected: date
) -> None:
    assert release_day(period, "", "", starts) == expected


# In a folder ------------------------------------------------------------------------------------


def rewrite_table(folder: Path, table: str, key: dict[str, str], cells: dict[str, str]) -> None:
    """Write other cells into the rows of a table with a key."""
    path = folder / f"{table}.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    for row in rows:
        row.update(cells if key.items() <= row.items() else {})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def fiscal(folder: Path, year: str = "") -> Path:
    """Write the small folder with years that begin in July below the country, and GDP by `year`."""
    rewrite_table(builders.build(folder), "regions", {}, {"year_starts": "7"})
    rewrite_table(folder, "regions", {"region": "china"}, {"year_starts": ""})
    rewrite_table(folder, "indicators", {"indicator": "gdp"}, {"year": year})
    # Of dollars before 2012 no exchange rate is known.
    rewrite_table(folder, "indicators", {"indicator": "exports"}, {"year": "calendar"})
    return folder


def rewrite(folder: Path, periods: dict[str, str]) -> None:
    """Write other periods of GDP, by the old ones, and a first quarter of 2024/25 that fits."""
    gdp = {"region": "jinhua", "indicator": "gdp"}
    first = {"period": "2024-09", "measure": "ytd_level"}
    rewrite_table(folder, "observations", gdp | first, {"value": "1600.5"})
    for old, new in periods.items():
        rewrite_table(folder, "observations", gdp | {"period": old}, {"period": new})


def test_periods_have_one_form_inside(tmp_path: Path) -> None:
    folder = fiscal(tmp_path)
    written = {"2019": "2018/19", "2020": "FY2020", "2021": "2020-21", "2024-09": "2024Q3"}
    rewrite(folder, written)
    rows = load(folder).statements("jinhua", "gdp")
    levels = rows[rows["measure"] == "level"]
    assert list(levels["period"]) == [str(y) for y in (2017, 2018, 2019, 2020, 2021, 2022)] + [
        "2022", "2023", "2024",
    ]  # fmt: skip
    # July to September 2024 are the first three months of 2024/25, June the last of 2023/24.
    to_date = rows[rows["measure"] == "ytd_level"][["period", "year", "month"]]
    assert to_date.to_numpy().tolist() == [["2024-06", 2024, 12], ["2024-09", 2025, 3]]


def test_an_indicator_keeps_calendar_years(tmp_path: Path) -> None:
    evidence = load(fiscal(tmp_path, "calendar"))
    assert evidence.year_starts("jinhua", "gdp") == 1
    assert evidence.year_starts("jinhua", "express") == 7
    assert evidence.year_starts("china", "express") == 1
    rows = evidence.statements("jinhua", "gdp")
    assert set(rows.loc[rows["period"] == "2024-09", "year"]) == {2024}


def test_as_of_counts_from_the_end_of_the_fiscal_year(tmp_path: Path) -> None:
    folder = fiscal(tmp_path)
    rewrite(folder, {})
    for day, last in (("2019-08-30", "2018"), ("2019-08-31", "2019")):
        rows = load(folder, as_of=day).statements("jinhua", "gdp")
        assert rows["period"].max() == last


@pytest.mark.parametrize(
    ("starts", "period", "measure", "expected"),
    [
        ("7", "2024Q3", "quarter_level", ""),
        ("7", "2024H2", "half_level", ""),
        ("4", "2024Q3", "quarter_level", ""),
        ("4", "2024H1", "half_level", "no half of the year ends in this month"),
        ("4", "FY2025H1", "half_level", ""),
        ("2", "2024Q3", "quarter_level", "the last month of a quarter: 01, 04, 07, 10"),
        ("7", "2024H2", "quarter_level", "wrong form for the measure quarter_level"),
        ("7", "2011-12", "level", "2011-12 is a month; write 2011/12"),
    ],
)
def test_parts_fit_the_year_of_their_region(
    tmp_path: Path, starts: str, period: str, measure: str, expected: str
) -> None:
    folder = builders.build(tmp_path)
    row = builders.row_of("regions", region="jinhua")
    builders.edit(folder, "regions", row, year_starts=starts)
    parcels = builders.row_of("observations", indicator="express", period="2020")
    builders.edit(folder, "observations", parcels, period=period, measure=measure)
    found = [p for p in inspect(folder)[1] if (p.row, p.column) == (parcels, "period")]
    found = [p for p in found if p.severity == "error"]
    assert bool(found) == bool(expected)
    assert all(expected in str(p) for p in found)


@pytest.mark.parametrize(
    ("table", "key", "cells", "row", "column", "expected"),
    [
        (
            "indicators", {"indicator": "express"}, {"follows": "gdp"}, 6, "follows",
            "express is published by fiscal years and gdp by calendar years",
        ),
        (
            "regions", {"region": "zhejiang"}, {"year_starts": ""}, 8, "reference_region",
            "years begin in July in jinhua, in January in zhejiang",
        ),
    ],
)  # fmt: skip
def test_years_of_other_months_are_not_put_together(
    tmp_path: Path, table: str, key: dict, cells: dict, row: int, column: str, expected: str
) -> None:
    folder = fiscal(tmp_path, "calendar")
    rewrite_table(folder, table, key, cells)
    found = [p for p in inspect(folder)[1] if p.severity == "error" and p.column == column]
    assert [(p.row, expected in str(p)) for p in found] == [(row, True)]


def test_a_plan_adopted_in_a_fiscal_year_has_targets_from_that_year_on(tmp_path: Path) -> None:
    """Adopted in September 2022 is adopted in 2022/23."""
    folder = fiscal(tmp_path)
    rewrite_table(folder, "plans", {"plan": "jinhua_2027"}, {"adopted": "2022-09"})
    rewrite_table(folder, "targets", {"target": "gdp"}, {"year": "2022"})
    (found,) = (p for p in inspect(folder)[1] if (p.severity, p.column) == ("error", "year"))
    assert "a year from 2023 to 2027" in str(found)

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecast.evidence.evidence import known_on
from forecast.evidence.loading import load
from forecast.reconciliation.reconcile import reconcile
from forecast.verification import holdout as replay
from tests.conftest import CITY
from tests.worlds import statement, world

GROWTH = 1.07


def steady(first: int = 2010, last: int = 2025, **fields) -> list[dict]:
    return [
        statement(year, round(100 * GROWTH ** (year - 2010), 2), **fields)
        for year in range(first, last + 1)
    ]


def test_hiding_takes_every_copy_of_one_level_and_leaves_growth():
    rows = [
        *steady(), statement(2015, 141.0, status="secondary"), statement(2015, 120.0, basis="old"),
        statement("2015-12", 140.3, measure="ytd_level"), statement(2015, 7.0, measure="growth"),
        statement("2015-09", 100.0, measure="ytd_level"), statement(2015, 900.0, region="province"),
    ]  # fmt: skip
    left = replay.hide(world(rows), "city", "gdp", 2015).observations
    year = left[left["period"].str.startswith("2015")]
    assert sorted(zip(year["region"], year["period"], year["measure"], strict=True)) == [
        ("city", "2015", "growth"), ("city", "2015-09", "ytd_level"), ("province", "2015", "level"),
    ]  # fmt: skip
    assert len(left) == len(rows) - 4


def test_hidden_levels_are_found_from_the_rest():
    found = replay.recovered(world(steady()), "city", "gdp")
    assert found["year"].tolist() == list(range(2011, 2025))
    assert found["error"].abs().max() < 1.0
    np.testing.assert_allclose(found["actual"], 100 * GROWTH ** (found["year"] - 2010), rtol=1e-3)


def test_a_hidden_level_cannot_be_read_off_its_copies():
    rows = steady()
    rows[5] = statement(2015, 200.0)  # nothing else says so
    found = replay.recovered(world(rows), "city", "gdp").set_index("year").loc[2015]
    assert found["error"] == pytest.approx(100 * (100 * GROWTH**5 / 200 - 1), abs=2)
    assert found["score"] < -1.645


def test_levels_on_an_old_basis_are_looked_for_on_it():
    old = [{**row, "basis": "old"} for row in steady(2010, 2020)]
    new = steady(2018, 2025)
    for row in new:
        row["value"] = round(row["value"] * 1.1, 2)
    found = replay.recovered(world([*old, *new]), "city", "gdp").set_index("year")
    assert found.loc[2014, "actual"] == pytest.approx(100 * GROWTH**4, abs=0.01)
    assert found.loc[2014, "error"] == pytest.approx(0, abs=1)
    assert found.loc[2019, "actual"] == pytest.approx(110 * GROWTH**9, abs=0.02)


def test_the_path_can_be_stated_on_any_basis():
    rows = [*steady(2010, 2019, basis="old"), *steady(2018, 2025, basis="new")]
    evidence = world(rows)
    for basis in ("new", ""):
        assert replay.on_basis(evidence, "gdp", basis) is evidence
    stated = replay.on_basis(evidence, "gdp", "old")
    assert reconcile(stated, "city", "gdp").steps["basis"].tolist() == ["new"]
    assert reconcile(evidence, "city", "gdp").steps["basis"].tolist() == ["old"]


def test_surest_statement_of_a_level_stands():
    rows = [
        *steady(2010, 2014),
        statement(2015, 150.0, mark="conflict"), statement(2015, 141.0, status="secondary"),
        statement(2015, 140.2, status="final"), statement(2015, 140.0, status="preliminary"),
    ]  # fmt: skip
    table = replay.outcomes(world(rows), "city", "gdp").set_index("year")
    assert table.loc[2015, "value"] == 140.2


def test_bases_that_cannot_be_joined_have_no_outcome():
    people = {"indicator": "population", "unit": "万人", "prices": "none"}
    rows = [statement(2017, 556.4, basis="before", **people), statement(2020, 700.0, **people)]
    assert replay.outcomes(world(rows), "city", "population")["year"].tolist() == [2020]


def running() -> list[dict]:
    """Twelve years, and 2022 month by month: each figure nearer to the 9 % that came."""
    rows = steady(2010, 2021)
    for month, growth in ((3, 4.0), (6, 6.5), (9, 8.5)):
        published = f"2022-{month + 1:02d}-15"
        fields = {"measure": "ytd_growth", "published": published}
        rows.append(statement(f"2022-{month:02d}", growth, **fields))
    value = round(rows[11]["value"] * 1.09, 2)
    return [*rows, statement(2022, value, published="2023-02-20")]


def test_nothing_published_later_reaches_a_nowcast():
    evidence = world(running())
    june = date(2022, 6, 30)
    assert replay.public(evidence, june).observations["period"].max() == "2022-03"
    spoiled = [
        {**row, "value": row["value"] * 3} if row["published"] > "2022-06-30" else row
        for row in running()
    ]
    plain, other = (replay.nowcasts(w, "city", june) for w in (evidence, world(spoiled)))
    assert plain["estimate"].tolist() == other["estimate"].tolist()
    assert other["actual"].tolist() == [3 * v for v in plain["actual"]]


def test_the_error_falls_with_each_release():
    table = replay.replayed(world(running()), "city")
    year = table[table["year"] == 2022].sort_values("step")
    assert year["step"].tolist() == [3, 6, 9, 12, 15]
    assert year["months"].tolist() == [0, 3, 6, 9, 9]
    assert year["known"].tolist() == [False] * 4 + [True]
    errors = year["error"].abs().to_numpy()
    assert (np.diff(errors[1:]) < 0).all()
    assert errors[-1] < 0.1
    assert year["naive"].to_numpy() == pytest.approx(100 * (GROWTH / 1.09 - 1), abs=0.2)


def test_a_path_that_ends_early_goes_on_as_before_and_is_less_sure():
    history = reconcile(world(steady(2010, 2020)), "city", "gdp")
    means, sds = zip(*(replay.estimate(history, year) for year in (2020, 2021, 2023)), strict=True)
    assert np.diff(means) == pytest.approx(np.log(GROWTH) * np.array([1, 2]), abs=1e-3)
    assert sds[0] < sds[1] < sds[2]


def test_a_basis_unheard_of_on_the_day_is_not_used():
    old = [{**row, "basis": "old", "published": "2020"} for row in steady(2010, 2019)]
    rows = [*old, statement(2023, 300.0, basis="new", published="2024")]
    known = replay.public(world(rows), date(2021, 3, 31))
    assert known.bases.query("indicator == 'gdp'")["basis"].tolist() == ["old"]
    assert reconcile(known, "city", "gdp").steps.empty


def test_days_end_with_what_is_known():
    assert replay.days(world(steady()))[-1] == date(2026, 3, 31)
    cut = known_on(world(steady()), date(2023, 1, 1))
    assert replay.days(cut)[-1] == date(2022, 3, 31)  # of 2022 no level was known by then
    assert replay.last_of(2024, 14) == date(2025, 2, 28)


def test_one_day_of_the_frozen_city():
    evidence = load(CITY)
    table = replay.nowcasts(evidence, "jinhua", date(2025, 3, 31))
    assert set(table["step"]) == {3, 15}
    assert set(table["region"]) == {"jinhua", "zhejiang", "china"}
    after, running = table[table["step"] == 15], table[table["step"] == 3]
    assert after["error"].abs().median() < running["error"].abs().median()
    # A year already published is known as published, up to what was revised later.
    published = after[after["known"]]
    assert len(published) >= 10
    assert published["error"].abs().median() < 0.5
    assert pd.api.types.is_datetime64_any_dtype(table["day"])

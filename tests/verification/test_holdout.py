import numpy as np
import pytest

from forecast.reconciliation.reconcile import reconcile
from forecast.verification import holdout
from tests.fiscal import shifted
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
    left = holdout.hide(world(rows), "city", "gdp", 2015).observations
    year = left[left["period"].str.startswith("2015")]
    assert sorted(zip(year["region"], year["period"], year["measure"], strict=True)) == [
        ("city", "2015", "growth"), ("city", "2015-09", "ytd_level"), ("province", "2015", "level"),
    ]  # fmt: skip
    assert len(left) == len(rows) - 4


def test_hidden_levels_are_found_from_the_rest():
    found = holdout.recovered(world(steady()), "city", "gdp")
    assert found["year"].tolist() == list(range(2011, 2025))
    assert found["error"].abs().max() < 1.0
    np.testing.assert_allclose(found["actual"], 100 * GROWTH ** (found["year"] - 2010), rtol=1e-3)


def test_a_zero_has_no_error_in_percent():
    zero = [statement(2020 + i, v, indicator="friends", unit="count", prices="none")
            for i, v in enumerate([4, 2, 0, 3, 5, 4])]  # fmt: skip
    found = holdout.recovered(world(zero), "city", "friends").set_index("year")
    assert found["error"].isna().tolist() == [year == 2022 for year in found.index]
    assert np.isfinite(found["score"]).all()


def test_a_figure_that_bears_on_nothing_else_hides_nothing_again(monkeypatch):
    def found(people: float) -> list[float]:
        rows = [*steady(), statement(2020, people, indicator="population")]
        return holdout.recovered(world(rows), "city", "gdp")["error"].tolist()

    first, alone = found(700), holdout.recovered(world(steady()), "city", "gdp")
    monkeypatch.setattr(holdout, "reconcile", lambda *_: pytest.fail("computed again"))
    assert found(710) == first == alone["error"].tolist()


def test_a_hidden_level_cannot_be_read_off_its_copies():
    rows = steady()
    rows[5] = statement(2015, 200.0)  # nothing else says so
    found = holdout.recovered(world(rows), "city", "gdp").set_index("year").loc[2015]
    assert found["error"] == pytest.approx(100 * (100 * GROWTH**5 / 200 - 1), abs=2)
    assert found["score"] < -1.645


def test_levels_on_an_old_basis_are_looked_for_on_it():
    old = [{**row, "basis": "old"} for row in steady(2010, 2020)]
    new = steady(2018, 2025)
    for row in new:
        row["value"] = round(row["value"] * 1.1, 2)
    found = holdout.recovered(world([*old, *new]), "city", "gdp").set_index("year")
    assert found.loc[2014, "actual"] == pytest.approx(100 * GROWTH**4, abs=0.01)
    assert found.loc[2014, "error"] == pytest.approx(0, abs=1)
    assert found.loc[2019, "actual"] == pytest.approx(110 * GROWTH**9, abs=0.02)


def test_a_series_known_by_its_growth_alone_has_no_outcomes():
    """Where pandas keeps text in Arrow, no rows at all are text, to which nothing can be added."""
    rows = [statement(year, 7.0, measure="growth") for year in range(2018, 2025)]
    assert holdout.outcomes(world(rows), "city", "gdp").empty


def test_the_path_can_be_stated_on_any_basis():
    rows = [*steady(2010, 2019, basis="old"), *steady(2018, 2025, basis="new")]
    evidence = world(rows)
    for basis in ("new", ""):
        assert holdout.on_basis(evidence, "gdp", basis) is evidence
    stated = holdout.on_basis(evidence, "gdp", "old")
    assert reconcile(stated, "city", "gdp").steps["basis"].tolist() == ["new"]
    assert reconcile(evidence, "city", "gdp").steps["basis"].tolist() == ["old"]


def test_surest_statement_of_a_level_stands():
    rows = [
        *steady(2010, 2014),
        statement(2015, 150.0, mark="conflict"), statement(2015, 141.0, status="secondary"),
        statement(2015, 140.2, status="final"), statement(2015, 140.0, status="preliminary"),
    ]  # fmt: skip
    table = holdout.outcomes(world(rows), "city", "gdp").set_index("year")
    assert table.loc[2015, "value"] == 140.2


def test_bases_that_cannot_be_joined_have_no_outcome():
    people = {"indicator": "population", "unit": "万人", "prices": "none"}
    rows = [statement(2017, 556.4, basis="before", **people), statement(2020, 700.0, **people)]
    assert holdout.outcomes(world(rows), "city", "population")["year"].tolist() == [2020]


def test_a_path_that_ends_early_goes_on_as_before_and_is_less_sure():
    history = reconcile(world(steady(2010, 2020)), "city", "gdp")
    means, sds = zip(*(holdout.estimate(history, year) for year in (2020, 2021, 2023)), strict=True)
    assert np.diff(means) == pytest.approx(np.log(GROWTH) * np.array([1, 2]), abs=1e-3)
    assert sds[0] < sds[1] < sds[2]


def test_hiding_takes_the_parts_that_end_with_a_fiscal_year():
    rows = [
        *steady(),
        statement("2014-12", 80.0, measure="half_level"),
        statement("2015-06", 60.0, measure="half_level"),
        statement("2015-12", 70.0, measure="half_level"),
    ]
    left = holdout.hide(shifted(rows, 7), "city", "gdp", 2015).observations
    # 2014/15 ended in June 2015: in `shifted`, what was December 2015.
    assert sorted(left.loc[left["measure"] == "half_level", "period"]) == ["2014-06", "2014-12"]
    assert "2015" not in set(left["period"])

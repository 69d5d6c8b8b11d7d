"""Series reconciled together: what passes between them is exact, and no more than known."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from forecast.reconciliation.reconcile import reconcile, reconcile_all
from forecast.reconciliation.related_series.joint_solution import solved
from forecast.reconciliation.related_series.links import place
from forecast.reconciliation.related_series.messages import (
    RATIO_DRIFT_SD,
    own_prior,
    prior_from_parent,
)
from forecast.reconciliation.smoothing.trend_prior import weighted_trend
from tests.worlds import statement, world


def path(start: int, values: list[float], **fields) -> list[dict]:
    return [statement(start + i, round(v, 2), **fields) for i, v in enumerate(values)]


def grown(first: float, growth: list[float]) -> list[float]:
    return [first, *(first * np.cumprod(1 + np.array(growth) / 100))]


WAVE = [9.0, 4.0, 11.0, 6.0, 8.0, 3.0, 10.0, 7.0, 5.0, 9.0]
PROVINCE = path(2010, grown(1000.0, WAVE), region="province")
CITY = path(
    2010, grown(100.0, [g + d for g, d in zip(WAVE, [1, 0, 1, 1, 0, 1, 0, 1, 1, 0], strict=True)])
)


def without(rows: list[dict], *years: int) -> list[dict]:
    return [dict(r) for r in rows if int(r["period"][:4]) not in years]


@pytest.mark.parametrize(("fallen", "whole"), [(1.0, 1.0), (0.6, 1.0), (0.7, 0.6)])
def test_messages_are_those_of_the_joint_system(fallen: float, whole: float):
    """Up and down the tree comes out what solving everything at once does, given the weights."""
    city = without(CITY, 2015, 2016, 2019, 2020)
    city = [{**r, "value": r["value"] * (fallen if int(r["period"]) > 2013 else 1)} for r in city]
    province = [
        {**r, "value": r["value"] * (whole if int(r["period"]) > 2014 else 1)}
        for r in without(PROVINCE, 2013)
    ]
    every = solved(world([*province, *city]), ["gdp"]).series
    parent, child = every["province", "gdp"], every["city", "gdp"]
    assert child.parent is parent
    assert (child.solution.innovation.min() < 0.1) == (fallen < whole)
    assert (prior_from_parent(child).inflation is None) == (whole == 1)
    n, m = parent.layout.size, child.layout.size
    precision, information = np.zeros((n + m, n + m)), np.zeros(n + m)
    for start, series in ((0, parent), (n, child)):
        here = slice(start, start + series.layout.size)
        found = series.solution
        scaled = found.h / found.sd[:, None] * np.sqrt(found.weight)[:, None]
        precision[here, here] += series.auxiliary.precision + scaled.T @ scaled
        information[here] += series.auxiliary.information
        information[here] += scaled.T @ (found.z / found.sd * np.sqrt(found.weight))
    years = len(parent.layout.years)
    own = own_prior(parent).gaussian(parent.solution.innovation)
    information[:years] += own[0]
    precision[:years, :years] += own[1]
    size = len(child.layout.years)
    ratio = np.zeros((size, n + m))
    ratio[:, n : n + size] = np.eye(size)
    ratio[:, : len(parent.layout.years)] -= np.eye(years)[place(parent, child)]
    weight = prior_from_parent(child).effective(child.solution.innovation)
    precision += ratio.T @ weighted_trend(weight, child.ratio_noise, RATIO_DRIFT_SD) @ ratio
    cov = np.linalg.inv(precision)
    np.testing.assert_allclose(
        (cov @ information)[n : n + size], child.solution.mean[:size], atol=1e-5
    )
    np.testing.assert_allclose(
        cov[n : n + size, n : n + size], child.solution.cov[:size, :size], atol=1e-7
    )


def test_years_that_only_the_province_has_are_imputed():
    rows = [*without(PROVINCE), *without(CITY, 2019, 2020)]
    history = reconcile(world(rows), "city", "gdp")
    assert list(history.years) == list(range(2010, 2021))
    assert history.origin[-3:] == ("published", "imputed", "imputed")
    table = history.table().set_index("year")
    truth = {int(r["period"]): r["value"] for r in CITY}
    for year in (2019, 2020):
        assert table.loc[year, "low"] < truth[year] < table.loc[year, "high"]
        assert table.loc[year, "estimate"] == pytest.approx(truth[year], rel=0.03)
    alone = reconcile(world(without(CITY, 2019, 2020)), "city", "gdp")
    assert alone.years[-1] == 2018
    assert list(history.related["relation"]) == ["parent"]
    assert abs(history.related["influence"].iloc[0]) > 0


def test_months_of_a_part_tell_of_the_whole_year():
    """The city's year is known by its county's months before its own are out."""
    county = grown(60.0, WAVE)
    rows = path(2010, county[:-1], region="city")
    rows += [
        statement(f"{2010 + i}-06", v * 0.48, region="city", measure="ytd_level")
        for i, v in enumerate(county)
    ]
    rows += path(2010, grown(90.0, WAVE)[:-1], region="province")
    history = reconcile(world(rows), "province", "gdp")
    assert history.years[-1] == 2020
    assert history.origin[-1] == "imputed"
    assert history.values()[-1] == pytest.approx(grown(90.0, WAVE)[-1], rel=0.03)
    assert list(history.related["relation"]) == ["part"]


def test_series_that_move_on_their_own_stay_apart():
    turned = path(2010, grown(100.0, [-g for g in WAVE]))
    every = solved(world([*without(PROVINCE), *turned]), ["gdp"]).series
    assert every["city", "gdp"].parent is None
    history = reconcile(world([*without(PROVINCE), *turned[:-2]]), "city", "gdp")
    assert history.related.empty
    assert history.years[-1] == 2018


def test_indicator_with_few_figures_goes_with_the_one_it_follows():
    rows = [
        *without(CITY),
        statement(2014, 40.0, indicator="exports"),
        statement(2016, 47.0, indicator="exports"),
    ]
    evidence = world(rows)
    indicators = evidence.indicators.assign(
        follows=evidence.indicators["indicator"].map({"exports": "gdp"}).fillna("")
    )
    apart = reconcile(evidence, "city", "exports")
    history = reconcile(dataclasses.replace(evidence, indicators=indicators), "city", "exports")
    assert (apart.years[0], apart.years[-1]) == (2014, 2016)
    assert (history.years[0], history.years[-1]) == (2011, 2020)
    assert history.related[["region", "indicator"]].to_numpy().tolist() == [["city", "gdp"]]
    ratio = history.values()[-1] / grown(100.0, WAVE)[-1]
    assert 0.2 < ratio < 0.6
    width = np.sqrt(np.diag(history.cov))
    assert width[-1] > width[4]  # the ratio wanders on


def test_wrong_growth_that_nothing_else_confirms_is_found_out():
    """Beside a gap a growth rate ten times too large used to be followed."""
    rows = path(2000, grown(100.0, [8.0, 7.0, 9.0]))
    rows += [statement(2004, 104.1, measure="growth", observation="wrong")]
    rows += path(2010, grown(215.0, [7.0, 8.0, 6.0]))
    history = reconcile(world(rows), "city", "gdp")
    assert list(history.observations[history.observations["outlier"]]["observation"]) == ["wrong"]
    assert history.values()[4] < 1.3 * history.values()[3]


def test_all_at_once_is_one_by_one():
    rows = [*without(PROVINCE, 2012), *without(CITY, 2014, 2020)]
    rows += path(2010, [2.0, 2.1, 2.3, 2.4], indicator="share", unit="%", prices="none")
    evidence = world(rows)
    together = reconcile_all(evidence)
    assert set(together) == {"province/gdp", "city/gdp", "city/share"}
    for key, history in together.items():
        alone = reconcile(evidence, *key.split("/"))
        np.testing.assert_array_equal(history.mean, alone.mean)
        np.testing.assert_array_equal(history.cov, alone.cov)


def test_as_of_an_earlier_day_the_basis_of_then_is_the_reference():
    rows = path(2015, grown(100.0, [7.0, 8.0, 6.0]), basis="old")
    then = dataclasses.replace(world(rows), as_of=date(2019, 6, 30))
    assert reconcile(then, "city", "gdp").steps.empty
    assert list(reconcile(world(rows), "city", "gdp").steps["basis"]) == ["old"]

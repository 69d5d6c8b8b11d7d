"""Steps of components between bases: closed forms, recovery with coverage, and the whole way."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from forecast.reconciliation.reconcile import reconcile, reconcile_all
from forecast.reconciliation.related_series.census_steps import (
    DEVIATION_SD,
    DEVIATIONS,
    REST,
    StepLikelihood,
    Steps,
    _spans,
    _weights,
    complete,
)
from forecast.reconciliation.related_series.priors import COMPONENT_STEP_SD
from forecast.reconciliation.smoothing.trend_prior import Gaussian
from tests.worlds import statement, world

ONE = ((0, 1),)
SILENT = StepLikelihood(ONE, np.zeros(1), np.zeros((1, 1)))  # a series without figures on its step


def told(mean: float, sd: float) -> StepLikelihood:
    return StepLikelihood(ONE, np.array([mean / sd**2]), np.array([[1 / sd**2]]))


def steps(
    figures: dict[tuple[str, str], StepLikelihood], weights: dict[str, float] | None = None
) -> Steps:
    regions = {region for region, _ in figures}
    shares = {(region, "gdp"): weights for region in regions} if weights else {}
    return Steps("gdp", {"gdp": ("goods", "services")}, 1, figures, shares)


def test_likelihood_is_the_posterior_without_its_prior():
    prior_mean, prior_sd, own_mean, own_sd = -0.03, 0.04, 0.05, 0.02
    precision = 1 / prior_sd**2 + 1 / own_sd**2
    mean = (prior_mean / prior_sd**2 + own_mean / own_sd**2) / precision
    found = StepLikelihood.of(
        ONE, np.array([mean]), np.array([[1 / precision]]),
        Gaussian(np.array([prior_mean / prior_sd**2]), np.array([[1 / prior_sd**2]])),
    )  # fmt: skip
    assert found.precision[0, 0] == pytest.approx(1 / own_sd**2)
    assert found.information[0] == pytest.approx(own_mean / own_sd**2)


def test_posterior_that_is_its_prior_tells_nothing():
    prior = Gaussian(np.array([0.0]), np.array([[625.0]]))
    found = StepLikelihood.of(ONE, np.array([0.0]), np.array([[1 / 625.0]]), prior)
    assert not found.precision.any()
    assert not found.information.any()


@pytest.mark.parametrize(("gain", "known"), [(1e-8, 0.0), (1e-3, 0.625)])
def test_what_rounding_adds_to_a_prior_is_no_knowledge(gain: float, known: float):
    prior = Gaussian(np.array([0.0]), np.array([[625.0]]))
    cov = np.array([[1 / (625.0 * (1 + gain))]])
    found = StepLikelihood.of(ONE, np.array([0.01]), cov, prior)
    assert found.precision[0, 0] == pytest.approx(known, rel=1e-6)


def test_deviation_without_figures_is_the_usual_one():
    silent = dict.fromkeys(
        [(region, name) for region in "pc" for name in ("gdp", "goods")], SILENT
    )  # fmt: skip
    grid = np.abs(np.log(np.array(DEVIATIONS) / DEVIATION_SD))
    assert steps(silent).deviation() == pytest.approx(DEVIATIONS[int(grid.argmin())])


def test_support_for_a_deviation_is_the_likelihood_of_the_figures():
    """Steps of goods less those of GDP: a common part, a deviation each, and their errors."""
    steps_of = {"a": (-0.03, 0.02), "b": (0.01, 0.12), "c": (0.04, 0.03)}
    figures = {}
    for region, (output, goods) in steps_of.items():
        figures[region, "gdp"] = told(output, 1e-6)
        figures[region, "goods"] = told(goods, 0.02)
    apart = [goods - output for output, goods in steps_of.values()]
    system = steps(figures)

    def likelihood(sd: float) -> float:
        cov = COMPONENT_STEP_SD**2 + (sd**2 + 0.02**2) * np.eye(3)
        return multivariate_normal(np.zeros(3), cov).logpdf(apart)

    for sd in (0.01, 0.03):
        found = system.solved(sd)[2] - system.solved(0.02)[2]
        assert found == pytest.approx(likelihood(sd) - likelihood(0.02), abs=1e-4)


def test_component_of_another_region_by_hand():
    """Two regions: the common part is shrunk, and the deviation of the other region is added."""
    own, other, component, sd = -0.03, -0.08, 0.04, 0.02
    system = steps(
        {("p", "gdp"): told(own, 1e-5), ("c", "gdp"): told(other, 1e-5),
         ("p", "goods"): told(component, sd), ("c", "goods"): SILENT}
    )  # fmt: skip
    mean, cov = system.priors()["c", "goods"]
    deviation = system.deviation()
    spread = COMPONENT_STEP_SD**2 + deviation**2 + sd**2
    common = COMPONENT_STEP_SD**2 / spread * (component - own)
    variance = COMPONENT_STEP_SD**2 - COMPONENT_STEP_SD**4 / spread
    assert mean[0] == pytest.approx(other + common, abs=1e-6)
    assert cov[0, 0] == pytest.approx(variance + deviation**2, rel=1e-4)


def test_own_figures_are_left_out_of_the_prior():
    figures = {("p", "gdp"): told(-0.03, 1e-5), ("p", "goods"): told(0.2, 0.001)}
    mean, cov = steps(figures).priors()["p", "goods"]
    deviation = steps(figures).deviation()
    assert mean[0] == pytest.approx(-0.03, abs=1e-4)
    assert cov[0, 0] == pytest.approx(COMPONENT_STEP_SD**2 + deviation**2, rel=1e-2)


def test_weighted_steps_of_the_parts_add_up():
    figures = {("p", "gdp"): told(-0.03, 1e-4), ("p", "goods"): told(0.02, 1e-4)}
    figures["p", "services"] = SILENT
    found = steps(figures, {"goods": 0.4, "services": 0.6}).priors()
    assert found["p", "services"][0][0] == pytest.approx((-0.03 - 0.4 * 0.02) / 0.6, abs=2e-3)
    assert found["p", "services"][1][0, 0] ** 0.5 < 0.005


def test_wholes_are_made_complete():
    groups = complete({"gdp": ("goods", "services")}, {"industry": "goods", "x": "y"}, "gdp")
    assert groups == {"gdp": ("goods", "services"), "goods": ("industry", f"{REST}goods")}


@pytest.mark.parametrize(("deviation", "most"), [(0.01, 1.0), (0.02, 0.97), (0.03, 0.97)])
def test_known_steps_are_recovered_with_coverage(deviation: float, most: float):
    """Worlds drawn from the model: nine in ten true steps lie within the 90 % intervals.

    Five regions cannot tell a small deviation from the errors of the figures: more are covered.
    """
    rng = np.random.default_rng(7)
    held, size = 0, []
    for _ in range(120):
        common = COMPONENT_STEP_SD * rng.standard_normal()
        figures, truth = {}, {}
        for region in "abcde":
            gdp = 0.08 * rng.standard_normal()
            goods = gdp + common + deviation * rng.standard_normal()
            truth[region] = goods
            figures[region, "gdp"] = told(gdp + 0.01 * rng.standard_normal(), 0.01)
            if region != "e":
                figures[region, "goods"] = told(goods + 0.02 * rng.standard_normal(), 0.02)
        figures["e", "goods"] = SILENT
        mean, cov = steps(figures).priors()["e", "goods"]
        size.append(mean[0] - truth["e"])
        held += abs(size[-1]) < 1.645 * cov[0, 0] ** 0.5
    assert 0.82 <= held / len(size) <= most
    assert abs(np.mean(size)) < 0.006


COLUMNS = ["indicator", "name", "unit", "transform", "kind", "prices", "deflator", "sum_of"]


def census_world(province_step: dict[str, float], city_step: float):
    """A province with figures on both bases, and a city with its components on the old one."""
    rows = []
    shares = {"goods": 0.4, "services": 0.6}
    overall = sum(shares[c] * (1 + s) for c, s in province_step.items())
    for region, size in (("province", 1000.0), ("city", 100.0)):
        step = {"gdp": overall if region == "province" else 1 + city_step}
        step |= {c: 1 + s for c, s in province_step.items()} if region == "province" else {}
        for indicator, share in {"gdp": 1.0, **shares}.items():
            for year in range(2012, 2026):
                value = size * share * 1.07 ** (year - 2012)
                fields = {"region": region, "indicator": indicator}
                if year <= 2020:
                    rows.append(statement(year, round(value, 3), basis="old", **fields))
                if year >= 2019 and indicator in step:
                    rows.append(statement(year, round(value * step[indicator], 3), **fields))
    evidence = world(rows)
    indicators = pd.DataFrame(
        [
            ("gdp", "GDP", "亿元", "log", "flow", "nominal", "gdp", "goods;services"),
            ("goods", "Goods", "亿元", "log", "flow", "nominal", "gdp", ""),
            ("services", "Services", "亿元", "log", "flow", "nominal", "gdp", ""),
        ],
        columns=COLUMNS,
    ).assign(name_zh="", country_zh="", description="what it is.")
    bases = pd.DataFrame(
        [
            ("gdp", "old", 1, "step", ""),
            ("gdp", "new", 2, "reference", ""),
            *((c, "old", 1, "with_gdp", "old") for c in shares),
            *((c, "new", 2, "reference", "") for c in shares),
        ],
        columns=["indicator", "basis", "sequence", "link", "gdp_basis"],
    ).assign(name="", description="")
    return dataclasses.replace(evidence, indicators=indicators, bases=bases)


def test_city_learns_the_steps_of_its_components_from_the_province():
    evidence = census_world({"goods": -0.03, "services": 0.07}, city_step=0.08)
    histories = reconcile_all(evidence)
    found = {
        key: float(history.steps.set_index("basis").loc["old", "percent"])
        for key, history in histories.items()
    }
    assert found["province/goods"] == pytest.approx(-3.0, abs=0.5)
    assert found["province/services"] == pytest.approx(7.0, abs=0.5)
    assert found["city/goods"] < 5.0 < 8.0 < found["city/services"]
    together = 0.4 * found["city/goods"] + 0.6 * found["city/services"]
    assert together == pytest.approx(found["city/gdp"], abs=0.7)


def test_one_series_alone_is_reconciled_as_with_all_others():
    evidence = census_world({"goods": -0.03, "services": 0.07}, city_step=0.08)
    alone, among = reconcile(evidence, "city", "goods"), reconcile_all(evidence)["city/goods"]
    np.testing.assert_allclose(alone.mean, among.mean)


def levels_of(last: int, *values: float) -> Any:
    """A solved series whose years end with `last`."""
    first = last - len(values) + 1
    return SimpleNamespace(
        last=last, layout=SimpleNamespace(x=lambda year: year - first),
        solution=SimpleNamespace(mean=np.log(values)),
    )  # fmt: skip


def test_shares_are_those_of_the_last_year_that_all_parts_have():
    parts = {"gdp": ("goods", "services")}
    every = {
        ("a", "gdp"): levels_of(2024, 90.0, 100.0), ("a", "goods"): levels_of(2024, 36.0, 50.0),
        ("a", "services"): levels_of(2023, 99.0, 60.0),
        ("b", "gdp"): levels_of(2024, 10.0), ("b", "goods"): levels_of(2024, 4.0),
        ("b", "services"): levels_of(2024, 16.0),
        ("c", "gdp"): levels_of(2024, 10.0),
    }  # fmt: skip
    found = _weights(every, parts, {"a", "b", "c"})
    assert found["a", "gdp"] == pytest.approx({"goods": 36 / 96, "services": 60 / 96})
    assert found["b", "gdp"] == pytest.approx({"goods": 0.2, "services": 0.8})  # of their sum
    mean = {"goods": (0.375 + 0.2) / 2, "services": (0.625 + 0.8) / 2}
    assert found["c", "gdp"] == pytest.approx(mean)
    assert _weights(every, parts, {"c"}) == {}


def test_rest_of_a_whole_has_the_share_that_is_left():
    rest = f"{REST}goods"
    every = {("a", "goods"): levels_of(2024, 50.0), ("a", "industry"): levels_of(2024, 40.0)}
    groups = {"goods": ("industry", rest)}
    assert _weights(every, groups, {"a"}) == {
        ("a", "goods"): pytest.approx({"industry": 0.8, rest: 0.2})
    }
    every["a", "industry"] = levels_of(2024, 51.0)  # more than the whole: no shares
    assert _weights(every, groups, {"a"}) == {}


def test_component_that_stays_on_an_older_basis_has_fewer_steps():
    """Two censuses changed GDP; services were never moved to the newest basis of it."""
    evidence = census_world({"goods": -0.03, "services": 0.07}, city_step=0.08)
    bases = pd.DataFrame(
        [
            ("gdp", "older", 1, "step", ""), ("gdp", "old", 2, "step", ""),
            ("gdp", "new", 3, "reference", ""),
            ("goods", "older", 1, "with_gdp", "older"), ("goods", "old", 2, "with_gdp", "old"),
            ("goods", "new", 3, "reference", ""),
            ("services", "older", 1, "with_gdp", "older"),
            ("services", "old", 2, "reference", "old"),
        ],
        columns=["indicator", "basis", "sequence", "link", "gdp_basis"],
    ).assign(name="", description="")  # fmt: skip
    figures = evidence.observations.copy()
    moved = (figures["indicator"] == "services") & (figures["basis"] == "old")
    figures.loc[moved, "basis"] = "older"
    evidence = dataclasses.replace(evidence, bases=bases, observations=figures)
    spans = _spans(evidence, ["gdp", "goods", "services"])
    assert spans == {
        "gdp": {"older": (0, 2), "old": (1, 2)}, "goods": {"older": (0, 2), "old": (1, 2)},
        "services": {"older": (0, 1)},
    }  # fmt: skip
    (step,) = reconcile_all(evidence)["province/services"].steps.itertuples()
    assert (step.basis, step.percent) == ("older", pytest.approx(7.0, abs=0.5))

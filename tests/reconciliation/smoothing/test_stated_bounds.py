"""Stated bounds: what "above" a number says about a path."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import expon, kstest, norm, truncnorm

from forecast.evidence.scales import TRANSFORMS
from forecast.reconciliation.reconcile import reconcile
from forecast.reconciliation.smoothing.observation_equations import Layout
from forecast.reconciliation.smoothing.stated_bounds import (
    EXCESS,
    PASSED,
    _Limits,
    bounded,
    excess_of,
    just_passed,
)
from forecast.reconciliation.smoothing.truncation import Bounds
from tests.reconciliation.figures import observation
from tests.worlds import statement, world

OPEN = np.inf


def open_year(**bound: object) -> list[dict]:
    rows = [statement(2010 + i, 100.0 * 1.03**i) for i in range(10)]
    return [*rows, statement("2020-03", 3.0, measure="ytd_growth"), *([bound] if bound else [])]  # type: ignore[list-item]


def test_history_is_the_exact_posterior_under_a_bound() -> None:
    """A stated bound: exponential excess, hence a shifted Gaussian cut off at the limit."""
    free = reconcile(world(open_year()), "city", "gdp")
    said = statement(2020, 138.0, bound="lower")
    history = reconcile(world(open_year(**said)), "city", "gdp")
    sd, limit = np.sqrt(free.cov[-1, -1]), np.log(138.0)
    excess = EXCESS * np.log(138.5 / 137.5)
    center = free.mean[-1] - sd**2 / excess
    exact = truncnorm((limit - center) / sd, np.inf, center, sd)
    levels = [0.05, 0.5, 0.95]
    np.testing.assert_allclose(np.log(history.quantiles(levels)[-1]), exact.ppf(levels), atol=1e-4)
    assert history.mean[-1] == pytest.approx(exact.mean(), abs=1e-4)
    assert history.cov[-1, -1] == pytest.approx(exact.var(), rel=0.02)
    draws = history.draws(4000, np.random.default_rng(1))[:, -1]
    assert kstest(draws, exact.cdf).pvalue > 0.01


def test_bounds_on_both_sides_of_a_year() -> None:
    rows = open_year(**statement(2020, 138.0, bound="lower"))
    rows.append(statement(2020, 141.0, bound="upper"))
    history = reconcile(world(rows), "city", "gdp")
    draws = np.exp(history.draws(1000, np.random.default_rng(1))[:, -1])
    assert draws.min() > 138.0 * (1 - 1e-6)
    assert draws.max() < 141.0 * (1 + 1e-6)
    low, high = history.quantiles([0.0001, 0.9999])[-1]
    assert 138.0 < low < high < 141.0


def test_bound_on_an_older_basis_binds_path_and_step() -> None:
    """A function of path and step is no function of the path alone, and is kept all the same."""
    rows = [statement(y, 100.0 * 1.07 ** (y - 2010), basis="old") for y in range(2010, 2016)]
    rows += [statement(2018, 180.0, basis="new")]
    free = reconcile(world([dict(r) for r in rows]), "city", "gdp")
    rows += [statement(2017, 168.0, bound="lower", basis="old")]
    history = reconcile(world(rows), "city", "gdp")
    assert history.bounds is not None
    year = list(history.years).index(2017)
    step = history.steps["log_step"].iloc[0]
    assert history.mean[year] + step > np.log(168.0)
    assert free.mean[year] + free.steps["log_step"].iloc[0] < np.log(168.0)
    draws = history.draws(2000, np.random.default_rng(1))
    assert draws[:, year].mean() == pytest.approx(history.mean[year], abs=0.005)


def test_excess_over_a_stated_bound_is_a_step_of_its_rounding() -> None:
    from forecast.evidence.scales import transform

    log = transform("log")
    row = observation(2025, 7300.0)
    assert excess_of(row, log, 7300.0) == pytest.approx(EXCESS * 100 / 7300, rel=1e-3)
    for value, step in ((6.0, 0.01), (7.0, 0.01), (6.5, 0.001), (20.0, 0.01)):
        row = observation(2025, value, "growth")
        expected = EXCESS * step / (1 + value / 100)
        assert excess_of(row, log, 7300.0) == pytest.approx(expected, rel=1e-3)


def test_growth_above_a_number_is_read_as_a_little_above_it() -> None:
    rows = [statement(2010 + i, 100.0 * 1.09**i) for i in range(8)]
    rows += [statement(2018, 6.0, measure="growth", bound="lower")]
    history = reconcile(world(rows), "city", "gdp")
    low, middle, high = 100 * (history.quantiles([0.05, 0.5, 0.95])[-1] / (100.0 * 1.09**7) - 1)
    assert 5.7 < low < middle < 7.0
    assert high < 9.5


def test_closest_limit_on_either_side_counts() -> None:
    limits = _Limits(np.ones(1))
    for side, limit in [
        ("lower", 2.0), ("lower", 1.0), ("lower", 3.0), ("lower", 2.5),
        ("upper", 7.0), ("upper", 8.0), ("upper", 6.0), ("upper", 6.5),
    ]:  # fmt: skip
        limits.tighten(side, limit, limit / 10)
    assert limits.limit == {"lower": 3.0, "upper": 6.0}
    assert limits.excess == {"lower": 0.3, "upper": 0.6}


def taken_in(*said: tuple[str, float]) -> Bounds | None:
    """Bounds on 2021, of which 100 is known to two percent."""
    rows = [observation(2021, value, bound=side) for side, value in said]
    layout = Layout.of(rows, np.array([2020, 2021]))
    mean = np.log([95.0, 100.0])
    return bounded(rows, layout, TRANSFORMS["log"], mean, np.diag([0.01, 0.02]) ** 2)


def test_bound_that_all_else_speaks_against_is_not_used() -> None:
    # 3.09 standard deviations leave a thousandth: the border lies at 106.4 and 94.0.
    assert taken_in(("lower", 106.1)) is not None
    assert taken_in(("lower", 106.7)) is None
    assert taken_in(("upper", 94.3)) is not None
    assert taken_in(("upper", 93.7)) is None
    assert taken_in(("lower", 94.0), ("upper", 106.0)) is not None
    assert taken_in(("lower", 103.0), ("upper", 102.0)) is None
    assert taken_in() is None


def test_excess_over_a_bound_shifts_the_path_before_it_is_cut() -> None:
    for side, sign, value in (("lower", 1, 101.0), ("upper", -1, 99.0)):
        found = taken_in((side, value))
        assert found is not None
        excess = np.log((value + EXCESS / 2) / (value - EXCESS / 2))  # a step of one
        np.testing.assert_allclose(found.pull, [-sign / excess])
        np.testing.assert_allclose(found.center, [np.log(100)])
        np.testing.assert_allclose(found.mean, np.log([95, 100]))
        ends = (np.log(value), OPEN) if side == "lower" else (-OPEN, np.log(value))
        assert (found.low[0], found.high[0]) == pytest.approx(ends)
        shifted = np.log(100) - sign * 0.02**2 / excess
        exact = truncnorm(*((np.array(ends) - shifted) / 0.02), shifted, 0.02)
        assert found.moments()[0][1] == pytest.approx(exact.mean(), abs=1e-5)


@pytest.mark.parametrize("excess", [0.3, 0.02, 1e-3])
@pytest.mark.parametrize("beyond", [-0.05, 0.0, 0.05, 0.12, 0.2, 0.4])
def test_number_was_just_passed_if_that_explains_the_other_evidence(
    beyond: float, excess: float
) -> None:
    def evidence(density: Callable[[float], float], end: float) -> float:
        known = norm(beyond, 0.05)
        places = [x for x in (1e-4, 1e-3, 0.01, 0.1, beyond) if 0 < x < end]
        return float(quad(lambda x: known.pdf(x) * density(x), 0, end, points=places, limit=200)[0])

    passed = PASSED * evidence(expon(scale=excess).pdf, 2.0)
    mere = (1 - PASSED) * evidence(lambda _: 1 / 0.9, 0.9)
    assert just_passed(beyond, 0.05, excess, 0.9) == (passed > mere)


def test_mere_limit_leaves_the_path_where_it_is() -> None:
    """However many digits it has: of 100, known to two percent, 201 says no more than 200 does."""
    for side, values in (("upper", (150.0, 200.0, 201.0, 2001.0)), ("lower", (1.0, 50.0, 51.0))):
        for value in values:
            found = taken_in((side, value))
            assert found is not None
            np.testing.assert_allclose(found.moments()[0], np.log([95, 100]), atol=1e-9)
    near = taken_in(("lower", 97.0))
    assert near is not None
    assert np.exp(near.moments()[0][1]) < 98.0


def test_two_bounds_that_contradict_each_other_are_both_named() -> None:
    rows = open_year(**statement(2020, 138.0, bound="lower"))
    rows.append(statement(2020, 134.0, bound="upper"))
    table = reconcile(world(rows), "city", "gdp").observations
    assert table.loc[table["bound"] != "", "outlier"].tolist() == [True, True]

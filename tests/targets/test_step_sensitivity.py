"""The chance of a target by the step between bases that its level rests on."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from forecast.evidence.scales import transform
from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import reconcile
from forecast.reconciliation.related_series.census_steps import steps_table
from forecast.targets.step_sensitivity import conditioned, deciding_step, step_sensitivity
from tests.worlds import statement, world

STEP, STEP_SD, OWN_SD = -0.03, 0.02, 0.01


def history(origin: str = "derived") -> History:
    """Two years on an older basis: each is a figure less the step, with an error of its own."""
    cov = STEP_SD**2 * np.ones((2, 2)) + OWN_SD**2 * np.eye(2)
    return History(
        "city", "gdp", "亿元", transform("log"), np.array([2021, 2022]), np.log([100.0, 110.0]),
        cov, ("derived", origin), pd.DataFrame(),
        steps_table(["old"], np.array([STEP]), np.array([[STEP_SD**2]])),
        pd.Series(dtype=float), 0.05,
        step_cov=np.array([[-(STEP_SD**2), -(STEP_SD**2), STEP_SD**2]]),
    )  # fmt: skip


def draws(growth_sd: float = 0.05) -> np.ndarray:
    """Equally likely values of a later year: the last year's errors and the growth's."""
    sd = np.sqrt(STEP_SD**2 + OWN_SD**2 + growth_sd**2)
    return 130 * np.exp(sd * norm.ppf((np.arange(4000) + 0.5) / 4000))


@pytest.mark.parametrize("step", [-0.06, -0.03, 0.0, 0.02])
def test_chance_given_a_step_is_that_of_the_conditional_normal(step: float):
    given = conditioned(history(), 0, draws(), step)
    sd = np.sqrt(OWN_SD**2 + 0.05**2)
    expected = norm.sf((np.log(140) - np.log(130) + (step - STEP)) / sd)
    assert (given >= 140).mean() == pytest.approx(expected, abs=2e-3)


def test_chance_is_the_mean_over_the_steps():
    nodes = STEP + STEP_SD * norm.ppf((np.arange(200) + 0.5) / 200)
    mean = np.mean([(conditioned(history(), 0, draws(), s) >= 140).mean() for s in nodes])
    assert mean == pytest.approx((draws() >= 140).mean(), abs=3e-3)


def test_chances_at_quantiles_of_the_step_and_without():
    found = step_sensitivity(history(), draws(), lambda values: values >= 140, 0.01)
    assert found is not None
    assert [c.at for c in found.chances] == ["5 %", "50 %", "95 %", "no step"]
    assert [c.step for c in found.chances[:3]] == pytest.approx(
        [found.low, found.step, found.high], abs=0.01
    )
    assert found.chances[3].step == 0.0
    low, middle, high, none = (c.probability for c in found.chances)
    assert none < middle
    assert low < middle < high


def test_floor_bounds_every_chance():
    found = step_sensitivity(history(), draws(), lambda values: values >= 1e6, 0.04)
    assert found is not None
    assert {c.probability for c in found.chances} == {0.04}


def test_published_figure_on_the_reference_basis_settles_the_level():
    assert deciding_step(history("published")) is None
    assert step_sensitivity(history("published"), draws(), lambda v: v >= 1, 0.01) is None


def test_step_that_explains_little_is_not_shown():
    wide = dataclasses.replace(history(), cov=history().cov + 0.3**2 * np.eye(2))
    assert deciding_step(wide) is None


def test_step_of_a_reconciled_series():
    """Levels on the old basis only, and growth beyond: the last year rests on the step alone."""
    rows = [statement(year, 100 * 1.06 ** (year - 2012), basis="old") for year in range(2012, 2021)]
    found = reconcile(world(rows), "city", "gdp")
    n = len(found.years)
    assert deciding_step(found) == 0
    assert found.step_cov.shape == (1, n + 1)
    gain = found.step_cov[0, n - 1] / found.step_cov[0, n]
    assert gain == pytest.approx(-1.0, abs=0.02)

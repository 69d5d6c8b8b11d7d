"""The step between two bases, against the same rows solved at once as a dense system."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.evidence.scales import TRANSFORMS
from forecast.reconciliation.derived_levels import observations_of
from forecast.reconciliation.observations import bases_of
from forecast.reconciliation.reconcile import UNKNOWN_WEIGHTS, reconcile
from forecast.reconciliation.smoothing.observation_equations import (
    Layout,
    design_row,
    error_sd,
    on_scale,
)
from forecast.reconciliation.smoothing.trend_prior import trend
from tests.worlds import statement, world

STEP_SD = 0.1  # of a step of which nothing is known


@pytest.mark.parametrize("overlap", [1, 2, 4])
def test_step_is_that_of_the_dense_system(overlap: int) -> None:
    level = {year: 100 * 1.07 ** (year - 2010) for year in range(2010, 2020)}
    old = [
        statement(y, round(v, 2), basis="old") for y, v in level.items() if y < 2014 + overlap
    ]  # fmt: skip
    new = [statement(y, round(1.08 * v, 2)) for y, v in level.items() if y >= 2014]
    evidence = world([*old, *new])
    history = reconcile(evidence, "city", "gdp")

    log, kind = TRANSFORMS["log"], "flow"
    records, info = {"gdp": evidence.records["city", "gdp"]}, evidence.indicator("gdp")
    rows = observations_of(records, evidence.accounts, info, bases_of(evidence, "gdp"))
    layout = Layout.of(rows, history.years)
    h = np.array([design_row(row, layout) for row in rows])
    z = np.array([on_scale(row, log, 0.0) for row in rows])
    sd = np.array([error_sd(row, log, kind) for row in rows])
    n = len(history.years)
    prior = np.zeros((layout.size, layout.size))
    prior[:n, :n] = trend(n, history.noise)
    prior[n, n] = 1 / STEP_SD**2
    # Rows that agree have a weight of one each: least squares is all there is to it.
    cov = np.linalg.inv(prior + (h.T / sd**2) @ h)
    mean = cov @ (h.T @ (z / sd**2))

    (step,) = history.steps.itertuples()
    assert step.log_step == pytest.approx(mean[n], abs=2e-4)
    assert step.sd == pytest.approx(UNKNOWN_WEIGHTS * np.sqrt(cov[n, n]), rel=0.02)
    np.testing.assert_allclose(history.mean, mean[:n], atol=1e-3)
    # By hand: the years in common differ by log 1.08, each with the error of an old basis.
    assert mean[n] == pytest.approx(-np.log(1.08) / (1 + 0.01**2 / overlap / STEP_SD**2), abs=1e-3)
    assert step.sd == pytest.approx(0.01 / np.sqrt(overlap), rel=0.1)

"""One path of many: the same as among all of them, and with one figure less."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.reconciliation import derived_levels
from forecast.reconciliation.reconcile import reconcile
from forecast.reconciliation.related_series import links
from forecast.reconciliation.related_series.joint_solution import solved
from forecast.reconciliation.related_series.series import Key
from forecast.reconciliation.smoothing import robust_smoother
from forecast.study import Study
from forecast.verification.holdout import hide

COMPONENTS = ("gdp", "secondary_value_added", "tertiary_value_added", "trade", "rd_share")


def keys(evidence: Evidence) -> list[Key]:
    every = solved(evidence, evidence.names).series
    return [key for key in every if key[1] in COMPONENTS]


def test_a_path_that_is_asked_for_alone_is_the_one_found_with_all_others(study: Study) -> None:
    evidence = study.evidence
    every = solved(evidence, evidence.names).series
    asked = keys(evidence)
    assert len(asked) > 5
    for key in asked:
        found = solved(evidence, [key[1]], [key]).series
        assert key in found
        assert len(found) < len(every)
        np.testing.assert_array_equal(found[key].solution.mean, every[key].solution.mean)
        np.testing.assert_array_equal(found[key].solution.cov, every[key].solution.cov)


def test_a_path_without_a_figure_is_that_of_evidence_that_never_held_it(study: Study) -> None:
    evidence = study.evidence
    for region, indicator in keys(evidence)[:6]:
        own = evidence.statements(region, indicator)
        year = int(own.loc[own["measure"] == "level", "year"].iloc[1])
        left = hide(evidence, region, indicator, year)
        quick = reconcile(left, region, indicator)
        bare = reconcile(left, region, indicator, tables=False)
        robust_smoother._known.clear()
        for known in (
            links._series,
            links._equations,
            derived_levels._published,
            derived_levels._published_levels,
        ):
            known.cache_clear()
        fresh = evidence.but(observations=left.observations.copy())
        slow = reconcile(fresh, region, indicator)
        np.testing.assert_array_equal(quick.mean, slow.mean)
        np.testing.assert_array_equal(quick.cov, slow.cov)
        pd.testing.assert_frame_equal(quick.observations, slow.observations)
        np.testing.assert_array_equal(bare.mean, slow.mean)
        np.testing.assert_array_equal(bare.cov, slow.cov)
        assert bare.origin == slow.origin
        assert bare.observations.empty


def test_a_series_that_was_solved_is_not_solved_again(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = study.evidence
    first = solved(evidence, ["rd_share"]).series

    def again(*args: Any) -> robust_smoother.Solution:
        raise AssertionError("solved again")

    monkeypatch.setattr(robust_smoother, "_solve", again)
    second = solved(evidence, ["rd_share"]).series
    for key, series in first.items():
        assert second[key].solution is series.solution
        np.testing.assert_array_equal(series.equations.z, second[key].equations.z)
        np.testing.assert_array_equal(series.equations.sd, second[key].equations.sd)

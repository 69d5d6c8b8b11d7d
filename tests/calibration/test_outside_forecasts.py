"""The record of forecasts of others: what it teaches follows from how the record was made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.calibration import outside_forecasts, reference_sets
from forecast.calibration.outside_forecasts import (
    LEADS,
    LEVELS,
    Cases,
    combination,
    correlations,
    learn,
)
from forecast.evidence.problems import UserError


def made(n: int = 6000, ours: float = 2.0, theirs: float = 1.0, bias: float = 0.0) -> Cases:
    """Truth is normal around ours; theirs is the truth, a bias and an error of its own."""
    from scipy.special import ndtri

    rng = np.random.default_rng(4)
    lead = rng.choice(LEADS, n)
    centre = rng.normal(4, 1, n)
    came = centre + ours * rng.standard_normal(n)
    said = came - bias + theirs * rng.standard_normal(n)
    quantiles = centre[:, None] + ours * ndtri(LEVELS)
    return Cases(
        np.array([f"c{i % 150}" for i in range(n)]), 1990 + np.arange(n) % 20,
        np.maximum(np.ceil(lead), 1).astype(int), lead, said, came, quantiles,
    )  # fmt: skip


def test_gain_and_spread_are_those_of_the_best_combination():
    """Closed form: gain V / (V + R), spread sqrt(R / (V + R)), the bias taken off by the shift."""
    found = combination(made(bias=-1.0))
    assert found["gain"] == pytest.approx(0.8, abs=0.04)
    assert found["spread"] == pytest.approx(np.sqrt(0.2), abs=0.06)
    assert found["shift"] == pytest.approx(-0.8 * 1.0 / 2.0, abs=0.05)


def test_worthless_forecasts_get_no_gain():
    past = made()
    noise = np.random.default_rng(9).permutation(past.theirs)
    found = combination(Cases(**{**vars(past), "theirs": noise}))
    assert found["gain"] < 0.05
    assert found["spread"] > 0.9


def test_every_outcome_year_counts_the_same():
    past = made(400)
    doubled = past.where(np.concatenate([np.arange(400), np.flatnonzero(past.year == 1990)]))
    assert doubled.weight.sum() == pytest.approx(past.weight.sum())


def test_learn_tells_bias_and_share_reached_by_lead():
    found = learn(made(9000, bias=-0.7))
    assert found["lead"] == LEADS.tolist()
    np.testing.assert_allclose(found["bias"], -0.7, atol=0.2)
    assert all(0.15 < share < 0.4 for share in found["reached"])


def test_errors_of_two_issues_and_of_two_years_are_correlated_as_made():
    rng = np.random.default_rng(1)
    n = 3000
    common, own = rng.standard_normal(n), rng.standard_normal((3, n))
    # One issue on two years, and the issue half a year later on the first of them.
    error = [common + 0.5 * own[0], 0.5 * common + own[1], common + 0.5 * own[2]]
    cells = [(2000, 1, 0.5), (2001, 2, 1.5), (2000, 1, 0.0)]
    ours = np.tile(np.linspace(-2, 2, len(LEVELS)), (n, 1))
    part = [
        Cases(
            np.array([f"c{i}" for i in range(n)]), np.full(n, year), np.full(n, h),
            np.full(n, lead), np.zeros(n), e, ours,
        )
        for (year, h, lead), e in zip(cells, error, strict=True)
    ]  # fmt: skip
    past = Cases(*(np.concatenate(v) for v in zip(*(vars(p).values() for p in part), strict=True)))
    across, between = correlations(past)
    assert across == pytest.approx(0.5 / np.sqrt(1.25 * 1.25), abs=0.06)
    assert between == pytest.approx(1.0 / 1.25, abs=0.06)


def test_growth_is_chained_from_the_last_gap_or_collapse_on():
    frame = pd.DataFrame({
        "Code": "A", "Year": range(2000, 2006), "Growth": [5.0, -70.0, 10.0, None, 10.0, 20.0],
    })  # fmt: skip
    panel = outside_forecasts.real_growth(frame)
    assert list(panel["year"]) == [2003, 2004, 2005]
    np.testing.assert_allclose(panel["value"], [100, 110, 132])


def test_persistence_of_prices_is_found():
    rng = np.random.default_rng(0)
    change = [0.02]
    for _ in range(4000):
        change.append(0.02 + 0.6 * (change[-1] - 0.02) + 0.01 * rng.standard_normal())
    index = np.exp(np.cumsum(change))
    frame = pd.DataFrame({"Code": "A", "Year": np.arange(len(index)) + 1990, "CPI": index})
    found = outside_forecasts.prices(frame)
    assert found["persistence"] == pytest.approx(0.6, abs=0.05)
    assert found["spread"] == pytest.approx(0.01, abs=0.001)


def test_a_missing_file_is_named_with_where_it_can_be_had(tmp_path):
    with pytest.raises((ValueError, UserError), match="fredbec/uqimf"):
        reference_sets.outlook(tmp_path)


def test_cases_hold_theirs_beside_ours_of_the_same_year():
    years = range(1975, 1996)
    world = pd.DataFrame(
        [(c, y, 3 + np.sin(y + k)) for k, c in enumerate("ABCDEF") for y in years],
        columns=["Code", "Year", "Growth"],
    )
    weo = pd.DataFrame(
        [
            (c, 1991, season, t, 4.0, 5.0)
            for c in "ABCDEF"
            for season in "SF"
            for t in range(1991, 1996)
        ],
        columns=[
            "ISOAlpha_3Code", "forecast_year", "forecast_season", "target_year", "prediction",
            "tv_1",
        ],
    )  # fmt: skip
    found = outside_forecasts.cases(weo, world)
    spring = found.where(found.lead == 0.5)
    assert set(spring.year) == {1991}
    assert set(spring.horizon) == {1}
    np.testing.assert_allclose(found.theirs, 100 * np.log(1.04))
    np.testing.assert_allclose(found.came, 100 * np.log(1.05))
    assert np.all(np.abs(found.centre - 3) < 3)
    assert np.all(np.diff(found.ours, axis=1) >= 0)

"""Growth of a panel: the common growth it is shrunk to, its decay, its persistence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.calibration import training as learn
from forecast.forecasting.error_scale import adapted
from forecast.forecasting.learned_tables import Prior, committed_tables
from forecast.forecasting.panel_data import Paths, peer_share
from forecast.forecasting.panel_growth import RECENCY, _random_effects, growth

PRIOR = Prior(centre=0.04, spread=0.015, persistence=0.3, variance=0.0013)


def panel(common, n=60, volatility=0.04, apart=0.01, rho=0.0, seed=1):
    """Draw series whose yearly growth is the common one, one of their own, and noise."""
    rng = np.random.default_rng(seed)
    noise = volatility * rng.standard_normal((n, len(common)))
    for t in range(1, len(common)):
        noise[:, t] += rho * noise[:, t - 1]
    growth = common + rng.normal(0, apart, (n, 1)) + noise
    y = 5 + np.cumsum(np.column_stack([np.zeros(n), growth]), axis=1)
    return Paths(y, np.isfinite(y))


def until(paths, year):
    return Paths(paths.y[:, : year + 1], paths.seen[:, : year + 1])


# Common growth ---------------------------------------------------------------------------------

YEARS = np.arange(30)
TRUTHS = {
    "constant": np.full(30, 0.11),
    "falling": 0.14 - 0.003 * YEARS,
    "with waves": 0.10 + 0.03 * np.sin(YEARS / 2),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_common_growth_is_recovered_and_does_not_jump(name):
    truth = TRUTHS[name]
    paths = panel(truth)
    found, expected = [], []
    for year in range(12, 31):
        weight = RECENCY ** np.arange(year - 1, -1, -1.0)
        found.append(growth(until(paths, year), PRIOR).centre.item())
        expected.append((weight * truth[:year]).sum() / weight.sum())
    found, expected = np.array(found), np.array(expected)
    # The prior counts for ten series beside sixty: a seventh of the way to 4 % at most.
    assert np.abs(found - (expected + (PRIOR.centre - expected) / 7)).max() < 0.006
    assert np.abs(np.diff(found)).max() < np.abs(np.diff(expected)).max() + 0.006


def test_series_that_differ_little_are_not_drowned_by_the_prior():
    # The prior once counted as ten series without noise: where series differ little its weight
    # exploded, and growth of 11 % was shrunk to less than 5 %.
    own, noise = np.full(300, 0.11), np.full(300, 0.02**2)
    centre, between = _random_effects(own, noise, PRIOR)
    assert centre == pytest.approx((300 * 0.11 + 10 * 0.04) / 310, abs=1e-6)
    assert between < 1e-4


def test_random_effects_of_equal_noise_have_a_closed_form():
    # With equal noise the method of Paule and Mandel is that of moments.
    rng = np.random.default_rng(3)
    own, noise = rng.normal(0.06, 0.05, 200), 0.01**2
    centre, between = _random_effects(own, np.full(200, noise), PRIOR)
    mean = (own.sum() + 10 * PRIOR.centre) / 210
    squares = ((own - mean) ** 2).sum() + 10 * (PRIOR.spread**2 + noise)
    assert centre == pytest.approx(mean)
    assert between == pytest.approx(squares / 209 - noise, rel=1e-6)


def test_common_growth_decays_toward_the_prior_and_what_sets_series_apart_stays():
    rate = growth(panel(np.full(20, 0.12)), replace(PRIOR, decay=0.85))
    drift = rate.drift(40)
    left = drift.mean(axis=0) - rate.mean.mean() + rate.excess
    np.testing.assert_allclose(left, rate.excess * 0.85 ** np.arange(1, 41))
    np.testing.assert_allclose(drift - drift.mean(axis=0), (rate.mean - rate.mean.mean())[:, None]
                               * np.ones(40), atol=1e-12)  # fmt: skip
    still = growth(panel(np.full(20, 0.12)), PRIOR)
    np.testing.assert_array_equal(still.drift(5), np.repeat(still.mean[:, None], 5, axis=1))


def test_only_what_moves_together_decays():
    tables = committed_tables()
    rng = np.random.default_rng(2)
    apart = panel(np.full(25, 0.05))
    alike = panel(0.05 + 0.05 * rng.standard_normal(25))
    assert tables.peers.prior.decay < 1
    for paths, share in ((apart, 0.0), (alike, 1.0)):
        last = np.full(60, 2000)
        table = tables.of(paths, last)
        assert table.together == share == peer_share(paths, last)
        assert table.prior.decay == pytest.approx(1 - share * (1 - tables.peers.prior.decay))


@pytest.mark.parametrize(("reverts", "low", "high"), [(True, 0.7, 0.85), (False, 0.85, 1.0)])
def test_decay_is_learned_from_past_origins(reverts, low, high):
    """Waves of growth that fade are told from growth that stays away from the prior."""
    rng = np.random.default_rng(8)
    panels = []
    for i in range(6):
        common = np.full(60, 0.10)
        if reverts:
            for t in range(60):
                before = common[t - 1] - 0.04 if t else 0.0
                common[t] = 0.04 + 0.75 * before + 0.02 * rng.standard_normal()
        else:
            common = common + 0.02 * rng.standard_normal(60)
        paths = panel(common, n=30, volatility=0.01, seed=i)
        cuts = tuple(range(5, 45, 2))
        panels.append(learn.Panel(f"p{i}", paths, np.full(30, 2000), 1.0, cuts))
    assert low <= learn.decay_of(panels, PRIOR) <= high


# Weights and persistence -----------------------------------------------------------------------


def test_recent_growth_counts_more_by_a_tenth_a_year():
    d = np.array([0.01, 0.05, 0.02, 0.08, 0.03])
    y = np.concatenate([[1.0], 1 + np.cumsum(d)])[None]
    own = growth(Paths(y, np.isfinite(y)), PRIOR).own[0]
    weight = 0.9 ** np.arange(4, -1, -1.0)
    assert own == pytest.approx((weight * d).sum() / weight.sum())


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_persistence_of_an_ar1_is_found_without_the_bias_of_estimated_means(rho):
    """The plain pooled estimate is too low by (1 + 3 rho) / T: 0.09 to 0.25 for ten years."""
    # A few steps before the panel begins, so that the AR(1) has its own spread from the start.
    rng = np.random.default_rng(4)
    e = rng.standard_normal((3000, 60))
    for t in range(1, 60):
        e[:, t] += rho * e[:, t - 1]
    rates = 0.05 + 0.02 * e[:, -12:]
    y = np.cumsum(np.column_stack([np.zeros(3000), rates]), axis=1)
    found = growth(Paths(y, np.isfinite(y)), PRIOR).persistence
    assert found == pytest.approx(rho, abs=0.06)


def persistent(rho: float, years: int) -> Paths:
    """Draw 300 series whose growth is an AR(1) that began long before."""
    rng = np.random.default_rng(6)
    e = rng.standard_normal((300, 100))
    for t in range(1, 100):
        e[:, t] += rho * e[:, t - 1]
    y = np.cumsum(np.column_stack([np.zeros(300), 0.05 + 0.002 * e[:, -years:]]), axis=1)
    return Paths(y, np.isfinite(y))


def test_growth_as_persistent_as_that_of_populations_is_found_so():
    assert growth(persistent(0.92, 50), PRIOR).persistence == pytest.approx(0.92, abs=0.03)


def test_a_mean_of_years_that_are_alike_is_no_less_certain_than_one_of_them():
    """For many years their number would be divided by (1 + rho) / (1 - rho), here 10."""
    rate = growth(persistent(0.98, 10), PRIOR)
    assert (1 + rate.persistence) / (1 - rate.persistence) > 10
    np.testing.assert_allclose(rate.trust, 1 / (1 + (rate.volatility / rate.spread) ** 2))


# Short panels ----------------------------------------------------------------------------------


def test_peers_are_recognized_from_three_growth_rates_on():
    rng = np.random.default_rng(2)
    common = 0.05 + 0.06 * rng.standard_normal(3)
    assert peer_share(panel(common, volatility=0.01), np.full(60, 2000)) == 1.0
    assert peer_share(until(panel(common, volatility=0.01), 2), np.full(60, 2000)) == 0.0


def test_short_panels_have_a_record_one_year_ahead_that_fades_with_the_horizon():
    table = replace(committed_tables().peers, together=1.0)
    rng = np.random.default_rng(7)
    wild = panel(0.05 + 0.3 * rng.standard_normal(5), volatility=0.3)
    sizes = adapted(wild, np.full(60, 2000), 4, table).sizes / table.sizes[:4]
    change = np.log(sizes[:, 6])
    assert abs(change[0]) > 0.05  # the one past origin tells something of errors a year ahead
    assert (np.abs(change[1:]) < np.abs(change[:-1])).all()

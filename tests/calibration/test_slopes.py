from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.calibration.slopes import (
    Events,
    calibrated,
    calibration,
    events,
    slope_of,
)
from forecast.calibration.training import Panel
from forecast.forecasting.learned_tables import committed_tables
from forecast.forecasting.panel_data import parts
from forecast.forecasting.panel_forecast import forecast
from forecast.verification.multiples import RATIOS
from tests.forecasting.test_panel_forecast import many

COMMITTED = committed_tables()


def asked(slope: float, blocks: int = 20, each: int = 400, wave: float = 0.0) -> Events:
    """Events that came true as `slope` says, with a shock common to a block on the log odds."""
    rng = np.random.default_rng([int(100 * slope), blocks, int(10 * wave)])
    block = np.repeat(np.arange(blocks), each)
    odds = rng.normal(0, 2, len(block))
    shock = wave * rng.standard_normal(blocks)[block]
    true = 1 / (1 + np.exp(-(slope * odds + shock)))
    came = (rng.uniform(size=len(block)) < true).astype(float)
    given = 1 / (1 + np.exp(-odds))
    return Events(given, came, np.ones(len(block)), block)


@pytest.mark.parametrize("slope", [0.5, 1.0, 1.6])
def test_known_distortion_is_found(slope: float) -> None:
    """Eight thousand events tell the slope to 5 %: its standard error is about 2 %."""
    data = asked(slope)
    assert slope_of(data.given, data.came, data.weight) == pytest.approx(slope, rel=0.05)
    found = calibration(data)
    assert found.slope == pytest.approx(slope, rel=0.06)
    assert 0.005 < found.error < 0.05
    if slope != 1.0:
        assert found.gain > 3
        assert found.brier_with < found.brier
        assert found.log_score_with < found.log_score


def test_two_probabilities_have_a_closed_form() -> None:
    """Given one quarter and came true one tenth: the slope is log 9 over log 3."""
    given = np.repeat([0.25, 0.75], 100)
    came = np.r_[np.ones(10), np.zeros(90), np.ones(90), np.zeros(10)]
    assert slope_of(given, came, np.ones(200)) == pytest.approx(np.log(9) / np.log(3), abs=1e-6)


@pytest.mark.parametrize("blocks", [6, 12, 24])
def test_what_is_calibrated_stays_as_it_is(blocks: int) -> None:
    found = calibration(asked(1.0, blocks, 300))
    assert found.slope == 1.0
    assert found.fitted == pytest.approx(1.0, abs=0.1)
    assert abs(np.log(found.shrunk)) < abs(np.log(found.fitted))


def test_question_asked_the_other_way_round_gives_the_same_slope() -> None:
    data = asked(0.8, wave=0.5)
    turned = slope_of(1 - data.given, 1 - data.came, data.weight)
    assert turned == pytest.approx(slope_of(data.given, data.came, data.weight), rel=1e-6)


def test_few_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="2 blocks of years; 3 or more"):
        calibration(asked(1.0, blocks=2))


@given(st.floats(0.3, 3), st.lists(st.floats(0, 0.999), min_size=1, max_size=20))
def test_map_has_an_inverse_and_keeps_order(slope: float, shares: list[float]) -> None:
    table, inside = replace(COMMITTED.peers, slope=slope), np.sort(shares)
    told = table.calibrated(inside)
    np.testing.assert_allclose(table.uncalibrated(told), inside, atol=1e-6)
    assert (np.diff(told) >= 0).all()
    # On log odds it is a line: logit g(u) = slope * logit u.
    u, g = (1 + inside) / 2, (1 + told) / 2
    usable = (g < 1 - 1e-9) & (u < 1 - 1e-9)
    np.testing.assert_allclose(
        np.log(g / (1 - g))[usable], slope * np.log(u / (1 - u))[usable], rtol=1e-4, atol=1e-9
    )


@pytest.mark.parametrize("slope", [0.7, 1.0, 1.4])
def test_probabilities_and_quantiles_stay_one_distribution(slope: float) -> None:
    tables = replace(
        COMMITTED,
        mixed=replace(COMMITTED.mixed, slope=slope), peers=replace(COMMITTED.peers, slope=slope),
    )  # fmt: skip
    (part,) = parts(many(n=12, years=20), "log")
    said = forecast(part, 3, tables)
    levels = np.array([0.01, 0.1, 0.4, 0.5, 0.8, 0.99])
    quantiles = said.quantiles(levels)
    rows, years, which = (index.ravel() for index in np.indices(quantiles.shape))
    below = said.below(rows, years + 1, quantiles.ravel())
    np.testing.assert_allclose(below, levels[which], atol=1e-6)
    plain = forecast(part, 3, COMMITTED)
    wider = np.diff(said.quantiles(np.array([0.1, 0.9])))
    usual = np.diff(plain.quantiles(np.array([0.1, 0.9])))
    assert (wider > usual).all() if slope < 1 else (wider <= usual + 1e-9).all()


def test_reference_panel_is_asked_every_multiple_and_tables_keep_what_was_learned() -> None:
    (part,) = parts(many(n=12, years=30), "log")
    cuts = (1, 4, 7, 10, 13, 16)
    reference = Panel("trial", part.paths, part.last, 1.0, cuts)
    found = events([reference], COMMITTED)
    assert len(found.given) == 12 * len(RATIOS) * (1 + 4 + 5 * 4)
    assert set(np.unique(found.came)) <= {0.0, 1.0}
    assert ((found.given >= 0) & (found.given <= 1)).all()
    tables = calibrated(COMMITTED, {"peers": ([reference], "flow")})
    told = tables.probability["peers"]
    assert told["slope"] == pytest.approx(tables.peers.slope, abs=1e-5)
    assert {"fitted", "shrunk", "error", "blocks", "brier", "brier_with", "gain"} <= set(told)
    few = Panel("few", part.paths, part.last, 1.0, (1,))
    assert "peers" not in calibrated(COMMITTED, {"peers": ([few], "flow")}).probability
    assert tables.mixed.slope == COMMITTED.mixed.slope
    assert tables.rounded().peers.slope == pytest.approx(tables.peers.slope, abs=1e-6)

"""Quantiles and probabilities of the engine are those of one distribution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forecast.evidence.panels import checked
from forecast.evidence.scales import FloatArray
from forecast.forecasting.component_forecasts import Combination
from forecast.forecasting.distribution import Forecast
from forecast.forecasting.error_scale import Adaptation
from forecast.forecasting.learned_tables import committed_tables
from forecast.forecasting.panel_data import Part, Paths, parts
from forecast.forecasting.panel_forecast import QUANTILES, attain, forecast, predict

COMPARISONS = (">=", ">", "<=", "<")


def panel(*series):
    rows = [(f"s{i}", 2000 + t, v) for i, values in enumerate(series) for t, v in enumerate(values)]
    return pd.DataFrame(rows, columns=["series_id", "year", "value"])


def forecasts(data, horizon):
    """Forecasts of a panel, one part for each scale."""
    return [forecast(part, horizon) for part in parts(checked(data))]


def asked(data, horizon, value):
    """Probabilities of every comparison of every series with a value, before the floor on them."""
    out = {}
    for f in forecasts(data, horizon):
        rows = np.arange(len(f.part.ids))
        when, limit = np.full(len(rows), horizon), np.full(len(rows), float(value))
        below, at = f.below(rows, when, limit), f.below(rows, when, limit, True)
        for i, name in enumerate(f.part.ids):
            out[name] = dict(
                zip(COMPARISONS, (1 - below[i], 1 - at[i], at[i], below[i]), strict=True)
            )
    return out


FALLING = [26.0 - 2 * i for i in range(14)]


def test_mass_at_zero_is_met_by_at_most_0_and_not_exceeded():
    data = panel(FALLING, [3.0, 1.0, 0.0, 2.0, 0.0, 4.0, 1.0, 0.0])
    levels = np.arange(1, 1000) / 1000
    for name, p in asked(data, 2, 0.0).items():
        (f,) = forecasts(data, 2)
        row = list(f.part.ids).index(name)
        mass = (f.quantiles(levels)[row, 1] <= 0).mean()
        assert p["<="] == pytest.approx(mass, abs=0.002)
        assert p[">"] == pytest.approx(1 - mass, abs=0.002)
        assert p["<"] == 0.0  # never below 0
        assert p[">="] == 1.0
        assert mass > 0.2


def test_at_the_mass_attain_agrees_with_predict():
    data = panel(FALLING)
    aims = pd.DataFrame(
        [(c, "s0", 2015, c, 0.0) for c in COMPARISONS],
        columns=["target_id", "series_id", "year", "comparison", "value"],
    )
    got = attain(data, aims).set_index("target_id")
    assert (got["median"] == 0).all()
    assert got.loc["<=", "probability"] > 0.95
    assert got.loc[">", "probability"] < 0.05
    assert got.loc["<", "probability"] < 0.05
    assert got.loc[">=", "probability"] > 0.95
    assert got.loc["<=", "probability"] + got.loc[">", "probability"] == pytest.approx(1)


# To six decimals: a fall by 280 powers of ten leaves the range of a float, whose ends pile up.
walks = st.lists(
    st.lists(st.floats(-1e4, 1e4).map(lambda v: round(v, 6)), min_size=3, max_size=15)
    | st.lists(st.floats(0.01, 1e4), min_size=3, max_size=15)
    | st.lists(st.sampled_from([0.0, 1.0, 2.5]), min_size=3, max_size=15),
    min_size=1,
    max_size=4,
)


@given(walks, st.integers(1, 5), st.integers(0, len(QUANTILES) - 1))
@example([[0.0] * 3, [0.125] * 9 + [1902.023211, 1.4826, 0.125]], 1, 1)  # sizes that tie
@settings(max_examples=60, deadline=None)
def test_probability_of_a_quantile_is_its_level(series, horizon, place):
    data = panel(*series)
    out = predict(data, horizon)
    level = QUANTILES[place]
    for name, rows in out[out["horizon"] == horizon].groupby("series_id"):
        value = float(rows["value"].iloc[place])
        p = asked(data, horizon, value)[name]
        # Of a mass, the level lies between what is below it and what is not above it.
        assert p["<"] <= level + 1e-6
        assert p["<="] >= level - 1e-6
        assert p["<"] + p[">="] == pytest.approx(1)
        assert p["<="] + p[">"] == pytest.approx(1)


@given(walks, st.floats(-1e4, 1e4))
@settings(max_examples=40, deadline=None)
def test_strict_and_weak_differ_only_at_a_mass(series, value):
    for p in asked(panel(*series), 2, value).values():
        assert p["<"] <= p["<="]
        if value != 0:
            assert p["<"] == p["<="]


@given(walks, st.integers(2, 8))
@settings(max_examples=40, deadline=None)
def test_intervals_never_get_narrower_with_the_horizon(series, horizon):
    for f in forecasts(panel(*series), horizon):
        if f.part.floor.any():
            f = replace(f, part=replace(f.part, floor=np.zeros(len(f.part.ids), bool)))
        q: FloatArray = f.scaled(QUANTILES)
        n = len(QUANTILES)
        for low in range(n // 2):
            width = q[:, :, n - 1 - low] - q[:, :, low]
            assert (np.diff(width, axis=1) >= -1e-9 * np.abs(width[:, 1:])).all()


def test_shares_are_the_inverse_of_widths():
    table = committed_tables().peers
    rng = np.random.default_rng(1)
    sizes = table.sizes[:4] * np.array([1.0, 2.0, 0.5, 1.5])[:, None]
    y = np.zeros((3, 2))
    none = np.zeros(3, bool)
    part = Part(np.array(["a", "b", "c"]), Paths(y, y == 0), np.full(3, 2000), none)
    errors = Forecast(
        part,
        Combination(np.zeros((3, 4)), rng.uniform(0.01, 0.1, (3, 4))),
        Adaptation(np.zeros((4, 6)), sizes, np.ones(4)),
        table,
    )
    inside = np.array([0.05, 0.3, 0.8, 0.95, 0.995])
    widths = errors.widths(np.tile(inside, (4, 1)))
    assert (np.diff(widths, axis=1) >= 0).all()
    for row in range(3):
        np.testing.assert_allclose(errors.widths(np.tile(inside, (4, 1)), [row])[0], widths[row])
        for h in range(1, 5):
            n = len(inside)
            back = errors.shares(np.full(n, row), np.full(n, h), widths[row, h - 1])
            np.testing.assert_allclose(back, inside, atol=1e-9)

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.calibration.short_histories import (
    HORIZON,
    PAST,
    RECORDED,
    cases,
    learned,
    record,
    widening,
)
from forecast.calibration.training import Panel
from forecast.forecasting.learned_tables import SHORT_YEARS, Tables, committed_tables
from forecast.forecasting.panel_data import Part, Paths
from forecast.forecasting.panel_forecast import forecast

TABLES = replace(committed_tables(), short={}, record={})


def panel(sd: float, series: int = 30, width: int = 24) -> Panel:
    """Random walks with drift, on the log scale; series 0 has a gap."""
    steps = np.random.default_rng(2).normal(0.04, sd, (series, width))
    y = np.cumsum(steps, axis=1)
    seen = np.ones_like(y, bool)
    seen[0, 12] = False
    return Panel("made_walks", Paths(y, seen), np.full(series, 2020), 1.0, (6,))


def test_cases_are_cut_from_what_was_seen() -> None:
    walks = panel(0.05)
    found = list(cases(walks, np.random.default_rng(1)))
    assert len(found) == 29 * (24 - PAST - HORIZON + 1)
    for case in found[:40]:
        end = 23 - (2020 - case.origin)
        np.testing.assert_array_equal(
            case.past, walks.paths.y[case.series, end - PAST + 1 : end + 1]
        )
        after = walks.paths.y[case.series, end + 1 : end + 1 + HORIZON]
        np.testing.assert_allclose(case.came, after - case.past[-1])
    assert not list(cases(panel(0.05, width=PAST + HORIZON - 1), np.random.default_rng(1)))


def test_wild_series_widen_and_calm_ones_never_narrow() -> None:
    wild = widening({"flow": [panel(0.6, series=12)]}, TABLES)["flow"]
    calm = widening({"flow": [panel(0.001, series=12)]}, TABLES)["flow"]
    assert np.shape(wild) == (len(SHORT_YEARS), HORIZON)
    assert np.array(wild)[0, 0] > 1.5
    assert (np.array(calm) >= 1).all()
    assert calm[0] == [1.0] * HORIZON


def test_widened_intervals_cover_what_they_were_widened_for() -> None:
    walks = panel(0.3, series=15)
    found = learned(TABLES, {"flow": [walks]})
    for n in SHORT_YEARS:
        inside = [
            np.abs(c.came - f.combination.centre[0])
            <= f.widths(np.full((HORIZON, 1), 0.8))[0, :, 0] + 1e-9
            for c in cases(walks, np.random.default_rng(1))
            for f in [c.forecast(n, "log", "flow", found)]
        ]
        assert np.mean(inside, axis=0) == pytest.approx(0.8, abs=0.08)


def test_record_keeps_lengths_in_turn_and_survives_the_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    walks = panel(0.05, series=12)
    found = learned(TABLES, {"flow": [walks]})
    rows = record({"flow": [walks]}, found)["flow"]["made_walks"]
    assert rows == found.record["flow"]["made_walks"]
    assert {int(row[2]) for row in rows} == set(RECORDED)
    assert all(len(row) == 5 + 3 * HORIZON for row in rows)
    found.save(tmp_path / "tables.json")
    again = Tables.load(tmp_path / "tables.json")
    assert again.record == found.record
    assert again.short == found.short


@pytest.mark.parametrize(("scale", "kind"), [("log", "flow"), ("logit", "share"), ("log", "stock")])
def test_only_histories_of_few_values_are_widened(scale: str, kind: str) -> None:
    tables = committed_tables()
    plain = replace(tables, short={})
    for n in (2, 3, 4, 5, 6, 9):
        y = np.cumsum(np.random.default_rng(n).normal(0.03, 0.03, (1, n)), axis=1)
        part = Part(
            np.array(["a"]), Paths(y, np.ones_like(y, bool), scale), np.array([2020]),
            np.zeros(1, bool), kind,
        )  # fmt: skip
        ratio = (
            forecast(part, HORIZON, tables).combination.scale
            / forecast(part, HORIZON, plain).combination.scale
        )[0]
        factors = tables.short[kind][n - 2] if n in SHORT_YEARS else np.ones(HORIZON)
        np.testing.assert_allclose(ratio, factors)

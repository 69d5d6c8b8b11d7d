"""The learned ensemble on the series of the data: groups, draws, joint years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.evidence.scales import transform
from forecast.forecasting import ensemble as learned
from forecast.forecasting.component_forecasts import combined
from forecast.forecasting.distribution import Forecast
from forecast.forecasting.learned_tables import committed_tables
from forecast.forecasting.panel_forecast import forecast
from forecast.reconciliation.history import History


def history(key: str, kind: str = "flow", scale: str = "log", sd: float = 1e-6) -> History:
    rng = np.random.default_rng(sum(map(ord, key)))
    step = {"flow": (0.06, 0.03), "stock": (0.005, 0.002), "share": (0.04, 0.05)}[kind]
    mean = (5.0 if scale == "log" else -3.0) + np.cumsum(rng.normal(*step, 20))
    region, indicator = key.split("/")
    return History(
        region=region, indicator=indicator, unit="", scale=transform(scale),
        years=np.arange(2006, 2026), mean=mean, cov=sd**2 * np.eye(20),
        origin=("published",) * 20, observations=pd.DataFrame(), steps=pd.DataFrame(),
        deflator=pd.Series(dtype=float), noise=0.05, kind=kind,
    )  # fmt: skip


@pytest.fixture
def city() -> dict[str, History]:
    found = [history(f"r{i}/gdp") for i in range(6)]
    found += [history(f"r{i}/population", "stock") for i in range(6)]
    found += [history(f"r{i}/rd_share", "share", "logit") for i in range(6)]
    return {h.key: h for h in found}


def test_every_kind_is_forecast_by_its_own_table(city: dict[str, History]) -> None:
    tables = committed_tables()
    for key, table in (
        ("r0/gdp", tables.mixed), ("r0/population", tables.stocks), ("r0/rd_share", tables.shares)
    ):  # fmt: skip
        found = learned.series_panel(city, learned.group(city[key]))
        assert found is not None
        assert {k.split("/")[1] for k in found.part.ids} == {key.split("/")[1]}
        ahead = forecast(found.part, 3)
        assert ahead.table.prior.variance == pytest.approx(table.prior.variance, rel=1.0)


def test_population_does_not_inherit_the_volatility_of_flows(city: dict[str, History]) -> None:
    rng = np.random.default_rng(1)
    (_, stock), (_, flow) = (
        learned.draws(city, city[key], 3, 2000, rng) for key in ("r1/population", "r1/gdp")
    )
    assert np.diff(np.quantile(stock[:, 2], [0.1, 0.9])) < 0.03
    assert np.diff(np.quantile(flow[:, 2], [0.1, 0.9])) > 0.08


@pytest.mark.parametrize("n", [200, 201, 333, 1000])
def test_every_past_has_its_share_of_the_draws(
    city: dict[str, History], n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[np.ndarray] = []
    drawn = Forecast.drawn

    def noted(self: Forecast, levels: np.ndarray, of: np.ndarray) -> np.ndarray:
        rows.append(of)
        return drawn(self, levels, of)

    monkeypatch.setattr(Forecast, "drawn", noted)
    past, made = learned.draws(city, city["r2/gdp"], 2, n, np.random.default_rng(3))
    assert made.shape == (n, 2)
    assert past.shape == (n, 20)
    sizes = np.bincount(rows[0], minlength=learned.PASTS)
    assert len(sizes) == learned.PASTS
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("horizon", [1, 3])
def test_series_with_another_path_is_forecast_as_in_the_whole_panel(
    city: dict[str, History], horizon: int
) -> None:
    """To the last bit: answers are compared byte by byte."""
    for key, scale in (
        ("r2/gdp", "log"),
        ("r5/population", "log"),
        ("r0/rd_share", "logit"),
        ("r1/gdp", "linear"),
    ):
        panel = learned.series_panel(city, learned.group(city[key]))
        assert panel is not None
        part = replace(panel.part, paths=replace(panel.part.paths, scale=scale))
        panel = replace(panel, part=part)
        rng = np.random.default_rng(7)
        pasts = city[key].mean + rng.normal(0, 0.02, (3, 20))
        before, i = forecast(panel.part, horizon), panel.row(key)
        found = panel.with_paths(before, key, pasts)
        levels = rng.uniform(0.01, 0.99, (5, horizon))
        for row, path in enumerate(pasts):
            y = panel.part.paths.y.copy()
            y[i] = path
            paths = replace(panel.part.paths, y=y)
            again = combined(paths, horizon, before.table, before.adaptation.shift)
            whole = replace(before, part=replace(panel.part, paths=paths), combination=again)
            np.testing.assert_array_equal(
                found.drawn(levels, np.full(5, row)), whole.scaled(levels.T, [i])[0].T
            )


def test_years_of_a_path_go_together_as_those_of_a_random_walk(city: dict[str, History]) -> None:
    from scipy.special import ndtri
    from scipy.stats import rankdata

    _, made = learned.draws(city, city["r3/gdp"], 4, 20_000, np.random.default_rng(5))
    normal = ndtri(rankdata(made, axis=0) / (len(made) + 1))
    found = np.corrcoef(normal.T)
    h = np.arange(1, 5)
    expected = np.sqrt(np.minimum.outer(h, h) / np.maximum.outer(h, h))
    np.testing.assert_allclose(found, expected, atol=0.02)

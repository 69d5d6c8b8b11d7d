from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forecast
from forecast.evidence.panels import yearly
from forecast.forecasting import ensemble
from forecast.reconciliation.history import History
from tests.foreign import grown

LAST = 2024
lengths = st.integers(3, 30)


def series(n: int, indicator: str = "output") -> pd.Series[float]:
    values = grown(n, indicator)
    return pd.Series(values, pd.RangeIndex(LAST + 1 - n, LAST + 1), name="norland/output")


# Probability --------------------------------------------------------------------------------------


@settings(max_examples=12)
@given(lengths, st.integers(1, 6), st.sampled_from(["at_least", "at_most", "exceed"]))
def test_probability_is_that_of_attain_on_the_panel_of_this_series(
    n: int, ahead: int, comparison: str
) -> None:
    past = series(n)
    target = float(past.iloc[-1]) * 1.1
    found = forecast.probability(past, target, LAST + ahead, comparison)
    panel = pd.DataFrame({"series_id": "a", "year": past.index, "value": past.to_numpy()})
    aims = pd.DataFrame(
        [("t", "a", LAST + ahead, comparison, target)],
        columns=["target_id", "series_id", "year", "comparison", "value"],
    )
    row = forecast.attain(panel, aims).iloc[0]
    assert (found.probability, found.standard_error) == (row["probability"], row["standard_error"])
    assert found.origin == LAST
    middle = found.quantiles([0.05, 0.5, 0.95]).loc[LAST + ahead]
    np.testing.assert_allclose(middle, row[["p05", "median", "p95"]].astype(float))


@pytest.mark.parametrize("n", [3, 5, 12])
def test_probability_falls_with_the_target_and_agrees_with_the_quantiles(n: int) -> None:
    past, levels = series(n), np.arange(1, 10) / 10
    targets = forecast.probability(past, 1.0, 2027).quantiles(levels).loc[2027]
    found = [forecast.probability(past, target, 2027) for target in targets]
    chances = [float(one) for one in found]
    assert chances == sorted(chances, reverse=True)
    np.testing.assert_allclose(chances, 1 - levels, atol=1e-9)
    below = [float(forecast.probability(past, target, 2027, "at_most")) for target in targets]
    np.testing.assert_allclose(np.add(chances, below), 1)
    hopeless = forecast.probability(past, 1e12, 2027)
    assert hopeless.probability == hopeless.floor > 0


@settings(max_examples=10)
@given(st.floats(1e-3, 1e3), lengths)
def test_unit_of_the_series_does_not_matter(factor: float, n: int) -> None:
    past = series(n)
    target = float(past.iloc[-1]) * 1.08
    one = forecast.probability(past, target, 2026)
    other = forecast.probability(past * factor, target * factor, 2026)
    assert other.probability == pytest.approx(one.probability, abs=1e-9)
    np.testing.assert_allclose(other.quantiles(), factor * one.quantiles(), rtol=1e-9)


def test_draws_follow_the_quantiles() -> None:
    found = forecast.probability(series(8), 5e6, 2027)
    draws = found.draws(20_000, np.random.default_rng(1))
    assert list(draws.columns) == list(found.years) == [2025, 2026, 2027]
    levels = [0.1, 0.5, 0.9]
    np.testing.assert_allclose(draws.quantile(levels).T, found.quantiles(levels), rtol=0.01)
    assert (draws >= 5e6)[2027].mean() == pytest.approx(found.probability, abs=0.01)
    assert draws.corr().loc[2026, 2027] > draws.corr().loc[2025, 2027] > 0.5


@pytest.mark.parametrize(
    ("indicator", "transform", "kind", "cases"),
    [("output", "auto", "flow", 216), ("literacy", "logit", "flow", 210),
     ("residents", "log", "stock", 240)],
)  # fmt: skip
def test_record_is_that_of_the_panels_of_its_kind(
    indicator: str, transform: str, kind: str, cases: int
) -> None:
    past = series(6, indicator)
    found = forecast.probability(past, past.iloc[-1], 2026, transform=transform, kind=kind)
    record = found.record()
    assert record["horizon"].tolist() == [1, 2, 3, 4, 5]
    assert set(record["cases"]) == {cases}
    assert record["coverage"].between(0.7, 0.95).all()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"series": series(2)}, "three values of this series at least"),
        ({"series": series(5) * -1, "transform": "log"}, "values above 0"),
        ({"series": series(5).astype(str).replace({"4846638.9": "many"})}, "'many'"),
        ({"series": [100, 104, 109]}, "series is a list; expected a pandas Series"),
        ({"target": float("nan")}, "target is nan; expected a number"),
        ({"year": 2024}, "'2024' - expected a year 1 to 50 years after the series' last"),
        ({"comparison": "about"}, "at_least"),
        ({"kind": "share"}, "expected one of flow, stock"),
        ({"transform": "cube"}, "expected one of auto, log, logit, linear"),
    ],
)
def test_what_is_wrong_is_told_with_what_is_expected(change: dict[str, object], told: str) -> None:
    given: dict[str, object] = {"series": series(5), "target": 1.0, "year": 2027, **change}
    with pytest.raises(forecast.UserError, match=told):
        forecast.probability(**given)  # type: ignore[arg-type]


# A yearly series ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "index",
    [
        pd.Index([2021, 2022, 2023]),
        pd.Index(["2021", "2022", "2023"]),
        pd.to_datetime(["2021-06-30", "2022-06-30", "2023-06-30"]),
        pd.period_range("2021", periods=3, freq="Y-JUN"),
    ],
)
def test_years_are_read_off_any_index(index: pd.Index) -> None:
    assert yearly(pd.Series([1.0, 2.0, 3.0], index)).to_dict() == {2021: 1.0, 2022: 2.0, 2023: 3.0}


@pytest.mark.parametrize("index", [
    pd.period_range("2021Q1", periods=8, freq="Q"), pd.date_range("2021", periods=24, freq="MS"),
])  # fmt: skip
def test_parts_of_a_year_are_refused_with_what_to_do(index: pd.Index) -> None:
    parts = pd.Series(np.arange(len(index)) + 1.0, index, name="sales")
    with pytest.raises(forecast.DataError, match=r"one value a year: series\.groupby"):
        yearly(parts)
    assert len(yearly(parts.groupby(index.year).sum())) == 2  # type: ignore[attr-defined]


# Histories ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (grown(30), "auto"),
        (grown(1), "auto"),
        ([-3.0, 2.0, 0.0], "auto"),
        (grown(8, "literacy"), "logit"),
    ],
)
def test_table_of_a_history_gives_the_series_back(values: list[float], scale: str) -> None:
    past = pd.Series(values, pd.RangeIndex(2025 - len(values), 2025), name="norland/output")
    history = History.from_series(past, scale=scale)
    table = history.table()
    np.testing.assert_allclose(table["estimate"], past)
    np.testing.assert_allclose(table["low"], table["high"])
    np.testing.assert_array_equal(history.figures(), past)
    again = History.from_series(table.set_index("year")["estimate"], scale=scale).table()
    pd.testing.assert_frame_equal(again, table)
    assert history.key == "norland/output"
    assert set(table["origin"]) == {"published"}


def test_gap_has_the_spread_of_a_bridge() -> None:
    path = np.exp([0.0, 0.1, 0.05, 0.3])
    history = History.from_series(pd.Series(path, [2015, 2016, 2017, 2021]))
    steps = np.array([0.1, -0.05, 0.25 / 2])
    assert history.noise == pytest.approx(np.std(steps, ddof=1))
    variance = np.diag(history.cov) / history.noise**2
    np.testing.assert_allclose(variance, [0, 0, 0, 3 / 4, 1, 3 / 4, 0])
    np.testing.assert_allclose(history.mean[3:6], 0.05 + 0.25 * np.array([1, 2, 3]) / 4)
    assert history.origin[3:] == ("interpolated",) * 3 + ("published",)
    assert not history.decided(2019)
    assert history.decided(2021)


def test_history_is_forecast_like_the_series() -> None:
    past = series(12)
    history = History.from_series(past)
    _, ahead = ensemble.draws({history.key: history}, history, 3, 8000, np.random.default_rng(1))
    expected = forecast.probability(past, 1.0, 2027).quantiles([0.1, 0.5, 0.9]).loc[2027]
    found = np.quantile(history.in_unit(ahead[:, -1]), [0.1, 0.5, 0.9])
    np.testing.assert_allclose(found, expected, rtol=0.01)


# The package --------------------------------------------------------------------------------------


def test_public_names_are_there_and_documented() -> None:
    assert set(forecast.__all__) <= set(dir(forecast))
    for name in forecast.__all__:
        assert getattr(forecast, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        forecast.nothing  # noqa: B018


def test_three_lines_need_no_folder(tmp_path: Path) -> None:
    program = (
        "import forecast, pandas as pd\n"
        "sales = pd.Series([1.0, 1.2, 1.3, 1.5], [2021, 2022, 2023, 2024])\n"
        "print(forecast.probability(sales, target=1.8, year=2026).probability)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert 0.2 < float(done.stdout) < 0.9

"""Tests of forecasts from past years of a panel and of their scores."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from forecast.cli import main as cli
from forecast.evidence.panels import checked
from forecast.evidence.problems import DataError
from forecast.evidence.scales import transform
from forecast.forecasting import ensemble as learned
from forecast.forecasting.panel_forecast import attain, predict
from forecast.reconciliation.history import History
from forecast.verification import summary as verification
from forecast.verification.backtest import (  # fmt: skip
    CHANCES,
    CLIMATE,
    DISTANCES,
    DRIFT,
    ENGINE,
    METHODS,
    NAIVE,
    backtest,
)

FEW = (ENGINE, NAIVE, DRIFT, CLIMATE)


def walks(n=40, years=22, seed=1, sd=0.05, common=0.0):
    """Logarithms walk with a drift of 3 points a year."""
    rng = np.random.default_rng(seed)
    steps = 0.03 + sd * rng.standard_normal((n, years)) + common * rng.standard_normal(years)
    y = np.exp(4 + np.cumsum(steps, axis=1))
    return checked(pd.DataFrame({
        "series_id": np.repeat([f"s{i:02d}" for i in range(n)], years),
        "year": np.tile(np.arange(2000, 2000 + years), n),
        "value": y.ravel(),
    }))  # fmt: skip


@pytest.fixture(scope="module")
def past():
    return backtest(walks(), 3)


# Forecasts -------------------------------------------------------------------------------------


def test_every_known_outcome_is_forecast_once_by_every_method(past):
    key = ["method", "series_id", "origin", "horizon"]
    assert not past.duplicated(key).any()
    # Origins 2007 to 2020, outcomes to 2021.
    assert (past.groupby("method", observed=True).size() == 40 * (12 * 3 + 2 + 1)).all()
    assert list(past["method"].cat.categories) == list(METHODS)
    assert (past["origin"] + past["horizon"]).max() == 2021
    assert np.isfinite(past.drop(columns=["method", "series_id"]).to_numpy(float)).all()


def test_the_ensemble_says_what_predict_and_attain_say(past):
    panel, origin = walks(), 2014
    said = predict(panel, 3, origin)
    said = said.pivot(index=["series_id", "horizon"], columns="quantile", values="value")
    mine = past[(past["method"] == ENGINE) & (past["origin"] == origin)]
    mine = mine.set_index(["series_id", "horizon"]).sort_index()
    np.testing.assert_allclose(mine["median"], said[0.5])
    np.testing.assert_allclose(mine["high95"], said[0.975])
    wide = panel.pivot(index="series_id", columns="year", values="value")
    pace = np.log(wide[2014] / wide[2009]) / 5
    aim = wide[2014] * np.exp(2 * (pace + 0.01))
    targets = pd.DataFrame({
        "target_id": aim.index, "series_id": aim.index, "year": 2016, "comparison": ">=",
        "value": aim.to_numpy(),
    })  # fmt: skip
    answers = attain(panel, targets, origin)
    two = mine.xs(2, level="horizon")
    np.testing.assert_allclose(two["p+1"], answers["probability"], rtol=1e-6)
    happened = (wide[2016] >= aim).to_numpy()
    np.testing.assert_array_equal(two["excess"] >= 1, happened)


def test_no_forecast_knows_what_came_later(past):
    panel = walks()
    later = panel["year"] > 2014
    panel.loc[later, "value"] *= 1.7
    known = past["origin"] <= 2014
    columns = ["median", "low95", *CHANCES]
    again = backtest(panel, 3)
    pd.testing.assert_frame_equal(again.loc[known, columns], past.loc[known, columns])


def test_series_that_ended_earlier_are_forecast_with_those_of_the_same_year():
    panel = walks()
    short = panel[(panel["series_id"] != "s00") | (panel["year"] <= 2016)]
    found = backtest(checked(short), 2, methods=FEW)
    assert found.loc[found["series_id"] == "s00", "origin"].max() == 2015
    whole = backtest(panel, 2, methods=FEW)
    early = ["origin", "median", *CHANCES]
    until = 2014
    pd.testing.assert_frame_equal(
        found.loc[found["origin"] <= until, early].reset_index(drop=True),
        whole.loc[whole["origin"] <= until, early].reset_index(drop=True),
    )


def test_missing_years_are_neither_origins_nor_outcomes():
    panel = walks(10)
    holed = checked(panel[~panel["year"].isin([2012, 2013])])
    found = backtest(holed, 2, methods=FEW)
    assert not found["origin"].isin([2012, 2013]).any()
    assert not (found["origin"] + found["horizon"]).isin([2012, 2013]).any()


def test_values_of_any_scale_are_scored():
    log, linear = walks(12), walks(12, seed=5)
    linear["value"] -= linear["value"].mean()
    linear["series_id"] = "z" + linear["series_id"]
    linear.loc[linear["series_id"] == "zs00", "value"] = 0.0  # never moves
    found = backtest(checked(pd.concat([log, linear])), 2, methods=FEW)
    assert found["series_id"].nunique() == 24
    assert np.isfinite(verification.forecast_scores(found).to_numpy(float)).all()
    shares = walks(12)
    shares["value"] = 100 / (1 + np.exp(4 - np.log(shares["value"])))
    found = backtest(shares, 2, transform="logit", methods=FEW)
    assert found["high95"].max() < 100
    assert 60 < verification.coverage(found).loc[(1, 80), "percent"] < 95


@pytest.mark.parametrize("years", [2, 8])
def test_too_few_years_are_named(years):
    panel = walks(4)
    panel = checked(panel[panel["year"] < 2000 + years], "mine.csv")
    with pytest.raises(DataError, match=rf"mine\.csv.*the longest has {years}"):
        backtest(panel, 5)


def test_horizons_out_of_range():
    with pytest.raises(ValueError, match="expected 1 to 20"):
        backtest(walks(2), 0)


# Scores ----------------------------------------------------------------------------------------


def test_true_model_is_calibrated():
    # Drift is the true model but for the years it takes to learn it; naive is not.
    found = backtest(walks(150, 30), 2, methods=(NAIVE, DRIFT))
    held = verification.coverage(found, DRIFT)["percent"]
    np.testing.assert_allclose(held.loc[1], [50, 80, 90, 95], atol=2)
    tenths = verification.pit_histogram(found, DRIFT)
    np.testing.assert_allclose(tenths.sum(axis=1), 100)
    assert tenths.loc[1].between(8.5, 11.5).all()
    events = verification.event_scores(found)
    assert events.loc[(1, DRIFT), "slope"] == pytest.approx(1, abs=0.1)
    assert abs(events.loc[(1, DRIFT), "intercept"]) < 0.1
    bands = verification.reliability(found, DRIFT)
    assert (bands["came true"] - bands["given"]).abs().max() < 6
    assert bands["recalibrated"].is_monotonic_increasing
    points = verification.forecast_scores(found)
    assert points.loc[(2, DRIFT), "OWA"] < points.loc[(2, NAIVE), "OWA"] == pytest.approx(1)
    # The log score is near the entropy of the normal, in points, plus what two estimates cost.
    entropy = 0.5 * np.log(2 * np.pi * np.e * 5**2)
    assert points.loc[(1, DRIFT), "log score"] == pytest.approx(entropy + 1 / 15, abs=0.04)


def test_base_rates_are_in_the_table_and_have_the_score_of_a_constant(past):
    events = verification.event_scores(past)
    assert list(events.loc[1].index) == [*METHODS, verification.BASE, verification.BASES]
    base = events.xs(verification.BASE, level="method")
    np.testing.assert_allclose(base["Brier"], base["uncertainty"])
    parts = events["miscalibration"] - events["discrimination"] + events["uncertainty"]
    np.testing.assert_allclose(events["Brier"], parts)
    each = events.xs(verification.BASES, level="method")
    assert (each["Brier"] < base["Brier"]).all()


def test_advantage_is_the_difference_of_the_scores(past):
    against = verification.advantage(past)
    points, events = verification.forecast_scores(past), verification.event_scores(past)
    for h in (1, 2, 3):
        own = events.loc[(h, ENGINE), "Brier"]
        for name in (NAIVE, "theta", verification.BASES):
            expected = own - events.loc[(h, name), "Brier"]
            assert against.loc[(h, name), "Brier difference"] == pytest.approx(expected)
        ratio = points.loc[(h, ENGINE), "CRPS"] / points.loc[(h, NAIVE), "CRPS"]
        assert against.loc[(h, NAIVE), "CRPS ratio"] == pytest.approx(ratio)
        assert against.loc[(h, NAIVE), "CRPS low"] < ratio < against.loc[(h, NAIVE), "CRPS high"]


def test_intervals_are_wide_where_a_year_is_common_to_all_series():
    width = []
    for common in (0.0, 0.05):
        found = backtest(walks(60, 30, sd=0.05, common=common), 1, methods=(NAIVE, DRIFT))
        held = verification.coverage(found, DRIFT).loc[(1, 80)]
        width.append(held["high"] - held["low"])
    assert width[1] > 1.5 * width[0]


def test_climatology_counts_past_growth_of_all_series():
    found = backtest(walks(100, 20), 1, methods=(NAIVE, CLIMATE))
    climate = found[found["method"] == CLIMATE]
    # One distribution of growth for all series: equal aims have equal chances.
    one = climate[climate["origin"] == climate["origin"].max()]
    low = one["median"] / one["actual"] * np.exp(one["excess"] / 100)
    assert low.std() > 0  # the aims differ, being each series' own pace
    growth = np.log(one["median"]) - np.log(one["low95"])
    assert growth.std() < 1e-9
    assert (np.diff(one[CHANCES].to_numpy(), axis=1) <= 0).all()
    assert len(CHANCES) == len(DISTANCES)


def test_own_series_become_panels_of_their_scale_and_kind():
    def known(key, kind="flow", scale="log", years=20):
        return History(
            region=key, indicator="gdp", unit="", scale=transform(scale),
            years=np.arange(2005, 2005 + years), mean=np.linspace(1, 2, years),
            cov=np.eye(years), origin=tuple(["published", "interpolated"] * (years // 2)),
            observations=pd.DataFrame(), steps=pd.DataFrame(),
            deflator=pd.Series(dtype=float), noise=0.05, kind=kind,
        )  # fmt: skip

    found = [known("a"), known("b"), known("c", "share", "logit"), known("d", years=2)]
    panels = learned.panels({history.key: history for history in found})
    assert list(panels) == [("log", "flow"), ("logit", "share")]
    flow = panels["log", "flow"]
    assert flow["series_id"].unique().tolist() == ["a/gdp", "b/gdp"]
    assert flow["year"].tolist() == list(range(2005, 2025, 2)) * 2  # years with evidence
    assert flow["value"].iloc[0] == pytest.approx(np.e)
    assert panels["logit", "share"]["value"].between(70, 90).all()


# Command ---------------------------------------------------------------------------------------


def test_command_prints_all_scores_and_writes_the_forecasts(tmp_path, capsys):
    source, out = tmp_path / "panel.csv", tmp_path / "past.csv"
    walks(6, 16).to_csv(source, index=False)
    assert cli.main(["backtest", str(source), "--horizon", "2", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    for word in ("MASE", "OWA", "WQL", "MSIS95", "Brier", "discrimination", "slope", "PIT",
                 "climatology", "base rate", "2 years ahead", "came true"):  # fmt: skip
        assert word in said
    assert "nan" not in said
    lines = said.replace(str(tmp_path), "").splitlines()  # however long the folder of the tests
    assert max(map(len, lines)) <= 110
    written = pd.read_csv(out)
    expected = backtest(walks(6, 16), 2)
    assert len(written) == len(expected)
    np.testing.assert_allclose(written["crps"], expected["crps"], rtol=1e-6)


def test_command_names_what_is_wrong(tmp_path, capsys):
    source = tmp_path / "mine.csv"
    source.write_text("series_id,year,value\na,2000,x\na,2001,2\n", encoding="utf-8")
    assert cli.main(["backtest", str(source)]) == 1
    assert "mine.csv row 2, column value: 'x'" in capsys.readouterr().err
    source.write_text("series_id,year,value\na,2000,1\na,2001,2\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    assert cli.main(["backtest", str(source), "--out", str(out)]) == 1
    assert "the longest has 2" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]
    assert cli.main(["backtest", str(source), "--as-of", "2020-01-01"]) == 2
    assert "not for a panel" in capsys.readouterr().err


# Scores that are not defined ----------------------------------------------------------------------


def still(**series: list[float]) -> pd.DataFrame:
    rows = [(name, 2010 + i, v) for name, values in series.items() for i, v in enumerate(values)]
    return checked(pd.DataFrame(rows, columns=["series_id", "year", "value"]))


def cell(text: str, method: str, score: str) -> str:
    """Return a cell of the first table of scores."""
    lines = text.split("Forecasts, 1 year ahead\n")[1].splitlines()
    names = re.split(r"\s+(?=MASE|sMAPE|OWA|CRPS|WQL|log|MSIS|in|cases)", lines[0].strip())
    (line,) = [line for line in lines[1:12] if line.startswith(method + " ")]
    cells = re.split(r"\s{1,}(?=not defined|-?[\d.,]+(?:\s|$))", line[len(method) :])[1:]
    return cells[names.index(score)].strip()


def test_scores_of_a_series_that_never_moves_are_said_not_to_be_defined(
    recwarn: pytest.WarningsRecorder,
) -> None:
    past = backtest(still(z=[0.0] * 14), 2)
    text = verification.text(past)
    assert not re.search(r"\binf\b|\bnan\b|\d{7}", text)
    for score in ("MASE", "OWA", "WQL", "MSIS95"):
        for method in ("learned ensemble", "naive", "climatology"):
            assert cell(text, method, score) == "not defined (1 series)", (score, method)
    assert cell(text, "naive", "log score") == "not defined (1 series)"
    assert cell(text, "naive", "CRPS") == "0.00"
    assert re.search(r"naive +not defined +[-+]0\.\d{4}", text)  # the ratio of the CRPS
    assert not recwarn.list


def test_series_without_a_score_are_counted_and_left_out() -> None:
    down = list(np.linspace(100, 0, 14))
    mixed = still(const=[5.0] * 14, zeros=[0.0] * 14, inter=[7.0, 0, 0] * 4 + [7.0, 0], down=down)
    past = backtest(mixed, 1)
    points = verification.forecast_scores(past)
    assert np.isfinite(points.to_numpy(float)).all()
    moved = backtest(still(inter=[7.0, 0, 0] * 4 + [7.0, 0], down=down), 1, methods=["naive"])
    own = verification.forecast_scores(moved)
    assert points.loc[(1, "naive"), "MASE"] == pytest.approx(own.loc[(1, "naive"), "MASE"])
    assert points["log score"].abs().max() < 30
    text = verification.text(past)
    assert "MASE, OWA and MSIS95: not defined (2 series: no change up to an origin)" in text
    assert re.search(
        r"log score of naive, drift.*: not defined \(3 series: a forecast of one", text
    )

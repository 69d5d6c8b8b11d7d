from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.verification import residuals

NOISE = np.random.default_rng(3).standard_normal(40)


def test_independent_normal_residuals_pass() -> None:
    table = residuals.diagnostics(NOISE)
    assert list(table.index[:3]) == [f"Ljung-Box, lag {n}: independent" for n in residuals.LAGS]
    assert (table["p_value"] > 0.05).all()


def test_each_test_finds_its_fault() -> None:
    p = {
        "Ljung-Box, lag 1: independent": residuals.diagnostics(np.cumsum(NOISE)),
        "Shapiro-Wilk: normal": residuals.diagnostics(np.where(np.arange(40) == 20, 30.0, NOISE)),
        "Student t: zero mean": residuals.diagnostics(NOISE + 1),
    }
    for name, table in p.items():
        assert table.loc[name, "p_value"] < 0.01, name


def test_too_few_residuals_are_refused_and_long_lags_left_out() -> None:
    with pytest.raises(ValueError, match="there are 4 residuals; expected 5 or more"):
        residuals.diagnostics(NOISE[:4])
    assert len(residuals.diagnostics(NOISE[:5])) == 4  # lags 1 and 2, and the two other tests


def test_autocorrelation_of_alternating_residuals() -> None:
    table = residuals.autocorrelation(np.array([1.0, -1.0] * 8), lags=2)
    assert table["lag"].tolist() == [1, 2]
    assert table["autocorrelation"].tolist() == pytest.approx([-15 / 16, 14 / 16])
    assert table["limit"].tolist() == pytest.approx([0.49, 0.49])


def test_rolling_errors_are_outcomes_less_medians() -> None:
    quantiles = [np.arange(99.0), np.arange(99.0)]
    record = pd.DataFrame({
        "series": "a/b", "method": ["x", "y"], "origin": 2020, "horizon": 1,
        "actual": [50.0, 48.5], "quantiles": quantiles,
    })  # fmt: skip
    assert residuals.rolling(record)["error"].tolist() == [1.0, -0.5]

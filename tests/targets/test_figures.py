"""Targets that are computed from draws of series, against what is known in closed form."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, spearmanr

from forecast.evidence.units import UnitError, ratio_scale
from forecast.forecasting.model_pool import Options
from forecast.reconciliation.history import History
from forecast.targets.assess import assess
from forecast.targets.question import Question
from forecast.targets.types import growth
from forecast.targets.types._series.figures import FigureAnswer
from tests.targets.test_assess import MANY, levels
from tests.worlds import world

N = 20_000
PLACES = ("city", "province", "b", "c")
LAST, YEAR = 2024, 2027

FloatArray = np.ndarray[Any, Any]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, FloatArray]:
    """Return what every series is drawn as after 2024, by key: shape (N, 3); fill it in."""
    ahead: dict[str, FloatArray] = {}

    def draws(self: Question, history: History) -> FloatArray:
        past = np.tile(history.figures(), (N, 1))
        return np.hstack([past, ahead[history.key]])[:, : self.year - int(history.years[0]) + 1]

    monkeypatch.setattr(Question, "draws", draws)
    monkeypatch.setattr(Question, "_correlation", lambda self, h, paths: np.eye(len(h)))
    return ahead


def ask(series: Mapping[tuple[str, str], float], **target: Any) -> FigureAnswer:
    """Return the answer where series (region, indicator) have levels so many times the usual."""
    units = {"gdp": "亿元", "population": "万人"}
    rows = [
        {k: v for k, v in row.items() if k != "observation"}
        | {"region": region, "indicator": indicator, "unit": units[indicator],
           "value": factor * float(str(row["value"]))}
        for (region, indicator), factor in series.items() for row in levels()
    ]  # fmt: skip
    evidence = world(rows, year=YEAR, **target)
    regions = pd.DataFrame([(p, p.title(), "", "city", "") for p in PLACES],
                           columns=["region", "name", "name_zh", "kind", "parent"])  # fmt: skip
    evidence = dataclasses.replace(evidence, regions=regions)
    options = Options(400, families=("drift",), imputations=2)
    found = assess(evidence, "plan", "goal", options, record=MANY)
    assert isinstance(found, FigureAnswer)
    return found


def walk(last: float, drift: float, sd: float, seed: int = 1) -> FloatArray:
    steps = drift + sd * np.random.default_rng(seed).standard_normal((N, YEAR - LAST))
    return last * np.exp(np.cumsum(steps, axis=1))


@pytest.mark.parametrize(
    ("comparison", "value", "unit"),
    [("at_least", 40.0, "%"), ("at_least", 7.0, "% per year"), ("at_most", 140.0, "index")],
)
def test_growth_of_a_lognormal_walk(
    drawn: dict[str, FloatArray], comparison: str, value: float, unit: str
) -> None:
    past = {int(row["period"]): float(row["value"]) for row in levels()}
    drawn["city/gdp"] = walk(past[LAST], 0.05, 0.04)
    found = ask({("city", "gdp"): 1.0}, kind="growth", start=2021, comparison=comparison,
                value=value, unit=unit)  # fmt: skip
    factor = {"%": 1 + value / 100, "% per year": (1 + value / 100) ** 6, "index": value / 100}
    needed = np.log(past[2021] * factor[unit] / past[LAST])
    above = norm.sf(needed, 3 * 0.05, 0.04 * np.sqrt(3))
    expected = above if comparison == "at_least" else 1 - above
    assert found.probability_draws == pytest.approx(expected, abs=0.012)
    assert found.standard_error == pytest.approx(np.sqrt(expected * (1 - expected) / N), rel=0.05)
    middle = past[LAST] * np.exp(0.15)
    shown = growth.grown(np.array(middle), np.array(past[2021]), np.array(6), unit)
    assert found.quantiles[0.5] == pytest.approx(float(shown), rel=0.02)
    assert found.required == pytest.approx(100 * (np.exp(needed / 3) - 1))


def test_base_year_that_is_ahead_is_drawn_with_the_target_year(
    drawn: dict[str, FloatArray],
) -> None:
    """From 2025 to 2027 two steps count, whatever the step to 2025 was."""
    drawn["city/gdp"] = walk(225.0, 0.05, 0.04)
    found = ask({("city", "gdp"): 1.0}, kind="growth", start=2025, value=12.0, unit="%")
    expected = norm.sf(np.log(1.12), 2 * 0.05, 0.04 * np.sqrt(2))
    assert found.probability_draws == pytest.approx(expected, abs=0.012)
    assert found.years.tolist() == [2026, 2027]
    assert (found.base, found.now) == (None, None)  # type: ignore[attr-defined]
    assert found.required == pytest.approx(100 * (1.12**0.5 - 1))
    assert set(found.first_year) == {"2026", "2027", "never"}


def test_growth_between_published_years_is_certain(drawn: dict[str, FloatArray]) -> None:
    drawn["city/gdp"] = walk(225.0, 0.05, 0.04)
    target = {"kind": "growth", "start": 2020, "unit": "%"}
    evidence = world(levels(), **target, value=20.0)
    found = assess(evidence, "plan", "goal", Options(400), year=2023, record=MANY)
    assert (found.probability, found.floor, found.status) == (1.0, None, "already_met")


def test_ratio_of_independent_lognormals(drawn: dict[str, FloatArray]) -> None:
    drawn["city/gdp"] = walk(200.0, 0.05, 0.04, seed=1)
    drawn["city/population"] = walk(20.0, 0.01, 0.03, seed=2)
    found = ask({("city", "gdp"): 1.0, ("city", "population"): 0.1}, kind="ratio",
                per="population", unit="万元 / 人", value=11.0)  # fmt: skip
    middle, sd = np.log(200 / 20) + 3 * 0.04, np.sqrt(3) * 0.05
    assert found.probability_draws == pytest.approx(norm.sf(np.log(11), middle, sd), abs=0.012)
    assert found.quantiles[0.95] == pytest.approx(norm.ppf(0.95, middle, sd).__rpow__(np.e), 0.02)


@pytest.mark.parametrize("within", [1, 2, 3])
def test_place_among_exchangeable_regions_is_uniform(
    drawn: dict[str, FloatArray], within: int
) -> None:
    for seed, place in enumerate(PLACES):
        drawn[f"{place}/gdp"] = walk(225.0, 0.05, 0.04, seed)
    found = ask({(place, "gdp"): 1.0 for place in PLACES}, kind="rank", value=within, unit="rank",
                comparison="rank_within", items="province;b;c")  # fmt: skip
    assert found.probability_draws == pytest.approx(within / 4, abs=0.012)
    assert set(found.quantiles.values()) <= {1.0, 2.0, 3.0, 4.0}
    assert len(found.parts) == 4


def test_comparison_with_the_mean_of_peers(drawn: dict[str, FloatArray]) -> None:
    for seed, place in enumerate(PLACES):
        drawn[f"{place}/gdp"] = walk(225.0 * (1 + seed), 0.05, 1e-9, seed)
    series = {(place, "gdp"): 1.0 + seed for seed, place in enumerate(PLACES)}
    found = ask(series, kind="comparison", reference_region="province;b;c", value=float("nan"))
    assert found.quantiles[0.5] == pytest.approx(100 / 3, rel=1e-3)  # 1 against the mean of 2, 3, 4
    assert found.probability_draws == 0.0


def test_missing_series_of_a_list_are_named(drawn: dict[str, FloatArray]) -> None:
    drawn["city/gdp"] = walk(225.0, 0.05, 0.04)
    found = ask({("city", "gdp"): 1.0}, kind="rank", value=1, unit="rank",
                comparison="rank_within", items="b;c")  # fmt: skip
    assert (found.status, found.probability) == ("partly_known", None)
    assert {m.region for m in found.missing} == {"b", "c"}


def test_joint_draws_keep_each_series_and_take_the_correlation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = walk(1.0, 0.0, 0.1, 1), walk(1.0, 0.0, 0.1, 2)
    monkeypatch.setattr(Question, "_correlation", lambda *_: np.array([[1.0, 0.8], [0.8, 1.0]]))
    question = Question(world(levels()), pd.Series({"year": YEAR}), Options())
    histories: Any = [type("H", (), {"key": key}) for key in "ab"]
    one, other = question.joint(histories, [a, b])
    assert spearmanr(one[:, -1], other[:, -1])[0] == pytest.approx(0.786, abs=0.015)
    for path, before in ((one, a), (other, b)):
        order = np.argsort(path[:, -1])
        np.testing.assert_array_equal(path[order], before[np.argsort(before[:, -1])])


@given(st.floats(1, 1e3), st.floats(-90, 300), st.sampled_from(["%", "% per year", "index"]))
def test_level_and_growth_undo_each_other(base: float, value: float, unit: str) -> None:
    value = abs(value) + 1 if unit == "index" else value
    end = growth.level(base, value, unit, 7)
    back = growth.grown(np.array(end), np.array(base), np.array(7), unit)
    assert float(back) == pytest.approx(value, abs=1e-6)


def test_unit_of_a_ratio_has_to_measure_it() -> None:
    assert ratio_scale("亿元", "万人", "元 / 人") == pytest.approx(1e4)
    assert ratio_scale("亿元", "万人", "万元") == pytest.approx(1.0)
    with pytest.raises(UnitError, match="does not measure"):
        ratio_scale("亿元", "万人", "%")

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast import preparation
from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import transform
from forecast.forecasting import model_pool
from forecast.forecasting.model_pool import (
    ANSWER,
    DAMPING,
    Draws,
    Options,
    component_draws,
    generator,
    growing,
    simulate,
    with_damped_growth,
)
from forecast.forecasting.models import families, family
from forecast.forecasting.panel_data import MIN_INFORMED, EnsembleError
from forecast.progress import heard
from forecast.reconciliation.history import History
from forecast.study import Study
from forecast.targets.assessment import Assessment
from forecast.verification import replay
from forecast.verification.track_record import CAP
from forecast.workers.backend import Workers
from tests.conftest import CHEAP
from tests.worlds import statement, world

QUICK = Options(draws=400, families=CHEAP, imputations=2)


def history(
    path: Sequence[float] | np.ndarray,
    *,
    scale: str = "log",
    last: int = 2024,
    informed: Sequence[bool] | None = None,
    key: str = "city/gdp",
    sd: float = 0.001,
) -> History:
    """Return a history with a path given on the scale of the models."""
    mean = np.asarray(path, float)
    known = [True] * len(mean) if informed is None else informed
    return History(
        region=key.split("/")[0],
        indicator=key.split("/")[1],
        unit="亿元" if scale == "log" else "%",
        scale=transform(scale),
        years=np.arange(last - len(mean) + 1, last + 1),
        mean=mean,
        cov=np.diag(np.full(len(mean), sd**2)),
        origin=tuple("published" if known else "interpolated" for known in known),
        observations=pd.DataFrame(),
        steps=pd.DataFrame(),
        deflator=pd.Series(dtype=float),
        noise=0.05,
    )


def walk(years: int, seed: int = 1, growth: float = 0.07, sd: float = 0.03) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 7.0 + np.cumsum(growth + sd * rng.standard_normal(years))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"draws": 199}, "draws is 199; expected 200 to 1,000,000"),
        ({"draws": 1_000_001}, "draws is 1000001; expected 200 to 1,000,000"),
        ({"draws": -4}, "draws is -4; expected 200"),
        ({"imputations": 0}, "imputations is 0; expected 1 to 100"),
        ({"imputations": 101}, "imputations is 101; expected 1 to 100"),
        ({"seed": -1}, "seed is -1; expected 0 or more"),
        ({"families": ("drift", "oracle", "dice")}, "unknown families dice, oracle; known are ar"),
    ],
)
def test_option_out_of_range_is_said_with_what_was_expected(
    given: dict[str, object], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        Options(**given)


def test_order_and_repetition_of_families_do_not_matter() -> None:
    assert Options(families=("theta", "drift", "theta")) == Options(families=("drift", "theta"))
    assert Options(families=tuple(reversed(families()))).families == families()


# Draws --------------------------------------------------------------------------------------------


def test_table_of_draws_has_five_quantiles_of_the_answer_and_of_each_model() -> None:
    draws = np.arange(101.0)[:, None] * [1, 10]
    found = Draws(np.array([2025, 2026]), {"drift": draws}, np.ones(2), {}, answer=draws + 1)
    table = found.table()
    assert table.loc["drift"].index.tolist() == [2025, 2026]
    np.testing.assert_allclose(table.loc[("drift", 2026)], [50, 250, 500, 750, 950])
    np.testing.assert_allclose(table.loc[(ANSWER, 2025)], [6, 26, 51, 76, 96])
    assert table.columns.tolist() == [0.05, 0.25, 0.5, 0.75, 0.95]


def test_generators_are_repeatable_and_apart() -> None:
    first = generator(1, "jinhua/gdp", "drift").random(4)
    np.testing.assert_array_equal(first, generator(1, "jinhua/gdp", "drift").random(4))
    for other in [(2, "jinhua/gdp", "drift"), (1, "jinhua/gdp", "theta"), (1, "yiwu/gdp", "drift")]:
        assert not np.array_equal(first, generator(*other).random(4))


def test_another_family_leaves_the_draws_of_the_others_alone() -> None:
    pasts = [walk(20), walk(20, seed=2)]
    alone, _ = component_draws(pasts, 3, 200, Options(200, families=("drift",)), "a/b")
    more = Options(600, families=("damped_drift", "drift", "theta"))
    together, _ = component_draws(pasts, 3, 600, more, "a/b")
    np.testing.assert_array_equal(alone["drift"], together["drift"])


def test_every_family_has_random_numbers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Families that share random numbers would err together, and the pool be too sure."""
    asked: list[tuple[object, ...]] = []

    def noted(*labels: object) -> np.random.Generator:
        asked.append(labels)
        return generator(*labels)  # type: ignore[arg-type]

    monkeypatch.setattr(model_pool, "generator", noted)
    component_draws([walk(20)], 3, 600, QUICK, "a/b")
    assert len(set(asked)) == len(asked) == len(CHEAP)


def test_every_family_has_the_same_share_of_the_pool() -> None:
    paths = simulate(history(walk(20)), 3, QUICK, np.ones(3))
    assert set(paths.by_family) == set(CHEAP)
    assert len({draws.shape for draws in paths.by_family.values()}) == 1
    assert len(paths.pooled) == sum(len(draws) for draws in paths.by_family.values())
    assert QUICK.draws <= len(paths.pooled) < QUICK.draws + len(CHEAP) * QUICK.imputations
    assert list(paths.years) == [2025, 2026, 2027]


def test_quick_answer_is_the_same_answer() -> None:
    options = Options(draws=200, families=CHEAP)
    quick = dataclasses.replace(options, quick=True)
    past, ones = history(walk(12)), np.ones(2)
    learned = np.random.default_rng(3).normal(8.0, 0.1, (200, 2))
    full = simulate(past, 2, options, ones, learned)
    short = simulate(past, 2, quick, ones, learned)
    assert np.array_equal(short.pooled, full.pooled)
    assert list(short.by_family) == ["drift"]
    # Where the families make the answer, all of them are asked.
    assert np.array_equal(
        simulate(past, 2, quick, ones).pooled,
        simulate(past, 2, options, ones).pooled,
    )


def test_family_that_needs_more_years_is_left_out_and_said() -> None:
    longest = max(families(), key=lambda name: family(name).MIN_YEARS)
    need = family(longest).MIN_YEARS
    assert need > MIN_INFORMED  # else there is nothing to leave out
    options = Options(200, families=("drift", longest), imputations=1)
    paths = simulate(history(walk(need - 1)), 2, options, np.ones(2))
    assert paths.left_out == {longest: f"needs {need} years, has {need - 1}"}
    assert list(paths.by_family) == ["drift"]
    assert len(paths.pooled) == 200


def test_no_family_is_able() -> None:
    longest = max(families(), key=lambda name: family(name).MIN_YEARS)
    options = Options(200, families=(longest,))
    with pytest.raises(EnsembleError, match="No component model can work with 5 years"):
        simulate(history(walk(5)), 2, options, np.ones(2))


def test_horizon_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="horizon is 0; expected at least 1 year"):
        simulate(history(walk(12)), 0, QUICK, np.ones(0))


def test_growth_of_the_median_is_damped() -> None:
    start, growth = 5.0, 0.10
    raw = {
        "a": start + growth * np.arange(1, 4) + np.array([[-0.2], [0.0], [0.2]]),
        "b": start + growth * np.arange(1, 4) + np.array([[-0.1], [0.0], [0.1]]),
    }
    damped = with_damped_growth(raw, start, np.ones(3))
    center = start + growth * np.array(
        [DAMPING, DAMPING + DAMPING**2, DAMPING + DAMPING**2 + DAMPING**3]
    )
    np.testing.assert_allclose(damped["a"][1], center)
    np.testing.assert_allclose(damped["a"] - center, [[-0.2] * 3, [0] * 3, [0.2] * 3], atol=1e-12)
    np.testing.assert_allclose(damped["b"] - center, [[-0.1] * 3, [0] * 3, [0.1] * 3], atol=1e-12)


def test_scaling_the_spread_keeps_the_medians() -> None:
    raw, _ = component_draws([walk(20)], 3, 600, QUICK, "a/b")
    plain = np.concatenate(list(with_damped_growth(raw, 8.0, np.ones(3)).values()))
    factors = np.array([0.7, 1.5, 2.5])
    wide = np.concatenate(list(with_damped_growth(raw, 8.0, factors).values()))
    np.testing.assert_allclose(np.median(wide, axis=0), np.median(plain, axis=0))
    np.testing.assert_allclose(np.std(wide, axis=0), factors * np.std(plain, axis=0))


def test_no_year_is_forecast_more_narrowly_than_one_before_it() -> None:
    """Factors that fall faster than the spread grows: the variances out of order are pooled."""
    raw = {"a": np.outer(np.linspace(-1, 1, 401), [1.0, 2.0, 3.0])}
    sd = np.quantile(raw["a"], 0.84, axis=0)
    factors = np.array([1.5, 0.5, 0.9])  # the spread goes from 1.5 to 1.0 and to 2.7
    applied = growing(raw["a"], factors)
    np.testing.assert_allclose(applied * sd / sd[0], [np.sqrt(1.625)] * 2 + [2.7])
    kept = np.array([1.5, 0.75, 0.5])  # 1.5 in every year: nothing shrinks
    np.testing.assert_array_equal(growing(raw["a"], kept), kept)
    np.testing.assert_array_equal(growing(0 * raw["a"], factors), factors)
    drawn = simulate(history(walk(20)), 3, QUICK, np.array([3.0, 0.5, 0.5]))
    low, high = np.quantile(np.log(drawn.pooled), (0.16, 0.84), axis=0)
    assert (np.diff(high - low) >= -1e-9).all()
    assert drawn.spread[0] < 3.0


@pytest.mark.parametrize("start", [0.2, 2.5, 72.0, 99.5])
@pytest.mark.parametrize("slope", [-0.3, 0.3])
def test_share_stays_between_0_and_100(start: float, slope: float) -> None:
    logit = np.log(start / (100 - start)) + slope * np.arange(12) + 0.1 * walk(12)
    paths = simulate(history(logit, scale="logit"), 10, QUICK, np.full(10, CAP))
    assert (paths.pooled > 0).all()
    assert (paths.pooled < 100).all()


@pytest.mark.parametrize("growth", [-0.4, 0.0, 0.4])
def test_level_stays_positive(growth: float) -> None:
    paths = simulate(history(walk(12, growth=growth, sd=0.2)), 10, QUICK, np.full(10, CAP))
    assert (paths.pooled > 0).all()
    assert np.isfinite(paths.pooled).all()


# One answer, whatever the way to it ---------------------------------------------------------------


def small_world() -> Evidence:
    rows = []
    for number, (region, indicator) in enumerate(
        [("city", "gdp"), ("province", "gdp"), ("city", "exports")]
    ):
        values = np.exp(walk(14, seed=number))
        rows += [
            statement(2011 + i, round(float(v), 1), region=region, indicator=indicator)
            for i, v in enumerate(values)
        ]
    return world(rows, value=float(np.exp(walk(14, seed=0))[-1] * 1.15), year=2026)


def facts(answer: Assessment) -> tuple[object, ...]:
    return (
        answer.probability, answer.probability_draws, answer.standard_error, answer.floor,
        answer.quantiles, answer.by_family, answer.first_year, answer.required, answer.achieved,
    )  # fmt: skip


def two_days(_: Evidence) -> list[date]:
    """Return days of the replay: few, for each is one more run of the reconciliation."""
    return [date(2023, 6, 30), date(2024, 6, 30)]


ALL = [("city", "gdp"), ("province", "gdp"), ("city", "exports")]
PREPARED = Options(400, families=("drift", "theta"), imputations=2)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return the store that two processes have filled, and what they told."""
    store, told = tmp_path_factory.mktemp("prepared"), []
    with pytest.MonkeyPatch.context() as patch, heard(told.append):
        patch.setenv("FORECAST_CACHE", str(store))
        patch.setattr(replay, "days", two_days)
        patch.setattr(preparation, "MANY", 0)  # the processes reconcile, too
        Study(small_world(), PREPARED).prepare("plan", Workers(2))
    return store, told


def test_number_of_processes_and_order_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepared: tuple[Path, list[str]]
) -> None:
    monkeypatch.setattr(replay, "days", two_days)
    monkeypatch.setattr(preparation, "MANY", 0)
    found = []
    for way in ("direct", "1", "2"):
        monkeypatch.setenv("FORECAST_CACHE", str(prepared[0] if way == "2" else tmp_path / way))
        study = Study(small_world(), PREPARED)
        if way == "1":
            study.prepare("plan", Workers(1))
        found.append(facts(study.assess("goal", "plan")))
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "backwards"))
    study = Study(small_world(), PREPARED)
    monkeypatch.setattr(Study, "series", lambda self: list(reversed(ALL)))
    found.append(facts(study.assess("goal", "plan")))
    assert found[0] == found[1] == found[2] == found[3]
    assert 0 < found[0][1] < 1  # else all would agree on nothing


def test_everything_prepared_is_found_again(
    monkeypatch: pytest.MonkeyPatch, prepared: tuple[Path, list[str]]
) -> None:
    """What the processes computed is read by this one, and by the next run, not computed again."""
    store, told = prepared
    monkeypatch.setenv("FORECAST_CACHE", str(store))
    monkeypatch.setattr(replay, "days", two_days)
    said = sorted(line.split(":")[0] for line in told if not line.startswith("replay"))
    histories = [f"histories {i}/6" for i in range(1, 7)]
    joint = [f"joint draws {i}/3" for i in (1, 2, 3)]
    record = [f"track record {i}/4" for i in range(1, 5)]  # of three series, and of all
    assert said == [*histories, *joint, "target 1/1", *record]
    days = len(replay.days(small_world()))  # of `two_days`
    assert f"replay {len(ALL) + days}/{len(ALL) + days}" in [line.split(":")[0] for line in told]

    def computed(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(model_pool, "component_draws", computed)
    again = Study(small_world(), PREPARED)
    assert again.assess("goal", "plan").probability is not None
    with pytest.raises(AssertionError, match="computed again"):
        Study(small_world(), dataclasses.replace(PREPARED, seed=1)).assess("goal", "plan")


def test_families_beside_the_learned_ensemble_keep_their_spread() -> None:
    series = history(walk(15, seed=3))
    wide, one = np.full(2, 3.0), np.ones(2)
    learned = np.zeros((QUICK.draws, 2))
    beside = simulate(series, 2, QUICK, wide, learned)
    alone = simulate(series, 2, QUICK, one)
    scaled = simulate(series, 2, QUICK, wide)
    for name, draws in beside.by_family.items():
        np.testing.assert_allclose(draws, alone.by_family[name])
        apart, wider = np.log(draws), np.log(scaled.by_family[name])
        np.testing.assert_allclose(
            wider - np.median(wider, axis=0), 3 * (apart - np.median(apart, axis=0)), atol=1e-9
        )

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import transform
from forecast.forecasting import model_pool as ensemble
from forecast.forecasting.model_pool import (
    BACKTEST_HORIZONS,
    BACKTEST_ORIGINS,
    BACKTEST_START,
    CAP,
    DAMPING,
    LEVELS,
    RECORD,
    EnsembleError,
    Options,
    backtest,
    effective_cases,
    errors,
    generator,
    pooled_factor,
    scored,
    simulate,
    spread_factors,
    window,
)
from forecast.forecasting.models import families, family
from forecast.reconciliation.history import History
from forecast.study import Study
from forecast.targets.assess import Assessment
from forecast.verification import holdout as replay
from tests.conftest import CHEAP
from tests.worlds import statement, world

QUICK = Options(draws=400, families=CHEAP, imputations=2)
NOTHING = pd.DataFrame(columns=RECORD)
#: What a window takes: years with evidence, years at most, and share of them with evidence.
LEAST, LONGEST, SPARSEST = 5, 20, 0.25


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
        statements=pd.DataFrame(),
        steps=pd.DataFrame(),
        deflator=pd.Series(dtype=float),
        noise=0.05,
    )


def walk(years: int, seed: int = 1, growth: float = 0.07, sd: float = 0.03) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 7.0 + np.cumsum(growth + sd * rng.standard_normal(years))


def record(
    errors: np.ndarray, *, years: Sequence[int] | None = None, horizon: int = 1, key: str = "c/g"
) -> pd.DataFrame:
    """Return forecasts with standard normal quantiles that were wrong by these errors."""
    from scipy.stats import norm

    n = len(errors)
    outcome = np.arange(1900, 1900 + n) if years is None else np.asarray(years)
    return pd.DataFrame(
        {
            "series": key,
            "origin": outcome - horizon,
            "horizon": horizon,
            "actual": np.asarray(errors, float),
            "start": 0.0,
            "pace": 0.0,
            "step": 1.0,
            "quantiles": [norm.ppf(LEVELS)] * n,
        }
    )


# Options ------------------------------------------------------------------------------------------


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


# Window -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "first"),
    [
        ("1" * 8, 0),
        ("1" * 25, 5),  # at most twenty years
        ("0011111", 2),  # the first year has evidence
        ("10000000001111", 0),  # mostly gaps, because the dense part is too short ...
        ("100000000011111", 10),  # ... until it is long enough
        ("11111" + "0" * 15, 0),  # a quarter of the years is the least
        ("1010101", None),
        ("1111", None),
        ("11111" + "0" * 20, None),  # too long ago
        ("", None),
    ],
)
def test_window(years: str, first: int | None) -> None:
    informed = np.array([year == "1" for year in years], bool)
    if first is None:
        with pytest.raises(EnsembleError, match=f"takes {LEAST} years with evidence"):
            window(informed)
    else:
        assert window(informed) == slice(first, len(years))


@given(st.lists(st.booleans(), max_size=40))
def test_window_always_has_enough_evidence(years: list[bool]) -> None:
    informed = np.array(years, bool)
    try:
        seen = window(informed)
    except EnsembleError:
        assert informed[-LONGEST:].sum() < LEAST or informed[-LONGEST:].mean() < 0.6
        return
    assert seen.stop == len(years)
    assert informed[seen.start]
    assert informed[seen].sum() >= LEAST
    assert seen.stop - seen.start <= LONGEST
    assert informed[seen].mean() > SPARSEST - 1e-9


# Draws --------------------------------------------------------------------------------------------


def test_generators_are_repeatable_and_apart() -> None:
    first = generator(1, "jinhua/gdp", "drift").random(4)
    np.testing.assert_array_equal(first, generator(1, "jinhua/gdp", "drift").random(4))
    for other in [(2, "jinhua/gdp", "drift"), (1, "jinhua/gdp", "theta"), (1, "yiwu/gdp", "drift")]:
        assert not np.array_equal(first, generator(*other).random(4))


def test_another_family_leaves_the_draws_of_the_others_alone() -> None:
    pasts = [walk(20), walk(20, seed=2)]
    alone, _ = ensemble._families(pasts, 3, 200, Options(200, families=("drift",)), "a/b")
    more = Options(600, families=("damped_drift", "drift", "theta"))
    together, _ = ensemble._families(pasts, 3, 600, more, "a/b")
    np.testing.assert_array_equal(alone["drift"], together["drift"])


def test_every_family_has_random_numbers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Families that share random numbers would err together, and the pool be too sure."""
    asked: list[tuple[object, ...]] = []

    def noted(*labels: object) -> np.random.Generator:
        asked.append(labels)
        return generator(*labels)  # type: ignore[arg-type]

    monkeypatch.setattr(ensemble, "generator", noted)
    ensemble._families([walk(20)], 3, 600, QUICK, "a/b")
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
    full = ensemble.simulate(past, 2, options, ones, learned)
    short = ensemble.simulate(past, 2, quick, ones, learned)
    assert np.array_equal(short.pooled, full.pooled)
    assert list(short.by_family) == ["drift"]
    # Where the families make the answer, all of them are asked.
    assert np.array_equal(
        ensemble.simulate(past, 2, quick, ones).pooled,
        ensemble.simulate(past, 2, options, ones).pooled,
    )


def test_family_that_needs_more_years_is_left_out_and_said() -> None:
    longest = max(families(), key=lambda name: family(name).MIN_YEARS)
    need = family(longest).MIN_YEARS
    assert need > LEAST  # else there is nothing to leave out
    options = Options(200, families=("drift", longest), imputations=1)
    paths = simulate(history(walk(need - 1)), 2, options, np.ones(2))
    assert paths.left_out == {longest: f"needs {need} years, has {need - 1}"}
    assert list(paths.by_family) == ["drift"]
    assert len(paths.pooled) == 200


def test_no_family_is_able() -> None:
    longest = max(families(), key=lambda name: family(name).MIN_YEARS)
    options = Options(200, families=(longest,))
    with pytest.raises(EnsembleError, match="No family of models can work with 5 years"):
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
    damped = ensemble._damped(raw, start)
    center = start + growth * np.array(
        [DAMPING, DAMPING + DAMPING**2, DAMPING + DAMPING**2 + DAMPING**3]
    )
    np.testing.assert_allclose(damped["a"][1], center)
    np.testing.assert_allclose(damped["a"] - center, [[-0.2] * 3, [0] * 3, [0.2] * 3], atol=1e-12)
    np.testing.assert_allclose(damped["b"] - center, [[-0.1] * 3, [0] * 3, [0.1] * 3], atol=1e-12)


def test_scaling_the_spread_keeps_the_medians() -> None:
    raw, _ = ensemble._families([walk(20)], 3, 600, QUICK, "a/b")
    plain = np.concatenate(list(ensemble._damped(raw, 8.0).values()))
    factors = np.array([0.7, 1.5, 2.5])
    wide = np.concatenate(list(ensemble._damped(raw, 8.0, factors).values()))
    np.testing.assert_allclose(np.median(wide, axis=0), np.median(plain, axis=0))
    np.testing.assert_allclose(np.std(wide, axis=0), factors * np.std(plain, axis=0))


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


def test_number_of_processes_and_order_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "days", two_days)
    options = Options(400, families=("drift", "theta"), imputations=2)
    found = []
    for way in ("direct", "1", "2"):
        monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / way))
        study = Study(small_world(), options)
        if way != "direct":
            study.prepare("plan", jobs=int(way))
        found.append(facts(study.assess("goal", "plan")))
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "backwards"))
    study = Study(small_world(), options)
    monkeypatch.setattr(Study, "series", lambda self: list(reversed(ALL)))
    found.append(facts(study.assess("goal", "plan")))
    assert found[0] == found[1] == found[2] == found[3]
    assert 0 < found[0][1] < 1  # else all would agree on nothing


ALL = [("city", "gdp"), ("province", "gdp"), ("city", "exports")]


def test_everything_prepared_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the processes computed is read by this one, and by the next run, not computed again."""
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "kept"))
    monkeypatch.setattr(replay, "days", two_days)
    options = Options(400, families=("drift", "theta"), imputations=2)
    told: list[str] = []
    Study(small_world(), options).prepare("plan", 2, told.append)
    said = sorted(line.split(":")[0] for line in told if not line.startswith("replay"))
    joint = [f"joint draws {i}/3" for i in (1, 2, 3)]
    record = [f"track record {i}/3" for i in (1, 2, 3)]
    assert said == [*joint, "target 1/1", *record]
    days = len(replay.days(small_world()))  # of `two_days`
    assert f"replay {len(ALL) + days}/{len(ALL) + days}" in [line.split(":")[0] for line in told]

    def computed(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(ensemble, "_families", computed)
    again = Study(small_world(), options)
    assert again.assess("goal", "plan").probability is not None
    with pytest.raises(AssertionError, match="computed again"):
        Study(small_world(), dataclasses.replace(options, seed=1)).assess("goal", "plan")


# Track record -------------------------------------------------------------------------------------


def test_backtest_says_what_was_asked_when_and_what_came() -> None:
    known = history(walk(24))
    found = backtest(known, QUICK)
    assert list(found.columns) == RECORD
    origins = sorted(set(found["origin"]))
    assert origins == list(range(2023 - BACKTEST_ORIGINS + 1, 2024))
    assert set(found["horizon"]) == set(range(1, BACKTEST_HORIZONS + 1))
    for row in found.itertuples():
        at = row.origin - int(known.years[0])
        assert row.actual == known.mean[at + row.horizon]
        pace = (known.mean[at] - known.mean[at - 5]) / 5
        assert (row.start, row.pace) == (known.mean[at], pytest.approx(pace))
        assert row.step == pytest.approx(np.std(np.diff(known.mean[: at + 1])[-20:], ddof=1))
        assert (np.diff(row.quantiles) >= 0).all()
        assert row.quantiles.shape == LEVELS.shape


def test_backtest_uses_only_the_past() -> None:
    known = history(walk(24))
    cut = 2019
    changed = known.mean + np.where(known.years > cut, 3.0 + 0.5 * (known.years - cut), 0.0)
    before = backtest(known, QUICK).set_index(["origin", "horizon"])
    after = backtest(dataclasses.replace(known, mean=changed), QUICK)
    after = after.set_index(["origin", "horizon"])
    assert list(before.index) == list(after.index)
    seen = 0
    for key in before.index:
        same = np.array_equal(before.loc[key, "quantiles"], after.loc[key, "quantiles"])
        assert same == (key[0] <= cut), key
        assert (before.loc[key, "actual"] == after.loc[key, "actual"]) == (sum(key) <= cut), key
        seen += same
    assert seen >= 10


def test_backtest_of_a_short_history_is_empty() -> None:
    assert list(backtest(history(walk(BACKTEST_START)), QUICK).columns) == RECORD
    assert backtest(history(walk(BACKTEST_START)), QUICK).empty
    assert len(backtest(history(walk(BACKTEST_START + 1)), QUICK)) == 1


def test_backtest_scores_only_years_with_evidence() -> None:
    informed = [True] * 24
    informed[20] = False
    found = backtest(history(walk(24), informed=informed), QUICK)
    gap = int(history(walk(24)).years[20])
    assert gap not in set(found["origin"] + found["horizon"])
    assert gap not in set(found["origin"])
    assert gap - 1 not in set(found["origin"])


def test_errors_are_in_standard_deviations_and_capped() -> None:
    found = errors(record(np.array([0.0, 1.0, -2.0, 9.0, -9.0])))
    np.testing.assert_allclose(found, [0, 1, -2, CAP, -CAP], atol=0.02)
    assert len(errors(NOTHING)) == 0


@pytest.mark.parametrize(
    ("truth", "low", "high"),
    [
        (0.6, 0.55, 0.66),
        (1.0, 0.93, 1.07),
        (1.5, 1.33, 1.52),  # a little less than the truth, because errors are capped
        (2.0, 1.65, 1.90),
        (0.01, 0.5, 0.5),  # never less than half
        (50.0, 2.8, CAP),
    ],
)
def test_pooled_factor_finds_a_known_inflation(truth: float, low: float, high: float) -> None:
    rng = np.random.default_rng(4)
    years = np.repeat(np.arange(1800, 2000), 3)
    found = pooled_factor(record(truth * rng.standard_normal(len(years)), years=years))
    assert low <= found <= high


def test_pooled_factor_needs_years_to_move() -> None:
    """Many series of one bad year are one bad year."""
    one = pooled_factor(record(np.full(100, 2.0), years=[2020] * 100))
    many = pooled_factor(record(np.full(100, 2.0)))
    assert 1 < one < 1.4
    assert many == pytest.approx(2.0, abs=0.06)


def test_a_common_shift_is_no_reason_to_shift() -> None:
    """Only the size of errors counts: the sign is not carried forward."""
    rng = np.random.default_rng(5)
    size = np.abs(rng.standard_normal(40))
    assert pooled_factor(record(size)) == pytest.approx(pooled_factor(record(-size)))


def test_spread_follows_all_series_and_is_corrected_by_the_own() -> None:
    rng = np.random.default_rng(6)
    every = pd.concat(
        [record(1.4 * rng.standard_normal(60), horizon=h) for h in (1, 2, 3)], ignore_index=True
    )
    common = [pooled_factor(every[every["horizon"] == h]) for h in (1, 2, 3)]
    np.testing.assert_allclose(spread_factors(NOTHING, every, 5), [*common, common[2], common[2]])
    calm = pd.concat([record(np.zeros(10), horizon=h) for h in (1, 2, 3)], ignore_index=True)
    wild = pd.concat([record(np.full(10, 2.5), horizon=h) for h in (1, 2, 3)], ignore_index=True)
    assert (spread_factors(calm, every, 3) < common).all()
    assert (spread_factors(wild, every, 3) > common).all()
    # Ten quiet own origins count as much as all series: the variance is halved.
    np.testing.assert_allclose(spread_factors(calm, every, 3) ** 2, np.array(common) ** 2 / 2)
    np.testing.assert_array_equal(spread_factors(NOTHING, NOTHING, 2), [1.0, 1.0])
    assert len(spread_factors(NOTHING, NOTHING, 1)) == 1


def test_case_is_not_scored_with_its_own_year() -> None:
    rng = np.random.default_rng(7)
    plain = record(rng.standard_normal(20), years=np.repeat(np.arange(2001, 2011), 2))
    wild = plain.copy()
    shocked = (wild["origin"] + wild["horizon"] == 2005).to_numpy()
    wild.loc[shocked, "actual"] = 50.0

    def factors(frame: pd.DataFrame) -> np.ndarray:
        return errors(frame) / scored(frame)["error"].to_numpy()

    np.testing.assert_allclose(factors(wild)[shocked], factors(plain)[shocked])
    assert (factors(wild)[~shocked] > factors(plain)[~shocked] * 1.1).all()


def test_interval_of_80_percent_holds_its_errors() -> None:
    rng = np.random.default_rng(11)
    found = scored(record(1.3 * rng.standard_normal(300)))
    size = found["error"].abs()
    assert found.loc[size < 1.27, "inside"].all()
    assert not found.loc[size > 1.30, "inside"].any()
    assert 0.75 < found["inside"].mean() < 0.85


def test_scores() -> None:
    cases = record(np.array([0.0, 1.0, -1.0, 4.0] * 5))
    found = scored(cases)
    assert found["inside"].tolist() == [True, True, True, False] * 5
    factor = errors(cases) / np.where(found["error"] == 0, 1.0, found["error"])
    for row, raw, scale in zip(found["quantiles"], cases["quantiles"], factor, strict=True):
        if scale:  # the spread of every forecast is scaled as its error is
            np.testing.assert_allclose(row, scale * raw)
    assert scored(NOTHING).empty
    assert {"error", "inside"} <= set(scored(NOTHING).columns)


def cases(errors: np.ndarray) -> pd.DataFrame:
    """Return scored cases from errors of shape (years, series)."""
    years, series = errors.shape
    origin = np.repeat(np.arange(2000, 2000 + years), series)
    return pd.DataFrame({"error": errors.ravel(), "origin": origin, "horizon": 1})


def test_independent_errors_count_in_full() -> None:
    rng = np.random.default_rng(8)
    found = [effective_cases(cases(rng.standard_normal((10, 12)))) for _ in range(40)]
    assert 0.75 * 120 <= np.mean(found) <= 120


def test_common_shocks_count_once_a_year() -> None:
    rng = np.random.default_rng(9)
    same = np.repeat(rng.standard_normal((10, 1)), 12, axis=1)
    assert effective_cases(cases(same)) == pytest.approx(10)
    nearly = same + 0.2 * rng.standard_normal(same.shape)
    assert 10 <= effective_cases(cases(nearly)) <= 13


@pytest.mark.parametrize(
    ("shape", "expected"), [((0, 1), 0), ((1, 1), 1), ((1, 9), 1), ((9, 1), 9)]
)
def test_effective_cases_of_few(shape: tuple[int, int], expected: float) -> None:
    errors = np.random.default_rng(10).standard_normal(shape)
    assert effective_cases(cases(errors)) == expected


@given(st.lists(st.tuples(st.integers(2000, 2006), st.floats(-3, 3)), min_size=1, max_size=30))
def test_effective_cases_lie_between_one_and_all(rows: list[tuple[int, float]]) -> None:
    assume(rows)
    frame = pd.DataFrame(rows, columns=["origin", "error"]).assign(horizon=1)
    assert 1 - 1e-9 <= effective_cases(frame) <= len(rows) + 1e-9


# Is it right how often? ---------------------------------------------------------------------------

TRIALS = 120


@pytest.fixture(scope="module", params=[0.0, 0.03])
def trial(request: pytest.FixtureRequest) -> tuple[float, pd.DataFrame]:
    """Return forecasts of a known process up to three years ahead, and what came.

    In each series growth varies independently around a mean of its own; the means lie within three
    points around 0 or 3 % a year. 22 years are known, the next three are to be forecast. The
    events do not depend on the forecast: growth above some rates until then.
    """
    rng = np.random.default_rng(2027)
    typical: float = request.param
    paths = {}
    for number in range(TRIALS):
        mean, sd = rng.uniform(typical - 0.03, typical + 0.03), rng.uniform(0.02, 0.06)
        paths[f"s{number}/gdp"] = 5 + np.cumsum(mean + sd * rng.standard_normal(25))
    options = Options(300, families=CHEAP, imputations=1)
    known = {key: history(path[:-3], key=key, sd=1e-6) for key, path in paths.items()}
    own = {key: backtest(known[key], options) for key in list(known)[: TRIALS // 5]}
    every = pd.concat(own.values(), ignore_index=True)
    rows = []
    for key, past in known.items():
        factors = spread_factors(own.get(key, NOTHING), every, 3)
        draws = np.log(simulate(past, 3, options, factors).pooled)
        low, high = np.quantile(draws, [0.1, 0.9], axis=0)
        for h, outcome in enumerate(paths[key][-3:]):
            inside = low[h] <= outcome <= high[h]
            for rate in typical + np.array([-0.05, -0.02, 0.0, 0.02, 0.05]):
                limit = past.mean[-1] + (h + 1) * rate
                given = (draws[:, h] >= limit).mean()
                rows.append((h + 1, inside, given, outcome >= limit))
    return typical, pd.DataFrame(rows, columns=["horizon", "inside", "given", "happened"])


def test_intervals_hold_as_often_as_they_say(trial: tuple[float, pd.DataFrame]) -> None:
    """Of 120 forecasts one, two and three years ahead, the 80 % interval holds 70 to 90 in 100."""
    held = trial[1].groupby("horizon")["inside"].mean()
    assert len(held) == 3
    assert held.between(0.70, 0.90).all(), held


def test_what_is_given_about_p_happens_about_p_times(trial: tuple[float, pd.DataFrame]) -> None:
    """In every fifth of the scale, as often as said to within 10 in 100.

    Where growth is steady instead of falling, damping holds the forecasts back: what is wanted to
    be exceeded then happens more often than said, never less often.
    """
    typical, cases = trial
    band = pd.cut(cases["given"], np.linspace(0, 1, 6), include_lowest=True)
    told = cases.groupby(band, observed=True).agg(
        given=("given", "mean"), happened=("happened", "mean"), n=("given", "size")
    )
    gap = told["happened"] - told["given"]
    assert (told["n"] > 80).all(), told
    assert (gap > -0.10).all(), told
    if typical == 0:
        assert (gap < 0.10).all(), told


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

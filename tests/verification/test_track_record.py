from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forecast.forecasting.model_pool import Options, simulate
from forecast.verification import track_record
from forecast.verification.holdout import stacked
from forecast.verification.scores import quantiles_at, quantiles_of
from forecast.verification.track_record import (
    CAP,
    HORIZONS,
    LEVELS,
    MOST_ORIGINS,
    PRIOR_YEARS,
    RECORD,
    START,
    coverage,
    effective_cases,
    ensemble_pieces,
    ensemble_record,
    errors,
    pool_pieces,
    pool_record,
    pooled_factor,
    scored,
    spread_factors,
)
from tests.conftest import CHEAP
from tests.forecasting.test_model_pool import QUICK, history, walk

NOTHING = pd.DataFrame(columns=RECORD)


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Say whether two records are the same to the last bit."""
    return one[RECORD[:-1]].equals(other[RECORD[:-1]]) and np.array_equal(
        quantiles_of(one), quantiles_of(other)
    )


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


def test_backtest_says_what_was_asked_when_and_what_came() -> None:
    known = history(walk(24))
    found = pool_record(known, QUICK)
    assert list(found.columns) == RECORD
    origins = sorted(set(found["origin"]))
    assert origins == list(range(2023 - MOST_ORIGINS + 1, 2024))
    assert set(found["horizon"]) == set(range(1, HORIZONS + 1))
    for row in found.itertuples():
        at = row.origin - int(known.years[0])
        assert row.actual == known.mean[at + row.horizon]
        pace = (known.mean[at] - known.mean[at - 5]) / 5
        assert (row.start, row.pace) == (known.mean[at], pytest.approx(pace))
        assert row.step == pytest.approx(np.std(np.diff(known.mean[: at + 1])[-20:], ddof=1))
        assert (np.diff(row.quantiles) >= 0).all()
        assert row.quantiles.shape == LEVELS.shape


def test_record_does_not_depend_on_its_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = {f"c{n}/{kind}": walk(20 + n, seed=n) for n in range(4) for kind in ("gdp", "jobs")}
    known = {key: history(path, key=key) for key, path in paths.items()}
    whole = ensemble_record(known)
    assert whole["origin"].is_monotonic_increasing
    assert set(whole["series"]) == set(known)
    assert len(ensemble_pieces(known)) == len(pool_pieces([*known.values()], QUICK)) == 1
    monkeypatch.setattr(track_record, "TOGETHER", 3 * MOST_ORIGINS)
    assert len(ensemble_pieces(known)) > 3
    assert same(ensemble_record(known), whole)
    pools = pool_pieces([*known.values()], QUICK)
    assert len(pools) == 3
    own = (pool_record(past, QUICK) for past in known.values())
    assert same(stacked((piece.table() for piece in pools), RECORD), stacked(own, RECORD))


def test_backtest_uses_only_the_past() -> None:
    known = history(walk(24))
    cut = 2019
    changed = known.mean + np.where(known.years > cut, 3.0 + 0.5 * (known.years - cut), 0.0)
    before = pool_record(known, QUICK).set_index(["origin", "horizon"])
    after = pool_record(dataclasses.replace(known, mean=changed), QUICK)
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
    assert list(pool_record(history(walk(START)), QUICK).columns) == RECORD
    assert pool_record(history(walk(START)), QUICK).empty
    assert len(pool_record(history(walk(START + 1)), QUICK)) == 1


def test_backtest_scores_only_years_with_evidence() -> None:
    informed = [True] * 24
    informed[20] = False
    found = pool_record(history(walk(24), informed=informed), QUICK)
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
    for row, raw, scale in zip(quantiles_of(found), cases["quantiles"], factor, strict=True):
        if scale:  # the spread of every forecast is scaled as its error is
            np.testing.assert_allclose(row, scale * raw)
    assert scored(NOTHING).empty
    assert {"error", "inside"} <= set(scored(NOTHING).columns)


def test_coverage_by_years_ahead() -> None:
    inside = [True, True, True, False, True, False]
    found = coverage(pd.DataFrame({"horizon": [1, 1, 1, 1, 2, 2], "inside": inside}))
    assert found.to_dict("list") == {
        "horizon": [1, 2], "coverage": [0.75, 0.5], "cases": [4, 2],
    }  # fmt: skip


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


def test_past_forecasts_are_scored_with_spreads_that_grow_with_the_horizon() -> None:
    """Errors of twice the spread one year ahead, of none two years ahead: one spread for both."""
    every = pd.concat([record([2.0] * 30), record([0.0] * 30, horizon=2)], ignore_index=True)
    every["origin"] = np.r_[np.arange(30), np.arange(30)]
    wide = np.diff(quantiles_at(scored(every), [15, 83]))[:, 0]
    np.testing.assert_allclose(wide[:30], wide[30:])
    usual = every["quantiles"][0][83] - every["quantiles"][0][15]
    # One outcome year is left out; two standard deviations are half of `usual` each.
    one, two = (3 + 29 * (2 / (usual / 2)) ** 2) / (3 + 29), 0.5**2  # the least factor
    np.testing.assert_allclose(wide, np.sqrt((one + two) / 2) * usual)


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
    own = {key: pool_record(known[key], options) for key in list(known)[: TRIALS // 10]}
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


def test_an_outcome_year_counts_once_whatever_the_origin() -> None:
    """Errors of one outcome year share its shock, though made from different origins."""
    from scipy.stats import norm

    def row(origin: int, horizon: int, error: float) -> dict[str, object]:
        return {"series": "a/b", "origin": origin, "horizon": horizon, "actual": error,
                "at_pace": 0.0, "quantiles": norm.ppf(LEVELS)}  # fmt: skip

    made = pd.DataFrame([row(2000, 2, 2.0), row(2001, 1, 2.0), row(2001, 2, 0.5)])
    sd = (norm.ppf(0.84) - norm.ppf(0.16)) / 2
    expected = (PRIOR_YEARS + (2 / sd) ** 2 + (0.5 / sd) ** 2) / (PRIOR_YEARS + 2)
    assert pooled_factor(made) == pytest.approx(min(np.sqrt(expected), CAP))

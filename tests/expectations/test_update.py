"""What others expect moves a forecast as far as their record warrants, and no further."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.evidence.evidence import known_on
from forecast.evidence.problems import UserError
from forecast.expectations import update as outside
from forecast.expectations.forecasts import expectations, live, outcome, record
from forecast.expectations.outlook import Outlook
from forecast.expectations.update import Bearing, Constants, updated
from forecast.forecasting.model_pool import Options
from forecast.reconciliation.reconcile import reconcile, reconcile_all
from tests.worlds import statement, world

KNOWN = Constants(
    lead=np.array([0.0, 1.0, 2.0]),
    gain=np.array([0.9, 0.6, 0.4]),
    shift=np.array([0.0, 0.1, 0.2]),
    spread=np.array([0.5, 0.8, 0.9]),
    error=np.array([1.0, 2.0, 3.0]),
    across=0.4,
    between=0.9,
    persistence=0.5,
    price_spread=0.02,
)
ONE = np.ones(1)


def normal(n: int = 20_000, mean: float = 0.06, sd: float = 0.02) -> np.ndarray:
    return np.random.default_rng(7).normal(mean, sd, (n, 1))


def moved(*bearings: Bearing, known: Constants = KNOWN, state: np.ndarray | None = None):
    state = normal() if state is None else state
    return updated(state, bearings, known, np.random.default_rng(3))


def test_one_expectation_takes_over_the_learned_share_of_the_difference():
    """Closed form: centre + gain * difference + shift * sd, and the learned share of the spread."""
    after = moved(Bearing(ONE, 0.04, 1.0, 2026))
    assert after.mean() == pytest.approx(0.06 + 0.6 * (0.04 - 0.06) + 0.1 * 0.02, abs=3e-4)
    assert after.std() == pytest.approx(0.8 * 0.02, rel=0.02)


def test_lead_is_interpolated_and_ends_with_the_record():
    assert KNOWN.at(0.5) == pytest.approx((0.75, 0.05, 0.65, 1.5))
    assert KNOWN.at(9.0) == KNOWN.at(2.0)


def test_a_second_forecaster_of_the_same_opinion_adds_little():
    a = Bearing(ONE, 0.04, 1.0, 2026, "A")
    alone, both = moved(a), moved(a, replace(a, forecaster="B"))
    independent = moved(a, replace(a, forecaster="B"), known=replace(KNOWN, between=0.0))
    assert independent.std() < both.std() < alone.std()
    assert alone.std() - both.std() < 0.25 * (alone.std() - independent.std())


def test_the_less_sure_of_two_never_gets_a_negative_weight():
    """Where errors are alike, the least-squares weight of the worse one would be negative."""
    sure = Bearing(ONE, 0.05, 0.0, 2026, "A")
    vague = [Bearing(ONE, value, 2.0, 2026, "B") for value in (0.02, 0.08)]
    low, high = (moved(sure, other, known=replace(KNOWN, between=0.999)) for other in vague)
    assert low.mean() <= high.mean() + 1e-5


def test_a_range_and_a_poor_record_weigh_less_than_a_figure():
    figure = Bearing(ONE, 0.04, 1.0, 2026)
    still = moved(figure).mean()
    assert still < moved(replace(figure, range=0.03)).mean() < 0.06
    assert still < moved(replace(figure, factor=2.0)).mean() < 0.06


def test_an_expectation_far_off_counts_as_three_standard_deviations():
    near, far = (moved(Bearing(ONE, value, 1.0, 2026)).mean() for value in (0.12, 5.0))
    assert far == pytest.approx(near, abs=5e-4)


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-0.1, 0.2), st.floats(0.0, 5.0), st.floats(0.2, 0.99), st.floats(0.05, 1.0),
)  # fmt: skip
def test_the_centre_stays_between_ours_and_theirs_and_the_spread_never_grows(
    stated, lead, spread, gain
):
    known = replace(KNOWN, gain=np.full(3, gain), spread=np.full(3, spread), shift=np.zeros(3))
    state = normal(4000)
    after = moved(Bearing(ONE, stated, lead, 2026), known=known, state=state)
    low, high = sorted((float(np.median(state)), stated))
    slack = 0.06 * state.std()
    assert low - slack <= np.median(after) <= high + slack
    assert after.std() <= 1.05 * state.std()


# From rows to draws ------------------------------------------------------------------------------

YEARS = range(2005, 2026)


def expected(year: int, value: float, **fields) -> dict:
    usual = {
        "measure": "forecast_growth", "prices": "nominal", "status": "projection",
        "published": "2025-10-15", "basis": "",
    }  # fmt: skip
    return statement(year, value, **{**usual, **fields})


def rows(region: str = "city", growth: float = 1.07) -> list[dict]:
    wave = [1 + 0.01 * np.sin(2.1 * k) for k in range(len(YEARS))]
    return [
        statement(y, round(100 * growth**k * wave[k], 2), region=region)
        for k, y in enumerate(YEARS)
    ]


def outlook(evidence, outside: str = "all", past: pd.DataFrame | None = None) -> Outlook:
    return Outlook(evidence, reconcile_all(evidence), past, Options(outside=outside))


def draws(history, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    past = np.repeat(history.mean[None, :], n, axis=0)
    ahead = past[:, -1:] + np.cumsum(rng.normal(0.07, 0.02, (n, 2)), axis=1)
    return past, ahead


def growth(found) -> np.ndarray:
    return found.ahead[:, 0] - found.past[:, -1]


def test_bounds_of_one_day_are_a_range_and_the_newest_counts():
    evidence = world([
        *rows(), expected(2026, 4.0, published="2025-04-10"),
        expected(2026, 4.5, bound="lower", published="2025-10-15"),
        expected(2026, 5.0, bound="upper", published="2025-10-15"),
    ])  # fmt: skip
    every = expectations(evidence, "city", "gdp")
    assert [(e.low, e.high) for e in every] == [(4.0, 4.0), (4.5, 5.0)]
    (newest,) = live(evidence, reconcile(evidence, "city", "gdp"))
    assert newest.value == 4.75
    assert newest.lead == pytest.approx(
        (date(2026, 12, 31) - date(2025, 10, 15)).days / 365.25 - 0.2
    )


def test_an_expectation_is_known_from_the_day_of_its_publication():
    evidence = world([*rows(), expected(2026, 4.0)])
    assert expectations(known_on(evidence, date(2025, 10, 14)), "city", "gdp") == ()
    assert len(expectations(known_on(evidence, date(2025, 10, 15)), "city", "gdp")) == 1


def test_expected_growth_moves_the_draws_and_none_leaves_them():
    evidence = world([*rows(), expected(2026, 3.0)])
    history = reconcile(evidence, "city", "gdp")
    past, ahead = draws(history)
    found = outlook(evidence).combined(history, past, ahead)
    gain = outside.committed().at(found_lead(evidence))[0]
    theirs, ours = np.log(1.03), float(np.median(ahead[:, 0] - past[:, -1]))
    wanted = ours + gain * (theirs - ours)
    assert np.median(growth(found)) == pytest.approx(wanted, abs=0.002)
    assert found.seen["ours"].item() == pytest.approx(100 * np.expm1(ours), abs=1e-6)
    assert found.seen["combined"].item() == pytest.approx(
        100 * np.expm1(np.median(growth(found))), abs=1e-6
    )
    left = outlook(evidence, "none").combined(history, past, ahead)
    assert left.ahead is ahead
    assert left.seen.empty


def found_lead(evidence) -> float:
    return expectations(evidence, "city", "gdp")[0].lead


def test_real_growth_moves_nominal_growth_through_prices():
    """As far as prices, not real growth, make the spread, real growth has nothing to say of it."""
    evidence = world([*rows(), expected(2026, 1.0, prices="real")])
    nominal = world([*rows(), expected(2026, 1.0 + 2.0)])  # prices are expected to rise 2 %
    ends = []
    for known in (evidence, nominal):
        history = reconcile(known, "city", "gdp")
        past, ahead = draws(history)
        ends.append(np.median(growth(outlook(known).combined(history, past, ahead))))
    ours = np.median(draws(history)[1][:, 0]) - history.mean[-1]
    assert ends[1] < ends[0] < ours


def test_what_is_expected_of_the_region_above_moves_a_part_by_their_common_errors():
    above, city = rows("province", 1.06), rows()
    evidence = world([*above, *city, expected(2026, 1.0, region="province")])
    history = reconcile(evidence, "city", "gdp")
    past, ahead = draws(history)
    assert outlook(evidence).combined(history, past, ahead).seen.empty  # no errors are known
    before = np.median(ahead[:, 0] - past[:, -1])
    shifts = []
    for common in (0.0, 1.0):
        rng = np.random.default_rng(2)
        waves, own = rng.normal(size=30), rng.normal(size=30)
        errors = {"province/gdp": waves, "city/gdp": common * waves + (1 - common) * own}
        record_of = pd.DataFrame(
            [
                (key, 1990 + k, 1, float(z[k]), 0.0, np.linspace(-2.33, 2.33, 99))
                for key, z in errors.items()
                for k in range(30)
            ],
            columns=["series", "origin", "horizon", "actual", "at_pace", "quantiles"],
        )
        found = outlook(evidence, past=record_of).combined(history, past, ahead)
        assert list(found.seen["region"]) == ["province"]
        shifts.append(float(np.median(growth(found)) - before))
    assert shifts[1] < -0.003
    assert abs(shifts[0]) < 0.35 * abs(shifts[1])


def test_own_record_of_targets_is_shrunk_to_nothing_by_few_pairs():
    evidence = world([
        *rows(), expected(2024, 6.0, status="target", prices="real", published="2024-01-20"),
        statement(2024, 8.0, measure="growth", prices="real"),
    ])  # fmt: skip
    (pair,) = record(evidence)["target"]
    assert pair[1] == pytest.approx(100 * np.log(1.08 / 1.06))
    (e,) = expectations(evidence, "city", "gdp")
    assert outcome(evidence, e) == 8.0
    shift, factor = outlook(evidence)._own_record(e)
    assert shift == pytest.approx(np.log(1.08 / 1.06) / 11)
    assert 0.9 < factor < 1.2


def test_options_refuse_anything_but_all_and_none():
    with pytest.raises(UserError, match="outside is 'some'; expected all or none"):
        Options(outside="some")


def test_a_later_year_takes_nothing_from_what_is_expected_of_an_earlier_one():
    """Growth of two regions goes together year by year, however many years are expected."""
    years = {2026: 1.0, 2027: 5.0}
    above, city = rows("province", 1.06), rows()
    z = np.random.default_rng(2).normal(size=30)
    past_errors = pd.DataFrame(
        [
            (key, 1990 + k, 1, float(z[k]), 0.0, np.linspace(-2.33, 2.33, 99))
            for key in ("province/gdp", "city/gdp")
            for k in range(30)
        ],
        columns=["series", "origin", "horizon", "actual", "at_pace", "quantiles"],
    )
    shifts = []
    for end in years:
        told = [expected(y, v, region="province") for y, v in years.items() if y <= end]
        evidence = world([*above, *city, *told])
        history = reconcile(evidence, "city", "gdp")
        past, ahead = draws(history)
        found = outlook(evidence, past=past_errors).combined(history, past, ahead)
        assert len(found.seen) == len(told)
        shifts.append(float(np.median(growth(found)) - np.median(ahead[:, 0] - past[:, -1])))
    assert shifts[1] == pytest.approx(shifts[0], rel=0.3)


def test_of_a_running_year_theirs_is_no_surer_than_of_any_other():
    """What ours knows of the year already makes ours surer, not theirs: closed form."""
    state = normal(sd=0.005)
    bearing = Bearing(ONE, 0.055, 1.0, 2026, usual=0.02)
    after = moved(bearing, known=replace(KNOWN, shift=np.zeros(3)), state=state)
    h = (1 - 0.8**2) / 0.6
    noise = h * 0.8 * 0.02 / np.sqrt(1 - 0.8**2)
    gain = h * 0.005**2 / (h**2 * 0.005**2 + noise**2)
    assert after.mean() == pytest.approx(0.06 - gain * 0.005, abs=1e-4)
    assert after.std() == pytest.approx(0.005 * np.sqrt(1 - gain * h), rel=0.02)
    assert after.mean() > moved(replace(bearing, usual=0.0), state=state).mean()

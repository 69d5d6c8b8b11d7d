"""Kinds of target that are no yearly level: what they answer, and whether it comes true."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.evidence.evidence import Evidence
from forecast.facts import fact
from forecast.forecasting.floor import least
from forecast.forecasting.model_pool import Options
from forecast.report.language import language
from forecast.report.pages import shared
from forecast.report.pages.target import kinds
from forecast.report.text.markup import markdown
from forecast.targets.assess import assess
from forecast.targets.assessment import PARTS, Assessment
from forecast.targets.evidence_dates import known_until, last_complete_year
from forecast.targets.question import years_wanted
from forecast.targets.types import KINDS, count, legs, rank
from tests.targets.test_assess import MANY, levels
from tests.worlds import statement, world

QUICK = Options(400, families=("drift", "theta"), imputations=2)
COUNT = {"indicator": "friends", "unit": "count", "prices": "none"}
RANK = {"indicator": "place", "unit": "rank", "prices": "none"}
TIME = {"indicator": "time", "unit": "minutes", "prices": "none"}


def event(day: str, **fields: Any) -> dict[str, Any]:
    return statement(day, 1, measure="event", **COUNT, **fields)


def tally(day: str, number: float) -> dict[str, Any]:
    return statement(day, number, measure="count_to_date", **COUNT)


def ask(
    rows: list[dict[str, Any]], openings: pd.DataFrame | None = None, **goal: Any
) -> Assessment:
    evidence = world(rows or [statement(2024, 1.0)], **goal)
    if openings is not None:
        evidence = dataclasses.replace(evidence, openings=openings)
    return assess(evidence, "plan", "goal", QUICK, record=MANY)


def told(found: Assessment) -> str:
    return markdown(kinds.lead(language("en"), found))


def friends(rows: list[dict[str, Any]], **goal: Any) -> Assessment:
    return ask(rows, **{"kind": "count", "value": 10, "comparison": "exceed", **COUNT, **goal})


def places(rows: list[dict[str, Any]], **goal: Any) -> Assessment:
    wanted = {"kind": "rank", "value": 20, "comparison": "rank_within", **RANK, **goal}
    return ask(rows, **wanted)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_known_is_said_with_what_is_missing(kind: str) -> None:
    goal: dict[str, Any] = {"items": "city" if kind in ("legs", "markets") else ""}
    if kind == "comparison":
        goal |= {"reference_region": "province", "value": float("nan")}
    if kind in ("cumulative", "growth"):
        goal |= {"start": 2024}
    if kind == "ratio":
        goal |= {"per": "population", "unit": "元 / 人"}
    found = ask([statement(2024, 5.0, region="province", indicator="trade")], kind=kind, **goal)
    assert found.status == "not_assessable"
    reason = language("en").write(found.reason)
    assert reason.startswith(("An assessment requires", "No complete count"))
    assert found.probability is found.floor is found.standard_error is found.paths is None
    assert found.quantiles == found.first_year == {}
    assert len(found.missing) >= 1
    assert {m.indicator for m in found.missing} - {"population"} == {"gdp"}
    assert list(found.parts.columns)[: len(PARTS)] == list(PARTS)


# Counts -------------------------------------------------------------------------------------------


def test_dated_events_alone_are_a_lower_bound() -> None:
    rows = [event("2024-03-28"), event("2021-05-01"), event("2023-01-01", mark="conflict")]
    found = friends(rows)
    assert found.status == "partly_known"
    assert found.probability is None
    assert found.events == 1  # neither the one before the plan nor the doubtful one
    (missing,) = found.missing
    assert missing.what == fact("missing-count")


def test_enough_known_events_settle_it() -> None:
    rows = [event(f"2023-{m:02d}-01") for m in range(1, 12)]
    found = friends(rows)
    assert (found.status, found.probability) == ("already_met", 1.0)
    assert friends(rows[:10]).probability is None


def test_complete_count_gives_the_negative_binomial() -> None:
    from scipy.stats import nbinom

    found = friends([tally("2025-06-30", 6)])
    adopted, when, end = date(2022, 7, 2), date(2025, 6, 30), date(2027, 12, 31)
    exposure, ahead = (when - adopted).days, (end - when).days
    expected = nbinom.sf(4, 6.5, exposure / (exposure + ahead))
    assert found.probability_draws == pytest.approx(expected, abs=1e-6)
    assert found.floor == least(exposure / 365.25)
    assert found.standard_error == 0.0
    assert found.probability_low < found.probability < found.probability_high
    assert all(found.floor <= p <= 1 - found.floor for p in found.first_year.values())


def test_count_that_is_to_stay_low_may_still_do_so() -> None:
    from scipy.stats import nbinom

    found = friends([tally("2025-06-30", 6)], comparison="at_most")
    adopted, when, end = date(2022, 7, 2), date(2025, 6, 30), date(2027, 12, 31)
    share = (when - adopted).days / (end - adopted).days
    assert found.probability_draws == pytest.approx(nbinom.cdf(4, 6.5, share), abs=1e-6)
    assert friends([tally("2025-06-30", 11)], comparison="at_most").probability_draws == 0.0


def test_latest_count_counts_and_later_events_are_added() -> None:
    rows = [tally("2023-12-31", 1), tally("2025-06-30", 6)]
    assert friends(rows).probability == friends(rows[::-1]).probability
    later = friends([*rows, *[event(f"2025-{m:02d}-15") for m in (8, 9, 10)]])
    assert later.events == 9
    assert later.probability > friends(rows).probability
    # Events inside the count are in it already.
    inside = friends([*rows, event("2025-01-01")])
    assert inside.probability == friends(rows).probability


@given(
    st.integers(0, 12), st.integers(0, 30), st.sampled_from(["at_least", "exceed", "at_most"]),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_count_answers_are_ordered_probabilities(number: int, value: int, comparison: str) -> None:
    one, more = (
        friends([tally("2025-06-30", n)], value=value, comparison=comparison)
        for n in (number, number + 1)
    )
    assert 0 <= one.probability <= 1
    harder = one.probability >= more.probability
    assert harder if comparison == "at_most" else one.probability <= more.probability


def test_predictive_covers_as_it_says() -> None:
    """Rates from quiet to busy: 90 % of what comes lies below the 90 % quantile, or more."""
    rng = np.random.default_rng(1)
    covered = []
    for rate in (0.5, 1.0, 2.0, 4.0):
        for seen, comes in zip(rng.poisson(rate * 4, 300), rng.poisson(rate * 2, 300), strict=True):
            weights = count.predictive(int(seen), 4.0, 2.0)
            below = np.cumsum(weights)[min(int(comes), len(weights) - 1)]
            here = weights[min(int(comes), len(weights) - 1)]
            covered.append(below - rng.uniform() * here)  # randomised probability transform
    shares = [np.mean(np.array(covered) < level) for level in (0.1, 0.5, 0.9)]
    np.testing.assert_allclose(shares, (0.1, 0.5, 0.9), atol=0.04)


def test_predictive_is_the_gamma_mixture_of_poissons() -> None:
    """Four events in four years: the rate is Gamma(4.5, 4), further events in two years Poisson."""
    from scipy import integrate, stats

    weights = count.predictive(4, 4.0, 2.0)
    rate = stats.gamma(4.5, scale=1 / 4)
    for k in range(6):
        mixed, _ = integrate.quad(lambda r, k=k: rate.pdf(r) * stats.poisson.pmf(k, 2 * r), 0, 20)
        assert weights[k] == pytest.approx(mixed, abs=1e-7)
    mean = float((np.arange(len(weights)) * weights).sum())
    assert mean == pytest.approx(4.5 / 4 * 2, abs=1e-5)


def test_too_many_known_events_miss_an_upper_limit() -> None:
    rows = [event(f"2023-{m:02d}-01") for m in range(1, 12)]
    found = friends(rows, comparison="at_most")
    assert (found.status, found.probability) == ("assessed", 0.0)
    assert told(found).startswith("**Not met, as published.**")


# Ranks --------------------------------------------------------------------------------------------


def test_one_edition_is_too_little() -> None:
    found = places([statement(2023, 50, **RANK)])
    assert found.status == "partly_known"
    assert found.probability is None
    assert len(found.missing) == 1
    (said,) = found.told()  # of the list, for no edition stands behind a chance
    assert (said.message, said.args["n"], said.args["rank"]) == ("kind-rank-lists", 1, 50)


def test_doubtful_editions_and_other_indices_do_not_count() -> None:
    rows = [statement(2023, 50, **RANK), statement(2024, 40, mark="low_quality", **RANK)]
    found = places(rows)
    assert found.probability is None
    assert found.parts["state"].tolist() == ["not met", "unknown"]


def test_ranks_walk_in_both_directions() -> None:
    near = places([statement(y, r, **RANK) for y, r in ((2022, 30), (2023, 27), (2024, 24))])
    far = places([statement(y, r, **RANK) for y, r in ((2022, 90), (2023, 87), (2024, 84))])
    assert 0.2 < near.probability < 0.5
    assert far.probability_draws < 0.05
    assert far.probability == far.floor == least(3)  # three editions
    assert near.quantiles[0.05] >= 1
    inside = places([statement(y, r, **RANK) for y, r in ((2023, 22), (2024, 15))])
    assert inside.status == "already_met"
    assert 0.5 < inside.probability < 1


@given(st.lists(st.integers(1, 300), min_size=2, max_size=6), st.integers(1, 100))
@settings(max_examples=40, deadline=None)
def test_rank_answers_are_probabilities(ranks: list[int], limit: int) -> None:
    found = places([statement(2018 + i, r, **RANK) for i, r in enumerate(ranks)], value=limit)
    assert 0 <= found.probability <= 1
    quantiles = list(found.quantiles.values())
    assert quantiles == sorted(quantiles)
    assert min(quantiles) >= 1


def test_intervals_of_ranks_hold() -> None:
    """Walks with steps of 15 to 40 percent, five editions seen: 90 % intervals hold 90 %."""
    rng = np.random.default_rng(2)
    held = []
    for _ in range(1500):
        step = rng.uniform(0.15, 0.4)
        path = np.exp(np.log(60) + np.cumsum(rng.standard_normal(8) * step))
        seen = np.maximum(np.round(path), 1)
        scale, freedom = rank.walk(np.arange(5), seen[:5])
        low, high = (rank.quantile(seen[4], p, 3, scale, freedom) for p in (0.05, 0.95))
        held.append(low <= seen[7] <= high)
    assert 0.87 < np.mean(held) < 0.95


def test_last_of_several_editions_is_where_the_rank_starts_from() -> None:
    editions = {2021: 40, 2022: 35, 2024: 24}
    rows = [statement(year, place, **RANK) for year, place in editions.items()]
    found = places(rows)
    assert (found.last, found.last_year, found.editions) == (24, 2024, 3)
    scale, freedom = rank.walk(np.array([*editions]), np.array([*editions.values()], float))
    assert found.probability_draws == pytest.approx(rank.chance(24, 20, 3, scale, freedom))
    assert found.quantiles[0.5] == 24
    assert found.quantiles[0.95] == rank.quantile(24, 0.95, 3, scale, freedom)


def test_chance_of_a_rank_by_hand() -> None:
    """A rank stands for the half place around it: "within 10" ends halfway to 11."""
    from scipy.stats import t

    expected = t.cdf(np.log(10.5 / 12) / (0.2 * np.sqrt(2)), 5)
    assert rank.chance(12, 10, 2, 0.2, 5) == pytest.approx(expected)
    assert rank.chance(10, 10, 1, 0.2, 5) == pytest.approx(t.cdf(np.log(1.05) / 0.2, 5))
    assert rank.chance(10, 10, 1, 0.2, 5) > 0.55  # more than an even chance to stay
    assert (rank.chance(10, 10, 0, 0.2, 5), rank.chance(11, 10, 0, 0.2, 5)) == (1.0, 0.0)
    # Within any rank or beyond it: the rest of the distribution begins at the same half place.
    beyond = t.sf(np.log(10.5 / 12) / (0.2 * np.sqrt(2)), 5)
    assert rank.chance(12, 10, 2, 0.2, 5) + beyond == pytest.approx(1.0)


def test_scale_of_a_walk_by_hand() -> None:
    steps = np.log([24 / 30, 20 / 24])
    scale, freedom = rank.walk(np.array([2020, 2021, 2023]), np.array([30.0, 24.0, 20.0]))
    square = 3 * 0.3**2 + steps[0] ** 2 + steps[1] ** 2 / 2
    assert (scale, freedom) == (pytest.approx(np.sqrt(square / 5)), 5.0)


@given(st.integers(1, 120), st.integers(1, 5), st.floats(0.02, 0.98))
def test_quantiles_and_chances_of_a_rank_agree(last: int, ahead: int, level: float) -> None:
    at = rank.quantile(last, level, ahead, 0.3, 4)
    assert rank.chance(last, at, ahead, 0.3, 4) >= level - 1e-9
    if at > 1:
        assert rank.chance(last, at - 1, ahead, 0.3, 4) <= level + 1e-9


# Journeys -----------------------------------------------------------------------------------------


def openings(*rows: tuple[str, str, float, str, str, str]) -> pd.DataFrame:
    columns = ["region", "project", "minutes", "earliest", "likely", "latest"]
    return pd.DataFrame(rows, columns=columns).assign(
        opening=[f"o{i}" for i in range(len(rows))], source="book", published="2025", note=""
    )


CIRCLE = {"kind": "legs", "items": "city;province", "value": 120, "comparison": "at_most", **TIME}


@pytest.mark.parametrize(
    ("value", "bound", "state"),
    [
        (101, "", "met"), (120, "", "met"), (121, "", "not met"), (120, "upper", "met"),
        (150, "upper", "unknown"), (120, "lower", "not met"), (90, "lower", "unknown"),
    ],
)  # fmt: skip
def test_state_of_a_journey(value: float, bound: str, state: str) -> None:
    found = ask([statement(2023, value, bound=bound, **TIME)], **CIRCLE)
    assert found.parts["state"].tolist() == [state, "unknown"]
    assert found.probability is None
    assert "province" in {m.region for m in found.missing}
    known = {"met": "1 of 2 met, 1 not known", "not met": "0 of 2 met, 1 not known"}
    assert kinds.brief(language("en"), found) == known.get(state, "none of 2 known")


def test_later_statement_decides_unless_it_says_nothing() -> None:
    rows = [statement(2020, 180, **TIME), statement(2024, 110, **TIME)]
    assert ask(rows, **CIRCLE).parts["state"][0] == "met"
    rows = [statement(2020, 100, **TIME), statement(2024, 150, bound="upper", **TIME)]
    assert ask(rows, **CIRCLE).parts["state"][0] == "met"


def test_every_journey_within_the_time() -> None:
    rows = [statement(2024, 100, region=r, **TIME) for r in ("city", "province")]
    found = ask(rows, **CIRCLE)
    assert (found.status, found.probability) == ("already_met", 1.0)


def test_opening_dates_decide_the_rest() -> None:
    rows = [statement(2024, 100, **TIME), statement(2024, 150, region="province", **TIME)]
    plan = openings(("province", "line", 110, "2026-01-01", "2027-12-31", "2029-12-31"))
    found = ask(rows, plan, **CIRCLE)
    assert found.status == "assessed"
    # Of a triangle with its peak halfway along, half lies before the peak.
    assert found.probability == pytest.approx(0.5, abs=0.06)
    slow = ask(rows, plan.assign(minutes=130.0), **CIRCLE)
    assert slow.parts["state"].tolist() == ["met", "not met"]
    assert slow.probability_draws == ask(rows, **CIRCLE).probability_draws < 0.05
    assert "no announced line changes that by 2027" in told(slow)
    bounded = [rows[0], {**rows[1], "bound": "lower"}]  # no time to start from
    assert ask(bounded, plan.assign(minutes=130.0), **CIRCLE).status == "partly_known"


def test_a_line_that_has_not_opened_is_not_met_as_published() -> None:
    rows = [statement(2024, 100, **TIME), statement(2024, 150, region="province", **TIME)]
    sure = ask(rows, openings(("province", "line", 110, "2026", "2026", "2026")), **CIRCLE)
    assert (sure.status, sure.probability_draws) == ("assessed", 1.0)
    assert sure.probability == 1 - least(2)  # announced, not opened: two journeys say so
    assert "Met, as published" not in told(sure)
    late = ask(rows, openings(("province", "line", 110, "2028", "2029", "2030")), **CIRCLE)
    assert late.parts["state"].tolist() == ["met", "not met"]
    done = ask([{**row, "value": 100.0} for row in rows], **CIRCLE)
    assert told(done).startswith("**Met, as published.**")


def test_timetables_change_as_little_as_they_have() -> None:
    """The chance without a line, by hand: one change seen, beside a prior worth three."""
    from scipy.stats import t

    rows = [
        statement(2020, 130, **TIME), statement(2024, 125, **TIME),
        statement(2024, 125, mark="conflict", region="province", **TIME),
        statement(2024, 100, region="province", **TIME),
    ]  # fmt: skip
    square = (3 * 0.03**2 + np.log(125 / 130) ** 2 / 4) / 4
    expected = t.cdf(np.log(120 / 125) / np.sqrt(square * 3), 4)
    found = ask(rows, **CIRCLE)
    assert found.probability_draws == pytest.approx(expected)
    assert found.parts["chance"][0] == pytest.approx(np.clip(expected, found.floor, 1))
    assert found.standard_error == pytest.approx(0.0, abs=1e-12)
    assert found.mean == pytest.approx(1 + expected)
    # Three legs: the shared line's date, times the walk of the one without a line.
    both = [*rows[:2], statement(2024, 125, region="province", **TIME)]
    line = openings(("province", "line", 110, "2026-01-01", "2027-12-31", "2029-12-31"))
    joint = ask(both, line, **CIRCLE)
    by_line = joint.parts["chance"][1]
    assert joint.floor < by_line < 1 - joint.floor
    assert joint.probability_draws == pytest.approx(expected * by_line)
    # Two timetables: independent of one another, or as Fréchet's bounds have it.
    one = t.cdf(np.log(124.5 / 125) / np.sqrt(square * 3), 4)
    two = ask(both, **{**CIRCLE, "value": 124.5})
    assert two.probability_draws == pytest.approx(one**2)
    assert two.probability_low == max(2 * one - 1, two.floor)
    assert two.probability_high == pytest.approx(one)


def test_fastest_journey_of_a_year_is_its_time() -> None:
    rows = [
        statement(2020, 130, **TIME), statement(2020, 140, **TIME), statement(2022, 120, **TIME),
        statement(2022, 119, bound="lower", **TIME), statement(2025, 110, **TIME),
    ]  # fmt: skip
    found = legs.changes(world(rows), "time")
    np.testing.assert_allclose(found, [[np.log(120 / 130), 2], [np.log(110 / 120), 3]])


@pytest.mark.parametrize("ahead", [1, 4])
def test_chance_of_a_journey_by_hand(ahead: int) -> None:
    """Student-t with three degrees of freedom has a closed form; one step is 1.5 scales here."""
    x = -1.5 / np.sqrt(ahead) / np.sqrt(3)
    expected = 0.5 + (x / (1 + x**2) + np.arctan(x)) / np.pi
    assert legs.within(125, 120, ahead, np.log(125 / 120) / 1.5, 3.0) == pytest.approx(expected)


def test_a_timetable_of_the_target_year_decides() -> None:
    assert (legs.within(125, 120, 0, 0.03, 3.0), legs.within(120, 120, 0, 0.03, 3.0)) == (0.0, 1.0)


def test_journeys_over_one_project_open_together() -> None:
    rows = [statement(2024, 150, region=r, **TIME) for r in ("city", "province")]
    dates = (110, "2026-01-01", "2027-12-31", "2029-12-31")
    shared = ask(rows, openings(("city", "line", *dates), ("province", "line", *dates)), **CIRCLE)
    apart = ask(rows, openings(("city", "a", *dates), ("province", "b", *dates)), **CIRCLE)
    assert shared.probability == pytest.approx(0.5, abs=0.06)
    assert apart.probability_draws == pytest.approx(0.25, abs=0.06)
    assert apart.mean == pytest.approx(1.0, abs=0.1)


def test_opening_day_stays_between_its_ends() -> None:
    row = openings(("city", "line", 110, "2026-03", "2026-09", "2027")).iloc[0]
    days = legs.opening_day(row, 2000, np.random.default_rng(0))
    assert days.min() >= date(2026, 3, 1).toordinal()
    assert days.max() <= date(2027, 12, 31).toordinal()


# Markets, comparisons, sums -----------------------------------------------------------------------


def in_province(rows: list[dict[str, Any]], factor: float = 1.0) -> list[dict[str, Any]]:
    return [{**row, "region": "province", "value": factor * row["value"]} for row in rows]


def test_markets_are_joined_as_if_independent() -> None:
    limit = ask(levels()).quantiles[0.5]  # a coin toss each
    rows = [*levels(), *in_province(levels())]
    found = ask(rows, kind="markets", items="city;province", value=limit)
    one, other = found.parts["chance"]
    assert one == pytest.approx(0.5, abs=0.25)  # the draws are all but on a line near the middle
    assert found.status == "assessed"
    assert found.probability_draws == pytest.approx(one * other)
    assert found.probability_low <= found.probability <= found.probability_high
    assert found.probability_high == pytest.approx(min(one, other))


def test_market_without_figures_is_named() -> None:
    found = ask(levels(), kind="markets", items="city;province", value=150.0)
    assert found.status == "partly_known"
    assert found.probability is None
    assert {m.region for m in found.missing} == {"province"}
    assert found.parts["value"].notna().tolist() == [True, False]
    assert found.parts["state"].tolist() == ["forecast", "unknown"]


@pytest.mark.parametrize(("factor", "low", "high"), [(0.5, 0.9, 1.0), (1.0, 0.2, 0.8), (2, 0, 0.1)])
def test_comparison_of_two_series(factor: float, low: float, high: float) -> None:
    goal = {"kind": "comparison", "reference_region": "province", "value": float("nan")}
    found = ask([*levels(), *in_province(levels(), factor)], **goal)
    assert found.status == ("assessed" if factor > 1 else "already_met")
    assert low <= found.probability <= high
    assert found.quantiles[0.5] == pytest.approx(100 / factor, rel=0.05)


def test_comparison_with_one_series_is_partly_known() -> None:
    goal = {"kind": "comparison", "reference_region": "province", "value": float("nan")}
    found = ask(levels(), **goal)
    assert found.status == "partly_known"
    assert {m.region for m in found.missing} == {"province"}


def test_sum_over_years() -> None:
    values = [float(row["value"]) for row in levels()]
    middle = ask(levels(), kind="cumulative", start=2024, value=1.0).quantiles[0.5]
    each = [ask(levels(), year=year).quantiles[0.5] for year in (2025, 2026, 2027)]
    assert middle == pytest.approx(values[-1] + sum(each), rel=0.01)
    found = {
        share: ask(levels(), kind="cumulative", start=2024, value=share * middle)
        for share in (0.8, 1.0, 1.2)
    }
    assert found[0.8].probability > 0.9
    assert found[1.0].probability == pytest.approx(0.5, abs=0.01)
    assert found[1.2].probability < 0.1
    assert found[1.0].parts["part"].tolist() == ["2024", "2025", "2026", "2027"]
    assert found[1.0].done == pytest.approx(values[-1], rel=0.01)


def test_sum_already_reached_is_said() -> None:
    found = ask(levels(), kind="cumulative", start=2020, value=500.0)
    assert found.status == "already_met"
    assert found.probability > 0.9


@pytest.mark.parametrize(
    ("comparison", "factor", "year", "met"),
    [("at_least", 1.2, 2021, False), ("at_least", 1.0, 2021, True), ("exceed", 1.0, 2021, False),
     ("at_most", 0.9, 2021, False), ("at_most", 1.0, 2021, True), ("at_most", 0.9, 2026, False)],
)  # fmt: skip
def test_sum_that_published_years_decide_is_certain(
    comparison: str, factor: float, year: int, met: bool
) -> None:
    values = {int(row["period"]): float(row["value"]) for row in levels()}
    goal: dict[str, Any] = {"kind": "cumulative", "start": 2020, "comparison": comparison}
    limit = round(factor * (values[2020] + values[2021]), 2)
    found = ask(levels(), value=limit, year=year, **goal)
    assert (found.probability, found.floor) == (float(met), None)
    assert told(found).startswith("**Met, as" if met else "**Not met, as")


def test_sum_ends_with_its_last_year() -> None:
    """A sum over 2020 and 2021 takes no later year in."""
    values = {int(row["period"]): float(row["value"]) for row in levels()}
    whole = values[2020] + values[2021]
    goal: dict[str, Any] = {"kind": "cumulative", "start": 2020, "year": 2021}
    short = ask(levels(), value=1.2 * whole, **goal)
    assert short.status == "assessed"
    assert short.probability < 0.1
    assert short.done == pytest.approx(whole, rel=0.01)
    assert "From 2020 to 2021 the sum came to" in told(short)
    assert ask(levels(), value=0.9 * whole, **goal).status == "already_met"


def test_sum_below_an_upper_limit_is_not_met_before_the_end() -> None:
    low = ask(levels(), kind="cumulative", start=2020, value=5000.0, comparison="at_most")
    assert low.status == "assessed"


def test_only_published_years_settle_a_sum() -> None:
    rows = [row for row in levels() if row["period"] not in ("2021", "2022")]
    values = {int(row["period"]): float(row["value"]) for row in rows}
    whole = sum(v for y, v in values.items() if y >= 2020)
    found = ask(rows, kind="cumulative", start=2020, value=1.2 * whole)
    assert found.status == "assessed"
    assert set(found.parts["state"]) == {"known", "estimated", "forecast"}
    assert "2021 and 2022 are estimates." in told(found)
    assert ask(rows, kind="cumulative", start=2020, value=0.9 * whole).status == "already_met"


@pytest.mark.parametrize(
    ("comparison", "value", "said"),
    [
        ("at_least", float("nan"), "at least the figure of Province"),
        ("at_least", 80.0, "at least 80% of the figure of Province"),
        ("exceed", 80.0, "more than 80% of the figure of Province"),
        ("at_most", 120.0, "at most 120% of the figure of Province"),
        ("about", 100.0, "about 100% of the figure of Province"),
    ],
)  # fmt: skip
def test_title_of_a_comparison_says_what_is_asked(comparison: str, value: float, said: str) -> None:
    tolerance = 5.0 if comparison == "about" else float("nan")
    goal = {"kind": "comparison", "reference_region": "province", "tolerance": tolerance}
    found = ask(levels(), comparison=comparison, value=value, **goal)
    assert shared.title(language("en"), found) == f"Goal: {said} in 2027"


def test_comparison_is_with_a_percentage_of_the_other_figure() -> None:
    goal = {"kind": "comparison", "reference_region": "province"}
    rows = [*levels(), *in_province(levels(), 1 / 0.8)]  # the city is at 80 percent
    chance = {
        (comparison, value): ask(
            rows, comparison=comparison, value=value, **goal
        ).probability
        for comparison, value in (
            ("at_least", 60.0), ("at_least", 100.0), ("at_most", 60.0), ("at_most", 100.0),
        )
    }  # fmt: skip
    assert chance["at_least", 60.0] > 0.9 > 0.1 > chance["at_least", 100.0]
    assert chance["at_most", 60.0] < 0.1 < 0.9 < chance["at_most", 100.0]
    even = ask([*levels(), *in_province(levels())], comparison="about", tolerance=10.0,
               value=float("nan"), **goal)  # fmt: skip
    assert even.probability > 0.75  # the tolerance holds without a value too


def test_sum_from_before_everything_known_names_the_years() -> None:
    found = ask(levels(), kind="cumulative", start=2010, value=500.0)
    assert found.status == "not_assessable"
    assert [m.period for m in found.missing] == ["2010", "2011"]


# What is missing ----------------------------------------------------------------------------------


def dated(day: str, period: str = "2024") -> Evidence:
    return world([statement(period, 1.0, published=day)])


def test_data_know_the_world_up_to_their_newest_date() -> None:
    assert known_until(dated("2025-03-04")) == date(2025, 3, 4)
    assert known_until(dated("")) == date(2024, 12, 31)
    assert last_complete_year(dated("2025-03-04")) == 2024
    assert last_complete_year(dated("2025-02-04")) == 2023
    seen = dataclasses.replace(dated("2025-03-04"), as_of=date(2020, 6, 1))
    assert last_complete_year(seen) == 2019


def test_years_wanted_would_be_enough() -> None:
    assert years_wanted(None, 2025) == [2023, 2024, 2025]
    found = ask(levels(n=2), year=2027)  # 2012 and 2013
    wanted = [int(m.period) for m in found.missing]
    assert wanted == sorted(wanted)
    rows = [*levels(n=2), *[statement(y, 100.0 * 1.07 ** (y - 2012)) for y in wanted]]
    assert ask(rows, year=2027).probability is not None
    fewer = ask([row for row in rows if row["period"] != str(wanted[0])], year=2027)
    assert fewer.probability is None

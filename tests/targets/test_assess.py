from __future__ import annotations

import dataclasses
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.evidence.comparisons import Criterion
from forecast.evidence.evidence import Evidence
from forecast.forecasting.floor import least
from forecast.forecasting.model_pool import Draws, Options
from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import reconcile
from forecast.report.language import language
from forecast.report.pages import overview, shared
from forecast.report.pages.target import kinds
from forecast.report.pages.target.uncertainty import ever, uncertainty
from forecast.report.text.markup import markdown
from forecast.targets import pseudo_targets, question
from forecast.targets.assess import assess
from forecast.targets.assessment import QUANTILES, Assessment, growth, threshold
from forecast.targets.question import Question
from forecast.targets.types import KINDS, kind, level
from forecast.verification.reference_record import own, panels_of, reference_record
from forecast.verification.track_record import RECORD
from tests import builders
from tests.verification.test_track_record import record
from tests.worlds import statement, world

QUICK = Options(400, families=("drift", "theta"), imputations=2)
SHARE = {"indicator": "share", "unit": "%", "prices": "none"}
FIRST = 2012


def levels(growth: float = 1.07, n: int = 13, first: float = 100.0) -> list[dict[str, Any]]:
    return [statement(FIRST + i, round(first * growth**i, 2)) for i in range(n)]


def known(rows: list[dict[str, Any]] | None = None, **target: Any) -> Evidence:
    """Return a world whose last published year is 2024."""
    return world(levels() if rows is None else rows, **target)


#: Forty past years at every horizon: no probability between 1/42 and 41/42 is held back.
MANY = pd.concat([record(np.zeros(40), horizon=h) for h in (1, 2, 3)], ignore_index=True)


def answer(
    monkeypatch: pytest.MonkeyPatch, draws: np.ndarray | dict[str, np.ndarray], **target: Any
) -> Assessment:
    """Answer a target on draws made by hand, for the years after 2024."""
    by_family = draws if isinstance(draws, dict) else {"drift": draws}
    by_family = {name: np.asarray(d, float) for name, d in by_family.items()}
    horizon = next(iter(by_family.values())).shape[1]
    paths = Draws(np.arange(2025, 2025 + horizon), by_family, np.ones(horizon), {})
    monkeypatch.setattr(question, "simulate", lambda *_: paths)
    return assess(known(year=2024 + horizon, **target), "plan", "goal", QUICK, record=MANY)


# Threshold ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comparison", "tolerance", "expected"),
    [
        ("at_least", np.nan, 200.0),
        ("exceed", np.nan, 200.0),
        ("at_most", np.nan, 200.0),
        ("rank_within", np.nan, 200.0),
        ("about", 5.0, 190.0),
        ("about", 0.0, 200.0),
        ("about", 12.5, 175.0),
    ],
)
def test_threshold(comparison: str, tolerance: float, expected: float) -> None:
    row = pd.Series({"comparison": comparison, "value": 200.0, "tolerance": tolerance})
    assert threshold(row) == pytest.approx(expected)


def test_every_kind_and_comparison_of_the_schema_is_known() -> None:
    fields = {field["name"]: field for field in builders.fields("targets")}
    assert set(fields["kind"]["constraints"]["enum"]) == set(KINDS)
    for comparison in fields["comparison"]["constraints"]["enum"]:
        assert Criterion(comparison, 1.5, 2.5).met(np.array([1.0, 2.0])).sum() == 1


# Probability --------------------------------------------------------------------------------------

DRAWS = np.array([[100.0, 90.0], [100.0, 150.0], [200.0, 199.0], [260.0, 200.0], [260.0, 260.0]])


@pytest.mark.parametrize(
    ("comparison", "expected"), [("at_least", 0.4), ("exceed", 0.2), ("at_most", 0.8)]
)
def test_probability_is_the_share_of_draws_in_the_target_year(
    monkeypatch: pytest.MonkeyPatch, comparison: str, expected: float
) -> None:
    found = answer(monkeypatch, DRAWS, value=200.0, comparison=comparison)
    assert found.probability_draws == found.probability == pytest.approx(expected)


def test_tolerance_counts_for_about_and_strict_does_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = answer(monkeypatch, DRAWS, value=200.0, comparison="about", tolerance=5.0)
    assert (found.threshold, found.value) == (190.0, 200.0)
    assert found.probability == pytest.approx(0.6)
    assert found.probability_strict == pytest.approx(0.4)
    assert answer(monkeypatch, DRAWS, value=190.0).probability_strict is None


def test_families_are_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = {"drift": [[300.0]] * 8 + [[100.0]] * 2, "theta": [[300.0]] * 4 + [[100.0]] * 6}
    found = answer(monkeypatch, {name: np.array(d) for name, d in draws.items()}, value=200.0)
    assert found.by_family == {"drift": 0.8, "theta": 0.4}
    assert (found.probability_low, found.probability_high) == (0.4, 0.8)
    assert found.probability == pytest.approx(0.6)
    # Two strata of ten, each with its own binomial variance.
    expected = np.sqrt(0.8 * 0.2 / 10 + 0.4 * 0.6 / 10) / 2
    assert found.standard_error == pytest.approx(expected)


def test_quantiles_are_those_of_the_target_year(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = np.column_stack([np.zeros(101), np.arange(101.0) + 500])
    found = answer(monkeypatch, ahead, value=200.0)
    assert found.quantiles == {q: pytest.approx(500 + 100 * q) for q in QUANTILES}


@pytest.mark.parametrize("cases", [0, 9])
def test_record_of_the_reference_panels_sets_the_floor_where_past_cases_are_few(
    monkeypatch: pytest.MonkeyPatch, cases: int
) -> None:
    monkeypatch.setattr(
        question, "simulate",
        lambda *_: Draws(np.array([2025, 2026]), {"drift": DRAWS}, np.ones(2), {}),
    )  # fmt: skip
    few = record(np.zeros(cases), horizon=2)
    found = assess(known(value=1.0, year=2026), "plan", "goal", QUICK, record=few)
    panels = reference_record(("flow",))
    assert found.probability == 1 - found.floor
    assert len(own(found.record)) == cases
    assert panels_of(found.record) == panels_of(panels)
    assert len(found.record) == cases + len(panels)
    alone = pseudo_targets.least(panels, 2)
    assert found.floor == pytest.approx(alone) if not cases else 0 < found.floor <= alone


@pytest.mark.parametrize("cases", [10, 98])
@pytest.mark.parametrize("value", [1e-3, 1e9])
def test_no_probability_is_nearer_to_0_or_1_than_the_past_cases_support(
    monkeypatch: pytest.MonkeyPatch, cases: int, value: float
) -> None:
    # No surprise among the cases: the upper limit of 80 % after none, and a uniform prior.
    cases_record, floor = record(np.zeros(cases), horizon=2), 1 - 0.2 ** (1 / (cases + 1))
    monkeypatch.setattr(
        question, "simulate",
        lambda *_: Draws(np.array([2025, 2026]), {"drift": DRAWS}, np.ones(2), {}),
    )  # fmt: skip
    evidence = known(value=value, year=2026, comparison="about", tolerance=5.0)
    found = assess(evidence, "plan", "goal", QUICK, record=cases_record)
    assert found.floor == pytest.approx(floor)
    certain = value < 1
    assert found.probability_draws == float(certain)
    expected = pytest.approx(1 - floor if certain else floor)
    assert found.probability == expected
    assert found.probability_strict == expected
    assert found.probability_low == found.probability_high == expected


def test_only_cases_of_the_same_horizon_or_the_longest_set_the_floor() -> None:
    numbers = {1: 98, 2: 48, 5: 18}
    every = pd.concat([record(np.zeros(n), horizon=h) for h, n in numbers.items()])
    every = every.reset_index(drop=True)
    floors = [
        assess(known(year=2024 + h), "plan", "goal", QUICK, record=every).floor
        for h in (1, 2, 5, 8)
    ]
    assert floors == pytest.approx([least(n) for n in (98, 48, 18, 18)])


# Ever, and when first -----------------------------------------------------------------------------


def test_first_year(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = np.array(
        [
            [210.0, 180.0, 180.0],  # met once, lost again
            [180.0, 210.0, 220.0],
            [180.0, 210.0, 150.0],
            [180.0, 180.0, 200.0],
            [180.0, 180.0, 199.9],
        ]
    )  # fmt: skip
    found = answer(monkeypatch, 2 * draws, value=400.0)
    assert found.first_year == pytest.approx({"2025": 0.2, "2026": 0.4, "2027": 0.2, "never": 0.2})
    assert found.probability_ever == pytest.approx(0.8)
    assert found.probability == pytest.approx(0.4)
    assert found.status == "assessed"


def test_already_met_when_the_last_known_year_meets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    last = levels()[-1]["value"]
    found = answer(monkeypatch, [[last * 0.9], [last * 1.1]], value=last * 0.97)
    assert found.status == "already_met"
    assert found.probability == 0.5  # that it stays
    assert found.first_year == {"2024": 1.0, "never": 0.0}
    assert found.probability_ever == 1.0
    assert found.required is not None
    assert found.required < 0
    assert answer(monkeypatch, [[1.0]], value=last * 1.01).status == "assessed"


def test_year_before_the_plan_does_not_count_as_first() -> None:
    """The plan was adopted in 2022; 2021 met the target, and 2022 or not."""
    values = [100.0, 98.0, 101.0, 103.0, 99.0, 100.0, 104.0, 101.0, 105.0, 111.0]
    found = []
    for of_2022 in (112.0, 105.0):
        rows = [statement(2012 + i, v) for i, v in enumerate([*values, of_2022, 104.0, 100.0])]
        evidence = known(rows, value=108.0, year=2026)
        found.append(assess(evidence, "plan", "goal", QUICK, record=MANY))
    assert found[0].first_year == {"2022": 1.0, "never": 0.0}
    assert found[0].probability_ever == 1.0  # it is known, although it was lost again
    assert set(found[1].first_year) == {"2025", "2026", "never"}
    assert [a.status for a in found] == ["assessed", "assessed"]


def test_falling_target(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = np.array([[95.0], [130.0], [140.0], [150.0]])
    found = answer(monkeypatch, draws, value=120.0, comparison="at_most")
    assert found.probability == pytest.approx(0.25)
    assert found.required is not None
    assert found.required < 0


# Growth -------------------------------------------------------------------------------------------


def test_growth_needed_leads_from_the_last_level_to_the_threshold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = answer(monkeypatch, np.ones((5, 3)), value=400.0, comparison="about", tolerance=10.0)
    assert found.required is not None
    assert found.history is not None
    last = found.history.values()[-1]
    assert last * (1 + found.required / 100) ** 3 == pytest.approx(360.0)
    assert found.achieved == {3: pytest.approx(7.0, abs=0.1), 5: pytest.approx(7.0, abs=0.1)}


def test_growth_of_a_share_is_in_percentage_points() -> None:
    rows = [statement(2015 + i, 2.0 + 0.1 * i, **SHARE) for i in range(10)]
    goal = {"indicator": "share", "unit": "%", "value": 3.4, "year": 2027}
    found = assess(world(rows, **goal), "plan", "goal", QUICK, record=MANY)
    assert found.required == pytest.approx((3.4 - 2.9) / 3, abs=0.01)
    assert found.achieved == {3: pytest.approx(0.1, abs=0.01), 5: pytest.approx(0.1, abs=0.01)}
    assert found.paths is not None
    assert found.paths.pooled.max() < 100


@given(st.floats(1.0, 1e5), st.floats(-20, 30), st.integers(1, 30))
def test_growth_of_a_level_compounds(start: float, rate: float, years: int) -> None:
    end = start * (1 + rate / 100) ** years
    assert growth("log", start, end, years) == pytest.approx(rate, abs=1e-6)


@given(st.floats(1.0, 90.0), st.floats(-0.5, 0.5), st.integers(1, 15))
def test_growth_of_a_share_adds_up(start: float, step: float, years: int) -> None:
    assert growth("logit", start, start + step * years, years) == pytest.approx(step, abs=1e-9)


# Other years --------------------------------------------------------------------------------------


def test_another_year_than_the_plans() -> None:
    evidence = known(value=250.0)
    plan = assess(evidence, "plan", "goal", QUICK, record=MANY)
    later = assess(evidence, "plan", "goal", QUICK, year=2030, record=MANY)
    assert (plan.year, later.year) == (2027, 2030)
    assert plan.paths is not None
    assert later.paths is not None
    assert (plan.paths.years[-1], later.paths.years[-1]) == (2027, 2030)
    assert plan.required is not None
    assert later.required is not None
    assert later.required < plan.required
    assert int(evidence.target("plan", "goal")["year"]) == 2027  # the table is left alone


def test_threshold_of_zero_warns_of_nothing() -> None:
    found = assess(known(value=0.0, year=2026), "plan", "goal", QUICK, record=MANY)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pseudo_targets.asked(found) is None


@pytest.mark.parametrize("year", [2024, 2020, FIRST])
@pytest.mark.parametrize(("factor", "met"), [(0.9, True), (1.1, False)])
def test_year_that_is_past_is_answered_from_the_history(
    year: int, factor: float, met: bool
) -> None:
    value = next(r["value"] for r in levels() if r["period"] == str(year))
    found = assess(known(value=value * factor, year=year), "plan", "goal", QUICK, record=MANY)
    assert found.probability_draws == float(met)
    assert (found.probability, found.floor, found.paths) == (float(met), None, None)
    assert found.status == ("already_met" if met else "assessed")
    assert found.required is None
    assert found.quantiles[0.5] == value
    said = markdown(kinds.lead(language("en"), found))
    assert said.startswith("**Met, as published.**" if met else "**Not met, as published.**")
    assert not uncertainty(language("en"), found)
    assert "100" not in overview.chance(language("en"), found)


def test_past_year_without_a_figure_is_open() -> None:
    rows = [row for row in levels() if row["period"] != "2022"]
    found = assess(known(rows, value=195.0, year=2022), "plan", "goal", QUICK, record=MANY)
    assert found.status == "assessed"
    assert found.floor is not None
    assert found.paths is None
    assert "its figure is not published" in kinds.lead(language("en"), found)
    assert "simulated" not in kinds.lead(language("en"), found) + uncertainty(language("en"), found)


@pytest.mark.parametrize(
    ("comparison", "limit", "met"),
    [("exceed", 0.0, False), ("at_least", 0.0, True), ("at_most", 0.0, True),
     ("at_most", -0.1, False), ("exceed", -0.1, True)],
)  # fmt: skip
def test_published_figure_itself_is_held_against_the_target(
    comparison: str, limit: float, met: bool
) -> None:
    value = float(levels()[-1]["value"])
    evidence = known(value=value + limit, comparison=comparison, year=2026)
    found = assess(evidence, "plan", "goal", QUICK, record=MANY)
    assert (found.status == "already_met") == met
    assert shared.reached(found) == met


def test_year_before_everything_known_is_said_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=str(FIRST)):
        assess(known(year=FIRST - 1), "plan", "goal", QUICK, record=MANY)


def test_plan_without_a_date_of_adoption_can_be_assessed() -> None:
    """The schema does not require the date; years before the target year can count then."""
    evidence = known(value=400.0)
    evidence.plans["adopted"] = ""
    found = assess(evidence, "plan", "goal", QUICK, record=MANY)
    assert found.status == "assessed"
    assert set(found.first_year) == {"2025", "2026", "2027", "never"}


def test_year_after_the_target_year_is_not_the_first_in_which_it_was_met() -> None:
    """Asked about 2022, it does not help that 2024 met it."""
    value = float(levels()[-1]["value"]) * 0.99
    found = assess(known(value=value, year=2022), "plan", "goal", QUICK, record=MANY)
    assert found.probability_draws == 0.0
    assert (found.first_year, found.probability_ever) == ({"never": 1.0}, 0.0)
    assert "in no year up to 2022" in ever(language("en"), found)


# Not assessable -----------------------------------------------------------------------------------


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind 'riddle'; known are comparison, "):
        kind("riddle")


def test_comparison_shows_what_is_known_of_both_regions() -> None:
    rows = [*levels(n=3), *[statement(2024, 900.0, region="province")]]
    goal = {"kind": "comparison", "value": float("nan"), "reference_region": "province"}
    found = assess(world(rows, **goal), "plan", "goal", QUICK)
    assert found.known["region"].tolist() == ["city"] * 3 + ["province"]
    assert np.isnan(found.threshold)


def test_items_show_what_is_known_of_each() -> None:
    rows = [*levels(n=2), statement(2024, 900.0, region="province")]
    found = assess(world(rows, kind="legs", items="province; city"), "plan", "goal", QUICK)
    assert sorted(found.known["region"]) == ["city", "city", "province"]


@pytest.mark.parametrize(
    ("rows", "statements", "told"),
    [
        ([], 0, "a published yearly level"),
        ([statement(2024, 5.0, measure="growth")], 1, "a published yearly level"),
        (levels(n=2), 2, "3 years with evidence"),
        ([*levels(n=3), statement(2024, 300.0)], 4, "3 years with evidence"),
    ],
)
def test_thin_history(rows: list[dict[str, Any]], statements: int, told: str) -> None:
    evidence = world([dict(row) for row in rows])
    if not rows:
        evidence = dataclasses.replace(evidence, observations=known().observations.head(0))
    found = assess(evidence, "plan", "goal", QUICK)
    assert found.status == "not_assessable"
    assert told in language("en").write(found.reason)
    assert found.probability is None
    assert len(found.known) == statements


def test_thin_history_still_tells_the_growth_needed() -> None:
    found = assess(world(levels(n=4), value=200.0, year=2018), "plan", "goal", QUICK)
    assert found.required == pytest.approx(100 * ((200 / 122.5) ** (1 / 3) - 1), abs=0.2)
    assert found.achieved == {3: pytest.approx(7.0, abs=0.1)}


def test_without_a_record_only_the_own_past_counts() -> None:
    found = assess(known(), "plan", "goal", QUICK)
    past = own(found.record)
    assert set(past["series"]) == {"city/gdp"}
    assert panels_of(found.record)  # these are few
    assert found.floor is not None
    assert found.floor >= least(len(found.record))


# Whatever the draws -------------------------------------------------------------------------------

EVIDENCE = known()
LEVEL: History = reconcile(EVIDENCE, "city", "gdp")
PAST_RECORD = record(np.zeros(60), horizon=3).assign(error=0.0, inside=True)[
    [*RECORD, "error", "inside"]
]
SOME = arrays(float, st.tuples(st.integers(1, 30), st.just(3)), elements=st.floats(1.0, 1000.0))


def answered(draws: np.ndarray, limit: float, comparison: str) -> Assessment:
    row = EVIDENCE.target("plan", "goal").copy()
    row["comparison"], row["value"], row["tolerance"] = comparison, limit, 5.0
    paths = Draws(np.array([2025, 2026, 2027]), {"drift": draws}, np.ones(3), {})
    question = Question(EVIDENCE, row, QUICK)
    return level.answer(question, LEVEL, paths, PAST_RECORD, 1 / 62)


@given(SOME, st.tuples(st.floats(1.0, 1000.0), st.floats(1.0, 1000.0)))
@settings(max_examples=50)
def test_higher_threshold_is_never_more_likely(
    draws: np.ndarray, limits: tuple[float, float]
) -> None:
    low, high = (answered(draws, limit, "at_least") for limit in sorted(limits))
    for field in ("probability", "probability_draws", "probability_ever", "required"):
        easy, hard = getattr(low, field), getattr(high, field)
        assert easy <= hard if field == "required" else easy >= hard
    low, high = (answered(draws, limit, "at_most") for limit in sorted(limits))
    assert low.probability <= high.probability
    assert answered(draws, limits[0], "exceed").probability_draws <= (
        answered(draws, limits[0], "at_least").probability_draws
    )


@given(SOME, st.floats(1.0, 1000.0), st.sampled_from(["at_least", "exceed", "about", "at_most"]))
def test_answers_are_probabilities(draws: np.ndarray, limit: float, comparison: str) -> None:
    found = answered(draws, limit, comparison)
    certain = found.first_year["never"] == 0.0
    bounded = found.first_year.values() if not certain else []
    assert all(found.floor <= p <= 1 - found.floor for p in bounded)
    assert sum(found.first_year.values()) >= 1 - 1e-9  # entries at the floor are upper limits
    assert found.probability <= found.probability_ever + 1e-12 or found.status == "already_met"
    for name in ("probability", "probability_low", "probability_high", "probability_ever"):
        most = 1 if certain and name == "probability_ever" else 1 - found.floor
        assert found.floor <= getattr(found, name) <= most
    assert all(found.floor <= p <= 1 - found.floor for p in found.by_family.values())
    assert found.probability_low <= found.probability <= found.probability_high
    assert 0 <= found.standard_error <= 0.5
    assert (found.probability_strict is None) == (comparison != "about")
    values = [found.quantiles[q] for q in QUANTILES]
    assert values == sorted(values)


def test_plan_without_targets_is_said_in_a_sentence() -> None:
    from types import SimpleNamespace

    from forecast.evidence.problems import UserError
    from forecast.scenarios import joint_draws as joint

    evidence = known()
    evidence = dataclasses.replace(evidence, targets=evidence.targets.head(0))
    with pytest.raises(UserError, match=r"targets.csv holds no target of the plan 'plan'"):
        joint.joined(SimpleNamespace(evidence=evidence), "plan")  # type: ignore[arg-type]


def test_tables_without_a_plan_are_said_in_a_sentence() -> None:
    from forecast.evidence.problems import UserError

    evidence = known()
    evidence = dataclasses.replace(evidence, plans=evidence.plans.head(0))
    with pytest.raises(UserError, match=r"^plans.csv has no plan$"):
        evidence.plan()

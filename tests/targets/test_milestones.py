"""The path that a plan implied, and the year of the median, against closed forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from forecast.evidence.evidence import Evidence
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.milestones import FAR, Milestones, Reached, milestones
from tests.fiscal import shifted
from tests.targets.test_assess import MANY, QUICK, answer, levels
from tests.worlds import statement, world

SHARE = {"indicator": "share", "unit": "%", "prices": "none"}
FIRST, BASE, LAST = 2012, 2021, 2024  # the plan of the made-up world was adopted in 2022


def ahead(*medians: float) -> np.ndarray:
    """Return draws of the years after 2024 with these medians."""
    return np.outer([0.9, 1.0, 1.1], medians)


def found(answered: Assessment) -> Milestones:
    made = milestones(answered)
    assert made is not None
    return made


def adopted(evidence: Evidence, when: str) -> Evidence:
    return replace(evidence, plans=evidence.plans.assign(adopted=when))


def shares(draws: np.ndarray, monkeypatch: pytest.MonkeyPatch, **target: Any) -> Milestones:
    """Return the milestones of a share that rises by 0.1 a year to 3.2 in 2024."""
    rows = [statement(FIRST + i, round(2.0 + 0.1 * i, 2), **SHARE) for i in range(13)]
    monkeypatch.setattr("tests.targets.test_assess.levels", lambda: rows)
    return found(answer(monkeypatch, {"drift": draws}, indicator="share", unit="%", **target))


def test_path_of_a_level_grows_at_a_constant_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    made = found(answer(monkeypatch, ahead(240, 260, 280), value=400.0))
    start = 100 * 1.07**9
    rate = (400 / start) ** (1 / 6)
    assert (made.base, made.lacking, made.ends, made.relative) == (BASE, "", (400.0,), True)
    assert made.paces == (pytest.approx(100 * (rate - 1), abs=0.01),)
    assert list(made.years.index) == list(range(BASE, 2028))
    assert list(made.years["state"]) == 4 * ["published"] + 3 * ["forecast"]
    for year, row in zip(made.years.index, made.years.to_dict("records"), strict=True):
        path = start * rate ** (year - BASE)
        came = 100 * 1.07 ** (year - FIRST) if year <= LAST else (240, 260, 280)[year - 2025]
        assert row["implied"] == pytest.approx(path, rel=1e-4)
        assert row["gap"] == pytest.approx(100 * (came / path - 1), abs=0.01)
    assert made.years["implied_reading"].isna().all()


def test_about_has_a_path_to_the_value_and_one_to_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draws = ahead(252.6, 282.9, 316.8)  # 12 % a year from 225.22
    made = found(answer(monkeypatch, draws, comparison="about", value=400.0, tolerance=10.0))
    start, now = 100 * 1.07**9, round(100 * 1.07**12, 2)
    assert made.ends == (400.0, 360.0)
    expected = [100 * ((end / start) ** (1 / 6) - 1) for end in made.ends]
    assert made.paces == pytest.approx(expected, abs=0.01)
    assert made.years["implied"][2027] == pytest.approx(400)
    assert made.years["implied_reading"][2027] == pytest.approx(360)
    assert made.years["gap_reading"][2027] == pytest.approx(100 * (316.8 / 360 - 1))
    assert made.pace == pytest.approx(100 * ((316.8 / now) ** (1 / 3) - 1))
    # 316.8 x 1.12 = 354.8 and x 1.12^2 = 397.4 and x 1.12^3 = 445.1
    assert (made.met, made.met_value) == (Reached(2029), Reached(2030))


def test_path_of_a_share_is_a_straight_line(monkeypatch: pytest.MonkeyPatch) -> None:
    made = shares(ahead(3.3, 3.4, 3.5), monkeypatch, value=3.8)
    assert not made.relative
    assert made.paces == (pytest.approx((3.8 - 2.9) / 6),)
    assert list(made.years["implied"]) == pytest.approx([2.9 + 0.15 * k for k in range(7)])
    assert made.years["gap"][2024] == pytest.approx(3.2 - 3.35)
    assert made.pace == pytest.approx(0.1)
    assert made.met == Reached(2030)  # 3.5 in 2027 and 0.1 a year


def test_falling_target_is_behind_above_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    made = shares(ahead(3.1, 3.0, 2.9), monkeypatch, value=2.3, comparison="at_most")
    assert made.paces == (pytest.approx((2.3 - 2.9) / 6),)
    assert made.years["gap"][2024] == pytest.approx(3.2 - 2.6)
    assert made.met == Reached(2033)  # 2.9 in 2027 and -0.1 a year


@pytest.mark.parametrize(
    ("medians", "value", "met"),
    [
        ((3.3, 3.4, 3.5), 3.4, Reached(2026)),
        ((3.3, 3.4, 3.5), 4.9, Reached(not_before=LAST + FAR + 1)),
        ((3.3, 3.4, 3.5), 4.15, Reached(2034)),  # the last year that is looked at
        ((3.1, 3.0, 2.9), 3.4, Reached()),
        ((3.2, 3.2, 3.2), 3.4, Reached()),
    ],
)
def test_year_of_the_median(
    medians: tuple[float, ...], value: float, met: Reached, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shares(ahead(*medians), monkeypatch, value=value).met == met


def test_a_target_that_is_met_was_so_since_the_last_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    made = shares(ahead(3.3, 3.4, 3.5), monkeypatch, value=3.05)
    assert (made.lacking, made.met) == ("", Reached(2023))
    early = shares(ahead(3.3, 3.4, 3.5), monkeypatch, value=2.85)
    assert (early.lacking, early.paces, early.met) == ("met", (), Reached(2021))
    assert early.years["implied"].isna().all()


def test_path_to_a_range_leads_to_its_nearer_end(monkeypatch: pytest.MonkeyPatch) -> None:
    made = shares(ahead(3.4, 3.6, 3.8), monkeypatch, comparison="between", value=4.1, value_to=4.6)
    assert made.ends == (4.1,)
    assert made.paces == (pytest.approx((4.1 - 2.9) / 6),)
    assert made.met == Reached(2029)  # 3.8 in 2027 and 0.2 a year
    inside = shares(
        ahead(3.4, 3.6, 3.8), monkeypatch, comparison="between", value=2.5, value_to=3.5
    )
    assert (inside.lacking, inside.met) == ("met", Reached(2017))


def test_every_year_ahead_has_its_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = answer(monkeypatch, ahead(240, 260, 280), value=260.0)
    chances = found(answered).years["probability"]
    assert chances.loc[:2024].isna().all()
    # Of 216, 240, 264; of 234, 260, 286; of 252, 280, 308.
    assert list(chances.loc[2025:]) == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert chances[2027] == answered.probability
    low = found(answer(monkeypatch, ahead(240, 260, 280), value=1000.0))
    assert (low.years["probability"].dropna() == answered.floor).all()  # none nearer to 0


def test_fiscal_years_count_from_the_last_one_before_the_adoption() -> None:
    rows = levels()
    evidence = shifted(rows, 7, value=400.0)
    # June 2022 is the end of fiscal 2021/22, July 2022 the beginning of 2022/23.
    for when, base in (("2022-06", 2021), ("2022-07", 2022), ("2022", 2021)):
        asked = adopted(evidence, when)
        made = found(assess(asked, "plan", "goal", QUICK, record=MANY))
        assert (made.base, made.lacking) == (base, "")
        start = 100 * 1.07 ** (base - FIRST)
        assert made.paces == (
            pytest.approx(100 * ((400 / start) ** (1 / (2027 - base)) - 1), abs=0.02),
        )


@pytest.mark.parametrize(
    ("when", "base", "lacking"),
    [("", 0, "adoption"), ("2010", 2009, "base"), ("2026", 2025, "base")],
)
def test_without_a_beginning_there_is_no_path(when: str, base: int, lacking: str) -> None:
    evidence = adopted(world(levels(), value=400.0), when)
    made = found(assess(evidence, "plan", "goal", QUICK, record=MANY))
    assert (made.base, made.lacking, made.paces, made.relative) == (base, lacking, (), True)
    assert list(made.years.index) == [2024, 2025, 2026, 2027]
    assert made.years[["implied", "gap"]].isna().all(axis=None)
    assert made.met is not None
    values = made.years["value"]
    assert made.pace == pytest.approx(100 * ((values[2027] / values[2024]) ** (1 / 3) - 1))


def test_estimates_are_told_from_published_figures() -> None:
    rows = [row for row in levels() if row["period"] != "2023"]
    made = found(assess(world(rows, value=400.0), "plan", "goal", QUICK, record=MANY))
    assert made.years["state"][2023] == "estimated"
    assert made.years["state"][2024] == "published"


def test_ratio_and_comparison_have_milestones_a_count_has_none() -> None:
    rows = levels() + [dict(r, indicator="population", unit="万人", value=50.0) for r in levels()]
    goal = {"kind": "ratio", "per": "population", "unit": "亿元/万人", "value": 8.0}
    made = found(assess(world(rows, **goal), "plan", "goal", QUICK, record=MANY))
    start = 2 * 1.07**9
    assert made.paces == (pytest.approx(100 * ((8 / start) ** (1 / 6) - 1), abs=0.05),)
    assert list(made.years["state"].loc[:2024]) == 4 * ["published"]
    province = [dict(r, region="province", value=100.0) for r in levels(1.0)]
    goal = {"kind": "comparison", "reference_region": "province", "value": np.nan}
    made = found(assess(world(levels() + province, **goal), "plan", "goal", QUICK, record=MANY))
    assert (made.ends, made.lacking) == ((100.0,), "met")
    count = {"kind": "count", "indicator": "friends", "unit": "count", "value": 5.0}
    answered = assess(world(levels(), **count), "plan", "goal", QUICK, record=MANY)
    assert milestones(answered) is None


def test_a_year_that_is_over_has_no_year_of_the_median() -> None:
    made = found(assess(world(levels(), value=400.0), "plan", "goal", QUICK, 2023, MANY))
    assert (made.met, made.pace) == (None, None)
    assert list(made.years.index) == [2021, 2022, 2023]
    assert made.paces == (pytest.approx(100 * ((400 / (100 * 1.07**9)) ** (1 / 2) - 1), abs=0.01),)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from forecast.facts import Verdict
from forecast.forecasting.floor import MOST, least
from forecast.report.language import SCALE, language
from forecast.report.pages import overview
from forecast.report.pages.shared import legend
from forecast.report.pages.target.answer.lead import lead
from forecast.report.text.markup import markdown
from forecast.targets import pseudo_targets as pt
from forecast.verification.multiples import pace_at, ratio
from forecast.verification.track_record import LEVELS, scored
from tests.answers import answer
from tests.targets.test_assess import MANY, levels
from tests.verification.test_track_record import record


def test_pace_and_step_of_a_path() -> None:
    path = np.array([0.0, 9.0, 1.0, 3.0, 2.0, 6.0, 11.0, 50.0])
    start, pace, step = pace_at(path, 6)
    assert (start, pace) == (11.0, (11.0 - 9.0) / 5)
    assert step == pytest.approx(np.std([9, -8, 2, -1, 4, 5], ddof=1))


@pytest.mark.parametrize(
    ("growth", "pace", "step", "expected"),
    [
        (0.08, 0.08, 0.02, 1.0), (0.0, 0.08, 0.02, 0.0), (0.16, 0.08, 0.02, 2.0),
        (0.03, 0.0, 0.02, 2.5),  # without a pace the usual step is the unit
        (-0.02, -0.04, 0.01, 1.5),  # a fall that is halved beats its pace by half of it
        (0.0, 0.0, 0.0, 1.0),  # a series that never moved
    ],
)  # fmt: skip
def test_ratio(growth: float, pace: float, step: float, expected: float) -> None:
    found = ratio(np.array([growth]), np.array([pace]), np.array([step]))
    assert found[0] == pytest.approx(expected)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.01, 1))
def test_more_growth_is_a_higher_ratio(growth: float, pace: float, step: float) -> None:
    low, high = ratio(np.array([growth, growth + 0.1]), np.full(2, pace), np.full(2, step))
    assert low < high


def test_normal_forecasts_give_normal_probabilities() -> None:
    """Standard normal forecasts, no pace and a step of 1: a ratio of 1 + z asks for z at h = 1."""
    cases = scored(record(np.array([0.3, -2.0]), years=[2001, 2001]))
    cases["quantiles"] = [norm.ppf(LEVELS)] * 2
    found = pt.events(cases, (1.0, 2.0, 2.5))
    np.testing.assert_allclose(found["given"], np.repeat(norm.sf([0, 1, 1.5]), 2), atol=1e-3)
    assert found["came"].tolist() == [1, 0, 0, 0, 0, 0]
    other = pt.events(cases, (1.0, 2.0, 2.5), upward=False)
    np.testing.assert_allclose(found["given"] + other["given"], 1)
    assert (found["came"] + other["came"] == 1).all()


def test_floor_follows_the_cases_that_were_given_little() -> None:
    calm = scored(record(np.zeros(40)))
    low = pt.improbable(calm, 1)
    # Errors of 0 halve the spread: multiples 2 and 3, and less than 0, are given less than 5 %.
    assert (low.asked, low.forecasts, low.cases, low.came) == (120, 40, 40.0, 0.0)
    assert pt.least(calm, 1) == least(40)
    wild = np.zeros(40)
    wild[:6] = 9.0
    surprised = scored(record(wild))
    low = pt.improbable(surprised, 1)
    assert low.came > 0.05
    assert pt.least(surprised, 1) == pytest.approx(least(low.cases, low.cases * low.came))
    assert pt.least(surprised, 1) > least(40)
    assert pt.least(calm, 3) == pt.least(calm, 1)  # the longest horizon of the record stands in


def test_bands_hold_every_question_once() -> None:
    rng = np.random.default_rng(4)
    found = pt.events(scored(record(rng.standard_normal(300))))
    bands = pt.by_band(found)
    assert bands["asked"].sum() == len(found)
    assert (bands["given"] >= bands["lower"]).all()
    assert (bands["given"] <= bands["upper"]).all()
    # Calibrated forecasts: what was given lies in the interval of what came true.
    inside = (bands["low"] <= bands["given"] + 0.02) & (bands["given"] - 0.02 <= bands["high"])
    assert inside.all()
    score, base = pt.brier(found)
    assert score == pytest.approx(base, abs=0.01)  # all forecasts alike: no ratio is told apart


def test_target_asks_what_its_figures_say() -> None:
    """Levels grow by 7 % a year: 14 % for three years is about twice the pace, in logs."""
    last = float(levels()[-1]["value"])
    found = answer(value=last * 1.14**3)
    wanted = pt.asked(found)
    assert wanted is not None
    assert wanted.horizon == 3
    assert wanted.upward
    assert wanted.ratio == pytest.approx(np.log(1.14) / np.log(1.07), rel=0.03)
    down = pt.asked(answer(value=last, comparison="at_most"))
    assert down is not None
    assert not down.upward
    assert down.ratio == pytest.approx(0.0, abs=0.05)
    assert pt.asked(answer(value=last, year=2020)) is None  # over


def test_page_does_not_claim_less_than_the_cases_beside_it() -> None:
    """However many low chances came true, the floor lies above their share."""
    for surprises in (0, 2, 8, 20):
        errors = np.zeros(60)
        errors[:surprises] = 9.0
        cases = scored(record(errors, horizon=3))
        low, floor = pt.improbable(cases, 3), pt.least(cases, 3)
        assert floor > min(low.came, MOST - 1e-9) if low.asked else floor == MOST


def test_record_without_cases_asks_nothing() -> None:
    empty = scored(MANY.head(0))
    assert pt.events(empty).empty
    assert pt.seen(pt.events(empty)).asked == 0
    assert pt.by_band(pt.events(empty)).empty
    assert pt.least(empty, 1) == MOST


def test_page_and_overview_use_one_scale_and_its_legend_names_every_verdict() -> None:
    found = answer(value=290.0)
    verdict = Verdict(found.probability or 0.0, head=True)
    for lang, told in (("en", "{}: Goal ("), ("zh", "{}：Goal（")):
        tell = language(lang)
        head = tell.write(verdict)
        assert markdown(lead(tell, found)).startswith(f"**{head}")
        assert told.format(head) in overview.lead(tell, [found])
        words = [tell("verdict-word", word=word) for word in SCALE]
        assert len(set(words)) == len(SCALE) == 7
        assert all(word in legend(tell) for word in words)

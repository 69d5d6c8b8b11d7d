from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.dependence.copula import ordered
from forecast.forecasting.model_pool import Options
from forecast.scenarios.joint_draws import Joint, joint, marginal
from forecast.scenarios.price_levels import PRICES
from forecast.study import Study
from forecast.targets.assessment import Assessment
from tests.conftest import DRAWS, PLAN
from tests.scenarios.test_identities import broken


@pytest.fixture(scope="module")
def together(study: Study, answers: dict[str, Assessment]) -> Joint:
    return joint(study, PLAN, list(answers.values()))


def test_every_series_has_the_figures_of_its_own_page(together: Joint) -> None:
    assert {goal.name for goal in together.goals} >= {"gdp", "trade", "rd_share", "population"}
    for goal in together.goals:
        values = together.values(goal.series)[:, together.place(goal.assessment.year)]
        share = goal.met(values).mean()
        assert share == pytest.approx(goal.assessment.probability_draws, abs=2 / DRAWS), goal.name
        for q in (0.05, 0.5, 0.95):
            assert np.quantile(values, q) == pytest.approx(
                goal.assessment.quantiles[q], rel=0.01
            ), goal.name


def test_past_forecasts_of_all_series_are_not_kept_with_each_plan(together: Joint) -> None:
    assert all(goal.assessment.record.empty for goal in together.goals)


def test_targets_on_one_series_are_all_counted(
    study: Study, answers: dict[str, Assessment], together: Joint
) -> None:
    """A milestone of an earlier year, for one."""
    target = answers["gdp"].target.copy()
    target["target"] = "milestone"
    milestone = replace(answers["gdp"], target=target)
    found = joint(study, PLAN, [*answers.values(), milestone])
    assert [g.name for g in found.goals] == [*(g.name for g in together.goals), "milestone"]


def test_probability_is_kept_within_what_the_record_supports(together: Joint) -> None:
    for goal in together.goals:
        values = together.values(goal.series)[:, together.place(goal.assessment.year)]
        said = goal.within(float(goal.met(values).mean()))
        assert said == pytest.approx(goal.assessment.probability, abs=2 / DRAWS)


def test_learned_ensemble_is_joined_as_it_stands(study: Study) -> None:
    plain = Study(study.evidence, Options(draws=400, families=(), imputations=2))
    plain._record = study.record()
    answer = plain.assess("gdp")
    assert answer.history is not None
    assert answer.paths is not None
    found = marginal(plain, answer.history, answer.year)
    assert np.allclose(answer.history.scale.inverse(found[:, 1:]), answer.paths.pooled)


def test_identities_hold_in_every_draw(together: Joint) -> None:
    first = together.place(max(int(h.years[-1]) for h in together.histories.values()))
    values = {key: together.values(key)[:, first:] for key in together.series}
    assert together.system.sums.keys() >= {"jinhua/trade", "jinhua/gdp", "china/trade"}
    assert broken(together.system, values) < 1e-9


def test_regions_above_are_there_and_their_waves_reach_the_city(together: Joint) -> None:
    series = set(together.series)
    assert {"china/exports", "china/gdp", "zhejiang/gdp", f"jinhua/{PRICES}"} <= series
    end = together.place(2027)
    nation, city = (np.log(together.values(f"{r}/gdp")[:, end]) for r in ("china", "jinhua"))
    assert np.corrcoef(nation, city)[0, 1] > 0.2


def test_years_of_a_series_hang_together(together: Joint) -> None:
    values = np.log(together.values("jinhua/gdp"))
    a, b = together.place(2026), together.place(2027)
    assert np.corrcoef(values[:, a], values[:, b])[0, 1] > 0.5


def test_what_is_known_is_the_same_in_every_draw(together: Joint) -> None:
    gdp = together.values("jinhua/gdp")
    history = together.histories["jinhua/gdp"]
    before = together.place(int(history.years[-1]) - 1)
    assert np.ptp(gdp[:, before]) == 0
    assert gdp[0, before] == pytest.approx(history.values()[-2])


def test_same_seed_same_draws(
    study: Study, answers: dict[str, Assessment], together: Joint
) -> None:
    again = joint(study, PLAN, list(answers.values()))
    assert (again.draws == together.draws).all()


def test_targets_that_no_path_decides_are_kept_apart(together: Joint) -> None:
    assert "friendly_cities" not in {goal.name for goal in together.goals}


@pytest.mark.parametrize("n", [50, 200, 300])
def test_ordered_keeps_the_figures_and_takes_the_order(n: int) -> None:
    rng = np.random.default_rng(1)
    figures, order = rng.exponential(size=n), rng.standard_normal(200)
    out = ordered(figures, order)
    assert (np.argsort(out, kind="stable") == np.argsort(order, kind="stable")).all()
    assert np.quantile(out, 0.5) == pytest.approx(np.quantile(figures, 0.5), rel=0.05)
    if n == 200:
        assert (np.sort(out) == np.sort(figures)).all()

from __future__ import annotations

import numpy as np
import pytest

from forecast.scenarios.apply import apply, described
from forecast.scenarios.files import load_scenarios
from forecast.scenarios.joint_draws import Joint, joint
from forecast.scenarios.spec import RefusedError, Scenario, Statement
from forecast.study import Study
from forecast.targets.assessment import Assessment
from tests.conftest import PLAN
from tests.scenarios.test_identities import broken


@pytest.fixture(scope="module")
def together(study: Study, answers: dict[str, Assessment]) -> Joint:
    return joint(study, PLAN, list(answers.values()))


def growth(values: np.ndarray, joint: Joint, year: int) -> np.ndarray:
    place = joint.place(year)
    return 100 * (values[:, place] / values[:, place - 1] - 1)


def one(*statements: Statement) -> Scenario:
    return Scenario("What if", statements)


def test_baseline_changes_nothing(together: Joint) -> None:
    outcome = apply(together, one())
    assert (outcome.draws == together.draws).all()
    for result in outcome.results:
        assert result.probability == pytest.approx(result.goal.assessment.probability, abs=0.005)
    assert outcome.reach.distance == outcome.reach.relative_entropy == 0


def test_identities_hold_in_every_draw_of_every_scenario(study: Study, together: Joint) -> None:
    first = together.place(max(int(h.years[-1]) for h in together.histories.values()))
    for scenario in load_scenarios(study.evidence).values():
        outcome = apply(together, scenario)
        values = {key: outcome.values(key)[:, first:] for key in together.series}
        assert broken(together.system, values) < 1e-9, scenario.key
        assert all(np.isfinite(figures).all() for figures in values.values())


def test_hard_growth_holds_in_every_draw(together: Joint) -> None:
    outcome = apply(together, one(Statement("china/exports", "growth", 2.0, 2027)))
    assert np.abs(growth(outcome.values("china/exports"), together, 2027) - 2).max() < 1e-7
    assert outcome.reach.distance == pytest.approx(outcome.apart[0])


def test_average_level_share_and_change_hold(together: Joint) -> None:
    base = {key: together.values(key) for key in together.series}
    a, b = together.place(2026), together.place(2027)
    services = base["jinhua/tertiary_value_added"][:, b] / base["jinhua/gdp"][:, b]
    share = 100 * float(np.median(services)) + 1
    level = float(np.median(base["jinhua/trade"][:, a : b + 1].mean(axis=1)))
    outcome = apply(
        together,
        one(
            Statement("jinhua/trade", "level", level, (2026, 2027)),
            Statement("jinhua/tertiary_value_added", "share", share, 2027, of="gdp"),
            Statement("jinhua/urbanization", "change", 0.9, (2026, 2027)),
            Statement("jinhua/gdp", "growth", 6.5, (2026, 2027)),
        ),
    )
    values = outcome.values
    assert np.allclose(values("jinhua/trade")[:, a : b + 1].mean(axis=1), level, rtol=1e-8)
    found = values("jinhua/tertiary_value_added")[:, b] / values("jinhua/gdp")[:, b]
    assert np.allclose(100 * found, share, rtol=1e-8)
    urban, gdp = values("jinhua/urbanization"), values("jinhua/gdp")
    assert np.allclose(urban[:, b] - urban[:, a - 1], 1.8, rtol=1e-7)
    assert np.allclose((gdp[:, b] / gdp[:, a - 1]) ** 0.5, 1.065, rtol=1e-8)


def test_soft_statement_has_its_spread(together: Joint) -> None:
    # A statement with much less spread than the forecast is what decides.
    outcome = apply(together, one(Statement("jinhua/gdp", "growth", 7.0, 2026, sd=0.2)))
    found = growth(outcome.values("jinhua/gdp"), together, 2026)
    assert found.mean() == pytest.approx(7.0, abs=0.1)
    assert found.std() == pytest.approx(0.2, rel=0.15)


def test_relative_statement_moves_every_draw_and_keeps_the_spread(together: Joint) -> None:
    outcome = apply(
        together, one(Statement("jinhua/exports", "growth", -2, 2027, relative="points"))
    )
    before, after = (
        growth(v, together, 2027)
        for v in (together.values("jinhua/exports"), outcome.values("jinhua/exports"))
    )
    assert np.abs(after - before + 2).max() < 1e-6
    third = apply(together, one(Statement("jinhua/gdp", "level", 3, 2027, relative="percent")))
    ratio = third.values("jinhua/gdp")[:, -1] / together.values("jinhua/gdp")[:, -1]
    assert np.abs(ratio - 1.03).max() < 1e-9
    spread = apply(
        together, one(Statement("jinhua/gdp", "level", 3, 2027, sd=1, relative="percent"))
    )
    ratio = spread.values("jinhua/gdp")[:, -1] / together.values("jinhua/gdp")[:, -1]
    assert ratio.std() == pytest.approx(0.01, rel=0.15)


def test_real_growth_takes_prices_out(together: Joint) -> None:
    outcome = apply(together, one(Statement("jinhua/gdp", "real_growth", 6.0, 2027)))
    nominal = growth(outcome.values("jinhua/gdp"), together, 2027)
    prices = growth(outcome.values("jinhua/price_level"), together, 2027)
    assert np.allclose((1 + nominal / 100) / (1 + prices / 100), 1.06, rtol=1e-8)
    # The nation's deflators are not known: the city's stand in, with a spread.
    nation = apply(together, one(Statement("china/gdp", "real_growth", 5.0, 2027)))
    nominal = growth(nation.values("china/gdp"), together, 2027)
    prices = growth(nation.values("jinhua/price_level"), together, 2027)
    assert 0.3 < (nominal - prices).std() < 2


def test_bound_leaves_the_draws_that_keep_it(together: Joint) -> None:
    limit = float(np.quantile(growth(together.values("jinhua/gdp"), together, 2027), 0.4))
    outcome = apply(together, one(Statement("jinhua/gdp", "growth", limit, 2027, bound="lower")))
    found = growth(outcome.values("jinhua/gdp"), together, 2027)
    assert (outcome.weights[found < limit - 1e-9] == 0).all()
    assert outcome.effective == pytest.approx(0.6 * len(found), rel=0.02)
    half = apply(
        together,
        one(Statement("jinhua/gdp", "growth", limit, 2027, bound="lower", probability=0.5)),
    )
    assert half.weights[found >= limit].sum() == pytest.approx(0.5, abs=1e-6)
    (gdp,) = (r for r in outcome.results if r.goal.name == "gdp")
    (base,) = (r for r in apply(together, one()).results if r.goal.name == "gdp")
    assert gdp.median > base.median


def test_driver_moves_the_city(together: Joint) -> None:
    low, high = (
        apply(together, one(Statement("china/gdp", "growth", g, (2026, 2027)))) for g in (5.0, 9.0)
    )
    gdp = [np.median(o.values("jinhua/gdp")[:, -1]) for o in (low, high)]
    assert gdp[0] < gdp[1]


@pytest.mark.parametrize(
    ("statements", "words", "reason"),
    [
        ([Statement("jinhua/gdp", "growth", 80, 2027)],
         r"jinhua/gdp growth of 80 % in 2027: it lies \d+ standard deviations", "refused-far"),
        ([Statement("jinhua/trade", "level", 13000, 2027),
          Statement("jinhua/exports", "level", 11000, 2027),
          Statement("jinhua/imports", "level", 3000, 2027)],
         r"jinhua/trade must be the sum of jinhua/imports and jinhua/exports; in 2027 they are "
         r"stated as 13000, 3000, 11000", "refused-sum"),
        ([Statement("jinhua/industrial_value_added", "level", 3000, 2027),
          Statement("jinhua/secondary_value_added", "level", 2900, 2027)],
         r"industrial_value_added is part of jinhua/secondary_value_added; in 2027",
         "refused-part"),
        ([Statement("jinhua/gdp", "level", 8400, 2027),
          Statement("jinhua/rd_share", "level", 3, 2027),
          Statement("jinhua/rd_expenditure", "level", 300, 2027)],
         r"rd_expenditure is jinhua/rd_share of jinhua/gdp; in 2027", "refused-product"),
        ([Statement("jinhua/gdp", "growth", 7, 2026), Statement("jinhua/gdp", "growth", 7, 2027),
          Statement("jinhua/gdp", "growth", 9, (2026, 2027))], r"contradict one another",
         "refused-contradiction"),
        ([Statement("jinhua/freight", "growth", 3, 2027)], r"jinhua/freight is not forecast",
         "refused-not-forecast"),
        ([Statement("jinhua/gdp", "growth", 3, 2031)], r"the forecast covers \d+ to 2027",
         "refused-years"),
        ([Statement("jinhua/gdp", "growth", 9, 2024)], r"it is known already, and otherwise",
         "refused-known"),
        ([Statement("jinhua/gdp", "change", 1, 2027)], r"state growth", "refused-change"),
        ([Statement("jinhua/rd_share", "growth", 1, 2027)], r"state a change", "refused-growth"),
        ([Statement("jinhua/gdp", "growth", 40, 2027, bound="lower")], r"0\.\d of 100 draws agree",
         "refused-few"),
    ],
)  # fmt: skip
def test_what_cannot_be_gets_one_clear_message(
    together: Joint, statements: list[Statement], words: str, reason: str
) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        apply(together, one(*statements))
    assert str(caught.value).startswith(("What if: ", statements[0].series))
    assert "\n" not in str(caught.value)
    assert caught.value.reason.message == reason
    assert set(caught.value.statements) == set(statements)


def test_a_statement_in_short() -> None:
    said = described(Statement("a/exports", "growth", 2, (2026, 2027), relative="points"))
    assert said == "a/exports growth of +2 points from the baseline a year in 2026-2027"
    said = described(Statement("a/gdp", "growth", 5, 2027, bound="lower", probability=0.8))
    assert said == "a/gdp growth of at least 5 % in 2027 with probability 0.8"

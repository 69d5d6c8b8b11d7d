"""A move that something confirms is accepted; what stands alone is an outlier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import reconcile, reconcile_all
from tests.worlds import statement, world

FIRST = 2008
CALM = [6.4, 8.3, 7.2, 8.6, 8.7, 5.4, 5.1, 10.0, 6.6, 6.4, 11.0]  # growth in percent


def levels(n: int = 12) -> list[float]:
    return [round(v, 2) for v in 100.3 * np.cumprod([1, *(1 + np.array(CALM[: n - 1]) / 100)])]


def rows(values: list[float], **fields: str) -> list[dict]:
    return [statement(FIRST + i, v, **fields) for i, v in enumerate(values)]


def outliers(history: History) -> list[str]:
    found = history.observations
    return list(found.loc[found["outlier"], "observation"])


def published(history: History, values: list[float]) -> None:
    """Every value is the estimate, and its year published."""
    np.testing.assert_allclose(history.values()[: len(values)], values, rtol=1e-4)
    assert set(history.origin[: len(values)]) == {"published"}


def test_fall_that_growth_confirms_is_accepted() -> None:
    past = levels()
    fall = round(0.4 * past[-1], 1)
    said = [statement(2020, fall), statement(2020, -60, measure="growth")]
    history = reconcile(world([*rows(past), *said]), "city", "gdp")
    published(history, [*past, fall])
    assert outliers(history) == []


@pytest.mark.parametrize("down", [0.9, 0.7, 0.4])
def test_fall_that_a_later_level_confirms_is_accepted(down: float) -> None:
    past = levels()
    after = [round(down * past[-1], 2), round(down * past[-1] * 1.06, 2)]
    history = reconcile(world(rows([*past, *after])), "city", "gdp")
    published(history, [*past, *after])
    assert outliers(history) == []


def test_fall_and_recovery_are_accepted_where_growth_confirms_the_fall() -> None:
    """A crisis year in which exports fall by a sixth and are back the year after."""
    past = levels(8)
    values = [*past, 0.84 * past[-1], 1.10 * past[-1], 1.2 * past[-1], 1.26 * past[-1]]
    said = [*rows([round(v, 2) for v in values]), statement(2016, -16.0, measure="growth")]
    history = reconcile(world(said), "city", "gdp")
    published(history, [round(v, 2) for v in values])


def test_ten_percent_alone_at_the_end_is_accepted() -> None:
    past = levels()
    history = reconcile(world(rows([*past, round(0.9 * past[-1], 2)])), "city", "gdp")
    assert outliers(history) == []


@pytest.mark.parametrize("factor", [10.0, 0.1, 1e4, 1e-4, 0.4])
@pytest.mark.parametrize("year", [2013, 2016, 2019])
def test_slip_that_stands_alone_is_an_outlier(factor: float, year: int) -> None:
    values = levels()
    values[year - FIRST] = float(f"{values[year - FIRST] * factor:.6g}")
    history = reconcile(
        world([dict(r, observation=r["period"]) for r in rows(values)]), "city", "gdp"
    )
    assert outliers(history) == [str(year)]
    clean = levels()
    others = [i for i in range(len(clean)) if i != year - FIRST]
    np.testing.assert_allclose(history.values()[others], np.array(clean)[others], rtol=1e-4)
    assert abs(np.log(history.values()[year - FIRST] / clean[year - FIRST])) < 0.15
    assert history.origin[year - FIRST] != "published"


@settings(max_examples=25, deadline=None)
@given(st.floats(0.25, 0.9), st.integers(4, 9), st.floats(0.01, 0.03), st.integers(0, 1000))
def test_what_came_before_an_accepted_fall_is_not_rewritten(
    down: float, year: int, noise: float, seed: int
) -> None:
    growth = 0.07 + noise * np.random.default_rng(seed).standard_normal(13)
    growth[year] = np.log(down)
    values = [round(float(v), 2) for v in 500 * np.exp(np.cumsum(growth))]
    history = reconcile(world(rows(values)), "city", "gdp")
    published(history, values)


def test_identity_confirms_a_fall_that_no_other_year_does() -> None:
    """Exports of a single year at the end: trade less imports says the same."""
    past = levels()
    fall = round(0.45 * past[-1], 2)
    imports = [round(0.3 * v, 2) for v in past] + [70.0]
    trade = [round(a + b, 2) for a, b in zip([*past, fall], imports, strict=True)]
    alone = reconcile(world(rows([*past, fall], indicator="exports")), "city", "exports")
    assert alone.origin[-1] != "published"
    every = [
        *rows([*past, fall], indicator="exports"),
        *rows(imports, indicator="imports"),
        *rows(trade, indicator="trade"),
    ]
    found = reconcile_all(world(every))
    exports, whole = found["city/exports"], found["city/trade"]
    published(exports, [*past, fall])
    total = exports.values() + found["city/imports"].values()
    np.testing.assert_allclose(total, whole.values(), atol=0.05)


@pytest.mark.parametrize("down", [0.86, 0.8, 0.6])
def test_fall_of_a_whole_and_its_part_is_accepted(down: float) -> None:
    """Exports and trade fall alike, imports are not published: they are the difference."""
    past = levels()
    imports = [round(0.6 * v, 2) for v in past]
    trade = [round(a + b, 2) for a, b in zip(past, imports, strict=True)]
    values = {n: [*v, round(down * v[-1], 2)] for n, v in {"exports": past, "trade": trade}.items()}
    said = [row for name, v in values.items() for row in rows(v, indicator=name)]
    found = reconcile_all(world([*said, *rows(imports, indicator="imports")]))
    for name, v in values.items():
        published(found[f"city/{name}"], v)
    rest = found["city/imports"]
    assert rest.values()[-1] == pytest.approx(values["trade"][-1] - values["exports"][-1], rel=1e-3)
    assert rest.origin[-1] == "derived"


def test_common_slip_of_the_unit_is_not_confirmed() -> None:
    past = levels()
    said = [
        row
        for name, share in (("exports", 0.6), ("trade", 1.0), ("imports", 0.4))
        for row in rows([round(share * v, 2) for v in past], indicator=name)
    ]
    slip = [
        statement(2020, round(10 * share * past[-1], 1), indicator=name)
        for name, share in (("exports", 0.6), ("trade", 1.0))
    ]
    found = reconcile_all(world([*said, *slip]))
    assert found["city/trade"].origin[-1] != "published"
    assert found["city/trade"].values()[-1] < 2 * past[-1]


def test_derived_level_loses_weight_with_its_source() -> None:
    """A slip in exports: the difference to trade tells nothing of imports."""
    past = levels()
    imports = [round(0.6 * v, 2) for v in past]
    trade = [round(a + b, 2) for a, b in zip(past, imports, strict=True)]
    said = [
        *rows([*past, round(0.5 * past[-1], 2)], indicator="exports"),
        *rows(imports, indicator="imports"),
        *rows([*trade, round(1.06 * trade[-1], 2)], indicator="trade"),
    ]
    found = reconcile_all(world(said))
    assert outliers(found["city/exports"]) == ["o0013"]
    rest = found["city/imports"]
    assert rest.values()[-1] == pytest.approx(1.06 * imports[-1], rel=0.05)
    assert np.diff(rest.quantiles([0.05, 0.95])[-1])[0] / rest.values()[-1] > 0.1


@pytest.mark.parametrize(
    ("factor", "bound"),
    [
        (0.7, statement(2020, 71.5, bound="upper")),
        (0.7, statement(2020, -20.0, bound="upper", measure="growth")),
        (1.5, statement(2020, 141.0, bound="lower")),
    ],
)
def test_bound_confirms_a_level(factor: float, bound: dict) -> None:
    past = [round(100 / levels()[-1] * v, 2) for v in levels()]
    level = statement(2020, factor * 100)
    assert reconcile(world([*rows(past), {**level}]), "city", "gdp").origin[-1] != "published"
    history = reconcile(world([*rows(past), level, {**bound}]), "city", "gdp")
    published(history, [*past, factor * 100])
    assert outliers(history) == []


@pytest.mark.parametrize(("value", "limit"), [(7.0, 71.5), (70.0, 99.0)])
def test_bound_that_tells_little_of_a_move_confirms_nothing(value: float, limit: float) -> None:
    """A slip of ten keeps below most upper bounds, and so does what moves on its own."""
    past = [round(100 / levels()[-1] * v, 2) for v in levels()]
    said = [*rows(past), statement(2020, value), statement(2020, limit, bound="upper")]
    assert "o0013" in outliers(reconcile(world(said), "city", "gdp"))


def test_share_of_zero_mirrors_one_of_a_hundred() -> None:
    values = [96.0, 96.5, 97.0, 97.4, 97.8, 98.0, 98.2, 98.5, 100.0]
    fields = {"indicator": "share", "unit": "%", "prices": "none"}
    high = reconcile(world(rows(values, **fields)), "city", "share")
    mirrored = [round(100 - v, 6) for v in values]
    low = reconcile(world(rows(mirrored, **fields)), "city", "share")
    np.testing.assert_allclose(low.values(), 100 - high.values(), atol=0.01)
    assert outliers(low) == outliers(high) == []
    spread = [np.diff(h.quantiles([0.05, 0.95])[-1])[0] for h in (low, high)]
    assert spread[0] == pytest.approx(spread[1], rel=0.1)
    assert spread[0] > 0.3


def test_region_falls_and_its_parent_does_not() -> None:
    """The ratio to the parent has heavy tails, too, and the parent is not pulled down."""
    whole = [10 * v for v in levels()]
    part = levels()
    part = [v if i < 8 else round(0.5 * v, 2) for i, v in enumerate(part)]
    found = reconcile_all(world([*rows(whole, region="province"), *rows(part)]))
    published(found["city/gdp"], part)
    published(found["province/gdp"], whole)
    assert [h.observations["outlier"].any() for h in found.values()] == [False, False]


def test_fall_of_the_parent_makes_that_of_a_region_credible() -> None:
    whole = [10 * v for v in levels()]
    part = levels()
    whole += [0.55 * whole[-1], 0.58 * whole[-1]]
    part += [round(0.55 * part[-1], 2)]
    alone = reconcile(world(rows(part)), "city", "gdp")
    assert alone.origin[12] != "published"
    history = reconcile(world([*rows(whole, region="province"), *rows(part)]), "city", "gdp")
    assert history.origin[12] == "published"
    assert history.values()[12] == pytest.approx(part[-1], rel=1e-4)

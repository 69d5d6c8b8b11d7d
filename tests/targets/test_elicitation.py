"""From quantiles that experts state to a probability, by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecast.evidence.comparisons import Criterion
from forecast.targets.assessment import Judgement
from forecast.targets.elicitation import asked, fit, invert, meets, pooled
from tests.targets.test_judgement import LEVELS, judged
from tests.worlds import statement, world


@pytest.mark.parametrize(
    ("name", "truth", "share"),
    [
        ("normal", stats.norm(100, 15), False),
        ("lognormal", stats.lognorm(0.5, scale=100), False),
        ("Student-t", stats.t(3, 50, 8), False),
        ("beta", stats.beta(8, 3, scale=100), True),
    ],
)
def test_family_is_found_again(name: str, truth: Any, share: bool) -> None:
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    found, cdf, misfit = fit(levels, truth.ppf(levels), share=share)
    assert found == name
    assert misfit < 1e-4
    at = truth.ppf([0.02, 0.4, 0.9])
    np.testing.assert_allclose(cdf(at), [0.02, 0.4, 0.9], atol=2e-3)


@given(
    st.floats(-1e6, 1e6), st.floats(0.01, 1e5), st.floats(0.01, 1e5), st.sampled_from([1.0, 1e-3])
)
@settings(max_examples=60, deadline=None)
def test_any_three_quantiles_give_a_distribution(
    middle: float, below: float, above: float, size: float
) -> None:
    values = size * np.array([middle - below, middle, middle + above])
    _, cdf, misfit = fit(LEVELS, values)
    assert misfit < 0.2
    at = np.linspace(values[0] - below, values[2] + above, 40)
    probabilities = cdf(at)
    assert (np.diff(probabilities) >= -1e-12).all()
    assert ((probabilities >= 0) & (probabilities <= 1)).all()


def test_quantile_of_a_mixture() -> None:
    cdfs = [stats.norm(0, 1).cdf, stats.norm(10, 1).cdf]
    assert invert(cdfs, 0.5, np.array([0.0, 10.0])) == pytest.approx(5.0, abs=0.5)
    assert invert(cdfs[:1], 0.95, np.array([0.0])) == pytest.approx(1.6449, abs=1e-3)


@pytest.mark.parametrize("near", [[0.0], [-40.0, -30.0], [25.0, 60.0], [1.0, 1.0 + 1e-12]])
def test_quantile_is_found_wherever_the_search_begins(near: list[float]) -> None:
    for level in (0.001, 0.3, 0.999):
        found = invert([stats.norm(2, 3).cdf], level, np.array(near))
        assert found == pytest.approx(stats.norm(2, 3).ppf(level), abs=1e-6)


def test_best_fit_is_the_least_squares_one() -> None:
    """No normal, Student-t or lognormal distribution nearby misses the probabilities by less."""
    levels, values = np.array([0.05, 0.25, 0.5, 0.75, 0.95]), np.array([3.0, 9, 10, 12, 30])
    _, cdf, misfit = fit(levels, values)
    assert misfit == pytest.approx(np.sqrt(np.mean((cdf(values) - levels) ** 2)))
    place, width = np.linspace(9, 11, 81)[:, None, None], np.linspace(0.5, 4, 71)[:, None]
    others = np.stack([stats.norm.cdf(values, place, width), stats.t.cdf(values, 3, place, width)])
    best = np.sqrt(((others - levels) ** 2).mean(axis=-1)).min()
    assert misfit < best + 1e-4


@pytest.mark.parametrize(
    ("comparison", "limit", "upper", "whole", "expected"),
    [
        ("at_least", 30.0, None, False, 0.7),
        ("at_most", 30.0, None, False, 0.3),
        ("at_least", 30.0, None, True, 0.705),  # thirty begins at 29.5
        ("exceed", 30.0, None, True, 0.695),
        ("at_least", 29.2, None, True, 0.705),
        ("exceed", 29.2, None, True, 0.705),
        ("at_most", 30.0, None, True, 0.305),
        ("below", 30.0, None, True, 0.295),
        ("at_most", 30.8, None, True, 0.305),
        ("below", 30.8, None, True, 0.305),
        ("between", 30.0, 50.0, False, 0.2),
        ("between", 30.0, 50.0, True, 0.21),
        ("between", 29.5, 50.5, True, 0.21),
    ],
)
def test_chance_of_a_judged_figure(
    comparison: str, limit: float, upper: float | None, whole: bool, expected: float
) -> None:
    even = stats.uniform(0, 100).cdf
    sought = Criterion(comparison, limit, limit if upper is None else upper)
    assert meets(even, sought, whole=whole) == pytest.approx(expected)


# Pooling ------------------------------------------------------------------------------------------

SHARE = {"indicator": "share", "unit": "%"}


def pool(table: pd.DataFrame, **goal: Any) -> Judgement:
    evidence = dataclasses.replace(world([statement(2024, 1.0)], **goal), judgements=table)
    found = pooled(evidence, evidence.target("plan", "goal"))
    assert found is not None
    return found


def test_only_a_share_is_fitted_on_its_scale() -> None:
    values = list(stats.beta(2, 30, scale=100).ppf(LEVELS))
    found = pool(judged(("A", values), unit="%"), value=10.0, **SHARE)
    assert found.experts["family"].tolist() == ["beta"]
    assert found.probability == pytest.approx(stats.beta(2, 30, scale=100).sf(10.0), abs=1e-3)
    values = list(stats.lognorm(0.6, scale=10).ppf(LEVELS))
    (family,) = pool(judged(("A", values)), value=10.0).experts["family"]
    assert family == "lognormal"


def test_pool_is_the_mixture_of_its_experts() -> None:
    a, b = stats.norm(100, 10), stats.norm(130, 5)
    found = pool(judged(("A", list(a.ppf(LEVELS))), ("B", list(b.ppf(LEVELS)))), value=120.0)
    assert found.probability == pytest.approx((a.sf(120) + b.sf(120)) / 2, abs=1e-4)
    assert found.low == pytest.approx(a.sf(120), abs=1e-4)
    assert found.high == pytest.approx(b.sf(120), abs=1e-4)
    for level, at in found.quantiles.items():
        assert (a.cdf(at) + b.cdf(at)) / 2 == pytest.approx(level, abs=1e-4)
    rows = found.experts.set_index("expert")
    for name, truth in (("A", a), ("B", b)):
        stated = rows.loc[name, ["low", "median", "high"]].to_numpy(float)
        np.testing.assert_allclose(stated, truth.ppf([0.05, 0.5, 0.95]), rtol=1e-4)
    assert rows.loc["A", "reason"] == "because"


def test_quantiles_are_converted_to_the_unit_of_the_target() -> None:
    table = judged(("A", [900_000.0, 1_000_000.0, 1_100_000.0]), unit="万元")
    found = pool(table, value=100.0)
    assert found.probability == pytest.approx(0.5, abs=1e-3)
    assert found.quantiles[0.5] == pytest.approx(100.0, rel=1e-4)


def test_a_comparison_is_judged_by_the_difference() -> None:
    table = judged(("A", [-5.0, 0.0, 5.0]))
    found = pool(table, kind="comparison", value=80.0, reference_region="province")
    assert found.probability == pytest.approx(0.5, abs=1e-6)


def test_what_is_asked_of_an_expert() -> None:
    row = pd.Series({"kind": "comparison", "comparison": "at_least", "tolerance": np.nan})
    for value, whole in ((np.nan, "True"), (100.0, "True"), (80.0, "False")):
        said = asked(pd.concat([row, pd.Series({"value": value})]))
        assert said is not None
        assert said.args["whole"] == whole
    kinds = {kind: asked(pd.Series({"kind": kind})) for kind in ("level", "rank", "count")}
    assert [kind for kind, said in kinds.items() if said is None] == ["level", "rank"]

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.registries import Accounts
from forecast.evidence.scales import FloatArray, transform
from forecast.scenarios.identities import System, adding_up, reconciled, system

LOG, LOGIT = transform("log"), transform("logit")
LEVELS = {
    "gdp": 7000.0, "primary_value_added": 180.0, "secondary_value_added": 2700.0,
    "tertiary_value_added": 4120.0, "industrial_value_added": 2400.0, "trade": 10_500.0,
    "exports": 9200.0, "imports": 1300.0, "population": 720.0,
}  # fmt: skip
ACCOUNTS = Accounts(
    sums={
        "trade": ("exports", "imports"),
        "gdp": ("primary_value_added", "secondary_value_added", "tertiary_value_added"),
    },
    part_of={"industrial_value_added": "secondary_value_added"},
    shares={
        "rd_share": ("rd_expenditure", "gdp"),
        "urbanization": ("urban_population", "population"),
    },
)
SHARES = {"rd_share": 2.5, "urbanization": 71.0}


def city(n: int = 500, years: int = 3, seed: int = 1):
    """Figures drawn series by series, with no regard to each other."""
    rng = np.random.default_rng(seed)
    spread = np.cumsum(np.full(years, 0.05))
    values = {
        f"city/{name}": level * np.exp(spread * rng.standard_normal((n, years)))
        for name, level in LEVELS.items()
    }
    for name, level in SHARES.items():
        values[f"city/{name}"] = LOGIT.inverse(
            LOGIT.forward(np.array(level)) + 0.05 * rng.standard_normal((n, years))
        )
    scale = {key: LOGIT if key.split("/")[1] in SHARES else LOG for key in values}
    of = system(scale, {key: float(np.median(value)) for key, value in values.items()}, ACCOUNTS)
    known = {key: np.zeros(years, bool) for key in values}
    return values, known, of


def broken(of: System, values: Mapping[str, FloatArray]) -> float:
    """By how much the identities are missed at most, relative to the total."""
    gaps = [
        *(sum(values[part] for part in parts) / values[total] for total, parts in of.sums.items()),
        *(np.maximum(values[part] / values[whole], 1) for part, whole in of.part.items()),
        *(
            values[share] / 100 * values[base] / values[amount]
            for amount, (share, base) in of.product.items()
        ),
    ]
    return max(float(np.abs(gap - 1).max()) for gap in gaps)


def test_all_identities_of_the_region_are_found() -> None:
    _, _, of = city()
    assert set(of.sums) == {"city/trade", "city/gdp"}
    assert of.sums["city/trade"][-1] == "city/exports"  # the largest is the one to measure against
    assert of.part == {"city/industrial_value_added": "city/secondary_value_added"}
    assert set(of.product) == {"city/rd_expenditure", "city/urban_population"}


def test_an_identity_with_a_member_missing_is_none() -> None:
    of = system({"a/trade": LOG, "a/exports": LOG, "b/imports": LOG}, {}, ACCOUNTS)
    assert not of.sums
    assert of.free == ("a/trade", "a/exports", "b/imports")


@pytest.mark.parametrize("seed", range(4))
def test_reconciled_figures_keep_the_identities_and_what_is_to_be_kept(seed: int) -> None:
    values, known, of = city(seed=seed)
    out = reconciled(values, known, of, frozenset({"city/trade"}))
    assert broken(of, out) < 1e-9
    assert all((figures > 0).all() for figures in out.values())
    for kept in ("gdp", "trade", "rd_share", "population", "urbanization"):
        assert (out[f"city/{kept}"] == values[f"city/{kept}"]).all(), kept
    industry = "city/industrial_value_added"
    assert (out[industry] == values[industry]).mean() > 0.99


def test_part_that_is_a_target_keeps_its_figures_if_the_total_is_none() -> None:
    values, known, of = city()
    out = reconciled(values, known, of, frozenset({"city/exports"}))
    assert (out["city/exports"] == values["city/exports"]).all()
    assert broken(of, out) < 1e-9


def test_figures_already_in_order_stay() -> None:
    values, known, of = city()
    once = reconciled(values, known, of)
    again = reconciled({key: once[key] for key in values}, known, of)
    assert all(np.allclose(once[key], again[key], rtol=1e-9) for key in once)


def test_coordinates_and_back() -> None:
    values, known, of = city()
    out = reconciled(values, known, of)
    coordinates = of.encode(out)
    assert set(coordinates) == set(of.free)
    for key, figures in out.items():
        assert np.allclose(of.decode(key, coordinates.__getitem__), figures, rtol=1e-10), key


@given(seed=st.integers(0, 10_000), size=st.floats(0.01, 3.0))
def test_whatever_the_coordinates_the_identities_hold(seed: int, size: float) -> None:
    _, _, of = city()
    rng = np.random.default_rng(seed)
    coordinates = {key: size * rng.standard_normal((20, 2)) for key in of.free}
    values = {key: of.decode(key, coordinates.__getitem__) for key in of.scale}
    assert broken(of, values) < 1e-9


@given(seed=st.integers(0, 10_000), gap=st.floats(0.3, 3.0))
def test_parts_add_up_and_none_is_negative(seed: int, gap: float) -> None:
    rng = np.random.default_rng(seed)
    parts = np.exp(rng.standard_normal((3, 50)) * [[0.01], [0.1], [0.6]]) * [[100], [50], [10]]
    total = parts.sum(axis=0) * np.exp(np.log(gap) * rng.random(50))
    out = adding_up(parts, total)
    assert np.abs(out.sum(axis=0) / total - 1).max() < 1e-12
    # A part of wide errors that has to make room for seven tenths may end below the least float.
    assert (out >= 0).all()


def test_what_is_known_best_moves_least() -> None:
    rng = np.random.default_rng(1)
    parts = np.exp(rng.standard_normal((2, 400)) * [[0.01], [0.5]]) * [[900], [100]]
    out = adding_up(parts, np.full(400, 1020.0))
    moved = np.abs(np.log(out / parts)).mean(axis=1)
    assert moved[0] < 0.02 < moved[1]


def test_a_part_is_tied_to_its_wholes_and_not_to_other_parts() -> None:
    found = system(
        {f"city/{name}": LOG for name in LEVELS} | {f"city/{name}": LOGIT for name in SHARES},
        {f"city/{name}": level for name, level in (LEVELS | SHARES).items()},
        ACCOUNTS,
    )
    tied = {name for name in found.scale if found.tied("city/industrial_value_added", name)}
    assert tied == {"city/secondary_value_added", "city/gdp"}
    assert found.tied("city/gdp", "city/tertiary_value_added")
    assert found.tied("city/rd_share", "city/rd_expenditure")
    assert not found.tied("city/secondary_value_added", "city/tertiary_value_added")
    assert not found.tied("city/trade", "city/gdp")

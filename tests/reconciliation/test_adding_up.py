"""Totals and parts made consistent: closed forms, and published figures that stay."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.evidence.registries import Accounts
from forecast.evidence.scales import transform
from forecast.reconciliation.adding_up import (
    consistent,
    made_consistent,
    share_of_whole,
    sum_of_parts,
)
from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import reconcile, reconcile_all
from tests.worlds import statement, world

ACCOUNTS = Accounts(sums={"trade": ("exports", "imports")})


def history(indicator: str, values: list[float], sd: list[float], origin: str) -> History:
    """A path whose years are independent; `origin` holds p(ublished) or d(erived), year by year."""
    kinds = {"p": "published", "d": "derived"}
    n = len(values)
    return History(
        "city", indicator, "亿元", transform("log"), np.arange(2020, 2020 + n),
        np.log(values), np.diag(np.square(sd)), tuple(kinds[o] for o in origin),
        pd.DataFrame(), pd.DataFrame(), pd.Series(dtype=float), 0.05,
    )  # fmt: skip


def summed(members: list[History]) -> list[History]:
    return made_consistent(members, sum_of_parts, [False] * len(members))


def test_two_parts_and_a_total_by_hand():
    """Of a small gap each takes a part in proportion to weight times variance."""
    members = [
        history("trade", [101.0], [0.01], "d"), history("exports", [60.0], [0.02], "d"),
        history("imports", [40.0], [0.05], "d"),
    ]  # fmt: skip
    weight, variance = np.array([-1.0, 0.6, 0.4]), np.array([0.01, 0.02, 0.05]) ** 2
    total = float(weight**2 @ variance)
    expected = variance * weight / total * np.log(101 / 100)
    found = summed(members)
    moved = [float(f.mean[0] - m.mean[0]) for f, m in zip(found, members, strict=True)]
    np.testing.assert_allclose(moved, expected, rtol=0.02)
    assert found[1].values()[0] + found[2].values()[0] == pytest.approx(found[0].values()[0])
    cov = [float(f.cov[0, 0]) for f in found]
    np.testing.assert_allclose(cov, variance - (variance * weight) ** 2 / total, rtol=0.02)


def test_published_figures_stay_and_the_estimate_takes_all():
    members = [
        history("trade", [100.0], [0.002], "p"), history("exports", [60.0], [0.002], "p"),
        history("imports", [43.0], [0.002], "d"),
    ]  # fmt: skip
    trade, exports, imports = (h.values()[0] for h in summed(members))
    assert (trade, exports) == (pytest.approx(100.0, rel=1e-12), pytest.approx(60.0, rel=1e-12))
    assert imports == pytest.approx(40.0, rel=1e-9)


def test_published_figures_that_do_not_add_up_are_left_alone():
    members = [
        history("trade", [110.0, 120.0], [0.01, 0.01], "pd"),
        history("exports", [60.0, 70.0], [0.01, 0.01], "pd"),
        history("imports", [40.0, 40.0], [0.01, 0.01], "pd"),
    ]
    found = summed(members)
    for before, after in zip(members, found, strict=True):
        assert after.mean[0] == before.mean[0]
    assert found[1].values()[1] + found[2].values()[1] == pytest.approx(found[0].values()[1])


def test_published_parts_above_a_published_total_leave_the_year_as_it_is():
    members = [
        history("trade", [100.0, 100.0], [0.01, 0.01], "pd"),
        history("exports", [105.0, 60.0], [0.01, 0.01], "pd"),
        history("imports", [40.0, 41.0], [0.05, 0.05], "dd"),
    ]
    found = summed(members)
    for before, after in zip(members, found, strict=True):
        assert after.mean[0] == pytest.approx(before.mean[0], rel=1e-12)
        assert after.cov[0, 0] == pytest.approx(before.cov[0, 0])
    values = [float(h.values()[1]) for h in found]
    assert values[1] + values[2] == pytest.approx(values[0])


def test_regions_without_all_members_are_left_alone():
    only = {"city/trade": history("trade", [110.0], [0.01], "d")}
    assert consistent(only, ACCOUNTS)["city/trade"] is only["city/trade"]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_whatever_the_paths_the_parts_add_up(seed: int):
    rng = np.random.default_rng(seed)
    members = []
    for name, level in (("trade", 100.0), ("exports", 70.0), ("imports", 30.0)):
        n = int(rng.integers(3, 8))
        root = 0.1 * rng.standard_normal((n, n))
        base = history(name, [level] * n, [1.0] * n, "".join(rng.choice(["p", "d"], n)))
        members.append(
            dataclasses.replace(
                base, mean=base.mean + root[0], cov=root @ root.T + 1e-6 * np.eye(n)
            )
        )
    found = summed(members)
    for y in range(min(len(m.years) for m in members)):
        if all(m.origin[y] == "published" for m in members):
            continue
        trade, exports, imports = (float(f.values()[y]) for f in found)
        known = [float(m.values()[y]) * (m.origin[y] == "published") for m in members]
        if known[0] and known[1] + known[2] >= known[0]:
            continue  # published parts above a published total: no positive rest is left
        assert exports + imports == pytest.approx(trade, rel=1e-9)
    for before, after in zip(members, found, strict=True):
        kept = np.array(before.origin) == "published"
        np.testing.assert_allclose(after.mean[kept], before.mean[kept], atol=1e-9)
        assert np.linalg.eigvalsh(after.cov).min() > -1e-12


def test_estimates_of_a_data_set_add_up_alone_and_among_all():
    rows = []
    for year in range(2012, 2024):
        exports, imports = 60 * 1.08 ** (year - 2012), 40 * 1.03 ** (year - 2012)
        rows.append(statement(year, round(exports + imports, 1), indicator="trade"))
        if year != 2018:
            rows.append(statement(year, round(exports, 1), indicator="exports"))
        if year < 2016 or year > 2020:
            rows.append(statement(year, round(imports, 1), indicator="imports"))
    evidence = world(rows)
    every = reconcile_all(evidence)
    values = {name: every[f"city/{name}"].values() for name in ("trade", "exports", "imports")}
    np.testing.assert_allclose(values["exports"] + values["imports"], values["trade"], rtol=1e-3)
    between = slice(4, 9)
    np.testing.assert_allclose(
        (values["exports"] + values["imports"])[between], values["trade"][between], rtol=1e-9
    )
    np.testing.assert_allclose(
        reconcile(evidence, "city", "imports").mean, every["city/imports"].mean
    )


def test_part_is_the_share_of_the_whole_and_members_of_sums_keep_their_value():
    part, whole = history("towns", [50.0], [0.05], "d"), history("people", [80.0], [0.01], "d")
    share = dataclasses.replace(
        history("urban", [1.0], [0.02], "d"), scale=transform("logit"),
        mean=transform("logit").forward(np.array([60.0])),
    )  # fmt: skip
    for fixed in ([False, False, False], [False, True, False]):
        towns, people, urban = (
            float(h.values()[0])
            for h in made_consistent([part, whole, share], share_of_whole, fixed)
        )
        assert towns == pytest.approx(urban / 100 * people, rel=1e-10)
        assert (people == pytest.approx(80.0, rel=1e-12)) == fixed[1]
        assert abs(np.log(towns / 50)) < abs(np.log(50 / 48)) + 1e-9
    accounts = Accounts(shares={"urban": ("towns", "people")})
    every = {h.key: h for h in (part, whole, share)}
    found = consistent(every, accounts)
    assert found["city/towns"].values()[0] == pytest.approx(
        found["city/urban"].values()[0] / 100 * found["city/people"].values()[0]
    )


def test_slopes_of_the_identities_are_their_derivatives():
    rng = np.random.default_rng(3)
    for identity in (sum_of_parts, share_of_whole):
        x = rng.standard_normal((5, 3))
        _, slopes = identity(x)
        for i in range(3):
            ahead = x.copy()
            ahead[:, i] += 1e-6
            numeric = (identity(ahead)[0] - identity(x)[0]) / 1e-6
            np.testing.assert_allclose(slopes[:, i], numeric, atol=1e-5)


def test_statements_fit_to_the_path_that_adds_up():
    rows = []
    for year in range(2012, 2024):
        exports, imports = 60 * 1.05 ** (year - 2012), 40 * 1.04 ** (year - 2012)
        rows.append(statement(year, round(exports + imports, 1), indicator="trade"))
        for name, value in (("exports", exports), ("imports", 1.03 * imports)):
            rows.append(
                statement(
                    year, round(value, 1), indicator=name, status="secondary", mark="low_quality"
                )
            )
    for found in reconcile_all(world(rows)).values():
        levels = found.observations[found.observations["measure"] == "level"]
        path = dict(zip(found.years, found.values(), strict=True))
        expected = [path[year] for year in levels["year"]]
        np.testing.assert_allclose(levels["fitted"], expected, rtol=1e-9)

"""Worlds with a known truth: they are what they say, and the reconciliation finds the truth."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.worlds import one, recovered, report, share
from tests.worlds import FIRST, LAST, ragged

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world():
    return ragged(np.random.default_rng(5))


def test_a_seed_gives_the_same_world(world):
    again = ragged(np.random.default_rng(5))
    assert again.evidence.digest == world.evidence.digest
    assert ragged(np.random.default_rng(6)).evidence.digest != world.evidence.digest


def test_statements_are_about_the_truth_unless_spoiled(world):
    rows = world.evidence.observations
    levels = rows[(rows["measure"] == "level") & (rows["bound"] == "") & (rows["basis"] == "")]
    for row in levels.to_dict("records"):
        true = world.truth[row["region"], row["indicator"]][int(row["period"]) - FIRST]
        if row["observation"] not in world.bad:
            assert row["value"] == pytest.approx(true, rel=0.08)
    lower = rows[rows["bound"] == "lower"].to_dict("records")
    assert lower
    for row in lower:
        assert (
            row["value"] <= world.truth[row["region"], row["indicator"]][int(row["period"]) - FIRST]
        )


def test_worlds_hold_everything_that_is_ragged_in_our_data():
    rows = pd.concat([ragged(np.random.default_rng(i)).evidence.observations for i in range(5)])
    assert set(rows["measure"]) == {"level", "growth", "ytd_level", "ytd_growth", "change"}
    assert set(rows["basis"]) == {"", "old", "on_old_gdp"}
    assert set(rows["prices"]) == {"nominal", "real", "none"}
    running = rows[rows["period"].str.startswith(str(LAST))]
    assert set(running["measure"]) == {"ytd_level", "ytd_growth"}


def test_one_row_in_twenty_is_wrong():
    worlds = [ragged(np.random.default_rng(i)) for i in range(10)]
    wrong = sum(len(w.bad) for w in worlds) / sum(len(w.evidence.observations) for w in worlds)
    assert 0.04 < wrong < 0.06


def test_shocks_move_the_level_for_good_and_change_nothing_else():
    calm, shaken = (ragged(np.random.default_rng(3), shocks=share) for share in (0.0, 0.02))
    moves = {
        key: np.diff(np.log(shaken.truth[key])) - np.diff(np.log(calm.truth[key]))
        for key in calm.truth
        if key[0] == "nation"
    }
    large = [np.abs(m) > 0.08 for m in moves.values()]
    assert 0 < sum(m.sum() for m in large) < 12
    assert len(shaken.evidence.observations) == len(calm.evidence.observations)


def test_a_tree_of_any_size_can_be_drawn():
    parents = {"a": "", "b": "a", "c": "a", "d": "b"}
    drawn = ragged(np.random.default_rng(1), parents, ("gdp", "parcels"))
    assert set(drawn.truth) == {(r, i) for r in parents for i in ("gdp", "parcels")}
    assert set(recovered(drawn)["region"]) == set(parents)


def test_intervals_hold_the_truth_and_gaps_are_filled_well():
    """Twenty-four worlds: standard errors are some 1.3 points (history) and 3 (running year)."""
    table = pd.concat([one((2027, number)) for number in range(24)])
    history, running = table[table["year"] < LAST], table[table["year"] == LAST]
    assert 0.86 <= share(history)[0] <= 0.94
    assert 0.80 <= share(running)[0] <= 0.96
    gaps = history[history["linear"].notna()]
    assert gaps["error"].abs().median() < 0.5 * gaps["linear"].abs().median()
    squares = gaps[["error", "linear"]] ** 2
    assert squares["error"].mean() < squares["linear"].mean()
    assert "running year, all" in report(table)


def test_intervals_hold_the_truth_where_it_moves():
    """Fourteen worlds with shocks: the standard errors are some 1.8 points and 3.6."""
    table = pd.concat([one((2027, number), shocks=0.01) for number in range(14)])
    history, running = table[table["year"] < LAST], table[table["year"] == LAST]
    assert 0.85 <= share(history)[0] <= 0.94
    assert 0.78 <= share(running)[0] <= 0.97
    gaps = history[history["linear"].notna()]
    assert gaps["error"].abs().median() < 0.5 * gaps["linear"].abs().median()

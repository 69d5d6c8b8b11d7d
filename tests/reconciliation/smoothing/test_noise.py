"""The noise of a series and of parts of its years, by hand."""

import numpy as np
import pytest

from forecast.evidence.scales import TRANSFORMS
from forecast.reconciliation.observations import yearly_levels
from forecast.reconciliation.smoothing.noise import (
    noise_of,
    part_departures,
    part_sd,
    yearly_changes,
)
from tests.reconciliation.figures import observation

LOG = TRANSFORMS["log"]


def test_changes_are_read_off_one_basis_and_real_growth_stands_in() -> None:
    rows = [
        observation(2010, 100.0),
        observation(2012, 121.0),
        observation(2012, 60.5, basis="old"),
        observation(2013, 66.55, basis="old"),
        observation(2014, 8.0, "growth"),
        observation(2015, 5.0, "growth", prices="real"),
        observation(2014, 3.0, "growth", prices="real"),
        observation(2013, 999.0, mark="conflict"),
        observation(2016, 1.0, bound="lower"),
    ]
    found = yearly_changes(rows, LOG)
    assert found == pytest.approx(
        {2012: np.log(1.1), 2013: np.log(1.1), 2014: np.log(1.08), 2015: np.log(1.05)}
    )
    assert list(found) == sorted(found)
    assert yearly_levels(rows).tolist() == [100, 121, 60.5, 66.55, 999]


def test_noise_of_a_few_changes_is_their_mean_and_of_many_their_median() -> None:
    few = np.array([0.08, 0.06, 0.09])  # steps of 0.02 and 0.03
    spread = 1.2533 * 0.025 / np.sqrt(2)
    assert noise_of(few, 0.03) == pytest.approx(np.sqrt((2 * spread**2 + 4 * 0.03**2) / 6))
    many = np.cumsum([0.0, 0.01, -0.02, 0.02, -0.02, 0.03, -0.01, 0.02, -0.02])  # 8 steps
    spread = 1.4826 * 0.02 / np.sqrt(2)
    assert noise_of(many, 0.03) == pytest.approx(np.sqrt((8 * spread**2 + 4 * 0.03**2) / 12))
    assert noise_of(few[:2], 0.03) == 0.03
    wild = np.array([0.0, 5.0, 0.0])  # each step counts for four times what is typical
    spread = 1.2533 * 0.12 / np.sqrt(2)
    assert noise_of(wild, 0.03) == pytest.approx(np.sqrt((2 * spread**2 + 4 * 0.03**2) / 6))


def test_noise_of_normal_changes_is_their_deviation() -> None:
    # Changes of changes are normal with a deviation of root two of the noise.
    changes = np.random.default_rng(1).normal(0, 0.05, 20_000)
    assert noise_of(changes, 0.05) == pytest.approx(0.05, rel=0.03)
    few = [noise_of(c, 0.05) ** 2 for c in changes.reshape(-1, 4)]
    # Three steps whose mean is unbiased weigh three parts in seven, what is typical four.
    assert np.sqrt(np.mean(few)) == pytest.approx(0.05, rel=0.1)


def test_departures_by_hand() -> None:
    rows = [
        observation(2020, 100.0),
        observation(2021, 110.0),
        observation(2020, 24.0, "ytd_level", month=3),
        observation(2021, 27.5, "ytd_level", month=3),
        observation(2021, 10.0, "growth"),
        observation(2021, 12.0, "ytd_growth", month=6),
        observation(2021, 90.0, "ytd_level", month=9, mark="conflict"),
    ]
    found = part_departures(rows)
    gap = (np.log(1.12) - np.log(1.10)) / np.sqrt(2 * (1 - 0.75))
    half = (np.log(0.25) - np.log(0.24)) / 2 * np.sqrt(2)
    np.testing.assert_allclose(found, [[0.5, gap], [0.75, -half], [0.75, half]])


def test_spread_of_departures_is_shrunk_to_the_usual() -> None:
    assert part_sd(np.empty((0, 2)), 0.05) == pytest.approx(0.1)
    found = part_sd(np.array([[0.5, 0.03], [0.25, -0.01]]), 0.05)
    assert found == pytest.approx(np.sqrt((4 * 0.1**2 + 0.06**2 + 0.04**2) / 6))
    wild = part_sd(np.array([[0.5, 9.0]]), 0.05)
    assert wild == pytest.approx(np.sqrt((4 * 0.1**2 + 0.4**2) / 5))


def test_departures_are_read_off_past_years():
    rows = [observation(year, 100.0) for year in (2018, 2019, 2020)]
    shares = (0.46, 0.50, 0.54)
    rows += [observation(2018 + i, 100 * s, "ytd_level", month=6) for i, s in enumerate(shares)]
    found = part_departures(rows)
    assert found.shape == (3, 2)
    assert set(found[:, 0]) == {0.5}
    assert found[:, 1].sum() == pytest.approx(0, abs=1e-9)
    assert found[:, 1].std() == pytest.approx(np.std(np.log(shares)) * np.sqrt(1.5))
    assert part_sd(found, 0.03) > part_sd(found[:0], 0.03)


def test_noise_is_robust_to_one_wrong_figure():
    rng = np.random.default_rng(1)
    changes = rng.normal(0.08, 0.03, 20)
    wrong = changes.copy()
    wrong[9] += 2.3  # a level ten times too large ...
    wrong[10] -= 2.3  # ... and back
    assert noise_of(wrong, 0.06) < 1.5 * noise_of(changes, 0.06)
    assert noise_of(changes[:2], 0.06) == 0.06  # nothing to go by

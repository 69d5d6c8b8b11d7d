from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.dependence.copula import Label, _persistence, learn, nearest, over_years

LABELS = [
    Label("city/gdp", "city", "gdp"),
    Label("city/exports", "city", "exports"),
    Label("nation/gdp", "nation", "gdp"),
    Label("nation/exports", "nation", "exports"),
]
TRUE = np.array([[1, 0.6, 0.7, 0.4], [0.6, 1, 0.4, 0.7], [0.7, 0.4, 1, 0.6], [0.4, 0.7, 0.6, 1]])


def past(years: int, correlation: np.ndarray, keys: list[str], seed: int = 1) -> pd.DataFrame:
    """Errors of three horizons: sums of the shocks of as many years, in standard deviations."""
    rng = np.random.default_rng(seed)
    shocks = rng.multivariate_normal(np.zeros(len(keys)), correlation, years + 3)
    rows = [
        (key, 2000 + o, h, shocks[o : o + h, i].sum() / h**0.5)
        for o in range(years)
        for h in (1, 2, 3)
        for i, key in enumerate(keys)
    ]
    return pd.DataFrame(rows, columns=["series", "origin", "horizon", "error"])


def test_many_years_teach_the_correlations() -> None:
    keys = [label.key for label in LABELS]
    found = learn(past(4000, TRUE, keys), LABELS, {"city": "nation"})
    assert np.abs(found - TRUE).max() < 0.06


def test_few_years_are_shrunk_and_beat_the_raw_correlations() -> None:
    keys = [label.key for label in LABELS]
    gaps = {"raw": 0.0, "learned": 0.0, "independent": 0.0}
    for seed in range(30):
        errors = past(8, TRUE, keys, seed)
        one = errors[errors["horizon"] == 1].pivot(index="origin", columns="series", values="error")
        gaps["raw"] += ((one[keys].corr().to_numpy() - TRUE) ** 2).sum()
        gaps["learned"] += ((learn(errors, LABELS, {"city": "nation"}) - TRUE) ** 2).sum()
        gaps["independent"] += ((np.eye(4) - TRUE) ** 2).sum()
    assert gaps["learned"] < gaps["raw"]
    assert gaps["learned"] < 0.5 * gaps["independent"]


def test_without_a_record_there_is_no_dependence() -> None:
    empty = pd.DataFrame(columns=["series", "origin", "horizon", "error"])
    assert np.allclose(learn(empty.astype({"error": float}), LABELS), np.eye(4))


def test_series_without_a_record_go_together_as_others_of_their_kind() -> None:
    keys = [label.key for label in LABELS]
    town = [Label("town/gdp", "town", "gdp"), Label("town/exports", "town", "exports")]
    found = learn(past(200, TRUE, keys), [*LABELS, *town], {"city": "nation", "town": "nation"})
    assert found[4, 5] == pytest.approx(0.6, abs=0.1)  # GDP and exports of one region
    assert found[4, 2] == pytest.approx(0.7, abs=0.1)  # GDP of a region and of its nation


def test_shocks_of_a_year_reach_all_series_and_each_year_has_its_own() -> None:
    # The city is known to 2024, the nation to 2025: what came in 2025 is behind it.
    cells = [(0, 2025), (0, 2026), (1, 2026), (1, 2027)]
    found = over_years(np.array([[1, 0.5], [0.5, 1]]), [2024, 2025], [1e-12, 1e-12], cells)
    assert found[0, 1] == pytest.approx(np.sqrt(1 / 2))  # a random walk
    assert found[0, 2] == pytest.approx(0, abs=1e-5)  # no year in common
    assert found[1, 2] == pytest.approx(0.5 * 1 / np.sqrt(2 * 1))
    assert found[1, 3] == pytest.approx(0.5 * 1 / np.sqrt(2 * 2))


@given(seed=st.integers(0, 1000), last=st.lists(st.integers(2018, 2024), min_size=4, max_size=4))
def test_correlations_over_years_are_a_correlation_matrix(seed: int, last: list[int]) -> None:
    root = np.random.default_rng(seed).standard_normal((4, 4))
    correlation = nearest(np.corrcoef(root))
    cells = [(s, y) for s in range(4) for y in range(last[s], 2028)]
    found = over_years(correlation, last, [0.1, 0.5, 1e-9, 2.0], cells)
    assert np.allclose(np.diag(found), 1)
    assert np.linalg.eigvalsh(found).min() > -1e-9


@given(seed=st.integers(0, 1000))
def test_nearest_leaves_a_correlation_matrix_alone_and_mends_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound = np.corrcoef(rng.standard_normal((5, 40)))
    assert np.abs(nearest(sound) - sound).max() < 1e-3
    odd = np.clip(sound + 0.8 * np.triu(rng.standard_normal((5, 5)), 1), -0.95, 0.95)
    odd = np.triu(odd, 1) + np.triu(odd, 1).T + np.eye(5)
    mended = nearest(odd)
    assert np.allclose(np.diag(mended), 1)
    assert np.linalg.eigvalsh(mended).min() > 0


def test_only_origins_that_follow_each_other_are_neighbours() -> None:
    """Errors that repeat every year are persistent, whatever years and errors are missing."""
    years = [2001, 2002, 2003, 2006, 2007, 2011]
    errors = pd.DataFrame(
        {"same": [1.0, 1.0, 1.0, -1.0, -1.0, 1.0], "turns": [1.0, -1.0, 1.0, 1.0, -1.0, -1.0],
         "holes": [1.0, np.nan, 1.0, np.nan, 1.0, 1.0]}, index=years,
    )  # fmt: skip
    assert _persistence(errors) == pytest.approx([1.0, -1.0, 0.0])
    assert not _persistence(errors.iloc[:0]).any()

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.dependence.links import Links


def made(*columns: np.ndarray) -> pd.DataFrame:
    """Return errors of one year ahead, a series a column."""
    frames = [
        pd.DataFrame({"series": f"a/{i}", "origin": range(len(z)), "horizon": 1, "error": z})
        for i, z in enumerate(columns)
    ]
    return pd.concat(frames, ignore_index=True)


def test_interval_is_fishers() -> None:
    links = Links(("a", "b"), np.array([[1, 0.6], [0.6, 1]]), np.full((2, 2), 12.0))
    found = links.between("a", "b")
    half = 1.6448536 / np.sqrt(10)
    assert found.low == pytest.approx(np.tanh(np.arctanh(0.6) - half))
    assert found.high == pytest.approx(np.tanh(np.arctanh(0.6) + half))
    assert found.reliable


def test_one_in_ten_of_unrelated_pairs_passes() -> None:
    """Coverage of the interval, of errors with mean zero, in pairs of twelve years."""
    rng = np.random.default_rng(4)
    columns = [rng.standard_normal(12) for _ in range(60)]
    links = Links.of(made(*columns), tuple(f"a/{i}" for i in range(60)))
    passed = [links.between(f"a/{i}", f"a/{j}").reliable for i in range(60) for j in range(i)]
    assert np.mean(passed) == pytest.approx(0.1, abs=0.04)


def test_few_years_or_no_errors_are_no_link() -> None:
    z = np.array([1.0, -1.0, 2.0, 0.5])
    links = Links.of(made(z, z), ("a/0", "a/1", "a/2"))
    assert not links.between("a/0", "a/1").reliable
    assert not links.between("a/0", "a/2").reliable
    assert links.between("a/0", "elsewhere/0")[1:] == (-1.0, 1.0, 0.0)

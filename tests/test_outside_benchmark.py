"""The benchmark of what others expect, on cases whose best combination is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import outside as benchmark
from forecast.calibration import outside_forecasts
from tests.calibration.test_outside_forecasts import made


def test_blocks_score_every_year_once_and_never_teach_it() -> None:
    years = np.array([1990, 1991, 1994, 1999, 2003, 2003])
    scored = np.zeros(len(years))
    for teach, score in benchmark.blocks(years):
        assert not set(years[teach]) & set(years[score])
        scored += score
    assert (scored == 1).all()


def test_combining_gains_what_theory_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """CRPS of normal forecasts is in proportion to their spread: sqrt(R / (V + R)) of ours."""
    past, taught = made(1500), []
    learn = outside_forecasts.learn
    monkeypatch.setattr(
        outside_forecasts, "learn", lambda cases: taught.append(set(cases.year)) or learn(cases)
    )
    both, alone = benchmark.combined(past, by_blocks=True)
    assert len(taught) == 5
    assert all(len(years) == 16 for years in taught)
    found = benchmark.row(past, {"with / ours": both, "alone": alone})
    assert found["with / ours"] == pytest.approx(np.sqrt(0.2), abs=0.06)
    assert found["alone"] == pytest.approx(1, abs=0.02)
    assert 70 < found["80 % with"] < 90

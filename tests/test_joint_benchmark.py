"""The benchmark of joint draws, on a made-up panel with a common wave: it must find the wave."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import joint


@pytest.fixture(scope="module")
def found() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(4)
    years, regions = np.arange(1960, 2020), [f"R{i:02d}" for i in range(12)]
    wave = 0.02 * rng.standard_normal((60, 1))
    steps = 0.03 + wave + 0.01 * rng.standard_normal((60, 12))
    table = pd.DataFrame(100 * np.exp(steps.cumsum(axis=0)), years, [f"{r}/gdp" for r in regions])
    table["ALL/gdp"] = table.sum(axis=1)
    panel = joint.Panel("made up", table, "ALL", ("gdp",), range(1996, 2017, 4))
    return joint.evaluate(panel)


def test_joint_draws_win_where_there_is_a_wave(found: dict[str, pd.DataFrame]) -> None:
    mean = found["scores"].groupby("joint")[["energy", "variogram"]].mean()
    assert mean.loc[True, "variogram"] < 0.9 * mean.loc[False, "variogram"]
    inside = found["counts"].groupby("joint")["inside"].mean()
    assert inside[True] > inside[False]  # independent counts are far too sure of themselves


def test_knowing_the_driver_sharpens_and_improves(found: dict[str, pd.DataFrame]) -> None:
    drivers = found["drivers"]
    assert drivers["after"].mean() < 0.8 * drivers["before"].mean()
    assert drivers["width_after"].mean() < 0.9 * drivers["width_before"].mean()
    assert drivers["inside_after"].mean() > 0.6


def test_scores_are_those_known() -> None:
    draws = np.random.default_rng(1).standard_normal((20_000, 1))
    # CRPS of a standard normal at its mean: (sqrt(2) - 1) / sqrt(pi); the energy score is the same.
    exact = (np.sqrt(2) - 1) / np.sqrt(np.pi)
    assert joint.crps(draws, np.zeros(1))[0] == pytest.approx(exact, abs=0.01)
    assert joint.energy(draws, np.zeros(1)) == pytest.approx(exact, abs=0.01)
    assert joint.variogram(np.zeros((5, 3)), np.zeros(3)) == 0


def test_missing_reference_data_are_explained(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr("sys.argv", ["joint.py", "--reference", str(tmp_path)])
    assert joint.main() == 2
    said = capsys.readouterr().err
    assert "lacks reference data; they can be had in public" in said
    assert "pwt1001_selected.csv: Penn World Table" in said

"""A second user's folder: series of any length, with and without relatives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forecast.cli.main import main
from forecast.study import open_study
from forecast.verification.reference_record import own, panels_of
from tests.foreign import foreign, grown

PANELS = "countries of the Penn World Table"


def alone(folder: Path, n: int) -> list[str]:
    """Write a folder with one series of so many years; return the options that name it."""
    data = foreign(folder / f"alone{n}", {"norland/output": grown(n)} if n else {})
    return ["--data", str(data), "--draws", "400"]


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 8])
def test_series_of_any_length_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], n: int
) -> None:
    options = alone(tmp_path, n)
    assert main(["assess", "output", *options, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert main(["assess", "output", *options]) == 0
    said = capsys.readouterr().out
    if n < 3:
        assert (answer["status"], answer["probability"]) == ("not_assessable", None)
        assert len(answer["missing"]) == 3 - n
        assert PANELS not in said
        return
    assert answer["status"] == "assessed"
    assert answer["spread_factor"] == 1.0
    assert 0.02 < answer["probability_floor"] < 0.06
    assert answer["past_cases"] == 216
    assert "There are no past forecasts of these series" in said
    assert PANELS in said
    assert "as calibrated on past forecasts" not in said
    assert ("Thin evidence" in said) == (n < 5)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_other_commands_say_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], n: int
) -> None:
    options = alone(tmp_path, n)
    assert main(["gaps", *options]) == 0
    assert " 1. Output, Norland: yearly level" in capsys.readouterr().out
    assert main(["backtest", *options[:2]]) == 0
    said = capsys.readouterr().out
    assert "Empty DataFrame" not in said
    assert (PANELS in said) == (n > 0)
    assert main(["history", "output", *options[:2]]) == int(n == 0)
    assert main(["scenario", "baseline", *options]) == (0 if n == 3 else 2)
    assert n == 3 or "can be forecast" in capsys.readouterr().err


def test_relatives_with_a_record_leave_the_panels_out(tmp_path: Path) -> None:
    series = {"norland/output": grown(3), "southland/output": grown(20, seed=3)}
    series["union/output"] = grown(25, seed=2)
    study = open_study(foreign(tmp_path / "peers", series), draws=400).quick()
    answer = study.assess("output")
    assert answer.probability is not None
    assert not panels_of(answer.record)
    assert len(own(answer.record)) == len(answer.record) > 10

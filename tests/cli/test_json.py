"""What a machine reads: JSON on standard output, the same answers as elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast import open_study
from forecast.cli.main import main
from forecast.report.outputs.scenarios import scenario_result
from forecast.report.releases import Calendar
from forecast.report.results import target_result
from forecast.study import Study
from tests import builders
from tests.conftest import CITY

OPTIONS = ["--draws", "400", "--families", "drift,theta"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return builders.lengthen(builders.build(tmp_path / "data"))


def answer(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> Any:
    assert main([*map(str, words), "--json"]) == status
    told = capsys.readouterr()
    assert "forecast:" not in told.err  # steps may be shown there, on a busy machine
    return json.loads(told.out)


def test_target_is_an_entry_of_the_results(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "assess", "gdp", "--data", data, *OPTIONS)
    study = open_study(data, draws=400, families=("drift", "theta"))
    assert found == json.loads(
        json.dumps(target_result(study.assess("gdp"), Calendar(study.evidence)))
    )
    assert 0 < found["probability"] < 1


def test_path_has_the_years_of_the_history(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "history", "gdp", "--region", "zhejiang")
    expected = open_study(CITY).history("zhejiang", "gdp").table()
    assert (found["region"], found["indicator"], found["unit"]) == ("zhejiang", "gdp", "亿元")
    assert [year["year"] for year in found["years"]] == expected["year"].tolist()
    np.testing.assert_allclose(
        [year["estimate"] for year in found["years"]], expected["estimate"], rtol=1e-9
    )


def test_problems_are_listed_with_their_place(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = builders.row_of("observations", indicator="gdp", period="2020")
    builders.edit(data, "observations", row, value="-4703.9")
    found = answer(capsys, "check", "--data", data, status=1)
    first = next(problem for problem in found if problem["row"] == row)
    assert first["severity"] == "error"
    assert (first["file"], first["column"]) == ("data/observations.csv", "value")
    assert first["value"] == "-4703.9"


def test_work_plan_has_the_rows_of_its_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "gaps", "--data", data, *OPTIONS)
    file = tmp_path / "plan.csv"
    assert main(["gaps", "--data", str(data), *OPTIONS, "--csv", str(file)]) == 0
    capsys.readouterr()
    expected = pd.read_csv(file)
    assert [row["get"] for row in found] == expected["get"].tolist()
    assert found


def test_scenarios_are_listed_and_one_is_an_entry_of_the_results(
    study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("forecast.study.open_study", lambda *_, **__: study)
    known = study.scenarios()
    listed = answer(capsys, "scenario")
    assert [entry["scenario"] for entry in listed] == list(known)
    found = answer(capsys, "scenario", "baseline")
    outcome = study.scenario(known["baseline"])
    expected = scenario_result(known["baseline"], outcome, study.plan(""))
    assert found == json.loads(json.dumps(expected))
    assert found["targets"]


def test_scores_of_past_forecasts_by_panel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(2)
    paths = 50 * np.exp(np.cumsum(rng.normal(0.03, 0.05, (10, 25)), axis=1))
    rows = [(f"s{i}", 2000 + t, v) for i, path in enumerate(paths) for t, v in enumerate(path)]
    source = tmp_path / "panel.csv"
    pd.DataFrame(rows, columns=["series_id", "year", "value"]).to_csv(source, index=False)
    (found,) = answer(capsys, "backtest", source, "--horizon", 2)
    assert {row["horizon"] for row in found["forecasts"]} == {1, 2}
    naive = [row for row in found["forecasts"] if row["method"] == "naive"]
    assert [row["OWA"] for row in naive] == [1, 1]
    assert sum(row["cases"] for row in found["reliability"]) > 0
    assert {"events", "coverage"} <= set(found)

"""`forecast compare`: sets by name, by folder and after they were removed."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from forecast.cli import main as cli
from forecast.editions.store import FOLDER
from tests import builders
from tests.editions.worlds import TARGET, kept

FIRST, SECOND = "2026-11-01T000000Z-00000001", "2026-11-02T000000Z-00000002"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sets with two editions, of which the set of the first was removed."""
    folder = tmp_path_factory.mktemp("compare") / "reports"
    data = builders.build(folder.parent / "data")
    kept(folder / FOLDER, data, FIRST)
    second, _ = kept(folder / FOLDER, data, SECOND, more=0.25, seed=2028)
    (folder / SECOND).mkdir()
    run = {"id": SECOND, "edition": second.key}
    (folder / SECOND / "results.json").write_text(json.dumps({"run": run}))
    (folder / "latest").symlink_to(SECOND)
    return folder


def run(reports: Path, *arguments: str) -> int:
    return cli.main(["compare", *arguments, "--reports", str(reports)])


def test_table(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(reports, FIRST) == 0  # with the latest
    said = capsys.readouterr().out
    assert f"jinhua_2027: from {FIRST} to {SECOND}" in said
    header, row = said.splitlines()[3:5]
    assert header.split() == ["target", "before", "now", "difference", "sampling"]
    name, before, now, difference, sampling = row.split()
    assert name == TARGET
    assert float(now) - float(before) == pytest.approx(25.1, abs=0.11)
    assert difference == sampling == "+25.1"
    assert "Figures: 0 new, 0 revised, 0 withdrawn" in said


@pytest.mark.parametrize("name", [SECOND, "latest", "folder"])
def test_ways_to_name_a_set(reports: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    named = str(reports / SECOND) if name == "folder" else name
    assert run(reports, FIRST, named, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["plan"], found["before"], found["after"]) == ("jinhua_2027", FIRST, SECOND)
    (target,) = found["targets"]
    assert target["difference"] == pytest.approx(0.251)
    assert target["sampling"] == pytest.approx(0.251)
    assert target["beyond_noise"] is True
    assert target["new"] is None
    assert found["statements"] == []


def test_file(reports: Path, tmp_path: Path) -> None:
    assert run(reports, FIRST, SECOND, "--out", str(tmp_path / "c.csv")) == 0
    (row,) = csv.DictReader((tmp_path / "c.csv").open(encoding="utf-8"))
    assert float(row["difference"]) == pytest.approx(0.251)


def test_unknown_set(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(reports, "yesterday") == 2
    assert capsys.readouterr().err == (
        f"forecast: no set 'yesterday' in {reports}; known are latest, {SECOND}, {FIRST}\n"
    )


def test_set_from_before_the_store(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "results.json").write_text('{"run": {"id": "old"}}')
    assert run(reports, str(tmp_path / "old")) == 2
    assert capsys.readouterr().err == ("forecast: the set old was made before editions were kept\n")


def test_sets_of_two_plans(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pandas as pd

    other = tmp_path / "reports"
    shutil.copytree(reports, other, symlinks=True)
    path = other / FOLDER / f"{FIRST}.parquet"
    table = pd.read_parquet(path)
    table.assign(plan="another").to_parquet(path, index=False)
    assert run(other, FIRST) == 2
    assert capsys.readouterr().err == (
        f"forecast: {FIRST} is of the plan another, {SECOND} of jinhua_2027; expected two sets of"
        " one plan\n"
    )

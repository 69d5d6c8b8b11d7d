"""The commands for panels of one's own: files in, a file or JSON out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.cli.main import main
from forecast.forecasting.panel_forecast import predict


def panel(series: int = 12, years: int = 25) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    paths = 50 * np.exp(np.cumsum(rng.normal(0.04, 0.05, (series, years)), axis=1))
    return pd.DataFrame(
        [(f"s{i:03d}", 2000 + t, v) for i, path in enumerate(paths) for t, v in enumerate(path)],
        columns=["series_id", "year", "value"],
    )


def run(*words: object) -> int:
    return main([str(word) for word in words])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "panel.csv"
    panel().to_csv(path, index=False)
    return path


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    path = tmp_path / "targets.csv"
    path.write_bytes(
        "target_id,series_id,year,comparison,value\n目标一,s001,2026,at_least,90\n"
        "目标二,s002,2027,<,120\n".encode("gb18030")
    )
    return path


def test_predict_writes_ten_digits_and_the_same_again(source: Path, tmp_path: Path) -> None:
    a, b = tmp_path / "new" / "a.csv", tmp_path / "b.csv"
    assert run("predict", source, "--horizon", 3, "--out", a) == 0
    assert run("predict", source, "--horizon", 3, "--out", b) == 0
    assert a.read_bytes() == b.read_bytes()
    pd.testing.assert_frame_equal(pd.read_csv(a), predict(panel(), 3))
    assert [path.name for path in a.parent.iterdir()] == ["a.csv"]
    digits = [len(re.sub(r"e.*|^0\.0*|\D", "", value)) for value in
              pd.read_csv(a, dtype=str)["value"]]  # fmt: skip
    assert 8 < max(digits) <= 10


def test_json_has_the_rows_of_the_file(
    source: Path, targets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    for words in (["predict", source, "--horizon", 2], ["attain", source, targets]):
        assert run(*words, "--out", out) == 0
        capsys.readouterr()
        assert run(*words, "--json") == 0
        printed = pd.DataFrame(json.loads(capsys.readouterr().out))
        pd.testing.assert_frame_equal(printed, pd.read_csv(out), rtol=1e-8, check_dtype=False)


@pytest.mark.parametrize("ways", [[], ["--json", "--out", "out.csv"]])
def test_one_way_out_is_expected(
    source: Path, ways: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("predict", source, "--horizon", 2, *ways) == 2
    assert capsys.readouterr().err == "forecast: expected either --out FILE or --json\n"


def test_attain_reads_words_and_bytes_of_excel(source: Path, targets: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert run("attain", source, targets, "--out", out) == 0
    got = pd.read_csv(out)
    assert got["target_id"].tolist() == ["目标一", "目标二"]
    assert got["probability"].between(0, 1, inclusive="neither").all()


def test_places_that_cannot_be_written_or_read(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, out, told in (
        (source, source / "below.csv", "cannot be written"),
        (source, tmp_path, "cannot be written: it is not a file"),
        (tmp_path / "nothing.csv", tmp_path / "o.csv", "nothing.csv cannot be read"),
    ):
        assert run("predict", path, "--horizon", 3, "--out", out) in (1, 2)
        err = capsys.readouterr().err
        assert told in err
        assert err.count("\n") == 1


def test_a_failure_leaves_the_file_as_it_was(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "o.csv"
    out.write_text("old", encoding="utf-8")
    assert run("predict", source, "--horizon", 99, "--out", out) == 2
    assert "horizon" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.csv", "panel.csv"]


def test_calibrate_says_where_a_missing_set_can_be_had(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "t.json"
    for folder, told in (
        (tmp_path / "none", r"no folder.*Mcompetitions"),
        (tmp_path, r"m4_yearly_half\.csv cannot be read.*M4 competition"),
    ):
        assert run("calibrate", "--panels", folder, "--out", out) in (1, 2)
        assert re.search(told, capsys.readouterr().err)
    assert not out.exists()


# Parquet, and several panels in a file -----------------------------------------------------------


@pytest.fixture
def several(tmp_path: Path) -> dict[str, pd.DataFrame]:
    """Write two panels into one file of each form, and every panel into one of its own."""
    found = {name: panel(series=n, years=13) for name, n in (("a", 5), ("b", 6))}
    for name, table in found.items():
        table["value"] *= 1 + ord(name)
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    every = pd.concat([table.assign(panel=name) for name, table in found.items()])
    every.to_csv(tmp_path / "panels.csv", index=False)
    # Parts that are read at once begin and end within a panel.
    every.to_parquet(tmp_path / "panels.parquet", index=False, row_group_size=50)
    return found


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecast.evidence.files.panels.ROWS", 37)


@pytest.mark.parametrize("command", [("predict", "--horizon", 2), ("backtest", "--horizon", 1)])
def test_panels_of_a_file_are_answered_one_by_one(
    several: dict[str, pd.DataFrame], tmp_path: Path, command: tuple[object, ...]
) -> None:
    out = {form: tmp_path / f"{form}.out" for form in ("csv", "parquet")}
    for form, file in out.items():
        assert run(*command[:1], tmp_path / f"panels.{form}", *command[1:], "--out", file) == 0
    assert out["csv"].read_bytes() == out["parquet"].read_bytes()
    alone = []
    for name in several:
        file = tmp_path / f"{name}.out"
        assert run(*command[:1], tmp_path / f"{name}.csv", *command[1:], "--out", file) == 0
        alone.append(pd.read_csv(file, dtype=str).assign(panel=name))
    found = pd.read_csv(out["parquet"], dtype=str)
    pd.testing.assert_frame_equal(
        found, pd.concat(alone, ignore_index=True)[found.columns], check_like=True
    )
    assert found.columns[0] == "panel"


def test_targets_name_their_panel(several: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    rows = [("b", "t1", "s003", 2014, ">=", 8500.0), ("a", "t1", "s003", 2014, ">=", 8500.0)]
    columns = ["panel", "target_id", "series_id", "year", "comparison", "value"]
    targets = pd.DataFrame(rows, columns=columns)
    targets.to_csv(tmp_path / "t.csv", index=False)
    targets.to_parquet(tmp_path / "t.parquet", index=False)
    found = []
    for form in ("csv", "parquet"):
        out = tmp_path / f"{form}.out"
        panels = tmp_path / f"panels.{form}"
        assert run("attain", panels, tmp_path / f"t.{form}", "--out", out) == 0
        found.append(pd.read_csv(out))
    pd.testing.assert_frame_equal(*found)
    for name, row in found[0].groupby("panel"):
        targets.query("panel == @name").drop(columns="panel").to_csv(
            tmp_path / "one.csv", index=False
        )
        out = tmp_path / "one.out"
        assert run("attain", tmp_path / f"{name}.csv", tmp_path / "one.csv", "--out", out) == 0
        assert pd.read_csv(out)["probability"].tolist() == row["probability"].tolist()
    assert found[0]["panel"].tolist() == ["a", "b"]
    assert found[0]["probability"].between(0.01, 0.99).all()


def test_parquet_without_names_is_one_panel(source: Path, tmp_path: Path) -> None:
    panel().sample(frac=1, random_state=1).to_parquet(tmp_path / "panel.parquet", index=False)
    for file in (source, tmp_path / "panel.parquet"):
        out = tmp_path / f"{file.suffix}.out"
        assert run("predict", file, "--horizon", 2, "--out", out) == 0
    assert (tmp_path / ".csv.out").read_bytes() == (tmp_path / ".parquet.out").read_bytes()


def test_what_is_wrong_with_a_parquet_file(
    several: dict[str, pd.DataFrame], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every = pd.read_parquet(tmp_path / "panels.parquet")
    pd.concat([every, every.query("panel == 'a'")]).to_parquet(tmp_path / "again.parquet")
    every.drop(columns="year").to_parquet(tmp_path / "lacks.parquet")
    every.iloc[:0].to_parquet(tmp_path / "empty.parquet")
    (tmp_path / "text.parquet").write_text("series_id,year,value\n")
    for file, told in (
        ("again", f"row {len(every) + 1}"),
        ("lacks", "a column year"),
        ("empty", "at least one series"),
        ("text", "cannot be read"),
        ("nowhere", "cannot be read"),
    ):
        out = tmp_path / "out.csv"
        assert run("predict", tmp_path / f"{file}.parquet", "--horizon", 2, "--out", out) != 0
        assert told in capsys.readouterr().err
        assert not out.exists()

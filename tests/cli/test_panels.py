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

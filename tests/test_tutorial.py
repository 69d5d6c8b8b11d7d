"""Every command of the tutorial in data/README.md works as it is written, in an empty folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from forecast.cli import main as cli

README = Path(__file__).parents[1] / "data" / "README.md"
SECTION = README.read_text("utf-8").partition("## From nothing to pages")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^    (forecast .*)$", SECTION.replace("\\\n", " "), re.MULTILINE)
ROWS = re.findall(r"^```csv\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)


def test_every_step_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = {}
    for line in COMMANDS:
        _, name, *arguments = shlex.split(line)
        if name == "report":  # its pages are made in tests/test_first_hour.py
            vars(get_command(cli.app))["commands"][name].make_context(name, arguments)
            continue
        status = cli.main([name, *arguments])
        said[name] = capsys.readouterr().out
        assert status == 0, line
        if name == "add":
            with (tmp_path / "norland" / "observations.csv").open("a", encoding="utf-8") as file:
                file.write(ROWS[0])
    assert set(said) == {
        "new", "check", "add", "export-data", "import-data", "assess", "history", "gaps",
    }  # fmt: skip
    assert "2 without any figure: GDP, Unemployment" in said["check"]
    assert "forecast add --data norland --region norland --indicator gdp" in said["check"]
    assert "Written." in said["add"]
    assert "Nothing to write" in said["import-data"]
    assert said["assess"].startswith("GDP: at least 9")
    assert re.search(r"about \d+ in 100", said["assess"])
    assert len(re.findall(r"(?m)^ *20\d\d .* published", said["history"])) == 5
    assert cli.main(["check", "--data", "norland"]) == 0
    assert "without any figure" not in capsys.readouterr().out


def test_the_section_takes_fifteen_minutes() -> None:
    assert len(SECTION.split()) < 900
    assert len(COMMANDS) == 9


@pytest.mark.parametrize("measure", ["forecast_growth", "ytd_level", "growth"])
def test_what_the_table_of_columns_names_exists(measure: str) -> None:
    assert measure in README.with_name("COLUMNS.md").read_text("utf-8")

"""The example folders are valid, answer every target and make pages in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forecast.cli import main as cli
from forecast.resources import SCHEMA
from forecast.study import open_study
from tests.conftest import CHEAP
from tests.test_first_hour import pages

EXAMPLES = SCHEMA.parent / "examples"
NAMES = {"philippines": "Philippines", "scotland": "Scotland"}


def test_every_example_is_tested_and_explained() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(NAMES)
    told = (EXAMPLES / "README.md").read_text("utf-8")
    assert all(f"({name})" in told for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_example_is_valid(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--data", str(EXAMPLES / name)]) == 0
    assert "No errors and no warnings" in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_every_target_has_an_answer_or_the_figures_it_needs(name: str) -> None:
    study = open_study(EXAMPLES / name, draws=500, families=CHEAP)
    answers = study.assess_all()
    assert any(a.probability is not None for a in answers)
    for answer in answers:
        known = answer.probability is not None
        assert known or (answer.reason is not None and answer.missing), answer.key


@pytest.mark.parametrize("name", NAMES)
def test_example_makes_pages(name: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLES / name, tmp_path / name))
    made = pages(folder, "index", "zh/index")
    assert NAMES[name] in made["index"]
    assert "概率" in made["zh/index"]
    assert not any("nan" in text.split() for text in made.values())

"""What notebooks/README.md tells to do."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
from nbconvert.nbconvertapp import NbConvertApp
from papermill.cli import papermill

from forecast.report.execution.tasks import declared_parameters
from forecast.resources import NOTEBOOKS
from forecast.scenarios.spec import Scenario, Statement

README = (NOTEBOOKS / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^ {7,}((?:papermill|jupyter) .*)$", README, re.MULTILINE)


def test_there_are_ten_things_and_their_notebooks_exist() -> None:
    assert re.findall(r"^(\d+)\. \*\*", README, re.MULTILINE) == [str(i) for i in range(1, 11)]
    for name in re.findall(r"\w+\.ipynb", README):
        assert (NOTEBOOKS / name).exists() or name == "out.ipynb", name


def test_parameters_are_those_of_the_notebook() -> None:
    nb = nbformat.read(NOTEBOOKS / "10_target.ipynb", as_version=4)
    declared = {p.name for p in declared_parameters(nb)} | {"indicator"}
    assert set(re.findall(r"`(\w+) = ", README)) <= declared


def test_commands_are_understood() -> None:
    first, second = (shlex.split(command) for command in COMMANDS)
    asked = papermill.make_context("papermill", first[1:]).params
    assert asked["notebook_path"] == "notebooks/10_target.ipynb"
    assert asked["parameters"] == (("target", "trade"),)
    app = NbConvertApp()
    app.parse_command_line(second[2:])
    assert app.export_format == "forecast"
    assert app.extra_args == ["notebooks/10_target.ipynb"]


def test_scenario_of_the_readme_is_one() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    line = example.strip().splitlines()[0].strip()
    assert "forecast.Scenario" in line
    scenario = eval(line.partition(" = ")[2], {"forecast": _Forecast})
    assert isinstance(scenario, Scenario)


class _Forecast:
    Scenario, Statement = Scenario, Statement


def test_kernels_of_the_workbench_follow_edited_modules(tmp_path: Path) -> None:
    program = """
import json
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from forecast.report.workbench import startup
from forecast.cache import source_digest
source_digest()
before = source_digest.cache_info().currsize
shell.events.trigger("pre_run_cell", None)
print(json.dumps([shell.find_line_magic("autoreload") is not None, before,
                  source_digest.cache_info().currsize]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [True, 1, 0]

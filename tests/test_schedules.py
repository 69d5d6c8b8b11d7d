"""The examples of `schedules/`: each is run, or read by what will read it."""

from __future__ import annotations

import configparser
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from jupyter_scheduler.environments import CondaEnvironmentManager
from jupyter_scheduler.scheduler import Scheduler
from traitlets.config import Config

from forecast.report.execution.tasks import Task, validate
from forecast.report.request import runfile
from forecast.report.workbench.scheduler import PageManager
from forecast.resources import NOTEBOOKS
from tests.conftest import FISCAL

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "schedules"
HOME = "/srv/forecast"  # where the checkout lies in the examples
COMMAND = Path(sys.executable).with_name("forecast")


def understood(line: str) -> dict[str, Any]:
    """Return the options of a command line of ours, as the command understands them."""
    from typer.main import get_command

    from forecast.cli.main import app

    program, name, *arguments = shlex.split(line)
    assert program.endswith("forecast"), line
    command = vars(get_command(app))["commands"][name]
    return dict(command.make_context(name, arguments).params)


def placed(text: str, out: Path) -> str:
    """Return an example with the folders of this machine in place of its own."""
    for theirs, ours in (
        (f"{HOME}/.venv/bin/forecast", COMMAND), (f"{HOME}/data", FISCAL),
        (f"{HOME}/reports", out), (f"{HOME}/schedules", FOLDER),
    ):  # fmt: skip
        text = text.replace(theirs, str(ours))
    assert HOME not in text
    return text


def test_line_of_cron_runs_in_its_environment(tmp_path: Path) -> None:
    lines = (FOLDER / "crontab").read_text("utf-8").splitlines()
    (line,) = (line for line in lines if re.match(r"[\d*]", line))
    *when, command = line.split(maxsplit=5)
    assert len(when) == 5
    assert all(re.fullmatch(r"[\d*/,-]+", field) for field in when)
    assert "%" not in command  # cron makes a line break of it
    ours = placed(command, tmp_path).replace(" >>", " --dry-run >>")
    minimal = ["env", "-i", f"HOME={tmp_path}", "PATH=/usr/bin:/bin", "SHELL=/bin/sh"]
    done = subprocess.run(
        [*minimal, "/bin/sh", "-c", ours], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    log = (tmp_path / "nightly.log").read_text("utf-8").splitlines()
    assert log[-1] == "30 of 30 pages would be computed"


def test_units_of_systemd(tmp_path: Path) -> None:
    for name in ("forecast.service", "forecast.timer"):
        (tmp_path / name).write_text(placed((FOLDER / name).read_text("utf-8"), tmp_path), "utf-8")
    unit = configparser.RawConfigParser(strict=True)
    unit.read_string((FOLDER / "forecast.service").read_text("utf-8"))
    asked = understood(unit["Service"]["ExecStart"])
    assert unit["Service"]["ReadWritePaths"] == str(asked["out"])
    assert unit["Service"]["ProtectSystem"] == "strict"
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    units = [str(tmp_path / name) for name in ("forecast.service", "forecast.timer")]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "forecast" in line]
    assert ours == []
    # Of 10, where 10 is a service that may do anything.
    rated = ["systemd-analyze", "security", "--offline=true", "--threshold=20", units[0]]
    done = subprocess.run(rated, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_workflow_of_github() -> None:
    text = (FOLDER / "github-workflow.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow[True]["schedule"]  # YAML 1.1 takes the key `on` for a truth value
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    lines = [step["run"] for step in job["steps"] if "run" in step]
    targets = [line.removeprefix("make ") for line in lines if line.startswith("make ")]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert all(re.search(rf"^{re.escape(name)}:", makefile, re.MULTILINE) for name in targets)
    asked = [understood(line) for line in lines if not line.startswith("make ")]
    assert len(asked) == 3
    kept = [step["with"]["path"] for step in job["steps"] if "path" in step.get("with", {})]
    assert str(asked[1]["out"]) in kept[0].split()
    assert kept[1] == f"{asked[1]['out']}/latest/"


class Operator:
    """An operator of Airflow, as far as a DAG shows."""

    made: list[Operator]

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.after: list[Operator] = []
        Operator.made.append(self)

    def __rshift__(self, others: list[Operator]) -> None:
        self.after += others


class Dag(Operator):
    def __enter__(self) -> Dag:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> list[Operator]:
    """Put what the DAG uses of Airflow in the place of Airflow, which brings 100 packages along."""
    Operator.made = []
    for path, name, kind in (
        ("airflow.sdk", "DAG", Dag),
        ("airflow.providers.papermill.operators.papermill", "PapermillOperator", Operator),
        ("airflow.providers.standard.operators.bash", "BashOperator", Operator),
    ):
        parts = path.split(".")
        for n in range(1, len(parts) + 1):
            above = ".".join(parts[:n])
            monkeypatch.setitem(sys.modules, above, sys.modules.get(above) or ModuleType(above))
        setattr(sys.modules[path], name, kind)
    return Operator.made


def test_dag_of_airflow(airflow: list[Operator]) -> None:
    runpy.run_path(str(FOLDER / "airflow_dag.py"))
    dag, check, *rest = (operator.options for operator in airflow)
    assert airflow[1].after == airflow[2:]
    assert (dag["catchup"], dag["max_active_runs"], dag["default_args"]["retries"]) == (False, 1, 0)
    for options in (check, rest[0]):
        understood(options["bash_command"])
    page = rest[1]
    notebook = NOTEBOOKS / Path(page["input_nb"]).name
    validate([Task("page", notebook, page["parameters"])])  # every parameter is one of it


def test_scheduler_of_jupyter_takes_our_class(tmp_path: Path) -> None:
    config = Config()
    runpy.run_path(str(FOLDER / "jupyter_server_config.py"), {"get_config": lambda: config})
    db = f"sqlite:///{tmp_path}/jobs.sqlite"
    scheduler = Scheduler(str(tmp_path), CondaEnvironmentManager(), db_url=db, config=config)
    assert scheduler.execution_manager_class is PageManager
    notebook = str(NOTEBOOKS / "10_target.ipynb")
    assert PageManager.validate(PageManager, notebook)  # as the server asks


def test_image_of_docker() -> None:
    text = (FOLDER / "Dockerfile").read_text("utf-8").replace("\\\n", "")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if re.match("[A-Z]", line)]
    last = steps[max(i for i, s in enumerate(steps) if s[0] == "FROM") :]
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert ignored[0] == "*"
    for name, rest in steps:
        if name == "COPY" and not rest.startswith("--from"):
            *sources, _ = rest.split()
            for source in sources:
                assert (ROOT / source).exists()
                assert f"!{source}" in ignored
    user = dict(last)["USER"]
    assert user.isdigit()
    assert int(user) > 0
    program, arguments = (yaml.safe_load(dict(last)[name]) for name in ("ENTRYPOINT", "CMD"))
    asked = understood(shlex.join([*program, *arguments]))
    written = [*yaml.safe_load(dict(last)["VOLUME"]), "/tmp"]
    environment = dict(pair.split("=", 1) for pair in dict(last)["ENV"].split())
    assert str(asked["out"]) in written  # the rest of the root is read-only
    assert {environment["FORECAST_CACHE"], environment["HOME"]} <= set(written)


def test_operations_page_names_what_there_is(tmp_path: Path) -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", page):
        assert (FOLDER / target).exists(), target
    named = set(re.findall(r"\]\(([\w.-]+)\)", page))
    assert named >= {path.name for path in FOLDER.iterdir()} - {"README.md"}
    lines = re.findall(r"^ +(?:\.venv/bin/)?(forecast [a-z].*)$", page, re.MULTILINE)
    lines += re.findall(r"`(forecast [a-z][^`]*)`", page)
    assert len(lines) >= 5
    for line in lines:
        understood(line)
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "run.toml").write_text(example, "utf-8")
    first, second = runfile.read(tmp_path / "run.toml")
    assert (first.out.name, second.draws, len(second.pages)) == ("jinhua_2027", 8000, 4)

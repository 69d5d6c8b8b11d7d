"""The package as a wheel brings it, run outside the repository."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CITY

ROOT = Path(__file__).parents[2]
SOURCES = ("forecast", "notebooks", "pyproject.toml", "setup.py", "README.md", "LICENSE")
Done = subprocess.CompletedProcess[str]


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with the wheel, and with all that this one has."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name)
        else:
            shutil.copy(ROOT / name, source / name)
    (source / "data").mkdir()
    for path in (ROOT / "data").glob("*.json"):
        shutil.copy(path, source / "data")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source)
    python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    venv.create(folder / "env")
    (wheel,) = folder.glob("*.whl")
    pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run([python, "-c", purelib], capture_output=True, text=True, check=True)
    # A folder that a path file names is searched, but its own path files, such as the one of an
    # editable installation, are not read.
    (Path(own.stdout.strip()) / "outer.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return python


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Callable[..., Done]:
    """Return the installed command, run in an empty folder and without settings for data."""
    environment = {k: v for k, v in os.environ.items() if k not in ("FORECAST_DATA", "PYTHONPATH")}

    def call(*arguments: str | Path) -> Done:
        return subprocess.run(
            [installed.with_name("forecast"), *arguments], capture_output=True, check=False,
            encoding="utf-8", cwd=tmp_path, env=environment,
        )  # fmt: skip

    return call


def test_panel_is_forecast_anywhere(run: Callable[..., Done], tmp_path: Path) -> None:
    rows = [f"a,{year},{100 * 1.05 ** (year - 2010):.3f}" for year in range(2010, 2025)]
    (tmp_path / "panel.csv").write_text("\n".join(["series_id,year,value", *rows]), "utf-8")
    done = run("predict", "panel.csv", "--horizon", "2", "--out", "out.csv")
    assert (done.returncode, done.stderr) == (0, "")
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert {row["series_id"] for row in found} == {"a"}
    assert {row["year"] for row in found} == {"2025", "2026"}


def test_own_data_are_checked_anywhere(run: Callable[..., Done]) -> None:
    done = run("check", "--data", CITY)
    assert (done.returncode, done.stderr) == (0, "")
    assert "in the data" in done.stdout


@pytest.mark.parametrize("command", [["check"], ["assess", "gdp"], ["report"]])
def test_who_names_no_data_learns_in_one_line_where_some_are(
    run: Callable[..., Done], command: list[str]
) -> None:
    done = run(*command)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("forecast: no data: ")
    assert "--data" in done.stderr


def test_everything_the_pages_need_is_in_the_package(installed: Path) -> None:
    program = (
        "from forecast import resources as r\n"
        "from forecast.report import html, language, results\n"
        "assert r.REPOSITORY is None\n"
        "for path in (r.CALIBRATION, r.SCHEMA, results.SCHEMA_FILE): assert path.is_file(), path\n"
        "print(*sorted(p.name for p in r.NOTEBOOKS.iterdir()))\n"
        "for folder in (html.TEMPLATES, language.LOCALES):\n"
        "    print(*sorted(p.name for p in folder.rglob('*') if p.is_file()))\n"
    )
    done = subprocess.run(
        [installed, "-c", program], capture_output=True, text=True, check=True, cwd=installed.parent
    )
    notebooks, *others = done.stdout.splitlines()
    assert notebooks.split() == sorted(p.name for p in (ROOT / "notebooks").glob("*.ipynb"))
    for name, found in zip(("templates", "locales"), others, strict=True):
        here = ROOT / "forecast" / "report" / name
        assert found.split() == sorted(p.name for p in here.rglob("*") if p.is_file())

"""The notebooks on models, run as people run them: from any folder, by papermill and nbconvert."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from forecast.report.charts import MIME
from forecast.resources import NOTEBOOKS
from tests.conftest import CITY

pytestmark = pytest.mark.slow


def outputs(path: Path, mime: str = "text/html") -> str:
    nb: Any = nbformat.read(path, as_version=4)
    found = [o.data for c in nb.cells if c.cell_type == "code" for o in c.outputs if "data" in o]
    return "".join(str(data.get(mime, "")) for data in found)


def papermill(name: str, folder: Path, *parameters: str) -> Path:
    """Run the command in a folder of its own."""
    out = folder / name
    command = [sys.executable, "-m", "papermill", str(NOTEBOOKS / name), str(out)]
    chosen = ["-p", "data", str(CITY), "-p", "draws", "300", *parameters]
    chosen += ["-y", "compared: [drift, damped_trend]"]
    done = subprocess.run([*command, *chosen], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return out


def test_models_of_a_series_step_by_step(tmp_path: Path) -> None:
    out = papermill("11_models.ipynb", tmp_path, "-p", "family", "drift", "-p", "lang", "zh")
    text = outputs(out)
    assert "NaN" not in text
    for step in ("statements", "trust", "theta_pooled", "Ljung-Box", "other options"):
        assert step in text, step
    assert outputs(out, MIME).count("'description'") >= 3


def test_own_model_is_scored_and_pooled(tmp_path: Path) -> None:
    text = outputs(papermill("12_own_model.ipynb", tmp_path))
    assert text.count("recent_growth") >= 3
    assert "Growth of recent years" in text
    assert "learned ensemble" in text
    assert "in 100" in text

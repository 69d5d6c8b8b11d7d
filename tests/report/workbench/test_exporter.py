from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import get_exporter

from forecast.report.execution.tasks import Task
from forecast.report.html import Frame, export_page
from forecast.report.language import language
from forecast.report.workbench.exporter import PageExporter, given_parameters, page_title
from forecast.resources import NOTEBOOKS
from tests.conftest import CITY


@pytest.fixture(scope="module")
def executed() -> Any:
    """Return a notebook as JupyterLab saves it: run, and its parameters edited in their cell."""
    nb = nbformat.read(NOTEBOOKS / "10_target.ipynb", as_version=4)
    nb.cells[1].source = nb.cells[1].source.replace('data = ""', f"data = {str(CITY)!r}")
    said = nbformat.v4.new_output("execute_result", {"text/markdown": "# GDP\n\nUnlikely."})
    nb.cells[2].outputs = [said]
    return nb


def test_format_is_offered_by_name() -> None:
    assert get_exporter("forecast") is PageExporter
    assert PageExporter().export_from_notebook == "Forecast page (HTML)"
    assert PageExporter().file_extension == ".html"


def test_page_is_that_of_the_set(executed: Any, tmp_path: Path) -> None:
    source = tmp_path / "gdp.ipynb"
    nbformat.write(executed, source)
    page, _ = PageExporter().from_filename(str(source))
    title = page_title(given_parameters(executed), "en")
    batch = export_page(Task("gdp", source, title=title), source, tmp_path / "gdp.html", Frame())
    assert title
    assert page == batch.read_text("utf-8")


@pytest.mark.parametrize(
    ("notebook", "asked", "lang", "titled"),
    [
        ("10_target", {"target": "trade"}, "zh", "进出口"),
        ("20_data", {"indicator": "gdp"}, "en", "Jinhua"),
        ("30_scenarios", {}, "en", language("en")("site-scenarios")),
        ("10_target", {"target": "none_such"}, "en", ""),
        ("32_sliders", {}, "en", ""),
    ],
)
def test_titles_are_those_of_the_set(
    notebook: str, asked: dict[str, Any], lang: str, titled: str
) -> None:
    given = given_parameters(nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4))
    found = page_title({**given, "data": str(CITY), **asked}, lang)
    assert titled in found
    assert bool(titled) == bool(found)

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from forecast.report.language import language
from forecast.report.workbench.exporter import PageExporter
from forecast.report.workbench.sliders import Panel, sliders
from forecast.scenarios.spec import Scenario, Statement
from forecast.study import Study
from tests.conftest import PLAN

FALL = Scenario("Fall", [Statement("china/exports", "growth", -10, 2027)])


@pytest.fixture(scope="module")
def panel(study: Study) -> Panel:
    return sliders(language("en"), study, FALL, PLAN)[0]


def test_chances_follow_a_slider(study: Study, panel: Panel) -> None:
    name, slider, shown = panel.children
    before = shown.value
    assert "10 %" in name.value or "10%" in name.value
    assert (slider.min, slider.value, slider.max) == (-20, -10, 0)
    slider.value = -2.0
    milder = Scenario("Fall", [Statement("china/exports", "growth", -2, 2027)])
    expected = sliders(language("en"), study, milder, PLAN)[1]
    assert shown.value != before
    for cell in expected.iloc[:, -1]:
        assert cell in shown.value


def test_what_is_out_of_reach_is_said_in_place_of_the_table(panel: Panel) -> None:
    _, slider, shown = panel.children
    slider.min = -95.0
    slider.value = -95.0
    assert "<table" not in shown.value
    assert shown.value


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_without_a_kernel_has_the_first_table(study: Study, lang: str) -> None:
    found, first = sliders(language(lang), study, FALL, PLAN)
    bundle: dict[str, Any] = found._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    cell = nbformat.v4.new_code_cell("panel")
    cell.outputs = [nbformat.v4.new_output("execute_result", bundle)]
    page, _ = PageExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert "Loading widget" not in page
    assert "widget-view" not in page
    for column in first.columns:
        assert column in page

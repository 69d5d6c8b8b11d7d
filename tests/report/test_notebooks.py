from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from forecast.report.contents import tasks
from forecast.report.execution.tasks import declared_parameters, validate
from forecast.report.language import language
from forecast.report.request.options import Request
from forecast.resources import NOTEBOOKS
from forecast.study import Study
from tests.conftest import PLAN

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
#: Parameters that the reports leave at their defaults.
BY_HAND = {"10_target.ipynb": {"horizon_year"}}
#: Notebooks that a set has no page of: they show the models, or move with a reader.
WORKBENCH = {"11_models.ipynb", "12_own_model.ipynb", "32_sliders.ipynb"}
LONGEST_CELL = 15


@pytest.fixture(params=PATHS, ids=lambda path: path.name)
def notebook(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebooks_in_reading_order() -> None:
    assert [path.name for path in PATHS] == [
        "00_overview.ipynb",
        "05_briefing.ipynb",
        "10_target.ipynb",
        "11_models.ipynb",
        "12_own_model.ipynb",
        "20_data.ipynb",
        "30_scenarios.ipynb",
        "31_what_it_takes.ipynb",
        "32_sliders.ipynb",
        "90_track_record.ipynb",
    ]
    others = {NOTEBOOKS / ".ipynb_checkpoints", NOTEBOOKS / "README.md"}
    assert set(NOTEBOOKS.iterdir()) - set(PATHS) <= others


def test_notebook_is_valid_and_runs_on_any_machine(notebook: Any) -> None:
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert dict(notebook.metadata.language_info) == {"name": "python"}


def test_nothing_of_a_run_is_kept(notebook: Any) -> None:
    for cell in code(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_cells_have_identifiers_that_stay(notebook: Any) -> None:
    names = [cell.id for cell in notebook.cells]
    assert names == [str(i) for i in range(len(names))]  # as nbstripout writes them


def test_question_comes_first_and_then_the_parameters(notebook: Any) -> None:
    first, second, third = notebook.cells[:3]
    assert first.cell_type == "markdown"
    assert re.match(r"# .+\?\n", first.source)
    assert "remove" in first.metadata.tags  # the page begins with the answer instead
    assert second.metadata.tags == ["parameters"]
    assert [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])] == [second]
    assert re.search(r"^import forecast$", third.source, re.MULTILINE)


def test_parameters_are_literals_with_a_meaning(notebook: Any) -> None:
    cell = code(notebook)[0]
    statements = ast.parse(cell.source).body
    assert all(isinstance(s, ast.Assign | ast.AnnAssign) for s in statements)
    found = declared_parameters(notebook)
    assert len(found) == len(statements)
    for parameter in found:
        assert parameter.meaning, f"{parameter.name} has no comment"
        json.dumps(parameter.value)


def test_a_notebook_defines_nothing(notebook: Any) -> None:
    for cell in code(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ClassDef) and node.name == "RecentGrowth":
                break  # the model of one's own
            assert not isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
            )
            assert not isinstance(node, ast.For | ast.While | ast.With | ast.Try)


def test_cells_are_short(notebook: Any) -> None:
    for cell in code(notebook):
        assert 0 < len(cell.source.splitlines()) <= LONGEST_CELL


def test_imports_stand_in_one_cell_and_are_used(notebook: Any) -> None:
    with_imports = [
        cell for cell in code(notebook) if re.search(r"^(import|from)\b", cell.source, re.M)
    ]
    assert with_imports == [code(notebook)[1]]
    names = [
        alias.asname or alias.name
        for node in ast.walk(ast.parse(with_imports[0].source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    text = "\n".join(cell.source for cell in code(notebook))
    assert all(re.search(rf"\b{name}[.(]", text) for name in names)


def test_every_cell_shows_one_thing(notebook: Any) -> None:
    """A cell shows its last expression only: what stands before it would be lost."""
    for cell in code(notebook):
        for node in ast.parse(cell.source).body[:-1]:
            shown = isinstance(node, ast.Expr) and ast.unparse(node).startswith("pages.")
            assert not shown, ast.unparse(node)


def test_no_path_and_no_address(notebook: Any) -> None:
    text = json.dumps(notebook, ensure_ascii=False)
    assert "http" not in text
    assert not re.search(r"(?<![\w<])/(home|root|tmp|usr|work|Users|mnt)\b|[A-Z]:\\\\|\.\./", text)
    assert not re.search(r"^\s*[!%]", "\n".join(c.source for c in code(notebook)), re.MULTILINE)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_file_ends_like_a_text_file(path: Path) -> None:
    raw = path.read_bytes()
    assert raw.endswith(b"}\n")
    assert b"\r" not in raw


def test_reports_pass_what_the_notebooks_declare(study: Study) -> None:
    pages = tasks(study, Request(plan=PLAN, draws=400, families=("drift",)))
    declared = {
        path: {p.name for p in declared_parameters(nbformat.read(path, 4))} for path in PATHS
    }
    assert {task.notebook for task in pages} == {p for p in PATHS if p.name not in WORKBENCH}
    for task in pages:
        left = declared[task.notebook] - set(task.parameters)
        assert left == BY_HAND.get(task.notebook.name, set()), task.name
    complete = validate(pages)
    assert len(complete) == len(pages)


def test_defaults_of_notebooks_are_those_of_the_command() -> None:
    usual = Request()
    for path in PATHS:
        values = {p.name: p.value for p in declared_parameters(nbformat.read(path, 4))}
        expected = {
            "plan": usual.plan, "draws": usual.draws, "seed": usual.seed, "families": [],
            "data": "", "as_of": usual.as_of, "outside": usual.outside,
        }  # fmt: skip
        for name in set(values) & set(expected):
            assert values[name] == expected[name], f"{path.name}: {name}"


def test_parameters_are_explained_in_every_language() -> None:
    """A page in Chinese explains a parameter by the message whose English text is the comment."""
    english = language("en")
    for path in PATHS:
        for p in declared_parameters(nbformat.read(path, 4)):
            assert english(f"parameter-{p.name.replace('_', '-')}") == p.meaning, path.name

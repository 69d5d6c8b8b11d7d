"""Pages by JupyterLab's own scheduler: "Create a notebook job" makes the page that a set has.

For installations with ``jupyter-scheduler``, whose setting ``Scheduler.execution_manager_class``
names the class.
"""

from __future__ import annotations

import ast
import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_scheduler.executors import DefaultExecutionManager

from forecast.evidence.problems import RunError
from forecast.report.execution.run import run
from forecast.report.execution.tasks import Task, declared_parameters
from forecast.report.language import LANGUAGES
from forecast.report.workbench.exporter import page_title
from forecast.temporary import prefix
from forecast.workers.backend import Workers


class PageManager(DefaultExecutionManager):  # type: ignore[misc]
    """Executes a job as ``forecast report`` does: parameters checked, a hung page stopped.

    HTML is the page of the set in place of nbconvert's, which asks the network for its charts.
    """

    def execute(self) -> None:
        """Run the notebook of the job and put its files where they are staged.

        Raises
        ------
        forecast.evidence.problems.RunError
            If a parameter does not fit or the page failed; what there is has been staged.
        """
        notebook = Path(self.staging_paths["input"])
        nb = nbformat.read(notebook, as_version=4)
        declared = {p.name: p for p in declared_parameters(nb)}
        given = {
            name: value if name not in declared else typed(value, declared[name].type)
            for name, value in (self.model.parameters or {}).items()
        }
        values: Mapping[str, Any] = {**{p.name: p.value for p in declared.values()}, **given}
        lang = str(values.get("lang", "en"))
        lang = lang if lang in LANGUAGES else "en"
        title = page_title(dict(values), lang) or notebook.stem
        task = Task(notebook.stem, notebook, given, "page", title, lang)
        with tempfile.TemporaryDirectory(prefix=prefix(), ignore_cleanup_errors=True) as directory:
            (outcome,) = run([task], Path(directory), workers=Workers(1))
            for form, made in (("ipynb", outcome.notebook), ("html", outcome.html)):
                if made is not None and form in self.staging_paths:
                    shutil.copyfile(made, self.staging_paths[form])
        if outcome.error is not None:
            raise RunError(outcome.error)


def typed(text: str, wanted: str) -> Any:
    """Return what the text of a field stands for, where a parameter of a type is wanted.

    >>> typed("gdp", "str"), typed("'gdp'", "str"), typed("4000", "int"), typed("2027", "str")
    ('gdp', 'gdp', 4000, '2027')
    """
    if wanted != "str" or text[:1] in ("'", '"'):
        with contextlib.suppress(ValueError, SyntaxError):
            return ast.literal_eval(text)
    return text

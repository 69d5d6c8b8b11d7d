"""Jobs of JupyterLab's own scheduler, as its server hands them to the class that executes them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from jupyter_scheduler.models import Status
from jupyter_scheduler.orm import Job, create_session, create_tables

from forecast.report.workbench.scheduler import PageManager
from tests.report.execution.test_run import write


def executed(folder: Path, parameters: dict[str, str]) -> tuple[str, str]:
    """Execute a job; return its status and what is said of it."""
    notebook = write(folder / "my page.ipynb", "# Question", "print(target, draws + 1, levels)")
    db = f"sqlite:///{folder}/jobs.sqlite"
    create_tables(db)
    session = create_session(db)
    with session() as at:
        job = Job(
            name="page", runtime_environment_name="python", input_filename=notebook.name,
            output_formats=["ipynb", "html"], parameters=parameters,
        )  # fmt: skip
        at.add(job)
        at.commit()
        number = str(job.job_id)
    staged = {"input": str(notebook)}
    staged |= {form: str(folder / f"made.{form}") for form in ("ipynb", "html")}
    manager = PageManager(job_id=number, root_dir=str(folder), db_url=db, staging_paths=staged)
    manager.process()
    with session() as at:
        done = at.query(Job).filter(Job.job_id == number).one()
        return str(done.status), str(done.status_message)


def test_job_makes_the_page_of_the_set(tmp_path: Path) -> None:
    given = {"target": "'trade'", "draws": "41", "levels": '["high"]'}
    status, _ = executed(tmp_path, given)
    assert status == Status.COMPLETED
    page = (tmp_path / "made.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert "trade 42 ['high']" in page
    nb = nbformat.read(tmp_path / "made.ipynb", as_version=4)
    assert nb.metadata.papermill.parameters == {"target": "trade", "draws": 41, "levels": ["high"]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"draws": "many"}, "parameter 'draws' of my page.ipynb is int, not 'many' (str)"),
        ({"levels": '["high"]', "tragte": "gdp"}, "has no parameter 'tragte'"),
    ],
)
def test_parameter_that_does_not_fit_is_named(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    status, message = executed(tmp_path, given)
    assert status == Status.FAILED
    assert said in message
    assert not (tmp_path / "made.html").exists()

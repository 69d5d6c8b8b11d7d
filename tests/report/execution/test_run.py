from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4 as v4
import numpy as np
import psutil
import pytest

from forecast.evidence.problems import RunError
from forecast.report.execution import page_clock, publish, run, tasks
from forecast.report.execution.pages import Outcome
from forecast.report.execution.tasks import Task, TaskError
from forecast.workers.backend import Workers

pytestmark = pytest.mark.slow

PARAMETERS = (
    'target: str = "gdp"  # which target\ndraws: int = 10  # number\nlevels: list[str] = []'
)
MAY_FAIL = {"tags": ["raises-exception"]}


def write(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """A notebook of code cells; one that begins with # is a heading, and one may end in # fails."""
    nb = v4.new_notebook(
        cells=[
            v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
            *(
                v4.new_markdown_cell(c)
                if c.startswith("# ")
                else v4.new_code_cell(c, metadata=MAY_FAIL if c.endswith("# fails") else {})
                for c in cells
            ),
        ]
    )
    nbformat.write(nb, path)
    return path


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


# --------------------------------------------------------------------------------------------------
# Before anything starts
# --------------------------------------------------------------------------------------------------


def test_all_problems_are_told_at_once_and_nothing_starts(tmp_path: Path) -> None:
    good = write(tmp_path / "10_target.ipynb")
    (tmp_path / "broken.ipynb").write_text("{ not json")
    tasks = [
        Task("a", good, {"tragte": "gdp"}),
        Task("b", good, {"target": 7, "draws": True}),
        Task("c", good, {"levels": ["x", 1]}),
        Task("C", good),
        Task("d", tmp_path / "missing.ipynb"),
        Task("e", tmp_path / "broken.ipynb"),
        Task("f", good, output="../f"),
        Task("g", good, {"draws": float("nan")}),
    ]
    with pytest.raises(TaskError) as error:
        run.run(tasks, tmp_path / "out")
    told = "\n".join(error.value.problems)
    assert len(error.value.problems) == 9
    assert "a: 10_target.ipynb has no parameter 'tragte' (it has: target, draws, levels)" in told
    assert "b: parameter 'target' of 10_target.ipynb is str, not 7 (int)" in told
    assert "b: parameter 'draws' of 10_target.ipynb is int, not True (bool)" in told
    assert "C: writes the same page as c" in told
    assert "d: cannot read" in told
    assert "e: cannot read" in told
    assert "f: '../f' cannot be the name of a page" in told
    assert not (tmp_path / "out").exists()


def test_a_page_is_made_in_all_languages_one_after_the_other(tmp_path: Path) -> None:
    def task(target: str, lang: str) -> Task:
        return Task(
            f"{target} {lang}", tmp_path / "a.ipynb", {"t": target, "lang": lang}, lang=lang
        )

    tasks = [task(target, lang) for lang in ("en", "zh") for target in ("gdp", "trade")]
    assert run._together(tasks) == [[0, 2], [1, 3]]
    assert run._together([tasks[0], tasks[0], tasks[2]]) == [[0], [1, 2]]


def test_parameters_are_completed_and_made_plain(tmp_path: Path) -> None:
    task = Task("a", write(tmp_path / "a.ipynb"), {"draws": np.int64(3), "levels": ("x",)})
    (complete,) = tasks.validate([task])
    assert complete == {"target": "gdp", "draws": 3, "levels": ["x"]}
    assert type(complete["draws"]) is int


@pytest.mark.parametrize(
    ("value", "wanted", "fits"),
    [
        (1, "float", True), (1.0, "int", False), (None, "float | None", True), ("x", "'str'", True),
        ("x", "int | None", False), ("b", 'Literal["a", "b"]', True), ("c", "Literal['a']", False),
        ({"a": 1}, "dict[str, int]", True), ({"a": "1"}, "dict[str, int]", False),
        (float("inf"), "float", False), (["x"], "list", True), ("x", "list[str]", False),
        (None, "Any", True), ({1j}, "Any", False),
    ],
)  # fmt: skip
def test_types(value: Any, wanted: str, fits: bool) -> None:
    assert tasks.fits(value, wanted) is fits


# --------------------------------------------------------------------------------------------------
# Running: one run with everything that can happen, looked at by several tests
# --------------------------------------------------------------------------------------------------

PAGE = (
    "# Question",
    "import random, numpy, sys\nprint(target, draws, random.random(), numpy.random.random())",
    'print("noise", file=sys.stderr)',
)
DIRTY = (
    "import os, random, sys, warnings, pandas as pd",
    'leak = 1\nos.environ["LEAK"] = "1"\nos.chdir("/")\nrandom.seed(99)',
    'sys.path.insert(0, "/leak")\nwarnings.simplefilter("error")',
    'pd.set_option("display.max_rows", 3)',
)
CLEAN = (
    "import os, sys, warnings, pandas as pd",
    'print("leak" in globals(), "LEAK" in os.environ, os.getcwd(), "/leak" in sys.path)',
    'raised = ("error", None, Warning, None, 0) in warnings.filters',
    'print(raised, pd.get_option("display.max_rows"))',
    'print(os.environ["OMP_NUM_THREADS"], ".ipython" in os.environ["IPYTHONDIR"])',
)
CELLS = (
    "print('one'); display(1)", "# Heading", "x = 2", "x / 0  # fails", "x", "",
    "import asyncio\nawait asyncio.sleep(0)\nprint('waited')", "%%capture\nprint('not shown')",
    "for",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run {with} braces")


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> dict[str, Outcome]:
    page = write(folder / "page.ipynb", *PAGE)
    tasks = [
        Task("first", page, {"target": "trade"}, title="Same"),
        Task("dirty", write(folder / "dirty.ipynb", *DIRTY)),
        Task("clean", write(folder / "clean.ipynb", *CLEAN)),
        Task("cells", write(folder / "cells.ipynb", *CELLS)),
        Task("again", page, {"target": "trade"}, title="Same"),
        Task("failed", write(folder / "failed.ipynb", "x = 1", "x / 0", "print('after')")),
        Task("died", write(folder / "died.ipynb", "import os, signal\nos.kill(os.getpid(), 9)")),
        Task("ended", write(folder / "ended.ipynb", "import sys\nprint('done')\nsys.exit(0)")),
        Task("last", page, {"draws": 3}),
    ]
    seen = []
    result = run.run(
        tasks,
        folder / "out",
        workers=Workers(1),
        progress=lambda o, n, of: seen.append((o.name, n, of)),
    )
    assert seen == [(t.name, i + 1, len(tasks)) for i, t in enumerate(tasks)]
    return {o.name: o for o in result}


def text(outcome: Outcome) -> str:
    assert outcome.notebook is not None
    nb = nbformat.read(outcome.notebook, as_version=4)
    return "".join(
        o.get("text", "") for c in nb.cells if c.cell_type == "code" for o in c.get("outputs", [])
    )


def test_status_is_the_truth(outcomes: dict[str, Outcome]) -> None:
    assert {n: o.status for n, o in outcomes.items()} == {
        "first": "ok", "dirty": "ok", "clean": "ok", "cells": "failed", "again": "ok",
        "failed": "failed", "died": "died", "ended": "ok", "last": "ok",
    }  # fmt: skip
    assert outcomes["first"].error is None
    assert outcomes["failed"].error == (
        "Cell 3 of failed.ipynb ended with ZeroDivisionError: division by zero"
    )
    assert "signal 9" in str(outcomes["died"].error)
    assert all(o.html and o.html.is_file() for o in outcomes.values())


def test_parameters_reach_the_notebook_and_stderr_does_not_reach_the_reader(
    outcomes: dict[str, Outcome],
) -> None:
    assert text(outcomes["first"]).startswith("trade 10 ")
    assert text(outcomes["last"]).startswith("gdp 3 ")
    for kept in (outcomes["first"].notebook, outcomes["first"].html):
        assert kept is not None
        assert "noise\\n" not in kept.read_text(encoding="utf-8")
    assert "after" not in text(outcomes["failed"])


def test_pages_do_not_see_each_other(outcomes: dict[str, Outcome], folder: Path) -> None:
    assert text(outcomes["clean"]) == f"False False {folder} False\nFalse 60\n1 False\n"


def test_every_cell_has_its_own_outputs(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["cells"].notebook is not None
    every = nbformat.read(outcomes["cells"].notebook, as_version=4).cells
    cells = [cell for cell in every if cell.cell_type == "code"][1:]
    assert [[out["output_type"] for out in cell.outputs] for cell in cells] == [
        ["stream", "display_data"], [], ["error"], ["execute_result"], [], ["stream"], [], ["error"]
    ]  # fmt: skip
    assert [cell.execution_count for cell in cells] == [2, 3, 4, 5, None, 6, 7, 8]
    assert cells[0].outputs[0]["text"] == "one\n"
    assert cells[3].outputs[0]["data"]["text/plain"] == "2"
    assert cells[3].outputs[0]["execution_count"] == 5
    assert cells[5].outputs[0]["text"] == "waited\n"
    assert cells[7].outputs[0]["ename"] == "SyntaxError"


def test_page_does_not_depend_on_what_the_kernel_did_before(outcomes: dict[str, Outcome]) -> None:
    first, again = outcomes["first"].html, outcomes["again"].html
    assert first is not None
    assert again is not None
    assert first.read_bytes() == again.read_bytes()


def test_executed_notebook_does_not_tell_where_it_lay(
    outcomes: dict[str, Outcome], folder: Path
) -> None:
    assert outcomes["first"].notebook is not None
    assert str(folder) not in outcomes["first"].notebook.read_text(encoding="utf-8")


def test_failed_page_says_what_happened(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["failed"].html is not None
    page = outcomes["failed"].html.read_text(encoding="utf-8")
    assert "ZeroDivisionError: division by zero" in page
    assert 'href="notebooks/failed.ipynb"' in page


def test_no_kernel_is_left(outcomes: dict[str, Outcome]) -> None:
    assert [c for c in children() if "ipykernel" in " ".join(c.cmdline())] == []


def test_page_without_progress_and_page_that_floods_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_clock, "MOST_OUTPUT", 200_000)
    slow = write(tmp_path / "slow.ipynb", "import time\ntime.sleep(600)")
    busy = write(tmp_path / "busy.ipynb", "while True: pass")
    flood = write(tmp_path / "flood.ipynb", "while True: print('x' * 1000)")
    says = "import time\nfor n in range(8): time.sleep(0.5); print(n)"  # longer than the limit
    going = write(tmp_path / "going.ipynb", says, *["time.sleep(1)"] * 3)
    names = {"slow": slow, "busy": busy, "flood": flood, "going": going}
    tasks = [Task(name, notebook) for name, notebook in names.items()]
    slow_, busy_, flood_, going_ = run.run(tasks, tmp_path / "out", workers=Workers(1), timeout=3)
    for outcome in (slow_, busy_):
        assert outcome.status == "timeout"
        assert "no progress for 3 s" in str(outcome.error)
    assert (flood_.status, flood_.error) == (
        "failed", "flood.ipynb printed so much that it was stopped."
    )  # fmt: skip
    assert going_.status == "ok"
    assert [c for c in children() if "ipykernel" in " ".join(c.cmdline())] == []


def test_page_that_cannot_be_written_is_an_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run.export, "write_text", full)
    (outcome,) = run.run([Task("a", write(tmp_path / "a.ipynb", "1"))], tmp_path / "out")
    assert outcome.status == "failed"
    assert outcome.error == "No space left on device"
    assert outcome.html is None


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_interrupt_ends_everything(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    begun.mkdir()
    slow = write(
        tmp_path / "slow.ipynb",
        "import os, pathlib, time",
        f"(pathlib.Path({str(begun)!r}) / str(os.getpid())).touch(); time.sleep(600)",
    )
    script = (
        "import signal, sys; from pathlib import Path\n"
        "from forecast.report.execution.run import run\n"
        "from forecast.report.execution.tasks import Task\n"
        # A shell that starts the tests in the background has interrupts ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"nb = Path({str(slow)!r})\n"
        "try: run([Task(f't{i}', nb) for i in range(4)], nb.parent / 'out')\n"
        "except KeyboardInterrupt: print('interrupted'); sys.exit(130)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    while len(list(begun.iterdir())) < 2:
        assert process.poll() is None
        time.sleep(0.1)
    kernels = psutil.Process(process.pid).children(recursive=True)
    assert {int(path.name) for path in begun.iterdir()} <= {kernel.pid for kernel in kernels}
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate()
    assert said.strip() == "interrupted"
    assert process.returncode == 130
    _, alive = psutil.wait_procs(kernels, timeout=120)
    assert alive == []


# --------------------------------------------------------------------------------------------------
# Publishing
# --------------------------------------------------------------------------------------------------


def staged(reports: Path, run_id: str, *files: str) -> Path:
    directory = publish.staging(reports, run_id)
    for name in files:
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(run_id)
    return directory


@pytest.fixture(params=["links", "no links"])
def reports(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    if request.param == "no links":

        def refuse(*_: object, **__: object) -> None:
            raise OSError("A required privilege is not held by the client")

        monkeypatch.setattr(Path, "symlink_to", refuse)
    yield tmp_path / "reports"
    left = [p.name for p in (tmp_path / "reports").glob(".*") if p.name != ".lock"]
    assert left == []


def test_latest_is_the_newest_complete_set(reports: Path) -> None:
    for run_id in ("r1", "r2", "r3"):
        final = publish.publish(
            staged(reports, run_id, "index.html", "notebooks/a.ipynb"),
            reports,
            run_id,
            expected=["index.html", "notebooks/a.ipynb"],
        )
        assert final == reports / run_id
        assert (reports / "latest" / "index.html").read_text() == run_id
    assert (reports / "r1" / "index.html").read_text() == "r1"


def test_incomplete_set_leaves_latest_alone(reports: Path) -> None:
    publish.publish(staged(reports, "r1", "index.html"), reports, "r1", expected=["index.html"])
    directory = staged(reports, "r2", "index.html")
    (directory / "empty.html").write_text("")
    with pytest.raises(RunError, match=r"r2 is not complete.*lacks: empty.html, gdp.html"):
        publish.publish(directory, reports, "r2", expected=["index.html", "empty.html", "gdp.html"])
    assert (reports / "latest" / "index.html").read_text() == "r1"
    aside = publish.set_aside(directory, reports, "r2")
    assert (aside / "index.html").read_text() == "r2"
    assert aside == reports / "failed" / "r2"


def test_set_is_never_overwritten(reports: Path) -> None:
    publish.publish(staged(reports, "r1", "index.html"), reports, "r1")
    directory = staged(reports, "r1", "index.html")
    with pytest.raises(RunError, match="exists already"):
        publish.publish(directory, reports, "r1")
    publish.set_aside(directory, reports, "r1")


def test_name_of_a_set_is_given_once(reports: Path) -> None:
    name = "2026-11-27T021844Z-01a5ffe1"
    assert publish.free(reports, name) == name
    publish.publish(staged(reports, name, "index.html"), reports, name)
    assert publish.free(reports, name) == f"{name}-2"
    publish.set_aside(staged(reports, f"{name}-2", "index.html"), reports, f"{name}-2")
    assert publish.free(reports, name) == f"{name}-3"
    publish.publish(staged(reports, f"{name}-3", "index.html"), reports, f"{name}-3")
    assert publish.prune(reports, keep=1) == [name]


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_latest_survives_a_failure_of_the_disk(
    reports: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """Each renaming of the publishing fails in turn, those that put things back do not."""
    publish.publish(staged(reports, "r1", "index.html"), reports, "r1")
    directory = staged(reports, "r2", "index.html")
    renamings = []

    def full(step: Any) -> Any:
        def renamed(*paths: Path) -> None:
            renamings.append(paths)
            if len(renamings) == failing:
                raise OSError(28, "No space left on device")
            step(*paths)

        return renamed

    links = (reports / "latest").is_symlink()
    with monkeypatch.context() as patch:
        patch.setattr(publish.os, "rename", full(os.rename))
        patch.setattr(publish.os, "replace", full(os.replace))
        if failing == 3 and links:
            publish.publish(directory, reports, "r2")
            assert len(renamings) == 2
        else:
            with pytest.raises(RunError, match=r"cannot publish .*r2: No space left on device"):
                publish.publish(directory, reports, "r2")
    newest = "r2" if failing == 3 and links else "r1"
    assert (reports / "latest" / "index.html").read_text() == newest
    if directory.exists():
        publish.set_aside(directory, reports, "r2")


def test_link_to_latest_is_relative(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    publish.publish(staged(reports, "r1", "index.html"), reports, "r1")
    moved = reports.rename(tmp_path / "elsewhere")
    assert (moved / "latest" / "index.html").read_text() == "r1"


def test_directory_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot write to"):
        publish.staging(tmp_path / "file", "r1")
    with pytest.raises(RunError, match="cannot write to"), publish.lock(tmp_path / "file"):
        pass


def test_remains_of_runs_cut_off_are_removed(tmp_path: Path) -> None:
    staged(tmp_path, "r1", "index.html")
    publish.staging(tmp_path, "r2")
    assert [p.name for p in tmp_path.iterdir()] == [".tmp-r2"]


def test_second_run_is_told_who_is_first(tmp_path: Path) -> None:
    with publish.lock(tmp_path):
        first = f"another run .process {os.getpid()}. is writing"
        with pytest.raises(RunError, match=first), publish.lock(tmp_path):
            pass
    with publish.lock(tmp_path):
        pass


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from forecast.report.execution.publish import lock\n"
        f"with lock(Path({str(tmp_path)!r})): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(RunError, match=f"process {process.pid}"), publish.lock(tmp_path):
            pass
        process.kill()
    with publish.lock(tmp_path):
        assert (tmp_path / ".holder").read_text() == str(os.getpid())
    assert not (tmp_path / ".holder").exists()


# --------------------------------------------------------------------------------------------------
# The manifest
# --------------------------------------------------------------------------------------------------


def test_manifest(tmp_path: Path) -> None:
    notebook = write(tmp_path / "10_target.ipynb")
    data = tmp_path / "data" / "targets.csv"
    data.parent.mkdir()
    data.write_bytes(b"abc")
    out = tmp_path / "out"
    (out / "notebooks").mkdir(parents=True)
    (out / "gdp.html").write_text("page")
    (out / "manifest.json").write_text("not listed")
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    found = publish.manifest(
        [Task("gdp", notebook, {"draws": np.int64(5)})],
        [Outcome("gdp", "ok", 1.5, None, out / "gdp.html", None)],
        out,
        run_id="r1",
        started=start,
        finished=start + timedelta(seconds=90),
        data={publish.named(data, tmp_path): publish.sha256(data)},
        seed=7,
        root=tmp_path,
        extra={"note": 1},
    )
    assert json.loads(json.dumps(found)) == found
    assert found["started"] == "2026-11-24T08:00:00Z"
    assert found["seconds"] == 90
    assert found["tasks"][0]["parameters"] == {"target": "gdp", "draws": 5, "levels": []}
    assert found["tasks"][0]["notebook"] == "10_target.ipynb"
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert found["data"] == {"data/targets.csv": abc}
    assert list(found["files"]) == ["gdp.html"]
    assert found["git"] is None
    assert "pandas" in found["packages"]
    assert found["note"] == 1


def test_manifest_names_the_commit_of_the_project_only(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        command = ["git", "-C", str(tmp_path), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    (tmp_path / "inner").mkdir()
    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "-m", "x")
    assert publish._git(tmp_path) == {"commit": git("rev-parse", "HEAD"), "dirty": False}
    (tmp_path / "new").write_text("")
    assert publish._git(tmp_path) == {"commit": git("rev-parse", "HEAD"), "dirty": True}
    assert publish._git(tmp_path / "inner") is None


# Types of parameters ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted", "fits"),
    [
        (None, "list[str] | None", True),
        (["a"], "list[str] | None", True),
        ([1], "list[str] | None", False),
        ("abc", "Optional[int]", False),
        (3, "Optional[int]", True),
        ("a, b", 'Literal["a, b"]', True),
        ("a", 'Literal["a, b"]', False),
        (True, "int", False),
        (1, "float", True),
        ("1", "float", False),
        (float("nan"), "float", False),
        ({"a": [1, 2]}, "dict[str, list[int]]", True),
        ({"a": ["x"]}, "dict[str, list[int]]", False),
        ({"a": 1}, "SomeTypeOfALibrary", True),
        (object(), "SomeTypeOfALibrary", False),
    ],
)
def test_values_fit_the_annotated_types(value: object, wanted: str, fits: bool) -> None:
    assert tasks.fits(value, wanted) is fits


def test_notebook_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    broken = tmp_path / "20_data.ipynb"
    broken.write_text("{", "utf-8")
    with pytest.raises(RunError) as told:
        tasks.validate([Task(f"data-{i}", broken, {"p": 1}) for i in range(81)])
    assert str(told.value).count("\n") == 0
    assert "data-0: cannot read" in str(told.value)


# Keeping ------------------------------------------------------------------------------------------


def test_old_sets_are_removed_and_never_the_latest(tmp_path: Path) -> None:
    names = [f"2026-11-{day:02d}T080000Z-{day:08x}" for day in range(1, 7)]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / "failed" / name).mkdir(parents=True)
    (tmp_path / "sample").mkdir()
    (tmp_path / "latest").symlink_to(names[0], target_is_directory=True)
    removed = publish.prune(tmp_path, 2)
    assert sorted(removed) == sorted([*names[1:4], *names[:4]])
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {names[0], *names[4:], "failed", "latest", "sample"}
    assert {path.name for path in (tmp_path / "failed").iterdir()} == set(names[4:])


def test_set_is_on_the_disk_before_it_is_the_newest(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    directory = staged(reports, "r1", "index.html", "notebooks/a.ipynb")
    monkeypatch.setattr(publish.os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    inodes = {path.stat().st_ino for path in [directory, *directory.rglob("*")]}
    final = publish.publish(directory, reports, "r1")
    assert inodes <= set(synced)
    assert (final / "index.html").read_text() == "r1"

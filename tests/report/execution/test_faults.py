"""Faults of the machine in the middle of a run: what was published stays, the next run succeeds.

`FORECAST_FAULTS=50` kills as many runs at random moments in place of a handful; the seed is printed
and `FORECAST_FAULTS_SEED` repeats it.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
import pytest

from forecast import temporary
from forecast.report.execution import publish, run
from forecast.report.execution.snapshot import snapshot
from forecast.report.execution.tasks import Task
from forecast.report.execution.verify import mismatches
from forecast.resources import NOTEBOOKS
from forecast.workers.backend import Workers
from tests import builders
from tests.report.execution.test_run import write

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals"),
]

KILLS = int(os.environ.get("FORECAST_FAULTS", "4"))
SEED = int(os.environ.get("FORECAST_FAULTS_SEED", random.SystemRandom().randrange(10**6)))

#: A run of the whole way on few pages. To be quick, the notebooks are cut short, and running years
#: are estimated as of two past days.
PROGRAM = """
import sys
from pathlib import Path
from forecast.cli.main import _status
from forecast.cli.report import _make
from forecast.report.outputs.progress import Lines
from forecast.report.request.options import Request
from forecast.verification import replay
days = replay.days
replay.days = lambda evidence: days(evidence)[-2:]
base, how = Path(sys.argv[1]), sys.argv[2]
request = Request(
    data=base / "data", out=base / "reports", notebooks=base / "notebooks", draws=200,
    families=("drift",), jobs=1, langs=("en",), force=how != "warm", keep=3,
)
def run():
    _make([request], Lines(sys.stdout))
    return 0
sys.exit(_status(run, debug=False))
"""


@dataclass
class Place:
    """Where runs are made and cut off, with odd characters in its path."""

    base: Path
    seconds: dict[str, float] = field(default_factory=dict)  # that a run took

    def begin(
        self, how: str = "warm", preexec_fn: Callable[[], None] | None = None, **environment: str
    ) -> subprocess.Popen[str]:
        """Start a run: cold computes numbers and pages, forced the pages, warm what has changed."""
        cache = self.base / (f"cache-{random.random()}" if how == "cold" else "cache")
        own = {"FORECAST_CACHE": str(cache), "TMPDIR": str(self.base / "tmp"), **environment}
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self.base), how], text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **own},
            preexec_fn=preexec_fn,
        )  # fmt: skip

    def succeed(self, how: str = "warm", **environment: str) -> None:
        """Make a run that succeeds and leaves nothing behind."""
        begun = time.monotonic()
        process = self.begin(how, **environment)
        _, err = process.communicate()
        assert process.returncode == 0, err
        assert self.intact()
        left = {path.name for path in self.reports.iterdir() if path.name[0] == "."}
        assert left <= {".lock"}
        assert list((self.base / "tmp").iterdir()) == []
        self.seconds[how] = time.monotonic() - begun

    @property
    def reports(self) -> Path:
        return self.base / "reports"

    def intact(self) -> bool:
        """Whether the newest set is whole: every file is there and as its manifest says."""
        return mismatches((self.reports / "latest").resolve()) == []


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    base = tmp_path_factory.mktemp("faults") / '报告 #1 {x} 100% d\'or "q"'
    (base / "tmp").mkdir(parents=True)
    builders.few(base / "data")
    (base / "notebooks").mkdir()
    for path in NOTEBOOKS.glob("*.ipynb"):
        nb = nbformat.read(path, as_version=4)
        nb.cells = nb.cells[:2]
        nbformat.write(nb, base / "notebooks" / path.name)
    made = Place(base)
    for how in ("warm", "forced"):  # the first of them computes the numbers
        made.succeed(how)
        made.seconds.setdefault("cold", made.seconds[how])
    made.succeed("warm")
    return made


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def test_run_killed_at_any_moment_leaves_the_newest_set(place: Place) -> None:
    print(f"FORECAST_FAULTS_SEED={SEED}")
    draw = random.Random(SEED)
    for n in range(KILLS):
        how = ("cold", "forced", "warm", "forced")[n % 4]
        process = place.begin(how)
        try:
            process.wait(draw.uniform(0, place.seconds[how]))
        except subprocess.TimeoutExpired:
            started = descendants(process)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _, alive = psutil.wait_procs(started, timeout=60)
            assert alive == [], "a kernel or a worker has outlived its run"
        process.communicate()
        assert place.intact(), f"kill {n} of seed {SEED}"
    place.succeed()


@pytest.mark.parametrize("links", [True, False])
def test_run_killed_at_each_step_of_publishing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    reports = tmp_path / "reports"

    def published(name: str) -> None:
        with publish.lock(reports):
            staged = publish.staging(reports, name)
            (staged / "index.html").write_text(name, "utf-8")
            publish.publish(staged, reports, name, expected=["index.html"])

    def killed_at(step: int, name: str) -> bool:
        """Publish in a process of its own that is killed before a step; say if there was one."""
        child = os.fork()
        if child == 0:
            left = [step]

            def counted(function: Callable[..., object]) -> Callable[..., object]:
                def call(*args: object, **kw: object) -> object:
                    left[0] -= 1
                    if left[0] < 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return function(*args, **kw)

                return call

            for owner, function in (
                (os, "rename"), (os, "replace"), (os, "fsync"), (Path, "symlink_to"),
                (Path, "unlink"), (publish.shutil, "rmtree"), (publish.shutil, "copytree"),
            ):  # fmt: skip
                setattr(owner, function, counted(getattr(owner, function)))
            published(name)
            os._exit(0)
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])

    if not links:

        def refuse(*_: object, **__: object) -> None:
            raise OSError("A required privilege is not held by the client")

        monkeypatch.setattr(Path, "symlink_to", refuse)
    published("r0")
    step = 0
    while killed_at(step, f"k{step}"):
        # Without links there is an instant without `latest`; the next run puts it back.
        if links or (reports / "latest").exists():
            shown = (reports / "latest" / "index.html").read_text("utf-8")
            assert shown in ("r0", f"k{step}")
        published("r0-again")
        assert (reports / "latest" / "index.html").read_text("utf-8") == "r0-again"
        assert [p.name for p in reports.glob(".*") if p.name != ".lock"] == []
        publish._remove(reports / "latest")
        for path in reports.glob("[rk]*"):
            publish._remove(path)
        published("r0")
        step += 1
    assert step >= 5


def test_full_disk_is_one_message(place: Place) -> None:
    """A limit to the size of a file stands for the end of the disk: numbers, pages, results."""
    limited = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))  # noqa: E731
    process = place.begin("forced", preexec_fn=limited)
    _, err = process.communicate()
    assert process.returncode == 1
    assert err.startswith("forecast: the set could not be made: File too large; the newest set in ")
    assert err.endswith(" is as it was\n")
    assert err.count("\n") == 1
    assert place.intact()
    place.succeed()


def test_run_without_a_home_and_a_store(place: Place) -> None:
    nowhere = "/dev/null/none"
    place.succeed(HOME=nowhere, XDG_CACHE_HOME=nowhere, FORECAST_CACHE=nowhere, LC_ALL="C")


def test_notebook_that_ends_its_process_is_tried_again_and_then_named(tmp_path: Path) -> None:
    """A dead process may be the machine's fault; an error of a cell is the notebook's."""
    count = f"open({str(tmp_path / 'tries')!r}, 'a').write('x')"
    once = f"import os; {count}\nif os.path.getsize({str(tmp_path / 'tries')!r}) == 1: os._exit(1)"
    tasks = [
        Task("once", write(tmp_path / "once.ipynb", once)),
        Task("gone", write(tmp_path / "gone.ipynb", "import os; os._exit(0)")),
        Task("error", write(tmp_path / "error.ipynb", f"{count}\nraise OSError(5, 'disk')")),
    ]
    first, gone, error = run.run(tasks, tmp_path / "out", workers=Workers(1))
    assert (first.status, gone.status, error.status) == ("ok", "died", "failed")
    assert (tmp_path / "tries").read_text() == "xxx"  # twice by the first, once by the last


def test_temporary_files_of_libraries_lie_in_folders_that_are_cleared() -> None:
    outer = tempfile.tempdir
    with temporary.sheltered():
        _, name = tempfile.mkstemp(prefix="openpyxl.")
        assert Path(name).parent.name.startswith(temporary.prefix())
    assert not Path(name).parent.exists()
    assert tempfile.tempdir == outer


def test_folders_of_dead_processes_are_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary.tempfile, "gettempdir", lambda: str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    ours = temporary.prefix()
    kept = [ours + "a", ours.replace("fc", "fd") + "a", "fc", "fc00000000-1-a", "other"]
    left = ours.replace(str(os.getpid()), str(ended.pid)) + "a"
    for name in [*kept, left]:
        (tmp_path / name / "data").mkdir(parents=True)
    temporary.clear()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    with snapshot(builders.build(tmp_path / "data")) as copy:
        assert copy.folder.parent.name.startswith(ours)

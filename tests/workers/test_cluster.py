"""Work on a Dask cluster: the same results, whatever becomes of its workers."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dask
import psutil
import pytest
from distributed import Client, LocalCluster

from forecast import open_study
from forecast.evidence.evidence import Evidence
from forecast.evidence.problems import RunError, UserError
from forecast.progress import heard
from forecast.report import results
from forecast.report.execution import run
from forecast.report.execution.tasks import Task
from forecast.study import Study
from forecast.verification import replay
from forecast.workers import cluster as module
from forecast.workers.backend import Workers, started, wait
from forecast.workers.common import common
from tests import builders
from tests.report.conftest import RUN
from tests.report.execution.test_run import write

pytestmark = pytest.mark.slow

posix = pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Give a cluster with two workers, as somebody else would have started it."""
    folder = tmp_path_factory.mktemp("dask")
    with (
        dask.config.set(temporary_directory=folder),
        LocalCluster(
            2, threads_per_worker=1, dashboard_address=None, local_directory=folder, silence_logs=50
        ) as started,
    ):
        yield started


@pytest.fixture
def scheduler(cluster: LocalCluster) -> str:
    return str(cluster.scheduler_address)


def of_workers() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if "spawn_main" in p.cmdline()[-2]]


# Numbers ------------------------------------------------------------------------------------------


def two_days(_: Evidence) -> list[date]:
    """Return days of the replay: few, for each is one more run of the reconciliation."""
    return [date(2023, 6, 30), date(2024, 6, 30)]


def opened(folder: Path) -> Study:
    return open_study(folder, draws=400, families=("drift",), imputations=2)


def stored(folder: Path) -> dict[str, int]:
    """Return the files of stored results; one that is written again is another file."""
    return {path.name: path.stat().st_ino for path in folder.glob("??/*")}


def executing(dask_worker: Any) -> int:
    return len(dask_worker.state.executing)


def idle(scheduler: str) -> None:
    """Wait for tasks that were at work when their run was stopped: they go on to their end."""
    with Client(scheduler, set_as_default=False) as client:
        while any(client.run(executing).values()):
            time.sleep(0.1)


@posix
def test_same_results_after_a_stop_and_with_a_worker_lost(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "days", two_days)
    data = builders.lengthen(builders.few(tmp_path / "data"))
    plan = opened(data).plan()
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "here"))
    expected = results.of_study(opened(data), plan, RUN)
    assert any(0 < (target["probability"] or 0) < 1 for target in expected["targets"])

    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "cluster"))
    workers = Workers(backend="dask", scheduler=scheduler)

    def stop(line: str) -> None:
        if line.startswith("track record 2/"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), heard(stop):
        opened(data).prepare(plan, workers)
    idle(scheduler)
    before = stored(tmp_path / "cluster")
    assert before

    lost = []

    def lose(line: str) -> None:
        if line.startswith("track record 1/"):
            lost.append(of_workers()[0])
            lost[0].kill()

    with heard(lose):
        opened(data).prepare(plan, workers)
    assert len(lost) == 1
    after = stored(tmp_path / "cluster")
    assert before.items() <= after.items()  # nothing that was there is computed again
    assert results.of_study(opened(data), plan, RUN) == expected


# Pages --------------------------------------------------------------------------------------------


@posix
def test_page_whose_worker_is_lost_is_made_by_another(scheduler: str, tmp_path: Path) -> None:
    once = f"import os, pathlib; mark = pathlib.Path({str(tmp_path / 'mark')!r})"
    lose = "if not mark.exists(): mark.touch(); os.kill(os.getppid(), 9)"
    tasks = [
        Task("lost", write(tmp_path / "lost.ipynb", once, lose, "1 + 1")),
        Task("wrong", write(tmp_path / "wrong.ipynb", "1 / 0")),
    ]
    workers = Workers(backend="dask", scheduler=scheduler)
    out = tmp_path / "out"
    lost, wrong = run.run(tasks, out, workers=workers)
    assert (lost.status, wrong.status) == ("ok", "failed")
    assert wrong.error is not None
    assert "ZeroDivisionError" in wrong.error
    assert {path.name for path in out.glob("*.html")} == {"lost.html", "wrong.html"}
    kernels = [
        p for p in psutil.Process().children(recursive=True) if "ipykernel" in str(p.cmdline())
    ]
    assert psutil.wait_procs(kernels, timeout=30)[1] == []


# What stands in the way ---------------------------------------------------------------------------


def _added(number: int) -> int:
    return int(common()) + number


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@posix
def test_cluster_of_this_machine_ends_with_its_run() -> None:
    before = {process.pid for process in of_workers()}
    with started(Workers(1, "dask"), 5) as pool:
        tasks = {pool.submit(_added, n): str(n) for n in range(3)}
        wait(dict(tasks), "", pool)
        assert sorted(task.result() for task in tasks) == [5, 6, 7]
        assert {process.pid for process in of_workers()} - before
    assert {process.pid for process in of_workers()} <= before


@posix
def test_task_that_loses_every_worker_ends_the_run_with_one_sentence(
    cluster: LocalCluster, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    workers = Workers(backend="dask", scheduler=scheduler)
    with pytest.raises(RunError, match="were lost"), started(workers) as pool:
        wait({pool.submit(_killed): ""}, "", pool)


def test_workers_that_do_not_see_a_folder_are_refused(scheduler: str, tmp_path: Path) -> None:
    workers = Workers(backend="dask", scheduler=scheduler)
    unseen = [tmp_path / "elsewhere"]
    with pytest.raises(RunError, match=r"does not see .*elsewhere"), started(workers, 0, unseen):
        pass


def test_scheduler_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    workers = Workers(backend="dask", scheduler="tcp://127.0.0.1:9")
    with pytest.raises(RunError, match=r"tcp://127\.0\.0\.1:9 cannot be reached"), started(workers):
        pass


def test_packages_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "forecast.workers.cluster")
    with (
        pytest.raises(UserError, match=r"pip install 'forecast\[dask\]'"),
        started(Workers(backend="dask")),
    ):
        pass


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"jobs": 65}, "jobs is 65; expected 1 to 64"),
        ({"backend": "spark"}, "backend is 'spark'; expected one of local, dask"),
        ({"scheduler": "tcp://a:1"}, "without --backend dask"),
    ],
)
def test_options(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        Workers(**asked)

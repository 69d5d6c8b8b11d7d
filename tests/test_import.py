"""Importing the package, and computing with it, change nothing in the process around it."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psutil
import pytest
import scipy.linalg  # noqa: F401  # so that its threads are told and limited, too
from threadpoolctl import threadpool_info, threadpool_limits

from forecast.cache import cached
from forecast.evidence.problems import RunError
from forecast.threads import ONE_THREAD
from forecast.workers.backend import wait
from forecast.workers.common import common
from forecast.workers.local import processes

PROGRAM = """
import os, sys
before = dict(os.environ)
import forecast, forecast.report.charts, forecast.study
assert "rfc3987_syntax" not in sys.modules
assert dict(os.environ) == before
"""


def test_import_leaves_other_packages_and_the_environment_alone() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)


def _setting() -> str | None:
    return os.environ.get("OMP_NUM_THREADS")


def test_processes_have_one_thread_and_the_caller_its_own_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = list(ONE_THREAD)[:2]
    monkeypatch.setenv(one, "7")
    monkeypatch.delenv(other, raising=False)
    with processes(1, None) as pool:
        assert pool.submit(_setting).result() == "1"
    assert os.environ[one] == "7"
    assert other not in os.environ


def _length_in_common() -> int:
    return len(common())


def test_processes_do_not_wait_for_each_other_to_read_what_they_have_in_common() -> None:
    with processes(2, bytes(1_000_000)) as pool:
        # What is larger than a pipe holds is written while a process reads it.
        assert len(pickle.dumps(pool._initargs)) < 1_000  # type: ignore[attr-defined]
        assert pool.submit(_length_in_common).result() == 1_000_000


def _threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info()}


def test_numbers_are_computed_with_one_thread_and_the_caller_keeps_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two threads give other last digits than the processes of a report, and take longer."""
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "stored"))
    with threadpool_limits(2):
        assert cached(("threads",), _threads) == {1}
        monkeypatch.setenv("FORECAST_CACHE", str(tmp_path / "a file" / "no folder"))
        (tmp_path / "a file").touch()
        assert cached(("threads", "not stored"), _threads) == {1}
        assert _threads() == {2}


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")
def test_killed_process_ends_the_run_with_one_sentence() -> None:
    with pytest.raises(RunError, match="was ended"), processes(1, None) as pool:
        pool.submit(_killed).result()


def _killed_with(_: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")
def test_killed_process_is_noticed_while_tasks_wait_to_be_handed_out() -> None:
    """Tasks larger than a pipe: Python before 3.11.5 waits for ever for the one who was killed."""
    with pytest.raises(RunError, match="was ended"), processes(2, None) as pool:
        wait({pool.submit(_killed_with, b"x" * 1_000_000): str(i) for i in range(8)}, "", pool)


PARENT = """
import os, time
from forecast.workers.local import processes
if __name__ == "__main__":
    with processes(2, None) as pool:
        print(*{pool.submit(os.getpid).result() for _ in range(4)}, flush=True)
        time.sleep(600)
"""


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")
def test_no_process_outlives_a_killed_parent(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    command = [sys.executable, tmp_path / "parent.py"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert children
    assert psutil.wait_procs(children, timeout=60)[1] == []


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")
def test_no_process_outlives_an_interrupt() -> None:
    children: list[psutil.Process] = []

    def interrupted(pool: ProcessPoolExecutor) -> None:
        pool.submit(_setting).result()
        pool.submit(signal.pause)
        children.extend(map(psutil.Process, pool._processes or {}))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), processes(2, None) as pool:
        interrupted(pool)
    assert children
    # Whoever asked first knows how a process ended: the pool's thread, or this one.
    assert psutil.wait_procs(children, timeout=20)[1] == []

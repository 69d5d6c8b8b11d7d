"""Importing the package, and computing with it, change nothing in the process around it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

from forecast.evidence.problems import RunError
from forecast.processes import workers
from forecast.threads import ONE_THREAD

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
    with workers(1) as pool:
        assert pool.submit(_setting).result() == "1"
    assert os.environ[one] == "7"
    assert other not in os.environ


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")
def test_killed_process_ends_the_run_with_one_sentence() -> None:
    with pytest.raises(RunError, match="was ended"), workers(1) as pool:
        pool.submit(_killed).result()


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")
def test_no_process_outlives_an_interrupt() -> None:
    processes: list[Any] = []

    def interrupted(pool: ProcessPoolExecutor) -> None:
        pool.submit(_setting).result()
        pool.submit(signal.pause)
        processes.extend((pool._processes or {}).values())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), workers(2) as pool:
        interrupted(pool)
    assert processes
    for process in processes:
        process.join(20)
        assert process.exitcode is not None

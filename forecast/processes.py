"""Processes that compute side by side, with one thread each; see `forecast.threads`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from forecast.evidence.problems import RunError
from forecast.progress import report
from forecast.threads import ONE_THREAD


@contextlib.contextmanager
def workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give processes with one thread each, none of which outlives an error or an interrupt.

    Raises
    ------
    forecast.evidence.problems.RunError
        When one of them was killed.
    """
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    # New processes read the setting before they load numpy.
    os.environ.update(ONE_THREAD)
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        yield pool
    except BaseException as error:
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        if isinstance(error, BrokenProcessPool):
            message = "a process that computes numbers was ended, perhaps for lack of memory"
            raise RunError(f"{message}; the newest complete set is as it was") from None
        raise
    else:
        pool.shutdown()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def wait(tasks: dict[Future[Any], str], what: str) -> None:
    """Wait for named tasks, and report each that is done; the error of one is raised here."""
    for n, done in enumerate(as_completed(tasks), start=1):
        done.result()
        report(what, n, len(tasks), tasks[done])

"""Processes that compute side by side, with one thread each; see `forecast.threads`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from forecast.evidence.problems import RunError
from forecast.progress import report
from forecast.threads import ONE_THREAD


@contextlib.contextmanager
def workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give processes with one thread each, none of which outlives an error, or the one that asked.

    Raises
    ------
    forecast.evidence.problems.RunError
        When one of them was killed.
    """
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    # New processes read the setting before they load numpy.
    os.environ.update(ONE_THREAD)
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield pool
    except BaseException as error:
        for process in list((pool._processes or {}).values()):
            process.kill()
        # Before Python 3.11.5 the thread that hands out the tasks waits for ever for a process that
        # was killed (gh-94777), unless nobody is left to read from its pipe. Where it does not wait
        # it may have closed the pipe first.
        with contextlib.suppress(OSError):
            pool._call_queue._reader.close()  # type: ignore[attr-defined]
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


def _end_with_parent() -> None:
    """End this process when the one that started it has gone, even if that one was killed."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def wait(tasks: dict[Future[Any], str], what: str, pool: ProcessPoolExecutor) -> None:
    """Wait for named tasks of a pool, and report each that is done; the error of one is raised."""
    pending = set(tasks)
    while pending:
        done, pending = wait_for(pending, timeout=1.0, return_when=FIRST_COMPLETED)
        for task in done:
            task.result()
        for n, task in enumerate(done, start=len(tasks) - len(pending) - len(done) + 1):
            report(what, n, len(tasks), tasks[task])
        # Before Python 3.11.5 the death of a process may go unnoticed (gh-94777).
        if not done and any(not p.is_alive() for p in (pool._processes or {}).values()):
            raise BrokenProcessPool

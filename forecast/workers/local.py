"""Processes of this machine, with one thread each; see `forecast.threads`."""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from forecast.evidence.problems import RunError
from forecast.temporary import prefix
from forecast.threads import ONE_THREAD
from forecast.workers.common import have_in_common


@contextlib.contextmanager
def processes(jobs: int, common: Any) -> Iterator[ProcessPoolExecutor]:
    """Give processes; see `forecast.workers.backend.started`."""
    with (
        _one_thread(),
        tempfile.TemporaryDirectory(prefix=prefix(), ignore_cleanup_errors=True) as folder,
    ):
        # In a file: as an argument, each process would be started when the one before has read it.
        path = Path(folder, "common")
        path.write_bytes(pickle.dumps(common))
        context = get_context("spawn")
        with _ended(ProcessPoolExecutor(jobs, context, _begin, (path,))) as pool:
            yield pool


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let new processes read the setting before they load numpy."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _ended(pool: ProcessPoolExecutor) -> Iterator[ProcessPoolExecutor]:
    """Give a pool none of whose processes outlives an error."""
    try:
        yield pool
    except BaseException as error:
        for process in list((pool._processes or {}).values()):
            process.kill()
        # Before Python 3.11.5 the thread that hands out the tasks waits for ever for a process that
        # was killed (gh-94777), unless nobody is left to read from its pipe. Later it closes the
        # pipe itself: closed by two threads at once, another's file would be closed in its stead.
        if sys.version_info < (3, 11, 5):
            with contextlib.suppress(OSError):
                pool._call_queue._reader.close()  # type: ignore[attr-defined]
        pool.shutdown(wait=False, cancel_futures=True)
        if isinstance(error, BrokenProcessPool):
            message = "a process that computes numbers was ended, perhaps for lack of memory"
            raise RunError(f"{message}; the newest complete set is as it was") from None
        raise
    else:
        pool.shutdown()


def _begin(common: Path) -> None:
    """Begin a process, which ends when the one that started it has gone, even if killed."""
    with common.open("rb") as file:
        have_in_common(pickle.load(file))
    atexit.register(
        os._exit, 0
    )  # all that it leaves is in files: to free its memory takes a second
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()

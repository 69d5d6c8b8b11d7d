"""Processes of this machine, with one thread each; see `forecast.threads`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from forecast.evidence.problems import RunError
from forecast.threads import ONE_THREAD
from forecast.workers.common import have_in_common


@contextlib.contextmanager
def processes(jobs: int, common: Any) -> Iterator[ProcessPoolExecutor]:
    """Give processes; see `forecast.workers.backend.started`."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    # New processes read the setting before they load numpy.
    os.environ.update(ONE_THREAD)
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(common,)
    )
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
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _begin(common: Any) -> None:
    """Begin a process, which ends when the one that started it has gone, even if killed."""
    have_in_common(common)
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()

"""Who does the work, and how it is handed out.

Processes of this machine and a Dask cluster are both executors of `concurrent.futures`, so that who
hands out the work need not know which one it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from forecast.evidence.problems import UserError
from forecast.progress import report
from forecast.workers.local import processes

LOCAL, DASK = "local", "dask"
BACKENDS = (LOCAL, DASK)


@dataclass(frozen=True)
class Workers:
    """Who does the work."""

    jobs: int = 2  # processes on this machine; a scheduler that is named has workers of its own
    backend: str = LOCAL
    scheduler: str = ""  # address of a Dask scheduler; without one, a cluster is started here

    def __post_init__(self) -> None:
        if not 1 <= self.jobs <= 64:
            raise UserError(f"jobs is {self.jobs}; expected 1 to 64")
        if self.backend not in BACKENDS:
            expected = ", ".join(BACKENDS)
            raise UserError(f"backend is {self.backend!r}; expected one of {expected}")
        if self.scheduler and self.backend != DASK:
            raise UserError("a scheduler is named without --backend dask")


@contextlib.contextmanager
def started(
    workers: Workers, common: Any = None, folders: Sequence[Path] = ()
) -> Iterator[Executor]:
    """Give workers, none of which outlives an error, or the one that asked.

    Parameters
    ----------
    workers : Workers
    common : object, optional
        What `common` returns in their tasks.
    folders : sequence of Path, optional
        What the tasks read and write, beside the folder of stored results; workers on other
        machines have to see them under the same names.

    Raises
    ------
    forecast.evidence.problems.RunError
        When a process here was killed, or a cluster cannot be reached or used.
    """
    if workers.backend == DASK:
        try:
            from forecast.workers.cluster import connected
        except ImportError as problem:
            needs = "pip install 'forecast[dask]'"
            raise UserError(f"--backend dask needs more packages ({problem}): {needs}") from None
        with connected(workers.jobs, workers.scheduler, common, folders) as pool:
            yield pool
    else:
        with processes(workers.jobs, common) as pool:
            yield pool


def wait(tasks: dict[Future[Any], str], what: str, pool: Executor) -> None:
    """Wait for named tasks of a pool, and report each that is done; the error of one is raised.

    Those that are done are taken out of the dictionary: there may be tens of thousands.
    """
    done: SimpleQueue[Future[Any]] = SimpleQueue()  # to wait for all of them would ask each, again
    for task in tasks:
        task.add_done_callback(done.put)
    count = len(tasks)
    while tasks:
        try:
            task = done.get(timeout=1.0)
        except Empty:
            # Before Python 3.11.5 the death of a process may go unnoticed (gh-94777).
            alive = (getattr(pool, "_processes", None) or {}).values()
            if any(not p.is_alive() for p in alive):
                raise BrokenProcessPool from None
            continue
        task.result()
        name = tasks.pop(task)
        report(what, count - len(tasks), count, name)

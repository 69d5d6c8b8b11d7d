"""Runs: many notebooks through papermill, and their pages.

A worker is a thread, or a process of a cluster, with a kernel of its own, which stays up from page
to page: starting Python and importing pandas and altair costs more than most pages do. Between two
pages the kernel is put back to the state of a fresh one (`forecast.report.execution.kernel.RESET`);
a kernel that has seen an error is not used again.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from datetime import date
from pathlib import Path
from typing import Any

from forecast.report import html as export
from forecast.report.execution.kernel import register_engine
from forecast.report.execution.pages import Outcome, Pages, Settings
from forecast.report.execution.tasks import Task, validate
from forecast.workers.backend import LOCAL, Workers, started
from forecast.workers.common import common

TURN = 0.5  # seconds between two looks at a page: each goes through all processes of the machine


def run(
    tasks: Sequence[Task],
    out_dir: Path,
    *,
    workers: Workers | None = None,
    timeout: float = 300,
    progress: Callable[[Outcome, int, int], None] | None = None,
    frames: Mapping[str, export.Frame] | None = None,
    inputs: Mapping[str, Any] | None = None,
    last: Mapping[str, tuple[date, str]] | None = None,
) -> list[Outcome]:
    """Execute notebooks and write their pages.

    Parameters
    ----------
    tasks : sequence of Task
        What to make. All are checked before the first kernel starts.
    out_dir : Path
        Where `<output>.html` and `notebooks/<output>.ipynb` are written.
    workers : Workers, optional
        Two kernels of this machine if not given.
    timeout : float
        Seconds that a page may go without progress, as `PageClock` counts them.
    progress : callable, optional
        Called with each outcome, the number of tasks done and the number of all tasks.
    frames : mapping, optional
        What pages have around them, by language.
    inputs : mapping, optional
        Parameters that the notebooks are executed with in place of those of their tasks, which
        their pages show: a copy of the data folder in place of the folder.
    last : mapping, optional
        By `Task.stem`, the day and the address, from `out_dir`, of the last good page, which the
        page of a failed task leads to.

    Returns
    -------
    list of Outcome
        One for each task, in the same order. A task that failed has a page that says so.

    Raises
    ------
    TaskError
        If the parameters of any task do not fit; nothing has been started then.
    KeyboardInterrupt
        If the user interrupts; the kernels have been ended by then.
    """
    validate(tasks)
    out_dir = Path(out_dir).resolve()
    for task in tasks:
        (out_dir / "notebooks" / task.stem).parent.mkdir(parents=True, exist_ok=True)
        (out_dir / task.stem).parent.mkdir(parents=True, exist_ok=True)
    settings = Settings(out_dir, timeout, frames or {}, inputs or {}, last or {})
    outcomes: dict[int, Outcome] = {}
    workers = workers or Workers()
    make = _on_threads if workers.backend == LOCAL else _on_cluster
    for i, outcome in make(tasks, settings, workers):
        outcomes[i] = outcome
        if progress is not None:
            progress(outcome, len(outcomes), len(tasks))
    return [outcomes[i] for i in range(len(tasks))]


def _on_threads(
    tasks: Sequence[Task], settings: Settings, asked: Workers
) -> Iterator[tuple[int, Outcome]]:
    """Yield the outcomes of tasks, and their places, from threads with a kernel each."""
    waiting: queue.SimpleQueue[list[int]] = queue.SimpleQueue()
    groups = _together(tasks)
    for group in groups:
        waiting.put(group)
    done: queue.SimpleQueue[tuple[int, Outcome] | BaseException] = queue.SimpleQueue()
    stop = threading.Event()
    workers = [
        _Worker(tasks, waiting, done, stop, settings)
        for _ in range(max(1, min(asked.jobs, len(groups))))
    ]
    # Imported before the threads start: two threads importing the same package in parallel may
    # meet half of it.
    register_engine()
    for worker in workers:
        worker.start()
    left = len(tasks)
    try:
        while left:
            try:
                # In short turns, so that an interrupt is noticed on every platform.
                item = done.get(timeout=TURN)
            except queue.Empty:
                for worker in workers:
                    worker.pages.watch()
                continue
            if isinstance(item, BaseException):
                raise item
            left -= 1
            yield item
    finally:
        stop.set()
        for worker in workers:
            while worker.is_alive():
                if left:
                    worker.pages.kill()  # again and again: it may just be starting a kernel
                worker.join(0.2)


class _Worker(threading.Thread):
    """Takes tasks until none is left, with one kernel for all of them as long as it behaves."""

    def __init__(
        self,
        tasks: Sequence[Task],
        waiting: queue.SimpleQueue[list[int]],
        done: queue.SimpleQueue[tuple[int, Outcome] | BaseException],
        stop: threading.Event,
        settings: Settings,
    ) -> None:
        super().__init__(daemon=True)
        self._tasks, self._waiting, self._done, self._halt = tasks, waiting, done, stop
        self.pages = Pages(settings)

    def run(self) -> None:
        try:
            while not self._halt.is_set():
                try:
                    group = self._waiting.get_nowait()
                except queue.Empty:
                    break
                for i in group:
                    if not self._halt.is_set():
                        self._done.put((i, self.pages.outcome(self._tasks[i], self._halt)))
        except BaseException as problem:  # nothing may get lost in a thread
            self._done.put(problem)
        finally:
            self.pages.close()


def _on_cluster(
    tasks: Sequence[Task], settings: Settings, asked: Workers
) -> Iterator[tuple[int, Outcome]]:
    """Yield the outcomes of tasks, and their places, from workers of a cluster."""
    read = [path for path in settings.inputs.values() if isinstance(path, Path)]
    with started(asked, Pages(settings), [settings.out_dir, *read]) as pool:
        places = {
            pool.submit(_made, [tasks[i] for i in group]): group for group in _together(tasks)
        }
        for future in as_completed(places):
            yield from zip(places[future], future.result(), strict=True)


def _together(tasks: Sequence[Task]) -> list[list[int]]:
    """Return the places of tasks, those of one page in several languages together.

    One kernel makes them one after the other: what they show alike is computed for the first.
    """
    groups: list[list[int]] = []
    begun: dict[str, list[int]] = {}
    for i, task in enumerate(tasks):
        same = {name: value for name, value in task.parameters.items() if name != "lang"}
        group = begun.get(key := f"{task.notebook} {same}")
        if group is None or task.lang in {tasks[other].lang for other in group}:
            groups.append(group := [])
            begun[key] = group
        group.append(i)
    return groups


def _made(tasks: Sequence[Task]) -> list[Outcome]:
    """Make pages in a worker of a cluster, which has a thread that watches their time."""
    pages: Pages = common()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(TURN):
            pages.watch()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return [pages.outcome(task, over) for task in tasks]
    finally:
        over.set()
        watcher.join()

"""Runs: many notebooks through papermill, their pages, and the publication of a complete set.

A worker is a thread, or a process of a cluster, with a kernel of its own, which stays up from page
to page: starting Python and importing pandas and altair costs more than most pages do. Between two
pages the kernel is put back to the state of a fresh one (`RESET`); a kernel that has seen an error
is not used again.

Success is judged by the exception, never by papermill's own metadata, which calls a killed kernel
complete.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from forecast.report import html as export
from forecast.report.execution.kernel import Kernel, literal, register_engine, save
from forecast.report.execution.page_clock import PageClock
from forecast.report.execution.tasks import Task, plain_value, said, validate
from forecast.report.language import Language, language
from forecast.temporary import prefix
from forecast.workers.backend import LOCAL, Workers, started
from forecast.workers.common import common

Status = Literal["ok", "failed", "died", "timeout"]


@dataclass(frozen=True)
class Outcome:
    """What became of a task."""

    name: str
    status: Status
    seconds: float
    error: str | None  # in plain words; None if all went well
    html: Path | None
    notebook: Path | None  # the executed notebook, as far as it came


# --------------------------------------------------------------------------------------------------
# The run
# --------------------------------------------------------------------------------------------------


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
    settings = _Settings(out_dir, timeout, frames or {}, inputs or {}, last or {})
    outcomes: dict[int, Outcome] = {}
    workers = workers or Workers()
    make = _on_threads if workers.backend == LOCAL else _on_cluster
    for i, outcome in make(tasks, settings, workers):
        outcomes[i] = outcome
        if progress is not None:
            progress(outcome, len(outcomes), len(tasks))
    return [outcomes[i] for i in range(len(tasks))]


@dataclass(frozen=True)
class _Settings:
    out_dir: Path
    timeout: float
    frames: Mapping[str, export.Frame]
    inputs: Mapping[str, Any]
    last: Mapping[str, tuple[date, str]]

    def executed_with(self, task: Task) -> dict[str, Any]:
        return {
            name: plain_value(self.inputs.get(name, value))
            for name, value in task.parameters.items()
        }

    def frame(self, task: Task) -> export.Frame:
        return self.frames.get(task.lang, export.Frame())


def _on_threads(
    tasks: Sequence[Task], settings: _Settings, asked: Workers
) -> Iterator[tuple[int, Outcome]]:
    """Yield the outcomes of tasks, and their places, from threads with a kernel each."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for i in range(len(tasks)):
        waiting.put(i)
    done: queue.SimpleQueue[tuple[int, Outcome] | BaseException] = queue.SimpleQueue()
    stop = threading.Event()
    workers = [
        _Worker(tasks, waiting, done, stop, settings)
        for _ in range(max(1, min(asked.jobs, len(tasks))))
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
                item = done.get(timeout=0.2)
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
        waiting: queue.SimpleQueue[int],
        done: queue.SimpleQueue[tuple[int, Outcome] | BaseException],
        stop: threading.Event,
        settings: _Settings,
    ) -> None:
        super().__init__(daemon=True)
        self._tasks, self._waiting, self._done, self._halt = tasks, waiting, done, stop
        self.pages = _Pages(settings)

    def run(self) -> None:
        try:
            while not self._halt.is_set():
                try:
                    i = self._waiting.get_nowait()
                except queue.Empty:
                    break
                self._done.put((i, self.pages.outcome(self._tasks[i], self._halt)))
        except BaseException as problem:  # nothing may get lost in a thread
            self._done.put(problem)
        finally:
            self.pages.close()


def _on_cluster(
    tasks: Sequence[Task], settings: _Settings, asked: Workers
) -> Iterator[tuple[int, Outcome]]:
    """Yield the outcomes of tasks, and their places, from workers of a cluster."""
    read = [path for path in settings.inputs.values() if isinstance(path, Path)]
    with started(asked, _Pages(settings), [settings.out_dir, *read]) as pool:
        places = {pool.submit(_made, task): i for i, task in enumerate(tasks)}
        for future in as_completed(places):
            yield places[future], future.result()


def _made(task: Task) -> Outcome:
    """Make a page in a worker of a cluster, which has a thread that watches its time."""
    pages: _Pages = common()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            pages.watch()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return pages.outcome(task, over)
    finally:
        over.set()
        watcher.join()


class _Pages:
    """Makes pages one after the other, with one kernel for all of them as long as it behaves."""

    def __init__(self, settings: _Settings) -> None:
        self._settings = settings
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        self._kernel: Kernel | None = None
        self._kernels = 0
        self._clock: PageClock | None = None
        self._stopped = ""  # why the page was stopped

    def kill(self) -> None:
        if self._kernel is not None:
            self._kernel.kill()

    def watch(self) -> None:
        """End the kernel if its page makes no progress, or floods; for another thread to call."""
        clock = self._clock
        if clock is not None and (clock.floods or clock.spent() > self._settings.timeout):
            self._stopped = "flood" if clock.floods else "timeout"
            self.kill()

    def close(self) -> None:
        self._discard()
        if self._directory is not None:
            self._directory.cleanup()

    def _discard(self) -> None:
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None

    def outcome(self, task: Task, stop: threading.Event) -> Outcome:
        """Make a page; one whose kernel died is tried once more, unless the run is stopped."""
        start = time.monotonic()
        html = self._settings.out_dir / f"{task.stem}.html"
        notebook = self._settings.out_dir / "notebooks" / f"{task.stem}.ipynb"
        trouble = self._execute(task, notebook)
        if trouble is not None and trouble.status == "died" and not stop.is_set():
            trouble = self._execute(task, notebook)  # the machine's fault, perhaps: once more
        if trouble is None:
            try:
                export.export_page(task, notebook, html, self._settings.frame(task))
            except Exception as problem:
                trouble = _Trouble("failed", "unwritten", {"error": said(problem)})
        if trouble is not None:
            with contextlib.suppress(OSError):  # reported all the same, by the outcome
                self._export_failure(task, notebook, html, trouble)
        return Outcome(
            task.name,
            trouble.status if trouble else "ok",
            round(time.monotonic() - start, 3),
            trouble.told(language()) if trouble else None,
            html if html.exists() else None,
            notebook if notebook.exists() else None,
        )

    def _execute(self, task: Task, target: Path) -> _Trouble | None:
        import papermill
        from nbclient.exceptions import DeadKernelError
        from papermill.exceptions import PapermillExecutionError

        # papermill writes a warning for each annotation that it cannot read; `validate` has read
        # them all.
        logging.getLogger("papermill").setLevel(logging.ERROR)
        logging.getLogger("papermill.translators").setLevel(logging.ERROR)
        started, self._stopped = False, ""
        try:
            if self._kernel is None:
                if self._directory is None:
                    self._directory = tempfile.TemporaryDirectory(
                        prefix=prefix(), ignore_cleanup_errors=True
                    )
                self._kernels += 1
                self._kernel = Kernel(Path(self._directory.name), self._kernels)
            started = True
            nb = papermill.execute_notebook(
                literal(task.notebook.resolve()),
                literal(target),
                self._settings.executed_with(task),
                engine_name=register_engine(),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                start_timeout=max(60.0, self._settings.timeout),
                kernel=self._kernel,
                directory=str(task.notebook.resolve().parent),
                ready=self._start_clock,
            )
            save(nb, target, {k: plain_value(v) for k, v in task.parameters.items()})
            return None
        except PapermillExecutionError as problem:
            cell = {"cell": problem.cell_index + 1, "notebook": task.notebook.name}
            error = {"error": f"{problem.ename}: {problem.evalue}"}
            trouble = _Trouble("failed", "cell", cell | error, "\n".join(problem.traceback))
        except DeadKernelError:
            trouble = _Trouble("died", "died", self._why())
        except OSError as problem:
            trouble = _Trouble("failed", "other", {"error": said(problem)})
        except RuntimeError as problem:
            status: Status = "died" if "ernel" in str(problem) or not started else "failed"
            trouble = _Trouble(status, "other", {"error": said(problem)})
        except Exception as problem:
            error = {"error": f"{type(problem).__name__}: {said(problem)}"}
            trouble = _Trouble("failed", "other", error)
        finally:
            self._clock = None
        if self._stopped == "flood":
            trouble = _Trouble("failed", "flood", {"notebook": task.notebook.name})
        elif self._stopped:
            seconds = {"seconds": f"{self._settings.timeout:g}"}
            trouble = _Trouble("timeout", "timeout", seconds)
        self._discard()
        return trouble

    def _start_clock(self) -> Callable[[Mapping[str, Any]], None]:
        assert self._kernel is not None
        self._clock = PageClock(self._kernel.pid)
        return self._clock.heard

    def _why(self) -> dict[str, object]:
        process = self._kernel and getattr(self._kernel.manager.provisioner, "process", None)
        code = process.poll() if process else None
        if code is not None and code < 0:
            return {"how": "memory" if code == -9 else "signal", "n": -code}
        return {"how": "status" if code else "unknown", "n": code or 0}

    def _export_failure(self, task: Task, notebook: Path, html: Path, trouble: _Trouble) -> None:
        tell, up = language(task.lang), "../" * task.stem.count("/")
        last = self._settings.last.get(task.stem)
        advice = [tell("site-advice", status=trouble.status)]
        links = []
        if notebook.exists():
            links.append((tell("site-notebook"), f"{up}notebooks/{task.stem}.ipynb"))
        if last is None:
            advice.append(tell("site-last-none"))
        else:
            links.insert(0, (tell("site-last-good", day=last[0]), up + last[1]))
        page = export.failure_page(
            task.title or task.name,
            trouble.told(tell),
            advice=advice,
            detail=trouble.detail,
            frame=self._settings.frame(task),
            lang=task.lang,
            current=html.name,
            links=links,
        )
        export.write_text(html, page)


@dataclass(frozen=True)
class _Trouble:
    status: Status
    message: str  # of the catalogues, site-trouble-...
    args: Mapping[str, object]
    detail: str = ""

    def told(self, tell: Language) -> str:
        return tell(f"site-trouble-{self.message}", **self.args)

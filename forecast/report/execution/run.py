"""Runs: many notebooks through papermill, their pages, and the publication of a complete set.

A worker is a thread with one kernel of its own, which stays up from page to page: starting Python
and importing pandas and altair costs more than most pages do. Between two pages the kernel is put
back to the state of a fresh one (`RESET`); a kernel that has seen an error is not used again.

Success is judged by the exception, never by papermill's own metadata, which calls a killed kernel
complete.
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from forecast.report import html as export
from forecast.report.execution.kernel import Kernel, register_engine
from forecast.report.execution.page_clock import PageClock
from forecast.report.execution.tasks import Task, plain_value, said, validate
from forecast.report.language import Language, language

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
    jobs: int = 2,
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
    jobs : int
        Number of kernels at work at the same time.
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
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for i in range(len(tasks)):
        waiting.put(i)
    outcomes: dict[int, Outcome] = {}
    done: queue.SimpleQueue[tuple[int, Outcome] | BaseException] = queue.SimpleQueue()
    stop = threading.Event()
    workers = [
        _Worker(tasks, waiting, done, stop, settings) for _ in range(max(1, min(jobs, len(tasks))))
    ]
    # Imported before the threads start: two threads importing the same package in parallel may
    # meet half of it.
    register_engine()
    for worker in workers:
        worker.start()
    try:
        while len(outcomes) < len(tasks):
            try:
                # In short turns, so that an interrupt is noticed on every platform.
                item = done.get(timeout=0.2)
            except queue.Empty:
                for worker in workers:
                    worker.watch()
                continue
            if isinstance(item, BaseException):
                raise item
            outcomes[item[0]] = item[1]
            if progress is not None:
                progress(item[1], len(outcomes), len(tasks))
    finally:
        stop.set()
        for worker in workers:
            while worker.is_alive():
                if len(outcomes) < len(tasks):
                    worker.kill()  # again and again: it may just be starting a kernel
                worker.join(0.2)
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
        self._settings = settings
        self._kernel: Kernel | None = None
        self._kernels = 0
        self._clock: PageClock | None = None
        self._stopped = ""  # why the page was stopped

    def run(self) -> None:
        with tempfile.TemporaryDirectory(prefix="fc", ignore_cleanup_errors=True) as directory:
            self._directory = Path(directory)
            try:
                while not self._halt.is_set():
                    try:
                        i = self._waiting.get_nowait()
                    except queue.Empty:
                        break
                    self._done.put((i, self._outcome(self._tasks[i])))
            except BaseException as problem:  # nothing may get lost in a thread
                self._done.put(problem)
            finally:
                self._discard()

    def kill(self) -> None:
        if self._kernel is not None:
            self._kernel.kill()

    def watch(self) -> None:
        """End the kernel if its page makes no progress, or floods; for another thread to call."""
        clock = self._clock
        if clock is not None and (clock.floods or clock.spent() > self._settings.timeout):
            self._stopped = "flood" if clock.floods else "timeout"
            self.kill()

    def _discard(self) -> None:
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None

    def _outcome(self, task: Task) -> Outcome:
        start = time.monotonic()
        html = self._settings.out_dir / f"{task.stem}.html"
        notebook = self._settings.out_dir / "notebooks" / f"{task.stem}.ipynb"
        trouble = self._execute(task, notebook)
        if trouble is not None and trouble.status == "died" and not self._halt.is_set():
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
                self._kernels += 1
                self._kernel = Kernel(self._directory, self._kernels)
            started = True
            nb = papermill.execute_notebook(
                _literal(task.notebook.resolve()),
                _literal(target),
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
            _save(nb, target, {k: plain_value(v) for k, v in task.parameters.items()})
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


def _save(nb: Any, target: Path, parameters: Mapping[str, Any]) -> None:
    """Write an executed notebook without what its libraries said on stderr and where it lay.

    It shows the parameters of its task: who runs it again has no copy of the data.
    """
    from papermill.translators import translate_parameters

    nb.metadata.papermill.parameters = parameters
    for cell in nb.cells:
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = translate_parameters("python3", "python", parameters)
        if cell.cell_type == "code":
            cell.outputs = [
                o for o in cell.outputs if not (o.output_type == "stream" and o.name == "stderr")
            ]
    kept = nb.metadata.papermill
    kept.input_path, kept.output_path = Path(kept.input_path).name, target.name
    # Without the indents of nbformat, which are a third of a notebook with charts.
    text = json.dumps(nb, ensure_ascii=False, separators=(",", ":"))
    export.write_text(target, text + "\n")


def _literal(path: Path) -> str:
    # papermill takes braces in a path for places of parameters.
    return str(path).replace("{", "{{").replace("}", "}}")

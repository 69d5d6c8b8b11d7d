"""Pages one after the other, by papermill in a kernel that stays up.

Success is judged by the exception, never by papermill's own metadata, which calls a killed kernel
complete.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from forecast.report import html as export
from forecast.report.execution.kernel import Kernel, literal, register_engine, save
from forecast.report.execution.page_clock import PageClock
from forecast.report.execution.tasks import Task, plain_value, said
from forecast.report.language import Language, language
from forecast.temporary import prefix

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


@dataclass(frozen=True)
class Settings:
    """What the pages of a run have in common; see `forecast.report.execution.run.run`."""

    out_dir: Path
    timeout: float
    frames: Mapping[str, export.Frame]
    inputs: Mapping[str, Any]
    last: Mapping[str, tuple[date, str]]

    def executed_with(self, task: Task) -> dict[str, Any]:
        """Return the parameters that a notebook is executed with."""
        return {
            name: plain_value(self.inputs.get(name, value))
            for name, value in task.parameters.items()
        }

    def frame(self, task: Task) -> export.Frame:
        """Return what a page has around it."""
        return self.frames.get(task.lang, export.Frame())


class Pages:
    """Makes pages one after the other, with one kernel for all of them as long as it behaves."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        self._kernel: Kernel | None = None
        self._kernels = 0
        self._clock: PageClock | None = None
        self._stopped = ""  # why the page was stopped

    def kill(self) -> None:
        """End the kernel at once; for another thread to call."""
        if self._kernel is not None:
            self._kernel.kill()

    def watch(self) -> None:
        """End the kernel if its page makes no progress, or floods; for another thread to call."""
        clock = self._clock
        if clock is not None and (clock.floods or clock.spent() > self._settings.timeout):
            self._stopped = "flood" if clock.floods else "timeout"
            self.kill()

    def close(self) -> None:
        """End the kernel and remove what it wrote."""
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

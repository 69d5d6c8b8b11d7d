"""Runs: many notebooks through papermill, their pages, and the publication of a complete set.

A worker is a thread with one kernel of its own, which stays up from page to page: starting Python
and importing pandas and altair costs more than most pages do. Between two pages the kernel is put
back to the state of a fresh one (`RESET`); a kernel that has seen an error is not used again.

Success is judged by the exception, never by papermill's own metadata, which calls a killed kernel
complete.
"""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import os
import queue
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from forecast.evidence.problems import RunError
from forecast.report import html as export
from forecast.report.page_clock import PageClock
from forecast.threads import ONE_THREAD

Status = Literal["ok", "failed", "died", "timeout"]


@dataclass(frozen=True)
class Task:
    """One page to make: a notebook, its parameters and the name of the page."""

    name: str
    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    output: str = ""  # stem of the files written; the name if empty
    title: str = ""

    @property
    def stem(self) -> str:
        """Stem of the files written."""
        return self.output or self.name


@dataclass(frozen=True)
class Outcome:
    """What became of a task."""

    name: str
    status: Status
    seconds: float
    error: str | None  # in plain words; None if all went well
    html: Path | None
    notebook: Path | None  # the executed notebook, as far as it came


class TaskError(RunError):
    """Parameters that do not fit their notebooks; lists every problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


# --------------------------------------------------------------------------------------------------
# Checking before anything starts
# --------------------------------------------------------------------------------------------------


def validate(tasks: Sequence[Task]) -> list[dict[str, Any]]:
    """Check all tasks against the parameters cells of their notebooks.

    Parameters
    ----------
    tasks : sequence of Task
        The tasks.

    Returns
    -------
    list of dict
        The parameters of each task as plain Python values, the notebook's defaults included.

    Raises
    ------
    TaskError
        If a notebook cannot be read, a parameter is unknown or has the wrong type, or two tasks
        would write the same page.
    """
    problems: list[str] = []
    complete: list[dict[str, Any]] = []
    declared: dict[Path, list[export.Parameter] | None] = {}  # None where it cannot be read
    seen: dict[str, str] = {}
    for task in tasks:
        if not re.fullmatch(r"[\w.-]+", task.stem) or task.stem.startswith("."):
            problems.append(f"{task.name}: {task.stem!r} cannot be the name of a page")
        if task.stem.lower() in seen:
            problems.append(f"{task.name}: writes the same page as {seen[task.stem.lower()]}")
        seen[task.stem.lower()] = task.name
        if task.notebook not in declared:
            try:
                declared[task.notebook] = export.declared(_read(task.notebook))
            except (OSError, ValueError) as problem:
                problems.append(f"{task.name}: cannot read {task.notebook}: {first_line(problem)}")
                declared[task.notebook] = None
        own = declared[task.notebook]
        if own is None:  # told once, whatever the number of its pages
            continue
        known = {p.name: p for p in own}
        values = {p.name: p.value for p in known.values()}
        for name, given in task.parameters.items():
            if name not in known:
                names = ", ".join(known) or "none"
                problems.append(
                    f"{task.name}: {task.notebook.name} has no parameter {name!r} (it has: {names})"
                )
                continue
            value = _plain(given)
            wanted = known[name].type
            if not _fits(value, wanted):
                problems.append(
                    f"{task.name}: parameter {name!r} of {task.notebook.name} is {wanted},"
                    f" not {given!r} ({type(given).__name__})"
                )
            values[name] = value
        complete.append(values)
    if problems:
        raise TaskError(problems)
    return complete


def _read(notebook: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    except OSError:
        raise
    except Exception as problem:  # nbformat raises whatever its parsers raise
        raise ValueError(f"not a notebook ({first_line(problem)})") from None


def _plain(value: Any) -> Any:
    """Turn numpy scalars, tuples and paths into what can be written into a cell."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return value.item() if hasattr(value, "item") else value


def _fits(value: Any, wanted: str) -> bool:
    """Say whether a value is of a type as annotated: `int`, `list[str]`, `float | None`, ..."""
    import typing

    from pydantic import TypeAdapter, ValidationError

    try:
        json.dumps(value, allow_nan=False)  # what cannot be written into a cell is of no type
    except (TypeError, ValueError):
        return False
    try:
        # The annotation is code of the notebook, which is run in any case.
        adapter: TypeAdapter[Any] = TypeAdapter(eval(wanted.strip().strip("'\""), {**vars(typing)}))
    except Exception:  # a type of some library
        return True
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


# --------------------------------------------------------------------------------------------------
# Kernels
# --------------------------------------------------------------------------------------------------

# What a page may change that outlives its variables: put back before the next one. In these kernels
# jsonschema, which altair imports, is spared a grammar of web addresses that takes two seconds to
# compile and that no chart needs: None says that the package is not installed.
RESET = """
def _forecast_reset():
    import builtins, contextlib, os, random, sys, warnings
    sys.modules.setdefault("rfc3987_syntax", None)
    kept = builtins.__dict__.get("_forecast_kept")
    if kept is None:
        builtins._forecast_kept = kept = (dict(os.environ), warnings.filters[:], sys.path[:])
    os.environ.clear(); os.environ.update(kept[0])
    warnings.filters[:] = kept[1]; sys.path[:] = kept[2]
    os.chdir({directory!r})
    get_ipython().reset(new_session=True)
    random.seed(0)
    with contextlib.suppress(ImportError):
        import numpy
        numpy.random.seed(0)
    if "pandas" in sys.modules:
        sys.modules["pandas"].reset_option("display")
    if "altair" in sys.modules:
        sys.modules["altair"].renderers.enable("default")
_forecast_reset()
"""


class _Kernel:
    """A kernel that stays up from page to page; all but `kill` is for the thread that made it."""

    def __init__(self, directory: Path, number: int) -> None:
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager
        from jupyter_core.utils import run_sync

        # Only the kernel of this very Python: one named alike in the user's directories may be
        # another.
        specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
        options: dict[str, Any] = {"transport_encryption": "required"}
        if os.name == "posix" and len(str(directory)) < 80:
            # Files instead of ports: no race for a port, and nobody else on the machine can
            # connect.
            options = {"transport": "ipc", "ip": str(directory / f"k{number}")}
        self.manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=specs,
            connection_file=str(directory / f"k{number}.json"),
            **options,
        )
        self.client: Any = None
        self.number = number
        environment = {**os.environ, **ONE_THREAD}
        environment |= {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0", "IPYTHONDIR": str(directory)}
        run_sync(self.manager.start_kernel)(
            extra_arguments=[
                "--HistoryManager.hist_file=:memory:",
                "--InteractiveShell.colors=nocolor",
            ],
            env=environment,
            cwd=str(directory),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        """Number of the process."""
        provisioner: Any = self.manager.provisioner
        return int(provisioner.process.pid)

    def kill(self) -> None:
        """End the process at once; callable from any thread."""
        process = getattr(self.manager.provisioner, "process", None)
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()

    def close(self) -> None:
        """End the kernel and free what it held."""
        from jupyter_core.utils import run_sync

        with contextlib.suppress(
            Exception
        ):  # the process may be gone already, which is what is wanted
            if self.client is not None:
                self.client.stop_channels()
            run_sync(self.manager.shutdown_kernel)(now=True)


@functools.cache
def _register_engine() -> str:
    """Teach papermill to use a kernel that is handed to it."""
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import Engine, papermill_engines

    class KeptKernel(Engine):  # type: ignore[misc]
        """Runs a notebook in a kernel that stays up afterwards."""

        @classmethod
        def execute_managed_notebook(
            cls, nb_man: Any, kernel_name: str, *, kernel: _Kernel, directory: str,
            start_timeout: float, ready: Callable[[], None], **_: Any,
        ) -> Any:  # fmt: skip
            client = PapermillNotebookClient(
                nb_man,
                km=kernel.manager,
                kernel_name=kernel_name,
                startup_timeout=int(start_timeout),
                timeout=None,  # `run` watches the time
            )
            if kernel.client is None:
                client.start_new_kernel_client()
                kernel.client = client.kc
            client.kc = kernel.client
            request = client.kc.execute(RESET.format(directory=directory), silent=True)
            reply = client.wait_for_reply(request)
            if reply is None or reply["content"]["status"] != "ok":
                raise RuntimeError("the kernel could not be put back to its first state")
            ready()
            return client.execute()

    papermill_engines.register("forecast", KeptKernel)
    return "forecast"


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
    nav: Sequence[export.Link] = (),
    lang: str = "en",
    provenance: Mapping[str, str] | None = None,
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
        Seconds that a page may take, as `PageClock` counts them.
    progress : callable, optional
        Called with each outcome, the number of tasks done and the number of all tasks.
    nav, lang, provenance
        As for `export.to_html`.

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
    (out_dir / "notebooks").mkdir(parents=True, exist_ok=True)
    settings = _Settings(out_dir, timeout, nav, lang, provenance)
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
    _register_engine()
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
    nav: Sequence[export.Link]
    lang: str
    provenance: Mapping[str, str] | None


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
        self._kernel: _Kernel | None = None
        self._kernels = 0
        self._clock: PageClock | None = None
        self._overdue = False

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
        """End the kernel if its page has used up its time; for another thread to call."""
        clock = self._clock
        if clock is not None and clock.spent() > self._settings.timeout:
            self._overdue = True
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
                self._export(task, notebook, html)
            except Exception as problem:
                trouble = _Trouble("failed", f"The page could not be written: {said(problem)}")
        if trouble is not None:
            with contextlib.suppress(OSError):  # reported all the same, by the outcome
                self._export_failure(task, notebook, html, trouble)
        return Outcome(
            task.name,
            trouble.status if trouble else "ok",
            round(time.monotonic() - start, 3),
            trouble.message if trouble else None,
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
        started = self._overdue = False
        try:
            if self._kernel is None:
                self._kernels += 1
                self._kernel = _Kernel(self._directory, self._kernels)
            started = True
            nb = papermill.execute_notebook(
                _literal(task.notebook.resolve()),
                _literal(target),
                {k: _plain(v) for k, v in task.parameters.items()},
                engine_name=_register_engine(),
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
            _save(nb, target)
            return None
        except PapermillExecutionError as problem:
            trouble = _Trouble(
                "failed",
                f"Cell {problem.cell_index + 1} of {task.notebook.name} ended with"
                f" {problem.ename}: {problem.evalue}",
                "\n".join(problem.traceback),
            )
        except DeadKernelError:
            trouble = _Trouble(
                "died", f"The Python process that computes the page ended{self._why()}."
            )
        except OSError as problem:
            trouble = _Trouble("failed", said(problem))
        except RuntimeError as problem:
            status: Status = "died" if "ernel" in str(problem) or not started else "failed"
            trouble = _Trouble(status, said(problem))
        except Exception as problem:
            trouble = _Trouble("failed", f"{type(problem).__name__}: {said(problem)}")
        finally:
            self._clock = None
        if self._overdue:
            trouble = _Trouble(
                "timeout", f"It was not ready after {self._settings.timeout:g} s and was stopped."
            )
        self._discard()
        return trouble

    def _start_clock(self) -> None:
        assert self._kernel is not None
        self._clock = PageClock(self._kernel.pid)

    def _why(self) -> str:
        process = self._kernel and getattr(self._kernel.manager.provisioner, "process", None)
        code = process.poll() if process else None
        if code is not None and code < 0:
            return f" (signal {-code}" + (", perhaps for lack of memory)" if code == -9 else ")")
        return f" (exit status {code})" if code else ""

    def _export(self, task: Task, notebook: Path, html: Path) -> None:
        export.export_notebook(
            notebook,
            html,
            title=task.title or None,
            nav=self._settings.nav,
            lang=self._settings.lang,
            provenance=self._settings.provenance,
        )

    def _export_failure(self, task: Task, notebook: Path, html: Path, trouble: _Trouble) -> None:
        links = [("The notebook, as far as it came", f"notebooks/{notebook.name}")]
        page = export.failure_page(
            task.title or task.name,
            trouble.message,
            detail=trouble.detail,
            nav=self._settings.nav,
            lang=self._settings.lang,
            current=html.name,
            links=links if notebook.exists() else [],
        )
        export.write_text(html, page)


@dataclass(frozen=True)
class _Trouble:
    status: Status
    message: str
    detail: str = ""


def _save(nb: Any, target: Path) -> None:
    """Write an executed notebook without what its libraries said on stderr and where it lay."""
    import nbformat

    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                o for o in cell.outputs if not (o.output_type == "stream" and o.name == "stderr")
            ]
    kept = nb.metadata.papermill
    kept.input_path, kept.output_path = Path(kept.input_path).name, target.name
    export.write_text(target, nbformat.writes(nb) + "\n")  # type: ignore[no-untyped-call]


def _literal(path: Path) -> str:
    # papermill takes braces in a path for places of parameters.
    return str(path).replace("{", "{{").replace("}", "}}")


def first_line(problem: BaseException) -> str:
    """Return the first line of what an exception says."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def said(problem: BaseException) -> str:
    """Return what an exception says, in one line."""
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.strerror}: {problem.filename}" if problem.filename else problem.strerror
    return first_line(problem)

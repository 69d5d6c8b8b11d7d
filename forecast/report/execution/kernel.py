"""Kernels that stay up from page to page, and how papermill uses them."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from forecast.report import html as export
from forecast.threads import ONE_THREAD

# What a page may change that outlives its variables: put back before the next one. What is left of
# it then is libraries, and the study that pages share, in which no later search for garbage finds
# any, and each takes a quarter of a second. In these kernels altair checks a chart as a whole, not
# its parts as well.
RESET = """
def _forecast_reset():
    import builtins, contextlib, gc, os, random, sys, warnings
    kept = builtins.__dict__.get("_forecast_kept")
    if kept is None:
        builtins._forecast_kept = kept = (dict(os.environ), warnings.filters[:], sys.path[:])
    os.environ.clear(); os.environ.update(kept[0])
    warnings.filters[:] = kept[1]; sys.path[:] = kept[2]
    os.chdir({directory!r})
    get_ipython().reset(new_session=True)
    gc.freeze()
    random.seed(0)
    with contextlib.suppress(ImportError):
        import numpy
        numpy.random.seed(0)
    if "pandas" in sys.modules:
        sys.modules["pandas"].reset_option("display")
    if "forecast.study" in sys.modules:
        sys.modules["forecast.study"].share()
    if "altair" in sys.modules:
        altair = sys.modules["altair"]
        altair.renderers.enable("default"); altair.data_transformers.enable("default")
        altair.utils.schemapi.disable_debug_mode()
        get_ipython().display_formatter.mimebundle_formatter.type_printers.clear()
_forecast_reset()
"""

# All cells of a page, in one request: asked for one by one, each costs more than most take to run.
# A mark says which cell the messages after it are of.
CELLS = """
async def _forecast_run(cells):
    import sys
    shell = get_ipython()
    shell.execution_count = 1  # this very request was counted
    for place, source, may_fail in cells:
        shell.display_pub.publish({{}}, {{{mark!r}: [place, shell.execution_count]}})
        try:
            code = shell.transform_cell(source)
            waits = shell.should_run_async(source, transformed_cell=code)
        except Exception:  # told when it is run
            waits = False
        if waits:
            done = await shell.run_cell_async(source, store_history=True, transformed_cell=code)
        else:
            done = shell.run_cell(source, store_history=True)
        sys.stdout.flush()
        sys.stderr.flush()
        if not (done.success or may_fail):
            break
await _forecast_run({cells!r})
"""
MARK = "forecast_cell"

Heard = Callable[[Mapping[str, Any]], None]  # takes each message of a kernel


class Kernel:
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


def _client() -> Any:
    """Return the class of papermill's clients that run a page as ours are run."""
    from nbformat.v4 import new_code_cell
    from papermill.clientwrap import PapermillNotebookClient

    class Client(PapermillNotebookClient):  # type: ignore[misc]
        """Runs all cells by one request, and passes every message on to whoever watches the kernel.

        The outputs, errors among them, become those of the cell that is being run; papermill looks
        through the cells for errors afterwards.
        """

        heard: Heard
        _running = 0  # place of the cell that is being run

        def papermill_execute_cells(self) -> None:
            cells = [
                (i, cell.source, "raises-exception" in cell.metadata.get("tags", []))
                for i, cell in enumerate(self.nb.cells)
                if cell.cell_type == "code" and cell.source.strip()
            ]
            self.nb.cells.append(new_code_cell(CELLS.format(mark=MARK, cells=cells)))
            try:
                self.execute_cell(self.nb.cells[-1], len(self.nb.cells) - 1)
            finally:
                self.nb.cells.pop()

        def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
            self.heard(msg)
            if mark := msg["content"].get("metadata", {}).get(MARK):
                self._running, self.nb.cells[mark[0]].execution_count = mark
                return None
            if msg["msg_type"] == "execute_input":  # of the request, not of a cell
                return None
            return super().process_message(msg, self.nb.cells[self._running], self._running)

    return Client


@functools.cache
def register_engine() -> str:
    """Teach papermill to use a kernel that is handed to it."""
    from papermill.engines import Engine, papermill_engines

    client_of = _client()

    class KeptKernel(Engine):  # type: ignore[misc]
        """Runs a notebook in a kernel that stays up afterwards."""

        @classmethod
        def execute_managed_notebook(
            cls, nb_man: Any, kernel_name: str, *, kernel: Kernel, directory: str,
            start_timeout: float, ready: Callable[[], Heard], **_: Any,
        ) -> Any:  # fmt: skip
            client = client_of(
                nb_man,
                km=kernel.manager,
                kernel_name=kernel_name,
                startup_timeout=int(start_timeout),
                timeout=None,  # `run` watches the time
                record_timing=False,  # in four stamps a cell, which nobody reads
            )
            if kernel.client is None:
                client.start_new_kernel_client()
                kernel.client = client.kc
            client.kc = kernel.client
            request = client.kc.execute(RESET.format(directory=directory), silent=True)
            reply = client.wait_for_reply(request)
            if reply is None or reply["content"]["status"] != "ok":
                raise RuntimeError("the kernel could not be put back to its first state")
            client.heard = ready()
            return client.execute()

    papermill_engines.register("forecast", KeptKernel)
    return "forecast"


def save(nb: Any, target: Path, parameters: Mapping[str, Any]) -> None:
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


def literal(path: Path) -> str:
    """Return a path for papermill, which takes braces in it for places of parameters."""
    return str(path).replace("{", "{{").replace("}", "}}")

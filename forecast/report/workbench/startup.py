"""Start a kernel of `make lab`: modules that are edited are read again before the next cell.

Python runs the file that ``PYTHONSTARTUP`` names; kernels of a report run do without it.
"""

from __future__ import annotations

from IPython.core.getipython import get_ipython

from forecast.cache import source_digest


def start() -> None:
    """Follow edited modules: reload them, and compute anew what was stored with their old text."""
    shell = get_ipython()
    if shell is not None:
        shell.run_line_magic("load_ext", "autoreload")
        shell.run_line_magic("autoreload", "2")
        shell.events.register("pre_run_cell", lambda *_: source_digest.cache_clear())


start()

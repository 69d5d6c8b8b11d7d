"""One thread of linear algebra a process: the matrices here are small.

Threads that wait for one another double the processor time of one process; two processes with two
threads each were measured ten times as slow. What a process computes for itself is limited while it
computes; processes that we start read the setting when they load numpy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit linear algebra to one thread meanwhile; the caller's own setting comes back after."""
    with _libraries().limit(limits=1):
        yield


@cache
def _libraries() -> ThreadpoolController:
    """Find the libraries once: to look for them takes longer than many a result."""
    import scipy.linalg  # noqa: F401  # only libraries that are loaded can be limited
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()

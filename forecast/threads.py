"""One thread of linear algebra a process: the matrices here are small.

Threads that wait for one another double the processor time of one process; two processes with two
threads each were measured ten times as slow. What a process computes for itself is limited while it
computes; processes that we start read the setting when they load numpy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit linear algebra to one thread meanwhile; the caller's own setting comes back after."""
    import scipy.linalg  # noqa: F401  # only libraries that are loaded can be limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield

"""A Dask cluster as the executor of `forecast.workers`: one started here, or one that is named.

Numbers go into the store and pages into their folder, as they do on one machine; a task gives back
no more than that it is done. So workers on other machines have to see the same folders, and a task
whose worker is lost is done again by another one, with the same result.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from pathlib import Path
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster, Security, WorkerPlugin

from forecast.cache import cache_dir, kept, source_digest
from forecast.evidence.problems import RunError
from forecast.temporary import prefix
from forecast.threads import ONE_THREAD
from forecast.workers.common import have_in_common

PATIENCE = 10  # seconds in which a scheduler answers, and has a worker

# Nobody looks at the pages that a cluster for one run would serve.
_QUIET: dict[str, object] = {f"distributed.{of}.http.routes": [] for of in ("scheduler", "worker")}

_held: dict[str, tuple[Any, str]] = {}  # by run: what its tasks have in common, and its store


class _Common(WorkerPlugin):  # type: ignore[misc]
    """Puts what tasks have in common into every worker, also into those that come later."""

    def __init__(self, name: str, value: Any) -> None:
        self.name, self._value, self._store = name, value, str(cache_dir())

    def setup(self, worker: Any) -> None:
        _held[self.name] = self._value, self._store

    def teardown(self, worker: Any) -> None:
        value, _ = _held.pop(self.name)
        if hasattr(value, "close"):
            value.close()


def _with_common(name: str, task: Callable[..., Any], *args: Any) -> Any:
    value, store = _held[name]
    os.environ["FORECAST_CACHE"] = store  # a worker may serve one run after the other
    have_in_common(value)
    return task(*args)


class _Cluster(Executor):
    """The executor of a client, whose tasks find what they have in common."""

    def __init__(self, client: Client, name: str) -> None:
        self._tasks, self._name = client.get_executor(pure=False), name

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        done: Future[Any] = self._tasks.submit(_with_common, self._name, fn, *args)
        return done


@contextlib.contextmanager
def connected(
    jobs: int, scheduler: str, common: Any, folders: Sequence[Path]
) -> Iterator[Executor]:
    """Give the workers of a cluster; see `forecast.workers.backend.started`."""
    name = f"forecast-{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(_client(jobs, scheduler))
        _check(client, folders)
        client.register_plugin(_Common(name, common))
        try:
            yield _Cluster(client, name)
        except KilledWorker:
            message = "workers that computed numbers were lost, perhaps for lack of memory"
            raise RunError(f"{message}; the newest complete set is as it was") from None
        except CancelledError:
            raise RunError("the connection to the Dask scheduler was lost; run it again") from None
        finally:
            with contextlib.suppress(Exception):  # the scheduler may have gone
                client.unregister_worker_plugin(name)


@contextlib.contextmanager
def _client(jobs: int, scheduler: str) -> Iterator[Client]:
    """Give a client of the scheduler that is named, or of a cluster of this machine."""
    if scheduler:
        try:
            client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as problem:
            reason = str(problem).splitlines()[0]
            message = f"the Dask scheduler {scheduler} cannot be reached: {reason}"
            raise RunError(message) from None
        with client:
            yield client
        return
    with (
        tempfile.TemporaryDirectory(prefix=prefix(), ignore_cleanup_errors=True) as directory,
        dask.config.set(_QUIET | {"temporary_directory": directory}),
        LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            # Whoever can send a task can run anything: other users of the machine cannot.
            security=Security.temporary(),
            local_directory=directory,
            env=dict(ONE_THREAD),
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _check(client: Client, folders: Sequence[Path]) -> None:
    """Refuse workers that could not do the work, or whose results would be lost."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise RunError("the Dask scheduler has no workers") from None
    several = [address for address, threads in client.nthreads().items() if threads != 1]
    if several:
        raise RunError(
            f"the Dask worker {several[0]} has several threads; start it with --nthreads 1"
        )
    store = cache_dir()
    if not kept(store):
        raise RunError(f"results cannot be stored in {store}; name a folder by FORECAST_CACHE")
    with tempfile.NamedTemporaryFile(dir=store) as mark:
        try:
            found = client.run(_seen, str(store), mark.name, [str(path) for path in folders])
        except ImportError as problem:
            raise RunError(f"the Dask workers cannot run the package: {problem}") from None
    for address, (digest, unseen) in found.items():
        if digest != source_digest():
            raise RunError(
                f"the Dask worker {address} has another version of the package or its libraries"
            )
        if unseen:
            raise RunError(
                f"the Dask worker {address} does not see {unseen}, or may not write there; all "
                "workers need the same folders for the results (FORECAST_CACHE), for temporary "
                "files (TMPDIR) and for the sets"
            )


def _seen(store: str, mark: str, folders: Sequence[str]) -> tuple[str, str]:
    """Return the digest of the package in a worker, and the first folder it does not see."""
    if not (Path(mark).exists() and kept(Path(store))):
        return source_digest(), store
    return source_digest(), next((path for path in folders if not Path(path).is_dir()), "")

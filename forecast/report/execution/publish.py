"""Publication: a complete set becomes the newest one in one step, or nothing changes."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from forecast.evidence.problems import RunError
from forecast.report.execution.pages import Outcome
from forecast.report.execution.tasks import Task, said, validate

RUN = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z-[0-9a-f]{8}(-\d+)?")  # name of a set


@contextlib.contextmanager
def lock(reports_dir: Path) -> Iterator[None]:
    """Hold the reports directory for one run.

    The operating system frees the lock when the process ends, however it ends, so a lock that was
    left behind does not exist.

    Raises
    ------
    RunError
        If another run holds the directory, or it cannot be written.
    """
    held = FileLock(reports_dir / ".lock")
    holder = reports_dir / ".holder"  # others cannot read a locked file everywhere
    try:
        holder.parent.mkdir(parents=True, exist_ok=True)
        held.acquire(timeout=0)
        holder.write_text(str(os.getpid()), encoding="utf-8")
    except Timeout:
        number = holder.read_text(encoding="utf-8") if holder.exists() else "unknown"
        raise RunError(
            f"another run (process {number}) is writing to {reports_dir}; wait until it ends"
        ) from None
    except OSError as problem:
        raise RunError(f"cannot write to {reports_dir}: {said(problem)}") from None
    try:
        yield
    finally:
        holder.unlink(missing_ok=True)
        held.release()


def free(reports_dir: Path, run_id: str) -> str:
    """Return a name that no kept set has: a run of the same second and inputs is numbered."""
    folders = [reports_dir, reports_dir / "failed", reports_dir / "partial"]
    names = (run_id if n == 1 else f"{run_id}-{n}" for n in itertools.count(1))
    return next(name for name in names if not any((f / name).exists() for f in folders))


def staging(reports_dir: Path, run_id: str) -> Path:
    """Make the empty directory in which a run is put together.

    It lies within the reports directory, so that publishing is a renaming. What earlier runs that
    were cut off have left there is removed; hold the `lock`.

    Raises
    ------
    RunError
        If it cannot be made.
    """
    try:
        reports_dir.mkdir(parents=True, exist_ok=True)
        for left in (*reports_dir.glob(".tmp-*"), *reports_dir.glob(".latest-*")):
            with contextlib.suppress(OSError):
                _remove(left)
        latest = reports_dir / "latest"
        for old in reports_dir.glob(".old-*"):  # cut off in the middle of `_put`
            if latest.is_symlink() or latest.exists():
                _remove(old)
            else:
                os.rename(old, latest)
        directory = reports_dir / f".tmp-{run_id}"
        directory.mkdir()
    except OSError as problem:
        raise RunError(f"cannot write to {reports_dir}: {said(problem)}") from None
    return directory


def publish(staged: Path, reports_dir: Path, run_id: str, *, expected: Iterable[str] = ()) -> Path:
    """Make a finished set the newest one: `reports/<run id>/`, and `reports/latest` leading to it.

    Parameters
    ----------
    staged : Path
        The set, in the directory made by `staging`.
    reports_dir : Path
        Where the sets are kept.
    run_id : str
        Name of the set.
    expected : iterable of str
        Files that a complete set has, relative to it.

    Returns
    -------
    Path
        The published set.

    Raises
    ------
    RunError
        If a file is missing or empty, or the directory cannot be written. `latest` is as before
        then.
    """
    missing = [n for n in expected if not (staged / n).is_file() or not (staged / n).stat().st_size]
    if missing:
        raise RunError(
            f"the set {run_id} is not complete and was not published;"
            f" it lacks: {', '.join(missing)}"
        )
    final = reports_dir / run_id
    try:
        if final.exists():
            raise RunError(f"{final} exists already; nothing was published")
        _to_disk(staged)  # or a power cut leaves a set of empty files under the new name
        os.rename(staged, final)
        _point_latest(reports_dir, run_id)
    except OSError as problem:
        raise RunError(f"cannot publish {final}: {said(problem)}") from None
    return final


def _to_disk(folder: Path) -> None:
    """Wait until everything in a folder is on the disk."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir() and os.name != "posix":
            continue  # other systems open no folders
        handle = os.open(path, flags if path.is_dir() else flags | os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def prune(reports_dir: Path, keep: int) -> list[str]:
    """Remove old sets, but never the one that `latest` leads to, nor one that it leads to.

    Parameters
    ----------
    reports_dir : Path
    keep : int
        The number of newest sets that stay, of either sort.

    Returns
    -------
    list of str
        Names of the sets that were removed. What cannot be removed stays.
    """
    stays = _in_use(reports_dir)
    removed = []
    for folder in (reports_dir, reports_dir / "failed", reports_dir / "partial"):
        sets = sorted(p for p in folder.glob("*") if p.is_dir() and RUN.fullmatch(p.name))
        for path in sets[: max(0, len(sets) - keep)]:
            if path.name not in stays or folder != reports_dir:
                shutil.rmtree(path, ignore_errors=True)
                removed.append(path.name)
    return removed


def _in_use(reports_dir: Path) -> set[str]:
    """Return the newest set, and those with the last good versions of its pages that failed."""
    latest = (reports_dir / "latest").resolve()
    named = {latest.name}
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        tasks = json.loads((latest / "manifest.json").read_text("utf-8"))["tasks"]
        named |= {str(task["last_good"]) for task in tasks if task.get("last_good")}
    return named


def set_aside(staged: Path, reports_dir: Path, run_id: str, why: str = "failed") -> Path:
    """Keep a set that is not complete as `reports/<why>/<run id>`, to look at; return where."""
    final = reports_dir / why / run_id
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        os.rename(staged, final)
    except OSError as problem:
        raise RunError(f"cannot keep the set as {final}: {said(problem)}") from None
    return final


def _point_latest(reports_dir: Path, run_id: str) -> None:
    latest = reports_dir / "latest"
    new = reports_dir / f".latest-{run_id}"
    _remove(new)
    try:
        try:
            new.symlink_to(run_id, target_is_directory=True)
        except (OSError, NotImplementedError):  # Windows without the right to make links
            shutil.copytree(reports_dir / run_id, new)
        _put(new, latest, reports_dir / f".old-{run_id}")
    finally:
        _remove(new)


def _put(new: Path, latest: Path, old: Path) -> None:
    """Rename `new` to `latest`; what was there is kept as `old` until that is done."""
    if new.is_symlink() and (latest.is_symlink() or not latest.exists()):
        os.replace(new, latest)
        return
    # A directory cannot be replaced in one step: for an instant there is no `latest`.
    _remove(old)
    if latest.is_symlink() or latest.exists():
        os.rename(latest, old)
    try:
        os.rename(new, latest)
    except OSError:
        if old.exists():
            os.rename(old, latest)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


# --------------------------------------------------------------------------------------------------
# The manifest
# --------------------------------------------------------------------------------------------------

PACKAGES = (
    "forecast", "altair", "ipykernel", "jupyter-client", "nbclient", "nbconvert", "nbformat",
    "numpy", "pandas", "papermill", "prophet", "scipy", "statsmodels", "vl-convert-python",
)  # fmt: skip


def manifest(
    tasks: Sequence[Task],
    outcomes: Sequence[Outcome],
    directory: Path,
    *,
    run_id: str,
    started: datetime,
    finished: datetime,
    data: Mapping[str, str] | None = None,
    notes: Sequence[Mapping[str, Any]] = (),
    seed: int | None = None,
    root: Path | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Describe a run so that it can be repeated and checked.

    Parameters
    ----------
    tasks, outcomes : sequences
        What was run, and what became of it, in the same order.
    directory : Path
        The set; every file in it is listed with its hash (`manifest.json` itself apart).
    run_id : str
        Name of the set.
    started, finished : datetime
        With a time zone.
    data : mapping of str to str, optional
        The files of data by their names as of `named`, and the SHA-256 of what was read.
    notes : sequence of mapping, optional
        Further entries of each task.
    seed : int, optional
        Seed of the run.
    root : Path, optional
        The project's directory: data files are named relative to it, and its git commit is noted.
    extra : mapping, optional
        Further entries.

    Returns
    -------
    dict
        Ready for JSON.
    """
    from datetime import UTC
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for package in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            versions[package] = version(package)
    complete = validate(tasks)

    def instant(moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    files = sorted(
        p for p in directory.rglob("*") if p.is_file() and p != directory / "manifest.json"
    )
    return {
        "run": run_id,
        "started": instant(started),
        "finished": instant(finished),
        "seconds": round((finished - started).total_seconds(), 1),
        "seed": seed,
        "git": _git(root) if root is not None else None,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": versions,
        "data": dict(sorted((data or {}).items())),
        "tasks": [
            {
                "name": task.name,
                "title": task.title,
                "notebook": named(task.notebook, root),
                "parameters": parameters,
                "status": outcome.status,
                "seconds": outcome.seconds,
                "error": outcome.error,
                "page": f"{task.stem}.html",
                **note,
            }
            for task, outcome, parameters, note in zip(
                tasks, outcomes, complete, notes or [{}] * len(tasks), strict=True
            )
        ],
        "files": {p.relative_to(directory).as_posix(): sha256(p) for p in files},
        **(extra or {}),
    }


def named(path: Path, *roots: Path | None) -> str:
    """Return the path of a file within the first of the folders that it lies in, else its name."""
    path = path.resolve()
    for root in roots:
        if root is not None and path.is_relative_to(root.resolve()):
            return path.relative_to(root.resolve()).as_posix()
    return path.name


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git(root: Path) -> dict[str, Any] | None:
    """Return commit and state of the project's own checkout, None where it is not one."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=20
        ).stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")).resolve() != root.resolve():
            return None
        return {"commit": git("rev-parse", "HEAD"), "dirty": bool(git("status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):
        return None

"""Temporary folders, and what is left of those whose process was killed."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import psutil

# Short, as sockets lie within; processes of another machine or container are none of ours.
_OURS = f"fc{zlib.crc32(platform.node().encode()):08x}-"


def prefix() -> str:
    """Return how the names of the temporary folders of this process begin."""
    return f"{_OURS}{os.getpid()}-"


def clear() -> None:
    """Remove the temporary folders of processes that have ended without removing them."""
    for path in Path(tempfile.gettempdir()).glob(f"{_OURS}*-*"):
        number = path.name.removeprefix(_OURS).split("-")[0]
        with contextlib.suppress(OSError):
            if number.isdigit() and not psutil.pid_exists(int(number)):
                shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def sheltered() -> Iterator[None]:
    """Let a library that writes temporary files of names of its own do so in a folder of ours.

    Other threads should not ask for temporary files meanwhile: these would go with the folder.
    """
    outer = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix=prefix(), ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = outer

"""Readers of known exports, one file each.

A reader is one module of this package with the names of :class:`Format`; adding one is adding a
file. Files that none of them recognizes are read as wide tables.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Protocol, cast

from forecast.importing.figures import Figures


class Format(Protocol):
    """The interface of every module of this package."""

    LABEL: str  # what messages call the format, such as ``World Bank, indicators as CSV``

    def recognizes(self, path: Path) -> bool:
        """Whether a file is of this format; any file may be given, and none raises."""
        ...

    def read(self, path: Path) -> Figures:
        """Read a file of this format; the modules add only what is particular to theirs.

        Raises
        ------
        DataError
            With everything that cannot be read for certain.
        """
        ...


def formats() -> tuple[str, ...]:
    """Return the names of the formats, in the order in which they are asked."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def recognized(path: Path) -> Format | None:
    """Return the reader that recognizes a file, or None."""
    for name in formats():
        reader = cast("Format", importlib.import_module(f"{__name__}.{name}"))
        if reader.recognizes(path):
            return reader
    return None

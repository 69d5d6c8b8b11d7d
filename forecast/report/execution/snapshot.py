"""The data of a run: a copy that nobody edits while its pages are made."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forecast.editions.store import tables_of
from forecast.evidence.loading import default_folder, folder_name, schema_of
from forecast.evidence.problems import RunError
from forecast.report.execution.tasks import said
from forecast.temporary import clear, prefix


@dataclass(frozen=True)
class Snapshot:
    """The tables and scenarios of a data folder as they were when a run began.

    Attributes
    ----------
    source : Path
        The folder that was copied.
    folder : Path
        The copy, which bears the same name; everything of a run reads it.
    files : dict of str to bytes
        By their paths within the folder.
    """

    source: Path
    folder: Path
    files: dict[str, bytes]

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file."""
        return {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}


@contextlib.contextmanager
def snapshot(data: Path | None = None) -> Iterator[Snapshot]:
    """Copy the files of a data folder that decide the pages; the copy is removed afterwards.

    Parameters
    ----------
    data : Path, optional
        The folder; that of `forecast.evidence.loading.default_folder` if not given.

    Raises
    ------
    forecast.evidence.problems.DataError
        If there is no such folder, or its description cannot be used.
    RunError
        If it cannot be copied.
    """
    source = default_folder() if data is None else data
    named = {table.path for table in schema_of(source).values()}  # says it if there is no folder
    clear()
    with tempfile.TemporaryDirectory(prefix=prefix(), ignore_cleanup_errors=True) as directory:
        folder = Path(directory) / folder_name(source)
        try:
            files = tables_of(source)
            for name in sorted(named - set(files)):  # a table that lies in a folder of its own
                if (source / name).is_file() and (folder / name).resolve().is_relative_to(
                    folder.resolve()
                ):
                    files[name] = (source / name).read_bytes()
            folder.mkdir()
            for name in named:
                if (source / name).is_dir():  # in a table's place: the check names it
                    (folder / name).mkdir(parents=True)
            for name, data_of in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data_of)
        except OSError as problem:
            raise RunError(f"cannot copy the data of {source}: {said(problem)}") from None
        yield Snapshot(source.resolve(), folder, files)

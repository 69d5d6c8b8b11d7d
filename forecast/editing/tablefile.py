"""Change the tables of `data/`, and no byte besides.

A row that is not changed keeps its bytes: quotation marks, line end, encoding. So the difference
that git shows is the change, and the file can have been written by any program. What results is
checked as a whole before a byte of it is written.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from forecast.evidence.evidence import Evidence
from forecast.evidence.files.defaults import MADE, filled
from forecast.evidence.files.encodings import decode
from forecast.evidence.files.schema import COLUMNS, TableSchema
from forecast.evidence.files.tables import Rows, delimiter, read_bytes, read_rows
from forecast.evidence.loading import default_folder, folder_name, load, schema_of
from forecast.evidence.problems import DataError, Problem, UserError, data_error


class Line(NamedTuple):
    """One row of a table: its text as it stands in the file, and its cells by column."""

    text: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class TableFile:
    """One table as its file has it."""

    table: TableSchema
    path: Path
    data: bytes  # the whole file as it was read; empty where there is none
    #: How it is written; `end` is the line end.
    encoding: str
    delimiter: str
    end: str
    header: str  # the first line, with its end
    #: The columns in the order of the file; it may lack some of the table's.
    columns: tuple[str, ...]
    #: The rows. A key that the file leaves empty is the one that the row has by default.
    lines: tuple[Line, ...]

    def line(self, cells: Mapping[str, str]) -> Line:
        """Return a row as this file would have it; columns that are not given stay empty."""
        full = {name: cells.get(name, "") for name in self.table.fields}
        return Line(self._joined(typed(full)[name] for name in self.columns), full)

    def _joined(self, cells: Iterable[str]) -> str:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter, lineterminator=self.end).writerow(cells)
        return out.getvalue()

    def written(self, lines: Sequence[Line]) -> bytes:
        """Return the bytes of the file with these rows.

        A column that the file lacks and a new row fills is added at the end.
        """
        more = [
            name
            for name in self.table.fields
            if name not in self.columns and any(typed(line.cells)[name] for line in lines)
        ]
        texts = [self.header, *(line.text for line in lines)]
        if more:
            added = [more, *([line.cells[name] for name in more] for line in lines)]
            texts = [
                text.rstrip("\r\n") + self._joined(["", *cells])
                for text, cells in zip(texts, added, strict=True)
            ]
        # The last line of a file may lack its end; nothing may be glued to it.
        texts[:-1] = [t if t.endswith(("\n", "\r")) else t + self.end for t in texts[:-1]]
        return "".join(texts).encode(self.encoding)

    def key(self, line: Line) -> tuple[str, ...]:
        """Return the cells that identify a row."""
        return tuple(line.cells[name] for name in self.table.key)

    @cached_property
    def by_key(self) -> dict[tuple[str, ...], Line]:
        """Return the rows by their key."""
        return {self.key(line): line for line in self.lines}


def typed(cells: Mapping[str, str]) -> Mapping[str, str]:
    """Return cells without an identifier that only stands for an empty cell."""
    made = cells.get("observation", "").startswith(MADE)
    return {**cells, "observation": ""} if made else cells


def read_tables(root: Path | None = None) -> dict[str, TableFile]:
    """Read all tables of a data folder as texts, by name, in the order of the schema.

    Raises
    ------
    DataError
        With all files that cannot be read, and all rows that are no rows.
    """
    root = default_folder() if root is None else root
    folder = folder_name(root)
    schema = {name: table for name, table in schema_of(root).items() if name in COLUMNS}
    problems: list[Problem] = []
    files = {}
    for name, table in schema.items():
        try:
            path = root / table.path
            if table.optional and not path.exists():
                header = ",".join(field.name for field in table.columns if field.needed) + "\n"
                file = _read(table, path, header.encode(), folder, problems)
                files[name] = replace(file, data=b"")
            else:
                data = read_bytes(root, table.path, folder)
                files[name] = _read(table, path, data, folder, problems)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return _with_keys(files)


def completed(
    files: Mapping[str, TableFile], new: Mapping[str, Sequence[Mapping[str, str]]]
) -> dict[str, list[dict[str, str]]]:
    """Return new rows by table with their empty cells filled by the defaults."""
    more = {
        name: [[cells.get(c, "") for c in files[name].table.fields] for cells in rows]
        for name, rows in new.items()
    }
    filled = _filled(files, more)
    return {
        name: [
            dict(zip(files[name].table.fields, cells, strict=True))
            for cells in [*zip(*filled[name].columns, strict=True)][len(files[name].lines) :]
        ]
        for name in new
    }


def appended(
    files: Mapping[str, TableFile],
    new: Mapping[str, Sequence[Mapping[str, str]]],
    full: Mapping[str, Sequence[Mapping[str, str]]],
    folder: str,
) -> tuple[list[Change], list[str]]:
    """Return the changes that add new rows, and their lines below the names of the files.

    `full` are the rows as of `completed`.
    """
    changes, shown = [], []
    for name, rows in new.items():
        file = files[name]
        # The columns that the file has are filled; none is added for a default.
        lines = [
            file.line({**given, **{column: cells[column] for column in file.columns}})
            for given, cells in zip(rows, full[name], strict=True)
        ]
        changes.append(Change(file, file.written([*file.lines, *lines])))
        shown += [f"{folder}/{file.table.path}", *changes[-1].shown(len(lines))]
    return changes, shown


def _filled(files: Mapping[str, TableFile], more: Mapping[str, list[list[str]]]) -> dict[str, Rows]:
    """Return the rows of all tables, and some more at their ends, filled by the defaults."""
    raw = {}
    for name, file in files.items():
        rows = [[*line.cells.values()] for line in file.lines] + more.get(name, [])
        columns = [[cells[i] for cells in rows] for i in range(len(file.table.fields))]
        raw[name] = Rows([0] * len(rows), columns)
    return filled(raw, {name: file.table for name, file in files.items()})


def _with_keys(files: dict[str, TableFile]) -> dict[str, TableFile]:
    """Give every observation without an identifier the one it has by default."""
    file, rows = files["observations"], _filled(files, {})["observations"]
    names = rows.columns[list(file.table.fields).index("observation")]
    lines = tuple(
        line._replace(cells={**line.cells, "observation": name})
        for line, name in zip(file.lines, names, strict=True)
    )
    return {**files, "observations": replace(file, lines=lines)}


def _read(
    table: TableSchema, path: Path, data: bytes, folder: str, problems: list[Problem]
) -> TableFile:
    file = f"{folder}/{table.path}"
    rows = read_rows(data, table, file, problems)
    text = decode(data, file)
    encodings = ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030")
    encoding = next((e for e in encodings if text.encode(e) == data), None)
    if encoding is None:
        expected = "text that can be written again byte for byte: save it as 'CSV UTF-8'"
        raise data_error(file, expected)
    names = list(table.fields)
    separator = delimiter(text, names)
    texts = list(_texts(text, separator))
    columns = next(csv.reader([texts[0]], delimiter=separator))
    end = texts[0][len(texts[0].rstrip("\r\n")) :] or "\n"
    return TableFile(
        table, path, data, encoding, separator, end, texts[0],
        tuple(name.strip() for name in columns),
        tuple(
            Line(texts[number - 1], dict(zip(names, cells, strict=True)))
            for number, *cells in zip(rows.numbers, *rows.columns, strict=True)
            if number not in rows.incomplete
        ),
    )  # fmt: skip


def _texts(text: str, separator: str) -> Iterator[str]:
    """Yield the text of each record; one with a line break in quotation marks takes two lines."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for _ in csv.reader(lines(), delimiter=separator, strict=True):
        yield "".join(taken)
        taken.clear()


# ------------------------------------------------------------------------------------------------
# Changes
# ------------------------------------------------------------------------------------------------


class Change(NamedTuple):
    """A table and the bytes it is to have."""

    file: TableFile
    data: bytes

    def shown(self, rows: int) -> list[str]:
        """Return the last rows as they are written, below the header where columns are new."""
        header, *lines = re.split("\r\n|\n|\r", self.data.decode(self.file.encoding).rstrip("\r\n"))
        new = [f"  {header}"] if header != self.file.header.rstrip("\r\n") else []
        return [*new, *(f"  + {line}" for line in lines[len(lines) - rows :])]


def checked(root: Path | None, changes: Sequence[Change]) -> Evidence:
    """Return the evidence as it would be with the changes made; nothing is written to `root`.

    Raises
    ------
    DataError
        With all problems of the result, if there is an error among them.
    """
    return load(root, replaced={change.file.table.name: change.data for change in changes})


def write(changes: Sequence[Change]) -> None:
    """Write all files or none.

    Every file is first written beside its place, then all take their places one after the other.
    Where one cannot, those before it get their old content back. Tables that others point at come
    first in the schema, so that even a machine that stops between two leaves no dangling key.

    Raises
    ------
    forecast.evidence.problems.UserError
        If a file is not what it was when the change was made up, or cannot be written.
    """
    parts = [c.file.path.resolve() for c in changes]
    parts = [path.with_name(f".{path.name}.{os.getpid()}.part") for path in parts]
    try:
        for change, part in zip(changes, parts, strict=True):
            _put(part, change.data)
            if change.file.path.exists():
                shutil.copymode(change.file.path, part)
        for change in changes:
            if _content(change.file.path) != change.file.data:
                raise UserError(
                    f"{change.file.path} was changed by another program meanwhile; nothing was "
                    "written: start again"
                )
        for change, part in zip(changes, parts, strict=True):
            os.replace(part, change.file.path.resolve())
    except BaseException as error:
        for change, part in zip(changes, parts, strict=True):
            if _content(change.file.path) == change.data != change.file.data:
                if change.file.data:
                    _put(part, change.file.data)
                    os.replace(part, change.file.path.resolve())
                else:
                    change.file.path.unlink()
        if isinstance(error, OSError):
            path, why = error.filename or "the data", error.strerror or error
            raise UserError(f"{path} cannot be written ({why}); nothing was changed") from error
        raise
    finally:
        for part in parts:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _content(path: Path) -> bytes:
    """Return the bytes of a file; none where there is no file, as of a table that may lack one."""
    return path.read_bytes() if path.exists() else b""


def _put(path: Path, data: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())

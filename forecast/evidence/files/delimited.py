"""Text files of cells: which encoding, which separator, which rows.

Rows are numbered as a spreadsheet shows them: blank lines count, a line ``sep=;`` does not.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from forecast.evidence.files.encodings import first_foreign, text_of
from forecast.evidence.files.tables import Row, split_rows
from forecast.evidence.problems import UserError, data_error

DELIMITERS = ",\t;|"
PREFACE = 30  # rows among which the header is looked for


class Delimited(NamedTuple):
    """Rows of a text file, what separates their cells, and notices on how it was read."""

    rows: list[Row]
    separator: str
    notices: list[str]


def read_delimited(path: Path, needed: Sequence[str] = ()) -> Delimited:
    """Read a text file of cells.

    Parameters
    ----------
    path : Path
    needed : sequence of str
        Names in the header of a table with one line a row, by which the separator is told; else
        it is the one that parts most lines into equally many cells.

    Raises
    ------
    DataError
        If the encoding cannot be told, or a quotation mark is not closed.
    forecast.evidence.problems.UserError
        If the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error
    return delimited(data, path.name, needed)


def delimited(data: bytes, file: str, needed: Sequence[str] = (), separator: str = "") -> Delimited:
    """Split the bytes of a text file into cells, by a separator that is known or as above."""
    text, encoding = text_of(data, file)
    notices = []
    if encoding != "UTF-8":
        row, cell = first_foreign(text)
        shown = f"; row {row} has {cell!r}" if cell else ""
        notices.append(f"{file} was read as {encoding}{shown}")
    text, stated = _without_sep(text)
    if not text.strip():
        raise data_error(file, "a CSV file that is not empty")
    separator = stated or separator or _separator(text, needed)
    rows = list(split_rows(text, separator, file))
    if needed:
        _in_one_line(rows, file)
    return Delimited(rows, separator, notices)


def _without_sep(text: str) -> tuple[str, str]:
    """Take off the line ``sep=``, which gives Excel the separator and is not shown."""
    first, _, rest = text.partition("\n")
    match = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)
    return (rest, match[1]) if match else (text, "")


def _separator(text: str, needed: Sequence[str]) -> str:
    """Return what separates the cells: by the header, or else what parts the lines alike."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()]
    for line in lines[:PREFACE]:
        for separator in DELIMITERS:
            names = {cell.strip().strip('"').strip() for cell in line.split(separator)}
            if needed and set(needed) <= names:
                return separator

    def alike(separator: str) -> tuple[int, int]:
        try:
            cells = Counter(map(len, csv.reader(lines, delimiter=separator)))
        except csv.Error:  # a cell without end: whoever splits the rows says so
            return 0, 0
        cells.pop(1, None)
        return max(((n, width) for width, n in cells.items()), default=(0, 0))

    # Decimal commas part the lines of a file with another separator as evenly as that.
    best = {separator: alike(separator) for separator in "\t;|,"}
    most = max(n for n, _ in best.values())
    return next((s for s, (n, _) in best.items() if n and n == most), ",")


def _in_one_line(rows: Sequence[Row], file: str) -> None:
    for row in rows:
        for cell in row.cells:
            if "\n" in cell.strip():
                expected = "a cell in one line: a quotation mark takes the next rows into it"
                shown = cell.split("\n")[0] + " ..."
                raise data_error(file, expected, row=row.number, value=shown)

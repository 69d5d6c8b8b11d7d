"""Tables of files: rows as a spreadsheet counts them, cells checked by the schema."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from forecast.evidence.files.encodings import decode
from forecast.evidence.files.schema import Field, ForeignKey, Latest, TableSchema
from forecast.evidence.problems import DataError, Problem, data_error, meant

# ------------------------------------------------------------------------------------------------
# Bytes to rows
# ------------------------------------------------------------------------------------------------


def read_bytes(root: Path, path: str, folder: str) -> bytes:
    """Return the bytes of a file, or raise a problem that explains why there are none."""
    if not root.is_dir():
        raise data_error(str(root), "a folder with tables such as targets.csv")
    file = f"{folder}/{path}"
    try:
        data = (root / path).read_bytes()
    except FileNotFoundError:
        raise data_error(file, "this file to exist") from None
    except IsADirectoryError:
        raise data_error(file, "a file, not a folder") from None
    except (OSError, ValueError) as error:
        raise data_error(file, f"a readable file ({error})") from None
    if not data.strip():
        raise data_error(file, "a file that is not empty")
    return data


class Row(NamedTuple):
    """One row of a file: its number in a spreadsheet, and its cells."""

    number: int
    cells: list[str]
    complete: bool = True  # whether it has as many cells as the header


def delimiter(text: str, names: Iterable[str]) -> str:
    """Return what separates the cells: a spreadsheet in another locale takes semicolons or tabs.

    It is what splits the header into most of the names.
    """
    first, wanted = text[:10_000].splitlines()[:1], set(names)

    def known(separator: str) -> int:
        return len({name.strip('" ') for line in first for name in line.split(separator)} & wanted)

    return max(",;\t", key=known)


def split_rows(text: str, separator: str, file: str) -> list[Row]:
    """Split text into rows and cells; a quotation mark that is not closed is an error."""
    rows: list[Row] = []
    known: dict[str, str] = {}  # a text that is in many cells is held once
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            rows.append(Row(number, [known.setdefault(cell, cell) for cell in cells]))
    except csv.Error as error:
        expected = f"matching quotation marks from here on ({error})"
        raise data_error(file, expected, row=len(rows) + 1) from None
    return rows


def read_rows(data: bytes, table: TableSchema, file: str, problems: list[Problem]) -> list[Row]:
    """Return the rows of a file, their cells in the order of the schema.

    The cells of a column that the file lacks are empty.

    Parameters
    ----------
    data : bytes
        Content of the file.
    table : TableSchema
    file : str
        Its name, for messages.
    problems : list of Problem
        Takes the rows that are blank or of another length than the header. A row of another
        length is returned as well, or every row with its key would look wrong.

    Raises
    ------
    DataError
        If the header is not that of the table.
    """
    text, names = decode(data, file), list(table.fields)
    needed = [field.name for field in table.columns if field.needed]
    rows = split_rows(text, delimiter(text, names), file)
    if not rows:
        raise data_error(file, "a file that is not empty")
    header = [name.strip() for name in rows[0].cells]
    if found := [Problem("error", file, 1, *place) for place in misnamed(header, names, needed)]:
        raise DataError(found)
    order = [header.index(name) if name in header else len(header) for name in names]
    kept = []
    for number, cells, _ in rows[1:]:
        if not any(cell.strip() for cell in cells):
            problems.append(Problem("error", file, number, "", "", "no blank row"))
            continue
        complete = len(cells) == len(header)
        if not complete:
            expected = f"{len(header)} cells, not {len(cells)}"
            problems.append(Problem("error", file, number, "", "", expected))
        cells = [*cells[: len(header)], *[""] * (len(header) - len(cells)), ""]
        kept.append(Row(number, [cells[i] for i in order], complete))
    return kept


def misnamed(
    header: Sequence[str], names: Sequence[str], needed: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield the column, the cell and what was expected where a header is not that of the table."""
    for name in needed:
        if name not in header:
            yield name, "", "this column to be there"
    for name in dict.fromkeys(header):
        if name not in names:
            yield name, name, one_of(name, names, "only the columns ")
    for name in names:
        if header.count(name) > 1:
            yield name, name, "each column once"


# ------------------------------------------------------------------------------------------------
# Cells against the schema
# ------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd\ue000-\uf8ff]")


def _expected_number(cell: str) -> str:
    """Return which form a number has, with this number as the example where it is certain."""
    plain = unicodedata.normalize("NFKC", cell).strip().rstrip("%").replace(" ", "")
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    if re.fullmatch(r"-?[0-9.]{16,}", cell):
        return "a plain number of at most 15 digits"
    return f"a plain number such as {plain if _NUMBER.fullmatch(plain) else '6925.5'}"


#: Texts to explain a pattern by: those that it accepts.
_EXAMPLES = (
    *("2023", "2023-06", "2023-06-28"),
    *("o0123", "two_words", "one;two", "https://example.org/a"),
)

_TYPES: dict[str, tuple[re.Pattern[str] | None, Callable[[str], str]]] = {
    "string": (None, lambda _: ""),
    "number": (_NUMBER, _expected_number),
    "integer": (_INTEGER, lambda _: "a whole number"),
    "year": (_YEAR, lambda _: "a year such as 2027"),
}


def expected_cell(field: Field, cell: str) -> str:
    """Return what was expected in a cell, or an empty text if it is as described."""
    rules = field.constraints
    if not cell:
        wanted = one_of(cell, rules.enum, "one of ") if field.default and rules.enum else "a value"
        return f"{wanted}, not an empty cell" if rules.required else ""
    if _CONTROL.search(cell):
        return "one line of readable text, without control characters"
    form, expected = _TYPES[field.type]
    if form is not None:
        if not form.fullmatch(cell):
            example = f" such as {field.example}" if field.type == "integer" else ""
            return expected(cell) + example
        if float(cell) < rules.minimum and rules.maximum == math.inf:
            return f"at least {rules.minimum:g}"
        if float(cell) > rules.maximum and rules.minimum == -math.inf:
            return f"at most {rules.maximum:g}"
        if not rules.minimum <= float(cell) <= rules.maximum:
            return f"{rules.minimum:g} to {rules.maximum:g}"
    if rules.enum and cell not in rules.enum:
        return one_of(cell, rules.enum, "one of ")
    if rules.pattern is not None and not rules.pattern.fullmatch(cell):
        such = [text for text in _EXAMPLES if rules.pattern.fullmatch(text)]
        if such:
            return f"a form such as {' or '.join(such)}"
        return f"the form {rules.pattern.pattern}"
    return ""


def one_of(cell: str, known: Iterable[str], intro: str) -> str:
    """List what is allowed, and what the cell may be a slip of."""
    known = list(known)
    return intro + shortened(known) + meant(cell, known)


def shortened(names: Iterable[str], most: int = 20) -> str:
    """List names in one line, at most so many of them."""
    names = list(names)
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def structure(
    table: TableSchema,
    raw: Mapping[str, Sequence[Row]],
    schema: Mapping[str, TableSchema],
    folder: str,
) -> Iterator[Problem]:
    """Yield where the rows of a table do not fit the schema."""
    file, rows = f"{folder}/{table.path}", raw[table.name]
    unmatched = [
        problem
        for foreign in table.foreign
        if foreign.table in raw
        for problem in _unmatched(
            foreign, table, rows, schema[foreign.table], raw[foreign.table], folder
        )
    ]
    # What an empty cell stands for may depend on a row or a table that is not there, which is
    # reported as such.
    lost = len(raw) < len(schema)
    open_rows = {problem.row for problem in unmatched}
    for number, cells, complete in rows:
        for field, cell in zip(table.columns, cells, strict=True):
            if not complete or (field.default and not cell and (lost or number in open_rows)):
                continue
            if not cell and _follows_unread(field, raw, schema):
                continue
            if expected := expected_cell(field, cell):
                yield Problem("error", file, number, field.name, cell, expected)
    unique = [(field.name,) for field in table.columns if field.constraints.unique]
    for key in dict.fromkeys([*unique, *([tuple(table.key)] if table.key else [])]):
        yield from _repeated(table, key, rows, file)
    yield from unmatched


def _follows_unread(
    field: Field, raw: Mapping[str, Sequence[Row]], schema: Mapping[str, TableSchema]
) -> bool:
    """Whether an empty cell follows from numbers of another table of which one is damaged."""
    if not isinstance(field.default, Latest):
        return False
    place = list(schema[field.default.of].fields).index(field.default.column)
    return any(not row.cells[place].isdecimal() for row in raw[field.default.of])


#: Texts as Python's own: tables of some hundred rows are cut up again and again, which takes Arrow
#: several times as long.
with pd.option_context("mode.string_storage", "python"):
    TEXT: Any = pd.array([""], dtype="str").dtype


def typed(table: TableSchema, rows: Sequence[Row]) -> pd.DataFrame:
    """Return a table of texts and numbers; its index is the spreadsheet's row."""
    columns = {
        field.name: _column(field, [row.cells[i] for row in rows])
        for i, field in enumerate(table.columns)
    }
    return pd.DataFrame(columns, index=pd.Index([row.number for row in rows], name="row"))


def records(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rows of a table; `to_dict` looks at the type of every cell."""
    names = list(table)  # to iterate over a table takes as long as to make a row
    columns = [table[name].to_numpy(object).tolist() for name in names]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


class Records(Mapping[tuple[str, str], list[dict[Hashable, Any]]]):
    """The rows of a table as dictionaries by two of its columns, in order of their first rows.

    They are made when they are asked for, some keys at a time: a dictionary takes a hundred times
    the memory of a row, and who asks for all of them does not wait for each.

    Parameters
    ----------
    table : DataFrame
        Nobody may change it in place.
    key : tuple of str
        The columns of texts.
    order : sequence of str
        Columns of numbers by which the rows of a key are sorted.
    """

    AT_ONCE = 64  # keys whose rows are made together

    def __init__(self, table: pd.DataFrame, key: tuple[str, str], order: Sequence[str]) -> None:
        codes = table.groupby(list(key), sort=False).ngroup().to_numpy()
        table = table.iloc[
            np.lexsort([*(table[name].to_numpy() for name in reversed(order)), codes])
        ]
        first, second = (table[name].to_numpy(object) for name in key)
        names = zip(first, second, strict=True)
        self._table = table
        self._place = {cells: place for place, cells in enumerate(dict.fromkeys(names))}
        self._stops = [0, *np.cumsum(np.bincount(codes)).tolist()]
        self._made: dict[int, list[list[dict[Hashable, Any]]]] = {}

    def rows(self, first: str, second: str) -> pd.DataFrame:
        """Return the rows with these cells as a table; an empty one where there are none."""
        place = self._place.get((first, second))
        found = slice(0) if place is None else slice(*self._stops[place : place + 2])
        return self._table.iloc[found]

    def __contains__(self, key: object) -> bool:
        return key in self._place

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._place)

    def __getitem__(self, key: tuple[str, str]) -> list[dict[Hashable, Any]]:
        chunk, place = divmod(self._place[key], self.AT_ONCE)
        if chunk not in self._made:
            stops = self._stops[chunk * self.AT_ONCE : (chunk + 1) * self.AT_ONCE + 1]
            made = records(self._table.iloc[stops[0] : stops[-1]])
            self._made[chunk] = [
                made[start - stops[0] : stop - stops[0]] for start, stop in pairwise(stops)
            ]
        return self._made[chunk][place]


def _column(field: Field, cells: list[str]) -> Any:
    form, _ = _TYPES[field.type]
    if form is None:
        return pd.array(cells, dtype=TEXT)
    values = [float(cell) if form.fullmatch(cell) else math.nan for cell in cells]
    whole = field.type != "number" and not any(map(math.isnan, values))
    return pd.array(values, dtype="int64" if whole else "float64")


def _cells_of(table: TableSchema, columns: Sequence[str]) -> Callable[[Row], tuple[str, ...]]:
    """Return a function that takes the cells of these columns from a row."""
    names = list(table.fields)
    places = [names.index(name) for name in columns]
    return lambda row: tuple(row.cells[i] for i in places)


def _repeated(
    table: TableSchema, key: tuple[str, ...], rows: Sequence[Row], file: str
) -> Iterator[Problem]:
    """Yield the rows that repeat a value or a key that has to be unique."""
    first: dict[tuple[str, ...], int] = {}
    cells_of = _cells_of(table, key)
    optional = not all(table.fields[name].constraints.required for name in key)
    for row in rows:
        value = cells_of(row)
        column, shown = ", ".join(key), ", ".join(value)
        if all(value):
            earlier = first.setdefault(value, row.number)
            if earlier != row.number:
                expected = f"a value that no other row has (row {earlier} has it)"
                yield Problem("error", file, row.number, column, shown, expected, "duplicate key")
        elif optional and key == tuple(table.key):
            yield Problem("error", file, row.number, column, "", "a complete key")


def _unmatched(
    key: ForeignKey,
    table: TableSchema,
    rows: Sequence[Row],
    other: TableSchema,
    other_rows: Sequence[Row],
    folder: str,
) -> Iterator[Problem]:
    """Yield the rows whose foreign key is not in the other table."""
    known = set(map(_cells_of(other, key.target), other_rows))
    cells_of = _cells_of(table, key.columns)
    what = " and ".join(key.target)
    for row in rows:
        value = cells_of(row)
        if row.complete and all(value) and value not in known:
            shown = ", ".join(value)
            article = "an" if what[0] in "aeiou" else "a"
            expected = f"{article} {what} of {folder}/{other.path}"
            expected += meant(shown, map(", ".join, known))
            file, column = f"{folder}/{table.path}", ", ".join(key.columns)
            yield Problem("error", file, row.number, column, shown, expected, f"unknown {what}")

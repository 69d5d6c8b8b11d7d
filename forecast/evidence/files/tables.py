"""Tables of files: rows as a spreadsheet counts them, cells checked by the schema."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.evidence.files.encodings import CONTROL, decode
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


class Rows(NamedTuple):
    """The rows of a table by columns: a list for every row takes three times the memory."""

    numbers: list[int]
    columns: list[list[str]]  # in the order of the schema
    incomplete: Set[int] = frozenset()  # numbers of those without as many cells as the header


def delimiter(text: str, names: Iterable[str]) -> str:
    """Return what separates the cells: a spreadsheet in another locale takes semicolons or tabs.

    It is what splits the header into most of the names.
    """
    first, wanted = text[:10_000].splitlines()[:1], set(names)

    def known(separator: str) -> int:
        return len({name.strip('" ') for line in first for name in line.split(separator)} & wanted)

    return max(",;\t", key=known)


def split_rows(text: str, separator: str, file: str) -> Iterator[Row]:
    """Split text into rows and cells; a quotation mark that is not closed is an error."""
    number, known = 0, dict[str, str]()  # a text that is in many cells is held once
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            yield Row(number, [known.setdefault(cell, cell) for cell in cells])
    except csv.Error as error:
        expected = f"matching quotation marks from here on ({error})"
        raise data_error(file, expected, row=number + 1) from None


def read_rows(data: bytes, table: TableSchema, file: str, problems: list[Problem]) -> Rows:
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
    first = next(rows, None)
    if first is None:
        raise data_error(file, "a file that is not empty")
    header = [name.strip() for name in first.cells]
    if found := [Problem("error", file, 1, *place) for place in misnamed(header, names, needed)]:
        deque(rows, maxlen=0)  # a quotation mark that is not closed is said first
        raise DataError(found)
    order = [header.index(name) if name in header else len(header) for name in names]
    numbers, columns, incomplete = list[int](), [list[str]() for _ in names], set[int]()
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            found.append(Problem("error", file, number, "", "", "no blank row"))
            continue
        if len(cells) != len(header):
            expected = f"{len(header)} cells, not {len(cells)}"
            found.append(Problem("error", file, number, "", "", expected))
            incomplete.add(number)
        cells = [*cells[: len(header)], *[""] * (len(header) - len(cells)), ""]
        numbers.append(number)
        for column, i in zip(columns, order, strict=True):
            column.append(cells[i])
    problems += found
    return Rows(numbers, columns, incomplete)


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
_UNREADABLE = re.compile(rf"[{CONTROL}\t\n\r\ufffd\ue000-\uf8ff]")


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
    if _UNREADABLE.search(cell):
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
    table: TableSchema, raw: Mapping[str, Rows], schema: Mapping[str, TableSchema], folder: str
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
    columns = [*zip(table.columns, rows.columns, strict=True)]
    expected = [{c: e for c in set(cells) if (e := expected_cell(f, c))} for f, cells in columns]
    for place, number in enumerate(rows.numbers) if any(expected) else ():
        for (field, cells), wrong in zip(columns, expected, strict=True):
            if (cell := cells[place]) not in wrong or number in rows.incomplete:
                continue
            if not cell and field.default and (lost or number in open_rows):
                continue
            if cell or not _follows_unread(field, raw, schema):
                yield Problem("error", file, number, field.name, cell, wrong[cell])
    unique = [(field.name,) for field in table.columns if field.constraints.unique]
    for key in dict.fromkeys([*unique, *([tuple(table.key)] if table.key else [])]):
        yield from _repeated(table, key, rows, file)
    yield from unmatched


def _follows_unread(
    field: Field, raw: Mapping[str, Rows], schema: Mapping[str, TableSchema]
) -> bool:
    """Whether an empty cell follows from numbers of another table of which one is damaged."""
    if not isinstance(field.default, Latest):
        return False
    place = list(schema[field.default.of].fields).index(field.default.column)
    return not all(map(str.isdecimal, raw[field.default.of].columns[place]))


#: Texts as Python's own: tables of some hundred rows are cut up again and again, which takes Arrow
#: several times as long.
with pd.option_context("mode.string_storage", "python"):
    TEXT: Any = pd.array([""], dtype="str").dtype


def typed(table: TableSchema, rows: Rows) -> pd.DataFrame:
    """Return a table of texts and numbers; its index is the spreadsheet's row."""
    columns = {
        field.name: _column(field, cells)
        for field, cells in zip(table.columns, rows.columns, strict=True)
    }
    return pd.DataFrame(columns, index=pd.Index(rows.numbers, name="row"), copy=False)


def records(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rows of a table; `to_dict` looks at the type of every cell."""
    columns = columns_of(table)  # to iterate over a table takes as long as to make a row
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def columns_of(table: pd.DataFrame) -> dict[Hashable, npt.NDArray[Any]]:
    """Return the cells of a table by columns, as Python's own values; nobody may change them."""
    return {name: table[name].to_numpy(object) for name in table}


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
        names = zip(*(table[name].to_numpy(object) for name in key), strict=True)
        self._table = table  # in another order, it would be held twice
        self._order = np.lexsort([*(table[name].to_numpy() for name in reversed(order)), codes])
        self._place = {cells: place for place, cells in enumerate(dict.fromkeys(names))}
        self._stops = [0, *np.cumsum(np.bincount(codes)).tolist()]
        self._made: dict[int, list[list[dict[Hashable, Any]]]] = {}

    def rows(self, first: str, second: str) -> pd.DataFrame:
        """Return the rows with these cells as a table; an empty one where there are none."""
        place = self._place.get((first, second))
        found = slice(0) if place is None else slice(*self._stops[place : place + 2])
        return self._table.iloc[self._order[found]]

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
            made = records(self._table.iloc[self._order[stops[0] : stops[-1]]])
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


def _keys(table: TableSchema, rows: Rows, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Return the cells of these columns by rows."""
    names = list(table.fields)
    return zip(*(rows.columns[names.index(name)] for name in columns), strict=True)


def _repeated(table: TableSchema, key: tuple[str, ...], rows: Rows, file: str) -> Iterator[Problem]:
    """Yield the rows that repeat a value or a key that has to be unique."""
    if len({*filter(all, _keys(table, rows, key))}) == len(rows.numbers):
        return
    first: dict[tuple[str, ...], int] = {}
    optional = not all(table.fields[name].constraints.required for name in key)
    for number, value in zip(rows.numbers, _keys(table, rows, key), strict=True):
        column, shown = ", ".join(key), ", ".join(value)
        if all(value):
            earlier = first.setdefault(value, number)
            if earlier != number:
                expected = f"a value that no other row has (row {earlier} has it)"
                yield Problem("error", file, number, column, shown, expected, "duplicate key")
        elif optional and key == tuple(table.key):
            yield Problem("error", file, number, column, "", "a complete key")


def _unmatched(
    key: ForeignKey,
    table: TableSchema,
    rows: Rows,
    other: TableSchema,
    other_rows: Rows,
    folder: str,
) -> Iterator[Problem]:
    """Yield the rows whose foreign key is not in the other table."""
    known = {*_keys(other, other_rows, key.target)}
    what = " and ".join(key.target)
    for number, value in zip(rows.numbers, _keys(table, rows, key.columns), strict=True):
        if number not in rows.incomplete and all(value) and value not in known:
            shown = ", ".join(value)
            article = "an" if what[0] in "aeiou" else "a"
            expected = f"{article} {what} of {folder}/{other.path}"
            expected += meant(shown, map(", ".join, known))
            file, column = f"{folder}/{table.path}", ", ".join(key.columns)
            yield Problem("error", file, number, column, shown, expected, f"unknown {what}")

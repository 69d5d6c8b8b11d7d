"""From bytes to tables of texts and numbers, held to `data/datapackage.json`.

Encodings and separators as spreadsheets write them, rows as a spreadsheet counts them, and the
structure: columns, types, constraints, keys. What the figures mean is not asked here.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import math
import numbers
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from forecast.evidence.encodings import Decoded, UndecodableError, decoded
from forecast.evidence.problems import DataError, Problem

# ------------------------------------------------------------------------------------------------
# What the code asks of the schema
# ------------------------------------------------------------------------------------------------

#: The columns that the program reads, table by table. The schema may describe more.
COLUMNS: dict[str, tuple[str, ...]] = {
    "regions": ("region", "name", "name_zh", "kind", "parent"),
    "indicators": (
        *("indicator", "name", "name_zh", "unit", "transform", "kind", "prices", "deflator"),
        *("sum_of", "follows", "description"),
    ),
    "bases": ("indicator", "basis", "sequence", "link", "gdp_basis", "name", "description"),
    "sources": ("source", "title", "publisher", "url", "published", "kind", "note"),
    "observations": (
        *("observation", "region", "indicator", "period", "measure", "bound", "prices", "value"),
        *("unit", "basis", "status", "mark", "source", "published", "note"),
    ),
    "plans": ("plan", "name", "name_zh", "region", "adopted", "horizon", "source", "note"),
    "targets": (
        *("plan", "target", "name", "indicator", "region", "kind", "comparison", "value", "unit"),
        *("year", "start", "tolerance", "items", "reference_region", "wording", "reading"),
        *("source", "note"),
    ),
    "openings": (
        *("opening", "region", "project", "minutes", "earliest", "likely", "latest", "source"),
        *("published", "note"),
    ),
    "judgements": ("plan", "target", "expert", "date", "level", "value", "unit", "reason"),
}
#: Columns that the program reads where they are there: older folders do without.
OPTIONAL: dict[str, tuple[str, ...]] = {
    "indicators": ("part_of", "share_of"),
    "sources": ("copy",),
}
_NUMBERS = {
    ("observations", "value"): ("number",),
    ("targets", "value"): ("number",),
    ("targets", "tolerance"): ("number",),
    ("targets", "year"): ("integer", "year"),
    ("targets", "start"): ("integer", "year"),
    ("openings", "minutes"): ("number", "integer"),
    ("judgements", "level"): ("number",),
    ("judgements", "value"): ("number",),
    ("plans", "horizon"): ("integer", "year"),
    ("bases", "sequence"): ("integer",),
}


# ------------------------------------------------------------------------------------------------
# Bytes to rows
# ------------------------------------------------------------------------------------------------


def read_bytes(root: Path, path: str, folder: str) -> bytes:
    """Return the bytes of a file, or a problem that says why there are none."""
    if not root.is_dir():
        raise _wrong(str(root), "a folder with the file datapackage.json")
    try:
        data = (root / path).read_bytes()
    except FileNotFoundError:
        raise _wrong(f"{folder}/{path}", "the file to be there") from None
    except IsADirectoryError:
        raise _wrong(f"{folder}/{path}", "a file, not a folder") from None
    except (OSError, ValueError) as error:
        raise _wrong(f"{folder}/{path}", f"a readable file ({error})") from None
    if not data.strip():
        raise _wrong(f"{folder}/{path}", "a file that is not empty")
    return data


def _wrong(
    file: str, expected: str, row: int | None = None, column: str = "", value: str = ""
) -> DataError:
    return DataError([Problem("error", file, row, column, value, expected)])


def decode(data: bytes, file: str) -> str:
    """Decode UTF-8, with or without a byte-order mark, or GB18030 as Excel in China writes.

    Tables are written again by the program, so they are not kept in other encodings.
    """
    text, encoding = text_of(data, file, usual="GB18030")
    if encoding == "UTF-16":
        raise _wrong(file, "text in UTF-8, not in UTF-16: save it as 'CSV UTF-8'")
    if encoding not in ("UTF-8", "GB18030"):
        row, cell = first_foreign(text)
        expected = f"text in UTF-8 (or GB18030), not in {encoding}: save it as 'CSV UTF-8'"
        raise _wrong(file, expected, row, value=cell)
    return text


def text_of(data: bytes, file: str, usual: str = "") -> Decoded:
    """Decode a text file, or say which row cannot be decoded and what was tried."""
    if data.startswith(b"PK\x03\x04"):
        raise _wrong(file, "text, not an Excel workbook: save it as 'CSV UTF-8'")
    try:
        found = decoded(data, usual)
    except UndecodableError as error:
        row = 1 + data[: error.position].count(b"\n")
        tried = "; ".join(
            f"{name} reads {text!r}" if text else f"not {name}" for name, text in error.readings
        )
        expected = f"text in UTF-8 (or GB18030): save it as 'CSV UTF-8' ({tried})"
        raise _wrong(file, expected, row) from None
    if "\0" in found.text:
        row = 1 + found.text[: found.text.index("\0")].count("\n")
        raise _wrong(file, "text without NUL bytes", row)
    return found


def first_foreign(text: str) -> tuple[int, str]:
    """Return the row and the cell of the first character beyond ASCII."""
    for row, line in enumerate(text.splitlines(), start=1):
        if not line.isascii():
            return row, next(c for c in re.split(r"[,;\t]", line) if not c.isascii()).strip('" ')
    return 1, ""


class Record(NamedTuple):
    """One row of a file: its number, and its cells in the order of the schema."""

    row: int
    cells: list[str]
    whole: bool  # whether it has as many cells as the header


def delimiter(text: str, names: Iterable[str]) -> str:
    """Return what separates the cells: a spreadsheet in another locale takes semicolons or tabs."""
    first, wanted = text[:10_000].splitlines()[:1], set(names)
    for other in ";\t":
        if {name.strip('" ') for line in first for name in line.split(other)} == wanted:
            return other
    return ","


def read_records(data: bytes, table: Table, file: str, problems: list[Problem]) -> list[Record]:
    """Return the records of a file; a wrong header is raised, wrong rows are reported."""
    text = decode(data, file)
    names = list(table.fields)
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter(text, names), strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        records.extend(enumerate(reader, start=1))
    except csv.Error as error:
        row = len(records) + 1
        raise _wrong(
            file, f"a table with matching quotation marks (from here on: {error})", row
        ) from None
    if not records:
        raise _wrong(file, "a file that is not empty")
    header = [name.strip() for name in records[0][1]]
    if header != names:
        found = [
            *(
                Problem("error", file, 1, name, "", "this column to be there")
                for name in names
                if name not in header
            ),
            *(
                Problem("error", file, 1, name, name, one_of(name, names, "only the columns "))
                for name in dict.fromkeys(header)
                if name not in names
            ),
            *(
                Problem("error", file, 1, name, name, "each column once")
                for name in names
                if header.count(name) > 1
            ),
        ]
        if found:
            raise DataError(found)
    place = [header.index(name) for name in names]
    rows = []
    for number, record in records[1:]:
        if not any(cell.strip() for cell in record):
            problems.append(Problem("error", file, number, "", "", "no blank row"))
        elif len(record) != len(names):
            expected = f"{len(names)} cells, not {len(record)}"
            problems.append(Problem("error", file, number, "", "", expected))
            # Its key counts, or every row that points at it would look wrong.
            padded = [*record, *[""] * len(names)]
            rows.append(Record(number, [padded[i] for i in place], whole=False))
        else:
            rows.append(Record(number, [record[i] for i in place], whole=True))
    return rows


# ------------------------------------------------------------------------------------------------
# The schema
# ------------------------------------------------------------------------------------------------
#
# The rules are few, so they are applied here. The frictionless library takes NaN and infinity for
# numbers, reads over NUL bytes and quotation marks that are never closed, names no column for a
# repeated key, and needs a second to import. The tests hold this reader against it.


class Field(NamedTuple):
    """One column as `datapackage.json` describes it."""

    name: str
    type: str
    required: bool
    unique: bool
    enum: tuple[str, ...]
    pattern: re.Pattern[str] | None
    minimum: float
    maximum: float
    description: str


class ForeignKey(NamedTuple):
    """Columns whose values stand in the columns `target` of the table `table`."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


class Table(NamedTuple):
    """One table as `datapackage.json` describes it."""

    name: str
    path: str
    fields: dict[str, Field]
    key: tuple[str, ...]
    foreign: tuple[ForeignKey, ...]


def read_schema(data: bytes, file: str) -> dict[str, Table]:
    """Read the tables that `datapackage.json` describes, and make sure the code can use them."""
    try:
        package = json.loads(decode(data, file))
    except json.JSONDecodeError as error:
        raise _wrong(file, f"valid JSON ({error.msg})", error.lineno) from None
    except RecursionError:
        raise _wrong(file, "valid JSON (nested too deeply)") from None
    try:
        tables = [
            _table(resource)
            for resource in _take(package, "resources", list, "the package")
            if not isinstance(resource, dict) or "schema" in resource
        ]
        schema = {table.name: table for table in tables}
        if len(schema) != len(tables):
            raise ValueError("resources with different names")
        for name, required in COLUMNS.items():
            if name not in schema:
                raise ValueError(f"a resource named {name} with a schema")
            for column in required:
                types = _NUMBERS.get((name, column), ("string",))
                field = schema[name].fields.get(column)
                if field is None or field.type not in types:
                    raise ValueError(
                        f"the table {name} to have a field {column} of type {' or '.join(types)}"
                    )
        for table in tables:
            for columns, name, target in table.foreign:
                other = schema.get(name)
                if other is None or not set(target) <= set(other.fields):
                    raise ValueError(
                        f"the foreign key {', '.join(columns)} of {table.name} "
                        "to point at columns that are described"
                    )
    except (ValueError, OverflowError) as error:
        raise _wrong(file, str(error)) from None
    return schema


def _take(mapping: Any, key: str, kind: type[Any], where: str, default: Any = None) -> Any:
    """Return `mapping[key]` or the default, if it is of this kind."""
    value = mapping.get(key, default) if isinstance(mapping, dict) else None
    if not isinstance(value, kind):
        names = {"list": "a list", "dict": "an object", "str": "a text", "bool": "true or false"}
        raise ValueError(f"{where} to have {key!r}: {names.get(kind.__name__, 'a number')}")
    return value


def _names(value: Any, where: str) -> tuple[str, ...]:
    """Return texts; the standard lets the name of one column stand without a list."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{where} to be a list of texts")
    return tuple(names)


def _table(resource: Any) -> Table:
    name = _take(resource, "name", str, "each resource")
    path = _take(resource, "path", str, f"resource {name}")
    schema = _take(resource, "schema", dict, f"resource {name}")
    fields = [_field(item, name) for item in _take(schema, "fields", list, f"schema of {name}")]
    by_name = {field.name: field for field in fields}
    key = _names(schema.get("primaryKey", []), f"the primary key of {name}")
    if schema.get("missingValues", [""]) != [""]:
        raise ValueError(f"the schema of {name} to have no missing value but an empty cell")
    foreign = []
    for item in _take(schema, "foreignKeys", list, f"schema of {name}", []):
        where = f"a foreign key of {name}"
        reference = _take(item, "reference", dict, where)
        columns = _names(item.get("fields"), where)
        target = _names(reference.get("fields"), where)
        if len(columns) != len(target):
            raise ValueError(f"{where} to have as many columns on both sides")
        other = _take(reference, "resource", str, where, "")
        foreign.append(ForeignKey(columns, other or name, target))
    if len(by_name) != len(fields):
        raise ValueError(f"the fields of {name} to have different names")
    for column in (*key, *(column for foreign_key in foreign for column in foreign_key.columns)):
        if column not in by_name:
            raise ValueError(f"the keys of {name} to name fields, not {column!r}")
    return Table(name, path, by_name, key, tuple(foreign))


def _field(item: Any, table: str) -> Field:
    name = _take(item, "name", str, f"each field of {table}")
    where = f"field {name} of {table}"
    kind = _take(item, "type", str, where, "string")
    rules = _take(item, "constraints", dict, where, {})
    # A rule that this reader does not know must not be skipped in silence.
    known = {"required", "unique", "enum", "pattern", "minimum", "maximum"}
    if kind not in _TYPES:
        raise ValueError(f"{where} to have one of the types {', '.join(_TYPES)}")
    if not set(rules) <= known:
        raise ValueError(f"{where} to have no constraints but {', '.join(sorted(known))}")
    if item.get("format", "default") != "default":
        raise ValueError(f"{where} to have no format but a constraint pattern")
    try:
        pattern = re.compile(_take(rules, "pattern", str, where, ""))
    except re.error as error:
        raise ValueError(f"the pattern of {where} to be a regular expression ({error})") from None
    return Field(
        name=name,
        type=kind,
        required=_take(rules, "required", bool, where, False),
        unique=_take(rules, "unique", bool, where, False),
        enum=_names(_take(rules, "enum", list, where, []), f"the enum of {where}"),
        pattern=pattern if "pattern" in rules else None,
        minimum=float(_take(rules, "minimum", numbers.Real, where, -math.inf)),
        maximum=float(_take(rules, "maximum", numbers.Real, where, math.inf)),
        description=_take(item, "description", str, where, ""),
    )


# ------------------------------------------------------------------------------------------------
# Cells against the schema
# ------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd\ue000-\uf8ff]")


def _number_wanted(cell: str) -> str:
    """Say which form a number has, by this number's example where its meaning is beyond doubt."""
    plain = unicodedata.normalize("NFKC", cell).strip().rstrip("%").replace(" ", "")
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    if re.fullmatch(r"-?[0-9.]{16,}", cell):
        return "a plain number of at most 15 digits"
    return f"a plain number such as {plain if _NUMBER.fullmatch(plain) else '6925.5'}"


# Texts to explain a pattern by: those that it accepts.
_EXAMPLES = (
    "2023",
    "2023-06",
    "2023-06-28",
    "o0123",
    "two_words",
    "one;two",
    "https://example.org/a",
)

_TYPES: dict[str, tuple[re.Pattern[str] | None, Callable[[str], str]]] = {
    "string": (None, lambda _: ""),
    "number": (_NUMBER, _number_wanted),
    "integer": (_INTEGER, lambda _: "a whole number such as 2027"),
    "year": (_YEAR, lambda _: "a year such as 2027"),
}


def cell_wanted(field: Field, cell: str) -> str:
    """Return what was expected in this cell, or nothing if it is as described."""
    if not cell:
        return "a value, not an empty cell" if field.required else ""
    if _CONTROL.search(cell):
        return "one line of readable text, without control characters"
    form, wanted = _TYPES[field.type]
    if form is not None:
        if not form.fullmatch(cell):
            return wanted(cell)
        if not field.minimum <= float(cell) <= field.maximum:
            low, high = f"{field.minimum:g}", f"{field.maximum:g}"
            if field.maximum == math.inf:
                return f"at least {low}"
            return f"at most {high}" if field.minimum == -math.inf else f"{low} to {high}"
    if field.enum and cell not in field.enum:
        return one_of(cell, field.enum, "one of ")
    if field.pattern is not None and not field.pattern.fullmatch(cell):
        such = [text for text in _EXAMPLES if field.pattern.fullmatch(text)]
        return (
            f"a form such as {' or '.join(such)}" if such else f"the form {field.pattern.pattern}"
        )
    return ""


def one_of(cell: str, known: Iterable[str], intro: str) -> str:
    """Name what is allowed, and the likeliest one first if the cell looks like a slip of it."""
    known = list(known)
    near = difflib.get_close_matches(cell.strip(), known, n=1)
    return intro + shortened(known) + (f" (meant {near[0]!r}?)" if near else "")


def shortened(names: Iterable[str], most: int = 20) -> str:
    """List names in one line, at most so many of them."""
    names = list(names)
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def structure(
    table: Table, raw: Mapping[str, Sequence[Record]], schema: Mapping[str, Table], folder: str
) -> Iterator[Problem]:
    """Yield where the records of a table do not fit the schema."""
    file, records = f"{folder}/{table.path}", raw[table.name]
    for row, cells, whole in records:
        for field, cell in zip(table.fields.values(), cells, strict=True):
            if whole and (expected := cell_wanted(field, cell)):
                yield Problem("error", file, row, field.name, cell, expected)
    yield from _repeated(table, records, file)
    for key in table.foreign:
        if key.table in raw:
            yield from _unmatched(key, table, records, schema[key.table], raw[key.table], folder)


def typed(table: Table, records: Sequence[Record]) -> pd.DataFrame:
    """Return a table of texts and numbers; its index is the spreadsheet's row."""
    columns = {
        field.name: _column(field, [record.cells[i] for record in records])
        for i, field in enumerate(table.fields.values())
    }
    return pd.DataFrame(columns, index=pd.Index([record.row for record in records], name="row"))


def _column(field: Field, cells: list[str]) -> Any:
    form, _ = _TYPES[field.type]
    if form is None:
        return pd.array(cells, dtype="str")
    values = [float(cell) if form.fullmatch(cell) else math.nan for cell in cells]
    whole = field.type != "number" and not any(map(math.isnan, values))
    return pd.array(values, dtype="int64" if whole else "float64")


def _repeated(table: Table, records: Sequence[Record], file: str) -> Iterator[Problem]:
    """Yield the rows that repeat a value or a key that has to be unique."""
    names = list(table.fields)
    keys = [(field.name,) for field in table.fields.values() if field.unique]
    for key in dict.fromkeys([*keys, *([table.key] if table.key else [])]):
        place = [names.index(name) for name in key]
        first: dict[tuple[str, ...], int] = {}
        for number, cells, _ in records:
            value = tuple(cells[i] for i in place)
            if all(value):
                earlier = first.setdefault(value, number)
                if earlier != number:
                    expected = f"a value that no other row has (row {earlier} has it)"
                    name, shown = ", ".join(key), ", ".join(value)
                    yield Problem("error", file, number, name, shown, expected)
            elif table.key == key and not all(table.fields[name].required for name in key):
                yield Problem("error", file, number, ", ".join(key), "", "a complete key")


def _unmatched(
    key: ForeignKey,
    table: Table,
    records: Sequence[Record],
    other: Table,
    other_records: Sequence[Record],
    folder: str,
) -> Iterator[Problem]:
    """Yield the rows that point at something that is not there."""
    names, other_names = list(table.fields), list(other.fields)
    place = [names.index(name) for name in key.columns]
    target = [other_names.index(name) for name in key.target]
    known = {tuple(record.cells[i] for i in target) for record in other_records}
    for row, cells, whole in records:
        value = tuple(cells[i] for i in place)
        if whole and all(value) and value not in known:
            shown = ", ".join(value)
            near = difflib.get_close_matches(shown, [", ".join(k) for k in known], n=1)
            article = "an" if key.target[0][0] in "aeiou" else "a"
            expected = f"{article} {' and '.join(key.target)} of {folder}/{other.path}"
            expected += f" (meant {near[0]!r}?)" if near else ""
            file, column = f"{folder}/{table.path}", ", ".join(key.columns)
            yield Problem("error", file, row, column, shown, expected)

"""The description of the tables in `datapackage.json`, and what the code requires of it.

The rules are few, so :mod:`forecast.evidence.files.tables` applies them. The frictionless library
takes NaN and infinity for numbers, reads over NUL bytes and quotation marks that are never closed,
names no column for a repeated key, and needs a second to import; jsonschema needs two. The tests
compare the two readers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    model_validator,
)
from pydantic import Field as Described

from forecast.evidence.files.encodings import decode
from forecast.evidence.problems import data_error
from forecast.resources import SCHEMA

#: Columns that a folder may lack: older ones do.
OPTIONAL: dict[str, tuple[str, ...]] = {
    "indicators": ("part_of", "share_of", "description_zh"),
    "bases": ("name_zh",),
    "sources": ("copy",),
    "targets": ("name_zh", "wording_zh", "reading_zh", "note_zh"),
}
#: Names of columns; the standard lets one name stand without a list.
Names = Annotated[
    list[str], BeforeValidator(lambda names: [names] if isinstance(names, str) else names)
]


class _Description(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class Constraints(_Description, extra="forbid"):
    """What the cells of a column have to meet; an unknown constraint is refused, not skipped."""

    required: bool = False
    unique: bool = False
    enum: list[str] = []
    pattern: re.Pattern[str] | None = None
    minimum: float = -math.inf
    maximum: float = math.inf


class Field(_Description):
    """One column of a table."""

    name: str
    type: Literal["string", "number", "integer", "year"] = "string"
    format: Literal["default"] = "default"
    description: str = ""
    constraints: Constraints = Constraints()


class ForeignKey(_Description, frozen=False):
    """Columns whose values stand in the columns `target` of the table `table`."""

    columns: Names = Described(alias="fields")
    table: str = Described(validation_alias=AliasPath("reference", "resource"))
    target: Names = Described(validation_alias=AliasPath("reference", "fields"))


class TableSchema(_Description):
    """One table: its file, its columns and its keys."""

    name: str
    path: str
    columns: list[Field] = Described(validation_alias=AliasPath("schema", "fields"))
    key: Names = Described([], validation_alias=AliasPath("schema", "primaryKey"))
    foreign: list[ForeignKey] = Described([], validation_alias=AliasPath("schema", "foreignKeys"))
    missing: list[Literal[""]] = Described(
        [], validation_alias=AliasPath("schema", "missingValues")
    )

    @model_validator(mode="after")
    def _name_own_table(self) -> Self:
        """Name the table of foreign keys into itself, which the standard leaves empty."""
        for key in self.foreign:
            key.table = key.table or self.name
        return self

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The columns by name."""
        return {field.name: field for field in self.columns}


class _Package(_Description):
    resources: list[TableSchema]


def read_schema(data: bytes, file: str) -> dict[str, TableSchema]:
    """Read the tables that `datapackage.json` describes, and make sure that the code can use them.

    Parameters
    ----------
    data : bytes
        Content of `datapackage.json`.
    file : str
        Its name, for messages.

    Returns
    -------
    dict of TableSchema
        By name, in the order of the file.

    Raises
    ------
    DataError
        If it is no JSON, describes no tables, or lacks a column that the code reads.
    """
    try:
        package = json.loads(decode(data, file))
    except json.JSONDecodeError as error:
        raise data_error(file, f"valid JSON ({error.msg})", row=error.lineno) from None
    except RecursionError:
        raise data_error(file, "valid JSON (nested too deeply)") from None
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list):
        raise data_error(file, "an object with a list 'resources'")
    # Other resources than tables are allowed, and not read.
    package = {"resources": [r for r in resources if not isinstance(r, dict) or "schema" in r]}
    try:
        tables = _Package.model_validate(package).resources
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(package, first["loc"])
        raise data_error(file, f"another description of {place} ({first['msg']})") from None
    schema = {table.name: table for table in tables}
    if len(schema) != len(tables):
        raise data_error(file, "resources with different names")
    for expected in (
        *_lacking(schema),
        *(e for table in tables for e in _wrong_keys(table, schema)),
    ):
        raise data_error(file, expected)
    return schema


def _place(package: Any, location: Sequence[str | int]) -> str:
    """Write a place in the description with the names of resources and fields."""
    names = []
    for step in location:
        try:
            package = package[step]
        except (LookupError, TypeError):  # what is missing
            package = None
        names.append(str(package.get("name", step) if isinstance(package, dict) else step))
    return " / ".join(names)


def _lacking(schema: Mapping[str, TableSchema]) -> Iterator[str]:
    """Yield what the code needs and the description does not have."""
    for name, fields in _REQUIRED.items():
        if name not in schema:
            yield f"a resource named {name} with a schema"
            continue
        for column, wanted in fields.items():
            field = schema[name].fields.get(column)
            if field is None or field.type != wanted.type:
                yield f"the table {name} to have a field {column} of type {wanted.type}"


def _wrong_keys(table: TableSchema, schema: Mapping[str, TableSchema]) -> Iterator[str]:
    """Yield what is wrong with the keys of a table."""
    if len(table.fields) != len(table.columns):
        yield f"the fields of {table.name} to have different names"
    for column in (*table.key, *(name for key in table.foreign for name in key.columns)):
        if column not in table.fields:
            yield f"the keys of {table.name} to name fields, not {column!r}"
    for key in table.foreign:
        known = schema[key.table].fields if key.table in schema else {}
        if len(key.columns) != len(key.target) or not set(key.target) <= set(known):
            yield (
                f"the foreign key {', '.join(key.columns)} of {table.name} to point at as many "
                "columns of a table that is described"
            )


def _required() -> dict[str, dict[str, Field]]:
    """Return the columns of the schema that belongs to the code, but for optional ones."""
    package = _Package.model_validate_json(SCHEMA.read_bytes())
    return {
        table.name: {
            name: field
            for name, field in table.fields.items()
            if name not in OPTIONAL.get(table.name, ())
        }
        for table in package.resources
    }


_REQUIRED = _required()
#: The columns that every folder has, table by table.
COLUMNS = {name: tuple(fields) for name, fields in _REQUIRED.items()}

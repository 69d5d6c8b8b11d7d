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


class Copy(_Description, extra="forbid"):
    """The cell `column` of the row that the key in the column `of` names."""

    column: str = Described(alias="copy")
    of: str


class Choice(_Description, extra="forbid"):
    """What goes with a cell of the row, or of the row that the key in the column `of` names.

    Of a unit it is what the unit measures: see :func:`forecast.evidence.units.measured`.
    """

    column: str = Described(alias="by")
    of: str = ""
    cases: dict[str, Default]
    otherwise: Default = ""


class Latest(_Description, extra="forbid"):
    """The largest number in the column `latest` of the rows of table `of` with the row's key."""

    column: str = Described(alias="latest")
    of: str


class Identifier(_Description, extra="forbid"):
    """An identifier made of the cells of these columns: the same cells give the same one."""

    columns: list[str] = Described(alias="identifier")


#: What an empty cell stands for: a text, or how it follows from other cells.
Default = str | Copy | Choice | Latest | Identifier


class Field(_Description):
    """One column of a table.

    A required cell with a default may be empty, and its column missing, where the default says
    what it stands for.
    """

    name: str
    type: Literal["string", "number", "integer", "year"] = "string"
    format: Literal["default"] = "default"
    description: str = ""
    example: str = ""
    default: Default = Described("", alias="x-default")
    constraints: Constraints = Constraints()

    @property
    def needed(self) -> bool:
        """Whether a table without this column cannot be read."""
        return self.constraints.required and not self.default


class ForeignKey(_Description, frozen=False):
    """Columns whose values stand in the columns `target` of the table `table`."""

    columns: Names = Described(alias="fields")
    table: str = Described(validation_alias=AliasPath("reference", "resource"))
    target: Names = Described(validation_alias=AliasPath("reference", "fields"))


class TableSchema(_Description):
    """One table: its file, its columns and its keys."""

    name: str
    path: str
    description: str = ""
    columns: list[Field] = Described(validation_alias=AliasPath("schema", "fields"))
    optional: bool = Described(False, alias="x-optional")
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

    def beside(self, other: TableSchema) -> TableSchema:
        """Return the table with the columns of another description that this one lacks."""
        more = [field for name, field in other.fields.items() if name not in self.fields]
        return self.model_copy(update={"columns": [*self.columns, *more]}) if more else self

    def key_of(self, column: str) -> ForeignKey:
        """Return the foreign key that a column is part of."""
        return next(key for key in self.foreign if column in key.columns)

    def key_to(self, table: str) -> ForeignKey:
        """Return the foreign key that names rows of a table."""
        return next(key for key in self.foreign if key.table == table)

    @property
    def fields(self) -> dict[str, Field]:
        """The columns by name."""
        return {field.name: field for field in self.columns}


class _Package(_Description):
    resources: list[TableSchema]


def read_schema(data: bytes, file: str) -> dict[str, TableSchema]:
    """Read the tables that `datapackage.json` describes, and make sure that the code can use them.

    By name, in the order of the file. A table or a column that it does not describe is as in the
    description that belongs to the code.

    Raises
    ------
    DataError
        If it is no JSON, describes no tables, or gives a column that the code reads another type.
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
    own = {name: schema[name].beside(table) for name, table in SHIPPED.items() if name in schema}
    whole = SHIPPED | schema | own
    for expected in (
        *_other_types(schema),
        *(e for table in tables for e in _wrong_keys(table, whole)),
        *(e for table in tables for e in _wrong_defaults(table, whole)),
    ):
        raise data_error(file, expected)
    return whole


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


def _other_types(schema: Mapping[str, TableSchema]) -> Iterator[str]:
    """Yield the columns that the code reads and the description gives another type."""
    for name in schema.keys() & SHIPPED.keys():
        for column, wanted in SHIPPED[name].fields.items():
            field = schema[name].fields.get(column, wanted)
            if field.type != wanted.type:
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


def _wrong_defaults(table: TableSchema, schema: Mapping[str, TableSchema]) -> Iterator[str]:
    """Yield the defaults that name columns, keys or tables that are not there."""

    def sound(default: Default) -> bool:
        match default:
            case Copy() | Choice():
                here = table
                if default.of:
                    keys = [key for key in table.foreign if default.of in key.columns]
                    if not keys:
                        return False
                    here = schema[keys[0].table]
                inner = [] if isinstance(default, Copy) else [*default.cases.values()]
                inner += [] if isinstance(default, Copy) else [default.otherwise]
                return default.column in here.fields and all(map(sound, inner))
            case Latest():
                other = schema.get(default.of)
                keys = [key for key in other.foreign if key.table == table.name] if other else []
                return bool(other and keys and default.column in other.fields)
            case Identifier():
                return set(default.columns) <= set(table.fields)
        return True

    for field in table.columns:
        if not sound(field.default):
            yield f"the default of {field.name} in {table.name} to name columns and keys"


#: The tables that the code reads, in their order.
SHIPPED = {
    table.name: table for table in _Package.model_validate_json(SCHEMA.read_bytes()).resources
}
#: Their columns.
COLUMNS = {name: tuple(table.fields) for name, table in SHIPPED.items()}

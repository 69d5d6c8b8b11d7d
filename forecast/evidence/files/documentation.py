"""What every column means, as text: read by people, written from the schema alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forecast.evidence.files.schema import (
    Choice,
    Copy,
    Default,
    Field,
    Identifier,
    Latest,
    TableSchema,
)

HEAD = """\
# Columns of the tables

Written by `forecast columns` from `datapackage.json`; change it there. A column that is not
required may be empty or missing.
"""


def documentation(schema: Mapping[str, TableSchema], table: str = "") -> str:
    """Return the columns of all tables, or of one, as Markdown."""
    chosen = [schema[table]] if table else list(schema.values())
    return "\n\n".join(
        [*([] if table else [HEAD.strip()]), *("\n".join(_table(t)) for t in chosen)]
    )


def _table(table: TableSchema) -> Iterator[str]:
    yield f"## {table.path}\n"
    missing = " The file may be missing." if table.optional else ""
    yield f"{table.description}{missing} Key: {_names(table.key)}.\n"
    for field in sorted(table.columns, key=lambda field: not field.needed):
        yield f"- {_column(field)}"


def _column(field: Field) -> str:
    enum = [value for value in field.constraints.enum if value not in field.description]
    parts = (
        f"`{field.name}` (required):" if field.needed else f"`{field.name}`:",
        field.description,
        f"One of {', '.join(enum)}." if enum and field.constraints.enum != ["yes"] else "",
        f"If empty: {told(field.default)}." if field.default else "",
        f"Example: `{field.example}`",
    )
    return " ".join(part for part in parts if part)


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def told(default: Default) -> str:
    """Return what an empty cell stands for, in words."""
    match default:
        case Copy():
            return f"`{default.column}` of the {default.of}"
        case Choice():
            cases: dict[str, list[str]] = {}
            for known, chosen in default.cases.items():
                text = told(chosen)
                text = f"({text})" if isinstance(chosen, Choice) else text
                cases.setdefault(text, []).append(f"`{known}`")
            listed = [f"{chosen} for {', '.join(known)}" for chosen, known in cases.items()]
            other = [f"else {told(default.otherwise)}"] if default.otherwise else []
            of = f" of the {default.of}" if default.of else ""
            return f"by `{default.column}`{of}: {', '.join([*listed, *other])}"
        case Latest():
            return f"the latest `{default.column}` of its {default.of}"
        case Identifier():
            return f"made from {_names(default.columns)}"
    return f"`{default}`"

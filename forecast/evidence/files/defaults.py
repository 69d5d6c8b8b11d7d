"""What an empty cell stands for, by the column's default in `datapackage.json`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache

from forecast.evidence.files.schema import (
    Choice,
    Copy,
    Default,
    Identifier,
    Latest,
    TableSchema,
)
from forecast.evidence.files.tables import Row
from forecast.evidence.units import measured

Cells = dict[str, str]

#: What an identifier begins with that stands for an empty cell.
MADE = "x"


def filled(
    raw: Mapping[str, Sequence[Row]], schema: Mapping[str, TableSchema]
) -> dict[str, list[Row]]:
    """Return the rows of all tables with their empty cells filled by the defaults.

    A cell without a default, or with one that depends on a row that is not there, stays empty.
    """
    tables = {
        name: [dict(zip(schema[name].fields, row.cells, strict=True)) for row in rows]
        for name, rows in raw.items()
    }
    filling = _Filling(tables, schema)
    for name, records in tables.items():
        columns = [field.name for field in schema[name].columns if field.default]
        for cells in records:
            for column in columns:
                filling.cell(name, cells, column)
    return {
        name: [
            row._replace(cells=list(cells.values()))
            for row, cells in zip(rows, tables[name], strict=True)
        ]
        for name, rows in raw.items()
    }


class _Filling:
    """The tables while their cells are filled; a cell is filled when it is first asked for."""

    def __init__(
        self, tables: Mapping[str, Sequence[Cells]], schema: Mapping[str, TableSchema]
    ) -> None:
        self.tables, self.schema = tables, schema
        self.defaults = {
            (table.name, field.name): field.default
            for table in schema.values()
            for field in table.columns
        }
        self.pending: set[tuple[int, str]] = set()  # a default that depends on itself gives nothing
        self.taken = {
            (name, column): {cells[column] for cells in records}
            for name, records in tables.items()
            for column in schema[name].fields
            if isinstance(self.defaults[name, column], Identifier)
        }
        self.by_key = cache(self._by_key)

    def cell(self, table: str, cells: Cells, column: str) -> str:
        """Return a cell, filled if it was empty."""
        default, place = self.defaults[table, column], (id(cells), column)
        if not cells[column] and default and place not in self.pending:
            self.pending.add(place)
            cells[column] = self._value(table, cells, column, default)
            self.pending.remove(place)
        return cells[column]

    def _value(self, table: str, cells: Cells, column: str, default: Default) -> str:
        match default:
            case Copy():
                return self._other(table, cells, default.of, default.column)
            case Choice():
                known = self._other(table, cells, default.of, default.column)
                chosen = default.cases.get(known)
                if chosen is None and default.column == "unit":
                    chosen = default.cases.get(measured(known))
                if chosen is None:
                    chosen = default.otherwise if known else ""
                return self._value(table, cells, column, chosen)
            case Latest():
                return self._latest(table, cells, default)
            case Identifier():
                parts = [self.cell(table, cells, name) for name in default.columns]
                return self._identifier(parts, self.taken[table, column])
        return default

    def _other(self, table: str, cells: Cells, of: str, column: str) -> str:
        """Return a cell of this row, or of the row that the key in column `of` names."""
        if not of:
            return self.cell(table, cells, column)
        key = self.schema[table].key_of(of)
        named = tuple(self.cell(table, cells, name) for name in key.columns)
        other = self.by_key(key.table, tuple(key.target)).get(named)
        return self.cell(key.table, other, column) if other else ""

    def _by_key(self, table: str, columns: tuple[str, ...]) -> dict[tuple[str, ...], Cells]:
        records = reversed(self.tables.get(table, ()))  # of two rows with one key the first counts
        return {tuple(cells[name] for name in columns): cells for cells in records}

    def _latest(self, table: str, cells: Cells, default: Latest) -> str:
        key = self.schema[default.of].key_to(table)
        mine = [cells[name] for name in key.target]
        found = [
            self.cell(default.of, other, default.column)
            for other in self.tables.get(default.of, ())
            if [other[name] for name in key.columns] == mine
        ]
        return max((text for text in found if text.isdecimal()), key=int, default="")

    @staticmethod
    def _identifier(parts: Sequence[str], taken: set[str]) -> str:
        first = MADE + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:8]
        found, number = first, 1
        while found in taken:
            number += 1
            found = f"{first}_{number}"
        taken.add(found)
        return found

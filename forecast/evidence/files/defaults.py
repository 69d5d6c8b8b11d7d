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
from forecast.evidence.files.tables import Rows
from forecast.evidence.units import measured

Columns = dict[str, list[str]]

#: What an identifier begins with that stands for an empty cell.
MADE = "x"


def filled(raw: Mapping[str, Rows], schema: Mapping[str, TableSchema]) -> dict[str, Rows]:
    """Return the rows of all tables with their empty cells filled by the defaults.

    A cell without a default, or with one that depends on a row that is not there, stays empty.
    """
    tables: dict[str, Columns] = {}
    for name, rows in raw.items():
        columns = zip(schema[name].columns, rows.columns, strict=True)
        tables[name] = {f.name: [*cells] if f.default else cells for f, cells in columns}
    filling = _Filling(tables, schema)
    for name, rows in raw.items():
        names = [field.name for field in schema[name].columns if field.default]
        for place in range(len(rows.numbers)):
            for column in names:
                filling.cell(name, place, column)
    return {name: rows._replace(columns=[*tables[name].values()]) for name, rows in raw.items()}


class _Filling:
    """The tables while their cells are filled; a cell is filled when it is first asked for."""

    def __init__(self, tables: Mapping[str, Columns], schema: Mapping[str, TableSchema]) -> None:
        self.tables, self.schema = tables, schema
        self.defaults = {
            (table.name, field.name): field.default
            for table in schema.values()
            for field in table.columns
        }
        # A default that depends on itself gives nothing.
        self.pending: set[tuple[str, int, str]] = set()
        self.taken = {
            (name, column): set(columns[column])
            for name, columns in tables.items()
            for column in schema[name].fields
            if isinstance(self.defaults[name, column], Identifier)
        }
        self.by_key = cache(self._by_key)

    def cell(self, table: str, place: int, column: str) -> str:
        """Return a cell, filled if it was empty."""
        cells, default = self.tables[table][column], self.defaults[table, column]
        one = table, place, column
        if not cells[place] and default and one not in self.pending:
            self.pending.add(one)
            cells[place] = self._value(table, place, column, default)
            self.pending.remove(one)
        return cells[place]

    def _value(self, table: str, place: int, column: str, default: Default) -> str:
        match default:
            case Copy():
                return self._other(table, place, default.of, default.column)
            case Choice():
                known = self._other(table, place, default.of, default.column)
                chosen = default.cases.get(known)
                if chosen is None and default.column == "unit":
                    chosen = default.cases.get(measured(known))
                if chosen is None:
                    chosen = default.otherwise if known else ""
                return self._value(table, place, column, chosen)
            case Latest():
                return self._latest(table, place, default)
            case Identifier():
                parts = [self.cell(table, place, name) for name in default.columns]
                return self._identifier(parts, self.taken[table, column])
        return default

    def _other(self, table: str, place: int, of: str, column: str) -> str:
        """Return a cell of this row, or of the row that the key in column `of` names."""
        if not of:
            return self.cell(table, place, column)
        key = self.schema[table].key_of(of)
        named = tuple(self.cell(table, place, name) for name in key.columns)
        other = self.by_key(key.table, tuple(key.target)).get(named)
        return "" if other is None else self.cell(key.table, other, column)

    def _keys(self, table: str, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the cells of these columns by rows; none where there is no such table."""
        known = self.tables.get(table)
        return [*zip(*(known[name] for name in columns), strict=True)] if known else []

    def _by_key(self, table: str, columns: tuple[str, ...]) -> dict[tuple[str, ...], int]:
        keys = self._keys(table, columns)
        last = len(keys) - 1  # of two rows with one key the first counts
        return {key: last - place for place, key in enumerate(reversed(keys))}

    def _latest(self, table: str, place: int, default: Latest) -> str:
        key = self.schema[default.of].key_to(table)
        mine = tuple(self.tables[table][name][place] for name in key.target)
        found = [
            self.cell(default.of, other, default.column)
            for other, named in enumerate(self._keys(default.of, key.columns))
            if named == mine
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

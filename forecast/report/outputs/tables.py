"""The answers for machines, flat: ``results.csv``, ``results.parquet`` and ``quantiles.parquet``.

All of them are written from the dict of ``results.json``, under its names and in its units.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

Rows = list[dict[str, Any]]


def targets(found: Mapping[str, Any]) -> Rows:
    """Return a row per target with the same columns in each; what is nested is ``field.key``.

    Quantiles by year are left out, see `quantiles`; of a list there is only how long it is.
    """
    rows = []
    for entry in found["targets"]:
        flat: dict[str, Any] = {}
        for name, value in entry.items():
            flat |= {} if name == "years" else _flat(name, value)
        rows.append(flat)
    found = dict.fromkeys(column for row in rows for column in row)
    # What one target lacks is None there, and needs no column beside its fields in the others.
    columns = [c for c in found if not any(other.startswith(f"{c}.") for other in found)]
    return [{column: row.get(column) for column in columns} for row in rows]


def _flat(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {name: len(value)}
    if not isinstance(value, dict):
        return {name: value}
    nested = [_flat(f"{name}.{key}", v) for key, v in value.items()]
    return {column: v for columns in nested for column, v in columns.items()}


def quantiles(found: Mapping[str, Any]) -> Rows:
    """Return a row per target, year ahead and level: the value in `unit`."""
    return [
        {
            **{name: entry[name] for name in ("plan", "target", "scenario")},
            "year": int(year),
            "level": float(level),
            "value": value,
            "unit": entry["unit"],
        }
        for entry in found["targets"]
        for year, levels in entry["years"].items()
        for level, value in levels.items()
    ]


def as_csv(found: Mapping[str, Any]) -> str:
    """Return the rows of `targets` as CSV."""
    rows = targets(found)
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _no_formula(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue()


def _no_formula(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would compute."""
    computed = ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if isinstance(value, str) and value[:1] in computed else value


def as_parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows with the same columns as Parquet, texts, integers and floats as such."""
    import pyarrow as pa
    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(rows)), buffer)
    return buffer.getvalue()

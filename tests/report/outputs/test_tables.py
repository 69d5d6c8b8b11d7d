"""The answers for other programs, read back."""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd

from forecast.report.outputs import tables
from tests.report.test_results import SCHEMA


def test_csv_holds_the_same(found: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(tables.as_csv(found))))
    assert len(rows) == 18
    nested = {"first_year", "quantiles", "achieved_growth", "families"}
    fields = SCHEMA["properties"]["targets"]["items"]["properties"]
    assert {column.split(".")[0] for column in rows[0]} == set(fields) - {"years"}
    for row, entry in zip(rows, found["targets"], strict=True):
        for name, value in entry.items():
            if name == "years":
                continue
            if name in nested:
                told = {k.split(".", 1)[1]: v for k, v in row.items() if k.startswith(f"{name}.")}
                assert {k: float(v) for k, v in told.items() if v} == value
            elif name == "by_step" and value is not None:
                told = {k.split(".", 1)[1]: v for k, v in row.items() if k.startswith(f"{name}.")}
                assert told == {**{k: str(v) for k, v in value.items()}, "chances": "4"}
            elif name == "milestones" and value is not None:
                assert row["milestones.years"] == str(len(value["years"]))
                assert row["milestones.base_year"] == str(value["base_year"])
            elif name == "changed":
                assert row["changed.since"] == (value["since"] or "")
                assert row["changed.statements"] == str(len(value["statements"]))
            elif value is None:
                assert row.get(name, "") == ""
                assert not any(row[k] for k in row if k.startswith(f"{name}."))
            elif isinstance(value, dict):
                flat = {k: v for k, v in value.items() if not isinstance(v, (dict, list))}
                assert {k: row[f"{name}.{k}"] for k in flat} == {
                    k: "" if v is None else str(v) for k, v in flat.items()
                }
            elif isinstance(value, list):
                assert row[name] == str(len(value))
            else:
                assert row[name] == str(value)


def test_csv_computes_no_text_of_the_data(found: dict[str, Any]) -> None:
    for text in ("=1+1", "+1", "-1", "@now", "\t=1"):
        entry = {**found["targets"][0], "name": text}
        (row,) = csv.DictReader(io.StringIO(tables.as_csv({"targets": [entry]})))
        assert row["name"] == f"'{text}"


def test_parquet_holds_the_targets_with_their_types(found: dict[str, Any]) -> None:
    read = pd.read_parquet(io.BytesIO(tables.as_parquet(tables.targets(found))))
    assert len(read) == 18
    for name in ("target", "name_zh", "unit", "probability", "year", "last_value"):
        told = [None if pd.isna(value) else value for value in read[name]]
        assert told == [entry[name] for entry in found["targets"]], name
    assert read["probability"].dtype == float
    assert read["year"].dtype == int


def test_parquet_holds_every_quantile_of_every_year(found: dict[str, Any]) -> None:
    data = tables.as_parquet(tables.quantiles(found))
    assert data == tables.as_parquet(tables.quantiles(found))
    read = pd.read_parquet(io.BytesIO(data))
    assert read.columns.tolist() == [
        "plan", "target", "scenario", "year", "level", "value", "unit",
    ]  # fmt: skip
    rows = read.set_index(["target", "year", "level"])["value"]
    for entry in found["targets"]:
        for year, levels in entry["years"].items():
            for level, value in levels.items():
                assert rows[entry["target"], int(year), float(level)] == value
    assert len(rows) == sum(len(v) for e in found["targets"] for v in e["years"].values())

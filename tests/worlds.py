"""Evidence made in memory from a few statements, for tests of what comes after the reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from forecast.evidence import Evidence

DEFAULTS = {
    "region": "city", "indicator": "gdp", "measure": "level", "bound": "", "prices": "nominal",
    "unit": "亿元", "basis": "", "status": "final", "mark": "", "source": "book", "published": "",
    "note": "",
}  # fmt: skip


def statement(period: int | str, value: float, **fields: Any) -> dict[str, Any]:
    """One row of observations; growth rows get their unit."""
    row = {**DEFAULTS, **fields, "period": str(period), "value": float(value)}
    if "growth" in row["measure"]:
        row["unit"] = "%"
    return row


def world(rows: list[dict[str, Any]], **target: Any) -> Evidence:
    """Evidence on `city` (in `province`), with a plan `plan` and one target `goal`."""
    for number, row in enumerate(rows, start=1):
        row.setdefault("observation", f"o{number:04d}")
    goal = {
        "plan": "plan", "target": "goal", "name": "Goal", "indicator": "gdp", "region": "city",
        "kind": "level", "comparison": "at_least", "value": 100.0, "unit": "亿元", "year": 2027,
        "tolerance": float("nan"), "items": "", "reference_region": "", "wording": "w.",
        "reading": "r.", "source": "book", "note": "",
    }  # fmt: skip
    indicators = [
        ("gdp", "GDP", "亿元", "log", "flow", "nominal", "gdp", ""),
        ("share", "R&D share", "%", "logit", "share", "none", "", ""),
        ("population", "Population", "万人", "log", "stock", "none", "", ""),
        ("trade", "Trade", "亿元", "log", "flow", "nominal", "", "exports;imports"),
        ("exports", "Exports", "亿元", "log", "flow", "nominal", "", ""),
        ("imports", "Imports", "亿元", "log", "flow", "nominal", "", ""),
    ]
    return Evidence(
        root=Path("."),
        digest=str(rows) + str(target),
        regions=pd.DataFrame(
            [
                ("city", "City", "", "city", "province"),
                ("province", "Province", "", "province", ""),
            ],
            columns=["region", "name", "name_zh", "kind", "parent"],
        ),
        indicators=pd.DataFrame(
            [(*i, "what it is.") for i in indicators],
            columns=[
                "indicator",
                "name",
                "unit",
                "transform",
                "kind",
                "prices",
                "deflator",
                "sum_of",
                "description",
            ],
        ).assign(name_zh=""),
        bases=pd.DataFrame(
            [
                ("gdp", "old", 1, "step", ""),
                ("gdp", "new", 2, "reference", ""),
                ("share", "on_old_gdp", 1, "against_gdp", "old"),
                ("share", "on_new_gdp", 2, "reference", ""),
                ("population", "before", 1, "none", ""),
                ("population", "counted", 2, "reference", ""),
            ],
            columns=["indicator", "basis", "sequence", "link", "gdp_basis"],
        ).assign(name="", description=""),
        sources=pd.DataFrame(
            [("book", "Yearbook", "Bureau", "https://example.org", "", "yearbook", "")],
            columns=["source", "title", "publisher", "url", "published", "kind", "note"],
        ),
        observations=pd.DataFrame(rows),
        plans=pd.DataFrame(
            [("plan", "The plan", "", "city", "2022", 2027, "book", "")],
            columns=["plan", "name", "name_zh", "region", "adopted", "horizon", "source", "note"],
        ),
        targets=pd.DataFrame([{**goal, **target}]),
    )

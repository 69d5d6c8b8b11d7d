"""The data folder of an invented country, for tests of targets of every kind.

All its series are synthetic: drawn here from a fixed seed, of nowhere, and like no real figures.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.builders import SCHEMA, columns

FIRST, LAST = 2004, 2024
PROVINCES = ("east", "west", "south", "north", "isles")

INDICATORS = {
    # key: name, Chinese name, unit, transform, kind, prices, further columns
    "gdp": ("GDP", "国内生产总值", "亿元", "log", "flow", "nominal", {"deflator": "gdp"}),
    "population": ("Population", "人口", "万人", "log", "stock", "none", {}),
    "emissions": ("Emissions", "温室气体排放量", "万吨", "log", "flow", "none", {}),
    "unemployment": ("Unemployment rate", "失业率", "%", "logit", "share", "none", {}),
    "debt": ("Public debt", "政府债务", "亿元", "log", "stock", "nominal", {}),
    "debt_ratio": ("Debt ratio", "政府债务率", "%", "logit", "share", "none",
                   {"share_of": "debt;gdp"}),
    "patents": ("Patents", "专利授权量", "count", "linear", "count", "none", {}),
}  # fmt: skip


def walk(rng: np.random.Generator, start: float, growth: float, noise: float) -> np.ndarray:
    """Return a lognormal random walk with a drift, one value a year."""
    steps = growth + noise * rng.standard_normal(LAST - FIRST)
    return np.asarray(start * np.exp(np.r_[0.0, np.cumsum(steps)]))


def series() -> dict[tuple[str, str], np.ndarray]:
    """Draw the series: value of every year from `FIRST` to `LAST`, by region and indicator."""
    rng = np.random.default_rng(11)
    found = {
        ("norland", "gdp"): walk(rng, 2000, 0.045, 0.02),
        ("norland", "population"): walk(rng, 480, 0.008, 0.002),
        ("norland", "emissions"): walk(rng, 5200, -0.022, 0.02),
        ("norland", "unemployment"): walk(rng, 9.0, -0.02, 0.06),
        ("norland", "debt"): walk(rng, 900, 0.055, 0.03),
    }
    found["norland", "patents"] = np.full(LAST - FIRST + 1, 300.0)
    found["norland", "debt_ratio"] = 100 * found["norland", "debt"] / found["norland", "gdp"]
    for i, province in enumerate(PROVINCES):
        share = (0.3, 0.25, 0.2, 0.15, 0.1)[i]
        ours = share * found["norland", "gdp"] * walk(rng, 1, 0, 0.012)
        found[province, "gdp"] = ours
        found[province, "unemployment"] = walk(rng, 7 + i, -0.02, 0.07)
        found[province, "population"] = share * found["norland", "population"]
    return found


def tables(targets: list[dict[str, Any]], keep: dict[tuple[str, str], list[int]]) -> Any:
    """Return the rows of every table; `keep` names the years of a series that were published."""
    regions = [{"region": "norland", "name": "Norland", "name_zh": "诺兰", "kind": "country"}]
    names = {"east": "东省", "west": "西省", "south": "南省", "north": "北省", "isles": "群岛省"}
    regions += [
        {"region": p, "name": p.title(), "name_zh": names[p], "kind": "province",
         "parent": "norland"} for p in PROVINCES
    ]  # fmt: skip
    indicators = [
        {"indicator": key, "name": name, "name_zh": zh, "unit": unit, "transform": transform,
         "kind": kind, "prices": prices, "description": f"{name}, invented.", **more}
        for key, (name, zh, unit, transform, kind, prices, more) in INDICATORS.items()
    ]  # fmt: skip
    rows = []
    for (region, indicator), values in series().items():
        unit, prices = INDICATORS[indicator][2], INDICATORS[indicator][5]
        for year, value in zip(range(FIRST, LAST + 1), values, strict=True):
            if year in keep.get((region, indicator), range(FIRST, LAST + 1)):
                rows.append({
                    "observation": f"o{len(rows):04d}", "region": region, "indicator": indicator,
                    "period": year, "measure": "level", "prices": prices,
                    "value": f"{value:.5g}", "unit": unit, "status": "final",
                    "source": "yearbook",
                })  # fmt: skip
    plans = [{"plan": "norland_2030", "name": "Plan to 2030", "name_zh": "2030年规划",
              "region": "norland", "adopted": "2021-01", "horizon": 2030,
              "source": "plan"}]  # fmt: skip
    sources = [
        {"source": "yearbook", "title": "Invented yearbook", "publisher": "Nobody",
         "kind": "yearbook", "published": "2025-06-30"},
        {"source": "plan", "title": "Invented plan", "publisher": "Nobody", "kind": "plan",
         "published": "2021-01"},
    ]  # fmt: skip
    usual = {"plan": "norland_2030", "region": "norland", "kind": "level", "year": 2030,
             "source": "plan", "wording": "as invented", "reading": "As invented."}  # fmt: skip
    found = {
        "regions": regions, "indicators": indicators, "observations": rows, "plans": plans,
        "sources": sources, "targets": [usual | target for target in targets],
    }  # fmt: skip
    return found


def write(
    folder: Path,
    targets: list[dict[str, Any]],
    keep: dict[tuple[str, str], list[int]] | None = None,
) -> Path:
    """Write the folder with some targets and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(SCHEMA), "utf-8")
    found = tables(targets, keep or {})
    for resource in SCHEMA["resources"]:
        table = resource["name"]
        with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns(table), lineterminator="\n")
            writer.writeheader()
            writer.writerows(found.get(table, []))
    return folder

"""A second user's data folder: an invented state with a few series of any length.

All figures are synthetic; the sources of the folder say so.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tests.builders import SCHEMA, columns

LAST = 2024
#: Indicators by key: name, unit, scale, kind, prices.
INDICATORS = {
    "output": ("Output", "元", "log", "flow", "nominal"),
    "sales": ("Sales", "元", "log", "flow", "nominal"),
    "residents": ("Residents", "人", "log", "stock", "none"),
    "literacy": ("Literacy", "%", "logit", "share", "none"),
}
#: Regions by key: name, kind, parent.
REGIONS = {
    "union": ("The union", "country", ""),
    "norland": ("Norland", "province", "union"),
    "southland": ("Southland", "province", "union"),
}
PLAN = "norland_2027"


def grown(years: int, indicator: str = "output", seed: int = 1) -> list[float]:
    """Return synthetic levels of so many years: growth by 5 % (0.8 % of stocks), with noise."""
    rng = np.random.default_rng([seed, len(indicator)])
    mean, sd = {"residents": (0.008, 0.002), "literacy": (0.05, 0.05)}.get(indicator, (0.05, 0.03))
    path = np.cumsum(rng.normal(mean, sd, 60))[-years:] - mean * 60
    if indicator == "literacy":
        return [round(float(v), 2) for v in 100 / (1 + np.exp(-path - 0.5))]
    return [round(float(v), 1) for v in 5e6 * np.exp(path)]


def foreign(
    folder: Path, series: Mapping[str, Sequence[float]], targets: Sequence[str] = ("output",)
) -> Path:
    """Write a folder with yearly levels up to `LAST`, and a target on each named indicator.

    Parameters
    ----------
    folder : Path
    series : mapping of str to sequence of float
        Levels by ``region/indicator``, the last one of the year `LAST`.
    targets : sequence of str
        Indicators of Norland: each is to be a tenth above its last level in 2027.
    """
    used = dict.fromkeys([*(key.split("/")[1] for key in series), *targets])
    regions = [k for k in REGIONS if k in ("union", "norland") or any(k in s for s in series)]
    book = {"source": "synthetic", "title": "Synthetic figures for tests", "kind": "dataset"}
    text = {"source": "plan_text", "title": "An invented plan", "kind": "plan"}
    tables: dict[str, list[dict[str, object]]] = {
        "regions": [
            {"region": k, "name": REGIONS[k][0], "kind": REGIONS[k][1], "parent": REGIONS[k][2]}
            for k in regions
        ],
        "indicators": [
            {
                "indicator": key, "name": INDICATORS[key][0], "name_zh": INDICATORS[key][0],
                "unit": INDICATORS[key][1], "transform": INDICATORS[key][2],
                "kind": INDICATORS[key][3], "prices": INDICATORS[key][4],
                "description": "Synthetic.",
            }
            for key in used
        ],
        "sources": [book, text],
        "plans": [
            {"plan": PLAN, "name": "Plan of Norland to 2027", "region": "norland",
             "adopted": "2025-01", "horizon": 2027, "source": "plan_text"}
        ],
        "observations": [],
        "targets": [],
    }  # fmt: skip
    for key, values in series.items():
        region, indicator = key.split("/")
        for year, value in enumerate(values, start=LAST + 1 - len(values)):
            tables["observations"].append({
                "observation": f"o{len(tables['observations']) + 1:04d}", "region": region,
                "indicator": indicator, "period": year, "measure": "level",
                "prices": INDICATORS[indicator][4], "value": value,
                "unit": INDICATORS[indicator][1], "status": "final", "source": "synthetic",
                "published": f"{year + 1}-03",
            })  # fmt: skip
    for indicator in targets:
        levels = series.get(f"norland/{indicator}") or [100.0]
        aim = min(levels[-1] * 1.1, 95) if INDICATORS[indicator][1] == "%" else levels[-1] * 1.1
        tables["targets"].append({
            "plan": PLAN, "target": indicator, "name": INDICATORS[indicator][0],
            "indicator": indicator, "region": "norland", "kind": "level",
            "comparison": "at_least", "value": round(aim, 1), "unit": INDICATORS[indicator][1],
            "year": 2027, "wording": "A tenth more by 2027.", "reading": "At least.",
            "source": "plan_text",
        })  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(SCHEMA), "utf-8")
    for name in ("regions", "indicators", "bases", "sources", "observations", "plans", "targets",
                 "openings", "judgements"):  # fmt: skip
        out = io.StringIO()
        writer = csv.DictWriter(out, columns(name), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(tables.get(name, []))
        (folder / f"{name}.csv").write_text(out.getvalue(), "utf-8")
    scenarios = folder / "scenarios"
    scenarios.mkdir(exist_ok=True)
    (scenarios / "baseline.toml").write_text(
        'name = "Baseline"\nstory = "Nothing is assumed."\n', "utf-8"
    )
    (scenarios / "slump.toml").write_text(
        'name = "Slump"\nstory = "Output of the union falls in 2026."\n\n[[statement]]\n'
        'region = "union"\nindicator = "output"\nmeasure = "growth"\nvalue = -3\nunit = "%"\n'
        'year = 2026\nreason = "Invented."\n',
        "utf-8",
    )
    return folder

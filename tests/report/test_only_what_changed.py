"""One figure of the frozen city changes: what depends on it is made again, and nothing is stale."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from forecast.report.request.options import Request
from forecast.report.site import planned, report
from tests.conftest import CITY

pytestmark = pytest.mark.slow

KEPT = {"express": "china", "population": "jinhua", "business_rank": "jinhua"}
CHANGED = "o0148"  # parcels of the country in 2025


@pytest.fixture
def request_of_city(tmp_path: Path) -> Request:
    """Ask for pages of parcels, people and a rank, the target of which has no scenarios.

    Few years of the series are left: the models of the track record take long on many.
    """
    data = tmp_path / "data"
    shutil.copytree(CITY, data, ignore=shutil.ignore_patterns("scenarios"))
    for table in ("indicators", "bases", "observations"):
        keep(data / f"{table}.csv", lambda row: row["indicator"] in KEPT)
    keep(
        data / "observations.csv",
        lambda row: row["region"] == KEPT[row["indicator"]] and row["period"] >= "2016",
    )
    keep(data / "targets.csv", lambda row: row["target"] == "business_rank")
    return Request(
        data=data, out=tmp_path / "reports", draws=200, families=("drift",), langs=("en",), jobs=1
    )


def keep(table: Path, wanted: Callable[[dict[str, str]], bool], **change: str) -> None:
    """Keep some rows of a table; change cells of the observation `CHANGED`."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if wanted(row)]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row | (change if row.get("observation") == CHANGED else {}))


def pages(folder: Path, out: Path) -> dict[str, str]:
    """Return the pages of a set without what tells which run computed them."""
    found = {}
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text("utf-8").replace(str(out), "REPORTS")
        text = re.sub(r"Made on \d+ \w+ \d{4}", "Made", text)
        run = re.compile(r"(comes from</h2>)\s*<dl>.*?</dl>", re.DOTALL)
        found[path.stem], n = run.subn(r"\1", text)
        assert n == 1, path.name
    return found


def test_no_page_is_stale_after_one_figure(request_of_city: Request, tmp_path: Path) -> None:
    first, data = report(request_of_city), request_of_city.data
    assert data is not None
    other = replace(request_of_city, out=tmp_path / "other", force=True)
    shutil.copytree(request_of_city.out, other.out, symlinks=True)
    keep(data / "observations.csv", lambda row: True, value="1990", published="2026-10-05")
    plan = planned(request_of_city)
    why = {page.stem: d.why for page, d in zip(plan.pages, plan.decisions, strict=True)}
    reused = {p.stem for p, d in zip(plan.pages, plan.decisions, strict=True) if d.found}
    assert reused == {"data-jinhua-business_rank", "data-jinhua-population"}
    assert why["data-china-express"].startswith("changed: statements, path")
    assert why["track_record"] == "changed: data (observations.csv)"
    wanted = (*sorted(reused), "data-china-express")  # the others follow from all data
    second = report(replace(request_of_city, only=wanted))
    told = json.loads((second / "manifest.json").read_text("utf-8"))["tasks"]
    assert {task["page"].removesuffix(".html"): task["why"] for task in told} == {
        stem: why[stem] for stem in wanted
    }
    forced = report(replace(other, only=wanted))
    before, after = (pages(path, request_of_city.out) for path in (first, second))
    assert after == pages(forced, other.out)
    assert before[min(reused)] != after[min(reused)], "the head tells how new the evidence is"

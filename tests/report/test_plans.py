"""A folder of three regions with a plan each: the set of one plan names nothing of the others.

The country, its regions and their figures are synthetic.
"""

from __future__ import annotations

import csv
import html
import json
import math
import re
import shutil
from pathlib import Path

import pytest

from forecast.report import site
from forecast.report.pages import shared
from forecast.report.request.options import Request
from forecast.report.site import report
from forecast.study import open_study
from tests.test_first_hour import OURS

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[2] / "data"
REGIONS = ("eastmark", "westmark", "southmark")
PAGES = {"index", "briefing", "track_record", "scenarios", "output", "takes-output",
         "data-westmark-gdp", "data-norland-gdp"}  # fmt: skip
#: What names other regions on purpose: the related series that the path of a region above rests
#: on, and the peers of a target's region.
RELATED = re.compile(r"<h2[^>]*>(Related series|相关指标).*?(?=<h2)", re.DOTALL)
PEERS = re.compile(r"<h2[^>]*>(How others did|与其他地区比较).*?(?=<h2)", re.DOTALL)


def level(series: int, year: int) -> float:
    """Return a figure that grows by some three percent a year, in waves."""
    wave = 0.03 * math.sin(1.7 * year + series) + 0.02 * math.sin(0.9 * year)
    return (900 + 100 * series if series else 5000) * math.exp(0.03 * (year - 2012) + wave)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    places = ("norland", *REGIONS)
    tables = {
        "regions": ["region,name,parent", "norland,Norland,"]
        + [f"{r},{r.title()},norland" for r in REGIONS],
        "indicators": ["indicator,name,unit", "gdp,GDP,million EUR"],
        "sources": ["source,title,published", "office,Synthetic yearbook,2026-03"],
        "plans": ["plan,name,region"] + [f"{r}_plan,Plan of {r.title()},{r}" for r in REGIONS],
        "targets": ["plan,target,name,indicator,region,comparison,value,year"]
        + [f"{r}_plan,output,Output of {r.title()},gdp,{r},at_least,1700,2030" for r in REGIONS]
        + ["southmark_plan,more,More of Southmark,gdp,southmark,at_least,1900,2030"],
        "observations": ["region,indicator,period,value,source"]
        + [
            f"{place},gdp,{year},{level(i, year):.0f},office"
            for i, place in enumerate(places)
            for year in range(2016, 2026)
        ],
    }
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the set of the second plan, in both languages."""
    out = tmp_path_factory.mktemp("reports")
    request = Request(
        plan="westmark_plan", data=data, out=out, draws=400, families=("drift",), jobs=1
    )
    return report(request)


def test_first_plan_is_named_where_none_is_asked_for(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_made", lambda *_: tmp_path)
    lines: list[str] = []
    report(Request(data=data, out=tmp_path / "reports"), lines.append)
    assert lines == [
        "plan eastmark_plan, the first of 3 in plans.csv; "
        "others by --plan: westmark_plan, southmark_plan"
    ]


def visible(page: Path) -> str:
    """Return what a page shows, tooltips and descriptions of charts included, and its addresses."""
    text = re.sub(r"<script\b(?![^>]*json).*?</script>", " ", page.read_text("utf-8"), flags=re.S)
    return html.unescape(re.sub(r"<style\b.*?</style>", " ", text, flags=re.DOTALL))


def test_pages_are_those_of_the_plan(made: Path) -> None:
    expected = {f"{folder}{page}.html" for folder in ("", "zh/") for page in PAGES}
    assert {p.relative_to(made).as_posix() for p in made.rglob("*.html")} == expected


def test_every_peer_that_a_target_is_compared_with_has_its_pages(
    data: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(data, tmp_path / "peers"))
    head, *rows = (folder / "targets.csv").read_text("utf-8").splitlines()
    rows = [f"{row},level," for row in rows if "westmark_plan" not in row]
    peers = "eastmark;southmark"
    rows += [f"westmark_plan,peers,Peers,gdp,westmark,at_least,,2030,comparison,{peers}"]
    text = "\n".join([f"{head},kind,reference_region", *rows])
    (folder / "targets.csv").write_text(text + "\n", "utf-8")
    pages = shared.series_with_pages(open_study(folder, draws=400), "westmark_plan")
    assert set(pages) == {(region, "gdp") for region in ("norland", *REGIONS)}


def test_nothing_of_another_plan_is_named(made: Path) -> None:
    other = re.compile(r"(?i)eastmark|southmark")
    for page in made.rglob("*.html"):
        text = visible(page)
        if page.stem == "data-norland-gdp":
            text = RELATED.sub("", text)
        if page.stem == "output":
            text, one = PEERS.subn("", text)
            assert one == 1
        assert not other.search(text), page
    for name in ("results.json", "results.csv", "manifest.json"):
        assert not other.search((made / name).read_text("utf-8")), name
    found = json.loads((made / "results.json").read_text("utf-8"))
    assert [(t["plan"], t["target"]) for t in found["targets"]] == [("westmark_plan", "output")]
    assert {s["plan"] for s in found["scenarios"]} == {"westmark_plan"}


def test_every_link_leads_to_a_page_of_the_set(made: Path) -> None:
    for page in made.rglob("*.html"):
        for link in re.findall(r'href="([^"#:]+)(?:#[^"]*)?"', visible(page)):
            assert (page.parent / link).resolve().is_file(), (page, link)


def names(table: str, *columns: str) -> set[str]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file) for column in columns} - {""}


def test_nothing_of_the_data_of_the_repository_is_named(made: Path) -> None:
    """Names of its regions, plans and targets, and its money, stand in no file of the set."""
    ours = names("regions", "region", "name", "name_zh") | names("plans", "plan", "name", "name_zh")
    ours |= names("indicators", "name_zh") | names("targets", "wording", "wording_zh")
    ours |= {key for key in names("indicators", "indicator") if "_" in key}
    for path in made.rglob("*.*"):
        if path.suffix not in (".html", ".json", ".csv", ".ipynb"):
            continue
        text = visible(path)
        found = {name for name in ours if name in text}
        assert not {n for n in found if re.search(rf"\b{re.escape(n)}\b", text)}, path
        assert not OURS.search(re.sub('"[A-Za-z0-9+/=]{200,}"', "", text)), path


def test_region_without_a_plan_belongs_to_the_one_above_it(data: Path, tmp_path: Path) -> None:
    """Pages of a region below that has a plan of its own are in the set of that plan."""
    for path in data.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "plans.csv").open("a", encoding="utf-8") as file:
        file.write("national,Plan of Norland,norland\n")
    plans = tmp_path / "plans.csv"
    kept = [line for line in plans.read_text("utf-8").splitlines() if "southmark" not in line]
    plans.write_text("\n".join(kept) + "\n", "utf-8")
    targets = tmp_path / "targets.csv"
    kept = [line for line in targets.read_text("utf-8").splitlines() if "southmark" not in line]
    kept.append("national,output,Output,gdp,norland,at_least,9000,2030")
    targets.write_text("\n".join(kept) + "\n", "utf-8")
    study = open_study(tmp_path)
    assert shared.series_with_pages(study, "national") == [("norland", "gdp"), ("southmark", "gdp")]
    assert shared.series_with_pages(study, "eastmark_plan") == [
        ("eastmark", "gdp"),
        ("norland", "gdp"),
    ]

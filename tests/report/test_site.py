"""The whole way, on a small set of data: from the tables to `reports/latest`, and what stops it."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import nbformat
import pytest
from pypdf import PdfReader

import forecast.report.site as module
from forecast import open_study
from forecast.cli import main as cli
from forecast.editions import store
from forecast.evidence.problems import RunError, UserError
from forecast.facts import Chance
from forecast.report import results
from forecast.report.execution import provenance, reuse
from forecast.report.execution.tasks import Task
from forecast.report.language import language, verdict
from forecast.report.outputs import tables
from forecast.report.request.options import Request
from forecast.report.site import ReportError, report
from forecast.resources import CALIBRATION, NOTEBOOKS
from tests import builders
from tests.evidence.test_check import MEANING, STRUCTURE
from tests.scenarios.test_files import SOUND as SHOCK

pytestmark = pytest.mark.slow

TARGETS = ("gdp", "rank")
PAGES = [
    f"{folder}{page}"
    for folder in ("", "zh/")
    for page in (
        "index",
        "briefing",
        "track_record",
        "gdp",
        "rank",
        "scenarios",
        "takes-gdp",
        "data-jinhua-gdp",
        "data-jinhua-business_rank",
    )
]
FAMILIES = ("drift", "theta")
TITLE, TYPED = "Yearbook", "Typed during the run"


@dataclass
class Made:
    """A published set, the request for it, and what was said on the way."""

    path: Path
    request: Request
    lines: list[str]

    @property
    def latest(self) -> Path:
        return self.request.out / "latest"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    base = tmp_path_factory.mktemp("report")
    request = Request(
        data=builders.lengthen(builders.few(base / "data")), out=base / "reports", draws=400,
        families=FAMILIES, jobs=1,
    )  # fmt: skip
    lines: list[str] = []
    sources = base / "data" / "sources.csv"
    before = sources.read_text("utf-8")
    assert TITLE in before

    def told(line: str) -> None:
        lines.append(line)
        if line.startswith("all numbers computed"):  # somebody types while the pages are made
            sources.write_text(before.replace(TITLE, TYPED), "utf-8")

    path = report(request, told)
    assert TYPED in sources.read_text("utf-8")
    sources.write_text(before, "utf-8")
    return Made(path, request, lines)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file that is read through a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


# The set ------------------------------------------------------------------------------------------


def test_set_is_complete_and_latest_leads_to_it(made: Made) -> None:
    (script,) = made.path.glob("charts-*.js")
    expected = {f"{page}.html" for page in PAGES} | {script.name, "notebooks.zip"}
    expected |= {"results.json", "results.csv", "manifest.json"}
    expected |= {"results.parquet", "quantiles.parquet", "results.xlsx", "zh/results.xlsx"}
    assert set(contents(made.path)) == expected
    assert made.path.parent == made.request.out
    assert made.latest.resolve() == made.path.resolve()
    assert not Path(os.readlink(made.latest)).is_absolute()
    kept = {"latest", made.path.name, ".lock", "editions"}
    assert {path.name for path in made.request.out.iterdir()} == kept


def test_progress_was_shown(made: Made) -> None:
    text = "\n".join(made.lines)
    assert re.search(r"page 1/18: .+ ok \(\d+\.\d s\)", text)
    assert len([line for line in made.lines if line.startswith("page ")]) == len(PAGES)
    assert "target 2/2" in text


def test_results_hold_every_target_and_name_pages_that_exist(made: Made) -> None:
    found = read(made.path / "results.json")
    assert [entry["target"] for entry in found["targets"]] == list(TARGETS)
    assert [entry["status"] for entry in found["targets"]] == ["assessed", "judgement"]
    for entry in found["targets"]:
        assert (made.path / entry["page"]).is_file()
    rows = list(csv.DictReader((made.path / "results.csv").open(encoding="utf-8-sig")))
    assert [row["target"] for row in rows] == list(TARGETS)
    assert float(rows[0]["probability"]) == found["targets"][0]["probability"]
    run = found["run"]
    assert (run["id"], run["draws"], run["families"]) == (made.path.name, 400, list(FAMILIES))


def test_manifest_lists_every_file_with_its_hash(made: Made) -> None:
    found = read(made.path / "manifest.json")
    files = contents(made.path)
    del files["manifest.json"]
    assert found["files"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    assert made.request.data is not None
    tables = [*made.request.data.glob("*.csv"), made.request.data / "datapackage.json"]
    # What was learned from other panels decides the probabilities as well.
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tables}
    hashes["data/calibration.json"] = hashlib.sha256(CALIBRATION.read_bytes()).hexdigest()
    assert found["data"] == hashes
    assert found["request"] == {
        "plan": "jinhua_2027", "as_of": "", "draws": 400, "seed": 2027, "families": list(FAMILIES),
        "outside": made.request.outside, "langs": ["en", "zh"],
    }  # fmt: skip
    assert found["run"] == made.path.name
    assert found["seed"] == made.request.seed
    assert {task["page"] for task in found["tasks"]} == {f"{page}.html" for page in PAGES}
    assert {task["status"] for task in found["tasks"]} == {"ok"}
    by_page = {task["page"]: task["parameters"] for task in found["tasks"]}
    assert by_page["gdp.html"]["horizon_year"] == 0  # defaults too
    assert by_page["gdp.html"]["families"] == list(FAMILIES)


@pytest.mark.parametrize(
    "change",
    [{"families": ("drift",)}, {"seed": 1}, {"draws": 500}, {"as_of": "2024"}, "scenario",
     "calibration", "data"],
    ids=str,
)  # fmt: skip
def test_name_of_a_run_follows_everything_that_decides_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any] | str
) -> None:
    """Two runs of one moment with one name would be the same set."""

    def name(request: Request) -> str:
        options = (request.as_of, request.draws, request.seed, request.families)
        study = open_study(request.data, *options)
        return provenance.inputs(study, provenance.asked(study, request))

    request = Request("jinhua_2027", data=builders.build(tmp_path / "data"))
    learned = tmp_path / "calibration.json"
    shutil.copyfile(CALIBRATION, learned)
    monkeypatch.setattr(provenance, "CALIBRATION", learned)
    before = name(request)
    assert name(request) == before
    if change == "scenario":
        (tmp_path / "data" / "scenarios").mkdir()
        (tmp_path / "data" / "scenarios" / "shock.toml").write_text(SHOCK, "utf-8")
    elif change == "calibration":
        learned.write_bytes(learned.read_bytes() + b"\n")
    elif change == "data":
        builders.edit(tmp_path / "data", "plans", 2, note="x")
    else:
        assert isinstance(change, dict)
        request = replace(request, **change)
    assert name(request) != before


def test_run_works_on_the_data_as_they_were_when_it_began(made: Made) -> None:
    """A source was retitled on the way; that the manifest has the first state is held above."""
    pages = [(made.path / f"{page}.html").read_text("utf-8") for page in PAGES]
    assert any(TITLE in page for page in pages)
    assert not any(TYPED in page for page in pages)
    with zipfile.ZipFile(made.path / "notebooks.zip") as kept:
        nb = nbformat.reads(kept.read("notebooks/gdp.ipynb").decode(), as_version=4)
    # The copy is gone, and no page shows where it was.
    assert nb.metadata.papermill.parameters["data"] == str(made.request.data)
    assert f'data = "{made.request.data}"' in nb.cells[2].source


def test_page_says_what_the_results_say(made: Made) -> None:
    entry = read(made.path / "results.json")["targets"][0]
    page = (made.path / "gdp.html").read_text("utf-8").replace("\u00a0", " ")
    chance = Chance(entry["probability"], entry["probability_floor"])
    assert language("en").write(chance) in page
    assert made.path.name in page
    assert "about 1,000 billion yuan" in page
    chinese = (made.path / "zh" / "gdp.html").read_text("utf-8")
    assert "10000亿元左右" in chinese


def test_every_link_between_the_pages_leads_somewhere(made: Made) -> None:
    for page in PAGES:
        text = (made.path / f"{page}.html").read_text("utf-8")
        text = re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL)
        names = set(re.findall(r"<[^>]*\bid=\"([^\"]+)\"", text))
        for target in re.findall(r"<a\b[^>]*\bhref=\"([^\"]+)\"", text):
            if target.startswith(("http://", "https://", "data:")):
                continue
            if target.startswith("#"):
                assert target[1:] in names, f"{page}: {target}"
            else:
                linked = (made.path / page).parent / target.split("#")[0]
                assert linked.is_file(), f"{page}: {target}"


def test_every_page_offers_the_other_edition(made: Made) -> None:
    for page in PAGES:
        text = (made.path / f"{page}.html").read_text("utf-8")
        chinese = page.startswith("zh/")
        assert f'<html lang="{"zh-CN" if chinese else "en-GB"}">' in text
        href = f"../{page.removeprefix('zh/')}.html" if chinese else f"zh/{page}.html"
        lang, name = ("en-GB", "English") if chinese else ("zh-CN", "中文")
        found = re.search(r'<a class="edition"[^>]*>[^<]*</a>', text)
        assert found is not None, page
        assert f'href="{href}"' in found[0]
        assert f'lang="{lang}"' in found[0]
        assert f">{name}<" in found[0]


def test_chinese_names_on_an_english_page_are_marked(made: Made) -> None:
    text = (made.path / "data-jinhua-gdp.html").read_text("utf-8")
    text = re.sub(r"<(script|pre|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r'<(span|a)\b[^>]*lang="zh-CN"[^>]*>.*?</\1>', "", text)
    assert not re.search(r">[^<]*[\u4e00-\u9fff]", text)


def test_executed_notebooks_are_kept_with_their_parameters(made: Made) -> None:
    with zipfile.ZipFile(made.path / "notebooks.zip") as kept:
        names = {name for name in kept.namelist() if not name.endswith("/")}
        assert names == {f"notebooks/{page}.ipynb" for page in PAGES}
        nb = nbformat.reads(kept.read("notebooks/gdp.ipynb").decode(), as_version=4)
    assert nb.metadata.papermill.parameters["target"] == "gdp"
    assert any(cell.get("outputs") for cell in nb.cells)
    assert not [c for c in nb.cells for o in c.get("outputs", []) if o.output_type == "error"]


@pytest.mark.parametrize(("lang", "words"), [("", "briefing"), ("zh/", "决策简报")])
def test_briefing_is_printed_on_few_pages(
    made: Made, tmp_path: Path, lang: str, words: str
) -> None:
    options = ["--reports", str(made.request.out), "--out", str(tmp_path)]
    assert cli.main(["pdf", f"{lang}briefing", *options]) == 0
    read = PdfReader(tmp_path / f"{lang}briefing.pdf")
    assert 1 < len(read.pages) <= 6
    text = "".join(page.extract_text() for page in read.pages)
    assert words in text
    assert str(made.request.data) not in text
    assert len(read.outline) > 0


def test_set_is_complete_without_a_browser(
    made: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    lines: list[str] = []
    module._print(tmp_path, made.request, lines.append)
    (line,) = lines
    assert line.startswith("briefing.pdf is left out: no PDF without a browser")


# Again --------------------------------------------------------------------------------------------


def without_run(text: str, run: str) -> str:
    """Return a page without the name of its run and the time when it was made."""
    text = text.replace(run, "RUN")
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", text)


def test_same_seed_gives_the_same_set(made: Made, tmp_path: Path) -> None:
    """Also with another number of processes, and with nothing stored from the first time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORECAST_CACHE", str(tmp_path / "empty"))
        # Each target, series and score is on one of these.
        pages = ("index", "gdp", "zh/rank", "track_record", "takes-gdp", "zh/data-jinhua-gdp")
        request = replace(made.request, out=tmp_path / "reports", jobs=2, only=pages)
        again = report(request)
        study = open_study(request.data, draws=request.draws, families=FAMILIES)
        first = read(made.path / "results.json")
        plan, answers = first["run"]["plan"], study.assess_all(first["run"]["plan"])
        second = results.of_study(study, plan, first["run"], answers, store.FIRST)
    assert first["targets"] == json.loads(json.dumps(second["targets"]))
    assert first["run"]["data_digest"] == provenance.inputs(study)
    assert (made.path / "results.csv").read_text("utf-8-sig") == tables.as_csv(second)
    for name, rows in (("results", tables.targets), ("quantiles", tables.quantiles)):
        written = (made.path / f"{name}.parquet").read_bytes()
        assert written == tables.as_parquet(rows(second))
    for page in pages:
        texts = [
            without_run((path / f"{page}.html").read_text("utf-8"), path.name)
            for path in (made.path, again)
        ]
        assert texts[0] == texts[1], page


def test_set_made_again_is_the_same_edition(made: Made) -> None:
    """What changed is told since an edition with other inputs, of which there is none."""
    kept = made.request.out / "editions"
    (edition,) = kept.glob("*.parquet")
    assert edition.stem == made.path.name
    study = open_study(made.request.data, draws=400, families=FAMILIES)
    key = read(made.path / "results.json")["run"]["edition"]
    assert store.Inputs.of(study).key("jinhua_2027") == key == store.read(edition).key
    assert store.before(kept, "jinhua_2027", key) == (store.FIRST, [])
    request = replace(made.request, plan="jinhua_2027")
    task = next(t for t in module.tasks(study, request) if t.output == "gdp")
    assert task.parameters["since"] == store.FIRST


# What is as before --------------------------------------------------------------------------------


@pytest.fixture
def copied(made: Made, tmp_path: Path) -> Made:
    """Return the set in a reports folder of its own, with nothing stored but the set."""
    out = tmp_path / "reports"
    shutil.copytree(made.request.out, out, symlinks=True)
    return Made(out / made.path.name, replace(made.request, out=out), [])


def test_unchanged_set_is_taken_over(copied: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """No number is computed and no notebook run; pages and workbooks keep every byte."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was computed")

    monkeypatch.setattr(module, "run", refuse)
    monkeypatch.setattr(module, "_answers", refuse)
    again = report(copied.request, copied.lines.append)
    assert copied.lines[-1] == "18 of 18 pages are as before"
    assert copied.latest.resolve() == again != copied.path
    before, after = contents(copied.path), contents(again)
    assert before.keys() == after.keys()
    new = {"manifest.json", "results.json"}
    assert {n: v for n, v in after.items() if n not in new} == {
        n: v for n, v in before.items() if n not in new
    }
    first, second = (read(path / "results.json") for path in (copied.path, again))
    assert (second["run"]["id"], second["targets"]) == (again.name, first["targets"])
    tasks = read(again / "manifest.json")["tasks"]
    assert {(t["made"], t["why"], t["computed_in"]) for t in tasks} == {
        ("reused", f"nothing changed since {copied.path.name}", copied.path.name)
    }
    assert len(list((copied.request.out / "editions").glob("*.parquet"))) == 1
    # Taken over once more in the same second, a page is still of the run that computed it.
    started = datetime.fromisoformat(second["run"]["started"])

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return started.astimezone(tz)

    monkeypatch.setattr(module, "datetime", Clock)
    third = report(copied.request)
    assert third.name == f"{again.name}-2"
    assert {t["computed_in"] for t in read(third / "manifest.json")["tasks"]} == {copied.path.name}


def test_page_is_computed_for_what_changed(
    copied: Made, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def why(**change: Any) -> set[str]:
        plan = module.planned(replace(copied.request, **change))
        return {d.why for d in plan.decisions if d.found is None}

    assert why() == set()
    assert why(force=True) == {"asked for by --force"}
    # A page of data asks for no draws, but the foot of every page tells what was asked.
    assert why(draws=500) == {
        f"changed: {what}place in the set"
        for what in ("", "parameters, ", "parameters, edition before, ")
    }
    assert copied.request.data is not None
    sources = copied.request.data / "sources.csv"
    before = sources.read_text("utf-8")
    sources.write_text(before.replace(TITLE, TYPED), "utf-8")
    try:
        assert why() == {
            "changed: data (sources.csv)",
            "changed: parameters, data (sources.csv), edition before",
            "changed: statements, path",  # of the series that has figures of this source
        }
    finally:
        sources.write_text(before, "utf-8")
    page = copied.path / "gdp.html"
    page.write_text(page.read_text("utf-8") + "<!-- planted -->", "utf-8")
    plan = module.planned(copied.request)
    taken = reuse.take_over(plan.pages, plan.decisions, copied.request.out / "staged")
    (damaged,) = [p.stem for p, d in zip(plan.pages, taken, strict=True) if d.found is None]
    assert damaged == "gdp"
    paths = ["--data", str(copied.request.data), "--out", str(copied.request.out)]
    options = ["--draws", "400", "--families", ",".join(FAMILIES), "--dry-run"]
    assert cli.main(["report", *options, "--only", "rank,zh/rank", *paths]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-3:] == [
        f"keep    rank: nothing changed since {copied.path.name}",
        f"keep    zh/rank: nothing changed since {copied.path.name}",
        "0 of 2 pages would be computed",
    ]
    assert cli.main(["report", *options, "--only", "nope", *paths]) == 2


def test_month_and_catalogue_count(made: Made, tmp_path: Path) -> None:
    task = Task("gdp", NOTEBOOKS / "10_target.ipynb", lang="zh")

    def of(day: date, lang: str = "zh", **parameters: object) -> dict[str, str]:
        return reuse.Grounds("p", {"a.csv": "0"}, {}, day).of(replace(task, lang=lang), parameters)

    first = of(date(2026, 11, 2))
    assert first == of(date(2026, 11, 29))
    changed = (of(date(2026, 12, 2)), of(date(2026, 11, 30)), of(date(2026, 11, 2), "en"))
    assert [{name for name in first if first[name] != c[name]} for c in changed] == [
        {"month"}, {"month"}, {"catalogue"},
    ]  # fmt: skip


def test_set_is_verified(copied: Made, capsys: pytest.CaptureFixture[str]) -> None:
    reports, name = ["--reports", str(copied.request.out)], copied.path.name
    assert cli.main(["verify", *reports]) == 0
    together = f"{name}: pages, data, calibration and code belong together\n"
    assert capsys.readouterr().out == together
    (copied.path / "gdp.html").write_text("planted", "utf-8")
    (copied.path / "zh" / "rank.html").unlink()
    (copied.path / "added.html").write_text("planted", "utf-8")
    manifest = read(copied.path / "manifest.json")
    manifest["tasks"][0]["grounds"]["data"] = "0"
    manifest["tasks"][1]["grounds"]["program"] = "0"
    manifest["data"][provenance.LEARNED] = manifest["inputs"]["calibration"] = "0"
    manifest["tasks"][2:] = []
    (copied.path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert cli.main(["verify", name, *reports]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "added.html: does not belong to the set",
        "gdp.html: was changed after the set was made",
        "zh/rank.html: is missing",
        "index.html: was made from another state of the data",
        "briefing.html: was made from another state of the data",
        "briefing.html: was made from another state of the program",
        "results.json: follows from other data, calibration, code or options",
        "editions/: the edition with the tables of this set is missing",
    ]


def test_command_is_told_of_a_failure_and_of_a_changed_verdict(
    copied: Made,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard = tmp_path / "heard.json"
    script = tmp_path / "hear.py"
    script.write_text(f"import sys\nopen({str(heard)!r}, 'w').write(sys.stdin.read())", "utf-8")
    paths = ["--data", str(copied.request.data), "--out", str(copied.request.out)]
    options = ["report", *paths, "--notify", f"{sys.executable} {script}"]

    def failing(*_: object) -> Path:
        raise ReportError("the page failed")

    monkeypatch.setattr(module, "report", failing)
    assert cli.main(options) == 1
    told = read(heard)
    assert (told["event"], told["status"], told["message"]) == ("failed", 1, "the page failed")

    def moving(*_: object) -> Path:
        found = read(copied.path / "results.json")
        found["targets"][0]["probability"] = 1.0
        (copied.path / "results.json").write_text(json.dumps(found), "utf-8")
        return copied.path

    before = read(copied.path / "results.json")["targets"][0]
    monkeypatch.setattr(module, "report", moving)
    assert cli.main(options) == 0
    told = read(heard)
    word = verdict(before["probability"], before["probability_floor"])[0]
    assert told["event"] == "verdict"
    assert told["changed"] == [{"target": "gdp", "before": word, "after": "extremely-likely"}]
    # A command that fails is said, and changes nothing.
    monkeypatch.setattr(module, "report", failing)
    assert cli.main([*options[:-1], f"{sys.executable} -c 'import sys; sys.exit(\"no\")'"]) == 1
    assert "the notifier failed" in (said := capsys.readouterr().err)
    assert "ended with status 1: no" in said
    assert cli.main([*options[:-1], "'"]) == 2


# What stops it ------------------------------------------------------------------------------------


def everything(made: Made) -> tuple[str, list[str], dict[str, bytes]]:
    """Return where `latest` leads, what lies in the reports folder, and every byte of the set."""
    names = sorted(path.name for path in made.request.out.iterdir())
    return os.readlink(made.latest), names, contents(made.latest)


@pytest.mark.parametrize("name", [*STRUCTURE, *MEANING])
def test_damaged_data_leave_the_newest_set_alone(
    made: Made, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = builders.build(tmp_path / "data")
    damage, (file, *_), _ = {**STRUCTURE, **MEANING}[name]
    damage(folder)
    before = everything(made)
    status = cli.main(["report", "--data", str(folder), "--out", str(made.request.out)])
    said = capsys.readouterr()
    assert status == 1
    assert said.out == ""
    first, *problems = said.err.splitlines()
    assert first.endswith("in the data:")
    # One damage is one problem, but for a header: every column is then missing or too many.
    assert first == "1 error in the data:" or all(" row 1, " in problem for problem in problems)
    assert f"  data/{file}" in problems[0]
    assert "Traceback" not in said.err
    assert everything(made) == before


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return notebooks of which one has a further cell; the others are cut short to be quick."""

    def change(name: str, source: str) -> Path:
        folder = tmp_path / "notebooks"
        shutil.copytree(NOTEBOOKS, folder)
        for path in folder.glob("*.ipynb"):
            nb = nbformat.read(path, as_version=4)
            nb.cells = nb.cells[:2]
            if path.name == name:
                nb.cells.append(nbformat.v4.new_code_cell(source))
            nbformat.write(nb, path)
        return folder

    return change


def test_failing_page_is_named_and_the_newest_set_is_left_alone(
    made: Made, broken: Callable[[str, str], Path]
) -> None:
    source = 'if target == "rank":\n    raise ArithmeticError("no <rank> today")'
    request = replace(made.request, notebooks=broken("10_target.ipynb", source), strict=True)
    link, _, before = everything(made)
    with pytest.raises(ReportError) as caught:
        report(request)
    text = str(caught.value)
    assert "2 pages could not be made" in text  # one in each language
    assert "target rank: failed: " in text
    assert "target rank (zh): failed: " in text
    assert "ArithmeticError: no <rank> today" in text
    assert "gdp" not in text
    after_link, _, after = everything(made)
    assert (after_link, after) == (link, before)
    assert len(list((made.request.out / "editions").glob("*.parquet"))) == 1
    (kept,) = (made.request.out / "failed").iterdir()
    assert str(kept) in text
    assert "no &lt;rank&gt; today" in (kept / "rank.html").read_text("utf-8")
    assert {f"{page}.html" for page in PAGES} <= set(contents(kept))
    status = {t["name"]: t["status"] for t in read(kept / "manifest.json")["tasks"]}
    assert [name for name, s in status.items() if s != "ok"] == ["target rank", "target rank (zh)"]
    assert "本页未能生成，其他页面不受影响。" in (kept / "zh" / "rank.html").read_text("utf-8")
    shutil.rmtree(made.request.out / "failed")


def test_set_with_a_failing_page_is_published_with_status_3(
    copied: Made,
    broken: Callable[[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def failing(request: Request, progress: Callable[[str], None]) -> Path:
        folder = broken("00_overview.ipynb", "1 / 0")
        return report(replace(request, notebooks=folder), progress)

    monkeypatch.setattr(module, "report", failing)
    options = ["--draws", "400", "--families", ",".join(FAMILIES), "--jobs", "1", "--lang", "en,zh"]
    assert copied.request.data is not None
    paths = ["--data", str(copied.request.data), "--out", str(copied.request.out), "--keep", "1"]
    status = cli.main(["report", *options, *paths])
    said = capsys.readouterr()
    assert status == 3
    assert said.err.startswith("forecast: 2 pages could not be made:\n  overview: failed: ")
    assert "ZeroDivisionError" in said.err
    assert "Traceback" not in said.err
    made = copied.latest.resolve()
    assert str(made) in said.err
    assert made != copied.path
    manifest = read(made / "manifest.json")
    assert manifest["degraded"] == ["overview", "overview (zh)"]
    # The page leads to the last good one, whose set is kept although it is one too many.
    page = (made / "zh" / "index.html").read_text("utf-8")
    assert "本页未能生成，其他页面不受影响。" in page
    assert "个单元格出错：" in page
    assert "直接重新运行仍会出错。" in page
    for name in ("index.html", "zh/index.html"):
        text = (made / name).read_text("utf-8")
        (link,) = re.findall(rf'href="([./]+{copied.path.name}/[^"]+)"', text)
        assert ((made / name).parent / link).resolve() == copied.path / name
        assert re.search(r'href="(\.\./)?notebooks/(zh/)?index.ipynb"', text)


def test_parameters_that_no_longer_fit_stop_it_before_anything_is_computed(
    made: Made, tmp_path: Path
) -> None:
    folder = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, folder)
    path = folder / "20_data.ipynb"
    path.write_text(path.read_text("utf-8").replace("region = ", "place = "), "utf-8")
    before = everything(made)
    lines: list[str] = []
    with pytest.raises(RunError, match="no parameter 'region'"):
        report(replace(made.request, notebooks=folder), lines.append)
    assert lines == []
    assert everything(made) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"plan": "nope"}, "no plan 'nope' in plans.csv; known are jinhua_2027"),
        ({"draws": 3}, "draws is 3"),
        ({"families": ("magic",)}, "unknown families magic"),
        ({"as_of": "soon"}, "as_of 'soon' is not a date"),
    ],
)
def test_request_that_makes_no_sense_starts_nothing(
    made: Made, change: dict[str, Any], told: str
) -> None:
    before = everything(made)
    with pytest.raises((RunError, ValueError), match=told):
        report(replace(made.request, **change))
    assert everything(made) == before


def test_page_that_is_asked_for_twice_is_made_once(made: Made) -> None:
    found = module.planned(replace(made.request, only=("gdp", "index", "gdp")))
    assert [page.stem for page in found.pages] == ["index", "gdp"]
    with pytest.raises(UserError, match="no page 'nope'"):
        module.planned(replace(made.request, only=("gdp", "nope")))


def test_reports_folder_that_cannot_be_made_is_said(made: Made, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="cannot write to"):
        report(replace(made.request, out=tmp_path / "file" / "reports"))


# Data too short for a record ----------------------------------------------------------------------


def test_series_too_short_for_a_record_give_pages_that_say_what_is_known(tmp_path: Path) -> None:
    request = Request(
        data=builders.few(tmp_path / "data"), out=tmp_path / "reports", draws=400,
        families=("drift",), jobs=1, keep=1, langs=("en",),
    )  # fmt: skip
    made = report(request)
    found = read(made / "results.json")
    # No past forecast of its own can be verified: the record of the reference panels stands in.
    assert [entry["status"] for entry in found["targets"]] == ["assessed", "judgement"]
    assert found["targets"][0]["past_cases"] > 0
    assert "reference panels" in (made / "gdp.html").read_text("utf-8")
    made_pages = {path.stem: path for path in made.glob("*.html")}
    assert {"index", "track_record", "gdp", "rank", "data-jinhua-gdp"} <= set(made_pages)
    for page in made_pages.values():
        text = page.read_text("utf-8")
        text = re.sub(r"<(script|pre)\b.*?</\1>", "", text, flags=re.DOTALL)  # charts and code
        assert not re.search(r">[^<]*\b(nan|inf)\b[^<]*<", text), page.name

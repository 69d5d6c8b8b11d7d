"""Run files: what a scheduled run is asked for, and every mistake in them named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.cli import main as cli
from forecast.report import site
from forecast.report.contents import navigation, tasks
from forecast.report.execution.tasks import validate
from forecast.report.language import LANGUAGES
from forecast.report.request.options import Request, asked
from forecast.report.request.runfile import RunFileError, read
from forecast.study import Study
from tests.conftest import CITY, PLAN

SOUND = """
data = "tables"
out = "reports"
lang = ["zh", "en"]
draws = 800
keep = 3

[[set]]
plan = "jinhua_2027"

[[set]]
plan = "second"
draws = 1600
out = "elsewhere"

[[page]]
notebook = "10_target"
title = "Beyond the plan"
title_zh = "规划期之后"
parameters = { target = ["gdp", "trade"], horizon_year = [2030, 2035] }

[[page]]
notebook = "11_models"
parameters = { compared = ["drift", "theta"] }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text, "utf-8")
    return path


def test_sets_inherit_and_override(tmp_path: Path) -> None:
    first, second = read(write(tmp_path, SOUND))
    assert (first.plan, first.draws, first.out) == (PLAN, 800, tmp_path / "reports" / PLAN)
    assert (second.plan, second.draws, second.out) == ("second", 1600, tmp_path / "elsewhere")
    for request in (first, second):
        assert (request.data, request.langs, request.keep) == (tmp_path / "tables", ("zh", "en"), 3)
        assert request.seed == Request.seed
    assert [page.stem for page in first.pages] == [
        "target-gdp-2030", "target-gdp-2035", "target-trade-2030", "target-trade-2035",
        "models-drift-theta",
    ]  # fmt: skip
    page, *_, last = first.pages
    assert page.parameters == {"target": "gdp", "horizon_year": 2030}
    assert page.titles["zh"] == "规划期之后 · gdp · 2030"
    assert last.parameters == {"compared": ["drift", "theta"]}  # a list is what is asked for


def test_long_values_give_pages_names_of_their_own_that_any_system_takes(tmp_path: Path) -> None:
    long = "规划" * 100
    table = f'notebook = "10_target"\nparameters = {{ target = ["{long}a", "{long}b"] }}'
    (request,) = read(write(tmp_path, f"[[page]]\n{table}\n"))
    stems = [page.stem for page in request.pages]
    assert len(set(stems)) == 2
    assert all(stem.startswith("target-规划") and len(stem.encode()) < 120 for stem in stems)


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    text = """
draws = "many"
kepe = 3
jobs = 0
lang = ["en", "de"]
[[set]]
plan = "a"
[[set]]
out = 7
[[page]]
notebook = "10_target"
parameters = { tragte = "gdp", draws = "many", lang = "zh" }
[[page]]
notebook = "nowhere"
[[page]]
title = "No notebook"
"""
    with pytest.raises(RunFileError) as caught:
        read(write(tmp_path, text))
    first, *lines = str(caught.value).splitlines()
    assert first == f"{len(lines)} errors in the run file:"
    for said in (
        "run.toml, key draws: 'many' - expected a whole number",
        "run.toml, key kepe: '3' - expected one of plan, ",
        "(meant 'keep'?)",
        "run.toml, key jobs: '0' - expected 1 to 64",
        "run.toml, key lang: \"['en', 'de']\" - expected one or more of en, zh",
        "run.toml, [[set]] 2, key plan: expected a key of plans.csv",
        "run.toml, [[set]] 2, key out: '7' - expected a text in quotes",
        "run.toml, [[page]] 1, key parameters.tragte: 'gdp' - expected one of target, ",
        "run.toml, [[page]] 1, key parameters.draws: 'many' - expected int, or a list of such",
        "run.toml, [[page]] 1, key parameters.lang: 'zh' - expected one of ",
        "run.toml, [[page]] 2, key notebook: 'nowhere' - expected a notebook beside this file",
        "run.toml, [[page]] 3, key notebook: expected a line notebook = ...",
    ):
        assert any(said in line for line in lines), (said, lines)
    assert len(lines) == 11


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"draws = ", "expected TOML"),
        (b"\xff", "expected text in UTF-8"),
        (b"a = " + b"[" * 4000, "expected TOML"),
        (b"a = " + b"9" * 5000, "expected TOML"),
        (b"a = 0x" + b"f" * 5000, "expected whole numbers of at most 64 bits"),
        (b"a." * 900 + b"b = 1", "expected at most 20 tables and lists within each other"),
        (b'out = "a\\u0000"', "expected texts without control characters"),
        (b'[[page]]\nnotebook = "/"', "key notebook: '/' - expected a notebook beside this file"),
        (b'[[page]]\nnotebook = "' + b"a" * 5000 + b'"', "expected a notebook beside this file"),
        (
            b'[[page]]\nnotebook = "10_target"\nparameters = { target = ['
            + b'"gdp", ' * 200
            + b"], horizon_year = ["
            + b"2030, " * 200
            + b"] }",
            "key parameters: expected at most 1,000 pages, not 40,000",
        ),
        (b"set = 3", "key set: '3' - expected tables that begin with [[set]] or [[page]]"),
        (
            b'[[set]]\nplan = "all"\n[[set]]\nplan = "b"',
            "[[set]] 1, key plan: 'all' - expected one plan, where there are several sets",
        ),
    ],
)
def test_file_that_is_none_is_one_line(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "run.toml").write_bytes(raw)
    with pytest.raises(RunFileError, match=r"^1 error in the run file:\n  run.toml") as caught:
        read(tmp_path / "run.toml")
    assert said in str(caught.value)


def test_options_override_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[Request] = []

    def report(request: Request, progress: object) -> Path:
        made.append(request)
        return request.out / "set"

    monkeypatch.setattr(site, "report", report)
    run = ["report", "--run", str(write(tmp_path, SOUND))]
    assert cli.main([*run, "--draws", "400", "--lang", "en", "--out", str(tmp_path / "o")]) == 0
    assert [(r.draws, r.langs, r.out.name, r.keep) for r in made] == [
        (400, ("en",), PLAN, 3), (400, ("en",), "second", 3),
    ]  # fmt: skip
    made.clear()
    assert cli.main([*run, "--plan", "second"]) == 0
    assert [(r.plan, r.draws, r.out.name) for r in made] == [("second", 1600, "elsewhere")]
    made.clear()
    assert cli.main([*run, "--plan", "third"]) == 2
    assert "known are jinhua_2027, second" in capsys.readouterr().err
    assert cli.main(["report", "--run", str(write(tmp_path, "kepe = 3"))]) == 2
    assert "1 error in the run file:\n  run.toml, key kepe" in capsys.readouterr().err
    assert made == []


def test_languages_of_a_request_are_all() -> None:
    assert Request().langs == tuple(LANGUAGES)
    assert {entry.key for entry in asked()} >= {"lang", "single_file", "as_of", "notify"}


def test_further_pages_are_made_in_every_language(study: Study, tmp_path: Path) -> None:
    text = 'data = "{}"\nplan = "{}"\nlang = ["en", "zh"]\n[[page]]\nnotebook = "10_target"\n'
    text += "parameters = {{ target = 'gdp', horizon_year = [2030, 2035] }}"
    (request,) = read(write(tmp_path, text.format(CITY, PLAN)))
    pages = {page.stem: page for page in tasks(study, request)}
    validate(list(pages.values()))
    page = pages["zh/target-gdp-2035"]
    assert page.parameters["horizon_year"] == 2035
    assert page.parameters["lang"] == "zh"
    assert page.parameters["plan"] == PLAN
    assert page.title == "target · gdp · 2035"
    assert navigation(study, request, "en")[-1] == (
        "Further pages",
        [("target · gdp · 2030", "target-gdp-2030.html"),
         ("target · gdp · 2035", "target-gdp-2035.html")],
    )  # fmt: skip

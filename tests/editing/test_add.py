"""One figure is checked, shown and written, and its effect is printed."""

from __future__ import annotations

import builtins
import csv
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from forecast.cli import main as cli
from forecast.cli.tables import add as command
from forecast.editing import add
from forecast.editing.add import next_identifier, prepare, same_figures
from forecast.editing.tablefile import read_tables
from forecast.evidence.files.schema import COLUMNS
from forecast.evidence.loading import load
from forecast.targets.assessment import Assessment
from tests import builders

FIGURE = {
    "region": "jinhua", "indicator": "gdp", "period": "2024", "measure": "level", "value": "6400.5",
    "unit": "亿元", "status": "preliminary", "source": "news", "published": "2025-02-10",
}  # fmt: skip
LINE = "o0044,jinhua,gdp,2024,level,,nominal,6400.5,亿元,,preliminary,,news,,2025-02-10,,\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    # A figure of 2024 is given as a bound there; the tests add the figure itself.
    folder = builders.build(tmp_path / "data")
    row = builders.row_of("observations", period="2024", bound="lower")
    builders.edit(folder, "observations", row, value="6300")
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], data: Path) -> Run:
    def call(*options: str, **cells: str) -> tuple[int, str, str]:
        given = [word for name, cell in cells.items() for word in (f"--{name}", cell)]
        status = cli.main(["add", "--data", str(data), *given, *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# By options ---------------------------------------------------------------------------------------


def test_one_line_is_added_and_nothing_else(run: Run, data: Path) -> None:
    before = content(data)
    status, out, err = run("--yes", "--quiet", **FIGURE)
    assert (status, err) == (0, "")
    assert f"data/observations.csv\n  + {LINE}" in out
    assert out.endswith("Written as o0044.\n")
    after = content(data)
    assert after.pop("observations.csv") == before.pop("observations.csv") + LINE.encode()
    assert after == before


def test_dry_run_shows_and_writes_nothing(run: Run, data: Path) -> None:
    before = content(data)
    status, out, _ = run("--dry-run", "--quiet", **FIGURE)
    assert status == 0
    assert LINE in out
    assert "Nothing was written" in out
    assert content(data) == before


def test_new_source_comes_along(run: Run, data: Path) -> None:
    cells = {name: cell for name, cell in FIGURE.items() if name != "source"}
    status, out, _ = run(
        "--yes", "--quiet", "--new-source", "bulletin_2024", "--title", "Bulletin, 2024",
        "--kind", "bulletin", "--url", "https://example.org/2024", **cells,
    )  # fmt: skip
    assert status == 0
    assert out.index("data/sources.csv") < out.index("data/observations.csv")
    evidence = load(data)
    source = evidence.sources.iloc[-1]
    assert source["title"] == "Bulletin, 2024"
    assert source["published"] == "2025-02-10"  # that of the figure
    assert evidence.observations.iloc[-1]["source"] == "bulletin_2024"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (
            {"indicator": "gpd", "prices": "nominal"},
            "column indicator: 'gpd' - unknown indicator; expected an",
        ),
        ({"value": "6,400.5"}, "column value: '6,400.5' - expected a plain number such as 6400.5"),
        (
            {"period": "2024-06"},
            "column period: '2024-06' - wrong form for the measure level",
        ),
        ({"unit": "万元"}, "column value: '6400.5' - about 9,900 times less than its series"),
        ({"source": "nobody"}, "column source: 'nobody' - unknown source; expected a source of"),
        ({"published": "10.2.2025"}, "column published: '10.2.2025'"),
        ({"note": "two\nlines"}, r"column note: 'two\nlines' - expected one line of readable text"),
    ],
)
def test_wrong_cell_is_refused_as_the_check_does(
    run: Run, data: Path, cells: dict[str, str], told: str
) -> None:
    before = content(data)
    status, out, err = run("--yes", **{**FIGURE, **cells})
    assert (status, out) == (1, "")
    assert "1 error in the data" in err
    assert f"data/observations.csv row {len(builders.ROWS['observations']) + 2}, {told}" in err
    assert content(data) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--title", "T"], "expected --new-source KEY"),
        (["--source", "news", "--new-source", "other"], "expected one"),
    ],
)
def test_misuse_is_one_line(run: Run, options: list[str], told: str) -> None:
    status, out, err = run(*options)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert told in err


def test_missing_options_are_listed_with_their_allowed_values(run: Run) -> None:
    status, out, err = run(
        "--region", "jinhua", "--indicator", "gdp", "--measure", "growth", "--new-source", "gov"
    )
    assert (status, out) == (2, "")
    first, *lines = err.splitlines()
    assert first == "forecast: add needs these options as well:"
    given = dict(line.strip().split(": ", 1) for line in lines)
    assert list(given) == ["--title", "--period", "--prices", "--value"]
    assert given["--prices"] == "nominal, real, none"
    assert given["--period"].startswith("2023: the year.")


def test_unknown_keys_are_told_before_what_else_is_needed(run: Run) -> None:
    status, _, err = run("--region", "jinhua", "--indicator", "export")
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith(
        "forecast: unknown indicator 'export'; expected a key of indicators.csv: "
    )
    assert err.endswith("(meant 'exports'?)\n")


def test_columns_that_are_new_to_the_table_are_shown(run: Run, data: Path) -> None:
    path = data / "observations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row[:-2] for row in csv.reader(file)]  # without the notes
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    status, out, _ = run("--dry-run", "--quiet", **FIGURE, note="A remark")
    assert status == 0
    assert ",published,note\n  + o0044,jinhua,gdp,2024,level," in out
    assert ",news,,2025-02-10,A remark\n" in out


def test_without_any_option_all_are_listed(run: Run) -> None:
    status, _, err = run()
    assert status == 2
    assert "--region: a key of regions.csv: china, zhejiang, jinhua, bazaar" in err
    assert "--source: a key of sources.csv, or --new-source: yearbook, bulletin, customs" in err


def test_without_a_terminal_nothing_is_written_unasked(run: Run, data: Path) -> None:
    before = content(data)
    status, _, err = run(**FIGURE)
    assert status == 2
    assert "expected --yes or --dry-run" in err
    assert content(data) == before


def test_options_are_the_columns() -> None:
    assert ("observation", *command.CELLS) == COLUMNS["observations"]
    assert tuple(command.SOURCE_CELLS) == tuple(builders.columns("sources"))
    options = vars(get_command(cli.app))["commands"]["add"].params
    texts = {option.name: option.help for option in options}
    for table, named in (
        ("observations", {name: name for name in command.CELLS}),
        ("sources", command.SOURCE_CELLS),
    ):
        for field in builders.fields(table):
            for value in field.get("constraints", {}).get("enum", []):
                assert field["name"] == "unit" or value in texts[named[field["name"]]], value


def test_example_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).parents[2]
    before = content(root / "data")
    text = (root / "README.md").read_text("utf-8").replace("\\\n", "")
    (line,) = re.findall(r"^    (forecast add .*)$", text, re.MULTILINE)
    assert cli.main([*shlex.split(line)[1:], "--quiet"]) == 0
    assert capsys.readouterr().out.count("\n  + ") == 2  # the source and the observation
    assert content(root / "data") == before


# What there is already ----------------------------------------------------------------------------


def test_rows_with_the_same_figure_are_named(data: Path) -> None:
    evidence = load(data)
    here = {**FIGURE, "prices": "nominal", "period": "2023"}
    (same,) = same_figures(evidence, {**here, "value": "60113000", "unit": "万元"})
    assert same.startswith("o0007 has the same value: 6011.3 亿元 (preliminary, bulletin).")
    (other,) = same_figures(evidence, {**here, "value": "6000", "basis": "new_census"})
    assert other.startswith("o0007 has another value: 6011.3")
    assert same_figures(evidence, {**here, "basis": "old_census"}) == []
    assert same_figures(evidence, {**here, "bound": "lower"}) == []


def test_another_value_is_kept_beside(run: Run, data: Path) -> None:
    status, out, _ = run("--yes", "--quiet", **{**FIGURE, "period": "2023", "value": "6005"})
    assert status == 0
    assert "Note: o0007 has another value" in out
    values = load(data).statements("jinhua", "gdp").query("period == '2023' and measure == 'level'")
    assert list(values["value"]) == [6011.3, 6005]


def test_the_same_statement_of_the_same_source_is_refused(run: Run) -> None:
    cells = {**FIGURE, "period": "2023", "value": "6011.3", "source": "bulletin"}
    status, _, err = run("--yes", **cells)
    assert status == 1
    assert "duplicate value; expected each figure of a source once" in err


def test_what_makes_another_row_wrong_is_refused(run: Run, data: Path) -> None:
    """The figure through September is above this one."""
    before = content(data)
    status, _, err = run("--yes", **{**FIGURE, "value": "4000"})
    row = builders.row_of("observations", period="2024-09", measure="ytd_level")
    assert status == 1
    assert f"row {row}, column value: '4600.5' - cumulative figure above the level" in err
    assert content(data) == before


def test_only_new_doubts_are_shown(data: Path) -> None:
    row = builders.row_of("observations", indicator="express", period="2020")
    builders.edit(data, "observations", row, value="9.1")
    known = [p for p in load(data).warnings if p.column == "value"]
    assert known
    rank = {**FIGURE, "indicator": "business_rank", "value": "25", "unit": "rank", "period": "2023"}
    assert prepare(data, rank, None).warnings != load(data).warnings
    assert not set(known) & set(prepare(data, rank, None).warnings)


@pytest.mark.parametrize(
    ("last", "following"), [("o0043", "o0044"), ("o9999", "o10000"), ("o12345", "o12346")]
)
def test_next_identifier_is_never_one_in_use(data: Path, last: str, following: str) -> None:
    builders.edit(data, "observations", 2, observation=last)
    if last == "o0043":
        builders.edit(data, "observations", 2, observation="o0001")
    assert next_identifier(read_tables(data)["observations"]) == following


# Effect -------------------------------------------------------------------------------------------


def test_effect_is_fewfor_the_targets_on_the_indicator(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addition = prepare(builders.lengthen(data), FIGURE, None)
    calls = []

    def answered(study: Any, target: str, plan: str) -> Assessment:
        calls.append(target)
        known = len(study.evidence.observations) == len(addition.before.observations)
        return Assessment(
            study.evidence.target(plan, target), "assessed", "", 9500.0, "亿元",
            probability=0.2 if known else 0.35, floor=0.01, quantiles={0.5: 9000.0},
        )  # fmt: skip

    monkeypatch.setattr(add.Study, "assess", answered)
    monkeypatch.setattr(add.Study, "record", lambda _: None)
    (line,) = add.effect(addition.before, addition.after, {"gdp"})
    assert calls == ["gdp", "gdp"]
    assert "about 1,000 billion yuan in 2027 [jinhua_2027]: about 20 in 100" in line
    assert "(median 900 billion yuan) -> about 35 in 100" in line


def test_revised_study_answers_as_a_new_one(data: Path) -> None:
    from forecast.forecasting.model_pool import Options

    addition = prepare(builders.lengthen(data), FIGURE, None)
    options = Options(draws=400, families=("drift",))
    before = add.Study(addition.before, options)
    revised = before.revised(addition.after)
    fresh = add.Study(addition.after, options).histories()
    found = revised.histories()
    assert list(found) == list(fresh)
    for key, history in fresh.items():
        assert list(found[key].mean) == list(history.mean)
    assert revised.record() is before.record()
    assert list(found["jinhua/gdp"].years) == list(fresh["jinhua/gdp"].years)
    assert 0 < revised.assess("gdp").probability < 1


# Confirmation -------------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Answer the question whether to write; None interrupts it."""

    def answering(answer: str | None) -> None:
        def reply(_: str) -> str:
            if answer is None:
                raise EOFError
            return answer

        monkeypatch.setattr(builtins, "input", reply)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

    return answering


def test_a_yes_writes(run: Run, data: Path, terminal: Callable[[str | None], None]) -> None:
    terminal("y")
    status, out, err = run("--quiet", **FIGURE)
    assert (status, err) == (0, "")
    assert out.endswith("Written as o0044.\n")
    assert (data / "observations.csv").read_text("utf-8").endswith(LINE)


@pytest.mark.parametrize("answer", ["", "n", "no", "maybe"])
def test_only_a_yes_writes(
    run: Run, data: Path, terminal: Callable[[str | None], None], answer: str
) -> None:
    before = content(data)
    terminal(answer)
    status, out, _ = run(**FIGURE)
    assert status == 0
    assert out.endswith("Nothing was written.\n")
    assert content(data) == before


def test_leaving_early_writes_nothing(
    run: Run, data: Path, terminal: Callable[[str | None], None]
) -> None:
    before = content(data)
    terminal(None)
    status, _, err = run(**FIGURE)
    assert status == 130
    assert err.strip() == "forecast: interrupted; nothing was written"
    assert content(data) == before

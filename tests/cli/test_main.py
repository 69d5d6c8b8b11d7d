from __future__ import annotations

import csv
import functools
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.main import get_command

import forecast
from forecast import study
from forecast.cli import main as cli
from forecast.evidence.loading import load
from forecast.report import site
from forecast.report.request.options import Request
from tests import builders

OPTIONS = ["--draws", "400", "--families", "drift,theta"]
#: An interpreter, so that the tests do not depend on how the package was installed.
COMMAND = [sys.executable, "-m", "forecast.cli.main"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command as a function: status, what it printed, what it complained about.

    A slow machine shows no progress among the complaints.
    """
    monkeypatch.setattr(cli, "shown", functools.partial(cli.shown, patience=600))

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            status = cli.main([str(a) for a in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return builders.lengthen(builders.build(tmp_path / "data"))


# Check --------------------------------------------------------------------------------------------


def test_check_of_the_real_data(run: Run) -> None:
    status, out, err = run("check", "--data", Path(__file__).parents[2] / "data")
    assert (status, err) == (0, "")
    assert not re.search(r"\d+ errors? ", out)


def test_check_of_damaged_data_names_all_problems(run: Run, data: Path) -> None:
    gdp = builders.row_of("observations", indicator="gdp", period="2020")
    builders.edit(data, "observations", gdp, value="-4703.9")
    row = builders.row_of("targets", target="gdp")
    builders.edit(data, "targets", row, indicator="gpd")
    status, out, err = run("check", "--data", data)
    assert (status, err) == (1, "")
    assert f"data/observations.csv row {gdp}, column value: '-4703.9'" in out
    assert f"data/targets.csv row {row}, column indicator: 'gpd'" in out


def test_warnings_alone_are_no_failure(run: Run, data: Path) -> None:
    row = builders.row_of("observations", indicator="express", period="2020")
    builders.edit(data, "observations", row, value="9.1")
    status, out, _ = run("check", "--data", data)
    assert ("warning" in out, "error" in out, status) in [(True, False, 0), (True, True, 1)]


# History ------------------------------------------------------------------------------------------


def test_history_prints_the_path_with_its_statements(run: Run) -> None:
    status, out, err = run("history", "gdp")
    assert (status, err) == (0, "")
    (line,) = [line for line in out.splitlines() if re.match(r"\s*2023 ", line)]
    assert re.search(r"6\d\d\.\d +6\d\d\.\d to 6\d\d(\.\d)? +derived +o\d{4}", line)
    assert "<" not in out
    assert "Estimate, billion yuan" in out
    assert not re.search(r"\bnan\b|\*\*|`", out)


def test_history_as_csv(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new" / "gdp.csv"
    status, out, _ = run("history", "gdp", "--region", "zhejiang", "--csv", file)
    assert status == 0
    assert str(file) in out
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert list(rows[0]) == [
        "region", "indicator", "year", "estimate", "low", "high", "origin", "statements", "unit",
    ]  # fmt: skip
    assert {(r["region"], r["indicator"], r["unit"]) for r in rows} == {("zhejiang", "gdp", "亿元")}
    years = [int(r["year"]) for r in rows]
    assert years == list(range(years[0], years[0] + len(rows)))
    for row in rows:
        assert float(row["low"]) < float(row["estimate"]) < float(row["high"])
        assert row["origin"] in ("published", "derived", "nowcast", "imputed", "interpolated")


def test_history_as_of_a_day_knows_nothing_later(run: Run) -> None:
    _, out, _ = run("history", "gdp", "--as-of", "2022-06-30")
    years = [int(y) for y in re.findall(r"^\s*(20\d\d) ", out, re.MULTILINE)]
    assert max(years) in (2021, 2022)


def test_file_that_cannot_be_written_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    status, _, err = run("history", "gdp", "--csv", tmp_path / "file" / "gdp.csv")
    assert status in (1, 2)
    assert err.count("\n") == 1
    assert "file" in err


# Assess -------------------------------------------------------------------------------------------


def test_assess_prints_the_answer(run: Run, data: Path) -> None:
    status, out, err = run("assess", "gdp", "--data", data, *OPTIONS)
    assert (status, err) == (0, "")
    assert out.startswith("GDP: about 1,000 billion yuan in 2027\n")
    assert "in 100" in out
    assert not re.search(r"\bnan\b|\bNone\b|\*\*|`|^#", out, re.MULTILINE)


def test_assess_another_year(run: Run, data: Path) -> None:
    _, out, _ = run("assess", "gdp", "--data", data, "--year", "2030", *OPTIONS)
    assert "in 2030" in out.splitlines()[0]
    assert "The median forecast for 2030 is" in out


def test_assess_what_cannot_be_assessed(run: Run, data: Path) -> None:
    status, out, err = run("assess", "tax", "--data", data, *OPTIONS)
    assert (status, err) == (0, "")
    assert "Partly known: no probability is given" in out
    assert "Missing: Tax per mu" in out


def test_same_seed_gives_the_same_answer(run: Run, data: Path) -> None:
    first = run("assess", "gdp", "--data", data, *OPTIONS)
    again = run("assess", "gdp", "--data", data, "--draws", "400", "--families", "theta, drift")
    other = run("assess", "gdp", "--data", data, "--seed", "1", *OPTIONS)
    assert first == again
    assert first != other


# Misuse -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["history", "nope"], "unknown indicator 'nope'"),
        (["history", "gdp", "--region", "nope"], "unknown region 'nope'"),
        (["history", "gdp", "--as-of", "June"], "as_of 'June' is not a date"),
        (["assess", "nope"], "unknown target 'jinhua_2027/nope'"),
        (["assess", "gdp", "--plan", "nope"], "no plan 'nope' in plans.csv; known are jinhua_2027"),
        (["assess", "gdp", "--draws", "5"], "draws is 5"),
        (["assess", "gdp", "--draws", "5000000"], "expected 200 to 1,000,000"),
        (["assess", "gdp", "--seed", "-1"], "seed is -1"),
        (["assess", "gdp", "--families", "drift,magic"], "unknown families magic"),
        (["assess", "gdp", "--year", "1066"], "1066"),
        (["report", "--jobs", "0"], "jobs is 0; expected 1 to 64"),
        (["report", "--backend", "spark"], "backend is 'spark'; expected one of local, dask"),
        (["report", "--scheduler", "tcp://a:1"], "expected backend dask beside it"),
        (["report", "--timeout", "0"], "timeout"),
        (["report", "--plan", "nope"], "no plan 'nope' in plans.csv; known are jinhua_2027"),
    ],
)
def test_misuse_is_one_line_and_status_2(
    run: Run, data: Path, tmp_path: Path, arguments: list[str], told: str
) -> None:
    command, *rest = arguments
    out = ["--out", tmp_path / "reports"] if command == "report" else []
    status, printed, err = run(command, *rest, "--data", data, *out)
    assert printed == ""
    assert err.startswith("forecast: ")
    assert err.count("\n") == 1
    assert told in err
    assert status == 2
    assert not (tmp_path / "reports").exists()


def test_unknown_target_is_said_before_anything_is_computed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All past forecasts of all series take most of a minute: nobody waits that long for a typo."""

    def computed(*_: object) -> None:
        raise AssertionError("computed first")

    monkeypatch.setattr(study.Study, "record", computed)
    status, _, err = run("assess", "nope", *OPTIONS)
    assert (status, err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "arguments", [[], ["nope"], ["history"], ["assess", "gdp", "--draws", "many"], ["check", "x"]]
)
def test_grammar_is_refused_with_a_usage_line(run: Run, arguments: list[str]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "Usage: forecast " in err
    assert "Traceback" not in err


COMMANDS = list(vars(get_command(cli.app))["commands"])
#: Commands that read panels or sets that are made, and no tables.
OF_SETS = ("verify", "compare", "pdf", "mail")
WITHOUT_TABLES = ("new", "predict", "attain", "calibrate", *OF_SETS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_every_option(run: Run, command: str) -> None:
    status, out, err = run(command, "--help")
    assert (status, err) == (0, "")
    assert not re.search(r"``|:\w+:`|Parameters\n", out)
    unexplained = re.findall(r"^\W*--[a-z-]+ +(?:-h +)?(?:<\w+>|[A-Z][\w-]*)\W*$", out, re.M)
    assert not unexplained
    assert ("--data" in out) == (command not in WITHOUT_TABLES)
    assert ("--reports" in out) == (command in OF_SETS)
    assert "--debug" in out


def test_help_lists_every_command_and_options_their_defaults(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    for command in COMMANDS:
        assert re.search(rf"^\W+{command} +[A-Z]", out, re.M)
    status, out, _ = run("assess", "--help")
    assert "[default: 4000]" in out
    assert "[default: 2027]" in out


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"forecast {forecast.__version__}\n", "")


def test_shells_can_complete_commands(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_FORECAST_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "forecast ex")
    monkeypatch.setenv("COMP_CWORD", "1")
    status, out, _ = run()
    assert (status, out.split()) == (0, ["export-data"])


def test_history_of_what_has_no_level_is_one_line(run: Run) -> None:
    status, out, err = run("history", "friendly_cities")
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert "at least one yearly level" in err


@pytest.mark.parametrize("command", [["history", "gdp"], ["assess", "gdp"], ["report"]])
def test_damaged_data_are_refused_by_every_command(
    run: Run, data: Path, tmp_path: Path, command: list[str]
) -> None:
    (data / "sources.csv").unlink()
    out = ["--out", tmp_path / "reports"] if command == ["report"] else []
    status, printed, err = run(*command, "--data", data, *out)
    assert (status, printed) == (1, "")
    assert "1 error in the data" in err
    assert "sources.csv" in err
    assert not (tmp_path / "reports").exists()


def test_a_set_of_every_plan_goes_on_when_one_fails(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (data / "plans.csv").open("a", encoding="utf-8") as plans:
        for key in ("second", "third"):
            cells = {"plan": key, "name": key, "region": "zhejiang", "horizon": "2030"}
            names = builders.columns("plans")
            plans.write(",".join(cells.get(name, "") for name in names) + "\n")
    asked = []

    def made(request: Request, progress: object) -> Path:
        asked.append((request.plan, request.out))
        if request.plan == "second":
            raise site.ReportError("1 page could not be made")
        return request.out / "set"

    monkeypatch.setattr(site, "report", made)
    status, out, err = run("report", "--plan", "all", "--data", data, "--out", tmp_path / "r")
    keys = ["jinhua_2027", "second", "third"]
    assert asked == [(key, (tmp_path / "r" / key).resolve()) for key in keys]
    assert out.count("The set is complete") == 2
    assert status == 1
    assert err == "forecast: 1 of 3 plans failed\nsecond: 1 page could not be made\n"


def test_sets_of_a_run_file_go_on_when_one_has_wrong_data(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And when one names an unknown plan: the others are published, so that it is no misuse."""
    (tmp_path / "wrong").mkdir()
    file = tmp_path / "run.toml"
    asked = (("jinhua_2027", "data"), ("broken", "wrong"), ("unknown", "data"))
    sets = "".join(f'[[set]]\nplan = "{plan}"\ndata = "{folder}"\n' for plan, folder in asked)
    file.write_text(f'out = "r"\n{sets}', "utf-8")
    made = []

    def report(request: Request, progress: object) -> Path:
        assert request.data is not None
        load(request.data).plan(request.plan)
        made.append(request.plan)
        return request.out / "set"

    monkeypatch.setattr(site, "report", report)
    status, out, err = run("report", "--run", file)
    assert (status, made) == (1, ["jinhua_2027"])
    assert out.count("The set is complete") == 1
    assert err.startswith("forecast: 2 of 3 plans failed\nbroken: 6 errors in the data:\n")
    assert "unknown: no plan 'unknown' in plans.csv" in err


@pytest.mark.skipif(os.name != "posix", reason="paths are text")
@pytest.mark.parametrize("option", ["--data", "--out"])
def test_path_that_is_no_text_is_refused_before_anything_is_computed(run: Run, option: str) -> None:
    """No page or file of results could name it."""
    status, _, err = run("report", option, os.fsdecode(b"\xb2\xdd"))
    assert status == 2
    assert err.endswith("\\udcb2\\udcdd'; expected a path in the encoding of the system\n")


def test_failure_of_every_plan_is_told(run: Run, data: Path, tmp_path: Path) -> None:
    """Damaged data as well, which say which plans there are."""
    (data / "plans.csv").write_text("plan\n", "utf-8")
    heard = tmp_path / "heard.json"
    script = f"import sys; open({str(heard)!r}, 'w').write(sys.stdin.read())"
    command = shlex.join([sys.executable, "-c", script])
    options = ["--out", tmp_path / "r", "--progress", "json", "--notify", command]
    status, out, _ = run("report", "--plan", "all", "--data", data, *options)
    assert status == 1
    told = json.loads(heard.read_text("utf-8"))
    assert (told["event"], told["plan"], told["status"]) == ("failed", "all", 1)
    assert [json.loads(line)["event"] for line in out.splitlines()] == ["failed"]


# Faults -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (np.linalg.LinAlgError("Singular matrix"), "LinAlgError: Singular matrix"),
        (ValueError("operands could not be broadcast"), "ValueError: operands could not be"),
        (KeyError("nope"), "KeyError: 'nope'"),
        (ValueError("line one\nline two"), "ValueError: line one"),
        (ZeroDivisionError(), "ZeroDivisionError"),
    ],
)
def test_fault_of_the_program_is_no_misuse(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(study, "open_study", fail)
    status, out, err = run("history", "gdp")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "a fault of the program, not of the input" in err
    assert told in err
    for arguments in (["--debug", "history", "gdp"], ["history", "gdp", "--debug"]):
        status, _, err = run(*arguments)
        assert status == 1
        assert "Traceback" in err


def test_disk_that_refuses_is_told_as_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/disk/file")

    monkeypatch.setattr(study, "open_study", fail)
    status, _, err = run("history", "gdp")
    assert (status, err) == (1, "forecast: No space left on device: /disk/file\n")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_any_console_gets_the_answer_in_utf8(data: Path, encoding: str) -> None:
    done = subprocess.run(
        [*COMMAND, "history", "gdp", "--data", str(data)],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "“Old census”" in done.stdout.decode("utf-8")


def test_help_and_misuse_are_in_utf8_on_any_console() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    for arguments, status in ((["--help"], 0), (["history", "--region"], 2)):
        done = subprocess.run(
            [*COMMAND, *arguments], capture_output=True, check=False, env=environment
        )
        assert done.returncode == status
        told = (done.stdout + done.stderr).decode("utf-8")
        assert "╭─" in told
        assert "Traceback" not in told


# Interruptions ------------------------------------------------------------------------------------


def test_interrupt_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(study, "open_study", interrupted)
    status, _, err = run("history", "gdp")
    assert status == 130
    assert err.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")
def test_request_to_end_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "open_study", lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM))
    before = signal.getsignal(signal.SIGTERM)
    status, _, err = run("history", "gdp")
    assert (status, err.count("\n")) == (143, 1)
    assert "terminated" in err
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signals")
@pytest.mark.parametrize(
    ("number", "before", "status"),
    [
        # A shell has what it starts in the background ignore an interrupt.
        (signal.SIGINT, signal.SIG_IGN, 130),
        (signal.SIGHUP, signal.SIG_DFL, 129),
        (signal.SIGHUP, signal.SIG_IGN, 0),  # nohup
    ],
)
def test_signals_to_a_run_in_the_background(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    before: signal.Handlers,
    status: int,
) -> None:
    opened = study.open_study

    def asked(*given: object, **more: object) -> object:
        os.kill(os.getpid(), number)
        return opened(*given, **more)

    monkeypatch.setattr(study, "open_study", asked)
    outer = signal.signal(number, before)
    try:
        found, _, err = run("history", "gdp")
        assert (found, err.count("\n")) == (status, int(status > 0))
        assert signal.getsignal(number) == before
    finally:
        signal.signal(number, outer)


@pytest.mark.skipif(os.name != "posix", reason="shells differ")
@pytest.mark.parametrize("closed", ["<&- >&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(data: Path, tmp_path: Path, closed: str) -> None:
    command = shlex.join([*COMMAND, "report", "--dry-run", "--data", str(data)])
    out = shlex.join(["--out", str(tmp_path / "out")])
    done = subprocess.run(["sh", "-c", f"{command} {out} {closed}"], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    progress = "from forecast.cli.main import _print_any_character as p; import sys; p()"
    check = f"{progress}; sys.exit(sys.stdout.isatty() or sys.stderr.isatty())"
    command = shlex.join([sys.executable, "-c", check])
    assert subprocess.run(["sh", "-c", f"{command} {closed}"]).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="pipes close otherwise there")
def test_reader_that_goes_away_early_is_no_error() -> None:
    process = subprocess.Popen(
        [*COMMAND, "history", "gdp"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read().decode()
    process.stderr.close()
    assert (process.wait(60), complaint) == (0, "")


def test_command_as_installed(tmp_path: Path) -> None:
    """The one real process: status and streams as a shell sees them, from any folder."""
    done = subprocess.run(
        [*COMMAND, "history", "nope"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr

"""The command ``forecast``: data, histories, targets, reports, and panels of your own."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forecast.evidence.problems import UserError
from forecast.threads import ONE_THREAD

if TYPE_CHECKING:
    from forecast.study import Study


def command() -> int:
    """Run the command in a process of its own."""
    os.environ.update({**ONE_THREAD, **os.environ})
    return main()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    0 done; 1 the data, a page or the program failed; 2 an option or a name is wrong; 130 and 143
    interrupted and terminated.
    """
    _print_any_character()
    arguments = _parser().parse_args(argv)
    from forecast.evidence.problems import DataError

    try:
        with _ended_by(signal.SIGTERM):
            status: int = arguments.do(arguments)
            sys.stdout.flush()  # a reader that has gone is noticed here, not at Python's end
            return status
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt as stop:
        how = "terminated" if isinstance(stop, _TerminatedError) else "interrupted"
        print(f"forecast: {how}; the newest complete set is as it was", file=sys.stderr)
        return 143 if isinstance(stop, _TerminatedError) else 130
    except Exception as error:
        if arguments.debug:
            traceback.print_exc()
        if isinstance(error, UserError):
            print(error if isinstance(error, DataError) else f"forecast: {error}", file=sys.stderr)
            return error.status
        print(f"forecast: {_fault(error)}", file=sys.stderr)
        return 1


class _TerminatedError(KeyboardInterrupt):
    """The process was asked to end; handled as an interrupt is, so that everything is put away."""


@contextlib.contextmanager
def _ended_by(number: int) -> Iterator[None]:
    """Turn a signal that asks the process to end into an exception, here and nowhere else."""

    def end(*_: object) -> None:
        raise _TerminatedError

    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread alone
        return
    before = signal.signal(number, end)
    try:
        yield
    finally:
        signal.signal(number, before)


def _print_any_character() -> None:
    """Write UTF-8 whatever the console's code page: names and units are Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _fault(error: Exception) -> str:
    """Say what stopped the command although nothing was wrong with what it was given."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    message = (str(error).strip().splitlines() or [""])[0]
    kind = type(error).__name__
    return (
        f"a fault of the program, not of the input: {kind}{': ' if message else ''}{message}"
        " (--debug prints where)"
    )


def _parser() -> argparse.ArgumentParser:
    from forecast.cli import editing as editing
    from forecast.cli.panels import add_commands

    parser = argparse.ArgumentParser(prog="forecast", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, help="folder of the tables (the repository's own)")
    as_of = argparse.ArgumentParser(add_help=False)
    as_of.add_argument("--as-of", default="", help="use only what was published by YYYY-MM-DD")
    first = "key in plans.csv (the first)"
    sampling = argparse.ArgumentParser(add_help=False)
    sampling.add_argument("--draws", type=int, default=4000, help="simulated futures (4000)")
    sampling.add_argument("--seed", type=int, default=2027, help="of the random numbers (2027)")
    sampling.add_argument(
        "--families",
        default="",
        help="families to pool instead of the learned ensemble, separated by commas",
    )
    sampling.add_argument(
        "--outside", default="all", metavar="all|none",
        help="whether what others expect bears on the forecast (all)",
    )  # fmt: skip

    check = commands.add_parser(
        "check", parents=[data], help="validate the data, name all problems"
    )
    check.set_defaults(do=_check)

    history = commands.add_parser(
        "history", parents=[data, as_of], help="print the reconciled path of an indicator"
    )
    history.add_argument("indicator")
    history.add_argument("--region", default="", help="that of the first plan if left out")
    history.add_argument("--csv", type=Path, metavar="FILE", help="write the path to FILE")
    history.set_defaults(do=_history)

    assess = commands.add_parser(
        "assess", parents=[data, as_of, sampling], help="print the answer on one target"
    )
    assess.add_argument("target")
    assess.add_argument("--plan", default="", help=first)
    assess.add_argument("--year", type=int, help="another year than the plan's")
    assess.add_argument(
        "--beside", action="store_true",
        help="also fit every family of models beside the learned ensemble (slow)",
    )  # fmt: skip
    assess.set_defaults(do=_assess)

    gaps = commands.add_parser(
        "gaps", parents=[data, as_of, sampling], help="print which missing figure to get next"
    )
    gaps.add_argument("--plan", default="", help=first)
    gaps.add_argument("--csv", type=Path, metavar="FILE", help="write the work plan to FILE")
    gaps.set_defaults(do=_gaps)

    scenario = commands.add_parser(
        "scenario", parents=[data, as_of, sampling],
        help="print what becomes of the targets under a scenario; without NAME, list them",
    )  # fmt: skip
    scenario.add_argument("name", nargs="?", metavar="NAME", default="")
    scenario.add_argument("--plan", default="", help=first)
    scenario.set_defaults(do=_scenario)

    backtest = commands.add_parser(
        "backtest", parents=[data, as_of],
        help="score past forecasts of a panel, or of all series of the data",
        description="Forecast from every past year, by the learned ensemble, each of its component "
        "forecasts, naive, drift and climatology, and score these against the outcomes. Without a "
        "panel, the project's own series are used.",
    )  # fmt: skip
    backtest.add_argument(
        "panel", type=Path, nargs="?", metavar="PANEL.csv", help="columns series_id, year, value"
    )
    backtest.add_argument("--horizon", type=int, default=5, metavar="H", help="years ahead (5)")
    backtest.add_argument(
        "--transform", default="auto", help="scale of a panel; see forecast predict --help"
    )
    backtest.add_argument("--kind", default="flow", help="of a panel: flow (default) or stock")
    backtest.add_argument(
        "--out", type=Path, metavar="FILE", help="CSV of every past forecast with its scores"
    )
    backtest.add_argument("--seed", type=int, default=2027, help="of the random numbers (2027)")
    backtest.set_defaults(do=_backtest)

    report = commands.add_parser(
        "report", parents=[data, as_of, sampling], help="make all pages and publish the set"
    )
    report.add_argument("--plan", default="", help=first)
    report.add_argument("--out", type=Path, help="folder of the sets (reports/)")
    report.add_argument("--jobs", type=int, default=2, help="processes at work (2)")
    report.add_argument("--timeout", type=float, default=300.0, help="seconds per page (300)")
    report.add_argument("--keep", type=int, default=12, help="newest sets that are kept (12)")
    report.set_defaults(do=_report)
    editing.add_commands(commands, data)
    add_commands(commands)
    for every in (parser, *commands.choices.values()):
        debug = False if every is parser else argparse.SUPPRESS
        every.add_argument(
            "--debug", action="store_true", default=debug, help="print the traceback of an error"
        )
    return parser


def _families(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _study(arguments: argparse.Namespace) -> Study:
    from forecast import open_study

    return open_study(
        arguments.data, arguments.as_of, arguments.draws, arguments.seed,
        _families(arguments.families), outside=arguments.outside,
    )  # fmt: skip


def _check(arguments: argparse.Namespace) -> int:
    from forecast.evidence.evidence import default_folder, inspect
    from forecast.evidence.problems import render
    from forecast.scenarios import spec as files

    tables, _, problems = inspect(arguments.data)
    if {"regions", "indicators", "sources"} <= set(tables):
        problems += files.inspect(arguments.data or default_folder(), tables)[1]
    print(render(problems))
    return int(any(p.severity == "error" for p in problems))


def _history(arguments: argparse.Namespace) -> int:
    from forecast import open_study
    from forecast.report.pages import series_words, tables, words

    study = open_study(arguments.data, arguments.as_of)
    region = arguments.region or str(study.evidence.plan()["region"])
    known = study.history(region, arguments.indicator)
    _name_failures(study)
    if arguments.csv:
        table = known.table()
        table.insert(0, "region", known.region)
        table.insert(1, "indicator", known.indicator)
        table["unit"] = known.unit
        try:
            arguments.csv.parent.mkdir(parents=True, exist_ok=True)
            table.to_csv(arguments.csv, index=False)
        except OSError as error:
            raise UserError(f"cannot write {arguments.csv}: {error.strerror}") from None
        print(f"{len(table)} years of {known.key} written to {arguments.csv}")
        return 0
    title = words.series_title(study.evidence, known.region, known.indicator)
    print(f"{title}, {words.unit_label(known.unit)}\n")
    print(tables.years(known).to_string(index=False))
    series = study.evidence.statements(known.region, known.indicator)
    print("\n" + words.plain(series_words.lead(known, series)))
    if words.steps(known):
        print(words.plain(words.steps(known)))
    return 0


def _name_failures(study: Study) -> None:
    """Print the series that are left out because they cannot be computed."""
    for key, reason in study.failed().items():
        print(f"forecast: {key} is left out: {reason}", file=sys.stderr)


def _assess(arguments: argparse.Namespace) -> int:
    from forecast.report.pages import expectations as others
    from forecast.report.pages import findings, record_words, words

    study = _study(arguments)
    if not (arguments.beside or study.options.families):
        study = study.quick()
    answer = study.assess(arguments.target, arguments.plan, arguments.year)
    _name_failures(study)
    for text in (
        words.title(answer), findings.lead(answer), words.thin(study.evidence, answer),
        words.pace(answer), words.uncertainty(answer), findings.method(answer),
        words.ever(answer), others.note(study.evidence, answer),
        record_words.next_year(study.evidence, answer), record_words.record(answer),
        findings.judgement(answer),
        f"Missing: {findings.figures(study.evidence, answer.missing)}." if answer.missing else "",
    ):  # fmt: skip
        if text:
            print(words.plain(text) + "\n")
    return 0


def _gaps(arguments: argparse.Namespace) -> int:
    from forecast.report.pages import tables
    from forecast.targets.value_of_information import all_gaps

    study = _study(arguments)
    _name_failures(study)
    plan = tables.work_plan(study.evidence, all_gaps(study, study.assess_all(arguments.plan)))
    if arguments.csv:
        try:
            arguments.csv.parent.mkdir(parents=True, exist_ok=True)
            plan.to_csv(arguments.csv, index=False)
        except OSError as error:
            raise UserError(f"cannot write {arguments.csv}: {error.strerror}") from None
        print(f"{len(plan)} lines written to {arguments.csv}")
        return 0
    for row in plan.itertuples():
        print(f"{row.rank:>2}. {row.get}\n    for {row.name}: {row.effect}")
    if plan.empty:
        print("Nothing that is missing would change an answer.")
    return 0


def _scenario(arguments: argparse.Namespace) -> int:
    from forecast.report.pages import scenario_words, words
    from forecast.scenarios import joint_targets as together

    study = _study(arguments)
    known = study.scenarios()
    if not arguments.name:
        for key, scenario in known.items():
            print(f"{key}: {scenario.name}. {scenario.story}\n")
        return 0
    if arguments.name not in known:
        raise UserError(f"no scenario {arguments.name!r}; there are {', '.join(known)}")
    scenario = known[arguments.name]
    outcome = study.scenario(scenario, arguments.plan)
    print(f"{scenario.name}\n\n{scenario.story}\n")
    for s in scenario.statements:
        print(f"- {scenario_words.statement(study.evidence, s)}. {s.reason}"
              + (f" [{s.source}]" if s.source else ""))  # fmt: skip
    baseline = study.scenario("baseline", arguments.plan)
    if not baseline.joint.goals:
        print("No target of the plan is a threshold on a series that can be forecast.")
        return 0
    print("\n" + words.plain(scenario_words.distance(outcome)) + "\n")
    print(scenario_words.beside(together.beside(baseline, outcome)).to_string(index=False) + "\n")
    print(scenario_words.all_together(
        outcome, together.at_least(outcome), together.independent(outcome)
    ))  # fmt: skip
    return 0


def _backtest(arguments: argparse.Namespace) -> int:
    from forecast.cli.panels import backtest, told
    from forecast.evidence.panels import read

    if arguments.panel:
        if arguments.data or arguments.as_of:
            raise UserError("--data and --as-of are for our own series, not for a panel")
        panels = [("", arguments.transform, arguments.kind, told(read(arguments.panel)))]
        return backtest(panels, arguments.horizon, arguments.out)

    from forecast import open_study
    from forecast.forecasting import ensemble as learned
    from forecast.report.pages import record_words, tables, words

    study = open_study(arguments.data, arguments.as_of, seed=arguments.seed)
    record = study.track_record()
    print(words.plain(record_words.lead(record)) + "\n")
    if not len(record):
        return 0
    print(tables.reliability_table(record).to_string(index=False) + "\n")
    print(tables.scores(study.comparison()).to_string(index=False) + "\n")
    print(words.plain(record_words.limits(record)))
    own = learned.panels(study.histories())
    named = [
        (f"{kind}, {scale} scale", scale, "stock" if kind == "stock" else "flow", panel)
        for (scale, kind), panel in own.items()
    ]
    return backtest(named, arguments.horizon, arguments.out)


def _report(arguments: argparse.Namespace) -> int:
    from forecast.report.site import REPORTS, Request, report

    if not 1 <= arguments.jobs <= 64:
        raise UserError(f"jobs is {arguments.jobs}; expected 1 to 64")
    if arguments.keep < 1:
        raise UserError(f"keep is {arguments.keep}; expected 1 or more sets")
    if not 1 <= arguments.timeout <= 86_400:
        raise UserError(f"timeout is {arguments.timeout:g}; expected 1 to 86,400 seconds")
    request = Request(
        plan=arguments.plan,
        out=(arguments.out or REPORTS).resolve(),
        data=arguments.data,
        as_of=arguments.as_of,
        draws=arguments.draws,
        seed=arguments.seed,
        families=_families(arguments.families),
        outside=arguments.outside,
        jobs=arguments.jobs,
        timeout=arguments.timeout,
        keep=arguments.keep,
    )
    published = report(request, lambda line: print(line, flush=True))
    print(f"\nThe set is complete: {published}\nOpen {request.out / 'latest' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The command ``forecast``: which commands there are, and how each of them ends."""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import typer

import forecast
from forecast.cli.backtest import backtest
from forecast.cli.compare import compare
from forecast.cli.data import check, columns, history
from forecast.cli.panels import attain, calibrate, predict
from forecast.cli.report import report, verify
from forecast.cli.scenario import scenario
from forecast.cli.sharing import mail, pdf
from forecast.cli.tables.add import add
from forecast.cli.tables.import_ import import_
from forecast.cli.tables.new import new
from forecast.cli.tables.workbook import export_data, import_data
from forecast.cli.targets import assess, gaps
from forecast.evidence.problems import DataError, UserError
from forecast.progress import shown
from forecast.threads import ONE_THREAD

COMMANDS: dict[str, tuple[Callable[..., int], ...]] = {
    "Answers": (assess, gaps, history, scenario, report, verify, compare, pdf, mail),
    "Data": (new, check, columns, add, import_, export_data, import_data),
    "Panels of your own, and the record": (predict, attain, backtest, calibrate),
}
Debug = Annotated[bool, typer.Option("--debug", help="Print the traceback of an error.")]


def command() -> int:
    """Run the command in a process of its own."""
    os.environ.update({**ONE_THREAD, **os.environ})
    return main()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    0 done; 1 the data, the pages or the program failed; 2 an option or a name is wrong; 3 a set is
    published of which some pages failed; 130, 129 and 143 interrupted, hung up and terminated.
    """
    _print_any_character()
    try:
        typer.main.get_command(app)(args=argv, prog_name="forecast")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _print_any_character() -> None:
    """Write UTF-8 whatever the console's code page: names and units are Chinese."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the process
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _exiting(function: Callable[..., int]) -> Callable[..., None]:
    """Return a command with --debug that ends with the status of a function."""
    signature = inspect.signature(function, eval_str=True)
    debug = inspect.Parameter(
        "debug", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Debug
    )

    @functools.wraps(function)
    def run(*, debug: bool, **given: Any) -> None:
        raise typer.Exit(_status(functools.partial(function, **given), debug))

    parameters = [*signature.parameters.values(), debug]
    run.__annotations__ = {p.name: p.annotation for p in parameters}  # both are read by Typer
    vars(run)["__signature__"] = signature.replace(parameters=parameters)
    return run


def _status(run: Callable[[], int], debug: bool) -> int:
    """Run a command, print the error that stopped it, and return the exit status."""
    try:
        with _ended_by_signals(), shown(sys.stderr):
            status = run()
            sys.stdout.flush()  # a closed pipe is found here, not at Python's end
            return status
    except BrokenPipeError:  # whoever read our output has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt as stop:
        number = getattr(stop, "number", signal.SIGINT)
        how = "interrupted" if number == signal.SIGINT else "terminated"
        print(f"forecast: {how}; {str(stop) or 'nothing incomplete was left'}", file=sys.stderr)
        return 128 + number
    except Exception as error:
        if debug:
            traceback.print_exc()
        if isinstance(error, UserError):
            print(error if isinstance(error, DataError) else f"forecast: {error}", file=sys.stderr)
            return error.status
        print(f"forecast: {_fault(error)}", file=sys.stderr)
        return 1


class _TerminatedError(KeyboardInterrupt):
    """The process was asked to end; handled as an interrupt, so that everything is cleaned up."""

    number = 0  # of the signal


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turn the signals that ask the process to end into exceptions, here and nowhere else.

    A terminal that closes sends one as well; it is ignored under nohup. A shell lets what it starts
    in the background ignore an interrupt: who sends one to this very process means it.
    """

    def end(number: int, _: object) -> None:
        stop = _TerminatedError()
        stop.number = number
        raise stop

    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread alone
        return
    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, end)}
    if os.name == "posix" and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, end)
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _fault(error: Exception) -> str:
    """Return the message on an error that no input caused."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    message = (str(error).strip().splitlines() or [""])[0]
    kind = type(error).__name__
    return (
        f"a fault of the program, not of the input: {kind}{': ' if message else ''}{message}"
        " (--debug prints where)"
    )


def _version(asked: bool) -> None:
    if asked:
        print(f"forecast {forecast.__version__}")
        raise typer.Exit


app = typer.Typer(context_settings={"help_option_names": ["--help", "-h"]})


@app.callback()
def options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
    debug: Debug = False,
) -> None:
    """How likely is a plan's target, what would it take, and how do we know."""
    if debug:  # is the default of the command then
        context.default_map = {str(context.invoked_subcommand): {"debug": True}}


for _panel, _functions in COMMANDS.items():
    for _function in _functions:
        _name = _function.__name__.strip("_").replace("_", "-")  # import is a word of Python
        app.command(_name, rich_help_panel=_panel)(_exiting(_function))


if __name__ == "__main__":
    sys.exit(main())

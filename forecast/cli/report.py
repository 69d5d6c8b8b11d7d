"""``report``: all pages of a plan, published as one set."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli import shared
from forecast.evidence.problems import RunError, UserError
from forecast.report.request.options import ALL, REPORTS, Asked, Request, asked, misfits

if TYPE_CHECKING:
    from forecast.report.outputs.progress import Lines

RunFile = Annotated[
    Path | None,
    typer.Option(
        "--run", metavar="FILE", help="A run file in TOML; options given beside it override it."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say which pages would be computed and why.")
]

Form = Annotated[
    str,
    typer.Option(
        "--progress",
        metavar="auto|lines|json",
        help="Bars on a terminal and lines elsewhere; lines; or an object of JSON a line.",
    ),
]


def report(
    context: typer.Context,
    run: RunFile = None,
    dry_run: DryRun = False,
    progress: Form = "auto",
    **given: Any,
) -> int:
    """Make all pages and publish the set."""
    from forecast.report.outputs.progress import FORMS, told

    if progress not in FORMS:
        raise UserError(f"progress is {progress!r}; expected one of {', '.join(FORMS)}")
    values = {
        entry.field: _value(entry, given[entry.field])
        for entry in asked()
        if run is None or _named(context, entry)
    }
    for key, value, expected in misfits(values):
        raise UserError(f"{key} is {value}; expected {expected}")
    requests = _read(run, values) if run else [Request(**values)]
    if dry_run:
        for request in requests:
            for each in _of_every_plan(request):
                _say(each)
    else:
        with told(progress, sys.stdout) as tell:
            _make(requests, tell)
    return 0


def _parameter(entry: Asked) -> inspect.Parameter:
    """Return a field of a request as an option of the command."""
    kind: Any = entry.type
    default = entry.default
    if kind == tuple[str, ...]:
        kind, default = str, ",".join(default)
    elif kind is Path:
        kind, default = Path | None, None
    option = entry.option
    annotation: Any = vars(shared).get("".join(word.title() for word in entry.field.split("_")))
    if option.help:
        flag = "--" + entry.key.replace("_", "-")
        told = typer.Option(flag, metavar=option.metavar or None, help=option.help)
        annotation = Annotated[kind, told]
    return inspect.Parameter(
        entry.field, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


shared.taking(report, map(_parameter, asked()))


def _value(entry: Asked, given: Any) -> Any:
    """Return the value of a field from that of its option."""
    if entry.type == tuple[str, ...]:
        return shared.names(given) or (("",) if given else ())
    if entry.type is Path:
        return (given or REPORTS).resolve()
    return given


def _named(context: typer.Context, entry: Asked) -> bool:
    """Whether the command line names an option."""
    source = context.get_parameter_source(entry.field)
    return source is not None and source.name == "COMMANDLINE"


def _read(path: Path, values: dict[str, Any]) -> list[Request]:
    """Return the requests of a run file, with options in place of what it says."""
    from forecast.report.request.runfile import read

    requests = read(path)
    plan = values.pop("plan", "")
    if plan and len(requests) > 1:
        known = [request.plan for request in requests]
        if plan not in known:
            raise UserError(f"no set of plan {plan!r} in {path}; known are {', '.join(known)}")
        requests = [request for request in requests if request.plan == plan]
    elif plan:
        values["plan"] = plan
    if "out" in values and len(requests) > 1:
        return [
            replace(request, **{**values, "out": values["out"] / request.plan})
            for request in requests
        ]
    return [replace(request, **values) for request in requests]


def verify(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Name of a set, latest, or its folder.")
    ] = "latest",
    reports: shared.Reports = None,
) -> int:
    """Prove that pages, data, calibration and code of a set belong together.

    Names each file that does not, and ends with status 1 then.
    """
    from forecast.report.execution.verify import mismatches
    from forecast.report.outputs.sets import open_set

    folder = open_set((reports or REPORTS).resolve(), run).folder
    found = mismatches(folder)
    for line in found:
        print(line)
    if not found:
        print(f"{folder.name}: pages, data, calibration and code belong together")
    return int(bool(found))


def _say(request: Request) -> None:
    """Print which pages would be computed and why."""
    from forecast.report import site

    plan = site.planned(request, print)
    for page, decision in zip(plan.pages, plan.decisions, strict=True):
        what = "compute" if decision.found is None else "keep"
        print(f"{what:<8}{page.stem}: {decision.why}")
    due = sum(decision.found is None for decision in plan.decisions)
    print(f"{due} of {len(plan.pages)} pages would be computed")


def _of_every_plan(request: Request) -> list[Request]:
    """Return a request for each plan where all are asked for, else the one."""
    from forecast.evidence.loading import load

    if request.plan != ALL:
        return [request]
    every = load(request.data, as_of=request.as_of or None).plans["plan"]
    return [replace(request, plan=key, out=request.out / key) for key in every]


@contextlib.contextmanager
def _told(request: Request, tell: Lines) -> Iterator[None]:
    """Tell of a failure of what a request asks for, and its command of verdicts that changed."""
    from forecast.report.outputs import notify

    def send(event: str, **facts: object) -> None:
        message = {"event": event, "plan": request.plan, "latest": str(latest), **facts}
        if request.notify and (trouble := notify.notify(request.notify, message)):
            print(f"forecast: the notifier failed: {trouble}", file=sys.stderr)

    latest = request.out / "latest"
    before = notify.verdicts(latest)
    try:
        yield
    except Exception as error:
        status = getattr(error, "status", 1)
        tell.failed(status, str(error))
        send("failed", status=status, message=str(error))
        raise
    finally:
        changed = notify.changed(before, notify.verdicts(latest)) if before else []
        if changed:
            send("verdict", changed=changed)


def _published(request: Request, tell: Lines) -> Path:
    """Make the set of a request; an error of the disk is said with what has become of the sets."""
    from forecast.report import site
    from forecast.report.execution.tasks import said

    try:
        return site.report(request, tell)
    except OSError as error:  # whose text names no file where a write was cut short
        raise RunError(
            f"the set could not be made: {said(error)}; the newest set in {request.out} is as it"
            " was"
        ) from error


def _make(requests: Sequence[Request], tell: Lines) -> None:
    """Make the sets of requests and say where they are."""
    from forecast.report.outputs.notify import parsed

    for request in requests:
        parsed(request.notify)  # before anything is computed
    if requests[0].plan == ALL:
        with _told(requests[0], tell):
            requests = _of_every_plan(requests[0])
    failed, statuses = [], set()
    for request in requests:
        try:
            with _told(request, tell):
                published = _published(request, tell)
        except UserError as error:
            if len(requests) == 1 or (error.status == 2 and request is requests[0]):
                raise  # nothing was begun
            failed.append(f"{request.plan}: {error}")  # those after it are made all the same
            statuses.add(error.status)
        else:
            newest = None if request.only else request.out / "latest" / "index.html"
            tell.published(published, newest)
    if failed:
        problem = RunError(f"{len(failed)} of {len(requests)} plans failed\n" + "\n".join(failed))
        problem.status = 3 if statuses == {3} else 1  # 3: every set is published
        raise problem

"""``report``: all pages of a plan, published as one set."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.cli import shared
from forecast.evidence.problems import RunError, UserError

if TYPE_CHECKING:
    from forecast.report.contents import Request

ALL = "all"
Plan = Annotated[
    str,
    typer.Option(
        metavar="KEY|all",
        help="Key in plans.csv; the first if left out; all: a set for each, in OUT/KEY.",
    ),
]

Out = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Folder of the sets; reports/ here, or of a checkout."),
]
Jobs = Annotated[int, typer.Option(metavar="N", help="Processes at work.")]
Timeout = Annotated[float, typer.Option(metavar="SECONDS", help="Most time for a page.")]
Keep = Annotated[int, typer.Option(metavar="N", help="Newest sets that are kept.")]
Lang = Annotated[
    str,
    typer.Option(
        metavar="LIST",
        help="Languages of the pages (en,zh), the main one first; those of plans.csv, or all.",
    ),
]
Pdf = Annotated[
    bool,
    typer.Option("--pdf", help="Print the briefing as PDF; pages: see forecast pdf."),
]
SingleFile = Annotated[
    bool,
    typer.Option("--single-file", help="Pages that carry their charts' script, to be mailed."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Publish nothing if a page fails (status 1, not 3).")
]
Force = Annotated[
    bool, typer.Option("--force", help="Compute all pages, also those that nothing changed.")
]
Notify = Annotated[
    str,
    typer.Option(
        metavar="COMMAND",
        help="Run on a failure and on a changed verdict, with a message as JSON on its input.",
    ),
]
Only = Annotated[
    str,
    typer.Option(
        metavar="LIST",
        help="Make these pages alone (gdp,zh/gdp), in OUT/partial; the newest set stays.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say which pages would be computed and why.")
]


def report(
    plan: Plan = "",
    out: Out = None,
    jobs: Jobs = 2,
    timeout: Timeout = 300,
    keep: Keep = 12,
    lang: Lang = "",
    pdf: Pdf = False,
    single_file: SingleFile = False,
    strict: Strict = False,
    force: Force = False,
    notify: Notify = "",
    only: Only = "",
    dry_run: DryRun = False,
    data: shared.Data = None,
    as_of: shared.AsOf = "",
    draws: shared.Draws = shared.DRAWS,
    seed: shared.Seed = shared.SEED,
    families: shared.Families = "",
    outside: shared.Outside = "all",
) -> int:
    """Make all pages and publish the set."""
    from forecast.evidence.loading import load
    from forecast.report import contents

    if not 1 <= jobs <= 64:
        raise UserError(f"jobs is {jobs}; expected 1 to 64")
    if keep < 1:
        raise UserError(f"keep is {keep}; expected 1 or more sets")
    if not 1 <= timeout <= 86_400:
        raise UserError(f"timeout is {timeout:g}; expected 1 to 86,400 seconds")
    languages = _languages(lang)
    request = contents.Request(
        plan=plan,
        out=(out or contents.REPORTS).resolve(),
        data=data,
        as_of=as_of,
        draws=draws,
        seed=seed,
        families=shared.names(families),
        outside=outside,
        jobs=jobs,
        timeout=timeout,
        keep=keep,
        pdf=pdf,
        langs=languages,
        single_file=single_file,
        strict=strict,
        force=force,
        only=shared.names(only),
    )
    every = list(load(data, as_of=as_of or None).plans["plan"]) if plan == ALL else []
    for asked in _requests(request, every) if dry_run else []:
        _say(asked)
    if not dry_run:
        _make(request, every, notify)
    return 0


def verify(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Name of a set, latest, or its folder.")
    ] = "latest",
    reports: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder of the sets; reports/ of a checkout."),
    ] = None,
) -> int:
    """Prove that pages, data, calibration and code of a set belong together.

    Names each file that does not, and ends with status 1 then.
    """
    from forecast.report import contents
    from forecast.report.execution.verify import mismatches
    from forecast.report.outputs.sets import open_set

    folder = open_set((reports or contents.REPORTS).resolve(), run).folder
    found = mismatches(folder)
    for line in found:
        print(line)
    if not found:
        print(f"{folder.name}: pages, data, calibration and code belong together")
    return int(bool(found))


def _languages(lang: str) -> tuple[str, ...]:
    """Return the languages that an option names, each once."""
    from forecast.report.language import LANGUAGES

    languages = shared.names(lang)
    if (
        (lang and not languages)
        or not set(languages) <= set(LANGUAGES)
        or len(set(languages)) < len(languages)
    ):
        raise UserError(f"lang is {lang!r}; expected one or more of {', '.join(LANGUAGES)}")
    return languages


def _requests(request: Request, plans: Sequence[str]) -> list[Request]:
    """Return a request for each of the plans, or the one there is."""
    return [replace(request, plan=key, out=request.out / key) for key in plans] or [request]


def _say(request: Request) -> None:
    """Print which pages would be computed and why."""
    from forecast.report import site

    plan = site.planned(request, print)
    for page, decision in zip(plan.pages, plan.decisions, strict=True):
        what = "compute" if decision.found is None else "keep"
        print(f"{what:<8}{page.stem}: {decision.why}")
    due = sum(decision.found is None for decision in plan.decisions)
    print(f"{due} of {len(plan.pages)} pages would be computed")


def _told(request: Request, command: str) -> Path:
    """Make the set of a request; tell a command of a failure, and of verdicts that changed."""
    from forecast.report import site
    from forecast.report.outputs import notify

    def send(event: str, **facts: object) -> None:
        message = {"event": event, "plan": request.plan, "latest": str(latest), **facts}
        if command and (trouble := notify.notify(command, message)):
            print(f"forecast: the notifier failed: {trouble}", file=sys.stderr)

    latest = request.out / "latest"
    before = notify.verdicts(latest)
    try:
        published = site.report(request, lambda line: print(line, flush=True))
    except Exception as error:
        send("failed", status=getattr(error, "status", 1), message=str(error))
        raise
    finally:
        changed = notify.changed(before, notify.verdicts(latest)) if before else []
        if changed:
            send("verdict", changed=changed)
    return published


def _make(request: Request, plans: Sequence[str], command: str) -> None:
    """Make the set of a request, or of each of the plans, and say where it is."""
    if command:
        from forecast.report.outputs.notify import parsed

        parsed(command)  # before anything is computed

    failed, statuses = [], set()
    for asked in _requests(request, plans):
        try:
            published = _told(asked, command)
        except RunError as error:
            if not plans:
                raise
            failed.append(f"{asked.plan}: {error}")  # the plans after it are made all the same
            statuses.add(error.status)
        else:
            if asked.only:
                print(f"\nThe pages are in {published}", flush=True)
                continue
            newest = asked.out / "latest" / "index.html"
            print(f"\nThe set is complete: {published}\nOpen {newest}", flush=True)
    if failed:
        told = RunError(f"{len(failed)} of {len(plans)} plans failed\n" + "\n".join(failed))
        told.status = min(statuses)  # 3 where every set is published
        raise told

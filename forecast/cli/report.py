"""``report``: all pages of a plan, published as one set."""

from __future__ import annotations

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


def report(
    plan: Plan = "",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder of the sets; reports/ here, or of a checkout."),
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="Processes at work.")] = 2,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="Most time for a page.")] = 300,
    keep: Annotated[int, typer.Option(metavar="N", help="Newest sets that are kept.")] = 12,
    lang: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="Languages of the pages (en,zh), the main one first; those of plans.csv, or all.",
        ),
    ] = "",
    pdf: Annotated[
        bool,
        typer.Option("--pdf", help="Print the briefing as PDF; pages: see forecast pdf."),
    ] = False,
    single_file: Annotated[
        bool,
        typer.Option("--single-file", help="Pages that carry their charts' script, to be mailed."),
    ] = False,
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
    )
    _make(request, list(load(data, as_of=as_of or None).plans["plan"]) if plan == ALL else [])
    return 0


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


def _make(request: Request, plans: Sequence[str]) -> None:
    """Make the set of a request, or of each of the plans, and say where it is."""
    from forecast.report import site

    failed = []
    for key in plans or [request.plan]:
        asked = replace(request, plan=key, out=request.out / key) if plans else request
        try:
            published = site.report(asked, lambda line: print(line, flush=True))
        except RunError as error:
            if not plans:
                raise
            failed.append(f"{key}: {error}")  # the plans after it are made all the same
        else:
            newest = asked.out / "latest" / "index.html"
            print(f"\nThe set is complete: {published}\nOpen {newest}", flush=True)
    if failed:
        raise RunError(f"{len(failed)} of {len(plans)} plans failed\n" + "\n".join(failed))

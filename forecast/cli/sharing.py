"""``pdf`` and ``mail``: what leaves the house of a set that is made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.shared import Reports
from forecast.writing import written

Pages = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PAGE]...", help="Pages by the names of their files: gdp, zh/gdp."),
]
Set = Annotated[
    str, typer.Option("--set", metavar="RUN", help="Name of a run, or a folder; the newest set.")
]


def pdf(
    pages: Pages = None,
    run: Set = "",
    reports: Reports = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the files go.")] = Path(),
) -> int:
    """Print pages of a set as PDF: the briefing in each language, or those named.

    The browser of the system prints them: Chromium, Google Chrome or Microsoft Edge.
    """
    from forecast.report.outputs.pdf import printed
    from forecast.report.outputs.sets import BRIEFING, open_set
    from forecast.report.request.options import REPORTS

    report = open_set((reports or REPORTS).resolve(), run)
    asked = [report.stem(name) for name in pages or ()]
    for stem in asked or [report.stem(BRIEFING, lang) for lang in report.langs]:
        print(printed(report.page(stem), out / f"{stem}.pdf"), flush=True)
    return 0


def mail(
    file: Annotated[Path, typer.Option("--out", metavar="FILE.eml", help="The mail.")],
    pages: Pages = None,
    run: Set = "",
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ADDRESS", help="May be repeated.")
    ] = None,
    lang: Annotated[
        str, typer.Option(metavar="en|zh", help="Language; the main one of the set.")
    ] = "",
    as_pdf: Annotated[bool, typer.Option("--pdf", help="Attach the pages as PDF too.")] = False,
    reports: Reports = None,
) -> int:
    """Write a mail on a set, with the briefing and pages attached; nothing is sent.

    Open the file in a mail program, look at it, and send it from there.
    """
    from forecast.report.outputs.mail import message
    from forecast.report.outputs.sets import open_set
    from forecast.report.request.options import REPORTS

    report = open_set((reports or REPORTS).resolve(), run)
    with written(file) as part:
        made, notes = message(report, lang, to or (), pages or (), as_pdf)
        part.write_bytes(made.as_bytes())
    for note in notes:
        print(f"Note: {note}", file=sys.stderr)
    print(f"{file}: {made['Subject']}\nNothing was sent.")
    return 0

"""``compare``: what became of the targets from one set to another, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecast.cli import shared
from forecast.writing import written

SET = "Name of a set, latest, or its folder."


def compare(
    before: Annotated[str, typer.Argument(metavar="RUN_A", help=SET)],
    after: Annotated[str, typer.Argument(metavar="RUN_B", help=SET)] = "latest",
    reports: shared.Reports = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the table to this file, as CSV.")
    ] = None,
    json: shared.Json = False,
) -> int:
    """Compare the probabilities of two published sets, and split the differences by cause.

    Sets that were removed meanwhile are known as well. Parts are in percentage points, changed in
    the order of the columns.
    """
    from forecast.report.editions.compare import beside, printed
    from forecast.report.editions.runs import found_in
    from forecast.report.request.options import REPORTS

    folder = (reports or REPORTS).resolve()
    first, second = found_in(folder, before), found_in(folder, after)
    found = beside(first, second)
    if out is not None:
        with written(out) as part:
            shared.save(found.targets, part)
    if json:
        targets, statements = shared.rows(found.targets), shared.rows(found.statements)
        shared.print_json(
            {"plan": first.plan, "before": first.run, "after": second.run, "targets": targets,
             "statements": statements}
        )  # fmt: skip
    elif out is None:
        print(printed(first, second, found))
    else:
        print(f"{len(found.targets)} lines written to {out}")
    return 0

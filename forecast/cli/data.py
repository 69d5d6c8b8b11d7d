"""``check`` and ``history``: what is known."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from forecast.cli.shared import (
    AsOf,
    Csv,
    Data,
    Json,
    name_failures,
    opened,
    print_json,
    rows,
    written,
)


def check(data: Data = None, json: Json = False) -> int:
    """Validate the data and name all problems."""
    from forecast.evidence.loading import default_folder, inspect
    from forecast.evidence.problems import render
    from forecast.scenarios import files

    tables, _, problems = inspect(data)
    if {"regions", "indicators", "sources"} <= set(tables):
        problems += files.inspect(data or default_folder(), tables)[1]
    if json:
        print_json([asdict(problem) for problem in problems])
    else:
        print(render(problems))
    return int(any(problem.severity == "error" for problem in problems))


def history(
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="Key in indicators.csv.")],
    region: Annotated[
        str, typer.Option(metavar="KEY", help="Key in regions.csv; the plan's if left out.")
    ] = "",
    data: Data = None,
    as_of: AsOf = "",
    csv: Csv = None,
    json: Json = False,
) -> int:
    """Print the reconciled path of an indicator."""
    from forecast.report.language import language
    from forecast.report.pages import series, shared
    from forecast.report.pages.known import steps
    from forecast.report.show import plain

    study = opened(data, as_of)
    known = study.history(region or str(study.evidence.plan()["region"]), indicator)
    name_failures(study)
    table = known.table()
    if json:
        head = {"region": known.region, "indicator": known.indicator, "unit": known.unit}
        print_json({**head, "years": rows(table)})
        return 0
    if csv:
        table.insert(0, "region", known.region)
        table.insert(1, "indicator", known.indicator)
        table["unit"] = known.unit
        with written(csv) as part:
            table.to_csv(part, index=False)
        print(f"{len(table)} years of {known.key} written to {csv}")
        return 0
    tell, evidence = language("en"), study.evidence
    print(tell.write(shared.series(evidence, known.region, known.indicator)) + "\n")
    print(series.years(tell, known).to_string(index=False) + "\n")
    statements = evidence.statements(known.region, known.indicator)
    print(plain(series.lead(tell, known, statements)))
    if told := steps(tell, evidence, known):
        print(plain(told))
    return 0

"""``check`` and ``history``: what is known."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from forecast.cli import shared
from forecast.evidence.problems import UserError
from forecast.writing import written


def check(data: shared.Data = None, json: shared.Json = False) -> int:
    """Validate the data, name all problems, and say what remains to be done."""
    from forecast.editing.remaining import remaining
    from forecast.evidence.loading import default_folder, inspect, load
    from forecast.evidence.problems import render
    from forecast.scenarios import files

    tables, problems = inspect(data)
    if {"regions", "indicators", "sources"} <= set(tables):
        problems += files.inspect(data or default_folder(), tables)[1]
    if json:
        shared.print_json([asdict(problem) for problem in problems])
    else:
        print(render(problems))
    wrong = any(problem.severity == "error" for problem in problems)
    if not (wrong or json):
        print("\n" + "\n".join(remaining(load(data), data)))
    return int(wrong)


def columns(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="Such as targets.")] = "",
    data: shared.Data = None,
) -> int:
    """Print what every column of the tables means, with an example."""
    from forecast.evidence.files.documentation import documentation
    from forecast.evidence.files.schema import SHIPPED
    from forecast.evidence.loading import schema_of

    schema = schema_of(data) if data else SHIPPED
    if table and table not in schema:
        raise UserError(f"no table {table!r}; known are {', '.join(schema)}")
    print(documentation(schema, table))
    return 0


def history(
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="Key in indicators.csv.")],
    region: Annotated[
        str, typer.Option(metavar="KEY", help="Key in regions.csv; the plan's if left out.")
    ] = "",
    data: shared.Data = None,
    as_of: shared.AsOf = "",
    csv: shared.Csv = None,
    json: shared.Json = False,
) -> int:
    """Print the reconciled path of an indicator."""
    from forecast.report.language import language
    from forecast.report.pages import series
    from forecast.report.pages.known import steps
    from forecast.report.text.markup import plain

    study = shared.opened(data, as_of)
    known = study.history(region or str(study.evidence.plan()["region"]), indicator)
    shared.name_failures(study)
    table = known.table()
    if json:
        head = {"region": known.region, "indicator": known.indicator, "unit": known.unit}
        shared.print_json({**head, "years": shared.rows(table)})
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
    print(tell.write(evidence.series_name(known.region, known.indicator)) + "\n")
    print(series.years(tell, known, linked=False).to_string(index=False) + "\n")
    statements = evidence.statements(known.region, known.indicator)
    print(plain(series.lead(tell, known, statements)))
    if told := steps(tell, evidence, known):
        print(plain(told))
    return 0

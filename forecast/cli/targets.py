"""``assess`` and ``gaps``: the probability of a target, and the figures missing for it."""

from __future__ import annotations

from typing import Annotated

import typer

from forecast.cli import shared
from forecast.writing import written


def assess(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Key in targets.csv.")],
    plan: shared.Plan = "",
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Another year than the plan's.")
    ] = None,
    beside: Annotated[
        bool,
        typer.Option("--beside", help="Also fit the component models, for comparison (slow)."),
    ] = False,
    data: shared.Data = None,
    as_of: shared.AsOf = "",
    draws: shared.Draws = shared.DRAWS,
    seed: shared.Seed = shared.SEED,
    families: shared.Families = "",
    outside: shared.Outside = "all",
    json: shared.Json = False,
) -> int:
    """Assess one target: its probability, the evidence and the record behind it.

    With --json, print the entry of the target in results.json.
    """
    from forecast.report.language import language
    from forecast.report.pages import expectations
    from forecast.report.pages.gaps import missing_line
    from forecast.report.pages.shared import title
    from forecast.report.pages.target import judgement, kinds, pace, record, thin, uncertainty
    from forecast.report.releases import Calendar
    from forecast.report.results import target_result
    from forecast.report.text.markup import plain

    study = shared.opened(data, as_of, draws, seed, families, outside)
    if not (beside or families):
        study = study.quick()
    answer = study.assess(target, plan, year)
    shared.name_failures(study)
    if json:
        shared.print_json(target_result(answer, Calendar(study.evidence)))
        return 0
    tell, evidence = language("en"), study.evidence
    for text in (
        title(tell, answer),
        kinds.lead(tell, answer),
        thin.thin(tell, evidence, answer),
        pace.pace(tell, answer),
        uncertainty.uncertainty(tell, answer),
        kinds.method(tell, answer),
        uncertainty.ever(tell, answer),
        expectations.note(tell, evidence, answer),
        record.next_year(tell, evidence, answer),
        record.record(tell, answer),
        judgement.section(tell, answer),
        missing_line(tell, evidence, answer),
    ):
        if text:
            print(plain(text) + "\n")
    return 0


def gaps(
    plan: shared.Plan = "",
    data: shared.Data = None,
    as_of: shared.AsOf = "",
    draws: shared.Draws = shared.DRAWS,
    seed: shared.Seed = shared.SEED,
    families: shared.Families = "",
    outside: shared.Outside = "all",
    csv: shared.Csv = None,
    json: shared.Json = False,
) -> int:
    """List the missing figures, first those that would change the answers most."""
    from forecast.report.language import language
    from forecast.report.pages.gaps import work_plan
    from forecast.targets.value_of_information import all_gaps

    study = shared.opened(data, as_of, draws, seed, families, outside)
    shared.name_failures(study)
    tell, found = language("en"), all_gaps(study, study.assess_all(plan))
    work = work_plan(tell, study.evidence, found)
    if json:
        shared.print_json(shared.rows(work))
        return 0
    if csv:
        with written(csv) as part:
            work.to_csv(part, index=False)
        print(f"{len(work)} lines written to {csv}")
        return 0
    for row in work.itertuples():
        print(f"{row.rank:>2}. {row.get}\n    for {row.name}: {row.effect}")
    if work.empty:
        print(tell("gap-nothing"))
    return 0

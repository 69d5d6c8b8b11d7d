"""``scenario``: the targets under assumptions on other series."""

from __future__ import annotations

from typing import Annotated

import typer

from forecast.cli import shared
from forecast.evidence.problems import UserError


def scenario(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of a file in scenarios/ of the data.")
    ] = "",
    plan: shared.Plan = "",
    data: shared.Data = None,
    as_of: shared.AsOf = "",
    draws: shared.Draws = shared.DRAWS,
    seed: shared.Seed = shared.SEED,
    families: shared.Families = "",
    outside: shared.Outside = "all",
    json: shared.Json = False,
) -> int:
    """Assess the targets under a scenario; without NAME, list the scenarios.

    With --json, print the entry of the scenario in results.json.
    """
    from forecast.report.language import language
    from forecast.report.outputs.scenarios import scenario_result
    from forecast.report.pages import scenarios as page
    from forecast.report.pages.scenario_statements import statement
    from forecast.report.text.markup import plain

    tell = language("en")
    study = shared.opened(data, as_of, draws, seed, families, outside)
    known = study.scenarios()
    if not name:
        if json:
            shared.print_json(
                [{"scenario": k, "name": s.name, "story": s.story} for k, s in known.items()]
            )
            return 0
        for key, one in known.items():
            print(f"{key}: {one.name}. {one.story}\n")
        return 0
    if name not in known:
        raise UserError(f"no scenario {name!r}; there are {', '.join(known)}")
    chosen = known[name]
    outcome = study.scenario(chosen, plan)
    if json:
        shared.print_json(scenario_result(chosen, outcome, study.plan(plan)))
        return 0
    print(f"{chosen.name}\n\n{chosen.story}\n")
    if chosen.channel:
        print(tell("scenarios-channel", channel=chosen.channel) + "\n")
    for s in chosen.statements:
        print(f"- {tell.write(statement(study.evidence, s))}. {s.reason}"
              + (f" [{s.source}]" if s.source else ""))  # fmt: skip
    baseline = study.scenario("baseline", plan)
    if not baseline.joint.goals:
        print(tell("scenarios-no-goal"))
        return 0
    print("\n" + plain(page.distance(tell, outcome)) + "\n")
    table = page.beside(tell, baseline, outcome).to_string(index=False)
    print(table + "\n")
    if page.UNLINKED in table:
        print(tell("scenarios-unlinked") + "\n")
    print(page.all_together(tell, outcome))
    return 0

"""The parts of the pages on scenarios, ready to show in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.report.pages import scenario_charts as charts
from forecast.report.pages import scenario_words as said
from forecast.report.pages import words
from forecast.scenarios import joint_targets as together
from forecast.scenarios import sensitivity as levers
from forecast.scenarios.sensitivity import Question
from forecast.scenarios.spec import Scenario, ScenarioError

if TYPE_CHECKING:
    import altair as alt
    from IPython.display import HTML, Markdown

    from forecast.study import Study

LEVERS = 8  # drawn at most


def scenarios(outcomes: said.Outcomes) -> alt.Chart | None:
    """Chance of every target under every scenario."""
    found = said.applied(outcomes)
    if not found or not found[0].joint.goals:
        return None
    rows = [
        {
            "target": str(r.goal.assessment.target["name"]),
            "scenario": o.scenario.name,
            "probability": r.probability,
            "said": words.short(r.probability, r.goal.assessment.floor),
        }
        for o in found
        for r in o.results
    ]
    return charts.scenarios(
        pd.DataFrame(rows),
        title="Chance of each target, scenario by scenario",
        description="A row per target with a mark per scenario between 0 and 100 in 100; "
        "the table below has the numbers.",
    )


def details(study: Study, outcomes: said.Outcomes) -> list[Markdown | HTML | None]:
    """Show every scenario by itself: story, statements, distance, what each statement does."""
    from forecast.report.pages import parts as pages

    known = study.scenarios()
    baseline = said.applied(outcomes)[0]
    shown: list[Markdown | HTML | None] = []
    for key, outcome in outcomes.items():
        scenario: Scenario = known[key]
        if not scenario.statements:
            continue
        listed = said.assumptions(study.evidence, outcome, scenario)
        shown.append(pages.say(f"### {scenario.name}", scenario.story, listed))
        if isinstance(outcome, ScenarioError):
            shown.append(pages.say(f"**Not possible.** {outcome}."))
            continue
        shown.append(pages.say(said.distance(outcome), said.moved(outcome, baseline)))
        if len(scenario.statements) > 1:
            found = said.parts(study.evidence, outcome, levers.contributions(outcome))
            if len(found):
                shown.append(pages.say("What each statement does, in chances in 100:"))
                shown.append(pages.table(found))
    return shown


def show(parts: Sequence[object]) -> None:
    """Show several parts one after the other."""
    from IPython.display import display

    for part in parts:
        if part is not None:
            display(part)  # type: ignore[no-untyped-call]


def together_table(outcomes: said.Outcomes) -> HTML | Markdown | None:
    """Chance that at least so many targets are met, under every scenario."""
    from forecast.report.pages import parts as pages

    found = said.applied(outcomes)
    return pages.table(said.at_least(found, [together.at_least(o) for o in found]))


def together_note(outcomes: said.Outcomes) -> str:
    """Say how likely all and how likely most of the targets are in the baseline."""
    baseline = said.applied(outcomes)[0]
    return said.all_together(baseline, together.at_least(baseline), together.independent(baseline))


# What it takes ------------------------------------------------------------------------------------


def tornado(evidence: Evidence, asked: Question) -> alt.Chart | None:
    """Effect of the strongest levers: on the chance, or on the middle value where none moves it."""
    if asked.goal is None or asked.swings.empty:
        return None
    top = asked.swings.head(LEVERS)
    result, answer = asked.outcome.result(asked.goal), asked.goal.assessment
    share = bool((top["p_high"] - top["p_low"]).abs().max() >= said.NOTABLE)
    name, floor = str(answer.target["name"]), answer.floor
    low, high = ("p_low", "p_high") if share else ("median_low", "median_high")
    rows = [
        {
            "lever": said.short_lever(evidence, str(r["series"])),
            "low": r[low],
            "high": r[high],
            "said": " to ".join(
                words.short(r[end], floor).removesuffix(" in 100") if share
                else words.number(r[end])
                for end in (low, high)
            ),
        }
        for r in top.to_dict("records")
    ]  # fmt: skip
    what = f"Chance of {name}" if share else f"Middle value of {name} in {answer.year}"
    return charts.tornado(
        pd.DataFrame(rows),
        result.probability if share else result.median,
        unit="chances in 100" if share else words.unit_label(answer.unit),
        share=share,
        title=f"{what}, each figure low and high",
        description=f"{what} when each of {len(rows)} other figures comes out low or high; "
        "the dashed line is where things stand.",
    )


def response(evidence: Evidence, asked: Question) -> alt.Chart | None:
    """Chance of a target over the value of the lever that moves it most; none if none does."""
    found = said.strongest(asked.responses)
    if found is None or said.unmoved(asked):
        return None
    name = str(found.goal.assessment.target["name"])
    return charts.response(
        pd.DataFrame({"value": found.value, "probability": found.probability})[
            found.far <= levers.CREDIBLE + 1e-9
        ],
        (found.low, found.lever.value, found.high),
        lever=said.lever_axis(evidence, found.lever),
        title=f"Chance of {name} by the value of one lever",
        description=f"Line of the chance of {name} against the value of one lever; the shaded "
        "band is where the forecast expects the lever in 90 of 100 futures.",
    )


def surface(evidence: Evidence, asked: Question) -> alt.Chart | None:
    """Chance of a target over two levers."""
    if asked.goal is None or asked.surface.empty or said.unmoved(asked):
        return None
    floor, name = asked.goal.assessment.floor, str(asked.goal.assessment.target["name"])
    rows = asked.surface.assign(
        across=asked.surface["across"].map(said.tick),
        up=asked.surface["up"].map(said.tick),
        said=[
            "" if pd.isna(p) else words.short(p, floor).removesuffix(" in 100").replace(" ", "")
            for p in asked.surface["probability"]
        ],
    )
    across, up = (said.lever_axis(evidence, lever) for lever in asked.pair)
    return charts.surface(
        rows,
        across=across,
        up=up,
        title=f"Chance of {name} over two levers, in 100",
        description=f"Grid of the chance of {name} for values of two levers, each from its 2.5 % "
        "to its 97.5 % value.",
    )


def required(asked: Question) -> alt.Chart | Markdown | None:
    """Path that just reaches the target beside the one expected; a sentence where none does."""
    from forecast.report.pages import parts as pages

    if asked.goal is None:
        return None
    try:
        path = levers.required_path(asked.outcome, asked.goal)
    except ScenarioError as error:
        return pages.say(f"No path leads there: {error}.")
    rows = path.rename(columns={"baseline": "expected", "needed": "just reaching the target"})
    rows = rows.melt("year", var_name="path", value_name="value")
    answer = asked.goal.assessment
    name = str(answer.target["name"])
    return charts.paths(
        rows,
        unit=words.unit_label(answer.unit),
        title="The path expected, and the likeliest one that gets there",
        description=f"Two lines of {name} by year: the middle of the forecast, and the middle of "
        "those futures that just reach the target.",
    )

"""The page on scenarios: what each assumes, how far it goes, and what goes with it."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Chance, Fact, Items, Name, Number, fact
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages.scenario_statements import refusal, statement
from forecast.report.show import anchor, say, table
from forecast.report.text.markup import link
from forecast.scenarios import joint_targets
from forecast.scenarios.apply import Outcome, Result
from forecast.scenarios.contributions import contributions
from forecast.scenarios.joint_draws import Goal
from forecast.scenarios.sensitivity import NOTABLE as NOTABLE
from forecast.scenarios.spec import RefusedError, Scenario

if TYPE_CHECKING:
    from IPython.display import HTML, Markdown

Outcomes = Mapping[str, Outcome | RefusedError]
IN_100 = round(100 * NOTABLE)
PAIRS = 6  # of targets, shown at most
UNLINKED = "†"  # after a figure that differs from the baseline's without a reliable link


def applied(outcomes: Outcomes) -> list[Outcome]:
    """Return the scenarios that could be applied to the draws, the baseline first."""
    return [o for o in outcomes.values() if isinstance(o, Outcome)]


def scenario_name(scenario: Scenario) -> Name:
    """Return a scenario's name."""
    return Name(scenario.name, scenario.name_zh)


def _target(goal: Goal) -> Name:
    return goal.assessment.name


def _chance(result: Result, short: bool = False) -> Chance:
    return Chance(result.probability, result.goal.assessment.floor, short)


def _bare(tell: Language, probability: float, floor: float | None) -> str:
    return html.escape(tell.write(Chance(probability, floor, bare=True)))


# Sentences ---------------------------------------------------------------------------------------


def lead(tell: Language, outcomes: Outcomes) -> str:
    """Open the page: what depends most on the scenario, and what the page compares."""
    found = applied(outcomes)
    goals = found[0].joint.goals
    if not goals:
        return tell("scenarios-no-goal")
    first = tell("scenarios-lead", finding=finding(outcomes))
    count = tell("scenarios-lead-count", n=len(found) - 1, targets=len(goals))
    told = [count, tell("scenarios-lead-meaning")]
    if len({goal.assessment.year_starts for goal in goals}) > 1:
        told.append(tell("scenarios-lead-years"))
    return paragraphs(first, sentences(tell, *told))


def _ranges(outcomes: Outcomes) -> list[tuple[float, int, Outcome, Outcome]]:
    """Return by how much the probability of each target differs, and between which scenarios.

    Of scenarios with a reliable link to it alone; the baseline is one.
    """
    found = applied(outcomes)
    ranges = []
    for i, goal in enumerate(found[0].joint.goals):
        by_chance = [(o.results[i].probability, o) for o in found if o.reliable(goal)]
        lowest, highest = (of(by_chance, key=lambda pair: pair[0]) for of in (min, max))
        ranges.append((highest[0] - lowest[0], i, lowest[1], highest[1]))
    return ranges


def changing(outcomes: Outcomes) -> Fact:
    """Return how many targets have a probability that depends on the scenario."""
    sizes = [size for size, *_ in _ranges(outcomes)]
    n = sum(size >= NOTABLE for size in sizes)
    return fact(
        "scenarios-changing",
        scenarios=len(applied(outcomes)) - 1, n=n, targets=len(sizes), notable=IN_100,
    )  # fmt: skip


def finding(outcomes: Outcomes) -> Fact:
    """Return which target depends most on the scenario, by changes with a reliable link alone."""
    size, i, worst, best = max(_ranges(outcomes), key=lambda change: change[0])
    if size < NOTABLE:
        return fact("scenarios-lead-none", notable=IN_100, scenarios=len(applied(outcomes)) - 1)
    return fact(
        "scenarios-lead-most",
        target=_target(worst.joint.goals[i]),
        low=_chance(worst.results[i]),
        high=_chance(best.results[i]),
        worst=scenario_name(worst.scenario),
        best=scenario_name(best.scenario),
    )


def refusals(
    tell: Language, evidence: Evidence, outcomes: Outcomes, known: Mapping[str, Scenario]
) -> str:
    """Name the scenarios that had to be refused, and why."""
    return paragraphs(
        *(
            tell(
                "scenarios-refused",
                scenario=scenario_name(known[key]),
                reason=refusal(tell, evidence, outcome),
            )
            for key, outcome in outcomes.items()
            if isinstance(outcome, RefusedError)
        )
    )


def all_together(tell: Language, outcome: Outcome) -> str:
    """Return how likely all and how likely most of the targets are."""
    chances, alone = joint_targets.at_least(outcome), joint_targets.independent(outcome)
    if not chances:
        return ""
    n, floor = len(chances), outcome.joint.floor
    k = max((k for k, p in chances.items() if p >= 0.5), default=0)
    every = tell("scenarios-all", n=n, chance=Chance(chances[n], floor))
    if n == 1 or not k:
        return every
    most = tell(
        "scenarios-most", k=k, chance=Chance(chances[k], floor), alone=Chance(alone[k], floor)
    )
    return sentences(tell, every, most)


def distance(tell: Language, outcome: Outcome) -> str:
    """Return how far a scenario stands from the baseline, with a warning where that is extreme."""
    reach = outcome.reach
    if not outcome.scenario.statements:
        return tell("scenarios-baseline")
    rarity = 1 / math.erfc(reach.surprise / math.sqrt(2))
    surprise = round(reach.surprise, 1)
    rounded = float(f"{rarity:.1g}") if rarity > 20 else max(2, round(rarity))
    return sentences(
        tell,
        tell(
            "scenarios-distance",
            size="none" if surprise == 0 else "small" if surprise < 1 else "large",
            surprise=Number(surprise, 1),
            rarity=Number(rounded),
        ),
        tell(
            "scenarios-sample",
            entropy=Number(reach.relative_entropy, 1),
            effective=Number(reach.effective),
            paths=Number(len(outcome.draws)),
        ),
        tell("scenarios-extreme") if reach.warnings else "",
    )


def moved(tell: Language, outcome: Outcome, baseline: Outcome) -> str:
    """Name the targets whose probabilities change most, and those that change without a link."""
    pairs = sorted(
        zip(outcome.results, baseline.results, strict=True),
        key=lambda pair: -abs(pair[0].probability - pair[1].probability),
    )
    changes: dict[bool, list[Fact]] = {True: [], False: []}
    for a, b in pairs:
        if abs(a.probability - b.probability) >= NOTABLE:
            change = fact(
                "scenarios-change",
                target=_target(a.goal),
                before=_chance(b, True),
                after=_chance(a, True),
            )
            changes[outcome.reliable(a.goal)].append(change)
    told = tell("scenarios-unmoved", notable=IN_100)
    if changes[True]:
        told = tell("scenarios-moved", changes=Items(changes[True][:3], long=True))
    if not changes[False]:
        return told
    noise = tell("scenarios-noise", changes=Items(changes[False], long=True))
    return sentences(tell, told, noise)


def assumptions(
    tell: Language, evidence: Evidence, outcome: Outcome | RefusedError, scenario: Scenario
) -> str:
    """List the statements of a scenario: distance from the baseline, reason and source."""
    apart = outcome.apart if isinstance(outcome, Outcome) else [math.nan] * len(scenario.statements)
    lines = []
    for s, far in zip(scenario.statements, apart, strict=True):
        source = evidence.source(s.source)
        lines.append(
            tell(
                "scenarios-assumption",
                statement=statement(evidence, s),
                measured=str(not math.isnan(far)),
                distance=Number(0.0 if math.isnan(far) else far, 1),
                reason=Name(s.reason, s.reason_zh),
                sourced=str(bool(s.source)),
                source=link(str(source["title"]), str(source["link"])),
            )
        )
    return "\n".join(lines)


# Tables ------------------------------------------------------------------------------------------


def _columns(tell: Language, outcomes: Sequence[Outcome]) -> list[str]:
    return [html.escape(tell.write(scenario_name(o.scenario))) for o in outcomes]


def chances(tell: Language, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the probability of every target under every scenario; scenarios are columns."""
    goals = outcomes[0].joint.goals
    frame = {
        tell("scenarios-column-target"): [
            anchor(tell.write(_target(goal)), f"{goal.name}.html") for goal in goals
        ]
    }
    for name, outcome in zip(_columns(tell, outcomes), outcomes, strict=True):
        frame[name] = [_bare(tell, r.probability, r.goal.assessment.floor) for r in outcome.results]
    return _marked(frame, outcomes)


def _marked(frame: dict[str, list[str]], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Mark the figures that differ from the baseline's, in the first column, without a link."""
    columns = list(frame)[-len(outcomes) :]
    for name, outcome in zip(columns, outcomes, strict=True):
        frame[name] = [
            cell + UNLINKED * (cell != base and not outcome.reliable(goal))
            for cell, base, goal in zip(
                frame[name], frame[columns[0]], outcome.joint.goals, strict=True
            )
        ]
    return pd.DataFrame(frame)


def medians(tell: Language, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the median of every target's series in its year, beside the target value."""
    goals = outcomes[0].joint.goals
    frame = {
        tell("scenarios-column-target"): [html.escape(tell.write(_target(g))) for g in goals],
        tell("scenarios-column-value"): [tell.write(g.assessment.wanted) for g in goals],
    }
    for name, outcome in zip(_columns(tell, outcomes), outcomes, strict=True):
        frame[name] = [
            tell.write(Amount(r.median, a.unit, bare=True, like=a.threshold))
            for r in outcome.results
            for a in [r.goal.assessment]
        ]
    return _marked(frame, outcomes)


def at_least(tell: Language, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return the probability that at least so many targets are met, under every scenario."""
    rows: list[dict[str, str]] = []
    for name, outcome in zip(_columns(tell, outcomes), outcomes, strict=True):
        row, linked = {tell("scenarios-column-scenario"): name}, _linked(outcome, outcomes[0])
        for k, p in joint_targets.at_least(outcome).items():
            head, cell = tell("scenarios-column-or-more", k=k), _bare(tell, p, outcome.joint.floor)
            differs = bool(rows) and cell != rows[0][head]
            row[head] = cell + UNLINKED * (differs and not linked)
        rows.append(row)
    return pd.DataFrame(rows)


def _linked(outcome: Outcome, baseline: Outcome) -> bool:
    """Whether a target with a reliable link is among those whose probability changes."""
    return any(
        outcome.reliable(a.goal) and abs(a.probability - b.probability) >= NOTABLE
        for a, b in zip(outcome.results, baseline.results, strict=True)
    )


def ties(tell: Language, outcome: Outcome) -> pd.DataFrame:
    """Return the most strongly related pairs of targets with a reliable link, given each other."""
    goals = {goal.name: goal for goal in outcome.joint.goals}
    columns = {
        "both": tell("scenarios-column-both"),
        "apart": tell("scenarios-column-apart"),
        "a_if_b": tell("scenarios-column-a-if-b"),
        "a_if_not_b": tell("scenarios-column-a-if-not-b"),
        "b_if_a": tell("scenarios-column-b-if-a"),
        "b_if_not_a": tell("scenarios-column-b-if-not-a"),
    }
    rows = []
    for r in joint_targets.pairs(outcome).to_dict("records"):
        a, b = goals[r["a"]], goals[r["b"]]
        if not outcome.joint.relation(a.series, b):
            continue
        pair = tell("scenarios-ties-pair", a=_target(a), b=_target(b))
        floor = max(a.assessment.floor or 0.0, b.assessment.floor or 0.0)
        told = {label: _bare(tell, r[column], floor) for column, label in columns.items()}
        rows.append({tell("scenarios-column-pair"): html.escape(pair), **told})
    return pd.DataFrame(rows[:PAIRS])


def parts(
    tell: Language, evidence: Evidence, outcome: Outcome, found: pd.DataFrame
) -> pd.DataFrame:
    """Return what goes with each statement of a scenario, for the targets that it moves.

    `found` is the table of `forecast.scenarios.contributions.contributions`.
    """
    goals = {goal.name: goal for goal in outcome.joint.goals}
    columns = {
        "baseline": tell("scenarios-column-baseline"),
        "with_all": tell("scenarios-column-scenario"),
        "without": tell("scenarios-column-without"),
        "alone": tell("scenarios-column-alone"),
    }
    rows = []
    for r in found.to_dict("records"):
        if abs(r["with_all"] - r["baseline"]) < NOTABLE:
            continue
        goal, s = goals[r["target"]], outcome.scenario.statements[int(r["statement"])]
        if not outcome.joint.relation(s.series, goal):
            continue
        floor = goal.assessment.floor
        rows.append(
            {
                tell("scenarios-column-target"): html.escape(tell.write(_target(goal))),
                tell("scenarios-column-statement"): html.escape(tell.write(statement(evidence, s))),
            }
            | {
                label: "" if math.isnan(r[column]) else _bare(tell, r[column], floor)
                for column, label in columns.items()
            }
        )
    return pd.DataFrame(rows)


def beside(tell: Language, baseline: Outcome, outcome: Outcome) -> pd.DataFrame:
    """Return a scenario beside the baseline, for a terminal; see `joint_targets.beside`.

    Figures that differ without a reliable link are marked `UNLINKED`.
    """
    found = joint_targets.beside(baseline, outcome)
    years = [goal.assessment.year for goal in baseline.joint.goals]
    rows = [
        {
            "scenarios-terminal-target": r["target"],
            "scenarios-terminal-year": year,
            "scenarios-terminal-baseline": Chance(r["baseline"], r["floor"], short=True),
            "scenarios-terminal-scenario": Chance(r["scenario"], r["floor"], short=True),
            "scenarios-terminal-median": Amount(r["median_baseline"], r["unit"]),
            "scenarios-terminal-median-scenario": Amount(r["median_scenario"], r["unit"]),
        }
        for r, year in zip(found.to_dict("records"), years, strict=True)
    ]
    table = pd.DataFrame([{tell(head): tell.write(cell) for head, cell in r.items()} for r in rows])
    for before, after in (("baseline", "scenario"), ("median", "median-scenario")):
        heads = [tell(f"scenarios-terminal-{name}") for name in (before, after)]
        differs = table[heads[0]].ne(table[heads[1]]) & ~found["reliable"]
        table[heads[1]] += differs.map({True: UNLINKED, False: ""})
    return table


def details(
    tell: Language, evidence: Evidence, outcomes: Outcomes, known: Mapping[str, Scenario]
) -> list[Markdown | HTML | None]:
    """Show every scenario by itself: story, channel, statements, then what goes with them."""
    baseline = applied(outcomes)[0]
    shown: list[Markdown | HTML | None] = []
    for key, outcome in outcomes.items():
        scenario = known[key]
        if not scenario.statements:
            continue
        head = tell("scenarios-name", scenario=scenario_name(scenario))
        channel = Name(scenario.channel, scenario.channel_zh)
        shown.append(
            say(
                head,
                tell.write(Name(scenario.story, scenario.story_zh)),
                tell("scenarios-channel", channel=channel) if scenario.channel else "",
                assumptions(tell, evidence, outcome, scenario),
            )
        )
        if isinstance(outcome, RefusedError):
            shown.append(say(refusals(tell, evidence, {key: outcome}, known)))
            continue
        shown.append(say(distance(tell, outcome), moved(tell, outcome, baseline)))
        if len(scenario.statements) > 1:
            found = parts(tell, evidence, outcome, contributions(outcome))
            if len(found):
                shown += [say(tell("scenarios-parts-head")), table(found)]
    return shown

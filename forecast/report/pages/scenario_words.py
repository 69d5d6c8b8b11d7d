"""Say scenarios in words, and cut the tables of their pages: nothing is computed here."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.report.pages import tables, words
from forecast.scenarios.apply import Outcome, Result
from forecast.scenarios.joint_draws import PRICES, Goal, Joint
from forecast.scenarios.sensitivity import CREDIBLE, WANTED, Question, Response
from forecast.scenarios.spec import Scenario, ScenarioError, Statement

Outcomes = Mapping[str, Outcome | ScenarioError]
NOTABLE = 0.03  # change of a probability that a sentence names
MEASURES = {
    "level": "level", "growth": "growth", "real_growth": "real growth", "change": "change",
    "share": "share",
}  # fmt: skip


def series_name(evidence: Evidence, series: str) -> str:
    """Return the name of a series with its place: ``Exports of goods, China``."""
    region, indicator = series.split("/")
    if indicator == PRICES:
        name = "Price level of GDP"
    else:
        name = str(evidence.indicator(indicator)["name"])
    return f"{name}, {words.place(evidence, region)}"


def span(first: int, last: int) -> str:
    """Say one year or several.

    Examples
    --------
    >>> span(2027, 2027), span(2026, 2027)
    ('2027', '2026-2027')
    """
    return str(first) if first == last else f"{first}-{last}"


def lever(evidence: Evidence, s: Statement) -> str:
    """Say what a lever is, without a value."""
    a_year = " a year" if s.span[0] != s.span[1] else ""
    what = MEASURES[s.measure] + (f" of {s.of}" if s.of else "")
    return f"{series_name(evidence, s.series)}: {what}{a_year}, {span(*s.span)}"


def short_lever(evidence: Evidence, series: str) -> str:
    """Return the name of a lever with few signs, for a row of a chart.

    The place stands first, since a long name is cut at its end.
    """
    name, place = series_name(evidence, series).rsplit(", ", 1)
    return f"{place}: {name}"


def lever_axis(evidence: Evidence, s: Statement) -> str:
    """Return the title of an axis of a lever's values: measure, years, unit; the place is said."""
    a_year = " a year" if s.span[0] != s.span[1] else ""
    unit = "points" if s.measure == "change" else "%"
    if s.measure == "level" and s.indicator != PRICES:
        unit = str(evidence.indicator(s.indicator)["unit"])
    return f"{words.place(evidence, s.region)}, {MEASURES[s.measure]}{a_year}, {unit}"


def response_note(evidence: Evidence, asked: Question) -> str:
    """Say which lever the chart below turns."""
    best = strongest(asked.responses)
    if best is None or unmoved(asked):
        return ""
    return f"The lever that moves it most is {lever(evidence, best.lever)}."


def surface_note(evidence: Evidence, asked: Question) -> str:
    """Head the grid of two levers and say which it turns; empty where no lever moves the chance."""
    if unmoved(asked):
        return ""
    return f"## Two levers at once\n\n{_pair_note(evidence, asked)}"


def _pair_note(evidence: Evidence, asked: Question) -> str:
    if len(asked.pair) < 2:
        return "It takes two levers that can be turned."
    across, up = (lever(evidence, s) for s in asked.pair)
    return f"To the right: {across}. Upwards: {up}."


def tick(value: float) -> str:
    """Say a value in as few signs as the edge of a grid has room for.

    Examples
    --------
    >>> tick(-1.57), tick(12.26), tick(0.114)
    ('-1.6', '12', '0.11')
    """
    size = abs(value)
    return f"{value:,.0f}" if size >= 10 else f"{value:.1f}" if size >= 1 else f"{value:.2f}"


def amount(s: Statement, value: float, unit: str = "") -> str:
    """Say a value of a statement's measure with its unit.

    Examples
    --------
    >>> amount(Statement("a/gdp", "growth", 0, 2027), -10.0)
    '-10 %'
    >>> amount(Statement("a/rd_share", "change", 0, 2027), 0.114)
    '+0.11 points'
    """
    if s.measure == "level":
        return words.number(value, unit)
    if s.measure == "change":
        return f"{value:+.2f} points"
    digits = 0 if abs(value) >= 9.95 else 1
    return f"{round(value, digits) + 0.0:.{digits}f} %"


def statement(evidence: Evidence, s: Statement) -> str:
    """Say one statement.

    Examples
    --------
    Exports of goods, China: growth of -10 % in 2027.
    """
    a_year = " a year" if s.span[0] != s.span[1] else ""
    what = MEASURES[s.measure] + (f" of {s.of}" if s.of else "")
    if s.relative:
        unit = "%" if s.relative == "percent" else "points"
        side = "above" if s.value > 0 else "below"
        value = f"{abs(s.value):g} {unit}{a_year} {side} the baseline"
        text = f"{what} {value}"
    else:
        bound = {"lower": "at least ", "upper": "at most "}.get(s.bound, "")
        unit = {"level": "", "change": " points"}.get(s.measure, " %")
        text = f"{what} of {bound}{s.value:g}{unit}{a_year}"
        if s.measure == "level" and s.indicator != PRICES:
            text += f" {evidence.indicator(s.indicator)['unit']}"
    give = f", give or take {s.sd:g}" if s.sd else ""
    often = f", with probability {s.probability:g}" if s.probability != 1 else ""
    return f"{series_name(evidence, s.series)}: {text} in {span(*s.span)}{give}{often}"


def distance(outcome: Outcome) -> str:
    """Say how far a scenario stands from the baseline, and what it warns of."""
    reach = outcome.reach
    if not outcome.scenario.statements:
        return "The forecast as it stands."
    n = len(outcome.draws)
    often = math.erfc(reach.surprise / math.sqrt(2))
    rare = (
        "an everyday departure"
        if reach.surprise < 1
        else f"what is stated is as far off as 1 in {float(f'{1 / often:.1g}'):,.0f} futures"
        if often < 0.05
        else f"what is stated is as far off as 1 in {max(2, round(1 / often))} futures"
    )
    text = (
        f"Distance from the baseline: as unusual as {reach.surprise:.1f} standard deviations of "
        f"one figure, {rare} "
        f"(relative entropy {reach.relative_entropy:.1f}; of {n:,} draws weighting alone would "
        f"leave {max(reach.effective, 0):,.0f})."
    )
    if reach.warnings:
        text += " **Read it as an extreme case**, not as a forecast."
    return text


def headline(result: Result, before: Result) -> str:
    """Say what becomes of one target."""
    floor = result.goal.assessment.floor
    return (
        f"{result.goal.assessment.target['name']} {words.short(before.probability, floor)} → "
        f"{words.short(result.probability, floor)}"
    )


def moved(outcome: Outcome, baseline: Outcome) -> str:
    """Name the targets whose chances change most, or say that none does."""
    pairs = zip(outcome.results, baseline.results, strict=True)
    changes = sorted(
        ((abs(a.probability - b.probability), a, b) for a, b in pairs), key=lambda c: -c[0]
    )
    notable = [headline(a, b) for size, a, b in changes[:3] if size >= NOTABLE]
    if not notable:
        return "No chance changes by more than three in 100."
    return f"What changes most: {'; '.join(notable)}."


def refusals(outcomes: Outcomes) -> str:
    """Say which scenarios had to be refused, and why."""
    refused = [str(o) for o in outcomes.values() if isinstance(o, ScenarioError)]
    return "".join(f"**Not possible.** {reason}.\n\n" for reason in refused).strip()


def applied(outcomes: Outcomes) -> list[Outcome]:
    """Return the scenarios that could be laid on the draws, the baseline first."""
    return [o for o in outcomes.values() if isinstance(o, Outcome)]


def lead(outcomes: Outcomes) -> str:
    """Open the page on scenarios."""
    found = applied(outcomes)
    baseline, others = found[0], found[1:]
    goals = baseline.joint.goals
    if not goals:
        return "No target of the plan is decided by a path that could be forecast."
    text = (
        f"{_count(len(others)).capitalize()} scenario{'s' if len(others) != 1 else ''} beside the "
        f"baseline, and what becomes of the {len(goals)} targets of the plan that a path decides. "
        "A scenario states something about the future; everything else moves as far as past "
        "forecast errors went together. It says what goes with what, never how likely the scenario "
        "itself is."
    )
    spread = []
    for i, goal in enumerate(goals):
        chances = [o.results[i].probability for o in found]
        low, high = int(np.argmin(chances)), int(np.argmax(chances))
        spread.append((chances[high] - chances[low], goal, found[low], found[high]))
    size, goal, worst, best = max(spread, key=lambda s: s[0])
    if size < NOTABLE:
        return text + " **None of them changes a target's chance by more than three in 100.**"
    name = str(goal.assessment.target["name"])
    floor = goal.assessment.floor
    p_best, p_worst = (
        next(r.probability for r in o.results if r.goal is goal) for o in (best, worst)
    )
    return (
        f"**What depends most on the scenario is {name}: from {words.short(p_worst, floor)} "
        f"({worst.scenario.name}) to {words.short(p_best, floor)} ({best.scenario.name}).** {text}"
    )


def _count(n: int) -> str:
    names = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return names[n] if n < len(names) else str(n)


def all_together(outcome: Outcome, chances: Mapping[int, float], alone: Mapping[int, float]) -> str:
    """Say how likely all and how likely most of the targets are.

    Parameters
    ----------
    outcome : Outcome
    chances, alone : mapping of int to float
        Of `forecast.scenarios.joint_targets.at_least` and `independent`.
    """
    if not chances:
        return ""
    n, floor = len(chances), outcome.joint.floor
    likely = [k for k, p in chances.items() if p >= 0.5]
    k = max(likely, default=0)
    if n == 1:
        return f"The one target that a path decides: {words.in_100(chances[n], floor)}."
    text = f"All {n} targets that a path decides: {words.in_100(chances[n], floor)}. "
    if k:
        text += (
            f"At least {k} of them: {words.in_100(chances[k], floor)}"
            f" (if they had nothing to do with each other: {words.in_100(alone[k], floor)})."
        )
    return text


# Tables -------------------------------------------------------------------------------------------


def chances(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Chance of every target under every scenario, in 100; scenarios are columns."""
    frame = {"Target": [tables.link(_name(g), f"{g.name}.html") for g in outcomes[0].joint.goals]}
    for outcome in outcomes:
        frame[html.escape(outcome.scenario.name)] = [
            _bare(r.probability, r.goal.assessment.floor) for r in outcome.results
        ]
    return pd.DataFrame(frame)


def medians(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Middle value of every target's series in its year, and what the target wants."""
    goals = outcomes[0].joint.goals
    frame = {
        "Target": [html.escape(_name(g)) for g in goals],
        "Wanted": [words.figure(g.assessment.threshold, g.assessment.unit) for g in goals],
    }
    for outcome in outcomes:
        frame[html.escape(outcome.scenario.name)] = [
            words.number(r.median) for r in outcome.results
        ]
    return pd.DataFrame(frame)


def beside(found: pd.DataFrame) -> pd.DataFrame:
    """Show a scenario beside the baseline, for a terminal; see `together.beside`."""
    return pd.DataFrame({
        "target": found["target"],
        "year": found["year"],
        "baseline": [words.short(*p) for p in zip(found["baseline"], found["floor"], strict=True)],
        "scenario": [words.short(*p) for p in zip(found["scenario"], found["floor"], strict=True)],
        "median": [
            words.number(v, u) for v, u in zip(found["median_baseline"], found["unit"], strict=True)
        ],
        "in the scenario": [
            words.number(v, u) for v, u in zip(found["median_scenario"], found["unit"], strict=True)
        ],
    })  # fmt: skip


def _name(goal: Goal) -> str:
    return str(goal.assessment.target["name"])


def _bare(p: float, floor: float | None) -> str:
    return (
        words.short(p, floor).removesuffix(" in 100").replace("< ", "&lt; ").replace("> ", "&gt; ")
    )


def assumptions(evidence: Evidence, outcome: Outcome | ScenarioError, scenario: Scenario) -> str:
    """List the statements of a scenario: distance from the baseline, reason and source."""
    apart = outcome.apart if isinstance(outcome, Outcome) else [math.nan] * len(scenario.statements)
    sources = evidence.sources.set_index("source")
    lines = []
    for s, far in zip(scenario.statements, apart, strict=True):
        away = "" if math.isnan(far) else f" ({far:.1f} sd)"
        line = f"- **{statement(evidence, s)}**{away}. {s.reason}"
        if s.source:
            row = sources.loc[s.source]
            line += f" Source: {words.link(str(row['title']), str(row['url']))}."
        lines.append(line)
    return "\n".join(lines)


def at_least(outcomes: Sequence[Outcome], counts: Sequence[Mapping[int, float]]) -> pd.DataFrame:
    """Chance that at least so many targets are met, in 100, under every scenario."""
    rows = []
    for outcome, count in zip(outcomes, counts, strict=True):
        row = {"Scenario": html.escape(outcome.scenario.name)}
        row |= {f"{k} or more": _bare(p, outcome.joint.floor) for k, p in count.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def ties(joint: Joint, pairs: pd.DataFrame, most: int = 6) -> pd.DataFrame:
    """Pairs of targets that hang together most, with the chance of each given the other."""
    names = {goal.name: _name(goal) for goal in joint.goals}
    floors = {goal.name: goal.assessment.floor or 0.0 for goal in joint.goals}
    columns = {
        "Both": "both", "If unrelated": "apart", "A if B": "a_if_b", "A if not B": "a_if_not_b",
        "B if A": "b_if_a", "B if not A": "b_if_not_a",
    }  # fmt: skip
    rows = []
    for r in pairs.head(most).to_dict("records"):
        floor = max(floors[r["a"]], floors[r["b"]])
        told = {label: _bare(r[column], floor) for label, column in columns.items()}
        rows.append({"A and B": html.escape(f"{names[r['a']]} and {names[r['b']]}"), **told})
    return pd.DataFrame(rows)


def parts(evidence: Evidence, outcome: Outcome, found: pd.DataFrame) -> pd.DataFrame:
    """Show what each statement of a scenario does to the targets it moves, in 100."""
    names = {goal.name: _name(goal) for goal in outcome.joint.goals}
    floors = {goal.name: goal.assessment.floor for goal in outcome.joint.goals}
    rows = []
    for r in found.to_dict("records"):
        if abs(r["with_all"] - r["baseline"]) < NOTABLE:
            continue
        said = {
            column: "" if math.isnan(r[column]) else _bare(r[column], floors[r["target"]])
            for column in ("baseline", "with_all", "without", "alone")
        }
        rows.append({
            "Target": html.escape(names[r["target"]]),
            "Statement": html.escape(
                statement(evidence, outcome.scenario.statements[int(r["statement"])])
            ),
            "Baseline": said["baseline"], "Scenario": said["with_all"],
            "Without it": said["without"], "It alone": said["alone"],
        })  # fmt: skip
    return pd.DataFrame(rows)


# What it takes ------------------------------------------------------------------------------------


def takes(evidence: Evidence, asked: Question) -> pd.DataFrame:
    """Values of levers that make a target unlikely, even and likely, beside where they head."""
    rows = []
    for r in asked.responses:
        unit = ""
        if r.lever.indicator != PRICES:
            unit = str(evidence.indicator(r.lever.indicator)["unit"])
        middle, low, high = (amount(r.lever, v, unit) for v in (r.lever.value, r.low, r.high))
        bare = low.removesuffix(" %").removesuffix(" points").removesuffix(f" {unit}")
        row = {
            "Lever": html.escape(lever(evidence, r.lever)),
            "Forecast": f"{middle} ({bare} to {high})",
        }
        for p in WANTED:
            value = r.takes[p]
            said = "no value" if value is None else amount(r.lever, value, unit)
            if value is not None and r.distance(value) > CREDIBLE:
                said += f" (at {r.distance(value):.0f} sd)"
            row[f"For {100 * p:.0f} in 100"] = said
        rows.append(row)
    return pd.DataFrame(rows)


def takes_title(asked: Question, name: str) -> str:
    """Return the title of the page on what one target takes."""
    if asked.goal is None:
        return f"What it would take: {name}"
    return f"What it would take: {words.title(asked.goal.assessment)}"


def takes_lead(evidence: Evidence, asked: Question) -> str:
    """Open the page on what one target takes."""
    if asked.goal is None:
        return (
            "No path that could be forecast decides this target, so nothing can be said of what it "
            "would take; its own page says what is missing."
        )
    answer = asked.goal.assessment
    result = asked.outcome.result(asked.goal)
    under = asked.outcome.scenario
    where = f"under the scenario {under.name}" if under.statements else "as things stand"
    text = f"The chance is {words.in_100(result.probability, answer.floor)} {where}. "
    best = strongest(asked.responses)
    if best is None:
        return text
    value = best.takes[0.5]
    if value is not None and best.distance(value) <= CREDIBLE:
        if result.probability > 0.5:
            return text + (
                f"**It falls to an even bet at {amount(best.lever, value)} in place of the "
                f"{amount(best.lever, best.lever.value)} expected** of this lever: "
                f"{lever(evidence, best.lever)}."
            )
        return text + (
            f"**An even bet takes {amount(best.lever, value)} in place of the "
            f"{amount(best.lever, best.lever.value)} expected**, of this lever: "
            f"{lever(evidence, best.lever)}."
        )
    low, high = (words.short(p, answer.floor) for p in sorted(best.within))
    if unmoved(asked):
        return text + (
            "**None of the levers moves it, turned as far as three standard deviations of its own "
            "forecast.**"
        )
    makes = "brings it down to" if result.probability > 0.5 else "makes it"
    return text + (
        f"**No single lever {makes} an even bet within three standard deviations of its own "
        f"forecast**; the strongest goes from {low} to {high}: {lever(evidence, best.lever)}."
    )


def takes_note(asked: Question) -> str:
    """Say how to read the table of levers."""
    if asked.goal is None:
        return ""
    return (
        "In brackets: where the lever ends up in 90 of 100 futures. A value that lies more than "
        "three standard deviations (sd) from the forecast of the lever says so: take it for out of "
        "reach. No value: none within six does it. The first row is the target's own growth in the "
        "next year, unless that is the target year; with the others the target moves most. What "
        "goes along with a target need not be its cause."
    )


def unmoved(asked: Question) -> bool:
    """Whether even the strongest lever leaves the chance, as it is said, where it is."""
    best = strongest(asked.responses)
    if best is None or asked.goal is None:
        return False
    value = best.takes[0.5]
    if value is not None and best.distance(value) <= CREDIBLE:
        return False
    floor = asked.goal.assessment.floor
    return len({words.short(p, floor) for p in best.within}) == 1


def strongest(found: Sequence[Response]) -> Response | None:
    """Return the lever that moves a target most, within what is credible of it."""
    return max(found, key=lambda r: float(np.ptp(r.within)), default=None)

"""Sentences and table: which values of related figures go with which probability of a target."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Bound, Chance, Fact, Number, Percent, Points, fact
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages import shared
from forecast.report.pages.scenario_statements import indicator, share_of, unit, when
from forecast.report.pages.scenarios import scenario_name
from forecast.scenarios.sensitivity import CREDIBLE, REACH, SWING, WANTED, Question, Response
from forecast.scenarios.spec import Statement

EVEN = 0.5


def figure(evidence: Evidence, s: Statement) -> Fact:
    """Return the name of a related figure: series, measure and years, without a value."""
    return fact(
        "takes-figure",
        indicator=indicator(evidence, s.indicator),
        place=evidence.place(s.region),
        measure=s.measure,
        of=share_of(evidence, s),
        several=str(s.span[0] != s.span[1]),
        when=when(evidence, s),
    )


def amount(evidence: Evidence, s: Statement, value: float, *, until: float | None = None) -> object:
    """Return a value of a related figure; the unit follows the end of a range `until` another."""
    bare = until is not None
    if s.measure == "level":
        return Amount(value, unit(evidence, s), bare=bare, like=until)
    if s.measure == "change":
        return Number(value, 2, signed=True) if bare else Points(value, 2, signed=True)
    return Percent(value, 0 if abs(value) >= 9.95 else 1)


def strongest(found: Sequence[Response]) -> Response | None:
    """Return the figure with which the probability varies most, within what is credible of it."""
    return max(found, key=lambda r: float(np.ptp(r.within)), default=None)


def reachable(found: Response) -> float | None:
    """Return the value at which the chance is even, if it is credible of the figure."""
    value = found.takes[EVEN]
    return value if value is not None and found.distance(value) <= CREDIBLE else None


def unmoved(tell: Language, asked: Question) -> bool:
    """Whether even the strongest figure leaves the probability, as it is shown, where it is."""
    best = strongest(asked.responses)
    if best is None or asked.goal is None or reachable(best) is not None:
        return False
    floor = asked.goal.assessment.floor
    return len({tell.write(Chance(float(p), floor, short=True)) for p in best.within}) == 1


# Sentences ---------------------------------------------------------------------------------------


def title(tell: Language, asked: Question, name: str) -> str:
    """Return the title of the page; `name` is the target's, for one without a forecast."""
    known = name if asked.goal is None else shared.title(tell, asked.goal.assessment)
    return tell("takes-title", target=known)


def lead(tell: Language, evidence: Evidence, asked: Question) -> str:
    """Open the page: the probability, and the value of a figure that goes with an even chance."""
    if asked.goal is None:
        return tell("takes-no-goal")
    floor = asked.goal.assessment.floor
    probability = asked.outcome.result(asked.goal).probability
    under = asked.outcome.scenario
    now = tell(
        "takes-lead-now",
        under="scenario" if under.statements else "baseline",
        scenario=scenario_name(under),
        chance=Chance(probability, floor),
    )
    best = strongest(asked.responses)
    if best is None:
        return now
    side = "down" if probability > EVEN else "up"
    value = reachable(best)
    if value is not None:
        most = tell(
            "takes-lead-even",
            side=side,
            value=amount(evidence, best.figure, value),
            expected=amount(evidence, best.figure, best.figure.value),
            figure=figure(evidence, best.figure),
        )
    elif unmoved(tell, asked):
        most = tell("takes-lead-unmoved", most=int(CREDIBLE))
    else:
        low, high = (Chance(float(p), floor) for p in sorted(best.within))
        most = sentences(
            tell,
            tell("takes-lead-limited", side=side, most=int(CREDIBLE)),
            tell("takes-lead-range", low=low, high=high, figure=figure(evidence, best.figure)),
        )
    return sentences(tell, now, most)


def note(tell: Language, asked: Question) -> str:
    """Return how to read the table of related figures."""
    if asked.goal is None:
        return ""
    return tell("takes-note", most=int(CREDIBLE), reach=int(REACH))


def response_note(tell: Language, evidence: Evidence, asked: Question) -> str:
    """Name the figure that the chart below varies."""
    best = strongest(asked.responses)
    if best is None or unmoved(tell, asked):
        return ""
    return tell("takes-response-note", figure=figure(evidence, best.figure))


def tornado_note(tell: Language, asked: Question) -> str:
    """Head the chart of the strongest figures; empty where there are none."""
    if asked.swings.empty:
        return ""
    low, high = (Percent(100 * q) for q in SWING)
    return tell("takes-tornado-head", low=low, high=high)


def surface_note(tell: Language, evidence: Evidence, asked: Question) -> str:
    """Head the grid of two figures and name them; empty where none changes the probability."""
    if asked.goal is None or unmoved(tell, asked):
        return ""
    if len(asked.pair) < 2:
        return paragraphs(tell("takes-surface-head"), tell("takes-surface-none"))
    across, up = (figure(evidence, s) for s in asked.pair)
    return paragraphs(tell("takes-surface-head"), tell("takes-surface-note", across=across, up=up))


# Table -------------------------------------------------------------------------------------------


def takes(tell: Language, evidence: Evidence, asked: Question) -> pd.DataFrame:
    """Return the values of related figures that go with 10, 50 and 90 in 100."""
    rows = []
    for r in asked.responses:
        row = {
            tell("takes-column-figure"): figure(evidence, r.figure),
            tell("takes-column-forecast"): fact(
                "takes-forecast",
                middle=amount(evidence, r.figure, r.figure.value),
                low=amount(evidence, r.figure, r.low, until=r.high),
                high=amount(evidence, r.figure, r.high),
            ),
        }
        for p in WANTED:
            row[tell("takes-column-for", chance=Bound(p))] = _value(evidence, r, r.takes[p])
        rows.append({name: html.escape(tell.write(cell)) for name, cell in row.items()})
    return pd.DataFrame(rows)


def _value(evidence: Evidence, r: Response, value: float | None) -> Fact:
    if value is None:
        return fact("takes-value-none")
    told, far = amount(evidence, r.figure, value), r.distance(value)
    if far <= CREDIBLE:
        return fact("takes-value", value=told)
    return fact("takes-value-far", value=told, distance=Number(far))

"""Sentences and table: the growth it takes, and which figures the probability goes along with."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Chance, Fact, Number, Percent, Points, fact
from forecast.report.language import Language, fact_of_years, sentences
from forecast.report.pages import shared
from forecast.report.pages.scenario_statements import indicator, share_of, unit, when
from forecast.report.pages.scenarios import IN_100, scenario_name
from forecast.report.pages.target.pace import figures
from forecast.report.show import say, table
from forecast.scenarios.sensitivity import EVEN, NOTABLE, REACH, Question, Response, past_growth
from forecast.scenarios.spec import Statement
from forecast.targets.assessment import Assessment

if TYPE_CHECKING:
    from IPython.display import HTML, Markdown


def figure(evidence: Evidence, s: Statement) -> Fact:
    """Return the name of a related figure: series, measure and years, without a value."""
    return fact(
        "takes-figure",
        indicator=indicator(evidence, s.indicator, s.region),
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


def strongest(asked: Question) -> Response | None:
    """Return the figure with which the probability varies most, parts and wholes only for want.

    None where none moves it.
    """
    moving = (r for r in asked.responses if r.moves)
    return max(moving, key=lambda r: (r.relation != "part", r.effect), default=None)


def probable(asked: Question) -> bool:
    """Whether the target is more likely met than missed: then the page asks what would break it."""
    return asked.goal is not None and asked.outcome.result(asked.goal).probability >= EVEN


# Sentences ---------------------------------------------------------------------------------------


def title(tell: Language, asked: Question, name: str) -> str:
    """Return the title of the page; `name` is the target's, for one without a forecast."""
    known = name if asked.goal is None else shared.title(tell, asked.goal.assessment)
    return tell("takes-title", target=known)


def lead(tell: Language, evidence: Evidence, asked: Question) -> str:
    """Open the page: the probability, the growth it takes, and the figure of an even chance."""
    if asked.goal is None:
        return tell("takes-no-goal")
    under = asked.outcome.scenario
    probability = asked.outcome.result(asked.goal).probability
    told = [
        tell(
            "takes-lead-now",
            under="scenario" if under.statements else "baseline",
            scenario=scenario_name(under),
            chance=_chance(asked, probability),
        ),
        *_pace(tell, asked, asked.goal.assessment),
    ]
    best = strongest(asked)
    if best is not None and best.even is not None and abs(probability - EVEN) >= NOTABLE:
        told.append(
            tell(
                "takes-lead-even",
                value=amount(evidence, best.figure, best.even),
                expected=amount(evidence, best.figure, best.figure.value),
                figure=figure(evidence, best.figure),
            )
        )
    return sentences(tell, *told)


def _pace(tell: Language, asked: Question, answer: Assessment) -> list[str]:
    """Return the growth below which a likely target is missed, or which the others take."""
    if answer.required is None:
        return []
    if answer.required_to is not None:
        return figures(tell, answer, answer.required)
    state, size = "missed" if probable(asked) else "needed", abs(answer.required)
    rate = Percent(size, 1) if answer.rate(size).scale == "log" else Points(size, 2)
    told = [
        tell(
            "takes-pace",
            state=state,
            sense="rises" if shared.wants_more(answer) else "falls",
            side="down" if answer.required < 0 else "up",
            rate=rate,
            points=str(isinstance(rate, Points)),
            years=_years(answer),
        ),
        *figures(tell, answer, answer.required)[1:],
    ]
    past = past_growth(answer)
    if len(past):
        enough = sum(shared.is_enough(answer, float(pace)) for pace in past)
        times = len(past) - enough if state == "missed" else enough
        span = answer.year - (answer.until or 0)
        told.append(tell("takes-past", state=state, n=len(past), span=span, times=times))
    return told


def _years(answer: Assessment) -> Fact:
    """Return the years from the one after the last known to the target's."""
    first = answer.dated((answer.until or 0) + 1)
    return fact("year", year=first) if first == answer.year else fact_of_years(first, answer.year)


def _chance(asked: Question, probability: float, **form: bool) -> Chance:
    floor = None if asked.goal is None else asked.goal.assessment.floor
    return Chance(probability, floor, **form)


def related(tell: Language, evidence: Evidence, asked: Question) -> list[Markdown | HTML | None]:
    """Show the figures of the target's region, then those outside it, and what was left out.

    One sentence where no figure moves the probability.
    """
    if asked.goal is None:
        return []
    counts = {"unlinked": asked.unlinked, "still": asked.still, "notable": IN_100}
    counts["n"] = asked.unlinked + asked.still
    if not asked.responses:
        return [say(tell("takes-nothing", reach=int(REACH), **counts))]
    place = evidence.place(asked.goal.series.split("/")[0])
    shown: list[Markdown | HTML | None] = [say(tell("takes-note", reach=int(REACH)))]
    for message, inside in (("takes-inside", True), ("takes-outside", False)):
        rows = takes(tell, evidence, asked, inside=inside)
        if len(rows):
            shown += [say(tell(message, place=place)), table(rows)]
    return [*shown, say(tell("takes-left", **counts) if counts["n"] else "")]


def path_head(tell: Language, asked: Question) -> str:
    """Head the path to the target value; empty where the target is more likely met than missed."""
    return "" if asked.goal is None or probable(asked) else tell("takes-path-head")


# Table -------------------------------------------------------------------------------------------


def takes(tell: Language, evidence: Evidence, asked: Question, *, inside: bool) -> pd.DataFrame:
    """Return the figures of the target's region, or those outside it, and what goes with them."""
    rows = []
    for r in asked.responses:
        if r.inside != inside:
            continue
        low, high = (_chance(asked, p, bare=True) for p in r.ends)
        even = "takes-value-none" if r.even is None else "takes-value"
        cells = {
            "takes-column-figure": figure(evidence, r.figure),
            "takes-column-chance": fact("takes-change", low=low, high=high),
            "takes-column-even": fact(even, value=amount(evidence, r.figure, r.even or 0.0)),
            "takes-column-forecast": fact(
                "takes-forecast",
                middle=amount(evidence, r.figure, r.figure.value),
                low=amount(evidence, r.figure, r.low, until=r.high),
                high=amount(evidence, r.figure, r.high),
            ),
            "takes-column-relation": relation(r),
        }
        rows.append({tell(head): html.escape(tell.write(cell)) for head, cell in cells.items()})
    return pd.DataFrame(rows)


def relation(r: Response) -> Fact:
    """Return what joins a figure to the target: itself, an identity, a correlation, or nothing."""
    return fact(
        "takes-relation",
        kind=r.relation or "none",
        correlation=Number(r.link.correlation, 2, signed=True),
        low=Number(r.link.low, 2, signed=True),
        high=Number(r.link.high, 2, signed=True),
        years=int(np.floor(r.link.years)),
    )

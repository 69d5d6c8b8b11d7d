"""The answer on a yearly level in a paragraph, and how far it rests on an estimated step."""

from __future__ import annotations

import html
from dataclasses import replace

import pandas as pd

from forecast.evidence.calendar import today, year_end
from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Chance, Fact, Interval, Name, Percent, Verdict, fact
from forecast.reconciliation.history import History
from forecast.report.language import Language, sentences
from forecast.report.pages import known
from forecast.report.pages.shared import (
    basis,
    limit,
    low_end,
    reached,
    settled,
    title,
    tolerance,
    wants_more,
    within,
)
from forecast.report.pages.target.answer.thin import is_thin
from forecast.targets.assessment import Assessment
from forecast.targets.types.level import LevelAnswer

# The steps that `forecast.targets.step_sensitivity` gives a chance for -> key of the message.
STEPS = {"no step": "none", "5 %": "low", "50 %": "median", "95 %": "high"}


def heading(tell: Language, answer: Assessment) -> str:
    """Return the title of the page as a heading."""
    return tell("target-head", title=title(tell, answer))


def lead(tell: Language, answer: Assessment) -> str:
    """Return the first paragraph on a target that is a yearly level."""
    if answer.probability is None:
        return _not_assessable(tell, answer)
    history = answer.history
    assert history is not None
    if answer.year <= int(history.years[-1]):
        return _past(tell, answer, history.year_starts)
    chance = Chance(answer.probability, answer.floor)
    now, ahead = _now(tell, answer, history), outlook(tell, answer)
    if answer.status == "already_met":
        head = kept_head(tell, answer, answer.probability)
        kept = tell("target-kept", limit=limit(tell, answer), year=answer.year)
        return sentences(tell, head, now, kept, ahead, _strict(tell, answer))
    verdict = Verdict(answer.probability, answer.floor, head=True)
    thin = str(is_thin(answer))
    head = tell("target-lead", verdict=verdict, chance=chance, thin=thin)
    if reached(answer):
        told = [tell("target-need-reached", year=answer.year), ahead]
    else:
        told = [ahead, need(tell, answer)]
    return sentences(tell, head, now, *told, _strict(tell, answer))


def kept_head(tell: Language, answer: Assessment, probability: float) -> str:
    """Return that a target is met by now, and how likely it is to remain so."""
    return tell(
        "target-lead-kept",
        within=str(within(answer)),
        verdict=Verdict(probability, answer.floor),
        chance=Chance(probability, answer.floor),
        year=answer.year,
    )


def _past(tell: Language, answer: Assessment, starts: int) -> str:
    """Return the answer for a year that is known, as far as it is; it may be the running one."""
    if isinstance(answer, LevelAnswer) and answer.published is not None:
        value = Amount(answer.published, answer.unit, exact=True)
        return tell(
            "target-past-settled",
            outcome=settled(answer),
            value=value,
            year=answer.year,
            limit=limit(tell, answer),
        )
    return tell(
        "target-past-open",
        over=str(year_end(int(answer.year), starts) < today()),
        year=answer.year,
        chance=Chance(answer.probability or 0.0, answer.floor),
        median=Amount(answer.quantiles[0.5], answer.unit),
        interval=Interval(answer.quantiles[0.05], answer.quantiles[0.95], answer.unit),
        limit=limit(tell, answer),
    )


def _now(tell: Language, answer: Assessment, history: History) -> str:
    """Return the last year's figure, as published or as estimated."""
    row = history.table().iloc[-1]
    year = history.dated(row["year"])
    if row["origin"] == "published":
        value = Amount(history.published(year), answer.unit, exact=True)
        return tell("target-now-published", value=value, year=year)
    total = known.summed(history, year)
    estimate = tell(
        f"target-now-{known.estimated_from(history, year) if total is None else 'summed'}",
        value=Amount(float(row["estimate"]) if total is None else total, answer.unit),
        interval=Interval(float(row["low"]), float(row["high"]), answer.unit),
        year=year,
    )
    return sentences(tell, known.since(tell, history), estimate)


def outlook(tell: Language, answer: Assessment) -> str:
    """Return median and 90 % interval of the target year."""
    return tell(
        "target-outlook",
        year=answer.year,
        median=Amount(answer.quantiles[0.5], answer.unit),
        low=low_end(answer.quantiles[0.05], answer.quantiles[0.95], answer.unit),
        high=Amount(answer.quantiles[0.95], answer.unit),
    )


def need(tell: Language, answer: Assessment) -> str:
    """Return the growth that the target requires beside what the last years brought."""
    if answer.required is None:
        return ""
    last = answer.since
    first = answer.dated(last + 1)
    when = {"n": answer.year - last, "first": first, "year": answer.year}
    if answer.rate(0.0).scale == "amount":
        sense = "more" if wants_more(answer) else "less"
        left = answer.rate(answer.required)
        told = tell("kind-need-sum", limit=answer.wanted, rate=left, sense=sense, **when)
    elif answer.required_to is None:
        growth = answer.rate(answer.required)
        told = tell("target-need", threshold=answer.wanted, rate=growth, **when)
    else:
        least, most = (answer.rate(r) for r in sorted((answer.required, answer.required_to)))
        told = tell("target-need-range", range=answer.wanted, least=least, most=most, **when)
    if not answer.achieved:
        return told
    span = max(answer.achieved)
    rate = replace(answer.rate(answer.achieved[span]), told=True)
    of = "amounts" if rate.scale == "amount" else "changes"
    brought = tell("target-brought", of=of, span=span, rate=rate)
    return sentences(tell, told, brought)


def _strict(tell: Language, answer: Assessment) -> str:
    """Return the chance of the full value where the plan says "about"."""
    if answer.probability_strict is None:
        return ""
    read = answer.status == "already_met"  # the sentence before gives what counts as met
    return tell(
        "target-strict",
        read=str(read),
        tolerance=tolerance(answer),
        value=Amount(answer.value, answer.unit, exact=True),
        chance=Chance(answer.probability_strict, answer.floor),
    )


def _not_assessable(tell: Language, answer: Assessment) -> str:
    """Return why there is no probability, what is held, and what the target would require."""
    head = tell("target-not-assessable", reason=answer.reason)
    held = tell("target-held", n=len(answer.known))
    need = ""
    if answer.required is not None and answer.history is not None:
        need = tell(
            "target-not-assessable-need",
            value=Amount(float(answer.history.values()[-1]), answer.unit),
            last=answer.history.last_year,
            rate=answer.rate(answer.required),
            year=answer.year,
        )
    return sentences(tell, head, held, need)


def by_step(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return by how much the chance depends on an estimated step; empty where on none."""
    found = answer.by_step
    if found is None:
        return ""
    indicator = str(answer.target["indicator"])
    chances = {STEPS[c.at]: Chance(c.probability, answer.floor) for c in found.chances}
    depends = tell(
        "target-step",
        new=_newest(evidence, indicator),
        old=basis(evidence, indicator, found.basis),
        step=_change(found.step),
        low=_change(found.low),
        high=_change(found.high),
    )
    told = tell(
        "target-step-chances",
        low=chances["low"],
        high=chances["high"],
        none=chances["none"],
    )
    return sentences(tell, depends, told)


def step_table(tell: Language, answer: Assessment) -> pd.DataFrame:
    """List the chance by the step between bases that it rests on."""
    if answer.by_step is None:
        return pd.DataFrame()
    rows = [
        (
            tell("target-step-at", at=STEPS[c.at]),
            tell.write(_change(c.step)),
            html.escape(tell.write(Chance(c.probability, answer.floor))),
        )
        for c in answer.by_step.chances
    ]
    heads = ("target-step-effect", "target-step-change", "target-step-chance")
    return pd.DataFrame(rows, columns=[tell(head) for head in heads])


def _change(percent: float) -> Percent:
    return Percent(percent, 1, signed=True)


def _newest(evidence: Evidence, indicator: str) -> Name | Fact:
    """Return the name of today's basis; an indicator without bases has none."""
    key = evidence.newest_basis(indicator)
    return basis(evidence, indicator, key) if key else fact("target-step-today")

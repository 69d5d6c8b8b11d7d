"""The parts of a target, and what they come to where the whole itself is not published."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd

from forecast.facts import Amount, Bound, Chance, Interval, Items, Percent, Year
from forecast.report.language import SMALLEST, Language, limited, paragraphs, sentences
from forecast.report.pages.shared import bound, page_name
from forecast.report.text.markup import link
from forecast.targets.assessment import Assessment, PartsBound, stated


def heading(tell: Language, answer: Assessment) -> str:
    """Return the heading over the table of parts; empty where there are none."""
    return "" if answer.parts.empty else tell(f"parts-head-{answer.words}")


def table(tell: Language, answer: Assessment) -> pd.DataFrame:
    """List what a target is made of.

    Returns
    -------
    DataFrame
        Cells are safe HTML; columns without any entry are left out.
    """
    rows = []
    for _, part in answer.parts.iterrows():
        cells = {
            tell("parts-label", kind=answer.words): tell.write(part["part"]),
            tell("parts-last"): tell.write(stated(part, answer.unit, answer.year_starts)) or "–",
            tell("parts-state-head"): tell("parts-state", state=_state(answer, str(part["state"]))),
            tell("parts-chance"): _chance(tell, answer, float(part["chance"])),
            tell("parts-from"): tell.write(part["basis"]),
        }
        rows.append({name: html.escape(text) for name, text in cells.items()})
    found = pd.DataFrame(rows)
    return found.loc[:, [c for c in found if found[c].ne("").any()]]


def _chance(tell: Language, answer: Assessment, chance: float) -> str:
    """Return a part's chance; that of a part that bounds a whole is rounded down, as the bound."""
    if np.isnan(chance):
        return ""
    if answer.bound is not None and not limited(chance, max(answer.floor or 0.0, SMALLEST)):
        return tell.write(Bound(chance))
    return tell.write(Chance(chance, answer.floor, short=True))


def _state(answer: Assessment, state: str) -> str:
    if state == "unknown" and answer.of_series:
        return "no-forecast"
    return state.replace(" ", "-")


# A bound from published parts ---------------------------------------------------------------------


def bound_lead(tell: Language, answer: Assessment) -> str:
    """Return the first paragraph of the page of a target that its parts bound from below."""
    found = answer.bound
    assert found is not None
    names = answer.parts.loc[answer.parts["state"] == "forecast", "part"]
    links = [
        link(tell.write(name), page_name(region, indicator))
        for name, (region, indicator) in zip(names, found.series, strict=True)
    ]
    n = len(links)
    short = bound_short(tell, answer)
    told = [
        tell("bound-head", bound=short, state="some" if short else "none"),
        tell("bound-parts", n=n, parts=Items(links)),
        tell("bound-level", n=n, **_level(found, answer.dated(found.last), answer.unit)),
    ]
    if found.last < answer.year:
        told.append(tell("bound-ahead", **_level(found, answer.year, answer.unit)))
    threshold = Amount(answer.threshold, answer.unit, exact=True)
    if not short:
        share = Percent(100 * found.quantile(answer.year, 0.5) / answer.threshold)
        return sentences(tell, *told, tell("bound-too-little", share=share, threshold=threshold))
    told.append(tell("bound-threshold", threshold=threshold))
    if n > 1:
        told.append(tell("bound-overlap", state="none" if found.alone is None else "some"))
    return sentences(tell, *told, tell("bound-more"))


def bound_short(tell: Language, answer: Assessment) -> str:
    """Return the lower bound with what it assumes, for a table; empty without one."""
    found = answer.bound
    if found is None:
        return ""
    return bound(tell, len(found.series), found.at_least, found.alone)


def bound_brief(tell: Language, answer: Assessment) -> str:
    """Return what the parts alone come to in the last known year; empty without a bound."""
    if answer.bound is None:
        return ""
    year = answer.dated(answer.bound.last)
    value = Amount(answer.bound.quantile(year, 0.5), answer.unit)
    return tell("bound-brief", n=len(answer.bound.series), value=value, year=year)


def bound_method(tell: Language) -> str:
    """Return heading and text on how the lower bound comes about."""
    return paragraphs(tell("target-uncertainty-head"), tell("bound-method"))


def _level(bound: PartsBound, year: Year, unit: str) -> dict[str, object]:
    low, median, high = (bound.quantile(year, q) for q in (0.05, 0.5, 0.95))
    return {
        "year": year,
        "median": Amount(median, unit),
        "interval": Interval(low, high, unit),
    }

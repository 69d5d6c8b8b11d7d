"""What the published parts of a whole come to, where the whole itself is not published."""

from __future__ import annotations

from forecast.facts import Amount, Bound, Interval, Items, Percent
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages.shared import page_name
from forecast.report.show import link
from forecast.targets.assess import Assessment


def lead(tell: Language, answer: Assessment) -> str:
    """Return the first paragraph of the page of a target that its parts bound from below."""
    bound = answer.bound
    names = answer.parts.loc[answer.parts["state"] == "forecast", "part"]
    links = [
        link(tell.write(name), page_name(region, indicator))
        for name, (region, indicator) in zip(names, bound.series, strict=True)
    ]
    n = len(links)
    least = Bound(bound.at_least or 0.0)
    told = [
        tell("bound-head", chance=least, state="none" if bound.at_least is None else "some"),
        tell("bound-parts", n=n, parts=Items(links)),
        tell("bound-level", n=n, **_level(answer, bound.last)),
    ]
    if bound.last < answer.year:
        told.append(tell("bound-ahead", **_level(answer, answer.year)))
    threshold = Amount(answer.threshold, answer.unit, exact=True)
    if bound.at_least is None:
        share = Percent(100 * _quantile(answer, answer.year, 0.5) / answer.threshold)
        return sentences(tell, *told, tell("bound-too-little", share=share, threshold=threshold))
    told.append(tell("bound-threshold", threshold=threshold))
    if n > 1:
        state = "none" if bound.alone is None else "some"
        told.append(tell("bound-overlap", chance=Bound(bound.alone or 0.0), state=state))
    return sentences(tell, *told, tell("bound-more"))


def short(tell: Language, answer: Assessment) -> str:
    """Return the lower bound in as few signs as a table has room for; empty without one."""
    bound = answer.bound
    if bound is None or bound.at_least is None:
        return ""
    return tell("bound-short", chance=Bound(bound.at_least))


def brief(tell: Language, answer: Assessment) -> str:
    """Return what the parts alone come to in the last known year; empty without a bound."""
    if answer.bound is None:
        return ""
    year = answer.bound.last
    value = Amount(_quantile(answer, year, 0.5), answer.unit)
    return tell("bound-brief", value=value, year=year)


def method(tell: Language) -> str:
    """Return heading and text on how the lower bound comes about."""
    return paragraphs(tell("target-uncertainty-head"), tell("bound-method"))


def _quantile(answer: Assessment, year: int, level: float) -> float:
    return float(answer.bound.years.loc[year, level])


def _level(answer: Assessment, year: int) -> dict[str, object]:
    low, median, high = (_quantile(answer, year, q) for q in (0.05, 0.5, 0.95))
    return {
        "year": year,
        "median": Amount(median, answer.unit),
        "interval": Interval(low, high, answer.unit),
    }

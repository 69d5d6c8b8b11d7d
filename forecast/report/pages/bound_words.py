"""Say what the published parts of a whole come to, where the whole itself is not published."""

from __future__ import annotations

from forecast.report.language import language
from forecast.report.pages import words
from forecast.report.pages.words import bound_in_100, figure, number
from forecast.targets.assessment import Assessment


def lead(answer: Assessment) -> str:
    """Return the first paragraph of the page of a target that its parts bound from below."""
    bound = answer.bound
    named = answer.parts.loc[answer.parts["state"] == "forecast", "part"]
    names = [language("en").write(name) for name in named]
    linked = [
        words.link(name, words.page_name(region, indicator))
        for name, (region, indicator) in zip(names, bound.series, strict=True)
    ]
    few = len(linked) == 1
    told = (
        f"No total is published. {_listed(linked)}, {'a part' if few else 'parts'} of it that "
        f"{'is' if few else 'are'} published, {'bounds' if few else 'bound'} it from below: "
        f"{_interval(answer, bound.last)}"
    )
    told += f", {_interval(answer, answer.year)}." if bound.last < answer.year else "."
    if bound.at_least is None:
        share = 100 * float(bound.years.loc[answer.year, 0.5]) / answer.threshold
        return (
            f"**Partly known, with a lower bound: no probability is given.** {told} That is "
            f"{share:.0f} % of the {figure(answer.threshold, answer.unit)} that meet the target, "
            "too little for a chance to follow from it."
        )
    text = f"**Partly known, with a lower bound: {at_least(answer)}.** {told}"
    text += f" The target counts as met from {figure(answer.threshold, answer.unit)}."
    if few:
        return f"{text} Whatever else counts makes the chance larger."
    alone = (
        f"at least {bound_in_100(bound.alone)}" if bound.alone is not None
        else "no chance that could be told from none"
    )  # fmt: skip
    return (
        f"{text} This assumes that all of them count for the target and do not overlap; if they "
        f"overlap entirely, the largest alone gives {alone}. Whatever else counts makes the chance "
        "larger."
    )


def at_least(answer: Assessment) -> str:
    """Return the lower bound of the probability in words; empty where there is none."""
    bound = answer.bound
    if bound is None or bound.at_least is None:
        return ""
    return f"a chance of at least {bound_in_100(bound.at_least)}"


def short(answer: Assessment) -> str:
    """Return the lower bound in as few signs as a table has room for; empty without one."""
    bound = answer.bound
    if bound is None or bound.at_least is None:
        return ""
    return f"at least {bound_in_100(bound.at_least)}"


def brief(answer: Assessment) -> str:
    """Return what the parts alone come to in the last known year; empty without a bound."""
    if answer.bound is None:
        return ""
    value = number(float(_row(answer, answer.bound.last)[0.5]))
    return f"parts alone about {value} ({answer.bound.last})"


def method(answer: Assessment) -> str:
    """Return how the lower bound comes about."""
    if answer.bound is None:
        return ""
    return (
        "## How sure is this\n\nEach part is forecast by itself, their errors taken as "
        "independent, and the forecasts are added up. A part without a forecast counts as nothing. "
        "The result is a lower bound of the level, and its chance a lower bound of the target's, "
        "if the parts do not overlap and all of them count for the target."
    )


def _row(answer: Assessment, year: int) -> dict[float, float]:
    row: dict[float, float] = answer.bound.years.loc[year].to_dict()
    return row


def _interval(answer: Assessment, year: int) -> str:
    row = _row(answer, year)
    return (
        f"about {number(row[0.5], answer.unit)} in {year} (90 % interval {number(row[0.05])} to "
        f"{number(row[0.95])})"
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

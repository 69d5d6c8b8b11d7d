"""Say what a target comes to, whatever its kind: parts, judgement, gaps, and what decides it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.report.language import language
from forecast.report.pages import bound_words, words
from forecast.report.pages.words import figure, in_100, likelihood, number
from forecast.targets.assessment import Assessment, Missing
from forecast.targets.revisions import Release
from forecast.targets.value_of_information import Gap

STATUS = {
    "assessed": "assessed",
    "already_met": "already met",
    "judgement": "judgement",
    "partly_known": "partly known",
    "not_assessable": "not assessable",
}


# Kinds that stay met once what is published meets them: no draw decides that.
SETTLED = ("count", "legs", "cumulative")


def lead(answer: Assessment) -> str:
    """Return the first paragraph of a target's page."""
    judged = answer.judgement
    if answer.status == "judgement":
        low, mid, high = (number(judged.quantiles[q]) for q in (0.05, 0.5, 0.95))
        n = len(judged.experts)
        asked = f" ({_en(judged.asked)})" if judged.asked else ""
        return (
            f"**A judgement, not a forecast from figures: {likelihood(judged.probability)}, "
            f"{in_100(judged.probability)}.** {n} expert{'s' if n > 1 else ''} judged the figure "
            f"of {answer.year}{asked}: the middle is {mid} {_unit(answer)}, the 90 % interval "
            f"{low} to {high}. From published figures alone no probability can be given: "
            f"{known(answer)} {_en(answer.reason)}"
        )
    if answer.probability is None:
        if answer.bound is not None:
            return bound_words.lead(answer)
        told = known(answer)
        if not told:
            return words.lead(answer)
        head = "Partly known" if answer.status == "partly_known" else "Not assessable yet"
        return f"**{head}: no probability is given.** {told} {_en(answer.reason)}"
    if answer.kind == "level":
        return words.lead(answer)
    chance = in_100(answer.probability, answer.floor)
    if answer.status == "already_met" and answer.kind in SETTLED:
        return f"**Met, as published.** {known(answer)}"
    if told := words.settled(answer):
        return f"**{told}.** {known(answer)}"
    verdict = likelihood(answer.probability, answer.floor)
    head = verdict.capitalize()
    if answer.status == "already_met":
        head = f"Already there; it is {verdict} that it stays"
    return f"**{head}: {chance}.** {known(answer)} {_outlook(answer)}"


def brief(answer: Assessment) -> str:
    """Return what is known in as few words as a table has room for."""
    parts = answer.parts
    if answer.kind == "level" or parts.empty:
        return bound_words.brief(answer) or words.last_known(answer.history)
    if answer.kind == "count":
        least = "" if "count" in answer.facts else "at least "
        return f"{least}{int(answer.facts['known'])}"
    if answer.kind == "legs":
        unknown = int((parts["state"] == "unknown").sum())
        if unknown == len(parts):
            return f"none of {len(parts)} known"
        told = f"{int((parts['state'] == 'met').sum())} of {len(parts)} met"
        return f"{told}, {unknown} not known" if unknown else told
    if answer.kind == "rank":
        row = parts.iloc[-1]
        doubt = ", doubtful" if row["state"] == "unknown" else ""
        return f"{int(row['value'])} ({row['when']}{doubt})"
    if answer.kind == "cumulative":
        return words.last_known(answer.history)
    known = int(parts["value"].notna().sum())
    return f"{known} of {len(parts)} {'markets' if answer.kind == 'markets' else 'series'}"


def _en(text: object) -> str:
    return "" if text is None else language("en").write(text)


def _unit(answer: Assessment) -> str:
    return {"rank": "(rank)", "count": ""}.get(answer.unit, answer.unit)


def known(answer: Assessment) -> str:
    """Return what is known of the parts of a target that is no yearly level."""
    told = {
        "count": _count, "legs": _legs, "markets": _figures, "comparison": _figures, "rank": _rank,
        "cumulative": _cumulative,
    }.get(answer.kind)  # fmt: skip
    return told(answer) if told is not None else ""


def _count(answer: Assessment) -> str:
    facts, goal = answer.facts, words.goal(answer)
    if not facts:
        return ""
    n = int(facts["known"])
    if "count" in facts:
        when = answer.parts["when"].iloc[-1]
        text = f"{int(facts['count'])} were counted from the adoption of the plan to {when}"
        if facts["later"]:
            text += f", and {int(facts['later'])} more are known since"
        return f"{text}; the target is {goal}."
    if n == 0:
        return f"No dated event since the plan was adopted is in our data; the target is {goal}."
    names = ", ".join(
        f"{_en(part)} on {when}"
        for part, when in zip(answer.parts["part"], answer.parts["when"], strict=True)
    )
    return f"At least {n} since the plan was adopted: {names}. The target is {goal}."


def _legs(answer: Assessment) -> str:
    parts, limit = answer.parts, figure(answer.threshold, answer.unit)
    told = []
    for state, text in (
        ("met", f"within {limit} by the latest that was published"),
        (
            "not met",
            f"not within {limit} when last published, and no announced line changes that by "
            f"{answer.year}",
        ),
        ("forecast", "to become fast enough when an announced line opens"),
        ("unknown", "not known"),
    ):
        names = [_en(name) for name in parts.loc[parts["state"] == state, "part"]]
        if names:
            listed = f" ({', '.join(names)})" if len(names) <= 5 else ""
            told.append(f"{len(names)} {'is' if len(names) == 1 else 'are'} {text}{listed}")
    return f"Of {len(parts)} journeys, {'; '.join(told)}."


def said(row: pd.Series, unit: str) -> str:
    """Return a part's figure as it was stated, with its year or date; a dash where there is none.

    Examples
    --------
    >>> said(pd.Series({"value": 120.0, "bound": "upper", "when": "2023"}), "minutes")
    'at most 120 minutes (2023)'
    """
    if not np.isfinite(float(row["value"])):
        return "–"
    bound = {"lower": "at least ", "upper": "at most "}.get(str(row["bound"]), "")
    unit = "" if unit in ("count", "rank") else unit
    when = f" ({_en(row['when'])})" if row["when"] else ""
    return f"{bound}{figure(float(row['value']), unit)}{when}"


def _figures(answer: Assessment) -> str:
    told = []
    places = set(answer.known["place"]) if "place" in answer.known else set()
    for _, row in answer.parts.iterrows():
        last = said(row, answer.unit)
        if last == "–":
            held = row["part"] in places
            last = "no yearly figure on today’s basis" if held else "nothing that our data hold"
        told.append(f"{_en(row['part'])}: {last}")
    return "Last published: " + "; ".join(told) + "."


def _rank(answer: Assessment) -> str:
    if answer.parts.empty:
        return ""
    if "editions" in answer.facts:
        n, last = int(answer.facts["editions"]), int(answer.facts["last"])
        return f"In {int(answer.facts['last_year'])} the rank was {last}; {n} editions are known."
    row = answer.parts.iloc[-1]
    doubt = f" ({_en(row['basis'])})" if row["basis"] else ""
    return (
        f"Our data hold {len(answer.parts)} list{'s' if len(answer.parts) > 1 else ''} that "
        f"name{'' if len(answer.parts) > 1 else 's'} a rank: {int(row['value'])} in "
        f"{row['when']}{doubt}."
    )


def _cumulative(answer: Assessment) -> str:
    if "done" not in answer.facts or not answer.facts["done"]:
        return ""
    parts = answer.parts
    estimated = [int(year) for year in parts.loc[parts["state"] == "estimated", "part"]]
    told = f" ({words.runs(estimated)} as estimated)" if estimated else ""
    return (
        f"From {int(answer.facts['start'])} to {int(answer.facts['last'])} the sum came to "
        f"{number(answer.facts['done'], answer.unit)}{told}; the target is {words.goal(answer)}."
    )


def _outlook(answer: Assessment) -> str:
    if not answer.quantiles:
        return ""
    low, mid, high = (answer.quantiles[q] for q in (0.05, 0.5, 0.95))
    if answer.kind == "legs":
        return f"On average {answer.facts['mean']:.1f} journeys are within the time by then."
    if answer.kind == "comparison":
        return (
            f"In {answer.year} the figure is put at {100 * mid:.0f} % of the one it is compared "
            f"with (90 % interval {100 * low:.0f} to {100 * high:.0f} %)."
        )
    what = {"count": "number by then", "rank": "rank", "cumulative": "sum"}[answer.kind]
    unit = "" if answer.unit in ("count", "rank") else answer.unit
    return (
        f"The middle of the forecast of the {what} is {number(mid, unit)}; the 90 % interval is "
        f"{number(low)} to {number(high)}."
    )


def method(answer: Assessment) -> str:
    """Return how the probability of a target that is no yearly level comes about."""
    if answer.bound is not None and answer.status != "judgement":
        return bound_words.method(answer)
    if answer.probability is None or answer.kind == "level" or answer.status == "judgement":
        return ""
    spread = ""
    if answer.probability_low is not None and answer.probability_high is not None:
        low, high = (
            in_100(p, answer.floor) for p in (answer.probability_low, answer.probability_high)
        )
        if low != high:
            spread = f" Over the {_en(answer.range_of)}, the chance runs from {low} to {high}."
    told = {
        "count": (
            "Events are taken to come at a steady rate that is learned from the count to date (a "
            "Poisson process; the rate has the prior of Jeffreys). The probability is exact; there "
            "are no past cases of this kind to hold it against."
        ),
        "rank": (
            "The log of the rank is taken to walk at random, by steps learned from the editions "
            "known and from a prior of about 30 % a year. The probability is exact; there are no "
            "past cases of this kind to hold it against."
        ),
        "legs": (
            "A journey that was within the time is taken to stay so. Another becomes so when an "
            "announced line opens, on a date between the earliest and the latest stated; journeys "
            "over one line share its date. Without such a line, timetables are taken to change as "
            "little as the published ones have, journeys independently of one another."
        ),
        "markets": "Each market is forecast by itself; together they are taken as independent.",
        "comparison": "Each series is forecast by itself, as if their errors were independent.",
        "cumulative": "Draws of the years to come are added to what is known of the years before.",
    }[answer.kind]
    error = answer.standard_error or 0.0
    sampling = f" The sampling error is {100 * error:.1f} points." if error > 0 else ""
    return f"## How sure is this\n\n{told}{spread}{sampling}"


def parts_heading(answer: Assessment) -> str:
    """Return the heading over the table of parts."""
    if answer.parts.empty:
        return ""
    return {
        "count": "## Event by event",
        "rank": "## Edition by edition",
        "legs": "## Journey by journey",
        "markets": "## Market by market",
        "comparison": "## The two series",
        "level": "## Published parts",
        "cumulative": "## Year by year",
    }[answer.kind]


def judgement(answer: Assessment) -> str:
    """Return what experts judged, labelled as judgement, beside the statistical answer."""
    judged = answer.judgement
    if judged is None:
        return ""
    text = (
        "## What experts judge\n\n**This is judgement, not a forecast from figures.** Each expert "
        "gave quantiles of the figure; the distribution that fits them best is taken, and several "
        "experts count equally."
    )
    if judged.asked:
        text += f" They were asked for the {_en(judged.asked)}."
    if answer.status != "judgement":
        text += (
            f" Their chance is {in_100(judged.probability)}; the forecast from figures, which "
            f"leads this page, says {in_100(answer.probability or 0.0, answer.floor)}."
        )
    return text


# What is missing ----------------------------------------------------------------------------------


def figures(evidence: Evidence, wanted: Sequence[Missing]) -> str:
    """Return missing figures in words: of what, where, for when; alike ones together."""
    names = evidence.regions.set_index("region")["name"]
    groups: dict[tuple[str, str, str], list[str]] = {}
    places: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for m in wanted:
        groups.setdefault((m.region, m.indicator, _en(m.what)), []).append(m.period)
    for (region, indicator, what), dated in groups.items():
        places.setdefault((indicator, what, tuple(dated)), []).append(str(names[region]))
    told = []
    for (indicator, what, periods), regions in places.items():
        name = str(evidence.indicator(indicator)["name"])
        when = _periods(periods)
        told.append(f"{name}, {', '.join(regions)}: {what}{f' ({when})' if when else ''}")
    return "; ".join(told)


def _periods(periods: Sequence[str]) -> str:
    if len(periods) > 2 and all(p.isdigit() for p in periods):
        years = [int(p) for p in periods]
        if years == list(range(years[0], years[-1] + 1)):
            return f"each year {years[0]} to {years[-1]}"
    return ", ".join(p if p.isdigit() else f"up to {p}" for p in periods if p)


def missing(evidence: Evidence, answer: Assessment) -> str:
    """Return heading and sentence on what is missing."""
    if not answer.missing:
        return ""
    return f"## What is missing\n\n{figures(evidence, answer.missing)}."


def gap_note(found: Sequence[Gap]) -> str:
    """Return heading and reading of what the figures that are not known yet would tell."""
    if not any(gap.change is not None or len(gap.what_if) for gap in found):
        return ""
    if found[0].opens:
        text = (
            "Supposed figures, each really added to the evidence and assessed: what would follow "
            "from it. They are no forecasts of those figures."
        )
        if any("after growth" in _en(f) for f in found[0].what_if["figure"]):
            text += " Supposed levels wander 2 % around steady growth."
    else:
        text = (
            "The chance would move by this much on average, up or down, if one more figure were "
            "known, and the 90 % interval of the target year would narrow."
        )
    return f"## What the next figures would tell\n\n{text}"


def release_note(answer: Assessment, decided: Release) -> str:
    """Return which release decides, and whether what is out may be revised away."""
    if answer.kind in ("count", "legs") and decided.day is not None:
        text = f"What holds on {decided.day:%d %B %Y} decides; it can be known at once."
    elif (
        answer.kind == "rank"
        or answer.known.empty
        or answer.bound is not None
        or decided.day is None
    ):
        which = "list" if answer.kind == "rank" else "figure"
        text = (
            f"The {which} of {decided.period} decides. When it comes out, and whether it is "
            "published at all, our data do not say."
        )
    else:
        text = (
            f"The figure of {decided.period} decides. By the publication dates in our data (median "
            f"of {decided.dates}), a first figure is expected by {decided.day:%B %Y}; it may be "
            "revised after that."
        )
    if decided.met_by is not None and decided.revised_away is not None:
        size = (
            f"{decided.pairs} pairs of a preliminary and a later figure in our data differ by "
            f"about {decided.sd:.2g} {'%' if answer.unit != '%' else 'points'}"
        )
        text += (
            f" The {figure(decided.met_by, answer.unit)} of {decided.met_in} meet the target and "
            f"are not final: {size}, so the chance that they are revised away is "
            f"{in_100(decided.revised_away, decided.floor)}."
        )
    return f"## Which release decides\n\n{text}"

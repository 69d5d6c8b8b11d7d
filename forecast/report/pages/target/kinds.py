"""The answer on a target of any kind in a paragraph, what is known of it, and its method."""

from __future__ import annotations

from forecast.facts import (
    Amount,
    Chance,
    Fact,
    Interval,
    Items,
    Number,
    Percent,
    Points,
    Verdict,
    Years,
    fact,
)
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages import known as levels
from forecast.report.pages.shared import goal, published, settled, written
from forecast.report.pages.target import judgement
from forecast.report.pages.target import lead as level
from forecast.report.pages.target.parts import bound_brief, bound_lead, bound_method, said
from forecast.targets.assessment import Assessment

LEAST_ERROR = 0.05  # percentage points: a smaller sampling error rounds to nothing
MOST_NAMES = 5  # journeys that are named in a sentence; the table has them all


def lead(tell: Language, answer: Assessment) -> str:
    """Return the first paragraph of a target's page: the answer, and what is known."""
    if answer.status == "judgement":
        why = sentences(tell, known(tell, answer), tell.write(answer.reason or ""))
        return sentences(tell, judgement.lead(tell, answer), why)
    if answer.bound is not None:
        return bound_lead(tell, answer)
    told = known(tell, answer)
    if answer.kind == "level" or (answer.probability is None and not told):
        return level.lead(tell, answer)
    if answer.probability is None:
        head = tell("kind-open", status=answer.status)
        return sentences(tell, head, told, tell.write(answer.reason or ""))
    chance = Chance(answer.probability, answer.floor)
    if outcome := settled(answer):
        return sentences(tell, tell("kind-settled", outcome=outcome), told)
    if answer.status == "already_met":
        verdict = Verdict(answer.probability, answer.floor)
        head = tell("target-lead-kept", verdict=verdict, chance=chance, year=answer.year)
    else:
        verdict = Verdict(answer.probability, answer.floor, head=True)
        head = tell("target-lead", verdict=verdict, chance=chance, thin="False")
    return sentences(tell, head, told, _outlook(tell, answer))


def brief(tell: Language, answer: Assessment) -> str:
    """Return what is known in as few words as a table has room for."""
    parts, kind = answer.parts, answer.kind
    if kind in ("level", "cumulative") or parts.empty:
        return bound_brief(tell, answer) or levels.last_known(tell, answer.history)
    if kind == "count":
        complete = str("count" in answer.facts)
        return tell("brief-count", n=int(answer.facts["known"]), complete=complete)
    if kind == "legs":
        states = parts["state"].value_counts()
        unknown, met = (int(states.get(state, 0)) for state in ("unknown", "met"))
        if unknown == len(parts):
            return tell("brief-legs-unknown", of=len(parts))
        return tell("brief-legs", met=met, of=len(parts), unknown=unknown)
    if kind == "rank":
        row = parts.iloc[-1]
        when, doubtful = written(row["when"]), str(row["state"] == "unknown")
        return tell("brief-rank", rank=int(row["value"]), when=when, doubtful=doubtful)
    return tell("brief-series", n=int(parts["value"].notna().sum()), of=len(parts), kind=kind)


def known(tell: Language, answer: Assessment) -> str:
    """Return what is known of the parts of a target that is no yearly level."""
    told = {
        "count": _count,
        "legs": _legs,
        "markets": _figures,
        "comparison": _figures,
        "rank": _rank,
        "cumulative": _cumulative,
    }.get(answer.kind)
    return told(tell, answer) if told is not None else ""


def _count(tell: Language, answer: Assessment) -> str:
    facts, parts = answer.facts, answer.parts
    if not facts:
        return ""
    aim = tell("kind-count-goal", goal=goal(tell, answer))
    if "count" in facts:
        day = written(parts["when"].iloc[-1])
        counted = tell("kind-counted", n=int(facts["count"]), day=day)
        later = tell("kind-counted-later", n=int(facts["later"])) if facts["later"] else ""
        return sentences(tell, counted, later, aim)
    events = [
        fact("kind-event", event=part, published=published(when))
        for part, when in zip(parts["part"], parts["when"], strict=True)
    ]
    told = tell("kind-events", n=int(facts["known"]), events=Items(events, long=len(events) > 1))
    return sentences(tell, told if events else tell("kind-no-events"), aim)


def _legs(tell: Language, answer: Assessment) -> str:
    parts, told = answer.parts, []
    for state in ("met", "not met", "forecast", "unknown"):
        names = list(parts.loc[parts["state"] == state, "part"])
        if names:
            named = len(names) if len(names) <= MOST_NAMES else 0
            told.append(
                tell(
                    "kind-journeys",
                    state=state.replace(" ", "-"),
                    n=len(names),
                    of=len(parts),
                    limit=Amount(answer.threshold, answer.unit, exact=True),
                    year=answer.year,
                    named=named,
                    names=Items(names),
                )
            )
    return sentences(tell, *told)


def _figures(tell: Language, answer: Assessment) -> str:
    places = set(answer.known["place"]) if "place" in answer.known else set()
    figures = []
    for _, row in answer.parts.iterrows():
        figure, state = said(tell, row, answer.unit), "known"
        if not figure:
            state = "older" if row["part"] in places else "none"
        figures.append(fact("kind-figure", part=row["part"], figure=figure, state=state))
    return tell("kind-figures", figures=Items(figures, long=True))


def _rank(tell: Language, answer: Assessment) -> str:
    parts, facts = answer.parts, answer.facts
    if parts.empty:
        return ""
    if "editions" in facts:
        n, year = int(facts["editions"]), int(facts["last_year"])
        return tell("kind-rank", n=n, rank=int(facts["last"]), year=year)
    row = parts.iloc[-1]
    when = published(row["when"])
    listed = tell("kind-rank-lists", n=len(parts), rank=int(row["value"]), when=when)
    return sentences(
        tell, listed, tell("kind-rank-mark", mark=row["basis"]) if row["basis"] else ""
    )


def _cumulative(tell: Language, answer: Assessment) -> str:
    facts, parts = answer.facts, answer.parts
    if not facts.get("done"):
        return ""
    start, last = int(facts["start"]), int(facts["last"])
    done = Amount(facts["done"], answer.unit)
    told = tell("kind-sum", n=last - start + 1, start=start, last=last, done=done)
    years = [int(year) for year in parts.loc[parts["state"] == "estimated", "part"]]
    estimated = tell("kind-sum-estimated", years=Years(years), n=len(years)) if years else ""
    return sentences(tell, told, estimated, tell("kind-count-goal", goal=goal(tell, answer)))


def _outlook(tell: Language, answer: Assessment) -> str:
    if not answer.quantiles:
        return ""
    low, median, high = (answer.quantiles[q] for q in (0.05, 0.5, 0.95))
    if answer.kind == "legs":
        return tell("kind-outlook-legs", mean=Number(answer.facts["mean"], 1), year=answer.year)
    if answer.kind == "comparison":
        shares = {"median": median, "low": low, "high": high}
        percent = {name: Percent(100 * share) for name, share in shares.items()}
        return tell("kind-outlook-comparison", year=answer.year, **percent)
    return tell(
        f"kind-outlook-{answer.kind}",
        year=answer.year,
        median=Amount(median, answer.unit),
        interval=Interval(low, high, answer.unit),
    )


def method(tell: Language, answer: Assessment) -> str:
    """Return heading and text on how the probability of a target that is no level comes about."""
    if answer.bound is not None and answer.status != "judgement":
        return bound_method(tell)
    if answer.probability is None or answer.kind == "level" or answer.status == "judgement":
        return ""
    told = [tell(f"kind-method-{answer.kind}")]
    if answer.probability_low is not None and answer.probability_high is not None:
        low, high = (
            Chance(p, answer.floor) for p in (answer.probability_low, answer.probability_high)
        )
        if tell.write(low) != tell.write(high):
            varied: Fact | None = answer.range_of
            told.append(tell("kind-method-range", varied=varied, low=low, high=high))
    error = 100 * (answer.standard_error or 0.0)
    if error >= LEAST_ERROR:
        told.append(tell("kind-method-error", error=Points(error)))
    return paragraphs(tell("target-uncertainty-head"), sentences(tell, *told))

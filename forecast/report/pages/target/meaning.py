"""What a target means, what is known of it, where both come from, and which release decides it."""

from __future__ import annotations

import math

import pandas as pd

from forecast.evidence.calendar import year_end
from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Chance, Items, Name, Percent, Points
from forecast.reconciliation.history import History
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages import known
from forecast.report.pages.shared import fiscal, limit, page_name
from forecast.report.releases import words
from forecast.report.releases.upcoming import Calendar
from forecast.report.text.amounts import chinese
from forecast.report.text.markup import link
from forecast.targets.assessment import Assessment
from forecast.targets.revisions import Preliminary


def reading(tell: Language, answer: Assessment) -> str:
    """Return how the plan's wording was turned into something that can be counted."""
    row = answer.target
    remark = tell("target-remark", note=tell.of(row, "note")) if row["note"] else ""
    wording, own = tell.of(row, "wording"), tell.of(row, "reading")
    told = (
        tell("target-wording", wording=wording) if wording else "",
        tell("target-reading", reading=own) if own else "",
        tell("target-limit", limit=limit(tell, answer)),
        fiscal(tell, answer.year),
        remark,
    )
    return paragraphs(tell("target-meaning-head"), sentences(tell, *told))


def plan_source(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return where the target comes from."""
    source = evidence.source(str(answer.target["source"]))
    if not source["title"]:
        return tell("target-source-none")
    title, plan = str(source["title"]), evidence.plan(str(answer.target["plan"]))
    return tell(
        "target-source",
        source=link(title, str(source["link"])),
        plan=tell.of(plan, "name"),
        chinese=str(chinese(title)),
    )


def known_note(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return what the table of statements on a target's page holds, and which series help."""
    head, history = tell("target-known-head"), answer.history
    if history is None:
        return paragraphs(head, tell("target-known-listed"))
    page = link(tell("target-known-page"), page_name(history.region, history.indicator))
    told = [tell("target-known", page=page)]
    names = related(evidence, history)
    if names.values:
        moved = known.near(history)["influence"].abs().max()
        size = "small" if moved < known.SMALL_INFLUENCE else "large"
        told.append(tell("target-known-related", series=names, size=size))
    return paragraphs(head, sentences(tell, *told, known.steps(tell, evidence, history)))


def related(evidence: Evidence, history: History, most: int = 4) -> Items:
    """Return the names of the related series that matter to the last year; empty without any."""
    found = known.near(history)
    large = found["influence"].abs() >= known.SMALL_INFLUENCE
    found = found[large].head(most) if large.any() else found.head(1)
    names = [
        _name(evidence, history, str(region), str(key))
        for region, key in zip(found["region"], found["indicator"], strict=True)
    ]
    return Items(names, long=len(names) > 2 or any("," in name.en for name in names))


def _name(evidence: Evidence, history: History, region: str, key: str) -> Name:
    """Return a related series' name: of its indicator, its region, or both, as they differ."""
    if region == history.region:
        return evidence.indicator_name(key, region)
    if key == history.indicator:
        return evidence.place(region)
    return evidence.series_name(region, key)


def listed(answer: Assessment) -> pd.DataFrame:
    """Return the statements behind a target: reconciled where there is a path, or as published."""
    return answer.known if answer.history is None else answer.history.observations


def release_note(
    tell: Language, answer: Assessment, calendar: Calendar, preliminary: Preliminary | None
) -> str:
    """Return heading and text on the deciding release."""
    return paragraphs(
        tell("release-head"),
        sentences(tell, decides(tell, answer, calendar), _revised(tell, answer, preliminary)),
    )


def decides(tell: Language, answer: Assessment, calendar: Calendar) -> str:
    """Return which publication decides a target, when it is expected, and from whom."""
    kind, year = answer.kind, answer.year
    if answer.released == "at_once":
        return tell("release-at-once", kind=kind, day=year_end(year, answer.year_starts))
    unknown = answer.released == "unknown" or answer.known.empty or answer.bound is not None
    due = None if unknown else calendar.deciding(answer)
    if due is None:
        return tell("release-unknown", kind=kind, year=year)
    return tell("release-decides", year=year, **words.expected(calendar.evidence, due))


def _revised(tell: Language, answer: Assessment, found: Preliminary | None) -> str:
    if found is None:
        return ""
    digits = max(1 - math.floor(math.log10(found.sd)), 0) if found.sd > 0 else 0  # two that count
    of = Points if answer.unit == "%" else Percent
    size, largest, gap = (of(x, digits) for x in (found.sd, found.largest, found.gap))
    value = Amount(found.value, answer.unit, exact=True)
    told = [
        tell("release-preliminary", value=value, year=answer.dated(found.year)),
        tell("release-revisions", pairs=found.pairs, size=size, largest=largest),
        tell("release-revision-needed", gap=gap),
    ]
    if found.revised_away is not None:
        told.append(tell("release-revised-away", chance=Chance(found.revised_away)))
    return sentences(tell, *told)

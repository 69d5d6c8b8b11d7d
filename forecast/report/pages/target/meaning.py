"""What a target means, what is known of it, where both come from, and which release decides it."""

from __future__ import annotations

import math

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Chance, Items, Month, Name, Percent, Points
from forecast.reconciliation.history import History
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages import known
from forecast.report.pages.shared import fiscal, indicator, limit, page_name
from forecast.report.show import link
from forecast.targets.assessment import Assessment
from forecast.targets.revisions import Release


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
    return tell("target-source", source=link(str(source["title"]), str(source["url"])))


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
        return indicator(evidence, key)
    if key == history.indicator:
        return evidence.place(region)
    return evidence.series_name(region, key)


def listed(answer: Assessment) -> pd.DataFrame:
    """Return the statements behind a target: reconciled where there is a path, or as published."""
    return answer.known if answer.history is None else answer.history.observations


def release_note(tell: Language, answer: Assessment, decided: Release) -> str:
    """Return heading and text on the deciding release."""
    return paragraphs(
        tell("release-head"),
        sentences(tell, decides(tell, answer, decided), _revised(tell, answer, decided)),
    )


def decides(tell: Language, answer: Assessment, decided: Release) -> str:
    """Return which publication decides a target, and when it is expected."""
    kind, year, day = answer.kind, answer.dated(int(decided.period)), decided.day
    if answer.released == "at_once" and day is not None:
        return tell("release-at-once", kind=kind, day=day)
    unknown = answer.released == "unknown" or answer.known.empty or answer.bound is not None
    if unknown or day is None:
        return tell("release-unknown", kind=kind, year=year)
    month = Month(day.year, day.month)
    return tell("release-expected", year=year, dates=decided.dates, month=month)


def _revised(tell: Language, answer: Assessment, decided: Release) -> str:
    if decided.met_by is None or decided.met_in is None or decided.revised_away is None:
        return ""
    sd = decided.sd or 0.0
    digits = max(1 - math.floor(math.log10(sd)), 0) if sd > 0 else 0  # two that count
    size = Points(sd, digits) if answer.unit == "%" else Percent(sd, digits)
    value = Amount(decided.met_by, answer.unit, exact=True)
    return sentences(
        tell,
        tell("release-preliminary", value=value, year=answer.dated(decided.met_in)),
        tell("release-revisions", pairs=decided.pairs, size=size),
        tell("release-revised-away", chance=Chance(decided.revised_away, decided.floor)),
    )

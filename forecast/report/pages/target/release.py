"""Which release decides a target, and whether a figure that is out may be revised away."""

from __future__ import annotations

import math

from forecast.facts import Amount, Chance, Month, Percent, Points
from forecast.report.language import Language, paragraphs, sentences
from forecast.targets.assess import Assessment
from forecast.targets.revisions import Release


def release_note(tell: Language, answer: Assessment, decided: Release) -> str:
    """Return heading and text on the deciding release."""
    return paragraphs(
        tell("release-head"),
        sentences(tell, _decides(tell, answer, decided), _revised(tell, answer, decided)),
    )


def _decides(tell: Language, answer: Assessment, decided: Release) -> str:
    kind, year, day = answer.kind, int(decided.period), decided.day
    if kind in ("count", "legs") and day is not None:
        return tell("release-at-once", kind=kind, day=day)
    if kind == "rank" or answer.known.empty or answer.bound is not None or day is None:
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
        tell("release-preliminary", value=value, year=decided.met_in),
        tell("release-revisions", pairs=decided.pairs, size=size),
        tell("release-revised-away", chance=Chance(decided.revised_away, decided.floor)),
    )

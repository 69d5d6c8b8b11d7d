"""What has changed since the last edition, on the overview: the targets that moved."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.editions.changes import Comparison
from forecast.facts import Fact, Items, fact
from forecast.report.editions.answers import change_of
from forecast.report.editions.section import chances, differ, limits, made
from forecast.report.language import Language
from forecast.targets.assessment import Assessment


def moved(
    tell: Language, found: Comparison | None, answers: Sequence[Assessment], since: str
) -> str:
    """Return which targets' chances or verdicts changed by more than sampling may change them.

    Parameters
    ----------
    tell : Language
    found : Comparison or None
        None in a first edition.
    answers : sequence of Assessment
    since : str
        See `forecast.report.editions.answers.since_edition`.
    """
    if not since:
        return ""
    if found is None:
        return tell("editions-overview-first")
    told = [one for answer in answers if (one := _one(found, answer)) is not None]
    day = made(found.before)
    if not told:
        return tell("editions-overview-none", made=day)
    return tell("editions-overview", made=day, targets=Items(told, long=True))


def _one(found: Comparison, answer: Assessment) -> Fact | None:
    """Return a target with its chances then and now; None where it did not move."""
    change = change_of(found, answer)
    if change is None:
        return None
    before, now = chances(found, change, answer)
    if before is None or now is None:
        if before is not None:
            return fact("editions-overview-lost", name=answer.name, before=before)
        if now is not None:
            return fact("editions-overview-gained", name=answer.name, now=now)
        return None
    if limits(before, now) or not (change.moved or differ(before, now)):
        return None
    return fact("editions-overview-one", name=answer.name, before=before, now=now)

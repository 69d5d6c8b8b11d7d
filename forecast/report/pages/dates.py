"""Dates in words, and how new the evidence is."""

from __future__ import annotations

from datetime import date

from forecast.evidence.calendar import first_day
from forecast.evidence.evidence import Evidence
from forecast.facts import Fact, Month, fact
from forecast.report.language import Language
from forecast.targets.assess import Assessment
from forecast.targets.evidence_dates import newest


def written(period: str | Fact) -> Fact | Month | date:
    """Return a period of the tables as a value that a language writes.

    Parameters
    ----------
    period : str or Fact
        Year, month or day, as ``2026``, ``2026-02`` or ``2026-02-14``; a `Fact` as it is.
    """
    if isinstance(period, Fact):
        return period
    day = first_day(period)
    assert day is not None
    if len(period) == 4:
        return fact("year", year=day.year)
    return Month(day.year, day.month) if len(period) == 7 else day


def evidence_note(tell: Language, evidence: Evidence, answer: Assessment | None = None) -> str:
    """Return in one sentence how new the evidence is; empty where no date is known.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    answer : Assessment, optional
        The target whose own figures are told apart.
    """
    of_all = newest(evidence, evidence.observations)
    if not of_all:
        return ""
    if answer is None:
        return tell("evidence-newest", published=published(of_all))
    if answer.newest_own:
        own = published(answer.newest_own)
        return tell("evidence-own", own=own, published=published(of_all))
    rows = answer.known
    own_rows = rows[rows["region"] != str(answer.target["reference_region"])]
    lacking = "date" if len(own_rows) else "figure"
    if compared := newest(evidence, rows):
        return tell(
            "evidence-compared",
            lacking=lacking,
            compared=published(compared),
            published=published(of_all),
        )
    return tell("evidence-none", lacking=lacking, published=published(of_all))


def published(period: str) -> Fact:
    """Return when something was published, as far as it is known, for a sentence."""
    form = {4: "year", 7: "month"}.get(len(period), "day")
    return fact("published", form=form, when=written(period))

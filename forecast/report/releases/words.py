"""The calendar of releases in words: what is next, what is overdue, and the table of a plan."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date

import pandas as pd

from forecast.evidence.calendar import last_day
from forecast.evidence.evidence import Evidence
from forecast.evidence.sources.lags import YEAR
from forecast.facts import Fact, Items, Month, Name, Years, fact, published, written
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.releases.upcoming import Calendar, Due, Schedule
from forecast.targets.assessment import Assessment
from forecast.targets.evidence_dates import newest, newest_of_all

#: Days after the newest evidence from which a page says that later releases are not in the data.
STALE = 60


def covers(due: Due) -> Fact:
    """Return what a figure covers: a year, a month, or the months of a part of a year."""
    first, last = due.begins, due.end
    same = first.year == last.year
    part = "part" if same else "parts"
    return fact(
        "release-period",
        form="year" if due.span == YEAR else "month" if due.months == 1 else part,
        year=due.year if due.span == YEAR else last.year,
        first=Month(0 if same else first.year, first.month),
        last=Month(0 if same and due.months > 1 else last.year, last.month),
    )


def when(due: Due) -> Fact:
    """Return by when a figure is expected: a month, or a year where no month is known."""
    by = due.by
    form = "year" if due.lag.months is None else "month"
    return fact("release-by", form=form, month=Month(by.year, by.month), year=by.year)


def publisher(evidence: Evidence, due: Due) -> Name | str:
    """Return the name of the publisher of a figure; empty where none is known."""
    name = str(evidence.source(due.publisher)["publisher"])
    return evidence.publisher(name) if name else ""


def named(evidence: Evidence, due: Due, own: tuple[str, str] | None) -> Fact:
    """Return a figure: what it covers, and of another series than `own` its name."""
    if own == (due.region, due.indicator):
        return covers(due)
    name = evidence.series_name(due.region, due.indicator)
    return fact("release-of-series", series=name, period=covers(due))


def next_due(
    tell: Language, evidence: Evidence, due: Due | None, own: tuple[str, str] | None = None
) -> str:
    """Return which figure is expected next, by when, and from whom; empty without one."""
    if due is None:
        return ""
    return tell("release-next", figure=named(evidence, due, own), **expected(evidence, due))


def expected(evidence: Evidence, due: Due) -> dict[str, object]:
    """Return by when a figure is expected, from whom, and what tells it, for a sentence."""
    of = publisher(evidence, due)
    habit = {"n": due.lag.dates, "of": due.lag.of}
    return {"when": when(due), "publisher": of, "known": str(bool(of)), **habit}


def overdue(
    tell: Language, evidence: Evidence, schedule: Schedule, own: tuple[str, str] | None = None
) -> str:
    """Return which figures should be out and are not in the data; empty where none."""
    missing = schedule.overdue
    if not missing:
        return ""
    years = [due.year for due in missing if due.span == YEAR]
    whole = own is not None and len({(due.region, due.indicator) for due in missing}) == 1
    rest = [due for due in missing if not whole or due.span != YEAR]
    figures: list[object] = []
    if whole and len(years) > 2:
        figures = [fact("release-years", years=Years(years))]
    elif whole:
        figures = [fact("year", year=year) for year in years]
    figures += [named(evidence, due, own) for due in rest]
    last = max(missing, key=lambda due: due.end)
    told = tell("release-overdue", n=len(missing), figures=Items(figures), when=when(last))
    return sentences(tell, told, tell("release-earlier") if schedule.earlier else "")


def of_series(
    tell: Language, evidence: Evidence, schedule: Schedule, region: str, indicator: str
) -> str:
    """Return how new the figures of a series are, what is missing, and what is expected next."""
    own, rows = (region, indicator), evidence.observations
    mine = rows[(rows["region"] == region) & (rows["indicator"] == indicator)]
    day = newest(evidence, mine)
    return sentences(
        tell,
        tell("release-newest", published=published(day)) if day else "",
        overdue(tell, evidence, schedule, own),
        next_due(tell, evidence, schedule.next, own),
    )


def of_set(tell: Language, evidence: Evidence, made: date) -> str:
    """Return for the head of every page how new the evidence is, and when the set was made.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    made : date
        The day of the run.
    """
    day = newest_of_all(evidence)
    told = [tell("page-made", made=made)]
    if day and evidence.as_of is None:
        end = last_day(day)
        stale = end is not None and (made - end).days > STALE
        told = [tell("page-evidence", newest=written(day), stale=str(stale)), *told]
    elif day:
        told = [tell("page-as-of", day=evidence.as_of, newest=written(day)), *told]
    return sentences(tell, *told)


Row = tuple[Due, list[Name]]  # a figure, and the targets that it bears on


def rows(calendar: Calendar, answers: Sequence[Assessment], late: bool) -> list[Row]:
    """Return the figures that bear on the targets of a plan, by when they are expected.

    Parameters
    ----------
    calendar : Calendar
    answers : sequence of Assessment
    late : bool
        Those that are overdue, of every series the newest; if not, those that are to come.
    """
    found: dict[tuple[object, ...], Row] = {}
    for answer in answers:
        schedule = calendar.of_target(answer)
        for due in schedule.overdue[-1:] if late else [schedule.next]:
            if due is not None:
                key = (due.by, due.region, due.indicator, due.span, due.end)
                found.setdefault(key, (due, []))[1].append(answer.name)
    return [row for _, row in sorted(found.items(), key=lambda item: item[0][:4])]


def table(tell: Language, evidence: Evidence, figures: Sequence[Row]) -> pd.DataFrame:
    """List figures of `rows`: when, what, from whom, for which targets.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    shown = []
    for due, names in figures:
        cells = {
            "release-col-when": tell.write(when(due)),
            "release-col-figure": tell.write(named(evidence, due, None)),
            "release-col-publisher": tell.write(publisher(evidence, due)) or tell("release-nobody"),
            "release-col-targets": tell.write(Items(names)),
        }
        shown.append({tell(head): html.escape(text) for head, text in cells.items()})
    return pd.DataFrame(shown)


def overdue_note(tell: Language, figures: Sequence[Row]) -> str:
    """Return heading and note over the figures that are overdue; empty where none is."""
    if not figures:
        return ""
    note = tell("release-overdue-note", n=len(figures))
    return paragraphs(tell("release-overdue-head"), note)

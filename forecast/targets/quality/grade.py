"""The grade of the data on a series: how recent, how long, on which basis, from which sources.

Each of four components gets one of four grades. The grade of the series is one above its weakest
component, or lower where a second component is weaker still: one weakness alone does not decide,
two do. Evidence is thin where its recency or its length is C or D.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.evidence.calendar import months_later, year_end
from forecast.evidence.evidence import Evidence
from forecast.evidence.registries import listed
from forecast.evidence.sources.ranks import RANKS
from forecast.reconciliation.history import History
from forecast.targets.evidence_dates import known_until, last_complete_year
from forecast.targets.revisions import usual_lag

if TYPE_CHECKING:
    from forecast.targets.assessment import Assessment

GRADES = ("A", "B", "C", "D")
COMPONENTS = ("recency", "length", "basis", "sources")
#: Years that are out by the usual lag and have no figure of the whole year: at most, for A, B, C.
MOST_BEHIND = (0, 1, 2)
#: Years with a level of the series' own: at least, for A, B, C.
LEAST_LEVELS = (10, 5, 3)
#: Below this a series tells little of its growth.
FEW_LEVELS = LEAST_LEVELS[1]
#: A usual lag that fewer dates give may be that of late copies.
LEAST_DATES = 4
#: The last years with a level whose sources count.
RECENT = 5
#: What counts as a level of a year.
LEVELS = ("level", "count_to_date", "event")
#: Ranks that are an office's or organisation's own word, and those that can be named as witnesses.
OWN_WORD, REPORTED = RANKS[:3], RANKS[:4]


@dataclass(frozen=True)
class Quality:
    """The grade of the data on a series, and what it follows from.

    Attributes
    ----------
    behind : int
        Years that are usually out by now and have no figure.
    levels : tuple of int
        Years with a level of the series' own, on whatever basis.
    current, older : int
        How many of them have a level on today's basis, and on older ones only.
    last_current : bool
        Whether the last of them is on today's basis.
    recent, own_word, reported : int
        Of the last years with a level: how many count, how many have a source that is the office's
        or an organisation's own, how many such a source or the press.
    publishers : int
        Different publishers, as far as known, of the sources of these years.
    """

    behind: int
    levels: tuple[int, ...]
    current: int
    older: int
    last_current: bool
    recent: int
    own_word: int
    reported: int
    publishers: int

    @property
    def components(self) -> dict[str, str]:
        """The grade of each component, by the names of `COMPONENTS`."""
        if not self.levels:
            return dict.fromkeys(COMPONENTS, "D")
        found = {
            "recency": sum(self.behind > most for most in MOST_BEHIND),
            "length": sum(len(self.levels) < least for least in LEAST_LEVELS),
            "basis": 2 if not self.last_current else 1 if self.older else 0,
            "sources": self._sources(),
        }
        return {name: GRADES[place] for name, place in found.items()}

    def _sources(self) -> int:
        if self.own_word == self.recent:
            return 0
        if self.reported == self.recent and self.publishers > 1:
            return 1
        return 2 if 2 * self.reported >= self.recent else 3

    @property
    def grade(self) -> str:
        """The grade of the series."""
        weakest, second = sorted(self.components.values(), reverse=True)[:2]
        return max(second, GRADES[max(GRADES.index(weakest) - 1, 0)])

    @property
    def thin(self) -> bool:
        """Whether there are few levels, or none of the last years."""
        return max(self.components["recency"], self.components["length"]) > "B"


def of_answer(evidence: Evidence, answer: Assessment) -> Quality:
    """Return the grade of the data that an answer rests on: of its path, or of its statements."""
    history = answer.history
    if history is not None and (history.region, history.indicator) in evidence.records:
        return of_history(evidence, history)
    return of_rows(evidence, answer.known)


def of_history(evidence: Evidence, history: History) -> Quality:
    """Return the grade of a reconciled series: figures that do not fit the others do not count."""
    rows = history.observations
    if rows.empty:
        return of_rows(evidence, rows)
    good = rows["used"].astype(bool) & ~rows["outlier"].astype(bool)
    known = history.years[history.known]
    return of_rows(evidence, rows[good], int(known[-1]) if len(known) else None)


def of_rows(evidence: Evidence, rows: pd.DataFrame, last: int | None = None) -> Quality:
    """Return the grade of some statements.

    Parameters
    ----------
    evidence : Evidence
    rows : DataFrame
        As `Evidence.statements` has them, of one series, or of the parts of one target.
    last : int, optional
        The last year that is known from figures of the whole year, of growth perhaps; without it
        that of the last level.
    """
    if len(rows):
        rows = rows[rows["measure"].isin(LEVELS) & (rows["bound"] == "")]
    if rows.empty:
        return Quality(0, (), 0, 0, False, 0, 0, 0, 0)
    return _of_levels(evidence, rows, last)


def _of_levels(evidence: Evidence, levels: pd.DataFrame, last: int | None) -> Quality:
    first = levels.iloc[0]
    years = tuple(sorted({int(year) for year in levels["year"]}))
    due = _due(evidence, str(first["region"]), str(first["indicator"]))
    newest = evidence.newest_basis(str(first["indicator"]))
    on_current = {int(y) for y, b in zip(levels["year"], levels["basis"], strict=True)
                  if b in ("", newest)}  # fmt: skip
    recent = levels[levels["year"].isin(years[-RECENT:])]
    best: dict[int, int] = {}
    publishers = set()
    others = recent["also_in"] if "also_in" in recent else [""] * len(recent)
    for year, own, more in zip(recent["year"], recent["source"], others, strict=True):
        for source in (evidence.source(key) for key in (own, *listed(more)) if key):
            place = RANKS.index(source["rank"])
            best[year] = min(best.get(year, place), place)
            publishers.add(source["publisher"])
    places = np.array(list(best.values()))
    return Quality(
        behind=max(due - max(years[-1], last or 0), 0),
        levels=years,
        current=len(on_current),
        older=len(set(years) - on_current),
        last_current=years[-1] in on_current,
        recent=len(set(years[-RECENT:])),
        own_word=int(np.sum(places < len(OWN_WORD))),
        reported=int(np.sum(places < len(REPORTED))),
        publishers=len(publishers - {""}),
    )


def _due(evidence: Evidence, region: str, indicator: str) -> int:
    """Return the last year of which a figure is usually out by the day the data reach."""
    starts = evidence.year_starts(region, indicator)
    lag = usual_lag(evidence, region, indicator)
    if lag is None or lag[1] < LEAST_DATES:
        return last_complete_year(evidence, starts)
    day = known_until(evidence)
    years = range(day.year + 1, 0, -1)
    return next((y for y in years if months_later(year_end(y, starts), lag[0]) <= day), day.year)

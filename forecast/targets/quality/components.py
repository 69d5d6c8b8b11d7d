"""What the grade of the data on a series is, and what it follows from.

Each of four components gets one of four grades. The grade of the series is one above its weakest
component, or lower where a second component is weaker still: one weakness alone does not decide,
two do. Evidence is thin where its recency or its length is C or D.
"""

from __future__ import annotations

from dataclasses import dataclass

from forecast.evidence.sources.ranks import RANKS

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
#: What counts as a level of a year. Events do not: nobody says that none is missing between them.
LEVELS = ("level", "count_to_date")
#: Ranks that are an office's or organisation's own word, and those that can be named as witnesses.
OWN_WORD, REPORTED = RANKS[:3], RANKS[:4]


@dataclass(frozen=True)
class Quality:
    """The grade of the data on a series, and what it follows from."""

    behind: int  # years that are usually out by now and have no figure
    levels: tuple[int, ...]  # years with a level of the series' own, on whatever basis
    #: How many of them have a level on today's basis, and on older ones only.
    current: int
    older: int
    last_current: bool  # whether the last of them is on today's basis
    #: Of the last years with a level: how many count, how many have a source that is the office's
    #: or an organisation's own, how many such a source or the press.
    recent: int
    own_word: int
    reported: int
    publishers: int  # different publishers, as far as known, of the sources of these years

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

"""Lists of keys, accounting identities, the regions above a region, newest bases.

Nothing here knows an indicator or a region by name: identities are the columns `sum_of`, `part_of`
and `share_of` of ``indicators.csv``, the order of bases is that of ``bases.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd


def listed(cell: str) -> list[str]:
    """Return the keys in a cell that lists them, separated by semicolons."""
    return [item.strip() for item in cell.split(";") if item.strip()]


@dataclass(frozen=True)
class Accounts:
    """The accounting identities between the indicators of one region."""

    #: A total and the parts that add up to it.
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: A part and the whole that it cannot exceed, of which it is not a summand.
    part_of: Mapping[str, str] = field(default_factory=dict)
    #: A share in percent, the part and the whole that it is the ratio of.
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: The indicator that real growth and deflators refer to (its own deflator); empty if none. The
    #: links `with_gdp` and `against_gdp` of ``bases.csv`` refer to its bases.
    output: str = ""

    @classmethod
    def of(cls, indicators: pd.DataFrame) -> Accounts:
        """Read the identities off the table `indicators`, as far as it has all their members.

        The columns `sum_of`, `part_of`, `share_of` and `deflator` may be missing.
        """
        names = [str(name) for name in indicators["indicator"]]

        def cells(column: str) -> list[tuple[str, tuple[str, ...]]]:
            if column not in indicators:
                return []
            members = [tuple(listed(str(cell))) for cell in indicators[column]]
            pairs = zip(names, members, strict=True)
            return [(name, m) for name, m in pairs if m and set(m) <= set(names)]

        return cls(
            sums=dict(cells("sum_of")),
            part_of={name: members[0] for name, members in cells("part_of")},
            shares={name: (m[0], m[1]) for name, m in cells("share_of") if len(m) == 2},
            output=next((name for name, members in cells("deflator") if members == (name,)), ""),
        )

    @cached_property
    def whole(self) -> dict[str, str]:
        """Return the next larger aggregate of every part, of sums and of `part_of`."""
        return {p: total for total, parts in self.sums.items() for p in parts} | {**self.part_of}

    def wholes(self, indicator: str) -> tuple[str, ...]:
        """Return the aggregates that an indicator is part of, the smallest first."""
        found: list[str] = []
        while (indicator := self.whole.get(indicator, "")) and indicator not in found:
            found.append(indicator)
        return tuple(found)

    def related(self, indicator: str) -> set[str]:
        """Return the indicators whose estimates bear on this one's by sums and shares, and itself.

        A share is reconciled after the sums, and leaves their members as they are.
        """
        members, pending = {indicator}, [indicator]
        while pending:
            name = pending.pop()
            groups = [{total, *parts} for total, parts in self.sums.items()]
            if not any(name in group for group in groups):
                groups = [{share, *of} for share, of in self.shares.items()]
            more = set().union(*(group for group in groups if name in group)) - members
            members |= more
            pending += sorted(more)
        return members

    @cached_property
    def kin(self) -> tuple[frozenset[str], ...]:
        """Return the pairs of indicators of which one is part of the other."""
        return tuple(frozenset((part, whole)) for part in self.whole for whole in self.wholes(part))


@dataclass(frozen=True)
class YearStarts:
    """In which month the years of a series begin, called with its region and indicator."""

    #: The month, 1 to 12, of regions whose years do not begin in January.
    regions: Mapping[str, int] = field(default_factory=dict)
    #: Indicators that are published by calendar years in every region.
    calendar: frozenset[str] = frozenset()

    @classmethod
    def of(cls, regions: pd.DataFrame, indicators: pd.DataFrame) -> YearStarts:
        """Read the columns `year_starts` and `year`, which may be missing."""
        months, years = regions.get("year_starts", 1), indicators.get("year", "")
        known = regions.assign(month=months).set_index("region")["month"]
        by_year = indicators.assign(by=years)
        return cls(
            {str(region): int(month) for region, month in known.items() if month > 1},
            frozenset(by_year.loc[by_year["by"] == "calendar", "indicator"]),
        )

    def __call__(self, region: str, indicator: str) -> int:
        """Return the month, 1 to 12."""
        return 1 if indicator in self.calendar else self.regions.get(region, 1)


def above(parents: Mapping[str, str], region: str) -> list[str]:
    """Return a region and the regions above it by the parent of each, the nearest first."""
    found = [region]
    while (parent := str(parents.get(found[-1], "") or "")) and parent not in found:
        found.append(parent)
    return found


def newest_bases(bases: pd.DataFrame) -> dict[str, str]:
    """Return the basis of the highest sequence of every indicator that has any."""
    order = bases.assign(sequence=bases["sequence"].astype(float))
    order = order.sort_values("sequence", kind="stable", na_position="first")
    last = order.drop_duplicates("indicator", keep="last")
    return {str(i): str(b) for i, b in zip(last["indicator"], last["basis"], strict=True)}

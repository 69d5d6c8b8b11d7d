"""What other figures imply for a level: sums that it follows from, and agreement with it.

A total follows from its parts, a part from the total and the other parts, a year from its months.
A level that a second figure agrees with is unlikely to be wrong.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from forecast.cache import Same
from forecast.evidence.measures import WITHIN_YEAR
from forecast.evidence.registries import Accounts
from forecast.evidence.scales import transform
from forecast.reconciliation.observations import (
    STATUS_SD,
    SUM_OF,
    SUM_OF_PARTS,
    Bases,
    Observation,
    ready,
)

ALIKE = 0.33  # of the smaller move: by how much those of a whole and its part may differ
UNIT_SLIP = float(np.log(3.0))  # moves beyond it may be a common slip of the unit
BOUNDED = 0.33  # share of a move that a bound has to imply, so that it confirms the level
OFF_SUM = 0.01  # of a level: a gap to the published total or parts that is worth a word

Slot = tuple[int, int, str]  # year, last month, basis
Levels = Mapping[Slot, Observation]
Rows = Sequence[Mapping[Hashable, Any]]


class Identity(NamedTuple):
    """Levels whose sum is that of a series: the first ones `added`, the rest taken off."""

    members: list[Levels]
    added: int


def observations_of(
    records: Mapping[str, Rows], accounts: Accounts, info: pd.Series, bases: Bases
) -> list[Observation]:
    """Return what is known of a series in order of time: published figures and derived levels.

    Parameters
    ----------
    records : mapping of str to list of dict
        Rows of `Evidence.records` of the region, of the indicator and those that it follows from.
    accounts : Accounts
    info : Series
        The row of the table of indicators, which names it and its scale.
    bases : Bases
        Of the indicator.
    """
    published = _published(Same(records.get(str(info["indicator"]), ())))
    identities = [
        Identity([_published_levels(Same(records.get(name, ()))) for name in names], added)
        for names, added in identities_of(accounts, str(info["indicator"]))
    ]
    found = _confirmed(published, identities)
    found += _from_identities(published, identities, info)
    found = _at_year_ends(found) if info["kind"] == "stock" else _with_sums_of_months(found)
    found.sort(key=lambda o: (o.year, o.month))
    scale = transform(str(info["transform"]))
    return [ready(o, bases, scale) for o in found]


def identities_of(accounts: Accounts, indicator: str) -> list[tuple[list[str], int]]:
    """Return the sums that an indicator follows from: members, and how many of them are added.

    The others are taken off: a part is its total less the other parts.
    """
    parts = list(accounts.sums.get(indicator, ()))
    found = [(parts, len(parts))] if parts else []
    for total, parts_of_total in accounts.sums.items():
        if indicator in parts_of_total:
            found.append(([total, *(p for p in parts_of_total if p != indicator)], 1))
    return found


# Of the evidence without one figure, most series are those of the evidence with it.
@lru_cache(maxsize=512)
def _published(rows: Same[Rows]) -> tuple[Observation, ...]:
    return tuple(Observation.of(row) for row in rows.it)


@lru_cache(maxsize=512)
def _published_levels(rows: Same[Rows]) -> Levels:
    return _levels(_published(rows))


def forget() -> None:
    """Forget the levels of rows that nobody asks about again."""
    _published.cache_clear()
    _published_levels.cache_clear()


def _slot(o: Observation) -> Slot:
    return o.year, o.month, o.basis


def _levels(observations: Sequence[Observation]) -> Levels:
    """Return the exact levels that carry no mark, of years and of years to date."""
    return {_slot(o): o for o in observations if o.is_level and _exact(o)}


def _exact(o: Observation) -> bool:
    """Whether a figure is known in the indicator's unit, no bound and not marked."""
    return not o.bound and not o.mark and not np.isnan(o.canonical)


# Levels that follow from others -------------------------------------------------------------------


def _from_identities(
    published: Sequence[Observation], identities: Sequence[Identity], info: pd.Series
) -> list[Observation]:
    """Return the levels that follow from an identity, where none is published."""
    own = _levels(published)
    known = {(o.year, o.month) for o in published if o.is_level and not o.bound}
    derived = []
    for members, added in identities:
        for slot in sorted(set.intersection(*map(set, members))):
            if slot[:2] in known:
                continue
            level = _sum([levels[slot] for levels in members], added, info)
            if level.canonical > 0:
                derived.append(replace(level, confirmed=_moves_alike(level, own, members[0])))
                known.add(slot[:2])
    return derived


def _sum(members: Sequence[Observation], added: int, info: pd.Series) -> Observation:
    """Return the sum of the first levels less the others, with its error."""
    plus, minus = members[:added], members[added:]
    total, relative_sd = _total(members, added)
    terms = " and ".join(o.indicator for o in plus) + "".join(f" less {o.indicator}" for o in minus)
    return replace(
        members[0],
        observation=" + ".join(o.observation for o in plus)
        + "".join(f" - {o.observation}" for o in minus),
        indicator=str(info["indicator"]),
        canonical=total,
        value=round(total, 2),
        unit=str(info["unit"]),
        status="derived",
        note=terms if minus else f"{SUM_OF}{terms}",
        sources=tuple((o.region, o.indicator, o.observation) for o in members),
        relative_sd=relative_sd,
    )


def _total(members: Sequence[Observation], added: int) -> tuple[float, float]:
    """Return the sum of the first levels less the others, and its relative standard deviation."""
    signs = np.where(np.arange(len(members)) < added, 1.0, -1.0)
    values = np.array([o.canonical for o in members])
    errors = values * [STATUS_SD[o.status] for o in members]
    total = float(signs @ values)
    return total, float(np.sqrt((errors**2).sum())) / abs(total) if total else 1.0


def _with_sums_of_months(observations: Sequence[Observation]) -> list[Observation]:
    """Add the levels through a month, or of the year, that its months, quarters, halves add up to.

    They are counted from the first month on, or from a year-to-date figure; what is published
    itself is not derived once more. Parts that were counted name the sum in `unused`.
    """
    exact = [o for o in observations if _exact(o)]
    parts = [o for o in exact if o.measure in WITHIN_YEAR]
    counted: dict[int, str] = {}
    derived: list[Observation] = []
    for year, basis in dict.fromkeys((o.year, o.basis) for o in parts):
        reached: dict[int, tuple[list[Observation], float]] = {0: ([], 0.0)}
        for o in exact:
            if o.is_level and (o.year, o.basis) == (year, basis):
                reached[o.month] = [o], o.canonical
        own = [o for o in parts if (o.year, o.basis) == (year, basis)]
        for o in sorted(own, key=lambda o: (o.month, o.measure)):
            start = o.month - WITHIN_YEAR[o.measure]
            if start not in reached:
                continue
            counted[id(o)] = f"counted in the sum through {o.period}"
            if o.month not in reached:
                before, total = reached[start]
                reached[o.month] = [*before, o], total + o.canonical
                derived.append(_sum_through(*reached[o.month]))
    marked = [replace(o, unused=counted[id(o)]) if id(o) in counted else o for o in observations]
    return marked + derived


def _at_year_ends(observations: Sequence[Observation]) -> list[Observation]:
    """Make the level of the year of a stock's figure at the end of its last month or quarter."""
    known = {(o.year, o.basis) for o in observations if o.measure == "level" and not o.bound}
    found = []
    for o in observations:
        if o.measure in WITHIN_YEAR and o.month < 12:
            o = replace(o, unused="a stock within the year")
        elif o.measure in WITHIN_YEAR and (o.year, o.basis) in known:
            o = replace(o, unused="the figure itself is published")
        elif o.measure in WITHIN_YEAR:
            o = replace(o, measure="level", period=str(o.year))
        found.append(o)
    return found


def _sum_through(terms: Sequence[Observation], total: float) -> Observation:
    last = terms[-1]
    whole_year = last.month == 12
    ratio = next((o.published_ratio for o in reversed(terms) if o.canonical), 1.0)
    return replace(
        last,
        observation=" + ".join(o.observation for o in terms),
        measure="level" if whole_year else "ytd_level",
        period=str(last.year) if whole_year else last.period,
        canonical=total,
        value=total * ratio,
        status="derived",
        note=SUM_OF_PARTS,
    )


# Levels that others agree with --------------------------------------------------------------------


def _confirmed(
    published: Sequence[Observation], identities: Sequence[Identity]
) -> list[Observation]:
    """Fill `confirmed` and `identity` of the levels.

    A level is confirmed by the sum of other published levels, by a whole or part that moved alike,
    or by a bound.
    """
    own = _levels(published)
    found = []
    for o in published:
        confirmed, off = _bound_agrees(o, own, published), float("nan")
        for members, added in identities:
            confirmed |= any(_moves_alike(o, own, levels) for levels in members[:added])
            if o.is_level and not o.bound and all(_slot(o) in levels for levels in members):
                total, sd = _total([levels[_slot(o)] for levels in members], added)
                gap = abs(total - o.canonical)
                if gap <= 2 * sd * abs(total):
                    confirmed = True
                elif gap > OFF_SUM * abs(o.canonical):
                    off = total * o.published_ratio
        found.append(replace(o, confirmed=confirmed, identity=off))
    return found


def _move(now: Observation, before: Observation | None) -> float:
    """Return the log change between two levels, 0 where it is not known."""
    if before is None or not min(now.canonical, before.canonical) > 0:
        return 0.0
    return float(np.log(now.canonical / before.canonical))


def _year_before(slot: Slot) -> Slot:
    return slot[0] - 1, slot[1], slot[2]


def _moves_alike(o: Observation, own: Levels, other: Levels) -> bool:
    """Whether a level moved as a whole or a part of it did.

    A slip of the unit moves both by the same factor, so a large factor confirms nothing.
    """
    slot = _slot(o)
    if not o.is_level or o.bound or o.mark or slot not in other:
        return False
    before = _year_before(slot)
    moves = _move(o, own.get(before)), _move(other[slot], other.get(before))
    least, most = sorted(map(abs, moves))
    return 0 < most < UNIT_SLIP and abs(moves[0] - moves[1]) <= ALIKE * least


def _bound_agrees(o: Observation, own: Levels, published: Sequence[Observation]) -> bool:
    """Whether a bound on the same year implies a good part of a yearly level's move."""
    before = own.get(_year_before(_slot(o)))
    move = _move(o, before)
    if o.measure != "level" or o.bound or before is None or not move:
        return False
    for other in published:
        if other.year != o.year or not other.bound or other.mark:
            continue
        if other.measure == "growth":
            ratio = 1 + other.canonical / 100
        elif other.measure == "level" and other.basis == o.basis:
            ratio = other.canonical / before.canonical
        else:
            continue
        implied = float(np.log(ratio)) if ratio > 0 else 0.0
        side = 1.0 if other.bound == "lower" else -1.0
        if side * implied > 0 and BOUNDED * abs(move) <= abs(implied) <= side * move:
            return True
    return False

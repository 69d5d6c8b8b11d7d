"""Figures on a series, published or derived, made ready to become observation equations.

In: the rows of `observations.csv`. Out: one `Observation` each, in the indicator's unit, with the
reason where it cannot be used.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np

from forecast.evidence.evidence import REMARKS, Evidence
from forecast.evidence.measures import FORECASTS, LEVELS, TO_DATE, WITHIN_YEAR
from forecast.evidence.scales import FloatArray, Transform

# Standard deviation of a published level around the value that later stands, relative, by status.
# Ordinary revisions of Jinhua's and Zhejiang's GDP were between -0.12 % and +0.53 %.
STATUS_SD = {
    "census": 0.005,  # head counts are of 1 November, the path is of the year's end
    "final": 0.001,
    "revised": 0.001,
    "preliminary": 0.002,
    "derived": 0.002,
    "secondary": 0.01,
    "unknown": 0.01,
}


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One figure on a series.

    The columns of `observations.csv` and of `Evidence.statements` come first, as published. The
    other fields are filled on the way:

    - `forecast.reconciliation.derived_levels`: `confirmed`, `identity`, `sources`, `relative_sd`;
    - `ready`: `unused`, `basis_name`, `ratio`; `basis` becomes blank for the reference basis, and
      `canonical` of a share of 0 or 100 % moves into the interval it is rounded from;
    - `within_reach`: `unused`, once more.

    Attributes
    ----------
    canonical : float
        Value in the indicator's unit; growth in %, the change of a share in percentage points.
    confirmed : bool
        Whether another published figure agrees with this level.
    identity : float
        What other published levels put the figure at by an identity, in the published unit, if
        they contradict it; else NaN.
    sources : tuple of (region, indicator, observation)
        The levels that a derived one is the sum of.
    relative_sd : float
        Standard deviation of a derived level that its sources bring, relative.
    note : str
        How a derived one was calculated; empty of one that was published.
    unused : str
        Why the observation cannot be used; empty if it is used.
    ratio : float
        Of the published value to the canonical one.
    """

    observation: str = ""
    region: str = ""
    indicator: str = ""
    period: str = ""
    measure: str
    bound: str = ""
    prices: str = ""
    value: float
    unit: str = ""
    basis: str = ""
    status: str
    mark: str = ""
    source: str = ""
    also_in: str = ""
    published: str = ""
    note: str = ""
    year: int
    month: int = 12  # the last one covered
    canonical: float
    converted_with: str = ""
    source_title: str = ""
    confirmed: bool = False
    identity: float = float("nan")
    sources: tuple[tuple[str, str, str], ...] = ()
    relative_sd: float = 0.0
    unused: str = ""
    basis_name: str = ""
    ratio: float = 1.0

    @classmethod
    def of(cls, row: Mapping[Hashable, Any]) -> Observation:
        """Take over a row of `Evidence.records`."""
        return cls(**{name: row[name] for name in _COLUMNS if name in row})

    @property
    def used(self) -> bool:
        """Whether there is no reason against its use."""
        return not self.unused

    @property
    def is_level(self) -> bool:
        """Whether it is a level, of a year or of its first months."""
        return self.measure in LEVELS

    @property
    def partial(self) -> bool:
        """Whether it covers only the first months of its year."""
        return self.month != 12 and self.measure in TO_DATE

    @property
    def touches(self) -> tuple[int, ...]:
        """Years of the path that it depends on, in order."""
        changes = self.measure in ("growth", "ytd_growth", "change")
        return (self.year - 1, self.year) if changes else (self.year,)

    @property
    def published_ratio(self) -> float:
        """Ratio of the published value to that in the indicator's unit."""
        return self.value / self.canonical if self.canonical else 1.0


#: What the note of a sum of other levels begins with.
SUM_OF = "sum of "
#: Note of a level that figures published of parts of its year add up to.
SUM_OF_PARTS = "sum of months and quarters"

#: Those of a row of the table: its remarks do not matter here.
_COLUMNS = tuple(field.name for field in fields(Observation) if field.name not in REMARKS)


class Bases(NamedTuple):
    """The statistical bases of an indicator: the reference, and those that no step joins to it."""

    reference: str
    unjoined: frozenset[str]


def bases_of(evidence: Evidence, indicator: str) -> Bases:
    """Return the reference basis of an indicator, and those that cannot be joined to it.

    The newest one; as of an earlier date, the newest on which a level had been published by then.
    """
    bases = evidence.bases_of.get(indicator, [])
    if not bases:
        return Bases("", frozenset())
    unjoined = frozenset(str(basis["basis"]) for basis in bases if basis["link"] == "none")
    newest = evidence.newest_basis(indicator)
    if evidence.as_of is None:
        return Bases(newest, unjoined - {newest})
    own = (rows for (_, name), rows in evidence.records.items() if name == indicator)
    stated = {row["basis"] or newest for rows in own for row in rows if row["measure"] in LEVELS}
    public = [basis for basis in bases if basis["basis"] in stated]
    last = max(public, key=lambda basis: int(basis["sequence"]), default={"basis": newest})
    reference = str(last["basis"])
    return Bases(reference, unjoined - {reference})


def ready(o: Observation, bases: Bases, scale: Transform) -> Observation:
    """Fill `unused`, `basis_name` and `ratio`, and move shares of 0 and 100 % inside the scale.

    A share of 100 without decimals means above 99.5: it counts as 99.75, with the width of that
    interval.
    """
    canonical, unused = o.canonical, _why_unused(o, bases)
    if scale.name == "logit" and o.is_level and not 0 < canonical < 100:
        half = half_unit(o.value, scale)
        canonical = float(np.clip(canonical, half, 100 - half))
        if o.bound:
            unused = "a bound at the end of the scale"
    return replace(
        o,
        canonical=canonical,
        unused=unused,
        basis="" if o.basis == bases.reference else o.basis,
        basis_name=o.basis,
        ratio=o.published_ratio,
    )


def _why_unused(o: Observation, bases: Bases) -> str:
    if o.measure in ("event", "count_to_date"):
        return "an event"
    if o.measure in FORECASTS:
        return "a forecast of others"
    if o.measure == "ytd_growth" and o.bound:  # it bounds nothing over the whole year
        return "a bound on part of a year"
    if np.isnan(o.canonical):
        return "no exchange rate known"
    if o.measure in WITHIN_YEAR:
        return o.unused or "the months before it are not known"
    return "its basis cannot be joined to today's" if o.basis in bases.unjoined else ""


def within_reach(observations: Sequence[Observation]) -> list[Observation]:
    """Set growth and changes aside that no level is within reach of.

    A chain of growth rates that touches no level does not inform the level: what counts lies
    between the first and the last year that are connected to one.
    """
    used = [o for o in observations if o.used]
    reach = {o.year for o in used if o.is_level}
    changes = [o.touches for o in used if not o.is_level]
    while more := {y for years in changes if set(years) & reach for y in years} - reach:
        reach |= more
    first, last = min(reach), max(reach)
    return [
        replace(o, unused="no level within reach")
        if o.used and not first <= o.touches[0] <= o.touches[-1] <= last
        else o
        for o in observations
    ]


def yearly_levels(observations: Sequence[Observation]) -> FloatArray:
    """Return the exact yearly levels, in the indicator's unit."""
    return np.array([o.canonical for o in observations if o.measure == "level" and not o.bound])


def rounding(value: float) -> float:
    """Half a unit of the last digit that a published figure shows.

    Trailing zeros of whole numbers count as rounded (5,000 may be 4,500 to 5,500), but to no more
    than 2.5 % of the value.

    Examples
    --------
    >>> rounding(2.54), rounding(118.0), rounding(4453.0)
    (0.005, 0.5, 0.5)
    >>> rounding(5000.0)
    125.0
    """
    text = f"{abs(value):.10g}"
    if "." in text:
        return float(0.5 * 10.0 ** -len(text.split(".")[1]))
    digits = text.rstrip("0") or "0"
    return float(min(0.5 * 10.0 ** (len(text) - len(digits)), 0.025 * abs(value) or 0.5))


def half_unit(value: float, scale: Transform) -> float:
    """Return half the interval that a published figure is rounded from.

    A share of 60 is no round number; one of 100 stands for half the usual interval.
    """
    if scale.name != "logit":
        return rounding(value)
    return (rounding(value) if value % 1 else 0.5) * (0.5 if value in (0.0, 100.0) else 1.0)

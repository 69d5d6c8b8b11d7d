"""What the code decides and a catalogue words: a message by name and its typed arguments.

A sentence of a page is a `Fact`. The code that knows the answer chooses the message and hands it
values with their meaning (an amount with its unit, a chance with its floor); the catalogue of a
language has the whole sentence, and `forecast.report.language` writes the values as that language
does. No sentence is put together from clauses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from forecast.evidence.calendar import first_day, year_name


@dataclass(frozen=True)
class Amount:
    """A quantity in a unit of the tables.

    Attributes
    ----------
    value : float
        In `unit`.
    unit : str
        A unit of `forecast.evidence.units`; empty for a bare number.
    exact : bool
        Whether it was stated by somebody: then all its digits are shown, otherwise as many as the
        size deserves.
    bare : bool
        Whether the unit is written elsewhere (the head of a column, the end of a range).
    like : float, optional
        Another amount, such as the other end of a range, whose unit and decimals it is written in.
    """

    value: float
    unit: str = ""
    exact: bool = False
    bare: bool = False
    like: float | None = None


@dataclass(frozen=True)
class Interval:
    """A range from `low` to `high` in one unit; `bare` and `exact` as in `Amount`."""

    low: float
    high: float
    unit: str = ""
    exact: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Rate:
    """Growth per year: percent on a log scale, percentage points of a share, else units.

    Attributes
    ----------
    value : float
        As `forecast.targets.assessment.growth` returns it.
    scale : str
        Name of the series' scale: ``log``, ``logit`` or ``linear``; ``amount`` for the amount of a
        year itself.
    unit : str
        Unit of the series, which a linear scale needs.
    bare : bool
        Whether the unit is written elsewhere.
    told : bool
        Whether it is the predicate of a sentence, what a figure did: rose or fell by so much.
    """

    value: float
    scale: str = "log"
    unit: str = ""
    bare: bool = False
    told: bool = False


@dataclass(frozen=True)
class Percent:
    """A share in percent, or a change in percent where `signed`."""

    value: float
    digits: int = 0
    signed: bool = False


@dataclass(frozen=True)
class Points:
    """A difference of two percentages or chances, in percentage points."""

    value: float
    digits: int = 1
    signed: bool = False


@dataclass(frozen=True)
class Number:
    """A bare number with fixed digits (a score, a factor)."""

    value: float
    digits: int = 0
    signed: bool = False


@dataclass(frozen=True)
class Chance:
    """A probability between 0 and 1, and the least that the record supports.

    `short` is the form for charts and cells of tables; with `bare`, its "in 100" or percent sign is
    written elsewhere (the title of a table, an axis).
    """

    probability: float
    floor: float | None = None
    short: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Bound:
    """A lower bound of a probability, which is rounded down."""

    least: float

    @property
    def percent(self) -> int:
        """The bound as it is shown."""
        return math.floor(100 * self.least + 1e-9)


@dataclass(frozen=True)
class Verdict:
    """The verdict on a probability, with a capital where it is the `head` of a sentence.

    See `forecast.report.language.SCALE`.
    """

    probability: float
    floor: float | None = None
    head: bool = False


class Year(int):
    """A year of a series, written ``2024``, or ``2023/24`` where it begins in another month.

    Everywhere else it counts as its number, that of the calendar year in which it ends.

    Attributes
    ----------
    starts : int
        Month in which it begins.
    """

    starts: int

    def __new__(cls, number: int, starts: int = 1) -> Self:
        """Make a year of its number."""
        made = super().__new__(cls, number)
        made.starts = starts
        return made

    def __reduce__(self) -> tuple[type[Year], tuple[int, int]]:
        """Keep the month in a copy."""
        return Year, (int(self), self.starts)

    @property
    def text(self) -> str:
        """How it is written."""
        return year_name(int(self), self.starts)


@dataclass(frozen=True)
class Years:
    """Years; consecutive ones are written as a range."""

    years: Sequence[int]


@dataclass(frozen=True)
class Month:
    """A month of a year, or of any year where that is 0."""

    year: int
    month: int


@dataclass(frozen=True)
class Name:
    """A name or a text of the data, by language; `en` stands in where a language has none."""

    en: str
    zh: str = ""


@dataclass(frozen=True)
class Items:
    """A list of values: joined as a sentence lists them, or with semicolons where they are long."""

    values: Sequence[object]
    long: bool = False


@dataclass(frozen=True)
class Fact:
    """A message of the catalogues with its arguments."""

    message: str
    args: Mapping[str, object] = field(default_factory=dict)


def fact(message: str, **args: object) -> Fact:
    """Return a `Fact`.

    Examples
    --------
    >>> fact("reason-no-level", years=Years([2024])).message
    'reason-no-level'
    """
    return Fact(message, args)


def written(period: str | Fact, starts: int = 1) -> Fact | Month | date:
    """Return a period of the tables as a value that a language writes.

    Parameters
    ----------
    period : str or Fact
        Year, month or day, as ``2026``, ``2026-02`` or ``2026-02-14``; a `Fact` as it is.
    starts : int
        Month in which years begin.
    """
    if isinstance(period, Fact):
        return period
    day = first_day(period)
    assert day is not None
    if len(period) == 4:
        return fact("year", year=Year(int(period), starts))
    return Month(day.year, day.month) if len(period) == 7 else day


def published(period: str, starts: int = 1) -> Fact:
    """Return when something was published, as far as it is known, for a sentence."""
    form = {4: "year", 7: "month"}.get(len(period), "day")
    return fact("published", form=form, when=written(period, starts))

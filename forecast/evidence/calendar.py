"""Periods as people write them, years that begin in any month, release days, and today.

A year that does not begin in January is numbered by the calendar year in which it ends: 2024 is
July 2023 to June 2024 where years begin in July (Australia, many states of the US), April 2023 to
March 2024 where they begin in April (India). Months, quarters and halves without the mark of a
fiscal year are those of the calendar everywhere.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

JANUARY = 1
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WRITTEN = re.compile(
    r"(?P<mark>FY ?)?(?P<year>[1-9][0-9]{3})(?:[/-](?P<end>[0-9]{4}|[0-9]{2}))?"
    r"(?:[- ]?(?P<part>[QHM])(?P<number>[0-9]{1,2}))?"
)
_LENGTHS = {"M": 1, "Q": 3, "H": 6}  # in months


class Period(NamedTuple):
    """What a text of the tables stands for."""

    year: int  # of a whole year its number; else the calendar year of the month or the day
    #: The month, of a quarter or half-year its last one, and the day; 0 where not given.
    month: int = 0
    day: int = 0
    #: Length as far as the text says it: 12, 6, 3 or 1, and 0 for a day. What ``2023-06`` covers
    #: depends on the measure.
    months: int = 12

    @property
    def text(self) -> str:
        """The form that is used inside: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
        parts = [f"{self.year:04d}", *(f"{n:02d}" for n in (self.month, self.day) if n)]
        return "-".join(parts)


@lru_cache(maxsize=10_000)  # of the same few hundred, every table has thousands
def parse_period(text: str, starts: int = JANUARY) -> Period | None:
    """Read a period.

    Parameters
    ----------
    text : str
        A year (``2024``, fiscal ``2023/24``, ``2023/2024``, ``FY2024``), a half-year
        (``2023H1``), a quarter (``2023Q2``, ``2023-Q2``), a month (``2023-06``, ``2023M06``), a day
        (``2023-06-30``), a half-year or quarter of a fiscal year (``FY2024Q1``, ``2023/24H1``).
        ``2023-24`` is a fiscal year; ``2011-12``, which could be one, is a month.
    starts : int
        Month in which the years of the series begin.

    Returns
    -------
    Period or None
        None if the text has another form, the calendar has no such day, or a fiscal year is named
        where years begin in January.
    """
    if match := _DATE.fullmatch(text):
        year, month, day = (int(part or 0) for part in match.groups())
        first = year if match[2] or starts == JANUARY else year - 1  # in which the year begins
        try:
            date(first, month if match[2] else 1, day if match[3] else 1)
        except ValueError:
            if match[3]:
                return None
        else:
            return Period(year, month, day, 0 if day else 1 if month else 12)
    match = _WRITTEN.fullmatch(text.upper())
    if match is None:
        return None
    year, part, number = int(match["year"]), match["part"], int(match["number"] or 0)
    if match["end"]:
        year += 1
        if match["end"] != str(year)[-len(match["end"]) :]:
            return None
    fiscal = bool(match["mark"] or match["end"])
    if fiscal and (starts == JANUARY or part == "M"):
        return None
    if part is None:
        return Period(year)
    last = number * _LENGTHS[part]
    if not 1 <= last <= 12:
        return None
    year, month = calendar_month(year, last, starts if fiscal else JANUARY)
    return Period(year, month, 0, _LENGTHS[part])


def year_number(text: str, starts: int = JANUARY) -> int | None:
    """Return the number of a whole year, a fiscal one named in any way that `parse_period` reads.

    Examples
    --------
    >>> year_number("2029"), year_number("2028/29", 7), year_number("FY2029", 7)
    (2029, 2029, 2029)
    """
    period = parse_period(text, starts)
    return period.year if period is not None and period.months == 12 else None


def calendar_month(year: int, number: int, starts: int) -> tuple[int, int]:
    """Return calendar year and month of the month with a number, 1 to 12, of a year."""
    month = (starts + number - 2) % 12 + 1
    return year - (month >= starts > JANUARY), month


def year_and_number(period: Period, starts: int) -> tuple[int, int]:
    """Return the year that a period lies in, and the number of its month there; 0 for a year.

    The reverse of `calendar_month`.
    """
    if not period.month or starts == JANUARY:
        return period.year, period.month
    return period.year + (period.month >= starts), (period.month - starts) % 12 + 1


def year_name(year: int, starts: int = JANUARY) -> str:
    """Return how a year is written: ``2024``, and ``2023/24`` where it is no calendar year.

    Examples
    --------
    >>> year_name(2024), year_name(2024, 7), year_name(2000, 4)
    ('2024', '2023/24', '1999/2000')
    """
    if starts == JANUARY:
        return str(year)
    return f"{year - 1}/{year % 100 or year:02d}"


def period_name(period: str, starts: int = JANUARY) -> str:
    """Return how a period of the form `Period.text` is written: a year by its name."""
    return year_name(int(period), starts) if len(period) == 4 else period


def today() -> date:
    """Return the day by the clock: nothing can have been published after it."""
    return date.today()


def first_day(text: str, starts: int = JANUARY) -> date | None:
    """Return the first day of a year, of a month (of a quarter the last one), or a day.

    None if it is no period; see `parse_period`.
    """
    period = parse_period(text, starts)
    if period is None:
        return None
    year, month, day, _ = period
    if not month:
        year, month = calendar_month(year, 1, starts)
    return date(year, month, day or 1)


def last_day(text: str, starts: int = JANUARY) -> date | None:
    """Return the last day of a year, a half-year, a quarter, a month, or a day; see `first_day`."""
    period = parse_period(text, starts)
    if period is None:
        return None
    year, month, day, _ = period
    if not month:
        return year_end(year, starts)
    return date(year, month, day or calendar.monthrange(year, month)[1])


def year_end(year: int, starts: int = JANUARY) -> date:
    """Return the last day of a year."""
    year, month = calendar_month(year, 12, starts)
    return date(year, month, calendar.monthrange(year, month)[1])


def months_later(day: date, months: int) -> date:
    """Return the last day of the month so many months after that of a day."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def release_day(period: str, published: str, source_published: str, starts: int = JANUARY) -> date:
    """Return the day on which an observation is taken to have become public.

    Parameters
    ----------
    period
        What the figure covers: a year, a month (the year up to it, or it alone) or a day.
    published, source_published
        When the observation and its source were published, as far as known; may be empty.
    starts
        Month in which the years of the series begin.

    Returns
    -------
    date
        The first of these that is known, a year or a month meaning the last day of it:

        1. `published`,
        2. `source_published`,
        3. the usual release calendar of the statistics offices: the end of the second month after
           a year for a yearly figure (February after calendar years), the end of the next month
           for a figure through a month, the day itself for an event.
    """
    known = last_day(published) or last_day(source_published)
    if known is not None:
        return known
    end = last_day(period, starts) or date.min
    months = {12: 2, 0: 0}.get((parse_period(period, starts) or Period(0)).months, 1)
    return months_later(end, months) if months else end

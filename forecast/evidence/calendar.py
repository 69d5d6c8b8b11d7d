"""Periods as the tables write them, their first and last days, release days, and today."""

from __future__ import annotations

import calendar
import re
from datetime import date

_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def parse_period(text: str) -> tuple[int, int, int] | None:
    """Split `YYYY`, `YYYY-MM` or `YYYY-MM-DD` into year, month and day.

    Returns
    -------
    tuple of int or None
        Month and day are 0 where they are not given. None if the text has another form or the
        calendar has no such day.
    """
    match = _PERIOD.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        date(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        return None
    return year, month, day


def today() -> date:
    """Return the day by the clock: nothing can have been published after it."""
    return date.today()


def first_day(text: str) -> date | None:
    """Return the first day of a year, a month or a day; None if it is none of them."""
    parts = parse_period(text)
    return None if parts is None else date(parts[0], parts[1] or 1, parts[2] or 1)


def last_day(text: str) -> date | None:
    """Return the last day of a year, a month or a day; None if it is none of them."""
    parts = parse_period(text)
    if parts is None:
        return None
    year, month, day = parts[0], parts[1] or 12, parts[2]
    return date(year, month, day or calendar.monthrange(year, month)[1])


def release_day(period: str, published: str, source_published: str) -> date:
    """Return the day on which an observation is taken to have become public.

    Parameters
    ----------
    period
        What the figure covers: a year, a month (January through it) or a day.
    published, source_published
        When the observation and its source were published, as far as known; may be empty.

    Returns
    -------
    date
        The first of these that is known, a year or a month meaning the last day of it:

        1. `published`,
        2. `source_published`,
        3. the usual release calendar of the statistics offices: the end of February of the next
           year for a yearly figure, the end of the next month for a cumulative figure through a
           month, the day itself for an event.
    """
    known = last_day(published) or last_day(source_published)
    if known is not None:
        return known
    year, month, day = parse_period(period) or (0, 0, 0)
    if day:
        return date(year, month, day)
    year, month = (year + (month or 12) // 12, month % 12 + 1) if month else (year + 1, 2)
    return date(year, month, calendar.monthrange(year, month)[1])

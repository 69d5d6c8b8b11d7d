"""How new the evidence is: the newest figure, and the day and year up to which data are known."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pandas as pd

from forecast.evidence.calendar import first_day, last_day, release_day, today, year_end
from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import FORECASTS


def newest(evidence: Evidence, rows: pd.DataFrame) -> str:
    """Return when the newest of some figures was published; empty where no date is known.

    Year, month or day, as far as known, on which the figure of the latest period came out, or else
    its source. Forecasts by others are no figures, and do not count. A figure of an older period
    that was copied or revised later is not newer evidence. Of two dates the one that begins later
    counts.
    """
    dated = [
        # What is published before its period ends speaks of the time until then.
        (min(end or out, out), out, len(text), text)
        for end, _, text in _figures(evidence, rows)
        if (out := first_day(text))
    ]
    return max(dated)[-1] if dated else ""


@lru_cache(maxsize=4)  # every page asks
def newest_of_all(evidence: Evidence) -> str:
    """Return `newest` of all figures of the data."""
    return newest(evidence, evidence.observations)


def undated(evidence: Evidence, rows: pd.DataFrame) -> str:
    """Return the period of the latest of some figures if none of that period has a date."""
    ends = [(end, period, text) for end, period, text in _figures(evidence, rows) if end]
    latest = max((end for end, _, _ in ends), default=None)
    alike = [(period, text) for end, period, text in ends if end == latest]
    return alike[0][0] if alike and not any(text for _, text in alike) else ""


def _figures(evidence: Evidence, rows: pd.DataFrame) -> list[tuple[date | None, str, str]]:
    """Return the end and the period of every figure, and when it, or its source, was published."""
    of_source = dict(zip(evidence.sources["source"], evidence.sources["published"], strict=True))
    columns = ["region", "indicator", "period", "published", "source"]
    found = rows.loc[~rows["measure"].isin(FORECASTS), columns]
    return [
        (
            last_day(str(period), evidence.year_starts(*key)),
            str(period),
            str(own or of_source.get(source, "")),
        )
        for *key, period, own, source in found.itertuples(index=False)
    ]


@lru_cache(maxsize=4)  # every target asks
def known_until(evidence: Evidence) -> date:
    """Return the day up to which the data know the world: `as_of`, or the newest date in them.

    The clock is not asked, but where no date is known: the same data give the same answer on any
    day.
    """
    if evidence.as_of is not None:
        return evidence.as_of
    dated = [*evidence.observations["published"], *evidence.sources["published"]]
    days = [day for day in map(first_day, dict.fromkeys(dated)) if day is not None]
    if days:
        return max(days)
    last = [
        (rows[-1]["year"], evidence.year_starts(*key)) for key, rows in evidence.records.items()
    ]
    return max((year_end(*year) for year in last), default=today())


def last_complete_year(evidence: Evidence, starts: int = 1) -> int:
    """Return the last year whose yearly figures are usually out; see `calendar.release_day`.

    Data without any date are taken to be of the year before the first target's.
    """
    day = known_until(evidence)
    if day == date.min:
        return int(evidence.targets["year"].min()) - 1
    years = range(day.year, 0, -1)
    return next((y for y in years if release_day(f"{y:04d}", "", "", starts) <= day), day.year)

"""The same evidence by years that begin in another month: everything as many months earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from forecast.evidence.calendar import calendar_month, months_later
from forecast.evidence.evidence import Evidence
from tests.worlds import world


def earlier(day: date, starts: int) -> date:
    """Return the end of the month as long before as a year from `starts` ends before December."""
    return months_later(day, 0 if starts == 1 else starts - 13)


def shifted(rows: list[dict[str, Any]], starts: int, **target: Any) -> Evidence:
    """Return a world of statements by calendar years, moved to years that begin in `starts`.

    Publications move with what they publish, days to the ends of their months.
    """
    moved = []
    for row in rows:
        row = dict(row)
        if "-" in row["period"]:
            year, month = map(int, row["period"].split("-"))
            year, month = calendar_month(year, month, starts)
            row["period"] = f"{year}-{month:02d}"
        if row["published"]:
            day = date.fromisoformat(row["published"])
            row["published"] = str(earlier(day, starts))
        moved.append(row)
    evidence = world(moved, **target)
    return replace(evidence, regions=evidence.regions.assign(year_starts=float(starts)))

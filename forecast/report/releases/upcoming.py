"""Which figures are expected next, which are overdue, and which one decides a target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count, pairwise

from forecast.evidence.calendar import last_day, months_later, today, year_end
from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import FORECASTS, WITHIN_YEAR
from forecast.evidence.registries import listed
from forecast.evidence.sources.lags import TO_DATE, YEAR, Lag, Lags, spans
from forecast.facts import Year
from forecast.targets.assessment import Assessment

HABIT = 2  # periods of a kind after which further ones are expected
LONG_AGO = 5  # years without a figure after which a series, or a kind of period, is given up


@dataclass(frozen=True)
class Due:
    """A figure that is expected.

    Attributes
    ----------
    region, indicator : str
    span : str
        What it covers; see `forecast.evidence.sources.lags.spans`.
    end : date
        Last day of what it covers.
    months : int
        Length of what it covers.
    year : Year
        The year of the series that it lies in.
    lag : Lag
        What tells when it is expected.
    publisher : str
        Key of the source whose publisher releases it; empty where none is known.
    """

    region: str
    indicator: str
    span: str
    end: date
    months: int
    year: Year
    lag: Lag
    publisher: str

    @property
    def by(self) -> date:
        """The last day on which it is expected."""
        return self.lag.due(self.end)

    @property
    def begins(self) -> date:
        """The last day of the first month that it covers."""
        return months_later(self.end, 1 - self.months)


@dataclass(frozen=True)
class Schedule:
    """What is expected of a series, or of all series of a target.

    Attributes
    ----------
    next : Due or None
        The first figure that is expected from now on.
    overdue : tuple of Due
        Figures that should be out and are not in the data: every whole year, and the newest part
        of a year that is over since.
    earlier : bool
        Whether shorter parts of that year should be out as well.
    """

    next: Due | None = None
    overdue: tuple[Due, ...] = ()
    earlier: bool = False


def report_day(evidence: Evidence) -> date:
    """Return the day from which releases are looked at: `as_of`, or the day of the run."""
    return evidence.as_of or today()


class Calendar:
    """The releases of all series of the evidence.

    Parameters
    ----------
    evidence : Evidence
    day : date, optional
        The day from which releases are looked at; `report_day` if not given.
    """

    def __init__(self, evidence: Evidence, day: date | None = None) -> None:
        self.evidence = evidence
        self.day = day or report_day(evidence)
        self.lags = Lags(evidence)
        self._spans = spans(evidence)

    def _held(self, region: str, indicator: str) -> dict[str, set[date]]:
        """Return the last days of the periods whose figures are in the data, by span."""
        table = self.evidence.observations
        mine = (table["region"] == region) & (table["indicator"] == indicator)
        mine &= ~table["measure"].isin(FORECASTS)
        starts = self.evidence.year_starts(region, indicator)
        return {
            str(span): {end for period in set(periods) if (end := last_day(str(period), starts))}
            for span, periods in table.loc[mine, "period"].groupby(self._spans[mine])
            if span
        }

    def _given_up(self, held: dict[str, set[date]]) -> bool:
        return bool(held) and self.day.year - max(map(max, held.values())).year > LONG_AGO

    def of_series(self, region: str, indicator: str) -> Schedule:
        """Return what is expected of a series."""
        known, key = _schedules(self.evidence, self.day), (region, indicator)
        if key not in known:
            known[key] = self._schedule(*key)
        return known[key]

    def _schedule(self, region: str, indicator: str) -> Schedule:
        ends = self._held(region, indicator)
        if not ends or self._given_up(ends):
            return Schedule()
        newest = max(map(max, ends.values()))
        coming: list[Due] = []
        overdue: dict[str, list[Due]] = {}
        for span in [YEAR, TO_DATE, *WITHIN_YEAR]:
            for due in self._after(region, indicator, span, ends.get(span, set()), newest):
                if due.by >= self.day:
                    coming.append(due)
                    break
                overdue.setdefault(span, []).append(due)
        years = overdue.pop(YEAR, [])
        last = max([newest, *(due.end for due in years)])
        parts = [due for found in overdue.values() for due in found if due.end > last]
        newest_part = max(parts, key=lambda due: (due.end, due.months), default=None)
        return Schedule(
            min(coming, key=lambda due: (due.by, -due.months), default=None),
            (*years, *([newest_part] if newest_part else [])),
            len(parts) > 1,
        )

    def _after(
        self, region: str, indicator: str, span: str, held: set[date], newest: date
    ) -> Iterator[Due]:
        """Yield the figures of a span after the newest, in order; none where it has no habit.

        A series that never had figures of two years running (a survey) skips years.
        """
        if span != YEAR and not _habit(held, newest):
            return
        lag = self.lags.lag(region, indicator, span)
        if lag is None:
            return
        starts = self.evidence.year_starts(region, indicator)
        quarterly = all(_number(end, starts) % 3 == 0 for end in held)
        step = {YEAR: 12, TO_DATE: 3 if quarterly else 1, **WITHIN_YEAR}[span]
        years = sorted(end.year for end in held) if span == YEAR else []
        gap = min((b - a for a, b in pairwise(years)), default=1)
        publisher = self.lags.publisher(region, indicator)
        for number in count(newest.year):
            if years and (number - newest.year) % gap:
                continue
            year = Year(number, starts)
            close = year_end(number, starts)
            for month in range(step, 13, step):
                end = months_later(close, month - 12)
                if end <= newest or (span == TO_DATE and month == 12):
                    continue  # the year to December is the year
                months = month if span in (YEAR, TO_DATE) else step
                yield Due(region, indicator, span, end, months, year, lag, publisher)

    def of_target(self, answer: Assessment) -> Schedule:
        """Return what is expected of the series of a target; nothing where no release decides it.

        Of several series (markets, regions, parts) the first that is due is the next, and of each
        the newest that is overdue is told.
        """
        if answer.released == "at_once":
            return Schedule()
        row, known = answer.target, answer.known
        own = (str(row["region"]), str(row["indicator"]))
        pairs = list(dict.fromkeys(zip(known["region"], known["indicator"], strict=True)))
        compared = listed(str(row["reference_region"]))
        series = [own] if own in pairs else [p for p in pairs if p[0] not in compared]
        found = [self.of_series(*pair) for pair in series]
        if len(found) == 1:
            return found[0]
        coming = [schedule.next for schedule in found if schedule.next is not None]
        overdue = [schedule.overdue[-1] for schedule in found if schedule.overdue]
        earlier = any(schedule.earlier for schedule in found)
        return Schedule(min(coming, key=lambda due: due.by, default=None), tuple(overdue), earlier)

    def deciding(self, answer: Assessment) -> Due | None:
        """Return the yearly figure that decides a target; None where no date tells it.

        None as well where the series was given up.
        """
        region, indicator = str(answer.target["region"]), str(answer.target["indicator"])
        lag = self.lags.lag(region, indicator)
        if lag is None or self._given_up(self._held(region, indicator)):
            return None
        end = year_end(answer.year, answer.year_starts)
        publisher = self.lags.publisher(region, indicator)
        return Due(region, indicator, YEAR, end, 12, answer.year, lag, publisher)


@lru_cache(maxsize=4)  # every page asks, in every language
def _schedules(evidence: Evidence, day: date) -> dict[tuple[str, str], Schedule]:
    """Return where the schedules of the series of some evidence are kept, as of a day."""
    return {}


def _habit(held: set[date], newest: date) -> bool:
    """Whether parts of a year have been published so often, and so lately, that more are due."""
    return len(held) >= HABIT and max(held) > date(newest.year - LONG_AGO, 12, 31)


def _number(end: date, starts: int) -> int:
    """Return the number of a month in its year."""
    return (end.month - starts) % 12 + 1

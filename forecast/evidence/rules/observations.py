"""Checks of single observations: period, unit, range, basis, and no duplicate of another."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from forecast.evidence.calendar import (
    calendar_month,
    first_day,
    last_day,
    parse_period,
    today,
    year_end,
    year_name,
)
from forecast.evidence.measures import (
    AMOUNTS,
    FORECAST_STATUSES,
    FORECASTS,
    RATES,
    WITHIN_YEAR,
    years_of_rates,
)
from forecast.evidence.problems import Problem
from forecast.evidence.rules.data import (
    ObservationEntry,
    TableRows,
    may_be_negative,
    misfit,
    unreadable,
)
from forecast.evidence.rules.registries import MOST_YEARS
from forecast.evidence.units import UnitError, exchanged

_YEAR, _FISCAL = "a year such as 2023", " or 2022/23 (2011-12 is a month; write 2011/12)"
#: Lengths that the periods of a measure can have, and how they are written.
_PERIOD_FORMS = {
    **dict.fromkeys(("level", "growth", "change", *FORECASTS), ((12,), _YEAR)),
    "ytd_level": ((1, 3, 6), "a month such as 2023-06, for the year to June"),
    "ytd_growth": ((1, 3, 6), "a month such as 2023-06, for the year to June"),
    "month_level": ((1,), "a month such as 2023-06, for June alone"),
    "quarter_level": ((1, 3), "a quarter such as 2023Q2, or its last month, 2023-06"),
    "half_level": ((1, 6), "a half-year such as 2023H1, or its last month, 2023-06"),
}


def periods(data: TableRows) -> Iterator[Problem]:
    """Find periods that do not exist or do not have the form that the measure needs."""
    newest = max((s.year for s in data.observations if s.measure not in FORECASTS), default=0)
    for s in data.observations:
        # Of an event, sometimes only the month or the year is known.
        lengths, form = _PERIOD_FORMS.get(s.measure, ((), "a date such as 2024-03-28"))
        form += _FISCAL if form == _YEAR and s.starts > 1 else ""
        if not s.year and parse_period(s.period, 2):
            wrong = f"a fiscal year, and the years of {s.region}/{s.indicator} begin in January"
            yield s.error("period", wrong, f"{form}, or another year_starts of {s.region}")
        elif not s.year:
            yield s.error("period", "no such date", form)
        elif s.year < newest - MOST_YEARS:
            wrong = f"more than {MOST_YEARS} years before the newest figure ({newest})"
            yield s.error("period", wrong, form)
        elif lengths and s.months not in lengths:
            yield s.error("period", f"wrong form for the measure {s.measure}", form)


def parts_of_years(data: TableRows) -> Iterator[Problem]:
    """Find parts of a year of what has none, and quarters and halves that do not fit the year."""
    for s in data.observations:
        if s.measure not in WITHIN_YEAR:
            continue
        length, name = WITHIN_YEAR[s.measure], s.measure.removesuffix("_level")
        if s.kind not in ("flow", "stock", ""):
            wrong = f"a {s.kind} does not add up over the months of a year"
            yield s.error("measure", wrong, "level")
        elif s.year and s.month % length:
            ends = sorted(calendar_month(1, n, s.starts)[1] for n in range(length, 13, length))
            expected = f"the last month of a {name}: {', '.join(f'{m:02d}' for m in ends)}"
            yield s.error("period", f"no {name} of the year ends in this month", expected)


def published_after_period(data: TableRows) -> Iterator[Problem]:
    """Find figures published before their period began, or ended."""
    own = {text: last_day(text) for text in {row["published"] for row in data["observations"]}}
    of_source = {name: last_day(text) for name, text in data.published.items()}
    days = [day for day in (*own.values(), *of_source.values()) if day is not None]
    for s in data.observations:
        begin, end = first_day(s.period, s.starts), last_day(s.period, s.starts)
        if begin is None or end is None or s.measure in FORECASTS:
            continue
        if (day := own[s["published"]]) is not None:
            published, what = day, "its publication"
        elif (day := of_source.get(s.source)) is not None:
            published, what = day, f"the publication of its source {s.source}"
        elif days:
            published, what = max(days), "the publication of the newest source"
        else:
            published, what = today(), "today"
        if published < begin:
            wrong = f"the period begins after {what} ({published})"
            yield s.error("period", wrong, "a period that begins before its publication")
        elif published + timedelta(5) < end and s.exact and s.kind in ("flow", "stock", "share"):
            wrong = f"the period ends after {what} ({published})"
            yield s.warning("period", wrong, "a period that ends before its publication")


def forecasts(data: TableRows) -> Iterator[Problem]:
    """Find forecasts of others without a date, made after their year, or not marked as such.

    Their horizon runs from the day of publication, so it has to be known.
    """
    for s in data.observations:
        if (s.measure in FORECASTS) != (s.status in FORECAST_STATUSES):
            expected = "the status of a published figure"
            if s.measure in FORECASTS:
                expected = " or ".join(FORECAST_STATUSES)
            yield s.error("status", f"wrong status for the measure {s.measure}", expected)
        if s.measure not in FORECASTS:
            continue
        if s.measure == "forecast_growth" and s.kind == "share":
            wrong = "a forecast of a share is stated as its level"
            yield s.error("measure", wrong, "forecast_level")
        published = s["published"] or data.published.get(s.source, "")
        day, end = last_day(published), last_day(s.period, s.starts)
        if day is None:
            wrong = "the horizon of a forecast runs from its publication"
            yield s.error("published", wrong, "the day of publication")
        elif end is not None and day > end:
            wrong = f"the year ended before the forecast was published ({day})"
            yield s.error("period", wrong, "a year that ends after the publication")


def units(data: TableRows) -> Iterator[Problem]:
    """Find units that cannot be read or measure something else than the indicator."""
    fitting, misfits = set[str](), defaultdict(list)
    for s in data.observations:
        wrong, unit = f"wrong unit for the measure {s.measure}", s.registered["unit"]
        if found := unreadable(s):
            yield found
        elif s.measure in RATES:
            if s.unit != "%":
                yield s.error("unit", wrong, "%")
        elif s.measure == "change":
            if s.unit != "pp" or unit != "%":
                expected = "pp, for the change of a share in percentage points"
                yield s.error("unit", wrong, expected)
        elif _foreign(s) is None and (found := misfit(s, unit, f"wrong unit for {s.indicator}")):
            misfits[s.indicator].append((s, found))
        else:
            fitting.add(s.indicator)
    for indicator, rows in misfits.items():
        first = rows[0][0]
        if len(rows) > 1 and indicator not in fitting and len({s.dimension for s, _ in rows}) == 1:
            wrong = f"all {len(rows)} figures are in another unit"
            found = misfit(first.registered, first.unit, wrong)
            yield from [found] if found else []
        else:
            yield from (found for _, found in rows)


def _foreign(s: ObservationEntry) -> tuple[str, str] | None:
    """Return the exchange rate that an amount is converted with; None if it takes none."""
    try:
        return exchanged(s.unit, s.registered["unit"]) if s.measure in AMOUNTS else None
    except UnitError:
        return None


def exchange_rates(data: TableRows) -> Iterator[Problem]:
    """Find amounts in another currency for a year whose exchange rate is not known.

    Before a year is over nobody can know its average: such figures wait for it.
    """
    regions = data.by_key("regions", "region")
    for s in data.observations:
        pair = _foreign(s)
        if pair and s.year and s.year not in data.exchange_rates.yearly(s.region, pair, s.starts):
            rate = f"exchange rate {'/'.join(pair)}"
            place, stated = data.exchange_rates.home(s.region, pair)
            needed = years_of_rates(s.year, s.starts, stated)
            years = " and ".join(year_name(year, stated) for year in needed)
            wrong = f"no {rate} is known for {year_name(s.year, s.starts)}"
            expected = f"{pair[0]}, or the {rate} of {years} for {place} among the figures"
            if place not in regions:  # an unknown parent is the cause
                continue
            if year_end(needed[-1], stated) < today():
                yield s.error("unit", wrong, expected)
            else:
                yield s.warning("unit", f"{wrong} yet: the figure is shown and not used", expected)


def values(data: TableRows) -> Iterator[Problem]:
    """Find observations without a value; only an event needs none."""
    for s in data.observations:
        if math.isnan(s.value) and s.measure != "event":
            yield s.error("value", "empty cell", "the published number")


def ranges(data: TableRows) -> Iterator[Problem]:
    """Find levels, shares, ranks and growth outside their range."""
    for s in data.observations:
        expected = ""
        if s.measure in AMOUNTS and s.value == 0 and s.registered["transform"] == "log":
            expected = "a level above 0 (transform linear admits 0)"  # exact, or a bound
        elif s.measure in AMOUNTS and s.kind == "share":
            expected = "" if 0 <= s.value <= 100 else "a share of 0 to 100 %"
        elif s.measure in AMOUNTS and s.kind == "rank":
            whole = s.value >= 1 and s.value == int(s.value)
            expected = "" if whole else "a rank: a whole number from 1"
        elif s.measure in AMOUNTS and s.value < 0 and not may_be_negative(s.registered):
            expected = "a level that is not negative (transform linear admits one)"
        elif s.measure in RATES and not -100 < s.value <= 1000:
            expected = "growth above -100 %, and below 1000 %"
        elif s.measure == "change" and not -100 <= s.value <= 100:
            expected = "a change of -100 to 100 percentage points"
        if expected:
            yield s.error("value", "out of range", expected)
        elif s.measure in RATES and s.value > 300 and s.exact:
            yield s.warning("value", "unusual value", "growth in %, which is hardly ever above 300")


def counts(data: TableRows) -> Iterator[Problem]:
    """Find events and counts of them that are no whole numbers, or of something not counted."""
    for s in data.observations:
        if s.measure not in ("event", "count_to_date"):
            continue
        if s.measure == "count_to_date" and s.kind not in ("count", ""):
            yield s.error("measure", f"{s.indicator} does not count events", "level")
        elif not math.isnan(s.value) and not (s.value >= 0 and s.value == int(s.value)):
            yield s.error("value", "not a count", "a whole number of events")


def prices(data: TableRows) -> Iterator[Problem]:
    """Find real terms where there is no growth, or no price, and nominal ones of what is real."""
    for s in data.observations:
        own = s.registered["prices"]
        if own == "real" and s.prices == "nominal":
            expected = "real; what is at current prices is an indicator of its own"
            yield s.error("prices", f"{s.indicator} is at constant prices", expected)
        elif s.prices == "real" and own != "real" and s.measure not in RATES:
            wrong = f"only growth can be real, and the measure is {s.measure}"
            expected = "nominal or none; what is at constant prices is an indicator of its own"
            yield s.error("prices", wrong, expected)
        elif s.prices == "real" and own == "none":
            yield s.error("prices", f"{s.indicator} is not a sum of money", "none")


def bases(data: TableRows) -> Iterator[Problem]:
    """Find bases that the indicator does not have."""
    known = defaultdict(list)
    for row in data["bases"]:
        known[row["indicator"]].append(row["basis"])
    for row in data["observations"]:
        own = known[row["indicator"]]
        if row["basis"] and row["basis"] not in own:
            expected = f"an empty cell or one of {', '.join(own)}" if own else "an empty cell"
            yield row.error("basis", f"no basis of {row['indicator']}", expected)


def duplicates(data: TableRows) -> Iterator[Problem]:
    """Find one figure in two rows: a copy is no further evidence."""
    series: dict[tuple[str, str], list[ObservationEntry]] = defaultdict(list)
    for s in data.observations:
        series[s.region, s.indicator].append(s)
    for own in series.values():
        same: dict[tuple[str, ...], list[ObservationEntry]] = defaultdict(list)
        for s in own:
            group = same[s.period, s.measure, s.bound, s.prices, s.basis]
            if found := next(filter(None, (_duplicate(s, earlier) for earlier in group)), None):
                yield found
            group.append(s)


def _duplicate(s: ObservationEntry, earlier: ObservationEntry) -> Problem | None:
    """Return what is wrong with an observation, given one of the same figure."""
    equal = (s.value, s.unit) == (earlier.value, earlier.unit)
    one_source = s.source == earlier.source
    known = f"(row {earlier.row} has {earlier.figure}"
    if one_source and equal:
        return s.error("value", "duplicate value", f"each figure of a source once {known})")
    if s.measure in FORECASTS:
        return None  # another vintage, or another forecaster of the same opinion
    if not (s.exact and earlier.exact):
        return None
    if one_source:
        expected = f"one value from one source, or a mark {known})"
        return s.warning("value", "second value from one source", expected)
    if equal:
        expected = f"an independent figure, not a copy {known} from {earlier.source})"
        return s.warning("value", "duplicate value", expected)
    return None

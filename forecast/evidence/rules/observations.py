"""Checks of single observations: period, unit, range, basis, and no second one like it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from forecast.evidence.book import (
    AMOUNTS,
    EXCHANGE,
    FORECAST_STATUSES,
    FORECASTS,
    LEVELS,
    PARTS,
    RATES,
    Book,
    Statement,
    as_text,
    in_dollars,
)
from forecast.evidence.calendar import first_day, last_day, today
from forecast.evidence.problems import Problem
from forecast.evidence.rules.plausibility import growth_series
from forecast.evidence.rules.registries import MOST_YEARS
from forecast.evidence.units import CURRENCIES, UNITS

# ------------------------------------------------------------------------------------------------
# Observations one by one
# ------------------------------------------------------------------------------------------------

_PERIOD_FORMS = {
    **dict.fromkeys(("level", "growth", "change", *FORECASTS), (1, "a year such as 2023")),
    **dict.fromkeys(
        ("ytd_level", "ytd_growth"), (2, "a month such as 2023-06, for January through June")
    ),
    "month_level": (2, "a month such as 2023-06, for June alone"),
    "quarter_level": (2, "a month such as 2023-06, for April through June"),
}


def periods(book: Book) -> Iterator[Problem]:
    """Find periods that do not exist or do not have the form that the measure needs."""
    newest = max((s.year for s in book.statements if s.measure not in FORECASTS), default=0)
    for s in book.statements:
        # Of an event, sometimes only the month or the year is known.
        parts, form = _PERIOD_FORMS.get(s.measure, (0, "a date such as 2024-03-28"))
        if not s.year:
            yield book.error("observations", s.row, "period", s.period, form)
        elif s.year < newest - MOST_YEARS:
            expected = f"{form}, at most {MOST_YEARS} years before the newest ({newest})"
            yield book.error("observations", s.row, "period", s.period, expected)
        elif parts and s.period.count("-") + 1 != parts:
            expected = f"{form} (the measure is {s.measure})"
            yield book.error("observations", s.row, "period", s.period, expected)


def parts_of_years(book: Book) -> Iterator[Problem]:
    """Find months and quarters of what does not add up, and quarters that end in mid-quarter."""
    for s in book.statements:
        if s.measure not in PARTS:
            continue
        if s.kind not in ("flow", ""):
            expected = f"level: a {s.kind} does not add up over the months of a year"
            yield book.error("observations", s.row, "measure", s.measure, expected)
        elif s.measure == "quarter_level" and s.year and s.month % 3:
            expected = "the last month of a quarter: 03, 06, 09 or 12"
            yield book.error("observations", s.row, "period", s.period, expected)


def published_after_period(book: Book) -> Iterator[Problem]:
    """Find figures published before their period began, or ended."""
    own = {row["row"]: last_day(row["published"]) for row in book.rows["observations"]}
    of_source = {name: last_day(text) for name, text in book.published.items()}
    days = [day for day in (*own.values(), *of_source.values()) if day is not None]
    for s in book.statements:
        begin, end = first_day(s.period), last_day(s.period)
        if begin is None or end is None or s.measure in FORECASTS:
            continue
        if (day := own[s.row]) is not None:
            published, whose = day, "it was published"
        elif (day := of_source.get(s.source)) is not None:
            published, whose = day, f"its source {s.source} was published"
        else:
            published, whose = max(days, default=today()), "the newest source was published"
        if published < begin:
            expected = f"a period that had begun when {whose} ({published})"
            yield book.error("observations", s.row, "period", s.period, expected)
        elif published + timedelta(5) < end and s.exact and s.kind in ("flow", "stock", "share"):
            expected = f"a period that had ended when {whose} ({published})"
            yield book.warning("observations", s.row, "period", s.period, expected)


def forecasts(book: Book) -> Iterator[Problem]:
    """Find forecasts of others without a date, made after their year, or not marked as such.

    Their horizon runs from the day of publication, so it has to be known.
    """
    own = {row["row"]: row for row in book.rows["observations"]}
    for s in book.statements:
        status = own[s.row]["status"]
        if (s.measure in FORECASTS) != (status in FORECAST_STATUSES):
            expected = (
                f"{' or '.join(FORECAST_STATUSES)} (the measure is {s.measure})"
                if s.measure in FORECASTS
                else f"the status of a published figure (the measure is {s.measure})"
            )
            yield book.error("observations", s.row, "status", status, expected)
        if s.measure not in FORECASTS:
            continue
        if s.measure == "forecast_growth" and s.kind == "share":
            expected = "forecast_level: what is expected of a share is stated as its level"
            yield book.error("observations", s.row, "measure", s.measure, expected)
        published = own[s.row]["published"]
        day, end = last_day(published or book.published.get(s.source, "")), last_day(s.period)
        if day is None:
            expected = "the day of publication: the horizon of a forecast runs from it"
            yield book.error("observations", s.row, "published", published, expected)
        elif end is not None and day > end:
            expected = f"a year that had not ended when the forecast was published ({day})"
            yield book.error("observations", s.row, "period", s.period, expected)


def units(book: Book) -> Iterator[Problem]:
    """Find units that are unknown or measure something else than the indicator."""
    for s in book.statements:
        indicator = book.indicators.get(s.indicator)
        if s.unit not in UNITS:
            known = ", ".join(UNITS)
            yield book.error("observations", s.row, "unit", s.unit, f"a known unit: {known}")
            continue
        if indicator is None or indicator["unit"] not in UNITS:
            continue
        dimension, wanted = UNITS[s.unit].dimension, UNITS[indicator["unit"]].dimension
        if s.measure in RATES:
            if s.unit != "%":
                expected = f"% (the measure is {s.measure})"
                yield book.error("observations", s.row, "unit", s.unit, expected)
        elif s.measure == "change":
            if s.unit != "pp" or indicator["unit"] != "%":
                expected = "pp, for the change of a share in percentage points"
                yield book.error("observations", s.row, "unit", s.unit, expected)
        elif dimension != wanted and {dimension, wanted} != set(CURRENCIES):
            expected = f"a unit of {wanted} such as {indicator['unit']}, for {s.indicator}"
            yield book.error("observations", s.row, "unit", s.unit, expected)


def exchange_rates(book: Book) -> Iterator[Problem]:
    """Find dollars for a year whose exchange rate is not known."""
    for s in book.statements:
        unit = book.indicators.get(s.indicator, {}).get("unit", "")
        in_yuan = unit in UNITS and UNITS[unit].dimension == CURRENCIES[0]
        if (
            s.measure in AMOUNTS
            and in_dollars(s)
            and in_yuan
            and s.year
            and s.year not in book.rates
        ):
            expected = (
                f"yuan, or an observation of {'/'.join(EXCHANGE)} for {s.year} to convert with"
            )
            yield book.error("observations", s.row, "unit", s.unit, expected)


def values(book: Book) -> Iterator[Problem]:
    """Find statements without a value; only an event needs none."""
    for s in book.statements:
        if math.isnan(s.value) and s.measure != "event":
            yield book.error("observations", s.row, "value", "", "the published number")


def ranges(book: Book) -> Iterator[Problem]:
    """Find levels, shares, ranks and growth that cannot be."""
    for s in book.statements:
        expected = ""
        log = book.indicators.get(s.indicator, {}).get("transform") == "log"
        if s.measure in AMOUNTS and s.value == 0 and log:  # an exact level, or a bound
            expected = "a level above 0"
        elif s.measure in AMOUNTS and s.kind == "share":
            expected = "" if 0 <= s.value <= 100 else "a share of 0 to 100 %"
        elif s.measure in AMOUNTS and s.kind == "rank":
            fits = s.value >= 1 and s.value == int(s.value)
            expected = "" if fits else "a rank: a whole number from 1"
        elif s.measure in AMOUNTS and s.value < 0:
            expected = "a level that is not negative"
        elif s.measure in RATES and not -100 < s.value <= 1000:
            expected = "growth above -100 %, and below 1000 %"
        elif s.measure == "change" and not -100 <= s.value <= 100:
            expected = "a change of -100 to 100 percentage points"
        if expected:
            yield book.error("observations", s.row, "value", s.value, expected)
        elif s.measure in RATES and s.value > 300 and s.exact:
            expected = "growth in %, which is hardly ever above 300"
            yield book.warning("observations", s.row, "value", s.value, expected)


def counts(book: Book) -> Iterator[Problem]:
    """Find events and counts of them that are no whole numbers, or of something not counted."""
    for s in book.statements:
        if s.measure not in ("event", "count_to_date"):
            continue
        if s.measure == "count_to_date" and s.kind not in ("count", ""):
            expected = f"level: {s.indicator} does not count events"
            yield book.error("observations", s.row, "measure", s.measure, expected)
        elif not math.isnan(s.value) and not (s.value >= 0 and s.value == int(s.value)):
            expected = "a whole number of events"
            yield book.error("observations", s.row, "value", s.value, expected)


def prices(book: Book) -> Iterator[Problem]:
    """Find real terms where there is no growth, or no price."""
    for s in book.statements:
        if s.prices == "real" and s.measure not in RATES:
            expected = f"nominal or none: the measure is {s.measure}, and only growth can be real"
            yield book.error("observations", s.row, "prices", s.prices, expected)
        elif s.prices == "real" and s.prices_of_indicator == "none":
            expected = f"none: {s.indicator} is not a sum of money"
            yield book.error("observations", s.row, "prices", s.prices, expected)


def bases(book: Book) -> Iterator[Problem]:
    """Find bases that the indicator does not have."""
    known = defaultdict(list)
    for row in book.rows["bases"]:
        known[row["indicator"]].append(row["basis"])
    for row in book.rows["observations"]:
        basis, own = row["basis"], known[row["indicator"]]
        if basis and basis not in own:
            expected = f"a basis of {row['indicator']} ({', '.join(own) or 'it has none'})"
            yield book.error("observations", row["row"], "basis", basis, f"{expected}, or empty")


# ------------------------------------------------------------------------------------------------
# Observations against each other
# ------------------------------------------------------------------------------------------------


def duplicates(book: Book) -> Iterator[Problem]:
    """Find one statement in two rows: a copy is no further evidence."""
    same: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for s in book.statements:
        same[s.region, s.indicator, s.period, s.measure, s.bound, s.prices, s.basis].append(s)
    for group in same.values():
        for i, s in enumerate(group):
            for earlier in group[:i]:
                equal = (s.value, s.unit) == (earlier.value, earlier.unit)
                told = f"(row {earlier.row} says {as_text(earlier.value)} {earlier.unit}"
                if s.source == earlier.source and equal:
                    expected = f"each statement of a source once {told})"
                    yield book.error("observations", s.row, "value", s.value, expected)
                elif s.measure in FORECASTS:
                    continue  # another vintage, or another forecaster of the same opinion
                elif s.exact and earlier.exact and s.source == earlier.source:
                    expected = f"one value from one source, or a mark {told})"
                    yield book.warning("observations", s.row, "value", s.value, expected)
                elif s.exact and earlier.exact and equal:
                    expected = f"an independent statement, not a copy {told} from {earlier.source})"
                    yield book.warning("observations", s.row, "value", s.value, expected)
                else:
                    continue
                break


def fractions(book: Book) -> Iterator[Problem]:
    """Find percentages typed as fractions: 0.063 for 6.3.

    Growth of a fraction of a percent exists, but not with three decimals among growth rates of
    whole percents.
    """
    for series in growth_series(book).values():
        for s in series:
            if not 0 < abs(s.value) < 0.5 or len(as_text(s.value).partition(".")[2]) < 3:
                continue
            near = [abs(o.value) for o in series if o is not s and abs(o.year - s.year) <= 5]
            ratio = median(near) / abs(s.value) if near else 0.0
            report = book.error if 15 < ratio < 600 else book.warning
            expected = f"growth in %, such as {as_text(100 * s.value)}"
            yield report("observations", s.row, "value", s.value, expected)
    for (region, indicator), levels in book.series.items():
        if levels[0].kind == "share" and len(levels) == 1 and levels[0].value < 0.2:
            s = levels[0]
            expected = f"a share in %, such as {as_text(100 * s.value)}, for {region}/{indicator}"
            yield book.warning("observations", s.row, "value", s.value, expected)


def indexes(book: Book) -> Iterator[Problem]:
    """Find growth typed as an index with the year before at 100: 106.3 for 6.3."""
    for series in growth_series(book).values():
        for s in series:
            near = [o.value for o in series if o is not s and abs(o.year - s.year) <= 3]
            if 85 < s.value < 130 and near and max(map(abs, near)) < 50:
                expected = f"growth in %, such as {as_text(s.value - 100)}, not an index"
                report = book.error if len(near) >= 2 else book.warning
                yield report("observations", s.row, "value", s.value, expected)


def bounds(book: Book) -> Iterator[Problem]:
    """Find bounds that contradict an exact level of the same period."""
    exact = defaultdict(list)
    for s in (s for series in book.series.values() for s in series):
        exact[s.region, s.indicator, s.basis, s.period, s.measure].append(s)
    for s in book.statements:
        if s.measure not in LEVELS or not s.bound or s.mark or not s.canonical > 0:
            continue
        for other in exact.get((s.region, s.indicator, s.basis, s.period, s.measure), []):
            ratio = other.canonical / s.canonical
            if ratio < 1 / 1.05 if s.bound == "lower" else ratio > 1.05:
                expected = (
                    f"a {s.bound} bound that fits {as_text(other.value)} {other.unit} "
                    f"(row {other.row})"
                )
                yield book.warning("observations", s.row, "value", s.value, expected)
                break

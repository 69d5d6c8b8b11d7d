"""Checks of observations against their series: slips by a power of ten, sums to date, growth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from statistics import median

from forecast.evidence.measures import LEVELS
from forecast.evidence.problems import Problem
from forecast.evidence.rules.data import (
    ObservationEntry,
    TableRows,
    as_text,
    may_be_negative,
    times,
)
from forecast.evidence.units import convert, parse

#: After the trend, levels of a series a few years apart differ by less than this factor, 4.
FAR = 0.6
MANY = 1e7
#: Logarithm by which an exchange rate may be off two that are alike.
APART = 0.1


def neighbours(data: TableRows) -> Iterator[Problem]:
    """Find levels that are off by a power of ten from their series.

    The levels of up to two years before and two after, no more than five years away, are compared
    with it, and other levels of the same year, all moved to its year by the trend. A figure
    through a month is scaled up to the year. It is off only if it is far from all of them in the
    same direction. What was found to be off is left out when others are looked at: first what is
    certain, then what is farthest from the median of the series, so that one wrong row does not
    make its neighbours look wrong. Of two figures either may be the wrong one.

    A balance that changes its sign has no size to compare, and a rate such as inflation comes near
    zero in a quiet year: it is only doubted. So is a fall to a fifth and back, as of tourism in
    2020, which is no slip of a digit.
    """
    signed = {(s.region, s.indicator) for s in data.observations if s.canonical <= 0}
    for key, series in data.series.items():
        if key in signed and may_be_negative(series[0].registered):
            continue
        rest = {s.row: s for s in series}
        middle = median(_log(s) for s in series)
        by_distance = sorted(series, key=lambda s: (-round(abs(_log(s) - middle), 6), -s.row))
        for certain in (True, False):
            for s in by_distance:
                others = _around(s, rest.values()) if s.row in rest else []
                trend = _trend(s.year, others)
                gaps = [_log(s) - _log(o) - trend * (s.year - o.year) for o in others]
                if not gaps or min(map(abs, gaps)) <= FAR or min(gaps) * max(gaps) < 0:
                    continue
                gap = median(gaps)
                # Certain if its neighbours agree with each other, one of them on its basis.
                agree = len(others) >= 2 and max(gaps) - min(gaps) < 0.6
                agree = agree and any(o.basis == s.basis for o in others)
                agree = agree and (_power(gap) > 0 or abs(gap) > 1.5)
                agree = agree and not may_be_negative(s.registered)
                hundredth = s.kind == "share" and abs(gap + 2) < 0.3
                if certain == (agree or hundredth or abs(gap) > 3):
                    del rest[s.row]
                    nearest = min(others, key=lambda o: abs(o.year - s.year))
                    report = s.error if certain else s.warning
                    than = (
                        "its series"
                        if len(series) > 2
                        else "the only other figure, if that is right"
                    )
                    wrong = f"about {times(gap)} than {than}{_slip(s, gap)}"
                    expected = f"a value in line with {nearest.figure} in {nearest.period}"
                    yield report("value", wrong, f"{expected} (row {nearest.row})")


def _trend(year: int, others: Iterable[ObservationEntry]) -> float:
    """Return the median slope between the other years, as the logarithm to base 10 per year."""
    logs = defaultdict(list)
    for o in others:
        if o.year != year:
            logs[o.year].append(_log(o))
    middle = sorted((y, median(values)) for y, values in logs.items())
    slopes = [(b - a) / (v - u) for i, (u, a) in enumerate(middle) for v, b in middle[i + 1 :]]
    # A wrong row among few must not make a trend: growth beyond 60 % a year is no trend.
    return min(max(median(slopes), -0.2), 0.2) if slopes else 0.0


def _log(s: ObservationEntry) -> float:
    """Return the logarithm of a level to base 10, scaled up to the year."""
    return math.log10(s.canonical * 12 / (s.month or 12))


def _around(s: ObservationEntry, series: Iterable[ObservationEntry]) -> list[ObservationEntry]:
    """Return the other statements of the year and of the nearest two on either side."""
    near = [o for o in series if abs(o.year - s.year) <= 5 and o is not s]
    before = sorted({o.year for o in near if o.year < s.year})[-2:]
    after = sorted({o.year for o in near if o.year > s.year})[:2]
    return [o for o in near if o.year in (*before, s.year, *after)]


def _slip(s: ObservationEntry, gap: float) -> str:
    """Return which slip would explain a level so far off."""
    if s.kind == "share" and gap < 0:
        return " (a share is in %: 2.54, not 0.0254)"
    power = _power(gap)
    return f" (a slip by a factor of {10**power:,}?)" if power else ""


def _power(gap: float) -> int:
    """Return the power of ten that explains a difference of logarithms; 0 if none does."""
    power = round(abs(gap))
    return power if abs(abs(gap) - power) < 0.2 else 0


def rates_apart(data: TableRows) -> Iterator[Problem]:
    """Find exchange rates of a year between two that are alike and that it is unlike.

    What a devaluation brings stays; what is gone a year later is rather a wrong digit.
    """
    for (_, indicator), series in data.series.items():
        if parse(str(data.indicators[indicator]["unit"])).pair is None:
            continue
        years = {s.year: s for s in series if s.measure == "level"}
        for year, s in years.items():
            if not {year - 1, year + 1} <= years.keys():
                continue
            before, after = years[year - 1], years[year + 1]
            middle = math.sqrt(before.canonical * after.canonical)
            off = math.log(s.canonical / middle)
            if abs(off) > APART + abs(math.log(after.canonical / before.canonical)):
                wrong = f"{100 * math.expm1(off):+.0f} % off the years before and after"
                near = " and ".join(
                    f"{o.figure} in {o.period} (row {o.row})" for o in (before, after)
                )
                yield s.warning("value", wrong, f"a rate in line with {near}")


def fractions(data: TableRows) -> Iterator[Problem]:
    """Find percentages typed as fractions: 0.063 for 6.3.

    Growth of a fraction of a percent exists, but not with three decimals among growth rates of
    whole percents.
    """
    wrong = "percentage typed as a fraction"
    for series in data.growth.values():
        for s in series:
            if not 0 < abs(s.value) < 0.5 or len(as_text(s.value).partition(".")[2]) < 3:
                continue
            near = [abs(o.value) for o in series if o is not s and abs(o.year - s.year) <= 5]
            ratio = median(near) / abs(s.value) if near else 0.0
            report = s.error if 15 < ratio < 600 else s.warning
            yield report("value", wrong, f"growth in %, such as {as_text(100 * s.value)}")
    for (region, indicator), (s, *others) in data.series.items():
        if s.kind == "share" and not others and s.value < 0.2:
            expected = f"a share in %, such as {as_text(100 * s.value)}, for {region}/{indicator}"
            yield s.warning("value", wrong, expected)


def indexes(data: TableRows) -> Iterator[Problem]:
    """Find growth typed as an index with the year before at 100: 106.3 for 6.3."""
    for series in data.growth.values():
        for s in series:
            near = [o.value for o in series if o is not s and abs(o.year - s.year) <= 3]
            if 85 < s.value < 130 and near and max(map(abs, near)) < 50:
                report = s.error if len(near) >= 2 else s.warning
                expected = f"growth in %, such as {as_text(s.value - 100)}"
                yield report("value", "growth typed as an index", expected)


def cumulative(data: TableRows) -> Iterator[Problem]:
    """Find cumulative figures below the one through an earlier month of the year."""
    for _, _, group in _cumulative(data):
        before: list[ObservationEntry] = []
        for _, now in sorted(group.items()):
            low = min((s.canonical for s in before), default=0.0)
            # Observations of one month differ by rounding and revision; that is no fall.
            for s in now:
                if s.canonical < low * 0.998:
                    first = min(before, key=lambda other: other.canonical)
                    expected = f"at least {first.figure}, through {first.period} (row {first.row})"
                    yield s.error("value", "cumulative figure falls", expected)
            before = now


def within_the_year(data: TableRows) -> Iterator[Problem]:
    """Find cumulative figures above the level of their year."""
    for year, level, months in _cumulative(data):
        if not level:
            continue
        highest = max(level, key=lambda s: s.canonical)
        above = [
            (s.canonical / highest.canonical - 1, s)
            for now in months.values()
            for s in now
            if s.canonical > highest.canonical * 1.002
        ]
        if not above:
            continue
        excess, s = max(above, key=lambda item: item[0])
        # A year's level is revised after the months were published.
        if len(above) == 1:
            place, wrong = s, "cumulative figure above the level of its year"
            expected = f"at most {highest.figure}, the level of {year} (row {highest.row})"
        else:
            place, wrong = highest, f"below {len(above)} cumulative figures of its year"
            expected = f"at least {s.figure}, the figure through {s.period} (row {s.row})"
        report = place.error if excess > 0.02 else place.warning
        yield report("value", wrong, expected)


def _cumulative(
    data: TableRows,
) -> Iterator[tuple[int, list[ObservationEntry], dict[int, list[ObservationEntry]]]]:
    """Yield years of series: their levels, and the cumulative ones by month."""
    for key, series in data.series.items():
        groups: dict[tuple[str, int, str], dict[int, list[ObservationEntry]]] = {}
        levels = data.levels(*key) if any(s.month for s in series) else {}
        for (basis, year, month, currency), found in levels.items():
            if month and found[0].kind == "flow":
                groups.setdefault((basis, year, currency), {})[month] = found
        for (basis, year, currency), months in groups.items():
            yield year, levels.get((basis, year, 0, currency), []), months


def growth_against_levels(data: TableRows) -> Iterator[Problem]:
    """Find growth that contradicts the two levels it connects, on one basis.

    Growth without a basis is valid on any, and growth of figures in a foreign currency may be meant
    in that or in the own one, so the reading that fits best counts. Real growth is not compared.
    Both levels may have been revised and rounded since; only what is beyond that is reported.
    """
    for s in (s for series in data.growth.values() for s in series):
        # Growth of money may be real where its prices are not stated.
        own = s.registered["prices"]
        if own != "real" and (s.prices == "real" or (s.prices == "none" and own != "none")):
            continue
        levels = [o for o in data.series.get((s.region, s.indicator), ()) if o.month == s.month]
        implied = [
            (abs(growth - s.value), growth, before, now)
            for now in (o for o in levels if o.year == s.year)
            for before in (o for o in levels if o.year == s.year - 1)
            if now.basis == before.basis and s["basis"] in ("", now.basis)
            for growth in _growths(before, now)
        ]
        if not implied:
            continue
        gap, growth, before, now = min(implied, key=lambda item: item[0])
        if gap > 2 + 0.1 * abs(s.value):
            expected = (
                f"about {growth:.1f} %, from {before.figure} in {before.period} "
                f"(row {before.row}) to {now.figure} (row {now.row})"
            )
            yield s.warning("value", "growth contradicts the levels", expected)


def _growths(before: ObservationEntry, now: ObservationEntry) -> list[float]:
    """Return the growth in % between two levels: as converted, and as published in one currency."""
    growths = [now.canonical / before.canonical]
    if now.dimension == before.dimension:
        growths.append(convert(now.value, now.unit, before.unit) / before.value)
    return [100 * (growth - 1) for growth in growths]


def bounds(data: TableRows) -> Iterator[Problem]:
    """Find bounds that contradict an exact level of the same period."""
    for s in data.observations:
        if s.measure not in LEVELS or not s.bound or s.mark or not s.canonical > 0:
            continue
        for other in data.series.get((s.region, s.indicator), ()):
            if (other.basis, other.period, other.measure) != (s.basis, s.period, s.measure):
                continue
            ratio = other.canonical / s.canonical
            if ratio < 1 / 1.05 if s.bound == "lower" else ratio > 1.05:
                expected = f"a {s.bound} bound that fits {other.figure} (row {other.row})"
                yield s.warning("value", "bound contradicts a level of the same period", expected)
                break


def unwieldy(data: TableRows) -> Iterator[Problem]:
    """Find indicators in a unit so small that pages would write eight digits and more."""
    largest: dict[str, float] = defaultdict(float)
    for (_, indicator), levels in data.series.items():
        largest[indicator] = max(largest[indicator], *(s.canonical for s in levels))
    for name, row in data.indicators.items():
        if largest[name] >= MANY:
            wrong = f"levels up to {as_text(largest[name])}, and pages write the indicator's unit"
            yield row.warning("unit", wrong, "a larger unit (million, billion, 万, 亿)")

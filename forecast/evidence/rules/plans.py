"""Checks of targets, announced openings and elicited judgements."""

from __future__ import annotations

import math
from calendar import month_name
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from forecast.evidence.calendar import first_day, last_day, parse_period, year_and_number
from forecast.evidence.files.tables import one_of
from forecast.evidence.problems import Problem
from forecast.evidence.registries import listed
from forecast.evidence.rules.data import (
    Entry,
    TableRows,
    as_text,
    may_be_negative,
    misfit,
    times,
    unreadable,
)
from forecast.evidence.rules.plausibility import FAR
from forecast.evidence.units import UnitError, convert, exchanged, ratio_scale

EMPTY = "an empty cell"
#: Units of growth since a base year; the last one is for shares.
GROWTH_UNITS = ("%", "% per year", "index", "pp")


#: Columns that only some kinds of target have, and what they hold.
OWN_COLUMNS = {
    "start": {
        "cumulative": "the first year of the sum, up to {year:.0f}",
        "growth": "the base year, before {year:.0f}",
    },
    "per": {"ratio": "the indicator to divide by"},
    "reference_region": {"comparison": "the region to compare with, or several"},
    "items": {
        "markets": "regions separated by semicolons",
        "legs": "regions separated by semicolons",
        "rank": "",  # a published index has none
    },
}


def target_terms(data: TableRows) -> Iterator[Problem]:
    """Find targets with terms missing, or with terms of another kind of target."""
    for row in data["targets"]:
        kind, comparison = row["kind"], row["comparison"]
        for column, kinds in OWN_COLUMNS.items():
            cell, late = row[column], column == "start" and kind == "growth"
            empty = cell != cell or cell == ""  # NaN in a column of numbers
            wrong = empty or (column == "start" and cell > row["year"] - late)
            if kinds.get(kind) and wrong:
                yield row.error(column, f"the kind is {kind}", kinds[kind].format(year=row["year"]))
            if kind not in kinds and not empty:
                yield row.error(column, f"the kind is {kind}", EMPTY)
        if (kind == "rank") != (comparison == "rank_within"):
            expected = "rank_within with the kind rank, and only then"
            yield row.error("comparison", f"the kind is {kind}", expected)
        if kind == "legs" and comparison != "at_most":
            expected = "at_most: a journey is within a time"
            yield row.error("comparison", f"the kind is {kind}", expected)
        yield from _values(row)


def _values(row: Entry) -> Iterator[Problem]:
    """Find the value of a target missing or out of range, or without what its comparison needs."""
    kind, comparison, value = row["kind"], row["comparison"], row["value"]
    of_kind, of_comparison = f"the kind is {kind}", f"the comparison is {comparison}"
    upper = row["value_to"] if row["value_to"] != "" else math.nan
    if math.isnan(value) and (kind != "comparison" or comparison == "between"):
        yield row.error("value", of_kind, "the value to be reached")
    if comparison == "between" and not upper > value:
        yield row.error("value_to", of_comparison, "the upper end of the range, above the value")
    if comparison != "between" and not math.isnan(upper):
        yield row.error("value_to", of_comparison, EMPTY)
    if comparison == "about" and not row["tolerance"] > 0:
        yield row.error("tolerance", of_comparison, "a tolerance in % of the value")
    if comparison == "about" and value <= 0:
        yield row.error("value", of_comparison, "a value above zero, which a tolerance is % of")
    if comparison != "about" and not math.isnan(row["tolerance"]):
        yield row.error("tolerance", of_comparison, EMPTY)
    if kind == "rank" and not math.isnan(value):
        regions = {row["region"], *listed(row["items"])}
        most = len(regions) if row["items"] else math.inf
        if not (1 <= value <= most and value == int(value)):
            last = f" to {most}" if row["items"] else ""
            yield row.error("value", "out of range", f"a rank: a whole number from 1{last}")


def target_units(data: TableRows) -> Iterator[Problem]:
    """Find targets in a wrong unit, or beyond the range of the indicator."""
    for row in data["targets"]:
        unit, value = row["unit"], row["value"]
        indicator = data.indicators.get(row["indicator"])
        if found := unreadable(row):
            yield found
            continue
        if indicator is None or unreadable(indicator) or row["kind"] == "count":
            continue
        wanted, share = indicator["unit"], indicator["kind"] == "share"
        if row["kind"] == "growth":
            yield from _growth(row, share=share)
        elif row["kind"] == "ratio":
            yield from _ratio(row, data)
        elif row["kind"] == "rank" and row["items"]:
            if unit != "rank":
                yield row.error("unit", "the kind is rank", "rank")
        elif row["kind"] == "comparison" and unit == "%" != wanted:
            wrong = "the kind is comparison, whose value is in % as it is"
            yield row.error("unit", wrong, f"an empty cell, or a unit of the figures: {wanted}")
        elif pair := exchanged(unit, wanted):
            wrong = (
                f"{row['indicator']} is in {pair[0]}, and the rate of {row['year']} is not known"
            )
            cure = f"{row['indicator']} stated in {pair[1]}, with the exchange rates"
            expected = f"a unit of {pair[0]}; or {cure} {'/'.join(pair)} of past years"
            yield row.error("unit", wrong, f"{expected} among the figures")
        elif found := misfit(row, wanted, f"wrong unit for {row['indicator']}"):
            yield found
        elif (value < 0 and not may_be_negative(indicator)) or (share and value > 100):
            expected = "a share of 0 to 100 %" if unit == "%" else "a value that is not negative"
            yield row.error("value", "out of range", expected)
        elif cure := _beyond_every_path(row, indicator):
            yield row.error("value", "no path of such a scale gets there", cure)
        elif row["kind"] == "level" and value > 0 and not may_be_negative(indicator):
            yield from _far_from_series(row, convert(value, unit, wanted), share, data)


def _beyond_every_path(row: Entry, indicator: Entry) -> str:
    """Return what to ask instead of the end of a scale, which a path only comes near; or nothing.

    It would be missed in every draw, even where it was met by the last figure, since one of 100 %
    is read as above 99.5 (`forecast.reconciliation.observations`).
    """
    scale, value = indicator["transform"], row["value"]
    if row["kind"] != "level":
        return ""
    if row["comparison"] in ("at_most", "below") and value == 0 and scale == "logit":
        return "a share above 0 %, such as 0.5, below which a figure is rounded to 0"
    if row["comparison"] in ("at_most", "below") and value == 0 and scale == "log":
        return "a level above 0, or the transform linear for the indicator"
    if row["comparison"] in ("at_least", "exceed") and value == 100 and scale == "logit":
        return "a share below 100 %, such as 99.5, from which a figure is rounded to 100"
    return ""


def _growth(row: Entry, *, share: bool) -> Iterator[Problem]:
    """Find growth in a unit that growth does not have, or a fall below nothing."""
    units = GROWTH_UNITS if share else GROWTH_UNITS[:-1]
    if row["unit"] not in units:
        yield row.error("unit", "the kind is growth", f"one of {', '.join(units)}")
    elif row["unit"] in ("%", "% per year") and row["value"] <= -100:
        yield row.error("value", "out of range", "more than -100 %: nothing is left then")
    elif row["unit"] == "index" and row["value"] < 0:
        yield row.error("value", "out of range", "an index of 0 or more; the base year is 100")


def _ratio(row: Entry, data: TableRows) -> Iterator[Problem]:
    """Find a ratio in a unit that does not measure it, or one that is negative."""
    of, per = (data.indicators.get(row[column]) for column in ("indicator", "per"))
    if of is None or per is None or unreadable(per):
        return  # a problem of its own
    try:
        ratio_scale(of["unit"], per["unit"], row["unit"])
    except UnitError as error:
        yield row.error("unit", f"wrong unit for {of['unit']} per {per['unit']}", error.expected)
    if row["value"] < 0:
        yield row.error("value", "out of range", "a value that is not negative")


def _far_from_series(row: Entry, value: float, share: bool, data: TableRows) -> Iterator[Problem]:
    """Find a target value, in the indicator's unit, off by a power of ten from the series."""
    series = data.series.get((row["region"], row["indicator"]), [])
    last = max((s for s in series if not s.month), key=lambda s: s.year, default=None)
    gap = math.log10(value / last.canonical) if last else 0.0
    if last and abs(gap) > FAR:
        slip = " (a share is in %: 3.4, not 0.034)" if share and gap < 0 else ""
        known = f"{as_text(last.canonical)} {last.registered['unit']} in {last.period}"
        report = row.error if abs(gap) > 1.5 else row.warning
        wrong = f"about {times(gap)} than the newest level{slip}"
        yield report("value", wrong, f"a value in line with {known}")


def target_years(data: TableRows) -> Iterator[Problem]:
    """Find targets before the adoption or beyond the horizon of their plan."""
    plans = data.by_key("plans", "plan")
    for row in data["plans"]:
        adopted = parse_period(row["adopted"])
        if adopted is not None and adopted[0] > row["horizon"]:
            yield row.error("horizon", "before the adoption", f"a year from {adopted[0]} on")
    for row in data["targets"]:
        plan = plans.get(row["plan"])
        if plan is None:
            continue
        adopted, last = parse_period(plan["adopted"]), plan["horizon"]
        starts = data.year_starts(row["region"], row["indicator"])
        first = year_and_number(adopted, starts)[0] if adopted is not None else 0
        if first <= last and not first <= row["year"] <= last:
            since = f"from {first} " if first else "up "
            wrong = f"outside the horizon of {row['plan']}"
            yield row.error("year", wrong, f"a year {since}to {last}")


def target_items(data: TableRows) -> Iterator[Problem]:
    """Find lists of regions that name none, the same twice, or the target's own beside itself."""
    regions = data.by_key("regions", "region")
    for row in data["targets"]:
        for column in ("items", "reference_region"):
            items = listed(row[column])
            for item in items:
                if item not in regions:
                    intro = f"regions of {data.folder}/regions.csv separated by semicolons: "
                    yield row.error(column, "unknown region", one_of(item, regions, intro), item)
            if len(set(items)) < len(items):
                yield row.error(column, "duplicate region", "each region once")
            if items == [row["region"]] or (
                column == "reference_region" and row["region"] in items
            ):
                yield row.error(column, "the target's own region", "another region", row["region"])


def target_calendars(data: TableRows) -> Iterator[Problem]:
    """Find targets on series whose years do not begin in the same month."""
    for row in data["targets"]:
        own = data.year_starts(row["region"], row["indicator"])
        others = {name: listed(row[name]) for name in ("reference_region", "items")}
        for column, places in others.items():
            for place in places if row["kind"] in ("comparison", "markets", "rank") else ():
                starts = data.year_starts(place, row["indicator"]) if place else own
                if starts != own:
                    here, there = month_name[own], month_name[starts]
                    wrong = f"years begin in {here} in {row['region']}, in {there} in {place}"
                    yield row.error(column, wrong, "regions whose years begin in the same month")


def planned_openings(data: TableRows) -> Iterator[Problem]:
    """Find openings of what is no journey, or with dates out of order."""
    regions = data.by_key("regions", "region")
    dated: dict[str, Entry] = {}
    for row in data["openings"]:
        if row["region"] in regions and regions[row["region"]]["kind"] != "link":
            yield row.error("region", "not a journey", "a region of the kind link")
        days = [first_day(row["earliest"]), last_day(row["likely"]), last_day(row["latest"])]
        known = [day for day in days if day is not None]
        if len(known) == 3 and sorted(known) != known:
            expected = f"a day between {row['earliest']} and {row['latest']}"
            yield row.error("likely", "dates out of order", expected)
        first = dated.setdefault(row["project"], row)
        for column in ("earliest", "likely", "latest"):
            if row[column] != first[column]:
                wrong = f"another date than in row {first.row}, and one project opens once"
                yield row.error(column, wrong, first[column])


def elicited(data: TableRows) -> Iterator[Problem]:
    """Find judgements that no distribution can be fitted to."""
    targets = {(row["plan"], row["target"]): row for row in data["targets"]}
    groups = defaultdict(list)
    for row in data["judgements"]:
        groups[row["plan"], row["target"], row["expert"], row["date"]].append(row)
    for (plan, target, expert, day), rows in groups.items():
        unreadable_units = [found for r in rows if (found := unreadable(r))]
        yield from unreadable_units
        goal = targets.get((plan, target))
        numbers = not any(math.isnan(r["value"]) for r in rows)
        if goal and not unreadable(goal) and numbers and not unreadable_units:
            yield from _quantiles(rows, goal["unit"], f"by {expert} of {day} on {plan}/{target}")


def _quantiles(rows: Sequence[Entry], unit: str, whose: str) -> Iterator[Problem]:
    """Find quantiles of one expert that are too few, not increasing or in a wrong unit."""
    if others := [
        found for row in rows if (found := misfit(row, unit, "wrong unit for the target"))
    ]:
        yield from others
        return
    if (levels := len({row["level"] for row in rows})) < 3:
        wrong = f"only {levels} in the judgement {whose}"
        yield rows[0].error("level", wrong, "three or more levels", "")
        return
    rows = sorted(rows, key=lambda row: float(row["level"]))
    for before, row in pairwise(rows):
        if convert(row["value"], row["unit"], unit) <= convert(
            before["value"], before["unit"], unit
        ):
            wrong = f"no increase over the level {as_text(before['level'])} (row {before.row})"
            yield row.error(
                "value", wrong, f"more than {as_text(before['value'])} {before['unit']}"
            )
    for row in rows if unit == "%" else ():
        if not 0 < row["value"] < 100:
            yield row.error("value", "out of range", "a share between 0 and 100 %")

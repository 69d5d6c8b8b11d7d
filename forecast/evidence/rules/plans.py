"""Checks of targets, announced openings and elicited judgements."""

from __future__ import annotations

import math
from calendar import month_name
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from forecast.evidence.calendar import first_day, last_day, parse_period, year_and_number
from forecast.evidence.problems import Problem
from forecast.evidence.registries import listed
from forecast.evidence.rules.data import Entry, Rule, TableRows, as_text, misfit, unreadable
from forecast.evidence.rules.plausibility import FAR, times
from forecast.evidence.units import convert

EMPTY = "an empty cell"


def target_terms(data: TableRows) -> Iterator[Problem]:
    """Find targets with terms missing, or with terms of another kind of target."""
    for row in data["targets"]:
        kind, comparison, value = row["kind"], row["comparison"], row["value"]
        of_kind, of_comparison = f"the kind is {kind}", f"the comparison is {comparison}"
        if math.isnan(value) and kind != "comparison":
            yield row.error("value", of_kind, "the value to be reached")
        if comparison == "about" and not row["tolerance"] > 0:
            yield row.error("tolerance", of_comparison, "a tolerance in % of the value")
        if comparison != "about" and not math.isnan(row["tolerance"]):
            yield row.error("tolerance", of_comparison, EMPTY)
        if kind == "cumulative" and not row["start"] <= row["year"]:  # an empty cell is NaN
            yield row.error("start", of_kind, f"the first year of the sum, up to {row['year']:.0f}")
        if kind != "cumulative" and not math.isnan(row["start"]):
            yield row.error("start", of_kind, EMPTY)
        if (kind == "comparison") != bool(row["reference_region"]):
            expected = "the region to compare with" if kind == "comparison" else EMPTY
            yield row.error("reference_region", of_kind, expected)
        if (kind == "rank") != (comparison == "rank_within"):
            yield row.error("comparison", of_kind, "rank_within with the kind rank, and only then")
        if kind == "legs" and comparison != "at_most":
            yield row.error("comparison", of_kind, "at_most: a journey is within a time")
        if kind == "rank" and not math.isnan(value) and not (value >= 1 and value == int(value)):
            yield row.error("value", "out of range", "a rank: a whole number from 1")


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
        if found := misfit(row, wanted, f"wrong unit for {row['indicator']}"):
            yield found
        elif value < 0 or (share and value > 100):
            expected = "a share of 0 to 100 %" if unit == "%" else "a value that is not negative"
            yield row.error("value", "out of range", expected)
        elif row["kind"] == "level" and value > 0:
            yield from _far_from_series(row, convert(value, unit, wanted), share, data)


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
    """Find lists of markets or links that are empty, or name no regions."""
    regions = data.by_key("regions", "region")
    for row in data["targets"]:
        items, of_kind = listed(row["items"]), f"the kind is {row['kind']}"
        with_items = row["kind"] in ("markets", "legs")
        if with_items and not items:
            yield row.error("items", of_kind, "regions separated by semicolons")
        if not with_items and items:
            yield row.error("items", of_kind, EMPTY)
        for item in items:
            if item not in regions:
                expected = f"regions separated by semicolons, each in {data.folder}/regions.csv"
                yield row.error("items", "unknown region", expected, item)
        if len(set(items)) < len(items):
            yield row.error("items", "duplicate region", "each region once")


def target_calendars(data: TableRows) -> Iterator[Problem]:
    """Find targets on series whose years do not begin in the same month."""
    for row in data["targets"]:
        own = data.year_starts(row["region"], row["indicator"])
        others = {"reference_region": [row["reference_region"]], "items": listed(row["items"])}
        for column, places in others.items():
            for place in places if row["kind"] in ("comparison", "markets") else ():
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


RULES: tuple[Rule, ...] = (
    target_terms,
    target_units,
    target_years,
    target_items,
    target_calendars,
    planned_openings,
    elicited,
)

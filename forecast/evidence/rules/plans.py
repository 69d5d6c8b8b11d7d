"""Checks of targets, announced openings and elicited judgements."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator
from itertools import pairwise
from typing import Any

from forecast.evidence.book import Book, as_text, listed
from forecast.evidence.calendar import first_day, last_day, parse_period
from forecast.evidence.problems import Problem
from forecast.evidence.rules.plausibility import FAR, times
from forecast.evidence.units import UNITS, convert

# ------------------------------------------------------------------------------------------------
# Plans and targets
# ------------------------------------------------------------------------------------------------


def target_terms(book: Book) -> Iterator[Problem]:
    """Find targets that do not say all of what is to be reached."""
    for row in book.rows["targets"]:
        number, kind, comparison = row["row"], row["kind"], row["comparison"]
        value, tolerance = row["value"], row["tolerance"]
        against = row["reference_region"]
        if math.isnan(value) and kind != "comparison":
            yield book.error("targets", number, "value", "", "the value to be reached")
        if comparison == "about" and not tolerance > 0:
            expected = "a tolerance in % of the value, for the comparison about"
            shown = "" if math.isnan(tolerance) else tolerance
            yield book.error("targets", number, "tolerance", shown, expected)
        if comparison != "about" and not math.isnan(tolerance):
            expected = f"an empty cell: the comparison is {comparison}, not about"
            yield book.error("targets", number, "tolerance", tolerance, expected)
        start = row["start"]
        if kind == "cumulative" and not start <= row["year"]:  # an empty cell is not a number
            expected = f"the first year of the sum, up to {row['year']:.0f}"
            yield book.error(
                "targets", number, "start", "" if math.isnan(start) else start, expected
            )
        if kind != "cumulative" and not math.isnan(start):
            expected = f"an empty cell: the kind is {kind}"
            yield book.error("targets", number, "start", start, expected)
        if (kind == "comparison") != bool(against):
            expected = "the region to compare with" if not against else "an empty cell"
            expected += f": the kind is {kind}"
            yield book.error("targets", number, "reference_region", against, expected)
        if (kind == "rank") != (comparison == "rank_within"):
            expected = "rank_within with the kind rank, and only with it"
            yield book.error("targets", number, "comparison", comparison, expected)
        if kind == "legs" and comparison != "at_most":
            expected = "at_most: a journey is within a time"
            yield book.error("targets", number, "comparison", comparison, expected)
        if kind == "rank" and not math.isnan(value) and not (value >= 1 and value == int(value)):
            yield book.error("targets", number, "value", value, "a rank: a whole number from 1")


def target_units(book: Book) -> Iterator[Problem]:
    """Find targets in a wrong unit, or beyond what the indicator can be."""
    for row in book.rows["targets"]:
        number, unit, value = row["row"], row["unit"], row["value"]
        indicator = book.indicators.get(row["indicator"])
        if unit not in UNITS:
            known = ", ".join(UNITS)
            yield book.error("targets", number, "unit", unit, f"a known unit: {known}")
            continue
        if indicator is None or indicator["unit"] not in UNITS or row["kind"] == "count":
            continue
        wanted = indicator["unit"]
        if UNITS[unit].dimension != UNITS[wanted].dimension:
            expected = f"a unit of {UNITS[wanted].dimension} such as {wanted}"
            yield book.error("targets", number, "unit", unit, f"{expected}, for {row['indicator']}")
            continue
        if value < 0 or (indicator["kind"] == "share" and value > 100):
            expected = "a share of 0 to 100 %" if unit == "%" else "a value that is not negative"
            yield book.error("targets", number, "value", value, expected)
            continue
        levels = [s for s in book.series.get((row["region"], row["indicator"]), []) if not s.month]
        if row["kind"] != "level" or not levels or not value > 0:
            continue
        last = max(levels, key=lambda s: s.year)
        gap = math.log10(convert(value, unit, wanted) / last.canonical)
        if abs(gap) > FAR:
            expected = (
                f"a value in line with {as_text(last.canonical)} {wanted} in {last.period}, "
                f"not about {times(gap)}"
            )
            share = indicator["kind"] == "share" and gap < 0
            expected += " (a share is in %: 3.4, not 0.034)" if share else ""
            report = book.error if abs(gap) > 1.5 else book.warning
            yield report("targets", number, "value", value, expected)


def target_years(book: Book) -> Iterator[Problem]:
    """Find targets before the adoption or beyond the horizon of their plan."""
    plans = book.by_id("plans", "plan")
    for row in book.rows["plans"]:
        adopted = parse_period(row["adopted"])
        if adopted is not None and adopted[0] > row["horizon"]:
            expected = f"a year from {adopted[0]} on, when the plan was adopted"
            yield book.error("plans", row["row"], "horizon", row["horizon"], expected)
    for row in book.rows["targets"]:
        plan = plans.get(row["plan"])
        if plan is None:
            continue
        adopted, last = parse_period(plan["adopted"]), plan["horizon"]
        first = adopted[0] if adopted is not None else 0
        if first <= last and not first <= row["year"] <= last:
            since = f"from {first} " if first else "up "
            expected = f"a year {since}to {last}, the horizon of {row['plan']}"
            yield book.error("targets", row["row"], "year", row["year"], expected)


def target_items(book: Book) -> Iterator[Problem]:
    """Find lists of markets or links that name none, or no regions."""
    regions = book.by_id("regions", "region")
    for row in book.rows["targets"]:
        items = listed(row["items"])
        names_items = row["kind"] in ("markets", "legs")
        if names_items and not items:
            expected = f"regions separated by semicolons: the kind is {row['kind']}"
            yield book.error("targets", row["row"], "items", row["items"], expected)
        if not names_items and items:
            expected = f"an empty cell: the kind is {row['kind']}"
            yield book.error("targets", row["row"], "items", row["items"], expected)
        for item in items:
            if item not in regions:
                expected = f"regions separated by semicolons, each in {book.folder}/regions.csv"
                yield book.error("targets", row["row"], "items", item, expected)
        if len(set(items)) < len(items):
            yield book.error("targets", row["row"], "items", row["items"], "each region once")


# ------------------------------------------------------------------------------------------------
# Planned openings and judgements
# ------------------------------------------------------------------------------------------------


def planned_openings(book: Book) -> Iterator[Problem]:
    """Find openings of what is no journey, or with dates out of order."""
    regions = book.by_id("regions", "region")
    dated: dict[str, dict[Hashable, Any]] = {}
    for row in book.rows["openings"]:
        number = row["row"]
        if regions.get(row["region"], {}).get("kind", "link") != "link":
            expected = "a journey: a region of the kind link"
            yield book.error("openings", number, "region", row["region"], expected)
        days = [first_day(row["earliest"]), last_day(row["likely"]), last_day(row["latest"])]
        known = [day for day in days if day is not None]
        if len(known) == 3 and sorted(known) != known:
            expected = f"a day between {row['earliest']} and {row['latest']}"
            yield book.error("openings", number, "likely", row["likely"], expected)
        first = dated.setdefault(row["project"], row)
        for column in ("earliest", "likely", "latest"):
            if row[column] != first[column]:
                expected = f"{first[column]}, as in row {first['row']}: one project opens once"
                yield book.error("openings", number, column, row[column], expected)


def elicited(book: Book) -> Iterator[Problem]:
    """Find judgements that no distribution can be fitted to."""
    targets = {(row["plan"], row["target"]): row for row in book.rows["targets"]}
    groups = defaultdict(list)
    for row in book.rows["judgements"]:
        groups[row["plan"], row["target"], row["expert"], row["date"]].append(row)
    for (plan, name, expert, day), rows in groups.items():
        target, whose = targets.get((plan, name)), f"{expert} of {day} on {plan}/{name}"
        first = rows[0]["row"]
        wanted = target["unit"] if target is not None else ""
        if wanted not in UNITS or any(
            r["unit"] not in UNITS or math.isnan(r["value"]) for r in rows
        ):
            continue  # reported where units, numbers and keys are
        wrong = [r for r in rows if UNITS[r["unit"]].dimension != UNITS[wanted].dimension]
        for row in wrong:
            expected = f"a unit such as {wanted}, which the target is in"
            yield book.error("judgements", row["row"], "unit", row["unit"], expected)
        if wrong:
            continue
        rows = sorted(rows, key=lambda row: float(row["level"]))
        levels = {row["level"] for row in rows}
        if len(levels) < 3:
            expected = f"three or more levels, as of {whose}, not {len(levels)}"
            yield book.error("judgements", first, "level", "", expected)
            continue
        for before, row in pairwise(rows):
            size = [convert(r["value"], r["unit"], wanted) for r in (before, row)]
            if size[1] <= size[0]:
                expected = (
                    f"more than {as_text(before['value'])} {before['unit']}, the value at the "
                    f"level {as_text(before['level'])} (row {before['row']})"
                )
                yield book.error("judgements", row["row"], "value", row["value"], expected)
        if wanted == "%":
            for row in rows:
                if not 0 < row["value"] < 100:
                    expected = "a share between 0 and 100 %"
                    yield book.error("judgements", row["row"], "value", row["value"], expected)

"""Checks of the registries: regions, indicators, bases, sources and their keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta

from forecast.evidence.calendar import first_day, parse_period, today
from forecast.evidence.problems import Problem
from forecast.evidence.registries import listed
from forecast.evidence.rules.data import Entry, TableRows, unreadable
from forecast.evidence.sources.hosts import Hosts, host, is_public
from forecast.evidence.units import UnitError, parse

MOST_YEARS = 200  # before the newest figure: a year that lies further back is a slip
#: Dates on which something became known; the dates of openings lie ahead.
_PAST = (
    ("sources", "published"),
    ("observations", "published"),
    ("plans", "adopted"),
    ("openings", "published"),
    ("judgements", "date"),
)
_AHEAD = (("openings", "earliest"), ("openings", "likely"), ("openings", "latest"))
#: Names of pages and files of a set of reports that no target can have.
PAGES = ("index", "track_record", "scenarios", "results", "manifest", "notebooks")
LONGEST_KEY = 60  # characters: keys of regions and indicators together name a file


def dates(data: TableRows) -> Iterator[Problem]:
    """Find dates that are no year, month or day of the calendar."""
    for table, column in (*_PAST, *_AHEAD):
        for row in data[table]:
            if row[column] and parse_period(row[column]) is None:
                expected = "a date such as 2024, 2024-03 or 2024-03-28"
                yield row.error(column, "no such date", expected)


def dates_to_come(data: TableRows) -> Iterator[Problem]:
    """Find publications, adoptions and judgements dated in the future.

    Beyond a year it is a slip, and would move the day up to which the data are complete.
    """
    now = today()
    for table, column in _PAST:
        for row in data[table]:
            day = first_day(row[column])
            if day is not None and day > now:
                report = row.error if day > now + timedelta(366) else row.warning
                yield report(column, "date in the future", f"a day up to today ({now})")


def keys(data: TableRows) -> Iterator[Problem]:
    """Find keys that no page can be named by."""
    for table, column in (
        ("targets", "target"),
        ("regions", "region"),
        ("indicators", "indicator"),
    ):
        for row in data[table]:
            if len(row[column]) > LONGEST_KEY:
                expected = f"a key of at most {LONGEST_KEY} characters: pages are named by it"
                yield row.error(column, "key too long", expected)
            elif table == "targets" and row[column] in PAGES:
                expected = f"another key than {', '.join(PAGES)}"
                yield row.error(column, "key of another page or file", expected)


def _circle(start: str, above: Mapping[str, str]) -> list[str]:
    """Return the way from a key back to itself by what is above each; empty if there is none."""
    way = [start]
    while (ahead := above.get(way[-1], "")) and ahead not in way:
        way.append(ahead)
    return [*way, start] if ahead == start else []


def region_tree(data: TableRows) -> Iterator[Problem]:
    """Find regions that lie within themselves."""
    parents = {row["region"]: row["parent"] for row in data["regions"]}
    for row in data["regions"]:
        own = {row["region"]: row["parent"]}  # of two rows with one key, each has its own parent
        if way := _circle(row["region"], parents | own):
            yield row.error("parent", f"a circle ({' -> '.join(way)})", "a larger region")


def indicator_units(data: TableRows) -> Iterator[Problem]:
    """Find units that cannot be read, or do not go with the kind, transform or prices."""
    for row in data["indicators"]:
        unit = row["unit"]
        if found := unreadable(row):
            yield found
            continue
        if row["transform"] == "logit" and unit != "%":
            wrong = f"logit is for shares in %, and the unit is {unit}"
            yield row.error("transform", wrong, "log or linear")
        if row["kind"] == "share" and unit != "%":
            yield row.error("unit", "wrong unit for a share", "%")
        if row["prices"] == "real" and row["deflator"]:
            wrong = "at constant prices there is no price change to take out"
            yield row.error("deflator", wrong, "an empty cell")


def sums(data: TableRows) -> Iterator[Problem]:
    """Find indicators that are the sum of something unknown, of another unit, or of themselves."""
    parts = {name: listed(row["sum_of"]) for name, row in data.indicators.items()}
    for name, row in data.indicators.items():
        below, seen = list(parts[name]), set[str]()
        while below:
            part = below.pop()
            if part not in seen:
                seen.add(part)
                below += parts.get(part, [])
        own = [data.indicators[part] for part in parts[name] if part in parts]
        if not seen <= set(parts):
            yield row.error("sum_of", "unknown indicator", "indicators separated by semicolons")
        elif name in seen:
            expected = "other indicators, which are not themselves sums of this one"
            yield row.error("sum_of", "sum of itself", expected)
        elif any(_another(part["unit"], row["unit"]) for part in own):
            yield row.error("sum_of", "sum of other units", f"indicators in {row['unit']}")


def _another(unit: str, other: str) -> bool:
    """Whether figures in two units cannot be added as they are, however the units are spelled."""
    try:
        own, others = parse(unit), parse(other)
    except UnitError:
        return False  # a problem of its own
    return (own.dimension, own.size) != (others.dimension, others.size)


def parts_and_shares(data: TableRows) -> Iterator[Problem]:
    """Find parts of a whole in another unit or in a circle, and shares of unknown indicators."""
    wholes = {name: row["part_of"] for name, row in data.indicators.items()}
    for name, row in data.indicators.items():
        if whole := wholes[name]:
            if whole not in wholes:
                yield row.error("part_of", "unknown indicator", "a known indicator")
            elif _another(data.indicators[whole]["unit"], row["unit"]):
                yield row.error("part_of", "another unit", f"an indicator in {row['unit']}")
            elif _circle(name, wholes):
                expected = "another indicator, which is not itself part of this one"
                yield row.error("part_of", "part of itself", expected)
        share = listed(row["share_of"])
        if share and (len(share) != 2 or not set(share) <= set(wholes)):
            expected = "two known indicators, the part and the whole, separated by a semicolon"
            yield row.error("share_of", "not a ratio of two indicators", expected)


def followed(data: TableRows) -> Iterator[Problem]:
    """Find indicators that follow one on another scale, or in a circle themselves."""
    leaders = {name: row["follows"] for name, row in data.indicators.items()}
    for name, row in data.indicators.items():
        leader: Entry | None = data.indicators.get(leaders[name])
        if leader is None:
            continue  # none, or unknown: reported with the keys
        if _circle(name, leaders):
            expected = "another indicator, which does not itself follow this one"
            yield row.error("follows", "follows itself", expected)
        elif leader["transform"] != row["transform"]:
            expected = f"an indicator on the {row['transform']} scale"
            yield row.error("follows", "another scale", expected)


def other_years(data: TableRows) -> Iterator[Problem]:
    """Find indicators tied to one whose years are others: those of the calendar, or fiscal ones."""
    if not data.year_starts.regions:
        return
    for name, row in data.indicators.items():
        for column in ("sum_of", "part_of", "share_of", "follows", "deflator"):
            for other in listed(row[column]):
                tied = data.indicators.get(other, row)
                if (tied["year"] == "calendar") != (row["year"] == "calendar"):
                    own, theirs = ("calendar", "fiscal")[:: 1 if row["year"] == "calendar" else -1]
                    wrong = f"{name} is published by {own} years and {other} by {theirs} years"
                    yield row.error(column, wrong, "indicators of the same years (column year)")


def basis_order(data: TableRows) -> Iterator[Problem]:
    """Find bases of an indicator that claim the same place in the order."""
    seen: dict[tuple[str, float], int] = {}
    for row in data["bases"]:
        earlier = seen.setdefault((row["indicator"], row["sequence"]), row.row)
        if earlier != row.row:
            expected = f"a number of its own among the bases of {row['indicator']}"
            yield row.error("sequence", "duplicate value", f"{expected} (row {earlier} has it)")


def basis_links(data: TableRows) -> Iterator[Problem]:
    """Find bases with a wrong link to the reference basis."""
    sequences = defaultdict(list)
    for row in data["bases"]:
        sequences[row["indicator"]].append(row["sequence"])
    output = next((n for n, row in data.indicators.items() if row["deflator"] == n), "")
    of_gdp = {row["basis"] for row in data["bases"] if row["indicator"] == output}
    for row in data["bases"]:
        others, link = sequences[row["indicator"]], row["link"]
        highest = row["sequence"] == max(others)
        # Two bases in one place are a problem of their own.
        if (link == "reference") != highest and len(set(others)) == len(others):
            wrong = f"{'' if highest else 'not '}the newest basis of {row['indicator']}"
            expected = "reference for the highest sequence of the indicator, and only for it"
            yield row.error("link", wrong, expected)
        if link.endswith("_gdp") and row["gdp_basis"] not in of_gdp:
            expected = f"a basis of {output} ({', '.join(sorted(of_gdp))})"
            yield row.error("gdp_basis", f"the link is {link}", expected)
        if not link.endswith("_gdp") and row["gdp_basis"]:
            yield row.error("gdp_basis", f"the link is {link}", "an empty cell")


def sites(data: TableRows) -> Iterator[Problem]:
    """Find addresses on sites that nobody vouches for, and domains that nobody can vouch for.

    A folder without ``hosts.csv`` makes no claims: its pages link to official sites alone.
    """
    rows = data["hosts"]
    for row in rows:
        if is_public(row["host"]):
            yield row.error("host", "anybody can have a name below it", "the domain of one site")
    known = Hosts({row["host"]: (row["kind"], row["publisher"]) for row in rows})
    for row in data["sources"] if rows else ():
        claims = row["url"] and not row["copy"] and row["kind"] != "secondary"
        if claims and not known.kind(host(row["url"])):
            expected = "a site of hosts.csv, or mirror in the column copy, or the kind secondary"
            yield row.error("url", "nobody vouches for this site", expected)


def cited(data: TableRows) -> Iterator[Problem]:
    """Find further sources of a figure that are not known."""
    for row in data["observations"]:
        for key in listed(row["also_in"]):
            if key not in data.published:
                expected = "keys of sources.csv separated by semicolons"
                yield row.error("also_in", "unknown source", expected, key)


def unused_sources(data: TableRows) -> Iterator[Problem]:
    """Find sources that no row refers to."""
    used = {
        row["source"]
        for table in ("observations", "plans", "targets", "openings")
        for row in data[table]
    } | set(data.named)
    used |= {key for row in data["observations"] for key in listed(row["also_in"])}
    for row in data["sources"]:
        if row["source"] not in used:
            expected = "a source of some observation, plan, target or scenario"
            yield row.warning("source", "unused source", expected)

"""Checks of the registries: regions, indicators, bases, sources and their keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from forecast.evidence.book import Book, listed
from forecast.evidence.calendar import first_day, parse_period, today
from forecast.evidence.problems import Problem
from forecast.evidence.units import UNITS

# ------------------------------------------------------------------------------------------------
# Periods and dates
# ------------------------------------------------------------------------------------------------

MOST_YEARS = 200  # before the newest figure: a year that lies further back is a slip


# ------------------------------------------------------------------------------------------------
# Registries: regions, indicators, bases, sources
# ------------------------------------------------------------------------------------------------


def dates(book: Book) -> Iterator[Problem]:
    """Find dates that are no year, month or day of the calendar."""
    for table, column in (
        ("sources", "published"),
        ("observations", "published"),
        ("plans", "adopted"),
        ("openings", "earliest"),
        ("openings", "likely"),
        ("openings", "latest"),
        ("openings", "published"),
        ("judgements", "date"),
    ):
        for row in book.rows[table]:
            if row[column] and parse_period(row[column]) is None:
                yield book.error(
                    table,
                    row["row"],
                    column,
                    row[column],
                    "a date such as 2024, 2024-03 or 2024-03-28",
                )


def dates_to_come(book: Book) -> Iterator[Problem]:
    """Find what was published, adopted or judged on a day that has not come.

    Beyond a year it is a slip, and would move the day up to which the data know the world.
    """
    now = today()
    for table, column in (
        ("sources", "published"),
        ("observations", "published"),
        ("plans", "adopted"),
        ("openings", "published"),
        ("judgements", "date"),
    ):
        for row in book.rows[table]:
            day = first_day(row[column])
            if day is not None and day > now:
                expected = f"a day that has come (today is {now})"
                report = book.error if day > now + timedelta(366) else book.warning
                yield report(table, row["row"], column, row[column], expected)


#: Names of pages and files of a set of reports that no target can have.
PAGES = ("index", "track_record", "scenarios", "results", "manifest", "notebooks")
LONGEST_KEY = 60  # signs: keys of regions and indicators together name a file


def keys(book: Book) -> Iterator[Problem]:
    """Find keys that no page can be named by."""
    for table, column in (
        ("targets", "target"),
        ("regions", "region"),
        ("indicators", "indicator"),
    ):
        for row in book.rows[table]:
            if len(row[column]) > LONGEST_KEY:
                expected = f"a key of at most {LONGEST_KEY} signs: pages are named by it"
                yield book.error(table, row["row"], column, row[column], expected)
            elif table == "targets" and row[column] in PAGES:
                expected = f"another key: {', '.join(PAGES)} name other pages and files"
                yield book.error(table, row["row"], column, row[column], expected)


def region_tree(book: Book) -> Iterator[Problem]:
    """Find regions that lie within themselves."""
    parents = {row["region"]: row["parent"] for row in book.rows["regions"]}
    for row in book.rows["regions"]:
        seen, region = [row["region"]], row["parent"]
        while region and region not in seen:
            seen.append(region)
            region = parents.get(region, "")
        # Report a circle once per member, but not what merely hangs on it.
        if region == row["region"]:
            circle = " -> ".join([*seen, region])
            expected = f"a larger region, not a circle ({circle})"
            yield book.error("regions", row["row"], "parent", row["parent"], expected)


def indicator_units(book: Book) -> Iterator[Problem]:
    """Find units that are unknown, or do not go with the kind or the transform."""
    for row in book.rows["indicators"]:
        number, unit = row["row"], row["unit"]
        if unit not in UNITS:
            known = ", ".join(UNITS)
            yield book.error("indicators", number, "unit", unit, f"a known unit: {known}")
            continue
        if row["transform"] == "logit" and unit != "%":
            expected = f"log or linear: logit is for shares in %, and the unit is {unit}"
            yield book.error("indicators", number, "transform", "logit", expected)
        if row["kind"] == "share" and unit != "%":
            expected = "% as the unit of a share"
            yield book.error("indicators", number, "unit", unit, expected)


def basis_order(book: Book) -> Iterator[Problem]:
    """Find bases of an indicator that claim the same place in the order."""
    seen: dict[tuple[str, float], int] = {}
    for row in book.rows["bases"]:
        earlier = seen.setdefault((row["indicator"], row["sequence"]), row["row"])
        if earlier != row["row"]:
            expected = f"a number of its own among the bases of {row['indicator']}"
            expected += f" (row {earlier} has it)"
            yield book.error("bases", row["row"], "sequence", row["sequence"], expected)


def basis_links(book: Book) -> Iterator[Problem]:
    """Find bases whose link to the reference basis does not hold."""
    sequences = defaultdict(list)
    for row in book.rows["bases"]:
        sequences[row["indicator"]].append(row["sequence"])
    output = next((n for n, row in book.indicators.items() if row["deflator"] == n), "")
    of_gdp = {row["basis"] for row in book.rows["bases"] if row["indicator"] == output}
    for row in book.rows["bases"]:
        others = sequences[row["indicator"]]
        highest = row["sequence"] == max(others)
        # Two bases in one place are a problem of their own.
        if (row["link"] == "reference") != highest and len(set(others)) == len(others):
            expected = "reference for the highest sequence of the indicator, and only for it"
            yield book.error("bases", row["row"], "link", row["link"], expected)
        if row["link"].endswith("_gdp") and row["gdp_basis"] not in of_gdp:
            expected = (
                f"a basis of {output} ({', '.join(sorted(of_gdp))}): the link is {row['link']}"
            )
            yield book.error("bases", row["row"], "gdp_basis", row["gdp_basis"], expected)
        if not row["link"].endswith("_gdp") and row["gdp_basis"]:
            expected = f"an empty cell: the link is {row['link']}"
            yield book.error("bases", row["row"], "gdp_basis", row["gdp_basis"], expected)


def sums(book: Book) -> Iterator[Problem]:
    """Find indicators that are the sum of something unknown, of another unit, or of themselves."""
    parts = {name: listed(row["sum_of"]) for name, row in book.indicators.items()}
    for name, row in book.indicators.items():
        expected = ""
        below, seen = list(parts[name]), set[str]()
        while below:
            part = below.pop()
            if part not in book.indicators:
                expected = "indicators separated by semicolons"
            elif part == name:
                expected = "other indicators, which are not themselves sums of this one"
            elif part not in seen:
                seen.add(part)
                below += parts[part]
        if any(book.indicators[p]["unit"] != row["unit"] for p in parts[name] if p in parts):
            expected = expected or f"indicators in {row['unit']}, like this one"
        if expected:
            yield book.error("indicators", row["row"], "sum_of", row["sum_of"], expected)


def parts_and_shares(book: Book) -> Iterator[Problem]:
    """Find parts of a whole in another unit or in a circle, and shares of unknown indicators."""
    for name, row in book.indicators.items():
        whole, seen = str(row.get("part_of") or ""), [name]
        if whole and whole not in book.indicators:
            yield book.error("indicators", row["row"], "part_of", whole, "a known indicator")
        elif whole and book.indicators[whole]["unit"] != row["unit"]:
            expected = f"an indicator in {row['unit']}, like this one"
            yield book.error("indicators", row["row"], "part_of", whole, expected)
        elif whole:
            while (above := str(book.indicators.get(seen[-1], {}).get("part_of") or "")) not in (
                "",
                *seen,
            ):
                seen.append(above)
            if above == name:
                expected = "another indicator, which is not itself part of this one"
                yield book.error("indicators", row["row"], "part_of", whole, expected)
        share = listed(str(row.get("share_of") or ""))
        if share and (len(share) != 2 or not set(share) <= set(book.indicators)):
            expected = "two known indicators, the part and the whole, separated by a semicolon"
            yield book.error("indicators", row["row"], "share_of", row["share_of"], expected)


def followed(book: Book) -> Iterator[Problem]:
    """Find indicators that follow one of another scale, or in a circle themselves."""
    for name, row in book.indicators.items():
        chain = [name]
        while (ahead := book.indicators.get(chain[-1], {}).get("follows")) and ahead not in chain:
            chain.append(ahead)
        leader = book.indicators.get(row["follows"])
        if leader is None:
            continue  # none, or unknown: the key says so
        if ahead == name:
            expected = "another indicator, which does not itself follow this one"
        elif leader["transform"] != row["transform"]:
            expected = f"an indicator on the {row['transform']} scale, like this one"
        else:
            continue
        yield book.error("indicators", row["row"], "follows", row["follows"], expected)


def unused_sources(book: Book) -> Iterator[Problem]:
    """Find sources on which nothing rests."""
    used = {
        row["source"]
        for table in ("observations", "plans", "targets", "openings")
        for row in book.rows[table]
    } | set(book.named)
    for row in book.rows["sources"]:
        if row["source"] not in used:
            expected = "a source that some observation, plan, target or scenario names"
            yield book.warning("sources", row["row"], "source", row["source"], expected)

"""What is wrong, or doubtful, with what the tables of `data/` say.

The structure of the files (columns, types, keys) is held to the schema where they are read, in
:mod:`forecast.reading`. Here each function asks one question about the meaning of the rows that
passed, and :data:`CHECKS` lists them. What cannot be true is an error; what is only unlikely is a
warning. A row that carries a `mark` is known to be doubtful and is not doubted again. Figures on
different bases are never compared more than roughly.
"""

from __future__ import annotations

import calendar
import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise, product
from statistics import median
from typing import Any, Literal, NamedTuple

import pandas as pd

from forecast.problems import UserError
from forecast.units import CURRENCIES, UNITS, UnitError, convert, lookup

# ------------------------------------------------------------------------------------------------
# Problems
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (error) or doubtful (warning) at one place of the data.

    Attributes
    ----------
    severity
        `error` or `warning`.
    file
        The file, with the name of its folder.
    row
        The row as a spreadsheet shows it (the header is row 1); None for the whole file.
    column
        The column, or empty for the whole row.
    value
        What stands there.
    expected
        What was expected instead.
    """

    severity: Literal["error", "warning"]
    file: str
    row: int | None
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        """Return the problem in one line."""
        place = self.file
        place += f" row {self.row}" if self.row is not None else ""
        place += f", column {self.column}" if self.column else ""
        value = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        shown = f" {value!r} -" if self.column or value else ""
        return f"{place}:{shown} expected {self.expected}"


class DataError(UserError):
    """The data cannot be used; `problems` holds everything that was found."""

    status = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(render(self.problems))


def gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with those that say the same of several rows joined into one."""
    rows: dict[Problem, list[int]] = {}
    for problem in problems:
        found = rows.setdefault(replace(problem, row=None), [])
        if problem.row is not None:
            found.append(problem.row)
    joined = []
    for problem, found in rows.items():
        more = ", ".join(map(str, found[1:6])) + (", ..." if len(found) > 6 else "")
        expected = problem.expected + (f" (and {len(found) - 1} more: row {more})" if more else "")
        joined.append(replace(problem, row=found[0] if found else None, expected=expected))
    return joined


def render(problems: Iterable[Problem]) -> str:
    """Return all problems as text: the errors with their number first, then the warnings."""
    problems = list(problems)
    blocks = []
    for severity in ("error", "warning"):
        chosen = [problem for problem in problems if problem.severity == severity]
        if chosen:
            count = f"{len(chosen)} {severity}{'s' if len(chosen) > 1 else ''}"
            blocks.append("\n".join([f"{count} in the data:", *(f"  {p}" for p in chosen)]))
    return "\n\n".join(blocks) or "No errors and no warnings in the data."


# ------------------------------------------------------------------------------------------------
# Periods and dates
# ------------------------------------------------------------------------------------------------

MOST_YEARS = 200  # before the newest figure: a year that lies further back is a slip

_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def parse_period(text: str) -> tuple[int, int, int] | None:
    """Split `YYYY`, `YYYY-MM` or `YYYY-MM-DD` into year, month and day.

    Returns
    -------
    tuple of int or None
        Month and day are 0 where they are not given. None if the text has another form or the
        calendar has no such day.
    """
    match = _PERIOD.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        date(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        return None
    return year, month, day


def today() -> date:
    """Return the day by the clock: nothing can have been published after it."""
    return date.today()


def first_day(text: str) -> date | None:
    """Return the first day of a year, a month or a day; None if it is none of them."""
    parts = parse_period(text)
    return None if parts is None else date(parts[0], parts[1] or 1, parts[2] or 1)


def last_day(text: str) -> date | None:
    """Return the last day of a year, a month or a day; None if it is none of them."""
    parts = parse_period(text)
    if parts is None:
        return None
    year, month, day = parts[0], parts[1] or 12, parts[2]
    return date(year, month, day or calendar.monthrange(year, month)[1])


# ------------------------------------------------------------------------------------------------
# The tables, prepared once for all checks
# ------------------------------------------------------------------------------------------------

#: The series of the exchange rate: yuan per US dollar, average of the year.
EXCHANGE = ("china", "usd_cny")

_LEVELS = ("level", "ytd_level")
_PARTS = ("month_level", "quarter_level")
#: What others expect of a year: never a fact.
FORECASTS = ("forecast_growth", "forecast_level")
FORECAST_STATUSES = ("target", "projection")
_AMOUNTS = (*_LEVELS, *_PARTS, "forecast_level")
_GROWTHS = ("growth", "ytd_growth")
_RATES = (*_GROWTHS, "forecast_growth")


class Statement(NamedTuple):
    """One row of the observations, with what the checks need to know about it."""

    row: int
    observation: str
    region: str
    indicator: str
    period: str
    measure: str
    bound: str
    prices: str
    value: float
    unit: str
    basis: str  # the name of the reference basis where the cell is empty
    status: str
    mark: str
    source: str
    year: int  # 0 where the period is impossible
    month: int  # 0 for a whole year
    canonical: float  # in the indicator's unit; NaN where that cannot be had
    kind: str  # of the indicator
    prices_of_indicator: str

    @property
    def exact(self) -> bool:
        """Whether it states a value, and no bound and no doubt."""
        return not self.bound and not self.mark


@dataclass(frozen=True)
class Book:
    """All tables as lists of rows, and where a problem in them is to be reported."""

    folder: str
    rows: Mapping[str, Sequence[dict[Hashable, Any]]]
    statements: Sequence[Statement]
    rates: Mapping[int, tuple[float, tuple[str, ...]]]
    named: Collection[str] = ()  # sources that are named outside the tables

    def error(self, table: str, row: int, column: str, value: object, expected: str) -> Problem:
        """Report something that cannot be true."""
        return self._problem("error", table, row, column, value, expected)

    def warning(self, table: str, row: int, column: str, value: object, expected: str) -> Problem:
        """Report something that is unlikely."""
        return self._problem("warning", table, row, column, value, expected)

    def _problem(
        self,
        severity: Literal["error", "warning"],
        table: str,
        row: int,
        column: str,
        value: object,
        expected: str,
    ) -> Problem:
        shown = _number(value) if isinstance(value, float) else str(value)
        return Problem(severity, f"{self.folder}/{table}.csv", row, column, shown, expected)

    def by_id(self, table: str, column: str) -> dict[str, dict[Hashable, Any]]:
        """Return the rows of a table by their identifier."""
        return {row[column]: row for row in self.rows[table]}

    @cached_property
    def indicators(self) -> dict[str, dict[Hashable, Any]]:
        """Return the rows of the indicators by identifier."""
        return self.by_id("indicators", "indicator")

    @cached_property
    def published(self) -> dict[str, str]:
        """Return for each source when it was published, as far as known."""
        return {row["source"]: row["published"] for row in self.rows["sources"]}

    @cached_property
    def series(self) -> dict[tuple[str, str], list[Statement]]:
        """Return the unmarked exact levels, of years and to date, by region and indicator."""
        series = defaultdict(list)
        for s in self.statements:
            if s.measure in _LEVELS and s.exact and s.year and s.canonical > 0:
                series[s.region, s.indicator].append(s)
        return dict(series)

    @cached_property
    def levels(self) -> dict[tuple[str, str, str, int, int, bool], list[Statement]]:
        """Return the same by region, indicator, basis, year, month and whether in dollars."""
        levels = defaultdict(list)
        for s in (s for series in self.series.values() for s in series):
            levels[s.region, s.indicator, s.basis, s.year, s.month, _dollars(s)].append(s)
        return dict(levels)


def _number(value: float) -> str:
    """Write a number as it would be typed."""
    return f"{value:.10g}"


def _dollars(s: Statement) -> bool:
    return s.unit in UNITS and UNITS[s.unit].dimension == CURRENCIES[1]


def yearly_rates(observations: pd.DataFrame) -> dict[int, tuple[float, tuple[str, ...]]]:
    """Return the yuan per US dollar of each year, the mean where there are several statements.

    Parameters
    ----------
    observations
        The table of observations, with the series :data:`EXCHANGE` among them.

    Returns
    -------
    dict
        By year, the rate and the identifiers of the observations that gave it. Bounds and marked
        rows are left out.
    """
    rows = observations[
        (observations["region"] == EXCHANGE[0])
        & (observations["indicator"] == EXCHANGE[1])
        & (observations["measure"] == "level")
        & (observations["bound"] == "")
        & (observations["mark"] == "")
    ]
    found = defaultdict(list)
    for period, value, name in zip(rows["period"], rows["value"], rows["observation"], strict=True):
        parts = parse_period(period)
        if parts is not None and value > 0:
            found[parts[0]].append((float(value), str(name)))
    return {
        year: (sum(v for v, _ in pairs) / len(pairs), tuple(name for _, name in pairs))
        for year, pairs in sorted(found.items())
    }


def _statement(
    row: dict[Hashable, Any],
    indicators: Mapping[str, dict[Hashable, Any]],
    reference: Mapping[str, str],
    rates: Mapping[int, tuple[float, tuple[str, ...]]],
) -> Statement:
    indicator = indicators.get(row["indicator"], {})
    parts = parse_period(row["period"])
    year, month, _ = parts or (0, 0, 0)
    if row["measure"] not in _AMOUNTS:
        canonical = row["value"]
    else:
        try:
            value, unit = row["value"], row["unit"]
            to = indicator.get("unit", unit)
            if (lookup(unit).dimension, lookup(to).dimension) == CURRENCIES[::-1]:
                rate = rates[year][0] if year in rates else math.nan
                value, unit = convert(value, unit, "亿美元") * rate, "亿元"
            canonical = convert(value, unit, to)
        except UnitError:
            canonical = math.nan
    return Statement(
        row=row["row"],
        observation=row["observation"],
        region=row["region"],
        indicator=row["indicator"],
        period=row["period"],
        measure=row["measure"],
        bound=row["bound"],
        prices=row["prices"],
        value=row["value"],
        unit=row["unit"],
        basis=row["basis"] or reference.get(row["indicator"], ""),
        status=row["status"],
        mark=row["mark"],
        source=row["source"],
        year=year,
        month=month,
        canonical=canonical,
        kind=indicator.get("kind", ""),
        prices_of_indicator=indicator.get("prices", ""),
    )


def _book(tables: Mapping[str, pd.DataFrame], folder: str) -> Book:
    rows = {
        name: table.rename_axis("row").reset_index().to_dict("records")
        for name, table in tables.items()
    }
    indicators = {row["indicator"]: row for row in rows["indicators"]}
    ordered = sorted(rows["bases"], key=lambda row: float(row["sequence"]))
    reference = {row["indicator"]: row["basis"] for row in ordered}
    rates = yearly_rates(tables["observations"])
    # A slip in a rate is one problem, at the rate, and not one in every figure converted with it.
    usual = median([rate for rate, _ in rates.values()]) if rates else 1.0
    rates = {
        year: (rate if 0.25 < rate / usual < 4 else usual, origin)
        for year, (rate, origin) in rates.items()
    }
    statements = [_statement(row, indicators, reference, rates) for row in rows["observations"]]
    return Book(folder, rows, statements, rates)


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


def listed(cell: str) -> list[str]:
    """Return the identifiers in a cell that lists them."""
    return [item.strip() for item in cell.split(";") if item.strip()]


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
        if s.measure not in _PARTS:
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
        if s.measure in _RATES:
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
            s.measure in _AMOUNTS
            and _dollars(s)
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
        if s.measure in _AMOUNTS and s.value == 0 and log:  # an exact level, or a bound
            expected = "a level above 0"
        elif s.measure in _AMOUNTS and s.kind == "share":
            expected = "" if 0 <= s.value <= 100 else "a share of 0 to 100 %"
        elif s.measure in _AMOUNTS and s.kind == "rank":
            fits = s.value >= 1 and s.value == int(s.value)
            expected = "" if fits else "a rank: a whole number from 1"
        elif s.measure in _AMOUNTS and s.value < 0:
            expected = "a level that is not negative"
        elif s.measure in _RATES and not -100 < s.value <= 1000:
            expected = "growth above -100 %, and below 1000 %"
        elif s.measure == "change" and not -100 <= s.value <= 100:
            expected = "a change of -100 to 100 percentage points"
        if expected:
            yield book.error("observations", s.row, "value", s.value, expected)
        elif s.measure in _RATES and s.value > 300 and s.exact:
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
        if s.prices == "real" and s.measure not in _RATES:
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
                told = f"(row {earlier.row} says {_number(earlier.value)} {earlier.unit}"
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


def cumulative(book: Book) -> Iterator[Problem]:
    """Find cumulative figures below the one through an earlier month of the year."""
    for group in _cumulative(book).values():
        before: list[Statement] = []
        for _, now in sorted(group.items()):
            low = min((s.canonical for s in before), default=0.0)
            # Statements of one month differ by rounding and revision; that is no fall.
            for s in now:
                if s.canonical < low * 0.998:
                    first = min(before, key=lambda other: other.canonical)
                    expected = (
                        f"at least {_number(first.value)} {first.unit}, the figure through "
                        f"{first.period} (row {first.row}): what is counted from January on "
                        "cannot fall"
                    )
                    yield book.error("observations", s.row, "value", s.value, expected)
            before = now


def within_the_year(book: Book) -> Iterator[Problem]:
    """Find cumulative figures above the level of their year."""
    for (region, indicator, basis, year, dollars), months in _cumulative(book).items():
        level = book.levels.get((region, indicator, basis, year, 0, dollars))
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
        report = book.error if excess > 0.02 else book.warning
        if len(above) == 1:
            expected = (
                f"at most {_number(highest.value)} {highest.unit}, the level of {year} "
                f"(row {highest.row})"
            )
            yield report("observations", s.row, "value", s.value, expected)
        else:
            expected = (
                f"at least {_number(s.value)} {s.unit}, the figure through {s.period} "
                f"(row {s.row}; {len(above)} such figures are above this level)"
            )
            yield report("observations", highest.row, "value", highest.value, expected)


#: How far a total may be off the sum of its parts, relative: figures of one release agree but for
#: rounding, preliminary and secondary ones were revised one by one.
_SETTLED = ("census", "final", "revised")
_OFF_SETTLED, _OFF = 0.003, 0.01


def totals(book: Book) -> Iterator[Problem]:
    """Find published totals that are off the sum of their published parts.

    The total and all its parts on one basis, for one period and in one currency; of several
    statements, those that come nearest to adding up.
    """
    for name, row in book.indicators.items():
        parts = listed(row["sum_of"])
        for (region, indicator, *when), of_total in book.levels.items() if parts else ():
            of_parts = [book.levels.get((region, part, *when)) for part in parts]  # type: ignore[arg-type]
            if indicator != name or not all(of_parts):
                continue
            total, *terms = min(
                product(of_total, *(found for found in of_parts if found)), key=_off_relative
            )
            off = total.canonical - sum(s.canonical for s in terms)
            if abs(off) <= _allowed(total, terms):
                continue
            told = " and ".join(_told(s) for s in terms)
            expected = (
                f"about {_number(round(total.canonical - off, 6))} {row['unit']}, the sum of its "
                f"parts {told}; {_told(total)} is {_number(round(abs(off), 6))} {row['unit']} "
                f"{'higher' if off > 0 else 'lower'}, and one of the {1 + len(terms)} is wrong"
            )
            yield book.warning("observations", total.row, "value", total.value, expected)


def wholes(book: Book) -> Iterator[Problem]:
    """Find published parts that are larger than the whole they are part of."""
    for (region, indicator, *when), of_part in book.levels.items():
        for whole in _wholes(book, indicator):
            of_whole = book.levels.get((region, whole, *when))  # type: ignore[arg-type]
            if not of_whole:
                continue
            part = min(of_part, key=lambda s: s.canonical)
            most = max(of_whole, key=lambda s: s.canonical)
            if part.canonical - most.canonical <= _allowed(most, [part]):
                continue
            expected = f"at most {_told(most)}: {indicator} is part of {whole}"
            yield book.warning("observations", part.row, "value", part.value, expected)
            break


def _wholes(book: Book, indicator: str) -> list[str]:
    """Return what an indicator is part of, by `part_of` or as a summand."""
    above = [name for name, row in book.indicators.items() if indicator in listed(row["sum_of"])]
    own = str(book.indicators.get(indicator, {}).get("part_of") or "")
    return [*above, *([own] if own else [])]


def _off_relative(group: Sequence[Statement]) -> float:
    total, *terms = group
    return abs(total.canonical - sum(s.canonical for s in terms)) / total.canonical


def _allowed(total: Statement, terms: Sequence[Statement]) -> float:
    """Return by how much figures may miss an identity: rounding, and what revisions come to."""
    every = [total, *terms]
    rounding = sum(_half_digit(s.value) * s.canonical / s.value for s in every)
    settled = all(s.status in _SETTLED for s in every)
    return rounding + (_OFF_SETTLED if settled else _OFF) * total.canonical


def _half_digit(value: float) -> float:
    """Return half a unit of the last digit that a figure shows."""
    decimals = _number(value).partition(".")[2]
    return 0.5 * 10.0 ** -len(decimals) if decimals.isdigit() or not decimals else 0.0


def _told(s: Statement) -> str:
    return f"{s.indicator} {_number(s.value)} {s.unit} (row {s.row}, {s.observation})"


def _cumulative(
    book: Book,
) -> dict[tuple[str, str, str, int, bool], dict[int, list[Statement]]]:
    """Return the cumulative levels by series and year, then by month."""
    groups: dict[tuple[str, str, str, int, bool], dict[int, list[Statement]]] = {}
    for (region, indicator, basis, year, month, dollars), found in book.levels.items():
        if month and found[0].kind == "flow":
            key = (region, indicator, basis, year, dollars)
            groups.setdefault(key, {})[month] = found
    return groups


#: After the trend, levels of a series a few years apart differ by less than this factor, 4.
_FAR = 0.6


def neighbours(book: Book) -> Iterator[Problem]:
    """Find levels that are off by a power of ten from their series.

    The levels of up to two years before and two after, no more than five years away, are compared
    with it, and other levels of the same year, all carried to its year by the trend. A figure
    through a month is scaled up to the year. It is off only if it is far from all of them in the
    same direction. What was found to be off is left out when others are looked at: first what is
    certain, then the newest, so that one wrong row does not make its neighbours look wrong.
    """
    for series in book.series.values():
        rest = {s.row: s for s in series}
        for certain in (True, False):
            for s in sorted(series, key=lambda s: (-s.year, -s.row)):
                others = _around(s, rest.values()) if s.row in rest else []
                trend = _trend(s.year, others)
                gaps = [_log(s) - _log(o) - trend * (s.year - o.year) for o in others]
                if not gaps or min(map(abs, gaps)) <= _FAR or min(gaps) * max(gaps) < 0:
                    continue
                gap = median(gaps)
                # Certain if its neighbours agree with each other, one of them on its basis.
                agree = len(others) >= 2 and max(gaps) - min(gaps) < 0.6
                agree = agree and any(o.basis == s.basis for o in others)
                hundredth = s.kind == "share" and abs(gap + 2) < 0.3
                if certain == (agree or hundredth or abs(gap) > 3):
                    del rest[s.row]
                    nearest = min(others, key=lambda o: abs(o.year - s.year))
                    report = book.error if certain else book.warning
                    expected = _in_line(s, nearest, gap)
                    yield report("observations", s.row, "value", s.value, expected)


def _trend(year: int, others: Iterable[Statement]) -> float:
    """Return the median slope between the other years, as the logarithm to base 10 per year."""
    logs = defaultdict(list)
    for o in others:
        if o.year != year:
            logs[o.year].append(_log(o))
    middle = sorted((y, median(values)) for y, values in logs.items())
    slopes = [(b - a) / (v - u) for i, (u, a) in enumerate(middle) for v, b in middle[i + 1 :]]
    # A wrong row among few must not make a trend: growth beyond 60 % a year is no trend.
    return min(max(median(slopes), -0.2), 0.2) if slopes else 0.0


def _log(s: Statement) -> float:
    """Return the logarithm of a level to base 10, scaled up to the year."""
    return math.log10(s.canonical * 12 / (s.month or 12))


def _around(s: Statement, series: Iterable[Statement]) -> list[Statement]:
    """Return the other statements of the year and of the nearest two on either side."""
    near = [o for o in series if abs(o.year - s.year) <= 5 and o is not s]
    before = sorted({o.year for o in near if o.year < s.year})[-2:]
    after = sorted({o.year for o in near if o.year > s.year})[:2]
    return [o for o in near if o.year in (*before, s.year, *after)]


def _in_line(s: Statement, nearest: Statement, gap: float) -> str:
    """Say what a level was expected to be like, and which slip would explain it."""
    power, slip = round(abs(gap)), ""
    if s.kind == "share" and gap < 0:
        slip = " (a share is in %: 2.54, not 0.0254)"
    elif abs(abs(gap) - power) < 0.2:
        slip = f" (a slip by a factor of {10**power:,}?)"
    return (
        f"a value in line with {_number(nearest.value)} {nearest.unit} in {nearest.period} "
        f"(row {nearest.row}), not about {_times(gap)}{slip}"
    )


def _times(gap: float) -> str:
    """Write a difference of logarithms as a factor, to two digits."""
    factor = 10 ** abs(gap)
    digits = f"{float(f'{factor:.2g}'):,.0f}" if factor >= 10 else f"{factor:.2g}"
    return f"{digits} times {'more' if gap > 0 else 'less'}"


def fractions(book: Book) -> Iterator[Problem]:
    """Find percentages typed as fractions: 0.063 for 6.3.

    Growth of a fraction of a percent exists, but not with three decimals among growth rates of
    whole percents.
    """
    for series in _growth_series(book).values():
        for s in series:
            if not 0 < abs(s.value) < 0.5 or len(_number(s.value).partition(".")[2]) < 3:
                continue
            near = [abs(o.value) for o in series if o is not s and abs(o.year - s.year) <= 5]
            ratio = median(near) / abs(s.value) if near else 0.0
            report = book.error if 15 < ratio < 600 else book.warning
            expected = f"growth in %, such as {_number(100 * s.value)}"
            yield report("observations", s.row, "value", s.value, expected)
    for (region, indicator), levels in book.series.items():
        if levels[0].kind == "share" and len(levels) == 1 and levels[0].value < 0.2:
            s = levels[0]
            expected = f"a share in %, such as {_number(100 * s.value)}, for {region}/{indicator}"
            yield book.warning("observations", s.row, "value", s.value, expected)


def indexes(book: Book) -> Iterator[Problem]:
    """Find growth typed as an index with the year before at 100: 106.3 for 6.3."""
    for series in _growth_series(book).values():
        for s in series:
            near = [o.value for o in series if o is not s and abs(o.year - s.year) <= 3]
            if 85 < s.value < 130 and near and max(map(abs, near)) < 50:
                expected = f"growth in %, such as {_number(s.value - 100)}, not an index"
                report = book.error if len(near) >= 2 else book.warning
                yield report("observations", s.row, "value", s.value, expected)


def _growth_series(book: Book) -> dict[tuple[str, str], list[Statement]]:
    """Return the unmarked exact growth rates, of years and to date, by region and indicator."""
    growth = defaultdict(list)
    for s in book.statements:
        if s.measure in _GROWTHS and s.exact and s.year:
            growth[s.region, s.indicator].append(s)
    return growth


def growth_against_levels(book: Book) -> Iterator[Problem]:
    """Find growth that contradicts the two levels it connects, on one basis.

    Growth without a basis holds on any, and growth of dollar figures may be meant in dollars or in
    yuan, so the reading that fits best counts. Real growth says nothing about levels. Both levels
    may have been revised and rounded since; only what is beyond that is named.
    """
    levels = defaultdict(list)
    for s in (s for series in book.series.values() for s in series):
        levels[s.region, s.indicator, s.year, s.month].append(s)
    stated = {row["row"]: row["basis"] for row in book.rows["observations"]}
    for s in (s for series in _growth_series(book).values() for s in series):
        # Growth of money without a word on prices may be real.
        if s.prices == "real" or (s.prices == "none" and s.prices_of_indicator != "none"):
            continue
        implied = [
            (abs(growth - s.value), growth, before, now)
            for now in levels.get((s.region, s.indicator, s.year, s.month), [])
            for before in levels.get((s.region, s.indicator, s.year - 1, s.month), [])
            if now.basis == before.basis and stated[s.row] in ("", now.basis)
            for growth in _growths(before, now)
        ]
        if not implied:
            continue
        gap, growth, before, now = min(implied, key=lambda item: item[0])
        if gap > 2 + 0.1 * abs(s.value):
            expected = (
                f"about {growth:.1f} %, from {_number(before.value)} {before.unit} in "
                f"{before.period} (row {before.row}) to {_number(now.value)} {now.unit} "
                f"(row {now.row})"
            )
            yield book.warning("observations", s.row, "value", s.value, expected)


def _growths(before: Statement, now: Statement) -> list[float]:
    """Return the growth in % between two levels: in yuan, and in dollars if both are."""
    growths = [now.canonical / before.canonical]
    if _dollars(now) and _dollars(before):
        growths.append(convert(now.value, now.unit, before.unit) / before.value)
    return [100 * (growth - 1) for growth in growths]


def bounds(book: Book) -> Iterator[Problem]:
    """Find bounds that contradict an exact level of the same period."""
    exact = defaultdict(list)
    for s in (s for series in book.series.values() for s in series):
        exact[s.region, s.indicator, s.basis, s.period, s.measure].append(s)
    for s in book.statements:
        if s.measure not in _LEVELS or not s.bound or s.mark or not s.canonical > 0:
            continue
        for other in exact.get((s.region, s.indicator, s.basis, s.period, s.measure), []):
            ratio = other.canonical / s.canonical
            if ratio < 1 / 1.05 if s.bound == "lower" else ratio > 1.05:
                expected = (
                    f"a {s.bound} bound that fits {_number(other.value)} {other.unit} "
                    f"(row {other.row})"
                )
                yield book.warning("observations", s.row, "value", s.value, expected)
                break


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
        if abs(gap) > _FAR:
            expected = (
                f"a value in line with {_number(last.canonical)} {wanted} in {last.period}, "
                f"not about {_times(gap)}"
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
                    f"more than {_number(before['value'])} {before['unit']}, the value at the "
                    f"level {_number(before['level'])} (row {before['row']})"
                )
                yield book.error("judgements", row["row"], "value", row["value"], expected)
        if wanted == "%":
            for row in rows:
                if not 0 < row["value"] < 100:
                    expected = "a share between 0 and 100 %"
                    yield book.error("judgements", row["row"], "value", row["value"], expected)


# ------------------------------------------------------------------------------------------------
# All of it
# ------------------------------------------------------------------------------------------------

CHECKS: tuple[Callable[[Book], Iterator[Problem]], ...] = (
    dates,
    dates_to_come,
    keys,
    region_tree,
    indicator_units,
    sums,
    parts_and_shares,
    followed,
    basis_order,
    basis_links,
    unused_sources,
    periods,
    parts_of_years,
    published_after_period,
    forecasts,
    units,
    exchange_rates,
    values,
    ranges,
    counts,
    prices,
    bases,
    duplicates,
    neighbours,
    fractions,
    indexes,
    cumulative,
    within_the_year,
    totals,
    wholes,
    growth_against_levels,
    bounds,
    target_terms,
    target_units,
    target_years,
    target_items,
    planned_openings,
    elicited,
)


def check(
    tables: Mapping[str, pd.DataFrame],
    folder: str = "data",
    left_out: pd.DataFrame | None = None,
    named: Collection[str] = (),
) -> list[Problem]:
    """Ask every question of :data:`CHECKS` about the tables.

    Parameters
    ----------
    tables
        By name, the tables that `datapackage.json` describes, with the spreadsheet's row numbers
        as index.
    folder
        The name of the folder, for the messages.
    left_out
        Observations that did not fit the schema and are missing from the tables. What looks wrong
        only for want of them is not reported.
    named
        Sources that are named outside the tables: by scenarios.

    Returns
    -------
    list of Problem
        Errors and warnings, in the order of :data:`CHECKS`.
    """
    book = replace(_book(tables, folder), named=named)
    problems: list[Problem] = []
    wrong: set[tuple[str, int | None, str]] = set()
    skipped: list[Callable[[Book], Iterator[Problem]]] = []
    if left_out is not None and len(left_out):
        skipped.append(unused_sources)
        if EXCHANGE[1] in set(left_out["indicator"]):
            skipped.append(exchange_rates)
    for question in CHECKS:
        if question in skipped:
            continue
        rows = set()
        for problem in question(book):
            place = (problem.file, problem.row, problem.column)
            if place in wrong:
                continue
            problems.append(problem)
            if problem.severity == "error":
                wrong.add(place)
                rows.add(problem.row if problem.file.endswith("/observations.csv") else None)
        # What is certainly wrong is no evidence against other rows.
        if any(s.row in rows for s in book.statements):
            book = replace(book, statements=[s for s in book.statements if s.row not in rows])
    return [p for p in problems if p.severity == "error" or (p.file, p.row, p.column) not in wrong]

"""The evidence: all tables, and their figures in the unit of the indicator."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.calendar import (
    Period,
    last_day,
    parse_period,
    release_day,
    today,
    year_and_number,
    year_end,
)
from forecast.evidence.files.schema import COLUMNS
from forecast.evidence.files.tables import TEXT, Records, records
from forecast.evidence.measures import RATES, ExchangeRates, exchange_indicators, years_of_rates
from forecast.evidence.problems import Problem, UserError, meant
from forecast.evidence.registries import Accounts, YearStarts, above, newest_bases
from forecast.evidence.sources.hosts import Hosts
from forecast.evidence.sources.ranks import FOLLOWING, told
from forecast.evidence.units import convert, exchanged
from forecast.facts import Name, Year

STATED = ("region", "indicator", "measure", "value", "unit")
#: What is said on an observation, for readers: no figure follows from it.
REMARKS = ("note", "note_zh")
#: Properties that are computed once, and the tables that they follow from.
DERIVED = {
    "bases_of": {"bases"},
    "_newest_bases": {"bases"},
    "_indicators": {"indicators"},
    "parents": {"regions"},
    "_places": {"regions"},
    "accounts": {"indicators"},
    "year_starts": {"regions", "indicators"},
    "exchange_indicators": {"indicators", "targets"},
    "_sources": {"sources", "hosts", "publishers"},
}


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that is known, as typed tables.

    Every table keeps the columns of its file, and its index `row` is the row number that a
    spreadsheet shows (the header is row 1). An empty cell is an empty string, or NaN in a column
    of numbers.
    """

    root: Path
    regions: pd.DataFrame
    indicators: pd.DataFrame
    bases: pd.DataFrame
    sources: pd.DataFrame
    observations: pd.DataFrame
    plans: pd.DataFrame
    targets: pd.DataFrame
    openings: pd.DataFrame = field(default_factory=lambda: _empty("openings"))
    judgements: pd.DataFrame = field(default_factory=lambda: _empty("judgements"))
    hosts: pd.DataFrame = field(default_factory=lambda: _empty("hosts"))
    publishers: pd.DataFrame = field(default_factory=lambda: _empty("publishers"))
    warnings: tuple[Problem, ...] = ()  # of what is unlikely, not certainly wrong
    as_of: date | None = None  # the last day whose publications are included; None for all

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content of the tables, in hexadecimal."""
        return digest_of({name: getattr(self, name) for name in COLUMNS})

    @cached_property
    def figures(self) -> str:
        """Digest of what forecasts depend on: not of targets, plans, judgements or remarks."""
        names = ("regions", "indicators", "bases", "sources")
        rows = self.observations.drop(columns=[*REMARKS], errors="ignore")
        digest = digest_of({name: getattr(self, name) for name in names} | {"observations": rows})
        return f"{digest} {sorted(self.exchange_indicators)} {self.as_of}"

    def but(self, **changes: Any) -> Evidence:
        """Return the evidence with other tables, or another day, in place of its own.

        What was derived of the tables that stay is kept: hiding one figure after the other would
        derive it again each time.
        """
        found, kept = replace(self, **changes), vars(self)
        for name, of in DERIVED.items():
            if name in kept and not of & changes.keys():
                vars(found)[name] = kept[name]
        return found

    def without(self, gone: pd.Index) -> Evidence:
        """Return the evidence without some of the rows of `observations`, by their index.

        The records of the others are kept, if no rate that converts them is gone.
        """
        rows = self.observations.loc[gone]
        found = self.but(observations=self.observations.drop(index=gone))
        if not rows["indicator"].isin(exchange_indicators(self.indicators)).any():
            names, kept = set(rows["observation"]), dict(self.records)
            for key in zip(rows["region"], rows["indicator"], strict=True):
                kept[key] = [row for row in kept[key] if row["observation"] not in names]
            vars(found)["records"] = kept
        return found

    def place(self, region: str) -> Name:
        """Return a region's name."""
        return self._places[region][0]

    @cached_property
    def _places(self) -> dict[str, tuple[Name, bool]]:
        """Name of each region, and whether it is a country."""
        rows = self.regions[["region", "name", "name_zh", "kind"]].astype(str).to_numpy()
        return {region: (Name(en, zh), kind == "country") for region, en, zh, kind in rows}

    def series_name(self, region: str, indicator: str) -> Name:
        """Return a series' name, of its region and its indicator."""
        where, name = self.place(region), self.indicator_name(indicator, region)
        first, second = where.zh or where.en, name.zh or name.en
        # A blank between Latin words; none beside a Chinese character.
        joint = " " if max(first[-1:], second[:1]) < "\u2e80" else ""
        return Name(f"{where.en}: {name.en}", f"{first}{joint}{second}")

    def indicator_name(self, indicator: str, region: str = "") -> Name:
        """Return an indicator's name, as it is called in a region if one is given."""
        row = self.indicator(indicator)
        country = bool(region) and self._places[region][1]
        return Name(str(row["name"]), str((country and row["country_zh"]) or row["name_zh"]))

    def indicator(self, indicator: str) -> pd.Series[Any]:
        """Return the row of one indicator.

        Raises
        ------
        forecast.evidence.problems.UserError
            If there is no such indicator; the message names the known ones.
        """
        known = self._indicators.get(indicator)
        return _one(self.indicators, {"indicator": indicator}) if known is None else known

    @cached_property
    def _indicators(self) -> dict[str, pd.Series[Any]]:
        return {str(row["indicator"]): row for _, row in self.indicators.iterrows()}

    @property
    def names(self) -> Set[str]:
        """The indicators, in the order of the table."""
        return self._indicators.keys()

    def plan(self, plan: str = "") -> pd.Series[Any]:
        """Return the row of one plan; of the first one in ``plans.csv`` if none is named.

        Raises
        ------
        forecast.evidence.problems.UserError
            If there is no such plan; the message names the known ones.
        """
        known = list(self.plans["plan"])
        if plan not in known if plan else not known:
            if not known:
                raise UserError("plans.csv has no plan")
            raise UserError(f"no plan {plan!r} in plans.csv; known are {', '.join(known)}")
        return self.plans.iloc[known.index(plan) if plan else 0]

    def source(self, key: str) -> dict[Hashable, Any]:
        """Return the cells of one source and what follows from them, see `told`.

        All are empty where none is named.
        """
        return self._sources.get(key) or dict.fromkeys((*self.sources, *FOLLOWING), "")

    @cached_property
    def _sources(self) -> dict[str, dict[Hashable, Any]]:
        hosts, chinese = Hosts.of(self.hosts), self._in_chinese
        return {str(r["source"]): told(r, hosts, chinese) for r in records(self.sources)}

    def publisher(self, name: str) -> Name:
        """Return the name of a publisher in every language that the tables have it in."""
        return Name(name, self._in_chinese.get(name, ""))

    @cached_property
    def _in_chinese(self) -> dict[str, str]:
        return dict(self.publishers[["publisher", "publisher_zh"]].astype(str).to_numpy())

    @cached_property
    def accounts(self) -> Accounts:
        """The accounting identities between the indicators."""
        return Accounts.of(self.indicators)

    @cached_property
    def year_starts(self) -> YearStarts:
        """In which month the years of a series begin, called with its region and indicator."""
        return YearStarts.of(self.regions, self.indicators)

    def dated(self, region: str, indicator: str, year: int) -> Year:
        """Return a year of a series as a value that a language writes."""
        return Year(int(year), self.year_starts(region, indicator))

    def chain(self, region: str) -> list[str]:
        """Return a region and the regions above it, the nearest first."""
        return above(self.parents, region)

    @cached_property
    def parents(self) -> dict[str, str]:
        """The region above each region; empty for the topmost."""
        return dict(zip(self.regions["region"], self.regions["parent"], strict=True))

    def newest_basis(self, indicator: str) -> str:
        """Return the basis of the highest sequence; empty for an indicator without bases."""
        return self._newest_bases.get(indicator, "")

    @cached_property
    def bases_of(self) -> dict[str, list[dict[Hashable, Any]]]:
        """The rows of `bases` by indicator, in the order of the table."""
        found: dict[str, list[dict[Hashable, Any]]] = {}
        for row in records(self.bases):
            found.setdefault(row["indicator"], []).append(row)
        return found

    @cached_property
    def _newest_bases(self) -> dict[str, str]:
        return newest_bases(self.bases)

    def target(self, plan: str, target: str) -> pd.Series[Any]:
        """Return the row of one target of one plan.

        Raises
        ------
        forecast.evidence.problems.UserError
            If there is no such target; the message names the known ones.
        """
        return _one(self.targets, {"plan": plan, "target": target})

    def statements(self, region: str, indicator: str) -> pd.DataFrame:
        """Return all statements on one indicator of one region, in order of time.

        Parameters
        ----------
        region, indicator
            Identifiers of the tables `regions` and `indicators`.

        Returns
        -------
        DataFrame
            The rows of `observations`, with the further columns

            - `year`, and `month` (the number of the last month in that year; 12 for a year),
            - `canonical`: the value in the indicator's unit. Growth stays in %, the change of a
              share in percentage points. Other currencies are converted at the average rate of
              the year; where only `as_of` hides it, at the rate of the latest earlier year that
              is known; NaN where there is none, or the year is not over,
            - `prices`: `none` for an indicator at constant prices,
            - `converted_with`: the observations that gave the exchange rate, separated by `; `,
            - `source_title`.

        Raises
        ------
        forecast.evidence.problems.UserError
            If the region or the indicator is not known.
        """
        if region not in self.parents:
            _one(self.regions, {"region": region})
        self.indicator(indicator)
        return self._by_series.rows(region, indicator)

    @cached_property
    def records(self) -> Mapping[tuple[str, str], list[dict[Hashable, Any]]]:
        """The same rows as dictionaries, by region and indicator: for loops over all series."""
        return self._by_series

    @cached_property
    def _by_series(self) -> Records:
        return Records(self._detailed(), ("region", "indicator"), ("year", "month"))

    def _detailed(self) -> pd.DataFrame:
        """All observations with the columns that `statements` adds."""
        rows = self.observations
        # The check has accepted every period, so none of these is None.
        series = zip(rows["region"], rows["indicator"], rows["period"], strict=True)
        when = [
            year_and_number(parse_period(period) or Period(0), self.year_starts(region, indicator))
            for region, indicator, period in series
        ]
        units = dict(zip(self.indicators["indicator"], self.indicators["unit"], strict=True))
        stated = zip(*(rows[name] for name in STATED), when, strict=True)
        canonical = [
            self._in_unit(region, indicator, value, unit, units[indicator], year)
            if measure not in (*RATES, "change")
            else (value, "")
            for region, indicator, measure, value, unit, (year, _) in stated
        ]
        source = self.sources.drop_duplicates("source").set_index("source")
        constant = set(self.indicators.loc[self.indicators["prices"] == "real", "indicator"])
        return rows.assign(
            # Growth of what is at constant prices is that of the levels: there is no price in it.
            prices=rows["prices"].mask(rows["indicator"].isin(constant), "none"),
            year=pd.Series([year for year, _ in when], index=rows.index, dtype="int64"),
            month=pd.Series([month or 12 for _, month in when], index=rows.index, dtype="int64"),
            canonical=pd.Series([v for v, _ in canonical], index=rows.index, dtype="float64"),
            converted_with=pd.Series([w for _, w in canonical], index=rows.index, dtype=TEXT),
            source_title=rows["source"].map(source["title"]),
        )

    def _in_unit(
        self, region: str, indicator: str, value: float, unit: str, to: str, year: int
    ) -> tuple[float, str]:
        """Return a value in the unit `to`, and the observations that gave the exchange rate."""
        pair = exchanged(unit, to)
        if pair is None:
            return convert(value, unit, to), ""
        starts = self.year_starts(region, indicator)
        rates = self._exchange_rates.yearly(region, pair, starts)
        known = [y for y in rates if y <= year]
        _, stated = self._exchange_rates.home(region, pair)
        last = years_of_rates(year, starts, stated)[-1]
        if not known or (year not in rates and year_end(last, stated) >= today()):
            return math.nan, ""
        rate, origin = rates[max(known)]
        return convert(value, unit, to, rate), "; ".join(origin)

    @cached_property
    def _exchange_rates(self) -> ExchangeRates:
        return ExchangeRates.of(vars(self))

    @cached_property
    def exchange_indicators(self) -> frozenset[str]:
        """The exchange rates that only convert figures: no target asks for them, nor has a page."""
        return exchange_indicators(self.indicators) - set(self.targets["indicator"])


def _empty(table: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS[table]))


def _one(table: pd.DataFrame, key: Mapping[str, str]) -> pd.Series[Any]:
    """Return the only row of `table` with this key; the error lists the known keys."""
    wanted = tuple(key.values())
    known = list(table[list(key)].itertuples(index=False, name=None))
    if wanted not in known:
        what, name = list(key)[-1], "/".join(wanted)
        names = sorted("/".join(k) for k in known)
        near = meant(wanted[-1:], sorted({k[-1] for k in known}))
        raise UserError(f"unknown {what} {name!r}; known: {', '.join(names)}{near}")
    return table.iloc[known.index(wanted)]


def digest_of(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return SHA-256 over the content of tables, in hexadecimal, however the files are written.

    Of `tables` those of `COLUMNS` count; others are left out.
    """
    digest = hashlib.sha256()
    for name in (name for name in COLUMNS if name in tables):
        frame = tables[name]
        digest.update(f"{name} {frame.shape} {list(frame.columns)}".encode())
        digest.update(pd.util.hash_pandas_object(frame, categorize=False).to_numpy().tobytes())
    return digest.hexdigest()


def known_on(evidence: Evidence, day: date) -> Evidence:
    """Return the evidence with only what was public on a day, by `release_day`.

    The tables are filtered in memory: reading and checking them again for another day is not
    needed.
    """
    judgements = evidence.judgements
    made = np.array([(last_day(d) or day) <= day for d in judgements["date"]], bool)
    return evidence.but(
        observations=_public(evidence, evidence.observations, "period", day),
        openings=_public(evidence, evidence.openings, "earliest", day),
        judgements=judgements[made],
        as_of=day,
    )


def _public(evidence: Evidence, rows: pd.DataFrame, period: str, day: date) -> pd.DataFrame:
    sources = evidence.sources
    by_source = dict(zip(sources["source"], sources["published"], strict=True))
    series = zip(rows["region"], rows.get("indicator", rows["region"]), strict=True)
    public = [
        release_day(when, published, by_source[source], evidence.year_starts(*key)) <= day
        for key, when, published, source in zip(
            series, rows[period], rows["published"], rows["source"], strict=True
        )
    ]
    return rows[np.array(public, bool)]

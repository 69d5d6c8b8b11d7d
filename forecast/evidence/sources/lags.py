"""How long after a period its figure comes out, and from whom, learned from the evidence."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.calendar import last_day, months_later
from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import FORECASTS, WITHIN_YEAR

#: Kinds of sources that publish figures of their own, those that do so first in front; the others
#: pass figures on.
OFFICIAL = (
    ("bulletin", "customs", "statistics_bureau"),
    ("government_report",),
    ("census", "dataset", "yearbook"),
)
#: Statuses of figures that their own publisher never released in this form.
NOT_RELEASED = ("derived", "secondary", "projection", "target")
YEAR, TO_DATE = "year", "to_date"  # spans: a whole year, and the part of it up to a month
#: Months after a period within which its first figure comes out, of a year and of a part of one,
#: and by how many it may come out later than the earliest of its series: what is later is a copy.
MOST_LAG, MOST_LAG_WITHIN_YEAR = 12, 4
LATE, LATE_WITHIN_YEAR = 3, 1
COLUMNS = ["region", "indicator", "span", "end", "out", "lag", "kind", "source", "dated"]


@dataclass(frozen=True)
class Lag:
    """How long after a period its figure comes out."""

    #: Whole months after the month in which the period ends; None where only the year is known.
    months: int | None
    years: int  # calendar years after that in which the period ends; for `months` None
    dates: int  # number of first publications that tell it
    #: Whose they are: ``own`` of the series, ``region`` of other series of its region from the same
    #: kind of source, ``parent`` of the same indicator of a region above it.
    of: str

    def due(self, end: date) -> date:
        """Return the last day on which the figure of a period that ends on a day is expected."""
        if self.months is None:
            return date(end.year + self.years, 12, 31)
        return months_later(end, self.months)


def spans(evidence: Evidence) -> pd.Series:
    """Return what each observation covers: `YEAR`, `TO_DATE` or a measure of `WITHIN_YEAR`.

    Empty for what is no figure of a period: events, levels of a day or a month, forecasts.
    """
    table = evidence.observations
    measure, yearly = table["measure"], table["period"].str.fullmatch(r"\d{4}")
    found = measure.where(measure.isin(list(WITHIN_YEAR)), "")
    found = found.mask(measure.isin(["ytd_level", "ytd_growth"]), TO_DATE)
    return found.mask(yearly & ~measure.isin((*FORECASTS, "event")), YEAR)


class Lags:
    """The lags of all series of the evidence; each is learned when it is asked for."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    @property
    def firsts(self) -> pd.DataFrame:
        """The first publication of every period of every series, as far as its date is known.

        Columns `COLUMNS`: ``end`` of the period, ``out`` (year, month or day of publication),
        ``lag`` in months, NaN where only the year is known, ``kind`` and key of the ``source``,
        both empty where the date is not the source's, and whether the source is ``dated`` to the
        month. A whole year is out with its level; with its growth only where the series has no
        levels.
        """
        return _firsts(self.evidence)

    def lag(self, region: str, indicator: str, span: str = YEAR) -> Lag | None:
        """Return how long after a period a figure of a series comes out; None if no date tells it.

        Learned from the series' own first publications; if no month of them is known, from those of
        other series of the region, and then of the same indicator of the regions above, that come
        from the same kinds of source; and if there are none, from the years.
        """
        known, key = _learned(self.evidence), (region, indicator, span)
        if key not in known:
            known[key] = self._learn(*key)
        return known[key]

    def _learn(self, region: str, indicator: str, span: str) -> Lag | None:
        table = self._of(self.evidence.chain(region))
        table = table[table["span"] == span]
        mine = table[(table["region"] == region) & (table["indicator"] == indicator)]
        above = table["region"] != region
        alike = table["dated"] & table["kind"].isin(set(mine["kind"]) - {""})
        parents = above & (table["indicator"] == indicator)
        groups = {
            "own": mine,
            "region": table[(table["region"] == region) & alike],
            "parent": table[parents & (alike | mine.empty)],
        }
        for of, rows in groups.items():
            if len(lags := _without_copies(rows["lag"], span)):
                return Lag(int(lags[len(lags) // 2]), 0, len(lags), of)
        outs = zip(mine["out"], mine["end"], strict=True)
        later = sorted(n for out, end in outs if (n := int(out[:4]) - end.year) in (0, 1))
        return Lag(None, later[len(later) // 2], len(later), "own") if later else None

    def _of(self, regions: Sequence[str]) -> pd.DataFrame:
        """Return the rows of `firsts` of some regions, in their order."""
        places = _places(self.evidence)
        found = [places[region] for region in regions if region in places]
        return self.firsts.iloc[np.sort(np.concatenate(found)) if found else []]

    def publisher(self, region: str, indicator: str) -> str:
        """Return the source whose publisher releases a series; empty where none is official.

        It is that of most first publications of the kind that comes first in `OFFICIAL`, of a tie
        the newest.
        """
        table = self._of([region])
        table = table[(table["indicator"] == indicator) & (table["source"] != "")]
        table = table.sort_values("end")
        for kinds in OFFICIAL:
            rows = table[table["kind"].isin(kinds)]
            names = [str(self.evidence.source(key)["publisher"]) for key in rows["source"]]
            named = [(names.count(n), i) for i, n in enumerate(names) if n]
            if named:
                return str(rows["source"].iloc[max(named)[1]])
        return ""


@lru_cache(maxsize=4)  # every target of a page asks
def _learned(evidence: Evidence) -> dict[tuple[str, str, str], Lag | None]:
    """Return where the lags of the series of some evidence are kept, by series and span."""
    return {}


@lru_cache(maxsize=4)
def _firsts(evidence: Evidence) -> pd.DataFrame:
    table = evidence.observations.assign(span=spans(evidence))
    good = (table["span"] != "") & (table["bound"] == "") & (table["mark"] == "")
    table = table[good & ~table["status"].isin(NOT_RELEASED)]
    levels = table["measure"] == "level"
    has_levels = levels.groupby([table["region"], table["indicator"]]).transform("any")
    table = table[levels | ~has_levels | (table["span"] != YEAR)]
    table = table.assign(**_dates(evidence, table))
    most = np.where(table["span"] == YEAR, MOST_LAG, MOST_LAG_WITHIN_YEAR)
    within = (table["lag"] >= 0) & (table["lag"] <= most)
    table = table[(table["out"] != "") & (table["lag"].isna() | within)]
    table = table.sort_values("lag", kind="stable")
    return table.drop_duplicates(["region", "indicator", "span", "end"])[COLUMNS]


@lru_cache(maxsize=4)
def _places(evidence: Evidence) -> Mapping[Hashable, Any]:
    """Return where `_firsts` has the rows of each region."""
    return _firsts(evidence).groupby("region").indices


def _dates(evidence: Evidence, table: pd.DataFrame) -> dict[str, Any]:
    """Return end of the period, date of publication and source of some figures, by column."""
    columns: dict[str, list[Any]] = {
        n: [] for n in ("end", "out", "lag", "kind", "source", "dated")
    }
    names = ["region", "indicator", "period", "published", "source"]
    for region, indicator, period, own, key in table[names].astype(str).itertuples(index=False):
        end = last_day(period, evidence.year_starts(region, indicator)) or date.max
        source = evidence.source(key)
        of_source = str(source["published"])
        out = own or of_source
        # A figure may have come out earlier, elsewhere, than the source that it is taken from.
        direct = out.startswith(of_source) or of_source.startswith(out)
        columns["end"].append(end)
        columns["out"].append(out)
        columns["lag"].append(_months(end, out))
        columns["kind"].append(str(source["kind"]) if direct else "")
        columns["source"].append(key if direct else "")
        columns["dated"].append(out == of_source and len(out) >= 7)
    return columns


def _months(end: date, out: str) -> float:
    """Return how many months after a day something came out; NaN where only a year is known."""
    if len(out) < 7:
        return float("nan")
    return 12.0 * (int(out[:4]) - end.year) + int(out[5:7]) - end.month


def _without_copies(lags: pd.Series, span: str) -> list[float]:
    """Return the lags that are known, in order, without those of copies."""
    known = sorted(lags.dropna())
    late = LATE if span == YEAR else LATE_WITHIN_YEAR
    return [lag for lag in known if lag <= known[0] + late]

"""How much published figures are revised later, and which release decides a target."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.calendar import last_day, months_later, year_end
from forecast.evidence.evidence import Evidence
from forecast.forecasting.floor import least, within
from forecast.targets.assessment import Assessment

FIRST, LATER = ("preliminary",), ("final", "revised")
# Ordinary revisions where a kind of series shows none of its own: percent, of a share points ...
PRIOR_SD = {"share": 0.05}
USUAL_SD = 0.5
PRIOR_PAIRS = 4.0  # ... which counts as much as four pairs
FREEDOM = 4.0  # of the Student-t of a revision: censuses make large ones
MOST_LAG = 12  # months after a year within which its first figure comes out
COLUMNS = ["region", "indicator", "kind", "period", "basis", "first", "later", "revision"]


def revisions(evidence: Evidence) -> pd.DataFrame:
    """Return every yearly level that was published twice: first as preliminary, later as final.

    Doubtful rows, bounds and copies by others are left out. A change of basis is no revision:
    only figures on one basis are paired.

    Returns
    -------
    DataFrame with ``region, indicator, kind, period, basis, first`` and ``later`` (in the
    indicator's unit) and ``revision``: percent of the first figure, percentage points of a share.
    """
    table = evidence.observations
    table = table[(table["measure"] == "level") & (table["bound"] == "") & (table["mark"] == "")]
    figure = [table["region"], table["indicator"], table["period"]]
    twice = [
        table["status"].isin(statuses).groupby(figure).transform("any")
        for statuses in (FIRST, LATER)
    ]
    table = table[twice[0] & twice[1]]  # others take time and make no pair
    found = []
    for (region, indicator), _ in table.groupby(["region", "indicator"], sort=False):
        info = evidence.indicator(str(indicator))
        known = evidence.statements(str(region), str(indicator))
        known = known.loc[known.index.isin(table.index)].dropna(subset=["canonical"])
        known = known[known["converted_with"] == ""]  # the rate is no part of a revision
        reference = evidence.newest_basis(str(indicator))
        named = known["basis"].where(known["basis"] != "", reference)
        for (period, basis), rows in known.groupby([known["period"], named]):
            first = rows[rows["status"].isin(FIRST)]
            later = rows[rows["status"].isin(LATER)]
            if first.empty or later.empty:
                continue
            before, after = float(_ordered(first)[0]["canonical"]), _newest(later)
            share = info["kind"] == "share"
            change = after - before if share else 100 * (after / before - 1)
            found.append(
                (region, indicator, info["kind"], period, basis, before, after, float(change))
            )
    return pd.DataFrame(found, columns=COLUMNS)


def _ordered(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    def when(row: dict[Hashable, Any]) -> date:
        return last_day(str(row["published"])) or date.max

    return sorted(rows.to_dict("records"), key=when)


def _newest(rows: pd.DataFrame) -> float:
    revised = rows[rows["status"] == "revised"]
    return float(_ordered(revised if len(revised) else rows)[-1]["canonical"])


def spread(pairs: pd.DataFrame) -> pd.DataFrame:
    """Summarise revisions by kind of indicator.

    Returns
    -------
    DataFrame with ``kind, pairs, median, sd``. The standard deviation is around zero, robust to a
    slip (from the median of the absolute revisions), and shrunk to that of ordinary revisions.
    """
    rows = []
    for kind, group in pairs.groupby("kind"):
        size = 1.4826 * float(np.median(np.abs(group["revision"])))
        n = len(group)
        prior = PRIOR_SD.get(str(kind), USUAL_SD)
        sd = np.sqrt((n * size**2 + PRIOR_PAIRS * prior**2) / (n + PRIOR_PAIRS))
        rows.append((kind, n, float(group["revision"].median()), float(sd)))
    return pd.DataFrame(rows, columns=["kind", "pairs", "median", "sd"])


def revision_sd(evidence: Evidence, kind: str) -> tuple[float, int]:
    """Return the usual size of a revision of a kind of series, and how many pairs tell it."""
    table = spread(revisions(evidence)).set_index("kind")
    if kind not in table.index:
        return PRIOR_SD.get(kind, USUAL_SD), 0
    row = table.loc[[kind]].iloc[0]
    return float(row["sd"]), int(row["pairs"])


@dataclass(frozen=True)
class Release:
    """Which publication decides a target, and how sure what is out already is.

    Attributes
    ----------
    period : str
        What the deciding figure covers.
    day : date or None
        Of a yearly figure the end of the month in which it is expected, by `usual_lag`; None where
        the data do not say. Of an event or a timetable the last day of the year.
    dates : int
        Number of publication dates that tell it.
    met_by : float or None
        The last published figure, if it meets the target and is preliminary.
    met_in : int or None
        Its year.
    revised_away : float or None
        Chance that the later figure no longer meets the target, not below `floor`.
    floor : float or None
        Smallest chance that the pairs support; see `forecast.forecasting.floor`.
    sd : float or None
        Usual size of such revisions, in percent or percentage points.
    pairs : int
        Number of pairs of a preliminary and a later figure that tell it.
    """

    period: str
    day: date | None
    met_by: float | None = None
    met_in: int | None = None
    revised_away: float | None = None
    sd: float | None = None
    pairs: int = 0
    floor: float | None = None
    dates: int = 0


def usual_lag(evidence: Evidence, region: str, indicator: str) -> tuple[int, int] | None:
    """Return how many months after a year its first level is usually published.

    The lag is the median, of an even number the larger one, over the years of which the month of
    the first publication is known: of the region, or if there are fewer than two of it and its
    parents, or of all regions. A first publication known to be later than `MOST_LAG` months after
    the year is a copy.

    Returns
    -------
    months : int
        The lag; None in the place of both with fewer than two dates.
    dates : int
        Dates behind it.
    """
    table = evidence.observations
    table = table[
        (table["indicator"] == indicator)
        & (table["measure"] == "level")
        & (table["bound"] == "")
        & ~table["status"].isin(("derived", "secondary", "projection", "target"))
        & table["period"].str.fullmatch(r"\d{4}")
    ]
    of_source = evidence.sources.set_index("source")["published"]
    out = table["published"].where(table["published"] != "", table["source"].map(of_source))
    out = out.fillna("").astype(str)
    starts = [evidence.year_starts(region, indicator) for region in table["region"]]
    ends = map(year_end, table["period"].astype(int), starts)
    lag = [_months(end, day) for end, day in zip(ends, out, strict=True)]
    table = table.assign(out=out, lag=lag).dropna(subset=["lag"])
    first = table.groupby(["region", "period"])["lag"].min()
    first = first[(first > 0) & (first <= MOST_LAG)]
    where = first.index.get_level_values("region")
    for regions in ([region], evidence.chain(region), set(where)):
        lags = np.sort(first[where.isin(list(regions))].to_numpy())
        if len(lags) >= 2:
            return int(lags[len(lags) // 2]), len(lags)
    return None


def _months(end: date, published: str) -> float:
    """Return how many months after a day something came out; NaN where only a year is known."""
    if len(published) < 7:
        return float("nan")
    return 12.0 * (int(published[:4]) - end.year) + int(published[5:7]) - end.month


def away(value: float, limit: float, sd: float, kind: str) -> float:
    """Return the chance that a revision takes a figure to the other side of a limit.

    Parameters
    ----------
    value, limit : float
        The figure that is out, and the limit.
    sd : float
        Usual size of a revision, in percent or percentage points; of a Student-t.
    kind : str
        Of the indicator; shares are revised in points.
    """
    from scipy.special import stdtr

    gap = limit - value if kind == "share" else 100 * (limit / value - 1)
    return float(stdtr(FREEDOM, -abs(gap) / sd))


def release(evidence: Evidence, answer: Assessment) -> Release:
    """Return which release decides a target."""
    lag, end = None, year_end(answer.year, answer.year_starts)
    if answer.released == "at_once":
        day: date | None = end  # an event or a timetable is public at once
    else:
        row = answer.target
        lag = usual_lag(evidence, str(row["region"]), str(row["indicator"]))
        day = None if lag is None else months_later(end, lag[0])
    dates = 0 if lag is None else lag[1]
    found = Release(str(answer.year), day, dates=dates)
    history = answer.history
    if history is None or answer.kind != "level":
        return found
    rows = history.observations
    rows = rows[
        rows["used"] & (rows["measure"] == "level") & (rows["bound"] == "") & (rows["basis"] == "")
    ]
    if rows.empty:
        return found
    newest = rows[rows["year"] == rows["year"].max()]
    value = history.published(int(newest["year"].iloc[0]))
    told = newest["status"]
    preliminary = told.isin(FIRST).any() and not told.isin((*LATER, "census")).any()
    if not preliminary or not answer.criterion.met(np.array([value]))[0]:
        return found
    sd, pairs = revision_sd(evidence, history.kind)
    floor = least(pairs)
    ends = answer.criterion.ends  # of a range it may leave either
    chance = within(sum(away(value, limit, sd, history.kind) for limit in ends), floor)
    return Release(
        str(answer.year), day, value, int(newest["year"].iloc[0]), chance, sd, pairs, floor,
        dates,
    )  # fmt: skip

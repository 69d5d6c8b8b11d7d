"""How much published figures are revised later, and whether that may undo a target met."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.calendar import last_day
from forecast.evidence.evidence import Evidence
from forecast.forecasting.floor import least
from forecast.targets.assessment import Assessment

FIRST, LATER = ("preliminary",), ("final", "revised")
# Ordinary revisions where a kind of series shows none of its own: percent, of a share points ...
PRIOR_SD = {"share": 0.05}
USUAL_SD = 0.5
PRIOR_PAIRS = 4.0  # ... which counts as much as four pairs
FREEDOM = 4.0  # of the Student-t of a revision: censuses make large ones
COLUMNS = ["region", "indicator", "kind", "period", "basis", "first", "later", "revision"]


@lru_cache(maxsize=4)
def revisions(evidence: Evidence) -> pd.DataFrame:
    """Return every yearly level that was published twice: first as preliminary, later as final.

    Doubtful rows, bounds and copies by others are left out. A change of basis is no revision: only
    figures on one basis are paired. Columns ``region, indicator, kind, period, basis, first`` and
    ``later`` (in the indicator's unit) and ``revision``: percent of the first figure, percentage
    points of a share. Nobody may change the table, which is found once.
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

    Columns ``kind, pairs, median, largest, sd``. The standard deviation is around zero, robust to a
    slip (from the median of the absolute revisions), and shrunk to that of ordinary revisions;
    ``largest`` is the largest absolute one.
    """
    rows = []
    for kind, group in pairs.groupby("kind"):
        sizes = np.abs(group["revision"])
        size = 1.4826 * float(np.median(sizes))
        n = len(group)
        prior = PRIOR_SD.get(str(kind), USUAL_SD)
        sd = np.sqrt((n * size**2 + PRIOR_PAIRS * prior**2) / (n + PRIOR_PAIRS))
        told = float(group["revision"].median()), float(sizes.max()), float(sd)
        rows.append((kind, n, *told))
    return pd.DataFrame(rows, columns=["kind", "pairs", "median", "largest", "sd"])


def revision_sd(evidence: Evidence, kind: str) -> tuple[float, float, int]:
    """Return the usual and the largest size of a revision of a kind of series, and its pairs."""
    table = spread(revisions(evidence)).set_index("kind")
    if kind not in table.index:
        return PRIOR_SD.get(kind, USUAL_SD), 0.0, 0
    row = table.loc[[kind]].iloc[0]
    return float(row["sd"]), float(row["largest"]), int(row["pairs"])


@dataclass(frozen=True)
class Preliminary:
    """The last published figure, where it meets a target and is preliminary."""

    value: float
    year: int
    #: Chance that the later figure no longer meets the target; None where it is below the smallest
    #: that the pairs support (see `forecast.forecasting.floor`): `gap` and `largest` tell more.
    revised_away: float | None
    gap: float  # by how much it would have to be revised, in percent or percentage points
    #: Usual and largest size of such revisions, alike.
    sd: float
    largest: float
    pairs: int  # number of pairs of a preliminary and a later figure that tell it


def gap_to(value: float, limit: float, kind: str) -> float:
    """Return how far a figure is from a limit: percent of the figure, of a share in points."""
    return abs(limit - value if kind == "share" else 100 * (limit / value - 1))


def away(value: float, limit: float, sd: float, kind: str) -> float:
    """Return the chance that a revision takes a figure to the other side of a limit.

    `sd` is the usual size of a revision of such a kind of indicator, of a Student-t.
    """
    from scipy.special import stdtr

    return float(stdtr(FREEDOM, -gap_to(value, limit, kind) / sd))


def preliminary(evidence: Evidence, answer: Assessment) -> Preliminary | None:
    """Return the preliminary figure by which a target is met; None where there is none."""
    history = answer.history
    if history is None or answer.kind != "level":
        return None
    rows = history.observations
    rows = rows[
        rows["used"] & (rows["measure"] == "level") & (rows["bound"] == "") & (rows["basis"] == "")
    ]
    if rows.empty:
        return None
    newest = rows[rows["year"] == rows["year"].max()]
    year = int(newest["year"].iloc[0])
    value, told = history.published(year), newest["status"]
    final = told.isin((*LATER, "census")).any() or not told.isin(FIRST).any()
    if final or not answer.criterion.met(np.array([value]))[0]:
        return None
    sd, largest, pairs = revision_sd(evidence, history.kind)
    ends = answer.criterion.ends  # of a range it may leave either
    chance = sum(away(value, limit, sd, history.kind) for limit in ends)
    gap = min(gap_to(value, limit, history.kind) for limit in ends)
    supported = chance if chance > least(pairs) else None
    return Preliminary(value, year, supported, gap, sd, largest, pairs)

"""A yearly level that is not published: its published parts bound it from below.

The parts are the summands of the indicator (`sum_of`) and the indicators that are part of it
(`part_of`), in its region; what is not published there is looked for in the regions below. Parts of
which nothing is published count as nothing, so that the sum of the others is a lower bound of the
whole, and the chance that this sum meets the target is a lower bound of the target's chance. Both
hold as far as the parts do not overlap. However much they overlap, the whole is at least as large
as the largest of them: that bound needs no such assumption, and is the one that leads.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import PUBLISHED_LEVELS
from forecast.evidence.registries import Accounts
from forecast.evidence.scales import FloatArray
from forecast.facts import Name, fact
from forecast.targets.assessment import PARTS, QUANTILES, PartsBound
from forecast.targets.evidence_dates import newest
from forecast.targets.question import Answer, Question, within_floor

ADDITIVE = ("flow", "stock")  # kinds of indicator of which the parts of a whole add up

Series = tuple[str, str]  # region, indicator


def bounded(q: Question, answer: Answer) -> Answer:
    """Return an answer on a yearly level, without a probability, with what the parts of it say.

    With `bound`, ``partly_known``, where a part has a forecast; else as it was.
    """
    series = pieces(q.evidence, q.region, q.indicator)
    if not q.criterion.upward or not series:
        return answer
    rows, known, histories, draws = [], [answer.known], [], []
    for region, indicator in series:
        part = q.on(region, indicator)
        name = q.evidence.series_name(region, indicator)
        statements = part.statements(region)
        known.append(statements.assign(place=statements["region"].map({region: name})))
        row = part_of(name, latest(q.evidence, region, indicator))
        history, path = part.drawn(region)
        if history is None or path is None:
            rows.append(row)
            continue
        histories.append(history)
        draws.append(path)
        met = q.criterion.met(path[:, -1])
        row |= {"state": "forecast", "chance": float(met.mean())}
        if int(history.years[-1]) > int(str(row["when"] or 0)[:4]):  # a part of the year is newer
            when = fact("part-when-estimated", year=history.last_year)
            row |= {"when": when, "bound": "", "basis": ""}
            row["value"] = float(f"{float(history.values()[-1]):.4g}")
        rows.append(row)
    if not histories:
        return answer
    _, floor = q.judged(histories)
    used = [s for s, row in zip(series, rows, strict=True) if row["state"] == "forecast"]
    last_year = min(int(h.years[-1]) for h in histories)
    bound = _bound(q, tuple(used), q.joint(histories, draws), min(last_year, q.year), floor)
    statements = pd.concat([k for k in known if len(k)], ignore_index=True)
    found = {"parts": pd.DataFrame(rows, columns=list(PARTS)), "floor": floor}
    return dataclasses.replace(
        answer, status="partly_known", bound=bound, known=statements,
        newest_own=newest(q.evidence, statements), **within_floor(found, floor),
    )  # fmt: skip


def _bound(
    q: Question, series: tuple[Series, ...], draws: list[FloatArray], last: int, floor: float
) -> PartsBound:
    """Add the parts up, draw by draw."""
    n = min(len(d) for d in draws)
    span = min(d.shape[1] for d in draws)  # all end with the target year
    joint = np.stack([d[:n, -span:] for d in draws])
    total, largest = joint.sum(axis=0), joint.max(axis=0)
    index = pd.RangeIndex(q.year - span + 1, q.year + 1, name="year")
    years, alone_years = (
        pd.DataFrame(np.quantile(d, QUANTILES, axis=0).T, index, list(QUANTILES))
        for d in (total, largest)
    )
    at_least, alone = (
        _shown(float(q.criterion.met(d[:, -1]).mean()), floor) for d in (total, largest)
    )
    return PartsBound(series, years, alone_years, last, at_least, alone, floor)


def _shown(share: float, floor: float) -> float | None:
    return min(share, 1 - floor) if share > floor else None


def pieces(evidence: Evidence, region: str, indicator: str) -> list[Series]:
    """Return the parts of a whole that something is published on, none inside another.

    Region and indicator: of the whole's region where they are published there, else of the regions
    below it. Empty for what does not add up, such as shares and ranks.
    """
    children = evidence.regions.groupby("parent")["region"].agg(list).to_dict()
    accounts, starts = Accounts.of(evidence.indicators), evidence.year_starts(region, indicator)
    indicators = [*accounts.sums.get(indicator, ())]
    indicators += [part for part, whole in accounts.part_of.items() if whole == indicator]

    def published(where: str, what: str) -> list[Series]:
        if evidence.indicator(what)["kind"] not in ADDITIVE:
            return []
        if evidence.year_starts(where, what) != starts:  # other months than those of the whole
            return []
        if any(
            row["measure"] in PUBLISHED_LEVELS for row in evidence.records.get((where, what), [])
        ):
            return [(where, what)]
        below = children.get(where, [])
        return [piece for child in below for piece in published(str(child), what)]

    below = children.get(region, [])
    own = [piece for child in below for piece in published(str(child), indicator)]
    if own:  # the parts of those regions are inside them
        return own
    return [piece for part in dict.fromkeys(indicators) for piece in published(region, part)]


def part_of(name: Name, last: pd.Series | None) -> dict[str, Any]:
    """Return a row of `PARTS` with the latest published level, as yet without a forecast."""
    row = {"part": name, "when": "", "bound": "", "value": np.nan, "chance": np.nan}
    row |= {"state": "unknown", "basis": ""}
    if last is not None:
        row |= {"when": str(last["period"]), "bound": str(last["bound"])}
        row |= {"value": float(last["canonical"]), "basis": str(last["observation"])}
    return row


def latest(evidence: Evidence, region: str, indicator: str) -> pd.Series | None:
    """Return the latest level that counts: unmarked, on today's basis; exact before a bound."""
    rows = evidence.statements(region, indicator)
    rows = rows[(rows["measure"] == "level") & (rows["mark"] == "")]
    rows = rows[rows["basis"].isin(["", evidence.newest_basis(indicator)])]
    if rows.empty:
        return None
    newest = rows[rows["year"] == rows["year"].max()]
    exact = newest[newest["bound"] == ""]
    last: pd.Series = (exact if len(exact) else newest).iloc[-1]
    return last

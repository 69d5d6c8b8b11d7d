"""The same indicator in the regions above, beside and below that of a target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.derived_years import figured
from forecast.reconciliation.history import History
from forecast.targets.assessment import Assessment, growth

WINDOW = 10  # years of the paths that are shown side by side
LEAST = 5  # regions of which a place says something
SPAN = 5  # years over which growth is compared, or as many of them as are known
RELATIONS = ("own", "above", "beside", "below")
COLUMNS = ["region", "relation", "first", "last", "value", "growth"]


def peers(evidence: Evidence, histories: Mapping[str, History], answer: Assessment) -> pd.DataFrame:
    """Return the latest known figure of each region, and growth a year up to it.

    Only years known from published figures count: a peer that is estimated from its parent says
    nothing about it. Columns `COLUMNS`, the target's own region first, then in the order of growth
    where that is over the same years (`same_years`), else as they are related to it;
    ``relation`` is ``own``, ``above``, ``beside`` or ``below``; ``growth`` as of
    `forecast.targets.assessment.growth` from the year ``first``, NaN where one year alone is known.
    Empty without a peer.
    """
    own, indicator = str(answer.target["region"]), str(answer.target["indicator"])
    parents, above = evidence.parents, evidence.chain(own)[1:]
    rows = []
    for history in histories.values():
        region = history.region
        relation = {
            region == own: "own",
            region in above: "above",
            parents.get(region) == own: "below",
            bool(parents[own]) and region != own and parents.get(region) == parents[own]: "beside",
        }.get(True)
        if relation and history.indicator == indicator and len(figured(history)):
            rows.append((region, relation, *_grown(history)))
    found = pd.DataFrame(rows, columns=COLUMNS)
    found = found.assign(other=found["relation"] != "own")
    if answer.kind != "level" or not found["other"].any() or found["other"].all():
        return found.head(0)[COLUMNS]
    if same_years(found):
        order = found.sort_values(["other", "growth"], ascending=[True, False], kind="stable")
    else:  # an order of growth over different years would be read as a ranking
        order = found.sort_values(
            "relation", key=lambda names: names.map(RELATIONS.index), kind="stable"
        )
    return order[COLUMNS].reset_index(drop=True)


def same_years(found: pd.DataFrame) -> bool:
    """Return whether the growth of all regions of `peers` that has any is over the same years."""
    return len(found.dropna(subset="growth")[["first", "last"]].drop_duplicates()) < 2


def rank(found: pd.DataFrame) -> tuple[int, int] | None:
    """Return the place of the own region of `peers` by growth among those of the same parent.

    Place, and of how many; among growth over the same years alone, and of `LEAST` regions.
    """
    near = found[found["relation"].isin(["own", "beside"])].dropna(subset="growth")
    own = near[near["relation"] == "own"]
    if own.empty:
        return None
    near = near[(near[["first", "last"]] == own[["first", "last"]].iloc[0]).all(axis=1)]
    place = int((near["growth"] > own["growth"].iloc[0]).sum()) + 1
    return (place, len(near)) if len(near) >= LEAST else None


def place(
    histories: Mapping[str, History], answer: Assessment, found: pd.DataFrame
) -> tuple[int, int, int] | None:
    """Return the place of the own region of `peers` by its figure among those of the same parent.

    Year, place from the largest figure down, and of how many; of the last year that the own region
    and as many others know as make `LEAST`.
    """
    near = found.loc[found["relation"].isin(["own", "beside"]), "region"]
    known = _known(histories, answer, near)
    own = known.pop(str(answer.target["region"]), pd.Series(dtype=float))
    for year in reversed(own.index):
        others = [line[year] for line in known.values() if year in line.index]
        if len(others) + 1 >= LEAST:
            larger = sum(bool(value > own[year]) for value in others)
            return int(year), larger + 1, len(others) + 1
    return None


def _known(
    histories: Mapping[str, History], answer: Assessment, regions: Iterable[str]
) -> dict[str, pd.Series]:
    """Return the published figures of regions by year."""
    lines = {}
    for region in regions:
        history = histories[f"{region}/{answer.target['indicator']}"]
        lines[region] = pd.Series(history.figures(), history.years)[figured(history)]
    return lines


def paths(
    histories: Mapping[str, History], answer: Assessment, found: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the known figures of each region of `peers` beside those of the target's own.

    By region, a row for each of the last `WINDOW` years up to the own region's last that both know
    (index ``year``), columns ``region`` and ``own``; on a log scale as an index, the first of these
    years = 100. Without regions that share no such year, and of an index those that share fewer
    than two or begin it at zero.
    """
    if found.empty:
        return {}
    lines = _known(histories, answer, found["region"])
    own = lines[found["region"].iloc[0]]
    own, log = own[own.index >= own.index[-1] - WINDOW], answer.rate(0.0).scale == "log"
    both = {
        region: pd.DataFrame({"region": line, "own": own}).dropna().rename_axis("year")
        for region, line in lines.items()
    }
    return {
        region: 100 * table / table.iloc[0] if log else table
        for region, table in both.items()
        if len(table) > log and not (log and table.iloc[0].eq(0).any())
    }


def _grown(history: History) -> tuple[int, int, float, float]:
    """Return the years between which growth is known, the last figure, and growth a year."""
    years = figured(history)
    figures = history.figures()[np.isin(history.years, years)]
    last = int(years[-1])
    first = int(years[years >= last - SPAN][0])
    if first == last:
        return first, last, float(figures[-1]), np.nan
    start = float(figures[years == first][0])
    pace = growth(history.scale.name, start, float(figures[-1]), last - first)
    return first, last, float(figures[-1]), pace

"""How the years of a path are known that no published figure stands for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from forecast.cache import lasting
from forecast.reconciliation.history import History, shown_origins

LOW_QUALITY = "low_quality"  # mark of figures that are evidence on a year, but not its figure
CHANGES = ("growth", "change")  # measures


@lasting
def known_from(history: History) -> list[str]:
    """Return how each year without a published figure is known.

    Returns
    -------
    list of str
        One a year: ``nowcast``, ``imputed``, ``interpolated``, or, of a derived year,
        ``calculated`` (from other published figures), ``growth``, ``older-basis`` or
        ``growth-and-older-basis``; empty where the year was published, is in doubt or is known
        from a weak source only.
    """
    origins = shown_origins(history)
    ways = _ways(history) if "derived" in origins else {}
    told = {"nowcast", "imputed", "interpolated"}
    return [
        ways.get(int(year), "") if origin == "derived" else origin if origin in told else ""
        for year, origin in zip(history.years, origins, strict=True)
    ]


def _ways(history: History) -> dict[int, str]:
    """Return how the statements that a path rests on tell of the years that they touch."""
    rows = fitting(history)
    good = (rows["measure"] == "level") & (rows["mark"] != LOW_QUALITY)
    today = rows["basis"] == ""
    derived = _touched(rows[good & today & (rows["status"] == "derived")]["touches"])
    growth = _touched(rows[rows["measure"].isin(CHANGES)]["touches"])
    older = _touched(rows[good & ~today]["touches"])
    ways = {
        year: "-and-".join(
            name for name, years in (("growth", growth), ("older-basis", older)) if year in years
        )
        for year in growth | older
    }
    return ways | dict.fromkeys(derived, "calculated")


def _touched(several: Iterable[Iterable[int]]) -> set[int]:
    return {int(year) for years in several for year in years}


def fitting(history: History) -> pd.DataFrame:
    """Return the statements that a path rests on: no bounds, and none that does not fit."""
    rows = history.observations
    if rows.empty:
        return rows
    return rows[rows["used"].astype(bool) & ~rows["outlier"].astype(bool) & (rows["bound"] == "")]


@lasting
def calculated(history: History) -> list[int]:
    """Return the years that follow from published figures of others by arithmetic alone.

    So do a sum or a ratio of published figures, and the level a published change at current prices
    before or after a published one; growth at constant prices and older bases need estimates.
    """
    known = dict(zip(map(int, history.years), known_from(history), strict=True))
    found = {year for year, how in known.items() if how == "calculated"}
    by_growth = {year for year, how in known.items() if how == "growth"}
    if by_growth:
        rows = fitting(history)
        changes = rows[rows["measure"].isin(CHANGES) & (rows["prices"] != "real")]
        pairs = zip(history.years, history.origin, strict=True)
        published = {int(year) for year, origin in pairs if origin == "published"}
        for touched in changes["touches"]:
            years = _touched([touched])
            found |= {year for year in years & by_growth if (years - {year}) & published}
    return sorted(found)


def figured(history: History) -> np.ndarray:
    """Return the years that figures tell which can be trusted: not those of a weak source alone."""
    told = [
        origin == "published" or bool(how)  # a year in doubt is not among the published ones
        for origin, how in zip(history.origin, known_from(history), strict=True)
    ]
    return np.asarray(history.years[history.known & np.array(told, bool)], int)

"""How the years of a path are known that no published figure stands for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.reconciliation.history import History, shown_origins

LOW_QUALITY = "low_quality"  # mark of figures that are evidence on a year, but not its figure


def known_from(history: History, year: int, origin: str) -> str:
    """Return how a year without a published figure is known.

    Parameters
    ----------
    history : History
    year : int
    origin : str
        Of the year, as `forecast.reconciliation.history.shown_origins` returns it.

    Returns
    -------
    str
        ``nowcast``, ``imputed``, ``interpolated``, or, of a derived year, ``calculated`` (from
        other published figures), ``growth``, ``older-basis`` or ``growth-and-older-basis``; empty
        where the year was published, is in doubt or is known from a weak source only.
    """
    if origin in ("nowcast", "imputed", "interpolated"):
        return origin
    if origin != "derived":
        return ""
    rows = fitting(history)
    rows = rows[[year in touched for touched in rows["touches"]]]
    levels = rows[(rows["measure"] == "level") & (rows["mark"] != LOW_QUALITY)]
    if ((levels["basis"] == "") & (levels["status"] == "derived")).any():
        return "calculated"
    sources = [
        *(["growth"] if rows["measure"].isin(["growth", "change"]).any() else []),
        *(["older-basis"] if (levels["basis"] != "").any() else []),
    ]
    return "-and-".join(sources)


def fitting(history: History) -> pd.DataFrame:
    """Return the statements that a path rests on: no bounds, and none that does not fit."""
    rows = history.observations
    if rows.empty:
        return rows
    return rows[rows["used"].astype(bool) & ~rows["outlier"].astype(bool) & (rows["bound"] == "")]


def calculated(history: History, year: int) -> bool:
    """Whether a year without a published figure follows from published ones by arithmetic alone.

    So do a sum or a ratio of published figures, and the level a published change at current prices
    before or after a published one; growth at constant prices and older bases need estimates.
    """
    how = known_from(history, year, shown_origins(history)[year - int(history.years[0])])
    if how != "growth":
        return how == "calculated"
    rows = fitting(history)
    rows = rows[[year in touched for touched in rows["touches"]]]
    changes = rows[rows["measure"].isin(["growth", "change"]) & (rows["prices"] != "real")]
    ends = {int(other) for touched in changes["touches"] for other in touched} - {year}
    known = zip(history.years, history.origin, strict=True)
    return any(int(y) in ends and origin == "published" for y, origin in known)


def figured(history: History) -> np.ndarray:
    """Return the years that figures tell which can be trusted: not those of a weak source alone."""
    origins = zip(history.years, shown_origins(history), history.known, strict=True)
    return np.array(
        [int(y) for y, origin, known in origins
         if known and (origin == "published" or known_from(history, int(y), origin))],
        dtype=int,
    )  # fmt: skip

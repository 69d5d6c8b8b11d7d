"""Published figures that the other evidence contradicts: the path leaves them, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from forecast.reconciliation.history import History

DOUBTED = "doubted"  # origin, as shown, of a year whose published figure the path leaves


def doubted(history: History) -> dict[int, pd.Series]:
    """Return the published levels that the path leaves, where no other figure stands for the year.

    Parameters
    ----------
    history : History

    Returns
    -------
    dict of Series
        By year, the row of `History.statements`: of several, the one nearest to the path.
    """
    rows = history.statements
    if rows.empty:
        return {}
    flagged = (
        rows["used"].astype(bool)
        & rows["outlier"].astype(bool)
        & (rows["measure"] == "level")
        & (rows["bound"] == "")
        & (rows["status"] != "derived")
    )
    standing = {
        int(year)
        for year, origin in zip(history.years, history.origin, strict=True)
        if origin == "published"
    }
    found: dict[int, pd.Series] = {}
    some = rows[flagged]
    off = np.abs(np.log(np.abs(some["value"].to_numpy() / some["fitted"].to_numpy())))
    for place in np.argsort(off, kind="stable"):
        row = some.iloc[int(place)]
        year = int(row["year"])
        if year not in standing and year in history.years:
            found.setdefault(year, row)
    return found


def origins(history: History) -> list[str]:
    """Return where each year of the path is known from, as shown: `DOUBTED` before all else."""
    years = doubted(history)
    return [
        DOUBTED if int(year) in years else origin
        for year, origin in zip(history.years, history.origin, strict=True)
    ]

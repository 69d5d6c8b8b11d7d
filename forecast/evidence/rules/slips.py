"""Values that may be a slip by a power of ten: reported, never changed."""

from __future__ import annotations

import numpy as np
import pandas as pd

NEAR = 0.1  # decimal logs by which a slip may miss the power of ten ...
CALM = 0.15  # ... and by which the rest of the series may move a year, at most
SHOWN = 10  # slips that are reported one by one


def slips(panel: pd.DataFrame, row: np.ndarray, file: str) -> list[str]:
    """Name values that are ten, a hundred or so many times what their neighbours are.

    The panel is sorted by series and year, and `row` has the rows of the file. There is a sentence
    for each of the first `SHOWN`, and one for the rest.
    """
    ids, value = panel["series_id"].to_numpy(), panel["value"].to_numpy(float)
    positive = pd.Series(value > 0).groupby(ids).transform("all").to_numpy(bool)
    y = np.log10(np.where(value > 0, value, 1.0))
    before = np.r_[False, ids[1:] == ids[:-1]]
    after = np.r_[before[1:], False]
    step = np.where(before, y - np.r_[0.0, y[:-1]], np.nan)
    following = np.r_[step[1:], np.nan]
    # Inside a series a slip is a jump and its reverse; at an end there is only the jump.
    jump = np.where(before, step, -following)
    power = np.round(jump)
    back = np.where(before & after, np.abs(step + following) < 2 * CALM, True)
    moved = pd.Series(np.abs(step))
    size = moved.groupby(ids)
    usual = size.transform("median").to_numpy(float)
    moves = size.transform("count").to_numpy(int)
    large = (moved > CALM).groupby(ids).transform("sum").to_numpy(int)
    inside = before & after
    slip = positive & (power != 0) & (np.abs(jump - power) < NEAR) & back
    slip &= (usual < CALM) & (moves >= 3)
    # Beside a slip inside the series the end is as far off, the other way.
    beside = np.r_[False, (slip & inside)[:-1]] | np.r_[(slip & inside)[1:], False]
    slip &= inside | ~beside
    # A series that moves as much without them is not reported.
    caused = pd.Series(np.where(slip, 1 + inside, 0)).groupby(ids).transform("sum").to_numpy(int)
    slip &= large <= caused
    found = np.flatnonzero(slip)
    notices = []
    for i in found[:SHOWN]:
        near = [j for j, there in ((i - 1, before[i]), (i + 1, after[i])) if there]
        others = " and ".join(f"{value[j]:g} in {panel['year'].iloc[j]}" for j in near)
        size_of = f"{10.0 ** abs(power[i]):,.0f}"
        times = f"{size_of} times" if power[i] > 0 else f"1/{size_of} of"
        notices.append(
            f"{file} row {row[i]}: {ids[i]} is {value[i]:g} in {panel['year'].iloc[i]}, about"
            f" {times} its neighbour{'s' if len(near) > 1 else ''} ({others}); check the decimal"
            " point. It was used as it is."
        )
    if len(found) > SHOWN:
        notices.append(f"{file}: {len(found) - SHOWN} more values that may be such a slip")
    return notices

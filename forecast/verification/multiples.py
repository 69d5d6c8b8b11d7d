"""Growth in multiples of the pace before: events by which forecasts of any series are scored.

The pace is the yearly change over the five years before. Multiples are counted in its size, or in
the standard deviation of yearly changes where that is larger: 0 is a standstill of a series that
grew steadily, 1 the pace kept, and near a pace of zero the multiple stays defined. Everything is on
the scale of the models.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.verification import scores

PACE_YEARS = 5  # of the growth before an origin that multiples refer to
STEP_YEARS = 20  # of the yearly changes whose spread is the usual step
ROWS = 5_000  # past forecasts whose probabilities are computed together
RATIOS = (0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)  # of growth to the pace before


def pace_at(path: FloatArray, origin: int) -> tuple[float, float, float]:
    """Return where a path stood at an origin, its pace until then, and its usual step.

    Parameters
    ----------
    path : ndarray, shape (n_years,)
        On the scale of the models.
    origin : int
        Place of the origin, `PACE_YEARS` or more.

    Returns
    -------
    start : float
        Value at the origin.
    pace : float
        Yearly change over the `PACE_YEARS` before.
    step : float
        Standard deviation of the yearly changes of the last `STEP_YEARS`.

    Examples
    --------
    >>> pace_at(np.array([0.0, 1, 2, 3, 4, 5, 9]), 5)
    (5.0, 1.0, 0.0)
    """
    changes = np.diff(path[max(origin - STEP_YEARS, 0) : origin + 1])
    pace = (path[origin] - path[origin - PACE_YEARS]) / PACE_YEARS
    return float(path[origin]), float(pace), float(np.std(changes, ddof=1))


def ratio(growth: FloatArray, pace: FloatArray, step: FloatArray) -> FloatArray:
    """Return growth a year relative to the pace before.

    Parameters
    ----------
    growth, pace, step : ndarray, any one shape
        A year, on the scale of the models.

    Examples
    --------
    >>> growth, pace, step = np.array([0.5, 0.25]), np.array([0.25, 0.0]), np.array([0.1, 0.25])
    >>> ratio(growth, pace, step).tolist()
    [2.0, 2.0]
    """
    return 1 + (growth - pace) / unit(pace, step)


def unit(pace: FloatArray, step: FloatArray) -> FloatArray:
    """Return the unit of multiples: the size of the pace, or the usual step if larger.

    Parameters
    ----------
    pace, step : ndarray, any one shape
        A year, on the scale of the models.
    """
    return np.maximum(np.maximum(np.abs(pace), step), 1e-9)


def attained(
    record: pd.DataFrame, multiple: float, levels: FloatArray
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Return the probability each past forecast gives to a multiple, and whether it was reached.

    Parameters
    ----------
    record : DataFrame
        See `forecast.verification.track_record`.
    multiple : float
        Growth is to be at least so many times the pace.
    levels : ndarray, shape (n_levels,)
        Of the quantiles of the record.

    Returns
    -------
    given : ndarray, shape (n_rows,)
    came : ndarray of bool, shape (n_rows,)
    """
    start, pace, step, actual = (
        record[name].to_numpy(float) for name in ("start", "pace", "step", "actual")
    )
    growth = pace + (multiple - 1) * unit(pace, step)
    level = start + record["horizon"].to_numpy(float) * growth
    given = [  # of some rows at a time: together they take a thousand times the memory of a column
        1 - scores.pit(level[i : i + ROWS], scores.quantiles_of(record[i : i + ROWS]), levels)
        for i in range(0, len(record), ROWS)
    ]
    return np.concatenate([np.empty(0), *given]), actual >= level

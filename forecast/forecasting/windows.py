"""Which years of a history a model is shown."""

from __future__ import annotations

import numpy as np

from forecast.evidence.problems import UserError

WINDOW = 20  # years a family sees at most: what is older tells little of today's growth
MIN_INFORMED = 5  # years with something published, below which no family is asked
DENSE = 0.6  # share of the window's years with evidence that is wanted ...
SPARSE = 0.25  # ... and the share that will do where a dense window would be too short


class EnsembleError(UserError):
    """The history is too thin for a forecast; the message says what is missing.

    Attributes
    ----------
    years : int
        Length of a path that every family of models needs more of; 0 where evidence is missing.
    """

    status = 1
    years = 0


def window(informed: np.ndarray) -> slice:
    """Choose the years the families see: recent, starting on one with evidence, not mostly gaps.

    Parameters
    ----------
    informed : ndarray of bool, shape (n_years,)
        Years about which something was published.

    Raises
    ------
    EnsembleError
        When fewer than `MIN_INFORMED` years have evidence, or they lie too far apart.

    Examples
    --------
    >>> window(np.array([True] * 30))
    slice(10, 30, None)
    >>> window(np.array([True] + [False] * 9 + [True] * 4))
    slice(0, 14, None)
    """
    n = len(informed)
    starts = [
        s
        for s in range(max(0, n - WINDOW), n)
        if informed[s] and informed[s:].sum() >= MIN_INFORMED
    ]
    for share in (DENSE, SPARSE):
        fit = [s for s in starts if informed[s:].mean() >= share]
        if fit:
            return slice(fit[0], n)
    raise EnsembleError(
        f"Too little is known to forecast from: it takes {MIN_INFORMED} years with evidence, not "
        "too far apart."
    )

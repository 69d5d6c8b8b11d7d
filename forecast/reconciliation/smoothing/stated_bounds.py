"""Bounds among figures: "above 7,300" is read as a limit of a linear function of the unknowns.

By usage the stated number is the last round one that was passed, so the excess over it is
exponential with a mean of one step of that rounding, about. Not every number was: where all other
evidence lies far beyond it, it is a limit and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from forecast.evidence.scales import FloatArray, Transform
from forecast.reconciliation.observations import Observation, rounding
from forecast.reconciliation.smoothing.observation_equations import Layout, design_row, on_scale
from forecast.reconciliation.smoothing.truncation import Bounds

# Mean excess over a stated bound, in steps of its rounding (100 for "over 7,300"). Of the nine
# bounds in the data that stand beside an exact figure it is 0.7.
EXCESS = 0.75
PASSED = 0.9  # share of bounds that were just passed; all of those nine were
# What lies beyond the other bounds is spread over: of a level a factor of e, or as much again on a
# linear scale; of growth a tenth of that.
REACH, REACH_OF_GROWTH = 1.0, 0.1
IMPOSSIBLE = 1e-3  # probability of a bound under all other evidence, below which it is not used
SIGN = {"lower": 1.0, "upper": -1.0}


@dataclass(eq=False)
class _Limits:
    """The closest stated limits of one function `h` of the unknowns, and their usual excesses."""

    h: FloatArray
    limit: dict[str, float] = field(default_factory=dict)
    excess: dict[str, float] = field(default_factory=dict)

    def tighten(self, side: str, limit: float, excess: float) -> None:
        if side not in self.limit or SIGN[side] * limit > SIGN[side] * self.limit[side]:
            self.limit[side], self.excess[side] = limit, excess


def bounded(
    observations: Sequence[Observation],
    layout: Layout,
    scale: Transform,
    mean: FloatArray,
    cov: FloatArray,
) -> Bounds | None:
    """Take in the bounds among some observations; None if the other evidence allows none.

    The posterior of all unknowns without the bounds has the mean and covariance given, shapes
    (size,) and (size, size).
    """
    from scipy.special import ndtr

    functions: dict[bytes, _Limits] = {}
    for o in observations:
        if not o.bound:
            continue
        h = design_row(o, layout)
        level = float(scale.inverse(mean[[layout.x(o.year)]])[0])
        limit = on_scale(o, scale, level)
        beyond, sd = SIGN[o.bound] * float(h @ mean - limit), float(np.sqrt(h @ cov @ h))
        if ndtr(beyond / sd) < IMPOSSIBLE:
            continue
        excess, reach = excess_of(o, scale, level), REACH if o.is_level else REACH_OF_GROWTH
        reach *= max(abs(limit), 1.0) if scale.name == "linear" else 1.0
        limits = functions.setdefault(h.tobytes(), _Limits(h))
        usual = just_passed(beyond, sd, excess, reach)
        limits.tighten(o.bound, limit, excess if usual else np.inf)
    found: Bounds | None = None
    kept: list[_Limits] = []
    for function in functions.values():
        trial = [*kept, function]
        h = np.array([f.h for f in trial])
        low = np.array([f.limit.get("lower", -np.inf) for f in trial])
        high = np.array([f.limit.get("upper", np.inf) for f in trial])
        possible = (low < high).all()
        if not possible or Bounds.of(mean, cov, h, low, high).probability() < IMPOSSIBLE:
            continue
        kept = trial
        pull = [-sum(SIGN[side] / excess for side, excess in f.excess.items()) for f in trial]
        found = Bounds.of(mean, cov, h, low, high, np.array(pull))
    return found


def just_passed(beyond: float, sd: float, excess: float, reach: float) -> bool:
    """Whether a number is likelier the last one that was passed than a mere limit.

    Parameters
    ----------
    beyond, sd : float
        How far beyond it the truth lies by all other evidence, and the standard deviation.
    excess, reach : float
        Mean of the truth's excess over a number that was just passed, exponential; range of that
        over a mere limit, uniform.
    """
    from scipy.special import log_ndtr

    passed = np.log(PASSED / excess) - beyond / excess + (sd / excess) ** 2 / 2
    passed += log_ndtr(beyond / sd - sd / excess)
    return bool(passed > np.log((1 - PASSED) / reach) + log_ndtr(beyond / sd))


def excess_of(o: Observation, scale: Transform, level: float) -> float:
    """Return the usual excess of the truth over a stated bound, on the scale."""
    ratio = o.canonical / o.value if o.value else 1.0
    half = rounding(o.value)
    if not o.is_level:  # 20 % is no rounder than 21 %
        half = half if o.value % 1 else 0.5
    step = 2 * EXCESS * half * abs(ratio)
    low, high = (
        on_scale(replace(o, canonical=o.canonical + sign * step / 2), scale, level)
        for sign in (-1.0, 1.0)
    )
    return max(abs(high - low), 1e-9)

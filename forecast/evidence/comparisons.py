"""What counts as meeting a target: the comparisons that plans and panels write, and their sense."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from forecast.evidence.scales import FloatArray

UPWARD = ("at_least", "exceed", "about", ">=", ">")
DOWNWARD = ("at_most", "below", "rank_within", "<=", "<")
RANGE = "between"
STRICT = ("exceed", "below")


def upward(comparison: str) -> bool:
    """Whether a larger figure meets the target rather than a smaller one.

    Examples
    --------
    >>> upward("at_least"), upward("rank_within")
    (True, False)
    """
    if comparison not in (*UPWARD, *DOWNWARD):
        raise ValueError(f"unknown comparison {comparison!r}")
    return comparison in UPWARD


@dataclass(frozen=True)
class Criterion:
    """What counts as meeting a target.

    Examples
    --------
    >>> Criterion("below", 5.0).met(np.array([4.9, 5.0])).tolist()
    [True, False]
    >>> Criterion("between", 2.0, 4.0).met(np.array([1.9, 2.0, 4.0, 4.1])).tolist()
    [False, True, True, False]
    """

    comparison: str  # as in ``targets.csv``
    limit: float  # value from which, or up to which, a figure meets it; of a range the lower end
    upper: float = inf  # upper end of a range, which belongs to it; infinite without one

    def met(self, values: FloatArray) -> np.ndarray:
        """Whether each value meets the target."""
        strict = self.comparison in STRICT
        if self.comparison == RANGE:
            return (values >= self.limit) & (values <= self.upper)
        if self.upward:
            return values > self.limit if strict else values >= self.limit
        return values < self.limit if strict else values <= self.limit

    @property
    def upward(self) -> bool:
        """Whether what is larger than a figure that meets it meets it as well."""
        return self.comparison != RANGE and upward(self.comparison)

    @property
    def ends(self) -> tuple[float, ...]:
        """The limits: one, or the two ends of a range."""
        return (self.limit, self.upper) if self.comparison == RANGE else (self.limit,)

    def wants_more(self, than: float) -> bool:
        """Whether a figure has to rise, or to stay up, rather than fall, to meet the target.

        Only a range depends on the figure: from below its middle it has to rise.
        """
        if self.comparison == RANGE:
            return than < (self.limit + self.upper) / 2
        return self.upward

    def nearest(self, value: float) -> float:
        """Return the limit that a figure has to reach, or not to pass, first."""
        if self.comparison == RANGE and not self.wants_more(value):
            return self.upper
        return self.limit

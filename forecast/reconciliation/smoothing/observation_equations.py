"""Observation equations: which unknowns a figure depends on, its value and its error.

A level is x, the path of its year; a growth rate is x less its predecessor; a level on an older
basis is x plus a step. A year-to-date level is x plus the log of the share of the year that has
passed: what is usual for the month, and how this year departs from it. The growth of a part of the
year is the growth of the year plus the difference of the two departures, so that a level and a
growth rate of the same months are not counted as two things known. The standard deviation of the
error comes from status, rounding and currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.evidence.scales import FloatArray, Transform
from forecast.reconciliation.observations import (
    STATUS_SD,
    Observation,
    half_unit,
    rounding,
    yearly_levels,
)

# Head counts and shares are hardly revised between censuses: a fraction of a flow's errors.
CALM_KINDS = {"stock": 0.3, "share": 0.3}
MARKED_SD = 0.05  # a figure marked as doubtful counts as if it were known to five percent
# How far an older basis wanders around a constant step: 1 % of GDP for 2000-2018; the revision of
# the R&D share, whose GDP changed, by 1.2 to 1.6 %.
OLD_BASIS_SD = 0.01
CONVERSION_SD = 0.01  # of a figure converted by an exchange rate: an average, partly implied
GROWTH_SD = 0.004  # published growth against the ratio of the levels that later stand
PRICES_SD = 0.01  # price change of a part of the year around that of the year, per year remaining
# Share of figures that are wrong; of those that other figures add up to or agree with.
WRONG, WRONG_TOGETHER = 0.05, 1e-4


@dataclass
class Layout:
    """Where each unknown stands in the state vector: the path first, then the auxiliary ones.

    Attributes
    ----------
    years : ndarray of int, shape (n_years,)
        Consecutive.
    bases : list of str
        Older bases, each a step away from the reference.
    months : list of int
        Months with a usual share of the year.
    parts : list of (int, int)
        Year and month: departures from the usual share.
    prices : list of int
        Years with a price change.
    """

    years: np.ndarray
    bases: list[str]
    months: list[int]
    parts: list[tuple[int, int]]
    prices: list[int]

    def __post_init__(self) -> None:
        n = len(self.years)
        self.first = int(self.years[0])
        self.basis = {b: n + i for i, b in enumerate(self.bases)}
        start = n + len(self.bases)
        self.month = {m: start + i for i, m in enumerate(self.months)}
        start += len(self.months)
        self.part = {p: start + i for i, p in enumerate(self.parts)}
        start += len(self.parts)
        self.price = {y: start + i for i, y in enumerate(self.prices)}
        self.size = start + len(self.prices)

    @classmethod
    def of(cls, observations: Sequence[Observation], years: np.ndarray) -> Layout:
        """Lay out what the observations depend on, over the given years."""
        partial = [o for o in observations if o.partial]
        parts = {(o.year, o.month) for o in partial}
        parts |= {(o.year - 1, o.month) for o in partial if not o.is_level}
        return cls(
            years,
            sorted({o.basis for o in observations} - {""}),
            sorted({o.month for o in partial if o.is_level}),
            sorted(parts),
            sorted({o.year for o in observations if o.prices == "real"}),
        )

    def x(self, year: int) -> int:
        """Return where the path of a year stands."""
        return year - self.first


def design_row(o: Observation, layout: Layout) -> FloatArray:
    """Return the coefficients of the unknowns in an observation, shape (size,)."""
    h = np.zeros(layout.size)
    h[layout.x(o.year)] = 1.0
    if o.partial:
        h[layout.part[o.year, o.month]] = 1.0
    if o.is_level:
        if o.basis:
            h[layout.basis[o.basis]] = 1.0
        if o.partial:
            h[layout.month[o.month]] = 1.0
        return h
    h[layout.x(o.year) - 1] = -1.0
    if o.partial:
        h[layout.part[o.year - 1, o.month]] = -1.0
    if o.prices == "real":
        h[layout.price[o.year]] = -1.0
    return h


def on_scale(o: Observation, scale: Transform, level: float) -> float:
    """Put an observation's value on the scale; `level` is the current estimate of its year."""
    value = o.canonical
    if o.is_level:
        return float(scale.forward(np.array([value]))[0])
    if o.measure == "change":
        # A change larger than the share itself is wrong: far away, and a number all the same.
        before = float(np.clip(level - value, 0.01 * level, 100 - 0.01 * (100 - level)))
    elif scale.name == "log":
        return float(np.log1p(value / 100))
    else:
        before = level / (1 + value / 100)
    pair = scale.forward(np.array([level, before]))
    return float(pair[0] - pair[1])


def rounding_sd(o: Observation, scale: Transform) -> float:
    """Return the error of a level that comes from its rounding alone, on the scale."""
    half_digit = half_unit(o.value, scale) / np.sqrt(3)
    if scale.name == "linear":
        return float(max(half_digit, 1e-6))
    published = abs(o.value) or abs(o.canonical)  # a share of 0 % is moved inside
    slope = float(scale.slope(np.array([o.canonical]))[0])
    return float(max(half_digit / published * abs(o.canonical) * slope, 1e-6))


def error_sd(o: Observation, scale: Transform, kind: str) -> float:
    """Return the standard deviation of an observation's error, on the scale.

    That of a change of a share is set with the level of its year, by `Equations.relinearize`.
    """
    size = abs(o.canonical)
    calm = CALM_KINDS.get(kind, 1.0)
    sd = 0.0
    if o.is_level:
        sd = rounding_sd(o, scale)
        if scale.name != "linear":
            relative = np.hypot(STATUS_SD[o.status] * calm, o.relative_sd)
            if o.converted_with:
                relative = np.hypot(relative, CONVERSION_SD)
            if o.basis:
                relative = np.hypot(relative, OLD_BASIS_SD)
            slope = float(scale.slope(np.array([o.canonical]))[0])
            sd = float(np.hypot(sd, relative * size * slope))
    elif o.measure != "change":
        half_digit = rounding(o.value) / np.sqrt(3)
        sd = float(np.hypot(half_digit / 100, GROWTH_SD * calm))
        if o.prices == "real":
            sd = float(np.hypot(sd, PRICES_SD * ((12 - o.month) / 12)))
    if o.mark in ("conflict", "low_quality"):
        unit = size if scale.name == "linear" and o.is_level else 1.0
        sd = float(np.hypot(sd, MARKED_SD * calm * unit))
    return max(sd, 1e-6)


@dataclass(eq=False)
class Equations:
    """The observation equations of one series, of its exact observations.

    Attributes
    ----------
    h, z, sd : ndarray, shapes (n, size), (n,) and (n,)
        Design, values on the scale and standard deviations of the errors.
    at : ndarray of int, shape (n,)
        Where the year of each equation stands in the state.
    wrong : ndarray, shape (n,)
        Probability that a figure is wrong: small where another one confirms it.
    nonlinear : list of int
        Equations that depend on the level of their year: changes of a share, growth on a scale that
        is no logarithm. Their `z` and `sd` are set anew with every estimate.
    """

    layout: Layout
    scale: Transform
    observations: list[Observation]
    h: FloatArray
    z: FloatArray
    sd: FloatArray
    at: np.ndarray
    wrong: FloatArray
    nonlinear: list[int]

    @classmethod
    def of(
        cls, observations: Sequence[Observation], layout: Layout, scale: Transform, kind: str
    ) -> Equations:
        """Set up the equations of the exact ones among some observations."""
        exact = [o for o in observations if not o.bound]
        level = float(np.median(yearly_levels(exact)))
        return cls(
            layout,
            scale,
            exact,
            h=np.array([design_row(o, layout) for o in exact]),
            z=np.array([on_scale(o, scale, level) for o in exact]),
            sd=np.array([error_sd(o, scale, kind) for o in exact]),
            at=np.array([layout.x(o.year) for o in exact]),
            wrong=np.array([WRONG_TOGETHER if o.confirmed else WRONG for o in exact]),
            nonlinear=[
                i
                for i, o in enumerate(exact)
                if o.measure == "change" or (not o.is_level and scale.name != "log")
            ],
        )

    def relinearize(self, path: FloatArray) -> None:
        """Set the equations that depend on the level of their year, given an estimate."""
        for i in self.nonlinear:
            o, now = self.observations[i], self.scale.inverse(path[[self.at[i]]])
            self.z[i] = on_scale(o, self.scale, float(now[0]))
            if o.measure == "change":
                half = half_unit(o.value, self.scale) / np.sqrt(3)
                self.sd[i] = half * float(self.scale.slope(now)[0])

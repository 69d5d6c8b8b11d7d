"""Observations beside the path: what each comes to, how much it counts, and which are outliers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast.evidence.measures import TO_DATE
from forecast.evidence.scales import FloatArray, Transform
from forecast.reconciliation.observations import Observation
from forecast.reconciliation.related_series.series import Series
from forecast.reconciliation.smoothing.observation_equations import design_row, on_scale
from forecast.reconciliation.smoothing.robust_smoother import OUTLIER_WEIGHT, Solution
from forecast.reconciliation.smoothing.stated_bounds import SIGN

FAR = 500.0  # logs; beyond it numbers overflow


@dataclass(frozen=True, kw_only=True)
class FittedObservation(Observation):
    """An observation and what the posterior makes of it.

    Attributes
    ----------
    fitted : float
        Its value by the path, in the published unit.
    deviation : float
        From the fitted value, in standard deviations of its error.
    weight : float
        Share of its precision that it keeps.
    influence : float
        Change of the last year's estimate if it is left out: percent, or percentage points of a
        share.
    outlier : bool
        Whether it is down-weighted, or a bound that the other observations contradict.
    decides : bool
        Whether it is the figure of its year.
    """

    fitted: float = float("nan")
    deviation: float = float("nan")
    weight: float = float("nan")
    influence: float = float("nan")
    outlier: bool = False
    decides: bool = False


def fitted_observations(
    series: Series,
    solution: Solution,
    bounded_mean: FloatArray,
    median: FloatArray,
    figures: Collection[int],
) -> list[FittedObservation]:
    """Return all observations of a series, those that are used beside the path.

    Parameters
    ----------
    series, solution
        The solution takes published figures as they stand.
    bounded_mean : ndarray, shape (size,)
        Posterior mean with all bounds.
    median : ndarray, shape (size,)
        Posterior median under the bounds of years without a figure: the path that is shown, from
        which the fitted level of a year is told.
    figures : collection of int
        Equations that are the figures of their years.
    """
    scale, weight = series.scale, series.solution.weight
    last = series.reported.stop - 1
    fitted = solution.h @ solution.mean
    deviation = (solution.z - fitted) / series.solution.sd
    without = solution.without(last)
    levels = [o.measure == "level" for o in series.equations.observations]
    shown = np.where(levels, solution.h @ median, fitted)
    found: dict[int, FittedObservation] = {}
    exact = series.equations.observations
    for i, o in enumerate(exact):
        found[id(o)] = FittedObservation(
            **vars(o),
            fitted=_in_published_unit(o, float(shown[i]), scale, float(solution.z[i])),
            deviation=float(deviation[i]),
            weight=float(weight[i]),
            influence=influence(float(without[i]), float(solution.mean[last]), scale),
            outlier=bool(weight[i] < OUTLIER_WEIGHT),
            decides=i in figures,
        )
    decided = {exact[i].year for i in figures}
    for o in series.used:
        if o.bound:
            path = median if o.measure == "level" else bounded_mean
            found[id(o)] = _fitted_bound(o, series, solution, path, o.year in decided)
    return [found.get(id(o)) or FittedObservation(**vars(o)) for o in series.observations]


def _fitted_bound(
    o: Observation, series: Series, solution: Solution, path: FloatArray, decided: bool
) -> FittedObservation:
    """Return a bound beside the path; that on a published figure is used only for prices."""
    if decided and o.prices != "real":
        o = replace(o, unused="the figure itself is published")
    scale, h = series.scale, design_row(o, series.layout)
    level = float(scale.inverse(solution.mean[[series.layout.x(o.year)]])[0])
    # How far the path stood on the right side before the bound was taken in, and stands now: of two
    # bounds that contradict each other neither was.
    side, limit = SIGN[o.bound], on_scale(o, scale, level)
    before, now = side * float(h @ solution.mean - limit), side * float(h @ path - limit)
    sd = float(np.sqrt(h @ solution.cov @ h))
    return FittedObservation(
        **vars(o),
        fitted=_in_published_unit(o, float(h @ path), scale, 0.0),
        outlier=before < -3 * sd or (o.used and now < -0.1 * sd),
    )


def _in_published_unit(o: Observation, value: float, scale: Transform, z: float) -> float:
    """Put a fitted value on the scale back into the unit that the observation was published in."""
    if o.is_level:
        return float(scale.inverse(np.array([value]))[0]) * o.ratio
    if o.measure == "change":
        return o.canonical * value / z if z else float("nan")
    return float(100 * np.expm1(np.minimum(value, FAR)))


def influence(other: float, own: float, scale: Transform) -> float:
    """Change from one estimate to another: percent, or percentage points of a share."""
    there, here = (float(value) for value in scale.inverse(np.clip([other, own], -FAR, FAR)))
    if scale.name == "logit":
        return there - here
    # A count of zero has no percentage: there, a unit counts as hundred percent.
    least = 1.0 if scale.name == "linear" else 0.0
    return 100 * (there - here) / max(abs(here), least)


def observations_table(fitted: Sequence[FittedObservation]) -> pd.DataFrame:
    """Return fitted observations as the table `History.observations`."""
    return pd.DataFrame([{**vars(o), "used": o.used, "touches": o.touches} for o in fitted])


def origins(
    years: np.ndarray, good: Sequence[Observation], related: Collection[int]
) -> tuple[str, ...]:
    """Return where each year of a path is known from, as `History.origin` holds it.

    By its observations that are neither bounds nor outliers; years that related series have figures
    of are `related`.
    """
    published = {
        o.year
        for o in good
        if o.measure == "level"
        and not o.basis
        and o.status != "derived"
        and o.mark != "low_quality"  # evidence on the year, but not its figure
    }
    sources: dict[str, Collection[int]] = {
        "published": published,
        # A growth rate also informs the year before it; a year-to-date one only its own.
        "derived": {y for o in good if o.measure not in TO_DATE for y in o.touches},
        "nowcast": {o.year for o in good if o.measure in TO_DATE},
        "imputed": related,
    }
    return tuple(
        next((name for name, known in sources.items() if int(year) in known), "interpolated")
        for year in years
    )

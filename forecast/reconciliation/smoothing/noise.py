"""How much a series varies from year to year, and parts of its years around their usual share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.evidence.scales import FloatArray, Transform
from forecast.reconciliation.observations import Observation, yearly_levels

TYPICAL_NOISE = {"flow": 0.06, "stock": 0.012, "share": 0.04, "rate": 0.04}
WILDEST = 4.0  # typical noises that a change of the yearly change counts for at most
# Departure of a year's share reached by a month from the usual one: standard deviation per year
# remaining, relative to the yearly noise, and its correlation with that of the year before. The
# year-to-date figures of all series against the years that came suggest 1.2; replays of 2021-2025,
# with their lockdowns, and synthetic worlds are covered too rarely with that.
PART_SD = 2.0
PART_CASES = 4.0  # of a series' own departures that this counts for
PART_PERSISTENCE = 0.75


def typical_noise(observations: Sequence[Observation], scale: Transform, kind: str) -> float:
    """Return the yearly noise of a series of which nothing but its levels is known."""
    if scale.name != "linear":
        return TYPICAL_NOISE.get(kind, 0.06)
    return max(float(yearly_levels(observations).std()) / 3, 1e-3)


def yearly_changes(observations: Sequence[Observation], scale: Transform) -> dict[int, float]:
    """Return the known yearly changes of the path, on the scale, by year; never across bases.

    Real growth stands in for a year of which nothing else is known.
    """
    changes: dict[int, list[float]] = {}
    real: dict[int, list[float]] = {}
    levels: dict[str, dict[int, list[float]]] = {}
    for o in observations:
        if o.bound or o.mark:
            continue
        if o.measure == "level":
            levels.setdefault(o.basis, {}).setdefault(o.year, []).append(o.canonical)
        elif o.measure == "growth" and scale.name == "log":
            growth = real if o.prices == "real" else changes
            growth.setdefault(o.year, []).append(float(np.log1p(o.canonical / 100)))
    for by_year in levels.values():
        years = sorted(by_year)
        values = scale.forward(np.array([_middle(by_year[y]) for y in years]))
        for i in range(1, len(years)):
            change = float(values[i] - values[i - 1]) / (years[i] - years[i - 1])
            changes.setdefault(years[i], []).append(change)
    changes = {**real, **changes}
    return {year: _middle(changes[year]) for year in sorted(changes)}


def _middle(values: list[float]) -> float:
    """Return the median; of one value, which is the rule, without the cost of an array."""
    return values[0] if len(values) == 1 else float(np.median(values))


def noise_of(changes: FloatArray, typical: float) -> float:
    """Noise of yearly changes: their robust spread, shrunk to what is typical.

    Changes of the changes count, so that a slow slide of the trend is not noise. The median is
    robust to a wrong figure; with a handful of steps it would miss the noise, so there no step
    counts for more than a few times what is typical.

    Parameters
    ----------
    changes : ndarray, shape (n,)
        On the scale, in order of the years.
    typical : float
        Of series of the kind; it counts for four steps.
    """
    steps = np.minimum(np.abs(np.diff(changes)), WILDEST * typical)
    n = len(steps)
    if n < 2:
        return typical
    spread = (1.4826 * np.median(steps) if n >= 8 else 1.2533 * np.mean(steps)) / np.sqrt(2)
    return float(np.sqrt((n * spread**2 + 4 * typical**2) / (n + 4)))


def part_departures(observations: Sequence[Observation]) -> FloatArray:
    """Return by how much parts of years of a flow departed from their usual share of the whole.

    Returns
    -------
    ndarray, shape (n, 2)
        Share of the year that was still to come, and the departure in logs: of a year-to-date level
        from the month's mean over the years, of the growth of a part from that of the year.
    """
    good = [o for o in observations if not o.bound and not o.mark]
    level = {(o.year, o.basis): o.canonical for o in good if o.measure == "level"}
    growth = {(o.year, o.prices): o.canonical for o in good if o.measure == "growth"}
    shares: dict[int, list[float]] = {}
    found = []
    for o in good:
        if not o.partial:
            continue
        if o.is_level and (o.year, o.basis) in level:
            share = float(np.log(o.canonical / level[o.year, o.basis]))
            shares.setdefault(o.month, []).append(share)
        elif not o.is_level and (o.year, o.prices) in growth:
            gap = np.log1p(o.canonical / 100) - np.log1p(growth[o.year, o.prices] / 100)
            usual = (2 * (1 - PART_PERSISTENCE)) ** 0.5  # of the difference of two departures
            found.append(((12 - o.month) / 12, float(gap) / usual))
    for month, values in shares.items():
        n = len(values)
        if n > 1:
            departures = (np.array(values) - np.mean(values)) * np.sqrt(n / (n - 1))
            found += [((12 - month) / 12, float(d)) for d in departures]
    return np.array(found).reshape(-1, 2)


def part_sd(departures: FloatArray, noise: float) -> float:
    """Return a departure's standard deviation per year remaining: the own, shrunk to the usual.

    Departures are as of `part_departures`, shape (n, 2); the noise is that of the series.
    """
    usual = PART_SD * noise
    own = np.clip(departures[:, 1] / departures[:, 0], -4 * usual, 4 * usual)  # a wrong figure
    variance = (PART_CASES * usual**2 + (own**2).sum()) / (PART_CASES + len(own))
    return float(np.sqrt(variance))

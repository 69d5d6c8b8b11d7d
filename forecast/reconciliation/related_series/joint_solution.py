"""Solve all series: alone first, then in the light of related ones.

The observations of a series are weighted twice, alone and given what related series imply, so
that related series can expose a wrong figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.related_series import messages
from forecast.reconciliation.related_series.census_steps import learned
from forecast.reconciliation.related_series.links import closure, gather, lay_out, link, rank
from forecast.reconciliation.related_series.priors import Moments, auxiliary, read
from forecast.reconciliation.related_series.series import Key, Series, SeriesError, named

DOUBTED_SOURCE = 0.3  # weight of a source below which what follows from it is weakened, too


class SolvedSeries(NamedTuple):
    """All series of some indicators, reconciled.

    Attributes
    ----------
    series : dict of Series
        Those with a path; parents come before children.
    failed : dict of str
        Series that cannot be computed, and why; all others go on without them.
    """

    series: dict[Key, Series]
    failed: dict[Key, str]


def solved(
    evidence: Evidence, indicators: Iterable[str], only: Iterable[Key] | None = None
) -> SolvedSeries:
    """Reconcile all series of some indicators, and of those that they depend on.

    Parameters
    ----------
    evidence : Evidence
    indicators : iterable of str
    only : iterable of tuple, optional
        The series asked for, all of them if not given. What others imply for these is the same;
        their own paths are not found.

    Returns
    -------
    SolvedSeries
        Of the series asked for, and those that their paths were found from.
    """
    wanted = closure(evidence, indicators)
    asked = None if only is None else set(only)
    failed: dict[Key, str] = {}
    while True:
        try:
            return SolvedSeries(_solved(evidence, wanted, failed, asked), failed)
        except SeriesError as error:
            failed[error.key] = error.reason


def _solved(
    evidence: Evidence, wanted: set[str], failed: Mapping[Key, str], asked: set[Key] | None
) -> dict[Key, Series]:
    found = gather(evidence, wanted, failed)
    above = {key: _above(evidence, *key) for key in found}
    ranks = {indicator: rank(evidence, indicator) for indicator in wanted}
    order = sorted(found, key=lambda key: (ranks[key[1]], len(evidence.chain(key[0]))))
    every = {key: found[key] for key in order}
    for series in every.values():
        link(series, every, above[series.key])
    for series in reversed(every.values()):
        with named(series.key):
            lay_out(series)

    def set_auxiliary(series: Series, steps: Mapping[Key, Moments]) -> None:
        series.auxiliary = auxiliary(evidence, series, every, above[series.key], steps)

    for series in every.values():
        set_auxiliary(series, {})
        messages.solve(series, messages.own_prior(series))
    steps = learned(evidence, every)
    for key in steps:
        series = every[key]
        set_auxiliary(series, steps)
        alone = series.solution.weight, series.solution.innovation
        messages.solve(series, messages.own_prior(series), alone)
    _weaken_derived(every)
    for series in reversed(every.values()):
        if series.parent:
            with named(series.key):
                messages.send_up(series)
    if asked is not None:
        needed = _needed(evidence, asked, every, above)
        every = {key: series for key, series in every.items() if key in needed}
    for series in every.values():
        set_auxiliary(series, steps)
        weight, innovation = series.solution.weight, series.solution.innovation
        if series.parent:
            path, innovation = messages.prior_from_parent(series), series.ratio_weights
        else:
            path = messages.own_prior(series)
        messages.solve(series, path, (weight, innovation))
    return every


def _above(evidence: Evidence, region: str, indicator: str) -> list[str]:
    """Return the regions above whose years begin in the same month: others cover other months."""
    starts = evidence.year_starts(region, indicator)
    chain = evidence.chain(region)[1:]
    return [place for place in chain if evidence.year_starts(place, indicator) == starts]


def _needed(
    evidence: Evidence,
    asked: set[Key],
    every: Mapping[Key, Series],
    above: Mapping[Key, Sequence[str]],
) -> set[Key]:
    """Return the series that the paths of some are found from, in the light of all others."""
    needed: set[Key] = set()
    ahead = [key for key in asked if key in every]
    while ahead:
        key = ahead.pop()
        if key not in needed:
            needed.add(key)
            series = every[key]
            ahead += [k for k in read(evidence, series, above[key]) if k in every]
            ahead += [series.parent.key] if series.parent else []
    return needed


def _weaken_derived(every: Mapping[Key, Series]) -> None:
    """Give levels that follow from an identity no more weight than their sources have."""
    kept = {
        (o.region, o.indicator, o.observation): float(weight)
        for series in every.values()
        for o, weight in zip(series.equations.observations, series.solution.weight, strict=True)
    }
    for series in every.values():
        for i, o in enumerate(series.equations.observations):
            weight = min((kept.get(source, 1.0) for source in o.sources), default=1.0)
            if weight < DOUBTED_SOURCE:
                series.equations.sd[i] /= max(weight, 1e-6) ** 0.5

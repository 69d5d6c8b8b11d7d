"""Steps of components between statistical bases, learned from all regions' components.

An economic census revises the level of GDP by a step, and that of each component by another one.
Where a region has published no component on the new basis, its step is estimated from that of its
whole in the region and from the same component in other regions: a random-effects model, solved
as one Gaussian system for all regions,

    step of a component = step of its whole + common part + regional deviation,

with the steps of GDP and of components as far as their own figures give them (levels on both
bases, or growth between levels on two) and with the weighted steps of the parts adding up to the
step of the whole. The common part is that of all regions at one census; the standard deviation of
the regional part maximizes the marginal likelihood (empirical Bayes: Efron & Morris 1975; Gelman
et al. 2013, chapter 5).

Steps are logarithms of the old level over the new one. Between more than two bases, the unknowns
are the steps at each census, of which a basis has the sum.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray
from forecast.reconciliation.observations import bases_of
from forecast.reconciliation.related_series.priors import COMPONENT_STEP_SD, STEP_SD, Moments
from forecast.reconciliation.related_series.series import Key, Series
from forecast.reconciliation.smoothing.gaussians import root
from forecast.reconciliation.smoothing.trend_prior import Gaussian

# Standard deviation of the regional deviation before any was seen, and for how many it counts.
DEVIATION_SD, DEVIATION_CASES = 0.02, 4.0
DEVIATIONS = np.geomspace(0.005, 0.08, 17)  # among which the likeliest is chosen
ADDING_UP_SD = 0.002  # what taking the logarithm of a sum for linear leaves open
REST = "rest of "  # names what a whole holds beside its named parts

Span = tuple[int, int]  # censuses: the first, and one past the last


@dataclass(frozen=True)
class StepLikelihood:
    """What a series' own figures imply for its steps.

    Attributes
    ----------
    bases : tuple of (int, int)
        The censuses that lie between each basis and the reference: the first, and one past the
        last.
    information, precision : ndarray, shapes (n_bases,) and (n_bases, n_bases)
        Of the likelihood: the posterior of the steps without their prior.
    """

    bases: tuple[Span, ...]
    information: FloatArray
    precision: FloatArray

    @classmethod
    def of(
        cls, bases: Sequence[Span], mean: FloatArray, cov: FloatArray, prior: Gaussian
    ) -> StepLikelihood:
        """Take the prior out of a posterior of steps, mean and cov of shapes (n,) and (n, n)."""
        posterior = np.linalg.inv(cov)
        values, vectors = np.linalg.eigh(posterior - prior.precision)
        real = values > 1e-6 * np.trace(posterior)  # what is smaller is rounding, not knowledge
        kept = vectors[:, real]
        information = kept @ (kept.T @ (posterior @ mean - prior.information))
        return cls(tuple(bases), information, (kept * values[real]) @ kept.T)


@dataclass
class Steps:
    """The steps of all components of all regions as one Gaussian system.

    Attributes
    ----------
    root : str
        The aggregate whose steps are learned first (GDP).
    groups : mapping of str to tuple of str
        A whole and its parts, complete: see `complete`.
    censuses : int
        How many steps lie between the oldest basis and the reference.
    likelihoods : mapping of tuple to StepLikelihood
        By region and indicator.
    weights : mapping of tuple to mapping of str to float
        By region and whole: the shares of the parts.
    """

    root: str
    groups: Mapping[str, tuple[str, ...]]
    censuses: int
    likelihoods: Mapping[Key, StepLikelihood]
    weights: Mapping[Key, Mapping[str, float]]
    place: dict[tuple[str, str, int], int] = field(init=False)

    def __post_init__(self) -> None:
        regions = dict.fromkeys(region for region, _ in self.likelihoods)
        names = [self.root, *(part for parts in self.groups.values() for part in parts)]
        unknowns = itertools.product(("", *regions), names, range(self.censuses))
        # The root's steps have no common part.
        drawn = [unknown for unknown in unknowns if unknown[:2] != ("", self.root)]
        self.place = {unknown: i for i, unknown in enumerate(drawn)}
        self.regions = tuple(regions)

    def solved(self, deviation: float) -> tuple[FloatArray, FloatArray, float]:
        """Solve the system for one standard deviation of the regional deviations.

        Returns
        -------
        information, precision : ndarray, shapes (size,) and (size, size)
            Of the steps at each census, the common parts first.
        float
            Log marginal likelihood, up to a constant.
        """
        size = len(self.place)
        at, left, right, sd = self._entries
        open_ = np.isnan(sd)
        sd = np.where(open_, deviation, sd)
        entries: FloatArray = np.bincount(at, left / sd * (right / sd), size**2).astype(float)
        precision = entries.reshape(size, size)
        information, implied = self._implied
        precision += implied
        half = root(precision)
        determinant = -2 * np.log(half.diagonal()).sum()
        fit = float(((half @ information) ** 2).sum())
        drawn = int(open_.sum()) // 9  # an equation of three terms has nine entries
        return information, precision, fit / 2 - determinant / 2 - drawn * np.log(deviation)

    def _equations(self) -> Iterator[tuple[dict[int, float], float]]:
        """Yield the terms of each equation and its error, NaN where it is the deviation."""
        for k in range(self.censuses):
            for region in self.regions:
                yield {self.place[region, self.root, k]: 1.0}, STEP_SD
            for whole, parts in self.groups.items():
                for part in parts:
                    common = self.place["", part, k]
                    yield {common: 1.0}, COMPONENT_STEP_SD
                    for region in self.regions:
                        own, above = self.place[region, part, k], self.place[region, whole, k]
                        yield {own: 1.0, above: -1.0, common: -1.0}, np.nan
                for region in self.regions:
                    weights = self.weights.get((region, whole), {})
                    terms = {self.place[region, part, k]: w for part, w in weights.items()}
                    if terms:
                        yield {**terms, self.place[region, whole, k]: -1.0}, ADDING_UP_SD

    @cached_property
    def _entries(self) -> tuple[np.ndarray, FloatArray, FloatArray, FloatArray]:
        """What the equations add to the precision: place, both factors, and the error of each."""
        size, found = len(self.place), []
        for terms, sd in self._equations():
            for (i, one), (j, other) in itertools.product(terms.items(), repeat=2):
                found.append((i * size + j, one, other, sd))
        at, left, right, errors = np.array(found, float).T
        return at.astype(int), left, right, errors

    @cached_property
    def _implied(self) -> tuple[FloatArray, FloatArray]:
        """Information and precision that the figures add."""
        size = len(self.place)
        information, precision = np.zeros(size), np.zeros((size, size))
        for key, figures in self.likelihoods.items():
            at = self.sums(key, figures.bases)
            information += at.T @ figures.information
            precision += at.T @ figures.precision @ at
        return information, precision

    def sums(self, key: Key, bases: Sequence[Span]) -> FloatArray:
        """Return which steps each basis is the sum of, shape (n_bases, size)."""
        out = np.zeros((len(bases), len(self.place)))
        for row, span in enumerate(bases):
            for k in range(*span):
                out[row, self.place[(*key, k)]] = 1.0
        return out

    def deviation(self) -> float:
        """Return the likeliest standard deviation of the regional deviations."""

        def support(sd: float) -> float:
            prior = -DEVIATION_CASES / 2 * (2 * np.log(sd) + (DEVIATION_SD / sd) ** 2)
            return self.solved(sd)[2] + float(prior)

        return float(max(DEVIATIONS, key=support))

    def priors(self) -> dict[Key, Moments]:
        """Return what all other figures imply for the steps of every component.

        Means and covariances, shapes (n_bases,) and (n_bases, n_bases).
        """
        information, precision, _ = self.solved(self.deviation())
        half = root(precision)
        cov, mean = half.T @ half, (half @ information) @ half
        found: dict[Key, Moments] = {}
        for key, own in self.likelihoods.items():
            if key[1] == self.root:
                continue
            at = self.sums(key, own.bases)
            every = np.linalg.inv(at @ cov @ at.T)
            spread = np.linalg.inv(every - own.precision)
            value = every @ (at @ mean) - own.information
            found[key] = spread @ value, (spread + spread.T) / 2
        return found


def complete(
    sums: Mapping[str, tuple[str, ...]], part_of: Mapping[str, str], root: str
) -> dict[str, tuple[str, ...]]:
    """Return the wholes below an aggregate with parts that exhaust them, the largest first.

    What a whole holds beside its named parts is a part of its own (construction, where only
    industry is named of the secondary sector).

    Examples
    --------
    >>> complete({"gdp": ("goods", "services")}, {"industry": "goods"}, "gdp")
    {'gdp': ('goods', 'services'), 'goods': ('industry', 'rest of goods')}
    """
    found: dict[str, tuple[str, ...]] = {}
    ahead = [root]
    for whole in ahead:
        parts = sums.get(whole, ())
        if not parts and (named := [part for part, w in part_of.items() if w == whole]):
            parts = (*named, REST + whole)
        if parts and whole not in found:
            found[whole] = parts
            ahead += parts
    return found


def steps_table(names: Sequence[str], mean: FloatArray, cov: FloatArray) -> pd.DataFrame:
    """Return steps as a reader sees them: by how many percent older figures are changed.

    By the names of the bases, with the columns ``basis, log_step, sd, percent, low, high``; the
    interval covers 90 %.
    """
    sd = np.sqrt(np.diag(cov).clip(0.0)) if len(names) else np.zeros(0)
    return pd.DataFrame(
        {
            "basis": list(names),
            "log_step": mean,
            "sd": sd,
            "percent": 100 * np.expm1(-mean),
            "low": 100 * np.expm1(-mean - 1.645 * sd),
            "high": 100 * np.expm1(-mean + 1.645 * sd),
        }
    )


def learned(evidence: Evidence, every: Mapping[Key, Series]) -> dict[Key, Moments]:
    """Learn the steps of all components from series that were solved one by one.

    Returns
    -------
    dict of tuple of ndarray, shapes (n_bases,) and (n_bases, n_bases)
        Mean and covariance of the steps of every component, in the order of its layout, its own
        figures left out.
    """
    accounts = evidence.accounts
    groups = complete(accounts.sums, accounts.part_of, accounts.output)
    spans = _spans(evidence, [accounts.output, *(p for parts in groups.values() for p in parts)])
    likelihoods: dict[Key, StepLikelihood] = {}
    for (region, indicator), series in every.items():
        known = spans.get(indicator, {})
        names, at = list(series.layout.basis), list(series.layout.basis.values())
        if not names or not set(names) <= set(known):
            continue
        block, found, prior = np.ix_(at, at), series.solution, series.auxiliary
        likelihoods[region, indicator] = StepLikelihood.of(
            [known[name] for name in names],
            found.mean[at],
            found.cov[block],
            Gaussian(prior.information[at], prior.precision[block]),
        )
    if all(indicator == accounts.output for _, indicator in likelihoods):
        return {}
    censuses = max(stop for known in spans.values() for _, stop in known.values())
    weights = _weights(every, groups, {region for region, _ in likelihoods})
    return Steps(accounts.output, groups, censuses, likelihoods, weights).priors()


def _spans(evidence: Evidence, indicators: Sequence[str]) -> dict[str, dict[str, Span]]:
    """Return by indicator which censuses lie between each older basis and its reference."""
    output = evidence.accounts.output
    own = sorted(evidence.bases_of.get(output, []), key=lambda row: int(row["sequence"]))
    order = {str(row["basis"]): k for k, row in enumerate(own)}
    found: dict[str, dict[str, Span]] = {}
    for indicator in indicators:
        reference, unjoined = bases_of(evidence, indicator)
        place = {
            str(row["basis"]): order.get(str(row["basis" if indicator == output else "gdp_basis"]))
            for row in evidence.bases_of.get(indicator, [])
            if indicator == output or row["link"] in ("with_gdp", "reference")
        }
        end = place.get(reference)
        stop = len(order) - 1 if end is None else end
        found[indicator] = {
            basis: (k, stop)
            for basis, k in place.items()
            if k is not None and k < stop and basis not in unjoined
        }
    return found


def _weights(
    every: Mapping[Key, Series], groups: Mapping[str, tuple[str, ...]], regions: set[str]
) -> dict[Key, dict[str, float]]:
    """Return the shares of the parts in every whole; where unknown, the mean of other regions."""
    found: dict[Key, dict[str, float]] = {}
    for whole, parts in groups.items():
        named = [part for part in parts if not part.startswith(REST)]
        for region in sorted(regions):
            series = [every.get((region, name)) for name in (whole, *named)]
            known = [s for s in series if s is not None]
            if len(known) < len(series):
                continue
            year = min(s.last for s in known)
            level = [float(np.exp(s.solution.mean[s.layout.x(year)])) for s in known]
            shares = np.array(level[1:]) / (level[0] if len(named) < len(parts) else sum(level[1:]))
            if len(named) < len(parts):
                shares = np.append(shares, 1 - shares.sum())
            if (shares > 0).all():
                found[region, whole] = dict(zip(parts, map(float, shares), strict=True))
        sets = [shares for (_, w), shares in found.items() if w == whole]
        for region in regions if sets else ():
            mean = {part: float(np.mean([s[part] for s in sets])) for part in parts}
            found.setdefault((region, whole), mean)
    return found

"""Priors of steps between bases and of price changes, from GDP and from regions above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray
from forecast.reconciliation.observations import yearly_levels
from forecast.reconciliation.related_series.series import Key, Series
from forecast.reconciliation.smoothing.trend_prior import Gaussian, auxiliary_prior

STEP_SD = 0.10  # steps between bases are rarely more than ten percent
COMPONENT_STEP_SD = 0.04  # of a component's step around that of its whole, common to all regions
SURVEY_STEP_SD = 0.5  # a new survey can halve a level or double it
SHARE_STEP_SD = 0.01  # a share of GDP steps against GDP, but its numerator is revised a little too
DEFLATOR_SPREAD = 0.014  # Jinhua's GDP deflator around Zhejiang's, 2018-2023 (standard deviation)
# A sector's around that of GDP: pork in 2019, industry in 2021 moved by several points.
SECTOR_SPREAD = 0.03

Moments = tuple[FloatArray, FloatArray]  # mean and covariance


def auxiliary(
    evidence: Evidence,
    series: Series,
    every: Mapping[Key, Series],
    above: Sequence[str],
    learned_steps: Mapping[Key, Moments],
) -> Gaussian:
    """Return the prior of the unknowns beside the path, zero for the path itself.

    Parameters
    ----------
    evidence : Evidence
    series : Series
        Of the unknowns.
    every : mapping of tuple to Series
        All series; those that this one needs are solved.
    above : sequence of str
        The regions above, the nearest first.
    learned_steps : mapping of tuple to tuple of ndarray
        By `forecast.reconciliation.related_series.census_steps.learned`; other steps follow from
        GDP's.
    """
    steps = learned_steps.get(series.key)
    if steps is None:
        pairs = [_step(evidence, series, every, basis) for basis in series.layout.basis]
        mean, sd = np.array(pairs, float).reshape(-1, 2).T
        steps = mean, np.diag(sd**2)
    return auxiliary_prior(series.layout, series.part_sd, steps, _prices(series, every, above))


def read(evidence: Evidence, series: Series, above: Sequence[str]) -> list[Key]:
    """Return the keys of the series whose solutions `auxiliary` reads, where there are such."""
    region, _ = series.key
    found = [(region, evidence.accounts.output)] if series.layout.basis else []
    if series.layout.price:
        found += [(place, str(series.info["deflator"])) for place in (region, *above)]
    return found


def _step(
    evidence: Evidence, series: Series, every: Mapping[Key, Series], basis: str
) -> tuple[float, float]:
    """Mean and standard deviation of a step between bases, from the step of GDP alone.

    A share of GDP steps the other way. That of a component is where learning starts
    (`forecast.reconciliation.related_series.census_steps`).
    """
    region, indicator = series.key
    row = next(row for row in evidence.bases_of[indicator] if row["basis"] == basis)
    if row["link"] == "survey":
        return 0.0, SURVEY_STEP_SD
    gdp = every.get((region, evidence.accounts.output))
    index = gdp.layout.basis.get(row["gdp_basis"]) if gdp is not None else None
    if row["link"] not in ("with_gdp", "against_gdp") or gdp is None or index is None:
        return 0.0, STEP_SD
    mean, sd = float(gdp.solution.mean[index]), float(np.sqrt(gdp.solution.cov[index, index]))
    if row["link"] == "with_gdp":
        return mean, float(np.hypot(sd, COMPONENT_STEP_SD))
    share = float(np.median(yearly_levels(series.used))) / 100
    return -mean / (1 - share), float(np.hypot(sd, SHARE_STEP_SD))


def _prices(
    series: Series, every: Mapping[Key, Series], above: Sequence[str]
) -> dict[int, tuple[float, float]]:
    """Yearly price changes of the nearest region that has some, as a prior for the own.

    Those of a sector are near those of GDP in its own region; those of GDP near those of the
    region above.
    """
    if not series.layout.price:
        return {}
    region, indicator = series.key
    deflator = str(series.info["deflator"])
    near, spread = ((*above,), DEFLATOR_SPREAD)
    if deflator != indicator:
        near, spread = (region, *above), SECTOR_SPREAD
    found: dict[int, tuple[float, float]] = {}
    for place in near:
        source = every.get((place, deflator))
        if source is not None:
            for year, i in source.layout.price.items():
                found.setdefault(year, (float(source.solution.mean[i]), spread))
    return found

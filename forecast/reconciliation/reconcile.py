"""Reconcile everything published on a series into a yearly path with its uncertainty.

Every figure is one linear equation on the unknown path: a level, a growth rate, a year-to-date
figure, a figure on an older statistical basis. The equations and a prior that the path is a
stochastic trend are stacked and solved; the posterior is the history. Errors and the innovations of
the path have Student-t tails: a move that a second figure confirms is followed, and a single
erroneous one is down-weighted and flagged. The newest official figure of a year is its estimate.
Harvey (1989), chapter 3, gives the trend; West (1984) the reweighting that makes a t error a
Gaussian one with a random precision.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray
from forecast.reconciliation.adding_up import consistent
from forecast.reconciliation.fitted import (
    fitted_observations,
    influence,
    observations_table,
    origins,
)
from forecast.reconciliation.history import History, HistoryError
from forecast.reconciliation.published_figures import as_published, deciding
from forecast.reconciliation.related_series.census_steps import steps_table
from forecast.reconciliation.related_series.joint_solution import SolvedSeries, solved
from forecast.reconciliation.related_series.links import years_of_related
from forecast.reconciliation.related_series.messages import without_related
from forecast.reconciliation.related_series.series import Key, Series, SeriesError, named
from forecast.reconciliation.smoothing.observation_equations import Layout
from forecast.reconciliation.smoothing.robust_smoother import OUTLIER_WEIGHT
from forecast.reconciliation.smoothing.stated_bounds import bounded

# The posterior takes the weights of figures and innovations as known, which makes it too narrow.
# On synthetic worlds its 90 % intervals covered 88.3 %, with shocks in 2 % of the years 86.8 %
# (`benchmarks/worlds.py --worlds 120 --seed 77`); standard deviations are widened by as much.
UNKNOWN_WEIGHTS = 1.06


#: Of a history whose path alone is asked for.
NO_TABLES: dict[str, Any] = {
    **dict.fromkeys(("observations", "steps", "price_noise", "related"), pd.DataFrame()),
    "deflator": pd.Series(dtype=float),
    "step_cov": np.zeros((0, 0)),
}


class Histories(dict[str, History]):
    """Histories by ``region/indicator``.

    Attributes
    ----------
    failed : dict of str
        Series that cannot be computed, and why, by ``region/indicator``.
    """

    failed: dict[str, str]


def reconcile(evidence: Evidence, region: str, indicator: str, tables: bool = True) -> History:
    """Turn all statements on `indicator` of `region` into a yearly path with uncertainty.

    Parameters
    ----------
    evidence : Evidence
        Validated tables.
    region, indicator : str
        The series. Related series are reconciled with it; for many series `reconcile_all` is
        cheaper.
    tables : bool
        Whether the history holds the statements, the steps and the related series, which its path
        does not need.

    Returns
    -------
    History

    Raises
    ------
    HistoryError
        When no level was ever published on a basis that can be joined to the reference.
    """
    stated = evidence.records.get((region, indicator))
    n = len(stated or evidence.statements(region, indicator))  # an unknown name is reported first
    related = evidence.accounts.related(indicator)
    keys = [(region, name) for name in related]
    histories = _histories(solved(evidence, related, keys), keys, tables)
    key = f"{region}/{indicator}"
    if key in histories.failed:
        error = HistoryError(f"{key}: {histories.failed[key]}")
        error.computed = True
        raise error
    if key not in histories:
        found = "nothing"
        if n:
            ranked = str(evidence.indicator(indicator)["kind"]) == "rank"
            found = f"{n} statement{'' if n == 1 else 's'}, none of them a level " + (
                "of a series, for lists of places are not joined"
                if ranked
                else "on a basis that can be joined to today's"
            )
        raise HistoryError(f"{key}: a path needs at least one yearly level; the data hold {found}")
    return consistent(histories, evidence.accounts)[key]


def reconcile_all(
    evidence: Evidence, indicators: Iterable[str] | None = None, tables: bool = True
) -> Histories:
    """Reconcile every series that adds up to a path.

    Parameters
    ----------
    evidence : Evidence
    indicators : iterable of str, optional
        Those of these alone, which no identity, basis or ratio joins with others.
    tables : bool
        See `reconcile`.

    Returns
    -------
    Histories
        By ``region/indicator``, in the order of the data; sums of other series come last. Series
        that cannot be computed are named in ``failed``.
    """
    every = solved(evidence, evidence.indicators["indicator"] if indicators is None else indicators)
    keys = evidence.observations[["region", "indicator"]].drop_duplicates()
    order = dict.fromkeys([*keys.itertuples(index=False, name=None), *every.series])
    histories = _histories(every, order, tables)
    histories.update(consistent(histories, evidence.accounts))
    return histories


def _histories(every: SolvedSeries, keys: Iterable[Key], tables: bool) -> Histories:
    """Make the histories of some series, and name those that cannot be computed."""
    found = Histories()
    found.failed = {"/".join(key): reason for key, reason in every.failed.items()}
    for key in keys:
        if key not in every.series:
            continue
        try:
            with named(key):
                history = _history(every.series[key], tables)
            found[history.key] = history
        except SeriesError as error:
            found.failed["/".join(key)] = error.reason
    return found


def _history(series: Series, tables: bool) -> History:
    layout, scale, reported = series.layout, series.scale, series.reported
    exact = series.equations.observations
    figures = deciding(exact, series.solution.weight)
    solution, cov = as_published(series.solution, series.total, exact, scale, figures)
    cov = UNKNOWN_WEIGHTS**2 * cov
    # A bound on a year whose figure is published no longer bounds its estimate.
    decided = {exact[i].year for i in figures}
    open_years = [o for o in series.used if o.year not in decided]
    limits = bounded(open_years, layout, scale, solution.mean, cov)
    mean, cov = limits.moments() if limits else (solution.mean, cov)
    years, weight = layout.years[reported], series.solution.weight
    good = [o for o, w in zip(exact, weight, strict=True) if not w < OUTLIER_WEIGHT]
    beside = NO_TABLES
    if tables:
        every_bound = bounded(series.used, layout, scale, solution.mean, solution.cov)
        known = every_bound.moments()[0] if every_bound else solution.mean
        median = limits.quantiles([0.5])[:, 0] if limits else mean
        fitted = fitted_observations(series, solution, known, median, figures)
        at = np.array(list(layout.basis.values()), int)
        price = {y: known[i] for y, i in layout.price.items()}
        beside = {
            "observations": observations_table(fitted),
            "steps": steps_table(list(layout.basis), mean[at], cov[np.ix_(at, at)]),
            "step_cov": cov[np.ix_(at, [*range(reported.start, reported.stop), *at])],
            "deflator": pd.Series(price, name="log change", dtype=float),
            "price_noise": _price_noise(layout, cov),
            "related": _related_table(series),
        }
    return History(
        region=series.key[0],
        indicator=series.key[1],
        unit=str(series.info["unit"]),
        scale=scale,
        years=years,
        mean=mean[reported],
        cov=cov[reported, reported],
        origin=origins(years, good, years_of_related(series)),
        noise=series.noise,
        kind=series.kind,
        year_starts=series.year_starts,
        bounds=limits.part(reported) if limits else None,
        **beside,
    )


def _price_noise(layout: Layout, cov: FloatArray) -> pd.DataFrame:
    """Return, by year, the regression of the price change on nominal growth in the posterior.

    With the columns ``slope`` and ``sd``, the standard deviation that is left.
    """
    found = {}
    for year, price in layout.price.items():
        now = layout.x(year)
        with_price = cov[now, price] - cov[now - 1, price]
        growth = cov[now, now] - 2 * cov[now, now - 1] + cov[now - 1, now - 1]
        slope = with_price / growth if growth > 0 else 0.0
        left = cov[price, price] - slope * with_price
        found[year] = (float(slope), float(np.sqrt(max(left, 0.0))))
    return pd.DataFrame.from_dict(found, orient="index", columns=["slope", "sd"], dtype=float)


def _related_table(series: Series) -> pd.DataFrame:
    """Return the related series and how far the last year moves without each of them."""
    last = series.reported.stop - 1
    own = float(series.solution.mean[last])
    rows = []
    for key, path in without_related(series).items():
        relation = "parent" if series.parent and key == series.parent.key else "part"
        rows.append((*key, relation, influence(float(path[last]), own, series.scale)))
    return pd.DataFrame(rows, columns=["region", "indicator", "relation", "influence"])

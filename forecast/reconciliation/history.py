"""Reconcile everything published on one indicator into a yearly path with its uncertainty.

Every statement is one linear row on the unknown path: a level, a growth rate, a year-to-date
figure, a figure on an older statistical basis. The rows and a prior that the path is a stochastic
trend are stacked and solved; the posterior is the history. Errors and the innovations of the path
have Student-t tails: a move that a second statement confirms is followed, and a single erroneous
observation is down-weighted and flagged. The newest official figure of a year is its estimate.
Harvey (1989), chapter 3, gives the trend; West (1984) the reweighting that makes a t error a
Gaussian one with a random precision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray, Transform
from forecast.reconciliation.adding_up import consistent
from forecast.reconciliation.census_steps import table
from forecast.reconciliation.doubt import origins
from forecast.reconciliation.observation_equations import (
    Layout,
    Record,
    Statement,
    design_row,
    on_scale,
)
from forecast.reconciliation.region_links import (
    Series,
    SeriesError,
    Solved,
    named,
    solved,
    spoken_of,
    without_relatives,
)
from forecast.reconciliation.robust_solver import Solution
from forecast.reconciliation.truncation import Bounds, bounded, root
from forecast.reconciliation.vintages import as_published, deciding

PASTS_PER_STRATUM = 100  # paths drawn for each that is kept
NOT_NEGATIVE = ("count", "duration")  # on a linear scale
# The posterior takes the weights of statements and innovations as known, which makes it too narrow.
# On synthetic worlds its 90 % intervals held 88.3 %, with shocks in 2 % of the years 86.8 %
# (`benchmarks/worlds.py --worlds 120 --seed 77`); standard deviations are widened by as much.
UNKNOWN_WEIGHTS = 1.06
FAR = 500.0  # logs; beyond it numbers overflow
OUTLIER_WEIGHT = 0.3  # a statement that keeps less than this of its precision is named


class HistoryError(UserError):
    """There is no history; the message says what is missing, or why it cannot be computed.

    Attributes
    ----------
    computed : bool
        Whether there were enough statements, but they cannot be computed.
    """

    status = 1
    computed = False


@dataclass(frozen=True, eq=False)
class History:
    """The reconciled yearly path of one indicator of one region.

    Attributes
    ----------
    years : ndarray of int, shape (n_years,)
        Consecutive years, the last one is the last that any statement speaks of.
    mean, cov : ndarray, shapes (n_years,) and (n_years, n_years)
        Posterior of the path on the scale `scale` (log, logit or linear), bounds respected.
    origin : tuple of str
        Per year ``published``, ``derived``, ``nowcast`` (from part of the year), ``imputed`` (only
        a relative speaks of it) or ``interpolated``.
    statements : DataFrame
        One row per statement: its text columns, whether it was ``used`` or why not (``unused``),
        the ``fitted`` value in
        the published unit, the ``deviation`` (standardised), the ``weight`` (1 = full trust),
        ``outlier``, ``decides`` (it is the figure of its year) and ``influence`` (change in percent
        of the last year's estimate if it is left out; percentage points of a share).
    steps : DataFrame
        One row per older basis: ``basis``, ``step`` (relative to the reference), ``low``, ``high``.
    step_cov : ndarray, shape (n_steps, n_years + n_steps)
        Covariance of the steps with the path and with each other.
    kind : str
        Of the indicator: flow, stock, share, ...; series are compared with their own kind.
    deflator : Series
        Posterior mean of the yearly log change of prices, for years with real growth rows.
    price_noise : DataFrame
        By the same years, how the price change varies with nominal growth in the posterior: the
        regression's ``slope`` and the ``sd`` that is left.
    noise : float
        Standard deviation of a usual yearly change around the trend, on the scale.
    relatives : DataFrame
        One row per series it was reconciled with: ``region, indicator, relation`` (parent or part)
        and ``influence``, as of a statement.
    bounds : Bounds, optional
        Lower and upper bounds that draws and quantiles keep to.
    """

    region: str
    indicator: str
    unit: str
    scale: Transform
    years: np.ndarray
    mean: FloatArray
    cov: FloatArray
    origin: tuple[str, ...]
    statements: pd.DataFrame
    steps: pd.DataFrame
    deflator: pd.Series
    noise: float
    kind: str = "flow"
    price_noise: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["slope", "sd"], dtype=float)
    )
    relatives: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            columns=["region", "indicator", "relation", "influence"]
        )
    )
    bounds: Bounds | None = None
    step_cov: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def key(self) -> str:
        """``region/indicator``."""
        return f"{self.region}/{self.indicator}"

    @property
    def informed(self) -> np.ndarray:
        """Years about which something was published, as a mask of shape (n_years,)."""
        return np.array([kind != "interpolated" for kind in self.origin])

    @property
    def known(self) -> np.ndarray:
        """Years whose value follows from published figures of the whole year, as a mask."""
        return np.array([kind in ("published", "derived") for kind in self.origin])

    @property
    def fingerprint(self) -> str:
        """Digest of everything a forecast from this history depends on."""
        import hashlib

        digest = hashlib.sha256(f"{self.key} {self.scale.name} {self.origin}".encode())
        for array in (self.years, self.mean, self.cov):
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update(self.bounds.digest() if self.bounds else b"")
        return digest.hexdigest()

    @cached_property
    def median(self) -> FloatArray:
        """Median of the path on the scale; bounds move it away from the mean, shape (n_years,)."""
        return self.bounds.quantiles([0.5])[:, 0] if self.bounds else self.mean

    def values(self) -> FloatArray:
        """Median path in the indicator's unit, shape (n_years,)."""
        return self.in_unit(self.median)

    @cached_property
    def not_negative(self) -> bool:
        """Whether zero is the least value: on a linear scale, where no level was negative."""
        if self.scale.name != "linear":
            return False
        rows = self.statements
        if self.kind in NOT_NEGATIVE or rows.empty:
            return self.kind in NOT_NEGATIVE
        levels = rows[rows["used"].astype(bool) & (rows["measure"] == "level")]
        return bool(len(levels)) and float(levels["value"].min()) >= 0

    def in_unit(self, path: FloatArray) -> FloatArray:
        """Put values on the scale into the indicator's unit; none is below a least value of zero.

        Parameters
        ----------
        path : ndarray
            Of any shape.
        """
        found = self.scale.inverse(path)
        return np.maximum(found, 0.0) if self.not_negative else found

    def figures(self) -> FloatArray:
        """Median path in the indicator's unit, published figures as they were published.

        A path on the log or logit scale holds them but for the last digits, and no share of 100 %;
        whether a target is met is judged by the figure itself.
        """
        out = self.values().copy()
        for i in np.flatnonzero([kind == "published" for kind in self.origin]):
            out[i] = float(f"{self.published(int(self.years[i])):.12g}")  # 105,086 / 10 is 10,508.6
        return out

    def decided(self, year: int) -> bool:
        """Whether a published figure is the value of a year; estimates are open."""
        i = int(year - self.years[0])
        if not 0 <= i < len(self.years) or self.origin[i] != "published":
            return False
        rows = self.statements
        return bool((rows["decides"] & (rows["year"] == year) & (rows["measure"] == "level")).any())

    def quantiles(self, levels: Sequence[float]) -> FloatArray:
        """Return quantiles of every year under the bounds, shape (n_years, n_levels)."""
        from scipy.special import ndtri

        if self.bounds:
            found = self.bounds.quantiles(levels)
        else:
            sd = np.sqrt(np.diag(self.cov))
            found = self.mean[:, None] + sd[:, None] * ndtri(levels)
        return self.in_unit(found)

    def published(self, year: int) -> float:
        """Return the published level of a year that the estimate rests on most, in the unit.

        Raises
        ------
        ValueError
            When no level on today's basis was published for the year.
        """
        rows = self.statements
        levels = rows[
            rows["used"]
            & (rows["year"] == year)
            & (rows["measure"] == "level")
            & (rows["bound"] == "")
            & (rows["basis"] == "")
        ]
        if levels.empty:
            raise ValueError(f"{self.key}: no level was published for {year}")
        deciding = levels[levels["decides"]]
        levels = levels if deciding.empty else deciding
        row = levels.iloc[int(levels["influence"].abs().to_numpy().argmax())]
        return stated_level(row)

    def table(self, level: float = 0.90) -> pd.DataFrame:
        """Year by year: estimate, interval, origin and the statements behind it.

        Returns
        -------
        DataFrame with columns ``year, estimate, low, high, origin, statements``; the origin of a
        year whose published figure is an outlier is ``doubted``, the statements are observation
        ids, separated by spaces.
        """
        low, high = self.quantiles([0.5 - level / 2, 0.5 + level / 2]).T
        used = self.statements[self.statements["used"]]
        return pd.DataFrame(
            {
                "year": self.years,
                "estimate": self.values(),
                "low": low,
                "high": high,
                "origin": origins(self),
                "statements": [
                    " ".join(used.loc[used["touches"].map(lambda t, y=y: y in t), "observation"])
                    for y in self.years
                ],
            }
        )

    def draws(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Sample paths from the posterior, lower and upper bounds respected.

        Returns
        -------
        ndarray, shape (n, n_years), on the scale of the models.
        """
        if self.bounds:
            return self.bounds.draws(n, rng)
        draws: FloatArray = rng.standard_normal((n, len(self.mean))) @ root(self.cov).T
        return self.mean + draws

    def pasts(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Sample a few paths that spread evenly over what the last year may have been.

        Stratified by the last year's value: of four paths drawn at random, all may end high.

        Returns
        -------
        ndarray, shape (n, n_years), on the scale of the models.
        """
        many = self.draws(PASTS_PER_STRATUM * n, rng)
        middle = PASTS_PER_STRATUM * np.arange(n) + PASTS_PER_STRATUM // 2
        chosen: FloatArray = many[np.argsort(many[:, -1], kind="stable")[middle]]
        return chosen[rng.permutation(n)]


def stated_level(row: pd.Series) -> float:
    """Return a published level in the indicator's unit.

    Parameters
    ----------
    row : Series
        A row of `History.statements`.

    Returns
    -------
    float
        A converted figure has as many digits as its exchange rate bears.
    """
    value = float(row["value"] / row["ratio"])
    return float(f"{value:.4g}") if row["converted_with"] else value


def reconcile(evidence: Evidence, region: str, indicator: str) -> History:
    """Turn all statements on `indicator` of `region` into a yearly path with uncertainty.

    Parameters
    ----------
    evidence : Evidence
        Validated tables.
    region, indicator : str
        The series. Its relatives are reconciled with it; for many series `reconcile_all` is
        cheaper.

    Returns
    -------
    History

    Raises
    ------
    HistoryError
        When no level was ever published on a basis that can be joined to the reference.
    """
    statements = evidence.statements(region, indicator)  # an unknown name is said first
    every = solved(evidence, evidence.accounts.related(indicator))
    members = [(region, name) for name in evidence.accounts.related(indicator)]
    histories = _histories(every, members)
    key = f"{region}/{indicator}"
    if key in histories.failed:
        error = HistoryError(f"{key}: {histories.failed[key]}")
        error.computed = True
        raise error
    if key not in histories:
        n = len(statements)
        found = f"{n} statement{'' if n == 1 else 's'}, none of them" if n else "nothing"
        raise HistoryError(
            f"{region}/{indicator}: a path needs at least one yearly level; the data hold {found}"
            + (
                " a level of a series, for lists of places are not joined"
                if str(evidence.indicator(indicator)["kind"]) == "rank" and len(statements)
                else " a level on a basis that can be joined to today's"
                if len(statements)
                else ""
            )
        )
    return consistent(histories, evidence.accounts)[key]


class Histories(dict[str, History]):
    """Histories by ``region/indicator``.

    Attributes
    ----------
    failed : dict of str
        Series that cannot be computed, and why, by ``region/indicator``.
    """

    def __init__(self, histories: Mapping[str, History], failed: Mapping[str, str]) -> None:
        super().__init__(histories)
        self.failed = dict(failed)

    def __reduce__(self) -> tuple[type[Histories], tuple[dict[str, History], dict[str, str]]]:
        """Pickle with the failures."""
        return Histories, (dict(self), self.failed)


def _histories(every: Solved, keys: Iterable[tuple[str, str]]) -> Histories:
    """Make the histories of some series, and name those that cannot be computed."""
    found = {}
    failed = {"/".join(key): reason for key, reason in every.failed.items()}
    for key in keys:
        if key not in every.series:
            continue
        try:
            with named(key):
                history = _history(every.series[key])
            found[history.key] = history
        except SeriesError as error:
            failed["/".join(key)] = error.reason
    return Histories(found, failed)


def reconcile_all(evidence: Evidence) -> Histories:
    """Reconcile every series that adds up to a path.

    Returns
    -------
    Histories
        By ``region/indicator``, in the order of the data; sums of other series come last. Series
        that cannot be computed are named in ``failed``.
    """
    every = solved(evidence, evidence.indicators["indicator"])
    keys = evidence.observations[["region", "indicator"]].drop_duplicates()
    order = dict.fromkeys([*keys.itertuples(index=False, name=None), *every.series])
    found = _histories(every, order)
    return Histories(consistent(found, evidence.accounts), found.failed)


def _history(series: Series) -> History:
    layout, scale, told = series.layout, series.scale, series.years
    records, weight = series.system.records, series.solution.weight
    rows = deciding(records, weight, OUTLIER_WEIGHT)
    solution, cov = as_published(series.solution, series.total, records, scale, rows)
    cov = UNKNOWN_WEIGHTS**2 * cov
    for i, s in enumerate(records):
        s["decides"] = i in rows
    open_rows = _open(series, {int(records[i]["year"]) for i in rows})
    every = bounded(series.rows, layout, scale, solution.mean, solution.cov)
    limits = bounded(open_rows, layout, scale, solution.mean, cov)
    mean, cov = limits.moments() if limits else (solution.mean, cov)
    known = every.moments()[0] if every else solution.mean
    last = told.stop - 1
    statements = _explain(series, solution, known)
    years = layout.years[told]
    others = without_relatives(series)
    at = np.array(list(layout.basis.values()), int)
    return History(
        region=series.key[0],
        indicator=series.key[1],
        unit=str(series.info["unit"]),
        scale=scale,
        years=years,
        mean=mean[told],
        cov=cov[told, told],
        origin=_origins(years, series.statements, spoken_of(series)),
        statements=statements,
        steps=table(list(layout.basis), mean[at], cov[np.ix_(at, at)]),
        step_cov=cov[np.ix_(at, [*range(told.start, told.stop), *at])],
        deflator=pd.Series(
            {y: known[i] for y, i in layout.price.items()}, name="log change", dtype=float
        ),
        price_noise=_price_noise(layout, cov),
        noise=series.noise,
        kind=series.kind,
        bounds=limits.part(told) if limits else None,
        relatives=pd.DataFrame(
            [
                (*key, "parent" if series.parent and key == series.parent.key else "part",
                 _influence(float(path[last]), float(series.solution.mean[last]), scale))
                for key, path in others.items()
            ],
            columns=["region", "indicator", "relation", "influence"],
        ),
    )  # fmt: skip


def _price_noise(layout: Layout, cov: FloatArray) -> pd.DataFrame:
    """Return, by year, the regression of the price change on nominal growth in the posterior.

    Parameters
    ----------
    layout : Layout
    cov : ndarray, shape (size, size)
        Posterior covariance of all unknowns.

    Returns
    -------
    DataFrame
        Index: year. Columns ``slope`` and ``sd``, the standard deviation that is left.
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


def _open(series: Series, years: set[int]) -> list[Record]:
    """Return the statements on years without a published figure.

    A bound on a published figure is not used, but for what it says of prices.
    """
    for s in series.rows:
        if s["bound"] and int(s["year"]) in years and s["prices"] != "real":
            s["used"], s["unused"] = False, "the figure itself is published"
    return [s for s in series.rows if int(s["year"]) not in years]


def _influence(other: float, own: float, scale: Transform) -> float:
    """Change from one estimate to another: percent, or percentage points of a share."""
    there, here = (float(value) for value in scale.inverse(np.clip([other, own], -FAR, FAR)))
    if scale.name == "logit":
        return there - here
    # A count of zero has no percentage: there, a unit counts as hundred percent.
    least = 1.0 if scale.name == "linear" else 0.0
    return 100 * (there - here) / max(abs(here), least)


# What the reader sees --------------------------------------------------------------------------


def _explain(series: Series, solution: Solution, bounded_mean: FloatArray) -> pd.DataFrame:
    """Add fitted value, deviation, weight, outlier flag and influence to every statement."""
    layout, scale = series.layout, series.scale
    last = series.years.stop - 1
    fitted = solution.h @ solution.mean
    deviation = (solution.z - fitted) / series.solution.sd
    others = solution.without(last)
    for i, s in enumerate(series.system.records):
        s["fitted"] = _published_scale(s, float(fitted[i]), scale, float(solution.z[i]))
        s["deviation"], s["weight"] = float(deviation[i]), float(series.solution.weight[i])
        s["influence"] = _influence(float(others[i]), float(solution.mean[last]), scale)
        s["outlier"] = s["weight"] < OUTLIER_WEIGHT
    for s in series.rows:
        if not s["bound"]:
            continue
        h = design_row(s, layout)
        level = float(scale.inverse(solution.mean[[layout.x(int(s["year"]))]])[0])
        s["fitted"] = _published_scale(s, float(h @ bounded_mean), scale, 0.0)
        # How far the path stood on the wrong side before the bound was taken in.
        gap = float(h @ solution.mean) - on_scale(s, scale, level)
        gap = gap if s["bound"] == "lower" else -gap
        s["outlier"] = gap < -3 * float(np.sqrt(h @ solution.cov @ h))
    told = dict.fromkeys(("fitted", "deviation", "weight", "influence"), float("nan"))
    usual = {**told, "outlier": False, "decides": False}
    return pd.DataFrame([{**usual, **s} for s in series.statements])


def _published_scale(statement: Statement, value: float, scale: Transform, z: float) -> float:
    """Put a fitted row back into the unit that its statement was published in."""
    if statement["measure"] in ("level", "ytd_level"):
        level = float(scale.inverse(np.array([value]))[0])
        return level * float(statement["ratio"])
    if statement["measure"] == "change":
        return float(statement["canonical"] * value / z) if z else float("nan")
    return float(100 * np.expm1(np.minimum(value, FAR)))


def _origins(years: np.ndarray, statements: list[Record], related: set[int]) -> tuple[str, ...]:
    good = [s for s in statements if s["used"] and not s["bound"] and not s["outlier"]]
    published = {
        int(s["year"]) for s in good
        if s["measure"] == "level" and not s["basis"] and s["status"] != "derived"
        and s["mark"] != "low_quality"  # evidence on the year, but not its figure
    }  # fmt: skip
    partial = {int(s["year"]) for s in good if s["measure"] in ("ytd_level", "ytd_growth")}
    # A growth rate also says something of the year before it; a year-to-date one only of its own.
    whole = [s for s in good if s["measure"] not in ("ytd_level", "ytd_growth")]
    derived = {int(y) for s in whole for y in s["touches"]}
    kinds = []
    for year in years:
        if int(year) in published:
            kinds.append("published")
        elif int(year) in derived:
            kinds.append("derived")
        elif int(year) in partial:
            kinds.append("nowcast")
        elif int(year) in related:
            kinds.append("imputed")
        else:
            kinds.append("interpolated")
    return tuple(kinds)

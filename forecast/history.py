"""Reconcile everything published on one indicator into a yearly path with its uncertainty.

Every statement is one linear row on the unknown path: a level, a growth rate, a year-to-date
figure, a figure on an older statistical basis. The rows and a prior that the path is a stochastic
trend are stacked and solved; the posterior is the history. Errors have Student-t tails, so one bad
row is shrugged off and named. Harvey (1989), chapter 3, gives the trend; West (1984) the
reweighting that makes a t error a Gaussian one with a random precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecast.adding_up import consistent
from forecast.census_steps import table
from forecast.doubt import origins
from forecast.evidence import Evidence
from forecast.problems import UserError
from forecast.relatives import Series, solved, spoken_of, without_relatives
from forecast.rows import Record, Statement, design_row, on_scale
from forecast.smoother import root, truncate
from forecast.transforms import FloatArray, Transform

PASTS_PER_STRATUM = 100  # paths drawn for each that is kept
OUTLIER_WEIGHT = 0.3  # a statement that keeps less than this of its precision is named


class HistoryError(UserError):
    """There is too little evidence for a history; the message says what is missing."""

    status = 1


@dataclass(frozen=True)
class History:
    """The reconciled yearly path of one indicator of one region.

    Attributes
    ----------
    years : ndarray of int, shape (n_years,)
        Consecutive years, the last one is the last that any statement speaks of.
    mean, cov : ndarray, shapes (n_years,) and (n_years, n_years)
        Posterior of the path on the scale `scale` (log, logit or linear).
    origin : tuple of str
        Per year ``published``, ``derived``, ``nowcast`` (from part of the year), ``carried`` (only
        a relative speaks of it) or ``interpolated``.
    statements : DataFrame
        One row per statement: its text columns, whether it was ``used`` or why not (``unused``),
        the ``fitted`` value in
        the published unit, the ``deviation`` (standardised), the ``weight`` (1 = full trust),
        ``outlier`` and ``influence`` (change in percent of the last year's estimate if it is left
        out; percentage points of a share).
    steps : DataFrame
        One row per older basis: ``basis``, ``step`` (relative to the reference), ``low``, ``high``.
    step_cov : ndarray, shape (n_steps, n_years + n_steps)
        Covariance of the steps with the path and with each other.
    kind : str
        Of the indicator: flow, stock, share, ...; series are compared with their own kind.
    deflator : Series
        Posterior mean of the yearly log change of prices, for years with real growth rows.
    relatives : DataFrame
        One row per series it was reconciled with: ``region, indicator, relation`` (parent or part)
        and ``influence``, as of a statement.
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
    relatives: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            columns=["region", "indicator", "relation", "influence"]
        )
    )
    bounds: tuple[tuple[FloatArray, float], ...] = field(default=())
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
        for array in (self.years, self.mean, self.cov, *(row for row, _ in self.bounds)):
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update(str([limit for _, limit in self.bounds]).encode())
        return digest.hexdigest()

    def values(self) -> FloatArray:
        """Median path in the indicator's unit, shape (n_years,)."""
        return self.scale.inverse(self.mean)

    def quantiles(self, levels: Sequence[float]) -> FloatArray:
        """Return quantiles of every year, bounds left out, shape (n_years, n_levels)."""
        from scipy.stats import norm

        sd = np.sqrt(np.diag(self.cov))
        return self.scale.inverse(self.mean[:, None] + sd[:, None] * norm.ppf(levels))

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
        strongest = levels["influence"].abs().to_numpy().argmax()
        return float(levels["canonical"].to_numpy()[strongest])

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
                "estimate": self.scale.inverse(self.mean),
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
        square_root = root(self.cov)
        kept: list[FloatArray] = []
        have = 0
        for _ in range(50):
            paths = self.mean + rng.standard_normal((n, len(self.mean))) @ square_root.T
            for row, limit in self.bounds:
                paths = paths[paths @ row >= limit]
            kept.append(paths)
            have += len(paths)
            if have >= n:
                break
        sample = np.concatenate(kept)
        if have < n:  # the bound leaves almost nothing: repeat what there is rather than invent
            if have == 0:
                return np.repeat(self.mean[None, :], n, axis=0)
            sample = sample[rng.integers(0, have, n)]
        return sample[:n]

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
    every = solved(evidence, evidence.accounts.related(indicator))[0]
    series = every.get((region, indicator))
    if series is None:
        found = f"{len(statements)} statements, none of them" if len(statements) else "nothing"
        raise HistoryError(
            f"{region}/{indicator}: a path needs at least one yearly level; the data hold {found}"
            + (" a level on a basis that can be joined to today's" if len(statements) else "")
        )
    members = [(region, name) for name in evidence.accounts.related(indicator)]
    histories = [_history(every[key]) for key in members if key in every]
    return consistent({h.key: h for h in histories}, evidence.accounts)[f"{region}/{indicator}"]


def reconcile_all(evidence: Evidence) -> dict[str, History]:
    """Reconcile every series that adds up to a path.

    Returns
    -------
    dict of History
        By ``region/indicator``, in the order of the data; sums of other series come last.
    """
    every = solved(evidence, evidence.indicators["indicator"])[0]
    keys = evidence.observations[["region", "indicator"]].drop_duplicates()
    order = dict.fromkeys([*keys.itertuples(index=False, name=None), *every])
    histories = [_history(every[key]) for key in order if key in every]
    return consistent({history.key: history for history in histories}, evidence.accounts)


def _history(series: Series) -> History:
    layout, scale, told = series.layout, series.scale, series.years
    mean, cov, bounds = truncate(series.rows, layout, scale, series.solution)
    last = told.stop - 1
    statements = _explain(series, mean)
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
            {y: mean[i] for y, i in layout.price.items()}, name="log change", dtype=float
        ),
        noise=series.noise,
        kind=series.kind,
        bounds=tuple((row[told], limit) for row, limit in bounds),
        relatives=pd.DataFrame(
            [
                (*key, "parent" if series.parent and key == series.parent.key else "part",
                 _influence(float(path[last]), float(series.solution.mean[last]), scale))
                for key, path in others.items()
            ],
            columns=["region", "indicator", "relation", "influence"],
        ),
    )  # fmt: skip


def _influence(other: float, own: float, scale: Transform) -> float:
    """Change from one estimate to another: percent, or percentage points of a share."""
    there, here = scale.inverse(np.array([other, own]))
    return float(there - here) if scale.name == "logit" else float(100 * (there / here - 1))


# What the reader sees --------------------------------------------------------------------------


def _explain(series: Series, bounded_mean: FloatArray) -> pd.DataFrame:
    """Add fitted value, deviation, weight, outlier flag and influence to every statement."""
    solution, layout, scale = series.solution, series.layout, series.scale
    last = series.years.stop - 1
    fitted = solution.h @ solution.mean
    deviation = (solution.z - fitted) / solution.sd
    others = solution.without(last)
    for i, s in enumerate(series.system.records):
        s["fitted"] = _published_scale(s, float(fitted[i]), scale, float(solution.z[i]))
        s["deviation"], s["weight"] = float(deviation[i]), float(solution.weight[i])
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
    return pd.DataFrame([{**told, "outlier": False, **s} for s in series.statements])


def _published_scale(statement: Statement, value: float, scale: Transform, z: float) -> float:
    """Put a fitted row back into the unit that its statement was published in."""
    if statement["measure"] in ("level", "ytd_level"):
        level = float(scale.inverse(np.array([value]))[0])
        return level * float(statement["value"]) / float(statement["canonical"])
    if statement["measure"] == "change":
        return float(statement["canonical"] * value / z) if z else float("nan")
    return float(100 * np.expm1(value))


def _origins(years: np.ndarray, statements: list[Record], carried: set[int]) -> tuple[str, ...]:
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
        elif int(year) in carried:
            kinds.append("carried")
        else:
            kinds.append("interpolated")
    return tuple(kinds)

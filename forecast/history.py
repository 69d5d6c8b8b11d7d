"""Reconcile everything published on one indicator into a yearly path with its uncertainty.

Every statement is one linear row on the unknown path: a level, a growth rate, a year-to-date
figure, a figure on an older statistical basis. The rows and a prior that the path is a stochastic
trend are stacked and solved; the posterior is the history. Errors have Student-t tails, so one bad
row is shrugged off and named. Harvey (1989), chapter 3, gives the trend; West (1984) the
reweighting that makes a t error a Gaussian one with a random precision.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecast.evidence import Evidence
from forecast.rows import (
    Layout,
    Statement,
    as_records,
    connected,
    design_row,
    on_scale,
    with_basis,
    with_sums,
    yearly_noise,
)
from forecast.smoother import Solution, root, solve, truncate
from forecast.transforms import FloatArray, Transform, transform

STEP_SD = 0.10  # steps between bases are rarely more than ten percent
COMPONENT_STEP_SD = 0.04  # a sector's census step around that of GDP
SHARE_STEP_SD = 0.01  # a share of GDP steps against GDP, but its numerator is revised a little too
DEFLATOR_PRIOR = (0.02, 0.03)  # yearly change of prices where no parent region informs it
DEFLATOR_SPREAD = 0.014  # Jinhua's deflator around Zhejiang's, 2018-2023 (standard deviation)
SHARE_SD = 0.10  # log share of a year reached by month m, before the data speak
BACK_LOADED = 0.10  # how much a first quarter falls short of a fourth of its year, in logs
DRIFT_WANDER = 0.25  # how fast the underlying growth moves, relative to the yearly noise
OUTLIER_WEIGHT = 0.3  # a statement that keeps less than this of its precision is named


class HistoryError(ValueError):
    """There is too little evidence for a history; the message says what is missing."""


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
        Per year ``published``, ``derived``, ``nowcast`` or ``interpolated``.
    statements : DataFrame
        One row per statement: its text columns, whether it was ``used`` or why not (``unused``),
        the ``fitted`` value in
        the published unit, the ``deviation`` (standardised), the ``weight`` (1 = full trust),
        ``outlier`` and ``influence`` (change in percent of the last year's estimate if it is left
        out; percentage points of a share).
    steps : DataFrame
        One row per older basis: ``basis``, ``step`` (relative to the reference), ``low``, ``high``.
    kind : str
        Of the indicator: flow, stock, share, ...; series are compared with their own kind.
    deflator : Series
        Posterior mean of the yearly log change of prices, for years with real growth rows.
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
    bounds: tuple[tuple[FloatArray, float], ...] = field(default=())

    @property
    def key(self) -> str:
        """``region/indicator``."""
        return f"{self.region}/{self.indicator}"

    @property
    def informed(self) -> np.ndarray:
        """Years about which something was published, as a mask of shape (n_years,)."""
        return np.array([kind != "interpolated" for kind in self.origin])

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
        DataFrame with columns ``year, estimate, low, high, origin, statements``; the statements
        are observation ids, separated by spaces.
        """
        from scipy.stats import norm

        sd = np.sqrt(np.diag(self.cov))
        z = norm.ppf(0.5 + level / 2)
        used = self.statements[self.statements["used"]]
        return pd.DataFrame(
            {
                "year": self.years,
                "estimate": self.scale.inverse(self.mean),
                "low": self.scale.inverse(self.mean - z * sd),
                "high": self.scale.inverse(self.mean + z * sd),
                "origin": self.origin,
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


def reconcile(evidence: Evidence, region: str, indicator: str) -> History:
    """Turn all statements on `indicator` of `region` into a yearly path with uncertainty.

    Parameters
    ----------
    evidence : Evidence
        Validated tables.
    region, indicator : str
        The series.

    Returns
    -------
    History

    Raises
    ------
    HistoryError
        When no level was ever published on a basis that can be joined to the reference.
    """
    info = evidence.indicator(indicator)
    scale = transform(str(info["transform"]))
    statements = with_sums(evidence, region, info)
    statements = with_basis(evidence, indicator, statements)
    rows = statements[statements["used"]]
    levels = rows[(rows["measure"] == "level") & (rows["bound"] == "")]
    if levels.empty:
        found = f"{len(statements)} statements, none of them" if len(statements) else "nothing"
        raise HistoryError(
            f"{region}/{indicator}: a path needs at least one yearly level; the data hold {found}"
            + (" a level on a basis that can be joined to today's" if len(statements) else "")
        )
    rows = connected(rows)
    statements["used"] = statements.index.isin(rows.index)
    cut_off = ~statements["used"] & (statements["unused"] == "")
    statements.loc[cut_off, "unused"] = "no level within reach"

    touched = np.concatenate([np.array(t) for t in rows["touches"]])
    years = np.arange(touched.min(), touched.max() + 1)
    layout = Layout(
        years,
        sorted(set(rows["basis"]) - {""}),
        sorted(set(rows.loc[rows["measure"] == "ytd_level", "month"].astype(int)) - {12}),
        sorted(set(rows.loc[rows["prices"] == "real", "year"].astype(int))),
    )
    noise = yearly_noise(rows, scale, str(info["kind"]))
    prior_mean, prior_precision = _prior(evidence, region, info, layout, noise, levels, scale)
    solution = solve(rows, layout, scale, str(info["kind"]), noise, prior_mean, prior_precision)
    mean, cov, bounds = truncate(rows, layout, scale, solution)

    statements = _explain(statements, rows, solution, mean, layout, scale)
    n = len(years)
    return History(
        region=region,
        indicator=indicator,
        unit=str(info["unit"]),
        scale=scale,
        years=years,
        mean=mean[:n],
        cov=cov[:n, :n],
        origin=_origins(years, statements),
        statements=statements,
        steps=_steps(layout, mean, cov),
        deflator=pd.Series(
            {y: mean[i] for y, i in layout.price.items()}, name="log change", dtype=float
        ),
        noise=noise,
        kind=str(info["kind"]),
        bounds=tuple((row[:n], limit) for row, limit in bounds),
    )


# Prior -----------------------------------------------------------------------------------------


def _prior(
    evidence: Evidence,
    region: str,
    info: pd.Series,
    layout: Layout,
    noise: float,
    levels: pd.DataFrame,
    scale: Transform,
) -> tuple[FloatArray, FloatArray]:
    """Mean and precision of the unknowns: a local trend, steps, within-year shares, prices."""
    n, size = len(layout.years), layout.size
    precision = np.zeros((size, size))
    information = np.zeros(size)

    def add(h: FloatArray, value: float, sd: float) -> None:
        precision[:] += np.outer(h, h) / sd**2
        information[:] += h * value / sd**2

    def unit(*pairs: tuple[int, float]) -> FloatArray:
        h = np.zeros(size)
        for index, coefficient in pairs:
            h[index] = coefficient
        return h

    anchor = float(scale.forward(levels["canonical"].to_numpy(float)).mean())
    add(unit((0, 1.0)), anchor, 100.0)  # as good as flat
    add(unit((layout.drift, 1.0)), 0.0, 0.15)
    for t in range(1, n):
        add(unit((t, 1.0), (t - 1, -1.0), (layout.drift + t, -1.0)), 0.0, noise)
        d = layout.drift + t
        add(unit((d, 1.0), (d - 1, -1.0)), 0.0, DRIFT_WANDER * noise)
    for basis, index in layout.basis.items():
        mean, sd = _step_prior(evidence, region, info, basis, scale, levels)
        add(unit((index, 1.0)), mean, sd)
    for month, index in layout.month.items():
        rest = (12 - month) / 12
        usual = float(np.log(month / 12)) - BACK_LOADED * rest / 0.75
        add(unit((index, 1.0)), usual, SHARE_SD * (1 + 2 * rest))
    parent = _parent_deflator(evidence, region, info) if layout.price else {}
    for year, index in layout.price.items():
        mean, sd = parent.get(year, DEFLATOR_PRIOR)
        add(unit((index, 1.0)), mean, sd)
    return information, precision


def _step_prior(
    evidence: Evidence,
    region: str,
    info: pd.Series,
    basis: str,
    scale: Transform,
    levels: pd.DataFrame,
) -> tuple[float, float]:
    """Prior of a step between bases; a share of GDP steps the other way when GDP is revised."""
    bases = evidence.bases
    row = bases[(bases["indicator"] == info["indicator"]) & (bases["basis"] == basis)].iloc[0]
    if row["link"] in ("with_gdp", "against_gdp"):
        try:
            gdp = reconcile(evidence, region, "gdp")
        except HistoryError:
            return 0.0, STEP_SD
        step = gdp.steps[gdp.steps["basis"] == row["gdp_basis"]]
        if not step.empty:
            mean, sd = float(step["log_step"].iloc[0]), float(step["sd"].iloc[0])
            if row["link"] == "with_gdp":
                return mean, float(np.hypot(sd, COMPONENT_STEP_SD))
            share = float(levels["canonical"].astype(float).median()) / 100
            return -mean / (1 - share), float(np.hypot(sd, SHARE_STEP_SD))
    return 0.0, STEP_SD


def _parent_deflator(
    evidence: Evidence, region: str, info: pd.Series
) -> dict[int, tuple[float, float]]:
    """Yearly price change of the parent region, as a prior for the region's own."""
    parents = evidence.regions.set_index("region")["parent"]
    parent = str(parents.get(region, ""))
    source = str(info["deflator"])
    while parent and source:
        try:
            history = reconcile(evidence, parent, source)
        except HistoryError:
            parent = str(parents.get(parent, ""))
            continue
        known = zip(history.deflator.index, history.deflator, strict=True)
        return {int(year): (float(value), DEFLATOR_SPREAD) for year, value in known}
    return {}


# What the reader sees --------------------------------------------------------------------------


def _explain(
    statements: pd.DataFrame,
    rows: pd.DataFrame,
    solution: Solution,
    bounded_mean: FloatArray,
    layout: Layout,
    scale: Transform,
) -> pd.DataFrame:
    """Add fitted value, deviation, weight, outlier flag and influence to every statement."""
    out = statements.copy()
    last = len(layout.years) - 1
    base = float(scale.inverse(solution.mean[[last]])[0])
    fitted = solution.h @ solution.mean
    exact = as_records(rows.loc[solution.index])
    others = scale.inverse(np.array([solution.without(i)[last] for i in range(len(exact))]))
    found = pd.DataFrame(
        {
            "fitted": [
                _published_scale(s, f, scale, z)
                for s, f, z in zip(exact, fitted, solution.z, strict=True)
            ],
            "deviation": (solution.z - fitted) / solution.sd,
            "weight": solution.weight,
            "influence": others - base if scale.name == "logit" else 100 * (others / base - 1),
        },
        index=solution.index,
    )
    out = out.join(found)
    out["outlier"] = out["weight"] < OUTLIER_WEIGHT
    bounded = rows[rows["bound"] != ""]
    for label, statement in zip(bounded.index, as_records(bounded), strict=True):
        h = design_row(statement, layout)
        level = float(scale.inverse(solution.mean[[layout.x(int(statement["year"]))]])[0])
        center = float(h @ solution.mean)  # before the bound was taken in
        out.loc[label, "fitted"] = _published_scale(statement, float(h @ bounded_mean), scale, 0.0)
        gap = center - on_scale(statement, scale, level)
        gap = gap if statement["bound"] == "lower" else -gap
        sd = float(np.sqrt(h @ solution.cov @ h))
        out.loc[label, "outlier"] = gap < -3 * sd
    return out


def _published_scale(statement: Statement, value: float, scale: Transform, z: float) -> float:
    """Put a fitted row back into the unit that its statement was published in."""
    if statement["measure"] in ("level", "ytd_level"):
        level = float(scale.inverse(np.array([value]))[0])
        return level * float(statement["value"]) / float(statement["canonical"])
    if statement["measure"] == "change":
        return float(statement["canonical"] * value / z) if z else float("nan")
    return float(100 * np.expm1(value))


def _origins(years: np.ndarray, statements: pd.DataFrame) -> tuple[str, ...]:
    used = statements[statements["used"]]
    good = used[(used["bound"] == "") & ~used["outlier"].astype(bool)]
    stated = (good["measure"] == "level") & (good["basis"] == "") & (good["status"] != "derived")
    published = set(good.loc[stated, "year"].astype(int))
    partial = set(good.loc[good["measure"].isin(["ytd_level", "ytd_growth"]), "year"].astype(int))
    whole = good[~good["measure"].isin(["ytd_level", "ytd_growth"])]
    derived = {int(y) for touches in whole["touches"] for y in touches}
    # A growth rate also says something of the year before it; a year-to-date one only of its own.
    kinds = []
    for year in years:
        if int(year) in published:
            kinds.append("published")
        elif int(year) in derived:
            kinds.append("derived")
        elif int(year) in partial:
            kinds.append("nowcast")
        else:
            kinds.append("interpolated")
    return tuple(kinds)


def _steps(layout: Layout, mean: FloatArray, cov: FloatArray) -> pd.DataFrame:
    rows = []
    for basis, i in layout.basis.items():
        sd = float(np.sqrt(cov[i, i]))
        rows.append(
            {
                "basis": basis,
                "log_step": float(mean[i]),
                "sd": sd,
                "percent": float(100 * np.expm1(-mean[i])),
                "low": float(100 * np.expm1(-mean[i] - 1.645 * sd)),
                "high": float(100 * np.expm1(-mean[i] + 1.645 * sd)),
            }
        )
    return pd.DataFrame(rows, columns=["basis", "log_step", "sd", "percent", "low", "high"])

"""Reconcile everything published on one indicator into a yearly path with its uncertainty.

Every statement is one linear row on the unknown path: a level, a growth rate, a year-to-date
figure, a figure on an older statistical basis. The rows and a prior that the path is a stochastic
trend are stacked and solved; the posterior is the history. Errors have Student-t tails, so one bad
row is shrugged off and named. Harvey (1989), chapter 3, gives the trend; West (1984) the
reweighting that makes a t error a Gaussian one with a random precision.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence import Evidence
from forecast.transforms import FloatArray, Transform, transform

# Standard deviation of a published level around the value that later stands, relative, by status.
# Ordinary revisions of Jinhua's and Zhejiang's GDP were between -0.12 % and +0.53 %.
STATUS_SD = {
    "census": 0.005,  # head counts are of 1 November, the path is of the year's end
    "final": 0.001,
    "revised": 0.001,
    "preliminary": 0.002,
    "derived": 0.002,
    "secondary": 0.01,
    "unknown": 0.01,
}
# Head counts and shares are hardly revised between censuses: a fraction of a flow's errors.
CALM_KINDS = {"stock": 0.3, "share": 0.3}
MARKED_SD = 0.05  # a row marked as doubtful counts as if it were known to five percent
OLD_BASIS_SD = 0.01  # how far an older basis wanders around a constant step (1 % for 2000-2018)
STEP_SD = 0.10  # steps between bases are rarely more than ten percent
CONVERSION_SD = 0.01  # of a dollar figure in yuan: the rates are averages and partly implied
COMPONENT_STEP_SD = 0.04  # a sector's census step around that of GDP
SHARE_STEP_SD = 0.01  # a share of GDP steps against GDP, but its numerator is revised a little too
GROWTH_SD = 0.004  # published growth against the ratio of the levels that later stand
DEFLATOR_PRIOR = (0.02, 0.03)  # yearly change of prices where no parent region informs it
DEFLATOR_SPREAD = 0.014  # Jinhua's deflator around Zhejiang's, 2018-2023 (standard deviation)
SHARE_SD = 0.10  # log share of a year reached by month m, before the data speak
BACK_LOADED = 0.10  # how much a first quarter falls short of a fourth of its year, in logs
DRIFT_WANDER = 0.25  # how fast the underlying growth moves, relative to the yearly noise
DEGREES_OF_FREEDOM = 4.0
TYPICAL_NOISE = {"flow": 0.06, "stock": 0.012, "share": 0.04, "rate": 0.04}
OUTLIER_WEIGHT = 0.3  # a statement that keeps less than this of its precision is named


Statement = Mapping[Hashable, Any]


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
        root = _root(self.cov)
        kept: list[FloatArray] = []
        have = 0
        for _ in range(50):
            paths = self.mean + rng.standard_normal((n, len(self.mean))) @ root.T
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


@dataclass
class _Layout:
    """Where each unknown stands in the state vector."""

    years: np.ndarray
    bases: list[str]
    months: list[int]
    prices: list[int]

    def __post_init__(self) -> None:
        n = len(self.years)
        self.first = int(self.years[0])
        self.drift = n
        self.basis = {b: 2 * n + i for i, b in enumerate(self.bases)}
        start = 2 * n + len(self.bases)
        self.month = {m: start + i for i, m in enumerate(self.months)}
        start += len(self.months)
        self.price = {y: start + i for i, y in enumerate(self.prices)}
        self.size = start + len(self.prices)

    def x(self, year: int) -> int:
        return year - self.first


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
    statements = _with_sums(evidence, region, info)
    statements = _with_basis(evidence, indicator, statements)
    rows = statements[statements["used"]]
    levels = rows[(rows["measure"] == "level") & (rows["bound"] == "")]
    if levels.empty:
        found = f"{len(statements)} statements, none of them" if len(statements) else "nothing"
        raise HistoryError(
            f"{region}/{indicator}: a path needs at least one yearly level; the data hold {found}"
            + (" a level on a basis that can be joined to today's" if len(statements) else "")
        )
    rows = _drop_unconnected(rows)
    statements["used"] = statements.index.isin(rows.index)
    cut_off = ~statements["used"] & (statements["unused"] == "")
    statements.loc[cut_off, "unused"] = "no level within reach"

    touched = np.concatenate([np.array(t) for t in rows["touches"]])
    years = np.arange(touched.min(), touched.max() + 1)
    layout = _Layout(
        years,
        sorted(set(rows["basis"]) - {""}),
        sorted(set(rows.loc[rows["measure"] == "ytd_level", "month"].astype(int)) - {12}),
        sorted(set(rows.loc[rows["prices"] == "real", "year"].astype(int))),
    )
    noise = _noise(rows, scale, str(info["kind"]))
    prior_mean, prior_precision = _prior(evidence, region, info, layout, noise, levels, scale)
    solution = _solve(rows, layout, scale, str(info["kind"]), noise, prior_mean, prior_precision)
    mean, cov, bounds = _truncate(rows, layout, scale, solution)

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
        bounds=tuple((row[:n], limit) for row, limit in bounds),
    )


# Rows ------------------------------------------------------------------------------------------


def _with_sums(evidence: Evidence, region: str, info: pd.Series) -> pd.DataFrame:
    """Return the statements, with a derived level for years in which only all parts have one."""
    statements = evidence.statements(region, str(info["indicator"]))
    parts = [p.strip() for p in str(info["sum_of"]).split(";") if p.strip()]
    if not parts:
        return statements.copy()
    levels: list[dict[int, dict[Hashable, Any]]] = []
    for part in parts:
        rows = evidence.statements(region, part)
        exact = rows[(rows["measure"] == "level") & (rows["bound"] == "") & (rows["mark"] == "")]
        levels.append({int(row["year"]): row for row in _records(exact)})
    own = statements[(statements["measure"] == "level") & (statements["bound"] == "")]
    sums = []
    for year in sorted(set.intersection(*map(set, levels)) - set(own["year"])):
        rows_of_year = [known[year] for known in levels]
        if len({row["basis"] for row in rows_of_year}) > 1:
            continue
        total = sum(float(row["canonical"]) for row in rows_of_year)
        sums.append(
            {
                **rows_of_year[0],
                "observation": " + ".join(str(row["observation"]) for row in rows_of_year),
                "indicator": info["indicator"],
                "canonical": total,
                "value": round(total, 2),
                "unit": info["unit"],
                "status": "derived",
                "note": f"sum of {' and '.join(parts)}",
            }
        )
    if not sums:
        return statements.copy()
    return pd.concat([statements, pd.DataFrame(sums)], ignore_index=True).sort_values("year")


def _with_basis(evidence: Evidence, indicator: str, statements: pd.DataFrame) -> pd.DataFrame:
    """Blank the reference basis, and set aside the bases that cannot be joined to it."""
    bases = evidence.bases[evidence.bases["indicator"] == indicator]
    reference = _reference(bases)
    unjoined = set(bases.loc[bases["link"] == "none", "basis"]) - {reference}
    out = statements.copy()
    # A bound on growth over part of a year bounds nothing over the whole of it: shown, not used.
    reasons = {
        "an event": out["measure"] == "event",
        "a bound on part of a year": (out["measure"] == "ytd_growth") & (out["bound"] != ""),
        "no exchange rate known": out["canonical"].isna(),
        "its basis cannot be joined to today's": out["basis"].isin(unjoined),
    }
    out["unused"] = np.select(list(reasons.values()), list(reasons), default="")
    out["used"] = out["unused"] == ""
    out["basis_name"] = out["basis"]
    out.loc[out["basis"] == reference, "basis"] = ""
    out["touches"] = [
        (int(y) - 1, int(y)) if m in ("growth", "ytd_growth", "change") else (int(y),)
        for y, m in zip(out["year"], out["measure"], strict=True)
    ]
    return out


def _reference(bases: pd.DataFrame) -> str:
    if bases.empty:
        return ""
    newest = bases["sequence"].astype(int).to_numpy().argmax()
    return str(bases["basis"].to_numpy()[newest])


def _drop_unconnected(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop growth rows outside the reach of any level.

    A chain of growth rates that touches no level says nothing about the level; only rows between
    the first level and the end of what is connected to a level count.
    """
    level_years = rows.loc[rows["measure"].isin(["level", "ytd_level"]), "year"].astype(int)
    reach = set(level_years)
    growth = rows[~rows["measure"].isin(["level", "ytd_level"])]
    while True:
        more = {y for touches in growth["touches"] if set(touches) & reach for y in touches} - reach
        if not more:
            break
        reach |= more
    inside = (min(reach), max(reach))
    keep = rows["touches"].map(lambda t: inside[0] <= min(t) and max(t) <= inside[1])
    return rows[keep]


def _noise(rows: pd.DataFrame, scale: Transform, kind: str) -> float:
    """Yearly noise of the path: robust spread of the known yearly changes, shrunk to its kind."""
    exact = rows[(rows["bound"] == "") & (rows["mark"] == "")]
    changes: dict[int, list[float]] = {}
    levels = exact[exact["measure"] == "level"]
    for _, group in levels.groupby("basis"):
        by_year = group.groupby("year")["canonical"].median().sort_index()
        values = scale.forward(by_year.to_numpy(float))
        gaps = np.diff(by_year.index.to_numpy(int))
        for year, change in zip(by_year.index[1:], np.diff(values) / gaps, strict=True):
            changes.setdefault(int(year), []).append(float(change))
    growth = exact[exact["measure"] == "growth"]
    for year, value in zip(growth["year"], growth["canonical"], strict=True):
        changes.setdefault(int(year), []).append(float(np.log1p(value / 100)))
    typical = TYPICAL_NOISE.get(kind, 0.06)
    if scale.name == "linear":
        values = rows.loc[rows["measure"] == "level", "canonical"].to_numpy(float)
        typical = max(float(values.std()) / 3, 1e-3)
    series = np.array([np.median(changes[y]) for y in sorted(changes)])
    steps = np.abs(np.diff(series))  # changes of growth: a slow slide of the trend is not noise
    n = len(steps)
    if n < 2:
        return typical
    # The median shrugs a wrong figure off; with a handful of steps it would shrug off the noise.
    spread = (1.4826 * np.median(steps) if n >= 8 else 1.2533 * np.mean(steps)) / np.sqrt(2)
    return float(np.sqrt((n * spread**2 + 4 * typical**2) / (n + 4)))


def _records(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return frame.to_dict("records")


def _row(statement: Statement, layout: _Layout) -> FloatArray:
    h = np.zeros(layout.size)
    year = int(statement["year"])
    measure = str(statement["measure"])
    if measure in ("level", "ytd_level"):
        h[layout.x(year)] = 1.0
        if statement["basis"]:
            h[layout.basis[statement["basis"]]] = 1.0
        if measure == "ytd_level" and int(statement["month"]) != 12:
            h[layout.month[int(statement["month"])]] = 1.0
        return h
    h[layout.x(year)] = 1.0
    h[layout.x(year) - 1] = -1.0
    if statement["prices"] == "real":
        h[layout.price[year]] = -1.0
    return h


def _target(statement: Statement, scale: Transform, level: float) -> float:
    """Put a statement's value on the scale; `level` is the current estimate of its year."""
    value = float(statement["canonical"])
    measure = str(statement["measure"])
    if measure in ("level", "ytd_level"):
        return float(scale.forward(np.array([value]))[0])
    if measure == "change":
        pair = scale.forward(np.array([level, level - value]))
        return float(pair[0] - pair[1])
    if scale.name == "log":
        return float(np.log1p(value / 100))
    pair = scale.forward(np.array([level, level / (1 + value / 100)]))
    return float(pair[0] - pair[1])


def rounding(value: float) -> float:
    """Half a unit of the last digit that a published figure shows.

    Trailing zeros of whole numbers count as rounded (5,000 may be 4,500 to 5,500), but to no more
    than 2.5 % of the value.

    Examples
    --------
    >>> rounding(2.54), rounding(118.0), rounding(4453.0)
    (0.005, 0.5, 0.5)
    >>> rounding(5000.0)
    125.0
    """
    text = f"{abs(value):.10g}"
    if "." in text:
        return float(0.5 * 10.0 ** -len(text.split(".")[1]))
    digits = text.rstrip("0") or "0"
    return float(min(0.5 * 10.0 ** (len(text) - len(digits)), 0.025 * abs(value) or 0.5))


def _error_sd(statement: Statement, scale: Transform, kind: str, noise: float) -> float:
    """Judge the error of one statement on the scale by status, rounding and coverage."""
    measure = str(statement["measure"])
    value = float(statement["canonical"])
    calm = CALM_KINDS.get(kind, 1.0)
    published = abs(float(statement["value"])) or 1.0
    half_digit = rounding(float(statement["value"])) / np.sqrt(3)
    remaining = (12 - int(statement["month"])) / 12
    if measure in ("level", "ytd_level"):
        relative = np.hypot(STATUS_SD[str(statement["status"])] * calm, half_digit / published)
        if statement["converted_with"]:
            relative = np.hypot(relative, CONVERSION_SD)
        if statement["basis"]:
            relative = np.hypot(relative, OLD_BASIS_SD * calm)
        slope = float(scale.slope(np.array([value]))[0])
        sd = relative * abs(value) * slope if scale.name != "linear" else half_digit
        sd = float(np.hypot(sd, noise * remaining))
    elif measure == "change":
        sd = 0.0  # set by the caller, which knows the current level
    else:
        sd = float(np.hypot(half_digit / 100, np.hypot(GROWTH_SD * calm, 1.5 * noise * remaining)))
    if statement["mark"] in ("conflict", "low_quality"):
        sd = float(np.hypot(sd, MARKED_SD * calm))
    return max(sd, 1e-6)


# Prior -----------------------------------------------------------------------------------------


def _prior(
    evidence: Evidence,
    region: str,
    info: pd.Series,
    layout: _Layout,
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


# Posterior -------------------------------------------------------------------------------------


@dataclass
class _Solution:
    mean: FloatArray
    cov: FloatArray
    h: FloatArray
    z: FloatArray
    sd: FloatArray
    weight: FloatArray
    index: pd.Index

    def without(self, row: int) -> FloatArray:
        """Posterior mean with one row left out, the other weights kept (Sherman-Morrison)."""
        h = self.h[row]
        precision = self.weight[row] / self.sd[row] ** 2
        spread = self.cov @ h
        left = max(1 - precision * float(h @ spread), 1e-9)  # zero if nothing else carries it
        residual = self.z[row] - float(h @ self.mean)
        result: FloatArray = self.mean - spread * precision * residual / left
        return result


def _posterior(
    h: FloatArray, z: FloatArray, sd: FloatArray, information: FloatArray, precision: FloatArray
) -> tuple[FloatArray, FloatArray]:
    scaled = h / sd[:, None]
    cov = np.linalg.inv(precision + scaled.T @ scaled)
    cov = (cov + cov.T) / 2
    return cov @ (information + scaled.T @ (z / sd)), cov


def _solve(
    rows: pd.DataFrame,
    layout: _Layout,
    scale: Transform,
    kind: str,
    noise: float,
    information: FloatArray,
    precision: FloatArray,
) -> _Solution:
    """Student-t errors by reweighting, started from errors so large that no row can dominate."""
    exact = rows[rows["bound"] == ""]
    records = _records(exact)
    h = np.array([_row(s, layout) for s in records])
    sd = np.array([_error_sd(s, scale, kind, noise) for s in records])
    change = (exact["measure"] == "change").to_numpy()
    weight = np.ones(len(exact))
    nu = DEGREES_OF_FREEDOM
    level = float(exact.loc[exact["measure"] == "level", "canonical"].median())
    now = np.full(len(exact), level)
    mean, cov = np.zeros(layout.size), np.eye(layout.size)
    z = np.zeros(len(exact))
    # An outlier that the first solution follows would keep its weight for ever. So the errors
    # start at three times the yearly noise and shrink to their own size while weights adapt.
    for widen in [*np.geomspace(3 * noise, 1e-4, 12), *([0.0] * 20)]:
        z = np.array([_target(s, scale, v) for s, v in zip(records, now, strict=True)])
        size = np.hypot(sd, widen)
        if change.any():
            half = np.array([rounding(v) for v in exact.loc[change, "value"]])
            size[change] = np.hypot(half / np.sqrt(3) * scale.slope(now[change]), widen)
        mean, cov = _posterior(h, z, size / np.sqrt(weight), information, precision)
        residual = z - h @ mean
        expected = residual**2 + np.einsum("ij,jk,ik->i", h, cov, h)
        new = (nu + 1) / (nu + expected / size**2)
        new = np.minimum(new, 1.0)
        done = widen == 0.0 and float(np.abs(new - weight).max()) < 1e-4
        weight = new
        at = [layout.x(int(y)) for y in exact["year"]]
        now = scale.inverse(mean[at])
        sd_now = size
        if done:
            break
    return _Solution(mean, cov, h, z, sd_now, weight, exact.index)


def _truncate(
    rows: pd.DataFrame, layout: _Layout, scale: Transform, solution: _Solution
) -> tuple[FloatArray, FloatArray, list[tuple[FloatArray, float]]]:
    """Take lower and upper bounds in, one after the other, by the moments of a truncated normal."""
    from scipy.stats import norm

    mean, cov = solution.mean.copy(), solution.cov.copy()
    bounds: list[tuple[FloatArray, float]] = []
    for statement in _records(rows[rows["bound"] != ""]):
        level = float(scale.inverse(mean[[layout.x(int(statement["year"]))]])[0])
        sign = 1.0 if statement["bound"] == "lower" else -1.0
        h = sign * _row(statement, layout)
        limit = sign * _target(statement, scale, level)
        center, sd = float(h @ mean), float(np.sqrt(h @ cov @ h))
        alpha = (limit - center) / sd
        mass = float(norm.sf(alpha))
        if mass < 1e-3:  # the rest of the evidence contradicts the bound; it stays named, unused
            continue
        ratio = float(norm.pdf(alpha)) / mass
        gain = cov @ h / sd**2
        mean = mean + gain * sd * ratio
        cov = cov - np.outer(gain, gain) * sd**2 * ratio * (ratio - alpha)
        if not np.any(h[len(layout.years) :]):
            bounds.append((h, limit))
    return mean, cov, bounds


def _root(cov: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(cov)
    root: FloatArray = vectors * np.sqrt(np.clip(values, 0.0, None))
    return root


# What the reader sees --------------------------------------------------------------------------


def _explain(
    statements: pd.DataFrame,
    rows: pd.DataFrame,
    solution: _Solution,
    bounded_mean: FloatArray,
    layout: _Layout,
    scale: Transform,
) -> pd.DataFrame:
    """Add fitted value, deviation, weight, outlier flag and influence to every statement."""
    out = statements.copy()
    last = len(layout.years) - 1
    base = float(scale.inverse(solution.mean[[last]])[0])
    fitted = solution.h @ solution.mean
    exact = _records(rows.loc[solution.index])
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
    for label, statement in zip(bounded.index, _records(bounded), strict=True):
        h = _row(statement, layout)
        level = float(scale.inverse(solution.mean[[layout.x(int(statement["year"]))]])[0])
        center = float(h @ solution.mean)  # before the bound was taken in
        out.loc[label, "fitted"] = _published_scale(statement, float(h @ bounded_mean), scale, 0.0)
        gap = center - _target(statement, scale, level)
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


def _steps(layout: _Layout, mean: FloatArray, cov: FloatArray) -> pd.DataFrame:
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

"""Statements as rows of a linear system: what each says of the path, and how surely.

A level says x, a growth rate says x less its predecessor, a year-to-date level says x plus the log
of the share of the year, a level on an older basis says x plus a step. The standard deviation comes
from status, rounding, currency and how much of the year is covered.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence import Evidence
from forecast.transforms import FloatArray, Transform

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
CONVERSION_SD = 0.01  # of a dollar figure in yuan: the rates are averages and partly implied
GROWTH_SD = 0.004  # published growth against the ratio of the levels that later stand
TYPICAL_NOISE = {"flow": 0.06, "stock": 0.012, "share": 0.04, "rate": 0.04}

Statement = Mapping[Hashable, Any]


@dataclass
class Layout:
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
        """Return where the path of a year stands."""
        return year - self.first


def with_sums(evidence: Evidence, region: str, info: pd.Series) -> pd.DataFrame:
    """Return the statements, with a derived level for years in which only all parts have one."""
    statements = evidence.statements(region, str(info["indicator"]))
    parts = [p.strip() for p in str(info["sum_of"]).split(";") if p.strip()]
    if not parts:
        return statements.copy()
    levels: list[dict[int, dict[Hashable, Any]]] = []
    for part in parts:
        rows = evidence.statements(region, part)
        exact = rows[(rows["measure"] == "level") & (rows["bound"] == "") & (rows["mark"] == "")]
        levels.append({int(row["year"]): row for row in as_records(exact)})
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


def with_basis(evidence: Evidence, indicator: str, statements: pd.DataFrame) -> pd.DataFrame:
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


def connected(rows: pd.DataFrame) -> pd.DataFrame:
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


def yearly_noise(rows: pd.DataFrame, scale: Transform, kind: str) -> float:
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


def as_records(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rows as dictionaries: the loops here are short, and pandas rows slow."""
    return frame.to_dict("records")


def design_row(statement: Statement, layout: Layout) -> FloatArray:
    """Return the coefficients with which a statement speaks of the unknowns, shape (size,)."""
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


def on_scale(statement: Statement, scale: Transform, level: float) -> float:
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


def error_sd(statement: Statement, scale: Transform, kind: str, noise: float) -> float:
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

"""The history of a series: a yearly path with its uncertainty, and the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from forecast.cache import lasting
from forecast.evidence.panels import admitted, known_scale, yearly
from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray, Transform, transform
from forecast.facts import Rate, Year
from forecast.reconciliation.observations import Observation
from forecast.reconciliation.smoothing.truncation import Bounds, root

PASTS_PER_STRATUM = 100  # paths drawn for each that is kept
NOT_NEGATIVE = ("count", "duration")  # on a linear scale
DOUBTED = "doubted"  # origin, as shown, of a year whose published figure the path leaves


class HistoryError(UserError):
    """There is no history; the message names what is missing, or why it cannot be computed.

    Attributes
    ----------
    computed : bool
        Whether there were enough figures, but they cannot be computed.
    """

    status = 1
    computed = False


@dataclass(frozen=True, eq=False)
class History:
    """The reconciled yearly path of one indicator of one region.

    Attributes
    ----------
    years : ndarray of int, shape (n_years,)
        Consecutive years, the last one is the last of which there is any figure.
    mean, cov : ndarray, shapes (n_years,) and (n_years, n_years)
        Posterior of the path on the scale `scale` (log, logit or linear), bounds respected.
    origin : tuple of str
        Per year ``published``, ``derived``, ``nowcast`` (from part of the year), ``imputed`` (from
        related series only) or ``interpolated``.
    observations : DataFrame
        One row per observation, with the columns of
        `forecast.reconciliation.fitted.FittedObservation`, whether it was ``used`` (or why not:
        ``unused``), and the years that it ``touches``.
    steps : DataFrame
        One row per older basis: ``basis``, ``step`` (relative to the reference), ``low``, ``high``.
    step_cov : ndarray, shape (n_steps, n_years + n_steps)
        Covariance of the steps with the path and with each other.
    kind : str
        Of the indicator: flow, stock, share, ...; series are compared with their own kind.
    year_starts : int
        Month in which the years begin; a year has the number of the calendar year it ends in.
    deflator : Series
        Posterior mean of the yearly log change of prices, for years with real growth.
    price_noise : DataFrame
        By the same years, how the price change varies with nominal growth in the posterior: the
        regression's ``slope`` and the ``sd`` that is left.
    noise : float
        Standard deviation of a usual yearly change around the trend, on the scale.
    related : DataFrame
        One row per series it was reconciled with: ``region, indicator, relation`` (parent or part)
        and ``influence``, as of an observation.
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
    observations: pd.DataFrame
    steps: pd.DataFrame
    deflator: pd.Series
    noise: float
    kind: str = "flow"
    year_starts: int = 1
    price_noise: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["slope", "sd"], dtype=float)
    )
    related: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            columns=["region", "indicator", "relation", "influence"]
        )
    )
    bounds: Bounds | None = None
    step_cov: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))

    @classmethod
    def from_series(
        cls, series: pd.Series[Any], *, scale: str = "auto", kind: str = "flow", unit: str = ""
    ) -> History:
        """Take a yearly series as a history: its figures are exact, years between them estimated.

        The years of a gap lie on a line between the figures around it, on the scale of the models,
        with the spread of a random walk tied to both (Brownian bridge).

        Parameters
        ----------
        series : Series
            By year; see `forecast.evidence.panels.yearly`. A name ``region/indicator`` is the key.
        scale : {"auto", "log", "logit", "linear"}
            Of the models; ``auto``: log where all values are positive, linear otherwise. A share in
            percent is ``logit``.
        kind : str
            ``flow``, ``stock`` or ``share``.
        unit : str

        Raises
        ------
        forecast.evidence.problems.DataError
            With everything that is wrong with the series.

        Examples
        --------
        >>> history = History.from_series(pd.Series({2020: 100.0, 2022: 110.0, 2023: 115.0}))
        >>> history.table()[["year", "estimate", "origin"]]
           year    estimate        origin
        0  2020  100.000000     published
        1  2021  104.880885  interpolated
        2  2022  110.000000     published
        3  2023  115.000000     published
        """
        known_scale(scale)
        values = yearly(series)
        low, high = np.array([values.min()]), np.array([values.max()])
        if scale == "auto":
            scale = "log" if low[0] > 0 else "linear"
        chosen, key = transform(scale), str(series.name or "series")
        admitted(np.array([key]), low, high, scale, key)
        years = np.arange(values.index[0], values.index[-1] + 1)
        at = values.index.to_numpy(int)
        y: FloatArray = chosen.forward(np.asarray(values, float))
        steps = np.diff(y) / np.sqrt(np.diff(at))
        noise = float(np.std(steps, ddof=1)) if len(steps) > 1 else 0.0
        region, _, indicator = key.rpartition("/")
        rows = [
            vars(
                Observation(
                    observation=f"o{number:04d}", region=region, indicator=indicator,
                    period=str(year), measure="level", value=value, unit=unit, status="final",
                    year=year, canonical=value,
                )
            ) | {"touches": (year,)}
            for number, (year, value) in enumerate(
                zip(at.tolist(), values.tolist(), strict=True), start=1
            )
        ]  # fmt: skip
        statements = pd.DataFrame(rows).assign(
            used=True, fitted=values.to_numpy(), deviation=0.0, weight=1.0, influence=0.0,
            outlier=False, decides=True,
        )  # fmt: skip
        return cls(
            region, indicator, unit, chosen, years, np.interp(years, at, y),
            noise**2 * _bridges(years, at),
            tuple(np.where(np.isin(years, at), "published", "interpolated").tolist()),
            statements, pd.DataFrame(columns=["basis", "step", "low", "high"]),
            pd.Series(dtype=float), noise, kind,
        )  # fmt: skip

    @property
    def key(self) -> str:
        """``region/indicator``."""
        return f"{self.region}/{self.indicator}"

    def dated(self, year: int) -> Year:
        """Return a year of the path as a value that a language writes."""
        return Year(int(year), self.year_starts)

    @property
    def last_year(self) -> Year:
        """The last year of the path."""
        return self.dated(self.years[-1])

    def rate(self, growth: float, *, bare: bool = False) -> Rate:
        """Return growth per year as a language writes it; that of any percentage is in points."""
        points = self.unit == "%" and self.scale.name == "linear"
        return Rate(growth, "logit" if points else self.scale.name, self.unit, bare)

    @property
    def informed(self) -> np.ndarray:
        """Years about which something was published, as a mask of shape (n_years,)."""
        return np.array([kind != "interpolated" for kind in self.origin])

    @property
    def known(self) -> np.ndarray:
        """Years whose value follows from published figures of the whole year, as a mask."""
        return np.array([kind in ("published", "derived") for kind in self.origin])

    @cached_property  # every forecast of a panel asks all its series
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
        rows = self.observations
        if self.kind in NOT_NEGATIVE or rows.empty:
            return self.kind in NOT_NEGATIVE
        levels = rows[rows["used"].astype(bool) & (rows["measure"] == "level")]
        return bool(len(levels)) and float(levels["value"].min()) >= 0

    def in_unit(self, path: FloatArray) -> FloatArray:
        """Put values on the scale, of any shape, into the unit; none falls below a least value."""
        found = self.scale.inverse(path)
        return np.maximum(found, 0.0) if self.not_negative else found

    def figures(self) -> FloatArray:
        """Median path in the indicator's unit, published figures as they were published.

        A path on the log or logit scale holds them but for the last digits, and no share of 100 %;
        whether a target is met is judged by the figure itself.
        """
        return self._figures.copy()

    @cached_property
    def _figures(self) -> FloatArray:
        out = self.values().copy()
        for i in np.flatnonzero([kind == "published" for kind in self.origin]):
            out[i] = float(f"{self.published(int(self.years[i])):.12g}")  # 105,086 / 10 is 10,508.6
        return out

    def decided(self, year: int) -> bool:
        """Whether a published figure is the value of a year; estimates are open."""
        i = int(year - self.years[0])
        if not 0 <= i < len(self.years) or self.origin[i] != "published":
            return False
        rows = self.observations
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
        if year not in self._decisive:
            raise ValueError(f"{self.key}: no level was published for {year}")
        rows, one = self.observations, self._decisive[year]
        cells = ("value", "ratio", "converted_with")
        return stated_level({name: rows[name].array[one] for name in cells})

    def decisive(self, year: int) -> pd.Series:
        """Return the row of `observations` with the level that `published` returns."""
        return self.observations.iloc[self._decisive[year]]

    @cached_property
    def _decisive(self) -> dict[int, int]:
        rows = self.observations
        exact = (rows["measure"] == "level") & (rows["bound"] == "") & (rows["basis"] == "")
        at = np.flatnonzero(rows["used"].astype(bool) & exact)
        year, weight = rows["year"].to_numpy()[at], np.abs(rows["influence"].to_numpy(float)[at])
        decides = rows["decides"].to_numpy(bool)[at]
        return {int(year[i]): int(at[i]) for i in np.lexsort((-at, weight, decides))}

    def table(self, level: float = 0.90) -> pd.DataFrame:
        """Year by year: estimate, interval, origin and the statements behind it.

        Returns
        -------
        DataFrame with columns ``year, estimate, low, high, origin, statements``; the origin of a
        year whose published figure is an outlier is ``doubted``, the statements are observation
        ids, separated by spaces.
        """
        low, high = self.quantiles([0.5 - level / 2, 0.5 + level / 2]).T
        behind: dict[int, list[str]] = {int(year): [] for year in self.years}
        used = self.observations[self.observations["used"]]
        for name, years in zip(used["observation"], used["touches"], strict=True):
            for year in years:
                behind.setdefault(year, []).append(name)
        return pd.DataFrame(
            {
                "year": self.years,
                "estimate": self.values(),
                "low": low,
                "high": high,
                "origin": shown_origins(self),
                "statements": [" ".join(behind[int(year)]) for year in self.years],
            }
        )

    def draws(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Sample paths from the posterior under the bounds, on the scale, shape (n, n_years)."""
        if self.bounds:
            return self.bounds.draws(n, rng)
        draws: FloatArray = rng.standard_normal((n, len(self.mean))) @ root(self.cov).T
        return self.mean + draws

    def pasts(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Sample a few paths that spread evenly over what the last year may have been.

        Stratified by the last year's value: of four paths drawn at random, all may end high.
        On the scale, shape (n, n_years).
        """
        many = self.draws(PASTS_PER_STRATUM * n, rng)
        middle = PASTS_PER_STRATUM * np.arange(n) + PASTS_PER_STRATUM // 2
        chosen: FloatArray = many[np.argsort(many[:, -1], kind="stable")[middle]]
        return chosen[rng.permutation(n)]


def _bridges(years: np.ndarray, at: np.ndarray) -> FloatArray:
    """Covariance of a random walk, of unit steps, that is known in some years."""
    cov = np.zeros((len(years), len(years)))
    for start, end in pairwise(at.tolist()):
        inside = np.arange(start + 1, end)
        t = (inside - start).astype(float)
        place = np.ix_(inside - years[0], inside - years[0])
        cov[place] = np.minimum.outer(t, t) - np.outer(t, t) / (end - start)
    return cov


def stated_level(row: pd.Series | Mapping[str, Any]) -> float:
    """Return the level in a row of `History.observations`, in the indicator's unit.

    A converted figure has as many digits as its exchange rate bears.
    """
    value = float(row["value"] / row["ratio"])
    return float(f"{value:.4g}") if row["converted_with"] else value


@lasting
def doubted(history: History) -> dict[int, pd.Series]:
    """Return the published levels that the path leaves, where no other figure stands for the year.

    By year, the row of `History.observations`: of several, the one nearest to the path.
    """
    rows = history.observations
    if rows.empty:
        return {}
    flagged = (
        rows["used"].astype(bool)
        & rows["outlier"].astype(bool)
        & (rows["measure"] == "level")
        & (rows["bound"] == "")
        & (rows["status"] != "derived")
    )
    open_years = set(map(int, history.years[np.array(history.origin) != "published"]))
    some = rows[flagged & rows["year"].isin(open_years)]
    ratio = np.abs(some["value"].to_numpy() / some["fitted"].to_numpy())
    off = np.abs(np.log(np.maximum(ratio, 1e-300)))  # a share may be zero
    found: dict[int, pd.Series] = {}
    for place in np.argsort(off, kind="stable").tolist():
        found.setdefault(int(some["year"].iloc[place]), some.iloc[place])
    return found


def shown_origins(history: History) -> list[str]:
    """Return where each year of the path is known from, as shown: `DOUBTED` before all else."""
    years = doubted(history)
    return [
        DOUBTED if int(year) in years else origin
        for year, origin in zip(history.years, history.origin, strict=True)
    ]

"""Let what others expect bear on a forecast, as much as their record warrants.

An expectation is a soft observation of a future year. Its noise, and how far it goes along with the
error of our own forecast, follow from the best combination of the two on the record of the IMF
(`forecast.calibration.outside_forecasts`): with prior variance V of what is forecast, a combination
that takes over the share w of the difference and leaves k^2 V is the update by an observation
y = H g + noise with H = (1 - k^2) / w and noise variance V H^2 k^2 / (1 - k^2). In this form
several expectations enter together, with correlated noise, and draws are moved by the same operator
that scenarios use (`forecast.dependence.conditioning.condition`). Bates & Granger (1969) combine
forecasts by the covariance of their errors; Winkler (1981) gives the Bayesian form.

What is expected of a region bears on the regions in it as far as their past errors went together
with its own. Real growth bears on a nominal series through the change of prices.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray
from forecast.expectations.forecasts import PRIOR_PAIRS, Expectation, live, record
from forecast.forecasting import ensemble as learned
from forecast.forecasting.model_pool import Options, generator
from forecast.reconciliation.history import History
from forecast.reconciliation.smoothing.trend_prior import DEFLATOR_PRIOR
from forecast.resources import CALIBRATION
from forecast.verification.track_record import errors

MOST_PRICES = 0.9  # share of the variance of nominal growth that prices explain at most
CAP = 3.0  # no difference or error counts as more standard deviations
LEAST_GAIN = 0.02  # an expectation that moves nothing is left out
SEEN = [
    "region", "forecaster", "kind", "published", "year", "measure", "prices", "low", "high",
    "ours", "combined", "title", "url",
]  # fmt: skip


@dataclass(frozen=True)
class Constants:
    """What the record taught, by lead; the section ``outside`` of ``data/calibration.json``.

    Attributes
    ----------
    lead, gain, shift, spread, error : ndarray, shape (n,)
    across, between : float
        Correlations of the errors of one forecaster from year to year, and of two for one year.
    persistence, price_spread : float
        Of yearly changes of prices, log points.
    """

    lead: FloatArray
    gain: FloatArray
    shift: FloatArray
    spread: FloatArray
    error: FloatArray
    across: float
    between: float
    persistence: float
    price_spread: float

    def at(self, lead: float) -> tuple[float, float, float, float]:
        """Return gain, shift, spread and error at a lead; beyond the record its last."""
        gain, shift, spread, error = (
            float(np.interp(lead, self.lead, values))
            for values in (self.gain, self.shift, self.spread, self.error)
        )
        return gain, shift, spread, error


def constants_of(section: Mapping[str, Any]) -> Constants:
    """Read the constants from the section of the committed table."""
    arrays: list[FloatArray] = [
        np.array(section[name], float) for name in ("lead", "gain", "shift", "spread", "error")
    ]
    lead, gain, shift, spread, error = arrays
    across, between = float(section["across"]), float(section["between"])
    prices: dict[str, float] = section["prices"]
    return Constants(
        lead, gain, shift, spread, error, across, between, prices["persistence"], prices["spread"]
    )


@cache
def committed() -> Constants:
    """Return the constants that ship with the engine."""
    try:
        return constants_of(json.loads(CALIBRATION.read_text(encoding="utf-8"))["outside"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{CALIBRATION} has no section `outside` that can be read ({error}); "
            "`forecast calibrate` makes it"
        ) from error


# The update --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bearing:
    """One expectation as an observation of a state.

    Attributes
    ----------
    row : ndarray, shape (m,)
        What of the state it is about.
    stated : float
        On the scale of the state.
    lead : float
    year : int
    forecaster : str
    range : float
        Standard deviation of the stated range, 0 for a single figure.
    factor : float
        On the noise, from the record of its kind in our own data.
    usual : float
        Least standard deviation of a forecast of ours, on the scale of the state, that its noise
        is judged by: of a running year ours knows part already, theirs did not.
    """

    row: FloatArray
    stated: float
    lead: float
    year: int
    forecaster: str = ""
    range: float = 0.0
    factor: float = 1.0
    usual: float = 0.0


def updated(
    state: FloatArray, bearings: Sequence[Bearing], known: Constants, rng: np.random.Generator
) -> FloatArray:
    """Move draws to where expectations bring them.

    Parameters
    ----------
    state : ndarray, shape (n, m)
    bearings : sequence of Bearing
    known : Constants
    rng : Generator

    Returns
    -------
    ndarray, shape (n, m)
    """
    from forecast.dependence.conditioning import condition

    rows, values, noise, size, kept = [], [], [], [], []
    for b in bearings:
        figure = state @ b.row
        low, centre, high = np.quantile(figure, [0.16, 0.5, 0.84])
        s, variance = (high - low) / 2, float(np.var(figure))
        gain, shift, k, _ = known.at(b.lead)
        if gain < LEAST_GAIN or variance < 1e-16 or s <= 0:
            continue
        variance = max(variance, b.usual**2)
        h = (1 - k**2) / gain
        apart = s * float(np.clip((b.stated - centre) / s, -CAP, CAP))
        rows.append(h * b.row)
        values.append(h * centre + apart + shift * s / gain)
        noise.append(np.hypot(b.factor * h * k * np.sqrt(variance / (1 - k**2)), b.range))
        size.append(noise[-1] / h)
        kept.append(b)
    if not kept:
        return state
    # Correlated as far as no expectation gets a negative weight: the less sure one of two is taken
    # to be the surer one with further noise.
    alike = np.minimum.outer(size, size) / np.maximum.outer(size, size)
    together = np.array([[_correlation(a, b, known) for b in kept] for a in kept])
    np.fill_diagonal(alike, 1.0)
    root = np.linalg.cholesky(together * alike * np.outer(noise, noise))
    # In units of their joint noise the expectations are independent.
    moved = condition(
        state, np.linalg.solve(root, np.array(rows)), np.linalg.solve(root, np.array(values)),
        1.0, rng, [f"{b.forecaster} on {b.year}" for b in kept], np.inf,
    )  # fmt: skip
    return moved.draws


def _correlation(a: Bearing, b: Bearing, known: Constants) -> float:
    if a is b:
        return 1.0
    same = a.forecaster == b.forecaster and a.year != b.year
    return float(known.across ** abs(a.year - b.year) * (1.0 if same else known.between))


# A series and what bears on it -------------------------------------------------------------------


@dataclass(frozen=True)
class Combined:
    """Draws of a series after what others expect was taken in.

    Attributes
    ----------
    past : ndarray, shape (n, n_years)
    ahead : ndarray, shape (n, horizon)
    seen : DataFrame
        A row per expectation, columns `SEEN`: ``ours`` and ``combined`` are medians of what it is
        about, before and after.
    """

    past: FloatArray
    ahead: FloatArray
    seen: pd.DataFrame


@dataclass(frozen=True)
class Outlook:
    """All that is needed to let expectations bear on series.

    Attributes
    ----------
    evidence : Evidence
    histories : mapping of str to History
    past : DataFrame or None
        Past forecasts of all series (`forecast.verification.track_record`), which tell how
        errors of regions go together; without them only what is expected of a series itself counts.
    options : Options
    """

    evidence: Evidence
    histories: Mapping[str, History]
    past: pd.DataFrame | None
    options: Options

    def concerned(self, history: History) -> list[History]:
        """Return the series itself and those above it, as far as something is expected of them."""
        parent = self.evidence.regions.set_index("region")["parent"]
        region, found = history.region, []
        while region:
            key = f"{region}/{history.indicator}"
            known = history if region == history.region else self.histories.get(key)
            if known is not None and live(self.evidence, known):
                found.append(known)
            region = str(parent.get(region, ""))
        return found

    def expected(self, history: History) -> list[Expectation]:
        """Return what bears on a series: what is expected of it and of the regions above it."""
        if self.options.outside == "none":
            return []
        return [e for known in self.concerned(history) for e in live(self.evidence, known)]

    def combined(self, history: History, past: FloatArray, ahead: FloatArray) -> Combined:
        """Take in what others expect of a series and of the regions above it.

        Parameters
        ----------
        history : History
        past : ndarray, shape (n, n_years)
            The known past of every draw, on the scale of the models.
        ahead : ndarray, shape (n, horizon)

        Returns
        -------
        Combined
        """
        nothing = Combined(past, ahead, pd.DataFrame(columns=SEEN))
        if self.options.outside == "none":
            return nothing
        end = int(history.years[-1]) + ahead.shape[1]
        rng = generator(self.options.seed, history.key, "outside")
        state = np.hstack([past, ahead])
        own = _Block(history, state)
        bearings, told, prices = [], [], {}
        for other in self.concerned(history):
            expected = [e for e in live(self.evidence, other) if e.year <= end]
            block = own
            if other is not history and expected:
                there = self._above(history, state, other, expected, rng)
                if there is None:
                    continue
                block = _Block(other, there, state.shape[1])
                state = np.hstack([state, there])
            for e in expected:
                if e.prices == "real" and (other.key, e.year) not in prices:
                    prices[other.key, e.year] = state.shape[1]
                    state = np.column_stack([state, self._prices(block, e.year, rng)])
                column = prices.get((other.key, e.year)) if e.prices == "real" else None
                bearing = self._bearing(e, block, state.shape[1], column)
                bearings.append(bearing)
                told.append(e)
        if not bearings:
            return nothing
        bearings = [_padded(b, state.shape[1]) for b in bearings]
        after = updated(state, bearings, committed(), rng)
        rows = [_seen(e, b, state, after) for e, b in zip(told, bearings, strict=True)]
        n = past.shape[1]
        return Combined(
            after[:, :n], after[:, n : n + ahead.shape[1]], pd.DataFrame(rows, columns=SEEN)
        )

    def _above(
        self,
        history: History,
        state: FloatArray,
        other: History,
        expected: Sequence[Expectation],
        rng: np.random.Generator,
    ) -> FloatArray | None:
        """Draw the path of a region above, its growth ordered along the draws of the series.

        In every expected year growth of the two goes together as their past errors did.
        """
        from scipy.special import ndtri

        from forecast.dependence.copula import ordered

        if self.past is None:
            return None
        years = [e.year for e in expected]
        n, more = len(state), max(years) - int(other.years[-1])
        if more > 0:
            path = np.hstack(learned.draws(self.histories, other, more, n, rng))
        else:
            path = other.draws(n, rng)
        rho = self._correlation(history, other)
        growth = np.diff(path, axis=1)
        for year in range(min(years), max(years) + 1):
            i, j = (year - int(known.years[0]) for known in (history, other))
            rank = np.argsort(np.argsort(state[:, i] - state[:, i - 1], kind="stable"))
            score = rho * ndtri((rank + 0.5) / n) + np.sqrt(1 - rho**2) * rng.standard_normal(n)
            growth[:, j - 1] = ordered(growth[:, j - 1], score)
        out: FloatArray = path[:, [0]] + np.cumsum(np.hstack([0 * path[:, [0]], growth]), axis=1)
        return out

    def _correlation(self, a: History, b: History) -> float:
        """Correlation of the errors of two series of one indicator, shrunk to that of its like."""
        from forecast.dependence.copula import Label, learn

        assert self.past is not None
        rows = self.past[self.past["series"].str.endswith(f"/{a.indicator}")]
        keys = list(dict.fromkeys([a.key, b.key, *map(str, rows["series"])]))
        labels = [Label(key, key.split("/")[0], a.indicator, a.kind) for key in keys]
        regions = self.evidence.regions
        parent = dict(zip(regions["region"].map(str), regions["parent"].map(str), strict=True))
        table = rows[["series", "origin", "horizon"]].assign(error=errors(rows))
        return float(np.clip(learn(table, labels, parent)[0, 1], 0.0, 0.99))

    def _bearing(self, e: Expectation, block: _Block, size: int, prices: int | None) -> Bearing:
        """State an expectation as a row; real growth is nominal growth less that of prices."""
        shift, factor = self._own_record(e)
        row = np.zeros(size)
        now = block.start + e.year - int(block.history.years[0])
        row[now] = 1.0
        if e.measure == "level":
            ends = block.history.scale.forward(np.array([e.low, e.high]))
        else:
            row[now - 1] = -1.0
            ends = np.log1p(np.array([e.low, e.high]) / 100)
        if prices is not None:
            row[prices] = -1.0
        spread = float(ends[1] - ends[0]) / np.sqrt(12)
        stated = float(ends.mean()) + shift
        running = e.year <= int(block.history.years[-1])
        usual = block.history.noise if running else 0.0
        return Bearing(row, stated, e.lead, e.year, e.forecaster, float(spread), factor, usual)

    def _own_record(self, e: Expectation) -> tuple[float, float]:
        """Correction of the mean and of the noise by what its kind did in our own data.

        Few pairs, shrunk to what the record of the IMF says.
        """
        pairs = record(self.evidence).get(e.kind, [])
        weight = PRIOR_PAIRS + len(pairs)
        shift = sum(error for _, error in pairs) / weight / 100
        squares = sum((error / committed().at(lead)[3]) ** 2 for lead, error in pairs)
        return shift, float(np.sqrt((PRIOR_PAIRS + squares) / weight))

    def _prices(self, block: _Block, year: int, rng: np.random.Generator) -> FloatArray:
        """Draw the change of prices of a year along the draws of nominal growth.

        Where the reconciliation knows of the year, its posterior says how the two go together.
        Later years return from there to `DEFLATOR_PRIOR`, real growth and prices independent.
        """
        known, persistence = block.history.deflator, committed().persistence
        at = year - int(block.history.years[0])
        growth = block.path[:, at] - block.path[:, at - 1]
        noise = rng.standard_normal(len(growth))
        out: FloatArray
        if year in known.index:
            slope, sd = block.history.price_noise.loc[year, ["slope", "sd"]].to_numpy(float)
            out = float(known[year]) + slope * (growth - growth.mean()) + sd * noise
            return out
        mean = DEFLATOR_PRIOR[0]
        before = [int(y) for y in known.index if int(y) < year]
        if before:
            mean += (float(known[before[-1]]) - mean) * persistence ** (year - before[-1])
        variance = float(np.var(growth))
        own = min(committed().price_spread ** 2, MOST_PRICES * variance)
        share = own / max(variance, 1e-16)
        out = mean + share * (growth - growth.mean()) + np.sqrt(own * (1 - share)) * noise
        return out


@dataclass(frozen=True)
class _Block:
    """Where in the state the path of a series stands."""

    history: History
    path: FloatArray
    start: int = 0


def _padded(b: Bearing, size: int) -> Bearing:
    return replace(b, row=np.pad(b.row, (0, size - len(b.row))))


def _seen(e: Expectation, b: Bearing, before: FloatArray, after: FloatArray) -> tuple[object, ...]:
    def shown(state: FloatArray) -> float:
        median = float(np.median(state @ b.row))
        return 100 * float(np.expm1(median)) if e.measure == "growth" else median

    return (
        e.region, e.forecaster, e.kind, e.published, e.year, e.measure, e.prices, e.low, e.high,
        shown(before), shown(after), e.title, e.url,
    )  # fmt: skip

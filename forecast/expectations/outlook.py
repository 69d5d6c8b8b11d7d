"""Expectations that concern a series, as observations of its path, and their update of its draws.

An expectation for a region concerns the regions in it as far as their past errors were correlated
with its own. Expected real growth concerns a nominal series through the change of prices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from forecast.cache import cached
from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray
from forecast.expectations.forecasts import PRIOR_PAIRS, Expectation, live, record
from forecast.expectations.update import Bearing, committed, updated
from forecast.forecasting import ensemble as learned
from forecast.forecasting.model_pool import Options, generator, growing, widened
from forecast.reconciliation.history import History
from forecast.reconciliation.smoothing.trend_prior import DEFLATOR_PRIOR
from forecast.verification.track_record import past_errors

MOST_PRICES = 0.9  # share of the variance of nominal growth that prices explain at most
SEEN = [
    "region", "forecaster", "kind", "published", "year", "measure", "prices", "low", "high",
    "ours", "combined", "least", "most", "title", "url",
]  # fmt: skip


@dataclass(frozen=True)
class Combined:
    """Draws of a series, updated by the expectations of others."""

    past: FloatArray  # shape (n, n_years)
    ahead: FloatArray  # shape (n, horizon)
    #: A row per expectation, columns `SEEN`: ``ours`` and ``combined`` are medians of the figure
    #: expected, before and after the update; ``least`` to ``most`` is the 90 % interval after it.
    seen: pd.DataFrame


@dataclass(frozen=True)
class Outlook:
    """The expectations of others, and the histories and errors by which they update draws."""

    evidence: Evidence
    histories: Mapping[str, History]
    #: Past forecasts of all series (`forecast.verification.track_record`), for the correlation of
    #: errors between regions; without them only expectations of the series itself count.
    past: pd.DataFrame | None
    options: Options

    def concerned(self, history: History) -> list[History]:
        """Return the series itself and those of the regions above, where expectations exist."""
        found = []
        for region in self.evidence.chain(history.region):
            key = f"{region}/{history.indicator}"
            known = history if region == history.region else self.histories.get(key)
            if known is None or known.year_starts != history.year_starts:
                continue  # a year of other months is another year
            if live(self.evidence, known):
                found.append(known)
        return found

    def expected(self, history: History) -> list[Expectation]:
        """Return the expectations of a series and of the regions above it."""
        if self.options.outside == "none":
            return []
        return [e for known in self.concerned(history) for e in live(self.evidence, known)]

    def draws(
        self, history: History, horizon: int, spread: FloatArray
    ) -> tuple[Combined, FloatArray, FloatArray]:
        """Draw a series by the learned ensemble, updated by the expectations of others.

        Parameters
        ----------
        history : History
            One of `histories`.
        horizon : int
            Years ahead.
        spread : ndarray, shape (horizon,)
            Factors on the spread; see `forecast.verification.track_record.spread_factors`.

        Returns
        -------
        Combined
        ndarray, shape (draws, horizon)
            The draws ahead before the update, on the scale of the models.
        ndarray, shape (horizon,)
            The factors by which their spread was scaled.
        """
        rng, n = generator(self.options.seed, history.key, "learned"), self.options.draws
        like = learned.group(history)
        marks = tuple(h.fingerprint for h in self.histories.values() if learned.group(h) == like)
        past, raw = cached(
            ("learned", history.fingerprint, marks, horizon, n, self.options.seed),
            lambda: learned.draws(self.histories, history, horizon, n, rng),
        )
        factors = growing(raw, spread)
        ahead = widened(raw, factors)
        return self.combined(history, past, ahead), ahead, factors

    def combined(self, history: History, past: FloatArray, ahead: FloatArray) -> Combined:
        """Update draws of a series, on the scale of models, by what is expected of it and above.

        The known past of every draw is beside what is ahead of it.
        """
        nothing = Combined(past, ahead, pd.DataFrame(columns=SEEN))
        if self.options.outside == "none":
            return nothing
        end = int(history.years[-1]) + ahead.shape[1]
        rng = generator(self.options.seed, history.key, "outside")
        state = np.hstack([past, ahead])
        own = _Block(history, state)
        bearings, stated, prices = [], [], {}
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
                stated.append((e, other))
        if not bearings:
            return nothing
        size = state.shape[1]
        bearings = [replace(b, row=np.pad(b.row, (0, size - len(b.row)))) for b in bearings]
        after = updated(state, bearings, committed(), rng)
        rows = [_seen(e, of, b, state, after) for (e, of), b in zip(stated, bearings, strict=True)]
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
        return path[:, [0]] + np.cumsum(np.hstack([0 * path[:, [0]], growth]), axis=1)

    def _correlation(self, a: History, b: History) -> float:
        """Correlation of the errors of two series of one indicator, shrunk to that of its like."""
        from forecast.dependence.copula import Label, among

        assert self.past is not None
        labels = [Label(h.key, h.region, h.indicator, h.kind) for h in (a, b)]
        among_errors = among(past_errors(self.past), labels, self.evidence.parents)
        return float(np.clip(among_errors[0, 1], 0.0, 0.99))

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
        """Correct the mean and the noise by the errors of its kind in these data.

        The pairs are few; they are shrunk to the record of the IMF.
        """
        pairs = self._record.get(e.kind, [])
        weight = PRIOR_PAIRS + len(pairs)
        shift = sum(error for _, error in pairs) / weight / 100
        squares = sum((error / committed().at(lead)[3]) ** 2 for lead, error in pairs)
        return shift, float(np.sqrt((PRIOR_PAIRS + squares) / weight))

    @cached_property
    def _record(self) -> dict[str, list[tuple[float, float]]]:
        return record(self.evidence)

    def _prices(self, block: _Block, year: int, rng: np.random.Generator) -> FloatArray:
        """Draw the change of prices of a year along the draws of nominal growth.

        Within the reconciled years the joint posterior is used. Later years return from there to
        `DEFLATOR_PRIOR`, real growth and prices independent.
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
    """Columns of the state that hold the path of a series."""

    history: History
    path: FloatArray
    start: int = 0


def _seen(
    e: Expectation, of: History, b: Bearing, before: FloatArray, after: FloatArray
) -> tuple[object, ...]:
    def shown(state: FloatArray, *levels: float) -> list[float]:
        found = np.quantile(state @ b.row, levels)
        values = 100 * np.expm1(found) if e.measure == "growth" else of.in_unit(found)
        return [float(value) for value in values]

    return (
        e.region, e.forecaster, e.kind, e.published, e.year, e.measure, e.prices, e.low, e.high,
        *shown(before, 0.5), *shown(after, 0.5, 0.05, 0.95), e.title, e.url,
    )  # fmt: skip

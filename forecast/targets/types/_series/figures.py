"""Figures that are computed from draws of series: growth, ratios, sums, places in a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.facts import Amount, Fact, Rate, Year, fact
from forecast.forecasting.model_pool import Draws
from forecast.reconciliation.history import History
from forecast.targets.assessment import PARTS, QUANTILES, Missing, growth
from forecast.targets.question import Question
from forecast.targets.types._series.parts import Series, latest, part_of
from forecast.targets.types.markets import SeriesAnswer

SPANS = (3, 5)  # years over which the pace so far is shown


@dataclass(frozen=True, eq=False)
class FigureAnswer(SeriesAnswer):
    """The answer on a figure that is computed from series; its paths are those of the figure."""

    #: In which the figure can be computed, the target year last; shape (n_years,).
    years: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    #: Of the figure, in the target's unit; shape (n_draws, n_years).
    draws: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    last: int = 0  # last year in which all series are known or estimated
    #: How a pace is written: see `forecast.facts.Rate`.
    pace_scale: str = "log"
    pace_unit: str = ""

    @property
    def until(self) -> int | None:
        """Last year in which all series are known or estimated."""
        return self.last or None

    @property
    def when(self) -> Year:
        """That year, as a language writes it."""
        return self.dated(self.last)

    @property
    def now(self) -> float | None:
        """Median of the figure in that year, where it has one."""
        found = self.draws[:, self.years == self.last]
        return float(np.median(found)) if found.size else None

    def rate(self, growth: float, *, bare: bool = False) -> Rate:
        """Return a pace with the scale and unit of the figure."""
        return Rate(growth, self.pace_scale, self.pace_unit, bare)

    def fan(self, levels: Sequence[float]) -> pd.DataFrame:
        """Return quantiles of the figure, one row a year (index ``year``), one column a level."""
        found = np.quantile(self.draws, levels, axis=0).T
        return pd.DataFrame(found, pd.Index(self.years, name="year"), list(levels))

    def told(self) -> list[Fact]:
        """Return where the figure stands, and the latest figures it is made of."""
        now = self.now
        if now is None:
            return super().told()
        value = Amount(now, self.unit)
        return [fact("kind-now", kind=self.kind, year=self.when, value=value), *super().told()]

    def brief(self) -> Fact | None:
        """Return where the figure stands."""
        if self.now is None:
            return super().brief()
        return fact("brief-figure", value=Amount(self.now, self.unit), year=self.when)


Figure = TypeVar("Figure", bound=FigureAnswer)
Pace = Callable[[pd.Series, int], dict[str, Any]]


@dataclass(frozen=True)
class Formula:
    """How a figure is computed."""

    series: tuple[Series, ...]  # region and indicator
    #: Draws of the series, each of shape (n_draws, n_years), and the years -> the figure, of the
    #: same shape; NaN in years in which there is none.
    of: Callable[[list[FloatArray], np.ndarray], FloatArray]
    reason: Fact  # why there is no answer where a series has none
    #: Years whose figures decide that of a year.
    needs: Callable[[int], Iterable[int]] = lambda year: (year,)
    #: Medians of the figure by year, and the last year that is known -> fields of the answer.
    pace: Pace = lambda median, last: {}
    #: Of a figure that can only grow: the series -> what published figures alone come to.
    least: Callable[[list[History]], float] | None = None
    whole: bool = False  # whether it is a whole number


def figure(q: Question, form: type[Figure], formula: Formula, **own: Any) -> Figure:
    """Answer from joint draws of the series of a figure; `own` are further fields of its form."""
    histories, paths, parts, missing = _gathered(q, formula)
    shown: dict[str, Any] = {"parts": parts, **own}
    if len(histories) == 1:
        shown["history"] = histories[0]
    if missing:
        known = len(formula.series) > 1 and parts["value"].notna().any()
        status = "partly_known" if known else "not_assessable"
        return q.answer(form, status, formula.reason, missing=missing, **shown)
    record, floor = q.judged(histories)
    years = np.arange(max(int(h.years[0]) for h in histories), q.year + 1)
    aligned = [path[:, -len(years) :] for path in q.joint(histories, paths)]
    draws = formula.of(aligned, years)
    there = ~np.isnan(draws).any(axis=0)
    years, draws = years[there], draws[:, there]
    last = min(min(int(h.years[-1]) for h in histories), q.year)
    final, ahead = draws[:, -1], years > last
    shown |= {"years": years, "draws": draws, "last": last, "record": record}
    if last < q.year:
        shown["paths"] = Draws(years[ahead], {}, np.ones(ahead.sum()), {}, draws[:, ahead])
        median = pd.Series(np.median(draws, axis=0), years)
        shown |= formula.pace(median, last)

    def decided(year: int) -> bool:
        return all(h.decided(y) for h in histories for y in formula.needs(year))

    sure = np.array([decided(int(year)) for year in years])
    met = q.criterion.met(draws)
    outcome = bool(met[0, -1]) if sure[-1] else None
    if outcome is None and formula.least is not None:
        outcome = _passed(q, formula.least(histories))
    ends = np.quantile(final, QUANTILES)
    if formula.whole:
        ends = np.quantile(final, QUANTILES, method="inverted_cdf")
    share = float(met[:, -1].mean()) if outcome is None else float(outcome)
    error = float(np.sqrt(np.var(met[:, -1]) / len(met)))
    first = _first_year(q, years, met, sure)
    if (
        formula.least is not None and not q.criterion.upward
    ):  # below a limit in every year until it is passed
        first = {}
    now = bool((sure & (years == last) & met[0]).any()) and formula.least is None
    return q.answer(
        form, "already_met" if outcome or (outcome is None and now) else "assessed",
        probability=share, probability_draws=share,
        standard_error=error if outcome is None else 0.0,
        floor=floor if outcome is None else None,
        quantiles=dict(zip(QUANTILES, ends.tolist(), strict=True)),
        probability_ever=1 - first["never"] if first else None, first_year=first, **shown,
    )  # fmt: skip


def _gathered(
    q: Question, formula: Formula
) -> tuple[list[History], list[FloatArray], pd.DataFrame, tuple[Missing, ...]]:
    """Return the series, their draws, their latest figures, and the figures that are missing."""
    histories, paths, rows, missing = [], [], [], list[Missing]()
    # Regions tell series of one indicator apart; else the indicator has to be named.
    named = len(formula.series) == 1 or len({name for _, name in formula.series}) > 1
    begins = min(formula.needs(q.year))
    for region, indicator in formula.series:
        part = q.on(region, indicator)
        name = q.evidence.series_name(region, indicator) if named else q.place(region)
        row = part_of(name, latest(q.evidence, region, indicator))
        row["unit"] = str(q.evidence.indicator(indicator)["unit"])
        history, path = part.drawn(region)
        if history is None or path is None:
            missing += part.lacking(region, history)
        else:
            histories.append(history)
            paths.append(path)
            row["state"] = "forecast"
            what = fact("missing-level")
            gone = range(begins, int(history.years[0]))
            missing += [Missing(region, indicator, str(year), what) for year in gone]
        rows.append(row)
    return histories, paths, pd.DataFrame(rows, columns=[*PARTS, "unit"]), tuple(missing)


def _passed(q: Question, least: float) -> bool | None:
    """Return whether a figure that can only grow meets the target for good, or no more."""
    if q.criterion.met(np.array([least]))[0]:
        return True if q.criterion.upward else None
    return None if q.criterion.wants_more(least) else False


def _first_year(
    q: Question, years: np.ndarray, met: np.ndarray, sure: np.ndarray
) -> dict[str, float]:
    """Return the share of draws in which each year since the adoption is the first that meets."""
    ours = years >= q.adopted_in
    known = years[ours & sure & met[0]]
    if len(known):
        return {str(int(known[0])): 1.0, "never": 0.0}
    still = ours & ~sure
    if not still.any():
        return {"never": 1.0}
    return first_years(years[still], met[:, still])


def first_years(years: np.ndarray, met: np.ndarray) -> dict[str, float]:
    """Return the share of draws, shape (n, n_years), of which each year is the first that meets."""
    first = np.where(met.any(axis=1), met.argmax(axis=1), len(years))
    share = np.bincount(first, minlength=len(years) + 1) / len(first)
    named = {str(int(y)): float(p) for y, p in zip(years, share, strict=False)}
    return {**named, "never": float(share[-1])}


def change(q: Question, scale: str) -> Pace:
    """Return the pace of a figure itself: percent a year on ``log`` scale, points on ``logit``."""

    def pace(median: pd.Series, last: int) -> dict[str, Any]:
        if last not in median.index:
            return {}
        now, ends = float(median[last]), needed(q, float(median[last]))
        spans = [span for span in SPANS if last - span in median.index]
        return {
            **{name: growth(scale, now, end, q.year - last) for name, end in ends.items()},
            "achieved": {s: growth(scale, float(median[last - s]), now, s) for s in spans},
            "pace_scale": scale,
        }

    return pace


def needed(q: Question, now: float) -> dict[str, float]:
    """Return the limits of a target by the field that holds the pace to them, the nearer first."""
    ends = sorted(q.criterion.ends, key=lambda end: end != q.criterion.nearest(now))
    return dict(zip(("required", "required_to"), ends, strict=False))

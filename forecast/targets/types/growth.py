"""Growth since a base year: of a level in percent or as an index, of a share in points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.comparisons import RANGE
from forecast.evidence.scales import FloatArray
from forecast.facts import Amount, Fact, Interval, Points, Year, fact
from forecast.targets.assessment import growth
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case
from forecast.targets.types._series.figures import SPANS, FigureAnswer, Formula, figure, needed

#: What a fall is called by its size: at most -50 % is a fall of at least 50 %.
OPPOSITE = {"at_least": "at_most", "exceed": "below", "at_most": "at_least", "below": "exceed"}


@dataclass(frozen=True, eq=False)
class GrowthAnswer(FigureAnswer):
    """The answer on growth since a base year."""

    #: Median of the level of the base year, in the unit of the series; None where that year is
    #: ahead.
    base: float | None = None

    @property
    def start(self) -> Year:
        """The base year."""
        return self.dated(self.target["start"])

    @property
    def goal(self) -> Fact:
        """Growth from the base year to the target year, a fall by its size."""
        comparison, unit = self.criterion.comparison, _word(self.unit)
        ends, sense = np.array(self.criterion.ends), "change"
        if comparison != RANGE:
            ends = np.array([self.value])  # as the plan says it, with "about"
        if self.unit != "index" and (max(ends) < 0 or min(ends) >= 0):
            sense = "fall" if max(ends) < 0 else "growth"
        if sense == "fall":
            ends, comparison = -ends[::-1], OPPOSITE.get(comparison, comparison)
        told = {"first": self.start, "year": self.year, "unit": unit}
        shown = "%" if unit == "yearly" else self.unit
        value: object = Amount(float(ends[0]), shown, exact=True)
        if len(ends) > 1:
            value = Interval(float(ends[0]), float(ends[1]), shown, exact=True)
        elif shown == "pp":
            value = Points(float(ends[0]), 0 if ends[0] == round(ends[0]) else 2)
        return fact("goal-growth", sense=sense, comparison=comparison, value=value, **told)

    @property
    def since(self) -> int:
        """Last known year, or the base year where that is still ahead."""
        return max(self.last, self.start)

    def told(self) -> list[Fact]:
        """Return the base, and the growth since it."""
        if self.history is None:
            return []
        unit, first = self.history.unit, int(self.history.years[0])
        if self.start < first:
            return [fact("kind-base-unknown", year=self.start, first=self.dated(first))]
        if self.base is None:
            value = Amount(float(self.history.values()[-1]), unit)
            return [fact("kind-base-ahead", year=self.start, last=self.when, value=value)]
        origin = "published" if self.history.decided(self.start) else "estimated"
        told = [fact("kind-base", year=self.start, value=Amount(self.base, unit), origin=origin)]
        if self.now is not None:
            now = Amount(self.now, self.unit)
            told.append(fact("kind-grown", year=self.when, value=now, unit=_word(self.unit)))
        return told

    def outlook(self) -> Fact:
        """Return median and 90 % interval of the growth to the target year."""
        found = super().outlook()
        return Fact(found.message, {**found.args, "unit": _word(self.unit)})

    @property
    def level_ends(self) -> tuple[float, ...] | None:
        """Levels that meet it, where the base year is not ahead."""
        if self.base is None:
            return None
        ends = self.criterion.ends
        return tuple(level(self.base, end, self.unit, self.year - self.start) for end in ends)


def _word(unit: str) -> str:
    return {"%": "total", "index": "index", "pp": "points"}.get(unit, "yearly")


def grown(path: FloatArray, base: FloatArray, years: np.ndarray, unit: str) -> FloatArray:
    """Return growth from a base, after some years, in one of the units of growth.

    ``%``, ``% per year``, ``index`` (the base is 100) or ``pp``.

    Examples
    --------
    >>> end, base, years = np.array(121.0), np.array(100.0), np.array(2)
    >>> [float(grown(end, base, years, u).round(9)) for u in ("%", "% per year", "index", "pp")]
    [21.0, 10.0, 121.0, 21.0]
    """
    if unit == "pp":
        return path - base
    if unit == "index":
        return 100 * path / base
    power = 1.0 if unit == "%" else 1 / years
    result: FloatArray = 100 * ((path / base) ** power - 1)
    return result


def level(base: float, value: float, unit: str, years: int) -> float:
    """Return the level that growth leads to: the inverse of `grown`."""
    if unit == "pp":
        return base + value
    if unit == "index":
        return base * value / 100
    return float(base * (1 + value / 100) ** (1 if unit == "%" else years))


def assess(question: Question) -> GrowthAnswer:
    """Answer from draws of the past and the future of the series, each a path of its own.

    The base year may be published, estimated or still ahead.
    """
    q, unit = question, str(question.row["unit"])
    start, key = int(question.row["start"]), (question.region, question.indicator)

    def of(paths: list[FloatArray], years: np.ndarray) -> FloatArray:
        since = np.maximum(years - start, 1)
        found = grown(paths[0], paths[0][:, years == start], since, unit)
        return np.where(years > start, found, np.nan)

    formula = Formula(
        (key,),
        of,
        fact("reason-no-growth", start=Year(start, q.year_starts)),
        needs=lambda year: (start, year),
    )
    found = figure(q, GrowthAnswer, formula)
    history = found.history
    if history is None or found.probability is None:
        return found
    base = None
    if start <= int(history.years[-1]):
        base = float(history.figures()[start - int(history.years[0])])
    return _with_pace(q, found, base)


def _with_pace(q: Question, found: GrowthAnswer, base: float | None) -> GrowthAnswer:
    """Add the growth a year of the series that is required, and that was achieved."""
    history = found.history
    assert history is not None
    scale, last = history.scale.name, int(history.years[-1])
    values = pd.Series(history.values(), history.years)
    now = float(values[last])
    origin, begin = (now, last) if base is not None else (now, found.start)
    span, whole = q.year - begin, q.year - found.start
    pace: dict[str, Any] = {}
    if span > 0:
        for name, end in needed(q, found.now or 0.0).items():
            target = level(now if base is None else base, end, found.unit, whole)
            pace[name] = growth(scale, origin, target, span)
    spans = [s for s in SPANS if last - s in values.index]
    pace["achieved"] = {s: growth(scale, float(values[last - s]), now, s) for s in spans}
    return replace(found, base=base, pace_scale=scale, pace_unit=history.unit, **pace)


def suppose(study: Source, answer: GrowthAnswer) -> list[Case]:
    """Suppose nothing: no level is at hand that growth could be measured from."""
    return []

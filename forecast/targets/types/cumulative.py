"""A sum over years: what is known of them, and draws of the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.facts import Amount, Fact, Year, Years, fact
from forecast.reconciliation.history import History
from forecast.targets.assessment import PARTS, Missing
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case, levels
from forecast.targets.types._series.figures import SPANS, FigureAnswer, Formula, figure, needed


@dataclass(frozen=True, eq=False)
class SumAnswer(FigureAnswer):
    """The answer on a sum over years."""

    done: float = 0.0  # sum up to the last year that is known or estimated, in the unit

    @property
    def start(self) -> Year:
        """First year of the sum."""
        return self.dated(self.target["start"])

    @property
    def now(self) -> float | None:
        """Nothing: of a sum, what is reached so far says nothing of its pace."""
        return None

    def told(self) -> list[Fact]:
        """Return what the years so far come to."""
        if not self.done:
            return []
        n, done = self.last - self.start + 1, Amount(self.done, self.unit)
        told = [fact("kind-sum", n=n, start=self.start, last=self.when, done=done)]
        states = enumerate(self.parts["state"], self.start)
        if years := [self.dated(year) for year, state in states if state == "estimated"]:
            told.append(fact("kind-sum-estimated", years=Years(years), n=len(years)))
        return [*told, fact("kind-count-goal", goal=self.goal)]

    @property
    def goal(self) -> Fact:
        """The sum from the first year to the last."""
        comparison = self.criterion.comparison
        return fact("goal-sum", comparison=comparison, value=self.figure, first=self.start,
                    year=self.year)  # fmt: skip

    def brief(self) -> Fact | None:
        """Return the sum so far."""
        if not self.done:
            return None
        return fact("brief-figure", value=Amount(self.done, self.unit), year=self.when)


def assess(question: Question) -> SumAnswer:
    """Answer from the sums of draws over the years of the target.

    Yearly amounts are not negative: what the published years reach, the whole reaches too.
    """
    q, start = question, int(question.row["start"])

    def of(paths: list[FloatArray], years: np.ndarray) -> FloatArray:
        # As many digits as figures bear: sums of 0.1 are not to miss 0.3.
        sums = np.cumsum(np.where(years < start, 0.0, paths[0]), axis=1)
        return np.where(years < start, np.nan, _rounded(sums))

    def pace(median: pd.Series, last: int) -> dict[str, Any]:
        years = pd.Series(np.diff(median, prepend=0.0), median.index)
        before = years[years.index <= last]
        done, left = float(before.sum()), q.year - max(last, start - 1)
        spans = [span for span in SPANS if len(before) >= span]
        return {
            **{name: (end - done) / left for name, end in needed(q, done).items()},
            "achieved": {span: float(before.tail(span).mean()) for span in spans},
            "pace_scale": "amount", "pace_unit": str(q.row["unit"]), "done": done,
        }  # fmt: skip

    def least(histories: list[History]) -> float:
        (history,) = histories
        years, figures = history.years, history.figures()
        decided = np.array([history.decided(int(year)) for year in years])
        return float(f"{figures[decided & (years >= start) & (years <= q.year)].sum():.12g}")

    reason = fact(
        "reason-no-amounts", years=Years([Year(y, q.year_starts) for y in range(start, q.year + 1)])
    )
    formula = Formula(
        ((q.region, q.indicator),), of, reason, needs=lambda year: range(start, year + 1),
        pace=pace, least=least,
    )  # fmt: skip
    found = figure(q, SumAnswer, formula)
    if found.probability is None:
        what = fact("missing-amount")
        missing = tuple(
            Missing(m.region, m.indicator, m.period, what) if int(m.period) >= start else m
            for m in found.missing
        )
        return replace(found, missing=missing, parts=found.parts.head(0))
    so_far = found.draws[:, found.years <= found.last][:, -1:]
    done = found.done or (float(np.median(so_far)) if so_far.size else 0.0)
    return replace(found, parts=_years(found), done=done)


def _rounded(values: FloatArray) -> FloatArray:
    """Round to twelve significant digits."""
    size = np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values))))
    scale = 10.0 ** (11 - size)
    result: FloatArray = np.round(values * scale) / scale
    return result


def _years(found: SumAnswer) -> pd.DataFrame:
    """Return the years of a sum with their medians, as `PARTS`."""
    history = found.history
    assert history is not None
    known = {int(year) for year in history.years[history.known]}
    amounts = np.median(np.diff(found.draws, axis=1, prepend=0.0), axis=0)
    states = [
        "forecast" if year > found.last else "known" if year in known else "estimated"
        for year in found.years.tolist()
    ]
    rows = [
        (found.dated(year).text, "", "", float(f"{amount:.{5 + 7 * (state == 'known')}g}"), state,
         np.nan, "")
        for year, amount, state in zip(found.years, amounts, states, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(PARTS))


def suppose(study: Source, answer: SumAnswer) -> list[Case]:
    """Suppose levels of the missing years that lead to one near a year's share of the sum."""
    return levels(study, answer, answer.threshold / (answer.year - answer.start + 1))

"""A sum over years: what is known of them, and draws of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.facts import Amount, Fact, Year, Years, fact
from forecast.forecasting.panel_data import EnsembleError
from forecast.reconciliation.history import History, HistoryError
from forecast.targets.assessment import PARTS, QUANTILES, Assessment, Missing
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case, levels


@dataclass(frozen=True, eq=False)
class SumAnswer(Assessment):
    """The answer on a sum over years.

    Attributes
    ----------
    start : int
        First year of the sum.
    last : int
        Last year of it that is known or estimated.
    done : float
        Sum up to that year, in the unit.
    """

    start: int = 0
    last: int = 0
    done: float = 0.0

    def told(self) -> list[Fact]:
        """Return what the years so far come to."""
        if not self.done:
            return []
        n, done = self.last - self.start + 1, Amount(self.done, self.unit)
        start, last = self.dated(self.start), self.dated(self.last)
        told = [fact("kind-sum", n=n, start=start, last=last, done=done)]
        states = enumerate(self.parts["state"], self.start)
        if years := [self.dated(year) for year, state in states if state == "estimated"]:
            told.append(fact("kind-sum-estimated", years=Years(years), n=len(years)))
        return [*told, fact("kind-count-goal", goal=self.goal)]


def assess(question: Question) -> SumAnswer:
    """Answer from the sums of joint draws over the years of the target."""
    q = question
    start, end = int(q.row["start"]), q.year
    history, missing = None, tuple[Missing, ...]()
    try:
        history = q.history(q.region)
        draws = q.draws(history)
    except (HistoryError, EnsembleError):
        missing = q.lacking(q.region, history)
    if history is not None and not missing and int(history.years[0]) > start:
        gone = range(start, int(history.years[0]))
        what = fact("missing-amount")
        missing = tuple(Missing(q.region, q.indicator, str(y), what) for y in gone)
    if history is None or missing:
        return q.answer(
            SumAnswer,
            "not_assessable",
            fact(
                "reason-no-amounts",
                years=Years([Year(y, q.year_starts) for y in range(start, end + 1)]),
            ),
            history=history,
            missing=missing,
            start=start,
        )
    record, floor = q.judged([history])
    span = draws[:, -(end - start + 1) :]
    total = span.sum(axis=1)
    met = q.criterion.met(total)
    share, last = float(met.mean()), int(history.years[-1])
    inside = (history.years >= start) & (history.years <= end)
    parts = _years(history, span, start)
    figures = history.figures()
    done = float(figures[inside].sum())
    # Yearly amounts are not negative: what the published years reach, the whole reaches too.
    decided = inside & np.array([history.decided(int(year)) for year in history.years])
    sure = float(f"{figures[decided].sum():.12g}")
    grows = q.criterion.upward
    reached = bool(q.criterion.met(np.array([sure]))[0])
    sums: dict[str, Any] = {"start": start, "done": done, "last": min(last, end)}
    complete = int(decided.sum()) == end - start + 1
    if complete or reached == grows:
        ends = {
            level: sure if complete else float(np.quantile(total, level)) for level in QUANTILES
        }
        return q.answer(
            SumAnswer, "already_met" if reached else "assessed",
            history=history, record=record, parts=parts, probability=float(reached),
            probability_draws=float(reached), standard_error=0.0, quantiles=ends, **sums,
        )  # fmt: skip
    return q.answer(
        SumAnswer, "assessed",
        history=history, record=record, parts=parts, floor=floor,
        probability=share, probability_draws=share,
        standard_error=float(np.sqrt(np.var(met) / len(met))),
        quantiles={level: float(np.quantile(total, level)) for level in QUANTILES},
        **sums,
    )  # fmt: skip


def _years(history: History, span: FloatArray, start: int) -> pd.DataFrame:
    """Return the years of a sum with their medians, as `PARTS`; `span` has a column a year."""
    known = {int(year) for year in history.years[history.known]}
    last = int(history.years[-1])
    rows = [
        (history.dated(year).text, "", "", float(median), state, np.nan, "")
        for year, median in enumerate(np.median(span, axis=0), start)
        for state in ["forecast" if year > last else "known" if year in known else "estimated"]
    ]
    return pd.DataFrame(rows, columns=list(PARTS))


def suppose(study: Source, answer: SumAnswer) -> list[Case]:
    """Suppose levels of the missing years that lead to one near a year's share of the sum."""
    return levels(study, answer, answer.threshold / (answer.year - answer.start + 1))

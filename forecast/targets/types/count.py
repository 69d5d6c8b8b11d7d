"""A number of events: how many since the plan was adopted, and how many more by the end.

Dated events alone are a lower bound, for nothing says that the list of them is complete. A
statement of the count to a date (measure ``count_to_date``) does, and gives the exposure: events
are taken to come as a Poisson process whose rate has the prior of Jeffreys (1946), a Gamma with
shape 1/2, so that what is still to come has a negative binomial distribution (Gelman et al. 2013,
section 2.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from forecast.evidence.calendar import Period, first_day, last_day, year_and_number, year_end
from forecast.evidence.evidence import REMARKS
from forecast.evidence.scales import FloatArray
from forecast.facts import Fact, Items, Name, fact, published, written
from forecast.targets.assessment import PARTS, QUANTILES, Assessment, Missing
from forecast.targets.evidence_dates import known_until
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case, statement

PRIOR_SHAPE = 0.5
LEAST_EXPOSURE = 0.25  # years: after less than three months a count says next to nothing
YEAR = 365.25


@dataclass(frozen=True, eq=False)
class CountAnswer(Assessment):
    """The answer on a number of events."""

    events: int | None = None  # known ones; None where the adoption is not dated
    needed: int = 1  # the smallest count that meets the target
    later: int = 0  # events known since the latest complete count
    count: int | None = None  # that count, where its exposure is long enough for a forecast

    released: ClassVar[str] = "at_once"

    def told(self) -> list[Fact]:
        """Return how many are known."""
        if self.events is None:
            return []
        aim = fact("kind-count-goal", goal=self.goal)
        if self.count is not None:
            day = written(self.parts["when"].iloc[-1], self.year_starts)
            told = [fact("kind-counted", n=self.count, day=day)]
            if self.later:
                told.append(fact("kind-counted-later", n=self.later))
            return [*told, aim]
        events = [
            fact("kind-event", event=part, published=published(when, self.year_starts))
            for part, when in zip(self.parts["part"], self.parts["when"], strict=True)
        ]
        if not events:
            return [fact("kind-no-events"), aim]
        listed = Items(events, long=len(events) > 1)
        return [fact("kind-events", n=self.events, events=listed), aim]

    def brief(self) -> Fact | None:
        """Return how many are known."""
        complete = str(self.count is not None)
        return fact("brief-count", n=self.events or 0, complete=complete)


def assess(question: Question) -> CountAnswer:
    """Answer from the latest complete count and the events known since."""
    q = question
    begin, adopted = first_day(q.adopted), last_day(q.adopted)
    if begin is None:
        missing = (Missing(q.region, q.indicator, "", fact("missing-adoption")),)
        return q.answer(CountAnswer, "not_assessable", fact("reason-no-adoption"), missing=missing)
    assert adopted is not None
    events = dated_events(q, begin)
    tally, when = complete_count(q, adopted)
    known = int(events["value"].sum())
    after = np.array([tally >= 0 and day > when for day in events["day"]], bool)
    later = int(events["value"][after].sum())
    known = max(known, tally + later)
    parts = _parts(events, tally, when)
    found: dict[str, Any] = {"parts": parts, "events": known, "needed": needed(q), "later": later}
    grows = q.criterion.upward
    reached = grows and known >= needed(q)  # what has been signed stays signed
    met = bool(q.criterion.met(np.array([float(known)]))[0])
    if reached or not (met or q.criterion.wants_more(known)):  # nor does it come down again
        return q.answer(
            CountAnswer, "already_met" if reached else "assessed", **found,
            probability=float(reached), probability_draws=float(reached), standard_error=0.0,
        )  # fmt: skip
    exposure = (when - _middle(begin, adopted)).days / YEAR if tally >= 0 else 0.0
    if exposure < LEAST_EXPOSURE:
        until = str(known_until(q.evidence))
        what = fact("missing-count")
        return q.answer(
            CountAnswer,
            "partly_known" if known else "not_assessable",
            fact("reason-no-count"),
            **found,
            missing=(Missing(q.region, q.indicator, until, what),),
        )
    p, totals, weights = _chance(q, tally, later, exposure, (q.end - when).days / YEAR)
    # The date of adoption may be known to the year only.
    shifted = [
        _chance(q, tally, later, max((when - day).days / YEAR, 0.01), (q.end - when).days / YEAR)[0]
        for day in (begin, adopted)
    ]
    first = _first_year(q, tally, later, exposure, when) if grows else {}
    cumulative = np.cumsum(weights)
    return q.answer(
        CountAnswer, "assessed", count=tally, **found,
        probability=p, probability_draws=p, cases=exposure,
        standard_error=0.0, probability_low=min([p, *shifted]), probability_high=max([p, *shifted]),
        range_of=fact("range-adoption"),
        probability_ever=p if grows else None, first_year=first,
        quantiles={
            level: float(totals[int(np.searchsorted(cumulative, level))]) for level in QUANTILES
        },
    )  # fmt: skip


def predictive(count: int, exposure: float, horizon: float, least: int = 0) -> FloatArray:
    """Return the probabilities of 0, 1, 2, ... further events in the years ahead.

    They follow from the events in the years of exposure; `least` further ones are known already.
    They end where the rest is less than one in ten million.

    Examples
    --------
    >>> round(float(predictive(4, 4.0, 2.0)[:3].sum()), 2)
    0.62
    """
    from scipy.special import gammaln, nbdtrik, xlog1py, xlogy

    if horizon <= 0:
        known: FloatArray = np.eye(1, least + 1, least)[0]
        return known
    shape, chance = PRIOR_SHAPE + count, exposure / (exposure + horizon)
    size = max(int(np.ceil(nbdtrik(1 - 1e-7, shape, chance))), least) + 2
    events = np.arange(size)
    weights = np.exp(
        gammaln(events + shape) - gammaln(events + 1) - gammaln(shape)
        + xlogy(shape, chance) + xlog1py(events, -chance)
    )  # fmt: skip
    weights[:least] = 0.0
    if weights.sum() <= 0:
        weights[least] = 1.0
    result: FloatArray = weights / weights.sum()
    return result


def _first_year(
    q: Question, tally: int, later: int, exposure: float, when: date
) -> dict[str, float]:
    """Return the chance of every year to be the first that ends with enough events."""
    starts = q.year_starts
    years = range(year_and_number(Period(when.year, when.month), starts)[0], q.year + 1)
    ends = [(year_end(year, starts) - when).days / YEAR for year in years]
    ever = [_chance(q, tally, later, exposure, horizon)[0] for horizon in ends]
    steps = np.diff(np.maximum.accumulate([0.0, *ever]))
    first = {str(y): float(v) for y, v in zip(years, steps, strict=True)}
    return {**first, "never": 1 - sum(first.values())}


def _chance(
    q: Question, tally: int, later: int, exposure: float, horizon: float
) -> tuple[float, FloatArray, FloatArray]:
    weights = predictive(tally, exposure, horizon, later)
    totals = tally + np.arange(len(weights), dtype=float)
    p = float(weights[q.criterion.met(totals)].sum())
    return min(max(p, 0.0), 1.0), totals, weights


def needed(q: Question) -> int:
    """Return the smallest count that meets the target."""
    limit = q.criterion.limit
    return int(np.floor(limit)) + 1 if q.criterion.comparison == "exceed" else int(np.ceil(limit))


def dated_events(q: Question, begin: date) -> pd.DataFrame:
    """Return the undoubted events from the adoption to the end of the target year."""
    rows = q.statements(q.region)
    rows = rows[(rows["measure"] == "event") & (rows["mark"] == "")]
    day = [first_day(str(p), q.year_starts) or date.min for p in rows["period"]]
    rows = rows.assign(day=day, value=rows["value"].fillna(1.0))
    return rows[np.array([begin <= d <= q.end for d in day], bool)]


def complete_count(q: Question, adopted: date) -> tuple[int, date]:
    """Return the latest complete count since the adoption and its date; -1 without one."""
    rows = q.statements(q.region)
    rows = rows[(rows["measure"] == "count_to_date") & (rows["mark"] == "") & (rows["bound"] == "")]
    dated = [
        (last_day(str(p), q.year_starts) or date.min, int(v))
        for p, v in zip(rows["period"], rows["value"], strict=True)
    ]
    counted = [(d, v) for d, v in dated if adopted <= d <= q.end]
    day, count = max(counted, default=(date.min, -1))
    return count, day


def _middle(begin: date, end: date) -> date:
    return begin + timedelta((end - begin).days // 2)


def _parts(events: pd.DataFrame, tally: int, when: date) -> pd.DataFrame:
    rows: list[tuple[Name | Fact, str, str, float, str, float, str]] = [
        (
            _named(str(note), str(note_zh)),
            str(p),
            "",
            float(v),
            "known",
            np.nan,
            str(o),
        )
        for note, note_zh, p, v, o in zip(
            *(events[name] for name in (*REMARKS, "period", "value", "observation")), strict=True
        )
    ]
    if tally >= 0:
        rows.append((fact("part-all-events"), str(when), "", float(tally), "known", np.nan, ""))
    return pd.DataFrame(rows, columns=list(PARTS))


def _named(note: str, note_zh: str) -> Name | Fact:
    """Return what an event is called: the part of its note before a colon."""
    return Name(note.split(":")[0], note_zh.split("：")[0]) if note else fact("part-event")


def suppose(study: Source, answer: CountAnswer) -> list[Case]:
    """Suppose counts to the last day that is known."""
    (missing,) = answer.missing[:1]
    if not missing.period:
        return []
    least, needed = answer.events or 0, answer.needed
    values = sorted({max(least, round(needed * f)) for f in (0, 0.25, 0.5, 0.75, 1)})
    day = date.fromisoformat(missing.period)
    return [
        (
            fact("suppose-count", n=v, day=day),
            [statement(study, missing, v, measure="count_to_date")],
            [],
        )
        for v in values
    ]

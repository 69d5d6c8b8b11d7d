"""A place in a yearly index, or among the regions of a list.

In an index it is a random walk of the log rank, bounded below by the first place.

A step from 40 to 30 is worth one from 4 to 3, so the walk is on logs. Its variance a year has a
scaled inverse chi-squared prior, and the walk therefore Student-t predictions (Gelman et al. 2013,
section 3.2). A rank stands for the interval half a place around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.facts import Fact, Years, fact, published, written
from forecast.targets.assessment import PARTS, QUANTILES, Assessment, Missing
from forecast.targets.evidence_dates import last_complete_year
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case, statement
from forecast.targets.types._series.figures import FigureAnswer, Formula, figure
from forecast.targets.types.markets import SeriesAnswer

PRIOR_SD = 0.3  # a yearly step of about 30 percent of the rank ...
PRIOR_WEIGHT = 3.0  # ... which counts as much as three steps that were seen
LEAST_EDITIONS = 2


@dataclass(frozen=True, eq=False)
class RankAnswer(Assessment):
    """The answer on a place in an index."""

    editions: int = 0  # those that count, where they are enough
    last: float = 0.0  # rank in the newest of them
    last_year: int = 0
    scale: float = 0.0  # of a yearly step of the log rank

    released: ClassVar[str] = "unknown"

    def told(self) -> list[Fact]:
        """Return the newest place."""
        if self.editions:
            n, rank = self.editions, int(self.last)
            return [fact("kind-rank", n=n, rank=rank, year=self.dated(self.last_year))]
        if self.parts.empty:
            return []
        row, n = self.parts.iloc[-1], len(self.parts)
        told = [
            fact(
                "kind-rank-lists",
                n=n,
                rank=int(row["value"]),
                when=published(row["when"], self.year_starts),
            )
        ]
        return [*told, fact("kind-rank-mark", mark=row["basis"])] if row["basis"] else told

    def brief(self) -> Fact | None:
        """Return the newest place."""
        row = self.parts.iloc[-1]
        doubtful = str(row["state"] == "unknown")
        rank, when = int(row["value"]), written(row["when"], self.year_starts)
        return fact("brief-rank", rank=rank, when=when, doubtful=doubtful)


@dataclass(frozen=True, eq=False)
class PlaceAnswer(FigureAnswer):
    """The answer on a place among regions, by their figures."""

    @property
    def words(self) -> str:
        """Messages are those of a place, not of a list that somebody publishes."""
        return "place"

    @property
    def goal(self) -> Fact:
        """The place among so many."""
        of = len(self.parts)
        return fact("goal-place", value=int(self.value), of=of, year=self.year)

    def told(self) -> list[Fact]:
        """Return the place in the last year, and the figures it follows from."""
        told = SeriesAnswer.told(self)
        if self.now is None:
            return told
        place = fact("kind-place", rank=int(self.now), of=len(self.parts), year=self.when)
        return [place, *told]

    def brief(self) -> Fact | None:
        """Return the place in the last year."""
        if self.now is None:
            return SeriesAnswer.brief(self)
        when = fact("year", year=self.when)
        return fact("brief-rank", rank=int(self.now), when=when, doubtful="False")


def among(q: Question) -> PlaceAnswer:
    """Answer from joint draws of the figures of the regions of a list; the largest is first."""
    regions = dict.fromkeys([q.region, *q.items])

    def of(paths: list[FloatArray], years: np.ndarray) -> FloatArray:
        others = np.stack(paths[1:])
        places: FloatArray = 1.0 + (others > paths[0]).sum(axis=0)
        return places

    series = tuple((region, q.indicator) for region in regions)
    return figure(q, PlaceAnswer, Formula(series, of, fact("reason-all-series"), whole=True))


def assess(question: Question) -> RankAnswer | PlaceAnswer:
    """Answer from the editions of one index, or from the figures of the regions of a list.

    Marked rows, and other indices, do not count.
    """
    q = question
    if q.items:
        return among(q)
    rows = q.statements(q.region)
    rows = rows[(rows["measure"] == "level") & (rows["bound"] == "")]
    counts = (rows["mark"] == "") & rows["basis"].isin(["", q.evidence.newest_basis(q.indicator)])
    parts = pd.DataFrame(
        [
            (
                str(source), str(period), "", float(value),
                "unknown" if not good else "met" if value <= q.criterion.limit else "not met",
                np.nan, marked(str(mark)),
            )
            for source, period, value, good, mark in zip(
                rows["source_title"], rows["period"], rows["value"], counts, rows["mark"],
                strict=True,
            )
        ],
        columns=list(PARTS),
    )  # fmt: skip
    editions = rows[counts].groupby("year")["value"].median().sort_index()
    editions = editions[editions.index <= q.year]
    if len(editions) < LEAST_EDITIONS:
        last = last_complete_year(q.evidence, q.year_starts)
        wanted = [y for y in (last, last - 1) if y not in set(editions.index)]
        wanted = wanted[: LEAST_EDITIONS - len(editions)]
        return q.answer(
            RankAnswer,
            "partly_known" if len(rows) else "not_assessable",
            fact("reason-no-editions", n=LEAST_EDITIONS),
            parts=parts,
            missing=tuple(
                Missing(q.region, q.indicator, str(y), fact("missing-rank")) for y in sorted(wanted)
            ),
        )
    years, ranks = editions.index.to_numpy(int), editions.to_numpy(float)
    scale, freedom = walk(years, ranks)
    ahead = q.year - int(years[-1])
    p = chance(ranks[-1], q.criterion.limit, ahead, scale, freedom)
    return q.answer(
        RankAnswer, "already_met" if ranks[-1] <= q.criterion.limit else "assessed",
        parts=parts, last=float(ranks[-1]), last_year=int(years[-1]), editions=len(ranks),
        scale=scale, probability=p, probability_draws=p,
        standard_error=0.0, cases=len(ranks),
        quantiles={level: quantile(ranks[-1], level, ahead, scale, freedom) for level in QUANTILES},
    )  # fmt: skip


def marked(mark: str) -> Fact | str:
    """Return in words how a row is marked; empty without a mark."""
    key = mark.replace("_", "-")
    return fact(f"mark-{key}") if key else ""


def walk(years: np.ndarray, ranks: np.ndarray) -> tuple[float, float]:
    """Return the scale of a yearly step of the log rank, and the degrees of freedom behind it."""
    steps, gaps = np.diff(np.log(ranks)), np.diff(years)
    freedom = PRIOR_WEIGHT + len(steps)
    square = PRIOR_WEIGHT * PRIOR_SD**2 + float((steps**2 / gaps).sum())
    return float(np.sqrt(square / freedom)), freedom


def chance(last: float, limit: float, ahead: int, scale: float, freedom: float) -> float:
    """Return the probability of a rank within `limit`, `ahead` years after `last`."""
    from scipy.special import stdtr

    if ahead <= 0:
        return float(last <= limit)
    return float(stdtr(freedom, np.log((limit + 0.5) / last) / (scale * np.sqrt(ahead))))


def quantile(last: float, level: float, ahead: int, scale: float, freedom: float) -> float:
    """Return a quantile of the rank: a whole number, 1 or more."""
    from scipy.special import stdtrit

    step = scale * np.sqrt(max(ahead, 0)) * float(stdtrit(freedom, level))
    return float(max(np.round(last * np.exp(step)), 1.0))


def suppose(study: Source, answer: RankAnswer | PlaceAnswer) -> list[Case]:
    """Suppose the same place in every missing edition."""
    if isinstance(answer, PlaceAnswer):
        return []
    limit = answer.threshold
    values = sorted({max(round(limit * f), 1) for f in (0.5, 0.75, 1, 1.5, 2.5)})
    when = Years([answer.dated(int(m.period)) for m in answer.missing])
    return [
        (
            fact("suppose-rank", rank=v, years=when),
            [statement(study, m, v) for m in answer.missing],
            [],
        )
        for v in values
    ]

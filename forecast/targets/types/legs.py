"""A list of journeys: each is within the time, or may become so, or is not known.

A journey that was within the time is taken to stay so. One that was not becomes so when a line
listed in ``openings.csv`` opens, on a date with a triangular distribution between the earliest, the
likely and the latest; journeys over the same project share its date. Without a line, timetables
change little: the log of the fastest time is a random walk whose yearly step is estimated from all
journeys of the data that were published more than once, with a scaled inverse chi-squared prior on
its variance and therefore Student-t predictions (Gelman et al. 2013, section 3.2). A journey of
which no time was published leaves the list without a probability.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from forecast.evidence.calendar import first_day, last_day
from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray
from forecast.facts import Amount, Fact, Items, Number, fact
from forecast.forecasting.model_pool import generator
from forecast.targets.assessment import PARTS, QUANTILES, Assessment, Missing
from forecast.targets.evidence_dates import known_until
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case, statement

PRIOR_SD = 0.03  # a timetable changes a journey by about 3 percent a year ...
PRIOR_WEIGHT = 3.0  # ... which counts as much as three changes that were seen
MOST_NAMES = 5  # journeys that are named in a sentence; the table has them all


@dataclass(frozen=True, eq=False)
class JourneysAnswer(Assessment):
    """The answer on a list of journeys."""

    mean: float | None = None  # expected number of journeys within the time

    released: ClassVar[str] = "at_once"

    def told(self) -> list[Fact]:
        """Return which journeys are within the time, which may become so, and which not."""
        told = []
        for state in ("met", "not met", "forecast", "unknown"):
            names = list(self.parts.loc[self.parts["state"] == state, "part"])
            if names:
                limit = Amount(self.threshold, self.unit, exact=True)
                told.append(
                    fact(
                        "kind-journeys", state=state.replace(" ", "-"), n=len(names),
                        of=len(self.parts), limit=limit, year=self.year,
                        named=len(names) if len(names) <= MOST_NAMES else 0, names=Items(names),
                    )
                )  # fmt: skip
        return told

    def brief(self) -> Fact | None:
        """Return how many journeys are within the time."""
        of, states = len(self.parts), self.parts["state"].value_counts()
        unknown, met = (int(states.get(state, 0)) for state in ("unknown", "met"))
        if unknown == of:
            return fact("brief-legs-unknown", of=of)
        return fact("brief-legs", met=met, of=of, unknown=unknown)

    def outlook(self) -> Fact:
        """Return the expected number of journeys within the time."""
        return fact("kind-outlook-legs", mean=Number(self.mean or 0.0, 1), year=self.year)


def assess(question: Question) -> JourneysAnswer:
    """Answer by how often, over draws of the opening dates, every journey is in time."""
    q = question
    opened = opening_days(q)
    seen = changes(q.evidence, q.indicator)
    scale, freedom = timetable_walk(seen)
    rows, chances, missing = [], list[FloatArray](), list[Missing]()
    until = str(known_until(q.evidence))
    for leg in q.items:
        state, exact = _observed(q, leg)
        row = {"part": q.place(leg), **state, "chance": np.nan}
        projects = _projects(q, leg)
        in_time = np.zeros(q.options.draws, bool)
        for project in projects:
            in_time |= opened[project]
        if state["state"] == "met":
            chances.append(np.ones(q.options.draws))
        elif in_time.any() or exact is not None:
            by_timetable = 0.0
            if exact is not None:
                year, minutes = exact
                by_timetable = within(minutes, q.criterion.limit, q.year - year, scale, freedom)
            chances.append(np.where(in_time, 1.0, by_timetable))
            row["chance"] = float(chances[-1].mean())
            if in_time.any():
                row |= {"state": "forecast", "basis": fact("basis-opening", lines=Items(projects))}
        else:
            known = state["state"] != "unknown"
            what = fact("missing-time-or-opening" if known else "missing-time")
            missing.append(Missing(leg, q.indicator, until, what))
        rows.append(row)
    parts = pd.DataFrame(rows, columns=list(PARTS))
    if missing:
        return q.answer(
            JourneysAnswer,
            "partly_known" if (parts["state"] != "unknown").any() else "not_assessable",
            fact("reason-no-times"),
            parts=parts,
            missing=tuple(missing),
        )
    return _answer(q, parts, chances, max(len(seen), len(q.items)))


def _answer(
    q: Question,
    parts: pd.DataFrame,
    chances: Sequence[FloatArray],
    cases: int,
) -> JourneysAnswer:
    """Join the journeys: given the opening dates they are taken as independent.

    How their timetables change together is not known: the probabilities of the list lie between the
    bounds of Fréchet (1935), which are given beside the answer.

    The past cases are the journeys of the list or, if they are more, the changes of published times
    that the chance of a journey without a new line rests on.
    """
    every = np.prod(chances, axis=0)
    share = float(every.mean())
    rng = generator(q.options.seed, q.indicator, "journeys")
    number = np.sum([rng.random(len(c)) < c for c in chances], axis=0)
    met = bool((parts["state"] == "met").all())
    return q.answer(
        JourneysAnswer, "already_met" if met else "assessed",
        parts=parts, mean=float(np.sum([c.mean() for c in chances])),
        probability=share, probability_draws=share, cases=None if met else cases,
        standard_error=float(np.sqrt(np.var(every) / len(every))),
        probability_low=float(np.maximum(np.sum(chances, axis=0) - (len(chances) - 1), 0).mean()),
        probability_high=float(np.min(chances, axis=0).mean()), range_of=fact("range-journeys"),
        quantiles={level: float(np.quantile(number, level)) for level in QUANTILES},
    )  # fmt: skip


def _projects(q: Question, leg: str) -> list[str]:
    """Return the lines that would bring a journey within the time, whenever they open."""
    openings = q.evidence.openings
    mine = openings[(openings["region"] == leg) & (openings["minutes"] <= q.criterion.limit)]
    return list(dict.fromkeys(str(p) for p in mine["project"]))


def opening_days(q: Question) -> dict[str, np.ndarray]:
    """Return by project, over draws, whether it is open at the end of the target year."""
    end = q.end.toordinal()
    return {
        str(project): opening_day(
            dates.iloc[0], q.options.draws, generator(q.options.seed, str(project), "opening")
        )
        <= end
        for project, dates in q.evidence.openings.groupby("project")
    }


def _observed(q: Question, leg: str) -> tuple[dict[str, object], tuple[int, float] | None]:
    """Return what the latest statement that decides says, and the last exact time with its year.

    The state is ``met``, ``not met`` or, where nothing decides, ``unknown``.
    """
    rows = q.statements(leg)
    rows = rows[(rows["measure"] == "level") & (rows["mark"] == "")]
    found: dict[str, object] = {"when": "", "bound": "", "value": np.nan, "state": "unknown"}
    found["basis"] = ""
    exact = None
    for row in rows.to_dict("records"):
        value, bound = float(row["canonical"]), str(row["bound"])
        if bound == "upper":
            state = "met" if value <= q.criterion.limit else "unknown"
        elif bound == "lower":
            state = "not met" if value >= q.criterion.limit else "unknown"
        else:
            state = "met" if value <= q.criterion.limit else "not met"
            exact = int(row["year"]), value
        if state != "unknown" or found["state"] == "unknown":
            found = {"when": str(row["period"]), "bound": bound, "value": value, "state": state}
            found["basis"] = str(row["observation"])
    return found, exact


def changes(evidence: Evidence, indicator: str) -> FloatArray:
    """Return how published times of journeys changed: log ratio, years between; shape (n, 2)."""
    found = []
    for (_, what), rows in evidence.records.items():
        fastest: dict[int, float] = {}
        for row in rows if what == indicator else ():
            if row["measure"] == "level" and not row["bound"] and not row["mark"]:
                year, minutes = int(row["year"]), float(row["canonical"])
                fastest[year] = min(minutes, fastest.get(year, minutes))
        for (start, before), (end, after) in itertools.pairwise(sorted(fastest.items())):
            found.append((np.log(after / before), end - start))
    return np.array(found, float).reshape(-1, 2)


def timetable_walk(seen: FloatArray) -> tuple[float, float]:
    """Return the scale of a yearly step of the log time, and its degrees of freedom.

    Parameters
    ----------
    seen : ndarray, shape (n, 2)
        As `changes` returns them.

    Examples
    --------
    >>> scale, freedom = timetable_walk(np.array([[0.06, 4.0]]))
    >>> round(scale, 4), freedom
    (0.03, 4.0)
    """
    freedom = PRIOR_WEIGHT + len(seen)
    square = PRIOR_WEIGHT * PRIOR_SD**2 + float((seen[:, 0] ** 2 / seen[:, 1]).sum())
    return float(np.sqrt(square / freedom)), freedom


def within(minutes: float, limit: float, ahead: int, scale: float, freedom: float) -> float:
    """Return the probability that a journey of `minutes` is within `limit` after `ahead` years."""
    from scipy.special import stdtr

    if ahead <= 0:
        return float(minutes <= limit)
    return float(stdtr(freedom, np.log(limit / minutes) / (scale * np.sqrt(ahead))))


def opening_day(opening: pd.Series, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the day on which a line opens, as ordinals, shape (n,).

    Dates known to the month or year stand for their middle; the earliest for its first day and the
    latest for its last.
    """
    early, late = first_day(str(opening["earliest"])), last_day(str(opening["latest"]))
    likely = str(opening["likely"])
    between = first_day(likely), last_day(likely)
    assert early is not None
    assert late is not None
    assert between[0] is not None
    assert between[1] is not None
    mode = (between[0].toordinal() + between[1].toordinal()) / 2
    low, high = float(early.toordinal()), float(late.toordinal())
    if high <= low:
        return np.full(n, low)
    return rng.triangular(low, min(max(mode, low), high), high, n)


def suppose(study: Source, answer: JourneysAnswer) -> list[Case]:
    """Suppose times within the limit, or a line that brings the slowest journey there."""
    legs, limit = list(answer.missing), answer.threshold
    every = [statement(study, leg, limit) for leg in legs]
    time = Amount(limit, answer.unit, exact=True)
    cases: list[Case] = [(fact("suppose-journeys", n=len(legs), limit=time), every, [])]
    slow = next((leg for leg in legs if leg.what.message == "missing-time-or-opening"), legs[0])
    rest = [statement(study, leg, limit) for leg in legs if leg != slow]
    for likely in (answer.year - 1, answer.year, answer.year + 1):
        opening = {
            "region": slow.region, "project": "supposed", "minutes": limit,
            "earliest": str(likely - 1), "likely": str(likely), "latest": str(likely + 1),
            "published": str(known_until(study.evidence)), "note": "",
        }  # fmt: skip
        told = fact(
            "suppose-opening", year=likely, journey=study.evidence.place(slow.region),
            limit=time, others=len(rest),
        )  # fmt: skip
        cases.append((told, rest, [opening]))
    return cases

"""A yearly level: the probability is a count over the draws of its path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from forecast.evidence.comparisons import Criterion
from forecast.evidence.problems import UserError
from forecast.facts import Fact, fact
from forecast.forecasting.model_pool import Draws
from forecast.forecasting.panel_data import MIN_INFORMED, EnsembleError
from forecast.reconciliation.history import History, HistoryError
from forecast.targets.assessment import QUANTILES, Assessment, growth
from forecast.targets.question import Question, Source
from forecast.targets.step_sensitivity import step_sensitivity
from forecast.targets.supposed_figures import Case, levels
from forecast.targets.types._series.figures import first_years, needed
from forecast.targets.types._series.parts import bounded


@dataclass(frozen=True, eq=False)
class LevelAnswer(Assessment):
    """The answer on a yearly level."""

    published: float | None = None  # the figure of the target year, where it is published

    of_series: ClassVar[bool] = True

    @property
    def level_ends(self) -> tuple[float, ...] | None:
        """Levels that meet the target."""
        return self.criterion.ends


def assess(question: Question) -> LevelAnswer:
    """Answer a target on the yearly level of one series.

    Raises
    ------
    forecast.evidence.problems.UserError
        For a year before everything that is known.
    """
    found = _assess(question)
    return found if question.quick or found.probability is not None else bounded(question, found)


def _assess(q: Question) -> LevelAnswer:
    try:
        history = q.history(q.region)
    except HistoryError as error:
        if error.computed:
            return q.answer(
                LevelAnswer, "not_assessable", fact("reason-not-computed", why=str(error))
            )
        wanted = q.lacking(q.region, None)
        return q.answer(LevelAnswer, "not_assessable", fact("reason-no-level"), missing=wanted)
    if q.year < int(history.years[0]):
        raise UserError(f"year is {q.year}; {history.key} is known from {history.years[0]} on")
    thin: dict[str, Any] = {
        "history": history,
        **required(q, history),
        "achieved": achieved(history),
    }
    paths = None
    try:
        if q.year > int(history.years[-1]):
            paths = q.paths(history)
    except EnsembleError as error:
        wanted = q.lacking(q.region, history)
        return q.answer(LevelAnswer, "not_assessable", too_thin(error), missing=wanted, **thin)
    if history.decided(q.year):
        return settled(q, history)
    record, floor = q.judged([history])
    return answer(q, history, paths, record, floor)


def too_thin(error: EnsembleError) -> Fact:
    """Return what a history lacks for a forecast."""
    if error.years:
        return fact("reason-no-family", years=error.years)
    return fact("reason-too-thin", years=MIN_INFORMED)


def settled(q: Question, history: History) -> LevelAnswer:
    """Answer for a year whose figure is published: the target is met or it is not."""
    figures = history.figures()
    value = float(figures[q.year - int(history.years[0])])
    met = bool(q.criterion.met(np.array([value]))[0])
    adopted = q.adopted_in or int(history.years[0])
    ours = history.known & (history.years >= adopted) & (history.years <= q.year)
    before = history.years[q.criterion.met(figures) & ours]
    closed = all(history.decided(y) for y in range(min(adopted, q.year), q.year + 1))
    first = {str(int(before[0])): 1.0, "never": 0.0} if len(before) else {"never": 1.0}
    strict = None if q.criterion.comparison != "about" else float(value >= float(q.row["value"]))
    return q.answer(
        LevelAnswer,
        "already_met" if met else "assessed", history=history, probability=float(met),
        probability_draws=float(met), standard_error=0.0, probability_strict=strict,
        probability_ever=1 - first["never"] if len(before) or closed else None,
        first_year=first if len(before) or closed else {},
        quantiles=dict.fromkeys(QUANTILES, value), achieved=achieved(history),
        published=value,
    )  # fmt: skip


def answer(
    q: Question, history: History, paths: Draws | None, record: pd.DataFrame, floor: float
) -> LevelAnswer:
    """Count over the draws; without `paths`, the year is past and the history answers."""
    sought = q.criterion
    if paths is None:
        past = history.draws(q.options.draws, np.random.default_rng(q.options.seed))
        i = int(np.flatnonzero(history.years == q.year)[0])
        by_family = {"history": history.in_unit(past[:, [i]])}
        paths = Draws(history.years[[i]], by_family, np.ones(1), {})
    over = q.year <= int(history.years[-1])
    last = paths.pooled[:, -1]
    met = sought.met(last)
    by_family_p = {
        name: float(sought.met(draws[:, -1]).mean()) for name, draws in paths.by_family.items()
    }
    share = float(met.mean())
    adopted = q.adopted_in or int(history.years[0])
    known_years = history.known & (history.years >= adopted) & (history.years <= q.year)
    known_met = sought.met(history.figures()) & known_years
    first = _first_year(paths, sought, history.years[known_met])
    now = bool(history.known[-1] and sought.met(history.figures()[-1:])[0])
    every = [share, *by_family_p.values()]
    needed: dict[str, Any] = required(q, history)
    return q.answer(
        LevelAnswer,
        "already_met" if now and not over else "assessed",
        history=history,
        paths=None if over else paths,
        record=record,
        probability=share,
        probability_draws=share,
        standard_error=_standard_error(paths, sought),
        floor=floor,
        probability_low=min(every),
        probability_high=max(every),
        range_of=None if over else fact("range-families"),
        probability_strict=(
            float(np.mean(last >= float(q.row["value"]))) if sought.comparison == "about" else None
        ),
        probability_ever=1 - first["never"],
        first_year=first,
        quantiles={level: float(np.quantile(last, level)) for level in QUANTILES},
        by_family={} if over else by_family_p,
        achieved=achieved(history),
        by_step=step_sensitivity(history, last, sought.met, floor),
        **needed,
    )


def _standard_error(paths: Draws, sought: Criterion) -> float:
    """Return the Monte Carlo error of a share of draws; of pooled families, stratum by stratum."""
    if paths.answer is not None:
        met = sought.met(paths.answer[:, -1])
        return float(np.sqrt(np.var(met) / len(met)))
    parts = [
        (float(np.var(sought.met(draws[:, -1]))), len(draws)) for draws in paths.by_family.values()
    ]
    return float(np.sqrt(sum(variance / n for variance, n in parts)) / len(parts))


def _first_year(paths: Draws, sought: Criterion, known: np.ndarray) -> dict[str, float]:
    """Distribution of the first year of attainment; a year already known to meet it is certain."""
    if len(known):
        return {str(int(known[0])): 1.0, "never": 0.0}
    return first_years(paths.years, sought.met(paths.pooled))


def achieved(history: History) -> dict[int, float]:
    """Return the growth per year over the last three and five years."""
    values = history.values()
    return {
        span: growth(history.scale.name, float(values[-1 - span]), float(values[-1]), span)
        for span in (3, 5)
        if len(values) > span
    }


def required(q: Question, history: History) -> dict[str, float]:
    """Return `required` and, of a range, `required_to`, from the last known year to the target."""
    years, now = q.year - int(history.years[-1]), float(history.values()[-1])
    ends = needed(q, now) if years > 0 else {}
    return {name: growth(history.scale.name, now, end, years) for name, end in ends.items()}


def suppose(study: Source, answer: LevelAnswer) -> list[Case]:
    """Suppose levels of the missing years that lead to a last one near the threshold."""
    return levels(study, answer, answer.threshold)

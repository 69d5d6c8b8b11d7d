"""The figure of a region held against that of another region, or the mean of several."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecast.evidence.registries import listed
from forecast.evidence.scales import FloatArray
from forecast.facts import Amount, Fact, Interval, Items, Percent, fact
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case, statement, steady
from forecast.targets.types._series.figures import FigureAnswer, Formula, change, figure

RATIOS = (0.8, 0.9, 1.0, 1.1)  # of the own figure to the one it is compared with, supposed


@dataclass(frozen=True, eq=False)
class ComparisonAnswer(FigureAnswer):
    """The answer on a comparison; its figure is percent of the figure it is compared with."""

    @property
    def figure(self) -> Amount | Interval | Fact:
        """The figure of the other region or the mean of several, or a share of it."""
        whole = bool(np.isnan(self.value))
        low, *high = self.criterion.ends
        if not high:  # as the plan says it, with "about"
            low = 100.0 if whole else self.value
        share = Interval(low, high[0], "%", exact=True) if high else Percent(low, 0)
        # Of the parts all but the first are what it is compared with.
        other = Items(list(self.parts["part"].iloc[1:]))
        return fact(
            "goal-of-other", whole=str(whole), share=share, other=other, n=len(other.values)
        )


def assess(question: Question) -> ComparisonAnswer:
    """Answer from draws of all series, joined as their past errors have gone together."""
    q = question
    regions = (q.region, *listed(str(q.row["reference_region"])))

    def of(paths: list[FloatArray], years: np.ndarray) -> FloatArray:
        percent: FloatArray = 100 * paths[0] / np.mean(paths[1:], axis=0)
        return percent

    formula = Formula(
        tuple((region, q.indicator) for region in regions), of, fact("reason-two-series"),
        pace=change(q, "logit"),
    )  # fmt: skip
    found = figure(q, ComparisonAnswer, formula)
    return found if found.probability is None else replace(found, unit="%")


def suppose(study: Source, answer: ComparisonAnswer) -> list[Case]:
    """Suppose levels of both regions that grow alike, at some ratio to one another."""
    region, (other, *more) = str(answer.target["region"]), listed(answer.target["reference_region"])
    if more:
        return []
    known = answer.parts["value"].to_numpy(float)
    base = known[1] if np.isfinite(known[1]) else known[0] if np.isfinite(known[0]) else 100.0
    wanted = answer.missing
    cases: list[Case] = []
    for ratio in RATIOS:
        rows = []
        for place, last in ((region, ratio * base), (other, base)):
            mine = [m for m in wanted if m.region == place]
            if mine:
                path, _ = steady(study, mine, last, 5.0)
                rows += [
                    statement(study, m, v, prices="nominal")
                    for m, v in zip(mine, path, strict=True)
                ]
        when = answer.dated(int(max(m.period for m in wanted)))
        share = Percent(100 * ratio)
        cases.append((fact("suppose-ratio", share=share, year=when), rows, []))
    return cases

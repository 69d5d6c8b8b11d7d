"""Markets of a size: every market of the list has to reach the turnover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from forecast.facts import Fact, Items, fact
from forecast.targets.assessment import PARTS, Assessment, Missing, stated
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import GROWTHS, Case, levels
from forecast.targets.types._series.parts import latest, part_of


@dataclass(frozen=True, eq=False)
class SeriesAnswer(Assessment):
    """The answer on a target whose parts are series."""

    of_series: ClassVar[bool] = True

    def told(self) -> list[Fact]:
        """Return the latest figure of each."""
        places = set(self.known["place"]) if "place" in self.known else set()
        figures = []
        for _, part in self.parts.iterrows():
            figure = stated(part, self.unit, self.year_starts)
            state = "known" if figure else "older" if part["part"] in places else "none"
            figures.append(fact("kind-figure", part=part["part"], figure=figure, state=state))
        return [fact("kind-figures", figures=Items(figures, long=True))]

    def brief(self) -> Fact | None:
        """Return how many have a figure."""
        n = int(self.parts["value"].notna().sum())
        return fact("brief-series", n=n, of=len(self.parts), kind=self.kind)


def assess(question: Question) -> SeriesAnswer:
    """Answer from draws of each market, joined as if independent.

    How markets move together is not known: the probabilities of the list lie between the bounds of
    Fréchet (1935), which are given beside the answer.
    """
    q = question
    rows, missing, histories, met = [], list[Missing](), [], []
    for market in q.items:
        # Where the market stood; whether it will still be there is another question.
        row = part_of(q.place(market), latest(q.evidence, market, q.indicator))
        history, path = q.drawn(market)
        if history is None or path is None:
            missing += q.lacking(market, history)
            rows.append(row)
            continue
        histories.append(history)
        met.append(float(q.criterion.met(path[:, -1]).mean()))
        rows.append({**row, "state": "forecast", "chance": met[-1]})
    parts = pd.DataFrame(rows, columns=list(PARTS))
    record, floor = q.judged(histories) if histories else (q.record, None)
    if missing:
        known = parts["value"].notna().any()
        return q.answer(
            SeriesAnswer,
            "partly_known" if known else "not_assessable",
            fact("reason-no-markets"),
            parts=parts,
            missing=tuple(missing),
            floor=floor,
        )
    p = np.array(met)
    joint = float(np.prod(p))
    n = q.options.draws
    # Of a product of independent shares.
    error = float(np.sqrt(np.prod(p**2 + p * (1 - p) / n) - np.prod(p**2)))
    return q.answer(
        SeriesAnswer, "assessed", record=record, parts=parts,
        probability=joint, probability_draws=joint,
        standard_error=error, floor=floor,
        probability_low=max(float(p.sum()) - (len(p) - 1), 0.0),
        probability_high=float(p.min()),
        range_of=fact("range-markets"),
    )  # fmt: skip


def suppose(study: Source, answer: SeriesAnswer) -> list[Case]:
    """Suppose levels of the missing years of each market that lead to one near the threshold."""
    return levels(study, answer, answer.threshold, GROWTHS[1:2])

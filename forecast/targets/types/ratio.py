"""The ratio of two indicators of a region: per head, per unit of output, a share in percent."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.evidence.units import ratio_scale
from forecast.facts import fact
from forecast.targets.assessment import Assessment
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case
from forecast.targets.types import level
from forecast.targets.types._series.figures import FigureAnswer, Formula, change, figure


@dataclass(frozen=True, eq=False)
class RatioAnswer(FigureAnswer):
    """The answer on a ratio."""


def assess(question: Question) -> Assessment:
    """Answer from draws of both series, joined as their past errors have gone together.

    Where an indicator is the very share (`share_of`), the answer is that of its level: there the
    identity of the three holds. A part is at most its whole.
    """
    q = question
    pair, accounts = (q.indicator, str(q.row["per"])), q.evidence.accounts
    unit = str(q.row["unit"])
    share = next((name for name, of in accounts.shares.items() if of == pair), None)
    if share is not None and unit == "%":
        found = level.assess(q.on(q.region, share))
        if found.probability is not None:
            return replace(found, target=pd.Series({**q.row, "indicator": share, "kind": "level"}))
    own, other = (str(q.evidence.indicator(name)["unit"]) for name in pair)
    scale = ratio_scale(own, other, unit)
    most = scale if pair[1] in accounts.wholes(pair[0]) else np.inf

    def of(paths: list[FloatArray], years: np.ndarray) -> FloatArray:
        return np.minimum(scale * paths[0] / paths[1], most)

    formula = Formula(
        tuple((q.region, name) for name in pair), of, fact("reason-two-indicators"),
        pace=change(q, "logit" if unit == "%" else "log"),
    )  # fmt: skip
    return figure(q, RatioAnswer, formula)


def suppose(study: Source, answer: RatioAnswer) -> list[Case]:
    """Suppose nothing: two series at once have too many cases."""
    return []

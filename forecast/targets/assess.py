"""From what is known to the answer: how likely is a target, and what would it take."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import fact
from forecast.forecasting.model_pool import Options
from forecast.reconciliation.history import History
from forecast.targets import elicitation
from forecast.targets.assessment import Assessment
from forecast.targets.quality import grade
from forecast.targets.question import Question
from forecast.targets.types import kind


def assess(
    evidence: Evidence,
    plan: str,
    target: str,
    options: Options | None = None,
    year: int | None = None,
    record: pd.DataFrame | None = None,
    histories: Mapping[str, History] | None = None,
    *,
    quick: bool = False,
) -> Assessment:
    """Answer one target.

    Parameters
    ----------
    evidence : Evidence
    plan, target : str
        Key of a row of ``targets.csv``.
    options : Options, optional
    year : int, optional
        Another year than the plan's.
    record : DataFrame, optional
        Pooled `forecast.verification.track_record` of other series, which decides how near to
        0 or 1 a probability may come. Without it only the series' own past counts.
    histories : mapping of str to History, optional
        All series of the data, among which the learned ensemble forecasts this one. Without them
        the families are pooled.
    quick : bool
        For hypothetical questions: only the answer, without what a page shows beside it.

    Returns
    -------
    Assessment
        A statistical answer leads; what experts judged stands beside it, and alone where there
        is nothing else.
    """
    row = evidence.target(plan, target).copy()
    if year is not None:
        row["year"] = year
    question = Question(evidence, row, options or Options(), record, histories, quick)
    found = kind(str(row["kind"])).assess(question)
    if not quick:
        found = dataclasses.replace(found, quality=grade.of_answer(evidence, found))
    judged = elicitation.pooled(evidence, row)
    if judged is None:
        return found
    if found.probability is not None:
        return dataclasses.replace(found, judgement=judged)
    return dataclasses.replace(
        found,
        status="judgement",
        judgement=judged,
        probability=judged.probability,
        probability_draws=judged.probability,
        standard_error=0.0,
        probability_low=judged.low,
        probability_high=judged.high,
        range_of=fact("range-experts"),
        quantiles=judged.quantiles,
    )

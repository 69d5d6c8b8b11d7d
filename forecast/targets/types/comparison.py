"""Two series: the figure of the region is held against that of another region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.facts import fact
from forecast.forecasting.panel_data import EnsembleError
from forecast.reconciliation.history import HistoryError
from forecast.targets.assessment import PARTS, QUANTILES, Assessment, Missing, attained, percentage
from forecast.targets.question import Question
from forecast.targets.types.level import lacking
from forecast.targets.types.markets import latest, part_of


def assess(question: Question) -> Assessment:
    """Answer from draws of both series, as if their errors were independent.

    A region and its parent share shocks, which makes the difference surer than it is taken to be
    here: the probability is nearer to a half than it could be, and never surer.
    """
    q = question
    regions = [q.region, str(q.row["reference_region"])]
    rows, missing, histories, draws = [], list[Missing](), [], []
    for region in regions:
        last = latest(q.evidence, region, q.indicator)
        row = part_of(q.place(region), last)
        history = None
        try:
            history = q.history(region)
            draws.append(q.draws(history)[:, -1])
            histories.append(history)
            row["state"] = "forecast"
        except (HistoryError, EnsembleError):
            missing += lacking(q, region, history)
        rows.append(row)
    parts = pd.DataFrame(rows, columns=list(PARTS))
    if missing:
        known = parts["value"].notna().any()
        return q.answer(
            "partly_known" if known else "not_assessable",
            fact("reason-two-series"),
            parts=parts,
            missing=tuple(missing),
        )
    record, floor = q.judged(histories)
    if floor is None:
        return q.answer("not_assessable", fact("reason-no-record"), parts=parts)
    n = min(map(len, draws))
    rng = np.random.default_rng(q.options.seed)
    own, other = (rng.permutation(d)[:n] for d in draws)
    ratio = own / other
    met = attained(ratio, q.comparison, percentage(q.row) / 100)
    share = float(met.mean())
    return q.answer(
        "assessed", record=record, parts=parts, floor=floor,
        probability=share, probability_draws=share,
        standard_error=float(np.sqrt(np.var(met) / n)),
        quantiles={level: float(np.quantile(ratio, level)) for level in QUANTILES},
        facts={"ratio": float(np.median(ratio))},
    )  # fmt: skip

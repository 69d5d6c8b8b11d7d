"""Markets of a size: every market of the list has to reach the turnover."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Name, fact
from forecast.forecasting.panel_data import EnsembleError
from forecast.reconciliation.history import HistoryError
from forecast.targets.assessment import PARTS, Assessment, Missing, attained
from forecast.targets.question import Question
from forecast.targets.types.level import lacking


def assess(question: Question) -> Assessment:
    """Answer from draws of each market, joined as if independent.

    How markets move together is not known: the probabilities of the list lie between the bounds of
    Fréchet (1935), which are given beside the answer.
    """
    q = question
    rows, missing, histories, met = [], list[Missing](), [], []
    for market in q.items:
        # Where the market stood; whether it will still be there is another question.
        row = part_of(q.place(market), latest(q.evidence, market, q.indicator))
        try:
            history = q.history(market)
        except HistoryError:
            missing += lacking(q, market, None)
            rows.append(row)
            continue
        try:
            reached = attained(q.draws(history)[:, -1], q.comparison, q.limit)
        except EnsembleError:
            missing += lacking(q, market, history)
            rows.append(row)
            continue
        histories.append(history)
        met.append(float(reached.mean()))
        rows.append({**row, "state": "forecast", "chance": met[-1]})
    parts = pd.DataFrame(rows, columns=list(PARTS))
    facts = {"of": float(len(q.items)), "forecast": float(len(met))}
    record, floor = q.judged(histories) if histories else (q.record, None)
    if missing:
        known = parts["value"].notna().any()
        return q.answer(
            "partly_known" if known else "not_assessable",
            fact("reason-no-markets"),
            parts=parts,
            missing=tuple(missing),
            facts=facts,
            floor=floor,
        )
    if floor is None:
        return q.answer("not_assessable", fact("reason-no-record"), parts=parts)
    p = np.array(met)
    joint = float(np.prod(p))
    n = q.options.draws
    # Of a product of independent shares.
    error = float(np.sqrt(np.prod(p**2 + p * (1 - p) / n) - np.prod(p**2)))
    return q.answer(
        "assessed", record=record, parts=parts, facts=facts,
        probability=joint, probability_draws=joint,
        standard_error=error, floor=floor,
        probability_low=max(float(p.sum()) - (len(p) - 1), 0.0),
        probability_high=float(p.min()),
        range_of=fact("range-markets"),
    )  # fmt: skip


def part_of(name: Name, last: pd.Series | None) -> dict[str, Any]:
    """Return a row of `PARTS` with the latest published level, as yet without a forecast."""
    row = {"part": name, "when": "", "bound": "", "value": np.nan, "chance": np.nan}
    row |= {"state": "unknown", "basis": ""}
    if last is not None:
        row |= {"when": str(last["period"]), "bound": str(last["bound"])}
        row |= {"value": float(last["canonical"]), "basis": str(last["observation"])}
    return row


def latest(evidence: Evidence, region: str, indicator: str) -> pd.Series | None:
    """Return the latest level that counts: unmarked, on today's basis; exact before a bound."""
    rows = evidence.statements(region, indicator)
    rows = rows[(rows["measure"] == "level") & (rows["mark"] == "")]
    rows = rows[rows["basis"].isin(["", evidence.newest_basis(indicator)])]
    if rows.empty:
        return None
    newest = rows[rows["year"] == rows["year"].max()]
    exact = newest[newest["bound"] == ""]
    last: pd.Series = (exact if len(exact) else newest).iloc[-1]
    return last

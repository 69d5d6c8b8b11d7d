"""A list of journeys: each is within the time, or will be when a line opens, or is not known.

A journey that was within the time is taken to stay so. One that was not gets there when a line
listed in ``openings.csv`` opens, on a date with a triangular distribution between the earliest, the
likely and the latest; journeys over the same project share its date. Where one journey has neither,
nothing supports a probability for the list, and what is known of each is shown.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from forecast.assessment import PARTS, QUANTILES, Assessment, Missing, Question, known_until
from forecast.check import first_day, last_day
from forecast.ensemble import generator


def assess(question: Question) -> Assessment:
    """Answer by counting, over draws of the opening dates, how often every journey is in time."""
    q = question
    states = [_observed(q, leg) for leg in q.items]
    openings = q.evidence.openings
    openings = openings[openings["minutes"] <= q.limit]
    draws, opened = q.options.draws, {}
    for project, dates in openings.groupby("project"):
        rng = generator(q.options.seed, str(project), "opening")
        opened[str(project)] = opening_day(dates.iloc[0], draws, rng)
    end = date(q.year, 12, 31).toordinal()
    rows, met, missing = [], [], list[Missing]()
    until = str(known_until(q.evidence))
    for leg, state in zip(q.items, states, strict=True):
        mine = openings[openings["region"] == leg]
        row = {"part": q.place(leg), **state, "chance": np.nan}
        if state["state"] == "met":
            met.append(np.ones(draws, bool))
        elif len(mine):
            projects = dict.fromkeys(str(p) for p in mine["project"])
            in_time = np.any([opened[p] <= end for p in projects], axis=0)
            met.append(in_time)
            row |= {"state": "forecast", "chance": float(in_time.mean())}
            row["basis"] = f"opening of {', '.join(projects)}"
        elif state["state"] == "unknown":
            missing.append(Missing(leg, q.indicator, until, "fastest scheduled time"))
        else:
            what = "fastest scheduled time, or the planned opening of a faster line"
            missing.append(Missing(leg, q.indicator, until, what))
        rows.append(row)
    parts = pd.DataFrame(rows, columns=list(PARTS))
    counts = parts["state"].value_counts()
    facts = {name: float(counts.get(name, 0)) for name in ("met", "not met", "unknown", "forecast")}
    if missing:
        return q.answer(
            "partly_known" if len(parts) > facts["unknown"] else "not_assessable",
            "To assess it takes the fastest scheduled time of every journey, and the planned "
            "opening of a faster line for each that takes longer.",
            parts=parts, facts=facts, missing=tuple(missing),
        )  # fmt: skip
    number = np.sum(met, axis=0)
    whole = number == len(q.items)
    share = float(whole.mean())
    return q.answer(
        "already_met" if facts["met"] == len(q.items) else "assessed",
        parts=parts, facts=facts | {"mean": float(number.mean())},
        probability=share, probability_draws=share,
        standard_error=float(np.sqrt(np.var(whole) / draws)),
        quantiles={level: float(np.quantile(number, level)) for level in QUANTILES},
    )  # fmt: skip


def _observed(q: Question, leg: str) -> dict[str, object]:
    """Return what the latest statement that decides says: within the time, not, or nothing."""
    rows = q.statements(leg)
    rows = rows[(rows["measure"] == "level") & (rows["mark"] == "")]
    found: dict[str, object] = {"when": "", "bound": "", "value": np.nan, "state": "unknown"}
    found["basis"] = ""
    for row in rows.to_dict("records"):
        value, bound = float(row["canonical"]), str(row["bound"])
        if bound == "upper":
            state = "met" if value <= q.limit else "unknown"
        elif bound == "lower":
            state = "not met" if value >= q.limit else "unknown"
        else:
            state = "met" if value <= q.limit else "not met"
        if state != "unknown" or found["state"] == "unknown":
            found = {"when": str(row["period"]), "bound": bound, "value": value, "state": state}
            found["basis"] = str(row["observation"])
    return found


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

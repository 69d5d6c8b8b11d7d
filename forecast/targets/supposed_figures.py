"""Figures that are not known yet and are supposed.

Each is really added to the evidence by `forecast.targets.value_of_information`, and the target is
assessed again: an example of what would follow, no forecast of the figure. Every kind of target
supposes its own (`suppose` in its module); here is what they share.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from forecast.facts import Amount, Fact, Items, Percent, fact
from forecast.targets.assessment import Assessment, Missing
from forecast.targets.question import Source

LEVELS = (0.8, 0.9, 1.0, 1.1)  # of a missing last year, relative to the threshold
GROWTHS = (2.0, 5.0, 8.0)  # percent a year, where nothing tells how a series grew
WIGGLE = 0.02  # how far supposed levels wander around steady growth, as real ones do

# A case in words, and the rows of ``observations.csv`` and ``openings.csv`` that make it.
Case = tuple[Fact, list[dict[str, Any]], list[dict[str, Any]]]


def statement(study: Source, missing: Missing, value: float, **more: Any) -> dict[str, Any]:
    """Return a row of ``observations.csv`` with a missing figure; `more` are further columns."""
    unit = str(study.evidence.indicator(missing.indicator)["unit"])
    return {
        "region": missing.region, "indicator": missing.indicator, "period": missing.period,
        "value": value, "unit": unit, **more,
    }  # fmt: skip


def levels(
    study: Source, answer: Assessment, limit: float, growths: Sequence[float] = GROWTHS
) -> list[Case]:
    """Suppose levels of the missing years, none below the largest of the published parts.

    The last of them is supposed near `limit`, in the unit; where nothing tells how a series grew,
    it has grown by each of `growths`, percent a year.
    """
    last = max(m.period for m in answer.missing)
    bound, least = answer.bound, 0.0
    if bound is not None and int(last) in bound.largest.index:
        least = float(bound.largest[0.5].loc[int(last)])
    cases: list[Case] = []
    for final in dict.fromkeys(max(level * limit, least) for level in LEVELS):
        for growth in growths:
            rows: list[dict[str, Any]] = []
            free = True  # whether the growth is supposed, not read off what is known
            lacking = dict.fromkeys(m.region for m in answer.missing)
            # Of several markets, one whose last level is known is supposed to stay where it was.
            known = {r: study.find_history(r, answer.missing[0].indicator) for r in lacking}
            stays = {r for r in lacking if len(lacking) > 1 and known[r] is not None}
            for region in lacking:
                mine = [m for m in answer.missing if m.region == region]
                history, last_level = known[region], final
                if region in stays and history is not None:
                    last_level = float(history.values()[-1])
                path, chosen = steady(study, mine, last_level, growth)
                free = free and (chosen or region in stays)
                rows += [
                    statement(study, m, v, prices="nominal")
                    for m, v in zip(mine, path, strict=True)
                ]
            level = Amount(_round(final), answer.unit, exact=True)
            told = fact("suppose-level", level=level, year=answer.dated(int(last)))
            if free:
                told = fact("suppose-level-growing", growth=Percent(growth), **told.args)
            if len(lacking) > 1:
                told = fact(
                    "suppose-markets", markets=_named(study, set(lacking) - stays or set(lacking)),
                    still=_named(study, stays), stays=len(stays), level=told,
                )  # fmt: skip
            if told not in [known for known, _, _ in cases]:
                cases.append((told, rows, []))
    return cases


def _named(study: Source, regions: set[str]) -> Items:
    return Items([study.evidence.place(region) for region in sorted(regions)])


def steady(
    study: Source, missing: Sequence[Missing], last: float, growth: float
) -> tuple[list[float], bool]:
    """Return levels that lead to `last`: from the last one known, or growing by `growth` percent.

    The second value says whether the growth was free to choose.
    """
    history = study.find_history(missing[0].region, missing[0].indicator)
    years = np.array([int(m.period) for m in missing])
    factor, free = 1 + growth / 100, True
    if history is not None and history.scale.name == "log" and years[-1] > history.years[-1]:
        start, span = float(history.values()[-1]), int(years[-1] - history.years[-1])
        factor, free = (last / start) ** (1 / span), False
    wander = [0.0 if y == years[-1] else WIGGLE * (-1) ** int(years[-1] - y) for y in years]
    path = [last * factor ** (y - years[-1]) * (1 + w) for y, w in zip(years, wander, strict=True)]
    return [_round(float(value)) for value in path], free


def _round(value: float) -> float:
    """Round to four digits, as a communique would print it."""
    return float(f"{value:.4g}")

"""Figures that are not known yet and are supposed, of each kind of target.

Each is really added to the evidence by `forecast.targets.value_of_information`, and the target is
assessed again: an example of what would follow, no forecast of the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from forecast.facts import Amount, Fact, Items, Percent, Years, fact
from forecast.targets.assessment import Assessment, Missing
from forecast.targets.evidence_dates import known_until
from forecast.targets.question import Source

LEVELS = (0.8, 0.9, 1.0, 1.1)  # of a missing last year, relative to the threshold
GROWTHS = (2.0, 5.0, 8.0)  # percent a year, where nothing tells how a series grew
RATIOS = (0.8, 0.9, 1.0, 1.1)  # of the own figure to the one it is compared with
WIGGLE = 0.02  # how far supposed levels wander around steady growth, as real ones do

# A case in words, and the rows of ``observations.csv`` and ``openings.csv`` that make it.
Case = tuple[Fact, list[dict[str, Any]], list[dict[str, Any]]]


def cases(study: Source, answer: Assessment) -> list[Case]:
    """Return the cases that are supposed for a target without a probability.

    Parameters
    ----------
    study : Source
    answer : Assessment
        With the figures that are missing.
    """
    made = {
        "count": _counts,
        "rank": _ranks,
        "legs": _journeys,
        "comparison": _pair,
    }.get(answer.kind, _levels)
    return made(study, answer)


def _statement(study: Source, missing: Missing, value: float, **more: Any) -> dict[str, Any]:
    unit = str(study.evidence.indicator(missing.indicator)["unit"])
    return {
        "region": missing.region, "indicator": missing.indicator, "period": missing.period,
        "value": value, "unit": unit, **more,
    }  # fmt: skip


def _counts(study: Source, answer: Assessment) -> list[Case]:
    (missing,) = answer.missing[:1]
    if not missing.period:
        return []
    least, needed = int(answer.facts.get("known", 0)), int(answer.facts.get("needed", 1))
    values = sorted({max(least, round(needed * f)) for f in (0, 0.25, 0.5, 0.75, 1)})
    day = date.fromisoformat(missing.period)
    return [
        (
            fact("suppose-count", n=v, day=day),
            [_statement(study, missing, v, measure="count_to_date")],
            [],
        )
        for v in values
    ]


def _ranks(study: Source, answer: Assessment) -> list[Case]:
    limit = answer.threshold
    values = sorted({max(round(limit * f), 1) for f in (0.5, 0.75, 1, 1.5, 2.5)})
    when = Years([int(m.period) for m in answer.missing])
    return [
        (
            fact("suppose-rank", rank=v, years=when),
            [_statement(study, m, v) for m in answer.missing],
            [],
        )
        for v in values
    ]


def _journeys(study: Source, answer: Assessment) -> list[Case]:
    legs, limit = list(answer.missing), answer.threshold
    every = [_statement(study, leg, limit) for leg in legs]
    time = Amount(limit, answer.unit, exact=True)
    cases: list[Case] = [(fact("suppose-journeys", n=len(legs), limit=time), every, [])]
    slow = next((leg for leg in legs if leg.what.message == "missing-time-or-opening"), legs[0])
    rest = [_statement(study, leg, limit) for leg in legs if leg != slow]
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


def _levels(study: Source, answer: Assessment) -> list[Case]:
    """Levels of the missing years: growing steadily to a last one that is near the threshold.

    None is below what the published parts of the figure come to.
    """
    limit = answer.threshold
    last = max(m.period for m in answer.missing)
    parts = answer.bound.years[0.5] if answer.bound else {}  # median of their sum, by year
    least = float(parts.get(int(last), 0.0))
    if answer.kind == "cumulative":  # of a sum over the years, a year's share
        limit /= answer.year - int(answer.facts["start"]) + 1
    cases: list[Case] = []
    for final in dict.fromkeys(max(level * limit, least) for level in LEVELS):
        for growth in GROWTHS if answer.kind != "markets" else GROWTHS[1:2]:
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
                path, chosen = _steady(study, mine, last_level, growth)
                free = free and (chosen or region in stays)
                rows += [
                    _statement(study, m, v, prices="nominal")
                    for m, v in zip(mine, path, strict=True)
                ]
            level = Amount(_round(final), answer.unit, exact=True)
            told = fact("suppose-level", level=level, year=int(last))
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


def _steady(
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


def _pair(study: Source, answer: Assessment) -> list[Case]:
    """Levels of both regions that grow alike, at some ratio to one another."""
    region, other = str(answer.target["region"]), str(answer.target["reference_region"])
    known = answer.parts["value"].to_numpy(float)
    base = known[1] if np.isfinite(known[1]) else known[0] if np.isfinite(known[0]) else 100.0
    wanted = [answer.missing[i] for i in range(len(answer.missing))]
    cases: list[Case] = []
    for ratio in RATIOS:
        rows = []
        for place, last in ((region, ratio * base), (other, base)):
            mine = [m for m in wanted if m.region == place]
            if mine:
                path, _ = _steady(study, mine, last, 5.0)
                rows += [
                    _statement(study, m, v, prices="nominal")
                    for m, v in zip(mine, path, strict=True)
                ]
        when = int(max(m.period for m in wanted))
        share = Percent(100 * ratio)
        cases.append((fact("suppose-ratio", share=share, year=when), rows, []))
    return cases


def _round(value: float) -> float:
    """Round to four digits, as a communique would print it."""
    return float(f"{value:.4g}")

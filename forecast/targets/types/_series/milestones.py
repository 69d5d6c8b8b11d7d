"""The path that a plan implied from its adoption, the gap to it, and when the median meets it.

The path leads from the last complete year before the adoption, on today's basis, to the plan's
figure: at constant growth on the log scale, on a straight line of shares and of all else. Beyond
the target year the median goes on at its pace from the last known year to the target year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from forecast.cache import lasting
from forecast.evidence.comparisons import Criterion
from forecast.forecasting.floor import within
from forecast.reconciliation.derived_years import calculated, fitting
from forecast.reconciliation.history import stated_level
from forecast.targets.assessment import Assessment, growth
from forecast.targets.types._series.figures import FigureAnswer

FAR = 10  # years after the last known one to which the pace of the median is continued
KINDS = ("level", "ratio", "comparison")  # with a figure of each year that moves to the target's
SUFFIXES = ("", "_reading")
COLUMNS = ["value", "state", "probability", "implied", "gap", "implied_reading", "gap_reading"]


class Reached(NamedTuple):
    """When the median meets a target; with neither it never does at its pace."""

    #: First year of those up to the last known one that meet it without a break, else the first
    #: year ahead that does.
    year: int | None = None
    #: The year after those that were looked at, where the median still moves to the target.
    not_before: int | None = None


class Expected(NamedTuple):
    """Median and 90 % interval of the first year ahead."""

    year: int
    low: float
    median: float
    high: float


@dataclass(frozen=True, eq=False)
class Milestones:
    """What a plan implied year by year, beside what came and the median forecast."""

    #: Last complete year before the adoption, from which the path leads; 0 where the adoption is
    #: not known.
    base: int
    #: Why there is no path: ``adoption`` or ``base`` (not known), ``met`` (in the base year
    #: already); empty where there is one.
    lacking: str
    #: Where the path leads: the plan's figure (of a range the nearer end) and, where it differs,
    #: the figure from which it counts as met.
    ends: tuple[float, ...]
    #: Growth a year on the way to each, as `forecast.targets.assessment.growth`.
    paces: tuple[float, ...]
    #: Figure of the base year as published on an older basis, and the pace from it to the first of
    #: `ends`; None where the base year has none, or one on today's basis.
    stated: tuple[float, float] | None
    #: By year, from the base year on (without a path, from the last known one), columns `COLUMNS`:
    #: the figure and whether it is ``published``, ``estimated`` or the median ``forecast``; the
    #: probability that a year ahead meets the target; the path to each of `ends` and the gap to it,
    #: in percent of the path on the log scale, else in units. NaN where there is none.
    years: pd.DataFrame
    relative: bool  # whether gaps are in percent
    #: Of the median from the last known year to the target year, as `paces`.
    pace: float | None = None
    #: When the median meets the target, and the plan's figure itself; None without a forecast.
    met: Reached | None = None
    met_value: Reached | None = None
    #: What is expected of the year after the last known one: the first to be checked.
    following: Expected | None = None


@lasting
def milestones(answer: Assessment) -> Milestones | None:
    """Return the milestones of a target; None where no figure moves to it year by year."""
    figures = _figures(answer)
    if answer.until is None or figures.empty:
        return None
    until = min(answer.until, answer.year)
    base = max(answer.adopted - 1, 0)
    start = float(figures["value"].get(base if base <= until else 0, np.nan))
    lacking = "" if base else "adoption"
    if base and (np.isnan(start) or base >= answer.year):
        lacking = "base"
    elif base and answer.criterion.met(np.array([start]))[0]:
        lacking = "met"
    now = float(figures["value"][until])
    ends = _ends(answer, now if np.isnan(start) else start)
    scale = _scale(answer, now if np.isnan(start) else start, *ends)
    table = figures[figures.index >= (until if lacking in ("adoption", "base") else base)].copy()
    paces = [] if lacking else [growth(scale, start, e, answer.year - base) for e in ends]
    for suffix, implied in zip(SUFFIXES, paces, strict=False):
        path = _onward(scale, start, implied, table.index.to_numpy(int) - base)
        value = table["value"].to_numpy(float)
        table[f"implied{suffix}"] = path
        table[f"gap{suffix}"] = 100 * (value / path - 1) if scale == "log" else value - path
    found = Milestones(
        base, lacking, ends, tuple(paces), _stated(answer, base, ends, scale) if paces else None,
        table.reindex(columns=COLUMNS), scale == "log",
    )  # fmt: skip
    if answer.paths is None:
        return found
    values = figures["value"]
    speed, met = _reached(answer, values, answer.criterion)
    whole = Criterion("at_least", ends[0]) if len(ends) > 1 else answer.criterion
    interval = np.quantile(answer.paths.pooled[:, 0], (0.05, 0.5, 0.95)).tolist()
    return replace(
        found, pace=speed, met=met, met_value=_reached(answer, values, whole)[1],
        following=Expected(int(answer.paths.years[0]), *interval),
    )  # fmt: skip


def _stated(
    answer: Assessment, base: int, ends: tuple[float, ...], scale: str
) -> tuple[float, float] | None:
    """Return the figure of a year on an older basis, and the pace from it to the plan's figure."""
    history = answer.history
    if history is None or history.decided(base):
        return None
    rows = fitting(history)
    rows = rows[(rows["measure"] == "level") & (rows["year"] == base) & (rows["basis"] != "")]
    if rows.empty:
        return None
    stated = stated_level(rows.iloc[-1])
    return stated, growth(scale, stated, ends[0], answer.year - base)


def _figures(answer: Assessment) -> pd.DataFrame:
    """Return the first columns of `COLUMNS` by year up to the target year."""
    nothing, derived = pd.DataFrame(columns=COLUMNS[:3]), list[int]()
    if answer.kind not in KINDS:
        return nothing
    if isinstance(answer, FigureAnswer):
        if not answer.draws.size:
            return nothing
        decided = np.ptp(answer.draws, axis=0) == 0  # published figures are the same in every draw
        years, values, last = answer.years, np.median(answer.draws, axis=0), answer.last
    elif answer.history is not None:
        history, years = answer.history, answer.history.years
        decided = np.array([history.decided(int(year)) for year in years])
        derived = calculated(history)
        values, last = history.figures(), int(years[-1])
        if answer.paths is not None:
            years = np.append(years, answer.paths.years)
            values = np.append(values, np.median(answer.paths.pooled, axis=0))
            decided = np.append(decided, np.zeros(len(answer.paths.years), bool))
    else:
        return nothing
    states = np.where(years > last, "forecast", np.where(decided, "published", "estimated"))
    states = np.where(~decided & np.isin(years, derived), "calculated", states)
    found = pd.DataFrame({"value": values, "state": states}, pd.Index(years, name="year"))
    return found.assign(probability=_chances(answer, years))[found.index <= answer.year]


def _chances(answer: Assessment, years: np.ndarray) -> np.ndarray:
    """Return the probability of every year ahead to meet the target; NaN for the others."""
    out = np.full(len(years), np.nan)
    if answer.paths is not None and answer.probability is not None:
        shares = answer.criterion.met(answer.paths.pooled).mean(axis=0)
        chances = [within(float(share), answer.floor) for share in shares]
        out[np.isin(years, answer.paths.years)] = [*chances[:-1], answer.probability]
    return out


def _ends(answer: Assessment, start: float) -> tuple[float, ...]:
    """Return the plan's figure and, where it differs, the limit from which it counts as met."""
    limit = answer.criterion.nearest(start)
    about = answer.criterion.comparison == "about" and answer.value != limit
    return (answer.value, limit) if about else (limit,)


def _scale(answer: Assessment, *values: float) -> str:
    """Return ``log`` where growth in percent leads from value to value, else ``linear``."""
    scale = answer.rate(0.0).scale
    return "log" if scale == "log" and min(values) > 0 else "linear"


def _onward(scale: str, start: float, pace: float, years: np.ndarray) -> np.ndarray:
    """Return what a pace leads to after some years."""
    path: np.ndarray = start * (1 + pace / 100) ** years if scale == "log" else start + pace * years
    return path


def _reached(answer: Assessment, values: pd.Series, sought: Criterion) -> tuple[float, Reached]:
    """Return the pace of the median to the target year, and when it meets a criterion."""
    until, end = answer.until or 0, answer.year
    now, last = float(values[until]), float(values[end])
    scale = _scale(answer, now, last)
    pace = growth(scale, now, last, end - until)
    years = values.index.to_numpy(int)
    met = sought.met(values.to_numpy(float))
    if met[years == until][0]:
        missed = years[(years <= until) & ~met]
        return pace, Reached(int(missed[-1]) + 1 if len(missed) else int(years[0]))
    beyond = np.arange(end + 1, until + FAR + 1)
    later = sought.met(_onward(scale, last, pace, beyond - end))
    found = [*years[(years > until) & met], *beyond[later]]
    if found:
        return pace, Reached(int(found[0]))
    nearing = (sought.nearest(last) - last) * pace > 0
    return pace, Reached(not_before=max(end, until + FAR) + 1) if nearing else Reached()

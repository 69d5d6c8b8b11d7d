"""The path that a plan implied, the gap to it, and when the median meets the target."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import pandas as pd

from forecast.facts import Amount, Chance, Fact, Interval, Number, Percent, Points, Rate, fact
from forecast.report.language import Language, paragraphs, sentences
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.milestones import SUFFIXES, Milestones, Reached, milestones


def section(tell: Language, answer: Assessment) -> str:
    """Return heading and findings; empty for a target without a figure of each year."""
    found = milestones(answer)
    if found is None:
        return ""
    told = [*_path(tell, answer, found), *_reached(tell, answer, found)]
    told.append(_following(tell, answer, found, "milestones-next"))
    told.append("" if found.lacking or found.relative else tell("milestones-rounding"))
    return paragraphs(tell("milestones-head"), sentences(tell, *told))


def _path(tell: Language, answer: Assessment, found: Milestones) -> list[str]:
    """Return what the plan implied, and how the last known figure lies to it."""
    base, until = answer.dated(found.base), answer.until or 0
    if found.lacking:
        return [tell("milestones-no-path", lacking=found.lacking, year=base)]
    ends = [Amount(end, answer.unit, exact=True) for end in found.ends]
    rates = [_rate(answer, found, pace) for pace in found.paces]
    rows = found.years.to_dict("index")
    start, stepped = rows[found.base], answer.history is not None and len(answer.history.steps)
    origin = "rebased" if stepped and start["state"] != "published" else start["state"]
    told = [
        tell(
            "milestones-path", base=base, origin=origin, rate=rates[0], value=ends[0],
            start=_stated(answer, start), year=answer.year,
        )
    ]  # fmt: skip
    if origin == "rebased" and found.stated is not None:
        stated, pace = found.stated
        told.append(
            tell(
                "milestones-stated", base=base, year=answer.year, rate=_rate(answer, found, pace),
                stated=Amount(stated, answer.unit, exact=True),
            )
        )  # fmt: skip
    for limit, rate in list(zip(ends, rates, strict=True))[1:]:
        told.append(tell("milestones-reading", limit=limit, rate=rate))
    if not found.base < until <= answer.year:
        return told
    now = rows[until]
    said = {"origin": now["state"], "year": answer.dated(until)}
    said["now"] = _stated(answer, now)
    for suffix, end in zip(SUFFIXES, ends, strict=False):
        gap, path = now[f"gap{suffix}"], Amount(now[f"implied{suffix}"], answer.unit)
        told.append(
            tell(
                f"milestones-gap{suffix.replace('_', '-')}", end=end, path=path,
                gap=_gap(answer, found, abs(gap)), side=_side(answer, found, gap),
                **({} if suffix else said),
            )
        )  # fmt: skip
    return told


def _stated(answer: Assessment, row: dict[Any, Any]) -> Amount:
    """Return a figure, with all its digits where it is published."""
    return Amount(row["value"], answer.unit, exact=row["state"] == "published")


def _reached(tell: Language, answer: Assessment, found: Milestones) -> list[str]:
    """Return when the median meets the target and, of "about", the plan's figure itself."""
    if found.met is None or found.met_value is None or found.pace is None:
        return []
    rate = _rate(answer, found, found.pace)
    told = [tell("milestones-met", rate=rate, **_when(answer, found.met))]
    if len(found.ends) > 1 and found.met_value != found.met:
        value = Amount(found.ends[0], answer.unit, exact=True)
        told.append(tell("milestones-value", value=value, **_when(answer, found.met_value)))
    return told


def _when(answer: Assessment, met: Reached) -> dict[str, Any]:
    """Return the case of when a target is met, the year, and how many years after its own."""
    year, until = met.year or met.not_before, answer.until or 0
    late = (year or 0) - answer.year
    case = "never" if year is None else "beyond" if met.not_before else "late"
    if met.year is not None and late <= 0:
        case = "since" if met.year <= until else "early" if late else "on-time"
    origin = "published" if answer.status == "already_met" else "estimated"
    dated = answer.dated(year or answer.year)
    return {"case": case, "met": dated, "late": abs(late), "origin": origin}


def _following(tell: Language, answer: Assessment, found: Milestones, message: str) -> str:
    """Return what is expected of the next year; empty where that is the target year."""
    expected = found.following
    if expected is None or expected.year == answer.year:
        return ""
    interval = Interval(expected.low, expected.high, answer.unit)
    median, year = Amount(expected.median, answer.unit), answer.dated(expected.year)
    return tell(message, year=year, median=median, interval=interval)


def brief(tell: Language, answer: Assessment) -> str:
    """Return how far the target is from the plan's path, when it is met, and the next figure.

    Empty for a target without a figure of each year.
    """
    found = milestones(answer)
    if found is None:
        return ""
    told, until = [], answer.until or 0
    if not found.lacking and found.base < until <= answer.year:
        gap = float(found.years["gap"][until])
        side, size = _side(answer, found, gap), _gap(answer, found, abs(gap))
        told.append(tell("milestones-brief-gap", gap=size, side=side, year=answer.dated(until)))
    if found.met is not None:
        told.append(tell("milestones-brief-met", **_when(answer, found.met)))
    told.append(_following(tell, answer, found, "milestones-brief-next"))
    return sentences(tell, *told)


def table(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return a row a year: the figure, the path that the plan implied, the gap, the probability.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    found = milestones(answer)
    if found is None:
        return pd.DataFrame()
    unit = "%" if answer.unit == "%" else tell.unit(answer.unit) or "none"
    heads = [tell("milestones-col-year"), tell("milestones-col-figure", unit=unit)]
    suffixes = SUFFIXES[: len(found.paces)]
    for end in found.ends[: len(suffixes)]:
        amount = Amount(end, answer.unit, exact=True)
        heads.append(tell("milestones-col-path", end=amount, points=str(_points(answer, found))))
    heads.append(tell("milestones-col-chance"))
    rows, like = [], float(found.years["value"].abs().max())
    for year, row in zip(found.years.index, found.years.to_dict("records"), strict=True):
        value = Amount(row["value"], answer.unit, bare=True, like=like)
        cells: list[object] = [answer.dated(year)]
        cells.append(fact("milestones-figure", value=value, origin=row["state"]))
        for suffix in suffixes:
            path = Amount(row[f"implied{suffix}"], answer.unit, bare=True, like=like)
            gap = _gap(answer, found, row[f"gap{suffix}"], cell=True)
            cells.append(fact("milestones-against", path=path, gap=gap))
        cells.append(_outcome(answer, row))
        rows.append([html.escape(tell.write(cell)) for cell in cells])
    return pd.DataFrame(rows, columns=heads)


def _outcome(answer: Assessment, row: dict[Any, Any]) -> Fact | Chance | str:
    """Return the probability of a year ahead, or whether a published figure meets the target."""
    if not np.isnan(row["probability"]):
        return Chance(row["probability"], answer.floor, short=True)
    if row["state"] != "published":
        return ""
    met = bool(answer.criterion.met(np.array([row["value"]]))[0])
    return fact("milestones-outcome", met=str(met))


def _points(answer: Assessment, found: Milestones) -> bool:
    """Whether gaps are in percentage points."""
    return answer.unit == "%" and not found.relative


def _gap(
    answer: Assessment, found: Milestones, gap: float, *, cell: bool = False
) -> Percent | Points | Number | Amount:
    """Return a gap to the path; in a cell it has its sign, and the head says what points are."""
    if found.relative:
        return Percent(gap, 1, signed=cell)
    if _points(answer, found):
        return Number(gap, 2, signed=True) if cell else Points(gap, 2)
    return Amount(gap, answer.unit, bare=cell)


def _side(answer: Assessment, found: Milestones, gap: float) -> str:
    """Return whether a figure is ``behind`` the path, ``ahead`` of it, or ``on`` it as shown."""
    digits = 1 if found.relative else 2
    if round(gap, digits) == 0 and (found.relative or _points(answer, found)):
        return "on"
    more = answer.criterion.wants_more(float(found.years["value"].iloc[0]))
    return "ahead" if (gap > 0) == more else "behind"


def _rate(answer: Assessment, found: Milestones, pace: float) -> Rate:
    rate = answer.rate(pace)
    return rate if found.relative or rate.scale != "log" else Rate(pace, "linear", answer.unit)

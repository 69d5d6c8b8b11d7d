"""Statements as rows of a linear system: what each says of the path, and how surely.

A level says x, a growth rate says x less its predecessor, a level on an older basis says x plus a
step. A year-to-date level says x plus the log of the share of the year that has passed: what is
usual for the month, and how this year departs from it. The growth of a part of the year says the
growth of the year and by how much the two departures differ, so that a level and a growth rate of
the same months are not counted as two things known. The standard deviation of a row comes from
status, rounding and currency.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.observations import FORECASTS
from forecast.evidence.scales import FloatArray, Transform, transform

# Standard deviation of a published level around the value that later stands, relative, by status.
# Ordinary revisions of Jinhua's and Zhejiang's GDP were between -0.12 % and +0.53 %.
STATUS_SD = {
    "census": 0.005,  # head counts are of 1 November, the path is of the year's end
    "final": 0.001,
    "revised": 0.001,
    "preliminary": 0.002,
    "derived": 0.002,
    "secondary": 0.01,
    "unknown": 0.01,
}
# Head counts and shares are hardly revised between censuses: a fraction of a flow's errors.
CALM_KINDS = {"stock": 0.3, "share": 0.3}
MARKED_SD = 0.05  # a row marked as doubtful counts as if it were known to five percent
# How far an older basis wanders around a constant step: 1 % of GDP for 2000-2018; the revision of
# the R&D share, whose GDP changed, by 1.2 to 1.6 %.
OLD_BASIS_SD = 0.01
CONVERSION_SD = 0.01  # of a dollar figure in yuan: the rates are averages and partly implied
GROWTH_SD = 0.004  # published growth against the ratio of the levels that later stand
WILDEST = 4.0  # typical noises that a change of the yearly change counts for at most
PRICES_SD = 0.01  # price change of a part of the year around that of the year, per year remaining

ALIKE = 0.33  # of the smaller move: by how much those of a whole and its part may differ
UNIT_SLIP = float(np.log(3.0))  # moves beyond it may be a common slip of the unit
TOLD = 0.33  # share of a move that a bound has to tell, so that it confirms the level

OFF_SUM = 0.01  # of a level: a gap to the published total or parts that is worth a word

PARTS = {"month_level": 1, "quarter_level": 3}  # months they cover

Statement = Mapping[Hashable, Any]
Record = dict[Hashable, Any]


@dataclass
class Layout:
    """Where each unknown stands in the state vector."""

    years: np.ndarray
    bases: list[str]  # steps
    months: list[int]  # usual shares of the year
    parts: list[tuple[int, int]]  # year and month: departures from the usual share
    prices: list[int]  # years with a price change

    def __post_init__(self) -> None:
        n = len(self.years)
        self.first = int(self.years[0])
        self.basis = {b: n + i for i, b in enumerate(self.bases)}
        start = n + len(self.bases)
        self.month = {m: start + i for i, m in enumerate(self.months)}
        start += len(self.months)
        self.part = {p: start + i for i, p in enumerate(self.parts)}
        start += len(self.parts)
        self.price = {y: start + i for i, y in enumerate(self.prices)}
        self.size = start + len(self.prices)

    @classmethod
    def of(cls, records: list[Record], years: np.ndarray) -> Layout:
        """Lay out what the statements speak of, over the given years."""
        months, parts = set(), set()
        for s in records:
            year, month = int(s["year"]), int(s["month"])
            if month == 12 or s["measure"] not in ("ytd_level", "ytd_growth"):
                continue
            parts.add((year, month))
            if s["measure"] == "ytd_level":
                months.add(month)
            else:
                parts.add((year - 1, month))
        return cls(
            years,
            sorted({str(s["basis"]) for s in records} - {""}),
            sorted(months),
            sorted(parts),
            sorted({int(s["year"]) for s in records if s["prices"] == "real"}),
        )

    def x(self, year: int) -> int:
        """Return where the path of a year stands."""
        return year - self.first


def statements_of(
    evidence: Evidence, region: str, info: pd.Series, bases: tuple[str, set[str]]
) -> list[Record]:
    """Return the statements on a series, in order of time, ready to become rows.

    Years in which only all parts of a sum have a level get a derived one. Further keys: ``basis``
    is blank for the reference basis, whose name stays in ``basis_name``; ``unused`` says why a
    statement cannot be used; ``touches`` are the years it speaks of; ``ratio`` is that of the
    published value to the canonical one. `bases` is what `bases_of` returns.
    """
    indicator = str(info["indicator"])
    reference, unjoined = bases
    rows = [dict(row) for row in evidence.records.get((region, indicator), [])]
    _confirm(evidence, region, info, rows)
    rows += _by_identity(evidence, region, info, rows)
    rows += _added_up(rows)
    rows.sort(key=lambda row: (row["year"], row["month"]))
    for row in rows:
        # A bound on growth over part of a year bounds nothing over the whole of it.
        row["unused"] = (
            "an event" if row["measure"] in ("event", "count_to_date")
            else "a forecast of others" if row["measure"] in FORECASTS
            else "a bound on part of a year" if row["measure"] == "ytd_growth" and row["bound"]
            else row.pop("counted", "the months before it are not known")
            if row["measure"] in PARTS
            else "no exchange rate known" if np.isnan(row["canonical"])
            else "its basis cannot be joined to today's" if row["basis"] in unjoined
            else ""
        )  # fmt: skip
        row["used"] = row["unused"] == ""
        row["basis_name"] = row["basis"]
        row["basis"] = "" if row["basis"] == reference else row["basis"]
        row["ratio"] = unit_ratio(row)
        _from_the_end(row, transform(str(info["transform"])))
        year = int(row["year"])
        changes = row["measure"] in ("growth", "ytd_growth", "change")
        row["touches"] = (year - 1, year) if changes else (year,)
    return rows


def unit_ratio(row: Statement) -> float:
    """Return the ratio of the published value to that in the indicator's unit."""
    canonical = float(row["canonical"])
    return float(row["value"]) / canonical if canonical else 1.0


def _from_the_end(row: Record, scale: Transform) -> None:
    """Move a share published as 0 or 100 % into the interval that it is rounded from.

    100 without decimals means above 99.5: it counts as 99.75, with the width of that interval. A
    bound there says nothing.
    """
    value = float(row["canonical"])
    if scale.name != "logit" or row["measure"] not in ("level", "ytd_level") or 0 < value < 100:
        return
    if row["bound"]:
        row["used"], row["unused"] = False, "a bound at the end of the scale"
    half = half_unit(row, scale)
    row["canonical"] = float(np.clip(value, half, 100 - half))


When = tuple[int, int, str]  # year, last month, basis


def _exact(evidence: Evidence, region: str, indicator: str) -> dict[When, Record]:
    """Return the undoubted levels of a series, of years and of years to date."""
    return {
        (int(row["year"]), int(row["month"]), str(row["basis"])): row
        for row in evidence.records.get((region, indicator), [])
        if row["measure"] in ("level", "ytd_level") and not row["bound"] and not row["mark"]
    }


def _by_identity(
    evidence: Evidence, region: str, info: pd.Series, statements: list[Record]
) -> list[Record]:
    """Return levels that follow from a sum: the whole from its parts, a part from the rest."""
    indicator = str(info["indicator"])
    own = {
        (s["year"], s["month"]) for s in statements
        if s["measure"] in ("level", "ytd_level") and not s["bound"]
    }  # fmt: skip
    derived = []
    levels = _exact(evidence, region, indicator)
    for plus, minus in equations_of(evidence, indicator):
        known = [_exact(evidence, region, name) for name in (*plus, *minus)]
        for when in sorted(set.intersection(*map(set, known)) if known else ()):
            rows = [of[when] for of in known]
            found = _derived(info, rows, len(plus))
            if when[:2] not in own and found["canonical"] > 0:
                _confirm_by_relative(levels, known[0], [found])
                derived.append(found)
                own.add(when[:2])
    return derived


def equations_of(evidence: Evidence, indicator: str) -> list[tuple[list[str], list[str]]]:
    """Return the sums that an indicator follows from: the indicators to add, those to take off."""
    sums = evidence.accounts.sums
    found: list[tuple[list[str], list[str]]] = [(list(sums.get(indicator, ())), [])]
    for whole, parts in sums.items():
        if indicator in parts:
            found.append(([whole], [p for p in parts if p != indicator]))
    return [(plus, minus) for plus, minus in found if plus]


def _confirm(evidence: Evidence, region: str, info: pd.Series, statements: list[Record]) -> None:
    """Mark levels that a second statement agrees with as ``confirmed``.

    A sum of other published levels, a whole or part that moved alike, or a bound.
    """
    own = _exact(evidence, region, str(info["indicator"]))
    _confirm_by_bounds(own, statements)
    for plus, minus in equations_of(evidence, str(info["indicator"])):
        known = [_exact(evidence, region, name) for name in (*plus, *minus)]
        for s in statements:
            when = (int(s["year"]), int(s["month"]), str(s["basis"]))
            level = s["measure"] in ("level", "ytd_level") and not s["bound"]
            if level and all(when in levels for levels in known):
                other = _derived(info, [levels[when] for levels in known], len(plus))
                gap = abs(other["canonical"] - float(s["canonical"]))
                agrees = gap <= 2 * other["relative_sd"] * abs(other["canonical"])
                s["confirmed"] = s.get("confirmed", False) or agrees
                if not agrees and gap > OFF_SUM * abs(float(s["canonical"])):
                    s["identity"] = other["canonical"] * unit_ratio(s)
        for relative in plus:  # the whole of a part, the parts of a whole
            _confirm_by_relative(own, _exact(evidence, region, relative), statements)


def _move(levels: Mapping[When, Record], when: When) -> float:
    """Return the log change of a level over a year, 0 where it is not known."""
    now, before = levels.get(when), levels.get((when[0] - 1, *when[1:]))
    if now is None or before is None:
        return 0.0
    pair = float(now["canonical"]), float(before["canonical"])
    return float(np.log(pair[0] / pair[1])) if min(pair) > 0 else 0.0


def _confirm_by_relative(
    own: Mapping[When, Record], other: Mapping[When, Record], statements: list[Record]
) -> None:
    """Confirm levels that moved as a whole or a part of them did.

    A slip of the unit moves both by the same factor, so a large factor confirms nothing.
    """
    for s in statements:
        when = (int(s["year"]), int(s["month"]), str(s["basis"]))
        if s["measure"] not in ("level", "ytd_level") or s["bound"] or s["mark"]:
            continue
        moves = _move({**own, when: s}, when), _move(other, when)
        least, most = sorted(map(abs, moves))
        if 0 < most < UNIT_SLIP and abs(moves[0] - moves[1]) <= ALIKE * least:
            s["confirmed"] = True


def _confirm_by_bounds(own: Mapping[When, Record], statements: list[Record]) -> None:
    """Confirm levels whose move a bound on the same year tells to a good part."""
    for s in statements:
        when = (int(s["year"]), int(s["month"]), str(s["basis"]))
        before = own.get((when[0] - 1, *when[1:]))
        if s["measure"] != "level" or s["bound"] or before is None:
            continue
        base, move = float(before["canonical"]), _move({**own, when: s}, when)
        for other in statements:
            same = int(other["year"]) == when[0] and other["bound"] and not other["mark"]
            if not same or not move or other["measure"] not in ("level", "growth"):
                continue
            value = float(other["canonical"])
            if other["measure"] == "growth":
                ratio = 1 + value / 100
            else:
                ratio = value / base if str(other["basis"]) == when[2] else 1.0
            told = float(np.log(ratio)) if ratio > 0 else 0.0
            side = 1.0 if other["bound"] == "lower" else -1.0
            if side * told > 0 and TOLD * abs(move) <= abs(told) <= side * move:
                s["confirmed"] = True


def _derived(info: pd.Series, rows: list[Record], plus: int) -> Record:
    """Return the level that is the sum of some rows less the others, with its error."""
    signs = np.array([1.0] * plus + [-1.0] * (len(rows) - plus))
    values = np.array([float(row["canonical"]) for row in rows])
    errors = values * [STATUS_SD[str(row["status"])] for row in rows]
    total = float(signs @ values)
    names = " + ".join(str(row["observation"]) for row in rows[:plus])
    names += "".join(f" - {row['observation']}" for row in rows[plus:])
    told = " and ".join(str(row["indicator"]) for row in rows[:plus])
    told += "".join(f" less {row['indicator']}" for row in rows[plus:])
    return {
        **rows[0],
        "observation": names,
        "indicator": info["indicator"],
        "canonical": total,
        "value": round(total, 2),
        "unit": info["unit"],
        "status": "derived",
        "note": f"sum of {told}" if plus == len(rows) else told,
        "sources": tuple((row["region"], row["indicator"], row["observation"]) for row in rows),
        "relative_sd": float(np.sqrt((errors**2).sum())) / abs(total) if total else 1.0,
    }


def _added_up(statements: list[Record]) -> list[Record]:
    """Return the sums through a month, or of the year, that months and quarters add up to.

    They are counted from January on, or from a year-to-date figure; what is stated itself is not
    derived once more. A part that was counted says so in ``counted``.
    """
    exact = [s for s in statements if not s["bound"] and not s["mark"]]
    parts = [s for s in exact if s["measure"] in PARTS]
    stated = {
        (s["year"], s["basis"], s["month"]): s for s in exact
        if s["measure"] in ("level", "ytd_level")
    }  # fmt: skip
    derived: list[Record] = []
    for year, basis in dict.fromkeys((s["year"], s["basis"]) for s in parts):
        sums = {
            m: ([s], s["canonical"]) for (y, b, m), s in stated.items() if (y, b) == (year, basis)
        }
        reached: dict[int, tuple[list[Record], float]] = {0: ([], 0.0), **sums}
        own = [s for s in parts if (s["year"], s["basis"]) == (year, basis)]
        for s in sorted(own, key=lambda s: (s["month"], s["measure"])):
            end, start = int(s["month"]), int(s["month"]) - PARTS[s["measure"]]
            if start not in reached:
                continue
            s["counted"] = f"counted in the sum through {year}-{end:02d}"
            if end in reached:
                continue
            used, total = reached[start]
            reached[end] = [*used, s], total + float(s["canonical"])
            derived.append(_sum_through(*reached[end], end))
    return derived


def _sum_through(used: list[Record], total: float, month: int) -> Record:
    names = " + ".join(str(s["observation"]) for s in used)
    last = used[-1]
    return {
        **last,
        "observation": names,
        "measure": "level" if month == 12 else "ytd_level",
        "period": str(last["year"]) if month == 12 else last["period"],
        "canonical": total,
        "value": total * next((unit_ratio(s) for s in reversed(used) if s["canonical"]), 1.0),
        "status": "derived",
        "note": "sum of months and quarters",
    }


def bases_of(evidence: Evidence, indicator: str) -> tuple[str, set[str]]:
    """Return the reference basis of an indicator, and those that cannot be joined to it.

    The newest one; as of an earlier date, the newest on which a level had been published by then.
    """
    bases = evidence.bases[evidence.bases["indicator"] == indicator].astype({"sequence": int})
    if bases.empty:
        return "", set()
    unjoined = set(bases.loc[bases["link"] == "none", "basis"])
    newest = evidence.newest_basis(indicator)
    rows = evidence.observations
    levels = rows[(rows["indicator"] == indicator) & rows["measure"].isin(["level", "ytd_level"])]
    public = bases[bases["basis"].isin(set(levels["basis"].replace("", newest)))]
    if evidence.as_of is None or public.empty:
        return newest, unjoined - {newest}
    reference = str(public["basis"].to_numpy()[public["sequence"].to_numpy().argmax()])
    return reference, unjoined - {reference}


def connected(rows: list[Record]) -> list[Record]:
    """Drop growth rows outside the reach of any level.

    A chain of growth rates that touches no level says nothing about the level; only rows between
    the first level and the end of what is connected to a level count.
    """
    reach = {int(s["year"]) for s in rows if s["measure"] in ("level", "ytd_level")}
    growth = [s["touches"] for s in rows if s["measure"] not in ("level", "ytd_level")]
    while True:
        more = {y for touches in growth if set(touches) & reach for y in touches} - reach
        if not more:
            break
        reach |= more
    first, last = min(reach), max(reach)
    return [s for s in rows if first <= min(s["touches"]) and max(s["touches"]) <= last]


def levels_of(rows: list[Record]) -> FloatArray:
    """Return the exact yearly levels, in the indicator's unit."""
    return np.array(
        [float(s["canonical"]) for s in rows if s["measure"] == "level" and not s["bound"]]
    )


def yearly_changes(rows: list[Record], scale: Transform) -> dict[int, float]:
    """Return the known yearly changes of the path, on the scale, by year; never across bases.

    Real growth stands in for a year of which nothing else is known.
    """
    changes: dict[int, list[float]] = {}
    real: dict[int, list[float]] = {}
    known: dict[str, dict[int, list[float]]] = {}
    for row in rows:
        if row["bound"] or row["mark"]:
            continue
        if row["measure"] == "level":
            by_year = known.setdefault(str(row["basis"]), {})
            by_year.setdefault(int(row["year"]), []).append(float(row["canonical"]))
        elif row["measure"] == "growth" and scale.name == "log":
            growth = real if row["prices"] == "real" else changes
            growth.setdefault(int(row["year"]), []).append(float(np.log1p(row["canonical"] / 100)))
    for by_year in known.values():
        years = sorted(by_year)
        values = scale.forward(np.array([np.median(by_year[y]) for y in years]))
        for i in range(1, len(years)):
            change = float(values[i] - values[i - 1]) / (years[i] - years[i - 1])
            changes.setdefault(years[i], []).append(change)
    changes = {**real, **changes}
    return {year: float(np.median(changes[year])) for year in sorted(changes)}


def noise_of(changes: FloatArray, typical: float) -> float:
    """Noise of yearly changes: their robust spread, shrunk to what is typical.

    Changes of the changes count, so that a slow slide of the trend is not noise. The median is
    robust to a wrong figure; with a handful of steps it would miss the noise, so there no step
    counts for more than a few times what is typical.
    """
    steps = np.minimum(np.abs(np.diff(changes)), WILDEST * typical)
    n = len(steps)
    if n < 2:
        return typical
    spread = (1.4826 * np.median(steps) if n >= 8 else 1.2533 * np.mean(steps)) / np.sqrt(2)
    return float(np.sqrt((n * spread**2 + 4 * typical**2) / (n + 4)))


def part_departures(rows: list[Record], persistence: float) -> FloatArray:
    """Return by how much parts of years departed from their usual share of the whole.

    Parameters
    ----------
    rows : list of dict
        Statements on one series, on the log scale.
    persistence : float
        Correlation of a departure with that of the year before.

    Returns
    -------
    ndarray, shape (n, 2)
        Share of the year that was still to come, and the departure in logs: of a year-to-date level
        from the month's mean over the years, of the growth of a part from that of the year.
    """
    good = [s for s in rows if not s["bound"] and not s["mark"]]
    level = {(s["year"], s["basis"]): s["canonical"] for s in good if s["measure"] == "level"}
    growth = {(s["year"], s["prices"]): s["canonical"] for s in good if s["measure"] == "growth"}
    shares: dict[int, list[float]] = {}
    found = []
    for s in good:
        year, month = int(s["year"]), int(s["month"])
        if month == 12 or s["measure"] not in ("ytd_level", "ytd_growth"):
            continue
        if s["measure"] == "ytd_level" and (year, s["basis"]) in level:
            share = float(np.log(s["canonical"] / level[year, s["basis"]]))
            shares.setdefault(month, []).append(share)
        elif s["measure"] == "ytd_growth" and (year, s["prices"]) in growth:
            gap = np.log1p(s["canonical"] / 100) - np.log1p(growth[year, s["prices"]] / 100)
            found.append(((12 - month) / 12, float(gap) / (2 * (1 - persistence)) ** 0.5))
    for month, values in shares.items():
        n = len(values)
        if n > 1:
            departures = (np.array(values) - np.mean(values)) * np.sqrt(n / (n - 1))
            found += [((12 - month) / 12, float(d)) for d in departures]
    return np.array(found).reshape(-1, 2)


def design_row(statement: Statement, layout: Layout) -> FloatArray:
    """Return the coefficients with which a statement speaks of the unknowns, shape (size,)."""
    h = np.zeros(layout.size)
    year, month = int(statement["year"]), int(statement["month"])
    measure = str(statement["measure"])
    h[layout.x(year)] = 1.0
    partial = month != 12 and measure in ("ytd_level", "ytd_growth")
    if partial:
        h[layout.part[year, month]] = 1.0
    if measure in ("level", "ytd_level"):
        if statement["basis"]:
            h[layout.basis[statement["basis"]]] = 1.0
        if partial:
            h[layout.month[month]] = 1.0
        return h
    h[layout.x(year) - 1] = -1.0
    if partial:
        h[layout.part[year - 1, month]] = -1.0
    if statement["prices"] == "real":
        h[layout.price[year]] = -1.0
    return h


def on_scale(statement: Statement, scale: Transform, level: float) -> float:
    """Put a statement's value on the scale; `level` is the current estimate of its year."""
    value = float(statement["canonical"])
    measure = str(statement["measure"])
    if measure in ("level", "ytd_level"):
        return float(scale.forward(np.array([value]))[0])
    if measure == "change":
        # A change larger than the share itself is a wrong row: far away, and a number all the same.
        before = np.clip(level - value, 0.01 * level, 100 - 0.01 * (100 - level))
        pair = scale.forward(np.array([level, before]))
        return float(pair[0] - pair[1])
    if scale.name == "log":
        return float(np.log1p(value / 100))
    pair = scale.forward(np.array([level, level / (1 + value / 100)]))
    return float(pair[0] - pair[1])


def rounding(value: float) -> float:
    """Half a unit of the last digit that a published figure shows.

    Trailing zeros of whole numbers count as rounded (5,000 may be 4,500 to 5,500), but to no more
    than 2.5 % of the value.

    Examples
    --------
    >>> rounding(2.54), rounding(118.0), rounding(4453.0)
    (0.005, 0.5, 0.5)
    >>> rounding(5000.0)
    125.0
    """
    text = f"{abs(value):.10g}"
    if "." in text:
        return float(0.5 * 10.0 ** -len(text.split(".")[1]))
    digits = text.rstrip("0") or "0"
    return float(min(0.5 * 10.0 ** (len(text) - len(digits)), 0.025 * abs(value) or 0.5))


def half_unit(statement: Statement, scale: Transform) -> float:
    """Return half the interval that a statement is rounded from.

    A share of 60 is no round number; one of 100 stands for half the usual interval.
    """
    value = float(statement["value"])
    if scale.name != "logit":
        return rounding(value)
    return (rounding(value) if value % 1 else 0.5) * (0.5 if value in (0.0, 100.0) else 1.0)


def rounding_sd(statement: Statement, scale: Transform) -> float:
    """Return the error of a level that comes from its rounding alone, on the scale."""
    half_digit = half_unit(statement, scale) / np.sqrt(3)
    if scale.name == "linear":
        return float(max(half_digit, 1e-6))
    value = float(statement["canonical"])
    published = abs(float(statement["value"])) or abs(value)  # a share of 0 % is moved inside
    slope = float(scale.slope(np.array([value]))[0])
    return float(max(half_digit / published * abs(value) * slope, 1e-6))


def error_sd(statement: Statement, scale: Transform, kind: str) -> float:
    """Judge the error of one statement on the scale by status, rounding and currency."""
    measure = str(statement["measure"])
    value = float(statement["canonical"])
    calm = CALM_KINDS.get(kind, 1.0)
    remaining = (12 - int(statement["month"])) / 12
    if measure in ("level", "ytd_level"):
        sd = rounding_sd(statement, scale)
        if scale.name != "linear":
            relative = np.hypot(
                STATUS_SD[str(statement["status"])] * calm, statement.get("relative_sd", 0.0)
            )
            if statement["converted_with"]:
                relative = np.hypot(relative, CONVERSION_SD)
            if statement["basis"]:
                relative = np.hypot(relative, OLD_BASIS_SD)
            slope = float(scale.slope(np.array([value]))[0])
            sd = float(np.hypot(sd, relative * abs(value) * slope))
    elif measure == "change":
        sd = 0.0  # set by the caller, which knows the current level
    else:
        half_digit = rounding(float(statement["value"])) / np.sqrt(3)
        sd = float(np.hypot(half_digit / 100, GROWTH_SD * calm))
        if statement["prices"] == "real":
            sd = float(np.hypot(sd, PRICES_SD * remaining))
    if statement["mark"] in ("conflict", "low_quality"):
        size = abs(value) if scale.name == "linear" and "level" in measure else 1.0
        sd = float(np.hypot(sd, MARKED_SD * calm * size))
    return max(sd, 1e-6)

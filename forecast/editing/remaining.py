"""What remains to be done with a data folder, and the command that does the next of it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from forecast.evidence.calendar import today, year_name
from forecast.evidence.evidence import Evidence
from forecast.evidence.files.tables import shortened
from forecast.evidence.measures import FORECASTS
from forecast.evidence.registries import listed
from forecast.targets.evidence_dates import last_complete_year
from forecast.targets.quality.components import FEW_LEVELS

RECORD = 10  # years of figures below which there are hardly any past forecasts of a series
SHOWN = 6  # targets of one line


class _Known(NamedTuple):
    """What is known on the series of a target.

    Of a list of markets or journeys all together; of a figure that is computed from several series
    the one with the fewest years.
    """

    name: str
    region: str
    indicator: str
    starts: int
    last: int  # year whose figures should be out, or that of the target if it is earlier
    years: tuple[int, ...]
    yearly: bool  # whether a path of years is forecast
    start: int  # base year of growth, or first year of a sum; 0 without one


def remaining(evidence: Evidence, folder: Path | None) -> list[str]:
    """Return what is still missing, target by target, and the next command.

    The folder is as it is named on the command line; None for the default.
    """
    # What can be known today, not what is: a folder without figures has no date of its own.
    evidence = replace(evidence, as_of=today())
    known = list(dict.fromkeys(_known(evidence, row) for _, row in evidence.targets.iterrows()))
    none = [one for one in known if not one.years]
    few = [one for one in known if one.yearly and 0 < len(one.years) < FEW_LEVELS]
    enough = [one for one in known if one.yearly and len(one.years) >= FEW_LEVELS]
    old = [one for one in enough if max(one.years) < one.last - 1]
    short = [one for one in enough if len(one.years) < RECORD]
    early = [one for one in known if one.years and 0 < one.start < min(one.years)]
    lines = [
        *_listed(none, "without any figure"),
        *_listed(few, f"with figures of fewer than {FEW_LEVELS} years: little to forecast from"),
        *_listed(early, "without a figure of the year from which growth or a sum counts"),
        *_listed(old, "without a figure of the last two years"),
        *_listed(short, f"with figures of fewer than {RECORD} years: a short record of forecasts"),
        *_unnamed(evidence),
    ]
    if not known:
        return ["There is no target yet; add a row to targets.csv."]
    return [
        *(
            [f"What remains, of {len(known)} target{'s' if len(known) > 1 else ''}:", *lines, ""]
            if lines
            else []
        ),
        *_next([*none, *few, *old], folder),
    ]


def _known(evidence: Evidence, target: pd.Series[Any]) -> _Known:
    kind, region = str(target["kind"]), str(target["region"])
    key, items = str(target["indicator"]), listed(str(target["items"]))
    places = items or [region]
    joined = kind in ("ratio", "comparison") or (kind == "rank" and bool(items))
    series = [(place, key) for place in places]
    if joined:
        others = [region, *listed(str(target["reference_region"]))]
        series += [(place, key) for place in others]
        series += [(region, per) for per in [str(target["per"])] if per]
    found = {pair: _years(evidence, *pair) for pair in series}
    place, indicator = min(found, key=lambda pair: len(found[pair])) if joined else series[0]
    years = found[place, indicator] if joined else set().union(*found.values())
    starts = evidence.year_starts(place, indicator)
    return _Known(
        str(target["name"]),
        place,
        indicator,
        starts,
        min(last_complete_year(evidence, starts), int(target["year"])),
        tuple(sorted(years)),
        joined or kind not in ("rank", "count", "legs"),
        0 if pd.isna(target["start"]) else int(target["start"]),
    )


def _years(evidence: Evidence, region: str, indicator: str) -> set[int]:
    """Return the years with a figure of a series, of a month alone as well."""
    rows = evidence.records.get((region, indicator), [])
    return {int(row["year"]) for row in rows if row["measure"] not in FORECASTS}


def _listed(found: list[_Known], what: str) -> Iterator[str]:
    if found:
        names = ", ".join(one.name for one in found[:SHOWN])
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        yield f"  {len(found)} {what}: {names}{more}"


def _unnamed(evidence: Evidence) -> Iterator[str]:
    """Yield which names the Chinese pages of plans lack; a plan without languages has all.

    A name that is written in Chinese is one already.
    """
    tongues = evidence.plans["languages"].map(listed)
    plans = evidence.plans[tongues.map(lambda some: not some or "zh" in some).astype(bool)]
    targets = evidence.targets[evidence.targets["plan"].isin(plans["plan"])]
    regions = [key for cell in targets["items"] for key in listed(cell)]
    rows = {
        "plan": plans["plan"],
        "target": targets["target"],
        "indicator": [*targets["indicator"], *targets["per"]],
        "region": [*plans["region"], *targets["region"], *regions],
    }
    lacking = []
    for column, keys in rows.items():
        table = getattr(evidence, f"{column}s")
        english = (table["name_zh"] == "") & ~table["name"].str.contains("[\u4e00-\u9fff]")
        found = table.loc[table[column].isin(keys) & english, column]
        if len(found):
            lacking.append(f"{column}s.csv ({shortened(found.unique(), SHOWN)})")
    if lacking:
        yield f"  Chinese names for the Chinese pages, column name_zh: {'; '.join(lacking)}"


def _next(wanted: list[_Known], folder: Path | None) -> Iterator[str]:
    data = f" --data {shlex.quote(os.fspath(folder))}" if folder else ""
    if not wanted:
        yield f"Next, make the pages:\n  forecast report{data}"
        return
    first = wanted[0]
    missing = [
        y for y in range(first.last - FEW_LEVELS + 1, first.last + 1) if y not in first.years
    ]
    names = [year_name(y, first.starts) for y in missing or [first.last]]
    when = f" of {names[0]} to {names[-1]}" if len(names) > 1 else ""
    yield (
        f"Next, add the figures of {first.name}{when if first.yearly else ''}, each with its "
        "source (--source KEY once it is known):\n"
        f"  forecast add{data} --region {first.region} --indicator {first.indicator} "
        f"--period {names[-1]} \\\n    --value NUMBER --new-source KEY --title TITLE\n"
        f"or many at once from a table or an export:\n  forecast import FILE{data}\n"
        f"The pages can be made meanwhile:\n  forecast report{data}"
    )

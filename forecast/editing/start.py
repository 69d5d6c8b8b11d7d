"""A new data folder: few tables with few columns, a scenario and a page that explains them."""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from forecast.editing.answers import Goal
from forecast.evidence.calendar import year_name
from forecast.evidence.loading import load
from forecast.evidence.problems import UserError
from forecast.evidence.rules.registries import LONGEST_KEY, PAGES
from forecast.evidence.units import exchanged, measured

Record = dict[str, str]


class KnownFigure(NamedTuple):
    """A published level: of which indicator and region (both by name), when, and where it is."""

    indicator: str
    region: str  # empty: the region of the plan
    period: str
    value: str
    unit: str  # empty: that of the indicator
    source: str  # its title


@dataclass(frozen=True)
class Start:
    """What a new folder is about."""

    region: str  # name of the region, or of whoever has the plan
    within: tuple[str, ...]  # names of the regions that it lies in, the nearest first
    year_starts: int  # month in which its years begin
    languages: tuple[str, ...]  # of the pages, the main one first
    plan: str  # name of the plan
    goals: tuple[Goal, ...]  # its targets
    figures: tuple[KnownFigure, ...] = ()  # what is known, if anything is
    currency: str = ""  # unit of money where none is stated; may be empty


def begin(folder: Path, start: Start) -> None:
    """Write a new folder, whole or not at all.

    Raises
    ------
    forecast.evidence.problems.DataError
        If the tables would not be sound.
    forecast.evidence.problems.UserError
        If there is something in the folder, or it cannot be written.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UserError(f"{folder} is there already; expected a new or an empty folder")
    texts, folder = files(start, folder), folder.resolve()
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    inside = part / folder.name  # so that messages name the folder
    try:
        for name, text in texts.items():
            path = inside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        load(inside)
        if folder.exists():
            folder.rmdir()
        os.rename(inside, folder)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def files(start: Start, folder: Path) -> dict[str, str]:
    """Return the text of each file of a new folder."""
    tables = tables_of(start)
    made = {f"{name}.csv": _text(rows, LEAST[name]) for name, rows in tables.items()}
    scenario = _scenario(tables, start)
    if scenario:
        made["scenarios/slower.toml"] = scenario
    made["run.toml"] = RUN
    made["README.md"] = README.format(
        plan=start.plan,
        region=start.region,
        indicator=tables["indicators"][0]["indicator"],
        key=tables["plans"][0]["region"],
        folder=shlex.quote(os.fspath(folder)),
        scenario="`scenarios/slower.toml` | a scenario: what if growth is a point lower |\n| "
        if scenario
        else "",
        rates="".join(f"\n{text}\n" for text in rates_needed(start)),
    )
    return made


# Tables -------------------------------------------------------------------------------------------

#: The columns that every new table has.
LEAST: Mapping[str, tuple[str, ...]] = {
    "regions": ("region", "name"),
    "indicators": ("indicator", "name", "unit"),
    "sources": ("source", "title"),
    "observations": ("region", "indicator", "period", "value", "source"),
    "plans": ("plan", "name", "region"),
    "targets": ("plan", "target", "name", "indicator", "region", "comparison", "value", "year"),
}


def tables_of(start: Start) -> dict[str, list[Record]]:
    """Return the rows of each table; a column that no row fills is not there."""
    places = keyed([start.region, *start.within, *(f.region for f in start.figures)], "region")
    units = _units(start)
    names = keyed(units, "indicator")
    sources = keyed([figure.source for figure in start.figures], "source")
    plan = keyed([start.plan], "plan")[start.plan]
    region, languages = places[start.region], ";".join(start.languages)
    return {
        "regions": _regions(start, places),
        "indicators": [
            {"indicator": names[name], "name": name, "unit": unit, "kind": _kind(name, unit)}
            for name, unit in units.items()
        ],
        "sources": [{"source": key, "title": title} for title, key in sources.items()],
        "observations": [
            {
                "region": places[figure.region or start.region],
                "indicator": names[figure.indicator],
                "period": figure.period,
                "value": figure.value,
                "unit": "" if figure.unit == units[figure.indicator] else figure.unit,
                "source": sources[figure.source],
            }
            for figure in start.figures
        ],
        "plans": [{"plan": plan, "name": start.plan, "region": region, "languages": languages}],
        "targets": [
            {
                "plan": plan,
                "target": key,
                "name": goal.name,
                "indicator": names[goal.name],
                "region": region,
                "comparison": goal.comparison,
                "value": goal.value,
                "unit": _unit_of(goal, units),
                "year": str(goal.year),
                "kind": "growth" if goal.start else "",
                "start": str(goal.start or ""),
                "tolerance": goal.tolerance,
                "value_to": goal.value_to,
            }
            for key, goal in zip(_target_keys(start.goals, names), start.goals, strict=True)
        ],
    }


def _unit_of(goal: Goal, units: Mapping[str, str]) -> str:
    """Return the unit of a target's value; empty where it is that of the indicator."""
    if goal.start:
        return "%"
    return "" if goal.unit == units[goal.name] else goal.unit


def _regions(start: Start, places: Mapping[str, str]) -> list[Record]:
    above = [places[name] for name in (start.region, *start.within)]
    parents = dict(zip(above, [*above[1:], ""], strict=True))
    starts = "" if start.year_starts == 1 else str(start.year_starts)
    return [
        # Other regions of the figures lie in the region of the plan, and have its years.
        {
            "region": key,
            "name": name,
            "parent": parents.get(key, above[0]),
            "year_starts": "" if name in start.within else starts,
        }
        for name, key in places.items()
    ]


def _units(start: Start) -> dict[str, str]:
    """Return the unit of each indicator by name: that of its first target or figure."""
    units: dict[str, str] = {}
    for name, unit in (
        *((goal.name, goal.unit) for goal in start.goals),
        *((figure.indicator, figure.unit) for figure in start.figures),
    ):
        units[name] = units.get(name) or unit
    if lacking := [name for name, unit in units.items() if not unit]:
        raise UserError(
            f"no unit is stated for {', '.join(lacking)}; expected one after the number, or "
            "--currency for money"
        )
    return units


def rates_needed(start: Start) -> list[str]:
    """Return which exchange rates targets in another currency than that of the region need."""
    units = set(_units(start).values())
    pairs = {exchanged(start.currency, unit) for unit in units if start.currency}
    return [
        f"Targets are in {to} and money is counted in {own}: figures in {own} need the yearly "
        f"average\nexchange rates, as figures of an indicator with the unit {own}/{to}."
        for to, own in sorted(filter(None, pairs))
    ]


def _kind(name: str, unit: str) -> str:
    """Return the kind of an indicator where the unit does not tell: growth in % is no share."""
    rate = re.search(r"(?i)\b(growth|inflation|interest|return|yield)\b", name)
    return "rate" if rate and measured(unit) == "%" else ""


def _target_keys(goals: Sequence[Goal], names: Mapping[str, str]) -> list[str]:
    """Return a key for each target: its indicator's, with its year where there are several."""
    several = [goal.name for goal in goals]
    keys: list[str] = []
    for goal in goals:
        key = names[goal.name]
        key = f"{key}_{goal.year}" if several.count(goal.name) > 1 or key in PAGES else key
        keys.append(key if key not in keys else f"{key}_{len(keys) + 1}")
    return keys


def keyed(names: Iterable[str], what: str) -> dict[str, str]:
    """Return a key for each name.

    Examples
    --------
    >>> keyed(["Côte d'Ivoire", "浙江省", "Region 2"], "region")
    {"Côte d'Ivoire": 'cote_d_ivoire', '浙江省': 'region_2', 'Region 2': 'region_2_2'}
    """
    keys: dict[str, str] = {}
    for number, name in enumerate(dict.fromkeys(name for name in names if name), start=1):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        plain = "_".join(re.findall("[a-z0-9]+", plain))[: LONGEST_KEY - 10].strip("_")
        key = plain if plain[:1].isalpha() else f"{what}_{plain or number}"
        keys[name] = f"{key}_{number - 1}" if key in keys.values() else key
    return keys


def _text(rows: Sequence[Record], least: Sequence[str]) -> str:
    """Return a table as CSV, with the columns that it needs and those that are filled."""
    more = [name for row in rows for name, cell in row.items() if cell and name not in least]
    order = list(dict.fromkeys(name for row in rows for name in row)) or list(least)
    columns = [name for name in order if name in least or name in more]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# Texts --------------------------------------------------------------------------------------------

README = """\
# {plan}

The figures and targets from which `forecast` says how likely the targets of {region} are. Every
table is a text file, one row a line, that an editor can change; for a spreadsheet,
`forecast export-data FILE.xlsx --data {folder}` writes them all to a workbook and
`forecast import-data` brings it back.

| file | one row is |
|---|---|
| `targets.csv` | a target: what is to be at least, at most or about which value, by when |
| `observations.csv` | a published figure: region, indicator, period, value as published, source |
| `indicators.csv` | what is measured, and in which unit |
| `sources.csv` | where figures come from |
| `regions.csv` | a place, or whoever else figures are about |
| `plans.csv` | a plan |
| {scenario}`run.toml` | what a scheduled run makes: `forecast report --run {folder}/run.toml` |
| `README.md` | this text |

Each table has the columns it needs; `forecast columns` explains the others, which can be added at
any time and have defaults until then.
{rates}
What to do next: `forecast check --data {folder}` says it. A figure is added with

    forecast add --data {folder} --region {key} --indicator {indicator} --period YEAR \\
      --value NUMBER --new-source KEY --title "TITLE OF THE PUBLICATION"

and `forecast report --data {folder}` makes the pages, also while figures are missing.
"""


RUN = """\
# What a run makes; paths are relative to this file. A key is an option of `forecast report` without
# its hyphens, and an option that is given beside --run overrides it.
data = "."
out = "reports"
keep = 12

# Further pages beside those of every set, one for each combination of the values listed:
# [[page]]
# notebook = "10_target"
# parameters = { target = ["KEY", "OTHER"], horizon_year = [2035] }

# A set for each of several plans, with its own values where they differ:
# [[set]]
# plan = "KEY"
"""


def _scenario(tables: Mapping[str, Sequence[Record]], start: Start) -> str:
    """Return a scenario on the first target that is a level; empty without one."""
    units = {row["indicator"]: row["unit"] for row in tables["indicators"]}
    for row in tables["targets"]:
        what = measured(units[row["indicator"]])
        if row["comparison"] != "rank_within" and what not in ("rank", "minute", "count"):
            share = what == "%"
            year = year_name(int(row["year"]), start.year_starts)
            name = row["name"].replace("\\", "/").replace('"', "'")
            zh = "zh" in start.languages
            return _aligned(
                SCENARIO.format(
                    name=name,
                    texts_zh=TEXTS_ZH.format(name=name, year=year) if zh else "",
                    reason_zh=REASON_ZH if zh else "",
                    region=row["region"],
                    indicator=row["indicator"],
                    measure="change" if share else "growth",
                    when=year,
                    year=row["year"] if year.isdigit() else f'"{year}"',
                )
            )
    return ""


SCENARIO = """\
# A scenario: what becomes of the targets if the world turns out otherwise. Copy this file for
# others; `forecast check` names what is wrong in one, `forecast scenario slower` shows it.
name = "One point less"
story = \"""{name} changes by one percentage point less than in the baseline in {when}.\"""
{texts_zh}
[[statement]]
region = "{region}" # key of regions.csv
indicator = "{indicator}" # key of indicators.csv
measure = "{measure}" # level, growth, change or share
year = {year}
relative = "points" # so many points above or below the baseline
value = -1
unit = "pp"
reason = "Assumption: a round figure, to see what a point is worth."
{reason_zh}"""
TEXTS_ZH = """\
name_zh = "低一个百分点"
story_zh = "{year}年{name}的变动比基准情景低1个百分点。"
"""
REASON_ZH = """\
reason_zh = "假定：取整数，用以说明一个百分点的影响。"
"""


def _aligned(text: str) -> str:
    """Put the remarks at the ends of lines under each other."""
    pairs = [re.fullmatch(r"(\w+ = .*?\S) +(# .*)", line) or line for line in text.split("\n")]
    width = max((len(p[1]) for p in pairs if not isinstance(p, str)), default=0)
    return "\n".join(p if isinstance(p, str) else f"{p[1]:{width}}  {p[2]}" for p in pairs)

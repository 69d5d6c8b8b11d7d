"""Scenarios as economists write them: one TOML file each in ``data/scenarios/``.

All problems of all files are reported at once, each with its file, line and key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import pandas as pd
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from forecast.evidence.calendar import year_number
from forecast.evidence.evidence import Evidence
from forecast.evidence.files.toml import TomlError, parsed
from forecast.evidence.problems import DataError, Problem, meant
from forecast.evidence.registries import Accounts, YearStarts
from forecast.evidence.units import UnitError, convert
from forecast.scenarios.price_levels import PRICES
from forecast.scenarios.spec import BASELINE, MisfitError, Scenario, Statement, unknown

FOLDER = "scenarios"
HEAD = "[[statement]]"
PLAIN = Scenario("Baseline", key=BASELINE, name_zh="基准情景")  # where no file tells of it


def load_scenarios(evidence: Evidence) -> dict[str, Scenario]:
    """Read all scenarios of the data, the baseline first.

    Raises
    ------
    DataError
        With all problems of all files.
    """
    tables = {name: getattr(evidence, name) for name in ("regions", "indicators", "sources")}
    scenarios, problems = inspect(evidence.root, tables)
    if problems:
        raise DataError(problems)
    return {BASELINE: PLAIN, **scenarios}


def inspect(
    root: Path, tables: dict[str, pd.DataFrame]
) -> tuple[dict[str, Scenario], list[Problem]]:
    """Read the scenario files of a data folder and collect every problem.

    What a scenario may name is in the tables ``regions``, ``indicators`` and ``sources``. Only
    sound scenarios are returned, by key.
    """
    scenarios, problems = {}, []
    for path in sorted((root / FOLDER).glob("*.toml")):
        scenario, found = read(path, tables)
        problems += found
        if scenario is not None:
            scenarios[path.stem] = scenario
    return scenarios, [*problems, *_alike(root, scenarios)]


def _alike(root: Path, scenarios: Mapping[str, Scenario]) -> Iterator[Problem]:
    """Find scenarios with the name of another, by which readers tell their figures apart."""
    known: dict[str, str] = {}
    for key, scenario in {BASELINE: PLAIN, **scenarios}.items():
        for column, name in (("name", scenario.name), ("name_zh", scenario.name_zh)):
            other = known.setdefault(name, key) if name else key
            if other != key:
                place = f"{_place(root, f'{key}.toml')}, key {column}"
                expected = f"a name of its own, not that of {other}"
                yield Problem("error", place, None, "", name, expected)


def _place(root: Path, name: str) -> str:
    """Return how a file is named to its reader."""
    return f"{root.name or root.resolve().name}/{FOLDER}/{name}"


# The keys of a file -------------------------------------------------------------------------------

Text = Annotated[str, Field(pattern=r"\S"), AfterValidator(lambda text: " ".join(text.split()))]
Chinese = Annotated[
    str, Field(pattern=r"\S"), AfterValidator(lambda text: re.sub(r"\s*\n\s*", "", text.strip()))
]
Figure = Annotated[float, Field(allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1, le=9999)]
Keys = TypeVar("Keys", bound=BaseModel)


class _File(BaseModel, strict=True, extra="forbid"):
    name: Text
    name_zh: Chinese = ""
    story: Text
    story_zh: Chinese = ""
    channel: Text = ""
    channel_zh: Chinese = ""
    statement: list[dict[str, Any]] = []


class _Row(BaseModel, strict=True, extra="forbid"):
    region: Text
    indicator: Text
    measure: Text
    value: Figure
    unit: Text
    reason: Text
    reason_zh: Chinese = ""
    source: Text = ""
    year: Year | None = None
    years: Annotated[list[Year], Field(min_length=2, max_length=2)] | None = None
    of: Text = ""
    relative: Text = ""
    bound: Text = ""
    sd: Figure = 0.0
    probability: Figure = 1.0


# What is expected of a key whose value has the wrong type; of the others, a text.
EXPECTED = {
    **dict.fromkeys(("value", "sd", "probability"), "a number without quotes"),
    "year": 'a year, such as 2027, or "2026/27" where years do not begin in January',
    "years": "the first and the last year, such as [2026, 2027]",
    "statement": f"tables that begin with {HEAD}",
}


# One file -----------------------------------------------------------------------------------------


def read(path: Path, tables: Mapping[str, pd.DataFrame]) -> tuple[Scenario | None, list[Problem]]:
    """Read one scenario file; None where something is wrong with it."""
    root = path.parent.parent
    if not path.name.isprintable():
        expected = "a file name without control characters, in the encoding of the system"
        return None, [Problem("error", _place(root, ""), None, "", path.name, expected)]
    file = _place(root, path.name)
    try:
        raw = path.read_bytes()
        table = parsed(raw)
    except OSError as error:
        return None, [Problem("error", file, None, "", "", f"a file that can be read ({error})")]
    except TomlError as error:
        return None, [Problem("error", file, None, "", "", str(error))]
    reader = _Reader(file, raw.decode("utf-8-sig"), tables)
    return reader.scenario(table, path.stem, hashlib.sha256(raw).hexdigest()), reader.problems


class _Reader:
    """Turns one parsed file into a scenario and keeps what is wrong with it."""

    def __init__(self, file: str, text: str, tables: Mapping[str, pd.DataFrame]) -> None:
        self.file, self.lines, self.problems = file, text.splitlines(), list[Problem]()
        indicators, regions = tables["indicators"], set(tables["regions"]["region"])
        self.units = dict(zip(indicators["indicator"], indicators["unit"], strict=True))
        self.starts = YearStarts.of(tables["regions"], indicators)
        self.output = Accounts.of(indicators).output
        series = {f"{region}/{indicator}" for region in regions for indicator in self.units}
        self.names = {
            "region": ("regions.csv", regions),
            "indicator": ("indicators.csv", {*self.units, PRICES}),
            "of": ("indicators.csv", {*self.units, *series}),
            "source": ("sources.csv", set(tables["sources"]["source"])),
        }

    def scenario(self, table: dict[str, Any], key: str, digest: str) -> Scenario | None:
        head = self._valid(_File, table)
        rows = table.get("statement", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return None
        if not rows and key != BASELINE:
            self._wrong("statement", None, f"at least one {HEAD}")
        statements = [self._statement(row, number) for number, row in enumerate(rows)]
        sound = [s for s in statements if s is not None]
        if len(sound) == len(statements):
            self._against_each_other(sound)
        if head is None or self.problems:
            return None
        told = head.model_dump(exclude={"statement"})
        return Scenario(statements=sound, key=key, digest=digest, **told)

    def _valid(
        self, model: type[Keys], table: dict[str, Any], number: int | None = None
    ) -> Keys | None:
        try:
            return model.model_validate(table)
        except ValidationError as error:
            for found in error.errors():
                key, known = str(found["loc"][0]), list(model.model_fields)
                expected = EXPECTED.get(key, "a text")
                if found["type"] == "extra_forbidden":
                    expected = f"one of {', '.join(known)}{meant(key, known)}"
                elif found["type"] == "missing" and number is not None:
                    expected = f"a line {key} = ..."
                self._wrong(key, None if key == "statement" else table.get(key), expected, number)
        return None

    def _statement(self, table: dict[str, Any], number: int) -> Statement | None:
        starts = self.starts(str(table.get("region")), str(table.get("indicator")))
        year, years = table.get("year"), table.get("years")
        if year is not None:
            table = {**table, "year": _number(year, starts)}
        if isinstance(years, list):
            table = {**table, "years": [_number(year, starts) for year in years]}
        row = self._valid(_Row, table, number)
        if row is None:
            return None
        misfits = [
            (key, f"a key of {file}{meant(name, known)}")
            for key, (file, known) in self.names.items()
            if (name := getattr(row, key)) and name not in known
        ]
        misfits += unknown(row.measure, row.relative, row.bound)
        if (row.year is None) == (row.years is None):
            misfits.append(("year", "either year = 2027 or years = [2026, 2027]"))
        if not misfits:
            if row.measure == "real_growth" and row.indicator != self.output:
                only = f"real_growth of {self.output} only: prices are known for it alone"
                misfits.append(("measure", only))
            try:
                to = self._unit(row)
                figures = {key: convert(getattr(row, key), row.unit, to) for key in ("value", "sd")}
                row = row.model_copy(update=figures)
            except UnitError:
                misfits.append(("unit", to))
            same = row.model_dump(exclude={"region", "indicator", "unit", "year", "years"})
            years = (row.years[0], row.years[1]) if row.years else row.year or 0
            try:
                statement = Statement(f"{row.region}/{row.indicator}", years=years, **same)
            except MisfitError as error:
                misfits += error.misfits
        for key, expected in misfits:
            self._wrong(key, table.get(key), expected, number)
        return None if misfits else statement

    def _unit(self, row: _Row) -> str:
        if row.measure == "level" and not row.relative:
            return str(self.units.get(row.indicator, "index"))
        return "pp" if row.relative == "points" or row.measure == "change" else "%"

    def _wrong(self, key: str, value: object, expected: str, number: int | None = None) -> None:
        """Note a problem of a key: of the whole file, or of a statement by its number."""
        shown = "" if value is None else str(value)
        line = self._line(key, number)
        place = f"{self.file}{'' if line is None else f' line {line}'}, key {key}"
        self.problems.append(Problem("error", place, None, "", shown, expected))

    def _line(self, key: str, number: int | None) -> int | None:
        starts = [i for i, line in enumerate(self.lines) if line.strip() == HEAD]
        begin = 0 if number is None else starts[number] if number < len(starts) else 0
        later = [start for start in starts if start > begin]
        for i in range(begin, later[0] if later else len(self.lines)):
            if self.lines[i].split("=")[0].strip() == key:
                return i + 1
        return begin + 1 if number is not None else None

    def _against_each_other(self, statements: Sequence[Statement]) -> None:
        """Two figures for one thing, or a lower bound above an upper one."""
        exact: dict[tuple[object, ...], float] = {}
        bounds: dict[tuple[object, ...], dict[str, float]] = {}
        for number, s in enumerate(statements):
            what = (s.series, s.measure, s.span, s.of, s.relative)
            if s.bound:
                side = bounds.setdefault(what, {})
                side[s.bound] = s.value
                if len(side) == 2 and side["lower"] > side["upper"]:
                    self._wrong("value", s.value, "a lower bound below the upper one", number)
            elif what in exact and exact[what] != s.value:
                expected = f"no second figure: another statement has {exact[what]:g}"
                self._wrong("value", s.value, expected, number)
            else:
                exact[what] = s.value


def _number(year: object, starts: int) -> object:
    """Return the number of a fiscal year that is given by its name; anything else as it is."""
    found = year_number(year, starts) if isinstance(year, str) and not year.isdigit() else None
    return year if found is None else found

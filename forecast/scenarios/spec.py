"""Scenarios as economists write them: one TOML file each in ``data/scenarios/``.

A scenario is a name, a story and statements about the future in the language of the evidence. All
problems of all files are said at once, each with its file, line and key.
"""

from __future__ import annotations

import difflib
import hashlib
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.problems import DataError, Problem, UserError
from forecast.evidence.registries import Accounts
from forecast.facts import Fact

FOLDER = "scenarios"
BASELINE = "baseline"
MEASURES = ("level", "growth", "real_growth", "change", "share")
RELATIVE = ("points", "percent")
BOUNDS = ("lower", "upper")
KEYS = ("name", "name_zh", "story", "story_zh", "statement")
TEXTS = ("region", "indicator", "measure", "unit", "of", "relative", "bound", "reason", "reason_zh",
         "source")  # fmt: skip
NUMBERS = ("value", "sd", "probability")
WANTED = ("region", "indicator", "measure", "value", "unit", "reason")


class ScenarioError(UserError):
    """A scenario that cannot be used; the message says why in plain words."""


class RefusedError(ScenarioError):
    """A scenario that cannot be laid on the draws.

    Attributes
    ----------
    reason : Fact
        Why, as a message of the catalogues with its figures. The page that shows it adds the
        names of `statements` and `series`.
    statements : tuple of Statement
        Those concerned.
    series : tuple of str
        ``region/indicator`` of the series concerned.
    """

    def __init__(
        self,
        text: str,
        reason: Fact,
        statements: Sequence[Statement] = (),
        series: Sequence[str] = (),
    ) -> None:
        super().__init__(text)
        self.reason = reason
        self.statements = tuple(statements)
        self.series = tuple(series)


@dataclass(frozen=True)
class Statement:
    """One statement about the future.

    Attributes
    ----------
    series : str
        ``region/indicator``.
    measure : str
        ``level`` in the indicator's unit; ``growth`` in percent on the year before; ``real_growth``
        of GDP, prices taken out; ``change`` of a share in percentage points; ``share`` in percent
        of another indicator.
    value : float
    years : int or (int, int)
        A year, or the first and last of several: the yearly average over them.
    sd : float
        Standard deviation; 0 is a hard statement.
    relative : str
        ``points`` or ``percent`` from the baseline, whose uncertainty is kept; empty for a figure.
    bound : str
        ``lower``, ``upper`` or empty.
    probability : float
        With which a bound holds.
    of : str
        With ``share``: the indicator it is a share of.
    reason, source : str
        Why this figure, and the key of the source it is taken from, if it is.
    reason_zh : str
        The reason in Chinese.
    """

    series: str
    measure: str
    value: float
    years: int | tuple[int, int]
    sd: float = 0.0
    relative: str = ""
    bound: str = ""
    probability: float = 1.0
    of: str = ""
    reason: str = ""
    source: str = ""
    reason_zh: str = ""

    def __post_init__(self) -> None:
        wrong = [
            f"{name} is {given!r}; expected {' or '.join(map(str, known))}"
            for name, given, known in (
                ("measure", self.measure, MEASURES),
                ("relative", self.relative, ("", *RELATIVE)),
                ("bound", self.bound, ("", *BOUNDS)),
            )
            if given not in known
        ]
        wrong += [f"{key}: expected {expected}" for key, expected in _misfits(self)]
        if wrong:
            raise ScenarioError("; ".join(wrong))

    @property
    def span(self) -> tuple[int, int]:
        """First and last year."""
        return (self.years, self.years) if isinstance(self.years, int) else self.years

    @property
    def region(self) -> str:
        """Key of the region."""
        return self.series.split("/")[0]

    @property
    def indicator(self) -> str:
        """Key of the indicator."""
        return self.series.partition("/")[2]


def _misfits(s: Statement) -> list[tuple[str, str]]:
    """Return what in a statement does not fit together: key, and what was expected."""
    found = []
    if "/" not in s.series:
        found.append(("series", "region/indicator, such as china/exports"))
    first, last = s.span
    if first > last:
        found.append(("years", "the first year before the last"))
    if s.sd < 0:
        found.append(("sd", "0 or more"))
    if not 0 <= s.probability <= 1:
        found.append(("probability", "a number from 0 to 1"))
    if s.probability != 1 and not s.bound:
        found.append(("probability", "a bound that it is the probability of"))
    if s.bound and (s.sd or s.relative):
        found.append(("bound", "neither sd nor relative beside a bound"))
    if (s.measure == "share") != bool(s.of):
        found.append(("of", "the indicator that a share is of, with measure share only"))
    absolute = not s.relative
    if absolute and s.measure in ("growth", "real_growth") and s.value <= -100:
        found.append(("value", "growth above -100 %"))
    if absolute and s.measure == "level" and s.value <= 0:
        found.append(("value", "a level above 0"))
    if absolute and s.measure == "share" and not 0 < s.value < 100:
        found.append(("value", "a share between 0 and 100 %"))
    if s.relative == "percent" and (s.measure != "level" or s.value <= -100):
        found.append(("relative", "percent for levels only, above -100, and points for the others"))
    if s.relative == "points" and s.measure == "level":
        found.append(("relative", "percent: a level is so many percent above the baseline"))
    return found


@dataclass(frozen=True)
class Scenario:
    """A name, a story and statements about the future.

    Attributes
    ----------
    name : str
    statements : tuple of Statement
        None in the baseline.
    story : str
    key : str
        The name of its file without the ending.
    digest : str
        Of the file's bytes.
    name_zh, story_zh : str
        Name and story in Chinese.
    """

    name: str
    statements: Sequence[Statement] = ()
    story: str = ""
    key: str = field(default="")
    digest: str = ""
    name_zh: str = ""
    story_zh: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "statements", tuple(self.statements))
        object.__setattr__(self, "key", self.key or self.name.lower().replace(" ", "_"))

    def without(self, number: int) -> Scenario:
        """Return the scenario less one of its statements."""
        left = [s for i, s in enumerate(self.statements) if i != number]
        return replace(self, statements=left)


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
    baseline = scenarios.pop(BASELINE, Scenario("Baseline", key=BASELINE))
    return {BASELINE: baseline, **scenarios}


def inspect(
    root: Path, tables: dict[str, pd.DataFrame]
) -> tuple[dict[str, Scenario], list[Problem]]:
    """Read the scenario files of a data folder and collect every problem.

    Parameters
    ----------
    root : Path
        The data folder.
    tables : dict of DataFrame
        ``regions``, ``indicators``, ``sources``: what a scenario may name.

    Returns
    -------
    scenarios : dict of str to Scenario
        By key, sound ones only.
    problems : list of Problem
    """
    scenarios, problems = {}, []
    for path in sorted((root / FOLDER).glob("*.toml")):
        scenario, found = read(path, tables)
        problems += found
        if scenario is not None and not found:
            scenarios[path.stem] = scenario
    return scenarios, problems


def read(path: Path, tables: dict[str, pd.DataFrame]) -> tuple[Scenario | None, list[Problem]]:
    """Read one scenario file; None where it cannot be read at all."""
    file = f"{path.parent.parent.name or path.parent.parent.resolve().name}/{FOLDER}/{path.name}"
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        table = tomllib.loads(text.replace("\r\n", "\n"))
    except OSError as error:
        return None, [Problem("error", file, None, "", "", f"a file that can be read ({error})")]
    except UnicodeDecodeError:
        return None, [Problem("error", file, None, "", "", "text in UTF-8")]
    except tomllib.TOMLDecodeError as error:
        return None, [Problem("error", file, None, "", "", f"TOML ({error})")]
    reader = _Reader(file, text, tables)
    scenario = reader.scenario(table, path.stem, hashlib.sha256(raw).hexdigest())
    return scenario, reader.problems


class _Reader:
    """Turns one parsed file into a scenario and keeps what is wrong with it."""

    def __init__(self, file: str, text: str, tables: dict[str, pd.DataFrame]) -> None:
        self.file, self.lines, self.problems = file, text.splitlines(), list[Problem]()
        self.regions = set(tables["regions"]["region"])
        self.units = dict(zip(tables["indicators"]["indicator"], tables["indicators"]["unit"],
                              strict=True))  # fmt: skip
        self.output = Accounts.of(tables["indicators"]).output
        self.sources = set(tables["sources"]["source"])

    def wrong(self, key: str, value: object, expected: str, number: int | None = None) -> None:
        """Note a problem of a key: of the whole file, or of a statement by its number."""
        shown = "" if value is None else str(value)
        line = self._line(key, number)
        place = f"{self.file}{'' if line is None else f' line {line}'}, key {key}"
        self.problems.append(Problem("error", place, None, "", shown, expected))

    def _line(self, key: str, number: int | None) -> int | None:
        starts = [i for i, line in enumerate(self.lines) if line.strip() == "[[statement]]"]
        begin = 0 if number is None else starts[number] if number < len(starts) else 0
        later = [start for start in starts if start > begin]
        for i in range(begin, later[0] if later else len(self.lines)):
            if self.lines[i].split("=")[0].strip() == key:
                return i + 1
        return begin + 1 if number is not None else None

    def scenario(self, table: dict[str, Any], key: str, digest: str) -> Scenario | None:
        for name in table:
            if name not in KEYS:
                self.wrong(name, table[name], f"one of {', '.join(KEYS)}{_near(name, KEYS)}")
        texts = {"name_zh": "", "story_zh": "", **table}
        for name in ("name", "story", "name_zh", "story_zh"):
            text = texts.get(name)
            if not isinstance(text, str) or not (text.strip() or name.endswith("_zh")):
                self.wrong(name, table.get(name), "a text")
        rows = table.get("statement", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.wrong("statement", None, "tables that begin with [[statement]]")
            rows = []
        elif not rows and key != BASELINE:
            self.wrong("statement", None, "at least one [[statement]]")
        statements = [self.statement(row, number) for number, row in enumerate(rows)]
        sound = [s for s in statements if s is not None]
        if len(sound) == len(statements):
            self._against_each_other(sound)
        if self.problems:
            return None
        name, story, name_zh = (" ".join(texts[k].split()) for k in ("name", "story", "name_zh"))
        story_zh = "".join(texts["story_zh"].split())
        return Scenario(name, sound, story, key, digest, name_zh, story_zh)

    def statement(self, row: dict[str, Any], number: int) -> Statement | None:
        before = len(self.problems)
        known = (*TEXTS, *NUMBERS, "year", "years")
        for name, value in row.items():
            if name not in known:
                self.wrong(name, value, f"one of {', '.join(known)}{_near(name, known)}", number)
            elif name in TEXTS and (not isinstance(value, str) or not value.strip()):
                self.wrong(name, value, "a text", number)
            elif name in NUMBERS and (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not math.isfinite(value)
            ):
                self.wrong(name, value, "a number without quotes", number)
        for name in WANTED:
            if name not in row:
                self.wrong(name, None, f"a line {name} = ...", number)
        years = self._years(row, number)
        if len(self.problems) > before or years is None:
            return None
        self._registered(row, number)
        for name, allowed in (("measure", MEASURES), ("relative", RELATIVE), ("bound", BOUNDS)):
            if name in row and row[name] not in allowed:
                expected = f"one of {', '.join(allowed)}{_near(row[name], allowed)}"
                self.wrong(name, row[name], expected, number)
        if len(self.problems) > before:
            return None
        if row["measure"] == "real_growth" and row["indicator"] != self.output:
            expected = f"real_growth of {self.output} only: prices are known for it alone"
            self.wrong("measure", row["measure"], expected, number)
        if row["unit"] != self._unit(row):
            self.wrong("unit", row["unit"], self._unit(row), number)
        further = ("sd", "relative", "bound", "probability", "of", "source", "reason_zh")
        fields = {k: row[k] for k in further if k in row}
        try:
            return Statement(
                f"{row['region']}/{row['indicator']}", row["measure"], float(row["value"]), years,
                reason=" ".join(row["reason"].split()), **fields,
            )  # fmt: skip
        except ScenarioError as error:
            for text in str(error).split("; "):
                key, _, expected = text.partition(": expected ")
                self.wrong(key, row.get(key), expected or text, number)
            return None

    def _years(self, row: dict[str, Any], number: int) -> int | tuple[int, int] | None:
        year, years = row.get("year"), row.get("years")
        if (year is None) == (years is None):
            self.wrong("year", year, "either year = 2027 or years = [2026, 2027]", number)
        elif year is not None and _is_year(year):
            return int(year)
        elif isinstance(years, list) and len(years) == 2 and all(map(_is_year, years)):
            return (int(years[0]), int(years[1]))
        elif year is not None:
            self.wrong("year", year, "a year, such as 2027", number)
        else:
            self.wrong("years", years, "the first and the last year, such as [2026, 2027]", number)
        return None

    def _registered(self, row: dict[str, Any], number: int) -> None:
        for key, names, table in (
            ("region", self.regions, "regions.csv"),
            ("indicator", {*self.units, "price_level"}, "indicators.csv"),
            ("of", set(self.units), "indicators.csv"),
            ("source", self.sources, "sources.csv"),
        ):
            if key in row and row[key] not in names:
                near = _near(row[key], sorted(names))
                self.wrong(key, row[key], f"a key of {table}{near}", number)

    def _unit(self, row: dict[str, Any]) -> str:
        if row["measure"] == "level" and not row.get("relative"):
            return str(self.units.get(row["indicator"], "index"))
        points = row.get("relative") == "points" or row["measure"] == "change"
        return "pp" if points else "%"

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
                    self.wrong("value", s.value, "a lower bound below the upper one", number)
            elif what in exact and exact[what] != s.value:
                expected = f"no second figure: another statement says {exact[what]:g}"
                self.wrong("value", s.value, expected, number)
            else:
                exact[what] = s.value


def _is_year(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999


def _near(name: object, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(str(name), known, 1)
    return f"; did you mean {close[0]}?" if close else ""

"""What the labels of a file stand for in the tables: names that agree, and a file for the others.

A mapping file is written once by the command, completed by its user, and read again with the next
file of the kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from forecast.evidence.evidence import Evidence
from forecast.evidence.files.schema import Field
from forecast.evidence.files.tables import one_of
from forecast.evidence.files.toml import TomlError, parsed
from forecast.evidence.problems import DataError, Problem, UserError, data_error, nearest
from forecast.evidence.units import UnitError, parse
from forecast.importing.grid import folded
from forecast.importing.labels import is_growth, is_unit, names_of
from forecast.importing.tables import Reading

_HEAD = """\
# What the labels of {file} stand for: keys of the tables, or false for what is to be left out.
# Complete the empty ones, then: forecast import {file} --map {own}
# A label moved from one section to another is read as what that section lists.
"""
_SECTIONS = {
    "regions": "keys of regions.csv",
    "indicators": 'keys of indicators.csv, or { indicator = "KEY", unit = "...", measure = '
    '"growth", prices = "real", basis = "...", status = "...", region = "..." }',
    "units": "units of the tables",
}


class _Section(BaseModel, strict=True, extra="forbid"):
    pass


class Entry(_Section):
    """What a label of an indicator stands for; what is empty is taken from the file or defaults.

    `prices` are those of its growth rates.
    """

    indicator: str
    region: str = ""
    unit: str = ""
    measure: str = ""
    basis: str = ""
    prices: str = ""
    bound: str = ""
    status: str = ""


class MappingFile(_Section):
    """A mapping file."""

    #: Of all figures for which the file names none; prices are those of growth rates.
    source: str = ""
    region: str = ""
    status: str = ""
    prices: str = ""
    #: As of :class:`forecast.importing.tables.Reading`.
    decimal: Literal["", ".", ","] = ""
    periods: Literal["", "fiscal", "years", "months", "dmy", "mdy"] = ""
    sheets: list[str] = []
    without: list[str] = []
    #: What becomes of estimates by others for years that were over.
    estimates: Literal["leave_out", "preliminary"] = "leave_out"
    #: What becomes of labels that are mapped nowhere; of an export that holds more than one asks
    #: for they are left out, else they are an error.
    others: Literal["", "error", "leave_out"] = ""
    #: By label.
    regions: dict[str, str | Literal[False]] = {}
    indicators: dict[str, str | Literal[False] | Entry] = {}
    units: dict[str, str] = {}
    marks: dict[str, str] = {}  # statuses of the observations by the mark beside a figure


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a mapping file, whose content `checked_mapping` checks.

    Raises
    ------
    DataError
        If it is no TOML.
    forecast.evidence.problems.UserError
        If it cannot be read.
    """
    try:
        return parsed(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from None
    except TomlError as error:
        raise data_error(path.name, str(error)) from None


def checked_mapping(
    file: str, table: Mapping[str, Any], evidence: Evidence, fields: Mapping[str, Field]
) -> MappingFile:
    """Check a mapping, of a file and of options, against the data and the fields of observations.

    Raises
    ------
    DataError
        With everything that is wrong with it.
    """
    try:
        found = MappingFile.model_validate(table)
    except ValidationError as error:
        raise DataError(list(_misformed(file, error))) from None
    if problems := list(_unsound(file, found, evidence, fields)):
        raise DataError(problems)
    return found


def _wrong(file: str, place: str, value: str, expected: str) -> Problem:
    return Problem("error", file or "option", None, place, value, expected)


def _misformed(file: str, error: ValidationError) -> Iterator[Problem]:
    """Yield what has another form; of a label one problem, whatever forms it could have had."""
    items = [([str(step) for step in item["loc"]], item) for item in error.errors()]
    within = {tuple(steps[:2]) for steps, _ in items if len(steps) > 3}
    seen = set()
    for steps, item in items:
        section, expected = steps[0], item["msg"].lower()
        if len(steps) == 3 and tuple(steps[:2]) in within:
            continue
        if item["type"] == "extra_forbidden":
            known = Entry if len(steps) > 2 else MappingFile
            expected = one_of(steps[-1], known.model_fields, "one of ")
        elif item["type"] != "missing" and len(steps) in (2, 3) and section in _SECTIONS:
            steps, expected = steps[:2], _SECTIONS[section] + ", or false" * (section != "units")
        place = ".".join(step for step in steps if step != "Entry")
        if place not in seen:
            yield _wrong(file, place, "", expected)
        seen.add(place)


def _unsound(
    file: str, found: MappingFile, evidence: Evidence, fields: Mapping[str, Field]
) -> Iterator[Problem]:
    """Yield the keys, units and words that the data do not have."""
    regions, indicators = set(evidence.regions["region"]), set(evidence.indicators["indicator"])

    def known(place: str, value: str, keys: set[str], what: str) -> Iterator[Problem]:
        if value and value not in keys:
            yield _wrong(file, place, value, one_of(value, sorted(keys), f"a key of {what}: "))

    def unit(place: str, value: str) -> Iterator[Problem]:
        try:
            if value:
                parse(value)
        except UnitError as error:
            yield _wrong(file, place, value, str(error))

    def word(place: str, column: str, value: str) -> Iterator[Problem]:
        if value and value not in (allowed := fields[column].constraints.enum):
            yield _wrong(file, place, value, one_of(value, allowed, "one of "))

    yield from known("region", found.region, regions, "regions.csv")
    yield from known("source", found.source, set(evidence.sources["source"]), "sources.csv")
    yield from word("status", "status", found.status)
    yield from word("prices", "prices", found.prices)
    for label, key in found.regions.items():
        yield from known(f"regions.{label}", key or "", regions, "regions.csv")
    for label, text in found.units.items():
        yield from unit(f"units.{label}", text)
    for mark, text in found.marks.items():
        yield from word(f"marks.{mark}", "status", text)
    for label, entry in found.indicators.items():
        place = f"indicators.{label}"
        if not isinstance(entry, Entry):
            yield from known(place, entry or "", indicators, "indicators.csv")
            continue
        yield from known(f"{place}.indicator", entry.indicator, indicators, "indicators.csv")
        yield from known(f"{place}.region", entry.region, regions, "regions.csv")
        yield from unit(f"{place}.unit", entry.unit)
        for column in ("measure", "prices", "bound", "status"):
            yield from word(f"{place}.{column}", column, getattr(entry, column))
        bases = evidence.bases
        own = set(bases.loc[bases["indicator"] == entry.indicator, "basis"])
        yield from known(f"{place}.basis", entry.basis, own, "bases.csv")


# Labels -------------------------------------------------------------------------------------------


#: How a label states a unit that is a noun, which only its own indicator tells from other words.
_WITH_UNIT = ("{}, {}", "{},{}", "{} ({})", "{}({})", "{} [{}]", "{}: {}", "{} - {}", "{} / {}")


class Unmapped(NamedTuple):
    """A label that stands for nothing yet, and how many figures have it."""

    #: Where the mapping lists it: regions, indicators, units; ``unit of`` an indicator without one.
    section: str
    label: str
    figures: int
    place: str  # of the first figure
    indicator: str = ""  # the label of its indicator


class Labels:
    """What labels stand for: by the mapping file first, then by the names and keys of the data."""

    def __init__(self, evidence: Evidence, mapping: MappingFile) -> None:
        self.mapping = mapping
        self._near: dict[str, dict[str, str]] = {}
        regions = self._names("regions", evidence.regions, "region")
        indicators = self._names("indicators", evidence.indicators, "indicator")
        self.regions: dict[str, str | None] = {**regions}
        self.regions |= {folded(k): v or None for k, v in mapping.regions.items() if v != ""}
        units = evidence.indicators.set_index("indicator")["unit"]
        self.usual: dict[str, str] = {str(key): str(unit) for key, unit in units.items()}
        self.indicators: dict[str, Entry | None] = {
            folded(form.format(name, self.usual[key])): Entry(indicator=key, unit=self.usual[key])
            for form in _WITH_UNIT
            for name, key in indicators.items()
        }
        self.indicators |= {name: Entry(indicator=key) for name, key in indicators.items()}
        for label, value in mapping.indicators.items():
            entry = Entry(indicator=value) if isinstance(value, str) else value or None
            if entry is None or entry.indicator:
                self.indicators[folded(label)] = entry
        self.units = {folded(label): unit for label, unit in mapping.units.items() if unit}

    def _names(self, section: str, table: Any, key: str) -> dict[str, str]:
        """Return the key by each name that only one row has."""
        found: dict[str, set[str]] = {}
        self._near[section] = {}
        columns = [key, "name", *(["name_zh"] if "name_zh" in table else [])]
        for cells in table[columns].itertuples(index=False):
            names = [str(cell) for cell in dict.fromkeys(cells) if cell]
            for name in names:
                found.setdefault(folded(name), set()).add(names[0])
                self._near[section][folded(name)] = f"{names[0]} ({', '.join(names[1:])})"
        return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}

    def reading(self) -> Reading:
        """Return what the reader of wide tables has to know."""
        m = self.mapping
        return Reading(
            m.decimal, m.periods, tuple(m.sheets), tuple(m.without),
            frozenset([*self.regions, *map(folded, m.regions)]),
            frozenset([*self.indicators, *map(folded, m.indicators)]),
            frozenset([*self.units, *map(folded, m.units)]), bool(m.region),
        )  # fmt: skip

    def region(self, label: str, code: str = "") -> tuple[bool, str | None]:
        """Return whether a region is mapped, and its key; None where it is to be left out."""
        for name in (folded(code), *names_of(label)):
            if name and name in self.regions:
                return True, self.regions[name]
        return False, None

    def indicator(self, label: str, code: str = "") -> tuple[bool, Entry | None]:
        """Return whether an indicator is mapped, and its entry; None where it is left out."""
        for name in (folded(code), *names_of(label, self.units)):
            if name and name in self.indicators:
                return True, self.indicators[name]
        return False, None

    def unit(self, label: str) -> str | None:
        """Return the unit that a label stands for, or None."""
        if (plain := folded(label)) in self.units:
            return self.units[plain]
        return label if is_unit(label) else None

    def stated(self, label: str) -> str:
        """Return a line of a mapping file that states the unit of an indicator's label."""
        entry = self.indicator(label)[1]
        key = entry.indicator if entry else "KEY"
        usual = self.usual.get(key, "...")
        text = json.dumps(label, ensure_ascii=False)
        return f'{text} = {{ indicator = "{key}", unit = "{usual}" }}'

    def near(self, section: str, label: str) -> str:
        """Return the rows of the data whose names come nearest to a label."""
        known = self._near.get(section, {})
        plain = list(names_of(label))[-1]
        close = nearest(plain, known, most=3, alike=0.6)
        close += [name for name in known if len(name) > 1 and (name in plain or plain in name)]
        return "; ".join(list(dict.fromkeys(known[name] for name in close))[:3])


# Writing ------------------------------------------------------------------------------------------


def written(labels: Labels, unmapped: list[Unmapped], file: str, path: Path) -> str:
    """Return a mapping file with a line for each label of `file` that is unmapped.

    What the mapping file at `path` has already is kept.
    """
    text = _HEAD.format(file=file, own=path.name)
    if path.exists():
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    for section, what in _SECTIONS.items():
        there = getattr(labels.mapping, section)
        own = (section, "unit of") if section == "indicators" else (section,)
        lines = [
            _line(labels, item)
            for item in unmapped
            if item.section in own and item.label not in there
        ]
        if not lines:
            continue
        rows = text.rstrip("\n").split("\n")
        heads = [row.split("#")[0].strip() for row in rows]
        if f"[{section}]" not in heads:
            rows += ["", f"[{section}]  # {what}"]
            heads += ["", f"[{section}]"]
        at = heads.index(f"[{section}]") + 1
        text = "\n".join([*rows[:at], *lines, *rows[at:]]) + "\n"
    return text


def _line(labels: Labels, item: Unmapped) -> str:
    label = json.dumps(item.label, ensure_ascii=False)
    count = f"{item.figures} figure{'s' * (item.figures > 1)} from {item.place}"
    if item.section == "unit of":
        entry = labels.indicator(item.label)[1]
        key = entry.indicator if entry else ""
        return f'{label} = {{ indicator = "{key}", unit = "" }}  # no unit is stated; {count}'
    near = labels.near(item.section, item.label)
    comment = f"# near: {near}; {count}" if near else f"# {count}"
    if item.section == "indicators" and is_growth(item.label):
        return f'{label} = {{ indicator = "", measure = "growth", prices = "real" }}  {comment}'
    return f'{label} = ""  {comment}'

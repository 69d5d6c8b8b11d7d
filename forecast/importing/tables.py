"""The figures of one table: what its labels, levels and titles say of each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple

from forecast.evidence.problems import Problem
from forecast.importing.figures import Figure, Kind, Place, Untaken, problem
from forecast.importing.labels import (
    MISSING,
    PLAIN_HEADS,
    Value,
    contained,
    found,
    is_growth,
    is_unit,
    role_of,
    split,
    undated,
    unit_line,
    value_of,
)
from forecast.importing.layout import Block
from forecast.importing.periods import MARKS, YEAR, Span, span


@dataclass(frozen=True)
class Reading:
    """What decides where a file alone does not, and the labels that are known, folded."""

    decimal: str = ""
    periods: str = ""  # as of :func:`forecast.importing.periods.periods_of`
    #: The sheets to read, all if empty, and those not to read.
    sheets: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    #: Folded names and keys.
    regions: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    #: Whether the region is known of figures for which the file names none: one that a title only
    #: mentions is then not taken.
    region: bool = False


@dataclass
class Found:
    """What was found so far in a file."""

    figures: list[Figure] = field(default_factory=list)
    untaken: list[Untaken] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


class _Row(NamedTuple):
    """A row with figures, its labels by column and the heading it stands under."""

    row: int
    labels: dict[int, str]
    section: str


class Table:
    """A block, and what the words beside and above its figures mean.

    Parameters
    ----------
    block : Block
    reading : Reading

    Attributes
    ----------
    labels : dict of int to str
        Role of every column of labels: region, indicator, unit, note, code, year; flag for what
        stands between figures.
    levels : dict of int to str
        Role of every row of levels: region, indicator, unit, growth, mark (such as ``Prel.``).
    growth : dict of int to int
        For every column of growth rates the column of its period.
    titles : dict of str to None
        What was taken from titles and headings, in words, once each.
    above : list of str
        The texts above all figures.
    """

    def __init__(self, block: Block, reading: Reading) -> None:
        self.block, self.reading = block, reading
        self.labels: dict[int, str] = {}
        self.levels: dict[int, str] = {}
        self.growth: dict[int, int] = {}
        self.titles: dict[str, None] = {}
        self.above = list(block.titles)
        for j in range(block.left, block.right):
            if j not in block.periods:
                self._column(j)
        for k in block.levels:
            texts = [block.level(k, j) for j in block.periods]
            units = all(is_unit(text, reading.units) for text in texts)
            plain = all(split(t)[0].lower() in PLAIN_HEADS or is_growth(t) for t in texts)
            heads = [block.view.cell(k, j).text for j in self.labels] if block.view.down else []
            role = next(filter(None, map(role_of, heads)), "")
            said = all(text.lower().strip(".") in {*MARKS, *PLAIN_HEADS} for text in texts)
            role = role or ("unit" if units else "mark" if said and any(texts) else "")
            self.levels[k] = role or ("growth" if plain else "")
        self._by_labels()

    @cached_property
    def columns(self) -> list[int]:
        """The columns of figures."""
        return sorted([*self.block.periods, *self.growth])

    # Roles ----------------------------------------------------------------------------------------

    def _head(self, j: int) -> str:
        """Return the head of a column of labels."""
        rows = (self.block.head, *self.block.levels)
        return next((text for k in rows if (text := self.block.view.cell(k, j).text)), "")

    def _column(self, j: int) -> None:
        """Tell what a column without a period holds."""
        block, view, head = self.block, self.block.view, self._head(j)
        words = [view.cell(i, j).text for i in block.rows if view.is_text(i, j)]
        filled = [i for i in block.rows if view.cell(i, j).text]
        before = [k for k in block.periods if k < j]
        after = any(k > j for k in block.periods)
        partial = any(not s.year for s in block.periods.values())
        figures = any(view.is_figure(i, j) for i in filled)
        if is_growth(head) and figures:
            if before and (of := self._growth_of(head, before)) is not None:
                self.growth[j] = of
        elif partial and filled and all(view.span(i, j) for i in filled):
            self.labels[j] = "year"
        elif view.down and not figures and ({*words} <= {head} or all(map(unit_line, words))):
            self.above += [text for text in dict.fromkeys([*words, head]) if text]
        elif words or role_of(head) == "code":
            units = [is_unit(text, self.reading.units) for text in words]
            role = role_of(head)
            if role == "unit" and "measure" in head.lower() and words and not any(units):
                role = ""
            self.labels[j] = role or ("unit" if all(units) else "flag" if before and after else "")

    def _growth_of(self, head: str, before: list[int]) -> int | None:
        """Return the column of the year whose growth a column states, if that is certain."""
        periods = self.block.periods
        named = [int(year) for year in YEAR.findall(head)]
        if named:
            return next((k for k in before[::-1] if periods[k] == Span(max(named))), None)
        since = [k for k in before if k > max(self.growth, default=-1)] or before[-1:]
        latest = max(periods[k].year for k in since)
        return since[-1] if periods[since[-1]].year == latest else None

    def _by_labels(self) -> None:
        """Tell regions from indicators by the labels that are known."""
        block, open_ = self.block, []
        for roles in (self.labels, self.levels):
            for key in [key for key, role in roles.items() if not role]:
                if roles is self.labels:
                    texts = {block.view.cell(i, key).text for i in block.rows if self._filled(i)}
                else:
                    texts = {block.level(key, j) for j in block.periods}
                regions = sum(self._is_region(text) for text in texts if text)
                indicators = sum(self._is_indicator(text) for text in texts if text)
                if regions != indicators:
                    roles[key] = "region" if regions > indicators else "indicator"
                else:
                    open_.append((roles, key))
        known = {*self.labels.values(), *self.levels.values()}
        codes = [k for k, role in self.levels.items() if role == "code"]
        if codes and "region" not in known:
            self.levels[codes[0]] = "region"
            known.add("region")
        title = any(self._is_indicator(text) for text in self._context(""))
        left = len(open_) == 1 and "region" not in known and ("indicator" in known or title)
        for roles, key in open_:
            roles[key] = "region" if left else "indicator"

    def _filled(self, i: int) -> bool:
        """Whether a row has figures, or signs in their place."""
        return any(self.block.view.cell(i, j).text for j in self.columns)

    def _is_region(self, text: str) -> bool:
        return bool(found(text, self.reading.regions))

    def _is_indicator(self, text: str) -> bool:
        return bool(found(text, self.reading.indicators, self.reading.units))

    def _context(self, section: str) -> list[str]:
        """Return the texts that may state what all figures have in common, the nearest first."""
        heads = [
            self._head(j) for j, role in self.labels.items() if role in ("region", "indicator")
        ]
        heads = [head for head in heads if not role_of(head)]
        sheet = self.block.view.sheet
        titles = [*heads, *self.above, sheet.name or PurePath(sheet.file).stem]
        return [text for text in dict.fromkeys([section, *titles]) if text]

    # Figures --------------------------------------------------------------------------------------

    def read(self, mark: str, found: Found) -> None:
        """Add the figures of the table to what was found, read by a decimal mark."""
        found.problems += self._twice()
        found.untaken += self._beside()
        taken, missing, first = [], 0, len(found.figures)
        for row in self._rows():
            for j in self.columns:
                cell, place = self.block.view.cell(row.row, j), self.block.view.place(row.row, j)
                value = value_of(cell, mark, self.reading.units)
                if value == MISSING:
                    missing += bool(cell.text)
                    continue
                if not isinstance(value, str):
                    figure = self._figure(row, j, value, place)
                    value = "" if figure.indicator or figure.region else "no label in its row"
                    if not figure.period:
                        expected = "a year beside the parts of years, or in the title"
                        found.problems.append(problem(place, cell.text, expected))
                        return
                if value:
                    found.untaken.append(Untaken(place, cell.text, value))
                else:
                    found.figures.append(figure)
                    taken.append(cell)
        found.notices.append(self._told(found.figures[first:]))
        where = self.block.view.place(self.block.head)
        if missing:
            found.notices.append(f"{where}: signs of missing figures (such as -): {missing}")
        brackets = [cell.text for cell in taken if cell.value is None and cell.text[0] in "(（"]
        if brackets:
            found.notices.append(
                f"{where}: figures in parentheses, read as negative: {len(brackets)}, such as "
                f"{brackets[0]}"
            )

    def _beside(self) -> Iterator[Untaken]:
        """Yield the figures in columns of the table that have no period."""
        block, view, columns = self.block, self.block.view, {*self.columns}
        for j in range(block.left, block.right):
            if j not in columns and self.labels.get(j) not in ("code", "unit", "year"):
                for i in block.rows:
                    if view.is_figure(i, j) and not view.cell(i, j).spread:
                        why = f"no period above it: {self._head(j) or 'no head'}"
                        yield Untaken(view.place(i, j), view.cell(i, j).text, why)

    def _rows(self) -> Iterator[_Row]:
        """Yield the rows with figures; a row of words alone heads those below it."""
        view, section = self.block.view, ""
        named = [j for j, role in self.labels.items() if role in ("region", "indicator", "year")]
        last: dict[int, str] = {}
        for i in self.block.rows:
            labels = {j: view.cell(i, j).text for j in self.labels}
            if not self._filled(i):
                section = next((labels[j] for j in named if labels[j]), section)
                last = {}
                continue
            for j in named[:-1]:  # a label stands once for the rows below it
                if not labels[j] and any(labels[k] for k in named[named.index(j) + 1 :]):
                    labels[j] = last.get(j, "")
            last = labels
            yield _Row(i, labels, section)

    def _figure(self, row: _Row, j: int, value: Value, place: Place) -> Figure:
        """Return a figure with all that is said of it."""
        block, at = self.block, self.growth.get(j, j)
        levels = {k: block.level(k, at) for k in self.levels}
        period = self._period(row, at)
        growth = j in self.growth or any(
            self.levels[k] == "growth" and is_growth(text) for k, text in levels.items()
        )
        texts = {
            role: [
                *(text for c, text in row.labels.items() if self.labels[c] == role and text),
                *(text for k, text in levels.items() if self.levels[k] == role and text),
            ]
            for role in ("region", "indicator", "unit", "note", "code", "growth", "mark")
        }
        context = self._context(row.section)
        indicator, unit = self._named(texts, context)
        if growth:
            unit = split(self._head(j))[1] or "%"
        region = " / ".join(texts["region"]) or self._region(context)
        marks = [*value.marks.split(), *(text.strip(".") for text in texts["mark"])]
        marks = [m for m in [*marks, period.mark if period else ""] if m.lower() not in PLAIN_HEADS]
        said = [MARKS[m.lower()] for m in marks if m.lower() in MARKS]
        kinds: list[Kind] = [
            "forecast" if s == "forecast" else "estimate" for s in said if s[0] in "ef"
        ]
        status = next((s for s in said if s[0] in "pr"), "")
        unknown = [f"mark {mark}" for mark in marks if mark.lower() not in MARKS]
        measure = "growth" if growth else "ytd_level" if period and period.cumulative else ""
        if growth and period and period.cumulative:
            measure = "ytd_growth"
        return Figure(
            indicator, region, period.text if period else "", value.value, value.unit or unit,
            place, kinds[0] if kinds else "actual", measure=measure, status=status,
            note="; ".join([*unknown, *texts["note"], *self._flags(row.row, j)]),
        )  # fmt: skip

    def _named(self, texts: dict[str, list[str]], context: list[str]) -> tuple[str, str]:
        """Return the label of the indicator, and the unit: the nearest that is stated."""
        known = self.reading.units
        parts = [split(text, known) for text in texts["indicator"]]
        units = [*texts["unit"], *(unit for _, unit in reversed(parts))]
        units += [split(text, known)[1] for text in texts["growth"]]
        named = self._context("")[-1:]  # the sheet or the file: t.csv is no tonne
        units += [
            text if is_unit(text, known) and text not in named else split(text, known)[1]
            for text in context
        ]
        words = [words for words, _ in parts if words]
        telling = [w for w in words if w.lower() not in PLAIN_HEADS]
        label = " / ".join(telling or words[:1])
        if not label and (texts["region"] or not {"region", "indicator"} & {*self.labels.values()}):
            names = [t for t in context if split(t, known)[0] and not is_unit(t, known)]
            title = next((t for t in names if self._is_indicator(t)), names[0] if names else "")
            label = undated(split(title, known)[0])
            if label:
                self.titles.setdefault(f"indicator {label}, from {title!r}")
        return label, next(filter(None, units), "")

    def _region(self, context: list[str]) -> str:
        """Return the region that a title names."""
        for text in context:
            name = text if self._is_region(text) else ""
            if not (name or self.reading.region):
                name = contained(text, self.reading.regions)
            if name:
                self.titles.setdefault(f"region {name}, from {text!r}")
                return name
        return ""

    def _period(self, row: _Row, j: int) -> Span | None:
        """Return the period of a column, with the year that stands beside the row or in a title."""
        period = self.block.periods[j]
        if period.year:
            return period
        beside = [span(row.labels[c]) for c, role in self.labels.items() if role == "year"]
        years = {s.year for s in beside if s and s.year}
        years = years or {int(y) for text in self._context(row.section) for y in YEAR.findall(text)}
        return period.of(years.pop()) if len(years) == 1 else None

    def _flags(self, i: int, j: int) -> list[str]:
        """Return the note in the column right of a figure, between it and the next one."""
        text = self.block.view.cell(i, j + 1).text if self.labels.get(j + 1) == "flag" else ""
        return [text] if text else []

    def _twice(self) -> list[Problem]:
        """Return the first column that has the period and the levels of another one."""
        seen: dict[tuple[str, ...], int] = {}
        found: list[Problem] = []
        for j, period in self.block.periods.items():
            levels = (self.block.level(k, j) for k in self.levels)
            key = (period.text, str(period.cumulative), *levels)
            if key in seen:
                other = self.block.view.place(self.block.head, seen[key])
                expected = f"each period once, or words above that tell it from {other}"
                place = self.block.view.place(self.block.head, j)
                text = self.block.view.cell(self.block.head, j).text
                found.append(problem(place, text, expected))
            seen.setdefault(key, j)
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        return [replace(p, expected=p.expected + more) for p in found[:1]]

    def _told(self, figures: list[Figure]) -> str:
        """Describe the table in a sentence."""
        view, periods = self.block.view, {f.period for f in figures}
        if not figures:
            return f"{view.place(self.block.head)}: a table without a figure"
        way = "down" if view.down else "across"
        series = len({(f.region, f.indicator) for f in figures})
        last = f" to {max(periods)}" if len(periods) > 1 else ""
        return (
            f"{figures[0].place} to {figures[-1].place.column}{figures[-1].place.row}: "
            f"{len(figures)} figures, periods {way} ({min(periods)}{last}), {series} series"
            + "".join(f"; {said}" for said in self.titles)
        )

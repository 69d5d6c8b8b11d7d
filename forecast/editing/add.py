"""Add one published figure: what is asked, what is written, and what it does to the answer."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.editing.tablefile import Change, TableFile, checked, folder_name, read_tables
from forecast.evidence.book import FORECAST_STATUSES, FORECASTS
from forecast.evidence.calendar import parse_period
from forecast.evidence.evidence import Evidence, default_folder, load
from forecast.evidence.problems import DataError, Problem, UserError
from forecast.evidence.tables import Field, cell_wanted, one_of
from forecast.evidence.units import CURRENCIES, UNITS, UnitError, convert
from forecast.study import Study

Cells = dict[str, str]
Ask = Callable[[str], str]
Say = Callable[[str], None]

#: What makes two observations statements on the same thing.
SAME = ("region", "indicator", "period", "measure", "bound", "prices")


@dataclass(frozen=True)
class Addition:
    """One new row of the observations, and of the sources if its source is new, not yet written.

    Attributes
    ----------
    observation, source : dict of str to str
        The new rows; `source` is None where the source is known.
    changes : tuple of Change
        For :func:`forecast.editing.tablefile.write`.
    shown : str
        The lines to be added, file by file.
    notices : tuple of str
        Which other rows speak of the same thing.
    warnings : tuple of Problem
        What the check doubts since the row is there.
    before, after : Evidence
        The data without and with it.
    """

    observation: Cells
    source: Cells | None
    changes: tuple[Change, ...]
    shown: str
    notices: tuple[str, ...]
    warnings: tuple[Problem, ...]
    before: Evidence
    after: Evidence


def prepare(
    root: Path | None, cells: Mapping[str, str], source: Mapping[str, str] | None
) -> Addition:
    """Make up the new rows and check the whole data with them; nothing is written.

    Parameters
    ----------
    root
        The data folder, as in :func:`forecast.evidence.evidence.load`.
    cells
        The observation by column. Its identifier is the next free one; what has only one possible
        value (the unit of a growth rate, the prices of persons) may be left out.
    source
        The new source by column, or None if the source is known.

    Raises
    ------
    DataError
        With all problems of the data as they would be.
    forecast.evidence.problems.UserError
        If a required cell is missing; all of them are named.
    """
    before = load(root)
    files = read_tables(root)
    name = cells.get("indicator", "")
    known = name in set(before.indicators["indicator"])
    row = complete(cells, before.indicator(name) if known else None)
    _require(files["observations"], row, "--")
    row = {"observation": next_identifier(files["observations"]), **row}
    new = {"observations": row}
    if source is not None:
        _require(files["sources"], {**source}, "the new source's ")
        new = {"sources": dict(source), **new}
    folder = folder_name(before.root)
    changes, shown = [], []
    for name, added in new.items():
        file = files[name]
        line = file.line(added)
        changes.append(Change(file, file.written([*file.lines, line])))
        shown.append(f"{folder}/{file.table.path}\n  + {line.text.rstrip()}")
    after = checked(root, changes)
    doubts = [problem for problem in after.warnings if problem not in before.warnings]
    return Addition(
        row, new.get("sources"), tuple(changes), "\n".join(shown),
        tuple(same_statements(before, row)), tuple(doubts), before, after,
    )  # fmt: skip


def next_identifier(file: TableFile) -> str:
    """Return the identifier after the highest one, with as many digits."""
    used = [line.cells["observation"][1:] for line in file.lines]
    last = max((text for text in used if text.isdecimal()), key=int, default="0000")
    return f"o{int(last) + 1:0{max(len(last), 4)}d}"


def complete(cells: Mapping[str, str], indicator: pd.Series[Any] | None) -> Cells:
    """Fill in what can be only one thing, and nothing that would be a guess."""
    row = dict(cells)
    measure = row.get("measure", "")
    only = {"growth": "%", "ytd_growth": "%", "forecast_growth": "%", "change": "pp"}.get(measure)
    if only and not row.get("unit"):
        row["unit"] = only
    if indicator is not None and not row.get("prices"):
        if indicator["prices"] == "none":
            row["prices"] = "none"
        elif measure in ("level", "ytd_level", "forecast_level"):
            row["prices"] = "nominal"
    return row


def _require(file: TableFile, row: Mapping[str, str], prefix: str) -> None:
    missing = [
        f"{prefix}{name}"
        for name, field in file.table.fields.items()
        if field.required and name != "observation" and not row.get(name)
    ]
    if missing:
        raise UserError(f"{', '.join(missing)} missing; expected a value for each")


def same_statements(evidence: Evidence, row: Mapping[str, str]) -> list[str]:
    """Say which rows already state the same thing, alike or otherwise.

    Rows agree in region, indicator, period, measure, bound, prices and basis, an empty basis being
    the reference basis.
    """
    reference = evidence.newest_basis(row["indicator"])
    table = evidence.observations
    ahead = row.get("measure", "") in FORECASTS
    # Forecasts of one year differ by forecaster and day, and each is a statement of its own.
    for name in (*SAME, "source", "published") if ahead else SAME:
        table = table[table[name] == row.get(name, "")]
    table = table[(table["basis"].replace("", reference)) == (row.get("basis") or reference)]
    said = []
    columns = table[["observation", "value", "unit", "status", "source"]]
    for name, other, unit, status, source in columns.itertuples(index=False):
        try:
            value = convert(float(row["value"]), row["unit"], unit)
        except (UnitError, ValueError):
            continue  # dollars beside yuan, or no number: the check has its say on both
        stated = f"{other:.10g} {unit} ({status}, {source})"
        if abs(value - other) <= 1e-9 * abs(value):
            said.append(
                f"{name} says the same already: {stated}. One figure printed in two places is "
                "one observation."
            )
        else:
            said.append(
                f"{name} says otherwise: {stated}. It stays; both are used, and the "
                + ("record of such forecasts" if ahead else "reconciliation")
                + " weighs them."
            )
    return said


def effect(addition: Addition) -> list[str]:
    """Say what the new figure does to the targets on its indicator.

    Returns
    -------
    list of str
        One line per target of any plan. The record of past forecasts is the one before, so a set
        of reports can differ in the last digit.
    """
    from forecast.forecasting.model_pool import Options

    indicator = addition.observation["indicator"]
    targets = addition.after.targets
    names = targets.loc[targets["indicator"] == indicator, ["plan", "target"]]
    if names.empty:
        return []
    before = Study(addition.before, Options(quick=True))
    after = before.revised(addition.after)
    return [
        _moved(before.assess(target, plan), after.assess(target, plan))
        for plan, target in names.itertuples(index=False)
    ]


def _moved(before: Any, after: Any) -> str:
    from forecast.report.pages import words

    def said(answer: Any) -> str:
        if answer.probability is None:
            return "not assessable"
        middle = ""
        if 0.5 in answer.quantiles:
            middle = f" (middle of the forecast {words.number(answer.quantiles[0.5], answer.unit)})"
        return words.in_100(answer.probability, answer.floor) + middle

    then, now = said(before), said(after)
    change = f"{now}, as before" if then == now else f"{then} -> {now}"
    return f"{words.title(after)} [{after.target['plan']}]: {change}"


# ------------------------------------------------------------------------------------------------
# Questions
# ------------------------------------------------------------------------------------------------


@dataclass
class Questions:
    """Ask for one observation, question by question.

    Attributes
    ----------
    root
        The data folder.
    ask, say
        Put a question and return the answer; tell something. `input` and `print` on a terminal.
    """

    root: Path | None
    ask: Ask
    say: Say
    row: Cells = field(default_factory=dict)
    source: Cells | None = None

    def __post_init__(self) -> None:
        self.evidence = load(self.root)
        self.files = read_tables(self.root)

    def run(self) -> Addition:
        """Ask everything, and again what the check refuses, until the data would be sound.

        Raises
        ------
        DataError
            If the new row makes another one wrong, which no other answer here can cure.
        """
        self.say("Enter takes what stands in brackets, ? lists what is possible, - is empty.\n")
        for column in (
            "region", "indicator", "measure", "period", "value", "unit", "prices", "bound",
            "basis", "status", "source", "published", "mark", "note",
        ):  # fmt: skip
            self._put(column)
        while True:
            try:
                return prepare(self.root, self.row, self.source)
            except DataError as error:
                again = self._refused(error.problems)
                if not again:
                    raise
                for problem, table, column in again:
                    self.say(f"\n{problem}")
                    self._put(column) if table == "observations" else self._put_source(column)

    def _refused(self, problems: Iterable[Problem]) -> list[tuple[Problem, str, str]]:
        """Return the errors in the new rows by table and column; none if other rows are wrong."""
        folder, again = folder_name(default_folder() if self.root is None else self.root), []
        for problem in problems:
            if problem.severity == "warning":
                continue
            for table in ("observations", "sources"):
                file = self.files[table]
                here = (f"{folder}/{file.table.path}", len(file.lines) + 2)
                if (problem.file, problem.row) == here and problem.column in file.table.fields:
                    again.append((problem, table, problem.column))
                    break
            else:
                return []
        return again

    def _put(self, column: str) -> None:
        """Ask for one cell of the observation, unless there is nothing to choose."""
        options, default = self._options(column), self._default(column)
        if column == "source":
            self._put_known_source(options)
        elif options == [""] or (column in ("unit", "prices") and options == [default]):
            self.row[column] = default
        else:
            field = self.files["observations"].table.fields[column]
            if column == "period":
                self._tell_known()
            self.row[column] = self._answer(field, options, default, self._names(column))

    def _put_known_source(self, known: list[str]) -> None:
        field = self.files["observations"].table.fields["source"]
        while True:
            key = self._answer(field, known, self.row.get("source", ""), {}, others=True)
            self.row["source"], self.source = key, None
            if key in known:
                return
            near = difflib.get_close_matches(key, known, n=3)
            meant = f"; meant {' or '.join(near)}?" if near else ""
            self.say(f"  {key!r} is not in sources.csv{meant}")
            if self.ask("Describe it as a new source? [y/N] ").strip().lower() in ("y", "yes"):
                self.source = {"source": key}
                for column in list(self.files["sources"].table.fields)[1:]:
                    self._put_source(column)
                return

    def _put_source(self, column: str) -> None:
        assert self.source is not None
        field = self.files["sources"].table.fields[column]
        default = self.source.get(column, "")
        options = list(field.enum) if field.required or not field.enum else ["", *field.enum]
        self.source[column] = self._answer(field, options, default, {}, "source: ")
        if column == "source":
            self.row["source"] = self.source["source"]

    def _answer(
        self,
        field: Field,
        options: list[str],
        default: str,
        names: Mapping[str, str],
        prefix: str = "",
        others: bool = False,
    ) -> str:
        """Ask until the answer fits the schema and the options."""
        named = [option for option in options if option]
        hint = f" ({', '.join(named)})" if 0 < len(named) <= 12 else ""
        bracket = f" [{default or ('required' if field.required else 'empty')}]"
        while True:
            typed = self.ask(f"{prefix}{field.name}{hint}{bracket}: ").strip()
            if typed == "?":
                self.say(f"  {field.description}")
                if named:
                    self.say(f"  {', '.join(named)}")
                continue
            cell = default if not typed else "" if typed == "-" else names.get(typed, typed)
            wanted = cell_wanted(field, cell)
            if not wanted and options and not others and cell not in options:
                wanted = one_of(cell, named, "one of ")
            if not wanted:
                return cell
            self.say(f"  {cell!r} - expected {wanted}" if cell else f"  expected {wanted}")

    # What is possible, and what is likely, given the answers so far.

    def _options(self, column: str) -> list[str]:
        """Return the values that a cell can have; none if it can be anything of its form."""
        row, fields = self.row, self.files["observations"].table.fields
        if column in ("region", "indicator", "source"):
            return list(getattr(self.evidence, f"{column}s")[column])
        indicator = self.evidence.indicator(row["indicator"]) if "indicator" in row else None
        sure = complete({k: v for k, v in row.items() if k not in ("unit", "prices")}, indicator)
        if column in ("unit", "prices") and column in sure:
            return [sure[column]]
        if column == "unit" and indicator is not None:
            return [unit for unit in fields["unit"].enum if _measures(unit, indicator["unit"])]
        if column == "basis":
            own = self.evidence.bases.query("indicator == @row['indicator']")["basis"]
            return ["", *(own if row["measure"] in ("level", "ytd_level") else [])]
        if column == "status":
            forecast = row["measure"] in FORECASTS
            return [s for s in fields[column].enum if (s in FORECAST_STATUSES) == forecast]
        enum = list(fields[column].enum)
        return ["", *enum] if enum and not fields[column].required else enum

    def _default(self, column: str) -> str:
        if column in self.row:
            return self.row[column]
        if column == "region":
            return str(self.evidence.plans["region"].iloc[0]) if len(self.evidence.plans) else ""
        if column == "measure":
            return "level"
        if column == "status":
            return "projection" if self.row["measure"] in FORECASTS else "preliminary"
        if column == "period":
            return self._next_period()
        if column in ("unit", "prices"):
            options = self._options(column)
            if len(options) == 1:
                return options[0]
            last = self._alike()[column]
            return str(last.iloc[-1]) if len(last) else options[0]
        if column == "published":
            if self.source is not None:
                return self.source.get("published", "")
            sources = self.evidence.sources.set_index("source")["published"]
            return str(sources[self.row["source"]])
        return ""

    def _alike(self) -> pd.DataFrame:
        """Return the statements of the same series and measure."""
        rows = self.evidence.statements(self.row["region"], self.row["indicator"])
        return rows[rows["measure"] == self.row["measure"]]

    def _tell_known(self) -> None:
        """Say the last figures on the same thing, so that a slip in the next one shows."""
        last = self._alike().tail(3)[["period", "value", "unit", "bound"]]
        known = [f"{p} {v:.10g} {u} {b}".strip() for p, v, u, b in last.itertuples(index=False)]
        if known:
            self.say(f"  So far: {'; '.join(known)}")

    def _next_period(self) -> str:
        """Return the period after the last one known; of figures to date, the next month."""
        rows = self._alike()
        if rows.empty or self.row["measure"] == "event":
            return ""
        year, month, _ = parse_period(str(rows["period"].iloc[-1])) or (0, 0, 0)
        if not month:
            return str(year + 1)
        return f"{year}-{month + 1:02d}" if month < 12 else f"{year + 1}-02"

    def _names(self, column: str) -> dict[str, str]:
        """Return the names by which a region or an indicator may be called instead of its key."""
        if column not in ("region", "indicator"):
            return {}
        table = getattr(self.evidence, f"{column}s")
        return {
            name: key
            for names in ("name", "name_zh")
            for name, key in zip(table[names], table[column], strict=True)
            if name and list(table[names]).count(name) == 1
        }


def _measures(unit: str, canonical: str) -> bool:
    """Whether a figure in this unit can be one on an indicator in the other; yuan take dollars."""
    dimension, wanted = UNITS[unit].dimension, UNITS[canonical].dimension
    return dimension == wanted or {dimension, wanted} == set(CURRENCIES)

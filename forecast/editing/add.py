"""Add one published figure: complete its row, check the tables with it, show what it changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecast.editing.tablefile import Change, TableFile, appended, checked, completed, read_tables
from forecast.editions.figures import figure_of
from forecast.evidence.evidence import Evidence
from forecast.evidence.files.tables import one_of, records, shortened
from forecast.evidence.loading import folder_name, load
from forecast.evidence.measures import FORECASTS
from forecast.evidence.problems import Problem, UserError
from forecast.evidence.units import UnitError, convert
from forecast.study import Study

Cells = dict[str, str]

#: Options of a new source that are not named after the column: the observation has those names.
_OPTIONS = {"source": "new-source", "published": "source-published", "note": "source-note"}


@dataclass(frozen=True)
class Addition:
    """One new row of the observations, and of the sources if its source is new, not yet written."""

    observation: Cells  # the new row by column
    changes: tuple[Change, ...]  # for :func:`forecast.editing.tablefile.write`
    shown: str  # the lines to be added, file by file
    notices: tuple[str, ...]  # other rows with the same figure
    warnings: tuple[Problem, ...]  # warnings of the check that the new row causes
    #: The data without and with it.
    before: Evidence
    after: Evidence


def prepare(
    root: Path | None, cells: Mapping[str, str], source: Mapping[str, str] | None
) -> Addition:
    """Complete the new rows and check the whole data with them; nothing is written.

    Parameters
    ----------
    root : Path or None
        The data folder, as in :func:`forecast.evidence.loading.load`.
    cells : mapping of str to str
        The observation by column. Its identifier is the next free one; a cell that has a default
        may be left out.
    source : mapping of str to str, or None
        The new source by column, or None if the source is known.

    Returns
    -------
    Addition

    Raises
    ------
    DataError
        With all problems of the data with the new rows.
    forecast.evidence.problems.UserError
        If required cells are missing: all of them, with their allowed values.
    """
    before = load(root)
    files = read_tables(root)
    new: dict[str, list[Mapping[str, str]]] = {} if source is None else {"sources": [source]}
    new["observations"] = [cells]
    if "observation" in files["observations"].columns:
        new["observations"] = [{"observation": next_identifier(files["observations"]), **cells}]
    full = completed(files, new)
    (row,) = full["observations"]
    missing = [line for table, rows in full.items() for line in _missing(files, table, rows[0])]
    if missing and (unknown := list(_unknown(files, row, source))):
        raise UserError("\n".join(unknown))  # what else is needed depends on them
    if missing:
        raise UserError("\n".join(["add needs these options as well:", *missing]))
    changes, shown = appended(files, new, full, folder_name(before.root))
    after = checked(root, changes)
    return Addition(
        observation=row,
        changes=tuple(changes),
        shown="\n".join(shown),
        notices=tuple(same_figures(before, row)),
        warnings=tuple(problem for problem in after.warnings if problem not in before.warnings),
        before=before,
        after=after,
    )


def next_identifier(file: TableFile) -> str:
    """Return the identifier after the highest one, with as many digits."""
    used = [line.cells["observation"][1:] for line in file.lines]
    last = max((text for text in used if text.isdecimal()), key=int, default="0000")
    return f"o{int(last) + 1:0{max(len(last), 4)}d}"


def _missing(files: Mapping[str, TableFile], table: str, row: Mapping[str, str]) -> Iterator[str]:
    """Yield the option and the allowed values of every required cell that is empty."""
    described = files[table].table
    keys = {key.columns[0]: key for key in described.foreign if len(key.columns) == 1}
    for name, field in described.fields.items():
        if not field.constraints.required or row[name]:
            continue
        allowed = shortened(field.constraints.enum)
        if name in keys:
            other = files[keys[name].table]
            known = [line.cells[keys[name].target[0]] for line in other.lines]
            new = ", or --new-source" if name == "source" else ""
            allowed = f"a key of {other.table.path}{new}: {shortened(known)}"
        option = _OPTIONS.get(name, name) if table == "sources" else name
        yield f"  --{option}: {allowed or field.description}"


def _unknown(
    files: Mapping[str, TableFile], row: Mapping[str, str], source: Mapping[str, str] | None
) -> Iterator[str]:
    """Yield what is wrong with every key of the observation that its table lacks."""
    new = source["source"] if source else None
    for key in files["observations"].table.foreign:
        name, other = key.columns[0], files[key.table]
        known = [line.cells[key.target[0]] for line in other.lines]
        if len(key.columns) == 1 and row[name] and row[name] not in [*known, new]:
            expected = one_of(row[name], known, f"a key of {other.table.path}: ")
            yield f"unknown {name} {row[name]!r}; expected {expected}"


def same_as(evidence: Evidence, row: Mapping[Any, Any]) -> tuple[tuple[str, ...], ...]:
    """Return what observations of the same figure share; see `figure_of`.

    Forecasts of one year differ by forecaster and day, and each is an observation of its own.
    """
    forecast = row.get("measure") in FORECASTS
    own = (row.get("source", ""), row.get("published", "")) if forecast else ()
    return figure_of(evidence, row), own


def same_figures(evidence: Evidence, row: Mapping[str, str]) -> list[str]:
    """Describe the rows that already have the same figure, with the same value or another."""
    forecast = row.get("measure") in FORECASTS
    weighted = "the record of such forecasts" if forecast else "the reconciliation"
    notices = []
    own = same_as(evidence, row)
    for known in records(evidence.observations):
        if same_as(evidence, known) != own:
            continue
        name, other, unit = known["observation"], known["value"], known["unit"]
        try:
            value = convert(float(row["value"]), row["unit"], unit)
        except (UnitError, ValueError):
            continue  # another currency, or no number: the check covers both
        told = f"{other:.10g} {unit} ({known['status']}, {known['source']})"
        if abs(value - other) <= 1e-9 * abs(value):
            notices.append(
                f"{name} has the same value: {told}. A figure printed in two places is one "
                "observation."
            )
        else:
            notices.append(
                f"{name} has another value: {told}. Both rows are kept; {weighted} weights them."
            )
    return notices


def effect(before: Evidence, after: Evidence, indicators: Collection[str]) -> list[str]:
    """Return how new figures change the answers on their indicators, a line per target.

    The calibration is the one before the addition, so a full report can differ in the last digit.
    """
    from forecast.forecasting.model_pool import Options

    targets = after.targets
    names = targets.loc[targets["indicator"].isin(list(indicators)), ["plan", "target"]]
    if names.empty:
        return []
    old = Study(before, Options(quick=True))
    new = old.revised(after)
    return [
        _change(old.assess(target, plan), new.assess(target, plan))
        for plan, target in names.itertuples(index=False)
    ]


def _change(before: Any, after: Any) -> str:
    from forecast.facts import Amount, Chance
    from forecast.report.language import language
    from forecast.report.pages.shared import title

    tell = language("en")

    def summary(answer: Any) -> str:
        if answer.probability is None:
            return "not assessable"
        middle = ""
        if 0.5 in answer.quantiles:
            middle = f" (median {tell.write(Amount(answer.quantiles[0.5], answer.unit))})"
        return tell.write(Chance(answer.probability, answer.floor)) + middle

    old, new = summary(before), summary(after)
    change = f"{new}, as before" if old == new else f"{old} -> {new}"
    return f"{title(tell, after)} [{after.target['plan']}]: {change}"

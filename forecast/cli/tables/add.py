"""``add``: one published figure with its source."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Annotated

from forecast.cli.shared import Cell, Data, DryRun, Quiet, Yes, agreed, cell, taking, tell_effect
from forecast.evidence.problems import UserError
from forecast.resources import SCHEMA

_TABLES = {table["name"]: table for table in json.loads(SCHEMA.read_text("utf-8"))["resources"]}


def _meanings(table: str) -> dict[str, str]:
    """Return what the columns of a table mean, by name."""
    return {field["name"]: field["description"] for field in _TABLES[table]["schema"]["fields"]}


OBSERVATION, SOURCE = _meanings("observations"), _meanings("sources")
#: The parameter of each column; a source has its own where an observation has that name.
CELLS = {name: name for name in OBSERVATION if name != "observation"}
SOURCE_CELLS = {name: f"source_{name}" if name in CELLS else name for name in SOURCE}
SOURCE_CELLS["source"] = "new_source"


def add(
    yes: Yes = False,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    data: Data = None,
    **cells: Cell,
) -> int:
    """Add one row to observations.csv, and one to sources.csv if its source is new.

    An option that is missing is named, with its allowed values.
    """
    from forecast.editing.add import prepare
    from forecast.editing.tablefile import write
    from forecast.evidence.files.defaults import MADE
    from forecast.evidence.problems import render

    addition = prepare(data, *_given(cells))
    print(f"\n{addition.shown}\n")
    for notice in addition.notices:
        print(f"Note: {notice}\n")
    if addition.warnings:
        print(render(addition.warnings) + "\n")
    writing = agreed(yes, dry_run)
    if writing:
        write(addition.changes)
        name = addition.observation["observation"]
        print("Written." if name.startswith(MADE) else f"Written as {name}.")
    if (writing or dry_run) and not quiet:
        indicator = addition.observation["indicator"]
        tell_effect(addition.before, addition.after, {indicator})
    return 0


def _options() -> Iterator[inspect.Parameter]:
    """Yield an option for every column of the two tables."""
    for panel, parameters, meanings in (
        ("The figure", CELLS, OBSERVATION),
        ("Its source, if sources.csv lacks it", SOURCE_CELLS, SOURCE),
    ):
        for column, name in parameters.items():
            option = Annotated[Cell, cell(meanings[column], panel)]
            kind = inspect.Parameter.KEYWORD_ONLY
            yield inspect.Parameter(name, kind, default=None, annotation=option)


taking(add, _options())


def _given(options: Mapping[str, Cell]) -> tuple[dict[str, str], dict[str, str] | None]:
    """Return the cells given as options: of the observation, and of a new source if there is one.

    Raises
    ------
    forecast.evidence.problems.UserError
        If the options for the source contradict each other.
    """
    cells, source = (
        {name: given.strip() for name, key in keys.items() if (given := options[key]) is not None}
        for keys in (CELLS, SOURCE_CELLS)
    )
    if not source:
        return cells, None
    if "source" not in source:
        option = SOURCE_CELLS[next(iter(source))].replace("_", "-")
        raise UserError(f"--{option} describes a new source; expected --new-source KEY beside it")
    if cells.setdefault("source", source["source"]) != source["source"]:
        raise UserError(
            f"--source is {cells['source']!r} and --new-source {source['source']!r}; expected one"
        )
    source.setdefault("published", cells.get("published", ""))
    return cells, source

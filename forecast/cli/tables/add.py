"""``add``: one published figure with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from forecast.cli.shared import Data, DryRun, Yes, agreed, tell_effect
from forecast.evidence.problems import UserError


def cell(meaning: str, option: str = "") -> Any:
    """Return an option that is a cell of a table."""
    names = [option] if option else []
    return typer.Option(*names, metavar="CELL", help=meaning, show_default=False)


Cell = str | None

#: The parameter of each column of the two tables, and of the second its option.
CELLS = (
    "region", "indicator", "period", "measure", "bound", "prices", "value", "unit", "basis",
    "status", "mark", "source", "also_in", "published", "note",
)  # fmt: skip
SOURCE_CELLS = {
    "source": "new_source", "title": "title", "publisher": "publisher", "url": "url",
    "published": "source_published", "kind": "kind", "copy": "copy", "note": "source_note",
}  # fmt: skip


# A test holds the parameters to the schema; data/COLUMNS.md explains the columns.
def add(
    context: typer.Context,
    region: Annotated[Cell, cell("Key of regions.csv.")] = None,
    indicator: Annotated[Cell, cell("Key of indicators.csv.")] = None,
    period: Annotated[
        Cell,
        cell("2026, 2025/26, 2026Q2, 2026H1; 2026-06: that month, or the year to it; 2026-03-28."),
    ] = None,
    measure: Annotated[
        Cell,
        cell(
            "level, growth, month_level, quarter_level, half_level, ytd_level, ytd_growth, change, "
            "event, count_to_date, forecast_growth or forecast_level."
        ),
    ] = None,
    bound: Annotated[
        Cell, cell("lower where the source has more than, upper where it has less than.")
    ] = None,
    prices: Annotated[
        Cell, cell("nominal, real or none; may be left out where it can be only one.")
    ] = None,
    value: Annotated[Cell, cell("As published, percentages as percent.")] = None,
    unit: Annotated[Cell, cell("As published; may be left out for growth and change.")] = None,
    basis: Annotated[Cell, cell("Key of bases.csv, of levels on an older basis.")] = None,
    status: Annotated[
        Cell,
        cell(
            "census, final, revised, preliminary, derived, secondary or unknown; of a forecast "
            "target or projection."
        ),
    ] = None,
    mark: Annotated[Cell, cell("conflict, low_quality or mislabelled.")] = None,
    source: Annotated[Cell, cell("Key of sources.csv.")] = None,
    also_in: Annotated[
        Cell, cell("Keys of further sources with the same figure, separated by semicolons.")
    ] = None,
    published: Annotated[
        Cell, cell("When this figure came out: 2027, 2027-02 or 2027-02-20.")
    ] = None,
    note: Annotated[Cell, cell("Short remark.")] = None,
    new_source: Annotated[Cell, cell("Key of a source that is not in sources.csv yet.")] = None,
    title: Annotated[Cell, cell("Title of its page, table or data set.")] = None,
    publisher: Annotated[Cell, cell("Who publishes it.")] = None,
    url: Annotated[Cell, cell("Its web address.")] = None,
    source_published: Annotated[Cell, cell("When it came out (as --published).")] = None,
    kind: Annotated[
        Cell,
        cell(
            "yearbook, bulletin, government_report, customs, statistics_bureau, census, dataset, "
            "news, secondary or plan."
        ),
    ] = None,
    copy: Annotated[Cell, cell("mirror if the address is a copy on another site.")] = None,
    source_note: Annotated[Cell, cell("Remark on it.")] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Skip the effect on the targets.")] = False,
    data: Data = None,
) -> int:
    """Add one row to observations.csv, and one to sources.csv if its source is new.

    An option that is missing is named, with its allowed values.
    """
    from forecast.editing.add import prepare
    from forecast.editing.tablefile import write
    from forecast.evidence.files.defaults import MADE
    from forecast.evidence.problems import render

    addition = prepare(data, *_given(context.params))
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


def _given(options: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str] | None]:
    """Return the cells given as options: of the observation, and of a new source if there is one.

    Raises
    ------
    forecast.evidence.problems.UserError
        If the options for the source contradict each other.
    """
    cells = {name: options[name].strip() for name in CELLS if options[name] is not None}
    source = {
        name: options[option].strip()
        for name, option in SOURCE_CELLS.items()
        if options[option] is not None
    }
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

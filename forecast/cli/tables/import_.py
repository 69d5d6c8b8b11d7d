"""``import``: figures of a file by others, as rows of the observations."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli.shared import Cell, Data, DryRun, Quiet, Yes, agreed, cell, tell_effect
from forecast.evidence.problems import RunError, UserError

if TYPE_CHECKING:
    from forecast.importing.figures import Figures, Untaken
    from forecast.importing.mapping import Labels, MappingFile
    from forecast.importing.merge import Merged
    from forecast.importing.rows import UnmappedError

#: Options that are keys of a mapping file as well.
OPTIONS = ("region", "status", "prices", "decimal", "periods")
#: Options that describe a new source, and are columns of its table.
DESCRIBED = ("title", "publisher", "url", "kind")
SHOWN = 40  # lines to be added that are printed, and places of a reason


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Workbook, CSV or web page.")],
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="MAPPING.toml", help="What its labels stand for."),
    ] = None,
    write_map: Annotated[
        bool, typer.Option("--write-map", help="Add labels that are new to the mapping file.")
    ] = False,
    source: Annotated[Cell, cell("Key of sources.csv.")] = None,
    new_source: Annotated[Cell, cell("Key of a source that is not there yet.")] = None,
    title: Annotated[Cell, cell("Its title; of known exports that of the file.")] = None,
    publisher: Annotated[Cell, cell("Who publishes it.")] = None,
    url: Annotated[Cell, cell("Its web address.")] = None,
    kind: Annotated[Cell, cell("Its kind, as of `forecast add`.")] = None,
    published: Annotated[Cell, cell("When the figures came out.")] = None,
    region: Annotated[Cell, cell("Region of figures for which the file names none.")] = None,
    status: Annotated[Cell, cell("Status of figures for which the file states none.")] = None,
    prices: Annotated[Cell, cell("Prices of growth rates: real or nominal.")] = None,
    sheet: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Read this sheet; may be repeated.")
    ] = None,
    decimal: Annotated[Cell, cell("The decimal mark: . or ,")] = None,
    periods: Annotated[
        Cell, cell("How ambiguous periods are read: fiscal, years, months, dmy or mdy.")
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    data: Data = None,
) -> int:
    """Add the figures of a table or an export to observations.csv.

    What was understood, what was not taken and the lines to be added are shown before anything is
    written, and all of it is written or nothing.
    """
    from forecast.editing.tablefile import write
    from forecast.evidence.loading import load
    from forecast.importing.mapping import Labels
    from forecast.importing.merge import merge
    from forecast.importing.rows import UnmappedError, rows_of

    before = load(data)
    options = {name: context.params[name] for name in OPTIONS} | {"sheets": sheet}
    labels = Labels(before, _mapping(mapping, write_map, options, data))
    figures = _read(file, labels)
    known, new = _source(source or labels.mapping.source, context.params, figures)
    day = published or (new or before.source(known))["published"] or figures.origin.published
    try:
        rows = rows_of(before, figures, labels, known, "" if new else published or "", day)
    except UnmappedError as error:
        return _unmapped(error, labels, context.params)
    merged = merge(before, data, rows.rows, new, day)
    _show(merged, rows.untaken, rows.skipped + merged.skipped)
    if not merged.rows:
        print("Nothing to write: every figure that was taken is held already.")
        return 0
    writing = agreed(yes, dry_run)
    if writing:
        write(merged.changes)
        print(f"Written: {_named(merged)}.")
    if (writing or dry_run) and not quiet:
        tell_effect(merged.before, merged.after, {r.cells["indicator"] for r in merged.rows})
    return 0


def _mapping(
    path: Path | None, write_map: bool, options: dict[str, Any], data: Path | None
) -> MappingFile:
    """Return the mapping of a file and the options, which go before it."""
    from forecast.editing.tablefile import read_tables
    from forecast.evidence.loading import load
    from forecast.importing.mapping import checked_mapping, read_mapping

    given = {name: value for name, value in options.items() if value}
    table = read_mapping(path) if path and (path.exists() or not write_map) else {}
    fields = read_tables(data)["observations"].table.fields
    return checked_mapping(path.name if path else "", {**table, **given}, load(data), fields)


def _read(file: Path, labels: Labels) -> Figures:
    """Read a file by the reader of its format, and tell how it was read."""
    from forecast.importing import wide
    from forecast.importing.formats import recognized

    reader = recognized(file)
    figures = reader.read(file) if reader else wide.read(file, labels.reading())
    print(f"{file.name}: {figures.origin.format}, {len(figures.figures)} figures")
    for notice in figures.notices:
        print(f"  {notice}")
    return figures


def _source(
    key: str, options: dict[str, Any], figures: Figures
) -> tuple[str, dict[str, str] | None]:
    """Return the key of the source, and its cells if it is new.

    Raises
    ------
    forecast.evidence.problems.UserError
        If none is named, or one is described that is not new.
    """
    new, published = options["new_source"], options["published"]
    given = {name: options[name] for name in DESCRIBED if options[name]}
    if not new:
        if given:
            raise UserError(
                f"--{next(iter(given))} describes a new source; expected --new-source KEY"
            )
        if not key:
            raise UserError(
                "the figures need a source; expected --source KEY of sources.csv, or --new-source "
                "KEY --title TITLE"
            )
        return key, None
    origin = figures.origin
    source = {
        "source": new, "title": origin.title, "publisher": origin.publisher, "url": origin.url,
        "published": published or origin.published, "kind": origin.kind, "copy": "",
        "note": origin.licence, **given,
    }  # fmt: skip
    if not source["title"]:
        raise UserError("the new source has no title; expected --title TITLE")
    return new, source


def _unmapped(error: UnmappedError, labels: Labels, options: dict[str, Any]) -> int:
    """Tell which labels stand for nothing, and write a mapping file that lists them.

    Raises
    ------
    forecast.evidence.problems.RunError
        Always: nothing can be imported before they are mapped.
    """
    from forecast.importing.mapping import written as mapped
    from forecast.writing import written

    file: Path = options["file"]
    what = {"unit of": "no unit is stated of", "units": "no known unit:"}
    for item in error.unmapped[:SHOWN]:
        near = labels.near(item.section, item.label)
        said = what.get(item.section, f"{item.section}: not mapped:")
        near = f"; near: {near}" if near else ""
        if "unit" in item.section:
            near = f"; expected such as {labels.stated(item.indicator)} in [indicators]"
        print(f"  {said} {item.label!r} ({item.place}){near}")
    units = sum("unit" in item.section for item in error.unmapped)
    names, parts = len(error.unmapped) - units, []
    if names:
        stand = f"label of {file.name} stands" if names == 1 else f"labels of {file.name} stand"
        parts.append(f"{names} {stand} for nothing in the data yet")
    if units:
        lack = f"unit of {file.name} is" if units == 1 else f"units of {file.name} are"
        parts.append(f"{units} {lack} not stated or not known")
    count = " and ".join(parts)
    path = options["mapping"] or file.with_name(f"{file.stem}.map.toml")
    dry_run = options["dry_run"]
    if dry_run or (path.exists() and not options["write_map"]):
        add = "" if dry_run else f"; expected lines for them in {path}, which --write-map adds"
        raise RunError(f"{count}{add}; nothing was written")
    text = mapped(labels, error.unmapped, file.name, path)
    with written(path) as part:
        part.write_text(text, "utf-8")
    command = shlex.join(["forecast", "import", str(file), "--map", str(path), *_given(options)])
    raise RunError(f"{count}; {path} lists them: complete it, then\n  {command}")


def _given(options: dict[str, Any]) -> Iterator[str]:
    """Yield the options as they were given, without those of the mapping file and of writing."""
    for name, value in options.items():
        if value and name not in ("file", "mapping", "write_map", "yes", "dry_run"):
            option = f"--{name.replace('_', '-')}"
            for text in value if isinstance(value, list) else [value]:
                yield from (option,) if text is True else (option, str(text))


def _named(merged: Merged) -> str:
    """Return how many rows are added, and their identifiers where the table has them."""
    names = [row.cells.get("observation", "") for row in merged.rows]
    if len(names) == 1:
        return f"1 row{f', {names[0]}' * bool(names[0])}"
    return f"{len(names)} rows" + (f", {names[0]} to {names[-1]}" if names[0] else "")


def _show(merged: Merged, untaken: Iterable[Untaken], skipped: dict[str, int]) -> None:
    """Print what was not taken, what would be added and what that revises."""
    from forecast.evidence.problems import render

    reasons = defaultdict(list)
    for item in untaken:
        reasons[item.why].append(item)
    for why, items in reasons.items():
        print(f"\nNot taken, {why}: {len(items)}")
        for item in items[:SHOWN]:
            print(f"  {item.place}: {item.text!r}")
        if len(items) > SHOWN:
            print(f"  and {len(items) - SHOWN} more")
    print()
    for reason, count in skipped.items():
        print(f"{reason}: {count}")
    series = defaultdict(list)
    for row in merged.rows:
        c = row.cells
        series[f"{c['region']}/{c['indicator']}", c["measure"], c["unit"]].append(c["period"])
    for (name, measure, unit), found in series.items():
        when = found[0] if len(found) == 1 else f"{min(found)} to {max(found)}"
        print(f"{name}, {measure} in {unit}: {len(found)} new, {when}")
    if merged.revisions:
        print("\nAnother value than the one held; both are kept:")
        print("\n".join(f"  {line}" for line in merged.revisions))
    print("\n" + "\n".join(merged.lines[:SHOWN]))
    if len(merged.lines) > SHOWN:
        print(f"  and {len(merged.lines) - SHOWN} more lines")
    if merged.warnings:
        print("\n" + render(merged.warnings))
    print()

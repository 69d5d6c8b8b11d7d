"""The commands that change the data: ``add``, ``export-data`` and ``import-data``."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

from forecast.evidence.problems import UserError

# What each cell of an observation is, shorter than the schema says it; a test holds the two
# together, and data/README.md explains them.
CELLS = {
    "region": "key of regions.csv",
    "indicator": "key of indicators.csv",
    "period": "2026; 2026-06 for January to June together, or that part; 2026-03-28 for an event",
    "measure": "level, growth, month_level, quarter_level, ytd_level, ytd_growth, change, event, "
    "count_to_date, forecast_growth or forecast_level",
    "bound": "lower or upper, where the source says more than or less than",
    "prices": "nominal, real or none; may be left out where it can be only one",
    "value": "as published, percentages as percent",
    "unit": "as published; may be left out for growth and change",
    "basis": "key of bases.csv, of levels on an older basis",
    "status": "census, final, revised, preliminary, derived, secondary or unknown; of a forecast "
    "target or projection",
    "mark": "conflict, low_quality or mislabelled",
    "source": "key of sources.csv",
    "published": "when this figure came out: 2027, 2027-02 or 2027-02-20",
    "note": "short remark",
}
#: For each cell of a new source, its option and what it is.
SOURCE_CELLS = {
    "source": ("--new-source", "key of a source that is not in sources.csv yet"),
    "title": ("--title", "title of its page, table or data set"),
    "publisher": ("--publisher", "who stands behind it"),
    "url": ("--url", "its web address"),
    "published": ("--source-published", "when it came out (as --published)"),
    "kind": ("--kind", "yearbook, bulletin, government_report, customs, statistics_bureau, "
             "census, dataset, news, secondary or plan"),
    "copy": ("--copy", "yes if the address is a copy on somebody else's site"),
    "note": ("--source-note", "remark on it"),
}  # fmt: skip


def add_commands(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the commands that change the data.

    Parameters
    ----------
    commands : argparse action
        What ``ArgumentParser.add_subparsers`` returns.
    data : argparse.ArgumentParser
        The option that names the data folder.
    """
    consent = argparse.ArgumentParser(add_help=False)
    consent.add_argument("--yes", action="store_true", help="write without asking")
    consent.add_argument("--dry-run", action="store_true", help="show the change, write nothing")

    add = commands.add_parser(
        "add", parents=[data, consent], help="add one published figure with its source",
        description="Add one row to observations.csv, and one to sources.csv if its source is new. "
        "An option that is missing is named, with its allowed values.",
    )  # fmt: skip
    for name, meaning in CELLS.items():
        add.add_argument(f"--{name}", dest=f"observation_{name}", metavar="CELL", help=meaning)
    for name, (option, meaning) in SOURCE_CELLS.items():
        add.add_argument(option, dest=f"source_{name}", metavar="CELL", help=meaning)
    add.add_argument("--quiet", action="store_true", help="skip the effect on the targets")
    add.set_defaults(do=_add)

    out = commands.add_parser(
        "export-data", parents=[data], help="write all tables to a workbook (.xlsx)"
    )
    out.add_argument("workbook", type=Path, metavar="FILE.xlsx")
    out.add_argument("--replace", action="store_true", help="replace FILE.xlsx if it is there")
    out.set_defaults(do=_export)

    back = commands.add_parser(
        "import-data", parents=[data, consent], help="take over what was changed in a workbook",
        description="Show what was changed in a workbook since export-data wrote it, check the "
        "result as a whole, and write it. Rows that data/ has changed meanwhile stay.",
    )  # fmt: skip
    back.add_argument("workbook", type=Path, metavar="FILE.xlsx")
    back.add_argument(
        "--allow-removals", action="store_true", help="rows deleted in the workbook are to go"
    )
    back.set_defaults(do=_import)


def _add(arguments: argparse.Namespace) -> int:
    from forecast.editing.add import effect, prepare
    from forecast.editing.tablefile import write
    from forecast.evidence.problems import render

    cells, source = _given(arguments)
    addition = prepare(arguments.data, cells, source)
    try:
        print(f"\n{addition.shown}\n")
        for notice in addition.notices:
            print(f"Note: {notice}\n")
        if addition.warnings:
            print(render(addition.warnings) + "\n")
        agreed = _agreed(arguments)
        if agreed:
            write(addition.changes)
            print(f"Written as {addition.observation['observation']}.")
    except (KeyboardInterrupt, EOFError):
        print("\nforecast: interrupted; nothing was written", file=sys.stderr)
        return 130
    if (agreed or arguments.dry_run) and not arguments.quiet:
        print(
            "\nEffect on the targets (seconds if the data before were assessed already, else a "
            "minute; Ctrl-C skips it) ...",
            flush=True,
        )
        for line in effect(addition) or ["No target of any plan is on this indicator."]:
            print(f"  {line}")
    return 0


def _given(arguments: argparse.Namespace) -> tuple[dict[str, str], dict[str, str] | None]:
    """Return the cells given as options: of the observation, and of a new source if there is one.

    Raises
    ------
    forecast.evidence.problems.UserError
        If the options for the source contradict each other.
    """
    options = vars(arguments)
    cells = {name: options[f"observation_{name}"] for name in CELLS}
    source = {name: options[f"source_{name}"] for name in SOURCE_CELLS}
    cells = {name: cell.strip() for name, cell in cells.items() if cell is not None}
    source = {name: cell.strip() for name, cell in source.items() if cell is not None}
    if not source:
        return cells, None
    if "source" not in source:
        option = SOURCE_CELLS[next(iter(source))][0]
        raise UserError(f"{option} describes a new source; expected --new-source KEY beside it")
    if cells.setdefault("source", source["source"]) != source["source"]:
        raise UserError(
            f"--source is {cells['source']!r} and --new-source {source['source']!r}; expected one"
        )
    source.setdefault("published", cells.get("published", ""))
    return cells, source


def _agreed(arguments: argparse.Namespace) -> bool:
    """Whether the change shown may be written.

    Raises
    ------
    forecast.evidence.problems.UserError
        If nobody can be asked.
    """
    if arguments.dry_run:
        print("Nothing was written (--dry-run).")
        return False
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        raise UserError(
            "nothing was written, as there is no terminal to ask on; expected --yes or --dry-run"
        )
    if input("Write this? [y/N] ").strip().lower() in ("y", "yes"):
        return True
    print("Nothing was written.")
    return False


def _export(arguments: argparse.Namespace) -> int:
    from forecast.editing.workbook import export

    counts = export(arguments.data, arguments.workbook, arguments.replace)
    told = ", ".join(f"{n} {name}" for name, n in counts.items())
    print(
        f"{arguments.workbook} holds {told}. Change it, save it as .xlsx, then\n"
        f"  {shlex.join(['forecast', 'import-data', str(arguments.workbook)])}"
    )
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from forecast.editing.tablefile import checked, folder_name, write
    from forecast.editing.workbook import compare, placed
    from forecast.evidence.evidence import default_folder, inspect
    from forecast.evidence.problems import DataError, render

    root = arguments.data or default_folder()
    differences, others = compare(root, arguments.workbook)
    for name in others:
        print(f"The sheet {name} is no table and was not read.")
    for difference in differences:
        if difference.moved:
            print(f"{folder_name(root)}/{difference.file.table.path} has changed since the export.")
        if difference:
            print(f"\n{difference}")
    conflicts = [problem for difference in differences for problem in difference.conflicts]
    if conflicts:
        print(f"\nChanged on both sides, left as in {folder_name(root)}/:")
        print("\n".join(f"  {problem}" for problem in conflicts))
    chosen = [difference for difference in differences if difference]
    if not chosen:
        print("Nothing to write: the workbook holds no other change.")
        return int(bool(conflicts))
    removed = sum(len(difference.removed) for difference in chosen)
    if removed and not arguments.allow_removals:
        raise UserError(
            f"{removed} row{'s' if removed > 1 else ''} missing in the workbook; nothing was "
            "written; expected --allow-removals if they are to go"
        )
    changes = [difference.change() for difference in chosen]
    try:
        after = checked(root, changes)
    except DataError as error:
        raise DataError(placed(error.problems, chosen, folder_name(root))) from None
    known = {(p.file, p.column, p.value) for p in inspect(root)[2]}
    doubts = [p for p in after.warnings if (p.file, p.column, p.value) not in known]
    if doubts:
        print("\n" + render(placed(doubts, chosen, folder_name(root))))
    print()
    try:
        if _agreed(arguments):
            write(changes)
            print(f"Written: {', '.join(change.file.table.path for change in changes)}.")
    except (KeyboardInterrupt, EOFError):
        print("\nforecast: interrupted; nothing was written", file=sys.stderr)
        return 130
    return int(bool(conflicts))

"""``export-data`` and ``import-data``: the tables as a workbook and back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.shared import Data, DryRun, Yes, agreed
from forecast.evidence.problems import UserError

Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook.")]


def export_data(
    workbook: Workbook,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace FILE.xlsx if it is there.")
    ] = False,
    data: Data = None,
) -> int:
    """Write all tables to a workbook."""
    from forecast.editing.workbook import export

    counts = export(data, workbook, replace)
    told = ", ".join(f"{n} {name}" for name, n in counts.items())
    back = ["forecast", "import-data", str(workbook), *(["--data", str(data)] if data else [])]
    print(f"{workbook} holds {told}. Change it, save it as .xlsx, then\n  {shlex.join(back)}")
    return 0


def import_data(
    workbook: Workbook,
    allow_removals: Annotated[
        bool, typer.Option("--allow-removals", help="Rows deleted in the workbook are to go.")
    ] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    data: Data = None,
) -> int:
    """Take over the changes made in a workbook that export-data wrote.

    They are shown and checked as a whole before anything is written. Rows that were changed in the
    tables meanwhile are kept.
    """
    from forecast.editing.difference import placed
    from forecast.editing.tablefile import checked, write
    from forecast.editing.workbook import compare
    from forecast.evidence.loading import default_folder, folder_name, inspect
    from forecast.evidence.problems import DataError, render

    root = data or default_folder()
    differences, others = compare(root, workbook)
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
    if removed and not allow_removals:
        raise UserError(
            f"{removed} row{'s' if removed > 1 else ''} missing in the workbook; nothing was "
            "written; expected --allow-removals if they are to go"
        )
    changes = [difference.change() for difference in chosen]
    try:
        after = checked(root, changes)
    except DataError as error:
        raise DataError(placed(error.problems, chosen, folder_name(root))) from None
    known = {(p.file, p.column, p.value) for p in inspect(root)[1]}
    doubts = [p for p in after.warnings if (p.file, p.column, p.value) not in known]
    if doubts:
        print("\n" + render(placed(doubts, chosen, folder_name(root))))
    print()
    if agreed(yes, dry_run):
        write(changes)
        print(f"Written: {', '.join(change.file.table.path for change in changes)}.")
    return int(bool(conflicts))

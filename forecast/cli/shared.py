"""What the commands share: options, the study they open, and the ways to write."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from forecast.evidence.problems import UserError

if TYPE_CHECKING:
    import pandas as pd

    from forecast.evidence.evidence import Evidence
    from forecast.study import Study

# Options ------------------------------------------------------------------------------------------

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="Folder of the tables; the repository's own."),
]
AsOf = Annotated[
    str,
    typer.Option("--as-of", metavar="YYYY-MM-DD", help="Use only what was published by this day."),
]
Plan = Annotated[
    str, typer.Option("--plan", metavar="KEY", help="Key in plans.csv; the first if left out.")
]
Draws = Annotated[int, typer.Option("--draws", metavar="N", help="Number of simulated paths.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the random numbers.")]
Families = Annotated[
    str,
    typer.Option(
        "--families",
        metavar="NAMES",
        help="Component models to pool instead of the learned ensemble, separated by commas.",
    ),
]
Outside = Annotated[
    str,
    typer.Option(
        "--outside", metavar="all|none", help="Whether forecasts by others update the forecast."
    ),
]
Reports = Annotated[
    Path | None,
    typer.Option("--reports", metavar="FOLDER", help="Folder of the sets; reports/ of a checkout."),
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the table to this file.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]

PanelFile = Annotated[
    Path,
    typer.Argument(
        metavar="PANEL",
        help="CSV or Parquet with the columns series_id, year, value; also panel, if there are "
        "several, each of which is read and answered by itself.",
    ),
]
Transform = Annotated[
    str,
    typer.Option(
        "--transform",
        metavar="SCALE",
        help="Scale of a panel: auto (log where all values of a series are positive, else linear), "
        "log, logit (percentages between 0 and 100) or linear.",
    ),
]
Kind = Annotated[
    str,
    typer.Option(
        "--kind", metavar="flow|stock", help="Of a panel: a flow (output) or a stock (population)."
    ),
]

Yes = Annotated[bool, typer.Option("--yes", help="Write without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change, write nothing.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Skip the effect on the targets.")]
Cell = str | None


def cell(meaning: str, panel: str = "") -> Any:
    """Return an option that is a cell of a table."""
    return typer.Option(
        metavar="CELL", help=meaning, show_default=False, rich_help_panel=panel or None
    )


def taking(command: Callable[..., int], options: Iterable[inspect.Parameter]) -> None:
    """Let a command take options that are listed elsewhere, by its last parameter, ``**name``."""
    *own, _ = inspect.signature(command, eval_str=True).parameters.values()
    vars(command)["__signature__"] = inspect.Signature(
        sorted([*own, *options], key=lambda parameter: parameter.kind)
    )


DRAWS, SEED = 4000, 2027


def names(text: str) -> tuple[str, ...]:
    """Return the names in a text that commas separate."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def opened(
    data: Path | None,
    as_of: str,
    draws: int = DRAWS,
    seed: int = SEED,
    families: str = "",
    outside: str = "all",
) -> Study:
    """Open the study that the options describe."""
    from forecast import open_study

    return open_study(data, as_of, draws, seed, names(families), outside=outside)


# Output -------------------------------------------------------------------------------------------


def name_failures(study: Study) -> None:
    """Print on standard error the series that are left out because they cannot be computed."""
    for key, reason in study.failed().items():
        print(f"forecast: {key} is left out: {reason}", file=sys.stderr)


def noticed(table: pd.DataFrame) -> pd.DataFrame:
    """Print the notices of a table's reader on standard error; return the table."""
    from forecast.evidence.panels import notices

    for notice in notices(table):
        print(f"Note: {notice}", file=sys.stderr)
    return table


def print_json(value: Any) -> None:
    """Print a value as JSON, in the form of results.json."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table for JSON: a row an entry, null where there is no value."""
    found: list[dict[str, Any]] = json.loads(
        table.to_json(orient="records", force_ascii=False, double_precision=10)
    )
    return found


def save(table: pd.DataFrame, path: Path, more: bool = False) -> None:
    """Write ten digits: what differs beyond them is the order of additions, not the forecast.

    With `more` the rows follow those that the file has.
    """
    mode: Literal["a", "w"] = "a" if more else "w"
    form: dict[str, Any] = {"lineterminator": "\n", "float_format": "%.10g"}
    table.to_csv(path, index=False, mode=mode, header=not more, **form)


def agreed(yes: bool, dry_run: bool) -> bool:
    """Whether the change shown may be written; ask where no option answers.

    Raises
    ------
    forecast.evidence.problems.UserError
        If nobody can be asked.
    """
    if dry_run:
        print("Nothing was written (--dry-run).")
        return False
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UserError(
            "nothing was written, as there is no terminal to ask on; expected --yes or --dry-run"
        )
    try:
        answer = input("Write this? [y/N] ")
    except (KeyboardInterrupt, EOFError):
        print()
        raise KeyboardInterrupt("nothing was written") from None
    if answer.strip().lower() in ("y", "yes"):
        return True
    print("Nothing was written.")
    return False


def tell_effect(before: Evidence, after: Evidence, indicators: Collection[str]) -> None:
    """Print how new figures of indicators change the answers on their targets."""
    from forecast.editing.add import effect

    print(
        "\nEffect on the targets (seconds if the data before were assessed already, else a "
        "minute; Ctrl-C skips it) ...",
        flush=True,
    )
    what = "this indicator" if len(indicators) == 1 else "these indicators"
    for line in effect(before, after, indicators) or [f"No target of any plan is on {what}."]:
        print(f"  {line}")

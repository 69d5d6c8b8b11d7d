"""What a run is asked for: one list, of which the command has options and a file has keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from forecast.resources import NOTEBOOKS, REPOSITORY
from forecast.workers.backend import BACKENDS, LOCAL, Workers

REPORTS = (REPOSITORY or Path()) / "reports"
ALL = "all"  # in place of the key of a plan


class Option(NamedTuple):
    """How the command shows a field; without a help it is an option that other commands share."""

    metavar: str = ""
    help: str = ""
    name: str = ""  # where it is not that of the field


@dataclass(frozen=True)
class Further:
    """A page beside those that every set has: a notebook and values for its parameters."""

    notebook: Path
    stem: str
    titles: Mapping[str, str]  # by language
    parameters: Mapping[str, Any] = field(default_factory=dict)
    takes: frozenset[str] = frozenset()  # names of all parameters of the notebook


@dataclass(frozen=True)
class Request:
    """What a report run is asked for; a field with an `Option` is one, and a key of a run file."""

    plan: Annotated[
        str,
        Option("KEY|all", "Key in plans.csv; the first if left out; all: a set for each."),
    ] = ""
    out: Annotated[
        Path, Option("FOLDER", "Folder of the sets; reports/ here, or of a checkout.")
    ] = REPORTS
    data: Annotated[Path | None, Option()] = None
    as_of: Annotated[str, Option()] = ""
    draws: Annotated[int, Option()] = 4000
    seed: Annotated[int, Option()] = 2027
    families: Annotated[tuple[str, ...], Option()] = ()
    outside: Annotated[str, Option()] = "all"
    jobs: Annotated[int, Option("N", "Processes at work.")] = 2
    backend: Annotated[
        str, Option("local|dask", "Who works: processes here, or a Dask cluster.")
    ] = LOCAL
    scheduler: Annotated[
        str,
        Option("ADDRESS", "Of a Dask scheduler, tcp://host:8786; else --jobs Dask workers here."),
    ] = ""
    timeout: Annotated[
        float, Option("SECONDS", "Most time that a page may go without progress.")
    ] = 300.0
    keep: Annotated[int, Option("N", "Newest sets that are kept.")] = 12
    langs: Annotated[
        tuple[str, ...],
        Option(
            "LIST",
            "Languages of the pages (en,zh), the main one first; those of plans.csv, or all.",
            "lang",
        ),
    ] = ("en", "zh")  # the first one's are at the top; none: the plan's
    pdf: Annotated[bool, Option(help="Print the briefing as PDF; pages: see forecast pdf.")] = False
    single_file: Annotated[
        bool, Option(help="Pages that carry their charts' script, to be mailed.")
    ] = False
    strict: Annotated[bool, Option(help="Publish nothing if a page fails (status 1, not 3).")] = (
        False
    )
    force: Annotated[bool, Option(help="Compute all pages, also those that nothing changed.")] = (
        False
    )
    notify: Annotated[
        str,
        Option(
            "COMMAND",
            "Run on a failure and on a changed verdict, with a message as JSON on its input.",
        ),
    ] = ""
    only: Annotated[
        tuple[str, ...],
        Option(
            "LIST", "Make these pages alone (gdp,zh/gdp), in OUT/partial; the newest set stays."
        ),
    ] = ()
    notebooks: Path = NOTEBOOKS
    pages: tuple[Further, ...] = ()  # beside those that every set has

    @property
    def workers(self) -> Workers:
        """Who computes the numbers and makes the pages."""
        return Workers(self.jobs, self.backend, self.scheduler)


class Asked(NamedTuple):
    """A field that the command has an option for, and a run file a key."""

    field: str
    key: str  # in a run file; the option has hyphens for its underscores
    type: Any
    default: Any
    option: Option


def asked() -> list[Asked]:
    """List the fields of a request that can be asked for."""
    hints = get_type_hints(Request, include_extras=True)
    found = []
    for each in fields(Request):
        hint = hints[each.name]
        if get_origin(hint) is Annotated:
            kind, option = get_args(hint)
            # Who names no language leaves it to the plan.
            default = () if each.name == "langs" else each.default
            found.append(Asked(each.name, option.name or each.name, kind, default, option))
    return found


def misfits(values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return which values, by field, are out of range: the key, the value, what was expected."""
    from forecast.report.language import LANGUAGES

    found = []
    for name, least, most, expected in (
        ("jobs", 1, 64, "1 to 64"),
        ("keep", 1, None, "1 or more sets"),
        ("timeout", 1, 86_400, "1 to 86,400 seconds"),
    ):
        value = values.get(name, least)
        if not least <= value <= (most or value):
            found.append((name, f"{value:g}", expected))
    backend = values.get("backend")
    if backend not in (*BACKENDS, None):
        found.append(("backend", repr(backend), f"one of {', '.join(BACKENDS)}"))
    if values.get("scheduler") and backend == LOCAL:
        found.append(("scheduler", str(values["scheduler"]), "backend dask beside it"))
    for name in ("out", "data"):
        if re.search("[\ud800-\udfff]", path := str(values.get(name) or "")):  # bytes, not text
            found.append((name, ascii(path), "a path in the encoding of the system"))
    langs: Sequence[str] = values.get("langs", ())
    if not set(langs) <= set(LANGUAGES) or len(set(langs)) < len(langs):
        found.append(("lang", repr(",".join(langs)), f"one or more of {', '.join(LANGUAGES)}"))
    return found

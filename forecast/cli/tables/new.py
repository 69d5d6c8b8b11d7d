"""``new``: a data folder to start from."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.evidence.problems import UserError

if TYPE_CHECKING:
    from forecast.editing.answers import Goal
    from forecast.editing.start import Start


def new(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Where to; it is made.")
    ] = None,
    region: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="The region, or whoever has the plan, and what it lies in: 'Kerala, India'.",
        ),
    ] = "",
    currency: Annotated[
        str, typer.Option(metavar="UNIT", help="In which money is counted: 'billion INR'.")
    ] = "",
    year_starts: Annotated[
        str, typer.Option(metavar="MONTH", help="In which its years begin; January if left out.")
    ] = "",
    lang: Annotated[
        str, typer.Option(metavar="LIST", help="Languages of the pages: en, zh or both.")
    ] = "",
    plan: Annotated[str, typer.Option(metavar="NAME", help="Of the plan.")] = "",
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT", help="'GDP at least 5200 billion INR by 2029'; one or several."
        ),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.xlsx", help="Take all of it from a filled template."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(metavar="FILE.xlsx", help="Write a workbook to fill in, and nothing else."),
    ] = None,
) -> int:
    """Write a small data folder that makes pages at once.

    In a terminal, what no option answers is asked. Nothing that is there is overwritten.
    """
    from forecast.editing.remaining import remaining
    from forecast.editing.start import begin, rates_needed
    from forecast.editing.template import read_template, write_template
    from forecast.evidence.loading import load

    if template is not None:
        write_template(template)
        print(f"Fill in {template}, then\n  forecast new FOLDER --from {template}")
        return 0
    if folder is None:
        raise UserError("no folder is named; expected forecast new FOLDER, or --template FILE.xlsx")
    if from_ is not None and any((region, currency, year_starts, lang, plan, target)):
        raise UserError("--from takes everything from the workbook; expected no other options")
    start = (
        read_template(from_)
        if from_
        else _start(region, currency, year_starts, lang, plan, target or [])
    )
    begin(folder, start)
    print(f"Written: {folder}, with a README.md that says what each file is. Its targets:")
    print("\n".join(f"  {goal.told(start.year_starts)}" for goal in start.goals) + "\n")
    print("".join(f"{text}\n\n" for text in rates_needed(start)), end="")
    print("\n".join(remaining(load(folder), folder)))
    return 0


def _start(
    region: str, currency: str, year_starts: str, lang: str, plan: str, targets: Sequence[str]
) -> Start:
    """Return what the options say, and the answers to questions where they say nothing."""
    from forecast.editing import answers
    from forecast.editing.start import Start
    from forecast.report.text.amounts import chinese

    asked = sys.stdin.isatty() and not (region and targets)
    if not asked and not (region and targets):
        raise UserError(
            "a new folder needs --region NAME (with what it lies in, such as 'Kerala, India') and "
            f"at least one --target TEXT, such as {answers.LIKE}"
        )
    places = answers.names(
        _answer(region, asked, "Region of the plan, and what it lies in (Kerala, India)")
    )
    if not places:
        raise UserError(f"{region!r} names no region; expected one such as 'Kerala, India'")
    money = _answer(currency, asked, "Unit of money, such as billion INR", "")
    currency = answers.unit_of(money)
    month = answers.month(_answer(year_starts, asked, "Month in which years begin", "January"))
    languages = answers.languages(_answer(lang, asked, "Languages of the pages: en, zh", "en"))
    usual = f"{places[0]}规划" if chinese(places[0]) else f"Plan of {places[0]}"
    name = _answer(plan, asked, "Name of the plan", usual)
    goals = [answers.goal(text, currency) for text in targets] or list(_asked_goals(currency))
    return Start(places[0], places[1:], month, languages, name, tuple(goals), currency=currency)


def _answer(given: str, asked: bool, question: str, default: str | None = None) -> str:
    """Return what an option says, else the answer to a question, else its default."""
    if given or not asked:
        return given or default or ""
    while True:
        answer = _input(f"{question}{f' [{default}]' if default else ''}: ") or default
        if answer is not None:
            return answer


def _asked_goals(currency: str) -> Iterator[Goal]:
    """Yield the targets typed, one a line, until an empty line follows the first."""
    from forecast.editing.answers import LIKE, goal

    print(f"Its targets, one a line, such as {LIKE}; an empty line ends.")
    found = False
    while (text := _input("Target: ")) or not found:
        try:
            yield goal(text, currency)
            found = True
        except UserError as error:
            print(error)


def _input(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except (KeyboardInterrupt, EOFError):
        print()
        raise KeyboardInterrupt("nothing was written") from None

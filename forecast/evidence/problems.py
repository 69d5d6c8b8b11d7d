"""Errors that a user can mend, apart from faults of the program, and what is wrong with tables.

Every error that the data, an option, a name, a file or a folder causes is a `UserError` or one of
its subclasses; its message is a whole answer. Whatever else is raised is a fault of the program,
a bare ``ValueError`` of a library included, and the command line reports it as one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

ALIKE = 0.65  # similarity, by `difflib`, from which a name may be a slip of another


class UserError(ValueError):
    """Input that cannot be used; the message states what is wrong and what is expected.

    Attributes
    ----------
    status : int
        Exit status of the command: 2 for an option or a name, 1 for data or a run that failed.
    """

    status = 2


class RunError(UserError):
    """A run that cannot be started or published; the message states what to do."""

    status = 1


@dataclass(frozen=True)
class Problem:
    """One error or one warning (of what is unlikely) at one place of the data."""

    severity: Literal["error", "warning"]
    file: str  # with the name of its folder
    row: int | None  # as a spreadsheet shows it (the header is row 1); None for the whole file
    column: str  # empty for the whole row
    value: str
    expected: str
    wrong: str = ""  # what is wrong; empty where the value shows it

    def __str__(self) -> str:
        """Return the problem in one line."""
        place = self.file
        place += f" row {self.row}" if self.row is not None else ""
        place += f", column {self.column}" if self.column else ""
        value = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        shown = f" {value!r} -" if self.column or value else ""
        wrong = f" {self.wrong};" if self.wrong else ""
        return f"{place}:{shown}{wrong} expected {self.expected}"


class DataError(UserError):
    """The data cannot be used; `problems` has all errors and warnings."""

    status = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(render(self.problems))


def data_error(
    file: str,
    expected: str,
    *,
    row: int | None = None,
    column: str = "",
    value: str = "",
    wrong: str = "",
) -> DataError:
    """Return an exception with one error; the arguments are those of `Problem`."""
    return DataError([Problem("error", file, row, column, value, expected, wrong)])


def nearest(name: str, known: Iterable[str], most: int = 1, alike: float = ALIKE) -> list[str]:
    """Return the known names that a name is most like, at most so many."""
    return difflib.get_close_matches(name.strip(), list(known), most, alike)


def meant(names: str | Iterable[str], known: Iterable[str], alike: float = ALIKE) -> str:
    """Return a question that names what a name, the first such of several, may be a slip of.

    Examples
    --------
    >>> meant("gpd", ["gdp", "exports"]), meant("remark", ["year"])
    (" (meant 'gdp'?)", '')
    """
    names, known = [names] if isinstance(names, str) else names, list(known)
    near = [close for name in names for close in nearest(name, known, alike=alike)]
    return f" (meant {near[0]!r}?)" if near else ""


def gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, the same one in several rows joined into one."""
    rows: dict[Problem, list[int]] = {}
    for problem in problems:
        found = rows.setdefault(replace(problem, row=None), [])
        if problem.row is not None:
            found.append(problem.row)
    joined = []
    for problem, found in rows.items():
        more = ", ".join(map(str, found[1:6])) + (", ..." if len(found) > 6 else "")
        expected = problem.expected + (f" (and {len(found) - 1} more: row {more})" if more else "")
        joined.append(replace(problem, row=found[0] if found else None, expected=expected))
    return joined


def render(problems: Iterable[Problem]) -> str:
    """Return all problems as text: the errors with their number first, then the warnings."""
    problems = list(problems)
    blocks = []
    for severity in ("error", "warning"):
        chosen = [problem for problem in problems if problem.severity == severity]
        if chosen:
            count = f"{len(chosen)} {severity}{'s' if len(chosen) > 1 else ''}"
            blocks.append("\n".join([f"{count} in the data:", *(f"  {p}" for p in chosen)]))
    return "\n\n".join(blocks) or "No errors and no warnings in the data."

"""Pages to make: notebooks with their parameters, checked before anything is run."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from forecast.evidence.problems import RunError


@dataclass(frozen=True)
class Task:
    """One page to make: a notebook, its parameters and the name of the page."""

    name: str
    notebook: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    output: str = ""  # stem of the files written, with a folder or without; the name if empty
    title: str = ""
    lang: str = "en"
    editions: Sequence[tuple[str, str]] = ()  # the page in other languages: (language, address)
    companions: Sequence[tuple[str, str]] = ()  # pages to read next: (label, address)

    @property
    def stem(self) -> str:
        """Stem of the files written."""
        return self.output or self.name


class TaskError(RunError):
    """Parameters that do not fit their notebooks; lists every problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def validate(tasks: Sequence[Task]) -> list[dict[str, Any]]:
    """Check all tasks against the parameters cells of their notebooks.

    Parameters
    ----------
    tasks : sequence of Task
        The tasks.

    Returns
    -------
    list of dict
        The parameters of each task as plain Python values, the notebook's defaults included.

    Raises
    ------
    TaskError
        If a notebook cannot be read, a parameter is unknown or has the wrong type, or two tasks
        would write the same page.
    """
    problems: list[str] = []
    complete: list[dict[str, Any]] = []
    declared: dict[Path, list[Parameter] | None] = {}  # None where it cannot be read
    seen: dict[str, str] = {}
    for task in tasks:
        if not re.fullmatch(r"([\w-]+/)?[\w-][\w.-]*", task.stem):
            problems.append(f"{task.name}: {task.stem!r} cannot be the name of a page")
        if task.stem.lower() in seen:
            problems.append(f"{task.name}: writes the same page as {seen[task.stem.lower()]}")
        seen[task.stem.lower()] = task.name
        if task.notebook not in declared:
            try:
                declared[task.notebook] = parameters_of(task.notebook)
            except (OSError, ValueError) as problem:
                problems.append(f"{task.name}: cannot read {task.notebook}: {first_line(problem)}")
                declared[task.notebook] = None
        own = declared[task.notebook]
        if own is None:  # told once, whatever the number of its pages
            continue
        known = {p.name: p for p in own}
        values = {p.name: p.value for p in known.values()}
        for name, given in task.parameters.items():
            if name not in known:
                names = ", ".join(known) or "none"
                problems.append(
                    f"{task.name}: {task.notebook.name} has no parameter {name!r} (it has: {names})"
                )
                continue
            value = plain_value(given)
            wanted = known[name].type
            if not fits(value, wanted):
                problems.append(
                    f"{task.name}: parameter {name!r} of {task.notebook.name} is {wanted},"
                    f" not {given!r} ({type(given).__name__})"
                )
            values[name] = value
        complete.append(values)
    if problems:
        raise TaskError(problems)
    return complete


def _read(notebook: Path) -> Any:
    # jsonschema is spared a grammar of web addresses that takes two seconds to compile and that no
    # notebook needs: None says that the package is not installed.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import nbformat

    try:
        return nbformat.read(notebook, as_version=4)
    except OSError:
        raise
    except Exception as problem:  # nbformat raises whatever its parsers raise
        raise ValueError(f"not a notebook ({first_line(problem)})") from None


def plain_value(value: Any) -> Any:
    """Turn numpy scalars, tuples and paths into what can be written into a cell."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain_value(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): plain_value(v) for k, v in value.items()}
    return value.item() if hasattr(value, "item") else value


def fits(value: Any, wanted: str) -> bool:
    """Say whether a value is of a type as annotated: `int`, `list[str]`, `float | None`, ..."""
    import typing

    from pydantic import TypeAdapter, ValidationError

    try:
        json.dumps(value, allow_nan=False)  # what cannot be written into a cell is of no type
    except (TypeError, ValueError):
        return False
    try:
        # The annotation is code of the notebook, which is run in any case.
        adapter: TypeAdapter[Any] = TypeAdapter(eval(wanted.strip().strip("'\""), {**vars(typing)}))
    except Exception:  # a type of some library
        return True
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def parameters_of(notebook: Path) -> list[Parameter]:
    """List the parameters that the notebook of a file declares; see `declared_parameters`."""
    return declared_parameters(_read(notebook))


class Parameter(NamedTuple):
    """A parameter as a notebook declares it in the cell tagged `parameters`."""

    name: str
    type: str  # as annotated, else the type of the default
    value: Any  # the default
    meaning: str  # the comment behind it


def declared_parameters(nb: Any) -> list[Parameter]:
    """List the parameters that a notebook declares.

    papermill's own inspection reads the cell line by line with a pattern and misses annotations
    such as `float | None`; this reads it as Python.

    Raises
    ------
    ValueError
        If the cell is not Python, or a default is not a literal.
    """
    cell = next((c for c in nb.cells if "parameters" in c.metadata.get("tags", [])), None)
    if cell is None:
        return []
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError as problem:
        raise ValueError(f"the parameters cell is not Python: {problem.msg}") from None
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(cell.source).readline)
        if token.type == tokenize.COMMENT
    }
    found = []
    for statement in statements:
        target: ast.expr
        if isinstance(statement, ast.AnnAssign):
            target, annotation = statement.target, ast.unparse(statement.annotation)
        elif isinstance(statement, ast.Assign):
            target, annotation = statement.targets[0], ""
        else:
            continue
        if not isinstance(target, ast.Name) or statement.value is None:
            continue
        try:
            value = ast.literal_eval(statement.value)
        except ValueError:
            raise ValueError(f"the default of the parameter {target.id} is not a literal") from None
        kind = annotation or ("Any" if value is None else type(value).__name__)
        meaning = comments.get(statement.end_lineno or 0, "")
        found.append(Parameter(target.id, kind, value, meaning))
    return found


def first_line(problem: BaseException) -> str:
    """Return the first line of what an exception says."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def said(problem: BaseException) -> str:
    """Return what an exception says, in one line."""
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.strerror}: {problem.filename}" if problem.filename else problem.strerror
    return first_line(problem)

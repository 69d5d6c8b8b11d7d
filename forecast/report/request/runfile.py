"""A run file: what a scheduled run is asked for, in TOML, with defaults that each set may override.

All problems of a file are reported at once, each with its table, key and what was expected.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from forecast.evidence.files.toml import TomlError, parsed
from forecast.evidence.problems import Problem, UserError, meant
from forecast.report.execution.tasks import Parameter, fits, parameters_of
from forecast.report.language import LANGUAGES
from forecast.report.request.options import ALL, Further, Request, asked, misfits
from forecast.resources import NOTEBOOKS

MOST_PAGES = 1000  # of one table: lists of values multiply
LONGEST = 100  # bytes of the name of a page; systems refuse files with names of 256
# What is expected of a key of this type.
EXPECTED: Mapping[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
    list[str]: 'a list of texts, such as ["en", "zh"]',
    dict[str, Any]: 'a table, such as { target = ["gdp", "trade"] }',
    list[dict[str, Any]]: "tables that begin with [[set]] or [[page]]",
}
FIELDS = {
    entry.key: {tuple[str, ...]: list[str], Path: str, Path | None: str}.get(entry.type, entry.type)
    for entry in asked()
}
STRICT = ConfigDict(strict=True, extra="forbid")
_Values: Any = {key: (kind, None) for key, kind in FIELDS.items()}
_Set = create_model("_Set", __config__=STRICT, **_Values)
_Tables: Any = {name: (list[dict[str, Any]], []) for name in ("set", "page")}
_File = create_model("_File", __config__=STRICT, **_Values, **_Tables)


class _Page(BaseModel, strict=True, extra="forbid"):
    notebook: str
    parameters: dict[str, Any] = {}
    title: str = ""
    title_zh: str = ""


class RunFileError(UserError):
    """A run file that cannot be used; names every problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        count = f"{len(self.problems)} error{'s' if len(self.problems) > 1 else ''}"
        super().__init__("\n".join([f"{count} in the run file:", *(f"  {p}" for p in problems)]))


def read(path: Path) -> list[Request]:
    """Read a run file.

    Parameters
    ----------
    path : Path
        Paths in it are relative to its folder.

    Returns
    -------
    list of Request
        One for each ``[[set]]``, or the one there is.

    Raises
    ------
    RunFileError
        With all problems.
    """
    reader = _Reader(path)
    requests = reader.requests()
    if reader.problems:
        raise RunFileError(reader.problems)
    return requests


class _Reader:
    """Turns a file into requests and keeps what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path, self.problems = path, list[Problem]()

    def requests(self) -> list[Request]:
        table = self._table()
        top = self._values(table, "", _File)
        sets, pages = table.get("set", []), table.get("page", [])
        if not all(isinstance(rows, list) for rows in (sets, pages)):
            return []
        further = [page for n, row in enumerate(pages, 1) for page in self._pages(row, n)]
        self._each_once([page.stem for page in further], "page")
        several = len(sets) > 1
        requests = []
        for n, row in enumerate(sets or [{}], 1):
            values = {**top, **self._values(row, f"[[set]] {n}, ", _Set)}
            if several and "plan" not in values:
                self._wrong(f"[[set]] {n}, ", "plan", None, "a key of plans.csv")
            elif several and values["plan"] == ALL:
                self._wrong(f"[[set]] {n}, ", "plan", ALL, "one plan, where there are several sets")
            elif several and "out" not in row:
                values["out"] = values.get("out", Request.out) / str(values["plan"])
            requests.append(replace(Request(langs=()), **values, pages=tuple(further)))
        self._each_once([str(request.out) for request in requests], "set")
        return requests

    def _table(self) -> dict[str, Any]:
        try:
            return parsed(self.path.read_bytes())
        except OSError as error:
            self._wrong("", "", None, f"a file that can be read ({error.strerror})")
        except TomlError as error:
            self._wrong("", "", None, str(error))
        return {}

    def _values(self, table: Any, place: str, model: type[BaseModel]) -> dict[str, Any]:
        """Return the values of a table by field of a request."""
        given = self._valid(table, place, model)
        values = {
            entry.field: self._value(entry.type, given[entry.key])
            for entry in asked()
            if entry.key in given
        }
        for key, _, expected in misfits(values):
            self._wrong(place, key, given[key], expected)
        return values

    def _value(self, kind: Any, value: Any) -> Any:
        if kind in (Path, Path | None):
            return (self.path.parent / value).resolve()
        return tuple(value) if isinstance(value, list) else value

    def _valid(self, table: Any, place: str, model: type[BaseModel]) -> dict[str, Any]:
        """Return the keys of a table that are as they should be; note the others."""
        table = table if isinstance(table, dict) else {"": table}
        known = {name: f.annotation for name, f in model.model_fields.items()}
        try:
            model.model_validate(table)
        except ValidationError as error:
            wrong = {str(found["loc"][0]): found["type"] for found in error.errors()}
            for key, kind in wrong.items():
                expected = EXPECTED.get(known.get(key), "a text in quotes")
                if kind == "extra_forbidden":
                    expected = f"one of {', '.join(known)}{meant(key, known)}"
                elif kind == "missing":
                    expected = f"a line {key} = ..."
                self._wrong(place, key, table.get(key), expected)
            return {key: value for key, value in table.items() if key not in wrong}
        return dict(table)

    def _pages(self, table: Any, number: int) -> Iterator[Further]:
        """Yield a page for each combination of the values that a ``[[page]]`` lists."""
        place = f"[[page]] {number}, "
        given = self._valid(table, place, _Page)
        if "notebook" not in given:
            return
        try:
            notebook = self._notebook(given["notebook"])
            own = {p.name: p for p in parameters_of(notebook)}
        except (OSError, ValueError) as error:
            expected = f"a notebook beside this file or of the program ({error})"
            return self._wrong(place, "notebook", given["notebook"], expected)
        if "lang" not in own:
            self._wrong(place, "notebook", given["notebook"], "a notebook with a parameter lang")
        axes = {
            name: axis
            for name, value in given.get("parameters", {}).items()
            if (axis := self._axis(place, name, value, own))
        }
        if (count := math.prod(map(len, axes.values()))) > MOST_PAGES:
            expected = f"at most {MOST_PAGES:,} pages, not {count:,}"
            return self._wrong(place, "parameters", None, expected)
        name = re.sub(r"^\d+_", "", notebook.stem)
        for values in itertools.product(*axes.values()):
            said = ["-".join(map(str, v)) if isinstance(v, list) else str(v) for v in values]
            stem = _short("-".join(re.sub(r"[^\w.]+", "-", part) for part in (name, *said)))
            titles = {
                lang: " · ".join([given.get(key) or name.replace("_", " "), *said])
                for lang, key in zip(LANGUAGES, ("title", "title_zh"), strict=True)
            }
            yield Further(
                notebook, stem, titles, dict(zip(axes, values, strict=True)), frozenset(own)
            )

    def _axis(self, place: str, name: str, value: Any, own: Mapping[str, Parameter]) -> list[Any]:
        """Return the values of a parameter: the one given, or each of a list of them."""
        if name not in own or name == "lang":
            known = [n for n in own if n != "lang"]
            expected = f"one of {', '.join(known)}{meant(name, known)}"
            self._wrong(place, f"parameters.{name}", value, expected)
            return []
        wanted = own[name].type
        if fits(value, wanted):
            return [value]
        if isinstance(value, list) and value and all(fits(v, wanted) for v in value):
            return value
        self._wrong(place, f"parameters.{name}", value, f"{wanted}, or a list of such values")
        return []

    def _notebook(self, name: str) -> Path:
        beside = (self.path.parent / name).with_suffix(".ipynb")
        return beside if beside.exists() else (NOTEBOOKS / name).with_suffix(".ipynb")

    def _each_once(self, names: Sequence[str], what: str) -> None:
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            self._wrong("", what, name, "each once")

    def _wrong(self, place: str, key: str, value: Any, expected: str) -> None:
        shown = "" if value is None else str(value)
        where = ", ".join(filter(None, (str(self.path.name), f"{place}key {key}" if key else "")))
        self.problems.append(Problem("error", where, None, "", shown, expected))


def _short(stem: str) -> str:
    """Return the name of a page, cut off with a digest of the whole where it is long."""
    if len(raw := stem.encode()) <= LONGEST:
        return stem
    return f"{raw[:LONGEST].decode(errors='ignore')}-{hashlib.sha256(raw).hexdigest()[:8]}"

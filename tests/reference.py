"""Write ``forecast/REFERENCE.md``: the public names of the package, from their docstrings.

Markdown is read where the code is, without a site to build; a test holds it to the docstrings.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numpydoc.docscrape import ClassDoc, FunctionDoc, NumpyDocString

import forecast

FILE = Path(forecast.__file__).with_name("REFERENCE.md")
LISTS = ("Parameters", "Attributes", "Returns", "Raises")
HEAD = """# Reference

The public names of the package `forecast`, from their docstrings (`make docs` writes this page).
An error that input causes is a `UserError`, which is a `ValueError`; its message says what is wrong
and what was expected.
"""


def text(lines: list[str]) -> str:
    """Return a docstring's text as Markdown: code in double backticks gets single ones."""
    return textwrap.dedent("\n".join(lines)).strip().replace("``", "`")


def signature(name: str, thing: Any) -> str:
    """Return how a function is called, without its annotations."""
    parameters = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in inspect.signature(thing).parameters.values()
        if p.name not in ("self", "cls") and not p.name.startswith("_")
    ]
    return f"{name}{inspect.Signature(parameters)}"


def sections(doc: NumpyDocString) -> Iterator[str]:
    """Yield summary, lists, notes and examples of a docstring."""
    yield text(doc["Summary"])
    if doc["Extended Summary"]:
        yield text(doc["Extended Summary"])
    for section in LISTS:
        if doc[section]:
            rows = []
            for item in doc[section]:
                title = f"`{item.name}`" if item.name else ""
                kind = item.type.replace("``", "")
                if kind:
                    title += f" ({kind})" if title else f"`{kind}`"
                told = " ".join(text(item.desc).split())
                rows.append(f"- {title}{': ' if told else ''}{told}")
            yield f"*{section}*\n\n" + "\n".join(rows)
    if doc["Notes"]:
        yield text(doc["Notes"])
    if doc["Examples"]:
        yield f"```python\n{text(doc['Examples'])}\n```"


def methods(thing: type) -> Iterator[str]:
    """Yield a line for every public method and property of a class."""
    for name, member in vars(thing).items():
        if name.startswith("_"):
            continue
        found = getattr(member, "fget", None) or getattr(member, "func", None) or member
        if isinstance(found, classmethod):
            found = found.__func__
        if not inspect.isfunction(found):
            continue
        called = (
            signature(name, found) if found is member or isinstance(member, classmethod) else name
        )
        yield f"- `{called}`: {text(FunctionDoc(found)['Summary'])}"


def written(name: str, thing: Any) -> str:
    """Return the part of the page on a name."""
    if not inspect.isclass(thing):
        return "\n\n".join([f"## `{signature(name, thing)}`", *sections(FunctionDoc(thing))])
    listed = list(methods(thing))
    parts = [f"## `{name}`", *sections(ClassDoc(thing, config={"show_class_members": False}))]
    return "\n\n".join(parts + (["*Methods*\n\n" + "\n".join(listed)] if listed else []))


def page() -> str:
    """Return the page: functions first, then classes, each in the order of the alphabet."""
    names = sorted(
        forecast.__all__, key=lambda n: (inspect.isclass(getattr(forecast, n)), n.lower())
    )
    return "\n\n".join([HEAD.strip(), *(written(n, getattr(forecast, n)) for n in names)]) + "\n"


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8", newline="\n")

"""Catalogues as they are read: Fluent files, with the markup in their sentences marked as ours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from forecast.cache import cached
from forecast.report.text.markup import ours


def resource(path: Path) -> Any:
    """Return the ``FluentResource`` of a file; what was read once is taken from the cache."""
    text = path.read_text(encoding="utf-8")
    parts = ("marked catalogue", version("fluent.syntax"), text)  # parsing takes a second
    return cached(parts, partial(_read, text))


def _read(text: str) -> Any:
    from fluent.syntax import FluentParser

    # Without the places in the file, which only who edits it needs: half of what is kept.
    found = FluentParser(with_spans=False).parse(text)
    for entry in found.body:
        for element in _texts(getattr(entry, "value", None)):
            element.value = ours(element.value)
    return found


def _texts(pattern: Any) -> Iterator[Any]:
    """Yield the texts of a pattern and of the variants in it."""
    for element in getattr(pattern, "elements", ()):
        if hasattr(element, "expression"):
            for variant in getattr(element.expression, "variants", ()):
                yield from _texts(variant.value)
        else:
            yield element

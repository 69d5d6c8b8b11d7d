"""A published set, found by name, and its pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from forecast.evidence.problems import UserError

BRIEFING = "briefing"


@dataclass(frozen=True)
class ReportSet:
    """A folder with a set, what its results.json holds, and its languages, the main one first."""

    folder: Path
    found: dict[str, Any]
    langs: tuple[str, ...]

    def stem(self, name: str, lang: str = "") -> str:
        """Return the path of a page without its ending, in a language or as named.

        Raises
        ------
        forecast.evidence.problems.UserError
            If the set has no such page.
        """
        name = name.removesuffix(".html")
        stem = f"{lang}/{name}" if lang and lang != self.langs[0] else name
        path = (self.folder / f"{stem}.html").resolve()
        if not (path.is_file() and path.is_relative_to(self.folder)):
            known = ", ".join(sorted(p.stem for p in self.folder.glob("*.html"))[:8])
            raise UserError(f"no page {stem!r} in {self.folder.name}; expected such as {known}")
        return stem

    def page(self, stem: str) -> Path:
        """Return the file of a page."""
        return self.folder / f"{stem}.html"

    def notebook(self, stem: str) -> Any:
        """Return the notebook that a page was made from, as executed."""
        import nbformat

        with ZipFile(self.folder / "notebooks.zip") as kept:
            text = kept.read(f"notebooks/{stem}.ipynb").decode()
        return nbformat.reads(text, as_version=4)

    def lang(self, lang: str) -> str:
        """Return a language of the set: the one named, or its main one.

        Raises
        ------
        forecast.evidence.problems.UserError
            If the set is not in that language.
        """
        if lang and lang not in self.langs:
            raise UserError(f"lang is {lang!r}; the set has {', '.join(self.langs)}")
        return lang or self.langs[0]


def open_set(reports: Path, name: str = "") -> ReportSet:
    """Open a set: the newest, one by the name of its run, or a folder.

    Raises
    ------
    forecast.evidence.problems.UserError
        If there is none.
    """
    for folder in (reports / (name or "latest"), Path(name)):
        if not (folder / "results.json").is_file():
            continue
        try:
            found = json.loads((folder / "results.json").read_text("utf-8"))
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            return ReportSet(folder.resolve(), found, tuple(manifest["request"]["langs"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(f"{folder} is not a readable set of reports: {error}") from None
    raise UserError(
        f"no set {name or 'latest'!r} in {reports}; expected the name of a run or a folder with a"
        " set, as forecast report makes it"
    )

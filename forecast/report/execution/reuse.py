"""Pages that need not be made again: those that a kept set has from the same grounds.

A page follows from its notebook, its parameters, the data, the program with its libraries and
catalogues, and its place in the set. Of the data what it shows is enough where a notebook cannot
show more. The day counts by its month alone: every date that a page holds against the clock is the
last day of a month. Of a page with the same grounds the bytes are taken over, so that its head and
its foot name the run that computed it, and the day; what its head tells of the whole set is told
anew.
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import shutil
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from forecast.report.execution.publish import RUN, sha256
from forecast.report.execution.tasks import Task
from forecast.report.language import LOCALES
from forecast.resources import PACKAGE

NOTEBOOKS = "notebooks.zip"  # of a set: its pages as executed


@dataclass(frozen=True)
class Grounds:
    """What all pages of a run follow from.

    Attributes
    ----------
    program : str
        Of `program`.
    data : mapping of str to str
        Files of data, the learned tables among them, and their SHA-256.
    asked : mapping
        What the run was asked for, as far as pages may show it.
    today : date
    around : mapping, optional
        Menu and subject of the pages, by language.
    """

    program: str
    data: Mapping[str, str]
    asked: Mapping[str, Any]
    today: date
    around: Mapping[str, Any] = field(default_factory=dict)

    def of(
        self, task: Task, parameters: Mapping[str, Any], shown: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Return the digest of each sort of grounds of a page.

        Parameters
        ----------
        task : Task
        parameters : mapping
            Complete, as of `forecast.report.execution.tasks.validate`.
        shown : mapping of str to str, optional
            Digests of what the page shows of the data; all data if not given.
        """
        since = Path(str(parameters.get("since") or ""))
        around = self.around.get(task.lang)
        place = [
            task.stem, task.title, [*task.editions], [*task.companions], self.asked, around
        ]  # fmt: skip
        return {
            "program": self.program,
            "catalogue": _catalogue(task.lang),
            "notebook": sha256(task.notebook) if task.notebook.is_file() else "",
            "parameters": digest_of(parameters),
            **({"data": digest_of(self.data)} if shown is None else shown),
            "edition before": sha256(since) if since.is_file() else "",
            "place in the set": digest_of(place),
            "month": month(self.today),
        }


def month(day: date) -> str:
    """Return what of a day pages depend on: its month, and whether it is the last day of that."""
    return f"{day:%Y-%m}{' (last day)' if (day + timedelta(1)).day == 1 else ''}"


def program() -> str:
    """Return a digest of the package without its catalogues, of all libraries, and of Python."""
    digest = hashlib.sha256(platform.python_version().encode())
    found = {path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")}
    digest.update(json.dumps(sorted(found)).encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and LOCALES not in path.parents:
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@functools.cache
def _catalogue(lang: str) -> str:
    """Return a digest of the sentences of a language, and of English, which stands in for it."""
    digest = hashlib.sha256()
    for path in sorted(p for name in {"en", lang} for p in (LOCALES / name).rglob("*.ftl")):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def digest_of(value: Any) -> str:
    """Return the digest of a value as JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


# --------------------------------------------------------------------------------------------------
# The sets that are kept
# --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A page of a kept set, and when and in which run it was computed."""

    folder: Path
    task: Mapping[str, Any]
    files: Mapping[str, str]
    data: Mapping[str, str]
    run: str
    at: str

    def holds(self, name: str) -> bool:
        """Whether its set has a file as it was published."""
        path = self.folder / name
        return path.is_file() and sha256(path) == self.files.get(name)

    def take(self, name: str, into: Path) -> bool:
        """Copy a file of its set, if it is there and undamaged; say whether it was."""
        if not self.holds(name):
            return False
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.folder / name, into / name)
        return True


@dataclass(frozen=True)
class Decision:
    """Whether a page is computed, and why.

    Attributes
    ----------
    grounds : dict of str to str
        See `Grounds.of`.
    why : str
        In words, for the manifest.
    found : Made or None
        The page to take over; None for one that is computed.
    last : Made or None
        The newest page of this name in a kept set, whatever its grounds.
    """

    grounds: dict[str, str]
    why: str
    found: Made | None = None
    last: Made | None = None

    @property
    def told(self) -> dict[str, Any]:
        """What the manifest says of it."""
        found = self.found
        return {
            "made": "computed" if found is None else "reused",
            "why": self.why,
            **({} if found is None else {"computed_in": found.run, "computed": found.at}),
            "grounds": self.grounds,
        }

    @property
    def failed(self) -> dict[str, Any]:
        """What the manifest says of a page that failed."""
        last = self.last and self.last.folder.name
        return {"made": "failed", "why": self.why, "last_good": last, "grounds": self.grounds}


class Kept:
    """The pages of the sets in a reports folder, the newest first.

    Parameters
    ----------
    reports_dir : Path
    """

    def __init__(self, reports_dir: Path) -> None:
        self._pages: dict[tuple[str, str], list[Made]] = {}
        folders = [p for p in reports_dir.glob("*") if p.is_dir() and RUN.fullmatch(p.name)]
        for folder in sorted(folders, reverse=True):
            try:
                manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
                files, data, started = (manifest[name] for name in ("files", "data", "started"))
                for task in manifest["tasks"]:
                    if task["status"] != "ok":
                        continue
                    run, at = task.get("computed_in", folder.name), task.get("computed", started)
                    page = Made(folder, task, files, data, run, at)
                    key = task["page"], task["parameters"].get("lang", "")
                    self._pages.setdefault(key, []).append(page)
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                continue  # of an older program, or damaged: nothing is taken from it

    def decide(
        self,
        task: Task,
        grounds: dict[str, str],
        force: bool = False,
        data: Mapping[str, str] | None = None,
    ) -> Decision:
        """Say whether a page has to be computed.

        Parameters
        ----------
        task : Task
        grounds : dict of str to str
            See `Grounds.of`.
        force : bool
            Whether it is in any case.
        data : mapping of str to str, optional
            See `Grounds`; names the files that changed.
        """
        pages = self._pages.get((f"{task.stem}.html", task.lang), [])
        if not pages:
            return Decision(grounds, "no kept set has it")
        if force:
            return Decision(grounds, "asked for by --force", last=pages[0])
        for found in pages:
            if found.task.get("grounds") == grounds:
                return Decision(grounds, f"nothing changed since {found.run}", found, pages[0])
        before = pages[0].task.get("grounds") or {}
        changed = [name for name, digest in grounds.items() if before.get(name) != digest]
        if "data" in changed and data:
            old = pages[0].data
            files = sorted(n for n in {*old, *data} if old.get(n) != data.get(n))
            changed[changed.index("data")] = f"data ({', '.join(files)})"
        return Decision(grounds, f"changed: {', '.join(changed)}", last=pages[0])


def take_over(pages: Sequence[Task], decisions: Sequence[Decision], into: Path) -> list[Decision]:
    """Copy the pages that need not be computed; say what became of each.

    Parameters
    ----------
    pages, decisions : sequences
        In the same order.
    into : Path
        The staging folder.

    Returns
    -------
    list of Decision
        A page whose bytes are damaged or gone is to be computed after all.
    """
    taken = []
    whole: dict[Path, bool] = {}  # whether the notebooks of a set are as they were
    for task, decision in zip(pages, decisions, strict=True):
        found = decision.found
        if found is not None:
            if found.folder not in whole:
                whole[found.folder] = found.holds(NOTEBOOKS)
            if not (whole[found.folder] and found.take(f"{task.stem}.html", into)):
                decision = replace(decision, why=f"damaged in {found.folder.name}", found=None)
        taken.append(decision)
    return taken


def notebooks(pages: Sequence[Task], taken: Sequence[Decision], into: Path) -> bool:
    """Copy the notebooks of pages that were taken over: as an archive, if one set has them all.

    Returns
    -------
    bool
        Whether it is the archive. Else each lies in the folder ``notebooks``.
    """
    sets: dict[Path, list[str]] = {}
    for task, decision in zip(pages, taken, strict=True):
        if decision.found is not None:
            sets.setdefault(decision.found.folder, []).append(f"notebooks/{task.stem}.ipynb")
    if [len(names) for names in sets.values()] == [len(pages)] and taken[0].found:
        return taken[0].found.take(NOTEBOOKS, into)
    for folder, names in sets.items():
        with zipfile.ZipFile(folder / NOTEBOOKS) as archive:
            archive.extractall(into, names)
    return False

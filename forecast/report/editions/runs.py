"""Sets by their names: ``latest``, the name of a run, or a folder, to the edition in the store."""

from __future__ import annotations

import json
from pathlib import Path

from forecast.editions.store import FOLDER, Edition, StoreError, read
from forecast.evidence.problems import UserError

SHOWN = 6  # names in a message


def found_in(reports: Path, name: str) -> Edition:
    """Return the edition of a set.

    Parameters
    ----------
    reports : Path
        Folder of the sets.
    name : str
        Of a run, ``latest``, or a folder with a set.

    Raises
    ------
    forecast.evidence.problems.UserError
        If there is no such set, it is older than the store, or its edition cannot be read.
    """
    kept = reports / FOLDER
    if (kept / f"{name}.parquet").is_file():  # also of a set that was removed
        return read(kept / f"{name}.parquet")
    folder = next((f for f in (reports / name, Path(name)) if (f / "results.json").is_file()), None)
    if folder is None:
        names = sorted(path.stem for path in kept.glob("*.parquet"))
        shown = ", ".join(["latest", *reversed(names[-SHOWN:])])
        raise UserError(f"no set {name!r} in {reports}; known are {shown}")
    folder = folder.resolve()
    key = _key(folder)
    if key is None:
        raise UserError(f"the set {folder.name} was made before editions were kept")
    for path in sorted((folder.parent / FOLDER).glob("*.parquet"), reverse=True):
        try:
            edition = read(path)
        except StoreError:
            continue
        if edition.key == key:  # perhaps that of an earlier run with the same answers
            return edition
    raise UserError(f"the edition of the set {folder.name} is missing in {folder.parent / FOLDER}")


def _key(folder: Path) -> str | None:
    """Return the key of the edition of a set; None if its results name none."""
    try:
        run = json.loads((folder / "results.json").read_text("utf-8"))["run"]
        return str(run["edition"]) if "edition" in run else None
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"{folder / 'results.json'} cannot be read") from None

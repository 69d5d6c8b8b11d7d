"""Whether the pages, data, calibration and code of a published set belong together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from forecast.editions.store import FOLDER, Inputs, StoreError, editions
from forecast.evidence.evidence import known_on
from forecast.evidence.problems import DataError, UserError
from forecast.report.execution.provenance import LEARNED
from forecast.report.execution.publish import sha256
from forecast.report.execution.reuse import digest_of


def mismatches(folder: Path) -> list[str]:
    """Hold a set against the hashes of its manifest and against its edition.

    Parameters
    ----------
    folder : Path
        The set, in the folder of the sets.

    Returns
    -------
    list of str
        A line for each file that does not belong to the rest; empty if all do.

    Raises
    ------
    forecast.evidence.problems.UserError
        If there is no readable manifest, or one of an older program.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        inputs = Inputs(**{**manifest["inputs"], "families": tuple(manifest["inputs"]["families"])})
        plan = str(manifest["request"]["plan"])
        return [
            *_files(folder, manifest["files"]),
            *_pages(manifest),
            *_origin(folder, manifest, inputs.key(plan)),
            *_edition(folder, plan, inputs),
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        if isinstance(problem, UserError):
            raise
        raise UserError(
            f"{folder / 'manifest.json'} cannot be used ({type(problem).__name__}: {problem});"
            " expected a set as this program makes it"
        ) from None


def _files(folder: Path, listed: dict[str, str]) -> Iterator[str]:
    """Hold every file against its hash."""
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    for name in sorted({*listed, *there} - {"manifest.json"}):
        if name not in there:
            yield f"{name}: is missing"
        elif name not in listed:
            yield f"{name}: does not belong to the set"
        elif sha256(folder / name) != listed[name]:
            yield f"{name}: was changed after the set was made"


def _pages(manifest: dict[str, Any]) -> Iterator[str]:
    """Hold the data and the program that each page follows from against those of the set.

    A page that shows little of the data has digests of that alone.
    """
    wanted = {"data": digest_of(manifest["data"]), "program": manifest["program"]}
    for task in manifest["tasks"]:
        for what, digest in wanted.items():
            if task["grounds"].get(what, digest) != digest:
                yield f"{task['page']}: was made from another state of the {what}"
    if manifest["data"][LEARNED] != manifest["inputs"]["calibration"]:
        yield f"{LEARNED}: is not the calibration that the answers follow from"


def _origin(folder: Path, manifest: dict[str, Any], key: str) -> Iterator[str]:
    """Hold the answers against what they are said to follow from."""
    run = json.loads((folder / "results.json").read_text("utf-8"))["run"]
    if run["id"] != manifest["run"]:
        yield f"results.json: is of the run {run['id']}, the manifest of {manifest['run']}"
    if run["edition"] != key:
        yield "results.json: follows from other data, calibration, code or options"


def _edition(folder: Path, plan: str, inputs: Inputs) -> Iterator[str]:
    """Read the tables of the set's edition, and hold them against the digest of the data."""
    store = folder.resolve().parent / FOLDER
    found = [e for e in editions(store, plan)[0] if e.key == inputs.key(plan)]
    if not found:
        yield f"{FOLDER}/: the edition with the tables of this set is missing"
        return
    edition = found[-1]
    try:
        evidence = edition.evidence
    except (StoreError, DataError) as problem:
        yield f"{FOLDER}/{edition.run}.parquet: {problem}"
        return
    if inputs.as_of:
        evidence = known_on(evidence, date.fromisoformat(inputs.as_of))
    if evidence.digest != inputs.data:
        yield f"{FOLDER}/{edition.run}.parquet: its tables are not those of the set"

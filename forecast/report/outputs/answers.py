"""The answers of a set as files: for programs, and a workbook beside the pages of each language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forecast.report import html as export
from forecast.report.execution.reuse import Made
from forecast.report.language import language
from forecast.report.outputs import tables, workbook

TABLES = ("results", "quantiles")  # a Parquet file each


def files(folders: Mapping[str, str]) -> list[str]:
    """Return the names of the files, with the folder of each language as of `write`."""
    books = [f"{folder}results.xlsx" for folder in folders.values()]
    return ["results.json", "results.csv", *(f"{name}.parquet" for name in TABLES), *books]


def write(staged: Path, found: dict[str, Any], folders: Mapping[str, str]) -> None:
    """Write the files.

    Parameters
    ----------
    staged : Path
        The set.
    found : dict
        What results.json holds.
    folders : mapping of str to str
        Folder of the pages of each language within the set, with a slash or empty.
    """
    _as_json(staged, found)
    # The mark makes spreadsheets read UTF-8; the JSON file, for programs, has none.
    export.write_text(staged / "results.csv", "\ufeff" + tables.as_csv(found))
    for name, rows in zip(TABLES, (tables.targets(found), tables.quantiles(found)), strict=True):
        (staged / f"{name}.parquet").write_bytes(tables.as_parquet(rows))
    for lang, folder in folders.items():
        path = staged / folder / "results.xlsx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(workbook.workbook(language(lang), found))


def taken(earlier: Made, staged: Path, run: Mapping[str, Any], folders: Mapping[str, str]) -> bool:
    """Take the files over from a set with the same grounds; say whether they are all there.

    results.json names the new run; a workbook, as a page, the one that computed it.
    """
    if not all(earlier.take(name, staged) for name in files(folders)):
        return False
    found = json.loads((staged / "results.json").read_text("utf-8"))
    _as_json(staged, {**found, "run": dict(run)})
    return True


def _as_json(staged: Path, found: Mapping[str, Any]) -> None:
    # Without indents, which are a third of it: it is for programs.
    text = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    export.write_text(staged / "results.json", text + "\n")

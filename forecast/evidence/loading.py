"""Read a data folder, and refuse it if it is damaged.

`data/datapackage.json` is the only description of the tables. :mod:`forecast.evidence.files` checks
the structure of the CSV files by it (columns, types, keys), :mod:`forecast.evidence.rules.check`
then the figures. All problems of all files are reported at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.cache import cached
from forecast.evidence.calendar import last_day, parse_period, today, year_number
from forecast.evidence.evidence import Evidence, known_on
from forecast.evidence.files.defaults import filled
from forecast.evidence.files.schema import COLUMNS, SHIPPED, TableSchema, read_schema
from forecast.evidence.files.tables import TEXT, Rows, read_bytes, read_rows, structure, typed
from forecast.evidence.files.toml import parsed
from forecast.evidence.problems import DataError, Problem, UserError, gathered
from forecast.evidence.registries import YearStarts
from forecast.evidence.rules.check import check
from forecast.evidence.units import canonical, convert, parse
from forecast.resources import REPOSITORY, SCHEMA


def load(
    data_dir: Path | None = None,
    *,
    as_of: str | None = None,
    replaced: Mapping[str, bytes] | None = None,
) -> Evidence:
    """Read and check the data; refuse them if anything is wrong.

    Parameters
    ----------
    data_dir : Path, optional
        The folder with `datapackage.json`. Without it: the folder that the environment variable
        `FORECAST_DATA` names, else `data` of the checkout.
    as_of : str, optional
        Keep only what was public on this day (`2023`, `2023-06` or `2023-06-30`; a year or a month
        means its last day), by :func:`forecast.evidence.calendar.release_day`: observations,
        announced openings and judgements. The check is made on everything.
    replaced : mapping of str to bytes, optional
        Content of tables, by name, in place of their files.

    Returns
    -------
    Evidence
        The tables, with the warnings of the check.

    Raises
    ------
    DataError
        With all problems of all files, if there is an error among them.
    forecast.evidence.problems.UserError
        If `as_of` is not a date.
    """
    day = None if as_of is None else last_day(as_of)
    if as_of is not None and day is None:
        raise UserError(f"as_of {as_of!r} is not a date such as 2023, 2023-06 or 2023-06-30")
    root = default_folder() if data_dir is None else Path(data_dir)
    tables, problems = _inspected(root, replaced or {})
    if any(problem.severity == "error" for problem in problems):
        raise DataError(problems)
    required = {name: tables[name] for name in COLUMNS}
    required["observations"] = _in_one_form(required)
    required["targets"] = _in_unit_of_indicator(tables["targets"], tables["indicators"])
    evidence = Evidence(root=root, warnings=tuple(problems), as_of=None, **required)
    return evidence if day is None else known_on(evidence, day)


def _in_one_form(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the observations with their periods in the form `Period.text`."""
    starts, rows = YearStarts.of(tables["regions"], tables["indicators"]), tables["observations"]
    series = zip(rows["region"], rows["indicator"], rows["period"], strict=True)
    read = [parse_period(period, starts(*key)) for *key, period in series]
    # None is empty: the check has accepted every one. A text of many rows is held once.
    texts = [sys.intern(p.text) if p else "" for p in read]
    return rows.assign(period=pd.array(texts, dtype=TEXT))


def _inspected(
    root: Path, replaced: Mapping[str, bytes]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Return what `inspect` returns; files that were checked today are not checked again."""
    compute = partial(inspect, root, replaced)
    found = content(root, replaced)
    return cached(("tables", *found), compute) if found else compute()


def content(root: Path, replaced: Mapping[str, bytes]) -> tuple[object, ...]:
    """Return what is read of a data folder, and checked, today: names of files and their digests.

    Empty where a file cannot be read; `inspect` says what is wrong.
    """
    try:
        paths = [table.path for table in schema_of(root).values()]
        scenarios = sorted((root / "scenarios").glob("*.toml"))
        files = [root / "datapackage.json", SCHEMA, *(root / path for path in paths), *scenarios]
        found = [(file.name, file.read_bytes() if file.exists() else b"") for file in files]
    except (DataError, OSError):
        return ()
    every = (*found, *sorted(replaced.items()))
    digests = [(name, hashlib.sha256(data).hexdigest()) for name, data in every]
    return folder_name(root), today(), digests


def inspect(
    data_dir: Path | None = None, replaced: Mapping[str, bytes] | None = None
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read the data and collect every problem; damaged data never raise.

    Parameters
    ----------
    data_dir, replaced
        As in :func:`load`.

    Returns
    -------
    tables : dict of DataFrame
        By name; tables that could not be read are missing, numbers that could not be are NaN.
    problems : list of Problem
        Errors and warnings in the order of files and rows.
    """
    root = default_folder() if data_dir is None else Path(data_dir)
    folder = folder_name(root)
    try:
        schema = schema_of(root)
    except DataError as error:
        return {}, error.problems
    problems: list[Problem] = []
    raw: dict[str, Rows] = {}
    for name, table in schema.items():
        data = (replaced or {}).get(name)
        if data is None and table.optional and not (root / table.path).exists():
            raw[name] = Rows([], [[] for _ in table.columns])
            continue
        try:
            data = data or read_bytes(root, table.path, folder)
            raw[name] = read_rows(data, table, f"{folder}/{table.path}", problems)
        except DataError as error:
            problems += error.problems
    raw = filled(_numbered(raw, schema), schema)
    for name in raw:
        problems += structure(schema[name], raw, schema, folder)
    # Rows are given up one table after the other: they are as large as these.
    tables = {name: _units(typed(schema[name], raw.pop(name))) for name in [*raw]}
    if set(COLUMNS) <= set(tables):
        problems += _checked(tables, schema, folder, problems, _sources_of_scenarios(root))
    order = {f"{folder}/{table.path}": i for i, table in enumerate(schema.values())}
    problems.sort(key=lambda problem: (order.get(problem.file, -1), problem.row or 0))
    return tables, gathered(problems)


#: Columns of years by table; they are those of the region of the row.
YEARS = {"targets": ("year", "start"), "plans": ("horizon",)}


def _numbered(raw: Mapping[str, Rows], schema: Mapping[str, TableSchema]) -> dict[str, Rows]:
    """Return rows with the number of a fiscal year in place of its name: 2030 for 2029/30."""
    found = dict(raw)
    if not {"regions", "indicators"} <= set(raw):
        return found
    read = {name: typed(schema[name], raw[name]) for name in ("regions", "indicators")}
    starts = YearStarts.of(read["regions"], read["indicators"])
    for table in set(YEARS) & set(raw):
        columns = dict(zip(schema[table].fields, raw[table].columns, strict=True))
        regions = columns["region"]
        series = zip(regions, columns.get("indicator", [""] * len(regions)), strict=True)
        months = [starts(*key) for key in series]
        for name in YEARS[table]:
            read_as = map(year_number, columns[name], months)
            columns[name] = [
                cell if number is None else str(number)
                for cell, number in zip(columns[name], read_as, strict=True)
            ]
        found[table] = raw[table]._replace(columns=[*columns.values()])
    return found


def schema_of(root: Path) -> dict[str, TableSchema]:
    """Return the description of a folder's tables: its own `datapackage.json`, or that of the code.

    Raises
    ------
    DataError
        If there is no such folder, or its description cannot be used.
    """
    if root.is_dir() and not (root / "datapackage.json").exists():
        return SHIPPED
    folder = folder_name(root)
    package = read_bytes(root, "datapackage.json", folder)
    return read_schema(package, f"{folder}/datapackage.json")


def _units(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with one spelling of the units that the code knows by their name."""
    if "unit" not in table:
        return table
    return table.assign(unit=pd.array([canonical(unit) for unit in table["unit"]], dtype=TEXT))


#: Kinds of target whose value is measured as their indicator is.
OF_LEVELS = ("level", "cumulative", "markets", "legs")


def _in_unit_of_indicator(targets: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the targets with their values in the units of their indicators."""
    units = dict(zip(indicators["indicator"], indicators["unit"], strict=True))
    columns = {name: list(targets[name]) for name in ("value", "value_to", "unit")}
    for i, (indicator, kind) in enumerate(zip(targets["indicator"], targets["kind"], strict=True)):
        own, to = columns["unit"][i], units[indicator]
        if kind in OF_LEVELS and parse(own).dimension == parse(to).dimension:
            for name in ("value", "value_to"):
                columns[name][i] = convert(columns[name][i], own, to)
            columns["unit"][i] = to
    return targets.assign(
        **{c: pd.Series(v, targets.index, targets[c].dtype) for c, v in columns.items()}
    )


def _checked(
    tables: Mapping[str, pd.DataFrame],
    schema: Mapping[str, TableSchema],
    folder: str,
    known: Sequence[Problem],
    named: Collection[str],
) -> list[Problem]:
    """Return what the check finds in the rows that fit the schema.

    Damaged rows of the registries are checked as well, or every row that needs them would be wrong.
    """
    wrong = {(problem.file, problem.row) for problem in known}
    regions = f"{folder}/{schema['regions'].path}", "year_starts"
    unread = {p.row for p in known if (p.file, p.column) == regions}  # whose years are not known
    undated = tables["regions"]["region"][tables["regions"].index.isin(unread)]
    sound = dict(tables)
    for name in ("observations", "targets"):
        file, frame = f"{folder}/{schema[name].path}", tables[name]
        whole = np.array([(file, row) not in wrong for row in frame.index], bool)
        whole &= ~frame["region"].isin(undated).to_numpy(bool)
        if not whole.all():  # else it would be held twice
            sound[name] = frame[whole]
    left_out = tables["observations"].drop(index=sound["observations"].index)
    found = check(sound, folder, left_out, named)
    return [problem for problem in found if (problem.file, problem.row) not in wrong]


def folder_name(root: Path) -> str:
    """Return the name of a data folder in messages; a path such as `.` has none of its own."""
    return root.name or root.resolve().name


def _sources_of_scenarios(root: Path) -> set[str]:
    """Return the sources that scenarios name; damaged files are reported where they are read."""
    named = set()
    for path in (root / "scenarios").glob("*.toml"):
        with contextlib.suppress(OSError, ValueError):
            statements = parsed(path.read_bytes()).get("statement", [])
            named |= {str(s.get("source", "")) for s in statements if isinstance(s, dict)}
    return named


def default_folder() -> Path:
    """Return the folder that `FORECAST_DATA` names, else `data` of the checkout.

    Raises
    ------
    forecast.evidence.problems.UserError
        If there is neither.
    """
    named = os.environ.get("FORECAST_DATA")
    if named:
        return Path(named)
    if REPOSITORY is None:
        raise UserError(
            "no data: name a folder of tables by --data or FORECAST_DATA, such as data/ of the "
            f"project's repository; {SCHEMA} describes the tables"
        )
    return REPOSITORY / "data"

"""Read a panel or its targets from a file, and refuse what cannot be read for certain.

Messages give rows as a spreadsheet shows them: blank lines count, a line ``sep=;`` does not. An
unusual form that was read all the same (an old encoding, decimal commas, lines above the header)
and a value that may be a slip give a notice; the forecast goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.files.encodings import first_foreign, text_of
from forecast.evidence.files.tables import Row, split_rows
from forecast.evidence.problems import DataError, Problem, UserError, data_error, gathered
from forecast.evidence.rules.slips import slips

COLUMNS = ("series_id", "year", "value")
TARGETS = ("target_id", "series_id", "year", "comparison", "value")
PREFACE = 30  # rows among which the header is looked for
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MOST = 1000  # problems of a kind that are counted one by one

_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_GROUPS = re.compile(r"[+-]?\d{1,3},\d{3}")


# Files -----------------------------------------------------------------------------------------


def read(path: Path) -> pd.DataFrame:
    """Read a panel and check it; an empty value is a missing year.

    Parameters
    ----------
    path : Path
        A file with the columns of `COLUMNS`.

    Returns
    -------
    DataFrame
        As of `checked`.

    Raises
    ------
    DataError
        With everything that is wrong.
    forecast.evidence.problems.UserError
        When the file cannot be read.
    """
    return checked(_table_of(path, COLUMNS))


def read_targets(path: Path) -> pd.DataFrame:
    """Read targets; `panel_forecast.attain` checks them against its panel."""
    return _table_of(path, TARGETS)


def notices(frame: pd.DataFrame) -> list[str]:
    """Return the notices on a table, one sentence each."""
    return list(frame.attrs.get("notices", ()))


def file_of(frame: pd.DataFrame, otherwise: str = "panel") -> str:
    """Return the name of the file that a table was read from, for messages."""
    return str(frame.attrs.get("file", otherwise))


def _table_of(path: Path, needed: Sequence[str]) -> pd.DataFrame:
    """Read a file as a table of texts, whose index is the row a spreadsheet shows."""
    file = path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error
    text, encoding = text_of(data, file)
    found = []
    if encoding != "UTF-8":
        row, cell = first_foreign(text)
        found.append(f"{file} was read as {encoding}; row {row} has {cell!r}")
    text, separator = _without_sep(text)
    if not text.strip():
        raise data_error(file, "a CSV file that is not empty")
    if not separator:
        separator = _separator(text, needed)
    rows = _rows(text, separator, file)
    at = next((i for i, r in enumerate(rows[:PREFACE]) if set(needed) <= set(_names(r))), None)
    if at is None:
        at = next(i for i, row in enumerate(rows) if any(_names(row)))
    header = _names(rows[at])
    above = [row.number for row in rows[:at] if any(_names(row))]
    if above:
        found.append(f"{file}: the lines above the header in row {rows[at].number} were not read")
    _once(header, rows[at].number, file)
    body = _whole([row for row in rows[at + 1 :] if any(_names(row))], header, file)
    frame = pd.DataFrame(
        [row.cells for row in body], columns=header, dtype=object,
        index=pd.Index([row.number for row in body], name="row", dtype="int64"),
    )  # fmt: skip
    frame = frame.loc[:, [name != "" for name in header]]
    frame.attrs.update(file=file, header=rows[at].number)
    need(frame, needed, file)
    found += _points(frame, [name for name in ("year", "value") if name in frame], file)
    frame.attrs["notices"] = found
    return frame


def _without_sep(text: str) -> tuple[str, str]:
    """Take off the line ``sep=``, which gives Excel the separator and is not shown."""
    first, _, rest = text.partition("\n")
    match = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)
    return (rest, match[1]) if match else (text, "")


def _separator(text: str, needed: Sequence[str]) -> str:
    """Return what separates the cells: by the header, or else what is frequent on its line."""
    lines = [line for line in text.splitlines()[:PREFACE] if line.strip()]
    for line in lines:
        for separator in DELIMITERS:
            names = {cell.strip().strip('"').strip() for cell in line.split(separator)}
            if set(needed) <= names:
                return separator
    return max(DELIMITERS, key=lambda d: (lines[0].count(d), d == ","))


def _names(row: Row) -> list[str]:
    return [cell.strip() for cell in row.cells]


def _rows(text: str, separator: str, file: str) -> list[Row]:
    rows = split_rows(text, separator, file)
    for row in rows:
        for cell in row.cells:
            if "\n" in cell.strip():
                expected = "a cell in one line: a quotation mark takes the next rows into it"
                shown = cell.split("\n")[0] + " ..."
                raise data_error(file, expected, row=row.number, value=shown)
    return rows


def _once(header: Sequence[str], row: int, file: str) -> None:
    """Refuse a column that is there twice, with both places."""
    problems = []
    for name in dict.fromkeys(name for name in header if name):
        places = [letters(i) for i, other in enumerate(header) if other == name]
        if len(places) > 1:
            expected = f"each column once, not in the columns {' and '.join(places)}"
            problems.append(Problem("error", file, row, name, name, expected))
    if problems:
        raise DataError(problems)


def letters(place: int) -> str:
    """Return how a spreadsheet names a column.

    Examples
    --------
    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def _whole(body: Sequence[Row], header: Sequence[str], file: str) -> list[Row]:
    """Return rows as long as the header; empty cells beyond it are not counted."""
    n, kept, problems = len(header), [], []
    for number, cells, _ in body:
        if len(cells) > n and not any(cell.strip() for cell in cells[n:]):
            cells = cells[:n]
        spare = [cell for name, cell in zip(header, cells, strict=False) if not name]
        if len(cells) != n:
            expected = f"as many cells as the header: {n}, not {len(cells)}"
            problems.append(Problem("error", file, number, "", "", expected))
        elif any(cell.strip() for cell in spare):
            value = next(cell for cell in spare if cell.strip())
            expected = "a name in the header for this column"
            problems.append(Problem("error", file, number, "", value, expected))
        else:
            kept.append(Row(number, cells))
    if problems:
        raise DataError(joined_by_cause(problems))
    return kept


def _points(frame: pd.DataFrame, columns: Iterable[str], file: str) -> list[str]:
    """Turn decimal commas into points where nothing else can be meant; return what was done."""
    found = []
    for name in columns:
        cells = frame[name].str.strip()
        commas = cells.str.contains(",", regex=False)
        if not commas.any():
            continue
        decimal = commas & cells.map(lambda cell: bool(_DECIMAL_COMMA.fullmatch(cell)))
        groups = decimal & cells.map(lambda cell: bool(_GROUPS.fullmatch(cell)))
        if not (commas == decimal).all() or cells.str.contains(".", regex=False).any():
            continue  # the check of the numbers refuses them
        row, cell = int(str(frame.index[commas][0])), str(cells[commas].iloc[0])
        if (groups == commas).all():
            expected = "a decimal point: this comma may be one, or may part thousands"
            n = int(commas.sum())
            expected += f" (and {n - 1} more rows)" if n > 1 else ""
            raise data_error(file, expected, row=row, column=name, value=cell)
        frame[name] = cells.str.replace(",", ".", regex=False)
        found.append(
            f"{file}: commas in the column {name} were read as decimal points"
            f" (row {row}: {cell} as {cell.replace(',', '.')})"
        )
    return found


# Tables ----------------------------------------------------------------------------------------


def checked(frame: pd.DataFrame, file: str = "") -> pd.DataFrame:
    """Check a panel and give its columns their types.

    Parameters
    ----------
    frame : DataFrame
        Columns ``series_id, year, value``, as text or numbers. An index
        named ``row`` holds the rows of a spreadsheet, for messages.
    file : str
        How messages name it; the file it was read from if not given.

    Returns
    -------
    DataFrame
        Sorted by series and year, without missing values. See `notices`.

    Raises
    ------
    DataError
        With everything that is wrong: missing columns, text in numbers, years that are no years,
        two rows of one series and year, series with less than two values.
    """
    file = file or file_of(frame)
    need(frame, COLUMNS, file)
    if frame.empty:
        raise data_error(file, "at least one series")
    out = pd.DataFrame({"series_id": frame["series_id"].astype(str).str.strip()})
    problems = where(out["series_id"] == "", frame, file, "series_id", "a name")
    year, wrong = numbers(frame, "year", file, "a year, such as 2024", blank=False)
    problems += wrong
    whole = (year == np.floor(year)) & year.between(-10_000, 10_000)
    problems += where(year.notna() & ~whole, frame, file, "year", "a whole year, such as 2024")
    value, wrong = numbers(frame, "value", file, "a number, or empty for a missing year")
    problems += wrong
    out["year"] = year.where(whole)
    out["value"] = value
    twice = out.duplicated(["series_id", "year"]) & out["year"].notna()
    problems += where(twice, frame, file, "year", "one row for a series and year")
    if not problems:
        count = out["value"].notna().groupby(out["series_id"]).transform("sum")
        few = ~out["series_id"].duplicated() & (count < 2)
        problems += where(few, out, file, "series_id", "two values of this series at least")
    if problems:
        raise DataError(joined_by_cause(problems))
    row = _row_numbers(frame)[out["value"].notna().to_numpy()]
    out = out[out["value"].notna()].astype({"year": np.int64})
    order = out.reset_index(drop=True).sort_values(["series_id", "year"], kind="stable").index
    out, row = out.iloc[order].reset_index(drop=True), row[order]
    out.attrs.update(file=file, notices=[*notices(frame), *slips(out, row, file)])
    return out


def need(frame: pd.DataFrame, columns: Sequence[str], file: str) -> None:
    """Refuse a table that lacks a column, or has one twice."""
    names = [str(name).strip() for name in frame.columns]
    row = int(frame.attrs.get("header", 1))
    _once(names, row, file)
    found = ", ".join(names)
    missing = [
        Problem("error", file, row, c, found, f"a column {c}") for c in columns if c not in frame
    ]
    if missing:
        raise DataError(missing)


def numbers(
    frame: pd.DataFrame, column: str, file: str, expected: str, blank: bool = True
) -> tuple[pd.Series[float], list[Problem]]:
    """Return a column as numbers, NaN where there are none, and what is wrong with it."""
    raw = frame[column]
    number = pd.to_numeric(raw, errors="coerce").astype(float)
    empty = raw.isna() if raw.dtype.kind in "fiu" else raw.astype(str).str.strip().isin(["", "nan"])
    wrong = (number.isna() & ~empty) | np.isinf(number)
    if not blank:
        wrong |= empty
    return number.where(~np.isinf(number)), where(wrong, frame, file, column, expected)


def where(
    wrong: pd.Series[bool], frame: pd.DataFrame, file: str, column: str, expected: str
) -> list[Problem]:
    """Return a problem for every row where something is wrong."""
    at = np.flatnonzero(wrong.to_numpy(bool))[:MOST]
    values = frame[column].iloc[at].astype(str)
    return [
        Problem("error", file, int(i), column, v, expected)
        for i, v in zip(_row_numbers(frame)[at], values, strict=True)
    ]


def _row_numbers(frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the rows that a spreadsheet shows; the header is row 1 if nothing else is known."""
    if frame.index.name == "row":
        return frame.index.to_numpy(np.int64)
    return np.arange(len(frame), dtype=np.int64) + 2


def joined_by_cause(problems: Iterable[Problem]) -> list[Problem]:
    """Join the problems that have one cause in one column: an example, how many, and where."""
    causes: dict[Problem, list[Problem]] = {}
    for problem in problems:
        causes.setdefault(replace(problem, row=None, value=""), []).append(problem)
    return [
        joined
        for cause, found in causes.items()
        for joined in gathered(replace(cause, row=p.row, value=found[0].value) for p in found)
    ]

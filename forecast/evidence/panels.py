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

from forecast.evidence.files.delimited import PREFACE, read_delimited
from forecast.evidence.files.numbers import UndecidedError, decimal_mark, number
from forecast.evidence.files.tables import Row
from forecast.evidence.problems import DataError, Problem, UserError, data_error, gathered
from forecast.evidence.rules.data import as_text
from forecast.evidence.rules.slips import slips
from forecast.evidence.scales import TRANSFORMS, FloatArray

COLUMNS = ("series_id", "year", "value")
TARGETS = ("target_id", "series_id", "year", "comparison", "value")
SCALES = ("auto", *TRANSFORMS)
FEW = {1: "one value", 2: "two values", 3: "three values"}
MOST = 1000  # problems of a kind that are counted one by one


_PLAIN = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")


# Files -----------------------------------------------------------------------------------------


def notices(frame: pd.DataFrame) -> list[str]:
    """Return the notices on a table, one sentence each."""
    return list(frame.attrs.get("notices", ()))


def file_of(frame: pd.DataFrame, otherwise: str = "panel") -> str:
    """Return the name of the file that a table was read from, for messages."""
    return str(frame.attrs.get("file", otherwise))


def table_of(path: Path, needed: Sequence[str]) -> pd.DataFrame:
    """Read a file as a table of texts, whose index is the row a spreadsheet shows."""
    file = path.name
    rows, _, found = read_delimited(path, needed)
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
    found += _plain(frame, [name for name in ("year", "value") if name in frame], file)
    frame.attrs["notices"] = found
    return frame


def _names(row: Row) -> list[str]:
    return [cell.strip() for cell in row.cells]


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
    for row, cells in body:
        if len(cells) > n and not any(cell.strip() for cell in cells[n:]):
            cells = cells[:n]
        spare = [cell for name, cell in zip(header, cells, strict=False) if not name]
        if len(cells) != n:
            expected = f"as many cells as the header: {n}, not {len(cells)}"
            problems.append(Problem("error", file, row, "", "", expected))
        elif any(cell.strip() for cell in spare):
            value = next(cell for cell in spare if cell.strip())
            expected = "a name in the header for this column"
            problems.append(Problem("error", file, row, "", value, expected))
        else:
            kept.append(Row(row, cells))
    if problems:
        raise DataError(joined_by_cause(problems))
    return kept


def _plain(frame: pd.DataFrame, columns: Iterable[str], file: str) -> list[str]:
    """Write numbers plainly that have decimal commas or thousands separators; tell what was."""
    found = []
    for name in columns:
        cells = frame[name].str.strip()
        try:
            mark = decimal_mark(cells, points=True)
        except UndecidedError as error:
            row = int(str(frame.index[cells == error.first][0]))
            expected = "a decimal point: this comma may be one, or may part thousands"
            if error.second:
                expected = f"one decimal mark in the column, not also that of {error.second}"
            elif n := int(cells.str.contains(",", regex=False).sum()) - 1:
                expected += f" (and {n} more row{'s' if n > 1 else ''})"
            raise data_error(file, expected, row=row, column=name, value=error.first) from None
        plain = [_plainly(cell, mark) for cell in cells]
        changed = [i for i, cell in enumerate(cells) if plain[i] != cell]
        if changed:
            what = "thousands separators in the column {} were taken out"
            if mark == ",":
                what = "commas in the column {} were read as decimal points"
            row, cell = frame.index[changed[0]], cells.iloc[changed[0]]
            found.append(f"{file}: {what.format(name)} (row {row}: {cell} as {plain[changed[0]]})")
        frame[name] = plain
    return found


def _plainly(cell: str, mark: str) -> str:
    """Return a cell with a decimal point and no separators, if it is a number and nothing else."""
    if mark == "." and _PLAIN.fullmatch(cell):
        return cell
    found = number(cell, mark)
    return cell if found is None or found.marks or found.unit else f"{found.value:f}"


# Tables ----------------------------------------------------------------------------------------


def checked(frame: pd.DataFrame, file: str = "", least: int = 2) -> pd.DataFrame:
    """Check a panel and give its columns their types.

    Parameters
    ----------
    frame : DataFrame
        Columns ``series_id, year, value``, as text or numbers. An index
        named ``row`` holds the rows of a spreadsheet, for messages.
    file : str
        How messages name it; the file it was read from if not given.
    least : int
        Values that a series has to have.

    Returns
    -------
    DataFrame
        Sorted by series and year, without missing values. See `notices`.

    Raises
    ------
    DataError
        With everything that is wrong: missing columns, text in numbers, years that are no years,
        two rows of one series and year, series with too few values.
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
        few = ~out["series_id"].duplicated() & (count < least)
        expected = f"{FEW.get(least, least)} of this series at least"
        problems += where(few, out, file, "series_id", expected)
    if problems:
        raise DataError(joined_by_cause(problems))
    row = _row_numbers(frame)[out["value"].notna().to_numpy()]
    out = out[out["value"].notna()].astype({"year": np.int64})
    order = out.reset_index(drop=True).sort_values(["series_id", "year"], kind="stable").index
    out, row = out.iloc[order].reset_index(drop=True), row[order]
    out.attrs.update(file=file, notices=[*notices(frame), *slips(out, row, file)])
    return out


def yearly(series: pd.Series[Any], least: int = 1) -> pd.Series[float]:
    """Check one yearly series.

    Whether the quarters of a year are to be added up, averaged, or represented by the last one is
    known to whoever has the figures, and part of a year is no year: several values a year are
    refused.

    Parameters
    ----------
    series : Series
        Numbers; the index holds years, dates (one a year) or yearly periods. Missing values are
        missing years.
    least : int
        Values that it has to have.

    Returns
    -------
    Series
        By year (int), ascending, without missing values.

    Raises
    ------
    DataError
        With everything that is wrong, by the place of the value, from 1.

    Examples
    --------
    >>> index = pd.period_range("2021", periods=3, freq="Y")
    >>> yearly(pd.Series([1.0, None, 2.0], index)).to_dict()
    {2021: 1.0, 2023: 2.0}
    """
    if not isinstance(series, pd.Series):
        raise UserError(f"series is a {type(series).__name__}; expected a pandas Series by year")
    index = series.index
    years = index.year if isinstance(index, (pd.DatetimeIndex, pd.PeriodIndex)) else index
    name = "series" if series.name is None else str(series.name)
    if years is not index and years.has_duplicates:
        expected = (
            "one value a year: series.groupby(series.index.year) and .sum() for a flow, .last() "
            "for a stock, whole years only"
        )
        raise data_error(name, expected, column="year", value=str(years[years.duplicated()][0]))
    rows = pd.RangeIndex(1, len(series) + 1, name="row")
    frame = pd.DataFrame(
        {"series_id": name, "year": years.to_numpy(), "value": series.to_numpy()}, index=rows
    )
    found = checked(frame, name, least)
    return pd.Series(
        found["value"].to_numpy(float), found["year"].to_numpy(), name=series.name
    ).rename_axis("year")


def known_scale(name: str) -> None:
    """Refuse a scale that is none.

    Raises
    ------
    forecast.evidence.problems.UserError
    """
    if name not in SCALES:
        raise UserError(f"transform is {name!r}; expected one of {', '.join(SCALES)}")


def admitted(ids: Any, lowest: FloatArray, highest: FloatArray, scale: str, file: str) -> None:
    """Raise DataError with the series whose least or largest value a scale does not admit."""
    above, below = {"log": (0, np.inf), "logit": (0, 100)}.get(scale, (-np.inf, np.inf))
    expected = "values above 0" if scale == "log" else "values between 0 and 100"
    bad = ids[(lowest <= above) | (highest >= below)][:1000]
    if len(bad):
        raise DataError([Problem("error", file, None, "value", str(i), expected) for i in bad])


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
    values = frame[column].iloc[at].map(as_text)  # a year is 2024, and not 2024.0
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

"""Read panels, and targets on them, from a CSV or Parquet file, one panel after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from forecast.evidence.panels import COLUMNS, TARGETS, checked, table_of
from forecast.evidence.problems import UserError, data_error

PANEL = "panel"  # column with the name of the panel of a row
ROWS = 65_536  # of a Parquet file, read at once


def read_each(path: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Read the panels of a file one after the other; series share strength within a panel.

    A column `PANEL` names the panel of a row; without it all rows are one. Of a Parquet file, whose
    panels follow each other, one is held at a time.

    Parameters
    ----------
    path : Path
        CSV or Parquet with the columns of `COLUMNS`.

    Yields
    ------
    str, DataFrame
        The name of the panel, empty if it has none, and the panel as of `checked`.

    Raises
    ------
    DataError
        With everything that is wrong with the first panel where something is.
    forecast.evidence.problems.UserError
        When the file cannot be read.
    """
    for name, frame in _each(path, COLUMNS):
        yield name, checked(frame)


def read_targets_of(path: Path) -> dict[str, pd.DataFrame]:
    """Read targets by the name of their panel, which is empty without a column `PANEL`."""
    return dict(_each(path, TARGETS))


def _each(path: Path, needed: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    if path.suffix == ".parquet":
        yield from _parts(path, needed)
        return
    whole = table_of(path, needed)
    if PANEL not in whole:
        yield "", whole
        return
    for name, frame in whole.groupby(whole[PANEL].str.strip(), sort=False):
        frame.attrs = dict(whole.attrs)
        yield str(name), frame
        whole.attrs["notices"] = []  # told once


def _parts(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of each panel of a Parquet file, by their number in the file."""
    held: list[pd.DataFrame] = []
    name, known = "", set[str]()
    for frame in _batches(path, [*columns, PANEL]):
        if PANEL not in frame:
            held.append(frame)
            continue
        names = frame.pop(PANEL).astype(str)
        for _, rows in frame.groupby((names != names.shift()).cumsum(), sort=False):
            here = names[rows.index[0]]
            if held and here != name:
                yield name, _joined(held, path)
                known.add(name)
                held = []
            if here in known:
                expected = "all rows of a panel one after the other"
                row = int(rows.index[0])
                raise data_error(path.name, expected, row=row, column=PANEL, value=here)
            name = here
            held.append(rows)
    if held or not known:  # of a file without rows as well, to be refused
        yield name, _joined(held or [frame], path)


def _joined(held: list[pd.DataFrame], path: Path) -> pd.DataFrame:
    frame = pd.concat(held) if len(held) > 1 else held[0]
    frame.attrs["file"] = path.name
    return frame


def _batches(path: Path, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            there = [name for name in columns if name in file.schema_arrow.names]
            if not file.metadata.num_rows:
                yield file.schema_arrow.empty_table().to_pandas()
            row = 1
            for batch in file.iter_batches(ROWS, columns=there, use_threads=False):
                frame = batch.to_pandas()
                frame.index = pd.RangeIndex(row, row + len(frame), name="row")
                row += len(frame)
                yield frame
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise UserError(f"{path} cannot be read: {reason}") from error

"""Measure the peak memory of forecasts from a Parquet file of ever more panels.

    python benchmarks/stream.py [--panels 1 10 50] [--series 1000]

Every panel is made of random walks over 20 years, from a generator with a fixed seed; each line is
`forecast predict` in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

YEARS = np.arange(2005, 2025)


def write(file: Path, panels: int, series: int) -> None:
    """Write a file with a row group for every panel."""
    rng = np.random.default_rng(1)
    ids = np.repeat([f"s{n:06d}" for n in range(series)], len(YEARS))
    schema = pa.schema(
        [("panel", pa.string()), ("series_id", pa.string()), ("year", pa.int64()),
         ("value", pa.float64())]
    )  # fmt: skip
    with parquet.ParquetWriter(file, schema) as writer:
        for number in range(panels):
            path = np.exp(np.cumsum(rng.normal(0.03, 0.05, (series, len(YEARS))), axis=1))
            columns = [np.full(len(ids), f"p{number}"), ids, np.tile(YEARS, series), path.ravel()]
            writer.write_table(pa.table(dict(zip(schema.names, columns, strict=True)), schema))


def main() -> None:
    """Print a line for each number of panels."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--panels", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--series", type=int, default=1000)
    options = parser.parse_args()
    command = str(Path(sys.executable).with_name("forecast"))
    print("| panels | series | rows of values | MB of answers | peak MB | seconds |")
    print("|---|---:|---:|---:|---:|---:|")
    for panels in options.panels:
        with tempfile.TemporaryDirectory() as folder:
            file, out = f"{folder}/panels.parquet", f"{folder}/out.csv"
            write(Path(file), panels, options.series)
            begun = time.perf_counter()
            words = [command, "predict", file, "--horizon", "3", "--out", out]
            _, status, used = os.wait4(os.spawnv(os.P_NOWAIT, command, words), 0)
            if status:
                raise SystemExit(f"forecast predict ended with {os.waitstatus_to_exitcode(status)}")
            took = time.perf_counter() - begun
            series = panels * options.series
            print(
                f"| {panels} | {series:,} | {series * len(YEARS):,} "
                f"| {os.path.getsize(out) / 1e6:.0f} | {used.ru_maxrss / 1024:.0f} | {took:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

"""Make a set of many regions on a Dask cluster of two workers, one of which is killed on the way.

    python benchmarks/lost_worker.py [--regions 30] [--indicators 1]

The folder is that of `benchmarks.scale` with the plan of the top region alone, so that the series
of all regions have pages in its set. A worker is killed when a third of the pages are made. Printed
are the pages, what was lost, the time, the processor time of all processes that came to their end,
and what `forecast verify` says; the status is 1 unless every page was made and belongs to the set.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.scale import dask_workers, tables, write_tables

FORECAST = str(Path(sys.executable).with_name("forecast"))
PLAN = "plan_r0"  # of the region above all others


def write(folder: Path, regions: int, indicators: int) -> None:
    """Write the data folder."""
    made = tables(regions, indicators, targets=1)
    one = {name: made[name][made[name]["plan"] == PLAN] for name in ("plans", "targets")}
    write_tables(folder, made | one)


def make(folder: Path, draws: int) -> tuple[int, Counter[str], list[int]]:
    """Make the set; return the status of the command, what became of its pages, and who was lost.

    Parameters
    ----------
    folder : Path
        Holds the data; gets the sets.
    draws : int
    """
    command = [FORECAST, "report", "--progress", "json", "--lang", "en"]
    command += ["--backend", "dask", "--jobs", "2", "--draws", str(draws), "--families", "drift"]
    command += ["--data", str(folder / "data"), "--out", str(folder / "sets")]
    own = os.environ | {"FORECAST_CACHE": str(folder / "stored")}
    pages, lost = Counter[str](), list[int]()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=own) as run:
        assert run.stdout is not None
        for told in map(json.loads, run.stdout):
            if told.get("what") != "page":
                continue
            pages[told["item"].partition(" (")[0].split()[-1]] += 1
            if 3 * told["done"] >= told["of"] and not lost:
                worker = dask_workers(psutil.Process(run.pid))[0]
                worker.kill()
                lost.append(worker.pid)
    return run.returncode, pages, lost


def main() -> int:
    """Make the set, verify it and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--regions", type=int, default=30)
    parser.add_argument("--indicators", type=int, default=1)
    parser.add_argument("--draws", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "data", options.regions, options.indicators)
        begun = time.perf_counter()
        status, pages, lost = make(folder, options.draws)
        took = time.perf_counter() - begun
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        verify = [FORECAST, "verify", "--reports", str(folder / "sets")]
        verified = subprocess.run(verify, stdout=subprocess.PIPE, text=True, check=False)
        written = list((folder / "sets" / "latest").glob("*.html"))
    print(
        f"{options.regions} regions: {len(written)} pages written, {dict(pages)}; workers killed: "
        f"{len(lost)}; {took:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of processor time; "
        f"status {status}"
    )
    print(verified.stdout.strip())
    return int(status != 0 or verified.returncode != 0 or set(pages) != {"ok"} or len(lost) != 1)


if __name__ == "__main__":
    sys.exit(main())

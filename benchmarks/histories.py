"""Time the reconciliation of all our data, and of 300 regions with 20 indicators each.

    python benchmarks/histories.py [--regions 300] [--indicators 20]

The first is the least processor time of three runs, the reading of the tables left out; the second,
drawn as `tests/worlds.py` says, the time on the clock with the indicators on two processes.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import load
from forecast.reconciliation.reconcile import reconcile_all
from tests.worlds import ragged


def tree(size: int) -> dict[str, str]:
    """Parent by region: a nation, 10 provinces, 5 cities in each, counties for the rest."""
    parents = {"r0": ""}
    for number in range(1, size):
        if number <= 10:
            above = 0
        elif number <= 60:
            above = 1 + (number - 11) // 5
        else:
            above = 11 + (number - 61) % 50
        parents[f"r{number}"] = f"r{above}"
    return parents


def main() -> None:
    """Time both and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--regions", type=int, default=300)
    parser.add_argument("--indicators", type=int, default=20)
    options = parser.parse_args()
    evidence = load()
    seconds = []
    for _ in range(3):
        start = time.process_time()
        found = reconcile_all(evidence)
        seconds.append(time.process_time() - start)
    rows = len(evidence.observations)
    print(
        f"our data: {len(found)} histories of {rows} statements in {min(seconds):.2f} s of one core"
    )
    names = ["gdp", "share", *(f"flow{i}" for i in range(3, options.indicators + 1))]
    start = time.perf_counter()
    world = ragged(np.random.default_rng(1), tree(options.regions), names)
    drawn = time.perf_counter() - start
    # Indicators are apart from one another but for GDP, whose step the share shares.
    halves = [names[: len(names) // 2], names[len(names) // 2 :]]
    rows = world.evidence.observations
    parts = [
        replace(world.evidence, observations=rows[rows["indicator"].isin(half)]) for half in halves
    ]
    start = time.perf_counter()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        number = sum(pool.map(count, parts))
    took = time.perf_counter() - start
    said = f"{number} histories of {len(rows)} statements"
    print(
        f"{options.regions} regions, {len(names)} indicators: {said} in {took:.0f} s, two processes"
    )
    print(f"(drawing that world took {drawn:.0f} s)")


def count(evidence: Evidence) -> int:
    """Reconcile everything and say how many histories there are."""
    return len(reconcile_all(evidence))


if __name__ == "__main__":
    main()

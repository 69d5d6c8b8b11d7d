"""Measure what a region costs, from one region to hundreds, and reckon the bill for 3,000 counties.

    python benchmarks/scale.py [--regions 1 10] [--backend dask] [--families drift] [--lose]

The evidence is made up: random walks of 20 indicators over 20 years for every region of a tree, and
five targets for each of them, from a generator with a fixed seed. All histories, the record of past
forecasts, the assessments of all targets and the joint draws are computed with nothing stored
before, by one process and by two; each line is a process of its own. `--lose` kills a worker when a
third of the past forecasts are scored.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

import numpy as np
import pandas as pd
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.histories import tree
from forecast.preparation import prepare
from forecast.progress import heard
from forecast.study import open_study
from forecast.workers.backend import Workers, started, wait

YEARS = range(2005, 2025)
COUNTIES = 3_000
EMPTY = 2_000  # tasks that do nothing, to see what handing one out costs


def tables(regions: int, indicators: int, targets: int) -> dict[str, pd.DataFrame]:
    """Return the tables of a made-up folder: a tree of regions, each with a plan."""
    rng = np.random.default_rng(regions)
    parents = tree(regions)
    names = [f"series{n}" for n in range(1, indicators + 1)]
    shocks = rng.normal(0.0, 0.03, (regions, indicators, len(YEARS)))
    common = rng.normal(0.05, 0.02, (1, indicators, len(YEARS)))
    paths = 1000 * np.exp(np.cumsum(common + shocks, axis=2))
    observations = [
        (region, name, year, round(float(value), 1), "made_up", "final")
        for region, of_region in zip(parents, paths, strict=True)
        for name, path in zip(names, of_region, strict=True)
        for year, value in zip(YEARS, path, strict=True)
    ]
    aims = [
        (f"plan_{region}", f"goal{n + 1}", f"Goal {n + 1} of {region}", names[n], region,
         "at_least", YEARS[-1] + 3, round(float(paths[place, n, -1]) * 1.15, 1), "Made up")
        for place, region in enumerate(parents)
        for n in range(targets)
    ]  # fmt: skip
    columns = {
        "regions": ([(r, f"Region {r}", "place", p) for r, p in parents.items()],
                    "region name kind parent"),
        "indicators": ([(n, n.title(), "million USD", "nominal") for n in names],
                       "indicator name unit prices"),
        "sources": ([("made_up", "Made-up figures of a benchmark", "", "2025-03", "dataset"),
                     ("plan", "Made-up targets of a benchmark", "", "", "plan")],
                    "source title publisher published kind"),
        "plans": ([(f"plan_{r}", f"Plan of {r}", r, YEARS[-1] + 1, "plan") for r in parents],
                  "plan name region adopted source"),
        "targets": (aims, "plan target name indicator region comparison year value wording"),
        "observations": (observations, "region indicator period value source status"),
    }  # fmt: skip
    return {key: pd.DataFrame(r, columns=c.split()) for key, (r, c) in columns.items()}


def write(folder: Path, regions: int, indicators: int = 20, targets: int = 5) -> Path:
    """Write the made-up tables as a data folder."""
    return write_tables(folder, tables(regions, indicators, targets))


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables as a data folder."""
    folder.mkdir(parents=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    return folder


def dask_workers(above: psutil.Process) -> list[psutil.Process]:
    """Return the processes of the workers that a process has started on a cluster of its own."""
    return [p for p in above.children(recursive=True) if "spawn_main" in p.cmdline()[-2]]


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Compute all numbers of a folder with nothing stored; return what it took."""
    folder = options.folder
    os.environ["FORECAST_CACHE"] = str(folder / f"stored-{os.getpid()}")
    if not (folder / "data").exists():
        write(folder / "data", options.one)
    families = tuple(filter(None, options.families.split(",")))
    begun, here = time.perf_counter(), time.process_time()
    study = open_study(folder / "data", draws=options.draws, families=families)
    plans = list(map(str, study.evidence.plans["plan"]))
    tasks: dict[str, int] = {}
    lost: list[int] = []

    def hear(line: str) -> None:
        what, _, steps = line.split(":")[0].rpartition(" ")
        done, of = map(int, steps.split("/"))
        tasks[what] = of
        if options.lose and what == "track record" and 3 * done >= of and not lost:
            worker = dask_workers(psutil.Process())[0]
            worker.kill()
            lost.append(worker.pid)

    with heard(hear):
        workers = Workers(options.jobs, options.backend)
        prepare(study, study.series(), plans, workers, tests=False)
    wall, here = time.perf_counter() - begun, time.process_time() - here
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    chances = [a.probability for plan in plans for a in study.assess_all(plan)]
    return {
        "wall": wall,
        "processor": here + used[1].ru_utime + used[1].ru_stime,
        "alone": here,
        "here": used[0].ru_maxrss / 1024,
        "worker": used[1].ru_maxrss / 1024,
        "tasks": sum(tasks.values()),
        "lost": len(lost),
        "chances": hashlib.sha256(json.dumps(chances).encode()).hexdigest()[:8],
        "answers": sum(p is not None for p in chances),
    }


def nothing() -> None:
    """Take no time."""


def overhead(backend: str) -> float:
    """Return the seconds that it takes to hand out a task that does nothing, to two workers."""
    with started(Workers(2, backend)) as pool:
        wait({pool.submit(nothing): "" for _ in range(2)}, "", pool)  # they have begun
        begun = time.perf_counter()
        wait({pool.submit(nothing): "" for _ in range(EMPTY)}, "", pool)
        return (time.perf_counter() - begun) / EMPTY


def line(regions: int, jobs: int, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure in a process of its own, print and return the figures."""
    command = [sys.executable, __file__, "--one", str(regions), "--jobs", str(jobs)]
    command += ["--folder", str(folder), "--backend", options.backend]
    command += ["--families", options.families, "--draws", str(options.draws)]
    command += ["--lose"] * options.lose
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(
        f"| {regions} | {jobs} | {found['wall']:.0f} | {found['processor']:.0f} "
        f"| {found['alone']:.0f} "
        f"| {found['processor'] / regions:.1f} | {found['here']:.0f} | {found['worker']:.0f} "
        f"| {found['tasks']} | {found['lost']} | {found['answers']} | {found['chances']} |",
        flush=True,
    )
    return found


def gain(one: dict[str, Any], two: dict[str, Any]) -> str:
    """Say how many times two workers are as fast as one."""
    at_work = two["processor"] - two["alone"]
    bound = (two["alone"] + at_work) / (two["alone"] + at_work / 2)
    return (
        f"Two workers are {one['wall'] / two['wall']:.2f} times as fast as one on the clock; by "
        f"processor time, where nobody else is at work, {bound:.2f} times."
    )


def bill(
    small: dict[str, Any], large: dict[str, Any], regions: tuple[int, int], each: float
) -> str:
    """Say what the counties of a large country would take, from two sizes that were measured."""
    few, many = regions
    of = {k: (large[k] - small[k]) / (many - few) for k in ("processor", "here", "worker", "tasks")}
    fixed = small["processor"] - few * of["processor"]
    hours = (fixed + COUNTIES * of["processor"]) / 3600
    tasks = COUNTIES * of["tasks"]
    handing = tasks * each / 3600
    memory = {who: (small[who] + (COUNTIES - few) * of[who]) / 1024 for who in ("here", "worker")}
    return (
        f"{COUNTIES:,} counties, from {few} and {many} regions: {hours:.1f} hours of processor "
        f"time ({of['processor']:.1f} s a county) in {tasks:,.0f} tasks, {handing:.2f} hours of "
        f"one core to hand them out; with 64 workers "
        f"{60 * max(hours / 64, handing):.0f} minutes on the clock. "
        f"Memory, if it goes on as measured: {memory['here']:.1f} GB in the process that "
        f"hands out, {memory['worker']:.1f} GB in a worker."
    )


def main() -> None:
    """Print the table and the bill."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--regions", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--backend", default="local", help="local or dask")
    parser.add_argument("--families", default="drift", help="all seven beside ours if empty")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--lose", action="store_true", help="kill a worker on the way (dask)")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="keeps data and results")
    options = parser.parse_args()
    if options.one:
        (options.jobs,) = options.jobs
        print(json.dumps(measured(options)))
        return
    print("| regions | processes | seconds | of processor | here | a region | MB here "
          "| MB a worker | tasks | lost | answers | chances |")  # fmt: skip
    print("|---|" + "---:|" * 11, flush=True)
    found, gains = {}, list[str]()
    for regions in options.regions:
        with contextlib.ExitStack() as stack:
            folder = options.folder
            if folder is None:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            lines = [line(regions, jobs, folder / str(regions), options) for jobs in options.jobs]
            found[regions] = lines[-1]
            if options.jobs == [1, 2]:
                gains.append(f"{regions} regions: {gain(*lines)}")
    print("", *gains, sep="\n")
    each = {backend: overhead(backend) for backend in ("local", "dask")}
    for backend, seconds in each.items():
        print(f"\nA task that does nothing takes {1000 * seconds:.2f} ms ({backend}).")
    if len(found) > 1:
        few, many = min(found), max(found)
        print("\n" + bill(found[few], found[many], (few, many), each[options.backend]))


if __name__ == "__main__":
    main()

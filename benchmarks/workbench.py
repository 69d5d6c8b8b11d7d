"""Time what an economist waits for in a kernel after changing one thing.

    python benchmarks/workbench.py [--target gdp] [--rounds 3] [--only CHANGE] [--profile]

Each change is made to a copy of the tables, or to an option, `open_study` and `assess` are called
as a notebook does, and the seconds on the clock are printed, the median of the rounds, and those of
the processor, for machines that are shared. The answer of a change is never found stored, for every
run changes something else; "quick" is without the families of models beside the answer.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import os
import pstats
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import forecast
from forecast.cache import source_digest
from forecast.resources import REPOSITORY

assert REPOSITORY is not None


def edit(path: Path, row: dict[str, str], column: str, factor: float) -> None:
    """Multiply one cell of the last row that has these cells."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = [r for r in rows if all(r[name] == value for name, value in row.items())][-1]
    found[column] = f"{float(found[column]) * factor:.7g}"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def timed(ask: Callable[..., object], *args: int) -> tuple[float, float]:
    """Return the seconds that a call takes on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    ask(*args)
    return time.perf_counter() - clock, time.process_time() - processor


def report(name: str, seconds: list[tuple[float, float]]) -> None:
    """Print the medians."""
    clock, processor = (statistics.median(kind) for kind in zip(*seconds, strict=True))
    print(f"{name:28}{clock:6.2f} s{processor:9.2f} s", flush=True)


Change = tuple[Callable[[int], object], Callable[[int], object]]


def changes(data: Path, target: str, plan: str) -> dict[str, Change]:
    """Return by name what is changed, given the number of the round, and what is asked then."""
    run = time.time_ns() % 10**6  # what no run before has asked
    study = forecast.open_study(data)
    asked = study.evidence.target(study.plan(plan), target)
    of_target = {name: str(asked[name]) for name in ("plan", "target")}
    of_series = {name: str(asked[name]) for name in ("region", "indicator")}
    of_series |= {"measure": "level", "bound": ""}
    study.scenario("baseline", plan)

    def answer(**chosen: object) -> None:
        forecast.open_study(data, **chosen).assess(target, plan)  # type: ignore[arg-type]

    def scenario(n: int) -> None:
        wanted = forecast.Statement("china/exports", "growth", -10 - n - run / 10**6, 2027)
        study.what_if(forecast.Scenario("Tariffs", [wanted]), target, plan)

    def in_targets(n: int) -> None:
        edit(data / "targets.csv", of_target, "value", 1.001 + run / 10**8)

    def in_figures(n: int) -> None:
        edit(data / "observations.csv", of_series, "value", 1.0001 + run / 10**8)

    def nothing(n: int) -> None:
        pass

    def quick() -> None:
        forecast.open_study(data).quick().assess(target, plan)

    return {
        "nothing": (nothing, lambda n: answer()),
        "target": (in_targets, lambda n: answer()),
        "seed": (nothing, lambda n: answer(seed=run + n)),
        "as of": (nothing, lambda n: answer(as_of=f"2025-0{4 + n}-{1 + run % 27:02}")),
        "figure": (in_figures, lambda n: answer()),
        "quick, figure": (in_figures, lambda n: quick()),
        "one family": (nothing, lambda n: answer(families=["theta"], seed=run + n)),
        "scenario": (nothing, scenario),
    }


def main() -> None:
    """Time every change and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--target", default="gdp")
    parser.add_argument("--plan", default="")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="the changes whose names begin like this")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    options = parser.parse_args()
    print(f"{'':28}   clock  processor")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(REPOSITORY / "data", data)
        for name, (change, ask) in changes(data, options.target, options.plan).items():
            if not name.startswith(options.only):
                continue
            seconds, profile = [], cProfile.Profile()
            for n in range(options.rounds):
                change(n)
                source_digest.cache_clear()  # as the workbench does before every cell
                if options.profile:
                    profile.enable()
                seconds.append(timed(ask, n))
                profile.disable()
            report(name, seconds)
            if options.profile:
                pstats.Stats(profile).sort_stats("cumulative").print_stats(90)


if __name__ == "__main__":
    main()

"""Time a set of pages: cold, unchanged, after one figure, and beside papermill and nbconvert.

    python benchmarks/pages.py [--jobs 2] [--sample 12] [--data FOLDER] [--series REGION/INDICATOR]

The set is made of a copy of the data, with nothing stored before: first all numbers, then the
pages over them, both again with nothing changed, and once more after a figure of a series has been
changed a little. Then a sample of the pages, spread over the set, is made in two
ways: by one `forecast report`, and by the loop that it stands for, which runs papermill and then
nbconvert on each, a process for either, with the same numbers stored. Printed are seconds on the
clock and of the processor, of all processes that came to their end, what a set weighs, and how many
times the loop takes as long.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from shutil import copytree
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.workbench import edit
from forecast.resources import REPOSITORY

assert REPOSITORY is not None

PROGRAMS = Path(sys.executable).parent
NUMBERS = """
import sys
from forecast.study import open_study
from forecast.workers.backend import Workers
if __name__ == "__main__":
    study = open_study(sys.argv[1])
    study.prepare(study.plan(), Workers(int(sys.argv[2])))
"""


class Cost(NamedTuple):
    """Seconds on the clock and of the processor."""

    clock: float
    processor: float


def timed(*command: str | Path) -> Cost:
    """Run a command, silently, and return what it and its children cost.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails.
    """

    def used() -> float:
        spent = os.times()
        return spent.children_user + spent.children_system

    clock, processor = time.perf_counter(), used()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Cost(time.perf_counter() - clock, used() - processor)


def told(name: str, cost: Cost, pages: int = 0) -> None:
    """Print a line, with the processor time a page where it is of pages."""
    each = f"{cost.processor / pages:9.2f} a page of {pages}" if pages else ""
    print(f"{name:44}{cost.clock:8.1f}{cost.processor:10.1f}{each}", flush=True)


def tasks(sets: Path) -> list[dict[str, Any]]:
    """Return the pages of the newest set, as its manifest describes them."""
    manifest = json.loads((sets / "latest" / "manifest.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = manifest["tasks"]
    return found


def weight(sets: Path) -> float:
    """Return how many million bytes all files of the newest set have."""
    return sum(p.stat().st_size for p in (sets / "latest").rglob("*") if p.is_file()) / 1e6


def computed(pages: Sequence[dict[str, Any]]) -> int:
    """How many pages were computed and not taken over."""
    return sum(page["made"] == "computed" for page in pages)


def loop(pages: Sequence[dict[str, Any]], folder: Path) -> Cost:
    """Make pages by papermill and nbconvert, one after the other."""
    clock = processor = 0.0
    for number, page in enumerate(pages):
        made = folder / f"{number}.ipynb"
        parameters = json.dumps(page["parameters"])  # JSON is YAML
        for command in (
            ("papermill", REPOSITORY / page["notebook"], made, "--parameters_yaml", parameters),
            ("jupyter-nbconvert", "--to", "html", made),
        ):
            cost = timed(PROGRAMS / command[0], *command[1:])
            clock, processor = clock + cost.clock, processor + cost.processor
    return Cost(clock, processor)


def main() -> None:
    """Make the sets and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, default=12, help="pages made in both ways")
    parser.add_argument("--data", type=Path, default=REPOSITORY / "data")
    parser.add_argument("--series", default="jinhua/express", help="a figure is changed of")
    options = parser.parse_args()
    of = dict(zip(("region", "indicator"), options.series.split("/"), strict=True))
    of |= {"measure": "level", "bound": ""}
    with tempfile.TemporaryDirectory() as folder:
        data, sets, here = (Path(folder) / name for name in ("data", "sets", "loop"))
        copytree(options.data, data)
        edit(data / "observations.csv", of, "value", 1.0)  # fails at once if there is no figure
        here.mkdir()
        os.environ["FORECAST_CACHE"] = str(Path(folder) / "stored")
        made = (PROGRAMS / "forecast", "report", "--data", data, "--out", sets)
        made += ("--jobs", str(options.jobs))
        print(f"{'seconds':44}{'clock':>8}{'processor':>10}")
        told("all numbers", timed(sys.executable, "-c", NUMBERS, data, str(options.jobs)))
        told("all pages, numbers stored", timed(*made), len(tasks(sets)))
        print(f"{'weight of the set, MB':44}{weight(sets):8.2f}")
        told("nothing changed", timed(*made))
        edit(data / "observations.csv", of, "value", 1.0001)
        changed = timed(*made)
        told(f"a figure of {options.series} changed", changed, computed(tasks(sets)))
        every = tasks(sets)
        some = every[:: max(1, len(every) // options.sample)]
        names = ",".join(str(page["page"]).removesuffix(".html") for page in some)
        ours = timed(*made, "--only", names, "--force")
        told("a sample of pages by forecast report", ours, len(some))
        naive = loop(some, here)
        told("the same by papermill and nbconvert", naive, len(some))
        print(f"The loop takes {naive.processor / ours.processor:.1f} times the processor time.")


if __name__ == "__main__":
    main()

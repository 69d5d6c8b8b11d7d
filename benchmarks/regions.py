"""Run the states of the US as one folder of data, with a plan for each.

    python benchmarks/regions.py --reference DIR [--states 51] [--keep FOLDER]

The folder is made from GDP by state, at current and at constant prices (those of the file, which
are nominal from 1998 on: here they only take time). No state has these plans: their targets are
pseudo-targets of the benchmark, and say so. All is done in one process with nothing stored: the
folder is read, all series are reconciled, their past forecasts are scored, and every target of
every plan is answered. Printed are the seconds of processor time of each step, in all and by
region, the memory, and every failure.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forecast.evidence.problems import UserError
from forecast.study import open_study

T = TypeVar("T")
FILE = "us_state_gdp_spliced_1963_2021.csv"
SOURCE = "BEA, GDP by state, https://apps.bea.gov/regional/"
TOP = "US"
AHEAD = 5
#: Of every state: key, name, indicator, wording, and whether the pace of ten years decides.
TARGETS = (
    ("gdp", "GDP", "gdp", f"1.2 times the GDP of the last year in {AHEAD} years", False),
    ("pace", "Pace of GDP", "gdp", "GDP keeps the pace of the last ten years", True),
    ("real", "Real GDP", "rgdp", "real GDP keeps the pace of the last ten years", True),
)


def tables(long: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables of the folder.

    Parameters
    ----------
    long : DataFrame
        Columns ``year, stabbr, name, value``; millions of dollars, ``name`` is gdp or rgdp.
    """
    last = int(long["year"].max())
    states = sorted(set(long["stabbr"]) - {TOP})
    wide = long.pivot(index="year", columns=["stabbr", "name"], values="value")
    regions = [("us", "United States", "country", "")]
    regions += [(f"state_{s.lower()}", f"State {s}", "place", "us") for s in states]
    plans, targets = [], []
    for state, (region, name, *_) in zip(states, regions[1:], strict=True):
        plan = region.replace("state", "plan")
        plans.append((plan, f"Pseudo-plan of {name}", region, last, "benchmark"))
        for target, title, indicator, wording, paced in TARGETS:
            path = wide[state, indicator]
            factor = (path[last] / path[last - 10]) ** (AHEAD / 10) if paced else 1.2
            said = f"Pseudo-target of the benchmark: {wording}"
            targets.append((plan, target, title, indicator, region, "at_least", last + AHEAD,
                            round(factor * path[last]), said))  # fmt: skip
    place = {TOP: "us", **{s: r[0] for s, r in zip(states, regions[1:], strict=True)}}
    rows = [
        (place[r.stabbr], r.name, r.year, round(r.value, 1), "bea", "final")
        for r in long.itertuples(index=False)
    ]
    indicators = [
        ("gdp", "GDP", "million USD", "nominal"),
        ("rgdp", "Real GDP", "million USD", "real"),
    ]
    sources = [
        ("bea", "GDP by state", "BEA", f"{last + 1}-03", "dataset"),
        ("benchmark", "Pseudo-targets of the benchmark", "", "", "plan"),
    ]
    columns = {
        "regions": (regions, "region name kind parent"),
        "indicators": (indicators, "indicator name unit prices"),
        "sources": (sources, "source title publisher published kind"),
        "plans": (plans, "plan name region adopted source"),
        "targets": (targets, "plan target name indicator region comparison year value wording"),
        "observations": (rows, "region indicator period value source status"),
    }
    return {key: pd.DataFrame(r, columns=names.split()) for key, (r, names) in columns.items()}


def write(long: pd.DataFrame, folder: Path) -> None:
    """Write the tables as a data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables(long).items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def timed(what: str, regions: int, step: Callable[[], T]) -> T:
    """Take a step, and print its time and the most memory until then."""
    start = time.process_time()
    found = step()
    took = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:13s}{took:7.1f} s {took / regions:7.2f} s a region {peak:6.0f} MB", flush=True)
    return found


def run(data: Path) -> int:
    """Answer all plans of a folder; return 1 if anything failed."""
    regions = len(pd.read_csv(data / "plans.csv"))
    study = timed("reading", regions, lambda: open_study(data))
    timed("histories", regions, study.histories)
    timed("track record", regions, study.record)
    failed = [f"{series}: {why}" for series, why in study.failed().items()]
    seconds: dict[str, float] = {}

    def answer_all() -> list[tuple[str, str, float | None]]:
        found = []
        for plan in map(str, study.evidence.plans["plan"]):
            start = time.process_time()
            try:
                answers = study.assess_all(plan)
            except UserError as error:
                failed.append(f"{plan}: {error}")
            else:
                found += [(str(a.target["target"]), a.status, a.probability) for a in answers]
            seconds[plan] = time.process_time() - start
        return found

    answers = timed("answers", regions, answer_all)
    slowest = max(seconds, key=seconds.__getitem__)
    print(f"a plan: {min(seconds.values()):.1f} to {seconds[slowest]:.1f} s ({slowest})")
    for target, title, *_ in TARGETS:
        mine = [(status, p) for asked, status, p in answers if asked == target]
        given = pd.Series([p for _, p in mine], dtype=float)
        print(f"{title}: {dict(Counter(status for status, _ in mine))}; probability "
              f"{given.min():.2f}, median {given.median():.2f}, {given.max():.2f}")  # fmt: skip
    print(*(failed or ["no failure"]), sep="\n")
    return int(bool(failed))


def main() -> int:
    """Make the folder, answer everything and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--reference", type=Path, required=True, help="folder of the reference data"
    )
    parser.add_argument("--states", type=int, default=51, help="how many states")
    parser.add_argument("--keep", type=Path, help="folder that keeps the data")
    options = parser.parse_args()
    if not (options.reference / FILE).is_file():
        print(f"{options.reference} lacks {FILE}; it can be had in public: {SOURCE}",
              file=sys.stderr)  # fmt: skip
        return 2
    long = pd.read_csv(options.reference / FILE)
    kept = [TOP, *sorted(set(long["stabbr"]) - {TOP})[: options.states]]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FORECAST_CACHE"] = f"{folder}/cache"
        data = options.keep or Path(folder) / "data"
        write(long[long["stabbr"].isin(kept)], data)
        return run(data)


if __name__ == "__main__":
    sys.exit(main())

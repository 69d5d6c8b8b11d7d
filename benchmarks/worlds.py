"""Reconcile worlds with a known truth, and say how often the intervals hold it.

    python benchmarks/worlds.py [--worlds 500] [--jobs 2] [--seed 1] [--shocks 0.02]

What such a world holds is said in `tests/worlds.py`. A gap is a year without a published level on
today's basis between two years that have one; linear interpolation (in logs) is given these levels
without the wrong ones, which it could not tell from the right, and the reconciliation is given
every row. Errors are in logs; the standard error after ± lets worlds vary as wholes, because the
years of a world share its chances.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forecast.reconciliation.reconcile import reconcile_all
from tests.worlds import FIRST, LAST, Ragged, ragged


def recovered(world: Ragged, number: int = 0) -> pd.DataFrame:
    """Compare a world's histories with its truth.

    Returns
    -------
    DataFrame
        One row per series and year of its history: ``world, region, indicator, year, origin``;
        ``error`` in logs; ``score``, the error in standard deviations on the indicator's scale;
        ``inside``, whether the 90 % interval holds the truth; ``linear``, the error of linear
        interpolation in a gap, else NaN; ``known``, whether a right level was published for the
        year on any basis.
    """
    frames = []
    rows = world.evidence.observations
    levels = rows[
        (rows["measure"] == "level") & (rows["bound"] == "") & ~rows["observation"].isin(world.bad)
    ]
    for key, found in reconcile_all(world.evidence).items():
        region, indicator = key.split("/")
        truth = world.truth[region, indicator][found.years - FIRST]
        sd = np.sqrt(np.diag(found.cov))
        score = (found.scale.forward(truth) - found.mean) / sd
        low, high = found.quantiles([0.05, 0.95]).T
        own = levels[(levels["region"] == region) & (levels["indicator"] == indicator)]
        todays = own[own["basis"] == ""].groupby("period")["value"].median()
        known = todays.index.astype(int).to_numpy()
        linear = np.full(len(truth), np.nan)
        if len(known) > 1:
            line = np.interp(found.years, known, np.log(todays.to_numpy()), np.nan, np.nan)
            gap = ~np.isin(found.years, known)
            linear[gap] = (line - np.log(truth))[gap]
        frames.append(
            pd.DataFrame(
                {
                    "world": number,
                    "region": region,
                    "indicator": indicator,
                    "year": found.years,
                    "origin": found.origin,
                    "error": np.log(found.values() / truth),
                    "score": score,
                    "inside": (low <= truth) & (truth <= high),
                    "linear": linear,
                    "known": np.isin(found.years, own["period"].astype(int)),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def one(task: tuple[int, int], shocks: float = 0.0) -> pd.DataFrame:
    """Draw and reconcile the world of a seed and number; `seconds` is the reconciling alone."""
    world = ragged(np.random.default_rng(task), shocks=shocks)
    start = time.process_time()
    table = recovered(world, task[1])
    return table.assign(seconds=time.process_time() - start)


def share(table: pd.DataFrame, column: str = "inside") -> tuple[float, float]:
    """Mean of a column, and its standard error with worlds as the independent units."""
    sums = table.groupby("world")[column].agg(["sum", "count"])
    mean = float(sums["sum"].sum() / sums["count"].sum())
    off = sums["sum"] - mean * sums["count"]
    return mean, float(np.sqrt((off**2).sum()) / sums["count"].sum())


def report(table: pd.DataFrame) -> str:
    """Lay out what :func:`recovered` found for many worlds."""
    last = table["year"] == LAST
    lines = ["share of 90 % intervals that hold the truth", ""]

    def line(name: str, rows: pd.DataFrame) -> None:
        if len(rows):
            mean, error = share(rows)
            z = np.sqrt((rows["score"] ** 2).clip(upper=25).mean())
            rmse = 100 * np.sqrt((rows["error"] ** 2).mean())
            typical = 100 * rows["error"].abs().median()
            lines.append(
                f"{name:28}{len(rows):8}{100 * mean:8.1f} ±{100 * error:4.1f}"
                f"{z:8.2f}{typical:9.2f}{rmse:9.2f}"
            )

    lines.append(f"{'':28}{'years':>8}{'% held':>8}{'':6}{'score':>8}{'median %':>9}{'rmse %':>9}")
    line("history, all", table[~last])
    for origin in ("published", "derived", "imputed", "interpolated", "nowcast"):
        line(f"  {origin}", table[~last & (table["origin"] == origin)])
    for indicator in ("gdp", "trade", "share"):
        line(f"  {indicator}", table[~last & (table["indicator"] == indicator)])
    for region in ("nation", "province", "city", "county"):
        line(f"  {region}", table[~last & (table["region"] == region)])
    line("running year, all", table[last])
    for origin in ("derived", "imputed", "interpolated", "nowcast"):
        line(f"  {origin}", table[last & (table["origin"] == origin)])
    for region in ("nation", "province", "city", "county"):
        line(f"  {region}", table[last & (table["region"] == region)])
    series = table.groupby(["world", "region", "indicator"])["year"].max()
    silent = series[series < LAST].reset_index()
    counts = silent["indicator"].value_counts().sort_index().to_dict()
    lines.append(f"running years without a nowcast, of {len(series)} series: {counts}")
    gaps = table[table["linear"].notna() & ~last]
    lines += ["", "gaps: root mean square error, ours and linear interpolation, in percent", ""]
    for name, rows in [("all", gaps), *gaps.groupby("indicator")]:
        ours, line_ = (100 * np.sqrt((rows[c] ** 2).mean()) for c in ("error", "linear"))
        middle = rows["error"].abs().median() / rows["linear"].abs().median()
        lines.append(
            f"{name:12}{len(rows):8}{ours:9.2f}{line_:9.2f}   ratio {ours / line_:.2f}"
            f"   of medians {middle:.2f}"
        )
    seconds = table.groupby("world")["seconds"].first()
    lines += ["", f"{seconds.mean():.2f} s a world on one core, {seconds.sum():.0f} s in all"]
    return "\n".join(lines)


def main() -> None:
    """Run the worlds on several processes and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--shocks", type=float, default=0.0, help="share of the years in which a series moves"
    )
    parser.add_argument("--save", type=Path, help="also write every row to this CSV file")
    options = parser.parse_args()
    tasks = [(options.seed, number) for number in range(options.worlds)]
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        every = pool.map(partial(one, shocks=options.shocks), tasks, chunksize=4)
        table = pd.concat(every, ignore_index=True)
    if options.save:
        table.to_csv(options.save, index=False)
    shocks = f", shocks in {100 * options.shocks:g} % of the years" if options.shocks else ""
    print(f"{options.worlds} worlds, seed {options.seed}{shocks}\n")
    print(report(table))


if __name__ == "__main__":
    main()

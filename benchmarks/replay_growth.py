"""Replay the growth of our own series: bias by outcome year, and how "keeps its pace" was foreseen.

    python benchmarks/replay_growth.py [--data DIR] [--first 2013] [--last 2025] [--horizon 3]

Every series of flows is forecast from every past year, among all others as they were, by the tables
of `data/calibration.json`; run it on two states of the program to compare them. The path is
today's reconciled history, cut off at the origin. Bias is the mean of the median less the outcome,
in points of growth a year; series of a year share its shock, so that a year is one case.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forecast import open_study
from forecast.verification import scores
from forecast.verification.track_record import LEVELS, ensemble_record


def replayed(data: str | None, horizon: int) -> pd.DataFrame:
    """Return past forecasts of all flows.

    Returns
    -------
    DataFrame
        By case: ``series, origin, horizon, year, bias`` (points of growth a year), ``crps``
        (hundredths of the log), ``inside`` the 80 % interval, ``brier`` of keeping the pace.
    """
    histories = {key: h for key, h in open_study(data).histories().items() if h.kind == "flow"}
    past = ensemble_record(histories, 40, horizon)
    quantiles = np.stack(past["quantiles"].to_list())
    h = past["horizon"].to_numpy(int)
    actual, pace = past["actual"].to_numpy(float), (past["start"] + h * past["pace"]).to_numpy()
    chance = [1 - np.interp(a, q, LEVELS) for a, q in zip(pace, quantiles, strict=True)]
    return past[["series", "origin", "horizon"]].assign(
        year=past["origin"].to_numpy(int) + h,
        bias=100 * (quantiles[:, 49] - actual) / h,
        crps=100 * scores.crps(actual, quantiles, LEVELS),
        inside=(quantiles[:, 9] <= actual) & (actual <= quantiles[:, 89]),
        brier=(np.array(chance) - (actual >= pace)) ** 2,
    )


def main() -> None:
    """Print bias by outcome year, and the scores of each horizon."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder of the tables (the project's own)")
    parser.add_argument("--first", type=int, default=2013, help="first outcome year (2013)")
    parser.add_argument("--last", type=int, default=2025, help="last outcome year (2025)")
    parser.add_argument("--horizon", type=int, default=3, help="years ahead (3)")
    options = parser.parse_args()
    past = replayed(options.data, options.horizon)
    past = past[past["year"].between(options.first, options.last)]
    if past.empty:
        sys.exit("replay_growth: no outcome lies in these years")
    print("Median less outcome, points of growth a year, by outcome year (columns: years ahead)")
    table = past.pivot_table(index="year", columns="horizon", values="bias", aggfunc="mean")
    print(table.to_string(float_format="{:+.1f}".format, na_rep="-"))
    by_year = past.groupby(["horizon", "year"])[["bias", "brier"]].mean().groupby("horizon")
    every = past.groupby("horizon")
    print("\nBy years ahead; mean and size of the bias count every year once")
    summary = pd.DataFrame({
        "cases": every.size(),
        "mean bias": by_year["bias"].mean(),
        "size of bias": by_year["bias"].apply(lambda b: float(np.abs(b).mean())),
        "CRPS": every["crps"].mean(),
        "in 80 %": 100 * every["inside"].mean(),
        "Brier, keeps its pace": every["brier"].mean(),
    })  # fmt: skip
    print(summary.to_string(float_format="{:.3f}".format))


if __name__ == "__main__":
    main()

"""Hold forecasts with what others expect against forecasts without, on the countries of the WEO.

    python benchmarks/outside.py --reference DIR

Ours is the learned ensemble on the World Bank's real growth up to the origin; theirs is the World
Economic Outlook. Both are judged by growth as the IMF recorded it a year later, to 2012. In spring
the year before is known, so that one year ahead is the year of the issue; autumn issues are looked
at in their own year and in the year after. What is learned
(`forecast.calibration.outside_forecasts`) comes from other outcome years than those scored: either
blocks of four years are left out, or years to 2001 teach and years from 2002 on are scored. The
update is the one that our own forecasts get (`forecast.expectations.update.updated`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

import numpy as np
import numpy.typing as npt
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forecast.calibration import outside_forecasts, reference_sets
from forecast.calibration.outside_forecasts import LEVELS, Cases, crps
from forecast.expectations import update as outside

FloatArray = npt.NDArray[np.float64]
BLOCK = 4  # outcome years left out at a time
SPLIT = 2001  # last outcome year that teaches in the split by time
ISSUES = {-0.5: "spring", -1.0: "autumn", 0.0: "autumn before"}


def blocks(years: npt.NDArray[np.int64]) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield masks of the years that teach and of those that are scored."""
    for first in range(int(years.min()), int(years.max()) + 1, BLOCK):
        scored = (years >= first) & (years < first + BLOCK)
        yield ~scored, scored


def with_others(past: Cases, known: outside.Constants, seed: int) -> FloatArray:
    """Take theirs into ours, case by case.

    Returns
    -------
    ndarray, shape (n, len(LEVELS))
        Sorted draws, log growth in percent.
    """
    rng = np.random.default_rng(seed)
    out = np.empty_like(past.ours)
    for i, (draws, theirs, lead) in enumerate(zip(past.ours, past.theirs, past.lead, strict=True)):
        bearing = outside.Bearing(np.ones(1), float(theirs), float(lead), 0)
        out[i] = np.sort(outside.updated(draws[:, None], [bearing], known, rng)[:, 0])
    return out


def combined(past: Cases, by_blocks: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Combine every case with constants from other years; rows that were not scored are NaN.

    Returns
    -------
    theirs, alone : ndarray, shape (n, len(LEVELS))
        Ours with theirs, and ours with its spread fitted on the same years.
    factor : ndarray
    """
    parts = blocks(past.year) if by_blocks else [(past.year <= SPLIT, past.year > SPLIT)]
    both = np.full_like(past.ours, np.nan)
    alone = np.full_like(past.ours, np.nan)
    for teach, score in parts:
        prices = {"persistence": 0.0, "spread": 0.0}  # real growth needs none
        known = outside.constants_of(
            outside_forecasts.learn(past.where(teach)) | {"prices": prices}
        )
        both[score] = with_others(past.where(score), known, int(past.year[score].min()))
        for horizon in np.unique(past.horizon):
            here = past.where(teach & (past.horizon == horizon))
            rows = score & (past.horizon == horizon)
            m, s = here.centre, here.scale
            z = (here.ours - m[:, None]) / s[:, None]
            scores = [
                np.average(crps(k * z, (here.came - m) / s), weights=here.weight)
                for k in outside_forecasts.SPREADS
            ]
            k = float(outside_forecasts.SPREADS[int(np.argmin(scores))])
            middle = np.median(past.ours[rows], axis=1, keepdims=True)
            alone[rows] = middle + k * (past.ours[rows] - middle)
    return both, alone


def row(past: Cases, forecasts: dict[str, FloatArray]) -> dict[str, float]:
    """Score one issue and horizon, every outcome year counting the same."""
    weight = past.weight

    def score(q: FloatArray) -> float:
        return float(np.average(crps(q, past.came), weights=weight))

    def held(q: FloatArray) -> float:
        low, high = (q[:, int(np.argmin(np.abs(LEVELS - level)))] for level in (0.1, 0.9))
        inside = (low <= past.came) & (past.came <= high)
        return 100 * float(np.average(inside, weights=weight))

    own = score(past.ours)
    found = {"cases": len(past.year), "CRPS ours": own}
    for name, q in forecasts.items():
        found[name] = score(q) / own
    found["80 % ours"], found["80 % with"] = held(past.ours), held(forecasts["with / ours"])
    return found


def main() -> int:
    """Run the comparison and print a table for each way of leaving years out."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--reference", type=Path, required=True, metavar="DIR")
    folder = parser.parse_args().reference
    try:
        weo, world = reference_sets.outlook(folder)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    past = outside_forecasts.cases(weo, world[world["Code"].isin(weo["ISOAlpha_3Code"])])
    for by_blocks in (True, False):
        both, alone = combined(past, by_blocks)
        rows = []
        for less, issue in ISSUES.items():
            for horizon in range(1, outside_forecasts.HORIZONS + 1):
                here = (past.horizon == horizon) & (past.lead == horizon + less)
                here &= np.isfinite(both[:, 0])
                found = row(
                    past.where(here),
                    {"with / ours": both[here], "ours, spread fitted / ours": alone[here]},
                )
                rows.append({"issue": issue, "h": horizon, **found})
        how = (
            f"blocks of {BLOCK} years left out" if by_blocks else f"learned to {SPLIT}, then scored"
        )
        print(f"\nGrowth of countries, {how}")
        print(pd.DataFrame(rows).to_string(index=False, float_format=lambda v: f"{v:.3f}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

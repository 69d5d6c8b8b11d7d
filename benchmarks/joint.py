"""Hold joint draws and conditional forecasts against what came, on panels of countries and states.

    python benchmarks/joint.py --reference DIR [--quick]

For every origin the marginals are those of `forecast predict`, and the correlations are learned
from the errors of the ten origins before, by the code that joins our own series. Three questions:

- Are joint draws better than independent ones? Energy and variogram scores (Gneiting & Raftery
  2007; Scheuerer & Hamill 2015) of GDP, trade and population of a country three years ahead, and of
  the GDP of all countries together; ratios below one favour the joint draws.
- Is "at least k of n" calibrated? n targets are "grows as in the five years before": of the three
  figures of a country, and of the GDP of ten countries.
- Does it help to know a driver? The draws are conditioned on what world (or national) GDP truly
  became, as a scenario that came true would; the score of all other series should fall.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

import numpy as np
import numpy.typing as npt
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forecast.dependence.conditioning import condition
from forecast.dependence.copula import Label, learn, ordered, over_years
from forecast.evidence.panels import checked
from forecast.forecasting.panel_data import parts
from forecast.forecasting.panel_forecast import forecast

FloatArray = npt.NDArray[np.float64]
Errors = pd.DataFrame

DRAWS = 2000
HORIZON = 3
PAST = 10  # origins whose errors teach the correlations, as many as our own record has
LEVELS = (np.arange(DRAWS) + 0.5) / DRAWS
SIXTEEN = np.array([0.16, 0.5, 0.84])
SOURCES = {
    "pwt1001_selected.csv": "Penn World Table 10.01, https://www.rug.nl/ggdc/productivity/pwt/",
    "us_state_gdp_spliced_1963_2021.csv": "BEA, GDP by state, https://apps.bea.gov/regional/",
}


@dataclass(frozen=True)
class Panel:
    """Yearly figures of regions and of the region above them, on which all are conditioned."""

    name: str
    table: pd.DataFrame  # rows years, columns region/indicator
    top: str
    indicators: tuple[str, ...]
    origins: range


def world(folder: Path) -> Panel:
    """Real GDP, trade and population of the forty largest countries with all figures."""
    raw = pd.read_csv(folder / "pwt1001_selected.csv")
    raw["trade"] = (raw["csh_x"] - raw["csh_m"]) * raw["cgdpo"]
    raw = raw[(raw["year"] >= 1960) & (raw["trade"] > 0)]
    wide = {
        name: raw.pivot(index="year", columns="isocode", values=column).dropna(axis=1)
        for name, column in (("gdp", "rgdpna"), ("trade", "trade"), ("population", "pop"))
    }
    shared = sorted(set.intersection(*(set(w.columns) for w in wide.values())))
    largest = wide["population"][shared].iloc[-1].nlargest(40).index
    columns = {}
    for name, w in wide.items():
        columns |= {f"{c}/{name}": w[c] for c in sorted(largest)}
        columns[f"WORLD/{name}"] = w[sorted(largest)].sum(axis=1)
    return Panel("World", pd.DataFrame(columns), "WORLD", tuple(wide), range(1990, 2017, 2))


def states(folder: Path) -> Panel:
    """Nominal GDP of the states of the US."""
    raw = pd.read_csv(folder / "us_state_gdp_spliced_1963_2021.csv")
    wide = raw[raw["name"] == "gdp"].pivot(index="year", columns="stabbr", values="value")
    wide = wide.drop(columns=[c for c in ("US", "DC") if c in wide]).dropna(axis=1)
    table = wide.add_suffix("/gdp")
    table["US/gdp"] = wide.sum(axis=1)
    return Panel("US states", table, "US", ("gdp",), range(1990, 2019, 2))


def said(panel: Panel, origin: int, levels: FloatArray) -> tuple[list[str], FloatArray]:
    """Forecast all series from one origin, each indicator as a panel of its own, in logs.

    Returns
    -------
    keys : list of str
    quantiles : ndarray, shape (n_series, horizon, n_levels)
    """
    keys: list[str] = []
    quantiles = []
    for indicator in panel.indicators:
        columns = [c for c in panel.table if c.endswith(f"/{indicator}")]
        long = panel.table.loc[:origin, columns].stack().rename("value").reset_index()
        long.columns = pd.Index(["year", "series_id", "value"])
        (part,) = parts(checked(long), "log")
        found = forecast(part, HORIZON)
        keys += [str(i) for i in found.part.ids]
        quantiles.append(found.scaled(levels))
    return keys, np.concatenate(quantiles)


def errors(panel: Panel, first: int) -> Errors:
    """Standardised errors from all origins, one to three years ahead."""
    logs, rows = np.log(panel.table), []
    for origin in range(first, panel.origins[-1] + 1):
        keys, q = said(panel, origin, SIXTEEN)
        for h in range(1, min(HORIZON, int(logs.index[-1]) - origin) + 1):
            actual = logs.loc[origin + h, keys].to_numpy()
            sd = (q[:, h - 1, 2] - q[:, h - 1, 0]) / 2
            z = np.clip((actual - q[:, h - 1, 1]) / sd, -3, 3)
            rows += [(key, origin, h, e) for key, e in zip(keys, z, strict=True)]
    return pd.DataFrame(rows, columns=["series", "origin", "horizon", "error"])


def draw(
    panel: Panel,
    origin: int,
    keys: list[str],
    quantiles: FloatArray,
    past: Errors,
    rng: np.random.Generator,
    joint: bool,
) -> FloatArray:
    """Draws of all series and years in logs, shape (DRAWS, n_series, HORIZON)."""
    n = len(keys)
    correlation = np.eye(n)
    if joint:
        labels = [
            Label(key, *key.split("/"), "stock" if key.endswith("population") else "flow")
            for key in keys
        ]
        known = past[(past["origin"] + past["horizon"] <= origin)]
        known = known[known["origin"] > origin - HORIZON - PAST]
        regions = {label.region for label in labels} - {panel.top}
        correlation = learn(known, labels, dict.fromkeys(regions, panel.top))
    years = range(origin + 1, origin + HORIZON + 1)
    cells = [(s, y) for s in range(n) for y in years]
    # Independent: the years of a series hang together, and nothing else does.
    full = over_years(correlation, [origin] * n, [1e-9] * n, cells)
    root = np.linalg.cholesky(full + 1e-8 * np.eye(len(cells)))
    order = rng.standard_normal((DRAWS, len(cells))) @ root.T
    out = np.empty((DRAWS, n, HORIZON))
    for column, (s, year) in enumerate(cells):
        h = year - origin - 1
        out[:, s, h] = ordered(quantiles[s, h], order[:, column])
    return out


# Scores -------------------------------------------------------------------------------------------


def energy(draws: FloatArray, actual: FloatArray) -> float:
    """Energy score of draws of a vector, shape (n, d)."""
    near = np.linalg.norm(draws - actual, axis=1).mean()
    apart = np.linalg.norm(draws - np.roll(draws, 1, axis=0), axis=1).mean()
    return float(near - apart / 2)


def variogram(draws: FloatArray, actual: FloatArray) -> float:
    """Variogram score of order one half."""
    total = 0.0
    for i in range(len(actual)):
        expected = np.sqrt(np.abs(draws[:, [i]] - draws[:, i + 1 :])).mean(axis=0)
        total += float(((np.sqrt(np.abs(actual[i] - actual[i + 1 :])) - expected) ** 2).sum())
    return total


def crps(draws: FloatArray, actual: FloatArray) -> FloatArray:
    """Continuous ranked probability score of draws, shape (n, d), dimension by dimension."""
    ordered_draws = np.sort(draws, axis=0)
    n = len(draws)
    rank = (2 * np.arange(1, n + 1) - n - 1)[:, None]
    out: FloatArray = (
        np.abs(draws - actual).mean(axis=0) - (rank * ordered_draws).sum(axis=0) / n**2
    )
    return out


def covered(draws: FloatArray, actual: FloatArray) -> FloatArray:
    """Whether the 80 % interval holds what came."""
    low, high = np.quantile(draws, [0.1, 0.9], axis=0)
    out: FloatArray = ((low <= actual) & (actual <= high)).astype(float)
    return out


def evaluate(panel: Panel, seed: int = 2027) -> dict[str, pd.DataFrame]:
    """Score joint and independent draws, counts and conditional forecasts at every origin."""
    past = errors(panel, panel.origins[0] - HORIZON - PAST)
    logs = np.log(panel.table)
    scores, counts, drivers = [], [], []
    for origin in panel.origins:
        keys, quantiles = said(panel, origin, LEVELS)
        for joint in (False, True):
            rng = np.random.default_rng([seed, origin])
            draws = draw(panel, origin, keys, quantiles, past, rng, joint)
            actual = logs.loc[origin + 1 : origin + HORIZON, keys].to_numpy().T
            start = logs.loc[origin, keys].to_numpy()
            pace = (start - logs.loc[origin - 5, keys].to_numpy()) / 5
            last, came = draws[:, :, -1], actual[:, -1]
            centre = np.median(last, axis=0)
            sd = np.diff(np.quantile(last, [0.16, 0.84], axis=0), axis=0)[0] / 2
            z, a = (last - centre) / sd, (came - centre) / sd
            met = last >= start + HORIZON * pace
            true = came >= start + HORIZON * pace
            place = {key: i for i, key in enumerate(keys)}
            regions = [k.split("/")[0] for k in keys if k.endswith("/gdp")]
            regions = [region for region in regions if region != panel.top]
            groups = {}
            if len(panel.indicators) > 1:
                groups["of a country"] = [
                    [place[f"{region}/{name}"] for name in panel.indicators] for region in regions
                ]
            tens = np.random.default_rng(seed).permutation(regions)
            groups["GDP of ten"] = [
                [place[f"{region}/gdp"] for region in tens[i : i + 10]]
                for i in range(0, len(tens) - 9, 10)
            ]
            groups["GDP of all"] = [[place[f"{region}/gdp"] for region in regions]]
            for what, members in groups.items():
                for rows in members:
                    scores.append((what, origin, joint, energy(z[:, rows], a[rows]),
                                   variogram(z[:, rows], a[rows])))  # fmt: skip
                    number, truth = met[:, rows].sum(axis=1), int(true[rows].sum())
                    for k in range(1, len(rows) + 1):
                        counts.append((what, origin, joint, k, len(rows), (number >= k).mean(),
                                       truth >= k, number.mean(),
                                       np.quantile(number, 0.1) <= truth
                                       <= np.quantile(number, 0.9)))  # fmt: skip
            if not joint:
                continue
            top = place[f"{panel.top}/gdp"]
            flat = draws.reshape(DRAWS, -1)
            rows_of_top = np.zeros((HORIZON, flat.shape[1]))
            rows_of_top[np.arange(HORIZON), top * HORIZON + np.arange(HORIZON)] = 1.0
            moved = condition(flat, rows_of_top, actual[top]).draws.reshape(draws.shape)
            for h in range(HORIZON):
                before, after = draws[:, :, h], moved[:, :, h]
                spread = [np.subtract(*np.quantile(d, [0.9, 0.1], axis=0)) for d in (before, after)]
                drivers.append(pd.DataFrame({
                    "series": keys, "origin": origin, "horizon": h + 1,
                    "before": crps(before, actual[:, h]), "after": crps(after, actual[:, h]),
                    "width_before": spread[0], "width_after": spread[1],
                    "inside_before": covered(before, actual[:, h]),
                    "inside_after": covered(after, actual[:, h]),
                })[[i != top for i in range(len(keys))]])  # fmt: skip
    return {
        "scores": pd.DataFrame(scores, columns=["what", "origin", "joint", "energy", "variogram"]),
        "counts": pd.DataFrame(counts, columns=["what", "origin", "joint", "k", "n", "p", "met",
                                                "expected", "inside"]),
        "drivers": pd.concat(drivers, ignore_index=True),
    }  # fmt: skip


def report(panel: Panel, found: dict[str, pd.DataFrame]) -> None:
    """Print what was found."""
    n = len(panel.origins)
    print(f"\n{panel.name}: {panel.table.shape[1]} series, {n} origins "
          f"{panel.origins[0]}-{panel.origins[-1]}, {HORIZON} years ahead")  # fmt: skip
    table = found["scores"].groupby(["what", "joint"])[["energy", "variogram"]].mean().unstack()
    print("\nJoint draws over independent ones (below 1: joint are better)")
    for what in table.index:
        ratio = [table.loc[what, (s, True)] / table.loc[what, (s, False)]
                 for s in ("energy", "variogram")]  # fmt: skip
        print(f"  {what:14s} energy score {ratio[0]:.3f}   variogram score {ratio[1]:.3f}")
    counts = found["counts"]
    counts = counts.assign(brier=(counts["p"] - counts["met"]) ** 2)
    print("\nAt least k of n: Brier score, and outcomes inside the 80 % interval of the count")
    for what, rows in counts.groupby("what"):
        by = rows.groupby("joint")
        brier, inside = by["brier"].mean(), by["inside"].mean()
        origins = rows.groupby(["origin", "joint"])["brier"].mean().unstack()
        gap = (origins[True] - origins[False]) / brier[False]
        change, error = 100 * gap.mean(), 100 * gap.std() / np.sqrt(len(gap))
        print(f"  {what:14s} Brier independent {brier[False]:.4f}, joint {brier[True]:.4f} "
              f"({change:+.1f} % ± {error:.1f}); inside 80 %: independent "
              f"{100 * inside[False]:.0f} %, joint {100 * inside[True]:.0f} %")  # fmt: skip
    for joint in (False, True):
        rows = counts[(counts["joint"] == joint) & (counts["what"] == "GDP of ten")]
        bands = pd.cut(rows["p"], [0, 0.1, 0.3, 0.7, 0.9, 1.0], include_lowest=True)
        shown = rows.assign(band=bands).groupby("band", observed=True)[["p", "met"]].mean()
        text = ", ".join(f"{100 * r.p:.0f}: {100 * r.met:.0f}" for r in shown.itertuples())
        print(f"  at least k of ten, {'joint' if joint else 'independent'}: given and came true "
              f"(%) {text}")  # fmt: skip
    print(f"\nKnowing {panel.top} GDP: CRPS after over before, width of 80 % intervals, coverage")
    drivers = found["drivers"]
    what = drivers["series"].str.split("/").str[1]
    for (name, h), rows in drivers.groupby([what, "horizon"]):
        by_origin = rows.groupby("origin")[["before", "after"]].mean()
        better = int((by_origin["after"] < by_origin["before"]).sum())
        mean = rows.drop(columns=["series"]).mean()
        score = 100 * (mean["after"] / mean["before"] - 1)
        width = 100 * (mean["width_after"] / mean["width_before"] - 1)
        print(f"  {name:11s} {h} ahead: CRPS {score:+.1f} % (better at {better} of "
              f"{len(by_origin)} origins), width {width:+.0f} %, coverage "
              f"{100 * mean['inside_before']:.0f} -> "
              f"{100 * mean['inside_after']:.0f} %")  # fmt: skip


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--reference", type=Path, required=True, help="folder of the reference data"
    )
    parser.add_argument("--quick", action="store_true", help="three origins of each panel")
    arguments = parser.parse_args()
    missing = [name for name in SOURCES if not (arguments.reference / name).is_file()]
    if missing:
        lines = [f"  {name}: {SOURCES[name]}" for name in missing]
        print(f"{arguments.reference} lacks reference data; they can be had in public:",
              *lines, sep="\n", file=sys.stderr)  # fmt: skip
        return 2
    for make in (world, states):
        panel = make(arguments.reference)
        if arguments.quick:
            panel = Panel(panel.name, panel.table, panel.top, panel.indicators,
                          range(panel.origins[0], panel.origins[-1], 12))  # fmt: skip
        report(panel, evaluate(panel))
    return 0


if __name__ == "__main__":
    sys.exit(main())

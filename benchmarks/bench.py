"""Print our figures beside the peers', on the same series, in one run, on the same cores.

    python benchmarks/bench.py --reference DIR [--quick]

Every method of every set runs in a process of its own, one after another, on one core; seconds are
those of fitting and forecasting, memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

import numpy as np
import numpy.typing as npt
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forecast.calibration import calibrate, reference_sets
from forecast.evidence.panels import checked
from forecast.forecasting.learned_tables import Tables
from forecast.forecasting.panel_data import parts
from forecast.forecasting.panel_forecast import QUANTILES, forecast
from forecast.verification import scores
from forecast.verification import summary as verification
from forecast.verification.backtest import DRIFT, ENGINE, NAIVE, backtest

FloatArray = npt.NDArray[np.float64]

# Percents for the continuous score, and the quantiles that `forecast predict` writes.
LEVELS = np.unique(np.round(np.r_[QUANTILES, np.arange(1, 100) / 100], 3))
SEED = 2027
SUBSET = 300  # series for AutoARIMA and Prophet, which take a quarter of a second for each
WORLD = (
    "pwt_rgdpna", "wb_gdp", "pwt_pop", "pwt_emp", "wb_pop", "wb_exports", "wb_exports_share",
    "wb_imports_share", "pwt_csh_c", "pwt_csh_i", "pwt_csh_g", "pwt_emp_share",
)  # fmt: skip
# Regional panels by group: those scored, with tables learned without these and all others named.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "world": (("pwt_rgdpna", "wb_gdp"), WORLD),
    "US states": (("us_gdp", "us_rgdp"), ()),
    "German districts": (("de_gdp",), ("de_pop",)),
    "Chinese provinces": (("cn_gdp",), ("cn_rd",)),
    "shares: R&D": (("wb_rd", "cn_rd"), ()),
    "shares: trade": (("wb_exports_share", "wb_imports_share"), ("wb_exports",)),
    "stocks: German districts": (("de_pop",), ("de_gdp",)),
    "stocks: world": (("wb_pop", "pwt_emp"), ("pwt_pop", "pwt_emp_share")),
}
EVENT_HORIZONS = [1, 2, 3, 5]
LAST_ORIGIN, FIRST_ORIGIN = 2016, 1969  # of the windows of 20 years up to 2019


@dataclass(frozen=True)
class Task:
    """Series to forecast: values oldest first, years ahead, levels, tables for ours."""

    series: Sequence[FloatArray]
    horizon: int
    levels: FloatArray
    tables: Tables | None = None
    logs: bool = False  # the series are logarithms


@dataclass(frozen=True)
class Said:
    """Point forecasts (n, horizon) and quantiles (n, horizon, levels), seconds, megabytes."""

    point: FloatArray
    quantiles: FloatArray
    seconds: float
    memory: float


# Methods ---------------------------------------------------------------------------------------


def ours(task: Task) -> tuple[FloatArray, FloatArray]:
    """Forecast with our engine, all series of the task being the panel."""
    values = [np.exp(s) for s in task.series] if task.logs else task.series
    frame = checked(_long(values, "series_id", "year", "value"))
    out = np.empty((len(values), task.horizon, len(task.levels)))
    for part in parts(frame):
        found = forecast(part, task.horizon, task.tables)
        out[found.part.ids.astype(int)] = found.quantiles(task.levels)
    out = np.log(out) if task.logs else out
    return out[:, :, _place(task.levels, 0.5)], out


def damped_log_drift(task: Task) -> tuple[FloatArray, FloatArray]:
    """Drift of exponentially weighted log differences (0.9), damped by 0.9 a year; normal."""
    from scipy.stats import norm

    h = np.arange(1, task.horizon + 1)
    far = np.cumsum(0.9**h)
    out = np.empty((len(task.series), task.horizon, len(task.levels)))
    for i, values in enumerate(task.series):
        y = values if task.logs else np.log(values)
        d = np.diff(y)
        w = 0.9 ** np.arange(len(d))[::-1]
        w /= w.sum()
        drift = w @ d
        spread = np.sqrt(w @ (d - drift) ** 2) * np.sqrt(h + far**2 * (w @ w))
        out[i] = (y[-1] + drift * far)[:, None] + spread[:, None] * norm.ppf(task.levels)
    out = out if task.logs else np.exp(out)
    return out[:, :, _place(task.levels, 0.5)], out


def prophet(task: Task) -> tuple[FloatArray, FloatArray]:
    """Forecast with Prophet as it comes, without seasons."""
    logging.disable(logging.CRITICAL)  # Stan tells of every series
    from prophet import Prophet

    np.random.seed(SEED)  # the only generator Prophet knows
    point, out = [], []
    for y in task.series:
        dates = pd.date_range("1900-12-31", periods=len(y) + task.horizon, freq="YE")
        model = Prophet(yearly_seasonality=False, weekly_seasonality=False, daily_seasonality=False)
        model.fit(pd.DataFrame({"ds": dates[: len(y)], "y": y}))
        ahead = pd.DataFrame({"ds": dates[len(y) :]})
        point.append(model.predict(ahead)["yhat"].to_numpy())
        paths = model.predictive_samples(ahead)["yhat"]
        out.append(np.quantile(paths, task.levels, axis=1).T)
    return np.array(point), np.array(out)


@dataclass(frozen=True)
class Peer:
    """A forecast by one of statsforecast's models."""

    name: str

    def __call__(self, task: Task) -> tuple[FloatArray, FloatArray]:
        """Return points and quantiles."""
        from statsforecast import StatsForecast, models

        auto = self.name.startswith("Auto")
        model = getattr(models, self.name)(**({"season_length": 1} if auto else {}), alias="m")
        widths = np.round(np.abs(2 * task.levels - 1) * 100).astype(int)
        runner = StatsForecast(models=[model], freq=1, n_jobs=1)
        found = runner.forecast(
            df=_long(task.series, "unique_id", "ds", "y"), h=task.horizon,
            level=sorted(set(widths.tolist()) - {0}),
        )  # fmt: skip
        shape = (len(task.series), task.horizon)
        point = found["m"].to_numpy(float).reshape(shape)
        columns = [
            point if w == 0
            else found[f"m-{'lo' if q < 0.5 else 'hi'}-{w}"].to_numpy(float).reshape(shape)
            for q, w in zip(task.levels, widths, strict=True)
        ]  # fmt: skip
        return point, np.stack(columns, axis=2)


def _long(series: Sequence[FloatArray], *names: str) -> pd.DataFrame:
    n = [len(s) for s in series]
    ids = np.repeat([f"{i:06d}" for i in range(len(n))], n)
    years = np.concatenate([np.arange(2001 - k, 2001) for k in n])
    return pd.DataFrame(dict(zip(names, (ids, years, np.concatenate(series)), strict=True)))


def _place(levels: FloatArray, level: float) -> int:
    return int(np.abs(levels - level).argmin())


METHODS: dict[str, Callable[[Task], tuple[FloatArray, FloatArray]]] = {
    "ours": ours,
    "AutoETS": Peer("AutoETS"),
    "AutoTheta": Peer("AutoTheta"),
    "AutoARIMA": Peer("AutoARIMA"),
    "Prophet": prophet,
    "naive": Peer("Naive"),
    "drift": Peer("RandomWalkWithDrift"),
    "damped log drift": damped_log_drift,
}
FAST = [name for name in METHODS if name not in ("AutoARIMA", "Prophet")]


# Running ---------------------------------------------------------------------------------------


def _measured(name: str, tasks: Sequence[Task]) -> list[Said]:
    warnings.simplefilter("ignore")
    METHODS[name](replace(tasks[0], series=tasks[0].series[:8]))  # imports and compilation
    out = []
    for task in tasks:
        start = time.perf_counter()
        point, quantiles = METHODS[name](task)
        out.append(Said(point, quantiles, time.perf_counter() - start, _peak()))
    return out


def _peak() -> float:
    """Peak memory of this process in MB; what `getrusage` says includes the parent's."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(names: Sequence[str], tasks: Sequence[Task]) -> dict[str, list[Said]]:
    """Run methods one after another, and join the peers that choose a model into their mean."""
    out = {}
    for name in names:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            out[name] = pool.submit(_measured, name, tasks).result()
    autos = [said for name, said in out.items() if name.startswith("Auto")]
    if not autos:
        return out
    points = [np.mean([s.point for s in each], axis=0) for each in zip(*autos, strict=True)]
    quantiles = [np.mean([s.quantiles for s in each], axis=0) for each in zip(*autos, strict=True)]
    out[f"mean of {len(autos)} Auto"] = [
        Said(p, q, sum(s.seconds for s in each), max(s.memory for s in each))
        for p, q, each in zip(points, quantiles, zip(*autos, strict=True), strict=True)
    ]
    return out


# Tables ----------------------------------------------------------------------------------------


def competition_table(
    title: str, task: Task, test: FloatArray, found: dict[str, list[Said]], rows: Any = slice(None)
) -> None:
    """Print points, quantiles, intervals, time and memory; OWA is against naive on these series."""
    test = test[rows]
    print(f"\n{title}: {len(test)} series, {test.shape[1]} years ahead")
    print(
        f"{'':18}{'OWA':>7}{'sMAPE':>7}{'MASE':>7}{'WQL':>8}{'MSIS':>7}{'95 %':>6}{'80 %':>6}"
        f"{'seconds':>9}{'MB':>6}"
    )
    naive = np.repeat([[s[-1]] for s in task.series], task.horizon, axis=1)[rows]
    scale = np.array([np.abs(np.diff(s)).mean() for s in task.series])[rows]
    for name, (said,) in found.items():
        point, quantiles = said.point[rows], said.quantiles[rows]
        at = {q: quantiles[:, :, _place(task.levels, q)] for q in (0.025, 0.1, 0.9, 0.975)}
        covers = [
            100 * scores.covered(test, at[low], at[high]).mean()
            for low, high in ((0.025, 0.975), (0.1, 0.9))
        ]
        print(
            f"{name:18}{scores.owa(test, point, naive, scale):7.4f}"
            f"{scores.smape(test, point):7.2f}{scores.mase(test, point, scale):7.3f}"
            f"{scores.wql(test, quantiles, task.levels):8.4f}"
            f"{scores.msis(test, at[0.025], at[0.975], scale):7.2f}"
            f"{covers[0]:6.1f}{covers[1]:6.1f}{said.seconds:9.1f}{said.memory:6.0f}",
            flush=True,
        )


def attained(aim: FloatArray, quantiles: FloatArray, levels: FloatArray) -> FloatArray:
    """Chance of an outcome of `aim` or more, from quantiles of shape (n, levels)."""
    rows = zip(aim, np.maximum.accumulate(quantiles, axis=1), strict=True)
    return np.array([1 - np.interp(a, row, levels) for a, row in rows])


def window_table(
    title: str, cases: list[tuple[Task, FloatArray]], found: dict[str, list[Said]]
) -> None:
    """Print scores of the last horizon of windows of logs: the distribution, and two events."""
    levels, horizon = cases[0][0].levels, cases[0][0].horizon
    y = [np.array(task.series) for task, _ in cases]
    came = np.concatenate([outcome for _, outcome in cases])
    last = np.concatenate([x[:, -1] for x in y])
    pace = np.concatenate([(x[:, -1] - x[:, -6]) / 5 for x in y])
    happened = [came - last >= horizon * (pace + extra) for extra in (0, 0.01)]
    print(
        f"\n{title}: {len(came)} windows of {y[0].shape[1]} years, {horizon} years ahead; "
        "CRPS in hundredths of the log\n"
        f"{'':18}{'CRPS':>7}{'of ETS':>7}{'80 %':>6}   Brier of pace, pace + 1 point   "
        "of events given < 10 %: pace, pace + 1"
    )
    ahead = {n: np.concatenate([each.quantiles[:, -1] for each in s]) for n, s in found.items()}
    crps = {
        name: 100 * scores.crps(came[:, None], q[:, None], levels).mean()
        for name, q in ahead.items()
    }
    for name, q in ahead.items():
        covers = scores.covered(came, q[:, _place(levels, 0.1)], q[:, _place(levels, 0.9)]).mean()
        briers, rare = [], []
        for extra, happens in zip((0, 0.01), happened, strict=True):
            p = attained(last + horizon * (pace + extra), q, levels)
            briers.append(((p - happens) ** 2).mean())
            few = happens[p < 0.1]
            rare.append(f"{100 * few.mean():.1f} % of {len(few)}" if len(few) else "none")
        print(
            f"{name:18}{crps[name]:7.3f}{crps[name] / crps['AutoETS']:7.3f}{100 * covers:6.1f}   "
            f"{briers[0]:.4f}, {briers[1]:.4f}{'':16}{rare[0]}, {rare[1]} happened"
        )
    base = [h.mean() * (1 - h.mean()) for h in happened]
    past = [np.sort((x[:, horizon:] - x[:, :-horizon]).ravel()) for x in y]
    split = np.cumsum([len(x) for x in y])[:-1]
    climate = []
    for extra, happens in zip((0, 0.01), happened, strict=True):
        aims = np.split(horizon * (pace + extra), split)
        p = [1 - np.searchsorted(g, a) / len(g) for g, a in zip(past, aims, strict=True)]
        climate.append(((np.concatenate(p) - happens) ** 2).mean())
    print(f"{'base rate':38}   {base[0]:.4f}, {base[1]:.4f}   (known afterwards)")
    print(f"{'climatology':38}   {climate[0]:.4f}, {climate[1]:.4f}   (pooled past growth)")


def regional_tables(folder: Path, groups: Sequence[str]) -> None:
    """Print coverage, Brier scores and calibration lines on regional panels, rolling origins."""
    panels = reference_sets.regional(folder)
    held, events, points, n = {}, {}, {}, {}
    for group in groups:
        scored, left_out = GROUPS[group]
        learned = calibrate.tables(folder, skip=(*scored, *left_out))
        for name in scored:
            panel = panels[name]
            kind = "stock" if reference_sets.STOCK in panel.kinds else "flow"
            past = backtest(checked(panel.frame), 5, panel.scale, learned, kind=kind)
            points[name] = verification.forecast_scores(past)["CRPS"]
            held[name] = verification.coverage(past).xs(80, level="interval")
            events[name] = verification.event_scores(past)
            origins = past["origin"]
            n[name] = (
                f"{past['series_id'].nunique()} series, {origins.nunique()} origins, "
                f"{origins.min()} to {origins.max()}"
            )
    print("\nRegional panels, tables learned without the group: 80 % interval covers, in percent")
    print(f"{'':16}" + "".join(f"{f'h={h}':>13}" for h in range(1, 6)))
    for name, table in held.items():
        cells = [
            f"{row.percent:.0f} [{_between(row.low, row.high, '.0f')}]"
            for row in table.itertuples()
        ]
        print(
            f"{name:16}" + "".join(f"{c:>13}" for c in cells) + " " * 13 * (5 - len(cells)), n[name]
        )
    print("\nThe same: CRPS of the ensemble, and over that of naive and of drift")
    print(f"{'':16}" + "".join(f"{f'h={h}':>20}" for h in EVENT_HORIZONS))
    for name, score in points.items():
        cells = [
            f"{score[h, ENGINE]:.2f} {score[h, ENGINE] / score[h, NAIVE]:.3f} "
            f"{score[h, ENGINE] / score[h, DRIFT]:.3f}"
            for h in EVENT_HORIZONS
            if h in score.index.unique("horizon")
        ]
        print(f"{name:16}" + "".join(f"{c:>20}" for c in cells), flush=True)
    print(
        "\nPanels of flows: Brier score of chances given to growth beside that of five years "
        "before (-2, -1, 0, 1, 2, 4 points)"
    )
    flows = [name for name in events if panels[name].kinds == (reference_sets.FLOW,)]
    frame = pd.DataFrame({name: events[name]["Brier"] for name in flows})
    for name in frame:
        _by_horizon(name, frame[name].dropna())
    full = frame.dropna(axis=1)
    if full.shape[1] > 1:
        _by_horizon(f"mean of the {full.shape[1]} with all horizons", full.mean(axis=1))
    print("\nAll of them: calibration line of the ensemble, intercept and slope [90 % interval]")
    print(f"{'':16}" + "".join(f"{f'h={h}':>24}" for h in EVENT_HORIZONS))
    for name, table in events.items():
        mine = table.xs(ENGINE, level="method")
        cells = [
            f"{row.intercept:+.2f} {row.slope:.2f} "
            f"[{_between(row['slope low'], row['slope high'], '.2f')}]"
            for h, row in mine.iterrows()
            if h in EVENT_HORIZONS
        ]
        print(f"{name:16}" + "".join(f"{c:>24}" for c in cells), flush=True)


def _between(low: float, high: float, form: str) -> str:
    """Write the ends of an interval; a dash where there are too few years for one."""
    return "-" if np.isnan(low) else f"{low:{form}}-{high:{form}}"


def _by_horizon(title: str, score: pd.Series) -> None:
    table = score.unstack("horizon").loc[score.index.unique("method")]
    shown = [h for h in EVENT_HORIZONS if h in table]
    print(f"{title}\n{'':28}" + "".join(f"{f'h={h}':>8}" for h in shown))
    for method, row in table[shown].iterrows():
        print(f"  {method:26}" + "".join(f"{value:8.4f}" for value in row), flush=True)


# Sets ------------------------------------------------------------------------------------------


def world_windows(folder: Path, step: int) -> Iterator[tuple[Task, FloatArray]]:
    """Windows of 20 years of the world's GDP; the tables are learned without the world."""
    learned = calibrate.tables(folder, skip=WORLD)
    frame = reference_sets.regional(folder)["pwt_rgdpna"].frame
    wide = np.log(frame.pivot(index="series_id", columns="year", values="value"))
    for origin in range(LAST_ORIGIN, FIRST_ORIGIN - 1, -step):
        y = wide.loc[:, origin - 19 : origin + 3].dropna().to_numpy()
        yield Task(list(y[:, :20]), 3, LEVELS, learned, logs=True), y[:, -1]


def main() -> None:
    """Run every comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--quick", action="store_true", help="few series, for a first look")
    options = parser.parse_args()
    rng, quick = np.random.default_rng(SEED), options.quick
    try:
        m4, m3 = (
            calibrate.competition(options.reference, f)
            for f in (reference_sets.M4, reference_sets.M3)
        )
    except ValueError as error:
        sys.exit(f"bench: {error}")
    for contest, title in ((m4, "M4 yearly half"), (m3, "M3 yearly")):
        most = 400 if quick else len(contest.train)
        chosen = np.sort(rng.permutation(len(contest.train))[:most])
        task = Task([contest.train[i] for i in chosen], 6, QUANTILES)
        found, test = run(FAST, [task]), contest.test[chosen]
        competition_table(title, task, test, found)
        like = np.isin(np.char.upper(contest.category[chosen]), ("MACRO", "DEMOGRAPHIC"))
        like &= contest.years[chosen] <= 31
        competition_table(f"{title}, macro and demographic to 31 years", task, test, found, like)

    chosen = np.sort(rng.permutation(len(m4.train))[: 20 if quick else SUBSET])
    task = Task([m4.train[i] for i in chosen], 6, QUANTILES)
    title, test = "M4 yearly half, a random part", m4.test[chosen]
    competition_table(title, task, test, run(list(METHODS), [task]))

    cases = list(world_windows(options.reference, 16 if quick else 2))
    window_table("World GDP (Penn World Table)", cases, run(FAST, [task for task, _ in cases]))
    macro = np.flatnonzero((m4.category == "Macro") & (m4.years >= 20))[: 100 if quick else None]
    task = Task([np.log(m4.train[i][-20:]) for i in macro], 3, LEVELS, logs=True)
    window_table("M4 macro", [(task, np.log(m4.test[macro, 2]))], run(FAST, [task]))

    regional_tables(options.reference, ["Chinese provinces"] if quick else list(GROUPS))

    print("\nTime and memory of ours by number of series (M4, drawn with replacement)")
    for n in (100, 1000) if quick else (100, 1000, 10_000):
        task = Task([m4.train[i] for i in rng.integers(0, len(m4.train), n)], 6, QUANTILES)
        (said,) = run(["ours"], [task])["ours"]
        print(f"{n:7} series {said.seconds:7.2f} s {said.memory:6.0f} MB", flush=True)


if __name__ == "__main__":
    main()

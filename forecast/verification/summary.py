"""Summary of the scores of a backtest: points, distributions, probabilities of events.

Tables first, their text at the end. Confidence intervals are those at 90 % by blocks of origin
years: the errors of a year are common to all series, and those of horizons overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.verification import probability_scores, scores
from forecast.verification.backtest import CHANCES, DISTANCES, ENGINE, NAIVE, SHARES

BASE, BASES = "base rate", "base rate of each distance"  # of the cases scored
BANDS = np.arange(1, 10) / 10  # borders of the bands of probability, and of the PIT
RATIO = ["CRPS ratio", "CRPS low", "CRPS high"]
LINE = ["intercept", "slope", "slope low", "slope high"]
DIFFERENCE = ["Brier difference", "Brier low", "Brier high"]
TENS = [f"{10 * k}-{10 * k + 10}" for k in range(10)]


def forecast_scores(past: pd.DataFrame) -> pd.DataFrame:
    """Score points and distributions, pooled over series and origins.

    Parameters
    ----------
    past : DataFrame
        As `backtest` returns it, naive among its methods.

    Returns
    -------
    DataFrame
        By horizon and method: ``MASE, sMAPE, OWA`` (against naive), ``CRPS`` and ``log score`` (see
        `backtest`), ``WQL, MSIS95``, and the percentages of outcomes ``in 50`` to ``in 95``. Series
        without any change until an origin do not count in MASE, OWA and MSIS, and forecasts of one
        certain value not in the log score. NaN where a score is not defined for any series.
    """
    rows = {}
    for (horizon, method), cases in _by_method(past):
        moved = cases[cases["step"] > 0]
        y, point, low, high = (_tall(moved, c) for c in ("actual", "median", "low95", "high95"))
        scale, size = moved["step"].to_numpy(), cases["actual"].abs().sum()
        rows[horizon, method] = {
            "cases": len(cases),
            "MASE": scores.mase(y, point, scale) if len(moved) else np.nan,
            "sMAPE": scores.smape(_tall(cases, "actual"), _tall(cases, "median")),
            "OWA": np.nan,
            "CRPS": cases["crps"].mean(),
            "WQL": cases["quantile_loss"].sum() / size if size > 0 else np.nan,
            "log score": cases["log_score"].mean(),
            "MSIS95": scores.msis(y, low, high, scale) if len(moved) else np.nan,
            **{f"in {s}": 100 * cases[f"inside{s}"].mean() for s in SHARES},
        }
    out = _framed(rows, "method")
    naive = out[["MASE", "sMAPE"]].xs(NAIVE, level="method")
    relative = out[["MASE", "sMAPE"]] / naive.replace(0.0, np.nan)
    out["OWA"] = relative.mean(axis=1, skipna=False)
    return out


def _framed(rows: dict[Any, Any], second: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Return rows that are keyed by the horizon and a second name as a table."""
    out: pd.DataFrame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    out.index = pd.MultiIndex.from_tuples(out.index, names=["horizon", second])
    return out


def left_out(past: pd.DataFrame) -> pd.DataFrame:
    """Count the series for which a score is not defined at some origin.

    Returns
    -------
    DataFrame
        By horizon and method: ``MASE, MSIS95, log score``, the numbers of series; see
        `forecast_scores`.
    """
    rows = {}
    for key, cases in _by_method(past):
        still = cases.loc[~(cases["step"] > 0), "series_id"].nunique()
        certain = cases.loc[cases["log_score"].isna(), "series_id"].nunique()
        rows[key] = {"MASE": still, "MSIS95": still, "log score": certain}
    return _framed(rows, "method")


def event_scores(past: pd.DataFrame) -> pd.DataFrame:
    """Score the probabilities given to the growth paths of `DISTANCES`, all distances together.

    Returns
    -------
    DataFrame
        By horizon and method: ``Brier`` score; its parts ``miscalibration, discrimination,
        uncertainty``; ``log loss``; ``intercept`` and ``slope`` of the calibration line, and the
        90 % interval of the slope by year blocks, ``slope low, slope high``. The base rates, one in
        all and one of each distance, are those of the cases scored, which no forecast could know.
    """
    rows = {}
    for (horizon, method), cases in _by_method(past):
        p, happened = _events(cases)
        if method == past["method"].cat.categories[0]:
            flat = np.full(p.shape, happened.mean())
            each = np.broadcast_to(happened.mean(axis=0), p.shape)
            for name, known in ((BASE, flat), (BASES, each)):
                rows[horizon, name] = _event_row(known, happened)
        rows[horizon, method] = _event_row(p, happened) | _line(p, happened, cases)
    out = _framed(rows, "method")
    order = [*past["method"].cat.categories, BASE, BASES]
    return out.loc[[(h, m) for h in sorted(past["horizon"].unique()) for m in order]]


def _event_row(p: FloatArray, happened: FloatArray) -> dict[str, float]:
    found = probability_scores.corp(p.ravel(), happened.ravel())
    return {
        "cases": p.size,
        "Brier": found.brier,
        "miscalibration": found.miscalibration,
        "discrimination": found.discrimination,
        "uncertainty": found.uncertainty,
        "log loss": probability_scores.log_loss(p, happened),
    }


def _line(p: FloatArray, happened: FloatArray, cases: pd.DataFrame) -> dict[str, float]:
    year = cases["origin"].to_numpy(np.int64)
    group = np.repeat((year - year.min()) // _block(cases), p.shape[1])
    found = probability_scores.calibration_line(p.ravel(), happened.ravel(), group)
    return dict(zip(LINE, (found.intercept, found.slope, found.low, found.high), strict=True))


def coverage(past: pd.DataFrame, method: str = ENGINE) -> pd.DataFrame:
    """Return the coverage of the central intervals, with 90 % confidence intervals.

    Returns
    -------
    DataFrame
        By horizon and ``interval`` (50, 80, 90, 95): ``percent, low, high``; low and high by blocks
        of origin years, NaN where there are too few.
    """
    rows = {}
    for horizon, cases in past[past["method"] == method].groupby("horizon"):
        for share in SHARES:
            inside = cases[f"inside{share}"].to_numpy(float)
            low, high = _by_blocks(inside, np.ones(len(inside)), cases)
            rows[horizon, share] = 100 * np.array([inside.mean(), low, high])
    return _framed(rows, "interval", ["percent", "low", "high"])


def advantage(past: pd.DataFrame) -> pd.DataFrame:
    """Compare the learned ensemble with all others on the same cases.

    Returns
    -------
    DataFrame
        By horizon and the other ``method``: ``CRPS ratio, low, high`` (below 1 the ensemble is
        better) and ``Brier difference, low, high`` (below 0); the ends are 90 % intervals by year
        blocks. The base rates have no CRPS; beside a method without any error the ratio is NaN.
    """
    rows = {}
    for horizon, all_cases in past.groupby("horizon"):
        cases = {m: c.reset_index(drop=True) for m, c in _split(all_cases)}
        own = cases.pop(ENGINE)
        p, happened = _events(own)
        error = ((p - happened) ** 2).mean(axis=1)
        one = np.ones(len(own))
        others = {name: _events(case)[0] for name, case in cases.items()}
        others |= {BASE: np.full(p.shape, happened.mean()), BASES: happened.mean(axis=0)}
        for name, given in others.items():
            worse = error - ((given - happened) ** 2).mean(axis=1)
            row = [np.nan] * 3
            if name in cases:
                top, bottom = own["crps"].to_numpy(), cases[name]["crps"].to_numpy()
                if bottom.mean() > scores.POINT_MASS:
                    row = [top.sum() / bottom.sum(), *_by_blocks(top, bottom, own)]
            rows[horizon, name] = [*row, worse.mean(), *_by_blocks(worse, one, own)]
    return _framed(rows, "method", RATIO + DIFFERENCE)


def pit_histogram(past: pd.DataFrame, method: str = ENGINE) -> pd.DataFrame:
    """Percent of outcomes in each tenth of the distributions, by horizon; 10 each if calibrated."""
    cases = past[past["method"] == method]
    tenth = pd.Series(np.digitize(cases["pit"], BANDS), cases.index)
    count = pd.crosstab(cases["horizon"], tenth).reindex(columns=range(10), fill_value=0)
    share = 100 * count.div(count.sum(axis=1), axis=0)
    return share.set_axis(TENS, axis=1)


def reliability(past: pd.DataFrame, method: str = ENGINE) -> pd.DataFrame:
    """Compare the probabilities given with the frequencies of the events, by bands of ten points.

    Returns
    -------
    DataFrame
        By band: ``cases, given, recalibrated`` (by isotonic regression, see
        `probability_scores.corp`), ``came true, low, high``, in percent; low and high are 90 %
        intervals by year blocks.
    """
    cases = past[past["method"] == method]
    given, happened = _events(cases)
    p, y = given.ravel(), happened.ravel()
    fitted = probability_scores.corp(p, y)
    bands, sorted_bands = np.digitize(p, BANDS), np.digitize(fitted.probability, BANDS)
    wide = bands.reshape(given.shape)
    rows = {}
    for k in np.unique(bands):
        here = wide == k
        low, high = _by_blocks((happened * here).sum(axis=1), here.sum(axis=1) * 1.0, cases)
        rows[TENS[k]] = {
            "cases": int(here.sum()),
            "given": 100 * given[here].mean(),
            "recalibrated": 100 * fitted.frequency[sorted_bands == k].mean(),
            "came true": 100 * happened[here].mean(),
            "low": 100 * low,
            "high": 100 * high,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _split(past: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for method in past["method"].cat.categories:
        yield method, past[past["method"] == method]


def _by_method(past: pd.DataFrame) -> Iterator[tuple[tuple[int, str], pd.DataFrame]]:
    for horizon, cases in past.groupby("horizon"):
        for method, mine in _split(cases):
            yield (int(str(horizon)), method), mine


def _tall(cases: pd.DataFrame, column: str) -> FloatArray:
    return cases[column].to_numpy(float)[:, None]


def _events(cases: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Probabilities given, and events, shape (n_cases, n_distances)."""
    return cases[CHANCES].to_numpy(), (_tall(cases, "excess") >= DISTANCES).astype(float)


def _block(cases: pd.DataFrame) -> int:
    """Return the years of a block: three, or as many as outcomes overlap."""
    return max(3, int(cases["horizon"].max()))


def _by_blocks(top: FloatArray, bottom: FloatArray, cases: pd.DataFrame) -> tuple[float, float]:
    return scores.by_years(top, bottom, cases["origin"].to_numpy(np.int64), _block(cases))


# Text ------------------------------------------------------------------------------------------

LEGEND = """\
CRPS and log score are in points: hundredths of the log or logit, on the linear scale fifths of a
series' mean yearly change. "in 80": percent of outcomes inside the 80 % interval. OWA is against
naive. Events are targets as planners set them: the growth of the five years before, or 1 or 2
points a year less, or 1, 2 or 4 more. Climatology is the pooled past growth of all series. Base
rates are those of the cases scored. In brackets: 90 % intervals by blocks of origin years; "-":
too few years for one."""
DIGITS = {"cases": 0, "sMAPE": 2, "CRPS": 2, "MSIS95": 1, **{f"in {s}": 0 for s in SHARES}}
DIGITS |= {"WQL": 4, "Brier": 4, "intercept": 2, "slope": 2}


def text(past: pd.DataFrame) -> str:
    """Write the scores of past forecasts, one block per horizon."""
    origins, methods = past["origin"].unique(), past["method"].nunique()
    out = [
        f"{len(past) // methods:,} past forecasts of {past['series_id'].nunique():,} series from "
        f"{len(origins)} origins, {origins.min()} to {origins.max()}, by {methods} methods.",
        LEGEND,
    ]
    points, events, against = forecast_scores(past), event_scores(past), advantage(past)
    without = left_out(past)
    for h in points.index.unique("horizon"):
        ahead = f"{h} year{'s' * (h > 1)} ahead"
        out += [
            _titled(f"Forecasts, {ahead}", points.loc[h], past["series_id"].nunique())
            + _partly(points.loc[h], without.loc[h]),
            _titled(f"Events, {ahead}", events.loc[h].drop(columns=LINE[2:])),
            _titled(f"The {ENGINE} against each, {ahead}", _pairs(against.loc[h])),
        ]
    own = events.loc[(slice(None), ENGINE), :].droplevel("method")
    slope = _bracketed(own, LINE[1:], ".2f").to_frame("slope")
    covered = _bracketed(coverage(past), ["percent", "low", "high"], ".0f")
    out += [
        _titled(f"Calibration line of the {ENGINE}", slope),
        _titled(f"Coverage of the {ENGINE}'s intervals, %", covered.unstack("interval")),
        _titled("Outcomes in each tenth of its distributions (PIT), %", pit_histogram(past)),
        _titled("Events by the probability given to them, %", reliability(past)),
    ]
    return "\n\n".join(out)


def _pairs(against: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "CRPS, ratio": _bracketed(against, RATIO, ".3f").where(
            ~against.index.isin([BASE, BASES]), ""
        ),
        "Brier, difference": _bracketed(against, DIFFERENCE, "+.4f"),
    })  # fmt: skip


def _bracketed(frame: pd.DataFrame, columns: list[str], form: str) -> pd.Series[str]:
    cells = []
    for value, low, high in frame[columns].to_numpy():
        between = "-" if np.isnan(low) else f"{low:{form}} to {high:{form}}"
        cells.append("not defined" if np.isnan(value) else f"{value:{form}} [{between}]")
    return pd.Series(cells, frame.index)


def _partly(points: pd.DataFrame, without: pd.DataFrame) -> str:
    """Name the scores that are means over fewer series than the others."""
    causes = {
        "no change up to an origin": "MASE, OWA and MSIS95",
        "a forecast of one certain value": "log score",
    }
    lines = []
    for (cause, names), column in zip(causes.items(), ("MASE", "log score"), strict=True):
        count = without[column][(without[column] > 0) & points[column].notna()]
        for n in sorted(count.unique()):
            methods = list(count.index[count == n])
            whose = "" if len(methods) == len(points) else f" of {', '.join(methods)}"
            lines.append(f"{names}{whose}: not defined ({n} series: {cause}) and left out there")
    return "".join(f"\n{line}" for line in lines)


def _titled(title: str, table: pd.DataFrame, series: int = 0) -> str:
    """Write a table under its title; an empty cell of `series` series is a score not defined."""

    def form(column: object, otherwise: int) -> str:
        return f"{{:,.{DIGITS.get(str(column), otherwise)}f}}"

    otherwise = 1 if "%" in title else 3
    cells, table = table.astype(object), table.round(12)  # no minus before a zero
    for column in cells:
        if table[column].dtype.kind in "if":
            style = form(column, otherwise)
            empty = f"not defined ({series} series)" if series else ""
            cells[column] = [empty if np.isnan(v) else style.format(v + 0.0) for v in table[column]]
    cells.columns.name = cells.index.name = None
    return f"{title}\n{cells.to_string()}"

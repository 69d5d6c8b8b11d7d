"""Calibrate the probabilities of events like targets: the slope of a map on log odds.

Reference panels are forecast from past origins; the events are growth of at least given multiples
of the pace before (`forecast.verification.multiples`). Their outcomes determine the slope of a map
of distribution functions, F'(x) = g(F(x)) with logit g(u) = slope * logit u. Quantiles follow as
those of F at the inverse of g, so that probabilities, quantiles and intervals stay one
distribution. The map is the calibration line of Cox (1958), Biometrika 45, without its intercept:
an intercept would carry forward whether the years of the sample were good or bad ones. In terms of
the share of outcomes within a distance of the centre it is a hyperbolic tangent; see
`Table.calibrated`.

Years share their shocks. The slope is shrunk to 1 by its error over blocks of years left out in
turn, and kept only where it improves the forecasts of the years left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from forecast.calibration.training import Panel
from forecast.evidence.scales import TRANSFORMS, FloatArray
from forecast.forecasting.learned_tables import Tables
from forecast.forecasting.panel_data import IntArray, Part, Paths
from forecast.forecasting.panel_forecast import forecast
from forecast.verification.multiples import PACE_YEARS, RATIOS, STEP_YEARS, unit

HORIZON = 5
MOST_SERIES = 2000  # of a panel, evenly taken from it: more do not improve the slope
AT_LEAST = 8  # years a series must have had at an origin
BLOCK = 5  # calendar years left out together: outcomes of neighbouring origins overlap
PRIOR_SD = 0.2  # of the logarithm of the slope
EDGE = 1e-3  # probabilities are kept so far from 0 and 1
FEWEST = 3  # blocks that a slope can be learned from
ENOUGH = 2.0  # standard errors by which the map has to lower the log score
TURNS = 40  # of Newton's method, at most


@dataclass(frozen=True)
class Events:
    """Events that past forecasts gave a probability to, and their outcomes."""

    given: FloatArray  # probability of at least the multiple; shape (n,)
    came: FloatArray  # 1 where it was reached, else 0; shape (n,)
    weight: FloatArray  # every year of a panel counts equally; shape (n,)
    block: IntArray  # years that are left out together; shape (n,)


def events(panels: Sequence[Panel], tables: Tables, kind: str = "flow") -> Events:
    """Probabilities that past forecasts of reference panels give to multiples of the pace before.

    The panels are forecast from their `cuts`, by the tables of a kind of series; see `Tables.of`.
    """
    parts = [
        _events_of(panel, cut, number, tables, kind)
        for number, panel in enumerate(panels)
        for cut in panel.cuts
    ]
    given, came, year, block = (np.concatenate(part) for part in zip(*parts, strict=True))
    _, place, size = np.unique(year, return_inverse=True, return_counts=True)
    return Events(given, came, 1 / size[place], block)


def _events_of(
    panel: Panel, cut: int, number: int, tables: Tables, kind: str
) -> tuple[FloatArray, FloatArray, IntArray, IntArray]:
    """Probabilities, outcomes, outcome years and blocks of the forecasts of one origin."""
    every = -(-len(panel.paths.y) // MOST_SERIES)
    whole = Paths(panel.paths.y[::every], panel.paths.seen[::every], panel.paths.scale)
    past, kept = whole.cut(cut, AT_LEAST)
    reach = min(HORIZON, cut)
    if not len(kept):
        return np.empty(0), np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64)
    origin = panel.last[::every][kept] - cut
    part = Part(kept.astype(str), past, origin, np.zeros(len(kept), bool), kind)
    end, last = whole.y.shape[1] - cut, past.y[:, -1]
    ahead = slice(end, end + reach)
    actual = np.where(whole.seen[kept, ahead], whole.y[kept, ahead], np.nan)
    pace = (last - past.y[:, -1 - PACE_YEARS]) / PACE_YEARS
    step = np.nanstd(np.diff(past.y[:, -STEP_YEARS - 1 :], axis=1), axis=1, ddof=1)
    beyond = np.array(RATIOS) - 1
    growth = pace[:, None] + beyond * unit(pace, step)[:, None]
    h = np.arange(1, reach + 1)
    level = last[:, None, None] + h[:, None] * growth[:, None, :]
    made = forecast(part, reach, tables)
    rows, years, _ = (index.ravel() for index in np.indices(level.shape))
    below = made.below(rows, years + 1, TRANSFORMS[past.scale].inverse(level).ravel())
    known = np.isfinite(actual).repeat(level.shape[2])
    came = (actual[..., None] >= level).ravel().astype(float)
    outcome = (origin[:, None] + h).repeat(level.shape[2])
    # Where the calendar is not known, the outcomes of one origin are left out together.
    block = outcome // BLOCK if panel.batch is None else np.full(len(outcome), -cut)
    return (1 - below)[known], came[known], (number * 100_000 + outcome)[known], block[known]


def slope_of(given: FloatArray, came: FloatArray, weight: FloatArray) -> float:
    """Return the slope of outcomes on log odds, through even odds, by maximum likelihood.

    Newton's method on the logarithm keeps the slope positive, which statsmodels' GLM does not. It
    is 1 where the probabilities are calibrated, less where they are too sure.
    """
    x = _log_odds(given)
    log_slope = 0.0
    for _ in range(TURNS):
        slope = np.exp(log_slope)
        p = 1 / (1 + np.exp(-slope * x))
        push = float((weight * (came - p) * x).sum()) * slope
        curvature = float((weight * p * (1 - p) * x**2).sum()) * slope**2
        move = float(np.clip(push / (curvature + 1e-12), -0.5, 0.5))
        log_slope += move
        if abs(move) < 1e-9:
            break
    return float(np.exp(log_slope))


def _log_odds(given: FloatArray) -> FloatArray:
    p = np.clip(given, EDGE, 1 - EDGE)
    return np.log(p / (1 - p))


@dataclass(frozen=True)
class Calibration:
    """The slope fitted to past events, and whether it improves forecasts."""

    slope: float  # the one to use: `shrunk` where it improves forecasts, else 1
    #: The slope by maximum likelihood, and the standard error of its logarithm by blocks.
    fitted: float
    error: float
    shrunk: float
    blocks: int
    #: Scores of the blocks left out in turn: as they are, and with the map of the other blocks.
    brier: float
    brier_with: float
    log_score: float
    log_score_with: float
    gain: float  # reduction of the log score by the map, in its standard errors over blocks


def calibration(past: Events) -> Calibration:
    """Fit the slope, and score it on blocks of years left out of the fit.

    The map is used where it improves both scores of the blocks left out, the log score by more
    than two of its standard errors over blocks: to change every probability takes evidence.
    """
    blocks = np.unique(past.block)
    if len(blocks) < FEWEST:
        raise ValueError(f"{len(blocks)} blocks of years; {FEWEST} or more are needed for a slope")
    fitted = slope_of(past.given, past.came, past.weight)
    others = [past.block != block for block in blocks]
    logs = np.log([slope_of(past.given[o], past.came[o], past.weight[o]) for o in others])
    n = len(blocks)
    error = float(np.sqrt((n - 1) / n * ((logs - logs.mean()) ** 2).sum()))  # jackknife
    keep = PRIOR_SD**2 / (PRIOR_SD**2 + error**2)
    scored = np.array([
        _scores(past, ~other, float(np.exp(keep * log)))
        for other, log in zip(others, logs, strict=True)
    ])  # fmt: skip
    total = scored.sum(axis=0)
    brier, brier_with, log_score, log_score_with = (float(v / total[0]) for v in total[1:])
    lower = scored[:, 3] - scored[:, 4]
    gain = float(lower.sum() / max(np.sqrt((lower**2).sum()), 1e-12))
    shrunk = float(np.exp(keep * np.log(fitted)))
    slope = shrunk if brier_with < brier and gain > ENOUGH else 1.0
    return Calibration(
        slope, fitted, error, shrunk, n, brier, brier_with, log_score, log_score_with, gain
    )


def _scores(past: Events, here: np.ndarray, slope: float) -> tuple[float, ...]:
    """Sum weights, Brier and log scores of some events, without and with a map."""
    x, y, w = _log_odds(past.given[here]), past.came[here], past.weight[here]
    out = [float(w.sum())]
    odds = (x, slope * x)
    out += [float((w * (1 / (1 + np.exp(-z)) - y) ** 2).sum()) for z in odds]
    out += [float((w * (np.logaddexp(0, z) - y * z)).sum()) for z in odds]
    return tuple(out)


def calibrated(tables: Tables, panels: Mapping[str, tuple[Sequence[Panel], str]]) -> Tables:
    """Return tables with the slopes fitted to reference panels, and how these were found.

    Panels are by the name of a table: those it is learned from (of competitions the training
    parts), and the kind of the series. Fewer than `FEWEST` blocks of years leave a table as it is.
    """
    found = {}
    for name, (taught, kind) in panels.items():
        past = events(taught, tables, kind)
        if len(np.unique(past.block)) >= FEWEST:
            found[name] = calibration(past)
    slopes = {name: replace(getattr(tables, name), slope=c.slope) for name, c in found.items()}
    stated = {name: {k: round(v, 6) for k, v in asdict(c).items()} for name, c in found.items()}
    return replace(tables, **slopes, probability=stated)

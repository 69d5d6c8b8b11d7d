"""Past forecasts, asked what targets ask: so many times the pace, so many years ahead.

A pseudo-target wants the level to which growth of `ratio` times the pace of the five years before
the origin would lead; see `forecast.verification.multiples`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.cache import cached, once
from forecast.forecasting import floor
from forecast.targets.assessment import Assessment
from forecast.verification import scores
from forecast.verification.multiples import PACE_YEARS, RATIOS, attained, pace_at, ratio
from forecast.verification.track_record import LEVELS, effective_cases, outcome_years

BANDS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)  # borders of the probabilities given
LOW = BANDS[1]  # a pseudo-target given less is one that the floor is learned from
LEAST_CASES = 3  # independent ones, below which a share has no interval


@dataclass(frozen=True)
class Asked:
    """What a target asks of its series."""

    ratio: float  # growth wanted, in units of `unit` beyond the pace; 1 for the pace kept
    #: Yearly change over the five years before, and the standard deviation of yearly changes.
    pace: float
    step: float
    horizon: int  # years ahead
    upward: bool  # whether at least so much is wanted; at most otherwise
    #: Of a range, the most growth that is wanted, as `ratio`, which is the least.
    most: float | None = None


def asked(answer: Assessment) -> Asked | None:
    """Return what a target on the level of one series asks of it; None for all others."""
    history, levels = answer.history, answer.level_ends
    if history is None or levels is None or len(history.mean) <= PACE_YEARS:
        return None
    years = answer.year - int(history.years[-1])
    if years < 1:
        return None
    start, pace, step = pace_at(history.mean, len(history.mean) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # a threshold beyond the scale
        ends = history.scale.forward(np.array(levels))
    growth = (ends - start) / years
    if not np.isfinite(growth).all():
        return None
    least, *most = ratio(growth, np.array([pace]), np.array([step])).tolist()
    more = answer.criterion.upward or bool(most)
    return Asked(least, pace, step, years, more, *most)


def like(record: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Ask the past forecasts as far ahead as a target what it asks; as `events`."""
    same = record[record["horizon"] == recorded(record, asked.horizon)]
    found = events(same, (asked.ratio,), asked.upward)
    if asked.most is None:
        return found
    beyond = events(same, (asked.most,))  # more than is wanted
    given, came = found["given"] - beyond["given"], found["came"] * (1 - beyond["came"])
    return found.assign(given=given, came=came)


def events(
    record: pd.DataFrame, ratios: tuple[float, ...] = RATIOS, upward: bool = True
) -> pd.DataFrame:
    """Ask every past forecast for at least so many times the pace; for less if not `upward`.

    One row per past forecast, as `forecast.verification.track_record.scored` has them, and ratio:
    ``series, origin, horizon, error, ratio``, ``given`` (the probability) and ``came`` (1.0 where
    it came true, else 0.0).
    """
    columns = ["series", "origin", "horizon", "error", "ratio", "given", "came"]
    if record.empty:
        return pd.DataFrame(columns=columns)
    asked = [attained(record, wanted, LEVELS) for wanted in ratios]
    given, came = (np.concatenate(found) for found in zip(*asked, strict=True))
    return pd.concat([record[columns[:4]]] * len(ratios), ignore_index=True).assign(
        ratio=np.repeat(np.array(ratios, float), len(record)),
        given=given if upward else 1 - given,
        came=(came if upward else ~came).astype(float),
    )


def recorded(record: pd.DataFrame, horizon: int) -> int:
    """Return the longest horizon of a record that is no longer than one asked about; 0 without.

    Where the record begins beyond it, its shortest.
    """
    known = sorted({int(h) for h in record["horizon"]})
    return max((h for h in known if h <= horizon), default=known[0] if known else 0)


@dataclass(frozen=True)
class Seen:
    """What came true of some pseudo-targets."""

    asked: int  # pseudo-targets
    forecasts: int  # past forecasts they were asked of
    cases: float  # independent cases these are worth; those of one year share its shock
    #: Mean probability given, share that came true, and the share's 90 % interval by resampled
    #: outcome years; NaN without any, and the interval below `LEAST_CASES`.
    given: float
    came: float
    low: float
    high: float


def seen(found: pd.DataFrame) -> Seen:
    """Count what came true of pseudo-targets of one horizon; see `events`."""
    if found.empty:
        return Seen(0, 0, 0.0, *[float("nan")] * 4)
    keys = ["series", "origin", "horizon"]
    forecasts = found.drop_duplicates(keys)
    came = found["came"].to_numpy(float)
    cases = effective_cases(forecasts)
    low = high = float("nan")
    if round(cases) >= LEAST_CASES:
        low, high = scores.share_by_years(came, outcome_years(found), cases=cases)
    return Seen(
        len(found), len(forecasts), cases, float(found["given"].mean()),
        float(came.mean()), float(low), float(high),
    )  # fmt: skip


@once
def alike(record: pd.DataFrame, asked: Asked) -> Seen:
    """Count what came true of past forecasts that were asked what a target asks; see `like`."""
    return seen(like(record, asked))


@once
def improbable(record: pd.DataFrame, horizon: int) -> Seen:
    """Count what came true of pseudo-targets, both ways, that were given less than `LOW`.

    Those of the horizon that `recorded` names.
    """
    same = record[record["horizon"] == recorded(record, horizon)]
    at_least, less = list[pd.DataFrame](), list[pd.DataFrame]()
    for wanted in RATIOS:  # all answers at once take more memory than all else
        found = events(same, (wanted,))
        at_least.append(found[found["given"] < LOW])
        found = found.assign(given=1 - found["given"], came=1 - found["came"])
        less.append(found[found["given"] < LOW])
    return seen(pd.concat([*at_least, *less], ignore_index=True))


@once
def least(record: pd.DataFrame, horizon: int) -> float:
    """Return the smallest probability that a record of past forecasts supports.

    The floor of `forecast.forecasting.floor` after the pseudo-targets of that horizon that were
    given less than `LOW`: so many independent cases, of which such a share came true.
    """

    def compute() -> float:
        low = improbable(record, horizon)
        return floor.least(low.cases, low.cases * low.came if low.asked else 0.0)

    return cached(("floor", _content(record), horizon), compute)


@once
def _content(record: pd.DataFrame) -> bytes:
    """Return what tells a scored record from others, without a look at all quantiles.

    Forecasts whose errors are the same to the last digit are the same.
    """
    rows = record.drop(columns="quantiles")
    return hashlib.sha256(pd.util.hash_pandas_object(rows).to_numpy().tobytes()).digest()


def by_band(found: pd.DataFrame) -> pd.DataFrame:
    """Sort pseudo-targets by the probability given.

    One row per band of `BANDS` that has any: ``lower, upper`` (its borders) and the fields of
    `Seen`.
    """
    rows = []
    band = np.digitize(found["given"].to_numpy(float), BANDS[1:-1])
    for k in np.unique(band):
        rows.append({"lower": BANDS[k], "upper": BANDS[k + 1], **vars(seen(found[band == k]))})
    return pd.DataFrame(rows, columns=["lower", "upper", *Seen.__dataclass_fields__])


@once
def bands(record: pd.DataFrame, horizon: int, upward: bool) -> pd.DataFrame:
    """Sort the pseudo-targets of a horizon by the probability given; see `events`, `by_band`."""
    return by_band(events(record[record["horizon"] == horizon], upward=upward))


def brier(found: pd.DataFrame) -> tuple[float, float]:
    """Return the Brier score of pseudo-targets, and that of naming each ratio's own share.

    The shares are known afterwards only: no forecast could have named them.
    """
    given, came = found["given"].to_numpy(float), found["came"].to_numpy(float)
    base = found.groupby("ratio")["came"].transform("mean").to_numpy(float)
    return float(((given - came) ** 2).mean()), float(((base - came) ** 2).mean())

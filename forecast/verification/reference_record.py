"""The record of the reference panels: it stands in where there are few or no past forecasts.

Its forecasts are of single series of public panels, each from three to ten years of its own past,
and were kept with their outcomes when the tables were learned
(`forecast.calibration.short_histories`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd

from forecast.cache import once
from forecast.forecasting.distribution import size_at
from forecast.forecasting.learned_tables import committed_tables, kind_of
from forecast.reconciliation.history import History
from forecast.verification.track_record import (
    HORIZONS,
    LEVELS,
    RECORD,
    effective_cases,
    errors,
    inside,
    scored,
)

#: Independent past forecasts below which a record says too little: a share of so many that is to
#: be 80 % has a standard error of 13 points, which leaves open whether it is two thirds.
FEWEST = 10.0


def kinds_of(histories: Iterable[History]) -> tuple[str, ...]:
    """Return the learned kinds (flow, share, stock) of some series."""
    return tuple(sorted({kind_of(h.scale.name, h.kind) for h in histories}))


@cache
def reference_record(kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return the scored record of the reference panels.

    Parameters
    ----------
    kinds : tuple of str
        Of series: flow, share, stock.

    Returns
    -------
    DataFrame
        As of `forecast.verification.track_record.scored`, with ``panel``, the key of each panel,
        and ``years``, the length of the past that the forecast was made from.
    """
    tables = committed_tables()
    frames = []
    for kind in kinds:
        table = {"share": tables.shares, "stock": tables.stocks}.get(kind, tables.mixed)
        for panel, rows in tables.record.get(kind, {}).items():
            found = np.array(rows)
            series, origin, years = found[:, :3].astype(int).T
            pace, step = found[:, 3:5].T
            centre, scale, came = np.split(found[:, 5:], 3, axis=1)
            for h in range(1, centre.shape[1] + 1):
                size = size_at(np.abs(2 * LEVELS - 1), table.sizes[table.at(h)], table, h)
                apart = np.sign(LEVELS - 0.5) * size
                quantiles = centre[:, [h - 1]] + scale[:, [h - 1]] * apart
                frame = pd.DataFrame({
                    "series": [f"{panel} {i}" for i in series], "origin": origin, "horizon": h,
                    "actual": came[:, h - 1], "start": 0.0, "pace": pace, "step": step,
                    "quantiles": list(quantiles), "panel": panel, "years": years,
                })  # fmt: skip
                frames.append(frame)
    if not frames:
        return scored(pd.DataFrame(columns=RECORD)).assign(panel="", years=0)
    record = pd.concat(frames, ignore_index=True)
    return record.assign(error=errors(record), inside=inside(record))


def enough(record: pd.DataFrame, horizon: int) -> bool:
    """Whether a scored record has `FEWEST` independent past forecasts so many years ahead.

    Beyond `forecast.verification.track_record.HORIZONS` years, those as far ahead as there are.
    """
    return effective_cases(record[record["horizon"] == min(horizon, HORIZONS)]) >= FEWEST


@once
def supplemented(record: pd.DataFrame, kinds: tuple[str, ...], horizon: int) -> pd.DataFrame:
    """Return a scored record, with that of the reference panels where it is too short.

    Parameters
    ----------
    record : DataFrame
        As of `forecast.verification.track_record.scored`.
    kinds : tuple of str
        Of the series it is to speak for; see `kinds_of`.
    horizon : int
        Years ahead for which there have to be enough; see `enough`.
    """
    if not kinds or enough(record, horizon):
        return record
    panels = reference_record(tuple(sorted(kinds)))
    return pd.concat([record.assign(panel="", years=0), panels], ignore_index=True)


def panels_of(record: pd.DataFrame) -> list[str]:
    """Return the reference panels whose forecasts a record holds; none if all are own."""
    return [] if "panel" not in record else [p for p in record["panel"].unique() if p]


def own(record: pd.DataFrame) -> pd.DataFrame:
    """Return the past forecasts of the data's own series."""
    return record if "panel" not in record else record[record["panel"] == ""]

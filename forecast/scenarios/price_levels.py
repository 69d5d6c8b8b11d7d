"""Price levels of GDP from published deflators, as series that are forecast like the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.evidence.scales import transform
from forecast.forecasting.model_pool import Options
from forecast.reconciliation.history import History
from forecast.targets.question import Source

PRICES = "price_level"  # of GDP: what real growth and deflators refer to
YEARS = 8  # of known deflators in a row that a price level is forecast from
FAMILIES = ("damped_drift", "drift", "local_trend", "theta")


def price_levels(study: Source, chain: Sequence[str], end: int) -> dict[str, History]:
    """Price levels of GDP, as series of their own, where enough deflators in a row are known."""
    out = {}
    for region in chain:
        output = study.find_history(region, study.evidence.accounts.output)
        if output is None or output.deflator.empty:
            continue
        known = output.deflator
        years = np.array(known.index, int)
        run = years[
            np.flatnonzero(np.diff(years, prepend=years[0] - 2) != 1)[-1] <= np.arange(len(years))
        ]
        if len(run) < YEARS or run[-1] >= end:
            continue
        level = np.log(100) + np.concatenate([[0.0], np.cumsum(known[run])])
        years = np.arange(run[0] - 1, run[-1] + 1)
        out[f"{region}/{PRICES}"] = History(
            region, PRICES, "index", transform("log"), years, level,
            1e-8 * np.eye(len(years)), ("derived",) * len(years), pd.DataFrame(),
            pd.DataFrame(), pd.Series(dtype=float), 0.02, kind="price",
        )  # fmt: skip
    return out


def price_options(options: Options) -> Options:
    """Options by which price levels are forecast: no family whose fit takes long."""
    return Options(options.draws, options.seed, FAMILIES, options.imputations)

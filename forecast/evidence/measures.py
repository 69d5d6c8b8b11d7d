"""The measures of observations: levels, growth, forecasts of others; and exchange rates."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from forecast.evidence.calendar import parse_period

LEVELS = ("level", "ytd_level")
#: Parts of a year, and how many months they cover.
WITHIN_YEAR = {"month_level": 1, "quarter_level": 3, "half_level": 6}
PUBLISHED_LEVELS = (*LEVELS, *WITHIN_YEAR)
#: What others expect of a year: never a fact.
FORECASTS = ("forecast_growth", "forecast_level")
FORECAST_STATUSES = ("target", "projection")
AMOUNTS = (*PUBLISHED_LEVELS, "forecast_level")
GROWTHS = ("growth", "ytd_growth")
RATES = (*GROWTHS, "forecast_growth")

#: Unit of the indicators that convert US dollars into yuan: the average of a year.
EXCHANGE_UNIT = "CNY/USD"

#: By year, yuan per US dollar, and the identifiers of the observations that state it.
ExchangeRates = dict[int, tuple[float, tuple[str, ...]]]


def exchange_indicators(indicators: pd.DataFrame) -> frozenset[str]:
    """Return the indicators that are exchange rates.

    Parameters
    ----------
    indicators : DataFrame
        The table `indicators`.
    """
    return frozenset(indicators.loc[indicators["unit"] == EXCHANGE_UNIT, "indicator"])


def exchange_rates(observations: pd.DataFrame, indicators: pd.DataFrame) -> ExchangeRates:
    """Return the exchange rate of each year, the mean where there are several observations.

    Parameters
    ----------
    observations, indicators : DataFrame
        The tables of these names.

    Returns
    -------
    dict
        Bounds and marked rows are left out.
    """
    rows = observations[
        observations["indicator"].isin(exchange_indicators(indicators))
        & (observations["measure"] == "level")
        & (observations["bound"] == "")
        & (observations["mark"] == "")
    ]
    found = defaultdict(list)
    for period, value, name in zip(rows["period"], rows["value"], rows["observation"], strict=True):
        parts = parse_period(period)
        if parts is not None and value > 0:
            found[parts[0]].append((float(value), str(name)))
    return {
        year: (sum(value for value, _ in pairs) / len(pairs), tuple(name for _, name in pairs))
        for year, pairs in sorted(found.items())
    }

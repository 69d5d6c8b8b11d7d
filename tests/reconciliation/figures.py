"""Figures for tests of what comes after the reading of the evidence."""

from typing import Any

import pandas as pd

from forecast.reconciliation.observations import Observation
from tests.worlds import statement


def observation(year: int, value: float, measure: str = "level", **fields: Any) -> Observation:
    """One figure, final and nominal unless said otherwise, with an identity unit."""
    usual = {"status": "final", "prices": "nominal", "canonical": value}
    return Observation(year=year, value=value, measure=measure, **{**usual, **fields})


def levels(values: dict[int, float], **fields) -> list[dict]:
    return [statement(year, value, **fields) for year, value in values.items()]


def steady(start: int = 2010, n: int = 12, growth: float = 1.07, first: float = 100.0):
    return {start + i: round(first * growth**i, 2) for i in range(n)}


def estimate(history, year: int) -> pd.Series:
    return history.table().set_index("year").loc[year]

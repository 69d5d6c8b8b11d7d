"""Observations for tests of what comes after the reading of the evidence."""

from typing import Any

from forecast.reconciliation.observations import Observation


def observation(year: int, value: float, measure: str = "level", **fields: Any) -> Observation:
    """One figure, final and nominal unless said otherwise, with an identity unit."""
    usual = {"status": "final", "prices": "nominal", "canonical": value}
    return Observation(year=year, value=value, measure=measure, **{**usual, **fields})

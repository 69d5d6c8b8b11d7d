"""Observations: rounding, and what is within reach of a level."""

import pytest

from forecast.reconciliation.observations import rounding, within_reach
from tests.reconciliation.figures import observation


@pytest.mark.parametrize(
    ("value", "half"),
    [
        (2.54, 0.005), (118.0, 0.5), (4453.0, 0.5), (5000.0, 125.0), (4500.0, 50.0), (0.3, 0.05),
        (120.0, 3.0), (-4453.0, 0.5), (-7.25, 0.005), (0.0, 0.5), (10.0, 0.25),
        (1000000.0, 25000.0),
    ],
)  # fmt: skip
def test_rounding_is_half_a_unit_of_the_last_digit(value: float, half: float) -> None:
    assert rounding(value) == pytest.approx(half)


def test_growth_out_of_reach_of_any_level_is_set_aside() -> None:
    rows = [
        observation(2009, 5.0, "growth"),
        observation(2011, 5.0, "growth"),
        observation(2010, 100.0),
        observation(2012, 5.0, "growth"),
        observation(2014, 5.0, "growth"),
    ]
    kept = [(o.year, o.measure) for o in within_reach(rows) if o.used]
    assert kept == [(2011, "growth"), (2010, "level"), (2012, "growth")]

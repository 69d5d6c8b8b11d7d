from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.comparisons import Criterion


@pytest.mark.parametrize(
    ("comparison", "below", "at", "above"),
    [
        ("at_least", False, True, True),
        ("about", False, True, True),
        ("exceed", False, False, True),
        ("at_most", True, True, False),
        ("below", True, False, False),
        ("rank_within", True, True, False),
        ("between", False, True, True),
    ],
)
def test_what_meets_a_target(comparison: str, below: bool, at: bool, above: bool) -> None:
    sought = Criterion(comparison, 200.0, 300.0)
    assert sought.met(np.array([199.9, 200.0, 200.1])).tolist() == [below, at, above]


def test_range_holds_its_ends_and_nothing_beyond() -> None:
    found = Criterion("between", 2.0, 4.0).met(np.array([1.9, 2.0, 3.0, 4.0, 4.1]))
    assert found.tolist() == [False, True, True, True, False]


def test_unknown_comparison_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown comparison 'nearly'"):
        Criterion("nearly", 1.0).met(np.array([1.0]))


@given(
    st.lists(st.floats(-100, 100), min_size=1, max_size=30),
    st.floats(-50, 50),
    st.floats(0, 50),
)
def test_range_is_at_most_the_upper_end_and_not_below_the_lower(
    values: list[float], low: float, width: float
) -> None:
    found = np.array(values)
    inside = Criterion("between", low, low + width).met(found).mean()
    until = Criterion("at_most", low + width).met(found).mean()
    below = Criterion("below", low).met(found).mean()
    assert inside == pytest.approx(until - below)


@pytest.mark.parametrize(
    ("comparison", "value", "more", "nearest"),
    [
        ("at_least", 9.0, True, 2.0),
        ("below", 1.0, False, 2.0),
        ("between", 1.0, True, 2.0),
        ("between", 2.5, True, 2.0),
        ("between", 3.5, False, 4.0),
        ("between", 9.0, False, 4.0),
    ],
)
def test_which_limit_a_figure_comes_to_first(
    comparison: str, value: float, more: bool, nearest: float
) -> None:
    sought = Criterion(comparison, 2.0, 4.0)
    assert (sought.wants_more(value), sought.nearest(value)) == (more, nearest)

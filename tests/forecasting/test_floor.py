from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.forecasting.floor import MOST, by_year, least, within


@pytest.mark.parametrize("cases", [3, 10, 47, 1000])
def test_no_event_in_so_many_cases_has_a_closed_form(cases: int) -> None:
    """The posterior Beta(1, 1 + n) has the distribution function 1 - (1 - x)^(n + 1)."""
    assert least(cases) == pytest.approx(1 - 0.2 ** (1 / (cases + 1)))


@pytest.mark.parametrize(("cases", "events"), [(20, 1), (50, 3), (50, 2.5)])
def test_events_raise_it_to_the_limit_of_their_posterior(cases: float, events: float) -> None:
    from scipy.stats import beta

    assert beta.cdf(least(cases, events), 1 + events, 1 + cases - events) == pytest.approx(0.8)
    assert least(cases, events) > events / cases


def test_limit_holds_as_often_as_it_claims() -> None:
    """Rates drawn from the prior, cases counted: eight in ten rates lie below the limit."""
    rng = np.random.default_rng(3)
    rates = rng.uniform(0, 0.3, 4000)  # of the prior, what leads to limits below `MOST`
    seen = rng.binomial(60, rates)
    low = seen <= 8
    limits = {k: least(60, k) for k in range(9)}
    held = [rate <= limits[k] for rate, k in zip(rates[low], seen[low], strict=True)]
    assert np.mean(held) == pytest.approx(0.8, abs=0.02)


@given(st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 1))
def test_floor_is_a_small_probability_that_grows_with_events(
    cases: float, one: float, other: float
) -> None:
    fewer, more = (least(cases, cases * share) for share in sorted((one, other)))
    assert 0 < fewer <= more <= MOST
    assert least(cases + 10) <= least(cases)


@pytest.mark.parametrize(("cases", "events"), [(-1, 0), (5, 6), (5, -1)])
def test_impossible_counts_are_refused(cases: float, events: float) -> None:
    with pytest.raises(ValueError, match=r"of .* cases; expected 0 or more, and no more than all"):
        least(cases, events)


@given(st.floats(0, 1), st.floats(0, MOST))
def test_bounded_probability_lies_between_floor_and_ceiling(p: float, floor: float) -> None:
    found = within(p, floor)
    assert floor <= found <= 1 - floor
    assert found == p or p < floor or p > 1 - floor
    assert within(p, None) == p


def test_years_are_bounded_unless_one_is_known_to_be_the_first() -> None:
    told = by_year({"2025": 0.0, "2026": 0.5, "never": 0.5}, 0.1)
    assert told == {"2025": 0.1, "2026": 0.5, "never": 0.5}
    assert by_year({"2025": 1.0, "never": 0.0}, 0.1) == {"2025": 1.0, "never": 0.0}
    assert by_year({"2025": 0.7, "2026": 0.3, "never": 0.0}, 0.1)["never"] == 0.1

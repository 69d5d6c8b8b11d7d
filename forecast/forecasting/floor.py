"""How near to 0 or to 1 a probability may come: one rule for every probability that is given.

A probability is an extrapolation from a finite number of comparable past cases. It is bounded by
the chance that these cases cannot rule out: the upper limit, at 80 % confidence and with a uniform
prior, of the chance of an event that was given next to none. After k events in n independent cases
the posterior is Beta(1 + k, 1 + n - k) (Gelman et al. 2013, section 2.4), so that no event in n
cases gives 1 - 0.2^(1 / (n + 1)).

Laplace's rule, 1 / (n + 2), is the mean of the same posterior: a statement "less than 1 / (n + 2)"
would be too low one time in three. The rule of three, 3 / n, is the limit at 95 % without a prior:
it exceeds one half for five cases and fewer. 80 % is the level of the intervals that the record of
the forecasts is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping

CONFIDENCE = 0.8
MOST = 1 / 3  # what Laplace's rule gives a single case; a higher bound would be empty
NEVER = "never"  # the rest of a distribution over years


def least(cases: float, events: float = 0.0) -> float:
    """Return the smallest probability that past cases support; the largest is one less it.

    Parameters
    ----------
    cases : float
        Effective number of independent past cases in which the event was given next to no chance,
        or of informative observations where there is no record of forecasts.
    events : float
        How many of them came true all the same, in the same count.

    Returns
    -------
    float
        Between 0 and `MOST`.

    Raises
    ------
    ValueError
        For a negative number, or more events than cases.

    Examples
    --------
    >>> [round(least(n), 3) for n in (0, 5, 47, 200)], round(least(47, 2), 3)
    ([0.333, 0.235, 0.033, 0.008], 0.087)
    """
    from scipy.special import betaincinv

    if not 0 <= events <= cases:
        raise ValueError(f"{events:g} of {cases:g} cases; expected 0 or more, and no more than all")
    return min(float(betaincinv(1 + events, 1 + cases - events, CONFIDENCE)), MOST)


def within(probability: float, floor: float | None) -> float:
    """Keep a probability between a floor and one less it; without a floor it is returned as is.

    Parameters
    ----------
    probability : float
    floor : float, optional
        As `least` returns it.

    Examples
    --------
    >>> within(0.001, 0.03), within(0.5, 0.03), within(0.001, None)
    (0.03, 0.5, 0.001)
    """
    if floor is None:
        return probability
    return min(max(probability, floor), 1 - floor)


def by_year(chances: Mapping[str, float], floor: float | None) -> dict[str, float]:
    """Bound a distribution of the first year of attainment.

    A year that is known to be the first keeps its certainty. Years at the floor are upper limits,
    so that the entries need not add up to one.

    Parameters
    ----------
    chances : mapping of str to float
        Probability of each first year, and of `NEVER`.
    floor : float, optional
        As `least` returns it.
    """
    if chances.get(NEVER) == 0.0 and 1.0 in chances.values():
        return dict(chances)
    return {year: within(p, floor) for year, p in chances.items()}

"""The sense of a comparison, as targets of plans and of panels write it."""

UPWARD = ("at_least", "exceed", "about", ">=", ">")
DOWNWARD = ("at_most", "rank_within", "<=", "<")


def upward(comparison: str) -> bool:
    """Whether a larger figure meets the target rather than a smaller one.

    Examples
    --------
    >>> upward("at_least"), upward("rank_within")
    (True, False)
    """
    if comparison not in (*UPWARD, *DOWNWARD):
        raise ValueError(f"unknown comparison {comparison!r}")
    return comparison in UPWARD

"""Where charts draw a target."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from forecast.facts import Amount
from forecast.report.language import Language
from forecast.targets.assessment import Assessment


def limits(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return where a chart draws a target: what the plan says, and what counts as met.

    Returns
    -------
    DataFrame
        ``value`` (in the unit of `Language.unit`), ``label`` and ``decides``: whether the target is
        met from there on. Only "about" a value has a line that does not decide, the value itself.
    """
    ends = list(answer.criterion.ends)
    wanted = tell.write(replace(answer.wanted, bare=True))
    rows = [(end, "", True) for end in ends[:-1]]
    if answer.target["comparison"] == "about":
        value = tell.write(Amount(answer.value, answer.unit, exact=True, bare=True))
        rows.append((answer.value, tell("target-label-about", line="plan", value=value), False))
        wanted = tell("target-label-about", line="met", value=wanted)
    else:
        wanted = tell("target-label", value=wanted)
    found = pd.DataFrame([*rows, (ends[-1], wanted, True)], columns=["value", "label", "decides"])
    return found.assign(value=tell.scaled(found["value"].astype(float), answer.unit))

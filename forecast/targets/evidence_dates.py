"""How new the evidence is: the date of the newest figure, of one target and of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.evidence.calendar import first_day, last_day
from forecast.evidence.evidence import Evidence
from forecast.evidence.observations import FORECASTS

if TYPE_CHECKING:
    from forecast.targets.assessment import Assessment


def newest(evidence: Evidence, rows: pd.DataFrame) -> str:
    """Return when the newest of some figures was published.

    Parameters
    ----------
    evidence : Evidence
    rows : DataFrame
        Rows of ``observations.csv``. Forecasts by others are no figures, and do not count.

    Returns
    -------
    str
        Year, month or day, as far as known, on which the figure of the latest period came out, or
        else its source; empty where no date is known. A figure of an older period that was copied
        or revised later is not newer evidence. Of two dates the one that begins later counts.
    """
    of_source = dict(zip(evidence.sources["source"], evidence.sources["published"], strict=True))
    figures = rows[~rows["measure"].isin(FORECASTS)]
    dated = [
        # What is published before its period ends speaks of the time until then.
        (min(last_day(str(period)) or out, out), out, len(text), text)
        for period, own, source in zip(
            figures["period"], figures["published"], figures["source"], strict=True
        )
        if (text := str(own or of_source.get(source, ""))) and (out := first_day(text))
    ]
    return max(dated)[-1] if dated else ""


def note(evidence: Evidence, answer: Assessment | None = None) -> str:
    """Return in one sentence how new the evidence is; empty where no date is known.

    Parameters
    ----------
    evidence : Evidence
    answer : Assessment, optional
        The target whose own figures are told apart.
    """
    of_all = newest(evidence, evidence.observations)
    if not of_all:
        return ""
    if answer is None:
        return f"Evidence: the newest figure was published {when(of_all)}."
    if not answer.newest_own:
        compared = newest(evidence, answer.known)
        other = (
            f"the newest it is compared with was published {when(compared)}, " if compared else ""
        )
        own = "its own has a date" if len(_own(answer)) else "its own is in our data"
        return (
            f"Evidence: no figure of {own}; {other}the newest of all "
            f"{'' if compared else 'was published '}{when(of_all)}."
        )
    return (
        f"Evidence: the newest figure of its own was published {when(answer.newest_own)}, the "
        f"newest of all {when(of_all)}."
    )


def _own(answer: Assessment) -> pd.DataFrame:
    """Return the statements that are not of the region a target is compared with."""
    return answer.known[answer.known["region"] != str(answer.target["reference_region"])]


def when(published: str) -> str:
    """Return a date in words, as far as it is known.

    Examples
    --------
    >>> when("2026-02-14"), when("2026-02"), when("2026")
    ('on 14 February 2026', 'in February 2026', 'in 2026')
    """
    day = first_day(published)
    assert day is not None
    forms = {4: f"in {day:%Y}", 7: f"in {day:%B %Y}", 10: f"on {day.day} {day:%B %Y}"}
    return forms[len(published)]

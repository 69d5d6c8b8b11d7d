"""How new the evidence is: the date of the newest figure, of one target and of all."""

from __future__ import annotations

import pandas as pd

from forecast.evidence.calendar import first_day, last_day
from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import FORECASTS


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

"""The parts of a target: markets, journeys, events, editions, series or years."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd

from forecast.facts import Amount, Bound, Chance
from forecast.report.language import SMALLEST, Language, limited
from forecast.report.pages.dates import written
from forecast.targets.assess import Assessment

NO_PATH = ("markets", "comparison", "level")  # kinds whose unknown parts lack a forecast


def heading(tell: Language, answer: Assessment) -> str:
    """Return the heading over the table of parts; empty where there are none."""
    return "" if answer.parts.empty else tell(f"parts-head-{answer.kind}")


def table(tell: Language, answer: Assessment) -> pd.DataFrame:
    """List what a target is made of.

    Returns
    -------
    DataFrame
        Cells are safe HTML; columns without any entry are left out.
    """
    rows = []
    for _, part in answer.parts.iterrows():
        cells = {
            tell("parts-label", kind=answer.kind): tell.write(part["part"]),
            tell("parts-last"): said(tell, part, answer.unit) or "–",
            tell("parts-state-head"): tell("parts-state", state=_state(answer, str(part["state"]))),
            tell("parts-chance"): _chance(tell, answer, float(part["chance"])),
            tell("parts-from"): tell.write(part["basis"]),
        }
        rows.append({name: html.escape(text) for name, text in cells.items()})
    found = pd.DataFrame(rows)
    return found.loc[:, [c for c in found if found[c].ne("").any()]]


def said(tell: Language, row: pd.Series, unit: str) -> str:
    """Return a part's figure as it was stated, with its year or date; empty where there is none.

    Examples
    --------
    >>> from forecast.report.language import language
    >>> row = pd.Series({"value": 120.0, "bound": "upper", "when": "2023"})
    >>> said(language("en"), row, "minutes"), said(language("zh"), row, "minutes")
    ('at most 120 minutes (2023)', '不超过120分钟（2023年）')
    """
    if not np.isfinite(float(row["value"])):
        return ""
    value, bound = Amount(float(row["value"]), unit, exact=True), str(row["bound"]) or "none"
    if not row["when"]:
        return tell("parts-figure", value=value, bound=bound)
    return tell("parts-figure-dated", value=value, bound=bound, when=written(row["when"]))


def _chance(tell: Language, answer: Assessment, chance: float) -> str:
    """Return a part's chance; that of a part that bounds a whole is rounded down, as the bound."""
    if np.isnan(chance):
        return ""
    if answer.bound is not None and not limited(chance, max(answer.floor or 0.0, SMALLEST)):
        return tell.write(Bound(chance))
    return tell.write(Chance(chance, answer.floor, short=True))


def _state(answer: Assessment, state: str) -> str:
    if state == "unknown" and answer.kind in NO_PATH:
        return "no-forecast"
    return state.replace(" ", "-")

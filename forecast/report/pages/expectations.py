"""Say and show what others expect, beside our own forecast."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.expectations.forecasts import Expectation, expectations, outcome
from forecast.report.pages import words
from forecast.report.pages.tables import link
from forecast.resources import CALIBRATION
from forecast.targets.assess import Assessment


@cache
def _learned() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CALIBRATION.read_text(encoding="utf-8"))["outside"]
    return found


def note(evidence: Evidence, answer: Assessment) -> str:
    """Return the section's text; empty where nobody's expectation bears on the answer."""
    if answer.paths is None or answer.paths.expected.empty:
        return ""
    seen, history = answer.paths.expected, answer.history
    assert history is not None
    regions = list(dict.fromkeys(map(str, seen["region"])))
    of = " and ".join(words.place(evidence, r) for r in regions)
    others = [r for r in regions if r != history.region]
    how = (
        f" Forecasts of {' and '.join(words.place(evidence, r) for r in others)} bear on this "
        "series as far as past forecast errors of the two went together."
        if others
        else ""
    )
    alone, together = answer.paths.without[-1], float(np.median(answer.paths.pooled[:, -1]))
    n = len(seen)
    return (
        "## What others expect\n\n"
        f"{n} forecast{'s' if n > 1 else ''} of others, on {of}, {'are' if n > 1 else 'is'} part "
        f"of this answer. With {'them' if n > 1 else 'it'} the median for {answer.year} is "
        f"{words.number(together, answer.unit)}; without, "
        f"{words.number(float(alone), answer.unit)}.{how} {_record()} "
        "Real growth bears on a series in current prices through the expected change of prices."
    )


def _record() -> str:
    found = _learned()
    year = found["lead"].index(1.0)
    far = [i for i, lead in enumerate(found["lead"]) if lead >= 3]
    return (
        "How much such a forecast counts was learned from the growth forecasts of the IMF for "
        f"{found['countries']} countries, {found['years'].replace('-', ' to ')}: a year ahead, "
        f"growth came out {abs(found['bias'][year]):.1f} points "
        f"{'below' if found['bias'][year] < 0 else 'above'} the forecast on average, and reached "
        f"it in {100 * found['reached'][year]:.0f} of 100 cases; three to five years ahead in "
        f"{100 * float(np.mean([found['reached'][i] for i in far])):.0f}."
    )


def table(evidence: Evidence, answer: Assessment) -> pd.DataFrame:
    """Return a row per forecast of others that bears on an answer, ours beside it."""
    if answer.paths is None or answer.paths.expected.empty:
        return pd.DataFrame()
    rows = []
    for _, row in answer.paths.expected.iterrows():
        unit = "%" if row["measure"] == "growth" else answer.unit
        rows.append(
            {
                "Of": html.escape(words.place(evidence, str(row["region"]))),
                "Forecaster": link(str(row["forecaster"]), str(row["url"])),
                "Published": f"{row['published']:%B %Y}",
                "For": str(row["year"]),
                "They expect": _stated(row["low"], row["high"], unit, row),
                "Ours alone": words.number(float(row["ours"]), unit),
                "Together": words.number(float(row["combined"]), unit),
            }
        )
    return pd.DataFrame(rows)


def _stated(low: float, high: float, unit: str, row: Any) -> str:
    text = words.figure(float(low)) + (f" to {words.figure(float(high))}" if high > low else "")
    prices = f", {row['prices']}" if row["prices"] in ("real", "nominal") and unit == "%" else ""
    kind = " (target)" if row["kind"] == "target" else ""
    return html.escape(f"{text} {unit}{prices}{kind}")


def series_note(evidence: Evidence, region: str, indicator: str) -> str:
    """Return the heading on a series' page; empty where nobody's expectation is known."""
    if not expectations(evidence, region, indicator):
        return ""
    return (
        "## What others expect\n\n"
        "Targets and projections are no facts: they are not part of the path above, and bear on "
        "the forecast as far as the record of such forecasts warrants."
    )


def series_table(evidence: Evidence, region: str, indicator: str) -> pd.DataFrame:
    """Return a row per forecast of others on a series, with what came."""
    every: Sequence[Expectation] = expectations(evidence, region, indicator)
    unit = str(evidence.indicator(indicator)["unit"])
    rows = []
    for e in every:
        own = "%" if e.measure == "growth" else unit
        came = outcome(evidence, e)
        rows.append(
            {
                "For": str(e.year),
                "Forecaster": link(e.forecaster, e.url),
                "Published": f"{e.published:%B %Y}",
                "Expected": _stated(e.low, e.high, own, {"prices": e.prices, "kind": e.kind}),
                "Came": "" if came is None else words.figure(came, own),
            }
        )
    return pd.DataFrame(rows)

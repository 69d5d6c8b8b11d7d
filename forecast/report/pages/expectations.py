"""Forecasts by others beside our own, on the pages of targets and of series."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.expectations.forecasts import expectations, outcome
from forecast.facts import Amount, Items, Month, Number, Points, Years
from forecast.forecasting.learned_tables import committed_tables
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages.statements import expected
from forecast.report.show import anchor
from forecast.targets.assessment import Assessment

FAR = 3.0  # years ahead from which the record is told together


def note(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return heading and text on a target's page; empty where no forecast bears on the answer."""
    if answer.paths is None or answer.paths.expected.empty:
        return ""
    seen, history = answer.paths.expected, answer.history
    assert history is not None
    regions = list(dict.fromkeys(map(str, seen["region"])))
    others = [region for region in regions if region != history.region]
    part = tell(
        "expected-part",
        n=len(seen),
        places=_places(evidence, regions),
        year=answer.year,
        together=Amount(float(np.median(answer.paths.pooled[:, -1])), answer.unit),
        alone=Amount(float(answer.paths.without[-1]), answer.unit),
    )
    related = tell("expected-related", places=_places(evidence, others)) if others else ""
    told = [part, related, _record(tell), tell("expected-prices")]
    return paragraphs(tell("expected-head"), sentences(tell, *told))


def _places(evidence: Evidence, regions: list[str]) -> Items:
    return Items([evidence.place(region) for region in regions])


def _record(tell: Language) -> str:
    """Return how the IMF's forecasts came out, from which the weight of such forecasts follows."""
    found: dict[str, Any] = committed_tables().outside
    year = found["lead"].index(1.0)
    far = [r for lead, r in zip(found["lead"], found["reached"], strict=True) if lead >= FAR]
    first, last = map(int, found["years"].split("-"))
    return tell(
        "expected-record",
        countries=found["countries"],
        years=Years(range(first, last + 1)),
        bias=Points(abs(found["bias"][year])),
        side="below" if found["bias"][year] < 0 else "above",
        near=Number(100 * found["reached"][year]),
        far=Number(100 * float(np.mean(far))),
    )


def table(tell: Language, evidence: Evidence, answer: Assessment) -> pd.DataFrame:
    """Return a row per forecast by others that bears on an answer, ours beside it.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    if answer.paths is None or answer.paths.expected.empty:
        return pd.DataFrame()
    rows = []
    for _, row in answer.paths.expected.iterrows():
        unit = "%" if row["measure"] == "growth" else answer.unit
        day = row["published"]
        rows.append(
            {
                "of": html.escape(tell.write(evidence.place(str(row["region"])))),
                "forecaster": _forecaster(tell, evidence, row),
                "published": tell.write(Month(day.year, day.month)),
                "year": evidence.dated(row["region"], answer.target["indicator"], row["year"]).text,
                "forecast": html.escape(expected(tell, row, unit)),
                "alone": tell.write(Amount(float(row["ours"]), unit)),
                "together": tell.write(Amount(float(row["combined"]), unit)),
            }
        )
    return _headed(tell, rows)


def series_note(tell: Language, evidence: Evidence, region: str, indicator: str) -> str:
    """Return heading and text on a series' page; empty where no forecast is known."""
    if not expectations(evidence, region, indicator):
        return ""
    return paragraphs(tell("expected-head"), tell("expected-no-facts"))


def series_table(tell: Language, evidence: Evidence, region: str, indicator: str) -> pd.DataFrame:
    """Return a row per forecast by others on a series, with its outcome.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    rows = []
    for e in expectations(evidence, region, indicator):
        unit = "%" if e.measure == "growth" else str(evidence.indicator(indicator)["unit"])
        came = outcome(evidence, e)
        rows.append(
            {
                "year": evidence.dated(region, indicator, e.year).text,
                "forecaster": _forecaster(tell, evidence, vars(e)),
                "published": tell.write(Month(e.published.year, e.published.month)),
                "forecast": html.escape(expected(tell, vars(e), unit)),
                "outcome": "" if came is None else tell.write(Amount(came, unit, exact=True)),
            }
        )
    return _headed(tell, rows)


def _forecaster(tell: Language, evidence: Evidence, row: Any) -> str:
    """Return who forecasts, linked to the source as HTML: a government has its target."""
    name = str(row["forecaster"])
    if row["kind"] == "target":
        name = tell("expected-government", place=evidence.place(str(row["region"])))
    return anchor(name, str(row["url"]))


def _headed(tell: Language, rows: list[dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows).rename(columns=lambda name: tell(f"expected-head-{name}"))

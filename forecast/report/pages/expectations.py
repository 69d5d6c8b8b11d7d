"""Forecasts by others beside our own, on the pages of targets and of series."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.evidence.comparisons import RANGE
from forecast.evidence.evidence import Evidence
from forecast.expectations.forecasts import (
    Expectation,
    expectations,
    fulfilled,
    outcome,
    published_level,
)
from forecast.facts import (
    Amount,
    Fact,
    Interval,
    Items,
    Month,
    Name,
    Number,
    Points,
    Years,
    fact,
    written,
)
from forecast.forecasting.learned_tables import committed_tables
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages.statements import expected
from forecast.report.show import anchor
from forecast.targets.assessment import Assessment, criterion

if TYPE_CHECKING:
    from forecast.study import Study

#: A past target, its outcome, and whether that met it.
Past = tuple["Expectation | pd.Series[Any]", float, bool]
FAR = 3.0  # years ahead from which the record is told together


def note(
    tell: Language, evidence: Evidence, answer: Assessment, others: Sequence[Assessment] = ()
) -> str:
    """Return heading and text on a target's page; empty where others expect nothing.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    answer : Assessment
    others : sequence of Assessment
        See `rivals`.
    """
    plans = tell("expected-plans", n=len(others)) if others else ""
    if answer.paths is None or answer.paths.expected.empty:
        return paragraphs(tell("expected-head"), plans) if plans else ""
    seen, history = answer.paths.expected, answer.history
    assert history is not None
    regions = list(dict.fromkeys(map(str, seen["region"])))
    related_to = [region for region in regions if region != history.region]
    part = tell(
        "expected-part",
        n=len(seen),
        places=_places(evidence, regions),
        year=answer.year,
        together=Amount(float(np.median(answer.paths.pooled[:, -1])), answer.unit),
        alone=Amount(float(answer.paths.without[-1]), answer.unit),
    )
    related = ""
    if related_to:
        related = tell("expected-related", places=_places(evidence, related_to))
    told = [part, related, _record(tell), tell("expected-prices"), plans]
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


def table(
    tell: Language, evidence: Evidence, answer: Assessment, others: Sequence[Assessment] = ()
) -> pd.DataFrame:
    """Return what others expect of an indicator, ours for the same year beside it.

    Forecasts that bear on the answer stand first, then the targets of other plans, for the region
    and those above it, whose year is not over; these bear on nothing.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    rows = []
    if answer.paths is not None:
        for _, row in answer.paths.expected.iterrows():
            unit = "%" if row["measure"] == "growth" else answer.unit
            key, day = str(answer.target["indicator"]), row["published"]
            ours = tuple(float(row[name]) for name in ("least", "combined", "most"))
            rows.append(
                {
                    "forecaster": _forecaster(tell, evidence, row),
                    "published": tell.write(Month(day.year, day.month)),
                    "of": html.escape(tell.write(evidence.place(str(row["region"])))),
                    "year": evidence.dated(row["region"], key, row["year"]).text,
                    "forecast": html.escape(expected(tell, row, unit)),
                    **_beside(tell, ours, (float(row["low"]), float(row["high"])), unit),
                }
            )
    for other in others:
        ours = tuple(other.quantiles[level] for level in (0.05, 0.5, 0.95))
        beside = _beside(tell, ours, other.criterion.ends, other.unit)
        rows.append({**_planned(tell, evidence, other.target), **beside})
    return _headed(tell, rows)


def rivals(study: Study, answer: Assessment) -> list[Assessment]:
    """Return the answers on open targets of other plans for the same indicator.

    Of the region of the target and of those above it.
    """
    targets = study.evidence.targets
    same = targets[
        (targets["indicator"] == answer.target["indicator"])
        & (targets["plan"] != answer.target["plan"])
        & (targets["kind"] == "level")
        & targets["region"].isin(study.evidence.chain(str(answer.target["region"])))
    ]
    if answer.kind != "level":
        return []
    pairs = zip(same["target"], same["plan"], strict=True)
    found = [study.assess(str(target), str(plan)) for target, plan in pairs]
    return [other for other in found if other.paths is not None]


def _planned(tell: Language, evidence: Evidence, row: pd.Series) -> dict[str, str]:
    """Return who set a target of another plan, when, for what and when, and the target."""
    plan, source = evidence.plan(str(row["plan"])), evidence.source(str(row["source"]))
    when = str(plan["adopted"]) or str(source["published"])
    value: Amount | Interval = Amount(float(row["value"]), str(row["unit"]), exact=True)
    if row["comparison"] == RANGE:
        value = Interval(float(row["value"]), float(row["value_to"]), str(row["unit"]), exact=True)
    goal = tell("expected-goal", comparison=str(row["comparison"]), value=value)
    return {
        "forecaster": anchor(tell.of(plan, "name"), str(source["link"])),
        "published": html.escape(tell.write(written(when)) if when else ""),
        "of": html.escape(tell.write(evidence.place(str(row["region"])))),
        "year": evidence.dated(row["region"], row["indicator"], row["year"]).text,
        "forecast": html.escape(goal),
    }


def _beside(
    tell: Language, ours: tuple[float, ...], theirs: tuple[float, ...], unit: str
) -> dict[str, str]:
    """Return our median and 90 % interval, and how they lie to the figure of others."""
    least, median, most = ours
    side, far = "within", False
    if median > max(theirs):
        side, far = "above", least > max(theirs)
    elif median < min(theirs):
        side, far = "below", most < min(theirs)
    interval = Interval(least, most, unit)
    said = tell("expected-ours", median=Amount(median, unit), interval=interval)
    apart = tell("expected-apart", side=side, far=str(far))
    return {"ours": html.escape(said), "apart": html.escape(apart)}


def like(evidence: Evidence, answer: Assessment) -> list[Past]:
    """Return past targets on the indicator, of any region, whose outcome is published.

    Those of governments for a year, then those of other plans, judged by the figure published last.
    """
    targets, key = evidence.targets, str(answer.target["indicator"])
    past = targets[
        (targets["indicator"] == key)
        & (targets["kind"] == "level")
        & (targets["plan"] != answer.target["plan"])
        & (targets["unit"] == evidence.indicator(key)["unit"])
    ]
    of_plans: list[Past] = []
    for _, row in past.iterrows():
        came = published_level(evidence, str(row["region"]), key, int(row["year"]))
        if came is not None:
            of_plans.append((row, came, bool(criterion(row).met(np.array([came]))[0])))
    return [*fulfilled(evidence, key), *of_plans]


def like_note(tell: Language, evidence: Evidence, answer: Assessment, found: Sequence[Past]) -> str:
    """Return how many like targets of the past were met; empty where none is known."""
    if not found:
        return ""
    name = evidence.indicator(str(answer.target["indicator"]))
    met = sum(was_met for *_, was_met in found)
    return tell("expected-like", met=met, n=len(found), indicator=tell.of(name, "name"))


def like_table(
    tell: Language, evidence: Evidence, answer: Assessment, found: Sequence[Past]
) -> pd.DataFrame:
    """Return a row per past target on the indicator, with its outcome.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    rows = []
    for past, came, met in found:
        if isinstance(past, pd.Series):
            row, unit = _planned(tell, evidence, past), str(past["unit"])
        else:
            unit = "%" if past.measure == "growth" else answer.unit
            row = {
                "forecaster": _forecaster(tell, evidence, vars(past)),
                "published": tell.write(Month(past.published.year, past.published.month)),
                "of": html.escape(tell.write(evidence.place(past.region))),
                "year": evidence.dated(past.region, past.indicator, past.year).text,
                "forecast": html.escape(expected(tell, vars(past), unit)),
            }
        rows.append(
            {
                **{k: row[k] for k in ("forecaster", "published", "of", "year", "forecast")},
                "outcome": tell.write(Amount(came, unit, exact=True)),
                "met": tell("expected-met", met=str(met)),
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


def forecaster(evidence: Evidence, row: Any) -> Name | Fact:
    """Return who forecasts: a government has its target."""
    if row["kind"] == "target":
        return fact("expected-government", place=evidence.place(str(row["region"])))
    return evidence.publisher(str(row["forecaster"]))


def _forecaster(tell: Language, evidence: Evidence, row: Any) -> str:
    """Return who forecasts, linked to the source as HTML."""
    return anchor(tell.write(forecaster(evidence, row)), str(row["url"]))


def _headed(tell: Language, rows: list[dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows).rename(columns=lambda name: tell(f"expected-head-{name}"))

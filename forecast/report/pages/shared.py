"""What several pages tell alike: names, titles, dates, the target in a phrase, pace and state."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.evidence.calendar import calendar_month
from forecast.evidence.comparisons import RANGE, STRICT
from forecast.evidence.evidence import Evidence
from forecast.evidence.files.defaults import MADE
from forecast.evidence.registries import listed
from forecast.facts import (
    Amount,
    Bound,
    Fact,
    Items,
    Month,
    Name,
    Percent,
    Rate,
    Year,
    fact,
    published,
)
from forecast.forecasting.models import family
from forecast.report.language import SCALE, Language, fact_of_years
from forecast.report.show import anchor
from forecast.report.text.amounts import PERCENTS
from forecast.report.text.markup import link
from forecast.targets.assessment import Assessment
from forecast.targets.evidence_dates import newest, newest_of_all, undated
from forecast.targets.types._series.parts import pieces
from forecast.verification.reference_record import own, panels_of
from forecast.verification.track_record import LEARNED, NAIVE, POOLED

if TYPE_CHECKING:
    from forecast.study import Study


def series_with_pages(study: Study, plan: str) -> list[tuple[str, str]]:
    """Return the series, as (region, indicator), that get a page of their own.

    These are the indicators behind the plan's targets, in the plan's region, its parents and the
    regions its targets name; every other series of these regions, and of those below the plan's
    that belong to no plan of their own, with enough statements to reconcile or compare (ten or
    more); and the parts of a level that has no history of its own.
    """
    evidence, plan = study.evidence, study.plan(plan)
    mine = evidence.targets[evidence.targets["plan"] == plan]
    own, planned = str(evidence.plan(plan)["region"]), set(evidence.plans["region"])
    chain = evidence.chain(own)
    compared = {r for cell in mine["reference_region"] for r in listed(cell)}
    named = {*chain, *mine["region"], *compared}
    counts = evidence.observations.groupby(["region", "indicator"]).size()
    levels = mine[mine["kind"] == "level"]
    parts = {  # pages of targets link to the parts that bound their level
        part
        for row in levels.itertuples()
        if study.find_history(str(row.region), str(row.indicator)) is None
        for part in pieces(evidence, str(row.region), str(row.indicator))
        if study.find_history(*part) is not None
    }

    def nearest(region: str) -> str:
        return next((r for r in evidence.chain(region) if r in planned), "")

    wanted = [
        (r, i)
        for r, i in study.series()
        if (r in named and i in set(mine["indicator"]))
        or (counts[(r, i)] >= 10 and (r in named or nearest(r) == own))
        or (r, i) in parts
    ]
    others = len(chain)  # the plan's own region first, then its parents, then the rest
    return sorted(wanted, key=lambda s: chain.index(s[0]) if s[0] in chain else others)


def basis(evidence: Evidence, indicator: str, key: str) -> Name:
    """Return a statistical basis' name; its key where it has none."""
    for row in evidence.bases_of.get(indicator, ()):
        if row["basis"] == key:
            return Name(str(row["name"]) or key, str(row.get("name_zh", "")))
    return Name(key)


def identifiers(cell: object) -> list[str]:
    """Return the identifiers in a cell, and signs between them, without those made for none."""
    return [name for name in str(cell).split() if not name.startswith(MADE)]


def id_links(cell: object) -> str:
    """Return the identifiers of statements as links to their rows on the same page."""
    return " ".join(link(name, f"#{name}") for name in identifiers(cell))


def at_row(message: str, row: pd.Series) -> Fact | str:
    """Return where a statement stands on the page; nothing where tables have no identifiers."""
    links = id_links(row["observation"])
    return fact(message, id=links) if links else ""


def id_anchors(cell: object) -> str:
    """Return the same as HTML."""
    return " ".join(anchor(name, f"#{name}") for name in identifiers(cell))


def small(parts: Iterable[str], place: str = "") -> str:
    """Return facts side by side in small print, as HTML that links can lead to; no empty ones."""
    name = f' id="{place}"' if place else ""
    return f"<small{name}>{html.escape(' · '.join(part for part in parts if part))}</small>"


def page_name(region: str, key: str) -> str:
    """Return the file name of a series' page."""
    return f"data-{region}-{key}.html"


def plan_title(tell: Language, evidence: Evidence, plan: str) -> str:
    """Return the title of the overview."""
    return tell("plan-title", plan=tell.of(evidence.plan(plan), "name"))


def title(tell: Language, answer: Assessment) -> str:
    """Return the title of a target's page."""
    return tell("target-title", target=answer.name, goal=answer.goal)


def limit(tell: Language, answer: Assessment) -> str:
    """Return what counts as met: the target, with the reading of "about" where the plan says so."""
    if answer.target["comparison"] != "about":
        return tell.write(answer.goal)
    return tell(
        "limit-about",
        value=Amount(answer.value, answer.unit, exact=True),
        threshold=Amount(answer.threshold, answer.unit, exact=True),
        tolerance=tolerance(answer),
    )


def tolerance(answer: Assessment) -> Amount:
    """Return by how many percent a figure may miss a target "about" a value."""
    return Amount(float(answer.target["tolerance"]), "%", exact=True)


def low_end(low: float, high: float, unit: str) -> Amount:
    """Return the lower end of a range in words; its unit follows the upper one, a sign both."""
    return Amount(low, unit, bare=unit not in PERCENTS, like=high)


def pace_unit(tell: Language, pace: Rate, *, stored: bool = False) -> str:
    """Return the unit of growth per year, for axes and heads of columns.

    Parameters
    ----------
    tell : Language
    pace : Rate
    stored : bool
        Whether growth on a linear scale is in the unit of the tables.
    """
    scale, unit = pace.scale, tell.unit(pace.unit)
    unit = pace.unit if stored and unit else unit
    plain = scale in ("linear", "amount")
    return tell("pace-unit", scale="number" if plain and not unit else scale, unit=unit)


def legend(tell: Language) -> str:
    """Return what the verdicts stand for, in chances in 100."""
    ends = {word.replace("-", "_"): round(100 * end) for word, end in SCALE.items()}
    return tell("legend", **ends)


def method(answer: Assessment) -> str:
    """Return what the probability was counted over: the learned ensemble, or a pool of families."""
    if answer.paths is None or answer.paths.answer is not None:
        return LEARNED
    return POOLED


def method_name(tell: Language, name: str, message: str = "method-name") -> str:
    """Return the name of a way to forecast: a family of models, their pool, or the ensemble.

    In a sentence, or at the head of a row of a table (``method-row``).
    """
    plain = name in (LEARNED, POOLED, NAIVE)
    label = name if plain else str(family(name).LABEL)
    return tell(message, method=name.replace(" ", "-").replace("_", "-"), label=label)


def share(value: float) -> Percent:
    """Return a share between 0 and 1 in percent, with a digit where it is small.

    Examples
    --------
    >>> share(0.062).digits, share(0.0062).digits, share(0.0).digits
    (0, 1, 0)
    """
    return Percent(100 * value, 1 if 0 < value < 0.0095 else 0)


def fiscal(tell: Language, year: Year) -> str:
    """Return which months a year covers; empty for a calendar year."""
    if year.starts == 1:
        return ""
    first, last = (Month(*calendar_month(year, n, year.starts)) for n in (1, 12))
    begin, end = Month(0, first.month), Month(0, last.month)
    number = str(int(year))
    return tell("fiscal", begin=begin, end=end, year=year, number=number, first=first, last=last)


def span(years: pd.Series, starts: int = 1) -> Fact:
    """Return the first and the last of some years, which begin in the month `starts`."""
    first, last = Year(years.min(), starts), Year(years.max(), starts)
    return fact("year", year=first) if first == last else fact_of_years(first, last)


def pace_verdict(answer: Assessment) -> str:
    """Return what has to happen to the pace: hold, maintain, accelerate or reverse (UN ESCAP).

    Where it would lead beyond a range, ``ease``.
    """
    if reached(answer):
        return "hold"
    if answer.required is None or not answer.achieved:
        return "not known"
    pace = answer.achieved[max(answer.achieved)]
    if pace * answer.required < 0:
        return "reverse"
    if not is_enough(answer, pace):
        return "accelerate"
    beyond = answer.required_to is not None and abs(pace) > abs(answer.required_to)
    return "ease" if beyond else "maintain"


def is_enough(answer: Assessment, pace: float) -> bool:
    """Whether a pace leads to the target; one that ends at its limit does if the limit meets it."""
    assert answer.required is not None
    if math.isclose(pace, answer.required, rel_tol=1e-6, abs_tol=1e-9):
        return answer.criterion.comparison not in STRICT
    return pace >= answer.required if wants_more(answer) else pace <= answer.required


def too_slow(answer: Assessment) -> list[int]:
    """Return the spans of years of the pace achieved that would not lead to the target."""
    return [span for span, pace in answer.achieved.items() if not is_enough(answer, pace)]


def wants_more(answer: Assessment) -> bool:
    """Whether the figure has to rise, or to stay up, to meet the target."""
    return answer.criterion.wants_more(answer.now or 0.0)


def reached(answer: Assessment) -> bool:
    """Whether the last year of the path meets the target, as published or as estimated."""
    if answer.status == "already_met" or answer.now is None:
        return answer.status == "already_met"
    return bool(answer.criterion.met(np.array([answer.now]))[0])


def within(answer: Assessment) -> bool:
    """Whether the target is a range that the last year of the path lies in."""
    return answer.criterion.comparison == RANGE and reached(answer)


def settled(answer: Assessment) -> str:
    """Return how published figures decided a target, ``met`` or ``not-met``; empty where open."""
    if answer.status not in ("assessed", "already_met") or answer.floor is not None:
        return ""
    return {1.0: "met", 0.0: "not-met"}.get(
        -1.0 if answer.probability is None else answer.probability, ""
    )


def evidence_note(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return in one sentence how new the evidence is; empty where no date is known.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    answer : Assessment
        Of the target whose own figures are told apart.
    """
    of_all = newest_of_all(evidence)
    if not of_all:
        return ""
    rows = answer.known
    own_rows = rows[~rows["region"].isin(listed(str(answer.target["reference_region"])))]
    if answer.newest_own:
        own, later = published(answer.newest_own), undated(evidence, own_rows)
        state = "undated" if later else "dated"
        return tell("evidence-own", own=own, published=published(of_all), state=state, period=later)
    lacking = "date" if len(own_rows) else "figure"
    if compared := newest(evidence, rows):
        return tell(
            "evidence-compared",
            lacking=lacking,
            compared=published(compared),
            published=published(of_all),
        )
    return tell("evidence-none", lacking=lacking, published=published(of_all))


def bound(tell: Language, parts: int, apart: float | None, alone: float | None) -> str:
    """Return a lower bound from published parts in a phrase, never without what it assumes.

    Parameters
    ----------
    tell : Language
    parts : int
        Number of parts.
    apart, alone : float or None
        The bound if the parts do not overlap, and the one that holds however much they do; see
        `forecast.targets.assessment.PartsBound`.

    Returns
    -------
    str
        Empty without a bound.
    """
    if apart is None:
        return ""
    overlap = "never" if parts == 1 else "none" if alone is None else "some"
    return tell("bound-short", overlap=overlap, apart=Bound(apart), alone=Bound(alone or 0.0))


# The record ---------------------------------------------------------------------------------------


def reference(tell: Language, record: pd.DataFrame) -> str:
    """Return which reference panels stand in for past forecasts; empty where all are our own.

    Parameters
    ----------
    tell : Language
    record : DataFrame
        Scored, of any horizons; see `forecast.verification.reference_record`.
    """
    groups = dict.fromkeys(panel.partition("_")[0] for panel in panels_of(record))
    if not groups:
        return ""
    panels = Items([fact("record-panel", panel=name) for name in groups], long=True)
    return tell("record-reference", n=len(own(record)), panels=panels)


def record_limits(tell: Language, record: pd.DataFrame) -> str:
    """Return what a record leaves out: of the reference panels, or of the data's own series."""
    return tell("record-panels-limits" if panels_of(record) else "target-record-limits")

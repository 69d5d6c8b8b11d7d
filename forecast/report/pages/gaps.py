"""Figures that are missing: which ones, what each would tell, and which to get first."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Chance, Fact, Items, Percent, Points, Year, Years, fact, written
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.show import anchor
from forecast.targets.assessment import Assessment, Missing
from forecast.targets.supposed_figures import WIGGLE
from forecast.targets.value_of_information import Gap

UNKNOWN = ("judgement", "partly_known", "not_assessable")  # no probability from figures
MOST = 15  # lines of the work plan that a page shows


def figures(tell: Language, evidence: Evidence, wanted: Sequence[Missing]) -> str:
    """Return missing figures in words: of what, where, for when; alike ones together."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    places: dict[tuple[str, str, tuple[str, ...], int], list[str]] = {}
    for m in wanted:
        groups.setdefault((m.region, m.indicator, tell.write(m.what)), []).append(m.period)
    for (region, key, what), periods in groups.items():
        starts = evidence.year_starts(region, key)
        places.setdefault((key, what, tuple(periods), starts), []).append(region)
    told = [
        fact(
            "gap-figure",
            indicator=evidence.indicator_name(key, regions[0] if len(regions) == 1 else ""),
            places=Items([evidence.place(region) for region in regions]),
            what=what,
            dated=str(any(periods)),
            when=_when(periods, starts),
        )
        for (key, what, periods, starts), regions in places.items()
    ]
    return tell.write(Items(told, long=True))


def _when(periods: Sequence[str], starts: int) -> Items:
    years = [Year(int(p), starts) for p in periods if p.isdigit()]
    if len(years) > 2 and years == list(range(years[0], years[-1] + 1)):
        return Items([fact("gap-each-year", years=Years(years))])
    days = [fact("gap-up-to", day=written(p)) for p in periods if p and not p.isdigit()]
    return Items([*([Years(years)] if years else []), *days])


def missing(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return heading and sentence on what is missing; empty where nothing is."""
    if not answer.missing:
        return ""
    wanted = figures(tell, evidence, answer.missing)
    return paragraphs(tell("gap-missing-head"), tell("gap-missing", figures=wanted))


def missing_line(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return what is missing in a line of its own; empty where nothing is."""
    if not answer.missing:
        return ""
    return tell("gap-missing-line", figures=figures(tell, evidence, answer.missing))


def note(tell: Language, found: Sequence[Gap], bounded: bool = False) -> str:
    """Return heading and reading of what the figures that are not known yet would tell.

    A supposed total takes the place of the published parts that bound it (`bounded`): both are
    about the same target, from other figures.
    """
    if not any(gap.change is not None or len(gap.what_if) for gap in found):
        return ""
    told = [tell("gap-moves")]
    if found[0].opens:
        told = [tell("gap-examples")]
        if any(_growing(case) for case in found[0].what_if["figure"]):
            told.append(tell("gap-wander", size=Percent(100 * WIGGLE)))
        if bounded:
            told.append(tell("gap-bounded"))
    return paragraphs(tell("gap-head"), sentences(tell, *told))


def _growing(case: Fact) -> bool:
    level = case.args.get("level")
    return "growth" in case.args or (isinstance(level, Fact) and _growing(level))


def what_if(tell: Language, found: Sequence[Gap]) -> pd.DataFrame:
    """List what would follow from figures that are not known yet; see `value_of_information`."""
    rows = [
        (html.escape(tell.write(case["figure"])), _then(tell, case["probability"], case["floor"]))
        for gap in found
        for _, case in gap.what_if.iterrows()
    ]
    if rows:
        return pd.DataFrame(rows, columns=[tell("gap-suppose"), tell("gap-then")])
    cells = [
        (
            tell("gap-level", year=Year(int(gap.figures[0].period), gap.year_starts)),
            *map(tell.write, _moved(gap)),
        )
        for gap in found
    ]
    return pd.DataFrame(cells, columns=[tell(f"gap-{c}") for c in ("level-of", "by", "narrower")])


def _then(tell: Language, probability: float, floor: float) -> str:
    if pd.isna(probability):
        return tell("gap-still-none")
    least = None if pd.isna(floor) else float(floor)
    return html.escape(tell.write(Chance(float(probability), least, short=True)))


def _moved(gap: Gap) -> tuple[Fact, Percent]:
    """Return by how much a figure moves the probability, and narrows the interval."""
    points = Points(100 * (gap.change or 0.0), 0)
    return fact("gap-moved", limit=str(gap.limit), points=points), Percent(gap.narrower or 0.0)


def work_plan(tell: Language, evidence: Evidence, found: Sequence[Gap]) -> pd.DataFrame:
    """Which figure to get next, for which target, and what it would do; plain text.

    Returns
    -------
    DataFrame with ``rank, plan, target, name, get, figures, effect, lowest, highest, change,
    narrower``: probabilities between 0 and 1, `narrower` in percent.
    """
    rows = []
    for number, gap in enumerate(found, start=1):
        chances = gap.what_if["probability"].dropna().astype(float)
        rows.append(
            {
                "rank": number,
                "plan": gap.plan,
                "target": gap.target,
                "name": tell.write(gap.name),
                "get": figures(tell, evidence, gap.figures),
                "figures": len(gap.figures),
                "effect": effect(tell, gap),
                "lowest": chances.min() if len(chances) else np.nan,
                "highest": chances.max() if len(chances) else np.nan,
                "change": np.nan if gap.change is None else gap.change,
                "narrower": np.nan if gap.narrower is None else gap.narrower,
            }
        )
    return pd.DataFrame(rows)


def effect(tell: Language, gap: Gap) -> str:
    """Return what a figure, or a few together, would do for a target."""
    if not gap.opens:
        points, narrower = _moved(gap)
        return tell("gap-effect-moves", points=points, narrower=narrower)
    cases = gap.what_if.dropna(subset="probability")
    if cases.empty:
        return tell("gap-effect-opens", n=len(gap.figures))
    chances = cases["probability"].astype(float)
    floors = cases["floor"].astype(float).fillna(0.0)
    low, high = (
        Chance(float(chances.iloc[i]), float(floors.iloc[i]), short=True)
        for i in (chances.argmin(), chances.argmax())
    )
    same = str(tell.write(low) == tell.write(high))
    return tell("gap-effect-examples", n=len(gap.figures), low=low, high=high, same=same)


def next_figures(tell: Language, evidence: Evidence, found: Sequence[Gap]) -> pd.DataFrame:
    """Show the head of the work plan on a page; cells are safe HTML."""
    plan = work_plan(tell, evidence, found).head(MOST)
    rows = [
        (
            html.escape(row["get"]),
            anchor(row["name"], f"{row['target']}.html"),
            html.escape(row["effect"]),
        )
        for _, row in plan.iterrows()
    ]
    return pd.DataFrame(rows, columns=[tell(f"gap-{c}") for c in ("get", "for", "effect")])


def missing_table(
    tell: Language, evidence: Evidence, answers: Sequence[Assessment]
) -> pd.DataFrame:
    """List targets without a probability from figures: how much is known, and what is missing.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    unknown = [a for a in answers if a.status in UNKNOWN]
    rows = [
        (
            anchor(tell.write(a.name), f"{a.target['target']}.html"),
            tell("gap-status", status=a.status),
            html.escape(figures(tell, evidence, a.missing) or tell.write(a.reason or "")),
            str(len(a.known)),
        )
        for a in sorted(unknown, key=lambda a: UNKNOWN.index(a.status))
    ]
    heads = ("target", "status-head", "missing-column", "known")
    return pd.DataFrame(rows, columns=[tell(f"gap-{c}") for c in heads])

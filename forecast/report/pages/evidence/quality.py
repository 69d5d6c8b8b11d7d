"""The grade of the data: four components, why each has its grade, and how grades are given."""

from __future__ import annotations

import html

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.history import History
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages.evidence import sources
from forecast.report.show import section_id
from forecast.report.text.markup import link
from forecast.targets.quality import components, grade
from forecast.targets.quality.components import Quality


def of_series(evidence: Evidence, rows: pd.DataFrame, history: History | None) -> Quality:
    """Return the grade of a series, with a path or without."""
    return grade.of_rows(evidence, rows) if history is None else grade.of_history(evidence, history)


def section(tell: Language, evidence: Evidence, rows: pd.DataFrame, found: Quality | None) -> str:
    """Return heading, grade, and how many figures have sources of which rank."""
    if found is None:
        return ""
    place = f"index.html#{section_id(tell('quality-explained-head'))}"
    return paragraphs(
        tell("quality-head"),
        sentences(
            tell,
            tell("quality-grade", grade=found.grade),
            sources.counted(tell, evidence, rows),
            sources.second_hand(tell, evidence, rows),
            tell("quality-see", page=link(tell("quality-see-page"), place)),
        ),
    )


def table(tell: Language, found: Quality | None) -> pd.DataFrame:
    """List the components of a grade, each with its reason.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    if found is None:
        return pd.DataFrame()
    columns = [tell(f"quality-col-{name}") for name in ("component", "grade", "why")]
    rows = [
        (tell(f"quality-{name}"), letter, html.escape(_why(tell, name, found)))
        for name, letter in found.components.items()
    ]
    return pd.DataFrame(rows, columns=columns)


def _why(tell: Language, component: str, found: Quality) -> str:
    if not found.levels:
        return tell("quality-nothing")
    if component == "recency":
        return tell("quality-why-recency", behind=found.behind)
    if component == "length":
        return tell("quality-why-length", n=len(found.levels))
    if component == "basis":
        place = found.components["basis"]
        return tell("quality-why-basis", place=place, n=found.older)
    return tell(
        "quality-why-sources",
        n=found.recent,
        own=found.own_word,
        reported=found.reported,
        publishers=found.publishers,
    )


def explained(tell: Language) -> str:
    """Return how grades are given, with their thresholds."""
    names = ("a", "b", "c")
    behind = dict(zip(names, components.MOST_BEHIND, strict=True))
    levels = dict(zip(names, components.LEAST_LEVELS, strict=True))
    return tell(
        "quality-explained",
        recent=components.RECENT,
        **{f"behind_{name}": n for name, n in behind.items()},
        **{f"levels_{name}": n for name, n in levels.items()},
    )

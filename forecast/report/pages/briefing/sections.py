"""What a briefing takes from the pages: all targets in a table, few in full."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.report.language import Language, paragraphs
from forecast.report.pages import overview, scenarios, shared
from forecast.report.pages.evidence import sources as cited
from forecast.report.pages.known import last_figure
from forecast.report.pages.pictures import dots
from forecast.report.pages.scenarios import Outcomes
from forecast.report.pages.target.answer import kinds
from forecast.report.show import say
from forecast.targets.assessment import Assessment

MOST = 3  # targets that are told in full


def title(tell: Language, evidence: Evidence, plan: str) -> str:
    """Return the title of the page."""
    return tell("briefing-title", plan=tell.of(evidence.plan(plan), "name"))


def main(answers: Sequence[Assessment]) -> list[Assessment]:
    """Return the targets to tell in full: the plan's first with a forecast, and the least certain.

    Those that were published as met or missed are left out; in the plan's order.
    """
    able = [a for a in answers if a.paths is not None and not shared.settled(a)]
    doubtful = sorted(able[1:], key=lambda a: abs((a.probability or 0.0) - 0.5))
    kept = [*able[:1], *doubtful[: MOST - 1]]
    return [a for a in able if a in kept]


def table(tell: Language, answers: Sequence[Assessment]) -> pd.DataFrame:
    """Return a line per target in the plan's order; see `overview.summary`."""
    return overview.summary(tell, answers)


def in_full(tell: Language, answers: Sequence[Assessment]) -> list[object]:
    """Return heading, answer and dots of every target that is told in full, to be shown."""
    parts: list[object] = []
    for answer in main(answers):
        head = tell("briefing-target", title=shared.title(tell, answer))
        parts += [say(head, kinds.lead(tell, answer)), dots.chart(tell, answer)]
    return parts


def moves(tell: Language, outcomes: Outcomes) -> str:
    """Return heading and finding on what the scenarios change; empty where there are none."""
    found = scenarios.applied(outcomes)
    if not found or not found[0].joint.goals:
        return ""
    marked = scenarios.chances(tell, found).to_csv().count(scenarios.UNLINKED)
    note = tell("scenarios-unlinked") if marked else ""
    return paragraphs(tell("briefing-moves-head"), scenarios.lead(tell, outcomes), note)


def moved(tell: Language, outcomes: Outcomes) -> pd.DataFrame:
    """Return the probability of every target under every scenario."""
    found = scenarios.applied(outcomes)
    if not found or not found[0].joint.goals:
        return pd.DataFrame()
    return scenarios.chances(tell, found)


def sources(tell: Language, evidence: Evidence, answers: Sequence[Assessment]) -> pd.DataFrame:
    """Return the figure of every target that the table of targets gives, with its source.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    rows = []
    for answer in answers:
        if (row := last_figure(answer)) is not None:
            rows.append(
                (
                    html.escape(tell.write(answer.name)),
                    html.escape(str(row["period"])),
                    cited.cell(tell, evidence.source(str(row["source"])), str(row["published"])),
                )
            )
    heads = ("target", "period", "source")
    return pd.DataFrame(rows, columns=[tell(f"briefing-column-{head}") for head in heads])

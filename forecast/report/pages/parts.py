"""The parts of a page, ready to show in a notebook: a sentence, then its chart or table.

A part that has nothing to show (a target without a probability has no fan) returns None, which a
notebook shows as nothing, so that one notebook serves every target and every indicator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reconciliation.history import History
from forecast.report.pages import charts, record_words, tables, words
from forecast.targets.assess import Assessment
from forecast.verification import replay
from forecast.verification.track_record import coverage

if TYPE_CHECKING:
    import altair as alt
    from IPython.display import HTML, Markdown


def say(*paragraphs: str) -> Markdown | None:
    """Show text; empty paragraphs are left out, and a number stays on the line of its unit."""
    from IPython.display import Markdown

    text = "\n\n".join(p for p in paragraphs if p)
    text = re.sub(r"(?<=\d) (?=%|in 100|[亿万元])", "\u00a0", text)
    return Markdown(words.markdown(text)) if text else None  # type: ignore[no-untyped-call]


def table(frame: pd.DataFrame, *, empty: str = "Nothing.") -> HTML | Markdown | None:
    """Show a table whose cells are already safe HTML (see `forecast.report.pages.tables`)."""
    from IPython.display import HTML

    if frame.empty:
        return say(empty)
    page = frame.to_html(index=False, border=0, escape=False)
    return HTML(page)  # type: ignore[no-untyped-call]


def history(known: History | None, start: int | None = None) -> alt.Chart | None:
    """Show the reconciled path and the published levels."""
    if known is None:
        return None
    path, points = tables.past(known), tables.points(known.statements)
    if start is not None:
        path, points = path[path["year"] >= start], points[points["year"] >= start]
    return charts.history(
        path,
        points,
        unit=words.unit_label(known.unit),
        title="Reconciled path with its 90 % interval, and the levels as published",
        description=f"Line of the reconciled path of {known.key} with its 90 % interval; points "
        "are published levels by status, ringed where they do not fit.",
    )


def track(record: pd.DataFrame) -> alt.Chart | None:
    """Share of past 80 % intervals that held, by years ahead."""
    if record.empty:
        return None
    return charts.track(
        coverage(record),
        nominal=0.8,
        title="Past 80 % intervals: how often they held, all series of the data",
        description="Points of the share of past 80 % intervals that held the outcome, by years "
        "ahead, against the nominal 80 %.",
    )


def releases(replayed: pd.DataFrame) -> alt.Chart | None:
    """Show how the error of a running year's estimate fell from release to release."""
    rows = replay.on_every_day(replayed)
    if rows.empty:
        return None
    years = f"{rows['year'].min()} to {rows['year'].max()}"
    return charts.releases(
        tables.releases(replayed),
        title=f"Mean error of the running year, {years}, by the day of the estimate",
        description=f"Lines of the mean absolute error of estimates of the running years {years}, "
        "by the day they were made on: ours, and the last level grown once more as before.",
    )


def reliability(record: pd.DataFrame) -> alt.Chart | None:
    """Show the share of events that came true against the probability they had been given."""
    if record.empty:
        return None
    return charts.reliability(
        tables.reliability(record),
        title="Reaching a multiple of the pace of the five years before: given, and come true",
        description="Points of the share of past questions that came true against the probability "
        "given, with 90 % intervals; on the dashed line the two are equal. "
        f"{record_words.reliability_sentence(record)}",
    )


def overview(answers: Sequence[Assessment]) -> alt.Chart | None:
    """All targets' probabilities on one axis."""
    if not answers:
        return None
    return charts.overview(
        tables.overview(answers),
        title="Chance of meeting each target; the line spans the choice of model",
        description="Dots of the probability of meeting each target, between 0 and 100 in 100, "
        "with the range over the choice of model: the answer and each family of models alone; "
        "targets without a probability are listed last.",
    )

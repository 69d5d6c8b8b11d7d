"""The chance of a target over the editions of its plan."""

from __future__ import annotations

import pandas as pd

from forecast.editions.changes import Comparison
from forecast.editions.store import editions
from forecast.facts import Chance, Items, fact
from forecast.report import charts
from forecast.report.charts import alt
from forecast.report.editions.section import made
from forecast.report.language import Language
from forecast.targets.assessment import Assessment

LEAST, MOST = 3, 24  # editions that a chart shows


def over_editions(tell: Language, found: Comparison | None, answer: Assessment) -> pd.DataFrame:
    """Return the chance of a target in each edition that gave one, this one last.

    Returns
    -------
    DataFrame
        ``edition`` (its day in words), ``number`` (0, 1, ...), ``probability`` (in 100) and
        ``said``; empty with fewer than `LEAST` of them.
    """
    if found is None or found.before.folder is None or answer.probability is None:
        return pd.DataFrame()
    key = str(answer.target["target"])
    every, _ = editions(found.before.folder, found.before.plan)
    rows = [
        (tell.write(made(e)), *e.answers.loc[key, ["probability", "floor"]].astype(float))
        for e in every
        if e.run <= found.before.run and key in e.answers.index
    ]
    rows = [row for row in rows if not pd.isna(row[1])][-MOST + 1 :]
    rows.append((tell("editions-chart-now"), answer.probability, answer.floor))
    if len(rows) < LEAST:
        return pd.DataFrame()
    said = [Chance(p, None if pd.isna(floor) else floor, short=True) for _, p, floor in rows]
    return pd.DataFrame(
        {
            "edition": [day for day, *_ in rows],
            "number": range(len(rows)),
            "probability": [100 * p for _, p, _ in rows],
            "said": list(map(tell.write, said)),
        }
    )


def chart(tell: Language, found: Comparison | None, answer: Assessment) -> alt.Chart | None:
    """Draw the chance over the editions; None with few of them, which a sentence tells."""
    rows = over_editions(tell, found, answer)
    if rows.empty:
        return None
    first, last = rows.iloc[0], rows.iloc[-1]
    change = last["probability"] - first["probability"]
    title = tell(
        "editions-chart-title",
        sense="up" if change > 0.5 else "down" if change < -0.5 else "same",
        n=len(rows),
        before=first["said"],
        now=last["said"],
    )
    values = [
        fact("editions-chart-one", made=row["edition"], chance=row["said"])
        for _, row in rows.iterrows()
    ]
    base = alt.Chart(rows).encode(
        x=alt.X(
            "number:O",
            axis=alt.Axis(
                title=None,
                labelAngle=0,
                labelOverlap="greedy",
                labelExpr=_labels(list(rows["edition"])),
            ),
        ),
        y=alt.Y(
            "probability:Q",
            scale=alt.Scale(domain=[0, 100]),
            axis=alt.Axis(title=None, values=[0, 25, 50, 75, 100]),
        ),
        tooltip=[
            alt.Tooltip("edition:N", title=tell("editions-chart-edition")),
            alt.Tooltip("said:N", title=tell("overview-col-chance")),
        ],
    )
    lines = base.mark_line(color=charts.LINE, strokeWidth=2)
    points = base.mark_circle(color=charts.LINE, size=70, opacity=1)
    columns = {
        tell("editions-chart-edition"): rows["edition"],
        tell("overview-col-chance"): rows["said"],
    }
    return charts.finish(
        alt.layer(lines, points),
        title,
        tell("editions-chart-alt", values=Items(values, long=True)),
        160,
        name="editions",
        caption=tell("editions-chart-caption"),
        figures=charts.figures(tell, columns),
        right=14,
    )


def _labels(names: list[str]) -> str:
    """Return the expression that names the editions along the axis."""
    quoted = ", ".join(f"'{name}'" for name in names)
    return f"[{quoted}][datum.value]"

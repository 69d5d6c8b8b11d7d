"""The probability of every target under every scenario, a row per target."""

from __future__ import annotations

from typing import Any

import pandas as pd

from forecast.facts import Chance
from forecast.report import charts
from forecast.report.charts import alt
from forecast.report.language import Language, sentences
from forecast.report.pages.scenarios import Outcomes, applied, changing, finding, scenario_name
from forecast.report.text.markup import plain

# Shape and colour of scenarios in their order, the baseline first; Okabe-Ito colours.
MARKS = (
    ("circle", charts.INK),
    ("triangle-down", "#b34700"),
    ("square", "#0072b2"),
    ("diamond", "#007a5a"),
    ("triangle-up", "#a3467f"),
    ("cross", "#8a5a00"),
    ("triangle-right", "#5b6470"),
)


def chart(tell: Language, outcomes: Outcomes) -> alt.Chart | None:
    """Draw the probability of every target under the scenarios that have a reliable link to it."""
    found = applied(outcomes)
    if not found or not found[0].joint.goals:
        return None
    rows = pd.DataFrame(
        {
            "target": tell.write(r.goal.assessment.name),
            "scenario": tell.write(scenario_name(o.scenario)),
            "probability": r.probability,
            "said": tell.write(Chance(r.probability, r.goal.assessment.floor, bare=True)),
        }
        for o in found
        for r in o.results
        if o.reliable(r.goal)
    )
    targets = list(dict.fromkeys(rows["target"]))
    title, most = tell.write(changing(outcomes)), tell.write(finding(outcomes))
    columns = {
        tell("scenarios-column-target"): rows["target"],
        tell("scenarios-column-scenario"): rows["scenario"],
        tell("scenarios-chart-axis"): rows["said"],
    }
    return charts.finish(
        _strip(tell, rows, targets),
        title,
        sentences(tell, tell("scenarios-chart-alt"), plain(tell("scenarios-lead", finding=most))),
        40 * len(targets),
        name="scenarios",
        caption=tell("scenarios-chart-caption"),
        figures=charts.figures(tell, columns),
    )


def _strip(tell: Language, rows: pd.DataFrame, targets: list[str]) -> Any:
    names = list(dict.fromkeys(rows["scenario"]))
    marks = [MARKS[i % len(MARKS)] for i in range(len(names))]
    axis = alt.Axis(
        title=tell("scenarios-chart-axis"),
        labelExpr="format(100 * datum.value, '.0f')",
        grid=True,
        orient="top",
        values=[0, 0.25, 0.5, 0.75, 1],
    )
    base = alt.Chart(rows).encode(y=charts.row_axis("target", targets))
    first = alt.Chart(rows.drop_duplicates("target").assign(said="")).encode(
        y=charts.row_axis("target", targets)
    )
    rule = base.mark_line(color=charts.PAST, strokeWidth=4, yOffset=charts.row_shift()).encode(
        x=alt.X("probability:Q", scale=charts.row_scale([0, 1]), axis=axis),
        detail=alt.Detail("target:N"),
    )
    legend = alt.Legend(columns=1, labelLimit=300, symbolOpacity=1)  # two would not fit a telephone
    shapes = alt.Scale(domain=names, range=[shape for shape, _ in marks])
    colours = alt.Scale(domain=names, range=[colour for _, colour in marks])
    points = base.mark_point(filled=True, size=110, opacity=0.9, yOffset=charts.row_shift()).encode(
        x=alt.X("probability:Q"),
        shape=alt.Shape("scenario:N", scale=shapes, legend=legend),
        color=alt.Color("scenario:N", scale=colours, legend=legend),
        tooltip=[
            alt.Tooltip("target:N", title=tell("scenarios-column-target")),
            alt.Tooltip("scenario:N", title=tell("scenarios-column-scenario")),
            alt.Tooltip("said:N", title=tell("scenarios-column-chance")),
        ],
    )
    return alt.layer(rule, points, *charts.row_words(first, "target"))

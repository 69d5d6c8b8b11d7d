"""The charts that are still in one module; each moves to its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.report import charts
from forecast.report.charts import (
    BANDS,
    INK,
    LINE,
    QUIET,
    TARGET,
    checked,
    finish,
    points,
    row_axis,
    row_words,
    value_axis,
    year_axis,
)
from forecast.report.language import language

if TYPE_CHECKING:
    import altair as alt


def enable() -> None:
    """Show charts in English."""
    charts.enable(language("en"))


def _points(
    table: pd.DataFrame, field: str, by: str, unit: str, size: int, tips: Sequence[str]
) -> Any:
    titles = {c: c.capitalize() for c in tips if c in table.columns}
    tell = language("en")
    return points(tell, table, field, by, str, unit=unit, size=size, tips=titles)


def history(
    path: pd.DataFrame,
    statements: pd.DataFrame | None = None,
    *,
    unit: str = "",
    title: str = "",
    description: str,
) -> alt.Chart:
    """Draw the reconciled past of one indicator and the statements it rests on.

    Parameters
    ----------
    path : DataFrame
        `year`, `estimate`, `low`, `high` (90 % interval), `origin` ('published', 'derived',
        'interpolated', 'nowcast').
    statements : DataFrame, optional
        `year`, `value` (level in the unit of the path), `status`, `measure`, `flagged` (bool),
        `source`. Flagged statements are ringed.
    unit, title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    path = checked(path, ["year", "estimate", "low", "high", "origin"], "path")
    years = list(path["year"])
    if statements is not None and len(statements):
        years += list(statements["year"])
    x = year_axis(years)
    layers: list[Any] = [
        alt.Chart(path).mark_area(color=BANDS[90]).encode(
            x=x, y=value_axis("low:Q", unit), y2="high:Q"
        ),
        alt.Chart(path).mark_line(color=LINE, strokeWidth=2).encode(x=x, y="estimate:Q"),
    ]  # fmt: skip
    if statements is not None and len(statements):
        table = checked(
            statements, ["year", "value", "status", "measure", "flagged", "source"], "statements"
        )
        layers.append(_points(table, "value", "status", unit, 60, ["status", "measure", "source"]))
        flagged = table[table["flagged"].astype(bool)]
        if len(flagged):
            layers.append(
                alt.Chart(flagged.assign(why="in doubt"))
                .mark_point(shape="circle", filled=False, size=260, strokeWidth=2, color=TARGET)
                .encode(
                    x="year:Q",
                    y="value:Q",
                    stroke=alt.Stroke(
                        "why:N",
                        scale=alt.Scale(domain=["in doubt"], range=[TARGET]),
                        legend=alt.Legend(symbolType="circle"),
                    ),
                )
            )
    else:
        layers.append(_points(path, "estimate", "origin", unit, 45, ["origin"]))
    chart = alt.layer(*layers)
    return finish(chart, title, description, 320, right=14)  # type: ignore[no-any-return]


def overview(rows: pd.DataFrame, *, title: str = "", description: str) -> alt.Chart:
    """Draw the probabilities of all targets on one axis from 0 to 100.

    Parameters
    ----------
    rows : DataFrame
        `target` (its name), `probability`, `low`, `high` (0 to 1, all missing where the target is
        not assessable), `said` (the probability in words). Drawn in the order of probability,
        the ones without at the end.
    title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["target", "probability", "low", "high", "said"], "rows")
    table = table.sort_values("probability", ascending=False, kind="stable", na_position="last")
    base = alt.Chart(table).encode(
        y=row_axis("target", list(table["target"])),
        tooltip=[
            alt.Tooltip("target:N", title="Target"),
            alt.Tooltip("said:N", title="Probability"),
            alt.Tooltip("low:Q", title="From", format=".0%"),
            alt.Tooltip("high:Q", title="To", format=".0%"),
        ],
    )
    axis = alt.Axis(
        title="chances in 100", labelExpr="format(100 * datum.value, '.0f')", grid=True,
        orient="top",
        values=[0, 0.25, 0.5, 0.75, 1],
    )  # fmt: skip
    known = "isValid(datum.probability)"
    layers = [
        base.mark_rule(strokeWidth=7, strokeCap="round", opacity=0.35, yOffset=7, color=LINE)
        .encode(x=alt.X("low:Q", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="high:Q")
        .transform_filter(known),
        base.mark_circle(size=130, opacity=1, color=LINE, yOffset=7)
        .encode(x="probability:Q")
        .transform_filter(known),
        *row_words(base, "target", alt.condition(known, alt.value(INK), alt.value(QUIET))),
    ]
    chart = alt.layer(*layers)
    return finish(chart, title, description, 34 * len(table))  # type: ignore[no-any-return]


def track(
    rows: pd.DataFrame, *, nominal: float = 0.8, title: str = "", description: str
) -> alt.Chart:
    """Draw how often past intervals held, by horizon, against how often they should have.

    Parameters
    ----------
    rows : DataFrame
        `horizon` (years ahead), `coverage` (0 to 1); optional `nominal` (0 to 1).
    nominal : float
        The share that should hold, where `rows` does not say.
    title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["horizon", "coverage"], "rows")
    level = float(table["nominal"].iloc[0]) if "nominal" in table.columns else nominal
    line = pd.DataFrame({"nominal": [level], "label": [f"what should hold: {level:.0%}"]})
    y = alt.Y(
        "coverage:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(title=None, format=".0%", tickCount=5, domain=False, ticks=False),
    )
    said = alt.StrokeDash(
        "label:N",
        scale=alt.Scale(range=[[6, 4]]),
        legend=alt.Legend(symbolType="stroke", symbolSize=400, symbolStrokeColor=TARGET),
    )
    layers = [
        alt.Chart(line)
        .mark_rule(color=TARGET, strokeWidth=1.5)
        .encode(y="nominal:Q", strokeDash=said),
        alt.Chart(table)
        .mark_point(filled=True, size=110, color=LINE, opacity=1)
        .encode(
            x=alt.X(
                "horizon:O",
                axis=alt.Axis(title="years ahead", labelAngle=0, grid=False, format="d"),
            ),
            y=y,
            tooltip=[
                alt.Tooltip("horizon:O", title="Years ahead"),
                alt.Tooltip("coverage:Q", title="Held", format=".0%"),
            ],
        ),
    ]
    return finish(alt.layer(*layers), title, description, 200)  # type: ignore[no-any-return]


def reliability(rows: pd.DataFrame, *, title: str = "", description: str) -> alt.Chart:
    """Draw how often events came true against the probability they had been given.

    Parameters
    ----------
    rows : DataFrame
        `given`, `happened`, `low`, `high` (all 0 to 1), `cases`; `low` to `high` is an interval for
        `happened`.
    title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["given", "happened", "low", "high", "cases"], "rows")
    percent = alt.Scale(domain=[0, 1])
    x = alt.X("given:Q", scale=percent, axis=alt.Axis(title="probability given", format=".0%"))
    y = alt.Axis(title="share that came true", format=".0%")
    ideal = pd.DataFrame({"given": [0.0, 1.0], "happened": [0.0, 1.0]})
    tooltip = [
        alt.Tooltip("given:Q", title="Given", format=".0%"),
        alt.Tooltip("happened:Q", title="Came true", format=".0%"),
        alt.Tooltip("cases:Q", title="Cases"),
    ]
    base = alt.Chart(table).encode(x=x, tooltip=tooltip)
    layers = [
        alt.Chart(ideal)
        .mark_line(color=TARGET, strokeDash=[6, 4], strokeWidth=1.5)
        .encode(x=x, y=alt.Y("happened:Q", scale=percent, axis=y)),
        base.mark_rule(color=LINE, strokeWidth=2).encode(
            y=alt.Y("low:Q", scale=percent, axis=y), y2="high:Q"
        ),
        base.mark_point(filled=True, color=LINE, opacity=1).encode(
            y=alt.Y("happened:Q", scale=percent, axis=y),
            size=alt.Size("cases:Q", scale=alt.Scale(range=[40, 320]), legend=None),
        ),
    ]
    return finish(alt.layer(*layers), title, description, 300)  # type: ignore[no-any-return]


def releases(rows: pd.DataFrame, *, title: str = "", description: str) -> alt.Chart:
    """Draw the error of estimates of a running year by the day they were made on.

    Parameters
    ----------
    rows : DataFrame
        `day` (a label, in order), `method` (two at most, the main one first) and `error` (percent).
    title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["day", "method", "error"], "rows")
    methods = list(dict.fromkeys(table["method"]))
    days = list(dict.fromkeys(table["day"]))
    dashes = alt.Scale(domain=methods, range=[[1, 0], [6, 4]][: len(methods)])
    colours = alt.Scale(domain=methods, range=[LINE, QUIET][: len(methods)])
    base = alt.Chart(table).encode(
        x=alt.X("day:O", sort=days, axis=alt.Axis(title=None, labelAngle=0, grid=False)),
        y=value_axis("error:Q", "%").scale(zero=True),
        color=alt.Color("method:N", scale=colours),
        tooltip=[
            alt.Tooltip("day:N", title="As of"),
            alt.Tooltip("method:N", title="Method"),
            alt.Tooltip("error:Q", title="Mean error, %", format=".1f"),
        ],
    )
    line = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash(
            "method:N", scale=dashes, legend=alt.Legend(symbolType="stroke", symbolSize=400)
        )
    )
    points = base.mark_point(filled=True, size=80, opacity=1)
    return finish(alt.layer(line, points), title, description, 220)  # type: ignore[no-any-return]

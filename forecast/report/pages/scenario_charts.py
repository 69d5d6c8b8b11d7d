"""Charts of scenarios and levers: tidy tables in, altair charts out, nothing computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.report.charts import (
    INK,
    LINE,
    PAST,
    QUIET,
    TARGET,
    checked,
    finish,
    row_axis,
    row_words,
    value_axis,
    year_axis,
)

if TYPE_CHECKING:
    import altair as alt

# Shape and colour of scenarios in their order, the baseline first; Okabe-Ito colours.
MARKS = (
    ("circle", INK), ("triangle-down", "#b34700"), ("square", "#0072b2"), ("diamond", "#007a5a"),
    ("triangle-up", "#a3467f"), ("cross", "#8a5a00"), ("triangle-right", "#5b6470"),
)  # fmt: skip


def scenarios(rows: pd.DataFrame, *, title: str = "", description: str) -> alt.Chart:
    """Draw the chance of every target under every scenario, a row per target.

    Parameters
    ----------
    rows : DataFrame
        `target`, `scenario` (names, both in the order wanted), `probability` (0 to 1), `said`.
    title, description : str
        As in `forecast.report.charts.finish`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["target", "scenario", "probability", "said"], "rows")
    targets, names = (list(dict.fromkeys(table[c])) for c in ("target", "scenario"))
    marks = [MARKS[i % len(MARKS)] for i in range(len(names))]
    axis = alt.Axis(
        title="chances in 100", labelExpr="format(100 * datum.value, '.0f')", grid=True,
        orient="top", values=[0, 0.25, 0.5, 0.75, 1],
    )  # fmt: skip
    base = alt.Chart(table).encode(y=row_axis("target", targets))
    first = alt.Chart(table.drop_duplicates("target").assign(said="")).encode(
        y=row_axis("target", targets)
    )
    rule = base.mark_line(color=PAST, strokeWidth=4, yOffset=7).encode(
        x=alt.X("probability:Q", scale=alt.Scale(domain=[0, 1]), axis=axis), detail="target:N"
    )
    legend = alt.Legend(columns=1, labelLimit=300, symbolOpacity=1)  # two would not fit a telephone
    points = base.mark_point(filled=True, size=110, opacity=0.9, yOffset=7).encode(
        x="probability:Q",
        shape=alt.Shape(
            "scenario:N",
            scale=alt.Scale(domain=names, range=[shape for shape, _ in marks]),
            legend=legend,
        ),
        color=alt.Color(
            "scenario:N",
            scale=alt.Scale(domain=names, range=[colour for _, colour in marks]),
            legend=legend,
        ),
        tooltip=[
            alt.Tooltip("target:N", title="Target"),
            alt.Tooltip("scenario:N", title="Scenario"),
            alt.Tooltip("said:N", title="Chance"),
        ],
    )
    chart = alt.layer(rule, points, *row_words(first, "target"))
    return finish(chart, title, description, 40 * len(targets))  # type: ignore[no-any-return]


def tornado(
    rows: pd.DataFrame,
    now: float,
    *,
    unit: str = "chances in 100",
    share: bool = True,
    title: str = "",
    description: str,
) -> alt.Chart:
    """Draw what each lever does, from its low to its high value, the largest effect on top.

    Parameters
    ----------
    rows : DataFrame
        `lever`, `low`, `high` (of what is on the axis), `said`.
    now : float
        Where things stand.
    unit : str
        Of the axis.
    share : bool
        Whether the axis is a probability, 0 to 1.
    title, description : str
        As in `forecast.report.charts.finish`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["lever", "low", "high", "said"], "rows")
    scale = alt.Scale(domain=[0, 1]) if share else alt.Scale(zero=False, nice=True)
    label = "format(100 * datum.value, '.0f')" if share else "format(datum.value, ',')"
    axis = alt.Axis(title=unit, labelExpr=label, grid=True, orient="top", tickCount=5)
    table = table.assign(low_said="lever low", high_said="lever high")
    base = alt.Chart(table).encode(y=row_axis("lever", list(table["lever"])))
    sides = alt.Scale(domain=["lever low", "lever high"], range=["#8a5a00", LINE])
    shapes = alt.Scale(domain=["lever low", "lever high"], range=["triangle-left", "circle"])
    bar = base.mark_bar(height=8, color="#9fc3e1", yOffset=9).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    tips = [alt.Tooltip("lever:N", title="Lever"), alt.Tooltip("said:N", title="Effect")]
    ends = [
        base.mark_point(filled=True, size=90, opacity=1, yOffset=9).encode(
            x=alt.X(f"{end}:Q", scale=scale, axis=axis),
            shape=alt.Shape(f"{end}_said:N", scale=shapes),
            color=alt.Color(f"{end}_said:N", scale=sides),
            tooltip=tips,
        )
        for end in ("low", "high")
    ]
    rule = (
        alt.Chart(pd.DataFrame({"now": [now]}))
        .mark_rule(color=QUIET, strokeDash=[6, 4])
        .encode(x=alt.X("now:Q", scale=scale, axis=axis))
    )
    chart = alt.layer(rule, bar, *ends, *row_words(base, "lever"))
    return finish(chart, title, description, 40 * len(table))  # type: ignore[no-any-return]


def response(
    rows: pd.DataFrame,
    usual: tuple[float, float, float],
    *,
    lever: str,
    title: str = "",
    description: str,
) -> alt.Chart:
    """Draw the chance of a target over the value of a lever.

    Parameters
    ----------
    rows : DataFrame
        `value`, `probability` (0 to 1).
    usual : tuple of float
        Low, middle and high value of the lever in the forecast: its 90 % interval.
    lever : str
        Title of the axis.
    title, description : str
        As in `forecast.report.charts.finish`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["value", "probability"], "rows")
    low, middle, high = usual
    band = pd.DataFrame(
        {"low": [low], "high": [high], "what": ["forecast of the lever, 90 in 100"]}
    )
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[float(table["value"].min()), float(table["value"].max())]),
        axis=alt.Axis(title=lever, grid=False, tickCount=6, titleLimit=340),
    )
    y = alt.Y(
        "probability:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(
            title="chances in 100", titleAngle=0, titleAlign="left", titleAnchor="end",
            titleBaseline="bottom", titleX=-26, titleY=-8, values=[0, 0.1, 0.5, 0.9, 1],
            labelExpr="format(100 * datum.value, '.0f')", domain=False, ticks=False,
        ),
    )  # fmt: skip
    layers = [
        alt.Chart(band)
        .mark_rect(opacity=0.7)
        .encode(
            x=alt.X("low:Q"), x2="high:Q",
            color=alt.Color("what:N", scale=alt.Scale(range=[PAST]),
                            legend=alt.Legend(labelLimit=300)),
        ),
        alt.Chart(pd.DataFrame({"value": [middle]}))
        .mark_rule(color=QUIET, strokeDash=[6, 4])
        .encode(x="value:Q"),
        alt.Chart(table)
        .mark_line(color=LINE, strokeWidth=2.5)
        .encode(
            x=x, y=y,
            tooltip=[
                alt.Tooltip("value:Q", title=lever, format=",.3~r"),
                alt.Tooltip("probability:Q", title="Chance", format=".0%"),
            ],
        ),
    ]  # fmt: skip
    return finish(alt.layer(*layers), title, description, 240)  # type: ignore[no-any-return]


def surface(
    rows: pd.DataFrame, *, across: str, up: str, title: str = "", description: str
) -> alt.Chart:
    """Draw the chance of a target over two levers as a grid of coloured cells with numbers.

    Parameters
    ----------
    rows : DataFrame
        `across`, `up` (labels in order), `probability` (0 to 1, missing where out of reach),
        `said` (chances in 100, in few signs).
    across, up : str
        Titles of the axes.
    title, description : str
        As in `forecast.report.charts.finish`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["across", "up", "probability", "said"], "rows")
    columns, levels = (list(dict.fromkeys(table[c])) for c in ("across", "up"))
    base = alt.Chart(table).encode(
        x=alt.X("across:N", sort=columns,
                axis=alt.Axis(title=across, labelAngle=0, titleLimit=340, ticks=False)),
        y=alt.Y("up:N", sort=levels[::-1],
                axis=alt.Axis(title=up, titleAngle=0, titleAlign="left", titleAnchor="end",
                              titleBaseline="bottom", titleX=-30, titleY=-8, titleLimit=340,
                              ticks=False)),
    )  # fmt: skip
    dark = "datum.probability > 0.55"
    layers = [
        base.mark_rect().encode(
            color=alt.Color(
                "probability:Q",
                scale=alt.Scale(domain=[0, 1], range=["#f3f7fb", "#5a9bcb", "#08306b"]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("across:N", title=across),
                alt.Tooltip("up:N", title=up),
                alt.Tooltip("said:N", title="Chances in 100"),
            ],
        ),
        base.mark_text(fontSize=11).encode(
            text="said:N", color=alt.condition(dark, alt.value("white"), alt.value(INK))
        ),
    ]
    height = 26 * len(levels)
    return finish(alt.layer(*layers), title, description, height)  # type: ignore[no-any-return]


def paths(rows: pd.DataFrame, *, unit: str = "", title: str = "", description: str) -> alt.Chart:
    """Draw yearly paths by name, each with its own stroke and colour.

    Parameters
    ----------
    rows : DataFrame
        `year`, `value`, `path` (its name, in the order of the legend).
    unit, title, description : str
        As in `forecast.report.charts.finish`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["year", "value", "path"], "rows")
    names = list(dict.fromkeys(table["path"]))
    colours = [QUIET, LINE, TARGET][: len(names)]
    strokes: list[Any] = [[1, 0], [1, 0], [6, 4]][: len(names)]
    base = alt.Chart(table).encode(
        x=year_axis(list(table["year"])),
        y=value_axis("value:Q", unit),
        color=alt.Color("path:N", scale=alt.Scale(domain=names, range=colours),
                        legend=alt.Legend(labelLimit=260, columns=2)),
        tooltip=[
            alt.Tooltip("year:Q", format="d", title="Year"),
            alt.Tooltip("path:N", title="Path"),
            alt.Tooltip("value:Q", title=unit or "Value", format=",.6~r"),
        ],
    )  # fmt: skip
    layers = [
        base.mark_line(strokeWidth=2.2).encode(
            strokeDash=alt.StrokeDash("path:N", scale=alt.Scale(domain=names, range=strokes))
        ),
        base.mark_point(filled=True, size=60, opacity=1),
    ]
    return finish(alt.layer(*layers), title, description, 240)  # type: ignore[no-any-return]

"""The charts that are still in one module; each moves to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.report import charts
from forecast.report.charts import (
    BANDS,
    INK,
    LINE,
    PAST,
    QUIET,
    TARGET,
    checked,
    finish,
    halo,
    points,
    row_axis,
    row_words,
    target_rule,
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


def fan(
    past: pd.DataFrame,
    future: pd.DataFrame,
    statements: pd.DataFrame | None = None,
    target: Mapping[str, Any] | None = None,
    *,
    unit: str = "",
    title: str = "",
    description: str,
) -> alt.Chart:
    """Draw a path: the reconciled past, the fan of the future and the target.

    Parameters
    ----------
    past : DataFrame
        `year`, `estimate`, `low`, `high` (90 % interval), one row per year.
    future : DataFrame
        `year`, `q05`, `q20`, `q35`, `q50`, `q65`, `q80`, `q95`: the ends of the bands of 30, 60
        and 90 in 100. The fan opens where the frame begins: at the last year of the past, as
        `forecast.report.pages.tables.future` has it.
    statements : DataFrame, optional
        `year`, `value`, `status` and, for the tooltip, `source`, `label`.
    target : mapping, optional
        `year`, `value`, `label`.
    unit, title, description : str
        Unit of the values; title; what the chart shows, in a sentence (required).

    Returns
    -------
    altair.Chart

    Raises
    ------
    ValueError
        If a column is missing or the description is empty.
    """
    import altair as alt

    quantiles = ["q05", "q20", "q35", "q50", "q65", "q80", "q95"]
    past = checked(past, ["year", "estimate", "low", "high"], "past")
    future = checked(future, ["year", *quantiles], "future")

    bands = pd.concat(
        future[["year", low, high]]
        .set_axis(["year", "low", "high"], axis=1)
        .assign(band=f"{band} in 100")
        for band, low, high in zip(BANDS, ("q05", "q20", "q35"), ("q95", "q80", "q65"), strict=True)
    )
    years = [*past["year"], *future["year"]]
    if target is not None:
        years.append(target["year"])
    x = year_axis(years)
    y = value_axis("low:Q", unit)
    fill = alt.Fill(
        "band:N", scale=alt.Scale(domain=[f"{n} in 100" for n in BANDS], range=list(BANDS.values()))
    )
    layers: list[Any] = [
        alt.Chart(past).mark_area(color=PAST).encode(x=x, y=y, y2="high:Q"),
        alt.Chart(bands).mark_area().encode(x=x, y=y, y2="high:Q", fill=fill),
        alt.Chart(past.tail(1)[["year"]]).mark_rule(color=QUIET, strokeDash=[2, 3]).encode(x=x),
        alt.Chart(past).mark_line(color=INK, strokeWidth=1.5).encode(x=x, y="estimate:Q"),
        alt.Chart(future).mark_line(color=LINE, strokeWidth=2).encode(x=x, y="q50:Q"),
    ]
    tips = [alt.Tooltip("year:Q", format="d", title="Year")]
    names = dict(
        zip(quantiles, ["5 %", "20 %", "35 %", "Median", "65 %", "80 %", "95 %"], strict=True)
    )
    tips += [alt.Tooltip(f"{q}:Q", title=names[q], format=",.5~r") for q in quantiles]
    layers.append(
        alt.Chart(future)
        .mark_point(size=300, opacity=0)
        .encode(x=x, y="q50:Q", tooltip=tips)
    )  # fmt: skip
    if statements is not None and len(statements):
        statements = checked(statements, ["year", "value", "status"], "statements")
        layers.append(
            _points(statements, "value", "status", unit, 55, ["status", "label", "source"])
        )
    if target is not None:
        row = pd.DataFrame([{**target, "start": min(years)}])
        base = alt.Chart(row)
        layers += [
            base.mark_rule(color=TARGET, strokeDash=[6, 4], strokeWidth=1.5).encode(
                x=alt.X("start:Q"), x2="year:Q", y="value:Q"
            ),
            base.mark_point(
                shape="diamond", filled=False, size=110, color=TARGET, strokeWidth=2.5
            ).encode(x="year:Q", y="value:Q"),
            *halo(
                base.encode(x="start:Q", y="value:Q", text="label:N"),
                align="left", baseline="bottom", dx=2, dy=-5, color=TARGET, fontWeight=600,
            ),
        ]  # fmt: skip
    chart = alt.layer(*layers)
    return finish(chart, title, description, 320, right=14)  # type: ignore[no-any-return]


def dots(
    dots: pd.DataFrame,
    target_value: float,
    target_label: str,
    *,
    unit: str = "",
    title: str = "",
    description: str,
) -> alt.Chart:
    """Draw a quantile dot plot with the target as a line.

    Parameters
    ----------
    dots : DataFrame
        One row per dot: `value`, `row` (height in the stack, 0 at the bottom), `attained` (bool).
        `stack_dots` stacks values so that the dots fit.
    target_value : float
        Where the line stands.
    target_label : str
        What it says.
    unit, title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(dots, ["value", "row", "attained"], "dots")
    table = table.assign(outcome=np.where(table["attained"], "target attained", "target missed"))
    values = np.unique(table["value"].to_numpy(dtype=float))
    step = float(np.diff(values).min()) if len(values) > 1 else 0.0
    low, high = min(values.min(), target_value), max(values.max(), target_value)
    step = max(step, (high - low) / 45)
    pad = step if step > 0 else max(abs(high), 1.0) * 0.01
    columns = (high - low) / step + 3 if step > 0 else 3.0
    rows = int(table["row"].max()) + 1
    height = int(min(max(rows * 20 + 30, 130), 330))

    # The dots have to stay round and touch without overlap at every width of the page, so their
    # size follows the width of the plot; the height of a dot in its stack is counted in dots, not
    # on a scale.
    size = f"min(width / {columns:.2f}, {height - 30} / {rows}, 22)"
    layer = (
        alt.Chart(table)
        .mark_circle(
            opacity=1,
            size=alt.ExprRef(expr=f"pow(0.94 * {size}, 2)"),
            y=alt.ExprRef(expr=f"{height} - (datum.row + 0.5) * {size}"),
        )
        .encode(
            x=alt.X(
                "value:Q",
                scale=alt.Scale(domain=[low - pad, high + pad], nice=False, zero=False),
                axis=alt.Axis(title=unit or None, grid=False, tickCount=6),
            ),
            color=alt.Color(
                "outcome:N",
                scale=alt.Scale(
                    domain=["target attained", "target missed"], range=[LINE, "#a9b4c0"]
                ),
            ),
            tooltip=[
                alt.Tooltip("value:Q", format=",.5~r", title=unit or "Value"),
                alt.Tooltip("outcome:N", title="Outcome"),
            ],
        )
    )
    chart = alt.layer(layer, *target_rule(target_value, target_label, [low, high]))
    return finish(chart, title, description, height)  # type: ignore[no-any-return]


def families(
    rows: pd.DataFrame,
    target: Mapping[str, Any] | None = None,
    *,
    unit: str = "",
    title: str = "",
    description: str,
) -> alt.Chart:
    """Draw the intervals of several models one above the other, in the order given.

    Parameters
    ----------
    rows : DataFrame
        `family` (label), `low`, `q25`, `median`, `q75`, `high`, `said` (its
        probability in words). Put the ensemble in the first row: it gets the stronger colour.
    target : mapping, optional
        `value`, `label`.
    unit, title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["family", "low", "q25", "median", "q75", "high", "said"], "rows")
    table = table.assign(first=[i == 0 for i in range(len(table))])
    colour: Any = alt.condition("datum.first", alt.value(LINE), alt.value("#7c8794"))
    reach = [float(table["low"].min()), float(table["high"].max())]
    if target is not None:
        reach += [float(target["value"])]
    margin = (max(reach) - min(reach)) * 0.03 or 1.0
    scale = alt.Scale(
        domain=[min(reach) - margin, max(reach) + margin],
        range=[0, alt.ExprRef(expr="width - 100")],  # the rest is for the probabilities in words
        nice=False,
        zero=False,
    )
    base = alt.Chart(table).encode(
        y=row_axis("family", list(table["family"])),
        tooltip=[
            alt.Tooltip("family:N", title="Model"),
            alt.Tooltip("said:N", title="Target attained"),
            *(
                alt.Tooltip(f"{c}:Q", title=t, format=",.5~r")
                for c, t in zip(
                    ["low", "q25", "median", "q75", "high"],
                    ["5 %", "25 %", "Median", "75 %", "95 %"],
                    strict=True,
                )
            ),
        ],
    )
    x = alt.X("low:Q", scale=scale, axis=alt.Axis(title=unit or None, tickCount=6, grid=True))
    layers = [
        base.mark_rule(strokeWidth=2, yOffset=9).encode(x=x, x2="high:Q", color=colour),
        base.mark_bar(height=9, yOffset=9, cornerRadius=2).encode(
            x=alt.X("q25:Q"), x2="q75:Q", color=colour
        ),
        base.mark_tick(thickness=2.5, size=15, color="white", yOffset=9).encode(x="median:Q"),
        *row_words(base, "family"),
    ]
    height = 44 * len(table)
    if target is not None:
        words = target_rule(float(target["value"]), str(target["label"]), reach)
        # The label stands above the rows, not on them.
        layers = [words[0], *layers, *[w.encode(y=alt.value(-14)) for w in words[1:]]]
    chart = alt.layer(*layers)
    return finish(chart, title, description, height)  # type: ignore[no-any-return]


def pace(
    rows: pd.DataFrame, *, unit: str = "% a year", title: str = "", description: str
) -> alt.Chart:
    """Draw the growth achieved and the growth needed, one bar each, in the order given.

    Parameters
    ----------
    rows : DataFrame
        `label`, `growth` (in `unit`), `kind` ('achieved' or 'needed').
    unit, title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
    """
    import altair as alt

    table = checked(rows, ["label", "growth", "kind"], "rows")
    said = [f"{g:+.1f} {unit}" for g in table["growth"]]
    table = table.assign(said=said, zero=0.0)
    low, high = min(0.0, float(table["growth"].min())), max(0.0, float(table["growth"].max()))
    margin = (high - low) * 0.02 or 1.0
    base = alt.Chart(table).encode(
        y=row_axis("label", list(table["label"])),
        tooltip=[alt.Tooltip("label:N", title="Pace"), alt.Tooltip("said:N", title="Growth")],
    )
    bars = base.mark_bar(height=12, yOffset=9).encode(
        x=alt.X(
            "growth:Q",
            scale=alt.Scale(domain=[low - (margin if low < 0 else 0), high + margin], nice=False),
            axis=alt.Axis(title=unit, tickCount=5, grid=True),
        ),
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=["achieved", "needed"], range=[LINE, TARGET])
        ),
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=QUIET).encode(x="zero:Q")
    chart = alt.layer(bars, zero, *row_words(base, "label"))
    return finish(chart, title, description, 42 * len(table))  # type: ignore[no-any-return]


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


def like_cases(rows: pd.DataFrame, *, title: str = "", description: str) -> alt.Chart:
    """Draw, small, what came true in each band of chances given, one band being marked.

    Parameters
    ----------
    rows : DataFrame
        `band` (as the axis should say it), `should_low`, `should_high` (what would be right),
        `happened`, `low`, `high` (all 0 to 1), `cases`, `mine` (whether the band is the marked one)
        and `said` (its words, empty for the others).
    title, description : str
        As in `fan`.

    Returns
    -------
    altair.Chart
        Of a fixed width that fits a telephone.
    """
    import altair as alt

    columns = ["band", "should_low", "should_high", "happened", "low", "high", "cases", "mine"]
    table = checked(rows, [*columns, "said"], "rows")
    axis = alt.Axis(title=None, format=".0%", values=[0, 0.5, 1], domain=False, ticks=False)
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(table).encode(
        x=alt.X(
            "band:N",
            sort=list(table["band"]),
            axis=alt.Axis(title="chance given, %", labelAngle=0, labelOverlap=False, ticks=False),
        ),
        tooltip=[
            alt.Tooltip("band:N", title="Given, %"),
            alt.Tooltip("happened:Q", title="Came true", format=".0%"),
            alt.Tooltip("cases:Q", title="Cases"),
        ],
    )
    colour = alt.condition("datum.mine", alt.value(TARGET), alt.value(LINE))
    happened = alt.Y("happened:Q", scale=scale, axis=axis)
    layers = [
        base.mark_bar(color=PAST, size=32).encode(
            y=alt.Y("should_low:Q", scale=scale, axis=axis), y2="should_high:Q"
        ),
        base.mark_rule(strokeWidth=2).encode(
            y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q", color=colour
        ),
        base.mark_point(filled=True, opacity=1, size=80).encode(
            y=happened,
            color=colour,
            # The marked band is told from the others by its shape as well.
            shape=alt.condition("datum.mine", alt.value("diamond"), alt.value("circle")),
        ),
        *halo(base.encode(y="high:Q", text="said:N"), dy=-12, color=TARGET, fontWeight=600),
    ]
    return finish(alt.layer(*layers), title, description, 130, width=320)  # type: ignore[no-any-return]

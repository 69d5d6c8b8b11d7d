"""Charts for the notebooks and reports: tidy tables in, altair charts out, nothing computed.

Every chart takes its width from the page (``width="container"``), draws text at 11 px or more,
says in `description` what it shows (screen readers get that sentence instead of the marks), and
encodes a target by dash and label as well as by colour. The specifications keep to what Vega-Lite
5.6 knows, so that JupyterLab 4 draws them with the renderer it carries, without a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import altair as alt

MIME = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
WIDTH = 660  # in CSS pixels, where a page does not set it; an A4 page less its margins is as wide
FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", '
    '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
)

INK = "#1d1d1f"
QUIET = "#5b6470"
RULE = "#d9dde2"
TARGET = "#b34700"  # Okabe-Ito vermilion, darkened until it is readable as text (5.6 : 1 on white)
LINE = "#08519c"
BANDS = {"90 in 100": "#d3e3f1", "60 in 100": "#9fc3e1", "30 in 100": "#5a9bcb"}
PAST = "#e4e4e4"

# Status or origin -> (shape, colour), in the order of the legend; Okabe-Ito colours.
MARKS = {
    "published": ("circle", "#0072b2"),
    "census": ("square", "#000000"),
    "final": ("circle", "#0072b2"),
    "revised": ("diamond", "#0072b2"),
    "preliminary": ("triangle-up", "#009e73"),
    "derived": ("cross", "#8a5a00"),
    "interpolated": ("triangle-right", "#8a5a00"),
    "doubted": ("square", "#d55e00"),
    "nowcast": ("diamond", "#009e73"),
    "imputed": ("triangle-left", "#cc79a7"),
    "secondary": ("triangle-down", "#cc79a7"),
    "unknown": ("circle", "#7a7a7a"),
}


def enable() -> None:
    """Make charts show themselves as Vega-Lite 5 specifications, in JupyterLab as under papermill.

    JupyterLab draws this output type itself, offline and in notebooks that are not trusted; the
    exporter of `forecast.report.html` draws it on the pages. The plain text beside it is the
    chart's description.
    """
    import altair as alt

    alt.renderers.register("forecast", _mimebundle)
    alt.renderers.enable("forecast")
    alt.data_transformers.disable_max_rows()


def _mimebundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    text = spec.get("description") or "A chart without a description."
    config = spec.get("config", {})
    # Several legends stand under each other, which Vega can do and altair's schema does not know.
    layout = {"anchor": "start", "bounds": "full", "direction": "vertical", "margin": 6}
    config = {**config, "legend": {"layout": {"bottom": layout}, **config.get("legend", {})}}
    shown = {**spec, "$schema": SCHEMA, "config": config}
    if spec.get("width") == "container":
        # In JupyterLab (4.6) the width of the container follows the chart's and so on without end,
        # until the browser hangs: there the width is fixed, and the exporter frees it again.
        shown |= {"width": WIDTH, "usermeta": {"width": "container"}}
    return {MIME: shown, "text/plain": text}


def stack_dots(
    values: Sequence[float] | np.ndarray[Any, Any], target: float | None = None, columns: int = 24
) -> pd.DataFrame:
    """Stack values into the columns of a dot plot.

    Parameters
    ----------
    values : sequence of float
        The values, one dot each (50 quantiles for a quantile dot plot).
    target : float, optional
        A value that the axis has to show as well; it only widens the columns.
    columns : int
        Number of columns over the whole axis; 24 keeps the dots readable on a telephone.

    Returns
    -------
    DataFrame
        `value` (the middle of the column, or the dot's own value where all values are equal) and
        `row` (0 at the bottom), in the order of the sorted values.
    """
    sorted_values = np.sort(np.asarray(values, dtype=float))
    reach = sorted_values if target is None else np.append(sorted_values, target)
    width = (reach.max() - reach.min()) / max(columns - 1, 1)
    if width <= 0:
        return pd.DataFrame({"value": sorted_values, "row": np.arange(len(sorted_values))})
    # The target is the edge of two columns, so that no dot changes its side by being put into one.
    edge = reach.min() if target is None else target
    column = np.floor((sorted_values - edge) / width)
    frame = pd.DataFrame({"value": edge + (column + 0.5) * width})
    frame["row"] = frame.groupby("value").cumcount()
    return frame


# --------------------------------------------------------------------------------------------------
# Shared parts
# --------------------------------------------------------------------------------------------------


def _finish(
    chart: Any,
    title: str,
    description: str,
    height: float,
    right: int = 4,
    width: int | str = "container",
) -> Any:
    """Give a chart its size, its words and the look of the house."""
    import altair as alt

    if not description.strip():
        raise ValueError("a chart needs a description: one sentence that says what it shows")
    properties: dict[str, Any] = {
        "description": description,
        "height": height,
        "width": width,
    }
    if title:
        properties["title"] = title
    padding = {"left": 4, "top": 4, "right": right, "bottom": 4}
    axis = {
        "labelColor": QUIET, "titleColor": QUIET, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal", "gridColor": "#eceef1", "domainColor": RULE,
        "tickColor": RULE, "labelPadding": 5, "labelOverlap": True, "labelSeparation": 8,
    }  # fmt: skip
    legend = {
        "orient": "bottom", "direction": "horizontal", "title": None, "labelColor": INK,
        "labelFontSize": 12, "columns": 4, "symbolSize": 90,
        "columnPadding": 12,
        "rowPadding": 4, "labelLimit": 150,
    }  # fmt: skip
    return (
        chart.properties(**properties)
        .properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure(font=FONT, aria=False, background="#ffffff", padding=padding)
        .configure_axis(**axis)
        .configure_legend(**legend)
        .configure_title(
            anchor="start", frame="group", fontSize=15, fontWeight=600, color=INK, offset=14
        )
        .configure_view(stroke=None)
        .configure_text(fontSize=12, color=INK)
    )


def _frame(table: pd.DataFrame, columns: Sequence[str], what: str) -> pd.DataFrame:
    missing = [c for c in columns if c not in table.columns]
    if missing:
        raise ValueError(f"{what} lacks the column(s) {', '.join(missing)}")
    return table.reset_index(drop=True)


def _year_axis(years: Sequence[float], *, room: float = 0.0) -> Any:
    import altair as alt

    low, high = float(min(years)), float(max(years))
    return alt.X(
        "year:Q",
        scale=alt.Scale(domain=[low - 0.3, high + 0.3 + room], nice=False, zero=False),
        axis=alt.Axis(title=None, format="d", tickMinStep=1, grid=False, labelFlush=True),
    )


def _value_axis(field: str, unit: str) -> Any:
    import altair as alt

    # The unit stands level above the axis: a title turned on its side is hard to read.
    axis = alt.Axis(
        title=unit or None, titleAngle=0, titleAlign="left", titleAnchor="end",
        titleBaseline="bottom", titleX=-34, titleY=-8, tickCount=5, domain=False, ticks=False,
    )  # fmt: skip
    return alt.Y(field, scale=alt.Scale(zero=False, nice=True), axis=axis)


def _halo(chart: Any, **mark: Any) -> list[Any]:
    """Text with a white edge, so that it stays readable on lines and bands."""
    return [
        chart.mark_text(**mark, stroke="white", strokeWidth=4, strokeJoin="round"),
        chart.mark_text(**mark),
    ]


def _target_rule_x(value: float, label: str, height: float, reach: Sequence[float]) -> list[Any]:
    """Draw a dashed upright line at the target, its label at the top on the side with room."""
    import altair as alt

    row = pd.DataFrame({"value": [value], "label": [label]})
    left = value > (min(reach) + max(reach)) / 2
    base = alt.Chart(row).encode(x="value:Q")
    rule = base.mark_rule(color=TARGET, strokeDash=[6, 4], strokeWidth=2)
    text = base.encode(text="label:N", y=alt.value(0))
    align = "right" if left else "left"
    dx = -6 if left else 6
    words = _halo(text, align=align, baseline="top", dx=dx, dy=-2, color=TARGET, fontWeight=600)
    return [rule, *words]


def _points(
    table: pd.DataFrame, field: str, by: str, unit: str, size: int, tooltip: Sequence[str]
) -> Any:
    """Draw statements or estimates as points, by shape and colour."""
    import altair as alt

    present = [k for k in MARKS if k in set(table[by])]
    unknown = sorted(set(table[by].dropna()) - set(MARKS))
    shapes = [MARKS[k][0] for k in present] + ["circle"] * len(unknown)
    colours = [MARKS[k][1] for k in present] + ["#7a7a7a"] * len(unknown)
    domain = present + unknown
    tips: list[Any] = [alt.Tooltip("year:Q", format="d", title="Year")]
    tips.append(alt.Tooltip(field, format=",.6~r", title=unit or "Value"))
    tips += [alt.Tooltip(f"{c}:N", title=c.capitalize()) for c in tooltip if c in table.columns]
    return (
        alt.Chart(table)
        .mark_point(filled=True, size=size, opacity=0.95, stroke="white", strokeWidth=0.8)
        .encode(
            x="year:Q",
            y=field,
            shape=alt.Shape(f"{by}:N", scale=alt.Scale(domain=domain, range=shapes)),
            color=alt.Color(f"{by}:N", scale=alt.Scale(domain=domain, range=colours)),
            tooltip=tips,
        )
    )


# --------------------------------------------------------------------------------------------------
# The charts
# --------------------------------------------------------------------------------------------------


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
    past = _frame(past, ["year", "estimate", "low", "high"], "past")
    future = _frame(future, ["year", *quantiles], "future")

    bands = pd.concat(
        future[["year", low, high]].set_axis(["year", "low", "high"], axis=1).assign(band=band)
        for band, low, high in zip(BANDS, ("q05", "q20", "q35"), ("q95", "q80", "q65"), strict=True)
    )
    years = [*past["year"], *future["year"]]
    if target is not None:
        years.append(target["year"])
    x = _year_axis(years)
    y = _value_axis("low:Q", unit)
    fill = alt.Fill("band:N", scale=alt.Scale(domain=list(BANDS), range=list(BANDS.values())))
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
        statements = _frame(statements, ["year", "value", "status"], "statements")
        layers.append(
            _points(statements, "value:Q", "status", unit, 55, ["status", "label", "source"])
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
            *_halo(
                base.encode(x="start:Q", y="value:Q", text="label:N"),
                align="left", baseline="bottom", dx=2, dy=-5, color=TARGET, fontWeight=600,
            ),
        ]  # fmt: skip
    chart = alt.layer(*layers)
    return _finish(chart, title, description, 320, right=14)  # type: ignore[no-any-return]


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

    table = _frame(dots, ["value", "row", "attained"], "dots")
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
    chart = alt.layer(layer, *_target_rule_x(target_value, target_label, height, [low, high]))
    return _finish(chart, title, description, height)  # type: ignore[no-any-return]


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

    table = _frame(rows, ["family", "low", "q25", "median", "q75", "high", "said"], "rows")
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
        y=_row_axis("family", list(table["family"])),
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
        *_row_words(base, "family"),
    ]
    height = 44 * len(table)
    if target is not None:
        words = _target_rule_x(float(target["value"]), str(target["label"]), 0, reach)
        # The label stands above the rows, not on them.
        layers = [words[0], *layers, *[w.encode(y=alt.value(-14)) for w in words[1:]]]
    chart = alt.layer(*layers)
    return _finish(chart, title, description, height)  # type: ignore[no-any-return]


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

    table = _frame(rows, ["label", "growth", "kind"], "rows")
    said = [f"{g:+.1f} {unit}" for g in table["growth"]]
    table = table.assign(said=said, zero=0.0)
    low, high = min(0.0, float(table["growth"].min())), max(0.0, float(table["growth"].max()))
    margin = (high - low) * 0.02 or 1.0
    base = alt.Chart(table).encode(
        y=_row_axis("label", list(table["label"])),
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
    chart = alt.layer(bars, zero, *_row_words(base, "label"))
    return _finish(chart, title, description, 42 * len(table))  # type: ignore[no-any-return]


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

    path = _frame(path, ["year", "estimate", "low", "high", "origin"], "path")
    years = list(path["year"])
    if statements is not None and len(statements):
        years += list(statements["year"])
    x = _year_axis(years)
    layers: list[Any] = [
        alt.Chart(path).mark_area(color=BANDS["90 in 100"]).encode(
            x=x, y=_value_axis("low:Q", unit), y2="high:Q"
        ),
        alt.Chart(path).mark_line(color=LINE, strokeWidth=2).encode(x=x, y="estimate:Q"),
    ]  # fmt: skip
    if statements is not None and len(statements):
        table = _frame(
            statements, ["year", "value", "status", "measure", "flagged", "source"], "statements"
        )
        layers.append(
            _points(table, "value:Q", "status", unit, 60, ["status", "measure", "source"])
        )
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
        layers.append(_points(path, "estimate:Q", "origin", unit, 45, ["origin"]))
    chart = alt.layer(*layers)
    return _finish(chart, title, description, 320, right=14)  # type: ignore[no-any-return]


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

    table = _frame(rows, ["target", "probability", "low", "high", "said"], "rows")
    table = table.sort_values("probability", ascending=False, kind="stable", na_position="last")
    base = alt.Chart(table).encode(
        y=_row_axis("target", list(table["target"])),
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
        *_row_words(base, "target", alt.condition(known, alt.value(INK), alt.value(QUIET))),
    ]
    chart = alt.layer(*layers)
    return _finish(chart, title, description, 34 * len(table))  # type: ignore[no-any-return]


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

    table = _frame(rows, ["horizon", "coverage"], "rows")
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
    return _finish(alt.layer(*layers), title, description, 200)  # type: ignore[no-any-return]


# --------------------------------------------------------------------------------------------------
# Rows with their words above them
# --------------------------------------------------------------------------------------------------


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

    table = _frame(rows, ["given", "happened", "low", "high", "cases"], "rows")
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
    return _finish(alt.layer(*layers), title, description, 300)  # type: ignore[no-any-return]


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

    table = _frame(rows, ["day", "method", "error"], "rows")
    methods = list(dict.fromkeys(table["method"]))
    days = list(dict.fromkeys(table["day"]))
    dashes = alt.Scale(domain=methods, range=[[1, 0], [6, 4]][: len(methods)])
    colours = alt.Scale(domain=methods, range=[LINE, QUIET][: len(methods)])
    base = alt.Chart(table).encode(
        x=alt.X("day:O", sort=days, axis=alt.Axis(title=None, labelAngle=0, grid=False)),
        y=_value_axis("error:Q", "%").scale(zero=True),
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
    return _finish(alt.layer(line, points), title, description, 220)  # type: ignore[no-any-return]


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
    table = _frame(rows, [*columns, "said"], "rows")
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
        *_halo(base.encode(y="high:Q", text="said:N"), dy=-12, color=TARGET, fontWeight=600),
    ]
    return _finish(alt.layer(*layers), title, description, 130, width=320)  # type: ignore[no-any-return]


def _row_axis(field: str, order: Sequence[str]) -> Any:
    import altair as alt

    # The names stand above the rows (see `_row_words`): beside them they would take half a
    # telephone's width.
    return alt.Y(f"{field}:N", sort=list(order), axis=None)


def _row_words(base: Any, field: str, colour: Any = None) -> list[Any]:
    """Write a row's name to the left above it, and what it says (`said`) to the right."""
    import altair as alt

    room = alt.ExprRef(
        expr="width - 115"
    )  # on a narrow page a long name is cut rather than run into the figure
    name = base.encode(x=alt.value(0), text=f"{field}:N")
    said = base.encode(
        x=alt.value("width"), text="said:N", color=alt.value(INK) if colour is None else colour
    )
    return [
        *_halo(name, align="left", dx=3, dy=-9, color=INK, limit=room),
        *_halo(said, align="right", dy=-9, fontWeight=600),
    ]

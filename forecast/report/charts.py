"""What the charts of all pages share: colours, axes, marks, and how they show themselves.

The module of a page has its charts: tidy tables in, altair charts out, nothing computed. Every
chart takes its width from the page (``width="container"``), draws text at 11 px or more, has a
`description` of what it shows (which screen readers read instead of the marks), and encodes a
target by dash and label as well as by colour. Values are scaled by `Language.scaled`, axes named
by `Language.unit`, titles and legends are messages of the catalogues. The specifications keep to
what Vega-Lite 5.6 knows, so that JupyterLab 4 draws them with its own renderer, offline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.evidence.calendar import year_name
from forecast.report.language import Language

if TYPE_CHECKING:
    import altair

    alt = altair
else:

    class _Altair:
        """Altair from its first use on: commands that draw nothing need not wait for it."""

        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("altair"), name)

    alt = _Altair()

MIME = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
COLUMNS = 24  # of dots over a whole axis: readable on a telephone
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
BANDS = {90: "#d3e3f1", 60: "#9fc3e1", 30: "#5a9bcb"}  # of how many paths in 100
PAST = "#e4e4e4"
AXIS = {
    "labelColor": QUIET,
    "titleColor": QUIET,
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "gridColor": "#eceef1",
    "domainColor": RULE,
    "tickColor": RULE,
    "labelPadding": 5,
    "labelOverlap": True,
    "labelSeparation": 8,
}
LEGEND = {
    "orient": "bottom",
    "direction": "horizontal",
    "title": None,
    "labelColor": INK,
    "labelFontSize": 12,
    "columns": 4,
    "symbolSize": 90,
    "columnPadding": 12,
    "rowPadding": 4,
    "labelLimit": 150,
}

# Number formats of the charts: Chinese text groups no thousands.
LOCALES = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "minus": "−"},
    "zh": {"decimal": ".", "thousands": "", "grouping": [3], "currency": ["", ""], "minus": "−"},
}

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


def enable(tell: Language) -> None:
    """Make charts show themselves as Vega-Lite 5 specifications, in JupyterLab as under papermill.

    JupyterLab draws this output type itself, offline and in notebooks that are not trusted; the
    exporter of `forecast.report.html` draws it on the pages. The plain text beside it is the
    chart's description.

    Parameters
    ----------
    tell : Language
        Language of the page, which sets how numbers are formatted.
    """
    alt.renderers.register("forecast", partial(mimebundle, lang=tell.lang))
    alt.renderers.enable("forecast")
    alt.data_transformers.disable_max_rows()


def mimebundle(spec: dict[str, Any], lang: str = "en", **_: Any) -> dict[str, Any]:
    """Return what a notebook keeps of a chart: its specification and its description."""
    config = spec.get("config", {})
    # Several legends stand under each other, which Vega can do and altair's schema does not know.
    layout = {"anchor": "start", "bounds": "full", "direction": "vertical", "margin": 6}
    legend = {"layout": {"bottom": layout}, **config.get("legend", {})}
    config = {**config, "legend": legend, "locale": {"number": LOCALES[lang]}}
    shown = {**spec, "$schema": SCHEMA, "config": config}
    if spec.get("width") == "container":
        # In JupyterLab (4.6) the width of the container follows the chart's and so on without end,
        # until the browser hangs: there the width is fixed, and the exporter frees it again.
        shown |= {"width": WIDTH, "usermeta": {"width": "container"}}
    return {MIME: shown, "text/plain": spec.get("description", "")}


def stack_dots(
    values: Sequence[float] | np.ndarray[Any, Any], targets: Sequence[float] = ()
) -> pd.DataFrame:
    """Stack values into the columns of a dot plot.

    Parameters
    ----------
    values : sequence of float
        The values, one dot each (50 quantiles for a quantile dot plot).
    targets : sequence of float
        One or two values that the axis has to show as well; they only set the columns.

    Returns
    -------
    DataFrame
        `value` (the middle of the column, or the dot's own value where all values are equal) and
        `row` (0 at the bottom), in the order of the sorted values.
    """
    sorted_values = np.sort(np.asarray(values, dtype=float))
    reach = np.append(sorted_values, targets)
    width = (reach.max() - reach.min()) / (COLUMNS - 1)
    if width <= 0:
        return pd.DataFrame({"value": sorted_values, "row": np.arange(len(sorted_values))})
    if len(targets) > 1:  # both are edges of columns
        apart = max(targets) - min(targets)
        width = apart / max(round(apart / width), 1)
    # The target is the edge of two columns, so that no dot changes its side by being put into one.
    edge = min(targets, default=reach.min())
    column = np.floor((sorted_values - edge) / width)
    column[sorted_values < edge] = np.minimum(column[sorted_values < edge], -1)  # underflow to 0
    frame = pd.DataFrame({"value": edge + (column + 0.5) * width})
    frame["row"] = frame.groupby("value").cumcount()
    return frame


# Parts -------------------------------------------------------------------------------------------


def finish(
    chart: Any,
    title: str,
    description: str,
    height: float,
    right: int = 4,
    width: int | str = "container",
) -> alt.Chart:
    """Give a chart its size, its words and its look.

    Parameters
    ----------
    chart : altair.Chart or altair.LayerChart
    title : str
        What is shown.
    description : str
        The alternative text: what the chart shows, in a sentence.
    height : float
        Of the plot, in CSS pixels.
    right : int
        Padding for the last label of an axis.
    width : int or str
        In CSS pixels; ``container`` follows the page.

    Returns
    -------
    altair.Chart or altair.LayerChart

    Raises
    ------
    ValueError
        If the description is empty.
    """
    if not description.strip():
        raise ValueError("a chart needs a description: one sentence that says what it shows")
    properties = {"description": description, "height": height, "width": width}
    if title:
        properties["title"] = title
    padding = {"left": 4, "top": 4, "right": right, "bottom": 4}
    shown: alt.Chart = (
        chart.properties(**properties)
        .properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure(font=FONT, aria=False, background="#ffffff", padding=padding)
        .configure_axis(**AXIS)
        .configure_legend(**LEGEND)
        .configure_title(
            anchor="start", frame="group", fontSize=15, fontWeight=600, color=INK, offset=14
        )
        .configure_view(stroke=None)
        .configure_text(fontSize=12, color=INK)
    )
    return shown


#: The name of a fiscal year at a tick, as `forecast.evidence.calendar.year_name` writes it.
FISCAL = "(datum.value - 1) + '/' + (datum.value % 100 ? slice(datum.label, 2) : datum.label)"


def year_axis(years: Sequence[float], starts: int = 1) -> Any:
    """Return the axis of years that begin in the month `starts`."""
    low, high = float(min(years)), float(max(years))
    named: Any = alt.Undefined if starts == 1 else FISCAL
    return alt.X(
        "year:Q",
        scale=alt.Scale(domain=[low - 0.3, high + 0.3], nice=False, zero=False),
        axis=alt.Axis(
            title=None, format="d", tickMinStep=1, grid=False, labelFlush=True, labelExpr=named
        ),
    )


def value_axis(field: str, unit: str) -> Any:
    """Return the upright axis of values, its unit above it."""
    return alt.Y(field, scale=alt.Scale(zero=False, nice=True), axis=upright(unit))


def upright(title: str) -> Any:
    """Return the look of an upright axis, its title level above: on its side it is hard to read."""
    return alt.Axis(
        title=title or None,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleBaseline="bottom",
        titleX=-34,
        titleY=-8,
        tickCount=5,
        domain=False,
        ticks=False,
    )


def halo(chart: Any, **mark: Any) -> list[Any]:
    """Draw text with a white edge, so that it stays readable on lines and bands."""
    return [
        chart.mark_text(**mark, stroke="white", strokeWidth=4, strokeJoin="round"),
        chart.mark_text(**mark),
    ]


def target_rules(limits: Sequence[float], label: str, reach: Sequence[float]) -> list[Any]:
    """Draw a dashed upright line at the limit of a target, or at both ends of a range.

    The label stands at the top, on the side of the line with room, or between the lines.

    Parameters
    ----------
    limits : sequence of float
    label : str
    reach : sequence of float
        Ends of the axis.
    """
    middle = sum(limits) / len(limits)
    left = middle > (min(reach) + max(reach)) / 2
    base = alt.Chart(pd.DataFrame({"value": list(limits)})).encode(x="value:Q")
    rule = base.mark_rule(color=TARGET, strokeDash=[6, 4], strokeWidth=2)
    text = alt.Chart(pd.DataFrame({"value": [middle], "label": [label]}))
    text = text.encode(x="value:Q", text="label:N", y=alt.value(0))
    align, dx = ("right", -6) if left else ("left", 6)
    if len(limits) > 1:
        align, dx = "center", 0
    words = halo(text, align=align, baseline="top", dx=dx, dy=-2, color=TARGET, fontWeight=600)
    return [rule, *words]


def dated(table: pd.DataFrame, starts: int) -> pd.DataFrame:
    """Return a table with the names of its years, `when`, where they are no calendar years."""
    if starts == 1:
        return table
    return table.assign(when=[year_name(int(year), starts) for year in table["year"]])


def year_tip(tell: Language, table: pd.DataFrame) -> Any:
    """Return the line of a tooltip that gives the year of a row of a table; see `dated`."""
    if "when" in table:
        return alt.Tooltip("when:N", title=tell("chart-year"))
    return alt.Tooltip("year:Q", format="d", title=tell("chart-year"))


def points(
    tell: Language,
    table: pd.DataFrame,
    field: str,
    by: str,
    word: Callable[[str], str],
    *,
    unit: str,
    size: int,
    tips: Mapping[str, str],
) -> Any:
    """Draw statements or estimates as points, by shape and colour.

    Parameters
    ----------
    tell : Language
    table : DataFrame
        `year`, `field` and `by`; see `dated`.
    field : str
        Column of the values, scaled.
    by : str
        Column of keys of `MARKS`.
    word : callable
        Returns the legend's word for a key.
    unit : str
        Title of the values in tooltips, as `Language.unit` returns it.
    size : int
        Of the marks, in square pixels.
    tips : mapping
        Further columns of the tooltip, and their titles.
    """
    present = [k for k in MARKS if k in set(table[by])]
    domain = [word(k) for k in present]
    shapes, colours = ([MARKS[k][i] for k in present] for i in (0, 1))
    return (
        alt.Chart(table.assign(**{by: table[by].map(word)}))
        .mark_point(filled=True, size=size, opacity=0.95, stroke="white", strokeWidth=0.8)
        .encode(
            x="year:Q",
            y=f"{field}:Q",
            shape=alt.Shape(f"{by}:N", scale=alt.Scale(domain=domain, range=shapes)),
            color=alt.Color(f"{by}:N", scale=alt.Scale(domain=domain, range=colours)),
            tooltip=[
                year_tip(tell, table),
                alt.Tooltip(f"{field}:Q", format=",.6~r", title=unit or tell("chart-value")),
                *(alt.Tooltip(f"{column}:N", title=title) for column, title in tips.items()),
            ],
        )
    )


def row_axis(field: str, order: Sequence[str]) -> Any:
    """Return the axis of rows, without names.

    The names stand above the rows (see `row_words`): beside them they would take half a
    telephone's width.
    """
    return alt.Y(f"{field}:N", sort=list(order), axis=None)


def row_words(base: Any, field: str, colour: Any = None) -> list[Any]:
    """Write a row's name to the left above it, and the text of the column `said` to the right."""
    # On a narrow page a long name is cut rather than run into the figure.
    room = alt.ExprRef(expr="width - 115")
    name = base.encode(x=alt.value(0), text=f"{field}:N")
    said = base.encode(
        x=alt.value("width"), text="said:N", color=alt.value(INK) if colour is None else colour
    )
    return [
        *halo(name, align="left", dx=3, dy=-9, color=INK, limit=room),
        *halo(said, align="right", dy=-9, fontWeight=600),
    ]

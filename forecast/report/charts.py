"""What the charts of all pages share: colours, axes, marks, and how they show themselves.

The module of a page has its charts: tidy tables in, altair charts out, nothing computed. Every
chart takes its width from the page (``width="container"``), draws text at 11 px or more, has a
`description` of what it shows (which screen readers read instead of the marks), and encodes a
target by dash and label as well as by colour. Values are scaled by `Language.scaled`, axes named
by `Language.unit`, titles and legends are messages of the catalogues. The specifications keep to
what Vega-Lite 5.6 knows, so that JupyterLab 4 draws them with its own renderer, offline.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from math import isfinite
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.evidence.calendar import year_name
from forecast.facts import Amount, Number
from forecast.report.language import Language

if TYPE_CHECKING:
    import altair

    alt = altair
else:

    class _Altair:
        """Altair from its first use on: commands that draw nothing need not wait for it.

        jsonschema, which it imports, is spared a grammar of web addresses that takes two seconds to
        compile and that no chart needs: None says that it is not installed.
        """

        def __getattr__(self, name: str) -> Any:
            sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
            return getattr(import_module("altair"), name)

    alt = _Altair()

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
BANDS = {90: "#d3e3f1", 60: "#9fc3e1", 30: "#5a9bcb"}  # of how many paths in 100
EDGE = "#4a87bd"  # of a band: 3 : 1 and more on white
PAST = "#e4e4e4"
TARGET_TEXT: dict[str, Any] = {"color": TARGET, "fontWeight": 600}
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
    "titleOrient": "left",
    "titleColor": QUIET,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "titleLimit": 120,
    "labelColor": INK,
    "labelFontSize": 12,
    "columns": 4,
    "symbolSize": 90,
    "columnPadding": 12,
    "rowPadding": 4,
    "labelLimit": 150,
}
TITLE = {
    "anchor": "start", "frame": "bounds", "fontSize": 15, "fontWeight": 600, "color": INK,
    "subtitleColor": QUIET, "subtitleFontSize": 12, "offset": 14,
}  # fmt: skip

# Characters that fit on a line of a title in JupyterLab.
LINES = {"en": {"text": 68, "subtitle": 92}, "zh": {"text": 42, "subtitle": 52}}
# Number formats of the charts: Chinese text groups no thousands.
NUMBERS: dict[str, Any] = {"decimal": ".", "grouping": [3], "currency": ["", ""], "minus": "−"}
LOCALES = {"en": {**NUMBERS, "thousands": ","}, "zh": {**NUMBERS, "thousands": ""}}


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
    from IPython.core.getipython import get_ipython

    alt.renderers.register("forecast", partial(mimebundle, lang=tell.lang))
    alt.renderers.enable("forecast")
    alt.data_transformers.register("forecast", _inline)
    alt.data_transformers.enable("forecast")
    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type(alt.TopLevelMixin, partial(_shown, lang=tell.lang))


def _shown(chart: Any, lang: str) -> Any:
    """Return what a notebook keeps of a chart; one of the pages has been checked by tests."""
    if "figures" in (getattr(chart, "usermeta", None) or ()):
        return mimebundle(chart.to_dict(validate=False, context={"pre_transform": False}), lang)
    return chart._repr_mimebundle_()  # which says what is wrong with it


def _inline(table: Any, **_: Any) -> Any:
    """Return the rows of a table; altair takes thrice the time, which is for any sort of cells."""
    columns = [_cells(table[name]) for name in table] if isinstance(table, pd.DataFrame) else [None]
    if None in columns or not all(isinstance(name, str) for name in table):
        return alt.default_data_transformer(table, max_rows=10**9)
    names = list(table)
    return {"values": [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]}


def _cells(column: pd.Series) -> list[Any] | None:
    """Return the cells of a column, None where they are no number; None if they are of others."""
    if isinstance(column.dtype, pd.StringDtype):
        return [cell if isinstance(cell, str) else None for cell in column]
    if not isinstance(column.dtype, np.dtype) or column.dtype.kind not in "biuf":
        return None
    if column.dtype.kind != "f":
        return column.tolist()
    return [float(f"{v:.7g}") if isfinite(v) else None for v in column.tolist()]  # what shows


def mimebundle(spec: dict[str, Any], lang: str = "en", **_: Any) -> dict[str, Any]:
    """Return what a notebook keeps of a chart: its specification and its description."""
    config = look(lang)
    for part, own in spec.get("config", {}).items():  # a chart of the reader's own keeps its look
        config[part] = {**config.get(part, {}), **own} if isinstance(own, dict) else own
    shown = {**spec, "$schema": SCHEMA, "config": config}
    if spec.get("width") == "container":
        # In JupyterLab (4.6) the width of the container follows the chart's and so on without end,
        # until the browser hangs: there the width is fixed, and the exporter frees it again.
        shown |= {"width": WIDTH, "usermeta": {**spec.get("usermeta", {}), "width": "container"}}
    if isinstance(title := spec.get("title"), dict):  # which Vega does not break into lines
        shown["title"] = {
            part: wrap(text, LINES[lang][part], break_on_hyphens=False)
            for part, text in title.items()
        }
    return {MIME: shown, "text/plain": spec.get("description", "")}


def look(lang: str) -> dict[str, Any]:
    """Return the configuration that all charts of a language share."""
    # Several legends stand under each other, which Vega can do and altair's schema does not know.
    layout = {"anchor": "start", "bounds": "full", "direction": "vertical", "margin": 6}
    return {
        "font": FONT,
        "aria": False,
        "background": "#ffffff",
        "axis": AXIS,
        "legend": {**LEGEND, "layout": {"bottom": layout}},
        "title": TITLE,
        "view": {"stroke": None, "continuousWidth": 300, "continuousHeight": 300},  # as altair's
        "text": {"fontSize": 12, "color": INK},
        "locale": {"number": LOCALES[lang]},
    }


# Parts -------------------------------------------------------------------------------------------


def figures(tell: Language, columns: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    """Return the figures that a chart draws, as its page and its file show them.

    Parameters
    ----------
    tell : Language
    columns : mapping
        Head of a column, with its unit -> values of `forecast.facts`, texts and whole numbers; what
        is missing (None) stays empty.
    """
    return pd.DataFrame(
        {
            head: ["" if cell is None else tell.write(cell) for cell in cells]
            for head, cells in columns.items()
        }
    )


def head(tell: Language, name: str, unit: str) -> str:
    """Return the head of a column of figures with its unit, if it has one."""
    return tell("chart-head", name=name, unit=unit, given=str(bool(unit)))


def amounts(tell: Language, values: Iterable[float], unit: str) -> list[Amount | None]:
    """Return numbers in the unit of an axis as cells of `figures`.

    Parameters
    ----------
    tell : Language
    values : iterable of float
        In the unit of `Language.unit`.
    unit : str
        A unit of the tables.
    """
    one = float(tell.scaled(1.0, unit))
    # Twelve digits: there and back by a unit of ten thousand, a value has lost its last bits.
    exact = [None if pd.isna(v) else float(f"{float(v) / one:.12g}") for v in values]
    return [None if v is None else Amount(v, unit, bare=True) for v in exact]


def percents(shares: Iterable[float]) -> list[Number | None]:
    """Return shares as cells of `figures`, in percent."""
    return [None if pd.isna(v) else Number(100 * float(v), int(0 < v < 0.0095)) for v in shares]


def finish(
    chart: Any,
    title: str,
    description: str,
    height: float,
    *,
    name: str,
    caption: str,
    figures: pd.DataFrame,
    right: int = 4,
    width: int | str = "container",
) -> alt.Chart:
    """Give a chart its size, its words and its figures; `mimebundle` gives it its look.

    Parameters
    ----------
    chart : altair.Chart or altair.LayerChart
        Changed in place.
    title : str
        The finding, without a full stop.
    description : str
        The alternative text: the few values that matter, in sentences.
    height : float
        Of the plot, in CSS pixels.
    name : str
        What the files saved from the chart are called, after the name of the page.
    caption : str
        How to read the chart, in natural frequencies where it shows uncertainty.
    figures : DataFrame
        What the chart draws, as `figures` returns it: the page has it as a table and as a file.
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
    properties: dict[str, Any] = {
        "description": description, "height": height, "width": width,
        "autosize": alt.AutoSizeParams(type="fit-x", contains="padding"),
        "usermeta": {"name": name, "figures": figures.to_dict("split", index=False)},
        "padding": {"left": 4, "top": 4, "right": right, "bottom": 4},
    }  # fmt: skip
    if title:
        properties["title"] = alt.TitleParams(title, subtitle=caption or alt.Undefined)
    shown: alt.Chart = chart
    for part, value in properties.items():  # `properties` copies the chart, all layers of it
        shown[part] = value
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
    """Return the upright axis of values, its unit above it, with room for a label at either end."""
    return alt.Y(field, scale=alt.Scale(zero=False, nice=True, padding=18), axis=upright(unit))


#: An upright axis of few values has lines across, and none of its own.
LEVEL: dict[str, Any] = {
    "domain": False, "ticks": False, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end",
    "titleBaseline": "bottom", "titleX": -34, "titleY": -8,
}  # fmt: skip


def upright(title: str) -> Any:
    """Return the look of an upright axis, its title level above: on its side it is hard to read."""
    return alt.Axis(title=title or None, tickCount=5, **LEVEL)


def halo(chart: Any, **mark: Any) -> list[Any]:
    """Draw text with a white edge, so that it stays readable on lines and bands."""
    edge = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    return [chart.mark_text(**mark, **edge), chart.mark_text(**mark)]


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


def row_axis(field: str, order: Sequence[str]) -> Any:
    """Return the axis of rows, without names, which `row_words` writes."""
    return alt.Y(f"{field}:N", sort=list(order), axis=None)


#: Names stand beside the rows of a wide plot, else above: on a telephone they took half the width.
NARROW = "width < 480"


def room(said: Iterable[str]) -> float:
    """Return how many pixels the longest of some texts takes, about."""
    return 16 + max(
        (sum(12.0 if c > "\u2e80" else 7.0 for c in text) for text in said), default=0.0
    )


def row_scale(domain: Sequence[float] = (), said: float = 0.0, **more: Any) -> Any:
    """Return the scale of the values of rows, between their names and what is said of them.

    Parameters
    ----------
    domain : sequence of float
    said : float
        What the column ``said`` takes, as `room` returns it.
    **more
        Of the scale.
    """
    ends = [f"{NARROW} ? 0 : 0.34 * width", f"width - ({NARROW} ? 4 : {said:.0f})"]
    shown = [alt.ExprRef(end) for end in ends]
    return alt.Scale(domain=list(domain) or alt.Undefined, range=shown, **more)


def row_shift() -> Any:
    """Return by how much the marks of a row are below its middle: its name may stand above."""
    return alt.ExprRef(f"{NARROW} ? 9 : 0")


def row_words(base: Any, field: str, said: float = 100.0, column: str = "said") -> list[Any]:
    """Write a row's name at the left, and the text of another column at the right."""
    ends = f"width - {said:.0f} : 0.34 * width - 12"  # a long name is cut
    limit, dy = (alt.ExprRef(f"{NARROW} ? {e}") for e in (ends, "-9 : 0"))
    name = base.encode(x=alt.XValue(0), text=alt.Text(f"{field}:N"))
    told = base.encode(x=alt.XValue("width"), text=alt.Text(f"{column}:N"))
    return [
        *halo(name, align="left", dx=3, dy=dy, color=INK, limit=limit),
        *halo(told, align="right", dy=dy, color=INK, fontWeight=600),
    ]

"""The past of a series: its reconciled path, and the levels as published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd

from forecast.facts import Amount, Interval, Year
from forecast.reconciliation.history import History
from forecast.report import charts
from forecast.report.charts import alt
from forecast.report.language import Language
from forecast.report.pages import known
from forecast.report.pages.statements import status

# Status or origin -> (shape, colour), in the order of the legend; Okabe-Ito colours.
MARKS = {
    "published": ("circle", "#0072b2"),
    "census": ("square", "#000000"),
    "final": ("circle", "#0072b2"),
    "revised": ("diamond", "#7b3294"),
    "preliminary": ("triangle-up", "#009e73"),
    "derived": ("cross", "#8a5a00"),
    "interpolated": ("triangle-right", "#8a5a00"),
    "doubted": ("square", "#d55e00"),
    "nowcast": ("diamond", "#009e73"),
    "imputed": ("triangle-left", "#b0558a"),
    "secondary": ("triangle-down", "#b0558a"),
    "unknown": ("circle", "#7a7a7a"),
}


def past(tell: Language, history: History) -> pd.DataFrame:
    """Return the reconciled past: ``year, estimate, low, high`` (scaled) and ``origin``."""
    path = history.table()[["year", "estimate", "low", "high", "origin"]]
    columns = ["estimate", "low", "high"]
    path = path.assign(**{c: tell.scaled(path[c], history.unit) for c in columns})
    return charts.dated(path, history.year_starts)


def points(tell: Language, history: History) -> pd.DataFrame:
    """Return the yearly levels in use: ``year, value`` (scaled), ``status, flagged, source``."""
    statements, unit = history.observations, history.unit
    levels = statements[(statements["measure"] == "level") & (statements["bound"] == "")]
    levels = levels[levels["used"].astype(bool)]
    table = pd.DataFrame(
        {
            "year": levels["year"].astype(int),
            "value": tell.scaled(levels["canonical"].astype(float), unit),
            "status": levels["status"],
            "flagged": levels["outlier"].fillna(False).astype(bool),
            "source": levels["source_title"],
        }
    )
    return charts.dated(table, history.year_starts)


def marks(
    tell: Language,
    table: pd.DataFrame,
    field: str,
    by: str,
    unit: str,
    *,
    tips: Mapping[str, str] = MappingProxyType({}),
) -> list[Any]:
    """Draw levels or estimates as points, by shape and colour; nothing where there are none.

    Parameters
    ----------
    tell : Language
    table : DataFrame
        As `points` or `past` returns it.
    field : str
        Column of the values, scaled.
    by : str
        Column of keys of `MARKS`: ``status`` or ``origin``.
    unit : str
        Of the axis, as `Language.unit` returns it.
    tips : mapping
        Further columns of the tooltip, and their titles.
    """
    if table.empty:
        return []
    named = table[by].map(partial(status if by == "status" else known.origin, tell))
    look = [(key, *MARKS[key]) for key in MARKS if key in set(table[by])]
    words = dict(zip(table[by], named, strict=True))
    domain = [words[key] for key, *_ in look]
    title = tell(f"statements-{by}")
    legend = alt.Legend(title=title)
    shapes, colours = ([entry[i] for entry in look] for i in (1, 2))
    tips = {by: title, **tips}
    return [
        alt.Chart(table.assign(**{by: named}))
        .mark_point(filled=True, size=60, opacity=0.95, stroke="white", strokeWidth=0.8)
        .encode(
            x=alt.X("year:Q"),
            y=alt.Y(f"{field}:Q"),
            shape=alt.Shape(f"{by}:N", scale=alt.Scale(domain=domain, range=shapes), legend=legend),
            color=alt.Color(
                f"{by}:N", scale=alt.Scale(domain=domain, range=colours), legend=legend
            ),
            tooltip=[
                charts.year_tip(tell, table),
                alt.Tooltip(f"{field}:Q", format=",.6~r", title=unit or tell("chart-value")),
                *(alt.Tooltip(f"{column}:N", title=title) for column, title in tips.items()),
            ],
        )
    ]


def drawn(
    tell: Language, path: pd.DataFrame, levels: pd.DataFrame, unit: str, starts: int
) -> pd.DataFrame:
    """Return a path with its 90 % interval, and the levels as published, a row a figure.

    Parameters
    ----------
    tell : Language
    path : DataFrame
        ``year``, ``estimate`` or ``value``, ends of intervals as ``low`` or ``q05``, and perhaps
        ``what`` (else every row is an estimate).
    levels : DataFrame
        As `points` returns them.
    unit : str
        A unit of the tables.
    starts : int
        Month in which years begin.
    """
    rows = path.rename(columns={"estimate": "value"})
    if "what" not in rows:
        rows["what"] = tell("statements-estimate")
    if len(levels):
        named = [status(tell, key) for key in levels["status"]]
        what = [tell("statements-as-published", status=name) for name in named]
        rows = pd.concat([rows, levels[["year", "value"]].assign(what=what)])
    rows = rows.sort_values("year", kind="stable")
    shown = tell.unit(unit)
    ends = [
        name for name in ("low", "q05", "q20", "q35", "q65", "q80", "q95", "high") if name in rows
    ]
    heads = {"value": tell("chart-value"), **{e: tell("chart-quantile", quantile=e) for e in ends}}
    values = {
        charts.head(tell, head, shown): charts.amounts(tell, rows[name], unit)
        for name, head in heads.items()
    }
    years = [Year(int(year), starts) for year in rows["year"]]
    return charts.figures(
        tell, {tell("chart-year"): years, tell("chart-figure"): rows["what"], **values}
    )


def chart(tell: Language, history: History | None) -> alt.Chart | None:
    """Draw the reconciled path with its 90 % interval, and the levels as published."""
    if history is None:
        return None
    path, levels = past(tell, history), points(tell, history)
    unit = tell.unit(history.unit)
    x = charts.year_axis([*path["year"], *levels["year"]], history.year_starts)
    band: dict[str, Any] = {"color": charts.BANDS[90], "stroke": charts.EDGE, "strokeWidth": 0.8}
    layers: list[Any] = [
        alt.Chart(path)
        .mark_area(**band)
        .encode(x=x, y=charts.value_axis("low:Q", unit), y2=alt.Y2("high:Q")),
        alt.Chart(path)
        .mark_line(color=charts.LINE, strokeWidth=2)
        .encode(x=x, y=alt.Y("estimate:Q")),
        *marks(
            tell, levels, "value", "status", unit, tips={"source": tell("statements-head-source")}
        ),
        *_rings(tell, levels[levels["flagged"]]),
    ]
    if levels.empty:
        layers += marks(tell, path, "estimate", "origin", unit)
    table = history.table()
    low, high = table["low"].iloc[-1], table["high"].iloc[-1]
    ends = {
        "first": history.dated(path["year"].iloc[0]),
        "last": history.last_year,
        "start": Amount(float(history.values()[0]), history.unit),
        "end": Amount(float(history.values()[-1]), history.unit),
    }
    interval = Interval(float(low), float(high), history.unit)
    return charts.finish(
        alt.layer(*layers),
        tell("statements-chart-title", **ends),
        tell("statements-chart-alt", n=len(levels), interval=interval, **ends),
        320,
        name="history",
        caption=tell("statements-chart-caption", some="levels" if len(levels) else "none"),
        figures=drawn(tell, path, levels, history.unit, history.year_starts),
        right=14,
    )


def _rings(tell: Language, flagged: pd.DataFrame) -> list[Any]:
    """Return rings around the levels that do not fit the others."""
    if flagged.empty:
        return []
    why = tell("statements-outlier")
    ring = alt.Stroke(
        "why:N",
        scale=alt.Scale(domain=[why], range=[charts.TARGET]),
        legend=alt.Legend(symbolType="circle"),
    )
    return [
        alt.Chart(flagged.assign(why=why))
        .mark_point(shape="circle", filled=False, size=260, strokeWidth=2, color=charts.TARGET)
        .encode(x=alt.X("year:Q"), y=alt.Y("value:Q"), stroke=ring)
    ]

"""The forecast of the target year as dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.report import charts
from forecast.report.charts import LINE, alt
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages.pictures.limits import limits
from forecast.report.pages.target.answer.lead import outlook
from forecast.targets.assessment import Assessment

DOTS = 50
COLUMNS = 24  # of dots over a whole axis: readable on a telephone


def heading(tell: Language, answer: Assessment) -> str:
    """Return the heading over the pictures; empty where there are none."""
    if answer.paths is not None:
        return tell("target-picture")
    if answer.history is None:
        return ""
    return paragraphs(tell("target-picture"), tell("target-picture-known"))


def dots(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return equally likely values of the target year, stacked.

    Returns
    -------
    DataFrame
        ``value`` (in the unit of `Language.unit`), ``row`` (height in the stack, 0 at the bottom)
        and ``attained``.
    """
    assert answer.paths is not None
    draws = np.quantile(answer.paths.pooled[:, -1], (np.arange(DOTS) + 0.5) / DOTS)
    stacked = stack_dots(draws, answer.criterion.ends)
    met = answer.criterion.met(draws)
    return stacked.assign(value=tell.scaled(stacked["value"], answer.unit), attained=met)


def stack_dots(values: Sequence[float] | FloatArray, targets: Sequence[float] = ()) -> pd.DataFrame:
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


def chart(tell: Language, answer: Assessment) -> alt.Chart | None:
    """Draw equally likely values of the target year against the target."""
    if answer.paths is None:
        return None
    table, lines = dots(tell, answer), limits(tell, answer)
    met = int(table["attained"].sum())
    outcomes = {True: tell("target-outcome-met"), False: tell("target-outcome-missed")}
    table = table.assign(outcome=table["attained"].map(outcomes))
    low, high, pad, columns = _columns(
        np.unique(table["value"].to_numpy(dtype=float)), list(lines["value"])
    )
    rows = int(table["row"].max()) + 1
    height = int(min(max(rows * 20 + 30, 130), 330))

    # The dots have to stay round and touch without overlap at every width of the page, so their
    # size follows the width of the plot; the height of a dot in its stack is counted in dots, not
    # on a scale.
    size = f"min(width / {columns:.2f}, {height - 30} / {rows}, 22)"
    unit = tell.unit(answer.unit)
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
                scale=alt.Scale(domain=list(outcomes.values()), range=[LINE, "#8b97a4"]),
            ),
            tooltip=[
                alt.Tooltip("value:Q", format=",.5~r", title=unit or tell("chart-value")),
                alt.Tooltip("outcome:N", title=tell("target-outcome-tip")),
            ],
        )
    )
    told = {"met": met, "n": DOTS, "year": answer.year}
    return charts.finish(
        alt.layer(layer, *target_rules(lines, [low, high])),
        tell("target-dots-title", **told),
        sentences(
            tell,
            tell("target-dots-alt", target=answer.name, threshold=answer.wanted, **told),
            outlook(tell, answer),
        ),
        height,
        name="dots",
        caption=tell("target-dots", n=DOTS, year=answer.year, lines=len(answer.criterion.ends)),
        figures=_figures(tell, table, answer.unit),
    )


def _figures(tell: Language, table: pd.DataFrame, unit: str) -> pd.DataFrame:
    stacks = table.groupby(["value", "outcome"], sort=False).size().reset_index(name="dots")
    value = charts.head(tell, tell("chart-value"), tell.unit(unit))
    return charts.figures(
        tell,
        {
            value: charts.amounts(tell, stacks["value"], unit),
            tell("target-outcome-tip"): stacks["outcome"],
            tell("target-dots-head"): list(stacks["dots"]),
        },
    )


def _columns(values: FloatArray, ends: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the ends of an axis of dots, the room beyond them, and how many dots fit side by side.

    Parameters
    ----------
    values : ndarray, shape (n_columns,)
        Of the stacks of dots, ascending, as `ends` in the unit of the axis.
    ends : sequence of float
        Limits of the target.
    """
    step = float(np.diff(values).min()) if len(values) > 1 else 0.0
    low, high = min(values.min(), *ends), max(values.max(), *ends)
    step = max(step, (high - low) / 45)
    pad = step if step > 0 else max(abs(high), 1.0) * 0.01
    return low, high, pad, (high - low) / step + 3 if step > 0 else 3.0


def target_rules(table: pd.DataFrame, reach: Sequence[float]) -> list[Any]:
    """Draw an upright line at every limit of a target, dashed where it decides.

    Labels stand at the top, one below the other, on the side of the lines with room.

    Parameters
    ----------
    table : DataFrame
        ``value``, ``label`` and ``decides``.
    reach : sequence of float
        Ends of the axis.
    """
    left = bool(table["value"].mean() > (min(reach) + max(reach)) / 2)
    align, dx = ("right", -6) if left else ("left", 6)
    layers: list[Any] = []
    # A label stands above the lines that it would run into.
    ordered = table.sort_values("value", ascending=not left)
    for i, row in enumerate(ordered.to_dict("records")):
        base = alt.Chart(pd.DataFrame([row])).encode(x=alt.X("value:Q"))
        dash = [6, 4] if row["decides"] else [1, 0]
        rule = base.mark_rule(color=charts.TARGET, strokeDash=dash, strokeWidth=1.5)
        layers.append(rule.encode(y=alt.YValue(15 * i), y2=alt.Y2Value("height")))
        word = base.encode(text=alt.Text("label:N"), y=alt.YValue(15 * i))
        layers += charts.halo(word, align=align, baseline="top", dx=dx, dy=-2, **charts.TARGET_TEXT)
    return layers

"""The forecast of the target year as dots, and the way there as a fan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.report import charts
from forecast.report.charts import BANDS, INK, LINE, PAST, QUIET, TARGET, alt
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages import statements
from forecast.report.pages.target.answer.lead import outlook
from forecast.report.pages.target.uncertainty import limits
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.figures import FigureAnswer

QUANTILES = (0.05, 0.20, 0.35, 0.50, 0.65, 0.80, 0.95)  # ends of the bands, the median among them
NAMES = tuple(f"q{round(100 * q):02d}" for q in QUANTILES)
PAST_YEARS = 15  # of the past that a fan shows
DOTS = 50


def dots_note(tell: Language, answer: Assessment) -> str:
    """Return the heading and the reading of the dot plot."""
    if answer.paths is None:
        known = tell("target-picture-known") if answer.history is not None else ""
        return paragraphs(tell("target-picture"), known) if known else ""
    return paragraphs(
        tell("target-picture"),
        tell("target-dots", n=DOTS, year=answer.year, lines=len(answer.criterion.ends)),
    )


def fan_note(tell: Language, answer: Assessment) -> str:
    """Return the reading of the fan chart, in natural frequencies."""
    if answer.paths is None or answer.until is None:
        return ""
    stepped = answer.history is not None and len(answer.history.steps) and _of_level(answer)
    bases = tell("target-fan-bases") if stepped else ""
    return sentences(tell, tell("target-fan", year=answer.dated(answer.until)), bases)


def _of_level(answer: Assessment) -> bool:
    """Whether the paths are those of the series, not of a figure computed from it."""
    return not isinstance(answer, FigureAnswer)


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
    stacked = charts.stack_dots(draws, answer.criterion.ends)
    met = answer.criterion.met(draws)
    return stacked.assign(value=tell.scaled(stacked["value"], answer.unit), attained=met)


def dots_chart(tell: Language, answer: Assessment) -> alt.Chart | None:
    """Draw equally likely values of the target year against the target."""
    if answer.paths is None:
        return None
    table = dots(tell, answer)
    met = int(table["attained"].sum())
    outcomes = {True: tell("target-outcome-met"), False: tell("target-outcome-missed")}
    table = table.assign(outcome=table["attained"].map(outcomes))
    ends, label = limits(tell, answer)
    low, high, pad, columns = _columns(np.unique(table["value"].to_numpy(dtype=float)), ends)
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
                scale=alt.Scale(domain=list(outcomes.values()), range=[LINE, "#a9b4c0"]),
            ),
            tooltip=[
                alt.Tooltip("value:Q", format=",.5~r", title=unit or tell("chart-value")),
                alt.Tooltip("outcome:N", title=tell("target-outcome-tip")),
            ],
        )
    )
    rule = charts.target_rules(ends, label, [low, high])
    return charts.finish(
        alt.layer(layer, *rule),
        tell("target-dots-title", met=met, n=DOTS, year=answer.year),
        tell(
            "target-dots-alt",
            n=DOTS,
            target=answer.name,
            year=answer.year,
            met=met,
            threshold=answer.wanted,
        ),
        height,
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


def future(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return ``year`` and `NAMES`: quantiles of the draws, the last known year included."""
    assert answer.paths is not None
    if isinstance(answer, FigureAnswer):
        found = answer.fan(QUANTILES)
        found = found[found.index >= answer.last]
        values = tell.scaled(found.to_numpy(), answer.unit)
        return pd.DataFrame(values, columns=NAMES).assign(year=list(found.index))
    assert answer.history is not None
    start = answer.history.quantiles(QUANTILES)[-1:]
    ahead = np.quantile(answer.paths.pooled, QUANTILES, axis=0).T
    values = tell.scaled(np.vstack([start, ahead]), answer.unit)
    years = [int(answer.history.years[-1]), *map(int, answer.paths.years)]
    return charts.dated(pd.DataFrame(values, columns=NAMES).assign(year=years), answer.year_starts)


def fan_chart(tell: Language, answer: Assessment) -> alt.Chart | None:
    """Draw the past as far as it is known, and the bands of 30, 60 and 90 in 100 ahead."""
    history = answer.history
    if answer.paths is None or answer.until is None:
        return None if history is None else statements.history_chart(tell, history)
    start = answer.until - PAST_YEARS
    ahead, points = future(tell, answer), pd.DataFrame()
    if isinstance(answer, FigureAnswer):
        found = answer.fan((0.05, 0.5, 0.95)).set_axis(["low", "estimate", "high"], axis=1)
        past = tell.scaled(found[found.index <= answer.last], answer.unit).reset_index()
    elif history is not None:
        past = statements.past(tell, history)
        points = statements.points(tell, history)
        points = points[points["year"] >= start]
    past = past[past["year"] >= start]
    legend = {n: tell("target-band", n=n) for n in BANDS}
    ends = zip(legend.values(), ("q05", "q20", "q35"), ("q95", "q80", "q65"), strict=True)
    bands = pd.concat(
        ahead[["year", low, high]].set_axis(["year", "low", "high"], axis=1).assign(band=band)
        for band, low, high in ends
    )
    unit = tell.unit(answer.unit)
    x = charts.year_axis([*past["year"], *ahead["year"]], answer.year_starts)
    y = charts.value_axis("low:Q", unit)
    colours = alt.Scale(domain=list(legend.values()), range=list(BANDS.values()))
    tips = [
        alt.Tooltip(f"{name}:Q", title=tell("target-quantile", quantile=name), format=",.5~r")
        for name in NAMES
    ]
    layers = [
        alt.Chart(past).mark_area(color=PAST).encode(x=x, y=y, y2="high:Q"),
        alt.Chart(bands)
        .mark_area()
        .encode(x=x, y=y, y2="high:Q", fill=alt.Fill("band:N", scale=colours)),
        alt.Chart(past.tail(1)[["year"]]).mark_rule(color=QUIET, strokeDash=[2, 3]).encode(x=x),
        alt.Chart(past).mark_line(color=INK, strokeWidth=1.5).encode(x=x, y="estimate:Q"),
        alt.Chart(ahead).mark_line(color=LINE, strokeWidth=2).encode(x=x, y="q50:Q"),
        alt.Chart(ahead)
        .mark_point(size=300, opacity=0)
        .encode(x=x, y="q50:Q", tooltip=[charts.year_tip(tell, ahead), *tips]),
        *(statements.marks(tell, points, unit) if len(points) else ()),
        *_target(tell, answer, int(min([*past["year"], *ahead["year"]]))),
    ]
    told = {"target": answer.name, "year": answer.year}
    alt_text = "target-fan-alt" if _of_level(answer) else "target-fan-alt-figure"
    return charts.finish(
        alt.layer(*layers),
        tell("target-fan-title", **told),
        sentences(tell, tell(alt_text, **told), outlook(tell, answer)),
        320,
        right=14,
    )


def _target(tell: Language, answer: Assessment, start: int) -> list[Any]:
    """Draw every limit as a dashed line up to the target year, labelled, with a diamond."""
    ends, label = limits(tell, answer)
    labels = [""] * (len(ends) - 1) + [label]  # that of a range stands on its upper end
    rows = {"value": ends, "label": labels, "year": answer.year, "start": start}
    base = alt.Chart(pd.DataFrame(rows))
    return [
        base.mark_rule(color=TARGET, strokeDash=[6, 4], strokeWidth=1.5).encode(
            x=alt.X("start:Q"), x2="year:Q", y="value:Q"
        ),
        base.mark_point(
            shape="diamond", filled=False, size=110, color=TARGET, strokeWidth=2.5
        ).encode(x="year:Q", y="value:Q"),
        *charts.halo(
            base.encode(x="start:Q", y="value:Q", text="label:N"),
            align="left",
            baseline="bottom",
            dx=2,
            dy=-5,
            color=TARGET,
            fontWeight=600,
        ),
    ]

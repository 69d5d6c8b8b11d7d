"""Charts: the probability over one and over two figures, the strongest figures, and the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Chance, Number, Percent
from forecast.report import charts
from forecast.report.charts import alt
from forecast.report.language import Language
from forecast.report.pages.scenario_statements import indicator, refusal, series, share_of, unit
from forecast.report.pages.scenarios import NOTABLE
from forecast.report.pages.what_it_takes.sentences import figure, strongest, unmoved
from forecast.report.show import say
from forecast.scenarios import sensitivity
from forecast.scenarios.sensitivity import CREDIBLE, SWING, Question
from forecast.scenarios.spec import RefusedError, Statement

if TYPE_CHECKING:
    from IPython.display import Markdown

FIGURES = 8  # drawn at most


def axis(tell: Language, evidence: Evidence, s: Statement) -> str:
    """Return the title of an axis of a related figure's values: measure, unit, series."""
    return tell(
        "takes-axis",
        indicator=indicator(evidence, s.indicator),
        place=evidence.place(s.region),
        measure=s.measure,
        of=share_of(evidence, s),
        several=str(s.span[0] != s.span[1]),
        unit=tell.unit(unit(evidence, s)) or "none",
    )


def tornado(tell: Language, evidence: Evidence, asked: Question) -> alt.Chart | None:
    """Draw what goes with the strongest figures: probability, or median where that stays put."""
    if asked.goal is None or asked.swings.empty:
        return None
    top = asked.swings.head(FIGURES)
    result, answer = asked.outcome.result(asked.goal), asked.goal.assessment
    share = bool((top["p_high"] - top["p_low"]).abs().max() >= NOTABLE)
    low, high = ("p_low", "p_high") if share else ("median_low", "median_high")
    factor = 1.0 if share else float(tell.scaled(1.0, answer.unit))

    def told(value: float) -> object:
        if share:
            return Chance(value, answer.floor, bare=True)
        return Amount(value, answer.unit, bare=True)

    rows = [
        {
            "figure": tell.write(series(evidence, str(r["series"]))),
            "low": r[low] * factor,
            "high": r[high] * factor,
            "said": tell("takes-tornado-range", low=told(r[low]), high=told(r[high])),
        }
        for r in top.to_dict("records")
    ]
    words = {
        "what": "probability" if share else "median",
        "target": answer.name,
        "year": answer.year,
    }
    return _tornado(
        tell,
        pd.DataFrame(rows),
        result.probability if share else result.median * factor,
        unit=tell("takes-axis-chance") if share else tell.unit(answer.unit),
        share=share,
        title=tell("takes-tornado-title", **words),
        description=tell("takes-tornado-alt", figures=len(rows), **words),
    )


def _tornado(
    tell: Language, rows: pd.DataFrame, now: float, *, unit: str, share: bool, title: str,
    description: str,
) -> alt.Chart:  # fmt: skip
    said = charts.room(rows["said"])
    scale = charts.row_scale([0, 1] if share else (), said, zero=False, nice=not share)
    label = "format(100 * datum.value, '.0f')" if share else "format(datum.value, ',')"
    axis = alt.Axis(title=unit, labelExpr=label, grid=True, orient="top", tickCount=5)
    names = {
        end: tell("takes-tornado-end", end=end, quantile=Percent(100 * q))
        for end, q in zip(("low", "high"), SWING, strict=True)
    }
    table = rows.assign(**{f"{end}_said": name for end, name in names.items()})
    base = alt.Chart(table).encode(y=charts.row_axis("figure", list(table["figure"])))
    sides = alt.Scale(domain=list(names.values()), range=["#8a5a00", charts.LINE])
    shapes = alt.Scale(domain=list(names.values()), range=["triangle-left", "circle"])
    legend = alt.Legend(columns=1, labelLimit=300)
    bar = base.mark_bar(height=8, color=charts.BANDS[60], yOffset=charts.row_shift()).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    ends = [
        base.mark_point(filled=True, size=90, opacity=1, yOffset=charts.row_shift()).encode(
            x=alt.X(f"{end}:Q", scale=scale, axis=axis),
            shape=alt.Shape(f"{end}_said:N", scale=shapes, legend=legend),
            color=alt.Color(f"{end}_said:N", scale=sides, legend=legend),
            tooltip=[
                alt.Tooltip("figure:N", title=tell("takes-column-figure")),
                alt.Tooltip("said:N", title=title),
            ],
        )
        for end in names
    ]
    rule = (
        alt.Chart(pd.DataFrame({"now": [now]}))
        .mark_rule(color=charts.QUIET, strokeDash=[6, 4])
        .encode(x=alt.X("now:Q", scale=scale, axis=axis))
    )
    chart = alt.layer(rule, bar, *ends, *charts.row_words(base, "figure", said))
    return charts.finish(chart, title, description, 40 * len(table))


def response(tell: Language, evidence: Evidence, asked: Question) -> alt.Chart | None:
    """Draw the probability over the value of the strongest figure; none where none changes it."""
    found = strongest(asked.responses)
    if found is None or unmoved(tell, asked):
        return None
    s = found.figure
    factor = float(tell.scaled(1.0, unit(evidence, s)))
    inside = found.far <= CREDIBLE + 1e-9
    table = pd.DataFrame(
        {"value": factor * found.value[inside], "probability": 100 * found.probability[inside]}
    )
    usual = pd.DataFrame({
        "low": [factor * found.low], "high": [factor * found.high],
        "value": [factor * s.value], "what": [tell("takes-response-usual")],
    })  # fmt: skip
    name = axis(tell, evidence, s)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[float(table["value"].min()), float(table["value"].max())]),
        axis=alt.Axis(title=name, grid=False, tickCount=6, titleLimit=340),
    )
    y = charts.value_axis("probability:Q", tell("takes-axis-chance")).scale(domain=[0, 100])
    layers = [
        alt.Chart(usual)
        .mark_rect(opacity=0.7)
        .encode(
            x="low:Q",
            x2="high:Q",
            color=alt.Color(
                "what:N",
                scale=alt.Scale(range=[charts.PAST]),
                legend=alt.Legend(labelLimit=300),
            ),
        ),
        alt.Chart(usual).mark_rule(color=charts.QUIET, strokeDash=[6, 4]).encode(x="value:Q"),
        alt.Chart(table)
        .mark_line(color=charts.LINE, strokeWidth=2.5)
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("value:Q", title=name, format=",.3~r"),
                alt.Tooltip("probability:Q", title=tell("takes-axis-chance"), format=".0f"),
            ],
        ),
    ]
    target = found.goal.assessment.name
    return charts.finish(
        alt.layer(*layers),
        tell("takes-response-title", target=target),
        tell("takes-response-alt", target=target, figure=figure(evidence, s)),
        240,
    )


def tick(value: float) -> Number:
    """Return a value in as few signs as the edge of a grid has room for.

    Examples
    --------
    >>> [tick(v).digits for v in (-1.57, 12.26, 0.114)]
    [1, 0, 2]
    """
    size = abs(value)
    return Number(value, 0 if size >= 10 else 1 if size >= 1 else 2)


def surface(tell: Language, evidence: Evidence, asked: Question) -> alt.Chart | None:
    """Draw the probability over two figures as a grid of coloured cells with numbers."""
    if asked.goal is None or asked.surface.empty or unmoved(tell, asked):
        return None
    answer = asked.goal.assessment
    factors = [float(tell.scaled(1.0, unit(evidence, s))) for s in asked.pair]
    across, up = (axis(tell, evidence, s) for s in asked.pair)
    table = asked.surface.assign(
        said=[
            "" if pd.isna(p) else tell.write(Chance(p, answer.floor, bare=True)).replace(" ", "")
            for p in asked.surface["probability"]
        ],
        **{
            side: [tell.write(tick(v * factor)) for v in asked.surface[side]]
            for side, factor in zip(("across", "up"), factors, strict=True)
        },
    )
    columns, levels = (list(dict.fromkeys(table[side])) for side in ("across", "up"))
    base = alt.Chart(table).encode(
        x=alt.X(
            "across:N",
            sort=columns,
            axis=alt.Axis(title=across, labelAngle=0, titleLimit=340, ticks=False),
        ),
        y=alt.Y("up:N", sort=levels[::-1], axis=charts.upright(up)),
    )
    shade = alt.Scale(domain=[0, 1], range=["#f3f7fb", "#5a9bcb", "#08306b"])
    layers = [
        base.mark_rect().encode(
            color=alt.Color("probability:Q", scale=shade, legend=None),
            tooltip=[
                alt.Tooltip("across:N", title=across),
                alt.Tooltip("up:N", title=up),
                alt.Tooltip("said:N", title=tell("takes-axis-chance")),
            ],
        ),
        base.mark_text(fontSize=11).encode(
            text="said:N",
            color=alt.condition(
                "datum.probability > 0.55", alt.value("white"), alt.value(charts.INK)
            ),
        ),
    ]
    target = answer.name
    return charts.finish(
        alt.layer(*layers),
        tell("takes-surface-title", target=target),
        tell("takes-surface-alt", target=target),
        26 * len(levels),
    )


def required(tell: Language, evidence: Evidence, asked: Question) -> alt.Chart | Markdown | None:
    """Draw the path that just reaches the target beside the expected one, if there is one."""
    if asked.goal is None:
        return None
    try:
        path = sensitivity.required_path(asked.outcome, asked.goal)
    except RefusedError as error:
        return say(tell("takes-path-none", reason=refusal(tell, evidence, error)))
    answer = asked.goal.assessment
    words = {"baseline": tell("takes-path-expected"), "needed": tell("takes-path-needed")}
    rows = path.rename(columns=words).melt("year", var_name="path", value_name="value")
    rows["value"] = tell.scaled(rows["value"], answer.unit)
    rows = charts.dated(rows, answer.year_starts)
    names, unit_name = list(words.values()), tell.unit(answer.unit)
    colours = alt.Scale(domain=names, range=[charts.QUIET, charts.LINE])
    base = alt.Chart(rows).encode(
        x=charts.year_axis(list(rows["year"]), answer.year_starts),
        y=charts.value_axis("value:Q", unit_name),
        color=alt.Color("path:N", scale=colours, legend=alt.Legend(labelLimit=260, columns=2)),
        tooltip=[
            charts.year_tip(tell, rows),
            alt.Tooltip("path:N", title=tell("takes-path")),
            alt.Tooltip("value:Q", title=unit_name or tell("chart-value"), format=",.6~r"),
        ],
    )
    return charts.finish(
        alt.layer(
            base.mark_line(strokeWidth=2.2), base.mark_point(filled=True, size=60, opacity=1)
        ),
        tell("takes-path-title"),
        tell("takes-path-alt", target=answer.name),
        240,
    )

"""Charts: the probability by the strongest figures, over one figure, and the path to the target."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Chance
from forecast.report import charts
from forecast.report.charts import alt
from forecast.report.language import Language
from forecast.report.pages.scenario_statements import indicator, refusal, series, share_of, unit
from forecast.report.pages.what_it_takes.sentences import amount, figure, probable, strongest
from forecast.report.show import say
from forecast.scenarios import sensitivity
from forecast.scenarios.sensitivity import Question, Response
from forecast.scenarios.spec import RefusedError, Statement
from forecast.targets.assessment import Assessment

if TYPE_CHECKING:
    from IPython.display import Markdown

FIGURES = 8  # drawn at most


def axis(tell: Language, evidence: Evidence, s: Statement) -> str:
    """Return the title of an axis of a related figure's values: measure, unit, series."""
    return tell(
        "takes-axis",
        indicator=indicator(evidence, s.indicator, s.region),
        place=evidence.place(s.region),
        measure=s.measure,
        of=share_of(evidence, s),
        several=str(s.span[0] != s.span[1]),
        unit=tell.unit(unit(evidence, s)) or "none",
    )


def _found(evidence: Evidence, r: Response) -> dict[str, object]:
    """Return what titles and alternative texts tell of a figure and the target's probability."""
    answer, (low, high) = r.goal.assessment, r.ends
    return {
        "target": answer.name,
        "figure": figure(evidence, r.figure),
        "series": series(evidence, r.figure.series),
        "from": amount(evidence, r.figure, r.low),
        "to": amount(evidence, r.figure, r.high),
        "low": Chance(low, answer.floor, short=True),
        "high": Chance(high, answer.floor, short=True),
    }


def tornado(tell: Language, evidence: Evidence, asked: Question) -> alt.Chart | None:
    """Draw the probability at both ends of the strongest figures; none for fewer than two."""
    best = strongest(asked)
    if best is None or len(asked.responses) < 2:
        return None
    answer = best.goal.assessment
    names = {end: tell("takes-tornado-end", end=end) for end in ("low", "high")}
    rows = []
    for r in sorted(asked.responses, key=lambda r: -r.effect)[:FIGURES]:
        chance = dict(zip(names, r.ends, strict=True))
        told = {end: Chance(p, answer.floor, bare=True) for end, p in chance.items()}
        said = tell("takes-change", **told)
        name = tell(
            "takes-row",
            indicator=indicator(evidence, r.figure.indicator, r.figure.region),
            place=evidence.place(r.figure.region),
        )
        whole = tell.write(figure(evidence, r.figure))
        rows.append({"figure": name, "whole": whole, **chance, "said": said})
    table = pd.DataFrame(rows).assign(**{f"{end}_said": name for end, name in names.items()})
    if not table["figure"].is_unique:  # a series in several years
        table["figure"] = table["whole"]
    now = asked.outcome.result(best.goal).probability
    drawn = {name: _chances(table[end], answer) for end, name in names.items()}
    return charts.finish(
        _tornado(tell, table, now, names),
        tell("takes-tornado-title", **_found(evidence, best)),
        tell("takes-tornado-alt", n=len(table), now=Chance(now, answer.floor),
             **_found(evidence, best)),
        40 * len(table),
        name="figures",
        caption=tell("takes-tornado-caption"),
        figures=charts.figures(tell, {tell("takes-column-figure"): table["whole"], **drawn}),
    )  # fmt: skip


def _chances(values: Iterable[float], answer: Assessment) -> list[Chance]:
    """Return probabilities as the table gives them, none below what the record supports."""
    return [Chance(float(p), answer.floor, bare=True) for p in values]


def _tornado(tell: Language, table: pd.DataFrame, now: float, names: dict[str, str]) -> Any:
    said = charts.room(table["said"])
    scale = charts.row_scale([0, 1], said, zero=False)
    label = "format(100 * datum.value, '.0f')"
    axis = alt.Axis(
        title=tell("takes-axis-chance"), labelExpr=label, grid=True, orient="top",
        values=[0, 0.25, 0.5, 0.75, 1],
    )  # fmt: skip
    base = alt.Chart(table).encode(y=charts.row_axis("figure", list(table["figure"])))
    sides = alt.Scale(domain=list(names.values()), range=["#8a5a00", charts.LINE])
    shapes = alt.Scale(domain=list(names.values()), range=["triangle-left", "circle"])
    legend = alt.Legend(columns=1, labelLimit=300)
    bar = base.mark_bar(height=8, color=charts.BANDS[60], yOffset=charts.row_shift()).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2=alt.X2("high:Q")
    )
    ends = [
        base.mark_point(filled=True, size=90, opacity=1, yOffset=charts.row_shift()).encode(
            x=alt.X(f"{end}:Q", scale=scale, axis=axis),
            shape=alt.Shape(f"{end}_said:N", scale=shapes, legend=legend),
            color=alt.Color(f"{end}_said:N", scale=sides, legend=legend),
            tooltip=[
                alt.Tooltip("whole:N", title=tell("takes-column-figure")),
                alt.Tooltip("said:N", title=tell("takes-column-chance")),
            ],
        )
        for end in names
    ]
    rule = (
        alt.Chart(pd.DataFrame({"now": [now]}))
        .mark_rule(color=charts.QUIET, strokeDash=[6, 4])
        .encode(x=alt.X("now:Q", scale=scale, axis=axis))
    )
    return alt.layer(rule, bar, *ends, *charts.row_words(base, "figure", said))


def response(tell: Language, evidence: Evidence, asked: Question) -> alt.Chart | None:
    """Draw the probability over the value of the strongest figure; none where none changes it."""
    best = strongest(asked)
    if best is None:
        return None
    s, name, chance = best.figure, axis(tell, evidence, best.figure), tell("takes-axis-chance")
    factor = float(tell.scaled(1.0, unit(evidence, s)))
    table = pd.DataFrame({"value": factor * best.value, "probability": 100 * best.probability})
    usual = pd.DataFrame({
        "low": [factor * best.low], "high": [factor * best.high],
        "value": [factor * s.value], "what": [tell("takes-response-usual")],
    })  # fmt: skip
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[float(table["value"].min()), float(table["value"].max())]),
        axis=alt.Axis(title=name, grid=False, tickCount=6, titleLimit=340),
    )
    y = charts.value_axis("probability:Q", chance).scale(domain=[0, 100])
    band = alt.Color(
        "what:N", scale=alt.Scale(range=[charts.PAST]), legend=alt.Legend(labelLimit=300)
    )
    layers = [
        alt.Chart(usual)
        .mark_rect(opacity=0.7)
        .encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), color=band),
        alt.Chart(usual)
        .mark_rule(color=charts.QUIET, strokeDash=[6, 4])
        .encode(x=alt.X("value:Q")),
        alt.Chart(table)
        .mark_line(color=charts.LINE, strokeWidth=2.5)
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("value:Q", title=name, format=",.3~r"),
                alt.Tooltip("probability:Q", title=chance, format=".0f"),
            ],
        ),
    ]
    cells = [amount(evidence, s, float(v)) for v in best.value]
    return charts.finish(
        alt.layer(*layers),
        tell("takes-response-title", **_found(evidence, best)),
        tell("takes-response-alt", **_found(evidence, best)),
        240,
        name="figure",
        caption=tell("takes-response-caption"),
        figures=charts.figures(
            tell, {name: cells, chance: _chances(best.probability, best.goal.assessment)}
        ),
    )


def required(tell: Language, evidence: Evidence, asked: Question) -> alt.Chart | Markdown | None:
    """Draw the path that just reaches a target more likely missed, beside the expected one."""
    if asked.goal is None or probable(asked):
        return None
    try:
        path = sensitivity.required_path(asked.outcome, asked.goal)
    except RefusedError as error:
        return say(tell("takes-path-none", reason=refusal(tell, evidence, error)))
    answer = asked.goal.assessment
    words = {end: tell("takes-path", end=end) for end in ("baseline", "needed")}
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
            alt.Tooltip("path:N", title=tell("takes-path-tip")),
            alt.Tooltip("value:Q", title=unit_name or tell("chart-value"), format=",.6~r"),
        ],
    )
    line, point = base.mark_line(strokeWidth=2.2), base.mark_point(filled=True, size=60, opacity=1)
    told = {end: Amount(float(path[end].iloc[-1]), answer.unit) for end in words}
    return charts.finish(
        alt.layer(line, point),
        tell("takes-path-title", year=answer.year, **told),
        tell("takes-path-alt", target=answer.name, year=answer.year, **told),
        240,
        name="path",
        caption=tell("takes-path-caption"),
        figures=charts.figures(
            tell,
            {
                tell("chart-year"): [answer.dated(int(year)) for year in path["year"]],
                **{
                    charts.head(tell, words[end], unit_name): [
                        Amount(v, answer.unit, bare=True, like=float(path[end].max()))
                        for v in path[end]
                    ]
                    for end in words
                },
            },
        ),
    )

"""What came true of past forecasts beside what they had said."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from forecast.facts import Items, Number, fact
from forecast.report import charts
from forecast.report.charts import LINE, TARGET, alt
from forecast.report.language import Language
from forecast.report.pages import track_record
from forecast.report.pages.shared import share
from forecast.targets import pseudo_targets
from forecast.verification.reference_record import panels_of
from forecast.verification.track_record import coverage as by_horizon

NOMINAL = 0.8  # share of outcomes that the intervals of the record are to cover


def reliability(tell: Language, cases: pd.DataFrame) -> alt.Chart | None:
    """Draw the share of events that came true against the probability they had been given."""
    if cases.empty:
        return None
    rows = pseudo_targets.by_band(pseudo_targets.events(cases))
    scale = alt.Scale(domain=[0, 1])
    given, came = tell("record-axis-given"), tell("record-axis-came")
    ticks: dict[str, Any] = {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]}
    x = alt.X("given:Q", scale=scale, axis=alt.Axis(title=given, **ticks))
    axis = alt.Axis(title=came, **ticks, **charts.LEVEL)
    ideal = pd.DataFrame({"given": [0.0, 1.0], "came": [0.0, 1.0]})
    tooltip = [
        alt.Tooltip("given:Q", title=given, format=".0%"),
        alt.Tooltip("came:Q", title=came, format=".0%"),
        alt.Tooltip("asked:Q", title=tell("record-col-questions")),
    ]
    base = alt.Chart(rows).encode(x=x, tooltip=tooltip)
    layers = [
        alt.Chart(ideal)
        .mark_line(color=TARGET, strokeDash=[6, 4], strokeWidth=1.5)
        .encode(x=x, y=alt.Y("came:Q", scale=scale, axis=axis)),
        base.mark_rule(color=LINE, strokeWidth=2).encode(
            y=alt.Y("low:Q", scale=scale, axis=axis), y2=alt.Y2("high:Q")
        ),
        base.mark_point(filled=True, color=LINE, opacity=1).encode(
            y=alt.Y("came:Q", scale=scale, axis=axis),
            size=alt.Size("asked:Q", scale=alt.Scale(range=[40, 320]), legend=None),
        ),
    ]
    low, high = rows.iloc[0], rows.iloc[-1]
    return charts.finish(
        alt.layer(*layers),
        tell(
            "record-reliability-chart",
            low=share(low["given"]),
            low_came=share(low["came"]),
            high=share(high["given"]),
            high_came=share(high["came"]),
        ),
        track_record.came_true(tell, cases),
        300,
        name="reliability",
        caption=tell("record-reliability-caption"),
        figures=charts.figures(
            tell,
            {str(head): cells for head, cells in track_record.reliability(tell, cases).items()},
        ),
    )


def coverage(tell: Language, cases: pd.DataFrame) -> alt.Chart | None:
    """Draw the share of outcomes that past 80 % intervals covered, by years ahead."""
    if cases.empty:
        return None
    table = by_horizon(cases)
    table = table.assign(said=[tell.write(share(float(v))) for v in table["coverage"]])
    nominal = tell("target-coverage-nominal", share=share(NOMINAL))
    line = pd.DataFrame({"nominal": [NOMINAL], "label": [nominal]})
    low = min(0.5, math.floor(10 * float(table["coverage"].min())) / 10)
    scale = alt.Scale(domain=[low, 1])
    axis = alt.Axis(title=None, format=".0%", tickCount=5, **charts.LEVEL)
    y = alt.Y("coverage:Q", scale=scale, axis=axis)
    ahead = alt.Axis(title=tell("target-coverage-axis"), labelAngle=0, grid=False, format="d")
    rule = alt.Chart(line).encode(y=alt.Y("nominal:Q", scale=scale))
    word = rule.encode(x=alt.XValue(4), text=alt.Text("label:N"))
    base = alt.Chart(table).encode(
        x=alt.X("horizon:O", axis=ahead),
        y=y,
        tooltip=[
            alt.Tooltip("horizon:O", title=tell("target-coverage-axis")),
            alt.Tooltip("coverage:Q", title=tell("target-covered-tip"), format=".0%"),
            alt.Tooltip("cases:Q", title=tell("target-cases-tip")),
        ],
    )
    layers = [
        rule.mark_rule(color=TARGET, strokeWidth=1.5, strokeDash=[6, 4]),
        base.mark_point(filled=True, size=110, color=LINE, opacity=1),
        *charts.halo(base.encode(text=alt.Text("said:N")), dy=-14, color=LINE, fontWeight=600),
        *charts.halo(word, align="left", dy=9, **charts.TARGET_TEXT),
    ]
    every = cases["inside"].astype(float)
    values = [
        fact("target-coverage-at", horizon=int(h), share=share(float(c)))
        for h, c in zip(table["horizon"], table["coverage"], strict=True)
    ]
    return charts.finish(
        alt.layer(*layers),
        tell(
            "target-coverage-title",
            panels=str(bool(panels_of(cases))),
            hits=Number(int(every.sum())),
            n=Number(len(every)),
            share=share(float(every.mean())),
        ),
        tell("target-coverage-alt", values=Items(values)),
        180,
        name="coverage",
        caption=tell("target-coverage-caption"),
        figures=charts.figures(
            tell,
            {
                tell("target-coverage-axis"): [int(h) for h in table["horizon"]],
                tell("target-coverage-percent"): charts.percents(table["coverage"]),
                tell("target-cases-tip"): [int(n) for n in table["cases"]],
            },
        ),
    )

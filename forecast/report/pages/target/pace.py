"""The growth a target requires beside the growth achieved: the finding and its chart."""

from __future__ import annotations

import pandas as pd

from forecast.facts import Items, Number, Years, fact
from forecast.report import charts
from forecast.report.charts import LINE, QUIET, TARGET, alt
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages.known import estimated_from
from forecast.report.pages.shared import (
    pace_unit,
    pace_verdict,
    reached,
    too_slow,
    wants_more,
    within,
)
from forecast.targets.assessment import Assessment


def pace(tell: Language, answer: Assessment) -> str:
    """Return heading and finding on required against achieved growth."""
    if answer.required is None:
        return ""
    told = [_verdict(tell, answer), *figures(tell, answer, answer.required)]
    told.append(_estimated(tell, answer))
    return paragraphs(tell("target-pace-head", sense=sense(answer)), sentences(tell, *told))


def _estimated(tell: Language, answer: Assessment) -> str:
    """Return which years of the pace achieved have no figure on today's basis; else nothing.

    They are those that the milestones call estimates or calculated.
    """
    history = answer.history
    if history is None or not answer.achieved:
        return ""
    years = history.years[history.years >= history.years[-1] - max(answer.achieved)]
    ways = {
        int(year): estimated_from(history, int(year))
        for year in years
        if not history.decided(int(year))
    }
    told = []
    for way in ("estimated", "calculated"):
        found = [history.dated(year) for year, how in ways.items() if how == way]
        if found:
            rebased = str(len(history.steps) > 0 and way == "estimated")
            years_ = Years(found)
            told.append(tell(f"target-pace-{way}", n=len(found), years=years_, rebased=rebased))
    return sentences(tell, *told)


def figures(tell: Language, answer: Assessment, required: float) -> list[str]:
    """Return the growth required and the growth achieved."""
    state = "allowed" if reached(answer) else "required"
    if answer.required_to is None:
        told = [tell(f"target-pace-{state}", rate=answer.rate(required), sense=sense(answer))]
    else:
        least, most = (answer.rate(r) for r in sorted((required, answer.required_to)))
        told = [tell(f"target-pace-{state}-range", least=least, most=most, sense=sense(answer))]
    if answer.achieved:
        spans = [
            fact("target-pace-span", rate=answer.rate(g), span=span)
            for span, g in answer.achieved.items()
        ]
        told.append(tell("target-pace-achieved", paces=Items(spans, long=True)))
    return told


def _verdict(tell: Language, answer: Assessment) -> str:
    """Return what has to happen to the pace; where it may be kept, which of those achieved."""
    verdict = pace_verdict(answer)
    if verdict == "hold":
        verdict = "hold" if answer.status == "already_met" else "reached"
        verdict += "-range" if within(answer) else ""
    if verdict == "maintain" and (short := too_slow(answer)):
        enough = max(answer.achieved)
        return tell("target-pace-some", enough=enough, short=Items(short), sense=sense(answer))
    return tell("target-pace", verdict=verdict.replace(" ", "-"), sense=sense(answer))


def sense(answer: Assessment) -> str:
    """Return whether the figure rises or falls to the target, or is to stay low where it is met."""
    if answer.rate(0.0).scale == "amount":  # yearly amounts that a sum leaves
        return "more" if wants_more(answer) else "less"
    return "rises" if wants_more(answer) else "falls"


def _aim(answer: Assessment) -> str:
    """Return whether the growth to the target is needed, or would be enough where it is met."""
    return "enough" if reached(answer) else "needed"


def pace_rows(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return what the chart shows: growth achieved over 5 and 3 years, and growth required.

    Returns
    -------
    DataFrame
        ``label``, ``growth`` (in the unit of `pace_unit`), ``kind`` (its name in the legend) and
        ``said`` (the growth in words) and ``short`` (its number).
    """
    last = answer.until or answer.year
    spans = sorted(answer.achieved.items(), reverse=True)
    rows = [("achieved", last - span, last, growth) for span, growth in spans]
    if answer.required is not None:
        needed = sorted(r for r in (answer.required, answer.required_to) if r is not None)
        ends = ("least", "most") if len(needed) > 1 else (_aim(answer),)
        rows += [(end, last, answer.year, r) for end, r in zip(ends, needed, strict=True)]
    unit = answer.rate(0.0)
    linear = unit.scale in ("linear", "amount")
    return pd.DataFrame(
        {
            "label": tell(
                "target-pace-bar", kind=kind, first=answer.dated(first), last=answer.dated(last)
            ),
            "growth": tell.scaled(growth, unit.unit) if linear else growth,
            "kind": tell("target-pace-kind", kind=kind if kind == "achieved" else _aim(answer)),
            "said": tell.write(answer.rate(growth)),
            "short": tell.write(answer.rate(growth, bare=True)),
        }
        for kind, first, last, growth in rows
    )


def _title(tell: Language, answer: Assessment, required: float) -> str:
    """Return the growth required, or still enough, beside that of the longest span achieved."""
    rates = sorted(r for r in (required, answer.required_to) if r is not None)
    ends = [answer.rate(rate) for rate in rates]
    span = max(answer.achieved, default=0)
    return tell(
        "target-pace-title",
        state="allowed" if reached(answer) else "required" if span else "alone",
        sense=sense(answer),
        year=answer.year,
        rate=fact("target-pace-between", least=ends[0], most=ends[1]) if ends[1:] else ends[0],
        span=span,
        achieved=answer.rate(answer.achieved.get(span, 0.0)),
    )


def pace_chart(tell: Language, answer: Assessment) -> alt.Chart | None:
    """Draw the growth achieved and the growth required, one bar each.

    What would still do where the target is met is a mark, not a bar: nobody is to get there.
    """
    if answer.required is None:
        return None
    unit = pace_unit(tell, answer.rate(0.0))
    table = pace_rows(tell, answer)
    low, high = min(0.0, float(table["growth"].min())), max(0.0, float(table["growth"].max()))
    margin = (high - low) * 0.02 or 1.0
    said = charts.room(table["short"])
    domain = [low - (margin if low < 0 else 0), high + margin]
    scale = charts.row_scale(domain, said, nice=False)
    titled = tell("target-pace-axis", unit=unit, given=str(bool(unit)))
    axis = alt.Axis(title=titled, tickCount=5, grid=True)
    base = alt.Chart(table).encode(
        x=alt.X("growth:Q", scale=scale, axis=axis),
        y=charts.row_axis("label", list(table["label"])),
        tooltip=[
            alt.Tooltip("label:N", title=tell("target-pace-tip")),
            alt.Tooltip("said:N", title=tell("target-growth-tip")),
        ],
    )
    kinds = [tell("target-pace-kind", kind=kind) for kind in ("achieved", _aim(answer))]
    shift = charts.row_shift()
    bar = {"field": "kind", "oneOf": kinds[:1] if reached(answer) else kinds}
    layers = [
        base.mark_bar(height=12, yOffset=shift)
        .encode(color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[LINE, TARGET])))
        .transform_filter(bar),
        base.mark_tick(
            orient="vertical", thickness=3, size=20, color=TARGET, yOffset=shift
        ).transform_filter({"not": bar}),
        alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=QUIET).encode(x=alt.X("zero:Q")),
        # The axis has the unit: beside it a telephone would have no room for the names.
        *charts.row_words(base, "label", said, "short"),
    ]
    told = figures(tell, answer, answer.required)
    values = [float(v) for v in table["growth"]]
    return charts.finish(
        alt.layer(*layers),
        _title(tell, answer, answer.required),
        sentences(tell, tell("target-pace-alt", unit=unit, sense=sense(answer)), *told),
        36 * len(table),
        name="pace",
        caption=tell("target-pace-caption", state="allowed" if reached(answer) else "required"),
        figures=charts.figures(
            tell,
            {
                tell("target-pace-tip"): table["label"],
                charts.head(tell, tell("target-growth-tip"), unit): [
                    Number(v, 2, signed=True) for v in values
                ],
            },
        ),
    )

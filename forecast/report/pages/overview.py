"""The overview of a plan: every target's answer in a line, a mark and a sentence."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from forecast.facts import Amount, Bound, Chance, Items, Verdict, fact
from forecast.report import charts
from forecast.report.charts import LINE, alt
from forecast.report.language import (
    SCALE,
    SMALLEST,
    Language,
    limited,
    paragraphs,
    sentences,
    verdict,
)
from forecast.report.pages import shared
from forecast.report.pages.evidence import quality
from forecast.report.pages.known import last_origin
from forecast.report.pages.target.answer import kinds
from forecast.report.pages.target.answer.parts import bound_short
from forecast.report.pages.target.answer.thin import is_thin
from forecast.report.show import anchor
from forecast.report.text.markup import ours
from forecast.targets.assessment import Assessment
from forecast.verification.reference_record import own

if TYPE_CHECKING:
    from forecast.study import Study

ASSESSED = ("assessed", "already_met")
IN_A_SENTENCE = 2  # groups of targets; more of them are a list


def lead(tell: Language, answers: Sequence[Assessment]) -> str:
    """Return the findings over all targets of a plan."""
    known = [a for a in answers if a.status in ASSESSED]
    likely = [a for a in known if (a.probability or 0.0) > 0.5]
    head = tell("overview-lead", n=len(answers), known=len(known), likely=len(likely))
    groups = _groups(tell, answers, known)
    if len(groups) > IN_A_SENTENCE:
        told = paragraphs(head, "\n".join(ours("- ") + group for group in groups))
    else:
        told = sentences(tell, head, *groups)
    return paragraphs(told, sentences(tell, _rest(tell, answers), tell("overview-alone")))


def _groups(tell: Language, answers: Sequence[Assessment], known: list[Assessment]) -> list[str]:
    """Return a sentence per group of targets that have an answer of the same sort."""
    met = [a for a in known if a.status == "already_met"]
    missed = [a for a in known if shared.settled(a) and a not in met]
    still_open = [a for a in known if a not in met and a not in missed]
    judged = [a for a in answers if a.status == "judgement"]
    bounded = _bounded(answers)
    told = []
    for message, inside in (("overview-met", False), ("overview-within", True)):
        kept = [
            fact("overview-kept", settled=shared.settled(a) or "open", **_chance_of(a))
            for a in met
            if shared.within(a) == inside
        ]
        if kept:
            told.append(tell(message, targets=Items(kept)))
    if missed:
        names = [a.name for a in missed]
        told.append(tell("overview-missed", targets=Items(names)))
    for word in reversed(SCALE):
        for limit in ("least", "exactly", "most"):
            alike = [
                a for a in still_open if verdict(a.probability or 0.0, a.floor) == (word, limit)
            ]
            if alike:
                of = Verdict(alike[0].probability or 0.0, alike[0].floor, head=True)
                told.append(tell("overview-verdict", verdict=of, targets=_chances(alike)))
    if judged:
        told.append(tell("overview-judged", targets=_chances(judged)))
    if bounded:
        lowest = [
            fact("overview-bounded-one", name=a.name, bound=bound_short(tell, a)) for a in bounded
        ]
        told.append(tell("overview-bounded", targets=Items(lowest, long=True)))
    thin = [a.name for a in known if is_thin(a)]
    if thin:
        told.append(tell("overview-thin", targets=Items(thin)))
    return told


def _bounded(answers: Sequence[Assessment]) -> list[Assessment]:
    """Return the targets of whose probability a lower bound alone is known."""
    return [a for a in answers if a.bound is not None and a.bound.at_least is not None]


def _chance_of(answer: Assessment) -> dict[str, object]:
    return {"name": answer.name, "chance": Chance(answer.probability or 0.0, answer.floor)}


def _chances(answers: Sequence[Assessment]) -> Items:
    return Items([fact("overview-chance-of", **_chance_of(a)) for a in answers])


def _rest(tell: Language, answers: Sequence[Assessment]) -> str:
    """Return how many targets have no probability; empty where all have one."""
    rest = [a for a in answers if a.status not in (*ASSESSED, "judgement")]
    partly = [a for a in rest if a.status == "partly_known"]
    return tell("overview-rest", n=len(rest), partly=len(partly)) if rest else ""


def chance(tell: Language, answer: Assessment) -> str:
    """Return a target's probability, or why it has none, in as few words as a cell has room for."""
    if answer.probability is None:
        return bound_short(tell, answer) or tell("gap-status", status=answer.status)
    return tell(
        "overview-chance",
        settled=shared.settled(answer) or "open",
        mark="thin" if is_thin(answer) else answer.status,
        chance=Chance(answer.probability, answer.floor, short=True),
    )


def chart_rows(tell: Language, answers: Sequence[Assessment]) -> pd.DataFrame:
    """Return the targets that have a chance, or a limit of one, in the order of the plan.

    Returns
    -------
    DataFrame
        ``target`` and ``said`` (the chance) in words; ``probability``, missing where only a limit
        is known; ``low, high``: what the choice of model does to it, with what a limit leaves. A
        bound from parts is the one that holds however much they overlap.
    """
    rows = []
    for answer in answers:
        p = answer.probability
        dot, low, high = p, answer.probability_low, answer.probability_high
        edge, said = max(answer.floor or 0.0, SMALLEST), chance(tell, answer)
        if p is None:
            if answer.bound is None or answer.bound.alone is None:
                continue
            said = shared.bound(tell, 1, answer.bound.alone, answer.bound.alone)
            low, high = Bound(answer.bound.alone).percent / 100, 1.0
        elif not shared.settled(answer) and (side := limited(p, edge)):
            ends = (0.0, edge) if side < 0 else (1 - edge, 1.0)
            dot, low = None, min(ends[0], ends[0] if low is None else low)
            high = max(ends[1], ends[1] if high is None else high)
        rows.append((tell.write(answer.name), dot, low, high, said))
    found = pd.DataFrame(rows, columns=["target", "probability", "low", "high", "said"])
    return found.astype({"probability": float, "low": float, "high": float})


def chart(tell: Language, answers: Sequence[Assessment]) -> alt.Chart | None:
    """Draw the chances of the targets on one axis; None where no target has any."""
    rows = chart_rows(tell, answers)
    if rows.empty:
        return None
    base = alt.Chart(rows).encode(
        y=charts.row_axis("target", list(rows["target"])),
        tooltip=[
            alt.Tooltip("target:N", title=tell("overview-col-target")),
            alt.Tooltip("said:N", title=tell("overview-col-chance")),
            alt.Tooltip("low:Q", title=tell("overview-chart-from"), format=".0%"),
            alt.Tooltip("high:Q", title=tell("overview-chart-to"), format=".0%"),
        ],
    )
    axis = alt.Axis(
        title=tell("overview-chart-axis"),
        labelExpr="format(100 * datum.value, '.0f')",
        grid=True,
        orient="top",
        values=[0, 0.25, 0.5, 0.75, 1],
    )
    shift = charts.row_shift()
    said = charts.room(rows["said"])
    x = alt.X("low:Q", scale=charts.row_scale([0, 1], said), axis=axis)
    layers = [
        base.mark_bar(height=9, cornerRadius=4, color=charts.BANDS[60], yOffset=shift).encode(
            x=x, x2=alt.X2("high:Q")
        ),
        base.mark_circle(size=130, opacity=1, color=LINE, yOffset=shift)
        .encode(x=alt.X("probability:Q"))
        .transform_filter("isValid(datum.probability)"),
        *charts.row_words(base, "target", said),
    ]
    chances = [fact("overview-chart-one", target=t, chance=s) for t, s in zip(
        rows["target"], rows["said"], strict=True)]  # fmt: skip
    known = [a for a in answers if a.probability is not None]
    likely = sum((a.probability or 0.0) > 0.5 for a in known)
    bounds = [a.bound.alone for a in _bounded(answers) if a.bound and a.bound.alone is not None]
    bounded, rest = len(bounds), len(answers) - len(rows)
    sure = sum(bound > 0.5 for bound in bounds)
    return charts.finish(
        alt.layer(*layers),
        tell("overview-chart", likely=likely, n=len(known), bounded=bounded, sure=sure),
        tell("overview-chart-about", chances=Items(chances, long=True)),
        34 * len(rows),
        name="chances",
        caption=tell("overview-chart-caption", rest=rest, bounded=bounded),
        figures=charts.figures(
            tell,
            {
                tell("overview-col-target"): rows["target"],
                tell("overview-col-chance"): rows["said"],
                charts.head(tell, tell("overview-chart-from"), "%"): charts.percents(rows["low"]),
                charts.head(tell, tell("overview-chart-to"), "%"): charts.percents(rows["high"]),
            },
        ),
    )


def trust(tell: Language, record: pd.DataFrame) -> str:
    """Return what the probabilities rest on."""
    return tell("overview-trust", own=str(bool(len(own(record)))))


def summary(tell: Language, answers: Sequence[Assessment]) -> pd.DataFrame:
    """Return a line per target: its name with a link, target, chance, level, and pace."""
    return pd.DataFrame(
        [
            {
                tell("overview-col-target"): anchor(
                    tell.write(a.name), f"{a.target['target']}.html"
                ),
                tell("overview-col-chance"): _chance_and_range(tell, a),
                tell("overview-col-goal"): html.escape(tell.write(a.goal)),
                tell("overview-col-known"): html.escape(kinds.brief(tell, a)),
                tell("overview-col-needed"): _growth(
                    tell, a, None if shared.within(a) else a.required
                ),
                tell("overview-col-achieved"): _growth(
                    tell, a, a.achieved[max(a.achieved)] if a.achieved else None
                ),
                tell("overview-col-quality"): a.quality.grade if a.quality else "",
                tell("overview-col-pace"): _pace(tell, a),
            }
            for a in answers
        ]
    )


def _pace(tell: Language, answer: Assessment) -> str:
    """Return what growth has to do; where that of some years would do, of which."""
    if answer.probability is None or answer.required is None:
        return ""
    verdict = shared.pace_verdict(answer).replace(" ", "-")
    if verdict == "maintain" and shared.too_slow(answer):
        verdict = "maintain-some"
    return tell("pace-word", verdict=verdict, span=max(answer.achieved, default=0))


def _chance_and_range(tell: Language, answer: Assessment) -> str:
    """Return a probability and, in small print, what the choice of model does to it, as HTML."""
    told = html.escape(chance(tell, answer))
    ends = answer.probability_low, answer.probability_high
    if answer.probability is None or shared.settled(answer) or None in ends:
        return told
    low, high = (Chance(p or 0.0, answer.floor, bare=True) for p in ends)
    if tell.write(low) == tell.write(high):
        return told
    of = tell("overview-range", varied=answer.range_of, low=low, high=high)
    return f"{told}<br>{shared.small([of])}"


def _growth(tell: Language, answer: Assessment, growth: float | None) -> str:
    if growth is None:
        return ""
    rate = answer.rate(growth, bare=True)
    unit = tell.unit(rate.unit)
    return tell("overview-growth", scale=rate.scale, number=tell.write(rate), unit=unit)


def series(tell: Language, study: Study, plan: str) -> pd.DataFrame:
    """Return a line per series that has a page, linking to it."""
    rows = []
    for region, indicator in shared.series_with_pages(study, plan):
        known = study.find_history(region, indicator)
        statements = study.evidence.statements(region, indicator)
        last, estimate, misfits = "", tell("overview-no-path"), ""
        if known is not None:
            last = tell("overview-last", year=known.last_year, origin=last_origin(tell, known))
            estimate = tell.write(Amount(float(known.values()[-1]), known.unit))
            misfits = str(int(known.observations["outlier"].sum()) or "")
        rows.append(
            {
                tell("overview-col-series"): anchor(
                    tell.write(study.evidence.series_name(region, indicator)),
                    shared.page_name(region, indicator),
                ),
                tell("overview-col-statements"): len(statements),
                tell("overview-col-first"): study.evidence.dated(
                    region, indicator, statements["year"].min()
                ).text,
                tell("overview-col-last"): last,
                tell("overview-col-estimate"): estimate,
                tell("overview-col-misfits"): misfits,
                tell("overview-col-quality"): quality.of_series(
                    study.evidence, statements, known
                ).grade,
            }
        )
    return pd.DataFrame(rows)

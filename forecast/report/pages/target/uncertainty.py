"""How certain a probability is: sampling, choice of model, any year, and the models one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.facts import Chance, Items, Number, Points, Years, fact
from forecast.report import charts
from forecast.report.charts import LINE, alt
from forecast.report.language import SMALLEST, Language, limited, sentences
from forecast.report.pages.shared import method, method_name
from forecast.targets.assessment import Assessment
from forecast.targets.question import FAST
from forecast.verification.reference_record import own
from forecast.verification.track_record import LEARNED, POOLED, crps_ratios, mean_scores

if TYPE_CHECKING:
    from forecast.study import Study

QUANTILES = {"low": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "high": 0.95}


def section(tell: Language, answer: Assessment) -> str:
    """Return the heading, for targets that have a forecast to put under it."""
    return tell("target-uncertainty-head") if answer.by_family else ""


def uncertainty(tell: Language, answer: Assessment) -> str:
    """Return how certain the probability is: sampling, how paths are drawn, choice of model."""
    if answer.probability is None or answer.paths is None or not answer.by_family:
        return ""
    assert answer.standard_error is not None
    factor = float(answer.paths.spread[-1])
    open_ended = limited(answer.probability, max(answer.floor or 0.0, SMALLEST)) != 0
    share = tell(
        "target-share",
        n=Number(len(answer.paths.pooled)),
        chance=Chance(answer.probability, answer.floor),
        error=Points(100 * answer.standard_error),
        limit=str(open_ended),
    )
    how = tell("target-how", method="learned" if method(answer) == LEARNED else "pooled")
    spread = ""
    if (
        len(own(answer.record)) and round(factor, 2) != 1
    ):  # without past forecasts it stays as the tables have it
        direction = "wider" if factor >= 1 else "narrower"
        spread = tell("target-spread", direction=direction, factor=Number(factor, 2))
    return sentences(tell, share, how, spread, *_models(tell, answer))


def _models(tell: Language, answer: Assessment) -> list[str]:
    """Return what the models give when each is taken alone, and whether the answer lies outside."""
    assert answer.probability is not None
    assert answer.paths is not None
    if not answer.by_family:
        return []
    least, most = min(answer.by_family.values()), max(answer.by_family.values())
    low, high = Chance(least, answer.floor), Chance(most, answer.floor)
    if len(answer.by_family) == 1:
        (name,) = answer.by_family
        return [tell("target-models-one", model=method_name(tell, name), chance=low)]
    same = str(tell.write(low) == tell.write(high))
    told = [tell("target-models", same=same, low=low, high=high)]
    if method(answer) == LEARNED and not least <= answer.probability <= most:
        side = "higher" if answer.probability > most else "lower"
        others = str(bool(len(answer.paths.expected)))
        told.append(tell("target-models-outside", side=side, others=others))
    return told


def ever(tell: Language, answer: Assessment) -> str:
    """Return the chance of meeting the target in any year, and when first."""
    if answer.probability_ever is None or not answer.first_year:
        return ""
    years = {answer.dated(int(year)): p for year, p in answer.first_year.items() if year != "never"}
    certain = [year for year, p in years.items() if p == 1.0]
    if certain:
        return tell("target-ever-met", year=certain[0])
    if not years:
        return tell("target-ever-not", year=answer.year)
    shares = [
        fact("target-first-year", year=year, chance=Chance(p, answer.floor, short=True))
        for year, p in years.items()
    ]
    return tell(
        "target-ever",
        n=len(years),
        years=Years(list(years)),
        chance=Chance(answer.probability_ever, answer.floor),
        shares=Items(shares, long=True),
    )


def model_rows(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return what the chart shows: quantiles of the answer, then of each model alone.

    Returns
    -------
    DataFrame
        ``model`` (its name), ``low, q25, median, q75, high`` in the unit of `Language.unit`, and
        ``said`` (its probability in words).
    """
    assert answer.paths is not None
    groups = {method(answer): answer.paths.pooled, **answer.paths.by_family}
    rows = []
    for name, draws in groups.items():
        last = draws[:, -1]
        met = answer.criterion.met(last)
        quantiles = tell.scaled(np.quantile(last, list(QUANTILES.values())), answer.unit)
        chance = Chance(float(met.mean()), answer.floor, short=True)
        rows.append(
            {
                "model": method_name(tell, name),
                **dict(zip(QUANTILES, quantiles, strict=True)),
                "said": tell.write(chance),
            }
        )
    return pd.DataFrame(rows)


def models_chart(tell: Language, answer: Assessment) -> alt.Chart | None:
    """Draw the intervals of the answer and of every model alone, one above the other."""
    if answer.paths is None or not answer.paths.by_family:
        return None
    table = model_rows(tell, answer)
    table = table.assign(first=[i == 0 for i in range(len(table))])
    colour = alt.condition("datum.first", alt.value(LINE), alt.value("#7c8794"))
    ends, label = limits(tell, answer)
    reach = [float(table["low"].min()), float(table["high"].max()), *ends]
    margin = (max(reach) - min(reach)) * 0.03 or 1.0
    scale = alt.Scale(
        domain=[min(reach) - margin, max(reach) + margin],
        range=[0, alt.ExprRef(expr="width - 100")],  # the rest is for the probabilities in words
        nice=False,
        zero=False,
    )
    tips = [
        alt.Tooltip(f"{q}:Q", title=tell("target-quantile", quantile=q), format=",.5~r")
        for q in QUANTILES
    ]
    base = alt.Chart(table).encode(
        y=charts.row_axis("model", list(table["model"])),
        tooltip=[
            alt.Tooltip("model:N", title=tell("target-model-tip")),
            alt.Tooltip("said:N", title=tell("target-chance-tip")),
            *tips,
        ],
    )
    axis = alt.Axis(title=tell.unit(answer.unit) or None, tickCount=6, grid=True)
    rule = charts.target_rules(ends, label, reach)
    layers = [
        rule[0],
        base.mark_rule(strokeWidth=2, yOffset=9).encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", color=colour
        ),
        base.mark_bar(height=9, yOffset=9, cornerRadius=2).encode(
            x=alt.X("q25:Q"), x2="q75:Q", color=colour
        ),
        base.mark_tick(thickness=2.5, size=15, color="white", yOffset=9).encode(x="median:Q"),
        *charts.row_words(base, "model"),
        # The label stands above the rows, not on them.
        *[words.encode(y=alt.value(-14)) for words in rule[1:]],
    ]
    told = {"target": answer.name, "year": answer.year}
    shown = tell("target-models-alt", method=method_name(tell, method(answer)), **told)
    return charts.finish(
        alt.layer(*layers),
        tell("target-models-title", **told),
        sentences(tell, shown, *_models(tell, answer)),
        44 * len(table),
    )


def limits(tell: Language, answer: Assessment) -> tuple[list[float], str]:
    """Return where a chart draws the limits of a target, scaled, and their label."""
    ends = [float(tell.scaled(end, answer.unit)) for end in answer.criterion.ends]
    return ends, tell("target-label", value=replace(answer.wanted, bare=True))


def standing(tell: Language, study: Study, answer: Assessment) -> str:
    """Return how the learned ensemble does against simpler methods where that is badly.

    Returns
    -------
    str
        One sentence, where half of the methods or more have a lower CRPS on the series of the
        kind of the target's; empty elsewhere.
    """
    history = answer.history
    if answer.paths is None or history is None or method(answer) != LEARNED:
        return ""
    comparison = study.comparison(history.kind, FAST)
    mean = mean_scores(comparison[comparison["method"] != POOLED])
    if mean.empty or LEARNED not in mean.index:
        return ""
    ratios = crps_ratios(mean)
    place, n = list(ratios.index).index(LEARNED) + 1, len(ratios)
    if place <= n / 2:
        return ""
    return tell(
        "target-standing",
        kind=history.kind,
        place=place,
        n=n,
        best=method_name(tell, str(ratios.index[0])),
        least=Number(ratios.iloc[0].min(), 2),
        most=Number(ratios.iloc[0].max(), 2),
    )

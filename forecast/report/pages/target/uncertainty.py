"""How certain a probability is: sampling, choice of model, any year, and the models one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.cache import once
from forecast.facts import Chance, Items, Number, Points, Years, fact
from forecast.report import charts
from forecast.report.charts import LINE, TARGET, alt
from forecast.report.language import SMALLEST, Language, limited, sentences
from forecast.report.pages.pictures.limits import limits
from forecast.report.pages.shared import method, method_name, reached
from forecast.targets.assessment import Assessment
from forecast.targets.question import FAST
from forecast.verification.reference_record import own
from forecast.verification.residuals import crps_ratios, mean_scores
from forecast.verification.track_record import LEARNED, POOLED

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
        kept, last = reached(answer), answer.dated(answer.until or answer.year)
        return tell("target-ever-met", year=certain[0], kept=str(kept), last=last)
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
    lines = limits(tell, answer)
    lines = lines[lines["decides"]]
    reach = [float(table["low"].min()), float(table["high"].max()), *lines["value"]]
    margin = (max(reach) - min(reach)) * 0.03 or 1.0
    domain = [min(reach) - margin, max(reach) + margin]
    unit, said = tell.unit(answer.unit), charts.room(table["said"])
    heads = {q: tell("chart-quantile", quantile=q) for q in QUANTILES}
    base = alt.Chart(table).encode(
        y=charts.row_axis("model", list(table["model"])),
        tooltip=[
            alt.Tooltip("model:N", title=tell("target-model-tip")),
            alt.Tooltip("said:N", title=tell("target-chance-tip")),
            *(alt.Tooltip(f"{q}:Q", title=head, format=",.5~r") for q, head in heads.items()),
        ],
    )
    x = alt.X(
        "low:Q",
        scale=charts.row_scale(domain, said, nice=False, zero=False),
        axis=alt.Axis(title=unit or None, tickCount=6, grid=True),
    )
    layers = _layers(base, x, lines, said)
    told = {"target": answer.name, "year": answer.year}
    shares = [answer.criterion.met(d[:, -1]).mean() for d in answer.paths.by_family.values()]
    low, high = (Chance(float(end), answer.floor) for end in (min(shares), max(shares)))
    values = {
        charts.head(tell, head, unit): charts.amounts(tell, table[q], answer.unit)
        for q, head in heads.items()
    }
    return charts.finish(
        alt.layer(*layers),
        tell(
            "target-models-title", same=str(tell.write(low) == tell.write(high)), low=low, high=high
        ),
        sentences(
            tell,
            tell("target-models-alt", values=_listed(tell, table, answer), **told),
            *(_models(tell, answer) if answer.probability is not None else ()),
        ),
        40 * len(table),
        name="models",
        caption=tell("target-models-caption", method=method_name(tell, method(answer))),
        figures=charts.figures(
            tell,
            {
                tell("target-model-tip"): table["model"],
                tell("target-chance-tip"): table["said"],
                **values,
            },
        ),
    )


def _layers(base: Any, x: Any, lines: pd.DataFrame, said: float) -> list[Any]:
    """Draw intervals, medians and the target, row by row."""
    colour = alt.ColorValue("#7c8794", condition={"test": "datum.first", "value": LINE})
    shift = {"yOffset": charts.row_shift()}
    tick = {"orient": "vertical", "color": TARGET, "thickness": 2, "size": 20, **shift}
    above = alt.Chart(lines).encode(x=alt.X("value:Q"), y=alt.YValue(-14), text=alt.Text("label:N"))
    return [
        base.mark_rule(strokeWidth=2, **shift).encode(x=x, x2=alt.X2("high:Q"), color=colour),
        base.mark_bar(height=9, cornerRadius=2, **shift).encode(
            x=alt.X("q25:Q"), x2=alt.X2("q75:Q"), color=colour
        ),
        base.mark_tick(thickness=2.5, size=15, color="white", **shift).encode(x=alt.X("median:Q")),
        # The target is marked in every row, so that no line runs through the names.
        *(base.mark_tick(**tick).encode(x=alt.XDatum(float(v))) for v in lines["value"]),
        *charts.row_words(base, "model", said),
        *charts.halo(above, baseline="top", dy=-2, **charts.TARGET_TEXT),
    ]


def _listed(tell: Language, table: pd.DataFrame, answer: Assessment) -> Items:
    """Return the median of every model and its probability."""
    medians = charts.amounts(tell, table["median"], answer.unit)
    return Items(
        [
            fact("target-models-one-value", model=model, median=median, chance=chance)
            for model, median, chance in zip(table["model"], medians, table["said"], strict=True)
        ],
        long=True,
    )


def standing(
    tell: Language, study: Study, answer: Assessment, message: str = "target-standing"
) -> str:
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
    ratios = _ratios(study, history.kind)
    if LEARNED not in ratios.index:
        return ""
    place, n = list(ratios.index).index(LEARNED) + 1, len(ratios)
    if place <= n / 2:
        return ""
    return tell(
        message,
        kind=history.kind,
        place=place,
        n=n,
        best=method_name(tell, str(ratios.index[0])),
        least=Number(ratios.iloc[0].min(), 2),
        most=Number(ratios.iloc[0].max(), 2),
    )


@once
def _ratios(study: Study, kind: str) -> pd.DataFrame:
    """Return the `crps_ratios` of the quick methods on series of a kind; every target asks."""
    comparison = study.comparison(kind, FAST)
    mean = mean_scores(comparison[comparison["method"] != POOLED])
    return pd.DataFrame() if mean.empty else crps_ratios(mean)

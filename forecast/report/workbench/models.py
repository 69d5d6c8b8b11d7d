"""What the notebooks on models show: autocorrelation of residuals, forecasts beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from forecast.evidence.problems import UserError
from forecast.facts import Chance, Items, Number, fact
from forecast.forecasting.model_pool import ANSWER
from forecast.report import charts
from forecast.report.charts import LINE, QUIET, TARGET, alt
from forecast.report.language import Language
from forecast.report.pages.shared import method, method_name
from forecast.targets.assessment import Assessment

if TYPE_CHECKING:
    from forecast.study import Study

COLOURS = [LINE, TARGET, "#009e73", "#cc79a7", "#5a9bcb", "#000000", "#8a5a00", QUIET]


def autocorrelation_chart(tell: Language, table: pd.DataFrame) -> alt.Chart:
    """Draw the autocorrelation of residuals as bars, and as dashed lines what chance allows.

    Parameters
    ----------
    tell : Language
    table : DataFrame
        As of `forecast.verification.residuals.autocorrelation`.
    """
    axis = charts.upright(tell("models-autocorrelation"))
    base = alt.Chart(table).encode(
        x=alt.X("lag:O", title=tell("models-lag"), axis={"labelAngle": 0})
    )
    bars = base.mark_bar(color=LINE, width=14).encode(
        y=alt.Y("autocorrelation:Q", axis=axis, scale=alt.Scale(domain=[-1, 1])),
        tooltip=[
            alt.Tooltip("lag:O", title=tell("models-lag")),
            alt.Tooltip("autocorrelation:Q", format=".2f", title=tell("models-autocorrelation")),
        ],
    )
    limit = float(table["limit"].iloc[0])
    rules = alt.Chart(pd.DataFrame({"at": [-limit, limit]})).mark_rule(
        color=TARGET, strokeDash=[6, 4]
    )
    outside = int((table["autocorrelation"].abs() > limit).sum())
    found = [Number(float(r), 2) for r in table["autocorrelation"]]
    columns: dict[str, Iterable[object]] = {
        tell("models-lag"): [int(lag) for lag in table["lag"]],
        tell("models-autocorrelation"): found,
    }
    return charts.finish(
        alt.layer(bars, rules.encode(y=alt.Y("at:Q"))),
        tell("models-autocorrelation-title", outside=outside, lags=len(table)),
        tell("models-autocorrelation-alt", values=Items(found)),
        180,
        name="autocorrelation",
        caption=tell("models-autocorrelation-caption"),
        figures=charts.figures(tell, columns),
    )


def assessed(study: Study, target: str, plan: str) -> Assessment:
    """Return the answer on a target whose series is forecast.

    Raises
    ------
    forecast.evidence.problems.UserError
        For another target; the message names those that are.
    """
    answer = study.assess(target, plan)
    if answer.history is None or answer.paths is None:
        forecast = [str(a.target["target"]) for a in study.assess_all(plan) if a.paths is not None]
        raise UserError(
            f"target {target} does not rest on the forecast of one series; those that do are "
            f"{', '.join(forecast) or 'none'}"
        )
    return answer


def fans(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return what the chart of fans shows: ``model`` (its name), ``year, low, median, high``."""
    assert answer.paths is not None
    found = answer.paths.table().rename(columns={0.05: "low", 0.5: "median", 0.95: "high"})
    wide, ends = found.reset_index(), ("low", "median", "high")
    names = {m: method_name(tell, method(answer) if m == ANSWER else m) for m in set(wide["model"])}
    scaled = {name: tell.scaled(wide[name].to_numpy(), answer.unit) for name in ends}
    return wide[["model", "year"]].assign(model=wide["model"].map(names), **scaled)


def fans_chart(tell: Language, answer: Assessment) -> alt.Chart:
    """Draw the medians of the answer and of every model, and where nine of ten paths lie.

    Parameters
    ----------
    tell : Language
    answer : Assessment
        As of `assessed`.
    """
    assert answer.history is not None
    history, shown = answer.history, fans(tell, answer)
    names = list(shown["model"].unique())
    past = pd.DataFrame(
        {"year": history.years, "median": tell.scaled(history.values(), history.unit)}
    ).tail(12)
    scale = alt.Scale(domain=names, range=COLOURS[: len(names)])
    colour = alt.Color("model:N", scale=scale, legend=alt.Legend(labelLimit=0))  # whole names
    years = charts.year_axis([*past["year"], *shown["year"]], history.year_starts)
    value = charts.value_axis("median:Q", tell.unit(history.unit))
    tips = [
        alt.Tooltip("model:N", title=tell("target-model-tip")),
        alt.Tooltip("year:Q", format="d", title=tell("chart-year")),
        *(
            alt.Tooltip(f"{name}:Q", format=",.5~r", title=tell("chart-quantile", quantile=name))
            for name in ("low", "median", "high")
        ),
    ]
    base = alt.Chart(shown).encode(x=years, color=colour, tooltip=tips)
    # Models of a year stand side by side, the answer first.
    place = {name: 5 * (i - (len(names) - 1) / 2) for i, name in enumerate(names)}
    layers = [
        part
        for name in names
        for one in [base.transform_filter(alt.datum.model == name)]
        for part in (
            one.mark_rule(strokeWidth=2, xOffset=place[name]).encode(
                y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
            ),
            one.mark_point(filled=True, size=40, xOffset=place[name]).encode(y=value),
        )
    ]
    line = alt.Chart(past).mark_line(color=QUIET, strokeWidth=2).encode(x=years, y=value)
    title, about = _words(tell, answer, shown)
    return charts.finish(
        alt.layer(line, *layers),
        title,
        about,
        320,
        name="models",
        caption=tell("models-fans-caption"),
        figures=_figures(tell, answer, shown),
    )


def chances(tell: Language, *answers: Assessment) -> pd.DataFrame:
    """Return the probability of a target by each answer, and by each model of the last one alone.

    Parameters
    ----------
    tell : Language
    *answers : Assessment
        On one target, each by another way to forecast.

    Returns
    -------
    DataFrame
        A row a method, whose name is the index. What is at the limit of what past cases support is
        told as a limit.
    """
    last = answers[-1]
    told = [(method(a), a.probability, a.floor) for a in answers]
    told += [(model, chance, last.floor) for model, chance in last.by_family.items()]
    rows = [
        (method_name(tell, name, "method-row"), tell.write(Chance(chance, floor)))
        for name, chance, floor in told
        if chance is not None
    ]
    heads = tell("record-col-method"), tell("overview-col-chance")
    return pd.DataFrame(rows, columns=heads).set_index(heads[0])


def _words(tell: Language, answer: Assessment, shown: pd.DataFrame) -> tuple[str, str]:
    """Return the finding, the range of the medians of the last year, and these medians."""
    assert answer.history is not None
    year, unit = shown["year"].max(), answer.unit
    medians = shown[shown["year"] == year].set_index("model")["median"]
    ends = charts.amounts(tell, [float(medians.min()), float(medians.max())], unit)
    low, high = (replace(end, bare=False) for end in ends if end is not None)
    told = [
        fact("models-fans-one", model=name, median=median)
        for name, median in zip(medians.index, charts.amounts(tell, medians, unit), strict=True)
    ]
    last, n, values = answer.history.dated(year), len(medians), Items(told, long=True)
    return (
        tell("models-fans-title", year=last, n=n, low=low, high=high),
        tell("models-fans-alt", year=last, unit=tell.unit(unit) or "none", values=values),
    )


def _figures(tell: Language, answer: Assessment, shown: pd.DataFrame) -> pd.DataFrame:
    years = [answer.dated(int(year)) for year in shown["year"]]
    columns: dict[str, Iterable[object]] = {
        tell("target-model-tip"): shown["model"],
        tell("chart-year"): years,
    }
    for name in ("median", "low", "high"):
        head = charts.head(tell, tell("chart-quantile", quantile=name), tell.unit(answer.unit))
        columns[head] = charts.amounts(tell, shown[name], answer.unit)
    return charts.figures(tell, columns)

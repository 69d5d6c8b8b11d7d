"""The way to the target year as a fan, and as a table."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from forecast.facts import Amount, Chance, Interval, Items, fact
from forecast.report import charts
from forecast.report.charts import BANDS, INK, LINE, PAST, QUIET, TARGET, alt
from forecast.report.language import Language, sentences
from forecast.report.pages.pictures import history as pictures
from forecast.report.pages.pictures.limits import limits
from forecast.report.pages.shared import limit
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.figures import FigureAnswer
from forecast.targets.types._series.milestones import milestones

QUANTILES = (0.05, 0.20, 0.35, 0.50, 0.65, 0.80, 0.95)  # ends of the bands, the median among them
NAMES = tuple(f"q{round(100 * q):02d}" for q in QUANTILES)
PAST_YEARS = 15  # of the past that a fan shows


def quantiles(answer: Assessment, levels: Sequence[float]) -> pd.DataFrame:
    """Return quantiles of the draws, in the unit of the target, from the last known year on.

    Returns
    -------
    DataFrame
        A row a year (index ``year``), a column a level.
    """
    if isinstance(answer, FigureAnswer):
        found = answer.fan(levels)
        return found[found.index >= answer.last]
    assert answer.paths is not None
    assert answer.history is not None
    start = answer.history.quantiles(levels)[-1:]
    ahead = np.quantile(answer.paths.pooled, levels, axis=0).T
    years = [int(answer.history.years[-1]), *map(int, answer.paths.years)]
    return pd.DataFrame(np.vstack([start, ahead]), pd.Index(years, name="year"), list(levels))


def future(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return ``year`` and `NAMES`: quantiles of the draws, the last known year included."""
    found = quantiles(answer, QUANTILES).set_axis(list(NAMES), axis=1)
    return charts.dated(tell.scaled(found, answer.unit).reset_index(), answer.year_starts)


def note(tell: Language, answer: Assessment) -> str:
    """Return what the table of the fan has; empty where there is none."""
    if answer.paths is None or answer.until is None:
        return ""
    return tell("target-fan-table")


def table(tell: Language, answer: Assessment) -> pd.DataFrame:
    """List median, 50 % and 90 % interval of every year from the last known on, and its chance.

    The chance is that of meeting the target with the figure of the year.
    """
    if answer.paths is None or answer.until is None:
        return pd.DataFrame()
    found, unit = quantiles(answer, (0.05, 0.25, 0.5, 0.75, 0.95)), answer.unit
    draws = answer.draws if isinstance(answer, FigureAnswer) else answer.paths.pooled
    met = answer.criterion.met(draws).mean(axis=0)[1 - len(found) :]  # of the years ahead
    chances = [Chance(float(p), answer.floor, short=True) for p in met]
    shown = tell.unit(unit)

    def interval(low: float, high: float) -> list[Interval]:
        ends = zip(found[low], found[high], strict=True)
        return [Interval(float(a), float(b), unit, bare=True) for a, b in ends]

    columns: dict[str, list[object]] = {
        tell("chart-year"): [answer.dated(year) for year in found.index],
        charts.head(tell, tell("chart-quantile", quantile="median"), shown): [
            Amount(float(v), unit, bare=True) for v in found[0.5]
        ],
        tell("target-fan-chance"): [None, *chances],
        tell("chart-interval", n=50): [*interval(0.25, 0.75)],
        tell("chart-interval", n=90): [*interval(0.05, 0.95)],
    }
    return charts.figures(tell, columns).map(html.escape)


def chart(tell: Language, answer: Assessment) -> alt.Chart | None:
    """Draw the past as far as it is known, and the bands of 30, 60 and 90 in 100 ahead."""
    history = answer.history
    if answer.paths is None or answer.until is None:
        return None if history is None else pictures.chart(tell, history)
    start = answer.until - PAST_YEARS
    ahead, points = future(tell, answer), pd.DataFrame()
    if isinstance(answer, FigureAnswer):
        found = answer.fan((0.05, 0.5, 0.95)).set_axis(["low", "estimate", "high"], axis=1)
        past = tell.scaled(found[found.index <= answer.last], answer.unit).reset_index()
    elif history is not None:
        past = pictures.past(tell, history)
        points = pictures.points(tell, history)
        points = points[points["year"] >= start]
    past = past[past["year"] >= start]
    implied, unit = _implied(tell, answer), tell.unit(answer.unit)
    tips = [
        alt.Tooltip(f"{name}:Q", title=tell("chart-quantile", quantile=name), format=",.5~r")
        for name in NAMES
    ]
    x = charts.year_axis([*past["year"], *ahead["year"]], answer.year_starts)
    base = alt.Chart(ahead).encode(x=x, y=alt.Y("q50:Q"))
    layers = [
        alt.Chart(past)
        .mark_area(color=PAST)
        .encode(x=x, y=charts.value_axis("low:Q", unit), y2=alt.Y2("high:Q")),
        _bands(tell, ahead).encode(x=x),
        alt.Chart(past.tail(1)[["year"]]).mark_rule(color=QUIET, strokeDash=[2, 3]).encode(x=x),
        alt.Chart(past).mark_line(color=INK, strokeWidth=1.5).encode(x=x, y=alt.Y("estimate:Q")),
        base.mark_line(color=LINE, strokeWidth=2),
        base.mark_point(size=300, opacity=0).encode(tooltip=[charts.year_tip(tell, ahead), *tips]),
        *pictures.marks(
            tell, points, "value", "status", unit, tips={"source": tell("statements-head-source")}
        ),
        *_plan(tell, implied, past),
        *_target(tell, answer, int(min([*past["year"], *ahead["year"]]))),
        *_said(tell, answer, ahead),
    ]
    stepped = history is not None and len(history.steps) and len(points)
    return charts.finish(
        alt.layer(*layers),
        *_words(tell, answer),
        320,
        name="fan",
        caption=sentences(
            tell,
            tell("target-fan"),
            tell("target-fan-implied") if len(implied) else "",
            tell("target-fan-bases") if stepped else "",
        ),
        figures=_figures(tell, past, ahead, points, implied, answer),
        right=46,
    )


def _implied(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return ``year`` and ``value``, scaled: the path that the plan implied; empty without one."""
    found = milestones(answer)
    if found is None or found.lacking:
        return pd.DataFrame(columns=["year", "value"])
    path = found.years["implied"].dropna()
    return pd.DataFrame({"year": path.index, "value": tell.scaled(path.to_numpy(), answer.unit)})


def _plan(tell: Language, implied: pd.DataFrame, past: pd.DataFrame) -> list[Any]:
    """Draw the path that the plan implied, named on the side without the figures that came."""
    if len(implied) < 2:
        return []
    line = alt.Chart(implied).encode(x=alt.X("year:Q"), y=alt.Y("value:Q"))
    middle = implied.iloc[[(len(implied) - 1) // 2]]
    came = past.loc[past["year"] == middle["year"].iloc[0], "estimate"]
    above = came.empty or middle["value"].iloc[0] >= came.iloc[0]
    side = {"align": "right", "baseline": "bottom", "dx": -6, "dy": -2}
    if not above:
        side = {"align": "left", "baseline": "top", "dx": 6, "dy": 2}
    word = alt.Chart(middle.assign(label=tell("target-fan-path")))
    named = charts.halo(
        word.encode(x=alt.X("year:Q"), y=alt.Y("value:Q"), text=alt.Text("label:N")),
        color=TARGET,
        **side,
    )
    return [line.mark_line(color=TARGET, strokeWidth=1.5, strokeDash=[1, 3]), *named]


def _bands(tell: Language, ahead: pd.DataFrame) -> Any:
    legend = {n: tell("target-band", n=n) for n in BANDS}
    ends = zip(legend.values(), ("q05", "q20", "q35"), ("q95", "q80", "q65"), strict=True)
    bands = pd.concat(
        ahead[["year", low, high]].set_axis(["year", "low", "high"], axis=1).assign(band=band)
        for band, low, high in ends
    )
    colours = alt.Scale(domain=list(legend.values()), range=list(BANDS.values()))
    return (
        alt.Chart(bands)
        .mark_area(stroke=charts.EDGE, strokeWidth=0.8)
        .encode(
            y=alt.Y("low:Q"),
            y2=alt.Y2("high:Q"),
            fill=alt.Fill(
                "band:N", scale=colours, legend=alt.Legend(title=tell("target-band-title"))
            ),
        )
    )


def _said(tell: Language, answer: Assessment, ahead: pd.DataFrame) -> list[Any]:
    """Write the medians of the next and of the last year, on the side without the target."""
    cells = charts.amounts(tell, ahead["q50"], answer.unit)
    table = ahead.assign(said=[tell.write(cell) if cell else "" for cell in cells])
    words: dict[str, Any] = {"color": LINE, "fontWeight": 600}
    last = alt.Chart(table.tail(1)).encode(
        x=alt.X("year:Q"), y=alt.Y("q50:Q"), text=alt.Text("said:N")
    )
    layers = charts.halo(last, align="left", dx=8, **words)
    if len(table) > 2:
        above = table["q50"].iloc[-1] > limits(tell, answer)["value"].mean()
        end = {"baseline": "bottom", "dy": -6} if above else {"baseline": "top", "dy": 6}
        following = alt.Chart(table.iloc[1:2]).encode(x=alt.X("year:Q"), text=alt.Text("said:N"))
        side = following.encode(y=alt.Y("q95:Q" if above else "q05:Q"))
        layers += charts.halo(side, **end, **words)
    return layers


def _words(tell: Language, answer: Assessment) -> tuple[str, str]:
    """Return the finding, and the values that matter in sentences."""
    found, unit = quantiles(answer, (0.05, 0.5, 0.95)), answer.unit
    median = float(found[0.5].iloc[-1])
    title = tell(
        "target-fan-title",
        state="met" if answer.criterion.met(np.array([median]))[0] else "missed",
        year=answer.year,
        median=Amount(median, unit),
        wanted=answer.goal,
    )
    years = [
        fact(
            "target-fan-year",
            year=answer.dated(year),
            median=Amount(float(row[0.5]), unit, bare=True),
            interval=Interval(float(row[0.05]), float(row[0.95]), unit, bare=True),
        )
        for year, (_, row) in zip(map(int, found.index), found.iterrows(), strict=True)
    ]
    shown = tell.unit(unit)
    told = tell(
        "target-fan-alt",
        target=charts.head(tell, tell.write(answer.name), shown),
        years=Items(years, long=True),
        wanted=limit(tell, answer),
    )
    return title, told


def _figures(
    tell: Language,
    past: pd.DataFrame,
    ahead: pd.DataFrame,
    points: pd.DataFrame,
    implied: pd.DataFrame,
    answer: Assessment,
) -> pd.DataFrame:
    known = past.rename(columns={"low": "q05", "estimate": "q50", "high": "q95"})
    path = pd.concat(
        [
            known[["year", "q05", "q50", "q95"]].assign(what=tell("statements-estimate")),
            ahead.iloc[1:][["year", *NAMES]].assign(what=tell("target-fan-median")),
            implied.rename(columns={"value": "q50"}).assign(what=tell("target-fan-path")),
        ]
    )
    return pictures.drawn(
        tell, path.rename(columns={"q50": "value"}), points, answer.unit, answer.year_starts
    )


def _target(tell: Language, answer: Assessment, start: int) -> list[Any]:
    """Draw every limit as a line up to the target year, labelled; a diamond where it decides."""
    lines = limits(tell, answer).assign(year=answer.year, start=start)
    layers: list[Any] = []
    lowest = lines["value"].min()
    for row in lines.to_dict("records"):
        base = alt.Chart(pd.DataFrame([row]))
        below = len(lines) > 1 and row["value"] == lowest
        dash = [6, 4] if row["decides"] else [1, 0]
        layers.append(
            base.mark_rule(color=TARGET, strokeDash=dash, strokeWidth=1.5).encode(
                x=alt.X("start:Q"), x2=alt.X2("year:Q"), y=alt.Y("value:Q")
            )
        )
        layers += charts.halo(
            base.encode(x=alt.X("start:Q"), y=alt.Y("value:Q"), text=alt.Text("label:N")),
            align="left",
            baseline="top" if below else "bottom",
            dx=2,
            dy=5 if below else -5,
            **charts.TARGET_TEXT,
        )
    diamond: dict[str, Any] = {"shape": "diamond", "filled": False, "size": 110, "strokeWidth": 2.5}
    met = alt.Chart(lines[lines["decides"]]).encode(x=alt.X("year:Q"), y=alt.Y("value:Q"))
    return [*layers, met.mark_point(color=TARGET, **diamond)]

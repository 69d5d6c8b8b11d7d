"""The track record: past forecasts and estimates against outcomes, beside simpler methods."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Fact, Items, Month, Number, Percent, fact
from forecast.report import charts
from forecast.report.charts import LINE, QUIET, alt
from forecast.report.language import Language, sentences
from forecast.report.pages.shared import method_name, record_limits, reference, share, span
from forecast.targets import pseudo_targets
from forecast.targets.pseudo_targets import LOW
from forecast.verification import holdout, replay
from forecast.verification.multiples import RATIOS
from forecast.verification.reference_record import panels_of
from forecast.verification.residuals import crps_ratios, mean_scores
from forecast.verification.track_record import effective_cases

# Months of own year-to-date figures -> message; 12 is the year itself.
MONTHS = {
    "none": (0, 0),
    "to-3": (1, 3),
    "to-6": (4, 6),
    "to-9": (7, 9),
    "to-11": (10, 11),
    "year": (12, 12),
}


def lead(tell: Language, cases: pd.DataFrame) -> str:
    """Return the finding of the page.

    Parameters
    ----------
    tell : Language
    cases : DataFrame
        `forecast.study.Study.track_record`.
    """
    if cases.empty:
        return tell("record-none")
    score, base = pseudo_targets.brier(pseudo_targets.events(cases))
    head = tell(
        "record-lead",
        n=len(cases),
        series=int(cases["series"].nunique()),
        share=share(float(cases["inside"].astype(float).mean())),
    )
    brier = tell(
        "record-brier",
        score=Number(score, 3),
        base=Number(base, 3),
        sense="better" if score < base else "worse",
    )
    return sentences(tell, head, reference(tell, cases), came_true(tell, cases), brier)


def note(tell: Language, cases: pd.DataFrame) -> str:
    """Return what the pooled record shows, and what it leaves out, for the overview."""
    if cases.empty:
        return tell("target-record-none")
    hits, n = int(cases["inside"].sum()), len(cases)
    covered = tell(
        "record-covered-panels" if panels_of(cases) else "record-covered",
        series=int(cases["series"].nunique()),
        horizons=int(cases["horizon"].max()),
        hits=hits,
        n=n,
        share=share(hits / n),
    )
    told = [reference(tell, cases), covered, came_true(tell, cases), record_limits(tell, cases)]
    return sentences(tell, *told)


def came_true(tell: Language, cases: pd.DataFrame) -> str:
    """Return how often events that were given a low or a high probability came true."""
    found = pseudo_targets.events(cases)
    groups = {
        "below": found["given"] < LOW,
        "between": found["given"].between(LOW, 0.2, inclusive="left"),
        "above": found["given"] > 0.8,
    }
    told = [
        tell(
            "record-came-true",
            group=name,
            n=tell.write(Number(int(inside.sum()))),
            low=share(LOW),
            came=share(float(found.loc[inside, "came"].mean())),
        )
        for name, inside in groups.items()
        if inside.any()
    ]
    return sentences(tell, question(tell), *told) if told else ""


def question(tell: Language) -> str:
    """Return what past forecasts are asked."""
    return tell("record-question", least=Number(RATIOS[0]), most=Number(RATIOS[-1]))


def reliability(tell: Language, cases: pd.DataFrame) -> pd.DataFrame:
    """Return how many events of each band of probabilities came true, as a table of the page."""
    rows = pseudo_targets.by_band(pseudo_targets.events(cases))
    if rows.empty:
        return rows

    def percents(column: str) -> list[str]:
        return [tell.write(share(value)) for value in rows[column]]

    def ranges(low: str, high: str) -> list[str]:
        ends = zip(rows[low], rows[high], strict=True)
        return [
            tell("record-interval-none")
            if pd.isna(a)
            else tell("range", low=share(a), high=share(b))
            for a, b in ends
        ]

    return pd.DataFrame(
        {
            tell("record-col-given"): ranges("lower", "upper"),
            tell("record-col-average"): percents("given"),
            tell("record-col-questions"): list(rows["asked"]),
            tell("record-col-came"): percents("came"),
            tell("record-col-interval"): ranges("low", "high"),
        }
    )


# The running year ---------------------------------------------------------------------------------


def year_starts(replayed: pd.DataFrame) -> int:
    """Return the month in which the replayed years begin; 0 if not all in the same."""
    begin = (replayed["day"].dt.month - replayed["step"]) % 12 + 1
    return int(begin.iloc[0]) if begin.nunique() == 1 else 0


def day(replayed: pd.DataFrame, step: int) -> Fact:
    """Return the day of an estimate: months since the start of the year that it is of."""
    starts = year_starts(replayed)
    month = Month(0, (max(starts, 1) + step - 2) % 12 + 1)
    years = {0: "mixed", 1: "calendar"}.get(starts, "fiscal")
    return fact("record-day", step=step, years=years, month=month)


def _years(replayed: pd.DataFrame) -> Fact:
    return span(replayed["year"], year_starts(replayed) or 1)


def replay_lead(tell: Language, replayed: pd.DataFrame) -> str:
    """Return how the estimates of the running years did on the days they would have been made."""
    rows = replay.on_every_day(replayed)
    if rows.empty:
        return tell("record-replay-none")
    error = rows["error"].abs().groupby(rows["step"]).mean()
    covered = {int(str(step)): holdout.coverage(g, 0.9) for step, g in rows.groupby("step")}
    worst = min(covered, key=covered.__getitem__)
    return sentences(
        tell,
        tell(
            "record-replay",
            third=Percent(float(error[3]), 1),
            third_day=day(rows, 3),
            twelfth=Percent(float(error[12]), 1),
            twelfth_day=day(rows, 12),
            after=Percent(float(error[15]), 1),
            after_day=day(rows, 15),
        ),
        tell(
            "record-replay-covered",
            share=share(holdout.coverage(rows, 0.9)),
            day=day(rows, worst),
            least=share(covered[worst]),
        ),
    )


def replay_note(tell: Language, replayed: pd.DataFrame) -> str:
    """Return what was replayed, and by which rule."""
    return "" if replayed.empty else tell("record-replay-note", years=_years(replayed))


def releases_chart(tell: Language, replayed: pd.DataFrame) -> alt.Chart | None:
    """Draw how the error of a running year's estimate fell from day to day."""
    rows = replay.on_every_day(replayed)
    if rows.empty:
        return None
    mean = rows.groupby("step")[["error", "naive"]].agg(_mean_absolute)
    days = [tell.write(day(rows, int(step))) for step in mean.index]
    names = [tell("record-method", method=column) for column in mean]
    table = pd.DataFrame(
        {
            "day": days * 2,
            "method": [name for name in names for _ in days],
            "error": [*mean["error"], *mean["naive"]],
        }
    )
    dashes = alt.Scale(domain=names, range=[[1, 0], [6, 4]])
    base = alt.Chart(table).encode(
        x=alt.X("day:O", sort=days, axis=alt.Axis(title=None, labelAngle=0, grid=False)),
        y=charts.value_axis("error:Q", "%").scale(zero=True),
        color=alt.Color("method:N", scale=alt.Scale(domain=names, range=[LINE, QUIET])),
        tooltip=[
            alt.Tooltip("day:N", title=tell("record-col-day")),
            alt.Tooltip("method:N", title=tell("record-col-method")),
            alt.Tooltip("error:Q", title=tell("record-col-mean"), format=".1f"),
        ],
    )
    stroke = alt.Legend(symbolType="stroke", symbolSize=400, columns=1)
    line = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash("method:N", scale=dashes, legend=stroke)
    )
    points = base.mark_point(filled=True, size=80, opacity=1)
    ends = {
        "first": Percent(float(mean["error"].iloc[0]), 1),
        "first_day": day(rows, int(mean.index[0])),
        "last": Percent(float(mean["error"].iloc[-1]), 1),
        "last_day": day(rows, int(mean.index[-1])),
        "years": _years(rows),
    }
    naive = Percent(float(mean["naive"].iloc[0]), 1)
    return charts.finish(
        alt.layer(line, points),
        tell("record-releases-chart", **ends),
        tell("record-releases-about", naive=naive, **ends),
        220,
        name="releases",
        caption=tell("record-releases-caption", years=_years(rows)),
        figures=charts.figures(
            tell,
            {
                tell("record-col-day"): days,
                **{
                    charts.head(tell, name, "%"): [Number(float(v), 1) for v in mean[column]]
                    for name, column in zip(names, mean, strict=True)
                },
            },
        ),
    )


def releases(tell: Language, replayed: pd.DataFrame) -> pd.DataFrame:
    """Return how the estimates of a running year came out, by the day they were made on."""
    rows = replay.on_every_day(replayed)
    groups = {tell.write(day(rows, int(str(s)))): g for s, g in rows.groupby("step")}
    return _judged(tell, groups, tell("record-col-day"))


def months(tell: Language, replayed: pd.DataFrame) -> pd.DataFrame:
    """Return how the estimates came out by the months that own year-to-date figures covered."""
    number = replayed["months"].where(~replayed["known"], 12)
    groups = {
        tell("record-months", span=name): replayed[number.between(*ends)]
        for name, ends in MONTHS.items()
    }
    return _judged(tell, groups, tell("record-col-months"))


# Hidden levels and scores -------------------------------------------------------------------------


def hidden_lead(tell: Language, evidence: Evidence, found: pd.DataFrame) -> str:
    """Return how well levels were estimated that were taken out of the data."""
    if found.empty:
        return tell("record-hidden-none")
    places = [
        fact("record-hidden-place", place=evidence.place(str(r)), share=_covered(rows))
        for r, rows in found.groupby("region", sort=False)
    ]
    told = [
        tell(
            "record-hidden",
            error=Percent(float(found["error"].abs().median()), 1),
            share=_covered(found),
            n=len(found),
            places=Items(places),
        )
    ]
    kinds = {str(kind): rows for kind, rows in found.groupby("kind", sort=False)}
    if len(kinds) > 1:
        worst = min(kinds, key=lambda kind: holdout.coverage(kinds[kind], 0.9))
        rows = kinds[worst]
        told.append(
            tell("record-hidden-lowest", kind=_kind(worst), share=_covered(rows), n=len(rows))
        )
    return sentences(tell, *told, tell("record-hidden-basis"))


def _covered(rows: pd.DataFrame) -> Percent:
    return share(holdout.coverage(rows, 0.9))


def _kind(kind: str) -> Fact:
    return fact("series-kind", kind=kind)


def hidden(tell: Language, evidence: Evidence, found: pd.DataFrame) -> pd.DataFrame:
    """Return how hidden levels were estimated: all, by region, and by kind of indicator."""
    groups = {tell("record-all"): found}
    for region, rows in found.groupby("region", sort=False):
        groups[html.escape(tell.write(evidence.place(str(region))))] = rows
    for kind, rows in found.groupby("kind"):
        groups[tell.write(_kind(str(kind)))] = rows
    return _judged(tell, groups, tell("record-col-levels"))


def _judged(tell: Language, groups: Mapping[str, pd.DataFrame], what: str) -> pd.DataFrame:
    """Return errors and coverage of estimates, one row per group that has any."""
    rows = []
    for name, group in groups.items():
        if group.empty:
            continue
        error = group["error"].abs()
        row = {
            what: name,
            tell("record-col-cases"): len(group),
            tell("record-col-median"): tell.write(Percent(float(error.median()), 1)),
            tell("record-col-mean"): tell.write(Percent(float(error.mean()), 1)),
        }
        if "naive" in group:
            naive = Percent(_mean_absolute(group["naive"]), 1)
            row[tell("record-col-naive")] = tell.write(naive)
        for level in (80, 90):
            covered = share(holdout.coverage(group, level / 100))
            row[tell("record-col-covered", level=level)] = tell.write(covered)
        rows.append(row)
    return pd.DataFrame(rows)


def _mean_absolute(values: pd.Series) -> float:
    return float(values.abs().mean())


def scores(tell: Language, comparison: pd.DataFrame) -> pd.DataFrame:
    """Score every method on the cases that all of them forecast, best first.

    Parameters
    ----------
    tell : Language
    comparison : DataFrame
        `forecast.study.Study.comparison`, or a part of its rows.

    Returns
    -------
    DataFrame with one row per method: its name, and by years ahead the CRPS relative to the
    learned ensemble's, the share of outcomes in the 80 % interval in percent, and the Brier score
    of `forecast.verification.multiples.RATIOS`.
    """
    mean = mean_scores(comparison)
    if mean.empty:
        return pd.DataFrame()
    ratios = crps_ratios(mean)

    def cells(values: Iterable[Any], digits: int) -> str:
        return ", ".join(tell.write(Number(float(v), digits)) for v in values)

    return pd.DataFrame(
        [
            {
                tell("record-col-method"): method_name(tell, method, "method-row"),
                tell("record-col-crps", horizons=ratios.shape[1]): cells(ratios.loc[method], 2),
                tell("record-col-covered", level=80): cells(100 * mean["inside"].loc[method], 0),
                tell("record-col-brier"): cells(mean["brier"].loc[method], 3),
            }
            for method in map(str, ratios.index)
        ]
    )


def without(comparison: pd.DataFrame, *years: int) -> pd.DataFrame:
    """Leave out forecasts of some years."""
    outcome = comparison["origin"].astype(int) + comparison["horizon"].astype(int)
    return comparison[~outcome.isin(years)]


def limits(tell: Language, cases: pd.DataFrame) -> str:
    """Return what a track record on reconciled histories leaves out."""
    worth = [effective_cases(group) for _, group in cases.groupby("horizon") if len(group)]
    if not worth:
        return tell("record-none")
    message = "record-limits-panels" if panels_of(cases) else "record-limits"
    return tell(message, worth=Items([Number(n) for n in worth]))

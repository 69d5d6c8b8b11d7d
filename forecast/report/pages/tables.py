"""Frames for the charts and the tables of the pages, cut from histories and assessments."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.forecasting.models import family
from forecast.reconciliation.history import History
from forecast.report.language import language
from forecast.report.pages import record_words, words
from forecast.report.pages.target import bounds, kinds
from forecast.report.pages.target.thin import is_thin
from forecast.targets import pseudo_targets
from forecast.targets.assess import Assessment
from forecast.verification import holdout, replay
from forecast.verification.track_record import (
    LEARNED,
    NAIVE,
    POOLED,
    crps_ratios,
    mean_scores,
)

if TYPE_CHECKING:
    from forecast.study import Study

MEASURES = {
    "level": "level", "growth": "growth", "ytd_level": "level, year to date",
    "ytd_growth": "growth, year to date", "change": "change", "event": "event",
    "month_level": "level of the month", "quarter_level": "level of the quarter",
    "count_to_date": "count since adoption",
    "forecast_growth": "growth, as others expect it",
    "forecast_level": "level, as others expect it",
}  # fmt: skip


def past(history: History) -> pd.DataFrame:
    """``year, estimate, low, high, origin``: the reconciled past."""
    return history.table()[["year", "estimate", "low", "high", "origin"]]


def points(statements: pd.DataFrame) -> pd.DataFrame:
    """``year, value, status, measure, flagged, source, label``: published yearly levels."""
    levels = statements[(statements["measure"] == "level") & (statements["bound"] == "")]
    levels = levels[levels["used"]] if "used" in levels else levels
    flagged = levels["outlier"] if "outlier" in levels else pd.Series(False, index=levels.index)
    return pd.DataFrame(
        {
            "year": levels["year"].astype(int),
            "value": levels["canonical"].astype(float),
            "status": levels["status"],
            "measure": levels["measure"].map(MEASURES),
            "flagged": flagged.fillna(False).astype(bool),
            "source": levels["source_title"],
            "label": [
                f"{words.number(v)} ({s}{', ' + b if b else ''})"
                for v, s, b in zip(
                    levels["canonical"], levels["status"], levels["basis"], strict=True
                )
            ],
        }
    )


def reliability(record: pd.DataFrame) -> pd.DataFrame:
    """Of multiples of the pace given about p, how many were reached; see `pseudo_targets`.

    Returns
    -------
    DataFrame, one row per range of p that has any: ``range, given`` (mean p), ``happened, low,
    high`` (share that came true with a 90 % interval, resampled by outcome year) and ``cases``.
    """
    return _banded(pseudo_targets.events(record))


def _banded(events: pd.DataFrame) -> pd.DataFrame:
    rows = pseudo_targets.by_band(events)
    span = [
        f"{100 * a:.0f} to {100 * b:.0f} %"
        for a, b in zip(rows["lower"], rows["upper"], strict=True)
    ]
    return rows.assign(range=span, happened=rows["came"], cases=rows["asked"])


def reliability_table(record: pd.DataFrame) -> pd.DataFrame:
    """Show `reliability` in percent."""
    rows = reliability(record)
    if rows.empty:
        return rows
    percent = record_words.percent
    return pd.DataFrame(
        {
            "Given": rows["range"],
            "On average": [percent(v) for v in rows["given"]],
            "Questions": rows["cases"],
            "Came true": [percent(v) for v in rows["happened"]],
            "90 % interval": [
                f"{percent(a)} to {percent(b)}"
                for a, b in zip(rows["low"], rows["high"], strict=True)
            ],
        }
    )


def overview(answers: Sequence[Assessment]) -> pd.DataFrame:
    """``target, probability, low, high, said`` for the chart of all targets."""
    return pd.DataFrame(
        {
            "target": [str(a.target["name"]) for a in answers],
            "probability": [a.probability for a in answers],
            "low": [a.probability_low for a in answers],
            "high": [a.probability_high for a in answers],
            "said": [
                "not assessable yet" if a.status == "not_assessable" else _chance(a)
                for a in answers
            ],
        }
    )


def summary(answers: Sequence[Assessment]) -> pd.DataFrame:
    """One line per target for the overview page, the target's name linking to its page."""
    rows = []
    for a in answers:
        needed, achieved = "", ""
        if a.required is not None and a.history is not None:
            needed = _pace(a.required, a.history)
        if a.achieved and a.history is not None:
            achieved = _pace(a.achieved[max(a.achieved)], a.history)
        assessed = a.probability is not None
        rows.append(
            {
                "Target": link(str(a.target["name"]), f"{a.target['target']}.html"),
                "Wanted": words.goal(a),
                "Last known": html.escape(kinds.brief(language("en"), a)),
                "Needed a year": needed,
                "Achieved": achieved,
                "Chance": _chance(a),
                "Pace": words.verdict(a) if assessed else "",
            }
        )
    return pd.DataFrame(rows)


def _pace(growth: float, history: History) -> str:
    unit = {"log": "%", "logit": "pp"}.get(history.scale.name, history.unit)
    return f"{growth:+.1f} {unit}".removesuffix(" count").removesuffix(" rank")


def _chance(answer: Assessment) -> str:
    if answer.probability is None:
        tell = language("en")
        return bounds.short(tell, answer) or tell("gap-status", status=answer.status)
    if told := words.settled(answer):
        return told[0].lower() + told[1:]
    text = words.short(answer.probability, answer.floor)
    if is_thin(answer):
        return f"{text} (thin)"
    return f"{text} (judgement)" if answer.status == "judgement" else text


def link(text: str, address: str) -> str:
    """Return an HTML link, everything escaped; only the text where no address is known."""
    if not address.startswith(("http://", "https://")) and not address.endswith(".html"):
        return html.escape(text)
    return f'<a href="{html.escape(address, quote=True)}">{html.escape(text)}</a>'


def statements(frame: pd.DataFrame, own: str = "") -> pd.DataFrame:
    """Every statement with its source and, where reconciled, how it fits.

    Parameters
    ----------
    frame : DataFrame
    own : str
        Region of the page: the place is left out where all rows are of it, or, without it, of one.
    """

    def what(row: pd.Series) -> str:
        prices = (
            f", {row['prices']}"
            if row["prices"] in ("real", "nominal") and "growth" in str(row["measure"])
            else ""
        )
        bound = {"lower": ", at least", "upper": ", at most"}.get(str(row["bound"]), "")
        return f"{MEASURES[str(row['measure'])]}{prices}{bound}"

    rows = []
    for _, row in frame.iterrows():
        fitted = row.get("fitted", np.nan)
        note = []
        if str(row["mark"]):
            note.append(str(row["mark"]).replace("_", " "))
        if "outlier" in frame and bool(row.get("outlier") is True or row.get("outlier") == True):  # noqa: E712
            note.append("does not fit")
        if "used" in frame and not bool(row["used"]):
            note.append(f"not used: {row['unused']}")
        if str(row["note"]):
            note.append(str(row["note"]))
        basis = row.get("basis_name", row["basis"])
        rows.append(
            {
                "Id": html.escape(str(row["observation"])),
                "Place": html.escape(language("en").write(row.get("place", row["region"]))),
                "Period": html.escape(str(row["period"])),
                "What": html.escape(what(row)),
                "Published": html.escape(_stated(float(row["value"]), str(row["unit"]))),
                "Fits to": "" if pd.isna(fitted) else words.number(float(fitted)),
                "Basis": html.escape(str(basis)),
                "Status": html.escape(str(row["status"])),
                "Remark": html.escape("; ".join(note)),
                "Source": _source(
                    row["source_title"], row["source_url"], row.get("source_copy", "")
                )
                + _dates(row),
            }
        )
    table = pd.DataFrame(rows)
    one = len(table) and frame["place" if "place" in frame else "region"].nunique() == 1
    if one and own in ("", frame["region"].iloc[0]):
        table = table.drop(columns="Place")
    return table.loc[:, [c for c in table if table[c].astype(str).ne("").any()]]


def _source(title: object, url: object, copy: object) -> str:
    """Return a source, linked unless its address is a copy on somebody else's site."""
    return f"{html.escape(str(title))} (copy, not linked)" if copy else link(str(title), str(url))


def _dates(row: pd.Series) -> str:
    """Return when the source came out and, where it differs, when the figure first did."""
    source, figure = str(row.get("source_published", "")), str(row["published"])
    told = [html.escape(source)] if source else []
    if figure and figure != source:
        told.append(f"figure first published {html.escape(figure)}")
    return "".join(f", {part}" for part in told)


def _stated(value: float, unit: str) -> str:
    return words.figure(value, "" if unit in ("rank", "count") else unit)


def series(study: Study, plan: str) -> pd.DataFrame:
    """One line per series that has a page, linking to it."""
    rows = []
    for region, indicator in study.pages(plan):
        known = study.find_history(region, indicator)
        statements = study.evidence.statements(region, indicator)
        title = words.series_title(study.evidence, region, indicator)
        last = "" if known is None else f"{known.years[-1]} ({words.told_origin(known)})"
        rows.append(
            {
                "Series": link(title, words.page_name(region, indicator)),
                "Statements": len(statements),
                "From": str(int(statements["year"].min())),
                "Last year": last,
                "Estimate": "no path"
                if known is None
                else words.number(float(known.values()[-1]), known.unit),
                "Do not fit": "" if known is None else int(known.statements["outlier"].sum()) or "",
            }
        )
    return pd.DataFrame(rows)


def releases(replayed: pd.DataFrame) -> pd.DataFrame:
    """``day, method, error``: mean absolute error in percent by day, ours and the naive one."""
    absolute = replay.on_every_day(replayed).groupby("step")[["error", "naive"]].agg(_mean_absolute)
    names = {"error": "our estimate", "naive": "growth once more"}
    frames = [
        pd.DataFrame(
            {
                "day": absolute.index.map(record_words.RELEASES),
                "method": name,
                "error": absolute[field],
            }
        )
        for field, name in names.items()
    ]
    return pd.concat(frames, ignore_index=True)


def releases_table(replayed: pd.DataFrame) -> pd.DataFrame:
    """Show how the estimates of a running year came out, by the day they were made on."""
    rows = replay.on_every_day(replayed)
    return _judged(
        [(record_words.RELEASES[int(str(s))], g) for s, g in rows.groupby("step")], "As of"
    )


def months_table(replayed: pd.DataFrame) -> pd.DataFrame:
    """Show how the estimates came out by the months that own year-to-date figures covered."""
    months = replayed["months"].where(~replayed["known"], 12)
    spans = {
        "none": (0, 0), "up to 3": (1, 3), "4 to 6": (4, 6), "7 to 9": (7, 9), "10 or 11": (10, 11),
        "the year itself": (12, 12),
    }  # fmt: skip
    groups = [(name, replayed[months.between(*span)]) for name, span in spans.items()]
    return _judged(groups, "Months published")


def hidden(evidence: Evidence, found: pd.DataFrame) -> pd.DataFrame:
    """Show how hidden levels were recovered: all, by region, and by kind of indicator."""
    names = evidence.regions.set_index("region")["name"]
    groups = [("all", found)]
    groups += [(str(names[str(r)]), g) for r, g in found.groupby("region", sort=False)]
    groups += [(f"{kind}s", g) for kind, g in found.groupby("kind")]
    return _judged([(html.escape(name), group) for name, group in groups], "Levels of")


def _judged(groups: Sequence[tuple[str, pd.DataFrame]], what: str) -> pd.DataFrame:
    """Errors and coverage of estimates, one row per group that has any."""
    rows = []
    for name, group in groups:
        if group.empty:
            continue
        error = group["error"].abs()
        row = {
            what: name,
            "Cases": len(group),
            "Median error": f"{error.median():.1f} %",
            "Mean error": f"{error.mean():.1f} %",
        }
        if "naive" in group:
            row["Growth once more"] = f"{_mean_absolute(group['naive']):.1f} %"
        row["80 % held"] = f"{100 * holdout.coverage(group, 0.80):.0f} %"
        row["90 % held"] = f"{100 * holdout.coverage(group, 0.90):.0f} %"
        rows.append(row)
    return pd.DataFrame(rows)


def _mean_absolute(values: pd.Series) -> float:
    return float(values.abs().mean())


def scores(comparison: pd.DataFrame) -> pd.DataFrame:
    """Score every method on the cases that all of them forecast.

    Parameters
    ----------
    comparison : DataFrame
        `forecast.study.Study.comparison`, or a part of its rows.

    Returns
    -------
    DataFrame with one row per method, best first: its name, and by years ahead the CRPS relative
    to the learned ensemble's, the share of outcomes in the 80 % interval, and the Brier score of
    `forecast.verification.multiples.RATIOS`.
    """
    mean = mean_scores(comparison)
    if mean.empty:
        return pd.DataFrame()
    ratios = crps_ratios(mean)
    ahead = "one year ahead" if ratios.shape[1] == 1 else f"1 to {ratios.shape[1]} years ahead"
    rows = []
    for method in map(str, ratios.index):
        ratio = ratios.loc[method]
        rows.append(
            {
                "Method": _label(method),
                f"CRPS, {ahead}": ", ".join(f"{v:.2f}" for v in ratio),
                "80 % held": ", ".join(f"{100 * v:.0f}" for v in mean["inside"].loc[method]),
                "Brier score": ", ".join(f"{v:.3f}" for v in mean["brier"].loc[method]),
            }
        )
    return pd.DataFrame(rows)


def without(comparison: pd.DataFrame, *years: int) -> pd.DataFrame:
    """Leave out forecasts of some years."""
    outcome = comparison["origin"].astype(int) + comparison["horizon"].astype(int)
    return comparison[~outcome.isin(years)]


def _label(method: str) -> str:
    return method if method in (LEARNED, POOLED, NAIVE) else str(family(method).LABEL)

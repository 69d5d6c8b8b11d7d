"""Say how past forecasts and estimates came out against what came."""

from __future__ import annotations

import pandas as pd

from forecast import replay
from forecast.ensemble import effective_cases
from forecast.evidence import Evidence
from forecast.words import RECORD_LIMITS, coverage, place, year_span


def note(cases: pd.DataFrame, years: str = "one to three years") -> str:
    """Return what the pooled record says, and what it leaves out."""
    if cases.empty:
        return coverage(cases, years)
    return f"{coverage(cases, years)} {reliability_sentence(cases)} {RECORD_LIMITS}"


def lead(cases: pd.DataFrame) -> str:
    """Return the finding of the track record's page."""
    if cases.empty:
        return "No series is long enough to test forecasts of it."
    inside, kept = cases["inside"].astype(float), cases["kept_pace"].astype(float)
    brier = float(((cases["p_pace"].astype(float) - kept) ** 2).mean())
    base = float(kept.mean() * (1 - kept.mean()))
    word = "better" if brier < base else "no better"
    return (
        f"**Of {len(cases)} past forecasts, on {cases['series'].nunique()} series, "
        f"{100 * inside.mean():.0f} % of the outcomes lay within the 80 % interval.** Whether "
        f"growth would keep its pace was foreseen {word} than by always naming the average: Brier "
        f"score {brier:.3f} against {base:.3f}. {reliability_sentence(cases)}".strip()
    )


def limits(cases: pd.DataFrame) -> str:
    """Return what a track record on reconciled histories leaves out."""
    worth = [effective_cases(group) for _, group in cases.groupby("horizon") if len(group)]
    told = ", ".join(f"{n:.0f}" for n in worth)
    return (
        "The past is today's reconciled history, cut off at each origin: the error that later "
        "revisions added at the time is not in it. The spread is scaled by what all other years "
        "ask for; the weights of the learned ensemble come from other panels, named in "
        "`data/calibration.json`. They taught it flows: for shares, where it did worse, and stocks "
        "the families pooled give the answer, and their past forecasts are in the record. Series "
        "of one year share its shock: by years ahead, the cases "
        f"are worth about {told} independent ones."
    )


def reliability_sentence(cases: pd.DataFrame) -> str:
    """Return what came true of the pace kept, among cases given low and high probabilities."""
    told = []
    for name, inside in (
        ("less than 20 %", cases["p_pace"] < 0.2),
        ("more than 80 %", cases["p_pace"] > 0.8),
    ):
        group = cases[inside]
        if len(group):
            told.append(
                f"of {len(group)} cases given {name}, "
                f"{100 * group['kept_pace'].astype(float).mean():.0f} % came true"
            )
    if not told:
        return ""
    return (
        "Asked whether growth would keep the pace of the five years before: "
        + "; ".join(told)
        + "."
    )


def hidden_lead(evidence: Evidence, found: pd.DataFrame) -> str:
    """Return how well levels were found that were taken out of the data."""
    if found.empty:
        return "No level stands between two others, so none can be hidden and looked for."
    places = ", ".join(
        f"{place(evidence, str(region))} {100 * replay.held(rows, 0.9):.0f} %"
        for region, rows in found.groupby("region", sort=False)
    )
    return (
        "Every published yearly level between a series' first and last was taken out in turn, with "
        "all its copies, and looked for from what is left: **the median error is "
        f"{found['error'].abs().median():.1f} %, and {100 * replay.held(found, 0.9):.0f} % of the "
        f"{len(found)} levels lay in the 90 % interval** ({places}). A level on an older basis is "
        "looked for on that basis."
    )


RELEASES = {
    3: "end of March", 6: "end of June", 9: "end of September", 12: "end of December",
    15: "March after",
}  # fmt: skip


def replay_lead(replayed: pd.DataFrame) -> str:
    """Return how the estimates of the running years did on the days they would have been made."""
    rows = replay.on_every_day(replayed)
    if rows.empty:
        return "No running year can be replayed: too little was public then, or is by now."
    error = rows["error"].abs().groupby(rows["step"]).mean()
    march, december, after = (f"{error[step]:.1f} %" for step in (3, 12, 15))
    held = {int(str(step)): replay.held(group, 0.9) for step, group in rows.groupby("step")}
    worst = min(held, key=held.__getitem__)
    return (
        f"**With only what was public on the day, the running year was off by {march} on average "
        f"at the end of March, by {december} at the end of December and by {after} in the March "
        "after**, when most levels are out. Of all 90 % intervals, "
        f"{100 * replay.held(rows, 0.9):.0f} % held; as of the {RELEASES[worst]}, "
        f"{100 * held[worst]:.0f} %."
    )


def replay_note(replayed: pd.DataFrame) -> str:
    """Return what was replayed, and by which rule."""
    if replayed.empty:
        return ""
    return (
        f"Replayed are the years {year_span(replayed['year'])} of all series of the plan's region "
        "and its parents that had three yearly levels before, and of which a level of the year has "
        "been published by now. The days are compared on the series and years that were estimated "
        "on all of them; the months on all there are. A statement without a date counts as public "
        "on the last day of the month or year that its source names; without that, a yearly figure "
        "at the end of the next February, a cumulative one at the end of the month after. Errors "
        "are in percent of the level that stands by now, on the basis that was the newest on the "
        "day where the level was published on it."
    )

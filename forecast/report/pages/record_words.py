"""Say how past forecasts and estimates came out against what came."""

from __future__ import annotations

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.report.pages.words import RECORD_LIMITS, coverage, place, year_span
from forecast.targets import pseudo_targets
from forecast.targets.pseudo_targets import LOW
from forecast.verification import holdout, replay
from forecast.verification.multiples import RATIOS
from forecast.verification.track_record import HORIZONS, effective_cases

AHEAD = f"one to {HORIZONS} years"
QUESTION = (
    "Past forecasts are asked what targets ask: whether growth would reach a multiple "
    f"({RATIOS[0]:g} to {RATIOS[-1]:g}) of the pace of the five years before."
)


def note(cases: pd.DataFrame) -> str:
    """Return what the pooled record says, and what it leaves out."""
    if cases.empty:
        return coverage(cases, AHEAD)
    return f"{coverage(cases, AHEAD)} {reliability_sentence(cases)} {RECORD_LIMITS}"


def lead(cases: pd.DataFrame) -> str:
    """Return the finding of the track record's page."""
    if cases.empty:
        return "No series is long enough to test forecasts of it."
    inside = cases["inside"].astype(float)
    score, base = pseudo_targets.brier(pseudo_targets.events(cases))
    word = "better" if score < base else "no better"
    return (
        f"**Of {len(cases)} past forecasts, on {cases['series'].nunique()} series, "
        f"{100 * inside.mean():.0f} % of the outcomes lay within the 80 % interval.** "
        f"{reliability_sentence(cases)} Their Brier score is {score:.3f}, {word} than the "
        f"{base:.3f} of naming for each multiple the share that came true, which is known "
        "afterwards only."
    )


# The record on a target's page ----------------------------------------------------------------


def _ahead(years: int) -> str:
    return "one year" if years == 1 else f"{years} years"


def percent(share: float) -> str:
    """Return a share in percent, with a digit where it is small.

    Examples
    --------
    >>> percent(0.062), percent(0.0062), percent(0.0)
    ('6 %', '0.6 %', '0 %')
    """
    return f"{100 * share:.1f} %" if 0 < share < 0.0095 else f"{100 * share:.0f} %"


# The track record -----------------------------------------------------------------------------


def limits(cases: pd.DataFrame) -> str:
    """Return what a track record on reconciled histories leaves out."""
    worth = [effective_cases(group) for _, group in cases.groupby("horizon") if len(group)]
    told = ", ".join(f"{n:.0f}" for n in worth)
    return (
        "The past is today's reconciled history, cut off at each origin: the error that later "
        "revisions added at the time is not in it. The spread is scaled by what all other years "
        "ask for; the weights of the learned ensemble come from other panels, named in "
        "`data/calibration.json`. Series of one year share its shock: by years ahead, the cases "
        f"are worth about {told} independent ones."
    )


def reliability_sentence(cases: pd.DataFrame) -> str:
    """Return what came true of questions that were given a low or a high probability."""
    found = pseudo_targets.events(cases)
    told = []
    for name, inside in (
        (f"less than {percent(LOW)}", found["given"] < LOW),
        (f"{percent(LOW)} to 20 %", found["given"].between(LOW, 0.2, inclusive="left")),
        ("more than 80 %", found["given"] > 0.8),
    ):
        group = found[inside]
        if len(group):
            told.append(f"of {len(group):,} given {name}, {percent(group['came'].mean())}")
    return f"{QUESTION} Came true: {'; '.join(told)}." if told else ""


def hidden_lead(evidence: Evidence, found: pd.DataFrame) -> str:
    """Return how well levels were found that were taken out of the data."""
    if found.empty:
        return "No level stands between two others, so none can be hidden and looked for."
    places = ", ".join(
        f"{place(evidence, str(region))} {100 * holdout.coverage(rows, 0.9):.0f} %"
        for region, rows in found.groupby("region", sort=False)
    )
    kinds = {
        str(kind): (holdout.coverage(rows, 0.9), len(rows))
        for kind, rows in found.groupby("kind", sort=False)
    }
    worst = min(kinds, key=lambda kind: kinds[kind][0])
    lowest = ""
    if len(kinds) > 1:
        share, n = kinds[worst]
        lowest = f" Lowest of the kinds: {worst}s, {100 * share:.0f} % of {n}."
    return (
        "Every published yearly level between a series' first and last was taken out in turn, with "
        "all its copies, and looked for from what is left: **the median error is "
        f"{found['error'].abs().median():.1f} %, and "
        f"{100 * holdout.coverage(found, 0.9):.0f} % of the {len(found)} levels "
        f"lay in the 90 % interval** ({places}).{lowest} "
        "A level on an older basis is looked for on that basis."
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
    held = {int(str(step)): holdout.coverage(group, 0.9) for step, group in rows.groupby("step")}
    worst = min(held, key=held.__getitem__)
    return (
        f"**With only what was public on the day, the running year was off by {march} on average "
        f"at the end of March, by {december} at the end of December and by {after} in the March "
        "after**, when most levels are out. Of all 90 % intervals, "
        f"{100 * holdout.coverage(rows, 0.9):.0f} % held; as of the {RELEASES[worst]}, "
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

"""Say how past forecasts and estimates came out against what came."""

from __future__ import annotations

import math

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.report.pages.words import RECORD_LIMITS, coverage, in_100, place, year_span
from forecast.targets import pseudo_targets
from forecast.targets.assess import Assessment
from forecast.targets.pseudo_targets import LOW, Asked, Seen
from forecast.verification import holdout as replay
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


def record(answer: Assessment) -> str:
    """Return the track record in words: this series, all series, and questions like this one."""
    if answer.paths is None:
        return ""
    h = pseudo_targets.recorded(answer.record, len(answer.paths.years))
    every = answer.record[answer.record["horizon"] == h]
    own = every[every["series"] == answer.history.key] if answer.history else every.head(0)
    if len(own):
        text = (
            f"Looking {_ahead(h)} ahead from {year_span(own['origin'])}, "
            f"the 80 % interval held this series {int(own['inside'].sum())} of {len(own)} times."
        )
    else:
        text = "The series is too short to test forecasts of it against what came."
    said = [text, coverage(every, _ahead(h)), like(answer), floor(answer), RECORD_LIMITS]
    return " ".join(part for part in said if part)


def _ahead(years: int) -> str:
    return "one year" if years == 1 else f"{years} years"


def like(answer: Assessment) -> str:
    """Return what came true of past forecasts that were asked for as much as this target asks."""
    asked = pseudo_targets.asked(answer)
    if asked is None or answer.probability is None:
        return ""
    ahead = pseudo_targets.recorded(answer.record, asked.horizon)
    same = answer.record[answer.record["horizon"] == ahead]
    found = pseudo_targets.seen(pseudo_targets.events(same, (asked.ratio,), asked.upward))
    if not found.asked:
        return ""
    name = "log" if answer.history is None else answer.history.scale.name
    scale = {"log": "growth in logs", "logit": "growth in log odds"}.get(name, "change a year")
    text = (
        f"The target wants {wanted(asked)} ({scale}). Asked for as much, "
        f"{percent(found.came)} of {found.asked} past forecasts {_ahead(ahead)} ahead came true "
        f"(90 % interval {percent(found.low)} to {percent(found.high)}; worth about "
        f"{found.cases:.0f} independent cases); they had given it {percent(found.given)} on average"
    )
    if not found.low <= found.given <= found.high:
        text += f", which was too {'low' if found.came > found.given else 'high'}"
    return f"{text}. {apart(answer, found)}".strip()


def apart(answer: Assessment, found: Seen) -> str:
    """Return how the chance given lies to what came true of like cases; empty where within it."""
    assert answer.probability is not None
    chance, low, high = (round(p, 2) for p in (answer.probability, found.low, found.high))
    told = in_100(answer.probability, answer.floor)
    # A chance at the floor is a limit: the interval is beyond it only if it lies on the other side.
    fits_low = chance >= low or told.startswith("more")
    fits_high = chance <= high or told.startswith("fewer")
    if fits_low and fits_high:
        return ""
    why = "the record pools all series, whose spread and growth differ from those of this one"
    if answer.history is not None and answer.history.origin[-1] != "published":
        why = f"its forecast starts from an estimate, not from a published figure, and {why}"
    side = "above" if fits_low else "below"
    return f"The chance given here, {told}, lies {side} that interval: {why}."


def wanted(asked: Asked) -> str:
    """Return in words what a target asks of its series.

    Examples
    --------
    >>> wanted(Asked(1.824, 0.07, 0.03, 2, True))
    'at least 1.8 times the pace of the five years before'
    >>> wanted(Asked(-0.5, 0.01, 0.03, 2, False))
    'at most the pace of the five years before and -1.5 usual yearly steps of the series'
    """
    bound = "at least" if asked.upward else "at most"
    before = "the pace of the five years before"
    if asked.pace >= asked.step:
        return f"{bound} {asked.ratio:.1f} times {before}"
    return f"{bound} {before} and {asked.ratio - 1:+.1f} usual yearly steps of the series"


def floor(answer: Assessment) -> str:
    """Return which past cases set the floor, and how to read a chance at it."""
    if answer.floor is None or answer.paths is None or answer.record.empty:
        return ""
    horizon = pseudo_targets.recorded(answer.record, len(answer.paths.years))
    low = pseudo_targets.improbable(answer.record, horizon)
    edge = math.ceil(100 * answer.floor - 1e-9)
    return (
        f"{_given_little(low, horizon)} With 80 % confidence the record "
        f"rules out no chance below {edge} in 100, so none nearer to 0 or to 100 is given: "
        f'"fewer than {edge} in 100" is an upper limit, not an estimate.'
    )


def _given_little(low: Seen, horizon: int) -> str:
    ahead = f"{_ahead(horizon)} ahead"
    if not low.asked:
        return f"No multiple of the pace was ever given less than {percent(LOW)}, {ahead}."
    return (
        f"Of {low.asked} multiples of the pace, in either direction, that were given less than "
        f"{percent(LOW)} {ahead}, {percent(low.came)} came true; they are worth about "
        f"{low.cases:.0f} independent cases."
    )


def percent(share: float) -> str:
    """Return a share in percent, with a digit where it is small.

    Examples
    --------
    >>> percent(0.062), percent(0.0062), percent(0.0)
    ('6 %', '0.6 %', '0 %')
    """
    return f"{100 * share:.1f} %" if 0 < share < 0.0095 else f"{100 * share:.0f} %"


def bands(answer: Assessment) -> str:
    """Return the reading of the chart of bands of chances given."""
    return (
        "Points of the share of past questions that came true in each band of chances given, with "
        "90 % intervals; grey is what would be right, a diamond marks the band of this target. "
        f"{QUESTION} {like(answer)}"
    ).strip()


def next_year(evidence: Evidence, answer: Assessment) -> str:
    """Return how to read the chance of a target that was set a year ahead or less; else nothing.

    Those who set it know the first months of the year, and what they can still do about it.
    """
    plan = evidence.plans.set_index("plan").loc[answer.target["plan"]]
    source = evidence.sources.set_index("source").loc[answer.target["source"]]
    when = str(plan["adopted"])[:4] or str(source["published"])[:4]
    own = evidence.target(str(answer.target["plan"]), str(answer.target["target"]))
    if answer.probability is None or not when or int(own["year"]) != answer.year:
        return ""
    if not 0 <= answer.year - int(when) <= 1:
        return ""
    return (
        f"The target for {answer.year} was set in {when}. Officials who set a target a year ahead "
        "or less know more than the past of the series: on such targets of other regions our "
        "chances ranked the regions well, and were wrong about how many targets were met. Compare "
        "this chance with those of other regions; do not read it as a frequency."
    )


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
        f"{place(evidence, str(region))} {100 * replay.coverage(rows, 0.9):.0f} %"
        for region, rows in found.groupby("region", sort=False)
    )
    kinds = {
        str(kind): (replay.coverage(rows, 0.9), len(rows))
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
        f"{100 * replay.coverage(found, 0.9):.0f} % of the {len(found)} levels "
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
    held = {int(str(step)): replay.coverage(group, 0.9) for step, group in rows.groupby("step")}
    worst = min(held, key=held.__getitem__)
    return (
        f"**With only what was public on the day, the running year was off by {march} on average "
        f"at the end of March, by {december} at the end of December and by {after} in the March "
        "after**, when most levels are out. Of all 90 % intervals, "
        f"{100 * replay.coverage(rows, 0.9):.0f} % held; as of the {RELEASES[worst]}, "
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

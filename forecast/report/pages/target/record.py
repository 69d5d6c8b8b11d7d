"""How past forecasts of the kind came out, and what that says of a target's probability."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Chance, Items, Number, fact
from forecast.report import charts
from forecast.report.charts import LINE, PAST, TARGET, alt
from forecast.report.language import SMALLEST, Language, limited, sentences
from forecast.report.pages.shared import record_limits, reference, share, span, wants_more
from forecast.targets import pseudo_targets
from forecast.targets.assessment import Assessment
from forecast.targets.pseudo_targets import LOW, Asked, Seen
from forecast.verification.multiples import RATIOS
from forecast.verification.reference_record import panels_of


def section(tell: Language, answer: Assessment) -> str:
    """Return the heading, for targets that have a forecast to put under it."""
    return tell("target-record-head") if answer.paths is not None else ""


def record(tell: Language, answer: Assessment) -> str:
    """Return the track record in words: this series, all series, and questions like this one."""
    if answer.paths is None:
        return ""
    h = pseudo_targets.recorded(answer.record, len(answer.paths.years))
    every = answer.record[answer.record["horizon"] == h]
    series = _series(answer)
    own = every[every["series"].isin(series)]
    if len(own):
        text = tell(
            "target-record-own",
            horizon=h,
            years=span(own["origin"], answer.year_starts),
            hits=int(own["inside"].sum()),
            n=len(own),
            of=len(series),
        )
    else:
        text = tell("target-record-short", of=len(series))
    told = [coverage(tell, every, h), like(tell, answer), floor(tell, answer)]
    of = "" if answer.kind == "level" else tell("target-record-figure")
    limits = record_limits(tell, every)
    return sentences(tell, of, text, reference(tell, answer.record), *told, limits)


def _series(answer: Assessment) -> set[str]:
    """Return the series that the figure is, or is computed from, by `History.key`."""
    own = {answer.history.key} if answer.history else set()
    known = answer.known
    return own | set(known["region"] + "/" + known["indicator"]) if len(known) else own


def coverage(tell: Language, cases: pd.DataFrame, horizon: int) -> str:
    """Return how many outcomes past intervals covered, over all series or the reference panels."""
    if cases.empty:
        return tell("target-record-none")
    return tell(
        "target-record-panels" if panels_of(cases) else "target-record-all",
        series=int(cases["series"].nunique()),
        horizon=horizon,
        hits=int(cases["inside"].sum()),
        n=len(cases),
        share=share(float(cases["inside"].astype(float).mean())),
    )


def like(tell: Language, answer: Assessment) -> str:
    """Return what came true of past forecasts of what this target requires."""
    asked = pseudo_targets.asked(answer)
    if asked is None or answer.probability is None:
        return ""
    ahead = pseudo_targets.recorded(answer.record, asked.horizon)
    found = pseudo_targets.alike(answer.record, asked)
    if not found.asked:
        return ""
    scale = "log" if answer.history is None else answer.history.scale.name
    said = {
        "n": found.asked,
        "horizon": ahead,
        "came": share(found.came),
        "cases": max(round(found.cases), 1),
        "given": share(found.given),
    }
    if math.isnan(found.low):
        return sentences(tell, wanted(tell, asked, scale), tell("target-like-few", **said))
    told = tell("target-like", low=share(found.low), high=share(found.high), **said)
    bias = ""
    given, came, low, high = _rounded(found.given, found.came, found.low, found.high)
    if given != came and not low <= given <= high:
        bias = tell("target-like-bias", bias="low" if came > given else "high")
    return sentences(tell, wanted(tell, asked, scale), told, bias, apart(tell, answer, found))


def _rounded(*shares: float) -> list[float]:
    """Return shares as pages compare them: in whole percent."""
    return [round(value, 2) for value in shares]


def apart(tell: Language, answer: Assessment, found: Seen) -> str:
    """Return how the chance given lies to what came true of like cases.

    Of a limit only where the like cases came true more often, or less often, than it allows. Empty
    where the chance lies within the interval and is no limit.
    """
    side, told = beyond(answer, found), Chance(answer.probability or 0.0, answer.floor)
    if not side:
        return ""
    if side == "within":
        return tell("target-apart-limit", chance=told)
    return tell("target-apart", chance=told, side=side, start=start(answer))


def start(answer: Assessment) -> str:
    """Return whether a forecast starts from a ``published`` or an ``estimated`` figure."""
    estimated = answer.history is not None and answer.history.origin[-1] != "published"
    return "estimated" if estimated else "published"


def beyond(answer: Assessment, found: Seen) -> str:
    """Return whether the chance given is ``above`` or ``below`` what came true of like cases.

    Of a limit that they contradict on the face of it, ``within`` where it lies in their interval;
    empty where there is nothing to tell.
    """
    assert answer.probability is not None
    edge = max(answer.floor or 0.0, SMALLEST)
    limit, shown = limited(answer.probability, edge), answer.probability
    if limit:  # as it is shown: in whole hundredths
        least = math.ceil(100 * edge - 1e-9) / 100
        shown = least if limit < 0 else 1 - least
    chance, came, low, high = _rounded(shown, found.came, found.low, found.high)
    if limit and limit * (came - chance) >= 0:
        return ""
    if low <= chance <= high:
        return "within" if limit else ""
    return "above" if chance > high else "below"


def wanted(tell: Language, asked: Asked, scale: str = "log") -> str:
    """Return what a target requires of its series, in units of the pace before.

    Parameters
    ----------
    tell : Language
    asked : Asked
    scale : str
        Name of the series' scale.
    """
    bound = "least" if asked.upward else "most"
    if asked.most is not None:
        low, high = (Number(end - 1, 1, signed=True) for end in (asked.ratio, asked.most))
        of = "pace" if abs(asked.pace) >= asked.step else "step"
        return tell("target-wanted-between", low=low, high=high, of=of, scale=scale)
    if abs(asked.pace) >= asked.step:
        # The ratio counts from the pace in its size: of a fall, 1 is the fall kept, 2 a standstill.
        times = asked.ratio if asked.pace >= 0 else 2 - asked.ratio
        before = "rise" if asked.pace >= 0 else "fall"
        if (rises := (times >= 0) == (asked.pace >= 0)) and asked.pace >= 0:
            return tell("target-wanted", bound=bound, ratio=Number(times, 1), scale=scale)
        told = {"ratio": Number(abs(times), 1), "scale": scale}
        size = "most" if asked.upward else "least"  # what is at most -2 is a fall of at least 2
        if rises:
            needed = tell("target-wanted-rise", bound=bound, **told)
        else:
            needed = tell("target-wanted-fall", bound=size, before=before, **told)
        if asked.pace >= 0:
            return needed
        same = tell("target-wanted-same", bound=bound, ratio=Number(asked.ratio, 1, signed=True))
        return sentences(tell, needed, same)
    steps, side = Number(abs(asked.ratio - 1), 1), "above" if asked.ratio >= 1 else "below"
    return tell("target-wanted-steps", bound=bound, steps=steps, side=side, scale=scale)


def floor(tell: Language, answer: Assessment) -> str:
    """Return which past cases set the floor, and how to read a chance at it."""
    if answer.floor is None or answer.paths is None or answer.record.empty:
        return ""
    horizon = pseudo_targets.recorded(answer.record, len(answer.paths.years))
    low = pseudo_targets.improbable(answer.record, horizon)
    if low.asked:
        given = tell(
            "target-floor-given",
            n=Number(low.asked),
            least=share(LOW),
            horizon=horizon,
            came=share(low.came),
            cases=max(round(low.cases), 1),
        )
    else:
        given = tell("target-floor-none", least=share(LOW), horizon=horizon)
    edge = math.ceil(100 * answer.floor - 1e-9)
    return sentences(tell, given, tell("target-floor", edge=edge, top=100 - edge))


def next_year(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return how to read the chance of a target that was set a year ahead or less; else nothing.

    Those who set it know the first months of the year, and what they can still do about it.
    """
    plan = evidence.plans.set_index("plan").loc[answer.target["plan"]]
    source = evidence.source(str(answer.target["source"]))
    when = str(plan["adopted"])[:4] or str(source["published"])[:4]
    own = evidence.target(str(answer.target["plan"]), str(answer.target["target"]))
    if answer.probability is None or not when or int(own["year"]) != answer.year:
        return ""
    if not 0 <= answer.year - int(when) <= 1:
        return ""
    return tell("target-next-year", year=answer.year, when=int(when))


# Charts -------------------------------------------------------------------------------------------

#: Of the axis of bands. The dash of Chinese ranges is as wide as a character: on a telephone the
#: ranges would touch.
BANDS: dict[str, Any] = {
    "labelAngle": 0,
    "labelOverlap": False,
    "ticks": False,
    "labelExpr": "replace(datum.label, '—', '–')",
}


def like_rows(tell: Language, answer: Assessment) -> pd.DataFrame:
    """Return what came true of past questions as far ahead and of the same direction, by band.

    Returns
    -------
    DataFrame
        As of `pseudo_targets.by_band`, with ``band`` (as the axis names it), ``mine`` (whether the
        target's chance lies in it), ``top`` (of the mark) and ``said``; empty where the target has
        no chance or the record no case.
    """
    if answer.probability is None or answer.record.empty or answer.paths is None:
        return pd.DataFrame()
    horizon = pseudo_targets.recorded(answer.record, len(answer.paths.years))
    rows = pseudo_targets.bands(answer.record, horizon, wants_more(answer))
    top = rows["high"].fillna(rows["came"])  # where the label stands
    p = answer.probability
    mine = (rows["lower"] <= p) & ((p < rows["upper"]) | (rows["upper"] == 1.0))
    ends = zip(rows["lower"], rows["upper"], strict=True)
    dash = "–" if tell.lang == "en" else "—"
    return rows.assign(
        band=[f"{100 * low:.0f}{dash}{100 * high:.0f}" for low, high in ends],
        mine=mine,
        top=top,
        said=[
            tell.write(share(came)) if here else ""
            for came, here in zip(rows["came"], mine, strict=True)
        ],
    )


def like_chart(tell: Language, answer: Assessment) -> alt.Chart | None:
    """Draw what came true in each band of chances given, one band being marked."""
    table = like_rows(tell, answer)
    if table.empty:
        return None
    axis = alt.Axis(title=tell("target-came-tip"), format=".0%", values=[0, 0.5, 1], **charts.LEVEL)
    scale = alt.Scale(domain=[0, 1])
    given = alt.Axis(title=tell("target-like-axis"), **BANDS)
    base = alt.Chart(table).encode(
        x=alt.X("band:N", sort=list(table["band"]), axis=given),
        tooltip=[
            alt.Tooltip("band:N", title=tell("target-given-tip")),
            alt.Tooltip("came:Q", title=tell("target-came-tip"), format=".0%"),
            alt.Tooltip("asked:Q", title=tell("target-cases-tip")),
        ],
    )
    colour = alt.ColorValue(LINE, condition={"test": "datum.mine", "value": TARGET})
    layers = [
        base.mark_bar(color=PAST, size=32).encode(
            y=alt.Y("lower:Q", scale=scale, axis=axis), y2=alt.Y2("upper:Q")
        ),
        base.mark_rule(strokeWidth=2).encode(
            y=alt.Y("low:Q", scale=scale, axis=axis), y2=alt.Y2("high:Q"), color=colour
        ),
        base.mark_point(filled=True, opacity=1, size=80).encode(
            y=alt.Y("came:Q", scale=scale, axis=axis),
            color=colour,
            # The marked band is told from the others by its shape as well.
            shape=alt.ShapeValue("circle", condition={"test": "datum.mine", "value": "diamond"}),
        ),
        *charts.halo(
            base.encode(y=alt.Y("top:Q"), text=alt.Text("said:N")), dy=-12, **charts.TARGET_TEXT
        ),
    ]
    bands = [
        fact("target-like-band", band=band, came=share(came), n=int(n))
        for band, came, n in zip(table["band"], table["came"], table["asked"], strict=True)
    ]
    mine = table[table["mine"]]
    title = tell("target-like-title")
    if len(mine):
        row = mine.iloc[0]
        came, n = share(float(row["came"])), int(row["asked"])
        title = tell("target-like-finding", band=row["band"], came=came, n=n)
    return charts.finish(
        alt.layer(*layers),
        title,
        sentences(tell, tell("target-like-alt", bands=Items(bands, long=True)), like(tell, answer)),
        150,
        name="record",
        caption=tell(
            "target-like-caption",
            least=Number(RATIOS[0]),
            most=Number(RATIOS[-1]),
            bound="least" if wants_more(answer) else "most",
        ),
        figures=_like_figures(tell, table),
    )


def _like_figures(tell: Language, table: pd.DataFrame) -> pd.DataFrame:
    ends = {e: charts.head(tell, tell("chart-quantile", quantile=e), "%") for e in ("low", "high")}
    return charts.figures(
        tell,
        {
            tell("target-given-tip"): table["band"],
            tell("target-cases-tip"): [int(n) for n in table["asked"]],
            tell("target-came-percent"): charts.percents(table["came"]),
            **{head: charts.percents(table[end]) for end, head in ends.items()},
        },
    )

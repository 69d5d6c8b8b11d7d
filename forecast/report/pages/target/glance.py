"""A target's page in ten short rows: the questions a reader asks first, each with its answer."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Chance, Items, Percent, Verdict, Years, fact, published
from forecast.report.language import Language, sentences
from forecast.report.pages import shared
from forecast.report.pages.evidence import sources as cited
from forecast.report.pages.expectations import forecaster
from forecast.report.pages.known import last_figure
from forecast.report.pages.target import meaning, milestones, pace
from forecast.report.pages.target import record as past
from forecast.report.pages.target.answer.parts import bound_short
from forecast.report.releases import words
from forecast.report.releases.upcoming import Calendar
from forecast.report.show import anchor, section_id
from forecast.targets import pseudo_targets
from forecast.targets.assessment import Assessment

LEAST_STEP = 0.05  # percent: a smaller step is no assumption worth a line


@dataclass(frozen=True)
class View:
    """What the rows are told from.

    Attributes
    ----------
    tell : Language
    evidence : Evidence
    answer : Assessment
    calendar : Calendar
        When figures come out.
    changed : str
        What became of the chance since the last edition; empty where there is nothing to compare.
    standing : str
        Where simpler methods did better than the one used.
    rivals : sequence of Assessment
        See `forecast.report.pages.expectations.rivals`.
    """

    tell: Language
    evidence: Evidence
    answer: Assessment
    calendar: Calendar
    changed: str = ""
    standing: str = ""
    rivals: Sequence[Assessment] = ()

    @property
    def own(self) -> tuple[str, str]:
        """Region and indicator of the target."""
        row = self.answer.target
        return str(row["region"]), str(row["indicator"])


def chance(view: View) -> str:
    """Return the verdict and the probability, or why there is none."""
    tell, answer = view.tell, view.answer
    p = answer.probability
    if p is None:
        if bound := bound_short(tell, answer):
            return tell("glance-chance-bound", bound=bound)
        return tell("glance-chance-none", status=answer.status)
    state = shared.settled(answer) or answer.status.replace("_", "-")
    return tell(
        "glance-chance-given",
        state=state,
        verdict=Verdict(p, answer.floor, head=True),
        chance=Chance(p, answer.floor),
        year=answer.year,
    )


def evidence_to(view: View) -> str:
    """Return how new the evidence is, and of which years there are figures."""
    tell, answer = view.tell, view.answer
    told = shared.evidence_note(tell, view.evidence, answer)
    if answer.quality is None or not answer.quality.levels:
        return told
    years = Years([answer.dated(year) for year in answer.quality.levels])
    return sentences(tell, told, tell("glance-evidence-years", years=years))


def changed(view: View) -> str:
    """Return what became of the chance since the last edition."""
    return view.changed


def decides(view: View) -> str:
    """Return which publication decides the target."""
    return meaning.decides(view.tell, view.answer, view.calendar)


def track(view: View) -> str:
    """Return the gap to the path that the plan implied, and when the median meets the target."""
    return milestones.brief(view.tell, view.answer)


def takes(view: View) -> str:
    """Return the growth that the target requires beside the growth achieved."""
    if view.answer.required is None:
        return ""
    return sentences(view.tell, *pace.figures(view.tell, view.answer, view.answer.required))


def record(view: View) -> str:
    """Return how past forecasts of such an event came out, and where simpler methods did better."""
    return sentences(view.tell, _record(view), view.standing)


def _record(view: View) -> str:
    tell, answer = view.tell, view.answer
    if answer.probability is None or answer.status == "judgement":
        return ""
    if answer.paths is None or answer.record.empty:
        return tell("glance-record-none")
    horizon = pseudo_targets.recorded(answer.record, len(answer.paths.years))
    asked = pseudo_targets.asked(answer)
    if asked is not None:
        found = pseudo_targets.alike(answer.record, asked)
        if found.asked:
            told = tell(
                "glance-record-like",
                n=found.asked,
                came=shared.share(found.came),
                known=str(not math.isnan(found.low)),
                low=shared.share(found.low),
                high=shared.share(found.high),
                given=shared.share(found.given),
                cases=max(round(found.cases), 1),
            )
            side = "" if math.isnan(found.low) else past.beyond(answer, found)
            if side in ("above", "below"):
                apart = tell("glance-record-apart", side=side, start=past.start(answer))
                return sentences(tell, told, apart)
            return told
    inside = answer.record.loc[answer.record["horizon"] == horizon, "inside"].astype(float)
    return tell(
        "glance-record-intervals",
        n=len(inside),
        horizon=horizon,
        share=shared.share(float(inside.mean())),
    )


def sources(view: View) -> str:
    """Return how many figures the answer has, of which rank, how new, and their grade."""
    tell, newest, known = view.tell, view.answer.newest_own, meaning.listed(view.answer)
    told = cited.counted(tell, view.evidence, known) if len(known) else ""
    told = sentences(tell, told, _last_source(view)) if told else ""
    if view.answer.quality is None or not told:
        return told
    return tell(
        "glance-sources-told",
        figures=sentences(tell, told, cited.second_hand(tell, view.evidence, known)),
        dated=str(bool(newest)),
        newest=published(newest) if newest else "",
        grade=view.answer.quality.grade,
    )


def _last_source(view: View) -> str:
    """Return who published the last known figure; empty where that is not known."""
    figure = last_figure(view.answer)
    name = "" if figure is None else str(view.evidence.source(str(figure["source"]))["publisher"])
    if not name:
        return ""
    return view.tell("glance-sources-last", publisher=view.evidence.publisher(name))


def assumed(view: View) -> str:
    """Return what the answer assumes: prices, basis, the reading of "about", a step, others."""
    tell, evidence, answer = view.tell, view.evidence, view.answer
    key = str(answer.target["indicator"])
    told = []
    if (prices := str(evidence.indicator(key)["prices"])) in ("nominal", "real"):
        told.append(fact("glance-prices", prices=prices))
    if newest := evidence.newest_basis(key):
        told.append(fact("glance-basis", basis=shared.basis(evidence, key, newest)))
    if answer.target["comparison"] == "about":
        told.append(fact("glance-about", tolerance=shared.tolerance(answer)))
    step = answer.by_step
    if step is not None and abs(step.step) >= LEAST_STEP:
        told.append(fact("glance-step", step=Percent(step.step, 1, signed=True)))
    if answer.probability is not None and answer.kind != "level" and answer.status != "judgement":
        told.append(fact(f"glance-assumed-{answer.words}"))
    if answer.bound is not None:
        told.append(fact("glance-assumed-bound"))
    if answer.paths is not None:
        told.append(fact("glance-outside", n=len(answer.paths.expected)))
    text = tell.write(Items(told, long=True))
    return text[:1].upper() + text[1:]


def others(view: View) -> str:
    """Return what forecasts by others bear on the answer, and the targets of other plans."""
    tell, paths, told = view.tell, view.answer.paths, []
    if paths is not None and not paths.expected.empty:
        rows = paths.expected.drop_duplicates(["forecaster"]).to_dict("records")
        names = Items([forecaster(view.evidence, row) for row in rows])
        told.append(tell("glance-others-part", n=len(paths.expected), names=names))
    if view.rivals:
        plans = [
            fact("glance-others-plan", goal=rival.goal, plan=_plan(view, rival))
            for rival in view.rivals
        ]
        told.append(tell("glance-others-plans", plans=Items(plans, long=True)))
    if not told and paths is not None:
        told.append(tell("glance-others-none"))
    return sentences(tell, *told)


def _plan(view: View, rival: Assessment) -> str:
    return view.tell.of(view.evidence.plan(str(rival.target["plan"])), "name")


def next_due(view: View) -> str:
    """Return which figures are overdue, and which is expected next, by when, and from whom."""
    tell, evidence, own = view.tell, view.evidence, view.own
    schedule = view.calendar.of_target(view.answer)
    return sentences(
        tell,
        words.overdue(tell, evidence, schedule, own),
        words.next_due(tell, evidence, schedule.next, own),
    )


#: Row -> its answer. The question is the message ``glance-`` and the name of the row. A row
#: without an answer is left out.
ROWS: dict[str, Callable[[View], str]] = {
    "chance": chance,
    "evidence": evidence_to,
    "changed": changed,
    "next": next_due,
    "decides": decides,
    "track": track,
    "takes": takes,
    "record": record,
    "sources": sources,
    "assumed": assumed,
    "others": others,
}
#: Row -> message of the heading of the section that says more, where the page has it.
SECTIONS = {
    "chance": "target-uncertainty-head",
    "changed": "editions-head",
    "next": "release-head",
    "decides": "release-head",
    "track": "milestones-head",
    "takes": "target-pace-head",
    "record": "target-record-head",
    "sources": "quality-head",
    "assumed": "target-meaning-head",
    "others": "expected-head",
}


def heading(tell: Language) -> str:
    """Return the heading over the table."""
    return tell("glance-head")


def table(view: View) -> pd.DataFrame:
    """Return a row per question that has an answer, the question a link to its section.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    tell, rows = view.tell, []
    for name, row in ROWS.items():
        if answer := row(view):
            question = tell(f"glance-{name}")
            if name in SECTIONS:
                head = tell(SECTIONS[name], sense=pace.sense(view.answer))
                question = anchor(question, f"#{section_id(head)}")
            rows.append((question, html.escape(answer)))
    return pd.DataFrame(rows, columns=[tell("glance-question"), tell("glance-answer")])

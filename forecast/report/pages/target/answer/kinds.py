"""The answer on a target of any kind in a paragraph, what is known of it, and its method."""

from __future__ import annotations

from forecast.facts import Chance, Fact, Points, Verdict
from forecast.report.language import Language, paragraphs, sentences
from forecast.report.pages import known as levels
from forecast.report.pages.shared import reached, settled
from forecast.report.pages.target.answer import judgement
from forecast.report.pages.target.answer import lead as level
from forecast.report.pages.target.answer.parts import bound_brief, bound_lead, bound_method
from forecast.targets.assessment import Assessment

LEAST_ERROR = 0.05  # percentage points: a smaller sampling error rounds to nothing


def lead(tell: Language, answer: Assessment) -> str:
    """Return the first paragraph of a target's page: the answer, and what is known."""
    if answer.status == "judgement":
        why = sentences(tell, known(tell, answer), tell.write(answer.reason or ""))
        return sentences(tell, judgement.lead(tell, answer), why)
    if answer.bound is not None:
        return bound_lead(tell, answer)
    told = known(tell, answer)
    if answer.kind == "level" or (answer.probability is None and not told):
        return level.lead(tell, answer)
    if answer.probability is None:
        head = tell("kind-open", status=answer.status)
        return sentences(tell, head, told, tell.write(answer.reason or ""))
    chance = Chance(answer.probability, answer.floor)
    if outcome := settled(answer):
        return sentences(tell, tell("kind-settled", outcome=outcome), told)
    if answer.status == "already_met":
        head = level.kept_head(tell, answer, answer.probability)
    else:
        verdict = Verdict(answer.probability, answer.floor, head=True)
        head = tell("target-lead", verdict=verdict, chance=chance, thin="False")
    ahead = tell.write(answer.outlook()) if answer.quantiles else ""
    needed = "" if reached(answer) else level.need(tell, answer)
    return sentences(tell, head, told, ahead, needed)


def brief(tell: Language, answer: Assessment) -> str:
    """Return what is known in as few words as a table has room for."""
    told = None if answer.parts.empty else answer.brief()
    if told is not None:
        return tell.write(told)
    return bound_brief(tell, answer) or levels.last_known(tell, answer.history)


def known(tell: Language, answer: Assessment) -> str:
    """Return what is known of the parts of a target that is no yearly level."""
    return sentences(tell, *map(tell.write, answer.told()))


def method(tell: Language, answer: Assessment) -> str:
    """Return heading and text on how the probability of a target that is no level comes about."""
    if answer.bound is not None and answer.status != "judgement":
        return bound_method(tell)
    if answer.probability is None or answer.kind == "level" or answer.status == "judgement":
        return ""
    told = [tell(f"kind-method-{answer.words}")]
    if answer.probability_low is not None and answer.probability_high is not None:
        low, high = (
            Chance(p, answer.floor) for p in (answer.probability_low, answer.probability_high)
        )
        if tell.write(low) != tell.write(high):
            varied: Fact | None = answer.range_of
            told.append(tell("kind-method-range", varied=varied, low=low, high=high))
    error = 100 * (answer.standard_error or 0.0)
    if error >= LEAST_ERROR:
        told.append(tell("kind-method-error", error=Points(error)))
    return paragraphs(tell("target-uncertainty-head"), sentences(tell, *told))

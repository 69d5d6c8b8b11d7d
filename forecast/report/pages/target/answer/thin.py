"""Whether a target's probability rests on thin evidence, and what that evidence is."""

from __future__ import annotations

from typing import TypeGuard

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Years
from forecast.reconciliation.history import History, doubted
from forecast.report.language import Language, sentences
from forecast.report.pages import shared
from forecast.report.pages.target.meaning import related
from forecast.targets.assessment import Assessment, growth
from forecast.targets.quality.components import FEW_LEVELS
from forecast.targets.types.level import LevelAnswer


def is_thin(answer: Assessment) -> TypeGuard[LevelAnswer]:
    """Whether a chance rests on few yearly levels, or on none of the last years."""
    if not isinstance(answer, LevelAnswer) or answer.probability is None or not answer.history:
        return False
    return answer.quality is not None and answer.quality.thin


def thin(tell: Language, evidence: Evidence, answer: Assessment) -> str:
    """Return what the chance rests on where that is little; empty elsewhere.

    The range that is told is the 90 % interval of the path's last year, and the growth that would
    lead from its ends to the target.
    """
    history = answer.history
    quality = answer.quality
    if not is_thin(answer) or history is None or quality is None:
        return ""
    if answer.year <= int(history.years[-1]):
        return ""
    levels = [history.dated(year) for year in quality.levels]
    told = [tell("target-thin-levels", n=len(levels), years=Years(levels))]
    left = sorted(set(doubted(history)).difference(quality.levels))
    doubts = [history.dated(year) for year in left]
    if doubts:
        told.append(tell("target-thin-doubted", n=len(doubts), years=Years(doubts)))
    if quality.behind > 1:
        told.append(tell("target-thin-behind", behind=quality.behind))
    last_of_all = max(history.years[history.known], default=0)
    open_years = [history.dated(year) for year in history.years if year > last_of_all]
    names = related(evidence, history)
    if open_years and names.values:
        told.append(tell("target-thin-relies", years=Years(open_years), series=names))
    if history.origin[-1] != "published":
        told += _range(tell, answer, history)
    elif len(levels) < FEW_LEVELS:
        told.append(tell("target-thin-few"))
    return sentences(tell, *told, tell("target-thin-rough"))


def _range(tell: Language, answer: Assessment, history: History) -> list[str]:
    """Return the interval of the last year, and the growth that its ends require."""
    low, high = (float(end) for end in history.quantiles([0.05, 0.95])[-1])
    last = history.last_year
    told = [
        tell(
            "target-thin-range",
            year=last,
            low=shared.low_end(low, high, answer.unit),
            high=Amount(high, answer.unit),
        )
    ]
    ends = history.quantiles([0.05, 0.95])[-1]
    if answer.criterion.met(ends).all():
        return [*told, tell("target-thin-both")]
    years = answer.year - last
    least, most = sorted(
        growth(history.scale.name, end, answer.criterion.nearest(end), years)
        for end in map(float, ends)
    )
    return [
        *told,
        tell(
            "target-thin-need",
            threshold=answer.wanted,
            year=answer.year,
            least=history.rate(least),
            most=history.rate(most),
        ),
    ]

"""Scenarios as results.json has them: what is assumed, how far it goes, what becomes of targets."""

from __future__ import annotations

import math
from typing import Any

from forecast.scenarios import joint_targets as together
from forecast.scenarios.apply import Outcome
from forecast.scenarios.spec import RefusedError, Scenario, Statement


def scenario_result(
    scenario: Scenario, outcome: Outcome | RefusedError, plan: str
) -> dict[str, Any]:
    """Return one entry of ``scenarios``: what is assumed, how far it goes, what becomes of targets.

    A scenario that had to be refused has the reason, no distance and no targets.
    """
    entry: dict[str, Any] = {
        "plan": plan,
        "scenario": scenario.key,
        "name": scenario.name,
        "name_zh": scenario.name_zh,
        "story": scenario.story,
        "channel": scenario.channel,
        "channel_zh": scenario.channel_zh,
        "status": "applied",
        "reason": "",
        "statements": [_statement(s, None) for s in scenario.statements],
        "distance": None,
        "surprise": None,
        "relative_entropy": None,
        "effective_draws": None,
        "warnings": [],
        "targets": [],
        "at_least": {},
    }
    if isinstance(outcome, RefusedError):
        return entry | {"status": "refused", "reason": str(outcome)}
    reach = outcome.reach
    return entry | {
        "statements": [
            _statement(s, None if math.isnan(apart) else apart)
            for s, apart in zip(scenario.statements, outcome.apart, strict=True)
        ],
        "distance": reach.distance,
        "surprise": reach.surprise,
        "relative_entropy": reach.relative_entropy,
        "effective_draws": reach.effective,
        "warnings": list(reach.warnings),
        "targets": [
            {
                "target": r.goal.name,
                "year": r.goal.assessment.year,
                "unit": r.goal.assessment.unit,
                "reliable_link": outcome.reliable(r.goal),
                "probability": r.probability,
                "probability_draws": r.share,
                "standard_error": r.standard_error,
                "median": r.median,
                "q05": r.low,
                "q95": r.high,
            }
            for r in outcome.results
        ],
        "at_least": {str(k): p for k, p in together.at_least(outcome).items()},
    }


def _statement(s: Statement, apart: float | None) -> dict[str, Any]:
    return {
        "series": s.series,
        "measure": s.measure,
        "of": s.of,
        "years": list(s.span),
        "value": s.value,
        "sd": s.sd,
        "relative": s.relative,
        "bound": s.bound,
        "probability": s.probability,
        "reason": s.reason,
        "source": s.source,
        "distance": apart,
    }

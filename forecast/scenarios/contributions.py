"""What each statement of a scenario does to each target: left out, and alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.scenarios.apply import Outcome, apply
from forecast.scenarios.joint_draws import Joint
from forecast.scenarios.spec import Scenario, ScenarioError


def contributions(outcome: Outcome) -> pd.DataFrame:
    """Rank the statements of a scenario by what each does to each target.

    Columns ``target, statement`` (its number) and, as probabilities, ``with_all, without, alone,
    baseline``; for every target the largest effect first.
    """
    joint, scenario = outcome.joint, outcome.scenario
    everything = {r.goal.name: r.probability for r in outcome.results}
    base = {r.goal.name: r.probability for r in apply(joint, Scenario("Baseline")).results}
    rows = []
    for i, statement in enumerate(scenario.statements):
        less = _results(joint, scenario.without(i))
        alone = _results(joint, Scenario(scenario.name, [statement]))
        rows += [
            (name, i, p, less.get(name, np.nan), alone.get(name, np.nan), base[name])
            for name, p in everything.items()
        ]
    frame = pd.DataFrame(
        rows, columns=["target", "statement", "with_all", "without", "alone", "baseline"]
    )
    effect = (frame["with_all"] - frame["without"]).abs()
    order = frame.assign(effect=-effect).sort_values(["target", "effect"], kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _results(joint: Joint, scenario: Scenario) -> dict[str, float]:
    try:
        return {r.goal.name: r.probability for r in apply(joint, scenario).results}
    except ScenarioError:  # without one of its statements another may be out of reach
        return {}

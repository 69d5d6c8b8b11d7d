"""Several targets at once: all, at least so many, and which stand or fall together.

Joint probabilities are shares of draws, kept within the highest floor of the targets concerned: no
record says more of several targets than of the one of which least is known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.evidence.problems import UserError
from forecast.forecasting.floor import within
from forecast.scenarios.apply import Outcome


def at_least(outcome: Outcome) -> dict[int, float]:
    """Probability that at least k of the targets a path decides are met, for every k from 1."""
    return {k: within(p, outcome.joint.floor) for k, p in shares(outcome).items()}


def shares(outcome: Outcome) -> dict[int, float]:
    """Share of draws in which at least k of the targets a path decides are met, from k = 1."""
    count = outcome.met.sum(axis=1)
    most = outcome.met.shape[1]
    # Weights add up to one, give or take the last digit.
    return {k: min(float(outcome.weights @ (count >= k)), 1.0) for k in range(1, most + 1)}


def pairs(outcome: Outcome) -> pd.DataFrame:
    """Pairs of targets, those first whose fates are tied most.

    Columns ``a, b, both``: the probability of both; ``apart``: what it would be if they had nothing
    to do with each other; ``a_if_b, a_if_not_b, b_if_a, b_if_not_a``; and ``tie``, the correlation
    of the two events. Targets whose share of draws lies beyond their floor are left out: nothing
    can be said of what they go with.
    """
    goals, met, w = outcome.joint.goals, outcome.met, outcome.weights
    share = w @ met
    floors = [max(goal.assessment.floor or 0.0, 0.01) for goal in goals]
    usable = [i for i, least in enumerate(floors) if least <= share[i] <= 1 - least]
    rows = []
    for n, i in enumerate(usable):
        for j in usable[n + 1 :]:
            a, b = share[i], share[j]
            both = float(w @ (met[:, i] & met[:, j]))
            tie = (both - a * b) / np.sqrt(a * (1 - a) * b * (1 - b))
            found = (both, a * b, both / b, (a - both) / (1 - b), both / a, (b - both) / (1 - a))
            least = max(floors[i], floors[j])
            told = [within(float(p), least) for p in found]
            rows.append((goals[i].name, goals[j].name, *told, float(tie)))
    columns = ["a", "b", "both", "apart", "a_if_b", "a_if_not_b", "b_if_a", "b_if_not_a", "tie"]
    frame = pd.DataFrame(rows, columns=columns)
    order = frame["tie"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def independent(outcome: Outcome) -> dict[int, float]:
    """As `at_least`, if the targets had nothing to do with each other: for comparison."""
    count = np.array([1.0])
    for p in outcome.weights @ outcome.met:
        count = np.convolve(count, [1 - p, p])
    return {k: within(float(count[k:].sum()), outcome.joint.floor) for k in range(1, len(count))}


def beside(baseline: Outcome, outcome: Outcome, target: str = "") -> pd.DataFrame:
    """Hold a scenario against the baseline; see `forecast.study.Study.what_if`.

    Raises
    ------
    forecast.evidence.problems.UserError
        For a target that no path decides.
    """
    names = [goal.name for goal in baseline.joint.goals]
    if target and target not in names:
        raise UserError(f"no path decides {target}; there are paths for {', '.join(names)}")
    rows = []
    for before, after in zip(baseline.results, outcome.results, strict=True):
        if target in ("", after.goal.name):
            answer = after.goal.assessment
            rows.append((
                after.goal.name, answer.year, answer.unit, before.probability, after.probability,
                before.median, after.median, answer.floor or 0.0, outcome.reliable(after.goal),
            ))  # fmt: skip
    columns = ["target", "year", "unit", "baseline", "scenario", "median_baseline",
               "median_scenario", "floor", "reliable"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)

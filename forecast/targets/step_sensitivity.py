"""How the probability of a target depends on an unpublished step between statistical bases.

Where no figure stands on the reference basis, the level that a forecast starts from rests on an
estimated step. The draws of the target year are conditioned on values of the step: on the scale of
the models, path and step are jointly Gaussian, and the growth that is forecast does not depend on
the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.reconciliation.history import History

Met = Callable[[FloatArray], np.ndarray]
LEAST_SHARE = 0.1  # of the variance of the last known year that a step must explain to be shown
LEVELS = (0.05, 0.5, 0.95)  # quantiles of the step that the chance is shown for


@dataclass(frozen=True)
class ProbabilityAtStep:
    """The chance at one value of a step."""

    at: str  # ``5 %``, ``50 %``, ``95 %`` (quantiles of the step) or ``no step``
    step: float  # by how much figures on the older basis are changed, in percent
    probability: float


@dataclass(frozen=True)
class StepSensitivity:
    """An estimated step, and the chance at some of its values."""

    basis: str  # the older basis, on which the last published figure stands
    #: Median and 90 % interval of the step, in percent.
    step: float
    low: float
    high: float
    chances: tuple[ProbabilityAtStep, ...]


def deciding_step(history: History) -> int | None:
    """Return which of `History.steps` the last known year rests on most, by its row.

    None where a published figure stands.
    """
    if "published" in history.origin or history.steps.empty:
        return None
    n = len(history.years)
    last = int(np.flatnonzero(history.known)[-1]) if history.known.any() else n - 1
    variance = np.diag(history.step_cov[:, n:])
    share = history.step_cov[:, last] ** 2 / variance / history.cov[last, last]
    largest = int(share.argmax())
    return largest if share[largest] >= LEAST_SHARE else None


def conditioned(history: History, row: int, draws: FloatArray, step: float) -> FloatArray:
    """Condition draws of a later year, in the unit, on the step in a row of `History.steps`.

    The step is the log of the level on the older basis over that on the reference. Draws are moved
    by the regression of the last year on it, and the variance that it accounts for is taken out.
    """
    n = len(history.years)
    variance = float(history.step_cov[row, n + row])
    gain = float(history.step_cov[row, n - 1]) / variance
    values = history.scale.forward(draws)
    middle = float(np.median(values))
    left = max(1 - gain**2 * variance / float(values.var()), 0.0) if values.var() > 0 else 1.0
    moved = middle + gain * (step - float(history.steps["log_step"].iloc[row]))
    return history.scale.inverse(moved + np.sqrt(left) * (values - middle))


def step_sensitivity(
    history: History, draws: FloatArray, met: Met, floor: float
) -> StepSensitivity | None:
    """Return the chance at some values of the step that a target rests on, within the floor.

    The draws are of the target year, in the unit, and `met` says whether they meet it. None where
    the level of the last year does not rest on an estimated step.
    """
    from scipy.special import ndtri

    row = deciding_step(history)
    if row is None:
        return None
    found = history.steps.iloc[row]
    mean, sd = float(found["log_step"]), float(found["sd"])
    # The log step is that of the old over the new: its upper end is the lower one in percent.
    values = {f"{100 * level:g} %": mean - sd * float(ndtri(level)) for level in LEVELS}
    values["no step"] = 0.0
    chances = tuple(
        ProbabilityAtStep(
            at, float(100 * np.expm1(-step)) + 0.0,
            float(np.clip(met(conditioned(history, row, draws, step)).mean(), floor, 1 - floor)),
        )
        for at, step in values.items()
    )  # fmt: skip
    return StepSensitivity(
        str(found["basis"]), float(found["percent"]), float(found["low"]), float(found["high"]),
        chances,
    )  # fmt: skip

"""The scales on which paths are modelled: log for levels, logit for shares, linear for the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

CLOSEST = (
    1e-6  # percentage points that a share stays away from 0 and 100, whose logits are infinite
)


@dataclass(frozen=True)
class Transform:
    """A monotone map from values in an indicator's unit to the scale of the models."""

    name: str  # ``log``, ``logit`` (of a percentage) or ``linear``
    #: Value to scale and back, elementwise.
    forward: Callable[[FloatArray], FloatArray]
    inverse: Callable[[FloatArray], FloatArray]
    #: Derivative of `forward` at a value: turns a small error in the unit into one on the scale.
    slope: Callable[[FloatArray], FloatArray]

    def __reduce__(self) -> tuple[Callable[[str], Transform], tuple[str]]:
        """Pickle by name."""
        return transform, (self.name,)


def _level(log: FloatArray) -> FloatArray:
    return np.exp(np.clip(log, -700.0, 700.0))  # beyond, no number can hold it


def _inside(value: FloatArray) -> FloatArray:
    return np.clip(value, CLOSEST, 100.0 - CLOSEST)


def _logit(value: FloatArray) -> FloatArray:
    return np.log(_inside(value) / (100.0 - _inside(value)))


def _percent(logit: FloatArray) -> FloatArray:
    return 100.0 / (1.0 + np.exp(-np.clip(logit, -500.0, 500.0)))


def _logit_slope(value: FloatArray) -> FloatArray:
    return 100.0 / (_inside(value) * (100.0 - _inside(value)))


TRANSFORMS = {
    "log": Transform("log", np.log, _level, lambda value: 1.0 / value),
    "logit": Transform("logit", _logit, _percent, _logit_slope),
    "linear": Transform("linear", lambda v: v, lambda v: v, lambda v: np.ones_like(v)),
}


def transform(name: str) -> Transform:
    """Look a scale up by its name in ``indicators.csv``."""
    if name not in TRANSFORMS:
        raise ValueError(f"unknown transform {name!r}; known are {', '.join(TRANSFORMS)}")
    return TRANSFORMS[name]

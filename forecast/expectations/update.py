"""Update draws by the expectations of others, with weights learned from their past errors.

An expectation is a noisy observation of a future year. The noise, and its correlation with the
error of the own forecast, follow from the best combination of the two on the record of the IMF
(`forecast.calibration.outside_forecasts`): with prior variance V of the figure, a combination that
takes over the share w of the difference and leaves k^2 V is the update by an observation
y = H g + noise with H = (1 - k^2) / w and noise variance V H^2 k^2 / (1 - k^2). In this form
several expectations enter together, with correlated noise, and draws are moved by the same operator
as by scenarios (`forecast.dependence.conditioning.condition`). Bates & Granger (1969) combine
forecasts by the covariance of their errors; Winkler (1981) gives the Bayesian form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.forecasting.learned_tables import committed_tables

CAP = 3.0  # no difference or error counts as more standard deviations
LEAST_GAIN = 0.02  # an expectation that moves nothing is left out


@dataclass(frozen=True)
class Constants:
    """Constants of the update by lead; the section ``outside`` of ``data/calibration.json``."""

    lead: FloatArray  # shape (n,)
    gain: FloatArray  # shape (n,)
    shift: FloatArray  # shape (n,)
    spread: FloatArray  # shape (n,)
    error: FloatArray  # shape (n,)
    #: Correlations of the errors of one forecaster from year to year, and of two for one year.
    across: float
    between: float
    #: Of yearly changes of prices, log points.
    persistence: float
    price_spread: float

    def at(self, lead: float) -> tuple[float, float, float, float]:
        """Return gain, shift, spread and error at a lead in years; beyond the record its last."""
        gain, shift, spread, error = (
            float(np.interp(lead, self.lead, values))
            for values in (self.gain, self.shift, self.spread, self.error)
        )
        return gain, shift, spread, error


def constants_of(section: Mapping[str, Any]) -> Constants:
    """Read the constants from the section ``outside`` of the committed tables."""
    arrays: list[FloatArray] = [
        np.array(section[name], float) for name in ("lead", "gain", "shift", "spread", "error")
    ]
    lead, gain, shift, spread, error = arrays
    across, between = float(section["across"]), float(section["between"])
    prices: dict[str, float] = section["prices"]
    return Constants(
        lead, gain, shift, spread, error, across, between, prices["persistence"], prices["spread"]
    )


@cache
def committed() -> Constants:
    """Return the constants of the committed tables."""
    return constants_of(committed_tables().outside)


@dataclass(frozen=True)
class Bearing:
    """One expectation as an observation of a state."""

    row: FloatArray  # weights of the state in the figure expected; shape (m,)
    stated: float  # on the scale of the state
    lead: float
    year: int
    forecaster: str = ""
    range: float = 0.0  # standard deviation of the stated range, 0 for a single figure
    factor: float = 1.0  # on the noise, from the record of its kind in these data
    #: Least standard deviation of the own forecast, on the scale of the state, from which its noise
    #: is derived: of a running year the own forecast knows part already, theirs did not.
    usual: float = 0.0


def updated(
    state: FloatArray, bearings: Sequence[Bearing], known: Constants, rng: np.random.Generator
) -> FloatArray:
    """Update draws of a state, shape (n, m), by expectations."""
    from forecast.dependence.conditioning import condition

    rows, values, noise, size, kept = [], [], [], [], []
    for b in bearings:
        figure = state @ b.row
        low, centre, high = np.quantile(figure, [0.16, 0.5, 0.84])
        s, variance = (high - low) / 2, float(np.var(figure))
        gain, shift, k, _ = known.at(b.lead)
        if gain < LEAST_GAIN or variance < 1e-16 or s <= 0:
            continue
        variance = max(variance, b.usual**2)
        h = (1 - k**2) / gain
        apart = s * float(np.clip((b.stated - centre) / s, -CAP, CAP))
        rows.append(h * b.row)
        values.append(h * centre + apart + shift * s / gain)
        noise.append(np.hypot(b.factor * h * k * np.sqrt(variance / (1 - k**2)), b.range))
        size.append(noise[-1] / h)
        kept.append(b)
    if not kept:
        return state
    # Correlated as far as no expectation gets a negative weight: the less sure one of two is taken
    # to be the surer one with further noise.
    alike = np.minimum.outer(size, size) / np.maximum.outer(size, size)
    together = np.array([[_correlation(a, b, known) for b in kept] for a in kept])
    np.fill_diagonal(alike, 1.0)
    root = np.linalg.cholesky(together * alike * np.outer(noise, noise))
    # In units of their joint noise the expectations are independent.
    moved = condition(
        state, np.linalg.solve(root, np.array(rows)), np.linalg.solve(root, np.array(values)),
        1.0, rng, [f"{b.forecaster} on {b.year}" for b in kept], np.inf,
    )  # fmt: skip
    return moved.draws


def _correlation(a: Bearing, b: Bearing, known: Constants) -> float:
    if a is b:
        return 1.0
    same = a.forecaster == b.forecaster and a.year != b.year
    return float(known.across ** abs(a.year - b.year) * (1.0 if same else known.between))

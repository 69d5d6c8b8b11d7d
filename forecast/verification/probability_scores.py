"""Scores of the probabilities of events: Brier score and its parts, log loss, calibration line."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecast.evidence.scales import FloatArray

FEWEST_GROUPS = 5  # with shocks of their own, below which a slope has no confidence interval


@dataclass(frozen=True)
class Reliability:
    """Brier score and its parts, by isotonic recalibration.

    Attributes
    ----------
    brier : float
        ``miscalibration - discrimination + uncertainty``.
    miscalibration, discrimination, uncertainty : float
    probability, frequency : ndarray
        Given probabilities in order, and their recalibrated frequencies.
    """

    brier: float
    miscalibration: float
    discrimination: float
    uncertainty: float
    probability: FloatArray
    frequency: FloatArray


def corp(probability: FloatArray, happened: FloatArray) -> Reliability:
    """Decompose the Brier score (Dimitriadis, Gneiting & Jordan 2021, PNAS 118(8)).

    Parameters
    ----------
    probability, happened : ndarray, shape (n,)
        Probabilities given, and outcomes of 0 or 1.

    Examples
    --------
    >>> r = corp(np.array([0.2, 0.2, 0.8, 0.8]), np.array([0.0, 0.0, 1.0, 1.0]))
    >>> round(r.brier, 3), round(r.miscalibration, 3), round(r.discrimination, 3), r.uncertainty
    (0.04, 0.04, 0.25, 0.25)
    """
    from scipy.optimize import isotonic_regression

    order = np.argsort(probability, kind="stable")
    p, y = probability[order], happened[order].astype(float)
    # Equal probabilities share one frequency.
    _, group, count = np.unique(p, return_inverse=True, return_counts=True)
    mean = np.bincount(group, y) / count
    fitted = isotonic_regression(mean, weights=count.astype(float)).x[group]
    brier = float(((p - y) ** 2).mean())
    recalibrated = float(((fitted - y) ** 2).mean())
    uncertainty = float(y.mean() * (1 - y.mean()))
    return Reliability(
        brier, brier - recalibrated, uncertainty - recalibrated, uncertainty, p, fitted
    )


def log_loss(probability: FloatArray, happened: FloatArray) -> float:
    """Mean minus log probability of the outcomes.

    Parameters
    ----------
    probability, happened : ndarray, shape (n,)
        Probabilities given, and outcomes of 0 or 1.
    """
    p = np.clip(probability, 1e-6, 1 - 1e-6)
    return float(-(happened * np.log(p) + (1 - happened) * np.log(1 - p)).mean())


@dataclass(frozen=True)
class CalibrationLine:
    """Logistic regression of outcomes on the log odds of the probabilities given to them."""

    intercept: float  # 0 when the probabilities are calibrated
    #: 1 when they are. Outcomes that the odds separate without error have no finite slope; the one
    #: found is large.
    slope: float
    #: Confidence interval of the slope; NaN where no groups, or too few of them, were given.
    low: float
    high: float


def calibration_line(
    probability: FloatArray,
    happened: FloatArray,
    group: npt.NDArray[np.int64] | None = None,
    level: float = 0.9,
) -> CalibrationLine:
    """Fit the calibration line of probabilities (Cox 1958).

    The interval is that of the sandwich estimator by groups, with quantiles of Student's t
    (Cameron & Miller 2015, Journal of Human Resources 50(2)).

    Parameters
    ----------
    probability, happened : ndarray, shape (n,)
        Probabilities, and outcomes of 0 or 1.
    group : ndarray of int, shape (n,), optional
        Cases of one group share shocks.
    level : float
        Of the confidence interval.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    p = np.clip(probability, 1e-4, 1 - 1e-4)
    x = np.column_stack([np.ones(len(p)), np.log(p / (1 - p))])
    low = high = float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of perfect separation
        model = GLM(happened, x, family=Binomial())
        if group is None or len(np.unique(group)) < FEWEST_GROUPS:
            fit = model.fit()
        else:
            fit = model.fit(cov_type="cluster", cov_kwds={"groups": group}, use_t=True)
            low, high = fit.conf_int(1 - level)[1]
    intercept, slope = fit.params
    return CalibrationLine(float(intercept), float(slope), float(low), float(high))

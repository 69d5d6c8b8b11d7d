"""ARIMA with one difference: growth that may be autocorrelated, with or without a mean.

Twenty years cannot identify the order, so none is picked: each gets draws in proportion to its
Akaike weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.forecasting.models import _state_space
from forecast.forecasting.models._draws import (
    Fitted,
    mean_step,
    on_unit_scale,
    parameters,
    quiet,
    random_walk,
    to_unit_scale,
    weights_of,
)

NAME = "arima"
LABEL = "ARIMA"
SOURCE = (
    "Box, G. E. P. & Jenkins, G. M. (1970). Time Series Analysis: Forecasting and Control; "
    "Hurvich, C. M. & Tsai, C.-L. (1989). Regression and time series model selection in small "
    "samples. Biometrika 76(2); Burnham, K. P. & Anderson, D. R. (2002). Model Selection and "
    "Multimodel Inference, 2nd ed."
)
MIN_YEARS = 8

ORDERS = ((1, 0), (2, 0), (0, 1), (1, 1))  # autoregressive and moving-average terms of growth
LEAST_WEIGHT = 0.01  # orders below get no draws
LARGEST_ROOT = 0.97  # beyond, a fit is one difference too many or too few
PARAMETER_DRAWS = 40


@dataclass(frozen=True)
class _Fit:
    """One fitted order; without a model it is the random walk (no growth terms)."""

    drift: bool
    score: float  # AICc
    freedom: int
    order: tuple[int, int] = (0, 0)
    model: Any = None
    params: FloatArray | None = None


@on_unit_scale(MIN_YEARS, LABEL)
def simulate(
    path: FloatArray,
    horizon: int,
    draws: int,
    rng: np.random.Generator,
    *,
    orders: Sequence[tuple[int, int]] = ORDERS,
) -> FloatArray:
    """Draw from a mixture of ARIMA(p,1,q), p to 2 and q to 1, with and without drift.

    Orders are fitted by maximum likelihood (statsmodels' ``SARIMAX`` on the steps) and weighted by
    exp(-AICc / 2). Parameters of each are drawn from their asymptotic normal distribution, in the
    space where every point is stationary, and reweighted by their likelihood; the variance is drawn
    as in a regression with as many coefficients. Fits that fail, do not converge or lie next to a
    unit root drop out; the random walks never do.
    """
    with quiet():
        fits, weights = _weighed(np.diff(path), orders)
        order = rng.choice(len(fits), size=draws, p=weights)
        future = np.empty((draws, horizon))
        for number, fit in enumerate(fits):
            rows = np.flatnonzero(order == number)
            if len(rows):
                future[rows] = _draw(fit, path, horizon, len(rows), rng)
    return future


def _weighed(steps: FloatArray, orders: Sequence[tuple[int, int]]) -> tuple[list[_Fit], FloatArray]:
    """Fit all orders to the steps, leaving out what cannot be trusted, and weigh them."""
    fits = []
    for drift in (False, True):
        squares = float(((steps - steps.mean() * drift) ** 2).mean())
        likelihood = -len(steps) / 2 * (np.log(2 * np.pi * squares) + 1)
        fits.append(_Fit(drift, _aicc(likelihood, drift + 1, len(steps)), len(steps) - drift))
    fits += [
        fit for order in orders for drift in (False, True) if (fit := _fit(steps, order, drift))
    ]
    weights = weights_of(-np.array([fit.score for fit in fits]) / 2)
    weights[weights < LEAST_WEIGHT] = 0
    return fits, weights / weights.sum()


def fitted(path: FloatArray, *, orders: Sequence[tuple[int, int]] = ORDERS) -> Fitted:
    """Return the weights of the orders and the coefficients of the one with the largest.

    Residuals are of that order.
    """
    unit, spread = to_unit_scale(path, MIN_YEARS, LABEL)
    steps = np.diff(unit)
    with quiet():
        fits, weights = _weighed(steps, orders)
        shares = {f"weight of {_name(f)}": [float(w)] for f, w in zip(fits, weights, strict=True)}
        best = fits[int(np.argmax(weights))]
        if best.model is None:
            residuals = steps - steps.mean() * best.drift
            table = mean_step(spread * steps) if best.drift else parameters({})
            return Fitted(pd.concat([parameters(shares), table]), spread * residuals)
        found = best.model.smooth(best.params)
    ends = np.asarray(found.conf_int(alpha=0.1), float)
    values = np.column_stack([np.asarray(found.params, float), ends])
    values[[name == "intercept" for name in best.model.param_names]] *= spread
    names = (f"{name} of {_name(best)}" for name in best.model.param_names)
    own: dict[str, Sequence[float]] = dict(zip(names, values.tolist(), strict=True))
    own["sd of an error"] = [spread * float(np.sqrt(found.scale))]
    residuals = spread * np.asarray(found.forecasts_error[0], float)
    return Fitted(parameters(shares | own), residuals)


def _name(fit: _Fit) -> str:
    p, q = fit.order
    return f"ARIMA({p},1,{q})" + (" with drift" if fit.drift else "")


def _aicc(log_likelihood: float, parameters: int, count: int) -> float:
    """Akaike's criterion for small samples (variance counted among the parameters)."""
    correction = 2 * parameters * (parameters + 1) / (count - parameters - 1)
    return 2 * parameters - 2 * log_likelihood + correction


def _fit(steps: FloatArray, order: tuple[int, int], drift: bool) -> _Fit | None:
    """Fit one order; None if the fit failed or is not to be trusted."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    coefficients = sum(order) + drift
    if len(steps) - coefficients - 2 <= 0:
        return None
    model = SARIMAX(
        steps, order=(order[0], 0, order[1]), trend="c" if drift else "n", concentrate_scale=True
    )
    try:
        result = model.fit(disp=0, cov_type="none", maxiter=100)
    except (ValueError, np.linalg.LinAlgError):
        return None
    roots = np.concatenate([result.arroots, result.maroots])
    if not (
        np.isfinite(result.llf)
        and result.mle_retvals["converged"]
        and np.abs(roots).min() > 1 / LARGEST_ROOT
    ):
        return None
    score = _aicc(result.llf, coefficients + 1, len(steps))
    return _Fit(drift, score, len(steps) - coefficients, order, model, np.asarray(result.params))


def _draw(
    fit: _Fit, unit: FloatArray, horizon: int, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Draw the future of one order, starting at zero."""
    if fit.model is None or fit.params is None:
        return random_walk(unit, horizon, draws, rng, drift=fit.drift)
    try:
        filtered, weights = _around_best(fit, min(PARAMETER_DRAWS, draws), rng)
    except np.linalg.LinAlgError:  # too close to a unit root for the filter to start
        return random_walk(unit, horizon, draws, rng, drift=fit.drift)
    which = rng.choice(len(filtered), size=draws, p=weights)
    # The filter uses the maximum likelihood variance, a sum of squares over all steps.
    scale = np.sqrt((len(unit) - 1) / rng.chisquare(fit.freedom, draws))
    future = _state_space.ahead(filtered, which, scale, horizon, rng).cumsum(axis=1)
    if not np.isfinite(future).all():
        return random_walk(unit, horizon, draws, rng, drift=fit.drift)
    return future


def _around_best(fit: _Fit, count: int, rng: np.random.Generator) -> tuple[list[Any], FloatArray]:
    """Filter the steps at parameters drawn around the best ones, with importance weights."""
    model = fit.model
    best = np.asarray(model.untransform_params(fit.params), dtype=float)
    normal = rng.standard_normal((count, len(best)))
    normal[0] = 0  # the best parameters are one of the draws
    try:
        information = -_hessian(lambda point: float(model.loglike(point, transformed=False)), best)
        root = np.linalg.inv(np.linalg.cholesky(information))
    except np.linalg.LinAlgError:  # flat, or no maximum: keep to the best
        root, normal = np.zeros((len(best), len(best))), normal[:1]
    points = best + normal @ root
    filtered = [model.filter(point, transformed=False, return_ssm=True) for point in points]
    likelihood = np.array([result.llf for result in filtered])
    return filtered, weights_of(likelihood + (normal**2).sum(axis=1) / 2)


def _hessian(function: Callable[[FloatArray], float], at: FloatArray) -> FloatArray:
    """Second derivatives by central differences.

    statsmodels' own are by complex steps, which the map to stationary parameters does not survive.
    """
    size = len(at)
    steps = 1e-3 * np.eye(size)
    hessian = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            both, across = steps[i] + steps[j], steps[i] - steps[j]
            change = function(at + both) + function(at - both)
            change -= function(at + across) + function(at - across)
            hessian[i, j] = hessian[j, i] = change / 4e-6
    return hessian

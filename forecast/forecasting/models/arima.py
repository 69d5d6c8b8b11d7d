"""ARIMA with one difference: growth that may be autocorrelated, with or without a mean.

Twenty years cannot identify the order, so none is picked: each gets draws in proportion to its
Akaike weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
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
    whitened,
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
STEP = 1e-5  # of the differences that stand for the slope of the likelihood


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

    Orders are fitted by maximum likelihood, from the start that statsmodels' ``SARIMAX`` takes, and
    weighted by exp(-AICc / 2). Parameters of each are drawn from their asymptotic normal
    distribution, in the space where every point is stationary, and reweighted by their likelihood;
    the variance is drawn as in a regression with as many coefficients. Fits that fail, do not
    converge or lie next to a unit root drop out; the random walks never do.
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
    from scipy.optimize import fmin_l_bfgs_b
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    coefficients = sum(order) + drift
    if len(steps) - coefficients - 2 <= 0:
        return None
    model = SARIMAX(
        steps, order=(order[0], 0, order[1]), trend="c" if drift else "n", concentrate_scale=True
    )
    try:
        best, score, told = fmin_l_bfgs_b(
            partial(_slope, steps, order), model.untransform_params(model.start_params), maxiter=100
        )
    except (ValueError, np.linalg.LinAlgError):
        return None
    params = np.asarray(model.transform_params(best), float)
    ar, ma = params[drift : drift + order[0]], params[drift + order[0] :]
    roots = np.concatenate([np.roots(np.r_[1, -ar]), np.roots(np.r_[1, ma])])
    if not (np.isfinite(score) and told["warnflag"] == 0 and np.abs(roots).max() < LARGEST_ROOT):
        return None
    score = _aicc(-score * len(steps), coefficients + 1, len(steps))
    return _Fit(drift, score, len(steps) - coefficients, order, model, params)


def _slope(steps: FloatArray, order: tuple[int, int], at: FloatArray) -> tuple[float, FloatArray]:
    """Return minus the mean log likelihood and its slope, by differences as statsmodels takes."""
    points = np.vstack([at, at + STEP * np.eye(len(at))])
    value = -_log_likelihood(steps, order, points) / len(steps)
    return float(value[0]), (value[1:] - value[0]) / (np.diagonal(points[1:]) - at)


def _log_likelihood(steps: FloatArray, order: tuple[int, int], points: FloatArray) -> FloatArray:
    """Return the log likelihood at parameters as the optimizer sees them, shape (n_points,).

    That of ``SARIMAX``, the variance at its best, for many points at once: a Gaussian with the
    autocovariances of the process (Hamilton 1994, chapter 3 and section 13.1).

    Parameters
    ----------
    steps : ndarray, shape (n,)
    order : (int, int)
    points : ndarray, shape (n_points, n_parameters)
        Without bounds: the intercept, if there is one, autoregressive and moving-average terms.
    """
    process, n = _process(order, points), len(steps)
    transition, state = process.transition, process.cov[:, :, :1]
    lags = np.empty((len(points), n))
    for lag in range(n):
        lags[:, lag] = state[:, 0, 0]
        state = transition @ state
    year = np.arange(n)
    squares, volume = whitened(
        lags[:, np.abs(np.subtract.outer(year, year))], steps - process.mean[:, :1]
    )
    return _concentrated(squares, volume, n)


def _concentrated(squares: FloatArray, volume: FloatArray, n: int) -> FloatArray:
    """Return the log likelihood of n steps, the variance at its best."""
    return -n / 2 * (np.log(2 * np.pi * squares / n) + 1) - volume / 2


def _process(order: tuple[int, int], points: FloatArray) -> _state_space.Systems:
    """Return processes of unit variance, as known before any step, at points as above."""
    p, q = order
    first, count = points.shape[1] - p - q, len(points)
    ar, ma = -_bounded(points[:, first : first + p]), _bounded(points[:, first + p :])
    size = max(p, q + 1)
    transition, shock = np.zeros((count, size, size)), np.zeros((count, size))
    transition[:, :p, 0], transition[:, :-1, 1:] = ar, np.eye(size - 1)
    shock[:, 0], shock[:, 1 : q + 1] = 1.0, ma
    twice = (transition[:, :, None, :, None] * transition[:, None, :, None, :]).reshape(
        count, size**2, size**2
    )
    shocks = shock[:, :, None] * shock[:, None, :]
    both = shocks.reshape(count, -1, 1)
    cov = np.asarray(np.linalg.solve(np.eye(size**2) - twice, both), np.float64)
    intercept, mean = np.zeros((count, size)), np.zeros((count, size))
    if first:  # the value is where the intercept leaves it in the long run, and the rest follows
        intercept[:, 0] = points[:, 0]
        mean[:, 0] = points[:, 0] / (1 - ar.sum(axis=1))
        for i in range(1, size):
            mean[:, i] = ar[:, i:].sum(axis=1) * mean[:, 0]
    return _state_space.Systems(
        transition, intercept, shocks, np.zeros(count), mean, cov.reshape(shocks.shape)
    )


def _bounded(free: FloatArray) -> FloatArray:
    """Return coefficients of stationary processes, their signs changed (Monahan 1984)."""
    ratio = free / np.sqrt(1 + free**2)
    found = ratio[:, :0]
    for k in range(free.shape[1]):
        own = ratio[:, [k]]
        found = np.hstack([found + own * found[:, ::-1], own])
    return found


def _draw(
    fit: _Fit, unit: FloatArray, horizon: int, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Draw the future of one order, starting at zero."""
    if fit.model is None or fit.params is None:
        return random_walk(unit, horizon, draws, rng, drift=fit.drift)
    try:
        systems, weights = _around_best(fit, min(PARAMETER_DRAWS, draws), rng)
    except np.linalg.LinAlgError:  # too close to a unit root for the filter to start
        return random_walk(unit, horizon, draws, rng, drift=fit.drift)
    which = rng.choice(len(weights), size=draws, p=weights)
    # The filter uses the maximum likelihood variance, a sum of squares over all steps.
    scale = np.sqrt((len(unit) - 1) / rng.chisquare(fit.freedom, draws))
    future = _state_space.ahead(systems, which, scale, horizon, rng).cumsum(axis=1)
    if not np.isfinite(future).all():
        return random_walk(unit, horizon, draws, rng, drift=fit.drift)
    return future


def _around_best(
    fit: _Fit, count: int, rng: np.random.Generator
) -> tuple[_state_space.Systems, FloatArray]:
    """Filter the steps at parameters drawn around the best ones, with importance weights."""
    model, steps = fit.model, np.ravel(fit.model.endog)
    best = np.asarray(model.untransform_params(fit.params), dtype=float)
    normal = rng.standard_normal((count, len(best)))
    normal[0] = 0  # the best parameters are one of the draws
    try:
        information = -_hessian(partial(_log_likelihood, steps, fit.order), best)
        root = np.linalg.inv(np.linalg.cholesky(information))
    except np.linalg.LinAlgError:  # flat, or no maximum: keep to the best
        root, normal = np.zeros((len(best), len(best))), normal[:1]
    points = best + normal @ root
    systems, squares, volume = _state_space.filtered(_process(fit.order, points), steps)
    likelihood = _concentrated(squares, volume, len(steps))
    weights = weights_of(likelihood + (normal**2).sum(axis=1) / 2)
    return systems.scaled(squares / len(steps)), weights


def _hessian(function: Callable[[FloatArray], FloatArray], at: FloatArray) -> FloatArray:
    """Second derivatives by central differences, of a function of many points.

    statsmodels' own are by complex steps, which the map to stationary parameters does not survive.
    """
    i, j = np.tril_indices(len(at))
    steps = 1e-3 * np.eye(len(at))
    both, across = steps[i] + steps[j], steps[i] - steps[j]
    value = function(at + np.concatenate([both, -both, across, -across]))
    signs = np.array([1.0, 1.0, -1.0, -1.0])
    hessian = np.empty((len(at), len(at)))
    hessian[i, j] = hessian[j, i] = signs @ value.reshape(4, -1) / 4e-6
    return hessian

"""Draws of the future from linear Gaussian state-space models that statsmodels has filtered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from forecast.evidence.scales import FloatArray


def ahead(
    filtered: Sequence[Any],
    which: npt.NDArray[np.intp],
    scale: FloatArray,
    horizon: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw the next values, each draw with its own parameters.

    statsmodels simulates one parameter vector at a time, which is slow; here all draws advance
    together.

    Parameters
    ----------
    filtered : sequence of statsmodels FilterResults
        One per parameter vector, from ``model.filter(params, return_ssm=True)``.
    which : ndarray of int, shape (draws,)
        The parameter vector of each draw.
    scale : ndarray, shape (draws,)
        Factor on all standard deviations of a draw (1 = as filtered).
    horizon : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (draws, horizon)
    """

    def last(name: str) -> FloatArray:
        """Stack the matrices that hold after the last year."""
        stack = [np.asarray(getattr(result, name), dtype=float)[..., -1] for result in filtered]
        return np.stack(stack)

    selection = last("selection")
    shock_root = _root(selection @ last("state_cov") @ selection.swapaxes(1, 2))[which]
    transition, intercept = last("transition")[which], last("state_intercept")[which]
    design, constant = last("design")[which, 0], last("obs_intercept")[which, 0]
    noise = scale * np.sqrt(last("obs_cov")[which, 0, 0])
    start = last("predicted_state")[which]
    start_root = _root(last("predicted_state_cov"))[which]
    draws, size = start.shape

    def normal(root: FloatArray) -> FloatArray:
        shocks: FloatArray = np.einsum("dij,dj->di", root, rng.standard_normal((draws, size)))
        return scale[:, None] * shocks

    state = start + normal(start_root)
    future = np.empty((draws, horizon))
    for year in range(horizon):
        observed = constant + np.einsum("di,di->d", design, state)
        future[:, year] = observed + noise * rng.standard_normal(draws)
        state = intercept + np.einsum("dij,dj->di", transition, state) + normal(shock_root)
    return future


def _root(covariance: FloatArray) -> FloatArray:
    """Square roots of a stack of covariances, singular ones too."""
    values, vectors = np.linalg.eigh(covariance)
    root: FloatArray = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    return root

"""Linear Gaussian state-space models, many parameter vectors at once: the filter, and draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from forecast.evidence.scales import FloatArray


@dataclass(frozen=True)
class Systems:
    """Models that differ in their parameters, one in each row, and what is known of their states.

    The first unknown of a state is the value itself.
    """

    transition: FloatArray  # shape (k, size, size)
    intercept: FloatArray  # shape (k, size), added to the state in every year
    shocks: FloatArray  # shape (k, size, size), covariance of what moves the state
    noise: FloatArray  # shape (k,), variance of an observation around the first unknown
    mean: FloatArray  # shape (k, size), of the state in the next year
    cov: FloatArray  # shape (k, size, size)

    def scaled(self, factor: FloatArray) -> Systems:
        """Return the systems with all variances times a factor each, shape (k,)."""
        every = factor[:, None, None]
        return replace(
            self, shocks=self.shocks * every, noise=self.noise * factor, cov=self.cov * every
        )


def filtered(systems: Systems, path: FloatArray) -> tuple[Systems, FloatArray, FloatArray]:
    """Take in the values of a path, by the Kalman filter.

    Returns
    -------
    systems : Systems
        What is known of the state after the path.
    squares, volume : ndarray, shape (k,)
        Sums of the squared errors one year ahead, in their variances, and of the logs of these.
    """
    mean, cov = systems.mean, systems.cov
    squares, volume = np.zeros(len(mean)), np.zeros(len(mean))
    for value in path:
        error, variance = value - mean[:, 0], cov[:, 0, 0] + systems.noise
        squares, volume = squares + error**2 / variance, volume + np.log(variance)
        gain = cov[:, :, 0] / variance[:, None]
        mean = mean + gain * error[:, None]
        cov = cov - gain[:, :, None] * cov[:, None, 0, :]
        mean = systems.intercept + (systems.transition @ mean[:, :, None])[:, :, 0]
        cov = systems.transition @ cov @ systems.transition.swapaxes(1, 2) + systems.shocks
    return replace(systems, mean=mean, cov=cov), squares, volume


def ahead(
    systems: Systems,
    which: npt.NDArray[np.intp],
    scale: FloatArray,
    horizon: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw the next values, each draw with its own parameters.

    Parameters
    ----------
    systems : Systems
    which : ndarray of int, shape (draws,)
        The system of each draw.
    scale : ndarray, shape (draws,)
        Factor on all standard deviations of a draw.
    horizon : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (draws, horizon)
    """
    shock_root, start_root = _root(systems.shocks)[which], _root(systems.cov)[which]
    transition, intercept = systems.transition[which], systems.intercept[which]
    noise, start = scale * np.sqrt(systems.noise[which]), systems.mean[which]
    draws, size = start.shape

    def normal(root: FloatArray) -> FloatArray:
        shocks: FloatArray = np.einsum("dij,dj->di", root, rng.standard_normal((draws, size)))
        return scale[:, None] * shocks

    state = start + normal(start_root)
    future = np.empty((draws, horizon))
    for year in range(horizon):
        future[:, year] = state[:, 0] + noise * rng.standard_normal(draws)
        state = intercept + np.einsum("dij,dj->di", transition, state) + normal(shock_root)
    return future


def _root(covariance: FloatArray) -> FloatArray:
    """Square roots of a stack of covariances, singular ones too."""
    values, vectors = np.linalg.eigh(covariance)
    root: FloatArray = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    return root

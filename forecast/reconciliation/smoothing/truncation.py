"""A Gaussian path under lower and upper bounds: exact draws, moments and quantiles.

The density of a Gaussian times that of an exponential excess over a limit is a shifted Gaussian,
hence the posterior stays a truncated one. Truncated functions are drawn one after the other, and
accepted with the probability that makes the draws exact (Botev 2017). Each is shifted for its own
excess when it is drawn: shifted together, those of which a narrow excess is stated would leave the
others so far out that no proposal comes near them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.reconciliation.smoothing.normals import (
    between,
    even_points,
    gauss_points,
    mixture_quantiles,
)

ATTEMPTS = 400  # rounds of proposals before draws are reweighted instead


@dataclass(frozen=True, eq=False)
class Bounds:
    """Linear functions of the unknowns that are bounded, and how the path depends on them.

    Attributes
    ----------
    low, high : ndarray, shape (k,)
        Limits of the functions; infinite where there is none.
    pull : ndarray, shape (k,)
        Derivative of the log density of the usual excess over the limits.
    center, spread : ndarray, shapes (k,) and (k, k)
        Mean and covariance of the functions, limits and excess left out.
    mean, gain : ndarray, shapes (n,) and (n, k)
        Mean of the path, limits and excess left out, and its regression on the functions.
    rest : ndarray, shape (n, n)
        Covariance of the path given the functions.
    """

    low: FloatArray
    high: FloatArray
    pull: FloatArray
    center: FloatArray
    spread: FloatArray
    mean: FloatArray
    gain: FloatArray
    rest: FloatArray

    @classmethod
    def of(
        cls,
        mean: FloatArray,
        cov: FloatArray,
        h: FloatArray,
        low: FloatArray,
        high: FloatArray,
        pull: FloatArray | None = None,
    ) -> Bounds:
        """Bound the functions `h` of Gaussian unknowns.

        Parameters
        ----------
        mean, cov : ndarray, shapes (size,) and (size, size)
        h : ndarray, shape (k, size)
        low, high : ndarray, shape (k,)
        pull : ndarray, shape (k,), optional
            None if not given.
        """
        pull = np.zeros(len(h)) if pull is None else pull
        order = _order(h @ mean, h @ cov @ h.T, low, high, pull)
        h, low, high, pull = h[order], low[order], high[order], pull[order]
        with_path = cov @ h.T
        spread = h @ with_path
        spread = spread + 1e-13 * np.diag(np.diag(spread))  # some may depend on others
        gain = np.asarray(np.linalg.solve(spread, with_path.T).T, np.float64)
        rest = cov - gain @ with_path.T
        return cls(low, high, pull, h @ mean, spread, mean, gain, (rest + rest.T) / 2)

    def part(self, years: slice) -> Bounds:
        """Return the same bounds, with part of the path."""
        return replace(
            self, mean=self.mean[years], gain=self.gain[years], rest=self.rest[years, years]
        )

    def moved(self, scale: FloatArray, shift: FloatArray) -> Bounds:
        """Return the bounds of a path whose years are scaled around their means, and shifted.

        Parameters
        ----------
        scale, shift : ndarray, shape (n,)
            Factor of every year's standard deviation, and by how much its mean moves.
        """
        functions, weight = self._nodes()
        gain = self.gain * scale[:, None]
        off = (self.gain - gain) @ (weight @ functions - self.center)
        rest = self.rest * np.outer(scale, scale)
        return replace(self, mean=self.mean + off + shift, gain=gain, rest=rest)

    # Draws ----------------------------------------------------------------------------------------

    def draws(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Sample paths that keep to the bounds, shape (n, n_years)."""
        functions = self._functions(n, rng)
        around = rng.standard_normal((n, len(self.mean))) @ root(self.rest).T
        return self.mean + (functions - self.center) @ self.gain.T + around

    def _functions(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Sample the bounded functions, shape (n, k)."""
        from scipy.special import softmax

        tilt, highest = self._tilt()
        kept, have = [], 0
        for _ in range(ATTEMPTS):
            proposed, weight = self._proposals(rng.random((n, len(self.center))), tilt)
            accepted = proposed[np.log(1 - rng.random(n)) <= weight - highest]
            kept.append(accepted)
            have += len(accepted)
            if have >= n:
                return np.concatenate(kept)[:n]
        # Too rare for exact draws: weight the proposals.
        return proposed[rng.choice(n, n, p=softmax(weight))]

    def _proposals(
        self, uniform: FloatArray, tilt: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Draw each function between its limits, given those before it.

        From uniform numbers, shape (m, k), with the standard normals behind the functions shifted
        by the tilt, shape (k,), besides the shift for the excess. The functions, shape (m, k), come
        with the logs of their densities over those of the proposal, shape (m,), up to a constant
        where an excess is stated.
        """
        k = len(self.center)
        lower = np.linalg.cholesky(self.spread)
        tilt = np.zeros(k) if tilt is None else tilt
        z = np.zeros(uniform.shape)
        weight = np.zeros(len(uniform))
        for i in range(k):
            moved = z[:, :i] @ lower[i, :i]
            before = self.center[i] + moved
            a, b = (self.low[i] - before) / lower[i, i], (self.high[i] - before) / lower[i, i]
            shift = tilt[i] + self.pull[i] * lower[i, i]
            shifted, log_mass = between(uniform[:, i], a - shift, b - shift)
            z[:, i] = shifted + shift
            weight += log_mass + shift**2 / 2 + self.pull[i] * moved - tilt[i] * z[:, i]
        return self.center + z @ lower.T, weight

    def _tilt(self) -> tuple[FloatArray, float]:
        """Return the shift of the proposals that is accepted most, and the highest log weight.

        Minimax tilting (Botev 2017): the saddle point of the log weight.
        """
        from scipy.optimize import root as zero

        k = len(self.center)
        lower = np.linalg.cholesky(self.spread)
        scale = np.diag(lower)
        slope = lower / scale[:, None] - np.eye(k)
        low, high = (self.low - self.center) / scale, (self.high - self.center) / scale
        pull = self.pull * scale

        def at(unknown: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
            x, tilt = np.r_[unknown[: k - 1], 0.0], np.r_[unknown[k - 1 :], 0.0]
            shift = slope @ x + tilt + pull
            a, b = low - shift, high - shift
            log_mass = between(np.full(k, 0.5), a, b)[1]
            ends = [np.exp(-np.square(end) / 2 - log_mass) / np.sqrt(2 * np.pi) for end in (a, b)]
            return x, tilt, ends[0] - ends[1], log_mass

        def gradient(unknown: FloatArray) -> FloatArray:
            x, tilt, mean, _ = at(unknown)
            ends = (slope.T @ (mean + pull) - tilt)[: k - 1], (tilt + pull - x + mean)[: k - 1]
            return np.asarray(np.concatenate(ends), np.float64)

        start = np.zeros(2 * (k - 1))
        for i in range(k - 1):  # every function where those before it leave it, without a tilt
            shift = slope[i, :i] @ start[:i] + pull[i]
            middle = between(np.array([0.5]), low[[i]] - shift, high[[i]] - shift)[0]
            start[i] = middle[0] + pull[i]
        solution = zero(gradient, start) if k > 1 else None
        unknown = solution.x if solution is not None and solution.success else start
        x, tilt, _, log_mass = at(unknown)
        if solution is not None and not solution.success:
            weight = self._proposals(even_points(k))[1]
            return np.zeros(k), float(weight.max())
        shift = tilt + pull
        return tilt, float(log_mass.sum() + shift @ shift / 2 + pull @ slope @ x - tilt @ x)

    # Moments and quantiles ------------------------------------------------------------------------

    def _nodes(self) -> tuple[FloatArray, FloatArray]:
        """Return points and weights that stand for the bounded functions: (m, k) and (m,)."""
        from scipy.special import softmax

        k = len(self.center)
        if k == 1:
            points, weights = gauss_points()
            return self._proposals((points[:, None] + 1) / 2)[0], weights / 2
        functions, weight = self._proposals(even_points(k), self._tilt()[0])
        return functions, softmax(weight)

    def probability(self) -> float:
        """Return the probability of the limits where no excess is stated."""
        tilt, _ = self._tilt()
        return float(np.exp(self._proposals(even_points(len(self.center)), tilt)[1]).mean())

    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Return mean and covariance of the path under the bounds."""
        return self._moments(*self._nodes())

    def _moments(self, functions: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
        center = weight @ functions
        off = functions - center
        spread = (off * weight[:, None]).T @ off
        mean = self.mean + self.gain @ (center - self.center)
        cov = self.rest + self.gain @ spread @ self.gain.T
        return mean, (cov + cov.T) / 2

    def quantiles(self, levels: Sequence[float]) -> FloatArray:
        """Return quantiles of every year under the bounds, shape (n_years, n_levels)."""
        from scipy.special import ndtri

        functions, weight = self._nodes()
        shift = (functions - self.center) @ self.gain.T
        found = np.empty((len(self.mean), len(levels)))
        mean, cov = self._moments(functions, weight)
        sd = np.sqrt(np.diag(cov))
        for i, own in enumerate(np.sqrt(np.clip(np.diag(self.rest), 0.0, None))):
            if np.ptp(shift[:, i]) < 1e-3 * own:  # the bounds leave this year as it is
                found[i] = mean[i] + sd[i] * ndtri(levels)
                continue
            if own < 0.02 * sd[i]:  # the bounds are on this very year
                found[i] = self._own_quantiles(i, levels, shift[:, i], weight)
                continue
            near = mean[i] + sd[i] * ndtri(levels)
            found[i] = mixture_quantiles(
                levels, self.mean[i] + shift[:, i], own, weight, near, sd[i]
            )
        return found

    def _own_quantiles(
        self, year: int, levels: Sequence[float], shift: FloatArray, weight: FloatArray
    ) -> FloatArray:
        """Return quantiles of a year that is a function of what is bounded."""
        slope = self.gain[year]
        if len(slope) == 1:
            at = np.array(levels) if slope[0] > 0 else 1 - np.array(levels)
            shift = (self._proposals(at[:, None])[0] - self.center) @ slope
            return np.asarray(self.mean[year] + shift, np.float64)
        order = np.argsort(shift)
        share = np.cumsum(weight[order]) - weight[order] / 2
        return np.asarray(self.mean[year] + np.interp(levels, share, shift[order]), np.float64)

    def digest(self) -> bytes:
        """Return everything that draws depend on."""
        parts = (getattr(self, field.name) for field in fields(self))
        return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def _order(
    center: FloatArray, spread: FloatArray, low: FloatArray, high: FloatArray, pull: FloatArray
) -> np.ndarray:
    """Return the order in which functions are drawn: next, the one its limits make least likely.

    Given those before it, at their medians (Gibson, Glasbey & Elston 1994). A narrow limit that
    came last would find the others drawn where it cannot be kept.
    """
    mean, cov, left = center.copy(), spread.copy(), np.ones(len(center), bool)
    order = []
    for _ in range(len(center)):
        sd = np.sqrt(np.maximum(np.diag(cov), 1e-13 * np.diag(spread)))
        shift = mean + pull * sd**2
        half = np.full(len(mean), 0.5)
        z, log_mass = between(half, (low - shift) / sd, (high - shift) / sd)
        limit = np.where(pull == 0, mean, np.where(pull < 0, low, high))
        likely = log_mass + (pull * sd) ** 2 / 2 + pull * (mean - limit)
        one = int(np.where(left, likely, np.inf).argmin())
        gain = cov[one] / sd[one] ** 2
        mean = mean + gain * (shift[one] + z[one] * sd[one] - mean[one])
        cov = cov - np.outer(gain, cov[one])
        left[one] = False
        order.append(one)
    return np.array(order)


def root(cov: FloatArray) -> FloatArray:
    """Return a square root of a covariance, also of a singular one."""
    values, vectors = np.linalg.eigh(cov)
    square_root: FloatArray = vectors * np.sqrt(np.clip(values, 0.0, None))
    return square_root

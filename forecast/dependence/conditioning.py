"""Condition draws of the future on statements about it, whichever model made the draws.

Draws are moved by Matheron's update, which ensemble smoothers use: exact where they are Gaussian,
and no draw is lost. Sources: Journel & Huijbregts (1978) and Evensen (1994) for the update,
Waggoner & Zha (1999) for conditional forecasts, Antolín-Díaz, Petrella & Rubio-Ramírez (2021) for
relative entropy as a measure of the distance of a scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.evidence.scales import FloatArray
from forecast.facts import Fact, Number, fact

FAR = 8.0  # standard deviations beyond which a scenario is out of reach: draws have fat tails ...
UNUSUAL = 2.5  # ... and beyond which the reader is warned
REDUNDANT = 1e-7  # of the largest eigenvalue: statements that follow from others
TOLERANCE = 1e-10  # standard deviations by which a statement may be missed
TURNS = 60  # of Newton's method, for measures that are not linear ...
LONGEST = 3.0  # ... and its longest step, in standard deviations

Measure = Callable[[FloatArray], FloatArray]


class OutOfReachError(ValueError):
    """The draws cannot be brought to the statements; the message names which and why.

    Attributes
    ----------
    reason : Fact
        The same as a message of the catalogues with its figures, the statements apart.
    about : tuple of int
        Places of the statements concerned.
    """

    def __init__(self, text: str, reason: Fact, about: Iterable[int]) -> None:
        super().__init__(text)
        self.reason = reason
        self.about = tuple(int(place) for place in about)


@dataclass(frozen=True)
class Reach:
    """Distance of a scenario from the draws that it is applied to."""

    #: Mahalanobis distance of the statements from the draws, in standard deviations.
    distance: float = 0.0
    #: The standard deviations of one figure that are as unusual: a distance that is large for one
    #: statement is small for twenty.
    surprise: float = 0.0
    #: In nats: of the least departure from the draws whose means are those of the scenario.
    relative_entropy: float = 0.0
    #: Draws (Kish 1965) that weighting has left; where they were moved, would have left.
    effective: float = np.inf
    warnings: tuple[str, ...] = ()  # one sentence each


@dataclass(frozen=True)
class Conditioned:
    """Draws moved to where the statements hold."""

    draws: FloatArray  # shape (n, m)
    #: Distance of every statement from the draws, in standard deviations, by itself; shape (k,).
    apart: FloatArray
    reach: Reach


def condition(
    draws: FloatArray,
    measure: Measure | FloatArray,
    values: FloatArray,
    sd: FloatArray | float = 0.0,
    rng: np.random.Generator | None = None,
    names: Sequence[str] = (),
    far: float = FAR,
) -> Conditioned:
    """Move draws so that a measure of them takes the stated values.

    Every draw x is moved by C (S + R)^-1 (y + e - g(x)): C is the covariance of the draws with
    what is measured, S the covariance of that, R the variance of the statements and e a draw from
    it. Where g is not linear the step is repeated until it holds.

    Parameters
    ----------
    draws : ndarray, shape (n, m)
        On a scale on which they are as Gaussian as may be: logarithms, log odds.
    measure : callable or ndarray, shape (k, m)
        The function g from draws to the figures stated, shape (n, k); or the rows of a linear
        one.
    values : ndarray, shape (k,) or (n, k)
        The figures stated; a row for every draw where they differ by draw, as in "two points below
        the baseline".
    sd : ndarray, shape (k,), or float
        Standard deviation of each statement; 0 is a hard one.
    rng : Generator, optional
        Needed where a statement is not hard.
    names : sequence of str
        Of the statements, for messages.
    far : float
        Standard deviations beyond which statements are refused; infinite for evidence, which is
        never refused.

    Returns
    -------
    Conditioned

    Raises
    ------
    OutOfReachError
        When a statement, or all of them together, lie more than `far` standard deviations from the
        draws, contradict one another or contradict a figure that is known already.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.standard_normal((4000, 1)) + [[0.0, 1.0]] * rng.standard_normal((4000, 1))
    >>> found = condition(x, np.array([[1.0, 0.0]]), np.array([2.0]))
    >>> found.draws.mean(axis=0).round(1), round(found.reach.distance, 1)
    (array([2., 2.]), 2.0)
    """
    n = len(draws)
    g = _linear(measure) if isinstance(measure, np.ndarray) else measure
    before = g(draws)
    k = before.shape[1]
    if k == 0:
        return Conditioned(draws, np.empty(0), Reach(effective=float(n)))
    names = names or [f"statement {i + 1}" for i in range(k)]
    spread = np.broadcast_to(np.asarray(sd, float), (k,))
    y = np.broadcast_to(np.asarray(values, float), before.shape)
    noise = np.zeros(before.shape)
    if spread.any():
        if rng is None:
            raise ValueError("statements with a spread need a generator of random numbers")
        noise = spread * rng.standard_normal(before.shape)
    centred = before - before.mean(axis=0)
    within = centred.T @ centred / (n - 1)
    cross = (draws - draws.mean(axis=0)).T @ centred / (n - 1)
    total = within + np.diag(spread**2)
    gap = (y - before).mean(axis=0)
    white, apart = _solvable(total, gap, names, far)
    reach = _reach(n, within, white, gap, apart, names, far)
    steps = _Steps(g, y, cross @ white, (spread**2)[:, None] * white, white)
    moved, missed = steps.solve(draws, noise, before)
    worst = np.abs(missed / np.sqrt(np.maximum(np.diag(total), 1e-24))).max(axis=0)
    if not worst.max() < 1e-6:
        raise OutOfReachError(
            f"{names[int(worst.argmax())]}: the draws cannot be brought to it"
            + (" together with the others" if k > 1 else ""),
            fact("refused-unmet"),
            range(k),
        )
    return Conditioned(moved, apart, reach)


@dataclass(frozen=True)
class _Steps:
    """Steps of draws along the gain, in whitened statements: a unit is a standard deviation."""

    measure: Measure
    stated: FloatArray
    gain: FloatArray  # (m, r)
    loosening: FloatArray  # (k, r): by how much a soft statement gives way
    white: FloatArray  # (k, r)

    def solve(
        self, draws: FloatArray, slack: FloatArray, before: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return the draws moved, and by how much they still miss the statements, shape (n, k)."""
        # One step is exact where the measure is linear.
        step = (self.stated - before - slack) @ self.white
        moved, slack = draws + step @ self.gain.T, slack + step @ self.loosening.T
        missed = self.stated - self.measure(moved) - slack
        left = np.flatnonzero((np.abs(missed @ self.white) > TOLERANCE).any(axis=1))
        if len(left):
            moved[left], slack[left] = self._newton(moved[left], slack[left], left)
            missed = self.stated - self.measure(moved) - slack
        return moved, missed

    def _newton(
        self, draws: FloatArray, slack: FloatArray, rows: np.ndarray
    ) -> tuple[FloatArray, FloatArray]:
        """Continue by Newton's method, draw by draw, where the measure is not linear."""
        stated, r, small = self.stated[rows], self.white.shape[1], 1e-6

        def missed(x: FloatArray, e: FloatArray) -> FloatArray:
            out: FloatArray = (stated - self.measure(x) - e) @ self.white
            return out

        now = missed(draws, slack)
        for _ in range(TURNS):
            slope = np.empty((len(rows), r, r))
            for j in range(r):
                there = missed(
                    draws + small * self.gain[:, j], slack + small * self.loosening[:, j]
                )
                slope[:, :, j] = (now - there) / small
            square = slope.transpose(0, 2, 1) @ slope + 1e-12 * np.eye(r)
            step = np.linalg.solve(square, slope.transpose(0, 2, 1) @ now[:, :, None])[:, :, 0]
            step = np.clip(step, -LONGEST, LONGEST)
            draws, slack = draws + step @ self.gain.T, slack + step @ self.loosening.T
            now = missed(draws, slack)
            if np.abs(now).max() <= TOLERANCE:
                break
        return draws, slack


def _linear(rows: FloatArray) -> Measure:
    return lambda draws: np.asarray(draws @ rows.T, float)


def _solvable(
    total: FloatArray, gap: FloatArray, names: Sequence[str], far: float
) -> tuple[FloatArray, FloatArray]:
    """Return what whitens the statements, redundant directions left out, and their distances."""
    sd = np.sqrt(np.diag(total))
    known = sd <= 1e-12
    if (known & (np.abs(gap) > 1e-9)).any():
        worst = int(np.flatnonzero(known & (np.abs(gap) > 1e-9))[0])
        raise OutOfReachError(
            f"{names[worst]}: it is known already, and otherwise", fact("refused-known"), [worst]
        )
    scale = np.where(known, 1.0, sd)
    apart = np.where(known, 0.0, np.abs(gap) / scale)
    if apart.max() > far:
        worst = int(apart.argmax())
        raise OutOfReachError(
            f"{names[worst]}: it lies {apart[worst]:.0f} standard deviations from the forecast, "
            f"out of reach of its draws (at most {far:g})",
            fact("refused-far", distance=Number(float(apart[worst])), most=Number(far)),
            [worst],
        )
    size, vectors = np.linalg.eigh(total / np.outer(scale, scale))
    kept = size > REDUNDANT * size.max()
    along = vectors.T @ (gap / scale)
    clash = ~kept & (np.abs(along) > 1e-6)
    if clash.any():
        part = np.abs(vectors[:, np.flatnonzero(clash)[0]])
        involved = [place for place, w in enumerate(part) if w > 0.1]
        raise OutOfReachError(
            f"these statements contradict one another: {'; '.join(names[i] for i in involved)}",
            fact("refused-contradiction"),
            involved,
        )
    return vectors[:, kept] / np.sqrt(size[kept]) / scale[:, None], apart


def _reach(
    n: int,
    within: FloatArray,
    white: FloatArray,
    gap: FloatArray,
    apart: FloatArray,
    names: Sequence[str],
    far: float,
) -> Reach:
    shift = white @ (white.T @ gap)
    squared = float(gap @ shift)
    moved = float(shift @ within @ shift)
    surprise = surprise_of(squared, white.shape[1])
    if surprise > far:
        raise OutOfReachError(
            "these statements contradict one another: each may come true, all of them together lie "
            f"{np.sqrt(squared):.0f} standard deviations from the forecast: {'; '.join(names)}",
            fact("refused-far-together", distance=Number(float(np.sqrt(squared)))),
            range(len(names)),
        )
    warnings = [
        f"{name}: {a:.1f} standard deviations from the forecast"
        for name, a in zip(names, apart, strict=True)
        if a > UNUSUAL
    ]
    if surprise > UNUSUAL and not warnings:
        warnings.append(
            f"taken together the statements are as unusual as {surprise:.1f} standard deviations"
        )
    return Reach(
        distance=float(np.sqrt(squared)),
        surprise=surprise,
        relative_entropy=moved / 2,
        effective=n * float(np.exp(-moved)),
        warnings=tuple(warnings),
    )


def surprise_of(squared: float, count: int) -> float:
    """Turn a squared distance of several statements into standard deviations of one.

    Parameters
    ----------
    squared : float
        Squared Mahalanobis distance.
    count : int
        Number of statements.

    Examples
    --------
    >>> round(surprise_of(4.0, 1), 2), round(surprise_of(4.0, 4), 2)
    (2.0, 0.83)
    """
    from scipy.special import chdtrc, ndtri

    if count == 0:
        return 0.0
    tail = float(chdtrc(count, squared))
    return float(-ndtri(tail / 2)) if tail > 1e-300 else float(np.sqrt(squared))

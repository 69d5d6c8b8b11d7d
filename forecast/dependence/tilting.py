"""Weight draws of the future so that means or probabilities hold: entropic tilting.

The weights are those nearest to equal ones, in relative entropy, that have the stated moments
(Robertson, Tallman & Whiteman 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecast.dependence.conditioning import REDUNDANT, OutOfReachError, Reach, surprise_of
from forecast.evidence.scales import FloatArray
from forecast.facts import Number, fact

FEWEST = 0.01  # share of the draws that must be left after tilting ...
FEW = 0.1  # ... and below which the reader is warned


@dataclass(frozen=True)
class Moment:
    """A mean that the weighted draws shall have."""

    #: A figure, draw by draw; or whether an event happens, whose mean is its probability. That a
    #: figure is at most its quantile is an event, too; shape (n,).
    feature: FloatArray | npt.NDArray[np.bool_]
    value: float  # the mean wanted
    name: str = "a statement"  # for messages


def tilt(moments: Sequence[Moment]) -> tuple[FloatArray, Reach]:
    """Weight draws so that moments hold, as near to equal weights as can be.

    The weights are proportional to exp(l'f): the dual of the least relative entropy is convex in
    l, of as many dimensions as there are moments, and Newton's method solves it.

    Returns
    -------
    weights : ndarray, shape (n,)
        They sum to one.
    reach : Reach

    Raises
    ------
    OutOfReachError
        When no draws agree with a moment, moments contradict one another, or fewer than `FEWEST` of
        the draws would be left.

    Examples
    --------
    >>> x = np.random.default_rng(1).standard_normal(4000)
    >>> w, _ = tilt([Moment(x, 1.0), Moment(x > 0, 0.9)])
    >>> round(float(w @ x), 6), round(float(w[x > 0].sum()), 6)
    (1.0, 0.9)
    """
    if not moments:
        raise ValueError("no moment is given")
    n = len(moments[0].feature)
    equal = np.full(n, 1 / n)
    equal /= equal.sum()
    weights = equal.copy()
    for place, moment in enumerate(moments):
        # What is certain leaves draws out; no finite exponent can do that.
        weights = _certain(place, moment, weights)
    alive = weights > 0
    if not alive.any():
        raise _clash(moments, "no draw meets all of them")
    prior = weights[alive] / weights[alive].sum()
    graded, wanted = [], []
    for place, moment in enumerate(moments):
        f = _figures(moment)[alive]
        if np.ptp(f) < 1e-12:
            if abs(float(f[0]) - moment.value) > 1e-9:
                raise _clash(moments, f"{moment.name} cannot hold together with the others")
            continue
        centre, spread = float(prior @ f), float(np.sqrt(prior @ (f - prior @ f) ** 2))
        if not f.min() < moment.value < f.max():
            raise OutOfReachError(
                f"{moment.name}: {moment.value:g} lies outside the draws, which reach from "
                f"{f.min():g} to {f.max():g}",
                fact("refused-unmet"),
                [place],
            )
        graded.append((f - moment.value) / spread)
        wanted.append((moment.value - centre) / spread)
    weights[alive] = prior
    if graded:
        weights[alive] = _dual(np.column_stack(graded), prior, moments)
    return weights, _reach(weights, equal, graded, wanted, prior, len(moments))


def _figures(moment: Moment) -> FloatArray:
    return np.asarray(moment.feature, np.float64)


def _certain(place: int, moment: Moment, weights: FloatArray) -> FloatArray:
    f = _figures(moment)
    if not np.isin(f, (0.0, 1.0)).all():
        return weights
    if not 0 <= moment.value <= 1:
        raise OutOfReachError(
            f"{moment.name}: {moment.value:g} is no probability", fact("refused-unmet"), [place]
        )
    if 0 < moment.value < 1:
        return weights
    left = np.where(f == moment.value, weights, 0.0)
    if left.sum() < FEWEST * weights.sum():
        share = 100 * float(left.sum() / weights.sum())
        raise OutOfReachError(
            f"{moment.name}: {share:.1f} of 100 draws agree with it, "
            f"too few for an answer (at least {100 * FEWEST:g})",
            fact("refused-few", share=Number(share, 1), least=Number(100 * FEWEST)),
            [place],
        )
    return left


def _clash(moments: Sequence[Moment], why: str) -> OutOfReachError:
    names = "; ".join(moment.name for moment in moments)
    return OutOfReachError(
        f"these statements contradict one another, {why}: {names}",
        fact("refused-contradiction"),
        range(len(moments)),
    )


def _dual(f: FloatArray, prior: FloatArray, moments: Sequence[Moment]) -> FloatArray:
    """Weights whose means of the columns of `f` are zero."""
    from scipy.special import logsumexp

    log_prior = np.log(prior)
    at = np.zeros(f.shape[1])

    def value(point: FloatArray) -> float:
        return float(logsumexp(log_prior + f @ point))

    now = value(at)
    for _ in range(100):
        log_w = log_prior + f @ at
        w = np.exp(log_w - logsumexp(log_w))
        slope = w @ f
        if np.abs(slope).max() < 1e-12:
            break
        curve = (f * w[:, None]).T @ f - np.outer(slope, slope)
        step = np.linalg.lstsq(curve, -slope, rcond=1e-12)[0]
        size = 1.0
        while size > 1e-10:  # the dual falls along the step, if not at full length
            there = value(at + size * step)
            if there <= now + 1e-4 * size * float(slope @ step) + 1e-14 * (1 + abs(now)):
                break
            size /= 2
        else:
            break
        at, now = at + size * step, there
        if np.abs(at).max() > 1e4:
            break
    log_w = log_prior + f @ at
    w = np.exp(log_w - logsumexp(log_w))
    if np.abs(w @ f).max() > 1e-8:
        raise _clash(moments, "no weights of the draws meet all of them")
    out: FloatArray = w
    return out


def _reach(
    weights: FloatArray,
    equal: FloatArray,
    graded: Sequence[FloatArray],
    wanted: Sequence[float],
    prior: FloatArray,
    stated: int,
) -> Reach:
    n = len(weights)
    effective = float(1 / (weights**2).sum())
    some = weights > 0
    entropy = float((weights[some] * np.log(weights[some] / equal[some])).sum())
    if effective < FEWEST * n:
        raise OutOfReachError(
            f"the statements leave {effective:.0f} of {n} draws, too few for an answer "
            f"(at least {100 * FEWEST:g} in 100)",
            fact(
                "refused-left", left=Number(effective), paths=Number(n), least=Number(100 * FEWEST)
            ),
            range(stated),
        )
    warnings: tuple[str, ...] = ()
    if effective < FEW * n:
        warnings = (f"only {effective:.0f} of {n} draws are left",)
    distance = surprise = 0.0
    if graded:
        f, d = np.column_stack(graded), np.array(wanted)
        inverse = np.linalg.pinv(np.atleast_2d(np.cov(f.T, aweights=prior)), rcond=REDUNDANT)
        squared = float(d @ inverse @ d)
        distance = float(np.sqrt(squared))
        surprise = surprise_of(squared, len(d))
    return Reach(distance, surprise, entropy, effective, warnings)

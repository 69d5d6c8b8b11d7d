"""One series in the tree of related ones, on its way from observations to a posterior."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray, Transform
from forecast.reconciliation.observations import Observation
from forecast.reconciliation.smoothing.observation_equations import Equations, Layout
from forecast.reconciliation.smoothing.robust_smoother import Solution, StatePrior
from forecast.reconciliation.smoothing.trend_prior import Gaussian

Key = tuple[str, str]  # region, indicator


@dataclass(eq=False)
class Series:
    """One series; later fields are filled step by step.

    Attributes
    ----------
    key : (region, indicator)
    info : Series
        Row of the indicator.
    scale : Transform
    observations : list of Observation
        All of them, also those that are not used.
    changes : dict of int to float
        Known yearly changes on the scale.
    noise, part_sd : float
        Yearly noise of the series, and how far parts of its years depart from their usual share,
        per year remaining.
    first, last : int
        Years of the path that is reported; `layout` may hold more, for the children's sake.
    year_starts : int
        Month in which its years begin.
    parent, children
        Filled by `links.link`, with `ratio_noise`, the yearly noise of the ratio to the parent.
    layout, observed, equations
        Filled by `links.lay_out`. `observed` is a mask of the layout's years, shape (n_years,):
        of which the series or a child has exact observations.
    auxiliary : Gaussian
        Prior of steps, shares of the year and price changes, by `priors.auxiliary`.
    prior, solution, total
        Filled by `messages.solve`: the prior of all unknowns, the posterior, and the posterior as a
        `Gaussian`.
    message : Gaussian, optional
        What the series implies for its parent's path, over its own years. `messages.send_up` fills
        it with `ratio_weights`, those of the innovations of the ratio, shape (n_years - 1,).
    """

    key: Key
    info: pd.Series
    scale: Transform
    observations: list[Observation]
    changes: dict[int, float]
    noise: float
    part_sd: float
    first: int
    last: int
    year_starts: int = 1
    ratio_noise: float = 0.0
    parent: Series | None = None
    children: list[Series] = field(default_factory=list)
    layout: Layout = field(init=False)
    observed: np.ndarray = field(init=False)
    equations: Equations = field(init=False)
    auxiliary: Gaussian = field(init=False)
    prior: StatePrior = field(init=False)
    solution: Solution = field(init=False)
    total: Gaussian = field(init=False)
    ratio_weights: FloatArray = field(init=False)
    message: Gaussian | None = None

    @cached_property
    def used(self) -> list[Observation]:
        """The observations that are used, bounds among them."""
        return [o for o in self.observations if o.used]

    @property
    def kind(self) -> str:
        """Of the indicator: flow, stock, share, ..."""
        return str(self.info["kind"])

    @property
    def reported(self) -> slice:
        """Where the years that are reported stand in the state."""
        start = self.layout.x(self.first)
        return slice(start, start + self.last - self.first + 1)

    @property
    def neighbours(self) -> list[Series]:
        """The children and the parent."""
        return [*self.children, *([self.parent] if self.parent else [])]


class SeriesError(ArithmeticError):
    """A series cannot be computed."""

    def __init__(self, key: Key, reason: str) -> None:
        super().__init__(f"{'/'.join(key)}: {reason}")
        self.key, self.reason = key, reason


@contextmanager
def named(key: Key) -> Iterator[None]:
    """Give a numerical failure the name of its series.

    Raises
    ------
    SeriesError
        In the place of an arithmetic or linear algebra error.
    """
    try:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            yield
    except SeriesError:
        raise
    except (ArithmeticError, np.linalg.LinAlgError) as error:
        reason = f"its statements cannot be solved for a path ({error})"
        raise SeriesError(key, reason) from error

"""The form every answer on a target has, whatever its kind, and what counts as meeting it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from forecast.evidence.scales import FloatArray
from forecast.facts import Fact
from forecast.forecasting.model_pool import Draws
from forecast.reconciliation.history import History
from forecast.targets.step_chances import StepChances

QUANTILES = (0.05, 0.2, 0.25, 0.35, 0.5, 0.65, 0.75, 0.8, 0.95)
PARTS = ("part", "when", "bound", "value", "state", "chance", "basis")


class Missing(NamedTuple):
    """A published figure that would help: of what, for when, in which form."""

    region: str
    indicator: str
    period: str
    what: Fact


@dataclass(frozen=True, eq=False)
class Assessment:
    """The answer on one target.

    Attributes
    ----------
    status : str
        ``assessed``; ``already_met`` (the last known figure meets it; the question is whether it
        stays); ``judgement`` (the probability rests on elicited judgement alone); ``partly_known``
        (no probability, but some of what the target asks for is known); ``not_assessable``.
    reason : Fact or None
        Why there is no probability, or none from figures.
    probability : float or None
        Chance that the target is met in its year, never nearer to 0 or 1 than the past cases
        support; None where nothing supports one.
    probability_draws : float or None
        The plain share of draws that meet it, or the exact probability where there are no draws.
    standard_error : float or None
        Monte Carlo error of `probability_draws`; 0 where it is exact.
    record : DataFrame
        All past forecasts of all series, scored; see `forecast.verification.track_record.scored`.
    floor : float or None
        Smallest probability that past cases support; see `forecast.forecasting.floor`. None where
        nothing is forecast, where it is a judgement, and where what was published makes it certain.
    probability_low, probability_high : float or None
        What a choice that the data leave open does to the answer: the lowest and highest among the
        answer and the families of models; for other kinds as `range_of` says.
    range_of : Fact or None
        What was varied between `probability_low` and `probability_high`.
    probability_strict : float or None
        For "about" targets, the chance of reaching the value itself, without tolerance.
    probability_ever : float or None
        Chance of meeting it in at least one year from the plan's adoption to the target year.
    first_year : dict of str to float
        Chance of every year to be the first in which it is met, ``never`` for none of them. An
        entry at the floor is an upper limit, so that they need not add up to one.
    quantiles : dict of float to float
        Of the value in the target year.
    achieved : dict of int to float
        Growth per year over the last 3 and 5 years: percent, or percentage points of a share.
    required : float or None
        Growth per year still needed, same unit.
    parts : DataFrame
        What a target is made of (markets, legs, events, editions, series, years), with the columns
        `PARTS`: ``state`` is ``met``, ``not met``, ``forecast`` or ``unknown``; ``part``, ``when``
        and ``basis`` are texts of the data, names or facts.
    missing : tuple of Missing
        The figures without which there is no probability, or no better one.
    facts : dict
        Numbers of the kind that the page's sentences use.
    by_step : StepChances or None
        The chance by the step between bases that the last year rests on, where no figure stands on
        the reference basis; see `forecast.targets.step_chances`.
    judgement : Judgement or None
        What was elicited from experts; see `forecast.targets.elicitation`.
    bound : Bound or None
        A lower bound from published parts, of a level and of its probability, where the level
        itself has no forecast; see `forecast.targets.types.parts`.
    newest_own : str
        When the newest figure of the target's own series was published, as far as known.
    """

    target: pd.Series
    status: str
    reason: Fact | None
    threshold: float
    unit: str
    history: History | None = None
    paths: Draws | None = None
    record: pd.DataFrame = field(default_factory=pd.DataFrame)
    probability: float | None = None
    probability_draws: float | None = None
    standard_error: float | None = None
    floor: float | None = None
    probability_low: float | None = None
    probability_high: float | None = None
    range_of: Fact | None = None
    probability_strict: float | None = None
    probability_ever: float | None = None
    first_year: dict[str, float] = field(default_factory=dict)
    quantiles: dict[float, float] = field(default_factory=dict)
    by_family: dict[str, float] = field(default_factory=dict)
    achieved: dict[int, float] = field(default_factory=dict)
    required: float | None = None
    known: pd.DataFrame = field(default_factory=pd.DataFrame)
    parts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PARTS)))
    missing: tuple[Missing, ...] = ()
    facts: dict[str, float] = field(default_factory=dict)
    by_step: StepChances | None = None
    judgement: Any = None
    bound: Any = None
    newest_own: str = ""

    @property
    def key(self) -> str:
        """``plan/target``."""
        return f"{self.target['plan']}/{self.target['target']}"

    @property
    def year(self) -> int:
        """The target year."""
        return int(self.target["year"])

    @property
    def value(self) -> float:
        """The plan's figure, in `unit`."""
        return float(self.target["value"])

    @property
    def kind(self) -> str:
        """The kind of target, as in ``targets.csv``."""
        return str(self.target["kind"])


def threshold(target: pd.Series) -> float:
    """Return the value from which a target counts as met; "about" takes its tolerance off.

    Examples
    --------
    >>> about = pd.Series({"comparison": "about", "value": 10000.0, "tolerance": 5.0})
    >>> threshold(about)
    9500.0
    """
    value = float(target["value"])
    if target["comparison"] == "about":
        return value * (1 - float(target["tolerance"]) / 100)
    return value


def percentage(target: pd.Series) -> float:
    """Return the percentage of the reference figure from which a comparison counts as met.

    Examples
    --------
    "At least 80 percent of the province's" has a value; without one it is the figure itself.

    >>> nothing = float("nan")
    >>> row = {"comparison": "at_least", "value": 80.0, "tolerance": nothing}
    >>> percentage(pd.Series(row)), percentage(pd.Series({**row, "value": nothing}))
    (80.0, 100.0)
    """
    whole = 100.0 if np.isnan(float(target["value"])) else float(target["value"])
    return threshold(pd.Series({**target, "value": whole}))


def attained(values: FloatArray, comparison: str, limit: float) -> np.ndarray:
    """Whether each value meets a limit; `comparison` as in ``targets.csv``."""
    if comparison in ("at_least", "about"):
        return values >= limit
    if comparison == "exceed":
        return values > limit
    if comparison in ("at_most", "rank_within"):
        return values <= limit
    raise ValueError(f"unknown comparison {comparison!r}")


def growth(history: History, start: float, end: float, years: int) -> float:
    """Growth per year from `start` to `end`: percent for levels, percentage points for shares."""
    if history.scale.name == "log":
        return float(100 * ((end / start) ** (1 / years) - 1))
    return (end - start) / years

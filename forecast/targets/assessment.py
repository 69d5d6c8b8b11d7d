"""The form every answer on a target has, whatever its kind, and what counts as meeting it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd

from forecast.evidence.comparisons import RANGE, Criterion
from forecast.evidence.units import BARE
from forecast.facts import Amount, Fact, Interval, Name, Rate, Year, fact, written
from forecast.forecasting.model_pool import Draws
from forecast.reconciliation.history import History
from forecast.targets.quality.components import Quality
from forecast.targets.step_sensitivity import StepSensitivity

QUANTILES = (0.05, 0.2, 0.25, 0.35, 0.5, 0.65, 0.75, 0.8, 0.95)
PARTS = ("part", "when", "bound", "value", "state", "chance", "basis")


class Missing(NamedTuple):
    """A published figure that would help: of what, for when, in which form."""

    region: str
    indicator: str
    period: str
    what: Fact


@dataclass(frozen=True)
class Judgement:
    """What experts judged of the target year; see `forecast.targets.elicitation`."""

    probability: float  # pooled linearly over the experts
    #: Lowest and highest among them.
    low: float
    high: float
    quantiles: dict[float, float]  # of the pooled distribution
    #: ``expert, date, family, misfit`` (root mean square of the probabilities), ``probability,
    #: median, low, high`` (5 and 95 %) and ``reason``.
    experts: pd.DataFrame
    asked: Fact | None  # what the figures are of, where the target is no single figure


@dataclass(frozen=True, eq=False)
class PartsBound:
    """What the published parts of a whole say of it; see `forecast.targets.types._series.parts`."""

    series: tuple[tuple[str, str], ...]  # region and indicator of the parts that have a forecast
    #: Quantiles of the sum of the parts, one row a year (index ``year``), one column a level.
    years: pd.DataFrame
    #: The same of the largest part: what the whole comes to however much the parts overlap.
    largest: pd.DataFrame
    last: int  # the last year in which every part is known or estimated; later ones are forecast
    #: Lower bound of the probability, if the parts do not overlap; None where it is too small to
    #: tell anything: no larger than the smallest probability that the past cases support.
    at_least: float | None
    alone: float | None  # the same from the largest part alone, however much the parts overlap
    floor: float  # smallest probability that the past cases support; no bound is above one less it

    def quantile(self, year: int, level: float) -> float:
        """Return a quantile of the sum of the parts in a year, in the unit."""
        return float(self.years[level].loc[year])


@dataclass(frozen=True, eq=False, kw_only=True)
class Forecast:
    """How likely a target is met, and what that was counted over."""

    history: History | None = None  # the reconciled path of the target's own series
    paths: Draws | None = None  # its draws up to the target year
    #: All past forecasts of all series, scored; see `forecast.verification.track_record.scored`.
    record: pd.DataFrame = field(default_factory=pd.DataFrame)
    #: That the target is met in its year, never nearer to 0 or 1 than the past cases support; None
    #: where nothing supports one.
    probability: float | None = None
    #: The plain share of draws that meet it, or the exact probability where there are no draws.
    probability_draws: float | None = None
    #: Monte Carlo error of `probability_draws`; 0 where it is exact.
    standard_error: float | None = None
    #: Smallest probability that past cases support; see `forecast.forecasting.floor`. None where
    #: nothing is forecast, where it is a judgement, and where what was published makes it certain.
    floor: float | None = None
    #: What a choice that the data leave open does to the answer: the lowest and highest among the
    #: answer and the families of models; for other kinds as `range_of` says.
    probability_low: float | None = None
    probability_high: float | None = None
    range_of: Fact | None = None  # what was varied between `probability_low` and `probability_high`
    #: For "about" targets, that of reaching the value itself, without tolerance.
    probability_strict: float | None = None
    #: Of meeting it in at least one year from the plan's adoption to the target year.
    probability_ever: float | None = None
    #: Of every year to be the first in which it is met, ``never`` for none of them. An entry at the
    #: floor is an upper limit, so that they need not add up to one.
    first_year: dict[str, float] = field(default_factory=dict)
    quantiles: dict[float, float] = field(default_factory=dict)  # of the value in the target year
    #: The probability by each family of models alone.
    by_family: dict[str, float] = field(default_factory=dict)
    #: The probability by the step between bases that the last year rests on, where no figure stands
    #: on the reference basis; see `forecast.targets.step_sensitivity`.
    by_step: StepSensitivity | None = None
    #: A lower bound from published parts, of a level and of its probability, where the level itself
    #: has no forecast.
    bound: PartsBound | None = None
    #: Growth per year over the last 3 and 5 years: percent, or percentage points of a share.
    achieved: dict[int, float] = field(default_factory=dict)
    #: Growth per year still needed, same unit; of a range, to the end that is nearer.
    required: float | None = None
    required_to: float | None = None  # of a range, the same to its other end


@dataclass(frozen=True, eq=False)
class Assessment(Forecast):
    """The answer on one target; each kind adds in `forecast.targets.types` what only it knows."""

    target: pd.Series  # of ``targets.csv``, its year perhaps another
    #: ``assessed``; ``already_met`` (the last known figure meets it; the question is whether it
    #: stays); ``judgement`` (the probability rests on elicited judgement alone); ``partly_known``
    #: (no probability, but some of what the target asks for is known); ``not_assessable``.
    status: str
    reason: Fact | None  # why there is no probability, or none from figures
    threshold: float  # value from which the target counts as met, in `unit`
    unit: str
    #: All that was published on the indicator.
    known: pd.DataFrame = field(default_factory=pd.DataFrame)
    #: What a target is made of (markets, legs, events, editions, series, years), with the columns
    #: `PARTS`: ``state`` is ``met``, ``not met``, ``forecast`` or ``unknown``; ``part``, ``when``
    #: and ``basis`` are texts of the data, names or facts.
    parts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PARTS)))
    #: The figures without which there is no probability, or no better one.
    missing: tuple[Missing, ...] = ()
    #: When the newest figure of the target's own series was published, as far as known.
    newest_own: str = ""
    quality: Quality | None = None  # the grade of the data; none for hypothetical questions
    year_starts: int = 1  # month in which the years of the target's series begin
    judgement: Judgement | None = None  # what was elicited from experts
    #: The year of the series in which the plan was adopted; 0 where that is not known.
    adopted: int = 0

    #: When the deciding figure is out: ``yearly`` with the indicator's, ``at_once`` or ``unknown``.
    released: ClassVar[str] = "yearly"
    #: Whether the parts are series, which may lack a forecast.
    of_series: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """``plan/target``."""
        return f"{self.target['plan']}/{self.target['target']}"

    @property
    def year(self) -> Year:
        """The target year."""
        return self.dated(self.target["year"])

    def dated(self, year: int) -> Year:
        """Return a year of the target's series as a value that a language writes."""
        return Year(int(year), self.year_starts)

    @property
    def value(self) -> float:
        """The plan's figure, in `unit`."""
        return float(self.target["value"])

    @property
    def criterion(self) -> Criterion:
        """What counts as meeting it."""
        return criterion(self.target)

    @property
    def wanted(self) -> Amount | Interval:
        """The limit from which, or up to which, the target counts as met, or the range."""
        low, *high = self.criterion.ends
        if high:
            return Interval(low, high[0], self.unit, exact=True)
        return Amount(low, self.unit, exact=True)

    @property
    def kind(self) -> str:
        """The kind of target, as in ``targets.csv``."""
        return str(self.target["kind"])

    @property
    def name(self) -> Name:
        """The target's name."""
        return Name(str(self.target["name"]), str(self.target.get("name_zh", "")))

    @property
    def until(self) -> int | None:
        """Last year in which the figure is known or estimated."""
        return None if self.history is None else int(self.history.years[-1])

    @property
    def since(self) -> int:
        """Year from which the pace that is required counts."""
        return self.until or 0

    @property
    def now(self) -> float | None:
        """The figure of that year."""
        return None if self.history is None else float(self.history.figures()[-1])

    @property
    def level_ends(self) -> tuple[float, ...] | None:
        """Levels of the series that meet the target, where a level decides it."""
        return None

    def rate(self, growth: float, *, bare: bool = False) -> Rate:
        """Return growth per year with the scale and unit of the series."""
        if self.history is None:
            return Rate(growth, bare=bare)
        return self.history.rate(growth, bare=bare)

    @property
    def words(self) -> str:
        """Name of its messages."""
        return self.kind

    # What the pages tell of a kind: messages of ``target_kinds.ftl`` ------------------------------

    @property
    def figure(self) -> Amount | Interval | Fact:
        """What the plan asks for, for a phrase."""
        if self.criterion.comparison == RANGE:
            return self.wanted
        return Amount(self.value, self.unit, exact=True)

    @property
    def goal(self) -> Fact:
        """The target in a phrase: comparison, value, unit, year."""
        row = self.target
        return fact(
            "goal", kind=self.kind, comparison=str(row["comparison"]), value=self.figure,
            items=len(str(row["items"]).split(";")), year=self.year,
        )  # fmt: skip

    def told(self) -> list[Fact]:
        """Return what is known of the parts of a target, in sentences."""
        return []

    def brief(self) -> Fact | None:
        """Return what is known in as few words as a table has room for; None for the last level."""
        return None

    def outlook(self) -> Fact:
        """Return median and 90 % interval of the target year."""
        low, median, high = (self.quantiles[q] for q in (0.05, 0.5, 0.95))
        return fact(
            f"kind-outlook-{self.words}", year=self.year, median=Amount(median, self.unit),
            interval=Interval(low, high, self.unit),
        )  # fmt: skip


def stated(part: pd.Series, unit: str, starts: int = 1) -> Fact | str:
    """Return the figure of a part as it was stated, with its year or date; empty without one."""
    if not np.isfinite(float(part["value"])):
        return ""
    unit = str(part.get("unit", unit))  # a part may be measured in a unit of its own
    told = {
        "value": Amount(float(part["value"]), unit, exact=True),
        "bound": str(part["bound"]) or "none",
        "kind": unit if unit in BARE else "unit",
    }
    if not part["when"]:
        return fact("parts-figure", **told)
    return fact("parts-figure-dated", when=written(part["when"], starts), **told)


def threshold(target: pd.Series) -> float:
    """Return the value from which a target counts as met; "about" takes its tolerance off.

    Examples
    --------
    >>> about = pd.Series({"comparison": "about", "value": 10000.0, "tolerance": 5.0})
    >>> threshold(about)
    9500.0
    """
    return _limit(target, float(target["value"]))


def _limit(target: pd.Series, value: float) -> float:
    if target["comparison"] == "about":
        return value * (1 - float(target["tolerance"]) / 100)
    return value


def criterion(target: pd.Series) -> Criterion:
    """Return what counts as meeting a target, a row of ``targets.csv``.

    Of a comparison it is in percent of the other figure.

    Examples
    --------
    "At least 80 percent of the province's" has a value; without one it is the figure itself.

    >>> nothing = float("nan")
    >>> row = {"comparison": "at_least", "value": 80.0, "tolerance": nothing}
    >>> criterion(pd.Series(row)).limit, criterion(pd.Series({**row, "value": nothing})).limit
    (80.0, 100.0)
    """
    comparison = str(target["comparison"])
    whole = 100.0 if np.isnan(float(target["value"])) else float(target["value"])
    upper = float(target["value_to"]) if comparison == RANGE else np.inf
    return Criterion(comparison, _limit(target, whole), upper)


def growth(scale: str, start: float, end: float, years: int) -> float:
    """Growth per year from `start` to `end`: percent on the scale ``log``, units on any other."""
    if scale == "log":
        return float(100 * ((end / start) ** (1 / years) - 1))
    return (end - start) / years

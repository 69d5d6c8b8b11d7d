"""What is asked of a target, and the form every answer has, whatever the kind of target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from forecast.evidence.calendar import first_day, last_day, release_day
from forecast.evidence.evidence import Evidence
from forecast.evidence.registries import listed
from forecast.evidence.scales import FloatArray
from forecast.expectations.outlook import Outlook
from forecast.facts import Fact, Name
from forecast.forecasting import floor as bounds
from forecast.forecasting.model_pool import Draws, Options, generator, simulate
from forecast.forecasting.panel_data import EnsembleError, window
from forecast.reconciliation.history import History
from forecast.reconciliation.reconcile import reconcile
from forecast.targets import pseudo_targets
from forecast.targets.evidence_dates import newest
from forecast.targets.step_chances import StepChances
from forecast.verification.track_record import pool_record, scored, spread_factors

QUANTILES = (0.05, 0.2, 0.25, 0.35, 0.5, 0.65, 0.75, 0.8, 0.95)
PARTS = ("part", "when", "bound", "value", "state", "chance", "basis")
# Families that draw in milliseconds: they answer hypothetical questions, of which a page has many.
FAST = ("drift", "damped_drift", "theta")


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


def known_until(evidence: Evidence) -> date:
    """Return the day up to which the data know the world: `as_of`, or the newest date in them.

    The clock is not asked: the same data give the same answer on any day.
    """
    if evidence.as_of is not None:
        return evidence.as_of
    dated = [*evidence.observations["published"], *evidence.sources["published"]]
    days = [day for day in map(first_day, dict.fromkeys(dated)) if day is not None]
    ends = [last_day(f"{y}") for y in evidence.observations["period"].astype(str).str[:4]]
    return max(days or [day for day in ends if day is not None] or [date.min])


def last_complete_year(evidence: Evidence) -> int:
    """Return the last year whose yearly figures are usually out; see `calendar.release_day`."""
    day = known_until(evidence)
    years = range(day.year, 0, -1)
    return next((y for y in years if release_day(f"{y:04d}", "", "") <= day), day.year)


@dataclass(frozen=True, eq=False)
class Question:
    """One target, and everything an answer may rest on.

    Attributes
    ----------
    evidence : Evidence
    row : Series
        Of ``targets.csv``, its year perhaps another.
    options : Options
    record : DataFrame or None
        `forecast.verification.track_record` of all series, pooled. Without it only the
        series' own past counts.
    histories : mapping of str to History, or None
        All series of the data; without them a series is reconciled when it is asked for, and the
        families are pooled.
    quick : bool
        Leave out what is only shown beside the answer, and let fast families stand for the pool.
    """

    evidence: Evidence
    row: pd.Series
    options: Options
    record: pd.DataFrame | None = None
    histories: Mapping[str, History] | None = None
    quick: bool = False

    @property
    def region(self) -> str:
        """Region of the target."""
        return str(self.row["region"])

    @property
    def indicator(self) -> str:
        """Indicator of the target."""
        return str(self.row["indicator"])

    @property
    def comparison(self) -> str:
        """How the value is compared."""
        return str(self.row["comparison"])

    @property
    def limit(self) -> float:
        """Value from which the target counts as met."""
        return threshold(self.row)

    @property
    def year(self) -> int:
        """Year in which it is to be met."""
        return int(self.row["year"])

    @property
    def items(self) -> list[str]:
        """Regions the target lists."""
        return listed(str(self.row["items"]))

    @cached_property
    def adopted(self) -> str:
        """When the plan was adopted, as far as known; may be empty."""
        return str(self.evidence.plan(self.row["plan"])["adopted"])

    def place(self, region: str) -> Name:
        """Return a region's name."""
        return self.evidence.place(region)

    def statements(self, region: str) -> pd.DataFrame:
        """Return what was published on the target's indicator in a region."""
        return self.evidence.statements(region, self.indicator)

    @cached_property
    def known(self) -> pd.DataFrame:
        """All that was published on the indicator: in its region, its items, the reference."""
        reference = str(self.row["reference_region"])
        others = [*self.items, *([reference] if reference else [])]
        regions = dict.fromkeys([self.region, *others])
        frames = [self.statements(region) for region in regions]
        frames = [f.assign(place=f["region"].map(self.place)) for f in frames if len(f)]
        return pd.concat(frames, ignore_index=True) if frames else self.statements(self.region)

    def answer(
        self, status: str, reason: Fact | None = None, cases: float | None = None, **found: Any
    ) -> Assessment:
        """Make the answer, every probability of it within what past cases support.

        Parameters
        ----------
        status : str
        reason : Fact, optional
        cases : float, optional
            Informative observations behind the probability, where no record of forecasts gives the
            floor (``floor`` in `found`). With neither it is taken for certain, as published.
        **found
            Fields of `Assessment`.
        """
        if cases is not None and found.get("probability") is not None:
            found["floor"] = bounds.least(cases)
        bounded = within_floor(found, found.get("floor"))
        own = self.known[self.known["region"] != str(self.row["reference_region"])]
        return Assessment(
            self.row, status, reason, self.limit, str(self.row["unit"]), known=self.known,
            newest_own=newest(self.evidence, own), **bounded,
        )  # fmt: skip

    # What forecasts say ---------------------------------------------------------------------------

    def history(self, region: str) -> History:
        """Return the reconciled path of the target's indicator in a region.

        Raises
        ------
        HistoryError
            When no level that counts was published.
        """
        known = (self.histories or {}).get(f"{region}/{self.indicator}")
        return known or reconcile(self.evidence, region, self.indicator)

    def own_record(self, history: History) -> pd.DataFrame:
        """Return the past forecasts of one series."""
        if self.histories is None or self.record is None:
            return pool_record(history, self.options)
        return self.record[self.record["series"] == history.key]

    def paths(self, history: History) -> Draws:
        """Draw a series from its last known year to the target year.

        Raises
        ------
        EnsembleError
            When the history is too thin.
        """
        horizon, options = self.year - int(history.years[-1]), self.options
        own = self.own_record(history)
        factors = spread_factors(own, own if self.record is None else self.record, horizon)
        if self.histories is not None and not options.families:
            window(history.informed)  # too thin a history is refused before anything is drawn
            every = {**self.histories, history.key: history}
            outlook = Outlook(self.evidence, every, self.record, options)
            found, alone = outlook.draws(history, horizon, factors)
            if self.quick:
                years = history.years[-1] + np.arange(1, horizon + 1)
                answer = history.in_unit(found.ahead)
                return Draws(years, {}, factors, {}, answer, found.seen)
            made = simulate(history, horizon, options, factors, found.ahead)
            without = history.in_unit(np.median(alone, axis=0))
            return replace(made, expected=found.seen, without=without)
        if self.quick:
            options = replace(options, families=FAST, quick=False)
        return simulate(history, horizon, options, factors)

    def draws(self, history: History) -> FloatArray:
        """Draw a series in every year up to the target year, the known past with its uncertainty.

        Returns
        -------
        ndarray, shape (draws, n_years), in the unit; the last column is the target year.
        """
        rng = generator(self.options.seed, history.key, "past")
        if self.year <= int(history.years[-1]):
            past = history.in_unit(history.draws(self.options.draws, rng))
            return past[:, : self.year - int(history.years[0]) + 1]
        ahead = self.paths(history).pooled
        past = history.in_unit(history.draws(len(ahead), rng))
        # Independent of the past: the answer's own draws have the last year's uncertainty in them.
        joined: FloatArray = np.hstack([past, ahead[rng.permutation(len(ahead))]])
        return joined

    def judged(self, histories: list[History]) -> tuple[pd.DataFrame, float | None]:
        """Return the scored record of all series, and the smallest probability it supports."""
        pooled = self.record
        if pooled is None:
            pooled = pd.concat([self.own_record(h) for h in histories], ignore_index=True)
        record = scored(pooled)
        horizon = max(self.year - min(int(h.years[-1]) for h in histories), 1)
        return record, pseudo_targets.least(record, horizon)


CHANCES = ("probability", "probability_low", "probability_high", "probability_strict")


def within_floor(found: dict[str, Any], floor: float | None) -> dict[str, Any]:
    """Return fields of an answer with every probability bounded; see `forecasting.floor`."""
    out = dict(found)
    for name in CHANCES:
        if out.get(name) is not None:
            out[name] = bounds.within(out[name], floor)
    first, ever = bounds.by_year(out.get("first_year", {}), floor), out.get("probability_ever")
    certain = first.get(bounds.NEVER) == 0.0
    if ever is not None and not certain:
        out["probability_ever"] = bounds.within(ever, floor)
    if "by_family" in out:
        out["by_family"] = {n: bounds.within(p, floor) for n, p in out["by_family"].items()}
    if "first_year" in out:
        out["first_year"] = first
    if "parts" in out and floor is not None:
        chance = out["parts"]["chance"].astype(float)
        out["parts"] = out["parts"].assign(chance=chance.clip(floor, 1 - floor))
    return out


def growth(history: History, start: float, end: float, years: int) -> float:
    """Growth per year from `start` to `end`: percent for levels, percentage points for shares."""
    if history.scale.name == "log":
        return float(100 * ((end / start) ** (1 / years) - 1))
    return (end - start) / years


def years_wanted(history: History | None, until: int) -> list[int]:
    """Return the latest years whose levels would make a series long enough to forecast from.

    Parameters
    ----------
    history : History or None
        What is known now; None where there is no path.
    until : int
        Last year that can be asked for.

    Returns
    -------
    list of int
        Ascending; empty where the series is long enough.
    """
    known = set() if history is None else {int(y) for y in history.years[history.informed]}
    first = until if history is None else int(history.years[0])
    wanted: set[int] = set()
    for year in range(until, until - 60, -1):
        have = known | wanted
        span = np.arange(min(first, year + 1), max([until, *have]) + 1)
        informed = np.isin(span, list(have))
        start = int(informed.argmax()) if informed.any() else 0
        try:
            window(informed[start:])
        except EnsembleError:
            if year not in known:
                wanted.add(year)
        else:
            return sorted(wanted)
    return sorted(wanted)

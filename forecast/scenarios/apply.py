"""Lay a scenario on the joint draws, and count the targets again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from forecast.cache import once
from forecast.dependence.conditioning import OutOfReachError, Reach, condition
from forecast.dependence.tilting import Moment, tilt
from forecast.evidence.scales import TRANSFORMS, FloatArray, Transform
from forecast.facts import Fact, fact
from forecast.forecasting.error_scale import weighted_quantiles
from forecast.progress import steps
from forecast.reconciliation.related_series.priors import DEFLATOR_SPREAD
from forecast.scenarios.joint_draws import Goal, Joint
from forecast.scenarios.price_levels import PRICES
from forecast.scenarios.spec import RefusedError, Scenario, Statement


@dataclass(frozen=True)
class Result:
    """What becomes of one target under a scenario."""

    goal: Goal
    probability: float  # kept within what the number of past cases supports
    share: float  # the plain (weighted) share of draws
    standard_error: float  # Monte Carlo error of `share`
    #: Of the value in the target year, with its 90 % interval, in the unit.
    median: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """Joint draws under a scenario."""

    joint: Joint  # the baseline
    scenario: Scenario
    draws: FloatArray  # coordinates; see `Joint.values`; shape (n, n_cells)
    weights: FloatArray  # they sum to one; equal unless a bound left draws out; shape (n,)
    reach: Reach  # how far it stands from the baseline
    #: Of each statement by itself, in standard deviations; NaN for bounds.
    apart: tuple[float, ...] = ()
    _values: dict[str, FloatArray] = field(default_factory=dict, repr=False)

    def values(self, series: str) -> FloatArray:
        """Figures of a series in its unit, shape (n, n_years)."""
        if series not in self._values:
            self._values[series] = self.joint.values(series, self.draws)
        return self._values[series]

    def at(self, goal: Goal) -> FloatArray:
        """Figures of a target's series in its year."""
        return self.values(goal.series)[:, self.joint.place(goal.assessment.year)]

    @cached_property
    def met(self) -> np.ndarray:
        """Whether each draw meets each target, shape (n, n_goals)."""
        goals = self.joint.goals
        if not goals:
            return np.zeros((len(self.draws), 0), bool)
        return np.column_stack([goal.met(self.at(goal)) for goal in goals])

    def reliable(self, goal: Goal) -> bool:
        """Whether a figure stated, if any, is joined reliably to a target; see `Joint.relation`."""
        named = {key for s in self.scenario.statements for key in (s.series, s.base) if key}
        return not named or any(self.joint.relation(key, goal) for key in named)

    @property
    def effective(self) -> float:
        """Draws that the weights leave (Kish)."""
        return float(1 / (self.weights**2).sum())

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """Every target that a path decides."""
        return tuple(self.result(goal) for goal in self.joint.goals)

    def result(self, goal: Goal) -> Result:
        """Count one target."""
        values = self.at(goal)
        share = min(float(self.weights @ goal.met(values)), 1.0)  # but for the last digit
        low, median, high = self.quantiles(values, (0.05, 0.5, 0.95))
        error = float(np.sqrt(share * (1 - share) / self.effective))
        return Result(goal, goal.within(share), share, error, median, low, high)

    def quantiles(self, values: FloatArray, levels: Sequence[float]) -> list[float]:
        """Return quantiles of figures of every draw, shape (n,)."""
        if np.ptp(self.weights) == 0:  # those of a target's own page, to the last digit
            return [float(q) for q in np.quantile(values, levels)]
        return [float(q) for q in weighted_quantiles(values, self.weights, np.asarray(levels))]


# Statements as rows -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """A statement as a figure of the draws: on what scale, and what more than it is not known."""

    statement: Statement
    joint: Joint
    #: ``log`` of a level or of one plus a growth rate, ``logit`` of a share, or ``linear``.
    scale: Transform
    offset: float = 0.0  # added to a value before it is taken to the scale: 100 for growth
    #: Standard deviation, on the scale, of what stands between the figure and the statement.
    slack: float = 0.0
    prices: str = ""

    def of(self, draws: FloatArray | None) -> FloatArray:
        """Return the figure of every draw, on the scale, shape (n,)."""
        s, joint = self.statement, self.joint
        first, last = (joint.place(year) for year in s.span)
        values = joint.values(s.series, draws)
        if s.measure == "level":
            return self.scale.forward(values[:, first : last + 1].mean(axis=1))
        if s.measure == "share":
            part = values / joint.values(s.base, draws)
            return self.scale.forward(100 * part[:, first : last + 1].mean(axis=1))
        years = last - first + 1
        if s.measure == "change":
            return (values[:, last] - values[:, first - 1]) / years
        growth: FloatArray = np.log(values[:, last] / values[:, first - 1]) / years
        if s.measure == "real_growth":
            level = joint.values(self.prices, draws)
            growth = growth - np.log(level[:, last] / level[:, first - 1]) / years
        return growth + float(np.log(100))

    def shown(self, on_scale: FloatArray) -> FloatArray:
        """Return figures of the scale in the unit of the statement."""
        return self.scale.inverse(on_scale) - self.offset

    def stated(self, before: FloatArray, value: float) -> FloatArray:
        """Return on the scale what is stated, shape () or (n,) where it is relative."""
        s = self.statement
        if s.relative == "percent":
            return before + float(np.log1p(value / 100))
        if s.relative == "points":
            moved = self.scale.inverse(before) + value
            if self.scale.name == "logit":
                moved = np.clip(moved, 1e-3, 100 - 1e-3)
            return self.scale.forward(np.maximum(moved, 1e-6) if self.offset else moved)
        return self.scale.forward(np.asarray(value + self.offset, float))

    def spread(self) -> float:
        """Return the standard deviation of the statement on the scale."""
        s = self.statement
        if s.relative or not s.sd:
            return self.slack
        slope = float(self.scale.slope(np.asarray(s.value + self.offset, float)))
        return float(np.hypot(s.sd * slope, self.slack))


def reading(joint: Joint, s: Statement) -> Reading:
    """Return what a statement measures on the draws.

    Raises
    ------
    RefusedError
        When it cannot be measured on them.
    """

    def refused(why: str, reason: Fact, *series: str) -> RefusedError:
        return RefusedError(f"{described(s)}: {why}", reason, [s], series)

    for series in filter(None, (s.series, s.base)):
        if series not in joint.series:
            raise refused(
                f"{series} is not forecast with the others: too little is known of it, or it is on "
                f"a linear scale; scenarios can speak of {', '.join(sorted(joint.series))}",
                fact("refused-not-forecast"),
                series,
            )
    first, last = s.span
    earliest = int(joint.years[0]) + (s.measure not in ("level", "share"))
    if first < earliest or last > joint.years[-1]:
        raise refused(
            f"the forecast covers {earliest} to {joint.years[-1]}",
            fact("refused-years", first=earliest, last=int(joint.years[-1])),
        )
    scale = joint.system.scale[s.series]
    if s.measure == "share":
        return Reading(s, joint, TRANSFORMS["logit"])
    if s.measure == "level":
        return Reading(s, joint, scale)
    if s.measure == "change":
        if scale.name != "logit":
            raise refused("a change is stated for shares; state growth", fact("refused-change"))
        return Reading(s, joint, TRANSFORMS["linear"])
    if scale.name != "log":
        raise refused("growth is stated for levels; state a change", fact("refused-growth"))
    if s.measure == "growth":
        return Reading(s, joint, TRANSFORMS["log"], 100.0)
    own = f"{s.region}/{PRICES}"
    known = [own] if own in joint.series else [k for k in joint.series if k.endswith(PRICES)]
    if not known:
        raise refused("no deflator is known that prices could follow", fact("refused-prices"))
    slack = 0.0 if known[0] == own else DEFLATOR_SPREAD / (last - first + 1) ** 0.5
    return Reading(s, joint, TRANSFORMS["log"], 100.0, slack, known[0])


def described(s: Statement) -> str:
    """Say a statement in short.

    Examples
    --------
    >>> described(Statement("country/exports", "growth", -10, 2027))
    'country/exports growth of -10 % in 2027'
    """
    first, last = s.span
    when = f"in {first}" if first == last else f"a year in {first}-{last}"
    measure = s.measure.replace("_", " ")
    measure += f" of {s.of}" if s.of else ""
    sign = "+" if s.relative and s.value > 0 else ""
    unit = {"points": " points from the baseline", "percent": " % from the baseline"}.get(
        s.relative, "" if s.measure == "level" else " points" if s.measure == "change" else " %"
    )
    bound = {"lower": "at least ", "upper": "at most "}.get(s.bound, "")
    often = f" with probability {s.probability:g}" if s.probability != 1 else ""
    return f"{s.series} {measure} of {bound}{sign}{s.value:g}{unit} {when}{often}"


# The two operators --------------------------------------------------------------------------------


@once
def apply(joint: Joint, scenario: Scenario) -> Outcome:
    """Lay a scenario on the joint draws.

    Figures, hard or with a spread, and figures relative to the baseline move the draws
    (`condition`); bounds and their probabilities weight them (`tilt`).

    Raises
    ------
    RefusedError
        When the scenario is out of reach of the draws, contradicts itself or an identity, or
        states what is not forecast.
    """
    n = len(joint.draws)
    readings = [reading(joint, s) for s in scenario.statements]
    _identities(joint, scenario)
    moving = [r for r in readings if not r.statement.bound]
    bounds = [r for r in readings if r.statement.bound]
    rng = np.random.default_rng([joint.seed, 5])
    apart = dict.fromkeys(range(len(readings)), float("nan"))
    draws, reach, concerned = joint.draws, Reach(effective=float(n)), moving
    try:
        if moving:
            found = condition(
                draws,
                lambda state: np.column_stack([r.of(state) for r in moving]),
                np.column_stack([_wanted(r, n, rng) for r in moving]),
                np.array([r.spread() for r in moving]),
                rng,
                [described(r.statement) for r in moving],
            )
            draws, reach = found.draws, found.reach
            places = [i for i, r in enumerate(readings) if not r.statement.bound]
            apart |= dict(zip(places, map(float, found.apart), strict=True))
        weights = np.full(n, 1 / n)
        if bounds:
            concerned = bounds
            weights, tilted = tilt([_event(r, draws) for r in bounds])
            reach = _joined(reach, tilted, n)
    except OutOfReachError as error:
        about = [concerned[place].statement for place in error.about]
        raise RefusedError(f"{scenario.name}: {error}", error.reason, about) from None
    return Outcome(joint, scenario, draws, weights, reach, tuple(apart.values()))


def apply_all(joint: Joint, scenarios: Iterable[Scenario]) -> dict[str, Outcome | RefusedError]:
    """Lay every scenario on the joint draws; one that is refused keeps the others from nothing."""
    found: dict[str, Outcome | RefusedError] = {}
    for scenario in steps(scenarios, "scenario", lambda one: one.key):
        try:
            found[scenario.key] = apply(joint, scenario)
        except RefusedError as error:
            found[scenario.key] = error
    return found


def _wanted(r: Reading, n: int, rng: np.random.Generator) -> FloatArray:
    """Return what is stated for every draw; a relative figure with a spread differs by draw."""
    s = r.statement
    if not s.relative:
        return np.full(n, float(r.stated(np.empty(0), s.value)))
    before = r.of(None)
    if not s.sd:
        return r.stated(before, s.value)
    shift = r.stated(before, s.value) - before
    unit = r.stated(before, s.value + s.sd) - before - shift
    return before + shift + unit * rng.standard_normal(n)


def _event(r: Reading, draws: FloatArray) -> Moment:
    s = r.statement
    figures, limit = r.of(draws), float(r.stated(np.empty(0), s.value))
    event = figures >= limit if s.bound == "lower" else figures <= limit
    return Moment(event, s.probability, described(s))


def _joined(a: Reach, b: Reach, n: int) -> Reach:
    return Reach(
        distance=float(np.hypot(a.distance, b.distance)),
        surprise=max(a.surprise, b.surprise),
        relative_entropy=a.relative_entropy + b.relative_entropy,
        effective=a.effective * b.effective / n,
        warnings=a.warnings + b.warnings,
    )


def _identities(joint: Joint, scenario: Scenario) -> None:
    """Refuse levels that break an identity: then no draw could ever agree."""
    stated = {
        (s.series, s.span[0]): s
        for s in scenario.statements
        if s.measure == "level" and s.span[0] == s.span[1] and not (s.bound or s.relative or s.sd)
    }
    system = joint.system
    identities = [
        *(((total, *parts), "sum") for total, parts in system.sums.items()),
        *(((part, whole), "part") for part, whole in system.part.items()),
        *(((amount, *factors), "product") for amount, factors in system.product.items()),
    ]
    for year in sorted({year for _, year in stated}):
        for series, kind in identities:
            known = [stated[key, year] for key in series if (key, year) in stated]
            if len(known) == len(series) and not _holds(kind, [s.value for s in known]):
                raise RefusedError(
                    f"{scenario.name}: {_identity(kind, series)}; in {year} they are stated as "
                    f"{', '.join(f'{s.value:g}' for s in known)}",
                    Fact(f"refused-{kind}", {"year": year}),
                    known,
                    series,
                )


def _holds(kind: str, values: Sequence[float]) -> bool:
    first, *rest = values
    if kind == "part":
        return first < rest[0]
    whole = sum(rest) if kind == "sum" else rest[0] / 100 * rest[1]
    return abs(whole / first - 1) <= 1e-9


def _identity(kind: str, series: Sequence[str]) -> str:
    first, *rest = series
    if kind == "sum":
        return f"{first} must be the sum of {' and '.join(rest)}"
    return f"{first} is part of {rest[0]}" if kind == "part" else f"{first} is {' of '.join(rest)}"

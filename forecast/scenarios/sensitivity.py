"""What it would take: the value of a figure at which a target is as likely met as missed.

A figure is a statement whose value is left open: the growth of an indicator over some years, a
level next year. Conditioning the joint draws on one value after the other gives the probability as
a function of it. That is what goes with what, not what causes what; figures whose past errors have
not moved reliably with those of the target (`forecast.dependence.links`) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast.cache import once
from forecast.dependence.conditioning import OutOfReachError, condition
from forecast.dependence.links import Link
from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray
from forecast.scenarios.apply import Outcome, Reading, reading
from forecast.scenarios.joint_draws import Goal, Joint
from forecast.scenarios.price_levels import PRICES
from forecast.scenarios.spec import RefusedError, ScenarioError, Statement
from forecast.targets.assessment import Assessment, growth

EVEN = 0.5  # the probability whose value of a figure is asked for
NOTABLE = 0.03  # change of a probability that is told
REACH = 3.0  # standard deviations of its own forecast within which a figure is varied
STEPS = 25  # values looked at
ENDS = (0.05, 0.95)  # quantiles of a figure between which its effect is measured


@dataclass(frozen=True, eq=False)
class Response:
    """Probability of a target as a function of a figure."""

    goal: Goal
    figure: Statement  # its value is the median of the baseline
    #: What joins it to the target; see `forecast.scenarios.joint_draws.Joint.relation`.
    relation: str
    link: Link  # how their past errors moved together
    value: FloatArray  # shape (n_values,)
    probability: FloatArray  # shape (n_values,)
    #: 90 % interval of the figure in the baseline.
    low: float
    high: float
    #: Value at which the probability is 50 %; None where no value within reach does.
    even: float | None

    @property
    def ends(self) -> tuple[float, float]:
        """Probability at the ends of the figure's 90 % interval."""
        low, high = np.interp([self.low, self.high], self.value, self.probability)
        return float(low), float(high)

    @property
    def effect(self) -> float:
        """Size of the change of the probability from one end to the other."""
        return abs(self.ends[1] - self.ends[0])

    @property
    def moves(self) -> bool:
        """Whether the probability changes by as much as is told, or becomes even."""
        return self.effect >= NOTABLE or self.even is not None

    @property
    def inside(self) -> bool:
        """Whether the figure is one of the target's own region."""
        return self.figure.region == self.goal.series.split("/")[0]


def basis(outcome: Outcome, series: Sequence[str], first: int) -> Joint:
    """Return the joint draws of a scenario, of no more than some series from a year on."""
    joint = outcome.joint
    needed = {name for key in series for name in joint.system.coordinates_of(key)}
    place = max(joint.place(first), 0)
    columns = [i for i, (key, year) in enumerate(joint.cells) if key in needed and year >= place]
    return replace(
        joint,
        draws=outcome.draws[:, columns],
        cells=tuple((key, year - place) for key, year in (joint.cells[i] for i in columns)),
        fixed={key: values[place:] for key, values in joint.fixed.items()},
        years=joint.years[place:],
        _columns={},
    )


def usual_figures(joint: Joint, goal: Goal) -> list[Statement]:
    """Return the figures that are looked at if none is named.

    The yearly growth, over the two years to the target, of every flow and price of the region and
    its parents, and the same indicator in the parents. Other shares and stocks move too little, and
    have too short a record, to tell what goes with them.
    """
    end = goal.assessment.year
    indicator = goal.series.split("/")[1]
    found = []
    for key in joint.series:
        history = joint.histories.get(key)
        own_product = key in joint.system.product and goal.series in joint.system.product[key]
        flow = history is not None and history.kind in ("flow", "price")
        if key == goal.series or not (flow or own_product or key.split("/")[1] == indicator):
            continue
        first = end - 1 if history is None else max(end - 1, int(history.years[-1]) + 1)
        measure = "change" if joint.system.scale[key].name == "logit" else "growth"
        found.append(Statement(key, measure, 0.0, (min(first, end), end)))
    return found


def own_next_figure(joint: Joint, goal: Goal) -> Statement | None:
    """Return the target's own growth in the year after the last known one, if that is not it."""
    first = int(joint.histories[goal.series].years[-1]) + 1
    if first >= goal.assessment.year:
        return None
    measure = "change" if joint.system.scale[goal.series].name == "logit" else "growth"
    return Statement(goal.series, measure, 0.0, first)


def parse(text: str) -> Statement:
    """Read a figure: series, measure and year or years.

    Examples
    --------
    >>> parse("country/exports growth 2026-2027").span
    (2026, 2027)
    """
    found = re.fullmatch(r"(\S+/\S+)\s+(\w+)\s+(\d{4})(?:-(\d{4}))?", text.strip())
    if found is None:
        raise UserError(
            f"{text!r} is no figure to vary; expected series, measure and year or years, such as "
            "'country/exports growth 2026-2027'"
        )
    series, measure, first, last = found.groups()
    return Statement(series, measure, 1.0, (int(first), int(last or first)))


@dataclass(frozen=True, eq=False)
class Question:
    """What it would take to meet one target."""

    outcome: Outcome  # what it is asked under
    goal: Goal | None  # None where no path decides the target
    #: Of the figures named, else of those that move the probability: the target's own next growth,
    #: then the others, the largest effect first.
    responses: tuple[Response, ...] = ()
    #: Figures left out: without a reliable link, and with one but without an effect.
    unlinked: int = 0
    still: int = 0


def ask(outcome: Outcome, target: str, named: Sequence[str] = ()) -> Question:
    """Answer what it would take to meet a target under a scenario, or in the baseline.

    Figures that are `named` (see `parse`) are shown whatever joins them to the target; else the
    target's own next growth and the flows and prices of the region and its parents are tried. An
    answer is computed once for pages in several languages.

    Raises
    ------
    ScenarioError
        When a figure that was named cannot be varied.
    """
    return _asked(outcome, target, tuple(named))


@once
def _asked(outcome: Outcome, target: str, named: tuple[str, ...]) -> Question:
    joint = outcome.joint
    goal = next((g for g in joint.goals if g.name == target), None)
    if goal is None:
        return Question(outcome, None)
    if named:
        return Question(outcome, goal, tuple(response(outcome, goal, parse(n)) for n in named))
    own = own_next_figure(joint, goal)
    tried = [*([own] if own else []), *usual_figures(joint, goal)]
    linked = [figure for figure in tried if joint.relation(figure.series, goal)]
    found, still = [], 0
    for figure in linked:
        try:
            answer = response(outcome, goal, figure)
        except (ScenarioError, OutOfReachError):
            continue
        still += not answer.moves
        found += [answer] if answer.moves else []
    found.sort(key=lambda r: (r.relation != "self", -r.effect))
    return Question(outcome, goal, tuple(found), len(tried) - len(linked), still)


def response(outcome: Outcome, goal: Goal, figure: Statement) -> Response:
    """Vary one figure and return what becomes of a target's probability.

    Of the figure, series, measure and years count; its value is not looked at.

    Raises
    ------
    ScenarioError
        When the figure cannot be measured, or the scenario holds it fast.
    """
    joint = basis(outcome, _series(goal, figure), figure.span[0] - 1)
    r = reading(joint, figure)
    z = r.of(joint.draws)
    _check_variable(z, figure)
    centre, sd = float(np.median(z)), float(np.diff(np.quantile(z, [0.16, 0.84]))[0]) / 2
    places = centre + sd * np.linspace(-REACH, REACH, STEPS)
    chance = np.array([
        goal.within(float(outcome.weights @ goal.met(_moved(joint, goal, r, place))))
        for place in places
    ])  # fmt: skip
    value = np.array([float(r.shown(np.array(place))) for place in places])
    low, middle, high = (
        float(r.shown(np.array(q))) for q in np.quantile(z, [ENDS[0], 0.5, ENDS[1]])
    )
    return Response(
        goal, replace(figure, value=middle), joint.relation(figure.series, goal),
        joint.links.between(figure.series, goal.series), value, chance, low, high,
        _crossing(value, chance, EVEN),
    )  # fmt: skip


def _series(goal: Goal, *figures: Statement) -> list[str]:
    found = [goal.series]
    for figure in figures:
        found.append(figure.series)
        if figure.base:
            found.append(figure.base)
        if figure.measure == "real_growth":
            found.append(f"{figure.region}/{PRICES}")
    return found


def _check_variable(z: FloatArray, figure: Statement) -> None:
    if not np.isfinite(z).all():
        raise ScenarioError(
            f"{figure.series}: nothing is known of the year before {figure.span[0]}"
        )
    if z.std() < 1e-9:
        raise ScenarioError(
            f"{figure.series} {figure.measure} is fixed already and cannot be varied"
        )


def _moved(joint: Joint, goal: Goal, figure: Reading, place: float) -> FloatArray:
    """Return draws of a target's year, given the value of a figure on its scale."""
    found = condition(
        joint.draws,
        lambda state: figure.of(state)[:, None],
        np.array([place]),
        names=[figure.statement.series],
    )
    return joint.values(goal.series, found.draws)[:, joint.place(goal.assessment.year)]


def _crossing(value: FloatArray, chance: FloatArray, wanted: float) -> float | None:
    """Return the value at which a rising or falling probability is the one wanted."""
    rising = chance[-1] >= chance[0]
    p = np.maximum.accumulate(chance if rising else chance[::-1])
    v = value if rising else value[::-1]
    if not p[0] < wanted < p[-1]:
        return None
    after = int(np.argmax(p >= wanted))
    share = (wanted - p[after - 1]) / (p[after] - p[after - 1])
    return float(v[after - 1] + share * (v[after] - v[after - 1]))


def past_growth(answer: Assessment) -> pd.Series:
    """Growth a year of a target's series over every past span as long as the one to its year.

    In the unit of `Assessment.required`, by last year of the span. Spans overlap; one from or to a
    year of which nothing was published is left out.
    """
    history = answer.history
    if history is None or (span := answer.year - int(history.years[-1])) <= 0:
        return pd.Series(dtype=float)
    values, seen = history.values(), history.informed
    found = {
        int(history.years[i]): growth(history.scale.name, values[i - span], values[i], span)
        for i in range(span, len(values))
        if seen[i] and seen[i - span]
    }
    return pd.Series(found, dtype=float)


def required_path(outcome: Outcome, goal: Goal) -> pd.DataFrame:
    """Path of a target's series if its limit is just reached, beside where it is heading.

    Columns ``year, baseline, needed``: medians, in the unit, from the last known year on.

    Raises
    ------
    RefusedError
        When the limit is out of reach.
    """
    answer = goal.assessment
    last = int(outcome.joint.histories[goal.series].years[-1])
    joint = basis(outcome, [goal.series], last)
    place = joint.place(answer.year)
    scale = joint.system.scale[goal.series]
    limit = answer.criterion.nearest(float(np.median(outcome.at(goal))))
    wanted = float(scale.forward(np.asarray(limit, float)))
    try:
        found = condition(
            joint.draws,
            lambda state: scale.forward(joint.values(goal.series, state)[:, place])[:, None],
            np.array([wanted]),
            names=[f"{goal.series} of {limit:g} in {answer.year}"],
        )
    except OutOfReachError as error:
        level = Statement(goal.series, "level", limit, answer.year)
        raise RefusedError(str(error), error.reason, [level]) from None
    first = joint.place(last)
    before, after = (
        np.median(joint.values(goal.series, d)[:, first : place + 1], axis=0)
        for d in (joint.draws, found.draws)
    )
    return pd.DataFrame(
        {"year": joint.years[first : place + 1], "baseline": before, "needed": after}
    )

"""What it would take: the value of a figure at which a target becomes unlikely, even, likely.

A figure is a statement whose value is left open: the growth of an indicator or a driver over some
years, a level next year. Conditioning the joint draws on one value after the other gives the
probability as a function of it. That is what goes with what, not what causes what.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from forecast.dependence.conditioning import OutOfReachError, condition
from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray
from forecast.scenarios.apply import Outcome, Reading, reading
from forecast.scenarios.joint_draws import Goal, Joint
from forecast.scenarios.price_levels import PRICES
from forecast.scenarios.spec import RefusedError, ScenarioError, Statement

WANTED = (0.1, 0.5, 0.9)  # probabilities asked for
REACH = 6.0  # standard deviations of its own forecast within which a figure is varied ...
CREDIBLE = 3.0  # ... and beyond which a value is marked as far off
STEPS = 49  # values looked at
MOST = 4  # figures looked at if none is named
GRID = 11  # values of each figure of a surface
SWING = (0.1, 0.9)  # quantiles of a figure between which its effect is measured


@dataclass(frozen=True, eq=False)
class Response:
    """Probability of a target as a function of a figure.

    Attributes
    ----------
    goal : Goal
    figure : Statement
        Its value is the median of the baseline.
    value, probability : ndarray, shape (n_values,)
    far : ndarray, shape (n_values,)
        Distance of the value from the figure's own forecast, in standard deviations.
    low, high : float
        90 % interval of the figure in the baseline.
    takes : dict of float to float or None
        Value at which the probability is 10, 50 and 90 %; None where no value within reach does.
    """

    goal: Goal
    figure: Statement
    value: FloatArray
    probability: FloatArray
    far: FloatArray
    low: float
    high: float
    takes: dict[float, float | None]

    def distance(self, value: float) -> float:
        """Return how far a value lies from the figure's own forecast, in standard deviations."""
        return float(np.interp(value, self.value, self.far))

    @property
    def within(self) -> FloatArray:
        """Probability at the ends of what is credible of the figure."""
        inside = self.far <= CREDIBLE + 1e-9
        return self.probability[inside][[0, -1]]


def basis(outcome: Outcome, series: Sequence[str]) -> Joint:
    """Return the joint draws of a scenario, with no more columns than some series need."""
    joint = outcome.joint
    needed = {name for key in series for name in joint.system.coordinates_of(key)}
    columns = [i for i, (name, _) in enumerate(joint.cells) if name in needed]
    return replace(
        joint,
        draws=outcome.draws[:, columns],
        cells=tuple(joint.cells[i] for i in columns),
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
    """What it would take to meet one target.

    Attributes
    ----------
    outcome : Outcome
        What it is asked under.
    goal : Goal or None
        None where no path decides the target.
    swings : DataFrame
        Of `swings`.
    responses : tuple of Response
        Of the figures named, or of the target's own next growth and the strongest others.
    pair : tuple of Statement
        The first two of them.
    surface : DataFrame
        Of `surface`, over the pair.
    """

    outcome: Outcome
    goal: Goal | None
    swings: pd.DataFrame = field(default_factory=pd.DataFrame)
    responses: tuple[Response, ...] = ()
    pair: tuple[Statement, ...] = ()
    surface: pd.DataFrame = field(default_factory=pd.DataFrame)


def ask(outcome: Outcome, target: str, named: Sequence[str] = ()) -> Question:
    """Answer what it would take to meet a target.

    Parameters
    ----------
    outcome : Outcome
        A scenario, or the baseline.
    target : str
    named : sequence of str, optional
        Figures (see `parse`); the target's own next growth and the strongest others if not given.

    Raises
    ------
    ScenarioError
        When a figure that was named cannot be varied.
    """
    goal = next((g for g in outcome.joint.goals if g.name == target), None)
    if goal is None:
        return Question(outcome, None)
    found = swings(outcome, goal)
    figures = [parse(text) for text in named]
    if not figures:
        own = own_next_figure(outcome.joint, goal)
        rows = found.head(MOST).to_dict("records")
        figures = [] if own is None else [own]
        figures += [
            Statement(r["series"], r["measure"], 1.0, (r["first"], r["last"])) for r in rows
        ]
    responses = []
    for figure in figures[: max(MOST, len(named))]:
        try:
            responses.append(response(outcome, goal, figure))
        except (ScenarioError, OutOfReachError):
            if named:
                raise
    pair = tuple(r.figure for r in responses[:2])
    grid = surface(outcome, goal, *pair) if len(pair) == 2 else pd.DataFrame()
    return Question(outcome, goal, found, tuple(responses), pair, grid)


def response(outcome: Outcome, goal: Goal, figure: Statement) -> Response:
    """Vary one figure and return what becomes of a target's probability.

    Parameters
    ----------
    outcome : Outcome
        A scenario, or the baseline.
    goal : Goal
    figure : Statement
        Series, measure and years; its value is not looked at.

    Raises
    ------
    ScenarioError
        When the figure cannot be measured, or the scenario holds it fast.
    """
    joint = basis(outcome, _series(goal, figure))
    r = reading(joint, figure)
    z = r.of(joint.draws)
    _check_variable(z, figure)
    centre, sd = float(np.median(z)), float(np.diff(np.quantile(z, [0.16, 0.84]))[0]) / 2
    steps = np.linspace(-REACH, REACH, STEPS)
    places = centre + sd * steps
    chance = np.array([
        goal.within(float(outcome.weights @ goal.met(_moved(joint, goal, [r], [place]))))
        for place in places
    ])  # fmt: skip
    value = np.array([float(r.shown(np.array(place))) for place in places])
    low, middle, high = (float(r.shown(np.array(q))) for q in np.quantile(z, [0.05, 0.5, 0.95]))
    takes = {p: _crossing(value, chance, p) for p in WANTED}
    far = np.abs(steps)
    return Response(goal, replace(figure, value=middle), value, chance, far, low, high, takes)


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


def _moved(
    joint: Joint, goal: Goal, figures: Sequence[Reading], places: Sequence[float]
) -> FloatArray:
    """Return draws of a target's year, given values of figures on their scales."""
    found = condition(
        joint.draws,
        lambda state: np.column_stack([r.of(state) for r in figures]),
        np.array(places),
        names=[r.statement.series for r in figures],
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


def swings(outcome: Outcome, goal: Goal) -> pd.DataFrame:
    """Rank figures by the probabilities that go with their 10 % and their 90 % quantile.

    Returns
    -------
    DataFrame
        ``series, measure, first, last, low, high`` (values of the figure), ``p_low, p_high`` and
        ``median_low, median_high`` (of the target); largest effect first. Figures that cannot be
        varied are left out.
    """
    rows = []
    for figure in usual_figures(outcome.joint, goal):
        try:
            joint = basis(outcome, _series(goal, figure))
            r = reading(joint, figure)
            z = r.of(joint.draws)
            _check_variable(z, figure)
            places = np.quantile(z, SWING)
            values = [_moved(joint, goal, [r], [float(place)]) for place in places]
        except (ScenarioError, OutOfReachError):
            continue
        chance = [float(outcome.weights @ goal.met(v)) for v in values]
        medians = [outcome.quantiles(v, (0.5,))[0] for v in values]
        effect = abs(chance[1] - chance[0])
        # Where no draw reaches the target, figures are told apart by where they take the median.
        second = abs(float(np.log(medians[1] / medians[0])))
        shown = [float(r.shown(np.array(place))) for place in places]
        said = [goal.within(p) for p in chance]
        rows.append((figure.series, figure.measure, *figure.span, *shown, *said, *medians,
                     round(effect, 3), second))  # fmt: skip
    columns = ["series", "measure", "first", "last", "low", "high", "p_low", "p_high",
               "median_low", "median_high", "effect", "second"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.sort_values(["effect", "second"], ascending=False, kind="stable")
    return frame.drop(columns=["effect", "second"]).reset_index(drop=True)


def surface(outcome: Outcome, goal: Goal, across: Statement, up: Statement) -> pd.DataFrame:
    """Probability over two figures, each from its 2.5 % to its 97.5 % quantile.

    Returns
    -------
    DataFrame
        ``across, up, probability``; pairs the draws cannot reach have NaN.
    """
    joint = basis(outcome, _series(goal, across, up))
    readings = [reading(joint, across), reading(joint, up)]
    grids = []
    for r in readings:
        z = r.of(joint.draws)
        _check_variable(z, r.statement)
        start, end = np.quantile(z, [0.025, 0.975])
        grids.append(np.linspace(float(start), float(end), GRID))
    rows = []
    for a in grids[0]:
        for b in grids[1]:
            try:
                values = _moved(joint, goal, readings, [float(a), float(b)])
                chance = goal.within(float(outcome.weights @ goal.met(values)))
            except OutOfReachError:
                chance = float("nan")
            shown = [float(r.shown(np.array(v))) for r, v in zip(readings, (a, b), strict=True)]
            rows.append((*shown, chance))
    return pd.DataFrame(rows, columns=["across", "up", "probability"])


def required_path(outcome: Outcome, goal: Goal) -> pd.DataFrame:
    """Path of a target's series if its limit is just reached, beside where it is heading.

    Returns
    -------
    DataFrame
        ``year, baseline, needed``: medians, in the unit, from the last known year on.

    Raises
    ------
    RefusedError
        When the limit is out of reach.
    """
    answer = goal.assessment
    joint = basis(outcome, [goal.series])
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
    first = joint.place(int(joint.histories[goal.series].years[-1]))
    before, after = (
        np.median(joint.values(goal.series, d)[:, first : place + 1], axis=0)
        for d in (joint.draws, found.draws)
    )
    return pd.DataFrame(
        {"year": joint.years[first : place + 1], "baseline": before, "needed": after}
    )

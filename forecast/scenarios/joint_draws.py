"""Joint draws of a region and its parents: every series as on its own page, and all together.

The figures of each series and year are the draws of its own forecast, put into another order:
probabilities of single targets stay what they are. The order comes from a Gaussian copula whose
correlations past errors have taught (`forecast.dependence.copula`); reordering draws by ranks is
known from weather forecasts as the Schaake shuffle (Clark et al. 2004).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from forecast.cache import cached
from forecast.dependence import copula as dependence
from forecast.dependence.links import Links
from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray
from forecast.expectations.outlook import Outlook
from forecast.forecasting.floor import within
from forecast.forecasting.model_pool import generator, simulate
from forecast.forecasting.panel_data import MIN_INFORMED, WANTED, EnsembleError, window
from forecast.progress import steps
from forecast.reconciliation.history import History
from forecast.scenarios import identities
from forecast.scenarios.identities import System
from forecast.scenarios.price_levels import PRICES, price_levels, price_options
from forecast.scenarios.spec import ScenarioError
from forecast.targets.assessment import Assessment
from forecast.targets.question import Source
from forecast.verification.track_record import of_series, past_errors, pool_record, spread_factors

CERTAIN = 1e-9  # standard deviation below which a figure is a constant


@dataclass(frozen=True, eq=False)
class Goal:
    """A target that is a threshold on one series in one year."""

    assessment: Assessment
    series: str

    @property
    def name(self) -> str:
        """Key of the target within its plan."""
        return str(self.assessment.target["target"])

    def met(self, values: FloatArray) -> np.ndarray:
        """Whether figures of the target year meet it."""
        return self.assessment.criterion.met(values)

    def within(self, share: float) -> float:
        """Keep a probability within what the number of past cases supports."""
        return within(share, self.assessment.floor)


@dataclass(frozen=True, eq=False)
class Joint:
    """Joint draws of some series and years, and what is needed to move them."""

    #: Coordinates (see `forecast.scenarios.identities`) of what is not known yet; shape (n,
    #: n_cells).
    draws: FloatArray
    cells: tuple[tuple[str, int], ...]  # series and place of the year of every column
    #: Coordinates of what is known; 0 where it is not; shape (n_years,).
    fixed: dict[str, FloatArray]
    years: np.ndarray  # shape (n_years,)
    system: System
    histories: dict[str, History]
    links: Links  # how reliably past errors of the series moved together
    goals: tuple[Goal, ...]
    region: str
    plan: str
    seed: int
    _columns: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for column, (key, year) in enumerate(self.cells):
            columns, places = self._columns.setdefault(key, ([], []))
            columns.append(column)
            places.append(year)

    @property
    def floor(self) -> float:
        """Smallest probability of several targets at once: the highest floor of any of them."""
        return max((goal.assessment.floor or 0.0 for goal in self.goals), default=0.0)

    @property
    def series(self) -> tuple[str, ...]:
        """Keys of all series, the derived ones included."""
        return tuple(self.system.scale)

    def relation(self, series: str, goal: Goal) -> str:
        """Return what joins a series to the one of a target.

        ``self``; ``part`` where an identity joins them; ``link`` where the interval of the
        correlation of their past errors excludes zero; empty where nothing reliable does.
        """
        if series == goal.series:
            return "self"
        if self.system.tied(series, goal.series):
            return "part"
        return "link" if self.links.between(series, goal.series).reliable else ""

    def place(self, year: int) -> int:
        """Column of a year in what `values` returns."""
        return int(year - self.years[0])

    def values(self, key: str, draws: FloatArray | None = None) -> FloatArray:
        """Figures of a series in its unit, shape (n, n_years); NaN in years before it is known.

        The draws are coordinates of a scenario; those of the baseline if not given.
        """
        state = self.draws if draws is None else draws

        def coordinate(name: str) -> FloatArray:
            out = np.broadcast_to(self.fixed[name], (len(state), len(self.years))).copy()
            if name in self._columns:
                columns, places = self._columns[name]
                out[:, places] = state[:, columns]
            return out

        return self.system.decode(key, coordinate)


# The making of it ---------------------------------------------------------------------------------


def stored(study: Source, plan: str) -> Joint:
    """Return the joint draws from the cache, or make them; see `joint`."""
    parts = ("joint draws", study.evidence.digest, study.evidence.as_of, study.options, plan)
    return cached(parts, lambda: joint(study, plan))


def joint(study: Source, plan: str, answers: Sequence[Assessment] = ()) -> Joint:
    """Join the forecasts of a plan's region and its parents, to the latest year of its targets.

    Series that cannot be forecast are left out. The plan's answers are made where they are not at
    hand.

    Raises
    ------
    ScenarioError
        When no series can be forecast.
    """
    targets = study.evidence.targets
    mine = targets[targets["plan"] == plan]
    levels = list(mine.loc[mine["kind"] == "level", "target"])
    answers = list(answers) or [study.assess(name, plan) for name in steps(levels, "target", str)]
    end, region, histories = joined(study, plan)
    if not histories:
        raise ScenarioError(f"nothing of {region} or above it can be forecast: no joint draws")
    made = {
        answer.history.key: answer.history.scale.forward(answer.paths.pooled)
        for answer in answers
        if answer.kind == "level" and answer.year == end and answer.paths and answer.history
    }
    marginals = {
        key: marginal(study, history, end, made.get(key))
        for key, history in steps(histories.items(), "joint draws", lambda item: item[0])
    }
    goals = tuple(  # none asks for the past forecasts of all series, which would be stored as well
        Goal(replace(answer, record=answer.record.iloc[:0]), answer.history.key)
        for answer in answers
        if answer.kind == "level" and answer.paths is not None and answer.history is not None
        if answer.history.key in histories and answer.probability is not None
    )
    return assemble(study, plan, region, goals, histories, marginals, end)


def joined(study: Source, plan: str) -> tuple[int, str, dict[str, History]]:
    """Return the last year, the region and the series that are joined for a plan.

    Of series with three or four years those are joined that a target is on.
    """
    targets = study.evidence.targets
    region = str(study.evidence.plan(plan)["region"])
    years = targets.loc[targets["plan"] == plan, "year"]
    if years.empty:
        raise UserError(f"targets.csv holds no target of the plan {plan!r}")
    end = int(years.max())
    chain = study.evidence.chain(region)
    mine = targets[targets["plan"] == plan]
    aims = set(mine["region"] + "/" + mine["indicator"])
    histories = {
        key: history
        for key, history in study.histories().items()
        if history.region in chain
        and history.scale.name != "linear"
        and able(history, end, MIN_INFORMED if key in aims else WANTED)
    }
    return end, region, histories | price_levels(study, chain, end)


def prepare(study: Source, key: str, end: int) -> None:
    """Put the draws of a series to a year into the cache, one of those that `joined` returns."""
    region, indicator = key.split("/")
    known = study.find_history(region, indicator) if indicator != PRICES else None
    marginal(study, known or price_levels(study, [region], end)[key], end)


def able(history: History, end: int, least: int = MIN_INFORMED) -> bool:
    """Return whether a series can be forecast to a year, from so many years with evidence."""
    try:
        seen = window(history.informed)
    except EnsembleError:
        return False
    return int(history.informed[seen].sum()) >= least and int(history.years[-1]) < end


def own_record(study: Source, history: History) -> pd.DataFrame:
    """Return the past forecasts of a series, or of a price level."""
    if history.indicator == PRICES:
        return pool_record(history, price_options(study.options))
    return of_series(study.record(), history.key)


def marginal(
    study: Source,
    history: History,
    end: int,
    made: FloatArray | None = None,
) -> FloatArray:
    """Draws of one series by itself, those that its own page rests on: `made` where at hand.

    On the scale of the models, shape (n, years from the last known one): the first column is what
    is not known of the last year.
    """
    horizon = end - int(history.years[-1])
    factors = spread_factors(own_record(study, history), study.record(), horizon)
    options = study.options
    by_learned = not options.families and history.indicator != PRICES
    outlook = Outlook(study.evidence, study.histories(), study.record(), options)
    if any(e.year <= int(history.years[-1]) for e in outlook.expected(history)):
        made = None  # what others expect of its last year moves that, too
    parts = ("joint", study.evidence.figures, history.fingerprint, horizon, options,
             factors.tobytes())  # fmt: skip

    def compute() -> FloatArray:
        if by_learned:
            found, *_ = outlook.draws(history, horizon, factors)
            return np.hstack([found.past[:, -1:], found.ahead])
        asked = price_options(options) if history.indicator == PRICES else options
        ahead = history.scale.forward(simulate(history, horizon, asked, factors).pooled)
        return np.hstack([now(len(ahead)), ahead])

    def now(n: int) -> FloatArray:
        return history.draws(n, generator(options.seed, history.key, "now"))[:, -1:]

    return cached(parts, compute) if made is None else np.hstack([now(len(made)), made])


def assemble(
    study: Source,
    plan: str,
    region: str,
    goals: tuple[Goal, ...],
    histories: dict[str, History],
    marginals: Mapping[str, FloatArray],
    end: int,
) -> Joint:
    """Order the draws of all series by one copula and make the identities hold."""
    keys = list(histories)
    accounts = study.evidence.accounts
    labels = [dependence.Label(key, h.region, h.indicator, h.kind) for key, h in histories.items()]
    prices = [own_record(study, h) for h in histories.values() if h.indicator == PRICES]
    records = [record for record in (study.record(), *prices) if len(record)]
    past = past_errors(study.record())
    if len(records) > 1:
        past = pd.concat(map(past_errors, records), ignore_index=True)
    correlation = dependence.learn(past, labels, study.evidence.parents, accounts.kin)
    last = [int(histories[key].years[-1]) for key in keys]
    start = [dependence.start_variance(marginals[key]) for key in keys]
    places = [(i, y) for i, key in enumerate(keys) for y in range(last[i], end + 1)]
    joined = dependence.over_years(correlation, last, start, places)
    n = study.options.draws
    rng = generator(study.options.seed, plan, "copula")
    root = np.linalg.cholesky(joined + 1e-10 * np.eye(len(places)))
    order = rng.standard_normal((n, len(places))) @ root.T
    years = np.arange(min(last) - 1, end + 1)
    values = {key: _known_values(histories[key], years, n) for key in keys}
    for column, (i, year) in enumerate(places):
        history = histories[keys[i]]
        figures = dependence.ordered(marginals[keys[i]][:, year - last[i]], order[:, column])
        values[keys[i]][:, year - years[0]] = history.in_unit(figures)
    known = {key: years <= last[i] for i, key in enumerate(keys)}
    system = identities.system(
        {key: h.scale for key, h in histories.items()},
        {key: float(h.values()[-1]) for key, h in histories.items()},
        accounts,
    )
    values = identities.reconciled(
        values, known, system, frozenset(goal.series for goal in goals), _most(histories, system)
    )
    coordinates = system.encode(values)
    draws, cells, fixed = _split(coordinates)
    return Joint(
        draws, cells, fixed, years, system, histories, Links.of(past, tuple(keys)), goals, region,
        plan, study.options.seed,
    )  # fmt: skip


def _known_values(history: History, years: np.ndarray, n: int) -> FloatArray:
    past = pd.Series(history.values(), history.years).reindex(years).to_numpy(float)
    return np.tile(past, (n, 1))


def _most(histories: Mapping[str, History], system: System) -> dict[str, float]:
    """Largest share a part may take of its whole: halfway from its largest on record to all."""
    out = {}
    for part, whole in system.part.items():
        a, b = (pd.Series(histories[k].values(), histories[k].years) for k in (part, whole))
        out[part] = (1 + min(float((a / b).max()), 0.98)) / 2
    return out


def _split(
    coordinates: Mapping[str, FloatArray],
) -> tuple[FloatArray, tuple[tuple[str, int], ...], dict[str, FloatArray]]:
    """Separate what is known, the same in all draws, from what is not."""
    columns, cells, fixed = [], [], {}
    for key, values in coordinates.items():
        constant = ~(np.std(values, axis=0) > CERTAIN)  # years before a series are NaN
        fixed[key] = np.where(constant, values[0], 0.0)
        for place in np.flatnonzero(~constant):
            columns.append(values[:, place])
            cells.append((key, int(place)))
    return np.column_stack(columns), tuple(cells), fixed

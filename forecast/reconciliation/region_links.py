"""Reconcile series together: a city's with its province's, a county's with the city's.

A series hangs on its parent, the same indicator in the region above, by their ratio: it moves as a
stochastic trend of its own, and more slowly than the series itself, or the link is not made. Or it
hangs on another indicator of its region (column `follows` of `indicators.csv`), whichever ratio is
the steadier. The links form trees, on which Gaussian beliefs are passed exactly: what a child
knows of its parent's path goes up, what all others know of it comes down (Pearl 1988, chapter 4;
Kalman smoothing is the same on a chain).

The statements of a series are weighted twice, alone and then in the light of its relatives. The
ratios have Student-t innovations as the paths do: a region may fall when its parent does not. Given
the weights, everything is Gaussian.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray, Transform, transform
from forecast.reconciliation.census_steps import COMPONENT_STEP_SD, STEP_SD, learned
from forecast.reconciliation.observation_equations import (
    Layout,
    Record,
    bases_of,
    connected,
    levels_of,
    noise_of,
    on_scale,
    part_departures,
    statements_of,
    yearly_changes,
)
from forecast.reconciliation.robust_solver import CONFIRMED, Prior, Solution, System, Weights, solve
from forecast.reconciliation.trend_prior import (
    DRIFT_SD,
    INNOVATION_FREEDOM,
    PART_PERSISTENCE,
    Path,
    extras_prior,
    part_sd,
    spells,
    weighted_trend,
)

Key = tuple[str, str]  # region, indicator
Gaussian = tuple[FloatArray, FloatArray]  # information and precision

TYPICAL_NOISE = {"flow": 0.06, "stock": 0.012, "share": 0.04, "rate": 0.04}
# Yearly noise of a series' ratio to its parent's. Medians over the pairs of the data: flows 0.032,
# stocks 0.001 (one pair), shares 0.012.
TYPICAL_RATIO_NOISE = {"flow": 0.035, "stock": 0.004, "share": 0.03, "rate": 0.03}
RATIO_DRIFT_SD = 0.03  # of the first year's growth of a ratio
RATIO_ROUNDS = 8  # of reweighting the innovations of a ratio before beliefs are passed
# Standard deviation of the share of its parent's move that a part does not follow.
FOLLOWING_SD = 0.4
LEAST_YEARS = 10  # of a path; a shorter one is carried back along its parent's
SURVEY_STEP_SD = 0.5  # a new survey can halve a level or double it
SHARE_STEP_SD = 0.01  # a share of GDP steps against GDP, but its numerator is revised a little too
DEFLATOR_PRIOR = (0.02, 0.03)  # yearly change of prices where no parent region informs it
DEFLATOR_SPREAD = 0.014  # Jinhua's GDP deflator around Zhejiang's, 2018-2023 (standard deviation)
SECTOR_SPREAD = (
    0.03  # a sector's around that of GDP: pork in 2019, industry in 2021 moved by several points
)
DOUBTED_SOURCE = 0.3  # weight of a source below which what follows from it is weakened, too


@dataclass(eq=False)
class Series:
    """One series on its way from statements to a path.

    Attributes
    ----------
    statements, rows : list of dict
        All statements, and those used.
    noise, part, link : float
        Yearly noise of the series, how far parts of its years depart from their usual share (per
        year remaining), and the noise of its ratio to the parent's.
    first, last : int
        Years of the path that is told; `layout` may hold more, for the children's sake.
    told : ndarray of bool, shape (n_years,)
        Years of the layout of which it or a child speaks.
    extras : Gaussian
        What is believed of steps, shares of the year and price changes.
    prior : Prior
        What was believed before the statements were read.
    total : Gaussian
        Prior and statements together; its solution is `solution`.
    ratio : ndarray, shape (n_years - 1,)
        Weights of the innovations of its ratio to the parent's.
    up : Gaussian
        What the series says of its parent's path, over its own years.
    """

    key: Key
    info: pd.Series
    scale: Transform
    statements: list[Record]
    rows: list[Record]
    changes: dict[int, float]
    noise: float
    part: float
    first: int
    last: int
    link: float = 0.0
    parent: Series | None = None
    children: list[Series] = field(default_factory=list)
    layout: Layout = field(init=False)
    told: np.ndarray = field(init=False)
    system: System = field(init=False)
    extras: Gaussian = field(init=False)
    prior: Prior = field(init=False)
    solution: Solution = field(init=False)
    total: Gaussian = field(init=False)
    ratio: FloatArray = field(init=False)
    up: Gaussian | None = None

    @property
    def kind(self) -> str:
        """Of the indicator: flow, stock, share, ..."""
        return str(self.info["kind"])

    @property
    def years(self) -> slice:
        """Where the years that are told stand in the state."""
        start = self.layout.x(self.first)
        return slice(start, start + self.last - self.first + 1)


class Solved(NamedTuple):
    """All series of some indicators, reconciled.

    Attributes
    ----------
    series : dict of Series
        Those that add up to a path; parents come before children.
    thin : set of tuple
        Series without a level that can be joined to today's basis.
    failed : dict of str
        Series that cannot be computed, and why; all others go on without them.
    """

    series: dict[Key, Series]
    thin: set[Key]
    failed: dict[Key, str]


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


def solved(evidence: Evidence, indicators: Iterable[str]) -> Solved:
    """Reconcile all series of some indicators, and of those that they depend on."""
    wanted = _closure(evidence, indicators)
    failed: dict[Key, str] = {}
    while True:
        try:
            return Solved(*_all_solved(evidence, wanted, failed), failed)
        except SeriesError as error:
            failed[error.key] = error.reason


def _all_solved(
    evidence: Evidence, wanted: set[str], failed: Mapping[Key, str]
) -> tuple[dict[Key, Series], set[Key]]:
    """Reconcile all series of these indicators, but for those that failed."""
    above = {region: evidence.chain(region)[1:] for region in evidence.regions["region"]}
    found, thin = _gather(evidence, wanted, failed)
    rank = {indicator: _rank(evidence, indicator) for indicator in wanted}
    order = sorted(found, key=lambda key: (rank[key[1]], len(above[key[0]])))
    every = {key: found[key] for key in order}
    for series in every.values():
        _hang(series, every, above[series.key[0]])
    for series in reversed(every.values()):
        with named(series.key):
            _span(series)
    for series in every.values():
        series.extras = _extras(evidence, series, every, above[series.key[0]])
        _solve(series, _own(series))
    steps = learned(evidence, every)
    for key in steps:
        series = every[key]
        series.extras = _extras(evidence, series, every, above[series.key[0]], steps)
        _solve(series, _own(series), (series.solution.weight, series.solution.innovation))
    _weaken_derived(every)
    for series in reversed(every.values()):
        if series.parent:
            with named(series.key):
                series.ratio = _ratio_weights(series)
                series.up = _message(series)
    for series in every.values():
        series.extras = _extras(evidence, series, every, above[series.key[0]], steps)
        alone = series.solution
        if series.parent:
            _solve(series, _from_above(series), (alone.weight, series.ratio))
            series.ratio = series.solution.innovation
        else:
            _solve(series, _own(series), (alone.weight, alone.innovation))
    return every, thin


def _weaken_derived(every: Mapping[Key, Series]) -> None:
    """Give levels that follow from an identity no more weight than their sources have."""
    kept = {
        (*series.key, s["observation"]): float(weight)
        for series in every.values()
        for s, weight in zip(series.system.records, series.solution.weight, strict=True)
    }
    for series in every.values():
        for i, s in enumerate(series.system.records):
            weight = min((kept.get(source, 1.0) for source in s.get("sources", ())), default=1.0)
            if weight < DOUBTED_SOURCE:
                series.system.sd[i] /= max(weight, 1e-6) ** 0.5


# Which series there are, and how they hang together ----------------------------------------------


def _follows(evidence: Evidence, indicator: str) -> str:
    return str(evidence.indicator(indicator).get("follows", ""))


def _needs(evidence: Evidence, indicator: str) -> set[str]:
    """Return the indicators that have to be reconciled before this one."""
    info, bases = evidence.indicator(indicator), evidence.bases
    links = set(bases.loc[bases["indicator"] == indicator, "link"])
    needs = {str(info["deflator"]), _follows(evidence, indicator)}
    if links & {"with_gdp", "against_gdp"}:
        needs.add(evidence.accounts.output)
    return needs & set(evidence.indicators["indicator"]) - {indicator}


def _rank(evidence: Evidence, indicator: str) -> int:
    return 1 + max((_rank(evidence, need) for need in _needs(evidence, indicator)), default=-1)


def _with_steps(evidence: Evidence, indicator: str) -> set[str]:
    """Return the components whose steps are learned with that of this one."""
    bases = evidence.bases
    together = set(bases.loc[bases["link"] == "with_gdp", "indicator"])
    return together if indicator in together else set()


def _closure(evidence: Evidence, indicators: Iterable[str]) -> set[str]:
    """Return the indicators, those they need, and those that follow one of them."""
    wanted = set(indicators)
    while True:
        more = {need for indicator in wanted for need in _needs(evidence, indicator)}
        more |= {i for i in evidence.indicators["indicator"] if _follows(evidence, i) in wanted}
        more |= set().union(*(_with_steps(evidence, indicator) for indicator in wanted))
        if more <= wanted:
            return wanted
        wanted |= more


def _gather(
    evidence: Evidence, indicators: set[str], failed: Mapping[Key, str]
) -> tuple[dict[Key, Series], set[Key]]:
    pairs = set(evidence.records)
    infos = {indicator: evidence.indicator(indicator) for indicator in indicators}
    bases = {indicator: bases_of(evidence, indicator) for indicator in indicators}
    for indicator in infos:
        parts = evidence.accounts.sums.get(indicator, ())
        regions = {region for region, part in evidence.records if part in parts}
        pairs |= {(r, indicator) for r in regions if all((r, part) in pairs for part in parts)}
    found: dict[Key, Series] = {}
    thin: set[Key] = set()
    for region, indicator in sorted(p for p in pairs if p[1] in infos and p not in failed):
        info = infos[indicator]
        scale = transform(str(info["transform"]))
        statements = statements_of(evidence, region, info, bases[indicator])
        rows = [s for s in statements if s["used"]]
        # Places come from lists that differ in whom they rank and how: they make no series.
        if str(info["kind"]) == "rank" or not len(levels_of(rows)):
            thin.add((region, indicator))
            continue
        rows = connected(rows)
        within = set(map(id, rows))
        for s in statements:
            if s["used"] and id(s) not in within:
                s["used"], s["unused"] = False, "no level within reach"
        _placed((region, indicator), rows, scale)
        touched = [year for s in rows for year in s["touches"]]
        changes = yearly_changes(rows, scale)
        noise = noise_of(np.array(list(changes.values())), _typical_noise(rows, scale, info))
        part = part_sd(part_departures(rows, PART_PERSISTENCE), noise)
        found[region, indicator] = Series(
            (region, indicator), info, scale, statements, rows, changes, noise, part,
            min(touched), max(touched),
        )  # fmt: skip
    return found, thin


def _placed(key: Key, rows: list[Record], scale: Transform) -> None:
    """Refuse statements that have no place on the scale: a level of zero has no logarithm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        level = float(np.median(levels_of(rows)))
        for s in rows:
            if not np.isfinite(on_scale(s, scale, level)):
                raise SeriesError(
                    key,
                    f"{s['measure']} {s['value']:g} of {s['period']} ({s['observation']}) has no "
                    f"place on a {scale.name} scale",
                )


def _typical_noise(rows: list[Record], scale: Transform, info: pd.Series) -> float:
    if scale.name != "linear":
        return TYPICAL_NOISE.get(str(info["kind"]), 0.06)
    return max(float(levels_of(rows).std()) / 3, 1e-3)


def _hang(series: Series, every: dict[Key, Series], above: list[str]) -> None:
    """Link a series to the relative that its ratio to is steadiest, if steadier than itself."""
    region, indicator = series.key
    follows = str(series.info.get("follows", ""))
    up = next((every[r, indicator] for r in above if (r, indicator) in every), None)
    beside = every.get((region, follows))
    links = [
        (_ratio_noise(series, relative), relative)
        for relative in (up, beside)
        if relative is not None and relative.scale.name == series.scale.name != "linear"
    ]
    if not links:
        return
    link, parent = min(links, key=lambda pair: pair[0])
    if link < series.noise:
        series.parent, series.link = parent, link
        parent.children.append(series)


def _ratio_noise(series: Series, relative: Series) -> float:
    """Yearly noise of the ratio of two series, shrunk to what is typical of such ratios."""
    common = [y for y in series.changes if y in relative.changes]
    ratio = np.array([series.changes[y] - relative.changes[y] for y in common])
    return noise_of(ratio, TYPICAL_RATIO_NOISE.get(series.kind, 0.035))


def spoken_of(series: Series) -> set[int]:
    """Return the years that relatives speak of: parent and children, and what the parent hangs on.

    Of the latter only whole years count: a nation's first months say little of a county's year. And
    only of flows: shares and stocks move so slowly that a year ahead of their last figure is known
    better from themselves than from what lies two links away.
    """
    near = [*series.children, *([series.parent] if series.parent else [])]
    years = {int(year) for other in near for s in other.rows for year in s["touches"]}
    ancestor = series.parent if series.kind == "flow" else None
    while ancestor:
        whole = (s for s in ancestor.rows if s["measure"] in ("level", "growth", "change"))
        years |= {int(s["year"]) for s in whole}
        ancestor = ancestor.parent
    return years


def _span(series: Series) -> None:
    """Settle the years of a path: those that it or its relatives speak of."""
    own = {year for s in series.rows for year in s["touches"]}
    series.last = max(own | spoken_of(series))
    if series.parent:
        earliest = min(min(s["touches"]) for s in series.parent.rows)
        series.first = min(series.first, max(series.last - LEAST_YEARS + 1, earliest))
    years = np.arange(
        min([series.first, *(int(c.layout.years[0]) for c in series.children)]),
        max([series.last, *(int(c.layout.years[-1]) for c in series.children)]) + 1,
    )
    series.layout = Layout.of(series.rows, years)
    exact = [year for s in series.rows if not s["bound"] for year in s["touches"]]
    told = np.isin(years, exact)
    for child in series.children:
        told[_place(series, child)] |= child.told
    series.told = told
    series.system = System.of(series.rows, series.layout, series.scale, series.kind)


# Beliefs -----------------------------------------------------------------------------------------


def _own(series: Series) -> Path:
    """Return what is believed of a path by itself: a stochastic trend, around its levels."""
    n = len(series.layout.years)
    anchor = float(series.scale.forward(levels_of(series.rows)).mean())
    return Path(n, series.noise, DRIFT_SD, np.full(n, anchor), spells(series.told))


def _solve(series: Series, path: Path, before: Weights | None = None) -> None:
    """Read the statements in the light of a belief on the path and of what the children say."""
    series.prior = Prior(path, *_beside(series))
    with named(series.key):
        found = solve(series.system, series.noise, series.prior, before)
        if not (np.isfinite(found.mean).all() and np.isfinite(found.cov).all()):
            raise FloatingPointError("a value is not finite")
    series.solution = found
    information, precision, _ = series.prior.gaussian(found.innovation)
    scaled = found.h / found.sd[:, None] * np.sqrt(found.weight)[:, None]
    values = found.z / found.sd * np.sqrt(found.weight)
    series.total = information + scaled.T @ values, precision + scaled.T @ scaled


def without_relatives(series: Series) -> dict[Key, FloatArray]:
    """Paths as they would be without one relative, weights kept; by the relative's key."""
    n = len(series.layout.years)
    found = {}
    near = [*series.children, *([series.parent] if series.parent else [])]
    for relative in near:
        information, precision = (part.copy() for part in series.total)
        if relative is series.parent:
            own = _own(series).gaussian(np.ones(n - 1))
            theirs = _from_above(series).gaussian(series.ratio)
            information[:n] += own[0] - theirs[0]
            precision[:n, :n] += own[1] - theirs[1]
        else:
            here, (value, weight) = _place(series, relative), _said(relative)
            information[here] -= value
            precision[here, here] -= weight
        found[relative.key] = np.asarray(np.linalg.solve(precision, information)[:n], np.float64)
    return found


def _place(parent: Series, child: Series) -> slice:
    start = parent.layout.x(int(child.layout.years[0]))
    return slice(start, start + len(child.layout.years))


def _said(child: Series) -> Gaussian:
    assert child.up is not None
    return child.up


def _above(series: Series) -> Gaussian:
    """Return mean and precision of the parent's path, as all others know it."""
    parent = series.parent
    assert parent is not None
    here = _place(parent, series)
    information, precision = (part.copy() for part in parent.total)
    if series.up is not None:
        information[here] -= series.up[0]
        precision[here, here] -= series.up[1]
    cov = np.linalg.inv(precision)
    return cov[here] @ information, np.linalg.inv(cov[here, here])


def _from_above(series: Series) -> Path:
    """Return what a path owes to its parent: the parent's, as all others know it, times a ratio."""
    mean, precision = _above(series)
    spell, wider = spells(series.told), _wider(series)
    return Path(len(mean), series.link, RATIO_DRIFT_SD, mean, spell, precision, wider)


def _wider(series: Series) -> FloatArray | None:
    """Return factors on the variance of a ratio: where the parent moves, a part may do otherwise.

    A move of the parent is a year whose innovation the statements pulled far from the usual.
    """
    parent = series.parent
    assert parent is not None
    weight = parent.solution.innovation
    if (weight >= CONFIRMED).all():
        return None
    # The weight of a Student-t tells the size of the innovation, in yearly noises of its prior.
    nu = INNOVATION_FREEDOM
    moved = np.where(weight < CONFIRMED, (nu + 1) / weight - nu, 0.0)
    move = parent.prior.path.noise * np.sqrt(moved)
    here = _place(parent, series)
    return 1 + (FOLLOWING_SD * move[here.start : here.stop - 1] / series.link) ** 2


def _by_itself(series: Series) -> Gaussian:
    """Return what a series and its children say of its path, without a prior on it."""
    n = len(series.layout.years)
    information, precision = (part.copy() for part in series.total)
    prior = series.prior.path.gaussian(series.solution.innovation)
    beside = _beside(series)  # the children's messages are newer than the solution
    information += beside[0] - series.prior.information
    precision += beside[1] - series.prior.precision
    information[:n] -= prior[0]
    precision[:n, :n] -= prior[1]
    if len(precision) > n:
        gain = precision[:n, n:] @ np.linalg.inv(precision[n:, n:])
        information = information[:n] - gain @ information[n:]
        precision = precision[:n, :n] - gain @ precision[n:, :n]
    return information, precision


def _ratio_weights(series: Series) -> FloatArray:
    """Return weights of the innovations of a ratio, from the two series as each is known alone."""
    told, path = _by_itself(series), _from_above(series)
    weight = np.ones(path.n - 1)
    for _ in range(RATIO_ROUNDS):
        information, precision = path.gaussian(weight)
        cov = np.asarray(np.linalg.inv(precision + told[1]), np.float64)
        new = path.reweighted(weight, cov @ (information + told[0]), cov, precision)
        change = float(np.abs(new - weight).max(initial=0.0))
        weight = new
        if change < 0.01:
            break
    return weight


def _message(series: Series) -> Gaussian:
    """Return what a series and its children say of the parent's path, over the series' years."""
    information, precision = _by_itself(series)
    weight = _from_above(series).effective(series.ratio)
    ratio = weighted_trend(weight, series.link, RATIO_DRIFT_SD)
    gain = ratio @ np.linalg.inv(ratio + precision)
    passed = ratio - gain @ ratio
    return gain @ information, (passed + passed.T) / 2


def _beside(series: Series) -> Gaussian:
    """Return what is believed beside the path: other unknowns, and what the children say of it."""
    information, precision = (part.copy() for part in series.extras)
    for child in series.children:
        if child.up is not None:
            here = _place(series, child)
            information[here] += child.up[0]
            precision[here, here] += child.up[1]
    return information, precision


def _extras(
    evidence: Evidence,
    series: Series,
    every: dict[Key, Series],
    above: list[str],
    learned_steps: Mapping[Key, Gaussian] | None = None,
) -> Gaussian:
    """Return what is believed of the unknowns beside the path, zero for the path itself."""
    steps = (learned_steps or {}).get(series.key)
    if steps is None:
        pairs = [_step(evidence, series, every, basis) for basis in series.layout.basis]
        mean, sd = np.array(pairs, float).reshape(-1, 2).T
        steps = mean, np.diag(sd**2)
    prices = _prices(series, every, above)
    return extras_prior(
        series.layout, series.part, steps,
        {year: prices.get(year, DEFLATOR_PRIOR) for year in series.layout.price},
        persistent=series.layout.price.keys() - prices.keys(),
    )  # fmt: skip


def _step(
    evidence: Evidence, series: Series, every: dict[Key, Series], basis: str
) -> tuple[float, float]:
    """Prior of a step between bases from GDP's alone: a share of GDP steps the other way.

    That of a component is where learning starts (`forecast.reconciliation.census_steps`).
    """
    region, indicator = series.key
    bases = evidence.bases
    row = bases[(bases["indicator"] == indicator) & (bases["basis"] == basis)].iloc[0]
    gdp = every.get((region, evidence.accounts.output))
    if row["link"] == "survey":
        return 0.0, SURVEY_STEP_SD
    if row["link"] not in ("with_gdp", "against_gdp") or gdp is None:
        return 0.0, STEP_SD
    index = gdp.layout.basis.get(row["gdp_basis"])
    if index is None:
        return 0.0, STEP_SD
    mean, sd = float(gdp.solution.mean[index]), float(np.sqrt(gdp.solution.cov[index, index]))
    if row["link"] == "with_gdp":
        return mean, float(np.hypot(sd, COMPONENT_STEP_SD))
    share = float(np.median(levels_of(series.rows))) / 100
    return -mean / (1 - share), float(np.hypot(sd, SHARE_STEP_SD))


def _prices(
    series: Series, every: dict[Key, Series], above: list[str]
) -> dict[int, tuple[float, float]]:
    """Yearly price changes of the nearest region that has some, as a prior for the own.

    Those of a sector are near those of GDP in its own region; those of GDP near those of the
    region above.
    """
    region, indicator = series.key
    deflator = str(series.info["deflator"])
    spread = DEFLATOR_SPREAD if deflator == indicator else SECTOR_SPREAD
    near = [*([region] if deflator != indicator else []), *above] if series.layout.price else []
    found: dict[int, tuple[float, float]] = {}
    for place in near:
        source = every.get((place, deflator))
        if source is not None:
            means = source.solution.mean
            for year, i in source.layout.price.items():
                found.setdefault(year, (float(means[i]), spread))
    return found

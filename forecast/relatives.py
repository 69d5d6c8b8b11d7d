"""Reconcile series together: a city's with its province's, a county's with the city's.

A series hangs on its parent, the same indicator in the region above, by their ratio: it moves as a
stochastic trend of its own, and more slowly than the series itself, or the link is not made. Or it
hangs on another indicator of its region (column `follows` of `indicators.csv`), whichever ratio is
the steadier. The links form trees, on which Gaussian beliefs are passed exactly: what a child
knows of its parent's path goes up, what all others know of it comes down (Pearl 1988, chapter 4;
Kalman smoothing is the same on a chain).

The statements of a series are weighted twice, alone and then in the light of its relatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecast.census_steps import COMPONENT_STEP_SD, STEP_SD, learned
from forecast.evidence import Evidence
from forecast.rows import (
    Layout,
    Record,
    bases_of,
    connected,
    levels_of,
    noise_of,
    part_departures,
    statements_of,
    yearly_changes,
)
from forecast.smoother import Solution, System, solve
from forecast.transforms import FloatArray, Transform, transform
from forecast.trend import ANYWHERE, PART_PERSISTENCE, extras_prior, part_sd, trend

Key = tuple[str, str]  # region, indicator
Gaussian = tuple[FloatArray, FloatArray]  # information and precision

TYPICAL_NOISE = {"flow": 0.06, "stock": 0.012, "share": 0.04, "rate": 0.04}
# Yearly noise of a series' ratio to its parent's. Medians over the pairs of the data: flows 0.032,
# stocks 0.001 (one pair), shares 0.012.
TYPICAL_RATIO_NOISE = {"flow": 0.035, "stock": 0.004, "share": 0.03, "rate": 0.03}
RATIO_DRIFT_SD = 0.03  # of the first year's growth of a ratio
LEAST_YEARS = 10  # of a path; a shorter one is carried back along its parent's
SURVEY_STEP_SD = 0.5  # a new survey can halve a level or double it
SHARE_STEP_SD = 0.01  # a share of GDP steps against GDP, but its numerator is revised a little too
DEFLATOR_PRIOR = (0.02, 0.03)  # yearly change of prices where no parent region informs it
DEFLATOR_SPREAD = 0.014  # Jinhua's GDP deflator around Zhejiang's, 2018-2023 (standard deviation)
SECTOR_SPREAD = (
    0.03  # a sector's around that of GDP: pork in 2019, industry in 2021 moved by several points
)


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
    extras : Gaussian
        What is believed of steps, shares of the year and price changes.
    total : Gaussian
        Prior and statements together; its solution is `solution`.
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
    system: System = field(init=False)
    extras: Gaussian = field(init=False)
    solution: Solution = field(init=False)
    total: Gaussian = field(init=False)
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


def solved(evidence: Evidence, indicators: Iterable[str]) -> tuple[dict[Key, Series], set[Key]]:
    """Reconcile all series of some indicators, and of those that they depend on.

    Returns
    -------
    series : dict of Series
        Those that add up to a path; parents come before children.
    thin : set of tuple
        Series without a level that can be joined to today's basis.
    """
    wanted = _closure(evidence, indicators)
    above = {region: evidence.chain(region)[1:] for region in evidence.regions["region"]}
    found, thin = _gather(evidence, wanted)
    rank = {indicator: _rank(evidence, indicator) for indicator in wanted}
    order = sorted(found, key=lambda key: (rank[key[1]], len(above[key[0]])))
    every = {key: found[key] for key in order}
    for series in every.values():
        _hang(series, every, above[series.key[0]])
    for series in reversed(every.values()):
        _span(series)
    for series in every.values():
        series.extras = _extras(evidence, series, every, above[series.key[0]])
        _solve(series, _own(series))
    steps = learned(evidence, every)
    for key in steps:
        series = every[key]
        series.extras = _extras(evidence, series, every, above[series.key[0]], steps)
        _solve(series, _own(series))
    for series in reversed(every.values()):
        if series.parent:
            series.up = _message(series)
    for series in every.values():
        series.extras = _extras(evidence, series, every, above[series.key[0]], steps)
        path = _from_above(series) if series.parent else _own(series)
        _solve(series, path, series.solution)
    return every, thin


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


def _gather(evidence: Evidence, indicators: set[str]) -> tuple[dict[Key, Series], set[Key]]:
    pairs = set(evidence.records)
    infos = {indicator: evidence.indicator(indicator) for indicator in indicators}
    bases = {indicator: bases_of(evidence, indicator) for indicator in indicators}
    for indicator in infos:
        parts = evidence.accounts.sums.get(indicator, ())
        regions = {region for region, part in evidence.records if part in parts}
        pairs |= {(r, indicator) for r in regions if all((r, part) in pairs for part in parts)}
    found: dict[Key, Series] = {}
    thin: set[Key] = set()
    for region, indicator in sorted(pair for pair in pairs if pair[1] in infos):
        info = infos[indicator]
        scale = transform(str(info["transform"]))
        statements = statements_of(evidence, region, info, bases[indicator])
        rows = [s for s in statements if s["used"]]
        if not len(levels_of(rows)):
            thin.add((region, indicator))
            continue
        rows = connected(rows)
        within = set(map(id, rows))
        for s in statements:
            if s["used"] and id(s) not in within:
                s["used"], s["unused"] = False, "no level within reach"
        touched = [year for s in rows for year in s["touches"]]
        changes = yearly_changes(rows, scale)
        noise = noise_of(np.array(list(changes.values())), _typical_noise(rows, scale, info))
        part = part_sd(part_departures(rows, PART_PERSISTENCE), noise)
        found[region, indicator] = Series(
            (region, indicator), info, scale, statements, rows, changes, noise, part,
            min(touched), max(touched),
        )  # fmt: skip
    return found, thin


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
    series.system = System.of(series.rows, series.layout, series.scale, series.kind)


# Beliefs -----------------------------------------------------------------------------------------


def _own(series: Series) -> Gaussian:
    """Return what is believed of a path by itself: a stochastic trend, around its levels."""
    anchor = float(series.scale.forward(levels_of(series.rows)).mean())
    precision = trend(len(series.layout.years), series.noise)
    information = np.zeros(len(precision))
    information[0] = anchor / ANYWHERE**2
    return information, precision


def _solve(series: Series, path: Gaussian, before: Solution | None = None) -> None:
    """Read the statements in the light of a belief on the path and of what the children say."""
    information, precision = _add(path, series)
    found = solve(series.system, series.noise, information, precision, before)
    series.solution = found
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
            own, theirs = _own(series), _from_above(series)
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


def _from_above(series: Series) -> Gaussian:
    """Return what a path owes to its parent: the parent's, as all others know it, times a ratio."""
    parent, n = series.parent, len(series.layout.years)
    assert parent is not None
    here, (value, weight) = _place(parent, series), _said(series)
    information, precision = (part.copy() for part in parent.total)
    information[here] -= value
    precision[here, here] -= weight
    cov = np.linalg.inv(precision)
    known = np.linalg.inv(cov[here, here])
    mean = cov[here] @ information
    ratio = trend(n, series.link, RATIO_DRIFT_SD)
    passed = ratio @ np.linalg.inv(ratio + known) @ known
    passed = (passed + passed.T) / 2
    return passed @ mean, passed


def _message(series: Series) -> Gaussian:
    """Return what a series and its children say of the parent's path, over the series' years."""
    n = len(series.layout.years)
    own = _own(series)  # which the belief of the parent takes the place of
    information, precision = (part.copy() for part in series.total)
    information[:n] -= own[0]
    precision[:n, :n] -= own[1]
    for child in series.children:
        here, (value, weight) = _place(series, child), _said(child)
        information[here] += value
        precision[here, here] += weight
    if len(precision) > n:
        gain = precision[:n, n:] @ np.linalg.inv(precision[n:, n:])
        information = information[:n] - gain @ information[n:]
        precision = precision[:n, :n] - gain @ precision[n:, :n]
    ratio = trend(n, series.link, RATIO_DRIFT_SD)
    gain = ratio @ np.linalg.inv(ratio + precision)
    passed = ratio - gain @ ratio
    return gain @ information, (passed + passed.T) / 2


def _add(path: Gaussian, series: Series) -> Gaussian:
    """Join a belief on the path with those on the other unknowns and what the children say."""
    n = len(series.layout.years)
    information, precision = (part.copy() for part in series.extras)
    information[:n] += path[0]
    precision[:n, :n] += path[1]
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
    )  # fmt: skip


def _step(
    evidence: Evidence, series: Series, every: dict[Key, Series], basis: str
) -> tuple[float, float]:
    """Prior of a step between bases from GDP's alone: a share of GDP steps the other way.

    That of a component is where learning starts (`forecast.census_steps`).
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

"""Which series there are, and how they are linked into trees.

The parent of a series is the same indicator in the region above, or another indicator of its region
(column `follows` of `indicators.csv`), whichever ratio is the steadier. Without a ratio that is
steadier than the series itself there is no link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from forecast.cache import Same
from forecast.evidence.evidence import Evidence
from forecast.evidence.registries import Accounts
from forecast.evidence.scales import Transform, transform
from forecast.reconciliation import derived_levels
from forecast.reconciliation.derived_levels import Rows, identities_of, observations_of
from forecast.reconciliation.observations import (
    Bases,
    Observation,
    bases_of,
    within_reach,
    yearly_levels,
)
from forecast.reconciliation.related_series.series import Key, Series, SeriesError
from forecast.reconciliation.smoothing.noise import (
    noise_of,
    part_departures,
    part_sd,
    typical_noise,
    yearly_changes,
)
from forecast.reconciliation.smoothing.observation_equations import Equations, Layout, on_scale

# Yearly noise of a series' ratio to its parent. Medians over the pairs of the data: flows 0.032,
# stocks 0.001 (one pair), shares 0.012.
TYPICAL_RATIO_NOISE = {"flow": 0.035, "stock": 0.004, "share": 0.03, "rate": 0.03}
NOTHING: Rows = ()  # published of a series
LEAST_YEARS = 10  # of a path; a shorter one is continued back along its parent


# Indicators that have to be reconciled together ---------------------------------------------------


def _follows(evidence: Evidence, indicator: str) -> str:
    return str(evidence.indicator(indicator).get("follows", ""))


def _needs(evidence: Evidence, indicator: str) -> set[str]:
    """Return the indicators that have to be reconciled before this one."""
    deflator = str(evidence.indicator(indicator)["deflator"])
    needs = {deflator, _follows(evidence, indicator)}
    links = {row["link"] for row in evidence.bases_of.get(indicator, [])}
    if links & {"with_gdp", "against_gdp"}:
        needs.add(evidence.accounts.output)
    return needs & evidence.names - {indicator}


def rank(evidence: Evidence, indicator: str) -> int:
    """Return a number that is higher than those of all indicators that this one needs."""
    return 1 + max((rank(evidence, need) for need in _needs(evidence, indicator)), default=-1)


def closure(evidence: Evidence, indicators: Iterable[str]) -> set[str]:
    """Return the indicators, those they need, and those that follow one of them.

    The steps of all components of GDP are learned together.
    """
    components = {
        name
        for name, rows in evidence.bases_of.items()
        if any(row["link"] == "with_gdp" for row in rows)
    }
    wanted = set(indicators)
    while True:
        more = {need for indicator in wanted for need in _needs(evidence, indicator)}
        more |= {i for i in evidence.names if _follows(evidence, i) in wanted}
        more |= components if components & wanted else set()
        if more <= wanted:
            return wanted
        wanted |= more


# The series ---------------------------------------------------------------------------------------


def gather(
    evidence: Evidence, indicators: set[str], failed: Mapping[Key, str]
) -> dict[Key, Series]:
    """Return the series of some indicators that have a level, except those that failed."""
    pairs = set(evidence.records)
    for indicator in indicators:
        parts = evidence.accounts.sums.get(indicator, ())
        regions = {region for region, part in evidence.records if part in parts}
        pairs |= {(r, indicator) for r in regions if all((r, part) in pairs for part in parts)}
    bases = {indicator: bases_of(evidence, indicator) for indicator in indicators}
    accounts = evidence.accounts
    found: dict[Key, Series] = {}
    for region, indicator in sorted(p for p in pairs if p[1] in indicators and p not in failed):
        members = (name for names, _ in identities_of(accounts, indicator) for name in names)
        rows = (
            (name, Same(evidence.records.get((region, name), NOTHING)))
            for name in (indicator, *members)
        )
        series = _series(
            (region, indicator),
            Same(evidence.indicator(indicator)),
            Same(accounts),
            bases[indicator],
            evidence.year_starts(region, indicator),
            tuple(rows),
        )
        if series is not None:
            found[region, indicator] = replace(series, children=[])
    return found


# Of the evidence without one figure, most series are those of the evidence with it.
@lru_cache(maxsize=512)
def _series(
    key: Key,
    info: Same[pd.Series],
    accounts: Same[Accounts],
    bases: Bases,
    year_starts: int,
    rows: tuple[tuple[str, Same[Rows]], ...],
) -> Series | None:
    """Return a series as its figures describe it; None without a level.

    The `rows` are those of `observations_of`, by indicator.
    """
    records = {name: same.it for name, same in rows}
    kind, scale = str(info.it["kind"]), transform(str(info.it["transform"]))
    observations = observations_of(records, accounts.it, info.it, bases)
    # Places come from lists that differ in whom they rank and how: they make no series.
    levels = yearly_levels([o for o in observations if o.used])
    if kind == "rank" or not len(levels):
        return None
    observations = within_reach(observations)
    used = [o for o in observations if o.used]
    _check_on_scale(key, used, scale)
    years = [year for o in used for year in o.touches]
    changes = yearly_changes(used, scale)
    noise = noise_of(np.array(list(changes.values())), typical_noise(used, scale, kind))
    return Series(
        key,
        info.it,
        scale,
        observations,
        changes,
        noise,
        part_sd(part_departures(used), noise),
        first=min(years),
        last=max(years),
        year_starts=year_starts,
    )


def _check_on_scale(key: Key, observations: Sequence[Observation], scale: Transform) -> None:
    """Refuse figures that have no place on the scale: a level of zero has no logarithm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        level = float(np.median(yearly_levels(observations)))
        for o in observations:
            if not np.isfinite(on_scale(o, scale, level)):
                raise SeriesError(
                    key,
                    f"{o.measure} {o.value:g} of {o.period} ({o.observation}) has no place on a "
                    f"{scale.name} scale",
                )


# The links ----------------------------------------------------------------------------------------


def link(series: Series, every: Mapping[Key, Series], above: Sequence[str]) -> None:
    """Link a series to the related one that its ratio to is steadiest, if steadier than itself."""
    region, indicator = series.key
    up = next((every[r, indicator] for r in above if (r, indicator) in every), None)
    beside = every.get((region, str(series.info.get("follows", ""))))
    candidates = [
        (_ratio_noise(series, other), other)
        for other in (up, beside)
        if other is not None and other.scale.name == series.scale.name != "linear"
    ]
    if not candidates:
        return
    ratio_noise, parent = min(candidates, key=lambda pair: pair[0])
    if ratio_noise < series.noise:
        series.parent, series.ratio_noise = parent, ratio_noise
        parent.children.append(series)


def _ratio_noise(series: Series, other: Series) -> float:
    """Yearly noise of the ratio of two series, shrunk to what is typical of such ratios."""
    common = [y for y in series.changes if y in other.changes]
    ratio = np.array([series.changes[y] - other.changes[y] for y in common])
    return noise_of(ratio, TYPICAL_RATIO_NOISE.get(series.kind, 0.035))


def years_of_related(series: Series) -> set[int]:
    """Return the years that related series have figures of: neighbours, and the parent's ancestors.

    Of the ancestors only whole years count: a nation's first months imply little for a county's.
    And only of flows: shares and stocks move so slowly that a year ahead of their last figure is
    known better from themselves than from what lies two links away.
    """
    years = {year for other in series.neighbours for o in other.used for year in o.touches}
    ancestor = series.parent if series.kind == "flow" else None
    while ancestor:
        years |= {o.year for o in ancestor.used if o.measure in ("level", "growth", "change")}
        ancestor = ancestor.parent
    return years


def lay_out(series: Series) -> None:
    """Settle the years of a path, those that it or related series have figures of.

    The children's have to be settled before.
    """
    own = {year for o in series.used for year in o.touches}
    series.last = max(own | years_of_related(series))
    if series.parent:
        earliest = min(o.touches[0] for o in series.parent.used)
        series.first = min(series.first, max(series.last - LEAST_YEARS + 1, earliest))
    years = np.arange(
        min([series.first, *(int(c.layout.years[0]) for c in series.children)]),
        max([series.last, *(int(c.layout.years[-1]) for c in series.children)]) + 1,
    )
    used, limits = Same(series.observations), (int(years[0]), int(years[-1]))
    series.layout, equations = _equations(used, limits, series.scale, series.kind)
    # Their values and errors are set anew on the way.
    series.equations = replace(equations, z=equations.z.copy(), sd=equations.sd.copy())
    exact = [year for o in series.used if not o.bound for year in o.touches]
    series.observed = np.isin(years, exact)
    for child in series.children:
        series.observed[place(series, child)] |= child.observed


@lru_cache(maxsize=512)
def _equations(
    observations: Same[list[Observation]], limits: tuple[int, int], scale: Transform, kind: str
) -> tuple[Layout, Equations]:
    """Lay out a path from one year to another, and set up the equations of what is used."""
    used = [o for o in observations.it if o.used]
    layout = Layout.of(used, np.arange(limits[0], limits[1] + 1))
    return layout, Equations.of(used, layout, scale, kind)


def forget() -> None:
    """Forget what follows from the rows of series that nobody asks about again."""
    _series.cache_clear()
    _equations.cache_clear()
    derived_levels.forget()


def place(parent: Series, child: Series) -> slice:
    """Return where the years of a child stand in the path of its parent."""
    start = parent.layout.x(int(child.layout.years[0]))
    return slice(start, start + len(child.layout.years))

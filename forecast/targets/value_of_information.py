"""Which single figure to get next: what each missing one would tell about a target.

Where a target has no probability, hypothetical figures are really added to the evidence and the
target is assessed again, so that the reader sees what would follow from each. Where it has one, the
effect of a further level follows from the joint distribution of the draws: the expected change of
the probability, and how much narrower the forecast becomes (preposterior analysis, Raiffa and
Schlaifer 1961), on normal scores.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.cache import cached
from forecast.evidence.evidence import Evidence
from forecast.evidence.scales import FloatArray
from forecast.facts import Amount, Fact, Items, Name, Percent, Years, fact
from forecast.forecasting.model_pool import Options
from forecast.reconciliation.history import HistoryError
from forecast.reconciliation.reconcile import reconcile
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment, Missing, known_until, last_complete_year

if TYPE_CHECKING:
    from forecast.targets.source import Source

DRAWS = 1000  # of a hypothetical answer, whose digits nobody needs
LEVELS = (0.8, 0.9, 1.0, 1.1)  # of a missing last year, relative to the threshold
GROWTHS = (2.0, 5.0, 8.0)  # percent a year, where nothing tells how a series grew
RATIOS = (0.8, 0.9, 1.0, 1.1)  # of the own figure to the one it is compared with
MOST = 4  # lines for one target that has a probability
WIGGLE = 0.02  # how far supposed levels wander around steady growth, as real ones do
RECENT = 5  # years of the past whose levels may still narrow a forecast
PUBLISHED_SD = 0.002  # relative error of a preliminary level
LEAST = 0.005  # expected change of a probability below which a figure is not worth a line


@dataclass(frozen=True)
class Gap:
    """A figure, or a few that go together, that nobody has typed in yet.

    Attributes
    ----------
    plan, target : str
        Of the target it serves.
    name : Name
    figures : tuple of Missing
        What to get.
    opens : bool
        With these figures a target without a probability would have one.
    change : float or None
        Expected absolute change of the probability, for targets that have one.
    narrower : float or None
        Percent by which the spread of the target year's value would shrink.
    what_if : DataFrame
        ``figure`` (a `Fact`: what it might be), ``probability`` (what would follow) and its
        ``floor``.
    """

    plan: str
    target: str
    name: Name
    figures: tuple[Missing, ...]
    opens: bool
    change: float | None = None
    narrower: float | None = None
    what_if: pd.DataFrame = dataclasses.field(
        default_factory=lambda: pd.DataFrame(columns=["figure", "probability", "floor"])
    )


def gaps(study: Source, answer: Assessment) -> list[Gap]:
    """Return what would help one target, best first; kept in the cache.

    Parameters
    ----------
    study : Source
    answer : Assessment
        Of the study.
    """
    key = ("gaps", study.evidence.digest, study.evidence.as_of, study.options, answer.key)
    return cached((*key, answer.year), lambda: _gaps(study, answer))


def all_gaps(study: Source, answers: Sequence[Assessment]) -> list[Gap]:
    """Return the work plan: what opens a target first (fewest figures first), then what narrows."""
    found = [gap for answer in answers for gap in gaps(study, answer)]
    return sorted(found, key=lambda g: (not g.opens, len(g.figures) * g.opens, -(g.change or 0.0)))


def _gaps(study: Source, answer: Assessment) -> list[Gap]:
    if answer.probability is None or answer.status == "judgement":
        return _opening(study, answer) if answer.missing else []
    return _narrowing(study.evidence, answer)


def _gap(answer: Assessment, figures: Sequence[Missing], **found: Any) -> Gap:
    row = answer.target
    name = Name(str(row["name"]), str(row.get("name_zh", "")))
    return Gap(str(row["plan"]), str(row["target"]), name, tuple(figures), **found)


# Targets without a probability --------------------------------------------------------------------


def _opening(study: Source, answer: Assessment) -> list[Gap]:
    what_if = {
        "count": _counts, "rank": _ranks, "legs": _journeys, "markets": _levels,
        "level": _levels, "cumulative": _levels, "comparison": _pair,
    }[answer.kind]  # fmt: skip
    rows = [
        (figure, then.probability, then.floor)
        for figure, statements, openings in what_if(study, answer)
        for then in [hypothetical(study, answer, statements, openings)]
    ]
    table = pd.DataFrame(rows, columns=["figure", "probability", "floor"])
    return [_gap(answer, answer.missing, opens=True, what_if=table)]


def hypothetical(
    study: Source,
    answer: Assessment,
    statements: Sequence[dict[str, Any]],
    openings: Sequence[dict[str, Any]] = (),
) -> Assessment:
    """Return the answer that would follow if something more were known.

    Parameters
    ----------
    study, answer
        What is known.
    statements, openings : sequence of dict
        Rows of ``observations.csv`` and ``openings.csv`` to add.
    """
    evidence = supposing(study.evidence, statements, openings)
    histories = dict(study.histories())
    for region in {str(s["region"]) for s in statements}:
        try:
            history = reconcile(evidence, region, str(answer.target["indicator"]))
        except HistoryError:
            continue
        histories[history.key] = history
    plan, target = str(answer.target["plan"]), str(answer.target["target"])
    options = Options(DRAWS, study.options.seed, study.options.families, 2)
    return assess(
        dataclasses.replace(evidence, judgements=evidence.judgements.head(0)),
        plan, target, options, answer.year, study.record(), histories, quick=True,
    )  # fmt: skip


def supposing(
    evidence: Evidence, statements: Sequence[dict[str, Any]], openings: Sequence[dict[str, Any]]
) -> Evidence:
    """Return evidence with further rows; nothing on disk changes."""
    usual = {
        "measure": "level", "bound": "", "prices": "none", "basis": "", "status": "preliminary",
        "mark": "", "source": "supposed", "published": str(known_until(evidence)), "note": "",
    }  # fmt: skip
    rows = [{**usual, "observation": f"supposed_{i}", **s} for i, s in enumerate(statements)]
    planned = [{"opening": f"supposed_{i}", "source": "supposed", **o} for i, o in
               enumerate(openings)]  # fmt: skip
    source = dict.fromkeys(map(str, evidence.sources), "") | {"source": "supposed"}
    return dataclasses.replace(
        evidence,
        sources=_more(evidence.sources, [source]),
        observations=_more(evidence.observations, rows),
        openings=_more(evidence.openings, planned),
    )


def _more(table: pd.DataFrame, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    if not rows:
        return table
    added = pd.DataFrame(list(rows), columns=table.columns)
    return added if table.empty else pd.concat([table, added], ignore_index=True)


Case = tuple[Fact, list[dict[str, Any]], list[dict[str, Any]]]


def _statement(study: Source, missing: Missing, value: float, **more: Any) -> dict[str, Any]:
    unit = str(study.evidence.indicator(missing.indicator)["unit"])
    return {
        "region": missing.region, "indicator": missing.indicator, "period": missing.period,
        "value": value, "unit": unit, **more,
    }  # fmt: skip


def _counts(study: Source, answer: Assessment) -> list[Case]:
    (missing,) = answer.missing[:1]
    if not missing.period:
        return []
    least, needed = int(answer.facts.get("known", 0)), int(answer.facts.get("needed", 1))
    values = sorted({max(least, round(needed * f)) for f in (0, 0.25, 0.5, 0.75, 1)})
    day = date.fromisoformat(missing.period)
    return [
        (
            fact("suppose-count", n=v, day=day),
            [_statement(study, missing, v, measure="count_to_date")],
            [],
        )
        for v in values
    ]


def _ranks(study: Source, answer: Assessment) -> list[Case]:
    limit = answer.threshold
    values = sorted({max(round(limit * f), 1) for f in (0.5, 0.75, 1, 1.5, 2.5)})
    when = Years([int(m.period) for m in answer.missing])
    return [
        (
            fact("suppose-rank", rank=v, years=when),
            [_statement(study, m, v) for m in answer.missing],
            [],
        )
        for v in values
    ]


def _journeys(study: Source, answer: Assessment) -> list[Case]:
    legs, limit = list(answer.missing), answer.threshold
    every = [_statement(study, leg, limit) for leg in legs]
    time = Amount(limit, answer.unit, exact=True)
    cases: list[Case] = [(fact("suppose-journeys", n=len(legs), limit=time), every, [])]
    slow = next((leg for leg in legs if leg.what.message == "missing-time-or-opening"), legs[0])
    rest = [_statement(study, leg, limit) for leg in legs if leg != slow]
    for likely in (answer.year - 1, answer.year, answer.year + 1):
        opening = {
            "region": slow.region, "project": "supposed", "minutes": limit,
            "earliest": str(likely - 1), "likely": str(likely), "latest": str(likely + 1),
            "published": str(known_until(study.evidence)), "note": "",
        }  # fmt: skip
        told = fact(
            "suppose-opening", year=likely, journey=study.evidence.place(slow.region),
            limit=time, others=len(rest),
        )  # fmt: skip
        cases.append((told, rest, [opening]))
    return cases


def _levels(study: Source, answer: Assessment) -> list[Case]:
    """Levels of the missing years: growing steadily to a last one that is near the threshold.

    None is below what the published parts of the figure come to.
    """
    limit = answer.threshold
    last = max(m.period for m in answer.missing)
    parts = answer.bound.years[0.5] if answer.bound else {}  # median of their sum, by year
    least = float(parts.get(int(last), 0.0))
    if answer.kind == "cumulative":  # of a sum over the years, a year's share
        limit /= answer.year - int(answer.facts["start"]) + 1
    cases: list[Case] = []
    for final in dict.fromkeys(max(level * limit, least) for level in LEVELS):
        for growth in GROWTHS if answer.kind != "markets" else GROWTHS[1:2]:
            rows: list[dict[str, Any]] = []
            free = True  # whether the growth is supposed, not read off what is known
            lacking = dict.fromkeys(m.region for m in answer.missing)
            # Of several markets, one whose last level is known is supposed to stay where it was.
            known = {r: study.find_history(r, answer.missing[0].indicator) for r in lacking}
            stays = {r for r in lacking if len(lacking) > 1 and known[r] is not None}
            for region in lacking:
                mine = [m for m in answer.missing if m.region == region]
                history, last_level = known[region], final
                if region in stays and history is not None:
                    last_level = float(history.values()[-1])
                path, chosen = _steady(study, mine, last_level, growth)
                free = free and (chosen or region in stays)
                rows += [
                    _statement(study, m, v, prices="nominal")
                    for m, v in zip(mine, path, strict=True)
                ]
            level = Amount(_round(final), answer.unit, exact=True)
            told = fact("suppose-level", level=level, year=int(last))
            if free:
                told = fact("suppose-level-growing", growth=Percent(growth), **told.args)
            if len(lacking) > 1:
                told = fact(
                    "suppose-markets", markets=_named(study, set(lacking) - stays or set(lacking)),
                    still=_named(study, stays), stays=len(stays), level=told,
                )  # fmt: skip
            if told not in [known for known, _, _ in cases]:
                cases.append((told, rows, []))
    return cases


def _named(study: Source, regions: set[str]) -> Items:
    return Items([study.evidence.place(region) for region in sorted(regions)])


def _steady(
    study: Source, missing: Sequence[Missing], last: float, growth: float
) -> tuple[list[float], bool]:
    """Return levels that lead to `last`: from the last one known, or growing by `growth` percent.

    The second value says whether the growth was free to choose.
    """
    history = study.find_history(missing[0].region, missing[0].indicator)
    years = np.array([int(m.period) for m in missing])
    factor, free = 1 + growth / 100, True
    if history is not None and history.scale.name == "log" and years[-1] > history.years[-1]:
        start, span = float(history.values()[-1]), int(years[-1] - history.years[-1])
        factor, free = (last / start) ** (1 / span), False
    wander = [0.0 if y == years[-1] else WIGGLE * (-1) ** int(years[-1] - y) for y in years]
    path = [last * factor ** (y - years[-1]) * (1 + w) for y, w in zip(years, wander, strict=True)]
    return [_round(float(value)) for value in path], free


def _pair(study: Source, answer: Assessment) -> list[Case]:
    """Levels of both regions that grow alike, at some ratio to one another."""
    region, other = str(answer.target["region"]), str(answer.target["reference_region"])
    known = answer.parts["value"].to_numpy(float)
    base = known[1] if np.isfinite(known[1]) else known[0] if np.isfinite(known[0]) else 100.0
    wanted = [answer.missing[i] for i in range(len(answer.missing))]
    cases: list[Case] = []
    for ratio in RATIOS:
        rows = []
        for place, last in ((region, ratio * base), (other, base)):
            mine = [m for m in wanted if m.region == place]
            if mine:
                path, _ = _steady(study, mine, last, 5.0)
                rows += [
                    _statement(study, m, v, prices="nominal")
                    for m, v in zip(mine, path, strict=True)
                ]
        when = int(max(m.period for m in wanted))
        share = Percent(100 * ratio)
        cases.append((fact("suppose-ratio", share=share, year=when), rows, []))
    return cases


def _round(value: float) -> float:
    """Round to four digits, as a communique would print it."""
    return float(f"{value:.4g}")


# Targets that have one ----------------------------------------------------------------------------


def _narrowing(evidence: Evidence, answer: Assessment) -> list[Gap]:
    history, paths = answer.history, answer.paths
    if history is None or paths is None or answer.probability_draws is None:
        return []
    last, found = int(history.years[-1]), []
    if answer.year <= last:
        return []
    latest = min(answer.year - 1, last_complete_year(evidence) + 1)  # what is out within a year
    for year in range(max(last - RECENT + 1, int(history.years[0])), latest + 1):
        i = year - int(history.years[0])
        if year <= last and history.origin[i] == "published":
            continue
        told = knowing(answer, year)
        change = expected_change(answer, told)
        if change >= LEAST:
            figure = Missing(history.region, history.indicator, str(year), fact("missing-level"))
            found.append(
                _gap(
                    answer,
                    [figure],
                    opens=False,
                    change=change,
                    narrower=100 * (1 - np.sqrt(1 - told**2)),
                )
            )
    return sorted(found, key=lambda gap: -(gap.change or 0.0))[:MOST]


def knowing(answer: Assessment, year: int) -> float:
    """Return how closely the target year's value goes with the level of another year.

    Returns
    -------
    float
        The correlation, on normal scores: its square is the share of the variance of the target
        year that a published level of `year` would take away.
    """
    history, paths = answer.history, answer.paths
    assert history is not None
    assert paths is not None
    ahead = history.scale.forward(np.maximum(paths.pooled, 1e-12))
    if year > int(history.years[-1]):
        column = ahead[:, year - int(history.years[-1]) - 1]
        together = float(np.corrcoef(scores(column), scores(ahead[:, -1]))[0, 1])
        # The draws rest on a few samples of the past, and may understate what is not known of it.
        return max(min(together, 0.999), knowing(answer, int(history.years[-1])))
    middle = float(np.diff(np.quantile(ahead[:, -1], [0.16, 0.84]))[0]) / 2
    variance = max(middle**2, float(history.cov[-1, -1]), 1e-12)
    i = year - int(history.years[0])
    error = PUBLISHED_SD * float(np.abs(history.scale.slope(history.values()[[i]]))[0])
    error *= float(np.abs(history.values()[i]))
    away = float(history.cov[-1, i]) ** 2 / (float(history.cov[i, i]) + error**2 + 1e-12)
    return float(np.clip(np.sqrt(away / variance), 0, 0.999))


def expected_change(answer: Assessment, told: float) -> float:
    """Return the expected absolute change of the probability, if a figure is learned.

    Parameters
    ----------
    answer : Assessment
    told : float
        Correlation of the figure with the value that decides; see `knowing`.

    Examples
    --------
    A figure that decides turns a half into 0 or 1; one that tells nothing leaves it.

    >>> from types import SimpleNamespace
    >>> even = SimpleNamespace(probability=0.5, floor=0.0)
    >>> round(expected_change(even, 0.999), 2), expected_change(even, 0.0)
    (0.49, 0.0)
    """
    from scipy.special import ndtr, ndtri

    assert answer.probability is not None
    p = float(np.clip(answer.probability, 1e-9, 1 - 1e-9))
    limit = ndtri(1 - p)
    signal = ndtri((np.arange(400) + 0.5) / 400)
    after = ndtr((told * signal - limit) / np.sqrt(1 - told**2))
    least = answer.floor or 0.0
    return float(np.abs(np.clip(after, least, 1 - least) - p).mean()) if told else 0.0


def scores(values: FloatArray) -> FloatArray:
    """Return normal scores: the normal quantiles of the ranks."""
    from scipy.special import ndtri

    rank = np.empty(len(values))
    rank[np.argsort(values, kind="stable")] = np.arange(1, len(values) + 1)
    result: FloatArray = ndtri((rank - 0.5) / len(values))
    return result

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
from typing import Any

import numpy as np
import pandas as pd

from forecast.cache import cached
from forecast.evidence.evidence import Evidence
from forecast.evidence.files.tables import TEXT
from forecast.evidence.scales import FloatArray
from forecast.facts import Name, fact
from forecast.forecasting.model_pool import Options
from forecast.progress import steps
from forecast.reconciliation.history import HistoryError
from forecast.reconciliation.reconcile import reconcile
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment, Missing
from forecast.targets.evidence_dates import known_until, last_complete_year
from forecast.targets.question import Source
from forecast.targets.types import kind
from forecast.verification.holdout import bearing

DRAWS = 1000  # of a hypothetical answer, whose digits nobody needs
MOST = 4  # lines for one target that has a probability
RECENT = 5  # years of the past whose levels may still narrow a forecast
PUBLISHED_SD = 0.002  # relative error of a preliminary level
LEAST = 0.005  # expected change of a probability below which a figure is not worth a line


@dataclass(frozen=True)
class Gap:
    """A figure, or a few that go together, that nobody has typed in yet."""

    #: Of the target it serves.
    plan: str
    target: str
    name: Name
    year_starts: int  # month in which the years of its series begin
    figures: tuple[Missing, ...]  # what to get
    opens: bool  # with these figures a target without a probability would have one
    #: Expected absolute change of the probability, for targets that have one.
    change: float | None = None
    #: Whether the probability is at its floor, and the change therefore the most that it can be.
    limit: bool = False
    #: Percent by which the spread of the target year's value would shrink.
    narrower: float | None = None
    #: ``figure`` (a `Fact`: what it might be), ``probability`` (what would follow) and its
    #: ``floor``.
    what_if: pd.DataFrame = dataclasses.field(
        default_factory=lambda: pd.DataFrame(columns=["figure", "probability", "floor"])
    )


def gaps(study: Source, answer: Assessment) -> list[Gap]:
    """Return what would help one target of a study, best first; kept in the cache."""
    key = ("gaps", study.evidence.digest, study.evidence.as_of, study.options, answer.key)
    return cached((*key, answer.year), lambda: _gaps(study, answer))


def all_gaps(study: Source, answers: Sequence[Assessment]) -> list[Gap]:
    """Return the work plan: what opens a target first (fewest figures first), then what narrows."""
    asked = steps(answers, "gaps", lambda answer: answer.name.en)
    found = [gap for answer in asked for gap in gaps(study, answer)]
    return sorted(found, key=lambda g: (not g.opens, len(g.figures) * g.opens, -(g.change or 0.0)))


def _gaps(study: Source, answer: Assessment) -> list[Gap]:
    if answer.probability is None or answer.status == "judgement":
        return _opening(study, answer) if answer.missing else []
    return _narrowing(study.evidence, answer)


def _gap(answer: Assessment, figures: Sequence[Missing], **found: Any) -> Gap:
    row, starts = answer.target, answer.year_starts
    return Gap(str(row["plan"]), str(row["target"]), answer.name, starts, tuple(figures), **found)


# Targets without a probability --------------------------------------------------------------------


def _opening(study: Source, answer: Assessment) -> list[Gap]:
    rows = [
        (figure, then.probability, then.floor)
        for figure, statements, openings in kind(answer.kind).suppose(study, answer)
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
    """Return the answer that would follow if these rows of observations and openings were known."""
    evidence = supposing(study.evidence, statements, openings)
    histories, indicator = dict(study.histories()), str(answer.target["indicator"])
    near = bearing(evidence, indicator)
    for region in {str(s["region"]) for s in statements}:
        try:
            history = reconcile(near, region, indicator)
        except HistoryError:
            continue
        histories[history.key] = history
    plan, target = str(answer.target["plan"]), str(answer.target["target"])
    options = Options(DRAWS, study.options.seed, study.options.families, 2)
    return assess(
        evidence.but(judgements=evidence.judgements.head(0)),
        plan, target, options, answer.year, study.record(), histories, quick=True,
    )  # fmt: skip


def supposing(
    evidence: Evidence, statements: Sequence[dict[str, Any]], openings: Sequence[dict[str, Any]]
) -> Evidence:
    """Return evidence with further rows; nothing on disk changes."""
    usual = {
        "measure": "level", "bound": "", "prices": "none", "basis": "", "status": "preliminary",
        "mark": "", "source": "supposed", "published": str(known_until(evidence)),
        "note": "", "note_zh": "",
    }  # fmt: skip
    rows = [{**usual, "observation": f"supposed_{i}", **s} for i, s in enumerate(statements)]
    planned = [{"opening": f"supposed_{i}", "source": "supposed", **o} for i, o in
               enumerate(openings)]  # fmt: skip
    source = dict.fromkeys(map(str, evidence.sources), "") | {"source": "supposed"}
    return evidence.but(
        sources=_more(evidence.sources, [source]),
        observations=_more(evidence.observations, rows),
        openings=_more(evidence.openings, planned),
    )


def _more(table: pd.DataFrame, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    if not rows:
        return table
    texts = {name: TEXT for name, dtype in table.dtypes.items() if dtype == TEXT}
    added = pd.DataFrame(list(rows), columns=table.columns).astype(texts)
    return added if table.empty else pd.concat([table, added], ignore_index=True)


# Targets that have one ----------------------------------------------------------------------------


def _narrowing(evidence: Evidence, answer: Assessment) -> list[Gap]:
    history, paths = answer.history, answer.paths
    of_level = answer.kind == "level"  # else the paths are those of another figure
    if history is None or paths is None or answer.probability_draws is None or not of_level:
        return []
    last, found = int(history.years[-1]), []
    if answer.year <= last:
        return []
    out = last_complete_year(evidence, history.year_starts) + 1  # within a year
    latest = min(answer.year - 1, out)
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
                    limit=_at_floor(answer),
                    narrower=100 * (1 - np.sqrt(1 - told**2)),
                )
            )
    return sorted(found, key=lambda gap: -(gap.change or 0.0))[:MOST]


def _at_floor(answer: Assessment) -> bool:
    p, least = answer.probability, answer.floor
    return p is not None and least is not None and not least < p < 1 - least


def knowing(answer: Assessment, year: int) -> float:
    """Return how closely the target year's value goes with the level of another year.

    The correlation, on normal scores: its square is the share of the variance of the target year
    that a published level of `year` would take away.
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

    `told` is the correlation of the figure with the value that decides; see `knowing`.

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

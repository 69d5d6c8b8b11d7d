"""Two series: the figure of the region is held against that of another region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.facts import Amount, Fact, Percent, fact
from forecast.forecasting.panel_data import EnsembleError
from forecast.reconciliation.history import HistoryError
from forecast.targets.assessment import PARTS, QUANTILES, Missing
from forecast.targets.question import Question, Source
from forecast.targets.supposed_figures import Case, statement, steady
from forecast.targets.types._parts import latest, part_of
from forecast.targets.types.markets import SeriesAnswer

RATIOS = (0.8, 0.9, 1.0, 1.1)  # of the own figure to the one it is compared with, supposed


@dataclass(frozen=True, eq=False)
class ComparisonAnswer(SeriesAnswer):
    """The answer on a comparison; its quantiles are of the ratio of the two figures.

    Attributes
    ----------
    ratio : float or None
        Median of the own figure over the other.
    """

    ratio: float | None = None

    @property
    def figure(self) -> Amount | Fact:
        """The figure of the other region, or a share of it."""
        whole = bool(np.isnan(self.value))
        share = Percent(100.0 if whole else self.value, 0)
        # Of the two parts the second is the figure it is compared with.
        other = self.parts["part"].iloc[-1]
        return fact("goal-of-other", whole=str(whole), share=share, other=other)

    def outlook(self) -> Fact:
        """Return median and 90 % interval of the ratio."""
        share = {
            name: Percent(100 * self.quantiles[q])
            for name, q in (("median", 0.5), ("low", 0.05), ("high", 0.95))
        }
        return fact("kind-outlook-comparison", year=self.year, **share)


def assess(question: Question) -> ComparisonAnswer:
    """Answer from draws of both series, as if their errors were independent.

    A region and its parent share shocks, which makes the difference surer than it is taken to be
    here: the probability is nearer to a half than it could be, and never surer.
    """
    q = question
    regions = [q.region, str(q.row["reference_region"])]
    rows, missing, histories, draws = [], list[Missing](), [], []
    for region in regions:
        last = latest(q.evidence, region, q.indicator)
        row = part_of(q.place(region), last)
        history = None
        try:
            history = q.history(region)
            draws.append(q.draws(history)[:, -1])
            histories.append(history)
            row["state"] = "forecast"
        except (HistoryError, EnsembleError):
            missing += q.lacking(region, history)
        rows.append(row)
    parts = pd.DataFrame(rows, columns=list(PARTS))
    if missing:
        known = parts["value"].notna().any()
        return q.answer(
            ComparisonAnswer,
            "partly_known" if known else "not_assessable",
            fact("reason-two-series"),
            parts=parts,
            missing=tuple(missing),
        )
    record, floor = q.judged(histories)
    n = min(map(len, draws))
    rng = np.random.default_rng(q.options.seed)
    own, other = (rng.permutation(d)[:n] for d in draws)
    ratio = own / other
    met = q.criterion.met(100 * ratio)
    share = float(met.mean())
    return q.answer(
        ComparisonAnswer, "assessed", record=record, parts=parts, floor=floor,
        probability=share, probability_draws=share,
        standard_error=float(np.sqrt(np.var(met) / n)),
        quantiles={level: float(np.quantile(ratio, level)) for level in QUANTILES},
        ratio=float(np.median(ratio)),
    )  # fmt: skip


def suppose(study: Source, answer: ComparisonAnswer) -> list[Case]:
    """Suppose levels of both regions that grow alike, at some ratio to one another."""
    region, other = str(answer.target["region"]), str(answer.target["reference_region"])
    known = answer.parts["value"].to_numpy(float)
    base = known[1] if np.isfinite(known[1]) else known[0] if np.isfinite(known[0]) else 100.0
    wanted = answer.missing
    cases: list[Case] = []
    for ratio in RATIOS:
        rows = []
        for place, last in ((region, ratio * base), (other, base)):
            mine = [m for m in wanted if m.region == place]
            if mine:
                path, _ = steady(study, mine, last, 5.0)
                rows += [
                    statement(study, m, v, prices="nominal")
                    for m, v in zip(mine, path, strict=True)
                ]
        when = answer.dated(int(max(m.period for m in wanted)))
        share = Percent(100 * ratio)
        cases.append((fact("suppose-ratio", share=share, year=when), rows, []))
    return cases

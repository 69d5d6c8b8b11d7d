"""All numbers of a set as tasks, whose results go into the store."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import cast

from forecast.cache import once
from forecast.reconciliation.related_series.links import forget
from forecast.reconciliation.stored import apart, part
from forecast.scenarios import joint_draws as joint
from forecast.targets.question import Source
from forecast.targets.value_of_information import gaps
from forecast.verification import holdout, replay
from forecast.verification.track_record import Piece, pool_record
from forecast.workers.backend import Workers, started, wait
from forecast.workers.common import common

MANY = 200  # series from which on several processes reconcile them sooner than this one


def prepare(
    study: Source,
    series: Sequence[tuple[str, str]],
    plans: Sequence[str],
    workers: Workers,
    tests: bool = True,
) -> None:
    """Compute all backtests and assessments into the cache.

    Parameters
    ----------
    study : Study
    series : sequence of (region, indicator)
        All series of the data.
    plans : sequence of str
        Keys of the plans whose targets are assessed.
    workers : Workers
        Who computes.
    tests : bool
        Whether the hold-out tests and replays of the page on the track record are computed too.
    """
    evidence = study.evidence
    pairs = [(r, i) for r, i in series if i not in evidence.exchange_indicators]
    regions = dict.fromkeys(str(evidence.plan(plan)["region"]) for plan in plans)
    chains = {above for region in regions for above in evidence.chain(region)}
    every = evidence.targets[evidence.targets["plan"].isin(plans)]
    with started(workers, study) as pool:
        groups = apart(evidence) if len(pairs) >= MANY else []
        parts = {pool.submit(_reconcile, names): ", ".join(sorted(names)) for names in groups}
        wait(parts, "histories", pool)
        study.histories()
        past = {pool.submit(_compare, r, i): f"{r}/{i}" for r, i in pairs}
        past |= {pool.submit(_piece, n): of.name for n, of in enumerate(_pieces(study))}
        trials = {pool.submit(_hide, r, i): f"{r}/{i}" for r, i in pairs if tests and r in chains}
        for region, day in itertools.product(regions, replay.days(evidence) if tests else ()):
            trials[pool.submit(_replay, region, day)] = f"{day:%Y-%m}"
        wait(past, "track record", pool)
        study.record()
        answers = {
            pool.submit(_assess, str(row.target), str(row.plan)): str(row.target)
            for row in every.itertuples()
        }
        wait(trials, "replay", pool)
        joined: dict[tuple[str, int], None] = {}  # plans share the regions above theirs
        for plan in plans:
            end, _, histories = joint.joined(study, plan)
            joined |= dict.fromkeys((key, end) for key in histories)
        draws = {pool.submit(_join, key, end): key for key, end in joined}
        wait(answers, "target", pool)
        wait(draws, "joint draws", pool)


# The tasks ---------------------------------------------------------------------------------------


def _study() -> Source:
    return cast(Source, common())


def _reconcile(names: set[str]) -> None:
    part(_study().evidence, names).histories()
    forget()  # the evidence of the part goes with it


def _compare(region: str, indicator: str) -> None:
    study = _study()
    history = study.find_history(region, indicator)
    if history is not None:
        pool_record(history, study.options)


def _piece(number: int) -> None:
    _pieces(_study())[number].table()


@once
def _pieces(study: Source) -> list[Piece]:
    return study.pieces()


def _hide(region: str, indicator: str) -> None:
    holdout.recovered(_study().evidence, region, indicator)


def _replay(region: str, day: date) -> None:
    replay.nowcasts(_study().evidence, region, day)


def _assess(target: str, plan: str) -> None:
    study = _study()
    gaps(study, study.assess(target, plan))


def _join(key: str, end: int) -> None:
    joint.prepare(_study(), key, end)

"""All numbers of a set as tasks, whose results go into the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from forecast.scenarios import joint_draws as joint
from forecast.targets.question import Source
from forecast.targets.value_of_information import gaps
from forecast.verification import holdout, replay
from forecast.verification.track_record import model_record
from forecast.workers.backend import Workers, started, wait
from forecast.workers.common import common


def prepare(study: Source, series: Sequence[tuple[str, str]], plan: str, workers: Workers) -> None:
    """Compute all backtests and assessments into the cache.

    Parameters
    ----------
    study : Study
    series : sequence of (region, indicator)
        All series of the data.
    plan : str
        Key of the plan whose targets are assessed.
    workers : Workers
        Who computes.
    """
    evidence = study.evidence
    pairs = [(r, i) for r, i in series if i not in evidence.exchange_indicators]
    region, targets = str(evidence.plan(plan)["region"]), evidence.targets
    chain = evidence.chain(region)
    with started(workers, study) as pool:
        tests = {pool.submit(_compare, r, i): f"{r}/{i}" for r, i in pairs}
        trials = {pool.submit(_hide, r, i): f"{r}/{i}" for r, i in pairs if r in chain}
        for day in replay.days(evidence):
            trials[pool.submit(_replay, region, day)] = f"{day:%Y-%m}"
        wait(tests, "track record", pool)
        study.record()
        names = list(targets.loc[targets["plan"] == plan, "target"])
        answers = {pool.submit(_assess, name, plan): name for name in names}
        wait(trials, "replay", pool)
        keys = joint.joined(study, plan)[2]
        draws = {pool.submit(_join, plan, key): key for key in keys}
        wait(answers, "target", pool)
        wait(draws, "joint draws", pool)


# The tasks ---------------------------------------------------------------------------------------


def _study() -> Source:
    return cast(Source, common())


def _compare(region: str, indicator: str) -> None:
    study = _study()
    history = study.find_history(region, indicator)
    if history is not None:
        model_record(history, study.options)


def _hide(region: str, indicator: str) -> None:
    holdout.recovered(_study().evidence, region, indicator)


def _replay(region: str, day: date) -> None:
    replay.nowcasts(_study().evidence, region, day)


def _assess(target: str, plan: str) -> None:
    study = _study()
    gaps(study, study.assess(target, plan))


def _join(plan: str, key: str) -> None:
    joint.prepare(_study(), plan, key)

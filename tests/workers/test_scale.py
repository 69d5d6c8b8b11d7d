"""The made-up folder of the benchmark is one that answers its targets."""

from __future__ import annotations

from pathlib import Path

from benchmarks.scale import bill, gain, tables, write
from forecast import open_study


def test_every_region_has_a_plan_that_is_answered(tmp_path: Path) -> None:
    found = tables(regions=3, indicators=2, targets=1)
    assert (len(found["observations"]), len(found["targets"])) == (3 * 2 * 20, 3)
    study = open_study(write(tmp_path / "data", 3, 2, 1), draws=200, families=("drift",))
    assert list(study.evidence.plans["region"]) == ["r0", "r1", "r2"]
    answer = study.assess("goal1", "plan_r2")
    assert answer.probability is not None
    assert 0 < answer.probability < 1


def test_two_workers_are_held_against_one_by_the_clock_and_by_processor_time() -> None:
    told = gain({"wall": 30.0}, {"wall": 20.0, "processor": 50.0, "alone": 10.0})
    assert "1.50 times as fast as one on the clock" in told
    assert "1.67 times" in told  # 10 + 40 s of one core against 10 + 20


def test_bill_goes_on_from_two_sizes() -> None:
    small = {"processor": 20.0, "here": 200.0, "worker": 200.0, "tasks": 50}
    large = {"processor": 110.0, "here": 209.0, "worker": 290.0, "tasks": 500}
    told = bill(small, large, (1, 10), 0.01)
    assert "8.3 hours of processor time (10.0 s a county) in 150,000 tasks" in told
    assert "0.42 hours of one core" in told
    assert "3.1 GB in the process that hands out, 29.5 GB in a worker" in told

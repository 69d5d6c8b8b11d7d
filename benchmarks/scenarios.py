"""Print how long all scenarios take on our own data, with nothing stored: processor time, one core.

    python benchmarks/scenarios.py [--draws 10000]

Reading, histories and the record of past forecasts are what every page needs, and are timed apart;
then the targets, the joint draws, all scenarios and ``results.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # before numpy is loaded

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FORECAST_CACHE"] = folder
        return timed(arguments.draws, Path(folder))


def timed(draws: int, folder: Path) -> int:
    """Time every step, the results being stored in an empty folder."""
    from forecast import open_study
    from forecast.report import results
    from forecast.report.outputs.scenarios import scenario_result
    from forecast.scenarios.apply import Outcome
    from forecast.scenarios.joint_targets import comparison

    clock = time.process_time()

    def lap(what: str) -> float:
        nonlocal clock
        now, before = time.process_time(), clock
        clock = now
        print(f"{what:45s} {now - before:6.2f} s")
        return now - before

    study = open_study(draws=draws)
    study.histories()
    lap("data read, histories")
    study.record()
    lap("record of past forecasts")
    answers = study.assess_all()
    lap(f"{len(answers)} targets")
    spent = 0.0
    joint = study.joint()
    spent += lap(f"joint draws of {len(joint.series)} series, {draws:,} draws")
    outcomes, known = study.outcomes(), study.scenarios()
    spent += lap(f"{len(outcomes)} scenarios")
    run = {"id": "", "plan": study.plan(), "as_of": "", "draws": draws, "seed": 2027,
           "families": [], "started": "", "data_digest": "", "version": ""}  # fmt: skip
    entries = [scenario_result(known[k], o, study.plan()) for k, o in outcomes.items()]
    found = results.results(answers, run, entries)
    (folder / "results.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    spent += lap("results.json")
    print(f"{'scenarios, from the targets to results.json':45s} {spent:6.2f} s\n")
    print(comparison([o for o in outcomes.values() if isinstance(o, Outcome)])
          .drop(columns="name").round(3).to_string(index=False))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())

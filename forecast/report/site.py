"""The whole set of reports: which pages there are, and their way from the data to ``latest``."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import forecast
from forecast.evidence.problems import RunError
from forecast.report import html as export
from forecast.report import results
from forecast.report.pages import words
from forecast.report.publish import lock, manifest, prune, publish, set_aside, staging
from forecast.report.run_notebooks import Outcome, Task, run, validate
from forecast.resources import CALIBRATION, NOTEBOOKS, REPOSITORY
from forecast.scenarios.joint_draws import able
from forecast.scenarios.spec import ScenarioError
from forecast.study import Study, open_study
from forecast.targets.evidence_dates import newest

REPORTS = (REPOSITORY or Path()) / "reports"


@dataclass(frozen=True)
class Request:
    """What a report run is asked for; every field is a flag of ``forecast report``."""

    plan: str = ""  # the first of plans.csv
    out: Path = REPORTS
    data: Path | None = None
    as_of: str = ""
    draws: int = 4000
    seed: int = 2027
    families: tuple[str, ...] = ()
    outside: str = "all"
    jobs: int = 2
    timeout: float = 300.0
    keep: int = 12  # sets that stay when a new one is published
    notebooks: Path = NOTEBOOKS


class ReportError(RunError):
    """Some pages could not be made; the newest complete set is as it was."""


def tasks(study: Study, request: Request) -> list[Task]:
    """List the pages of a plan: overview, track record, one per target and series of the data."""
    data = "" if request.data is None else str(request.data.resolve())
    source = {"data": data, "as_of": request.as_of}
    sampling = {
        "draws": request.draws, "seed": request.seed, "families": list(request.families),
        "outside": request.outside,
    }  # fmt: skip
    evidence = study.evidence
    targets = evidence.targets[evidence.targets["plan"] == request.plan]
    record = {**source, "seed": request.seed}
    pages = [
        Task(
            "overview",
            request.notebooks / "00_overview.ipynb",
            {"plan": request.plan, **source, **sampling},
            "index",
            words.plan_title(evidence, request.plan),
        ),
        Task(
            "track record",
            request.notebooks / "90_track_record.ipynb",
            {"plan": request.plan, **record},
            "track_record",
            "Track record",
        ),
    ]
    pages += [
        Task(
            f"target {row['target']}",
            request.notebooks / "10_target.ipynb",
            {"target": row["target"], "plan": request.plan, **source, **sampling},
            str(row["target"]),
            str(row["name"]),
        )
        for _, row in targets.iterrows()
    ]
    pages += _scenario_pages(study, request, {"plan": request.plan, **source, **sampling})
    pages += [
        Task(
            f"data {region}/{indicator}",
            request.notebooks / "20_data.ipynb",
            {"indicator": indicator, "region": region, **source},
            words.page_name(region, indicator).removesuffix(".html"),
            words.series_title(evidence, region, indicator),
        )
        for region, indicator in study.pages(request.plan)
    ]
    return pages


def _scenario_pages(study: Study, request: Request, shared: dict[str, Any]) -> list[Task]:
    """List the page on scenarios and those on what targets take; none if nothing can be drawn."""
    targets = _on_paths(study, request.plan)
    if targets.empty:
        return []
    compare = request.notebooks / "30_scenarios.ipynb"
    takes = request.notebooks / "31_what_it_takes.ipynb"
    return [
        Task("scenarios", compare, {"names": [], **shared}, "scenarios", "Scenarios"),
        *(
            Task(
                f"what {row['target']} takes",
                takes,
                {"target": row["target"], "levers": [], "scenario": "baseline", **shared},
                f"takes-{row['target']}",
                f"What it takes: {row['name']}",
            )
            for _, row in targets.iterrows()
        ),
    ]


def _on_paths(study: Study, plan: str) -> pd.DataFrame:
    """Targets of a plan that are a threshold on a series that can be forecast."""
    targets = study.evidence.targets
    mine = targets[(targets["plan"] == plan) & (targets["kind"] == "level")]
    kept = []
    for _, row in mine.iterrows():
        history = study.find_history(str(row["region"]), str(row["indicator"]))
        kept.append(history is not None and able(history, int(row["year"])))
    return mine[np.array(kept, bool)]


def navigation(study: Study, request: Request) -> list[export.Link]:
    """Return the menu of every page."""
    evidence = study.evidence
    targets = evidence.targets[evidence.targets["plan"] == request.plan]
    return [
        ("Overview", "index.html"),
        ("Track record", "track_record.html"),
        *_scenario_links(study, request),
        ("Targets", [(str(r["name"]), f"{r['target']}.html") for _, r in targets.iterrows()]),
        (
            "Data",
            [
                (words.series_title(evidence, r, i), words.page_name(r, i))
                for r, i in study.pages(request.plan)
            ],
        ),
    ]


def _scenario_links(study: Study, request: Request) -> list[export.Link]:
    pages = _scenario_pages(study, request, {})
    return [("Scenarios", [(page.title, f"{page.stem}.html") for page in pages])] if pages else []


def report(request: Request, progress: Callable[[str], None] = lambda line: None) -> Path:
    """Make all pages of a plan and publish them as the newest set.

    Parameters
    ----------
    request : Request
    progress : callable
        Receives one line per step.

    Returns
    -------
    Path
        The published set, ``reports/<run id>``.

    Raises
    ------
    forecast.evidence.problems.DataError
        For problems in the data; nothing has been written then.
    forecast.evidence.problems.UserError
        For an unknown plan or an option out of range.
    ReportError
        When a page failed: the set is kept under ``reports/failed`` and ``latest`` is untouched.
    forecast.evidence.problems.RunError
        For everything else that stands in the way, with what to do.
    """
    started = datetime.now(UTC)
    study = open_study(
        request.data, request.as_of, request.draws, request.seed, request.families,
        outside=request.outside,
    )  # fmt: skip
    request = replace(request, plan=study.plan(request.plan))
    study.scenarios()  # a damaged scenario is said before anything is computed
    pages = tasks(study, request)
    validate(pages)
    run_id = f"{started:%Y-%m-%dT%H%M%SZ}-{_inputs(study, _asked(study, request))[:8]}"
    with lock(request.out):
        staged = staging(request.out, run_id)
        try:
            made = _made(study, request, pages, staged, run_id, started, progress)
        finally:  # what was cut off is of no use to anybody
            shutil.rmtree(staged, ignore_errors=True)
            prune(request.out, request.keep)
        return made


def _made(
    study: Study,
    request: Request,
    pages: list[Task],
    staged: Path,
    run_id: str,
    started: datetime,
    progress: Callable[[str], None],
) -> Path:
    """Make the set in its staging folder and publish it, or set it aside."""
    clock = time.monotonic()
    study.prepare(request.plan, request.jobs, progress)
    for key, reason in study.failed().items():
        progress(f"{key} is left out: {reason}")
    progress(f"all numbers computed in {time.monotonic() - clock:.0f} s")
    found = results.results(
        study.assess_all(request.plan),
        _run_facts(study, request, run_id, started),
        _scenarios(study, request.plan),
    )
    _write_results(staged, found)
    outcomes = run(
        pages,
        staged,
        jobs=request.jobs,
        timeout=request.timeout,
        progress=lambda o, n, of: progress(
            f"page {n}/{of}: {o.name} {o.status} ({o.seconds:.1f} s)"
        ),
        nav=navigation(study, request),
        provenance=_provenance(study, run_id, started),
    )
    _write_manifest(staged, request, study, pages, outcomes, run_id, started)
    failed = [o for o in outcomes if o.status != "ok"]
    if failed:
        where = set_aside(staged, request.out, run_id)
        raise ReportError(_failure(failed, where))
    expected = ["index.html", "results.json", "results.csv", "manifest.json"]
    expected += [f"{p.stem}.html" for p in pages]
    expected += [f"notebooks/{p.stem}.ipynb" for p in pages]
    return publish(staged, request.out, run_id, expected=expected)


def _scenarios(study: Study, plan: str) -> list[dict[str, Any]]:
    """Return the scenarios' entries of ``results.json``; none where nothing can be forecast."""
    try:
        outcomes = study.outcomes(plan)
    except ScenarioError:
        return []
    known = study.scenarios()
    return [results.scenario_result(known[key], o, plan) for key, o in outcomes.items()]


def _asked(study: Study, request: Request) -> dict[str, Any]:
    """Return what decides the numbers besides the data."""
    return {
        "plan": request.plan,
        "as_of": request.as_of,
        "draws": request.draws,
        "seed": request.seed,
        "families": list(study.options.families),
        "outside": request.outside,
    }


def _inputs(study: Study, asked: dict[str, Any] | None = None) -> str:
    """SHA-256 over the tables, the scenarios and the learned table, and over what was asked."""
    digest = hashlib.sha256(study.evidence.digest.encode())
    for key, scenario in study.scenarios().items():
        digest.update(f"{key} {scenario.digest}".encode())
    digest.update(CALIBRATION.read_bytes())
    digest.update(json.dumps(asked).encode())
    return digest.hexdigest()


def _run_facts(study: Study, request: Request, run_id: str, started: datetime) -> dict[str, Any]:
    return {
        "id": run_id,
        "plan": request.plan,
        "as_of": request.as_of,
        "draws": request.draws,
        "seed": request.seed,
        "families": list(study.options.families) or ["learned"],
        "outside": study.options.outside,
        "started": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "newest": newest(study.evidence, study.evidence.observations) or None,
        "data_digest": _inputs(study),
        "version": forecast.__version__,
    }


def _provenance(study: Study, run_id: str, started: datetime) -> dict[str, str]:
    return {
        "Run": run_id,
        "Made": f"{started:%Y-%m-%d %H:%M} UTC",
        "Data (SHA-256)": _inputs(study)[:16],
        "Program": f"forecast {forecast.__version__}",
        "Method": ", ".join(study.options.families) or "learned ensemble",
        "All results": "results.json, results.csv and manifest.json beside this page",
    }


def _write_results(folder: Path, found: dict[str, Any]) -> None:
    text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
    export.write_text(folder / "results.json", text + "\n")
    export.write_text(folder / "results.csv", results.as_csv(found))


def _write_manifest(
    folder: Path,
    request: Request,
    study: Study,
    pages: Sequence[Task],
    outcomes: Sequence[Outcome],
    run_id: str,
    started: datetime,
) -> None:
    root = study.evidence.root
    facts = manifest(
        pages,
        outcomes,
        folder,
        run_id=run_id,
        started=started,
        finished=datetime.now(UTC),
        data_files={
            *root.glob("*.csv"),
            root / "datapackage.json",
            *root.glob("scenarios/*.toml"),
            CALIBRATION,
        },
        seed=request.seed,
        root=REPOSITORY,
        extra={"request": _asked(study, request)},
    )
    export.write_text(
        folder / "manifest.json", json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    )


def _failure(failed: Sequence[Outcome], where: Path) -> str:
    lines = [f"  {o.name}: {o.status}: {o.error}" for o in failed]
    return (
        f"{len(failed)} page{'s' if len(failed) > 1 else ''} could not be made:\n"
        + "\n".join(lines)
        + f"\nThe newest complete set is as it was. What there is lies in {where}."
    )

"""The whole set of reports: its way from the data to ``latest``."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import forecast
from forecast.editions import store
from forecast.evidence.problems import RunError
from forecast.progress import heard
from forecast.report import html as export
from forecast.report import results
from forecast.report.contents import Request, folder, languages, navigation, tasks
from forecast.report.editions.answers import edition
from forecast.report.execution.publish import (
    lock,
    manifest,
    prune,
    publish,
    set_aside,
    sha256,
    staging,
)
from forecast.report.execution.run import Outcome, run
from forecast.report.execution.snapshot import Snapshot, snapshot
from forecast.report.execution.tasks import Task, said, validate
from forecast.report.language import Language, language
from forecast.report.outputs import pdf, tables, workbook
from forecast.report.outputs.sets import BRIEFING
from forecast.report.pages import shared
from forecast.report.releases import Calendar, words
from forecast.resources import CALIBRATION, REPOSITORY
from forecast.study import Study, open_study
from forecast.targets.assessment import Assessment
from forecast.targets.evidence_dates import newest


class ReportError(RunError):
    """Some pages could not be made; the newest complete set is as it was."""


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
    with snapshot(request.data) as data:
        return _of_data(data, request, started, progress)


def _of_data(
    data: Snapshot, request: Request, started: datetime, progress: Callable[[str], None]
) -> Path:
    """Make all pages from a copy of the data; see `report`."""
    study = open_study(
        data.folder, request.as_of, request.draws, request.seed, request.families,
        outside=request.outside,
    )  # fmt: skip
    plan, every = study.plan(request.plan), list(study.evidence.plans["plan"])
    if not request.plan and len(every) > 1:
        others = ", ".join(every[1:])
        progress(f"plan {plan}, the first of {len(every)} in plans.csv; others by --plan: {others}")
    request = replace(request, plan=plan, langs=request.langs or languages(study, plan))
    study.scenarios()  # a damaged scenario is said before anything is computed
    validate(tasks(study, request))
    run_id = f"{started:%Y-%m-%dT%H%M%SZ}-{_inputs(study, _asked(study, request))[:8]}"
    with lock(request.out):
        staged = staging(request.out, run_id)
        try:
            made = _made(study, data, request, staged, run_id, started, progress)
        finally:  # what was cut off is of no use to anybody
            shutil.rmtree(staged, ignore_errors=True)
            prune(request.out, request.keep)
        return made


def _made(
    study: Study,
    data: Snapshot,
    request: Request,
    staged: Path,
    run_id: str,
    started: datetime,
    progress: Callable[[str], None],
) -> Path:
    """Make the set in its staging folder and publish it, or set it aside."""
    clock = time.monotonic()
    since, damaged = store.before(
        request.out / store.FOLDER, request.plan, store.Inputs.of(study).key(request.plan)
    )
    for line in damaged:
        progress(line)
    pages = tasks(study, request, since)
    with heard(lambda line: progress(line) if line else None):
        study.prepare(request.plan, request.jobs)
    for key, reason in study.failed().items():
        progress(f"{key} is left out: {reason}")
    progress(f"all numbers computed in {time.monotonic() - clock:.0f} s")
    run_facts, answers = _run_facts(study, request, run_id, started), study.assess_all(request.plan)
    found = results.of_study(study, request.plan, run_facts, answers, since)
    _write_results(staged, found, request)
    outcomes = run(
        pages,
        staged,
        jobs=request.jobs,
        timeout=request.timeout,
        progress=lambda o, n, of: progress(
            f"page {n}/{of}: {o.name} {o.status} ({o.seconds:.1f} s)"
        ),
        frames=frames(study, request, staged, run_id, started, answers),
        inputs={"data": data.folder},
    )
    failed = [o for o in outcomes if o.status != "ok"]
    if not failed:  # a tenth of their size; a set that failed keeps them to be looked at
        shutil.make_archive(str(staged / "notebooks"), "zip", staged, "notebooks")
        shutil.rmtree(staged / "notebooks")
    if request.pdf:
        _print(staged, request, progress)
    _write_manifest(staged, request, data, study, pages, outcomes, run_id, started)
    if failed:
        where = set_aside(staged, request.out, run_id)
        raise ReportError(_failure(failed, where))
    expected = ["index.html", "results.json", "results.csv", "manifest.json", "notebooks.zip"]
    expected += ["results.parquet", "quantiles.parquet"]
    expected += [f"{folder(request, lang)}results.xlsx" for lang in request.langs]
    expected += [f"{p.stem}.html" for p in pages]
    published = publish(staged, request.out, run_id, expected=expected)
    try:
        made = edition(study, request.plan, answers, run_id, run_facts["started"])
        store.add(request.out / store.FOLDER, made, data.files)
    except OSError as problem:  # the set is out all the same
        progress(f"the edition is not kept for comparisons: {said(problem)}")
    return published


def frames(
    study: Study,
    request: Request,
    staged: Path,
    run_id: str,
    started: datetime,
    answers: Sequence[Assessment],
) -> dict[str, export.Frame]:
    """Return what the pages of each language have around them; write the script they share."""
    calendar, name = Calendar(study.evidence), ""
    if not request.single_file:
        name, text = export.set_script()
        export.write_text(staged / name, text)
    found = {}
    for lang in request.langs:
        tell, up = language(lang), "../" if folder(request, lang) else ""
        found[lang] = export.Frame(
            navigation(study, request, lang),
            _provenance(study, tell, run_id, started),
            shared.plan_title(tell, study.evidence, request.plan),
            name and up + name,
            words.of_set(tell, calendar, started.date(), answers),
        )
    return found


def _print(staged: Path, request: Request, progress: Callable[[str], None]) -> None:
    """Print the briefings; without a browser the set is complete all the same, and it is said."""
    for lang in request.langs:
        page = staged / f"{folder(request, lang)}{BRIEFING}.html"
        try:
            pdf.printed(page, page.with_suffix(".pdf"))
        except pdf.PdfError as problem:
            progress(f"{page.stem}.pdf is left out: {problem}")
            return


def _asked(study: Study, request: Request) -> dict[str, Any]:
    """Return what decides the numbers besides the data."""
    return {
        "plan": request.plan,
        "as_of": request.as_of,
        "draws": request.draws,
        "seed": request.seed,
        "families": list(study.options.families),
        "outside": request.outside,
        "langs": list(request.langs),
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
        "edition": store.Inputs.of(study).key(request.plan),
        "version": forecast.__version__,
    }


def _provenance(study: Study, tell: Language, run_id: str, started: datetime) -> dict[str, str]:
    return {
        tell("site-run"): run_id,
        tell("site-made"): f"{started:%Y-%m-%d %H:%M} UTC",
        tell("site-data-digest"): _inputs(study)[:16],
        tell("site-program"): f"forecast {forecast.__version__}",
        tell("site-method"): ", ".join(study.options.families) or tell("site-method-learned"),
        tell("site-results"): tell("site-results-where"),
    }


def _write_results(staged: Path, found: dict[str, Any], request: Request) -> None:
    """Write the answers for machines, and a workbook beside the pages of each language."""
    text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
    export.write_text(staged / "results.json", text + "\n")
    # The mark makes spreadsheets read UTF-8; the JSON file, for programs, has none.
    export.write_text(staged / "results.csv", "\ufeff" + tables.as_csv(found))
    for name, rows in (("results", tables.targets(found)), ("quantiles", tables.quantiles(found))):
        (staged / f"{name}.parquet").write_bytes(tables.as_parquet(rows))
    for lang in request.langs:
        path = staged / folder(request, lang) / "results.xlsx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(workbook.workbook(language(lang), found))


def _write_manifest(
    folder: Path,
    request: Request,
    data: Snapshot,
    study: Study,
    pages: Sequence[Task],
    outcomes: Sequence[Outcome],
    run_id: str,
    started: datetime,
) -> None:
    used = {data.source / name: digest for name, digest in data.hashes.items()}
    facts = manifest(
        pages,
        outcomes,
        folder,
        run_id=run_id,
        started=started,
        finished=datetime.now(UTC),
        data={**used, CALIBRATION: sha256(CALIBRATION)},
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

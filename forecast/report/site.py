"""The whole set of reports: which pages there are, and their way from the data to ``latest``."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import forecast
from forecast.evidence.problems import RunError
from forecast.evidence.registries import listed
from forecast.progress import heard
from forecast.report import html as export
from forecast.report import results
from forecast.report.execution.run import Outcome, run
from forecast.report.execution.tasks import Task, validate
from forecast.report.language import LANGUAGES, Language, language
from forecast.report.outputs import pdf, tables, workbook
from forecast.report.outputs.sets import BRIEFING
from forecast.report.pages import shared
from forecast.report.pages.briefing import sections as briefing
from forecast.report.publish import lock, manifest, prune, publish, set_aside, staging
from forecast.report.releases import Calendar, words
from forecast.resources import CALIBRATION, NOTEBOOKS, REPOSITORY
from forecast.scenarios.joint_draws import able
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
    pdf: bool = False  # whether the briefing is printed as well
    notebooks: Path = NOTEBOOKS
    langs: tuple[str, ...] = tuple(LANGUAGES)  # the first one's are at the top; none: the plan's


class ReportError(RunError):
    """Some pages could not be made; the newest complete set is as it was."""


def tasks(study: Study, request: Request) -> list[Task]:
    """List the pages of a plan in every language.

    The first language's pages are at the top of the set, those of another in a folder of its name.
    """
    return [
        replace(
            page,
            name=page.name if lang == request.langs[0] else f"{page.name} ({lang})",
            output=_folder(request, lang) + page.stem,
            lang=lang,
            parameters={**page.parameters, "lang": lang},
            editions=[
                (other, f"{up}{_folder(request, other)}{page.stem}.html")
                for other in request.langs
                if other != lang
            ],
        )
        for lang in request.langs
        for up in ["../" if _folder(request, lang) else ""]
        for page in _pages(study, request, language(lang))
    ]


def languages(study: Study, plan: str) -> tuple[str, ...]:
    """Return the languages of the pages that a plan names, the main one first; else all."""
    return tuple(listed(str(study.evidence.plan(plan)["languages"]))) or tuple(LANGUAGES)


def _folder(request: Request, lang: str) -> str:
    return "" if lang == request.langs[0] else f"{lang}/"


def _pages(study: Study, request: Request, tell: Language) -> list[Task]:
    """List the pages: overview, track record, one per target and series, those on scenarios."""
    data = "" if request.data is None else str(request.data.resolve())
    source = {"data": data, "as_of": request.as_of}
    sampling: dict[str, Any] = {
        "draws": request.draws,
        "seed": request.seed,
        "families": list(request.families),
        "outside": request.outside,
    }
    evidence, plan = study.evidence, {"plan": request.plan}
    options = {**plan, **sampling}

    def page(name: str, notebook: str, output: str, title: str, **parameters: Any) -> Task:
        path = request.notebooks / f"{notebook}.ipynb"
        return Task(name, path, {**parameters, **source}, output, title)

    title = shared.plan_title(tell, evidence, request.plan)
    record = {**plan, "seed": request.seed}
    pages = [
        page("overview", "00_overview", "index", title, **options),
        page(
            "briefing",
            "05_briefing",
            BRIEFING,
            briefing.title(tell, evidence, request.plan),
            **options,
        ),
        page(
            "track record", "90_track_record", "track_record", tell("site-track-record"), **record
        ),
    ]
    for _, row in _targets(study, request).iterrows():
        target, name = str(row["target"]), tell.of(row, "name")
        pages.append(page(f"target {target}", "10_target", target, name, target=target, **options))
    on_paths = _on_paths(study, request)
    if len(on_paths):
        title = tell("site-scenarios")
        pages.append(page("scenarios", "30_scenarios", "scenarios", title, names=[], **options))
    for _, row in on_paths.iterrows():
        target = str(row["target"])
        title = tell("site-takes", target=tell.of(row, "name"))
        asked = {"target": target, "figures": [], "scenario": results.BASELINE, **options}
        name, output = f"what {target} takes", f"takes-{target}"
        pages.append(page(name, "31_what_it_takes", output, title, **asked))
    for region, indicator in study.pages(request.plan):
        stem = shared.page_name(region, indicator).removesuffix(".html")
        title = tell.write(evidence.series_name(region, indicator))
        key = {"indicator": indicator, "region": region}
        pages.append(page(f"data {region}/{indicator}", "20_data", stem, title, **key))
    return pages


def _targets(study: Study, request: Request) -> pd.DataFrame:
    targets = study.evidence.targets
    return targets[targets["plan"] == request.plan]


def _on_paths(study: Study, request: Request) -> pd.DataFrame:
    """Targets of a plan that are a threshold on a series that can be forecast."""
    targets = _targets(study, request)
    mine = targets[targets["kind"] == "level"]
    kept = []
    for _, row in mine.iterrows():
        history = study.find_history(str(row["region"]), str(row["indicator"]))
        kept.append(history is not None and able(history, int(row["year"])))
    return mine[np.array(kept, bool)]


def navigation(study: Study, request: Request, lang: str) -> list[export.Link]:
    """Return the menu of every page of a language."""
    tell = language(lang)
    pages = {page.stem: page.title for page in _pages(study, request, tell)}

    def links(stems: Iterable[str]) -> list[tuple[str, str]]:
        return [(pages[stem], f"{stem}.html") for stem in stems if stem in pages]

    targets = list(map(str, _targets(study, request)["target"]))
    takes = links(["scenarios", *(f"takes-{target}" for target in targets)])
    return [
        (tell("site-overview"), "index.html"),
        (tell("site-briefing"), f"{BRIEFING}.html"),
        (tell("site-track-record"), "track_record.html"),
        *([(tell("site-scenarios"), takes)] if takes else []),
        (tell("site-targets"), links(targets)),
        (tell("site-data"), links(stem for stem in pages if stem.startswith("data-"))),
    ]


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
    plan, every = study.plan(request.plan), list(study.evidence.plans["plan"])
    if not request.plan and len(every) > 1:
        others = ", ".join(every[1:])
        progress(f"plan {plan}, the first of {len(every)} in plans.csv; others by --plan: {others}")
    request = replace(request, plan=plan, langs=request.langs or languages(study, plan))
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
    with heard(lambda line: progress(line) if line else None):
        study.prepare(request.plan, request.jobs)
    for key, reason in study.failed().items():
        progress(f"{key} is left out: {reason}")
    progress(f"all numbers computed in {time.monotonic() - clock:.0f} s")
    run_facts = _run_facts(study, request, run_id, started)
    _write_results(staged, results.of_study(study, request.plan, run_facts), request)
    answers, calendar = study.assess_all(request.plan), Calendar(study.evidence)
    outcomes = run(
        pages,
        staged,
        jobs=request.jobs,
        timeout=request.timeout,
        progress=lambda o, n, of: progress(
            f"page {n}/{of}: {o.name} {o.status} ({o.seconds:.1f} s)"
        ),
        frames={
            lang: export.Frame(
                navigation(study, request, lang),
                _provenance(study, language(lang), run_id, started),
                words.of_set(language(lang), calendar, started.date(), answers),
            )
            for lang in request.langs
        },
    )
    if request.pdf:
        _print(staged, request, progress)
    _write_manifest(staged, request, study, pages, outcomes, run_id, started)
    failed = [o for o in outcomes if o.status != "ok"]
    if failed:
        where = set_aside(staged, request.out, run_id)
        raise ReportError(_failure(failed, where))
    expected = ["index.html", "results.json", "results.csv", "manifest.json"]
    expected += ["results.parquet", "quantiles.parquet"]
    expected += [f"{_folder(request, lang)}results.xlsx" for lang in request.langs]
    expected += [f"{p.stem}.html" for p in pages]
    expected += [f"notebooks/{p.stem}.ipynb" for p in pages]
    return publish(staged, request.out, run_id, expected=expected)


def _print(staged: Path, request: Request, progress: Callable[[str], None]) -> None:
    """Print the briefings; without a browser the set is complete all the same, and it is said."""
    for lang in request.langs:
        page = staged / f"{_folder(request, lang)}{BRIEFING}.html"
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


def _write_results(folder: Path, found: dict[str, Any], request: Request) -> None:
    """Write the answers for machines, and a workbook beside the pages of each language."""
    text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
    export.write_text(folder / "results.json", text + "\n")
    # The mark makes spreadsheets read UTF-8; the JSON file, for programs, has none.
    export.write_text(folder / "results.csv", "\ufeff" + tables.as_csv(found))
    for name, rows in (("results", tables.targets(found)), ("quantiles", tables.quantiles(found))):
        (folder / f"{name}.parquet").write_bytes(tables.as_parquet(rows))
    for lang in request.langs:
        path = folder / _folder(request, lang) / "results.xlsx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(workbook.workbook(language(lang), found))


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
            *root.glob("datapackage.json"),
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

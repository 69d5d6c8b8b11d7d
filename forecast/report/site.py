"""The whole set of reports: its way from the data to ``latest``."""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from forecast.editions import store
from forecast.evidence.problems import RunError, UserError
from forecast.progress import heard
from forecast.report import html as export
from forecast.report import results
from forecast.report.contents import around, folder, languages, shown, tasks
from forecast.report.editions.answers import edition
from forecast.report.execution import reuse
from forecast.report.execution.pages import Outcome
from forecast.report.execution.provenance import (
    LEARNED,
    asked,
    dates,
    frames,
    inputs,
    run_facts,
)
from forecast.report.execution.publish import (
    free,
    lock,
    manifest,
    named,
    prune,
    publish,
    set_aside,
    sha256,
    staging,
)
from forecast.report.execution.run import run
from forecast.report.execution.snapshot import Snapshot, snapshot
from forecast.report.execution.tasks import Task, said, validate
from forecast.report.outputs import answers as files
from forecast.report.outputs import pdf
from forecast.report.outputs.sets import BRIEFING
from forecast.report.request.options import Request
from forecast.resources import CALIBRATION, REPOSITORY
from forecast.study import Study, open_study
from forecast.targets.assessment import Assessment


class ReportError(RunError):
    """Some pages could not be made; the newest set is as it was."""


class DegradedError(RunError):
    """Some pages could not be made; the set is published, and they say so."""

    status = 3


@dataclass(frozen=True)
class _Run:
    """A run of the report: what it was asked for, and what it works on."""

    study: Study
    data: Snapshot
    request: Request
    started: datetime
    tell: Callable[[str], None]

    @functools.cached_property
    def id(self) -> str:
        """Name of the set; read first under the lock of the folder of the sets."""
        digest = inputs(self.study, asked(self.study, self.request))
        return free(self.request.out, f"{self.started:%Y-%m-%dT%H%M%SZ}-{digest[:8]}")

    @property
    def folders(self) -> dict[str, str]:
        """Folder of the pages of each language."""
        return {lang: folder(self.request, lang) for lang in self.request.langs}


@dataclass(frozen=True)
class Plan:
    """The pages of a run, and what becomes of each."""

    pages: list[Task]
    grounds: reuse.Grounds
    decisions: list[reuse.Decision]
    since: str  # file of the edition before


def report(request: Request, progress: Callable[[str], None] = lambda line: None) -> Path:
    """Make all pages of a plan and publish them as the newest set.

    Pages that a kept set has from the same grounds are taken over from it.

    Parameters
    ----------
    request : Request
    progress : callable
        Receives one line per step.

    Returns
    -------
    Path
        The published set, ``reports/<run id>``; with `Request.only`, ``reports/partial/<run id>``.

    Raises
    ------
    forecast.evidence.problems.DataError
        For problems in the data; nothing has been written then.
    forecast.evidence.problems.UserError
        For an unknown plan or an option out of range.
    DegradedError
        When a page failed: the set is published with a page in its place that says so.
    ReportError
        When every page failed, or one with `Request.strict`: the set is kept under
        ``reports/failed`` and ``latest`` is untouched.
    forecast.evidence.problems.RunError
        For everything else that stands in the way, with what to do.
    """
    with _opened(request, progress) as it:
        plan = _planned(it)
        out, keep = it.request.out, it.request.keep
        with lock(out):
            staged = staging(out, it.id)
            try:
                return _made(it, plan, staged)
            finally:  # what was cut off is of no use to anybody
                shutil.rmtree(staged, ignore_errors=True)
                prune(out, keep)


def planned(request: Request, progress: Callable[[str], None] = lambda line: None) -> Plan:
    """Say which pages `report` would compute and why, without computing or writing any."""
    with _opened(request, progress) as it:
        return _planned(it)


@contextlib.contextmanager
def _opened(request: Request, progress: Callable[[str], None]) -> Iterator[_Run]:
    """Open a copy of the data, which everything in a run reads."""
    started = datetime.now(UTC)
    with snapshot(request.data) as data:
        study = open_study(
            data.folder, request.as_of, request.draws, request.seed, request.families,
            outside=request.outside,
        )  # fmt: skip
        plan, every = study.plan(request.plan), list(study.evidence.plans["plan"])
        if not request.plan and len(every) > 1:
            others = ", ".join(every[1:])
            progress(
                f"plan {plan}, the first of {len(every)} in plans.csv; others by --plan: {others}"
            )
        request = replace(request, plan=plan, langs=request.langs or languages(study, plan))
        study.scenarios()  # a damaged scenario is said before anything is computed
        yield _Run(study, data, request, started, progress)


def _planned(it: _Run) -> Plan:
    """Hold the grounds of every page against those of the pages of the kept sets."""
    request, study = it.request, it.study
    since, damaged = store.before(
        request.out / store.FOLDER, request.plan, store.Inputs.of(study).key(request.plan)
    )
    for line in damaged:
        it.tell(line)
    pages = tasks(study, request, since)
    complete = validate(pages)
    source = it.data.source
    used = {
        named(source / name, REPOSITORY, source): digest for name, digest in it.data.hashes.items()
    }
    grounds = reuse.Grounds(
        reuse.program(),
        {**used, LEARNED: sha256(CALIBRATION)},
        {**asked(study, request), "single_file": request.single_file},
        datetime.now().date(),
        {lang: around(study, request, lang) for lang in request.langs},
    )
    kept = reuse.Kept(request.out)
    decisions = [
        kept.decide(page, grounds.of(page, values, seen), request.force, grounds.data)
        for page, values, seen in zip(
            pages, complete, shown(study, request, pages, complete), strict=True
        )
    ]
    if request.only:
        if unknown := sorted(set(request.only) - {page.stem for page in pages}):
            known = ", ".join(page.stem for page in pages[:8])
            raise UserError(f"no page {unknown[0]!r}; expected such as {known}")
        chosen = [i for i, page in enumerate(pages) if page.stem in request.only]
        pages, decisions = [pages[i] for i in chosen], [decisions[i] for i in chosen]
    return Plan(pages, grounds, decisions, since)


def _made(it: _Run, plan: Plan, staged: Path) -> Path:
    """Make the set in its staging folder and publish it, or set it aside."""
    request = it.request
    plan = replace(plan, decisions=reuse.take_over(plan.pages, plan.decisions, staged))
    due = [i for i, decision in enumerate(plan.decisions) if decision.found is None]
    if len(due) < len(plan.pages):
        it.tell(f"{len(plan.pages) - len(due)} of {len(plan.pages)} pages are as before")
    overview = None if request.only else plan.decisions[0].found
    facts = run_facts(it.study, request, it.id, it.started)
    as_before = bool(request.only) or (
        overview is not None and files.taken(overview, staged, facts, it.folders)
    )
    answers = None if as_before and not due else _answers(it)
    if answers is not None and not request.only:
        found = results.of_study(it.study, request.plan, facts, answers, plan.since)
        files.write(staged, found, it.folders)
    if due:
        outcomes = _computed(it, plan, due, staged)
        _redate(it, plan, staged)
    else:
        outcomes = _outcomes(plan, staged)
        _take_script(plan, staged)
    failed = [o for o in outcomes if o.status != "ok"]
    _archive(plan, outcomes, staged)
    if request.pdf:
        _print(staged, request, it.tell)
    _write_manifest(it, plan, outcomes, staged)
    if failed and (request.strict or request.only or len(failed) == len(outcomes)):
        where = set_aside(staged, request.out, it.id)
        raise ReportError(
            f"{_failure(failed)}\nThe newest set is as it was. What there is lies in {where}."
        )
    if request.only:
        return set_aside(staged, request.out, it.id, "partial")
    expected = ["index.html", "manifest.json", "notebooks.zip", *files.files(it.folders)]
    expected += [f"{p.stem}.html" for p in plan.pages]
    published = publish(staged, request.out, it.id, expected=expected)
    if answers is not None:
        try:
            made = edition(it.study, request.plan, answers, it.id, facts["started"])
            store.add(request.out / store.FOLDER, made, it.data.files)
        except OSError as problem:  # the set is out all the same
            it.tell(f"the edition is not kept for comparisons: {said(problem)}")
    if failed:
        raise DegradedError(
            f"{_failure(failed)}\nThe set is published, with pages in their place that say so:"
            f" {published}"
        )
    return published


def _archive(plan: Plan, outcomes: Sequence[Outcome], staged: Path) -> None:
    """Pack the notebooks, to a tenth of their size; those that failed can be looked at as well."""
    if reuse.notebooks(plan.pages, plan.decisions, staged):
        return
    shutil.make_archive(str(staged / "notebooks"), "zip", staged, "notebooks")
    for page, outcome in zip(plan.pages, outcomes, strict=True):
        if outcome.status == "ok":
            (staged / "notebooks" / f"{page.stem}.ipynb").unlink()
    for path in [*(staged / "notebooks").glob("*/"), staged / "notebooks"]:
        with contextlib.suppress(OSError):  # not empty: they are linked by their pages
            path.rmdir()


def _last(plan: Plan, deeper: bool) -> dict[str, tuple[date, str]]:
    """Return day and address, from the set, of the last good version of each page."""
    up = "../../" if deeper else "../"  # a set that is set aside lies in a folder of its own
    return {
        page.stem: (
            datetime.fromisoformat(decision.last.at).date(),
            f"{up}{decision.last.folder.name}/{page.stem}.html",
        )
        for page, decision in zip(plan.pages, plan.decisions, strict=True)
        if decision.last is not None
    }


def _answers(it: _Run) -> list[Assessment]:
    """Compute all numbers of a set."""
    clock = time.monotonic()
    with heard(lambda line: it.tell(line) if line else None):
        it.study.prepare(it.request.plan, it.request.workers)
        answers = it.study.assess_all(it.request.plan)
    for key, reason in it.study.failed().items():
        it.tell(f"{key} is left out: {reason}")
    it.tell(f"all numbers computed in {time.monotonic() - clock:.0f} s")
    return answers


def _outcomes(plan: Plan, staged: Path) -> list[Outcome]:
    """Return the outcomes of pages that were taken over."""
    return [
        Outcome(page.name, "ok", 0.0, None, staged / f"{page.stem}.html", None)
        for page in plan.pages
    ]


def _computed(it: _Run, plan: Plan, due: Sequence[int], staged: Path) -> list[Outcome]:
    """Run the notebooks of the pages that are due; return the outcomes of all pages."""
    outcomes, request = _outcomes(plan, staged), it.request
    computed = run(
        [plan.pages[i] for i in due],
        staged,
        workers=request.workers,
        timeout=request.timeout,
        progress=lambda o, n, of: it.tell(
            f"page {n}/{of}: {o.name} {o.status} ({o.seconds:.1f} s)"
        ),
        frames=frames(it.study, request, staged, it.id, it.started),
        inputs={"data": it.data.folder},
        last=_last(plan, request.strict or bool(request.only)),
    )
    for i, outcome in zip(due, computed, strict=True):
        outcomes[i] = outcome
    now = reuse.program(), sha256(CALIBRATION)
    if now != (plan.grounds.program, plan.grounds.data[LEARNED]):
        raise RunError("the program was changed while the pages were made; run it again")
    return outcomes


def _redate(it: _Run, plan: Plan, staged: Path) -> None:
    """Tell in the heads of pages that were taken over how new the evidence of the set is."""
    told = functools.cache(functools.partial(dates, it.study))  # most were made on one day
    for page, decision in zip(plan.pages, plan.decisions, strict=True):
        if decision.found is not None:
            day = datetime.fromisoformat(decision.found.at).date()
            export.redate(staged / f"{page.stem}.html", told(page.lang, day), page.lang)


def _take_script(plan: Plan, staged: Path) -> None:
    """Take over the script that the pages of a set share."""
    for found in filter(None, (decision.found for decision in plan.decisions)):
        for name in found.files:
            if name.startswith("charts-") and not (staged / name).exists():
                found.take(name, staged)


def _print(staged: Path, request: Request, progress: Callable[[str], None]) -> None:
    """Print the briefings; without a browser the set is complete all the same, and it is said."""
    for lang in request.langs:
        page = staged / f"{folder(request, lang)}{BRIEFING}.html"
        try:
            pdf.printed(page, page.with_suffix(".pdf"))
        except pdf.PdfError as problem:
            progress(f"{page.stem}.pdf is left out: {problem}")
            return


def _write_manifest(it: _Run, plan: Plan, outcomes: Sequence[Outcome], staged: Path) -> None:
    facts = manifest(
        plan.pages,
        outcomes,
        staged,
        run_id=it.id,
        started=it.started,
        finished=datetime.now(UTC),
        data=plan.grounds.data,
        notes=[
            decision.told if outcome.status == "ok" else decision.failed
            for decision, outcome in zip(plan.decisions, outcomes, strict=True)
        ],
        seed=it.request.seed,
        root=REPOSITORY,
        extra={
            "request": asked(it.study, it.request),
            "inputs": asdict(store.Inputs.of(it.study)),
            "program": plan.grounds.program,
            "degraded": [o.name for o in outcomes if o.status != "ok"],
        },
    )
    export.write_text(
        staged / "manifest.json", json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    )


def _failure(failed: Sequence[Outcome]) -> str:
    lines = [f"  {o.name}: {o.status}: {o.error}" for o in failed]
    return f"{len(failed)} page{'s' if len(failed) > 1 else ''} could not be made:\n" + "\n".join(
        lines
    )

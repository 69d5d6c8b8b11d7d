"""Which pages a set has, their titles, and how they lead to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from forecast.cache import cached
from forecast.editions.store import FIRST
from forecast.evidence.calendar import today
from forecast.evidence.registries import listed
from forecast.report import html as export
from forecast.report import results
from forecast.report.execution.reuse import month
from forecast.report.execution.tasks import Task
from forecast.report.language import LANGUAGES, Language, language
from forecast.report.outputs.sets import BRIEFING
from forecast.report.pages import shared
from forecast.report.pages.briefing import sections as briefing
from forecast.report.pages.evidence.shown import of_series, shows_series_alone
from forecast.report.request.options import Request
from forecast.scenarios.joint_draws import able
from forecast.study import Study


def tasks(study: Study, request: Request, since: str = FIRST) -> list[Task]:
    """List the pages of a plan in every language.

    The first language's pages are at the top of the set, those of another in a folder of its name.

    Parameters
    ----------
    study : Study
    request : Request
    since : str
        File of the edition before; see `forecast.editions.store.before`.
    """
    return [
        replace(
            page,
            name=page.name if lang == request.langs[0] else f"{page.name} ({lang})",
            output=folder(request, lang) + page.stem,
            lang=lang,
            parameters={**page.parameters, "lang": lang},
            editions=[
                (other, f"{up}{folder(request, other)}{page.stem}.html")
                for other in request.langs
                if other != lang
            ],
        )
        for lang in request.langs
        for up in ["../" if folder(request, lang) else ""]
        for page in _accompanied(study, request, language(lang), since)
    ]


def languages(study: Study, plan: str) -> tuple[str, ...]:
    """Return the languages of the pages that a plan names, the main one first; else all."""
    return tuple(listed(str(study.evidence.plan(plan)["languages"]))) or tuple(LANGUAGES)


def folder(request: Request, lang: str) -> str:
    """Return the folder of the pages of a language within the set, with a slash."""
    return "" if lang == request.langs[0] else f"{lang}/"


def _pages(study: Study, request: Request, tell: Language, since: str = FIRST) -> list[Task]:
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
    dated = {**options, "since": since}

    def page(name: str, notebook: str, output: str, title: str, **parameters: Any) -> Task:
        path = request.notebooks / f"{notebook}.ipynb"
        return Task(name, path, {**parameters, **source}, output, title)

    title = shared.plan_title(tell, evidence, request.plan)
    record = {**plan, "seed": request.seed}
    pages = [
        page("overview", "00_overview", "index", title, **dated),
        page(
            "briefing",
            "05_briefing",
            BRIEFING,
            briefing.title(tell, evidence, request.plan),
            **dated,
        ),
        page(
            "track record", "90_track_record", "track_record", tell("site-track-record"), **record
        ),
    ]
    for _, row in _targets(study, request).iterrows():
        target, name = str(row["target"]), tell.of(row, "name")
        pages.append(page(f"target {target}", "10_target", target, name, target=target, **dated))
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
    for region, indicator in shared.series_with_pages(study, request.plan):
        stem = shared.page_name(region, indicator).removesuffix(".html")
        title = tell.write(evidence.series_name(region, indicator))
        key = {"indicator": indicator, "region": region}
        pages.append(page(f"data {region}/{indicator}", "20_data", stem, title, **key))
    for further in request.pages:
        values = {k: v for k, v in {**dated, **source}.items() if k in further.takes}
        values |= further.parameters
        title = further.titles[tell.lang]
        pages.append(Task(further.stem, further.notebook, values, further.stem, title))
    return pages


def _accompanied(study: Study, request: Request, tell: Language, since: str) -> list[Task]:
    """List the pages, each with those that its reader wants next."""
    pages = _pages(study, request, tell, since)
    titles = {page.stem: page.title for page in pages} | {"index": tell("site-overview")}
    beside: dict[str, list[str]] = {stem: ["index"] for stem in titles}
    beside["index"] = [BRIEFING, "track_record", "scenarios"]
    beside["scenarios"] = ["index", "track_record"]
    for _, row in _targets(study, request).iterrows():
        target = str(row["target"])
        data = shared.page_name(str(row["region"]), str(row["indicator"])).removesuffix(".html")
        takes = f"takes-{target}"
        scenarios = ["scenarios"] if takes in titles else []
        beside[target] = [takes, *scenarios, data, "track_record", "index"]
        beside[takes] = [target, *scenarios, data, "track_record", "index"]
        beside.setdefault(data, []).insert(0, target)
    return [
        replace(
            page,
            companions=[(titles[s], f"{s}.html") for s in beside[page.stem] if s in titles],
        )
        for page in pages
    ]


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


def shown(
    study: Study, request: Request, pages: Sequence[Task], parameters: Sequence[Mapping[str, Any]]
) -> list[dict[str, str] | None]:
    """Return the digests of what each page shows of the data; None where that may be anything.

    Parameters
    ----------
    study : Study
    request : Request
    pages : sequence of Task
    parameters : sequence of mapping
        Those of each page, complete.
    """
    alone = {notebook: shows_series_alone(notebook) for notebook in {p.notebook for p in pages}}
    series = set(study.series())
    keys = [
        key
        # A further page may ask for another day.
        if alone[page.notebook] and values.get("as_of") == request.as_of and key in series
        else None
        for page, values in zip(pages, parameters, strict=True)
        for key in [(str(values.get("region")), str(values.get("indicator")))]
    ]
    wanted = sorted({key for key in keys if key is not None})
    evidence = study.evidence
    parts = ("shown", evidence.digest, evidence.as_of, month(today()), wanted)
    known = cached(parts, lambda: {key: of_series(study, *key).digests for key in wanted})
    return [known.get(key) if key is not None else None for key in keys]


def around(study: Study, request: Request, lang: str) -> tuple[list[export.Link], str]:
    """Return the menu of every page of a language, and their subject."""
    title = shared.plan_title(language(lang), study.evidence, request.plan)
    return navigation(study, request, lang), title


def navigation(study: Study, request: Request, lang: str) -> list[export.Link]:
    """Return the menu of every page of a language."""
    tell = language(lang)
    pages = {page.stem: page.title for page in _pages(study, request, tell)}

    def links(stems: Iterable[str]) -> list[tuple[str, str]]:
        return [(pages[stem], f"{stem}.html") for stem in stems if stem in pages]

    targets = list(map(str, _targets(study, request)["target"]))
    further = links(page.stem for page in request.pages)
    takes = links(["scenarios", *(f"takes-{target}" for target in targets)])
    return [
        (tell("site-overview"), "index.html"),
        (tell("site-briefing"), f"{BRIEFING}.html"),
        (tell("site-track-record"), "track_record.html"),
        *([(tell("site-scenarios"), takes)] if takes else []),
        (tell("site-targets"), links(targets)),
        (tell("site-data"), links(stem for stem in pages if stem.startswith("data-"))),
        *([(tell("site-further"), further)] if further else []),
    ]

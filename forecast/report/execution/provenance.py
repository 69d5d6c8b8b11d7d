"""What a set says of itself: what was asked, what it follows from, and the head of its pages."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import forecast
from forecast.editions import store
from forecast.report import html as export
from forecast.report.contents import around, folder
from forecast.report.language import Language, language
from forecast.report.releases import words
from forecast.report.request.options import Request
from forecast.resources import CALIBRATION
from forecast.study import Study
from forecast.targets.evidence_dates import newest_of_all

LEARNED = "data/calibration.json"  # among the files of data in a manifest


def asked(study: Study, request: Request) -> dict[str, Any]:
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


def inputs(study: Study, question: dict[str, Any] | None = None) -> str:
    """SHA-256 over the tables, the scenarios and the learned table, and over what was asked."""
    digest = hashlib.sha256(study.evidence.digest.encode())
    for key, scenario in study.scenarios().items():
        digest.update(f"{key} {scenario.digest}".encode())
    digest.update(CALIBRATION.read_bytes())
    digest.update(json.dumps(question).encode())
    return digest.hexdigest()


def run_facts(study: Study, request: Request, run_id: str, started: datetime) -> dict[str, Any]:
    """Return ``run`` of results.json."""
    return {
        "id": run_id,
        "plan": request.plan,
        "as_of": request.as_of,
        "draws": request.draws,
        "seed": request.seed,
        "families": list(study.options.families) or ["learned"],
        "outside": study.options.outside,
        "started": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "newest": newest_of_all(study.evidence) or None,
        "data_digest": inputs(study),
        "edition": store.Inputs.of(study).key(request.plan),
        "version": forecast.__version__,
    }


def frames(
    study: Study,
    request: Request,
    staged: Path,
    run_id: str,
    started: datetime,
) -> dict[str, export.Frame]:
    """Return what the pages of each language have around them; write the script they share."""
    name, surroundings = "", {lang: around(study, request, lang) for lang in request.langs}
    if not request.single_file:
        name, text = export.set_script({lang: menu for lang, (menu, _) in surroundings.items()})
        export.write_text(staged / name, text)
    found = {}
    for lang, (menu, subject) in surroundings.items():
        tell, up = language(lang), "../" if folder(request, lang) else ""
        found[lang] = export.Frame(
            menu,
            _provenance(study, tell, run_id, started),
            subject,
            name and up + name,
            dates(study, lang, started.date()),
        )
    return found


def dates(study: Study, lang: str, made: date) -> str:
    """Return what the head of a page tells: how new the evidence is, and when it was made."""
    return words.of_set(language(lang), study.evidence, made)


def _provenance(study: Study, tell: Language, run_id: str, started: datetime) -> dict[str, str]:
    return {
        tell("site-run"): run_id,
        tell("site-made"): f"{started:%Y-%m-%d %H:%M} UTC",
        tell("site-data-digest"): inputs(study)[:16],
        tell("site-program"): f"forecast {forecast.__version__}",
        tell("site-method"): ", ".join(study.options.families) or tell("site-method-learned"),
        tell("site-results"): tell("site-results-where"),
    }

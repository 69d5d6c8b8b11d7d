"""The machine-readable answer, ``results.json``, by a versioned schema.

What else leaves the house for machines or spreadsheets is written from the same dict, by
`forecast.report.outputs`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.editions.changes import Comparison
from forecast.evidence.evidence import Evidence
from forecast.reconciliation.history import History
from forecast.report.editions.answers import changed, since_edition
from forecast.report.language import language
from forecast.report.outputs.scenarios import scenario_result
from forecast.report.pages.shared import pace_unit, pace_verdict, page_name, series_with_pages
from forecast.report.releases.upcoming import Calendar, Schedule
from forecast.scenarios.apply import Outcome
from forecast.scenarios.spec import RefusedError, ScenarioError
from forecast.targets import pseudo_targets
from forecast.targets.assessment import QUANTILES, Assessment
from forecast.targets.types._series.figures import FigureAnswer
from forecast.targets.types._series.milestones import Reached, milestones

if TYPE_CHECKING:
    from forecast.study import Study

SCHEMA_VERSION = 4
SCHEMA_FILE = Path(__file__).with_name("results.schema.json")
BASELINE = "baseline"


def target_result(
    answer: Assessment, calendar: Calendar | None = None, found: Comparison | None = None
) -> dict[str, Any]:
    """Return one entry of ``targets``; fields without a value are None, never left out.

    Parameters
    ----------
    answer : Assessment
    calendar : Calendar, optional
        Without it no release is expected.
    found : Comparison, optional
        The edition before and this one.
    """
    row, history = answer.target, answer.history
    last = None if history is None else history.table().iloc[-1]
    return {
        "plan": str(row["plan"]),
        "target": str(row["target"]),
        "scenario": BASELINE,
        "name": str(row["name"]),
        "name_zh": answer.name.zh,
        "region": str(row["region"]),
        "indicator": str(row["indicator"]),
        "kind": str(row["kind"]),
        "comparison": str(row["comparison"]),
        "value": _known(answer.value),
        "value_to": _known(float(row.get("value_to", math.nan))),
        "threshold": _known(answer.threshold),
        "unit": answer.unit,
        "year": answer.year,
        "year_name": answer.year.text,
        "year_starts": answer.year_starts,
        "status": answer.status,
        "reason": _told(answer.reason),
        "missing": [{**m._asdict(), "what": _told(m.what)} for m in answer.missing],
        "probability": answer.probability,
        "probability_draws": answer.probability_draws,
        "standard_error": answer.standard_error,
        "probability_floor": answer.floor,
        "probability_low": answer.probability_low,
        "probability_high": answer.probability_high,
        "range_of": _told(answer.range_of),
        "probability_strict": answer.probability_strict,
        "probability_ever": answer.probability_ever,
        "first_year": answer.first_year,
        "quantiles": {f"{q:.2f}": v for q, v in answer.quantiles.items()},
        "years": _by_year(_ahead(answer)),
        "last_year": None if history is None else int(history.years[-1]),
        "last_value": None if last is None else float(last["estimate"]),
        "last_known_from": None if last is None else str(last["origin"]),
        "growth_unit": _growth_unit(answer),
        "required_growth": answer.required,
        "achieved_growth": {str(span): g for span, g in answer.achieved.items()},
        "verdict": pace_verdict(answer),
        "spread_factor": _spread_factor(answer),
        "families": answer.by_family,
        "by_step": _by_step(answer),
        **_past(answer),
        "parts": [_part(part) for part in answer.parts.to_dict("records")],
        "judgement": _judged(answer),
        "lower_bound": _bounded(answer),
        **_milestones(answer),
        **_releases(answer, calendar),
        "quality": _quality(answer),
        "changed": changed(found, answer),
        "page": f"{row['target']}.html",
    }


def _past(answer: Assessment) -> dict[str, Any]:
    """Return how many past cases of the horizon are on record, and how many were inside."""
    record = answer.record
    horizon = 0 if answer.paths is None else len(answer.paths.years)
    recorded = pseudo_targets.recorded(record, horizon) if len(record) else 0
    cases = record[record["horizon"] == recorded] if len(record) else record
    return {
        "past_cases": len(cases),
        "past_coverage_80": float(cases["inside"].astype(float).mean()) if len(cases) else None,
    }


def _ahead(answer: Assessment) -> pd.DataFrame:
    """Return quantiles of the years ahead (index), one column a level; none without draws."""
    if answer.paths is None:
        return pd.DataFrame()
    if isinstance(answer, FigureAnswer):
        found = answer.fan(QUANTILES)
        return found[found.index > answer.last]
    ahead = np.quantile(answer.paths.pooled, QUANTILES, axis=0).T
    return pd.DataFrame(ahead, answer.paths.years, list(QUANTILES))


def _by_year(found: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {
        str(year): {f"{level:.2f}": float(value) for level, value in row.items()}
        for year, row in found.iterrows()
    }


def _quality(answer: Assessment) -> dict[str, Any] | None:
    found = answer.quality
    if found is None:
        return None
    known = {**asdict(found), "levels": list(found.levels)}
    return {"grade": found.grade, "components": found.components, **known}


def _told(text: object) -> str:
    return "" if text is None else language("en").write(text)


def _spread_factor(answer: Assessment) -> float | None:
    if answer.paths is None or not answer.by_family:
        return None
    return float(answer.paths.spread[-1])


def _growth_unit(answer: Assessment) -> str | None:
    if answer.history is None and answer.required is None:
        return None
    return pace_unit(language("en"), answer.rate(0.0), stored=True)


def _by_step(answer: Assessment) -> dict[str, Any] | None:
    found = answer.by_step
    if found is None:
        return None
    return {**asdict(found), "chances": [asdict(chance) for chance in found.chances]}


def _part(part: Mapping[Any, Any]) -> dict[str, Any]:
    numbers = ("value", "chance")
    return {k: _known(float(v)) if k in numbers else _told(v) for k, v in part.items()}


def _judged(answer: Assessment) -> dict[str, Any] | None:
    judged = answer.judgement
    if judged is None:
        return None
    return {
        "probability": judged.probability,
        "low": judged.low,
        "high": judged.high,
        "experts": len(judged.experts),
        "asked": _told(judged.asked),
        "quantiles": {f"{q:.2f}": v for q, v in judged.quantiles.items()},
    }


def _bounded(answer: Assessment) -> dict[str, Any] | None:
    bound = answer.bound
    if bound is None:
        return None
    return {
        "series": ["/".join(key) for key in bound.series],
        "last_year": bound.last,
        "probability_at_least_if_apart": bound.at_least,
        "probability_at_least_if_overlapping": bound.alone,
        "probability_floor": bound.floor,
        "years": _by_year(bound.years),
    }


def _milestones(answer: Assessment) -> dict[str, Any]:
    found = milestones(answer)
    met = (found and found.met) or Reached()
    out = {"met_in_median": met.year, "met_in_median_not_before": met.not_before}
    if found is None:
        return {"milestones": None, **out}
    rows = found.years.reset_index().to_dict("records")
    table = [{k: _known(v) if isinstance(v, float) else v for k, v in row.items()} for row in rows]
    path = {
        "base_year": found.base or None,
        "lacking": found.lacking or None,
        "ends": list(found.ends),
        "implied_growth": list(found.paces),
        "median_growth": found.pace,
        "gap_unit": "%" if found.relative else answer.unit,
        "years": table,
    }
    return {"milestones": path, **out}


def _releases(answer: Assessment, calendar: Calendar | None) -> dict[str, Any]:
    found = Schedule() if calendar is None else calendar.of_target(answer)
    coming, late = (
        [
            {
                "region": due.region,
                "indicator": due.indicator,
                "covers": due.span,
                "period_end": due.end.isoformat(),
                "expected_by": due.by.isoformat()[: 4 if due.lag.months is None else 7],
                "publisher": due.publisher or None,
                "dates": due.lag.dates,
                "dates_of": due.lag.of,
            }
            for due in dues
        ]
        for dues in ([found.next] if found.next else [], found.overdue)
    )
    return {
        "newest_own": answer.newest_own or None,
        "next_release": coming[0] if coming else None,
        "overdue_releases": late,
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def series_result(evidence: Evidence, history: History) -> dict[str, Any]:
    """Return one entry of ``series``: the reconciled path, with where each year is known from."""
    name = evidence.series_name(history.region, history.indicator)
    return {
        "region": history.region,
        "indicator": history.indicator,
        "name": name.en,
        "name_zh": name.zh,
        "unit": history.unit,
        "year_starts": history.year_starts,
        "page": page_name(history.region, history.indicator),
        "years": {
            str(year): {name: float(row[name]) for name in ("estimate", "low", "high")}
            | {"origin": str(row["origin"])}
            for year, row in history.table().set_index("year").iterrows()
        },
    }


def cited(
    evidence: Evidence, answers: Sequence[Assessment], series: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Return the entries of ``sources``: of the figures on targets and series, and of the plan."""
    figures = evidence.observations
    shown = pd.MultiIndex.from_frame(figures[["region", "indicator"]]).isin(list(series))
    keys = {str(key) for key in figures.loc[shown, "source"]}
    for answer in answers:
        plan = evidence.plan(str(answer.target["plan"]))
        keys |= {str(plan["source"]), str(answer.target["source"])}
        keys |= set(map(str, answer.known["source"])) if len(answer.known) else set()
    fields = ("source", "title", "publisher", "url", "published", "kind", "copy")
    found = (
        {name: str(evidence.source(key)[name]) for name in fields} for key in sorted(keys - {""})
    )
    return [{**entry, "copy": bool(entry["copy"])} for entry in found]


def outcomes(study: Study, plan: str) -> dict[str, Outcome | RefusedError]:
    """Return every scenario applied to the draws, as `Study.outcomes`; none without a forecast."""
    try:
        return study.outcomes(plan)
    except ScenarioError:
        return {}


def of_study(
    study: Study,
    plan: str,
    run: Mapping[str, Any],
    answers: Sequence[Assessment] = (),
    since: str = "",
) -> dict[str, Any]:
    """Return the whole of ``results.json`` for a plan; see `results`.

    Parameters
    ----------
    study : Study
    plan : str
    run : mapping
    answers : sequence of Assessment
        On its targets, if they are there already.
    since : str
        See `forecast.report.editions.answers.since_edition`.
    """
    answers = answers or study.assess_all(plan)
    known, series = study.scenarios(), series_with_pages(study, plan)
    histories = (study.find_history(*key) for key in series)
    return results(
        answers,
        run,
        [
            scenario_result(known[key], outcome, plan)
            for key, outcome in outcomes(study, plan).items()
        ],
        [series_result(study.evidence, history) for history in histories if history is not None],
        cited(study.evidence, answers, series),
        Calendar(study.evidence),
        since_edition(study, plan, answers, since),
    )


def results(
    answers: Sequence[Assessment],
    run: Mapping[str, Any],
    scenarios: Sequence[dict[str, Any]] = (),
    series: Sequence[dict[str, Any]] = (),
    sources: Sequence[dict[str, Any]] = (),
    calendar: Calendar | None = None,
    found: Comparison | None = None,
) -> dict[str, Any]:
    """Return the whole of ``results.json`` and check it against the schema.

    Parameters
    ----------
    answers : sequence of Assessment
    run : mapping
    scenarios, series, sources : sequence of dict
        See `scenario_result`, `series_result` and `cited`.
    calendar : Calendar, optional
    found : Comparison, optional
        See `target_result`.

    Raises
    ------
    jsonschema.ValidationError
        When an entry breaks the schema: a fault of the program, never of the data.
    """
    import jsonschema

    told = {
        "schema_version": SCHEMA_VERSION,
        "run": dict(run),
        "targets": [target_result(a, calendar, found) for a in answers],
        "scenarios": list(scenarios),
        "series": list(series),
        "sources": list(sources),
    }
    jsonschema.validate(told, json.loads(SCHEMA_FILE.read_text("utf-8")))
    return told

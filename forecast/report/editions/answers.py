"""The answers of a set as an edition, held against the one before, as results.json has it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.editions.changes import PARTS, Change, Comparison
from forecast.editions.store import FIRST, OF_TARGET, Edition, Inputs, read
from forecast.evidence.problems import UserError
from forecast.report.language import verdict
from forecast.report.pages import known
from forecast.report.pages.shared import pace_verdict
from forecast.study import Study
from forecast.targets.assessment import Assessment

NUMBERS = (
    "threshold", "probability", "probability_draws", "standard_error", "floor", "median", "q05",
    "q95",
)  # fmt: skip
STATEMENT = (
    "change", "observation", "region", "indicator", "period", "measure", "value", "unit", "status",
    "old_value", "old_unit", "old_status", "published",
)  # fmt: skip


def edition(
    study: Study,
    plan: str,
    answers: Sequence[Assessment],
    run: str = "",
    made: str = "",
) -> Edition:
    """Return answers of a study as an edition that is in no store yet.

    Parameters
    ----------
    study : Study
    plan : str
        Key of the plan.
    answers : sequence of Assessment
    run, made : str
        The set, and when it was made.
    """
    rows = pd.DataFrame([_row(a) for a in answers], columns=list(OF_TARGET))
    rows = rows.astype(dict.fromkeys(NUMBERS, "float64")).set_index("target")
    return Edition(run, made, plan, Inputs.of(study), rows, {})


def _row(answer: Assessment) -> dict[str, object]:
    chance = answer.probability
    return {
        "target": str(answer.target["target"]),
        "scenario": "baseline",
        "year": int(answer.year),
        "unit": answer.unit,
        "threshold": answer.threshold,
        "status": answer.status,
        "verdict": "" if chance is None else verdict(chance, answer.floor)[0],
        "pace": pace_verdict(answer),
        "probability": chance,
        "probability_draws": answer.probability_draws,
        "standard_error": answer.standard_error,
        "floor": answer.floor,
        "median": answer.quantiles.get(0.5),
        "q05": answer.quantiles.get(0.05),
        "q95": answer.quantiles.get(0.95),
    }


def since_edition(
    study: Study, plan: str, answers: Sequence[Assessment], since: str
) -> Comparison | None:
    """Hold answers against those of an earlier edition.

    Parameters
    ----------
    study : Study
    plan : str
        Key of the plan; empty for the first.
    answers : sequence of Assessment
    since : str
        File of the earlier edition in a store; `FIRST` or empty where there is none.
    """
    if since in ("", FIRST):
        return None
    return Comparison(read(Path(since)), edition(study, study.plan(plan), answers), study)


def bearing(found: Comparison, answer: Assessment) -> pd.DataFrame:
    """Return the statements that changed of a target's own series and of those that bear on it.

    Returns
    -------
    DataFrame
        As `forecast.editions.figures.Difference.statements`, own series first.
    """
    changed = found.difference().statements
    rows, target = answer.known, answer.target
    own = {(str(target["region"]), str(target["indicator"]))}
    own |= set(rows[["region", "indicator"]].itertuples(index=False, name=None))
    related = set()
    if answer.history is not None:
        near = known.near(answer.history)
        near = near[near["influence"].abs() >= known.SMALL_INFLUENCE]
        related = set(near[["region", "indicator"]].itertuples(index=False, name=None))
    keys = list(changed[["region", "indicator"]].itertuples(index=False, name=None))
    order = [0 if key in own else 1 if key in related else 2 for key in keys]
    ranked = changed.assign(order=order).sort_values("order", kind="stable")
    return ranked[ranked["order"] < 2].drop(columns="order").reset_index(drop=True)


def change_of(found: Comparison, answer: Assessment) -> Change | None:
    """Return what became of a target's chance; None where it is new in the plan."""
    key = str(answer.target["target"])
    return found.change(key) if key in found.before.answers.index else None


def changed(found: Comparison | None, answer: Assessment) -> dict[str, Any]:
    """Return ``changed`` of a target in results.json.

    Parameters
    ----------
    found : Comparison or None
        None in a first edition.
    answer : Assessment
    """
    change = None if found is None else change_of(found, answer)
    told: dict[str, Any] = {
        "since": None if found is None else found.before.run,
        "probability": change and change.before,
        "difference": change and change.whole,
        "beyond_noise": change and change.whole is not None and change.moved,
        "parts": {part: change and change.parts.get(part) for part in PARTS},
        "unsplit": change.unsplit if change else "",
        "statements": [],
    }
    if found is not None:
        with contextlib.suppress(UserError):  # its message is `unsplit`
            told["statements"] = list(map(_statement, bearing(found, answer).to_dict("records")))
    return told


def _statement(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: None if pd.isna(row[name]) else row[name] for name in STATEMENT}

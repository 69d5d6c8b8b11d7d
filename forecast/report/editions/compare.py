"""Two editions of a store side by side: what ``forecast compare`` prints and writes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from forecast.editions.changes import PARTS, Change, Comparison, between
from forecast.editions.store import Edition
from forecast.evidence.calendar import last_day
from forecast.evidence.evidence import known_on
from forecast.evidence.problems import UserError
from forecast.forecasting.model_pool import Options
from forecast.study import Study


@dataclass(frozen=True, eq=False)
class Beside:
    """Two editions of one plan, compared.

    Attributes
    ----------
    targets : DataFrame
        A row per target of either: ``target, before, now, difference`` (probabilities),
        ``beyond_noise``, the parts of the difference by the names of `PARTS` (missing where
        nothing of the sort changed), ``verdict_before, verdict_now`` and ``remark``.
    statements : DataFrame
        See `forecast.editions.figures.Difference`.
    """

    targets: pd.DataFrame
    statements: pd.DataFrame


def beside(before: Edition, after: Edition) -> Beside:
    """Compare two editions, target by target.

    Raises
    ------
    forecast.evidence.problems.UserError
        If they are of different plans.
    """
    if before.plan != after.plan:
        raise UserError(
            f"{before.run} is of the plan {before.plan}, {after.run} of {after.plan}; "
            "expected two sets of one plan"
        )
    keys = dict.fromkeys([*after.answers.index, *before.answers.index])
    both = [key for key in keys if key in before.answers.index and key in after.answers.index]
    statements = pd.DataFrame()
    try:
        found = Comparison(before, after, _study(after))
        changes = {key: found.change(key) for key in both}
        statements = found.difference().statements
    except UserError as problem:  # tables that are gone or cannot be read: only the differences
        why = str(problem).splitlines()[0]
        changes = {key: replace(between(before, after, key), unsplit=why) for key in both}
    return Beside(
        pd.DataFrame([_row(before, after, key, changes.get(key)) for key in keys]), statements
    )


def _study(edition: Edition) -> Study:
    """Return the study that an edition was the answer of."""
    asked, evidence = edition.inputs, edition.evidence
    day = last_day(asked.as_of) if asked.as_of else None
    options = Options(asked.draws, asked.seed, asked.families, outside=asked.outside)
    return Study(evidence if day is None else known_on(evidence, day), options)


def _row(before: Edition, after: Edition, key: str, change: Change | None) -> dict[str, object]:
    words = {
        f"verdict_{when}": str(e.answers.loc[key, "verdict"]) if key in e.answers.index else ""
        for when, e in (("before", before), ("now", after))
    }
    if change is None:
        gone = key not in after.answers.index
        remark = f"no target of {after.run if gone else before.run}"
        return {"target": key, **words, "remark": remark}
    return {
        "target": key,
        "before": change.before,
        "now": change.now,
        "difference": change.whole,
        "beyond_noise": change.moved,
        **{part: change.parts.get(part) for part in PARTS},
        **words,
        "remark": change.unsplit or ("" if change.whole is not None else "no probability"),
    }


def printed(before: Edition, after: Edition, found: Beside) -> str:
    """Return the comparison for a terminal, in percent and percentage points."""
    shown = found.targets.reindex(
        columns=["target", "before", "now", "difference", *PARTS, "remark"]
    )
    numbers = ["before", "now", "difference", *PARTS]
    table = shown.assign(
        **{
            name: [
                "" if pd.isna(v) else f"{100 * float(v):{'' if name in numbers[:2] else '+'}.1f}"
                for v in shown[name]
            ]
            for name in numbers
        }
    )
    table = table[[c for c in table if c in ("target", *numbers[:3]) or table[c].ne("").any()]]
    changes = list(found.statements.get("change", []))
    figures = ", ".join(f"{changes.count(c)} {c}" for c in ("new", "revised", "withdrawn"))
    return (
        f"{before.plan}: from {before.run} to {after.run}\n"
        f"Probabilities in %, differences and their parts in percentage points\n\n"
        f"{table.fillna('').to_string(index=False)}\n\nFigures: {figures}"
    )

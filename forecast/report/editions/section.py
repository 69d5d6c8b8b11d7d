"""What has changed since the last edition, on a target's page: why its chance moved."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from datetime import date

import pandas as pd

from forecast.editions.changes import Change, Comparison
from forecast.editions.figures import Difference
from forecast.editions.store import Edition
from forecast.evidence.calendar import period_name
from forecast.evidence.evidence import Evidence
from forecast.evidence.files.tables import records
from forecast.evidence.problems import UserError
from forecast.facts import Amount, Chance, Fact, Points, Verdict, fact
from forecast.report.editions.answers import bearing, change_of
from forecast.report.language import SMALLEST, Language, limited, paragraphs, sentences, verdict
from forecast.report.pages import statements
from forecast.report.pages.evidence import sources
from forecast.targets.assessment import Assessment

MOST = 20  # statements that a page lists


def made(edition: Edition) -> date:
    """Return the day on which an edition was made."""
    return date.fromisoformat(edition.made[:10])


def heading(tell: Language, since: str) -> str:
    """Return the heading of the section; empty on a page that is compared with nothing."""
    return tell("editions-head") if since else ""


def brief(tell: Language, found: Comparison | None, answer: Assessment, since: str) -> str:
    """Return what became of the chance, in a sentence; empty on a page compared with nothing.

    Parameters
    ----------
    tell : Language
    found : Comparison or None
        None in a first edition.
    answer : Assessment
    since : str
        See `forecast.report.editions.answers.since_edition`.
    """
    if not since:
        return ""
    if found is None:
        return tell("editions-first")
    return tell.write(_moved(found, answer))


def _moved(found: Comparison, answer: Assessment) -> Fact:
    change, day = change_of(found, answer), made(found.before)
    if change is None:
        return fact("editions-added", made=day)
    before, now = chances(found, change, answer)
    if before is None or now is None:
        kind = "gained" if now else "lost" if before else "none"
        return fact("editions-without", kind=kind, made=day, before=before or "", now=now or "")
    points = _points(change)
    if not points:
        same = "same" if change.whole == 0 else "nearly"
        return fact("editions-same", kind=same, made=day, now=now)
    if limits(before, now):
        return fact("editions-limit", made=day, before=before, now=now)
    return fact(
        "editions-moved",
        sense="up" if points > 0 else "down",
        made=day,
        before=before,
        now=now,
        points=Points(abs(points), 0),
    )


def chances(
    found: Comparison, change: Change, answer: Assessment
) -> tuple[Chance | None, Chance | None]:
    """Return the chance then and now; None where there was or is none."""
    floor = float(found.before.answers["floor"].astype(float).loc[change.target])
    old = None if math.isnan(floor) else floor
    return _chance(change.before, old), _chance(change.now, answer.floor)


def _chance(probability: float | None, floor: float | None) -> Chance | None:
    return None if probability is None else Chance(probability, floor)


def _points(change: Change) -> int:
    """Return the difference of two chances as they are shown, in whole percentage points."""
    return round(100 * (change.now or 0.0)) - round(100 * (change.before or 0.0))


def lead(tell: Language, found: Comparison | None, answer: Assessment, since: str) -> str:
    """Return heading and text of the section; parameters as of `brief`.

    Empty in a first edition, which the page says at a glance.
    """
    if found is None:
        return ""
    told = brief(tell, found, answer, since)
    change = change_of(found, answer)
    if change is not None and change.whole is not None and not _at_limit(found, change, answer):
        told = sentences(tell, told, _verdicts(tell, found, change, answer), _why(tell, change))
    return paragraphs(heading(tell, since), told)


def _verdicts(tell: Language, found: Comparison, change: Change, answer: Assessment) -> str:
    """Return that the verdict changed; empty where it did not."""
    before, now = chances(found, change, answer)
    if before is None or now is None or not differ(before, now):
        return ""
    return tell(
        "editions-verdict",
        before=Verdict(before.probability, before.floor),
        now=Verdict(now.probability, now.floor),
    )


def differ(before: Chance, now: Chance) -> bool:
    """Say whether two chances have other verdicts."""
    return verdict(before.probability, before.floor) != verdict(now.probability, now.floor)


def _at_limit(found: Comparison, change: Change, answer: Assessment) -> bool:
    before, now = chances(found, change, answer)
    return before is not None and now is not None and limits(before, now)


def limits(before: Chance, now: Chance) -> bool:
    """Say whether two chances are the limit of what the record supports, on the same side."""
    edges = (max(chance.floor or 0.0, SMALLEST) for chance in (before, now))
    sides = list(map(limited, (before.probability, now.probability), edges))
    return sides[0] == sides[1] != 0


def _why(tell: Language, change: Change) -> str:
    """Return what the change is due to, as far as there is one to explain."""
    if change.unsplit:
        return tell("editions-unsplit")
    if not change.whole:
        return ""
    if not change.moved:
        return tell("editions-noise")
    main = max(change.parts, key=lambda part: abs(change.parts[part]))
    return tell("editions-due", part=main, alone=str(len(change.parts) == 1))


def parts(tell: Language, found: Comparison | None, answer: Assessment) -> pd.DataFrame:
    """Return the parts of the change, in whole points that add up, and the whole; maybe none.

    A single cause needs no table.
    """
    change = None if found is None else change_of(found, answer)
    if found is None or change is None or len(change.parts) < 2 or not change.whole:
        return pd.DataFrame()
    if _at_limit(found, change, answer):
        return pd.DataFrame()
    total = _points(change)
    shown = {**apportioned(change.parts, total), "whole": total}
    size = {**change.parts, "whole": change.whole}
    differs = found.difference()
    rows = [
        (
            tell("editions-part", part=part),
            tell(
                "editions-points",
                points=Points(points, 0, signed=points != 0),
                noise=str(part != "sampling" and points != 0 and change.is_noise(size[part])),
            ),
            _what(tell, found, differs, part),
        )
        for part, points in shown.items()
    ]
    heads = [tell(f"editions-col-{name}") for name in ("part", "points", "what")]
    return pd.DataFrame([[html.escape(cell) for cell in row] for row in rows], columns=heads)


def apportioned(shares: Mapping[str, float], total: int) -> dict[str, int]:
    """Round parts of a difference to whole percentage points that add up to a total.

    Examples
    --------
    >>> apportioned({"revised": 0.014, "new": 0.034, "program": -0.003}, 5)
    {'revised': 1, 'new': 4, 'program': 0}
    """
    exact = {name: 100 * share for name, share in shares.items()}
    rounded = {name: round(value) for name, value in exact.items()}
    while (rest := total - sum(rounded.values())) != 0:
        step = 1 if rest > 0 else -1
        nearest = max(exact, key=lambda name: step * (exact[name] - rounded[name]))
        rounded[nearest] += step
    return rounded


def _what(tell: Language, found: Comparison, differs: Difference, part: str) -> str:
    """Return what it was that changed."""
    a, b = found.before.inputs, found.after.inputs
    counts = differs.statements["change"].value_counts()
    if part in ("new", "revised"):
        return tell(
            f"editions-what-{part}",
            n=int(counts.get(part, 0)),
            withdrawn=int(counts.get("withdrawn", 0)),
        )
    if part == "program":
        same = a.calibration == b.calibration
        what = "code" if same else "calibration" if a.code == b.code else "both"
        return tell("editions-what-program", what=what)
    return "" if part == "whole" else tell(f"editions-what-{part}")


def parts_note(tell: Language, shown: pd.DataFrame) -> str:
    """Return how the table of parts is to be read; empty without one."""
    return "" if shown.empty else tell("editions-order")


def figures_note(tell: Language, found: Comparison | None, answer: Assessment) -> str:
    """Return how many figures changed, and how many of them bear on the target."""
    if found is None:
        return ""
    try:
        every, mine = len(found.difference().statements), len(bearing(found, answer))
    except UserError:  # told already: the change cannot be split
        return ""
    shown = "all" if mine <= MOST else "some"
    return tell("editions-figures", n=mine, every=every, shown=shown, most=MOST)


def figures(
    tell: Language, evidence: Evidence, found: Comparison | None, answer: Assessment
) -> pd.DataFrame:
    """List the statements that came, were revised or withdrawn and bear on the target.

    Returns
    -------
    DataFrame
        Cells are safe HTML. The series is left out where all are of the target's own.
    """
    try:
        rows = pd.DataFrame() if found is None else bearing(found, answer).head(MOST)
    except UserError:
        rows = pd.DataFrame()
    shown = pd.DataFrame([_figure(tell, evidence, row) for row in records(rows)])
    own = tell.write(evidence.series_name(*map(str, answer.target[["region", "indicator"]])))
    series = tell("editions-col-series")
    if len(shown) and set(shown[series]) == {html.escape(own)}:
        return shown.drop(columns=series)
    return shown


def _figure(tell: Language, evidence: Evidence, row: statements.Row) -> dict[str, str]:
    series = str(row["region"]), str(row["indicator"])
    cells = {
        "change": tell("editions-change", change=str(row["change"])),
        "series": tell.write(evidence.series_name(*series)),
        "period": period_name(str(row["period"]), evidence.year_starts(*series)),
        "figure": statements.what(tell, row),
        **{
            name: _value(
                tell, float(row[f"{old}value"]), str(row[f"{old}unit"]), str(row[f"{old}status"])
            )
            for name, old in (("before", "old_"), ("now", ""))
        },
    }
    told = {tell(f"editions-col-{name}"): html.escape(cell) for name, cell in cells.items()}
    return {
        **told,
        tell("statements-head-source"): sources.cell(
            tell, evidence.source(str(row["source"])), str(row["published"])
        ),
    }


def _value(tell: Language, value: float, unit: str, status: str) -> str:
    if math.isnan(value):
        return ""
    return tell(
        "editions-value",
        value=Amount(value, unit, exact=True),
        status=statements.status(tell, status),
    )

"""Say what is known of one series: its statements, its path, and what the path owes to whom."""

from __future__ import annotations

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.history import DOUBTED, History, doubted
from forecast.report.pages.words import (
    LEAST_INFLUENCE,
    ORIGINS,
    WORKED_OUT,
    doubt,
    figure,
    known_from,
    last_published,
    near,
    number,
    since,
    steps,
    unit_label,
    weak_levels,
)


def definition(evidence: Evidence, indicator: str) -> str:
    """Return what an indicator measures, with its unit."""
    row = evidence.indicator(indicator)
    prices = "" if row["prices"] == "none" else f", {row['prices']} prices"
    return f"{row['description']} Unit: {unit_label(str(row['unit']))}{prices}."


def lead(history: History | None, series: pd.DataFrame) -> str:
    """Return the first paragraph of a series' page."""
    if history is None:
        n = len(series)
        if n and (series["unit"] == "rank").all():
            return (
                f"**No path is made of places in a list.** There {_are(n)} {_counted(n, 'edition')}"
                ", listed below: indices differ in whom they rank and how, so that places are not "
                "joined to a series."
            )
        return (
            f"**No path can be reconciled yet.** There {_are(n)} {_counted(n, 'statement')}, "
            "and no yearly level that the rest could start from."
        )
    table = history.table()
    counts = table["origin"].value_counts()
    row = table.iloc[-1]
    bad = history.statements[history.statements["outlier"]]
    last = int(row["year"])
    if row["origin"] == "published":
        head = f"**{figure(history.published(last), history.unit)} was published for {last}.** "
        head += f"All statements together put it at {number(float(row['estimate']))}"
    else:
        what = _not_published(history, last, str(row["origin"]))
        head = f"**About {number(float(row['estimate']), history.unit)} in {last}, {what}**"
    span = f"The path from {table['year'].iloc[0]} on" if len(table) > 1 else "It"
    text = (
        f"{head} (90 % interval {number(float(row['low']))} to {number(float(row['high']))})"
        f"{'.' if row['origin'] == 'published' else f'. {since(history)}.'} "
        f"{span} rests on {_rests_on(history, series)}."
    )
    if len(table) > 1:
        kinds = [
            f"{counts[kind]} {_are(counts[kind])} {ORIGINS.get(kind, kind)}"
            for kind in counts.index
        ]
        text += f" Of its {len(table)} years {', '.join(kinds)}."
    told = 0 if row["origin"] == "published" else last_published(history) or 0  # by `since`
    if doubts := [doubt(row) for year, row in doubted(history).items() if not told or year <= told]:
        text += " " + ". ".join(doubts) + "."
    known = history.statements
    marked = known[known["used"] & (known["mark"] != "") & ~known["outlier"].astype(bool)]
    if len(marked):
        text += (
            f" {len(marked)} {_are(len(marked))} marked as doubtful and given little weight: "
            f"{_listed(marked)}."
        )
    text += _off_identity(history)
    if bad.empty:
        others = "other " if len(marked) or _off_identity(history) else ""
        return f"{text} No {others}statement contradicts the others."
    names = _listed(bad)
    return (
        f"{text} {len(bad)} {'does' if len(bad) == 1 else 'do'} not fit the others and hardly "
        f"count{'s' if len(bad) == 1 else ''}: {names}."
    )


def _off_identity(history: History) -> str:
    """Return which published levels miss what published totals and parts give for them."""
    rows = history.statements
    if "identity" not in rows:
        return ""
    told = rows["decides"].astype(bool) | rows["outlier"].astype(bool)
    found = rows[told & rows["identity"].notna() & (rows["measure"] == "level")]
    return "".join(
        f" For {row['year']} {figure(float(row['value']), str(row['unit']))} was published, and "
        f"{number(float(row['identity']))} follows from the other published figures of the "
        f"total and its parts: they do not add up ({row['observation']})."
        for _, row in found.iterrows()
    )


def _listed(rows: pd.DataFrame) -> str:
    return ", ".join(f"{r.observation} for {r.period}" for r in rows.itertuples())


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _not_published(history: History, year: int, origin: str) -> str:
    """Return why the last year has no published figure, in a few words."""
    if origin == DOUBTED:
        return "published figure in doubt"
    weak = weak_levels(history)
    if len(weak) and (weak["year"] == year).any():
        return "published by a weak source only"
    if known_from(history, year, origin) == WORKED_OUT:
        return "worked out from other published figures"
    return "not published"


def _rests_on(history: History, series: pd.DataFrame) -> str:
    """Say how many of a series' statements its path rests on, and what was added up from others."""
    used = history.statements.loc[history.statements["used"].astype(bool), "observation"]
    stated = int(used.isin(set(series["observation"])).sum())
    text = _counted(stated, "statement")
    if stated < len(series):
        text = f"{stated} of {_counted(len(series), 'statement')}"
    if more := len(used) - stated:
        how = "a sum or difference" if more == 1 else "sums or differences"
        text += f" and on {_counted(more, 'figure')} worked out from others, as {how}"
    return text


def history_note(history: History | None) -> str:
    """Return how to read the origins of a path, and the steps between bases."""
    if history is None:
        return ""
    text = (
        "*Published*: a level on today's basis was published for the year. *Derived*: the year "
        "follows from growth rates or from levels on an older basis, was worked out from other "
        "published figures, such as a ratio, a sum or a difference of them, or was reported by a "
        "weak source. *Nowcast*: only part of the year is known. *Carried*: no figure of the "
        "series itself that can be used was published "
        "for the year, or a bound at most; it is estimated from related series, such as the "
        "province or a county, and made to add up with the others where it is part of a sum. "
        "*Interpolated*: no figure that can be used was published; the path bridges the gap, and "
        "the interval shows how little is known. *Published, but doubted*: a figure was published, "
        "all other evidence contradicts it, and the path follows that."
    )
    return "\n\n".join(t for t in (text, steps(history)) if t)


def relatives_note(history: History) -> str:
    """Return how a series hangs together with its relatives."""
    if history.related.empty:
        return ""
    unit = "percentage points" if history.scale.name == "logit" else "percent"
    shown = len(near(history))
    rest = len(history.related) - shown
    why = f"{LEAST_INFLUENCE:g}, because its own figures settle it."
    silent = (
        f" {rest} more {'moves' if rest == 1 else 'move'} it by less than {why}" if rest else ""
    )
    if not shown:
        silent = f" Each moves it by less than {why}"
    how = (
        f" The estimate for {history.years[-1]} would change, in {unit}, without each of them by:"
        if rest < len(history.related)
        else ""
    )
    return (
        "The path is reconciled together with those of its relatives: the region above, its "
        "parts, or an indicator it follows. The ratio of two relatives moves more slowly than "
        f"either, so that what is known of one helps where the other is silent.{silent}{how}"
    )


def influence_note(history: History) -> str:
    """Return how to read the table of influences."""
    unit = "percentage points" if history.scale.name == "logit" else "percent"
    return (
        f"How the estimate for {history.years[-1]} would change, in {unit}, if one statement were "
        "left out. Small numbers mean that the figure does not hang on a single source."
    )

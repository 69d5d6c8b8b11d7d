"""Say what is known of one series: its statements, its path, and what the path owes to whom."""

from __future__ import annotations

import pandas as pd

from forecast.doubt import DOUBTED, doubted
from forecast.evidence import Evidence
from forecast.history import History
from forecast.words import (
    LEAST_INFLUENCE,
    ORIGINS,
    doubt,
    figure,
    last_published,
    near,
    number,
    since,
    steps,
    unit_label,
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
        return (
            f"**No path can be reconciled yet.** There {'is' if n == 1 else 'are'} {n} "
            f"statement{'' if n == 1 else 's'}, and no yearly level that the rest could start from."
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
        what = "published figure in doubt" if row["origin"] == DOUBTED else "not published"
        head = f"**About {number(float(row['estimate']), history.unit)} in {last}, {what}**"
    text = (
        f"{head} (90 % interval {number(float(row['low']))} to {number(float(row['high']))})"
        f"{'.' if row['origin'] == 'published' else f'. {since(history)}.'} "
        f"The path from {table['year'].iloc[0]} on rests on "
        f"{int(history.statements['used'].sum())} statements. Of its {len(table)} years "
        + ", ".join(
            f"{counts[kind]} {_are(counts[kind])} {ORIGINS.get(kind, kind)}"
            for kind in counts.index
        )
        + "."
    )
    told = 0 if row["origin"] == "published" else last_published(history) or 0  # by `since`
    if doubts := [
        doubt(history, row) for year, row in doubted(history).items() if not told or year <= told
    ]:
        text += " " + ". ".join(doubts) + "."
    known = history.statements
    marked = known[known["used"] & (known["mark"] != "") & ~known["outlier"].astype(bool)]
    if len(marked):
        text += (
            f" {len(marked)} {_are(len(marked))} marked as doubtful and given little weight: "
            f"{_listed(marked)}."
        )
    if bad.empty:
        others = "other " if len(marked) else ""
        return f"{text} No {others}statement contradicts the others."
    names = _listed(bad)
    return (
        f"{text} {len(bad)} {'does' if len(bad) == 1 else 'do'} not fit the others and hardly "
        f"count{'s' if len(bad) == 1 else ''}: {names}."
    )


def _listed(rows: pd.DataFrame) -> str:
    return ", ".join(f"{r.observation} for {r.period}" for r in rows.itertuples())


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def history_note(history: History | None) -> str:
    """Return how to read the origins of a path, and the steps between bases."""
    if history is None:
        return ""
    text = (
        "*Published*: a level on today's basis was published for the year. *Derived*: the year "
        "follows from growth rates or from levels on an older basis. *Nowcast*: only part of the "
        "year is known. *Carried*: no figure of the series itself that can be used was published "
        "for the year, or a bound at most; it is estimated from related series, such as the "
        "province or a county. "
        "*Interpolated*: no figure that can be used was published; the path bridges the gap, and "
        "the interval shows how little is known. *Published, but doubted*: a figure was published, "
        "all other evidence contradicts it, and the path follows that."
    )
    return "\n\n".join(t for t in (text, steps(history)) if t)


def relatives_note(history: History) -> str:
    """Return how a series hangs together with its relatives."""
    if history.relatives.empty:
        return ""
    unit = "percentage points" if history.scale.name == "logit" else "percent"
    rest = len(history.relatives) - len(near(history))
    silent = (
        ""
        if not rest
        else f" {rest} more {'moves' if rest == 1 else 'move'} it by less than "
        f"{LEAST_INFLUENCE:g}, because its own figures settle it."
    )
    how = (
        f" The estimate for {history.years[-1]} would change, in {unit}, without each of them by:"
        if rest < len(history.relatives)
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

"""The sources of figures: in the cell of a table, as a list, and where they differ."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import FORECASTS
from forecast.evidence.registries import listed
from forecast.evidence.sources.ranks import RANKS
from forecast.facts import Amount, Items, Year, fact
from forecast.reconciliation.history import History
from forecast.report.language import Language, sentences
from forecast.report.pages import shared
from forecast.report.show import anchor

SECOND_HAND = ("secondary", "mirror")  # ranks of sources that only repeat a figure
DIFFERENT = 0.001  # relative: levels nearer to each other differ by rounding
#: The last rank at which a source is an office or organisation itself.
OWN_WORD = RANKS.index("international")
MOST_RIVALS = 3  # years whose contradictions are told, the newest ones


def rank(tell: Language, key: str) -> str:
    """Return the word for a rank of `forecast.evidence.sources.ranks.RANKS`; empty for none."""
    return tell(f"rank-{key}") if key else ""


def linked(source: Mapping[Hashable, Any], paper: bool = False) -> str:
    """Return the title of a source as HTML, linked where `Evidence.source` has a link."""
    return anchor(str(source["title"]), str(source["link"]), paper)


def cell(tell: Language, source: Mapping[Hashable, Any], figure: str = "") -> str:
    """Return a source as HTML: its title, and in small print whose it is, of when and what rank.

    Parameters
    ----------
    tell : Language
    source : mapping
        As `Evidence.source` returns it.
    figure : str
        Date of the figure itself, where it is another than the source's.
    """
    if not source["title"]:
        return ""
    first = tell("source-first", date=figure) if figure not in ("", source["published"]) else ""
    word = rank(tell, str(source["rank"]))
    return _with_small(tell, source, first, word)


def _with_small(
    tell: Language, source: Mapping[Hashable, Any], *more: str, paper: bool = False
) -> str:
    """Return a source as HTML; a site that is not linked is named in the small print."""
    named = not source["link"] and source["host"]
    where = tell("source-at", host=str(source["host"])) if named else ""
    small = [publisher(tell, source), str(source["published"]), *more, where]
    return f"{linked(source, paper)}<br>{shared.small(small)}"


def brief(tell: Language, source: Mapping[Hashable, Any]) -> str:
    """Return a source in a phrase: its title and its date."""
    title, published = str(source["title"]), str(source["published"])
    return tell("source-dated", title=title, date=published) if published else title


def publisher(tell: Language, source: Mapping[Hashable, Any]) -> str:
    """Return who published a source first, or that it is not known."""
    return tell.of(source, "publisher") or tell("source-no-publisher")


def table(tell: Language, evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """List the sources of some statements, the best ranks first, with their addresses for print.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    rows : DataFrame
        Statements, of which `figures` count.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    counts = figures(rows)["source"].value_counts()
    used = [(evidence.source(str(key)), int(n)) for key, n in counts.items()]
    used.sort(key=lambda pair: (RANKS.index(pair[0]["rank"]), -pair[1], pair[0]["title"]))
    return pd.DataFrame(
        [
            {
                tell("statements-head-source"): _with_small(tell, source, paper=True),
                tell("sources-head-rank"): rank(tell, str(source["rank"])),
                tell("sources-head-count"): n,
            }
            for source, n in used
        ]
    )


def rivals(tell: Language, evidence: Evidence, history: History | None) -> str:
    """Return which source is the better one where levels of the same year differ.

    Told are those that an office or an organisation published itself, beside a lower rank: which of
    two compilations is the better one cannot be said by what they are.
    """
    if history is None or history.observations.empty:
        return ""
    rows = history.observations
    exact = (rows["measure"] == "level") & (rows["bound"] == "") & (rows["source"] != "")
    told = []
    groups = [group for _, group in rows[exact].groupby(["year", "basis"], sort=True)]
    for group in reversed(groups):
        ranked = sorted(
            ((RANKS.index(evidence.source(str(row["source"]))["rank"]), row)
             for _, row in group.iterrows()),
            key=lambda pair: pair[0],
        )  # fmt: skip
        best, other = ranked[0], ranked[-1]
        value = best[1]["canonical"]
        differ = abs(value - other[1]["canonical"]) > DIFFERENT * abs(value)
        if not differ or best[0] > OWN_WORD or best[0] == other[0]:
            continue
        told.append(
            tell(
                "sources-rivals",
                year=history.dated(int(best[1]["year"])),
                better=_rival(tell, evidence, best[1]),
                other=_rival(tell, evidence, other[1]),
            )
        )
    return sentences(tell, *told[:MOST_RIVALS])


def _rival(tell: Language, evidence: Evidence, row: pd.Series) -> object:
    source = evidence.source(str(row["source"]))
    return fact(
        "sources-rival",
        value=Amount(float(row["value"]), str(row["unit"]), exact=True),
        at=shared.at_row("sources-rival-at", row),
        rank=rank(tell, str(source["rank"])),
    )


def figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the published figures among statements: no forecasts, and nothing calculated."""
    return rows[~rows["measure"].isin(FORECASTS) & (rows["source"] != "")]


def counted(tell: Language, evidence: Evidence, rows: pd.DataFrame) -> str:
    """Return how many published figures there are, from how many sources, of which ranks."""
    keys = [str(key) for key in figures(rows)["source"]]
    ranks = [evidence.source(key)["rank"] for key in keys]
    told = [
        fact("sources-counted-rank", rank=rank(tell, key), n=n)
        for key in RANKS
        if (n := ranks.count(key))
    ]
    if not told:
        return ""
    return tell("sources-counted", n=len(keys), sources=len(set(keys)), ranks=Items(told))


def second_hand(tell: Language, evidence: Evidence, rows: pd.DataFrame) -> str:
    """Return that the newest level of a series has a source that only repeats it; else nothing.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    rows : DataFrame
        Statements on a series; of several series nothing is said.
    """
    rows = figures(rows)
    exact = (rows["measure"] == "level") & (rows["bound"] == "") & (rows["mark"] == "")
    rows = rows[exact & ~rows["outlier"].astype(bool)] if "outlier" in rows else rows[exact]
    if rows.empty or len(rows[["region", "indicator"]].drop_duplicates()) > 1:
        return ""
    newest = rows[rows["year"] == rows["year"].max()]
    others = newest["also_in"] if "also_in" in newest else [""] * len(newest)
    pairs = zip(newest["source"], others, strict=True)
    keys = [key for own, more in pairs for key in (own, *listed(more))]
    best = min((str(evidence.source(key)["rank"]) for key in keys), key=RANKS.index)
    if best not in SECOND_HAND:
        return ""
    key = str(newest["region"].iloc[0]), str(newest["indicator"].iloc[0])
    year = Year(int(newest["year"].iloc[0]), evidence.year_starts(*key))
    return tell("sources-second-hand", year=year, rank=rank(tell, best))

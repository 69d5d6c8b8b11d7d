"""The sources of figures: in the cell of a table, as a list, and where they differ."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.evidence.sources.ranks import RANKS
from forecast.facts import Amount, fact
from forecast.reconciliation.history import History
from forecast.report.language import Language, sentences
from forecast.report.pages import shared
from forecast.report.show import anchor, on_paper

DIFFERENT = 0.001  # relative: levels nearer to each other differ by rounding
#: The last rank at which a source is an office or organisation itself.
OWN_WORD = RANKS.index("international")
MOST_RIVALS = 3  # years whose contradictions are told, the newest ones


def rank(tell: Language, key: str) -> str:
    """Return the word for a rank of `forecast.evidence.sources.ranks.RANKS`; empty for none."""
    return tell(f"rank-{key}") if key else ""


def linked(source: Mapping[Hashable, Any]) -> str:
    """Return the title of a source as HTML, linked where `Evidence.source` has a link."""
    return anchor(str(source["title"]), str(source["link"]))


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


def _with_small(tell: Language, source: Mapping[Hashable, Any], *more: str) -> str:
    """Return a source as HTML; a site that is not linked is named in the small print."""
    named = not source["link"] and source["host"]
    where = tell("source-at", host=str(source["host"])) if named else ""
    small = [publisher(tell, source), str(source["published"]), *more, where]
    return f"{linked(source)}<br>{shared.small(small)}"


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
        Statements; what was calculated has no source.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    counts = rows.loc[rows["source"] != "", "source"].value_counts()
    used = [(evidence.source(str(key)), int(n)) for key, n in counts.items()]
    used.sort(key=lambda pair: (RANKS.index(pair[0]["rank"]), -pair[1], pair[0]["title"]))
    return pd.DataFrame(
        [
            {
                tell("statements-head-source"): _with_small(tell, source)
                + on_paper(str(source["link"])),
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
        id=shared.id_links(str(row["observation"])),
        rank=rank(tell, str(source["rank"])),
    )


def counts(evidence: Evidence, rows: pd.DataFrame) -> dict[str, int]:
    """Return how many statements have a source of each rank, the best rank first."""
    ranks = [evidence.source(str(key))["rank"] for key in rows["source"] if key]
    return {key: n for key in RANKS if (n := ranks.count(key))}

"""The same indicator elsewhere, on a target's page."""

from __future__ import annotations

import html

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, fact
from forecast.report.language import Language, paragraphs
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.peers import peers as peers


def note(tell: Language, evidence: Evidence, answer: Assessment, found: pd.DataFrame) -> str:
    """Return heading and text; empty without a peer.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    answer : Assessment
    found : DataFrame
        Of `forecast.targets.types._series.peers.peers`.
    """
    if found.empty:
        return ""
    others = found[found["relation"] != "own"]
    beside = "" if (others["relation"] == "beside").any() else tell("peers-none-beside")
    own = evidence.place(str(answer.target["region"]))
    return paragraphs(tell("peers-head"), tell("peers-note", n=len(others), own=own), beside)


def table(
    tell: Language, evidence: Evidence, answer: Assessment, found: pd.DataFrame
) -> pd.DataFrame:
    """Return a row per region: latest known figure, and growth a year up to it.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    rows = []
    for row in found.to_dict("records"):
        first, last = answer.dated(row["first"]), answer.dated(row["last"])
        grown: object = ""
        if first != last:
            rate = answer.rate(float(row["growth"]))
            grown = fact("peers-growth", rate=rate, first=first, last=last)
        cells = [
            evidence.place(str(row["region"])),
            fact("peers-relation", relation=row["relation"]),
            last,
            Amount(float(row["value"]), answer.unit),
            grown,
        ]
        told = [html.escape(tell.write(cell)) for cell in cells]
        rows.append([f"<b>{told[0]}</b>" if row["relation"] == "own" else told[0], *told[1:]])
    heads = ("region", "relation", "year", "figure", "growth")
    return pd.DataFrame(rows, columns=[tell(f"peers-col-{name}") for name in heads])

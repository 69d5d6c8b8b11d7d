"""The same indicator elsewhere, on a target's page."""

from __future__ import annotations

import html
from collections.abc import Mapping
from xml.etree import ElementTree

import pandas as pd

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, fact
from forecast.reconciliation.history import History
from forecast.report.language import Language, paragraphs, sentences
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.peers import paths as paths
from forecast.targets.types._series.peers import peers as peers
from forecast.targets.types._series.peers import place, rank, same_years

LINE, OWN = "#08519c", "#8a929c"  # of a region, and of the target's own beside it
LEAST_OF_A_LINE = 3  # years; fewer are dots, for nothing is known between them
WIDE, HIGH = 160, 36  # of a small multiple, in CSS pixels


def note(
    tell: Language,
    evidence: Evidence,
    answer: Assessment,
    found: pd.DataFrame,
    histories: Mapping[str, History],
) -> str:
    """Return heading and text; empty without a peer.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    answer : Assessment
    found : DataFrame
        Of `forecast.targets.types._series.peers.peers`.
    histories : mapping of str to History
        By ``region/indicator``.
    """
    if found.empty:
        return ""
    others = found[found["relation"] != "own"]
    beside = "" if (others["relation"] == "beside").any() else tell("peers-none-beside")
    own, told = evidence.place(str(answer.target["region"])), []
    if (placed := place(histories, answer, found)) is not None:
        year, of = answer.dated(placed[0]), {"rank": placed[1], "n": placed[2]}
        told.append(tell("peers-place", own=own, year=year, **of))
    if (ranked := rank(found)) is not None:
        told.append(tell("peers-rank", own=own, rank=ranked[0], n=ranked[1]))
    order = "growth" if same_years(found) else "relation"
    listed = tell("peers-note", n=len(others), own=own, order=order)
    return paragraphs(tell("peers-head"), sentences(tell, *told), listed, beside)


def table(
    tell: Language,
    evidence: Evidence,
    answer: Assessment,
    found: pd.DataFrame,
    lines: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return a row per region: latest known figure, growth a year up to it, and its path.

    Parameters
    ----------
    tell : Language
    evidence : Evidence
    answer : Assessment
    found : DataFrame
        Of `forecast.targets.types._series.peers.peers`.
    lines : mapping of str to DataFrame
        Of `forecast.targets.types._series.peers.paths`.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    rows, drawn = [], _drawn(answer, lines)
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
        told[0] = f"<b>{told[0]}</b>" if row["relation"] == "own" else told[0]
        rows.append([*told, drawn.get(str(row["region"]), "")])
    heads = [tell(f"peers-col-{name}") for name in ("region", "relation", "year", "figure")]
    heads += [tell("peers-col-growth"), tell("peers-col-path", scale=answer.rate(0.0).scale)]
    return pd.DataFrame(rows, columns=heads).iloc[:, : 6 if drawn else 5]


def _drawn(answer: Assessment, lines: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Draw the path of each region on one scale, that of the target's own behind it."""
    if len(lines) < 2:
        return {}
    every = pd.concat(lines.values())
    first, last = int(every.index.min()), int(every.index.max())
    low, high = float(every.to_numpy().min()), float(every.to_numpy().max())

    def draw(picture: ElementTree.Element, path: pd.Series, colour: str) -> None:
        across = (path.index - first) / (last - first) * (WIDE - 6) + 3
        down = (high - path) / ((high - low) or 1.0) * (HIGH - 6) + 3
        if len(path) < LEAST_OF_A_LINE:
            for x, y in zip(across, down, strict=True):
                dot = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "2.5", "fill": colour}
                ElementTree.SubElement(picture, "circle", dot)
            return
        ends = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
        look = {"points": ends, "fill": "none", "stroke": colour, "stroke-width": "1.8"}
        ElementTree.SubElement(picture, "polyline", look)

    size = {"width": str(WIDE), "height": str(HIGH), "viewBox": f"0 0 {WIDE} {HIGH}"}
    drawn = {}
    for region, table in lines.items():
        # The figures stand beside it: for a screen reader it is decoration.
        picture = ElementTree.Element("svg", {**size, "aria-hidden": "true"})
        if region != str(answer.target["region"]):
            draw(picture, table["own"], OWN)
        draw(picture, table["region"], LINE)
        drawn[region] = ElementTree.tostring(picture, "unicode", short_empty_elements=False)
    return drawn

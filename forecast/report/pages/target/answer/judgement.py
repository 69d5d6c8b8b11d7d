"""What experts judged of a target, labelled as judgement."""

from __future__ import annotations

import html

import pandas as pd

from forecast.facts import Amount, Chance, Interval, Verdict
from forecast.report.language import Language, paragraphs, sentences
from forecast.targets.assessment import Assessment


def lead(tell: Language, answer: Assessment) -> str:
    """Return what experts judge where no probability follows from figures."""
    judged = answer.judgement
    assert judged is not None
    low, median, high = (judged.quantiles[q] for q in (0.05, 0.5, 0.95))
    verdict = Verdict(judged.probability)
    return sentences(
        tell,
        tell("judgement-lead", verdict=verdict, chance=Chance(judged.probability)),
        tell(
            "judgement-experts",
            n=len(judged.experts),
            year=answer.year,
            median=Amount(median, answer.unit),
            interval=Interval(low, high, answer.unit),
        ),
        tell("judgement-asked", asked=judged.asked) if judged.asked else "",
        tell("judgement-no-figures"),
    )


def section(tell: Language, answer: Assessment) -> str:
    """Return heading and text on what experts judge, beside the statistical answer."""
    judged = answer.judgement
    if judged is None:
        return ""
    told = [tell("judgement-note")]
    if judged.asked:
        told.append(tell("judgement-asked", asked=judged.asked))
    if answer.status != "judgement":
        chance = Chance(answer.probability or 0.0, answer.floor)
        told.append(tell("judgement-beside", judged=Chance(judged.probability), chance=chance))
    return paragraphs(tell("judgement-head"), sentences(tell, *told))


def experts(tell: Language, answer: Assessment) -> pd.DataFrame:
    """List who judged, when, which distribution fits, and the chance that follows.

    Returns
    -------
    DataFrame
        Cells are safe HTML.
    """
    if answer.judgement is None:
        return pd.DataFrame()
    rows = [
        {
            "expert": str(row["expert"]),
            "date": str(row["date"]),
            "median": tell.write(Amount(row["median"], answer.unit)),
            "interval": tell.write(Interval(row["low"], row["high"], answer.unit)),
            "fitted": tell("judgement-distribution", name=str(row["family"])),
            "chance": tell.write(Chance(row["probability"], short=True)),
            "why": str(row["reason"]),
        }
        for _, row in answer.judgement.experts.iterrows()
    ]
    found = pd.DataFrame(rows).map(html.escape)
    return found.rename(columns=lambda name: tell(f"judgement-head-{name}"))

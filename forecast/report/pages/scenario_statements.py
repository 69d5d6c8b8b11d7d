"""Statements about the future in words, and why a scenario cannot be laid on the forecasts."""

from __future__ import annotations

from forecast.evidence.evidence import Evidence
from forecast.facts import Amount, Fact, Items, Name, fact
from forecast.report.language import Language, fact_of_years
from forecast.scenarios.price_levels import PRICES
from forecast.scenarios.spec import RefusedError, Statement


def indicator(evidence: Evidence, key: str, region: str) -> Name | Fact:
    """Return the name of an indicator, or of the price level of GDP."""
    return fact("statement-prices") if key == PRICES else evidence.indicator_name(key, region)


def when(evidence: Evidence, s: Statement) -> Fact:
    """Return the year of a statement, or its first and last."""
    first, last = (evidence.dated(s.region, s.indicator, year) for year in s.span)
    return fact("year", year=first) if first == last else fact_of_years(first, last)


def series(evidence: Evidence, key: str) -> Fact:
    """Return the name of a series, ``region/indicator``."""
    region, _, name = key.partition("/")
    return fact(
        "statement-series",
        indicator=indicator(evidence, name, region),
        place=evidence.place(region),
    )


def share_of(evidence: Evidence, s: Statement) -> Name | Fact:
    """Return what a share is of, with its region if that is another one; empty for the others."""
    if "/" in s.of:
        return series(evidence, s.of)
    return evidence.indicator_name(s.of, s.region) if s.of else Name("")


def unit(evidence: Evidence, s: Statement) -> str:
    """Return the unit of a statement's value."""
    if s.measure != "level":
        return "pp" if s.measure == "change" else "%"
    return "" if s.indicator == PRICES else str(evidence.indicator(s.indicator)["unit"])


def statement(evidence: Evidence, s: Statement) -> Fact:
    """Return one statement in words: what is stated of which series, and for when."""
    relative = {"percent": "%", "points": "pp"}.get(s.relative, "")
    size = Amount(abs(s.value), relative or unit(evidence, s), exact=True)
    limit = {"lower": "least", "upper": "most"}.get(s.bound, "exactly")
    if s.value < 0:  # a decline is given by its size, so that a lower bound becomes an upper one
        limit = {"least": "most", "most": "least"}.get(limit, limit)
    level = s.measure == "level"
    return fact(
        "statement",
        indicator=indicator(evidence, s.indicator, s.region),
        place=evidence.place(s.region),
        form=s.relative or "figure",
        measure=s.measure,
        of=share_of(evidence, s),
        side="down" if s.value < 0 else "up",
        size=size,
        limit=limit,
        several=str(s.span[0] != s.span[1]),
        when=when(evidence, s),
        certain=str(not s.sd),
        spread=Amount(s.sd, relative or (unit(evidence, s) if level else "pp"), exact=True),
        sure=str(s.probability == 1),
        odds=Amount(100 * s.probability, "%", exact=True),
    )


def refusal(tell: Language, evidence: Evidence, error: RefusedError) -> str:
    """Return why a scenario, or a value of a related figure, is out of reach."""
    return tell(
        error.reason.message,
        statements=Items([statement(evidence, s) for s in error.statements], long=True),
        series=Items([series(evidence, key) for key in error.series], long=True),
        **error.reason.args,
    )

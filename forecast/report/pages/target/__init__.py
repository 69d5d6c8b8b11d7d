"""The page on one target, in the modules that its notebook and the command line call."""

from forecast.report.pages.target import (
    judgement,
    kinds,
    lead,
    meaning,
    pace,
    parts,
    picture,
    record,
    thin,
    uncertainty,
)

__all__ = [
    "judgement",
    "kinds",
    "lead",
    "meaning",
    "pace",
    "parts",
    "picture",
    "record",
    "thin",
    "uncertainty",
]

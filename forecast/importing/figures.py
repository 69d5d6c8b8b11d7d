"""Figures as a file states them, the common form in which every reader returns them.

Labels, periods and units are those of the file. A mapping turns them into keys of the tables
afterwards, so that a reader knows nothing of the data folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from forecast.evidence.problems import Problem

#: A fact, an estimate of the publisher for a year that is over, what the publisher expects.
Kind = Literal["actual", "estimate", "forecast"]


class Place(NamedTuple):
    """Where a cell stands, as a spreadsheet shows it: rows from 1, columns from A."""

    #: The file, within an archive with its name; the sheet, empty for a text file.
    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        """Return the place in a few words.

        Examples
        --------
        >>> str(Place("gdp.xlsx", "Sheet1", 7, "C"))
        'gdp.xlsx sheet Sheet1, cell C7'
        >>> str(Place("gdp.csv", "", 7))
        'gdp.csv row 7'
        """
        name = f"{self.file} sheet {self.sheet}" if self.sheet else self.file
        if self.column:
            return f"{name}, cell {self.column}{self.row}"
        return f"{name} row {self.row}" if self.row else name


def problem(place: Place, value: str, expected: str, wrong: str = "") -> Problem:
    """Return an error at a place; see `Problem`."""
    file = f"{place.file} sheet {place.sheet}" if place.sheet else place.file
    return Problem("error", file, place.row or None, place.column, value, expected, wrong)


class Figure(NamedTuple):
    """One figure of a file."""

    #: Labels as the file has them, names where it has names and codes; empty if it names none.
    indicator: str
    region: str
    #: ``2023``, ``2023H1``, ``2023Q2``, ``2023-06``, ``2023-06-30``, or a fiscal year as the file
    #: names it: ``2023/24``, ``FY2024``.
    period: str
    #: As published, with the digits of the file: 7313.50 keeps its zero. Percent as percent.
    value: Decimal
    #: Label as the file has it; a scale that it states apart is part of it ("million USD").
    unit: str
    place: Place
    kind: Kind = "actual"
    #: Codes of the file beside the labels; a mapping may name either.
    indicator_code: str = ""
    region_code: str = ""
    #: A measure of the observations where the file states it (``growth``, ``ytd_level``); else
    #: empty, and the mapping or the period decides.
    measure: str = ""
    note: str = ""  # footnotes and marks of the figure
    #: A status of the observations where a mark of the file states it, such as ``preliminary``.
    status: str = ""


class Untaken(NamedTuple):
    """A cell that looked like a figure and was not taken, and why.

    Missing values of a format (an empty cell, ``..``) are no figures and need not be listed.
    """

    place: Place
    text: str
    why: str


@dataclass(frozen=True)
class Origin:
    """What is known of a file as a whole, for the row of `sources.csv`; empty where unknown."""

    format: str  # what messages call the format
    publisher: str = ""
    title: str = ""
    url: str = ""
    published: str = ""  # ``2024``, ``2024-10`` or ``2024-10-22``; of forecasts it sets the horizon
    licence: str = ""  # the licence as the publisher names it, such as ``CC BY 4.0``
    #: A kind of `sources.csv`; what formats of statistics export are data sets.
    kind: str = "dataset"
    #: Whether the file holds more than one asks for (every country, every indicator). Labels that
    #: are mapped nowhere are then left out and counted; else they are an error.
    selection: bool = False


@dataclass(frozen=True)
class Figures:
    """What a reader found in a file."""

    origin: Origin
    figures: tuple[Figure, ...]  # in the order of the file
    untaken: tuple[Untaken, ...] = ()
    #: What was read in an unusual form (an old encoding, decimal commas), one sentence each.
    notices: tuple[str, ...] = ()

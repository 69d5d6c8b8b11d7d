"""Figures of a file as cells of observations, by what their labels stand for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Context
from typing import NamedTuple

from forecast.evidence.calendar import last_day
from forecast.evidence.evidence import Evidence
from forecast.evidence.measures import WITHIN_YEAR
from forecast.evidence.problems import DataError, Problem
from forecast.evidence.units import parse
from forecast.importing.figures import Figure, Figures, Kind, Untaken, problem
from forecast.importing.mapping import Entry, Labels, Unmapped

_FIFTEEN = Context(prec=15)  # digits of a number in the tables
_PART = re.compile(r"(\d{4})-?(?:(Q)([1-4])|(H)([12])|(\d\d)(?:-(\d\d))?)")


class UnmappedError(Exception):
    """Labels that stand for nothing in the data yet, or indicators whose unit nothing states."""

    def __init__(self, unmapped: list[Unmapped]) -> None:
        super().__init__(unmapped)
        self.unmapped = unmapped


class Row(NamedTuple):
    """The cells of an observation, and the figure that it is."""

    cells: dict[str, str]
    figure: Figure


@dataclass
class Rows:
    """What became of the figures of a file."""

    rows: list[Row] = field(default_factory=list)
    #: Those that are no observations, with the reason, and what the reader did not take.
    untaken: list[Untaken] = field(default_factory=list)
    #: How many were left out as the mapping says, or taken as of the only region.
    skipped: Counter[str] = field(default_factory=Counter)


def rows_of(
    before: Evidence, figures: Figures, labels: Labels, source: str, published: str, day: str
) -> Rows:
    """Make observations of figures.

    Parameters
    ----------
    before : Evidence
    figures : Figures
    labels : Labels
    source : str
        Key of the source.
    published : str
        When the figures came out, if it is not the day of their source.
    day : str
        The day of publication as far as known, from which the horizon of forecasts runs.

    Raises
    ------
    UnmappedError
        If labels of the file are mapped nowhere.
    DataError
        With the figures that name no region, or whose measure is not certain.
    """
    making = _Making(before, labels, source, published, day)
    done = Rows(untaken=list(figures.untaken))
    mapped = list(making.mapped(figures, done))
    others, selection = labels.mapping.others, figures.origin.selection
    lenient = mapped and (others == "leave_out" or (selection and others != "error"))
    strict = [
        Unmapped(*key, len(found), str(found[0].place), found[0].indicator)
        for key, found in making.unmapped.items()
        if not lenient or "unit" in key[0]
    ]
    if strict and not making.problems:
        raise UnmappedError(strict)
    for (section, _), found in making.unmapped.items():
        done.skipped[f"Left out, as their {section} are mapped nowhere"] += len(found)
    for figure, entry in mapped:
        cells = making.cells(figure, entry)
        if isinstance(cells, str):
            done.untaken.append(Untaken(figure.place, f"{figure.value}", cells))
        else:
            done.rows.append(Row(cells, figure))
    if making.problems:
        raise DataError(making.problems)
    return done


def only_region(evidence: Evidence) -> str:
    """Return the region of figures that name none, where there is one; else an empty text."""
    regions = evidence.regions
    lowest = set(regions["region"]) - set(regions["parent"])
    return str(lowest.pop()) if len(lowest) == 1 else ""


class _Making:
    """Turns figures into cells, and keeps what stands in the way."""

    def __init__(
        self, before: Evidence, labels: Labels, source: str, published: str, day: str
    ) -> None:
        self.before, self.labels = before, labels
        self.source, self.published, self.day = source, published, day
        self.only = only_region(before)
        self.problems: list[Problem] = []
        self.unmapped: dict[tuple[str, str], list[Figure]] = defaultdict(list)

    def mapped(self, figures: Figures, done: Rows) -> Iterator[tuple[Figure, Entry]]:
        """Yield the figures whose labels stand for something, with region and unit in the entry."""
        elsewhere: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        anywhere = False
        for figure in figures.figures:
            there, entry = self.labels.indicator(figure.indicator, figure.indicator_code)
            known, region = self._region(figure, entry)
            if not known and not figure.region:
                expected = "a region: --region KEY, or region = KEY in the mapping"
                self._once(figure, expected, "no region is named")
                continue
            if (there and entry is None) or (known and region is None):
                done.skipped["Left out by the mapping"] += 1
                continue
            if not known:
                self.unmapped["regions", figure.region].append(figure)
            if not there:
                # Of an export of all countries, those of other ones are of no interest.
                found = self.unmapped if known or not figures.origin.selection else elsewhere
                found["indicators", figure.indicator].append(figure)
            if entry is not None and region is not None:
                unit = self._unit(figure, entry)
                if unit is not None:
                    if not (figure.region or entry.region or self.labels.mapping.region):
                        done.skipped[
                            f"Without a region, taken as of {region} (or --region KEY)"
                        ] += 1
                    yield figure, entry.model_copy(update={"region": region, "unit": unit})
            anywhere = anywhere or known
        if not anywhere:
            self.unmapped.update(elsewhere)

    def _region(self, figure: Figure, entry: Entry | None) -> tuple[bool, str | None]:
        """Return whether the region is mapped, and its key; see `Labels.region`."""
        if entry and entry.region:
            return True, entry.region
        if figure.region:
            return self.labels.region(figure.region, figure.region_code)
        region = self.labels.mapping.region or self.only
        return bool(region), region or None

    def _once(self, figure: Figure, expected: str, wrong: str = "") -> None:
        """Keep a problem that is the same for many figures, with the place of the first."""
        if not any(found.expected == expected for found in self.problems):
            self.problems.append(problem(figure.place, str(figure.value), expected, wrong))

    def _unit(self, figure: Figure, entry: Entry) -> str | None:
        growth = "growth" in (entry.measure or figure.measure)
        if entry.unit and not (figure.unit and "growth" in figure.measure):
            return entry.unit
        if not figure.unit:
            if growth:
                return "%"
            self.unmapped["unit of", figure.indicator].append(figure)
            return None
        unit = self.labels.unit(figure.unit)
        if unit is None:
            self.unmapped["units", figure.unit].append(figure)
        return unit

    def cells(self, figure: Figure, entry: Entry) -> dict[str, str] | str:
        """Return the cells of a figure, or why it is no observation."""
        measure, period = _measure(figure, entry.measure)
        if not measure:
            return period
        if measure in WITHIN_YEAR and not (entry.measure or figure.unit):
            self._once(
                figure,
                f'measure = "{measure}" of {figure.indicator!r} in the mapping, or false to leave '
                "it out",
                "parts of a year are added up, and neither a unit nor a measure in the file says "
                "that this is no annual rate",
            )
        kind, why = self._kind(
            figure, last_day(period, self.before.year_starts(entry.region, entry.indicator))
        )
        if why:
            return why
        marks = self.labels.mapping.marks
        notes = [note for note in figure.note.split("; ") if note]
        said = [marks[n[5:]] for n in notes if n.startswith("mark ") and n[5:] in marks]
        status = next(filter(None, (entry.status, figure.status, *said)), "")
        if kind == "forecast":
            if measure not in ("level", "growth"):
                return "a forecast of a part of a year"
            measure = f"forecast_{measure}"
            status = status if status == "target" else "projection"
        elif kind == "estimate":
            status = status or self.labels.mapping.estimates
        row, prices = self.before.indicator(entry.indicator), ""
        if measure.endswith("growth") and row["prices"] != "none":
            prices = entry.prices or self.labels.mapping.prices
            if not prices:
                expected = f'prices = "real" or "nominal" of {figure.indicator!r} in the mapping, '
                self._once(
                    figure, f"{expected}or --prices for all growth rates",
                    f"growth of {entry.indicator} at constant or at current prices",
                )  # fmt: skip
        if why := _unlike(measure, entry.unit, str(row["unit"])):
            expected = f"what it is: measure = ... of {figure.indicator!r} in the mapping"
            self._once(figure, expected, why)
        cells = {
            "region": entry.region, "indicator": entry.indicator, "period": period,
            "measure": measure, "bound": entry.bound, "prices": prices,
            "value": f"{_FIFTEEN.plus(figure.value):f}", "unit": entry.unit, "basis": entry.basis,
            "status": status or self.labels.mapping.status, "source": self.source,
            "published": self.published or (self.day if kind == "forecast" else ""),
            "note": "; ".join(n for n in notes if n[5:] not in marks),
        }  # fmt: skip
        return {name: cell for name, cell in cells.items() if cell}

    def _kind(self, figure: Figure, end: date | None) -> tuple[Kind, str]:
        """Return what a figure was on the day of its publication, or why it is left out."""
        if figure.kind == "actual":
            return "actual", ""
        day = last_day(self.day)
        if day is None:
            expected = "the day of publication, from which the horizon of a forecast runs"
            self._once(figure, f"{expected}: --published")
        elif end is not None and day > end:
            if self.labels.mapping.estimates == "preliminary":
                return "estimate", ""
            return "actual", (
                'an estimate by others of a year that was over; estimates = "preliminary" in the '
                "mapping takes it"
            )
        return "forecast", ""


def _measure(figure: Figure, stated: str) -> tuple[str, str]:
    """Return measure and period of a figure; without a measure, why it is no observation."""
    growth = "growth" in (stated or figure.measure)
    cumulative = figure.measure.startswith("ytd")
    if stated not in ("", "level", "growth"):
        return stated, figure.period
    match = _PART.fullmatch(figure.period)
    if cumulative and match:
        return "ytd_growth" if growth else "ytd_level", figure.period
    if match is None:
        return "growth" if growth else "level", figure.period
    year, quarter, q, half, h, month, day = match.groups()
    if growth:
        first = (quarter and q == "1" and "03") or (half and h == "1" and "06")
        if first:
            return "ytd_growth", f"{year}-{first}"
        return "", "the growth of a part of a year; growth is kept for years and from January on"
    if day:
        end = last_day(f"{year}-{month}")
        if end is None or end.day != int(day):
            return "", "a single day within a month"
        return "month_level", f"{year}-{month}"
    return ("quarter" if quarter else "half" if half else "month") + "_level", figure.period


def _unlike(measure: str, unit: str, usual: str) -> str:
    """Return what is wrong with a level in percent of an indicator that is no share."""
    percent = [parse(u) == parse("%") for u in (unit, usual)]
    if measure.endswith("growth") or percent[0] == percent[1] or not percent[0]:
        return ""
    return f"in %, and the indicator is measured in {usual}: growth or a share"

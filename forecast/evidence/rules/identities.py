"""Checks of accounting identities: totals against their parts, parts against the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from forecast.evidence.problems import Problem
from forecast.evidence.registries import listed
from forecast.evidence.rules.data import ObservationEntry, TableRows, as_text

#: How far a total may be off the sum of its parts, relative: figures of one release agree but for
#: rounding, preliminary and secondary ones were revised one by one.
_SETTLED = ("census", "final", "revised")
_OFF_SETTLED, _OFF = 0.003, 0.01


def totals(data: TableRows) -> Iterator[Problem]:
    """Find published totals that are off the sum of their published parts.

    The total and all its parts on one basis, for one period and in one currency; of several
    figures, those that come nearest to adding up.
    """
    for name, row in data.indicators.items():
        parts = listed(row["sum_of"])
        for of_total, of_parts in _together(data, name, parts) if parts else ():
            total, *terms = min(product(of_total, *of_parts), key=_off_relative)
            off = total.canonical - sum(s.canonical for s in terms)
            if abs(off) <= _allowed(total, terms):
                continue
            unit, side = row["unit"], "higher" if off > 0 else "lower"
            parts_named = " and ".join(map(_named, terms))
            wrong = (
                f"{_named(total)} is {as_text(round(abs(off), 6))} {unit} {side} than the sum of "
                f"its parts {parts_named}; one of the {1 + len(terms)} is wrong"
            )
            expected = f"about {as_text(round(total.canonical - off, 6))} {unit}"
            yield total.warning("value", wrong, expected)


def _together(
    data: TableRows, name: str, parts: Sequence[str]
) -> Iterator[tuple[list[ObservationEntry], list[list[ObservationEntry]]]]:
    """Yield the levels of a total and of its parts, where there are figures of all of them."""
    for region, indicator in data.series:
        if indicator == name:
            of_parts = [data.levels(region, part) for part in parts]
            for when, of_total in data.levels(region, name).items():
                if all(when in levels for levels in of_parts):
                    yield of_total, [levels[when] for levels in of_parts]


def wholes(data: TableRows) -> Iterator[Problem]:
    """Find published parts that are larger than the whole they are part of."""
    for region, indicator in data.series:
        of_wholes = {w: data.levels(region, w) for w in _wholes(data, indicator)}
        for when, of_part in data.levels(region, indicator).items() if of_wholes else ():
            part = min(of_part, key=lambda s: s.canonical)
            for whole, levels in of_wholes.items():
                if when not in levels:
                    continue
                most = max(levels[when], key=lambda s: s.canonical)
                if part.canonical - most.canonical <= _allowed(most, [part]):
                    continue
                wrong = f"larger than {whole}, which {indicator} is part of"
                yield part.warning("value", wrong, f"at most {_named(most)}")
                break


def _wholes(data: TableRows, indicator: str) -> list[str]:
    """Return what an indicator is part of, by `part_of` or as a summand."""
    above = [name for name, row in data.indicators.items() if indicator in listed(row["sum_of"])]
    own = data.indicators[indicator]["part_of"] if indicator in data.indicators else ""
    return [*above, *([own] if own else [])]


def _off_relative(group: Sequence[ObservationEntry]) -> float:
    total, *terms = group
    return abs(total.canonical - sum(s.canonical for s in terms)) / total.canonical


def _allowed(total: ObservationEntry, terms: Sequence[ObservationEntry]) -> float:
    """Return by how much figures may miss an identity: rounding, and what revisions come to."""
    every = [total, *terms]
    rounding = sum(_half_digit(s.value) * s.canonical / s.value for s in every)
    settled = all(s.status in _SETTLED for s in every)
    return rounding + (_OFF_SETTLED if settled else _OFF) * total.canonical


def _half_digit(value: float) -> float:
    """Return half a unit of the last digit that a figure shows."""
    decimals = as_text(value).partition(".")[2]
    return 0.5 * 10.0 ** -len(decimals) if decimals.isdigit() or not decimals else 0.0


def _named(s: ObservationEntry) -> str:
    return f"{s.indicator} {s.figure} (row {s.row}, {s.observation})"

"""Checks of accounting identities: totals against their parts, parts against the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from forecast.evidence.book import Book, Statement, as_text, listed
from forecast.evidence.problems import Problem

#: How far a total may be off the sum of its parts, relative: figures of one release agree but for
#: rounding, preliminary and secondary ones were revised one by one.
_SETTLED = ("census", "final", "revised")
_OFF_SETTLED, _OFF = 0.003, 0.01


def totals(book: Book) -> Iterator[Problem]:
    """Find published totals that are off the sum of their published parts.

    The total and all its parts on one basis, for one period and in one currency; of several
    statements, those that come nearest to adding up.
    """
    for name, row in book.indicators.items():
        parts = listed(row["sum_of"])
        for (region, indicator, *when), of_total in book.levels.items() if parts else ():
            of_parts = [book.levels.get((region, part, *when)) for part in parts]  # type: ignore[arg-type]
            if indicator != name or not all(of_parts):
                continue
            total, *terms = min(
                product(of_total, *(found for found in of_parts if found)), key=_off_relative
            )
            off = total.canonical - sum(s.canonical for s in terms)
            if abs(off) <= _allowed(total, terms):
                continue
            told = " and ".join(_told(s) for s in terms)
            expected = (
                f"about {as_text(round(total.canonical - off, 6))} {row['unit']}, the sum of its "
                f"parts {told}; {_told(total)} is {as_text(round(abs(off), 6))} {row['unit']} "
                f"{'higher' if off > 0 else 'lower'}, and one of the {1 + len(terms)} is wrong"
            )
            yield book.warning("observations", total.row, "value", total.value, expected)


def wholes(book: Book) -> Iterator[Problem]:
    """Find published parts that are larger than the whole they are part of."""
    for (region, indicator, *when), of_part in book.levels.items():
        for whole in _wholes(book, indicator):
            of_whole = book.levels.get((region, whole, *when))  # type: ignore[arg-type]
            if not of_whole:
                continue
            part = min(of_part, key=lambda s: s.canonical)
            most = max(of_whole, key=lambda s: s.canonical)
            if part.canonical - most.canonical <= _allowed(most, [part]):
                continue
            expected = f"at most {_told(most)}: {indicator} is part of {whole}"
            yield book.warning("observations", part.row, "value", part.value, expected)
            break


def _wholes(book: Book, indicator: str) -> list[str]:
    """Return what an indicator is part of, by `part_of` or as a summand."""
    above = [name for name, row in book.indicators.items() if indicator in listed(row["sum_of"])]
    own = str(book.indicators.get(indicator, {}).get("part_of") or "")
    return [*above, *([own] if own else [])]


def _off_relative(group: Sequence[Statement]) -> float:
    total, *terms = group
    return abs(total.canonical - sum(s.canonical for s in terms)) / total.canonical


def _allowed(total: Statement, terms: Sequence[Statement]) -> float:
    """Return by how much figures may miss an identity: rounding, and what revisions come to."""
    every = [total, *terms]
    rounding = sum(_half_digit(s.value) * s.canonical / s.value for s in every)
    settled = all(s.status in _SETTLED for s in every)
    return rounding + (_OFF_SETTLED if settled else _OFF) * total.canonical


def _half_digit(value: float) -> float:
    """Return half a unit of the last digit that a figure shows."""
    decimals = as_text(value).partition(".")[2]
    return 0.5 * 10.0 ** -len(decimals) if decimals.isdigit() or not decimals else 0.0


def _told(s: Statement) -> str:
    return f"{s.indicator} {as_text(s.value)} {s.unit} (row {s.row}, {s.observation})"

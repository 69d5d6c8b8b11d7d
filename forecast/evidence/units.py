"""Units of the tables: ``[magnitude] thing [/ thing]`` in English or Chinese, parsed from text.

A unit has a dimension and a size in the base of that dimension; two units convert into each other
when they share the dimension. The thing is a currency, a measure of ``units.toml`` or any other
noun, which is a dimension of its own. Two currencies do not convert: that takes the exchange rate
of a year, which is an observation (see :mod:`forecast.evidence.measures`).
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from forecast.evidence.problems import UserError, meant

FORM = "[magnitude] thing [/ thing], such as million USD, 亿元, jobs or beds per 1,000 persons"
BARE = ("rank", "count", "index")  # measures that are not written after a number
#: Measures that the checks and the models know by their key.
KEYS = ("%", "pp", *BARE)


class UnitError(UserError):
    """A unit cannot be read, or two units do not measure the same thing.

    Attributes
    ----------
    expected : str
        What would be right in its place; empty if the message states it.
    """

    def __init__(self, message: str, expected: str = "") -> None:
        self.expected = expected
        super().__init__(f"{message}; expected {expected}" if expected else message)


class Thing(NamedTuple):
    """What is counted, and how many of it."""

    key: str  # a measure of ``units.toml``, the code of a currency, or a noun as it is stated
    #: What it is measured in: a measure, the code of a currency, or the noun in the singular.
    base: str
    size: float = 1.0  # how many of the base one of it is, the magnitude left out
    magnitude: float = 1.0  # value of the words before it
    currency: bool = False  # whether `key` is the code of a currency
    noun: bool = False  # whether it is neither a measure nor a currency


class Unit(NamedTuple):
    """What a unit measures: a thing, per another where it is a ratio."""

    top: Thing
    bottom: Thing | None = None

    @property
    def dimension(self) -> str:
        """What it shares with the units that it converts into."""
        return self.top.base if self.bottom is None else f"{self.top.base} per {self.bottom.base}"

    @property
    def size(self) -> float:
        """How many base units of its dimension it is."""
        size = self.top.magnitude * self.top.size
        return size if self.bottom is None else size / (self.bottom.magnitude * self.bottom.size)

    @property
    def pair(self) -> tuple[str, str] | None:
        """The currencies of an exchange rate, the first per the second; else None."""
        if self.bottom is None or not (self.top.currency and self.bottom.currency):
            return None
        return self.top.key, self.bottom.key


class _Vocabulary(NamedTuple):
    magnitudes: dict[str, float]  # words of both languages
    chinese: re.Pattern[str]  # a magnitude before a Chinese word, which no blank sets off
    codes: dict[str, Thing]
    words: dict[str, Thing]  # in the singular
    ambiguous: dict[str, list[str]]  # words of several currencies, such as dollar


@cache
def _vocabulary() -> _Vocabulary:
    from babel.core import Locale, get_global
    from babel.numbers import get_currency_name

    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    english, chinese = Locale("en"), Locale("zh")
    codes = {str(code): Thing(str(code), str(code), currency=True) for code in english.currencies}
    tender = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _, until, is_tender in uses
        if until is None and is_tender
    }
    spelled: dict[str, set[str]] = defaultdict(set)
    last: dict[str, set[str]] = defaultdict(set)  # dollar, rupee
    for code in tender:
        symbols = [locale.currency_symbols.get(code, "") for locale in (english, chinese)]
        names = [get_currency_name(code, count=n, locale=english) for n in (1, 2)]
        for name in {*symbols, *names, chinese.currencies.get(code, "")} - {"", code}:
            spelled[_singular(name)].add(code)
        last[_singular(names[0].split()[-1])].add(code)
        if "$" in symbols[0]:  # whose dollar or peso it is, the sign alone does not say
            last["$"].add(code)
    spelled |= {word: found for word, found in last.items() if len(found) > 1}
    spelled |= {_singular(w): {code} for code, more in table["currencies"].items() for w in more}
    measures = {
        _singular(word): Thing(key, base, float(size))
        for key, (base, size, *others) in table["measures"].items()
        for word in (key, *others)
    }
    one = {word: codes[min(found)] for word, found in spelled.items() if len(found) == 1}
    before = "|".join(sorted(table["chinese"], key=len, reverse=True))
    return _Vocabulary(
        {**table["english"], **table["chinese"]},
        re.compile(f"({before})(.+)"),
        codes,
        {**one, **measures},
        {word: sorted(found) for word, found in spelled.items() if len(found) > 1},
    )


def _singular(text: str) -> str:
    """Fold case and plural of a noun; what it makes of a word is compared, and not shown."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    return " ".join(
        w[:-3] + "y" if len(w) > 4 and w.endswith("ies")
        else w[:-2] if w.endswith(("sses", "shes", "ches", "xes"))
        else w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith(("ss", "us", "is"))
        else w
        for w in words
    )  # fmt: skip


@cache
def parse(text: str) -> Unit:
    """Read a unit as published: `million USD`, `US$ billion`, `亿元`, `beds per 10,000 persons`.

    Case and plural do not matter, except in the code of a currency.

    Raises
    ------
    UnitError
        If there is no thing in it, or a word of a currency or a magnitude where none can be.
    """
    parts = re.split(r"\s*/\s*|\s+per\s+", unicodedata.normalize("NFKC", text).strip())
    if len(parts) > 2:
        raise UnitError(f"unknown unit {text!r}", FORM)
    things = [_thing(part, text) for part in parts]
    return Unit(*things)


def _thing(part: str, text: str) -> Thing:
    """Read a magnitude and a thing; the magnitude may follow, as in `USD million`."""
    known, magnitude, words = _vocabulary(), 1.0, part.split()
    while len(words) > 1 and _known(" ".join(words)) is None:
        first, last = (_magnitude(words[i]) for i in (0, -1))
        if first is None and last is None:
            break
        magnitude *= first or last or 1.0
        words = words[1:] if first is not None else words[:-1]
        if words[0] == "of" and len(words) > 1:
            words = words[1:]
    rest = " ".join(words)
    thing = _known(rest)
    if thing is None and (split := known.chinese.fullmatch(rest)):
        magnitude *= known.magnitudes[split[1]]
        rest = split[2].strip()
        thing = _known(rest)
    if thing is None and (split := re.fullmatch(r"(.*?[^a-z])(m|bn|tn)", rest)):  # US$m, EURbn
        thing = _known(split[1])
        thing = thing if thing and thing.currency else None
        magnitude *= known.magnitudes[split[2]] if thing else 1.0
    return (thing or _noun(rest, text))._replace(magnitude=magnitude)


def _known(text: str) -> Thing | None:
    """Return a currency or a measure; "% of GDP" is a percentage."""
    known, word = _vocabulary(), _singular(re.sub(r"(?i)^(%|per ?cent) of .*", "%", text))
    return known.codes.get(text) or known.words.get(word)


def _magnitude(word: str) -> float | None:
    known, number = _vocabulary().magnitudes, word.replace(",", "")
    if re.fullmatch("10+", number):
        return float(number)
    if re.fullmatch("['’‘]000s?", number):  # of English tables
        return 1e3
    return known.get(word) or known.get(_singular(word))


def _noun(text: str, unit: str) -> Thing:
    """Return a noun as a thing of its own; a word of a currency or a magnitude is a slip."""
    known, words = _vocabulary(), text.split()
    several = known.ambiguous.get(_singular(text), [])
    if several or text.upper() in known.codes:
        codes = ", ".join(several or [text.upper()])
        raise UnitError(f"unknown unit {unit!r}", f"a currency by its code: {codes}")
    money = [
        w for w in words if ((t := _known(w)) and t.currency) or _singular(w) in known.ambiguous
    ]
    odd = [*money, *filter(_magnitude, words)]
    slip = meant(words[:1] if words[1:] else [], known.magnitudes)  # "milion tonnes"
    if (
        odd
        or slip
        or not any(c.isalpha() for c in text)
        or not re.fullmatch(r"[\w .,'’&()-]+", text)
    ):
        near = meant([w for w in words if w not in odd], [*known.magnitudes, *known.words])
        raise UnitError(f"unknown unit {unit!r}", FORM + near)
    return Thing(text, _singular(text), noun=True)


def spellings(unit: str) -> list[str]:
    """Return how units of the dimension of `unit` may be spelled, the magnitude left out."""
    known, base = _vocabulary(), parse(unit).top.base
    return [word for word, thing in {**known.codes, **known.words}.items() if thing.base == base]


def canonical(unit: str) -> str:
    """Return the key of a measure that the code knows by it (`percent` is `%`), else the text."""
    try:
        found = parse(unit)
    except UnitError:
        return unit
    key = found.top.key
    return key if key in KEYS and found == Unit(Thing(key, key)) else unit


def measured(unit: str) -> str:
    """Return what a unit measures: money, exchange rate, or its dimension; empty if unreadable."""
    try:
        found = parse(unit)
    except UnitError:
        return ""
    return "exchange rate" if found.pair else "money" if found.top.currency else found.dimension


@cache
def exchanged(unit: str, to: str) -> tuple[str, str] | None:
    """Return the exchange rate that a conversion takes, as (currency of `to`, that of `unit`)."""
    source, target = parse(unit), parse(to)
    if not (source.top.currency and target.top.currency) or source.pair or target.pair:
        return None
    if source.top.key == target.top.key or source._replace(top=target.top).dimension != (
        target.dimension
    ):
        return None
    return target.top.key, source.top.key


def convert(value: float, unit: str, to: str, exchange_rate: float | None = None) -> float:
    """Express `value`, given in `unit`, in the unit `to` of the same dimension.

    Money in another currency, per the same, takes an exchange rate: units of the currency of `to`
    per unit of that of `unit`.

    Raises
    ------
    UnitError
        If a unit cannot be read, the dimensions differ, or an exchange rate is missing.
    """
    if unit == to:
        return value
    source, target = parse(unit), parse(to)
    if source.dimension != target.dimension:
        if exchanged(unit, to) is None:
            reason = f"{source.dimension} is not {target.dimension}"
            raise UnitError(f"cannot convert {unit} to {to}: {reason}")
        if exchange_rate is None:
            raise UnitError(f"cannot convert {unit} to {to}: that takes an exchange rate")
        value *= exchange_rate
    if math.isclose(source.size, target.size, rel_tol=1e-15):
        return value
    return value * source.size / target.size


def ratio_scale(of: str, per: str, unit: str) -> float:
    """Return what a ratio of 1 is in its own unit, from the units of what is divided.

    That unit is % where both measure the same, a unit per unit, or one of what is divided, per base
    of the other.

    Raises
    ------
    UnitError
        If a unit cannot be read, or that of the ratio measures something else.

    Examples
    --------
    >>> ratio_scale("billion USD", "million persons", "USD / person")
    1000.0
    >>> ratio_scale("million USD", "billion USD", "%")
    0.1
    """
    top, bottom, wanted = parse(of), parse(per), parse(unit)
    ratio = f"{top.dimension} per {bottom.dimension}"
    if unit == "%" and top.dimension == bottom.dimension:
        return 100 * top.size / bottom.size
    if wanted.dimension not in (ratio, top.dimension):
        raise UnitError(f"{unit} does not measure {of} per {per}", f"a unit of {ratio}")
    return top.size / bottom.size / wanted.size

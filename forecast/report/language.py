"""Word facts in a language: catalogues of whole sentences, and values as the language writes them.

The catalogues are Fluent files (https://projectfluent.org), ``locales/<language>/*.ftl``, one file
per page and ``common.ftl`` for what pages share. A missing message or argument raises: it is a
fault of the program, and half a sentence on a page would be worse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from functools import cache, singledispatchmethod
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.evidence.units import BARE, Thing, UnitError, parse
from forecast.facts import (
    Amount,
    Bound,
    Chance,
    Fact,
    Interval,
    Items,
    Month,
    Name,
    Number,
    Percent,
    Points,
    Rate,
    Verdict,
    Year,
    Years,
)
from forecast.report.text import amounts
from forecast.report.text.catalogue import resource
from forecast.report.text.markup import one_line

LOCALES = Path(__file__).with_name("locales")
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}  # of the catalogues -> of HTML and of Babel

SMALLEST = 0.005  # smallest probability that is shown where no record sets a floor

# Upper ends of the verdicts, the outer ones as the IPCC calls them (Mastrandrea et al. 2010).
SCALE = {
    "extremely-unlikely": 0.05,
    "very-unlikely": 0.10,
    "unlikely": 1 / 3,
    "about-even": 2 / 3,
    "likely": 0.90,
    "very-likely": 0.95,
    "extremely-likely": 1.0,
}


class CatalogueError(RuntimeError):
    """A catalogue lacks a message or an argument, or cannot be read: a fault of the program."""


class Language:
    """A language of the pages: ``tell("message", argument=value)`` returns the sentence.

    Parameters
    ----------
    lang : str
        A key of `LANGUAGES`.
    """

    def __init__(self, lang: str) -> None:
        from babel import Locale
        from fluent.runtime import FluentBundle

        if lang not in LANGUAGES:
            raise CatalogueError(f"no language {lang!r}; there are {', '.join(LANGUAGES)}")
        self.lang = lang
        self.locale = LANGUAGES[lang]
        self._babel = Locale.parse(self.locale, sep="-")  # by name, Babel looks for it each time
        self._bundle = FluentBundle([self.locale], use_isolating=False)
        for path in sorted((LOCALES / lang).glob("*.ftl")):
            self._bundle.add_resource(resource(path))

    def __call__(self, message: str, /, **args: object) -> str:
        """Return a message with its arguments written as this language does.

        Parameters
        ----------
        message : str
            Identifier of the catalogues.
        **args
            Values of `forecast.facts`; a str is shown as it is, an int without separators (years,
            and numbers that choose a plural), a date in words. A float is refused: its unit and
            digits are not known.

        Raises
        ------
        CatalogueError
            If the message or one of its arguments is missing.
        """
        try:
            pattern = self._bundle.get_message(message).value
        except LookupError:
            raise CatalogueError(f"no message {message} in {self.lang}") from None
        if pattern is None:
            raise CatalogueError(f"message {message} of {self.lang} has no text")
        values = {name.replace("_", "-"): self._argument(value) for name, value in args.items()}
        text, problems = self._bundle.format_pattern(pattern, values)
        if problems:
            raise CatalogueError(f"message {message} of {self.lang}: {problems[0]}")
        # A line break within a paragraph is one of the file. Chinese is written without blanks.
        joint = " " if self.lang == "en" else ""
        return re.sub(r"(?<!\n)\n(?!\n)(?![-#] )", joint, str(text))

    def has(self, message: str) -> bool:
        """Whether the catalogue has a message."""
        return bool(self._bundle.has_message(message))

    def _argument(self, value: object) -> Any:
        from fluent.runtime.types import fluent_number

        if isinstance(value, bool | float):
            raise CatalogueError(f"argument {value!r} needs a type of forecast.facts")
        if isinstance(value, int) and not isinstance(value, Year):
            return fluent_number(value, useGrouping=False)
        return self.write(value)

    @singledispatchmethod
    def write(self, value: object) -> str:
        """Return a value as this language writes it."""
        raise CatalogueError(f"no way to write {value!r}")

    @write.register
    def _(self, value: str) -> str:
        return value

    @write.register
    def _(self, value: int) -> str:
        return str(value)

    @write.register
    def _(self, value: Year) -> str:
        return value.text

    @write.register
    def _(self, value: Fact) -> str:
        return self(value.message, **value.args)

    @write.register
    def _(self, value: Name) -> str:
        return one_line((value.zh if self.lang == "zh" else "") or value.en)

    @write.register
    def _(self, value: date) -> str:
        from babel.dates import format_date

        return format_date(value, "long", self._babel)

    @write.register
    def _(self, value: Month) -> str:
        from babel.dates import format_date, format_skeleton

        day = date(value.year or 2000, value.month, 1)
        if not value.year:
            return format_date(day, "LLLL" if self.lang == "en" else "LLL", self._babel)
        return format_skeleton("yMMMM", day, locale=self._babel)

    @write.register
    def _(self, value: Items) -> str:
        from babel.lists import format_list

        told = [self.write(v) for v in value.values]
        if value.long:
            return ("; " if self.lang == "en" else "；").join(told)
        return format_list(told, locale=self._babel)

    @write.register
    def _(self, value: Years) -> str:
        runs: list[list[int]] = []
        for year in value.years:
            if runs and year == runs[-1][-1] + 1:
                runs[-1].append(year)
            else:
                runs.append([year])
        told: list[object] = []
        for run in runs:
            each = [Fact("year", {"year": year}) for year in run]
            told += [fact_of_years(run[0], run[-1])] if len(run) > 2 else each
        return self.write(Items(told))

    @write.register
    def _(self, value: Amount) -> str:
        alone = value.value if value.like is None and not value.bare else value.like
        text = self._digits(value.value, value.unit, value.exact, alone, value.like)
        return text if value.bare else self._with_unit(text, value.unit, alone)

    @write.register
    def _(self, value: Interval) -> str:
        ends = (value.low, value.high)
        largest = max(ends, key=abs)
        alone = None if value.bare else largest
        low, high = (self._digits(v, value.unit, value.exact, alone, largest) for v in ends)
        signs = value.unit in amounts.PERCENTS and not value.bare  # one belongs to each number
        low, high = (self._with_unit(end, value.unit) if signs else end for end in (low, high))
        text = self("range-signed" if value.low < 0 else "range", low=low, high=high)
        return text if value.bare or signs else self._with_unit(text, value.unit, alone)

    @write.register
    def _(self, value: Rate) -> str:
        if value.scale == "amount":
            size = self.write(Amount(value.value, value.unit, bare=value.bare))
            return size if value.bare else self("rate-amount", size=size)
        kind = {"log": "percent", "logit": "points"}.get(value.scale, "units")
        digits = {"percent": 1, "points": 2, "units": 1}[kind]
        size = (number := self._fixed(value.value, digits, signed=True)).lstrip("+−")
        alone = None if value.bare else value.value
        if kind == "units" and amounts.shift(value.unit, self.lang, alone):
            size = self._digits(round(abs(value.value), digits), value.unit, True, alone)
            number = number[: number[0] in "+−"] + size
        if value.bare:
            return number
        if kind == "units":
            size = self._with_unit(size, value.unit, alone)
        sign = "none" if not number.strip("+−0.") else "down" if number[0] in "-−" else "up"
        verb = "moved" if value.told else "rate"
        return self(f"{verb}-{kind}", number=number, size=size, sign=sign)

    @write.register
    def _(self, value: Percent) -> str:
        return self("percent", number=self._fixed(value.value, value.digits, value.signed))

    @write.register
    def _(self, value: Points) -> str:
        number = self._fixed(value.value, value.digits, value.signed)
        return self("points", number=number, n=1 if number.lstrip("+−") == "1" else 2)

    @write.register
    def _(self, value: Number) -> str:
        return self._fixed(value.value, value.digits, value.signed)

    @write.register
    def _(self, value: Chance) -> str:
        side = limited(value.probability, edge := max(value.floor or 0.0, SMALLEST))
        least = math.ceil(100 * edge - 1e-9)  # nothing nearer to 0 or to 100 is shown
        n = {-1: least, 1: 100 - least}.get(side, min(max(round(100 * value.probability), 1), 99))
        name = "chance-bare" if value.bare else "chance-short" if value.short else "chance"
        return self(name, n=n, side={-1: "below", 1: "above"}.get(side, "at"))

    @write.register
    def _(self, value: Bound) -> str:
        return self("chance-bound", n=value.percent)

    @write.register
    def _(self, value: Verdict) -> str:
        word, limit = verdict(value.probability, value.floor)
        text = self("verdict", word=word, limit=limit)
        return text[0].upper() + text[1:] if value.head else text

    def unit(self, unit: str, alone: float | None = None, n: int = 2) -> str:
        """Return the name of the unit that amounts of `unit` are written in, for axes and heads.

        Parameters
        ----------
        unit : str
            A unit of the tables; a text that is none is returned as it is.
        alone : float, optional
            An amount in `unit` that it follows in a sentence.
        n : int
            Whether one or more are before it.

        Examples
        --------
        >>> language("en").unit("亿元"), language("zh").unit("million persons")
        ('billion yuan', '万人')
        """
        try:
            (top, bottom), power = parse(unit), amounts.power(unit, self.lang, alone)
        except UnitError:
            return unit
        if bottom is None:
            return "" if top.key in BARE and not power else self._thing(top, power, n)
        per = round(math.log10(bottom.magnitude))
        return self(
            "unit-ratio", top=self._thing(top, power, n), bottom=self._thing(bottom, per, 1, per=1)
        )

    def _thing(self, thing: Thing, power: int, n: int, per: int = 0) -> str:
        """Return the name of a thing with the word for a power of ten before it."""
        from babel.numbers import get_currency_name

        n, name = (2 if power else n), thing.key
        if thing.currency:
            name = get_currency_name(name, count=n, locale=self._babel)
        elif thing.noun and n == 1 and name.casefold().startswith(thing.base):
            name = name[: len(thing.base)]
        named = self("unit-thing", thing=thing.key, name=name, n=n)
        return self("unit-magnitude", power=power, per=per, thing=named) if power else named

    def scaled(self, values: Any, unit: str) -> Any:
        """Return numbers (an array, a Series, a float) in the unit of `Language.unit`."""
        shift = amounts.shift(unit, self.lang)
        return values * 10.0**shift if shift else values

    def of(self, row: Mapping[Any, Any] | pd.Series, column: str) -> str:
        """Return a text of the tables in one line, in English where this language has none.

        Examples
        --------
        >>> language("zh").of({"name": "Zhejiang", "name_zh": "浙江省"}, "name")
        '浙江省'
        """
        own = str(row.get(f"{column}_{self.lang}", "") or "")
        return one_line(own or str(row[column]))

    def _with_unit(self, text: str, unit: str, alone: float | None = None) -> str:
        if unit in amounts.PERCENTS:
            return self(amounts.PERCENTS[unit], number=text)
        name = self.unit(unit, alone, 1 if text == "1" else 2)
        joined = str(amounts.chinese(name[:1]))
        return self("amount", number=text, unit=name, joined=joined) if name else text

    def _digits(
        self,
        value: float,
        unit: str,
        exact: bool,
        alone: float | None = None,
        largest: float | None = None,
    ) -> str:
        places = amounts.shift(unit, self.lang, alone)
        return self._grouped(amounts.number(value, unit, places, exact=exact, largest=largest))

    def _fixed(self, value: float, digits: int, signed: bool = False) -> str:
        text = f"{value:{'+' if signed else ''},.{digits}f}"
        if not text.strip("+-0.,"):  # no sign on what rounds to nothing
            text = text.lstrip("+-")
        return self._grouped(text)

    def _grouped(self, text: str) -> str:
        text = text.replace("-", "−")
        return text if self.lang == "en" else text.replace(",", "")


def fact_of_years(first: int, last: int) -> Fact:
    """Return a range of years."""
    return Fact("year-range", {"first": first, "last": last})


@cache
def language(lang: str = "en") -> Language:
    """Return a language of the pages; its catalogues are read once."""
    return Language(lang)


def limited(probability: float, edge: float) -> int:
    """Return -1 where a probability is shown as an upper limit, 1 as a lower one, else 0."""
    least = math.ceil(100 * edge - 1e-9)
    if probability <= edge or round(100 * probability) < least:
        return -1
    return int(probability >= 1 - edge or round(100 * probability) > 100 - least)


def verdict(probability: float, floor: float | None = None) -> tuple[str, str]:
    """Return the verdict on a probability, a key of `SCALE`, and on which side it is a limit.

    Parameters
    ----------
    probability : float
        Between 0 and 1.
    floor : float, optional
        Smallest probability the record supports. A probability at it is a limit: the verdict is
        that of the limit, ``most`` or ``least`` of it unless no class lies beyond.

    Examples
    --------
    >>> [verdict(p)[0] for p in (0.01, 0.2, 0.5, 0.8, 0.99)]
    ['extremely-unlikely', 'unlikely', 'about-even', 'likely', 'extremely-likely']
    >>> verdict(0.11, 0.11), verdict(0.89, 0.11), verdict(0.01, 0.03)
    (('unlikely', 'most'), ('likely', 'least'), ('extremely-unlikely', 'exactly'))
    """
    side = limited(probability, edge := max(floor or 0.0, SMALLEST))
    if side < 0:
        probability = max(probability, edge)
    elif side > 0:
        probability = min(probability, 1 - edge)
    word = next(word for word, limit in SCALE.items() if probability <= limit)
    if not side or word in (next(iter(SCALE)), next(reversed(SCALE))):
        return word, "exactly"
    return word, "most" if side < 0 else "least"


def paragraphs(*texts: str) -> str:
    """Join the paragraphs that are not empty."""
    return "\n\n".join(text for text in texts if text)


def sentences(tell: Language, *texts: str) -> str:
    """Join the sentences of a paragraph that are not empty, with a blank where there are blanks."""
    return (" " if tell.lang == "en" else "").join(text for text in texts if text)

"""What one types to start a data folder: "GDP at least 5,200 billion INR by 2029", a month."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from typing import NamedTuple

from forecast.editing import phrases
from forecast.evidence.calendar import JANUARY, year_name, year_number
from forecast.evidence.problems import UserError
from forecast.evidence.units import UnitError, measured, parse

LIKE = "'GDP at least 5200 billion INR by 2029' or 'Unemployment at most 5 % by 2030'"
#: How people write the comparisons of ``targets.csv``.
WORDS: Mapping[str, tuple[str, ...]] = {
    "at_least": ("at least", "no less than", "not less than", "no fewer than", "reaches", ">=",
                 "≥"),
    "at_most": ("at most", "no more than", "not more than", "<=", "≤"),
    "below": ("below", "under", "less than", "fewer than", "<"),
    "exceed": ("more than", "exceeds", "exceed", "above", "over", ">"),
    "between": ("between",),
    "about": ("about", "around", "close to", "≈", "~"),
    "rank_within": ("in the top", "among the top", "within the top", "top"),
}  # fmt: skip
FISCAL = 7  # any month but January: both forms of years are read before it is known
_BY_WORD = {word: name for name, words in WORDS.items() for word in words}
_COMPARISON = "|".join(re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True))
_GOAL = re.compile(
    rf"(?P<name>.*?\S)\s+(?P<comparison>{_COMPARISON})\s*(?P<value>-?[0-9][0-9.,]*)"
    r"(?:\s*(?:and|to|-|–)\s*(?P<value_to>-?[0-9][0-9.,]*))?(?P<unit>.*?)"
    r"(?:\s*,?\s+within\s+(?P<tolerance>[0-9.]+)\s*%)?"
    r"\s*(?:,|\bby|\bin|\buntil|\bof)\s+(?P<year>(?:FY\s*)?[0-9]{4}(?:[/-][0-9]{2,4})?)\.?",
    re.IGNORECASE,
)
#: A verb between the name and the comparison; forms that are nouns as well only after a plural.
_VERB = re.compile(
    r"\s+(?:(?:will|shall|should|must|to)\s+(?:be|stay|remain|fall|rise|drop|climb|decline)"
    r"|is|are|be|stays?|remains?|falls|rises|drops|climbs|declines"
    r"|(?<=[^s]s )(?:fall|rise|drop|climb|decline))(?:\s+(?:kept|held))?(?:\s+to)?$",
    re.IGNORECASE,
)
_WITHIN = r"\s(?:in|of|from|by|for|to|with|at|on|per)(?:\s|$)|[(,:]|/"  # what follows qualifies
#: The last words of what is counted in money: totals, and what each unit costs or earns.
_TOTALS = re.compile(
    r"\b(?:G[DNR]P|GNI|GVA|GSDP|NSDP|gross (?:\w+ )*product|incomes?|earnings|exports?|imports?"
    r"|trade|sales|revenues?|receipts|turnover|output|value(?: added)?|investments?|FDI|spending"
    r"|expenditures?|budget|balance|deficit|surplus|debts?|tax(?:es)?|reserves|remittances|loans"
    r"|credit|deposits|savings|assets|profits?|subsidies|funding|aid)$|(?:[值额债]|收入|支出|投资|税收|[进出]口)$",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:prices?|costs?|fees?|rents?|wages?|salar(?:y|ies)|pay)$|(?:价格?|工资|租金)$",
    re.IGNORECASE,
)
_AVERAGE = re.compile(r"\b(?:per|average|mean|median|minimum)\b|人均|平均", re.IGNORECASE)
_PERCENTAGE = re.compile(
    r"\b(?:share|rate|ratio|percentage|proportion|growth|inflation|unemployment)$|[率比]$",
    re.IGNORECASE,
)
_RATIO = re.compile(r"(?:\bto\s|/\s*)(?:GDP|GNI|exports|income|revenue)\b", re.IGNORECASE)
_YEARLY = re.compile(r"\s+(?:a|per|each|every) year$|\s+(?:yearly|annually)$", re.IGNORECASE)


class Goal(NamedTuple):
    """A target in words: its name, what is compared with what, and when."""

    name: str
    comparison: str
    value: str
    unit: str  # empty: as other figures of the indicator
    year: int
    tolerance: str = ""
    value_to: str = ""  # upper end of a range
    start: int = 0  # base year of growth: the value is in percent, the unit that of its levels

    def __str__(self) -> str:
        """Tell what was understood: name, comparison, value, unit, year."""
        return self.told()

    def told(self, starts: int = JANUARY) -> str:
        """Tell what was understood, years that begin in the month `starts` by their names."""
        if self.start:
            first, last = (year_name(number, starts) for number in (self.start, self.year))
            least = WORDS[self.comparison][0]
            return f"{self.name!r}: growth {least} {self.value} % from {first} to {last}"
        value = f"{self.value} and {self.value_to}" if self.value_to else self.value
        unit = "" if self.unit == "rank" else f" {self.unit}"
        near = f", within {self.tolerance} %" if self.tolerance else ""
        return (
            f"{self.name!r}: {WORDS[self.comparison][0]} {value}{unit}{near}, in the year "
            f"{year_name(self.year, starts)}"
        )


def goal(text: str, currency: str = "") -> Goal:
    """Read a target.

    Parameters
    ----------
    text : str
        Name, comparison, value, unit and year: "Exports above 30 billion USD by 2030", "Rents about
        900 EUR within 5 % in 2030", "Ease of business in the top 20 by 2029". A year of a fiscal
        calendar, 2029/30 or FY2030, is the one in which it ends.
    currency : str
        Unit of the values that have none, or only a magnitude, where the name says that they are
        money.

    Raises
    ------
    forecast.evidence.problems.UserError
        If a part is missing or cannot be read.

    Examples
    --------
    >>> goal("GDP at least 5,200 billion INR by 2029")[:5]
    ('GDP', 'at_least', '5200', 'billion INR', 2029)
    """
    if (growth := phrases.growth(text.strip())) is not None:
        return _growth(growth, currency)
    found = _GOAL.fullmatch(phrases.plain(text.strip()))
    if found is None:
        raise UserError(
            f"{text!r} is no target; expected a name, a comparison (at least, at most, more than, "
            f"below, between, about, in the top), a number with its unit, and a year: {LIKE}"
        )
    compared = _BY_WORD[found["comparison"].lower()]
    if compared == "about" and not found["tolerance"]:
        raise UserError(
            f"{text!r} does not say how near counts; expected 'within 5 %' or so before the year"
        )
    if (compared == "between") != bool(found["value_to"]):
        such = "'Inflation between 2 and 4 % in 2030'"
        raise UserError(f"{text!r} is no range; expected both ends, such as {such}")
    name = found["name"].strip().rstrip(":,")
    bare = _VERB.sub("", name)
    if not re.search(rf"(?:{_WITHIN})$", f"{bare} "):  # "Deaths from falls"
        name = bare
    unit = _YEARLY.sub("", f" {found['unit']}".rstrip()).strip()
    unit = re.sub(r"(?i)^per ?cent\b", "%", unit)
    if unit.lower().startswith("per "):  # "Infant deaths below 5 per 1,000 births"
        unit = f"{name.lower()} {unit}"
    said = f"{found['comparison']} {found['value']}"
    return Goal(
        name,
        compared,
        number(found["value"]),
        "rank" if compared == "rank_within" else unit_of(unit, currency, name, said),
        year(found["year"]),
        found["tolerance"] or "",
        number(found["value_to"]) if found["value_to"] else "",
    )


def _growth(wish: phrases.Growth, currency: str) -> Goal:
    """Return a target of growth; what is counted may stand in brackets after the name."""
    named = re.fullmatch(r"(?P<name>.*\S)\s*\((?P<unit>[^()]+)\)", wish.name)
    name, unit = (named["name"], named["unit"]) if named else (wish.name, "")
    if not unit and not _is_money(name, currency):
        unit = _counted(name, currency)
        if unit not in ("%", "persons"):
            raise UserError(
                f"the unit of {name!r} is not stated; expected it in brackets after the name, such "
                "as 'nurses (persons)' or 'emissions (tonnes)'"
            )
    return Goal(
        name[:1].upper() + name[1:],
        "at_most" if wish.percent.startswith("-") else "at_least",
        number(wish.percent),
        unit_of(unit, currency, name),
        year(wish.year),
        start=year(wish.start),
    )


def comparison(text: str) -> str:
    """Return the comparison of ``targets.csv`` that a text stands for.

    Raises
    ------
    forecast.evidence.problems.UserError
        If it stands for none.
    """
    plain = text.strip().lower()
    if plain not in _BY_WORD and plain not in WORDS:
        such = ", ".join(words[0] for words in WORDS.values())
        raise UserError(f"{text!r} is no comparison; expected one of {such}")
    return _BY_WORD.get(plain, plain)


def number(text: str) -> str:
    """Return a number without the commas between its thousands.

    Raises
    ------
    forecast.evidence.problems.UserError
        If it is none.
    """
    plain = text.rstrip(".,").strip()
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}(\.[0-9]+)?", plain):  # also 1,00,000
        plain = plain.replace(",", "")
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain):
        raise UserError(f"{text!r} is no number; expected one such as 5200 or 3.4")
    return plain


def year(text: str) -> int:
    """Return the year of a target; of a fiscal one that in which it ends.

    Raises
    ------
    forecast.evidence.problems.UserError
        If it is no year.
    """
    found = year_number(text.strip(), FISCAL)
    if found is None:
        first = re.match(r"\D*([0-9]{4})[/-]", text)
        such = year_name(int(first[1]) + 1, FISCAL) if first else "2029, FY2029 or 2028/29"
        raise UserError(f"{text!r} is no year; expected one such as {such}")
    return found


def unit_of(unit: str, currency: str = "", name: str = "", said: str = "") -> str:
    """Return a unit as it is stated, with the currency where it lacks one.

    Parameters
    ----------
    unit : str
        Empty, or only a magnitude, if what is counted is not stated.
    currency : str
    name : str
        Of what has the unit; the currency is its unit only if the name says that it is money.
    said : str
        What stands before the unit, for messages.

    Raises
    ------
    forecast.evidence.problems.UserError
        If neither the unit nor the name says what is counted.
    forecast.evidence.units.UnitError
        If the unit cannot be read.

    Examples
    --------
    >>> unit_of("million", "USD"), unit_of("tonnes", "USD"), unit_of("", "billion USD", "GDP")
    ('million USD', 'tonnes', 'billion USD')
    """
    money = currency
    if unit:
        try:
            parse(unit)
        except UnitError:
            magnitude = unit.replace(" ", "").isalpha() and measured(f"{unit} persons") == "person"
            if not magnitude or not (currency or (name and not _is_money(name, ""))):
                raise  # about what was typed
        else:
            return unit
        money = f"{unit} {parse(currency).top.key}" if currency else ""
    if name and not _is_money(name, money):
        such = _counted(name, currency)
        such = repr(" ".join(filter(None, (said, unit, such)))) if such else "years, tonnes or %"
        raise UserError(f"the unit of {name!r} is not stated; expected it, such as {such}")
    return money


def _is_money(name: str, money: str) -> bool:
    """Whether a name says that its values are money in this unit: wages are not in billions."""
    head = _head(name)
    each = bool(_EACH.search(head) or (_TOTALS.search(head) and _AVERAGE.search(name)))
    large = bool(money) and parse(money).size >= 1000
    return not large if each else bool(_TOTALS.search(head) and not _RATIO.search(name))


def _head(name: str) -> str:
    """Return what a name is about, without what qualifies it: the last word says what it is."""
    head = re.split(_WITHIN, name, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    return re.sub(r"\s(?:\w+ed|paid|spent|sold|built)$", "", head)  # "Tax collected"


def _counted(name: str, currency: str) -> str:
    """Return what the values of a name may count, as an example; empty if it does not say."""
    head = _head(name)
    if _PERCENTAGE.search(head) or _RATIO.search(name):
        return "%"
    if _TOTALS.search(head) or _EACH.search(head):
        return parse(currency).top.key if currency else "USD"
    if re.search(r"(?i)\b(?:population|people)$", head):
        return "persons"
    counted = name if re.search(r"(?i)\sper\s", name) else (head.split() or [""])[-1]
    if not re.search(r"[^s]s(?:\s|$)", counted):  # no plural
        return ""
    return counted[:1].lower() + counted[1:] if counted[1:].islower() else counted


def names(text: str) -> tuple[str, ...]:
    """Return names that commas separate."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def month(text: str) -> int:
    """Return the number of a month, given by number or name.

    Raises
    ------
    forecast.evidence.problems.UserError
        If it is none.

    Examples
    --------
    >>> month("4"), month("April"), month("sep")
    (4, 4, 9)
    """
    plain = text.strip().lower()
    if plain.isdecimal() and 1 <= int(plain) <= 12:
        return int(plain)
    found = [i for i, name in enumerate(calendar.month_name) if name.lower().startswith(plain)]
    if len(plain) < 3 or len(found) != 1:
        raise UserError(f"{text!r} is no month; expected one such as April, or 4")
    return found[0]


def languages(text: str) -> tuple[str, ...]:
    """Return the languages of the pages that a text lists.

    Raises
    ------
    forecast.evidence.problems.UserError
        If it lists none, one twice, or one that there are no pages in.
    """
    from forecast.report.language import LANGUAGES

    found = names(text.replace(";", ","))
    if not found or not set(found) <= set(LANGUAGES) or len(set(found)) < len(found):
        known = ", ".join(LANGUAGES)
        raise UserError(f"{text!r} names no languages of pages; expected one or more of {known}")
    return found

"""How amounts are written: in which power of ten of their unit, and with how many digits.

English text counts in thousands, millions, billions and trillions, Chinese text in 万, 亿 and 万亿.
The unit of the tables decides, for axes and heads of columns as for sentences. An amount that
stands alone in a sentence takes another power where it would be unwieldy in that one.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

from forecast.evidence.units import Unit, UnitError, parse

STEPS = {"en": (0, 3, 6, 9, 12), "zh": (0, 4, 8, 12)}
#: What an amount is kept between in the usual power, which is 0, 3 or more.
LEAST, MOST = {"en": 0.1, "zh": 1.0}, {0: 1e6, 3: 1e3}
MOST_OF_OTHERS = 1e4
MOST_IN_CHINESE = 1e5  # round thousands from here on: 26000万吨, but 479亿吨
MANY = 1e7  # from here on, estimates in the unit of the tables have five digits

# Units that are written as a sign -> message.
PERCENTS = {"%": "percent", "‰": "permille", "% per year": "percent-yearly"}


def power(unit: str, lang: str, alone: float | None = None) -> int:
    """Return the power of ten that amounts of a unit are written in.

    Parameters
    ----------
    unit : str
        A unit of the tables. What is written in Chinese stays as it is in Chinese text
        but for large round numbers.
    lang : str
    alone : float, optional
        An amount in `unit` that stands alone; without it the power is that of axes and columns.

    Raises
    ------
    UnitError
        If the unit cannot be read.

    Examples
    --------
    >>> [power(u, "en") for u in ("亿元", "万人", "crore INR", "jobs")]
    [9, 6, 6, 0]
    >>> power("million USD", "zh"), power("million USD", "zh", 50), power("USD", "en", 3.5e11)
    (8, 4, 9)
    """
    found = parse(unit)
    usual = _usual(found, unit, lang)
    if alone is None or found.bottom is not None:
        return usual
    if lang == "zh" and chinese(unit):
        if abs(alone) < MOST_IN_CHINESE or alone % 1000:  # not shorter in another power
            return usual
        usual = 0  # the power is that of the amount
    size = abs(alone) * found.top.magnitude
    least, most = LEAST[lang] if usual else 0.0, MOST.get(usual, MOST_OF_OTHERS)
    if size < 1 or least <= size / 10**usual < most:
        return usual
    return max(p for p in STEPS[lang] if p == 0 or (p != 3 and size >= 10**p))


def _usual(unit: Unit, text: str, lang: str) -> int:
    own = round(math.log10(unit.top.magnitude))
    if own in STEPS[lang] or (lang == "zh" and chinese(text)):
        return own
    if unit.bottom is not None and own < 6:
        return 0
    if lang == "en":
        return 0 if own < 4 else 6 if own < 8 else 9 if own < 12 else 12
    # A million persons are 100 万; amounts of money of that size are stated in 亿.
    return 0 if own < 3 else 4 if own < 6 or (own < 8 and not unit.top.currency) else 8


def shift(unit: str, lang: str, alone: float | None = None) -> int:
    """Return the power of ten from a unit of the tables to the one that `power` returns."""
    try:
        return round(math.log10(parse(unit).top.magnitude)) - power(unit, lang, alone)
    except UnitError:
        return 0


def number(
    value: float, unit: str, places: int, *, exact: bool, largest: float | None = None
) -> str:
    """Write a number with the digits that it has in the unit of the tables.

    Parameters
    ----------
    value : float
        In `unit`.
    unit : str
    places : int
        Power of ten to the unit that it is written in.
    exact : bool
        Whether it was stated by somebody: then all its digits are shown.
    largest : float, optional
        The largest of the numbers that it stands beside: they have as many decimals as that one.

    Returns
    -------
    str
        With commas between thousands.

    Examples
    --------
    >>> number(-1e-14, "million EUR", 0, exact=False), number(-0.5, "rank", 0, exact=False)
    ('0.00', '0')
    """
    if exact:
        shifted = Decimal(f"{value:.12g}").scaleb(places)
        return f"{shifted.normalize():,f}" if shifted else "0"
    size = abs(value if largest is None else largest)
    digits = 0 if size >= 1000 or unit in ("rank", "count") else 1 if size >= 20 else 2
    if size >= MANY:
        digits = 4 - math.floor(math.log10(size))
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    if largest is None and digits == 2 and size >= 10 and rounded == round(rounded, 1):
        rounded = round(rounded, 1)
    shifted = (rounded or abs(rounded)).scaleb(places)  # without the sign of a zero
    if digits <= 0 and shifted != 0:  # zeros that only the shift has put behind the point
        shifted = shifted.normalize()
    return f"{shifted:,f}"


def chinese(text: str) -> bool:
    """Whether a text has a Chinese character."""
    return any("\u4e00" <= c <= "\u9fff" for c in text)

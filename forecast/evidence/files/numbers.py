"""Numbers as tables of many countries print them: the one parser of panels and imports.

Whether a comma is a decimal mark or parts thousands cannot be told from one number: `decimal_mark`
looks at all numbers of a file, and refuses where they do not decide it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

#: What stands where there is no figure.
MISSING = frozenset(
    {"", "-", "--", "---", ".", "..", "...", ":", "/", "x", "na", "n/a", "n.a", "n.a.", "nan",
     "null", "none", "nil", "not available", "无", "不详", "缺", "空缺", "—", "***"}
)  # fmt: skip
#: Signs of a footnote or a flag beside a number. Other letters than these may be magnitudes.
_FLAG = (
    r"(?:[*†‡§#⁰¹²³⁴-⁹①-⑳]+|\((?:[A-Za-z]{1,3}|\d{1,2}|[^\d()%]{1,12})\)|\[\w{1,3}\]"
    r"|[pPeErRfF])"
)
_FLAGS_AFTER = re.compile(rf"(?<=[\d%.)])\s*((?:\s*{_FLAG})+)\s*$")
_FLAGS_BEFORE = re.compile(r"^\s*([*†‡§#]+)\s*(?=[\d(+.-])")
_CURRENCY = re.compile(r"^(?:[A-Z]{0,3}[$€£¥₹₩₽]|[A-Z]{3}(?=[ \d]))\s*|\s*[$€£¥₹₩₽]$")
#: 亿元 needs no blank before it; 年 and 月 are no units.
_AFTER = re.compile(r"(?<=\d)\s*([%‰]|(?![年月日季第])[\u4e00-\u9fff]{1,6})$")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")  # the usual case, in a tenth of the time
_ALIKE = str.maketrans({"−": "-", "–": "-", "‒": "-", "’": "'", "ʼ": "'", "٫": ".", "٬": ","})
_BODY = {
    mark: re.compile(
        rf"[+-]?(?={re.escape(mark)}?\d)(?:\d+|[1-9]\d{{0,2}}(?:([{other}' ])\d{{3}})(?:\1\d{{3}})*"
        rf"|[1-9]\d?(?:{re.escape(other)}\d{{2}})+{re.escape(other)}\d{{3}})?"
        rf"(?:(?<=\d){re.escape(mark)}\d+|(?<!\d){re.escape(mark)}\d+)?(?:[eE][+-]?\d{{1,3}})?"
    )
    for mark, other in ((".", ","), (",", "."))
}
#: A number that is one thing with a decimal point and another with a decimal comma.
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


class Number(NamedTuple):
    """A number, the marks beside it, and the unit in its cell."""

    value: Decimal
    marks: str = ""
    unit: str = ""


class UndecidedError(Exception):
    """Numbers that do not decide which sign is the decimal mark, or contradict each other.

    Attributes
    ----------
    first, second : str
        A number for each reading; `second` is empty where the first can be read in both.
    """

    def __init__(self, first: str, second: str = "") -> None:
        super().__init__(first, second)
        self.first, self.second = first, second


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure."""
    plain = unicodedata.normalize("NFKC", text).translate(_ALIKE).strip().strip("()").lower()
    return plain in MISSING


def number(text: str, mark: str = ".") -> Number | None:
    """Read a number with thousands separators, marks of footnotes, a percent sign or a currency.

    Beside the decimal mark, the other sign, apostrophes and blanks of any width part thousands. The
    value keeps its digits; parentheses make it negative.

    Examples
    --------
    >>> number("7,313.50*")
    Number(value=Decimal('7313.50'), marks='*', unit='')
    >>> number("(1.234,5)", ",").value, number("５．２％").unit, number("12 34")
    (Decimal('-1234.5'), '%', None)
    """
    if mark == "." and _PLAIN.fullmatch(text):
        return Number(Decimal(text))
    body, marks = _without_marks(text)
    body, unit = _without_unit(body)
    negative = body.startswith("(") and body.endswith(")")
    if negative:
        body, unit = _without_unit(body[1:-1].strip()) if not unit else (body[1:-1].strip(), unit)
    if not any(c.isdigit() for c in body) or not _BODY[mark].fullmatch(body):
        return None
    if negative and body[0] in "+-":
        return None
    value = Decimal(re.sub(r"[' ,]" if mark == "." else r"[' .]", "", body).replace(",", "."))
    return Number(-value if negative else value, marks, unit)


def _without_marks(text: str) -> tuple[str, str]:
    """Take off the marks before and after a number, and write the rest in plain characters."""
    # Before normalization, which makes digits of superscripts.
    text = text.strip().translate({ord("（"): "(", ord("）"): ")", 0xA0: " "})
    marks = ""
    if found := _FLAGS_BEFORE.match(text):
        marks, text = found[1], text[found.end() :]
    if found := _FLAGS_AFTER.search(text):
        marks += found[1]
        text = text[: found.start()]
    plain = unicodedata.normalize("NFKC", text).translate(_ALIKE).strip()
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain)
    return re.sub(r"^'|(?<=^-) ", "", plain), re.sub(r"[\s()\[\]]+", " ", marks).strip()


def _without_unit(text: str) -> tuple[str, str]:
    """Take off a percent sign, a currency, or Chinese words, which may be a unit."""
    if found := _CURRENCY.search(text):
        return _CURRENCY.sub("", text), found[0].strip()
    if found := _AFTER.search(text):
        return text[: found.start()], found[1]
    return text, ""


def decimal_mark(texts: Iterable[str], points: bool = False) -> str:
    """Return the decimal mark of the numbers of a file: ``.`` or ``,``.

    What is no number in either reading is skipped. Where nothing says otherwise, as in cells that
    are separated by commas, `points` takes a point for it.
    """
    seen: dict[str, str] = {}
    for text in texts:
        if "." not in text and "," not in text and text.isascii():
            continue
        body = _without_unit(_without_marks(text)[0])[0].strip("()")
        if "." not in body and "," not in body:
            continue
        readings = [mark for mark, form in _BODY.items() if form.fullmatch(body)]
        if len(readings) == 1:
            seen.setdefault(readings[0], text)
        elif readings and _EITHER.fullmatch(body):
            seen.setdefault("point" if "." in body else "comma", text)
    if "." in seen and "," in seen:
        raise UndecidedError(seen["."], seen[","])
    for mark in ".,":
        if mark in seen:
            return mark
    if "comma" in seen or ("point" in seen and not points):
        raise UndecidedError(seen.get("comma") or seen["point"])
    return "."

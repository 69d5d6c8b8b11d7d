"""Distinguish the encodings of text files, or refuse what is ambiguous.

Old code pages carry no mark: the same bytes read as Chinese, Japanese, French or Russian. Each is
scored by how much of what it makes of the bytes looks like text of its languages. One that stands
out is taken, and reported; otherwise the file is refused with what was tried.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from forecast.evidence.problems import data_error

PLAUSIBLE = 0.5  # share of the characters beyond ASCII that have to look right ...
MARGIN = 0.25  # ... and by how much more of them than in any other reading
LONGEST = 20_000  # characters beyond ASCII that are looked at
#: Of a pattern: characters of no text, which command a terminal, end a line where no new line is,
#: turn the direction of what follows, or cannot be written into a workbook.
CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff"


class Decoded(NamedTuple):
    """Text, and the name of the encoding it was read in; ``UTF-8`` needs no mention."""

    text: str
    encoding: str


class UndecodableError(Exception):
    """Bytes that are no text, or text in more than one reading.

    Attributes
    ----------
    position : int
        Byte at which the trouble begins.
    readings : tuple of (str, str)
        Encodings tried, and what each makes of the line; empty where it makes nothing of it.
    """

    def __init__(self, position: int, readings: tuple[tuple[str, str], ...]) -> None:
        super().__init__(position, readings)
        self.position, self.readings = position, readings


def decoded(data: bytes, usual: str = "") -> Decoded:
    """Decode text in UTF-8, UTF-16 or an old code page: the `usual` one if none looks better.

    Raises
    ------
    UndecodableError
        When no reading looks like text, or two do.

    Examples
    --------
    >>> decoded("金华,东阳".encode("gb18030"))
    Decoded(text='金华,东阳', encoding='GB18030')
    >>> decoded("Québec,Málaga".encode("cp1252")).encoding
    'Windows-1252'
    """
    if wide := _wide(data):
        try:
            return Decoded(data.decode(wide).removeprefix("\ufeff"), "UTF-16")
        except UnicodeDecodeError as error:
            raise UndecodableError(error.start, (("UTF-16", ""),)) from None
    try:
        return Decoded(data.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError as error:
        position = error.start
    # A damaged file in UTF-8 would turn into nonsense: in another encoding hardly any character
    # happens to be valid UTF-8.
    attempt = data.decode("utf-8", "replace")
    foreign = sum(character > "\x7f" for character in attempt)
    found = {}
    if attempt.count("\ufffd") >= 0.2 * foreign:
        for name, (codec, looks_right) in CODE_PAGES.items():
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            found[name] = (_score(text, looks_right), text)
    best = sorted(found, key=lambda name: -found[name][0])
    if usual in found and (found[best[0]][0] < PLAUSIBLE or best[0] == usual):
        return Decoded(found[usual][1], usual)
    rival = found[best[1]][0] if len(best) > 1 else 0.0
    if best and found[best[0]][0] >= max(PLAUSIBLE, rival + MARGIN):
        return Decoded(found[best[0]][1], best[0])
    line = data[:position].count(b"\n")
    readings = [(name, _line(found[name][1], line) if name in found else "") for name in CODE_PAGES]
    raise UndecodableError(position, (("UTF-8", ""), *readings))


def decode(data: bytes, file: str) -> str:
    """Decode UTF-8, with or without a byte-order mark, or GB18030 as Excel in China writes.

    Tables are written again by the program, so they are not kept in other encodings.
    """
    text, encoding = text_of(data, file, usual="GB18030")
    if encoding == "UTF-16":
        raise data_error(file, "text in UTF-8, not in UTF-16: save it as 'CSV UTF-8'")
    if encoding not in ("UTF-8", "GB18030"):
        row, cell = first_foreign(text)
        expected = f"text in UTF-8 (or GB18030), not in {encoding}: save it as 'CSV UTF-8'"
        raise data_error(file, expected, row=row, value=cell)
    return text


def text_of(data: bytes, file: str, usual: str = "") -> Decoded:
    """Decode a text file; an error gives the row that cannot be decoded and what was tried."""
    if data.startswith(b"PK\x03\x04"):
        raise data_error(file, "text, not an Excel workbook: save it as 'CSV UTF-8'")
    try:
        found = decoded(data, usual)
    except UndecodableError as error:
        row = 1 + data[: error.position].count(b"\n")
        *others, last = [name for name, text in error.readings if text] or [""]
        doubt = f", and which of {', '.join(others)} and {last} cannot be told" if others else ""
        doubt = doubt or (f", perhaps in {last}" if last else "")
        expected = "text in UTF-8: open it in a spreadsheet or an editor, save it as 'CSV UTF-8'"
        raise data_error(file, expected, row=row, wrong=f"not in UTF-8{doubt}") from None
    if "\0" in found.text:
        row = 1 + found.text[: found.text.index("\0")].count("\n")
        raise data_error(file, "text without NUL bytes", row=row)
    return found


def first_foreign(text: str) -> tuple[int, str]:
    """Return the row and the cell of the first character beyond ASCII."""
    for row, line in enumerate(text.splitlines(), start=1):
        if not line.isascii():
            return row, next(c for c in re.split(r"[,;\t]", line) if not c.isascii()).strip('" ')
    return 1, ""


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number].strip() if number < len(lines) else ""


def _wide(data: bytes) -> str:
    """Return the variant of UTF-16 that bytes are in, or nothing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > 0.3 * len(head) / 2 and min(even, odd) == 0:
        return "utf-16-be" if even else "utf-16-le"
    return ""


def _score(text: str, looks_right: Callable[[str, str, str], float]) -> float:
    """Return the mean plausibility of the characters beyond ASCII, each cell counted once."""
    if any(unicodedata.category(c) in ("Cc", "Cn", "Co") for c in set(text) if c > "\x7f"):
        return 0.0
    cells = dict.fromkeys(re.split(r"[,;\t\r\n]+", text))
    total, n = 0.0, 0
    for cell in cells:
        for i, character in enumerate(cell):
            if character > "\x7f":
                total += looks_right(character, cell[:i], cell[i + 1 :])
                n += 1
        if n >= LONGEST:
            break
    return total / n if n else 0.0


# How much a character looks like text, given what is before and after it in its cell -------------


def _ascii_small(before: str, after: str) -> bool:
    return any("a" <= c <= "z" for c in before[-1:] + after[:1])


def _chinese(character: str, before: str, after: str) -> float:
    if _ascii_small(before, after):
        return 0.0
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0.3 if "\u4e00" <= character <= "\u9fff" else 0.0
    if 0xA4 <= lead <= 0xA9:  # kana, Greek, Cyrillic, frames
        return 0.3
    return 1.0 if lead <= 0xD7 else 0.5  # the second level holds the rare ones


def _japanese(character: str, before: str, after: str) -> float:
    if _ascii_small(before, after) or "\uff61" <= character <= "\uff9f":  # half-width katakana
        return 0.0
    try:
        lead = character.encode("euc_jp")[0]
    except UnicodeEncodeError:
        return 0.0
    return 1.0 if lead <= 0xCF else 0.5


def _letters(before: str, character: str, after: str) -> str:
    """Return the run of letters around a character."""
    start, end = len(before), 0
    while start and before[start - 1].isalpha():
        start -= 1
    while end < len(after) and after[end].isalpha():
        end += 1
    return before[start:] + character + after[:end]


def _cased(word: str) -> bool:
    return word.islower() or word.isupper() or word.istitle()


def _western(character: str, before: str, after: str) -> float:
    if not character.isalpha() or character in "ªºƒ":
        usual = character in "\xa0ªº°²³€£§–—‘’“”…«»·"
        return float(usual and any(c <= "\x7f" and c.isalpha() for c in before + after))
    word = _letters(before, character, after)
    if character.isupper() and before[-1:].islower():
        return 0.0
    if sum(c <= "\x7f" for c in word) >= len(word) / 2:
        return 1.0
    return 0.4 if _cased(word) else 0.0  # accents alone: rare, but some names


def _russian(character: str, before: str, after: str) -> float:
    if not ("А" <= character <= "я" or character in "Ёё"):
        return float(
            character in "\xa0№«»–—" and not (before[-1:].isalpha() and after[:1].isalpha())
        )
    word = _letters(before, character, after)
    if len(word) < 3 or not _cased(word) or any(c <= "\x7f" for c in word):
        return 0.0
    return (0.6 if len(word) == 3 else 0.8) if word.isupper() else 1.0


CODE_PAGES: dict[str, tuple[str, Callable[[str, str, str], float]]] = {
    "GB18030": ("gb18030", _chinese),
    "Shift-JIS": ("cp932", _japanese),
    "Windows-1252": ("cp1252", _western),
    "Windows-1251": ("cp1251", _russian),
}

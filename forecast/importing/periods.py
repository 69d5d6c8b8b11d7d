"""Periods as heads of tables write them: years, fiscal years, parts of years, in two languages.

One head can be ambiguous: 2010-11 is a fiscal year or November. `periods_of` reads all heads of an
axis together, and refuses where they do not decide it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from forecast.importing.grid import Cell

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")  # within a text


class Span(NamedTuple):
    """A period, or the part of a year whose year stands elsewhere."""

    year: int  # 0 where only the part is stated
    #: Empty for a year; ``H1``, ``Q2``, ``06``, ``06-30``, ``/24`` (fiscal 2023/24), ``FY``.
    part: str = ""
    cumulative: bool = False  # whether it runs from January, as ``1-6月`` does
    mark: str = ""  # what stands beside it: ``p``, ``E``, a footnote

    @property
    def text(self) -> str:
        """The period in the form of the tables."""
        if self.part == "FY":
            return f"FY{self.year}"
        joint = "" if self.part[:1] in ("", "/", "H", "Q") else "-"
        return f"{self.year}{joint}{self.part}"

    def of(self, year: int) -> Span:
        """Return the part in a year."""
        return self._replace(year=year)


class AmbiguousError(Exception):
    """Heads that can be read in two ways; the message names the option that decides."""


_MONTHS = {
    name: f"{i:02d}"
    for i, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_DIGITS = {sign: str(i) for i, sign in enumerate("一二三四五六七八九", 1)} | {"十": "10"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_Y = r"(?P<y>(?:19|20|21)\d\d)"
_NAME = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_M = r"(?P<m>1[0-2]|0?[1-9])"
_Q = r"(?P<q>[1-4])"
#: Forms in the order in which they are tried; `y`, `q`, `h`, `m` and `d` are numbers.
_FORMS = [
    re.compile(form)
    for form in (
        rf"{_Y}(?:年|\.0)?",
        rf"{_Y}(?P<nendo>)年度",
        rf"(?:fy|fiscal year) ?{_Y}(?P<fy>)",
        r"fy ?'?(?P<short>\d\d)(?P<fy>)",
        rf"(?:fy ?)?{_Y} ?[/–-] ?(?P<end>(?:19|20|21)\d\d|\d\d)(?: ?(?:fy|财年|年度))?",
        rf"{_Y} ?[-/.年]? ?q{_Q}",
        rf"q{_Q} ?[-/.']? ?{_Y}",
        rf"{_Q}q ?'?(?:{_Y}|(?P<short>\d\d))",
        rf"q{_Q} ?[-/'] ?(?P<short>\d\d)",
        rf"(?:{_Y}年? ?)?第?{_Q}季度?",
        rf"(?:{_Y} )?q?{_Q}(?:st|nd|rd|th) quarter(?: (?:of )?(?P<y2>(?:19|20)\d\d))?",
        rf"{_Y}[ .-]?(?P<roman>iv|i{{1,3}})",
        rf"{_Y} ?[-/.]? ?h(?P<h>[12])",
        rf"h(?P<h>[12]) ?[-/.]? ?{_Y}",
        rf"(?:{_Y}年? ?)?(?P<half>[上下])半年",
        rf"(?:{_Y}年? ?)?1 ?(?:月)?[-–~至—] ?{_M}月(?P<cum>)",
        rf"(?:{_Y}年? ?)?前(?P<q3>[23])个?季度(?P<cum>)",
        rf"jan(?:uary)?\.? ?[-–/] ?{_NAME}(?: {_Y})?(?P<cum>)",
        rf"{_Y} ?jan(?:uary)?\.? ?[-–/] ?{_NAME}(?P<cum>)",
        rf"{_Y}年? ?{_M}月份?",
        rf"{_Y} ?[-/m] ?(?P<m>1[0-2]|0[1-9]|[1-9])",
        rf"{_Y}\.(?P<m>1[0-2]|0[1-9])",
        rf"{_Y}(?P<m>1[0-2]|0[1-9])",
        rf"{_Y}(?P<m>1[0-2]|0[1-9])(?P<d>[0-3]\d)",
        rf"(?P<m>1[0-2]|0?[1-9])[/.-]{_Y}",
        rf"{_NAME}[ ,.'-]*(?:{_Y}|(?P<short>\d\d))",
        rf"{_Y}[ ,.-]*{_NAME}",
        rf"{_Y}[-/.年](?P<m>1[0-2]|0?[1-9])[-/.月](?P<d>[0-3]?\d)日?(?: 00:00(?::00)?)?",
        rf"q{_Q}",
        rf"{_Q}q",
        r"(?P<roman>iv|i{1,3})",
        r"h(?P<h>[12])",
        rf"{_M}月份?",
        r"m(?P<m>1[0-2]|0[1-9])",
        rf"{_NAME}",
        r"(?P<whole>year|annual|full year|全年)",
    )
]
_CHINESE = re.compile(r"(?<=[第年前])[一二三四]|[一二三四五六七八九十]+(?=月)|[一二三四](?=季)")
#: Most figures, which need not be tried: 7313.5 is no period, 2023, 2023.06 and 202306 can be one.
_FIGURE = re.compile(r"[+-]?(?!(?:19|20|21)\d\d(?:\d\d|\d{4}|\.\d\d?)?$)[\d.,]*")
_TWO_DAYS = re.compile(r"([0-3]?\d)[/.]([0-3]?\d)[/.]((?:19|20)\d\d)")
_MARK = re.compile(
    r"(?<=[\d年度月])\s*(?:[*†‡§#⁰¹²³⁴-⁹①-⑳]+|[（(\[]\s*[^()（）\[\]]{1,12}\s*[）)\]]|(?:(?<=\d{4})|(?<=\d{4}[/–-]\d\d))\s*[aefprAEFPR])\s*$"
)
#: What a mark says of its figures: a status of the observations, or a kind of figure.
MARKS = {
    word: meaning
    for meaning, words in {
        "preliminary": "p prel prelim preliminary provisional 初步 初步数 快报",
        "revised": "r rev revised 修订 修订数",
        "estimate": "e est estimate estimated 估计 预计",
        "forecast": "f fc forecast proj projection 预测",
    }.items()
    for word in words.split()
}


@cache
def span(text: str) -> Span | None:
    """Read one head; None if it names no period.

    Examples
    --------
    >>> [span(t).text for t in ("2023年", "FY24", "2019/20", "1Q23", "2023年第二季度", "Jun-2023")]
    ['2023', 'FY2024', '2019/20', '2023Q1', '2023Q2', '2023-06']
    >>> span("2025E").mark, span("1-6月"), span("GDP 2023")
    ('e', Span(year=0, part='06', cumulative=True, mark=''), None)
    """
    if _FIGURE.fullmatch(text):
        return None
    mark = ""
    if found := _MARK.search(text):
        mark = re.sub(r"[\s()（）\[\]]+", " ", found[0]).strip().lower()
        text = text[: found.start()]
    plain = unicodedata.normalize("NFKC", text).lower().strip()
    if days := _TWO_DAYS.fullmatch(plain):
        return Span(int(days[3]), "00-00", mark=mark)  # until `periods_of` knows their order
    plain = re.sub(r"\s+(?=[年月季])|(?<=[年第])\s+", "", plain)
    plain = _CHINESE.sub(_arabic, plain)
    for form in _FORMS:
        if match := form.fullmatch(plain):
            read = _read({k: v for k, v in match.groupdict().items() if v is not None})
            return read._replace(mark=mark) if read else None
    return None


def _arabic(match: re.Match[str]) -> str:
    text = match[0]
    if len(text) == 2 and text[0] == "十":
        return f"1{_DIGITS[text[1]]}"
    return _DIGITS.get(text, text)


def _read(part: dict[str, str]) -> Span | None:
    """Return the period of the named groups of a form."""
    short = int(part.get("short", 0))
    year = int(part.get("y") or part.get("y2") or (short and 2000 + short - 100 * (short > 60)))
    if "fy" in part or "nendo" in part:
        return Span(year, "FY" if "fy" in part else "年度")
    if "end" in part:
        if int(part["end"]) % 100 != (year + 1) % 100:
            is_month = len(part["end"]) == 2 and 1 <= int(part["end"]) <= 12
            return Span(year, part["end"]) if is_month else None
        return Span(year, f"/{(year + 1) % 100:02d}")
    if "q3" in part:
        return Span(year, f"{3 * int(part['q3']):02d}", True)
    if "q" in part or "roman" in part:
        return Span(year, f"Q{part.get('q') or _ROMAN[part['roman']]}")
    if "h" in part or "half" in part:
        return Span(year, f"H{part.get('h') or '上下'.index(part['half']) + 1}")
    if "whole" in part or not {"m", "name"} & set(part):
        return Span(year)
    month = part.get("m", "").zfill(2) if "m" in part else _MONTHS[part["name"]]
    if "cum" in part and month == "12":
        return Span(year)
    return Span(year, f"{month}-{part['d'].zfill(2)}" if "d" in part else month, "cum" in part)


def periods_of(cells: Sequence[Cell], reading: str = "") -> list[Span | None]:
    """Read the heads of one axis together.

    Parameters
    ----------
    cells : sequence of Cell
    reading : {'', 'fiscal', 'years', 'months', 'dmy', 'mdy'}
        What decides heads that can be read in two ways.

    Raises
    ------
    AmbiguousError
    """
    found = [span(cell.text) for cell in cells]
    if years := [i for i, s in enumerate(found) if s and s.part == "年度"]:
        if reading not in ("fiscal", "years"):
            raise AmbiguousError(
                f"{cells[years[0]].text} is a calendar year in Chinese and a fiscal year in "
                "Japanese tables; --periods years or --periods fiscal decides"
            )
        for i in years:
            year = found[i].year  # type: ignore[union-attr]
            found[i] = Span(year, f"/{(year + 1) % 100:02d}" if reading == "fiscal" else "")
    found = _days(cells, found, reading)
    found = _fiscal_or_month(cells, found, reading)
    return _without_days(cells, found, reading)


def _days(cells: Sequence[Cell], found: list[Span | None], reading: str) -> list[Span | None]:
    """Read days such as 31/12/2023, whose order the axis has to tell."""
    at = {i: m for i, c in enumerate(cells) if (m := _TWO_DAYS.fullmatch(c.text.strip()))}
    if not at:
        return found
    first = max(int(m[1]) for m in at.values()) > 12
    second = max(int(m[2]) for m in at.values()) > 12
    if first == second and reading not in ("dmy", "mdy"):
        text = next(iter(at.values()))[0]
        raise AmbiguousError(
            f"{text} is a day and a month in either order; --periods dmy or --periods mdy decides"
        )
    for i, m in at.items():
        day, month = (m[1], m[2]) if first or (reading == "dmy" and not second) else (m[2], m[1])
        right = int(month) <= 12
        found[i] = Span(int(m[3]), f"{month.zfill(2)}-{day.zfill(2)}") if right else None
    return found


def _fiscal_or_month(
    cells: Sequence[Cell], found: list[Span | None], reading: str
) -> list[Span | None]:
    """Decide heads such as 2010-11: November or the fiscal year."""
    found = _dated_by_spreadsheet(cells, found, reading)
    fiscal = [i for i, s in enumerate(found) if s and s.part.startswith("/")]
    open_ = [i for i in fiscal if "-" in cells[i].text and int(found[i].part[1:]) in range(1, 13)]  # type: ignore[union-attr]
    open_ = [i for i in open_ if re.fullmatch(r"\d{4} ?[-–] ?\d\d", cells[i].text.strip())]
    if not open_:
        return found
    months = any(s and re.fullmatch(r"\d\d", s.part) for s in found)
    certain = len(fiscal) > len(open_)
    if reading not in ("fiscal", "months"):
        if months == certain:
            raise AmbiguousError(
                f"{cells[open_[0]].text} is a month or a fiscal year; --periods months or "
                "--periods fiscal decides"
            )
        reading = "months" if months else "fiscal"
    if reading == "months":
        for i in open_:
            s = found[i]
            found[i] = s and Span(s.year, s.part[1:], s.cumulative, s.mark)
    return found


def _dated_by_spreadsheet(
    cells: Sequence[Cell], found: list[Span | None], reading: str
) -> list[Span | None]:
    """Refuse months such as Dec-11 among fiscal years, or read them as the years they were.

    A spreadsheet takes 2011-12 for December 2011 and 2012-13 for a text.
    """
    months = [(i, s) for i, s in enumerate(found) if s and re.fullmatch(r"\d\d(-01)?", s.part)]
    typed = [i for i, s in months if re.fullmatch(r"\d{4} ?[-–] ?\d\d", cells[i].text.strip())]
    slips = [(i, s) for i, s in months if int(s.part[:2]) == (s.year + 1) % 100 and i not in typed]
    years = sum(bool(s and s.part.startswith("/")) for s in found)
    if not slips or len(slips) < len(months) or (not years and len(slips) < 2):
        return found
    if reading == "months":
        return found
    if reading != "fiscal":
        i, s = slips[0]
        raise AmbiguousError(
            f"{cells[i].text} is a month, or the fiscal year {s.year}/{s.part[:2]} that a "
            "spreadsheet took for one; --periods months or --periods fiscal decides"
        )
    slipped = {i: s._replace(part=f"/{s.part[:2]}") for i, s in slips}
    return [slipped.get(i, s) for i, s in enumerate(found)]


def _without_days(
    cells: Sequence[Cell], found: list[Span | None], reading: str
) -> list[Span | None]:
    """Take days at the beginning or the end of years, quarters and months for these."""
    days = [(i, s) for i, s in enumerate(found) if s and re.fullmatch(r"\d\d-\d\d", s.part)]
    if not days:
        return found
    months = sorted({s.part[:2] for _, s in days})
    ends = all(int(s.part[3:]) >= 28 for _, s in days)
    if not (ends or all(s.part[3:] == "01" for _, s in days)):
        return found  # days
    once = len({s.year for _, s in days}) == len(days) > 1
    if once and months == (["12"] if ends else ["01"]):
        parts = dict.fromkeys(months, "")
    elif once and len(months) == 1:
        if reading != "months":
            raise AmbiguousError(
                f"{cells[days[0][0]].text} and one day in each other year: a month, or the "
                f"{'end' if ends else 'beginning'} of a fiscal year; --periods months decides, or "
                "write fiscal years as 2023/24"
            )
        parts = {m: m for m in months}
    elif len(days) > 2 and all(int(m) % 3 == (0 if ends else 1) for m in months):
        parts = {m: f"Q{(int(m) + 2) // 3}" for m in months}
    else:
        parts = {m: m for m in months}
    for i, s in days:
        found[i] = s._replace(part=parts[s.part[:2]])
    return found

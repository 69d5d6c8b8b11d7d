"""Labels of tables: the unit in them, what a column holds by its head, and how labels compare."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from forecast.evidence.files.numbers import is_missing, number
from forecast.evidence.units import UnitError, parse
from forecast.importing.grid import Cell, folded

_UNIT_LINE = re.compile(
    r"[(（\[]?\s*(?:计量单位|单\s*位|units?|unit of measure|in)\s*(?:[:：=]|(?<=in)\s)\s*"
    r"(.+?)\s*[)）\]]?",
    re.IGNORECASE,
)
_ENCLOSED = re.compile(r"^(.*?)\s*[(（\[【]([^()（）\[\]【】]+)[)）\]】]\s*(.*)$")
_AFTER = re.compile(r"^(.+?)\s*(?:,|，|:|：|/|／|\s[-–—]\s)\s*([^,，:：/／]+(?:/[^,，:：/／]+)?)$")
_NUMBERING = re.compile(
    r"^(?:[#•·*-]|\d{1,2}(?:\.\d{1,2})*[.、)]?\s|[一二三四五六七八九十]{1,3}、|[(（][\d一二三四五六七八九十]{1,2}[)）]"
    r"|其中[:：]?|#\s*|of which:?|(?:表|table)\s*[\d.-]+\s*[.:：]?)\s*",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"[(（]?(?:19|20)\d\d(?:\s*[-–—/至]\s*(?:19|20)?\d\d)?(?:年度|年)?[)）]?", re.IGNORECASE
)
_HEADS = {
    "unit": "unit units 单位 计量单位 measure measurement scale",
    "note": "note notes remark remarks comment comments source sources 备注 注 说明 来源 "
    "数据来源 资料来源",
    "code": "code codes isocode id no nr number 代码 编码 序号 编号 iso iso3 nuts",
    "region": "region regions country countries province city cities area state states territory "
    "county district economy geography location place municipality 地区 城市 省份 省 市 国家 地域 "
    "县市 区县 县 行政区 市县",
    "indicator": "indicator indicators series variable item subject description concept 指标 项目 "
    "指标名称 科目 主要指标 经济指标",
}  # fmt: skip
ROLES = {word: role for role, words in _HEADS.items() for word in words.split()}
_GROWTH = re.compile(r"growth|change|yoy|y/y|y-o-y|增长|增速|增幅|同比", re.IGNORECASE)
_NO_YEARLY = re.compile(
    r"average|annualized|cagr|quarter on|month on|年均|平均|环比", re.IGNORECASE
)


def is_unit(text: str, known: Container[str] = ()) -> bool:
    """Whether a text is a unit of measurement: no other noun, unless its folded form is `known`."""
    return folded(text) in known or _is_known_unit(text)


@cache
def _is_known_unit(text: str) -> bool:
    try:
        top = parse(text.strip()).top
    except UnitError:
        return False
    return not top.noun or top.magnitude != 1


@cache
def unit_line(text: str) -> str:
    """Return the unit that a line such as ``单位：亿元`` or ``(In million USD)`` states."""
    text = re.sub(r"[,，]?\s*(?:unless|except|另有).*?(?=[)）]?$)", "", text.strip())
    match = _UNIT_LINE.fullmatch(text)
    return match[1] if match else ""


def split(text: str, known: Container[str] = ()) -> tuple[str, str]:
    """Split a label into its words and its unit, which is empty if it has none.

    Examples
    --------
    >>> split("GDP (亿元)"), split("出口总额/亿元"), split("GDP (current prices)")
    (('GDP', '亿元'), ('出口总额', '亿元'), ('GDP (current prices)', ''))
    """
    if unit := unit_line(text):
        return "", unit
    if match := _ENCLOSED.fullmatch(text):
        inner = unit_line(match[2]) or match[2].strip()
        parts = re.split(r"[,，;；]\s*", inner)
        for part in reversed(parts):
            if is_unit(part, known):
                rest = ", ".join(p for p in parts if p is not part)
                label = f"{match[1]} ({rest})" if rest else match[1]
                return f"{label} {match[3]}".strip(), part
    if (match := _AFTER.fullmatch(text)) and is_unit(match[2], known):
        return match[1], match[2].strip()
    return text, ""


def names_of(label: str, known_units: Container[str] = ()) -> Iterator[str]:
    """Yield the forms in which a label is looked up, the most exact first."""
    plain = split(label, known_units)[0]
    yield folded(label)
    yield folded(plain)
    bare = _NUMBERING.sub("", plain)
    yield folded(bare)
    if "\u4e00" <= bare[:1] <= "\u9fff":
        yield folded(bare).replace(" ", "")  # 金 华 市


def found(label: str, known: Container[str], known_units: Container[str] = ()) -> str:
    """Return the form of a label that is known, or an empty text."""
    return next((name for name in names_of(label, known_units) if name and name in known), "")


@cache
def role_of(head: str) -> str:
    """Return what a column holds by its head: one of `ROLES`, or an empty text."""
    plain = folded(split(head)[0]).replace("_", " ")
    words = [plain, plain.replace(" ", ""), *reversed(plain.split(" "))]
    return next((ROLES[word] for word in words if word in ROLES), "")


#: Words over figures that name no indicator, beside those over growth rates.
PLAIN_HEADS = frozenset(
    ["", "value", "values", "level", "amount", "figure", "total", "actual"]
) | frozenset(["数值", "绝对量", "绝对值", "总量", "绝对数"])


def is_growth(head: str) -> bool:
    """Whether a column states the growth on the year before."""
    return bool(_GROWTH.search(head)) and not _NO_YEARLY.search(head)


def contained(text: str, known: Collection[str]) -> str:
    """Return the only known name within a text, of names within names the longest."""
    plain = folded(text)
    names = [
        name
        for name in known
        if len(name) > 1 and re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", plain)
    ]
    longest = [n for n in names if not any(n != other and n in other for other in names)]
    return longest[0] if len(longest) == 1 else ""


def undated(title: str) -> str:
    """Return a title without years and numbering, so that it is the same in the next edition.

    Examples
    --------
    >>> undated("Table 3.1 GDP by city, 2019-2023"), undated("2023年各市地区生产总值")
    ('GDP by city', '各市地区生产总值')
    """
    return _NUMBERING.sub("", _YEARS.sub("", title)).strip(" ,，:：-—") or title


# The value of a cell ------------------------------------------------------------------------------

MISSING = "missing"
_FOOTNOTE = re.compile(r"[(（]\d[)）]")


class Value(NamedTuple):
    """A number, the unit in its cell and the marks beside it."""

    value: Decimal
    unit: str = ""
    marks: str = ""


def value_of(cell: Cell, mark: str, known: Container[str] = ()) -> Value | str:
    """Return the value of a cell, or why it has none; `MISSING` where nothing is meant to be."""
    if cell.fault:
        return cell.fault
    if is_missing(cell.text):
        return MISSING
    if cell.spread:
        return "a merged cell over several periods or rows"
    if cell.dated:
        return "a date"
    if cell.value is not None:
        return Value(cell.value, "%" if cell.percent else "")
    if _FOOTNOTE.fullmatch(cell.text):
        return "a footnote or a negative figure"
    read = number(cell.text, mark)
    if read is None:
        return "not a plain number" if any(c.isdigit() for c in cell.text) else "not a number"
    if read.unit and not is_unit(read.unit, known):
        return f"{read.unit} is not known as a unit"
    return Value(read.value, read.unit, read.marks)

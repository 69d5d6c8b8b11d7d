"""What names of Chinese series state: the unit in brackets, and figures since January."""

from __future__ import annotations

import re

_UNIT = re.compile(r".*[(（]([^()（）]*)[)）]")


def unit(name: str) -> str:
    """Return the unit in the brackets at the end of a name.

    Examples
    --------
    >>> unit("地区生产总值(亿元)"), unit("居民消费价格指数（上年=100）"), unit("年末常住人口")
    ('亿元', '上年=100', '')
    """
    match = _UNIT.fullmatch(name)
    return match[1].strip() if match else ""


def measure(name: str, yearly: bool) -> str:
    """Return the measure that a name states, nothing where it states none.

    Examples
    --------
    >>> measure("社会消费品零售总额_累计增长(%)", False), measure("GDP:累计值", False)
    ('ytd_growth', 'ytd_level')
    >>> measure("GDP:累计同比", True), measure("GDP:当季值", False)
    ('growth', '')
    """
    change = "增长" in name or "同比" in name
    if "累计" in name and not yearly:
        return "ytd_growth" if change else "ytd_level"
    return "growth" if change and yearly else ""

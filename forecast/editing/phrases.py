"""How plans say what they want: double it, cut it by 30 %, bring it down to 6 %."""

from __future__ import annotations

import re
from typing import NamedTuple

from forecast.evidence.problems import UserError

#: A year, a fiscal one by any of its names.
YEAR = r"(?:FY\s*)?[0-9]{4}(?:[/-][0-9]{2,4})?"
#: What a multiple is as growth in percent.
_MULTIPLES = {"doubl": 100, "tripl": 200, "trebl": 200, "quadrupl": 300, "halv": -50}
_RISE = r"raise[ds]?|increase[ds]?|lift(?:ed)?|expand(?:ed)?|grow[sn]?|rises?|climbs?|up"
_FALL = r"reduce[ds]?|lower(?:ed)?|cuts?|decrease[ds]?|falls?|drops?|declines?|down"
_VERB = r"(?:(?:is|are|be|to|should|must|will|shall)\s+)*"
_WHAT = r"(?:the\s+)?(?:(?:number|level|volume)\s+of\s+(?:the\s+)?)?(?P<name>(?:(?!\s[0-9]).)+?)"
_PERCENT = r"(?:at\s+least\s+)?(?P<percent>[0-9][0-9.,]*)\s*(?:%|per\s?cent)"
_MULTIPLE = rf"(?P<multiple>{'|'.join(_MULTIPLES)})(?:e[sd]?|ing)"
_WISHES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:at\s+least\s+)?{_MULTIPLE}\s+{_WHAT}",
        rf"{_WHAT}\s+{_VERB}(?:at\s+least\s+)?{_MULTIPLE}",
        rf"(?:(?P<rise>{_RISE})|{_FALL})\s+{_WHAT}\s+by\s+{_PERCENT}",
        rf"{_WHAT}\s+{_VERB}(?:(?P<rise>{_RISE})|{_FALL})\s+(?:by\s+)?{_PERCENT}",
    )
)
_SINCE = re.compile(
    r",?\s+(?:compared\s+(?:with|to)|relative\s+to|against|above|below|on|over|from|since)\s+"
    rf"(?:(?:the|its|level|levels|that|those|year|in|of)\s+)*(?P<start>{YEAR})(?:\s+levels?)?\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(rf",?\s+(?:by|in|until|to)\s+(?P<year>{YEAR})\b", re.IGNORECASE)
_TO = (
    (rf"(?:{_RISE})\s+{_WHAT}\s+to\s+(?:at\s+least\s+)?(?=[0-9])", r"\g<name> at least "),
    (rf"(?:{_FALL})\s+{_WHAT}\s+to\s+(?:at\s+most\s+)?(?=[0-9])", r"\g<name> at most "),
    (rf"{_WHAT}\s+{_VERB}(?:{_RISE})\s+to\s+(?=[0-9])", r"\g<name> at least "),
    (rf"{_WHAT}\s+{_VERB}(?:{_FALL})\s+to\s+(?=[0-9])", r"\g<name> at most "),
    (r"(?P<name>.*?\S)\s+(?P<value>[0-9].*?)\s+or\s+(?:less|fewer|lower)\b",
     r"\g<name> at most \g<value>"),
    (r"(?P<name>.*?\S)\s+(?P<value>[0-9].*?)\s+or\s+(?:more|higher)\b",
     r"\g<name> at least \g<value>"),
)  # fmt: skip


class Growth(NamedTuple):
    """Growth that is wanted: of what, by how many percent, since and until which year."""

    name: str
    percent: str  # negative for a fall
    start: str
    year: str


def plain(text: str) -> str:
    """Return a target with its comparison in words that compare.

    Examples
    --------
    >>> plain("Reduce the jobless rate to 6 % by 2029"), plain("Jobless rate 6 % or less by 2029")
    ('Jobless rate at most 6 % by 2029', 'Jobless rate at most 6 % by 2029')
    """
    for pattern, form in _TO:
        found = re.match(pattern, text, re.IGNORECASE)
        if found:
            said = found.expand(form)
            return said[:1].upper() + said[1:] + text[found.end() :]
    return text


def growth(text: str) -> Growth | None:
    """Read a target of growth since a base year; None where the text is none.

    Raises
    ------
    forecast.evidence.problems.UserError
        If it does not say since or until when.

    Examples
    --------
    >>> growth("Double the number of nurses by 2029/30 compared with 2019/20")
    Growth(name='nurses', percent='100', start='2019/20', year='2029/30')
    """
    since = _SINCE.search(text)
    rest = text if since is None else text[: since.start()] + text[since.end() :]
    until = _UNTIL.search(rest)
    rest = rest if until is None else rest[: until.start()] + rest[until.end() :]
    wish = next(filter(None, (w.fullmatch(rest.strip(" .,")) for w in _WISHES)), None)
    if wish is None:
        return None
    if since is None or until is None:
        raise UserError(
            f"{text!r} does not say {'since' if since is None else 'until'} when; expected both "
            "years, such as 'Double exports by 2030 compared with 2020'"
        )
    told = wish.groupdict()
    if told.get("multiple"):
        percent = str(_MULTIPLES[told["multiple"].lower()])
    else:
        percent = ("" if told.get("rise") else "-") + told["percent"]
    return Growth(told["name"], percent, since["start"], until["year"])

"""Whose site a web address is on, and whether the pages may link to it.

Sites that copy the texts of others come and go, and some turn to worse things. A link is live only
to a site that somebody vouches for in ``hosts.csv``, or that no private person can register: the
domains of governments and of international organisations. Without that table these alone are live;
every other address is printed as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pandas as pd

OFFICIAL, INTERNATIONAL = "official", "international"

#: Labels before a country's code that the country gives to its authorities alone.
_GOVERNMENT = re.compile(
    r"(.+\.)?((gov|gob|gouv|govt|gub)\.[a-z]{2}|gov\.(scot|wales)|gov|gc\.ca"
    r"|go\.(jp|kr|id|th|ke|tz|ug|cr))"
)
_ORGANISATION = re.compile(
    r"(.+\.)?(int|europa\.eu|un\.org|imf\.org|worldbank\.org|oecd\.org|bis\.org|wto\.org|ilo\.org"
    r"|adb\.org|unctad\.org|ilostat\.org)"
)
#: What others than its owner can register below: nobody can vouch for the whole of it.
_PUBLIC = re.compile(r"[a-z]+|(com|co|net|org|ac|edu)\.[a-z]{2}")


def host(address: str) -> str:
    """Return the host of a web address in lower case; empty where a browser might go elsewhere.

    Examples
    --------
    >>> host("https://www.stats.gov.cn/sj/")
    'www.stats.gov.cn'
    >>> host("javascript:alert(1)"), host("https://www.stats.gov.cn@example.org/")
    ('', '')
    """
    if not re.fullmatch(r"https?://[^\s\\<>\"]+", address):
        return ""
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        return ""
    plain = re.fullmatch(r"([a-z0-9-]+\.)+[a-z0-9-]+", name) and "@" not in parts.netloc
    return name if plain else ""


def official(name: str) -> str:
    """Return what a host is by its domain alone: official, international, or empty.

    Examples
    --------
    >>> official("tjj.jinhua.gov.cn"), official("data.worldbank.org"), official("gov.example.org")
    ('official', 'international', '')
    """
    if _GOVERNMENT.fullmatch(name):
        return OFFICIAL
    return INTERNATIONAL if _ORGANISATION.fullmatch(name) else ""


def is_public(name: str) -> bool:
    """Whether anybody can register names below a domain, such as ``com.cn``."""
    return bool(_PUBLIC.fullmatch(name))


@dataclass(frozen=True)
class Hosts:
    """The sites that are vouched for."""

    #: By domain, as ``hosts.csv`` has them; a domain stands for all names below it, and the longest
    #: that fits counts.
    known: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Hosts:
        """Read the table `hosts`, which may be empty."""
        rows = table[["host", "kind", "publisher"]].itertuples(index=False, name=None)
        return cls({str(name): (str(kind), str(who)) for name, kind, who in rows})

    def _row(self, name: str) -> tuple[str, str]:
        labels = name.split(".")
        domains = (".".join(labels[i:]) for i in range(len(labels)))
        return next((self.known[d] for d in domains if d in self.known), (official(name), ""))

    def kind(self, name: str) -> str:
        """Return what a host is: official, international, press or other; empty if not known."""
        return self._row(name)[0] if name else ""

    def publisher(self, name: str) -> str:
        """Return who runs a host; empty if not known."""
        return self._row(name)[1] if name else ""

"""How far a source is to be believed, by what it is and by whose site it was read on."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from forecast.evidence.sources.hosts import INTERNATIONAL, OFFICIAL, Hosts, host

MIRROR = "mirror"
#: Ranks of sources, the best first.
RANKS = (OFFICIAL, "yearbook", INTERNATIONAL, "press", "secondary", MIRROR)

#: Rank of a kind of source where nothing is known of the site: what the tables say it is.
_BY_KIND = {
    **dict.fromkeys(("bulletin", "government_report", "customs", "census", "plan"), OFFICIAL),
    "statistics_bureau": OFFICIAL,
    "news": "press",
}


def rank(kind: str, copy: str, site: str) -> str:
    """Return the rank of a source, one of `RANKS`, from its cells and what its site is.

    What an office published counts as official on its own site, as press in a newspaper's report. A
    table of a yearbook names its edition and can be looked up, so a transcript of it remains a
    yearbook; a workbook that its author compiled is secondary. The site is as of `Hosts.kind`;
    empty without an address, too.

    Examples
    --------
    >>> [rank("bulletin", "", site) for site in ("official", "press", "")]
    ['official', 'press', 'official']
    >>> rank("yearbook", "", "other"), rank("dataset", "", "other"), rank("census", "mirror", "")
    ('yearbook', 'secondary', 'mirror')
    """
    if copy:
        return MIRROR
    if kind == "secondary":
        return kind
    if kind == "yearbook" and site != "press":
        return kind
    if site == "other":
        return "secondary"
    return site or _BY_KIND.get(kind, "secondary")


#: What `told` adds to the cells of a source.
FOLLOWING = ("publisher_zh", "host", "rank", "link")


def told(
    source: Mapping[Hashable, Any], hosts: Hosts, chinese: Mapping[str, str]
) -> dict[Hashable, Any]:
    """Return the cells of a source with what follows from them.

    Parameters
    ----------
    source : mapping
        The cells.
    hosts : Hosts
    chinese : mapping of str to str
        Names of publishers in Chinese.

    Returns
    -------
    dict
        The cells, `publisher` filled from the site where the text is the site's own, and

        - `publisher_zh`: the publisher in Chinese; empty where the tables do not say,
        - `host`: of the address; empty without one,
        - `rank`: see `rank`,
        - `link`: the address where a page may link to it, else empty.
    """
    cells = {"copy": "", **source}
    name = host(str(cells["url"]))
    site = "" if cells["copy"] else hosts.kind(name)
    own = "" if cells["copy"] else hosts.publisher(name)
    publisher = str(cells["publisher"] or own)
    return {
        **cells,
        "publisher": publisher,
        "publisher_zh": chinese.get(publisher, ""),
        "host": name,
        "rank": rank(str(cells["kind"]), str(cells["copy"]), site),
        "link": cells["url"] if site else "",
    }

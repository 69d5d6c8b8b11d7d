"""Ranks of sources, and what follows from the cells of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.evidence.loading import load
from forecast.evidence.sources.hosts import Hosts
from forecast.evidence.sources.ranks import RANKS, rank, told
from tests import builders

CHINESE = {"A newspaper": "某报"}
HOSTS = Hosts({"example.org": ("press", "A newspaper"), "code.example": ("other", "")})
SOURCE = {"source": "s", "title": "T", "publisher": "", "url": "", "kind": "news", "copy": ""}


def kinds() -> list[str]:
    (field,) = (f for f in builders.fields("sources") if f["name"] == "kind")
    return list(field["constraints"]["enum"])


@pytest.mark.parametrize(
    ("kind", "copy", "site", "expected"),
    [
        ("bulletin", "", "official", "official"),
        ("news", "", "official", "official"),  # an office's own news
        ("customs", "", "press", "press"),  # as a newspaper reports them
        ("dataset", "", "international", "international"),
        ("dataset", "", "other", "secondary"),
        ("yearbook", "", "other", "yearbook"),  # a transcript that can be looked up
        ("yearbook", "", "press", "press"),
        ("secondary", "", "official", "secondary"),
        ("census", "", "", "official"),  # on paper
        ("news", "", "", "press"),
        ("dataset", "", "", "secondary"),
        ("", "", "", "secondary"),
        *((kind, "mirror", "", "mirror") for kind in ("yearbook", "bulletin", "secondary")),
    ],
)
def test_rank(kind: str, copy: str, site: str, expected: str) -> None:
    assert rank(kind, copy, site) == expected


def test_every_kind_has_a_rank_on_every_site() -> None:
    sites = ("official", "international", "press", "other", "")
    assert {rank(kind, "", site) for kind in kinds() for site in sites} == set(RANKS) - {"mirror"}


def test_link_and_publisher_follow_from_the_site() -> None:
    own = told({**SOURCE, "url": "https://www.example.org/a"}, HOSTS, CHINESE)
    assert (own["publisher"], own["link"]) == ("A newspaper", "https://www.example.org/a")
    assert own["publisher_zh"] == "某报"
    mirror = told({**SOURCE, "url": "https://www.example.org/a", "copy": "mirror"}, HOSTS, CHINESE)
    assert (mirror["publisher"], mirror["link"], mirror["rank"]) == ("", "", "mirror")
    assert mirror["publisher_zh"] == ""
    assert mirror["host"] == "www.example.org"
    unknown = told({**SOURCE, "url": "https://farm.example/a"}, HOSTS, CHINESE)
    assert (unknown["publisher"], unknown["link"], unknown["rank"]) == ("", "", "press")
    for address in ("javascript:alert(1)", "file:///etc/passwd"):
        assert told({**SOURCE, "url": address}, HOSTS, CHINESE)["link"] == ""
    assert told({k: v for k, v in SOURCE.items() if k != "copy"}, Hosts(), {})["copy"] == ""


def test_no_page_of_ours_links_to_a_mirror() -> None:
    evidence = load(Path(__file__).parents[3] / "data")
    sources = [evidence.source(key) for key in evidence.sources["source"]]
    assert not [s["url"] for s in sources if s["copy"] and s["link"]]
    assert not [s["host"] for s in sources if s["url"] and not s["link"] and s["rank"] == "press"]

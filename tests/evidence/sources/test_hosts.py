"""Whose site an address is on: what browsers would do with it, official domains, the table."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast.evidence.sources.hosts import Hosts, host, is_public, official

TABLE = pd.DataFrame(
    [("example.org", "press", "A newspaper"), ("news.example.org", "other", "Its readers"),
     ("paper.gov.cn", "press", "A newspaper")],
    columns=["host", "kind", "publisher"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.stats.gov.cn/sj/ndsj", "www.stats.gov.cn"),
        ("HTTP://Example.org:8080/a?b=c#d".replace("HTTP", "http"), "example.org"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("data:text/html,<b>", ""),
        ("//example.org/a", ""),
        ("https://www.stats.gov.cn@evil.example/", ""),  # what is before the @ is a name
        ("https://evil.example\\@www.stats.gov.cn/", ""),  # browsers read \ as /
        ("https://[::1", ""),
        ("https://localhost/", ""),
        ("https://example.org/<script>", ""),
        ("", ""),
    ],
)
def test_host_of_an_address(address: str, expected: str) -> None:
    assert host(address) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("www.gov.uk", "official"),
        ("english.jinhua.gov.cn", "official"),
        ("data.gov.scot", "official"),
        ("www.bls.gov", "official"),
        ("www.stat.go.jp", "official"),
        ("www.imf.org", "international"),
        ("www.who.int", "international"),
        ("gov.cn.example.org", ""),
        ("notgov.cn", ""),
        ("gov.com", ""),
        ("fakeimf.org", ""),
        ("go.example", ""),
    ],
)
def test_official_domains(name: str, expected: str) -> None:
    assert official(name) == expected


def test_table_of_sites_goes_before_the_domain_and_the_longest_name_counts() -> None:
    known = Hosts.of(TABLE)
    assert known.kind("www.example.org") == "press"
    assert known.publisher("www.example.org") == "A newspaper"
    assert known.kind("a.news.example.org") == "other"
    assert known.kind("paper.gov.cn") == "press"
    assert known.kind("stats.gov.cn") == "official"
    assert known.publisher("stats.gov.cn") == ""
    assert known.kind("badexample.org") == known.kind("") == ""


def test_domains_that_nobody_can_vouch_for() -> None:
    names = ("com.cn", "co.uk", "cn", "gov.cn", "example.org")
    assert [name for name in names if is_public(name)] == ["com.cn", "co.uk", "cn"]

"""Accounting identities, chains of regions and newest bases, read off the registries."""

import pandas as pd

from forecast.evidence.registries import Accounts, above, newest_bases

INDICATORS = pd.DataFrame(
    [
        ("output", "output", "farms;works;services", "", ""),
        ("farms", "output", "", "", ""),
        ("works", "output", "", "", ""),
        ("services", "output", "", "", ""),
        ("mills", "output", "", "works", ""),
        ("large_mills", "output", "", "mills", ""),
        ("research", "", "", "", ""),
        ("research_share", "", "", "", "research;output"),
        ("broken", "", "farms;unknown", "", ""),
    ],
    columns=["indicator", "deflator", "sum_of", "part_of", "share_of"],
)


def test_identities_are_read_off_the_columns():
    accounts = Accounts.of(INDICATORS)
    assert accounts.sums == {"output": ("farms", "works", "services")}
    assert accounts.part_of == {"mills": "works", "large_mills": "mills"}
    assert accounts.shares == {"research_share": ("research", "output")}
    assert accounts.output == "output"


def test_aggregates_of_a_part_nearest_first():
    accounts = Accounts.of(INDICATORS)
    assert accounts.wholes("large_mills") == ("mills", "works", "output")
    assert accounts.wholes("output") == ()
    assert frozenset(("mills", "output")) in accounts.kin
    assert frozenset(("mills", "services")) not in accounts.kin
    assert accounts.related("works") == {"output", "farms", "works", "services"}
    assert accounts.related("research") == {
        "research", "research_share", "output", "farms", "works", "services",
    }  # fmt: skip


def test_tables_without_the_optional_columns_have_no_identities():
    accounts = Accounts.of(INDICATORS[["indicator"]])
    assert not accounts.sums
    assert not accounts.part_of
    assert not accounts.shares
    assert accounts.output == ""


def test_chain_of_regions_ends_even_in_a_circle():
    parents = {"town": "county", "county": "nation", "nation": "", "a": "b", "b": "a"}
    assert above(parents, "town") == ["town", "county", "nation"]
    assert above(parents, "nation") == ["nation"]
    assert above(parents, "a") == ["a", "b"]


def test_newest_basis_has_the_highest_sequence():
    bases = pd.DataFrame(
        [("gdp", "ninth", "9"), ("gdp", "tenth", "10"), ("population", "only", "1")],
        columns=["indicator", "basis", "sequence"],
    )
    assert newest_bases(bases) == {"gdp": "tenth", "population": "only"}

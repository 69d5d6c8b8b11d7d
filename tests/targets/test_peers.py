"""The same indicator in other regions: known years alone, and growth between them."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.reconcile import reconcile_all
from forecast.report.language import language
from forecast.report.pages.target import peers as page
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.peers import peers
from tests.targets.test_assess import MANY, QUICK, levels
from tests.worlds import world


def asked(*regions: tuple[str, float, int]) -> tuple[Evidence, Assessment, pd.DataFrame]:
    """Return evidence with levels of more regions: their growth, and how many years of it."""
    rows = levels()
    for region, rate, n in regions:
        rows += [dict(row, region=region) for row in levels(rate)[-n:]]
    evidence = world(rows, value=400.0)
    answer = assess(evidence, "plan", "goal", QUICK, record=MANY)
    return evidence, answer, peers(evidence, reconcile_all(evidence), answer)


def test_growth_is_that_of_five_known_years() -> None:
    evidence, answer, found = asked(("province", 1.05, 13))
    assert found[["region", "relation", "first", "last"]].to_numpy().tolist() == [
        ["city", "own", 2019, 2024],
        ["province", "above", 2019, 2024],
    ]
    assert list(found["growth"]) == pytest.approx([7.0, 5.0], abs=0.01)
    table = page.table(language("en"), evidence, answer, found)
    assert table.iloc[0, 0] == "<b>City</b>"
    assert table.iloc[1].tolist()[1:3] == ["region above", "2024"]
    assert table.iloc[1, 4] == "+5.0% a year (2019–2024)"
    assert "no figures of neighbouring" in page.note(language("en"), evidence, answer, found)


def test_no_peer_is_no_section() -> None:
    evidence, answer, found = asked()
    assert found.empty
    for lang in ("en", "zh"):
        assert page.note(language(lang), evidence, answer, found) == ""
        assert page.table(language(lang), evidence, answer, found).empty

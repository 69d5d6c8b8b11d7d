"""The same indicator in other regions: known years alone, and growth between them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.reconcile import Histories, reconcile_all
from forecast.report.language import language
from forecast.report.pages.target import peers as page
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from forecast.targets.types._series.peers import paths, peers, place, rank
from tests.targets.test_assess import MANY, QUICK, levels
from tests.worlds import world

Asked = tuple[Evidence, Assessment, pd.DataFrame, Histories]


def asked(*regions: tuple[str, float, int]) -> Asked:
    """Return evidence with levels of more regions: their growth, and how many years of it."""
    rows = levels()
    for region, rate, n in regions:
        rows += [dict(row, region=region) for row in levels(rate)[-n:]]
    evidence = world(rows, value=400.0)
    beside = [(name, name.title(), "", "city", "province") for name, *_ in regions]
    added = pd.DataFrame(beside, columns=evidence.regions.columns)
    every = pd.concat([evidence.regions, added]).drop_duplicates("region", ignore_index=True)
    evidence = replace(evidence, regions=every)
    answer = assess(evidence, "plan", "goal", QUICK, record=MANY)
    histories = reconcile_all(evidence)
    found = peers(evidence, histories, answer)
    return evidence, answer, found, histories


def note(lang: str, *asked: Any) -> str:
    return page.note(language(lang), *asked)


def test_growth_is_that_of_five_known_years() -> None:
    evidence, answer, found, histories = asked(("province", 1.05, 13))
    assert found[["region", "relation", "first", "last"]].to_numpy().tolist() == [
        ["city", "own", 2019, 2024],
        ["province", "above", 2019, 2024],
    ]
    assert list(found["growth"]) == pytest.approx([7.0, 5.0], abs=0.01)
    table = page.table(language("en"), evidence, answer, found, paths(histories, answer, found))
    assert table.iloc[0, 0] == "<b>City</b>"
    assert table.iloc[1].tolist()[1:3] == ["region above", "2024"]
    assert table.iloc[1, 4] == "+5.0% a year (2019–2024)"
    assert "no figures of neighbouring" in page.note(
        language("en"), evidence, answer, found, histories
    )


def test_no_peer_is_no_section() -> None:
    evidence, answer, found, histories = asked()
    assert found.empty
    for lang in ("en", "zh"):
        assert note(lang, evidence, answer, found, histories) == ""
        assert page.table(
            language(lang), evidence, answer, found, paths(histories, answer, found)
        ).empty


def test_region_is_ranked_by_growth_over_the_same_years() -> None:
    slower = [(name, 1.03 - i / 100, 13) for i, name in enumerate(("west", "north", "south"))]
    evidence, answer, found, histories = asked(("east", 1.09, 13), *slower)
    assert found["region"].tolist() == ["city", "east", "west", "north", "south"]
    assert rank(found) == (2, 5)
    # One of fewer years is not ranked with the others, and four are no ranking.
    assert rank(found.assign(first=[2019, 2019, 2019, 2019, 2021])) is None
    fewer = found[found["region"] != "south"]
    assert place(histories, answer, fewer) is None
    assert "ranks" not in note("en", evidence, answer, fewer, histories)
    said = {lang: note(lang, evidence, answer, found, histories) for lang in ("en", "zh")}
    # Levels start alike in 2012: the fastest is the largest.
    assert place(histories, answer, found) == (2024, 2, 5)
    assert "By the figure for 2024, City ranks 2 of the 5 regions" in said["en"]
    assert "按2024年数值，City在数据所含的5个同级地区中居第2位。" in said["zh"]
    assert "City ranks 2 of 5 regions with the same parent" in said["en"]
    assert "5个同级地区中居第2位" in said["zh"]
    assert "no figures of neighbouring" not in said["en"]


def test_growth_over_different_years_is_not_ranked() -> None:
    evidence, answer, found, histories = asked(("province", 1.05, 2), ("east", 1.09, 13))
    assert found["region"].tolist() == ["city", "province", "east"]
    assert found["growth"].idxmax() == 2
    said = {lang: note(lang, evidence, answer, found, histories) for lang in ("en", "zh")}
    assert "so the regions are not in the order of growth" in said["en"]
    assert "因此不按增速排列" in said["zh"]
    same = found.assign(first=2019)
    said = {lang: note(lang, evidence, answer, same, histories) for lang in ("en", "zh")}
    assert "over the same years; City stands first, the others in the order of growth" in said["en"]
    assert "列首位，其余按增速排列" in said["zh"]


def test_paths_are_drawn_beside_the_own_one() -> None:
    evidence, answer, found, histories = asked(("east", 1.09, 13), ("west", 1.03, 2))
    lines = paths(histories, answer, found)
    assert list(lines) == ["city", "east", "west"]
    east = lines["east"]
    assert list(east.index) == list(range(2014, 2025))
    assert east.loc[2014].tolist() == [100.0, 100.0]
    assert east.loc[2024].tolist() == pytest.approx([100 * 1.09**10, 100 * 1.07**10], rel=1e-3)
    shown = page.table(language("en"), evidence, answer, found, paths(histories, answer, found))
    assert shown.columns[-1] == "Path, first year = 100 (grey: this region)"
    drawn = dict(zip(found["region"], shown.iloc[:, -1], strict=True))
    # Two years in common are no line: they are dots.
    shapes = ("<polyline", "<circle")
    count = {name: tuple(drawn[name].count(shape) for shape in shapes) for name in drawn}
    assert count == {"city": (1, 0), "east": (2, 0), "west": (0, 4)}
    # All are drawn on one scale: the highest of all is at the top of its own alone.
    ends = {n: float(drawn[n].split('" fill')[-2].split(",")[-1]) for n in ("city", "east")}
    assert ends["east"] == pytest.approx(3.0)
    lower = 30 * (1.09**10 - 1.07**10) / (1.09**10 - 1)
    assert ends["city"] == pytest.approx(3 + lower, abs=0.1)

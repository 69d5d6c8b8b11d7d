"""What a target's page tells of the plan's path and of the year of the median."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from forecast.report.pages.target import milestones as page
from forecast.report.pages.target import pace
from forecast.targets.assess import assess
from forecast.targets.assessment import Assessment
from tests.answers import GAPS, answer, old
from tests.report.markup import unmarked
from tests.report.test_expectations import MANY
from tests.targets.test_assess import QUICK, levels
from tests.worlds import statement, world

EN, ZH = unmarked("en"), unmarked("zh")


def on(medians: list[float], **target: object) -> Assessment:
    """Return an answer whose medians after 2024 are these."""
    found = answer(**target)
    assert found.paths is not None
    draws = np.outer([0.96, 1.0, 1.04], medians)
    return dataclasses.replace(
        found, probability=2 / 3, paths=dataclasses.replace(found.paths, by_family={}, answer=draws)
    )


def test_section_tells_path_gap_year_and_next_figure() -> None:
    found = on([240.0, 260.0, 280.0], value=400.0)
    assert page.section(EN, found) == (
        "## Milestones\n\nIn 2021, the last complete year before the plan was adopted, "
        "the published figure was 18.385 billion yuan. From there, reaching 40 billion "
        "yuan in 2027 implied +13.8% a year. "
        "The published figure for 2024, 22.522 billion yuan, is 16.9% behind the path to "
        "40 billion yuan (27.12 billion yuan). At the pace of the median forecast (+7.5% a year) "
        "the target would be met in 2032, 5 years late. The first year to be checked is 2025: "
        "the median forecast is 24.00 billion yuan; in 90 of 100 simulated paths the figure lies "
        "in the range 23.14 to 24.86 billion yuan."
    )
    assert page.section(ZH, found) == (
        "## 年度进度\n\n规划通过前的最后一个完整年度为2021年，"
        "当年公布值为183.85亿元；由此到2027年达到400亿元，隐含年均增长13.8%。"
        "2024年公布值为225.22亿元，比达到400亿元的进度（271.2亿元）落后16.9%。"
        "按预测中位数的变动速度（年均增长7.5%），目标将于2032年实现，推迟5年。"
        "最先可供检验的是2025年：预测中位数为240.0亿元，90%预测区间为231.4—248.6亿元。"
    )
    assert page.brief(EN, found) == (
        "16.9% behind the path that the plan implied, in 2024. Met only in 2032, "
        "if growth went on at the median pace. "
        "Expected for 2025: 24.00 billion yuan (90% interval 23.14 to 24.86 billion yuan)."
    )


def rebased() -> Assessment:
    """Return an answer on figures that stand a tenth higher since 2022."""
    old, new = levels(), levels(first=110.0)
    rows = [dict(row, basis="old") for row in old[:10]]
    rows += [dict(row, basis="new") for row in new[10:]]
    return answer([*rows, statement(2022, 7.0, measure="growth")], value=400.0)


def test_path_on_todays_basis_is_set_beside_the_figure_of_the_time() -> None:
    found = rebased()
    text = page.section(EN, found)
    assert "the figure was 20.22 billion yuan (our estimate on today’s basis)" in text
    assert (
        "On the earlier basis 18.385 billion yuan had been published for 2021, from which the plan "
        "implied +13.8% a year. The figure for 2027 will be on today’s basis or a later one"
    ) in text
    assert (
        "2021年按旧口径公布的数值为183.85亿元，由此计算的隐含速度为年均增长13.8%。"
        in page.section(ZH, found)
    )
    assert "earlier basis" not in page.section(EN, on([240.0, 260.0, 280.0], value=400.0))


def test_pace_names_the_estimates_that_the_milestones_name() -> None:
    found = rebased()
    told = pace.pace(EN, found)
    assert told.endswith("The levels of 2019 to 2021 on today’s basis are estimates.")
    assert pace.pace(ZH, found).endswith("其中2019—2021年的现行口径数值为估计值。")


def test_table_has_both_paths_of_an_about_target() -> None:
    found = on([240.0, 260.0, 280.0], value=300.0, comparison="about", tolerance=10.0)
    table = page.table(EN, found)
    assert list(table) == [
        "Year", "Figure, billion yuan", "Path to 30 billion yuan (gap)",
        "Path to 27 billion yuan (gap)", "Target met",
    ]  # fmt: skip
    assert list(table["Year"]) == [str(year) for year in range(2021, 2028)]
    figures = table["Figure, billion yuan"]
    assert (figures.iloc[3], figures.iloc[4]) == ("22.52 (published)", "24.00 (median)")
    assert table.iloc[-1, 2:4].tolist() == ["30.00 (−6.7%)", "27.00 (+3.7%)"]
    assert table["Target met"].iloc[3] == "no"
    assert table["Target met"].iloc[-1] == "67 in 100"
    chinese = page.table(ZH, found)
    assert list(chinese)[2] == "达到300亿元的进度（差距）"
    assert chinese.iloc[3, 1] == "225.2（公布）"


def test_year_that_follows_from_published_figures_is_no_estimate(
    answers: dict[str, Assessment],
) -> None:
    """Trade of 2023 is that of 2024 before its published growth; GDP's growth is a real one."""
    table = page.table(EN, answers["trade"]).set_index("Year").iloc[:, 0]
    assert table["2022"].endswith("(published)")
    assert table["2023"].endswith("(calculated)")
    gdp = page.table(EN, answers["gdp"]).set_index("Year").iloc[:, 0]
    assert gdp["2023"].endswith("(estimate)")
    chinese = page.table(ZH, answers["trade"]).set_index("年份").iloc[:, 0]
    assert chinese["2023"].endswith("（计算得出）")


def test_gap_of_a_share_is_in_points() -> None:
    share = {"indicator": "share", "unit": "%", "prices": "none"}
    rows = [statement(2012 + i, round(2.0 + 0.1 * i, 2), **share) for i in range(13)]
    found = answer(rows, indicator="share", unit="%", value=3.8)
    assert "3.2%, is 0.15 percentage points behind the path to 3.8% (3.35%)" in page.section(
        EN, found
    )
    assert "比达到3.8%的进度（3.35%）落后0.15个百分点" in page.section(ZH, found)
    table = page.table(EN, found)
    assert list(table)[2] == "Path to 3.8% (gap, percentage points)"
    assert table.iloc[3, 2] == "3.35 (−0.15)"


@pytest.mark.parametrize(
    ("medians", "target", "told"),
    [
        (
            [240, 260, 280],
            {"value": 250.0},
            "The median forecast meets the target in 2026, one year early.",
        ),
        (
            [240, 260, 280],
            {"value": 270.0},
            "The median forecast meets the target in 2027, the target year.",
        ),
        ([240, 260, 280], {"value": 900.0}, "would not be met before 2035."),
        (
            [220, 215, 210],
            {"value": 250.0},
            "(−2.3% a year) the target would not be met in any year.",
        ),
        (
            [240, 260, 280],
            {"value": 215.0},
            "published figures the target has been met since 2024.",
        ),
        ([240, 260, 280], {"value": 120.0}, "The target was already met in 2021"),
    ],
)
def test_every_case_of_the_year(medians: list[float], target: dict[str, float], told: str) -> None:
    found = on(medians, **target)
    assert told in page.section(EN, found)
    for tell in (EN, ZH):
        texts = (
            page.section(tell, found),
            page.brief(tell, found),
            *page.table(tell, found).stack(),
        )
        assert not any(GAPS.search(text) for text in texts)


def test_plan_without_a_date_is_said() -> None:
    evidence = world(levels(), value=400.0)
    evidence.plans["adopted"] = ""
    found = assess(evidence, "plan", "goal", QUICK, record=MANY)
    said = (
        "The data do not say when the plan was adopted, so the path that it implied is not known."
    )
    assert page.section(EN, found).startswith(f"## Milestones\n\n{said} At the pace of ")
    assert page.section(ZH, found).startswith("## 年度进度\n\n数据中没有规划通过的日期")
    assert len(page.table(EN, found).columns) == 3
    assert "behind" not in page.brief(EN, found)


def test_nothing_is_told_without_a_yearly_figure() -> None:
    count = answer(kind="count", indicator="friends", unit="count", value=5.0)
    for tell in (EN, ZH):
        assert page.section(tell, count) == page.brief(tell, count) == ""
        assert page.table(tell, count).empty


def test_estimates_are_called_so() -> None:
    found = old(2020, value=400.0)
    assert found.until is not None
    text = page.section(EN, found)
    assert re.search(r"the figure was \S+ billion yuan \(our estimate\)\.", text)
    assert "The estimate for " in text

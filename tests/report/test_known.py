"""What is known of a series is told alike on every page, in both languages."""

from __future__ import annotations

import re

import pytest

from forecast.evidence.evidence import Evidence
from forecast.reconciliation.derived_years import figured
from forecast.reconciliation.history import History, doubted
from forecast.reconciliation.reconcile import reconcile
from forecast.report.pages import known
from tests.reconciliation.test_doubt import figures
from tests.report.markup import unlinked, unmarked
from tests.targets.test_assess import levels
from tests.worlds import statement, world

EN, ZH = unmarked("en"), unmarked("zh")


def city(rows: list[dict], indicator: str = "gdp") -> History:
    return reconcile(world(rows), "city", indicator)


def until(year: int) -> History:
    """Return a city without figures after a year; its province has them to 2024."""
    rows = [r for r in levels() if int(str(r["period"])) <= year]
    rows += [dict(r, region="province", value=10 * float(str(r["value"]))) for r in levels()]
    return city(rows)


def older() -> Evidence:
    """Return a city whose levels are on an older basis, but for one that growth joins to it."""
    rows = [dict(r, basis="old") for r in levels(n=10)]
    return world([*rows, statement(2022, 214.5), statement(2022, 7.0, measure="growth")])


CASES = {
    "published": (
        lambda: city(levels()),
        "The last published figure is 22.522 billion yuan for 2024.",
        "最近一期公布数为2024年的225.22亿元。",
    ),
    "running year": (
        lambda: city([*levels(), statement("2025-09", 7.0, measure="ytd_growth")]),
        "The last published figure is 22.522 billion yuan for 2024. 2025 is known only in part.",
        "最近一期公布数为2024年的225.22亿元。2025年仅有部分时段的数据。",
    ),
    "related series": (
        lambda: until(2021),
        "The last published figure is 18.385 billion yuan for 2021. 2022 to 2024 are imputed from "
        "related series only.",
        "最近一期公布数为2021年的183.85亿元。2022—2024年仅由相关指标推断。",
    ),
    "calculated": (
        lambda: city([statement(y, 6 + 0.1 * y % 3, status="derived") for y in range(2018, 2024)]),
        "No figure for a whole year has been published. 2023 is calculated from other published "
        "figures.",
        "全年数据尚未公布。2023年由其他已公布数据推算。",
    ),
    "weak source": (
        lambda: city(
            [
                *(statement(y, 100 + 5 * (y - 2015)) for y in range(2015, 2023)),
                statement(2023, 141, mark="low_quality", status="secondary"),
                statement(2023, 4.0, measure="growth"),
            ]
        ),
        "The last published figure free of doubt is 13.5 billion yuan for 2022. A weak source "
        "reports 14.1 billion yuan for 2023 (o0009). 2023 follows from growth.",
        "最近一期可靠公布数为2022年的135亿元。据可靠性较低的来源，2023年为141亿元（条目o0009）。"
        "2023年由增速推算。",
    ),
    "in doubt": (
        lambda: city(figures(233.7), "trade"),
        "The last published figure is 17.18 billion yuan for 2022. The figure of 23.37 billion "
        "yuan published for 2023 (o0042) is in doubt: all other evidence puts it at 17.97 billion "
        "yuan.",
        "最近一期公布数为2022年的171.8亿元。2023年公布数233.7亿元（条目o0042）存疑："
        "按其余全部数据测算，应为179.7亿元。",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_last_figure_and_how_later_years_are_known(case: str) -> None:
    make, en, zh = CASES[case]
    history = make()
    assert unlinked(known.since(EN, history)) == en
    assert unlinked(known.since(ZH, history)) == zh


def test_last_figure_on_an_older_basis_is_told_as_such() -> None:
    rows = [dict(r, basis="old") for r in levels(n=10)]
    rows += [statement(y, 7.0, measure="growth") for y in (2022, 2023)]
    history = city(rows)
    assert known.last_on_older_basis(history) == (pytest.approx(183.85), 2021)
    assert unlinked(known.since(EN, history)) == (
        "No figure on today’s statistical basis has been published. The last figure on an older "
        "basis is 18.385 billion yuan for 2021. 2022 and 2023 follow from growth."
    )
    assert unlinked(known.since(ZH, history)) == (
        "现行统计口径下的数据尚未公布。旧口径的最近一期数据为2021年的183.85亿元。"
        "2022年和2023年由增速推算。"
    )
    assert known.last_known(EN, history).startswith("18.385 billion yuan (2021, earlier basis); ")
    assert known.last_known(ZH, history).startswith("183.85亿元（2021年，旧口径）；约")


def test_last_known_is_what_was_published_and_then_what_is_estimated() -> None:
    assert re.fullmatch(
        r"18\.385 billion yuan \(2021\); about [\d.]+ billion yuan \(2024\)",
        known.last_known(EN, until(2021)),
    )
    assert re.fullmatch(
        r"183\.85亿元（2021年）；约[\d.]+亿元（2024年）", known.last_known(ZH, until(2021))
    )
    assert known.last_known(EN, city(levels())) == "22.522 billion yuan (2024)"
    calculated = city([statement(y, 6.0, status="derived") for y in range(2018, 2024)])
    assert known.last_known(EN, calculated) == "0.600 billion yuan (2023, calculated)"
    assert known.last_known(ZH, calculated) == "6.00亿元（2023年，由公布数计算）"
    assert known.last_known(EN, None) == "not known"
    assert known.last_known(ZH, None) == "暂无数据"


def test_year_that_a_weak_source_alone_reports_is_not_known_from_figures() -> None:
    rows = levels()
    last = dict(rows[-1], mark="low_quality")
    history = city([*rows[:-1], last])
    assert int(history.years[history.known][-1]) == int(last["period"])
    assert int(figured(history)[-1]) == int(last["period"]) - 1
    assert int(figured(city(rows))[-1]) == int(last["period"])


def test_estimate_beside_a_doubted_figure_is_on_the_basis_of_the_figure() -> None:
    rows = []
    for year in range(2005, 2024):
        level = 100 * 1.05 ** (year - 2005)
        off = 0.7 if year == 2012 else 1.0
        rows.append(statement(year, round(level * off, 1), basis="old"))
        if year > 2005:
            rows.append(statement(year, 5.0, measure="growth"))
        if year >= 2020:
            rows.append(statement(year, round(1.25 * level, 1), basis="new"))
    found = city(rows)
    assert list(doubted(found)) == [2012]
    told = unlinked(known.doubt(EN, found, doubted(found)[2012]))
    assert told.startswith("The figure of 9.85 billion yuan published for 2012 (")
    value = float(told.split("puts it at ")[1].split()[0])
    assert value == pytest.approx(10 * 1.05**7, rel=0.01)  # and not 1.25 times as much
    assert told.endswith("on the same older basis.")
    assert "同一旧口径下应为" in unlinked(known.doubt(ZH, found, doubted(found)[2012]))
    nameless = doubted(found)[2012].copy()
    nameless["observation"] = ""  # a table needs no identifiers
    assert "published for 2012 is in doubt" in known.doubt(EN, found, nameless)
    assert "（条目）" not in known.doubt(ZH, found, nameless)


def test_origin_of_the_last_year() -> None:
    assert known.last_origin(EN, until(2021)) == "imputed from related series"
    assert known.last_origin(ZH, city(figures(233.7), "trade")) == "已公布（存疑）"


def test_steps_between_bases_are_told() -> None:
    evidence = older()
    evidence.bases.loc[evidence.bases["basis"] == "old", "name"] = "Old census"
    history = reconcile(evidence, "city", "gdp")
    assert re.fullmatch(
        r"To bring figures on the earlier basis “Old census” onto today’s, they are changed by "
        r"\+[89]\.\d% \(90% interval \+\d\.\d% to \+\d+\.\d%\)\.",
        known.steps(EN, evidence, history),
    )
    assert re.fullmatch(
        r"将“Old census”的数据衔接至现行口径，调整幅度为\+[89]\.\d%"
        r"（90%可信区间为\+\d\.\d%至\+\d+\.\d%）。",
        known.steps(ZH, evidence, history),
    )
    assert known.steps(EN, world(levels()), city(levels())) == ""

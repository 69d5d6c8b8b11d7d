"""Money of any country: magnitudes, exchange rates as evidence, levels at constant prices.

The figures are invented.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import inspect, load
from forecast.evidence.measures import ExchangeRates
from forecast.evidence.registries import YearStarts
from forecast.facts import Amount
from forecast.reconciliation.reconcile import reconcile
from forecast.report.language import language
from forecast.report.pages.series import definition

TABLES = {
    "regions": """
region,name,name_zh,kind,parent
india,India,,country,
kerala,Kerala,,,india
usa,United States,,country,
ohio,Ohio,,,usa
euro_area,Euro area,,,
bavaria,Bavaria,,,euro_area
""",
    "indicators": """
indicator,name,unit,kind,prices
revenue,Own revenue,crore INR,flow,
gsp,Gross state product,million USD,flow,
gsp_real,Gross state product at constant prices,million USD,flow,real
exports,Exports,billion EUR,flow,
jobs,Jobs,thousand jobs,stock,
beds,Hospital beds,"beds per 10,000 persons",rate,
usd_eur,Exchange rate,USD/EUR,,
""",
    "bases": """
indicator,basis,sequence,link,gdp_basis,name,description
gsp_real,prices_2012,1,survey,,Prices of 2012,
gsp_real,prices_2017,2,reference,,Prices of 2017,
""",
    "sources": """
source,title,publisher,url,published,kind,note
book,Yearbook,Bureau,https://example.org/book,,yearbook,
mail,Daily mail,Press,https://example.org/mail,,news,
""",
    "observations": """
region,indicator,period,measure,value,unit,basis,source,status
kerala,revenue,2021,level,58000,,,book,final
kerala,revenue,2022,level,7.2,lakh million INR,,book,final
ohio,gsp,2021,level,756617,,,book,final
ohio,gsp,2022,level,825990,,,book,final
ohio,gsp_real,2019,level,591000,,prices_2012,book,final
ohio,gsp_real,2020,level,575000,,prices_2012,book,final
ohio,gsp_real,2020,level,632500,,prices_2017,book,final
ohio,gsp_real,2021,growth,5.6,,,book,final
ohio,gsp_real,2022,level,678000,,prices_2017,book,final
bavaria,exports,2021,level,190.2,,,book,final
bavaria,exports,2022,level,220.5,billion USD,,book,final
bavaria,exports,2023,level,2400,亿美元,,book,final
euro_area,usd_eur,2022,level,1.05,,,book,final
euro_area,usd_eur,2023,level,1.10,,,book,final
euro_area,usd_eur,2023,level,108,USD per 100 EUR,,mail,final
ohio,jobs,2021,level,5350,,,book,final
ohio,jobs,2022,level,5.5,million jobs,,book,final
ohio,beds,2021,level,2.9,beds/1000 persons,,book,final
""",
    "plans": """
plan,name,region,adopted,horizon,source
plan,Plan,ohio,2022,2027,book
""",
    "targets": """
plan,target,name,indicator,region,comparison,value,value_to,unit,year
plan,gsp,Product,gsp,ohio,between,1.1,1.2,trillion USD,2027
plan,jobs,Jobs,jobs,ohio,at_least,6000000,,jobs,2027
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "abroad"
    made.mkdir()
    for name, table in TABLES.items():
        (made / f"{name}.csv").write_text(table.lstrip(), "utf-8")
    return made


@pytest.fixture
def evidence(folder: Path) -> Evidence:
    return load(folder)


def canonical(evidence: Evidence, region: str, indicator: str) -> list[float]:
    return [float(v) for v in evidence.statements(region, indicator)["canonical"]]


def test_figures_come_into_the_unit_of_their_indicator(evidence: Evidence) -> None:
    assert evidence.warnings == ()
    assert canonical(evidence, "kerala", "revenue") == pytest.approx([58000, 72000])
    assert canonical(evidence, "ohio", "jobs") == pytest.approx([5350, 5500])
    assert canonical(evidence, "ohio", "beds") == pytest.approx([29])


def test_another_currency_is_converted_by_the_rate_of_the_region_above(evidence: Evidence) -> None:
    found = canonical(evidence, "bavaria", "exports")
    assert found == pytest.approx(
        [190.2, 220.5 / 1.05, 240 / ((1 / (1 / 1.10 + 1 / 1.08)) * 2)], 1e-3
    )
    assert list(evidence.statements("bavaria", "exports")["converted_with"].map(bool)) == [
        *(False, True, True)
    ]
    assert evidence.exchange_indicators == {"usd_eur"}


def test_a_rate_that_a_target_asks_for_is_a_series_like_others(folder: Path) -> None:
    with (folder / "targets.csv").open("a", encoding="utf-8") as file:
        file.write("plan,rate,Rate,usd_eur,euro_area,at_most,1.2,,,2027\n")
    assert load(folder).exchange_indicators == frozenset()


def test_a_rate_of_the_region_itself_goes_before(folder: Path) -> None:
    with (folder / "observations.csv").open("a", encoding="utf-8") as file:
        file.write("bavaria,usd_eur,2022,level,1.5,,,book,final\n")
    assert canonical(load(folder), "bavaria", "exports")[1] == pytest.approx(147)


@pytest.mark.parametrize(
    ("region", "indicator"), [("bavaria", "exports"), ("euro_area", "usd_eur")]
)
def test_what_is_known_without_some_rows_is_what_the_others_say(
    evidence: Evidence, region: str, indicator: str
) -> None:
    rows = evidence.observations
    gone = rows.index[(rows["region"] == region) & (rows["indicator"] == indicator)][1:2]
    found = evidence.without(gone)
    fresh = evidence.but(observations=rows.drop(index=gone))
    assert found.records == fresh.records
    for series in dict.fromkeys(zip(rows["region"], rows["indicator"], strict=True)):
        pd.testing.assert_frame_equal(found.statements(*series), fresh.statements(*series))


def test_a_missing_rate_is_told_once_by_pair_year_and_region(folder: Path) -> None:
    path = folder / "observations.csv"
    more = [
        f"{r},exports,2019,level,200,billion USD,,book,final\n" for r in ("bavaria", "euro_area")
    ]
    path.write_text(path.read_text("utf-8") + "".join(more), "utf-8")
    (problem,) = inspect(folder)[1]
    assert (problem.row, problem.column, problem.value) == (20, "unit", "billion USD")
    assert str(problem).endswith(
        "no exchange rate EUR/USD is known for 2019; expected EUR, or the exchange rate EUR/USD "
        "of 2019 for euro_area among the figures (and 1 more: row 21)"
    )


def test_a_slip_in_the_unit_of_an_indicator_is_one_problem_there(folder: Path) -> None:
    path = folder / "indicators.csv"
    path.write_text(path.read_text("utf-8").replace("beds per 10,000", "bdes per 10,000"), "utf-8")
    with (folder / "observations.csv").open("a", encoding="utf-8") as file:
        file.write("ohio,beds,2022,level,2.8,beds/1000 persons,,book,final\n")
    (problem,) = inspect(folder)[1]
    assert (problem.file, problem.column) == ("abroad/indicators.csv", "unit")
    assert "all 2 figures are in another unit; expected a unit of bed per person" in str(problem)


def test_a_unit_that_is_too_small_for_its_figures_is_unlikely(folder: Path) -> None:
    path = folder / "observations.csv"
    path.write_text(path.read_text("utf-8").replace("level,190.2,,", "level,190.2,trillion EUR,"))
    path = folder / "indicators.csv"
    path.write_text(path.read_text("utf-8").replace("billion EUR", "EUR"), "utf-8")
    found = [p for p in inspect(folder)[1] if "pages write" in str(p)]
    assert [(p.severity, p.file, p.row) for p in found] == [("warning", "abroad/indicators.csv", 5)]
    assert "expected a larger unit (million, billion" in str(found[0])


def test_targets_are_compared_in_the_unit_of_their_indicator(evidence: Evidence) -> None:
    targets = evidence.targets.set_index("target")
    assert list(targets.loc["gsp", ["value", "value_to"]]) == pytest.approx([1_100_000, 1_200_000])
    assert (targets.loc["jobs", "value"], targets.loc["jobs", "unit"]) == (6000, "thousand jobs")


def test_constant_prices_of_two_base_years_are_joined_by_a_step(evidence: Evidence) -> None:
    history = reconcile(evidence, "ohio", "gsp_real")
    found = dict(zip(history.years.tolist(), history.values(), strict=True))
    assert found[2019] == pytest.approx(591000 * 1.1, rel=0.005)  # the step known from 2020
    assert found[2021] == pytest.approx(632500 * 1.056, rel=0.003)  # the growth of the levels
    assert found[2022] == pytest.approx(678000, rel=0.003)
    assert history.deflator.empty


def test_nothing_of_an_indicator_at_constant_prices_is_nominal(folder: Path) -> None:
    path = folder / "observations.csv"
    lines = [f"{line}," for line in path.read_text("utf-8").splitlines()]
    lines[0] += "prices"
    (row,) = (i for i, line in enumerate(lines) if "2021,growth" in line)
    lines[row] += "nominal"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    (problem,) = inspect(folder)[1]
    assert problem.row == row + 1
    assert "gsp_real is at constant prices; expected real" in str(problem)


@pytest.mark.parametrize(
    ("region", "indicator", "en", "zh"),
    [
        (
            "kerala",
            "revenue",
            "Unit: million Indian rupees, current prices. The data tables hold it in crore INR; "
            "1 crore INR is 10 million Indian rupees.",
            "单位：亿印度卢比，按现价计算。数据表以“crore INR”为单位，即1000万印度卢比。",
        ),
        (
            "ohio",
            "gsp_real",
            "Unit: million US dollars, constant prices.",
            "单位：亿美元，按可比价格计算。数据表以“million USD”为单位，即100万美元。",
        ),
        ("ohio", "beds", "Unit: beds per 10,000 people.", "单位：beds/万人。"),
    ],
)
def test_pages_write_units_of_other_countries(
    evidence: Evidence, region: str, indicator: str, en: str, zh: str
) -> None:
    assert definition(language("en"), evidence, region, indicator).endswith(en)
    assert definition(language("zh"), evidence, region, indicator).endswith(zh)


def test_pages_write_amounts_of_other_countries(evidence: Evidence) -> None:
    gsp = Amount(canonical(evidence, "ohio", "gsp")[1], "million USD", exact=True)
    assert language("en").write(gsp) == "825.99 billion US dollars"
    assert language("zh").write(gsp) == "8259.9亿美元"


@pytest.mark.parametrize(
    ("starts", "of_rates", "rate"),
    [(1, 1, 8.0), (7, 1, 7.0), (4, 1, 6.5), (10, 1, 7.5), (7, 7, 8.0), (1, 7, 9.0), (1, 4, 9.5)],
)
def test_the_rate_of_a_fiscal_year_is_that_of_its_months(
    starts: int, of_rates: int, rate: float
) -> None:
    """Rates of 6, 8 and 10 in three years; 2024 from July lies half in 2023 and half in 2024."""
    key = ("here", "AAA", "BBB")
    stated = {2023: (6.0, ("a",)), 2024: (8.0, ("b",)), 2025: (10.0, ("c",))}
    rates = ExchangeRates({key: stated}, {key: of_rates}, {"here": ""}, YearStarts())
    found, _ = rates.yearly("here", ("AAA", "BBB"), starts)[2024]
    assert found == pytest.approx(rate)


def test_a_figure_waits_for_the_rate_of_a_year_that_is_not_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("evidence", "rules.observations"):
        monkeypatch.setattr(f"forecast.evidence.{module}.today", lambda: date(2024, 11, 26))
    with (folder / "observations.csv").open("a", encoding="utf-8") as file:
        file.write("bavaria,exports,2024Q3,quarter_level,60,billion USD,,book,final\n")
    with (folder / "observations.csv").open("a", encoding="utf-8") as file:
        file.write("bavaria,exports,2024Q1,quarter_level,55,billion EUR,,book,final\n")
    evidence = load(folder)
    (warning,) = [w for w in evidence.warnings if w.column == "unit"]
    assert (warning.row, warning.severity) == (20, "warning")
    assert str(warning).endswith(
        "no exchange rate EUR/USD is known for 2024 yet: the figure is shown and not used; "
        "expected EUR, or the exchange rate EUR/USD of 2024 for euro_area among the figures"
    )
    history = reconcile(evidence, "bavaria", "exports")
    rows = history.observations.set_index("period")
    assert rows.loc["2024-09", "unused"] == "no exchange rate known"
    assert rows.loc["2024-03", "unused"].iloc[0] == "counted in the sum through 2024-03"
    assert history.values()[2] == pytest.approx(2400 / 10 / 1.09, 0.001)  # of 2023, as before
    monkeypatch.setattr("forecast.evidence.rules.observations.today", lambda: date(2025, 1, 1))
    assert "error" in {p.severity for p in inspect(folder)[1] if p.column == "unit"}


def test_a_fiscal_year_waits_for_the_rates_of_both_calendar_years(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forecast.evidence.rules.observations.today", lambda: date(2024, 11, 26))
    path = folder / "regions.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    rows = [f"{row},{7 if row.startswith('bavaria') else ''}\n" for row in rows]
    path.write_text(f"{head},year_starts\n{''.join(rows)}", "utf-8")
    path = folder / "observations.csv"
    path.write_text(path.read_text("utf-8").replace("bavaria,exports,2022", "bavaria,exports,2024"))
    found = [p for p in inspect(folder)[1] if p.column == "unit"]
    assert [p.severity for p in found] == ["warning"]  # 2022/23, of 2022 and 2023, is known
    assert "for 2023/24 yet: " in str(found[0])
    assert "EUR/USD of 2023 and 2024 for euro_area" in str(found[0])


def test_a_target_in_another_currency_is_an_error_with_its_cure(folder: Path) -> None:
    with (folder / "targets.csv").open("a", encoding="utf-8") as file:
        file.write("plan,ex,Exports,exports,bavaria,at_least,300,,billion USD,2027\n")
    (problem,) = inspect(folder)[1]
    assert str(problem).endswith(
        "exports is in EUR, and the rate of 2027 is not known; expected a unit of EUR; or exports "
        "stated in USD, with the exchange rates EUR/USD of past years among the figures"
    )

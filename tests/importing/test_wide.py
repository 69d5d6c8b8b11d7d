"""Twenty layouts of tables are read right; the files are made here, with invented figures."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.evidence.problems import UserError
from forecast.importing import wide
from forecast.importing.figures import Figures
from forecast.importing.grid import folded
from forecast.importing.tables import Reading
from tests.importing.files import text, workbook

READING = Reading(
    regions=frozenset(map(folded, ["Hangzhou", "杭州市", "Ningbo", "宁波市", "Zhejiang"])),
    indicators=frozenset(map(folded, ["GDP", "地区生产总值", "Exports", "出口总额"])),
)


def short(figures: Figures) -> list[tuple[str, str, str, str, str]]:
    """Return indicator, region, period, value and unit of all figures, sorted."""
    return sorted((f.indicator, f.region, f.period, str(f.value), f.unit) for f in figures.figures)


def table(indicator: str, region: str, unit: str, **values: str) -> list[tuple[str, ...]]:
    return [(indicator, region, period[1:], value, unit) for period, value in values.items()]


HANGZHOU = table("GDP", "Hangzhou", "亿元", _2022="100.5", _2023="110")
NINGBO = table("GDP", "Ningbo", "亿元", _2022="90", _2023="95.25")
BOTH = sorted([*HANGZHOU, *NINGBO])
GDP = table("GDP", "", "亿元", _2022="100.5", _2023="110")
EXPORTS = table("Exports", "", "亿元", _2022="40", _2023="44")
SERIES = sorted([*GDP, *EXPORTS])


def test_years_across_and_indicators_down_with_a_column_of_units(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["Indicator", "Unit", 2022, 2023],
        ["GDP", "亿元", 100.5, 110],
        ["Exports", "亿元", 40, 44],
    ])  # fmt: skip
    found = wide.read(path, READING)
    assert short(found) == SERIES
    assert str(found.figures[0].place) == "t.xlsx sheet Sheet1, cell C2"
    assert found.notices == (
        "t.xlsx sheet Sheet1, cell C2 to D3: 4 figures, periods across (2022 to 2023), 2 series",
    )


def test_a_column_headed_measure_holds_indicators_where_its_cells_are_no_units(
    tmp_path: Path,
) -> None:
    rows = [["Economy (亿元)"], ["Measure", 2022, 2023], ["GDP", 100.5, 110], ["Exports", 40, 44]]
    assert short(wide.read(workbook(tmp_path, rows), READING)) == SERIES


def test_unit_in_the_label_of_the_row(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, [["", 2022, 2023], ["GDP (亿元)", 100.5, 110], ["Exports, 亿元", 40, 44]]
    )
    assert short(wide.read(path, READING)) == SERIES


def test_unit_and_indicator_in_the_title(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["GDP (亿元)"], [], ["City", 2022, 2023], ["Hangzhou", 100.5, 110], ["Ningbo", 90, 95.25],
        ["Source: yearbook"],
    ])  # fmt: skip
    assert short(wide.read(path, READING)) == BOTH


def test_unit_at_the_right_above_the_last_column(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["地区生产总值"], ["", "", "单位：亿元"], ["地区", "2022年", "2023年"],
        ["杭 州 市", 100.5, 110], ["宁波市", 90, 95.25],
    ])  # fmt: skip
    found = short(wide.read(path, READING))
    assert {row[0] for row in found} == {"地区生产总值"}
    assert {row[4] for row in found} == {"亿元"}
    assert [row[3] for row in found] == ["90", "95.25", "100.5", "110"]


def test_years_down_and_indicators_across(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["Economy"], ["Year", "GDP (亿元)", "Exports (亿元)"], [2022, 100.5, 40], [2023, 110, 44],
    ])  # fmt: skip
    found = wide.read(path, READING)
    assert short(found) == SERIES
    assert "periods down" in found.notices[0]
    assert {str(f.place)[-2:] for f in found.figures} == {"B3", "B4", "C3", "C4"}


def test_units_in_a_row_below_the_indicators(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["Year", "GDP", "Exports"], ["", "亿元", "亿元"], [2022, 100.5, 40], [2023, 110, 44],
    ])  # fmt: skip
    assert short(wide.read(path, READING)) == SERIES


def test_regions_over_years_in_merged_heads(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["", "Hangzhou", "", "Ningbo", ""],
        ["Indicator", 2022, 2023, 2022, 2023],
        ["GDP (亿元)", 100.5, 110, 90, 95.25],
    ], merged=["B1:C1", "D1:E1"])  # fmt: skip
    assert short(wide.read(path, READING)) == BOTH


def test_two_levels_whose_merged_cells_a_text_file_left_empty(tmp_path: Path) -> None:
    path = text(tmp_path, ",2022,,2023,\nCity,GDP,Exports,GDP,Exports\nHangzhou,1.5,2,3,4\n")
    assert short(wide.read(path, READING)) == sorted([
        ("GDP", "Hangzhou", "2022", "1.5", ""), ("Exports", "Hangzhou", "2022", "2", ""),
        ("GDP", "Hangzhou", "2023", "3", ""), ("Exports", "Hangzhou", "2023", "4", ""),
    ])  # fmt: skip


def test_quarters_below_merged_years(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["", 2022, "", "", "", 2023, ""],
        ["Indicator", "Q1", "Q2", "Q3", "Q4", "Q1", "Q2"],
        ["GDP", 1, 2, 3, 4, 5, 6],
    ], merged=["B1:E1", "F1:G1"])  # fmt: skip
    found = wide.read(path, READING)
    assert [f.period for f in found.figures] == [
        "2022Q1", "2022Q2", "2022Q3", "2022Q4", "2023Q1", "2023Q2",
    ]  # fmt: skip
    assert {f.indicator for f in found.figures} == {"GDP"}


def test_months_across_and_years_down(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["Exports (亿元)"], ["年份", "1月", "2月", "十一月"], [2022, 1, 2, 3], [2023, 4, 5, 6],
    ])  # fmt: skip
    found = wide.read(path, READING)
    assert [(f.period, int(f.value)) for f in found.figures] == [
        ("2022-01", 1), ("2022-02", 2), ("2022-11", 3),
        ("2023-01", 4), ("2023-02", 5), ("2023-11", 6),
    ]  # fmt: skip
    assert {(f.indicator, f.unit) for f in found.figures} == {("Exports", "亿元")}


def test_months_whose_year_stands_in_the_title(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["2023年主要指标"], ["指标", "1-2月", "1-3月"], ["GDP", 1, 2]])
    found = wide.read(path, READING)
    assert [(f.period, f.measure) for f in found.figures] == [
        ("2023-02", "ytd_level"), ("2023-03", "ytd_level"),
    ]  # fmt: skip


def test_several_tables_on_a_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["Table 1. GDP (亿元)"], ["City", 2022, 2023], ["Hangzhou", 100.5, 110], [],
        ["Table 2. Exports (亿元)"], ["City", 2021, 2022], ["Hangzhou", 7, 8],
    ])  # fmt: skip
    assert short(wide.read(path, READING)) == sorted([
        ("GDP", "Hangzhou", "2022", "100.5", "亿元"),
        ("GDP", "Hangzhou", "2023", "110", "亿元"),
        ("Exports", "Hangzhou", "2021", "7", "亿元"),
        ("Exports", "Hangzhou", "2022", "8", "亿元"),
    ])  # fmt: skip


def test_tables_side_by_side(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["GDP (亿元)"],
        ["City", 2022, 2023, None, "City", 2022, 2023],
        ["Hangzhou", 100.5, 110, None, "Ningbo", 90, 95.25],
    ])  # fmt: skip
    assert short(wide.read(path, READING)) == BOTH


def test_several_sheets_named_after_their_region(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    rows = [["Indicator", 2022, 2023], ["GDP (亿元)", 100.5, 110]]
    other = [["Indicator", 2022, 2023], ["GDP (亿元)", 90, 95.25]]
    path = workbook(tmp_path, rows, other, [["Notes"], ["All figures are invented."]])
    book = load_workbook(path)
    for sheet, name in zip(book.worksheets, ("Hangzhou", "Ningbo", "About"), strict=True):
        sheet.title = name
    book.save(path)
    found = wide.read(path, READING)
    assert short(found) == BOTH
    assert found.notices[0] == "t.xlsx sheet About has no table that was recognized"


def test_headings_between_the_rows_name_the_region(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["", 2022, 2023], ["Hangzhou"], ["GDP (亿元)", 100.5, 110], [], ["Ningbo"],
        ["GDP (亿元)", 90, 95.25],
    ])  # fmt: skip
    assert short(wide.read(path, READING)) == BOTH


def test_region_stands_once_beside_its_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["City", "Indicator", 2022],
        ["Hangzhou", "GDP", 1], ["", "Exports", 2], ["Ningbo", "GDP", 3],
    ])  # fmt: skip
    assert [(f.region, f.indicator) for f in wide.read(path, READING).figures] == [
        ("Hangzhou", "GDP"), ("Hangzhou", "Exports"), ("Ningbo", "GDP"),
    ]  # fmt: skip


def test_region_and_year_in_columns(tmp_path: Path) -> None:
    path = text(tmp_path, "City,Year,GDP (亿元)\nHangzhou,2022,100.5\nHangzhou,2023,110\n"
                "Ningbo,2022,90\nNingbo,2023,95.25\n")  # fmt: skip
    assert short(wide.read(path, READING)) == BOTH


@pytest.mark.parametrize("head", ["Region,Year", "Year,Region"])
def test_one_region_in_a_column_of_its_own_is_not_lost(tmp_path: Path, head: str) -> None:
    cells = {"Region": "Eastland", "Year": "2022"}
    first, second = (cells[name] for name in head.split(","))
    path = text(tmp_path, f"{head},GDP (亿元)\n{first},{second},100.5\n")
    found = wide.read(path, replace(READING, region=True)).figures
    assert [(f.region, f.indicator, f.period) for f in found] == [("Eastland", "GDP", "2022")]


def test_long_table_with_codes_and_figures_that_look_like_years(tmp_path: Path) -> None:
    rows = [
        f"{city},{code},{name},{year},{value},亿元"
        for city, code in (("Hangzhou", "MAR"), ("Ningbo", "NGB"))
        for name in ("GDP", "Exports")
        for year, value in ((2021, 1999), (2022, 2022), (2023, 2131), (2024, 2010))
    ]
    found = wide.read(
        text(tmp_path, "\n".join(["city,isocode,name,year,value,unit", *rows])), READING
    )
    assert len(found.figures) == 16
    assert found.untaken == ()
    assert {(f.region, f.indicator, f.unit) for f in found.figures} == {
        (city, name, "亿元") for city in ("Hangzhou", "Ningbo") for name in ("GDP", "Exports")
    }
    assert [(f.period, int(f.value)) for f in found.figures][:2] == [("2021", 1999), ("2022", 2022)]


def test_codes_tell_regions_apart_where_nothing_else_does(tmp_path: Path) -> None:
    path = text(tmp_path, "region_code,number,year,GDP\nDE1,081,2022,5\nDE1,081,2023,6\n"
                "DE2,082,2022,7\nDE2,082,2023,8\n")  # fmt: skip
    assert [(f.region, f.period) for f in wide.read(path, READING).figures] == [
        ("DE1", "2022"), ("DE1", "2023"), ("DE2", "2022"), ("DE2", "2023"),
    ]  # fmt: skip


def test_growth_beside_levels(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, [["指标", "单位", "2023年", "比上年增长(%)"], ["GDP", "亿元", 110, 5.2]]
    )
    found = wide.read(path, READING).figures
    assert [(f.period, str(f.value), f.unit, f.measure) for f in found] == [
        ("2023", "110", "亿元", ""), ("2023", "5.2", "%", "growth"),
    ]  # fmt: skip


def test_growth_belongs_to_the_year_that_its_head_names_or_to_the_latest(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["指标", "2023年", "2022年", "2023年比2022年增长(%)"], ["地区生产总值", 110, 100, 10],
    ])  # fmt: skip
    found = wide.read(path, READING)
    assert [(f.period, int(f.value)) for f in found.figures if f.measure] == [("2023", 10)]
    path = workbook(tmp_path, [["指标", "2023年", "2022年", "增长(%)"], ["GDP", 110, 100, 10]])
    found = wide.read(path, READING)
    assert not [f for f in found.figures if f.measure]
    assert [(u.text, u.why) for u in found.untaken] == [("10", "no period above it: 增长(%)")]


def test_indicators_across_below_a_title_that_names_the_year(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["2023年各市主要指标"], ["城市", "地区生产总值(亿元)", "比上年增长(%)", "出口总额(亿元)"],
        ["杭州市", 110, 5.6, 44], ["宁波市", 95.25, 5.5, 33],
    ])  # fmt: skip
    found = wide.read(path, READING).figures
    assert [(f.indicator, f.region, str(f.value), f.measure) for f in found] == [
        ("地区生产总值", "杭州市", "110", ""), ("地区生产总值", "杭州市", "5.6", "growth"),
        ("出口总额", "杭州市", "44", ""), ("地区生产总值", "宁波市", "95.25", ""),
        ("地区生产总值", "宁波市", "5.5", "growth"), ("出口总额", "宁波市", "33", ""),
    ]  # fmt: skip
    assert {f.period for f in found} == {"2023"}


def test_head_of_an_empty_column_is_no_title(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["City", "Chart", 2022, 2023, "Mean"], ["Hangzhou", None, 100.5, 110, 105],
    ])  # fmt: skip
    assert {f.indicator for f in wide.read(path, READING).figures} == {"Sheet1"}


def test_file_names_the_indicator_where_nothing_else_does(tmp_path: Path) -> None:
    path = text(tmp_path, "City,2022,2023\nHangzhou,100.5,110\n", name="exports.csv")
    found = wide.read(path, READING)
    assert {f.indicator for f in found.figures} == {"exports"}
    assert "indicator exports, from 'exports'" in found.notices[0]


def test_statuses_below_the_years(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["(In millions of US dollars, unless otherwise indicated)"],
        ["", 2021, 2022, 2023], ["", "", "Prel.", "Proj."], ["GDP", 1, 2, 3],
        ["Exports (percent of GDP)", 4, 5, 6],
    ])  # fmt: skip
    found = wide.read(path, READING).figures
    assert [(f.status, f.kind) for f in found[:3]] == [
        ("", "actual"), ("preliminary", "actual"), ("", "forecast"),
    ]  # fmt: skip
    assert [f.unit for f in found] == ["millions of US dollars"] * 3 + ["percent of GDP"] * 3


def test_title_and_unit_above_years_that_stand_down(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["Economy of Hangzhou"], ["(1978—2023)", "", "Unit: 亿元"], ["Year", "GDP", "Exports"],
        [1978, 5.1, 2], [1985, 7, 3], [2023, 110, 44], ["Note: current prices."],
    ])  # fmt: skip
    found = wide.read(path, READING)
    assert {(f.region, f.indicator, f.unit) for f in found.figures} == {
        ("hangzhou", "GDP", "亿元"), ("hangzhou", "Exports", "亿元"),
    }  # fmt: skip
    assert "region hangzhou, from 'Economy of Hangzhou'" in found.notices[0]


def test_level_and_growth_below_each_year(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["Indicator", 2022, "", 2023, ""], ["", "Value", "Growth (%)", "Value", "Growth (%)"],
        ["GDP", 100.5, 5, 110, 6],
    ], merged=["B1:C1", "D1:E1"])  # fmt: skip
    found = wide.read(path, READING).figures
    assert [(f.period, str(f.value), f.measure) for f in found] == [
        ("2022", "100.5", ""), ("2022", "5", "growth"),
        ("2023", "110", ""), ("2023", "6", "growth"),
    ]  # fmt: skip


def test_marks_and_signs_of_missing_figures(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["", 2018, 2019, 2020, 2021, 2022, "2023(p)", "2024E"],
        ["GDP*", "…", "-", "n.a.", "..", "7,313*", "7,500.5 (r)", "8000¹"],
    ])  # fmt: skip
    found = wide.read(path, READING)
    assert [(f.period, str(f.value), f.status, f.kind, f.note) for f in found.figures] == [
        ("2022", "7313", "", "actual", "mark *"),
        ("2023", "7500.5", "revised", "actual", ""),
        ("2024", "8000", "", "estimate", "mark ¹"),
    ]  # fmt: skip
    assert "signs of missing figures (such as -): 4" in found.notices[1]
    assert found.untaken == ()


def test_percentages_negative_figures_and_scaled_formats(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["", 2022, 2023, 2024],
        ["GDP", (0.052, "0.0%"), (1234567, "#,##0,"), "(1,234.5)"],
        ["Exports", "5.2%", "−3", "１２３．５"],
    ])  # fmt: skip
    found = wide.read(path, READING)
    assert [(str(f.value), f.unit) for f in found.figures] == [
        ("5.2", "%"), ("1234.567", ""), ("-1234.5", ""), ("5.2", "%"), ("-3", ""), ("123.5", ""),
    ]  # fmt: skip
    assert "figures in parentheses, read as negative: 1, such as (1,234.5)" in found.notices[-1]


def test_dates_as_periods(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["Date", "GDP"], [date(2023, 3, 31), 1], [date(2023, 6, 30), 2], [date(2023, 9, 30), 3],
    ])  # fmt: skip
    assert [f.period for f in wide.read(path, READING).figures] == ["2023Q1", "2023Q2", "2023Q3"]
    path = workbook(tmp_path, [["Date", (date(2022, 1, 1), "yyyy"), (date(2023, 1, 1), "yyyy")],
                               ["GDP", 1, 2]])  # fmt: skip
    assert [f.period for f in wide.read(path, READING).figures] == ["2022", "2023"]
    path = workbook(tmp_path, [["", (date(2022, 1, 1), "mmm-yy"), (date(2023, 1, 1), "mmm-yy")],
                               ["GDP", 1, 2]])  # fmt: skip
    assert [f.period for f in wide.read(path, READING).figures] == ["2022-01", "2023-01"]


def test_fiscal_years(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["", "2019-20", "2020-21", "FY2022"], ["GDP", 1, 2, 3]])
    assert [f.period for f in wide.read(path, READING).figures] == ["2019/20", "2020/21", "FY2022"]


def test_decimal_commas_and_blanks_between_thousands(tmp_path: Path) -> None:
    path = text(
        tmp_path, "Région;2022;2023\nGDP (亿元);1\u202f100,5;1 234\nExports (亿元);40;44,0\n"
    )
    found = wide.read(path, READING)
    assert short(found) == sorted([
        *table("GDP", "", "亿元", _2022="1100.5", _2023="1234"),
        *table("Exports", "", "亿元", _2022="40", _2023="44.0"),
    ])  # fmt: skip
    assert found.notices[0] == "commas were read as decimal marks (t.csv, cell B2: 1 100,5)"


@pytest.mark.parametrize(
    ("label", "encoding"), [("東京都の総生産", "cp932"), ("Île-de-France, français", "cp1252")]
)
def test_old_code_pages_are_told(tmp_path: Path, label: str, encoding: str) -> None:
    found = wide.read(text(tmp_path, f"a;2022;2023\n{label};1,5;2\n", encoding), READING)
    assert {f.indicator for f in found.figures} == {label}
    assert "was read as" in found.notices[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "utf-16-le"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = text(
        tmp_path, "指标\t2022年\t2023年\n地区生产总值（亿元）\t100.5\t110\n", encoding, "t.tsv"
    )
    found = short(wide.read(path, READING))
    assert [row[3:] for row in found] == [("100.5", "亿元"), ("110", "亿元")]


@pytest.mark.parametrize("ends", [r"(?!)", "</t[hdr]>"])
def test_table_of_a_web_page_with_the_name_of_a_workbook(tmp_path: Path, ends: str) -> None:
    page = (
        "<html><body><table><tr><th rowspan=2>Indicator</th><th colspan=2>Hangzhou</th></tr>"
        "<tr><th>2022</th><th>2023</th></tr><tr><td>GDP (亿元)</td><td>100.5</td><td>110</td></tr>"
        "</table></body></html>"
    )
    path = text(tmp_path, re.sub(ends, "", page), "gb18030", "t.xls")  # HTML needs no such ends
    assert short(wide.read(path, READING)) == HANGZHOU


def test_labels_after_the_periods_and_notes_between_them(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["", 2022, "", 2023, "", "Unit", "Notes"], ["GDP", 100.5, "p", 110, "b", "亿元", "revised"],
    ])  # fmt: skip
    found = wide.read(path, READING).figures
    assert [(f.period, f.unit, f.note) for f in found] == [
        ("2022", "亿元", "revised; p"), ("2023", "亿元", "revised"),
    ]  # fmt: skip


def test_stored_values_of_formulas_are_read_and_what_is_hidden_is_told(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(tmp_path, [["", 2022, "=B1+1"], ["GDP (亿元)", 100.5, "=B2*1.1"]], [["x"]])
    book = load_workbook(path)
    book["Sheet1"].column_dimensions["B"].hidden = True
    book["Sheet2"].sheet_state = "hidden"
    book.save(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for formula, value in ((b"B1+1", b"2023"), (b"B2*1.1", b"110.55")):
        stored = re.sub(
            rb"(<f>" + re.escape(formula) + rb"</f>)<v ?/?>(</v>)?",
            rb"\g<1><v>" + value + b"</v>", parts[sheet],
        )  # fmt: skip
        assert stored != parts[sheet]
        parts[sheet] = stored
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    found = wide.read(path, READING)
    assert short(found) == table("GDP", "", "亿元", _2022="100.5", _2023="110.55")
    assert found.notices[:2] == (
        "t.xlsx: the hidden sheet Sheet2 was not read",
        "t.xlsx sheet Sheet1 has hidden rows or columns, which were read",
    )


def test_everything_not_taken_is_listed_with_its_place(tmp_path: Path) -> None:
    path = workbook(tmp_path, [
        ["", 2022, 2023, 2024, "Average 2022-2024"],
        ["GDP", "about 7000", "(2)", date(2024, 1, 1), 5.5],
        ["Exports", 1, True, ">5", None],
        [None, 3],
        [],
        [None, None, None, None, None, None, 99],
    ])  # fmt: skip
    found = wide.read(path, READING)
    assert [(u.place.column + str(u.place.row), u.text, u.why) for u in found.untaken] == [
        ("E2", "5.5", "no period above it: Average 2022-2024"),
        ("G6", "99", "no period above it: no head"),
        ("B2", "about 7000", "not a plain number"),
        ("C2", "(2)", "a footnote or a negative figure"),
        ("D2", "2024-01-01", "a date"),
        ("C3", "TRUE", "true or false, not a number"),
        ("D3", ">5", "not a plain number"),
        ("B4", "3", "no label in its row"),
    ]  # fmt: skip


CELLS = [
    "", "GDP", "Hangzhou", "Unit", "亿元", "2022", "2023年", "2024(p)", "Q1", "1月", "2019-20",
    "-", "5.2%", "7,313.5*", "(5)", "12.5", "2000", "Year", "增长(%)", "Prel.", "=1+1", "MAR",
]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_table_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = text(folder, "\n".join(";".join(row) for row in rows) + "\n")
    try:
        found = wide.read(path, READING)
    except UserError:
        return
    places = [item.place for item in (*found.figures, *found.untaken)]
    assert len(places) == len(set(places))
    assert all(figure.period and figure.place.column for figure in found.figures)

"""Exports of others: exact figures and places of each sample, and one clear error of a damaged one.

The samples and where they come from are described in `samples/README.md`.
"""

from __future__ import annotations

import csv
import datetime
import importlib
import zipfile
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.evidence.problems import DataError, UserError
from forecast.importing.figures import Figure, Figures
from forecast.importing.formats import Format, formats, recognized
from tests.importing.files import workbook

SAMPLES = Path(__file__).parent / "samples"


def reader(path: Path) -> Format:
    found = recognized(path)
    assert found is not None, path
    return found


def read(path: Path) -> Figures:
    return reader(path).read(path)


def sample(name: str) -> Figures:
    return read(SAMPLES / name)


def text(name: str) -> str:
    return (SAMPLES / name).read_text("utf-8")


def cells(name: str, turned: bool = False) -> list[list[object]]:
    """Return the cells of a sample: numbers and dates as such, rows and columns swapped or not."""
    rows = [[_typed(cell) for cell in row] for row in csv.reader(text(name).splitlines())]
    swapped = [list(row) for row in zip_longest(*rows)]
    return [["a title that is no part of it"], *swapped] if turned else rows


def _typed(cell: str) -> object:
    for kind in (int, float, datetime.datetime.fromisoformat):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell or None


def figure(found: Figures, at: str) -> Figure:
    """Return the figure in a cell, such as C7."""
    (one,) = (f for f in found.figures if f"{f.place.column}{f.place.row}" == at)
    return one


# Every sample ------------------------------------------------------------------------------------

FORMATS = {
    "ceic.csv": ("ceic", 5),
    "databank.csv": ("worldbank", 5),
    "eurostat.csv": ("sdmx", 7),
    "eurostat_labels.csv": ("sdmx", 5),
    "fred_gdpc1.csv": ("fred", 7),
    "fred_gdpca.csv": ("fred", 5),
    "nbs_indicators.csv": ("nbs", 5),
    "nbs_months.csv": ("nbs", 10),
    "nbs_regions.csv": ("nbs", 6),
    "oecd.csv": ("sdmx", 6),
    "oecd_labels.csv": ("sdmx", 3),
    "oecd_outlook.csv": ("sdmx", 3),
    "oecd_stat.csv": ("sdmx", 2),
    "weo.tsv": ("weo", 24),
    "weo_2025.csv": ("weo", 8),
    "wind.csv": ("wind", 8),
    "worldbank.csv": ("worldbank", 101),
}


def test_every_sample_is_described_and_expected() -> None:
    files = {path.name for path in SAMPLES.iterdir()} - {"README.md", "worldbank_countries.csv"}
    assert files == set(FORMATS)
    described = (SAMPLES / "README.md").read_text("utf-8")
    assert all(f"`{name}`" in described for name in [*FORMATS, "worldbank_countries.csv"])


@pytest.mark.parametrize("name", FORMATS)
def test_sample_is_recognized_by_its_format_alone(name: str, tmp_path: Path) -> None:
    path = tmp_path / "export"  # by its content, not by its name
    path.write_bytes((SAMPLES / name).read_bytes())
    module, count = FORMATS[name]
    found = [n for n in formats() if _module(n).recognizes(path)]
    assert found == [module]
    assert len(read(path).figures) == count


def _module(name: str) -> Format:
    return cast("Format", importlib.import_module(f"forecast.importing.formats.{name}"))


@pytest.mark.parametrize("name", FORMATS)
def test_places_hold_the_figures(name: str) -> None:
    separator = "\t" if name == "weo.tsv" else ","
    rows = list(csv.reader(text(name).splitlines(), delimiter=separator))
    for f in sample(name).figures:
        column = 0
        for sign in f.place.column:
            column = 26 * column + ord(sign) - ord("A") + 1
        assert Decimal(rows[f.place.row - 1][column - 1].replace(",", "")) == f.value


NOT_EXPORTS = {
    "nothing": b"",
    "one line": b"a,b\n",
    "wide table": "指标,2022,2023\nGDP,1,2\n".encode(),
    "panel": b"series_id,year,value\na,2020,1\n",
    "a refused download": b"<html><head><title>Request Rejected</title></head></html>",
    "damaged workbook": b"PK\x03\x04" + bytes(200),
    "noise": bytes(range(256)) * 20,
    "other series": b"DATE,gdp of the city\n2020-01-01,1\n",
    "old workbook": b"\xd0\xcf\x11\xe0" + bytes(500),
}


@pytest.mark.parametrize("name", NOT_EXPORTS)
def test_other_files_are_of_no_format(name: str, tmp_path: Path) -> None:
    path = tmp_path / "API_NY.GDP.MKTP.CD_DS2_en_csv_v2.csv"
    path.write_bytes(NOT_EXPORTS[name])
    assert recognized(path) is None
    assert recognized(tmp_path) is None
    assert recognized(tmp_path / "not there") is None


# World Bank --------------------------------------------------------------------------------------


def test_world_bank_names_indicator_country_and_unit() -> None:
    found = sample("worldbank.csv")
    assert found.figures[0] == Figure(
        "GDP at market prices (current US$)", "Aruba", "1994", Decimal("1330167597.76536"),
        "US$", found.figures[0].place, "actual", "NY.GDP.MKTP.CD", "ABW",
    )  # fmt: skip
    assert str(found.figures[0].place) == "worldbank.csv, cell AM6"
    assert found.origin.published == "2016-05-02"
    assert found.origin.licence == "CC BY 4.0"
    assert found.origin.url == "https://data.worldbank.org/indicator/NY.GDP.MKTP.CD"
    assert found.origin.selection


def test_archive_of_the_world_bank_tells_aggregates(tmp_path: Path) -> None:
    path = tmp_path / "API.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(SAMPLES / "worldbank_countries.csv", "Metadata_Country_API_X.csv")
        archive.writestr("Metadata_Indicator_API_X.csv", '"INDICATOR_CODE"\n')
        archive.write(SAMPLES / "worldbank.csv", "API_X.csv")
    found = read(path)
    assert {f.region for f in found.figures if f.note == "aggregate of countries"} == {"Arab World"}
    assert str(found.figures[0].place) == "API.zip/API_X.csv, cell AM6"
    assert len(found.figures) == 101


def test_databank_states_growth_and_the_day_below() -> None:
    found = sample("databank.csv")
    growth, people = figure(found, "F2"), figure(found, "G3")
    assert (growth.measure, growth.value, growth.unit) == ("growth", Decimal("-0.25"), "%")
    assert (people.measure, people.indicator, people.period) == ("", "Population, total", "2023")
    assert found.origin.published == "2023-12-22"


# IMF ---------------------------------------------------------------------------------------------


def test_outlook_tells_facts_estimates_and_forecasts() -> None:
    found = sample("weo.tsv")
    assert found.origin.published == "2025-04"
    kinds = {(f.indicator_code, f.period): f.kind for f in found.figures}
    growth = [kinds["NGDP_RPCH", str(year)] for year in range(2022, 2027)]
    assert growth == ["actual", "actual", "estimate", "forecast", "forecast"]
    assert kinds["NGDP", "2023"] == "estimate"  # estimates start after 2022
    assert kinds["LUR", "2023"] == "estimate"  # no year: no figure is stated to be actual
    assert figure(found, "J2").measure == "growth"


def test_outlook_has_scales_thousands_and_fiscal_years() -> None:
    found = sample("weo.tsv")
    level = figure(found, "K3")
    assert (level.value, level.unit) == (Decimal("1100.20"), "billion Freedonian dollar")
    assert level.indicator == "Gross domestic product, current prices (National currency)"
    assert level.note == "fiscal years, July/June"
    assert [f.period for f in found.figures if f.indicator_code == "LUR"] == ["2021", "2023"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_outlook_is_read_in_the_encodings_of_its_editions(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "WEOOct2023all.xls"
    accented = text("weo.tsv").replace("\tFreedonia\t", "\tCôte de Freedonia\t")
    path.write_bytes(accented.encode(encoding))
    found = read(path)
    assert {f.region for f in found.figures} == {"Côte de Freedonia"}
    assert [f._replace(region="Freedonia", place=f.place._replace(file="weo.tsv"))
            for f in found.figures] == list(sample("weo.tsv").figures)  # fmt: skip


def test_outlook_as_table_states_the_day() -> None:
    found = sample("weo_2025.csv")
    assert found.origin.published == "2025-10-14"
    growth, level = figure(found, "O2"), figure(found, "M3")
    assert (growth.indicator_code, growth.region_code) == ("NGDP_RPCH", "FRD")
    assert (growth.kind, growth.period) == ("forecast", "2025")
    assert (level.kind, level.unit) == ("actual", "billion Freedonian dollar")


def test_outlook_without_edition_says_so(tmp_path: Path) -> None:
    path = tmp_path / "weo"
    path.write_text(text("weo.tsv").partition("\nInternational")[0], "utf-8")
    found = read(path)
    assert found.origin.published == ""
    assert any("edition" in notice for notice in found.notices)


# SDMX --------------------------------------------------------------------------------------------


def test_message_has_multiples_currencies_and_varying_dimensions() -> None:
    found = sample("oecd.csv")
    swedish = figure(found, "G4")
    assert (swedish.value, swedish.unit) == (Decimal("5464.876"), "million SEK")
    assert swedish.indicator == "DF_REFSERIES_GLOBAL, XDC"
    assert (swedish.indicator_code, swedish.region_code) == ("B1GQ_V.XDC", "SWE")
    assert figure(found, "G6").unit == "billion VND"
    assert (found.origin.publisher, found.origin.licence) == ("OECD", "CC BY 4.0")


def test_message_with_labels_names_them() -> None:
    one = figure(sample("oecd_labels.csv"), "AC3")
    assert one.indicator == (
        "Patents by technology, Triadic patent family, Patent families, Sets of patents"
    )
    assert (one.region, one.region_code, one.unit) == ("Austria", "AUT", "Sets of patents")
    assert one.value == Decimal("159.69580078125")


def test_years_ahead_are_forecasts() -> None:
    found = sample("oecd_outlook.csv")
    assert {f.kind for f in found.figures} == {"forecast"}
    assert figure(found, "G4").value == Decimal("1.576917E+17")
    assert {f.indicator for f in found.figures} == {"DF_EO114_LTB, S0", "DF_EO114_LTB, S1"}


def test_eurostat_flags_become_notes_and_kinds() -> None:
    found = sample("eurostat.csv")
    assert figure(found, "H2").note == "definition differs"
    assert figure(found, "H4").note == "provisional"
    assert found.origin.published == "2023-04-17"
    assert found.origin.url == "https://ec.europa.eu/eurostat/databrowser/view/sdg_08_10"
    labelled = sample("eurostat_labels.csv")
    assert [(f.status, f.note) for f in labelled.figures] == [
        ("", ""), ("preliminary", "provisional"), ("", ""), ("preliminary", "estimated"), ("", ""),
    ]  # fmt: skip
    assert {f.kind for f in labelled.figures} == {"actual"}
    assert figure(labelled, "H6").region == "Türkiye"


def test_labels_behind_codes_in_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "message"
    both = text("eurostat.csv").replace(",geo,", ",geo: Reporting entity,")
    both = both.replace(",na_item,", ",na_item: Item,").replace(",B1GQ,", ",B1GQ: GDP: total,")
    path.write_text(both.replace(",AL,", ",AL: Albania,").replace(",BE,", ",BE: Belgium,"), "utf-8")
    first = read(path).figures[0]
    assert (first.region, first.region_code) == ("Albania", "AL")
    assert first.indicator_code == "CLV10_EUR_HAB.B1GQ"


def test_former_oecd_tables_are_read_as_messages() -> None:
    found = sample("oecd_stat.csv")
    last = figure(found, "Q3")
    assert (last.indicator, last.period) == (
        "Gross domestic product, National currency, current prices, Freedonian dollar", "2019Q4",
    )  # fmt: skip
    assert (last.unit, last.status) == ("million Freedonian dollar", "preliminary")
    assert (last.region, last.note) == ("Freedonia", "estimated")
    assert (found.origin.publisher, found.origin.title) == ("OECD", "OECD.Stat")


PERIODS = {"2023": "2023", "2023-Q2": "2023Q2", "2023-M05": "2023-05", "2023-05": "2023-05",
           "2023-S1": "2023H1", "2023-01-31": "2023-01-31"}  # fmt: skip


@pytest.mark.parametrize("written", PERIODS)
def test_periods_of_messages(written: str, tmp_path: Path) -> None:
    path = tmp_path / "message"
    path.write_text(text("oecd.csv").replace("A,2013,", f"A,{written},"), "utf-8")
    assert read(path).figures[0].period == PERIODS[written]


def test_weeks_are_left_out_and_named(tmp_path: Path) -> None:
    path = tmp_path / "message"
    path.write_text(text("oecd.csv").replace("A,2013,", "A,2013-W05,"), "utf-8")
    found = read(path)
    assert len(found.figures) == 5
    assert (str(found.untaken[0].place), found.untaken[0].text) == ("message, cell G2", "31635")
    assert "2013-W05" in found.untaken[0].why


# FRED --------------------------------------------------------------------------------------------


def test_frequency_of_fred_is_read_off_the_dates() -> None:
    quarters, years = sample("fred_gdpc1.csv"), sample("fred_gdpca.csv")
    assert [f.period for f in quarters.figures[:2]] == ["2023Q1", "2023Q2"]
    assert figure(quarters, "B5").value == Decimal("22960.600")
    assert str(figure(quarters, "B5").value) == "22960.600"
    assert [f.period for f in years.figures] == [str(year) for year in range(2015, 2020)]
    assert quarters.origin.url == "https://fred.stlouisfed.org/series/GDPC1"
    (notice,) = quarters.notices
    assert "must not be added up" in notice
    assert years.notices == ()


def test_missing_and_mixed_frequencies_of_fred(tmp_path: Path) -> None:
    path = tmp_path / "fredgraph.csv"
    path.write_text(
        "observation_date,GDPC1,FYFSD,UNRATE\n"
        "2019-09-30,,-984.2,\n2019-10-01,20985.448,,3.6\n2019-11-01,,,.\n2019-12-01,,,3.6\n"
        "2020-01-01,20693.238,,3.5\n2020-09-30,,-3132.5,\n",
        "utf-8",
    )
    found = [(f.indicator, f.period, str(f.value)) for f in read(path).figures]
    assert found == [
        ("GDPC1", "2019Q4", "20985.448"), ("GDPC1", "2020Q1", "20693.238"),
        ("FYFSD", "FY2019", "-984.2"), ("FYFSD", "FY2020", "-3132.5"),
        ("UNRATE", "2019-10", "3.6"), ("UNRATE", "2019-12", "3.6"), ("UNRATE", "2020-01", "3.5"),
    ]  # fmt: skip


# National Bureau of Statistics -------------------------------------------------------------------


def test_provinces_have_the_indicator_above_the_table() -> None:
    found = sample("nbs_regions.csv")
    one = figure(found, "C6")
    assert (one.indicator, one.region, one.period) == ("地区生产总值(亿元)", "浙江省", "2023")
    assert (str(one.value), one.unit) == ("85619.6", "亿元")
    assert str(figure(found, "D6").value) == "80770.0"
    assert found.origin.title == "分省年度数据，地区生产总值(亿元)"
    assert "第五次全国经济普查" in found.notices[0]


def test_provinces_of_a_workbook_of_excel_97_are_those_of_the_text() -> None:
    found = read(SAMPLES.parent / "nbs_regions.xls")  # the cells of the text, written by xlwt
    expected = sample("nbs_regions.csv")
    assert found.origin.title == expected.origin.title
    for one, other in zip(found.figures, expected.figures, strict=True):
        assert (one.region, one.indicator, one.period) == (
            other.region, other.indicator, other.period,
        )  # fmt: skip
        assert (one.value, one.unit, one.place.row) == (other.value, other.unit, other.place.row)


def test_indicators_with_tabs_in_their_cells() -> None:
    found = sample("nbs_indicators.csv")
    assert [f.period for f in found.figures] == ["2024", "2023", "2022", "2023", "2022"]
    assert figure(found, "C5").indicator == "地方财政教育支出 (亿元)"
    assert figure(found, "C5").unit == "亿元"


def test_index_of_the_year_before_is_a_growth_rate(tmp_path: Path) -> None:
    path = tmp_path / "table"
    index = text("nbs_indicators.csv").replace("教育支出 (亿元)", "生产总值指数 (上年=100)")
    path.write_text(index.replace("1227.90", "106.8").replace("1171.12", "98.50"), "utf-8")
    found = read(path)
    up, down = figure(found, "C5"), figure(found, "D5")
    assert (str(up.value), up.unit, up.measure) == ("6.8", "%", "growth")
    assert up.note == "published as the index 106.8"
    assert str(down.value) == "-1.50"


def test_figures_since_january_are_measures_of_their_own() -> None:
    found = sample("nbs_months.csv")
    assert [figure(found, at).measure for at in ("B4", "B5", "B6")] == [
        "", "ytd_level", "ytd_growth",
    ]  # fmt: skip
    assert figure(found, "E5").period == "2024-02"


def test_bureau_in_gb18030_and_as_workbook(tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    old.write_bytes(text("nbs_regions.csv").encode("gb18030"))
    found = read(old)
    assert "GB18030" in found.notices[0]
    book = read(workbook(tmp_path, cells("nbs_regions.csv")))
    expected = [(f.region, f.period, f.value) for f in sample("nbs_regions.csv").figures]
    for one in (found, book):
        assert [(f.region, f.period, f.value) for f in one.figures] == expected
    assert str(book.figures[0].place) == "t.xlsx sheet Sheet1, cell B5"


@pytest.mark.parametrize(
    ("written", "period"),
    [("2023年第二季度", "2023Q2"), ("2023年第2季度", "2023Q2"), ("2023年12月", "2023-12")],
)
def test_periods_of_the_bureau(written: str, period: str, tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_text(text("nbs_regions.csv").replace("2024年", written), "utf-8")
    assert read(path).figures[0].period == period


# Vendors -----------------------------------------------------------------------------------------


def test_vendors_have_frequencies_units_and_codes() -> None:
    found = sample("ceic.csv")
    fiscal, running = figure(found, "D16"), figure(found, "C17")
    assert (fiscal.period, fiscal.region, fiscal.unit) == ("2022/23", "Sylvania", "SYL mn")
    assert (running.period, running.measure, running.region) == (
        "2023-06",
        "ytd_level",
        "Northland",
    )
    assert running.indicator_code == "900000002"
    assert found.origin.published == "2024-03-01"
    assert found.origin.publisher == "Office of Statistics; Ministry of Finance"
    found = sample("wind.csv")
    growth = figure(found, "D8")
    assert (growth.period, growth.measure, growth.unit) == ("2023-06", "ytd_growth", "%")
    assert figure(found, "B7").period == "2022"
    assert (growth.indicator, growth.indicator_code) == ("某省:GDP:累计同比", "M9000003")


@pytest.mark.parametrize("name", ["ceic.csv", "wind.csv"])
def test_vendor_workbooks_stand_either_way(name: str, tmp_path: Path) -> None:
    upright = read(workbook(tmp_path, cells(name))).figures
    turned = read(workbook(tmp_path, cells(name, turned=True))).figures
    plain = sample(name).figures
    for found in (upright, turned):
        assert [f._replace(place=plain[0].place) for f in found] == [
            f._replace(place=plain[0].place) for f in plain
        ]
    assert str(upright[0].place).endswith(f"cell {plain[0].place.column}{plain[0].place.row}")
    assert (turned[0].place.row, turned[0].place.column) != upright[0].place[2:]


def test_older_labels_of_ceic(tmp_path: Path) -> None:
    path = tmp_path / "ceic.csv"
    older = text("ceic.csv").replace("Region,", "Country,").replace("Series ID", "Series Code")
    path.write_text(older, "utf-8")
    assert read(path).figures == sample("ceic.csv").figures


def test_zeros_of_wind_are_named(tmp_path: Path) -> None:
    path = tmp_path / "wind.csv"
    path.write_text(text("wind.csv").replace("520.25", "0"), "utf-8")
    (notice,) = read(path).notices
    assert "cell C8" in notice


# Damaged -----------------------------------------------------------------------------------------


def _replace(old: str, new: str, count: int = -1) -> Callable[[str], str]:
    return lambda whole: whole.replace(old, new, count)


SPOILED: dict[str, tuple[str, Callable[[str], str], str]] = {
    "row cut off": (
        "worldbank.csv", lambda s: s.replace('"20038215159.3873","",\n', "\n"),
        "worldbank.csv row 7: 'Afghanistan' - the row has 59; expected 61 cells",
    ),
    "cells too many": (
        "worldbank.csv", _replace('"NY.GDP.MKTP.CD","","",', '"NY.GDP.MKTP.CD","","","",', 1),
        "row 6: 'Aruba' - the row has 62; expected 61 cells",
    ),
    "tab too many": (
        "weo.tsv", _replace("\t1,100.20", "\t\t1,100.20"),
        "row 3: '999' - the row has 22; expected 21 cells",
    ),
    "download cut off": (
        "worldbank.csv", lambda s: s[: s.rindex("American") + 8],
        "row 9: expected matching quotation marks",
    ),
    "figure is a text": (
        "worldbank.csv", _replace("2461666314.78366", "2.461.666.314"),
        "row 7, column AT: '2.461.666.314' - expected a number",
    ),
    "decimal commas": (
        "worldbank.csv", lambda s: s.replace(".", ","),
        "row 6, column AM: '1330167597,76536' - expected a number such as 1234.5, .. or an empty "
        "cell (and 100 more: AN6, AO6, AP6, AQ6, AR6, ...)",
    ),
    "year twice": (
        "worldbank.csv", _replace('"1961"', '"1960"'),
        "row 5, column F: '1960' - expected each year once",
    ),
    "no years": (
        "databank.csv", lambda s: s.replace(" [YR", " (YR"),
        "row 1: expected a year above each column",
    ),
    "no year of estimates": (
        "weo.tsv", _replace("\t2022\n", "\t20x2\n"),
        "row 3, column U: '20x2' - expected a year, or an empty cell",
    ),
    "figure of another country": (
        "weo.tsv", _replace("1,500.60", "1.500,60"),
        "row 3, column O: '1.500,60' - expected a number",
    ),
    "short row": (
        "weo.tsv", _replace("\t10\t11\t2023\n", "\n"),
        "row 2: '999' - the row has 18; expected 21 cells",
    ),
    "column renamed": (
        "weo.tsv", _replace("\tUnits\tScale", "\tEinheit\tScale", 1),
        "row 1, column Units: '' - expected this column to be there",
    ),
    "two messages": (
        "oecd.csv", _replace(",UGA,B1GQ_V,USD,A,2014,", ",UGA,B1GQ_V,USD,A,2013,"),
        "row 3, column G: '33542.5' - expected one figure of B1GQ_V.USD, UGA, 2013, million USD "
        "(another is in oecd.csv, cell G2)",
    ),
    "comma in a figure": (
        "oecd.csv", _replace("33542.5", "33,542.5"),
        "row 3: 'OECD.CTP.TPS:DSD_REF_GLOBAL@DF_REFSERIES_GLOBAL(1.1)' - the row has 12; "
        "expected 11 cells",
    ),
    "value is a word": (
        "eurostat.csv", _replace(",36740,", ",n.d.,"),
        "row 8, column H: 'n.d.' - expected a number",
    ),
    "dimension twice": (
        "eurostat.csv", _replace(",na_item,", ",unit,"),
        "row 1, column UNIT: 'UNIT' - expected each column once",
    ),
    "no such day": (
        "fred_gdpc1.csv", _replace("2023-10-01", "2023-13-01"),
        "row 5, column A: '2023-13-01' - expected a date such as",
    ),
    "day twice": (
        "fred_gdpc1.csv", _replace("2023-10-01", "2023-07-01"),
        "row 5, column A: '2023-07-01' - expected each date once",
    ),
    "one day": (
        "fred_gdpc1.csv", lambda s: "\n".join(s.splitlines()[:2]) + "\n",
        "row 1, column B: 'GDPC1' - expected two dates or more",
    ),
    "no indicator": (
        "nbs_regions.csv", _replace("指标：地区生产总值(亿元)\n", ""),
        "row 3: expected a line 指标",
    ),
    "unknown period": (
        "nbs_months.csv", _replace("2024年3月", "三月份"),
        "row 3, column D: '三月份' - expected a period such as",
    ),
    "note in a cell": (
        "nbs_regions.csv", _replace("85619.6", "见注"),
        "row 6, column C: '见注' - expected a number",
    ),
    "frequency unknown": (
        "ceic.csv", _replace("Annual,Quarterly", "Annual,Fortnightly"),
        "row 17, column C: 'Fortnightly' - expected a frequency of the series: years, quarters, "
        "months, weeks or days (and 1 more: C18)",
    ),
    "series without a name": (
        "ceic.csv", _replace(",GDP,GDP: ytd,", ",GDP,,"),
        "row 17, column C: '50.25' - expected a name of the series",
    ),
    "word for a figure": (
        "wind.csv", _replace("520.25", "暂缺"),
        "row 8, column C: '暂缺' - expected a number",
    ),
    "frequency missing": (
        "wind.csv", _replace("频率,年,季,季", "频率,,季,季"),
        "row 7, column B: '' - expected a frequency",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_damaged_export_has_one_clear_error(name: str, tmp_path: Path) -> None:
    file, spoil, expected = SPOILED[name]
    path = tmp_path / file
    spoiled = spoil(text(file))
    assert spoiled != text(file)
    path.write_text(spoiled, "utf-8")
    with pytest.raises(DataError) as caught:
        read(path)
    assert len(caught.value.problems) == 1
    assert expected in str(caught.value.problems[0])


EDITS = st.tuples(
    st.sampled_from(["cut", "put", "repeat", "cell", "row"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 150),
    st.sampled_from(["", '"', ",", "\n", "\t", "x", "9", "-", ".", "年", ":", "\0", "2024", "1e5"]),
)


def _edited(whole: str, kind: str, at: float, length: int, sign: str) -> str:
    i = int(at * len(whole))
    if kind == "cut":
        return whole[:i] + whole[i + length :]
    if kind == "put":
        return whole[:i] + sign + whole[i:]
    if kind == "repeat":
        return whole[: i + length] + whole[i:]
    lines = whole.split("\n")
    j = int(at * len(lines))
    if kind == "row":
        lines.insert(j, lines[length % len(lines)])
    else:
        cells = lines[j].split(",")
        cells[length % len(cells)] = sign
        lines[j] = ",".join(cells)
    return "\n".join(lines)


@settings(max_examples=200)
@given(
    name=st.sampled_from(sorted(FORMATS)),
    edits=st.lists(EDITS, min_size=1, max_size=3),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_damage_of_any_kind_is_the_fault_of_the_file(
    name: str,
    edits: list[tuple[str, float, int, str]],
    encoding: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    whole = text(name)
    for edit in edits:
        whole = _edited(whole, *edit)
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(whole.encode(encoding))
    found = recognized(path)
    if found is not None:
        with suppress(UserError):
            found.read(path)

"""The workbook of the answers, read back as a spreadsheet reads it."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest

from forecast.report.language import language
from forecast.report.outputs.workbook import workbook

SHEETS = {
    "en": ["About", "Targets", "Scenarios", "Forecast by year", "History", "Sources"],
    "zh": ["说明", "目标", "情景", "分年预测", "历史数据", "来源"],
}


def read(found: dict[str, Any], lang: str = "en") -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(language(lang), found)))


def rows(sheet: Any) -> list[dict[str, Any]]:
    heads, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in body]


@pytest.mark.parametrize("lang", SHEETS)
def test_every_sheet_is_ready_to_read(found: dict[str, Any], lang: str) -> None:
    book = read(found, lang)
    assert book.sheetnames == SHEETS[lang]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert all(cell.value and cell.font.bold for cell in sheet[1])
        assert 10 < min(d.width for d in sheet.column_dimensions.values()) < 63
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}
            assert not any(cell.hyperlink for cell in row)


def test_english_amounts_are_in_billions_and_say_so(found: dict[str, Any]) -> None:
    gdp = rows(read(found)["Targets"])[0]
    entry = found["targets"][0]
    assert (gdp["Target"], gdp["Unit"], gdp["Year"]) == ("GDP", "billion yuan", 2027)
    assert gdp["Target value"] == 1000
    assert gdp["Last value"] == pytest.approx(entry["last_value"] / 10)
    assert gdp["Probability (%)"] == pytest.approx(entry["probability"])
    assert gdp["Probability as stated"].startswith("< ")
    assert gdp["Unit of growth"] == "% a year"
    assert gdp["Growth needed"] == pytest.approx(entry["required_growth"])
    assert read(found)["Targets"]["I2"].number_format == "0%"


def test_chinese_workbook_has_chinese_names_and_units(found: dict[str, Any]) -> None:
    book = read(found, "zh")
    gdp = rows(book["目标"])[0]
    assert (gdp["目标值"], gdp["单位"], gdp["要求"]) == (10000, "亿元", "约")
    latin = re.compile(r"[a-z]{4,}")
    for name in ("目标", "情景", "分年预测", "历史数据"):
        told = [c.value for row in book[name].iter_rows() for c in row if c.data_type == "s"]
        assert not [text for text in told if text and latin.search(text)], name


def test_years_of_forecast_and_history_are_those_of_the_results(found: dict[str, Any]) -> None:
    book = read(found)
    ahead = [row for row in rows(book["Forecast by year"]) if row["Target"] == "GDP"]
    assert [row["Year"] for row in ahead] == [2026, 2027]
    assert ahead[1]["Median"] == pytest.approx(found["targets"][0]["years"]["2027"]["0.50"] / 10)
    assert len(rows(book["History"])) == sum(len(s["years"]) for s in found["series"])
    assert len(rows(book["Sources"])) == len(found["sources"])
    before = {r["Target"]: r["Probability (%)"] for r in rows(book["Scenarios"])}
    assert len(before) == len(found["scenarios"][0]["targets"])
    linked = [t["reliable_link"] for s in found["scenarios"] for t in s["targets"]]
    told = [r["Link to the target"].startswith("reliable") for r in rows(book["Scenarios"])]
    assert told == linked


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "2023-06"])
def test_text_of_the_data_stays_a_text(found: dict[str, Any], text: str) -> None:
    damaged = copy.deepcopy(found)
    damaged["targets"][0]["name"] = damaged["sources"][0]["title"] = text
    book = read(damaged)
    for cell in (book["Targets"]["A2"], book["Sources"]["A2"]):
        assert (cell.value, cell.data_type) == (text, "s")


def test_same_answers_give_the_same_bytes(found: dict[str, Any]) -> None:
    data = workbook(language("en"), found)
    assert data == workbook(language("en"), found)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "externalLink" in name]
        assert b"2027-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_scenario_that_is_not_possible_is_named(found: dict[str, Any]) -> None:
    refused = {**found["scenarios"][1], "status": "refused", "targets": []}
    told = rows(read({**found, "scenarios": [found["scenarios"][0], refused]})["Scenarios"])
    assert told[-1]["Scenario"] == refused["name"]
    assert told[-1]["Target"] == "not possible"

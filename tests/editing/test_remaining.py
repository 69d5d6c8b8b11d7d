"""What remains to be done with a folder, and the command for the next of it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from forecast.editing import remaining as module
from forecast.editing.remaining import remaining
from forecast.evidence.loading import load

TABLES = {
    "regions": "region,name,year_starts\nland,A land,",
    "indicators": """
indicator,name,unit
output,Output,tonnes
people,People,persons
place,Place,rank""",
    "sources": "source,title\nbook,Yearbook",
    "plans": "plan,name,region,languages\nplan,Plan of the land,land,en",
    "targets": """
plan,target,name,indicator,region,comparison,value,year
plan,output,Output,output,land,at_least,200,2027
plan,people,People,people,land,at_least,9,2030
plan,place,Place,place,land,rank_within,3,2030""",
}  # fmt: skip


def folder(path: Path, *rows: str, **tables: str) -> Path:
    head = "region,indicator,period,value,source"
    for name, text in {**TABLES, "observations": "\n".join([head, *rows]), **tables}.items():
        (path / f"{name}.csv").write_text(text.strip() + "\n", "utf-8")
    return path


def levels(indicator: str, first: int, last: int) -> list[str]:
    return [f"land,{indicator},{year},{100 + year % 100},book" for year in range(first, last + 1)]


@pytest.fixture(autouse=True)
def summer_of_2025(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "today", lambda: datetime.date(2025, 7, 1))


def test_a_fresh_folder_is_told_which_figures_come_first(tmp_path: Path) -> None:
    sources = "source,title"
    told = "\n".join(remaining(load(folder(tmp_path, sources=sources)), tmp_path))
    head, _, commands = told.partition(" of 2020 to 2024, each with its source ")
    assert (
        head
        == """\
What remains, of 3 targets:
  3 without any figure: Output, People, Place

Next, add the figures of Output"""
    )
    assert (
        commands
        == f"""\
(--source KEY once it is known):
  forecast add --data {tmp_path} --region land --indicator output --period 2024 \\
    --value NUMBER --new-source KEY --title TITLE
or many at once from a table or an export:
  forecast import FILE --data {tmp_path}
The pages can be made meanwhile:
  forecast report --data {tmp_path}"""
    )


def test_thin_old_and_short_series_are_told_apart(tmp_path: Path) -> None:
    rows = [*levels("output", 2015, 2021), *levels("people", 2022, 2024)]
    text = "\n".join(remaining(load(folder(tmp_path, *rows)), None))
    assert "1 without any figure: Place\n" in text
    assert "1 with figures of fewer than 5 years: little to forecast from: People\n" in text
    assert "1 without a figure of the last two years: Output\n" in text
    assert "1 with figures of fewer than 10 years: a short record of forecasts: Output\n" in text
    assert "--indicator place --period 2024" in text
    assert "--data" not in text


def test_a_finished_folder_makes_its_pages(tmp_path: Path) -> None:
    rows = [
        *levels("output", 2012, 2024),
        *levels("people", 2010, 2024),
        *levels("place", 2024, 2024),
    ]
    data = folder(tmp_path, *rows)
    assert remaining(load(data), data) == [
        f"Next, make the pages:\n  forecast report --data {data}"
    ]


def test_fiscal_years_are_named_as_such(tmp_path: Path) -> None:
    data = folder(
        tmp_path, sources="source,title", regions="region,name,year_starts\nland,A land,4"
    )
    text = "\n".join(remaining(load(data), None))
    assert "figures of Output of 2020/21 to 2024/25" in text
    assert "--period 2024/25" in text


def test_no_year_after_the_last_target_is_asked_for(tmp_path: Path) -> None:
    targets = TABLES["targets"].replace("2027", "2022").replace("2030", "2022")
    data = folder(tmp_path, sources="source,title", targets=targets)
    assert "Output of 2018 to 2022" in "\n".join(remaining(load(data), None))


@pytest.mark.parametrize("languages", ["zh", "en;zh", ""])
def test_chinese_pages_need_chinese_names(languages: str, tmp_path: Path) -> None:
    plans = f"plan,name,region,languages\nplan,Plan of the land,land,{languages}"
    indicators = (
        "indicator,name,name_zh,unit\noutput,Output,产量,tonnes\npeople,People,,persons\n"
        "place,Place,名次,rank\nother,Other,,tonnes"
    )
    told = remaining(load(folder(tmp_path, plans=plans, indicators=indicators)), None)
    (line,) = [line for line in told if "name_zh" in line]
    assert line == (
        "  Chinese names for the Chinese pages, column name_zh: plans.csv (plan); "
        "targets.csv (output, people, place); indicators.csv (people); regions.csv (land)"
    )


def test_names_in_chinese_need_no_chinese_names(tmp_path: Path) -> None:
    plans = "plan,name,region,languages\nplan,某省规划,land,zh"
    indicators = (
        "indicator,name,unit\noutput,GDP增速,tonnes\npeople,人口,persons\n"
        "place,名次,rank\nother,Other,tonnes"
    )
    told = remaining(load(folder(tmp_path, plans=plans, indicators=indicators)), None)
    (line,) = [line for line in told if "name_zh" in line]
    assert "plans.csv" not in line
    assert "indicators.csv" not in line


def test_a_computed_figure_is_known_as_far_as_the_least_known_of_its_series(
    tmp_path: Path,
) -> None:
    """A ratio has two series, a place among regions one of each, growth a year it counts from."""
    regions = "region,name\nland,A land\nsea,A sea"
    targets = """
plan,target,name,indicator,region,comparison,value,year,kind,start,unit,items,per
plan,head,Per head,output,land,at_least,2,2030,ratio,,tonnes/person,,people
plan,place,Place,output,land,rank_within,1,2030,rank,,,land;sea,
plan,twice,Doubled,output,land,at_least,100,2030,growth,2010,%,,"""
    rows = [*levels("output", 2012, 2024), *levels("people", 2018, 2024)]
    rows += [row.replace("land", "sea") for row in levels("output", 2022, 2024)]
    text = "\n".join(
        remaining(load(folder(tmp_path, *rows, regions=regions, targets=targets)), None)
    )
    assert "1 with figures of fewer than 5 years: little to forecast from: Place\n" in text
    assert "1 with figures of fewer than 10 years: a short record of forecasts: Per head\n" in text
    early = "1 without a figure of the year from which growth or a sum counts: Doubled\n"
    assert early in text
    assert "--region sea --indicator output" in text

"""Every way in which data get damaged gives one clear error at the right place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forecast.evidence.loading import inspect, load
from forecast.evidence.problems import DataError, Problem, render
from forecast.evidence.rules import registries
from forecast.evidence.rules.check import CHECKS
from tests import builders
from tests.builders import row_of

Damage = Callable[[Path], None]

GDP_2021 = row_of("observations", indicator="gdp", period="2021", measure="level")
GDP_GROWTH = row_of("observations", indicator="gdp", period="2022", measure="growth")
GDP_SEPTEMBER = row_of("observations", indicator="gdp", period="2024-09", measure="ytd_level")
EXPORTS_NOVEMBER = row_of("observations", indicator="exports", period="2015-11")
EXPORTS_2012 = row_of("observations", indicator="exports", period="2012")
RD_2021 = row_of("observations", indicator="rd_share", period="2021")
RANK = row_of("observations", indicator="business_rank")
TRAVEL = row_of("observations", indicator="travel_time")
POPULATION = row_of("observations", indicator="population", period="2021")
SHARE_2020 = row_of("observations", indicator="rd_share", period="2020")
PARCELS = row_of("observations", indicator="express", period="2020")
RATE_2012 = row_of("observations", indicator="usd_cny", period="2012")
FRIENDS = row_of("observations", indicator="friendly_cities")


def cell(table: str, row: int, **cells: str) -> Damage:
    """Type something else into a row."""
    return lambda folder: builders.edit(folder, table, row, **cells)


def added(table: str, **cells: str) -> Damage:
    """Add a row like the last one but for these cells."""

    def damage(folder: Path) -> None:
        builders.append(folder, table, **cells)

    return damage


def replaced(table: str, old: str, new: str) -> Damage:
    """Replace bytes of a file."""

    def damage(folder: Path) -> None:
        path = folder / f"{table}.csv"
        data = path.read_bytes()
        assert old.encode() in data
        path.write_bytes(data.replace(old.encode(), new.encode(), 1))

    return damage


def written(name: str, data: bytes) -> Damage:
    """Replace a file."""

    def damage(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return damage


def missing(name: str) -> Damage:
    """Remove a file."""
    return lambda folder: (folder / name).unlink()


def a_folder(name: str) -> Damage:
    """Put a folder in place of a file."""

    def damage(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return damage


def package(change: Callable[[dict[str, Any]], object]) -> Damage:
    """Change the description of the tables."""

    def damage(folder: Path) -> None:
        path = folder / "datapackage.json"
        described = json.loads(path.read_text("utf-8"))
        change(described)
        path.write_text(json.dumps(described), "utf-8")

    return damage


def resource(described: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the description of one table."""
    return next(item for item in described["resources"] if item["name"] == name)


NOWHERE = {"copy": "name", "of": "comparison"}


def field(described: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    """Return the description of one column."""
    fields = resource(described, table)["schema"]["fields"]
    return next(item for item in fields if item["name"] == name)


def obs(row: int, column: str = "") -> tuple[str, int, str]:
    """Return a place in the observations."""
    return "observations.csv", row, column


def _last(table: str) -> int:
    return len(builders.ROWS[table]) + 2


NEW = _last("observations")
HEADER = ",".join(builders.columns("observations"))
GDP_LINE = ",".join(builders.ROWS["observations"][GDP_2021 - 2])


# What frictionless sees as well: the structure that datapackage.json describes.
STRUCTURE = {
    "a cell too many": (
        replaced("observations", GDP_LINE, GDP_LINE + ",x"),
        obs(GDP_2021),
        "17 cells, not 18",
    ),
    "a cell too few": (
        replaced("observations", GDP_LINE, GDP_LINE[:-1]),
        obs(GDP_2021),
        "17 cells, not 16",
    ),
    "blank line": (
        replaced("observations", GDP_LINE + "\n", "\n"),
        obs(GDP_2021),
        "no blank row",
    ),
    "blank row": (
        replaced("observations", GDP_LINE, "," * 14),
        obs(GDP_2021),
        "no blank row",
    ),
    "required cell empty": (cell("observations", GDP_2021, value=""), obs(GDP_2021, "value"), ""),
    "thousands separator": (
        cell("observations", GDP_2021, value="5,355.4"),
        obs(GDP_2021, "value"),
        "'5,355.4' - expected a plain number such as 5355.4",
    ),
    "full-width digits": (
        cell("observations", GDP_2021, value="５３５５.4%"),
        obs(GDP_2021, "value"),
        "a plain number such as 5355.4",
    ),
    "percent sign": (
        cell("observations", GDP_GROWTH, value="2.5%"),
        obs(GDP_GROWTH, "value"),
        "a plain number such as 2.5",
    ),
    "decimal comma": (
        cell("observations", GDP_2021, value="5355,4"),
        obs(GDP_2021, "value"),
        "a plain number such as 6925.5",
    ),
    "text for number": (
        cell("observations", GDP_2021, value="over 5000"),
        obs(GDP_2021, "value"),
        "a plain number",
    ),
    "unknown measure": (
        cell("observations", GDP_2021, measure="Level"),
        obs(GDP_2021, "measure"),
        "(meant 'level'?)",
    ),
    "unknown mark": (cell("observations", GDP_2021, mark="bad"), obs(GDP_2021, "mark"), "one of"),
    "unknown indicator": (
        cell("observations", GDP_2021, indicator="gpd"),
        obs(GDP_2021, "indicator"),
        "an indicator of data/indicators.csv (meant 'gdp'?)",
    ),
    "unknown region": (
        cell("observations", GDP_2021, region="jinhau"),
        obs(GDP_2021, "region"),
        "a region of data/regions.csv (meant 'jinhua'?)",
    ),
    "space after an identifier": (
        cell("observations", GDP_2021, region="jinhua "),
        obs(GDP_2021, "region"),
        "'jinhua '",
    ),
    "unknown source": (
        cell("observations", GDP_2021, source="almanac"),
        obs(GDP_2021, "source"),
        "a source of data/sources.csv",
    ),
    "observation twice": (
        cell("observations", GDP_2021, observation="o0001"),
        obs(GDP_2021, "observation"),
        "(row 2 has it)",
    ),
    "target twice": (
        added("targets", target="gdp"),
        ("targets.csv", _last("targets"), "plan, target"),
        "no other row has",
    ),
    "target without indicator": (
        cell("targets", 2, indicator=""),
        ("targets.csv", 2, "indicator"),
        "not an empty cell",
    ),
    "target without region": (
        cell("targets", 2, region=""),
        ("targets.csv", 2, "region"),
        "not an empty cell",
    ),
    "target value in words": (
        cell("targets", 2, value="one trillion"),
        ("targets.csv", 2, "value"),
        "a plain number",
    ),
    "target year with a fraction": (
        cell("targets", 2, year="2027.5"),
        ("targets.csv", 2, "year"),
        "a whole number",
    ),
    "sequence below 1": (
        cell("bases", 2, sequence="0"),
        ("bases.csv", 2, "sequence"),
        "at least 1",
    ),
    "unknown parent": (
        cell("regions", 4, parent="zj"),
        ("regions.csv", 4, "parent"),
        "a region of data/regions.csv",
    ),
    "column missing": (
        replaced("observations", ",source,", ","),
        obs(1, "source"),
        "this column to be there",
    ),
    "column renamed": (
        replaced("plans", "horizon", "year"),
        ("plans.csv", 1, "year"),
        "only the columns plan",
    ),
    "empty file": (written("sources.csv", b""), ("sources.csv", None, ""), "not empty"),
    "no file": (missing("targets.csv"), ("targets.csv", None, ""), "this file to exist"),
    "folder for a file": (a_folder("bases.csv"), ("bases.csv", None, ""), "not a folder"),
}

# What takes a reader that knows spreadsheets, or a reader of the figures.
MEANING = {
    "not a number": (cell("observations", GDP_2021, value="nan"), obs(GDP_2021, "value"), "plain"),
    "infinite": (cell("observations", GDP_2021, value="inf"), obs(GDP_2021, "value"), "plain"),
    "absurdly large": (
        cell("observations", GDP_2021, value="9" * 400),
        obs(GDP_2021, "value"),
        "at most 15 digits",
    ),
    "abbreviated by a spreadsheet": (
        cell("observations", GDP_2021, value="5.36E+03"),
        obs(GDP_2021, "value"),
        "a plain number",
    ),
    "NUL byte": (replaced("observations", "5355.4", "53\x005.4"), obs(GDP_2021), "without NUL"),
    **{
        f"character {sign!r}": (
            cell("observations", GDP_2021, note=f"a{sign}b"),
            obs(GDP_2021, "note"),
            "readable text",
        )
        for sign in "\x1b\x9b\x85\u2028\u202e\u2066\ue000\ufffe"
    },
    "broken UTF-8": (
        lambda folder: (folder / "observations.csv").write_bytes(
            (folder / "observations.csv").read_bytes().replace("亿".encode(), b"\xe4\xba", 1)
        ),
        obs(2),
        "UTF-8",
    ),
    "UTF-16": (
        lambda folder: (folder / "regions.csv").write_bytes(
            builders.text("regions").encode("utf-16")
        ),
        ("regions.csv", None, ""),
        "not in UTF-16",
    ),
    "a workbook": (
        written("regions.csv", b"PK\x03\x04xl/worksheets"),
        ("regions.csv", None, ""),
        "not an Excel workbook",
    ),
    "only a byte-order mark": (
        written("regions.csv", b"\xef\xbb\xbf"),
        ("regions.csv", None, ""),
        "not empty",
    ),
    "quotation mark never closed": (
        replaced("observations", GDP_LINE, GDP_LINE + '"open'),
        obs(GDP_2021),
        "matching quotation marks",
    ),
    "line break in a cell": (
        cell("observations", GDP_2021, note="two\nlines"),
        obs(GDP_2021, "note"),
        "one line",
    ),
    "separated by colons": (
        written("observations.csv", builders.text("observations").replace(",", ":").encode()),
        obs(1, "region"),
        "this column to be there",
    ),
    "description cut off": (
        written("datapackage.json", b'{"resources": [\n{"name": "regions"'),
        ("datapackage.json", 2, ""),
        "valid JSON",
    ),
    "description is a list": (
        written("datapackage.json", b"[1, 2]"),
        ("datapackage.json", None, ""),
        "'resources'",
    ),
    "description nested too deeply": (
        written("datapackage.json", b"[" * 200_000),
        ("datapackage.json", None, ""),
        "valid JSON",
    ),
    "default that names no column": (
        package(
            lambda p: field(p, "targets", "unit").update({"x-default": {"copy": "x", "of": "y"}})
        ),
        ("datapackage.json", None, ""),
        "the default of unit in targets",
    ),
    "default of an unknown form": (
        package(lambda p: field(p, "targets", "unit").update({"x-default": {"same": "x"}})),
        ("datapackage.json", None, ""),
        "targets / schema / fields / unit / x-default / str",
    ),
    "growth of money without prices": (
        cell("observations", GDP_GROWTH, prices=""),
        obs(GDP_GROWTH, "prices"),
        "one of nominal, real, none, not an empty cell",
    ),
    "column of another type": (
        package(lambda p: resource(p, "observations")["schema"]["fields"][7].update(type="string")),
        ("datapackage.json", None, ""),
        "field value of type number",
    ),
    "key that is no column": (
        package(lambda p: resource(p, "regions")["schema"].update(primaryKey=["code"])),
        ("datapackage.json", None, ""),
        "'code'",
    ),
    "foreign key to nowhere": (
        package(
            lambda p: resource(p, "plans")["schema"]["foreignKeys"][0]["reference"].update(
                resource="cities"
            )
        ),
        ("datapackage.json", None, ""),
        "foreign key region of plans",
    ),
    "constraint that nobody checks": (
        package(
            lambda p: resource(p, "plans")["schema"]["fields"][0].update(
                constraints={"maxLength": 9}
            )
        ),
        ("datapackage.json", None, ""),
        "plans / schema / fields / plan / constraints / maxLength (Extra inputs are not permitted)",
    ),
    "pattern that is none": (
        package(
            lambda p: resource(p, "plans")["schema"]["fields"][0].update(
                constraints={"pattern": "(["}
            )
        ),
        ("datapackage.json", None, ""),
        "plan / constraints / pattern (Input should be a valid regular expression)",
    ),
    "identifier with a space": (
        cell("observations", GDP_2021, observation="o 1"),
        obs(GDP_2021, "observation"),
        "a form such as o0123",
    ),
    "regions in a circle": (
        cell("regions", 2, parent="china"),
        ("regions.csv", 2, "parent"),
        "a circle (china -> china)",
    ),
    "indicator in an unknown unit": (
        cell("indicators", 11, unit="million"),
        ("indicators.csv", 11, "unit"),
        "unknown unit; expected [magnitude] thing [/ thing]",
    ),
    "logit of a level": (
        cell("indicators", 2, transform="logit"),
        ("indicators.csv", 2, "transform"),
        "logit is for shares",
    ),
    "share in yuan": (
        cell("indicators", 9, kind="share"),
        ("indicators.csv", 9, "unit"),
        "wrong unit for a share; expected %",
    ),
    "sum of itself": (
        cell("indicators", 3, sum_of="gdp;exports"),
        ("indicators.csv", 3, "sum_of"),
        "other indicators",
    ),
    "sum of something unknown": (
        cell("indicators", 2, sum_of="exports;smuggling"),
        ("indicators.csv", 2, "sum_of"),
        "indicators separated by semicolons",
    ),
    "sum of yuan and persons": (
        cell("indicators", 2, sum_of="exports;population"),
        ("indicators.csv", 2, "sum_of"),
        "indicators in 亿元",
    ),
    "month of a share": (
        cell("observations", SHARE_2020, measure="month_level", period="2020-05"),
        ("observations.csv", SHARE_2020, "measure"),
        "a share does not add up",
    ),
    "quarter that ends in May": (
        cell("observations", PARCELS, measure="quarter_level", period="2020-05"),
        ("observations.csv", PARCELS, "period"),
        "the last month of a quarter",
    ),
    "month without a month": (
        cell("observations", PARCELS, measure="month_level", period="2020"),
        ("observations.csv", PARCELS, "period"),
        "for June alone",
    ),
    "following something unknown": (
        cell("indicators", 2, follows="smuggling"),
        ("indicators.csv", 2, "follows"),
        "",
    ),
    "following itself": (
        cell("indicators", 2, follows="gdp"),
        ("indicators.csv", 2, "follows"),
        "another indicator",
    ),
    "following an indicator on another scale": (
        cell("indicators", 2, follows="rd_share"),
        ("indicators.csv", 2, "follows"),
        "the log scale",
    ),
    "reference basis that is not the newest": (
        cell("bases", 2, link="reference"),
        ("bases.csv", 2, "link"),
        "only for it",
    ),
    "linked by a basis of GDP that is none": (
        cell("bases", 4, link="with_gdp", gdp_basis="counted"),
        ("bases.csv", 4, "gdp_basis"),
        "a basis of gdp (new_census, old_census)",
    ),
    "two bases in one place": (
        cell("bases", 3, sequence="1"),
        ("bases.csv", 3, "sequence"),
        "(row 2 has it)",
    ),
    "month 13": (
        cell("observations", GDP_SEPTEMBER, period="2024-13"),
        obs(GDP_SEPTEMBER, "period"),
        "no such date",
    ),
    "fiscal year where years begin in January": (
        cell("observations", GDP_2021, period="2020/21"),
        obs(GDP_2021, "period"),
        "a fiscal year, and the years of jinhua/gdp begin in January",
    ),
    "quarter for a year": (
        cell("observations", GDP_2021, period="2021Q4"),
        obs(GDP_2021, "period"),
        "wrong form for the measure level",
    ),
    "year 0202": (
        cell("observations", GDP_2021, period="0202"),
        obs(GDP_2021, "period"),
        "more than 200 years before the newest figure (2024)",
    ),
    "30 February": (
        cell("observations", FRIENDS, period="2023-02-30"),
        obs(FRIENDS, "period"),
        "a date such as",
    ),
    "month without a cumulative measure": (
        cell("observations", GDP_2021, period="2021-06"),
        obs(GDP_2021, "period"),
        "a year such as 2023",
    ),
    "cumulative without a month": (
        cell("observations", GDP_SEPTEMBER, period="2024"),
        obs(GDP_SEPTEMBER, "period"),
        "a month such as 2023-06",
    ),
    "year after its publication": (
        cell("observations", GDP_2021, period="2031", published="2022-02"),
        obs(GDP_2021, "period"),
        "the period begins after its publication (2022-02-28)",
    ),
    "year after its source": (
        cell(
            "observations", row_of("observations", period="2023", measure="growth"), period="2026"
        ),
        obs(row_of("observations", period="2023", measure="growth"), "period"),
        "after the publication of its source bulletin",
    ),
    "year after everything": (
        cell("observations", GDP_2021, period="2099"),
        obs(GDP_2021, "period"),
        "after the publication of the newest source",
    ),
    "published in month 13": (
        cell("observations", GDP_2021, published="2022-13"),
        obs(GDP_2021, "published"),
        "a form such as",
    ),
    "unknown unit": (
        cell("observations", GDP_2021, unit="亿"),
        obs(GDP_2021, "unit"),
        "unknown unit; expected [magnitude] thing [/ thing], such as million USD, 亿元",
    ),
    "magnitude with a slip": (
        cell("observations", PARCELS, unit="milion parcels"),
        obs(PARCELS, "unit"),
        "(meant 'million'?)",
    ),
    "thing with a slip": (
        cell("observations", PARCELS, unit="亿parcles"),
        obs(PARCELS, "unit"),
        "wrong unit for express; expected a unit of parcel such as 亿件 (meant 'parcel'?)",
    ),
    "currency of many countries": (
        cell("observations", EXPORTS_2012, unit="million dollars"),
        obs(EXPORTS_2012, "unit"),
        "unknown unit; expected a currency by its code: AUD, ",
    ),
    "unit of something else": (
        cell("observations", GDP_2021, unit="万人"),
        obs(GDP_2021, "unit"),
        "wrong unit for gdp; expected a unit of CNY such as 亿元",
    ),
    "growth in yuan": (
        cell("observations", GDP_GROWTH, unit="亿元"),
        obs(GDP_GROWTH, "unit"),
        "wrong unit for the measure growth; expected %",
    ),
    "change of a share in %": (
        cell("observations", row_of("observations", measure="change"), unit="%"),
        obs(row_of("observations", measure="change"), "unit"),
        "pp",
    ),
    "unit slip 10,000": (
        cell("observations", GDP_2021, unit="万元"),
        obs(GDP_2021, "value"),
        "factor of 10,000",
    ),
    "decimal point lost": (
        cell("observations", GDP_2021, value="53554"),
        obs(GDP_2021, "value"),
        "(a slip by a factor of 10?)",
    ),
    "decimal point too far left": (
        cell("observations", GDP_2021, value="535.54"),
        obs(GDP_2021, "value"),
        "times less than its series (a slip by a factor of 10?)",
    ),
    "last year off by 10,000": (
        cell(
            "observations", row_of("observations", indicator="express", period="2021"), unit="亿件"
        ),
        obs(row_of("observations", indicator="express", period="2021"), "value"),
        "factor of 10,000",
    ),
    "negative level": (
        cell("observations", GDP_2021, value="-5355.4"),
        obs(GDP_2021, "value"),
        "not negative",
    ),
    "level of zero": (
        cell("observations", GDP_2021, value="0"),
        obs(GDP_2021, "value"),
        "above 0",
    ),
    "share as a fraction": (
        cell("observations", RD_2021, value="0.0226"),
        obs(RD_2021, "value"),
        "2.54, not 0.0254",
    ),
    "share above 100": (
        cell("observations", RD_2021, value="226"),
        obs(RD_2021, "value"),
        "0 to 100 %",
    ),
    "growth as a fraction": (
        cell("observations", GDP_GROWTH, value="0.025"),
        obs(GDP_GROWTH, "value"),
        "such as 2.5",
    ),
    "growth as an index": (
        cell("observations", GDP_GROWTH, value="102.5"),
        obs(GDP_GROWTH, "value"),
        "growth typed as an index; expected growth in %, such as 2.5",
    ),
    "growth below -100": (
        cell("observations", GDP_GROWTH, value="-250"),
        obs(GDP_GROWTH, "value"),
        "above -100 %",
    ),
    "rank 0": (cell("observations", RANK, value="0"), obs(RANK, "value"), "a rank"),
    "real level": (
        cell("observations", GDP_2021, prices="real"),
        obs(GDP_2021, "prices"),
        "only growth can be real",
    ),
    "real growth of something without a price": (
        added(
            "observations",
            **{"observation": "o9999", "region": "jinhua", "indicator": "population"},
            **{"period": "2022", "measure": "growth", "unit": "%", "prices": "real"},
        ),
        obs(NEW, "prices"),
        "not a sum of money",
    ),
    "basis of another indicator": (
        cell("observations", GDP_2021, basis="counted"),
        obs(GDP_2021, "basis"),
        "no basis of gdp; expected an empty cell or one of old_census, new_census",
    ),
    "statement twice": (
        added("observations", observation="o9999"),
        obs(NEW, "value"),
        "duplicate value; expected each figure of a source once (row",
    ),
    "cumulative figure falls": (
        cell("observations", GDP_SEPTEMBER, value="2900"),
        obs(GDP_SEPTEMBER, "value"),
        "cumulative figure falls; expected at least 2950.1 亿元, through 2024-06",
    ),
    "cumulative figure above the year": (
        cell("observations", EXPORTS_NOVEMBER, value="2511.2"),
        obs(EXPORTS_NOVEMBER, "value"),
        "at most 2411.2 亿元, the level of 2015",
    ),
    "no exchange rate": (
        cell("observations", RATE_2012, period="2011"),
        obs(EXPORTS_2012, "unit"),
        "no exchange rate CNY/USD is known for 2012; expected CNY, or the exchange rate CNY/USD of "
        "2012 for china among the figures",
    ),
    "about without tolerance": (
        cell("targets", 2, tolerance=""),
        ("targets.csv", 2, "tolerance"),
        "a tolerance",
    ),
    "tolerance without about": (
        cell("targets", 3, tolerance="5"),
        ("targets.csv", 3, "tolerance"),
        "an empty cell",
    ),
    "tolerance of everything": (
        cell("targets", 2, tolerance="500"),
        ("targets.csv", 2, "tolerance"),
        "0 to 50",
    ),
    "target without value": (
        cell("targets", 2, value=""),
        ("targets.csv", 2, "value"),
        "the value to be reached",
    ),
    "comparison with nobody": (
        cell("targets", 8, reference_region=""),
        ("targets.csv", 8, "reference_region"),
        "the region to compare with",
    ),
    "target after the horizon": (
        cell("targets", 2, year="2028"),
        ("targets.csv", 2, "year"),
        "a year from 2022 to 2027",
    ),
    "target before the plan": (
        cell("targets", 2, year="2021"),
        ("targets.csv", 2, "year"),
        "a year from 2022 to 2027",
    ),
    "plan ends before it begins": (
        cell("plans", 2, horizon="2021"),
        ("plans.csv", 2, "horizon"),
        "a year from 2022",
    ),
    "target rank 0": (cell("targets", 7, value="0"), ("targets.csv", 7, "value"), "a rank"),
    "rank compared as a level": (
        cell("targets", 7, comparison="at_most"),
        ("targets.csv", 7, "comparison"),
        "rank_within",
    ),
    "journeys of at least a time": (
        cell("targets", 6, comparison="at_least"),
        ("targets.csv", 6, "comparison"),
        "at_most",
    ),
    "target in an unknown unit": (
        cell("targets", 2, unit="trillion"),
        ("targets.csv", 2, "unit"),
        "unknown unit",
    ),
    "target in a unit of something else": (
        cell("targets", 2, unit="万人"),
        ("targets.csv", 2, "unit"),
        "a unit of CNY",
    ),
    "target share as a fraction": (
        cell("targets", 4, value="0.034"),
        ("targets.csv", 4, "value"),
        "3.4, not 0.034",
    ),
    "target share above 100": (
        cell("targets", 4, value="340"),
        ("targets.csv", 4, "value"),
        "0 to 100 %",
    ),
    "target off by 10,000": (
        cell("targets", 2, unit="万元"),
        ("targets.csv", 2, "value"),
        "times less",
    ),
    "reference region unknown": (
        cell("targets", 8, reference_region="zhejaing"),
        ("targets.csv", 8, "reference_region"),
        "(meant 'zhejiang'?)",
    ),
    "markets without names": (
        cell("targets", 5, items=""),
        ("targets.csv", 5, "items"),
        "regions separated by semicolons",
    ),
    "link that is no region": (
        cell("targets", 6, items="jinhua_shanghai;jinhua_mars"),
        ("targets.csv", 6, "items"),
        "'jinhua_mars'",
    ),
    "list for a level": (
        cell("targets", 2, items="bazaar"),
        ("targets.csv", 2, "items"),
        "an empty cell",
    ),
}


def errors(problems: list[Problem]) -> list[Problem]:
    """Return the errors among the problems."""
    return [problem for problem in problems if problem.severity == "error"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small data folder without any damage."""
    return builders.build(tmp_path / "data")


def test_enough_damages() -> None:
    assert len(STRUCTURE) + len(MEANING) >= 50


def test_undamaged_data_have_no_problem(folder: Path) -> None:
    assert inspect(folder)[1] == []
    assert render([]) == "No errors and no warnings in the data."


@pytest.mark.parametrize("name", [*STRUCTURE, *MEANING])
def test_damage_is_one_clear_error(name: str, folder: Path) -> None:
    damage, (file, row, column), words = (STRUCTURE | MEANING)[name]
    damage(folder)
    with pytest.raises(DataError) as caught:
        load(folder)
    found = errors(caught.value.problems)
    first = found[0]
    assert (first.file, first.row, first.column) == (f"data/{file}", row, column)
    assert words in str(first)
    # One damage, one error; a header that fits nowhere names every column.
    assert len(found) == 1 or first.row == 1
    assert str(first) in str(caught.value)


@pytest.mark.parametrize("name", STRUCTURE)
def test_frictionless_agrees_on_the_structure(name: str, folder: Path) -> None:
    from frictionless import Package

    damage, (file, row, _), _ = STRUCTURE[name]
    damage(folder)
    report = Package(str(folder / "datapackage.json")).validate()
    assert not report.valid
    rows = {
        (task.place.rpartition("/")[2], getattr(error, "row_number", None))
        for task in report.tasks
        for error in task.errors
    }
    assert (file, row) in rows or row in (1, None)


def test_all_problems_come_at_once_in_order(folder: Path) -> None:
    damaged = ("blank row", "target twice", "unknown parent", "two bases in one place")
    for name in damaged:
        (STRUCTURE | MEANING)[name][0](folder)
    with pytest.raises(DataError) as caught:
        load(folder)
    files = [problem.file for problem in errors(caught.value.problems)]
    assert files == [f"data/{t}.csv" for t in ("regions", "bases", "observations", "targets")]
    assert str(caught.value).startswith("4 errors in the data:\n  data/regions.csv row 4, column")


# ------------------------------------------------------------------------------------------------
# What is only doubtful
# ------------------------------------------------------------------------------------------------

WARNINGS = {
    "source unused": (
        added("sources", source="almanac"),
        ("sources.csv", _last("sources"), "source"),
        "unused source; expected a source of some observation",
    ),
    "copied from another source": (
        added(
            "observations",
            **{"observation": "o9999", "region": "jinhua", "indicator": "gdp", "period": "2021"},
            **{"prices": "nominal", "value": "5355.4", "unit": "亿元", "source": "news"},
        ),
        obs(NEW, "value"),
        f"not a copy (row {GDP_2021} has 5355.4 亿元 from yearbook)",
    ),
    "source contradicts itself": (
        added("observations", observation="o9999", value="6.9"),
        obs(NEW, "value"),
        "one value from one source",
    ),
    "growth contradicts levels": (
        cell("observations", row_of("observations", period="2015", measure="growth"), value="19.1"),
        obs(row_of("observations", period="2015", measure="growth"), "value"),
        "about 9.1 %, from 2210.3",
    ),
    "growth doubles": (
        cell("observations", GDP_GROWTH, value="325"),
        obs(GDP_GROWTH, "value"),
        "hardly ever above 300",
    ),
    "lower bound above the level": (
        added(
            "observations",
            **{"observation": "o9999", "region": "jinhua", "indicator": "gdp", "period": "2023"},
            **{"prices": "nominal", "value": "6500", "unit": "亿元", "bound": "lower"},
            **{"source": "bulletin"},
        ),
        obs(NEW, "value"),
        "a lower bound that fits 6011.3 亿元",
    ),
    "published before the year ended": (
        cell("observations", GDP_2021, published="2021-10"),
        obs(GDP_2021, "period"),
        "the period ends after its publication (2021-10-31)",
    ),
    "a new series off by 10 has one neighbour": (
        added(
            "observations",
            **{"observation": "o9999", "region": "bazaar", "indicator": "market_turnover"},
            **{"period": "2022", "prices": "nominal", "value": "20011", "unit": "亿元"},
        ),
        obs(NEW, "value"),
        "in line with 1866.8 亿元 in 2021",
    ),
    "growth as a fraction without neighbours": (
        added(
            "observations",
            **{"observation": "o9999", "region": "zhejiang", "indicator": "gdp", "unit": "%"},
            **{"period": "2021", "measure": "growth", "prices": "real", "value": "0.085"},
        ),
        obs(NEW, "value"),
        "such as 8.5",
    ),
    "target ten times as high": (
        cell("targets", 2, value="100000"),
        ("targets.csv", 2, "value"),
        "17 times more",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_doubt_is_a_warning_and_the_data_load(name: str, folder: Path) -> None:
    damage, (file, row, column), words = WARNINGS[name]
    damage(folder)
    warnings = load(folder).warnings
    assert [w.severity for w in warnings] == ["warning"] * len(warnings)
    places = {(w.file, w.row, w.column): str(w) for w in warnings}
    assert words in places[f"data/{file}", row, column]
    assert "1 warning" in render(warnings)


@pytest.mark.parametrize("value", ["53554", "535.54", "1", "9000000"])
def test_a_marked_row_is_not_doubted_again(value: str, folder: Path) -> None:
    builders.edit(folder, "observations", GDP_2021, value=value, mark="conflict")
    assert load(folder).warnings == ()


def test_figures_on_another_basis_are_no_neighbours_for_an_error(folder: Path) -> None:
    row = row_of("observations", indicator="population", period="2017")
    builders.edit(folder, "observations", row, value="55")
    (warning,) = load(folder).warnings
    assert warning.row == row


def test_one_wrong_row_does_not_accuse_others(folder: Path) -> None:
    row = row_of("observations", indicator="exports", period="2015", measure="level")
    builders.edit(folder, "observations", row, value="241.12")
    (problem,) = inspect(folder)[1]
    assert (problem.severity, problem.row, problem.column) == ("error", row, "value")


@pytest.mark.parametrize(
    ("values", "row", "words"),
    [
        ((519800, 541.2, 560), 45, "more than its series"),
        ((541.2, 560, 519800), 47, "more than its series"),
        ((541.2, 519800), 46, "960 times more than the only other figure, if that is right"),
        ((519800, 541.2), 46, "960 times less than the only other figure, if that is right"),
    ],
)
def test_of_few_figures_that_is_accused_which_departs_from_most(
    values: tuple[float, ...], row: int, words: str, folder: Path
) -> None:
    with (folder / "observations.csv").open("a", encoding="utf-8") as file:
        for i, value in enumerate(values):
            figure = f"zhejiang,market_turnover,{2022 + i},level,,nominal,{value},亿元"
            file.write(f"o999{i},{figure},,secondary,,news,,,,\n")
    (problem,) = [p for p in inspect(folder)[1] if p.column == "value"]
    assert problem.row == row
    assert words in str(problem)


def test_a_wrong_exchange_rate_does_not_accuse_the_dollars(folder: Path) -> None:
    builders.edit(folder, "observations", RATE_2012, value="631.25")
    (problem,) = inspect(folder)[1]
    assert (problem.severity, problem.row, problem.column) == ("error", RATE_2012, "value")


def test_an_exchange_rate_apart_from_those_around_it_is_named(folder: Path) -> None:
    """A digit typed as another; what stays is a devaluation, of which nothing is said."""
    row, path = RATE_2012 + 1, folder / "observations.csv"
    table = path.read_text("utf-8").replace("2013,level,,none,6.1956", "2014,level,,none,6.1956")
    path.write_text(table.replace("6.1932", "8.1932"), "utf-8")
    (problem,) = [p for p in inspect(folder)[1] if "the years before and after" in p.wrong]
    assert (problem.severity, problem.row, problem.column) == ("warning", row, "value")
    assert f"(row {row - 1})" in problem.expected
    assert f"(row {row + 1})" in problem.expected
    path.write_text(table.replace("6.1932", "8.1932").replace("6.1956", "8.3"), "utf-8")
    assert not [p for p in inspect(folder)[1] if "the years before and after" in p.wrong]


def test_what_is_missing_only_because_a_row_is_damaged_is_not_a_problem(folder: Path) -> None:
    builders.edit(folder, "observations", RATE_2012, value="6,3125")
    (problem,) = inspect(folder)[1]
    assert (problem.severity, problem.row, problem.column) == ("error", RATE_2012, "value")


def test_a_year_below_several_of_its_months_is_itself_named(folder: Path) -> None:
    row = row_of("observations", indicator="exports", period="2015", measure="level")
    builders.edit(folder, "observations", row, value="1001.2")
    (problem,) = [p for p in inspect(folder)[1] if p.severity == "error"]
    assert problem.row == row
    assert "at least 2190.7 亿元, the figure through 2015-11" in str(problem)


def test_the_same_problem_in_many_rows_is_said_once(folder: Path) -> None:
    builders.edit(folder, "regions", row_of("regions", region="china"), region="cathay")
    unknown = errors(inspect(folder)[1])
    assert [(p.column, p.value) for p in unknown] == [("parent", "china"), ("region", "china")]
    assert f"(and 2 more: row {RATE_2012 + 1}, {RATE_2012 + 2})" in str(unknown[1])


def test_render_puts_errors_first_with_counts() -> None:
    warning = Problem("warning", "data/a.csv", 3, "b", "x", "y")
    error = Problem("error", "data/a.csv", 17, "value", "6,925.5", "a plain number such as 6925.5")
    assert render([warning, error, warning]) == (
        "1 error in the data:\n"
        "  data/a.csv row 17, column value: '6,925.5' - expected a plain number such as 6925.5\n\n"
        "2 warnings in the data:\n"
        "  data/a.csv row 3, column b: 'x' - expected y\n"
        "  data/a.csv row 3, column b: 'x' - expected y"
    )


def test_a_problem_states_what_is_wrong_before_what_is_expected() -> None:
    problem = Problem("error", "data/a.csv", 3, "b", "x", "a value used once", "duplicate value")
    assert str(problem) == (
        "data/a.csv row 3, column b: 'x' - duplicate value; expected a value used once"
    )


def test_every_check_is_described() -> None:
    assert all((rule.__doc__ or "").startswith("Find ") for rule in CHECKS)


FORECAST = {
    "observation": "o9900", "region": "jinhua", "indicator": "gdp", "period": "2026",
    "measure": "forecast_growth", "prices": "real", "value": "6", "unit": "%", "basis": "",
    "status": "target", "source": "news", "published": "2026-01-20",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "column", "expected"),
    [
        ({"status": "preliminary"}, "status", "target or projection"),
        ({"measure": "growth", "period": "2024", "published": "2025-01-20"}, "status", "published"),
        ({"published": "2027-01-02"}, "period", "ended before the forecast was published"),
        ({"published": "", "source": "customs"}, "published", "the horizon of a forecast"),
        ({"period": "2026-06"}, "period", "a year such as 2023"),
        ({"unit": "亿元"}, "unit", "wrong unit for the measure forecast_growth; expected %"),
        ({"measure": "forecast_level", "unit": "亿元"}, "prices", "only growth can be real"),
        ({"value": "-120"}, "value", "growth above -100 %"),
    ],
)
def test_a_forecast_of_others_is_checked(tmp_path, change, column, expected):
    builders.append(builders.build(tmp_path), "observations", **{**FORECAST, **change})
    (problem,) = (p for p in inspect(tmp_path)[1] if p.severity == "error")
    assert problem.column == column
    assert expected in str(problem)


def test_a_forecast_of_others_is_ahead_of_its_publication(tmp_path):
    builders.append(builders.build(tmp_path), "observations", **FORECAST)
    assert not [p for p in inspect(tmp_path)[1] if p.severity == "error"]


# Dates to come, and sources of scenarios ----------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "column"),
    [("sources", "published"), ("observations", "published"), ("plans", "adopted"),
     ("openings", "published"), ("judgements", "date")],
)  # fmt: skip
def test_a_date_in_the_future_is_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch, table: str, column: str
) -> None:
    """A source of 2062 made 2060 the last complete year, and 35 years of figures were missing."""
    monkeypatch.setattr(registries, "today", lambda: date(2026, 11, 26))
    for text, severity in (("2062-03-01", "error"), ("2026-12-24", "warning"), ("2026-11-20", "")):
        builders.edit(folder, table, 2, **{column: text})
        found = [p for p in inspect(folder)[1] if p.value == text and p.column == column]
        told = [p.severity for p in found if "a day up to today (2026-11-26)" in str(p)]
        assert told == ([severity] if severity else []), (table, text)


def test_a_source_that_only_a_scenario_names_is_used(folder: Path) -> None:
    builders.append(folder, "sources", source="work_report", title="Work report")
    (told,) = [p for p in inspect(folder)[1] if p.value == "work_report"]
    assert "a source of some observation, plan, target or scenario" in str(told)
    (folder / "scenarios").mkdir()
    statement = '[[statement]]\nsource = "work_report"\n'
    (folder / "scenarios" / "official.toml").write_text(statement, "utf-8")
    assert not [p for p in inspect(folder)[1] if p.value == "work_report"]
    (folder / "scenarios" / "damaged.toml").write_text("[[", "utf-8")
    assert not [p for p in inspect(folder)[1] if p.value == "work_report"]


@pytest.mark.parametrize(
    ("table", "column", "key", "told"),
    [
        ("targets", "target", "index", "another key than index, track_record"),
        ("targets", "target", "k" * 250, "at most 60 characters"),
        ("regions", "region", "r" * 61, "at most 60 characters"),
    ],
)
def test_a_key_that_no_page_can_be_named_by(
    folder: Path, table: str, column: str, key: str, told: str
) -> None:
    """The report died of it after everything was computed."""
    builders.edit(folder, table, 2, **{column: key})
    assert [p for p in inspect(folder)[1] if p.column == column and told in p.expected]


def test_a_site_that_nobody_vouches_for_is_refused_once_sites_are_listed(folder: Path) -> None:
    farm = {"source": "farm", "title": "Report", "url": "https://farm.example/a"}
    builders.append(folder, "sources", **farm, kind="news")
    assert not [p for p in inspect(folder)[1] if p.column == "url"]  # no list, no claim
    (folder / "hosts.csv").write_text("host,kind\nexample.org,press\ncom.cn,press\n", "utf-8")
    told = {p.value: str(p) for p in inspect(folder)[1] if p.severity == "error"}
    assert list(told) == ["com.cn", "https://farm.example/a"]
    assert "the domain of one site" in told["com.cn"]
    assert "nobody vouches for this site; expected a site of hosts.csv" in told[farm["url"]]
    (folder / "hosts.csv").write_text("host,kind\nexample.org,press\n", "utf-8")
    builders.append(folder, "sources", **farm, kind="secondary")
    assert not [p for p in inspect(folder)[1] if p.severity == "error"]

"""Figures of a file become rows: mapped, compared with what is held, shown, written or not."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from forecast.cli import main as cli
from forecast.editing import add
from forecast.evidence.loading import load
from tests import builders
from tests.importing.files import text, workbook

Run = Callable[..., tuple[int, str, str]]
GDP = [["", 2021, 2022, 2023, 2025], ["地区生产总值 (亿元)", 5355.4, 5562.5, 6020.1, 7000]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return builders.build(tmp_path / "data")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], data: Path) -> Run:
    def call(file: Path, *options: str) -> tuple[int, str, str]:
        status = cli.main(["import", str(file), "--data", str(data), "--quiet", *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def added(folder: Path) -> list[str]:
    before = builders.text("observations").splitlines()
    after = (folder / "observations.csv").read_text("utf-8").splitlines()
    assert after[: len(before)] == before
    return after[len(before) :]


CITY = ("--region", "jinhua", "--source", "news", "--yes")


def test_new_figures_are_written_and_held_ones_are_not(
    run: Run, data: Path, tmp_path: Path
) -> None:
    file = workbook(tmp_path, [["", 2021, 2022, 2025], ["GDP", 5355.4, 5562, 7000]])
    mapping = text(tmp_path, '[indicators]\n"GDP" = { indicator = "gdp", unit = "亿元" }\n',
                   name="m.toml")  # fmt: skip
    status, out, err = run(file, *CITY, "--map", str(mapping))
    assert (status, err) == (0, "")
    assert added(data) == ["o0044,jinhua,gdp,2025,level,,nominal,7000,亿元,,unknown,,news,,,,"]
    assert "Held already: 1" in out
    assert "Held already, with more digits: 1" in out
    assert out.endswith("Written: 1 row, o0044.\n")


def test_dry_run_and_no_terminal_write_nothing(run: Run, data: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path, GDP)
    status, out, _ = run(file, *CITY[:-1], "--dry-run")
    assert status == 0
    assert "+ o0045,jinhua,gdp,2025,level" in out
    status, _, err = run(file, *CITY[:-1])
    assert status == 2
    assert "nothing was written" in err
    assert added(data) == []


def test_another_value_is_a_revision_beside_the_old_one(
    run: Run, data: Path, tmp_path: Path
) -> None:
    _, out, _ = run(workbook(tmp_path, GDP), *CITY)
    assert (
        "jinhua/gdp 2023, level: 6011.3 亿元 (o0007, bulletin); now 6020.1 亿元 "
        "(t.xlsx sheet Sheet1, cell D2)"
    ) in out
    assert added(data) == [
        "o0044,jinhua,gdp,2023,level,,nominal,6020.1,亿元,,revised,,news,,,,",
        "o0045,jinhua,gdp,2025,level,,nominal,7000,亿元,,unknown,,news,,,,",
    ]


def test_figure_of_an_older_basis_is_not_taken_for_one_of_today(
    run: Run, data: Path, tmp_path: Path
) -> None:
    file = workbook(tmp_path, [["", 2017, 2018], ["地区生产总值 (亿元)", 3870.2, 4300.5]])
    _, out, _ = run(file, *CITY)
    assert "Held already, on an older basis: 1" in out
    assert [line.split(",")[3] for line in added(data)] == ["2018"]
    mapping = text(tmp_path, (
        '[indicators]\n"地区生产总值" = { indicator = "gdp", basis = "old_census" }\n'
    ), name="m.toml")  # fmt: skip
    _, out, _ = run(file, *CITY, "--map", str(mapping))
    assert "Held already: 1" in out
    assert added(data)[-1].split(",")[3:10] == [
        "2018", "level", "", "nominal", "4300.5", "亿元", "old_census",
    ]  # fmt: skip


def test_units_of_the_file_are_kept_and_compared(run: Run, data: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path, [["Permanent residents"], ["", "人", "人"], ["", 2021, 2024],
                               ["Jinhua", 7120000, 7155000]])  # fmt: skip
    status, out, _ = run(file, *CITY)
    assert status == 0
    assert "Held already: 1" in out
    assert added(data) == ["o0044,jinhua,population,2024,level,,none,7155000,人,,unknown,,news,,,,"]


def test_new_source_comes_along(run: Run, data: Path, tmp_path: Path) -> None:
    status, _, err = run(
        workbook(tmp_path, GDP), "--region", "jinhua", "--new-source", "yearbook_2026",
        "--title", "Yearbook 2026", "--published", "2026-09", "--kind", "yearbook", "--yes",
    )  # fmt: skip
    assert (status, err) == (0, "")
    source = load(data).sources.iloc[-1]
    assert (source["source"], source["title"], source["published"]) == (
        "yearbook_2026", "Yearbook 2026", "2026-09",
    )  # fmt: skip
    assert [line.split(",")[-5] for line in added(data)] == ["yearbook_2026"] * 2


def test_forecasts_by_others_become_forecasts(run: Run, data: Path, tmp_path: Path) -> None:
    file = workbook(
        tmp_path, [["", "2023E", "2025F", "2026F"], ["地区生产总值 (亿元)", 1, 7000, 7300]]
    )
    status, out, _ = run(file, *CITY)
    assert status == 0
    assert added(data) == [
        "o0044,jinhua,gdp,2025,forecast_level,,nominal,7000,亿元,,projection,,news,,2025-02-10,,",
        "o0045,jinhua,gdp,2026,forecast_level,,nominal,7300,亿元,,projection,,news,,2025-02-10,,",
    ]
    assert "Not taken, an estimate by others of a year that was over" in out
    assert "cell B2: '1'" in out


def test_estimates_of_years_that_are_over_are_taken_if_the_mapping_says_so(
    run: Run, data: Path, tmp_path: Path
) -> None:
    file = workbook(tmp_path, [["", "2024E"], ["地区生产总值 (亿元)", 6500]])
    mapping = text(tmp_path, 'estimates = "preliminary"\nregion = "jinhua"\nsource = "news"\n',
                   name="m.toml")  # fmt: skip
    run(file, "--map", str(mapping), "--yes")
    assert added(data) == ["o0044,jinhua,gdp,2024,level,,nominal,6500,亿元,,preliminary,,news,,,,"]


def test_marks_state_the_status(run: Run, data: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path, [["", "2024(p)", 2025], ["地区生产总值 (亿元)", 6500, "7000*"]])
    mapping = text(tmp_path, '[marks]\n"*" = "preliminary"\n', name="m.toml")
    run(file, *CITY, "--map", str(mapping))
    assert [line.split(",")[10] for line in added(data)] == ["preliminary"] * 2


def test_growth_in_its_own_column(run: Run, data: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path, [["指标", "单位", "2024年", "比上年增长(%)"],
                               ["常住人口", "万人", 715, 0.3]])  # fmt: skip
    run(file, *CITY)
    assert added(data) == [
        "o0044,jinhua,population,2024,level,,none,715,万人,,unknown,,news,,,,",
        "o0045,jinhua,population,2024,growth,,none,0.3,%,,unknown,,news,,,,",
    ]


def test_fiscal_years_quarters_and_halves_have_their_measures(
    run: Run, data: Path, tmp_path: Path
) -> None:
    cells = {"region": "town", "name": "Town", "kind": "place", "parent": "", "year_starts": "7"}
    builders.append(data, "regions", **cells)
    options = ("--region", "town", "--source", "news", "--yes")
    file = workbook(tmp_path, [["", "2019-20", "2020-21"], ["地区生产总值 (亿元)", 64000, 71000]])
    assert run(file, *options)[::2] == (0, "")
    file = workbook(tmp_path, [["", "FY2020", "FY2021"], ["地区生产总值 (亿元)", 64000, 71000]])
    assert "Held already: 2" in run(file, *options)[1]
    file = workbook(tmp_path, [["", "2023Q1", "2023H1"], ["Exports of goods (亿元)", 8000, 17000]])
    assert run(file, *options)[::2] == (0, "")
    assert [line.split(",")[3:5] for line in added(data)] == [
        ["2019/20", "level"], ["2020/21", "level"],
        ["2023Q1", "quarter_level"], ["2023H1", "half_level"],
    ]  # fmt: skip


def test_prices_are_those_of_growth_rates(run: Run, data: Path, tmp_path: Path) -> None:
    rows = [["指标", "2025年", "增长(%)"], ["地区生产总值(亿元)", 6400, 5.2]]
    assert run(workbook(tmp_path, rows), *CITY, "--prices", "real")[::2] == (0, "")
    assert [line.split(",")[4:8] for line in added(data)] == [
        ["level", "", "nominal", "6400"], ["growth", "", "real", "5.2"],
    ]  # fmt: skip


def test_region_of_the_option_goes_before_one_that_a_title_mentions(
    run: Run, data: Path, tmp_path: Path
) -> None:
    file = workbook(tmp_path, [["Compared with China"], ["", 2025], ["地区生产总值 (亿元)", 7000]])
    assert (
        "region china, from 'Compared with China'" in run(file, "--source", "news", "--dry-run")[1]
    )
    run(file, *CITY)
    assert [line.split(",")[1] for line in added(data)] == ["jinhua"]


def test_effect_on_the_targets_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def effect(before: object, after: object, indicators: set[str]) -> list[str]:
        asked.append(indicators)
        return ["GDP: about 20 in 100 -> about 35 in 100"]

    monkeypatch.setattr(add, "effect", effect)
    file = workbook(tmp_path, [*GDP, ["常住人口 (万人)", None, None, None, 720]])
    assert cli.main(["import", str(file), "--data", str(data), *CITY]) == 0
    assert asked == [{"gdp", "population"}]
    assert capsys.readouterr().out.endswith("  GDP: about 20 in 100 -> about 35 in 100\n")


# Exports of others --------------------------------------------------------------------------------

SAMPLES = Path(__file__).parent / "samples"


def test_regions_that_are_not_asked_for_are_left_out_and_counted(run: Run, data: Path) -> None:
    status, out, err = run(SAMPLES / "nbs_regions.csv", "--source", "news", "--yes")
    assert (status, err) == (0, "")
    assert "Left out, as their regions are mapped nowhere: 3" in out
    assert {line.split(",")[1] for line in added(data)} == {"zhejiang"}


def test_outlook_becomes_forecasts_from_the_year_of_its_edition(
    run: Run, data: Path, tmp_path: Path
) -> None:
    mapping = text(tmp_path, (
        '[regions]\nFreedonia = "china"\n[indicators]\nNGDP_RPCH = { indicator = "gdp", '
        'measure = "growth", prices = "real" }\n'
    ), name="m.toml")  # fmt: skip
    status, out, err = run(
        SAMPLES / "weo.tsv", "--new-source", "weo", "--map", str(mapping), "--yes"
    )
    assert (status, err) == (0, "")
    source = load(data).sources.iloc[-1]
    assert source["publisher"] == "International Monetary Fund"
    rows = [line.split(",") for line in added(data)]
    assert {row[4] for row in rows} == {"growth", "forecast_growth"}
    for row in rows:
        if row[4] == "forecast_growth":
            assert row[3] >= source["published"][:4]
            assert (row[10], row[14]) == ("projection", source["published"])
    assert "an estimate by others of a year that was over" in out


# Mapping ------------------------------------------------------------------------------------------

UNKNOWN = [
    ["", 2024, 2025], ["GDP growth (%)", 5, 6], ["Gross domestic product (亿元)", 6400, 6700],
    ["Freight (万吨)", 1, 2], ["Exports of goods", 2500, 2600],
]  # fmt: skip


def test_unknown_labels_are_written_to_a_mapping_with_the_nearest_keys(
    run: Run, data: Path, tmp_path: Path
) -> None:
    status, out, err = run(workbook(tmp_path, UNKNOWN), *CITY)
    path = tmp_path / "t.map.toml"
    assert status == 1
    assert "2 labels of t.xlsx stand for nothing in the data yet and 1 unit of t.xlsx is not" in err
    assert f"stated or not known; {path} lists them" in err
    assert f"forecast import {tmp_path / 't.xlsx'} --map {path} --data {data} --quiet" in err
    assert err.endswith("--region jinhua --source news\n")
    assert (
        "no unit is stated of 'Exports of goods' (t.xlsx sheet Sheet1, cell B5); expected such as "
        '"Exports of goods" = { indicator = "exports", unit = "亿元" } in [indicators]'
    ) in out
    assert tomllib.loads(path.read_text("utf-8")) == {
        "indicators": {
            "GDP growth": {"indicator": "", "measure": "growth", "prices": "real"},
            "Freight": "",
            "Exports of goods": {"indicator": "exports", "unit": ""},
        }
    }
    assert "near: gdp (Gross domestic product, 地区生产总值)" in path.read_text("utf-8")
    assert added(data) == []


def test_figures_of_another_region_are_not_taken_for_those_of_the_option(
    run: Run, data: Path, tmp_path: Path
) -> None:
    file = text(tmp_path, "Region;Year;GDP (亿元)\nEastland;2024;100\nEastland;2025;110\n")
    status, out, _ = run(file, *CITY)
    assert (status, added(data)) == (1, [])
    assert "regions: not mapped: 'Eastland' (t.csv, cell C2)" in out


@pytest.mark.parametrize("label", ["Beds, berths", "Beds (berths)", "Beds / Berths"])
def test_the_noun_of_an_indicator_is_read_as_its_unit(
    run: Run, data: Path, tmp_path: Path, label: str
) -> None:
    builders.append(data, "indicators", indicator="beds", name="Beds", unit="berths")
    status, out, err = run(text(tmp_path, f";2021;2022\n{label};30;40\n"), *CITY[:-1], "--dry-run")
    assert (status, err) == (0, "")
    assert "jinhua/beds, level in berths: 2 new, 2021 to 2022" in out


def test_the_only_region_that_figures_can_be_of_is_taken_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "west"
    assert cli.main(["new", str(folder), "--region", "Westland, Land", "--target",
                     "Beds at least 9 beds by 2030"]) == 0  # fmt: skip
    file = text(tmp_path, ";2021;2022\nBeds, beds;3;4\n")
    options = ["--new-source", "s", "--title", "T", "--dry-run", "--quiet"]
    assert cli.main(["import", str(file), "--data", str(folder), *options]) == 0
    out = capsys.readouterr().out
    assert "Without a region, taken as of westland (or --region KEY): 2" in out
    assert "westland/beds, level in beds: 2 new, 2021 to 2022" in out


def test_completed_mapping_is_used_and_new_labels_are_told(
    run: Run, data: Path, tmp_path: Path
) -> None:
    file, path = workbook(tmp_path, UNKNOWN), tmp_path / "t.map.toml"
    run(file, *CITY)
    content = path.read_text("utf-8")
    content = content.replace(
        '"GDP growth" = { indicator = ""', '"GDP growth" = { indicator = "gdp"'
    )
    content = content.replace('"Freight" = ""', '"Freight" = false')
    content = content.replace('unit = ""', 'unit = "亿元"')
    path.write_text(f"# mine\n{content}", "utf-8")
    status, out, _ = run(file, *CITY[:-1], "--map", str(path), "--dry-run")
    assert status == 0
    assert "Left out by the mapping: 2" in out
    assert "jinhua/gdp, growth in %: 2 new, 2024 to 2025" in out
    assert "jinhua/exports, level in 亿元: 2 new, 2024 to 2025" in out
    file = workbook(tmp_path, [*UNKNOWN, ["Tourists (万人)", 1, 2]])
    status, _, err = run(file, *CITY, "--map", str(path))
    assert status == 1
    assert "1 label of t.xlsx stands" in err
    assert "which --write-map adds" in err
    run(file, *CITY, "--map", str(path), "--write-map")
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "# mine"
    assert lines[6].startswith('"Tourists" = ""')
    assert lines[7].startswith('"GDP growth" = { indicator = "gdp", measure = "growth"')
    assert added(data) == []


def test_labels_moved_to_the_regions_are_regions(run: Run, data: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path, [["Exports (亿元)"], ["", 2024], ["Our town", 5], ["All", 6]])
    mapping = text(
        tmp_path,
        '[regions]\n"our  TOWN" = "jinhua"\nAll = false\n[indicators]\nExports = "exports"\n',
        name="m.toml",
    )
    status, out, _ = run(file, "--source", "news", "--yes", "--map", str(mapping))
    assert status == 0
    assert "Left out by the mapping: 1" in out
    assert added(data) == ["o0044,jinhua,exports,2024,level,,nominal,5,亿元,,unknown,,news,,,,"]


def test_everything_wrong_with_a_mapping_is_told_at_once(
    run: Run, data: Path, tmp_path: Path
) -> None:
    mapping = text(tmp_path, (
        'region = "jinhu"\ncolour = 1\ndecimal = "x"\n[indicators]\nA = 5\n'
        '[indicators.B]\nindicator = "gdp"\nmeasures = "growth"\n'
    ), name="m.toml")  # fmt: skip
    status, _, err = run(workbook(tmp_path, GDP), *CITY, "--map", str(mapping))
    assert status == 1
    assert "4 errors in the data" in err
    assert "m.toml, column colour: '' - expected one of source, region" in err
    assert "m.toml, column decimal: '' - expected input should be '', '.' or ','" in err
    assert "m.toml, column indicators.A: '' - expected keys of indicators.csv" in err
    assert "m.toml, column indicators.B.measures: '' - expected one of indicator" in err
    mapping.write_text(
        'source = "x"\n[indicators]\nA = "gpd"\nB = {indicator = "gdp", unit = "??", basis = "y"}\n'
        'C = {indicator = "gdp", measure = "grow"}\n[regions]\nD = "jinhu"\n[marks]\n"*" = "old"\n',
        "utf-8",
    )
    status, _, err = run(workbook(tmp_path, GDP), "--map", str(mapping))
    assert status == 1
    for told in (
        "source: 'x' - expected a key of sources.csv", "indicators.A: 'gpd'", "(meant 'gdp'?)",
        "indicators.B.basis: 'y' - expected a key of bases.csv: new_census, old_census",
        "indicators.C.measure: 'grow' - expected one of", "regions.D: 'jinhu'", "marks.*: 'old'",
    ):  # fmt: skip
        assert told in err


def test_options_for_the_source_are_asked_for(run: Run, data: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path, GDP)
    assert "expected --source KEY of sources.csv, or --new-source" in run(file)[2]
    assert "--title describes a new source" in run(file, "--title", "x")[2]
    assert "expected --title TITLE" in run(file, "--new-source", "x")[2]
    assert "column region: 'x' - expected a key of regions.csv" in run(file, "--region", "x")[2]


def test_problems_of_the_data_are_placed_in_the_file(run: Run, data: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path, [["", 2024], ["地区生产总值 (亿元)", -5], ["常住人口 (亿元)", 5]])
    before = (data / "observations.csv").read_bytes()
    status, _, err = run(file, *CITY)
    assert status == 1
    assert "t.xlsx sheet Sheet1 row 2, column B: '-5' - jinhua/gdp 2024, out of range" in err
    assert "row 3, column B: '5' - jinhua/population 2024, unit 亿元, wrong unit for pop" in err
    assert (data / "observations.csv").read_bytes() == before


# The documentation --------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "data" / "README.md").read_text("utf-8")
SECTION = PAGE.partition("## Many figures from a table")[2].partition("\n## ")[0]


def test_command_of_the_documentation_runs(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = re.findall(r"^    forecast (import .*)$", SECTION, re.MULTILINE)
    rows = [["Jinhua"], ["Indicator", "Unit", 2023, 2025], ["地区生产总值", "亿元", 6011.3, 7000]]
    workbook(tmp_path, rows).rename(tmp_path / "table.xlsx")
    monkeypatch.chdir(tmp_path)
    status = cli.main([*shlex.split(line), "--data", str(data), "--quiet"])
    said = capsys.readouterr()
    assert (status, said.err) == (0, "")
    assert "1 new, 2025" in said.out
    assert "region Jinhua, from 'Jinhua'" in said.out.replace("jinhua, from", "Jinhua, from")


def test_mapping_of_the_documentation_is_sound() -> None:
    from forecast.editing.tablefile import read_tables
    from forecast.importing.mapping import Entry, checked_mapping

    city = Path(__file__).parents[1] / "fixtures" / "city"
    table = tomllib.loads(re.findall(r"```toml\n(.*?)```", SECTION, re.DOTALL)[0])
    table["source"] = "gac_2019"
    found = checked_mapping("m", table, load(city), read_tables(city)["observations"].table.fields)
    assert found.regions == {"The city": "jinhua", "All cities": False}
    assert found.indicators["Foreign trade"] == Entry(
        indicator="trade", unit="亿元", status="preliminary"
    )

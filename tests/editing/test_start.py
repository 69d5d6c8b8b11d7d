"""A new data folder: from options, from answers in a terminal, from a workbook."""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.cli import main as cli
from forecast.editing.answers import goal, languages, month, number, year
from forecast.editing.start import Start, files, keyed, tables_of
from forecast.evidence.loading import load
from forecast.evidence.problems import UserError
from forecast.report.contents import languages as languages_of
from forecast.report.request import runfile
from forecast.scenarios.files import load_scenarios
from forecast.study import open_study
from tests.conftest import ANY

Run = Callable[..., tuple[int, str, str]]

OPTIONS = (
    *("--region", "Kerala, India", "--currency", "billion INR", "--year-starts", "April"),
    *("--plan", "Kerala to 2030", "--lang", "en"),
    *("--target", "GDP at least 20,000 by 2029/30", "--target", "Unemployment below 6 % in 2030"),
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(a) for a in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# Answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("GDP at least 5200 billion INR by 2029", ("GDP", "at_least", "5200", "billion INR", 2029)),
        ("GDP ≥ 5,200.5 billion INR by 2029.", ("GDP", "at_least", "5200.5", "billion INR", 2029)),
        ("Jobless rate at most 4.5% in 2030", ("Jobless rate", "at_most", "4.5", "%", 2030)),
        ("Waste less than 300 kg by FY2030", ("Waste", "below", "300", "kg", 2030)),
        ("Exports: more than 1,00,000 crore INR by 2027-28",
         ("Exports", "exceed", "100000", "crore INR", 2028)),
        ("Ease of business in the top 20 by 2029",
         ("Ease of business", "rank_within", "20", "rank", 2029)),
        ("Deaths on roads at most 90 deaths a year by 2030",
         ("Deaths on roads", "at_most", "90", "deaths", 2030)),
        ("Power over 30 GW, 2030", ("Power", "exceed", "30", "GW", 2030)),
    ],
)  # fmt: skip
def test_targets_are_read_as_people_write_them(text: str, read: tuple[object, ...]) -> None:
    assert goal(text)[:5] == read
    assert goal(text).tolerance == ""


def test_about_says_how_near_counts() -> None:
    assert goal("Rent about 900 EUR within 5 % in 2030")[1:6] == ("about", "900", "EUR", 2030, "5")
    with pytest.raises(UserError, match="how near counts; expected 'within 5 %'"):
        goal("Rent about 900 EUR in 2030")


def test_a_range_has_two_ends() -> None:
    assert goal("Inflation between 2 and 4.5 % in 2030")[1:] == (
        "between", "2", "%", 2030, "", "4.5", 0,
    )  # fmt: skip
    with pytest.raises(UserError, match="is no range; expected both ends"):
        goal("Inflation between 2 % in 2030")
    with pytest.raises(UserError, match="is no range"):
        goal("Inflation at most 2 to 4 % in 2030")


def test_the_currency_stands_where_a_value_has_none() -> None:
    assert goal("GDP at least 5200 by 2029", "billion INR").unit == "billion INR"
    assert goal("GDP at least 52 lakh by 2029", "INR").unit == "lakh INR"
    assert goal("People at least 36 million persons by 2029", "INR").unit == "million persons"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Hospital beds at least 45,000 by 2030", "at least 45,000 beds"),
        ("Beds at least 45 thousand by 2030", "at least 45 thousand beds"),
        ("Jobs in tourism at least 250,000 in FY2030", "at least 250,000 jobs"),
        ("Beds per 1,000 persons at least 5 by 2030", "at least 5 beds per 1,000 persons"),
        ("Debt to GDP below 60 in 2030", "below 60 %"),
        ("GDP per capita at least 60,000 by 2030", "at least 60,000 AUD"),
    ],
)
def test_only_money_takes_the_currency(text: str, typed: str) -> None:
    with pytest.raises(UserError, match=f"is not stated; expected it, such as '{typed}'"):
        goal(text, "billion AUD")


def test_what_names_money_takes_the_currency_with_the_magnitude_of_the_value() -> None:
    for name in ("Real GDP", "Exports to Asia", "Value added of industry", "Tax collected", "Debt"):
        assert goal(f"{name} at least 30 by 2030", "billion AUD").unit == "billion AUD"
    assert goal("Retail sales at least 3 trillion by 2030", "billion AUD").unit == "trillion AUD"
    assert goal("Average rent below 900 by 2030", "EUR").unit == "EUR"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Coal share of electricity falls below 20 per cent in 2030",
         "'Coal share of electricity': below 20 %, in the year 2030"),
        ("Exports rise to at least 30 billion USD by 2030",
         "'Exports': at least 30 billion USD, in the year 2030"),
        ("Unemployment is kept below 5 percent in 2030",
         "'Unemployment': below 5 %, in the year 2030"),
        ("Sea-level rise below 3 mm in 2030", "'Sea-level rise': below 3 mm, in the year 2030"),
        ("Deaths from falls below 90 deaths by 2030",
         "'Deaths from falls': below 90 deaths, in the year 2030"),
        ("Rent about 900 EUR within 5 % in 2030",
         "'Rent': about 900 EUR, within 5 %, in the year 2030"),
    ],
)  # fmt: skip
def test_verbs_before_the_comparison_are_no_part_of_the_name(text: str, read: str) -> None:
    assert str(goal(text)) == read


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("GDP 5200 by 2029", "is no target; expected a name, a comparison"),
        ("GDP at least many by 2029", "is no target"),
        ("GDP at least 5200 billion INR", "and a year: 'GDP at least"),
        ("GDP at least 5,20 billion INR by 2029", "'5,20' is no number"),
        ("GDP at least 5 milion INR by 2029", "unknown unit 'milion INR'"),
        ("GDP at least 5 INR by 2028/31", "expected one such as 2028/29"),
    ],
)
def test_what_is_no_target_is_told(text: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        goal(text)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Double the number of health workers (persons) by 2029-30 compared with 2019-20",
         ("Health workers", "at_least", "100", "persons", 2030, "", "", 2020)),
        ("Exports to double by 2035 over 2025",
         ("Exports", "at_least", "100", "million EUR", 2035, "", "", 2025)),
        ("GDP at least tripled by FY2040 from FY2020",
         ("GDP", "at_least", "200", "million EUR", 2040, "", "", 2020)),
        ("Halve road deaths (deaths) by 2030 relative to 2020",
         ("Road deaths", "at_most", "-50", "deaths", 2030, "", "", 2020)),
        ("Jobless rate halved from 2020 to 2030",
         ("Jobless rate", "at_most", "-50", "%", 2030, "", "", 2020)),
        ("Exports up 50 % on 2019-20 by 2029-30",
         ("Exports", "at_least", "50", "million EUR", 2030, "", "", 2020)),
        ("Reduce emissions (kt) by at least 40% below 1990 levels by 2030",
         ("Emissions", "at_most", "-40", "kt", 2030, "", "", 1990)),
        ("Raise the population by 5 per cent by 2030 compared to the level of 2020",
         ("Population", "at_least", "5", "persons", 2030, "", "", 2020)),
    ],
)  # fmt: skip
def test_growth_since_a_base_year_is_read(text: str, read: tuple[object, ...]) -> None:
    assert tuple(goal(text, "million EUR")) == read


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Double exports by 2030", "does not say since when"),
        ("Double exports from 2020", "does not say until when"),
        (
            "Double health workers by 2030 from 2020",
            "of 'health workers' is not stated",
        ),
        (
            "Cut emissions by 30 % by 2030 from 2020",
            "expected it in brackets after the name",
        ),
    ],
)
def test_growth_without_a_year_or_a_unit_is_told(text: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        goal(text, "million EUR")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Reduce the jobless rate to 6 % by 2030", ("Jobless rate", "at_most", "6", "%")),
        ("Raise power from wind to 30 GW by 2030", ("Power from wind", "at_least", "30", "GW")),
        ("Jobless rate to fall to 6 % by 2030", ("Jobless rate", "at_most", "6", "%")),
        ("Exports will rise to 30 billion USD by 2030",
         ("Exports", "at_least", "30", "billion USD")),
        ("Jobless rate 6 % or less by 2030", ("Jobless rate", "at_most", "6", "%")),
        ("Literacy 95 % or more by 2030", ("Literacy", "at_least", "95", "%")),
        ("Doubles tennis courts at least 20 courts by 2030",
         ("Doubles tennis courts", "at_least", "20", "courts")),
    ],
)  # fmt: skip
def test_levels_to_rise_or_fall_to_are_read(text: str, read: tuple[object, ...]) -> None:
    assert goal(text)[:4] == read
    assert goal(text)[4:] == (2030, "", "", 0)


@given(st.text(ANY, max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (goal, number, year, month, languages):
        with suppress(UserError):
            read(text)


@given(st.lists(st.text(ANY, min_size=1), min_size=1, max_size=8, unique=True))
def test_keys_are_slugs_and_differ(names: list[str]) -> None:
    keys = keyed(names, "region")
    assert list(keys) == names
    assert len(set(keys.values())) == len(names)
    for key in keys.values():
        assert all(part.isalnum() and part.isascii() for part in key.split("_"))
        assert key == key.lower()
        assert key[0].isalpha()


# The folder ---------------------------------------------------------------------------------------


def test_a_target_of_growth_is_written_with_its_base_year(run: Run, tmp_path: Path) -> None:
    wish = "Double the number of nurses (persons) by 2029/30 compared with 2019/20"
    status, out, _ = run("new", tmp_path / "new", *OPTIONS[:6], "--target", wish)
    assert status == 0
    assert "'Nurses': growth at least 100 % from 2019/20 to 2029/30" in out
    (target,) = load(tmp_path / "new").targets.to_dict("records")
    assert (target["kind"], target["start"], target["value"], target["unit"], target["year"]) == (
        "growth", 2020, 100, "%", 2030,
    )  # fmt: skip
    assert rows(tmp_path / "new" / "indicators.csv")[0]["unit"] == "persons"


def test_a_new_folder_is_sound_and_small(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "kerala"
    status, out, err = run("new", folder, *OPTIONS)
    assert (status, err) == (0, "")
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
        "README.md", "indicators.csv", "observations.csv", "plans.csv", "regions.csv",
        "run.toml", "scenarios/slower.toml", "sources.csv", "targets.csv",
    ]  # fmt: skip
    assert all(len(p.read_text().splitlines()) < 40 for p in folder.rglob("*") if p.is_file())
    assert rows(folder / "regions.csv") == [
        {"region": "kerala", "name": "Kerala", "parent": "india", "year_starts": "4"},
        {"region": "india", "name": "India", "parent": "", "year_starts": ""},
    ]
    assert [row["unit"] for row in rows(folder / "indicators.csv")] == ["billion INR", "%"]
    assert (folder / "observations.csv").read_text() == "region,indicator,period,value,source\n"
    evidence = load(folder)
    assert evidence.warnings == ()
    assert list(evidence.targets["year"]) == [2030, 2030]
    assert list(load_scenarios(evidence)) == ["baseline", "slower"]
    (request,) = runfile.read(folder / "run.toml")
    assert (request.data, request.out, request.plan) == (folder, folder / "reports", "")
    assert languages_of(open_study(folder), "kerala_to_2030") == ("en",)
    readme = (folder / "README.md").read_text()
    assert f"forecast check --data {folder}" in readme
    assert all(f"`{path.name}`" in readme for path in folder.glob("*.csv"))
    assert "'GDP': at least 20000 billion INR, in the year 2029/30\n" in out
    assert "2 without any figure: GDP, Unemployment" in out
    assert "--region kerala --indicator gdp --period 20" in out


def test_nothing_is_overwritten_and_nothing_half_written(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "kerala"
    folder.mkdir()
    assert run("new", folder, *OPTIONS)[0] == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    status, _, err = run("new", folder, *OPTIONS)
    assert status == 2
    assert "is there already; expected a new or an empty folder" in err
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    other = tmp_path / "other"
    status, _, err = run("new", other, *OPTIONS, "--target", "Share at least 300 % by 2030")
    assert (status, "other/targets.csv row 4, column value" in err) == (1, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kerala"]


def test_without_a_terminal_what_is_needed_is_named(run: Run, tmp_path: Path) -> None:
    status, out, err = run("new", tmp_path / "x", "--region", "Kerala")
    assert (status, out) == (2, "")
    assert "at least one --target TEXT, such as 'GDP at least 5200 billion INR by 2029'" in err
    assert run("new")[0] == 2


def test_in_a_terminal_it_asks(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(
        ["", "Norland", "million EUR", "", "en, zh", "Norland 2030", "", "nonsense",
         "GDP at least 9000 by 2030", ""]
    )  # fmt: skip
    asked = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(typed)

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    status, out, err = run("new", tmp_path / "norland")
    assert (status, err) == (0, "")
    assert "'nonsense' is no target" in out
    assert len(set(asked)) == 6  # five questions, and the targets one by one
    evidence = load(tmp_path / "norland")
    assert languages_of(open_study(tmp_path / "norland"), "norland_2030") == ("en", "zh")
    assert evidence.plans["name"].item() == "Norland 2030"
    assert evidence.indicators["unit"].item() == "million EUR"


def test_scenario_of_a_new_folder_is_in_its_languages_and_years(tmp_path: Path) -> None:
    goals = (goal("Net exports at least 6 billion EUR by 2030"),)
    text = files(Start("Land", (), 7, ("en", "zh"), "Plan", goals), tmp_path)[
        "scenarios/slower.toml"
    ]
    scenario = tomllib.loads(text)
    assert scenario["story"].endswith("than in the baseline in 2029/30.")
    assert scenario["story_zh"] == "2029/30年Net exports的变动比基准情景低1个百分点。"
    assert scenario["statement"][0]["year"] == "2029/30"
    assert "reason_zh" in scenario["statement"][0]
    text = files(Start("Land", (), 1, ("en",), "Plan", goals), tmp_path)["scenarios/slower.toml"]
    assert "_zh" not in text
    assert tomllib.loads(text)["statement"][0]["year"] == 2030


def test_growth_in_percent_is_a_rate_and_a_rank_is_a_rank(tmp_path: Path) -> None:
    goals = (goal("GDP growth at least 6 % by 2030"), goal("Index in the top 20 by 2030"))
    tables = tables_of(Start("Land", (), 1, ("en",), "Plan", goals))
    assert [row["kind"] for row in tables["indicators"]] == ["rate", ""]
    assert [row["target"] for row in tables["targets"]] == ["gdp_growth", "index_2030"]
    assert "scenarios/slower.toml" in files(Start("Land", (), 1, ("en",), "Plan", goals), tmp_path)


def test_targets_in_another_currency_than_money_need_rates(tmp_path: Path) -> None:
    goals = (goal("Exports at least 6 million USD by 2028"), goal("Jobs at least 900 jobs by 2028"))
    text = files(Start("Land", (), 1, ("en",), "Plan", goals, currency="billion AUD"), tmp_path)
    assert "indicator with the unit AUD/USD" in text["README.md"]
    text = files(Start("Land", (), 1, ("en",), "Plan", goals, currency="USD"), tmp_path)
    assert "exchange" not in text["README.md"]


def test_two_targets_of_one_indicator_share_it(tmp_path: Path) -> None:
    goals = (goal("GDP at least 6 million USD by 2028"), goal("GDP at least 8 million USD by 2030"))
    tables = tables_of(Start("Land", (), 1, ("en",), "Plan", goals))
    assert len(tables["indicators"]) == 1
    assert [row["target"] for row in tables["targets"]] == ["gdp_2028", "gdp_2030"]


# The workbook -------------------------------------------------------------------------------------


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> tuple[Path, openpyxl.Workbook]:
    path = tmp_path / "start.xlsx"
    assert run("new", "--template", path)[0] == 0
    book = openpyxl.load_workbook(path)
    start, targets, figures = (book[name] for name in ("Start", "Targets", "Figures"))
    for row, text in enumerate(["Odisha", "India", "billion INR", "April", "", "Vision 2036"], 1):
        start.cell(row, 2, text)
    targets.append(["GDP", "at least", 30000, None, None, "2035/36"])
    targets.append(["Rent", "about", 90, None, "INR", 2036, 5])
    targets.append(["Inflation", "between", 2, 6, "%", 2036])
    figures.append(["GDP", None, "2022/23", 7500.5, None, "Economic survey"])
    figures.append(["GDP", "Puri", "2022/23", 290, None, "Economic survey"])
    figures.append(["People", None, "2021", 46, "million persons", "Projection"])
    return path, book


def test_a_filled_template_is_a_folder(
    run: Run, tmp_path: Path, filled: tuple[Path, openpyxl.Workbook]
) -> None:
    path, book = filled
    book.save(path)
    folder = tmp_path / "odisha"
    status, _, err = run("new", folder, "--from", path)
    assert (status, err) == (0, "")
    evidence = load(folder)
    assert list(evidence.regions["region"]) == ["odisha", "india", "puri"]
    assert list(evidence.regions["parent"]) == ["india", "", "odisha"]
    assert list(evidence.targets["tolerance"].fillna(0)) == [0, 5, 0]
    assert list(evidence.targets["value_to"].fillna(0)) == [0, 0, 6]
    known = evidence.observations[["region", "indicator", "value", "unit"]]
    assert list(known.itertuples(index=False, name=None)) == [
        ("odisha", "gdp", 7500.5, "billion INR"),
        ("puri", "gdp", 290, "billion INR"),
        ("odisha", "people", 46, "million persons"),
    ]
    assert list(evidence.sources["title"]) == ["Economic survey", "Projection"]


def test_every_wrong_cell_is_named(
    run: Run, tmp_path: Path, filled: tuple[Path, openpyxl.Workbook]
) -> None:
    path, book = filled
    book["Start"]["B4"] = "Smarch"
    book["Start"]["B1"] = None
    book["Targets"]["B2"] = "maybe"
    book["Targets"]["G3"] = None
    book["Figures"]["D2"] = "7.500,5"
    book["Figures"]["F3"] = None
    book["Figures"]["E4"] = "milion persons"
    book.save(path)
    status, _, err = run("new", tmp_path / "odisha", "--from", path)
    assert status == 1
    for place in (
        "sheet Start row 1, column Region", "sheet Start row 4, column Years begin in: 'Smarch'",
        "sheet Targets row 2, column comparison: 'maybe'", "sheet Targets row 3, column within %",
        "sheet Figures row 2, column value: '7.500,5'", "sheet Figures row 3, column source",
        "sheet Figures row 4, column unit: 'milion persons'",
    ):  # fmt: skip
        assert f"start.xlsx {place}" in err
    assert "7 errors" in err
    assert not (tmp_path / "odisha").exists()


def test_a_template_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "start.xlsx"
    assert run("new", "--template", path)[0] == 0
    assert "is there already" in run("new", "--template", path)[2]
    assert "expected no other options" in run("new", "x", "--from", path, "--plan", "P")[2]
    status, _, err = run("new", tmp_path / "x", "--from", path)
    assert (status, "sheet Targets row 2, column target" in err) == (1, True)


def test_a_number_per_so_many_counts_what_the_target_is_called() -> None:
    found = goal("Infant deaths below 5 per 1,000 births by 2029", "crore INR")
    assert (found.name, found.unit) == ("Infant deaths", "infant deaths per 1,000 births")
    assert goal("Exports at least 2 lakh crore by 2029", "INR").unit == "lakh crore INR"
    with pytest.raises(UserError, match="unknown unit 'million jbos/';"):  # as it was typed
        goal("Jobs at least 5 million jbos/ by 2030", "INR")

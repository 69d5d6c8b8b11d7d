"""Tables with few columns: what an empty cell and a missing column stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.evidence.evidence import Evidence
from forecast.evidence.loading import load
from forecast.evidence.problems import DataError
from forecast.targets.types import kind
from tests import builders

#: Invented figures of an invented place.
FEW = {
    "regions": "region,name\nland,A land",
    "indicators": """
indicator,name,unit
output,Output,亿元
people,People,万人
jobless,Unemployment,%
place,Place in a list,rank
ride,Fastest ride,minutes""",
    "sources": "source,title\nbook,Yearbook",
    "observations": """
region,indicator,period,value,source
land,output,2020,100,book
land,output,2021,110,book
land,people,2021,5,book
land,jobless,2021,7.5,book""",
    "plans": "plan,name,region\nplan,Plan of the land,land",
    "targets": """
plan,target,name,indicator,region,comparison,value,year
plan,output,Output,output,land,at_least,200,2027
plan,place,Place,place,land,rank_within,3,2030""",
}


def written(folder: Path, **tables: str) -> Path:
    """Write tables without a description of them."""
    for name, text in {**FEW, **tables}.items():
        (folder / f"{name}.csv").write_text(text.strip() + "\n", "utf-8")
    return folder


@pytest.fixture
def few(tmp_path: Path) -> Evidence:
    return load(written(tmp_path))


def test_an_observation_of_five_cells_is_a_plain_level(few: Evidence) -> None:
    row = few.observations.iloc[0]
    filled = {"measure": "level", "prices": "nominal", "unit": "亿元", "status": "unknown"}
    assert filled.items() <= row.to_dict().items()
    assert (row["bound"], row["basis"], row["mark"], row["note"]) == ("", "", "", "")
    assert list(few.observations["unit"]) == ["亿元", "亿元", "万人", "%"]
    assert list(few.observations["prices"]) == ["nominal", "nominal", "none", "none"]


def test_an_indicator_is_modelled_as_its_unit_suggests(few: Evidence) -> None:
    rows = few.indicators.set_index("indicator")
    assert rows["kind"].to_dict() == {
        "output": "flow", "people": "stock", "jobless": "share", "place": "rank",
        "ride": "duration",
    }  # fmt: skip
    assert list(rows["transform"]) == ["log", "log", "logit", "linear", "linear"]
    assert list(rows["prices"]) == ["nominal", "none", "none", "none", "none"]


def test_a_rate_in_percent_is_no_share_and_may_be_negative(tmp_path: Path) -> None:
    table = "indicator,name,unit,kind\ninflation,Inflation,%,rate\noutput,Output,亿元,"
    targets = (
        FEW["targets"].split("\nplan,place")[0] + "\nplan,p,Prices,inflation,land,at_most,-1,2027"
    )
    observations = (
        "region,indicator,period,value,source\nland,output,2020,100,book\n"
        "land,inflation,2020,-0.5,book"
    )
    tables = {"indicators": table, "targets": targets, "observations": observations}
    evidence = load(written(tmp_path, **tables))
    assert list(evidence.indicators["transform"]) == ["linear", "log"]
    tables["indicators"] = table.replace("%,rate", "%,share")
    with pytest.raises(DataError) as caught:
        load(written(tmp_path, **tables))
    assert [p.expected for p in caught.value.problems] == ["a share of 0 to 100 %"] * 2


def test_a_plan_ends_with_its_last_target_and_a_target_is_in_the_indicators_unit(
    few: Evidence,
) -> None:
    assert few.plans["horizon"].item() == 2030
    assert list(few.targets["unit"]) == ["亿元", "rank"]
    assert list(few.targets["kind"]) == ["level", "rank"]
    assert all(kind(name) for name in few.targets["kind"])
    assert few.source(few.targets["source"].iloc[0])["title"] == ""


def test_tables_that_are_not_there_are_empty(few: Evidence) -> None:
    for name in ("bases", "openings", "judgements"):
        assert getattr(few, name).empty
        assert list(getattr(few, name).columns) == builders.columns(name)


def test_identifiers_follow_from_the_row_and_not_from_its_place(tmp_path: Path) -> None:
    before = load(written(tmp_path)).observations.set_index(["indicator", "period"])["observation"]
    head, *rows = FEW["observations"].strip().splitlines()
    turned = "\n".join([head, "land,people,2022,5.1,book", *reversed(rows)])
    after = load(written(tmp_path, observations=turned)).observations
    after = after.set_index(["indicator", "period"])["observation"]
    assert before.is_unique
    assert all(after[key] == name for key, name in before.items())
    moved = FEW["observations"].replace("2021,110,book", "2021,110,news")
    sources = FEW["sources"] + "\nnews,A newspaper"
    other = load(written(tmp_path, observations=moved, sources=sources)).observations["observation"]
    assert list(other != before.to_numpy()) == [False, True, False, False]


def test_two_figures_of_one_source_have_two_identifiers(tmp_path: Path) -> None:
    twice = FEW["observations"] + "\nland,output,2021,111,book"
    names = load(written(tmp_path, observations=twice)).observations["observation"]
    assert names.iloc[4] == f"{names.iloc[1]}_2"


def test_growth_is_in_percent_and_says_whether_it_is_real(tmp_path: Path) -> None:
    table = """
region,indicator,period,measure,prices,value,source
land,output,2020,,,100,book
land,output,2021,growth,,5,book
land,people,2021,growth,,1,book
land,jobless,2021,change,,-0.3,book"""
    with pytest.raises(DataError) as caught:
        load(written(tmp_path, observations=table))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (3, "prices")
    assert problem.expected == "one of nominal, real, none, not an empty cell"
    rows = load(written(tmp_path, observations=table.replace("growth,,5", "growth,real,5")))
    assert list(rows.observations["unit"]) == ["亿元", "%", "%", "pp"]
    assert list(rows.observations["prices"]) == ["nominal", "real", "none", "none"]


@pytest.mark.parametrize(
    ("table", "old", "new", "place", "told"),
    [
        ("observations", "land,people", "land,pepole", (4, "indicator"), "meant 'people'?"),
        ("observations", ",source\n", ",sauce\n", (1, "source"), "this column to be there"),
        ("targets", ",200,", ",,", (2, "value"), "the value to be reached"),
        ("plans", "plan,Plan of the land,land", "plan,,land", (2, "name"), "a value"),
    ],
)
def test_what_has_no_default_is_one_error(
    tmp_path: Path, table: str, old: str, new: str, place: tuple[int, str], told: str
) -> None:
    assert old in FEW[table]
    with pytest.raises(DataError) as caught:
        load(written(tmp_path, **{table: FEW[table].replace(old, new)}))
    first = caught.value.problems[0]
    assert (first.file, first.row, first.column) == (f"{tmp_path.name}/{table}.csv", *place)
    assert told in first.expected
    assert len({(p.file, p.row) for p in caught.value.problems}) == 1


def test_a_plan_without_targets_needs_a_horizon(tmp_path: Path) -> None:
    targets = FEW["targets"].strip().splitlines()[0]
    with pytest.raises(DataError) as caught:
        load(written(tmp_path, targets=targets))
    assert [(p.file, p.column) for p in caught.value.problems if p.severity == "error"] == [
        (f"{tmp_path.name}/plans.csv", "horizon")
    ]


def test_nothing_of_the_full_tables_depends_on_the_defaults(tmp_path: Path) -> None:
    """Cells that are filled stay as they are, and so do those without a default."""
    rows = load(builders.build(tmp_path / "data")).observations
    given = [dict(zip(builders.columns("observations"), row, strict=True))
             for row in builders.ROWS["observations"]]  # fmt: skip
    for name in ("observation", "measure", "prices", "unit", "status", "note", "basis"):
        assert list(rows[name]) == [row[name] for row in given]


FISCAL = {
    "regions": "region,name,year_starts\nland,A land,7",
    "targets": """
plan,target,name,indicator,region,comparison,value,year,kind,start,unit
plan,output,Output,output,land,at_least,200,2027/28,,,
plan,twice,Output,output,land,at_least,100,2029-30,growth,FY2020,%""",
}


def test_years_of_targets_may_be_named_as_fiscal_years(tmp_path: Path) -> None:
    found = load(written(tmp_path, **FISCAL))
    assert found.targets["year"].tolist() == [2028, 2030]
    assert found.targets["start"].iloc[1] == 2020
    assert found.plans["horizon"].item() == 2030


def test_fiscal_years_need_a_month_that_they_begin_in(tmp_path: Path) -> None:
    """One slip is one error: a month that cannot be read leaves no other cell wrong."""
    rows = "region,indicator,period,value,source\nland,output,2020/21,100,book"
    named = {**FISCAL, "observations": rows, "regions": "region,name,year_starts\nland,A land,July"}
    with pytest.raises(DataError) as caught:
        load(written(tmp_path, **named))
    told = [(p.column, p.expected.split(" (")[0]) for p in caught.value.problems]
    assert ("year_starts", "a whole number such as 7") in told
    assert "period" not in dict(told)
    plain = {**FISCAL, "regions": "region,name\nland,A land"}
    with pytest.raises(DataError) as caught:
        load(written(tmp_path, **plain))
    assert [p.value for p in caught.value.problems] == ["2027/28", "2029-30", "FY2020"]


def test_the_place_among_regions_has_no_unit_to_state(tmp_path: Path) -> None:
    regions = "region,name\nland,A land\nsea,A sea"
    targets = (
        "plan,target,name,indicator,region,comparison,value,year,kind,items\n"
        "plan,place,Place,output,land,rank_within,1,2030,rank,sea"
    )
    found = load(written(tmp_path, regions=regions, targets=targets))
    assert found.targets["unit"].item() == "rank"

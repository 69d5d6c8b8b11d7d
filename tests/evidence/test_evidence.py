"""Reading, refusing and handing out the data."""

from __future__ import annotations

import copy
import csv
import io
import json
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from forecast.evidence.calendar import release_day
from forecast.evidence.evidence import Evidence
from forecast.evidence.files.schema import COLUMNS
from forecast.evidence.files.tables import Records
from forecast.evidence.loading import inspect, load
from forecast.evidence.problems import DataError
from forecast.forecasting.model_pool import Options
from forecast.study import Study
from forecast.verification import holdout
from tests import builders
from tests.builders import row_of
from tests.conftest import ANY, CITY

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return builders.build(tmp_path / "data")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for tests that put everything back."""
    return builders.build(tmp_path_factory.mktemp("small") / "data")


def same(left: Evidence, right: Evidence) -> None:
    """Require equal tables."""
    for name in COLUMNS:
        assert_frame_equal(getattr(left, name), getattr(right, name))


# ------------------------------------------------------------------------------------------------
# Statements
# ------------------------------------------------------------------------------------------------


def test_statements_are_in_the_indicators_unit_and_in_order_of_time(small: Path) -> None:
    rows = load(small).statements("jinhua", "population")
    assert list(rows["canonical"]) == pytest.approx([536.16, 556.4, 705.0683, 712, 712.7])
    assert list(rows["year"]) == [2010, 2017, 2020, 2021, 2022]
    assert list(rows["value"])[2] == 7050683
    parcels = load(small).statements("jinhua", "express")
    assert list(parcels["canonical"]) == pytest.approx([90.1, 116.5, 120])
    assert list(parcels["bound"]) == ["", "", "lower"]


def test_statements_of_months_come_before_the_year(small: Path) -> None:
    rows = load(small).statements("jinhua", "exports")
    rows = rows[rows["year"] == 2015]
    assert list(rows["month"]) == [6, 11, 12, 12]
    assert list(rows["measure"]) == ["ytd_level", "ytd_level", "level", "growth"]
    # Growth stays in percent.
    assert rows["canonical"].iloc[-1] == 9.1


def test_dollars_are_converted_at_the_mean_rate_of_the_year(small: Path) -> None:
    rows = load(small).statements("jinhua", "exports").set_index("period")
    rows = rows[rows["measure"] == "level"]
    assert rows.loc["2012", "canonical"] == pytest.approx(170.5 * 6.3125)
    assert rows.loc["2013", "canonical"] == pytest.approx(350.1 * (6.1932 + 6.1956) / 2)
    assert rows.loc["2013", "converted_with"] == "o0042; o0043"
    assert rows.loc["2014", "converted_with"] == ""


def test_statements_name_row_and_source(small: Path) -> None:
    rows = load(small).statements("jinhua", "business_rank")
    assert list(rows.index) == [row_of("observations", indicator="business_rank")]
    assert rows["source_title"].item() == "A newspaper"
    source = load(small).source(rows["source"].item())
    assert source["url"] == "https://example.org/news"
    assert (source["rank"], source["link"]) == ("press", "")  # nobody vouches for the site


def test_an_event_and_an_empty_series_have_statements_too(small: Path) -> None:
    evidence = load(small)
    event = evidence.statements("jinhua", "friendly_cities").iloc[0]
    assert (event["year"], event["month"], event["canonical"]) == (2023, 5, 1)
    nothing = evidence.statements("jinhua_nanjing", "travel_time")
    assert nothing.empty
    assert list(nothing.columns) == list(evidence.statements("jinhua", "gdp").columns)
    assert list(nothing.dtypes) == list(evidence.statements("jinhua", "gdp").dtypes)


def test_records_are_made_when_they_are_asked_for_and_in_order() -> None:
    names = [f"r{n}" for n in range(Records.AT_ONCE + 1)]
    table = pd.DataFrame(
        [(name, "gdp", year, 10 * year) for year in (2, 1) for name in names],
        columns=["region", "indicator", "year", "value"],
    )
    found = Records(table, ("region", "indicator"), ("year",))
    assert list(found) == [(name, "gdp") for name in names]
    assert (names[-1], "gdp") in found
    assert ("r0", "trade") not in found
    assert not found._made
    last = found[names[-1], "gdp"]
    assert [row["value"] for row in last] == [10, 20]
    assert found[names[-1], "gdp"] is last  # what is known of it is kept by its identity
    assert list(found._made) == [1]  # none of the first 64
    assert found.rows("r0", "gdp")["value"].tolist() == [10, 20]
    assert found.rows("r0", "trade").empty


def test_rows_are_found_by_name_or_the_known_names_are_said(small: Path) -> None:
    evidence = load(small)
    assert evidence.target("jinhua_2027", "gdp")["value"] == 10000
    assert evidence.indicator("gdp")["unit"] == "亿元"
    with pytest.raises(ValueError, match="unknown indicator 'gpd'; known: business_rank, exports"):
        evidence.statements("jinhua", "gpd")
    with pytest.raises(ValueError, match="unknown region 'hangzhou'; known: bazaar, china"):
        evidence.statements("hangzhou", "gdp")
    with pytest.raises(ValueError, match="unknown target 'jinhua_2030/gdp'; known: jinhua_2027/"):
        evidence.target("jinhua_2030", "gdp")


def test_types_of_the_columns(small: Path) -> None:
    evidence = load(small)
    assert evidence.observations["value"].dtype == "float64"
    assert evidence.targets["year"].dtype == "int64"
    assert evidence.observations["bound"].iloc[0] == ""
    assert math.isnan(evidence.targets["tolerance"].iloc[1])
    assert evidence.observations.index.name == "row"
    assert evidence.observations.index[0] == 2


# ------------------------------------------------------------------------------------------------
# As of
# ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "published", "of_source", "expected"),
    [
        ("2023", "2024-03-21", "2025", date(2024, 3, 21)),
        ("2023", "2024-02", "", date(2024, 2, 29)),
        ("2023", "", "2024", date(2024, 12, 31)),
        ("2022", "", "", date(2023, 2, 28)),
        ("2023", "", "", date(2024, 2, 29)),
        ("2023-01", "", "", date(2023, 2, 28)),
        ("2023-06", "", "", date(2023, 7, 31)),
        ("2023-11", "", "", date(2023, 12, 31)),
        ("2023-12", "", "", date(2024, 1, 31)),
        ("2023-05-18", "", "", date(2023, 5, 18)),
    ],
)
def test_release_day(period: str, published: str, of_source: str, expected: date) -> None:
    assert release_day(period, published, of_source) == expected


def test_as_of_hides_what_was_not_public(small: Path) -> None:
    def periods(as_of: str) -> list[str]:
        rows = load(small, as_of=as_of).statements("jinhua", "gdp")
        return list(rows.loc[rows["measure"].isin(["level", "ytd_level"]), "period"])

    assert periods("2018-02-27") == []
    assert periods("2018-02-28") == ["2017"]
    assert periods("2022") == ["2017", "2018", "2019", "2020", "2021"]
    # The bulletin on 2023 is dated March 2024, which means its last day.
    assert "2023" not in periods("2024-03-30")
    assert "2023" in periods("2024-03")
    assert periods("2024-10-20")[-2:] == ["2024-06", "2024-09"]
    assert periods("2024-10-19")[-1] == "2024-06"


def test_as_of_leaves_everything_else_alone(small: Path) -> None:
    then, now = load(small, as_of="2018"), load(small)
    assert then.as_of == date(2018, 12, 31)
    assert now.as_of is None
    assert then.digest != now.digest
    assert len(then.observations) < len(now.observations)
    assert_frame_equal(then.targets, now.targets)
    assert_frame_equal(load(small, as_of="2999").observations, now.observations)


def test_a_hidden_exchange_rate_is_replaced_by_the_one_before(folder: Path) -> None:
    row = row_of("observations", indicator="exports", period="2013", measure="level")
    builders.edit(folder, "observations", row, published="2014-01")
    rows = load(folder, as_of="2014-01").statements("jinhua", "exports").set_index("period")
    assert rows.loc["2013", "canonical"] == pytest.approx(350.1 * 6.3125)
    assert rows.loc["2013", "converted_with"] == "o0041"


def test_without_any_earlier_rate_there_is_no_value(folder: Path) -> None:
    row = row_of("observations", indicator="exports", period="2012")
    builders.edit(folder, "observations", row, published="2013-01")
    rows = load(folder, as_of="2013-01").statements("jinhua", "exports")
    assert math.isnan(rows["canonical"].item())
    assert rows["converted_with"].item() == ""


@pytest.mark.parametrize("as_of", ["", "yesterday", "2023-13", "23", "2023/06"])
def test_as_of_has_to_be_a_date(small: Path, as_of: str) -> None:
    with pytest.raises(ValueError, match="is not a date such as"):
        load(small, as_of=as_of)


# ------------------------------------------------------------------------------------------------
# Files as spreadsheets leave them
# ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_endings_and_delimiters(
    folder: Path, small: Path, encoding: str, ending: str, delimiter: str
) -> None:
    for table in builders.ROWS:
        saved = builders.text(table, delimiter=delimiter).replace("\n", ending)
        (folder / f"{table}.csv").write_bytes(saved.encode(encoding))
    same(load(folder), load(small))


def test_columns_in_another_order(folder: Path, small: Path) -> None:
    names = builders.columns("observations")[::-1]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([names, *(row[::-1] for row in builders.ROWS["observations"])])
    (folder / "observations.csv").write_text(out.getvalue(), "utf-8")
    same(load(folder), load(small))


def test_a_further_table_is_held_to_its_description(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    fields = [{"name": "weight", "type": "number", "constraints": {"maximum": 1}}]
    package["resources"].append({"name": "more", "path": "more.csv", "schema": {"fields": fields}})
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    (folder / "more.csv").write_text("weight\n0.5\n", "utf-8")
    assert load(folder).root == folder
    (folder / "more.csv").write_text("weight\n0.5\n2\n", "utf-8")
    with pytest.raises(
        DataError, match=r"more\.csv row 3, column weight: '2' - expected at most 1"
    ):
        load(folder)


def test_digest_depends_on_every_cell(folder: Path) -> None:
    before = load(folder).digest
    assert load(folder).digest == before
    builders.edit(folder, "plans", 2, note="x")
    after = load(folder).digest
    assert len(before) == len(after) == 64
    assert before != after


@pytest.mark.parametrize("table", COLUMNS)
def test_digest_follows_the_tables_and_not_the_files(small: Path, table: str) -> None:
    """Results are stored by it: evidence that was changed in memory may not answer for the file."""
    whole = load(small)
    if table in ("hosts", "publishers"):  # a small folder has none
        row = dict.fromkeys(COLUMNS[table], "x")
        whole = replace(whole, **{table: pd.DataFrame([row])})
    rows = getattr(whole, table)
    fewer = replace(whole, **{table: rows.iloc[1:]})
    turned = replace(whole, **{table: rows.iloc[::-1]})
    again = replace(fewer, **{table: rows.copy()})
    assert whole.digest != fewer.digest
    assert (whole.digest != turned.digest) == (len(rows) > 1)
    assert again.digest == whole.digest


def test_a_study_of_changed_evidence_answers_from_it(small: Path) -> None:
    whole = load(small)
    known = Study(whole, Options(draws=200)).history("jinhua", "gdp")
    less = holdout.hide(whole, "jinhua", "gdp", 2022)
    without = Study(less, Options(draws=200)).history("jinhua", "gdp")
    at = list(known.years).index(2022)
    assert known.origin[at] == "published"
    assert without.origin[at] != "published"


def test_where_the_data_are(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FORECAST_DATA", str(folder))
    assert load().root == folder
    monkeypatch.delenv("FORECAST_DATA")
    assert load().root == DATA
    with pytest.raises(DataError, match="nowhere: expected a folder"):
        load(tmp_path / "nowhere")


# ------------------------------------------------------------------------------------------------
# Whatever happens to the files
# ------------------------------------------------------------------------------------------------

ODD = [
    "nan",
    "-inf",
    "1e309",
    "６.５",
    "-0",
    "1949",
    "2023-02-30",
    '"',
    "a,b",
    "\n",
    "\r",
    ";",
    "=1",
]
CELLS = st.one_of(
    st.text(ANY, max_size=8),
    st.sampled_from(ODD),
    st.floats().map(str),
    st.sampled_from(sorted({cell for rows in builders.ROWS.values() for r in rows for cell in r})),
)
PLENTY = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def refused_or_read(folder: Path) -> None:
    """Require evidence or a readable refusal."""
    try:
        problems = list(load(folder).warnings)
    except DataError as error:
        problems = error.problems
        text = str(error)
        assert any(problem.severity == "error" for problem in problems)
        assert all(str(problem) in text for problem in problems)
    assert all(problem.expected for problem in problems)


@given(st.data())
@PLENTY
def test_no_cell_can_break_the_reader(small: Path, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(list(builders.ROWS)))
    row = data.draw(st.integers(2, len(builders.ROWS[table]) + 1))
    column = data.draw(st.sampled_from(builders.columns(table)))
    try:
        builders.edit(small, table, row, **{column: data.draw(CELLS)})
        refused_or_read(small)
    finally:
        builders.build(small)


@given(st.data())
@PLENTY
def test_no_bytes_can_break_the_reader(small: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(small.iterdir())))
    original = path.read_bytes()
    start = data.draw(st.integers(0, len(original)))
    stop = data.draw(st.one_of(st.integers(start, start + 3), st.just(len(original))))
    try:
        path.write_bytes(original[:start] + data.draw(st.binary(max_size=3)) + original[stop:])
        refused_or_read(small)
    finally:
        path.write_bytes(original)


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield node, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


JSON = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(ANY, max_size=3),
    st.just([]),
    st.just({}),
    st.lists(st.one_of(st.integers(), st.text(ANY, max_size=3)), max_size=2),
)


@given(st.data())
@PLENTY
def test_no_description_can_break_the_reader(small: Path, data: st.DataObject) -> None:
    package = copy.deepcopy(builders.SCHEMA)
    places = list(_places(package))
    node, key = places[data.draw(st.integers(0, len(places) - 1))]
    node[key] = data.draw(JSON)
    try:
        (small / "datapackage.json").write_text(json.dumps(package), "utf-8")
        refused_or_read(small)
    finally:
        builders.build(small)


# ------------------------------------------------------------------------------------------------
# The real data
# ------------------------------------------------------------------------------------------------


def test_the_real_data_have_no_errors_and_few_warnings() -> None:
    _, problems = inspect(DATA)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert len(problems) <= 10


def test_the_real_data_pass_frictionless() -> None:
    from frictionless import Detector, Package

    # Columns with defaults may be missing, which the standard has no word for.
    detector = Detector(schema_sync=True)
    report = Package(str(DATA / "datapackage.json"), detector=detector).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []


def test_the_real_data_are_read_in_a_second() -> None:
    began = time.process_time()
    load(DATA)
    assert time.process_time() - began < 1


def test_every_real_statement_has_a_value_in_the_unit_of_its_indicator() -> None:
    evidence = load(DATA)
    series = evidence.observations[["region", "indicator"]].drop_duplicates()
    rows = [evidence.statements(*key) for key in series.itertuples(index=False, name=None)]
    together = pd.concat(rows)
    assert len(together) == len(evidence.observations)
    assert together["canonical"].notna().all()
    assert (together["source_title"] != "").all()
    dollars = together["unit"] == "亿美元"
    assert (together.loc[dollars, "converted_with"] != "").all()


def test_every_target_of_the_plan_has_a_row() -> None:
    targets = load(DATA).targets
    assert set(targets.loc[targets["plan"] == "jinhua_2027", "target"]) == {
        *("gdp", "population", "urbanization", "trade", "new_trade", "big_markets", "circle_2h"),
        *("circle_1h", "circle_30min", "freight", "express", "rd_share", "industrial_output"),
        *("industrial_value_added", "tax_per_mu", "business_rank", "exchange_bases"),
        "friendly_cities",
    }


def test_every_identifier_in_the_schema_is_a_slug() -> None:
    keys = {
        *(("regions", "region"), ("indicators", "indicator"), ("bases", "basis")),
        *(("sources", "source"), ("plans", "plan"), ("targets", "target")),
    }
    for table, key in keys:
        (field,) = (field for field in builders.fields(table) if field["name"] == key)
        assert "pattern" in field["constraints"]


def test_an_indicator_is_called_as_it_is_in_a_country_there_alone() -> None:
    evidence = load(CITY)
    names = evidence.indicators["indicator"].map({"gdp": "国内生产总值"}).fillna("")
    evidence = evidence.but(indicators=evidence.indicators.assign(country_zh=names))
    found = {region: evidence.series_name(region, "gdp").zh for region in ("china", "zhejiang")}
    assert found["china"] == "中国国内生产总值"
    assert found["zhejiang"].endswith("地区生产总值")
    assert evidence.series_name("china", "gdp").en == "China: Gross domestic product"
    assert evidence.series_name("china", "population").zh.endswith(
        evidence.indicator_name("population").zh
    )
    assert evidence.indicator_name("gdp").zh == "地区生产总值"

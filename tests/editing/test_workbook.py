"""The tables go out to a workbook and come back, and what a spreadsheet damages is noticed."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forecast.cli import main as cli
from forecast.editing.workbook import KEPT, compare, export
from forecast.evidence.loading import load
from tests import builders
from tests.editing.test_tablefile import narrow

Run = Callable[..., tuple[int, str, str]]
GDP = builders.row_of("observations", indicator="gdp", period="2020")
KEY = builders.ROWS["observations"][GDP - 2][0]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return builders.build(tmp_path / "data")


@pytest.fixture
def file(data: Path, tmp_path: Path) -> Path:
    export(data, tmp_path / "figures.xlsx")
    return tmp_path / "figures.xlsx"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], data: Path) -> Run:
    def call(command: str, *arguments: object) -> tuple[int, str, str]:
        status = cli.main([command, "--data", str(data), *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def column(table: str, name: str) -> int:
    return builders.columns(table).index(name) + 1


def typed(file: Path, table: str, row: int, **cells: Any) -> None:
    """Change cells of a sheet as a user would."""
    book = openpyxl.load_workbook(file)
    for name, value in cells.items():
        book[table].cell(row, column(table, name)).value = value
    book.save(file)


# Tables with few columns --------------------------------------------------------------------------


def test_a_narrow_table_comes_back_as_narrow(run: Run, data: Path, tmp_path: Path) -> None:
    folder, file = narrow(data), tmp_path / "figures.xlsx"
    before = content(folder)
    assert run("export-data", file)[0] == 0
    assert "holds no other change" in run("import-data", file, "--yes")[1]
    assert content(folder) == before
    cells = {"region": "jinhua", "indicator": "business_rank", "period": "2024", "value": 30}
    typed(file, "observations", 2, value=32)
    typed(file, "observations", 3, **cells, source="news")
    typed(file, "bases", 2, indicator="gdp", basis="new", sequence=1, link="reference", name="New")
    status, out, err = run("import-data", file, "--yes")
    assert (status, err) == (0, "")
    assert "observations: 1 added, 1 changed, 0 removed" in out
    assert (folder / "observations.csv").read_text() == (
        "region,indicator,period,value,source\n"
        "jinhua,business_rank,2023,32,news\n"
        "jinhua,business_rank,2024,30,news\n"
    )
    assert (folder / "bases.csv").read_text().splitlines()[1] == "gdp,new,1,reference,New"
    changed = set(content(folder).items()) ^ set(before.items())
    assert {name for name, _ in changed} == {"observations.csv", "bases.csv"}


# Out and back -------------------------------------------------------------------------------------


def test_unchanged_workbook_changes_nothing(run: Run, data: Path, tmp_path: Path) -> None:
    before = content(data)
    file = tmp_path / "new" / "figures.xlsx"
    status, out, err = run("export-data", file)
    assert (status, err) == (0, "")
    assert f"{len(builders.ROWS['observations'])} observations" in out
    status, out, err = run("import-data", file, "--yes")
    assert (status, out, err) == (0, "Nothing to write: the workbook holds no other change.\n", "")
    assert content(data) == before


# What a cell can hold: no control characters, and whatever XML and the code page can write.
_TEXTS = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp"],
        exclude_characters="\ufffd\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ),
    max_size=12,
)


@given(
    title=_TEXTS.filter(lambda text: text.strip() != ""),
    note=_TEXTS,
    value=st.from_regex(r"(-[0-9]|0|[1-9][0-9]{0,2})(\.[0-9]{1,6})?", fullmatch=True),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example("=1+1", "#N/A", "640.50", "utf-8", "\n", csv.QUOTE_MINIMAL)
@example("_x0041_", " spaces ", "0.10", "gb18030", "\r\n", csv.QUOTE_ALL)
@example("2023-06", "007", "-5", "utf-8-sig", "\n", csv.QUOTE_ALL)
@example("1E5", "", "12.1234567890123", "utf-8", "\n", csv.QUOTE_ALL)
@example("TRUE", "'1", "100", "utf-8", "\r\n", csv.QUOTE_ALL)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_and_number_comes_back(
    data: Path, tmp_path: Path, title: str, note: str, value: str, encoding: str, end: str,
    quoting: int,
) -> None:  # fmt: skip
    builders.build(data)
    if encoding == "gb18030":
        note += "统计公报"  # one rare character alone may be read in another code page, with a note
    rows = [list(row) for row in builders.ROWS["observations"]]
    # Growth that is marked as doubtful may have nearly any value.
    doubtful = builders.row_of("observations", measure="growth", mark="conflict") - 2
    rows[doubtful][column("observations", "value") - 1] = value
    rows[doubtful][column("observations", "note") - 1] = note
    sources = [list(row) for row in builders.ROWS["sources"]]
    sources[0][1], sources[0][-1] = title, note
    for table, cells in (("observations", rows), ("sources", sources)):
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
        writer.writerows([builders.columns(table), *cells])
        (data / f"{table}.csv").write_bytes(out.getvalue().encode(encoding))
    file = tmp_path / "any.xlsx"
    export(data, file, replace=True)
    differences, others = compare(data, file)
    assert not any(differences)
    assert not any(d.moved or d.conflicts for d in differences)
    assert others == []
    for difference in differences:  # every byte, should anything else be changed
        written = difference.file.written(difference.lines())
        if difference.file.data:
            assert written == difference.file.data
        else:  # a table that the folder does without gets no rows
            assert written.count(b"\n") == 1


def test_real_tables_come_back(tmp_path: Path) -> None:
    export(None, tmp_path / "real.xlsx")
    differences, _ = compare(None, tmp_path / "real.xlsx")
    assert [str(d) for d in differences] == [f"{d.file.table.name}: no change" for d in differences]


def test_sheets_help_to_type(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    optional = {"hosts", "publishers"}
    assert optional < set(book.sheetnames)
    assert [n for n in book.sheetnames if n not in optional] == [*builders.ROWS, KEPT]
    assert book[KEPT].sheet_state == "veryHidden"
    sheet = book["observations"]
    assert sheet.freeze_panes == "A2"
    period, value = column("observations", "period"), column("observations", "value")
    assert sheet.cell(2, period).data_type == "s"
    assert sheet.cell(2, period).number_format == "@"
    assert sheet.column_dimensions["D"].number_format == "@"  # also of rows to come
    assert sheet.cell(2, value).value == 3870.2
    described = {f["name"]: f["description"] for f in builders.fields("observations")}
    assert sheet.cell(1, period).comment.text == described["period"]
    offered = {
        str(v.sqref).split("2:")[0]: v.formula1 for v in sheet.data_validations.dataValidation
    }
    measures = next(f for f in builders.fields("observations") if f["name"] == "measure")
    assert offered["E"] == f'"{",".join(measures["constraints"]["enum"])}"'
    assert offered["B"].startswith("regions!$A$2:$A$")
    assert 8 <= sheet.column_dimensions["A"].width <= 60


def test_workbook_is_not_replaced_unasked(run: Run, file: Path) -> None:
    before = file.read_bytes()
    status, _, err = run("export-data", file)
    assert status == 2
    assert "expected another name, or --replace" in err
    assert file.read_bytes() == before
    assert run("export-data", file, "--replace")[0] == 0
    assert run("export-data", file.with_suffix(".csv"))[0] == 2
    assert sorted(p.name for p in file.parent.iterdir()) == ["data", "figures.xlsx"]


# Changes ------------------------------------------------------------------------------------------


def test_changed_cell_is_shown_and_written_alone(run: Run, data: Path, file: Path) -> None:
    before = content(data)
    typed(file, "observations", GDP, value=4704.5, note="corrected")
    status, out, err = run("import-data", file, "--yes")
    assert (status, err) == (0, "")
    assert f"~ {KEY}: value 4703.9 -> 4704.5, note empty -> corrected" in out
    old = next(line for line in before["observations.csv"].decode().split("\n") if KEY in line)
    new = old.replace("4703.9", "4704.5").removesuffix(",") + "corrected,"
    after = content(data)
    assert after.pop("observations.csv") == before.pop("observations.csv").replace(
        old.encode(), new.encode()
    )
    assert after == before


def test_new_rows_come_last_and_get_an_identifier(run: Run, data: Path, file: Path) -> None:
    book = openpyxl.load_workbook(file)
    sheet = book["observations"]
    sheet.insert_rows(5)
    cells = dict(
        zip(builders.columns("observations"), builders.ROWS["observations"][GDP - 2], strict=True)
    )
    for row, identifier, period in ((5, None, 2024), (sheet.max_row + 3, None, "2025"), (
        sheet.max_row + 4, "o0060", "2026",
    )):  # fmt: skip
        new = {**cells, "observation": identifier, "period": period, "source": "customs",
               "value": 7000, "published": "2027"}  # fmt: skip
        for i, cell in enumerate(new.values(), start=1):
            sheet.cell(row, i).value = cell or None
    book.save(file)
    status, out, err = run("import-data", file, "--yes")
    assert (status, err) == (0, "")
    assert "observations: 3 added, 0 changed, 0 removed" in out
    added = load(data).observations.tail(3)
    assert list(added["observation"]) == ["o0061", "o0062", "o0060"]
    assert list(added["period"]) == ["2024", "2025", "2026"]
    assert list(added["value"]) == [7000, 7000, 7000]


def test_order_of_rows_columns_and_extra_sheets_does_not_matter(
    run: Run, data: Path, file: Path
) -> None:
    book = openpyxl.load_workbook(file)
    sheet = book["regions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for i, row in enumerate([rows[0], *rows[:0:-1]], start=1):
        for j, value in enumerate(row[::-1], start=1):
            sheet.cell(i, j).value = value
    book.create_sheet("my sums")["A1"] = "=1+1"
    book.save(file)
    status, out, _ = run("import-data", file)
    assert status == 0
    assert "The sheet my sums is no table and was not read." in out
    assert "Nothing to write" in out


def test_removed_rows_need_leave(run: Run, data: Path, file: Path) -> None:
    before = content(data)
    row = builders.row_of("observations", indicator="express", period="2022")
    book = openpyxl.load_workbook(file)
    book["observations"].delete_rows(row)
    book.save(file)
    status, out, err = run("import-data", file, "--yes")
    assert status == 2
    assert "1 row missing in the workbook; nothing was written" in err
    assert "observations: 0 added, 0 changed, 1 removed\n  - o0035" in out
    assert content(data) == before
    status, _, _ = run("import-data", file, "--yes", "--allow-removals")
    assert status == 0
    gone = [line for line in before["observations.csv"].splitlines(True) if b"o0035" in line]
    assert content(data)["observations.csv"] == before["observations.csv"].replace(gone[0], b"")


@pytest.mark.parametrize("option", ["--dry-run", ""])
def test_nothing_is_written_unasked(run: Run, data: Path, file: Path, option: str) -> None:
    before = content(data)
    typed(file, "observations", GDP, value=4704.5)
    status, out, err = run("import-data", file, *([option] if option else []))
    assert "4703.9 -> 4704.5" in out
    assert status == (0 if option else 2)
    assert option or "expected --yes or --dry-run" in err
    assert content(data) == before


def test_whole_result_is_checked_first(run: Run, data: Path, file: Path) -> None:
    """Errors are named where the user can mend them: sheet, row, column."""
    before = content(data)
    book = openpyxl.load_workbook(file)
    sheet = book["observations"]
    sheet.insert_rows(3)  # rows of the sheet are not rows of the table any more
    sheet.cell(GDP + 1, column("observations", "value")).value = -4703.9
    sheet.cell(GDP + 2, column("observations", "source")).value = "nobody"
    book["regions"].cell(3, column("regions", "kind")).value = "planet"
    book.save(file)
    status, _, err = run("import-data", file, "--yes")
    assert status == 1
    assert "3 errors in the data" in err
    assert f"figures.xlsx sheet observations row {GDP + 1}, column value: '-4703.9'" in err
    assert f"figures.xlsx sheet observations row {GDP + 2}, column source: 'nobody'" in err
    assert "figures.xlsx sheet regions row 3, column kind: 'planet' - expected one of" in err
    assert content(data) == before


def test_damaged_data_can_be_mended_in_the_workbook(run: Run, data: Path, file: Path) -> None:
    sound = content(data)
    typed(file, "observations", GDP, note="mended")
    builders.edit(data, "targets", 2, unit="furlong")
    status, _, err = run("import-data", file, "--yes")
    assert (status, "furlong" in err) == (1, True)
    (data / "targets.csv").write_bytes(sound["targets.csv"])
    assert run("import-data", file, "--yes")[0] == 0


# Changed on both sides ----------------------------------------------------------------------------


def test_changes_of_different_rows_are_merged(run: Run, data: Path, file: Path) -> None:
    typed(file, "observations", GDP, value=4704.5)
    builders.edit(data, "observations", GDP + 1, value="5355.9", note="meanwhile")
    status, out, _ = run("import-data", file, "--yes")
    assert status == 0
    assert "data/observations.csv has changed since the export." in out
    observations = load(data).observations
    assert list(observations.loc[[GDP, GDP + 1], "value"]) == [4704.5, 5355.9]


def test_row_changed_on_both_sides_stays_and_the_rest_is_written(
    run: Run, data: Path, file: Path
) -> None:
    typed(file, "observations", GDP, value=4704.5)
    typed(file, "observations", GDP + 1, value=5355.5)
    builders.edit(data, "observations", GDP, value="4700")
    status, out, _ = run("import-data", file, "--yes")
    assert status == 1  # something was refused
    assert (
        f"figures.xlsx sheet observations row {GDP}, column observation: '{KEY}' - changed in data/"
        "observations.csv since the export (value 4703.9 -> 4700); expected the row as exported"
    ) in out
    observations = load(data).observations
    assert list(observations.loc[[GDP, GDP + 1], "value"]) == [4700, 5355.5]


def test_same_change_on_both_sides_is_none(run: Run, data: Path, file: Path) -> None:
    typed(file, "observations", GDP, note="agreed")
    builders.edit(data, "observations", GDP, note="agreed")
    status, out, _ = run("import-data", file)
    assert status == 0
    assert "Nothing to write" in out


def test_removed_on_one_side_and_changed_on_the_other_is_refused(
    run: Run, data: Path, file: Path
) -> None:
    typed(file, "observations", GDP, note="kept?")
    path = data / "observations.csv"
    lines = path.read_text("utf-8").splitlines(True)
    path.write_text("".join(line for line in lines if KEY not in line), "utf-8")
    status, out, _ = run("import-data", file, "--yes")
    assert status == 1
    assert "removed from data/observations.csv since the export" in out


# What spreadsheets do -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"period": datetime.datetime(2023, 6, 1)}, "expected a plain 2023, 2023-06 or 2023-06-28"),
        ({"published": datetime.date(2023, 6, 1)}, "not a date of the spreadsheet"),
        ({"value": datetime.datetime(2023, 6, 1)}, "expected a plain 6925.5, not a date"),
        ({"value": "=SUM(H2:H4)"}, "'=SUM(H2:H4)' - expected a value, not a formula"),
        ({"value": "#REF!"}, "expected a value, not an error of a formula"),
        ({"note": True}, "not true or false"),
        ({"note": 2023.1}, "expected a text, not a number"),
        ({"observation": None, "region": None}, "column region: '' - expected a value"),
        ({"observation": "o0001"}, "column observation: 'o0001' - expected a key that no other"),
        ({"value": "4,703.9"}, "'4,703.9' - expected a plain number such as 4703.9"),
        ({"value": 1e16}, "expected a plain number of at most 15 digits"),
    ],
)
def test_what_is_not_certain_is_an_error_at_its_cell(
    run: Run, data: Path, file: Path, cells: dict[str, Any], told: str
) -> None:
    before = content(data)
    typed(file, "observations", GDP, **cells)
    status, _, err = run("import-data", file, "--yes", "--allow-removals")
    assert status == 1
    assert f"figures.xlsx sheet observations row {GDP}, column " in err
    assert told in err
    assert content(data) == before


def test_percentage_format_is_an_error(run: Run, file: Path) -> None:
    row = builders.row_of("observations", unit="%", period="2021")
    book = openpyxl.load_workbook(file)
    cell = book["observations"].cell(row, column("observations", "value"))
    cell.value, cell.number_format = 0.098, "0.0%"
    book.save(file)
    status, _, err = run("import-data", file)
    assert status == 1
    assert "not formatted as a percentage" in err


def test_whole_numbers_and_equal_ones_are_what_they_were(run: Run, file: Path) -> None:
    """2020 typed as a number is the text 2020; 4703.9 typed as a text is the number 4703.90."""
    typed(file, "observations", GDP, period=2020, value="4703.90")
    typed(file, "targets", 2, year=2027.0, value=10000.0)
    status, out, _ = run("import-data", file)
    assert (status, out) == (0, "Nothing to write: the workbook holds no other change.\n")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("observations", "Observations (2)", "a sheet named observations (renamed to"),
        ("plans", None, "expected a sheet named plans\n"),
    ],
)
def test_missing_sheets_are_named(
    run: Run, file: Path, old: str, new: str | None, told: str
) -> None:
    book = openpyxl.load_workbook(file)
    if new:
        book[old].title = new
    else:
        book.remove(book[old])
    book.save(file)
    status, _, err = run("import-data", file)
    assert (status, told in err) == (1, True)


@pytest.mark.parametrize(
    ("name", "told"),
    [("unit", "column units: 'units' - expected only the columns"), (None, "column unit: ''")],
)
def test_header_has_to_be_that_of_the_table(
    run: Run, file: Path, name: str | None, told: str
) -> None:
    typed(file, "observations", 1, unit=f"{name}s" if name else None)
    status, _, err = run("import-data", file)
    assert status == 1
    assert f"figures.xlsx sheet observations row 1, {told}" in err


@pytest.mark.parametrize(
    ("data_of", "told"),
    [
        (b"region,name\n", "is no workbook; expected an .xlsx file that export-data wrote"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is not a readable .xls workbook"),
        (b"PK\x03\x04 cut short", "is not a readable .xlsx workbook"),
        (None, "cannot be read: No such file"),
    ],
)
def test_other_files_are_refused_in_one_line(
    run: Run, tmp_path: Path, data_of: bytes | None, told: str
) -> None:
    file = tmp_path / "other.xlsx"
    if data_of is not None:
        file.write_bytes(data_of)
    status, out, err = run("import-data", file)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert told in err


def test_workbooks_of_others_are_refused(run: Run, file: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(file)
    kept = book[KEPT]
    kept.cell(1, 3).value = "renamed"  # as if the table had had another column then
    book.save(tmp_path / "old.xlsx")
    assert "regions had other columns; expected a new export" in run(
        "import-data", tmp_path / "old.xlsx"
    )[2]  # fmt: skip
    book.remove(kept)
    book.save(tmp_path / "copy.xlsx")
    assert f"lacks the hidden sheet {KEPT}" in run("import-data", tmp_path / "copy.xlsx")[2]
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as archive:
        archive.writestr("a.txt", "no workbook")
    assert "not a readable .xlsx" in run("import-data", tmp_path / "zip.xlsx")[2]
